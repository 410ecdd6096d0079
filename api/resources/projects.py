"""Projects (项目): what a department reports of them over documents and years, from goal to measures."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from typing import Any, Final

from pyoxigraph import Literal, NamedNode

from fiscalgraph.api.library import Library
from fiscalgraph.api.resources.indicators import Indicator, indicator_of
from fiscalgraph.api.resources.models import Amount, DocumentRef, Page, Place, Ref, Resource
from fiscalgraph.api.resources.paging import following, paged
from fiscalgraph.api.resources.reading import Facts, Graph
from fiscalgraph.ontology.codes import CODES
from fiscalgraph.ontology.terms import DCTERMS, FG, OBEU, SKOS, XSD

__all__ = ["Entry", "Fund", "Project", "ProjectSummary", "Report", "StatedText", "list_projects", "project"]

_MOST_ENTRIES: Final = 100
_HUNDREDTH: Final = Decimal("0.01")
_MONEY: Final = {
    "budget_initial": (FG.budgetInitial, FG.budgetInitialAmount),
    "budget_full": (FG.budgetFull, FG.budgetFullAmount),
    "executed": (FG.executed, FG.executedAmount),
}
_CLAIMS: Final = {
    "goals": CODES["claim kind"]["goal"].value,
    "outcomes": CODES["claim kind"]["outcome"].value,
    "conclusions": CODES["claim kind"]["conclusion"].value,
}
_PASSAGES: Final = {
    "reasons": CODES["passage kind"]["underperformance_reason"].value,
    "causes": CODES["passage kind"]["problem_cause"].value,
    "measures": CODES["passage kind"]["improvement_measure"].value,
}
_ENTRY: Final = (
    "?entry a fg:ProjectEntry ; obeu-dimension:project ?project . ?project skos:prefLabel ?name . "
)
_OF_ORGANIZATION: Final = """
  $organization
  ?entry obeu-dimension:organization|fg:responsibleDepartment|fg:implementingUnit ?organization .
"""
_OF_YEAR: Final = "?entry dcterms:isPartOf ?disclosure . ?disclosure fg:year ?year . $year "
_NAMED: Final = "$q ?entry fg:projectName ?printed FILTER(CONTAINS(?printed, ?q)) "
_RATE: Final = """
  ?entry fg:budgetFullAmount ?budget ; fg:executedAmount ?spent . FILTER(?budget > 0)
  BIND(100.0 * ?spent / ?budget AS ?rate)
"""


class Report(Resource):
    """What one document reports of a project: money, rate and score. ``executed_percent`` is computed from
    the amounts (of the full-year budget), ``printed_rate`` stands in the document."""

    iri: str
    document: DocumentRef
    budget_initial: Amount | None
    budget_full: Amount | None
    executed: Amount | None
    executed_percent: str | None
    printed_rate: str | None
    score: str | None
    source: Place | None


class ProjectSummary(Resource):
    """A project in a list, with what its documents report."""

    iri: str
    name: str
    url: str
    department: Ref | None
    implementing_unit: Ref | None
    reports: tuple[Report, ...]


class Fund(Resource):
    """Money of a project from one source (资金来源), or all of it, as a row of its table."""

    iri: str
    name: str
    budget_initial: Amount | None
    budget_full: Amount | None
    executed: Amount | None
    printed_rate: str | None
    weight: str | None
    score: str | None
    source: Place | None


class StatedText(Resource):
    """A goal, an outcome, a reason, a cause or a measure, in the document's words."""

    iri: str
    text: str
    source: Place | None


class Entry(Report):
    """The whole chain of a project in one document: goals, money by source, indicators, outcomes, reasons
    (未完成原因), causes (问题及原因), measures (改进措施) and conclusions (自评结论)."""

    printed_name: str
    implementing_unit: str | None
    goals: tuple[StatedText, ...]
    funds: tuple[Fund, ...]
    indicators: tuple[Indicator, ...]
    outcomes: tuple[StatedText, ...]
    reasons: tuple[StatedText, ...]
    causes: tuple[StatedText, ...]
    measures: tuple[StatedText, ...]
    conclusions: tuple[StatedText, ...]


class Project(Resource):
    """A project over documents and years; ``entries`` are in the order of years, ``entries_total`` counts
    them all."""

    iri: str
    name: str
    other_names: tuple[str, ...]
    department: Ref | None
    implementing_unit: Ref | None
    entries: tuple[Entry, ...]
    entries_total: int


def list_projects(
    library: Library,
    *,
    department: str | None = None,
    year: int | None = None,
    q: str | None = None,
    min_rate: Decimal | None = None,
    max_rate: Decimal | None = None,
    offset: int = 0,
    limit: int = 100,
) -> Page[ProjectSummary]:
    """The projects of which a document reports what the filters admit, by name.

    ``department`` is an IRI: the publisher, the responsible department or the unit that carries it out;
    ``q`` is a part of the printed name; the rates are percent of the full-year budget that was executed.
    """
    graph = Graph(library.store)
    where = _ENTRY
    values: dict[str, list[NamedNode | Literal]] = {}
    if department is not None:
        where = _OF_ORGANIZATION + where
        values["organization"] = [NamedNode(department)]
    if year is not None:
        where += _OF_YEAR
        values["year"] = [Literal(f"{year:04d}", datatype=XSD.gYear)]
    if q is not None:
        where += _NAMED
        values["q"] = [Literal(q)]
    if min_rate is not None or max_rate is not None:
        where += _RATE
        where += f"FILTER(?rate >= {min_rate:f}) " if min_rate is not None else ""
        where += f"FILTER(?rate <= {max_rate:f}) " if max_rate is not None else ""
    found = {
        (row["name"] or "", row["project"] or "")
        for row in graph.rows(f"SELECT DISTINCT ?project ?name WHERE {{ {where} }}", values)
    }
    page = paged(
        [_summary(graph, iri) for _, iri in sorted(found)[offset : offset + limit]],
        total=len(found),
        offset=offset,
        limit=limit,
    )
    given = {"department": department, "year": year, "q": q, "min_rate": min_rate, "max_rate": max_rate}
    return following(page, "/projects", given)


