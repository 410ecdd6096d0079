"""What finding issues costs as passages grow, and what adding one document costs.

    python bench/issues.py [--sizes 10000 100000 1000000] [--limit 3600]

Makes passages (``search_passages.py``), gives them vectors (not counted: the index has them), finds the
issues and the links, and keeps them as a build does. Then a document of twenty statements is added: what was
kept is read again, and all is brought up to date. Each size runs in a process of its own, on one core; CPU
time stands beside the elapsed time, since others may share the machine.
"""

from __future__ import annotations

import argparse
import json
import math
import os
import resource
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    from fiscalgraph.search.issues.model import IssueSet
    from fiscalgraph.search.issues.statements import Statement

    Vectors = npt.NDArray[np.float32]

SIZES = (10_000, 100_000, 1_000_000)
ADDED = 20


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--sizes", type=int, nargs="+", default=list(SIZES), help="how many passages")
    parser.add_argument("--limit", type=int, default=3600, help="seconds that a size may take")
    parser.add_argument("--one", type=int, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.one:
        print(json.dumps(measured(options.one)))
        return
    found: dict[int, dict[str, Any]] = {}
    for size in sorted(options.sizes):
        try:
            done = subprocess.run(
                [sys.executable, __file__, "--one", str(size)],
                capture_output=True,
                text=True,
                check=True,
                timeout=options.limit,
                env=os.environ | dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"), "1"),
            )
        except subprocess.TimeoutExpired:
            print(f"{size:>9,}  took longer than {options.limit} s", flush=True)
            continue
        found[size] = json.loads(done.stdout)
        print(
            f"{size:>9,}  " + "  ".join(f"{name} {value}" for name, value in found[size].items()), flush=True
        )
    for one, other in pairwise(found):
        growth = math.log(found[other]["CPU s"] / found[one]["CPU s"]) / math.log(other / one)
        print(f"{one:,} to {other:,}: CPU time grows with the number to the power of {growth:.2f}")


def measured(size: int) -> dict[str, Any]:
    """The figures of one size."""
    with tempfile.TemporaryDirectory() as folder:
        kept = [Path(folder, name) for name in ("first", "second")]
        for each in kept:
            each.mkdir()
        sides, fingerprint = made(size + ADDED)
        first = {side: [each for each in every if each.row < size] for side, (every, _) in sides.items()}
        begun = Clock()
        before = built(sides, first, fingerprint, None, kept[0])
        whole, memory = begun.seconds(), peak_memory()
        names = {issue.id for issue in before.issues}
        alone = len(before.alone)
        del before
        begun = Clock()
        after = built(sides, {side: every for side, (every, _) in sides.items()}, fingerprint, *kept)
        added = begun.seconds()
    return {
        "statements": sum(map(len, first.values())),
        "issues": len(names),
        "of one statement": alone,
        "s": whole.elapsed,
        "CPU s": whole.cpu,
        "MB": memory,
        "a document more: s": added.elapsed,
        "its CPU s": added.cpu,
        "ids kept": round(len(names & {issue.id for issue in after}) / len(names), 4),
    }


def made(count: int) -> tuple[dict[str, tuple[list[Statement], Vectors]], str]:
    """The statements of so many passages and their vectors, by side, and which model made these."""
    import numpy as np
    from search_passages import generated

    from fiscalgraph.search.issues.model import SIDES
    from fiscalgraph.search.issues.pair_score import built_in_encoder
    from fiscalgraph.search.issues.statements import statements_of

    encoder = built_in_encoder()
    passages = [[passage] for passage in generated(count)]
    sides = {}
    for side in SIDES:
        every = statements_of(passages, side)
        vectors = np.empty((len(every), encoder.dimension), dtype=np.float32)
        for start in range(0, len(every), 10_000):
            texts = [each.text for each in every[start : start + 10_000]]
            vectors[start : start + len(texts)] = encoder.encode(texts)
        sides[side] = every, vectors
    return sides, encoder.fingerprint


def built(
    sides: dict[str, tuple[list[Statement], Vectors]],
    statements: dict[str, list[Statement]],
    fingerprint: str,
    served: Path | None,
    generation: Path,
) -> IssueSet:
    """What a build does with these statements, the first ones of each side."""
    from fiscalgraph.search.issues import IssueParameters
    from fiscalgraph.search.issues.compared import compared_side
    from fiscalgraph.search.issues.find import issues_of
    from fiscalgraph.search.issues.keeping import ISSUES, read_issues
    from fiscalgraph.search.issues.pair_score import pair_weights
    from fiscalgraph.search.likely_pairs import likely_pairs
    from fiscalgraph.search.links import NEIGHBOURS

    compared = {
        side: compared_side(side, every, sides[side][1][: len(every)], fingerprint)
        for side, every in statements.items()
    }
    previous = None if served is None else read_issues(served)
    found = issues_of(compared, fingerprint, previous, IssueParameters(afresh_up_to=0))
    (generation / ISSUES).write_text(found.to_json(), encoding="utf-8")
    del previous
    for side in compared.values():
        likely_pairs(side, NEIGHBOURS, pair_weights().threshold, served, generation)
    return found


@dataclass(frozen=True, slots=True)
class Seconds:
    """Elapsed, and of CPU time."""

    elapsed: float
    cpu: float


class Clock:
    """Tells what has passed since it was made."""

    def __init__(self) -> None:
        self._begun = time.monotonic(), time.process_time()

    def seconds(self) -> Seconds:
        """What has passed, to a tenth of a second."""
        elapsed, cpu = time.monotonic() - self._begun[0], time.process_time() - self._begun[1]
        return Seconds(round(elapsed, 1), round(cpu, 1))


def peak_memory() -> int:
    """Megabytes."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


if __name__ == "__main__":
    main()
