"""Whose table it is: the unit that a table's caption names (编制单位, 单位名称, 部门)."""

from __future__ import annotations

import pytest
from tables import document, flat, table

from fiscalgraph.extract.recognise.spending import recognise_spending
from fiscalgraph.extract.records import SpendingLine, TotalLine

ROWS = [["科目编码", "科目名称", "合计"], ["205", "教育支出", "5.00"]]


@pytest.mark.parametrize(
    ("caption", "unit"),
    [
        ("单位：清河市教育局（本级） 单位：万元", "清河市教育局（本级）"),
        ("编制单位：清河市第一中学 金额单位：元", "清河市第一中学"),
        ("部门（单位）：清河市教育局（汇总）", "清河市教育局（汇总）"),
        ("单位名称：205001-清河市教育局（公章） 单位：万元", "清河市教育局"),
        ("单位：万元 部门：清河市教育局", "清河市教育局"),
        ("填报单位：（公章）清河市教育局 第1页", "清河市教育局"),
        ("部门：清河市教育局 单位：台、万元", "清河市教育局"),
        ("主管部门：清河市教育局 预算单位：清河市第一中学 单位：万元", "清河市第一中学"),
        ("主管部门：清河市教育局 单位：万元", ""),
        ("单位：台、万元", ""),
        ("单位：万元", ""),
        ("部门：", ""),
    ],
)
def test_each_line_knows_the_unit_its_tables_caption_names(caption: str, unit: str) -> None:
    made = recognise_spending(document("2026年支出总表", caption, table(ROWS)))
    assert [line.reporting_unit for line in made.spending] == [unit]


def test_totals_know_it_too() -> None:
    rows = [
        ["收入", "<", "支出", "<"],
        ["项目", "预算数", "项目", "预算数"],
        ["一、拨款", "5.00", "一、教育", "5.00"],
    ]
    made = recognise_spending(document("收支总表", "部门：清河市教育局（本级）", "单位：万元", table(rows)))
    assert {line.reporting_unit for line in made.totals} == {"清河市教育局（本级）"}


def test_the_same_table_of_another_unit_is_another_table() -> None:
    made = recognise_spending(
        document(
            "支出总表",
            "部门：清河市教育局（本级）",
            table(ROWS, page=1),
            "支出总表",
            "部门：清河市第一中学",
            table([ROWS[0], ["205", "教育支出", "2.00"]], page=2),
        )
    )
    assert [(line.reporting_unit, line.printed, line.table_index) for line in made.spending] == [
        ("清河市教育局（本级）", "5.00", 0),
        ("清河市第一中学", "2.00", 1),
    ]


def test_flattened_tables_know_the_unit_named_below_or_above_their_title() -> None:
    below = "2026年支出总表\n部门：清河市教育局（本级） 单位：万元\n"
    above = "编制单位：清河市第一中学\n2026年一般公共预算支出表\n单位：万元\n"
    header = "科目编码 科目名称 合计 基本支出 项目支出\n"
    rows = header + "205 教育支出 5.00 3.00 2.00\n20501 教育管理事务 5.00 3.00 2.00\n"
    made = recognise_spending(flat(below + rows + above + rows))
    assert [(line.table, line.reporting_unit) for line in made.spending] == [
        *[("支出总表", "清河市教育局（本级）")] * 6,
        *[("一般公共预算支出表", "清河市第一中学")] * 6,
    ]


def test_records_of_older_workspaces_name_none() -> None:
    assert SpendingLine.__dataclass_fields__["reporting_unit"].default == ""
    assert TotalLine.__dataclass_fields__["reporting_unit"].default == ""
