"""Scores, reasons and conclusions of performance tables (自评得分, 偏差原因, 自评结论)."""

from __future__ import annotations

from performance_tables import EVALUATION, grid, paragraph, read

from fiscalgraph.extract.recognise.performance_findings import split_conclusion


def test_score_is_read_from_the_total_row_and_reasons_become_findings() -> None:
    records = read(
        grid(
            "项目名称||档案整理||||||",
            EVALUATION,
            "|产出指标|数量指标|卷数|≥9卷|8卷|90|80|纸张到货较晚。",
            "|||页数|≥9页|9页|0|0|无",
            "总 分||||||90|80|",
            "自评结论|完成情况良好。下一步，我们将提前采购纸张。|||||||",
        )
    )
    assert records.projects[0].score == "80"
    assert [(finding.kind, finding.text) for finding in records.findings] == [
        ("underperformance_reason", "纸张到货较晚。"),
        ("improvement_measure", "我们将提前采购纸张"),
    ]


def test_one_reason_in_the_headers_place_is_a_finding_of_the_project() -> None:
    reason = "批复到达太晚，采购未能在年内完成，资金结转下年使用。"
    records = read(
        grid(
            "项目名称||平台建设||||||",
            f"绩效|一级指标|二级指标|三级指标|年度指标值|实际完成值|分值|得分|{reason}",
            "|产出指标|数量指标|子系统|=3个|0|90|0|",
        )
    )
    assert [finding.text for finding in records.findings] == [reason]
    assert records.indicators[0].reason is None


def test_conclusion_printed_below_the_table_one_character_a_line() -> None:
    form = grid("项目名称||平台建设||||||", EVALUATION, "|产出指标|数量指标|子系统|=3个|2个|90|60|")
    label = [paragraph(character) for character in "自评结论"]
    records = read(form, *label, paragraph("数量指标未完成，主要原因是设备停产。"))
    assert [finding.text for finding in records.findings] == ["数量指标未完成，主要原因是设备停产"]
    assert records.consumed == {0, 1, 2, 3, 4, 5}


def test_conclusions_without_praise_and_budget_requests() -> None:
    text = (
        "项目执行率100%，任务全部完成，但培训人数指标未完成，主要原因是报名者较少。"
        "建议以后年度预算继续保留该项目。今后将提前发布通知。"
    )
    assert split_conclusion(text) == [
        ("problem_cause", "培训人数指标未完成，主要原因是报名者较少"),
        ("improvement_measure", "今后将提前发布通知"),
    ]


def test_a_clause_that_gives_cause_and_effect_stands_without_the_one_before() -> None:
    text = "共组织五批职工参加培训，因每批须满三十人，余下经费无法支撑第六批成行。总体情况较好。"
    assert split_conclusion(text) == [("problem_cause", "因每批须满三十人，余下经费无法支撑第六批成行")]


def test_conclusion_under_its_own_headings() -> None:
    text = "1.完成情况：任务完成。2.存在问题：批复较晚，资金结转。3.下一步改进意见及建议：加强采购管理。"
    assert split_conclusion(text) == [
        ("problem_cause", "批复较晚，资金结转"),
        ("improvement_measure", "加强采购管理"),
    ]


def test_enumerated_causes_are_single_findings() -> None:
    records = read(
        grid(
            "项目名称||平台建设||||||",
            EVALUATION,
            "|产出指标|数量指标|子系统|=3个|2个|90|60|",
            "总分||||||90|60|",
            "存在问题及原因|1.设备停产。2.人手不足，一是调走两人，二是未补。|||||||",
        )
    )
    assert [(finding.ordinal, finding.text) for finding in records.findings] == [
        (1, "设备停产"),
        (2, "人手不足，一是调走两人，二是未补"),
    ]


def test_a_sentence_before_an_enumeration_is_a_finding_too() -> None:
    records = read(
        grid(
            "项目名称||档案整理||||||",
            EVALUATION,
            "|产出指标|数量指标|卷数|≥9卷|9卷|90|90|",
            "改进措施及结果应用方案|多种渠道宣传整理办法。一是印发手册；二是举办讲座。|||||||",
        )
    )
    assert [(finding.ordinal, finding.text) for finding in records.findings] == [
        (None, "多种渠道宣传整理办法"),
        (1, "印发手册"),
        (2, "举办讲座"),
    ]


def test_the_last_row_of_a_form_that_no_rule_closes() -> None:
    form = grid("项目名称||档案整理||||||", EVALUATION, "|产出指标|数量指标|卷数|≥9卷|8卷|90|80|")
    note = "1.提前采购纸张，按月核对库存。2.与供货方签订框架协议。"
    records = read(form, paragraph("改进措施及结果应"), paragraph(note), paragraph("用方案"))
    assert [(finding.kind, finding.text) for finding in records.findings] == [
        ("improvement_measure", "提前采购纸张，按月核对库存"),
        ("improvement_measure", "与供货方签订框架协议"),
    ]
    assert records.consumed == {0, 1, 2, 3}


def test_a_label_printed_again_before_its_text_is_no_part_of_it() -> None:
    records = read(
        grid("项目名称|河道巡查", EVALUATION, "改进措施|改进措施：一是增加巡查次数。二是按月核对台账。"),
    )
    assert [found.text for found in records.findings] == ["增加巡查次数", "按月核对台账"]
