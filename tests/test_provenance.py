"""From any fact to the words it was read from: by ``show``, and by the query pattern that the guide gives."""

from __future__ import annotations

from pathlib import Path

import pytest
from running import ROOT

from fiscalgraph.api.library import Library
from fiscalgraph.ontology.terms import FG, OA, PROV, QB, RDF

FACTS = (
    FG.Disclosure,
    FG.UnitMention,
    QB.Observation,
    FG.PrintedFigure,
    FG.NarrativeStatement,
    FG.Claim,
    FG.ProjectEntry,
    FG.FundLine,
    FG.PerformanceIndicator,
    FG.Passage,
    FG.LawCitation,
    FG.CheckResult,
    FG.Leftover,
)
PATTERN = ROOT / "docs" / "validation.md"


@pytest.fixture(scope="module")
def library(sample_home: Path) -> Library:
    return Library(sample_home)


@pytest.mark.parametrize("kind", FACTS, ids=lambda kind: kind.value.rsplit("#")[-1])
def test_show_and_the_query_lead_to_the_same_quote(library: Library, kind: object) -> None:
    things = [quad.subject.value for quad in library.store.quads_for_pattern(None, RDF.type, kind)]  # type: ignore[arg-type]
    assert things
    for thing in (min(things), max(things)):
        shown = library.thing(thing).sources
        assert shown
        assert all(place.document and (place.page or place.line) is not None for place in shown)
        asked = library.named("sources", {"thing": thing}).dicts()
        assert {row["quote"] for row in asked} >= {place.quote for place in shown}


def test_every_fact_of_the_samples_has_a_place_with_a_quote(library: Library) -> None:
    quoted = {quad.subject for quad in library.store.quads_for_pattern(None, FG.quote, None)}
    placed = {quad.subject for quad in library.store.quads_for_pattern(None, OA.hasSource, None)}
    assert quoted == placed
    sourced = {
        quad.subject
        for quad in library.store.quads_for_pattern(None, PROV.wasDerivedFrom, None)
        if quad.object in quoted
    }
    for kind in FACTS:
        assert {quad.subject for quad in library.store.quads_for_pattern(None, RDF.type, kind)} <= sourced


def test_the_pattern_of_the_guide_finds_the_source_of_a_figure(library: Library) -> None:
    (query,) = (part.split("```")[0] for part in PATTERN.read_text(encoding="utf-8").split("```sparql\n")[1:])
    figure = min(
        quad.subject.value for quad in library.store.quads_for_pattern(None, RDF.type, QB.Observation)
    )
    (row,) = library.sparql(query.replace("<FACT>", f"<{figure}>")).dicts()
    (place,) = library.thing(figure).sources
    assert (row["document"], row["quote"]) == (place.document, place.quote)
    assert row["sha256"]
    assert row["obtained"] in ("read", "inferred")
