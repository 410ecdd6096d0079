"""Recognition: a document as read becomes the records of one disclosure, with its coverage."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields, replace
from itertools import chain

from fiscalgraph.extract.anomalies import settled_year, sound_part, with_set_aside
from fiscalgraph.extract.anomalies_tables import cut_off_table, headless_tables, nameless_figures
from fiscalgraph.extract.coverage import certify
from fiscalgraph.extract.document import ColumnTrust, Document
from fiscalgraph.extract.recognise.findings import recognise_findings
from fiscalgraph.extract.recognise.identity import named_bodies, recognise_identity
from fiscalgraph.extract.recognise.laws import recognise_laws
from fiscalgraph.extract.recognise.narrative import recognise_narrative
from fiscalgraph.extract.recognise.optical import with_recognition
from fiscalgraph.extract.recognise.performance import recognise_performance
from fiscalgraph.extract.recognise.project_narrative import recognise_project_narrative
from fiscalgraph.extract.recognise.project_union import join_findings, join_narratives
from fiscalgraph.extract.recognise.spending import recognise_spending
from fiscalgraph.extract.recognise.statements import recognise_statements
from fiscalgraph.extract.recognise.units import recognise_units
from fiscalgraph.extract.records import (
    DisclosureRecords,
    Finding,
    Fund,
    Indicator,
    Project,
    SpendingLine,
    TotalLine,
)

__all__ = ["recognise"]


def _texts(records: DisclosureRecords) -> Iterator[str]:
    """The values of the records that performance tables give."""
    groups: tuple[tuple[Project | Fund | Indicator | Finding, ...], ...] = (
        records.projects,
        records.funds,
        records.indicators,
        records.findings,
    )
    for record in chain.from_iterable(groups):
        for field in fields(record):
            value = getattr(record, field.name)
            if isinstance(value, str):
                yield value


def recognise(document: Document) -> DisclosureRecords:
    """Everything that can be read from ``document``.

    Raises :class:`~fiscalgraph.extract.errors.RefusedDocument` when issuer, kind or fiscal year
    cannot be established.
    """
    whole = document
    sound = sound_part(whole, recognise_identity, named_bodies)
    document = sound.document
    identity = recognise_identity(document)
    year, problems = settled_year(document, identity.fiscal_year)
    identity = replace(identity, fiscal_year=year)
    figures = recognise_spending(document)
    performance = recognise_performance(document)
    projects = join_narratives(performance.projects, recognise_project_narrative(document))
    records = DisclosureRecords(
        identity=identity,
        units=recognise_units(document),
        spending=tuple(line for line in figures.spending if line.column),
        totals=tuple(line for line in figures.totals if line.column),
        narrative=recognise_narrative(document),
        projects=projects,
        funds=performance.funds,
        indicators=performance.indicators,
        findings=(*performance.findings, *join_findings(recognise_findings(document), projects)),
        laws=recognise_laws(document),
        statements=recognise_statements(document, projects),
    )
    sources = [identity.source]
    for group in (
        records.units, records.spending, records.totals, records.narrative, records.projects,
        records.funds, records.indicators, records.findings, records.laws,
    ):  # fmt: skip
        sources += [record.source for record in group]
    lines: list[SpendingLine | TotalLine] = [*figures.spending, *figures.totals]
    problems += tuple(headless_tables(figures.tables, lines).values())
    problems += cut_off_table(document, figures.tables, performance.indicators)
    rebuilt = [table for table in figures.tables if table.trust is ColumnTrust.LOST]
    coverage = certify(
        document,
        figures.consumed,
        (*figures.leftovers, *nameless_figures(lines)),
        sources,
        rebuilt,
        forms=performance.consumed,
        values=_texts(records),
        outside=figures.outside,
    )
    complete = DisclosureRecords(
        **{name: getattr(records, name) for name in records.__slots__ if name != "coverage"},
        coverage=with_set_aside(coverage, sound, problems),
    )
    return with_recognition(complete, whole)
