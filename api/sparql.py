"""``/sparql``: any SPARQL query, read-only, guarded, in a worker that is killed at the deadline."""

from __future__ import annotations

from typing import Annotated
from urllib.parse import parse_qs

from fastapi import APIRouter, Depends, Query, Request, Response
from starlette.concurrency import run_in_threadpool

from fiscalgraph.api.errors import RequestRefused
from fiscalgraph.api.shelf import Shelf, the_shelf

__all__ = ["router"]

router = APIRouter()
TheShelf = Annotated[Shelf, Depends(the_shelf)]

_JSON, _CSV = "application/sparql-results+json", "text/csv"


@router.get("/sparql")
def ask(request: Request, shelf: TheShelf, query: Annotated[str, Query(min_length=1)]) -> Response:
    """Answer the query in the address."""
    return _answer(shelf, query, request.headers.get("accept", ""))


@router.post("/sparql")
async def ask_posted(request: Request, shelf: TheShelf) -> Response:
    """Answer the query in the body: ``application/sparql-query`` or a form with ``query=``."""
    kind = request.headers.get("content-type", "").split(";")[0].strip().lower()
    try:
        body = (await request.body()).decode("utf-8")
    except UnicodeDecodeError as error:
        raise RequestRefused(
            "/sparql", "the body is not UTF-8", "Send the query as UTF-8", status=400, code="invalid_body"
        ) from error
    if kind == "application/x-www-form-urlencoded":
        query = parse_qs(body).get("query", [""])[0]
    elif kind == "application/sparql-query":
        query = body
    else:
        raise RequestRefused(
            "/sparql",
            f"a body of type {kind or 'unknown'} is not understood",
            "Send application/sparql-query, or a form with query=",
            status=415,
            code="unknown_body_type",
        )
    if not query.strip():
        raise RequestRefused(
            "/sparql", "there is no query in the body", "Send one", status=400, code="no_query"
        )
    return await run_in_threadpool(_answer, shelf, query, request.headers.get("accept", ""))


def _answer(shelf: Shelf, query: str, accept: str) -> Response:
    result = shelf.workers.evaluate(query)
    if _prefers_csv(accept):
        return Response(result.to_csv(), media_type=f"{_CSV}; charset=utf-8")
    return Response(result.to_json(), media_type=_JSON)


def _prefers_csv(accept: str) -> bool:
    """Whether CSV is named and no JSON before it."""
    wanted = [part.split(";")[0].strip().lower() for part in accept.split(",")]
    known = [part for part in wanted if part in (_CSV, _JSON, "application/json")]
    return bool(known) and known[0] == _CSV
