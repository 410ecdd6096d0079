"""Performance indicators (绩效指标): targets, actual values, scores and the reasons given."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any, Final

from pydantic import Field

from fiscalgraph.api.catalogue import Catalogue, IndicatorRow
from fiscalgraph.api.library import Library, UnknownThing
from fiscalgraph.api.resources.models import DocumentRef, Page, Place, Ref, Resource
from fiscalgraph.api.resources.paging import paged
from fiscalgraph.api.resources.reading import Facts, Graph
from fiscalgraph.ontology.terms import DCTERMS, FG, OBEU

__all__ = ["Indicator", "IndicatorValue", "ListedIndicator", "indicator_of", "list_indicators"]

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
    achieved: bool | None = Field(description="Target reached or not; `null`: cannot be told")
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
    ratio = facts.text(FG.achievementRatio)
    levels = [facts.text(level) for level in (FG.level1, FG.level2, FG.level3)]
    return {
        "iri": facts.iri,
        "name": next((level for level in reversed(levels) if level), ""),
        "level1": levels[0],
        "level2": levels[1],
        "level3": levels[2],
        "target": _value(graph, facts, "target"),
        "actual": _value(graph, facts, "actual"),
        "achievement_ratio": ratio,
        "achieved": None if ratio is None else Decimal(ratio) >= 1,
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
    catalogue = library.catalogue
    if document is not None and all(each.document != document for each in catalogue.documents):
        raise UnknownThing(document, "the workspace has no such document", "GET /documents lists their names")
    found = [
        row.iri
        for row in catalogue.indicators
        if (department is None or department in _organizations(catalogue, row))
        and (project is None or project == _project(catalogue, row))
        and document in (None, catalogue.name_of(row.document))
        and (year is None or (row.document >= 0 and catalogue.documents[row.document].fiscal_year == year))
        and (achieved is None or row.achieved is achieved)
        and (q is None or q in row.words)
    ]
    graph = Graph(library.store)
    shown = [_listed(graph, iri) for iri in found[offset : offset + limit]]
    return paged(shown, total=len(found), offset=offset, limit=limit)


def _organizations(catalogue: Catalogue, row: IndicatorRow) -> Sequence[str]:
    return catalogue.entries[row.entry].organizations if row.entry >= 0 else ()


def _project(catalogue: Catalogue, row: IndicatorRow) -> str | None:
    """The IRI of its project."""
    place = catalogue.entries[row.entry].project if row.entry >= 0 else -1
    return catalogue.projects[place].iri if place >= 0 else None


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
