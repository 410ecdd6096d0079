"""What finding issues costs as passages grow, and what adding one document costs.

    python bench/issues.py [--sizes 10000 100000] [--limit 600]

Makes passages (``search_passages.py``), gives them vectors (not counted: the index has them), finds the
issues, then adds a document of twenty statements to what was found. Each size runs in a process of its
own, on as many cores as there are; CPU time stands beside the elapsed time, since others may share the
machine.
"""

from __future__ import annotations

import argparse
import json
import math
import resource
import subprocess
import sys
import time
from itertools import islice, pairwise
from typing import Any

SIZES = (10_000, 100_000)
ADDED = 20


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--sizes", type=int, nargs="+", default=list(SIZES), help="how many passages")
    parser.add_argument("--limit", type=int, default=600, help="seconds that a size may take")
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
    from search_passages import generated

    from fiscalgraph.search.issues import IssueParameters
    from fiscalgraph.search.issues.find import issues_of
    from fiscalgraph.search.issues.model import SIDES
    from fiscalgraph.search.issues.pair_score import built_in_encoder
    from fiscalgraph.search.issues.statements import Statement, statements_of

    encoder = built_in_encoder()
    passages = [[passage] for passage in islice(generated(size + 2 * ADDED), size + 2 * ADDED)]
    vectors = encoder.encode([group[0].text for group in passages])
    statements = {side: statements_of(passages, side) for side in SIDES}
    first = {side: [each for each in every if each.row < size] for side, every in statements.items()}

    def compared(sides: dict[str, list[Statement]]) -> dict[str, Any]:
        from fiscalgraph.search.issues.compared import compared_side

        return {
            side: compared_side(side, every, vectors[[each.row for each in every]], encoder.fingerprint)
            for side, every in sides.items()
        }

    parameters = IssueParameters(afresh_up_to=0)
    begun, cpu = time.monotonic(), time.process_time()
    before = issues_of(compared(first), encoder.fingerprint, None, parameters)
    wall, used = time.monotonic() - begun, time.process_time() - cpu
    begun = time.monotonic()
    after = issues_of(compared(statements), encoder.fingerprint, before, parameters)
    added = time.monotonic() - begun
    kept = {issue.id for issue in before} & {issue.id for issue in after}
    return {
        "statements": sum(map(len, first.values())),
        "issues": len(before),
        "s": round(wall, 1),
        "CPU s": round(used, 1),
        "MB": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
        "a document more: s": round(added, 1),
        "ids kept": round(len(kept) / len(before), 4),
    }


if __name__ == "__main__":
    main()
