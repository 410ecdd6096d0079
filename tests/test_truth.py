"""The samples' graph gives their exact truth back through the named queries, every record type and format."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from fiscalgraph.graph.sparql import evaluate_trusted
from fiscalgraph.graph.store import GenerationStore
from fiscalgraph.queries import load

ROOT = Path(__file__).parent.parent
RECORDS = "documents units spending totals narrative projects funds indicators findings laws contradictions"
TYPES = tuple(RECORDS.split())


@pytest.fixture(scope="module")
def scores(sample_home: Path, tmp_path_factory: pytest.TempPathFactory) -> list[dict[str, Any]]:
    """One row per document and record type: what the named queries return, against the samples' truth."""
    work = tmp_path_factory.mktemp("answers")
    store = GenerationStore(sample_home).open_reader().store
    for name in TYPES:
        answer = evaluate_trusted(store, load(name).fill())
        (work / f"{name}.csv").write_text(answer.to_csv(), encoding="utf-8")
    out = work / "score.json"
    command = [sys.executable, str(ROOT / "bench/score.py"), str(ROOT / "samples/truth"), str(work)]
    subprocess.run([*command, "--json", str(out)], check=True, stdout=subprocess.DEVNULL)
    found: list[dict[str, Any]] = json.loads(out.read_text("utf-8"))
    return found


def of_format(scores: list[dict[str, Any]], *suffixes: str) -> list[dict[str, Any]]:
    stems = {path.stem for path in (ROOT / "samples/documents").iterdir() if path.suffix in suffixes}
    chosen = [row for row in scores if row["document"] in stems]
    assert {row["document"] for row in chosen} == stems
    assert {row["type"] for row in chosen} == set(TYPES)
    return chosen


@pytest.mark.parametrize("suffix", [".pdf", ".docx", ".xlsx"])
def test_documents_with_tables_come_back_exactly(scores: list[dict[str, Any]], suffix: str) -> None:
    inexact = [row for row in of_format(scores, suffix) if row["strict"] < 1]
    assert not [(row["document"], row["type"], row["strict"], row["wrong"]) for row in inexact]


def test_flattened_text_may_lack_figures_but_gives_no_wrong_one(scores: list[dict[str, Any]]) -> None:
    wrong = [row for row in of_format(scores, ".txt") if row["found"] > row["matched"] or row["wrong_values"]]
    assert not [(row["document"], row["type"], row["found"], row["wrong"]) for row in wrong]
