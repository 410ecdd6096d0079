"""Sums in the tables of figures: along code hierarchies, across columns, in both halves."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence

from fiscalgraph.extract.records import DisclosureRecords, SpendingLine, TotalLine
from fiscalgraph.graph.checks import Check, Contradiction, number, sum_difference

__all__ = ["AMOUNT_CHECKS"]

_TOTAL_COLUMN = re.compile(
    r"^(?:合计|小计|总计|本年收入合计|本年支出合计|收入合计|支出合计|支出总计|收入总计)$"
)
_PART_COLUMN = re.compile(
    r"^(?:基本支出|项目支出|上缴上级支出|(?:事业单位)?经营支出|对附属单位补助支出|财政拨款收入|上级补助收入"
    r"|事业收入|(?:事业单位)?经营收入|附属单位上缴收入|其他收入|人员经费|公用经费"
    r"|一般公共预算(?:财政)?拨款|政府性基金预算(?:财政)?拨款|国有资本经营预算(?:财政)?拨款)$"
)
_CARRIED = re.compile(r"^(?:使用非财政拨款结余|年初.*结转|上年结转|年末.*结转|结转下年|结余分配|用事业基金)")
_TOP_ITEM = re.compile(r"^[一二三四五六七八九十]{1,3}、")
_GRAND = re.compile(r"^(?:收入|支出)?总计$")
_YEAR_TOTAL = re.compile(r"^(?:本年)?(?:收入|支出)合计$")


def _sum(
    total: SpendingLine | TotalLine, parts: Sequence[SpendingLine | TotalLine], what: str
) -> Iterator[Contradiction]:
    value = number(total.printed)
    values = [v for part in parts if (v := number(part.printed)) is not None]
    if value is None or len(values) != len(parts) or not values:
        return
    given, rounding = sum_difference(value, values)
    if given == value:
        return
    kind = "rounding_mismatch" if rounding else "sum_mismatch"
    yield Contradiction(
        kind,
        total.printed,
        str(given),
        f"{total.table}：{what}相加为{given}，印为{total.printed}",
        total.source,
        parts[0].source,
    )


def _columns(records: DisclosureRecords) -> Iterator[list[SpendingLine]]:
    """The amounts of one table and column at a time."""
    columns: dict[tuple[int, str], list[SpendingLine]] = defaultdict(list)
    for line in records.spending:
        if line.unit != "%":
            columns[(line.table_index, line.column)].append(line)
    yield from columns.values()


def code_hierarchy(records: DisclosureRecords) -> Iterator[Contradiction]:
    """合计 = Σ类, 类 = Σ款, 款 = Σ项, column by column.

    Left out where a code occurs twice in the column (lists by unit or by a second classification):
    its rows are not one tree.
    """
    for lines in _columns(records):
        codes = [line.code for line in lines if line.code]
        if len(codes) != len(set(codes)):
            continue
        by_code = {line.code: line for line in lines if line.code}
        for code, line in by_code.items():
            parts = [
                child
                for child in by_code.values()
                if child.code and len(child.code) == len(code) + 2 and child.code.startswith(code)
            ]
            if len(code) < 7 and parts:
                yield from _sum(line, parts, f"{code}{line.name or ''}（{line.column}）的下级科目")
        totals = [
            line for line in lines if line.code is None and (line.name or "").endswith(("合计", "总计"))
        ]
        classes = [line for code, line in by_code.items() if len(code) == 3]
        if len(totals) == 1 and classes:
            yield from _sum(totals[0], classes, f"合计（{totals[0].column}）的各类")


def column_sums(records: DisclosureRecords) -> Iterator[Contradiction]:
    """合计 or 小计 = the columns beside it, where all of these are kinds of spending or income."""
    rows: dict[tuple[int, str | None, str | None, int | None, int | None, float], list[SpendingLine]] = (
        defaultdict(list)
    )
    paths: dict[int, set[tuple[str, ...]]] = defaultdict(set)
    for line in records.spending:
        paths[line.table_index].add(tuple(line.column.split("/")))
        top = line.source.box[1] if line.source.box else 0.0
        rows[(line.table_index, line.code, line.name, line.source.page, line.source.line, top)].append(line)
    for (table, code, name, *_), lines in rows.items():
        by_path = {tuple(line.column.split("/")): line for line in lines}
        for path, total in by_path.items():
            if not _TOTAL_COLUMN.match(path[-1]):
                continue
            beside = [p for p in paths[table] if p[:-1] == path[:-1] and p != path]
            deeper = [p for p in paths[table] if len(p) > len(path) and p[: len(path) - 1] == path[:-1]]
            if deeper or len(beside) < 2 or not all(_PART_COLUMN.match(p[-1]) for p in beside):
                continue
            parts = [by_path[p] for p in beside if p in by_path]
            yield from _sum(
                total, sorted(parts, key=lambda part: part.column), f"{code or ''}{name or ''}各栏"
            )


def halves(records: DisclosureRecords) -> Iterator[Contradiction]:
    """In a 收支总表: 本年合计 = its items, 总计 = 本年合计 + balances, 收入总计 = 支出总计."""
    tables: dict[tuple[int, str], list[TotalLine]] = defaultdict(list)
    grand: dict[int, dict[str, TotalLine]] = defaultdict(dict)
    for line in records.totals:
        if line.side is not None and line.item is not None and line.unit != "%":
            tables[(line.table_index, f"{line.side}/{line.column}")].append(line)
    for (table, column), lines in tables.items():
        items = [line for line in lines if _TOP_ITEM.match(line.item or "")]
        year = next((line for line in lines if _YEAR_TOTAL.match(line.item or "")), None)
        total = next((line for line in lines if _GRAND.match(line.item or "")), None)
        carried = [line for line in lines if _CARRIED.match(line.item or "")]
        if (
            year is not None
            and items
            and not any(_CARRIED.match(_TOP_ITEM.sub("", i.item or "")) for i in items)
        ):
            yield from _sum(year, items, f"{column}各项")
        if year is not None and total is not None:
            yield from _sum(total, [year, *carried], f"{column}本年合计与结转结余")
        if total is not None:
            grand[table].setdefault(column.split("/")[0], total)
    for sides in grand.values():
        income, spending = sides.get("收入"), sides.get("支出")
        if income and spending and number(income.printed) != number(spending.printed):
            detail = f"{income.table}：收入总计{income.printed}，支出总计{spending.printed}"
            yield Contradiction(
                "sum_mismatch", income.printed, spending.printed, detail, income.source, spending.source
            )


def three_public(records: DisclosureRecords) -> Iterator[Contradiction]:
    """“三公” total = going abroad + vehicles + receptions; vehicles = purchase + running."""
    blocks: dict[tuple[int, str, int | None, int | None], dict[str, TotalLine]] = defaultdict(dict)
    for line in records.totals:
        if "三公" in line.table and line.item is None:
            path = line.column.split("/")
            head = path[0] if "数" in path[0] else ""
            key = "小计" if path[-1] == "小计" else path[-1]
            blocks[(line.table_index, head, line.source.page, line.source.line)][key] = line
    for (_, head, _, _), found in blocks.items():

        def pick(words: str, found: dict[str, TotalLine] = found) -> TotalLine | None:
            return next((line for key, line in found.items() if re.search(words, key)), None)

        total, cars = pick(r"合计$|总额$"), pick(r"^小计$")
        abroad, guests = pick("出国"), pick("接待")
        buying, running = pick("购置费$"), pick("运行(?:维护)?费$")
        if total and cars:
            yield from _sum(total, [part for part in (abroad, cars, guests) if part], f"“三公”经费{head}各项")
        if cars and (buying or running):
            yield from _sum(
                cars, [part for part in (buying, running) if part], f"公务用车购置及运行维护费{head}"
            )


AMOUNT_CHECKS: tuple[Check, ...] = (code_hierarchy, column_sums, halves, three_public)
