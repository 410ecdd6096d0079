"""Figures that stand in one line of a table: down its codes, its rows, its units, across its columns."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Container, Iterator, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from fiscalgraph.extract.records import DisclosureRecords, SpendingLine, TotalLine

__all__ = [
    "ORDINAL",
    "Branch",
    "Entry",
    "Figure",
    "LineUp",
    "across_columns",
    "bare_label",
    "down_codes",
    "down_rows",
    "figures",
    "is_inferred",
    "is_total_row",
    "over_units",
    "row_of",
    "within_blocks",
]

Figure: TypeAlias = SpendingLine | TotalLine

ORDINAL = re.compile(
    r"^(?:[一二三四五六七八九十]{1,3}、|[（(][一二三四五六七八九十]{1,3}[）)]|[（(]?\d{1,2}[、.）)]|其中[:：])+"
)
"""The number of an item of a list: 一、, （一）, 1."""

_OWN_TOTAL = re.compile("^(?:小计|合计|总计)$|总数$")
_OF_WHICH = re.compile("其中|扣除")
_EXCLUSION = "exclusion"
_CLASS_LENGTH = 3
_LEAST_COLUMNS = 3  # a whole and two addends


@dataclass(frozen=True, slots=True)
class Entry:
    """One place in a line: its figure, or the figures that make it up where it prints no total."""

    label: str
    figures: tuple[Figure, ...]


@dataclass(frozen=True, slots=True)
class LineUp:
    """Figures of one line in reading order; ``where`` names the line (a row, a column) in Chinese."""

    table: str
    where: str
    entries: tuple[Entry, ...]
    heading: bool  # whether its figures are sums over other rows themselves


@dataclass(frozen=True, slots=True)
class Branch:
    """A heading of a code tree with what stands one level below it."""

    whole: SpendingLine
    addends: tuple[SpendingLine, ...]
    of_sums: bool


def figures(records: DisclosureRecords) -> tuple[Figure, ...]:
    """Every amount of every table; percentages left out."""
    lines: tuple[Figure, ...] = (*records.spending, *records.totals)
    return tuple(line for line in lines if line.unit != "%")


def bare_label(label: str | None) -> str:
    """``label`` without its number and blanks."""
    return ORDINAL.sub("", re.sub(r"\s+", "", label or ""))


def row_of(line: Figure) -> tuple[object, ...]:
    """What tells the table's row of ``line`` from the others.

    Where a format has no boxes the row's own words do: flattened text may print each cell on a line.
    """
    source = line.source
    label = (line.code, line.name) if isinstance(line, SpendingLine) else (line.side, line.item)
    place = source.box[1] if source.box else source.quote
    return line.table_index, line.owner, label, source.page, place


def is_inferred(line: Figure, *grounds: str) -> bool:
    """Whether arithmetic decided the column of ``line``: by one of ``grounds``, or by any if none is named.

    Such a figure neither confirms nor contradicts what decided it. A figure for which no other column was
    left (``exclusion``) stands where it stands, whatever the sums.
    """
    return any(ground in grounds if grounds else ground != _EXCLUSION for ground in line.inferred_by)


def is_total_row(line: Figure) -> bool:
    """Whether ``line`` stands in the row of its table's (or its unit's) total."""
    if isinstance(line, TotalLine):
        return line.item is None and line.side is None
    if line.code is not None:
        return False
    name = line.name or ""
    return name.endswith(("合计", "总计")) or (line.owner is not None and name == line.owner)


def _path(line: Figure) -> tuple[str, ...]:
    return tuple(line.column.split("/"))


def down_codes(lines: Sequence[Figure]) -> Iterator[Branch]:
    """Each 合计, 类 and 款 of each column with the rows one level below it.

    A row whose own heading is not listed counts towards the one above. Left out where a code occurs
    twice in the column (lists by a second classification): its rows are not one tree.
    """
    columns: dict[tuple[int, str, str | None], list[SpendingLine]] = defaultdict(list)
    for line in lines:
        if isinstance(line, SpendingLine):
            columns[(line.table_index, line.column, line.owner)].append(line)
    for column in columns.values():
        by_code = {line.code: line for line in column if line.code}
        if len(by_code) != sum(line.code is not None for line in column):
            continue
        below: dict[str, list[SpendingLine]] = defaultdict(list)
        for code, line in by_code.items():
            below[_parent(code, by_code)].append(line)
        for heading, children in below.items():
            totals = [by_code[heading]] if heading else [line for line in column if is_total_row(line)]
            if len(totals) == 1:
                yield Branch(totals[0], tuple(children), any(child.code in below for child in children))


def _parent(code: str, known: Container[str]) -> str:
    """The nearest heading that the column lists above ``code``; empty for its total."""
    while len(code) > _CLASS_LENGTH:
        code = code[:-2]
        if code in known:
            return code
    return ""


def down_rows(lines: Sequence[Figure]) -> Iterator[LineUp]:
    """The items of each half of each balance table, column by column."""
    columns: dict[tuple[int, str | None, str, str | None], list[TotalLine]] = defaultdict(list)
    for line in lines:
        if isinstance(line, TotalLine) and line.item is not None and line.side is not None:
            columns[(line.table_index, line.side, line.column, line.owner)].append(line)
    for (_, side, column, _), found in columns.items():
        entries = tuple(Entry(line.item or "", (line,)) for line in found)
        yield LineUp(found[0].table, f"{side}方“{column}”栏", entries, heading=False)


def within_blocks(lines: Sequence[Figure]) -> Iterator[LineUp]:
    """The items of each table without halves (“三公”经费 listed in rows), column by column, unnumbered."""
    columns: dict[tuple[int, str, str | None], list[TotalLine]] = defaultdict(list)
    for line in lines:
        if isinstance(line, TotalLine) and line.item is not None and line.side is None:
            columns[(line.table_index, line.column, line.owner)].append(line)
    for (_, column, _), found in columns.items():
        entries = tuple(Entry(bare_label(line.item), (line,)) for line in found)
        yield LineUp(found[0].table, f"“{column}”栏各项", entries, heading=True)


def over_units(lines: Sequence[Figure]) -> Iterator[LineUp]:
    """The row of the total and those of the units (预算单位), column by column; the total first."""
    columns: dict[tuple[int, str], list[Figure]] = defaultdict(list)
    for line in lines:
        label = line.name if isinstance(line, SpendingLine) else line.item
        code = line.code if isinstance(line, SpendingLine) else None
        of_a_unit = line.owner is not None and label in (None, line.owner) and code is None
        if of_a_unit or (line.owner is None and is_total_row(line)):
            columns[(line.table_index, line.column)].append(line)
    for (_, column), found in columns.items():
        totals = [line for line in found if line.owner is None]
        units = [line for line in found if line.owner is not None]
        if len(totals) == 1 and len(units) > 1:
            ordered = [totals[0], *units]
            entries = tuple(Entry("合计" if line.owner is None else line.owner, (line,)) for line in ordered)
            yield LineUp(totals[0].table, f"“{column}”栏", entries, heading=True)


def across_columns(lines: Sequence[Figure]) -> Iterator[LineUp]:
    """Columns that stand beside one another under one header, row by row.

    A header over several columns counts as one entry: its 小计 if it has one, else all that stand below
    it. Headers that repeat the same columns (每项 by source of money) are lined up for each of these.
    """
    rows: dict[tuple[object, ...], dict[tuple[str, ...], Figure]] = defaultdict(dict)
    paths: dict[tuple[int, str | None], dict[tuple[str, ...], None]] = defaultdict(dict)
    twice: set[tuple[object, ...]] = set()
    for line in lines:
        row, path = row_of(line), _path(line)
        side = line.side if isinstance(line, TotalLine) else None
        paths[(line.table_index, side)].setdefault(path)
        if rows[row].setdefault(path, line) is not line:
            twice.add(row)
    shapes = {key: tuple(_shapes(tuple(found))) for key, found in paths.items()}
    for row, by_path in rows.items():
        if row in twice:
            continue
        first = next(iter(by_path.values()))
        side = first.side if isinstance(first, TotalLine) else None
        heading = is_total_row(first) or (isinstance(first, SpendingLine) and len(first.code or "") < 7)
        for prefix, steps, suffix in shapes[(first.table_index, side)]:
            entries = tuple(Entry(step, _at(by_path, (*prefix, step), suffix)) for step in steps)
            head = "/".join((*prefix, *suffix))
            where = f"{_row_name(first)}行{f'“{head}”' if head else ''}各栏"
            yield LineUp(first.table, where, entries, heading)


def _row_name(line: Figure) -> str:
    if isinstance(line, SpendingLine):
        return f"{line.code or ''}{line.name or '合计'}"
    return line.item or line.owner or "合计"


_Shape = tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]]


def _shapes(paths: tuple[tuple[str, ...], ...]) -> Iterator[_Shape]:
    """Header, the steps below it, and the step that all of these end in (or none)."""
    prefixes = dict.fromkeys(path[:length] for path in paths for length in range(len(path)))
    for prefix in prefixes:
        below = [path for path in paths if len(path) > len(prefix) and path[: len(prefix)] == prefix]
        steps = tuple(dict.fromkeys(path[len(prefix)] for path in below))
        if len(steps) < _LEAST_COLUMNS:
            continue
        yield prefix, steps, ()
        ends: dict[str, set[str]] = defaultdict(set)
        for path in below:
            if len(path) > len(prefix) + 1:
                ends[path[-1]].add(path[len(prefix)])
        for end, under in ends.items():
            if len(under) >= _LEAST_COLUMNS and not _OWN_TOTAL.search(end):
                yield prefix, steps, (end,)


def _at(
    by_path: dict[tuple[str, ...], Figure], prefix: tuple[str, ...], suffix: tuple[str, ...]
) -> tuple[Figure, ...]:
    """The figure of a header, or those below it where it has no total of its own."""
    if prefix + suffix in by_path:
        return (by_path[prefix + suffix],)
    length = len(prefix)
    steps = dict.fromkeys(path[length] for path in by_path if len(path) > length and path[:length] == prefix)
    own = [step for step in steps if _OWN_TOTAL.search(step) and (*prefix, step, *suffix) in by_path]
    if own or suffix:
        return tuple(by_path[(*prefix, step, *suffix)] for step in own[:1])
    return tuple(
        figure for step in steps if not _OF_WHICH.search(step) for figure in _at(by_path, (*prefix, step), ())
    )
