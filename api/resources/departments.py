"""Organisations (部门、单位): who they are, what they published, budgeted, spent and carried out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import Final
from urllib.parse import urlencode

from pyoxigraph import NamedNode

from fiscalgraph.api.catalogue import OrganizationRow
from fiscalgraph.api.issue_book import IssueFilters
from fiscalgraph.api.library import Library, UnknownThing
from fiscalgraph.api.resources.addresses import resource_url
from fiscalgraph.api.resources.models import DocumentRef, Page, Ref, Resource
from fiscalgraph.api.resources.money import FigureTable, phased_figures
from fiscalgraph.api.resources.paging import following
from fiscalgraph.api.resources.projects import ProjectSummary, list_projects
from fiscalgraph.api.resources.reading import Graph
from fiscalgraph.graph.identifiers import BASE
from fiscalgraph.ontology.codes import CODES
from fiscalgraph.ontology.regions import Region, regions
from fiscalgraph.ontology.terms import DCTERMS, FG, ORG, SKOS

__all__ = [
    "Change",
    "CheckCounts",
    "Department",
    "DepartmentList",
    "DepartmentSummary",
    "RegionCount",
    "Unit",
    "ValueCount",
    "YearTotal",
    "department",
    "list_departments",
    "region_counts",
]

LEVELS: Final = tuple(CODES["government level"])
KINDS: Final = ("department", "unit", "head_office")
_PROJECTS_SHOWN: Final = 50
_MOST_UNITS: Final = 2000
_DIVISION: Final = "/division/"

_VERDICTS = """
SELECT ?verdict (COUNT(?result) AS ?number) WHERE {
  $disclosure
  ?result dcterms:isPartOf ?disclosure ; fg:verdict ?verdict .
}
GROUP BY ?verdict
"""


class DepartmentSummary(Resource):
    """An organisation in a list. ``kind`` is department (部门), unit (所属单位) or head_office (本级);
    ``whole`` is the department that it belongs to; ``years`` are the fiscal years of its documents."""

    iri: str
    name: str
    url: str
    kind: str
    level: str | None
    region: Ref | None
    whole: Ref | None
    documents: int
    years: tuple[int, ...]


class RegionCount(Resource):
    """How many of a list are of a region (``code``: GB/T 2260) itself, and how many are ``within`` it;
    ``parent`` is the code of the one that it lies in."""

    code: str
    name: str
    parent: str | None
    total: int
    within: int


class ValueCount(Resource):
    """How many of a list have a value, as its filter takes it."""

    value: str
    total: int


class YearTotal(Resource):
    """How many of a list are of a fiscal year."""

    value: int
    total: int


class DepartmentFacets(Resource):
    """By what a list of departments could be narrowed; counted over the whole list."""

    regions: tuple[RegionCount, ...]
    levels: tuple[ValueCount, ...]
    kinds: tuple[ValueCount, ...]
    years: tuple[YearTotal, ...]


class DepartmentList(Page[DepartmentSummary]):
    """A page of organisations; ``facets`` are of all that the filters admit."""

    facets: DepartmentFacets


class Unit(Resource):
    """A unit with its own units. ``kind`` is unit (所属单位), head_office (本级) or division (内设机构)."""

    iri: str
    name: str
    url: str
    kind: str
    units: tuple[Unit, ...]


class Change(Resource):
    """A rename or merger (机构改革): what was, and what came of it. ``status`` is accepted or candidate."""

    iri: str
    originals: tuple[Ref, ...]
    result: Ref
    year: int
    status: str | None


class CheckCounts(Resource):
    """How many comparisons of its documents came to which verdict; ``url`` leads to what differs."""

    verdicts: dict[str, int]
    url: str | None


class IssueCounts(Resource):
    """How many issues (共性问题) it states, how many of them others state too; ``url`` lists them."""

    total: int
    shared: int
    url: str


class Department(Resource):
    """All about one organisation. ``whole`` is the department it belongs to; ``units`` is the tree below it;
    figures are those of the safe sums, each with the printed figures it rests on."""

    iri: str
    name: str
    kind: str
    other_names: tuple[str, ...]
    level: str | None
    region: Ref | None
    whole: Ref | None
    head_office: Ref | None
    units: tuple[Unit, ...]
    units_truncated: bool
    changes: tuple[Change, ...]
    documents: tuple[DocumentRef, ...]
    expenditure: FigureTable
    revenue: FigureTable
    three_publics: FigureTable
    projects: Page[ProjectSummary]
    checks: CheckCounts
    issues: IssueCounts


def list_departments(
    library: Library,
    *,
    region: str | None = None,
    level: str | None = None,
    kind: str | None = None,
    published: bool | None = None,
    year: int | None = None,
    q: str | None = None,
    offset: int = 0,
    limit: int = 100,
) -> DepartmentList:
    """The organisations that the filters admit: those with documents first, then by name.

    ``region`` is a name or a code (GB/T 2260) and means what lies in it; ``published`` asks for those that
    have documents, or have none; ``year`` for those with documents of that fiscal year; ``q`` is a part of a
    name. Raises :class:`~fiscalgraph.api.library.UnknownThing` for a region that there is not.
    """
    within = None if region is None else _regions_within(region)
    admitted = [
        row
        for row in library.catalogue.organizations
        if (within is None or row.region in within)
        and level in (None, row.level)
        and kind in (None, row.kind)
        and published in (None, row.documents > 0)
        and (year is None or year in row.years)
        and (q is None or q in row.name or any(q in other for other in row.other_names))
    ]
    graph = Graph(library.store)
    return DepartmentList(
        items=tuple(_summary(graph, row) for row in admitted[offset : offset + limit]),
        total=len(admitted),
        offset=offset,
        limit=limit,
        facets=_facets(admitted),
    )


def _summary(graph: Graph, row: OrganizationRow) -> DepartmentSummary:
    return DepartmentSummary(
        iri=row.iri,
        name=row.name,
        url=resource_url(row.iri) or "",
        kind=row.kind,
        level=row.level,
        region=_region_named(row.region),
        whole=None if row.whole is None else graph.ref(row.whole),
        documents=row.documents,
        years=tuple(row.years),
    )


def _region_named(code: str | None) -> Ref | None:
    region = None if code is None else regions().get(code)
    if region is None:
        return None
    return Ref(iri=region.iri.value, name=region.name, url=resource_url(region.iri.value))


def region_counts(rows: Iterable[OrganizationRow]) -> tuple[RegionCount, ...]:
    """How many organisations are of each region, and of those that it lies in, by their codes."""
    known = regions()
    own = Counter(row.region for row in rows if row.region in known)
    within: Counter[str] = Counter()
    for code, count in own.items():
        if code is not None:
            within.update(dict.fromkeys({code, *_above(known[code])}, count))
    return tuple(
        RegionCount(
            code=code, name=known[code].name, parent=known[code].parent, total=own[code], within=within[code]
        )
        for code in sorted(within)
    )


def _facets(admitted: Iterable[OrganizationRow]) -> DepartmentFacets:
    rows = list(admitted)
    levels, kinds = Counter(row.level for row in rows), Counter(row.kind for row in rows)
    years = Counter(year for row in rows for year in row.years)
    return DepartmentFacets(
        regions=region_counts(rows),
        levels=tuple(ValueCount(value=level, total=levels[level]) for level in LEVELS if levels[level]),
        kinds=tuple(ValueCount(value=kind, total=kinds[kind]) for kind in KINDS if kinds[kind]),
        years=tuple(YearTotal(value=year, total=years[year]) for year in sorted(years, reverse=True)),
    )


def _kind(graph: Graph, iri: str) -> str:
    facts = graph.facts(iri)
    if facts.is_a(FG.HeadOffice):
        return "head_office"
    if _DIVISION in iri:
        return "division"
    return "unit" if facts.text(ORG.subOrganizationOf) else "department"


def _whole(graph: Graph, iri: str) -> str | None:
    facts = graph.facts(iri)
    return facts.text(ORG.subOrganizationOf) or facts.text(ORG.unitOf)


def _government_of(graph: Graph, iri: str, what: str) -> str | None:
    """Level or region; a head office's are those of its department."""
    predicate = FG.governmentLevel if what == "level" else FG.region
    found = graph.facts(iri).text(predicate)
    whole = graph.facts(iri).text(ORG.unitOf)
    return found or (graph.facts(whole).text(predicate) if whole is not None else None)


