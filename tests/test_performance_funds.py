"""The fund block of performance tables (项目资金): sources, amounts, weights, unit of money."""

from __future__ import annotations

import pytest
from performance_tables import EVALUATION, FUNDS, TARGET, TARGET_HEAD, grid, merged, read

from fiscalgraph.extract.document import ColumnTrust


def test_target_form_gives_project_funds_and_indicators() -> None:
    records = read(grid(*TARGET_HEAD, TARGET, "|产出指标|数量指标|巡查河道次数|≥40次|90"))
    (project,) = records.projects
    assert (project.project, project.department, project.implementing_unit) == (
        "河道巡查",
        "[301]水务局",
        "河道管理所",
    )
    assert (project.unit, project.budget_initial, project.executed) == ("万元", "12.50", None)
    assert project.sources == ("target_table",)
    assert [(fund.fund, fund.budget_initial, fund.weight) for fund in records.funds] == [
        ("年度资金总额", "12.50", "10"),
        ("财政拨款", "12.00", None),
        ("上年结转", "0.50", None),
        ("其他资金", None, None),
    ]
    (indicator,) = records.indicators
    assert (indicator.level1, indicator.level2, indicator.level3) == ("产出指标", "数量指标", "巡查河道次数")
    assert (indicator.target, indicator.weight, indicator.actual) == ("≥40次", "90", None)
    assert indicator.source.line == 8
    assert records.consumed == {0}


def test_fund_rows_below_a_header() -> None:
    records = read(
        grid(
            "项目名称||档案整理||||||",
            FUNDS,
            "|年度资金总额：||90000|80000|60000|10|75.00%|7.5",
            "|-----本级安排：||90000|80000|60000|-|-|-",
            "|-----其中：上级补助：||0|0|0|-|-|-",
            EVALUATION,
            "|产出指标|数量指标|卷数|≥9卷|9卷|90|90|",
        )
    )
    total, own, _ = records.funds
    assert [fund.fund for fund in records.funds] == ["年度资金总额", "本级安排", "上级补助"]
    assert (total.budget_initial, total.budget_full, total.executed) == ("90000", "80000", "60000")
    assert (total.weight, total.rate, total.score) == ("10", "75.00%", "7.5")
    assert (own.weight, own.rate, own.score) == (None, None, None)
    (project,) = records.projects
    assert (project.unit, project.rate, project.sources) == ("元", "75.00%", ("self_eval_table",))


def test_missing_first_amount_is_the_initial_budget_and_rows_below_follow() -> None:
    records = read(
        grid(
            "项目名称||档案整理|||||||",
            "项目资金（元）||资金来源|年初预算数|全年预算数(A)|全年执行数(B)|分值|执行率|得分||",
            "||年度资金总额：||||80000|0|10|0%|0",
            "||财政拨款：||||80000|0|||-",
            "||其他：|||||||  |-",
            EVALUATION,
            "|产出指标|数量指标|卷数|≥9卷|9卷|90|90||",
        )
    )
    total, own, other = records.funds
    assert (total.budget_initial, total.budget_full, total.executed, total.rate) == (None, "80000", "0", "0%")
    assert (own.budget_initial, own.budget_full, own.executed) == (None, "80000", "0")
    assert (other.budget_full, other.executed) == (None, None)


@pytest.mark.parametrize(
    ("printed", "expected"),
    [
        ("500|500|400|400|10|100.00|10", ("500", "400", "400")),
        ("500|400|400|400|10|100.00|10", ("500", "400", "400")),
        ("500|500|400|300|10|75.00|7.5", ("500", "400", "300")),
    ],
)
def test_one_amount_too_many_is_a_repeated_one(printed: str, expected: tuple[str, str, str]) -> None:
    records = read(
        grid(
            "项目名称||档案整理|||||||",
            FUNDS,
            f"|年度资金总额：|{printed}",
            EVALUATION,
            "|产出指标|数量指标|卷数|≥9卷|9卷|90|90||",
        )
    )
    (fund,) = records.funds
    assert (fund.budget_initial, fund.budget_full, fund.executed) == expected


