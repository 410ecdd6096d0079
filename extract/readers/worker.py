"""Reading in processes of their own: one bad document cannot harm the build.

Each worker is a separate interpreter that does one document after another. It is
killed, with everything it started, when a document exceeds its time or memory, and a
new one takes its place. Results come back in the order of the input, so that a build
is the same however many workers there are.
"""

from __future__ import annotations

import contextlib
import importlib
import json
import os
import pickle
import select
import signal
import struct
import subprocess
import sys
import threading
import time
import traceback
from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import IO, Any, cast

from fiscalgraph.extract.document import Document
from fiscalgraph.extract.errors import FiscalgraphError, UnreadableDocument
from fiscalgraph.extract.readers.limits import DEFAULT_LIMITS, Limits, active_limits

__all__ = ["process_many", "read_in_worker", "read_many"]

_READ = "fiscalgraph.extract.readers:read"
# The child takes over the parent's import path (but not its main module, which a user's
# unguarded script could run again); -P keeps the current folder out of it.
_BOOT = (
    "import json, sys; sys.path[:] = json.loads(sys.argv[1]);"
    "from fiscalgraph.extract.readers.worker import serve; serve()"
)
_HEADER = struct.Struct("!Q")
_POLL_SECONDS = 0.05
_START_SECONDS = 60.0
_AHEAD_PER_WORKER = 4  # finished results waiting for an earlier, slow document
_CURE_LIMIT = "Give the document alone with a higher limit, or split it."


def read_in_worker(path: Path, limits: Limits = DEFAULT_LIMITS) -> Document:
    """Read one file in a worker process of its own.

    Raises :class:`UnreadableDocument` also when the reader exceeds a limit or crashes.
    """
    _, outcome = next(iter(read_many([path], limits, workers=1)))
    if isinstance(outcome, FiscalgraphError):
        raise outcome
    return outcome


def read_many(
    paths: Iterable[Path], limits: Limits = DEFAULT_LIMITS, workers: int | None = None
) -> Iterator[tuple[Path, Document | FiscalgraphError]]:
    """Read files in workers; pairs of path and document, or the error, in the order of ``paths``."""
    for path, outcome in process_many(paths, _READ, limits, workers):
        yield path, cast("Document | FiscalgraphError", outcome)


def process_many(
    paths: Iterable[Path], task: str, limits: Limits = DEFAULT_LIMITS, workers: int | None = None
) -> Iterator[tuple[Path, Any]]:
    """Run ``task`` ("module:function", called with a path) for each path in workers.

    Yields (path, result) in the order of ``paths``; the result is what the task returned
    (it must be picklable), or the :class:`FiscalgraphError` that it raised or that stands
    for an exceeded limit or a crash. ``workers`` is the number of processes, by default
    one per processor. Inside a task ``read(path)`` keeps to the same ``limits``. Closing the
    iterator ends the workers.
    """
    count = max(1, workers if workers is not None else _processors())
    pool = _Pool(task, limits)
    waiting: deque[tuple[Path, Future[Any]]] = deque()
    executor = ThreadPoolExecutor(count, thread_name_prefix="document-worker")
    try:
        for path in paths:
            path = Path(path)
            waiting.append((path, executor.submit(pool.run, path)))
            while waiting and (waiting[0][1].done() or len(waiting) >= count * _AHEAD_PER_WORKER):
                done_path, future = waiting.popleft()
                yield done_path, future.result()
        while waiting:
            done_path, future = waiting.popleft()
            yield done_path, future.result()
    finally:
        for _, future in waiting:
            future.cancel()
        pool.stop()
        executor.shutdown(wait=True)
        pool.dispose()


def _processors() -> int:
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


class _Pool:
    """One worker per thread, started when first needed."""

    def __init__(self, task: str, limits: Limits) -> None:
        self._task = task
        self._limits = limits
        self._lock = threading.Lock()
        self._idle: list[_Worker] = []
        self._all: set[_Worker] = set()
        self._closed = False

    def run(self, path: Path) -> Any:
        """The task's result for one path, or the error; never raises for what a document does."""
        with self._lock:
            if self._closed:
                return UnreadableDocument(path.name, "the build was stopped before it", "Start it again.")
            worker = self._idle.pop() if self._idle else None
            if worker is None:
                worker = _Worker()
                self._all.add(worker)
        outcome = worker.run(self._task, path, self._limits)
        with self._lock:
            if worker.alive and not self._closed:
                self._idle.append(worker)
            else:
                worker.kill()
                self._all.discard(worker)
        return outcome

    def stop(self) -> None:
        """End all processes; threads that wait for one notice it."""
        with self._lock:
            self._closed = True
            for worker in self._all:
                worker.terminate()

    def dispose(self) -> None:
        """Release what the processes leave; call when no thread uses a worker any more."""
        for worker in self._all:
            worker.kill()
        self._all.clear()


