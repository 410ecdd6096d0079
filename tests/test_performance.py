"""Performance tables (绩效目标表, 绩效自评表): what a row's cells mean, whatever their columns."""

from __future__ import annotations

import pytest

from fiscalgraph.extract.document import Block, Cell, ColumnTrust, Document, Paragraph, Place, Run, Table
from fiscalgraph.extract.recognise.performance import PerformanceRecords, recognise_performance
from fiscalgraph.extract.recognise.performance_findings import split_conclusion
from fiscalgraph.extract.recognise.performance_vocabulary import (
    FundColumn,
    IndicatorColumn,
    Label,
    fund_column,
    fund_source,
    indicator_column,
    is_level1,
    is_level2,
    is_total_fund,
    label_of,
    money_unit,
    title_of,
)

EVALUATION = "绩效|一级指标|二级指标|三级指标|年度指标值(A)|实际完成值(B)|分值|得分|未完成原因分析"
FUNDS = "项目资金（元）|资金来源|年初预算数|全年预算数(A)|全年执行数(B)|分值|执行率|得分|"
TARGET = "绩效指标|一级指标|二级指标|三级指标|指标值|分值(90)"
TARGET_HEAD = (
    "项目名称||河道巡查|||",
    "主管部门及代码||[301]水务局|实施单位|河道管理所|",
    "项目资金（万元）|年度资金总额：||12.50||执行率分值(10)",
    "|其中：财政拨款||12.00||",
    "|上年结转||0.50||",
    "|其他资金||-||",
)


def grid(*rows: str, trust: ColumnTrust = ColumnTrust.DRIFTING, line: int = 1) -> Table:
    """A table whose rows are written with | between cells."""
    cells = [
        Cell(text, row, column, place=Place(line=line + row))
        for row, text_row in enumerate(rows)
        for column, text in enumerate(text_row.split("|"))
    ]
    return Table(tuple(cells), Place(line=line), trust)


def merged(*cells: tuple[str, int, int, int, int]) -> Table:
    """A table of (text, row, column, row span, column span) with known columns."""
    made = tuple(
        Cell(text, row, column, row_span, column_span) for text, row, column, row_span, column_span in cells
    )
    return Table(made, Place(page=1), ColumnTrust.KNOWN)


def paragraph(text: str) -> Paragraph:
    return Paragraph((Run(text, Place()),))


def read(*blocks: Block) -> PerformanceRecords:
    return recognise_performance(Document("d", "d.txt", "0" * 64, "text", blocks))


def names(records: PerformanceRecords) -> list[str | None]:
    return [indicator.level3 for indicator in records.indicators]


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


def test_level_cells_hold_for_the_rows_below() -> None:
    records = read(
        grid(
            *TARGET_HEAD,
            TARGET,
            "|产出指标|数量指标|巡查次数|≥40次|30",
            "|||清理垃圾|≥9吨|30",
            "|效益指标|生态效益指标|水质|改善|30",
        )
    )
    levels = [(indicator.level1, indicator.level2) for indicator in records.indicators]
    assert levels == [("产出指标", "数量指标"), ("产出指标", "数量指标"), ("效益指标", "生态效益指标")]


def test_rows_drifted_left_or_right_are_read_by_order() -> None:
    records = read(
        grid(
            *TARGET_HEAD,
            TARGET,
            "|产出指标|数量指标|巡查次数|≥40次|30",
            "|清理垃圾|||≥9吨|30|",
            "|||水质达标||≥90%|30",
        )
    )
    assert names(records) == ["巡查次数", "清理垃圾", "水质达标"]
    assert [indicator.target for indicator in records.indicators] == ["≥40次", "≥9吨", "≥90%"]
    assert [indicator.weight for indicator in records.indicators] == ["30", "30", "30"]


def test_weight_cut_off_at_the_row_end_stays_empty() -> None:
    records = read(
        grid(
            *TARGET_HEAD,
            TARGET,
            "|产出指标|数量指标|巡查次数|≥40次|30",
            "||产出指标|时效指标|完成月份|11月底前",
        )
    )
    late = records.indicators[1]
    assert (late.level2, late.level3, late.target, late.weight) == ("时效指标", "完成月份", "11月底前", None)


