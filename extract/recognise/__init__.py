"""Recognition: a document as read becomes the records of one disclosure, with its coverage."""

from __future__ import annotations

from fiscalgraph.extract.coverage import certify
from fiscalgraph.extract.document import Document
from fiscalgraph.extract.recognise.findings import recognise_findings
from fiscalgraph.extract.recognise.identity import recognise_identity
from fiscalgraph.extract.recognise.laws import recognise_laws
from fiscalgraph.extract.recognise.narrative import recognise_narrative
from fiscalgraph.extract.recognise.performance import recognise_performance
from fiscalgraph.extract.recognise.project_narrative import recognise_project_narrative
from fiscalgraph.extract.recognise.project_union import join_findings, join_narratives
from fiscalgraph.extract.recognise.spending import recognise_spending
from fiscalgraph.extract.recognise.units import recognise_units
from fiscalgraph.extract.records import DisclosureRecords

__all__ = ["recognise"]


def recognise(document: Document) -> DisclosureRecords:
    """Everything that can be read from ``document``.

    Raises :class:`~fiscalgraph.extract.errors.RefusedDocument` when issuer, kind or fiscal year
    cannot be established.
    """
    identity = recognise_identity(document)
    figures = recognise_spending(document)
    performance = recognise_performance(document)
    projects = join_narratives(performance.projects, recognise_project_narrative(document))
    records = DisclosureRecords(
        identity=identity,
        units=recognise_units(document),
        spending=figures.spending,
        totals=figures.totals,
        narrative=recognise_narrative(document),
        projects=projects,
        funds=performance.funds,
        indicators=performance.indicators,
        findings=(*performance.findings, *join_findings(recognise_findings(document), projects)),
        laws=recognise_laws(document),
    )
    sources = [identity.source]
    for group in (
        records.units, records.spending, records.totals, records.narrative, records.projects,
        records.funds, records.indicators, records.findings, records.laws,
    ):  # fmt: skip
        sources += [record.source for record in group]
    coverage = certify(document, figures.consumed | performance.consumed, figures.leftovers, sources)
    return DisclosureRecords(
        **{name: getattr(records, name) for name in records.__slots__ if name != "coverage"},
        coverage=coverage,
    )
