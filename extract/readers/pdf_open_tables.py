"""Tables without vertical rules: columns by white space, rows by lines or by horizontal rules.

Such a table is told from prose by several lines one below the other that are each cut by
wide gaps and hold figures, or by rules of one length above, between or below its lines.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from fiscalgraph.extract.document import Cell, ColumnTrust, Place, Table
from fiscalgraph.extract.normalise import compact, is_figure
from fiscalgraph.extract.readers.pdf_content import Rule
from fiscalgraph.extract.readers.pdf_flow import FlowPage, rounded
from fiscalgraph.extract.readers.pdf_lines import Line, union_box
from fiscalgraph.extract.readers.pdf_open_columns import (
    AMOUNT,
    LEADING,
    Columns,
    find_columns,
    parted_letters,
    pieces_of,
)
from fiscalgraph.extract.readers.pdf_open_rows import (
    OpenCell,
    cells_between_rules,
    cells_by_distance,
    is_aligned,
    is_value,
)

__all__ = ["OpenTables"]

MIN_ROWS = 3  # fewer lines with figures are no table
MAX_PITCH = 3.5  # lines farther apart than this many ems belong to different tables
WIDE = 1.5  # white wider than this many ems is more than a blank
MIN_VALUES = 3  # so many figures beside one another are no prose, however close they stand
CUT_SHARE = 0.4  # so many of a table's lines are cut by wide gaps
BROAD = 0.75  # a line without gaps that takes this share of the width is prose
MAX_PROSE = 1  # where more lines than this below the first rule are prose, the rules are a chart's
CENTRED = 1.0  # a header stands this close (ems) to the middle of the columns it covers
DEEP = 0.6  # a header beside two lines of others stands this close (ems) to the middle of both
SAME_LEFT = 1.0  # lines of one cell begin this close (points) to one another
SAME_END = 6.0  # rules whose ends differ by less (points) are of one table
MIXED = 0.1  # rules part the rows when no more than this share of the strips between them holds several
_CAPTION = re.compile(r"单位[:：]|[:：]$|^(?:注|备注|说明)[:：]|编制|^(?:公开|预算|附)?\S{0,4}表\s*\d*$")
_NOTE = re.compile(r"^(?:注|备注|说明)[:：\d]")
_PAGE_REFERENCE = re.compile(r"\d{1,3}")


@dataclass(slots=True)
class _Row:
    """What stands on one line: pieces from left to right."""

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

    def is_cut(self) -> bool:
        """Whether white as wide as between columns interrupts the line (prose has less around figures)."""
        return any(
            right.box[0] - left.box[2] > WIDE * min(left.size, right.size)
            for left, right in pairwise(self.pieces)
        )

    def has_data(self) -> bool:
        values = sum(1 for piece in self.pieces if is_value(piece.text))
        alone = len(self.pieces) > 1 and all(map(_is_amount, self.pieces))  # no words around them
        if alone or (values >= MIN_VALUES and 2 * values >= len(self.pieces)):
            return True
        return self.is_cut() and any(is_figure(piece.text) for piece in self.pieces)


@dataclass(slots=True)
class _Zone:
    """Where on a page an open table stands, with the rules across it."""

    rows: list[_Row]
    rules: list[Rule]
    lines: list[Line]


class OpenTables:
    """Finds the open tables of a document's pages, one page after the other."""

    def __init__(self) -> None:
        self._above: list[Line] = []  # what stands in the table that the page before ends with
        self._width = 0.0

    def take(self, page: FlowPage, horizontal: list[Rule]) -> list[Table]:
        """Find the tables among a page's free lines and take their lines out of ``page``.

        ``horizontal`` are the rules across the page. A table that goes on from the page
        before has that page's columns, also where nothing stands in them any more.
        """
        above = self._above if self._width == page.width else []
        top = min((line.box[1] for line in page.lines), default=0.0)
        bottom = max((line.box[3] for line in page.lines), default=0.0)
        self._above, self._width = [], page.width
        found: list[Table] = []
        for zone in _zones(page, horizontal, bool(above)):
            first = zone.rows[0].top <= top + 1.0
            table = _table(page, zone, above if first else [])
            if table is None:
                continue
            taken = {id(line) for line in zone.lines}
            page.lines = [line for line in page.lines if id(line) not in taken]
            found.append(table)
            if zone.rows[-1].bottom >= bottom - 1.0:
                self._above = [piece for row in zone.rows for piece in row.pieces]
        return found


def _zones(page: FlowPage, horizontal: list[Rule], goes_on: bool) -> Iterator[_Zone]:
    for band in _bands(page, horizontal):
        zone = _ruled_zone(page, band)
        if zone is not None:
            yield zone
    after = float("-inf")
    while (zone := _unruled_zone(page, after, goes_on)) is not None:
        yield zone
        after = zone.rows[-1].bottom


