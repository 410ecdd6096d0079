"""Around every request: its id, its language, its line in the log, its place in the metrics, its pace."""

from __future__ import annotations

import hashlib
import logging
import time
from typing import TYPE_CHECKING, Any, Final

import anyio
from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from fiscalgraph.api import request_context
from fiscalgraph.api.errors import RequestRefused, internal_error
from fiscalgraph.api.request_log import REQUESTS
from fiscalgraph.api.upload_routes import PATH as UPLOADS

if TYPE_CHECKING:
    from fiscalgraph.api.metrics import Metrics
    from fiscalgraph.api.shelf import Shelf

__all__ = ["CLIENT", "GENERATION", "Access"]

_LOG = logging.getLogger(__name__)

GENERATION: Final = "Fiscalgraph-Generation"
"""The header that names the generation an answer comes from."""
CLIENT: Final = "client"
"""The member of a request's state that says who asks: an address, or the name of a key."""

_NOTES: Final = "fiscalgraph-"  # headers of answers that the log holds too: generation, truncated, plan
_SLOWEST: Final = 100_000  # bytes a second at which a file that is uploaded has to arrive
_PATIENCE: Final = 30.0  # seconds that one piece of an answer may take to be taken


class Access:
    """ASGI middleware, the outermost of ours: whatever happens inside, there is an answer and a line."""

    def __init__(
        self, app: ASGIApp, *, shelf: Shelf, metrics: Metrics, arrival_seconds: float, log_queries: bool
    ) -> None:
        self._app = app
        self._shelf = shelf
        self._metrics = metrics
        self._arrival_seconds = arrival_seconds
        self._log_queries = log_queries

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        started = time.perf_counter()
        headers = Headers(scope=scope)
        context = request_context.context_of(
            headers.get(request_context.REQUEST_ID), headers.get("accept-language")
        )
        request_context.enter(context)
        state: dict[str, Any] = scope.setdefault("state", {})
        state[CLIENT] = scope["client"][0] if scope.get("client") else ""
        status, size, notes = 0, 0, dict[str, str]()

        async def send_noting(message: Message) -> None:
            nonlocal status, size
            if message["type"] == "http.response.start":
                answer = MutableHeaders(scope=message)
                answer[request_context.REQUEST_ID] = context.request_id
                if GENERATION not in answer and self._shelf.current is not None:
                    answer[GENERATION] = self._shelf.current.name
                notes.update(
                    (name.lower().removeprefix(_NOTES), value)
                    for name, value in answer.items()
                    if name.lower().startswith(_NOTES)
                )
                status = message["status"]
            else:
                size += len(message.get("body", b""))
            with anyio.fail_after(_PATIENCE):
                await send(message)

        cut_short = True
        try:
            await self._app(scope, self._hurried(receive, scope["path"], _length(headers)), send_noting)
            cut_short = False
        except Exception as error:
            if status and isinstance(error, TimeoutError):
                return  # nobody takes the answer: the connection is closed
            _LOG.exception("%s failed", scope["path"])
            if not status:
                await internal_error(scope["path"])(scope, receive, send_noting)
                cut_short = False
        finally:
            seconds = time.perf_counter() - started
            self._metrics.request(_route(scope), scope["method"], status, seconds, size)
            if REQUESTS.isEnabledFor(logging.INFO):
                fields = {
                    "id": context.request_id,
                    "client": state[CLIENT],
                    "method": scope["method"],
                    "path": scope["path"],
                    "query": self._asked(scope["query_string"]),
                    "status": status,
                    "ms": round(seconds * 1000, 1),
                    "bytes": size,
                    **notes,
                }
                if cut_short:
                    fields["cut_short"] = True
                REQUESTS.info("", extra={"fields": fields})

    def _hurried(self, receive: Receive, path: str, length: int) -> Receive:
        """``receive`` for a body of a request to ``path`` that has to be there in time."""
        seconds = self._arrival_seconds + (length / _SLOWEST if path == UPLOADS else 0)
        deadline = time.monotonic() + seconds
        whole = False

        async def receive_in_time() -> Message:
            nonlocal whole
            if whole:  # what follows is the end of the connection, whenever it comes
                return await receive()
            try:
                with anyio.fail_after(max(0.0, deadline - time.monotonic())):
                    message = await receive()
            except TimeoutError:
                raise RequestRefused(
                    path,
                    f"its body did not arrive within {seconds:g} seconds",
                    "Send it again, faster",
                    status=408,
                    code="too_slow",
                ) from None
            whole = message["type"] != "http.request" or not message.get("more_body", False)
            return message

        return receive_in_time

    def _asked(self, query: bytes) -> str:
        """What was asked, or a digest by which equal questions are known."""
        if self._log_queries or not query:
            return query.decode("latin-1")
        return f"{len(query)}:{hashlib.sha256(query).hexdigest()[:12]}"


def _length(headers: Headers) -> int:
    """The length of a body, as it is stated; 0 where it is not a sane one."""
    declared = headers.get("content-length", "")
    return int(declared) if declared.isdigit() and len(declared) <= 15 else 0


def _route(scope: Scope) -> str:
    """The address as declared: of a worker's answer, or of a route or mount of this process."""
    named: str | None = scope["state"].get("route")
    if named is None:
        found = getattr(scope.get("route"), "path_format", None)
        named = found if isinstance(found, str) else None
    if named is None and scope["path"].startswith("/web/"):
        named = "/web"
    return named or "other"
