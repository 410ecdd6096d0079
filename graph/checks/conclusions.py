"""A project table's own words (自评结论) against its figures."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from fiscalgraph.extract.records import DisclosureRecords, Indicator, Project, Statement
from fiscalgraph.graph.checks.projects import ProjectTable, lost_points, points, project_tables, sum_of
from fiscalgraph.graph.checks.results import Check, CheckResult, Side, Verdict, number
from fiscalgraph.ontology.parameters import check_parameters
from fiscalgraph.ontology.terms import FG

__all__ = ["CONCLUSION_CHECKS"]

_NO_DEVIATION = re.compile("无偏差|不存在偏差|没有偏差")
_ALL_MET = re.compile(r"(?<!未)(?<!没有)(?:全部|全面|均已|均按时)完成")
_TARGETS = re.compile("目标|指标|任务")
_THE_OTHERS = re.compile("其他|其它|其余|剩余")
_UNMET = re.compile(
    r"(?:指标|目标|任务)[^。；，]{0,40}?(?P<words>未(?:能)?(?:按期|按时|全部|完全)?(?:完成|达成|达到))"
)
_GOAL_RATE = re.compile(r"(?:绩效)?目标(?:任务)?完成率(?:为|达到?|是)?(?P<rate>\d+(?:\.\d+)?%)")
_EXECUTION = re.compile(r"(?<!项目)(?:预算)?(?:资金)?执行率(?:为|达到?|是)?(?P<rate>\d+(?:\.\d+)?%)")
_WELL_MET = re.compile(r"指标完成(?:情况)?良好|(?:目标|任务)全部完成")
_MEASURED = re.compile(r"\d")
_FULL = Decimal(100)


@dataclass(frozen=True, slots=True)
class _Concluded:
    """A conclusion, the table it stands in, and the table's project."""

    claim: Statement
    table: ProjectTable
    project: Project

    def result(
        self,
        check: str,
        verdict: Verdict,
        left: str,
        right: Side,
        detail: str,
        difference: Decimal | None = None,
    ) -> CheckResult:
        unit = "%" if difference is not None else None
        return CheckResult(
            check,
            verdict,
            Side.of(left, self.claim),
            right,
            f"{self.project.project}：{detail}",
            difference,
            unit,
        )


def _conclusions(records: DisclosureRecords) -> Iterator[_Concluded]:
    for table in project_tables(records):
        for claim in table.claims:
            if claim.kind == "conclusion" and table.project is not None:
                yield _Concluded(claim, table, table.project)


def _named(lost: list[Indicator]) -> str:
    return "、".join(f"{each.level3}得{each.score}/{each.weight}" for each in lost[:3])


def targets_met(records: DisclosureRecords) -> Iterator[CheckResult]:
    """全部完成, 无偏差 or a 目标完成率 beside points that were lost, or that were not."""
    for each in _conclusions(records):
        text = each.claim.printed
        all_met, unmet = _ALL_MET.search(text), _UNMET.search(text)
        if all_met and not _speaks_of_all(text[max(0, all_met.start() - 14) : all_met.start()]):
            all_met = None
        if all_met and unmet:
            words, other = all_met.group(), unmet["words"]
            detail = f"自评结论称“{words}”，又称“{other}”"
            right = Side.of(other, each.claim)
            yield each.result("conclusion-with-itself", Verdict.CONTRADICTS, words, right, detail)
            continue
        deviation = _NO_DEVIATION.search(text)
        said = deviation or all_met
        if said is not None:
            yield from _success(each, said.group(), bool(deviation))
        rate = _GOAL_RATE.search(text)
        if rate is not None and each.table.indicators:
            yield from _target_rate(each, rate)


def _speaks_of_all(before: str) -> bool:
    """Whether the words before 全部完成 name the targets, and not only the others (其他指标) of them."""
    return bool(_TARGETS.search(before)) and not _THE_OTHERS.search(before)


def _success(each: _Concluded, said: str, nothing_deviates: bool) -> Iterator[CheckResult]:
    """Words of full success against the points that were lost.

    Points lost on the quality of an effect do not say that a task was left undone.
    """
    lost, score = lost_points(each.table.indicators), each.project.score or ""
    if not nothing_deviates:
        lost = [row for row in lost if _MEASURED.search(row.target or "")]
    if lost:
        single = lost[0].score if len(lost) == 1 and not nothing_deviates else None
        right = single or score
        if right:
            detail = f"自评结论称“{said}”，但{_named(lost)}（总分{score}）"
            side = Side.of(right, *lost, *(() if single else (each.project,)))
            yield each.result("conclusion-and-points", Verdict.CONTRADICTS, said, side, detail)
    elif any(points(row.score) is not None for row in each.table.indicators):
        side = Side.of(score, each.project, *each.table.indicators)
        detail = f"自评结论称“{said}”，各指标未见相应失分"
        yield each.result("conclusion-and-points", Verdict.AGREES, said, side, detail)


