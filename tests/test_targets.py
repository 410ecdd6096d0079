"""Targets and actual values of indicators as values: what is read, and what is left alone."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest
from graph_records import disclosure, identity, place
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import Literal, Store

from fiscalgraph.extract.records import DisclosureRecords, Indicator
from fiscalgraph.graph.mapping import document_quads
from fiscalgraph.graph.targets import IndicatorValue, achievement_ratio, parse_score, parse_value
from fiscalgraph.ontology.terms import FG, XSD


def number(
    figure: str, unit: str | None = None, comparator: str | None = None, context: str = ""
) -> IndicatorValue:
    return IndicatorValue("number", comparator, Decimal(figure), None, unit, None, context)


def between(low: str, high: str, unit: str | None) -> IndicatorValue:
    return IndicatorValue("range", None, Decimal(low), Decimal(high), unit)


@pytest.mark.parametrize(
    ("printed", "value"),
    [
        ("≥95 %", number("95", "%", "≥")),
        ("不低于90%", number("90", "%", "≥")),
        ("100%以上", number("100", "%", "≥")),
        ("100％（含）以上", number("100", "%", "≥")),
        ("≧4次", number("4", "次", "≥")),
        (">=85", number("85", None, "≥")),
        ("100+", number("100", None, "≥")),
        ("不超过3次", number("3", "次", "≤")),
        ("未超过3次", number("3", "次", "≤")),
        ("超过3次", number("3", "次", ">")),
        ("24小时内", number("24", "小时", "≤")),
        ("控制在3%以内", number("3", "%", "≤")),
        ("＜5秒", number("5", "秒", "<")),
        ("＝10台", number("10", "台", "=")),
        ("约100人", number("100", "人", "≈")),
        ("3万元左右", number("30000", "元", "≈")),
        ("1.5万人次", number("15000", "人次")),
        ("=5.00(万人次)", number("50000", "人次", "=")),
        ("2.5亿元", number("250000000", "元")),
        ("5千瓦", number("5", "千瓦")),
        ("3千人", number("3000", "人")),
        ("1，234人", number("1234", "人")),
        ("10,000.50元", number("10000.5", "元")),
        ("560元/人/天", number("560", "元/人/天")),
        ("330台（套）", number("330", "台套")),
        ("100平米", number("100", "平方米")),
        ("≤0.5‰", number("0.5", "‰", "≤")),
        ("-5%", number("-5", "%")),
        ("百分之九十五以上", number("95", "%", "≥")),
        ("百分之百", number("100", "%")),
        ("不少于两次", number("2", "次", "≥")),
        ("三个月内", number("3", "个月", "≤")),
        ("一百二十人", number("120", "人")),
        ("每月一次", number("1", "次", None, "每月")),
        ("完成率100%", number("100", "%")),
        ("降低10%以上", number("10", "%", "≥", "降低")),
        ("0", number("0")),
        ("90%-95%", between("90", "95", "%")),
        ("3—5次", between("3", "5", "次")),
        ("90%≤X≤100%", between("90", "100", "%")),
        ("1-2万元", between("10000", "20000", "元")),
    ],
)
def test_a_number_is_read_with_comparator_multiplier_and_unit(printed: str, value: IndicatorValue) -> None:
    assert parse_value(printed) == value


@pytest.mark.parametrize(
    ("printed", "date", "comparator"),
    [
        ("2024年12月底前", "2024-12-31", "≤"),
        ("2024年2月底", "2024-02-29", None),
        ("2023年底前", "2023-12-31", "≤"),
        ("2024.12.31前", "2024-12-31", "≤"),
        ("2024-06", "2024-06", None),
        ("2025年", "2025", None),
        ("12月20日前", "--12-20", "≤"),
        ("5月底前完成", "--05-31", "≤"),
        ("2月底", "--02", None),
        ("已于2025年2月完成", "2025-02", None),
        ("12月", "--12", None),
    ],
)
def test_a_point_in_time_is_as_exact_as_it_is_printed(
    printed: str, date: str, comparator: str | None
) -> None:
    assert parse_value(printed) == IndicatorValue("date", comparator, date=date)


@pytest.mark.parametrize(
    "printed",
    ["有效提升", "一定程度提升", "一次性补助", "三级", "一类", "四季度", "万无一失", "优", "无", "全省第一"],
)
def test_words_stay_words(printed: str) -> None:
    assert parse_value(printed) == IndicatorValue("qualitative")


@pytest.mark.parametrize(
    "printed",
    [
        "每年6次，每次2天",
        "1/3",
        "1:5",
        "第1名",
        "次年2月前",
        "每月10日前",
        "2023-2025年",
        "3-5月",
        "≤3月",
        "10日",
        "2月30日",
        "2024",
        "≥2023年",
        "±5%",
        "90%≥",
        "1.2.3",
        "5G基站10个",
        "2项（2项基础服务）",
        "一级事件≤1小时；二级事件≤2小时",
    ],
)
def test_what_is_not_one_plain_value_gives_no_figure(printed: str) -> None:
    assert parse_value(printed) == IndicatorValue("composite")


@pytest.mark.parametrize("printed", [None, "", " ", "/", "-", "——"])
def test_nothing_printed_is_no_value(printed: str | None) -> None:
    assert parse_value(printed) is None


@pytest.mark.parametrize(
    ("printed", "name", "figure", "unit"),
    [
        ("≥5", "财政资金节约率（%）", "5", "%"),
        ("≤1", "平均成本（万元/家）", "10000", "元/家"),
        ("3", "培训次数(次)", "3", "次"),
        ("3", "培训次数（10分）", "3", None),
        ("3个", "培训次数（次）", "3", "个"),
        ("3", "产出（数量）指标", "3", None),
    ],
)
def test_a_bare_number_takes_the_unit_its_name_ends_with(
    printed: str, name: str, figure: str, unit: str | None
) -> None:
    value = parse_value(printed, name)
    assert value is not None
    assert (value.number, value.unit) == (Decimal(figure), unit)


@pytest.mark.parametrize(
    ("printed", "score"),
    [
        ("10", "10"),
        ("9.80", "9.80"),
        ("10分", "10"),
        ("（5分）", "5"),
        ("10-20", None),
        ("优", None),
        (None, None),
    ],
)
def test_a_score_is_a_number_or_nothing(printed: str | None, score: str | None) -> None:
    assert parse_score(printed) == (None if score is None else Decimal(score))


@pytest.mark.parametrize(
    ("target", "actual", "ratio"),
    [
        ("≥120个", "96个", "0.8"),
        ("≥1.3万人", "≥8.98万人", "6.9077"),  # the form's sign before the actual value
        ("100%", "98%", "0.98"),
        ("=10台", "12台", "1.2"),
        ("≤15分钟", "5分钟", "3"),
        ("≤4000人", "5000人", "0.8"),
        ("完成率100%", "61%", "0.61"),
        ("3-5次", "4次", "1"),
        ("3-5次", "2次", "0.6667"),
        ("3-5次", "10次", "0.5"),
        ("=0件", "0件", "1"),
        ("≤0起", "0起", "1"),
        ("≤0起", "2起", "0"),
        ("≥30000人", "29999人", "0.9999"),  # nearly is not reached
        ("=7个", "100%", None),  # units differ
        ("100人", "100人次", None),
        ("≥90%", "≤95%", None),
        ("降低10%", "10%", None),  # of what it was, or to what it is
        ("前10名", "前5名", None),
        ("≤0.1%", "0", None),
        ("有效提升", "有效提升", None),
        ("≥90%", None, None),
        ("≥10%", "-5%", None),
        ("12月31日前", "12月20日", None),
    ],
)
def test_achievement_follows_the_direction_of_the_target(
    target: str, actual: str | None, ratio: str | None
) -> None:
    found = achievement_ratio(parse_value(target), parse_value(actual), "数量指标/监测断面数")
    assert found == (None if ratio is None else Decimal(ratio))


def test_without_a_sign_a_cost_does_not_say_which_way_is_better() -> None:
    def ratio(target: str, actual: str) -> Decimal | None:
        return achievement_ratio(parse_value(target), parse_value(actual), "成本指标/设备采购成本")

    assert ratio("100万元", "80万元") is None
    assert ratio("100万元", "100万元") == 1
    assert ratio("≤100万元", "80万元") == Decimal("1.25")


FIGURES = st.decimals(min_value=0, max_value=10**9, places=2)
UNITS = st.sampled_from(["%", "个", "人次", "元/人", "公里", "台套"])
SIGNS = st.sampled_from(["≥", "≤", ">", "<", "="])


@given(FIGURES, UNITS, SIGNS)
def test_what_is_written_plainly_is_read_exactly(figure: Decimal, unit: str, sign: str) -> None:
    for printed in (f"{sign}{figure}{unit}", f"{sign}{figure:,}{unit}", f" {sign} {figure} ({unit})。"):
        assert parse_value(printed) == number(str(figure), unit, sign)


@given(FIGURES, st.sampled_from([("万", 10**4), ("亿", 10**8)]))
def test_a_multiplier_multiplies_exactly(figure: Decimal, times: tuple[str, int]) -> None:
    assert parse_value(f"{figure}{times[0]}元") == number(str(figure * times[1]), "元")


@given(st.text(max_size=30), st.text(max_size=12))
def test_any_text_is_parsed_and_its_figures_come_from_it(printed: str, name: str) -> None:
    value = parse_value(printed, name)
    if value is not None and value.number is not None:
        assert any(char.isdigit() or char in "零〇一二两三四五六七八九十百" for char in printed)
    if value is not None and value.kind == "qualitative":
        assert value == IndicatorValue("qualitative")


@given(FIGURES, FIGURES, SIGNS)
def test_a_ratio_is_at_least_one_exactly_where_the_target_is_met(
    goal: Decimal, done: Decimal, sign: str
) -> None:
    ratio = achievement_ratio(number(str(goal), "个", sign), number(str(done), "个"))
    if ratio is None:
        assert 0 in (goal, done)
    elif sign in "≥>=":
        assert (ratio >= 1) == (done >= goal)
    else:
        assert (ratio >= 1) == (goal >= done)


def facts(indicator: Indicator) -> dict[str, Literal | str]:
    records = DisclosureRecords(identity(), projects=disclosure().projects, indicators=(indicator,))
    store = Store()
    store.extend(document_quads(records))
    (node,) = (quad.subject for quad in store.quads_for_pattern(None, FG.level3, None))
    return {
        quad.predicate.value.rpartition("#")[2]: (
            quad.object if isinstance(quad.object, Literal) else quad.object.value.rpartition("#")[2]
        )
        for quad in store.quads_for_pattern(node, None, None)
    }


INDICATOR = Indicator(
    0,
    "水资源监测",
    None,
    "产出指标",
    "数量指标",
    "监测断面数",
    "≥1.2万个",
    "9600个",
    "10分",
    "8",
    None,
    place("x"),
)


def test_the_graph_holds_both_values_their_ratio_and_the_scores() -> None:
    found = facts(INDICATOR)
    assert found["target"] == Literal("≥1.2万个")
    assert found["targetKind"] == found["actualKind"] == "NumberValue"
    assert found["targetComparator"] == Literal("≥")
    assert found["targetNumber"] == Literal("12000", datatype=XSD.decimal)
    assert found["targetUnit"] == found["actualUnit"] == Literal("个")
    assert found["achievementRatio"] == Literal("0.8", datatype=XSD.decimal)
    assert found["weightNumber"] == Literal("10", datatype=XSD.decimal)
    assert found["scoreNumber"] == Literal("8", datatype=XSD.decimal)


@pytest.mark.parametrize(
    ("printed", "literal"),
    [
        ("2024年12月底前", Literal("2024-12-31", datatype=XSD.date)),
        ("2024年12月", Literal("2024-12", datatype=XSD.gYearMonth)),
        ("2024年", Literal("2024", datatype=XSD.gYear)),
        ("12月20日前", Literal("--12-20", datatype=XSD.gMonthDay)),
        ("12月", Literal("--12", datatype=XSD.gMonth)),
    ],
)
def test_a_date_has_the_type_of_its_exactness(printed: str, literal: Literal) -> None:
    found = facts(replace(INDICATOR, target=printed, actual=None))
    assert found["targetDate"] == literal
    assert "achievementRatio" not in found
