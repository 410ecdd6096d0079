"""``/sum``: amounts added so that every 元 counts once, or the reason why they must not be added."""

from __future__ import annotations

import json
from typing import Annotated, Literal
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Query, Request, Response

from fiscalgraph.api.downloads import (
    CSV,
    ROWS,
    TABLES,
    XLSX,
    HeadingLanguage,
    attached,
    csv_of,
    heading_language,
    workbook_bytes,
)
from fiscalgraph.api.library import Library
from fiscalgraph.api.representation import JSON, chosen
from fiscalgraph.api.resources.sums import SumRefusal, SumTable
from fiscalgraph.api.shelf import served
from fiscalgraph.api.sum_sheets import sum_headings, sum_sheets
from fiscalgraph.graph.sums_request import (
    SumRefused,
    SumRequest,
    conditions,
    sum_as_json,
    sum_request,
    sum_table,
)

__all__ = ["router"]

router = APIRouter(tags=["sums 安全加总"])
_MOST = 20  # dimensions, and conditions, of one request


@router.get(
    "/sum",
    summary="Amounts added so that every 元 counts once",
    response_model=SumTable,
    responses={
        200: {"content": TABLES},
        409: {"model": SumRefusal, "description": "What must not be added, why, and what to ask instead"},
    },
)
def add_up(
    request: Request,
    library: Annotated[Library, Depends(served)],
    measure: Annotated[
        str,
        Query(max_length=40, description="expenditure, revenue or three_publics", examples=["expenditure"]),
    ] = "expenditure",
    by: Annotated[
        list[str], Query(max_length=_MOST, description="Dimensions to group by", examples=[["class"]])
    ] = [],  # noqa: B006 -- FastAPI copies it
    where: Annotated[
        list[str],
        Query(
            max_length=_MOST,
            description="Conditions, name=value; repeat it for further values and dimensions",
            examples=[["year=2024", "phase=决算", "scope=财政拨款"]],
        ),
    ] = [],  # noqa: B006
    addends: Annotated[bool, Query(description="List the figures that were added")] = False,
    format: Annotated[
        Literal["json", "csv", "xlsx"] | None,
        Query(
            description="In place of the Accept header; xlsx also holds the notes and what is missing",
            examples=["json"],
        ),
    ] = None,
    language: HeadingLanguage = None,
) -> Response:
    """The sum of a measure; docs/sums.md explains what is counted.

    A refusal is the answer 409: its error carries the `reasons` in both languages and, as `alternative`, a
    request that is answered. The rows of CSV and Excel are without the total.
    """
    choice = chosen(request, format, (JSON, CSV, XLSX))
    words = heading_language(request, language)
    result = library.sum(sum_request(measure, by, conditions(where), addends=addends))
    if isinstance(result, SumRefused):
        return _refused(result, words)
    if choice.format is JSON:
        return _json(sum_as_json(result), 200)
    if choice.format is CSV:
        columns, rows = sum_table(result, words)
        answer = attached(csv_of(request, sum_headings(columns, words), rows), CSV, "sum")
    else:
        answer = attached(workbook_bytes(request.url.path, *sum_sheets(result, words)), XLSX, "sum")
    answer.headers[ROWS] = str(len(result.rows))
    return answer


def _refused(result: SumRefused, language: str) -> Response:
    instead = result.alternative
    content = sum_as_json(result)
    error = {
        "code": "sum_refused",
        "what": _address(result.request),
        "why": " ".join(getattr(reason, language) for reason in result.reasons),
        "cure": f"Ask instead: {_address(instead)}" if instead is not None else "Ask for something else",
        "reasons": content["refused"],
        "alternative": content["alternative"],
    }
    return _json({"error": error}, 409)


def _address(request: SumRequest) -> str:
    """The address below this server that makes a request."""
    values = [("measure", request.measure), *(("by", name) for name in request.by)]
    values += [("where", f"{name}={value}") for name, given in request.where for value in given]
    return f"/sum?{urlencode(values)}"


def _json(content: object, status: int) -> Response:
    text = json.dumps(content, ensure_ascii=False)
    return Response(text, media_type="application/json", status_code=status)
