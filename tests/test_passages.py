"""Passages with their context: what stands beside a statement, which of them are one, who else says so."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pyoxigraph as ox
import pytest

from fiscalgraph.extract.records import (
    DisclosureRecords,
    DocumentIdentity,
    Finding,
    Indicator,
    NarrativeItem,
    Project,
    Source,
    SpendingLine,
)
from fiscalgraph.graph.mapping import document_quads
from fiscalgraph.search import Filters, Passage, PassageIndex, QueryRefused, passages
from fiscalgraph.search.passages import parts_of
from fiscalgraph.search.repeats import find_repeats

HERE = Source(quote="印着的话", page=3)


def records() -> DisclosureRecords:
    project = Project(
        occurrence=1,
        project="校舍改造",
        scope="project",
        department="甲省教育厅",
        implementing_unit="甲省实验中学",
        unit="万元",
        budget_initial="100",
        budget_full="120",
        executed="90.5",
        rate=None,
        score=None,
        narrative_score=None,
        narrative_budget=None,
        narrative_executed=None,
        narrative_rate=None,
        sources=("self_eval_table",),
        source=HERE,
    )
    indicator = Indicator(
        1, "校舍改造", None, "产出指标", "数量指标", "改造面积", "≥500平方米", "300平方米", "10", "6.5",
        "一是图纸审批耗时较长；二是雨季停工。", HERE,
    )  # fmt: skip
    return DisclosureRecords(
        identity=DocumentIdentity(
            "doc", "湖北省教育厅", "部门决算", 2024, "万元", 9, "0" * 64, "doc.pdf", "pdf", HERE
        ),
        projects=(project,),
        indicators=(indicator,),
        findings=(
            Finding(1, "校舍改造", "underperformance_reason", indicator.reason or "", None, HERE),
            Finding(None, "校舍改造", "problem_cause", "前期论证不充分", None, HERE),
            Finding(None, None, "improvement_measure", "加强培训", None, HERE),
        ),
        spending=(
            SpendingLine(
                table="支出决算表",
                table_index=1,
                code="2050202",
                name="小学教育",
                column="本年支出合计",
                printed="1.5",
                unit="万元",
                amount=Decimal(15000),
                source=HERE,
            ),
        ),
        narrative=(
            NarrativeItem(
                "教育支出", None, "小学教育", "1.5", "万元", Decimal(15000), None, None, "学生人数增加", HERE
            ),
        ),
    )


@pytest.fixture(scope="module")
def found() -> dict[str, Passage]:
    store = ox.Store()
    store.extend(document_quads(records()))
    return {passage.text: passage for passage in passages(store)}


def test_a_table_reason_is_split_and_knows_its_indicator(found: dict[str, Passage]) -> None:
    first, second = found["图纸审批耗时较长"], found["雨季停工"]
    assert (first.part, second.part) == (1, 2)
    assert first.iri == second.iri
    assert (first.id, second.id) == (f"{first.iri}#part-1", f"{first.iri}#part-2")
    (indicator,) = first.indicators
    assert (indicator.name, indicator.target, indicator.actual) == ("改造面积", "≥500平方米", "300平方米")
    assert (indicator.weight, indicator.score, first.score_lost) == (
        Decimal(10),
        Decimal("6.5"),
        Decimal("3.5"),
    )


def test_context_of_a_cause(found: dict[str, Passage]) -> None:
    cause = found["前期论证不充分"]
    assert (cause.project, cause.unit) == ("校舍改造", "甲省实验中学")
    assert cause.amount == Decimal(295000)  # 120 less 90.5, in 万元
    assert (cause.department, cause.whole, cause.level) == ("湖北省教育厅", "湖北省教育厅", "provincial")
    assert (cause.region, cause.region_code) == ("湖北省", "420000")
    assert (cause.disclosure, cause.fiscal_year) == ("部门决算", 2024)
    assert cause.part is None
    assert not cause.indicators


def test_context_of_a_narrative_reason(found: dict[str, Passage]) -> None:
    reason = found["学生人数增加"]
    assert (reason.code, reason.item, reason.amount) == ("2050202", "小学教育", Decimal(15000))
    assert found["加强培训"].amount is None


def test_passages_survive_being_stored(found: dict[str, Passage]) -> None:
    for passage in found.values():
        assert Passage.from_dict(passage.as_dict()) == passage


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("一是人手不足；二是设备老化。", ["人手不足", "设备老化"]),
        ("1.人手不足；2.设备老化", ["人手不足", "设备老化"]),
        ("①人手不足；②设备老化", ["人手不足", "设备老化"]),
        ("人手不足；设备老化", ["人手不足；设备老化"]),
        ("一是人手；二是钱", ["一是人手；二是钱"]),
        ("支出比上年增长2.5倍", ["支出比上年增长2.5倍"]),
    ],
)
def test_only_printed_enumerations_are_split(text: str, parts: list[str]) -> None:
    assert [part.text for part in parts_of(Passage("x", "problem_cause", text, "d"))] == parts


LONG = "因立项和经费审批的手续都办得偏晚，无法在年内走完采购程序，部分资金只好留到下一年再用"


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("资金下达较晚，部分支出结转。", "资金下达较晚，部分支出结转", True),
        ("资金下达较晚，部分的支出结转", "资金下达较晚，部分支出结转", True),
        ("“执行率”存在偏差的主要原因是：资金下达较晚，部分支出结转", "资金下达较晚，部分支出结转", True),
        (LONG, LONG.replace("部分资金", "部分项目资金"), True),
        (LONG, LONG.replace("无法在", "在"), False),  # what negates turns the meaning
        (LONG, LONG.replace("采购", "招标"), False),  # another word in its place
        ("养老保险缴费基数调整", "医疗保险缴费基数调整", False),
        ("经费增加12万元，系调资", "经费增加21万元，系调资", False),
        ("经费增加，系人员调资", "经费减少，系人员调资", False),
    ],
)
def test_which_texts_are_one_statement(one: str, other: str, same: bool) -> None:
    repeats = find_repeats([one, other])
    assert (repeats.statement[0] == repeats.statement[1]) is same


def test_figures_do_not_make_another_wording() -> None:
    repeats = find_repeats(["经费增加12万元，系人员调资", "经费增加21万元，系人员调资", "天气异常"])
    assert repeats.alike(0) == repeats.alike(1)
    assert repeats.alike(2) != repeats.alike(0)


def test_repeats_are_the_same_every_time() -> None:
    texts = [
        f"第{n}项工作因{cause}推进缓慢" for n in range(40) for cause in ("人手不足", "资金不足", "天气不好")
    ]
    assert find_repeats(texts) == find_repeats(texts)


def test_stock_phrases_are_counted_over_departments_and_years(tmp_path: Path) -> None:
    said = [
        ("甲局", 2023, "经费增加12万元，系人员正常调资"),
        ("甲局", 2024, "经费增加13万元，系人员正常调资"),
        ("乙局", 2024, "经费增加21万元，系人员正常调资"),
        ("丙局", 2024, "降雨偏多，工期顺延"),
    ]
    made = [
        Passage(f"https://example.org/{n}", "narrative_reason", text, f"d{n}", department, fiscal_year=year)
        for n, (department, year, text) in enumerate(said)
    ]
    index = PassageIndex.build(tmp_path / "index", made)
    hits = {hit.passage.text: hit for hit in index.search("人员正常调资，经费增加", k=4)}
    assert {hit.used_by_departments for text, hit in hits.items() if "调资" in text} == {1}
    assert {hit.used_in_years for text, hit in hits.items() if "调资" in text} == {1}
    rain = hits["降雨偏多，工期顺延"]
    assert (rain.used_by_departments, rain.used_in_years) == (0, 0)


@pytest.fixture(scope="module")
def index(found: dict[str, Passage], tmp_path_factory: pytest.TempPathFactory) -> PassageIndex:
    return PassageIndex.build(tmp_path_factory.mktemp("passages") / "index", found.values())


@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        (Filters(region="湖北省"), 5),
        (Filters(region="湖北"), 5),
        (Filters(region="420000"), 5),
        (Filters(region="四川省"), 0),
        (Filters(whole="湖北省教育厅"), 5),
        (Filters(project="校舍"), 3),
        (Filters(code="205"), 1),
        (Filters(code="208"), 0),
        (Filters(document="doc"), 5),
        (Filters(year_from=2024, year_to=2024), 5),
        (Filters(year_to=2023), 0),
        (Filters(min_score_lost=Decimal("3.5")), 2),
        (Filters(min_score_lost=Decimal("3.51")), 0),
        (Filters(min_amount=Decimal(295000)), 3),
        (Filters(min_amount=Decimal(10000)), 4),
        (Filters(kinds=["problem_cause"], min_amount=Decimal(1)), 1),
    ],
)
def test_every_filter(index: PassageIndex, filters: Filters, expected: int) -> None:
    answer = index.search("工作推进", k=10, filters=filters)
    assert len(answer) == answer.admitted == expected


def test_a_region_that_is_none_is_refused(index: PassageIndex) -> None:
    with pytest.raises(QueryRefused, match="火星省"):
        index.search("工作推进", filters=Filters(region="火星省"))
