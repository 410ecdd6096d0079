"""Issues of the last build last: they are neither merged nor taken apart for a small gain.

A few new statements may lift two issues just above the bound at which groups are joined, or draw half of one
to another. They have been cited by then, and names that last are worth a little recall.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    Rows = npt.NDArray[np.int64]
    Judge = Callable[[Rows, Rows], npt.NDArray[np.float64]]

__all__ = ["lasting_groups"]

_SAMPLE = 6  # statements of an issue that are compared
_DECIMALS = 6
_MARGIN = 0.2  # above the bound, from which two issues of the last build become one


def lasting_groups(groups: Rows, before: Rows, order: Rows, judge: Judge, joined: float) -> Rows:
    """``groups`` (the group of each statement), in which an issue of the last build that would lose its name
    is a group again, if the mean probability between its statements is still ``joined`` or more.

    It stays lost where the issue that took it over is so like it that the bound is passed by a margin.
    ``before``: the issue of the last build that each statement was of (-1: none); ``order``: the rank of each
    statement by its digest. Statements that are new go with the one of the two that they are likest.
    """
    import numpy as np

    result = groups.copy()
    ranked = np.argsort(order)
    following = int(groups.max(initial=-1)) + 1
    for lost, heir, group in _lost(groups, before):
        own = ranked[before[ranked] == lost]
        others = ranked[(result[ranked] == group) & (before[ranked] == heir)]
        if _within(own, judge) < joined or _mean(own, others, judge) >= joined + _MARGIN:
            continue
        for row in np.flatnonzero((result == group) & (before < 0)).tolist():
            alone = np.array([row], dtype=np.int64)
            if _mean(alone, own, judge) > _mean(alone, others, judge):
                result[row] = following
        result[own] = following
        following += 1
    return result


def _lost(groups: Rows, before: Rows) -> list[tuple[int, int, int]]:
    """The issues whose name no group would bear, each with the issue whose name the group bears that holds
    most of it, and that group (see :mod:`~fiscalgraph.search.issues.identity`).

    One statement alone is no issue, and bears no name unless it was one, printed by several departments.
    """
    import numpy as np

    alone = np.bincount(groups, minlength=1)[groups] < 2
    several = np.bincount(before[before >= 0], minlength=1)[np.maximum(before, 0)] > 1
    old = np.flatnonzero((before >= 0) & ~(alone & several))
    pairs, common = np.unique(np.stack([before[old], groups[old]], axis=1), axis=0, return_counts=True)
    heirs: dict[int, int] = {}
    bearers: dict[int, int] = {}
    for place in np.lexsort((pairs[:, 1], pairs[:, 0], -common)).tolist():
        issue, group = pairs[place].tolist()
        if issue not in heirs:
            heirs[issue] = group
            bearers.setdefault(group, issue)
    return [
        (issue, bearers[group], group) for issue, group in sorted(heirs.items()) if bearers[group] != issue
    ]


def _within(rows: Rows, judge: Judge) -> float:
    import numpy as np

    rows = rows[:_SAMPLE]
    if len(rows) < 2:
        return 1.0  # one statement, printed by several departments
    one, other = np.triu_indices(len(rows), 1)
    return round(float(judge(rows[one], rows[other]).mean()), _DECIMALS)


def _mean(one: Rows, other: Rows, judge: Judge) -> float:
    import numpy as np

    one, other = one[:_SAMPLE], other[:_SAMPLE]
    found = judge(np.repeat(one, len(other)), np.tile(other, len(one)))
    return round(float(found.mean()), _DECIMALS)
