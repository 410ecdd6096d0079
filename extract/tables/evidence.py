"""What a document says elsewhere about the figures of a table that has lost its columns.

The explanation states totals beside the names of columns; the items of a 收支总表 bear the names of
the columns of the 收入总表; economic items those of the “三公” columns; and what one kind of money
pays for an item is a part of what all money pays for it.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence, Set
from decimal import Decimal

from fiscalgraph.extract.document import Cell, Document, Paragraph
from fiscalgraph.extract.normalise import compact, is_figure, printed_figure
from fiscalgraph.extract.tables.flat_lines import Region
from fiscalgraph.extract.tables.header import CODE, TOTAL_LABELS
from fiscalgraph.extract.tables.logical import LogicalTable

__all__ = ["Evidence", "TableHints", "income_by_source"]

_CARRIED = re.compile(r"(?:上年|年初|年末).*(?:结转|结余)")
_SOURCES = re.compile(r"一般公共预算|政府性基金|国有资本|财政拨款")
_OTHER_YEAR = re.compile(r"执行数|上年")
_ENUMERATED = re.compile(r"[一二三四五六七八九十]{1,3}、")
_PART = re.compile(r"[（(]|其中|\d")
_ECONOMIC = re.compile(r"3\d{4}")
_NATURES = frozenset({"基本支出", "项目支出"})
_PREFIX = re.compile(
    r"^(?:[一二三四五六七八九十]+、|[（(][一二三四五六七八九十]+[）)]|\d+[.、．]|其中[:：])+"
)
_SLACK = Decimal("0.02")


def _stated_name(path: Sequence[str]) -> str:
    """What a column is called elsewhere: 本年收入/小计 is 本年收入; empty for a table's own total."""
    if path[-1] in TOTAL_LABELS or path[-1] == "小计":
        return path[-2] if len(path) > 1 else ""
    return path[-1]


def _core(name: str) -> str:
    """A name without the words that one table prints and another leaves out."""
    core = re.sub(r"[（(].*?[）)]|“三公”|^本级", "", _PREFIX.sub("", compact(name)))
    if _CARRIED.match(core):
        return core[:2] + "结转"
    core = (
        re.sub(r"(?:维护)?(?:费用?|经费)?(?:支出)?(?:预算|决算)?数?$", "", core) if "公务" in core else core
    )
    core = re.sub(r"(?:财政|本级财政)?(?:拨款|资金)?(?:收入)?$", "", core)
    return re.sub(r"^事业单位(?=经营)|费用?$|预算$|管理$", "", core)


def _short(figure: str) -> str:
    """A figure without the zeros that end its decimals."""
    return figure.rstrip("0").rstrip(".") if "." in figure else figure


