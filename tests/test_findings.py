"""Problems, causes and measures in prose, and the figures prose states for a project."""

from __future__ import annotations

import pytest

from fiscalgraph.extract.document import Cell, Document, Paragraph, Place, Run, Table
from fiscalgraph.extract.enumerations import split_enumeration
from fiscalgraph.extract.recognise.findings import recognise_findings
from fiscalgraph.extract.recognise.project_narrative import recognise_project_narrative

PROBLEM, MEASURE = "problem_cause", "improvement_measure"


def document(*blocks: str | Table) -> Document:
    made = [
        Paragraph((Run(block, Place(line=n)),)) if isinstance(block, str) else block
        for n, block in enumerate(blocks, 1)
    ]
    return Document("d", "d.txt", "0", "text", tuple(made))


def read(*blocks: str | Table) -> list[tuple[str, int | None, str]]:
    return [(f.kind, f.ordinal, f.text) for f in recognise_findings(document(*blocks))]


def test_labels_within_a_paragraph() -> None:
    text = (
        "1.渠道维护项目绩效自评综述：项目自评得分为95分。项目绩效目标完成情况：完成渠道清淤。"
        "存在的问题及原因：资金下达晚，主要是审批慢；验收滞后。下一步改进措施：提前申报。"
    )
    assert read(text) == [(PROBLEM, None, "资金下达晚，主要是审批慢；验收滞后"), (MEASURE, None, "提前申报")]


def test_an_enumeration_is_split_at_its_outermost_level() -> None:
    text = "发现的主要问题及原因：一是人手不足，原因是：（1）编制少；（2）借调多。二是预算偏高。"
    assert read(text) == [
        (PROBLEM, 1, "人手不足，原因是：（1）编制少；（2）借调多"),
        (PROBLEM, 2, "预算偏高"),
    ]


@pytest.mark.parametrize(
    "text",
    [
        "一是甲项；二是乙项。",
        "1.甲项；2.乙项。",
        "（1）甲项；（2）乙项。",
        "①甲项；②乙项。",
        "第一，甲项；第二，乙项。",
    ],
)
def test_every_way_to_enumerate(text: str) -> None:
    items = [(ordinal, text[start:end].strip("；。")) for ordinal, start, end in split_enumeration(text)]
    assert items == [(1, "甲项"), (2, "乙项")]


def test_figures_and_quarters_are_no_enumeration() -> None:
    text = "第一季度支出1.5万元，2.3万元结转。"
    assert split_enumeration(text) == [(None, 0, len(text))]


def test_items_below_a_heading() -> None:
    assert read(
        "五、主要经验及做法、存在的问题及原因分析",
        "（一）主要经验及做法",
        "一是领导重视。",
        "（二）存在的主要问题及原因分析",
        "一是调研不充分；二是合同不规范。",
        "六、有关建议",
        "（一）加强调研。做好前期论证。",
        "1.先看现场。",
        "（二）规范合同。",
        "七、其他",
        "一是无关内容。",
    ) == [
        (PROBLEM, 1, "调研不充分"),
        (PROBLEM, 2, "合同不规范"),
        (MEASURE, 1, "加强调研。做好前期论证。1.先看现场"),
        (MEASURE, 2, "规范合同"),
    ]


def test_paragraphs_below_a_heading_are_one_finding_each() -> None:
    assert read(
        "3.存在的问题和原因",
        "（1）上年度结果应用情况",
        "已全部应用。",
        "（2）本年度存在的问题和原因",
        "执行率偏低。",
        "培训人数未达标。",
    ) == [
        (PROBLEM, None, "执行率偏低"),
        (PROBLEM, None, "培训人数未达标"),
    ]


def test_an_enumeration_goes_on_in_the_next_paragraph() -> None:
    assert read("4.下一步改进措施", "一是强化统筹。严控支出。", "二是扩大宣传。", "5.附注") == [
        (MEASURE, 1, "强化统筹。严控支出"),
        (MEASURE, 2, "扩大宣传"),
    ]
    assert read("下一步改进措施：（1）提前申报；", "（2）逐项督办。", "（3）年底通报。", "三、其他") == [
        (MEASURE, 1, "提前申报"),
        (MEASURE, 2, "逐项督办"),
        (MEASURE, 3, "年底通报"),
    ]


