"""Tables without vertical rules: columns by white space, rows by lines or by horizontal rules.

Figures are set flush right under one another, so the strips of white between them are
the columns' borders. Such a table is told from prose by several lines in a row that are
each cut by wide gaps and hold figures. A header cell may span several columns.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise

from fiscalgraph.extract.document import Cell, ColumnTrust, Place, Table
from fiscalgraph.extract.normalise import compact, is_figure
from fiscalgraph.extract.readers.pdf_content import Rule
from fiscalgraph.extract.readers.pdf_flow import FlowPage, rounded
from fiscalgraph.extract.readers.pdf_lines import Line, union_box

__all__ = ["take_open_tables"]

MIN_ROWS = 3  # fewer lines with figures are no table
MAX_PITCH = 3.5  # lines farther apart than this many ems belong to different tables
STRIP = 3.0  # a strip of white this wide (points) parts two columns
SAME_END = 6.0  # rules whose ends differ by less (points) are of one table
_CAPTION = re.compile(r"单位[:：]|[:：]$|^(?:注|备注|说明)[:：]|编制|^(?:公开|预算|附)?\S{0,4}表\s*\d*$")
_PAGE_REFERENCE = re.compile(r"\d{1,3}")


@dataclass(slots=True)
class _Row:
    """What stands on one line (or between two rules): pieces from left to right."""

    pieces: list[Line]

    @property
    def top(self) -> float:
        return min(piece.box[1] for piece in self.pieces)

    @property
    def bottom(self) -> float:
        return max(piece.box[3] for piece in self.pieces)

    @property
    def size(self) -> float:
        return max(piece.size for piece in self.pieces)

    def figures(self) -> int:
        return sum(1 for piece in self.pieces if is_figure(piece.text) or piece.text.strip() in _NOTHING)

    def has_data(self) -> bool:
        return len(self.pieces) >= 2 and any(is_figure(piece.text) for piece in self.pieces)


_NOTHING = {"-", "--", "—", "——", "－"}


def take_open_tables(page: FlowPage, horizontal: list[Rule]) -> list[Table]:
    """Find the tables among a page's free lines and take their lines out of ``page``."""
    found: list[Table] = []
    for band in _bands(page, horizontal):
        found += _ruled_rows(page, band)
    rows = _rows(page.lines)
    start = 0
    while start < len(rows):
        stop = _run(rows, start)
        if stop is None:
            start += 1
            continue
        start = _with_header(rows, start)
        table = _table(page, [[row] for row in rows[start:stop]], ColumnTrust.DRIFTING)
        if table is not None:
            found.append(table)
            _remove(page, rows[start:stop])
        start = stop
    return found


def _rows(lines: list[Line]) -> list[_Row]:
    rows: list[_Row] = []
    for line in sorted(lines, key=lambda line: (line.box[1] + line.box[3]) / 2):
        middle = (line.box[1] + line.box[3]) / 2
        if rows and rows[-1].top + 0.2 * line.size < middle < rows[-1].bottom - 0.2 * line.size:
            rows[-1].pieces.append(line)
        else:
            rows.append(_Row([line]))
    for row in rows:
        row.pieces.sort(key=lambda piece: piece.box[0])
    return rows


def _remove(page: FlowPage, rows: list[_Row]) -> None:
    taken = {id(piece) for row in rows for piece in row.pieces}
    page.lines = [line for line in page.lines if id(line) not in taken]


def _near(upper: _Row, lower: _Row) -> bool:
    return lower.bottom - upper.bottom <= MAX_PITCH * max(upper.size, lower.size)


def _run(rows: list[_Row], start: int) -> int | None:
    """Where the table that begins with the data row ``start`` ends; ``None`` if none begins there."""
    if not rows[start].has_data():
        return None
    stop, last, data = start + 1, start, 1
    while stop < len(rows) and _near(rows[stop - 1], rows[stop]) and stop - last <= 2:
        if rows[stop].has_data():
            data += 1
            last = stop
        stop += 1
    if data < MIN_ROWS or _is_contents(rows[start : last + 1]):
        return None
    return last + 1


def _is_contents(rows: list[_Row]) -> bool:
    """Whether the lines are a table of contents: titles with rising page numbers."""
    data = [row for row in rows if row.has_data()]
    if any(row.figures() != 1 for row in data):
        return False
    numbers = [compact(row.pieces[-1].text) for row in data]
    if not all(_PAGE_REFERENCE.fullmatch(number) for number in numbers):
        return False
    return all(int(one) <= int(other) for one, other in pairwise(numbers))


