"""An answer that is given out in pieces, and dropped when the other side does not take them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

import anyio
from fastapi import Response
from starlette.types import Receive, Scope, Send

__all__ = ["HeldResponse"]

_PIECE: Final = 65_536  # bytes; between two pieces the server waits for the client to have read
_PATIENCE, _SLOWEST = 30.0, 100_000  # seconds for any answer, and bytes a second beyond them


class HeldResponse(Response):
    """Calls ``on_end`` when the last piece is out, or the client is gone or too slow.

    A large answer stays in memory until then: whoever reads slowly must not be able to pile them up.
    """

    def __init__(
        self, body: bytes, *, status: int = 200, headers: Mapping[str, str], on_end: Callable[[], None]
    ) -> None:
        super().__init__(body, status_code=status, headers=headers)
        self._on_end = on_end

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send the answer (ASGI)."""
        body = bytes(self.body)
        try:
            with anyio.fail_after(_PATIENCE + len(body) / _SLOWEST):
                await send(
                    {"type": "http.response.start", "status": self.status_code, "headers": self.raw_headers}
                )
                for start in range(0, max(len(body), 1), _PIECE):
                    piece, more = body[start : start + _PIECE], start + _PIECE < len(body)
                    await send({"type": "http.response.body", "body": piece, "more_body": more})
        finally:
            self._on_end()
