"""What a project's own words say of aims and results against its indicators, and against one another.

"新增就业61.75万人，超过预期目标60万人" beside an indicator with the result 61.75万人 and the target
≥55万人: the result tells which indicator is meant, so that no wording need be compared. A reason that
says by how much the target was exceeded (超额完成100%) is compared with what target and result give. Two
texts of one table speak of one thing only where the words on both sides of the number are the same.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from decimal import ROUND_HALF_UP, Decimal
from itertools import product

from fiscalgraph.extract.records import DisclosureRecords, Indicator, Statement
from fiscalgraph.graph.checks.counts import Count, counts, excerpt, single
from fiscalgraph.graph.checks.projects import ProjectTable, project_tables
from fiscalgraph.graph.checks.results import Check, CheckResult, Side, Verdict

__all__ = ["GOAL_CHECKS"]

_AIMED = re.compile(r"(?:目标|计划|任务)(?:数|值|招募|完成|培训|新增|补助|资助)?(?:为|是|数为)?$")
_PER_PART = re.compile(r"每[年月期批次人]|\d年[^，。；]{0,6}$|累计|[三四五]年")
_SEVERAL_YEARS = re.compile("每[年月期批次人]|累计|[二三四五]年")
_PLANNED = re.compile(r"(?:预计|预期|计划|目标|任务|拟)[^，。；,;\d]{0,8}$")
_EXCESS = re.compile(r"(?:超额|超出|超过?)(?:目标|计划)?(?:完成)?(?P<percent>\d+(?:\.\d+)?)[%％]")
_SHARE_OF_TASK = re.compile(
    r"(?:完成|达到?|占)[^。；;，,\d]{0,20}?(?:任务|目标|计划)(?:数|值|量)?(?P<task>[\d.,]+[万亿]?[人名户份家个场次期项件套篇册]+次?)"
    r"的(?P<rate>\d+(?:\.\d+)?)[%％]"
)
_REACH = 80  # characters between an aim and the result that it is compared with
_BEHIND_NUMBER = re.compile("^(?:左右|以上|以下|以内|余)?的?")
_SAME_AHEAD, _SAME_BEHIND = 2, 4  # characters on either side of a number that must be the same
_SAME_WORDS = 8  # and on both sides together, between two accounts of a result


def aims_and_targets(records: DisclosureRecords) -> Iterator[CheckResult]:
    """An aim in the outcome or conclusion against the target of the indicator whose result it stands by."""
    for table in project_tables(records):
        for claim in table.claims:
            if claim.kind in ("outcome", "conclusion"):
                yield from _of_claim(claim, table.indicators)


def _of_claim(claim: Statement, indicators: Sequence[Indicator]) -> Iterator[CheckResult]:
    found = counts(claim.printed)
    for aim in found:
        before = claim.printed[max(0, aim.start - 12) : aim.start]
        if not _AIMED.search(before) or _PER_PART.search(before):
            continue
        results = [
            count
            for count in found
            if count is not aim and count.kind == aim.kind and abs(count.start - aim.start) <= _REACH
        ]
        meant = [
            (indicator, target)
            for indicator in indicators
            if (target := single(indicator.target)) is not None
            and target.kind == aim.kind
            and (actual := single(indicator.actual)) is not None
            and any(result.value == actual.value for result in results)
        ]
        agreeing = [(indicator, target) for indicator, target in meant if aim.agrees(target)]
        if len(meant) != 1 and not agreeing:
            continue
        indicator, target = (agreeing or meant)[0]
        printed = indicator.target or target.printed
        words = excerpt(claim.printed, aim, 12)
        yield CheckResult(
            "aim-and-target",
            Verdict.AGREES if agreeing else Verdict.CONTRADICTS,
            Side.of(aim.printed, claim),
            Side.of(printed, indicator),
            f"{claim.subject}：“{words}”，指标“{indicator.level3}”的年度指标值为{printed}",
            aim.value - target.value,
            aim.unit,
        )


def stated_excess(records: DisclosureRecords) -> Iterator[CheckResult]:
    """超额完成…% in an indicator's reason against its result over its target."""
    for indicator in records.indicators:
        stated = list(_EXCESS.finditer(indicator.reason or ""))
        target, actual = single(indicator.target), single(indicator.actual)
        if len(stated) != 1 or target is None or actual is None:
            continue
        if target.kind != actual.kind or target.rough or actual.rough or target.value == 0:
            continue
        excess = (actual.value / target.value - 1) * 100
        if excess <= 0:
            continue
        said, percent = stated[0].group(), stated[0]["percent"]
        agrees = abs(Decimal(percent) - excess) <= _last_place(percent)
        right = f"{excess.quantize(Decimal('0.01'))}%"
        detail = (
            f"{indicator.project}“{indicator.level3}”：年度指标值{indicator.target}、"
            f"实际完成值{indicator.actual}，超出{right}，原因栏写“{said}”"
        )
        difference = (Decimal(percent) - excess).quantize(Decimal("0.01"))
        yield CheckResult(
            "stated-excess", Verdict.AGREES if agrees else Verdict.CONTRADICTS, Side.of(said, indicator),
            Side.of(right, indicator, computed=True), detail, difference, "%",
        )  # fmt: skip


def _last_place(printed: str) -> Decimal:
    return Decimal(1).scaleb(-len(printed.partition(".")[2]))


