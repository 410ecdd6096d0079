"""``/overview``: what the workspace holds, in figures."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Response

from fiscalgraph.api.library import Library
from fiscalgraph.api.resources.overview import Overview, overview
from fiscalgraph.api.shelf import served

__all__ = ["router"]

router = APIRouter(tags=["names 名称"])


@router.get("/overview", summary="What the workspace holds", response_model=Overview)
def workspace_overview(library: Annotated[Library, Depends(served)]) -> Response:
    """Documents, departments, years, regions, figures, projects, passages, issues and contradictions in
    counts, and how much of the documents was read."""
    return Response(overview(library).model_dump_json(), media_type="application/json")
