"""How much a statement says that not every department prints: names, figures, rare words."""

from __future__ import annotations

import math
import re
from typing import TYPE_CHECKING, Final

from fiscalgraph.search.issues.signs import core_of

if TYPE_CHECKING:
    from fiscalgraph.search.encoder import StaticEncoder

__all__ = ["Specificity"]

_COMMON: Final = 7.0  # a piece that is one in a thousand of the register (natural logarithm) says nothing
_RARE: Final = 6.0  # what a figure or a title (《…》) counts, as a piece of that rarity would
_HALF: Final = 30.0  # with so much said, a statement is halfway between saying nothing and everything
_NAMED = re.compile(r"\d+(?:[.,]\d+)*|《[^》]+》|[“\"‘][^”\"’]{2,}[”\"’]")


class Specificity:
    """Measures statements by how rare their words are in the official register, which the model knows."""

    def __init__(self, encoder: StaticEncoder) -> None:
        self._encoder = encoder

    def of(self, text: str, departments: int) -> float:
        """From 0 (says nothing particular) to 1; a wording that ``departments`` share counts less for each
        that does."""
        core = core_of(text)
        pieces = set(self._encoder.pieces(core))
        said = sum(max(0.0, self._encoder.rarity(piece) - _COMMON) for piece in pieces)
        said += _RARE * len(set(_NAMED.findall(core)))
        return said / (said + _HALF) / (1.0 + math.log2(max(departments, 1)))
