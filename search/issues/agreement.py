"""Each member of a group agrees with the others: what does not leaves it.

Two groups are joined when they agree on average, and a large one that agrees well hides a member that does
not.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    Rows = npt.NDArray[np.int64]
    Bools = npt.NDArray[np.bool_]
    Scores = npt.NDArray[np.float64]
    Judge = Callable[[Rows, Rows], Scores]

__all__ = ["COMPARED", "agreeing"]

COMPARED: Final = 12
"""Members, the first by digest, that each member is compared with."""

_BATCH: Final = 65_536
_DECIMALS: Final = 6  # of means that are compared: beyond, sums depend on the machine


def agreeing(groups: Rows, order: Rows, judge: Judge, least: float, movable: Bools) -> Rows:
    """``groups`` (the group of each statement), without the members whose mean probability to state the
    same as the others is below ``least``: each of these is a group of its own.

    Only ``movable`` statements leave, the least agreeing first. ``order``: the rank of each statement by its
    digest.
    """
    import numpy as np

    result = groups.copy()
    following = int(groups.max(initial=-1)) + 1
    rows = np.flatnonzero(np.isin(groups, groups[movable]))
    while len(rows):
        rows = rows[np.lexsort((order[rows], result[rows]))]
        starts = np.flatnonzero(np.diff(result[rows], prepend=-1))
        sizes = np.diff(np.append(starts, len(rows)))
        group = np.repeat(np.arange(len(starts)), sizes)
        compared_with = np.arange(len(rows)) - starts[group] < COMPARED
        means = np.ones(len(rows))
        asked = np.flatnonzero(movable[rows])
        first, count = starts[group[asked]], np.minimum(sizes, COMPARED)[group[asked]]
        means[asked] = _means(rows, asked, first, count, judge)
        low = (means < least) & movable[rows] & (sizes[group] > 1)
        leaving = low & ~compared_with
        # One that others are compared with leaves alone: their means are other ones then.
        waiting = np.flatnonzero(low & ~np.isin(group, group[leaving]))
        worst = waiting[np.lexsort((-waiting, means[waiting], group[waiting]))]
        leaving[worst[np.diff(group[worst], prepend=-1) != 0]] = True
        gone = int(np.count_nonzero(leaving))
        result[rows[leaving]] = following + np.arange(gone)
        following += gone
        rows = rows[np.isin(group, group[leaving]) & ~leaving]
    return result


def _means(rows: Rows, asked: Rows, first: Rows, count: Rows, judge: Judge) -> Scores:
    """The mean probability of each of ``rows[asked]`` with the ``count`` rows from the place ``first`` on,
    itself apart."""
    import numpy as np

    means = np.ones(len(asked))
    step = max(1, _BATCH // COMPARED)
    for start in range(0, len(asked), step):
        here = slice(start, start + step)
        number = np.repeat(np.arange(len(asked[here])), count[here])
        place = np.arange(len(number)) - np.repeat(np.cumsum(count[here]) - count[here], count[here])
        one, other = asked[here][number], first[here][number] + place
        different = one != other
        number, one, other = number[different], one[different], other[different]
        sums = np.bincount(number, judge(rows[one], rows[other]), len(means[here]))
        pairs = np.bincount(number, minlength=len(means[here]))
        means[here] = np.where(pairs > 0, sums / np.maximum(pairs, 1), 1.0)
    rounded: Scores = means.round(_DECIMALS)
    return rounded
