"""Spending lines and totals from tables of figures."""

from __future__ import annotations

from decimal import Decimal

import pytest
from tables import document, table

from fiscalgraph.extract.document import Cell
from fiscalgraph.extract.recognise.spending import figure_in, recognise_spending

SPENDING = [
    ["科目编码", "科目名称", "合计", "基本支出", "项目支出"],
    ["", "合计", "5.00", "3.00", "2.00"],
    ["205", "教育支出", "5.00", "3.00", "2.00"],
    ["20501", "教育管理事务", "5.00", "3.00", ""],
]


def test_each_figure_of_a_coded_table_is_a_record_with_its_amount_in_yuan() -> None:
    made = recognise_spending(document("2024年支出总表", "单位：万元", table(SPENDING, page=7)))
    assert len(made.spending) == 8
    first, last = made.spending[0], made.spending[-1]
    assert (first.code, first.name, first.column, first.printed) == (None, "合计", "合计", "5.00")
    assert (last.code, last.name, last.column) == ("20501", "教育管理事务", "基本支出")
    assert last.amount == Decimal("30000.00")
    assert last.table == "支出总表"
    assert last.source.page == 7
    assert "教育管理事务" in last.source.quote


def test_an_empty_cell_gives_no_record_and_a_printed_zero_does() -> None:
    rows = [SPENDING[0], ["205", "教育支出", "0.00", "-", "—"]]
    made = recognise_spending(document("支出总表", table(rows)))
    assert [(line.column, line.printed) for line in made.spending] == [("合计", "0.00")]


def test_percentages_have_no_amount() -> None:
    rows = [["科目编码", "科目名称", "预算数", "增减（%）"], ["205", "教育支出", "1,000.50", "-1.01"]]
    made = recognise_spending(document("支出表", "单位：元", table(rows)))
    assert [(line.printed, line.unit, line.amount) for line in made.spending] == [
        ("1000.50", "元", Decimal("1000.50")),
        ("-1.01", "%", None),
    ]


def test_a_code_split_into_class_subclass_and_item_inherits_what_is_left_blank() -> None:
    rows = [
        ["科目编码", "<", "<", "科目名称", "合计"],
        ["类", "款", "项", "^", "^"],
        ["205", "", "", "教育支出", "4.70"],
        ["", "08", "", "进修及培训", "4.70"],
        ["", "", "03", "培训支出", "4.70"],
        ["205", "08", "04", "其他", "1.00"],
    ]
    made = recognise_spending(document("支出总表", table(rows)))
    assert [line.code for line in made.spending] == ["205", "20508", "2050803", "2050804"]


def test_code_and_name_in_one_cell_are_separated() -> None:
    rows = [["支出功能分类科目", "合计"], ["2010801-行政运行", "3.00"], ["[2010802]一般行政管理事务", "2.00"]]
    made = recognise_spending(document("支出总表", table(rows)))
    assert [(line.code, line.name) for line in made.spending] == [
        ("2010801", "行政运行"),
        ("2010802", "一般行政管理事务"),
    ]


def test_of_two_economic_codes_in_a_row_the_department_code_counts() -> None:
    rows = [
        ["科目编码", "<", "部门预算经济分类科目", "科目编码", "<", "政府预算经济分类科目", "合计"],
        ["类", "款", "^", "类", "款", "^", "^"],
        ["302", "28", "工会经费", "502", "01", "办公经费", "40.44"],
    ]
    made = recognise_spending(document("基本支出表", table(rows)))
    assert [(line.code, line.name) for line in made.spending] == [("30228", "工会经费")]


def test_totals_of_both_halves_carry_their_side_and_item() -> None:
    rows = [
        ["收入", "<", "<", "支出", "<", "<"],
        ["项目", "行次", "决算数", "项目", "行次", "决算数"],
        ["栏次", "", "1", "栏次", "", "2"],
        ["一、财政拨款收入", "1", "9.00", "一、教育支出", "32", "8.00"],
        ["总计", "31", "9.00", "总计", "62", "9.00"],
    ]
    made = recognise_spending(document("收入支出决算总表", "单位：万元", table(rows)))
    assert [(t.side, t.item, t.column, t.printed) for t in made.totals] == [
        ("收入", "一、财政拨款收入", "决算数", "9.00"),
        ("支出", "一、教育支出", "决算数", "8.00"),
        ("收入", "总计", "决算数", "9.00"),
        ("支出", "总计", "决算数", "9.00"),
    ]


