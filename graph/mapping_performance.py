"""Projects and their performance → quads: funds, indicators, causes and measures."""

from __future__ import annotations

from collections.abc import Iterator

from pyoxigraph import Literal, NamedNode

from fiscalgraph.extract.normalise import amount_in_yuan
from fiscalgraph.extract.records import Finding, Fund, Indicator, Project
from fiscalgraph.graph import identifiers as ids
from fiscalgraph.graph.mapping_document import MappedDocument
from fiscalgraph.graph.statements import Value, code_concept
from fiscalgraph.graph.targets import IndicatorValue, achievement_ratio, parse_score, parse_value
from fiscalgraph.ontology.terms import DCTERMS, FG, OBEU, PROV, RDF, XSD, year_iri

__all__ = ["PerformanceMapping"]

_TARGET = (
    FG.targetKind,
    FG.targetComparator,
    FG.targetNumber,
    FG.targetUpperNumber,
    FG.targetUnit,
    FG.targetContext,
    FG.targetDate,
)
_ACTUAL = (
    FG.actualKind,
    FG.actualComparator,
    FG.actualNumber,
    FG.actualUpperNumber,
    FG.actualUnit,
    FG.actualContext,
    FG.actualDate,
)
_DATE_TYPES = {10: XSD.date, 7: XSD.gYearMonth, 4: XSD.gYear}
_YEARLESS_DATE_TYPES = {7: XSD.gMonthDay, 4: XSD.gMonth}


def _date_literal(date: str) -> Literal:
    """A point in time as exact as it is known: 2024-12-31, 2024-12, 2024, --12-31 or --12."""
    types = _YEARLESS_DATE_TYPES if date.startswith("--") else _DATE_TYPES
    return Literal(date, datatype=types[len(date)])


def _value(value: IndicatorValue | None, terms: tuple[NamedNode, ...]) -> Iterator[tuple[NamedNode, Value]]:
    """A parsed target or actual value, in the properties of its side (:data:`_TARGET`, :data:`_ACTUAL`)."""
    if value is not None:
        date = None if value.date is None else _date_literal(value.date)
        kind = code_concept("value kind", value.kind)
        facts = (kind, value.comparator, value.number, value.upper, value.unit, value.context or None, date)
        yield from zip(terms, facts, strict=True)


class PerformanceMapping:
    """States the projects of one document; what belongs to a project points to its entry."""

    def __init__(self, document: MappedDocument) -> None:
        self._document = document
        self._entries: dict[int, NamedNode] = {}

    def project(self, order: int, project: Project) -> None:
        node = self._document.mint("project", str(project.occurrence))
        self._entries.setdefault(project.occurrence, node)
        self._document.remember(project, node)
        self._document.state(
            node,
            [
                (RDF.type, FG.ProjectEntry),
                (DCTERMS.isPartOf, self._document.iri),
                *self._document.project(project),
                (OBEU.organization, self._document.organization),
                (OBEU.fiscalYear, year_iri(self._document.year)),
                (FG.occurrence, project.occurrence),
                (FG.projectName, project.project),
                (FG.projectScope, code_concept("project scope", project.scope)),
                (FG.departmentName, project.department),
                (FG.implementingUnitName, project.implementing_unit),
                (FG.unit, project.unit),
                *self._money(project.budget_initial, project.budget_full, project.executed, project.unit),
                (FG.executionRate, project.rate),
                (FG.score, project.score),
                (FG.scoreNumber, parse_score(project.score)),
                (FG.narrativeScore, project.narrative_score),
                (FG.narrativeBudget, project.narrative_budget),
                (FG.narrativeExecuted, project.narrative_executed),
                (FG.narrativeRate, project.narrative_rate),
                *((FG.presentedIn, code_concept("presentation", word)) for word in project.sources),
                (FG.position, order),
                (PROV.wasDerivedFrom, self._document.source(project.source)),
            ],
        )

    @staticmethod
    def _money(
        initial: str | None, full: str | None, executed: str | None, unit: str | None
    ) -> Iterator[tuple[NamedNode, Value]]:
        """Budget and execution as printed, and exactly in 元 where the unit is known."""
        for printed, as_printed, in_yuan in (
            (initial, FG.budgetInitial, FG.budgetInitialAmount),
            (full, FG.budgetFull, FG.budgetFullAmount),
            (executed, FG.executed, FG.executedAmount),
        ):
            if printed is not None:
                yield as_printed, printed
                yield in_yuan, amount_in_yuan(printed, unit)

    def fund(self, order: int, fund: Fund) -> None:
        node = self._document.mint("project", str(fund.occurrence), "fund", ids.segment(fund.fund))
        self._document.remember(fund, node)
        self._document.state(
            node,
            [
                (RDF.type, FG.FundLine),
                (DCTERMS.isPartOf, self._document.iri),
                (FG.entry, self._entries.get(fund.occurrence)),
                (FG.projectName, fund.project),
                (FG.implementingUnitName, fund.implementing_unit),
                (FG.printedFundSource, fund.fund),
                *self._money(fund.budget_initial, fund.budget_full, fund.executed, fund.unit),
                (FG.weight, fund.weight),
                (FG.weightNumber, parse_score(fund.weight)),
                (FG.executionRate, fund.rate),
                (FG.score, fund.score),
                (FG.scoreNumber, parse_score(fund.score)),
                (FG.unit, fund.unit),
                (FG.position, order),
                (PROV.wasDerivedFrom, self._document.source(fund.source)),
            ],
        )

    def entry(self, occurrence: int | None) -> NamedNode | None:
        """The entry of the project table ``occurrence``, once :meth:`project` has stated it."""
        return None if occurrence is None else self._entries.get(occurrence)

    def indicator(self, order: int, indicator: Indicator) -> None:
        name = indicator.level3 or indicator.level2 or indicator.level1 or ""
        target, actual = parse_value(indicator.target, name), parse_value(indicator.actual, name)
        levels = (indicator.level1, indicator.level2, indicator.level3)
        about = "/".join(level for level in levels if level)
        node = self._document.mint("project", str(indicator.occurrence), "indicator", ids.segment(name))
        self._document.remember(indicator, node)
        self._document.state(
            node,
            [
                (RDF.type, FG.PerformanceIndicator),
                (DCTERMS.isPartOf, self._document.iri),
                (FG.entry, self._entries.get(indicator.occurrence)),
                (FG.projectName, indicator.project),
                (FG.implementingUnitName, indicator.implementing_unit),
                (FG.level1, indicator.level1),
                (FG.level2, indicator.level2),
                (FG.level3, indicator.level3),
                (FG.target, indicator.target),
                *_value(target, _TARGET),
                (FG.actual, indicator.actual),
                *_value(actual, _ACTUAL),
                (FG.achievementRatio, achievement_ratio(target, actual, about)),
                (FG.weight, indicator.weight),
                (FG.weightNumber, parse_score(indicator.weight)),
                (FG.score, indicator.score),
                (FG.scoreNumber, parse_score(indicator.score)),
                (FG.reason, indicator.reason),
                (FG.position, order),
                (PROV.wasDerivedFrom, self._document.source(indicator.source)),
            ],
        )

    def finding(self, order: int, finding: Finding) -> None:
        node = self._document.passage(
            finding.kind,
            finding.text,
            order,
            source=finding.source,
            project=finding.project,
            ordinal=finding.ordinal,
            entry=self.entry(finding.occurrence),
        )
        self._document.remember(finding, node)
