"""What a check finds: two sides that should agree, how they compare, and where each stands.

Every check compares two things a document prints, or one it prints with what the printed figures
give. Nothing is corrected. Which checks there are, the rule of each in words, its scope and its
tolerance are data: :mod:`fiscalgraph.ontology.checks`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from typing import TypeAlias

from fiscalgraph.extract.records import (
    DisclosureRecords,
    Finding,
    Fund,
    Indicator,
    Law,
    NarrativeItem,
    OrganizationUnit,
    Project,
    Source,
    SpendingLine,
    Statement,
    TotalLine,
)

__all__ = [
    "Check",
    "CheckResult",
    "Compared",
    "Contradiction",
    "ContradictionCheck",
    "Side",
    "Verdict",
    "number",
    "sum_difference",
]

Compared: TypeAlias = (
    SpendingLine
    | TotalLine
    | NarrativeItem
    | Project
    | Fund
    | Indicator
    | Finding
    | Statement
    | OrganizationUnit
    | Law
)
"""A record whose figure or words a check compares."""


class Verdict(StrEnum):
    """How two sides compare (核对结论)."""

    AGREES = "agrees"
    ROUNDING = "rounding"
    """They differ by no more than the rounding of the printed figures explains (尾数差)."""
    CONTRADICTS = "contradicts"
    CANNOT_TELL = "cannot_tell"
    """The document does not print what the comparison needs (无法判断)."""
    SCOPE_DIFFERS = "scope_differs"
    """They differ, and so do their scopes: something to look at, no contradiction (口径不同)."""
    QUESTIONABLE = "questionable"
    """Nothing is wrong by arithmetic, but an auditor would ask (存疑)."""


@dataclass(frozen=True, slots=True)
class Side:
    """One side of a comparison.

    ``printed`` is as printed, or, where ``computed``, what the figures of ``records`` give (in the unit
    of the other side). ``records`` are all the records it was read or computed from, the one that best
    shows it first; ``sources`` are their places.
    """

    printed: str
    sources: tuple[Source, ...]
    records: tuple[Compared, ...] = ()
    computed: bool = False

    @classmethod
    def of(cls, printed: str, *records: Compared, computed: bool = False) -> Side:
        return cls(printed, tuple(record.source for record in records), records, computed)


@dataclass(frozen=True, slots=True)
class CheckResult:
    """One comparison: ``check`` is the name of its rule, ``detail`` says in Chinese what was compared.

    ``difference`` is left less right in ``unit`` (元, 万元, 亿元, %, 分, 个 …), ``None`` where the sides
    are words or one of them is missing. ``kind`` is the kind of contradiction its rule names; a
    difference that rounding explains is a ``rounding_mismatch`` whatever the rule.
    """

    check: str
    verdict: Verdict
    left: Side
    right: Side
    detail: str
    difference: Decimal | None = None
    unit: str | None = None

    @property
    def kind(self) -> str:
        from fiscalgraph.ontology.checks import check_rules

        return "rounding_mismatch" if self.verdict is Verdict.ROUNDING else check_rules()[self.check].kind


Check: TypeAlias = Callable[[DisclosureRecords], Iterator[CheckResult]]


@dataclass(frozen=True)
class Contradiction:
    """Two figures or statements of one document that should agree and do not.

    ``left`` is as printed, ``right`` as printed or, where the document prints no second figure,
    what the printed ones give. ``kind`` is one of the kinds of the named query ``contradictions``.
    """

    kind: str
    left: str
    right: str
    detail: str
    left_source: Source
    right_source: Source | None


ContradictionCheck: TypeAlias = Callable[[DisclosureRecords], Iterator[Contradiction]]


def number(printed: str | None) -> Decimal | None:
    """The value of a printed figure (percent sign and 分 dropped), ``None`` if it is none."""
    if printed is None:
        return None
    try:
        return Decimal(printed.rstrip("%％分").replace(",", ""))
    except InvalidOperation:
        return None


def _step(value: Decimal) -> Decimal:
    """One unit of the last printed place."""
    exponent = value.as_tuple().exponent
    return Decimal(1).scaleb(min(0, exponent) if isinstance(exponent, int) else 0)


def sum_difference(total: Decimal, parts: list[Decimal]) -> tuple[Decimal, bool]:
    """What the parts give, and whether rounding of the printed figures explains the difference.

    Each figure is off by at most half a unit of its last place, so a sum of n parts may differ
    from its total by (n + 1) half units; two whole units of a sum are always put down to the
    conversion of units (尾数误差), since the parts may be sums of rounded figures themselves.
    """
    given = sum(parts, Decimal(0))
    steps = [_step(value) for value in (total, *parts)]
    play = sum(steps, Decimal(0)) / 2
    if len(parts) > 1:
        play = max(play, max(steps) * 2)
    return given, abs(given - total) <= play
