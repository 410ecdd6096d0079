"""Requests answered in processes of their own: whatever a request makes one do, it can be killed.

The process that listens (see :mod:`fiscalgraph.api.app`) only passes requests on. Each worker holds one
generation, read-only, and runs the same application over it that a server without workers would.
"""

from __future__ import annotations

import asyncio
import logging
import os
import signal
import traceback
from collections.abc import Callable
from multiprocessing.connection import Connection
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import anyio.to_thread

from fiscalgraph.api.exchange import Headers, exchange, plain_headers
from fiscalgraph.api.library import Library
from fiscalgraph.api.request_context import RequestContext, enter
from fiscalgraph.graph.sparql.isolation import forbid_network, limit_memory
from fiscalgraph.graph.worker_pool import LARGE, READY, give_memory_back

if TYPE_CHECKING:
    from fastapi import FastAPI, Response

__all__ = ["WorkerReply", "WorkerRequest", "answered", "serve"]

_LOG = logging.getLogger(__name__)
_NICENESS = 5  # the server itself, which only passes things on, goes first


class WorkerRequest(NamedTuple):
    """A request as it came in; ``context`` holds its id and language."""

    method: str
    path: str
    raw_path: bytes
    query: bytes
    headers: Headers
    body: bytes
    scheme: str
    server: tuple[str, int | None] | None
    client: tuple[str, int] | None
    context: RequestContext


class WorkerReply(NamedTuple):
    """The answer; ``route`` is the address as the application declares it (``/documents/{name}``).

    ``failure`` is the trace of an error that nobody foresaw; ``unreadable`` says that the generation could
    not be read, so that the worker has ended.
    """

    status: int
    headers: Headers
    body: bytes
    route: str | None
    failure: str | None = None
    unreadable: bool = False


def serve(
    connection: Connection,
    directory: str,
    home: str,
    encoder: str | None,
    memory: int,
    most_bytes: int,
    table_rows: int,
) -> None:
    """The worker's loop: requests in, replies out. Runs in a process of its own."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the server, which ends its workers
    os.nice(_NICENESS)
    if encoder is None and not forbid_network():  # a model of the user's may have to look itself up
        _LOG.warning("this system cannot keep workers off the network")
    from fiscalgraph.api.resources_app import resources_app

    anyio.to_thread.run_sync = _run_here  # type: ignore[assignment]
    library = Library(Path(home), encoder, directory=Path(directory))
    _warm(library)
    app = resources_app(library, table_rows=table_rows)
    with asyncio.Runner() as runner:
        runner.run(answered(app, _FIRST))  # the application makes its routes when it is first asked
        limit_memory(memory)
        connection.send(READY)
        while True:
            try:
                request: WorkerRequest = connection.recv()
            except EOFError:
                return
            reply = runner.run(answered(app, request))
            if len(reply.body) > most_bytes:
                reply = _too_large(reply, most_bytes, request.context)
            connection.send(reply)
            if reply.unreadable:
                return
            large = len(reply.body) > LARGE
            del request, reply  # nothing of them is held until the next one comes
            if large:
                give_memory_back()


async def _run_here(function: Callable[..., Any], *arguments: Any, **_: Any) -> Any:
    """Instead of in a thread: what the engine hands out may only be dropped by the thread that asked for it,
    and here nobody else waits."""
    return function(*arguments)


_FIRST = WorkerRequest("GET", "/queries", b"/queries", b"", (), b"", "http", None, None, RequestContext())


def _warm(library: Library) -> None:
    """Do once what is slow the first time, before anybody waits for it."""
    from fiscalgraph.api.issue_book import IssueFilters
    from fiscalgraph.extract.errors import FiscalgraphError

    library.documents()
    library.issues.find(IssueFilters())
    library.names.find("预算执行", 1)  # a generation of an earlier version has no catalogue: it is made here
    try:
        library.search("预算执行", 1)
    except FiscalgraphError as error:
        # Whatever search lacks, the graph answers; who searches is told.
        _LOG.warning("search is not available: %s", error)


async def answered(app: FastAPI, request: WorkerRequest) -> WorkerReply:
    """The reply of ``app`` to one request."""
    scope: dict[str, Any] = {
        "type": "http",
        "asgi": {"version": "3.0", "spec_version": "2.3"},
        "http_version": "1.1",
        "method": request.method,
        "scheme": request.scheme,
        "path": request.path,
        "raw_path": request.raw_path,
        "root_path": "",
        "query_string": request.query,
        "headers": list(request.headers),
        "server": request.server,
        "client": request.client,
        "state": {},
    }
    enter(request.context)
    failure: str | None = None
    unreadable = False
    try:
        status, headers, body = await exchange(app, scope, request.body)
        unreadable = scope["state"].get("unreadable", False)
    except Exception as error:
        refusal, unreadable = _refusal_of(error, request.path)
        status, headers, body = refusal.status_code, plain_headers(refusal.raw_headers), bytes(refusal.body)
        failure = traceback.format_exc()
    route = getattr(scope.get("route"), "path_format", None)
    return WorkerReply(status, headers, body, route, failure, unreadable)


def _refusal_of(error: Exception, path: str) -> tuple[Response, bool]:
    """The answer for what nobody foresaw, and whether the generation could not be read."""
    from fiscalgraph.api.errors import answer_to, internal_error, response
    from fiscalgraph.graph.sparql.errors import unreadable

    if isinstance(error, OSError):
        return answer_to(unreadable(error)), True
    if isinstance(error, MemoryError):
        why, cure = "it needs more memory than allowed", "Ask for less, or narrow it"
        return response(413, "result_too_large", path, why, cure), False
    return internal_error(path), False


def _too_large(reply: WorkerReply, most_bytes: int, context: RequestContext) -> WorkerReply:
    from fiscalgraph.api.errors import response

    enter(context)
    refusal = response(
        413,
        "result_too_large",
        "result too large",
        f"the answer has more than {most_bytes} bytes",
        "Ask for less (a document, a year), or for a page of it",
    )
    return WorkerReply(413, tuple(refusal.raw_headers), bytes(refusal.body), reply.route)
