"""Performance forms whose tables were flattened to printed lines."""

from __future__ import annotations

import pytest

from fiscalgraph.extract.document import Document, Paragraph, Place, Run
from fiscalgraph.extract.recognise.performance import PerformanceRecords, recognise_performance
from fiscalgraph.extract.recognise.project_narrative import ProjectNarrative
from fiscalgraph.extract.recognise.project_union import join_findings, join_narratives
from fiscalgraph.extract.records import Finding

EVALUATION = """
河道巡查项目绩效自评表
（2023 年度）

项目名称 河道巡查

主管部门 水务局 实施单位 河道管理所

项目资金

（万元）

年初预

算数

全年预算

数

全年执

行数
分值 执行率 得分

年度资金总

额：
1,200.00 1,100.00 990.00 10.0 90.0% 9.0

其中：

财政拨款
1,200.00 1,100.00 990.00 -- 90.0% --

年
度
总
体
目
标

预期目标 实际完成情况

保持河道清洁。

一级

指标

二级

指标
三级指标

年度指标

值

实际完

成值
分值 得分

偏差原因分

析及改进措

施

绩

效

指

标

产出

指标

数量

指标

巡查主要河道和

支流的次数
≥40 次 36 次 40.0 36.0

汛期道路

中断，部

分巡查取

消。

沿河清理垃圾的

吨数
9 吨 9 吨 20.0 20.0

效益

指标

生态

效益

指标

河道水质与上年

相比

明显改

善

明显改

善
30.0 30.0

总分 100.0 95.0
"""

TARGETS = """
河道巡查项目绩效目标表
项目名称 河道巡查
主管部门及代码 [301]水务局 实施单位 河道管理所
项目资金
（万元）
年度资金总额： 12.50
执行率
分值（10）
其中：财政拨款 12.00
上年结转 0.50
年度目标 保持清洁。
一级指标 二级指标 三级指标 指标值
分值权重
（90）
产出指标 数量指标
巡查次数 ≥40次 50
沿河清理垃圾的总
吨数 9吨 20
12
效益指标 生态效益指标 水面 清洁 20
"""

POINTS = """
河道巡查项目自评表
项目名称 河道巡查
预算执行情
况（万元）
（20分）
预算数
（A） 执行数（B） 执行率（B/A） 得分
（20分*执行率）
年度财政
资金总额
99.00 98.01 99% 19.8
一级
指标
二级指标 三级指标
年初目标值
（A）
实际完成值
（B） 得分
产出
指标
（40
分）
数量指标
（40分）
巡查主要河道次数（20
分）
40次 41次 20
新增补助人次（20分）30万人次
37.43
万人次
19
总分 98.8分
偏差大或目标未完成原
因分析
1.补助申请较晚。
2.人手不足。
改进措施及结果应用方案
提前受理申请。
注：本表由单位填写。
"""


def read(text: str) -> PerformanceRecords:
    blocks = tuple(
        Paragraph((Run(line.strip(), Place(line=number)),))
        for number, line in enumerate(text.split("\n"), start=1)
        if line.strip()
    )
    return recognise_performance(Document("d", "d.txt", "0" * 64, "text", blocks))


def test_head_and_funds() -> None:
    records = read(EVALUATION)
    (project,) = records.projects
    assert (project.project, project.department, project.implementing_unit) == (
        "河道巡查",
        "水务局",
        "河道管理所",
    )
    assert (project.unit, project.score) == ("万元", "95.0")
    total, grant = records.funds
    assert (total.fund, total.budget_initial, total.budget_full, total.executed) == (
        "年度资金总额",
        "1200.00",
        "1100.00",
        "990.00",
    )
    assert (total.weight, total.rate, total.score) == ("10.0", "90.0%", "9.0")
    assert (grant.fund, grant.weight, grant.rate, grant.score) == ("财政拨款", None, "90.0%", None)


def test_rows_of_wrapped_cells() -> None:
    first, second, third = read(EVALUATION).indicators
    assert (first.level1, first.level2, first.level3) == ("产出指标", "数量指标", "巡查主要河道和支流的次数")
    assert (first.target, first.actual, first.weight, first.score) == ("≥40次", "36次", "40.0", "36.0")
    assert (second.level2, second.level3, second.reason) == ("数量指标", "沿河清理垃圾的吨数", None)
    assert (third.level1, third.level2) == ("效益指标", "生态效益指标")
    assert (third.level3, third.target, third.actual) == ("河道水质与上年相比", "明显改善", "明显改善")


