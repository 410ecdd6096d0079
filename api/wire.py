"""Requests as they came over the wire: what decoding loses, and what makes no difference."""

from __future__ import annotations

from fastapi import Request
from starlette.types import ASGIApp, Receive, Scope, Send

__all__ = ["PlainRequests", "behind"]


def behind(request: Request, prefix: str) -> str:
    """What stands behind ``prefix`` in the path, not decoded; plain bytes are taken for UTF-8.

    Decoding the path would lose which slashes are part of a name (``%2F``).
    """
    raw: bytes = request.scope.get("raw_path") or request.scope["path"].encode()
    path = raw.partition(b"?")[0].decode("utf-8", "replace")
    return path.removeprefix(prefix).strip("/")


class PlainRequests:
    """ASGI middleware: HEAD is answered as GET, whose body the server leaves out, and a slash behind an
    address makes no difference."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] == "http":
            path, raw = scope["path"], scope.get("raw_path")
            # The scope stays the same object: who called looks into it for the route.
            scope["method"] = "GET" if scope["method"] == "HEAD" else scope["method"]
            scope["path"] = path.rstrip("/") or "/"
            if raw:
                scope["raw_path"] = raw.rstrip(b"/") or b"/"
        await self._app(scope, receive, send)
