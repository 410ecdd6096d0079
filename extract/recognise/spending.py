"""Spending lines and totals from the tables of figures.

A table with a classification-code column gives :class:`SpendingLine` records; tables of
totals (收支总表, 财政拨款收支总表, 收入总表 without codes, “三公” tables) give
:class:`TotalLine` records. Other tables of figures are none of these and are left to others.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass

from fiscalgraph.extract.document import Cell, Document
from fiscalgraph.extract.normalise import UNIT_FACTORS, amount_in_yuan, compact, is_figure, printed_figure
from fiscalgraph.extract.recognise.names import reporting_unit
from fiscalgraph.extract.recognise.table_kinds import BLANK, TableKind, is_fiscal, table_kind, why_outside
from fiscalgraph.extract.records import Leftover, Source, SpendingLine, TotalLine
from fiscalgraph.extract.tables.collapsed import collapsed_blocks, tables_of_lines, without_blocks
from fiscalgraph.extract.tables.columns import Block, Role, column_roles, split_blocks
from fiscalgraph.extract.tables.flattened import flattened_tables
from fiscalgraph.extract.tables.header import (
    CODE,
    CODE_WITHIN,
    CODED_NAME,
    TOTAL_LABELS,
    Row,
    is_order_row,
    text_of,
)
from fiscalgraph.extract.tables.logical import LogicalTable, logical_tables

__all__ = ["SpendingRecords", "recognise_spending"]

_PERCENT = re.compile(r"[%％]|增减率|增长率|比例|占比|比重|幅度|完成率")
_UNIT_NUMBER = re.compile(r"\d{4}|\d{6}|\d{8,12}")  # of a 预算单位: no length of a classification code
_NUMBER_BEFORE = re.compile(r"^\d{3,12}[-_－—]")  # 106_某某局
_THREE_PUBLIC = re.compile(r"三公")


@dataclass(frozen=True, slots=True)
class SpendingRecords:
    """What the tables of figures gave, and the figures that no record holds."""

    spending: tuple[SpendingLine, ...]
    totals: tuple[TotalLine, ...]
    leftovers: tuple[Leftover, ...]
    tables: tuple[LogicalTable, ...]
    consumed: frozenset[int]  # positions in Document.blocks
    outside: Mapping[int, str]  # positions of tables that no record is for, and why


def figure_in(cell: Cell | None) -> str | None:
    """The printed figure of a cell, or ``None`` when it does not hold exactly one.

    A figure may be wrapped inside its cell ("25180591\\n.33", "21,118.5\\n1"); two complete
    figures one below the other are two rows that were not told apart, and are not glued.
    """
    if cell is None:
        return None
    parts = [compact(part) for part in cell.text.split("\n") if compact(part)]
    text = "".join(parts)
    if not is_figure(text):
        return None
    wrapped = re.fullmatch(r"\.\d+|\d", parts[-1]) is not None and (parts[-1][0] == "." or "." in parts[0])
    if len(parts) > 1 and not wrapped and all(is_figure(part) for part in parts):
        return None
    return printed_figure(text)


def _source(row: Row, cell: Cell) -> Source:
    seen: list[str] = []
    last: Cell | None = None
    for other in row:
        if other is not None and other is not last and text_of(other):
            seen.append(text_of(other))
        last = other
    place = cell.place
    return Source(
        quote=" ".join(seen)[:300], page=place.page, line=place.line, box=place.box, part=place.part
    )


def _unit(path: Sequence[str], printed: str, unit: str | None) -> str | None:
    if printed.endswith("%") or (path and _PERCENT.search(path[-1])):
        return "%"
    return unit


def _column(path: Sequence[str], dropped: frozenset[str] = frozenset()) -> str:
    return "/".join(part for part in path if part not in dropped)


class _Codes:
    """Reads the code of each row of a block.

    A code stands in one column or is split into 类, 款 and 项; a part left blank is that of
    the row above. A row may carry several codes (功能 beside 部门经济 beside 政府经济).
    """

    def __init__(self, block: Block, table: LogicalTable) -> None:
        self.groups: list[list[int]] = []
        for c in block.codes:
            leaf = table.paths[c][-1] if table.paths[c] else ""
            beside = bool(self.groups) and self.groups[-1][-1] == c - 1
            if self.groups and (leaf in ("款", "项") or (beside and table.paths[c] == table.paths[c - 1])):
                self.groups[-1].append(c)  # 类, 款 and 项 may stand below one 科目编码
            else:
                self.groups.append([c])
        self.last = ["" for _ in self.groups]

    def _candidate(self, row: Row, number: int) -> tuple[str, str | None] | None:
        whole: tuple[str, str | None] | None = None
        parts: list[tuple[int, str]] = []
        last: Cell | None = None
        for position, c in enumerate(self.groups[number]):
            cell = row[c] if c < len(row) else None
            text = text_of(cell)
            if cell is None or cell is last or text in BLANK:
                continue
            last = cell
            if coded := CODED_NAME.fullmatch(text):
                whole = coded.group(1), coded.group(2)
            elif CODE.fullmatch(text):
                whole = text, None
            elif re.fullmatch(r"\d{1,2}", text):
                parts.append((position, text.zfill(2)))
        if parts:
            head = whole[0] if whole else self.last[number][: 3 + 2 * max(0, parts[0][0] - 1)]
            code = head + "".join(text for _, text in parts)
            whole = (code, None) if CODE.fullmatch(code) else None
        if whole is not None:
            self.last[number] = whole[0]
        return whole

    def read(self, row: Row) -> _RowCode:
        """What the row's code columns say; a functional code goes before an economic one.

        部门 economic goes before 政府 economic.
        """
        found = [
            (number, each) for number in range(len(self.groups)) if (each := self._candidate(row, number))
        ]
        if not found:
            return _RowCode()
        number, (code, name) = min(found, key=lambda each: "231".find(each[1][0][0]) % 4)
        others = tuple(each[0] for other, each in found if other != number)
        return _RowCode(code, name, self.groups[number][-1], others)


@dataclass(frozen=True, slots=True)
class _RowCode:
    """A row's code, the name where printed in the same cell, the code's column, and all other codes."""

    code: str | None = None
    name: str | None = None
    column: int = -1
    others: tuple[str, ...] = ()


class _Owners:
    """Whose each row of a block is: the unit that a column names, or a row with its number above.

    A unit stands for the rows below it until another one or a total.
    """

    def __init__(self, block: Block) -> None:
        self._block = block
        self._last: str | None = None

    def read(self, row: Row, name: str | None) -> str | None:
        """The unit that the row belongs to; ``name`` is what stands where a row without code is named."""
        texts = [text_of(row[c]) for c in self._block.owners if c < len(row)]
        named = [text for text in texts if text not in BLANK and not is_figure(text)]
        if named:
            self._last = None if named[-1] in TOTAL_LABELS else _NUMBER_BEFORE.sub("", named[-1])
        elif name in TOTAL_LABELS:
            self._last = None
        elif name and any(_UNIT_NUMBER.fullmatch(text_of(row[c])) for c in self._block.codes if c < len(row)):
            self._last = name
        return self._last


def _name(row: Row, block: Block, code: str | None, after: int) -> str | None:
    """The name beside a code, or what a row without a code is about (合计, a unit)."""
    labels = block.labels if code is None else tuple(c for c in block.labels if abs(c - after) == 1)
    texts = sorted((*block.names, *labels), key=lambda c: (c < after, c))
    for c in (*texts, *(() if code else (*block.codes, *block.owners))):
        text = text_of(row[c]) if c < len(row) else ""
        if text and text not in BLANK and not is_figure(text) and text not in ("类", "款", "项"):
            return text
    return None if code else _total_before(row, block)


def _total_before(row: Row, block: Block) -> str | None:
    """The 合计 that is printed over several columns, of which the block's own hold none of it."""
    for cell in reversed(row[: block.values[0]]):
        text = text_of(cell)
        if text not in BLANK:
            return text if text.endswith("计") else None
    return None


