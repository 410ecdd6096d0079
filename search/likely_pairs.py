"""Which statements of a side are likely to state the same, found once and kept from build to build.

Up to :data:`AFRESH_UP_TO` statements, all are compared in each build, and a link depends on nothing but the
documents. Above, pairs that are known are taken over, and only new statements are compared with their
neighbours, as long as they are less than a tenth.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final
from zipfile import BadZipFile

from fiscalgraph.search.issues.model import IssueParameters
from fiscalgraph.search.issues.neighbours import near_pairs

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    from fiscalgraph.search.issues.compared import ComparedSide

    Rows = npt.NDArray[np.int64]
    Scores = npt.NDArray[np.float64]
    Digests = npt.NDArray[np.uint64]

__all__ = ["AFRESH_UP_TO", "FILE", "LikelyPairs", "likely_pairs"]

FILE: Final = "likely_pairs"
"""The files of a generation that keep the pairs begin with this, and with the side."""

AFRESH_UP_TO: Final = IssueParameters().afresh_up_to
"""So many statements of a side are compared anew in each build, as issues are found anew."""

_DECIMALS: Final = 4
_MOST_NEW: Final = 0.1
_ROUNDED: Final = 10**-_DECIMALS  # so far below the least score one may be, and be it when rounded


@dataclass(frozen=True, slots=True)
class LikelyPairs:
    """The pairs among the statements with these ``digests`` (in order), by their numbers therein.
    ``made_by`` names the model, the weights and the bounds."""

    made_by: str
    digests: Digests
    left: Rows
    right: Rows
    scores: Scores

    def save(self, file: Path) -> None:
        """Keep the pairs for the next build; equal pairs, in whatever order, give equal bytes."""
        import numpy as np

        first, second = np.minimum(self.left, self.right), np.maximum(self.left, self.right)
        ranked = np.lexsort((second, first))
        np.savez(
            file,
            made_by=np.array(self.made_by),
            digests=self.digests,
            left=first[ranked].astype(np.int32),
            right=second[ranked].astype(np.int32),
            scores=self.scores[ranked],
        )

    @classmethod
    def read(cls, file: Path, made_by: str) -> LikelyPairs | None:
        """What :meth:`save` kept; ``None`` where there is nothing, or it was made by something else."""
        import numpy as np

        try:
            with file.open("rb") as opened, np.load(opened, allow_pickle=False) as kept:
                if str(kept["made_by"]) != made_by:
                    return None
                left, right = kept["left"].astype(np.int64), kept["right"].astype(np.int64)
                found = cls(made_by, kept["digests"], left, right, kept["scores"])
        except (OSError, EOFError, ValueError, KeyError, BadZipFile):
            return None  # there is none, or another version's: all are compared anew
        return found


def likely_pairs(
    side: ComparedSide, neighbours: int, least: float, before: Path | None = None, after: Path | None = None
) -> tuple[Rows, Rows, Scores]:
    """The pairs of statements, by their numbers, of which one is among the nearest ``neighbours`` of the
    other and whose probability to state the same, four decimals, is ``least`` or more.

    ``before`` is the folder of the last build, and ``after`` where to keep what the next one is to know.
    """
    import numpy as np

    named = f"{FILE}-{side.side}.npz"
    made_by = f"{side.model} {side.judge.made_by} {neighbours} {least}"
    digests = np.array([int(each.digest, 16) for each in side.statements], dtype=np.uint64)
    place = np.argsort(digests, kind="stable")
    digests = digests[place]
    many = len(digests) > AFRESH_UP_TO
    known = LikelyPairs.read(before / named, made_by) if many and before is not None else None
    asked = None
    old, scores = np.empty((0, 2), dtype=np.int64), np.empty(0)
    if known is not None:
        fresh = ~np.isin(digests, known.digests, assume_unique=True)
        if fresh.mean() < _MOST_NEW:
            asked = np.sort(place[fresh])
            there = np.isin(known.digests, digests, assume_unique=True)
            kept = there[known.left] & there[known.right]
            pairs = np.stack([known.left[kept], known.right[kept]], axis=1)
            old, scores = place[np.searchsorted(digests, known.digests[pairs])], known.scores[kept]
    left, right = near_pairs(side.vectors, neighbours, asked)
    judged = side.judge.probabilities_from(least - _ROUNDED, left, right).round(_DECIMALS)
    likely = judged >= least
    left, right = np.concatenate([old[:, 0], left[likely]]), np.concatenate([old[:, 1], right[likely]])
    scores = np.concatenate([scores, judged[likely]])
    if many and after is not None:
        rank = np.empty_like(place)
        rank[place] = np.arange(len(place))
        LikelyPairs(made_by, digests, rank[left], rank[right], scores).save(after / named)
    return left, right, scores
