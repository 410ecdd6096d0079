"""What ``/metrics`` shows: requests, times, workers, generations and memory, for Prometheus."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from contextlib import suppress
from typing import TYPE_CHECKING, Any, Final

from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

if TYPE_CHECKING:
    from fiscalgraph.api.shelf import Shelf
    from fiscalgraph.graph.worker_pool import WorkerPool

__all__ = ["Metrics"]

_MEDIA_TYPE: Final = "text/plain; version=0.0.4; charset=utf-8"
_METHODS: Final = frozenset({"GET", "HEAD", "POST", "OPTIONS", "PUT", "DELETE", "PATCH"})
_SECONDS: Final = (0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0)


class Metrics:
    """The counts of one server."""

    def __init__(self, shelf: Shelf) -> None:
        self._registry = CollectorRegistry()
        self._requests = Counter(
            "fiscalgraph_requests",
            "Requests answered.",
            ["route", "method", "status"],
            registry=self._registry,
        )
        self._seconds = Histogram(
            "fiscalgraph_request_seconds",
            "Seconds from a request's headers to the last byte of its answer.",
            ["route"],
            buckets=_SECONDS,
            registry=self._registry,
        )
        self._bytes = Counter(
            "fiscalgraph_answer_bytes", "Bytes of answers.", ["route"], registry=self._registry
        )
        self._registry.register(_Server(shelf))

    def request(self, route: str, method: str, status: int, seconds: float, size: int) -> None:
        """Count an answer. ``route`` is an address as declared, so that there are only so many."""
        self._requests.labels(route, method if method in _METHODS else "other", str(status)).inc()
        self._seconds.labels(route).observe(seconds)
        self._bytes.labels(route).inc(size)

    def text(self) -> tuple[bytes, str]:
        """All of it as text, and the text's media type."""
        return generate_latest(self._registry), _MEDIA_TYPE


class _Server(Collector):
    """What is looked up when it is asked for."""

    def __init__(self, shelf: Shelf) -> None:
        self._shelf = shelf

    def describe(self) -> Iterable[Metric]:
        return ()  # without it the registry would collect once now

    def collect(self) -> Iterator[Metric]:
        shelf = self._shelf
        pools: dict[str, WorkerPool[Any, Any]] = {
            "resources": shelf.resources,
            "sparql": shelf.workers.pool,
        }
        busy = GaugeMetricFamily("fiscalgraph_workers_busy", "Workers that answer now.", labels=["pool"])
        number = GaugeMetricFamily("fiscalgraph_workers", "Workers there may be.", labels=["pool"])
        ended = CounterMetricFamily(
            "fiscalgraph_workers_ended",
            "Workers that ended before their time: killed at the deadline, or died.",
            labels=["pool", "how"],
        )
        started = CounterMetricFamily("fiscalgraph_workers_started", "Workers started.", labels=["pool"])
        for name, pool in pools.items():
            busy.add_metric([name], pool.busy)
            number.add_metric([name], pool.number)
            ended.add_metric([name, "killed"], pool.counts.killed)
            ended.add_metric([name, "died"], pool.counts.died)
            started.add_metric([name], pool.counts.started)
        yield from (busy, number, ended, started)
        progress = GaugeMetricFamily(
            "fiscalgraph_requests_in_progress", "Requests admitted and not answered yet.", labels=["pool"]
        )
        progress.add_metric(["resources"], shelf.resource_admission.in_progress)
        progress.add_metric(["sparql"], shelf.admission.in_progress)
        yield progress
        waiting = GaugeMetricFamily(
            "fiscalgraph_requests_waiting", "Requests that wait for a worker.", labels=["pool"]
        )
        waiting.add_metric(["resources"], shelf.resource_turns.waiting)
        waiting.add_metric(["sparql"], shelf.query_turns.waiting)
        yield waiting
        generation = shelf.current
        yield GaugeMetricFamily(
            "fiscalgraph_generation",
            "The number of the generation served; 0: none.",
            value=int(generation.name) if generation and generation.name.isdigit() else 0,
        )
        yield GaugeMetricFamily(
            "fiscalgraph_generation_age_seconds", "Seconds since it is served.", value=shelf.age
        )
        yield GaugeMetricFamily(
            "fiscalgraph_generation_problem",
            "1: the newest generation is not served.",
            value=int(shelf.problem is not None),
        )
        processes = [os.getpid(), *(pid for pool in pools.values() for pid in pool.processes())]
        yield GaugeMetricFamily("fiscalgraph_processes", "Processes of the server.", value=len(processes))
        yield GaugeMetricFamily(
            "fiscalgraph_memory_bytes",
            "Resident memory of all processes of the server; what they share counts once for each.",
            value=sum(map(_resident, processes)),
        )
        yield GaugeMetricFamily(
            "fiscalgraph_open_files",
            "Open files and connections of the process that listens.",
            value=_open_files(),
        )


def _resident(process: int) -> int:
    with suppress(OSError), open(f"/proc/{process}/statm", encoding="ascii") as status:
        return int(status.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")
    return 0  # it has ended, or this system does not tell


def _open_files() -> int:
    with suppress(OSError):
        return len(os.listdir("/proc/self/fd"))
    return 0
