"""The shelf: the library that is served now. A generation published by a build replaces it."""

from __future__ import annotations

import threading
from pathlib import Path

from anyio import CapacityLimiter
from fastapi import Request

from fiscalgraph.api.admission import Admission
from fiscalgraph.api.library import Library
from fiscalgraph.api.sparql_settings import SparqlSettings
from fiscalgraph.graph.sparql import QueryWorkers
from fiscalgraph.graph.store import GenerationStore

__all__ = ["Shelf", "served", "the_shelf"]


class Shelf:
    """Opens the served generation when it is first asked for and again after each build.

    ``workers`` answer strangers' SPARQL within the limits of ``sparql``; ``admission`` and
    ``query_threads`` keep what waits for them away from the threads of the other addresses.
    """

    def __init__(self, home: Path, *, encoder: str | None, sparql: SparqlSettings) -> None:
        self._generations = GenerationStore(home)
        self._home = home
        self._encoder = encoder
        self._lock = threading.Lock()
        self._library: Library | None = None
        self.workers = QueryWorkers(
            lambda: self.library().directory, workers=sparql.workers, limits=sparql.limits
        )
        in_progress = sparql.workers + sparql.waiting
        self.admission = Admission(total=in_progress, per_client=sparql.per_client)
        self.query_threads = CapacityLimiter(in_progress)

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