class _Worker:
    """A child process that answers one request at a time over its standard streams."""

    def __init__(self) -> None:
        environment = dict(os.environ)
        for variable in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"):
            environment.setdefault(variable, "1")  # workers are the parallelism
        import_path = json.dumps([os.path.abspath(entry) for entry in sys.path])
        self._process: subprocess.Popen[bytes] = subprocess.Popen(
            [sys.executable, "-P", "-c", _BOOT, import_path],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=environment,
            start_new_session=True,  # a group of its own: killed as a whole, untouched by Ctrl-C
        )
        self._started = False

    @property
    def alive(self) -> bool:
        return self._process.poll() is None

    def run(self, task: str, path: Path, limits: Limits) -> Any:
        try:
            if not self._started:
                self._receive(path, time.monotonic() + _START_SECONDS, None)
                self._started = True
            _send(_stream(self._process.stdin), (task, str(path), limits))
            return self._receive(path, time.monotonic() + limits.seconds, limits)
        except BrokenPipeError:
            return self._crash(path)
        except UnreadableDocument as error:
            return error

    def terminate(self) -> None:
        """Kill the process and all that it started; another thread may be reading from it."""
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self._process.pid, signal.SIGKILL)

    def kill(self) -> None:
        """As :meth:`terminate`, and release process and streams."""
        self.terminate()
        self._process.wait()
        for stream in (self._process.stdin, self._process.stdout):
            with contextlib.suppress(OSError):  # closing flushes into a pipe that nobody reads
                _stream(stream).close()

    def _receive(self, path: Path, deadline: float, limits: Limits | None) -> Any:
        """The next message; kills the worker and raises when a limit is exceeded."""
        stream = _stream(self._process.stdout)
        poll = select.poll()
        poll.register(stream, select.POLLIN | select.POLLHUP)
        buffer = bytearray()
        needed = _HEADER.size
        while True:
            if time.monotonic() > deadline:
                self.kill()
                seconds = f"{limits.seconds:g} s" if limits else f"{_START_SECONDS:g} s to start"
                raise UnreadableDocument(path.name, f"reading it took longer than {seconds}", _CURE_LIMIT)
            if limits is not None and self._memory() > limits.memory_bytes:
                self.kill()
                raise _too_much_memory(path, limits)
            if not poll.poll(_POLL_SECONDS * 1000):
                continue
            chunk = os.read(stream.fileno(), 1 << 20)
            if not chunk:
                raise self._crash(path)
            buffer += chunk
            if needed == _HEADER.size and len(buffer) >= _HEADER.size:
                needed += _HEADER.unpack_from(buffer)[0]
            if len(buffer) >= needed > _HEADER.size:
                return pickle.loads(memoryview(buffer)[_HEADER.size :])

    def _memory(self) -> int:
        """Resident bytes of the worker; 0 where the system does not tell (the worker's own limit remains)."""
        try:
            with open(f"/proc/{self._process.pid}/statm", "rb") as file:
                return int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")
        except (OSError, IndexError):
            return 0

    def _crash(self, path: Path) -> UnreadableDocument:
        self.kill()
        code = self._process.returncode
        ended = f"signal {-code}" if code is not None and code < 0 else f"exit status {code}"
        return UnreadableDocument(
            path.name, f"the reading process broke down ({ended})", "Open the document and save it again."
        )


def _too_much_memory(path: Path, limits: Limits) -> UnreadableDocument:
    return UnreadableDocument(
        path.name, f"reading it took more than {limits.memory_bytes >> 20:,} MiB of memory", _CURE_LIMIT
    )


def _stream(stream: IO[bytes] | None) -> IO[bytes]:
    assert stream is not None  # both are pipes
    return stream


def _send(stream: IO[bytes], message: object) -> None:
    content = pickle.dumps(message, protocol=pickle.HIGHEST_PROTOCOL)
    stream.write(_HEADER.pack(len(content)) + content)
    stream.flush()


def serve() -> None:
    """The worker's main loop: requests on standard input, answers on what was standard output."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what libraries print must not end up between the answers
    requests = _Requests()
    _send(answers, "ready")
    while True:
        task, path, limits = requests.next()
        outcome = _perform(task, Path(path), limits)
        try:
            _send(answers, outcome)
        except MemoryError:
            _send(answers, _too_much_memory(Path(path), limits))


class _Requests:
    """Standard input read by a thread of its own, so that the parent's end is noticed at once."""

    def __init__(self) -> None:
        self._available = threading.Semaphore(0)
        self._queue: deque[tuple[str, str, Limits]] = deque()
        threading.Thread(target=self._listen, daemon=True).start()

    def next(self) -> tuple[str, str, Limits]:
        self._available.acquire()
        return self._queue.popleft()

    def _listen(self) -> None:
        source = sys.stdin.buffer
        while len(header := source.read(_HEADER.size)) == _HEADER.size:
            self._queue.append(pickle.loads(source.read(_HEADER.unpack(header)[0])))
            self._available.release()
        os.killpg(0, signal.SIGKILL)  # the parent is gone: end with all children, mid-document or not


def _perform(task: str, path: Path, limits: Limits) -> Any:
    _limit_memory(limits.memory_bytes)
    try:
        module, _, function = task.partition(":")
        with active_limits(limits):
            return getattr(importlib.import_module(module), function)(path)
    except FiscalgraphError as error:
        return error
    except MemoryError:
        return _too_much_memory(path, limits)
    except RecursionError:
        return UnreadableDocument(path.name, "its parts are nested too deeply", "Save it in another format.")
    except Exception as error:  # a defect of ours or of a library must not stop the other documents
        where = traceback.extract_tb(error.__traceback__)[-1]
        detail = " ".join(f"{type(error).__name__}: {error}".split())[:240]
        return UnreadableDocument(
            path.name,
            f"the reader failed: {detail} ({Path(where.filename).name}:{where.lineno})",
            "Report this with the document; another format of it may be readable.",
        )


def _limit_memory(memory_bytes: int) -> None:
    """Let an allocation beyond the limit fail in this process, before the system suffers."""
    if not sys.platform.startswith("linux"):
        return  # elsewhere the limit is not honoured or counts what is not memory
    import resource

    _, hard = resource.getrlimit(resource.RLIMIT_DATA)
    wanted = memory_bytes if hard == resource.RLIM_INFINITY else min(memory_bytes, hard)
    resource.setrlimit(resource.RLIMIT_DATA, (wanted, hard))
