"""What stands before every route: who is meant, how much may be sent, and what a browser may do."""

from __future__ import annotations

from collections.abc import Iterable

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from fiscalgraph.api.errors import response

__all__ = ["LARGEST_BODY", "LOCAL_NAMES", "Protection"]

LARGEST_BODY = 200_000  # bytes; a SPARQL query of that length is a mistake
LOCAL_NAMES = frozenset({"127.0.0.1", "localhost", "[::1]"})

_HEADERS = {
    # The page needs nothing from anywhere else, and nothing inline.
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
        "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cache-Control": "no-cache",
}


class Protection:
    """ASGI middleware: refuses foreign host names and bodies that are too large, adds security headers.

    A page elsewhere could point its own name at this machine (DNS rebinding) and read along; requests
    are therefore only answered for the names the server is known by.
    """

    def __init__(self, app: ASGIApp, hosts: Iterable[str]) -> None:
        self._app = app
        self._hosts = frozenset(hosts)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def send_protected(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in _HEADERS.items():
                    headers[name] = value
            await send(message)

        headers = Headers(scope=scope)
        host = headers.get("host", "")
        name = host.rsplit(":", 1)[0] if not host.endswith("]") else host
        if "*" not in self._hosts and name not in self._hosts:
            refusal = response(
                421,
                "wrong_host",
                host or "a request without a host name",
                "this server does not answer for that name",
                "Use the address that `fiscalgraph serve` printed",
            )
            await refusal(scope, receive, send_protected)
            return
        declared = headers.get("content-length", "0")
        if not declared.isdigit() or int(declared) > LARGEST_BODY or "transfer-encoding" in headers:
            refusal = response(
                413,
                "too_large",
                scope["path"],
                f"the body is larger than {LARGEST_BODY} bytes, or its length is not stated",
                "Send a shorter query with its Content-Length",
            )
            await refusal(scope, receive, send_protected)
            return
        await self._app(scope, receive, send_protected)