def test_reason_between_two_rows_is_the_first_ones() -> None:
    records = read(EVALUATION)
    assert records.indicators[0].reason == "汛期道路中断，部分巡查取消。"
    assert [finding.text for finding in records.findings] == ["汛期道路中断，部分巡查取消。"]


def test_targets_without_results() -> None:
    records = read(TARGETS)
    assert [(fund.fund, fund.budget_initial, fund.weight) for fund in records.funds] == [
        ("年度资金总额", "12.50", "10"),
        ("财政拨款", "12.00", None),
        ("上年结转", "0.50", None),
    ]
    assert [(i.level2, i.level3, i.target, i.weight) for i in records.indicators] == [
        ("数量指标", "巡查次数", "≥40次", "50"),
        ("数量指标", "沿河清理垃圾的总吨数", "9吨", "20"),
        ("生态效益指标", "水面", "清洁", "20"),
    ]
    assert records.projects[0].sources == ("target_table",)


def test_page_numbers_are_no_part_of_a_name() -> None:
    pages = [TARGETS.replace("\n12\n", f"\n{page}\n") for page in (12, 13, 14)]
    records = read("".join(pages))
    assert [i.level3 for i in records.indicators] == ["巡查次数", "沿河清理垃圾的总吨数", "水面"] * 3
    assert [i.occurrence for i in records.indicators] == [0] * 3 + [1] * 3 + [2] * 3


def test_points_printed_with_the_name_end_it_and_guard_the_score() -> None:
    records = read(POINTS)
    assert [(i.level3, i.target, i.actual, i.weight, i.score) for i in records.indicators] == [
        ("巡查主要河道次数（20分）", "40次", "41次", "20", "20"),
        ("新增补助人次（20分）", "30万人次", "37.43万人次", "20", "19"),
    ]
    (fund,) = records.funds
    assert (fund.fund, fund.budget_full, fund.executed, fund.weight) == (
        "年度财政资金总额",
        "99.00",
        "98.01",
        "20",
    )
    assert records.projects[0].score == "98.8"


def test_causes_and_measures_below_the_total() -> None:
    assert [(f.kind, f.ordinal, f.text) for f in read(POINTS).findings] == [
        ("underperformance_reason", 1, "补助申请较晚"),
        ("underperformance_reason", 2, "人手不足"),
        ("improvement_measure", None, "提前受理申请"),
    ]


def test_rows_without_figures_are_read_where_the_target_shows() -> None:
    text = TARGETS.replace("分值权重\n（90）\n", "").replace(" 50\n", "\n").replace(" 20\n", "\n")
    assert [(i.level3, i.target, i.weight) for i in read(text.replace("\n12\n", "\n")).indicators] == [
        ("巡查次数", "≥40次", None),
        ("沿河清理垃圾的总吨数", "9吨", None),
        ("水面", "清洁", None),
    ]


def test_a_name_and_a_reason_that_cannot_be_told_apart_are_left_out() -> None:
    text = EVALUATION.replace(
        "汛期道路\n\n中断，部\n\n分巡查取\n\n消。", "汛期主要道路中\n\n断以致部分巡查\n\n取消未能补做"
    )
    records = read(text)
    assert [i.level3 for i in records.indicators] == ["巡查主要河道和支流的次数", "河道水质与上年相比"]
    assert records.indicators[0].reason is None


def test_text_without_forms_gives_nothing() -> None:
    assert read("第一部分 部门概况\n本部门负责河道管理。") == PerformanceRecords()


def test_form_cut_off_before_its_indicators_gives_nothing() -> None:
    assert read(TARGETS.split("一级指标", maxsplit=1)[0]) == PerformanceRecords()


WHOLE = """
2024 年度清河市水务局部门整体
绩效自评表
单位名称：清河市水务局 填报日期：2025 年 6 月 30 日
单位名称 清河市水务局
基本支出总
额
60.00 项目支出总额 30.00
预算执行情
况（万元）
（20分）
预算数（A） 执行数（B） 执行率（B/A） 得分（20分*执行率）
部门整
体支出
总额
100.00 90.00 90% 18
一级
指标
二级指
标
三级指标
年初目标值
（A）
实际完成值
（B） 得分
产出
指标
（60分）
时 效 指
标 （ 2
0分）
河道巡查及时率（20分） 100% 100% 20
数量指标（40分）
新建小型水闸（20分） 无 无 20
巡查河道（20分） 有效推进

一定程度

推进
15
总
分
93分
偏差大或目标未完成原
因分析
“预算执行率”存在偏差的原因：一是工期顺延；二是验收

37

推迟。“巡查河道”指标未完成的原因：人手不足。
注：本表由单位填写。
"""