def test_three_public_figures_have_neither_side_nor_item() -> None:
    rows = [
        ["预算数", "<", "<"],
        ["合计", "公务用车购置及运行维护费", "公务接待费"],
        ["1", "2", "3"],
        ["5.80", "5.00", "0.80"],
    ]
    made = recognise_spending(document("“三公”经费支出决算表", table(rows)))
    assert [(t.side, t.item, t.column, t.printed) for t in made.totals] == [
        (None, None, "预算数/合计", "5.80"),
        (None, None, "预算数/公务用车购置及运行维护费", "5.00"),
        (None, None, "预算数/公务接待费", "0.80"),
    ]


def test_units_differ_from_table_to_table_and_a_lone_silence_takes_the_common_unit() -> None:
    made = recognise_spending(
        document("支出总表", "单位：元", table(SPENDING), "一般公共预算支出表", table(SPENDING))
    )
    assert {line.unit for line in made.spending} == {"元"}
    mixed = recognise_spending(
        document(
            "支出总表", "单位：元", table(SPENDING),
            "一般公共预算支出表", "单位：万元", table(SPENDING),
            "政府性基金预算支出表", table(SPENDING),
        )
    )  # fmt: skip
    assert [line.unit for line in mixed.spending if line.table == "政府性基金预算支出表"] == [None] * 8
    assert all(line.amount is None for line in mixed.spending if line.unit is None)


@pytest.mark.parametrize(
    ("text", "figure"),
    [
        ("25180591\n.33", "25180591.33"),
        ("21,118.5\n1", "21118.51"),
        ("1,234,56\n7.00", "1234567.00"),
        ("5.00\n7.00", None),
        ("12\n34", None),
        ("约5.00", None),
        ("-1,000.00", "-1000.00"),
    ],
)
def test_a_wrapped_figure_is_one_figure_and_two_figures_are_none(text: str, figure: str | None) -> None:
    assert figure_in(Cell(text, 0, 0)) == figure


def test_a_performance_table_is_no_table_of_figures() -> None:
    rows = [["一级指标", "二级指标", "三级指标", "分值"], ["产出指标", "数量指标", "场次", "10.00"]]
    made = recognise_spending(document("项目绩效目标表", table(rows)))
    assert not made.spending
    assert not made.totals
    assert not made.consumed


def test_figures_that_no_record_holds_are_reported() -> None:
    rows = [*SPENDING[:2], ["205", "教育支出", "5.00\n7.00", "3.00", "2.00"]]
    made = recognise_spending(document("支出总表", table(rows)))
    assert [left.what for left in made.leftovers] == ["cell"]
    assert "not one figure" in made.leftovers[0].why


UNITS = [
    ["单位编码", "单位名称", "合计", "一般公共预算"],
    ["", "合计", "5.00", "5.00"],
    ["123001", "甲中心", "3.00", "3.00"],
    ["123002", "乙中心", "2.00", "2.00"],
]


def test_a_table_by_units_says_whose_each_figure_is_and_its_unit_codes_are_no_figures() -> None:
    made = recognise_spending(document("收入总表", "单位：万元", table(UNITS)))
    assert [(line.item, line.owner, line.printed) for line in made.totals if line.column == "合计"] == [
        (None, None, "5.00"),
        (None, "甲中心", "3.00"),
        (None, "乙中心", "2.00"),
    ]
    assert not made.leftovers


def test_the_number_before_a_units_name_is_not_part_of_it() -> None:
    rows = [["部门名称", "合计"], ["合计", "3.00"], ["106_甲中心", "3.00"]]
    made = recognise_spending(document("收入总表", table(rows)))
    assert [(line.item, line.owner) for line in made.totals] == [(None, None), (None, "甲中心")]