def test_a_lone_value_is_the_target_and_a_lone_figure_is_nobodys() -> None:
    records = read(
        grid(
            "项目名称||平台建设||||||",
            EVALUATION,
            "|产出指标|数量指标|子系统数量||=3个||||0",
        )
    )
    (indicator,) = records.indicators
    assert (indicator.target, indicator.actual, indicator.weight, indicator.score) == (
        "=3个",
        None,
        None,
        None,
    )


def test_a_row_whose_name_is_its_levels_word() -> None:
    records = read(
        grid(
            "项目名称||平台建设||||||",
            EVALUATION,
            "|产出指标(50分)|成本指标|控制率|=100%|=100%|45|45|",
            "|成本指标||≤25万元|≤25万元|5|5||",
        )
    )
    second = records.indicators[1]
    assert (second.level2, second.level3, second.target) == ("成本指标", "成本指标", "≤25万元")


def test_label_printed_after_the_page_break_covers_the_rows_before() -> None:
    first = grid(
        "项目名称||人才津贴||||||",
        EVALUATION,
        "||数量指标|发放人数|≥20人|≥16人|20|16|报名者少于预期。",
        "||质量指标|考核合格率|=100%|=100%|20|20|",
        "|||成本控制率|=100%|=100%|5|5|",
    )
    second = grid(
        "绩效指标|产出指标(50分)|成本指标|发放标准|2万元|达成|5|5|",
        "|效益指标(30分)|社会效益指标|尊重人才|营造|达成|30|30|",
    )
    records = read(first, second)
    assert {indicator.level1 for indicator in records.indicators[:4]} == {"产出指标(50分)"}
    assert [indicator.level2 for indicator in records.indicators[:4]] == [
        "数量指标",
        "质量指标",
        "成本指标",
        "成本指标",
    ]


def test_row_one_column_too_far_left_belongs_to_the_next_pages_label() -> None:
    first = grid(
        "项目名称||人才培训||||||",
        EVALUATION,
        "|产出指标(50分)|数量指标|培训人次|≥60人|≥60人|20|20|",
        "|||资助人数|≥10人|≥10人|20|20|",
        "||培训合格率|≥80%|≥80%|5|5||",
    )
    second = grid("标|质量指标|引进比例|≥80%|≥80%|5|5||")
    records = read(first, second)
    assert [indicator.level2 for indicator in records.indicators] == [
        "数量指标",
        "数量指标",
        "质量指标",
        "质量指标",
    ]


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


def test_merged_cells_and_a_page_without_header() -> None:
    first = merged(
        ("项目名称", 0, 0, 1, 2), ("信息运维", 0, 2, 1, 4),
        ("绩效指标", 1, 0, 3, 1), ("一级指标", 1, 1, 1, 1), ("二级指标", 1, 2, 1, 1),
        ("三级指标", 1, 3, 1, 1),
        ("指标值", 1, 4, 1, 1), ("分值", 1, 5, 1, 1),
        ("产出指标", 2, 1, 2, 1), ("数量指标", 2, 2, 2, 1), ("设备数量", 2, 3, 1, 1), ("≥9台", 2, 4, 1, 1),
        ("20", 2, 5, 1, 1), ("网点数量", 3, 3, 1, 1), ("≥2个", 3, 4, 1, 1), ("20", 3, 5, 1, 1),
    )  # fmt: skip
    second = merged(
        ("", 0, 0, 2, 1), ("", 0, 1, 1, 1), ("巡检次数", 0, 2, 1, 1), ("≥4次", 0, 3, 1, 1),
        ("20", 0, 4, 1, 1),
        ("效益指标", 1, 0, 1, 1), ("社会效益指标", 1, 1, 1, 1), ("服务", 1, 2, 1, 1), ("良好", 1, 3, 1, 1),
        ("30", 1, 4, 1, 1),
    )  # fmt: skip
    records = read(first, second)
    assert [(i.level1, i.level2, i.level3, i.weight) for i in records.indicators] == [
        ("产出指标", "数量指标", "设备数量", "20"),
        ("产出指标", "数量指标", "网点数量", "20"),
        ("产出指标", "数量指标", "巡检次数", "20"),
        ("效益指标", "社会效益指标", "服务", "30"),
    ]


