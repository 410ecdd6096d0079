"""The rows of a table without vertical rules, and its cells.

Where rules run across, they part the rows, and a rule that stops short of a column shows a
merged cell. Without them, what is printed close together in one column is one cell, and
cells whose middles are level are one row; a cell between the rows belongs to several.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from fiscalgraph.extract.normalise import compact, is_figure
from fiscalgraph.extract.readers.pdf_content import Rule
from fiscalgraph.extract.readers.pdf_lines import Line, union_box
from fiscalgraph.extract.readers.pdf_open_columns import LEADING, Columns

__all__ = ["OpenCell", "cells_between_rules", "cells_by_distance", "is_aligned", "is_value"]

LEVEL = 0.4  # middles closer than this share of the font size are level
JOINED = 0.86  # lines of one cell are closer than this share of the smallest distance of two rows
OFF_CENTRE = 0.6  # a merged cell's text stands this close (ems) to the middle of its rows
EXACT = 0.15  # on average it stands this close (ems)
ROOM = 1.8  # rows have less than this many times the smallest distance between them: no row between
NOTHING = frozenset({"-", "--", "—", "——", "－"})


@dataclass(slots=True)
class OpenCell:
    """What stands in one cell: its pieces, and the first and last row and column it covers."""

    pieces: list[Line]
    columns: tuple[int, int]
    rows: tuple[int, int] = (0, 0)

    @property
    def box(self) -> tuple[float, float, float, float]:
        return union_box([piece.box for piece in self.pieces])

    @property
    def middle(self) -> float:
        box = self.box
        return (box[1] + box[3]) / 2

    @property
    def size(self) -> float:
        return max(piece.size for piece in self.pieces)

    @property
    def text(self) -> str:
        return "\n".join(
            piece.text for piece in sorted(self.pieces, key=lambda piece: (piece.box[3], piece.box[0]))
        )


def is_value(text: str) -> bool:
    """Whether a text is a figure or the dash that stands for none."""
    text = compact(text)
    return text in NOTHING or is_figure(text)


def cells_between_rules(pieces: list[Line], columns: Columns, rules: list[Rule]) -> list[OpenCell]:
    """The cells of a table whose rows are parted by ``rules`` (ascending, at least two heights)."""
    heights: list[float] = []
    for rule in rules:
        if not heights or rule.at - heights[-1] > 3.0:
            heights.append(rule.at)
    count = len(heights) - 1
    middles = [(left + right) / 2 for left, right in pairwise(columns.edges)]
    tops = [
        _block_tops(count, [any(_covers(rule, at, x) for rule in rules) for at in heights]) for x in middles
    ]
    cells: list[OpenCell] = []
    for piece in pieces:
        middle = (piece.box[1] + piece.box[3]) / 2
        row = next((row for row in range(count) if heights[row] <= middle < heights[row + 1]), None)
        if row is None:
            continue
        first, last = columns.of(piece)
        top = tops[first][row]
        bottom = max(other for other in range(count) if tops[first][other] == top)
        cells.append(OpenCell([piece], (first, last), (top, bottom)))
    return _united(cells)


def _covers(rule: Rule, at: float, x: float) -> bool:
    return abs(rule.at - at) <= 3.0 and rule.start <= x <= rule.end


def _block_tops(count: int, drawn: list[bool]) -> list[int]:
    """For every row of a column, the first row of the cell it belongs to."""
    tops = [0]
    for row in range(1, count):
        tops.append(row if drawn[row] else tops[-1])
    return tops


def _united(cells: list[OpenCell]) -> list[OpenCell]:
    """Pieces that stand in the same squares are one cell."""
    found: list[OpenCell] = []
    for cell in cells:
        while True:
            clash = next((other for other in found if _clash(cell, other)), None)
            if clash is None:
                break
            found.remove(clash)
            cell = OpenCell(
                clash.pieces + cell.pieces,
                (min(cell.columns[0], clash.columns[0]), max(cell.columns[1], clash.columns[1])),
                (min(cell.rows[0], clash.rows[0]), max(cell.rows[1], clash.rows[1])),
            )
        found.append(cell)
    return found


def _clash(one: OpenCell, other: OpenCell) -> bool:
    return (
        one.columns[0] <= other.columns[1]
        and other.columns[0] <= one.columns[1]
        and one.rows[0] <= other.rows[1]
        and other.rows[0] <= one.rows[1]
    )


def cells_by_distance(pieces: list[Line], columns: Columns, borders: list[float]) -> list[OpenCell]:
    """The cells of a table whose rows are parted by white alone, and by rules at ``borders``."""
    cells = _stacked(pieces, columns, borders)
    rows = _levels(cells)
    for number, row in enumerate(rows):
        for cell in row:
            cell.rows = (number, number)
    cells = _united(cells)
    for column in range(len(columns)):
        _merge_levels([cell for cell in cells if cell.columns[0] == column], cells, rows)
    return cells


def _row_pitch(pieces: list[Line], columns: Columns) -> float:
    """The smallest distance of two figures one below the other."""
    by_column: dict[tuple[int, int], list[float]] = {}
    for piece in pieces:
        if is_value(piece.text):
            by_column.setdefault(columns.of(piece), []).append((piece.box[1] + piece.box[3]) / 2)
    size = min((piece.size for piece in pieces), default=0.0)
    return min(
        (
            below - above
            for middles in by_column.values()
            for above, below in pairwise(sorted(middles))
            if below - above > 0.5 * size
        ),
        default=float("inf"),
    )


def _stacked(pieces: list[Line], columns: Columns, borders: list[float]) -> list[OpenCell]:
    """Lines close below one another in the same columns, as one cell each."""
    near = JOINED * _row_pitch(pieces, columns)
    data = min((piece.box[1] for piece in pieces if is_value(piece.text)), default=0.0)
    cells: list[OpenCell] = []
    open_cells: list[OpenCell] = []
    for piece in sorted(pieces, key=lambda piece: (piece.box[3], piece.box[0])):
        first, last = columns.of(piece)
        own = None
        for cell in reversed(open_cells):
            if cell.columns[0] > last or cell.columns[1] < first:
                continue
            upper = cell.pieces[-1]
            pitch = piece.box[3] - upper.box[3]
            parted = any(
                upper.box[3] - 0.3 * upper.size < at < piece.box[1] + 0.3 * piece.size for at in borders
            )
            if piece.box[3] <= data and not is_aligned(upper, piece):
                parted = True  # a header below the one that covers it and others
            if pitch < min(near, LEADING * piece.size) and not parted:
                own = cell
            break
        if own is not None and not (is_value(piece.text) and is_value(own.text)):
            own.pieces.append(piece)
            own.columns = (min(own.columns[0], first), max(own.columns[1], last))
            continue
        cell = OpenCell([piece], (first, last))
        cells.append(cell)
        open_cells.append(cell)
    return cells


def is_aligned(upper: Line, lower: Line) -> bool:
    """Whether two lines begin at one place or share their middle, as lines of one header do."""
    middles = abs(upper.box[0] + upper.box[2] - lower.box[0] - lower.box[2]) / 2
    return middles <= LEVEL * lower.size or abs(upper.box[0] - lower.box[0]) <= LEVEL * lower.size


def _levels(cells: list[OpenCell]) -> list[list[OpenCell]]:
    """Rows: cells whose middles are level. A lone cell that reaches into a row is part of it."""
    rows: list[list[OpenCell]] = []
    for cell in sorted(cells, key=lambda cell: cell.middle):
        if rows and cell.middle - rows[-1][0].middle <= LEVEL * min(cell.size, rows[-1][0].size):
            rows[-1].append(cell)
        else:
            rows.append([cell])
    squeezed = _squeezed(rows) | _between_levels(rows)
    settled: list[list[OpenCell]] = []
    waiting: list[OpenCell] = []
    for index, row in enumerate(rows):
        beside = rows[max(index - 1, 0) : index] + rows[index + 1 : index + 2]
        if index in squeezed or (
            len(row) == 1 and any(_reach(row[0], other) for near in beside if len(near) > 1 for other in near)
        ):
            waiting += row
        else:
            settled.append(row)
    for cell in waiting:
        min(settled, key=lambda row: abs(row[0].middle - cell.middle)).append(cell)
    return settled


def _first_data(rows: list[list[OpenCell]]) -> int:
    return next(
        (index for index, row in enumerate(rows) if any(is_value(cell.text) for cell in row)), len(rows)
    )


def _between_levels(rows: list[list[OpenCell]]) -> set[int]:
    """Rows of a header with nothing above or below in their columns: cells that cover both neighbours."""
    found: set[int] = set()
    for index in range(1, _first_data(rows) - 1):
        beside = [] if index - 1 in found else [*rows[index - 1], *rows[index + 1]]
        if beside and not any(
            cell.columns[0] <= other.columns[1] and other.columns[0] <= cell.columns[1]
            for cell in rows[index]
            for other in beside
        ):
            found.add(index)
    return found


def _squeezed(rows: list[list[OpenCell]]) -> set[int]:
    """Rows that stand between two others where there is room for none: cells that those share."""
    first = _first_data(rows)
    full = [
        index
        for index, row in enumerate(rows)
        if index >= first and (len(row) > 2 or any(is_value(cell.text) for cell in row))
    ]
    distances = {
        (upper, lower): rows[lower][0].middle - rows[upper][0].middle for upper, lower in pairwise(full)
    }
    room = ROOM * min(distances.values(), default=0.0)
    return {
        index
        for (upper, lower), distance in distances.items()
        if distance < room
        for index in range(upper + 1, lower)
    }


def _reach(one: OpenCell, other: OpenCell) -> bool:
    """Whether two cells beside one another share some height."""
    shared = min(one.box[3], other.box[3]) - max(one.box[1], other.box[1])
    return shared > 0.1 * min(one.size, other.size)


def _merge_levels(cells: list[OpenCell], table: list[OpenCell], rows: list[list[OpenCell]]) -> None:
    """Give merged cells of one column their rows: text stands in the middle of what it covers.

    Only where some text stands off its row's middle is there anything to tell.
    """
    middles = [_row_middle(row, cells) for row in rows]
    cells = sorted((cell for cell in cells if cell.rows[0] == cell.rows[1]), key=lambda cell: cell.middle)
    off = [index for index, cell in enumerate(cells) if _stands_off(cell, middles) > LEVEL]
    data = _first_data(rows)
    heads = sum(1 for cell in cells if cell.rows[0] < data)
    tops, bottoms = _extents(rows)
    taken = [_taken(cell, table) for cell in cells]
    begun = {cell.rows[0] for cell in cells}
    for first, stop, above, below in ((0, heads, 0, data), (heads, len(cells), data, len(rows))):
        own = [index for index in off if first <= index < stop]
        slight = not own
        if slight:  # of three rows their middle may be that of the second
            labels = min((cell.columns[0] for cell in table if is_value(cell.text)), default=0)
            own = [
                index
                for index in range(first, stop)
                if _may_cover(cells[index], middles, begun | taken[index], range(above, below), labels)
            ]
        if not own or any(is_value(cell.text) for cell in cells[own[0] : own[-1] + 1]):
            continue
        # A header ends above the data; a cell beside both it and them is one only where all then fit better.
        strip = _Strip(tops[:below], bottoms[:below], taken)
        reach = 0 if above and not slight else above
        best = _widest(cells, (first, stop - 1), (own[0], own[-1]), (reach, above), strip)
        if best is None:
            continue
        spans = dict(enumerate(best.spans, best.first))
        if slight:
            spans = {index: spans[index] for index in own if _is_surely(cells, index, spans[index], strip)}
        for index, span in spans.items():
            cells[index].rows = span


def _stands_off(cell: OpenCell, middles: Sequence[float | None]) -> float:
    """How far (ems) a cell stands off the middle of what else its row holds."""
    middle = middles[cell.rows[0]]
    return abs(cell.middle - middle) / cell.size if middle is not None else 0.0


def _may_cover(
    cell: OpenCell, middles: Sequence[float | None], begun: set[int], rows: range, labels: int
) -> bool:
    """Whether a cell that stands on a row may yet cover more of ``rows``.

    It stands off that row by a little, or there is nothing else on it, or it is a label (left of column
    ``labels``, the first with figures) between blank squares. ``begun`` are the rows in which others begin.
    """
    row = cell.rows[0]
    blank = [other in rows and other not in begun for other in (row - 1, row + 1)]
    if all(blank) and (middles[row] is None or cell.columns[1] < labels):
        return True
    return any(blank) and _stands_off(cell, middles) > EXACT


def _is_surely(cells: Sequence[OpenCell], index: int, span: tuple[int, int], strip: _Strip) -> bool:
    """Whether a cell stands in the very middle of ``span``, where no other cell of its column stands."""
    cell = cells[index]
    alone = all(other is cell or not span[0] <= other.rows[0] <= span[1] for other in cells)
    return (
        alone and abs((strip.tops[span[0]] + strip.bottoms[span[1]]) / 2 - cell.middle) <= EXACT * cell.size
    )


def _widest(
    cells: list[OpenCell], whole: tuple[int, int], own: tuple[int, int], tops: tuple[int, int], strip: _Strip
) -> _Tiling | None:
    """The tiling of as many cells of ``whole`` as can be, those of ``own`` among them.

    A cell that stands on a row of its own may yet be one of those that cover several: of four rows their
    middle is so near to that of the third that only its neighbours tell. ``tops`` are the row at which
    the first cell may begin and that at which the data do.
    """

    def tiling(begin: int, end: int) -> _Tiling | None:
        within = _tiling(cells, begin, end, tops[1], strip)
        beyond = _tiling(cells, begin, end, 0, strip) if tops[0] < tops[1] else None
        return beyond if beyond is not None and _is_better(beyond, within, tops[1]) else within

    everything = tiling(*whole)
    if everything is not None:
        return everything
    end = next((end for end in range(whole[1], own[1] - 1, -1) if tiling(own[0], end) is not None), own[1])
    wider = (tiling(begin, end) for begin in range(whole[0], own[0] + 1))
    return next((each for each in wider if each is not None), None)


def _row_middle(row: list[OpenCell], column: list[OpenCell]) -> float | None:
    others = [cell.middle for cell in _level(row) if all(cell is not own for own in column)]
    return sum(others) / len(others) if others else None


def _level(row: list[OpenCell]) -> list[OpenCell]:
    """The cells that make the row: all but those that reach into it from above or below."""
    return [cell for cell in row if abs(cell.middle - row[0].middle) <= LEVEL * cell.size] or row


def _extents(rows: list[list[OpenCell]]) -> tuple[list[float], list[float]]:
    """Where rows begin and end: half way between what is printed in them and in their neighbours."""
    leaf = [_level(row) for row in rows]
    tops = [min(cell.box[1] for cell in row) for row in leaf]
    bottoms = [max(cell.box[3] for cell in row) for row in leaf]
    borders = [(bottom + top) / 2 for bottom, top in zip(bottoms[:-1], tops[1:], strict=True)]
    return [tops[0] - 3.0, *borders], [*borders, bottoms[-1] + 3.0]


@dataclass(frozen=True, slots=True)
class _Strip:
    """Where the rows of one column begin and end; the rows that others take from each of its cells."""

    tops: list[float]
    bottoms: list[float]
    taken: list[set[int]]


@dataclass(frozen=True, slots=True)
class _Tiling:
    """The rows of one column's cells from the cell ``first`` on.

    ``offset`` is how far (ems) they stand off centre on average, ``upper`` how far the first does.
    """

    first: int
    spans: tuple[tuple[int, int], ...]
    offset: float
    upper: float


def _is_better(one: _Tiling, other: _Tiling | None, data: int) -> bool:
    """Whether ``one``, whose first cell may reach into the header, fits better than ``other`` below it.

    It does where the first cell stands in the very middle of its rows and ``other`` leaves the first
    row of the ``data`` blank.
    """
    if other is None or one.spans[0][0] < data < other.spans[0][0]:
        return one.upper <= EXACT
    return one.offset <= EXACT and one.offset < other.offset / 2


def _taken(cell: OpenCell, table: list[OpenCell]) -> set[int]:
    """The rows in which a cell that begins in another column reaches into this one's columns."""
    return {
        row
        for other in table
        if other.columns[0] != cell.columns[0]
        and other.columns[0] <= cell.columns[1]
        and cell.columns[0] <= other.columns[1]
        for row in range(other.rows[0], other.rows[1] + 1)
    }