def _rows(lines: Sequence[Line]) -> list[_Row]:
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


# where tables stand


def _bands(page: FlowPage, horizontal: list[Rule]) -> list[list[Rule]]:
    """Rules across the page of equal extent, and shorter ones between them: tables ruled only across."""
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
    bands = [group for group in groups if len(group) >= MIN_ROWS]
    return [part for band in bands for part in _parted(page, band, horizontal)]


def _parted(page: FlowPage, band: list[Rule], horizontal: list[Rule]) -> list[list[Rule]]:
    """The rules of single tables: a caption, a note or a paragraph between two rules ends a table."""
    parts: list[list[Rule]] = [[band[0]]]
    for upper, lower in pairwise(band):
        between = [line for line in page.lines if upper.at <= (line.box[1] + line.box[3]) / 2 < lower.at]
        if any(_is_outside(line, page) for line in between):
            parts.append([])
        parts[-1].append(lower)
    found: list[list[Rule]] = []
    for part in parts:
        if len(part) < 2:
            continue
        first, last = part[0], part[-1]
        found.append(
            [
                rule
                for rule in horizontal
                if first.at <= rule.at <= last.at
                and rule.start >= first.start - SAME_END
                and rule.end <= first.end + SAME_END
            ]
        )
    return found


def _is_outside(line: Line, page: FlowPage) -> bool:
    text = compact(line.text)
    return _NOTE.search(text) is not None or (text.endswith("表") and len(text) > 3) or "单位：" in text


def _ruled_zone(page: FlowPage, rules: list[Rule]) -> _Zone | None:
    left, right = min(rule.start for rule in rules), max(rule.end for rule in rules)
    lines = [
        line
        for line in page.lines
        if rules[0].at <= (line.box[1] + line.box[3]) / 2 < rules[-1].at
        and line.box[0] >= left - SAME_END
        and line.box[2] <= right + SAME_END
    ]
    rows = _rows(pieces_of(lines))
    prose = sum(1 for row in rows if row.top < rules[1].at and _is_broad(row, rows))
    if not any(row.has_data() for row in rows) or prose > MAX_PROSE:
        return None
    return _Zone(rows, rules, lines)


def _unruled_zone(page: FlowPage, after: float, goes_on: bool) -> _Zone | None:
    """The first table below ``after`` that white space alone shows."""
    lines = [line for line in page.lines if line.box[1] >= after]
    rows = [_Row(pieces_of(row.pieces)) for row in _rows(lines)]
    rows = [row for row in rows if row.pieces]
    top = min((line.box[1] for line in page.lines), default=0.0)
    start = 0
    while start < len(rows):
        stop = _run(rows, start)
        if stop is None:
            start += 1
            continue
        first = _with_header(rows, start)
        zone = rows[first:stop]
        if _is_table(zone, goes_on and zone[0].top <= top + 1.0):
            upper, lower = zone[0].top, zone[-1].bottom
            own = [line for line in lines if upper <= (line.box[1] + line.box[3]) / 2 <= lower]
            return _Zone(_rows(pieces_of(own)), [], own)
        start = stop
    return None


def _is_table(rows: list[_Row], goes_on: bool) -> bool:
    """Whether lines that are cut by wide gaps are a table: enough of them hold figures."""
    data = sum(1 for row in rows if row.has_data())
    cut = sum(1 for row in rows if row.is_cut())
    wide = sum(1 for row in rows if row.is_cut() and len(row.pieces) >= 3)
    if cut < CUT_SHARE * len([row for row in rows if row.is_cut() or _is_broad(row, rows)]):
        return False
    return (data >= MIN_ROWS or goes_on or wide >= 2) and not _is_contents(rows)


def _is_broad(row: _Row, rows: list[_Row]) -> bool:
    """Whether a line runs across the table as lines of prose do."""
    left = min(other.pieces[0].box[0] for other in rows)
    right = max(other.pieces[-1].box[2] for other in rows)
    return not row.is_cut() and row.pieces[-1].box[2] - row.pieces[0].box[0] > BROAD * (right - left)


def _near(upper: _Row, lower: _Row) -> bool:
    return lower.bottom - upper.bottom <= MAX_PITCH * max(upper.size, lower.size)


def _run(rows: list[_Row], start: int) -> int | None:
    """Where the table that begins with the data row ``start`` ends; ``None`` if none begins there."""
    if not rows[start].has_data():
        return None
    stop, last = start + 1, start
    while stop < len(rows) and _near(rows[stop - 1], rows[stop]) and _fits(rows[start], rows[stop]):
        if rows[stop].is_cut() or rows[stop].bottom - rows[last].bottom < 1.75 * rows[stop].size:
            last = stop
        stop += 1
    return last + 1


