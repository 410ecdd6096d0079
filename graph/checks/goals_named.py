"""Numbers that a project's words tie to an indicator by its name, or by counting batches."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal

from fiscalgraph.extract.records import DisclosureRecords, Indicator, Statement
from fiscalgraph.graph.checks.counts import Count, counts, excerpt, single
from fiscalgraph.graph.checks.projects import ProjectTable, plain, project_tables
from fiscalgraph.graph.checks.results import Check, CheckResult, Side, Verdict
from fiscalgraph.ontology.parameters import check_parameters
from fiscalgraph.ontology.terms import FG

__all__ = ["NAMED_GOAL_CHECKS"]

_BATCH = "期|批|班|场|次"
_PER_BATCH = re.compile(rf"每(?P<batch>{_BATCH})(?:次)?(?P<figure>\d+)(?P<unit>人|名)")
_DECORATION = re.compile(r"[（(][^（()）]*[）)]|[“”\"‘’'（）()《》\s]")
_MEASURE = re.compile(r"(?:的)?(?:总)?(?:人次|人数|数量|次数|个数|户数|份数|期数|场次|数|量)$")
_OTHER_TIME = re.compile(r"累计|截至|以来|上年|去年|计划|预计|预期|目标|任务|指标")
_YEAR = re.compile(r"20\d\d(?=年)")
_CLAUSE = re.compile(r"[，。；、,;:：]")
_LEAST_NAME = 6  # characters of an indicator's name that must stand before the number
_MOST_OF_NAME = Decimal("0.8")  # and the share of the name that they are


def batches_and_targets(records: DisclosureRecords) -> Iterator[CheckResult]:
    """每期240人，举办12期 in the goal against the only target that counts people (人数)."""
    most = check_parameters("batches-and-target").number(FG.threshold)
    for table in project_tables(records):
        targets = [
            (indicator, target)
            for indicator in table.indicators
            if "人" in (indicator.level3 or "")
            and (target := single(indicator.target)) is not None
            and target.kind == "人"
        ]
        if len(targets) != 1:
            continue
        for claim in table.claims:
            if claim.kind == "goal":
                yield from _batches(table, claim, *targets[0], most)


def _batches(
    table: ProjectTable, claim: Statement, indicator: Indicator, target: Count, most: Decimal
) -> Iterator[CheckResult]:
    each = list(_PER_BATCH.finditer(claim.printed))
    if len(each) != 1:
        return
    batches = re.findall(rf"(?<!第)(?<!\d)(\d+){each[0]['batch']}", claim.printed)
    if len(batches) != 1:
        return
    product = Decimal(each[0]["figure"]) * Decimal(batches[0])
    low, high = sorted((product, target.value))
    agrees = high <= low * most
    detail = (
        f"{table.name}：预期目标写{each[0].group()}、{batches[0]}{each[0]['batch']}，合{plain(product)}"
        f"{each[0]['unit']}，指标“{indicator.level3}”的年度指标值为{indicator.target}"
    )
    yield CheckResult(
        "batches-and-target", Verdict.AGREES if agrees else Verdict.CONTRADICTS,
        Side.of(plain(product), claim, computed=True), Side.of(target.figure, indicator), detail,
        product - target.value, target.unit,
    )  # fmt: skip


def results_and_actuals(records: DisclosureRecords) -> Iterator[CheckResult]:
    """招募志愿者819名 in the words of a table against the actual value of the indicator of that name.

    The indicator may stand in another table of the document; one that agrees settles the matter.
    """
    tables = project_tables(records)
    named = [
        (name, indicator, actual)
        for table in tables
        for indicator in table.indicators
        if len(name := _core(indicator.level3)) >= _LEAST_NAME
        and (actual := single(indicator.actual)) is not None
    ]
    for table in tables:
        for claim in table.claims:
            if claim.kind not in ("outcome", "conclusion"):
                continue
            for count in counts(claim.printed):
                meant = _meant(claim.printed, count, named, str(records.identity.fiscal_year))
                if meant:
                    yield _compared(claim, count, meant)


_Named = tuple[str, Indicator, Count]


def _core(name: str | None) -> str:
    """An indicator's name without brackets, quotes and the word for what is measured."""
    return _MEASURE.sub("", _DECORATION.sub("", name or ""))


def _meant(text: str, count: Count, named: Sequence[_Named], year: str) -> list[_Named]:
    """The indicators whose name ends right before the number in its clause, of the year of the accounts."""
    start = max((mark.end() for mark in _CLAUSE.finditer(text, 0, count.start)), default=0)
    clause = text[start : count.start]
    if _OTHER_TIME.search(clause) or set(_YEAR.findall(clause)) - {year}:
        return []
    words = _DECORATION.sub("", clause)
    return [each for each in named if each[2].kind == count.kind and _ends_with(words, each[0])]


def _ends_with(words: str, name: str) -> bool:
    """Whether ``words`` end with the name, or with all but its first characters."""
    size = 0
    while size < min(len(words), len(name)) and words[-size - 1] == name[-size - 1]:
        size += 1
    return size >= _LEAST_NAME and size >= len(name) * _MOST_OF_NAME


def _compared(claim: Statement, count: Count, meant: Sequence[_Named]) -> CheckResult:
    agreeing = [each for each in meant if each[2].rounds_to(count)]
    own = [each for each in meant if each[1].occurrence == claim.occurrence]
    _, indicator, actual = (agreeing or own or meant)[0]
    where = "" if indicator.occurrence == claim.occurrence else f"{indicator.project}的"
    shown = excerpt(claim.printed, count, 16)
    detail = f"{claim.subject}：“{shown}”，{where}指标“{indicator.level3}”的实际完成值为{indicator.actual}"
    return CheckResult(
        "result-and-actual", Verdict.AGREES if agreeing else Verdict.CONTRADICTS,
        Side.of(count.figure, claim), Side.of(actual.figure, indicator), detail,
        count.value - actual.value, count.unit,
    )  # fmt: skip


NAMED_GOAL_CHECKS: tuple[Check, ...] = (batches_and_targets, results_and_actuals)
