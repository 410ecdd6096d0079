"""``/departments``: who they are, what they published, budgeted, spent and carried out."""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Path, Query, Request, Response

from fiscalgraph.api.library import Library
from fiscalgraph.api.representation import AS_TRIPLES, AskedFormat, Limit, Offset, paged_answer, represent
from fiscalgraph.api.resources.departments import Department, DepartmentSummary, department, list_departments
from fiscalgraph.api.resources.models import Page
from fiscalgraph.api.resources.reading import Graph
from fiscalgraph.api.resources.resolving import find_thing
from fiscalgraph.api.shelf import served
from fiscalgraph.api.wire import behind

__all__ = ["router"]

router = APIRouter(prefix="/departments", tags=["departments 部门"])
Served = Annotated[Library, Depends(served)]
Level = Literal["central", "provincial", "prefecture", "county", "township"]


@router.get(
    "",
    summary="Departments, units and head offices",
    response_model=Page[DepartmentSummary],
    responses={200: {"content": AS_TRIPLES}},
)
def departments(
    request: Request,
    library: Served,
    region: Annotated[
        str | None,
        Query(max_length=50, description="Name or code (GB/T 2260) of a region: what lies in it"),
    ] = None,
    level: Annotated[Level | None, Query(description="Level of government", examples=["provincial"])] = None,
    q: Annotated[
        str | None, Query(min_length=1, max_length=100, description="Part of a name", examples=["水"])
    ] = None,
    offset: Offset = 0,
    limit: Limit = 100,
    format: AskedFormat = None,
) -> Response:
    """The organisations (部门、单位、本级) that the filters admit, those with documents first."""
    page = list_departments(library, region=region, level=level, q=q, offset=offset, limit=limit)
    return paged_answer(request, library, page, format)


@router.get(
    "/{name:path}",
    summary="One department",
    response_model=Department,
    responses={200: {"content": AS_TRIPLES}},
)
def one_department(
    request: Request,
    library: Served,
    name: Annotated[
        str,
        Path(
            max_length=500,
            description="Its name, or what stands in its IRI behind /id/department/",
            examples=["云泽省水务厅"],
        ),
    ],
    format: AskedFormat = None,
) -> Response:
    """Who it is, its units as a tree, documents, budget → adjusted → executed by year and fund scope (safe
    sums, each with the printed figures it rests on), “three publics”, projects, and its checks in counts."""
    iri = find_thing(Graph(library.store), "department", behind(request, router.prefix), router.prefix)
    return represent(request, library, department(library, iri), format)
