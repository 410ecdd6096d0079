"""Header cells and the columns they stand over, on the page of the header and on the pages after it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Generic, TypeVar

from fiscalgraph.extract.document import Cell, ColumnTrust, Table
from fiscalgraph.extract.normalise import compact
from fiscalgraph.extract.recognise.performance_rows import Piece, Row, column_starts

__all__ = ["Column", "Header", "header_from"]

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Column(Generic[T]):
    """One header cell: the columns it covers, its meaning, its words."""

    start: int
    end: int
    role: T
    cell: Cell


@dataclass(frozen=True, slots=True)
class Header(Generic[T]):
    """The columns of a block in printed order.

    ``count`` is how many columns the printed table has, ``starts`` where they begin; ``body`` is the
    first row below the header (0 on a page that repeats none).
    """

    columns: tuple[Column[T], ...]
    count: int
    starts: tuple[int, ...]
    body: int = 0

    @property
    def roles(self) -> list[T]:
        return [column.role for column in self.columns]

    def column(self, role: T) -> Column[T] | None:
        """The first column with ``role``."""
        return next((column for column in self.columns if column.role == role), None)

    def over(self, piece: Piece) -> list[Column[T]]:
        """The columns that stand over ``piece``, the one sharing most squares first, then from the left."""
        shared = [
            (min(column.end, piece.end) - max(column.start, piece.start), column) for column in self.columns
        ]
        covering = [(overlap, column) for overlap, column in shared if overlap > 0]
        return [column for _, column in sorted(covering, key=lambda item: (-item[0], item[1].start))]

    def below(self, other: Header[T]) -> Header[T]:
        """This header with ``other``, a second header row under it: the lower row is the finer."""
        kept = [
            column
            for column in self.columns
            if not any(low.start < column.end and column.start < low.end for low in other.columns)
        ]
        columns = tuple(sorted((*kept, *other.columns), key=lambda column: column.start))
        return replace(self, columns=columns, body=max(self.body, other.body))

    def fitted(self, table: Table) -> Header[T] | None:
        """This header moved onto a table that runs on without one, or ``None`` if that cannot be told.

        Boxes on the page decide where both tables have them; else the number of columns, counted
        from the right, since it is the label beside the block that is missing on later pages.
        """
        if table.trust is ColumnTrust.DRIFTING:
            return replace(self, body=0)
        starts = column_starts(table)
        placed = self._by_boxes(table, starts)
        if placed is not None:
            return placed
        own = [column.start for column in self.columns]
        if not starts or len(starts) > self.count:
            return None
        slots = sorted({*self.starts, *own})[-len(starts) :]
        moved = dict(zip(slots, starts, strict=False))
        columns = []
        for column in self.columns:
            if column.start in moved:
                start = moved[column.start]
                end = min((other for other in starts if other > start), default=table.width)
                columns.append(replace(column, start=start, end=end))
        return Header(tuple(columns), len(starts), tuple(starts)) if columns else None

    def _by_boxes(self, table: Table, starts: Sequence[int]) -> Header[T] | None:
        boxes = {column: box for column in self.columns if (box := column.cell.place.box) is not None}
        if len(boxes) != len(self.columns):
            return None
        placed: list[tuple[Cell, float, float]] = []
        for cell in table.cells:
            if cell.place.box is not None:
                placed.append((cell, cell.place.box[0], cell.place.box[2]))
            elif compact(cell.text):
                return None  # a blank square of a table without rules has no box

        def end_of(column: int) -> int:
            return min((other for other in starts if other > column), default=table.width)

        narrow: dict[int, tuple[Cell, float, float]] = {}
        for cell, left, right in placed:
            if cell.column + cell.column_span <= end_of(cell.column):
                narrow.setdefault(cell.column, (cell, left, right))
        found: dict[int, Column[T]] = {}
        for index, (column, box) in enumerate(boxes.items()):
            under = [each.column for each, *ends in narrow.values() if _overlap(box, *ends)]
            if under:
                found[index] = replace(column, start=min(under), end=end_of(max(under)))
        for index, (column, box) in enumerate(boxes.items()):
            if index in found:
                continue
            wide = [
                cell
                for cell, *ends in placed
                if _overlap(box, *ends)
                and not any(
                    cell.column < other.end and other.start < cell.column + cell.column_span
                    for other in found.values()
                )
            ]
            if wide:  # cells of several squares, all of them below this header alone
                end = max(cell.column + cell.column_span for cell in wide)
                found[index] = replace(column, start=min(cell.column for cell in wide), end=end)
        columns = [found[index] for index in sorted(found)]
        return Header(tuple(columns), len(starts), tuple(starts)) if len(columns) >= 2 else None


def _overlap(box: tuple[float, float, float, float], left: float, right: float) -> bool:
    """Whether ``box`` and what reaches from ``left`` to ``right`` share most of the narrower one's width."""
    return min(right, box[2]) - max(left, box[0]) > 0.5 * min(right - left, box[2] - box[0])


def header_from(row: Row, meaning: Callable[[str], T | None], table: Table) -> Header[T] | None:
    """The header a row prints, or ``None`` if no cell of it means a column."""
    columns = tuple(
        Column(piece.start, piece.end, role, piece.cell)
        for piece in row.pieces
        if not piece.empty and (role := meaning(piece.text)) is not None
    )
    if not columns:
        return None
    starts = tuple(column_starts(table))
    body = max(column.cell.row + column.cell.row_span for column in columns)
    return Header(columns, len(starts), starts, body)
