"""Disclosures: a department's figures, projects and planted contradictions for one year."""

from __future__ import annotations

from collections.abc import Iterator
from random import Random
from typing import Literal

from fiscalgraph.samples.figures import accounts_of, apportion, budget_of, is_government_fund
from fiscalgraph.samples.issues import draw_shortfalls
from fiscalgraph.samples.model import (
    Department,
    Disclosure,
    IndicatorResult,
    IndicatorTarget,
    Plant,
    ProjectResult,
    ProjectTarget,
    Shortfall,
)

__all__ = ["disclosure_of"]

_LEVEL_WEIGHTS = {
    "central": {"产出指标": 50, "效益指标": 30, "满意度指标": 10},
    "provincial": {"产出指标": 50, "效益指标": 30, "满意度指标": 10},
    "municipal": {"产出指标": 40, "效益指标": 30, "满意度指标": 10},
}


def _weights(indicators: tuple[IndicatorTarget, ...], scheme: str) -> list[int]:
    """Whole points in hundredths; they add up to 90, or to 80 beside 20 for execution."""
    weights = [0] * len(indicators)
    for level1, points in _LEVEL_WEIGHTS[scheme].items():
        chosen = [index for index, indicator in enumerate(indicators) if indicator.level1 == level1]
        share, rest = divmod(points, len(chosen))
        for position, index in enumerate(chosen):
            weights[index] = 100 * (share + (1 if position < rest else 0))
    return weights


def _figure(value: float, like: str) -> str:
    return f"{value:.1f}" if "." in like else str(int(value))


def _met(random: Random, target: IndicatorTarget) -> str:
    if not target.sign:
        return target.fulfilled
    goal = float(target.target)
    if target.sign == "=":
        return target.target + target.measure
    value = goal * (random.uniform(0.9, 1) if target.sign == "≤" else random.uniform(1, 1.13))
    if target.measure == "%":
        value = min(value, 100)
    return _figure(value, target.target) + target.measure


def _missed(random: Random, target: IndicatorTarget, weight: int) -> tuple[str, int]:
    """What was reached instead, and the score for it: the share reached, to a tenth of a point."""
    if not target.sign:
        return target.fulfilled, weight * 8 // 100 * 10
    share = random.uniform(0.72, 0.94)
    actual = _figure(float(target.target) * share, target.target)
    reached = min(float(actual) / float(target.target), 1)
    return actual + target.measure, int(weight * reached / 10) * 10


def _evaluated(
    random: Random, target: ProjectTarget, scheme: str, issues: set[str]
) -> tuple[tuple[IndicatorResult, ...], tuple[Shortfall, ...]]:
    weights = _weights(target.indicators, scheme)
    able = [index for index, indicator in enumerate(target.indicators) if indicator.sign in ("≥", "")]
    missed = random.sample(able, min(len(able), random.choice((1, 2, 2))))
    reasons = draw_shortfalls(random, target.work, len(missed), issues)
    by_index = dict(zip(sorted(missed), reasons, strict=True))
    results = []
    for index, (indicator, weight) in enumerate(zip(target.indicators, weights, strict=True)):
        if index in by_index:
            actual, score = _missed(random, indicator, weight)
            results.append(IndicatorResult(indicator, weight, actual, score, by_index[index]))
        else:
            results.append(IndicatorResult(indicator, weight, _met(random, indicator), weight))
    return tuple(results), draw_shortfalls(random, target.work, random.choice((1, 2, 2, 3)), issues)


def _projects(
    department: Department, year: int, evaluated: bool, issues: set[str]
) -> Iterator[ProjectResult]:
    scheme = department.evaluation
    plan = Random(f"{department.name}/{department.scale}/{year}/projects")
    items = budget_of(department, year).items
    available = sum(item.fiscal_project + item.carry_fiscal for item in items if not item.government_fund)
    shares = apportion(int(available * 0.7), [plan.uniform(0.6, 1.6) for _ in department.projects])
    execution = 2000 if scheme == "municipal" else 1000
    places = [place for place in department.subordinates if place != department.name] or [department.name]
    for number, (target, amount) in enumerate(zip(department.projects, shares, strict=True)):
        carried = int(amount * plan.uniform(0.03, 0.15)) if plan.random() < 0.5 else 0
        other = int(amount * plan.uniform(0.02, 0.08)) if plan.random() < 0.3 else 0
        place = places[number % len(places)]
        initial = (amount - carried - other, carried, other)
        names = ("财政拨款", "上年结转资金", "其他资金")
        if not evaluated:
            weights = _weights(target.indicators, scheme)
            yield ProjectResult(
                target,
                place,
                tuple((name, money, None, None) for name, money in zip(names, initial, strict=True)),
                tuple(IndicatorResult(i, w) for i, w in zip(target.indicators, weights, strict=True)),
                execution,
            )
            continue
        random = Random(f"{department.name}/{department.scale}/{year}/evaluation/{number}")
        full = [int(initial[0] * random.uniform(0.9, 1.05)), carried, other]
        executed = [int(full[0] * random.choice((1, random.uniform(0.62, 0.99)))), carried, other]
        results, prose = _evaluated(random, target, scheme, issues)
        funds = tuple(zip(names, initial, full, executed, strict=True))
        yield ProjectResult(target, place, funds, results, execution, prose)