def _fits(first: _Row, row: _Row) -> bool:
    """Whether a line may belong to the table that began with ``first``."""
    if not 0.7 * first.size < row.size < 1.3 * first.size:
        return False
    return not (len(row.pieces) == 1 and _NOTE.search(compact(row.pieces[0].text)))


def _is_contents(rows: list[_Row]) -> bool:
    """Whether the lines are a table of contents: titles with rising page numbers."""
    data = [row for row in rows if row.has_data()]
    if any(sum(is_value(piece.text) for piece in row.pieces) != 1 for row in data):
        return False
    numbers = [compact(row.pieces[-1].text) for row in data]
    if not all(_PAGE_REFERENCE.fullmatch(number) for number in numbers):
        return False
    return all(int(one) <= int(other) for one, other in pairwise(numbers))


def _with_header(rows: list[_Row], start: int) -> int:
    """The first line of the header above the data row ``start``."""
    first = start
    if first > 0 and rows[first - 1].bottom > rows[first].top and _fits(rows[start], rows[first - 1]):
        first -= 1  # the upper line of a name beside whose middle its figures stand
    while (
        first > 0
        and _near(rows[first - 1], rows[first])
        and _fits(rows[start], rows[first - 1])
        and (rows[first - 1].is_cut() or _may_begin(rows[first - 1].pieces[0]))
        and not any(_CAPTION.search(compact(piece.text)) for piece in rows[first - 1].pieces)
    ):
        first -= 1
    return first


def _may_begin(piece: Line) -> bool:
    """Whether a line of a table may begin so: with a short name, or an amount."""
    return len(compact(piece.text)) <= 12 or _is_amount(piece)


def _is_amount(piece: Line) -> bool:
    return AMOUNT.fullmatch(compact(piece.text)) is not None


# what stands in them


def _table(page: FlowPage, zone: _Zone, above: list[Line]) -> Table | None:
    pieces = [piece for row in zone.rows for piece in row.pieces]
    columns = find_columns(pieces)
    if above and (zone.rows[0].has_data() or _carries_on(above, zone.rows[0])):
        carried, whole = find_columns(above), find_columns(pieces, above=above)
        if carried is not None and whole is not None and len(whole) == len(carried):
            columns = whole
    if columns is None:
        return None
    pieces = parted_letters(pieces, columns)
    if zone.rules:
        left, right = min(rule.start for rule in zone.rules), max(rule.end for rule in zone.rules)
        columns = columns.within(left, right)
    borders = sorted({rule.at for rule in zone.rules})
    if _part_rows(pieces, borders):
        cells = cells_between_rules(pieces, columns, zone.rules)
    else:
        cells = cells_by_distance(pieces, columns, borders[1:-1])
    trust = ColumnTrust.DRIFTING if any(_is_doubtful(cell) for cell in cells) else ColumnTrust.KNOWN
    _widen_headers(cells, columns)
    box = union_box([piece.box for piece in pieces])
    return Table(_squares(page, cells, len(columns)), Place(page=page.number, box=rounded(box)), trust)


def _carries_on(above: list[Line], row: _Row) -> bool:
    """Whether a line at the top of a page is the next of a cell that the page before ends with."""
    if row.is_cut():
        return False
    left = row.pieces[0].box[0]
    lowest = max(line.box[3] for line in above)
    upper = [line for line in above if abs(line.box[0] - left) <= SAME_LEFT]
    return any(lowest - line.box[3] < LEADING * line.size for line in upper)


def _part_rows(pieces: list[Line], borders: list[float]) -> bool:
    """Whether the rules part the rows: between two of them stands one row only."""
    strips = [
        [piece for piece in pieces if upper <= (piece.box[1] + piece.box[3]) / 2 < lower]
        for upper, lower in pairwise(borders)
    ]
    if any(_holds_levels(strip) for strip in strips):
        return False
    mixed = sum(1 for strip in strips if _holds_rows(strip))
    return len(strips) > 1 and mixed <= MIXED * len(strips)


def _holds_levels(pieces: list[Line]) -> bool:
    """Whether a strip of a header holds several of its rows: one header stands off another's middle."""
    if any(is_value(piece.text) for piece in pieces):
        return False
    return any(
        not is_aligned(upper, lower)
        for upper in pieces
        for lower in pieces
        if lower.box[3] - upper.box[3] > 0.8 * upper.size
        and min(upper.box[2], lower.box[2]) > max(upper.box[0], lower.box[0])
    )