def test_blank_level_cell_at_the_page_end_has_its_words_on_the_next_page() -> None:
    first = merged(
        ("项目名称", 0, 0, 1, 1), ("执法检查", 0, 1, 1, 3),
        ("一级指标", 1, 0, 1, 1), ("二级指标", 1, 1, 1, 1), ("三级指标", 1, 2, 1, 1), ("指标值", 1, 3, 1, 1),
        ("产出指标", 2, 0, 3, 1), ("数量指标", 2, 1, 1, 1), ("检查次数", 2, 2, 1, 1), ("9次", 2, 3, 1, 1),
        ("", 3, 1, 2, 1), ("合格率", 3, 2, 1, 1), ("90%", 3, 3, 1, 1),
        ("结案率", 4, 2, 1, 1), ("95%", 4, 3, 1, 1),
    )  # fmt: skip
    second = merged(
        ("产出指标", 0, 0, 2, 1), ("质量指标", 0, 1, 1, 1), ("差错率", 0, 2, 1, 1), ("1%", 0, 3, 1, 1),
        ("", 1, 1, 1, 1), ("及时率", 1, 2, 1, 1), ("99%", 1, 3, 1, 1),
    )  # fmt: skip
    # The last blank cell merges nothing: such tables leave repeated words out.
    assert [i.level2 for i in read(first, second).indicators] == [
        "数量指标",
        "质量指标",
        "质量指标",
        "质量指标",
        "质量指标",
    ]


def test_row_cut_by_the_page_break_is_joined() -> None:
    head = (
        ("项目名称", 0, 0, 1, 1), ("执法检查", 0, 1, 1, 4),
        ("一级指标", 1, 0, 1, 1), ("二级指标", 1, 1, 1, 1), ("三级指标", 1, 2, 1, 1), ("指标值", 1, 3, 1, 1),
        ("分值", 1, 4, 1, 1),
    )  # fmt: skip
    first = merged(
        *head, ("产出指标", 2, 0, 1, 1), ("数量指标", 2, 1, 1, 1), ("检查经营单位及", 2, 2, 1, 1),
        ("9次", 2, 3, 1, 1),
        ("90", 2, 4, 1, 1),
    )  # fmt: skip
    second = merged(
        ("", 0, 0, 1, 1), ("", 0, 1, 1, 1), ("其仓库", 0, 2, 1, 1), ("以上", 0, 3, 1, 1), ("", 0, 4, 1, 1)
    )
    (indicator,) = read(first, second).indicators
    assert (indicator.level3, indicator.target, indicator.weight) == ("检查经营单位及其仓库", "9次以上", "90")


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


def test_whole_department_form() -> None:
    records = read(
        paragraph("部门整体绩效自评表"),
        merged(
            ("部门（单位）名称", 0, 0, 1, 2), ("水务局", 0, 2, 1, 3),
            ("一级指标", 1, 0, 1, 1), ("二级指标", 1, 1, 1, 1), ("三级指标", 1, 2, 1, 1),
            ("年度指标值", 1, 3, 1, 1),
            ("自评得分", 1, 4, 1, 1),
            ("产出指标", 2, 0, 1, 1), ("数量指标", 2, 1, 1, 1), ("会议次数", 2, 2, 1, 1), ("9次", 2, 3, 1, 1),
            ("8", 2, 4, 1, 1),
            ("总分值、评价总分(S)", 3, 0, 1, 3), ("92.33", 3, 3, 1, 2),
        ),
    )  # fmt: skip
    (project,) = records.projects
    assert (project.scope, project.project, project.department, project.score) == (
        "department",
        "水务局",
        "水务局",
        "92.33",
    )


def test_a_table_of_something_else_ends_the_form_and_is_left_alone() -> None:
    form = grid(*TARGET_HEAD, TARGET, "|产出指标|数量指标|巡查次数|≥40次|90")
    other = grid("科目编码|科目名称|合计|基本支出", "2080101|行政运行|12.00|12.00")
    records = read(form, paragraph("一般公共预算支出表"), other)
    assert len(records.indicators) == 1
    assert records.consumed == {0}


def test_a_list_header_is_not_a_form() -> None:
    records = read(grid("序号|项目名称|经济科目|总计|上年结转", "1|河道巡查|办公费|3.00|0.00"))
    assert records == PerformanceRecords()


def test_empty_template_gives_nothing() -> None:
    records = read(
        grid("项目名称||", "主管部门||", "一级指标|二级指标|三级指标", "产出指标|数量指标|", "|质量指标|")
    )
    assert records == PerformanceRecords()


