"""``/passages``: stated causes, measures and reasons, found by meaning."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Query

from fiscalgraph.api.library import Library
from fiscalgraph.api.shelf import served
from fiscalgraph.ontology.terms import PREFIXES
from fiscalgraph.search.filters import Filters
from fiscalgraph.search.index import LONGEST_QUERY

__all__ = ["router"]

router = APIRouter(prefix="/passages")

Kind = Literal["problem_cause", "improvement_measure", "underperformance_reason", "narrative_reason"]
Count = Annotated[int, Query(ge=1, le=200)]
Offset = Annotated[int, Query(ge=0, le=800)]
Name = Annotated[str | None, Query(max_length=200)]
Year = Annotated[int | None, Query(ge=1900, le=2200)]
Group = Annotated[Literal["department"] | None, Query()]
Served = Annotated[Library, Depends(served)]


def _filters(
    kind: Annotated[list[Kind] | None, Query()] = None,
    department: Name = None,
    whole: Name = None,
    region: Name = None,
    year: Year = None,
    year_from: Year = None,
    year_to: Year = None,
    project: Name = None,
    code: Annotated[str | None, Query(pattern=r"^\d{1,7}$")] = None,
    min_score_lost: Annotated[Decimal | None, Query(ge=0, le=1000)] = None,
    min_amount: Annotated[Decimal | None, Query(ge=0, le=10**15)] = None,
    document: Name = None,
) -> Filters:
    """The filters of a search, as parameters of the address."""
    return Filters(
        kinds=kind,
        department=department,
        whole=whole,
        region=region,
        year=year,
        year_from=year_from,
        year_to=year_to,
        project=project,
        code=code,
        min_score_lost=min_score_lost,
        min_amount=min_amount,
        document=document,
    )


Wanted = Annotated[Filters, Depends(_filters)]


@router.get("/search")
def search(
    library: Served,
    wanted: Wanted,
    q: Annotated[str, Query(min_length=1, max_length=LONGEST_QUERY)],
    k: Count = 10,
    offset: Offset = 0,
    group: Group = None,
) -> dict[str, Any]:
    """The ``k`` statements that say most nearly what ``q`` says, among those the filters admit."""
    if group is not None:
        found = library.search_departments(q, k, wanted, offset=offset)
        return {"departments": [each.as_dict() for each in found]}
    return library.search(q, k, wanted, offset=offset).as_dict()


@router.get("/similar")
def similar(
    library: Served,
    wanted: Wanted,
    iri: Annotated[str, Query(min_length=1, max_length=2000)],
    k: Count = 10,
    offset: Offset = 0,
    group: Group = None,
    same_department: bool = False,
) -> dict[str, Any]:
    """The ``k`` statements nearest to a passage, of other departments unless ``same_department``."""
    others = not same_department
    if group is not None:
        found = library.similar_departments(iri, k, wanted, offset=offset, other_departments_only=others)
        return {"departments": [each.as_dict() for each in found]}
    return library.similar(iri, k, wanted, offset=offset, other_departments_only=others).as_dict()


@router.get("/filters")
def filters(library: Served) -> dict[str, Any]:
    """What the filters of a search can be set to."""
    from fiscalgraph.search.passages import KINDS

    years = sorted({document.fiscal_year for document in library.documents()})
    index = library.index
    return {
        "kinds": list(KINDS),
        "departments": list(index.departments),
        "wholes": list(index.names("whole")),
        "regions": list(index.names("region")),
        "documents": list(index.names("document")),
        "years": years,
    }


@router.get("/{passage:path}/similar")
def similar_to(
    library: Served,
    wanted: Wanted,
    passage: str,
    k: Count = 10,
    offset: Offset = 0,
    group: Group = None,
    same_department: bool = False,
) -> dict[str, Any]:
    """As ``/similar``, for the passage ``/passages/{id}``: its IRI, or what stands in it behind ``…/id/``."""
    iri = passage if ":" in passage.partition("/")[0] else PREFIXES["fgid"] + passage
    return similar(library, wanted, iri, k, offset, group, same_department)
