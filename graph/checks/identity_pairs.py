"""The identities that are equalities (相等勾稽关系): what two tables print of the same quantity."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal

from fiscalgraph.extract.normalise import UNIT_FACTORS
from fiscalgraph.extract.proportions import Quantity, quantity
from fiscalgraph.extract.records import DisclosureRecords, SpendingLine, TotalLine
from fiscalgraph.graph.checks.lineups import (
    ORDINAL,
    Figure,
    bare_label,
    figures,
    is_inferred,
    is_total_row,
    row_of,
)
from fiscalgraph.graph.checks.repeated import by_table
from fiscalgraph.graph.checks.results import Check, CheckResult, Side, Verdict, number
from fiscalgraph.graph.checks.rounding import Rounding
from fiscalgraph.ontology.identities import EqualityIdentity, FigurePlace, equality_identities

__all__ = ["PAIR_CHECKS"]

_INFERRED = "其中有数字的栏次由勾稽关系推定，不作为依据"
_OTHER_SCOPE = "一方的数字亦印于另一方的他栏，口径可能不同"
_CLASS_LENGTH = 3


def _figure(line: Figure) -> Quantity | None:
    return quantity(f"{line.printed}{line.unit or ''}")


def _label(line: Figure) -> str:
    return bare_label(line.name if isinstance(line, SpendingLine) else line.item)


def _class_name(line: Figure) -> str | None:
    """The functional class of a row (社会保障和就业), whether by its code or by its numbered item."""
    if isinstance(line, SpendingLine):
        own = line.code is not None and len(line.code) == _CLASS_LENGTH
    else:
        own = ORDINAL.match(line.item or "") is not None
    return re.sub(r"支出$", "", _label(line)) or None if own else None


def _key(line: Figure, keyed_by: str) -> object | None:
    if keyed_by == "code":
        return line.code if isinstance(line, SpendingLine) else None
    if keyed_by == "class":
        return _class_name(line)
    return line.table_index if keyed_by == "table" else ""


class _Printed:
    """All figures of a document, and what it prints beside one of them."""

    def __init__(self, records: DisclosureRecords) -> None:
        self.lines = figures(records)
        self.rows: dict[tuple[object, ...], list[Figure]] = defaultdict(list)
        self.named: dict[tuple[str, object], list[Figure]] = defaultdict(list)
        for line in self.lines:
            self.rows[row_of(line)].append(line)
            for keyed_by in ("code", "class"):
                if (key := _key(line, keyed_by)) is not None:
                    self.named[(keyed_by, key)].append(line)

    def at(self, place: FigurePlace, keyed_by: str) -> Mapping[object, Sequence[Figure]]:
        """The figures of a place by key; a key with several different figures is left out."""
        found: dict[object, list[Figure]] = defaultdict(list)
        for line in self.lines:
            key = _key(line, keyed_by)
            if key is not None and _stands_at(line, place, keyed_by):
                found[key].append(line)
        return {key: lines for key, each in found.items() if (lines := _one(each))}

    def elsewhere(self, own: Figure, other: Figure, keyed_by: str, key: object) -> bool:
        """Whether the figure of ``own`` stands in another column of the row of ``other``, or in another
        table's row of the same key."""
        figure = _figure(own)
        beside = [line for line in self.rows[row_of(other)] if line is not other]
        beside += [
            line
            for line in self.named.get((keyed_by, key), [])
            if line is not other and line.table_index != own.table_index
        ]
        return figure is not None and any(
            (value := _figure(line)) is not None and value.value == figure.value != 0 for line in beside
        )


def _one(lines: Sequence[Figure]) -> Sequence[Figure]:
    """``lines`` if they print one figure; of a table by units, those of the total."""
    of_all = [line for line in lines if line.owner is None] or lines
    return of_all if len({number(line.printed) for line in of_all}) == 1 else ()


def _stands_at(line: Figure, place: FigurePlace, keyed_by: str) -> bool:
    if not place.table.search(line.table) or (place.not_table and place.not_table.search(line.table)):
        return False
    if place.column and not place.column.search(line.column):
        return False
    if place.not_column and place.not_column.search(line.column):
        return False
    if place.side is not None and (not isinstance(line, TotalLine) or line.side != place.side):
        return False
    if place.row is not None:
        return place.row.search(_label(line)) is not None
    return keyed_by in ("code", "class") or is_total_row(line)


