"""Sums in the tables of figures: along code hierarchies, across columns, in both halves.

A row whose figures would agree in other columns, or a heading whose items another table of the
document lists more fully, was read wrongly or printed incompletely: it is not reported.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from decimal import Decimal
from functools import wraps
from itertools import combinations

from fiscalgraph.extract.records import DisclosureRecords, SpendingLine, TotalLine
from fiscalgraph.graph.checks.results import Contradiction, ContradictionCheck, number, sum_difference

__all__ = ["AMOUNT_CHECKS"]

_TOTAL_COLUMN = re.compile(
    r"^(?:合计|小计|总计|本年收入合计|本年支出合计|收入合计|支出合计|支出总计|收入总计)$"
)
_PART_COLUMN = re.compile(
    r"^(?:基本支出|项目支出|上缴上级支出|(?:事业单位)?经营支出|对附属单位补助支出|财政拨款收入|上级补助收入"
    r"|事业收入|(?:事业单位)?经营收入|附属单位上缴收入|其他收入|人员经费|公用经费"
    r"|一般公共预算(?:财政)?拨款|政府性基金预算(?:财政)?拨款|国有资本经营预算(?:财政)?拨款)$"
)
_CARRIED = re.compile(
    r"^(?:使用非财政拨款结余|年初.*结转|上年.*结[转余]|年末.*结转|结转下年|结余分配|用事业基金)"
)
_TOP_ITEM = re.compile(r"^[一二三四五六七八九十]{1,3}、")
_PART_OF = re.compile(r"^(?:其中|[（(]?[一二三四五六七八九十\d]+[）)、.]|[-—－]+)")
_GRAND = re.compile(r"^(?:收入|支出)?总计$")
_YEAR_TOTAL = re.compile(r"^(?:本年)?(?:收入|支出)合计$")
_MOST_EXTRAS = 10

_Line = SpendingLine | TotalLine
_Parts = tuple[_Line, Sequence[_Line], str]  # a total, what it should be the sum of, and in words


def _compared(total: _Line, parts: Sequence[_Line], what: str) -> Contradiction | None:
    value = number(total.printed)
    values = [v for part in parts if (v := number(part.printed)) is not None]
    if value is None or len(values) != len(parts) or not values:
        return None
    given, rounding = sum_difference(value, values)
    if given == value:
        return None
    kind = "rounding_mismatch" if rounding else "sum_mismatch"
    detail = f"{total.table}：{what}相加为{given}，印为{total.printed}"
    return Contradiction(kind, total.printed, str(given), detail, total.source, parts[0].source)


def _each_once(check: ContradictionCheck) -> ContradictionCheck:
    """Of a difference that several columns or tables repeat with the same figures, the first."""

    @wraps(check)
    def first_only(records: DisclosureRecords) -> Iterator[Contradiction]:
        seen: set[tuple[str, str]] = set()
        for found in check(records):
            if (found.left, found.right) not in seen:
                seen.add((found.left, found.right))
                yield found

    return first_only


def _columns(records: DisclosureRecords) -> Iterator[list[SpendingLine]]:
    """The amounts of one table and column at a time."""
    columns: dict[tuple[int, str], list[SpendingLine]] = defaultdict(list)
    for line in records.spending:
        if line.unit != "%":
            columns[(line.table_index, line.column)].append(line)
    yield from columns.values()


def _trees(records: DisclosureRecords) -> Iterator[_Parts]:
    """Each 合计, 类 and 款 of each column with the rows one level below it.

    Left out where a code occurs twice in the column (lists by unit or by a second classification):
    its rows are not one tree.
    """
    for lines in _columns(records):
        by_code = {line.code: line for line in lines if line.code}
        if len(by_code) != sum(line.code is not None for line in lines):
            continue
        for code, line in by_code.items():
            below = [
                child
                for each, child in by_code.items()
                if len(each) == len(code) + 2 and each.startswith(code)
            ]
            if len(code) < 7 and below:
                yield line, below, f"{code}{line.name or ''}（{line.column}）的下级科目"
        totals = [
            line for line in lines if line.code is None and (line.name or "").endswith(("合计", "总计"))
        ]
        classes = [line for code, line in by_code.items() if len(code) == 3]
        if len(totals) == 1 and classes:
            yield totals[0], classes, f"合计（{totals[0].column}）的各类"


def _row(line: _Line) -> tuple[object, ...]:
    code = line.code if isinstance(line, SpendingLine) else line.item
    return line.table_index, code, line.source.page, line.source.line, line.source.quote


def _misplaced(sums: Sequence[_Parts]) -> set[tuple[object, ...]]:
    """Rows one of whose differing figures is what another differing column's parts give."""
    differing: dict[tuple[object, ...], list[tuple[Decimal, Decimal]]] = defaultdict(list)
    for total, parts, _ in sums:
        value = number(total.printed)
        values = [v for part in parts if (v := number(part.printed)) is not None]
        if value is not None and not sum_difference(value, values)[1]:
            differing[_row(total)].append((value, sum(values, Decimal(0))))
    return {
        row
        for row, pairs in differing.items()
        for (value, _), (_, given) in combinations([*pairs, *pairs[::-1]], 2)
        if value == given != 0
    }


