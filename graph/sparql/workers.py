"""Worker processes: they answer strangers' queries, and are killed at the deadline and replaced."""

from __future__ import annotations

import logging
import multiprocessing
import os
import signal
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from multiprocessing.connection import Connection
from pathlib import Path
from types import TracebackType

from fiscalgraph.extract.errors import FiscalgraphError
from fiscalgraph.graph.sparql.answer import Answer, Question, answer
from fiscalgraph.graph.sparql.errors import DeadlinePassed, QueryBusy, QueryFailed
from fiscalgraph.graph.sparql.isolation import forbid_network, limit_memory
from fiscalgraph.graph.sparql.limits import Limits
from fiscalgraph.graph.store import Reader

__all__ = ["QueryWorkers"]

_LOG = logging.getLogger(__name__)

_NICENESS = 5  # the server itself, which only passes things on, goes first
_READY = "ready"
_START_SECONDS = 30.0  # for a worker to start; not counted as time of the query that waits for it

# Workers are forked from a process that has imported this module and does nothing else: they start in
# milliseconds, and share what they have in common.
_CONTEXT = multiprocessing.get_context("forkserver")
_CONTEXT.set_forkserver_preload([__name__])


def _serve(connection: Connection, directory: str, limits: Limits) -> None:
    """The worker's loop: questions in, answers or errors out. Runs in a process of its own."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the server, which ends its workers
    os.nice(_NICENESS)
    if not forbid_network():  # before the engine makes its threads
        _LOG.warning("this system cannot keep query workers off the network: only the guard does")
    reader = Reader(Path(directory))
    limit_memory(limits.memory_bytes)  # after the engine has made its threads
    connection.send(_READY)
    while True:
        try:
            question = connection.recv()
        except EOFError:
            return
        outcome: Answer | FiscalgraphError
        try:
            outcome = answer(reader.store, question, limits)
        except FiscalgraphError as error:
            outcome = error
        except MemoryError:
            outcome = _out_of_memory()
        try:
            connection.send(outcome)
        except MemoryError:
            connection.send(_out_of_memory())


def _out_of_memory() -> QueryFailed:
    return QueryFailed("query failed", "it needs more memory than allowed", "Ask for less, or narrow it.")


def _too_deep() -> QueryFailed:
    return QueryFailed(
        "query failed",
        "it chains more operators or patterns than the engine can hold",
        "Write long chains of || as IN, long chains of UNION as VALUES, or ask in several queries.",
    )


class _Worker:
    """One process bound to one generation."""

    def __init__(self, directory: Path, limits: Limits) -> None:
        self.directory = directory
        self._ready = False
        self.connection, theirs = _CONTEXT.Pipe()
        self.process = _CONTEXT.Process(
            target=_serve, args=(theirs, str(directory), limits), daemon=True, name="fiscalgraph-query"
        )
        self.process.start()
        theirs.close()

    def wait(self) -> None:
        """Wait until it can be asked. Raises :class:`QueryFailed` when it does not start."""
        if self._ready:
            return
        with suppress(EOFError):
            self._ready = self.connection.poll(_START_SECONDS) and self.connection.recv() == _READY
        if not self._ready:
            raise QueryFailed(
                "query failed", "no worker could be started", "Look at the server's log, and try again."
            )

    def ask(self, question: Question, seconds: float) -> Answer | FiscalgraphError | None:
        """The outcome, or ``None`` when the deadline passed. ``EOFError`` when the process died."""
        self.connection.send(question)
        outcome: Answer | FiscalgraphError | None = None
        if self.connection.poll(seconds):
            outcome = self.connection.recv()
        return outcome

    def why_it_died(self) -> QueryFailed:
        """The engine aborts its process when memory runs out; a full stack is a segmentation fault."""
        self.process.join(timeout=5)
        if self.process.exitcode == -signal.SIGSEGV:
            return _too_deep()
        if self.process.exitcode in (-signal.SIGABRT, -signal.SIGKILL):
            return _out_of_memory()
        _LOG.error("a query worker ended with %s", self.process.exitcode)
        return QueryFailed("query failed", "its worker broke off", "Look at the server's log.")

    def stop(self) -> None:
        self.connection.close()
        self.process.kill()
        self.process.join()


class QueryWorkers:
    """A few worker processes that answer queries and can be killed at the deadline.

    ``generation`` tells the folder of the served generation; when it changes, workers are
    replaced as they come up for their next query. Safe to use from several threads. A context
    manager; :meth:`close` ends all processes.
    """

    def __init__(
        self, generation: Callable[[], Path], *, workers: int = 2, limits: Limits | None = None
    ) -> None:
        self._generation = generation
        self.limits = limits or Limits()
        self._slots = threading.Semaphore(workers)
        self._lock = threading.Lock()
        self._idle: list[_Worker] = []
        self._closed = False

    def __enter__(self) -> QueryWorkers:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def answer(self, question: Question) -> Answer:
        """Check and answer a question within the deadline, which counts from now.

        The worker does all of it, the guard too: a long text keeps nobody busy here. Raises
        :class:`~fiscalgraph.graph.sparql.errors.QueryRefused`, :class:`FormatNotAccepted`,
        :class:`DeadlinePassed`, :class:`ResultTooLarge`, :class:`QueryBusy` or :class:`QueryFailed`.
        """
        started = time.monotonic()
        if not self._slots.acquire(timeout=self.limits.seconds):
            raise QueryBusy(
                "too many queries", "all workers stayed busy until the deadline", "Try again in a moment."
            )
        try:
            return self._answer(question, started)
        finally:
            self._slots.release()

    def _answer(self, question: Question, started: float) -> Answer:
        remaining = max(0.1, self.limits.seconds - (time.monotonic() - started))
        worker = self._take()
        try:
            worker.wait()
            outcome = worker.ask(question, remaining)
        except (EOFError, OSError):
            cause = worker.why_it_died()
            self._replace(worker)
            raise cause from None
        except BaseException:
            worker.stop()
            raise
        if outcome is None:
            self._replace(worker)
            raise DeadlinePassed(
                "query stopped",
                f"it took longer than {self.limits.seconds:g} seconds",
                "Narrow it (a document, a department, a year), or ask for fewer joins.",
            )
        self._give_back(worker)
        if isinstance(outcome, FiscalgraphError):
            raise outcome
        return outcome

    def _take(self) -> _Worker:
        directory = self._generation().resolve()
        while True:
            with self._lock:
                if self._closed:
                    raise QueryFailed("query failed", "the service is shutting down", "Ask again later.")
                worker = self._idle.pop() if self._idle else None
            if worker is None:
                return _Worker(directory, self.limits)
            if worker.directory == directory and worker.process.is_alive():
                return worker
            worker.stop()

    def _replace(self, worker: _Worker) -> None:
        """End a worker and start the next at once, so that no query waits for it to get ready."""
        worker.stop()
        if worker.directory == self._generation().resolve():
            self._give_back(_Worker(worker.directory, self.limits))

    def _give_back(self, worker: _Worker) -> None:
        with self._lock:
            if not self._closed:
                self._idle.append(worker)
                return
        worker.stop()

    def close(self) -> None:
        """End all idle workers; one that is answering ends with its answer."""
        with self._lock:
            self._closed = True
            idle, self._idle = self._idle, []
        for worker in idle:
            with suppress(ValueError):
                worker.stop()
