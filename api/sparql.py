"""``/sparql``: the SPARQL 1.1 Protocol, read-only, guarded, in workers that are killed at the deadline."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Final

from fastapi import APIRouter, Depends, Request, Response
from fastapi.responses import RedirectResponse

from fiscalgraph.api.access import CLIENT, GENERATION
from fiscalgraph.api.errors import RequestRefused
from fiscalgraph.api.held_response import HeldResponse
from fiscalgraph.api.negotiation import Choice, by_name, negotiate, prefers_html
from fiscalgraph.api.representation import TRUNCATED
from fiscalgraph.api.service_description import describe_service
from fiscalgraph.api.shelf import Shelf, the_shelf
from fiscalgraph.api.sparql_request import FORM, PATH, QUERY, SparqlRequest, read_get, read_post
from fiscalgraph.graph.sparql import (
    GRAPH_FORMATS,
    SOLUTION_FORMATS,
    VERDICT_FORMATS,
    WORKBOOK,
    Format,
    FormatNotAccepted,
    Question,
)

__all__ = ["router"]

router = APIRouter()
TheShelf = Annotated[Shelf, Depends(the_shelf)]

SIMILAR: Final = "Fiscalgraph-Similar"
"""The header that tells how each ``fg:similar`` block was answered, in the order of the query."""

_OFFERED: Final = {
    "SELECT": SOLUTION_FORMATS,
    "ASK": VERDICT_FORMATS,
    "CONSTRUCT, DESCRIBE": GRAPH_FORMATS,
}
_METHODS: Final = "GET, HEAD, POST, OPTIONS"
# For the OpenAPI description: the parameters are read from the raw request (sparql_request), which alone
# tells a parameter given twice, and bytes that are not UTF-8.
_EXAMPLE: Final = "SELECT ?d { ?d a <https://w3id.org/fiscalgraph/ontology#Disclosure> } LIMIT 10"
_TEXT: Final = {"type": "string"}
_TEXTS: Final = {"type": "array", "items": {"type": "string", "format": "iri"}}
_FIELDS: Final[dict[str, dict[str, Any]]] = {
    "query": {**_TEXT, "example": _EXAMPLE},
    "default-graph-uri": _TEXTS,
    "named-graph-uri": _TEXTS,
    "format": _TEXT,
}
_GET_DESCRIBED: Final = {
    "parameters": [{"name": name, "in": "query", "schema": schema} for name, schema in _FIELDS.items()]
}
_POST_DESCRIBED: Final = {
    "requestBody": {
        "required": True,
        "content": {
            FORM: {"schema": {"type": "object", "properties": _FIELDS, "required": ["query"]}},
            QUERY: {"schema": _TEXT, "example": _EXAMPLE},
        },
    }
}
_ANSWERS: Final[dict[int | str, dict[str, Any]]] = {
    200: {
        "content": {
            media_type: {}
            for entry in (*SOLUTION_FORMATS, *GRAPH_FORMATS)
            for media_type in entry.media_types
        }
    },
    303: {"description": "A browser that asks for nothing is sent to the page"},
}
_TEXT_FORMATS: Final = ("text/csv", "text/tab-separated-values", "text/turtle", "text/plain")


@router.head(PATH, include_in_schema=False)
@router.get(PATH, openapi_extra=_GET_DESCRIBED, response_class=Response, responses=_ANSWERS)
async def ask(request: Request, shelf: TheShelf) -> Response:
    """Answer the query in the address; without one, describe the service (a browser gets the page)."""
    asked = read_get(request.scope["query_string"])
    if asked.query is not None:
        return await _answer(request, shelf, asked, asked.query)
    accept = _accept(request)
    if asked.format is None and prefers_html(accept):
        return RedirectResponse("/", status_code=303, headers={"Vary": "Accept"})
    choice = _chosen(asked, accept, GRAPH_FORMATS)
    if choice is None:
        raise _not_acceptable(asked.format or accept, {"DESCRIBE": GRAPH_FORMATS})
    endpoint = str(request.url.replace(query="", fragment=""))
    return Response(describe_service(endpoint, choice.format.name), headers=_headers(choice))


@router.post(PATH, openapi_extra=_POST_DESCRIBED, response_class=Response, responses=_ANSWERS)
async def ask_posted(request: Request, shelf: TheShelf) -> Response:
    """Answer the query in the body: ``application/sparql-query`` or a form with ``query=``."""
    body = await request.body()
    asked = read_post(request.headers.get("content-type", ""), request.scope["query_string"], body)
    assert asked.query is not None  # read_post refuses a body without one
    return await _answer(request, shelf, asked, asked.query)


@router.options(PATH, status_code=204, response_class=Response)
def options() -> Response:
    """What may be sent here."""
    return Response(status_code=204, headers={"Allow": _METHODS, "Accept-Post": f"{QUERY}, {FORM}"})


async def _answer(request: Request, shelf: Shelf, asked: SparqlRequest, query: str) -> Response:
    solutions, verdict, graph = (_chosen(asked, _accept(request), offered) for offered in _OFFERED.values())
    question = Question(
        query,
        asked.dataset,
        solutions=solutions.format.name if solutions else None,
        graph=graph.format.name if graph else None,
        verdict=verdict.format.name if verdict else None,
    )
    client = request.scope["state"][CLIENT]
    place = shelf.admission.admit(client, PATH)
    try:
        answer = await shelf.answer_query(question, client)
    except BaseException as error:
        place.leave()
        if isinstance(error, FormatNotAccepted):
            raise _not_acceptable(asked.format or _accept(request), _OFFERED) from None
        raise
    choice = {"select": solutions, "ask": verdict, "graph": graph}[answer.form]
    assert choice is not None  # the worker would have said FormatNotAccepted
    headers = {**_headers(choice), GENERATION: answer.generation}
    if choice.format is WORKBOOK:
        headers["Content-Disposition"] = f'attachment; filename="answer.{WORKBOOK.name}"'
    if answer.truncated:
        headers[TRUNCATED] = f"rows={answer.rows}"
    if answer.similar:
        headers[SIMILAR] = ", ".join(map(str, answer.similar))
    return HeldResponse(answer.body, headers=headers, on_end=place.leave)


def _chosen(asked: SparqlRequest, accept: str, offered: tuple[Format, ...]) -> Choice | None:
    return negotiate(accept, offered) if asked.format is None else by_name(asked.format, offered)


def _not_acceptable(wanted: str, offers: Mapping[str, tuple[Format, ...]]) -> RequestRefused:
    types = "; ".join(
        f"{form}: " + ", ".join(f"{entry.media_type} (format={entry.name})" for entry in offered)
        for form, offered in offers.items()
    )
    return RequestRefused(
        PATH,
        f"this answer cannot be given as {wanted}",
        f"Ask for one of {types}",
        status=406,
        code="not_acceptable",
    )


def _accept(request: Request) -> str:
    return ", ".join(request.headers.getlist("accept"))


def _headers(choice: Choice) -> dict[str, str]:
    parameters = "; charset=utf-8" if choice.media_type in _TEXT_FORMATS else ""
    return {"Content-Type": choice.media_type + parameters, "Vary": "Accept"}
