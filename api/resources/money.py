"""What organisations budgeted and spent, as the safe sums answer it: nothing is added here.

One request to :meth:`~fiscalgraph.api.library.Library.sum` for each table: its rows are put side by side.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from decimal import ROUND_HALF_UP, Decimal
from typing import Final

from pydantic import Field

from fiscalgraph.api.library import Library
from fiscalgraph.api.resources.models import Place, Resource, Words, Yuan
from fiscalgraph.api.resources.reading import Graph
from fiscalgraph.graph.sums_dimensions import DIMENSIONS, WrongSum
from fiscalgraph.graph.sums_request import Addend, KeyPart, Note, SumAnswer, SumRow, sum_request

__all__ = ["Figure", "FigureTable", "PhasedFigures", "Remark", "Sum", "phased_figures"]

_FIGURES_SHOWN: Final = 10
_PHASES: Final = {
    "approved": "approved",
    "revised": "revised",
    "executed": "executed",
    "PriorYearExecution": "prior_year_execution",
}
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
    printed as it stands), ``contested`` those of them that contradict another figure; ``figures`` are the
    first of them, with their places."""

    amount: Yuan
    addends: int
    contested: int
    inferred: int
    figures: tuple[Figure, ...]


class PhasedFigures(Resource):
    """From budget to execution (预算→调整→执行), within one fiscal year and fund scope (口径).

    ``rate`` is executed in percent of what ``rate_of`` names: the revised budget, else the approved one.
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
    approved: Sum | None
    revised: Sum | None
    executed: Sum | None
    prior_year_execution: Sum | None
    rate: str | None
    rate_of: str | None


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


def phased_figures(
    library: Library, graph: Graph, measure: str, where: Mapping[str, Sequence[str]], *by: str
) -> FigureTable:
    """The figures that ``where`` admits, by year and scope and, besides, ``by``; phases side by side."""
    names = [name for name in DIMENSIONS if name in {"year", "phase", "scope", *by}]
    try:
        answer = library.sum(sum_request(measure, names, where, addends=True))
    except WrongSum:
        return FigureTable(items=(), remarks=(_NO_FIGURES,))
    if not isinstance(answer, SumAnswer):
        return FigureTable(items=(), remarks=_remarks(answer.reasons))
    found: dict[tuple[str, ...], dict[str, Sum]] = {}
    keys: dict[tuple[str, ...], dict[str, KeyPart]] = {}
    phase_place = names.index("phase")
    figures = _by_key(answer, names)
    for row in answer.rows:
        group = tuple(part.value for place, part in enumerate(row.key) if place != phase_place)
        keys[group] = {part.dimension: part for part in row.key}
        phase = row.key[phase_place].value
        if phase in _PHASES:
            own = figures.get(tuple(part.value for part in row.key), ())
            found.setdefault(group, {})[_PHASES[phase]] = _sum(graph, row, own)
    return FigureTable(
        items=tuple(_phased(keys[group], sums) for group, sums in found.items()),
        remarks=_remarks(note for note in answer.notes if note.code not in _NO_TOTAL),
    )


def _remarks(notes: Iterable[Note]) -> tuple[Remark, ...]:
    return tuple(Remark(code=note.code, zh=note.zh, en=note.en) for note in notes)


def _by_key(answer: SumAnswer, names: Sequence[str]) -> dict[tuple[str, ...], list[Addend]]:
    """The addends of each row. Where a dimension's values have codes, addends carry these."""
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
        figures=tuple(figures),
    )


def _exact(amount: Decimal) -> str:
    """As the graph writes amounts: without zeros behind the last place that counts."""
    text = format(amount, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def _phased(key: Mapping[str, KeyPart], sums: Mapping[str, Sum]) -> PhasedFigures:
    scope, item, organization = key["scope"], key.get("three_publics_item"), key.get("organization")
    base = next((name for name in ("revised", "approved") if name in sums), None)
    rate = None
    if base is not None and "executed" in sums and Decimal(sums[base].amount) > 0:
        share = 100 * Decimal(sums["executed"].amount) / Decimal(sums[base].amount)
        rate = format(share.quantize(_HUNDREDTH, ROUND_HALF_UP), "f")
    return PhasedFigures(
        fiscal_year=int(key["year"].value),
        scope=scope.value,
        scope_name=Words(zh=scope.zh, en=scope.en),
        item=None if item is None else item.value,
        item_name=None if item is None else Words(zh=item.zh, en=item.en),
        organization=None if organization is None else organization.value,
        organization_name=None if organization is None else organization.zh,
        approved=sums.get("approved"),
        revised=sums.get("revised"),
        executed=sums.get("executed"),
        prior_year_execution=sums.get("prior_year_execution"),
        rate=rate,
        rate_of=base if rate is not None else None,
    )
