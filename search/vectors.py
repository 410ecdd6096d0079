"""Nearest neighbours with FAISS, and the files that vectors are kept in.

Vectors are kept as a plain array with a manifest that names the model; what FAISS needs is made from
the array when it is opened. A FAISS index file is never read: such files are not safe to load from
elsewhere. Up to :data:`EXACT_UP_TO` texts a search is exact: of vectors rounded to bytes it is proven which
can be the nearest (:mod:`fiscalgraph.search.rounded`), and these are compared exactly. Above, candidates are
chosen by codes of a few bits (:mod:`fiscalgraph.search.compressed`); how many of the nearest are found so is
measured when the index is built.
"""

from __future__ import annotations

from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from fiscalgraph.search.compressed import FILES, Compressed, codes_size, compress
from fiscalgraph.search.errors import IndexUnusable, ModelMismatch
from fiscalgraph.search.rounded import Rounded

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    Vectors = npt.NDArray[np.float32]
    Mask = npt.NDArray[np.bool_]
    Rows = npt.NDArray[np.int64]

__all__ = [
    "EXACT_UP_TO",
    "VectorIndex",
    "check_model",
    "compressed_if_many",
    "load_compressed",
    "load_vectors",
    "save_vectors",
]

VECTORS_FILE = "vectors.npy"

EXACT_UP_TO = 200_000
"""So many texts are compared one by one: some milliseconds."""
_FEW = 20_000  # texts that a filter admits, of which each is compared without an index
_WORTH_CHOOSING = 4  # to compare more than this part of them singly takes longer than to compare all
_SPARE = 512  # rows looked at beyond three times as many as are wanted, which nearly always prove enough
_SINGLE = 1e-5  # more than the order of adding can make of a similarity


