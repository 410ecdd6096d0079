"""What the checks found → quads: each comparison with both sides, their places and the verdict (DQV)."""

from __future__ import annotations

from pyoxigraph import NamedNode

from fiscalgraph.graph import identifiers as ids
from fiscalgraph.graph.checks import CheckResult, Side, Verdict
from fiscalgraph.graph.mapping_document import MappedDocument
from fiscalgraph.graph.statements import code_concept
from fiscalgraph.ontology.checks import check_rules
from fiscalgraph.ontology.terms import DCTERMS, DQV, FG, PROV, RDF

__all__ = ["map_check_result"]

_DIFFERENCES = frozenset({Verdict.CONTRADICTS, Verdict.ROUNDING})


def map_check_result(document: MappedDocument, order: int, found: CheckResult) -> None:
    """State ``found``; the figures on either side of a contradiction carry it (``fg:contestedBy``)."""
    sides = (found.left.printed, found.right.printed, found.detail)
    node = document.mint("check", f"{found.check}-{ids.digest(*sides)}")
    compared = {
        figure: None
        for record in (*found.left.records, *found.right.records)
        if (figure := document.node(record)) is not None
    }
    document.state(
        node,
        [
            (RDF.type, FG.CheckResult),
            (DCTERMS.isPartOf, document.iri),
            (DQV.isMeasurementOf, check_rules()[found.check].iri),
            *((DQV.computedOn, figure) for figure in compared),
            (FG.verdict, code_concept("verdict", found.verdict)),
            (
                FG.contradictionKind,
                code_concept("contradiction kind", found.kind) if found.verdict in _DIFFERENCES else None,
            ),
            (FG.left, found.left.printed),
            (FG.right, found.right.printed),
            (FG.computed, True if found.right.computed else None),
            (DQV.value, found.difference),
            (FG.unit, found.unit),
            (FG.detail, found.detail),
            (FG.position, order),
            (PROV.wasDerivedFrom, _place(document, found.left)),
            (FG.counterpartSource, _place(document, found.right)),
        ],
    )
    if found.verdict is Verdict.CONTRADICTS and found.difference is not None:
        for figure in compared:
            document.state(figure, [(FG.contestedBy, node)])


def _place(document: MappedDocument, side: Side) -> NamedNode | None:
    return document.source(side.sources[0]) if side.sources else None