def _region_ref(graph: Graph, iri: str) -> Ref | None:
    region = _government_of(graph, iri, "region")
    return None if region is None else graph.ref(region)


def _regions_within(given: str) -> set[str]:
    """The codes of the regions that a name or code means, with all that lie in them."""
    known = regions()
    meant = {code for code, region in known.items() if given in (code, region.name, region.short_name)}
    if not meant:
        raise UnknownThing(
            f"region {given}",
            "there is no such region",
            "Give a name (广东省, 广州市) or a code of GB/T 2260",
        )
    return {code for code, region in known.items() if code in meant or meant & _above(region)}


def _above(region: Region) -> set[str]:
    found = set()
    parent = region.parent
    while parent is not None:
        found.add(parent)
        parent = regions()[parent].parent
    return found


def department(library: Library, iri: str) -> Department:
    """All about the organisation of that IRI."""
    graph = Graph(library.store)
    facts = graph.facts(iri)
    units, truncated = _units(graph, iri)
    documents = _documents(graph, iri)
    whole = _whole(graph, iri)
    where = {"organization": [iri]}
    offices = [unit for unit in units if unit.kind == "head_office"]
    return Department(
        iri=iri,
        name=graph.name(iri),
        kind=_kind(graph, iri),
        other_names=tuple(facts.texts(SKOS.altLabel)),
        level=graph.notation(_government_of(graph, iri, "level")),
        region=_region_ref(graph, iri),
        whole=None if whole is None else graph.ref(whole),
        head_office=graph.ref(offices[0].iri) if offices else None,
        units=units,
        units_truncated=truncated,
        changes=_changes(graph, iri),
        documents=documents,
        expenditure=phased_figures(library, graph, "expenditure", where),
        revenue=phased_figures(library, graph, "revenue", where),
        three_publics=phased_figures(library, graph, "three_publics", where, "three_publics_item"),
        projects=following(
            list_projects(library, department=iri, limit=_PROJECTS_SHOWN), "/projects", {"department": iri}
        ),
        checks=_checks(graph, documents),
        issues=_issues(library, iri),
    )


