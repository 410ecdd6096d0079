"""``/checks``: what the checks found (the audit sheet, 核对底稿), and the rules by which they look."""

from __future__ import annotations

import json
from functools import partial
from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Query, Request, Response

from fiscalgraph.api.audit_lines import DIFFERING
from fiscalgraph.api.audit_values import counts_value, line_value, rule_value, summary_value, table_value
from fiscalgraph.api.downloads import (
    AS_LIST,
    LIST_FORMATS,
    AskedListFormat,
    HeadingLanguage,
    is_table,
    list_answer,
    most_rows,
    table_answer,
    too_many_rows,
)
from fiscalgraph.api.library import Library, UnknownThing
from fiscalgraph.api.representation import Limit, Offset, chosen, triples_answer
from fiscalgraph.api.resources.checks import CheckPage, CheckRule
from fiscalgraph.api.resources.models import Page
from fiscalgraph.api.resources.paging import following, page_of, paged
from fiscalgraph.api.shelf import served
from fiscalgraph.ontology.checks import check_rules

__all__ = ["router"]

router = APIRouter(prefix="/checks", tags=["checks 核对"])
Verdict = Literal["contradicts", "questionable", "scope_differs", "rounding", "cannot_tell", "agrees"]
_MOST = 1000  # lines of one answer; further ones are on the next page


@router.get(
    "", summary="What the checks found", response_model=CheckPage, responses={200: {"content": AS_LIST}}
)
def checks(
    request: Request,
    library: Annotated[Library, Depends(served)],
    document: Annotated[
        list[str] | None,
        Query(max_length=_MOST, description="Documents, by name", examples=[["water_2024_accounts"]]),
    ] = None,
    check: Annotated[
        list[str] | None,
        Query(max_length=_MOST, description="Checks (`GET /checks/rules`)", examples=[["code-hierarchy"]]),
    ] = None,
    verdict: Annotated[
        list[Verdict] | None, Query(description="Verdicts (结论)", examples=[["agrees"]])
    ] = None,
    once: Annotated[
        bool,
        Query(description="Without what an earlier document of the same disclosure (同一公开) has already"),
    ] = False,
    limit: Annotated[int, Query(ge=0, le=_MOST, description="Lines at most", examples=[10])] = 100,
    offset: Offset = 0,
    format: AskedListFormat = None,
    language: HeadingLanguage = None,
) -> Response:
    """A page of the lines, what to look at first before the rest, and the counts of all of them.

    Without `verdict` the lines that an auditor has to look at: all but those that agree or where nothing can
    be told.
    """
    known = {entry.document for entry in library.documents()}
    for name in document or ():
        if name not in known:
            raise UnknownThing(name, "the workspace has no such document", "GET /documents lists their names")
    for name in check or ():
        if name not in check_rules():
            raise UnknownThing(f"check {name}", "there is no such check", "GET /checks/rules lists them")
    choice = chosen(request, format, LIST_FORMATS)
    lines = partial(
        library.auditor.sheet, document, checks=check or (), verdicts=verdict or DIFFERING, once=once
    )
    if is_table(choice.format):
        most = most_rows(request)
        everything = lines(limit=most)
        if everything.total > most:
            raise too_many_rows(request, most)
        items = map(table_value, everything.lines)
        return table_answer(request, library, items, "checks", choice.format, language)
    sheet = lines(offset=offset, limit=limit)
    if choice.format.name != "json":
        return triples_answer(library, [line.iri for line in sheet.lines], choice, {"Vary": "Accept"})
    page = paged([line_value(line) for line in sheet.lines], total=sheet.total, offset=offset, limit=limit)
    given = {
        "document": document,
        "check": check,
        "verdict": verdict,
        "once": "true" if once else None,
        "format": format,
    }
    answer = {
        **following(page, request.url.path, given).model_dump(),
        "documents": [summary_value(summary) for summary in sheet.documents],
        "checks": counts_value(sheet),
    }
    return Response(
        json.dumps(answer, ensure_ascii=False), media_type="application/json", headers={"Vary": "Accept"}
    )


@router.get(
    "/rules",
    summary="The checks there are",
    response_model=Page[CheckRule],
    responses={200: {"content": AS_LIST}},
)
def rules(
    request: Request,
    library: Annotated[Library, Depends(served)],
    offset: Offset = 0,
    limit: Limit = 500,
    format: AskedListFormat = None,
    language: HeadingLanguage = None,
) -> Response:
    """All checks there are, each with its rule in words."""
    found = partial(page_of, [rule_value(rule) for rule in check_rules().values()])
    return list_answer(
        request, library, found, "check-rules", offset=offset, limit=limit, asked=format, language=language
    )
