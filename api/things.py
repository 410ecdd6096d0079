"""``/source``: any fact with what it says and where it was read: document, page, words, and a picture."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import asdict, replace
from typing import Annotated, Any, Final, Literal
from urllib.parse import quote, unquote

from fastapi import APIRouter, Depends, Path, Query, Request, Response
from pydantic import Field

from fiscalgraph.api.error_words import sentence_in_chinese
from fiscalgraph.api.library import Fact as StatedFact
from fiscalgraph.api.library import Library
from fiscalgraph.api.page_drawing import LARGEST_SCALE, PictureRequest
from fiscalgraph.api.page_pictures import PagePictures
from fiscalgraph.api.representation import AS_TRIPLES, AskedFormat, represent
from fiscalgraph.api.resources.addresses import document_url, iri_readings
from fiscalgraph.api.resources.models import Resource
from fiscalgraph.api.shelf import served
from fiscalgraph.api.source_files import SourceFileMissing
from fiscalgraph.api.source_pictures import page_request, picture_request, source_file, why_no_file
from fiscalgraph.api.sources import (
    Place,
    Role,
    SourceDocument,
    document_named,
    find_fact,
    source_of,
)
from fiscalgraph.api.wire import behind
from fiscalgraph.graph.identifiers import BASE, digest

__all__ = ["router"]

router = APIRouter(tags=["sources 出处"])

_LONGEST: Final = 4000  # characters of an address
_MEDIA_TYPES: Final = {
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "xls": "application/vnd.ms-excel",
    "html": "text/html",
    "text": "text/plain",
    "markdown": "text/markdown",
    "zip": "application/zip",
}
_OTHER: Final = "application/octet-stream"
_Responses = dict[int | str, dict[str, Any]]
_PNG: Final[_Responses] = {
    200: {
        "content": {"image/png": {}},
        "description": "A PNG; `X-Mark` is the framed box in its pixels: left, top, right, bottom",
    },
    304: {"description": "The client has it already (`If-None-Match`)"},
}
_FILE: Final[_Responses] = {
    200: {"content": {name: {} for name in (*_MEDIA_TYPES.values(), _OTHER)}, "description": "The file"}
}

Served = Annotated[Library, Depends(served)]
Language = Annotated[Literal["zh", "en"], Query(description="Of names and of what the fact says")]
Fact = Annotated[
    str,
    Path(
        max_length=_LONGEST,
        description="What stands behind /id/ in its IRI, or the whole IRI, percent-encoded",
        examples=["document/water_2023_accounts"],
    ),
]
Name = Annotated[
    str, Path(max_length=500, description="The document's name", examples=["water_2023_accounts"])
]
Scale = Annotated[
    float,
    Query(ge=0.5, le=LARGEST_SCALE, description="Pixels a point; 2 is 144 dots an inch", examples=[2]),
]


class DocumentAnswer(Resource):
    """A document (公开文件); ``url`` describes it, ``file`` is what it was read from, if the workspace
    still has it."""

    name: str
    iri: str
    url: str
    file: str | None
    issuer: str
    kind: str
    fiscal_year: int
    format: str
    file_name: str
    sha256: str
    pages: int | None


class PlaceAnswer(Resource):
    """Where ``fact`` was read (出处). ``role``: the ``fact`` itself, the row with the ``amounts`` of a
    project, the ``left`` or ``right`` side of a check, a figure ``compared`` by it, or where something is
    ``stated`` of a thing.

    Page and line count from 1; ``box`` is left, top, right, bottom in points from the page's top left.
    ``image`` shows the place with the table's header, ``page_image`` all of its page; ``no_image`` says why
    there is none: the file has no pages, or the workspace keeps no copy of it.
    """

    iri: str
    role: Role
    fact: str
    document: DocumentAnswer
    page: int | None
    line: int | None
    box: list[float] | None
    part: str | None
    quote: str
    recognised: bool
    image: str | None
    page_image: str | None
    no_image: str | None


class StatedPlace(Resource):
    """A place that the graph states of the thing itself."""

    document: str | None
    page: int | None
    line: int | None
    box: str | None
    quote: str
    recognised: bool


class FactAnswer(Resource):
    """A statement; ``label`` is the name of what ``value`` stands for."""

    predicate: str
    value: str
    label: str | None


class SourceAnswer(Resource):
    """A fact: what it ``says``, all its ``places`` (``places_total``, where not all are listed), what the
    graph states of it, and what points to it (``mentions``, of which the first are listed)."""

    iri: str
    url: str
    label: str | None
    kind: str | None
    says: str | None
    places: list[PlaceAnswer]
    places_total: int
    sources: list[StatedPlace] = Field(description="The places that the graph states of the thing itself")
    facts: list[FactAnswer]
    mentions: int
    mentioned_by: list[FactAnswer]


@router.get(
    "/source",
    summary="A fact and its source, by its IRI",
    response_model=SourceAnswer,
    responses={200: {"content": AS_TRIPLES}},
)
def source(
    request: Request,
    library: Served,
    iri: Annotated[
        str,
        Query(
            min_length=1,
            max_length=2000,
            description="Whole, shortened (fgid:…), or what stands behind /id/",
            examples=[BASE + "document/water_2023_accounts"],
        ),
    ],
    language: Language = "zh",
    format: AskedFormat = None,
) -> Response:
    """What a fact says and every place it was read: document, page, line, the document's own words."""
    return represent(request, library, _answer(library, find_fact(library, iri), language), format)


