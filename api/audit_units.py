"""In what unit a figure on a side of a comparison stands: a comparison states that of the difference."""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal
from typing import Final, Protocol

__all__ = ["side_unit"]

_NUMBER: Final = re.compile(r"-?\d[\d,]*(\.\d+)?")
_POINTS: Final = "个百分点"


class Figure(Protocol):
    """A figure that stands on a side."""

    @property
    def printed(self) -> str: ...

    @property
    def unit(self) -> str | None: ...


def side_unit(
    printed: str, figures: Sequence[Figure], other: str, difference: Decimal | None, unit: str | None
) -> str | None:
    """The unit of ``printed``: that of its only figure, or that of the difference where the two sides as they
    are printed differ by just that. ``None`` for words, for a figure that names its unit itself, and where it
    cannot be told: one side may be printed in 万元 and the other in 元."""
    number = _number(printed)
    if number is None:
        return None
    if len(figures) == 1 and _number(figures[0].printed) == number:
        return figures[0].unit
    against = _number(other)
    if difference is None or unit is None or against is None or abs(number - against) != abs(difference):
        return None
    return "%" if unit == _POINTS else unit


def _number(printed: str) -> Decimal | None:
    return Decimal(printed.replace(",", "")) if _NUMBER.fullmatch(printed) else None
