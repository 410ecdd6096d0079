"""The page in a real browser: it asks, shows sources, speaks two languages, and calls nobody else."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pytest
from browser import Page, find_chromium, open_page
from running import server

pytestmark = pytest.mark.skipif(find_chromium() is None, reason="Chromium is not installed")


@pytest.fixture(scope="module")
def address(sample_home: Path) -> Iterator[str]:
    with server(sample_home) as address:
        yield address


@pytest.fixture
def page(tmp_path: Path) -> Iterator[Page]:
    with open_page(tmp_path / "profile") as page:
        yield page
        assert page.complaints == []


def wait_for(page: Page, target: str) -> None:
    page.wait(f"document.getElementById({target!r})?.dataset.state === 'ready'")


def test_a_question_in_the_address_is_answered_with_sources(page: Page, address: str) -> None:
    page.open(f"{address}/#search?q={quote('人手不够，活干不完')}&kind=problem_cause")
    wait_for(page, "search-results")
    hits = page.run("document.querySelectorAll('.hit').length")
    assert hits == 10
    card = page.text(".hit")
    assert "部门" in card
    assert "年度" in card
    assert "“" in page.text(".hit blockquote")
    assert {"问题及原因"} == set(
        page.run("[...document.querySelectorAll('.tag')].map((tag) => tag.innerText)")
    )


def test_asking_filtering_and_similar_passages(page: Page, address: str) -> None:
    page.open(f"{address}/")
    page.wait("document.querySelectorAll('#search-department option').length > 1")
    page.run("document.getElementById('search-text').value = '资金下达较晚'")
    page.run("document.querySelector('#search-form button').click()")
    wait_for(page, "search-results")
    page.run("document.getElementById('search-results').dataset.state = ''")
    department = page.run("document.querySelectorAll('#search-department option')[1].value")
    page.run(
        "document.getElementById('search-department').selectedIndex = 1;"
        "document.getElementById('search-department').dispatchEvent(new Event('change'))"
    )
    wait_for(page, "search-results")
    shown = page.run("[...document.querySelectorAll('.hit .facts')].map((facts) => facts.innerText)")
    assert shown
    assert all(department in facts for facts in shown)
    page.run("document.getElementById('search-results').dataset.state = ''")
    page.run("document.querySelector('.hit button').click()")
    wait_for(page, "search-results")
    similar = page.run("[...document.querySelectorAll('.hit .facts')].map((facts) => facts.innerText)")
    assert similar
    assert not any(department in facts for facts in similar)


def test_a_named_query_shows_a_table_and_offers_csv(page: Page, address: str) -> None:
    page.open(f"{address}/#queries/findings")
    wait_for(page, "query-results")
    assert page.run("document.querySelectorAll('#query-results tbody tr').length") == 100
    assert "出处" in page.text("#query-results thead")
    link = page.run("document.querySelector('#query-results a[download]').href")
    assert link == f"{address}/queries/findings?format=csv"
    page.run("document.querySelector('#query-results > button').click()")
    assert page.run("document.querySelectorAll('#query-results tbody tr').length") > 100


def test_amounts_in_yuan_have_separators(page: Page, address: str) -> None:
    page.open(f"{address}/#queries/code-year-on-year")
    wait_for(page, "query-results")
    head = page.run("[...document.querySelectorAll('#query-results th')].map((cell) => cell.innerText)")
    row = page.run(
        "[...document.querySelector('#query-results tbody tr').cells].map((cell) => cell.innerText)"
    )
    shown = dict(zip(head, row, strict=True))
    assert re.fullmatch(r"[0-9]{1,3}(,[0-9]{3})+(\.[0-9]+)?", shown["金额（元）"])
    assert re.fullmatch(r"[0-9]{4}", shown["年度"])


def test_every_column_of_a_query_has_a_name_in_both_languages(page: Page, address: str) -> None:
    page.open(f"{address}/")
    page.wait("document.querySelectorAll('#query-name option').length > 1")
    missing = page.run(
        "queries.flatMap((query) => query.columns)"
        ".filter((name) => !['page', 'line', 'quote'].includes(name) && !TEXTS[`column.${name}`])"
    )
    assert missing == []


def test_a_document_shows_coverage_and_contradictions(page: Page, address: str) -> None:
    page.open(f"{address}/#documents")
    page.wait("document.querySelectorAll('#document-list tbody tr').length > 1")
    row = page.run(
        "[...document.querySelectorAll('#document-list tbody tr')]"
        ".find((row) => row.lastChild.innerText !== '0').click()"
    )
    assert row is None
    wait_for(page, "document-detail")
    assert "%" in page.text("#document-detail table")
    assert "一处写" in page.text("#document-detail")


def test_the_language_can_be_switched_and_is_kept(page: Page, address: str) -> None:
    page.open(f"{address}/")
    page.wait("document.querySelector('h1')?.innerText.includes('部门')")
    page.run("document.getElementById('language').click()")
    page.wait("document.querySelector('h1').innerText.startsWith('Who else')")
    page.open(f"{address}/#queries")
    page.open(f"{address}/?again#documents")
    page.wait("document.querySelector('#view-documents h1')?.innerText === 'Documents'")


def test_failures_are_shown_with_their_cure(page: Page, address: str) -> None:
    page.open(f"{address}/#queries/projects-by-execution-rate?max_rate=much")
    wait_for(page, "query-results")
    shown = page.text("#query-results [role=alert]")
    page.complaints.clear()  # the browser logs the refused request
    assert "max_rate" in shown


def test_text_from_documents_is_never_markup(page: Page, address: str) -> None:
    page.open(f"{address}/#search?q={quote('<img src=x onerror=alert(1)>资金')}")
    wait_for(page, "search-results")
    assert page.run("document.querySelectorAll('#search-results img').length") == 0


def test_the_page_calls_nobody_else(page: Page, address: str) -> None:
    for view in ("#search?q=%E8%B5%84%E9%87%91", "#queries/spending", "#documents"):
        page.open(f"{address}/{view}")
        page.wait("document.querySelectorAll('#query-name option').length > 1")
    page.run("1")
    assert page.requests
    foreign = [request for request in page.requests if not request.startswith(f"{address}/")]
    assert foreign == [], json.dumps(foreign)
