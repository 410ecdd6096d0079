"""Whether a graph keeps the rules: constraints over all of it, SHACL shapes document by document.

Shapes are checked with pyshacl on one graph at a time: what the graph states, and of the things it points
to elsewhere only their types, schemes and documents. A thing is judged where it is described.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

from pyoxigraph import Literal, NamedNode, Store

from fiscalgraph.extract.errors import FiscalgraphError
from fiscalgraph.graph.store import DOCUMENTS
from fiscalgraph.ontology.rules import SHAPES, constraints, shape_files
from fiscalgraph.ontology.terms import OA, PREFIXES, RDF, SKOS

if TYPE_CHECKING:
    from rdflib import Graph

__all__ = ["SHARED", "ShapesUnavailable", "Violation", "check_constraints", "check_shapes"]

SHARED = "shared"
"""What :func:`check_shapes` calls the graphs that belong to no single document, taken together."""

# What a shape may ask of a thing that is described elsewhere.
_CONTEXT = (RDF.type, SKOS.inScheme, OA.hasSource)
_STRING = NamedNode(PREFIXES["xsd"] + "string")
_SUBCLASS = NamedNode(PREFIXES["rdfs"] + "subClassOf")
_SHACL = "http://www.w3.org/ns/shacl#"
_CURE_EN = "Build the document again; if it stays, the mapping is at fault: report it."
_CURE_ZH = "重新构建该文件；若仍出现，则是映射有误，请报告。"


class ShapesUnavailable(FiscalgraphError):
    """The shapes cannot be checked here: pyshacl is not installed."""


@dataclass(frozen=True, slots=True, order=True)
class Violation:
    """A rule that is broken: by which thing (``focus``), in which graph, with which value if any.

    ``message`` says what should be and ``cure`` what to do, in English and Chinese.
    """

    rule: str
    focus: str
    value: str | None
    graph: str | None
    message_en: str
    message_zh: str
    cure_en: str
    cure_zh: str


def check_constraints(store: Store) -> list[Violation]:
    """What breaks the constraints, in the order of their names; an empty list when all hold."""
    found = []
    for constraint in constraints():
        rows: Any = store.query(constraint.select, use_default_graph_as_union=True)
        for focus, value in sorted(
            {(_text(row["focus"]) or "", _text(row["value"])) for row in rows}, key=str
        ):
            found.append(
                Violation(
                    constraint.name,
                    focus,
                    value,
                    None,
                    constraint.title_en,
                    constraint.title_zh,
                    constraint.cure_en,
                    constraint.cure_zh,
                )
            )
    return found


def check_shapes(
    store: Store, graphs: Iterable[str] | None = None, progress: Callable[[str], None] | None = None
) -> list[Violation]:
    """What breaks the shapes in ``graphs``: IRIs of documents, and :data:`SHARED`; default: everything.

    ``progress`` is called with each graph before it is checked. Raises :class:`ShapesUnavailable`
    when pyshacl is not installed, and ``ValueError`` for a document that the store does not hold.
    """
    try:
        import pyshacl
    except ImportError as error:
        raise ShapesUnavailable(
            "the shapes cannot be checked",
            "pyshacl is not installed",
            "Install it: pip install 'fiscalgraph[validation]'",
        ) from error
    shapes = _shapes()
    found: list[Violation] = []
    documents, others = _graphs(store)
    for name in graphs if graphs is not None else [*documents, SHARED]:
        if progress is not None:
            progress(name)
        if name != SHARED and name not in documents:
            raise ValueError(f"the store holds no document {name}")
        described, data = _load(store, others if name == SHARED else [NamedNode(name)])
        conforms, report, _ = pyshacl.validate(data, shacl_graph=shapes, inference="none", advanced=False)
        if not conforms:
            found += _violations(report, shapes, described, None if name == SHARED else name)
    return found


def _graphs(store: Store) -> tuple[list[str], list[NamedNode]]:
    """The documents' graphs, and all others."""
    names = sorted((graph for graph in store.named_graphs() if isinstance(graph, NamedNode)), key=str)
    documents = [graph.value for graph in names if graph.value.startswith(DOCUMENTS)]
    return documents, [graph for graph in names if not graph.value.startswith(DOCUMENTS)]


