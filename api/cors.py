"""Pages of other origins (CORS): what they may ask, and a refusal in the one shape of errors."""

from __future__ import annotations

from starlette.datastructures import Headers
from starlette.middleware.cors import CORSMiddleware
from starlette.responses import Response

from fiscalgraph.api.errors import response

__all__ = ["ForeignPages"]


class ForeignPages(CORSMiddleware):
    """The framework's middleware, whose refusals are errors as every address gives them."""

    def preflight_response(self, request_headers: Headers) -> Response:
        """What a browser is told that asks for a page of another origin whether it may ask."""
        answer = super().preflight_response(request_headers)
        if answer.status_code < 400:
            return answer
        why = bytes(answer.body).decode().removeprefix("Disallowed CORS ")
        refusal = response(
            answer.status_code,
            "origin_refused",
            request_headers["origin"][:200],
            f"pages of other origins may not ask this: {why}",
            "Set FISCALGRAPH_SERVE_CORS_ORIGINS, and ask by GET, HEAD or POST",
        )
        for name, value in answer.headers.items():
            if name not in ("content-length", "content-type"):
                refusal.headers[name] = value
        return refusal