def _documents(graph: Graph, iri: str) -> tuple[DocumentRef, ...]:
    """What it published; for a head office what is about it alone."""
    published = {*graph.subjects(DCTERMS.publisher, iri), *graph.subjects(FG.reportingUnit, iri)}
    found = [graph.document(node) for node in published if graph.facts(node).is_a(FG.Disclosure)]
    return tuple(sorted(found, key=lambda each: (each.fiscal_year, each.kind, each.document)))


def _units(graph: Graph, iri: str) -> tuple[tuple[Unit, ...], bool]:
    """The tree below an organisation, and whether it was cut."""
    seen = {iri}
    truncated = False

    def below(node: str) -> tuple[Unit, ...]:
        nonlocal truncated
        found = []
        for child in sorted(
            {*graph.subjects(ORG.subOrganizationOf, node), *graph.subjects(ORG.unitOf, node)}
        ):
            if child in seen or not child.startswith(BASE):
                continue
            if len(seen) > _MOST_UNITS:
                truncated = True
                break
            seen.add(child)
            ref = graph.ref(child)
            found.append(
                Unit(
                    iri=child, name=ref.name, url=ref.url or "", kind=_kind(graph, child), units=below(child)
                )
            )
        return tuple(found)

    return below(iri), truncated


def _changes(graph: Graph, iri: str) -> tuple[Change, ...]:
    events = {
        *graph.subjects(ORG.originalOrganization, iri),
        *graph.subjects(ORG.resultingOrganization, iri),
    }
    found = []
    for event in sorted(events):
        facts = graph.facts(event)
        found.append(
            Change(
                iri=event,
                originals=tuple(graph.ref(each) for each in facts.texts(ORG.originalOrganization)),
                result=graph.ref(facts.text(ORG.resultingOrganization) or iri),
                year=facts.number(DCTERMS.date) or 0,
                status=graph.notation(facts.text(FG.linkStatus)),
            )
        )
    return tuple(found)


def _checks(graph: Graph, documents: Iterable[DocumentRef]) -> CheckCounts:
    own = list(documents)
    counts = dict.fromkeys(CODES["verdict"], 0)
    if own:
        nodes = [NamedNode(document.iri) for document in own]
        for row in graph.rows(_VERDICTS, {"disclosure": nodes}):
            counts[graph.notation(row["verdict"]) or ""] += int(row["number"] or 0)
    names = [("document", document.document) for document in own]
    return CheckCounts(verdicts=counts, url=f"/checks?{urlencode(names)}" if names else None)


def _issues(library: Library, iri: str) -> IssueCounts:
    views = library.issues.find(IssueFilters(department=iri))
    return IssueCounts(
        total=len(views),
        shared=sum(len(view.stake.departments) > 1 for view in views),
        url=f"/issues?{urlencode({'department': iri})}",
    )
