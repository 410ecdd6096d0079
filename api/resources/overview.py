"""What a workspace holds, in figures (概览): counted when the generation was built."""

from __future__ import annotations

from collections import Counter
from decimal import ROUND_HALF_UP, Decimal
from typing import Final

from pydantic import Field

from fiscalgraph.api.library import Library
from fiscalgraph.api.resources.addresses import document_url
from fiscalgraph.api.resources.departments import RegionCount, ValueCount, YearTotal, region_counts
from fiscalgraph.api.resources.models import DocumentRef, Resource
from fiscalgraph.graph.dataset import BUILD_GRAPH
from fiscalgraph.ontology.codes import CODES
from fiscalgraph.ontology.terms import PROV

__all__ = ["Overview", "overview"]

_NEWEST: Final = 8
_TENTH: Final = Decimal("0.1")


class Reading(Resource):
    """How much of all documents was read; ``percent`` of the tables."""

    tables: int
    tables_read: int
    percent: str | None
    cells: int
    cells_read: int
    paragraphs: int
    paragraphs_read: int


class Overview(Resource):
    """What the workspace holds. ``departments`` counts the organisations that publish, ``organizations``
    all that are known; ``observations`` the figures with a code or an item, ``figures`` other printed ones.

    ``regions`` and ``levels`` count the organisations that publish. ``causes``, ``measures``, ``reasons`` (of
    missed targets) and ``spending_reasons`` are stated passages, ``issues`` what several of them have in
    common.
    ``contradictions`` are those inside documents; of them an earlier document of the same disclosure has
    ``contradictions_repeated`` already. ``newest``: documents of the latest fiscal years.
    """

    built: str | None = Field(description="When the generation was built (ISO 8601, UTC)")
    documents: int
    disclosures: int
    departments: int
    organizations: int
    projects: int
    project_reports: int
    indicators: int
    observations: int
    figures: int
    laws: int
    causes: int
    measures: int
    reasons: int
    spending_reasons: int
    issues: int
    contradictions: int
    contradictions_repeated: int
    reading: Reading
    years: tuple[YearTotal, ...]
    kinds: tuple[ValueCount, ...]
    levels: tuple[ValueCount, ...]
    regions: tuple[RegionCount, ...]
    newest: tuple[DocumentRef, ...]


def overview(library: Library) -> Overview:
    """The overview of the generation."""
    catalogue = library.catalogue
    documents = catalogue.documents
    publishing = [row for row in catalogue.organizations if row.documents]
    years = Counter(document.fiscal_year for document in documents)
    kinds = Counter(document.kind for document in documents)
    levels = Counter(row.level for row in publishing)
    counts = catalogue.counts
    newest = sorted(documents, key=lambda each: (-each.fiscal_year, each.document))[:_NEWEST]
    return Overview(
        built=_built(library),
        documents=len(documents),
        disclosures=library.auditor.copies.disclosures,
        departments=len(publishing),
        organizations=len(catalogue.organizations),
        projects=len(catalogue.projects),
        project_reports=len(catalogue.entries),
        indicators=len(catalogue.indicators),
        observations=counts["observations"],
        figures=counts["figures"],
        laws=len(catalogue.laws),
        causes=counts["problem_cause"],
        measures=counts["improvement_measure"],
        reasons=counts["underperformance_reason"],
        spending_reasons=counts["narrative_reason"],
        issues=counts["issues"],
        contradictions=sum(document.contradictions for document in documents),
        contradictions_repeated=sum(
            number for (_, verdict), number in library.auditor.repeated().items() if verdict == "contradicts"
        ),
        reading=_reading(library),
        years=tuple(YearTotal(value=year, total=years[year]) for year in sorted(years, reverse=True)),
        kinds=tuple(ValueCount(value=kind, total=total) for kind, total in kinds.most_common()),
        levels=tuple(
            ValueCount(value=level, total=levels[level])
            for level in CODES["government level"]
            if levels[level]
        ),
        regions=region_counts(publishing),
        newest=tuple(
            DocumentRef(
                iri=document.iri,
                document=document.document,
                url=document_url(document.document),
                issuer=document.issuer,
                kind=document.kind,
                fiscal_year=document.fiscal_year,
            )
            for document in newest
        ),
    )


def _reading(library: Library) -> Reading:
    total: Counter[str] = Counter()
    for document in library.catalogue.documents:
        total.update({name: number for name, number in document.coverage.items() if number is not None})
    tables, read = total["tables"], total["tables_read"]
    share = (100 * Decimal(read) / tables).quantize(_TENTH, ROUND_HALF_UP) if tables else None
    return Reading(
        tables=tables,
        tables_read=read,
        percent=None if share is None else format(share, "f"),
        cells=total["cells"],
        cells_read=total["cells_read"],
        paragraphs=total["paragraphs"],
        paragraphs_read=total["paragraphs_read"],
    )


def _built(library: Library) -> str | None:
    found = library.store.quads_for_pattern(None, PROV.endedAtTime, None, BUILD_GRAPH)
    return next((str(quad.object.value) for quad in found if hasattr(quad.object, "value")), None)
