"""Which measure answers which cause, and which indicator a cause explains."""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path

import pytest
from graph_records import identity, place
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import Store
from running import SAMPLES

from fiscalgraph.extract.records import DisclosureRecords, Finding, Indicator, Project
from fiscalgraph.graph.explanations import explanation_quads, explanations
from fiscalgraph.graph.identifiers import LINKS_GRAPH
from fiscalgraph.graph.mapping import document_quads
from fiscalgraph.graph.pairing import Pairing, Stated, pair, pairing_quads, pairings, promise_of
from fiscalgraph.graph.store import GenerationStore
from fiscalgraph.ontology.terms import CODES, FG, RDF

CAUSE, REASON, MEASURE = "problem_cause", "underperformance_reason", "improvement_measure"


def causes(*texts: str, ordinals: bool = True, project: str | None = "水网建设") -> list[Stated]:
    return [
        Stated(f"c{number}", CAUSE, text, project, number if ordinals else None)
        for number, text in enumerate(texts, 1)
    ]


def measures(*texts: str, ordinals: bool = True, project: str | None = "水网建设") -> list[Stated]:
    return [
        Stated(f"m{number}", MEASURE, text, project, number if ordinals else None)
        for number, text in enumerate(texts, 1)
    ]


def pairs(*stated: list[Stated]) -> dict[tuple[str, str], str]:
    found = pair([each for run in stated for each in run])
    return {(each.cause, each.measure): each.ground for each in found}


def test_the_only_cause_and_the_only_measure_are_a_pair() -> None:
    assert pairs(causes("管材到货晚"), measures("提前锁定供货")) == {("c1", "m1"): "only-pair"}


def test_all_measures_answer_the_only_cause() -> None:
    found = pairs(causes("管材到货晚"), measures("提前锁定供货", "增加备用厂家"))
    assert found == {("c1", "m1"): "only-cause", ("c1", "m2"): "only-cause"}


def test_enumerations_of_equal_length_run_in_parallel() -> None:
    found = pairs(
        causes("管材到货晚", "巡线人手少", "台账不完整"), measures("提前锁货", "招录新人", "补齐资料")
    )
    assert found == {(f"c{n}", f"m{n}"): "same-ordinal" for n in (1, 2, 3)}


def test_enumerations_without_numbers_are_less_sure() -> None:
    numbered, plain = (
        pair(causes("管材到货晚", "巡线人手少", ordinals=o) + measures("提前锁货", "招人", ordinals=o))
        for o in (True, False)
    )
    assert min(each.score for each in numbered) > max(each.score for each in plain)


def test_a_list_below_a_heading_shares_the_headings_measure() -> None:
    stated = [
        Stated("h1", CAUSE, "执行率偏低", "水网建设"),
        Stated("a", CAUSE, "会议改为线上", "水网建设", 1),
        Stated("b", CAUSE, "印刷减少", "水网建设", 2),
        Stated("h2", CAUSE, "评选人数未达目标", "水网建设"),
        *measures("细化用款安排", "扩大评选范围"),
    ]
    assert {(each.cause, each.measure) for each in pair(stated)} == {
        ("h1", "m1"),
        ("a", "m1"),
        ("b", "m1"),
        ("h2", "m2"),
    }


def test_a_name_in_quotation_marks_outdoes_the_order() -> None:
    found = pairs(
        causes("“参训率”未达标，农忙无人报名", "“执行率”未达标，尾款待付"),
        measures("针对“执行率”，按月通报", "针对“参训率”，改在冬季办班"),
    )
    assert found == {("c1", "m2"): "named-indicator", ("c2", "m1"): "named-indicator"}


def test_unequal_lists_are_paired_by_words_or_not_at_all() -> None:
    found = pairs(
        causes("应急泵车配备偏少，抢险来不及", "巡查台账缺页，堤防隐患没有登记", "食堂承包到期"),
        measures("补记堤防隐患，巡查台账一日一清", "多派同志参加外地考察"),
    )
    assert found == {("c2", "m1"): "shared-words"}


def test_measures_of_another_project_or_before_the_causes_are_not_paired() -> None:
    assert pairs(causes("管材到货晚"), measures("提前锁货", project="农田灌溉")) == {}
    assert pairs(measures("提前锁货"), causes("管材到货晚")) == {}
    assert pairs(causes("管材到货晚")) == {}


def test_a_statement_that_gives_cause_and_measure_answers_itself() -> None:
    stated = [Stated("r", REASON, "泵站老化，故障较多；后续拟分批更换机组", "水网建设")]
    assert pair(stated) == [Pairing("r", "r", 0.95, "same-statement")]


