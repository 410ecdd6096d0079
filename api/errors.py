"""One shape for everything that goes wrong: ``{"error": {"code", "what", "why", "cure"}}``."""

from __future__ import annotations

import logging
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

from fiscalgraph.api.library import EmptyWorkspace, UnknownThing
from fiscalgraph.extract.errors import FiscalgraphError
from fiscalgraph.graph.sparql import (
    DeadlinePassed,
    FormNotAllowed,
    QueryBusy,
    QueryFailed,
    QueryNotSupported,
    QueryRefused,
    QuerySyntaxError,
    QueryTooComplex,
    QueryTooLong,
    ResultTooLarge,
)
from fiscalgraph.graph.sums import NoProjection
from fiscalgraph.graph.sums_dimensions import WrongSum
from fiscalgraph.queries import QueryNotFound, WrongParameter
from fiscalgraph.search.errors import PassageNotFound

__all__ = ["RequestRefused", "install", "response"]

_LOG = logging.getLogger(__name__)

_HTTP = {
    404: ("not_found", "there is nothing at this address", "See the list of addresses in the README"),
    405: ("method_not_allowed", "this address does not take that method", "Use GET, or POST for /sparql"),
    413: ("too_large", "the request is too large", "Send a shorter one"),
}

_OURS: tuple[tuple[type[FiscalgraphError], int, str], ...] = (
    (EmptyWorkspace, 503, "empty_workspace"),
    (UnknownThing, 404, "not_found"),
    (PassageNotFound, 404, "not_found"),
    (QueryNotFound, 404, "not_found"),
    (WrongParameter, 400, "wrong_parameter"),
    (WrongSum, 400, "wrong_parameter"),
    (NoProjection, 503, "empty_workspace"),
    (QuerySyntaxError, 400, "cannot_parse"),
    (FormNotAllowed, 403, "form_not_allowed"),
    (QueryTooLong, 413, "query_too_long"),
    (QueryTooComplex, 422, "query_too_complex"),
    (QueryNotSupported, 422, "query_not_supported"),
    (QueryRefused, 400, "query_refused"),
    (QueryFailed, 422, "query_failed"),
    (ResultTooLarge, 413, "result_too_large"),
    (QueryBusy, 503, "busy"),
    (DeadlinePassed, 504, "deadline_passed"),
)


class RequestRefused(FiscalgraphError):
    """A request that this interface does not answer; ``status`` is its HTTP status, ``code`` its name."""

    def __init__(self, what: str, why: str, cure: str, *, status: int, code: str) -> None:
        super().__init__(what, why, cure)
        self.status = status
        self.code = code

    def __reduce__(self) -> Any:
        return _rebuilt, (self.what, self.why, self.cure, self.status, self.code)


def _rebuilt(what: str, why: str, cure: str, status: int, code: str) -> RequestRefused:
    return RequestRefused(what, why, cure, status=status, code=code)


def response(status: int, code: str, what: str, why: str, cure: str, **more: int) -> JSONResponse:
    """An error as every address gives it; ``more`` are members of its own, such as its place in a query."""
    error = {"code": code, "what": what, "why": why, "cure": cure, **more}
    return JSONResponse({"error": error}, status_code=status)


def install(app: FastAPI) -> None:
    """Make ``app`` answer every failure in the one shape."""

    @app.exception_handler(FiscalgraphError)
    async def refused(request: Request, error: FiscalgraphError) -> JSONResponse:
        status, code = _classified(error)
        place = {"line": error.line, "column": error.column} if isinstance(error, QuerySyntaxError) else {}
        return response(status, code, error.what, error.why, error.cure, **place)

    @app.exception_handler(RequestValidationError)
    async def invalid(request: Request, error: RequestValidationError) -> JSONResponse:
        faults = "; ".join(
            f"{'.'.join(str(part) for part in fault['loc'][1:])}: {fault['msg']}" for fault in error.errors()
        )
        return response(422, "invalid_parameter", request.url.path, faults, "Correct the parameters")

    @app.exception_handler(HTTPException)
    async def refused_by_framework(request: Request, error: HTTPException) -> JSONResponse:
        code, why, cure = _HTTP.get(
            error.status_code, ("refused", str(error.detail), "See the list of addresses in the README")
        )
        return response(error.status_code, code, request.url.path, why, cure)

    @app.exception_handler(Exception)
    async def broken(request: Request, error: Exception) -> JSONResponse:
        _LOG.error("%s failed", request.url.path, exc_info=error)
        return response(
            500,
            "internal_error",
            request.url.path,
            "the server failed while answering",
            "Look at the server's log, and report it with the request that caused it",
        )


def _classified(error: FiscalgraphError) -> tuple[int, str]:
    """HTTP status and code of an error of ours, by its class."""
    if isinstance(error, RequestRefused):
        return error.status, error.code
    return next(((status, code) for kind, status, code in _OURS if isinstance(error, kind)), (400, "refused"))
