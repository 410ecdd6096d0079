"""Percentages recomputed from printed figures, with the play that their rounding leaves.

A printed figure stands for every value that rounds to it; a percentage that follows from two
printed figures therefore lies in an interval. A printed percentage agrees when its own interval
meets that one.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from fiscalgraph.extract.normalise import UNIT_FACTORS, printed_figure

__all__ = ["Agreement", "Percentage", "Quantity", "percentage", "quantity", "same_amount"]

_QUANTITY = re.compile(r"(?P<figure>-?\d[\d,，]*(?:\.\d+)?)(?P<unit>亿元|百万元|万元|千元|元)?")
_HUNDRED = Decimal(100)


@dataclass(frozen=True, slots=True)
class Quantity:
    """An amount in 元 (or a bare number) and half a unit of its last printed place."""

    value: Decimal
    half: Decimal


class Agreement(StrEnum):
    AGREES = "agrees"
    ROUNDING = "rounding"  # off by less than one unit of the last printed place
    DIFFERS = "differs"


def quantity(printed: str) -> Quantity | None:
    """The value of a figure printed with or without its unit; ``None`` if it is none."""
    match = _QUANTITY.fullmatch(printed_figure(printed))
    if match is None:
        return None
    factor = UNIT_FACTORS.get(match["unit"] or "", Decimal(1))
    figure = Decimal(match["figure"])
    places = len(match["figure"].partition(".")[2])
    return Quantity(figure * factor, Decimal(5).scaleb(-places - 1) * factor)


def same_amount(left: Quantity, right: Quantity) -> bool:
    """Whether two printed amounts may be one, the coarser of them rounded or cut off."""
    return abs(left.value - right.value) <= max(left.half, right.half) * 2


@dataclass(frozen=True, slots=True)
class Percentage:
    """What printed figures give: the value and the bounds that rounding leaves, in percent."""

    value: Decimal
    low: Decimal
    high: Decimal

    def agreement(self, printed: str) -> Agreement:
        """Whether the printed percentage (``"35.74%"``) may be this one.

        Raises ``ValueError`` if ``printed`` is no figure.
        """
        claimed = quantity(printed.rstrip("%％"))
        if claimed is None:
            raise ValueError(f"no percentage: {printed!r}")
        if self.low - claimed.half <= claimed.value <= self.high + claimed.half:
            return Agreement.AGREES
        # Cut off, or the last place shifted so that shares add up: still less than a whole unit of it,
        # measured from the bounds only where the figures are too coarse for a value.
        unit = claimed.half * 2
        coarse = self.high - self.low > unit
        low, high = (self.low, self.high) if coarse else (self.value, self.value)
        if low - unit < claimed.value < high + unit:
            return Agreement.ROUNDING
        return Agreement.DIFFERS


def _ratio(part: Quantity, whole: Quantity) -> Percentage | None:
    if whole.value - whole.half <= 0:
        return None
    low = (part.value - part.half) / (whole.value + whole.half)
    high = (part.value + part.half) / (whole.value - whole.half)
    return Percentage(part.value / whole.value * _HUNDRED, low * _HUNDRED, high * _HUNDRED)


def _difference(left: Quantity, right: Quantity) -> Quantity:
    return Quantity(left.value - right.value, left.half + right.half)


def percentage(kind: str, operands: tuple[str, ...]) -> Percentage | None:
    """What a statement of that kind (see ``Statement``) must print as its percentage.

    ``None`` where the figures give none: a base of zero or less, a figure that cannot be read.
    """
    if len(operands) != 2:
        return None
    first, second = quantity(operands[0]), quantity(operands[1])
    if first is None or second is None:
        return None
    if kind in ("share", "completion", "change_on_base"):
        return _ratio(first, second)
    if kind == "increase":
        return _ratio(second, _difference(first, second))
    if kind == "decrease":
        return _ratio(second, Quantity(first.value + second.value, first.half + second.half))
    if kind == "increase_to":
        return _ratio(_difference(first, second), second)
    if kind == "decrease_to":
        return _ratio(_difference(second, first), second)
    return None
