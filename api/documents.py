"""``/health`` and ``/documents``: what is served, how much of it was read, and what contradicts itself."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated, Any

from fastapi import APIRouter, Depends

from fiscalgraph.api.library import Library, UnknownThing, texts
from fiscalgraph.api.shelf import served

__all__ = ["router"]

router = APIRouter()
Served = Annotated[Library, Depends(served)]


@router.get("/health")
def health(library: Served) -> dict[str, Any]:
    """That a workspace is served, and which generation of it."""
    from fiscalgraph.graph.identifiers import BASE

    return {"status": "ok", "generation": library.directory.name, "base": BASE}


@router.get("/documents")
def documents(library: Served) -> dict[str, Any]:
    """All documents with their coverage (覆盖证书) in figures."""
    return {"documents": [asdict(document) for document in library.documents()]}


@router.get("/documents/{name}")
def document(library: Served, name: str) -> dict[str, Any]:
    """One document with its contradictions and what was left unread."""
    for entry in library.documents():
        if entry.document == name:
            found = library.named("contradictions", {"document": name})
            return {
                "document": asdict(entry),
                "contradictions": [dict(zip(found.variables, row, strict=True)) for row in texts(found)],
                "leftovers": library.leftovers(entry.iri),
            }
    raise UnknownThing(name, "the workspace has no such document", "GET /documents lists their names")
