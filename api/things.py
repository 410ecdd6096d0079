"""``/source``: a thing with its facts, where they were read, and what points to it."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Query

from fiscalgraph.api.library import Library
from fiscalgraph.api.shelf import served

__all__ = ["router"]

router = APIRouter()


@router.get("/source")
def source(
    library: Annotated[Library, Depends(served)],
    iri: Annotated[str, Query(min_length=1, max_length=2000)],
    language: Literal["zh", "en"] = "zh",
) -> dict[str, Any]:
    """What the graph states of ``iri``; names in ``language``."""
    return asdict(library.thing(iri, language))
