"""Rows of performance tables as the form reader sees them: each cell once, with the columns it covers."""

from __future__ import annotations

from dataclasses import dataclass

from fiscalgraph.extract.document import Cell, ColumnTrust, Table
from fiscalgraph.extract.normalise import compact
from fiscalgraph.extract.recognise.performance_vocabulary import is_nothing, value_text
from fiscalgraph.extract.records import Source

__all__ = ["Piece", "Row", "column_starts", "rows_of", "source_of"]


@dataclass(frozen=True, slots=True)
class Piece:
    """One cell within one row. ``top`` is false where a cell merged from above reaches into the row."""

    cell: Cell
    top: bool

    @property
    def text(self) -> str:
        return value_text(self.cell.text)

    @property
    def start(self) -> int:
        return self.cell.column

    @property
    def end(self) -> int:
        return self.cell.column + self.cell.column_span

    @property
    def empty(self) -> bool:
        return not compact(self.cell.text)

    @property
    def value(self) -> str | None:
        """The text, or ``None`` for an empty cell, a dash or a slash."""
        return None if is_nothing(self.cell.text) else self.text


@dataclass(frozen=True, slots=True)
class Row:
    """One row of one raw table: its cells from left to right, those merged from above included.

    ``height`` is the table's number of rows; ``merged`` are the columns in which some cell spans rows.
    """

    pieces: tuple[Piece, ...]
    block: int
    index: int
    trust: ColumnTrust
    height: int
    merged: frozenset[int]

    @property
    def printed(self) -> list[Piece]:
        """The cells that begin in this row and print something, a dash included."""
        return [piece for piece in self.pieces if piece.top and not piece.empty]


def rows_of(table: Table, block: int) -> list[Row]:
    """The rows of ``table``; ``block`` is its place among the document's blocks."""
    rows = []
    height = table.height
    merged = frozenset(cell.column for cell in table.cells if cell.row_span > 1)
    for index, squares in enumerate(table.grid()):
        pieces: list[Piece] = []
        for cell in squares:
            if cell is not None and (not pieces or pieces[-1].cell is not cell):
                pieces.append(Piece(cell, top=cell.row == index))
        rows.append(Row(tuple(pieces), block, index, table.trust, height, merged))
    return rows


def column_starts(table: Table) -> list[int]:
    """The columns in which at least one cell begins, in order."""
    return sorted({cell.column for cell in table.cells})


def source_of(cell: Cell, quote: str | None = None) -> Source:
    """Where ``cell`` stands, quoting its own words (its printed lines joined)."""
    place = cell.place
    text = quote if quote is not None else value_text(cell.text)
    return Source(quote=text, page=place.page, line=place.line, box=place.box, part=place.part)
