"""What the checks found → quads: each comparison with both sides, their places and the verdict (DQV).

Results within one document are part of it; those between documents stand in a graph of their own, which a
build makes anew, and name both documents.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from pyoxigraph import NamedNode, Quad

from fiscalgraph.graph import identifiers as ids
from fiscalgraph.graph.checks import CheckResult, Side, Verdict
from fiscalgraph.graph.mapping_document import MappedDocument
from fiscalgraph.graph.statements import Value, as_term, code_concept
from fiscalgraph.ontology.checks import check_rules
from fiscalgraph.ontology.terms import DCTERMS, DQV, FG, PROV, RDF

if TYPE_CHECKING:
    from fiscalgraph.graph.checks.document_results import DocumentResult

__all__ = ["comparison_quads", "map_check_result"]

_DIFFERENCES = frozenset({Verdict.CONTRADICTS, Verdict.ROUNDING})
_POINTS = "个百分点"
"""The unit of what lies between two percentages."""
_Facts = list[tuple[NamedNode, Value]]


def map_check_result(document: MappedDocument, order: int, found: CheckResult) -> None:
    """State ``found``; the figures on either side of a contradiction carry it (``fg:contestedBy``)."""
    sides = (found.left.printed, found.right.printed, found.detail)
    node = document.mint("check", f"{found.check}-{ids.digest(*sides)}")
    left, right = _figures(document, found.left), _figures(document, found.right)
    facts = [
        *_verdict(found, left, right, found.kind),
        (DCTERMS.isPartOf, document.iri),
        (FG.position, order),
        (PROV.wasDerivedFrom, _place(document, found.left)),
        (FG.counterpartSource, _place(document, found.right)),
    ]
    document.state(node, facts)
    if _contests(found):
        for figure in (*left, *right):
            document.state(figure, [(FG.contestedBy, node)])


def comparison_quads(results: Iterable[DocumentResult]) -> Iterator[Quad]:
    """The quads of the checks between documents, for :data:`~.identifiers.COMPARISONS_GRAPH`.

    A result is named below the document of its left side.
    """
    mint: dict[str, ids.IriMinter] = {}
    for order, found in enumerate(results):
        left = [NamedNode(iri) for iri in found.left.figures]
        right = [NamedNode(iri) for iri in found.right.figures]
        minter = mint.setdefault(found.left.document, ids.IriMinter(NamedNode(found.left.document)))
        node = minter.mint(
            "comparison", f"{found.check}-{ids.digest(*found.left.figures, *found.right.figures)}"
        )
        kind = "rounding_mismatch" if found.verdict is Verdict.ROUNDING else check_rules()[found.check].kind
        facts = [
            *_verdict(found, left, right, kind),
            (FG.comparesDocument, NamedNode(found.left.document)),
            (FG.comparesDocument, NamedNode(found.right.document)),
            (FG.position, order),
            (PROV.wasDerivedFrom, NamedNode(found.left.source)),
            (FG.counterpartSource, NamedNode(found.right.source)),
        ]
        stated: dict[Quad, None] = {}
        for predicate, value in facts:
            if value is not None:
                stated[Quad(node, predicate, as_term(value), ids.COMPARISONS_GRAPH)] = None
        if _contests(found):
            for figure in (*left, *right):
                stated[Quad(figure, FG.contestedBy, node, ids.COMPARISONS_GRAPH)] = None
        yield from stated


def _verdict(
    found: CheckResult | DocumentResult, left: list[NamedNode], right: list[NamedNode], kind: str
) -> _Facts:
    """What results within a document and between documents have in common."""
    different = found.verdict in _DIFFERENCES
    return [
        (RDF.type, FG.CheckResult),
        (DQV.isMeasurementOf, check_rules()[found.check].iri),
        *((DQV.computedOn, figure) for figure in dict.fromkeys((*left, *right))),
        *((FG.leftOperand, figure) for figure in left),
        (FG.verdict, code_concept("verdict", found.verdict)),
        (FG.contradictionKind, code_concept("contradiction kind", kind) if different else None),
        (FG.left, found.left.printed),
        (FG.right, found.right.printed),
        (FG.computed, True if found.left.computed or found.right.computed else None),
        (DQV.value, found.difference),
        (FG.unit, _POINTS if found.unit == "%" else found.unit),
        (FG.detail, found.detail),
    ]


def _contests(found: CheckResult | DocumentResult) -> bool:
    return found.verdict is Verdict.CONTRADICTS and found.difference is not None


def _figures(document: MappedDocument, side: Side) -> list[NamedNode]:
    figures = (document.node(record) for record in side.records)
    return list(dict.fromkeys(figure for figure in figures if figure is not None))


def _place(document: MappedDocument, side: Side) -> NamedNode | None:
    return document.source(side.sources[0]) if side.sources else None
