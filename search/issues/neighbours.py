"""Which statements, or groups of them, are near enough to be compared, without comparing all with all."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    Vectors = npt.NDArray[np.float32]
    Rows = npt.NDArray[np.int64]

__all__ = ["EXACT_UP_TO", "Neighbourhood", "near_pairs", "neighbourhood", "pairs_near"]

EXACT_UP_TO = 20_000
"""So many vectors are each compared with all, or fewer with more. Where that would be more work, each is
compared with those in the nearest of many cells."""

_CELLS = 2  # times the square root of the number of vectors
_CELLS_LOOKED_AT = 8
_TRAINED_ON = 64  # vectors for each cell
_BATCH = 16_384
_GONE = 64  # vectors that are passed over, until all others are copied


class Neighbourhood(Protocol):
    """Vectors with numbers, which may be taken out and changed."""

    def replace(self, gone: Rows, changed: Rows, vectors: Vectors) -> None:
        """Take the numbers ``gone`` out, and give those ``changed`` other ``vectors``."""

    def nearest(self, vectors: Vectors, k: int) -> Rows:
        """The numbers of the ``k`` nearest of each of ``vectors``, the nearest first (-1: none)."""


def neighbourhood(vectors: Vectors, asked: int) -> Neighbourhood:
    """These vectors, numbered from 0; neighbours will be asked for ``asked`` at a time, or fewer.

    It may change ``vectors``.
    """
    return _All(vectors) if asked * len(vectors) <= EXACT_UP_TO**2 else _Cells(vectors)


def near_pairs(vectors: Vectors, k: int, asked: Rows | None = None) -> tuple[Rows, Rows]:
    """The pairs (first < second, each once, in order) where one is among the ``k`` nearest of the other.

    ``asked``: only the neighbours of these rows. Zero vectors (no known word) have none.
    """
    import numpy as np

    asked = np.arange(len(vectors), dtype=np.int64) if asked is None else asked
    return pairs_near(neighbourhood(vectors, len(asked)), asked, vectors[asked], k, len(vectors))


def pairs_near(held: Neighbourhood, asked: Rows, vectors: Vectors, k: int, count: int) -> tuple[Rows, Rows]:
    """:func:`near_pairs` for the numbers ``asked``, which have these ``vectors``, of ``count`` in all."""
    import numpy as np

    known = np.flatnonzero(vectors.any(axis=1))
    keys = []
    for start in range(0, len(known) if count > 1 else 0, _BATCH):
        rows = known[start : start + _BATCH]
        near = held.nearest(np.ascontiguousarray(vectors[rows], dtype=np.float32), min(k + 1, count))
        one, other = np.repeat(asked[rows], near.shape[1]), near.ravel()
        kept = (other >= 0) & (other != one)
        one, other = one[kept], other[kept]
        keys.append(_distinct(np.minimum(one, other) * count + np.maximum(one, other)))
    if not keys:
        return np.empty(0, dtype=np.int64), np.empty(0, dtype=np.int64)
    left, right = np.divmod(_distinct(np.concatenate(keys)), count)
    return left, right


def _distinct(keys: Rows) -> Rows:
    """Each number once, in order. (Sorting many integers is faster than what ``numpy.unique`` does.)"""
    import numpy as np

    keys = np.sort(keys)
    distinct: Rows = keys[np.diff(keys, prepend=-1) != 0]
    return distinct


class _All:
    """Each is compared with all."""

    def __init__(self, vectors: Vectors) -> None:
        import numpy as np

        self._numbers = np.arange(len(vectors), dtype=np.int64)
        self._vectors = np.ascontiguousarray(vectors, dtype=np.float32)
        self._there = np.ones(len(vectors), dtype=np.bool_)

    def replace(self, gone: Rows, changed: Rows, vectors: Vectors) -> None:
        import numpy as np

        self._there[np.searchsorted(self._numbers, gone)] = False
        self._vectors[np.searchsorted(self._numbers, changed)] = vectors

    def nearest(self, vectors: Vectors, k: int) -> Rows:
        import faiss
        import numpy as np

        gone = int(np.count_nonzero(~self._there))
        if gone > _GONE:
            self._numbers, self._vectors = self._numbers[self._there], self._vectors[self._there]
            self._there, gone = np.ones(len(self._numbers), dtype=np.bool_), 0
        wanted = min(k, len(self._numbers) - gone)
        near = faiss.knn(vectors, self._vectors, wanted + gone, metric=faiss.METRIC_INNER_PRODUCT)[1]
        # Those that are there, in their order, before those that are gone.
        first = np.argsort(~self._there[near], axis=1, kind="stable")[:, :wanted]
        found: Rows = self._numbers[np.take_along_axis(near, first, axis=1)]
        return found


class _Cells:
    """Each is compared with those in the cells nearest to it; a component of a vector takes one byte."""

    def __init__(self, vectors: Vectors) -> None:
        import faiss
        import numpy as np

        vectors = np.ascontiguousarray(vectors, dtype=np.float32)
        count, dimension = vectors.shape
        cells = int(_CELLS * count**0.5)
        self._middles = faiss.IndexFlatIP(dimension)
        self._index: Any = faiss.IndexIVFScalarQuantizer(
            self._middles, dimension, cells, faiss.ScalarQuantizer.QT_8bit, faiss.METRIC_INNER_PRODUCT
        )
        self._index.train(vectors[:: max(1, count // (_TRAINED_ON * cells))])
        self._index.add(vectors)
        self._index.nprobe = _CELLS_LOOKED_AT

    def replace(self, gone: Rows, changed: Rows, vectors: Vectors) -> None:
        import faiss
        import numpy as np

        self._index.remove_ids(faiss.IDSelectorBatch(np.concatenate([gone, changed])))
        self._index.add_with_ids(np.ascontiguousarray(vectors, dtype=np.float32), changed)

    def nearest(self, vectors: Vectors, k: int) -> Rows:
        import numpy as np

        closeness, cells = self._middles.search(vectors, _CELLS_LOOKED_AT)
        # Those of one cell one after the other: what they are compared with is at hand then.
        ranked = np.argsort(cells[:, 0], kind="stable")
        result = np.empty((len(vectors), k), dtype=np.int64)
        result[ranked] = self._index.search_preassigned(vectors[ranked], k, cells[ranked], closeness[ranked])[
            1
        ]
        return result
