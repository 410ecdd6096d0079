"""``/queries``: the named queries and their answers, as JSON, CSV or an Excel workbook."""

from __future__ import annotations

import io
import json
from typing import Annotated, Any, Final, Literal

from fastapi import APIRouter, Depends, Path, Query, Request, Response

from fiscalgraph.api.errors import RequestRefused
from fiscalgraph.api.library import Library, texts
from fiscalgraph.api.negotiation import prefers_html
from fiscalgraph.api.representation import JSON, Limit, Offset, chosen
from fiscalgraph.api.resources.models import Page
from fiscalgraph.api.resources.paging import following
from fiscalgraph.api.resources.queries import QueryAnswer, QueryDescription, list_named_queries
from fiscalgraph.api.shelf import served
from fiscalgraph.api.workbooks import cells, write_workbook
from fiscalgraph.graph.sparql import Format, QueryResult

__all__ = ["CSV", "TABLES", "XLSX", "attached", "csv_bytes", "router"]

router = APIRouter(prefix="/queries", tags=["queries 命名查询"])

CSV: Final = Format("csv", ("text/csv",))
XLSX: Final = Format("xlsx", ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",))
TABLES: Final[dict[str, Any]] = {
    CSV.media_type: {"schema": {"type": "string"}},
    XLSX.media_type: {"schema": {"type": "string", "format": "binary"}},
}
"""The formats of tables, for the description of an address."""


@router.get("", summary="Named queries", response_model=Page[QueryDescription])
def queries(request: Request, offset: Offset = 0, limit: Limit = 100) -> Response:
    """All named queries with their texts in both languages, parameters and columns."""
    page = following(list_named_queries(offset=offset, limit=limit), request.url.path, {})
    return Response(page.model_dump_json(), media_type="application/json")


@router.get(
    "/{name}",
    summary="The answer of a named query",
    response_model=QueryAnswer,
    responses={200: {"content": TABLES}},
)
def answer(
    name: Annotated[str, Path(max_length=100, description="Its name", examples=["three-publics"])],
    request: Request,
    library: Annotated[Library, Depends(served)],
    format: Annotated[
        Literal["json", "csv", "xlsx"] | None,
        Query(description="In place of the Accept header", examples=["json"]),
    ] = None,
) -> Response:
    """The whole answer of one query. Further parameters of the address are the query's own (`GET /queries`
    describes them); one that is repeated admits any of its values."""
    choice = chosen(request, format, (JSON, CSV, XLSX))
    values = {key: request.query_params.getlist(key) for key in request.query_params if key != "format"}
    result = library.named(name, values)
    if choice.format is CSV:
        return attached(csv_bytes(request, result.to_csv()), CSV, name)
    if choice.format is XLSX:
        return attached(_workbook(name, result), XLSX, name)
    content = {"columns": list(result.variables), "rows": texts(result)}
    return Response(
        json.dumps(content, ensure_ascii=False), media_type="application/json", headers={"Vary": "Accept"}
    )


def csv_bytes(request: Request, text: str) -> bytes:
    """A table's CSV. A browser's begins with a byte order mark: it is saved and opened in a spreadsheet,
    which otherwise takes the Chinese in it for another encoding. Programs get none."""
    from_browser = prefers_html(", ".join(request.headers.getlist("accept")))
    return text.encode("utf-8-sig" if from_browser else "utf-8")


def attached(content: bytes, form: Format, name: str) -> Response:
    """A table as a file of that name, which must be ASCII."""
    parameters = "; charset=utf-8" if form.media_type.startswith("text/") else ""
    return Response(
        content,
        headers={
            "Content-Type": form.media_type + parameters,
            "Content-Disposition": f'attachment; filename="{name}.{form.name}"',
            "Vary": "Accept",
        },
    )


def _workbook(name: str, result: QueryResult) -> bytes:
    out = io.BytesIO()
    try:
        write_workbook(out, {name: (result.variables, map(cells, result.rows))})
    except ValueError as error:
        raise RequestRefused(
            f"query {name}", str(error), "Ask for format=csv", status=422, code="too_long_for_a_cell"
        ) from error
    return out.getvalue()
