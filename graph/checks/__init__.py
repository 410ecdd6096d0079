"""Checks of a disclosure's own figures and statements against each other (勾稽核对)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from fiscalgraph.extract.records import DisclosureRecords
from fiscalgraph.graph.checks.results import CheckResult, Compared, Contradiction, Side, Verdict

__all__ = [
    "CheckResult",
    "Compared",
    "Contradiction",
    "Side",
    "Verdict",
    "check_records",
    "find_contradictions",
    "is_contradiction",
]


def check_records(records: DisclosureRecords) -> tuple[CheckResult, ...]:
    """All comparisons within one disclosure, in the order of the checks and of the document."""
    from fiscalgraph.graph.checks.amounts import AMOUNT_CHECKS
    from fiscalgraph.graph.checks.claims import CLAIM_CHECKS
    from fiscalgraph.graph.checks.conclusions import CONCLUSION_CHECKS
    from fiscalgraph.graph.checks.goals import GOAL_CHECKS
    from fiscalgraph.graph.checks.names import NAME_CHECKS
    from fiscalgraph.graph.checks.performance import PERFORMANCE_CHECKS
    from fiscalgraph.graph.checks.sisters import SISTER_CHECKS
    from fiscalgraph.graph.checks.text import TEXT_CHECKS

    results: dict[tuple[str, str, str, str], CheckResult] = {}
    checks: tuple[Callable[[DisclosureRecords], Iterator[Contradiction | CheckResult]], ...] = (
        *AMOUNT_CHECKS, *SISTER_CHECKS, *PERFORMANCE_CHECKS, *CONCLUSION_CHECKS, *GOAL_CHECKS, *TEXT_CHECKS,
        *CLAIM_CHECKS, *NAME_CHECKS,
    )  # fmt: skip
    for check in checks:
        for found in check(records):
            result = found if isinstance(found, CheckResult) else _adapted(found)
            key = (result.kind, result.left.printed, result.right.printed, result.detail)
            results.setdefault(key, result)
    return tuple(results.values())


def is_contradiction(result: CheckResult) -> bool:
    """Whether the sides should agree and do not, be it by rounding only."""
    return result.verdict in (Verdict.CONTRADICTS, Verdict.ROUNDING)


def find_contradictions(records: DisclosureRecords) -> tuple[CheckResult, ...]:
    """All contradictions of one disclosure, in the order of the checks and of the document."""
    return tuple(filter(is_contradiction, check_records(records)))


@dataclass(frozen=True)
class _Adapted(CheckResult):
    old_kind: str = ""

    @property
    def kind(self) -> str:
        return self.old_kind


def _adapted(found: Contradiction) -> CheckResult:
    """A finding of the checks that still name contradictions only."""
    rounding = found.kind == "rounding_mismatch"
    left = Side(found.left, (found.left_source,))
    counterpart = (found.right_source,) if found.right_source else ()
    right = Side(found.right, counterpart, computed=not counterpart)
    verdict = Verdict.ROUNDING if rounding else Verdict.CONTRADICTS
    return _Adapted("code-hierarchy", verdict, left, right, found.detail, old_kind=found.kind)
