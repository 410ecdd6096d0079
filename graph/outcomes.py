"""What became in the next year of an indicator that missed its target: met, repeated, dropped or unknown.

The next year's indicator is sought in the same project (:mod:`.identity_projects`) of a document that gives
actual values. An indicator or project that such a document does not hold is dropped; where there is no such
document, or it does not tell, the outcome is unknown: nothing is guessed.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Final

from pyoxigraph import Literal, NamedNode, Quad, Store

from fiscalgraph.graph.identifiers import BASE, LINKS_GRAPH, digest
from fiscalgraph.graph.identity_indicators import indicator_key, projects_as_one
from fiscalgraph.graph.identity_projects import lasting_projects
from fiscalgraph.graph.linking import IdentityLink
from fiscalgraph.graph.statement_lookup import first_value, statements
from fiscalgraph.graph.statements import code_concept
from fiscalgraph.ontology.terms import DCTERMS, FG, OBEU, PROV, RDF

__all__ = ["IndicatorState", "Outcome", "indicator_states", "outcome_quads", "outcomes"]

_ALIKE: Final = 0.6
"""From this share of common pairs of characters on, a name may be the same indicator's, newly worded."""


@dataclass(frozen=True, slots=True)
class IndicatorState:
    """An indicator (三级指标) in one document: what it aimed at and what was reached, as printed.

    ``reached``: whether the target was; ``None`` where the document does not tell. ``source`` is the node
    of its place (page, line, quote).
    """

    iri: str
    document: str
    entry: str
    year: int
    name: str
    target: str | None
    actual: str | None
    reached: bool | None
    source: str | None

    @property
    def key(self) -> str:
        return indicator_key(self.name)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of ``missed`` a year later. ``outcome`` is a word of the code list “outcome”.

    ``reason`` says why: ``target-met``, ``target-missed``; dropped: ``indicator-not-there``,
    ``project-not-there``; unknown: ``no-next-document``, ``not-comparable`` (what it states does not tell),
    ``similar-name`` (a name nearly the same is there), ``several-of-the-name``, ``documents-disagree``.
    ``later`` is the indicator of the next year that was looked at, if any.
    """

    missed: IndicatorState
    outcome: str
    reason: str
    later: IndicatorState | None = None


def indicator_states(store: Store) -> Iterator[IndicatorState]:
    """The named indicators of all documents, in the order of their IRIs."""
    rows = sorted((found.subject, found.value, found.graph) for found in statements(store, FG.level3))
    for node, name, graph in rows:
        entry = first_value(store, node, FG.entry, graph)
        year = None if entry is None else first_value(store, entry, OBEU.fiscalYear, graph)
        if entry is not None and year is not None and indicator_key(name):
            ratio, weight, score = (
                _number(first_value(store, node, term, graph))
                for term in (FG.achievementRatio, FG.weightNumber, FG.scoreNumber)
            )
            actual = first_value(store, node, FG.actual, graph)
            yield IndicatorState(
                iri=node,
                document=first_value(store, node, DCTERMS.isPartOf, graph) or graph,
                entry=entry,
                year=int(year[-4:]),
                name=name,
                target=first_value(store, node, FG.target, graph),
                actual=actual,
                reached=None if actual is None else _reached(ratio, weight, score),
                source=first_value(store, node, PROV.wasDerivedFrom, graph),
            )


def _number(value: str | None) -> Decimal | None:
    try:
        return None if value is None else Decimal(value)
    except InvalidOperation:
        return None


def _reached(ratio: Decimal | None, weight: Decimal | None, score: Decimal | None) -> bool | None:
    """By the figures where they can be compared (points may be lost for more than the target), else by the
    points: all of them, or not."""
    if ratio is not None:
        return ratio >= 1
    if weight is None or score is None or weight <= 0:
        return None
    return score >= weight


def outcomes(store: Store, links: Iterable[IdentityLink]) -> list[Outcome]:
    """The outcome of every indicator that missed its target, in the order of their IRIs.

    ``links`` are those of :func:`fiscalgraph.graph.identity.identity_links`: accepted ones make several
    projects one, candidates make an outcome unknown. Equal graphs give equal lists.
    """
    states = list(indicator_states(store))
    past = _Evaluations(store, states, list(links))
    return [past.outcome(state) for state in states if state.reached is False]


class _Evaluations:
    """All entries with actual values, by project, department and year."""

    def __init__(self, store: Store, states: Sequence[IndicatorState], links: Sequence[IdentityLink]) -> None:
        self._of_entry: dict[str, list[IndicatorState]] = defaultdict(list)
        for state in states:
            self._of_entry[state.entry].append(state)
        evaluated = {state.entry for state in states if state.actual is not None}
        self._body_of = {entry: _body(store, entry) for entry in self._of_entry}
        self._department_years = {
            (self._body_of[entry], self._of_entry[entry][0].year) for entry in evaluated
        }
        projects = lasting_projects(store)
        self._project_of: dict[str, str] = {}
        self._entries: dict[tuple[str, int], list[str]] = defaultdict(list)
        one_of = {use.entry: uses[0].entry for uses, _ in projects_as_one(projects, links) for use in uses}
        for project in projects:
            for use in project.uses:
                one = one_of.get(use.entry, project.iri)
                self._project_of[use.entry] = one
                if use.entry in evaluated:
                    self._entries[one, use.year].append(use.entry)
        self._maybe = self._candidates(
            {each.iri: each.uses[0].entry for each in projects if each.uses}, links
        )

    def _candidates(
        self, entry_of: Mapping[str, str], links: Iterable[IdentityLink]
    ) -> Mapping[str, set[str]]:
        """Projects that may be one, but are not accepted to be; ``entry_of`` gives an entry of each."""
        found: dict[str, set[str]] = defaultdict(set)
        for link in links:
            if not link.accepted and link.left in entry_of and link.right in entry_of:
                left, right = (self._project_of[entry_of[iri]] for iri in (link.left, link.right))
                found[left].add(right)
                found[right].add(left)
        return found

    def outcome(self, missed: IndicatorState) -> Outcome:
        project, year = self._project_of.get(missed.entry), missed.year + 1
        if project is not None and (entries := self._entries.get((project, year))):
            return self._in_project(missed, sorted(entries))
        if (self._body_of[missed.entry], year) not in self._department_years:
            return Outcome(missed, "unknown", "no-next-document")
        if project is None or any((other, year) in self._entries for other in self._maybe.get(project, ())):
            return Outcome(missed, "unknown", "similar-name")
        return Outcome(missed, "dropped", "project-not-there")

    def _in_project(self, missed: IndicatorState, entries: Sequence[str]) -> Outcome:
        here = [state for entry in entries for state in self._of_entry[entry]]
        same = [state for state in here if state.key == missed.key]
        if not same:
            alike = next((state for state in here if _alike(state.key, missed.key)), None)
            if alike is not None:
                return Outcome(missed, "unknown", "similar-name", alike)
            return Outcome(missed, "dropped", "indicator-not-there")
        twice = len({state.entry for state in same}) < len(same)
        if twice or sum(state.key == missed.key for state in self._of_entry[missed.entry]) > 1:
            return Outcome(missed, "unknown", "several-of-the-name")
        told = [state for state in same if state.reached is not None]
        if not told:
            return Outcome(missed, "unknown", "not-comparable", same[0])
        if len({state.reached for state in told}) > 1:
            return Outcome(missed, "unknown", "documents-disagree", told[0])
        if told[0].reached:
            return Outcome(missed, "met", "target-met", told[0])
        return Outcome(missed, "repeated", "target-missed", told[0])


def _body(store: Store, entry: str) -> str | None:
    """The body that publishes the document of an entry."""
    return first_value(store, entry, OBEU.organization)


def _alike(one: str, other: str) -> bool:
    pairs, others = ({name[at : at + 2] for at in range(len(name) - 1)} for name in (one, other))
    return bool(pairs) and len(pairs & others) >= _ALIKE * len(pairs | others)


def outcome_quads(found: Iterable[Outcome]) -> Iterator[Quad]:
    """Quads for the graph of links: a node for each outcome, with the places of both years."""
    for each in found:
        node = NamedNode(f"{BASE}outcome/{digest(each.missed.iri, length=16)}")
        yield Quad(node, RDF.type, FG.IndicatorOutcome, LINKS_GRAPH)
        yield Quad(node, FG.missedIndicator, NamedNode(each.missed.iri), LINKS_GRAPH)
        yield Quad(node, FG.outcome, code_concept("outcome", each.outcome), LINKS_GRAPH)
        yield Quad(node, FG.outcomeReason, Literal(each.reason), LINKS_GRAPH)
        if each.later is not None:
            yield Quad(node, FG.laterIndicator, NamedNode(each.later.iri), LINKS_GRAPH)
        for state in (each.missed, each.later):
            if state is not None and state.source is not None:
                yield Quad(node, PROV.wasDerivedFrom, NamedNode(state.source), LINKS_GRAPH)
