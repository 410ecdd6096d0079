"""Headings of an enumerated list of items and the items numbered below them (一、 over （一）, 1. …)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from fiscalgraph.graph.checks.lineups import Entry

__all__ = ["headings"]

_LEVELS = (
    re.compile(r"^(?P<n>[一二三四五六七八九十]{1,3})、"),
    re.compile(r"^[（(](?P<n>[一二三四五六七八九十]{1,3})[）)]"),
    re.compile(r"^(?P<n>\d{1,2})[、.．]"),
    re.compile(r"^[（(](?P<n>\d{1,2})[）)]"),
)
_DIGITS = "零一二三四五六七八九"
_LEAST_ITEMS = 2


def _numbered(label: str) -> tuple[int, int] | None:
    """Level and number of an item; ``None`` without a number."""
    for level, pattern in enumerate(_LEVELS):
        if match := pattern.match(label):
            return level, _value(match["n"])
    return None


def _value(numeral: str) -> int:
    if numeral.isdigit():
        return int(numeral)
    tens, ten, ones = numeral.rpartition("十")
    return (_DIGITS.index(tens) if tens else 1 if ten else 0) * 10 + (_DIGITS.index(ones) if ones else 0)


def headings(entries: Sequence[Entry]) -> Iterator[tuple[Entry, tuple[Entry, ...]]]:
    """Each heading with the items one level below it, if these are numbered 1 to n without a gap."""
    numbered = [(entry, _numbered(entry.label)) for entry in entries]
    for index, (heading, own) in enumerate(numbered[:-1]):
        first = numbered[index + 1][1]
        if own is None or first is None or first[0] <= own[0] or first[1] != 1:
            continue
        items: list[Entry] = []
        for entry, place in numbered[index + 1 :]:
            if place is None or place[0] < first[0]:
                break
            if place[0] == first[0]:
                if place[1] != len(items) + 1:
                    items.clear()
                    break
                items.append(entry)
        if len(items) >= _LEAST_ITEMS:
            yield heading, tuple(items)