def _tiling(
    cells: list[OpenCell],
    first: int,
    last: int,
    upper: int,
    strip: _Strip,
) -> _Tiling | None:
    """Cover the rows between two fixed cells with the cells ``first`` to ``last`` of one column.

    The rows are those of ``strip`` from ``upper`` on.
    """
    tops, bottoms, taken = strip.tops, strip.bottoms, strip.taken
    above = max(upper, cells[first - 1].rows[1] + 1 if first else 0)
    below = min(len(tops), cells[last + 1].rows[0] if last + 1 < len(cells) else len(tops)) - 1
    # best[row]: the least sum of offsets that covers ``start``..``row`` - 1, and the spans that give it
    best: dict[int, tuple[float, list[tuple[int, int]]]] = {row: (0.0, []) for row in range(above, below + 1)}
    for cell, others in zip(cells[first : last + 1], taken[first : last + 1], strict=True):
        following: dict[int, tuple[float, list[tuple[int, int]]]] = {}
        for start, (cost, spans) in best.items():
            for stop in range(start, below + 1):
                if stop in others:
                    break
                offset = abs((tops[start] + bottoms[stop]) / 2 - cell.middle) / cell.size
                if offset > OFF_CENTRE:
                    continue
                total = cost + offset
                if stop + 1 not in following or total < following[stop + 1][0]:
                    following[stop + 1] = (total, [*spans, (start, stop)])
        best = following
    if not best:
        return None
    cost, spans = min(best.values(), key=lambda found: (-(found[1][-1][1] - found[1][0][0]), found[0]))
    start, stop = spans[0]
    upper_cell = cells[first]
    off = abs((tops[start] + bottoms[stop]) / 2 - upper_cell.middle) / upper_cell.size
    return _Tiling(first, tuple(spans), cost / len(spans), off)
