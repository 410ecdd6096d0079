"""Performance tables: what agrees, what cannot be told, printed scoring rules, auditors' questions."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable
from pathlib import Path

import pytest
from pyoxigraph import NamedNode
from tables import document, paragraph, table

from fiscalgraph.extract.readers import read
from fiscalgraph.extract.recognise import recognise
from fiscalgraph.extract.recognise.scoring_rules import scoring_rule_statements
from fiscalgraph.extract.records import (
    DisclosureRecords,
    DocumentIdentity,
    Finding,
    Fund,
    Indicator,
    Law,
    Project,
    Source,
    Statement,
)
from fiscalgraph.graph.checks import CheckResult, Verdict, check_records, find_contradictions
from fiscalgraph.ontology.checks import check_rules
from fiscalgraph.ontology.parameters import check_parameters, scoring_rules
from fiscalgraph.ontology.terms import FG, PREFIXES
from fiscalgraph.samples import random_disclosure, render, suffix, with_questions

NAME = "测站运行维护"
PROPORTION = "定量指标计分原则：正向指标（目标值≥X）得分=分值×B/A，反向指标（目标值≤X）得分=分值×A/B。"
BANDS = "定性指标分三档，分别按100%-80%（含）、80%-60%（含）、60%-0%计分。"


def project(score: str | None = "90", occurrence: int = 0, **changes: object) -> Project:
    made = Project(
        occurrence, NAME, "project", None, None, "万元", "10.00", "10.00", "9.00", "90%", score,
        None, None, None, None, ("self_eval_table",), Source(NAME, page=3),
    )  # fmt: skip
    return dataclasses.replace(made, **changes)  # type: ignore[arg-type]


def indicator(
    target: str = "≥40座", actual: str = "42座", weight: str = "10", score: str = "10", **changes: object
) -> Indicator:
    made = Indicator(
        0, NAME, None, "产出指标", "数量指标", "维护测站数量", target, actual, weight, score, None,
        Source("维护测站数量", page=4),
    )  # fmt: skip
    return dataclasses.replace(made, **changes)  # type: ignore[arg-type]


def fund(name: str = "年度资金总额", **changes: object) -> Fund:
    made = Fund(
        0, NAME, None, name, "10.00", "10.00", "9.00", None, "90%", None, "万元", Source(name, page=3)
    )
    return dataclasses.replace(made, **changes)  # type: ignore[arg-type]


def said(kind: str, printed: str, occurrence: int | None = 0) -> Statement:
    return Statement(kind, NAME, printed, None, (), occurrence, Source(printed, page=3))


def results(check: str, **groups: Iterable[object]) -> list[CheckResult]:
    identity = DocumentIdentity(
        "d", "云泽省水务厅", "部门决算", 2024, "万元", 9, "0", "d.pdf", "pdf", Source("云泽省水务厅")
    )
    records = DisclosureRecords(identity, **{name: tuple(group) for name, group in groups.items()})  # type: ignore[arg-type]
    return [result for result in check_records(records) if result.check == check]


def verdicts(check: str, **groups: Iterable[object]) -> list[tuple[str, str, str]]:
    return [(str(r.verdict), r.left.printed, r.right.printed) for r in results(check, **groups)]


# What agrees and what cannot be told


def test_a_sum_of_sources_names_the_sources_it_was_made_of() -> None:
    parts = [
        fund("财政拨款", budget_full="7.00"),
        fund("本级安排", budget_full="7.00"),
        fund("其他资金", budget_full="3.00"),
    ]
    (found,) = [
        result
        for result in results("fund-sources", funds=[fund(budget_initial=None, executed=None), *parts])
        if result.left.records[0].budget_full == "10.00"  # type: ignore[union-attr]
    ]
    assert found.verdict is Verdict.AGREES
    assert set(found.right.records) in ({parts[0], parts[2]}, {parts[1], parts[2]})


def test_a_total_beside_one_source_alone_is_no_sum() -> None:
    empty = fund("其他资金", budget_initial="0", budget_full="0", executed="0")
    assert verdicts("fund-sources", funds=[fund(), fund("财政拨款"), empty]) == []


@pytest.mark.parametrize("name", ["合计", "年度财政资金总额", "部门整体支出总额", "资金总额"])
def test_totals_of_other_forms(name: str) -> None:
    rows = [
        fund(name, budget_initial=None, executed=None),
        *(fund(f"来源{n}", budget_full="4.00") for n in (1, 2)),
    ]
    assert verdicts("fund-sources", funds=rows) == [("contradicts", "10.00", "8.00")]


def test_a_rate_that_agrees_and_one_whose_amounts_are_not_printed() -> None:
    assert verdicts("execution-rate", funds=[fund()]) == [("agrees", "90%", "90.00%")]
    (untold,) = results("execution-rate", funds=[fund(budget_full=None)])
    assert untold.verdict is Verdict.CANNOT_TELL


def test_weights_and_scores_that_agree_name_all_they_add_up() -> None:
    rows = [indicator(weight="50", score="48"), indicator(weight="40", score="38", level3="巡检次数")]
    groups = {"projects": [project("95")], "indicators": rows, "funds": [fund(weight="10", score="9")]}
    (weights,) = results("indicator-weights", **groups)
    assert (weights.verdict, weights.left.records) == (Verdict.AGREES, tuple(rows))
    (scores,) = results("score-total", **groups)
    assert (scores.verdict, scores.right.printed) == (Verdict.AGREES, "95")
    assert set(scores.right.records) == {*rows, *groups["funds"]}


def test_the_points_printed_beside_a_level() -> None:
    rows = [
        indicator(weight="20", level1="产出指标（50分）"),
        indicator(weight="30", level1="产出指标（50分）", level3="巡检次数"),
        indicator(weight="50", level1="效益指标（50分）", level3="汛情预报"),
    ]
    assert verdicts("level-weights", indicators=rows) == [("agrees", "50", "50")]
    moved = [dataclasses.replace(rows[0], weight="30"), rows[1], dataclasses.replace(rows[2], weight="40")]
    assert verdicts("level-weights", indicators=moved) == [
        ("contradicts", "50", "60"),
        ("contradicts", "50", "40"),
    ]
    assert verdicts("level-weights", indicators=rows[1:]) == [("cannot_tell", "50", "30")]  # a row is missing


def test_a_level_printed_in_two_places_is_one_level() -> None:
    rows = [
        indicator(weight="20", level1="产出指标（60分）", level2="数量指标（40分）"),
        indicator(weight="20", level1="产出指标（60分）", level2="质量指标（20分）", level3="合格率"),
        indicator(weight="20", level1="产出指标（60分）", level2="数量指标（40分）", level3="巡检次数"),
    ]
    assert verdicts("level-weights", indicators=rows) == [("agrees", "60", "60"), ("agrees", "40", "40")]


def test_levels_of_one_name_under_several_goals() -> None:
    rows = [
        indicator(weight="6", level1="效益指标（6分）", level2="社会效益指标（6分）"),
        indicator(weight="10", level1="产出指标（10分）", level2="数量指标（10分）", level3="巡检次数"),
        indicator(weight="6", level1="效益指标（6分）", level2="社会效益指标（6分）", level3="汛情预报"),
    ]
    assert verdicts("level-weights", indicators=rows) == []  # of one row each: nothing to add up


def test_weights_that_leave_room_for_execution_let_its_score_count() -> None:
    rows = [indicator(weight="50", score="45"), indicator(weight="40", score="38", level3="巡检次数")]
    groups = {"projects": [project("90")], "indicators": rows, "funds": [fund(weight="10", score="9")]}
    assert verdicts("score-total", **groups) == [("contradicts", "90", "92")]
    full = [dataclasses.replace(rows[0], weight="60"), rows[1]]
    assert verdicts("score-total", **{**groups, "indicators": full}) == [("contradicts", "90", "83")]


def test_a_missing_row_is_reported_once() -> None:
    rows = [indicator(weight="50", score="48"), indicator(weight="20", score="18", level3="巡检次数")]
    groups = {"projects": [project("86")], "indicators": rows, "funds": [fund(weight="10", score="0")]}
    assert verdicts("score-total", **groups) == [("contradicts", "86", "66")]
    assert verdicts("indicator-weights", **groups) == [("cannot_tell", "70", "90")]


def test_an_evaluator_s_score_differs_in_scope() -> None:
    groups = {"projects": [project("90", narrative_score="88")]}
    assert verdicts("summary-and-table", **groups) == [("contradicts", "88", "90")]
    evaluated = verdicts("summary-and-table", **groups, statements=[said("score", "88", None)])
    assert evaluated == [("scope_differs", "88", "90")]


@pytest.mark.parametrize(
    ("words", "printed", "verdict"),
    [
        ("12.66", "126600.00", "agrees"),  # 亿元 beside 万元
        ("1000.5", "10005000", "agrees"),  # 万元 beside 元
        ("1000", "1000.46", "agrees"),  # rounded to whole 万元
        ("12.66", "136600.00", "contradicts"),
        ("10.10", "10.01", "contradicts"),
    ],
)
def test_amounts_of_the_summary_in_any_unit(words: str, printed: str, verdict: str) -> None:
    stated = project(narrative_budget=words, budget_full=printed)
    assert verdicts("summary-and-table", projects=[stated]) == [(verdict, words, printed)]


def test_a_conclusion_of_full_success_that_holds() -> None:
    groups = {"projects": [project()], "indicators": [indicator()]}
    conclusion = [said("conclusion", "绩效目标全部完成，无偏差，预算执行率90%。")]
    assert verdicts("conclusion-and-points", **groups, statements=conclusion) == [("agrees", "无偏差", "90")]
    assert verdicts("stated-execution-rate", **groups, statements=conclusion) == [("agrees", "90%", "90%")]


# Words against words


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("培训18.9万名技工，完成下达任务5.2万人的363%。", [("agrees", "363%", "363%")]),
        ("培训18.9万名技工，完成下达任务5.2万人的180%。", [("contradicts", "180%", "363%")]),
        ("培训约19万名技工，完成下达任务5.2万人的180%。", [("cannot_tell", "180%", "365%")]),
        ("走访3.1万户，完成下达任务5.2万人的180%。", []),
    ],
)
def test_the_share_of_a_task(words: str, expected: list[tuple[str, str, str]]) -> None:
    assert verdicts("share-of-task", statements=[said("outcome", words)]) == expected


def test_one_plan_in_goal_and_outcome() -> None:
    goal = said("goal", "预计招募1200名左右高校毕业生到基层服务。")

    def planned(text: str) -> list[tuple[str, str, str]]:
        return verdicts("aim-and-aim", statements=[goal, said("outcome", text)])

    assert planned("计划招募1000名高校毕业生到基层服务。") == [("contradicts", "1200", "1000")]
    assert planned("计划招募1150名高校毕业生到基层服务。") == [("agrees", "1200", "1150")]
    assert planned("实际招募817名高校毕业生到基层服务。") == []  # a result is no plan


def test_one_result_in_outcome_and_conclusion() -> None:
    outcome = said("outcome", "向享受特殊津贴的280人次专家发放补助。")

    def concluded(text: str) -> list[tuple[str, str, str]]:
        return verdicts("outcome-and-conclusion", statements=[outcome, said("conclusion", text)])

    assert concluded("同时，向享受特殊津贴的283人次专家发放了补助。") == [("contradicts", "280", "283")]
    assert concluded("同时，向享受特殊津贴的280人次专家发放补助。") == [("agrees", "280", "280")]
    assert concluded("向新选拔的42人次专家发放补助。") == []


def test_a_result_is_quoted_from_where_its_clause_begins() -> None:
    (found,) = results(
        "result-and-actual", projects=[project()],
        indicators=[indicator(level3="新招募测站志愿者人数", actual="817人")],
        statements=[said("outcome", "完成巡测61.75万人次，新招募测站志愿者819人。")],
    )  # fmt: skip
    assert "“新招募测站志愿者819人”" in found.detail


def cited(title: str, number: str | None = None) -> Law:
    return Law(title, number, "notice", 1, Source(title, page=5))


def test_a_document_cited_by_two_titles() -> None:
    long = "关于完善基层水文测站绩效工资政策保障巡测服务工作的通知"
    pair = [cited(long), cited(long.replace("工作的", "的"))]
    elsewhere = dataclasses.replace(pair[1], source=Source(pair[1].title, page=8))
    assert [verdict for verdict, _, _ in verdicts("citation-titles", laws=[pair[0], elsewhere])] == [
        "contradicts"
    ]
    assert [verdict for verdict, _, _ in verdicts("citation-titles", laws=pair)] == [
        "cannot_tell"
    ]  # listed together
    numbered = [dataclasses.replace(law, document_number=f"水文〔2024〕{n}号") for n, law in enumerate(pair)]
    assert verdicts("citation-titles", laws=numbered) == []
    others = [
        cited("云泽省水文测站运行维护项目资金使用管理办法"),
        cited("云泽省水文测站运行维护项目使用管理办法"),
    ]
    assert verdicts("citation-titles", laws=others) == []


# Printed scoring rules


def scored(row: Indicator, *rules: str, occurrence: int | None = 0) -> list[tuple[str, str, str]]:
    claims = [said("scoring_rule", rule, occurrence) for rule in rules]
    return verdicts("score-by-rule", indicators=[row], statements=claims)


def test_without_a_printed_rule_it_cannot_be_told() -> None:
    assert scored(indicator(actual="30座", score="9")) == [("cannot_tell", "9", "")]
    assert scored(indicator(actual="30座", score="9"), PROPORTION, occurrence=7) == [("cannot_tell", "9", "")]


@pytest.mark.parametrize(
    ("target", "actual", "score", "expected"),
    [
        ("≥40座", "30座", "7.5", ("agrees", "7.5", "7.5")),
        ("≥40座", "30座", "9", ("contradicts", "9", "7.5")),
        ("≥40座", "42座", "10", ("agrees", "10", "10")),
        ("≥30座", "29座", "9.66", ("agrees", "9.66", "9.67")),  # cut off instead of rounded
        ("≤8小时", "10小时", "8", ("agrees", "8", "8")),
        ("≤8小时", "10小时", "10", ("contradicts", "10", "8")),
        ("≤8次", "0次", "10", ("agrees", "10", "10")),
        ("40座", "30座", "9", ("cannot_tell", "9", "")),  # which way is better is not printed
        ("≥40座", "70座", "6", ("cannot_tell", "6", "")),  # points may be taken off for a target too low
        ("2024年底前", "2024年11月", "10", ("cannot_tell", "10", "")),
    ],
)
def test_scores_in_proportion(target: str, actual: str, score: str, expected: tuple[str, str, str]) -> None:
    row = indicator(target, actual, score=score)
    assert scored(row, PROPORTION) == [expected]
    assert scored(row, PROPORTION, occurrence=None) == [expected]


@pytest.mark.parametrize(
    ("actual", "score", "expected"),
    [
        ("达成预期指标", "8.5", ("agrees", "8.5", "8-10")),
        ("有效提升", "7", ("contradicts", "7", "8-10")),
        ("部分达成预期指标并具有一定效果", "7", ("agrees", "7", "6-8")),
        ("部分达成预期指标并具有一定效果", "9", ("contradicts", "9", "6-8")),
        ("一定程度提升", "8", ("cannot_tell", "8", "")),
    ],
)
def test_bands_of_results_in_words(actual: str, score: str, expected: tuple[str, str, str]) -> None:
    assert scored(indicator("有效提升", actual, score=score), BANDS) == [expected]


@pytest.mark.parametrize(
    ("rule", "score", "expected"),
    [
        ("得分（10分×执行率）", "9", ("agrees", "9", "9")),
        ("得分（10分×执行率）", "10", ("contradicts", "10", "9")),
        ("预算执行率≥85%得满分。", "10", ("agrees", "10", "10")),
        ("预算执行率≥95%得满分。", "7", ("cannot_tell", "7", "")),
    ],
)
def test_the_score_of_budget_execution(rule: str, score: str, expected: tuple[str, str, str]) -> None:
    rows = [fund(weight="10", score=score)]
    assert verdicts("score-by-rule", funds=rows, statements=[said("scoring_rule", rule)]) == [expected]


def test_actual_values_of_a_form_that_prints_no_units() -> None:
    rows = [indicator("≥30次", "20", "6", "4"), indicator("≥90%", "95.5", "5", "5", level3="及时率")]
    claims = [said("scoring_rule", PROPORTION)]
    found = verdicts("score-by-rule", indicators=rows, statements=claims)
    assert found == [("agrees", "4", "4"), ("agrees", "5", "5")]
    doubtful = [indicator("≥3万人", "2.5", "6", "5"), *rows]
    assert len(verdicts("score-by-rule", indicators=doubtful, statements=claims)) == 3  # 2.5万人, or 2.5人?


@pytest.mark.parametrize(
    ("text", "scores"),
    [
        ("未达到指标值，按B/A或A/B*该指标分值记分", {"higher", "lower"}),
        ("若为正向指标（即指标值为≥），则应用全年实际值（B）/年度指标值（A）×该指标分值", {"higher"}),
        ("逆向指标得分＝指标值÷实际完成值×分值", {"lower"}),
        ("得分=实际完成值/年度指标值×100%×该指标分值", {"higher"}),
        ("预算执行得分=执行数/预算数×10分", {"fund"}),
        ("未完成的，按照完成值与指标值的比例记分", {"higher"}),
        ("区间100%至80%（含80%）、80%至50%（含50%）、50%至0%", {"qualitative"}),
        ("执行率×该指标分值，最高不得超过分值上限", {"fund"}),
        ("全年预算数（A）、全年执行数（B）、执行率（B/A）、得分", set()),
        ("合同执行率100%得满分", set()),
    ],
)
def test_wordings_of_printed_rules(text: str, scores: set[str]) -> None:
    assert {rule.scores for rule in scoring_rules() if rule.found(text)} == scores


def test_a_rule_under_a_table_belongs_to_it_and_one_before_all_tables_to_all() -> None:
    projects = [project(occurrence=n, source=Source(NAME, page=page)) for n, page in enumerate((2, 4))]
    note = ("注：1.预算数为调整后数。2.", "正向指标得分=权重*B/A，得分不得突破", "权重总额。3.满意度可不评。")
    printed = document(
        paragraph("评分办法：定性指标按100-80%、80-60%、60-0%计分。", page=1),
        table([["项目名称", NAME]], page=2),
        *(paragraph(text, page=3) for text in note),
        table([["得分（10分×执行率）", "9"]], page=4),
        *(paragraph(text, page=5) for text in note),
    )
    found = [(s.occurrence, s.printed) for s in scoring_rule_statements(printed, projects)]
    rule = "2.正向指标得分=权重*B/A，得分不得突破权重总额。"
    assert found == [
        (None, "评分办法：定性指标按100-80%、80-60%、60-0%计分。"),
        (0, rule),
        (1, "得分（10分×执行率）"),
        (1, rule),
    ]


# What an auditor would ask


def test_questions_are_no_contradictions() -> None:
    low = indicator(target="≥10座", actual="42座")
    identity = DocumentIdentity("d", "厅", "部门决算", 2024, None, 9, "0", "d.pdf", "pdf", Source("厅"))
    assert find_contradictions(DisclosureRecords(identity, indicators=(low,))) == ()
    assert [r.verdict for r in results("target-too-low", indicators=[low])] == [Verdict.QUESTIONABLE]
    assert check_rules()["target-too-low"].dimension == NamedNode(PREFIXES["fg"] + "Plausibility")


@pytest.mark.parametrize(
    ("target", "actual", "asked"),
    [
        ("≥40座", "30座", True),
        ("≤8小时", "10小时", True),
        ("≥40座", "40座", False),
        ("40座", "30座", False),
        ("≤12次", "0次", False),
    ],
)
def test_full_score_below_the_target(target: str, actual: str, asked: bool) -> None:
    row = indicator(target, actual)
    assert bool(results("full-score-below-target", indicators=[row])) == asked
    rule = [said("scoring_rule", PROPORTION)]  # then the score is checked against the rule
    assert results("full-score-below-target", indicators=[row], statements=rule) == []


@pytest.mark.parametrize(
    ("target", "actual", "asked"),
    [
        ("≥10座", "16座", True),
        ("≥10座", "15座", False),  # 150 % is let pass
        ("≥1本", "2本", False),  # one more is little
        ("≤10小时", "2小时", False),
        ("≥60%", "95%", True),
        ("≥1万人", "7.24万人", True),
    ],
)
def test_a_target_far_below_the_actual_value(target: str, actual: str, asked: bool) -> None:
    assert bool(results("target-too-low", indicators=[indicator(target, actual)])) == asked
    assert check_parameters("target-too-low").text(FG.threshold) == "1.5"


def test_points_lost_on_a_target_that_was_met() -> None:
    assert verdicts("points-lost-though-met", indicators=[indicator(score="9")]) == [
        ("questionable", "10", "9")
    ]
    assert results("points-lost-though-met", indicators=[indicator(actual="30座", score="9")]) == []
    assert results("points-lost-though-met", indicators=[indicator(actual="90座", score="5")]) == []


def test_scores_of_a_project_that_spent_nothing() -> None:
    idle = project(executed="0", rate="0%")
    assert verdicts("scored-without-spending", projects=[idle], indicators=[indicator()]) == [
        ("questionable", "0%", "10")
    ]
    assert results("scored-without-spending", projects=[project()], indicators=[indicator()]) == []


def test_points_lost_without_a_reason() -> None:
    lost = indicator(actual="30座", score="7")
    explained = dataclasses.replace(lost, level3="巡检次数", reason="汛期道路中断，巡检未能按计划开展。")
    asked = verdicts("reason-missing", indicators=[lost, explained])
    assert asked == [("questionable", "7/10", "")]
    named = [said("conclusion", "维护测站数量未达目标，原因是设备到货较晚。")]
    assert results("reason-missing", indicators=[lost, explained], statements=named) == []
    cause = Finding(0, NAME, "problem_cause", "设备到货较晚", None, Source("设备到货较晚", page=5))
    assert results("reason-missing", indicators=[lost, explained], findings=[cause]) == []
    assert results("reason-missing", indicators=[explained]) == []


def test_a_reason_for_a_shortfall_that_is_none() -> None:
    reason = "设备到货较晚，部分测站未能按时维护。"
    assert results("reason-without-shortfall", indicators=[indicator(actual="40座", reason=reason)])
    for row in (
        indicator(actual="30座", score="7", reason=reason),
        indicator(actual="60座", reason="新增测站较多，超额完成。"),
        indicator(actual="40座", reason="无"),
    ):
        assert results("reason-without-shortfall", indicators=[row]) == []


def test_one_reason_for_many_indicators() -> None:
    reason = "受汛期影响，部分工作推进较慢，今后加强管理。"
    rows = [
        indicator(actual="30座", score="7", level3=f"指标{n}", reason=reason.replace("较慢", f"较慢{n}"))
        for n in range(4)
    ]
    (found,) = results("repeated-reason", indicators=rows)
    assert (found.right.printed, found.left.records) == ("4个指标", tuple(rows))
    assert results("repeated-reason", indicators=rows[:3]) == []
    assert (
        results("repeated-reason", indicators=[dataclasses.replace(row, reason="无") for row in rows]) == []
    )


@pytest.mark.parametrize(("seed", "format"), [(1, "xlsx"), (3, "text"), (4, "docx"), (9, "docx")])
def test_the_questions_planted_in_samples_are_asked_and_no_others(
    seed: int, format: str, tmp_path: Path
) -> None:
    disclosure, layout = random_disclosure(seed, format=format, planted=False)
    path = tmp_path / f"sample{suffix(layout)}"
    planted = render(with_questions(disclosure), layout, path)["questions"]
    assert len(planted) == 2
    found = check_records(recognise(read(path)))
    asked = {
        (result.check, result.left.printed, result.right.printed)
        for result in found
        if result.verdict is Verdict.QUESTIONABLE
    }
    assert asked == {(each["check"], each["target"], each["actual"]) for each in planted}
    assert [result for result in found if result.verdict is Verdict.CONTRADICTS] == []


# Words against an indicator by its name


def test_batches_of_so_many_against_the_target() -> None:
    row = indicator("≥1260人", "2284人", level3="培训人数")

    def aimed(text: str, *more: Indicator) -> list[tuple[str, str, str]]:
        return verdicts("batches-and-target", indicators=[row, *more], statements=[said("goal", text)])

    assert aimed("每期240人，全年举办12期。") == [("contradicts", "2880", "1260")]
    assert aimed("每期105人，全年举办12期。") == [("agrees", "1260", "1260")]
    assert aimed("每期240人，第一季度举办12期，第二季度举办3期。") == []
    assert aimed("每期240人，全年举办12期。", indicator("≥30人", level3="讲师人数")) == []


def test_a_result_right_behind_an_indicator_s_name() -> None:
    row = indicator("≥1000人", "≥817人", level3="新招募“三支一扶”人员人数")

    def told(text: str, *more: Indicator) -> list[tuple[str, str, str]]:
        return verdicts("result-and-actual", indicators=[row, *more], statements=[said("outcome", text, 3)])

    assert told("全省招募“三支一扶”人员819名。") == [("contradicts", "819", "817")]
    assert told("全省招募“三支一扶”人员817名。") == [("agrees", "817", "817")]
    assert told("2021年招募“三支一扶”人员819名，计划招募“三支一扶”人员1000名。") == []
    assert told("全省招募退役军人819名。") == []
    other = dataclasses.replace(row, actual="819人", occurrence=2)
    assert told("全省招募“三支一扶”人员819名。", other) == [("agrees", "819", "819")]
