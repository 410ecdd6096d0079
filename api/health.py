"""``/health`` and ``/metrics``: how the server is, told by the process that listens, whatever workers do."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request, Response
from fastapi.responses import PlainTextResponse

from fiscalgraph.api.shelf import Shelf, the_shelf
from fiscalgraph.graph.identifiers import BASE

__all__ = ["router"]

router = APIRouter()


@router.head("/health", include_in_schema=False)
@router.get("/health")
async def health(shelf: Annotated[Shelf, Depends(the_shelf)]) -> dict[str, Any]:
    """That a workspace is served, which generation of it, and why not a newer one."""
    await shelf.ready()
    answer = {"status": "ok", "generation": shelf.generation().name, "base": BASE}
    if shelf.problem is not None:
        answer["problem"] = shelf.problem
    return answer


@router.head("/metrics", include_in_schema=False)
@router.get("/metrics", response_class=PlainTextResponse)
async def metrics(request: Request) -> Response:
    """Counts and times since the server started, in the text format of Prometheus."""
    text, media_type = request.app.state.metrics.text()
    return Response(text, media_type=media_type)
