"""``/departments``: who they are, what they published, budgeted, spent and carried out."""

from __future__ import annotations

from functools import partial
from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Path, Query, Request, Response

from fiscalgraph.api.downloads import AS_LIST, AskedListFormat, HeadingLanguage, list_answer
from fiscalgraph.api.library import Library
from fiscalgraph.api.projects import Year
from fiscalgraph.api.representation import AS_TRIPLES, AskedFormat, Limit, Offset, represent
from fiscalgraph.api.resources.departments import Department, DepartmentList, department, list_departments
from fiscalgraph.api.resources.reading import Graph
from fiscalgraph.api.resources.resolving import find_thing
from fiscalgraph.api.resources.spending import Spending, spending
from fiscalgraph.api.shelf import served
from fiscalgraph.api.wire import behind

__all__ = ["router"]

router = APIRouter(prefix="/departments", tags=["departments 部门"])
Served = Annotated[Library, Depends(served)]
Level = Literal["central", "provincial", "prefecture", "county", "township"]
Kind = Literal["department", "unit", "head_office"]
Scope = Literal[
    "AllFunds",
    "FiscalAppropriation",
    "GeneralPublicBudget",
    "GovernmentFunds",
    "StateCapital",
    "SpecialAccount",
]
Phase = Literal["approved", "revised", "executed", "PriorYearExecution"]
DepartmentName = Annotated[
    str,
    Path(
        max_length=500,
        description="Its name, or what stands in its IRI behind /id/department/",
        examples=["云泽省水务厅"],
    ),
]


@router.get(
    "",
    summary="Departments, units and head offices",
    response_model=DepartmentList,
    responses={200: {"content": AS_LIST}},
)
def departments(
    request: Request,
    library: Served,
    region: Annotated[
        str | None,
        Query(max_length=50, description="Name or code (GB/T 2260) of a region: what lies in it"),
    ] = None,
    level: Annotated[Level | None, Query(description="Level of government", examples=["provincial"])] = None,
    kind: Annotated[Kind | None, Query(description="部门, 所属单位 or 本级", examples=["department"])] = None,
    published: Annotated[
        bool | None, Query(description="Those that have documents, or have none", examples=[True])
    ] = None,
    year: Year = None,
    q: Annotated[
        str | None, Query(min_length=1, max_length=100, description="Part of a name", examples=["水"])
    ] = None,
    offset: Offset = 0,
    limit: Limit = 100,
    format: AskedListFormat = None,
    language: HeadingLanguage = None,
) -> Response:
    """The organisations (部门、单位、本级) that the filters admit, those with documents first."""
    found = partial(
        list_departments,
        library,
        region=region,
        level=level,
        kind=kind,
        published=published,
        year=year,
        q=q,
    )
    return list_answer(
        request, library, found, "departments", offset=offset, limit=limit, asked=format, language=language
    )


@router.get(
    "/{name:path}/spending",
    summary="What a department spends on what",
    response_model=Spending,
    responses={200: {"content": AS_TRIPLES}},
)
def department_spending(
    request: Request,
    library: Served,
    name: DepartmentName,
    year: Year = None,
    scope: Annotated[
        Scope | None, Query(description="Fund scope (口径)", examples=["FiscalAppropriation"])
    ] = None,
    phase: Annotated[Phase | None, Query(description="预算 or 决算", examples=["executed"])] = None,
    format: AskedFormat = None,
) -> Response:
    """The spending of one year by 类, 款 and 项 with shares: safe sums, each with the figures it rests on.
    What is not asked for: the newest year, what was executed rather than planned, the widest scope."""
    path = behind(request, router.prefix).removesuffix("/spending")
    iri = find_thing(Graph(library.store), "department", path, router.prefix)
    return represent(request, library, spending(library, iri, year=year, scope=scope, phase=phase), format)


@router.get(
    "/{name:path}",
    summary="One department",
    response_model=Department,
    responses={200: {"content": AS_TRIPLES}},
)
def one_department(
    request: Request,
    library: Served,
    name: DepartmentName,
    format: AskedFormat = None,
) -> Response:
    """Who it is, its units as a tree, documents, budget → adjusted → executed by year and fund scope (safe
    sums, each with the printed figures it rests on), “three publics”, projects, and its checks in counts."""
    iri = find_thing(Graph(library.store), "department", behind(request, router.prefix), router.prefix)
    return represent(request, library, department(library, iri), format)