def test_a_page_number_between_items_is_no_text() -> None:
    assert read("六、有关建议", "一是加强论证。", "- 48 -", "49", "二是规范合同。") == [
        (MEASURE, 1, "加强论证"),
        (MEASURE, 2, "规范合同"),
    ]


def test_room_for_improvement_followed_by_measures() -> None:
    assert read("本次绩效评价等级为优。项目在档案管理方面还有提升空间，一是完善制度；二是配备专人。") == [
        (PROBLEM, None, "项目在档案管理方面还有提升空间"),
        (MEASURE, 1, "完善制度"),
        (MEASURE, 2, "配备专人"),
    ]


@pytest.mark.parametrize(
    "lines",
    [
        ("存在的问题及原因：无。",),
        ("3.存在的问题和原因", "本年度无未完成的绩效目标。"),
        ("偏差原因分析及改进措施", "产出指标", "数量指标"),
        ("主要产出和效益：一是修复渠道；二是改善水质。",),
        ("负责提出改进措施和建议。",),
        ("改进措施及结果应用方案", "改进措施：加强宣传，扩大受益面。"),
    ],
)
def test_what_is_no_finding(lines: tuple[str, ...]) -> None:
    assert read(*lines) == []


def project_of(*blocks: str | Table) -> set[str | None]:
    return {finding.project for finding in recognise_findings(document(*blocks))}


def test_the_project_is_that_of_the_summary() -> None:
    text = "完成任务。“渠道维护”项目绩效自评综述：得分为90分。存在的问题及原因：验收滞后。"
    assert project_of(text) == {"渠道维护"}


def test_the_project_is_that_of_the_report() -> None:
    assert project_of(
        "附件", "2024年度全省堤防加固项目", "绩效评价报告", "四、存在的问题", "一是进度较慢。"
    ) == {"全省堤防加固"}


def test_the_whole_department_is_named_so() -> None:
    assert project_of("5.部门整体支出绩效自评综述：得分为97分。存在的问题：预算偏紧。") == {"部门整体支出"}


def test_a_table_decides_how_the_project_is_written() -> None:
    table = Table((Cell("项目名称", 0, 0), Cell("农村供水保障补助资金", 0, 1)))
    text = "对2023年度云泽省农村供水保障补助资金（以下简称“资金”）开展了绩效评价。存在的问题：管护不足。"
    assert project_of(text, table) == {"农村供水保障补助资金"}


def test_the_project_ends_with_its_part() -> None:
    assert project_of(
        "1.渠道维护项目自评综述：得分为90分。", "第五部分 附件", "四、存在的问题", "一是进度较慢。"
    ) == {None}


def test_figures_of_a_summary() -> None:
    (narrative,) = recognise_project_narrative(
        document(
            "1.渠道维护项目绩效自评综述：根据年初设定的绩效目标，渠道维护项目绩效自评得分为98.0分。"
            "全年预算数为1,180.03万元，执行数为1,170.00万元，完成预算的99.1%。"
        )
    )
    assert narrative.project == "渠道维护"
    assert (narrative.narrative_score, narrative.narrative_budget) == ("98.0", "1180.03")
    assert (narrative.narrative_executed, narrative.narrative_rate) == ("1170.00", "99.1%")
    assert (narrative.unit, narrative.source.line) == ("万元", 1)


def test_figures_of_a_report_fill_what_a_summary_leaves_open() -> None:
    (narrative,) = recognise_project_narrative(
        document(
            "1.渠道维护项目绩效自评综述：项目全年预算数10.00万元，实际支出资金9.00万元，预算执行率90%。",
            "一、渠道维护项目绩效评价报告",
            "该项指标分值20分，得分17.90分。",
            "渠道维护项目综合评价得分85.19分。",
        )
    )
    assert (narrative.narrative_score, narrative.narrative_executed) == ("85.19", "9.00")


def test_a_project_without_figures_gives_no_narrative() -> None:
    assert recognise_project_narrative(document("1.渠道维护项目绩效自评综述：项目总体完成良好。")) == ()


def test_the_problem_before_its_causes_is_stated_too() -> None:
    assert read("三、存在的问题", "水费收缴有待加强。主要原因有两个方面，一是计量不足；二是宣传不够。") == [
        (PROBLEM, None, "水费收缴有待加强"),
        (PROBLEM, 1, "计量不足"),
        (PROBLEM, 2, "宣传不够"),
    ]