@pytest.mark.parametrize(
    ("text", "promise"),
    [
        ("报名人数不多，今后将提前一个月发布通知。", "今后将提前一个月发布通知"),
        ("将军镇泵站停电三日", None),
        ("下一步工作衔接不畅", None),
        ("设备拟合误差较大，结果偏低", None),
        ("系统停机。将持续优化调度方案", "将持续优化调度方案"),
    ],
)
def test_a_promise_stands_behind_what_it_answers(text: str, promise: str | None) -> None:
    assert promise_of(text) == promise


@given(
    st.lists(
        st.builds(
            Stated,
            st.uuids().map(str),
            st.sampled_from([CAUSE, REASON, MEASURE]),
            st.text("资金人员系统晚缺少，；“”后续将加强", max_size=16),
            st.sampled_from([None, "甲", "乙"]),
            st.one_of(st.none(), st.integers(1, 3)),
        ),
        max_size=10,
    )
)
def test_a_measure_is_paired_within_its_project_only(stated: list[Stated]) -> None:
    by_iri = {each.iri: each for each in stated}
    found = pair(stated)
    assert found == sorted(set(found))
    for each in found:
        cause, measure = by_iri[each.cause], by_iri[each.measure]
        assert cause.kind != MEASURE
        assert cause.project == measure.project
        assert (measure.kind == MEASURE) != (each.ground == "same-statement")
        assert 0 < each.score <= 1
        assert each.ground in CODES["pairing ground"]


def test_pairings_of_the_samples_are_those_planted(sample_home: Path) -> None:
    """Each numbered cause of a project and the measure of its place share the planted theme."""
    store = GenerationStore(sample_home).open_reader().store
    right = wrong = 0
    themes: dict[tuple[str, str], set[str]] = {}
    for file in sorted((SAMPLES.parent / "truth").glob("*/issues.jsonl")):
        for line in file.read_text(encoding="utf-8").splitlines():
            fact = json.loads(line)
            themes.setdefault((file.parent.name, _close(fact["text"])), set()).add(fact["issue"])
    for each in pairings(store):
        document = each.cause.split("/document/")[1].split("/")[0]
        sides = [
            themes.get((document, _close(_text(store, passage)))) for passage in (each.cause, each.measure)
        ]
        if each.ground != "same-statement" and all(sides):
            agree = sides[0] & sides[1]  # type: ignore[operator]
            right, wrong = right + bool(agree), wrong + (not agree)
    assert wrong == 0
    assert right >= 40


def _close(text: str) -> str:
    return "".join(text.split()).rstrip("。；")


def _text(store: Store, passage: str) -> str:
    from pyoxigraph import NamedNode

    return next(q.object.value for q in store.quads_for_pattern(NamedNode(passage), FG.text, None, None))


def small_document() -> Store:
    entry = Project(
        0, "水网建设", "project", "云泽省水务厅", None, *(None,) * 10, ("self_eval_table",), place("水网建设")
    )
    indicators = tuple(
        Indicator(0, "水网建设", None, "产出指标", "数量指标", *rest, "10", score, reason, place(rest[0]))
        for *rest, score, reason in (
            ("铺设管网里程（10分）", "≥30公里", "22公里", "7", "管材到货晚"),
            ("巡查堤防次数", "≥12次", "8次", "6", None),
            ("管护人员数量", "≥5人", "6人", "10", None),
        )
    )
    findings = tuple(
        Finding(0, "水网建设", kind, text, None, place(text))
        for kind, text in (
            (REASON, "管材到货晚"),
            (CAUSE, "“巡查堤防次数”未完成，原因是雨季道路中断"),
            (CAUSE, "管护人员数量充足，但宣传不够"),
            (MEASURE, "备足沙石，及时抢通道路"),
        )
    )
    records = dataclasses.replace(
        DisclosureRecords(identity()), projects=(entry,), indicators=indicators, findings=findings
    )
    store = Store()
    store.extend(document_quads(records))
    return store


def test_a_cause_explains_the_indicator_beside_it_and_the_missed_one_it_names() -> None:
    store = small_document()
    found = {
        (each.cause.split("/")[-1].split("-")[0], each.indicator.split("/")[-1])
        for each in explanations(store)
    }
    assert found == {
        ("underperformance_reason", "铺设管网里程（10分）"),
        ("problem_cause", "巡查堤防次数"),
    }


def test_pairings_and_explanations_are_stated_in_the_graph_of_links() -> None:
    store = small_document()
    quads = [*pairing_quads(pairings(store)), *explanation_quads(explanations(store))]
    assert {quad.graph_name for quad in quads} == {LINKS_GRAPH}
    nodes = [quad.subject for quad in quads if quad.predicate == RDF.type]
    answered = [quad for quad in quads if quad.predicate == FG.answeredBy]
    assert len(nodes) == len(answered) == len(pairings(store))
    assert sum(quad.predicate == FG.explains for quad in quads) == 2
    assert pairings(store) == pairings(small_document())
