"""Projects (项目): what a department reports of them over documents and years, from goal to measures."""

from __future__ import annotations

from collections.abc import Collection
from decimal import ROUND_HALF_UP, Decimal
from typing import Any, Final, Literal

from pyoxigraph import NamedNode

from fiscalgraph.api.catalogue import Catalogue
from fiscalgraph.api.library import Library, UnknownThing
from fiscalgraph.api.resources.models import Amount, DocumentRef, Page, Place, Ref, Resource
from fiscalgraph.api.resources.paging import paged
from fiscalgraph.api.resources.project_links import (
    IssueRef,
    JudgedIndicator,
    explained_by,
    issues_of,
    judged_indicator,
)
from fiscalgraph.api.resources.reading import Facts, Graph
from fiscalgraph.ontology.codes import CODES
from fiscalgraph.ontology.terms import DCTERMS, FG, OBEU, SKOS

__all__ = [
    "Entry",
    "Fund",
    "ListedReport",
    "Project",
    "ProjectOrder",
    "ProjectSummary",
    "Report",
    "StatedReason",
    "StatedText",
    "list_projects",
    "project",
]

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


ProjectOrder = Literal[
    "name", "-name", "budget", "-budget", "executed", "-executed", "rate", "-rate", "score", "-score"
]
"""By what projects are ordered; ``-``: the greatest first."""


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


class ListedReport(Report):
    """A report in a list of projects; ``admitted``: it is one that the filters of the list admit."""

    admitted: bool


class ProjectSummary(Resource):
    """A project in a list, with what its documents report."""

    iri: str
    name: str
    url: str
    department: Ref | None
    implementing_unit: Ref | None
    reports: tuple[ListedReport, ...]


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
    """A goal, an outcome or a conclusion, in the document's words."""

    iri: str
    text: str
    source: Place | None


class StatedReason(StatedText):
    """A reason, a cause or a measure, in the document's words. ``explains`` are the IRIs of the indicators
    that it is given for, ``issues`` what it has in common with others."""

    explains: tuple[str, ...]
    issues: tuple[IssueRef, ...]


class Entry(Report):
    """The whole chain of a project in one document: goals, money by source, indicators, outcomes, reasons
    (未完成原因), causes (问题及原因), measures (改进措施) and conclusions (自评结论)."""

    printed_name: str
    implementing_unit: str | None
    goals: tuple[StatedText, ...]
    funds: tuple[Fund, ...]
    indicators: tuple[JudgedIndicator, ...]
    outcomes: tuple[StatedText, ...]
    reasons: tuple[StatedReason, ...]
    causes: tuple[StatedReason, ...]
    measures: tuple[StatedReason, ...]
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
    document: str | None = None,
    q: str | None = None,
    min_rate: Decimal | None = None,
    max_rate: Decimal | None = None,
    min_score: Decimal | None = None,
    max_score: Decimal | None = None,
    sort: ProjectOrder = "name",
    offset: int = 0,
    limit: int = 100,
) -> Page[ProjectSummary]:
    """The projects of which a document reports what the filters admit, in the order of ``sort``.

    ``department`` is an IRI: the publisher, the responsible department or the unit that carries it out;
    ``q`` is a part of the printed name; the rates are percent of the full-year budget that was executed, the
    scores those of the self-evaluation. Orders other than the name's are by the latest report that the
    filters admit and that states what is ordered by; a project without any comes last. Raises
    :class:`~fiscalgraph.api.library.UnknownThing` for a document that there is not.
    """
    catalogue = library.catalogue
    if document is not None and all(each.document != document for each in catalogue.documents):
        raise UnknownThing(document, "the workspace has no such document", "GET /documents lists their names")
    admitted: dict[int, list[int]] = {}
    for number, entry in enumerate(catalogue.entries):
        if (
            entry.project >= 0
            and (department is None or department in entry.organizations)
            and year in (None, entry.year)
            and document in (None, catalogue.name_of(entry.document))
            and (q is None or q in entry.printed_name)
            and _within(catalogue.rates[number], min_rate, max_rate)
            and _within(catalogue.scores[number], min_score, max_score)
        ):
            admitted.setdefault(entry.project, []).append(number)
    order = _ordered(catalogue, admitted, sort)
    graph = Graph(library.store)
    shown = [
        _summary(
            graph, catalogue.projects[place].iri, {catalogue.entries[each].iri for each in admitted[place]}
        )
        for place in order[offset : offset + limit]
    ]
    return paged(shown, total=len(order), offset=offset, limit=limit)


