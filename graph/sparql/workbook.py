"""The rows of an answer as an Excel workbook: one sheet holds them, another the query they answer."""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator
from typing import Any

from fiscalgraph.graph.sparql.errors import QueryFailed
from fiscalgraph.graph.sparql.formats import Budget
from fiscalgraph.graph.sparql.results import EngineTerm, term_of
from fiscalgraph.graph.workbooks import SHEET_CELL, SheetLayout, write_workbook

__all__ = ["write_solutions_workbook"]

_ANSWER, _QUERY = "answer 结果", "query 查询"
_NARROWEST, _WIDEST = 12.0, 60.0  # characters


def write_solutions_workbook(
    query: str,
    variables: tuple[str, ...],
    solutions: Iterable[Iterable[EngineTerm | None]],
    budget: Budget,
) -> bytes:
    """As many rows as ``budget`` allows; the second sheet says whether that is all of them.

    Decimals, integers and years are numbers where Excel holds them digit for digit; all else is text and
    never a formula. Raises :class:`QueryFailed` for a text that no cell holds.
    """
    out = io.BytesIO()
    sheets: dict[str, tuple[tuple[str, ...], Iterable[list[Any]]]] = {
        _ANSWER: (variables, _rows(solutions, budget)),
        _QUERY: (("rows 行数", "complete 是否完整", "query 查询"), _about(query, budget)),
    }
    try:
        write_workbook(out, sheets, {_QUERY: SheetLayout((_NARROWEST, _WIDEST / 2, 2 * _WIDEST))})
    except _TooLongForACell as error:
        raise QueryFailed(
            "query failed",
            f"the result has a text of {error.args[0]} characters, and an Excel cell holds {SHEET_CELL}",
            "Ask for another format, such as CSV.",
        ) from None
    return out.getvalue()


class _TooLongForACell(Exception):
    """Nothing of a text is cut off."""


def _rows(solutions: Iterable[Iterable[EngineTerm | None]], budget: Budget) -> Iterator[list[Any]]:
    # Rows repeat most of their terms: each is read once.
    known: dict[EngineTerm | None, tuple[Any, int]] = {None: (None, 0)}
    for solution in solutions:
        row, size = [], 0
        for term in solution:
            try:
                value, bytes_of_it = known[term]
            except KeyError:
                assert term is not None  # it is in the table from the start
                value, bytes_of_it = known[term] = _cell(term)
            row.append(value)
            size += bytes_of_it + 1
        if not budget.take(size):
            return
        yield row


def _cell(term: EngineTerm) -> tuple[Any, int]:
    read = term_of(term)
    if len(read.text) > SHEET_CELL:
        raise _TooLongForACell(len(read.text))
    return read.value, len(read.text.encode())


def _about(query: str, budget: Budget) -> Iterator[list[Any]]:
    """Called when the rows are written. A line of the query in each row: a cell may not hold all of it."""
    complete = "no: further rows were left out 否：另有结果行未列出" if budget.truncated else "yes 是"
    pieces = [
        line[start : start + SHEET_CELL]
        for line in query.splitlines() or [""]
        for start in range(0, max(1, len(line)), SHEET_CELL)
    ]
    for number, piece in enumerate(pieces):
        yield [budget.rows if number == 0 else None, complete if number == 0 else None, piece]
