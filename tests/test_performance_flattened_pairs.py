"""Flattened target tables without figures, and those that an evaluation report prints in its text."""

from __future__ import annotations

import pytest

from fiscalgraph.extract.document import Document, Paragraph, Place, Run
from fiscalgraph.extract.recognise import recognise
from fiscalgraph.extract.recognise.performance import recognise_performance
from fiscalgraph.extract.records import Indicator

HEAD = """河道巡查项目绩效目标表
项目名称 河道巡查
主管部门 水务局 实施单位 河道管理所
项目资金
（万元）
年度资金总额： 12.50
其中：财政拨款 12.50
一级指标 二级指标 三级指标 指标值
"""
Row = tuple[str | None, str | None, str | None, str | None]


def document(text: str) -> Document:
    blocks = tuple(
        Paragraph((Run(line, Place(line=number)),))
        for number, line in enumerate(text.split("\n"), start=1)
        if line.strip()
    )
    return Document("d", "d.txt", "0" * 64, "text", blocks)


def short(indicators: tuple[Indicator, ...]) -> list[Row]:
    return [(row.level1, row.level2, row.level3, row.target) for row in indicators]


def rows(text: str) -> list[Row]:
    return short(recognise_performance(document(HEAD + text)).indicators)


def names(text: str) -> dict[str | None, str | None]:
    return {name: target for _, _, name, target in rows(text)}


def test_a_quality_below_a_wrapped_name_is_its_target() -> None:
    assert names(
        "产出指标 数量指标 巡查次数 ≥40次\n"
        "效益指标 社会效益指标\n"
        "为全县河道管理和保护的规划\n"
        "提供依据\n"
        "作用显著\n"
        "居民节水意识 有效提高\n"
        "满意度指标 服务对象满意度指标 群众满意度 ≥90%\n"
    ) == {
        "巡查次数": "≥40次",
        "为全县河道管理和保护的规划提供依据": "作用显著",
        "居民节水意识": "有效提高",
        "群众满意度": "≥90%",
    }


def test_rows_with_targets_in_words_are_not_read_as_one_name() -> None:
    found = names(
        "产出指标 数量指标\n"
        "沿河村庄垃圾清运次数（含支流、沟渠和\n"
        "水塘）\n"
        "各村每周不少于两次\n"
        "巡查次数 ≥40次\n"
        "质量指标 清运及时率 ≥90%\n"
    )
    assert not any("各村" in (name or "") for name in found)
    assert found["清运及时率"] == "≥90%"


def test_a_title_goes_on_over_a_line_that_begins_with_a_figure() -> None:
    found = names(
        "产出指标 数量指标\n编制《清河镇2026-\n2030年河道治理规划》\n=1个\n质量指标 清运及时率 ≥90%\n"
    )
    assert found["编制《清河镇2026-2030年河道治理规划》"] == "=1个"


def test_a_name_may_begin_with_a_figure() -> None:
    found = names(
        "产出指标 数量指标\n"
        "12345热线平台受理河道问题\n"
        "线索数量\n"
        "≤424件\n"
        "质量指标 清运及时率 ≥90%\n"
    )  # fmt: skip
    assert found["12345热线平台受理河道问题线索数量"] == "≤424件"


def test_a_target_that_ends_with_a_comma_goes_on() -> None:
    found = names(
        "产出指标 时效指标 补助发放及时性 取暖补助每年10月份发放，\n"
        "值班补助每年12月份发放\n"
        "质量指标 清运及时率 ≥90%\n"
    )
    assert found["补助发放及时性"] == "取暖补助每年10月份发放，值班补助每年12月份发放"


@pytest.mark.parametrize(
    "rest", ["值班补助每年\n12月份发放 质量指标", "值班补助每年 质量指标\n", "补助 质量指标"]
)
def test_a_target_whose_end_shares_a_line_with_the_next_level_is_not_read(rest: str) -> None:
    text = f"产出指标 时效指标 补助发放及时性 取暖补助每年10月份发放，\n{rest} 清运及时率 ≥90%\n"
    assert rows(text) == [
        ("产出指标", "时效指标", "补助发放及时性", None),
        ("产出指标", "质量指标", "清运及时率", "≥90%"),
    ]


def test_prose_that_may_go_on_is_no_target() -> None:
    found = names(
        "产出指标 质量指标\n"
        "按时办结率 方便群众办事，提高办理的效率，诉求按期\n"
        "限办结≥95%\n"
        "接通率 ≥80%\n"
        "时效指标 清运及时率 ≥90%\n"
    )
    assert found["按时办结率"] is None
    assert not any("95" in (name or "") for name in found)
    assert found["清运及时率"] == "≥90%"


def test_levels_that_no_vocabulary_knows() -> None:
    assert rows(
        "一般支出 一般支出\n培训费超标准使用次数 ≤0次\n产出指标 质量指标 清运及时率 ≥90%\n"
    ) == [
        ("一般支出", "一般支出", "培训费超标准使用次数", "≤0次"),
        ("产出指标", "质量指标", "清运及时率", "≥90%"),
    ]  # fmt: skip


def test_a_level_printed_twice_over_is_one() -> None:
    first = rows("成本指标 经济成本 经济成本指标 项目总成本 ≤8.8万元\n产出指标 数量指标 巡查次数 ≥40次\n")[0]
    assert first == ("成本指标", "经济成本", "项目总成本", "≤8.8万元")


def test_a_level_before_a_latin_word_stays_a_level() -> None:
    first = rows("成本指标\n经济成本指标 GPS采购成本（元/台） ≤1500\n产出指标 数量指标 巡查次数 ≥40次\n")[0]
    assert first == ("成本指标", "经济成本指标", "GPS采购成本（元/台）", "≤1500")


