"""What an auditor would ask of a performance table whose figures agree (合理性存疑).

Nothing here is a contradiction: each result is a question, with what it is asked about. The rates and counts
from which a question is asked are data (``ontology/checks/judgement.ttl``).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal
from difflib import SequenceMatcher

from fiscalgraph.extract.records import DisclosureRecords, Indicator
from fiscalgraph.graph.checks.conclusions import spent_nothing
from fiscalgraph.graph.checks.projects import (
    Measured,
    ProjectTable,
    lost_points,
    measured,
    plain,
    points,
    project_tables,
)
from fiscalgraph.graph.checks.results import Check, CheckResult, Compared, Side, Verdict
from fiscalgraph.graph.checks.scoring import printed_rules
from fiscalgraph.ontology.parameters import check_parameters
from fiscalgraph.ontology.terms import FG

__all__ = ["JUDGEMENT_CHECKS"]

_ONE = Decimal(1)
_DECORATION = re.compile(r"[（(]\d+(?:\.\d+)?分[）)]?|[“”\"‘’'（）()《》、，,。\s]")
_POINTS = re.compile(r"[（(]\d+(?:\.\d+)?分[）)]?$")
_SHOWN = 6  # indicators that a line names
_CAUSES = ("problem_cause", "underperformance_reason")
_LEAST_REASON = 8  # characters; 无, 已完成 are said of anything


def _question(
    check: str,
    left: Side,
    right: Side,
    detail: str,
    difference: Decimal | None = None,
    unit: str | None = None,
) -> CheckResult:
    return CheckResult(check, Verdict.QUESTIONABLE, left, right, detail, difference, unit)


def _name(indicator: Indicator) -> str:
    name = _POINTS.sub("", indicator.level3 or "")
    return f"{indicator.project}“{name}”"


def _measured(records: DisclosureRecords) -> Iterator[tuple[ProjectTable, Measured]]:
    """The indicators that have a result, with their tables."""
    for table in project_tables(records):
        for row in measured([indicator for indicator in table.indicators if indicator.actual]):
            yield table, row


def full_score_below_target(records: DisclosureRecords) -> Iterator[CheckResult]:
    """An actual value below its target (of which less is better: above it) with the full score.

    Where the document prints the rule for such a target, the score is checked against the rule instead.
    """
    whole = [
        claim for claim in records.statements if claim.kind == "scoring_rule" and claim.occurrence is None
    ]
    for table, row in _measured(records):
        if row.ratio is None or row.ratio >= _ONE or not row.weight or row.score != row.weight:
            continue
        if row.direction is None or row.direction in printed_rules(table, whole):
            continue
        indicator = row.indicator
        target, actual, score = str(indicator.target), str(indicator.actual), indicator.score
        detail = f"{_name(indicator)}：年度指标值{target}，实际完成值{actual}，得满分{score}"
        yield _question(
            "full-score-below-target", Side.of(target, indicator), Side.of(actual, indicator), detail
        )


def targets_too_low(records: DisclosureRecords) -> Iterator[CheckResult]:
    """目标值偏低: an actual value far above a target of which more is better."""
    rule = check_parameters("target-too-low")
    most, least_excess = rule.number(FG.threshold), rule.number(FG.leastCount)
    for _, row in _measured(records):
        target, actual = row.target, row.actual
        if row.ratio is None or row.ratio <= most or row.direction == "lower":
            continue
        if target is None or actual is None or target.kind != "number":
            continue
        if target.number is None or actual.number is None or actual.number - target.number < least_excess:
            continue
        indicator = row.indicator
        share = f"{plain((row.ratio * 100).quantize(Decimal('0.1')))}%"
        detail = (
            f"{_name(indicator)}：年度指标值{indicator.target}，实际完成值{indicator.actual}，"
            f"为目标值的{share}，目标值偏低"
        )
        yield _question(
            "target-too-low", Side.of(str(indicator.target), indicator),
            Side.of(str(indicator.actual), indicator), detail, target.number - actual.number, target.unit,
        )  # fmt: skip


def points_lost_though_met(records: DisclosureRecords) -> Iterator[CheckResult]:
    """Points lost on a measured target that was met, and not far exceeded."""
    most = check_parameters("points-lost-though-met").number(FG.threshold)
    for _, row in _measured(records):
        if row.ratio is None or not _ONE <= row.ratio <= most:
            continue
        if row.weight is None or row.score is None or row.score >= row.weight:
            continue
        indicator = row.indicator
        detail = (
            f"{_name(indicator)}：年度指标值{indicator.target}，实际完成值{indicator.actual}，"
            f"得{indicator.score}/{indicator.weight}"
        )
        yield _question(
            "points-lost-though-met", Side.of(str(indicator.weight), indicator),
            Side.of(str(indicator.score), indicator), detail, row.weight - row.score, "分",
        )  # fmt: skip


def scored_without_spending(records: DisclosureRecords) -> Iterator[CheckResult]:
    """Scores for output indicators (产出指标) in a project that spent nothing of its budget."""
    output = check_parameters("scored-without-spending").pattern(FG.wording)
    for table in project_tables(records):
        if not spent_nothing(table) or table.project is None:
            continue
        rows = [row for row in table.indicators if output.search(row.level1 or "") and points(row.score)]
        if not rows:
            continue
        earned = plain(sum((points(row.score) or Decimal(0) for row in rows), Decimal(0)))
        rate = table.project.rate or ""
        detail = f"{table.name}：预算执行率为{rate}，{len(rows)}个产出指标共得{earned}分"
        right = Side.of(earned, *rows, computed=True)
        yield _question(
            "scored-without-spending", Side.of(rate, table.project, *table.funds[:1]), right, detail
        )


def reasons_missing(records: DisclosureRecords) -> Iterator[CheckResult]:
    """Points lost, and neither the row nor the table's notes say why: one question for each table.

    A cause that the table states beside its rows (below 总分, in its conclusion) is one for all of them;
    where the document gives reasons row by row, words of the conclusion must name the indicator.
    """
    by_row = any(_said(row.reason) for row in records.indicators)
    for table in project_tables(records):
        in_rows = {row.reason for row in table.indicators}
        if any(each.kind in _CAUSES and each.text not in in_rows for each in table.findings):
            continue
        words = [_DECORATION.sub("", each.printed) for each in table.claims if each.kind == "conclusion"]
        unexplained = [
            row
            for row in lost_points(table.indicators)
            if not _said(row.reason) and not (_named(row, words) if by_row else words)
        ]
        if not unexplained:
            continue
        shown = "、".join(f"“{row.level3}”得{row.score}/{row.weight}" for row in unexplained[:_SHOWN])
        more = f"等{len(unexplained)}个指标" if len(unexplained) > _SHOWN else ""
        detail = f"{table.name}：{shown}{more}，未说明原因"
        first = unexplained[0]
        printed = f"{first.score}/{first.weight}" if len(unexplained) == 1 else f"{len(unexplained)}个指标"
        yield _question("reason-missing", Side.of(printed, *unexplained), Side("", ()), detail)


def _said(reason: str | None) -> bool:
    return bool(reason and re.search(r"[一-龥]{2}", reason) and reason.strip("。") not in ("无偏差", "无"))


def _named(row: Indicator, words: Sequence[str]) -> bool:
    """Whether the table's words name the indicator, in full or by most of its name."""
    name = _DECORATION.sub("", row.level3 or "")
    if not name:
        return False
    for text in words:
        common = SequenceMatcher(None, name, text, autojunk=False).find_longest_match()
        if common.size * 2 >= len(name) and common.size >= min(4, len(name)):
            return True
    return False


