"""What to know about an answer: what was implied, what does not add up, whom the figures stand for."""

from __future__ import annotations

from collections.abc import Iterator

from fiscalgraph.graph.sums_dimensions import DIMENSIONS, PHASES, SCOPES
from fiscalgraph.graph.sums_reasons import note
from fiscalgraph.graph.sums_refusals import Facts, Query, both
from fiscalgraph.graph.sums_request import Note
from fiscalgraph.graph.sums_selection import Selection

__all__ = ["answer_notes"]


def answer_notes(query: Query, selection: Selection, facts: Facts) -> tuple[list[Note], bool]:
    """The notes of an answer, and whether its total is withheld."""
    if not facts.number:
        return [note("no_figures")], True
    withheld = list(_withheld(selection, facts))
    notes = [*_implied(selection, facts), *withheld]
    if facts.units and not selection.request.values("organization"):
        notes += _stand_ins(query, selection)
    notes += _sums(query, selection, facts)
    if "expenditure_type" in selection.request.by and not selection.request.values("expenditure_type"):
        notes += _types(query, selection)
    return notes, bool(withheld)


def _implied(selection: Selection, facts: Facts) -> Iterator[Note]:
    found = (
        ("year", [str(year) for year in facts.years], None),
        ("phase", facts.phases, PHASES),
        ("scope", facts.scopes, SCOPES),
    )
    for name, values, concepts in found:
        if not selection.request.asks(name) and len(values) == 1:
            words = {"zh": list(values), "en": list(values)} if concepts is None else both(concepts, values)
            title = DIMENSIONS[name]
            yield note("implied", dimension={"zh": [title.zh], "en": [title.en]}, values=words)


def _withheld(selection: Selection, facts: Facts) -> Iterator[Note]:
    """Why the rows are not added up: they overlap, or are of different years or phases."""
    if len(facts.years) > 1:
        yield note("year_total_withheld")
    if len(facts.phases) > 1:
        yield note("phase_total_withheld")
    if len(facts.scopes) > 1 and "scope" in selection.request.by:
        yield note("scope_total_withheld")
    if facts.repeated and (
        selection.within
        or (selection.request.values("organization") and "organization" in selection.request.by)
    ):
        yield note("same_money_total_withheld")


def _stand_ins(query: Query, selection: Selection) -> Iterator[Note]:
    """Units and head offices counted where their department gives no figure."""
    if selection.request.values("level") == ("unit",):
        return
    conditions, values = selection.all()
    found = query(
        "SELECT DISTINCT organization_label, head_office FROM cells "
        f"WHERE {conditions} AND unit ORDER BY ALL",
        values,
    )
    units = [label for label, head_office in found if not head_office]
    offices = [label for label, head_office in found if head_office]
    if units:
        yield note("units_in_place", values=units)
    if offices:
        yield note("head_office_only", values=offices)


def _sums(query: Query, selection: Selection, facts: Facts) -> Iterator[Note]:
    """Totals that differ from the sum of their parts, figures that the level does not divide, tables that
    differ from the grand total."""
    admitted, values = selection.admitted()
    level = selection.level()
    if facts.undivided:
        found = query(
            f"SELECT organization_label, code, amount FROM cells WHERE {admitted} AND {level} "
            f"AND {selection.undivided()} ORDER BY ALL",
            values,
        )
        words = [" ".join(filter(None, (label, code, str(amount)))) for label, code, amount in found]
        yield note("undivided", number=len(words), values=words)
    if facts.gaps:
        found = query(
            f"SELECT organization_label, code, gap, table_title FROM cells WHERE {admitted} "
            f"AND {selection.gaps()} ORDER BY ALL",
            values,
        )
        words = [f"{label}《{table}》{code or '合计'} {gap:+f}" for label, code, gap, table in found]
        yield note("parts_differ", values=words)
    if facts.differing:
        found = query(
            "SELECT DISTINCT organization_label, document, table_title FROM cells "
            f"WHERE {admitted} AND {level} AND differs ORDER BY ALL",
            values,
        )
        words = [f"{label}《{table}》（{document}）" for label, document, table in found]
        yield note("differs", values=words)


def _types(query: Query, selection: Selection) -> Iterator[Note]:
    """Organisations whose expenditure types do not add up to their total."""
    whole = Selection(selection.request.without("expenditure_type"))
    conditions, values = selection.all()
    total_conditions, total_values = whole.all()
    key = "organization_label, fiscal_year, phase, fund_scope"
    found = query(
        f"SELECT organization_label, sum(types), sum(total) FROM ("
        f"SELECT {key}, sum(amount) AS types, NULL AS total FROM cells WHERE {conditions} GROUP BY ALL "
        f"UNION ALL SELECT {key}, NULL, sum(amount) FROM cells WHERE {total_conditions} GROUP BY ALL) "
        f"GROUP BY {key} HAVING sum(types) IS NOT NULL AND sum(total) IS NOT NULL "
        "AND abs(sum(types) - sum(total)) > 0.005 * abs(sum(total)) ORDER BY ALL",
        [*values, *total_values],
    )
    if found:
        yield note("types_differ", values=[f"{label} {types}/{total}" for label, types, total in found])