@router.get(
    "/source/{fact:path}/image",
    summary="The picture of a fact's place",
    response_class=Response,
    responses=_PNG,
)
def source_image(
    request: Request,
    library: Served,
    fact: Fact,
    place: Annotated[int, Query(ge=1, le=1000, description="Which of its places, from 1", examples=[1])] = 1,
    whole: Annotated[bool, Query(description="The whole page, not only the row and the header")] = False,
    scale: Scale = 2.0,
) -> Response:
    """The printed row with the table's header above it, the figure framed. PDFs only."""
    path = behind(request, "/source").removesuffix("/image")
    found = source_of(library, _fact(library, path))
    return _png(request, picture_request(library, found, place, whole=whole, scale=scale))


@router.get(
    "/source/{fact:path}",
    summary="A fact and its source",
    response_model=SourceAnswer,
    responses={200: {"content": AS_TRIPLES}},
)
def source_below(
    request: Request, library: Served, fact: Fact, language: Language = "zh", format: AskedFormat = None
) -> Response:
    """As `/source?iri=`, with the fact in the path."""
    iri = _fact(library, behind(request, "/source"))
    return represent(request, library, _answer(library, iri, language), format)


@router.get(
    "/documents/{name}/pages/{page}.png",
    summary="A page as a picture",
    response_class=Response,
    responses=_PNG,
)
def page_image(
    request: Request,
    library: Served,
    name: Name,
    page: Annotated[int, Path(ge=1, le=100_000, description="From 1")],
    scale: Scale = 2.0,
) -> Response:
    """A page of a PDF."""
    return _png(request, page_request(library, document_named(library, name), page, scale))


@router.get(
    "/documents/{name}/file",
    summary="The file a document was read from",
    response_class=Response,
    responses=_FILE,
)
def document_file(library: Served, name: Name) -> Response:
    """The file byte for byte, as the workspace keeps it."""
    document = document_named(library, name)
    content = source_file(library, document).read_bytes()
    if hashlib.sha256(content).hexdigest() != document.sha256:
        raise SourceFileMissing(
            f"the file of {name}", "the workspace's copy of it is damaged", "Build the document again"
        )
    headers = {
        "Content-Type": _MEDIA_TYPES.get(document.format, _OTHER),
        "Content-Disposition": f"attachment; filename*=UTF-8''{quote(document.file_name, safe='')}",
        "ETag": f'"{document.sha256}"',
    }
    return Response(content, headers=headers)


def _fact(library: Library, path: str) -> str:
    """The IRI of the fact that a path, as it came over the wire, means."""
    return find_fact(library, *iri_readings(path[:_LONGEST]), unquote(path[:_LONGEST]))


def _png(request: Request, wanted: PictureRequest) -> Response:
    """The picture, or that the client has it already."""
    tag = f'"{digest(repr(replace(wanted, path="")), length=32)}"'
    if tag in request.headers.get("if-none-match", ""):
        return Response(status_code=304, headers={"ETag": tag})
    picture = _pictures(request).picture(wanted)
    headers = {"ETag": tag}
    if picture.mark is not None:
        headers["X-Mark"] = ",".join(map(str, picture.mark))
    return Response(picture.png, media_type="image/png", headers=headers)


def _pictures(request: Request) -> PagePictures:
    """The one drawer of pictures of this process."""
    state = request.app.state
    if not hasattr(state, "pictures"):
        state.pictures = PagePictures()
    pictures: PagePictures = state.pictures
    return pictures


def _answer(library: Library, iri: str, language: str) -> SourceAnswer:
    found, thing = source_of(library, iri, language), library.thing(iri, language)
    return SourceAnswer(
        iri=iri,
        url=_source_url(iri),
        label=thing.label,
        kind=found.kind,
        says=found.says,
        places=[
            _place(library, iri, number, place, language)
            for number, place in enumerate(found.places, start=1)
        ],
        places_total=found.places_total,
        sources=[StatedPlace(**asdict(place)) for place in thing.sources],
        facts=_statements(thing.facts),
        mentions=thing.mentions,
        mentioned_by=_statements(thing.mentioned_by),
    )


def _statements(facts: Iterable[StatedFact]) -> list[FactAnswer]:
    return [FactAnswer(predicate=fact.predicate, value=fact.value, label=fact.label) for fact in facts]


def _source_url(iri: str) -> str:
    return f"/source/{quote(iri.removeprefix(BASE), safe='')}"


def _place(library: Library, iri: str, number: int, place: Place, language: str) -> PlaceAnswer:
    document = place.document
    no_file = why_no_file(library, document)
    reason = place.no_picture or no_file
    image = page = None
    if reason is None:
        image = f"{_source_url(iri)}/image" + (f"?place={number}" if number > 1 else "")
        if place.part is None:
            page = f"{document_url(document.name)}/pages/{place.page}.png"
    elif language == "zh":
        reason = sentence_in_chinese(reason)
    return PlaceAnswer(
        iri=place.iri,
        role=place.role,
        fact=place.fact,
        document=_document(document, kept=no_file is None),
        page=place.page,
        line=place.line,
        box=list(place.box) if place.box is not None else None,
        part=place.part,
        quote=place.quote,
        recognised=place.recognised,
        image=image,
        page_image=page,
        no_image=reason,
    )


def _document(document: SourceDocument, *, kept: bool) -> DocumentAnswer:
    url = document_url(document.name)
    return DocumentAnswer(**asdict(document), url=url, file=f"{url}/file" if kept else None)
