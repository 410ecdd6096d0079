"""What the steps of ``bench/search.py`` measure with, in any Python: the standard library alone."""

from __future__ import annotations

import os
import resource

__all__ = ["on_one_core", "peak", "percentiles"]


def on_one_core() -> None:
    """Keep this process to the last of its cores, where the system knows of that."""
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})


def percentiles(elapsed: list[float], cpu: list[float]) -> dict[str, float]:
    """Median and 95th percentile of both."""
    named = {"p50": (elapsed, 0.5), "p95": (elapsed, 0.95), "cpu_p50": (cpu, 0.5), "cpu_p95": (cpu, 0.95)}
    return {
        name: sorted(values)[min(len(values) - 1, int(share * len(values)))]
        for name, (values, share) in named.items()
    }


def peak() -> float:
    """The most memory this process has held, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
