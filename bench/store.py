"""The store: what mapping and loading cost, beside loading the same statements from a file.

Builds a generation from the records of a workspace (``fiscalgraph build`` makes one): checks, mapping,
loading, description. Then bulk-loads the statements it holds, written as one N-Quads file, into an empty
store with Oxigraph's own loader. Both at once in one run, so that the machine is the same for both.
"""

from __future__ import annotations

import argparse
import json
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from pyoxigraph import RdfFormat, Store

REPLACED = 5  # documents that are replaced one by one


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("home", type=Path, help="a workspace; only its records/ are read")
    parser.add_argument("--json", action="store_true", help="figures for programs")
    parser.add_argument("--stage", choices=("ours", "theirs"), help=argparse.SUPPRESS)
    parser.add_argument("--scratch", type=Path, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.stage:
        measure = ours if arguments.stage == "ours" else theirs
        print(json.dumps(measure(arguments.home, arguments.scratch)))
        return
    with tempfile.TemporaryDirectory() as folder:
        # A process for each: the memory of one does not show in the other.
        figures = {stage: in_process(stage, arguments.home, Path(folder)) for stage in ("ours", "theirs")}
    print(json.dumps(figures, indent=1) if arguments.json else describe(figures))


def in_process(stage: str, home: Path, folder: Path) -> dict[str, float]:
    """The figures of one stage, measured in a process of its own."""
    command = [sys.executable, __file__, str(home), "--stage", stage, "--scratch", str(folder)]
    done = subprocess.run(command, stdout=subprocess.PIPE, check=True)
    return dict(json.loads(done.stdout))


@contextmanager
def clocked(figures: dict[str, float], name: str) -> Iterator[None]:
    """Add the CPU and the elapsed seconds of the block to ``figures``."""
    cpu, start = time.process_time(), time.perf_counter()
    yield
    for kind, seconds in (("cpu", time.process_time() - cpu), ("elapsed", time.perf_counter() - start)):
        figures[f"{name} {kind}"] = figures.get(f"{name} {kind}", 0.0) + seconds


def ours(home: Path, folder: Path) -> dict[str, float]:
    """Records → checks → quads → a published generation; then a few documents replaced."""
    from fiscalgraph.extract.records import DisclosureRecords, records_from_json
    from fiscalgraph.graph.checks import check_records
    from fiscalgraph.graph.identifiers import document_iri
    from fiscalgraph.graph.mapping import document_quads
    from fiscalgraph.graph.store import GenerationStore

    figures: dict[str, float] = {}
    generations = GenerationStore(folder / "home")
    kept: list[DisclosureRecords] = []
    with generations.begin() as build:
        for number, file in enumerate(sorted((home / "records").glob("*.json"))):
            with clocked(figures, "records"):
                records = records_from_json(file.read_text(encoding="utf-8"))
            name = f"{number:04}"
            records = replace(records, identity=replace(records.identity, document=name))
            kept = [*kept, records][-REPLACED:]
            with clocked(figures, "checks"):
                results = check_records(records)
            with clocked(figures, "mapping and loading"):
                build.replace_document(document_iri(name), document_quads(records, results))
        with clocked(figures, "sealing"):
            build.seal()
        with clocked(figures, "publishing"):
            build.publish()
    figures["memory"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    store = generations.open_reader().store
    figures["statements"] = len(store)
    store.dump(str(folder / "all.nq"), RdfFormat.N_QUADS)
    del store
    figures["replacing"] = replacing(generations, kept, document_iri, document_quads)
    return figures


def replacing(
    generations: object, kept: list[object], iri: Callable[[str], object], quads: Callable[[object], object]
) -> float:
    """Median seconds from the records of one document to the generation in which it is replaced."""
    seconds = []
    for records in kept:
        start = time.perf_counter()
        with generations.begin() as build:  # type: ignore[attr-defined]
            build.replace_document(iri(records.identity.document), quads(records))  # type: ignore[attr-defined]
            build.publish()
        seconds.append(time.perf_counter() - start)
    return statistics.median(seconds)


def theirs(home: Path, folder: Path) -> dict[str, float]:
    """The same statements, bulk-loaded from one file."""
    figures: dict[str, float] = {}
    with clocked(figures, "loading"):
        store = Store(str(folder / "direct"))
        store.bulk_load(path=str(folder / "all.nq"), format=RdfFormat.N_QUADS)
        store.flush()
    with clocked(figures, "optimizing"):
        store.optimize()
        store.flush()
    figures["memory"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    figures["statements"] = len(store)
    return figures


def describe(figures: dict[str, dict[str, float]]) -> str:
    """The figures as lines of text; the ratio compares all of ours with all of theirs."""
    lines = []
    totals = {}
    for name, found in figures.items():
        for kind in ("elapsed", "cpu"):
            totals[name, kind] = sum(value for key, value in found.items() if key.endswith(kind))
        stages = ", ".join(
            f"{key.removesuffix(' cpu')} {value:.1f}" for key, value in found.items() if key.endswith("cpu")
        )
        statements = found["statements"]
        lines.append(
            f"{name}: {statements:,.0f} statements in {totals[name, 'elapsed']:.1f} s "
            f"({statements / totals[name, 'elapsed']:,.0f}/s), {totals[name, 'cpu']:.1f} s of CPU "
            f"({stages}), {found['memory']:.0f} MB"
        )
    for kind in ("elapsed", "cpu"):
        ratio = totals["theirs", kind] / totals["ours", kind]
        lines.append(f"our speed against Oxigraph's own, {kind}: {ratio:.2f}")
    lines.append(f"replacing one document: {figures['ours']['replacing']:.2f} s (median of {REPLACED})")
    return "\n".join(lines)


if __name__ == "__main__":
    main()
