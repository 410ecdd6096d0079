"""What pairs of statements were judged before: while groups grow, the same are asked for again and again."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    Rows = npt.NDArray[np.int64]
    Scores = npt.NDArray[np.float64]
    Bools = npt.NDArray[np.bool_]

__all__ = ["Remembered"]

_FOR_EACH: Final = 64  # places for each statement
_FEWEST, _MOST = 10, 24  # bits of the number of places
_MIXED: Final = 0x9E3779B97F4A7C15


class Remembered:
    """A number for each pair of rows, or none. Each pair has one place, in which another may replace it."""

    def __init__(self, rows: int) -> None:
        import numpy as np

        self._rows = rows
        self._bits = min(max((_FOR_EACH * rows).bit_length(), _FEWEST), _MOST)
        self._keys = np.zeros(1 << self._bits, dtype=np.uint64)
        self._values = np.zeros(1 << self._bits, dtype=np.float64)

    def recall(self, left: Rows, right: Rows) -> tuple[Bools, Scores]:
        """For which pairs (always in one order) a number is known, and the numbers; any for the others."""
        keys, places = self._places(left, right)
        return self._keys[places] == keys, self._values[places]

    def keep(self, left: Rows, right: Rows, values: Scores) -> None:
        """Know these numbers from now on; no pair stands here twice."""
        keys, places = self._places(left, right)
        self._keys[places] = keys
        self._values[places] = values

    def _places(self, left: Rows, right: Rows) -> tuple[npt.NDArray[np.uint64], npt.NDArray[np.int64]]:
        import numpy as np

        keys = (left * self._rows + right + 1).astype(np.uint64)
        return keys, ((keys * np.uint64(_MIXED)) >> np.uint64(64 - self._bits)).astype(np.int64)
