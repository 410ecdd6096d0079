"""Which column each figure of a flattened table stands in, under any of the layouts its header allows."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import replace

from fiscalgraph.extract.tables.flat_rows import Line
from fiscalgraph.extract.tables.identities import (
    Effort,
    Hints,
    Placement,
    Tree,
    is_contradicted,
    place_rows,
)
from fiscalgraph.extract.tables.layouts import MatchedLayout

__all__ = ["place_lines"]

_UNEXPLAINED = 0.2  # share of rows that may contradict the header before the table is left
_Path = tuple[str, ...]


def place_lines(
    layouts: Sequence[MatchedLayout],
    lines: Sequence[Line],
    tree: Tree,
    hints: Callable[[MatchedLayout], Hints],
    first: int = 0,
    effort: Effort | None = None,
) -> tuple[MatchedLayout, list[Placement]] | None:
    """The columns of each row's figures on which all layouts agree that explain the rows best.

    ``tree`` tells which rows add up to which; ``first`` is the first column of the rows' side;
    ``effort`` bounds the search (by default for these rows alone).
    A table that contradicts its header as it stands may have left a subtotal or its parts blank.
    ``None`` if every layout is contradicted.
    """
    effort = effort or Effort()
    rows = [line.printed for line in lines]
    if len(layouts) == 1 and _fills(layouts[0], rows, first, effort):
        whole = tuple(range(first, len(layouts[0].paths)))
        return layouts[0], [whole if row else () for row in rows]
    explained = _explaining(layouts, rows, first, effort) or _explaining(
        _sparse(layouts), rows, first, effort
    )
    if not explained:
        return None
    least = min(contradicted for contradicted, _ in explained)
    best: list[_Reading] = []
    for contradicted, matched in explained:
        if contradicted == least:
            columns = range(first, len(matched.paths))
            known = hints(matched)
            found = place_rows(matched.layout, columns, rows, tree, known, effort)
            placed = [
                _with_dashes(matched, columns, line, where, effort)
                for line, where in zip(lines, found, strict=True)
            ]
            best.append(_Reading(matched, placed, rows, known))
    if len(best) > 1:
        supported = [each for each in best if each.is_supported(best)]
        best = supported if len(supported) == 1 else best
    return best[0].matched, best[0].shared(best)


def _explaining(
    layouts: Sequence[MatchedLayout], rows: Sequence[Sequence[str]], first: int, effort: Effort
) -> list[tuple[int, MatchedLayout]]:
    """The layouts that not too many of the rows contradict, each with how many do."""
    filled = sum(bool(row) for row in rows)
    explained: list[tuple[int, MatchedLayout]] = []
    for matched in layouts:
        columns = range(first, len(matched.paths))
        contradicted = sum(is_contradicted(matched.layout, columns, row, effort) for row in rows if row)
        if contradicted <= _UNEXPLAINED * filled:
            explained.append((contradicted, matched))
    return explained


def _sparse(layouts: Sequence[MatchedLayout]) -> list[MatchedLayout]:
    return [
        replace(matched, layout=replace(matched.layout, sparse=True))
        for matched in layouts
        if matched.layout.has_subtotals
    ]


def _fills(matched: MatchedLayout, rows: Sequence[Sequence[str]], first: int, effort: Effort) -> bool:
    """Whether each row has a figure in every column, so that it needs no sums to be read.

    Of several rows one at least must add up to more than nothing, though: else the header may be another
    table's.
    """
    width = len(matched.paths) - first
    columns = range(first, len(matched.paths))
    filled = [row for row in rows if row]
    if not filled or any(len(row) != width for row in filled):
        return False
    return len(filled) == 1 or any(
        re.search("[1-9]", "".join(row)) and not is_contradicted(matched.layout, columns, row, effort)
        for row in filled
    )


def _with_dashes(
    matched: MatchedLayout, columns: range, line: Line, placed: Placement, effort: Effort
) -> Placement:
    """The placement that a dash for every empty cell tells, where they fill the row."""
    if len(line.figures) == len(columns) and any(token.blank for token in line.figures):
        full = tuple(c for c, token in zip(columns, line.figures, strict=True) if not token.blank)
        if full in (effort.row_placements(matched.layout, columns, line.printed) or ()):
            return full
    return placed


class _Reading:
    """The rows as one layout reads them."""

    def __init__(
        self, matched: MatchedLayout, placed: list[Placement], rows: Sequence[Sequence[str]], hints: Hints
    ) -> None:
        self.matched, self._placed, self._hints = matched, placed, hints
        # For each row: path → column and printed figure.
        self._cells = [
            {
                matched.paths[c]: (c, text)
                for c, text in zip(where, row, strict=True)
                if c is not None
            }
            for where, row in zip(placed, rows, strict=True)
        ]  # fmt: skip

    def _holds(self, row: int, path: _Path, printed: str) -> bool:
        return self._cells[row].get(path, (0, None))[1] == printed

    def is_supported(self, others: Sequence[_Reading]) -> bool:
        """Whether the document states elsewhere a cell that another layout reads differently."""
        return any(
            self._hints.states(row, column, printed)
            for row, cells in enumerate(self._cells)
            for path, (column, printed) in cells.items()
            if not all(other._holds(row, path, printed) for other in others)
        )

    def shared(self, others: Sequence[_Reading]) -> list[Placement]:
        """The placements without the cells that another layout reads differently."""
        return [
            tuple(
                c if c is not None and all(
                    other._holds(row, self.matched.paths[c], self._cells[row][self.matched.paths[c]][1])
                    for other in others
                ) else None
                for c in where
            )
            for row, where in enumerate(self._placed)
        ]  # fmt: skip
