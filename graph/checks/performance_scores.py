"""Weights of the indicators add up to what is customary and to what their levels print, scores to 总分."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import groupby

from fiscalgraph.extract.records import DisclosureRecords, Fund, Indicator, Project
from fiscalgraph.graph.checks.projects import plain, points, project_tables, sum_of
from fiscalgraph.graph.checks.results import Check, CheckResult, Side, Verdict
from fiscalgraph.ontology.parameters import check_parameters
from fiscalgraph.ontology.terms import FG

__all__ = ["SCORE_CHECKS"]

_ZERO = Decimal(0)


@dataclass(frozen=True, slots=True)
class _Scored:
    """One table: the sum of the indicators' weights and scores, and what budget execution has of either."""

    project: Project
    rows: Sequence[Indicator]
    funds: Sequence[Fund]
    weight: Decimal | None
    score: Decimal | None
    total: Decimal | None
    execution_weight: Decimal
    execution_score: Decimal


def _execution(funds: Sequence[Fund], column: str) -> Decimal:
    """Weight or score of budget execution, printed on the row of the total."""
    return next((v for fund in funds if (v := points(getattr(fund, column))) is not None), _ZERO)


def _scored(records: DisclosureRecords) -> list[_Scored]:
    found = []
    for table in project_tables(records):
        if table.project is None:
            continue
        weight = sum_of(row.weight for row in table.indicators)
        found.append(
            _Scored(
                table.project, table.indicators, table.funds,
                weight if weight is not None and 0 < weight < 200 else None,
                sum_of(row.score for row in table.indicators), points(table.project.score),
                _execution(table.funds, "weight"), _execution(table.funds, "score"),
            )
        )  # fmt: skip
    return found


def weights_and_scores(records: DisclosureRecords) -> Iterator[CheckResult]:
    """Indicator weights add up to 100 less the weight of execution, indicator scores to 总分.

    Where the table prints no weight of execution, 90 and 80 (beside 10 and 20 for it) are as good
    as 100, and what most tables of the document add up to is its rule. Some governments print a 总分
    with the score of budget execution and some without: that too the document's other tables tell, and
    where they do not, weights that leave room for that of execution. A row that is missing shows in
    both sums and is reported once, as a difference of scores. Where most tables lack more score than
    any weight of execution explains, the indicators were read in part: nothing is said of the document.
    """
    customary = check_parameters("indicator-weights").numbers(FG.expectedSum)
    tables = _scored(records)
    summed = [(t.total, t.score, t) for t in tables if t.total is not None and t.score is not None]
    in_part = sum(
        (table.weight or _ZERO) < min(customary) and total > score for total, score, table in summed
    )
    if in_part * 2 > len(summed) > 1:
        for total, _, table in summed:
            detail = f"{table.project.project}：该文件多数表的得分之和低于总分，指标可能未读全"
            yield _score_result(table, total, table.score or _ZERO, Verdict.CANNOT_TELL, detail)
        return
    with_execution = sum(
        total == score + table.execution_score != score for total, score, table in summed
    ) - sum(total == score for total, score, _ in summed)
    common = Counter(table.weight for table in tables if table.weight is not None).most_common(1)
    usual = common[0][0] if common and common[0][0] in customary else None
    for table in tables:
        yield from _of_table(table, customary, usual, with_execution)


