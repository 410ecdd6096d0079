"""A project's table as the checks look at it: its rows together, its values as numbers, what it lost."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from decimal import Decimal

from fiscalgraph.extract.records import DisclosureRecords, Finding, Fund, Indicator, Project, Statement
from fiscalgraph.graph.targets import IndicatorValue, achievement_ratio, parse_score, parse_value

__all__ = [
    "Measured",
    "ProjectTable",
    "lost_points",
    "measured",
    "plain",
    "points",
    "project_tables",
    "sum_of",
]

_ONE = Decimal(1)
_MOST_POINTS = Decimal(200)


@dataclass(slots=True)
class ProjectTable:
    """All that a disclosure says in and of one project table, in the order of the document."""

    occurrence: int
    project: Project | None = None
    funds: list[Fund] = field(default_factory=list)
    indicators: list[Indicator] = field(default_factory=list)
    claims: list[Statement] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)

    @property
    def name(self) -> str:
        rows: Iterable[Project | Fund | Indicator | None] = (self.project, *self.funds, *self.indicators)
        return next((row.project for row in rows if row is not None), "")


def project_tables(records: DisclosureRecords) -> tuple[ProjectTable, ...]:
    """The project tables in the order in which their first record stands."""
    tables: dict[int, ProjectTable] = {}

    def at(occurrence: int) -> ProjectTable:
        return tables.setdefault(occurrence, ProjectTable(occurrence))

    for project in records.projects:
        at(project.occurrence).project = project
    for fund in records.funds:
        at(fund.occurrence).funds.append(fund)
    for indicator in records.indicators:
        at(indicator.occurrence).indicators.append(indicator)
    for claim in records.statements:
        if claim.occurrence is not None:
            at(claim.occurrence).claims.append(claim)
    for finding in records.findings:
        if finding.occurrence is not None:
            at(finding.occurrence).findings.append(finding)
    return tuple(tables.values())


def plain(value: Decimal) -> str:
    """A computed figure without zeros that say nothing."""
    return f"{value.normalize():f}"


def points(printed: str | None) -> Decimal | None:
    """A printed weight or score (分值, 得分); ``None`` for what is none, or no figure of a scale of 100."""
    value = parse_score(printed)
    return value if value is not None and value <= _MOST_POINTS else None


def sum_of(printed: Iterable[str | None]) -> Decimal | None:
    """The sum of printed weights or scores; ``None`` if there is nothing to add or one is missing."""
    values = [points(each) for each in printed]
    known = [value for value in values if value is not None]
    return sum(known, Decimal(0)) if known and len(known) == len(values) else None


def lost_points(indicators: Iterable[Indicator]) -> list[Indicator]:
    """The indicators that scored less than their weight (失分)."""
    return [
        indicator
        for indicator in indicators
        if (weight := points(indicator.weight)) is not None
        and (score := points(indicator.score)) is not None
        and score < weight
    ]


@dataclass(frozen=True, slots=True)
class Measured:
    """An indicator whose values can be computed with, or not (``ratio`` is then ``None``).

    ``ratio`` is the share of the target that was reached (完成比例), as :func:`achievement_ratio` has it;
    1 too where nothing was counted of which less is better. ``direction`` is ``higher`` or ``lower`` where
    the target's sign says which is better, else ``None``.
    """

    indicator: Indicator
    target: IndicatorValue | None
    actual: IndicatorValue | None
    weight: Decimal | None
    score: Decimal | None
    ratio: Decimal | None
    direction: str | None


_DIRECTIONS = {"≥": "higher", ">": "higher", "≤": "lower", "<": "lower"}


def measured(indicators: Iterable[Indicator]) -> tuple[Measured, ...]:
    """The indicators of one table with their values parsed.

    Where no actual value of the table prints a unit, that of the target is meant.
    """
    rows = [
        (each, parse_value(each.target, each.level3 or ""), parse_value(each.actual, each.level3 or ""))
        for each in indicators
    ]
    pairs = [(target, actual) for _, target, actual in rows if _both_numbers(target, actual)]
    unit_left_out = len(pairs) > 1 and all(actual is not None and _bare(actual) for _, actual in pairs)
    found = []
    for indicator, target, actual in rows:
        if unit_left_out and target is not None and actual is not None and _bare(actual):
            actual = _with_unit_of(target, actual, indicator.target or "")
        about = "".join(filter(None, (indicator.level1, indicator.level2, indicator.level3)))
        ratio = achievement_ratio(target, actual, about)
        direction = _DIRECTIONS.get(target.comparator or "") if target is not None else None
        if ratio is None and direction == "lower" and _none_counted(target, actual):
            ratio = _ONE
        weight, score = points(indicator.weight), points(indicator.score)
        found.append(Measured(indicator, target, actual, weight, score, ratio, direction))
    return tuple(found)


def _both_numbers(target: IndicatorValue | None, actual: IndicatorValue | None) -> bool:
    return target is not None and actual is not None and {target.kind, actual.kind} <= {"number", "range"}


def _bare(value: IndicatorValue) -> bool:
    return value.kind == "number" and value.unit is None and not value.context and value.comparator is None


def _with_unit_of(target: IndicatorValue, actual: IndicatorValue, printed: str) -> IndicatorValue:
    """``actual`` with the target's unit, unless a multiplier or a share leaves doubt what it counts."""
    share = target.unit == "%" and actual.number is not None and 0 < actual.number <= _ONE
    if target.unit is None or share or any(scale in printed for scale in "万亿"):
        return actual
    return replace(actual, unit=target.unit, context=target.context)


def _none_counted(target: IndicatorValue | None, actual: IndicatorValue | None) -> bool:
    """0 of what should be at most so much: 0 needs no unit."""
    return (
        target is not None
        and actual is not None
        and target.kind == actual.kind == "number"
        and actual.number == 0
        and actual.unit in (None, target.unit)
    )
