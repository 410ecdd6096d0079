"""Which organisations gave no figure to a sum though its filters admit them, and why."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from typing import Any

from fiscalgraph.graph.sums_dimensions import EXPENDITURE_TYPES, PHASES, SCOPES
from fiscalgraph.graph.sums_reasons import note
from fiscalgraph.graph.sums_refusals import Query, both
from fiscalgraph.graph.sums_request import Missing, Note
from fiscalgraph.graph.sums_selection import Selection

__all__ = ["missing_organizations"]

_BUDGETS, _ACCOUNTS = ("部门预算", "单位预算"), ("部门决算", "单位决算")


def missing_organizations(query: Query, selection: Selection) -> Iterator[Missing]:
    """The publishers of disclosures of budgets and accounts that give the sum no figure of a year.

    Looked at are the years asked for, else those of the figures found; who belongs to an organisation that
    does give one is not missing.
    """
    request = selection.request
    conditions, values = selection.money()
    admitted = f"{conditions} AND {selection.filters()}"
    # An organisation without figures under a code has none to give: the codes are left aside here.
    given = query(
        f"SELECT DISTINCT organization, fiscal_year FROM cells WHERE {admitted} AND {selection.level()}",
        values,
    )
    years = [int(year) for year in request.values("year")] or sorted({year for _, year in given})
    if not years:
        disclosed = selection.filters(besides=("phase", "scope"))
        found = query(f"SELECT DISTINCT fiscal_year FROM disclosures WHERE {disclosed} ORDER BY 1")
        years = [year for (year,) in found]
    counted: dict[int, set[str]] = defaultdict(set)
    for organization, year in given:
        counted[year].add(organization)
    publishers = query(
        "SELECT organization, any_value(organization_label), any_value(ancestors), "
        "list(DISTINCT kind ORDER BY kind), list(DISTINCT (fiscal_year, kind)) FROM disclosures "
        f"WHERE kind IN ({', '.join('?' for _ in _BUDGETS + _ACCOUNTS)}) "
        f"AND {selection.filters(besides=('year', 'phase', 'scope'))} AND organization IS NOT NULL "
        "GROUP BY organization ORDER BY organization",
        [*_BUDGETS, *_ACCOUNTS],
    )
    absent = [
        (organization, label, year, {tuple(each) for each in disclosed})
        for organization, label, ancestors, _, disclosed in publishers
        for year in years
        if organization not in counted[year] and not counted[year].intersection(ancestors)
    ]
    if not absent:
        return
    known = _known(query, selection, sorted({organization for organization, *_ in absent}))
    for organization, label, year, printed in absent:
        reason = _why(selection, year, printed, known[organization, year])
        yield Missing(organization, label, year, reason)


def _known(query: Query, selection: Selection, organizations: list[str]) -> dict[tuple[str, int], list[Any]]:
    """What the projection holds of the organisations: by year, the kinds of figures they have."""
    among = ", ".join("?" for _ in organizations)
    found = query(
        "SELECT DISTINCT organization, fiscal_year, phase, fund_scope, expenditure_type, axis, "
        f"chosen_total{selection.within} FROM cells WHERE measure = ? AND organization IN ({among}) "
        "UNION ALL SELECT DISTINCT organization, fiscal_year, NULL, fund_scope, expenditure_type, '', true "
        f"FROM observations WHERE summable AND phase IS NULL AND organization IN ({among}) "
        "ORDER BY ALL",
        [selection.request.measure, *organizations, *organizations],
    )
    known = defaultdict(list)
    for organization, year, *rest in found:
        known[organization, year].append(tuple(rest))
    return known


def _why(
    selection: Selection, year: int, disclosed: set[tuple[int, str]], known: list[tuple[Any, ...]]
) -> Note:
    phases, scopes = (selection.request.values(name) for name in ("phase", "scope"))
    if not known and not any(_may_state(year, phases, *each) for each in disclosed):
        return note("no_disclosure")
    sure = [row for row in known if row[0] is not None]
    if not sure:
        return note("phase_unsaid") if known else note("no_table")
    of_phase = [row for row in sure if not phases or row[0] in phases]
    if not of_phase:
        if not any(_may_state(year, phases, *each) for each in disclosed):
            return note("no_disclosure")
        if len(sure) < len(known):
            return note("phase_unsaid")
        return note("other_phase", values=both(PHASES, _in_order(PHASES, (row[0] for row in sure))))
    of_scope = [row for row in of_phase if not scopes or row[1] in scopes]
    if not of_scope:
        return note("other_scope", values=both(SCOPES, _in_order(SCOPES, (row[1] for row in of_phase))))
    on_axis = [row for row in of_scope if not selection.axis or row[3] == selection.axis]
    types = _in_order(EXPENDITURE_TYPES, (row[2] for row in on_axis if row[2] is not None))
    if types:
        return note("other_type", values=both(EXPENDITURE_TYPES, types))
    return note("not_broken_down")


def _may_state(year: int, phases: tuple[str, ...], disclosed: int, kind: str) -> bool:
    """Whether a disclosure of that year and kind prints figures of a year in one of the phases."""
    if kind in _ACCOUNTS:
        return disclosed == year
    wanted = phases or tuple(PHASES)
    return (disclosed == year and set(wanted) & {"approved", "revised"} != set()) or (
        disclosed == year + 1 and "PriorYearExecution" in wanted
    )


def _in_order(concepts: Any, values: Iterator[str]) -> list[str]:
    found = set(values)
    return [each for each in concepts if each in found]
