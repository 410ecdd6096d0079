"""Checks of a disclosure's own figures and statements against each other.

Every check compares two things the document prints (or one it prints with what the printed
figures give) and reports both with their places. Nothing is corrected. A difference that the
rounding of the printed figures explains is a ``rounding_mismatch``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from fiscalgraph.extract.records import DisclosureRecords, Source

__all__ = ["Check", "Contradiction", "find_contradictions", "number", "sum_difference"]


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


Check = Callable[[DisclosureRecords], Iterator[Contradiction]]


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


def find_contradictions(records: DisclosureRecords) -> tuple[Contradiction, ...]:
    """All contradictions of one disclosure, in the order of the checks and of the document."""
    from fiscalgraph.graph.checks_amounts import AMOUNT_CHECKS
    from fiscalgraph.graph.checks_claims import CLAIM_CHECKS
    from fiscalgraph.graph.checks_conclusions import CONCLUSION_CHECKS
    from fiscalgraph.graph.checks_goals import GOAL_CHECKS
    from fiscalgraph.graph.checks_names import NAME_CHECKS
    from fiscalgraph.graph.checks_performance import PERFORMANCE_CHECKS
    from fiscalgraph.graph.checks_sisters import SISTER_CHECKS
    from fiscalgraph.graph.checks_text import TEXT_CHECKS

    found: dict[tuple[str, str, str, str], Contradiction] = {}
    checks = (
        *AMOUNT_CHECKS, *SISTER_CHECKS, *PERFORMANCE_CHECKS, *CONCLUSION_CHECKS, *GOAL_CHECKS, *TEXT_CHECKS,
        *CLAIM_CHECKS, *NAME_CHECKS,
    )  # fmt: skip
    for check in checks:
        for each in check(records):
            found.setdefault((each.kind, each.left, each.right, each.detail), each)
    return tuple(found.values())