def _whole_department(department: Department, disclosure_year: int, issues: set[str]) -> ProjectResult:
    """The department evaluated as a whole (部门整体支出绩效自评)."""
    accounts = accounts_of(department, disclosure_year)
    random = Random(f"{department.name}/{disclosure_year}/whole")
    groups: dict[str, list[IndicatorTarget]] = {"产出指标": [], "效益指标": [], "满意度指标": []}
    for own in department.projects:
        for level1, chosen in groups.items():
            chosen.extend(
                [i for i in own.indicators if i.level1 == level1][: 2 if level1 == "产出指标" else 1]
            )
    target = ProjectTarget(
        "部门整体支出",
        "年度重点工作",
        "围绕年度重点任务合理安排支出，保障部门履职和机构正常运转。",
        "年度重点任务总体完成，支出结构得到优化，履职保障较为有力。",
        tuple(indicator for chosen in groups.values() for indicator in chosen),
    )
    results, prose = _evaluated(random, target, department.evaluation, issues)
    basic = sum(item.basic for item in accounts.items)
    project = sum(item.project for item in accounts.items)
    left = int(project * random.uniform(0.02, 0.1))
    funds = (
        ("基本支出", int(basic * random.uniform(0.95, 1)), basic, basic),
        ("项目支出", int(project * random.uniform(0.8, 1.1)), project + left, project),
    )
    execution = 2000 if department.evaluation == "municipal" else 1000
    return ProjectResult(target, department.name, funds, results, execution, prose, "department")


def _plants(random: Random, disclosure: Disclosure) -> tuple[Plant, ...]:
    """Two contradictions that every layout prints."""
    department = disclosure.department
    step = max(int(department.scale) // 2000, 50)
    last = len(disclosure.projects) - 1
    project = random.randint(0, last)
    if disclosure.accounts:
        codes = [
            item.code
            for item in disclosure.accounts.items
            if not item.government_fund and item.fiscal > step and item.initial
        ]
    else:
        items = disclosure.budget.items if disclosure.budget else ()
        codes = [item.code for item in items if not item.government_fund and item.fiscal > step]
    code = random.choice(codes)
    choices = [
        Plant("sum_mismatch", "three_public/total", max(step // 20, 10)),
        Plant("sum_mismatch", f"general/{code}/total", step),
        Plant("text_vs_table", f"narrative/{code}/amount", step),
        Plant("weight_sum", f"project/{project}/weight", 500),
        Plant("count_mismatch", "project_count", random.choice((1, 2))),
    ]
    if disclosure.accounts:
        choices += [
            Plant("rate_mismatch", f"project/{project}/rate", -random.randrange(300, 900)),
            Plant("score_mismatch", f"project/{project}/score", random.choice((-350, -200, -120))),
            Plant("text_vs_table", f"project/{project}/narrative_score", random.choice((-300, -200, -150))),
            Plant("rate_mismatch", f"narrative/{code}/percent", random.randrange(400, 1500)),
        ]
        if department.evaluation != "municipal":  # which prints the total alone
            choices.append(Plant("sum_mismatch", f"project/{project}/full", step))
    else:
        choices += [
            Plant("sum_mismatch", f"project/{project}/initial", step),
            Plant("rate_mismatch", f"narrative/{code}/percent", random.randrange(400, 1500)),
        ]
    first = random.choice(choices)
    # two at the same project or item would explain each other
    rest = [plant for plant in choices if plant.key.split("/")[0] != first.key.split("/")[0]]
    second = random.choice(rest)
    if {first.key, second.key} == {f"general/{code}/total", f"narrative/{code}/amount"}:
        # the same wrong figure in the table and in the text: they would agree
        second = random.choice([plant for plant in rest if plant.key != second.key])
    return first, second


def disclosure_of(
    department: Department,
    year: int,
    phase: Literal["budget", "accounts"],
    *,
    seed: str = "",
    whole_department: bool = False,
    planted: bool = True,
) -> Disclosure:
    """The budget or the final accounts of ``department`` for ``year``, with two contradictions, or, where
    nothing is ``planted``, without any."""
    random = Random(f"{seed}/{department.name}/{year}/{phase}")
    issues: set[str] = set()
    codes = [item.code for item in department.items if not is_government_fund(item.code)]
    reasons: dict[str, Shortfall | None] = {}
    for code in codes:
        drawn = draw_shortfalls(random, "相关工作", 1, issues)[0]
        reasons[code] = drawn if random.random() < 0.5 else None
    issues.clear()
    projects = list(_projects(department, year, phase == "accounts", issues))
    if phase == "accounts" and whole_department:
        projects.append(_whole_department(department, year, issues))
    bare = Disclosure(
        department,
        year,
        budget=budget_of(department, year) if phase == "budget" else None,
        accounts=accounts_of(department, year) if phase == "accounts" else None,
        previous_accounts=accounts_of(department, year - 1) if phase == "accounts" else None,
        projects=tuple(projects),
        seed=seed,
        reasons=reasons,
    )
    if not planted:
        return bare
    return Disclosure(
        **{name: getattr(bare, name) for name in bare.__dataclass_fields__ if name != "plants"},
        plants=_plants(random, bare),
    )
