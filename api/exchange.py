"""One request to an ASGI application within this process, and its whole reply."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from starlette.types import ASGIApp

__all__ = ["Headers", "exchange", "plain_headers"]

Headers = tuple[tuple[bytes, bytes], ...]


async def exchange(app: ASGIApp, scope: dict[str, Any], body: bytes) -> tuple[int, Headers, bytes]:
    """Status, headers and body of the reply to the request that ``scope`` describes.

    Raises what the application raises. The application may write into ``scope``.
    """
    status = 500
    headers: Headers = ()
    parts: list[bytes] = []
    asked = False

    async def receive() -> dict[str, Any]:
        nonlocal asked
        if asked:
            return {"type": "http.disconnect"}
        asked = True
        return {"type": "http.request", "body": body, "more_body": False}

    async def send(message: Any) -> None:
        nonlocal status, headers
        if message["type"] == "http.response.start":
            status, headers = message["status"], plain_headers(message.get("headers", ()))
        else:
            parts.append(message.get("body", b""))

    await app(scope, receive, send)
    return status, headers, b"".join(parts)


def plain_headers(headers: Iterable[tuple[bytes, bytes]]) -> Headers:
    """Headers as they may be handed to another process."""
    return tuple((bytes(name), bytes(value)) for name, value in headers)
