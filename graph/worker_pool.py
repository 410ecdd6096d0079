"""Processes that answer questions and may be killed: a pool of them for each generation that is served.

Whatever a question makes a process do, it ends at its deadline: the process is killed and replaced. A
process belongs to one generation for all of its life, so a switch to the next one is a change of
processes: the new ones are started and warm before the old ones, each at the end of its last answer, go.
"""

from __future__ import annotations

import ctypes
import logging
import multiprocessing
import signal
import threading
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Generic, NamedTuple, TypeVar

__all__ = [
    "LARGE",
    "READY",
    "Generation",
    "NobodyFree",
    "TooSlow",
    "WorkerDied",
    "WorkerPool",
    "give_memory_back",
    "preload",
]

_LOG = logging.getLogger(__name__)

READY: Final = "ready"
"""What a worker sends when it can be asked."""
LARGE: Final = 1_000_000
"""Bytes of an answer from which on :func:`give_memory_back` is worth its time."""
_START_SECONDS = 300.0  # for a worker to start; not counted as time of the question that waits for it

_CONTEXT: Final = multiprocessing.get_context("forkserver")
_PRELOADED: Final = ["fiscalgraph.graph.one_thread"]


def give_memory_back() -> None:
    """Return to the system what a large answer left free in this process; where it cannot be, it stays."""
    with suppress(OSError, AttributeError):
        ctypes.CDLL(None).malloc_trim(0)


Q = TypeVar("Q")
A = TypeVar("A")


def preload(module: str) -> None:
    """Have workers forked from a process that has imported ``module``, and does nothing else.

    They start in milliseconds, and share what they have in common. Counts before the first one starts.
    """
    if module not in _PRELOADED:
        _PRELOADED.append(module)
        _CONTEXT.set_forkserver_preload(list(_PRELOADED))


class Generation(NamedTuple):
    """A generation that is served: its folder, and what tells it from another one in the same place."""

    directory: Path
    mark: tuple[int, ...] = ()

    @property
    def name(self) -> str:
        """What answers call it: the name of its folder."""
        return self.directory.name


class NobodyFree(Exception):
    """All workers stayed busy until the deadline."""


class TooSlow(Exception):
    """The deadline passed; the worker was killed."""


class WorkerDied(Exception):
    """The worker ended while it was asked, or did not start. ``by`` is the signal that ended it, or 0."""

    def __init__(self, exit_code: int | None) -> None:
        super().__init__(f"a worker ended with {exit_code}")
        self.by = -exit_code if exit_code is not None and exit_code < 0 else 0


@dataclass(slots=True)
class Counts:
    """What happened in a pool so far."""

    started: int = 0
    killed: int = 0
    died: int = 0


class _Worker(Generic[Q, A]):
    """One process bound to one generation."""

    def __init__(
        self, serve: Callable[..., None], generation: Generation, arguments: Sequence[Any], name: str
    ) -> None:
        self.generation = generation
        self._ready = False
        self.connection, theirs = _CONTEXT.Pipe()
        self.process = _CONTEXT.Process(
            target=serve, args=(theirs, str(generation.directory), *arguments), daemon=True, name=name
        )
        self.process.start()
        theirs.close()

    def wait(self) -> None:
        """Wait until it can be asked. Raises :class:`WorkerDied` when it does not start."""
        if self._ready:
            return
        with suppress(EOFError, OSError):
            self._ready = self.connection.poll(_START_SECONDS) and self.connection.recv() == READY
        if not self._ready:
            raise self.death()

    def ask(self, question: Q, seconds: float) -> A:
        """The answer. Raises :class:`TooSlow` or :class:`WorkerDied`."""
        try:
            self.connection.send(question)
            if not self.connection.poll(seconds):
                raise TooSlow
            answer: A = self.connection.recv()
        except (EOFError, OSError):
            raise self.death() from None
        return answer

    def death(self) -> WorkerDied:
        self.process.join(timeout=5)
        return WorkerDied(self.process.exitcode)

    def stop(self) -> None:
        self.connection.close()
        self.process.kill()
        self.process.join()
        self.process.close()


