"""What the reasons, measures and indicators of a project lead to: the indicators that a reason explains, the
issues it is a part of, and what became of a missed indicator in the next year. Found by programs, not
printed.
"""

from __future__ import annotations

from fiscalgraph.api.resources.indicators import Indicator, indicator_of
from fiscalgraph.api.resources.models import DocumentRef, Place, Resource
from fiscalgraph.api.resources.reading import Graph
from fiscalgraph.graph.identifiers import BASE
from fiscalgraph.ontology.terms import DCTERMS, FG, SKOS

__all__ = ["IndicatorOutcome", "IssueRef", "JudgedIndicator", "explained_by", "issues_of", "judged_indicator"]

_ISSUE = f"{BASE}issue/"


class LaterIndicator(Resource):
    """The indicator of the next year that was looked at: its target and its actual value, as printed."""

    iri: str
    document: DocumentRef
    target: str | None
    actual: str | None
    source: Place | None


class IndicatorOutcome(Resource):
    """What became of an indicator that missed its target (次年结果): ``outcome`` is met, repeated, dropped or
    unknown, ``why`` the ground of that in one word (``target-met``, ``no-next-document`` …)."""

    outcome: str
    why: str
    later: LaterIndicator | None


class JudgedIndicator(Indicator):
    """An indicator of a project; ``outcome`` is there where it missed its target."""

    outcome: IndicatorOutcome | None


class IssueRef(Resource):
    """An issue (共性问题) by its name."""

    id: str
    label: str
    url: str


def judged_indicator(graph: Graph, iri: str) -> JudgedIndicator:
    """The indicator of that IRI with its outcome."""
    return JudgedIndicator(**dict(indicator_of(graph, iri)), outcome=_outcome(graph, iri))


def _outcome(graph: Graph, indicator: str) -> IndicatorOutcome | None:
    found = graph.subjects(FG.missedIndicator, indicator)
    if not found:
        return None
    facts = graph.facts(found[0])
    later = facts.text(FG.laterIndicator)
    return IndicatorOutcome(
        outcome=graph.notation(facts.text(FG.outcome)) or "",
        why=facts.text(FG.outcomeReason) or "",
        later=None if later is None else _later(graph, later),
    )


def _later(graph: Graph, iri: str) -> LaterIndicator:
    facts = graph.facts(iri)
    return LaterIndicator(
        iri=iri,
        document=graph.document(facts.text(DCTERMS.isPartOf) or ""),
        target=facts.text(FG.target),
        actual=facts.text(FG.actual),
        source=graph.source(iri),
    )


def explained_by(graph: Graph, passage: str) -> tuple[str, ...]:
    """The IRIs of the indicators that a passage gives the reason for."""
    return tuple(graph.facts(passage).texts(FG.explains))


def issues_of(graph: Graph, passage: str) -> tuple[IssueRef, ...]:
    """The issues that a passage, or one of the statements in it, is a member of; by name."""
    found: dict[str, IssueRef] = {}
    for statement in (passage, *graph.subjects(FG.itemOf, passage)):
        for membership in graph.subjects(FG.passage, statement):
            for issue in graph.subjects(FG.hasMembership, membership):
                facts = graph.facts(issue)
                if facts.is_a(FG.Issue):
                    name = issue.removeprefix(_ISSUE)
                    label = facts.text(SKOS.prefLabel, "zh") or name
                    found[issue] = IssueRef(id=name, label=label, url=f"/issues/{name}")
    return tuple(sorted(found.values(), key=lambda each: (each.label, each.id)))