class Evidence:
    """What has been read of a document so far, as far as it tells columns of other tables."""

    def __init__(self, document: Document, found: Sequence[Region]) -> None:
        of_tables = {token.block for region in found for token in region.tokens}
        self._text = "".join(
            compact(block.text).replace(",", "") + "\n" * (position in of_tables)
            for position, block in enumerate(document.blocks)
            if isinstance(block, Paragraph)
        )
        # Whatever the explanation states is one of these: most figures need no closer look.
        self._figures = {_short(found) for found in re.findall(r"\d+(?:\.\d+)?", self._text)}
        self._explained: dict[tuple[str, str], bool] = {}
        self._sisters: set[tuple[str, str]] = set()
        self._stated: set[tuple[str, str]] = set()
        self._absent: set[str] = set()
        # (unit, code or "" for the total, nature) → amounts; of all money, and of one kind of it.
        self._whole: dict[tuple[str | None, str, str], Decimal] = {}
        self._parts: dict[tuple[str | None, str, str], Decimal] = {}

    @property
    def size(self) -> int:
        """Grows with everything that is learned."""
        return sum(
            len(each) for each in (self._sisters, self._stated, self._absent, self._whole, self._parts)
        )

    def learn(self, table: LogicalTable, partial: Set[int] = frozenset()) -> None:
        """Take what a table states as evidence for the others.

        Of the rows ``partial`` some figures stay unplaced, so their empty cells tell nothing.
        """
        self._learn_totals(table)
        self._learn_spending(table, partial)

    def _learn_totals(self, table: LogicalTable) -> None:
        """The totals below the columns' names, and the amounts of items of “三公” spending."""
        for row in table.rows:
            code = _code(row)
            if code is not None:
                if _ECONOMIC.fullmatch(code) and row[1] is not None:
                    figures = [
                        cell
                        for cell in row[2:]
                        if cell is not None and is_figure(cell.text) and not CODE.fullmatch(cell.text)
                    ]
                    if figures and (name := _core(row[1].text)):
                        self._stated.add((name, printed_figure(figures[0].text)))
                continue
            for path, cell in zip(table.paths, row, strict=True):
                if cell is None or not is_figure(cell.text):
                    continue
                printed = printed_figure(cell.text)
                if name := _column_name(path):
                    self._stated.add((name, printed))
                if table.title and not table.title.startswith("财政拨款"):
                    self._sisters.add((table.title, printed))

    def _learn_spending(self, table: LogicalTable, partial: Set[int]) -> None:
        """基本支出 and 项目支出 of each functional item, of all money or of one kind."""
        title = table.title or ""
        columns = {
            name: c
            for c, path in enumerate(table.paths)
            if (name := _stated_name(path)) in _NATURES and not _OTHER_YEAR.search("".join(path))
        }
        if "支出" not in title or len(columns) < len(_NATURES):
            return
        into = self._parts if _SOURCES.search(title) else self._whole
        seen: set[str] = set()
        for number, row in enumerate(table.rows):
            code = _code(row) or ("" if _is_total(row) else None)
            if code is None or code in seen or (code and code[0] != "2"):
                continue
            seen.add(code)
            complete = number not in partial
            for name, column in columns.items():
                cell = row[column]
                if cell is not None or complete:
                    key = (table.unit, code, name)
                    amount = Decimal(printed_figure(cell.text)) if cell is not None else Decimal(0)
                    if into is self._parts:
                        amount = max(amount, into.get(key, Decimal(0)))
                    into[key] = amount

    def learn_items(self, title: str, items: Sequence[tuple[str, str | None]]) -> None:
        """Take the items of one side of a 收支总表 (label, printed figure or ``None``) as evidence.

        An item without a figure tells that a column of its name is empty; only of tables about all
        money whose items add up to their total.
        """
        labels = [_core(label) for label, _ in items]
        for (label, printed), name in zip(items, labels, strict=True):
            if printed is not None and name and labels.count(name) == 1 and label not in TOTAL_LABELS:
                self._stated.add((name, printed))
        if _SOURCES.search(title) or not _adds_up(items):
            return
        for (label, printed), name in zip(items, labels, strict=True):
            if printed is None and name and labels.count(name) == 1 and not _PART.match(label):
                self._absent.add(name)

    def states(self, path: Sequence[str], printed: str) -> bool:
        """Whether the document states the figure under the column's name.

        In the explanation beside the name, in another table, or in the table that the name is the
        title of (一般公共预算财政拨款: the 一般公共预算财政拨款支出决算表).
        """
        name = _stated_name(path)
        if not name or any(_CARRIED.match(part) for part in path[:-1] if part != name):
            return False
        if (_column_name(path), printed) in self._stated:
            return True
        if len(name) > 6 and any(name in title and printed == total for title, total in self._sisters):
            return True
        return self._explains(name, _short(printed))

    def _explains(self, name: str, short: str) -> bool:
        """Whether the explanation states the figure right after the name."""
        if short.removeprefix("-") not in self._figures:
            return False
        if (name, short) not in self._explained:
            core = re.sub(r"[（(].*?[）)]|(?:运行)?维护费$|费用?$|(?:财政)?拨款收入$|收入$", "", name)
            tail = (
                r"(?:（境）)?(?:运行)?(?:维护)?(?:费用?)?(?:财政)?(?:拨款)?(?:收入)?(?:资金)?(?:预算|决算)?数?"
                r"(?:合计|总计)?[为是:：]?"
            )
            zeros = r"0*" if "." in short else r"(?:\.0+)?"
            stated = re.escape(core) + tail + re.escape(short) + zeros + r"(?![\d.])"
            self._explained[name, short] = re.search(stated, self._text) is not None
        return self._explained[name, short]

    def is_absent(self, title: str, paths: Sequence[Sequence[str]], column: int) -> bool:
        """Whether the 收支总表 lists the column's name without an amount.

        Tells of tables about all money, and of their columns of expenditure by source only where what
        was carried forward has a column of its own.
        """
        name = _column_name(paths[column])
        apart = "收入" in title or any(_CARRIED.match(part) for path in paths for part in path)
        return apart and not _SOURCES.search(title) and bool(name) and name in self._absent

    def bounds(
        self, title: str, unit: str | None, code: str, path: Sequence[str]
    ) -> tuple[Decimal, Decimal | None]:
        """The least and the greatest amount of an item (``""``: the total) in a spending table's column."""
        name = _stated_name(path)
        if name not in _NATURES or "支出" not in title or _OTHER_YEAR.search("".join(path)):
            return Decimal(0), None
        key = (unit, code, name)
        if _SOURCES.search(title):
            return Decimal(0), self._whole.get(key)
        return self._parts.get(key, Decimal(0)), None