class WorkerPool(Generic[Q, A]):
    """``number`` processes for each generation that is wanted, each answering one question at a time.

    ``serve(connection, directory, *arguments)`` runs in a process: it sends :data:`READY`, then answers
    what it receives until the connection ends. Safe to use from several threads. :meth:`close` ends all.
    """

    def __init__(
        self, serve: Callable[..., None], arguments: Sequence[Any], *, number: int, name: str
    ) -> None:
        self._serve = serve
        self._arguments = tuple(arguments)
        self._name = name
        self.number = number
        self.counts = Counts()
        self._slots = threading.Semaphore(number)
        self._lock = threading.Lock()
        self._idle: list[_Worker[Q, A]] = []
        self._busy: set[_Worker[Q, A]] = set()
        self._wanted: set[Generation] = set()
        self._told = False  # which generations are wanted; until then it is the one last asked
        self._closed = False

    # -- generations ------------------------------------------------------------------------

    def prepare(self, generation: Generation) -> None:
        """Start the workers of a generation that is to be served next, and wait until they are warm.

        Raises :class:`WorkerDied` when one does not start; nothing has changed then.
        """
        with self._lock:
            self._told = True
            self._wanted.add(generation)
        fresh: list[_Worker[Q, A]] = []
        try:
            for _ in range(self.number):  # one after the other: who is asked meanwhile needs the processors
                fresh.append(self._start(generation))
                fresh[-1].wait()
        except BaseException:
            with self._lock:
                self._wanted.discard(generation)
            for worker in fresh:
                worker.stop()
            raise
        for worker in fresh:
            self._give_back(worker)

    def keep_only(self, generation: Generation | None) -> None:
        """End the workers of other generations: idle ones now, the others with their answers."""
        self._told = True
        self._want(generation)

    def _want(self, generation: Generation | None) -> None:
        with self._lock:
            self._wanted = set() if generation is None else {generation}
            leaving = [worker for worker in self._idle if worker.generation not in self._wanted]
            self._idle = [worker for worker in self._idle if worker.generation in self._wanted]
        for worker in leaving:
            worker.stop()

    # -- questions --------------------------------------------------------------------------

    def ask(self, served: Callable[[], Generation], question: Q, seconds: float) -> tuple[A, Generation]:
        """The answer, within ``seconds`` from now, of a worker of the generation that is ``served`` when
        one is free, and that generation.

        Raises :class:`NobodyFree`, :class:`TooSlow`, :class:`WorkerDied`, and what ``served`` raises.
        """
        started = time.monotonic()
        if not self._slots.acquire(timeout=seconds):
            raise NobodyFree
        try:
            worker = self._take(served())
            try:
                worker.wait()
                answer = worker.ask(question, max(0.1, seconds - (time.monotonic() - started)))
            except BaseException as error:
                self._replace(worker, error)
                raise
            generation = worker.generation
            self._give_back(worker)
            return answer, generation
        finally:
            self._slots.release()

    def _start(self, generation: Generation) -> _Worker[Q, A]:
        worker: _Worker[Q, A] = _Worker(self._serve, generation, self._arguments, self._name)
        self.counts.started += 1
        return worker

    def _take(self, generation: Generation) -> _Worker[Q, A]:
        if not self._told and generation not in self._wanted:
            self._want(generation)
        while True:
            with self._lock:
                if self._closed:
                    raise WorkerDied(-signal.SIGTERM)
                place = next(
                    (at for at, each in enumerate(self._idle) if each.generation == generation), None
                )
                worker = None if place is None else self._idle.pop(place)
                if worker is not None and worker.process.is_alive():
                    self._busy.add(worker)
                    return worker
            if worker is None:
                worker = self._start(generation)
                with self._lock:
                    self._busy.add(worker)
                return worker
            worker.stop()

    def _replace(self, worker: _Worker[Q, A], error: BaseException) -> None:
        """End a worker and start the next at once, so that no question waits for it to get ready."""
        if isinstance(error, TooSlow):
            self.counts.killed += 1
        elif isinstance(error, WorkerDied):
            self.counts.died += 1
        with self._lock:
            self._busy.discard(worker)
            wanted = worker.generation in self._wanted and not self._closed
        worker.stop()
        if wanted and worker._ready:  # what never got ready may never do: the next question tries again
            self._give_back(self._start(worker.generation))

    def _give_back(self, worker: _Worker[Q, A]) -> None:
        with self._lock:
            self._busy.discard(worker)
            if not self._closed and worker.generation in self._wanted and worker.process.is_alive():
                self._idle.append(worker)
                return
        worker.stop()

    # -- the pool itself --------------------------------------------------------------------

    @property
    def busy(self) -> int:
        """How many are answering now."""
        return len(self._busy)

    def processes(self) -> list[int]:
        """The process ids of all workers."""
        with self._lock:
            return [worker.process.pid for worker in (*self._idle, *self._busy) if worker.process.pid]

    def close(self) -> None:
        """End all processes, also those that are answering."""
        with self._lock:
            self._closed = True
            idle, self._idle = self._idle, []
            busy = list(self._busy)
        for worker in busy:  # who waits for its answer sees it die
            worker.process.kill()
        for worker in idle:
            worker.stop()
