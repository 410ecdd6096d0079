"""``/queries``: the named queries and their answers."""

from __future__ import annotations

import json
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Query, Request, Response

from fiscalgraph.api.library import Library, texts
from fiscalgraph.api.shelf import served
from fiscalgraph.queries import NamedQuery, list_queries, load

__all__ = ["router"]

router = APIRouter(prefix="/queries")


@router.get("")
def queries() -> dict[str, Any]:
    """All named queries with their texts in both languages, parameters and columns."""
    return {"queries": [_described(load(name)) for name in list_queries()]}


def _described(query: NamedQuery) -> dict[str, Any]:
    return {
        "name": query.name,
        "title": {"en": query.title_en, "zh": query.title_zh},
        "description": {"en": query.description_en, "zh": query.description_zh},
        "parameters": [
            {
                "name": parameter.name,
                "type": parameter.type,
                "title": {"en": parameter.title_en, "zh": parameter.title_zh},
                "default": parameter.default,
            }
            for parameter in query.parameters
        ],
        "columns": list(query.columns),
    }


@router.get("/{name}")
def answer(
    name: str,
    request: Request,
    library: Annotated[Library, Depends(served)],
    format: Annotated[Literal["json", "csv"], Query()] = "json",
) -> Response:
    """The whole answer of one query; further parameters of the address are the query's own."""
    values = {key: request.query_params.getlist(key) for key in request.query_params if key != "format"}
    result = library.named(name, values)
    if format == "csv":
        return Response(
            result.to_csv(),
            media_type="text/csv; charset=utf-8",
            headers={"Content-Disposition": f'attachment; filename="{name}.csv"'},
        )
    content = {"columns": list(result.variables), "rows": texts(result)}
    return Response(json.dumps(content, ensure_ascii=False), media_type="application/json")
