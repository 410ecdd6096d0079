"""How fast the HTTP interface answers at a million amounts and a hundred thousand passages, and at what cost.

Makes the workspace once (``api_workspace.py``, kept under ``--home``), starts ``fiscalgraph serve`` over it
and asks as clients do, over HTTP connections that are kept: lookups, aggregations, similarity, and the
combined query (projects of provinces' departments with an executed rate below a limit whose reasons resemble
a text, with amounts and places, most similar first), each with one client and with eight. Beside that

- the memory of all server processes together (PSS: a page that several share counts once)
- what stands around the engine: the same small query over HTTP and as a bare call of pyoxigraph, in turns
- the combined query against the same answer put together by hand from rdflib-endpoint and a FAISS script, and
  from the bare engine and that script without any server, in turns with ours (``api_by_hand.py``)

rdflib-endpoint is measured where it is installed: make an environment for it and name its Python:
``python -m venv ENV && ENV/bin/pip install rdflib-endpoint==0.6.3 oxrdflib``, then
``--rdflib-endpoint ENV/bin/python``. It answers from a read-only view of the same store.

Times are elapsed milliseconds of a request, as its client sees them; CPU is what all server processes
together used for one request. Clients and server share the machine. The load of the machine is told.
"""

from __future__ import annotations

import argparse
import http.client
import json
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from itertools import cycle, islice
from pathlib import Path
from random import Random
from typing import Any

import api_questions as questions
from api_by_hand import PATIENCE, Row, Script, in_process, over_http, rdflib_endpoint
from api_server import Server, ask, load, serving
from api_workspace import Size, make_workspace

CLIENTS = (1, 8)
PAIRS = 300  # requests for the cost of our layer
TEXTS = 20  # of the comparison with answers made by hand
ENDPOINT_TEXTS = 3  # of those for rdflib-endpoint, which takes long
CANDIDATE_TEXTS = 2  # of those where all candidates are fetched, which takes longer
BY_HAND = "by hand"
AIMS = "Aims: combined p95 under 50 ms; our layer under 3 ms; all server processes together under 2 GB."

Figures = dict[str, Any]


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--home", type=Path, required=True, help="where the workspace is kept")
    parser.add_argument("--amounts", type=int, default=1_000_000, help="how many (default 1,000,000)")
    parser.add_argument("--seconds", type=float, default=5.0, help="each measurement takes (default 5)")
    parser.add_argument("--only", default="", help="only questions whose name holds this; or: by hand")
    parser.add_argument("--rdflib-endpoint", metavar="PYTHON", help="a Python that has rdflib-endpoint")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures there too")
    arguments = parser.parse_args()
    size = Size.of(arguments.amounts)
    found: Figures = {"workspace": make_workspace(arguments.home, size), "load": [os.getloadavg()[0]]}
    with serving(arguments.home) as server:
        found["memory at start"] = server.memory()
        found["questions"] = answered(server, size, arguments.seconds, arguments.only)
        found["memory"] = server.memory() | {"processes": len(server.processes())}
        keep(found, arguments.json)
        if arguments.only in ("", BY_HAND):
            found["layer"] = layer(server, arguments.home, size)
            keep(found, arguments.json)
            found[BY_HAND] = by_hand(server, arguments.home, arguments.rdflib_endpoint)
    found["load"].append(os.getloadavg()[0])
    keep(found, arguments.json)
    print(describe(found))


def keep(found: Figures, file: Path | None) -> None:
    """Write what was measured so far: what comes next may take long."""
    if file is not None:
        file.write_text(json.dumps(found, ensure_ascii=False, indent=1), encoding="utf-8")


def answered(server: Server, size: Size, seconds: float, only: str) -> Figures:
    """The figures of each kind of question, by number of clients."""
    found: Figures = {}
    for name, requests in questions.kinds(size).items():
        if only not in name:
            continue
        print(name, file=sys.stderr, flush=True)
        # Each goes on where the last one ended: what was asked a moment ago may be remembered.
        each = cycle(requests)
        load(server, each, 1, min(1.0, seconds), least=5)  # not counted: files are opened
        timings = [load(server, each, clients, seconds) for clients in CLIENTS]
        for timing in timings:
            if timing.failed:
                print(f"{name}: {timing.failed} failed, first {timing.first_failure}", file=sys.stderr)
        found[name] = [timing.figures() for timing in timings]
    return found