def shares_of_tasks(records: DisclosureRecords) -> Iterator[CheckResult]:
    """…18.9万名…，完成任务5.2万人的…%: the share against the result and the task of its own sentence."""
    for claim in records.statements:
        if claim.kind not in ("outcome", "conclusion"):
            continue
        text = claim.printed
        found = counts(text)
        for match in _SHARE_OF_TASK.finditer(text):
            task = single(match["task"])
            sentence = max(text.rfind(mark, 0, match.start()) for mark in "。；;") + 1
            done = [
                count
                for count in found
                if sentence <= count.start
                and count.end <= match.start()
                and task is not None
                and count.kind == task.kind
            ]
            if task is None or not done or task.value <= task.half:
                continue
            yield _share(claim, match, done[-1], task)


def _share(claim: Statement, match: re.Match[str], done: Count, task: Count) -> CheckResult:
    rate = Decimal(match["rate"])
    expected = done.value / task.value * 100
    low = (done.value - done.half) / (task.value + task.half) * 100
    high = (done.value + done.half) / (task.value - task.half) * 100
    step = _last_place(match["rate"])
    if abs(rate - expected) <= step:
        verdict = Verdict.AGREES
    elif low - step <= rate <= high + step:
        verdict = Verdict.ROUNDING
    else:
        verdict = Verdict.CANNOT_TELL if done.rough or task.rough else Verdict.CONTRADICTS
    right = f"{expected.quantize(step, ROUND_HALF_UP)}%"
    detail = f"{claim.subject}：{done.printed}为任务{task.printed}的{right}，文字写{match['rate']}%"
    return CheckResult(
        "share-of-task", verdict, Side.of(f"{match['rate']}%", claim),
        Side.of(right, claim, computed=True), detail, (rate - expected).quantize(Decimal("0.01")), "%",
    )  # fmt: skip


def aims_in_goal_and_outcome(records: DisclosureRecords) -> Iterator[CheckResult]:
    """2023年计划招募1000名高校毕业生 in the outcome against 预计招募1200名 in the goal."""
    for table in project_tables(records):
        for goal, outcome in _pairs(table, "goal", ("outcome", "conclusion")):
            for aim, later in product(counts(goal.printed), counts(outcome.printed)):
                planned = _PLANNED.search(outcome.printed[max(0, later.start - 16) : later.start])
                if planned is None or _SEVERAL_YEARS.search(
                    outcome.printed[max(0, later.start - 12) : later.start]
                ):
                    continue
                if _same_words(goal.printed, aim, outcome.printed, later, _SAME_AHEAD + _SAME_BEHIND):
                    agrees = aim.agrees(later)
                    yield _two_texts("aim-and-aim", agrees, (goal, aim), (outcome, later), "预期目标", "计划")


def results_in_outcome_and_conclusion(records: DisclosureRecords) -> Iterator[CheckResult]:
    """A result that 实际完成情况 and 自评结论 state in the same words."""
    for table in project_tables(records):
        for outcome, conclusion in _pairs(table, "outcome", ("conclusion",)):
            for first, second in product(counts(outcome.printed), counts(conclusion.printed)):
                texts = ((outcome.printed, first), (conclusion.printed, second))
                if any(
                    _PLANNED.search(text[max(0, count.start - 16) : count.start]) for text, count in texts
                ):
                    continue
                if _same_words(outcome.printed, first, conclusion.printed, second, _SAME_WORDS):
                    agrees = first.rounds_to(second)
                    yield _two_texts(
                        "outcome-and-conclusion", agrees, (outcome, first), (conclusion, second),
                        "实际完成情况", "自评结论",
                    )  # fmt: skip


def _pairs(table: ProjectTable, kind: str, others: tuple[str, ...]) -> Iterator[tuple[Statement, Statement]]:
    for first in table.claims:
        for second in table.claims:
            if first.kind == kind and second.kind in others:
                yield first, second


def _same_words(left: str, first: Count, right: str, second: Count, least: int) -> bool:
    """Whether what is counted is the same, and the words right before and behind the two numbers."""
    if first.kind != second.kind:
        return False
    ahead = _common(left[: first.start][::-1], right[: second.start][::-1])
    behind = _common(_behind(left, first), _behind(right, second))
    return ahead >= _SAME_AHEAD and behind >= _SAME_BEHIND and ahead + behind >= least


def _behind(text: str, count: Count) -> str:
    return _BEHIND_NUMBER.sub("", text[count.end : count.end + 24])


def _common(left: str, right: str) -> int:
    """How many characters both begin with, no further than the end of the clause."""
    size = 0
    for a, b in zip(left, right, strict=False):
        if a != b or a in "，。；,;" or a.isdigit():
            break
        size += 1
    return size


def _two_texts(
    check: str,
    agrees: bool,
    left: tuple[Statement, Count],
    right: tuple[Statement, Count],
    left_name: str,
    right_name: str,
) -> CheckResult:
    (first, one), (second, other) = left, right
    words, others = excerpt(first.printed, one, 12, 10), excerpt(second.printed, other, 12, 10)
    detail = f"{first.subject}：{left_name}称“{words}”，{right_name}称“{others}”"
    return CheckResult(
        check, Verdict.AGREES if agrees else Verdict.CONTRADICTS, Side.of(one.figure, first),
        Side.of(other.figure, second), detail, one.value - other.value, one.unit,
    )  # fmt: skip


GOAL_CHECKS: tuple[Check, ...] = (
    aims_and_targets,
    stated_excess,
    shares_of_tasks,
    aims_in_goal_and_outcome,
    results_in_outcome_and_conclusion,
)
