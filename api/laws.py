"""``/laws``: laws, regulations, notices and plans, and who cites them where."""

from __future__ import annotations

from functools import partial
from typing import Annotated

from fastapi import APIRouter, Depends, Path, Query, Request, Response

from fiscalgraph.api.downloads import AS_LIST, AskedListFormat, HeadingLanguage, list_answer
from fiscalgraph.api.library import Library
from fiscalgraph.api.projects import OfDepartment
from fiscalgraph.api.representation import AS_TRIPLES, AskedFormat, Limit, Offset, represent
from fiscalgraph.api.resources.laws import Law, LawSummary, law, list_laws
from fiscalgraph.api.resources.models import Page
from fiscalgraph.api.resources.paging import following
from fiscalgraph.api.resources.reading import Graph
from fiscalgraph.api.resources.resolving import find_organization, find_thing
from fiscalgraph.api.shelf import served
from fiscalgraph.api.wire import behind

__all__ = ["router"]

router = APIRouter(prefix="/laws", tags=["laws 法规"])
Served = Annotated[Library, Depends(served)]


@router.get("", summary="Cited laws", response_model=Page[LawSummary], responses={200: {"content": AS_LIST}})
def laws(
    request: Request,
    library: Served,
    department: OfDepartment = None,
    q: Annotated[
        str | None, Query(min_length=1, max_length=100, description="Part of the title", examples=["预算"])
    ] = None,
    offset: Offset = 0,
    limit: Limit = 100,
    format: AskedListFormat = None,
    language: HeadingLanguage = None,
) -> Response:
    """Laws and regulations (法规文件), those cited by most departments first."""
    iri = None if department is None else find_organization(library, department)
    found = partial(list_laws, library, department=iri, q=q)
    return list_answer(
        request, library, found, "laws", offset=offset, limit=limit, asked=format, language=language
    )


@router.get("/{title:path}", summary="One law", response_model=Law, responses={200: {"content": AS_TRIPLES}})
def one_law(
    request: Request,
    library: Served,
    title: Annotated[
        str,
        Path(
            max_length=500,
            description="Its title, or what stands in its IRI behind /id/law/",
            examples=["中华人民共和国预算法"],
        ),
    ],
    offset: Offset = 0,
    limit: Limit = 100,
    format: AskedFormat = None,
) -> Response:
    """A law and a page of its citations: who cites it, in which document, and where."""
    iri = find_thing(Graph(library.store), "law", behind(request, router.prefix), router.prefix)
    found = law(library, iri, offset=offset, limit=limit)
    given = {} if format is None else {"format": format}
    citations = following(found.citations, request.url.path, given)
    return represent(request, library, found.model_copy(update={"citations": citations}), format)
