"""Connections as the server keeps them: so many, not idle for ever, and errors in the one shape even there.

A client may open connections and send nothing, or a byte a minute, and so hold what others need. Here each
connection has to bring a whole request within a time, and each address and all together have so many.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable
from functools import partial
from http import HTTPStatus
from ipaddress import ip_address
from typing import Any, Final

from uvicorn.protocols.http.h11_impl import H11Protocol

from fiscalgraph.api import request_context
from fiscalgraph.api.errors import response
from fiscalgraph.api.settings import ServerSettings, proxy_networks

__all__ = ["Connections"]

_FAREWELL_SECONDS: Final = 5.0  # for what was written last to be taken, before a connection is cut


class Connections:
    """Makes the protocol of each connection for uvicorn (``http=``), and counts them."""

    def __init__(self, settings: ServerSettings) -> None:
        self.settings = settings
        self._proxies = proxy_networks(settings)
        self.total = 0
        self._of_address: Counter[str] = Counter()

    def protocol(self) -> Callable[..., asyncio.Protocol]:
        """What uvicorn calls for each connection."""
        return partial(_Connection, limits=self)

    def enter(self, address: str) -> bool:
        """Count a connection, and say whether there may be one more of its address and in all."""
        self.total += 1
        self._of_address[address] += 1
        own = self._of_address[address]
        return self.total <= self.settings.connections and (
            own <= self.settings.connections_per_client or self._is_proxy(address)
        )

    def _is_proxy(self, address: str) -> bool:
        try:
            found = ip_address(address)
        except ValueError:
            return False
        return any(found in network for network in self._proxies)

    def leave(self, address: str) -> None:
        """Count a connection less."""
        self.total -= 1
        self._of_address[address] -= 1
        if not self._of_address[address]:
            del self._of_address[address]


class _Connection(H11Protocol):
    """uvicorn's protocol with a time for a request to arrive, and an end to what is not read."""

    def __init__(self, *arguments: Any, limits: Connections, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self._limits = limits
        self._address = ""
        self._arrival: asyncio.TimerHandle | None = None
        self._refused = False

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self._address = self.client[0] if self.client else ""
        if not self._limits.enter(self._address):
            self._refuse(
                503, "too_many_connections", "too many connections are open", "Try again in a moment"
            )
            return
        self._expect_request()

    def connection_lost(self, exc: Exception | None) -> None:
        self._limits.leave(self._address)
        self._request_arrived()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        if self._refused:
            return
        answering = self.cycle is not None and not self.cycle.response_complete
        super().data_received(data)
        if self.cycle is not None and not self.cycle.response_complete:
            self._request_arrived()  # the application watches over the rest of it
        elif not answering:
            self._expect_request()  # the first byte of the next one starts its time

    def on_response_complete(self) -> None:
        super().on_response_complete()
        if self.transport.is_closing():
            self.loop.call_later(_FAREWELL_SECONDS, self.transport.abort)

    def timeout_keep_alive_handler(self) -> None:
        super().timeout_keep_alive_handler()
        self.loop.call_later(_FAREWELL_SECONDS, self.transport.abort)

    def send_400_response(self, msg: str) -> None:
        self._refuse(
            400,
            "bad_request",
            "it is not HTTP, or its headers are too long",
            "Send a valid request; Chinese behind the ? must be percent-encoded (curl -G --data-urlencode)",
        )

    def _expect_request(self) -> None:
        if self._arrival is None:
            self._arrival = self.loop.call_later(self._limits.settings.arrival_seconds, self._too_slow)

    def _request_arrived(self) -> None:
        if self._arrival is not None:
            self._arrival.cancel()
            self._arrival = None

    def _too_slow(self) -> None:
        seconds = self._limits.settings.arrival_seconds
        self._arrival = None
        self._refuse(
            408, "too_slow", f"no request arrived within {seconds:g} seconds", "Send it again, faster"
        )

    def _refuse(self, status: int, code: str, why: str, cure: str) -> None:
        """Answer what is no request of the application's, and close."""
        self._refused = True
        self._request_arrived()
        if self.transport.is_closing():
            return
        request_context.enter(request_context.context_of(None, None))
        refusal = response(status, code, "the request", why, cure)
        head = f"HTTP/1.1 {status} {HTTPStatus(status).phrase}\r\n".encode()
        head += b"".join(name + b": " + value + b"\r\n" for name, value in refusal.raw_headers)
        self.transport.write(head + b"connection: close\r\n\r\n" + bytes(refusal.body))
        self.transport.close()
        self.loop.call_later(_FAREWELL_SECONDS, self.transport.abort)
