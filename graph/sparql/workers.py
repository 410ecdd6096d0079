"""Worker processes: they answer strangers' queries, and are killed at the deadline and replaced."""

from __future__ import annotations

import logging
import os
import signal
from collections.abc import Callable
from dataclasses import replace
from multiprocessing.connection import Connection
from pathlib import Path
from types import TracebackType

from fiscalgraph.extract.errors import FiscalgraphError
from fiscalgraph.graph.sparql.answer import Answer, Question, answer
from fiscalgraph.graph.sparql.errors import DeadlinePassed, QueryBusy, QueryFailed, StoreUnreadable
from fiscalgraph.graph.sparql.isolation import forbid_network, limit_memory
from fiscalgraph.graph.sparql.limits import Limits
from fiscalgraph.graph.sparql.similar import Similarity
from fiscalgraph.graph.store import Reader
from fiscalgraph.graph.worker_pool import (
    LARGE,
    READY,
    Generation,
    NobodyFree,
    TooSlow,
    WorkerDied,
    WorkerPool,
    give_memory_back,
    preload,
)

__all__ = ["QueryWorkers"]

_LOG = logging.getLogger(__name__)

_NICENESS = 5  # the server itself, which only passes things on, goes first

preload(__name__)


SimilarityOf = Callable[[Path], Similarity]
"""What answers ``fg:similar`` from a generation's folder; workers are sent it (pickled) and call it once."""


def _serve(
    connection: Connection, directory: str, limits: Limits, similarity_of: SimilarityOf | None
) -> None:
    """The worker's loop: questions in, answers or errors out. Runs in a process of its own."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the server, which ends its workers
    os.nice(_NICENESS)
    if not forbid_network():  # before the engine makes its threads
        _LOG.warning("this system cannot keep query workers off the network: only the guard does")
    reader = Reader(Path(directory))
    similarity = None if similarity_of is None else similarity_of(reader.directory)
    limit_memory(limits.memory_bytes)  # after the engine has made its threads
    connection.send(READY)
    while True:
        try:
            question = connection.recv()
        except EOFError:
            return
        outcome: Answer | FiscalgraphError
        try:
            outcome = answer(reader.store, question, limits, similarity)
        except FiscalgraphError as error:
            outcome = error
        except MemoryError:
            outcome = _out_of_memory()
        try:
            connection.send(outcome)
        except MemoryError:
            connection.send(_out_of_memory())
        if isinstance(outcome, StoreUnreadable):
            return  # the next worker opens the generation anew
        large = isinstance(outcome, Answer) and len(outcome.body) > LARGE
        del question, outcome  # nothing of them is held until the next one comes
        if large:
            give_memory_back()


def _out_of_memory() -> QueryFailed:
    return QueryFailed("query failed", "it needs more memory than allowed", "Ask for less, or narrow it.")


def _too_deep() -> QueryFailed:
    return QueryFailed(
        "query failed",
        "it chains more operators or patterns than the engine can hold",
        "Write long chains of || as IN, long chains of UNION as VALUES, or ask in several queries.",
    )


def _why_it_died(death: WorkerDied) -> QueryFailed:
    """The engine aborts its process when memory runs out; a full stack is a segmentation fault."""
    if death.by == signal.SIGSEGV:
        return _too_deep()
    if death.by in (signal.SIGABRT, signal.SIGKILL):
        return _out_of_memory()
    _LOG.error("a query worker broke off: %s", death)
    return QueryFailed("query failed", "its worker broke off", "Look at the server's log, and try again.")


class QueryWorkers:
    """A few worker processes that answer queries and can be killed at the deadline.

    ``generation`` tells the served generation; when it changes, a query is answered by a worker of the new
    one, which :meth:`prepare` can have started before. ``similarity_of`` gives what answers ``fg:similar``
    from a generation; without it that is refused as any other ``SERVICE``. Safe to use from several
    threads. A context manager; :meth:`close` ends all processes.
    """

    def __init__(
        self,
        generation: Callable[[], Path | Generation],
        *,
        workers: int = 2,
        limits: Limits | None = None,
        similarity_of: SimilarityOf | None = None,
    ) -> None:
        self._generation = generation
        self.limits = limits or Limits()
        self.pool: WorkerPool[Question, Answer | FiscalgraphError] = WorkerPool(
            _serve, (self.limits, similarity_of), number=workers, name="fiscalgraph-query"
        )

    def __enter__(self) -> QueryWorkers:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def prepare(self, generation: Generation) -> None:
        """Start the workers of a generation that is served next. Raises ``WorkerDied``."""
        self.pool.prepare(generation)

    def keep_only(self, generation: Generation | None) -> None:
        """End the workers of other generations, each with its last answer."""
        self.pool.keep_only(generation)

    def answer(self, question: Question, seconds: float | None = None) -> Answer:
        """Check and answer a question within the deadline, which counts from now.

        ``seconds`` are what is left of it where the question has waited already.
        The worker does all of it, the guard too: a long text keeps nobody busy here. Raises
        :class:`~fiscalgraph.graph.sparql.errors.QueryRefused`, :class:`FormatNotAccepted`,
        :class:`DeadlinePassed`, :class:`ResultTooLarge`, :class:`QueryBusy` or :class:`QueryFailed`.
        """
        try:
            outcome, generation = self.pool.ask(self._served, question, seconds or self.limits.seconds)
        except NobodyFree:
            raise QueryBusy(
                "too many queries", "all workers stayed busy until the deadline", "Try again in a moment."
            ) from None
        except TooSlow:
            raise DeadlinePassed(
                "query stopped",
                f"it took longer than {self.limits.seconds:g} seconds",
                "Narrow it (a document, a department, a year), or ask for fewer joins.",
            ) from None
        except WorkerDied as death:
            raise _why_it_died(death) from None
        if isinstance(outcome, FiscalgraphError):
            raise outcome
        return replace(outcome, generation=generation.name)

    def _served(self) -> Generation:
        served = self._generation()
        return served if isinstance(served, Generation) else Generation(served.resolve())

    def close(self) -> None:
        """End all processes, also those that are answering."""
        self.pool.close()
