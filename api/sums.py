"""``/sum``: amounts added so that every 元 counts once, or the reason why they must not be added."""

from __future__ import annotations

import csv
import io
import json
from typing import Annotated, Literal
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Query, Response

from fiscalgraph.api.library import Library
from fiscalgraph.api.shelf import served
from fiscalgraph.graph.sums_request import (
    SumRefused,
    SumRequest,
    conditions,
    sum_as_json,
    sum_request,
    sum_table,
)

__all__ = ["router"]

router = APIRouter()
_MOST = 20  # dimensions, and conditions, of one request
Words = Annotated[list[str], Query(max_length=_MOST)]


@router.get("/sum")
def add_up(
    library: Annotated[Library, Depends(served)],
    measure: Annotated[str, Query(max_length=40)] = "expenditure",
    by: Words = [],  # noqa: B006 -- FastAPI copies it
    where: Words = [],  # noqa: B006
    addends: bool = False,
    format: Literal["json", "csv"] = "json",
    language: Literal["zh", "en"] = "zh",
) -> Response:
    """The sum of a measure; ``where`` is ``name=value``, repeated for further values and dimensions.

    A refusal is the answer 409: its error carries the ``reasons`` in both languages and, as
    ``alternative``, a request that is answered.
    """
    result = library.sum(sum_request(measure, by, conditions(where), addends=addends))
    if isinstance(result, SumRefused):
        return _refused(result, language)
    if format == "csv":
        columns, rows = sum_table(result, language)
        buffer = io.StringIO()
        csv.writer(buffer).writerows([columns, *rows])
        return Response(
            buffer.getvalue(),
            media_type="text/csv; charset=utf-8",
            headers={"Content-Disposition": 'attachment; filename="sum.csv"'},
        )
    return _json(sum_as_json(result), 200)


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
