"""``/passages``: stated causes, measures and reasons, found by meaning."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Query

from fiscalgraph.api.library import Library
from fiscalgraph.api.shelf import served

__all__ = ["router"]

router = APIRouter(prefix="/passages")

Kind = Literal["problem_cause", "improvement_measure", "underperformance_reason", "narrative_reason"]
Count = Annotated[int, Query(ge=1, le=200)]
Served = Annotated[Library, Depends(served)]


@router.get("/search")
def search(
    library: Served,
    q: Annotated[str, Query(min_length=1, max_length=500)],
    kind: Annotated[list[Kind] | None, Query()] = None,
    department: Annotated[str | None, Query(max_length=200)] = None,
    year: Annotated[int | None, Query(ge=1900, le=2200)] = None,
    k: Count = 10,
) -> dict[str, Any]:
    """The ``k`` passages that say most nearly what ``q`` says, among those the filters admit."""
    hits = library.search(q, k=k, kinds=kind, department=department, year=year)
    return {"hits": [asdict(hit) for hit in hits]}


@router.get("/similar")
def similar(
    library: Served,
    iri: Annotated[str, Query(min_length=1, max_length=2000)],
    k: Count = 10,
    same_department: bool = False,
) -> dict[str, Any]:
    """The ``k`` passages nearest to one, of other departments unless ``same_department``."""
    hits = library.similar(iri, k=k, other_departments_only=not same_department)
    return {"hits": [asdict(hit) for hit in hits]}


@router.get("/filters")
def filters(library: Served) -> dict[str, Any]:
    """What the filters of a search can be set to."""
    from fiscalgraph.search.passages import KINDS

    years = sorted({document.fiscal_year for document in library.documents()})
    return {"kinds": list(KINDS), "departments": list(library.index.departments), "years": years}
