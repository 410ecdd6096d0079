"""What a check between documents finds: like a result within one, but of figures that stand in a graph."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from decimal import Decimal

from fiscalgraph.extract.normalise import UNIT_FACTORS
from fiscalgraph.graph.checks.results import Verdict

__all__ = ["DocumentResult", "DocumentSide", "rounding_play", "verdict_on"]


@dataclass(frozen=True, slots=True)
class DocumentSide:
    """One side: as printed or ``computed``, the IRIs of its place, of its document, of its figures."""

    printed: str
    source: str
    document: str
    figures: tuple[str, ...]
    computed: bool = False


@dataclass(frozen=True, slots=True)
class DocumentResult:
    """One comparison between two documents; its fields are those of a ``CheckResult``."""

    check: str
    verdict: Verdict
    left: DocumentSide
    right: DocumentSide
    detail: str
    difference: Decimal | None
    unit: str | None

    def with_detail(self, detail: str) -> DocumentResult:
        """The same comparison described otherwise."""
        return replace(self, detail=detail)


def rounding_play(figures: Iterable[tuple[str, str]]) -> Decimal:
    """What rounding may add up to, in 元, over figures given as (printed, unit): half a unit of each one's
    last place."""
    play = Decimal(0)
    for printed, unit in figures:
        exponent = Decimal(printed.replace(",", "")).as_tuple().exponent
        play += UNIT_FACTORS[unit].scaleb(min(0, exponent) if isinstance(exponent, int) else 0) / 2
    return play


def verdict_on(excess: Decimal, play: Decimal, *, same_precision: bool, otherwise: Verdict) -> Verdict:
    """The verdict on a difference (元): equal figures agree, and so does a figure and itself rounded."""
    if excess <= 0 or (excess <= play and not same_precision):
        return Verdict.AGREES
    return Verdict.ROUNDING if excess <= play else otherwise
