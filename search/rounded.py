"""Vectors rounded to a byte a dimension: which few can be the nearest, proven and not measured.

To compare a vector with all others costs what it takes to read them. Rounded they are a quarter as long, and
FAISS multiplies bytes exactly. How far the product of two rounded vectors can be from the true one is known:
what rounding took away from each is a vector, too, and a product is never more than the lengths multiplied.
So a few rows come back with a limit that none of the others exceeds, and only these few are compared truly.

The bytes are made when an index is opened, in a fraction of a second for a hundred thousand vectors.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    Vectors = npt.NDArray[np.float32]
    Mask = npt.NDArray[np.bool_]
    Rows = npt.NDArray[np.int64]

__all__ = ["Rounded", "id_selector"]

_LARGEST = 127  # of a rounded value, which has a sign
_CHUNK = 8192
_SINGLE = 1e-4  # more than adding up in single precision can be wrong by, in parts of the lengths


@dataclass(frozen=True, slots=True)
class Rounded:
    """Rounded vectors: ``step`` is what 1 stands for, ``lost`` the length of the longest difference between a
    vector and what it was rounded to, ``longest`` the length of the longest rounded vector."""

    index: Any
    step: float
    lost: float
    longest: float

    @classmethod
    def of(cls, vectors: Vectors) -> Rounded:
        """Round ``vectors``; they are not kept."""
        import faiss
        import numpy as np

        kind = faiss.ScalarQuantizer.QT_8bit_direct_signed
        index: Any = faiss.IndexScalarQuantizer(vectors.shape[1], kind, faiss.METRIC_INNER_PRODUCT)
        portions = [vectors[start : start + _CHUNK] for start in range(0, len(vectors), _CHUNK)]
        greatest = max((float(max(portion.max(), -portion.min())) for portion in portions), default=0.0)
        step = float(np.float32(greatest / _LARGEST)) or 1.0
        lost = longest = 0.0
        for portion in portions:
            whole = portion * np.float32(1 / step)
            np.rint(whole, out=whole)
            index.add(whole)
            whole *= np.float32(step)
            longest = max(longest, _longest(whole))
            lost = max(lost, _longest(np.subtract(portion, whole, out=whole)))
        return cls(index, step, lost, longest)

    def nearest(self, query: Vectors, k: int, allowed: Mask | None = None) -> tuple[Rows, float]:
        """At most ``k`` rows among those allowed, and a limit: the similarity of no other one is above it."""
        import numpy as np

        exact = query.astype(np.float64)
        step = float(np.abs(exact).max()) / _LARGEST or 1.0
        whole = np.rint(exact / step)
        lost = float(np.linalg.norm(exact - whole * step))
        wrong = float(np.linalg.norm(exact)) * self.lost + lost * self.longest
        wrong += _SINGLE * float(np.linalg.norm(exact)) * (self.longest + self.lost)
        asked = whole.astype(np.float32).reshape(1, -1)
        params = None if allowed is None else id_selector(allowed)
        products, rows = self.index.search(asked, max(1, min(k, self.index.ntotal)), params=params)
        found: Rows = rows[0][rows[0] >= 0]
        if len(found) < k:
            return found, -np.inf  # there are no others
        return found, float(products[0][-1]) * step * self.step + wrong


def id_selector(allowed: Mask) -> Any:
    """What makes FAISS search among the rows of a mask."""
    import faiss
    import numpy as np

    packed = np.packbits(allowed, bitorder="little")
    selector = faiss.IDSelectorBitmap(len(allowed), faiss.swig_ptr(packed))
    selector.packed = packed  # type: ignore[attr-defined]  # the selector only points to it
    return faiss.SearchParameters(sel=selector)  # type: ignore[call-arg]


def _longest(vectors: Vectors) -> float:
    import numpy as np

    return float(np.sqrt(np.einsum("ij,ij->i", vectors, vectors).max())) * (1 + _SINGLE)
