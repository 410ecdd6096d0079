"""``/issues``: what departments state in common, in whatever words, what they promise, what came of it."""

from __future__ import annotations

import io
from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Path, Query, Request, Response
from fastapi.responses import RedirectResponse

from fiscalgraph.api.downloads import (
    AS_LIST,
    CSV,
    LIST_FORMATS,
    ROWS,
    AskedListFormat,
    HeadingLanguage,
    attached,
    csv_of,
    heading_language,
    is_table,
    most_rows,
    too_many_rows,
)
from fiscalgraph.api.errors import RequestRefused
from fiscalgraph.api.issue_book import IssueFilters, IssueView
from fiscalgraph.api.issue_sheets import (
    issue_headings,
    issue_rows,
    member_headings,
    member_rows,
    write_issues,
)
from fiscalgraph.api.library import Library, UnknownThing
from fiscalgraph.api.projects import OfDepartment
from fiscalgraph.api.representation import (
    AS_TRIPLES,
    Limit,
    Offset,
    chosen,
    paged_answer,
    represent,
)
from fiscalgraph.api.resources.addresses import resource_url
from fiscalgraph.api.resources.issues import Issue, IssuePage, issue, issue_page, types_named
from fiscalgraph.api.resources.reading import Graph
from fiscalgraph.api.resources.resolving import find_organization
from fiscalgraph.api.shelf import served
from fiscalgraph.graph.identifiers import issue_iri
from fiscalgraph.graph.sparql import Format

__all__ = ["router"]

router = APIRouter(prefix="/issues", tags=["issues 共性问题"])
Served = Annotated[Library, Depends(served)]
Year = Annotated[
    int | None,
    Query(ge=1900, le=2200, description="Only what is stated for this fiscal year", examples=[2024]),
]
Confidence = Annotated[
    float,
    Query(
        ge=0,
        le=1,
        description="Leave out members, and types that are asked for, which are less sure",
        examples=[0.5],
    ),
]


@router.get(
    "",
    summary="Issues across departments",
    response_model=IssuePage,
    responses={200: {"content": AS_LIST}},
)
def issues(
    request: Request,
    library: Served,
    department: OfDepartment = None,
    year: Year = None,
    type: Annotated[
        str | None,
        Query(
            min_length=1,
            max_length=100,
            description="A type of causes or a group of types: code or name",
            examples=["资金下达晚"],
        ),
    ] = None,
    side: Annotated[
        Literal["cause", "measure"] | None, Query(description="Of causes, or of measures", examples=["cause"])
    ] = None,
    min_departments: Annotated[
        int, Query(ge=0, le=100_000, description="Stated by at least so many departments", examples=[2])
    ] = 0,
    min_confidence: Confidence = 0.0,
    level: Annotated[
        Literal["issue", "type"],
        Query(
            description="Issues, or the types of causes, each with all passages assigned to it",
            examples=["type"],
        ),
    ] = "issue",
    offset: Offset = 0,
    limit: Limit = 100,
    format: AskedListFormat = None,
    language: HeadingLanguage = None,
) -> Response:
    """Issues: what several passages state in whatever words, causes (原因) or measures (措施). What many
    departments state specifically, and alike, comes first. A department chooses the issues that it states;
    their figures are of everybody who states them. A year leaves other years' passages out of all figures.
    With ``level=type`` the same is told of each type of causes (原因类型): of every passage assigned to it,
    as surely as ``min_confidence``."""
    filters = IssueFilters(
        department=None if department is None else find_organization(library, department),
        types=None if type is None else types_named(type),
        side=side,
        min_departments=min_departments,
        year=year,
        min_confidence=min_confidence,
        level=level,
    )
    found = library.issues.find(filters)
    form = chosen(request, format, LIST_FORMATS).format
    if is_table(form):
        return _table(
            request, library, found, form, heading_language(request, language), types=level == "type"
        )
    page = issue_page(library, found, offset=offset, limit=limit)
    return paged_answer(request, library, page, format)


def _table(
    request: Request, library: Library, found: list[IssueView], form: Format, language: str, *, types: bool
) -> Response:
    """All issues as CSV, or as a workbook with a sheet of issues by departments."""
    if len(found) > most_rows(request):
        raise too_many_rows(request, most_rows(request))
    if form is CSV:
        columns = issue_headings(language, types=types)
        content = csv_of(request, columns, issue_rows(Graph(library.store), found, language))
    else:
        out = io.BytesIO()
        write_issues(library, found, out, language, types=types)
        content = out.getvalue()
    answer = attached(content, form, "issues")
    answer.headers[ROWS] = str(len(found))
    return answer


def _members(request: Request, library: Library, view: IssueView, form: Format, language: str) -> Response:
    """The members of one issue as CSV, or the workbook of it alone."""
    if len(view.members) > most_rows(request):
        raise too_many_rows(request, most_rows(request))
    if form is CSV:
        rows = member_rows(Graph(library.store), [view], language)
        content = csv_of(request, member_headings(language, types=view.issue.is_type), rows)
    else:
        out = io.BytesIO()
        write_issues(library, [view], out, language, types=view.issue.is_type)
        content = out.getvalue()
    answer = attached(content, form, f"issue-{view.issue.id}")
    answer.headers[ROWS] = str(len(view.members))
    return answer


@router.get(
    "/{name}",
    summary="One issue",
    response_model=Issue,
    responses={
        200: {"content": {**AS_LIST, **AS_TRIPLES}},
        301: {"description": "An issue that another has taken over: its address"},
        410: {"description": "An issue that is one no more, and that none has taken over"},
    },
)
def one_issue(
    request: Request,
    library: Served,
    name: Annotated[
        str,
        Path(max_length=100, description="Its id, or a type's code", examples=["00d42f6839c38586"]),
    ],
    year: Year = None,
    min_confidence: Confidence = 0.0,
    format: AskedListFormat = None,
    language: HeadingLanguage = None,
) -> Response:
    """An issue, or a type of causes, with its members, the measures that answer it, and what became in the
    next year of the indicators concerned, each with the place where it is printed. An id of an earlier build
    leads to the issue that took it over."""
    view = library.issues.one(name, IssueFilters(year=year, min_confidence=min_confidence))
    if view is not None:
        form = chosen(request, format, LIST_FORMATS).format
        if is_table(form):
            return _members(request, library, view, form, heading_language(request, language))
        return represent(request, library, issue(library, view), format)
    heir = library.issues.replaced_by(name)
    if heir is not None:
        asked = f"?{request.url.query}" if request.url.query else ""
        return RedirectResponse(f"{resource_url(issue_iri(heir).value)}{asked}", status_code=301)
    if library.issues.retired(name):
        raise RequestRefused(
            f"issue {name}",
            "what it held is gone, or stands alone now",
            "GET /issues lists those there are",
            status=410,
            code="gone",
        )
    raise UnknownThing(
        f"issue {name}", "there is none of that id, or none that the filters admit", "GET /issues lists them"
    )