def _holds_rows(pieces: list[Line]) -> bool:
    """Whether a figure stands below something, or two things side by side below a third."""
    for piece in pieces:
        below = [
            other
            for other in pieces
            if other.box[3] - piece.box[3] > 0.8 * piece.size
            and min(piece.box[2], other.box[2]) > max(piece.box[0], other.box[0])
        ]
        if any(is_value(other.text) for other in below):
            return True
        if any(
            one.box[2] < other.box[0] and abs(one.box[3] - other.box[3]) < 2.0
            for one in below
            for other in below
        ):
            return True
    return False


def _is_doubtful(cell: OpenCell) -> bool:
    """Whether a figure reaches over two columns, or shares its cell with other text on its line."""
    return any(
        is_value(piece.text)
        and (
            cell.columns[0] < cell.columns[1]
            or any(other is not piece and abs(other.box[3] - piece.box[3]) < 2.0 for other in cell.pieces)
        )
        for piece in cell.pieces
    )


def _squares(page: FlowPage, cells: list[OpenCell], width: int) -> tuple[Cell, ...]:
    """The table's cells, empty ones too, row by row."""
    begun = sorted({cell.rows[0] for cell in cells})  # rows in which nothing begins are none
    place = {
        row: max(index for index, number in enumerate(begun) if number <= row)
        for cell in cells
        for row in cell.rows
    }
    taken: set[tuple[int, int]] = set()
    found: list[Cell] = []
    for cell in cells:
        first, last = place[cell.rows[0]], place[cell.rows[1]]
        taken |= {
            (row, column)
            for row in range(first, last + 1)
            for column in range(cell.columns[0], cell.columns[1] + 1)
        }
        found.append(
            Cell(
                text=cell.text,
                row=first,
                column=cell.columns[0],
                row_span=last - first + 1,
                column_span=cell.columns[1] - cell.columns[0] + 1,
                place=Place(page=page.number, box=rounded(cell.box)),
            )
        )
    found += [
        Cell("", row, column)
        for row in range(len(begun))
        for column in range(width)
        if (row, column) not in taken
    ]
    return tuple(sorted(found, key=lambda cell: (cell.row, cell.column)))


def _widen_headers(cells: list[OpenCell], columns: Columns) -> None:
    """A header centred over several columns covers them, though its text does not reach over all."""
    edges = columns.edges
    data = min((cell.rows[0] for cell in cells if is_value(cell.text)), default=0)
    for cell in cells:
        if cell.rows[1] >= data:
            continue
        others = [
            other
            for other in cells
            if other is not cell and other.rows[0] <= cell.rows[1] and cell.rows[0] <= other.rows[1]
        ]
        least = max(
            (other.columns[1] + 1 for other in others if other.columns[1] < cell.columns[0]), default=0
        )
        most = min(
            (other.columns[0] - 1 for other in others if other.columns[0] > cell.columns[1]),
            default=len(columns) - 1,
        )
        if not any(_is_above(cell, other, data) for other in cells):
            continue
        middle = (cell.box[0] + cell.box[2]) / 2
        choices = [
            (abs((edges[first] + edges[last + 1]) / 2 - middle), first, last)
            for first in range(least, cell.columns[0] + 1)
            for last in range(cell.columns[1], most + 1)
        ]
        centred = [choice for choice in choices if choice[0] <= CENTRED * cell.size]
        if centred:
            cell.columns = min((first - last, off, first, last) for off, first, last in centred)[2:]
    for cell in sorted(cells, key=lambda cell: cell.rows[0]):
        if cell.rows[1] < data:
            _deepen(cell, cells, data)


def _is_above(cell: OpenCell, other: OpenCell, data: int) -> bool:
    """Whether ``other`` is a header below ``cell``: only then may ``cell`` cover several columns."""
    beside = other.columns[0] <= cell.columns[1] and cell.columns[0] <= other.columns[1]
    return beside and cell.rows[1] < other.rows[0] < data


def _deepen(cell: OpenCell, cells: list[OpenCell], data: int) -> None:
    """A header beside which others stand in two lines covers both of them, above and below it.

    What stands level with the lower line only (the value of a form's second row) does not cover the upper.
    """
    taken = {
        row
        for other in cells
        if other is not cell and other.columns[0] <= cell.columns[1] and cell.columns[0] <= other.columns[1]
        for row in range(other.rows[0], other.rows[1] + 1)
    }
    first, last = cell.rows
    while last + 1 < data and last + 1 not in taken:
        last += 1
    cell.rows = first, last
    while first > 0 and first - 1 not in taken:
        first -= 1
    beside = [other for other in cells if first <= other.rows[0] and other.rows[1] <= last]
    middle = (min(other.box[1] for other in beside) + max(other.box[3] for other in beside)) / 2
    if abs(middle - cell.middle) <= DEEP * cell.size:
        cell.rows = first, last
