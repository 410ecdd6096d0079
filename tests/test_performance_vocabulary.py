"""The words of performance tables: labels, column headers, names of levels and funds."""

from __future__ import annotations

import pytest

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
        ("偏差大或目标未完成原因分析", Label.SHORTFALL),
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


def test_a_caption_may_be_the_unit_alone() -> None:
    assert money_unit("（万元）", caption=True) == "万元"
    assert money_unit("万元", caption=True) == "万元"
    assert money_unit("公元前", caption=True) is None