def test_document_without_performance_tables() -> None:
    assert read(paragraph("绩效管理工作情况说明")) == PerformanceRecords()


def test_list_of_projects_with_indicator_rows() -> None:
    records = read(
        paragraph("单位：万元"),
        merged(
            ("单位（项目）名称", 0, 0, 2, 1), ("资金总额", 0, 1, 2, 1), ("绩效目标", 0, 2, 2, 1),
            ("绩效指标", 0, 3, 1, 6),
            ("一级指标", 1, 3, 1, 1), ("二级指标", 1, 4, 1, 1), ("三级指标", 1, 5, 1, 1),
            ("指标值", 1, 6, 1, 1),
            ("度量单位", 1, 7, 1, 1), ("指标值类型", 1, 8, 1, 1),
            ("合计", 2, 0, 1, 1), ("9.00", 2, 1, 1, 1), ("", 2, 2, 1, 7),
            ("水务局", 3, 0, 1, 1), ("9.00", 3, 1, 1, 1), ("", 3, 2, 1, 7),
            ("河道巡查", 4, 0, 2, 1), ("9.00", 4, 1, 2, 1), ("保持清洁", 4, 2, 2, 1),
            ("产出指标", 4, 3, 2, 1), ("数量指标", 4, 4, 1, 1), ("巡查次数", 4, 5, 1, 1), ("40", 4, 6, 1, 1),
            ("次", 4, 7, 1, 1),
            ("≥", 4, 8, 1, 1),
            ("质量指标", 5, 4, 1, 1), ("水面", 5, 5, 1, 1), ("清洁", 5, 6, 1, 1), ("", 5, 7, 1, 1),
            ("定性", 5, 8, 1, 1),
        ),
    )  # fmt: skip
    (project,) = records.projects
    assert (project.project, project.implementing_unit, project.unit, project.budget_initial) == (
        "河道巡查",
        "水务局",
        "万元",
        "9.00",
    )
    assert [(i.level1, i.level2, i.target) for i in records.indicators] == [
        ("产出指标", "数量指标", "≥40次"),
        ("产出指标", "质量指标", "清洁"),
    ]


def test_project_repeated_at_the_next_pages_top_is_one() -> None:
    def page(name: str, target: str) -> Table:
        return grid(
            "项目名称|金额|绩效目标|一级指标|二级指标|三级指标|指标值",
            f"河道巡查|9.00|保持清洁|产出指标|数量指标|{name}|{target}",
            trust=ColumnTrust.KNOWN,
        )

    records = read(page("巡查次数", "40次"), page("清理次数", "9次"))
    assert len(records.projects) == 1
    assert names(records) == ["巡查次数", "清理次数"]


def test_indicators_written_into_one_cell() -> None:
    coded = (
        "1、1-产出指标；11-数量指标；巡查次数；实施周期指标值:≥90次；年度指标值:≥40次。"
        "2、3-满意度指标；31-服务对象满意度；居民；实施周期指标值:95%；年度指标值:90%。"
    )
    records = read(
        grid(
            "项目名称|总计|财政拨款|绩效目标|绩效指标",
            f"河道巡查|9.00|9.00|保持清洁|{coded}",
            trust=ColumnTrust.KNOWN,
        )
    )
    assert [(i.level1, i.level2, i.level3, i.target) for i in records.indicators] == [
        ("产出指标", "数量指标", "巡查次数", "≥40次"),
        ("满意度指标", "服务对象满意度", "居民", "90%"),
    ]
    assert [(fund.fund, fund.budget_initial) for fund in records.funds] == [
        ("总计", "9.00"),
        ("财政拨款", "9.00"),
    ]


@pytest.mark.parametrize(("last", "weights"), [("30", ["60", "30"]), ("31", [None, None])])
def test_remarks_are_weights_only_if_they_add_up(last: str, weights: list[str | None]) -> None:
    records = read(
        grid(
            "项目名称|金额|绩效目标|一级指标|二级指标|三级指标|指标值|备注",
            "河道巡查|9.00|保持清洁|产出指标|数量指标|巡查次数|40次|60",
            f"||||效益指标|水面|清洁|{last}",
            trust=ColumnTrust.KNOWN,
        )
    )
    assert [indicator.weight for indicator in records.indicators] == weights


