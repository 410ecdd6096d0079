"""Which indicator's shortfall a stated cause explains: the cell beside it, or a name that the cause gives."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Final, NamedTuple

from pyoxigraph import NamedNode, Quad, Store

from fiscalgraph.graph.identifiers import LINKS_GRAPH
from fiscalgraph.graph.identity_indicators import indicator_key
from fiscalgraph.graph.outcomes import IndicatorState, indicator_states
from fiscalgraph.graph.statement_lookup import first_value, statements
from fiscalgraph.ontology.terms import CODES, FG

__all__ = ["Explanation", "explanation_quads", "explanations"]

_CAUSES: Final = ("problem_cause", "underperformance_reason")
_SHORTEST: Final = 4
"""A shorter name (数量), or a shorter cause, is found in many texts that do not mean it."""

_QUOTED = re.compile(r"[“\"]([^”\"“]{2,60})[”\"]")
_SPACE = re.compile(r"\s+")
_END = "。；;，, "


class Explanation(NamedTuple):
    """That a cause (IRI of a passage) explains an indicator (IRI)."""

    cause: str
    indicator: str


def explanations(store: Store) -> list[Explanation]:
    """What the causes of all documents explain, in the order of their IRIs.

    A cause explains the indicators of its project whose explanation cell holds it, and of those that
    missed their target the one that it names in quotation marks or begins with.
    """
    of_project: dict[tuple[str, str], list[tuple[IndicatorState, str]]] = defaultdict(list)
    for state in indicator_states(store):
        reason = first_value(store, state.iri, FG.reason, state.document)
        project = first_value(store, state.entry, FG.projectName, state.document)
        if project is not None:
            of_project[state.document, project].append((state, _close(reason or "")))
    found = set()
    for kind in _CAUSES:
        for node, _, graph in statements(store, FG.passageKind, value=CODES["passage kind"][kind]):
            text = first_value(store, node, FG.text, graph) or ""
            project = first_value(store, node, FG.projectName, graph)
            known = of_project.get((graph, project), []) if project is not None else []
            told = [state for state, reason in known if _in_cell(_close(text), reason)]
            for state in told or _named(text, [state for state, _ in known]):
                found.add(Explanation(node, state.iri))
    return sorted(found)


def _close(text: str) -> str:
    return _SPACE.sub("", text).rstrip(_END)


def _in_cell(text: str, reason: str) -> bool:
    return bool(reason) and (text == reason or (len(text) >= _SHORTEST and text in reason))


def _named(text: str, states: Iterable[IndicatorState]) -> Iterator[IndicatorState]:
    quoted = {indicator_key(name) for name in _QUOTED.findall(text)}
    start = indicator_key(text)
    for state in states:
        named = state.key in quoted or start.startswith(state.key)
        if state.reached is False and len(state.key) >= _SHORTEST and named:
            yield state


def explanation_quads(found: Iterable[Explanation]) -> Iterator[Quad]:
    """Quads for the graph of links: ``fg:explains`` from cause to indicator."""
    for each in found:
        yield Quad(NamedNode(each.cause), FG.explains, NamedNode(each.indicator), LINKS_GRAPH)
