"""``/projects``: from goal and money to indicators, reasons and measures, each with its place."""

from __future__ import annotations

from decimal import Decimal
from functools import partial
from typing import Annotated

from fastapi import APIRouter, Depends, Path, Query, Request, Response

from fiscalgraph.api.downloads import (
    AS_LIST,
    LIST_FORMATS,
    AskedListFormat,
    HeadingLanguage,
    is_table,
    list_answer,
    table_answer,
)
from fiscalgraph.api.library import Library
from fiscalgraph.api.representation import TRUNCATED, Limit, Offset, chosen, represent
from fiscalgraph.api.resources.models import Page
from fiscalgraph.api.resources.projects import (
    Project,
    ProjectOrder,
    ProjectSummary,
    list_projects,
    project,
)
from fiscalgraph.api.resources.reading import Graph
from fiscalgraph.api.resources.resolving import find_organization, find_thing
from fiscalgraph.api.shelf import served
from fiscalgraph.api.wire import behind

__all__ = ["OfDepartment", "Year", "router"]

router = APIRouter(prefix="/projects", tags=["projects 项目"])
Served = Annotated[Library, Depends(served)]
Year = Annotated[int | None, Query(ge=1900, le=2200, description="Fiscal year", examples=[2023])]
OfDepartment = Annotated[
    str | None,
    Query(
        min_length=1,
        max_length=2000,
        description="Name or IRI of a department or unit",
        examples=["云泽省水务厅"],
    ),
]


@router.get(
    "", summary="Projects", response_model=Page[ProjectSummary], responses={200: {"content": AS_LIST}}
)
def projects(
    request: Request,
    library: Served,
    department: OfDepartment = None,
    year: Year = None,
    document: Annotated[
        str | None, Query(max_length=300, description="A document's name", examples=["water_2023_accounts"])
    ] = None,
    q: Annotated[
        str | None,
        Query(min_length=1, max_length=100, description="Part of the printed name", examples=["河流"]),
    ] = None,
    min_rate: Annotated[
        Decimal | None,
        Query(ge=0, le=10_000, description="Executed, in percent of the full-year budget", examples=["50"]),
    ] = None,
    max_rate: Annotated[
        Decimal | None, Query(ge=0, le=10_000, description="The same, at most", examples=["99"])
    ] = None,
    min_score: Annotated[
        Decimal | None, Query(ge=0, le=1000, description="Score of the self-evaluation", examples=["60"])
    ] = None,
    max_score: Annotated[
        Decimal | None, Query(ge=0, le=1000, description="The same, at most", examples=["99"])
    ] = None,
    sort: Annotated[
        ProjectOrder,
        Query(
            description="By the latest report that the filters admit and that states it; -: the greatest "
            "first; what is unknown comes last",
            examples=["-budget"],
        ),
    ] = "name",
    offset: Offset = 0,
    limit: Limit = 100,
    format: AskedListFormat = None,
    language: HeadingLanguage = None,
) -> Response:
    """Projects (项目) with the budget, execution, rate and score that each of their documents reports."""
    found = partial(
        list_projects,
        library,
        department=None if department is None else find_organization(library, department),
        year=year,
        document=document,
        q=q,
        min_rate=min_rate,
        max_rate=max_rate,
        min_score=min_score,
        max_score=max_score,
        sort=sort,
    )
    return list_answer(
        request, library, found, "projects", offset=offset, limit=limit, asked=format, language=language
    )


@router.get(
    "/{name:path}", summary="One project", response_model=Project, responses={200: {"content": AS_LIST}}
)
def one_project(
    request: Request,
    library: Served,
    name: Annotated[
        str,
        Path(
            max_length=500,
            description="What stands in its IRI behind /id/project/; its name alone where no other bears it",
            examples=["云泽省水务厅/中小河流治理"],
        ),
    ],
    format: AskedListFormat = None,
    language: HeadingLanguage = None,
) -> Response:
    """The chain of a project, by document: goal, money by source, indicators with targets, actual values and
    scores, outcome, reasons, causes, measures and conclusion, each with the place where it is printed. As
    CSV and Excel: its money, rate and score by document; `/indicators?project=` gives the indicators."""
    choice = chosen(request, format, LIST_FORMATS)
    iri = find_thing(Graph(library.store), "project", behind(request, router.prefix), router.prefix)
    found = project(library, iri)
    if is_table(choice.format):
        cut = found.entries_total > len(found.entries)
        headers = {TRUNCATED: f"rows={len(found.entries)}"} if cut else None
        return table_answer(request, library, [found], "project", choice.format, language, headers)
    return represent(request, library, found, format)
