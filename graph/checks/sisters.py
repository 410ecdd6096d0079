"""Table against table: what a 收支总表 prints for a class against the table that breaks it down."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator

from fiscalgraph.extract.proportions import Quantity, quantity, same_amount
from fiscalgraph.extract.records import DisclosureRecords, SpendingLine, TotalLine
from fiscalgraph.graph.checks.results import Contradiction, ContradictionCheck

__all__ = ["SISTER_CHECKS"]

_BALANCE = re.compile("收支|收入支出")
_ALL_FUNDS = re.compile("支出")
_FISCAL = re.compile("财政拨款|一般公共预算")
_NARROWER = re.compile("基本支出|项目支出|政府性基金|国有资本|三公|政府预算|部门预算经济")
_TOTAL_COLUMN = re.compile(r"(?:^|/)(?:合计|小计|总计|本年支出合计|支出合计)$")
_ORDINAL = re.compile(
    r"^(?:[一二三四五六七八九十]{1,3}、|[（(][一二三四五六七八九十]{1,3}[）)]|\d{1,2}[、.])"
)
_ROUNDING_STEPS = 3  # 尾数误差: last places by which two tables converted from 元 may differ


def _class_name(name: str) -> str:
    return re.sub(r"支出$", "", _ORDINAL.sub("", name))


def _figure(line: SpendingLine | TotalLine) -> Quantity | None:
    return quantity(f"{line.printed}{line.unit or ''}")


def classes(records: DisclosureRecords) -> Iterator[Contradiction]:
    """八、社会保障和就业支出 of the 收支总表 against 208 of the 支出总表, for all funds and for 财政拨款.

    Compared only where the class stands in one table of that scope, and reported only when neither
    side prints the other's figure in any column: columns of other scopes are then ruled out. In a
    budget the two tables of 财政拨款 differ in scope (money carried over from the year before).
    """
    accounts = "决算" in records.identity.kind
    detailed: dict[tuple[str, bool], list[SpendingLine]] = defaultdict(list)
    every: dict[str, list[Quantity]] = defaultdict(list)
    for line in records.spending:
        if not line.code or len(line.code) != 3 or not line.name or line.unit == "%":
            continue
        name, figure = _class_name(line.name), _figure(line)
        if figure is not None:
            every[name].append(figure)
        if (
            _ALL_FUNDS.search(line.table)
            and not _BALANCE.search(line.table)
            and not _NARROWER.search(line.table)
            and _TOTAL_COLUMN.search(line.column)
        ):
            detailed[(name, bool(_FISCAL.search(line.table)))].append(line)
    balance: dict[tuple[str, bool], list[TotalLine]] = defaultdict(list)
    for total in records.totals:
        if (
            total.item
            and total.side == "支出"
            and _BALANCE.search(total.table)
            and _ORDINAL.match(total.item)
        ):
            key = (_class_name(total.item), bool(_FISCAL.search(total.table)))
            balance[key].append(total)
    for key, totals in balance.items():
        lines = detailed.get(key, []) if accounts or not key[1] else []
        if len({line.printed for line in lines}) != 1 or len({line.table_index for line in totals}) != 1:
            continue
        yield from _compared(totals, lines[0], every[key[0]])


def _compared(totals: list[TotalLine], line: SpendingLine, every: list[Quantity]) -> Iterator[Contradiction]:
    figure = _figure(line)
    stated = [(total, value) for total in totals if (value := _figure(total)) is not None]
    if figure is None or not stated:
        return
    if any(same_amount(value, each) for _, value in stated for each in every):
        exact = any(value.value == figure.value for _, value in stated)
        if exact or len(stated) != 1 or not same_amount(stated[0][1], figure):
            return
    total, value = stated[0]
    step = max(value.half, figure.half) * 2
    rounding = abs(value.value - figure.value) <= step * _ROUNDING_STEPS
    detail = f"{total.item}：{total.table}为{total.printed}，{line.table}为{line.printed}"
    yield Contradiction(
        "rounding_mismatch" if rounding else "table_vs_table",
        total.printed, line.printed, detail, total.source, line.source,
    )  # fmt: skip


SISTER_CHECKS: tuple[ContradictionCheck, ...] = (classes,)