class VectorIndex:
    """Inner-product search over unit vectors (cosine similarity), with an exact filter."""

    def __init__(self, vectors: Vectors, compressed: Compressed | None = None) -> None:
        self._vectors = vectors
        self._compressed = compressed
        self._compared: tuple[Vectors, Vectors] | None = (
            None  # the last query to all, asked for more and more
        )

    @cached_property
    def _rounded(self) -> Rounded:
        return Rounded.of(self._vectors)

    @property
    def vectors(self) -> Vectors:
        """The vectors, by row."""
        return self._vectors

    @property
    def recall(self) -> float:
        """The share of the true neighbours that a search without a filter finds; 1: it is exact."""
        return 1.0 if self._compressed is None else self._compressed.recall

    def recall_among(self, admitted: int | None) -> float:
        """:attr:`recall` of a search whose filter admits so many rows (``None``: no filter); few are all
        compared."""
        return 1.0 if admitted is not None and admitted <= _FEW else self.recall

    def search(self, query: Vectors, k: int, allowed: Mask | None = None) -> list[tuple[int, float]]:
        """What :meth:`nearest` finds, as pairs of row and similarity."""
        rows, similarity = self.nearest(query, k, allowed)
        return list(zip(rows.tolist(), similarity.tolist(), strict=True))

    def nearest(self, query: Vectors, k: int, allowed: Mask | None = None) -> tuple[Rows, Vectors]:
        """The ``k`` rows nearest to ``query`` among those allowed, best first, and their similarities.

        ``k`` come back whenever so many are allowed; ties by row number.
        """
        import numpy as np

        available = len(self._vectors) if allowed is None else int(np.count_nonzero(allowed))
        k = min(k, available)
        if k == 0:
            return np.empty(0, dtype=np.int64), np.empty(0, dtype=np.float32)
        if allowed is not None and available <= _FEW:
            rows = np.flatnonzero(allowed)
        elif self._compressed is not None:
            rows = self._candidates(self._compressed, query, k, allowed, available)
        else:
            return self._proven(query, k, allowed, available)
        return self._best(query, rows, k)

    def first(self, query: Vectors, k: int) -> tuple[Rows, float]:
        """Some ``k`` rows, and a limit that the similarity of no other row exceeds. Every vector counts."""
        import numpy as np

        if k >= len(self._vectors):
            return np.arange(len(self._vectors)), -np.inf
        if self._compressed is None:
            return self._rounded.nearest(query, k)
        # Of so many the rounded ones would take up much memory.
        if self._compared is None or self._compared[0] is not query:
            self._compared = query, self._vectors @ query
        similarity = self._compared[1]
        rows = np.argpartition(-similarity, k)
        return rows[:k], float(similarity[rows[k]]) + _SINGLE

    def exactly_nearest(self, query: Vectors, k: int) -> Rows:
        """As :meth:`nearest` without a filter, with every vector compared whatever the size of the index."""
        import numpy as np

        k = min(k, len(self._vectors))
        if k == 0:
            return np.empty(0, dtype=np.int64)
        return self._proven(query, k, None, len(self._vectors))[0]

    def _proven(self, query: Vectors, k: int, allowed: Mask | None, available: int) -> tuple[Rows, Vectors]:
        """The ``k`` nearest, of rows that are proven to hold them; in the end of all that are allowed."""
        import numpy as np

        look = 3 * k + _SPARE
        while _WORTH_CHOOSING * look <= available:
            first = (
                self.first(query, look) if allowed is None else self._rounded.nearest(query, look, allowed)
            )
            found, near = self._best(query, first[0], k)
            if float(near[-1]) - _SINGLE > first[1]:
                return found, near
            look *= 4
        rows = np.arange(available) if allowed is None else np.flatnonzero(allowed)
        return self._best(query, rows, k)

    def _best(self, query: Vectors, rows: Rows, k: int) -> tuple[Rows, Vectors]:
        """The ``k`` nearest of ``rows``."""
        import numpy as np

        rows = np.sort(rows)
        near = self.similarity(query, rows)
        best = np.argpartition(-near, k - 1)[:k] if k < len(rows) else np.arange(k)
        return _ordered(rows[best], near[best])

    def _candidates(
        self, compressed: Compressed, query: Vectors, k: int, allowed: Mask | None, available: int
    ) -> Rows:
        """The rows that are compared exactly: at least ``k`` of the ``available`` ones that are allowed."""
        wanted = min(max(compressed.compared, k + k // 10), available)
        if allowed is None:
            return compressed.candidates(query, wanted)
        # The codes know no filter: they give so many that enough of them are allowed.
        asked = int(1.2 * wanted * len(allowed) / available)
        while True:
            asked = min(asked, len(allowed))
            found = compressed.candidates(query, asked)
            found = found[allowed[found]][:wanted]
            if len(found) == wanted or asked == len(allowed):
                return found
            asked *= 4

    def similarity(self, query: Vectors, rows: Rows) -> Vectors:
        """The similarity of ``query`` with each of ``rows``, which are ascending."""
        every = len(rows) == len(self._vectors)
        found: Vectors = (self._vectors if every else self._vectors[rows]) @ query
        return found


def compressed_if_many(vectors: Vectors) -> Compressed | None:
    """The codes of more than :data:`EXACT_UP_TO` vectors; ``None``: every vector is compared."""
    return compress(vectors) if len(vectors) > EXACT_UP_TO else None


def _ordered(rows: Rows, similarity: Vectors) -> tuple[Rows, Vectors]:
    """Best first, ties by row number; places that FAISS left empty are dropped."""
    import numpy as np

    order = np.lexsort((rows, -similarity))
    order = order[rows[order] >= 0]
    return rows[order], similarity[order]


def save_vectors(folder: Path, vectors: Vectors, compressed: Compressed | None = None) -> dict[str, Any]:
    """Write the arrays into ``folder``; returns what the manifest must say to read them again."""
    import numpy as np

    np.save(folder / VECTORS_FILE, vectors)
    if compressed is None:
        return {"kind": "exact"}
    arrays: tuple[npt.NDArray[Any], ...] = (compressed.values, compressed.codes)
    for name, array in zip(FILES, arrays, strict=True):
        np.save(folder / name, array)
    return {"kind": "codes", "compared": compressed.compared, "recall": compressed.recall}


def load_vectors(folder: Path, count: int, dimension: int) -> Vectors:
    """The array that :func:`save_vectors` wrote, mapped into memory.

    Raises :class:`IndexUnusable` when it is missing, damaged or not of the expected shape.
    """
    import numpy as np

    # A plain view: slicing a memmap takes longer than reading a few vectors.
    vectors: Vectors = np.asarray(_load(folder, VECTORS_FILE, (count, dimension), "float32"))
    return vectors


def load_compressed(folder: Path, count: int, dimension: int, nearest: dict[str, Any]) -> Compressed | None:
    """The codes that :func:`save_vectors` wrote and described as ``nearest``; ``None``: exact.

    Raises :class:`IndexUnusable` when they are missing, damaged or not of the expected shape.
    """
    if nearest["kind"] == "exact":
        return None
    parts = dimension // 2
    values = _load(folder, FILES[0], (parts, 16, 2), "float32")
    codes = _load(folder, FILES[1], (codes_size(count, parts),), "uint8")
    return Compressed(values, codes, count, nearest["compared"], nearest["recall"])


def _load(folder: Path, name: str, shape: tuple[int, ...], kind: str) -> Any:
    import numpy as np

    try:
        array = np.load(folder / name, mmap_mode="r", allow_pickle=False)
    except (OSError, ValueError, EOFError) as error:
        raise IndexUnusable(f"vectors in {folder}", str(error), "Build the workspace again") from error
    if array.shape != shape or array.dtype != np.dtype(kind):
        raise IndexUnusable(
            f"vectors in {folder}",
            f"{name} is {array.shape} {array.dtype}, the manifest says {shape} {kind}",
            "Build the workspace again",
        )
    return array


def check_model(manifest: dict[str, Any], fingerprint: str, dimension: int) -> None:
    """Raise :class:`ModelMismatch` unless the vectors of ``manifest`` come from that very model."""
    model = manifest["model"]
    if (model["fingerprint"], model["dimension"]) != (fingerprint, dimension):
        raise ModelMismatch(
            "the passage vectors",
            f"they were made by model {model['name'] or 'built-in'} ({model['fingerprint'][:12]}, "
            f"{model['dimension']} dimensions), the query's model is {fingerprint[:12]} "
            f"({dimension} dimensions)",
            "Run `fiscalgraph build` with any document of the workspace, which makes them anew from what is "
            "stored, or search with the model they were made by",
        )
