"""The shelf: the generation that is served now, and the processes that answer from it.

A watch looks for a newer one all the time. It is opened and warmed by processes of its own while the old
one still answers; then they change places, and the old processes end with their last answers. A generation
that cannot be opened is never served: the one before it goes on, and the watch tries again.
"""

from __future__ import annotations

import logging
import math
import os
import threading
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any, Final, TypeVar

import anyio
import anyio.to_thread
from anyio import CapacityLimiter
from fastapi import Request

from fiscalgraph.api.admission import Admission
from fiscalgraph.api.errors import RequestRefused
from fiscalgraph.api.library import EmptyWorkspace, Library
from fiscalgraph.api.resource_worker import WorkerReply, WorkerRequest, serve
from fiscalgraph.api.settings import ServerSettings
from fiscalgraph.api.sparql_settings import SparqlSettings
from fiscalgraph.api.turns import Turns
from fiscalgraph.graph.sparql import Answer, DeadlinePassed, QueryBusy, QueryWorkers, Question
from fiscalgraph.graph.store import GenerationStore
from fiscalgraph.graph.worker_pool import Generation, NobodyFree, TooSlow, WorkerDied, WorkerPool, preload
from fiscalgraph.search.combined import similarity_in

preload("fiscalgraph.api.preloaded")
preload(similarity_in.__module__)

__all__ = ["Shelf", "served", "the_shelf"]

_LOG = logging.getLogger(__name__)
_A = TypeVar("_A")
_LOOK_SECONDS: Final = 0.2
_RETRY_SECONDS: Final = (1.0, 30.0)  # the first and the longest pause after a generation did not open


