"""What belongs to the request that is answered now: its id, and the language of its errors."""

from __future__ import annotations

import re
import secrets
from contextvars import ContextVar
from typing import Final, NamedTuple

__all__ = ["REQUEST_ID", "RequestContext", "context_of", "current", "enter", "preferred_language"]

REQUEST_ID: Final = "X-Request-Id"
_SANE = re.compile(r"[A-Za-z0-9._\-]{1,64}")
_LANGUAGE = re.compile(r"\s*([A-Za-z]{1,8}|\*)(?:-[A-Za-z0-9\-]*)?\s*(?:;\s*q\s*=\s*([0-9.]{1,5}))?\s*")


class RequestContext(NamedTuple):
    """``request_id`` names the request in answers and in the log; ``language`` is zh or en."""

    request_id: str = ""
    language: str = "en"


_NONE: Final = RequestContext()
_CURRENT: ContextVar[RequestContext] = ContextVar("fiscalgraph_request")


def context_of(request_id: str | None, accept_language: str | None) -> RequestContext:
    """The context of a request with these headers; an id that is not sane is replaced by one of ours."""
    sane = request_id is not None and _SANE.fullmatch(request_id)
    return RequestContext(
        request_id if sane and request_id else secrets.token_hex(8), preferred_language(accept_language, "en")
    )


def preferred_language(accept_language: str | None, otherwise: str) -> str:
    """Of Chinese (zh) and English (en) the one that a header likes better; ``otherwise`` where it likes
    neither better."""
    liked = {"zh": 0.0, "en": 0.0}
    for part in (accept_language or "")[:500].split(","):
        found = _LANGUAGE.fullmatch(part)
        if found and found[1].lower() in liked:
            try:
                liked[found[1].lower()] = float(found[2] or 1)
            except ValueError:
                continue
    if liked["zh"] == liked["en"]:
        return otherwise
    return "zh" if liked["zh"] > liked["en"] else "en"


def enter(context: RequestContext) -> None:
    """Answer this request from now on."""
    _CURRENT.set(context)


def current() -> RequestContext:
    """The context of the request that is answered now."""
    return _CURRENT.get(_NONE)
