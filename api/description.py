"""``/openapi.json``: the interface described for programs (OpenAPI 3.1), from the routes themselves."""

from __future__ import annotations

import json
from functools import cache
from importlib.metadata import version
from typing import Any, Final

from fastapi import APIRouter, FastAPI, Response
from pydantic import Field

from fiscalgraph.api.resources.models import Resource

__all__ = ["ErrorAnswer", "describe_api", "router"]

router = APIRouter(tags=["server 服务"])

_ABOUT: Final = """\
What departments disclose (部门预算、部门决算、绩效公开), as records, a graph and a semantic index; every fact
with the place where it is printed.

- Lists have one shape: `items`, `total`, `offset`, `limit` and `next`, the address of what follows.
- Amounts are exact texts in 元, beside the text as printed and its unit.
- `iri` names a thing in the graph, `url` is its address here; below `/id/` every IRI resolves.
- Resources are JSON, and with `Accept: application/ld+json`, `text/turtle` or `application/n-triples` the
  triples behind it. Queries and sums are tables too (`text/csv`, Excel).
- Every failure has one shape: `{"error": {"code", "what", "why", "cure"}}`; with `Accept-Language: zh` in
  Chinese.

列表、金额、出处和错误均采用统一格式；金额为元，以文本精确给出。
"""
_TAGS: Final = (
    ("names 名称", "Everything by its name, and what there is"),
    ("departments 部门", "Who they are, what they published, budgeted and spent"),
    ("projects 项目", "From goal and money to indicators, reasons and measures"),
    ("indicators 绩效指标", "Targets, actual values, scores and reasons"),
    ("laws 法规", "Laws and regulations, and who cites them"),
    ("classification 科目", "Codes, their names over the years, and who spends on them"),
    ("documents 公开文件", "What was published and how much of it was read"),
    ("passages 原因与措施", "Causes, measures and reasons, found by meaning"),
    ("sources 出处", "Where a fact was read: document, page, words, and a picture of the printed row"),
    ("issues 共性问题", "What departments state in common, what they promise, what came of it"),
    ("checks 核对", "Which figures agree and which contradict each other"),
    ("queries 命名查询", "Named queries and their answers"),
    ("sums 安全加总", "Amounts added so that every 元 counts once"),
    ("uploads 上传", "Files for the workspace, and what became of them"),
    ("linked data 关联数据", "The IRIs of the graph, and the JSON-LD context"),
    ("server 服务", "Queries of your own (SPARQL), health, this description"),
)


class Problem(Resource):
    """What went wrong: a ``code`` for programs; what it is about, why, and what to do about it. A query that
    cannot be parsed has the ``line`` and ``column`` of the fault."""

    code: str
    what: str
    why: str
    cure: str
    request_id: str | None = Field(default=None, description="Names the request in the server's log")
    line: int | None = None
    column: int | None = None


class ErrorAnswer(Resource):
    """Every failure, on every address."""

    error: Problem


_FAILURES: Final = {
    400: "It cannot be understood",
    401: "A key is needed (only where the server asks for keys)",
    403: "It may not be asked",
    404: "There is no such thing",
    405: "The address does not take that method",
    406: "None of the formats that are accepted is on offer",
    413: "The request, or its answer, is too large",
    415: "A body of this type is not understood",
    421: "The server does not answer for that host name",
    422: "A parameter is wrong",
    429: "Too many requests of one client",
    500: "The server failed",
    503: "Nothing is built yet, or too much is asked at once",
    504: "It took longer than allowed",
}


@cache
def describe_api() -> dict[str, Any]:
    """The description of all routes, whichever process answers them."""
    from fiscalgraph.api import health, sparql, upload_routes
    from fiscalgraph.api.resources_app import ROUTERS

    described = FastAPI(
        title="fiscalgraph",
        version=version("fiscalgraph"),
        summary="Chinese budgets and final accounts as a graph with sources 财政公开图谱",
        description=_ABOUT,
        license_info={"name": "Apache-2.0", "identifier": "Apache-2.0"},
        openapi_tags=[{"name": name, "description": about} for name, about in _TAGS],
        separate_input_output_schemas=False,
    )
    failures: dict[int | str, dict[str, Any]] = {
        status: {"model": ErrorAnswer, "description": about} for status, about in _FAILURES.items()
    }
    for resource in ROUTERS:
        described.include_router(resource, responses=failures)
    described.include_router(upload_routes.router, responses=failures, tags=["uploads 上传"])
    for own in (sparql.router, health.router):
        described.include_router(own, responses=failures, tags=["server 服务"])
    content = described.openapi()
    refusal = {"application/json": {"schema": {"$ref": "#/components/schemas/ErrorAnswer"}}}
    for path in content["paths"].values():
        for operation in path.values():
            for status in _FAILURES:  # also where the answer itself is a picture or a file
                operation["responses"][str(status)]["content"] = refusal
    return content


@router.get("/openapi.json", summary="This description", response_model=dict[str, Any])
def description() -> Response:
    """The interface, described for programs (OpenAPI)."""
    content = json.dumps(describe_api(), ensure_ascii=False)
    return Response(content, media_type="application/json")
