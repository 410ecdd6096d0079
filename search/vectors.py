"""Exact nearest neighbours with FAISS, and the files that vectors are kept in.

Vectors are kept as a plain array with a manifest that names the model; the FAISS
index is made from the array when it is opened (copying is all it costs). A FAISS
index file is never read: such files are not safe to load from elsewhere.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from fiscalgraph.search.errors import IndexUnusable, ModelMismatch

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    Vectors = npt.NDArray[np.float32]
    Mask = npt.NDArray[np.bool_]

__all__ = ["VectorIndex", "check_model", "load_vectors", "save_vectors"]

VECTORS_FILE = "vectors.npy"


class VectorIndex:
    """Inner-product search over unit vectors (cosine similarity), exact, with an exact filter."""

    def __init__(self, vectors: Vectors) -> None:
        import faiss
        import numpy as np

        self._vectors = vectors
        self._index: Any = faiss.IndexFlatIP(vectors.shape[1])
        self._index.add(np.ascontiguousarray(vectors, dtype=np.float32))

    def search(self, query: Vectors, k: int, allowed: Mask | None = None) -> list[tuple[int, float]]:
        """The ``k`` rows nearest to ``query`` among those allowed, best first; ties by row number."""
        import faiss
        import numpy as np

        parameters = None
        available = len(self._vectors)
        if allowed is not None:
            available = int(allowed.sum())
            packed = np.packbits(allowed, bitorder="little")
            selector = faiss.IDSelectorBitmap(len(allowed), faiss.swig_ptr(packed))
            parameters = faiss.SearchParameters(sel=selector)  # type: ignore[call-arg]
        k = min(k, available)
        if k == 0:
            return []
        similarity, rows = self._index.search(query.reshape(1, -1), k, params=parameters)
        return sorted(
            ((int(row), float(score)) for row, score in zip(rows[0], similarity[0], strict=True) if row >= 0),
            key=lambda pair: (-pair[1], pair[0]),
        )

    def similarity(self, query: Vectors, rows: list[int]) -> list[float]:
        """The similarity of ``query`` with each of ``rows``."""
        return [float(value) for value in self._vectors[rows] @ query]


def save_vectors(folder: Path, vectors: Vectors) -> None:
    """Write the array into ``folder``."""
    import numpy as np

    np.save(folder / VECTORS_FILE, vectors)


def load_vectors(folder: Path, count: int, dimension: int) -> Vectors:
    """The array that :func:`save_vectors` wrote, mapped into memory.

    Raises :class:`IndexUnusable` when it is missing, damaged or not of the expected shape.
    """
    import numpy as np

    try:
        vectors: Vectors = np.load(folder / VECTORS_FILE, mmap_mode="r", allow_pickle=False)
    except (OSError, ValueError, EOFError) as error:
        raise IndexUnusable(f"vectors in {folder}", str(error), "Build the workspace again") from error
    if vectors.shape != (count, dimension) or vectors.dtype != np.float32:
        raise IndexUnusable(
            f"vectors in {folder}",
            f"the array is {vectors.shape} {vectors.dtype}, the manifest says ({count}, {dimension}) float32",
            "Build the workspace again",
        )
    return vectors


def check_model(manifest: dict[str, Any], fingerprint: str, dimension: int) -> None:
    """Raise :class:`ModelMismatch` unless the vectors of ``manifest`` come from that very model."""
    model = manifest["model"]
    if (model["fingerprint"], model["dimension"]) != (fingerprint, dimension):
        raise ModelMismatch(
            "the passage vectors",
            f"they were made by model {model['name'] or 'built-in'} ({model['fingerprint'][:12]}, "
            f"{model['dimension']} dimensions), the query's model is {fingerprint[:12]} "
            f"({dimension} dimensions)",
            "Build the workspace again with this model, or search with the model it was built with",
        )
