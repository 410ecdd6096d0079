"""From rules to grids: which rules belong to one table, and which cells they enclose.

A grid's cells are rectangles of its elementary squares. Where a border between two
squares is not drawn, they are one merged cell; the outer border counts as drawn even
where it is missing, so that a cell left open at the end of a page keeps its text.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from fiscalgraph.extract.readers.pdf_content import Rule

__all__ = ["Grid", "GridCell", "find_grids", "merge_rules"]

SNAP = 3.0  # rules closer than this (points) are one line
MIN_RULE = 5.0  # a merged rule shorter than this is a mark, not a rule
MIN_COVER = 0.5  # share of a square's side that must be drawn for it to be a border
MAX_CROSSINGS = 4_000_000  # pairs of rules on one page: above this it is a map or a plan
MAX_SQUARES = 100_000  # elementary squares of one grid: above this it is a drawing


@dataclass(frozen=True, slots=True)
class GridCell:
    """A cell by rows and columns (from 0) and by its box on the page."""

    row: int
    column: int
    row_span: int
    column_span: int
    box: tuple[float, float, float, float]


@dataclass(slots=True)
class Grid:
    """One table's lines (``xs``, ``ys`` ascending) and cells; ``owner[row, column]`` indexes cells."""

    xs: list[float]
    ys: list[float]
    cells: list[GridCell] = field(default_factory=list)
    owner: npt.NDArray[np.int64] = field(default_factory=lambda: np.zeros((0, 0), dtype=np.int64))

    @property
    def box(self) -> tuple[float, float, float, float]:
        return self.xs[0], self.ys[0], self.xs[-1], self.ys[-1]


def merge_rules(rules: Iterable[Rule]) -> list[Rule]:
    """Join pieces that lie on one line and touch (or nearly): the rules as the eye sees them."""
    ordered = sorted(rules, key=lambda rule: rule.at)
    merged: list[Rule] = []
    start = 0
    for stop in range(1, len(ordered) + 1):
        if stop < len(ordered) and (
            ordered[stop].at - ordered[stop - 1].at <= 1.0 and ordered[stop].at - ordered[start].at <= SNAP
        ):
            continue
        merged += _join_pieces(ordered[start:stop])
        start = stop
    return merged


def _join_pieces(pieces: list[Rule]) -> list[Rule]:
    at = sum(piece.at for piece in pieces) / len(pieces)
    pieces = sorted(pieces, key=lambda piece: piece.start)
    joined: list[Rule] = []
    begin, end = pieces[0].start, pieces[0].end
    for piece in pieces[1:]:
        if piece.start - end <= SNAP:
            end = max(end, piece.end)
            continue
        joined.append(Rule(at, begin, end))
        begin, end = piece.start, piece.end
    joined.append(Rule(at, begin, end))
    return [rule for rule in joined if rule.end - rule.start >= MIN_RULE]


class _Sets:
    """Disjoint sets of numbered things (union-find)."""

    def __init__(self, count: int) -> None:
        self._parent = list(range(count))

    def find(self, node: int) -> int:
        parent = self._parent
        while parent[node] != node:
            parent[node] = parent[parent[node]]
            node = parent[node]
        return node

    def join(self, one: int, other: int) -> None:
        one, other = self.find(one), self.find(other)
        self._parent[max(one, other)] = min(one, other)


def _components(horizontal: list[Rule], vertical: list[Rule]) -> list[tuple[list[Rule], list[Rule]]]:
    """Rules that cross or touch, directly or through others, belong together."""
    h = np.array(horizontal)[:, :, None]
    v = np.array(vertical).T[None, :, :]
    touch = (v[:, 0] >= h[:, 1] - SNAP) & (v[:, 0] <= h[:, 2] + SNAP)
    touch &= (h[:, 0] >= v[:, 1] - SNAP) & (h[:, 0] <= v[:, 2] + SNAP)
    sets = _Sets(len(horizontal) + len(vertical))
    offset = len(horizontal)
    for one, other in np.argwhere(touch).tolist():
        sets.join(one, offset + other)
    groups: dict[int, tuple[list[Rule], list[Rule]]] = {}
    for index, rule in enumerate(horizontal):
        groups.setdefault(sets.find(index), ([], []))[0].append(rule)
    for index, rule in enumerate(vertical):
        groups.setdefault(sets.find(offset + index), ([], []))[1].append(rule)
    whole = [group for group in groups.values() if group[0] and group[1]]
    for lone in (group[1] for group in groups.values() if not group[0]):
        _adopt(lone[0], whole)
    return whole


def _adopt(rule: Rule, groups: list[tuple[list[Rule], list[Rule]]]) -> None:
    """Give a vertical rule that touches nothing to the table it runs along (a cell open on two sides)."""
    for _, vertical in groups:
        top, bottom = min(other.start for other in vertical), max(other.end for other in vertical)
        if abs(rule.start - top) <= 2 * SNAP and abs(rule.end - bottom) <= 2 * SNAP:
            vertical.append(rule)
            return


