"""The words of project tables that hold no figures' columns: goal, outcome and conclusion."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from fiscalgraph.extract.document import Cell, Document, Place, Table
from fiscalgraph.extract.paragraphs import QUOTE_LENGTH, tidy
from fiscalgraph.extract.records import Project, Source, Statement

__all__ = ["form_statements"]

_CONCLUSION = re.compile(r"(?:自评|自我评价|绩效自评|评价)(?:总体)?结论")
_GOAL = re.compile(r"(?:年初|年度)?(?:设定|预期)(?:绩效)?目标|年度预期目标")
_OUTCOME = re.compile(r"(?:全年|年度|目标)*实际完成情况|年度(?:总体)?目标完成情况")
_MARKUP = re.compile(r"</?p>|<br\s*/?>")
_LEAST_TEXT = 6

_Position = tuple[str, int, int, float]


def _position(place: Place | Source) -> _Position:
    return place.part or "", place.page or 0, place.line or 0, place.box[1] if place.box else 0.0


def _text(cell: Cell) -> str:
    return tidy(_MARKUP.sub("", cell.text))


def _right_of(row: list[Cell | None], label: Cell) -> Cell | None:
    """The next filled cell of the row behind ``label``."""
    cells = [cell for cell in row if cell is not None and cell.column > label.column]
    return next((cell for cell in cells if _text(cell)), None)


def _below(grid: list[list[Cell | None]], label: Cell) -> Cell | None:
    """The cell under a column's head; in flattened rows it need stand in that very column."""
    row = label.row + label.row_span
    if row >= len(grid):
        return None
    cell = grid[row][label.column]
    return cell if cell is not None and _text(cell) else None


def _worded(table: Table) -> Iterator[tuple[str, Cell]]:
    grid = table.grid()
    for cell in table.cells:
        label = _text(cell)
        if _CONCLUSION.fullmatch(label):
            value, kind = _right_of(grid[cell.row], cell), "conclusion"
        elif _OUTCOME.fullmatch(label):
            value, kind = _below(grid, cell), "outcome"
        elif _GOAL.fullmatch(label):
            value, kind = _below(grid, cell), "goal"
        else:
            continue
        if value is not None and len(_text(value)) >= _LEAST_TEXT:
            yield kind, value


def form_statements(document: Document, projects: Sequence[Project]) -> Iterator[Statement]:
    """Goal, outcome and conclusion of each project table, whole, tied to it by ``occurrence``."""
    tables = sorted(
        (project for project in projects if set(project.sources) - {"narrative"}),
        key=lambda project: _position(project.source),
    )
    starts = [_position(project.source) for project in tables]
    for table in document.tables:
        for kind, cell in _worded(table):
            at = _position(cell.place)
            owner = next(
                (p for p, start in zip(tables[::-1], starts[::-1], strict=True) if start <= at), None
            )
            if owner is None:
                continue
            text = _text(cell)
            quote = text if len(text) <= QUOTE_LENGTH else text[: QUOTE_LENGTH - 1] + "…"
            place = cell.place
            source = Source(quote, place.page, place.line, place.box, place.part)
            yield Statement(kind, owner.project, text, None, (), owner.occurrence, source)
