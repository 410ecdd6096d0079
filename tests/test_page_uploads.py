"""A document that is given to the page: it is read, and its facts appear; one that cannot be read is told."""

from __future__ import annotations

from pathlib import Path

import pytest
import running
from playwright.sync_api import Browser, expect
from running import SAMPLES, built
from workbench import Desk, desk_at

SECONDS = 120_000  # a small document is read in a few seconds; the machine may be busy


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return built(tmp_path_factory.mktemp("uploads") / "home", [SAMPLES / "education_2023_accounts.txt"])


def give(desk: Desk, path: Path) -> None:
    desk.page.locator("input[type=file]").set_input_files(path)


def test_a_document_that_is_given_is_read_and_its_facts_appear(
    browser: Browser, home: Path, tmp_path: Path
) -> None:
    nonsense = tmp_path / "nonsense.pdf"
    nonsense.write_bytes(b"%PDF-1.7 this is no document")
    with running.server(home, {"FISCALGRAPH_SERVE_UPLOADS": "1"}) as address:
        for desk in desk_at(browser, address):
            desk.open("documents", ready="section.uploads")
            uploads = desk.page.locator("section.uploads")
            assert desk.page.locator("a[href='#/documents/civil_2024_budget']").count() == 0
            give(desk, SAMPLES / "civil_2024_budget.pdf")
            link = uploads.locator("a[href='#/documents/civil_2024_budget']")
            link.wait_for(timeout=SECONDS)
            expect(uploads).to_contain_text("已收入")
            link.click()
            desk.settle("main h1")
            assert "澄溪县民政局" in desk.text()
            desk.open("departments/澄溪县民政局", ready="main [data-yuan]")
            panel = desk.open_source(desk.page.locator("main button.source").first)
            assert "civil_2024_budget" in panel.inner_text()
            assert panel.locator("img").first.evaluate("image => image.naturalWidth") > 100
            desk.open("documents", ready="section.uploads")
            give(desk, nonsense)
            refused = uploads.locator("li, tr, article").filter(has_text="nonsense.pdf").first
            expect(refused).to_contain_text("未收入", timeout=SECONDS)
            assert len(refused.inner_text()) > 30  # why, and what to do
