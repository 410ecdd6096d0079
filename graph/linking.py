"""Links as statements of the graph: between passages that are alike, between things that are one.

A link is a node of its own: it carries a score or a rule, and stands in the graph of links because it
is derived from all documents, not printed in one.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from pyoxigraph import Literal, NamedNode, Quad

from fiscalgraph.graph.identifiers import BASE, LINKS_GRAPH, digest, issue_iri
from fiscalgraph.graph.statements import code_concept
from fiscalgraph.ontology.terms import DCTERMS, FG, ORG, RDF, XSD

__all__ = ["PART_OF", "IdentityLink", "identity_link_quads", "link_quads"]

PART_OF = frozenset({"parent-name", "table-of-units"})
"""The rules whose links say that the first is part of the second, not that they are one."""


@dataclass(frozen=True, slots=True, order=True)
class IdentityLink:
    """Two things that one ``rule`` takes for one; a link that is not ``accepted`` is a candidate.

    ``confidence`` is a decimal from 0 to 1.
    """

    left: str
    right: str
    rule: str
    confidence: str
    accepted: bool


def link_quads(links: Iterable[tuple[str, str, float]], issues: Mapping[str, str] = {}) -> Iterator[Quad]:
    """Quads for links given as (IRI of a passage, IRI of another, how probably they state the same).

    ``issues``: the id of the issue that a passage states, by the passage's IRI; a link within one names it.
    """
    for left, right, score in links:
        link = NamedNode(f"{BASE}link/{digest(left, right, length=16)}")
        yield Quad(link, RDF.type, FG.PassageLink, LINKS_GRAPH)
        yield Quad(link, FG.linksFrom, NamedNode(left), LINKS_GRAPH)
        yield Quad(link, FG.linksTo, NamedNode(right), LINKS_GRAPH)
        yield Quad(link, FG.similarity, Literal(f"{score:.4f}", datatype=XSD.decimal), LINKS_GRAPH)
        issue = issues.get(left)
        if issue is not None and issue == issues.get(right):
            yield Quad(link, DCTERMS.subject, issue_iri(issue), LINKS_GRAPH)


def identity_link_quads(links: Iterable[IdentityLink]) -> Iterator[Quad]:
    """Quads for links between things; an accepted one is also stated directly, for short queries.

    Raises ``ValueError`` for a rule that is not in the code list.
    """
    for link in links:
        left, right = NamedNode(link.left), NamedNode(link.right)
        node = NamedNode(f"{BASE}link/{digest(link.left, link.right, link.rule, length=16)}")
        status = code_concept("link status", "accepted" if link.accepted else "candidate")
        yield Quad(node, RDF.type, FG.IdentityLink, LINKS_GRAPH)
        yield Quad(node, FG.linksFrom, left, LINKS_GRAPH)
        yield Quad(node, FG.linksTo, right, LINKS_GRAPH)
        yield Quad(node, FG.linkRule, code_concept("identity rule", link.rule), LINKS_GRAPH)
        yield Quad(node, FG.linkConfidence, Literal(link.confidence, datatype=XSD.decimal), LINKS_GRAPH)
        yield Quad(node, FG.linkStatus, status, LINKS_GRAPH)
        if link.accepted and link.rule in PART_OF:
            yield Quad(left, ORG.subOrganizationOf, right, LINKS_GRAPH)
        elif link.accepted:
            yield Quad(left, FG.identicalTo, right, LINKS_GRAPH)
            yield Quad(right, FG.identicalTo, left, LINKS_GRAPH)
