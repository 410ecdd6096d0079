"""Project tables: sources of money, execution rates, scores within weights, summary against table."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import ROUND_HALF_UP, Decimal
from itertools import combinations

from fiscalgraph.extract.proportions import Quantity, quantity, same_amount
from fiscalgraph.extract.records import DisclosureRecords, Fund, Project
from fiscalgraph.graph.checks.projects import ProjectTable, plain, points, project_tables
from fiscalgraph.graph.checks.results import Check, CheckResult, Side, Verdict, number
from fiscalgraph.graph.checks.rounding import Rounding
from fiscalgraph.ontology.parameters import check_parameters
from fiscalgraph.ontology.terms import FG

__all__ = ["PERFORMANCE_CHECKS"]

_CENT = Decimal("0.01")
_COLUMNS = {"budget_initial": "年初预算数", "budget_full": "全年预算数", "executed": "全年执行数"}
_SCALES = tuple(Decimal(10) ** power for power in (0, 4, 8, -4))
_MOST_SOURCES = 12  # of more, trying every choice of them takes too long


def fund_sources(records: DisclosureRecords) -> Iterator[CheckResult]:
    """年度资金总额 = its sources, in each column.

    Some sources are parts of others (本级安排 within 财政拨款): the block agrees when some choice of its rows
    adds up to the total. A total that equals one source beside empty ones says nothing of a sum.
    """
    rule = check_parameters("fund-sources")
    is_total = rule.pattern(FG.wording)
    rounding = Rounding.of(records)
    for table in project_tables(records):
        total = next((fund for fund in table.funds if is_total.search(fund.fund)), None)
        if total is None:
            continue
        for column in rule.texts(FG.comparedField):
            result = _fund_column(table, total, column, rounding)
            if result is not None:
                yield result


def _fund_column(table: ProjectTable, total: Fund, column: str, rounding: Rounding) -> CheckResult | None:
    whole = number(getattr(total, column))
    parts = [
        (fund, value)
        for fund in table.funds
        if fund is not total and (value := number(getattr(fund, column))) is not None
    ]
    if not whole or not parts:
        return None
    name, printed = _COLUMNS[column], str(getattr(total, column))
    left = Side.of(printed, total)
    if len(parts) > _MOST_SOURCES:
        detail = f"{table.name}：{name}资金来源过多（{len(parts)}行），主次关系不明"
        return CheckResult("fund-sources", Verdict.CANNOT_TELL, left, Side.of("", *_funds(parts)), detail)
    choice, exact = _adding_up(whole, parts, rounding)
    if choice is None:
        given = sum((value for _, value in parts), Decimal(0))
        detail = f"{table.name}：{name}资金总额印为{whole}，各来源相加为{given}"
        right = Side.of(str(given), *_funds(parts), computed=True)
        return CheckResult(
            "fund-sources", Verdict.CONTRADICTS, left, right, detail, whole - given, total.unit
        )
    if sum(value != 0 for _, value in choice) < 2:
        return None
    given = sum((value for _, value in choice), Decimal(0))
    right = Side.of(str(given), *_funds(choice), computed=True)
    verdict = Verdict.AGREES if exact else Verdict.ROUNDING
    detail = f"{table.name}：{name}资金总额与各来源之和"
    return CheckResult("fund-sources", verdict, left, right, detail, whole - given, total.unit)


_Part = tuple[Fund, Decimal]


def _funds(parts: Sequence[_Part]) -> list[Fund]:
    return [fund for fund, _ in parts]


def _adding_up(
    whole: Decimal, parts: Sequence[_Part], rounding: Rounding
) -> tuple[tuple[_Part, ...] | None, bool]:
    """The largest choice of parts that adds up exactly, else the largest that does within rounding."""
    within: tuple[_Part, ...] | None = None
    for size in range(len(parts), 0, -1):
        for choice in combinations(parts, size):
            values = [value for _, value in choice]
            if sum(values, Decimal(0)) == whole:
                return choice, True
            if within is None and rounding.explains_sum(whole, values, of_sums=size > 1):
                within = choice
    return within, False


def execution_rates(records: DisclosureRecords) -> Iterator[CheckResult]:
    """Printed 执行率 = 全年执行数 / 全年预算数."""
    rule = check_parameters("execution-rate")
    above, below = rule.text(FG.numerator), rule.text(FG.denominator)
    for fund in records.funds:
        rate, spent, budget = number(fund.rate), number(getattr(fund, above)), number(getattr(fund, below))
        if rate is None or fund.rate is None:
            continue
        left = Side.of(fund.rate, fund)
        what = f"{fund.project}“{fund.fund}”"
        if spent is None or budget is None:
            if rate != 0:
                detail = f"{what}：印有执行率，未印全年预算数或全年执行数"
                yield CheckResult(
                    "execution-rate", Verdict.CANNOT_TELL, left, Side.of("", fund, computed=True), detail
                )
            continue
        if budget == 0:
            continue
        expected = spent / budget * 100
        as_share = "%" not in fund.rate and rate <= Decimal("1.5") < expected
        stated = rate * 100 if as_share else rate
        places = len(fund.rate.rstrip("%").partition(".")[2])
        right = Side.of(f"{expected.quantize(_CENT, ROUND_HALF_UP)}%", fund, computed=True)
        agrees = abs(stated - expected) <= Decimal(1).scaleb(-places) * (100 if as_share else 1)
        detail = f"{what}：全年预算数{fund.budget_full}、全年执行数{fund.executed}，执行率印为{fund.rate}"
        verdict = Verdict.AGREES if agrees else Verdict.CONTRADICTS
        difference = (stated - expected).quantize(_CENT, ROUND_HALF_UP)
        yield CheckResult("execution-rate", verdict, left, right, detail, difference, "%")


def scores_within_weights(records: DisclosureRecords) -> Iterator[CheckResult]:
    """No score exceeds its weight: each that does, and each table in which none does."""
    for table in project_tables(records):
        scored = [
            (indicator, weight, score)
            for indicator in table.indicators
            if (weight := points(indicator.weight)) is not None
            and (score := points(indicator.score)) is not None
        ]
        exceeding = [(row, weight, score) for row, weight, score in scored if score > weight]
        for row, weight, score in exceeding:
            detail = f"{row.project}“{row.level3}”：分值{row.weight}，得分{row.score}"
            yield CheckResult(
                "score-within-weight", Verdict.CONTRADICTS, Side.of(str(row.weight), row),
                Side.of(str(row.score), row), detail, weight - score, "分",
            )  # fmt: skip
        if scored and not exceeding:
            rows = [row for row, _, _ in scored]
            weights, scores = (
                sum(each, Decimal(0)) for each in zip(*((w, s) for _, w, s in scored), strict=True)
            )
            yield CheckResult(
                "score-within-weight", Verdict.AGREES, Side.of(plain(weights), *rows, computed=True),
                Side.of(plain(scores), *rows, computed=True),
                f"{table.name}：{len(rows)}个指标得分均不超过分值", weights - scores, "分",
            )  # fmt: skip


def _stated(project: Project) -> dict[str, tuple[str, str | None, str | None]]:
    return {
        "score": ("得分", project.narrative_score, project.score),
        "budget_full": ("全年预算数", project.narrative_budget, project.budget_full),
        "executed": ("执行数", project.narrative_executed, project.executed),
    }


def _one_amount(stated: str, printed: str, scale: Decimal) -> bool:
    """Whether an amount in words, in a unit ``scale`` times the table's, may be the table's, rounded."""
    left, right = quantity(stated), quantity(printed)
    if left is None or right is None:
        return False
    return same_amount(Quantity(left.value * scale, left.half * scale), right)


def summary_and_table(records: DisclosureRecords) -> Iterator[CheckResult]:
    """The summary of a self-evaluation against its table: score, budget, execution.

    The score of an evaluation by others (绩效评价得分) may differ from the table's own. An amount in words
    may be in another unit (亿元 beside 万元 or 元).
    """
    by_others = {claim.printed for claim in records.statements if claim.kind == "score"}
    fields = check_parameters("summary-and-table").texts(FG.comparedField)
    for project in records.projects:
        stated_figures = _stated(project)
        for field in fields:
            name, stated, printed = stated_figures[field]
            value = points if field == "score" else number
            left, right = value(stated), value(printed)
            if left is None or right is None or stated is None or printed is None:
                continue
            is_score = field == "score"
            agrees, difference = left == right, left - right
            if not is_score:
                agrees = any(_one_amount(stated, printed, scale) for scale in _SCALES)
                difference = min((left * scale - right for scale in _SCALES), key=abs)
            verdict = Verdict.AGREES if agrees else Verdict.CONTRADICTS
            detail = f"{project.project}{name}：文字说明为{stated}，自评表为{printed}"
            if is_score and stated in by_others and not agrees:
                verdict, detail = Verdict.SCOPE_DIFFERS, f"{detail}（文字所述为绩效评价得分）"
            yield CheckResult(
                "summary-and-table", verdict,
                Side(stated, (project.narrative_source or project.source,)),
                Side.of(printed, project), detail,
                difference, "分" if is_score else project.unit,
            )  # fmt: skip


PERFORMANCE_CHECKS: tuple[Check, ...] = (
    fund_sources,
    execution_rates,
    scores_within_weights,
    summary_and_table,
)