@cache
def _shapes() -> Graph:
    """All shapes; what a thing's shape asks of it by property shapes, these ask of its class themselves.

    The meaning is the same, but pyshacl then checks a property for all things at once: many times faster.
    """
    from rdflib import Graph, URIRef

    shapes = Graph()
    for text in shape_files().values():
        shapes.parse(data=text, format="turtle")
    targets = [URIRef(_SHACL + name) for name in ("targetClass", "targetSubjectsOf")]
    for owner, shape in list(shapes.subject_objects(URIRef(_SHACL + "property"))):
        aims = [(kind, aim) for kind in targets for aim in shapes.objects(owner, kind)]
        for kind, aim in aims:
            shapes.add((shape, kind, aim))
        if aims:
            shapes.remove((owner, URIRef(_SHACL + "property"), shape))
    return shapes


def _load(store: Store, graphs: Iterable[NamedNode]) -> tuple[set[str], Graph]:
    """What ``graphs`` state, for rdflib, with the types of what they point to; and what they describe."""
    from rdflib import Graph

    data, term = Graph(), _Terms()
    described: set[Any] = set()
    typed: set[Any] = set()
    pointed_to: set[Any] = set()
    for graph in graphs:
        for quad in store.quads_for_pattern(None, None, None, graph):
            data.add((term(quad.subject), term(quad.predicate), term(quad.object)))
            described.add(quad.subject)
            if quad.predicate == RDF.type:
                typed.add(quad.subject)
            if isinstance(quad.object, NamedNode):
                pointed_to.add(quad.object)
    for quad in store.quads_for_pattern(None, _SUBCLASS, None):
        data.add((term(quad.subject), term(quad.predicate), term(quad.object)))
    # What only gets a further statement here (a cause its measure) is described where its type stands.
    elsewhere = {
        node
        for node in described - typed
        if isinstance(node, NamedNode) and any(store.quads_for_pattern(node, RDF.type, None))
    }
    described -= elsewhere
    for node in (pointed_to | elsewhere) - described:
        for predicate in _CONTEXT:
            for quad in store.quads_for_pattern(node, predicate, None):
                data.add((term(quad.subject), term(quad.predicate), term(quad.object)))
    return {node.value for node in described}, data


class _Terms:
    """Terms of the store as terms of rdflib, each made once."""

    def __init__(self) -> None:
        self._made: dict[Any, Any] = {}

    def __call__(self, term: Any) -> Any:
        made = self._made.get(term)
        if made is None:
            made = self._made[term] = self._make(term)
        return made

    @staticmethod
    def _make(term: Any) -> Any:
        import rdflib

        if isinstance(term, NamedNode):
            return rdflib.URIRef(term.value)
        if isinstance(term, Literal):
            if term.language:
                return rdflib.Literal(term.value, lang=term.language)
            if term.datatype == _STRING:  # rdflib tells "x" from "x"^^xsd:string, RDF does not
                return rdflib.Literal(term.value)
            return rdflib.Literal(term.value, datatype=rdflib.URIRef(term.datatype.value), normalize=False)
        return rdflib.BNode(term.value)


def _violations(report: Any, shapes: Graph, described: set[str], graph: str | None) -> Iterator[Violation]:
    from rdflib import URIRef

    def sh(name: str) -> URIRef:
        return URIRef(_SHACL + name)

    found = set()
    for result in report.objects(None, sh("result")):
        focus = str(report.value(result, sh("focusNode")))
        shape, value = report.value(result, sh("sourceShape")), report.value(result, sh("value"))
        messages = {
            getattr(text, "language", None): str(text) for text in shapes.objects(shape, sh("message"))
        }
        if focus in described:
            found.add(
                Violation(
                    str(shape).removeprefix(SHAPES),
                    focus,
                    None if value is None else str(value),
                    graph,
                    messages.get("en", ""),
                    messages.get("zh", ""),
                    _CURE_EN,
                    _CURE_ZH,
                )
            )
    yield from sorted(found, key=lambda violation: (violation.rule, violation.focus, violation.value or ""))


def _text(term: Any) -> str | None:
    return None if term is None else str(term.value)
