"""A server as a process of its own: its address, its memory, its CPU time, and clients that ask it."""

from __future__ import annotations

import http.client
import os
import re
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

__all__ = ["Request", "Server", "Timing", "ask", "load", "serving"]

_START_SECONDS = 120.0
_TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True, slots=True)
class Request:
    """What a client sends: GET, or POST where there is a body."""

    path: str
    body: bytes | None = None
    headers: tuple[tuple[str, str], ...] = ()


@dataclass(slots=True)
class Timing:
    """Milliseconds of each request, and what all of them took; ``failed`` counts answers other than 200."""

    clients: int
    milliseconds: list[float] = field(default_factory=list)
    seconds: float = 0.0
    cpu: float = 0.0
    failed: int = 0
    bytes: int = 0
    first_failure: str = ""

    def percentile(self, share: float) -> float:
        """Below this many milliseconds a share of the requests was answered."""
        ordered = sorted(self.milliseconds)
        return ordered[min(len(ordered) - 1, int(share * len(ordered)))] if ordered else float("nan")

    def figures(self) -> dict[str, float]:
        """Plain values: percentiles and CPU in milliseconds, throughput in requests a second."""
        number = max(1, len(self.milliseconds))
        return {
            "clients": self.clients,
            "requests": len(self.milliseconds),
            "per_second": number / self.seconds if self.seconds else 0.0,
            "p50": self.percentile(0.50),
            "p95": self.percentile(0.95),
            "p99": self.percentile(0.99),
            "cpu": 1000 * self.cpu / number,
            "failed": self.failed,
        }


class Server:
    """A running server and its processes."""

    def __init__(self, address: str, process: int) -> None:
        parts = urlsplit(address)
        self.host, self.port = parts.hostname or "127.0.0.1", parts.port or 80
        self._process = process

    def processes(self) -> list[int]:
        """The process that was started, and all that it started."""
        children: dict[int, list[int]] = {}
        for entry in Path("/proc").iterdir():
            if entry.name.isdigit() and (parent := _parent(int(entry.name))) is not None:
                children.setdefault(parent, []).append(int(entry.name))
        found, waiting = [], [self._process]
        while waiting:
            found.append(waiting.pop())
            waiting += children.get(found[-1], [])
        return found

    def memory(self) -> dict[str, float]:
        """What all processes together take, in MB (shared pages once), and of it what is no file's."""
        total = {"Pss": 0, "Pss_Anon": 0}
        for process in self.processes():
            try:
                lines = Path(f"/proc/{process}/smaps_rollup").read_text(encoding="ascii").splitlines()
            except OSError:  # it ended meanwhile
                continue
            for line in lines:
                name, _, rest = line.partition(":")
                if name in total:
                    total[name] += int(rest.split()[0])
        return {name: value / 1024 for name, value in total.items()}

    def cpu(self) -> float:
        """Seconds of CPU that all processes have used."""
        ticks = 0
        for process in self.processes():
            try:
                stat = Path(f"/proc/{process}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
            except OSError:
                continue
            ticks += int(stat[11]) + int(stat[12])
        return ticks / _TICKS


def _parent(process: int) -> int | None:
    try:
        stat = Path(f"/proc/{process}/stat").read_text(encoding="utf-8")
    except OSError:
        return None
    return int(stat.rpartition(")")[2].split()[1])


@contextmanager
def serving(home: Path) -> Iterator[Server]:
    """``fiscalgraph serve`` over ``home``, as a user starts it, until the block ends."""
    command = [sys.executable, "-m", "fiscalgraph", "serve", "--home", str(home), "--port", "0"]
    environment = {**os.environ, "FISCALGRAPH_LANG": "en", "FISCALGRAPH_SERVE_LOG": "off"}
    with started(command, r"open (http://\S+)", environment) as server:
        yield server


@contextmanager
def started(
    command: Sequence[str], announced: str, environment: dict[str, str], wait_for: str = "/health"
) -> Iterator[Server]:
    """A server whose first line on standard error that matches ``announced`` tells its address; it has
    answered a request for ``wait_for``."""
    process = subprocess.Popen(command, stderr=subprocess.PIPE, text=True, env=environment)
    assert process.stderr is not None
    watch = threading.Timer(_START_SECONDS, process.kill)
    watch.start()
    try:
        told = []
        for line in process.stderr:
            told.append(line)
            if match := re.search(announced, line):
                break
        else:
            raise SystemExit("the server did not start: " + "".join(told[-5:]))
        watch.cancel()
        threading.Thread(target=_drain, args=(process.stderr,), daemon=True).start()
        server = Server(match[1], process.pid)
        _wait(server, wait_for)
        yield server
    finally:
        watch.cancel()
        process.terminate()
        try:
            process.wait(timeout=15)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _drain(stream: Iterator[str]) -> None:
    for _ in stream:  # a server that cannot write its log would stand still
        pass


def _wait(server: Server, path: str) -> None:
    """Wait for the first answer: the workers are warm then."""
    deadline = time.monotonic() + _START_SECONDS
    while time.monotonic() < deadline:
        try:
            connection = http.client.HTTPConnection(server.host, server.port, timeout=_START_SECONDS)
            connection.request("GET", path)
            if connection.getresponse().status == 200:
                return
        except OSError:
            pass
        time.sleep(0.1)
    raise SystemExit("the server started, but does not answer")


def ask(connection: http.client.HTTPConnection, request: Request) -> tuple[int, bytes]:
    """Status and body of one answer."""
    method = "GET" if request.body is None else "POST"
    connection.request(method, request.path, body=request.body, headers=dict(request.headers))
    response = connection.getresponse()
    return response.status, response.read()


def load(
    server: Server, requests: Iterator[Request], clients: int, seconds: float, least: int = 20
) -> Timing:
    """``clients`` ask at the same time, each the next of the requests as soon as it is answered; for so
    many seconds, and until there are ``least`` answers."""
    timing = Timing(clients)
    lock = threading.Lock()
    cpu, start = server.cpu(), time.perf_counter()

    def client() -> None:
        connection = http.client.HTTPConnection(server.host, server.port, timeout=120)
        connection.connect()
        while time.perf_counter() - start < seconds or len(timing.milliseconds) < least:
            with lock:
                request = next(requests)
            before = time.perf_counter()
            status, body = ask(connection, request)
            spent = (time.perf_counter() - before) * 1000
            with lock:
                timing.milliseconds.append(spent)
                timing.bytes += len(body)
                if status != 200:
                    timing.failed += 1
                    timing.first_failure = timing.first_failure or f"{status} {body[:300]!r}"
        connection.close()

    threads = [threading.Thread(target=client) for _ in range(clients)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    timing.seconds = time.perf_counter() - start
    timing.cpu = server.cpu() - cpu
    return timing
