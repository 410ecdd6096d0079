"""Why a sum is refused, and how the request is mended."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any, Final

from fiscalgraph.graph.sums_dimensions import (
    DIMENSIONS,
    EXPENDITURE_TYPES,
    MEASURES,
    PHASES,
    SCOPES,
    THREE_PUBLICS,
    Concept,
    within,
)
from fiscalgraph.graph.sums_reasons import note
from fiscalgraph.graph.sums_request import Note, SumRequest
from fiscalgraph.graph.sums_selection import MAIN_TYPES, Selection

__all__ = ["Facts", "Query", "both", "data_reasons", "mended", "request_reasons"]

Query = Callable[..., list[tuple[Any, ...]]]
"""Rows of a query over the projection."""

_FLOWS: Final = ("RemittanceToSuperior", "SubsidyToAffiliates")
_FLOWS_IN: Final = ("SuperiorSubsidy", "AffiliateRemittance")
_ECONOMIC: Final = ("department_economic", "government_economic")
_MAIN_ITEMS: Final = tuple(key for key, concept in THREE_PUBLICS.items() if concept.part_of is None)


@dataclass(frozen=True, slots=True)
class Facts:
    """What the figures of a request are of: years, phases, scopes (those with money); whether units are among
    them; whether some of the money is stated elsewhere among them too (``repeated``); how many figures there
    are, how many are ``undivided``, how many totals above them have ``gaps``, how many stand in a table that
    ``differs`` from the grand total. ``added`` is the sum with its counts, where one row holds all."""

    years: tuple[int, ...]
    phases: tuple[str, ...]
    scopes: tuple[str, ...]
    units: bool
    repeated: bool
    number: int
    undivided: int
    gaps: int
    differing: int
    added: tuple[Any, ...] | None

    @classmethod
    def of(cls, query: Query, selection: Selection) -> Facts:
        """Look at the figures that a selection admits, in one pass."""
        conditions, values = selection.admitted()
        level = selection.level()
        chosen = "chosen" if selection.axis else "chosen_total"
        looked_at = (
            f"bool_or(amount <> 0) FILTER ({level})",
            f"bool_or(unit) FILTER ({level})",
            f"bool_or(NOT {chosen} OR covered) FILTER ({level})",
            f"count(*) FILTER ({level} AND {selection.undivided()})",
            f"count(*) FILTER ({selection.gaps()})",
            f"count(*) FILTER ({level} AND differs)",
            f"sum(amount) FILTER ({level})",
            f"count(*) FILTER ({level})",
            f"count(*) FILTER ({level} AND contested)",
            f"count(*) FILTER ({level} AND inferred)",
            f"count(DISTINCT organization_number) FILTER ({level})",
        )
        found = query(
            f"SELECT fiscal_year, phase, fund_scope, {', '.join(looked_at)} FROM cells WHERE {conditions} "
            f"AND ({level} OR {selection.gaps()}) GROUP BY fiscal_year, phase, fund_scope",
            values,
        )
        rows = [row for row in found if row[10]]
        return cls(
            tuple(sorted({row[0] for row in rows})),
            tuple(sorted({row[1] for row in rows}, key=list(PHASES).index)),
            tuple(sorted({row[2] for row in rows if row[3]}, key=list(SCOPES).index)),
            any(row[4] for row in rows),
            any(row[5] for row in rows),
            sum(row[10] for row in rows),
            sum(row[6] for row in rows),
            sum(row[7] for row in found),
            sum(row[8] for row in rows),
            rows[0][9:] if len(rows) == 1 else None,
        )


def both(concepts: Mapping[str, Concept], keys: Iterable[str]) -> dict[str, list[str]]:
    """The labels of concepts in both languages."""
    found = [concepts[key] for key in keys]
    return {"zh": [each.zh for each in found], "en": [each.en for each in found]}


def _titles(names: Iterable[str]) -> dict[str, list[str]]:
    found = [DIMENSIONS[name] for name in names]
    return {"zh": [each.zh for each in found], "en": [each.en for each in found]}


# ---- what the request alone shows ----


def request_reasons(request: SumRequest) -> list[Note]:
    """Why a request is refused whatever the figures are."""
    return [*_classifications(request), *_measures(request), *_parts_and_wholes(request)]


def _classifications(request: SumRequest) -> Iterator[Note]:
    axes = {each.axis for each in request.dimensions() if each.axis and each.axis != "three_publics"}
    if axes.issuperset(_ECONOMIC):
        yield note("two_economic_schemes")
    if "functional" in axes and len(axes) > 1:
        yield note("two_classifications")


def _foreign(request: SumRequest) -> list[str]:
    """The dimensions that a measure is not stated by."""
    if request.measure == "expenditure":
        return ["three_publics_item"] if request.asks("three_publics_item") else []
    allowed = {"three_publics": ("three_publics",), "revenue": ("functional",)}[request.measure]
    return [
        each.name
        for each in request.dimensions()
        if (each.axis and each.axis not in allowed) or each.name == "expenditure_type"
    ]


def _measures(request: SumRequest) -> Iterator[Note]:
    foreign = _foreign(request)
    if not foreign:
        return
    if request.measure != "expenditure":
        measure = MEASURES[request.measure]
        yield note(
            "not_of_measure", measure={"zh": [measure.zh], "en": [measure.en]}, values=_titles(foreign)
        )
    else:
        yield note("part_of_expenditure")


def _parts_and_wholes(request: SumRequest) -> Iterator[Note]:
    for name, concepts in (("expenditure_type", EXPENDITURE_TYPES), ("three_publics_item", THREE_PUBLICS)):
        nested = _nested(concepts, request.values(name))
        if nested:
            yield note("part_and_whole", values=both(concepts, nested))
    if "scope" not in request.by:
        nested = _nested(SCOPES, request.values("scope"))
        if nested:
            yield note("mixed_scopes", values=both(SCOPES, nested))


def _nested(concepts: Mapping[str, Concept], values: Sequence[str]) -> list[str]:
    """Those of ``values`` of which one is a part of another."""
    found = {
        value
        for pair in combinations(values, 2)
        if within(concepts, *pair) or within(concepts, *reversed(pair))
        for value in pair
    }
    return [value for value in concepts if value in found]


# ---- what the figures show ----


def data_reasons(query: Query, selection: Selection, facts: Facts) -> list[Note]:
    """Why the figures that a request is about must not be added."""
    by = selection.request.by
    reasons = []
    if "year" not in by and len(facts.years) > 1:
        reasons.append(note("mixed_years", values=[str(year) for year in facts.years]))
    if "phase" not in by and len(facts.phases) > 1:
        reasons.append(note("mixed_phases", values=both(PHASES, facts.phases)))
    fixed = bool(selection.request.values("scope"))
    if "scope" not in by and len(facts.scopes) > 1 and not fixed:
        reasons.append(note("mixed_scopes", values=both(SCOPES, facts.scopes)))
    if facts.units and "organization" not in by:
        reasons += _relatives(query, selection)
    return reasons


def _relatives(query: Query, selection: Selection) -> Iterator[Note]:
    """Organisations in one sum of which one is a part of another, or that pay each other."""
    conditions, values = selection.all()
    found = query(
        "SELECT DISTINCT fiscal_year, phase, organization, organization_label, ancestors "
        f"FROM cells WHERE {conditions} ORDER BY ALL",
        values,
    )
    together: dict[tuple[int, str], dict[str, tuple[str, list[str]]]] = defaultdict(dict)
    for year, phase, organization, label, ancestors in found:
        together[year, phase][organization] = (label, ancestors)
    nested: dict[str, None] = {}
    relatives: dict[str, None] = {}
    for members in together.values():
        families: dict[str, list[str]] = defaultdict(list)
        for organization, (label, ancestors) in members.items():
            for ancestor in ancestors:
                families[ancestor].append(organization)
                if ancestor in members:
                    nested |= {members[ancestor][0]: None, label: None}
        relatives |= {each: None for family in families.values() if len(family) > 1 for each in family}
    if nested:
        yield note("department_and_units", values=list(nested))
    elif relatives:
        flows = _flows(query, selection, list(relatives))
        if flows:
            yield note("internal_flows", values=flows)


def _flows(query: Query, selection: Selection, organizations: Sequence[str]) -> list[str]:
    """What relatives pay each other or get from each other, in words; none where they are left out."""
    request = selection.request
    among = ", ".join("?" for _ in organizations)
    if request.measure == "expenditure":
        asked = request.values("expenditure_type") or _FLOWS
        types = [each for each in _FLOWS if each in asked]
        if not types or "expenditure_type" in request.by:
            return []
        found = query(
            "SELECT organization_label, any_value(expenditure_type), sum(amount) FROM cells "
            f"WHERE measure = 'expenditure' AND chosen_total AND above < 0 AND {selection.filters()} "
            f"AND expenditure_type IN ({', '.join('?' for _ in types)}) AND organization IN ({among}) "
            "GROUP BY organization_label HAVING sum(amount) <> 0 ORDER BY 1",
            [*types, *organizations],
        )
    elif request.measure == "revenue" and not set(request.values("scope")) - {"AllFunds"}:
        found = query(
            "SELECT organization_label, any_value(funding_source), max(amount) FROM observations "
            f"WHERE summable AND operation_character = 'revenue' AND {selection.filters(besides=['scope'])} "
            f"AND funding_source IN ({', '.join('?' for _ in _FLOWS_IN)}) AND organization IN ({among}) "
            "GROUP BY organization_label HAVING max(amount) <> 0 ORDER BY 1",
            [*_FLOWS_IN, *organizations],
        )
    else:
        return []
    return [f"{label} {amount}" for label, _, amount in found]


# ---- mending ----


def mended(query: Query, request: SumRequest, reason: Note) -> SumRequest:
    """The request with what ``reason`` stands for put right."""
    return _MENDING[reason.code](query, request)


def _widest_scope(query: Query, request: SumRequest) -> SumRequest:
    """The scope that most organisations state, of those asked for; the wider of equals."""
    selection = Selection(request)
    money, values = selection.money()
    found = query(
        "SELECT fund_scope, count(DISTINCT organization) FILTER (amount <> 0) FROM cells "
        f"WHERE {money} AND {selection.filters()} GROUP BY ALL",
        values,
    )
    counts: dict[str, int] = dict(found)
    scope = max(SCOPES, key=lambda each: (counts.get(each, 0), -list(SCOPES).index(each)))
    return request.restricted("scope", scope)


def _own_measure(query: Query, request: SumRequest) -> SumRequest:
    foreign = _foreign(request)
    if "three_publics_item" in foreign:
        others = [each.name for each in request.dimensions() if each.axis and each.axis != "three_publics"]
        cleared = request.without(*others, "expenditure_type")
        return SumRequest("three_publics", cleared.by, cleared.where, cleared.addends)
    return request.without(*foreign)


def _wholes(query: Query, request: SumRequest) -> SumRequest:
    for name, concepts in (("expenditure_type", EXPENDITURE_TYPES), ("three_publics_item", THREE_PUBLICS)):
        values = request.values(name)
        kept = [each for each in values if not any(within(concepts, each, other) for other in values)]
        if values:
            request = request.restricted(name, *kept)
    return request


def _departments(query: Query, request: SumRequest) -> SumRequest:
    """Of the organisations asked for, those that are not part of another one of them."""
    asked = request.values("organization")
    among = ", ".join("?" for _ in asked)
    found = query(
        f"SELECT DISTINCT organization, ancestors FROM cells WHERE organization IN ({among})", asked
    )
    below = {organization for organization, ancestors in found if set(ancestors) & set(asked)}
    return request.restricted("organization", *(each for each in asked if each not in below))


def _without_flows(query: Query, request: SumRequest) -> SumRequest:
    if request.measure == "expenditure":
        asked = request.values("expenditure_type") or MAIN_TYPES
        return request.restricted("expenditure_type", *(each for each in asked if each not in _FLOWS))
    return request.restricted("scope", "FiscalAppropriation")


_MENDING: Final[Mapping[str, Callable[[Query, SumRequest], SumRequest]]] = {
    "mixed_years": lambda query, request: request.grouped("year"),
    "mixed_phases": lambda query, request: request.grouped("phase"),
    "mixed_scopes": _widest_scope,
    "two_economic_schemes": lambda query, request: request.without(
        *(each.name for each in DIMENSIONS.values() if each.axis == "government_economic")
    ),
    "two_classifications": lambda query, request: request.without(
        *(each.name for each in DIMENSIONS.values() if each.axis in _ECONOMIC)
    ),
    "part_of_expenditure": _own_measure,
    "not_of_measure": _own_measure,
    "part_and_whole": _wholes,
    "department_and_units": _departments,
    "internal_flows": _without_flows,
}