class Shelf:
    """What one server serves from the workspace in ``home``.

    ``workers`` answer strangers' SPARQL within the limits of ``sparql``, ``resources`` every other request
    within those of ``settings``. ``admission`` and ``resource_admission`` say how many may be in progress.
    """

    def __init__(
        self, home: Path, *, encoder: str | None, sparql: SparqlSettings, settings: ServerSettings
    ) -> None:
        self.settings = settings
        self._generations = GenerationStore(home)
        self._home = home
        self._served: Generation | None = None
        self._served_since = 0.0
        self._problem: str | None = None
        self._failed: Generation | None = None
        self._retry_at, self._pause = 0.0, _RETRY_SECONDS[0]
        self._looking = threading.Lock()
        self._watch: threading.Thread | None = None
        self._over = threading.Event()
        self.resources: WorkerPool[WorkerRequest, WorkerReply] = WorkerPool(
            serve,
            (str(home), encoder, settings.memory, settings.answer_bytes, settings.table_rows),
            number=settings.workers,
            name="fiscalgraph-resources",
        )
        self.resource_admission = Admission(total=settings.waiting, per_client=settings.per_client)
        # What one client asks may take long: the last worker is for the others.
        self.resource_turns = Turns(settings.workers, max(1, settings.workers - 1))
        self._threads = CapacityLimiter(math.inf)  # who has a turn may have a thread
        self.workers = QueryWorkers(
            self.generation,
            workers=sparql.workers,
            limits=sparql.limits,
            similarity_of=partial(similarity_in, encoder=encoder),
        )
        in_progress = sparql.workers + sparql.waiting
        self.admission = Admission(total=in_progress, per_client=sparql.per_client)
        self.query_turns = Turns(sparql.workers)

    # -- what is served ---------------------------------------------------------------------

    @property
    def current(self) -> Generation | None:
        """The generation that is served now."""
        return self._served

    @property
    def age(self) -> float:
        """Seconds since it is served."""
        return time.time() - self._served_since if self._served else 0.0

    @property
    def problem(self) -> str | None:
        """Why the newest generation of the workspace is not served, if it is not."""
        return self._problem

    def generation(self) -> Generation:
        """The generation that is served now. Raises ``EmptyWorkspace``."""
        served = self._served
        if served is None:
            raise EmptyWorkspace(
                "the workspace",
                self._problem or "nothing has been built there",
                "Run: fiscalgraph build PATH… (or choose it with --home)",
            )
        return served

    async def ready(self) -> None:
        """Look for a generation, if nobody has yet."""
        if self._watch is None:
            await anyio.to_thread.run_sync(self.open)

    def open(self) -> None:
        """Take up the newest generation, and watch for newer ones from now on. May be called again."""
        with self._looking:
            if self._watch is not None or self._over.is_set():
                return
            self._look()
            self._watch = threading.Thread(target=self._keep_looking, name="generations", daemon=True)
            self._watch.start()

    def _keep_looking(self) -> None:
        while not self._over.wait(_LOOK_SECONDS):
            with self._looking:
                self._look()

    def _look(self) -> None:
        """Switch to the newest generation if it is not the served one and can be opened."""
        newest = self._newest()
        if newest == self._served and newest is not None:
            self._problem = None
            return
        if newest is None:
            if self._served is not None:
                _LOG.error("the workspace %s is gone", self._home)
                self._change_to(None)
            self._problem = "nothing has been built there, or it is gone"
            return
        if newest == self._failed and time.monotonic() < self._retry_at:
            return
        try:
            self._prepare(newest)
        except WorkerDied:
            self._pause = (
                min(2 * self._pause, _RETRY_SECONDS[1]) if newest == self._failed else _RETRY_SECONDS[0]
            )
            self._failed, self._retry_at = newest, time.monotonic() + self._pause
            self._problem = f"generation {newest.name} cannot be opened"
            _LOG.error("generation %s cannot be opened; %s", newest.name, self._still_served())
            return
        self._failed = self._problem = None
        self._change_to(newest)
        _LOG.info("generation %s is served", newest.name)

    def _still_served(self) -> str:
        return f"{self._served.name} is served on" if self._served else "nothing is served"

    def _newest(self) -> Generation | None:
        """The published generation; two of the same name differ in the folder's marks."""
        directory = self._generations.current
        if directory is None:
            return None
        try:
            found = os.stat(directory)
        except OSError:
            return None
        return Generation(directory.resolve(), (found.st_dev, found.st_ino, found.st_mtime_ns))

    def _prepare(self, generation: Generation) -> None:
        self.resources.prepare(generation)
        try:
            self.workers.prepare(generation)
        except WorkerDied:
            self.resources.keep_only(self._served)
            raise

    def _change_to(self, generation: Generation | None) -> None:
        self._served, self._served_since = generation, time.time()
        self.resources.keep_only(generation)
        self.workers.keep_only(generation)

    # -- answering --------------------------------------------------------------------------

    async def answer(self, request: WorkerRequest, client: str) -> tuple[WorkerReply, Generation]:
        """What a worker replies, and the generation it replied from.

        Raises ``EmptyWorkspace``, ``QueryBusy``, ``DeadlinePassed`` or ``RequestRefused``.
        """
        seconds = self.settings.seconds
        try:
            return await self._in_turn(
                self.resource_turns,
                client,
                seconds,
                lambda remaining: self.resources.ask(self.generation, request, remaining),
            )
        except NobodyFree:
            raise _busy() from None
        except TooSlow:
            raise DeadlinePassed(
                "request stopped",
                f"it took longer than {seconds:g} seconds",
                "Narrow it (a document, a department, a year), or ask for fewer lines.",
            ) from None
        except WorkerDied as death:
            _LOG.error("a worker ended by signal %s while it answered %s", death.by, request.path)
            raise RequestRefused(
                "request stopped",
                "its worker ended: the request needs more memory than allowed, or the server is closing",
                "Ask for less, or try again.",
                status=503,
                code="worker_ended",
            ) from None

    async def answer_query(self, question: Question, client: str) -> Answer:
        """What a worker answers to a query of a stranger; raises ``EmptyWorkspace``, and what
        :meth:`~fiscalgraph.graph.sparql.QueryWorkers.answer` raises."""
        return await self._in_turn(
            self.query_turns,
            client,
            self.workers.limits.seconds,
            lambda remaining: self.workers.answer(question, remaining),
        )

    async def _in_turn(self, turns: Turns, client: str, seconds: float, ask: Callable[[float], _A]) -> _A:
        """What ``ask`` gives, in a thread, when it is the client's turn; it is told the time that is left."""
        await self.ready()
        self.generation()
        started = time.monotonic()
        try:
            with anyio.fail_after(seconds):
                await turns.take(client)
        except TimeoutError:
            raise _busy() from None
        try:
            remaining = max(0.1, seconds - (time.monotonic() - started))
            return await anyio.to_thread.run_sync(ask, remaining, limiter=self._threads)
        finally:
            turns.leave(client)

    def close(self) -> None:
        """End the watch and all worker processes."""
        self._over.set()
        self.resources.close()
        self.workers.close()


def _busy() -> QueryBusy:
    return QueryBusy(
        "too many requests", "all workers stayed busy until the deadline", "Try again in a moment."
    )


def the_shelf(request: Request) -> Shelf:
    """The shelf of the application that listens (a FastAPI dependency); workers have none."""
    shelf: Shelf = request.app.state.shelf
    return shelf


def served(request: Request) -> Library:
    """The library for a request (a FastAPI dependency of what is answered in workers)."""
    library: Any = request.app.state.library
    assert isinstance(library, Library)
    return library
