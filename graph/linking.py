"""Links found among the passages, as statements of the graph.

A link is a node of its own: it carries a score, and stands in the graph of links because it is
derived from all documents, not printed in one.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from pyoxigraph import Literal, NamedNode, Quad

from fiscalgraph.graph.identifiers import BASE, LINKS_GRAPH, digest
from fiscalgraph.ontology.terms import FG, RDF, XSD

__all__ = ["link_quads"]


def link_quads(links: Iterable[tuple[str, str, float]]) -> Iterator[Quad]:
    """Quads for links given as (IRI of a passage, IRI of another, similarity with four decimals)."""
    for left, right, score in links:
        link = NamedNode(f"{BASE}link/{digest(left, right, length=16)}")
        yield Quad(link, RDF.type, FG.PassageLink, LINKS_GRAPH)
        yield Quad(link, FG.linksFrom, NamedNode(left), LINKS_GRAPH)
        yield Quad(link, FG.linksTo, NamedNode(right), LINKS_GRAPH)
        yield Quad(link, FG.similarity, Literal(f"{score:.4f}", datatype=XSD.decimal), LINKS_GRAPH)
