"""Keeps a server at saturation and looks whether anything of it grows, or any answer is wrong.

    python bench/soak.py --seconds 600

A server of its own is started on a copy of the samples' workspace (``--home``: of another one). Clients
ask it everything it knows, as fast as it answers, between questions that must be refused, stopped or cut.
In the first half of the run generations are published under it, so that its workers are replaced again and
again; in the second half none is, so that its workers grow old. Every so often the clients pause until
nothing is under way, and what the server uses at rest is read from its ``/metrics``: at saturation, memory
follows what happens to be asked at the moment (an endless query takes some 300 MB until it is stopped).

The run fails when an answer has a status that it must not have, when ``/health`` fails, or when memory,
processes or open files at the later rests of a half stand above those at its earlier ones by more than the
tolerance.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

import httpx
from prometheus_client.parser import text_string_to_metric_families
from publishing import publish_copy

ROOT = Path(__file__).resolve().parent.parent
DEADLINE = 3.0
SETTINGS = {
    "FISCALGRAPH_SERVE_SECONDS": "10",
    "FISCALGRAPH_SERVE_LOG": "off",
    "FISCALGRAPH_SPARQL_SECONDS": str(DEADLINE),
    "FISCALGRAPH_SPARQL_ROWS": "5000",
}
ENDLESS = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i FILTER(?a != ?d && ?d != ?g) }"
COUNT = "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"
# What is asked, with what it may be answered, besides the statuses of a server that has too much to do.
QUESTIONS: tuple[tuple[str, dict[str, str], set[int]], ...] = (
    ("/documents", {}, {200}),
    ("/sparql", {"query": COUNT}, {200}),
    ("/passages/search", {"q": "人手不够，活干不完", "k": "20"}, {200}),
    ("/sum", {"measure": "expenditure", "by": "year"}, {200, 409}),
    ("/queries/projects", {"format": "csv"}, {200}),
    ("/sparql", {"query": "SELECT * { ?s ?p ?o }"}, {200}),
    ("/checks", {"limit": "100"}, {200}),
    ("/queries/findings", {}, {200}),
    ("/queries/nosuch", {}, {404}),
    ("/sparql", {"query": "DROP ALL"}, {403}),
    ("/passages/search", {"q": "资金", "k": "0"}, {422}),
    ("/nosuch", {}, {404}),
)
RARE = (("/sparql", {"query": ENDLESS}, {504}), ("/queries/sources", {"format": "csv"}, {200}))
OVERLOADED = {429, 503, 504}


class Sample(NamedTuple):
    """What the server used at a time."""

    memory: float
    processes: float
    files: float


class Finding(NamedTuple):
    """What a run showed. ``rests`` are the samples at rest of either half, ``peak`` is that of all others."""

    rests: tuple[list[Sample], list[Sample]]
    peak: Sample
    answers: Counter[int]
    wrong: list[str]
    switches: int
    health: list[float]


@contextmanager
def serving(home: Path) -> Iterator[str]:
    """A server on ``home``; its address."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("FISCALGRAPH_")}
    process = subprocess.Popen(
        [sys.executable, "-m", "fiscalgraph", "serve", "--port", "0", "--home", str(home)],
        stderr=subprocess.PIPE,
        text=True,
        env={**kept, "FISCALGRAPH_LANG": "en", **SETTINGS},
    )
    assert process.stderr is not None
    try:
        yield process.stderr.readline().split()[1].rstrip("/")
    finally:
        process.terminate()
        process.wait(timeout=30)
        process.stderr.close()


def sample(client: httpx.Client) -> tuple[Sample, bool]:
    """What ``/metrics`` tells now, and whether the server rests: nothing under way, no worker too many."""
    values = {
        family.name: sum(each.value for each in family.samples)
        for family in text_string_to_metric_families(client.get("/metrics").text)
    }
    used = Sample(
        values["fiscalgraph_memory_bytes"], values["fiscalgraph_processes"], values["fiscalgraph_open_files"]
    )
    under_way = values["fiscalgraph_requests_in_progress"] + values["fiscalgraph_requests_waiting"]
    return used, not under_way and used.processes == 1 + values["fiscalgraph_workers"]


def sample_at_rest(client: httpx.Client) -> Sample:
    """The sample once the server rests. Raises :class:`TimeoutError` when it does not in half a minute."""
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        used, rests = sample(client)
        if rests:
            return used
        time.sleep(0.1)
    raise TimeoutError(f"the server does not come to rest: {used}")


