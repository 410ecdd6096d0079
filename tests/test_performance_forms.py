"""Performance forms (绩效目标表, 绩效自评表): what a row's cells mean, whatever their columns."""

from __future__ import annotations

from performance_tables import EVALUATION, TARGET, TARGET_HEAD, grid, merged, names, paragraph, read

from fiscalgraph.extract.document import Cell, ColumnTrust, Place, Table
from fiscalgraph.extract.recognise.performance import PerformanceRecords


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


def test_level_name_cut_by_the_page_break_is_joined() -> None:
    head = tuple((text, 0, column, 1, 1) for column, text in enumerate(TARGET.split("|")))
    first = merged(
        ("项目名称", 0, 0, 1, 1),
        ("河道巡查", 0, 1, 1, 5),
        *((text, row + 1, column, down, across) for text, row, column, down, across in head),
        ("绩效指标", 2, 0, 1, 1),
        ("效益指", 2, 1, 1, 1),
        ("经济效益指标", 2, 2, 1, 1),
        ("避免水毁损失", 2, 3, 1, 1),
        ("≥1万元", 2, 4, 1, 1),
        ("15", 2, 5, 1, 1),
    )
    rows = (
        ("标", "社会效益指标", "带动就业", "≥50人", "15"),
        ("满意度指标", "服务对象满意度", "满意率", "≥90%", "10"),
    )
    second = merged(
        ("", 0, 0, 2, 1),
        *(
            (text, row, column + 1, 1, 1)
            for row, texts in enumerate(rows)
            for column, text in enumerate(texts)
        ),
    )
    indicators = read(first, second).indicators
    assert [indicator.level1 for indicator in indicators] == ["效益指标", "效益指标", "满意度指标"]
    assert [indicator.level3 for indicator in indicators] == ["避免水毁损失", "带动就业", "满意率"]


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


def test_reason_and_level_names_cut_by_the_page_break_are_joined() -> None:
    first = merged(
        ("项目名称", 0, 0, 1, 1), ("执法检查", 0, 1, 1, 5),
        ("一级指标", 1, 0, 1, 1), ("二级指标", 1, 1, 1, 1), ("三级指标", 1, 2, 1, 1), ("指标值", 1, 3, 1, 1),
        ("分值", 1, 4, 1, 1), ("得分", 1, 5, 1, 1), ("偏差原因", 1, 6, 1, 1),
        ("满意度指", 2, 0, 1, 1), ("服务对象满意", 2, 1, 1, 1), ("商户满意度", 2, 2, 1, 1),
        ("≥90%", 2, 3, 1, 1),
        ("10", 2, 4, 1, 1), ("8.3", 2, 5, 1, 1), ("资金三季度末", 2, 6, 1, 1),
    )  # fmt: skip
    rest = ("标(10分)", "度指标", "", "", "", "", "才拨付到位")
    second = merged(
        *((text, 0, column, 1, 1) for column, text in enumerate(rest)),
        *((text, 1, column, 1, 1) for column, text in enumerate(("", "", "总分", "", "90", "85", ""))),
    )
    (indicator,) = read(first, second).indicators
    assert (indicator.level1, indicator.level2) == ("满意度指标(10分)", "服务对象满意度指标")
    assert (indicator.level3, indicator.score) == ("商户满意度", "8.3")
    assert [finding.text for finding in read(first, second).findings] == ["资金三季度末才拨付到位"]


def test_a_level_name_alone_cut_by_the_page_break_is_joined() -> None:
    first = merged(
        ("项目名称", 0, 0, 1, 1), ("执法检查", 0, 1, 1, 3),
        ("一级指标", 1, 0, 1, 1), ("二级指标", 1, 1, 1, 1), ("三级指标", 1, 2, 1, 1), ("指标值", 1, 3, 1, 1),
        ("效益指标", 2, 0, 1, 1), ("可持续影响指", 2, 1, 1, 1), ("长期运行", 2, 2, 1, 1),
        ("稳定", 2, 3, 1, 1),
    )  # fmt: skip
    second = merged(
        ("", 0, 0, 1, 1), ("标", 0, 1, 1, 1), ("", 0, 2, 1, 1), ("", 0, 3, 1, 1),
        ("满意度指标", 1, 0, 1, 1), ("服务对象满意度指标", 1, 1, 1, 1), ("商户满意度", 1, 2, 1, 1),
        ("≥90%", 1, 3, 1, 1),
    )  # fmt: skip
    assert [(row.level1, row.level2) for row in read(first, second).indicators] == [
        ("效益指标", "可持续影响指标"),
        ("满意度指标", "服务对象满意度指标"),
    ]


def boxed(*cells: tuple[str, int, int, int, tuple[float, float] | None]) -> Table:
    """A table of (text, row, column, column span, left and right edge); blank squares have no edges."""
    made = tuple(
        Cell(
            text, row, column, column_span=span,
            place=Place(page=1, box=(ends[0], 0.0, ends[1], 9.0) if ends else None),
        )
        for text, row, column, span, ends in cells
    )  # fmt: skip
    return Table(made, Place(page=1), ColumnTrust.KNOWN)


