"""Which of the issues written for training a statement resembles (``search/training/paraphrases``).

Two departments put one cause into words that have nothing in common, and a cosine sees little of that. But
each of the two may be near what was written of one issue, in many words: then they share that issue.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Final

from fiscalgraph.search.encoder import DEFAULT_MODEL, StaticEncoder, read_tensors
from fiscalgraph.search.errors import ModelError

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    Rows = npt.NDArray[np.int64]
    Array = npt.NDArray[np.float32]

__all__ = ["STATED_ISSUES_FILE", "Stated", "StatedIssues", "stated_issues"]

STATED_ISSUES_FILE: Final = "stated_issues.safetensors"

_KEPT: Final = 16
"""Issues of a statement that are compared, the likest."""

_MOST: Final = 2**16  # issues: their numbers are kept in sixteen bits

_BATCH: Final = 256  # vectors that are compared with all issues at once

_SHARPNESS: Final = 0.03
"""Of the softmax over all issues: a clause that is nearer to one by so much resembles it e times as much."""


@dataclass(frozen=True)
class StatedIssues:
    """The mean vector of each issue, by one model; ``fingerprint`` names the file they are read from."""

    vectors: Array
    fingerprint: str


@cache
def stated_issues(folder: Path = DEFAULT_MODEL) -> StatedIssues:
    """The issues kept beside a model. Raises :class:`ModelError` when they are not there or damaged."""
    import hashlib

    import numpy as np

    file = folder / STATED_ISSUES_FILE
    tensors = read_tensors(file)
    shapes = [tensors[name].shape for name in ("weights", "embeddings") if name in tensors]
    if [len(shape) for shape in shapes] != [1, 2] or not 0 < shapes[0][0] == shapes[1][0] <= _MOST:
        raise ModelError(
            f"written issues {file}",
            f"its tensors are {sorted(tensors)} of shapes {shapes}",
            "Install again, or train the model again",
        )
    vectors = tensors["weights"][:, None] * tensors["embeddings"].astype(np.float32)
    return StatedIssues(vectors, hashlib.sha256(file.read_bytes()).hexdigest()[:16])


class Stated:
    """What each of ``count`` statements resembles, and how far two resemble the same."""

    def __init__(self, encoder: StaticEncoder, count: int) -> None:
        import numpy as np

        self._encoder = encoder
        self._issues = stated_issues(encoder.folder).vectors
        # The number of an issue and, in the lower half, the root of its share: sixteen bits each.
        self._resembled = np.zeros((count, _KEPT), dtype=np.uint32)

    def put(self, rows: Rows, parts: Sequence[Sequence[str]]) -> None:
        """The statements of these rows have these parts: each counts for the issues that it is likest."""
        import numpy as np

        number: dict[str, int] = {}
        own = np.array([number.setdefault(part, len(number)) for each in parts for part in each])
        owner = np.repeat(np.arange(len(rows)), [len(each) for each in parts])
        likest, shares = self._likest(self._encoder.encode(list(number)))
        owner = np.repeat(owner, likest.shape[1])
        issue, share = likest[own].ravel(), shares[own].ravel()
        # Of each statement and issue the largest share, then of each statement the largest of those.
        ranked = np.lexsort((-share, issue, owner))
        ranked = ranked[_first_of(owner[ranked] * len(self._issues) + issue[ranked])]
        ranked = ranked[np.lexsort((issue[ranked], -share[ranked], owner[ranked]))]
        starts = np.flatnonzero(_first_of(owner[ranked]))
        place = np.arange(len(ranked)) - np.repeat(starts, np.diff(np.append(starts, len(ranked))))
        ranked, place = ranked[place < _KEPT], place[place < _KEPT]
        roots = np.sqrt(share[ranked]).astype(np.float16).view(np.uint16)
        self._resembled[rows[owner[ranked]], place] = (issue[ranked].astype(np.uint32) << 16) | roots

    def _likest(self, vectors: Array) -> tuple[Rows, Array]:
        """The issues that each vector is likest, and its shares of them."""
        import numpy as np

        kept = min(_KEPT, len(self._issues))
        numbers = np.empty((len(vectors), kept), dtype=np.int64)
        shares = np.empty((len(vectors), kept), dtype=np.float32)
        for span, likeness in self._likenesses(vectors):
            all_shares = np.exp((likeness - likeness.max(axis=1, keepdims=True)) / _SHARPNESS)
            all_shares /= all_shares.sum(axis=1, keepdims=True)
            numbers[span] = np.argpartition(-likeness, kept - 1, axis=1)[:, :kept]
            shares[span] = np.take_along_axis(all_shares, numbers[span], axis=1)
        return numbers, shares

    def nearest(self, vectors: Array) -> Array:
        """The cosine of each vector with the issue that it is likest."""
        import numpy as np

        found = np.empty(len(vectors), dtype=np.float32)
        for span, likeness in self._likenesses(vectors):
            found[span] = likeness.max(axis=1)
        return found

    def _likenesses(self, vectors: Array) -> Iterator[tuple[slice, Array]]:
        """The cosines of the vectors (rows) with all issues (columns), some rows at a time."""
        import numpy as np

        batch = np.zeros((_BATCH, vectors.shape[1]), dtype=np.float32)
        for start in range(0, len(vectors), _BATCH):
            span = slice(start, min(start + _BATCH, len(vectors)))
            # Always as many at a time: the last digits of a product depend on what shape it has.
            batch[: span.stop - start] = vectors[span]
            yield span, (batch @ self._issues.T)[: span.stop - start]

    def compared(self, left: Rows, right: Rows) -> Array:
        """The sum of the geometric means of what two statements resemble each issue."""
        import numpy as np

        both = np.sort(np.concatenate([self._resembled[left], self._resembled[right]], axis=1), axis=1)
        number, roots = both >> 16, both.astype(np.uint16).view(np.float16).astype(np.float32)
        same = number[:, 1:] == number[:, :-1]
        shared: Array = np.einsum("ni,ni,ni->n", roots[:, 1:], roots[:, :-1], same.astype(np.float32))
        return shared


def _first_of(groups: Rows) -> npt.NDArray[np.bool_]:
    """Which of these numbers, equal ones side by side, are the first of their kind."""
    import numpy as np

    first: npt.NDArray[np.bool_] = np.diff(groups, prepend=-1) != 0
    return first