def _decimals(printed: str) -> int:
    return len(printed.rstrip("%").partition(".")[2])


def _precision(table: LogicalTable, roles: Sequence[Role]) -> int:
    """How many decimals the table's figures have; a lone figure with more is two that ran together."""
    counts = Counter(
        _decimals(printed)
        for row in table.rows
        for c, cell in enumerate(row)
        if roles[c] is Role.VALUE and (printed := figure_in(cell)) is not None
    )
    return max((n for n, times in counts.items() if times * 10 >= counts.total()), default=0)


def _figures(table: LogicalTable, row: Row, block: Block, decimals: int) -> Iterator[tuple[int, Cell, str]]:
    """The value cells of a row that hold one figure: column, cell, the figure as printed.

    Columns of one block that have the same name are not read: nothing says which is which. Nor is
    a figure with more than the table's ``decimals``.
    """
    for c in block.values:
        if any(d != c and table.paths[d] == table.paths[c] for d in block.values):
            continue
        cell = row[c] if c < len(row) else None
        printed = figure_in(cell)
        if cell is None or printed is None or (c > 0 and row[c - 1] is cell):
            continue
        if _decimals(printed) <= decimals + 1:  # one more may be a slip of the publisher's
            yield c, cell, printed


def _spending(
    table: LogicalTable, title: str, unit: str | None, blocks: Sequence[Block], decimals: int
) -> Iterator[SpendingLine]:
    readers = [(block, _Codes(block, table), _Owners(block)) for block in blocks]
    whose = reporting_unit(table.reporting_unit)
    for number, row in enumerate(table.rows):
        if is_order_row(row):
            continue
        for block, codes, owners in readers:
            found = codes.read(row)
            name = found.name or _name(row, block, found.code, found.column)
            owner = owners.read(row, None if found.code else name)
            if found.code is None and name is None and not block.owners:
                continue
            if name and CODE_WITHIN.search(name):
                continue
            for c, cell, printed in _figures(table, row, block, decimals):
                where = _unit(table.paths[c], printed, unit)
                yield SpendingLine(
                    table=title,
                    code=found.code,
                    name=name,
                    column=_column(table.paths[c]),
                    printed=printed,
                    unit=where,
                    amount=amount_in_yuan(printed, where),
                    source=_source(row, cell),
                    inferred_by=table.inferred.get(number, ()),
                    table_index=table.index,
                    owner=owner,
                    cross_codes=found.others,
                    reporting_unit=whose,
                )


