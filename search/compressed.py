"""Many vectors in little space: FAISS' product quantisation, read in one sweep by its fast scan.

Each pair of dimensions is one of sixteen values, four bits; a million vectors of 256 dimensions are 64 MB,
which one core reads in a few milliseconds. The codes only choose candidates: these are then compared
exactly. How many must be compared is measured when the codes are made (:attr:`Compressed.recall`).

Only arrays are kept (:data:`FILES`); the FAISS index is put together from them when it is opened. A FAISS
index file is never read: such files are not safe to load from elsewhere.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    Vectors = npt.NDArray[np.float32]
    Rows = npt.NDArray[np.int64]

__all__ = ["FILES", "RECALL", "Compressed", "compress"]

FILES = ("code_values.npy", "codes.npy")
RECALL = 0.99
"""What comparing the candidates must find of the ten true neighbours, on a sample."""
_CUT = 10
_COMPARED = 1000  # candidates at first; doubled until the recall is reached
_COMPARED_AT_MOST = 8000
_DIMENSIONS, _BITS = 2, 4  # of a code
_BLOCK = 32  # vectors that lie together
_LEARNT_FROM = 8192  # vectors; sixteen values are learnt from few
_ASKED = 128  # texts, and as many points halfway between two texts, which are farther from their neighbours
_CHUNK = 65_536


@dataclass(frozen=True)
class Compressed:
    """``count`` vectors as codes in FAISS' order of blocks, and the values that the codes stand for.

    If ``compared`` candidates are compared exactly, ``recall`` (0 to 1) of the ten nearest are found.
    """

    values: Vectors
    codes: npt.NDArray[np.uint8]
    count: int
    compared: int
    recall: float

    def candidates(self, query: Vectors, k: int) -> Rows:
        """The ``k`` rows whose codes are nearest to ``query``, nearest first."""
        import numpy as np

        asked = np.ascontiguousarray(query.reshape(1, -1), dtype=np.float32)
        rows: Rows = self._index.search(asked, min(k, self.count))[1][0]
        return rows[rows >= 0]

    @cached_property
    def _index(self) -> Any:
        import faiss
        import numpy as np

        parts, _, width = self.values.shape
        index: Any = faiss.IndexPQFastScan(parts * width, parts, _BITS, faiss.METRIC_INNER_PRODUCT)
        faiss.copy_array_to_vector(np.ascontiguousarray(self.values).ravel(), index.pq.centroids)
        faiss.copy_array_to_AlignedTable(np.ascontiguousarray(self.codes), index.codes)
        index.is_trained = True
        index.ntotal = self.count
        index.ntotal2 = -(-self.count // _BLOCK) * _BLOCK
        return index


def codes_size(count: int, parts: int) -> int:
    """The bytes of the codes of ``count`` vectors of so many parts."""
    return -(-count // _BLOCK) * _BLOCK * (parts + parts % 2) // 2


def compress(vectors: Vectors) -> Compressed | None:
    """The codes of ``vectors``; ``None`` where they find too little even with many candidates.

    Equal vectors give equal codes.
    """
    import faiss
    import numpy as np

    count, dimension = vectors.shape
    if dimension % _DIMENSIONS:
        return None
    parts = dimension // _DIMENSIONS
    rng = np.random.default_rng(0)
    learnt_from = np.sort(rng.choice(count, min(count, _LEARNT_FROM), replace=False))
    index: Any = faiss.IndexPQFastScan(dimension, parts, _BITS, faiss.METRIC_INNER_PRODUCT)
    index.train(np.ascontiguousarray(vectors[learnt_from], dtype=np.float32))
    for start in range(0, count, _CHUNK):
        index.add(np.ascontiguousarray(vectors[start : start + _CHUNK], dtype=np.float32))
    values = faiss.vector_to_array(index.pq.centroids).reshape(parts, 1 << _BITS, _DIMENSIONS)
    made = Compressed(values, faiss.vector_to_array(index.codes), count, _COMPARED, 0.0)
    del index
    asked = _questions(vectors, rng)
    tenth = _tenth(vectors, asked)
    compared = _COMPARED
    while compared <= _COMPARED_AT_MOST:
        recall = _recall(made, vectors, asked, tenth, compared)
        if recall >= RECALL:
            return replace(made, compared=compared, recall=round(recall, 4))
        compared *= 2
    return None


def _questions(vectors: Vectors, rng: np.random.Generator) -> Vectors:
    """Unit vectors to measure with: some of the texts, and points between two of them."""
    import numpy as np

    drawn = np.asarray(vectors[np.sort(rng.choice(len(vectors), 2 * _ASKED, replace=False))])
    rng.shuffle(drawn)
    between = drawn[:_ASKED] + drawn[_ASKED:]
    asked = np.concatenate([drawn[:_ASKED], between])
    length = np.linalg.norm(asked, axis=1, keepdims=True)
    return np.ascontiguousarray(asked[length[:, 0] > 0.1] / length[length[:, 0] > 0.1], dtype=np.float32)


def _tenth(vectors: Vectors, asked: Vectors) -> Vectors:
    """The similarity of the tenth nearest of all vectors to each question."""
    import numpy as np

    best = np.full((len(asked), _CUT), -2.0, dtype=np.float32)
    for start in range(0, len(vectors), _CHUNK):
        similarity = asked @ vectors[start : start + _CHUNK].T
        both = np.concatenate([best, similarity], axis=1)
        best = np.partition(both, -_CUT, axis=1)[:, -_CUT:]
    least: Vectors = best.min(axis=1)
    return least


def _recall(made: Compressed, vectors: Vectors, asked: Vectors, tenth: Vectors, compared: int) -> float:
    """The share of the ten nearest that are found; what is as near as the tenth counts as one of them."""
    found = 0
    for query, least in zip(asked, tenth, strict=True):
        similarity = vectors[made.candidates(query, compared)] @ query
        found += min(int((similarity >= least - 1e-5).sum()), _CUT)
    return found / (_CUT * len(asked))