def test_a_form_on_a_whole_department_bears_the_name_in_its_title() -> None:
    (project,) = read(WHOLE).projects
    assert (project.scope, project.project, project.department) == (
        "department",
        "清河市水务局部门整体",
        "清河市水务局",
    )


def test_a_form_whose_project_is_the_whole_department_is_on_the_department() -> None:
    (project,) = read(EVALUATION.replace("河道巡查", "部门整体支出")).projects
    assert (project.scope, project.project) == ("department", "部门整体支出")
    assert read(EVALUATION).projects[0].scope == "project"


def test_a_score_printed_below_its_wrapped_label() -> None:
    assert read(WHOLE).projects[0].score == "93"


def test_amounts_without_a_column_are_what_they_add_up_to() -> None:
    amounts = [(fund.fund, fund.budget_initial, fund.executed) for fund in read(WHOLE).funds]
    assert amounts[:2] == [("基本支出总额", None, "60.00"), ("项目支出总额", None, "30.00")]
    open_sum = read(WHOLE.replace("60.00", "61.00")).funds
    assert [(fund.budget_initial, fund.budget_full, fund.executed) for fund in open_sum[:2]] == [
        (None,) * 3
    ] * 2


def test_a_justified_level_keeps_its_points() -> None:
    timely, built, patrolled = read(WHOLE).indicators
    assert (timely.level2, timely.level3) == ("时效指标（20分）", "河道巡查及时率（20分）")
    assert (built.level3, built.target, built.actual) == ("新建小型水闸（20分）", "无", "无")
    assert (patrolled.target, patrolled.actual, patrolled.score) == ("有效推进", "一定程度推进", "15")


def test_reasons_below_the_total_are_one_for_each_indicator_named() -> None:
    assert [(finding.kind, finding.text) for finding in read(WHOLE).findings] == [
        ("underperformance_reason", "“预算执行率”存在偏差的原因：一是工期顺延；二是验收推迟"),
        ("underperformance_reason", "“巡查河道”指标未完成的原因：人手不足"),
    ]


@pytest.mark.parametrize(
    ("printed", "target", "actual"),
    [
        ("作用显著\n作用较显\n\n著", "作用显著", "作用较显著"),
        ("作用显\n\n著\n\n作用较\n\n显著", "作用显著", "作用较显著"),
        ("长期有效\n\n减少淤积，\n\n改善水质", "长期有效", "减少淤积，改善水质"),
        ("完成当\n\n年任务\n\n完成当\n\n年任务，\n\n结余少", "完成当年任务", "完成当年任务，结余少"),
    ],
)
def test_target_and_result_are_told_apart_by_their_words(printed: str, target: str, actual: str) -> None:
    indicator = read(EVALUATION.replace("明显改\n\n善\n\n明显改\n\n善", printed)).indicators[2]
    assert (indicator.level3, indicator.target, indicator.actual) == ("河道水质与上年相比", target, actual)


def test_the_words_of_a_header_within_a_reason_are_kept() -> None:
    text = EVALUATION.replace("中断，部\n\n分巡查取\n\n消。", "中断，与\n\n绩效指\n\n标有偏差。")
    assert read(text).indicators[0].reason == "汛期道路中断，与绩效指标有偏差。"


def test_what_prose_says_of_the_whole_department_joins_its_form() -> None:
    projects = read(WHOLE).projects
    place = projects[0].source
    said = ProjectNarrative("部门整体支出", "93.0", "100.00", "90.00", "90%", "万元", place)
    (joined,) = join_narratives(projects, [said])
    assert (joined.project, joined.score, joined.narrative_score) == ("清河市水务局部门整体", "93", "93.0")
    (alone,) = join_narratives((), [said])
    assert alone.scope == "department"
    finding = Finding(None, "部门整体支出", "problem_cause", "预算偏紧", None, place)
    assert join_findings([finding], projects)[0].occurrence == projects[0].occurrence


