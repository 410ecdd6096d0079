"""What is known about the reading → quads: coverage, what was left unread."""

from __future__ import annotations

from decimal import Decimal

from pyoxigraph import NamedNode

from fiscalgraph.extract.records import Coverage
from fiscalgraph.graph.mapping_document import MappedDocument
from fiscalgraph.ontology.terms import DCTERMS, DQV, FG, PROV, RDF

__all__ = ["map_coverage"]


def map_coverage(document: MappedDocument, coverage: Coverage) -> None:
    """The coverage certificate (覆盖证书): counts, problems, and what was left where and why."""
    document.state(
        document.mint("coverage"),
        [
            (RDF.type, FG.Coverage),
            (DCTERMS.isPartOf, document.iri),
            (FG.pages, coverage.pages),
            (FG.pagesRead, coverage.pages_read),
            (FG.pagesRecognised, coverage.pages_recognised or None),
            (FG.tables, coverage.tables),
            (FG.tablesRead, coverage.tables_read),
            (FG.cells, coverage.cells),
            (FG.cellsRead, coverage.cells_read),
            (FG.paragraphs, coverage.paragraphs),
            (FG.paragraphsRead, coverage.paragraphs_read),
            *((FG.problem, problem) for problem in coverage.problems),
        ],
    )
    _measure(document, FG.pagesReadShare, coverage.pages_read, coverage.pages)
    _measure(document, FG.tablesReadShare, coverage.tables_read, coverage.tables)
    _measure(document, FG.cellsReadShare, coverage.cells_read, coverage.cells)
    _measure(document, FG.paragraphsReadShare, coverage.paragraphs_read, coverage.paragraphs)
    for order, leftover in enumerate(coverage.leftovers):
        document.state(
            document.mint("leftover", str(order)),
            [
                (RDF.type, FG.Leftover),
                (DCTERMS.isPartOf, document.iri),
                (FG.what, leftover.what),
                (FG.why, leftover.why),
                (FG.position, order),
                (PROV.wasDerivedFrom, document.source(leftover.source)),
            ],
        )


def _measure(document: MappedDocument, metric: NamedNode, read: int | None, there: int | None) -> None:
    """The share that was read, as a quality measurement; none where there was nothing to read."""
    if read is None or not there:
        return
    document.state(
        document.mint("quality", metric.value.partition("#")[2]),
        [
            (RDF.type, DQV.QualityMeasurement),
            (RDF.type, FG.ReadingMeasurement),
            (DQV.computedOn, document.iri),
            (DQV.isMeasurementOf, metric),
            (DQV.value, (Decimal(read) / there).quantize(Decimal("0.0001"))),
        ],
    )
