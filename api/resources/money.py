"""What organisations budgeted and spent, as the safe sums answer it: nothing is added here.

One request to :meth:`~fiscalgraph.api.library.Library.sum` for each table: its rows are put side by side.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from decimal import ROUND_HALF_UP, Decimal
from typing import Final, NamedTuple

from pydantic import Field

from fiscalgraph.api.library import Library
from fiscalgraph.api.resources.models import Place, Resource, Words, Yuan
from fiscalgraph.api.resources.reading import Graph
from fiscalgraph.graph.sums_dimensions import DIMENSIONS, WrongSum
from fiscalgraph.graph.sums_request import Addend, KeyPart, Note, SumAnswer, SumRow, sum_request

__all__ = [
    "Figure",
    "FigureTable",
    "PhasedFigures",
    "Remark",
    "Sum",
    "YearOnYear",
    "percent",
    "phased_figures",
    "phased_page",
    "remarks_of",
    "sums_by_key",
]

_FIGURES_SHOWN: Final = 10
_PHASES: Final = {
    "approved": "approved",
    "revised": "revised",
    "executed": "executed",
    "PriorYearExecution": "prior_year_execution",
}
_EVERYTHING: Final = slice(None)
_HUNDREDTH: Final = Decimal("0.01")
# That years, phases and scopes are not added up is what the table is for.
_NO_TOTAL: Final = {"year_total_withheld", "phase_total_withheld", "scope_total_withheld"}


class Figure(Resource):
    """A printed figure that entered a sum."""

    iri: str
    amount: Yuan
    document: str
    table: str
    source: Place | None


class Sum(Resource):
    """An amount in which every 元 counts once. ``addends`` counts the printed figures in it (1: it is
    printed as it stands) of so many ``organizations``, ``contested`` those of them that contradict another
    figure; ``figures`` are the first of them, with their places."""

    amount: Yuan
    addends: int
    contested: int
    inferred: int
    organizations: int
    figures: tuple[Figure, ...]


class YearOnYear(Resource):
    """By how many percent an amount is above that of the year before (below: negative), all else equal."""

    from_year: int
    percent: str


class PhasedFigures(Resource):
    """From budget to execution (预算→调整→执行), within one fiscal year and fund scope (口径).

    ``rate`` is executed in percent of what ``rate_of`` names: the revised budget, else the approved one.
    ``change`` compares what one organisation executed with the year before, ``approved_change`` what was
    approved.
    Scopes contain one another, and the prior-year execution that a budget prints is of another scope than
    the accounts: never add them.
    """

    fiscal_year: int
    scope: str
    scope_name: Words
    item: str | None = Field(description="The item of the “three publics” (三公), where they are told apart")
    item_name: Words | None
    organization: str | None = Field(description="The organisation's IRI, where several stand in one list")
    organization_name: str | None
    code: str | None = Field(description="The classification code, where several stand in one list")
    code_name: Words | None
    approved: Sum | None
    revised: Sum | None
    executed: Sum | None
    prior_year_execution: Sum | None
    rate: str | None
    rate_of: str | None
    change: YearOnYear | None
    approved_change: YearOnYear | None


class Remark(Resource):
    """What is to be known of a table of figures, or why it has none."""

    code: str
    zh: str
    en: str


class FigureTable(Resource):
    """Figures by year and scope, with remarks: what was implied, what does not add up."""

    items: tuple[PhasedFigures, ...]
    remarks: tuple[Remark, ...]


_NO_FIGURES: Final = Remark(
    code="no_figures",
    zh="没有可供加总的数字：所公开的表中没有。",
    en="There are no figures for sums: no published table states any.",
)


class _Group(NamedTuple):
    """What stands in one line of a table: its key, and the sum of each phase."""

    key: Mapping[str, KeyPart]
    phases: dict[str, SumRow]

    @property
    def year(self) -> int:
        return int(self.key["year"].value)

    def place(self, year: int) -> tuple[object, ...]:
        """What it is in that year."""
        others = (part.value for name, part in self.key.items() if name not in ("year", "phase"))
        return year, *others


def phased_figures(
    library: Library, graph: Graph, measure: str, where: Mapping[str, Sequence[str]], *by: str
) -> FigureTable:
    """The figures that ``where`` admits, by year and scope and, besides, ``by``; phases side by side."""
    return phased_page(library, graph, measure, where, *by)[0]


def phased_page(
    library: Library,
    graph: Graph,
    measure: str,
    where: Mapping[str, Sequence[str]],
    *by: str,
    page: slice = _EVERYTHING,
) -> tuple[FigureTable, int]:
    """As :func:`phased_figures`, only the items of a ``page``; and how many there are in all."""
    names = [name for name in DIMENSIONS if name in {"year", "phase", "scope", *by}]
    try:
        answer = library.sum(sum_request(measure, names, where, addends=True))
    except WrongSum:
        return FigureTable(items=(), remarks=(_NO_FIGURES,)), 0
    if not isinstance(answer, SumAnswer):
        return FigureTable(items=(), remarks=remarks_of(answer.reasons)), 0
    groups: dict[tuple[object, ...], _Group] = {}
    for row in answer.rows:
        key = {part.dimension: part for part in row.key}
        group = _Group(key, {})
        group = groups.setdefault(group.place(group.year), group)
        if key["phase"].value in _PHASES:
            group.phases[_PHASES[key["phase"].value]] = row
    told = [group for group in groups.values() if group.phases]
    # Several organisations together are other ones each year: their sums are no development.
    of_one = "organization" in names or len(where.get("organization", ())) == 1
    addends = _by_key(answer)
    items = tuple(
        _phased(graph, group, groups.get(group.place(group.year - 1)) if of_one else None, addends)
        for group in told[page]
    )
    remarks = remarks_of(note for note in answer.notes if note.code not in _NO_TOTAL)
    return FigureTable(items=items, remarks=remarks), len(told)


def _change(before: _Group | None, group: _Group, phase: str) -> YearOnYear | None:
    if before is None or phase not in before.phases or phase not in group.phases:
        return None
    old, new = before.phases[phase].amount, group.phases[phase].amount
    return YearOnYear(from_year=before.year, percent=percent(new - old, old)) if old > 0 else None


def percent(part: Decimal, whole: Decimal) -> str:
    """A share in percent, to two decimals."""
    return format((100 * part / whole).quantize(_HUNDREDTH, ROUND_HALF_UP), "f")


def remarks_of(notes: Iterable[Note]) -> tuple[Remark, ...]:
    """Notes on a sum, or reasons why there is none."""
    return tuple(Remark(code=note.code, zh=note.zh, en=note.en) for note in notes)


def sums_by_key(graph: Graph, answer: SumAnswer) -> dict[tuple[str, ...], Sum]:
    """The rows of an answer by the values of their keys, each with the first figures that it rests on."""
    addends = _by_key(answer)
    keys = {row: tuple(part.value for part in row.key) for row in answer.rows}
    return {key: _sum(graph, row, addends.get(key, ())) for row, key in keys.items()}


def _by_key(answer: SumAnswer) -> dict[tuple[str, ...], list[Addend]]:
    """The addends of each row. Where a dimension's values have codes, addends carry these."""
    names = answer.request.by
    found: dict[tuple[str, ...], list[Addend]] = {}
    for addend in answer.addends:
        key = tuple(_key_value(name, value) for name, value in zip(names, addend.key, strict=True))
        found.setdefault(key, []).append(addend)
    return found


