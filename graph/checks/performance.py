"""Self-evaluation and target tables: funds, rates, weights, scores, and what prose says of them."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from decimal import ROUND_HALF_UP, Decimal
from itertools import combinations

from fiscalgraph.extract.records import DisclosureRecords, Fund, Indicator, Project
from fiscalgraph.graph.checks.results import Contradiction, ContradictionCheck, number, sum_difference

__all__ = ["PERFORMANCE_CHECKS"]

_TOTAL = "年度资金总额"
_CENT = Decimal("0.01")
_SCORE_STEP = Decimal("0.05")
_FULL = Decimal(100)
_CUSTOMARY = (_FULL, Decimal(90), Decimal(80))  # the rest is the weight of budget execution


def _percent(value: Decimal) -> str:
    return f"{value.quantize(_CENT, ROUND_HALF_UP)}%"


def _funds(records: DisclosureRecords) -> dict[int, list[Fund]]:
    grouped: dict[int, list[Fund]] = defaultdict(list)
    for fund in records.funds:
        grouped[fund.occurrence].append(fund)
    return grouped


def _indicators(records: DisclosureRecords) -> dict[int, list[Indicator]]:
    grouped: dict[int, list[Indicator]] = defaultdict(list)
    for indicator in records.indicators:
        grouped[indicator.occurrence].append(indicator)
    return grouped


def fund_totals(records: DisclosureRecords) -> Iterator[Contradiction]:
    """年度资金总额 = its sources. Some sources are parts of others (本级安排 within 财政拨款), so the
    block is only reported when no choice of its rows adds up."""
    for funds in _funds(records).values():
        total = next((fund for fund in funds if fund.fund == _TOTAL), None)
        if total is None:
            continue
        for column, name in (
            ("budget_initial", "年初预算数"),
            ("budget_full", "全年预算数"),
            ("executed", "全年执行数"),
        ):
            whole = number(getattr(total, column))
            parts = [
                v for fund in funds if fund is not total and (v := number(getattr(fund, column))) is not None
            ]
            if whole is None or not parts or whole == 0:
                continue
            choices = (list(c) for n in range(1, len(parts) + 1) for c in combinations(parts, n))
            if any(sum_difference(whole, choice)[1] for choice in choices):
                continue
            given = sum(parts, Decimal(0))
            detail = f"{total.project}：{name}资金总额印为{whole}，各来源相加为{given}"
            yield Contradiction(
                "sum_mismatch", str(getattr(total, column)), str(given), detail, total.source, None
            )


def execution_rates(records: DisclosureRecords) -> Iterator[Contradiction]:
    """Printed 执行率 = 全年执行数 / 全年预算数."""
    for fund in records.funds:
        rate, spent, budget = number(fund.rate), number(fund.executed), number(fund.budget_full)
        if rate is None or spent is None or not budget or fund.rate is None:
            continue
        expected = spent / budget * 100
        as_share = "%" not in fund.rate and rate <= Decimal("1.5") < expected
        printed = rate * 100 if as_share else rate
        places = len(fund.rate.rstrip("%").partition(".")[2])
        if abs(printed - expected) <= Decimal(1).scaleb(-places) * (100 if as_share else 1):
            continue
        amounts = f"全年预算数{fund.budget_full}、全年执行数{fund.executed}"
        detail = f"{fund.project}“{fund.fund}”：{amounts}，执行率印为{fund.rate}"
        yield Contradiction("rate_mismatch", fund.rate, _percent(expected), detail, fund.source, None)


def _sum(values: list[Decimal | None]) -> Decimal | None:
    """The sum, ``None`` if there is nothing to add or a value is missing."""
    known = [value for value in values if value is not None]
    return sum(known, Decimal(0)) if known and len(known) == len(values) else None


def _execution(funds: list[Fund], column: str) -> Decimal:
    """Weight or score of budget execution, printed on the 年度资金总额 row."""
    return next((v for fund in funds if (v := number(getattr(fund, column))) is not None), Decimal(0))


def _plain(value: Decimal) -> str:
    return f"{value.normalize():f}"


def _usual_sum(sums: Iterable[Decimal]) -> Decimal | None:
    """What the weights of most tables of the document add up to, if that is a customary sum."""
    common = Counter(sums).most_common(1)
    return common[0][0] if common and common[0][0] in _CUSTOMARY else None


def _lost_rows(sums: Mapping[int, tuple[Decimal, Decimal]], weights: Mapping[int, Decimal]) -> int:
    """How many tables lack more score than any customary weight of execution explains."""
    least = min(_CUSTOMARY)
    return sum(weights.get(i, Decimal(0)) < least and total > given for i, (total, given) in sums.items())


def weights_and_scores(records: DisclosureRecords) -> Iterator[Contradiction]:
    """Indicator weights add up to 100 less the weight of execution, indicator scores to 总分.

    Where the table prints no weight of execution, 90 and 80 (beside 10 and 20 for it) are as good
    as 100, and what most tables of the document add up to is its rule. Some governments print a 总分
    with the score of budget execution and some without: that too the document's other tables tell. A
    row that is missing shows in both sums by the same amount and is reported once, as a difference
    of scores.
    """
    funds, indicators = _funds(records), _indicators(records)
    sums: dict[int, tuple[Decimal, Decimal]] = {}
    for project in records.projects:
        total = number(project.score)
        given = _sum([number(each.score) for each in indicators.get(project.occurrence, [])])
        if total is not None and given is not None:
            sums[project.occurrence] = total, given
    weights = {
        occurrence: weight
        for occurrence, rows in indicators.items()
        if (weight := _sum([number(row.weight) for row in rows])) is not None and 0 < weight < 200
    }
    usual = _usual_sum(weights.values())
    with_execution = sum(t == g + _execution(funds.get(i, []), "score") != g for i, (t, g) in sums.items())
    without = sum(t == g for t, g in sums.values())
    if _lost_rows(sums, weights) * 2 > len(sums) > 1:
        return  # most tables lack indicators: read in part, not printed wrongly
    for project in records.projects:
        rows = indicators.get(project.occurrence, [])
        block = funds.get(project.occurrence, [])
        weight = weights.get(project.occurrence)
        execution = _execution(block, "weight")
        expected = _FULL - execution if execution or usual is None else usual
        lacking = Decimal(0)
        if weight is not None and weight not in (_FULL, expected) and (execution or weight not in _CUSTOMARY):
            lacking = expected - weight
        if project.occurrence in sums:
            total, given = sums[project.occurrence]
            earned = _execution(block, "score")
            score = given + (earned if with_execution > without else Decimal(0))
            # What execution may have scored where the table's score of it is not known.
            unknown = _FULL - weight if weight in _CUSTOMARY and not earned else Decimal(0)
            if 0 <= total - given <= unknown:
                continue
            if abs(total - score) > _SCORE_STEP and not (total == given or total == given + earned):
                detail = f"{project.project}：总分印为{project.score}，各项得分相加为{_plain(score)}"
                yield Contradiction(
                    "score_mismatch", str(project.score), _plain(score), detail, project.source, None
                )
                if total - score == lacking:
                    lacking = Decimal(0)
        if lacking and weight is not None:
            left, right = _plain(weight), _plain(expected)
            detail = f"{project.project}：{len(rows)}个指标分值相加为{left}，应为{right}"
            yield Contradiction("weight_sum", left, right, detail, rows[0].source, None)


def scores_within_weights(records: DisclosureRecords) -> Iterator[Contradiction]:
    """No score exceeds its weight."""
    for indicator in records.indicators:
        weight, score = number(indicator.weight), number(indicator.score)
        if weight is not None and score is not None and score > weight:
            detail = f"{indicator.project}“{indicator.level3}”：分值{indicator.weight}，得分{indicator.score}"
            yield Contradiction(
                "score_mismatch", str(indicator.weight), str(indicator.score), detail, indicator.source, None
            )


def _stated(project: Project) -> Iterator[tuple[str, str | None, str | None]]:
    yield "得分", project.narrative_score, project.score
    yield "全年预算数", project.narrative_budget, project.budget_full
    yield "执行数", project.narrative_executed, project.executed


def narrative_against_table(records: DisclosureRecords) -> Iterator[Contradiction]:
    """The summary of a self-evaluation against its table: score, budget, execution.

    The score of an evaluation by others (绩效评价得分) may differ from the table's own.
    """
    by_others = {claim.printed for claim in records.statements if claim.kind == "score"}
    for project in records.projects:
        for name, stated, printed in _stated(project):
            left, right = number(stated), number(printed)
            if left is None or right is None or stated is None or printed is None:
                continue
            if name == "得分" and stated in by_others:
                continue
            if name != "得分" and project.unit != "万元":
                continue  # prose counts in 万元
            if left != right if name == "得分" else not sum_difference(right, [left])[1]:
                detail = f"{project.project}{name}：文字说明为{stated}，自评表为{printed}"
                yield Contradiction("text_vs_table", stated, printed, detail, project.source, None)


PERFORMANCE_CHECKS: tuple[ContradictionCheck, ...] = (
    fund_totals,
    execution_rates,
    weights_and_scores,
    scores_within_weights,
    narrative_against_table,
)