@_each_once
def code_hierarchy(records: DisclosureRecords) -> Iterator[Contradiction]:
    """合计 = Σ类, 类 = Σ款, 款 = Σ项, column by column."""
    sums = list(_trees(records))
    misplaced = _misplaced(sums)
    reported: set[tuple[object, Decimal]] = set()
    codes = {line.code for line in records.spending if line.code}
    in_table: dict[int, set[str]] = defaultdict(set)
    for line in records.spending:
        if line.code:
            in_table[line.table_index].add(line.code)
    for total, parts, what in sums:
        found = _compared(total, parts, what)
        if found is None or _row(total) in misplaced:
            continue
        if found.kind == "sum_mismatch" and isinstance(total, SpendingLine):
            value, given = number(total.printed), number(found.right)
            listed = {part.code for part in parts if isinstance(part, SpendingLine)}
            known = {
                code
                for code in codes
                if len(code) == (len(total.code) + 2 if total.code else 3)
                and code.startswith(total.code or "")
            }
            if (
                value is not None
                and given is not None
                and value > given
                and _gap(records, known - listed, value - given)
            ):
                continue
        if found.kind == "sum_mismatch":
            # What one row lacks, all columns and tables that repeat it lack: reported once.
            lack = (_row(total)[1], abs(Decimal(found.left) - Decimal(found.right)))
            if lack in reported:
                continue
            reported.add(lack)
        yield found


def _gap(records: DisclosureRecords, missing: set[str], lacking: Decimal) -> bool:
    """Whether another table's figure of an item not listed here is what the sum lacks."""
    return any(
        line.code in missing and (value := number(line.printed)) is not None and 0 < value <= lacking * 2
        for line in records.spending
    )


@_each_once
def column_sums(records: DisclosureRecords) -> Iterator[Contradiction]:
    """合计 or 小计 = the columns beside it, where all of these are kinds of spending or income."""
    rows: dict[tuple[object, ...], list[SpendingLine]] = defaultdict(list)
    paths: dict[int, set[tuple[str, ...]]] = defaultdict(set)
    for line in records.spending:
        paths[line.table_index].add(tuple(line.column.split("/")))
        top = line.source.box[1] if line.source.box else 0.0
        row = (line.table_index, line.code, line.name, line.source.page, line.source.line, top)
        rows[row].append(line)
    misplaced = _misplaced(list(_trees(records)))
    for (table, code, name, *_), lines in rows.items():
        assert isinstance(table, int)
        by_path = {tuple(line.column.split("/")): line for line in lines}
        for path, total in by_path.items():
            if not _TOTAL_COLUMN.match(path[-1]) or _row(total) in misplaced:
                continue
            beside = [p for p in paths[table] if p[:-1] == path[:-1] and p != path]
            deeper = [p for p in paths[table] if len(p) > len(path) and p[: len(path) - 1] == path[:-1]]
            if deeper or len(beside) < 2 or not all(_PART_COLUMN.match(p[-1]) for p in beside):
                continue
            parts = sorted((by_path[p] for p in beside if p in by_path), key=lambda part: part.column)
            found = _compared(total, parts, f"{code or ''}{name or ''}各栏") if parts else None
            if found is not None:
                yield found


@_each_once
def halves(records: DisclosureRecords) -> Iterator[Contradiction]:
    """In a 收支总表: 本年合计 = its items, 总计 = 本年合计 + balances, 收入总计 = 支出总计.

    A half that prints several breakdowns beside one another (by function and by economic use) has
    several 本年合计: whose items are whose cannot be told, so its sums are left out.
    """
    tables: dict[tuple[int, str], list[TotalLine]] = defaultdict(list)
    grand: dict[int, dict[str, TotalLine]] = defaultdict(dict)
    for line in records.totals:
        if line.side is not None and line.item is not None and line.unit != "%":
            tables[(line.table_index, f"{line.side}/{line.column}")].append(line)
    for (table, column), lines in tables.items():
        years = [i for i, line in enumerate(lines) if _YEAR_TOTAL.match(line.item or "")]
        totals = [i for i, line in enumerate(lines) if _GRAND.match(line.item or "")]
        if len(totals) == 1:
            grand[table].setdefault(column.split("/")[0], lines[totals[0]])
        if len(years) > 1 or len(totals) > 1:
            continue
        if years:
            yield from _items(lines[: years[0]], lines[years[0]], column)
        if years and totals and years[0] < totals[0]:
            yield from _balances(lines[years[0]], lines[years[0] + 1 : totals[0]], lines[totals[0]], column)
    for sides in grand.values():
        income, spending = sides.get("收入"), sides.get("支出")
        if income and spending and number(income.printed) != number(spending.printed):
            detail = f"{income.table}：收入总计{income.printed}，支出总计{spending.printed}"
            one, other = number(income.printed), number(spending.printed)
            rounding = one is not None and other is not None and sum_difference(one, [other])[1]
            yield Contradiction(
                "rounding_mismatch" if rounding else "sum_mismatch",
                income.printed, spending.printed, detail, income.source, spending.source,
            )  # fmt: skip


