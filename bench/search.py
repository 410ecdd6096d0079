"""How fast search is among many passages, beside NumPy and txtai on the same texts with the same model.

Makes passages (``search_passages.py``), indexes them, and asks 200 queries: those of the public test set and
parts of passages that were not indexed. Each system runs in a process of its own, so that its memory is its
own; the queries run on one core with one thread, the systems in turns, and the median of the rounds counts.
Times are elapsed time; CPU time stands beside it, since others may share the machine.

Two recalls are told: of the ten nearest vectors how many are found, and of the ten texts that scoring every
text would rank first (similarity and words) how many search returns. A neighbour as near as the tenth counts.

txtai is measured where it is installed; name the Python of its environment: ``--txtai ENV/bin/python``.
What takes long is kept in the folder: a run that was broken off goes on from there.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import statistics
import subprocess
import sys
from pathlib import Path
from typing import Any

from search_timing import on_one_core

HERE = Path(__file__).parent
MODEL = HERE.parent / "search" / "model"
SIZES = (100_000, 1_000_000)
AIMS = "Aims: p95 under 20 ms with recall at least 0.99 at 1,000,000; cold start under 1.5 s at 100,000."
COLD_STARTS = 5
# Threads beyond the one core would only wait for each other.
ONE_THREAD = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")

Found = dict[str, dict[str, Any]]
"""By system: its figures."""


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folder", type=Path, help="where passages, vectors and indexes are kept")
    parser.add_argument("--sizes", type=int, nargs="+", default=list(SIZES), help="how many passages")
    parser.add_argument("--rounds", type=int, default=3, help="how often all queries are asked")
    parser.add_argument("--txtai", default=sys.executable, help="a Python that has txtai")
    parser.add_argument("--limit", type=int, default=1800, help="seconds that a step may take")
    parser.add_argument("--again", action="store_true", help="index again even what is indexed already")
    parser.add_argument("--json", action="store_true", help="figures for programs")
    arguments = parser.parse_args()
    arguments.folder.mkdir(parents=True, exist_ok=True)
    found = {size: figures(arguments, size) for size in sorted(arguments.sizes)}
    print(json.dumps(found, ensure_ascii=False, indent=1) if arguments.json else describe(found))


def figures(arguments: argparse.Namespace, size: int) -> Found:
    """The figures of every system for ``size`` passages."""
    folder = arguments.folder / str(size)
    folder.mkdir(exist_ok=True)
    systems = ["ours", "numpy"]
    step(arguments, folder, "texts", once=True)
    indexed = {system: step(arguments, folder, f"{system}-index", once=True) for system in systems}
    if has_txtai(arguments.txtai):
        indexed["txtai"] = step(arguments, folder, "txtai-index", once=True)
        if "failed" not in indexed["txtai"]:
            systems.append("txtai")
    else:
        indexed["txtai"] = {"failed": f"not measured: {arguments.txtai} has no txtai"}
    rounds = [
        {system: step(arguments, folder, f"{system}-queries") for system in systems}
        for _ in range(arguments.rounds)
    ]
    found = {system: {**indexed[system], **medians([each[system] for each in rounds])} for system in systems}
    found["ours"] |= step(arguments, folder, "ours-recall") | cold_start(folder, arguments.limit)
    if "txtai" in found:
        found["txtai"] |= step(arguments, folder, "txtai-recall")
    return {**indexed, **found}


def has_txtai(python: str) -> bool:
    """Whether that Python can import it; without importing it, which takes seconds."""
    look = "import importlib.util, sys; sys.exit(importlib.util.find_spec('txtai') is None)"
    return subprocess.run([python, "-c", look], check=False, capture_output=True).returncode == 0


def step(arguments: argparse.Namespace, folder: Path, name: str, once: bool = False) -> dict[str, Any]:
    """What a step prints as JSON, run in a process of its own; with ``once`` it is kept.

    A step that fails or takes longer than the limit gives ``{"failed": why}``, which is not kept.
    """
    kept = folder / f"{name}.json"
    if once and kept.exists() and not arguments.again:
        return dict(json.loads(kept.read_text(encoding="utf-8")))
    print(f"{folder.name}: {name}", file=sys.stderr, flush=True)
    of_txtai = name in ("txtai-index", "txtai-queries")
    script = "search_txtai.py" if of_txtai else "search_steps.py"
    command = [arguments.txtai if of_txtai else sys.executable, str(HERE / script), name, str(folder)]
    if of_txtai:
        command.append(str(MODEL))
    environment = {**os.environ, **(ONE_THREAD if name.endswith("-queries") else {})}
    try:
        done = subprocess.run(
            command, capture_output=True, text=True, check=False, timeout=arguments.limit, env=environment
        )
    except subprocess.TimeoutExpired:
        return {"failed": f"{name} took longer than {arguments.limit} s"}
    if done.returncode:
        return {"failed": f"{name}: {(done.stderr.strip().splitlines() or ['no message'])[-1]}"}
    result: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    if once:
        kept.write_text(json.dumps(result, ensure_ascii=False), encoding="utf-8")
    return result


def medians(rounds: list[dict[str, Any]]) -> dict[str, Any]:
    """The median of every figure over the rounds; a failure instead where one failed."""
    for each in rounds:
        if "failed" in each:
            return each
    return {
        name: statistics.median(each[name] for each in rounds) if isinstance(value, int | float) else value
        for name, value in rounds[0].items()
    }


def cold_start(folder: Path, limit: int) -> dict[str, Any]:
    """Seconds of the whole process ``fiscalgraph search`` on one core: median of several, and the first."""
    program = shutil.which("fiscalgraph", path=str(Path(sys.executable).parent)) or "fiscalgraph"
    # As installed packages are: compiled once, here into a place of its own. The first start does that.
    environment = {**os.environ, **ONE_THREAD, "PYTHONPYCACHEPREFIX": str(folder / "compiled")}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    seconds, cpu = [], []
    for _ in range(COLD_STARTS + 1):
        command = [program, "search", "人手不够，活干不完", "--home", str(folder / "home"), "--json"]
        before = os.times()
        done = subprocess.run(
            command,
            check=False,
            capture_output=True,
            text=True,
            timeout=limit,
            env=environment,
            preexec_fn=on_one_core,
        )
        after = os.times()
        if done.returncode:
            return {"failed": f"cold start: {(done.stderr.strip().splitlines() or ['no message'])[-1]}"}
        seconds.append(after.elapsed - before.elapsed)
        cpu.append(
            after.children_user + after.children_system - before.children_user - before.children_system
        )
    return {
        "cold_start_first": seconds[0],
        "cold_start": statistics.median(seconds[1:]),
        "cold_start_cpu": statistics.median(cpu[1:]),
    }


ROWS: tuple[tuple[str, str, str], ...] = (
    ("index time, s", "seconds", "{:,.0f}"),
    ("… of CPU, s", "cpu", "{:,.0f}"),
    ("memory while indexing, MB", "memory", "{:,.0f}"),
    ("on disk, MB", "disk", "{:,.0f}"),
    ("opening and first query, s", "opening", "{:.2f}"),
    ("query p50, ms", "p50", "{:.1f}"),
    ("query p95, ms", "p95", "{:.1f}"),
    ("… of CPU p50, ms", "cpu_p50", "{:.1f}"),
    ("… of CPU p95, ms", "cpu_p95", "{:.1f}"),
    ("recall@10, vectors", "vector_recall", "{:.4f}"),
    ("recall@10, whole ranking", "recall", "{:.4f}"),
    ("memory while searching, MB", "search_memory", "{:,.0f}"),
    ("one department: p95, ms", "department_p95", "{:.1f}"),
    ("one kind and year: p95, ms", "kind_year_p95", "{:.1f}"),
    ("one kind: p95, ms", "kind_p95", "{:.1f}"),
    ("cold start, s", "cold_start", "{:.2f}"),
    ("… of CPU, s", "cold_start_cpu", "{:.2f}"),
    ("… the first time, s", "cold_start_first", "{:.2f}"),
)
NAMES = {"ours": "fiscalgraph", "numpy": "NumPy, every vector", "txtai": "txtai"}


def describe(found: dict[int, Found]) -> str:
    """A table of Markdown for each size, and what could not be measured."""
    lines = []
    for size, systems in found.items():
        lines += [f"### {size:,} passages", ""]
        lines.append("| | " + " | ".join(NAMES[name] for name in systems) + " |")
        lines.append("|---|" + "---:|" * len(systems))
        for title, key, form in ROWS:
            if any(key in values for values in systems.values()):
                cells = [form.format(values[key]) if key in values else "" for values in systems.values()]
                lines.append(f"| {title} | " + " | ".join(cells) + " |")
        told = [
            f"{NAMES[name]}: {values['failed']}" for name, values in systems.items() if "failed" in values
        ]
        ours = systems["ours"]
        if "texts" in ours:
            told.append(f"Distinct texts after near-identical ones were put together: {ours['texts']:,}.")
        lines += ["", *told, ""]
    return "\n".join([*lines, AIMS])


if __name__ == "__main__":
    main()