def _within(value: Decimal | None, least: Decimal | None, most: Decimal | None) -> bool:
    if least is None and most is None:
        return True
    return value is not None and (least is None or value >= least) and (most is None or value <= most)


def _ordered(catalogue: Catalogue, admitted: dict[int, list[int]], sort: ProjectOrder) -> list[int]:
    """The places of projects in an order; those of equal value by name."""
    by_name = sorted(admitted)  # the catalogue's own order
    what = sort.removeprefix("-")
    if what == "name":
        return by_name[::-1] if sort.startswith("-") else by_name

    def value_of(place: int) -> Decimal | None:
        for number in reversed(admitted[place]):
            entry = catalogue.entries[number]
            if what in ("rate", "score"):
                value = (catalogue.rates if what == "rate" else catalogue.scores)[number]
            else:
                amount = (entry.budget or entry.initial) if what == "budget" else entry.executed
                value = None if amount is None else Decimal(amount)
            if value is not None:
                return value
        return None

    values = {place: value_of(place) for place in by_name}
    known = {place: value for place, value in values.items() if value is not None}
    in_order = sorted(known, key=known.__getitem__, reverse=sort.startswith("-"))
    return [*in_order, *(place for place in by_name if place not in known)]


def _entries(graph: Graph, iri: str) -> list[Facts]:
    """The entries of a project, by year and document."""
    found = [graph.facts(entry) for entry in graph.subjects(OBEU.project, iri)]

    def order(entry: Facts) -> tuple[int, str, int]:
        document = graph.document(entry.text(DCTERMS.isPartOf) or "")
        return document.fiscal_year, document.document, entry.number(FG.position) or 0

    return sorted((entry for entry in found if entry.is_a(FG.ProjectEntry)), key=order)


def _summary(graph: Graph, iri: str, admitted: Collection[str]) -> ProjectSummary:
    entries = _entries(graph, iri)
    ref = graph.ref(iri)
    return ProjectSummary(
        iri=iri,
        name=ref.name,
        url=ref.url or "",
        department=_organization(graph, entries, FG.responsibleDepartment),
        implementing_unit=_organization(graph, entries, FG.implementingUnit),
        reports=tuple(
            ListedReport(**_report(graph, entry), admitted=entry.iri in admitted)
            for entry in entries[:_MOST_ENTRIES]
        ),
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
        name: tuple(_claim(graph, part) for part in parts if part.text(FG.claimKind) == kind)
        for name, kind in _CLAIMS.items()
    }
    passages: dict[str, Any] = {
        name: tuple(_reason(graph, part) for part in parts if part.text(FG.passageKind) == kind)
        for name, kind in _PASSAGES.items()
    }
    return Entry(
        **_report(graph, entry),
        printed_name=entry.text(FG.projectName) or "",
        implementing_unit=entry.text(FG.implementingUnitName),
        funds=tuple(_fund(graph, part) for part in parts if part.is_a(FG.FundLine)),
        indicators=tuple(
            judged_indicator(graph, part.iri) for part in parts if part.is_a(FG.PerformanceIndicator)
        ),
        **claims,
        **passages,
    )


def _claim(graph: Graph, part: Facts) -> StatedText:
    return StatedText(iri=part.iri, text=part.text(FG.printed) or "", source=graph.source(part.iri))


def _reason(graph: Graph, part: Facts) -> StatedReason:
    return StatedReason(
        iri=part.iri,
        text=part.text(FG.text) or "",
        source=graph.source(part.iri),
        explains=explained_by(graph, part.iri),
        issues=issues_of(graph, part.iri),
    )


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