def test_two_fund_columns_side_by_side() -> None:
    records = read(
        merged(
            ("项目名称", 0, 0, 1, 1), ("社区中心", 0, 1, 1, 4),
            ("项目资金（元）", 1, 0, 2, 1), ("项目资金总额", 1, 1, 1, 1), ("4,100", 1, 2, 1, 1),
            ("年度资金申请总额", 1, 3, 1, 1), ("2,000", 1, 4, 1, 1),
            ("其中：财政资金", 2, 1, 1, 1), ("4,100", 2, 2, 1, 1), ("其中：当年财政拨款", 2, 3, 1, 1),
            ("2,000", 2, 4, 1, 1),
            ("一级指标", 3, 0, 1, 1), ("二级指标", 3, 1, 1, 1), ("三级指标", 3, 2, 1, 2),
            ("指标值", 3, 4, 1, 1),
            ("产出指标", 4, 0, 1, 1), ("数量指标", 4, 1, 1, 1), ("面积", 4, 2, 1, 2),
            ("≥90平方米", 4, 4, 1, 1),
        )
    )  # fmt: skip
    assert [(fund.fund, fund.budget_initial) for fund in records.funds] == [
        ("项目资金总额", "4100"),
        ("年度资金申请总额", "2000"),
        ("财政资金", "4100"),
        ("当年财政拨款", "2000"),
    ]
    assert records.projects[0].budget_initial == "2000"


def test_sources_side_by_side_with_the_amounts_below() -> None:
    records = read(
        merged(
            ("部门名称", 0, 0, 1, 1), ("水务局", 0, 1, 1, 5),
            ("总体资金情况（万元）", 1, 0, 3, 1), ("预算支出总额", 1, 1, 2, 1), ("财政拨款", 1, 2, 1, 2),
            ("其他资金", 1, 4, 1, 2),
            ("合计", 2, 2, 1, 1), ("基本支出", 2, 3, 1, 1), ("合计", 2, 4, 1, 1), ("基本支出", 2, 5, 1, 1),
            ("9.50", 3, 1, 1, 1), ("9.00", 3, 2, 1, 1), ("2.00", 3, 3, 1, 1), ("0.50", 3, 4, 1, 1),
            ("", 3, 5, 1, 1),
        )
    )  # fmt: skip
    assert [(fund.fund, fund.budget_initial, fund.unit) for fund in records.funds] == [
        ("预算支出总额", "9.50", "万元"),
        ("财政拨款", "9.00", "万元"),
        ("财政拨款/基本支出", "2.00", "万元"),
        ("其他资金", "0.50", "万元"),
    ]
    assert records.projects[0].budget_initial == "9.50"


def test_the_sum_of_a_departments_tasks_is_its_budget() -> None:
    records = read(
        merged(
            ("部门（单位）名称", 0, 0, 1, 2), ("水务局", 0, 2, 1, 4),
            ("年度主要任务", 1, 0, 5, 1), ("任务名称", 1, 1, 2, 1), ("主要内容", 1, 2, 2, 1),
            ("预算金额（万元）", 1, 3, 1, 2), ("执行率分值（10分）", 1, 5, 5, 1),
            ("总额", 2, 3, 1, 1), ("财政拨款", 2, 4, 1, 1),
            ("任务1", 3, 1, 1, 1), ("巡查", 3, 2, 1, 1), ("5.00", 3, 3, 1, 1), ("5.00", 3, 4, 1, 1),
            ("任务2", 4, 1, 1, 1), ("清淤", 4, 2, 1, 1), ("4.00", 4, 3, 1, 1), ("4.00", 4, 4, 1, 1),
            ("金额合计", 5, 1, 1, 2), ("9.00", 5, 3, 1, 1), ("9.00", 5, 4, 1, 1),
        )
    )  # fmt: skip
    assert [(fund.fund, fund.budget_initial, fund.weight, fund.unit) for fund in records.funds] == [
        ("总额", "9.00", "10", "万元"),
        ("财政拨款", "9.00", None, "万元"),
    ]


@pytest.mark.parametrize(("cost", "unit"), [("≤4.50万元", "万元"), ("≤4.40万元", None), ("≤9元", "元")])
def test_targets_of_cost_tell_the_unit_when_they_add_up_to_an_amount(cost: str, unit: str | None) -> None:
    records = read(
        grid(
            "项目名称|河道巡查|||",
            "项目资金|年度资金总额|9.00||",
            "一级指标|二级指标|三级指标|指标值|",
            f"成本指标|经济成本指标|人工|{cost}|",
            "成本指标|经济成本指标|材料|≤4.50万元|",
            trust=ColumnTrust.KNOWN,
        )
    )
    assert records.projects[0].unit == unit


def test_a_goals_label_that_reaches_up_beside_the_money() -> None:
    records = read(
        grid(
            "项目名称||河道巡查||||||",
            "预算执行情况（万元）（20分）||||预算数（A）||执行数（B）|执行率（B/A）|得分（20分×执行率）",
            "年度总体目标||年度财政资金总额||80.00||40.00|50.00%|10",
            "||预期目标||||实际完成情况||",
            EVALUATION,
            "|产出指标|数量指标|巡查次数|≥9次|9次|80|80|",
        )
    )
    (fund,) = records.funds
    assert (fund.budget_full, fund.executed, fund.rate, fund.score) == ("80.00", "40.00", "50.00%", "10")
