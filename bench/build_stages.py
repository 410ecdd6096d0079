"""What each stage of a build costs: the real build, with a clock at the doors between its rooms.

Documents are read and recognised in two workers while the main process maps and loads
those that are ready; the index, the links and publishing follow. Seconds of CPU time add
up over processes and threads, elapsed seconds of the workers add up over the two.
"""

from __future__ import annotations

import functools
import importlib
import json
import os
import resource
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any
from unittest import mock

CORES = 2
_TASK = "FISCALGRAPH_BENCH_TASK"  # what the worker is to run
_TIMES = "FISCALGRAPH_BENCH_TIMES"  # the file to which workers add a line per document
# The doors: module, attribute (of a class in it), the stage that is behind it.
_WORKER_DOORS = (
    ("fiscalgraph.extract.readers", "read", "reading"),
    ("fiscalgraph.extract.recognise", "recognise", "recognising"),
)
_MAIN_DOORS = (
    ("fiscalgraph.graph.checks", "check_records", "mapping and loading"),
    ("fiscalgraph.graph.generation", "Build.replace_document", "mapping and loading"),
    ("fiscalgraph.graph.generation", "Build.seal", "mapping and loading"),
    ("fiscalgraph.search.encoder", "load_encoder", "passage index"),
    ("fiscalgraph.search.passages", "passages", "passage index"),
    ("fiscalgraph.search.index", "PassageIndex.build", "passage index"),
    ("fiscalgraph.search.links", "neighbour_links", "links"),
    ("fiscalgraph.graph.generation", "Build.put_links", "links"),
    ("fiscalgraph.graph.generation", "Build.publish", "publishing"),
)
IN_WORKERS = tuple(stage for _, _, stage in _WORKER_DOORS)


@dataclass(slots=True)
class Cost:
    """Seconds of CPU time and of elapsed time."""

    cpu: float = 0.0
    elapsed: float = 0.0


@dataclass(slots=True)
class BuildFigures:
    """What a build cost: its stages, everything (elapsed), and how much was built."""

    stages: dict[str, Cost] = field(default_factory=dict)
    elapsed: float = 0.0
    documents: int = 0
    refused: int = 0
    pages: int = 0
    worker_memory_mb: float = 0.0


def measure_build(paths: Iterable[Path]) -> BuildFigures:
    """Build ``paths`` into a workspace of their own on two cores and time the stages."""
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[:CORES])
    from fiscalgraph.extract.readers import worker
    from fiscalgraph.settings import Settings
    from fiscalgraph.workspace import Workspace

    figures = BuildFigures({stage: Cost() for _, _, stage in _WORKER_DOORS + _MAIN_DOORS})
    with tempfile.TemporaryDirectory() as folder:
        times = Path(folder, "times")
        settings = Settings.from_environment(environment={}, home=Path(folder, "home"))
        workspace = Workspace(replace(settings, workers=CORES))
        with (
            mock.patch.dict(os.environ, {_TIMES: str(times)}),
            mock.patch.object(worker, "process_many", _with_timed_task(worker.process_many)),
            timed(_MAIN_DOORS, figures.stages),
        ):
            start = time.perf_counter()
            report = workspace.build(list(paths))
            figures.elapsed = time.perf_counter() - start
        ledger = workspace.ledger()
        figures.documents, figures.refused = report.documents, len(report.refused)
        figures.pages = sum(entry.pages or 0 for entry in ledger.documents.values())
        for line in times.read_text(encoding="utf-8").splitlines():
            told = json.loads(line)
            figures.worker_memory_mb = max(figures.worker_memory_mb, told["memory_mb"])
            for stage, (cpu, elapsed) in told["stages"].items():
                figures.stages[stage].cpu += cpu
                figures.stages[stage].elapsed += elapsed
    return figures


def _with_timed_task(process_many: Callable[..., Any]) -> Callable[..., Any]:
    """``process_many``, but for the worker's task, which is :func:`timed_task` around its own."""

    @functools.wraps(process_many)
    def process(paths: Iterable[Path], task: str, *others: Any, **named: Any) -> Any:
        os.environ[_TASK] = task
        return process_many(paths, f"{__name__}:timed_task", *others, **named)

    return process


def timed_task(path: Path) -> Any:
    """In a worker: run its task, and add what the stages cost to the file of times."""
    module, _, function = os.environ[_TASK].partition(":")
    stages = {stage: Cost() for _, _, stage in _WORKER_DOORS}
    try:
        with timed(_WORKER_DOORS, stages):
            return getattr(importlib.import_module(module), function)(path)
    finally:
        line = {
            "stages": {name: (cost.cpu, cost.elapsed) for name, cost in stages.items()},
            "memory_mb": peak_memory_mb(),
        }
        with open(os.environ[_TIMES], "a", encoding="utf-8") as times:
            times.write(json.dumps(line) + "\n")


def peak_memory_mb() -> float:
    """The most memory that this process has held at once, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


@contextmanager
def timed(doors: Iterable[tuple[str, str, str]], stages: dict[str, Cost]) -> Iterator[None]:
    """Add what passes through ``doors`` to ``stages`` while the block runs."""
    with ExitStack() as stack:
        for module, name, stage in doors:
            owner: Any = importlib.import_module(module)
            *outer, attribute = name.split(".")
            for part in outer:
                owner = getattr(owner, part)
            clocked = _clocked(vars(owner)[attribute], stages[stage])
            stack.enter_context(mock.patch.object(owner, attribute, clocked))
        yield


def _clocked(function: Any, cost: Cost) -> Any:
    if isinstance(function, classmethod):
        return classmethod(_clocked(function.__func__, cost))

    @functools.wraps(function)
    def run(*arguments: Any, **named: Any) -> Any:
        cpu, start = time.process_time(), time.perf_counter()
        try:
            return function(*arguments, **named)
        finally:
            cost.cpu += time.process_time() - cpu
            cost.elapsed += time.perf_counter() - start

    return run