def equalities(records: DisclosureRecords) -> Iterator[CheckResult]:
    """Every pair of places that the identities name, key by key."""
    printed = _Printed(records)
    rounding = Rounding.of(records)
    for identity in equality_identities():
        if identity.disclosure is not None and not identity.disclosure.search(records.identity.kind):
            continue
        reference = printed.at(identity.reference, identity.keyed_by)
        yield from _added(identity, reference, printed, rounding)
        for place in identity.compared:
            compared = printed.at(place, identity.keyed_by) if reference else {}
            found = (
                _compared(identity, key, lines, compared[key], printed, rounding)
                for key, lines in reference.items()
                if key in compared
            )
            yield from by_table([result for result in found if result is not None], share=Decimal(0))


def _added(
    identity: EqualityIdentity,
    reference: Mapping[object, Sequence[Figure]],
    printed: _Printed,
    rounding: Rounding,
) -> Iterator[CheckResult]:
    """The reference figures against the sums of the places that make them up, where all print one."""
    places = [printed.at(place, identity.keyed_by) for place in identity.added] if reference else []
    for key, lines in reference.items():
        if not places or not all(key in place for place in places):
            continue
        addends = [place[key][0] for place in places]
        whole, parts = _figure(lines[0]), [_figure(line) for line in addends]
        known = [part for part in parts if part is not None]
        if whole is None or len(known) != len(parts) or any(map(is_inferred, (*lines, *addends))):
            continue
        given = Quantity(
            sum((part.value for part in known), Decimal(0)), sum((part.half for part in known), Decimal(0))
        )
        if given.value == whole.value:
            verdict = Verdict.AGREES
        elif rounding.explains_pair(whole, given, of_sums=True):
            verdict = Verdict.ROUNDING
        else:
            verdict = Verdict(identity.on_difference)
        factor = UNIT_FACTORS.get(lines[0].unit or "", Decimal(1))
        shown = f"{given.value / factor:f}"
        named = "、".join(_named(line) for line in addends)
        yield CheckResult(
            identity.name,
            verdict,
            Side.of(lines[0].printed, *lines),
            Side.of(shown, *addends, computed=True),
            f"{_named(lines[0])}为{lines[0].printed}，{named}相加为{shown}",
            (whole.value - given.value) / factor,
            lines[0].unit,
        )


def _compared(
    identity: EqualityIdentity,
    key: object,
    lines: Sequence[Figure],
    others: Sequence[Figure],
    printed: _Printed,
    rounding: Rounding,
) -> CheckResult | None:
    left, right = lines[0], others[0]
    one, other = _figure(left), _figure(right)
    if one is None or other is None or row_of(left) == row_of(right) or one.value == other.value == 0:
        return None
    inferred = any(map(is_inferred, (*lines, *others)))
    note = ""
    if one.value == other.value:
        if inferred:
            return None  # arithmetic had put the figure there
        verdict = Verdict.AGREES
    elif rounding.explains_pair(one, other, of_sums=True):
        verdict = Verdict.ROUNDING
    elif inferred:
        verdict, note = Verdict.CANNOT_TELL, f"；{_INFERRED}"
    elif identity.on_difference != Verdict.CONTRADICTS:
        verdict = Verdict(identity.on_difference)
    elif printed.elsewhere(left, right, identity.keyed_by, key) or printed.elsewhere(
        right, left, identity.keyed_by, key
    ):
        verdict, note = Verdict.CANNOT_TELL, f"；{_OTHER_SCOPE}"
    else:
        verdict = Verdict.CONTRADICTS
    same_unit = left.unit == right.unit
    a, b = number(left.printed), number(right.printed)
    difference = a - b if same_unit and a is not None and b is not None else one.value - other.value
    return CheckResult(
        identity.name,
        verdict,
        Side.of(left.printed, *lines),
        Side.of(right.printed, *others),
        f"{_named(left)}为{left.printed}，{_named(right)}为{right.printed}{note}",
        difference,
        left.unit if same_unit else "元",
    )


def _named(line: Figure) -> str:
    if isinstance(line, SpendingLine):
        row = f"{line.code or ''}{line.name or ''}"
    else:
        row = line.item or line.owner or ""
    return f"{line.table}“{row or '合计'}”行“{line.column}”栏"


PAIR_CHECKS: tuple[Check, ...] = (equalities,)
