"""Statements to groups of which any two members, on average, state the same issue.

Groups that are each other's best are joined, round by round, while the mean probability between their members
is high enough. Since the mean over *all* members counts, no chain of neighbours joins two issues. The mean is
taken over a sample of each group, chosen by the members' digests: the same whatever the order of documents.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Protocol

from fiscalgraph.search.issues.neighbours import neighbourhood, pairs_near

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    Vectors = npt.NDArray[np.float32]
    Rows = npt.NDArray[np.int64]
    Scores = npt.NDArray[np.float64]
    Judge = Callable[[Rows, Rows], Scores]

    class Bound(Protocol):
        """What the probability of pairs is at most, and close to it from ``least`` on."""

        def __call__(self, left: Rows, right: Rows, least: float) -> Scores: ...


__all__ = ["grouped"]

_SAMPLE = 6  # members of a group that are compared with those of another
_PROMISING = 0.8  # of the bound: groups whose known members agree less are not looked at further
_BATCH = 65_536  # pairs of groups
_DECIMALS = 6  # of scores that are compared: beyond, sums depend on the machine


@dataclass
class _Groups:
    """``of``: the group of each statement; ``sizes`` (0: there is none of this number) and ``samples`` (rows,
    -1: none) of each group."""

    of: Rows
    sizes: Rows
    samples: Rows


@dataclass(frozen=True)
class _Statements:
    """``order``: the rank of each statement by its digest."""

    vectors: Vectors
    order: Rows
    judge: Judge
    at_most: Bound | None

    def centres(self, of: Rows, groups: Rows) -> Vectors:
        """The unit vectors of these groups, given in order; zero where no word of them is known."""
        import numpy as np

        within = np.zeros(int(of.max()) + 1, dtype=np.bool_)
        within[groups] = True
        rows = np.flatnonzero(within[of])
        rows = rows[np.lexsort((self.order[rows], of[rows]))]
        starts = np.flatnonzero(np.diff(of[rows], prepend=-1))
        sums = np.add.reduceat(self.vectors[rows], starts, axis=0) if len(rows) else self.vectors[:0]
        centres: Vectors = sums / np.maximum(np.linalg.norm(sums, axis=1, keepdims=True), 1e-9)
        return centres


def grouped(
    vectors: Vectors,
    order: Rows,
    judge: Judge,
    neighbours: int,
    joined: Sequence[float],
    known: Rows | None = None,
    at_most: Bound | None = None,
) -> Rows:
    """The number of the group of each statement; equal numbers are one group, in no particular order.

    ``joined``: from which means on groups are joined, the highest first: when no two have that, the next is
    asked. ``order``: the rank of each statement by its digest. ``known``: groups to begin with (-1: none
    yet); then only groups with a new statement are looked at, and none is taken apart. ``at_most``: what
    ``judge`` gives at most, close to it where that is a third argument or more; pairs of groups that cannot
    be joined are not judged then.
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
        start = start.astype(np.int64)
    statements = _Statements(vectors, order, judge, at_most)
    groups = _Groups(start, *_summed(start, order))
    changed = np.unique(groups.of[fresh])
    if not len(changed):
        return groups.of
    every = np.arange(len(groups.sizes), dtype=np.int64)
    near = neighbourhood(statements.centres(groups.of, every), len(changed))
    for bound in joined:
        changed = np.unique(groups.of[fresh])
        while len(changed):
            centres = statements.centres(groups.of, changed)
            left, right = pairs_near(near, changed, centres, neighbours, len(groups.sizes))
            changed, gone = _join(groups, left, right, statements, bound)
            if len(changed):
                near.replace(gone, changed, statements.centres(groups.of, changed))
    return groups.of


def _join(
    groups: _Groups, left: Rows, right: Rows, statements: _Statements, joined: float
) -> tuple[Rows, Rows]:
    """Join along these candidate pairs until none is left; returns which groups have grown and which are
    gone."""
    import numpy as np

    before = np.flatnonzero(groups.sizes)
    promising = _PROMISING * joined
    count, order = len(groups.sizes), statements.order
    scores = _means(groups, left, right, statements, promising)
    grown = np.zeros(count, dtype=np.bool_)
    number = np.arange(count, dtype=np.int64)
    while True:
        kept = scores >= promising
        left, right, scores = left[kept], right[kept], scores[kept]
        one, other = _mutual_best(count, left, right, scores, joined, groups.samples[:, 0], order)
        if not len(one):
            break
        number[other] = one
        touched = np.zeros(count, dtype=np.bool_)
        touched[one] = touched[other] = True
        grown[one] = True
        groups.sizes[one] += groups.sizes[other]
        groups.sizes[other] = 0
        groups.samples[one] = _foremost(groups.samples[one], groups.samples[other], order)
        dirty = touched[left] | touched[right]
        left, right, scores, dirty = _merged_edges(number[left], number[right], scores, dirty, count)
        scores[dirty] = _means(groups, left[dirty], right[dirty], statements, promising)
    while (number[number] != number).any():
        number = number[number]
    groups.of = number[groups.of]
    there = groups.sizes > 0
    return np.flatnonzero(grown & there), before[~there[before]]


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


def _means(groups: _Groups, left: Rows, right: Rows, statements: _Statements, least: float) -> Scores:
    """The mean probability between the samples of each pair of groups; 0 if surely below ``least``."""
    import numpy as np

    result = np.zeros(len(left))
    for start in range(0, len(left), _BATCH):
        one = groups.samples[left[start : start + _BATCH]]
        other = groups.samples[right[start : start + _BATCH]]
        chosen = np.arange(len(one))
        at_most = statements.at_most
        if at_most is not None:
            bound = _mean(one, other, partial(at_most, least=least))
            chosen = np.flatnonzero(bound >= least - 10**-_DECIMALS)
        result[start + chosen] = _mean(one[chosen], other[chosen], statements.judge)
    rounded: Scores = result.round(_DECIMALS)
    return rounded


def _mean(one: Rows, other: Rows, judge: Judge) -> Scores:
    """The mean between the rows of ``one`` and ``other`` (-1: none), for each of their first axis."""
    import numpy as np

    there = (one[:, :, None] >= 0) & (other[:, None, :] >= 0)
    pair, here, yonder = np.nonzero(there)
    found = judge(one[pair, here], other[pair, yonder])
    means: Scores = np.bincount(pair, weights=found, minlength=len(one)) / there.sum(axis=(1, 2))
    return means


def _foremost(one: Rows, other: Rows, order: Rows) -> Rows:
    """The first rows, by their ``order``, of the two samples of each group."""
    import numpy as np

    both = np.concatenate([one, other], axis=1)
    ranks = np.where(both >= 0, order[both], len(order))
    foremost = np.argsort(ranks, axis=1, kind="stable")[:, :_SAMPLE]
    found: Rows = np.take_along_axis(both, foremost, axis=1)
    return found


def _summed(of: Rows, order: Rows) -> tuple[Rows, Rows]:
    """Sizes and samples of the groups."""
    import numpy as np

    ranked = np.lexsort((order, of))
    groups = of[ranked]
    starts = np.flatnonzero(np.diff(groups, prepend=-1))
    sizes = np.diff(np.concatenate([starts, [len(of)]])).astype(np.int64)
    place = np.arange(len(of)) - np.repeat(starts, sizes)
    samples = np.full((len(starts), _SAMPLE), -1, dtype=np.int64)
    within = place < _SAMPLE
    samples[groups[within], place[within]] = ranked[within]
    return sizes, samples