ONE_CELL_A_LINE = """
第五部分 附件
项目支出绩效自评表
（2023年度）
项目名称
堤防日常维护
主管部门
清河市水务局
实施单位
清河市堤防管理所本
级
项目资金（万元）
年初预算
调整后预算数
执行数
分值
执行率(%)
得分
年度资金总额
120.00
110.00
99.00
10
90.00%
9
其中：财政拨款
120.00
110.00
99.00
-
-
-
年度总体目标
预期目标
实际完成情况
保持堤防完好，及时
除险。
堤防完好。
绩效指标
一级指标
二级指标
三级指标
指标值
实际完成
权重
得分
未完成原因和改进措
施
产出指标
数量指标
巡查堤防的总长度数
量
≥40公里
36公里
20
18
汛期部分路段中断，
无法通行；今后增加
备用路线
- 21 -

除草面积
≥9万平方米
9万平方米
30
30
效益指标
社会效益指标
堤防安全的保障程度
有效提升
堤防安全的保障程度
有效提升
40
40
总分
100
97
改进措施及结果应用方案
1.提前备料。2.增加
人手。
项目支出绩效自评表
（2023年度）
项目名称
水闸改造
"""


def test_one_cell_a_line_in_other_header_words() -> None:
    records = read(ONE_CELL_A_LINE)
    (project,) = records.projects
    assert (project.implementing_unit, project.unit, project.score) == (
        "清河市堤防管理所本级",
        "万元",
        "97",
    )
    total, grant = records.funds
    assert (total.budget_initial, total.budget_full, total.executed) == ("120.00", "110.00", "99.00")
    assert (total.weight, total.rate, total.score) == ("10", "90.00%", "9")
    assert (grant.executed, grant.weight, grant.rate) == ("99.00", None, None)


def test_cells_wrapped_to_one_width_are_parted_where_a_line_has_room() -> None:
    patrol, mowing, safety = read(ONE_CELL_A_LINE).indicators
    assert (patrol.level3, patrol.target, patrol.actual) == ("巡查堤防的总长度数量", "≥40公里", "36公里")
    assert (patrol.weight, patrol.score) == ("20", "18")
    assert patrol.reason == "汛期部分路段中断，无法通行；今后增加备用路线"
    assert (mowing.level2, mowing.level3, mowing.reason) == ("数量指标", "除草面积", None)
    # A name that fills its only line: the result says the target's words again.
    assert (safety.level3, safety.target, safety.actual) == (
        "堤防安全的保障程度",
        "有效提升",
        "堤防安全的保障程度有效提升",
    )


def rows_of(reason: str, name: str) -> list[tuple[str | None, str | None, str | None, str | None]]:
    """The first two rows of ONE_CELL_A_LINE, with other words between their figures."""
    old = ONE_CELL_A_LINE[ONE_CELL_A_LINE.index("汛期部分路段") : ONE_CELL_A_LINE.index("≥9万平方米")]
    rows = read(ONE_CELL_A_LINE.replace(old, reason + name)).indicators
    return [(row.level3, row.target, row.actual, row.reason) for row in rows[:2]]


LENGTH = ("巡查堤防的总长度数量", "≥40公里", "36公里")


def test_a_reason_that_fills_its_last_line_ends_with_the_page() -> None:
    rows = rows_of("汛期部分路段中断，\n无法巡查；今后备用\n", "- 21 -\n\n及时清除堤顶杂草数\n")
    assert rows == [
        (*LENGTH, "汛期部分路段中断，无法巡查；今后备用"),
        ("及时清除堤顶杂草数", "≥9万平方米", "9万平方米", None),
    ]


def test_a_name_that_fills_its_line_ends_where_its_value_begins() -> None:
    rows = rows_of("汛期部分路段中断，\n无法巡查；今后备料\n并绕行\n", "及时清除堤顶杂草数\n")
    assert rows == [
        (*LENGTH, "汛期部分路段中断，无法巡查；今后备料并绕行"),
        ("及时清除堤顶杂草数", "≥9万平方米", "9万平方米", None),
    ]


def test_a_reason_is_never_a_name() -> None:
    rows = rows_of("汛期部分路段中断，\n无法巡查；今后备用\n", "及时清除堤顶杂草数\n")
    assert rows[0] == (*LENGTH, None)
    assert rows[1][0] == "堤防安全的保障程度"  # the row between is left out


def test_measures_end_above_the_next_forms_title() -> None:
    measures = [f.text for f in read(ONE_CELL_A_LINE).findings if f.kind == "improvement_measure"]
    assert measures == ["提前备料", "增加人手"]