def _side(table: LogicalTable, block: Block, number: int, count: int) -> str | None:
    """收入 or 支出: by the header above the half, else by the order of halves that the title gives."""
    for c in (*block.labels, *block.values):
        for part in table.paths[c]:
            word = re.sub(r"[^收入支出]", "", part)
            if word in ("收入", "支出"):
                return word
    title = table.title or ""
    if count > 1 and "收" in title and "支" in title:
        return "收入" if number == 0 else "支出"
    if "收入" in title and "支" not in title:
        return "收入"
    if "支出" in title and "收" not in title:
        return "支出"
    return None


def _totals(
    table: LogicalTable, title: str, unit: str | None, blocks: Sequence[Block], decimals: int
) -> Iterator[TotalLine]:
    three_public = _THREE_PUBLIC.search(title) is not None
    sides = [
        None if three_public or not block.labels else _side(table, block, number, len(blocks))
        for number, block in enumerate(blocks)
    ]
    owners = [_Owners(block) for block in blocks]
    whose = reporting_unit(table.reporting_unit)
    for position, row in enumerate(table.rows):
        if is_order_row(row):
            continue
        if any(text_of(row[c]) in ("栏次", "行次") for block in blocks for c in block.labels):
            continue
        for block, side, units in zip(blocks, sides, owners, strict=True):
            item = next((text for c in block.labels if (text := text_of(row[c])) not in BLANK), None)
            owner = units.read(row, item)
            for c, cell, printed in _figures(table, row, block, decimals):
                where = _unit(table.paths[c], printed, unit)
                yield TotalLine(
                    table=title,
                    side=side,
                    item=item,
                    column=_column(table.paths[c], frozenset({"收入", "支出"}) if side else frozenset()),
                    printed=printed,
                    unit=where,
                    amount=amount_in_yuan(printed, where),
                    source=_source(row, cell),
                    inferred_by=table.inferred.get(position, ()),
                    table_index=table.index,
                    owner=owner,
                    reporting_unit=whose,
                )