def _items(above: Sequence[TotalLine], year: TotalLine, column: str) -> Iterator[Contradiction]:
    items = [line for line in above if _TOP_ITEM.match(line.item or "")]
    names = [_TOP_ITEM.sub("", line.item or "") for line in items]
    numbers = [match.group() for line in items if (match := _TOP_ITEM.match(line.item or ""))]
    if items and not any(map(_CARRIED.match, names)) and len(numbers) == len(set(numbers)):
        found = _compared(year, items, f"{column}各项")
        if found is not None:
            yield found


def _balances(
    year: TotalLine, between: Sequence[TotalLine], total: TotalLine, column: str
) -> Iterator[Contradiction]:
    """总计 against 本年合计 and the balances printed between them.

    Which of these are parts of others is not always marked: only where no choice of them adds up
    does the total differ.
    """
    extras = [line for line in between if not _PART_OF.match(line.item or "")]
    carried = [line for line in extras if _CARRIED.match(line.item or "")]
    if not extras or len(between) > _MOST_EXTRAS:
        return
    whole, own = number(total.printed), number(year.printed)
    values = [v for line in between if (v := number(line.printed)) is not None]
    if whole is None or own is None:
        return
    choices = (list(c) for n in range(len(values) + 1) for c in combinations(values, n))
    exact = any(sum_difference(whole, [own, *choice])[0] == whole for choice in choices)
    if exact or len(carried) < len(extras):
        return
    found = _compared(total, [year, *carried], f"{column}本年合计与结转结余")
    if found is not None:
        yield found


@_each_once
def three_public(records: DisclosureRecords) -> Iterator[Contradiction]:
    """“三公” total = going abroad + vehicles + receptions; vehicles = purchase + running.

    A block that also counts meetings and training (会议费, 培训费) is no such total.
    """
    blocks: dict[tuple[object, ...], dict[tuple[str, ...], TotalLine]] = defaultdict(dict)
    for line in records.totals:
        if "三公" in line.table and line.unit != "%":
            row = (line.table_index, line.source.page, line.source.line, line.item)
            blocks[row].setdefault(tuple(line.column.split("/")), line)
    for block in blocks.values():
        for prefix in sorted({path[:-1] for path in block} | {path[:-2] for path in block}):
            beside = {path[-1]: line for path, line in block.items() if path[:-1] == prefix}
            below = {path: line for path, line in block.items() if path[: len(prefix)] == prefix}
            yield from _three(prefix, beside, below)


def _one(lines: dict[str, TotalLine], words: str) -> TotalLine | None:
    found = [line for key, line in lines.items() if re.search(words, key)]
    return found[0] if len(found) == 1 else None


def _three(
    prefix: tuple[str, ...], beside: dict[str, TotalLine], below: dict[tuple[str, ...], TotalLine]
) -> Iterator[Contradiction]:
    own = _one(beside, "三公.*(?:合计|总额|总计|小计)$")  # says itself what it is the total of
    total = own or _one(beside, r"^(?:合计|小计|总额|总计)$")
    buying, running = _one(beside, "购置费?$|购置经费$"), _one(beside, "运行(?:维护)?(?:费|经费)?$")
    head = "/".join(prefix)
    of_vehicles = any("用车" in step for step in prefix)
    if total and of_vehicles and (buying or running):
        found = _compared(total, [p for p in (buying, running) if p], f"公务用车购置及运行维护费{head}")
        if found is not None:
            yield found
    abroad, guests = _one(beside, "出国"), _one(beside, "接待")
    if total is None or not (abroad or guests):
        return
    if own is None and any(re.search("会议|培训", path[-1]) for path in below):
        return
    cars = _one(beside, "公务用车购置[及和]运行(?:维护)?费") or next(
        (
            line
            for path, line in below.items()
            if len(path) == len(prefix) + 2 and "用车" in path[-2] and re.search("^(?:小计|合计)$", path[-1])
        ),
        None,
    )
    has_vehicles = any("用车" in step for path in below for step in path[len(prefix) :])
    if cars is None and has_vehicles:
        return
    found = _compared(total, [part for part in (abroad, cars, guests) if part], f"“三公”经费{head}各项")
    if found is not None:
        yield found


AMOUNT_CHECKS: tuple[Callable[[DisclosureRecords], Iterator[Contradiction]], ...] = (
    code_hierarchy,
    column_sums,
    halves,
    three_public,
)
