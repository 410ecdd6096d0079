"""Passes requests on to the workers, and their replies back."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from starlette.requests import Request
from starlette.types import Receive, Scope, Send

from fiscalgraph.api import request_context
from fiscalgraph.api.access import CLIENT, GENERATION
from fiscalgraph.api.held_response import HeldResponse
from fiscalgraph.api.resource_worker import WorkerRequest

if TYPE_CHECKING:
    from fiscalgraph.api.shelf import Shelf

__all__ = ["Forwarding"]

_LOG = logging.getLogger(__name__)


class Forwarding:
    """The ASGI application behind the routes of the process that listens: workers know all the others."""

    def __init__(self, shelf: Shelf) -> None:
        self._shelf = shelf

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request. Raises what the shelf raises."""
        request = Request(scope, receive)
        body = await request.body()
        question = WorkerRequest(
            method=scope["method"],
            path=scope["path"],
            raw_path=scope.get("raw_path") or scope["path"].encode(),
            query=scope["query_string"],
            headers=tuple((bytes(name), bytes(value)) for name, value in scope["headers"]),
            body=body,
            scheme=scope["scheme"],
            server=tuple(scope["server"]) if scope.get("server") else None,
            client=tuple(scope["client"]) if scope.get("client") else None,
            context=request_context.current(),
        )
        client = scope["state"][CLIENT]
        place = self._shelf.resource_admission.admit(client, scope["path"])
        try:
            reply, generation = await self._shelf.answer(question, client)
        except BaseException:
            place.leave()
            raise
        scope["state"]["route"] = reply.route
        if reply.failure is not None:
            _LOG.error("%s failed", scope["path"], extra={"trace": reply.failure})
        response = HeldResponse(reply.body, status=reply.status, headers={}, on_end=place.leave)
        response.raw_headers = [*reply.headers, (GENERATION.lower().encode(), generation.name.encode())]
        await response(scope, receive, send)
