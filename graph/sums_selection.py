"""Which rows of the projection a request is about, as conditions in SQL."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from fiscalgraph.graph.projection_cells import THREE_PUBLICS_CODES
from fiscalgraph.graph.sums_dimensions import DIMENSIONS, EXPENDITURE_TYPES, Dimension
from fiscalgraph.graph.sums_request import SumRequest

__all__ = ["MAIN_TYPES", "Selection"]

MAIN_TYPES: Final = tuple(key for key, concept in EXPENDITURE_TYPES.items() if concept.part_of is None)
"""The expenditure types that together are the whole expenditure."""


@dataclass(frozen=True, slots=True)
class Selection:
    """The conditions of a request; each is SQL with its parameters."""

    request: SumRequest

    @property
    def axis(self) -> str:
        """The classification it is broken down by, ``""`` for totals."""
        return next((each.axis for each in self.request.dimensions() if each.axis), "")

    @property
    def digits(self) -> int:
        """The level of codes the sum stands on: the finest that the request names."""
        lengths = [each.digits for each in self.request.dimensions() if each.axis]
        lengths += [len(code) for code in self.codes]
        return max(lengths, default=0)

    @property
    def codes(self) -> tuple[str, ...]:
        """The codes it is restricted to, one dimension of codes after the other."""
        return tuple(code for each in self.request.dimensions() if each.axis for code in self.codes_of(each))

    def codes_of(self, dimension: Dimension) -> tuple[str, ...]:
        """The codes that one dimension is restricted to."""
        values = self.request.values(dimension.name)
        if dimension.concepts is None:
            return values
        return tuple(THREE_PUBLICS_CODES[value] for value in values)

    @property
    def within(self) -> str:
        """The end of the flags to go by: all documents, those of a kind, or each document by itself."""
        if self.request.asks("document"):
            return "_of_document"
        return "_of_kind" if self.request.asks("kind") else ""

    def money(self) -> tuple[str, list[object]]:
        """Measure, expenditure type, classification and the chosen table: which cut of the money it is."""
        broken_down = bool(self.axis)
        conditions, values = ["measure = ?"], [self.request.measure]
        conditions.append(f"{'chosen' if broken_down else 'chosen_total'}{self.within}")
        if broken_down:
            conditions.append("axis = ?")
            values.append(self.axis)
        types = self.request.values("expenditure_type")
        if types or "expenditure_type" in self.request.by:
            conditions.append(_one_of("expenditure_type", types or MAIN_TYPES))
        else:
            conditions.append("expenditure_type IS NULL")
        return " AND ".join(conditions), list(values)

    def organizations(self) -> str:
        """Departments without their units, unless units or certain organisations are asked for."""
        if self.request.values("organization"):
            return "true"
        if self.request.values("level") == ("unit",):
            return "unit AND NOT covered_unit"
        return f"NOT covered{self.within}"

    def filters(self, *, besides: Iterable[str] = ()) -> str:
        """What the request admits, the classification and the dimensions ``besides`` left aside."""
        left_aside = {*besides, "level", "expenditure_type"}
        conditions = []
        for name, values in self.request.where:
            dimension = DIMENSIONS[name]
            if dimension.axis or name in left_aside:
                continue
            if name == "year":
                conditions.append(f"fiscal_year IN ({', '.join(str(int(value)) for value in values)})")
            elif name == "region":
                conditions.append(f"({' OR '.join(_in_region(value) for value in values)})")
            else:
                conditions.append(_one_of(dimension.column, values))
        return " AND ".join(conditions) or "true"

    def level(self) -> str:
        """Cells that are disjoint and together the whole: those of the level, and what is not divided."""
        digits = self.digits
        return f"((length >= {digits} AND above < {digits}) OR (length < {digits} AND NOT divided))"

    def restricted_codes(self) -> str:
        """The codes that the request is restricted to, and what belongs to them."""
        conditions = []
        for dimension in self.request.dimensions():
            codes = self.codes_of(dimension) if dimension.axis else ()
            if codes:
                parts = " OR ".join(f"starts_with(code, {_text(code)})" for code in codes)
                conditions.append(f"({parts})")
        return " AND ".join(conditions) or "true"

    def admitted(self) -> tuple[str, list[object]]:
        """Every condition but the level of codes: also what the figures that are added are parts of."""
        money, values = self.money()
        others = (self.organizations(), self.filters(), self.restricted_codes())
        return " AND ".join((money, *others)), values

    def undivided(self) -> str:
        """Money that is not broken down to the level."""
        return f"(length < {self.digits} AND NOT divided AND amount <> 0)"

    def gaps(self) -> str:
        """Totals above the level that differ from the sum of their parts by more than rounding."""
        return f"(length < {self.digits} AND abs(gap) > allowance)"

    def all(self) -> tuple[str, list[object]]:
        """Every condition: the figures that are added."""
        admitted, values = self.admitted()
        return f"{admitted} AND {self.level()}", values

    def key(self, dimension: Dimension) -> str:
        """The expression that a dimension groups by."""
        return f"left(code, {dimension.digits})" if dimension.axis else dimension.column


def _one_of(column: str, values: Sequence[str]) -> str:
    return f"{column} IN ({', '.join(_text(value) for value in values)})"


def _in_region(code: str) -> str:
    """A region with all that lies in it, by the digits of GB/T 2260."""
    for digits in (2, 4):
        if code[digits:].strip("0") == "":
            return f"starts_with(region, {_text(code[:digits])})"
    return f"region = {_text(code)}"


def _text(value: str) -> str:
    """A string literal in SQL."""
    return "'" + value.replace("'", "''") + "'"
