"""How statements of one document are written: values as terms, places as sources, once each."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from pyoxigraph import Literal, NamedNode, Quad

from fiscalgraph.extract.records import Source
from fiscalgraph.graph import identifiers as ids
from fiscalgraph.ontology.terms import CODES, FG, OA, XSD

__all__ = ["DocumentStatements", "Value", "as_term", "code_concept"]

Value = NamedNode | Literal | str | int | bool | Decimal | None


def code_concept(code_list: str, word: str) -> NamedNode:
    """The concept of a record's word in one of our own code lists.

    Raises ``ValueError`` for a word that is not in the list.
    """
    try:
        return CODES[code_list][word]
    except KeyError:
        known = ", ".join(CODES[code_list])
        raise ValueError(f"{word!r} is not a {code_list}; known are: {known}") from None


def _literal(value: str | int | bool | Decimal) -> Literal:
    if isinstance(value, str):
        return Literal(value)
    if isinstance(value, bool):
        return Literal("true" if value else "false", datatype=XSD.boolean)
    if isinstance(value, int):
        return Literal(str(value), datatype=XSD.integer)
    return Literal(format(value, "f"), datatype=XSD.decimal)


def as_term(value: NamedNode | Literal | str | int | bool | Decimal) -> NamedNode | Literal:
    """A value as a term of the graph."""
    return value if isinstance(value, (NamedNode, Literal)) else _literal(value)


class DocumentStatements:
    """The quads of one document, in the order they were stated, none twice.

    ``iri`` names the document and its graph. ``own`` are in that graph, ``shared`` in the shared
    one; ``mint`` makes fresh IRIs below the document.
    """

    def __init__(self, iri: NamedNode) -> None:
        self.iri = iri
        self.mint = ids.IriMinter(iri).mint
        self.own: dict[Quad, None] = {}
        self.shared: dict[Quad, None] = {}
        self._sources: set[NamedNode] = set()

    def state(self, subject: NamedNode, facts: Iterable[tuple[NamedNode, Value]]) -> None:
        """Facts of this document; a ``None`` value states nothing."""
        for predicate, value in facts:
            if value is not None:
                self.own[Quad(subject, predicate, as_term(value), self.iri)] = None

    def share(self, subject: NamedNode, facts: Iterable[tuple[NamedNode, NamedNode | Literal | str]]) -> None:
        """Facts that hold for whoever mentions ``subject``: they follow from its IRI or the printed name."""
        for predicate, value in facts:
            term = Literal(value) if isinstance(value, str) else value
            self.shared[Quad(subject, predicate, term, ids.SHARED_GRAPH)] = None

    def source(self, source: Source) -> NamedNode:
        """The node of a place; equal places are one node, described once."""
        box = None if source.box is None else " ".join(format(side, ".2f") for side in source.box)
        page = str(source.page or 0)
        key = ids.digest(page, str(source.line), str(box), str(source.part), source.quote)
        node = NamedNode(f"{self.iri.value}/source/{page}-{key}")
        if node not in self._sources:
            self._sources.add(node)
            self.state(
                node,
                [
                    (OA.hasSource, self.iri),
                    (FG.page, source.page),
                    (FG.line, source.line),
                    (FG.box, box),
                    (FG.part, source.part),
                    (FG.quote, source.quote),
                    (FG.recognised, True if source.recognised else None),
                ],
            )
        return node
