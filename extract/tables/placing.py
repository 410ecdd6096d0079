"""Which column each figure of a flattened table stands in, by sums and by what is stated elsewhere."""

from __future__ import annotations

import re
from collections.abc import Sequence

from fiscalgraph.extract.document import Document, Paragraph
from fiscalgraph.extract.normalise import compact, is_figure, printed_figure
from fiscalgraph.extract.tables.flat_lines import Region
from fiscalgraph.extract.tables.flat_rows import Line
from fiscalgraph.extract.tables.header import CODE, TOTAL_LABELS
from fiscalgraph.extract.tables.identities import Placement, place_rows, row_placements
from fiscalgraph.extract.tables.layouts import MatchedLayout
from fiscalgraph.extract.tables.logical import LogicalTable

__all__ = ["Evidence", "place_lines"]

_UNEXPLAINED = 0.2  # share of rows that may contradict the header before the table is left


def _stated_name(path: Sequence[str]) -> str:
    """What a column is called elsewhere: 本年收入/小计 is 本年收入; empty for a table's own total."""
    if path[-1] in TOTAL_LABELS or path[-1] == "小计":
        return path[-2] if len(path) > 1 else ""
    return path[-1]


class Evidence:
    """Whether the document states a figure under a column's name elsewhere.

    In the explanation beside the name, or in the table that the name is the title of
    (一般公共预算财政拨款: the 一般公共预算财政拨款支出决算表).
    """

    def __init__(self, document: Document, found: Sequence[Region]) -> None:
        self.sisters: set[tuple[str, str]] = set()
        of_tables = {token.block for region in found for token in region.tokens}
        self.text = "".join(
            compact(block.text).replace(",", "") + "\n" * (position in of_tables)
            for position, block in enumerate(document.blocks)
            if isinstance(block, Paragraph)
        )
        self.stated: set[tuple[str, str]] = set()

    def learn(self, table: LogicalTable) -> None:
        """Take the totals that a table states under its columns' names as evidence for the others."""
        for row in table.rows:
            if any(cell is not None and CODE.fullmatch(cell.text) for cell in row[:1]):
                continue
            for path, cell in zip(table.paths, row, strict=True):
                if cell is None or not is_figure(cell.text):
                    continue
                printed = printed_figure(cell.text)
                if name := _stated_name(path):
                    self.stated.add((name, printed))
                if table.title and not table.title.startswith("财政拨款"):
                    self.sisters.add((table.title, printed))

    def __call__(self, path: Sequence[str], printed: str) -> bool:
        name = _stated_name(path)
        if not name:
            return False
        if (name, printed) in self.stated:
            return True
        if len(name) > 6 and any(name in title and printed == total for title, total in self.sisters):
            return True
        short = printed.rstrip("0").rstrip(".") if "." in printed else printed
        core = re.sub(r"[（(].*?[）)]|(?:运行)?维护费$|费用?$|(?:财政)?拨款收入$|收入$", "", name)
        tail = (
            r"(?:（境）)?(?:运行)?(?:维护)?(?:费用?)?(?:财政)?(?:拨款)?(?:收入)?(?:资金)?(?:预算|决算)?数?"
            r"(?:合计|总计)?[为是:：]?"
        )
        stated = re.escape(core) + tail + re.escape(short) + r"(?:\.?0+)?(?![\d.])"
        return re.search(stated, self.text) is not None


def place_lines(
    layouts: Sequence[MatchedLayout],
    lines: Sequence[Line],
    codes: Sequence[str | None],
    evidence: Evidence,
    first: int = 0,
) -> tuple[MatchedLayout, list[Placement | None]] | None:
    """The columns of each row's figures on which all layouts agree that explain the rows best.

    ``first`` is the first column of the rows' side. ``None`` if every layout is contradicted.
    """
    rows = [line.printed for line in lines]
    tried: list[tuple[int, MatchedLayout, list[Placement | None]]] = []
    for matched in layouts:
        width = len(matched.paths)
        columns = range(first, width)

        def known(c: int, printed: str, matched: MatchedLayout = matched) -> bool:
            return evidence(matched.paths[c], printed)

        contradicted = sum(not row_placements(matched.layout, columns, row) for row in rows if row)
        filled = sum(bool(row) for row in rows)
        if contradicted > _UNEXPLAINED * filled:
            continue
        placed = place_rows(matched.layout, columns, codes, rows, known)
        for i, line in enumerate(lines):
            if len(line.figures) == len(columns) and any(t.blank for t in line.figures):
                full = tuple(c for c, t in zip(columns, line.figures, strict=True) if not t.blank)
                if full in row_placements(matched.layout, columns, rows[i]):
                    placed[i] = full
        tried.append((contradicted, matched, placed))
    if not tried:
        return None
    least = min(each[0] for each in tried)
    best = [(matched, placed) for contradicted, matched, placed in tried if contradicted == least]
    return _agreed(best, rows, evidence)


def _agreed(
    best: Sequence[tuple[MatchedLayout, list[Placement | None]]], rows: Sequence[Sequence[str]],
    evidence: Evidence,
) -> tuple[MatchedLayout, list[Placement | None]]:  # fmt: skip
    """What all layouts read alike; where they differ, the one whose reading the document states elsewhere.

    A row that only another layout than the first one reads so is left: one table has one header.
    """
    matched, agreed = best[0][0], list(best[0][1])
    for i, row in enumerate(rows):
        readings = {_reading(layout, placed[i], row) for layout, placed in best}
        if len(readings) == 1:
            continue
        common = frozenset.intersection(*(each for each in readings if each is not None))
        stated = [
            each
            for each in readings
            if each is not None and all(evidence(path, printed) for path, printed in each - common)
        ]
        if None in readings or len(stated) != 1 or stated[0] != _reading(matched, agreed[i], row):
            agreed[i] = None
    return matched, agreed


def _reading(
    matched: MatchedLayout, where: Placement | None, row: Sequence[str]
) -> frozenset[tuple[tuple[str, ...], str]] | None:
    return frozenset(zip((matched.paths[c] for c in where), row, strict=True)) if where is not None else None
