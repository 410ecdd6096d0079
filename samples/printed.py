"""A disclosure as it will be printed: paragraphs and tables, each with the facts that it states.

This is the seam between what is said (:mod:`fiscalgraph.samples.compose`) and how a file
format shows it (the ``render_*`` modules). A renderer only places text; it reports where each
block or row came to stand, so that every true record knows its page or line.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

__all__ = [
    "Block",
    "Fact",
    "Positions",
    "PrintedCell",
    "PrintedParagraph",
    "PrintedRow",
    "PrintedTable",
    "placed_cells",
]


@dataclass(frozen=True, slots=True)
class Fact:
    """One true record: ``kind`` is the truth file's stem (``lines``, ``funds`` …)."""

    kind: str
    fields: dict[str, object]


@dataclass(frozen=True, slots=True)
class PrintedCell:
    text: str
    row_span: int = 1
    column_span: int = 1
    align: str = "left"  # left | center | right
    bold: bool = False
    indent: int = 0  # full-width blanks before the text


@dataclass(frozen=True, slots=True)
class PrintedRow:
    """The cells that *start* in this row, left to right (as in HTML)."""

    cells: tuple[PrintedCell, ...]
    facts: tuple[Fact, ...] = ()


@dataclass(frozen=True, slots=True)
class PrintedTable:
    """``header_rows`` are repeated after a page break where the layout says so."""

    rows: tuple[PrintedRow, ...]
    header_rows: int
    widths: tuple[float, ...]  # relative
    title: str
    number: str = ""  # 公开01表
    left_caption: str = ""  # 部门：…
    right_caption: str = ""  # 单位：万元
    notes: tuple[str, ...] = ()
    wide: bool = False
    subtitle: str = ""  # （2024年度）
    new_page: bool = True


@dataclass(frozen=True, slots=True)
class PrintedParagraph:
    """``style``: cover, title, heading1, heading2, heading3, body or entry (a line of a list)."""

    text: str
    style: str = "body"
    facts: tuple[Fact, ...] = ()
    new_page: bool = False


Block = PrintedParagraph | PrintedTable


@dataclass(slots=True)
class Positions:
    """Where things came to stand: (block index, row index or 0) → page or line, from 1."""

    unit: str = "page"  # page | line
    at: dict[tuple[int, int], int] = field(default_factory=dict)
    pages: int | None = None


def placed_cells(table: PrintedTable) -> Iterator[tuple[int, int, PrintedCell]]:
    """Every cell with its row and column, spans resolved."""
    taken: set[tuple[int, int]] = set()
    for row_index, row in enumerate(table.rows):
        column = 0
        for cell in row.cells:
            while (row_index, column) in taken:
                column += 1
            yield row_index, column, cell
            taken |= {
                (r, c)
                for r in range(row_index, row_index + cell.row_span)
                for c in range(column, column + cell.column_span)
            }
            column += cell.column_span