def test_columns_of_a_page_without_rules_are_told_by_where_its_words_stand() -> None:
    ends = [(90.0, 120.0), (127.0, 157.0), (192.0, 232.0), (288.0, 318.0), (407.0, 427.0), (441.0, 461.0)]
    heads = ("一级指标", "二级指标", "三级指标", "指标值", "分值", "得分")
    rows = ("产出指标", "数量指标", "服务人次", "≥36000人", "40", "40")
    first = boxed(
        ("项目名称", 0, 0, 1, (70.0, 110.0)), ("居家养老", 0, 1, 8, (280.0, 320.0)),
        ("绩效指标", 1, 0, 1, (69.0, 79.0)), ("", 1, 3, 1, None),
        *((text, 1, at, 1, ends[at - 1]) for text, at in zip(heads[:2], (1, 2), strict=True)),
        *((text, 1, at, 1, ends[at - 2]) for text, at in zip(heads[2:], (4, 5, 6, 7), strict=True)),
        *((text, 2, at, 1, ends[at - 1]) for text, at in zip(rows[:2], (1, 2), strict=True)),
        ("服务人次", 2, 3, 2, (164.0, 204.0)),
        *((text, 2, at, 1, ends[at - 2]) for text, at in zip(rows[3:], (5, 6, 7), strict=True)),
    )  # fmt: skip
    # The label beside the block is gone; the name takes two squares, of which 总分 stands in the second.
    second = boxed(
        ("满意度指标", 0, 0, 1, ends[0]), ("服务对象满意度指标", 0, 1, 1, ends[1]),
        ("老人满意度", 0, 2, 2, (164.0, 214.0)), ("≥90%", 0, 4, 1, ends[3]),
        ("10", 0, 5, 1, ends[4]), ("9", 0, 6, 1, ends[5]),
        ("", 1, 0, 1, None), ("", 1, 1, 1, None), ("", 1, 2, 1, None), ("总分", 1, 3, 1, (224.0, 244.0)),
        ("", 1, 4, 1, None), ("50", 1, 5, 1, ends[4]), ("49", 1, 6, 1, ends[5]),
    )  # fmt: skip
    records = read(first, second)
    assert [(i.level1, i.level2, i.level3, i.weight, i.score) for i in records.indicators] == [
        ("产出指标", "数量指标", "服务人次", "40", "40"),
        ("满意度指标", "服务对象满意度指标", "老人满意度", "10", "9"),
    ]
    assert records.projects[0].score == "49"


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


def test_levels_written_into_the_indicators_name() -> None:
    records = read(
        merged(
            ("部门名称", 0, 0, 1, 2), ("水务局", 0, 2, 1, 4),
            ("整体绩效目标", 1, 0, 3, 1), ("活动", 1, 1, 1, 1), ("绩效指标", 1, 2, 1, 1),
            ("指标性质", 1, 3, 1, 1), ("指标值", 1, 4, 1, 1), ("度量单位", 1, 5, 1, 1),
            ("巡查", 2, 1, 1, 1), ("产出指标数量指标巡查次数", 2, 2, 1, 1), ("≥", 2, 3, 1, 1),
            ("40", 2, 4, 1, 1), ("次", 2, 5, 1, 1),
            ("巡查", 3, 1, 1, 1), ("水面", 3, 2, 1, 1), ("定性", 3, 3, 1, 1),
            ("优", 3, 4, 1, 1), ("", 3, 5, 1, 1),
        )
    )  # fmt: skip
    assert [(i.level1, i.level2, i.level3, i.target) for i in records.indicators] == [
        ("产出指标", "数量指标", "巡查次数", "≥40次"),
        (None, None, "水面", "优"),
    ]
    assert [(project.scope, project.project) for project in records.projects] == [("department", "水务局")]


def test_naming_row_with_the_weight_of_execution_beside_it() -> None:
    records = read(
        merged(
            ("项目名称", 0, 0, 1, 1), ("河道巡查", 0, 1, 1, 4),
            ("主管部门", 1, 0, 1, 1), ("水务局", 1, 1, 1, 1), ("实施期限", 1, 2, 1, 1), ("1年", 1, 3, 1, 1),
            ("执行率分值（10分）", 1, 4, 2, 1),
            ("资金金额（万元）", 2, 0, 1, 1), ("实施期资金总额：", 2, 1, 1, 1), ("6.00", 2, 2, 1, 1),
            ("年度资金总额：6.00", 2, 3, 1, 1),
            ("一级指标", 3, 0, 1, 1), ("二级指标", 3, 1, 1, 1), ("三级指标", 3, 2, 1, 1),
            ("指标值", 3, 3, 1, 2),
            ("产出指标", 4, 0, 1, 1), ("数量指标", 4, 1, 1, 1), ("巡查", 4, 2, 1, 1), ("9次", 4, 3, 1, 2),
        )
    )  # fmt: skip
    assert records.projects[0].department == "水务局"
    assert records.funds[0].weight == "10"


def test_a_level_of_either_kind_belongs_where_its_points_fit() -> None:
    rows = (
        "项目名称||河道巡查||||||",
        EVALUATION,
        "|产出指标（40分）|数量指标（30分）|巡查次数|≥9次|9次|30|30|",
        "||成本指标（10分）|每次费用|≤9元|8元|10|10|",
        "|效益指标（30分）|社会效益指标（30分）|投诉率|≤1%|0%|30|30|",
        "||满意度指标（10分）|群众满意率|≥90%|95%|10|10|",
    )
    indicators = read(grid(*rows)).indicators
    assert [(indicator.level1, indicator.level2) for indicator in indicators] == [
        ("产出指标（40分）", "数量指标（30分）"),
        ("产出指标（40分）", "成本指标（10分）"),
        ("效益指标（30分）", "社会效益指标（30分）"),
        ("满意度指标（10分）", None),
    ]
