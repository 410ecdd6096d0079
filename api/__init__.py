"""What a built workspace answers: :mod:`fiscalgraph.api.library` in Python, :func:`create_app` over HTTP."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from fiscalgraph.api.app import create_app

__all__ = ["create_app"]


def __getattr__(name: str) -> Any:
    # The command line uses the library without a server: FastAPI is only imported when one is made.
    if name == "create_app":
        from fiscalgraph.api.app import create_app

        return create_app
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
