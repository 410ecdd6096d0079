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
    "Side",
    "Verdict",
    "number",
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


def number(printed: str | None) -> Decimal | None:
    """The value of a printed figure (percent sign and 分 dropped), ``None`` if it is none."""
    if printed is None:
        return None
    try:
        return Decimal(printed.rstrip("%％分").replace(",", ""))
    except InvalidOperation:
        return None
