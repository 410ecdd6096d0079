"""Small disclosures for the tests of the checks, and what the checks find in them."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable

from fiscalgraph.extract.records import (
    DisclosureRecords,
    DocumentIdentity,
    Fund,
    Indicator,
    NarrativeItem,
    Project,
    Source,
    SpendingLine,
    Statement,
    TotalLine,
)
from fiscalgraph.graph.checks import CheckResult, Verdict, check_records, find_contradictions

IDENTITY = DocumentIdentity(
    "d", "云泽省水务厅", "部门决算", 2024, "万元", 9, "0", "d.pdf", "pdf", Source("云泽省水务厅")
)
PLACE = Source("原文", page=3)


def found(**groups: Iterable[object]) -> list[tuple[str, str, str]]:
    return [(c.kind, c.left.printed, c.right.printed) for c in all_found(**groups)]


def all_found(kind: str = "部门决算", **groups: Iterable[object]) -> tuple[CheckResult, ...]:
    identity = dataclasses.replace(IDENTITY, kind=kind)
    records = DisclosureRecords(identity, **{name: tuple(group) for name, group in groups.items()})  # type: ignore[arg-type]
    return find_contradictions(records)


def line(
    code: str | None,
    name: str,
    printed: str,
    column: str = "合计",
    table: str = "一般公共预算财政拨款支出决算表",
    index: int = 0,
    unit: str = "万元",
) -> SpendingLine:
    source = Source(f"{code} {name}", page=4)
    return SpendingLine(table, code, name, column, printed, unit, None, source, table_index=index)


def total(
    item: str | None,
    printed: str,
    side: str | None = "支出",
    column: str = "决算数",
    table: str = "收入支出决算总表",
) -> TotalLine:
    return TotalLine(table, side, item, column, printed, "万元", None, Source(item or column, page=5))


def project(score: str | None = None, occurrence: int = 0, **changes: object) -> Project:
    made = Project(
        occurrence, f"测站维护{occurrence}", "project", None, None, "万元", "10.00", "10.00", "9.00", "90%",
        score, None, None, None, None, ("self_eval_table",), PLACE,
    )  # fmt: skip
    return dataclasses.replace(made, **changes)  # type: ignore[arg-type]


def indicator(weight: str | None, score: str | None, occurrence: int = 0, **changes: object) -> Indicator:
    made = Indicator(
        occurrence, f"测站维护{occurrence}", None, "产出指标", "数量指标", "维护测站数量", "≥40座", "42座",
        weight, score, None, PLACE,
    )  # fmt: skip
    return dataclasses.replace(made, **changes)  # type: ignore[arg-type]


def fund(name: str, full: str, executed: str, rate: str | None = None, **changes: object) -> Fund:
    made = Fund(0, "测站维护0", None, name, full, full, executed, None, rate, None, "万元", PLACE)
    return dataclasses.replace(made, **changes)  # type: ignore[arg-type]


def claim(
    kind: str,
    printed: str,
    *operands: str,
    subject: str | None = None,
    unit: str | None = None,
    occurrence: int | None = None,
) -> Statement:
    return Statement(kind, subject, printed, unit, operands, occurrence, Source(printed, page=7))


def spoken(item: str, printed: str, subclass: str = "水利", unit: str = "万元") -> NarrativeItem:
    return NarrativeItem(None, subclass, item, printed, unit, None, None, None, None, Source(item, page=8))


TREE = [line("213", "农林水支出", "30.00"), line("21303", "水利", "30.00")]
REFERENCE = [*TREE, line("2130301", "行政运行", "10.00"), line("2130306", "水利工程运行与维护", "20.00")]
ADMITTED = Statement(
    "rounding_admitted",
    None,
    "金额单位转换时可能存在尾数误差",
    None,
    (),
    None,
    Source("可能存在尾数误差", page=2),
)


def results(check: str, kind: str = "部门决算", **groups: Iterable[object]) -> list[CheckResult]:
    """What one check says of each of its comparisons."""
    identity = dataclasses.replace(IDENTITY, kind=kind)
    records = DisclosureRecords(identity, **{name: tuple(group) for name, group in groups.items()})  # type: ignore[arg-type]
    return [result for result in check_records(records) if result.check == check]


def verdicts(check: str, kind: str = "部门决算", **groups: Iterable[object]) -> list[Verdict]:
    return [result.verdict for result in results(check, kind, **groups)]
