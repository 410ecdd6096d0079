"""How a resource is given out: as JSON, or as the triples of all that its JSON names."""

from __future__ import annotations

from typing import Annotated, Any, Final, Literal

from fastapi import Query, Request, Response
from pydantic import BaseModel

from fiscalgraph.api.errors import RequestRefused
from fiscalgraph.api.library import Library
from fiscalgraph.api.linked_data import GRAPH_FORMATS, iris_in, own_triples, write
from fiscalgraph.api.negotiation import Choice, by_name, negotiate
from fiscalgraph.api.resources.models import Page
from fiscalgraph.api.resources.paging import following
from fiscalgraph.graph.sparql import Format

__all__ = [
    "AS_TRIPLES",
    "JSON",
    "TRUNCATED",
    "AskedFormat",
    "Limit",
    "Offset",
    "chosen",
    "paged_answer",
    "represent",
    "triples_answer",
]

JSON: Final = Format("json", ("application/json",))
_FORMATS: Final = (JSON, *GRAPH_FORMATS)
TRUNCATED: Final = "Fiscalgraph-Truncated"
"""The header that says that an answer does not hold everything, and how much it holds."""

AskedFormat = Annotated[
    Literal["json", "jsonld", "turtle", "ntriples"] | None,
    Query(description="In place of the Accept header: JSON, or the triples behind it", examples=["json"]),
]
Offset = Annotated[int, Query(ge=0, le=1_000_000, description="Items to leave out", examples=[0])]
Limit = Annotated[int, Query(ge=1, le=500, description="Items at most", examples=[10])]

AS_TRIPLES: Final[dict[str, Any]] = {
    entry.media_type: {
        "schema": {"type": "object" if entry.name == "jsonld" else "string"},
    }
    for entry in GRAPH_FORMATS
}
"""What an address offers besides JSON, for its description."""


def chosen(request: Request, asked: str | None, offered: tuple[Format, ...] = _FORMATS) -> Choice:
    """The format that ``format=`` or the ``Accept`` header asks for. Raises ``RequestRefused`` (406)."""
    accept = ", ".join(request.headers.getlist("accept"))
    choice = by_name(asked, offered) if asked is not None else negotiate(accept, offered)
    if choice is None:
        types = ", ".join(f"{entry.media_type} (format={entry.name})" for entry in offered)
        raise RequestRefused(
            request.url.path,
            f"this answer cannot be given as {asked or accept}",
            f"Ask for one of {types}",
            status=406,
            code="not_acceptable",
        )
    return choice


def represent(request: Request, library: Library, answer: BaseModel, asked: str | None) -> Response:
    """``answer`` as JSON, or what the graph states of every thing it names by its ``iri``."""
    choice = chosen(request, asked)
    headers = {"Vary": "Accept"}
    if choice.format.name == "json":
        return Response(answer.model_dump_json(), media_type="application/json", headers=headers)
    return triples_answer(library, list(iris_in(answer.model_dump())), choice, headers)


def triples_answer(library: Library, iris: list[str], choice: Choice, headers: dict[str, str]) -> Response:
    """What the graph states of ``iris``; a header says if things were left out."""
    triples, truncated = own_triples(library.store, iris)
    if truncated:
        headers[TRUNCATED] = f"triples={len(triples)}"
    parameters = "; charset=utf-8" if choice.media_type.startswith("text/") else ""
    content = write(choice.format.name, triples)
    return Response(content, headers={**headers, "Content-Type": choice.media_type + parameters})


def paged_answer(request: Request, library: Library, page: Page[Any], asked: str | None) -> Response:
    """A page with the address of the next one: this address with another ``offset``."""
    given: dict[str, list[str]] = {}
    for name, value in request.query_params.multi_items():
        if name not in ("offset", "limit"):
            given.setdefault(name, []).append(value)
    return represent(request, library, following(page, request.url.path, given), asked)
