"""Random layouts against their exact truth: figures are read or reported, never put in a wrong place."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from fiscalgraph.extract.readers import read
from fiscalgraph.extract.recognise.spending import SpendingRecords, recognise_spending
from fiscalgraph.samples import random_disclosure, render, suffix
from fiscalgraph.samples.truth import Truth

Rows = Counter[tuple[object, ...]]
SPENDING = ("table", "code", "name", "column", "printed", "unit")
TOTALS = ("table", "side", "item", "column", "printed", "unit")

# Seeds whose layouts were once misread; each list holds unlike layouts of one format.
SHEETS = (0, 5, 6, 8)
TEXTS = (0, 1, 4, 7, 10, 11, 15, 16, 20, 25, 30, 58, 82, 103, 110)
PAGES = (1, 7, 11, 19, 31, 32, 34, 36, 50, 75, 86)


def _case(seed: int, format: str, folder: Path) -> tuple[Truth, SpendingRecords]:
    disclosure, layout = random_disclosure(seed, format=format)
    path = folder / f"sample{suffix(layout)}"
    truth = render(disclosure, layout, path)
    return truth, recognise_spending(read(path))


def _true(truth: Truth, kind: str, fields: tuple[str, ...]) -> Rows:
    names = [{"printed": "amount"}.get(field, field) for field in fields]
    return Counter(tuple(record.get(name) or None for name in names) for record in truth[kind])


def _read(records: tuple[object, ...], fields: tuple[str, ...]) -> Rows:
    return Counter(tuple(getattr(record, field) or None for field in fields) for record in records)


def _wrong(truth: Truth, made: SpendingRecords) -> Rows:
    spending = _read(made.spending, SPENDING) - _true(truth, "lines", SPENDING)
    return spending + (_read(made.totals, TOTALS) - _true(truth, "totals", TOTALS))


@pytest.mark.parametrize("seed", SHEETS)
@pytest.mark.parametrize("format", ["docx", "xlsx"])
def test_marked_up_tables_are_read_completely(seed: int, format: str, tmp_path: Path) -> None:
    truth, made = _case(seed, format, tmp_path)
    assert _read(made.spending, SPENDING) == _true(truth, "lines", SPENDING)
    assert _read(made.totals, TOTALS) == _true(truth, "totals", TOTALS)


@pytest.mark.parametrize("seed", TEXTS)
def test_nothing_in_flattened_text_is_put_in_a_wrong_place(seed: int, tmp_path: Path) -> None:
    truth, made = _case(seed, "text", tmp_path)
    assert not _wrong(truth, made)
    assert made.spending


def test_most_of_flattened_text_is_read(tmp_path: Path) -> None:
    read_rows = true_rows = 0
    for seed in (2, 3, 4, 7, 10, 19):
        truth, made = _case(seed, "text", tmp_path)
        expected = _true(truth, "lines", SPENDING)
        read_rows += (_read(made.spending, SPENDING) & expected).total()
        true_rows += expected.total()
    assert read_rows > 0.9 * true_rows


@pytest.mark.parametrize("seed", PAGES)
def test_pages_with_few_or_no_rules_give_no_wrong_figure(seed: int, tmp_path: Path) -> None:
    pytest.importorskip("reportlab")
    truth, made = _case(seed, "pdf", tmp_path)
    assert not _wrong(truth, made)
    expected = _true(truth, "lines", SPENDING)
    assert (_read(made.spending, SPENDING) & expected).total() > 0.9 * expected.total()


@pytest.mark.parametrize("seed", TEXTS[:4])
def test_figures_of_flattened_tables_are_read_or_reported(seed: int, tmp_path: Path) -> None:
    truth, made = _case(seed, "text", tmp_path)
    told = {left.why.split(":")[0] for left in made.leftovers} | {
        left.source.quote for left in made.leftovers
    }
    held = {line.printed for line in (*made.spending, *made.totals)}
    reported = "\n".join(told)
    silent = [
        record["amount"]
        for record in (*truth["lines"], *truth["totals"])
        if record["amount"] not in held and str(record["amount"]) not in reported.replace(",", "")
    ]
    assert not silent
