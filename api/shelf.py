"""The shelf: the library that is served now. A generation published by a build replaces it."""

from __future__ import annotations

import threading
from pathlib import Path

from fastapi import Request

from fiscalgraph.api.library import Library
from fiscalgraph.graph.sparql import Limits, QueryWorkers
from fiscalgraph.graph.store import GenerationStore

__all__ = ["Shelf", "served", "the_shelf"]

_ROWS, _CHARACTERS = 200_000, 50_000_000  # of one answer to a stranger's query


class Shelf:
    """Opens the served generation when it is first asked for and again after each build.

    ``workers`` answer strangers' SPARQL, as many at a time as ``count``, each within ``deadline`` seconds.
    """

    def __init__(self, home: Path, *, encoder: str | None, deadline: float, count: int) -> None:
        self._generations = GenerationStore(home)
        self._home = home
        self._encoder = encoder
        self._lock = threading.Lock()
        self._library: Library | None = None
        limits = Limits(seconds=deadline, rows=_ROWS, characters=_CHARACTERS)
        self.workers = QueryWorkers(lambda: self.library().directory, workers=count, limits=limits)

    def library(self) -> Library:
        """The library of the served generation. Raises ``EmptyWorkspace``."""
        with self._lock:
            if self._library is None or self._library.directory != self._generations.current:
                self._library = Library(self._home, self._encoder)
            return self._library

    def close(self) -> None:
        """End the worker processes."""
        self.workers.close()


def the_shelf(request: Request) -> Shelf:
    """The shelf of the application that serves a request (a FastAPI dependency)."""
    shelf: Shelf = request.app.state.shelf
    return shelf


def served(request: Request) -> Library:
    """The library for a request (a FastAPI dependency)."""
    return the_shelf(request).library()
