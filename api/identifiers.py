"""``/id/…``: the IRIs of the graph resolve, to a page for people and to data for programs."""

from __future__ import annotations

from typing import Annotated
from urllib.parse import quote

from fastapi import APIRouter, Depends, Path, Request, Response
from fastapi.responses import JSONResponse, RedirectResponse

from fiscalgraph.api.library import Library, UnknownThing
from fiscalgraph.api.linked_data import context
from fiscalgraph.api.negotiation import prefers_html
from fiscalgraph.api.representation import AS_TRIPLES, AskedFormat, chosen, triples_answer
from fiscalgraph.api.resources.addresses import iri_readings, resource_url
from fiscalgraph.api.resources.reading import Graph
from fiscalgraph.api.resources.things import Description, describe, described_iris
from fiscalgraph.api.shelf import served
from fiscalgraph.api.wire import behind
from fiscalgraph.graph.identifiers import BASE

__all__ = ["router"]

router = APIRouter(tags=["linked data 关联数据"])


@router.get(
    "/id/{path:path}",
    summary="Any thing of the graph, by its IRI",
    response_model=Description,
    responses={
        200: {"content": AS_TRIPLES},
        303: {"description": "To the page, for who accepts text/html"},
    },
)
def thing(
    request: Request,
    library: Annotated[Library, Depends(served)],
    path: Annotated[
        str,
        Path(
            max_length=2000,
            description="What stands in its IRI behind /id/",
            examples=["document/water_2023_accounts"],
        ),
    ],
    format: AskedFormat = None,
) -> Response:
    """The IRIs of the graph begin with https://w3id.org/fiscalgraph/id/: the same path leads here. Programs
    get what the graph states of the thing, with the sources of its facts; browsers are sent to the page."""
    graph = Graph(library.store)
    readings = [BASE + reading for reading in iri_readings(behind(request, "/id"))]
    iri = next((reading for reading in readings if graph.facts(reading)), None)
    if iri is None:
        raise UnknownThing(
            readings[0],
            "the graph says nothing about it",
            "Copy an IRI from an answer, with its escapes (%2F)",
        )
    if format is None and prefers_html(", ".join(request.headers.getlist("accept"))):
        return RedirectResponse(
            f"/#/thing?iri={quote(iri, safe=':/')}", status_code=303, headers={"Vary": "Accept"}
        )
    choice = chosen(request, format)
    if choice.format.name != "json":
        return triples_answer(library, described_iris(graph, iri), choice, {"Vary": "Accept"})
    address = resource_url(iri)
    description = describe(graph, iri)
    headers = {"Vary": "Accept"}
    if address is not None and not address.startswith("/id/"):
        headers["Link"] = f'<{address}>; rel="describedby"'
    return Response(description.model_dump_json(), media_type="application/json", headers=headers)


class JsonLd(JSONResponse):
    """JSON-LD."""

    media_type = "application/ld+json"


@router.get("/context.jsonld", summary="The JSON-LD context", response_class=JsonLd)
def json_ld_context() -> JsonLd:
    """A name for each term of the graph. Answers in JSON-LD carry the part of it that they use."""
    return JsonLd({"@context": dict(context())})