def test_a_note_beside_its_label_and_a_reason_beside_its_figures() -> None:
    text = EVALUATION.replace(
        "36 次 40.0 36.0\n\n汛期道路\n\n中断，部\n\n分巡查取\n\n消。", "36 次 40.0 36.0 汛期停工"
    )
    text = text.replace("总分 100.0 95.0", "总分 100.0 95.0\n改进措施 提前安排工期。")
    records = read(text)
    assert records.indicators[0].reason == "汛期停工"
    assert [(f.kind, f.text) for f in records.findings][-1] == ("improvement_measure", "提前安排工期")


@pytest.mark.parametrize(
    ("printed", "name", "target"),
    [
        ("完成时间 2023 年 12 月 30\n日前完成 50", "完成时间", "2023年12月30日前完成"),
        ("完成时间 2023 年 8 月底 50", "完成时间", "2023年8月底"),
        ("工期 2023 年 1 月-6 月 50", "工期", "2023年1月-6月"),
        ("按期完成率（2023 年） ≥ 95% 50", "按期完成率（2023年）", "≥95%"),
        ("本市与全省 GDP 增速之比 ≥\n95% 50", "本市与全省GDP增速之比", "≥95%"),
        ("巡查人次 ≥15000人 次 50", "巡查人次", "≥15000人次"),
        ("沿\n河\n绿\n化\n≥20亩 50", "沿河绿化", "≥20亩"),
    ],
)
def test_blanks_and_line_ends_within_a_cell(printed: str, name: str, target: str) -> None:
    first = read(TARGETS.replace("巡查次数 ≥40次 50", printed)).indicators[0]
    assert (first.level3, first.target, first.weight) == (name, target, "50")


def test_a_value_that_may_begin_with_the_end_of_vertical_words_is_left_out() -> None:
    names = [i.level3 for i in read(TARGETS.replace("巡查次数 ≥40次", "沿\n河\n绿\n化面 ≥20亩")).indicators]
    assert "沿河绿" not in names


def test_satisfaction_with_its_points_is_a_name_below_its_level() -> None:
    text = POINTS.replace("新增补助人次（20分）30万人次\n37.43\n万人次\n19", "")
    text = text.replace(
        "总分", "满意度指标（20分） 服务对象满意度指标（20分） 群众满意度（20分） ≥90% 95% 19\n总分"
    )
    last = read(text).indicators[-1]
    assert (last.level1, last.level2, last.level3) == (
        "满意度指标（20分）",
        "服务对象满意度指标（20分）",
        "群众满意度（20分）",
    )


def test_a_source_without_an_amount_is_kept_blank() -> None:
    text = TARGETS.replace("上年结转 0.50", "其他资金\n上年结转 0.50")
    assert [(fund.fund, fund.budget_initial) for fund in read(text).funds] == [
        ("年度资金总额", "12.50"),
        ("财政拨款", "12.00"),
        ("其他资金", None),
        ("上年结转", "0.50"),
    ]


def test_a_table_told_column_by_column_gives_no_indicators() -> None:
    text = TARGETS[: TARGETS.index("一级指标")] + (
        "一级指标\n二级指标\n三级指标\n指标值\n产出指标\n数量指标\n质量指标\n时效指标\n效益指标\n生态效益指标\n"
        "巡查次数\n清运及时率\n水面清洁\n≥40次\n≥90%\n≥95%\n"
    )
    records = read(text)
    assert records.indicators == ()
    assert records.projects[0].budget_initial == "12.50"


def test_a_first_level_that_cannot_be_is_left_blank() -> None:
    text = TARGETS.replace("效益指标 生态效益指标", "生态效益指标")
    last = read(text).indicators[-1]
    assert (last.level1, last.level2, last.level3) == (None, "生态效益指标", "水面")


def test_weights_printed_left_of_the_targets() -> None:
    text = EVALUATION[: EVALUATION.index("一级\n\n指标")] + (
        "一级指标 二级指标 三级指标 分值 年度指标值 实际完成值 得分\n"
        "产出指标 数量指标 巡查次数 40 ≥40次 36次 36\n沿河清理垃圾的\n吨数 20 9吨 9吨 20\n总分 100 90\n"
    )
    patrol, cleared = read(text).indicators
    assert (patrol.level3, patrol.weight, patrol.target, patrol.actual, patrol.score) == (
        "巡查次数",
        "40",
        "≥40次",
        "36次",
        "36",
    )
    assert (cleared.level3, cleared.weight, cleared.score) == ("沿河清理垃圾的吨数", "20", "20")