def _snap(values: Iterable[float]) -> list[float]:
    """Cluster coordinates closer than :data:`SNAP` and return the clusters' middles."""
    clusters: list[list[float]] = []
    for value in sorted(values):
        if clusters and value - clusters[-1][-1] <= SNAP and value - clusters[-1][0] <= 2 * SNAP:
            clusters[-1].append(value)
        else:
            clusters.append([value])
    return [sum(cluster) / len(cluster) for cluster in clusters]


def _borders(rules: list[Rule], at: list[float], along: list[float]) -> npt.NDArray[np.bool_]:
    """``[line, gap]``: whether the line ``at[line]`` is drawn between ``along[gap]`` and the next."""
    lines, starts, ends = np.array(at), np.array(along[:-1]), np.array(along[1:])
    drawn_at, begin, end = np.array(rules).T[:, :, None]
    nearest = np.searchsorted((lines[1:] + lines[:-1]) / 2, drawn_at[:, 0])
    covered = np.zeros((len(at), len(along) - 1))
    np.add.at(covered, nearest, np.clip(np.minimum(ends, end) - np.maximum(starts, begin), 0, None))
    drawn: npt.NDArray[np.bool_] = covered >= MIN_COVER * (ends - starts)
    return drawn


def _regions(h_drawn: npt.NDArray[np.bool_], v_drawn: npt.NDArray[np.bool_]) -> npt.NDArray[np.int64]:
    """Number the elementary squares so that squares without a border between them share a number."""
    rows, columns = v_drawn.shape[1], h_drawn.shape[1]
    sets = _Sets(rows * columns)
    for line, row in np.argwhere(~v_drawn[1:-1]).tolist():
        sets.join(row * columns + line, row * columns + line + 1)
    for line, column in np.argwhere(~h_drawn[1:-1]).tolist():
        sets.join(line * columns + column, (line + 1) * columns + column)
    return np.array([sets.find(square) for square in range(rows * columns)]).reshape(rows, columns)


def _rectangles(label: npt.NDArray[np.int64]) -> list[tuple[int, int, int, int]]:
    """Cut every region into rectangles (row, column, row span, column span), row-major.

    A region is a rectangle already unless a border is drawn only in part; then its rows
    are cut into runs, and equal runs one below the other are joined.
    """
    rows, columns = label.shape
    rectangles: list[tuple[int, int, int, int]] = []
    running: dict[tuple[int, int, int], int] = {}  # (region, first column, span) -> index of its rectangle
    for row in range(rows):
        line = label[row].tolist()
        here: dict[tuple[int, int, int], int] = {}
        column = 0
        while column < columns:
            stop = column + 1
            while stop < columns and line[stop] == line[column]:
                stop += 1
            key = (line[column], column, stop - column)
            if key in running:
                index = running[key]
                top, left, height, width = rectangles[index]
                rectangles[index] = (top, left, height + 1, width)
            else:
                index = len(rectangles)
                rectangles.append((row, column, 1, stop - column))
            here[key] = index
            column = stop
        running = here
    return rectangles


def _grid(horizontal: list[Rule], vertical: list[Rule]) -> Grid | None:
    left = min(rule.start for rule in horizontal)
    right = max(rule.end for rule in horizontal)
    top = min(rule.start for rule in vertical)
    bottom = max(rule.end for rule in vertical)
    # The ends of crossing rules stand for an outer border that is not drawn.
    xs = _snap([rule.at for rule in vertical])
    ys = _snap([rule.at for rule in horizontal])
    if left < xs[0] - 2 * SNAP:
        xs.insert(0, left)
    if right > xs[-1] + 2 * SNAP:
        xs.append(right)
    if top < ys[0] - 2 * SNAP:
        ys.insert(0, top)
    if bottom > ys[-1] + 2 * SNAP:
        ys.append(bottom)
    rows, columns = len(ys) - 1, len(xs) - 1
    if rows < 1 or columns < 1 or rows * columns > MAX_SQUARES:
        return None
    label = _regions(_borders(horizontal, ys, xs), _borders(vertical, xs, ys))
    grid = Grid(xs, ys, owner=np.zeros((rows, columns), dtype=np.int64))
    for row, column, row_span, column_span in _rectangles(label):
        grid.owner[row : row + row_span, column : column + column_span] = len(grid.cells)
        box = (xs[column], ys[row], xs[column + column_span], ys[row + row_span])
        grid.cells.append(GridCell(row, column, row_span, column_span, box))
    return grid if len(grid.cells) > 1 else None


def find_grids(horizontal: list[Rule], vertical: list[Rule]) -> list[Grid]:
    """The ruled tables among ``horizontal`` and ``vertical`` (as :func:`merge_rules` gives them).

    Ordered from the top of the page down. A lone frame around something is no table.
    """
    if not horizontal or not vertical or len(horizontal) * len(vertical) > MAX_CROSSINGS:
        return []
    grids = [_grid(*component) for component in _components(horizontal, vertical)]
    return sorted((grid for grid in grids if grid), key=lambda grid: (grid.ys[0], grid.xs[0]))
