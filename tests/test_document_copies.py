"""Several documents of one disclosure: told in the lists, and what was found in both counted once."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from running import SAMPLES, fiscalgraph, server
from served_samples import given

from fiscalgraph.api.audit import Auditor, audit_sheet
from fiscalgraph.api.audit_lines import VERDICTS
from fiscalgraph.graph.store import GenerationStore

FIRST, AGAIN, OTHER = "a_first", "b_again", "c_other"


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A disclosure in two files that differ in a word at the end, and one of another year."""
    folder = tmp_path_factory.mktemp("copies")
    texts = sorted(SAMPLES.glob("*.txt"))
    shutil.copy(texts[0], folder / f"{FIRST}.txt")
    text = texts[0].read_text("utf-8")
    (folder / f"{AGAIN}.txt").write_text(text + "\n（完）\n", "utf-8")
    shutil.copy(texts[1], folder / f"{OTHER}.txt")
    done = fiscalgraph("build", folder, "--home", folder / "home")
    assert done.code == 0, done.err
    return folder / "home"


@pytest.fixture(scope="module")
def client(home: Path) -> Iterator[httpx.Client]:
    with server(home) as address, httpx.Client(base_url=address, timeout=60, trust_env=False) as client:
        yield client


def test_a_sheet_has_what_both_documents_have_once(home: Path) -> None:
    store = GenerationStore(home).open_reader().store
    whole = audit_sheet(store, verdicts=VERDICTS)
    once = Auditor(store).sheet(verdicts=VERDICTS, once=True)
    again = [line for line in whole.lines if line.documents == (AGAIN,) and line.repeated_in]
    assert len(again) > 20
    assert sum(whole.repeated.values()) == sum(once.repeated.values()) == len(again)
    assert once.total == len(once.lines) == whole.total - len(again)
    left_out = {line.iri for line in whole.lines} - {line.iri for line in once.lines}
    assert left_out == {line.iri for line in again}
    by_iri = {line.iri: line for line in whole.lines}
    for line in again:
        first = by_iri[line.iri.replace(AGAIN, FIRST)]
        assert (line.repeated_in, first.repeated_in) == ((FIRST,), (AGAIN,))
        assert (line.verdict, line.detail, line.difference) == (first.verdict, first.detail, first.difference)
    assert not any(line.repeated_in for line in whole.lines if OTHER in line.documents)


def test_the_command_leaves_out_what_is_repeated(home: Path) -> None:
    sheets = [
        fiscalgraph("check", "--all", "--format", "csv", *options, "--home", home)
        for options in ((), ("--once",))
    ]
    lines = [sheet.out.count(f",{AGAIN},") for sheet in sheets]
    assert 0 < lines[1] < lines[0] - 20
    assert sheets[0].code == sheets[1].code


def test_a_document_asked_for_alone_has_all_its_lines(home: Path) -> None:
    store = GenerationStore(home).open_reader().store
    alone = Auditor(store).sheet([AGAIN], verdicts=("agrees", "contradicts"), once=True)
    assert alone.total == len(alone.lines) > 20
    assert not alone.repeated


def test_pages_of_what_is_counted_once_follow_each_other(home: Path) -> None:
    store = GenerationStore(home).open_reader().store
    whole = [line.iri for line in Auditor(store).sheet(verdicts=VERDICTS, once=True).lines]
    paged: list[str] = []
    for offset in range(0, len(whole) + 7, 7):
        page = Auditor(store).sheet(verdicts=VERDICTS, once=True, offset=offset, limit=7)
        assert page.total == len(whole)
        paged += [line.iri for line in page.lines]
    assert paged == whole


def test_lists_and_counts_over_http(client: httpx.Client) -> None:
    items = {item["document"]: item for item in given(client, "/documents")["items"]}
    assert items[FIRST]["same_disclosure"] == [AGAIN]
    assert items[AGAIN]["same_disclosure"] == [FIRST]
    assert items[OTHER]["same_disclosure"] == []
    overview = given(client, "/overview")
    assert (overview["documents"], overview["disclosures"]) == (3, 2)
    found = given(client, "/checks", verdict="contradicts")
    once = given(client, "/checks", verdict="contradicts", once=True, limit=1)
    repeated = sum(rule["repeated"]["contradicts"] for rule in found["checks"])
    assert repeated == found["total"] - once["total"] == overview["contradictions_repeated"] > 0
    assert once["next"] is None or "once=true" in once["next"]