def _of_table(
    table: _Scored, customary: Sequence[Decimal], usual: Decimal | None, with_execution: int
) -> Iterator[CheckResult]:
    full, weight, execution = customary[0], table.weight, table.execution_weight
    expected = full - execution if execution or usual is None else usual
    holds = weight in (full, expected) or (not execution and weight in customary)
    lacking = expected - weight if weight is not None and not holds else _ZERO
    name = table.project.project
    explained = False
    if table.total is not None and table.score is not None:
        total, given, earned = table.total, table.score, table.execution_score
        counted = with_execution > 0 or (with_execution == 0 and (weight is None or weight < full))
        score = given + (earned if counted else _ZERO)
        # What execution may have scored where the table's score of it is not known.
        unknown = full - weight if weight is not None and weight in customary and not earned else _ZERO
        step = check_parameters("score-total").number(FG.threshold)
        if abs(total - score) <= step or total in (given, given + earned):
            met = score if abs(total - score) <= step else total
            yield _score_result(table, total, met, Verdict.AGREES, f"{name}：总分与各项得分之和")
        elif 0 < total - given <= unknown:
            detail = f"{name}：总分高出各指标得分之和{plain(total - given)}分，或为未印出的预算执行得分"
            yield _score_result(table, total, given, Verdict.CANNOT_TELL, detail)
        else:
            detail = f"{name}：总分印为{table.project.score}，各项得分相加为{plain(score)}"
            yield _score_result(table, total, score, Verdict.CONTRADICTS, detail)
            explained = total > score and lacking > 0
    if weight is None:
        if any(points(row.weight) is not None for row in table.rows):
            right = Side.of(plain(expected), *table.funds[:1], computed=True)
            left = Side.of("", *table.rows)
            detail = f"{name}：部分指标未印分值，无法相加"
            yield CheckResult("indicator-weights", Verdict.CANNOT_TELL, left, right, detail)
        return
    left = Side.of(plain(weight), *table.rows, computed=True)
    right_value = weight if holds else expected
    right = Side(
        plain(right_value), tuple(fund.source for fund in table.funds[:1]), tuple(table.funds[:1]), True
    )
    verdict = Verdict.AGREES if not lacking else Verdict.CONTRADICTS
    detail = f"{name}：{len(table.rows)}个指标分值相加为{plain(weight)}"
    if lacking and explained:
        verdict, detail = Verdict.CANNOT_TELL, f"{detail}，得分之和也低于总分：有指标行缺失"
    elif lacking:
        detail = f"{detail}，应为{plain(expected)}"
    yield CheckResult("indicator-weights", verdict, left, right, detail, weight - right_value, "分")


def _score_result(
    table: _Scored, total: Decimal, given: Decimal, verdict: Verdict, detail: str
) -> CheckResult:
    parts: list[Indicator | Fund] = [*table.rows]
    if table.score is not None and given != table.score:
        parts += [fund for fund in table.funds if points(fund.score) is not None][:1]
    left = Side.of(str(table.project.score), table.project)
    right = Side.of(plain(given), *parts, computed=True)
    return CheckResult("score-total", verdict, left, right, detail, total - given, "分")


def level_weights(records: DisclosureRecords) -> Iterator[CheckResult]:
    """产出指标（50分）, 数量指标（20分）: the points beside a level's name against the weights under it.

    What a whole table lacks is said of its sums; of a level that lacks weights too it is not told again.
    """
    beside = check_parameters("level-weights").pattern(FG.wording)
    full = check_parameters("indicator-weights").numbers(FG.expectedSum)[0]
    for table in project_tables(records):
        whole = sum_of(row.weight for row in table.indicators)
        lacking = full - _execution(table.funds, "weight") - whole if whole is not None else _ZERO
        for name, rows in _levels(table.indicators):
            stated = beside.search(name)
            given = sum_of(row.weight for row in rows)
            if stated is None or given is None:
                continue
            value = Decimal(stated["points"])
            verdict = Verdict.AGREES if value == given else Verdict.CONTRADICTS
            detail = f"{table.name}“{name}”：{len(rows)}个指标分值相加为{plain(given)}"
            if value > given and lacking > 0:
                verdict, detail = Verdict.CANNOT_TELL, f"{detail}，全表亦缺{plain(lacking)}分：指标行缺失"
            if len(rows) > 1 or value != given:
                yield CheckResult(
                    "level-weights", verdict, Side.of(stated["points"], *rows),
                    Side.of(plain(given), *rows, computed=True), detail, value - given, "分",
                )  # fmt: skip


def _levels(indicators: Sequence[Indicator]) -> Iterator[tuple[str, list[Indicator]]]:
    """Each run of rows under one first level, and all under one second level of it, though they stand apart.

    A table of several goals has its levels once for each goal.
    """
    for first, rows in groupby(indicators, key=lambda row: row.level1):
        below: dict[str | None, list[Indicator]] = {}
        run = list(rows)
        for row in run:
            below.setdefault(row.level2, []).append(row)
        yield first or "", run
        for second, under in below.items():
            yield second or "", under


SCORE_CHECKS: tuple[Check, ...] = (weights_and_scores, level_weights)
