"""What stands before every route: who is meant, how much may be sent, and what a browser may do."""

from __future__ import annotations

from collections.abc import Iterable

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from fiscalgraph.api.access import CLIENT
from fiscalgraph.api.admission import Rate
from fiscalgraph.api.errors import RequestRefused, answer_to
from fiscalgraph.api.keys import ApiKeys
from fiscalgraph.api.upload_routes import PATH as UPLOADS

__all__ = ["LOCAL_NAMES", "Protection"]

LOCAL_NAMES = frozenset({"127.0.0.1", "localhost", "[::1]"})

_HEADERS = {
    # The page needs nothing from anywhere else, and nothing inline.
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob:; connect-src 'self'; "
        "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cache-Control": "no-cache",
}


# Addresses that need no key and are never too many: the page holds nothing, it asks with the user's key.
_OPEN = frozenset({"/", "/health"})
_OPEN_BELOW = "/web/"


class Protection:
    """ASGI middleware: refuses who is not meant, has no key or asks too fast; adds security headers.

    A page elsewhere could point its own name at this machine (DNS rebinding) and read along; requests
    are therefore only answered for the names the server is known by (``hosts``; ``"*"``: any). With
    ``foreign_pages`` the pages of other origins may show what they got (CORS).
    """

    def __init__(
        self,
        app: ASGIApp,
        *,
        hosts: Iterable[str],
        keys: ApiKeys,
        rate: Rate,
        body_bytes: int,
        upload_bytes: int,
        foreign_pages: bool,
    ) -> None:
        self._app = app
        self._hosts = frozenset(hosts)
        self._keys = keys
        self._rate = rate
        self._body_bytes = body_bytes
        self._upload_bytes = upload_bytes
        self._added = dict(_HEADERS)
        if foreign_pages:
            self._added["Cross-Origin-Resource-Policy"] = "cross-origin"

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def send_protected(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in self._added.items():
                    headers[name] = value
            await send(message)

        try:
            self._admit(scope)
        except RequestRefused as refusal:
            await answer_to(refusal)(scope, receive, send_protected)
            return
        await self._app(scope, receive, send_protected)

    def _admit(self, scope: Scope) -> None:
        headers, path = Headers(scope=scope), scope["path"]
        host = headers.get("host", "")
        name = host.rsplit(":", 1)[0] if not host.endswith("]") else host
        if "*" not in self._hosts and name not in self._hosts:
            raise RequestRefused(
                host or "a request without a host name",
                "this server does not answer for that name",
                "Use the address that `fiscalgraph serve` printed, or set FISCALGRAPH_SERVE_NAMES",
                status=421,
                code="wrong_host",
            )
        declared = headers.get("content-length", "0")
        upload = path == UPLOADS
        most = self._upload_bytes if upload else self._body_bytes
        if (
            not declared.isdigit()
            or len(declared) > 15
            or int(declared) > most
            or "transfer-encoding" in headers
        ):
            raise RequestRefused(
                path,
                f"the body is larger than {most} bytes, or its length is not stated",
                f"Send a {'smaller file' if upload else 'shorter query'} with its Content-Length",
                status=413,
                code="too_large",
            )
        if path in _OPEN or path.startswith(_OPEN_BELOW):
            return
        if self._keys:
            key = self._keys.name_of(headers)
            if key is None:
                raise RequestRefused(
                    path,
                    "this server answers who has a key, and there is none or another one in the request",
                    "Send it as Authorization: Bearer KEY, or as X-API-Key",
                    status=401,
                    code="no_key",
                )
            scope["state"][CLIENT] = f"key:{key}"
        self._rate.take(scope["state"][CLIENT], path)
