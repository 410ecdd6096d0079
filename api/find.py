"""``/find``: one box for the names of departments, projects, codes, laws and documents."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request, Response

from fiscalgraph.api.library import Library
from fiscalgraph.api.names import KINDS, Kind
from fiscalgraph.api.representation import AS_TRIPLES, AskedFormat, represent
from fiscalgraph.api.resources.finding import Found, find
from fiscalgraph.api.shelf import served

__all__ = ["router"]

router = APIRouter(tags=["names 名称"])


@router.get(
    "/find", summary="Things by their names", response_model=Found, responses={200: {"content": AS_TRIPLES}}
)
def find_by_name(
    request: Request,
    library: Annotated[Library, Depends(served)],
    q: Annotated[
        str,
        Query(
            min_length=1,
            max_length=200,
            description="A name, part of one, a short form (发改委), or the beginning of a code; of several "
            "words one must be in the name, the others in the name or the detail",
            examples=["水务"],
        ),
    ],
    kind: Annotated[
        list[Kind] | None, Query(description="Kinds of things", examples=[["department"]])
    ] = None,
    limit: Annotated[int, Query(ge=1, le=50, description="Things of each kind", examples=[5])] = 5,
    format: AskedFormat = None,
) -> Response:
    """Departments (部门), projects (项目), codes (科目), laws (法规) and documents (文件) whose names,
    other names or codes fit: exact names first, then those that begin with it, hold it, or are shortened
    to it."""
    kinds = [each for each in KINDS if kind is None or each in kind]
    return represent(request, library, find(library, q, kinds=kinds, limit=limit), format)
