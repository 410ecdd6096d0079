"""Which statements are near enough to be compared, without comparing all with all."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    Vectors = npt.NDArray[np.float32]
    Rows = npt.NDArray[np.int64]

__all__ = ["EXACT_UP_TO", "near_pairs"]

EXACT_UP_TO = 20_000
"""So many vectors are each compared with all; above, with those in the nearest of many cells."""

_CELLS_LOOKED_AT = 8
_TRAINED_ON = 64  # vectors for each cell
_BATCH = 16_384


def near_pairs(vectors: Vectors, k: int, asked: Rows | None = None) -> tuple[Rows, Rows]:
    """The pairs (first < second, each once, in order) where one is among the ``k`` nearest of the other.

    ``asked``: only the neighbours of these rows. Zero vectors (no known word) have none.
    """
    import numpy as np

    count = len(vectors)
    asked = np.arange(count, dtype=np.int64) if asked is None else asked
    asked = asked[vectors[asked].any(axis=1)]
    if count < 2 or not len(asked):
        return np.empty(0, dtype=np.int64), np.empty(0, dtype=np.int64)
    index = _index(vectors)
    keys = []
    for start in range(0, len(asked), _BATCH):
        rows = asked[start : start + _BATCH]
        near = index.search(np.ascontiguousarray(vectors[rows], dtype=np.float32), min(k + 1, count))[1]
        one = np.repeat(rows, near.shape[1])
        other = near.ravel().astype(np.int64)
        kept = (other >= 0) & (other != one)
        one, other = one[kept], other[kept]
        keys.append(np.minimum(one, other) * count + np.maximum(one, other))
    left, right = np.divmod(np.unique(np.concatenate(keys)), count)
    return left, right


def _index(vectors: Vectors) -> Any:
    import faiss
    import numpy as np

    vectors = np.ascontiguousarray(vectors, dtype=np.float32)
    count, dimension = vectors.shape
    if count <= EXACT_UP_TO:
        index: Any = faiss.IndexFlatIP(dimension)
        index.add(vectors)
        return index
    cells = int(4 * count**0.5)
    index = faiss.IndexIVFFlat(faiss.IndexFlatIP(dimension), dimension, cells, faiss.METRIC_INNER_PRODUCT)
    step = max(1, count // (_TRAINED_ON * cells))
    index.train(vectors[::step])
    index.add(vectors)
    index.nprobe = _CELLS_LOOKED_AT
    return index
