"""Things of the graph as JSON-LD, Turtle and so on: their own triples, and no others.

The JSON-LD context maps our terms (``fg:``) to their plain names and others to prefixed ones
(``dcterms:isPartOf``). Each answer carries the part of the context that it uses, so that it can be read
without the network and long after; ``/context.jsonld`` holds the whole.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from typing import Any, Final

from pyoxigraph import BlankNode, Literal, NamedNode, Store, Triple

from fiscalgraph.graph.sparql import Format
from fiscalgraph.graph.sparql.formats import Budget, write_graph
from fiscalgraph.ontology.prefixes import PREFIXES

__all__ = ["GRAPH_FORMATS", "MOST_TRIPLES", "context", "iris_in", "own_triples", "write"]

MOST_TRIPLES: Final = 50_000
"""Triples of one answer; things beyond them are left out, and the answer says so."""

GRAPH_FORMATS: Final = (
    Format("jsonld", ("application/ld+json",), ("json-ld",)),
    Format("turtle", ("text/turtle",), ("ttl",)),
    Format("ntriples", ("application/n-triples",), ("nt", "n-triples")),
)
"""The formats of triples that every resource offers besides its JSON."""

_OWL: Final = PREFIXES["owl"]
_RDF_TYPE: Final = PREFIXES["rdf"] + "type"
_XSD_STRING: Final = PREFIXES["xsd"] + "string"
# What properties of other vocabularies lead to, where we use them: another thing, or a typed value.
_REUSED: Final[Mapping[str, str | None]] = {
    **dict.fromkeys(
        (
            "dcterms:hasPart",
            "dcterms:isPartOf",
            "dcterms:isReplacedBy",
            "dcterms:publisher",
            "dcterms:replaces",
            "dcterms:subject",
            "dcterms:temporal",
            "dqv:computedOn",
            "dqv:isMeasurementOf",
            "oa:hasSource",
            "obeu-attribute:currency",
            "obeu-dimension:fiscalYear",
            "obeu-dimension:organization",
            "obeu-dimension:project",
            "org:originalOrganization",
            "org:resultingOrganization",
            "org:subOrganizationOf",
            "org:unitOf",
            "prov:used",
            "prov:wasDerivedFrom",
            "prov:wasGeneratedBy",
            "qb:dataSet",
            "qb:structure",
            "skos:broadMatch",
            "skos:broader",
            "skos:closeMatch",
            "skos:inScheme",
        ),
        "@id",
    ),
    "dcterms:date": "xsd:gYear",
    "dqv:value": "xsd:decimal",
    "eli:version_date": "xsd:date",
    "obeu-measure:amount": "xsd:decimal",
    **dict.fromkeys(
        (
            "dcterms:format",
            "dcterms:identifier",
            "dcterms:source",
            "dcterms:title",
            "eli:id_local",
            "rdfs:label",
            "skos:altLabel",
            "skos:changeNote",
            "skos:definition",
            "skos:notation",
            "skos:prefLabel",
        )
    ),
}


@cache
def context() -> Mapping[str, Any]:
    """The whole JSON-LD context: prefixes, ``id`` and ``type``, and a name for each term in use."""
    found: dict[str, Any] = {"id": "@id", "type": "@type", **dict(sorted(PREFIXES.items()))}
    for name, datatype in sorted(_own_terms().items()):
        found[name] = _definition(f"fg:{name}", datatype)
    for name, datatype in sorted(_REUSED.items()):
        found[name] = _definition(name, datatype)
    return found


def _definition(iri: str, datatype: str | None) -> dict[str, str]:
    return {"@id": iri} if datatype is None else {"@id": iri, "@type": datatype}


def _own_terms() -> dict[str, str | None]:
    """Our properties, with what they lead to: ``@id``, a datatype, or nothing in particular (a text)."""
    from fiscalgraph.ontology import ontology_quads

    kinds: dict[str, str | None] = {}
    ranges: dict[str, str] = {}
    for quad in ontology_quads():
        if not isinstance(quad.subject, NamedNode) or not quad.subject.value.startswith(PREFIXES["fg"]):
            continue
        name, value = quad.subject.value.removeprefix(PREFIXES["fg"]), quad.object
        if quad.predicate.value == _RDF_TYPE and value == NamedNode(_OWL + "ObjectProperty"):
            kinds[name] = "@id"
        elif quad.predicate.value == _RDF_TYPE and value == NamedNode(_OWL + "DatatypeProperty"):
            kinds.setdefault(name, None)
        elif quad.predicate.value == PREFIXES["rdfs"] + "range" and isinstance(value, NamedNode):
            ranges[name] = value.value
    for name, kind in kinds.items():
        datatype = ranges.get(name, "")
        if kind is None and datatype.startswith(PREFIXES["xsd"]) and datatype != _XSD_STRING:
            kinds[name] = f"xsd:{datatype.removeprefix(PREFIXES['xsd'])}"
    return kinds


def own_triples(store: Store, iris: Iterable[str], most: int = MOST_TRIPLES) -> tuple[list[Triple], bool]:
    """What the graph states of each of ``iris``, each triple once, and whether things were left out."""
    found: dict[Triple, None] = {}
    for iri in dict.fromkeys(iris):
        about = {quad.triple: None for quad in store.quads_for_pattern(NamedNode(iri), None, None)}
        if len(found) + len(about) > most:
            return list(found), True
        found.update(dict.fromkeys(sorted(about, key=str)))
    return list(found), False


def write(format_name: str, triples: Sequence[Triple]) -> bytes:
    """Triples in a format of :data:`GRAPH_FORMATS`."""
    if format_name == "jsonld":
        return _json_ld(triples)
    return write_graph(format_name, triples, Budget(rows=len(triples), result_bytes=10**9))


def _json_ld(triples: Iterable[Triple]) -> bytes:
    nodes: dict[str, dict[str, Any]] = {}
    used: set[str] = set()
    terms = context()
    for triple in triples:
        if isinstance(triple.subject, Triple):  # statements about statements: our graphs have none
            raise ValueError("a quoted triple has no place in this JSON-LD")
        subject = _iri(triple.subject)
        node = nodes.setdefault(subject, {"id": subject})
        if triple.predicate.value == _RDF_TYPE and isinstance(triple.object, NamedNode):
            node.setdefault("type", []).append(_short(triple.object.value, used))
            continue
        name = _name(triple.predicate.value, used)
        node.setdefault(name, []).append(_value(triple.object, terms.get(name, {}), used))
    graph = [
        {
            name: values[0] if isinstance(values, list) and len(values) == 1 else values
            for name, values in node.items()
        }
        for node in nodes.values()
    ]
    own = {name: terms[name] for name in terms if name in used or name in ("id", "type")}
    return json.dumps({"@context": own, "@graph": graph}, ensure_ascii=False).encode()


def _name(predicate: str, used: set[str]) -> str:
    """The name of a property, where the context has one; else with its prefix, or in full."""
    own = predicate.removeprefix(PREFIXES["fg"])
    name = own if own != predicate and own in context() else _short(predicate, used)
    if name in context():
        used.add(name)
        definition = context()[name]
        used.update(part.partition(":")[0] for part in definition.values() if not part.startswith("@"))
    return name


def _short(iri: str, used: set[str]) -> str:
    for prefix, namespace in PREFIXES.items():
        rest = iri.removeprefix(namespace)
        if rest != iri and rest and not rest.startswith("//"):
            used.add(prefix)
            return f"{prefix}:{rest}"
    return iri


def _value(term: NamedNode | BlankNode | Literal | Triple, definition: Any, used: set[str]) -> Any:
    """A value as the term's definition lets it be written: plainly where that says what it is."""
    kind = definition.get("@type") if isinstance(definition, Mapping) else None
    if isinstance(term, Triple):
        raise ValueError("a quoted triple has no place in this JSON-LD")
    if not isinstance(term, Literal):
        return _iri(term) if kind == "@id" else {"id": _iri(term)}
    if term.language:
        return {"@value": term.value, "@language": term.language}
    if term.datatype.value == _XSD_STRING:
        return term.value if kind is None else {"@value": term.value}
    datatype = _short(term.datatype.value, used)
    return term.value if kind == datatype else {"@value": term.value, "@type": datatype}


def _iri(node: NamedNode | BlankNode) -> str:
    return node.value if isinstance(node, NamedNode) else f"_:{node.value}"


def iris_in(value: object) -> Iterator[str]:
    """Every ``iri`` that an answer names, in its order."""
    if isinstance(value, Mapping):
        for name, each in value.items():
            if name == "iri" and isinstance(each, str):
                yield each
            else:
                yield from iris_in(each)
    elif isinstance(value, (list, tuple)):
        for each in value:
            yield from iris_in(each)
