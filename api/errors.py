"""One shape for everything that goes wrong: ``{"error": {"code", "what", "why", "cure", "request_id"}}``."""

from __future__ import annotations

import logging
from typing import Any, Final

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

from fiscalgraph.api import request_context
from fiscalgraph.api.library import EmptyWorkspace, UnknownThing
from fiscalgraph.api.page_drawing import PictureUnavailable
from fiscalgraph.api.page_pictures import PicturesBusy
from fiscalgraph.api.source_files import SourceFileMissing
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
    SimilarRefused,
)
from fiscalgraph.graph.sparql.errors import StoreUnreadable
from fiscalgraph.graph.sums import NoProjection
from fiscalgraph.graph.sums_dimensions import WrongSum
from fiscalgraph.queries import QueryNotFound, WrongParameter
from fiscalgraph.search.errors import IndexUnusable, ModelError, PassageNotFound
from fiscalgraph.search.errors import QueryRefused as SearchRefused

__all__ = ["RequestRefused", "answer_to", "install", "internal_error", "response"]

_LOG = logging.getLogger(__name__)

_SEE_ADDRESSES: Final = "See the list of addresses in the README"
_HTTP: Final = {
    404: ("not_found", "there is nothing at this address", _SEE_ADDRESSES),
    405: ("method_not_allowed", "this address does not take that method", "Use GET, or POST for /sparql"),
    406: ("not_acceptable", "it cannot be given in a format that is accepted", "Accept application/json"),
    413: ("too_large", "the request is too large", "Send a shorter one"),
    415: ("unknown_body_type", "a body of this type is not understood", "See docs/sparql.md"),
}

_OURS: Final[tuple[tuple[type[FiscalgraphError], int, str], ...]] = (
    (EmptyWorkspace, 503, "empty_workspace"),
    (UnknownThing, 404, "not_found"),
    (SourceFileMissing, 404, "file_missing"),
    (PictureUnavailable, 404, "no_picture"),
    (PicturesBusy, 503, "busy"),
    (PassageNotFound, 404, "not_found"),
    (IndexUnusable, 503, "search_unavailable"),
    (ModelError, 503, "search_unavailable"),
    (QueryNotFound, 404, "not_found"),
    (WrongParameter, 422, "wrong_parameter"),
    (WrongSum, 422, "wrong_parameter"),
    (SearchRefused, 422, "wrong_parameter"),
    (NoProjection, 503, "empty_workspace"),
    (QuerySyntaxError, 400, "cannot_parse"),
    (FormNotAllowed, 403, "form_not_allowed"),
    (QueryTooLong, 413, "query_too_long"),
    (QueryTooComplex, 422, "query_too_complex"),
    (QueryNotSupported, 422, "query_not_supported"),
    (SimilarRefused, 422, "similarity_refused"),
    (QueryRefused, 400, "query_refused"),
    (StoreUnreadable, 503, "workspace_unreadable"),
    (QueryFailed, 422, "query_failed"),
    (ResultTooLarge, 413, "result_too_large"),
    (QueryBusy, 503, "busy"),
    (DeadlinePassed, 504, "deadline_passed"),
)
_HEADERS: Final = {
    401: {"WWW-Authenticate": "Bearer"},
    408: {"Connection": "close"},  # the rest of the body may still come
    413: {"Connection": "close"},
    429: {"Retry-After": "1"},
    503: {"Retry-After": "2"},
}


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
    """An error as every address gives it, in the language and with the id of the request in progress.

    ``more`` are members of its own, such as its place in a query.
    """
    request = request_context.current()
    if request.language == "zh":
        from fiscalgraph.api.error_words import parts_in_chinese

        what, why, cure = parts_in_chinese(what, why, cure)
    error = {"code": code, "what": what, "why": why, "cure": cure, **more}
    if request.request_id:
        error["request_id"] = request.request_id
    headers = {**_HEADERS.get(status, {}), "Content-Language": request.language}
    return JSONResponse({"error": error}, status_code=status, headers=headers)


def answer_to(error: FiscalgraphError) -> JSONResponse:
    """The answer for an error of ours."""
    if isinstance(error, RequestRefused):
        status, code = error.status, error.code
    else:
        status, code = next(
            ((status, code) for kind, status, code in _OURS if isinstance(error, kind)), (400, "refused")
        )
    place = {}
    if isinstance(error, (QuerySyntaxError, SimilarRefused)) and error.line and error.column:
        place = {"line": error.line, "column": error.column}
    return response(status, code, error.what, error.why, error.cure, **place)


def internal_error(path: str) -> JSONResponse:
    """The answer for an error that nobody foresaw: what it was stands in the log only."""
    return response(
        500,
        "internal_error",
        path,
        "the server failed while answering",
        "Look at the server's log, and report it with the request that caused it",
    )


def install(app: FastAPI) -> None:
    """Make ``app`` answer every failure in the one shape."""

    @app.exception_handler(FiscalgraphError)
    async def refused(request: Request, error: FiscalgraphError) -> JSONResponse:
        # Who runs the application ends a process that cannot read its generation.
        request.state.unreadable = isinstance(error, StoreUnreadable)
        return answer_to(error)

    @app.exception_handler(RequestValidationError)
    async def invalid(request: Request, error: RequestValidationError) -> JSONResponse:
        faults = "; ".join(
            f"{'.'.join(str(part) for part in fault['loc'][1:])}: {fault['msg']}" for fault in error.errors()
        )
        return response(422, "invalid_parameter", request.url.path, faults, "Correct the parameters")

    @app.exception_handler(HTTPException)
    async def refused_by_framework(request: Request, error: HTTPException) -> JSONResponse:
        code, why, cure = _HTTP.get(error.status_code, ("refused", str(error.detail), _SEE_ADDRESSES))
        answer = response(error.status_code, code, request.url.path, why, cure)
        answer.headers.update(error.headers or {})
        return answer

    @app.exception_handler(Exception)
    async def broken(request: Request, error: Exception) -> JSONResponse:
        _LOG.error("%s failed", request.url.path, exc_info=error)
        return internal_error(request.url.path)