def reasons_without_shortfall(records: DisclosureRecords) -> Iterator[CheckResult]:
    """A reason for a deviation beside a target met exactly, with its full score."""
    deviates = check_parameters("reason-without-shortfall").pattern(FG.wording)
    for _, row in _measured(records):
        reason = row.indicator.reason
        if not _said(reason) or row.weight is None or row.score != row.weight:
            continue
        if reason is None or not deviates.search(reason) or row.ratio != _ONE:
            continue
        indicator = row.indicator
        detail = (
            f"{_name(indicator)}：年度指标值{indicator.target}，实际完成值{indicator.actual}，得满分，"
            f"偏差原因栏写“{reason[:40]}”"
        )
        yield _question(
            "reason-without-shortfall", Side.of(str(indicator.actual), indicator),
            Side.of(reason, indicator), detail,
        )  # fmt: skip


def repeated_reasons(records: DisclosureRecords) -> Iterator[CheckResult]:
    """One sentence as the reason of many indicators."""
    rule = check_parameters("repeated-reason")
    least, alike = rule.number(FG.leastCount), float(rule.number(FG.threshold))
    groups: list[tuple[str, list[Indicator]]] = []
    for indicator in records.indicators:
        text = _DECORATION.sub("", indicator.reason or "")
        if not _said(indicator.reason) or len(text) < _LEAST_REASON:
            continue
        group = next((rows for words, rows in groups if _alike(words, text, alike)), None)
        if group is None:
            groups.append((text, [indicator]))
        else:
            group.append(indicator)
    for _, rows in groups:
        if len(rows) < least:
            continue
        reason = str(rows[0].reason)
        records_of: list[Compared] = [*rows]
        tables = len({row.occurrence for row in rows})
        detail = f"{len(rows)}个指标（{tables}张表）的偏差原因均为“{reason[:60]}”"
        yield _question(
            "repeated-reason",
            Side.of(reason, *records_of),
            Side.of(f"{len(rows)}个指标", *records_of, computed=True),
            detail,
        )


def _alike(left: str, right: str, least: float) -> bool:
    matcher = SequenceMatcher(None, left, right, autojunk=False)
    return matcher.real_quick_ratio() >= least and matcher.quick_ratio() >= least and matcher.ratio() >= least


JUDGEMENT_CHECKS: tuple[Check, ...] = (
    full_score_below_target,
    targets_too_low,
    points_lost_though_met,
    scored_without_spending,
    reasons_missing,
    reasons_without_shortfall,
    repeated_reasons,
)