@pytest.mark.parametrize("value", ["率 100%", "巡查 ）"])
def test_marks_and_ends_of_words_are_no_row(value: str) -> None:
    assert value.split()[0] not in names(f"产出指标 质量指标 {value}\n时效指标 清运及时率 ≥90%\n")


def test_a_project_is_not_named_by_its_indicators() -> None:
    text = HEAD.replace("项目名称 河道巡查", "项目名称 产出指标 数量指标 巡查次数")
    assert recognise_performance(document(text + "产出指标 数量指标 巡查次数 ≥40次\n")).projects == ()


REPORT = """清河县水务局2023年度部门决算
附件：
清河县水务局2023年度河道清洁项目绩效评价报告
一、基本情况
（一）项目概况。根据年度绩效目标，开展了河道清洁工作。
表1：2023年度项目绩效指标表
一级指标 二级指标 三级指标 年度指标值
产出指标
数量指标 巡查次数 ≥40 次
质量指标 清运及时率 ≥90%
效益指标
社会效益指标
为沿河村庄的居民创造更加整洁的
生活环境
显著
二、评价结论
2023年度项目综合评价得分85.39分，评价等级为“良”。
表2：决策指标评分情况表
一级指标 二级指标 三级指标 分值 得分 得分率
决策 项目立项 立项依据充分性 5 5.00 100.00%
"""


def test_a_reports_own_table_of_targets() -> None:
    records = recognise(document(REPORT))
    (project,) = records.projects
    assert (project.project, project.sources) == ("河道清洁", ("target_table", "narrative"))
    assert project.narrative_score == "85.39"
    assert short(records.indicators) == [
        ("产出指标", "数量指标", "巡查次数", "≥40次"),
        ("产出指标", "质量指标", "清运及时率", "≥90%"),
        ("效益指标", "社会效益指标", "为沿河村庄的居民创造更加整洁的生活环境", "显著"),
    ]
    assert all(row.project == "河道清洁" and row.weight is None for row in records.indicators)
    assert project.source.quote == "表1：2023年度项目绩效指标表"


def test_a_table_of_weights_right_below_a_reports_targets_is_not_read_as_theirs() -> None:
    targets = REPORT[: REPORT.index("二、评价结论")]
    weights = (
        "表2：2023年度指标分值分配表\n一级指标 二级指标 三级指标 分值\n"
        "产出指标 数量指标 清运次数 5\n质量指标 水质达标率 10\n"
    )
    alone, followed = (recognise(document(text)).indicators for text in (targets, targets + weights))
    assert alone
    assert short(followed) == short(alone)


def test_a_table_of_targets_outside_a_report_names_no_project() -> None:
    text = REPORT.replace("河道清洁项目绩效评价报告", "工作安排").replace("综合评价得分85.39分，", "")
    assert recognise(document(text)).indicators == ()


def test_a_source_of_money_without_an_amount_above_another() -> None:
    head = HEAD.replace("其中：财政拨款 12.50", "其中：中央财政资金\n市级财政资金 12.50\n其他资金")
    funds = recognise_performance(document(head + "产出指标 数量指标 巡查次数 ≥40次\n")).funds
    assert [(fund.fund, fund.budget_initial) for fund in funds] == [
        ("年度资金总额", "12.50"),
        ("中央财政资金", None),
        ("市级财政资金", "12.50"),
        ("其他资金", None),
    ]


def test_a_source_whose_cells_are_dashes_is_kept_blank() -> None:
    head = HEAD.replace(
        "年度资金总额： 12.50\n其中：财政拨款 12.50",
        "年初预算数 全年预算数 全年执行数\n年度资金总额 12.50 12.50 11.00\n上年结转资金 — — —\n其他资金 — —",
    )
    funds = recognise_performance(document(head + "产出指标 数量指标 巡查次数 ≥40次\n")).funds
    assert [(fund.fund, fund.budget_initial, fund.executed) for fund in funds] == [
        ("年度资金总额", "12.50", "11.00"),
        ("上年结转资金", None, None),
        ("其他资金", None, None),
    ]


COLONS = """2023年度项目支出绩效自评表
单位：万元
项目名称：河道清洁
主管部门：清河县水务局 实施单位：河道管理所
资金来源 年初预算 全年预算 全年执行 执行率
资金总额 100 120 110 91.67%
一级指标 二级指标 三级指标 指标值 完成值 分值 自评得分
产出指标 数量指标 清洁次数 4 4 20 20
产出指标 质量指标 验收合格率 100% 100% 30 30
效益指标 社会效益指标 水质改善 改善 改善 30 30
合计 80 80
"""


def test_labels_with_a_colon_and_a_sum_below_the_rows() -> None:
    records = recognise_performance(document(COLONS))
    (project,) = records.projects
    assert (project.project, project.department, project.implementing_unit) == (
        "河道清洁",
        "清河县水务局",
        "河道管理所",
    )
    assert (project.budget_initial, project.executed, project.score) == ("100", "110", None)
    assert [(row.level3, row.target, row.score) for row in records.indicators] == [
        ("清洁次数", "4", "20"),
        ("验收合格率", "100%", "30"),
        ("水质改善", "改善", "30"),
    ]


def test_a_reports_cover_is_no_form() -> None:
    text = COLONS.replace("一级指标 二级指标", "一、项目概况\n（一）立项依据\n一级指标 二级指标")
    assert recognise_performance(document(text)).projects == ()
