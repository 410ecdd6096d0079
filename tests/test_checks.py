"""Each check finds its contradiction and stays silent where the document agrees with itself."""

from __future__ import annotations

import dataclasses
from decimal import Decimal

import pytest
from checked import (
    REFERENCE,
    all_found,
    claim,
    found,
    fund,
    indicator,
    line,
    project,
    spoken,
)

from fiscalgraph.extract.records import Indicator, OrganizationUnit, Source

# Project tables


def test_the_sources_of_money_make_up_its_total() -> None:
    parts = [fund("财政拨款", "7.00", "7.00"), fund("其他资金", "3.00", "2.00")]
    assert found(funds=[fund("年度资金总额", "10.00", "9.00"), *parts]) == []
    wrong = found(funds=[fund("年度资金总额", "12.00", "9.00"), *parts])
    assert set(wrong) == {("sum_mismatch", "12.00", "10.00")}


def test_the_execution_rate() -> None:
    assert found(funds=[fund("财政拨款", "8.00", "6.00", "75%")]) == []
    assert found(funds=[fund("财政拨款", "8.00", "6.00", "57%")]) == [("rate_mismatch", "57%", "75.00%")]


def weighted(*weights: str, occurrence: int = 0) -> list[Indicator]:
    return [indicator(weight, None, occurrence) for weight in weights]


@pytest.mark.parametrize("weights", [("50", "50"), ("50", "40"), ("50", "30")])
def test_weights_beside_an_execution_weight_that_is_not_printed(weights: tuple[str, str]) -> None:
    assert found(projects=[project()], indicators=weighted(*weights)) == []


def test_weights_that_do_not_add_up() -> None:
    money = fund("年度资金总额", "10.00", "9.00", weight="10")
    assert found(projects=[project()], indicators=weighted("50", "40"), funds=[money]) == []
    wrong = found(projects=[project()], indicators=weighted("50", "45"), funds=[money])
    assert wrong == [("weight_sum", "95", "90")]


def test_scores_add_up_to_the_total() -> None:
    scored = [indicator("50", "48"), indicator("50", "45")]
    assert found(projects=[project("93")], indicators=scored) == []
    assert found(projects=[project("95")], indicators=scored) == [("score_mismatch", "95", "93")]
    assert found(indicators=[indicator("6", "7")]) == [("score_mismatch", "6", "7")]


def test_a_total_that_an_unread_score_of_execution_may_explain() -> None:
    scored = [indicator("50", "48"), indicator("40", "37")]
    assert found(projects=[project("94.5")], indicators=scored) == []
    assert found(projects=[project("97")], indicators=scored) == [("score_mismatch", "97", "85")]


def test_where_most_tables_lack_indicators_they_were_read_in_part() -> None:
    scored = [indicator("30", "30", occurrence) for occurrence in range(3)]
    assert found(projects=[project("95", n) for n in range(3)], indicators=scored) == []


def test_a_summary_s_score_against_the_table_and_an_evaluator_s_score() -> None:
    stated = project("90", narrative_score="88")
    assert found(projects=[stated]) == [("text_vs_table", "88", "90")]
    assert found(projects=[stated], statements=[claim("score", "88", unit="分")]) == []


# The words of project tables


def concluded(text: str, *indicators: Indicator, **changes: object) -> list[tuple[str, str, str]]:
    statement = claim("conclusion", text, occurrence=0)
    projects = [project("87", **changes)]
    return [
        c
        for c in found(projects=projects, indicators=indicators, statements=[statement])
        if c[0] != "weight_sum"
    ]


LOST, FULL = indicator("50", "47"), indicator("40", "40")


def test_no_deviation_beside_lost_points() -> None:
    assert concluded("目标全部完成，无偏差。", LOST, FULL) == [("text_vs_table", "无偏差", "87")]
    assert concluded("目标全部完成，无偏差。", FULL, indicator("47", "47")) == []


def test_all_targets_met_names_the_measured_indicator_that_was_not() -> None:
    assert concluded("年度绩效目标全部完成。", LOST, FULL) == [("text_vs_table", "全部完成", "47")]
    effect = dataclasses.replace(LOST, target="有效提升")
    assert concluded("年度绩效目标全部完成。", effect, FULL) == []


def test_all_met_and_not_met_in_one_conclusion() -> None:
    text = "年度绩效目标全面完成，但数量指标未完成。"
    assert concluded(text, LOST, FULL) == [("text_vs_text", "全面完成", "未完成")]
    others = "数量指标未完成；该项工作的其他绩效任务全部完成。"
    assert concluded(others, LOST, FULL) == []


def test_the_same_words_in_the_tables_of_two_bodies_are_two_results() -> None:
    text = "年度绩效目标全面完成，但数量指标未完成。"
    said = [
        dataclasses.replace(claim("conclusion", text, occurrence=n), source=Source(text, page=3 + n))
        for n in (0, 1)
    ]
    projects = [dataclasses.replace(project("87"), occurrence=n) for n in (0, 1)]
    assert len(found(projects=projects, statements=said)) == 2