def test_what_is_said_of_several_projects_is_said_of_none() -> None:
    summary = "部门整体支出绩效自评综述：得分为97分。"
    several = "我局通过对“渠道维护”等7个项目的自评，得出成果。发现的问题及原因：一是经费不足。"
    assert project_of(summary, several) == {None}


def test_a_report_states_the_money_of_its_project() -> None:
    (narrative,) = recognise_project_narrative(
        document(
            "评价项目名称：2024年度堤防加固资金绩效评价",
            "项目主管部门：清河市水务局",
            "2024年堤防加固资金预算批复金额1,200万元，实际执行1,100万元，执行率91.67%。",
            "其中：东堤预算700万元，实际支出700万元，执行率100%。",
        )
    )
    assert (narrative.narrative_budget, narrative.narrative_executed) == ("1200", "1100")
    assert (narrative.narrative_rate, narrative.department) == ("91.67%", "清河市水务局")


def test_the_rate_of_a_part_is_not_the_projects() -> None:
    (narrative,) = recognise_project_narrative(
        document(
            "渠道维护项目绩效评价报告",
            "项目2024年预算金额为100万元，全年预算执行90万元。",
            "清淤预算50万元，实际支出50万元，预算执行率100%。",
        )
    )
    assert (narrative.narrative_executed, narrative.narrative_rate) == ("90", None)


def test_measures_that_a_sentence_on_problems_announces() -> None:
    assert read(
        "4.下一步拟改进措施",
        "（1）下一步拟改进措施",
        "一是提前申报；二是按月通报。",
        "（2）拟与预算安排相结合情况",
        "鉴于本次自评发现的问题，拟在下年度采取以下措施：一是细化预算；二是加强监控。",
        "（三）自评表",
    ) == [
        (MEASURE, 1, "提前申报"),
        (MEASURE, 2, "按月通报"),
        (MEASURE, 1, "细化预算"),
        (MEASURE, 2, "加强监控"),
    ]


def test_causes_that_a_report_lists_in_its_analysis() -> None:
    report = "河道清洁项目绩效评价报告"
    analysis = (
        "项目执行率95%。资金未执行完毕的主要原因：一是验收较晚；二是报销标准偏高。",
        "制度较为健全。但评价发现，过程管理仍需进一步加强：一是手续不完备；二是合同未签订。",
    )
    assert read(report, *analysis) == [
        (PROBLEM, 1, "验收较晚"),
        (PROBLEM, 2, "报销标准偏高"),
        (PROBLEM, 1, "手续不完备"),
        (PROBLEM, 2, "合同未签订"),
    ]
    assert read(*analysis) == []  # a variance that the budget's explanation tells of


def test_a_heading_and_what_follows_keep_their_marks() -> None:
    assert read(
        "五、主要问题",
        "（一）合同签订不够及时。",
        "采购方式未明确。",
        "（二）资料不全",
        "部分台账缺失。",
    ) == [(PROBLEM, 1, "合同签订不够及时。采购方式未明确"), (PROBLEM, 2, "资料不全 部分台账缺失")]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (
            "存在的问题及改进措施：一是支付进度偏慢，下一步将加快支付；二是指标不够量化，今后将细化指标。",
            [
                (PROBLEM, 1, "支付进度偏慢"),
                (MEASURE, 1, "将加快支付"),
                (PROBLEM, 2, "指标不够量化"),
                (MEASURE, 2, "今后将细化指标"),
            ],
        ),
        (
            "偏差原因及改进措施：因合同未签订，支付较慢，下一步，加快签订进度。",
            [(PROBLEM, None, "因合同未签订，支付较慢"), (MEASURE, None, "加快签订进度")],
        ),
        (
            "存在的问题及原因分析：执行率偏低，主要原因为跨年实施。下一步将加强执行管理。",
            [(PROBLEM, None, "执行率偏低，主要原因为跨年实施"), (MEASURE, None, "将加强执行管理")],
        ),
        (
            "未完成原因：受汛情影响，工程停工。下一步工作打算：加快施工。",
            [(PROBLEM, None, "受汛情影响，工程停工"), (MEASURE, None, "加快施工")],
        ),
        (
            "主要问题及原因是：一是资金下达晚；二是验收滞后。改进措施是：提前申报。",
            [(PROBLEM, 1, "资金下达晚"), (PROBLEM, 2, "验收滞后"), (MEASURE, None, "提前申报")],
        ),
        (
            "通过自评，发现以下问题：一是个别项目执行率偏低；二是部分指标未量化。"
            "针对上述问题，采取以下措施：一是加强管理；二是完善指标。",
            [
                (PROBLEM, 1, "个别项目执行率偏低"),
                (PROBLEM, 2, "部分指标未量化"),
                (MEASURE, 1, "加强管理"),
                (MEASURE, 2, "完善指标"),
            ],
        ),
        (
            "（三）存在问题。一是预算编制有待细化。二是绩效管理有待加强。",
            [(PROBLEM, 1, "预算编制有待细化"), (PROBLEM, 2, "绩效管理有待加强")],
        ),
    ],
)
def test_other_wordings_of_labels(text: str, found: list[tuple[str, int | None, str]]) -> None:
    assert read(text) == found


