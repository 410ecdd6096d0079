"""``/documents``: what is served, how much of it was read, and what contradicts itself."""

from __future__ import annotations

from functools import partial
from typing import Annotated

from fastapi import APIRouter, Depends, Path, Query, Request, Response

from fiscalgraph.api.downloads import AS_LIST, AskedListFormat, HeadingLanguage, list_answer
from fiscalgraph.api.library import Library
from fiscalgraph.api.projects import Year
from fiscalgraph.api.representation import AS_TRIPLES, AskedFormat, Limit, Offset, represent
from fiscalgraph.api.resources.documents import Document, DocumentPage, document, list_documents
from fiscalgraph.api.shelf import served

__all__ = ["router"]

router = APIRouter(prefix="/documents", tags=["documents 公开文件"])
Served = Annotated[Library, Depends(served)]


@router.get("", summary="Documents", response_model=DocumentPage, responses={200: {"content": AS_LIST}})
def documents(
    request: Request,
    library: Served,
    department: Annotated[
        str | None,
        Query(max_length=200, description="The issuer, by any of its names", examples=["云泽省水务厅"]),
    ] = None,
    kind: Annotated[
        str | None, Query(max_length=20, description="Kind of disclosure", examples=["部门决算"])
    ] = None,
    year: Year = None,
    q: Annotated[
        str | None,
        Query(
            min_length=1, max_length=200, description="Part of its name or its issuer's", examples=["water"]
        ),
    ] = None,
    offset: Offset = 0,
    limit: Limit = 100,
    format: AskedListFormat = None,
    language: HeadingLanguage = None,
) -> Response:
    """All documents with their coverage (覆盖证书) in figures, by name."""
    found = partial(list_documents, library, department=department, kind=kind, year=year, q=q)
    return list_answer(
        request, library, found, "documents", offset=offset, limit=limit, asked=format, language=language
    )


@router.get(
    "/{name}", summary="One document", response_model=Document, responses={200: {"content": AS_TRIPLES}}
)
def one_document(
    request: Request,
    library: Served,
    name: Annotated[str, Path(max_length=300, description="Its name", examples=["water_2023_accounts"])],
    format: AskedFormat = None,
) -> Response:
    """One document with its contradictions and what was left unread."""
    return represent(request, library, document(library, name), format)
