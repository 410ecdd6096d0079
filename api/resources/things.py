"""Any thing of the graph: its statements, where they were read, and how many point to it."""

from __future__ import annotations

from itertools import islice
from typing import Final

from pyoxigraph import Literal, NamedNode, Triple

from fiscalgraph.api.library import shorten
from fiscalgraph.api.resources.models import Place, Resource
from fiscalgraph.api.resources.reading import Graph
from fiscalgraph.ontology.terms import OA, PROV

__all__ = ["Description", "Statement", "Value", "describe", "described_iris"]

_MOST_STATEMENTS: Final = 5000
_MOST_MENTIONS: Final = 10_000
_MOST_SOURCES: Final = 200


class Value(Resource):
    """A value: an IRI (``iri``, and its ``name`` where the graph knows one) or a literal's ``text``."""

    iri: str | None
    name: str | None
    text: str | None
    language: str | None
    datatype: str | None


class Statement(Resource):
    """A property, in full and with a prefix, and its values in a fixed order."""

    property: str
    prefixed: str
    values: tuple[Value, ...]


class Description(Resource):
    """What the graph states of a thing. ``mentions`` counts what points to it (at most 10,000);
    ``truncated`` says that it has more statements or sources than are shown."""

    iri: str
    name: str
    url: str | None
    statements: tuple[Statement, ...]
    sources: tuple[Place, ...]
    mentions: int
    truncated: bool


def describe(graph: Graph, iri: str) -> Description:
    """All about one IRI of which the graph states something."""
    ref = graph.ref(iri)
    found: dict[str, dict[Value, None]] = {}
    quads = list(islice(graph.store.quads_for_pattern(NamedNode(iri), None, None), _MOST_STATEMENTS + 1))
    for quad in sorted(quads[:_MOST_STATEMENTS], key=str):
        if not isinstance(quad.object, Triple):
            found.setdefault(quad.predicate.value, {})[_value(graph, quad.object)] = None
    sources = _sources(graph, iri)
    mentions = islice(graph.store.quads_for_pattern(None, None, NamedNode(iri)), _MOST_MENTIONS)
    return Description(
        iri=iri,
        name=ref.name,
        url=ref.url,
        statements=tuple(
            Statement(property=predicate, prefixed=shorten(predicate), values=tuple(values))
            for predicate, values in sorted(found.items())
        ),
        sources=tuple(graph.place(source) for source in sources[:_MOST_SOURCES]),
        mentions=sum(1 for _ in mentions),
        truncated=len(quads) > _MOST_STATEMENTS or len(sources) > _MOST_SOURCES,
    )


def described_iris(graph: Graph, iri: str) -> list[str]:
    """A thing and the sources of its facts: what its description in triples holds."""
    return [iri, *(source for source in _sources(graph, iri)[:_MOST_SOURCES] if source != iri)]


def _sources(graph: Graph, iri: str) -> list[str]:
    facts = graph.facts(iri)
    itself = [iri] if facts.text(OA.hasSource) is not None else []
    return itself + facts.texts(PROV.wasDerivedFrom)


def _value(graph: Graph, term: object) -> Value:
    if isinstance(term, NamedNode):
        name = graph.name(term.value) if graph.facts(term.value) else None
        return Value(iri=term.value, name=name, text=None, language=None, datatype=None)
    assert isinstance(term, Literal)  # our graphs have no blank nodes
    datatype = None if term.language else term.datatype.value
    return Value(iri=None, name=None, text=term.value, language=term.language, datatype=datatype)
