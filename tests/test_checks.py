"""Each check finds its contradiction and stays silent where the document agrees with itself."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable
from decimal import Decimal

import pytest

from fiscalgraph.extract.records import (
    DisclosureRecords,
    DocumentIdentity,
    Fund,
    Indicator,
    NarrativeItem,
    OrganizationUnit,
    Project,
    Source,
    SpendingLine,
    Statement,
    TotalLine,
)
from fiscalgraph.graph.checks import CheckResult, find_contradictions

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


# Sums in tables


def test_a_heading_must_be_the_sum_of_its_items() -> None:
    items = [line("2130301", "行政运行", "10.00"), line("2130306", "水利工程运行", "20.00")]
    assert found(spending=[*TREE, *items]) == []
    wrong = [items[0], line("2130306", "水利工程运行", "15.00")]
    assert found(spending=[*TREE, *wrong]) == [("sum_mismatch", "30.00", "25.00")]


def test_the_last_place_is_rounding() -> None:
    items = [line("2130301", "行政运行", "10.00"), line("2130306", "水利工程运行", "20.01")]
    assert found(spending=[*TREE, *items]) == [("rounding_mismatch", "30.00", "30.01")]


def test_what_several_columns_repeat_is_reported_once() -> None:
    rows = [
        line("21303", "水利", "30.00", column),
        line("2130301", "行政运行", "10.00", column),
        line("2130306", "水利工程运行", "15.00", column),
    ] if (column := "合计") else []  # fmt: skip
    again = [dataclasses.replace(row, column="项目支出") for row in rows]
    assert found(spending=[*rows, *again]) == [("sum_mismatch", "30.00", "25.00")]


def test_an_item_that_only_another_table_lists_is_a_gap_not_a_contradiction() -> None:
    items = [line("2130301", "行政运行", "10.00")]
    sister = [line("2130306", "水利工程运行", "20.00", table="支出决算表", index=1)]
    assert found(spending=[*TREE, *items, *sister]) == []


def test_a_row_whose_figures_stand_a_column_off_is_not_reported() -> None:
    rows = [
        line(None, "合计", "20.00", "小计"),
        line(None, "合计", "10.00", "基本支出"),
        line("213", "农林水支出", "30.00", "小计"),
        line("213", "农林水支出", "20.00", "基本支出"),
        line("213", "农林水支出", "10.00", "项目支出"),
    ]
    assert found(spending=rows) == []


def test_a_row_must_be_the_sum_of_its_columns() -> None:
    def row(whole: str) -> list[SpendingLine]:
        parts = [("本年支出合计", whole), ("基本支出", "7.00"), ("项目支出", "3.00")]
        return [line("213", "农林水支出", printed, column) for column, printed in parts]

    assert found(spending=row("10.00")) == []
    assert found(spending=row("12.00")) == [("sum_mismatch", "12.00", "10.00")]


def halves(year: str, spent_total: str, *between: TotalLine) -> list[TotalLine]:
    return [
        total("一、教育支出", "4.00"),
        total("二、农林水支出", "6.00"),
        total("本年支出合计", year),
        *between,
        total("总计", spent_total),
        total("总计", "15.00", side="收入"),
    ]


def test_both_halves_of_the_balance_table() -> None:
    carried = total("年末结转和结余", "5.00")
    assert found(totals=halves("10.00", "15.00", carried)) == []
    assert found(totals=halves("11.00", "16.00", carried)) == [
        ("sum_mismatch", "11.00", "10.00"),
        ("sum_mismatch", "15.00", "16.00"),
    ]


def test_a_breakdown_of_the_balance_carried_over_is_not_added_again() -> None:
    rows = halves("10.00", "15.00", total("年末结转和结余", "5.00"), total("一、一般公共预算拨款", "5.00"))
    assert found(totals=rows) == []


def test_several_breakdowns_beside_one_another_are_left_out() -> None:
    rows = halves("10.00", "15.00", total("本年支出合计", "10.00"), total("年末结转和结余", "5.00"))
    assert found(totals=rows) == []


def three(whole: str, vehicles: str = "6.00") -> list[TotalLine]:
    table = "“三公”经费支出决算表"
    columns = {
        "合计": whole,
        "因公出国（境）费": "1.00",
        "公务用车购置及运行维护费/小计": vehicles,
        "公务用车购置及运行维护费/公务用车购置费": "2.00",
        "公务用车购置及运行维护费/公务用车运行维护费": "4.00",
        "公务接待费": "3.00",
    }
    return [
        TotalLine(table, None, None, f"决算数/{column}", printed, "万元", None, PLACE)
        for column, printed in columns.items()
    ]


def test_the_three_public_expenses() -> None:
    assert found(totals=three("10.00")) == []
    assert found(totals=three("12.00")) == [("sum_mismatch", "12.00", "10.00")]
    assert ("sum_mismatch", "8.00", "6.00") in found(totals=three("12.00", "8.00"))


def test_a_total_that_also_counts_meetings_is_no_total_of_the_three() -> None:
    meetings = TotalLine("“三公”经费支出决算表", None, None, "决算数/会议费", "2.00", "万元", None, PLACE)
    assert found(totals=[*three("12.00"), meetings]) == []


@pytest.mark.parametrize(
    ("printed", "kind"), [("30.00", None), ("30.02", "rounding_mismatch"), ("33.00", "table_vs_table")]
)
def test_a_class_in_the_balance_table_and_in_its_breakdown(printed: str, kind: str | None) -> None:
    rows = [line("213", "农林水支出", printed, "本年支出合计", "支出决算表")]
    stated = found(totals=[total("八、农林水支出", "30.00")], spending=rows)
    assert stated == ([] if kind is None else [(kind, "30.00", printed)])


def test_a_budget_s_tables_of_allocations_differ_in_scope() -> None:
    rows = [line("213", "农林水支出", "25.00", "合计", "一般公共预算支出表")]
    balance = [total("八、农林水支出", "30.00", column="预算数", table="财政拨款收支总表")]
    assert all_found(kind="部门预算", totals=balance, spending=rows) == ()


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


# Prose against tables


REFERENCE = [*TREE, line("2130301", "行政运行", "10.00"), line("2130306", "水利工程运行与维护", "20.00")]


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


def test_a_sentence_s_amount_against_every_table() -> None:
    assert found(spending=REFERENCE, narrative=[spoken("行政运行", "10.00")]) == []
    assert found(spending=REFERENCE, narrative=[spoken("行政运行", "14.00")]) == [
        ("text_vs_table", "14.00", "10.00")
    ]
    wider = line("2130301", "行政运行", "14.00", "本年支出合计", "支出决算表", index=1)
    assert found(spending=[*REFERENCE, wider], narrative=[spoken("行政运行", "14.00")]) == []


def test_an_amount_rounded_to_a_coarser_unit_agrees() -> None:
    rows = [line("2130301", "行政运行", "2399244", unit="元")]
    assert found(spending=rows, narrative=[spoken("行政运行", "240")]) == []
    assert found(spending=rows, narrative=[spoken("行政运行", "260")]) == [
        ("text_vs_table", "260", "2399244")
    ]


def test_names_of_an_item_and_of_its_parent() -> None:
    other = found(spending=REFERENCE, narrative=[spoken("水利工程运行和维护", "20.00")])
    assert other == [("name_mismatch", "水利工程运行和维护", "水利工程运行与维护")]
    parent = found(spending=REFERENCE, narrative=[spoken("行政运行", "10.00", "水利事务")])
    assert parent == [("name_mismatch", "水利事务", "水利")]


def test_a_name_without_its_last_word_is_the_same_name() -> None:
    rows = [line("2130399", "其他水利支出", "5.00")]
    assert found(spending=rows, narrative=[spoken("其他水利", "5.00")]) == []


@pytest.mark.parametrize(
    ("printed", "expected"),
    [
        ("10.00%", []),
        ("10.01%", [("rounding_mismatch", "10.01%", "10.00%")]),
        ("12.00%", [("rate_mismatch", "12.00%", "10.00%")]),
    ],
)
def test_percentages_recomputed(printed: str, expected: list[tuple[str, str, str]]) -> None:
    growth = claim("increase", printed, "1100.00万元", "100.00万元", unit="%")
    assert found(statements=[growth]) == expected


def test_a_stated_total_must_stand_in_some_table() -> None:
    rows = [total("总计", "150.00"), total("总计", "150.00", side="收入")]

    def stated(printed: str) -> list[tuple[str, str, str]]:
        return found(totals=rows, statements=[claim("total", printed, subject="收支总计", unit="万元")])

    assert stated("150.00") == []
    assert stated("158.00") == [("text_vs_table", "158.00", "150.00")]


def test_a_stated_total_against_its_stated_parts() -> None:
    def bought(printed: str) -> list[tuple[str, str, str]]:
        parts = ("10.00万元", "20.00万元", "30.00万元")
        return found(statements=[claim("parts", printed, *parts, subject="政府采购", unit="万元")])

    assert bought("60.00") == []
    assert bought("66.00") == [("sum_mismatch", "66.00", "60")]


def counted(number: str, tables: int, *more: Statement) -> list[tuple[str, str, str]]:
    statement = claim("project_count", number, subject="self_evaluation", unit="个")
    return found(projects=[project(None, n) for n in range(tables)], statements=[statement, *more])


def test_the_number_of_projects_against_the_tables_that_are_there() -> None:
    assert counted("4", 4) == []
    assert counted("5", 4) == [("count_mismatch", "5", "4")]
    assert counted("40", 4) == []  # so few of so many are a selection
    assert counted("5", 4, claim("selection", "涉密项目不予公开")) == []


def test_the_count_of_tables_shown_goes_before_that_of_all_projects() -> None:
    shown = claim("project_count", "4", subject="reflected_self_evaluation", unit="个")
    assert counted("5", 4, shown) == []


def test_the_money_involved_against_the_sum_of_the_tables() -> None:
    def involved(printed: str) -> list[tuple[str, str, str]]:
        return counted("4", 4, claim("project_funds", printed, subject="self_evaluation", unit="万元"))

    assert involved("40.00") == involved("36.00") == []
    assert involved("47.00") == [("sum_mismatch", "47.00", "40.00")]


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
    assert all(c.left_source.quote and c.left_source.page for c in first)
    assert first == all_found(**groups)
    assert Decimal(first[0].right) == Decimal("39.00")