def layer(server: Server, home: Path, size: Size) -> Figures:
    """A small query over HTTP, and as a bare call of the engine in this process, in turns."""
    from pyoxigraph import QueryResultsFormat, Store

    random = Random("layer")
    store = Store.read_only(str(home / "current" / "graph"))
    connection = http.client.HTTPConnection(server.host, server.port)
    ours, bare = [], []
    for _ in range(PAIRS):
        query = questions.one_fact(random, size)
        start = time.perf_counter()
        status, body = ask(connection, questions.sparql(query))
        middle = time.perf_counter()
        result: Any = store.query(query, use_default_graph_as_union=True)
        plain = result.serialize(format=QueryResultsFormat.JSON)
        end = time.perf_counter()
        assert status == 200, body
        assert json.loads(body)["results"] == json.loads(plain)["results"]
        ours.append((middle - start) * 1000)
        bare.append((end - middle) * 1000)
    more = [with_us - without for with_us, without in zip(ours, bare, strict=True)]
    return {
        "over HTTP": statistics.median(ours),
        "bare": statistics.median(bare),
        "layer p50": statistics.median(more),
        "layer p95": sorted(more)[int(0.95 * PAIRS)],
        "fastest tenth": sorted(ours)[PAIRS // 10] - sorted(bare)[PAIRS // 10],
    }


def by_hand(server: Server, home: Path, python: str | None) -> Figures:
    """The combined query for the same texts: ours, and by hand in four ways."""
    store, index = (home / "current").resolve() / "graph", home / "current" / "passages"
    ours = over_http(server.host, server.port, "/sparql")
    texts = iter(questions.texts())  # each is asked once: an answer may be remembered
    found: Figures = {}

    def measured(name: str, answer: Callable[[str], list[Row]], asked: list[str]) -> None:
        print(f"by hand: {name}", file=sys.stderr, flush=True)
        times, shared, baseline = [], [], []
        for text in asked:
            start = time.perf_counter()
            with_us = ours(questions.combined(text))
            baseline.append((time.perf_counter() - start) * 1000)
            start = time.perf_counter()
            try:
                rows = answer(text)
            except TimeoutError:
                found[name] = {"failed": f"no answer within {PATIENCE} seconds"}
                return
            times.append((time.perf_counter() - start) * 1000)
            assert len(rows) == len(with_us), (name, text, len(rows), len(with_us))
            assert all(float(row["rate"]) < 90 for row in rows)
            shared.append(len({row["passage"] for row in rows} & {row["passage"] for row in with_us}))
        found[name] = {
            "p50": statistics.median(times),
            "most": max(times),
            "texts": len(asked),
            "ours p50": statistics.median(baseline),
            "ours most": max(baseline),
            "shared": statistics.mean(shared),
        }

    conditions = {"RATE": 90, "LEVEL": "ProvincialLevel"}
    candidates = questions.filled(questions.CANDIDATES, **conditions)
    among = questions.filled(questions.AMONG, **conditions)

    def both(name: str, script: Script, number: int) -> None:
        asked = list(islice(texts, number))
        measured(f"{name}, vectors first", lambda text: script.vectors_first(text, among), asked)
        measured(
            f"{name}, graph first",
            lambda text: script.graph_first(text, candidates),
            list(islice(texts, CANDIDATE_TEXTS)),
        )

    both("bare engine and FAISS", Script(index, in_process(store)), TEXTS)
    if python is None or not has(python, "rdflib_endpoint"):
        found["rdflib-endpoint and FAISS"] = {
            "failed": f"not measured: {python or 'no Python given that'} has no rdflib-endpoint"
        }
    else:
        with rdflib_endpoint(python, store) as (host, port):
            both("rdflib-endpoint and FAISS", Script(index, over_http(host, port)), ENDPOINT_TEXTS)
    return found


def has(python: str, module: str) -> bool:
    """Whether that Python can import a module."""
    look = f"import importlib.util, sys; sys.exit(importlib.util.find_spec({module!r}) is None)"
    return subprocess.run([python, "-c", look], check=False, capture_output=True).returncode == 0


def describe(found: Figures) -> str:
    """The figures as tables of Markdown."""
    made, memory = found["workspace"], found["memory"]
    lines = [
        f"{made['amounts']:,} amounts, {made['passages']:,} passages, {made['documents']:,} documents, "
        f"{made['quads']:,} statements; {made['disk'] / 1e9:.1f} GB on disk; made in "
        f"{made['seconds']:,.0f} s ({made['cpu']:,.0f} s of CPU)",
        f"{os.cpu_count()} processors; load at start and end: "
        + " and ".join(f"{each:.1f}" for each in found["load"]),
        f"memory of all {memory['processes']} server processes: {found['memory at start']['Pss']:,.0f} MB at "
        f"start, {memory['Pss']:,.0f} MB at the end ({memory['Pss_Anon']:,.0f} MB of it not from files)",
        "",
        "| question | clients | a second | p50 ms | p95 ms | p99 ms | CPU ms | failed |",
        "|---|---:|---:|---:|---:|---:|---:|---:|",
    ]
    for name, timings in found["questions"].items():
        lines += [
            f"| {name} | {each['clients']} | {each['per_second']:.1f} | {each['p50']:.1f} "
            f"| {each['p95']:.1f} | {each['p99']:.1f} | {each['cpu']:.1f} | {each['failed']:.0f} of "
            f"{each['requests']:.0f} |"
            for each in timings
        ]
    if "layer" in found:
        each = found["layer"]
        lines += [
            "",
            f"a small query over HTTP {each['over HTTP']:.2f} ms, bare {each['bare']:.2f} ms: our layer "
            f"{each['layer p50']:.2f} ms (p95 {each['layer p95']:.2f}; between the fastest tenths "
            f"{each['fastest tenth']:.2f})",
        ]
    if BY_HAND in found:
        lines += [
            "",
            "| combined query by hand | p50 ms | most ms | ours in turns, p50 ms | ratio | same of ten |",
            "|---|---:|---:|---:|---:|---:|",
        ]
        for name, each in found[BY_HAND].items():
            if "failed" in each:
                lines.append(f"| {name}: {each['failed']} | | | | | |")
                continue
            lines.append(
                f"| {name} | {each['p50']:,.1f} | {each['most']:,.1f} | {each['ours p50']:.1f} "
                f"| {each['p50'] / each['ours p50']:.1f} | {each['shared']:.1f} |"
            )
    return "\n".join([*lines, "", AIMS])


if __name__ == "__main__":
    main()