def test_codes_below_a_unit_belong_to_it_until_the_next_unit_or_total() -> None:
    rows = [
        ["科目编码", "科目名称", "合计"],
        ["123001", "甲中心", "3.00"],
        ["205", "教育支出", "3.00"],
        ["123002", "乙中心", "2.00"],
        ["205", "教育支出", "2.00"],
        ["", "合计", "5.00"],
    ]
    made = recognise_spending(document("支出总表", table(rows)))
    assert [(line.code, line.owner) for line in made.spending] == [
        (None, "甲中心"),
        ("205", "甲中心"),
        (None, "乙中心"),
        ("205", "乙中心"),
        (None, None),
    ]


def test_codes_of_other_classifications_in_the_row_are_kept_beside_its_own() -> None:
    rows = [
        ["功能分类科目", "政府经济分类科目", "部门经济分类科目", "合计"],
        ["2080501-行政单位离退休", "50905-离退休费", "30302-退休费", "3.00"],
        ["2080501-行政单位离退休", "50901-社会福利和救助", "30301-离休费", "2.00"],
    ]
    made = recognise_spending(document("支出总表", table(rows)))
    assert [(line.code, line.cross_codes) for line in made.spending] == [
        ("2080501", ("50905", "30302")),
        ("2080501", ("50901", "30301")),
    ]


def test_amounts_may_stand_before_the_codes_they_belong_to() -> None:
    rows = [
        ["项目名称", "金额", "功能分类科目代码", "功能分类科目名称"],
        ["设备更新", "9.00", "2050803", "培训支出"],
    ]
    made = recognise_spending(document("结转资金支出表", table(rows)))
    assert [(line.code, line.name, line.column, line.printed) for line in made.spending] == [
        ("2050803", "培训支出", "金额", "9.00")
    ]


PURCHASES = [
    ["科目编码", "<", "采购项目", "规格型号", "数量", "采购时间", "预算金额"],
    ["类", "款", "^", "^", "^", "^", "^"],
    ["205", "08", "办公设备", "台式机", "4", "2024-03-10", "2.00"],
    ["205", "08", "软件", "成品", "1", "2024-04-10", "3.00"],
]


def test_a_list_of_purchases_gives_no_spending_and_is_named_as_outside() -> None:
    made = recognise_spending(document("政府采购预算表", table(PURCHASES)))
    assert not made.spending
    assert not made.totals
    assert list(made.outside) == [1]
    assert "政府采购" in made.outside[1]


def test_a_purchase_table_by_classification_codes_is_spending() -> None:
    made = recognise_spending(document("政府采购预算表", table(SPENDING)))
    assert len(made.spending) == 8
    assert not made.outside


def test_figures_by_project_without_codes_are_named_as_outside() -> None:
    rows = [["项目名称", "合计", "财政拨款"], ["设备更新", "3.00", "3.00"]]
    made = recognise_spending(document("项目支出预算表", table(rows)))
    assert not made.totals
    assert "by project" in made.outside[1]


def test_a_total_printed_over_the_columns_before_names_its_figure() -> None:
    rows = [
        ["科目编码", "科目名称", "决算数", "科目编码", "科目名称", "决算数"],
        ["301", "工资福利支出", "3.00", "302", "商品和服务支出", "2.00"],
        ["", "人员经费合计", "3.00", "", "", "2.00"],
    ]
    rows[2][2:4] = ["公用经费合计", ""]
    made = recognise_spending(document("基本支出表", table(rows)))
    assert ("公用经费合计", "2.00") in [(line.name, line.printed) for line in made.spending]


def test_a_name_that_a_code_ran_into_gives_no_record() -> None:
    rows = [*SPENDING, ["", "税金30299支出", "1.00", "1.00", ""]]
    made = recognise_spending(document("支出总表", table(rows)))
    assert not [line for line in made.spending if line.name and "30299" in line.name]
    assert any("1.00" in left.why for left in made.leftovers)
