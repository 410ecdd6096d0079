"""A project table's own words (goal, outcome, conclusion) against its figures."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from decimal import Decimal

from fiscalgraph.extract.records import DisclosureRecords, Fund, Indicator, Project, Statement
from fiscalgraph.graph.checks.results import Contradiction, ContradictionCheck, number

__all__ = ["CONCLUSION_CHECKS"]

_NO_DEVIATION = re.compile("无偏差|不存在偏差|没有偏差")
_ALL_MET = re.compile(r"(?<!未)(?<!没有)(?:全部|全面|均已|均按时)完成")
_TARGETS = re.compile("目标|指标|任务")
_UNMET = re.compile(
    r"(?:指标|目标|任务)[^。；，]{0,40}?(?P<words>未(?:能)?(?:按期|按时|全部|完全)?(?:完成|达成|达到))"
)
_GOAL_RATE = re.compile(r"(?:绩效)?目标(?:任务)?完成率(?:为|达到?|是)?(?P<rate>\d+(?:\.\d+)?%)")
_EXECUTION = re.compile(r"(?<!项目)(?:预算)?(?:资金)?执行率(?:为|达到?|是)?(?P<rate>\d+(?:\.\d+)?%)")
_WELL_MET = re.compile(r"指标完成(?:情况)?良好|(?:目标|任务)全部完成")
_MEASURED = re.compile(r"\d")
_FULL = Decimal(100)


def _tables(
    records: DisclosureRecords,
) -> Iterator[tuple[Statement, Project, list[Indicator], list[Fund]]]:
    """Each conclusion with the table it stands in."""
    projects = {project.occurrence: project for project in records.projects}
    indicators: dict[int, list[Indicator]] = defaultdict(list)
    funds: dict[int, list[Fund]] = defaultdict(list)
    for indicator in records.indicators:
        indicators[indicator.occurrence].append(indicator)
    for fund in records.funds:
        funds[fund.occurrence].append(fund)
    for claim in records.statements:
        if claim.kind == "conclusion" and claim.occurrence in projects:
            at = claim.occurrence
            yield claim, projects[at], indicators[at], funds[at]


def _lost(indicators: list[Indicator]) -> list[Indicator]:
    """The indicators that scored less than their weight."""
    return [
        indicator
        for indicator in indicators
        if (weight := number(indicator.weight)) is not None
        and (score := number(indicator.score)) is not None
        and score < weight
    ]


def targets_met(records: DisclosureRecords) -> Iterator[Contradiction]:
    """全部完成, 无偏差 or a 目标完成率 beside points that were lost, or that were not."""
    for claim, project, indicators, _ in _tables(records):
        text, lost = claim.printed, _lost(indicators)
        score = project.score or ""
        name = project.project
        deviation, all_met, unmet = (p.search(text) for p in (_NO_DEVIATION, _ALL_MET, _UNMET))
        if all_met and not _TARGETS.search(text[max(0, all_met.start() - 14) : all_met.start()]):
            all_met = None  # something else was completed
        if all_met and unmet:
            words, other = all_met.group(), unmet["words"]
            detail = f"{name}：自评结论称“{words}”，又称“{other}”"
            yield Contradiction("text_vs_text", words, other, detail, claim.source, claim.source)
            continue
        if not deviation:
            # Points lost on the quality of an effect do not say that a task was left undone.
            lost = [each for each in lost if _MEASURED.search(each.target or "")]
        if lost and (deviation or all_met):
            match = deviation or all_met
            assert match is not None
            single = lost[0].score if len(lost) == 1 and not deviation else None
            right = single or score
            if right:
                which = "、".join(f"{each.level3}得{each.score}/{each.weight}" for each in lost[:3])
                detail = f"{name}：自评结论称“{match.group()}”，但{which}（总分{score}）"
                yield Contradiction(
                    "text_vs_table", match.group(), right, detail, claim.source, lost[0].source
                )
        rate = _GOAL_RATE.search(text)
        if rate is not None and indicators:
            stated = number(rate["rate"])
            weights = [number(each.weight) for each in indicators]
            if stated == _FULL and lost and score:
                detail = f"{name}：自评结论称{rate.group()}，自评表总分{score}"
                yield Contradiction(
                    "text_vs_table", rate.group(), score, detail, claim.source, lost[0].source
                )
            elif stated is not None and stated < _FULL and not lost and None not in weights:
                whole = sum((w for w in weights if w is not None), Decimal(0))
                right = f"{score or whole}/{whole}"
                detail = f"{name}：自评结论称{rate.group()}，各项指标得满分（{right}）"
                yield Contradiction(
                    "text_vs_table", rate["rate"], right, detail, claim.source, indicators[0].source
                )


def execution_stated(records: DisclosureRecords) -> Iterator[Contradiction]:
    """The execution rate a conclusion states against the table's rate of the same project."""
    for claim, project, _, funds in _tables(records):
        match = _EXECUTION.search(claim.printed)
        if match is None or project.rate is None:
            continue
        stated, printed = number(match["rate"]), number(project.rate)
        if stated is None or printed is None or not 0 <= printed <= 150:
            continue
        if "%" not in project.rate and printed <= 1 < stated:
            printed *= 100  # printed as a fraction
        places = len(match["rate"].rstrip("%").partition(".")[2])
        if abs(stated - printed) > Decimal(1).scaleb(-places):
            detail = f"{project.project}：自评结论称执行率{match['rate']}，资金栏执行率为{project.rate}"
            source = next((fund.source for fund in funds if fund.rate == project.rate), project.source)
            yield Contradiction("rate_mismatch", match["rate"], project.rate, detail, claim.source, source)


def met_without_spending(records: DisclosureRecords) -> Iterator[Contradiction]:
    """Indicators said to be well met in a project that spent nothing of its budget."""
    for claim, project, _, funds in _tables(records):
        match = _WELL_MET.search(claim.printed)
        budget, spent = number(project.budget_full), number(project.executed)
        if match is None or not budget or (spent is not None and spent != 0):
            continue
        if number(project.rate) != 0:
            continue
        detail = f"{project.project}：自评结论称“{match.group()}”，预算执行率为{project.rate}"
        source = funds[0].source if funds else project.source
        yield Contradiction("text_vs_table", match.group(), project.rate or "", detail, claim.source, source)


_PARTLY = re.compile(r"^(?:部分(?:达成|完成|实现)|未(?:达成|完成|实现|达到))")


def partial_with_full_score(records: DisclosureRecords) -> Iterator[Contradiction]:
    """部分达成 or 未达成 as the result of an indicator that scored its full weight.

    The scale of qualitative indicators (达成年度指标 80-100 %, 部分达成 60-80 %, 未达成 under 60 %)
    leaves no full score to a result that was reached in part.
    """
    for indicator in records.indicators:
        weight, score = number(indicator.weight), number(indicator.score)
        if not indicator.actual or not _PARTLY.match(indicator.actual) or not weight or score != weight:
            continue
        detail = f"“{indicator.level3}”：实际完成值为“{indicator.actual}”，得满分{indicator.score}"
        yield Contradiction(
            "score_rule_mismatch", indicator.actual, str(indicator.score), detail,
            indicator.source, indicator.source,
        )  # fmt: skip


CONCLUSION_CHECKS: tuple[ContradictionCheck, ...] = (
    targets_met,
    execution_stated,
    met_without_spending,
    partial_with_full_score,
)
