"""What each of two statements says in words that the other lacks, and how near the two rests are."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np
    import numpy.typing as npt

    Rows = npt.NDArray[np.int64]
    Array = npt.NDArray[np.float32]

__all__ = ["Rests"]

_PIECES: Final = 28  # of a statement, the weightiest, that are compared one by one
_BATCH: Final = 256  # pairs whose pieces fit into the processor's cache
_HALF: Final = 2.0**-10  # twice the relative error of a number of sixteen bits
_SLACK: Final = 1e-4  # of sums of numbers of thirty-two bits, amply


class Rests:
    """The pieces of statements, of which :meth:`put` says what they are.

    A pair takes the vectors of all pieces that its two statements do not share. For many pairs that is
    too much: :meth:`nearly` takes the sum of a statement's pieces less the shared ones.
    """

    def __init__(self, pieces: Array, count: int) -> None:
        """``pieces``: the vector of each piece of the vocabulary, the first of which is no piece."""
        import numpy as np

        self._pieces = pieces
        self._weights = np.linalg.norm(pieces, axis=1)
        self._numbers = np.zeros((count, _PIECES), dtype=np.int32)
        self._sums = np.zeros((count, pieces.shape[1]), dtype=np.float16)
        self._lengths = np.zeros(count, dtype=np.float32)
        self._places = np.zeros(len(pieces), dtype=np.int64)

    def put(self, row: int, pieces: Sequence[int]) -> None:
        """The pieces of a statement; the weightiest of them are kept, each once."""
        import numpy as np

        numbers = list(dict.fromkeys(filter(None, pieces)))
        if len(numbers) > _PIECES:
            numbers = sorted(numbers, key=lambda piece: (-self._weights[piece], piece))[:_PIECES]
        self._numbers[row, : len(numbers)] = numbers
        total = self._pieces[numbers].sum(axis=0)
        self._sums[row] = total
        self._lengths[row] = np.sqrt(total @ total)

    def compared(self, left: Rows, right: Rows) -> Array:
        """The cosine of the rests of each pair of rows; 0 where one says nothing of its own."""
        import numpy as np

        result = np.empty(len(left), dtype=np.float32)
        for start in range(0, len(left), _BATCH):
            span = slice(start, start + _BATCH)
            one, other = self._numbers[left[span]], self._numbers[right[span]]
            shared = one[:, :, None] == other[:, None, :]
            first = self._summed(one, (one > 0) & ~shared.any(axis=2))
            second = self._summed(other, (other > 0) & ~shared.any(axis=1))
            lengths = np.linalg.norm(first, axis=1) * np.linalg.norm(second, axis=1)
            result[span] = np.einsum("nd,nd->n", first, second) / np.maximum(lengths, 1e-9)
        return result

    def _summed(self, numbers: npt.NDArray[np.int32], chosen: npt.NDArray[np.bool_]) -> Array:
        """The sum of the chosen pieces of each row, in their order."""
        import numpy as np

        most = int(chosen.sum(axis=1).max(initial=0))
        foremost = np.argsort(~chosen, axis=1, kind="stable")[:, :most]
        kept = np.take_along_axis(chosen, foremost, axis=1).astype(np.float32)
        vectors = self._pieces[np.take_along_axis(numbers, foremost, axis=1)]
        total: Array = np.einsum("ni,nid->nd", kept, vectors)
        return total

    def nearly(self, left: Rows, right: Rows) -> tuple[Array, Array]:
        """About what :meth:`compared` gives, and by how much at most it may be more."""
        import numpy as np

        near, error = np.empty(len(left), dtype=np.float32), np.empty(len(left), dtype=np.float32)
        ranked = np.argsort(left, kind="stable")
        starts = np.flatnonzero(np.diff(left[ranked], prepend=-1))
        for start, end in pairwise([*starts.tolist(), len(left)]):
            pairs = ranked[start:end]
            near[pairs], error[pairs] = self._nearly(int(left[pairs[0]]), right[pairs])
        return near, error

    def _nearly(self, row: int, others: Rows) -> tuple[Array, Array]:
        import numpy as np

        own = self._numbers[row]
        own = own[own > 0]
        vectors = self._pieces[own]
        self._places[own] = np.arange(1, len(own) + 1)
        shared = self._places[self._numbers[others]]
        self._places[own] = 0
        alone = np.ones((len(others), len(own) + 1), dtype=np.float32)
        alone[np.arange(len(others))[:, None], shared] = 0
        first = alone[:, 1:] @ vectors
        second = first + (self._sums[others].astype(np.float32) - vectors.sum(axis=0))
        lengths = np.sqrt(np.einsum("nd,nd->n", first, first)), np.sqrt(np.einsum("nd,nd->n", second, second))
        near = np.einsum("nd,nd->n", first, second) / np.maximum(lengths[0] * lengths[1], 1e-9)
        error = (_HALF * self._lengths[others] + _SLACK * self._lengths[row]) / np.maximum(lengths[1], 1e-9)
        return near, error + _SLACK
