"""Performance indicators (绩效指标): targets, actual values, scores and the reasons given."""

from __future__ import annotations

from typing import Any, Final

from pyoxigraph import Literal, NamedNode

from fiscalgraph.api.library import Library, UnknownThing
from fiscalgraph.api.resources.models import DocumentRef, Page, Place, Ref, Resource
from fiscalgraph.api.resources.paging import paged
from fiscalgraph.api.resources.reading import Facts, Graph
from fiscalgraph.ontology.terms import DCTERMS, FG, OBEU, XSD

__all__ = ["Indicator", "IndicatorValue", "ListedIndicator", "indicator_of", "list_indicators"]

_WHERE: Final = """
  ?indicator a fg:PerformanceIndicator ; dcterms:isPartOf ?disclosure ; fg:position ?position .
"""
_OF_DOCUMENT: Final = "$document ?disclosure dcterms:identifier ?document . "
_OF_YEAR: Final = "$year ?disclosure fg:year ?year . "
_OF_ORGANIZATION: Final = """
  $organization
  ?entry obeu-dimension:organization|fg:responsibleDepartment|fg:implementingUnit ?organization .
  ?indicator fg:entry ?entry .
"""
_OF_PROJECT: Final = """
  $project
  ?project_entry obeu-dimension:project ?project . ?indicator fg:entry ?project_entry .
"""
_SAYING: Final = """
SELECT DISTINCT ?indicator WHERE {
  $q
  ?indicator fg:level1|fg:level2|fg:level3|fg:projectName|fg:target|fg:reason ?text
  FILTER(CONTAINS(?text, ?q))
}
"""
_SIDES: Final = {
    "target": (FG.target, FG.targetKind, FG.targetComparator, FG.targetNumber, FG.targetUpperNumber,
               FG.targetUnit, FG.targetDate),
    "actual": (FG.actual, FG.actualKind, FG.actualComparator, FG.actualNumber, FG.actualUpperNumber,
               FG.actualUnit, FG.actualDate),
}  # fmt: skip


class IndicatorValue(Resource):
    """A target or an actual value as printed, and what it says where it can be computed with. ``kind`` is
    number, range (``number`` to ``upper``), date, qualitative or composite."""

    printed: str
    kind: str | None
    comparator: str | None
    number: str | None
    upper: str | None
    unit: str | None
    date: str | None


class Indicator(Resource):
    """An indicator of one document. ``achievement_ratio`` is 1 where the target was reached, only where both
    values are numbers of one unit; ``weight`` (分值) and ``score`` (得分) are as printed."""

    iri: str
    name: str
    level1: str | None
    level2: str | None
    level3: str | None
    target: IndicatorValue | None
    actual: IndicatorValue | None
    achievement_ratio: str | None
    weight: str | None
    score: str | None
    reason: str | None
    source: Place | None


class ListedIndicator(Indicator):
    """An indicator with the project, organisation and document it belongs to."""

    project: Ref | None
    project_name: str | None
    department: Ref | None
    document: DocumentRef


def indicator_of(graph: Graph, iri: str) -> Indicator:
    """The indicator of that IRI."""
    return Indicator(**_members(graph, graph.facts(iri)))


def _members(graph: Graph, facts: Facts) -> dict[str, Any]:
    levels = [facts.text(level) for level in (FG.level1, FG.level2, FG.level3)]
    return {
        "iri": facts.iri,
        "name": next((level for level in reversed(levels) if level), ""),
        "level1": levels[0],
        "level2": levels[1],
        "level3": levels[2],
        "target": _value(graph, facts, "target"),
        "actual": _value(graph, facts, "actual"),
        "achievement_ratio": facts.text(FG.achievementRatio),
        "weight": facts.text(FG.weight),
        "score": facts.text(FG.score),
        "reason": facts.text(FG.reason),
        "source": graph.source(facts.iri),
    }


def _value(graph: Graph, facts: Facts, side: str) -> IndicatorValue | None:
    printed, kind, comparator, number, upper, unit, date = _SIDES[side]
    text = facts.text(printed)
    if text is None:
        return None
    return IndicatorValue(
        printed=text,
        kind=graph.notation(facts.text(kind)),
        comparator=facts.text(comparator),
        number=facts.text(number),
        upper=facts.text(upper),
        unit=facts.text(unit),
        date=facts.text(date),
    )


def list_indicators(
    library: Library,
    *,
    department: str | None = None,
    project: str | None = None,
    document: str | None = None,
    year: int | None = None,
    achieved: bool | None = None,
    q: str | None = None,
    offset: int = 0,
    limit: int = 100,
) -> Page[ListedIndicator]:
    """The indicators that the filters admit, by document and in its order.

    ``department`` and ``project`` are IRIs; ``achieved`` asks for a computed achievement of 1 or more, or of
    less; ``q`` is a part of a level's name, the project's name, the target or the reason. Raises
    :class:`~fiscalgraph.api.library.UnknownThing` for a document that there is not.
    """
    graph = Graph(library.store)
    where, values = (
        _WHERE,
        _restrictions(department=department, project=project, document=document, year=year),
    )
    if department is not None:
        where = _OF_ORGANIZATION + where
    if project is not None:
        where = _OF_PROJECT + where
    if document is not None:
        if not graph.named(DCTERMS.identifier, document):
            raise UnknownThing(
                document, "the workspace has no such document", "GET /documents lists their names"
            )
        where += _OF_DOCUMENT
    if year is not None:
        where += _OF_YEAR
    if achieved is not None:
        where += f"?indicator fg:achievementRatio ?ratio FILTER(?ratio {'>=' if achieved else '<'} 1)"
    # The engine sorts slowly what it has to look up term by term: the order is made here.
    found = {
        (row["disclosure"] or "", int(row["position"] or 0), row["indicator"] or "")
        for row in graph.rows(f"SELECT ?indicator ?disclosure ?position WHERE {{ {where} }}", values)
    }
    if q is not None:
        saying = _saying(graph, q)
        found = {each for each in found if each[2] in saying}
    shown = [_listed(graph, iri) for _, _, iri in sorted(found)[offset : offset + limit]]
    return paged(shown, total=len(found), offset=offset, limit=limit)


def _saying(graph: Graph, q: str) -> set[str]:
    """What has ``q`` in one of its texts. Asked for by itself: with the rest of the query the engine would
    look the texts of each indicator up."""
    return {row["indicator"] or "" for row in graph.rows(_SAYING, {"q": [Literal(q)]})}


def _restrictions(
    *, department: str | None, project: str | None, document: str | None, year: int | None
) -> dict[str, list[NamedNode | Literal]]:
    found: dict[str, list[NamedNode | Literal]] = {}
    if department is not None:
        found["organization"] = [NamedNode(department)]
    if project is not None:
        found["project"] = [NamedNode(project)]
    if document is not None:
        found["document"] = [Literal(document)]
    if year is not None:
        found["year"] = [Literal(f"{year:04d}", datatype=XSD.gYear)]
    return found


def _listed(graph: Graph, iri: str) -> ListedIndicator:
    facts = graph.facts(iri)
    entry = facts.text(FG.entry)
    about = graph.facts(entry) if entry is not None else None
    project = about.text(OBEU.project) if about is not None else None
    organization = about.text(OBEU.organization) if about is not None else None
    return ListedIndicator(
        **_members(graph, facts),
        project=None if project is None else graph.ref(project),
        project_name=facts.text(FG.projectName),
        department=None if organization is None else graph.ref(organization),
        document=graph.document(facts.text(DCTERMS.isPartOf) or ""),
    )