def _unread(table: LogicalTable, roles: Sequence[Role], read: Set[tuple[str, Source]]) -> Iterator[Leftover]:
    """Figures in value columns of a table that was read, which no record holds."""
    for row in table.rows:
        if is_order_row(row):
            continue
        last: Cell | None = None
        for c, cell in enumerate(row):
            if (
                cell is None
                or cell is last
                or roles[c] is not Role.VALUE
                or not any(ch.isdigit() for ch in cell.text)
            ):
                last = cell
                continue
            last = cell
            source = _source(row, cell)
            printed = figure_in(cell)
            if printed is None:
                yield Leftover("cell", f"not one figure: {text_of(cell)[:40]}", source)
            elif (printed, source) not in read:
                why = "it runs into another figure, its row names nothing, or the header not its column"
                yield Leftover("cell", f"{printed}: {why}", source)


def recognise_spending(document: Document) -> SpendingRecords:
    """Read every table of figures of ``document``.

    A table that names no unit of money takes that of the others when these all agree;
    otherwise its amounts stay without one.
    """
    tables = list(logical_tables(document))
    collapsed = collapsed_blocks(document, tables)
    if collapsed:
        tables = list(logical_tables(without_blocks(document, collapsed)))
        tables += tables_of_lines(document, collapsed, first_index=len(tables))
    elif document.format in ("text", "markdown"):
        tables += flattened_tables(document, first_index=len(tables))
    printed_units = {table.unit for table in tables if table.unit in UNIT_FACTORS}
    common = printed_units.pop() if len(printed_units) == 1 else None
    spending: list[SpendingLine] = []
    totals: list[TotalLine] = []
    leftovers: list[Leftover] = []
    consumed: set[int] = set()
    outside: dict[int, str] = {}
    why: str | None = None
    for table in tables:
        roles = column_roles(table)
        kind = table_kind(table, roles)
        if kind is TableKind.OTHER:
            if is_fiscal(table):
                leftovers += table.unplaced
            why = why_outside(table, roles) or (why if table.title is None and is_fiscal(table) else None)
            if why is not None:
                outside.update(dict.fromkeys(table.blocks, why))
            continue
        why = None
        decimals = _precision(table, roles)
        unit, title, blocks = table.unit or common, table.title or "", split_blocks(roles)
        if kind is TableKind.SPENDING:
            blocks = [block for block in blocks if block.codes or block.labels]
            lines = list(_spending(table, title, unit, blocks, decimals))
            spending += lines
            read = {(line.printed, line.source) for line in lines}
        else:
            found = list(_totals(table, title, unit, blocks, decimals))
            totals += found
            read = {(line.printed, line.source) for line in found}
        consumed.update(table.blocks)
        leftovers += table.unplaced
        leftovers += _unread(table, roles, read)
    return SpendingRecords(
        tuple(spending), tuple(totals), tuple(leftovers), tuple(tables), frozenset(consumed), outside
    )
