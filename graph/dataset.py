"""What a generation holds, said in its own graph: DCAT and VoID, with counts.

The description depends on the statements alone, so that equal graphs describe themselves equally. When
and by which version it was built stands apart, in :data:`BUILD_GRAPH`.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any, Final

from pyoxigraph import Literal, NamedNode, Quad, Store

from fiscalgraph.graph.identifiers import BASE, COMPARISONS_GRAPH, ISSUES_GRAPH, LINKS_GRAPH, SHARED_GRAPH
from fiscalgraph.ontology import ONTOLOGY_GRAPH
from fiscalgraph.ontology.classification import CLASSIFICATION_GRAPH
from fiscalgraph.ontology.terms import DCAT, DCTERMS, FG, OBEU, PREFIXES, PROV, RDF, RDFS, VOID, XSD

__all__ = ["BUILD", "BUILD_GRAPH", "DATASET", "DATASET_GRAPH", "build_quads", "dataset_quads"]

DATASET: Final = NamedNode(BASE + "dataset")
DATASET_GRAPH: Final = NamedNode(BASE + "graph/dataset")
BUILD_GRAPH: Final = NamedNode(BASE + "graph/build")
"""When and by what a generation was built: the one graph that differs between equal builds."""

BUILD: Final = NamedNode(BASE + "build")
_LICENCE = NamedNode("https://www.apache.org/licenses/LICENSE-2.0")
_TITLE = (
    ("Fiscal disclosures of Chinese governments, with the source of every fact", "en"),
    ("中国政府预决算公开图谱（每项事实附出处）", "zh"),
)
_DESCRIPTION = (
    (
        "Read from published budgets, final accounts and performance documents; each is a named graph.",
        "en",
    ),
    ("读自公开的预算、决算和绩效文件；每份文件为一个命名图。", "zh"),
)
_RIGHTS = (
    ("The quoted words are the issuers'; the facts are taken from what they have published.", "en"),
    ("引文归各发布单位所有；事实取自其公开内容。", "zh"),
)
_PARTS = (
    ("shared", SHARED_GRAPH, ("What documents share", "各文件共有的事物"), None),
    ("links", LINKS_GRAPH, ("Links derived from all documents", "由全部文件推得的关联"), None),
    ("comparisons", COMPARISONS_GRAPH, ("Checks between documents", "文件之间的核对"), None),
    ("issues", ISSUES_GRAPH, ("Issues across departments", "跨部门共性问题"), None),
    ("classification", CLASSIFICATION_GRAPH, ("Classification code lists", "政府收支分类科目表"), _LICENCE),
    ("ontology", ONTOLOGY_GRAPH, ("Vocabulary", "词表"), _LICENCE),
)
_VOCABULARIES = ("fg", "qb", "org", "skos", "dcterms", "prov", "oa", "eli", "foaf")
_CLASSES = "SELECT ?of (COUNT(DISTINCT ?thing) AS ?count) WHERE { ?thing a ?of } GROUP BY ?of"
_PROPERTIES = "SELECT ?of (COUNT(*) AS ?count) WHERE { ?thing ?of ?value } GROUP BY ?of"
_YEARS = f"SELECT DISTINCT ?of WHERE {{ ?document a {FG.Disclosure} ; {OBEU.fiscalYear} ?of }}"


def dataset_quads(store: Store) -> Iterator[Quad]:
    """The description of all that ``store`` holds, itself and the build apart, for :data:`DATASET_GRAPH`."""
    classes, properties = _counts(store, _CLASSES), _counts(store, _PROPERTIES)
    total = 0
    facts: list[tuple[NamedNode, NamedNode, NamedNode | Literal]] = []
    for name, graph, (english, chinese), licence in _PARTS:
        part, count = NamedNode(f"{DATASET.value}/{name}"), _size(store, graph)
        total += count
        facts += [
            (DATASET, VOID.subset, part),
            (part, RDF.type, VOID.Dataset),
            (part, RDFS.label, Literal(english, language="en")),
            (part, RDFS.label, Literal(chinese, language="zh")),
            (part, VOID.triples, Literal(count)),
        ]
        facts += [(part, DCTERMS.license, licence)] if licence is not None else []
    everything = sum(properties.values())
    documents = NamedNode(DATASET.value + "/documents")
    facts += [
        (DATASET, RDF.type, DCAT.Dataset),
        (DATASET, RDF.type, VOID.Dataset),
        *((DATASET, DCTERMS.title, Literal(text, language=language)) for text, language in _TITLE),
        *(
            (DATASET, DCTERMS.description, Literal(text, language=language))
            for text, language in _DESCRIPTION
        ),
        *((DATASET, DCTERMS.rights, Literal(text, language=language)) for text, language in _RIGHTS),
        *((DATASET, DCTERMS.temporal, NamedNode(year)) for year in _values(store, _YEARS)),
        *((DATASET, VOID.vocabulary, NamedNode(PREFIXES[prefix])) for prefix in _VOCABULARIES),
        (DATASET, VOID.uriSpace, Literal(BASE)),
        (DATASET, VOID.triples, Literal(everything)),
        (DATASET, VOID.classes, Literal(len(classes))),
        (DATASET, VOID.properties, Literal(len(properties))),
        (DATASET, VOID.documents, Literal(classes.get(FG.Disclosure.value, 0))),
        (DATASET, VOID.subset, documents),
        (documents, RDF.type, VOID.Dataset),
        (documents, RDFS.label, Literal("What each document states", language="en")),
        (documents, RDFS.label, Literal("各文件的陈述", language="zh")),
        (documents, VOID.triples, Literal(everything - total)),
    ]
    for counts, step, partition, of, measure in (
        (classes, "class", VOID.classPartition, VOID.class_, VOID.entities),
        (properties, "property", VOID.propertyPartition, VOID.property, VOID.triples),
    ):
        for term, count in counts.items():
            node = NamedNode(f"{DATASET.value}/{step}/{_short(term)}")
            facts += [
                (DATASET, partition, node),
                (node, of, NamedNode(term)),
                (node, measure, Literal(count)),
            ]
    for subject, predicate, value in facts:
        yield Quad(subject, predicate, value, DATASET_GRAPH)


def build_quads(generation: str, version: str, ended: datetime) -> Iterator[Quad]:
    """When (``ended``, with its time zone) and by which ``version`` of fiscalgraph a generation was built."""
    moment = Literal(ended.isoformat(timespec="seconds"), datatype=XSD.dateTime)
    for subject, predicate, value in (
        (DATASET, DCTERMS.created, moment),
        (DATASET, PROV.wasGeneratedBy, BUILD),
        (BUILD, RDF.type, PROV.Activity),
        (BUILD, RDFS.label, Literal(f"fiscalgraph {version}, generation {generation}")),
        (BUILD, PROV.endedAtTime, moment),
    ):
        yield Quad(subject, predicate, value, BUILD_GRAPH)


def _rows(store: Store, query: str) -> Any:
    return store.query(query, use_default_graph_as_union=True)


def _counts(store: Store, query: str) -> dict[str, int]:
    """Counts by term, in the order of the terms."""
    return dict(sorted((row["of"].value, int(row["count"].value)) for row in _rows(store, query)))


def _values(store: Store, query: str) -> list[str]:
    return sorted(row["of"].value for row in _rows(store, query))


def _size(store: Store, graph: NamedNode) -> int:
    return sum(1 for _ in store.quads_for_pattern(None, None, None, graph))


def _short(term: str) -> str:
    """A term as a step of an IRI: prefix and name, or the whole, escaped."""
    for prefix, namespace in PREFIXES.items():
        if term.startswith(namespace) and "/" not in term.removeprefix(namespace):
            return f"{prefix}-{term.removeprefix(namespace)}"
    return "".join(sign if sign.isalnum() or sign in "-._" else "_" for sign in term)