def _with_header(rows: list[_Row], start: int) -> int:
    """The first line of the header above the data row ``start``."""
    first = start
    while (
        first > 0
        and start - first < 4
        and len(rows[first - 1].pieces) >= 2
        and _near(rows[first - 1], rows[first])
        and not any(_CAPTION.search(compact(piece.text)) for piece in rows[first - 1].pieces)
    ):
        first -= 1
    return first


def _strips(rows: list[list[_Row]]) -> list[tuple[float, float]]:
    """The columns' extents, from the pieces of the rows that hold figures."""
    spans = sorted(
        (piece.box[0], piece.box[2])
        for group in rows
        if any(row.has_data() for row in group)
        for row in group
        for piece in row.pieces
    )
    columns: list[list[float]] = []
    for left, right in spans:
        if columns and left < columns[-1][1] + STRIP:
            columns[-1][1] = max(columns[-1][1], right)
        else:
            columns.append([left, right])
    return [(left, right) for left, right in columns]


def _table(page: FlowPage, rows: list[list[_Row]], trust: ColumnTrust) -> Table | None:
    columns = _strips(rows)
    if len(columns) < 2:
        return None
    # Borders run down the middle of the white strips.
    borders = [(left[1] + right[0]) / 2 for left, right in pairwise(columns)]
    edges = [float("-inf"), *borders, float("inf")]
    cells: list[Cell] = []
    for number, group in enumerate(rows):
        placed: dict[tuple[int, int], list[Line]] = {}
        for row in group:
            for piece in row.pieces:
                placed.setdefault(_columns_of(piece, edges), []).append(piece)
        taken: set[int] = set()
        for (first, last), pieces in sorted(placed.items()):
            if taken & set(range(first, last + 1)):
                return None  # two things in one place: these are no columns
            taken |= set(range(first, last + 1))
            cells.append(
                Cell(
                    text="\n".join(piece.text for piece in pieces),
                    row=number,
                    column=first,
                    column_span=last - first + 1,
                    place=Place(page=page.number, box=rounded(union_box([piece.box for piece in pieces]))),
                )
            )
        cells += [Cell("", number, column) for column in range(len(columns)) if column not in taken]
    cells.sort(key=lambda cell: (cell.row, cell.column))
    box = union_box([piece.box for group in rows for row in group for piece in row.pieces])
    return Table(tuple(cells), Place(page=page.number, box=rounded(box)), trust)


def _columns_of(piece: Line, edges: list[float]) -> tuple[int, int]:
    """The first and last column a piece stands in."""
    slack = 0.3 * piece.size
    touched = [
        index
        for index, (left, right) in enumerate(pairwise(edges))
        if piece.box[2] - slack > left and piece.box[0] + slack < right
    ]
    return touched[0], touched[-1]


def _bands(page: FlowPage, horizontal: list[Rule]) -> list[list[Rule]]:
    """Horizontal rules of equal extent one below the other: tables ruled only across."""
    groups: list[list[Rule]] = []
    for rule in sorted(horizontal, key=lambda rule: rule.at):
        if rule.end - rule.start < 0.3 * page.width:
            continue
        for group in groups:
            if abs(group[0].start - rule.start) < SAME_END and abs(group[0].end - rule.end) < SAME_END:
                group.append(rule)
                break
        else:
            groups.append([rule])
    return [group for group in groups if len(group) >= MIN_ROWS + 1]


def _ruled_rows(page: FlowPage, band: list[Rule]) -> list[Table]:
    rows: list[list[_Row]] = []
    for upper, lower in pairwise(band):
        inside = [
            line
            for line in page.lines
            if upper.at <= (line.box[1] + line.box[3]) / 2 < lower.at
            and line.box[0] >= band[0].start - SAME_END
            and line.box[2] <= band[0].end + SAME_END
        ]
        if inside:
            rows.append(_rows(inside))
    if sum(1 for group in rows if any(row.has_data() for row in group)) < MIN_ROWS:
        return []
    table = _table(page, rows, ColumnTrust.KNOWN)
    if table is None:
        return []
    for group in rows:
        _remove(page, group)
    return [table]
