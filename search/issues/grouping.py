"""Statements to groups of which any two members, on average, state the same issue.

Groups that are each other's best are joined, round by round, while the mean probability between their members
is high enough. Since the mean over *all* members counts, no chain of neighbours joins two issues. The mean is
taken over a sample of each group, chosen by the members' digests: the same whatever the order of documents.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from fiscalgraph.search.issues.neighbours import near_pairs

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    Vectors = npt.NDArray[np.float32]
    Rows = npt.NDArray[np.int64]
    Scores = npt.NDArray[np.float64]
    Judge = Callable[[Rows, Rows], Scores]

__all__ = ["grouped"]

_SAMPLE = 6  # members of a group that are compared with those of another
_PROMISING = 0.8  # of the bound: groups whose known members agree less are not looked at further
_DECIMALS = 6  # of scores that are compared: beyond, sums depend on the machine


@dataclass
class _Groups:
    """``of``: the group of each statement; ``sizes``, ``sums`` (of vectors) and ``samples`` (rows, -1: none)
    of each group."""

    of: Rows
    sizes: Rows
    sums: Vectors
    samples: Rows


def grouped(
    vectors: Vectors, order: Rows, judge: Judge, neighbours: int, joined: float, known: Rows | None = None
) -> Rows:
    """The number of the group of each statement; equal numbers are one group, in no particular order.

    ``order``: the rank of each statement by its digest. ``known``: groups to begin with (-1: none yet);
    then only groups with a new statement are looked at, and none is taken apart.
    """
    import numpy as np

    count = len(vectors)
    if not count:
        return np.empty(0, dtype=np.int64)
    start = np.arange(count, dtype=np.int64)
    fresh = np.ones(count, dtype=np.bool_)
    if known is not None:
        fresh = known < 0
        start = np.unique(np.where(fresh, known.max(initial=-1) + 1 + start, known), return_inverse=True)[1]
    groups = _Groups(start.astype(np.int64), *_summed(start, vectors, order))
    active = np.zeros(len(groups.sizes), dtype=np.bool_)
    active[groups.of[fresh]] = True
    while active.any():
        centres = groups.sums / np.maximum(np.linalg.norm(groups.sums, axis=1, keepdims=True), 1e-9)
        left, right = near_pairs(centres, neighbours, np.flatnonzero(active))
        changed = _join(groups, left, right, judge, joined, vectors, order)
        active = changed
    return groups.of


def _join(
    groups: _Groups, left: Rows, right: Rows, judge: Judge, joined: float, vectors: Vectors, order: Rows
) -> npt.NDArray[np.bool_]:
    """Join along these candidate pairs until none is left; returns which of the groups then are new ones."""
    import numpy as np

    scores = _means(groups, left, right, judge)
    grown = np.zeros(len(groups.sizes), dtype=np.bool_)
    while True:
        kept = scores >= _PROMISING * joined
        left, right, scores = left[kept], right[kept], scores[kept]
        one, other = _mutual_best(len(groups.sizes), left, right, scores, joined, groups.samples[:, 0], order)
        if not len(one):
            return grown
        number = np.arange(len(groups.sizes), dtype=np.int64)
        number[other] = one
        numbers, renumbered = np.unique(number, return_inverse=True)
        touched = np.zeros(len(groups.sizes), dtype=np.bool_)
        touched[one] = touched[other] = True
        groups.of = renumbered[groups.of].astype(np.int64)
        groups.sizes, groups.sums, groups.samples = _summed(groups.of, vectors, order)
        grown = np.bincount(renumbered, weights=grown | touched, minlength=len(numbers)) > 0
        dirty = touched[left] | touched[right]
        left, right, scores, dirty = _merged_edges(
            renumbered[left], renumbered[right], scores, dirty, len(numbers)
        )
        scores[dirty] = _means(groups, left[dirty], right[dirty], judge)


def _merged_edges(
    left: Rows, right: Rows, scores: Scores, dirty: npt.NDArray[np.bool_], count: int
) -> tuple[Rows, Rows, Scores, npt.NDArray[np.bool_]]:
    """Each pair of groups once; the pairs within a group are gone."""
    import numpy as np

    kept = left != right
    left, right, scores, dirty = left[kept], right[kept], scores[kept], dirty[kept]
    keys = np.minimum(left, right) * count + np.maximum(left, right)
    keys, first, back = np.unique(keys, return_index=True, return_inverse=True)
    any_dirty = np.bincount(back, weights=dirty, minlength=len(keys)) > 0
    one, other = np.divmod(keys, count)
    return one, other, scores[first], any_dirty


def _mutual_best(
    count: int, left: Rows, right: Rows, scores: Scores, joined: float, first: Rows, order: Rows
) -> tuple[Rows, Rows]:
    """The pairs that are each other's best; ties by the digests of the groups' first statements."""
    import numpy as np

    good = scores >= joined
    left, right, scores = left[good], right[good], scores[good]
    one, other = np.concatenate([left, right]), np.concatenate([right, left])
    both = np.concatenate([scores, scores])
    ranked = np.lexsort((order[first[other]], -both, one))
    leading = ranked[np.concatenate([[True], one[ranked][1:] != one[ranked][:-1]])] if len(ranked) else ranked
    best = np.full(count, -1, dtype=np.int64)
    best[one[leading]] = other[leading]
    chosen = np.flatnonzero((best >= 0) & (best[best] == np.arange(count)))
    chosen = chosen[chosen < best[chosen]]
    return chosen, best[chosen]


def _means(groups: _Groups, left: Rows, right: Rows, judge: Judge) -> Scores:
    """The mean probability between the samples of each pair of groups."""
    import numpy as np

    result = np.zeros(len(left))
    for start in range(0, len(left), 65_536):
        one = groups.samples[left[start : start + 65_536]]
        other = groups.samples[right[start : start + 65_536]]
        there = (one[:, :, None] >= 0) & (other[:, None, :] >= 0)
        pair, here, yonder = np.nonzero(there)
        found = judge(one[pair, here], other[pair, yonder])
        sums = np.bincount(pair, weights=found, minlength=len(one))
        result[start : start + len(one)] = sums / there.sum(axis=(1, 2))
    rounded: Scores = result.round(_DECIMALS)
    return rounded


def _summed(of: Rows, vectors: Vectors, order: Rows) -> tuple[Rows, Vectors, Rows]:
    """Sizes, sums of vectors and samples of the groups."""
    import numpy as np

    ranked = np.lexsort((order, of))
    groups = of[ranked]
    starts = np.flatnonzero(np.concatenate([[True], groups[1:] != groups[:-1]]))
    sizes = np.diff(np.concatenate([starts, [len(of)]])).astype(np.int64)
    sums = np.add.reduceat(vectors[ranked], starts, axis=0)
    place = np.arange(len(of)) - np.repeat(starts, sizes)
    samples = np.full((len(starts), _SAMPLE), -1, dtype=np.int64)
    within = place < _SAMPLE
    samples[groups[within], place[within]] = ranked[within]
    return sizes, sums, samples
