"""Scores against the scoring rule that the document prints (评分规则); without one, it cannot be told.

The rules are data (:func:`fiscalgraph.ontology.parameters.scoring_rules`): a rule found in the words under or
in a project's table scores that table, one printed before all tables scores each of them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from fiscalgraph.extract.records import DisclosureRecords, Fund, Indicator, Statement
from fiscalgraph.graph.checks.projects import (
    Measured,
    ProjectTable,
    measured,
    plain,
    points,
    project_tables,
    sum_of,
)
from fiscalgraph.graph.checks.results import Check, CheckResult, Side, Verdict, number
from fiscalgraph.ontology.parameters import ScoringRule, check_parameters, scoring_rules
from fiscalgraph.ontology.terms import FG

__all__ = ["SCORING_CHECKS", "PrintedRule", "printed_rules"]

_CHECK = "score-by-rule"
_ONE = Decimal(1)
_HUNDRED = Decimal(100)
_CENT = Decimal("0.01")
_PLAY = Decimal("0.005")  # the ratio of actual value and target is rounded itself
_BRACKETED = re.compile(r"[（(]\d+(?:\.\d+)?分[）)]?$")


@dataclass(frozen=True, slots=True)
class PrintedRule:
    """A scoring rule, where the document prints it, and the numbers that stand in its words."""

    rule: ScoringRule
    claim: Statement
    numbers: Mapping[str, Decimal]


def printed_rules(table: ProjectTable, whole: Sequence[Statement] = ()) -> Mapping[str, list[PrintedRule]]:
    """The rules printed for a table, by what they score; ``whole`` are those of the whole document."""
    found: dict[str, list[PrintedRule]] = {}
    for claim in (*table.claims, *whole):
        if claim.kind != "scoring_rule":
            continue
        for rule in scoring_rules():
            match = rule.found(claim.printed)
            if match is not None:
                numbers = {name: Decimal(value) for name, value in match.groupdict().items() if value}
                found.setdefault(rule.scores, []).append(PrintedRule(rule, claim, numbers))
    return found


def scores_by_rule(records: DisclosureRecords) -> Iterator[CheckResult]:
    """Each score that a printed rule determines; one 无法判断 for the rest of a table."""
    whole = [
        claim for claim in records.statements if claim.kind == "scoring_rule" and claim.occurrence is None
    ]
    for table in project_tables(records):
        scored = [row for row in table.indicators if points(row.score) is not None]
        fund = next((fund for fund in table.funds if points(fund.score) is not None), None)
        if not scored and fund is None:
            continue
        rules = printed_rules(table, whole)
        if not rules:
            yield _untold(table, scored, fund)
            continue
        if fund is not None and "fund" in rules:
            yield _fund_score(fund, rules["fund"])
        untold = []
        for row in measured(scored):
            result = _indicator_score(row, rules)
            if result is None:
                untold.append(row.indicator)
            else:
                yield result
        if untold:
            left = Side.of(plain(sum_of(row.score for row in untold) or Decimal(0)), *untold, computed=True)
            detail = f"{table.name}：{len(untold)}个指标的得分按所印规则无法计算"
            yield CheckResult(_CHECK, Verdict.CANNOT_TELL, left, Side("", ()), detail)


def _untold(table: ProjectTable, scored: Sequence[Indicator], fund: Fund | None) -> CheckResult:
    project = table.project
    detail = f"{table.name}：文件未印评分规则，得分无法核对"
    if project is not None and project.score is not None:
        left = Side.of(project.score, project)
    elif scored:
        left = Side.of(str(scored[0].score), *scored)
    else:
        assert fund is not None
        left = Side.of(str(fund.score), fund)
    return CheckResult(_CHECK, Verdict.CANNOT_TELL, left, Side("", ()), detail)


def _prints(score: Decimal, expected: Decimal) -> bool:
    """Whether ``score`` is ``expected`` rounded or cut off at its last printed place."""
    exponent = score.as_tuple().exponent
    step = Decimal(1).scaleb(exponent if isinstance(exponent, int) else 0)
    return abs(score - expected) <= step / 2 + _PLAY or 0 <= expected - score < step


def _shown(value: Decimal) -> str:
    return plain(value.quantize(_CENT, ROUND_HALF_UP))


def _fund_score(fund: Fund, rules: Sequence[PrintedRule]) -> CheckResult:
    """预算执行得分 = 分值 × 执行率, by the amounts or by the printed rate; full from a stated rate on."""
    weight, score = points(fund.weight), points(fund.score)
    left = Side.of(str(fund.score), fund)
    claim = rules[0].claim
    what = f"{fund.project}“{fund.fund}”：分值{fund.weight}、执行率{fund.rate}"
    shares = _executed_shares(fund)
    if weight is None or score is None or not shares:
        return CheckResult(
            _CHECK, Verdict.CANNOT_TELL, left, Side.of("", claim), f"{what}，分值或执行率未印，无法计算"
        )
    full_from = [each.numbers["full"] / _HUNDRED for each in rules if "full" in each.numbers]
    if any(shares[0] >= bound for bound in full_from):
        expected = [weight]
    elif all("full" in each.numbers for each in rules):
        return CheckResult(
            _CHECK, Verdict.CANNOT_TELL, left, Side.of("", claim), f"{what}，所印规则未说明未达标时如何计分"
        )
    else:
        expected = [weight * min(share, _ONE) for share in shares]
    best = min(expected, key=lambda value: abs(score - value))
    agrees = _prints(score, best)
    right = Side.of(_shown(best), fund, claim, computed=True)
    detail = f"{what}，按所印规则得{_shown(best)}，印为{fund.score}"
    verdict = Verdict.AGREES if agrees else Verdict.CONTRADICTS
    return CheckResult(
        _CHECK, verdict, left, right, detail, score - best.quantize(_CENT, ROUND_HALF_UP), "分"
    )


def _executed_shares(fund: Fund) -> list[Decimal]:
    """The share of the budget that was executed, by the amounts and as printed."""
    budget, spent, rate = number(fund.budget_full), number(fund.executed), number(fund.rate)
    shares = [spent / budget] if budget and spent is not None else []
    if rate is not None and not (rate == 0 and shares and shares[0]):
        shares.append(rate / _HUNDRED if "%" in (fund.rate or "") or rate > Decimal("1.5") else rate)
    return shares


def _indicator_score(row: Measured, rules: Mapping[str, list[PrintedRule]]) -> CheckResult | None:
    """The score against the rule for its kind of target; ``None`` where it cannot be told."""
    if row.weight is None or row.score is None or row.weight == 0:
        return None
    if row.actual is not None and row.actual.kind == "qualitative":
        bands = rules.get("qualitative")
        return _worded_score(row, bands[0]) if bands else None
    if row.ratio is None:
        return None
    by_direction = rules.get(row.direction or "higher")
    if row.ratio >= _ONE:
        by_direction = by_direction or rules.get("higher") or rules.get("lower")
        deduction = row.ratio > check_parameters("target-too-low").number(FG.threshold)
        if deduction and row.score < row.weight:
            return None  # some governments take points off for targets set too low
    if not by_direction:
        return None
    expected = row.weight * min(row.ratio, _ONE)
    agrees = _prints(row.score, expected)
    if not agrees and row.direction is None and row.ratio < _ONE:
        return None  # which way is better is not printed
    what = "、".join(
        (
            f"分值{row.indicator.weight}",
            f"目标值{row.indicator.target}",
            f"完成值{row.indicator.actual}",
        )
    )
    return _result(row, by_direction[0].claim, _shown(expected), what, agrees, row.score - expected)


def _worded_score(row: Measured, printed: PrintedRule) -> CheckResult | None:
    """A result in words within the band of what was reached."""
    assert row.weight is not None
    assert row.score is not None
    actual, target = (row.indicator.actual or "").strip("。；"), (row.indicator.target or "").strip("。；")
    parameters = printed.rule.parameters
    reached, partly = (printed.numbers[name] / _HUNDRED for name in ("reached", "partly"))
    if actual == target or parameters.pattern(FG.reachedWording).search(actual):
        low, high = reached, _ONE
    elif row.score == row.weight:
        return None  # 部分达成 with full score is a check of its own
    elif parameters.pattern(FG.partlyWording).search(actual):
        low, high = partly, reached
    elif parameters.pattern(FG.unmetWording).search(actual):
        low, high = Decimal(0), partly
    else:
        return None
    least, most = row.weight * low, row.weight * high
    off = min(row.score - least, Decimal(0)) or max(row.score - most, Decimal(0))
    what = f"分值{row.indicator.weight}、完成值“{actual}”"
    return _result(row, printed.claim, f"{_shown(least)}-{_shown(most)}", what, off == 0, off)


def _result(
    row: Measured, claim: Statement, expected: str, what: str, agrees: bool, difference: Decimal
) -> CheckResult:
    indicator = row.indicator
    name = _BRACKETED.sub("", indicator.level3 or "")
    detail = f"{indicator.project}“{name}”：{what}，按所印规则得{expected}，印为{indicator.score}"
    return CheckResult(
        _CHECK, Verdict.AGREES if agrees else Verdict.CONTRADICTS, Side.of(str(indicator.score), indicator),
        Side.of(expected, indicator, claim, computed=True), detail,
        difference.quantize(_CENT, ROUND_HALF_UP), "分",
    )  # fmt: skip


SCORING_CHECKS: tuple[Check, ...] = (scores_by_rule,)
