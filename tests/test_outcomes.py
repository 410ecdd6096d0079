"""What became in the next year of an indicator that missed its target."""

from __future__ import annotations

import dataclasses
import json
from collections import Counter
from pathlib import Path

import pytest
from graph_records import identity, place
from pyoxigraph import Store
from running import SAMPLES

from fiscalgraph.extract.records import DisclosureRecords, Indicator, Project
from fiscalgraph.graph.identifiers import LINKS_GRAPH
from fiscalgraph.graph.identity import identity_links
from fiscalgraph.graph.mapping import document_quads
from fiscalgraph.graph.outcomes import Outcome, outcome_quads, outcomes
from fiscalgraph.graph.store import GenerationStore
from fiscalgraph.ontology.terms import CODES, FG, PROV, RDF

DEPARTMENT = "云泽省水务厅"

MISSED = ("培训人次", "≥100人次", "80人次")
MET = ("培训人次", "≥100人次", "120人次")


def document(
    year: int,
    *rows: tuple[str | None, ...],
    project: str = "水利培训",
    issuer: str = DEPARTMENT,
    kind: str = "部门决算",
    name: str = "",
) -> DisclosureRecords:
    """A document with one project; a row is name, target, actual, and then weight and score, if any."""
    entry = Project(0, project, "project", issuer, None, *(None,) * 10, ("self_eval_table",), place(project))
    indicators = tuple(
        Indicator(
            0, project, None, "产出指标", "数量指标", *(*row, None, None)[:5], None, place(row[0] or "")
        )
        for row in rows
    )
    about = identity(f"{issuer} {year} {kind}{name}", issuer, fiscal_year=year, kind=kind)
    return dataclasses.replace(DisclosureRecords(about), projects=(entry,), indicators=indicators)


def found(*documents: DisclosureRecords) -> list[Outcome]:
    store = Store()
    for records in documents:
        store.extend(document_quads(records))
    return outcomes(store, identity_links(store))


def told(*documents: DisclosureRecords) -> list[tuple[str, str]]:
    return [(each.outcome, each.reason) for each in found(*documents)]


def test_a_target_met_a_year_later() -> None:
    (outcome,) = found(document(2023, MISSED), document(2024, MET))
    assert (outcome.outcome, outcome.reason) == ("met", "target-met")
    assert outcome.later is not None
    assert (outcome.missed.year, outcome.missed.actual) == (2023, "80人次")
    assert (outcome.later.year, outcome.later.actual) == (2024, "120人次")
    assert outcome.missed.source != outcome.later.source


def test_a_target_missed_again_is_an_outcome_each_year() -> None:
    assert told(document(2022, MISSED), document(2023, MISSED), document(2024, MET)) == [
        ("repeated", "target-missed"),
        ("met", "target-met"),
    ]


def test_an_indicator_or_project_that_the_next_year_does_not_hold_is_dropped() -> None:
    other = ("巡河里程", "≥30公里", "31公里")
    assert told(document(2023, MISSED), document(2024, other)) == [("dropped", "indicator-not-there")]
    assert told(document(2023, MISSED), document(2024, other, project="河道巡查")) == [
        ("dropped", "project-not-there")
    ]


def test_without_the_next_years_document_nothing_is_known() -> None:
    unknown = [("unknown", "no-next-document")]
    assert told(document(2023, MISSED)) == unknown
    assert told(document(2023, MISSED), document(2025, MET)) == unknown
    assert told(document(2023, MISSED), document(2024, MET, issuer="云泽省农业厅")) == unknown


def test_a_budget_gives_targets_and_no_outcome() -> None:
    budget = document(2024, ("培训人次", "≥100人次", None), kind="部门预算")
    assert told(document(2023, MISSED), budget) == [("unknown", "no-next-document")]


@pytest.mark.parametrize(
    ("later", "reason"),
    [
        ((("培训人次", "≥100人次", "已开展"),), "not-comparable"),
        ((("培训人次数", "≥100人次", "120人次"),), "similar-name"),
        ((MET, ("培训人次", "≥5人次", "6人次")), "several-of-the-name"),
    ],
)
def test_what_the_next_year_does_not_tell_is_not_guessed(
    later: tuple[tuple[str, ...], ...], reason: str
) -> None:
    assert told(document(2023, MISSED), document(2024, *later)) == [("unknown", reason)]


def test_documents_of_one_year_that_disagree_leave_it_unknown() -> None:
    known = told(
        document(2023, MISSED), document(2024, MET), document(2024, MISSED, name="自评", kind="绩效自评")
    )
    assert ("unknown", "documents-disagree") in known
    assert ("met", "target-met") not in known


def test_points_decide_where_figures_cannot_be_compared() -> None:
    words = ("河湖面貌", "明显改善", "有所改善", "10")
    assert told(document(2023, (*words, "8")), document(2024, (*words, "10"))) == [("met", "target-met")]
    assert told(document(2023, (*words, "10"))) == []


def test_points_lost_beyond_the_target_are_no_miss() -> None:
    assert told(document(2023, ("培训人次", "≥100人次", "900人次", "10", "8"))) == []


def test_points_in_a_name_do_not_tell_two_years_apart() -> None:
    earlier = ("培训人次（10分）", "≥100人次", "80人次")
    later = ("培训人次（8分）", "≥100人次", "101人次")
    assert told(document(2023, earlier), document(2024, later)) == [("met", "target-met")]


def test_the_outcomes_of_the_samples_are_the_true_ones(sample_home: Path) -> None:
    true = Counter(
        (file.parent.name, fact["project"], fact["level3"], fact["outcome"], fact["later_document"])
        for file in sorted((SAMPLES.parent / "truth").glob("*/outcomes.jsonl"))
        for fact in map(json.loads, file.read_text(encoding="utf-8").splitlines())
    )
    store = GenerationStore(sample_home).open_reader().store
    known = Counter(
        (
            each.missed.document.split("/")[-1],
            _project(store, each.missed.entry),
            each.missed.key,
            each.outcome,
            each.later.document.split("/")[-1] if each.later else None,
        )
        for each in outcomes(store, identity_links(store))
        if each.reason != "no-next-document"
    )
    assert sum(true.values()) >= 25
    assert known == true


def _project(store: Store, entry: str) -> str:
    from pyoxigraph import NamedNode

    return next(q.object.value for q in store.quads_for_pattern(NamedNode(entry), FG.projectName, None, None))


def test_an_outcome_is_stated_with_the_places_of_both_years() -> None:
    known = found(document(2023, MISSED), document(2024, MET))
    quads = list(outcome_quads(known))
    assert {quad.graph_name for quad in quads} == {LINKS_GRAPH}
    assert [quad.object for quad in quads if quad.predicate == RDF.type] == [FG.IndicatorOutcome]
    assert [quad.object for quad in quads if quad.predicate == FG.outcome] == [CODES["outcome"]["met"]]
    assert len({quad.object for quad in quads if quad.predicate == PROV.wasDerivedFrom}) == 2
    assert known == found(document(2024, MET), document(2023, MISSED))
