"""``/queries``: the named queries and their answers, as JSON, CSV or an Excel workbook."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Annotated, Any, Final, Literal
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Path, Query, Request, Response

from fiscalgraph.api.downloads import CSV, TABLES, XLSX, attached, csv_bytes, csv_of, workbook_bytes
from fiscalgraph.api.library import Library, texts
from fiscalgraph.api.representation import JSON, Limit, Offset, chosen
from fiscalgraph.api.resources.models import Page
from fiscalgraph.api.resources.paging import following
from fiscalgraph.api.resources.queries import QueryAnswer, QueryDescription, list_named_queries
from fiscalgraph.api.resources.resolving import check_document, check_organization
from fiscalgraph.api.shelf import served
from fiscalgraph.graph.sparql import Format
from fiscalgraph.graph.workbooks import cells
from fiscalgraph.queries import load
from fiscalgraph.queries.columns import headings

__all__ = ["router"]

SPARQL: Final = Format("sparql", ("application/sparql-query",))
_OWN: Final = frozenset({"format", "limit", "offset", "language"})  # all other parameters are the query's
_ORGANIZATIONS: Final = frozenset({"department", "issuer", "other"})  # parameters that name one
_DOCUMENTS: Final = frozenset({"document", "document_a"})

router = APIRouter(prefix="/queries", tags=["queries 命名查询"])


@router.get("", summary="Named queries", response_model=Page[QueryDescription])
def queries(request: Request, offset: Offset = 0, limit: Limit = 100) -> Response:
    """All named queries with their texts in both languages, parameters and columns."""
    page = following(list_named_queries(offset=offset, limit=limit), request.url.path, {})
    return Response(page.model_dump_json(), media_type="application/json")


@router.get(
    "/{name}",
    summary="The answer of a named query",
    response_model=QueryAnswer,
    responses={200: {"content": {**TABLES, SPARQL.media_type: {"schema": {"type": "string"}}}}},
)
def answer(
    name: Annotated[str, Path(max_length=100, description="Its name", examples=["three-publics"])],
    request: Request,
    library: Annotated[Library, Depends(served)],
    format: Annotated[
        Literal["json", "csv", "xlsx", "sparql"] | None,
        Query(description="In place of the Accept header; sparql: the text of the query", examples=["json"]),
    ] = None,
    language: Annotated[
        Literal["zh", "en"] | None,
        Query(
            description="Of the headings in csv and xlsx; else they are the columns' names in the query. In "
            "a csv with headings, text that looks like a formula has an apostrophe before it"
        ),
    ] = None,
    offset: Offset = 0,
    limit: Annotated[
        int | None, Query(ge=1, le=1000, description="Rows at most, as JSON; else all", examples=[100])
    ] = None,
) -> Response:
    """The answer of one query: all of it, or with `limit` a page. Further parameters of the address are the
    query's own (`GET /queries` describes them); one that is repeated admits any of its values.
    `format=sparql` gives the query itself with its parameters in place, for `/sparql`."""
    choice = chosen(request, format, (JSON, CSV, XLSX, SPARQL))
    values = {key: request.query_params.getlist(key) for key in request.query_params if key not in _OWN}
    if choice.format is SPARQL:
        return Response(
            load(name).fill(values), headers={"Content-Type": SPARQL.media_type, "Vary": "Accept"}
        )
    if choice.format is JSON and limit is not None:
        page = library.named_page(name, values, offset=offset, limit=limit)
        if not page.rows and not offset:
            _check_names(library, name, values)
        end = offset + len(page.rows)
        following_rows = urlencode({**values, "offset": end, "limit": limit}, doseq=True)
        return _json(
            {
                "columns": page.columns,
                "rows": page.rows,
                "places": page.places,
                "total": None if page.more or (offset and not page.rows) else end,
                "offset": offset,
                "limit": limit,
                "next": f"{request.url.path}?{following_rows}" if page.more else None,
            }
        )
    result = library.named(name, values)
    if not result.rows:
        _check_names(library, name, values)
    columns = result.variables if language is None else headings(result.variables, language)
    if choice.format is CSV:
        table = (
            csv_bytes(request, result.to_csv())
            if language is None
            else csv_of(request, columns, texts(result))
        )
        return attached(table, CSV, name)
    if choice.format is XLSX:
        sheets = {name: (columns, map(cells, result.rows))}
        return attached(workbook_bytes(f"query {name}", sheets), XLSX, name)
    return _json({"columns": result.variables, "rows": texts(result)})


def _check_names(library: Library, name: str, values: Mapping[str, Sequence[str]]) -> None:
    """Nothing was found: raise ``UnknownThing`` if a department or document in question is not known."""
    for parameter in load(name).parameters:
        for value in values.get(parameter.name, ()):
            if parameter.name in _ORGANIZATIONS:
                check_organization(library, value)
            elif parameter.name in _DOCUMENTS:
                check_document(library, value)


def _json(content: dict[str, Any]) -> Response:
    return Response(
        json.dumps(content, ensure_ascii=False), media_type="application/json", headers={"Vary": "Accept"}
    )