def income_by_source(
    items: Sequence[tuple[str, str | None]], paths: Sequence[Sequence[str]]
) -> dict[str, Decimal]:
    """What each source that is a column's name gives, this year and carried forward.

    From the items of income beside the columns of expenditure; empty unless they make up its total.
    """
    made = {name: Decimal(0) for path in paths if (name := _column_name(path)) and _SOURCES.match(path[-1])}
    for label, printed in items:
        if printed is not None and _core(label) in made:
            made[_core(label)] += Decimal(printed)
    totals = [Decimal(printed) for label, printed in items if printed is not None and "总计" in label]
    return made if any(abs(total - sum(made.values())) <= _SLACK for total in totals) else {}


def _column_name(path: Sequence[str]) -> str:
    """The core of a column's name; empty below 上年结转, whose sources bear the names of this year's."""
    name = _stated_name(path)
    if any(_CARRIED.match(part) for part in path[:-1] if part != name):
        return ""
    return _core(name) if name else ""


def _code(row: Sequence[Cell | None]) -> str | None:
    cell = row[0]
    return cell.text if cell is not None and CODE.fullmatch(cell.text) else None


def _is_total(row: Sequence[Cell | None]) -> bool:
    return any(cell is not None and compact(cell.text) in TOTAL_LABELS for cell in row[:2])


def _adds_up(items: Sequence[tuple[str, str | None]]) -> bool:
    """Whether the enumerated items, with or without those beside them, make up a printed total."""
    enumerated = beside = Decimal(0)
    totals: set[Decimal] = set()
    for label, printed in items:
        amount = Decimal(printed) if printed is not None else Decimal(0)
        if re.search(r"合计|总计", label):
            totals.add(amount)
        elif _ENUMERATED.match(label):
            enumerated += amount
        elif not _PART.match(label):
            beside += amount
    return any(abs(total - each) <= _SLACK for total in totals for each in (enumerated, enumerated + beside))


class TableHints:
    """The document's evidence as it concerns the rows and columns of one table."""

    def __init__(
        self,
        evidence: Evidence,
        title: str,
        unit: str | None,
        paths: Sequence[Sequence[str]],
        codes: Sequence[str | None],
        sources: Mapping[str, Decimal] | None = None,
    ) -> None:
        """``sources``: what each source of money gives in all (:func:`income_by_source`)."""
        self._evidence, self._title, self._unit, self._paths = evidence, title, unit, paths
        self._limits = {
            column: amount
            for column, path in enumerate(paths)
            if (amount := (sources or {}).get(_column_name(path))) is not None
        }
        self._all = {row for row, code in enumerate(codes) if code is not None and "总计" in code}
        total = next((row for row, code in enumerate(codes) if code is None), None)
        twice = {code for code, times in Counter(codes).items() if times > 1}
        self._codes = {
            row: code or ""
            for row, code in enumerate(codes)
            if code not in twice and (code is not None or row == total)
        }

    def states(self, row: int, column: int, printed: str) -> bool:
        """Whether the figure is stated under the column's name."""
        return self._evidence.states(self._paths[column], printed)

    def alike(self, column: int, other: int) -> bool:
        """Whether the columns bear one name (as those of two years do)."""
        return _stated_name(self._paths[column]) == _stated_name(self._paths[other])

    def bounds(self, row: int, column: int) -> tuple[Decimal, Decimal | None]:
        """The least and the greatest amount that the cell can hold (``None`` without limit)."""
        if (limit := self._limits.get(column)) is not None:
            return limit if row in self._all else Decimal(0), limit
        if self._evidence.is_absent(self._title, self._paths, column):
            return Decimal(0), Decimal(0)
        code = self._codes.get(row)
        if code is None:
            return Decimal(0), None
        return self._evidence.bounds(self._title, self._unit, code, self._paths[column])
