"""What difference the rounding of printed figures explains (尾数差).

A printed figure is off by at most half a unit of its last place, so a total and its n addends may differ
by (n + 1) half units. Addends that are themselves sums of rounded figures (a 款 among the addends of its
类) may be off by more: then two whole units are let pass. Where the document says itself that its figures
may differ in the last place (尾数误差), two whole units are let pass between any figures, and three between
a total and addends that are sums.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from fiscalgraph.extract.proportions import Quantity
from fiscalgraph.extract.records import DisclosureRecords

__all__ = ["Rounding"]

_OF_SUMS = 2
_ADMITTED = 2
_ADMITTED_OF_SUMS = 3


def _step(value: Decimal) -> Decimal:
    """One unit of the last printed place."""
    exponent = value.as_tuple().exponent
    return Decimal(1).scaleb(min(0, exponent) if isinstance(exponent, int) else 0)


@dataclass(frozen=True, slots=True)
class Rounding:
    """The tolerance of one document; ``admitted`` is whether it owns to differences in the last place."""

    admitted: bool

    @classmethod
    def of(cls, records: DisclosureRecords) -> Rounding:
        return cls(any(claim.kind == "rounding_admitted" for claim in records.statements))

    def explains_sum(self, total: Decimal, addends: Iterable[Decimal], *, of_sums: bool = False) -> bool:
        """Whether ``total`` may be the sum; ``of_sums``: addends are sums of rounded figures."""
        values = list(addends)
        steps = [_step(value) for value in (total, *values)]
        play = sum(steps, Decimal(0)) / 2
        play = max(play, max(steps) * self._units(of_sums))
        return abs(sum(values, Decimal(0)) - total) <= play

    @staticmethod
    def same(left: Quantity, right: Quantity) -> bool:
        """Whether two printed figures agree: they are equal, or the coarser one is the other rounded or
        cut off."""
        if left.half == right.half:
            return left.value == right.value
        return abs(left.value - right.value) <= max(left.half, right.half) * 2

    def explains_pair(self, left: Quantity, right: Quantity, *, of_sums: bool = False) -> bool:
        """Whether two printed figures may be one quantity, each rounded for itself."""
        unit = max(left.half, right.half) * 2
        return abs(left.value - right.value) <= max(left.half + right.half, unit * self._units(of_sums))

    def _units(self, of_sums: bool) -> int:
        """Whole units of the last place that are let pass beyond the play of each figure."""
        if self.admitted:
            return _ADMITTED_OF_SUMS if of_sums else _ADMITTED
        return _OF_SUMS if of_sums else 0