def _key_value(name: str, value: str) -> str:
    for concept in (DIMENSIONS[name].concepts or {}).values():
        if value == (concept.code or concept.key):
            return concept.key
    return value


def _sum(graph: Graph, row: SumRow, addends: Iterable[Addend]) -> Sum:
    figures = []
    for addend in list(addends)[:_FIGURES_SHOWN]:
        figures.append(
            Figure(
                iri=addend.observation,
                amount=_exact(addend.amount),
                document=addend.document,
                table=addend.table,
                source=graph.source(addend.observation),
            )
        )
    return Sum(
        amount=_exact(row.amount),
        addends=row.addends,
        contested=row.contested,
        inferred=row.inferred,
        organizations=row.organizations,
        figures=tuple(figures),
    )


def _exact(amount: Decimal) -> str:
    """As the graph writes amounts: without zeros behind the last place that counts."""
    text = format(amount, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def _phased(
    graph: Graph, group: _Group, before: _Group | None, addends: Mapping[tuple[str, ...], Sequence[Addend]]
) -> PhasedFigures:
    key = group.key
    scope, item, organization = key["scope"], key.get("three_publics_item"), key.get("organization")
    code = next((part for name, part in key.items() if _is_code(name)), None)
    sums = {
        phase: _sum(graph, row, addends.get(tuple(part.value for part in row.key), ()))
        for phase, row in group.phases.items()
    }
    base = next((name for name in ("revised", "approved") if name in sums), None)
    rate = None
    if base is not None and "executed" in sums and group.phases[base].amount > 0:
        rate = percent(group.phases["executed"].amount, group.phases[base].amount)
    return PhasedFigures(
        fiscal_year=group.year,
        scope=scope.value,
        scope_name=Words(zh=scope.zh, en=scope.en),
        item=None if item is None else item.value,
        item_name=None if item is None else Words(zh=item.zh, en=item.en),
        organization=None if organization is None else organization.value,
        organization_name=None if organization is None else organization.zh,
        code=None if code is None else code.value,
        code_name=None if code is None else Words(zh=code.zh, en=code.en),
        approved=sums.get("approved"),
        revised=sums.get("revised"),
        executed=sums.get("executed"),
        prior_year_execution=sums.get("prior_year_execution"),
        rate=rate,
        rate_of=base if rate is not None else None,
        change=_change(before, group, "executed"),
        approved_change=_change(before, group, "approved"),
    )


def _is_code(name: str) -> bool:
    """Whether a dimension's values are classification codes."""
    return DIMENSIONS[name].digits > 0 and DIMENSIONS[name].concepts is None