def test_points_in_the_name_are_the_weight_where_no_column_prints_it() -> None:
    records = read(
        grid(
            "项目名称|河道巡查|||",
            "一级指标|二级指标|三级指标|年初目标值(A)|实际完成值(B)|得分",
            "产出指标（40分）|数量指标（18分）|巡查次数（2分）|40次|41次|2",
            trust=ColumnTrust.KNOWN,
        )
    )
    (indicator,) = records.indicators
    assert (indicator.weight, indicator.score) == ("2", "2")


def test_same_input_gives_same_records() -> None:
    table = grid(*TARGET_HEAD, TARGET, "|产出指标|数量指标|巡查次数|≥40次|90")
    assert read(table) == read(table)


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("项目名称", Label.PROJECT),
        ("主 管 部 门\n及代码", Label.DEPARTMENT),
        ("项目实施单位：", Label.UNIT),
        ("专项资金情况（万元）", Label.FUNDS),
        ("预算执行情况（万元）（20分）", Label.FUNDS),
        ("年度总体目标", Label.GOAL),
        ("总 分", Label.TOTAL),
        ("自评结论", Label.CONCLUSION),
        ("偏差大或目标未完成原因分析", Label.PROBLEM),
        ("改进措施及结果应用方案", Label.MEASURE),
        ("河道巡查经费", None),
        ("年度资金总额：", None),
    ],
)
def test_labels(text: str, label: Label | None) -> None:
    assert label_of(text) is label


@pytest.mark.parametrize(
    ("text", "column"),
    [
        ("年度指标值(A)", IndicatorColumn.TARGET),
        ("年度(/项目)指标值", IndicatorColumn.TARGET),
        ("实施周期指标值", IndicatorColumn.CYCLE_TARGET),
        ("实际完\n成值", IndicatorColumn.ACTUAL),
        ("分值权重（90）", IndicatorColumn.WEIGHT),
        ("指标权重(%)", IndicatorColumn.WEIGHT),
        ("自评得分", IndicatorColumn.SCORE),
        ("偏差原因分析及改进措施", IndicatorColumn.REASON),
        ("指标内容", IndicatorColumn.LEVEL3),
        ("巡查次数", None),
    ],
)
def test_indicator_columns(text: str, column: IndicatorColumn | None) -> None:
    assert indicator_column(text) is column


@pytest.mark.parametrize(
    ("text", "column"),
    [
        ("年初部门预算安排金额（含历年结余结转）①", FundColumn.INITIAL),
        ("小计③=①+②", FundColumn.FULL),
        ("年度拨付金额④", FundColumn.EXECUTED),
        ("支出实现率(%)⑤=④/③", FundColumn.RATE),
        ("年中调整金额②", FundColumn.IGNORED),
        ("预算数（A）", FundColumn.FULL),
        ("预算数", FundColumn.PLAIN),
    ],
)
def test_fund_columns(text: str, column: FundColumn) -> None:
    assert fund_column(text) is column


def test_level_words_with_points_and_blanks() -> None:
    assert is_level1("产出指标 (50分)")
    assert is_level2("社会效益\n指标")
    assert is_level1("成本指标")
    assert is_level2("成本指标")
    assert not is_level1("数量指标")
    assert not is_level2("产品数量")


def test_fund_names_and_totals() -> None:
    assert fund_source("-----其中: 上级补助:") == "上级补助"
    assert fund_source("①中央财政资金") == "中央财政资金"
    assert is_total_fund("年度财政资金总额")
    assert not is_total_fund("项目支出总额")
    assert money_unit("项目资金\n（万元）") == "万元"
    assert money_unit("单位：元", caption=True) == "元"
    assert money_unit("多元发展") is None


def test_titles_name_projects() -> None:
    assert title_of("河道巡查项目绩效目标表") == "河道巡查"
    assert title_of("项目支出绩效自评表") is not None
    assert title_of("一般公共预算支出表") is None


def test_conclusions_without_praise_and_budget_requests() -> None:
    text = (
        "项目执行率100%，任务全部完成，但培训人数指标未完成，主要原因是报名者较少。"
        "建议以后年度预算继续保留该项目。今后将提前发布通知。"
    )
    assert split_conclusion(text) == [
        ("problem_cause", "培训人数指标未完成，主要原因是报名者较少"),
        ("improvement_measure", "今后将提前发布通知"),
    ]


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