def test_a_rate_of_targets_met() -> None:
    assert concluded("绩效目标完成率100%。", LOST, FULL) == [("text_vs_table", "绩效目标完成率100%", "87")]
    full = [indicator("47", "47"), FULL]
    assert concluded("绩效目标完成率90%。", *full) == [("text_vs_table", "90%", "87/87")]


def test_a_conclusion_s_execution_rate() -> None:
    assert concluded("预算执行率90%。") == []
    assert concluded("预算执行率90.4%。", rate="90.38%") == []
    assert concluded("预算执行率100%。") == [("rate_mismatch", "100%", "90%")]


def test_well_met_without_spending() -> None:
    assert concluded("指标完成良好。", executed="0", rate="0%") == [("text_vs_table", "指标完成良好", "0%")]
    assert concluded("指标完成良好。") == []


def test_a_result_reached_in_part_has_no_full_score() -> None:
    partly = indicator("10", "10", actual="部分达成年度指标")
    assert found(indicators=[partly]) == [("score_rule_mismatch", "部分达成年度指标", "10")]
    assert found(indicators=[dataclasses.replace(partly, score="7")]) == []


def test_an_aim_in_the_outcome_against_the_indicator_its_result_belongs_to() -> None:
    row = indicator("10", "10", target="≥55万人", actual="≥58.2万人")

    def outcome(text: str) -> list[tuple[str, str, str]]:
        return found(indicators=[row], statements=[claim("outcome", text, occurrence=0)])

    assert outcome("培训58.2万人，超过预期目标60万人。") == [("goal_indicator_mismatch", "60万人", "≥55万人")]
    assert outcome("培训58.2万人，超过预期目标55万人。") == []
    assert outcome("走访31.7万人，超过预期目标30万人。") == []


@pytest.mark.parametrize(
    ("reason", "expected"),
    [
        ("学员较多，超额完成100%。", [("rate_mismatch", "超额完成100%", "81.27%")]),
        ("学员较多，超额完成81.3%。", []),
        ("学员较多，较上年增长100%。", []),
    ],
)
def test_by_how_much_a_target_was_exceeded(reason: str, expected: list[tuple[str, str, str]]) -> None:
    row = indicator("10", "10", target="≥1260人", actual="2284人", reason=reason)
    assert found(indicators=[row]) == expected


# Names


def unit(name: str, quote: str) -> OrganizationUnit:
    return OrganizationUnit(name, "subordinate_unit", Source(quote, page=2))


def test_a_unit_spelt_differently_in_another_list() -> None:
    short, long = "云泽省水文水资源监测中心", "云泽省水文与水资源监测中心"
    assert found(units=[unit(short, "机构设置"), unit(long, "编报范围")]) == [("name_mismatch", short, long)]
    assert found(units=[unit(short, "机构设置"), unit(long, "机构设置")]) == []
    branch = unit("云泽省水文水资源监测分中心", "编报范围")
    assert found(units=[unit(short, "机构设置"), branch]) == []


def test_a_project_quoted_by_another_name() -> None:
    named = project(project="水文测站运行维护")
    assert found(projects=[named], statements=[claim("quoted_name", "水文测站运行维护费")]) == [
        ("name_mismatch", "水文测站运行维护费", "水文测站运行维护")
    ]
    assert found(projects=[named], statements=[claim("quoted_name", "水文测站运行维护项目")]) == []
    assert found(projects=[named], statements=[claim("quoted_name", "山洪灾害防治")]) == []


def test_a_conclusion_that_misspells_its_own_project() -> None:
    named = project(project="水文测站管理工作经验")
    quoted = claim("conclusion", "“水文测站管理工作经费”项目按计划执行。", occurrence=0)
    assert found(projects=[named], statements=[quoted]) == [
        ("name_mismatch", "水文测站管理工作经验", "水文测站管理工作经费")
    ]


def test_a_target_that_repeats_its_indicator_with_another_word() -> None:
    row = indicator("5", "5", level3="有效控制农村供水漏损率", target="有效控制城镇供水漏损率")
    assert found(indicators=[row]) == [("name_mismatch", row.level3, row.target)]
    figures = indicator("5", "5", level3="测站按期完成率达到90%以上", target="测站按期完成率达到95%以上")
    assert found(indicators=[figures]) == []


def test_a_table_s_title_against_the_contents_list() -> None:
    listed = [claim("caption", "一般公共预算财政拨款基本支出决算表")]
    row = line("30101", "基本工资", "5.00", table="一般公共预算财政拨款基本支出决算明细表")
    assert found(spending=[row], statements=listed) == [("name_mismatch", row.table, listed[0].printed)]
    same = dataclasses.replace(row, table=listed[0].printed)
    assert found(spending=[same], statements=listed) == []


def test_every_contradiction_quotes_a_place_and_comes_in_the_same_order() -> None:
    groups = {
        "spending": [*REFERENCE, line("2130399", "其他水利支出", "9.00")],
        "narrative": [spoken("行政运行", "14.00")],
    }
    first = all_found(**groups)
    assert [c.kind for c in first] == ["sum_mismatch", "text_vs_table"]
    assert all(source.quote and source.page for c in first for source in c.left.sources)
    assert first == all_found(**groups)
    assert Decimal(first[0].right.printed) == Decimal("39.00")
