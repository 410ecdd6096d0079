"""Checks of a disclosure's own figures and statements against each other (勾稽核对)."""

from __future__ import annotations

from fiscalgraph.extract.records import DisclosureRecords
from fiscalgraph.graph.checks.results import Check, CheckResult, Compared, Side, Verdict

__all__ = [
    "CheckResult",
    "Compared",
    "Side",
    "Verdict",
    "check_records",
    "find_contradictions",
    "is_contradiction",
]


def check_records(records: DisclosureRecords) -> tuple[CheckResult, ...]:
    """All comparisons within one disclosure, in the order of the checks and of the document."""
    from fiscalgraph.graph.checks.claims import CLAIM_CHECKS
    from fiscalgraph.graph.checks.conclusions import CONCLUSION_CHECKS
    from fiscalgraph.graph.checks.goals import GOAL_CHECKS
    from fiscalgraph.graph.checks.goals_named import NAMED_GOAL_CHECKS
    from fiscalgraph.graph.checks.identity_pairs import PAIR_CHECKS
    from fiscalgraph.graph.checks.identity_ratios import RATIO_CHECKS
    from fiscalgraph.graph.checks.identity_sums import SUM_CHECKS
    from fiscalgraph.graph.checks.judgement import JUDGEMENT_CHECKS
    from fiscalgraph.graph.checks.names import NAME_CHECKS
    from fiscalgraph.graph.checks.performance import PERFORMANCE_CHECKS
    from fiscalgraph.graph.checks.performance_scores import SCORE_CHECKS
    from fiscalgraph.graph.checks.scoring import SCORING_CHECKS
    from fiscalgraph.graph.checks.text import TEXT_CHECKS

    results: dict[tuple[object, ...], CheckResult] = {}
    checks: tuple[Check, ...] = (
        *SUM_CHECKS, *RATIO_CHECKS, *PAIR_CHECKS,
        *PERFORMANCE_CHECKS, *SCORE_CHECKS, *SCORING_CHECKS, *CONCLUSION_CHECKS,
        *GOAL_CHECKS, *NAMED_GOAL_CHECKS, *TEXT_CHECKS, *CLAIM_CHECKS, *NAME_CHECKS, *JUDGEMENT_CHECKS,
    )  # fmt: skip
    for check in checks:
        for result in check(records):
            sides = (result.left, result.right)
            key = (result.kind, result.detail, *((side.printed, side.sources) for side in sides))
            results.setdefault(key, result)
    return tuple(results.values())


def is_contradiction(result: CheckResult) -> bool:
    """Whether the sides should agree and do not, be it by rounding only."""
    return result.verdict in (Verdict.CONTRADICTS, Verdict.ROUNDING)


def find_contradictions(records: DisclosureRecords) -> tuple[CheckResult, ...]:
    """All contradictions of one disclosure, in the order of the checks and of the document."""
    return tuple(filter(is_contradiction, check_records(records)))