def _entries(graph: Graph, iri: str) -> list[Facts]:
    """The entries of a project, by year and document."""
    found = [graph.facts(entry) for entry in graph.subjects(OBEU.project, iri)]

    def order(entry: Facts) -> tuple[int, str, int]:
        document = graph.document(entry.text(DCTERMS.isPartOf) or "")
        return document.fiscal_year, document.document, entry.number(FG.position) or 0

    return sorted((entry for entry in found if entry.is_a(FG.ProjectEntry)), key=order)


def _summary(graph: Graph, iri: str) -> ProjectSummary:
    entries = _entries(graph, iri)
    ref = graph.ref(iri)
    return ProjectSummary(
        iri=iri,
        name=ref.name,
        url=ref.url or "",
        department=_organization(graph, entries, FG.responsibleDepartment),
        implementing_unit=_organization(graph, entries, FG.implementingUnit),
        reports=tuple(Report(**_report(graph, entry)) for entry in entries[:_MOST_ENTRIES]),
    )


def project(library: Library, iri: str) -> Project:
    """The chain of the project of that IRI."""
    graph = Graph(library.store)
    entries = _entries(graph, iri)
    facts = graph.facts(iri)
    return Project(
        iri=iri,
        name=graph.name(iri),
        other_names=tuple(facts.texts(SKOS.altLabel)),
        department=_organization(graph, entries, FG.responsibleDepartment),
        implementing_unit=_organization(graph, entries, FG.implementingUnit),
        entries=tuple(_entry(graph, entry) for entry in entries[:_MOST_ENTRIES]),
        entries_total=len(entries),
    )


def _organization(graph: Graph, entries: list[Facts], predicate: NamedNode) -> Ref | None:
    """The organisation that entries name; the latest, where they differ."""
    named = [found for entry in entries if (found := entry.text(predicate)) is not None]
    return graph.ref(named[-1]) if named else None


def _report(graph: Graph, entry: Facts) -> dict[str, Any]:
    budget, spent = entry.text(FG.budgetFullAmount), entry.text(FG.executedAmount)
    percent = None
    if budget is not None and spent is not None and Decimal(budget) > 0:
        share = 100 * Decimal(spent) / Decimal(budget)
        percent = format(share.quantize(_HUNDREDTH, ROUND_HALF_UP), "f")
    return {
        "iri": entry.iri,
        "document": graph.document(entry.text(DCTERMS.isPartOf) or ""),
        **_money(entry),
        "executed_percent": percent,
        "printed_rate": entry.text(FG.executionRate),
        "score": entry.text(FG.score),
        "source": graph.source(entry.iri),
    }


def _money(facts: Facts) -> dict[str, Amount | None]:
    found: dict[str, Amount | None] = {}
    for name, (printed, in_yuan) in _MONEY.items():
        text = facts.text(printed)
        found[name] = (
            None
            if text is None
            else Amount(amount=facts.text(in_yuan), printed=text, unit=facts.text(FG.unit))
        )
    return found


def _entry(graph: Graph, entry: Facts) -> Entry:
    parts = [graph.facts(part) for part in graph.subjects(FG.entry, entry.iri)]
    parts.sort(key=lambda part: (part.number(FG.position) or 0, part.iri))
    claims: dict[str, Any] = {
        name: tuple(_passage(graph, part, FG.printed) for part in parts if part.text(FG.claimKind) == kind)
        for name, kind in _CLAIMS.items()
    }
    passages: dict[str, Any] = {
        name: tuple(_passage(graph, part, FG.text) for part in parts if part.text(FG.passageKind) == kind)
        for name, kind in _PASSAGES.items()
    }
    return Entry(
        **_report(graph, entry),
        printed_name=entry.text(FG.projectName) or "",
        implementing_unit=entry.text(FG.implementingUnitName),
        funds=tuple(_fund(graph, part) for part in parts if part.is_a(FG.FundLine)),
        indicators=tuple(
            indicator_of(graph, part.iri) for part in parts if part.is_a(FG.PerformanceIndicator)
        ),
        **claims,
        **passages,
    )


def _passage(graph: Graph, part: Facts, predicate: NamedNode) -> StatedText:
    return StatedText(iri=part.iri, text=part.text(predicate) or "", source=graph.source(part.iri))


def _fund(graph: Graph, part: Facts) -> Fund:
    return Fund(
        iri=part.iri,
        name=part.text(FG.printedFundSource) or "",
        **_money(part),
        printed_rate=part.text(FG.executionRate),
        weight=part.text(FG.weight),
        score=part.text(FG.score),
        source=graph.source(part.iri),
    )
