"""The explanation part against the tables: amounts and names of classification items."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from difflib import SequenceMatcher

from fiscalgraph.extract.normalise import UNIT_FACTORS
from fiscalgraph.extract.proportions import Quantity, quantity
from fiscalgraph.extract.records import DisclosureRecords, NarrativeItem, SpendingLine
from fiscalgraph.graph.checks.lineups import Figure, bare_label
from fiscalgraph.graph.checks.results import Check, CheckResult, Side, Verdict
from fiscalgraph.graph.checks.rounding import Rounding

__all__ = ["TEXT_CHECKS"]

_TOTAL_COLUMN = re.compile(r"(?:^|/)(?:合计|小计|本年支出合计)$")
_SISTER = re.compile(r"一般公共预算(?:财政)?拨?款?支出|财政拨款支出")
_NAME_LIKENESS = 0.7
_LEAST_LIKENESS = 0.5


def _bare(name: str | None) -> str:
    """A classification item's name without the word 支出 at its end, which prose often leaves out."""
    return re.sub(r"支出$", "", (name or "").replace("(", "（").replace(")", "）"))


def _printed(line: NarrativeItem | Figure) -> Quantity | None:
    return quantity(f"{line.printed}{line.unit or ''}") if line.printed else None


class _Tables:
    """What the document's tables print for each classification code."""

    def __init__(self, records: DisclosureRecords) -> None:
        self.names: dict[str, set[str]] = defaultdict(set)
        self.lines: dict[str, list[SpendingLine]] = defaultdict(list)
        self.reference: dict[str, SpendingLine] = {}  # the table that the explanation explains
        self._classes: dict[str, list[Figure]] = defaultdict(list)
        for line in records.spending:
            if not line.code or line.unit == "%":
                continue
            self.lines[line.code].append(line)
            if line.name:
                self.names[line.code].add(line.name)
            if (
                _SISTER.search(line.table)
                and "基本支出" not in line.table
                and _TOTAL_COLUMN.search(line.column)
            ):
                self.reference.setdefault(line.code, line)
        for total in records.totals:
            if total.item:
                self._classes[_bare(bare_label(total.item))].append(total)

    def codes(self, name: str, length: int) -> list[str]:
        """The codes of one level that bear ``name``."""
        return [
            code
            for code, names in self.names.items()
            if len(code) == length and _bare(name) in {_bare(each) for each in names}
        ]

    def stating(self, codes: list[str], name: str, amount: Quantity) -> Figure | None:
        """A figure of any column of any table that prints ``amount`` for the item."""
        lines: tuple[Figure, ...] = (
            *(self.reference[code] for code in codes if code in self.reference),
            *(line for code in codes for line in self.lines[code]),
            *self._classes[_bare(name)],
        )
        exact = (line for line in lines if (figure := _printed(line)) and Rounding.same(amount, figure))
        return next(exact, None)


def _named(item: NarrativeItem) -> tuple[str, int] | None:
    """The most specific name of the sentence and the length of its code."""
    for name, length in ((item.item, 7), (item.subclass, 5), (item.class_name, 3)):
        if name:
            return name, length
    return None


def amounts(records: DisclosureRecords) -> Iterator[CheckResult]:
    """A sentence's amount against the tables: it differs only if no column of any table prints it."""
    rounding = Rounding.of(records)
    tables = _Tables(records)
    for sentence in records.narrative:
        named, amount = _named(sentence), _printed(sentence)
        if named is None or amount is None or amount.value == 0:
            continue
        name, length = named
        codes = tables.codes(name, length)
        if length == 7 and sentence.subclass and len(codes) > 1:
            parents = set(tables.codes(sentence.subclass, 5))
            codes = [code for code in codes if code[:5] in parents]
        rows = [tables.reference[code] for code in codes if code in tables.reference]
        line = tables.stating(codes, name, amount)
        if line is not None:
            verdict = Verdict.AGREES
        elif len(rows) == 1:
            line = rows[0]
            figure = _printed(line)
            rounded = figure is not None and rounding.explains_pair(amount, figure, of_sums=True)
            verdict = Verdict.ROUNDING if rounded else Verdict.CONTRADICTS
        else:
            continue
        figure = _printed(line)
        if figure is None:
            continue
        yield CheckResult(
            "narrative-amounts",
            verdict,
            Side.of(sentence.printed or "", sentence),
            Side.of(line.printed, line),
            f"{name}：文字说明为{sentence.printed}，{line.table}为{line.printed}",
            (amount.value - figure.value) / UNIT_FACTORS.get(sentence.unit or "", 1),
            sentence.unit,
        )


def item_names(records: DisclosureRecords) -> Iterator[CheckResult]:
    """An item's names in a sentence against the tables' names of the code whose amount it states."""
    tables = _Tables(records)
    seen: set[tuple[str, str]] = set()
    for sentence in records.narrative:
        amount = _printed(sentence)
        if amount is None or not sentence.item:
            continue
        codes = tables.codes(sentence.item, 7)
        code = codes[0] if len(codes) == 1 else None
        if not codes:
            alike = [
                code
                for code, line in tables.reference.items()
                if len(code) == 7
                and (figure := _printed(line)) is not None
                and Rounding.same(amount, figure)
                and max((_likeness(sentence.item, name) for name in tables.names[code]), default=0.0)
                >= _NAME_LIKENESS
            ]
            code = alike[0] if len(alike) == 1 else None
        if code is None or tables.stating([code], "", amount) is None:
            continue
        for name, each in ((sentence.item, code), (sentence.subclass, code[:5])):
            names = tables.names.get(each, set())
            if not name or not names:
                continue
            same = _bare(name) in {_bare(other) for other in names}
            printed = max(sorted(names), key=lambda other, own=name: _likeness(own, other))  # type: ignore[misc]
            if (name, printed) in seen or _likeness(name, printed) < _LEAST_LIKENESS:
                continue
            seen.add((name, printed))
            line = next(line for line in tables.lines[each] if line.name == printed)
            yield CheckResult(
                "narrative-names",
                Verdict.AGREES if same else Verdict.CONTRADICTS,
                Side.of(name, sentence),
                Side.of(printed, line),
                f"{each}：文字说明为“{name}”，{line.table}为“{printed}”",
            )


def _likeness(left: str, right: str) -> float:
    return SequenceMatcher(None, _bare(left), _bare(right), autojunk=False).ratio()


TEXT_CHECKS: tuple[Check, ...] = (amounts, item_names)
