"""Which of the issues written for training a statement resembles (``search/training/paraphrases``).

Two departments put one cause into words that have nothing in common, and a cosine sees little of that. But
each of the two may be near what was written of one issue, in many words: then they share that issue.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Final

from fiscalgraph.search.encoder import DEFAULT_MODEL, StaticEncoder, read_tensors

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    Rows = npt.NDArray[np.int64]
    Array = npt.NDArray[np.float32]

__all__ = ["STATED_ISSUES_FILE", "Stated", "StatedIssues", "stated_issues"]

STATED_ISSUES_FILE: Final = "stated_issues.safetensors"

_KEPT: Final = 16
"""Issues of a statement that are compared, the likest."""

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
    vectors = tensors["weights"][:, None] * tensors["embeddings"].astype(np.float32)
    return StatedIssues(vectors, hashlib.sha256(file.read_bytes()).hexdigest()[:16])


class Stated:
    """What each of ``count`` statements resembles, and how far two resemble the same."""

    def __init__(self, encoder: StaticEncoder, count: int) -> None:
        import numpy as np

        self._encoder = encoder
        self._issues = stated_issues(encoder.folder).vectors
        self._numbers = np.full((count, _KEPT), -1, dtype=np.int16)
        self._roots = np.zeros((count, _KEPT), dtype=np.float16)  # of the shares

    def put(self, rows: Rows, parts: Sequence[Sequence[str]]) -> None:
        """The statements of these rows have these parts: each counts for the issue that it is likest."""
        number: dict[str, int] = {}
        compared = [[number.setdefault(part, len(number)) for part in own] for own in parts]
        vectors = self._encoder.encode(list(number))
        for row, own in zip(rows.tolist(), compared, strict=True):
            # Statement by statement: the last digits of a product depend on what else is in it.
            self._put(row, vectors[own] @ self._issues.T)

    def _put(self, row: int, likeness: Array) -> None:
        import numpy as np

        shares = np.exp((likeness - likeness.max(axis=1, keepdims=True)) / _SHARPNESS)
        shares /= shares.sum(axis=1, keepdims=True)
        largest = shares.max(axis=0)
        likest = np.flatnonzero(largest >= np.partition(largest, -_KEPT)[-_KEPT])
        kept = likest[np.argsort(-largest[likest], kind="stable")[:_KEPT]]
        self._numbers[row] = kept
        self._roots[row] = np.sqrt(largest[kept])

    def compared(self, left: Rows, right: Rows) -> Array:
        """The sum of the geometric means of what two statements resemble each issue."""
        import numpy as np

        same = self._numbers[left][:, :, None] == self._numbers[right][:, None, :]
        one, other = self._roots[left].astype(np.float32), self._roots[right].astype(np.float32)
        shared: Array = np.einsum("ni,nij,nj->n", one, same, other)
        return shared