def test_problems_with_their_suggestions_below_one_heading() -> None:
    assert read(
        "四、存在的问题和建议",
        "（一）预算执行率偏低。建议加强调度。",
        "（二）指标不够细化。建议细化指标。",
        "五、其他事项",
    ) == [
        (PROBLEM, 1, "预算执行率偏低"),
        (MEASURE, 1, "建议加强调度"),
        (PROBLEM, 2, "指标不够细化"),
        (MEASURE, 2, "建议细化指标"),
    ]


def test_numbered_items_below_a_heading_without_a_number() -> None:
    assert read(
        "存在的主要问题：",
        "1.预算执行偏慢。",
        "2.资料归档不全。",
        "改进的方向和措施：",
        "1.加快执行。",
        "2.完善归档。",
        "4.绩效管理的其他情况。",
    ) == [
        (PROBLEM, 1, "预算执行偏慢"),
        (PROBLEM, 2, "资料归档不全"),
        (MEASURE, 1, "加快执行"),
        (MEASURE, 2, "完善归档"),
    ]


def test_measures_among_problems_with_their_measures() -> None:
    assert read(
        "四、存在的问题和建议",
        "（一）预算执行率偏低。",
        "建议加强调度。",
        "（二）加强支付管理，今后将按月通报。",
        "（三）下一步将细化指标。",
        "五、其他事项",
    ) == [
        (PROBLEM, 1, "预算执行率偏低"),
        (MEASURE, 1, "建议加强调度"),
        (MEASURE, 2, "加强支付管理，今后将按月通报"),
        (MEASURE, 3, "下一步将细化指标"),
    ]


@pytest.mark.parametrize(
    "text",
    [
        "部分款项未支付。后续应付款项较多",
        "经费紧张。今后主要依靠拨款，后续所需资金缺口较大",
        "底数不清。后续工作量增加，后续管护不规范",
        "台账不全。后续管理仍需加强",
    ],
)
def test_what_is_to_come_is_no_measure_unless_something_will_be_done(text: str) -> None:
    assert read(f"存在的问题：{text}。") == [(PROBLEM, None, text)]
    assert read(f"存在的问题及改进措施：一是{text}。") == [(PROBLEM, 1, text)]


def test_a_chapter_behind_an_empty_heading_is_no_item_of_it() -> None:
    assert read("存在的问题：", "一、项目概况", "本项目为河道清洁。", "二、项目完成情况", "已完成。") == []


@pytest.mark.parametrize(
    ("text", "stated"),
    [
        (
            "“河道清洁”项目自评情况：项目年初预算50万元，全年预算60万元，全年支出55万元，执行率91.67%。"
            "自评得分96分。",
            ("河道清洁", "96", "60", "55", "91.67%"),
        ),
        (
            "（1）河道清洁经费绩效自评综述：全年预算数为20万元，执行数为20万元，完成预算的100%，自评得99.5分。",
            ("河道清洁经费", "99.5", "20", "20", "100%"),
        ),
        (
            "部门整体支出绩效自评结果：全年预算1200万元，全年执行1100万元，执行率91.7%，自评得分97.2分。",
            ("部门整体支出", "97.2", "1200", "1100", "91.7%"),
        ),
    ],
)
def test_other_wordings_of_a_projects_summary(text: str, stated: tuple[str, ...]) -> None:
    (found,) = recognise_project_narrative(document(text))
    assert (
        found.project,
        found.narrative_score,
        found.narrative_budget,
        found.narrative_executed,
        found.narrative_rate,
    ) == stated


def test_results_of_all_self_evaluations_are_no_projects() -> None:
    text = "2.项目绩效自评结果：全年预算数为60万元，平均得分96分。"
    assert recognise_project_narrative(document(text)) == ()
