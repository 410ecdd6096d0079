"""Performance forms whose tables were flattened to printed lines."""

from __future__ import annotations

from fiscalgraph.extract.document import Document, Paragraph, Place, Run
from fiscalgraph.extract.recognise.performance import PerformanceRecords, recognise_performance

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
        ("problem_cause", 1, "补助申请较晚"),
        ("problem_cause", 2, "人手不足"),
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