def _target_rate(each: _Concluded, rate: re.Match[str]) -> Iterator[CheckResult]:
    """A stated 目标完成率 against full scores or lost points."""
    rows, score = each.table.indicators, each.project.score
    lost, stated = lost_points(rows), number(rate["rate"])
    whole = sum_of(row.weight for row in rows)
    if stated is None or (stated != _FULL and whole is None):
        return
    if stated == _FULL and lost and score:
        detail = f"自评结论称{rate.group()}，自评表总分{score}"
        side = Side.of(score, *lost, each.project)
        yield each.result("stated-target-rate", Verdict.CONTRADICTS, rate.group(), side, detail)
    elif stated < _FULL and not lost and whole is not None:
        right = f"{score or whole}/{whole}"
        detail = f"自评结论称{rate.group()}，各项指标得满分（{right}）"
        side = Side.of(right, *rows, each.project)
        yield each.result("stated-target-rate", Verdict.CONTRADICTS, rate["rate"], side, detail)
    elif score:
        detail = f"自评结论称{rate.group()}，自评表总分{score}"
        yield each.result(
            "stated-target-rate", Verdict.AGREES, rate.group(), Side.of(score, each.project, *rows), detail
        )


def execution_stated(records: DisclosureRecords) -> Iterator[CheckResult]:
    """The execution rate a conclusion states against the table's rate of the same project."""
    for each in _conclusions(records):
        project = each.project
        match = _EXECUTION.search(each.claim.printed)
        if match is None or project.rate is None:
            continue
        stated, printed = number(match["rate"]), number(project.rate)
        if stated is None or printed is None or not 0 <= printed <= 150:
            continue
        if "%" not in project.rate and printed <= 1 < stated:
            printed *= 100  # printed as a fraction
        places = len(match["rate"].rstrip("%").partition(".")[2])
        agrees = abs(stated - printed) <= Decimal(1).scaleb(-places)
        detail = f"自评结论称执行率{match['rate']}，资金栏执行率为{project.rate}"
        row = next((fund for fund in each.table.funds if fund.rate == project.rate), project)
        verdict = Verdict.AGREES if agrees else Verdict.CONTRADICTS
        yield each.result(
            "stated-execution-rate",
            verdict,
            match["rate"],
            Side.of(project.rate, row),
            detail,
            stated - printed,
        )


def met_without_spending(records: DisclosureRecords) -> Iterator[CheckResult]:
    """Indicators said to be well met in a project that spent nothing of its budget."""
    for each in _conclusions(records):
        project = each.project
        match = _WELL_MET.search(each.claim.printed)
        if match is None or not spent_nothing(each.table):
            continue
        detail = f"自评结论称“{match.group()}”，预算执行率为{project.rate}"
        side = Side.of(project.rate or "", each.table.funds[0] if each.table.funds else project)
        yield each.result("met-without-spending", Verdict.CONTRADICTS, match.group(), side, detail)


def spent_nothing(table: ProjectTable) -> bool:
    """Whether a project with a budget prints an execution rate of 0, and no execution beside it."""
    project = table.project
    if project is None:
        return False
    budget, spent = number(project.budget_full), number(project.executed)
    return bool(budget) and not spent and number(project.rate) == 0


def partial_with_full_score(records: DisclosureRecords) -> Iterator[CheckResult]:
    """部分达成 or 未达成 as the result of an indicator that scored its full weight, or did not.

    The scale of qualitative indicators (达成年度指标 80-100 %, 部分达成 60-80 %, 未达成 under 60 %)
    leaves no full score to a result that was reached in part.
    """
    partly = check_parameters("partial-with-full-score").pattern(FG.wording)
    for indicator in records.indicators:
        weight, score = points(indicator.weight), points(indicator.score)
        if not indicator.actual or not partly.search(indicator.actual) or not weight or score is None:
            continue
        verdict = Verdict.CONTRADICTS if score == weight else Verdict.AGREES
        full = "得满分" if score == weight else f"分值{indicator.weight}，得分"
        name = f"{indicator.project}“{indicator.level3}”"
        detail = f"{name}：实际完成值为“{indicator.actual}”，{full}{indicator.score}"
        yield CheckResult(
            "partial-with-full-score", verdict, Side.of(indicator.actual, indicator),
            Side.of(str(indicator.score), indicator), detail,
        )  # fmt: skip


CONCLUSION_CHECKS: tuple[Check, ...] = (
    targets_met,
    execution_stated,
    met_without_spending,
    partial_with_full_score,
)
