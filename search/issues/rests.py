"""What each of two statements says in words that the other lacks, and how near the two rests are."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np
    import numpy.typing as npt

    Rows = npt.NDArray[np.int64]
    Array = npt.NDArray[np.float32]

__all__ = ["Rests"]

_PIECES: Final = 28  # of a statement, the weightiest, that are compared one by one
_LEAST: Final = 1e-6  # weight: less is that of pieces that training never met
_BATCH: Final = 512  # pairs whose pieces fit into the processor's cache


class Rests:
    """The pieces of statements, of which :meth:`put` says what they are.

    Of each statement the sum of its pieces is kept: less those that a pair shares, it is the rest.
    """

    def __init__(self, pieces: Array, count: int) -> None:
        """``pieces``: the vector of each piece of the vocabulary, the first of which is no piece."""
        import numpy as np

        self._pieces = pieces
        self._weights = np.linalg.norm(pieces, axis=1)
        self._numbers = np.zeros((count, _PIECES), dtype=np.int32)
        self._sums = np.zeros((count, pieces.shape[1]), dtype=np.float32)

    @property
    def numbers(self) -> npt.NDArray[np.int32]:
        """The pieces that are kept of each statement, then zeros."""
        return self._numbers

    def put(self, row: int, pieces: Sequence[int]) -> None:
        """The pieces of a statement; the weightiest of them are kept, each once.

        Those without weight are not: where nothing but one of them is left over, the rest is nothing.
        """
        numbers = [piece for piece in dict.fromkeys(pieces) if piece and self._weights[piece] > _LEAST]
        if len(numbers) > _PIECES:
            numbers = sorted(numbers, key=lambda piece: (-self._weights[piece], piece))[:_PIECES]
        # In one order: a pair's sums have the same last digits, whichever of the two comes first.
        numbers.sort()
        self._numbers[row, : len(numbers)] = numbers
        self._sums[row] = self._pieces[numbers].sum(axis=0)

    def compared(self, left: Rows, right: Rows) -> Array:
        """The cosine of the rests of each pair of rows; 0 where one says nothing of its own."""
        import numpy as np

        result = np.empty(len(left), dtype=np.float32)
        for start in range(0, len(left), _BATCH):
            span = slice(start, start + _BATCH)
            result[span] = self._compared(left[span], right[span])
        return result

    def _compared(self, left: Rows, right: Rows) -> Array:
        import numpy as np

        one, other = self._numbers[left], self._numbers[right]
        # No statement has a piece twice, so what stands twice in both is shared.
        both = np.sort(np.concatenate([one, other], axis=1), axis=1)
        shared = -np.sort(-np.where(both[:, 1:] == both[:, :-1], both[:, 1:], 0), axis=1)[:, :_PIECES]
        number = np.count_nonzero(shared, axis=1)
        common = self._summed(shared, number)
        first, second = self._sums[left] - common, self._sums[right] - common
        lengths = np.einsum("nd,nd->n", first, first) * np.einsum("nd,nd->n", second, second)
        near: Array = np.einsum("nd,nd->n", first, second) / np.sqrt(np.maximum(lengths, 1e-18))
        fewest = np.minimum(np.count_nonzero(one, axis=1), np.count_nonzero(other, axis=1))
        near[number == fewest] = 0
        return near

    def _summed(self, pieces: npt.NDArray[np.int32], number: Rows) -> Array:
        """The sum of the foremost ``number`` pieces of each row, in their order."""
        import numpy as np

        ranked = np.argsort(-number, kind="stable")
        pieces, number = pieces[ranked], number[ranked]
        total = np.zeros((len(pieces), self._pieces.shape[1]), dtype=np.float32)
        for place in range(int(number.max(initial=0))):
            rows = int(np.searchsorted(-number, -place))  # that have more
            total[:rows] += self._pieces[pieces[:rows, place]]
        result = np.empty_like(total)
        result[ranked] = total
        return result
