"""Evaluation: in this process for the command line, in killable workers for a server.

The default graph is the union of all named graphs, unless the query names its own (``FROM``).
A result is complete or an error: nothing is ever cut.
"""

from __future__ import annotations

import multiprocessing
import threading
import time
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path
from types import TracebackType

from pyoxigraph import QueryBoolean, QuerySolutions, Store

from fiscalgraph.extract.errors import FiscalgraphError
from fiscalgraph.graph.sparql.guard import check_query, names_graphs
from fiscalgraph.graph.sparql.results import EngineTerm, QueryResult, Row, Term, term_of
from fiscalgraph.graph.store import Reader

__all__ = [
    "DeadlinePassed",
    "Limits",
    "QueryBusy",
    "QueryFailed",
    "QueryWorkers",
    "ResultTooLarge",
    "evaluate",
    "evaluate_trusted",
]


class DeadlinePassed(FiscalgraphError):
    """The query took longer than it may; its worker was killed."""


class ResultTooLarge(FiscalgraphError):
    """The result has more rows or text than allowed; nothing of it is given."""


class QueryFailed(FiscalgraphError):
    """Evaluation broke off: out of memory, or the store could not be read."""


class QueryBusy(FiscalgraphError):
    """All workers are taken and none became free before the deadline."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What one query may use; the whole result counts against ``rows`` and ``characters``."""

    seconds: float = 30.0
    rows: int = 1_000_000
    characters: int = 200_000_000
    memory_bytes: int = 4 * 1024**3  # address space of a worker beyond what it starts with


def evaluate(store: Store, query: str, limits: Limits | None = None) -> QueryResult:
    """Check and evaluate a query in this process (the deadline is not kept here: see workers).

    Raises :class:`~fiscalgraph.graph.sparql.guard.QueryRefused`, :class:`ResultTooLarge` or
    :class:`QueryFailed`.
    """
    check_query(query)
    return evaluate_trusted(store, query, limits)


def evaluate_trusted(store: Store, query: str, limits: Limits | None = None) -> QueryResult:
    """As :func:`evaluate` without the guard: for the named queries, which are ours."""
    limits = limits or Limits()
    try:
        answer = store.query(query, use_default_graph_as_union=not names_graphs(query))
        if isinstance(answer, QueryBoolean):
            return QueryResult("ask", answer=bool(answer))
        if isinstance(answer, QuerySolutions):
            variables = tuple(variable.value for variable in answer.variables)
            counted = _Counted(limits)
            for solution in answer:
                counted.add(solution)
            return QueryResult("select", variables, counted.rows)
        counted = _Counted(limits)
        for triple in answer:
            counted.add((triple.subject, triple.predicate, triple.object))
        return QueryResult("graph", ("subject", "predicate", "object"), counted.rows)
    except (OSError, RuntimeError, ValueError, SyntaxError) as error:
        raise QueryFailed(
            "query failed", str(error) or type(error).__name__, "Simplify the query, or rebuild the graph."
        ) from error


class _Counted:
    """Rows as they come, with the limits kept.

    Equal terms become one object: rows repeat most of theirs, and to look one up is cheaper than to
    make it, to hold it and to send it to another process.
    """

    def __init__(self, limits: Limits) -> None:
        self.rows: list[Row] = []
        self._limits = limits
        self._characters = 0
        self._terms: dict[EngineTerm | None, Term | None] = {None: None}

    def add(self, values: Iterable[EngineTerm | None]) -> None:
        row = tuple(self._term(value) for value in values)
        self.rows.append(row)
        self._characters += sum(len(term.text) for term in row if term is not None)
        if len(self.rows) > self._limits.rows or self._characters > self._limits.characters:
            raise ResultTooLarge(
                "result too large",
                f"it has more than {self._limits.rows} rows or {self._limits.characters} characters",
                "Ask for less (a document, a year), or count and sum in the query.",
            )

    def _term(self, value: EngineTerm | None) -> Term | None:
        try:
            return self._terms[value]
        except KeyError:
            assert value is not None  # it is in the table from the start
            term = self._terms[value] = term_of(value)
            return term


def _serve(connection: Connection, directory: str, limits: Limits) -> None:
    """The worker's loop: queries in, results or errors out. Runs in a process of its own."""
    reader = Reader(Path(directory))
    _limit_memory(limits.memory_bytes)  # after the engine has made its threads
    while True:
        try:
            query = connection.recv()
        except EOFError:
            return
        outcome: QueryResult | FiscalgraphError
        try:
            outcome = evaluate(reader.store, query, limits)
        except FiscalgraphError as error:
            outcome = error
        except MemoryError:
            outcome = _out_of_memory()
        try:
            connection.send(outcome)
        except MemoryError:
            connection.send(_out_of_memory())


def _limit_memory(allowance: int) -> None:
    import resource

    with open("/proc/self/statm", encoding="ascii") as status:
        used = int(status.read().split()[0]) * resource.getpagesize()
    _, hard = resource.getrlimit(resource.RLIMIT_AS)
    wanted = used + allowance
    if hard != resource.RLIM_INFINITY:
        wanted = min(wanted, hard)
    resource.setrlimit(resource.RLIMIT_AS, (wanted, hard))


def _out_of_memory() -> QueryFailed:
    return QueryFailed("query failed", "it needs more memory than allowed", "Ask for less, or narrow it.")


class _Worker:
    """One process bound to one generation."""

    def __init__(self, directory: Path, limits: Limits) -> None:
        context = multiprocessing.get_context("spawn")
        self.directory = directory
        self.connection, theirs = context.Pipe()
        self.process = context.Process(
            target=_serve, args=(theirs, str(directory), limits), daemon=True, name="fiscalgraph-query"
        )
        self.process.start()
        theirs.close()

    def ask(self, query: str, seconds: float) -> QueryResult | FiscalgraphError | None:
        """The outcome, or ``None`` when the deadline passed. ``EOFError`` when the process died."""
        self.connection.send(query)
        return self.connection.recv() if self.connection.poll(seconds) else None

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
        self._limits = limits or Limits()
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

    def evaluate(self, query: str) -> QueryResult:
        """Check and evaluate a query within the deadline.

        Raises :class:`~fiscalgraph.graph.sparql.guard.QueryRefused`, :class:`DeadlinePassed`,
        :class:`ResultTooLarge`, :class:`QueryBusy` or :class:`QueryFailed`.
        """
        check_query(query)  # here as well: a refusal needs no worker
        started = time.monotonic()
        if not self._slots.acquire(timeout=self._limits.seconds):
            raise QueryBusy(
                "too many queries", "all workers stayed busy until the deadline", "Try again in a moment."
            )
        try:
            return self._evaluate(query, started)
        finally:
            self._slots.release()

    def _evaluate(self, query: str, started: float) -> QueryResult:
        worker = self._take()
        remaining = max(0.1, self._limits.seconds - (time.monotonic() - started))
        try:
            outcome = worker.ask(query, remaining)
        except (EOFError, OSError):
            worker.stop()  # the engine aborts its process when memory runs out
            raise _out_of_memory() from None
        except BaseException:
            worker.stop()
            raise
        if outcome is None:
            worker.stop()
            raise DeadlinePassed(
                "query stopped",
                f"it took longer than {self._limits.seconds:g} seconds",
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
                return _Worker(directory, self._limits)
            if worker.directory == directory and worker.process.is_alive():
                return worker
            worker.stop()

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
