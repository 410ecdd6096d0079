"""The explanation part against the tables: amounts, names of classification items, printed rates."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import ROUND_HALF_UP, Decimal
from difflib import SequenceMatcher

from fiscalgraph.extract.normalise import compact
from fiscalgraph.extract.records import DisclosureRecords, NarrativeItem, SpendingLine
from fiscalgraph.graph.checks import Check, Contradiction, number

__all__ = ["TEXT_CHECKS"]

_TOTAL_COLUMN = re.compile(r"(?:^|/)(?:合计|小计|本年支出合计)$")
_SISTER = re.compile(r"一般公共预算(?:财政)?拨?款?支出|财政拨款支出")
_DONE = re.compile(
    r"(?:年初)?预算数?为?([\d,.]+)(万元|元|亿元)[^。]{0,12}?(?:支出)?决算数?为?([\d,.]+)(万元|元|亿元)[^。]{0,10}?完成(?:年初)?预算的([\d.]+)[%％]"
)
_CHANGE = re.compile(
    r"比[^。；，]{0,16}(增加|减少)了?([\d,.]+)(万元|元|亿元)[，,]?(?:增长|下降|降低|减少|增加)了?([\d.]+)[%％]"
)
_NAME_LIKENESS = 0.7


def _reference_lines(records: DisclosureRecords) -> dict[str, SpendingLine]:
    """Code → the amount of the table that the explanation explains (一般公共预算财政拨款支出)."""
    found: dict[str, SpendingLine] = {}
    for line in records.spending:
        if (
            line.code
            and _SISTER.search(line.table)
            and "基本支出" not in line.table
            and _TOTAL_COLUMN.search(line.column)
        ):
            found.setdefault(line.code, line)
    return found


def _named(item: NarrativeItem) -> tuple[str, int] | None:
    """The most specific name of the sentence and the length of its code."""
    for name, length in ((item.item, 7), (item.subclass, 5), (item.class_name, 3)):
        if name:
            return name, length
    return None


def amounts_and_names(records: DisclosureRecords) -> Iterator[Contradiction]:
    """A sentence's amount and item name against the row it speaks of."""
    reference = _reference_lines(records)
    for sentence in records.narrative:
        named = _named(sentence)
        if named is None or sentence.amount is None:
            continue
        name, length = named
        rows = [line for code, line in reference.items() if len(code) == length]
        same_name = [row for row in rows if row.name == name]
        if length == 7 and sentence.subclass and len(same_name) > 1:
            parents = {
                line.code
                for code, line in reference.items()
                if len(code) == 5 and line.name == sentence.subclass
            }
            same_name = [row for row in same_name if row.code and row.code[:5] in parents]
        if len(same_name) == 1:
            row = same_name[0]
            if row.amount is not None and abs(row.amount - sentence.amount) > Decimal(300):  # 0.03 万元
                detail = f"{name}：文字说明为{sentence.printed}，{row.table}为{row.printed}"
                yield Contradiction(
                    "text_vs_table", sentence.printed or "", row.printed, detail, sentence.source, row.source
                )
            continue
        if same_name or length < 7:
            continue
        alike = [
            row
            for row in rows
            if row.amount == sentence.amount
            and row.name
            and SequenceMatcher(None, name, row.name).ratio() >= _NAME_LIKENESS
        ]
        if len(alike) == 1:
            detail = f"{alike[0].code}：文字说明为“{name}”，{alike[0].table}为“{alike[0].name}”"
            yield Contradiction(
                "name_mismatch", name, alike[0].name or "", detail, sentence.source, alike[0].source
            )


def printed_rates(records: DisclosureRecords) -> Iterator[Contradiction]:
    """完成年初预算的…% and growth rates in a sentence, recomputed from its own amounts."""
    for sentence in records.narrative:
        text = compact(sentence.source.quote)
        about = sentence.item or sentence.subclass or sentence.class_name or ""
        if done := _DONE.search(text):
            budget, spent, rate = (number(done.group(i)) for i in (1, 3, 5))
            if budget and spent is not None and rate is not None and done.group(2) == done.group(4):
                yield from _rate(
                    sentence, about, "完成年初预算的比例", done.group(5), rate, spent / budget * 100
                )
        if change := _CHANGE.search(text):
            amount, difference, rate = (
                number(sentence.printed),
                number(change.group(2)),
                number(change.group(4)),
            )
            if amount is None or difference is None or rate is None or change.group(3) != sentence.unit:
                continue
            base = amount - difference if change.group(1) == "增加" else amount + difference
            if base > 0:
                yield from _rate(sentence, about, "增减比例", change.group(4), rate, difference / base * 100)


def _rate(
    sentence: NarrativeItem, about: str, what: str, printed: str, rate: Decimal, expected: Decimal
) -> Iterator[Contradiction]:
    places = len(printed.partition(".")[2])
    if abs(rate - expected) > Decimal(1).scaleb(-places):
        right = f"{expected.quantize(Decimal('0.01'), ROUND_HALF_UP)}%"
        detail = f"{about}：{what}印为{printed}%，按金额计算为{right}"
        yield Contradiction("rate_mismatch", f"{printed}%", right, detail, sentence.source, None)


TEXT_CHECKS: tuple[Check, ...] = (amounts_and_names, printed_rates)