def soak(home: Path, address: str, seconds: float, clients: int, publish_every: float) -> Finding:
    """Ask for so long, publish for half of it."""
    answers: Counter[int] = Counter()
    wrong: list[str] = []
    lock = threading.Lock()
    go, over = threading.Event(), threading.Event()

    def ask(place: int) -> None:
        with httpx.Client(base_url=address, timeout=60, trust_env=False) as client:
            turn = 79 + place  # the first client begins with a rare question
            while go.wait() and not over.is_set():
                turn += 1
                path, parameters, fine = RARE[turn // 40 % 2] if turn % 40 == 0 else QUESTIONS[turn % 12]
                try:
                    answer = client.get(path, params=parameters)
                except httpx.HTTPError as error:
                    with lock:
                        wrong.append(f"{path}: {error!r}")
                    continue
                with lock:
                    answers[answer.status_code] += 1
                    if answer.status_code not in fine | OVERLOADED:
                        wrong.append(f"{path}: {answer.status_code} {answer.text[:200]}")

    threads = [threading.Thread(target=ask, args=(number,)) for number in range(clients)]
    source = shutil.copytree((home / "current").resolve(), home / "source")
    rests: tuple[list[Sample], list[Sample]] = ([], [])
    peaks, health, switches = [Sample(0, 0, 0)], [], 0
    with httpx.Client(base_url=address, timeout=60, trust_env=False) as client:
        client.get("/queries")
        go.set()
        for thread in threads:
            thread.start()
        started = time.monotonic()
        next_rest, next_switch = started + seconds / 20, started + publish_every
        while (now := time.monotonic()) < started + seconds:
            time.sleep(0.1)
            asked = time.perf_counter()
            if client.get("/health").status_code != 200:
                wrong.append("/health failed")
            health.append(time.perf_counter() - asked)
            peaks.append(sample(client)[0])
            half = int(now > started + seconds / 2)
            if now >= next_rest:
                next_rest += seconds / 20
                go.clear()
                rests[half].append(sample_at_rest(client))
                go.set()
            if not half and now >= next_switch:
                next_switch += publish_every
                publish_copy(home, source)
                switches += 1
        over.set()
        for thread in threads:
            thread.join()
    peak = Sample(*map(max, zip(*peaks, strict=True)))
    return Finding(rests, peak, answers, wrong, switches, health)


def growth(samples: list[Sample], tolerance: float) -> list[str]:
    """What the later half of the samples has more of than the earlier one, by their medians. The first
    fifth warms up."""
    counted = samples[len(samples) // 5 :]
    early, late = counted[: len(counted) // 2], counted[len(counted) // 2 :]
    grown = []
    for place, name in enumerate(Sample._fields):
        before = statistics.median(each[place] for each in early)
        after = statistics.median(each[place] for each in late)
        if after > before * (1 + tolerance) + (2 if name != "memory" else 10_000_000):
            grown.append(f"{name} grew from {before:.0f} to {after:.0f}")
    return grown


def main() -> int:
    """Run, print what was found as JSON, and say by the exit code whether all is well."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n\n")[0])
    parser.add_argument("--seconds", type=float, default=600)
    parser.add_argument("--clients", type=int, default=12)
    parser.add_argument("--publish-every", type=float, default=20, help="seconds between generations")
    parser.add_argument("--tolerance", type=float, default=0.1, help="share by which memory may differ")
    parser.add_argument("--home", type=Path, help="a workspace to copy; default: the samples, built now")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="fiscalgraph-soak-") as folder:
        home = Path(folder) / "home"
        if arguments.home:
            shutil.copytree(arguments.home, home, symlinks=True)
        else:
            build = [sys.executable, "-m", "fiscalgraph", "build", str(ROOT / "samples" / "documents")]
            subprocess.run([*build, "--home", str(home)], check=True, stdout=subprocess.DEVNULL)
        with serving(home) as address:
            found = soak(home, address, arguments.seconds, arguments.clients, arguments.publish_every)
    halves = zip(("switching", "ageing"), found.rests, strict=True)
    grown = [f"{half}: {each}" for half, rests in halves for each in growth(rests, arguments.tolerance)]
    health = sorted(found.health)
    print(
        json.dumps(
            {
                "seconds": arguments.seconds,
                "answers": {str(status): number for status, number in sorted(found.answers.items())},
                "answers_per_second": round(found.answers.total() / arguments.seconds, 1),
                "generations": found.switches,
                "health_ms": {
                    "p50": round(1000 * health[len(health) // 2], 1),
                    "p99": round(1000 * health[int(len(health) * 0.99)], 1),
                    "p100": round(1000 * health[-1], 1),
                },
                "memory_at_rest_mb": [[round(each.memory / 1e6) for each in rests] for rests in found.rests],
                "last_rest": found.rests[1][-1]._asdict(),
                "peak": found.peak._asdict(),
                "grown": grown,
                "wrong": found.wrong[:20],
            },
            ensure_ascii=False,
            indent=1,
        )
    )
    return 1 if grown or found.wrong else 0


if __name__ == "__main__":
    sys.exit(main())
