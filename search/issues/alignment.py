"""Two statements word by word: how far each has its like in the other, and what is left over.

Sums of vectors hide which words meet: 资金下达晚 and 拨款迟 agree word for word, 资金使用不规范 has 资金 in
common with the first and no more. So each piece looks for the nearest one of the other statement. What it
falls short of being the same counts as lacking there, by the weight of the piece.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    from fiscalgraph.search.issues.rests import Rests

    Rows = npt.NDArray[np.int64]
    Array = npt.NDArray[np.float32]

__all__ = ["ALIGNED", "Alignment"]

ALIGNED: Final = (
    "aligned_least",
    "aligned_most",
    "lacking_least",
    "lacking_most",
    "aligned_parts",
    "lacking_aligned_least",
    "lacking_aligned_most",
    "lacking_whole_least",
    "lacking_whole_most",
)
"""Of two statements, as the smaller and the larger of both sides: the share of its weight that has its like
in the other; the logarithm of the weight that lacks it; the cosine of what lacks it with what is aligned in
the other, and with the whole of the other. ``aligned_parts``: the cosine of the two aligned parts."""

_BATCH: Final = 128  # pairs whose vectors fit into the processor's cache
_STEP: Final = 4  # pieces: statements are taken to be so long, or twice so long …


class Alignment:
    """Aligns the pieces of statements that are kept in ``rests``."""

    def __init__(self, pieces: Array, rests: Rests) -> None:
        """``pieces``: the vector of each piece of the vocabulary; its length is the piece's weight."""
        import numpy as np

        self._pieces, self._rests = pieces, rests
        self._weights = np.linalg.norm(pieces, axis=1)
        dimension = pieces.shape[1]
        self._vectors = np.empty((2, _BATCH * rests.numbers.shape[1], dimension), dtype=np.float32)
        self._parts = np.empty((2, _BATCH, 3, dimension), dtype=np.float32)

    def compared(self, left: Rows, right: Rows) -> Array:
        """The :data:`ALIGNED` of each pair of rows."""
        import numpy as np

        numbers = self._rests.numbers
        result = np.empty((len(left), len(ALIGNED)), dtype=np.float32)
        longest = np.maximum((numbers[left] > 0).sum(axis=1), (numbers[right] > 0).sum(axis=1))
        # The last digits of a product depend on its shape: that of a pair is its own, whatever else is asked.
        widths = np.minimum(-(-np.maximum(longest, 1) // _STEP) * _STEP, numbers.shape[1])
        for width in np.unique(widths).tolist():
            pairs = np.flatnonzero(widths == width)
            for start in range(0, len(pairs), _BATCH):
                some = pairs[start : start + _BATCH]
                result[some] = self._compared(numbers[left[some], :width], numbers[right[some], :width])
        return result

    def _compared(self, one: npt.NDArray[np.int32], other: npt.NDArray[np.int32]) -> Array:
        import numpy as np

        count, width = one.shape
        # Memory that is used again: new memory takes longer than all that is done with it.
        vectors = self._vectors[:, : count * width].reshape(2, count, width, -1)
        parts = self._parts[:, :count]
        for numbers, own in zip((one, other), vectors, strict=True):
            np.take(self._pieces, numbers, axis=0, out=own, mode="clip")
        weights = self._weights[one], self._weights[other]
        # Places without a piece have no vector, and so no likeness.
        likeness = np.matmul(vectors[0], vectors[1].transpose(0, 2, 1))
        likeness /= np.maximum(weights[0][:, :, None] * weights[1][:, None, :], 1e-9)
        shares, lacking = [], []
        for side, best in enumerate((likeness.max(axis=2), likeness.max(axis=1))):
            best = np.clip(best, 0, 1)
            total = np.maximum(weights[side].sum(axis=1), 1e-9)
            aligned = (weights[side] * best).sum(axis=1)
            shares.append(aligned / total)
            lacking.append(np.log1p(np.maximum(total - aligned, 0)))
            both = np.stack([best, 1 - best], axis=1)
            np.matmul(both, vectors[side], out=parts[side][:, :2])  # what is aligned, and what lacks its like
            np.add(parts[side][:, 0], parts[side][:, 1], out=parts[side][:, 2])
        products = np.matmul(parts[0], parts[1].transpose(0, 2, 1))
        lengths = np.maximum(np.sqrt(np.einsum("snpd,snpd->snp", parts, parts)), 1e-6)
        products /= lengths[0][:, :, None] * lengths[1][:, None, :]
        columns = [
            extreme(*pair)
            for pair in (
                shares,
                lacking,
                (products[:, 1, 0], products[:, 0, 1]),
                (products[:, 1, 2], products[:, 2, 1]),
            )
            for extreme in (np.minimum, np.maximum)
        ]
        return np.stack([*columns[:4], products[:, 0, 0], *columns[4:]], axis=1)
