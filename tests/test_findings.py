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
        (MEASURE, 1, "加强调研。做好前期论证 1.先看现场"),
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
