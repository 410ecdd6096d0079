"""``/indicators``: targets, actual values, scores and reasons."""

from __future__ import annotations

from functools import partial
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request, Response

from fiscalgraph.api.downloads import AS_LIST, AskedListFormat, HeadingLanguage, list_answer
from fiscalgraph.api.library import Library
from fiscalgraph.api.projects import OfDepartment, Year
from fiscalgraph.api.representation import Limit, Offset
from fiscalgraph.api.resources.indicators import ListedIndicator, list_indicators
from fiscalgraph.api.resources.models import Page
from fiscalgraph.api.resources.reading import Graph
from fiscalgraph.api.resources.resolving import find_organization, find_thing
from fiscalgraph.api.shelf import served

__all__ = ["router"]

router = APIRouter(prefix="/indicators", tags=["indicators 绩效指标"])


@router.get(
    "",
    summary="Performance indicators",
    response_model=Page[ListedIndicator],
    responses={200: {"content": AS_LIST}},
)
def indicators(
    request: Request,
    library: Annotated[Library, Depends(served)],
    department: OfDepartment = None,
    project: Annotated[
        str | None,
        Query(
            min_length=1,
            max_length=500,
            description="A project: what stands in its IRI behind /id/project/, or its name",
            examples=["云泽省水务厅/中小河流治理"],
        ),
    ] = None,
    document: Annotated[
        str | None, Query(max_length=300, description="A document's name", examples=["water_2023_accounts"])
    ] = None,
    year: Year = None,
    achieved: Annotated[
        bool | None,
        Query(
            description="Target reached or not; only indicators where that can be computed", examples=[False]
        ),
    ] = None,
    q: Annotated[
        str | None,
        Query(
            min_length=1,
            max_length=100,
            description="Part of the indicator's or project's name, the target or the reason",
            examples=["受益"],
        ),
    ] = None,
    offset: Offset = 0,
    limit: Limit = 100,
    format: AskedListFormat = None,
    language: HeadingLanguage = None,
) -> Response:
    """Performance indicators (绩效指标) with targets, actual values, scores and reasons, by document."""
    graph = Graph(library.store)
    found = partial(
        list_indicators,
        library,
        department=None if department is None else find_organization(library, department),
        project=None if project is None else find_thing(graph, "project", project, "/projects"),
        document=document,
        year=year,
        achieved=achieved,
        q=q,
    )
    return list_answer(
        request, library, found, "indicators", offset=offset, limit=limit, asked=format, language=language
    )
