"""Counted figures in words (新增就业61.75万人): their value, what is counted, how exact they are."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal

__all__ = ["Count", "counts", "excerpt", "single"]

_COUNTED = re.compile(
    r"(?<![\d.,第])(?P<figure>\d[\d,]*(?:\.\d+)?)\s*(?P<about>[余多])?(?P<scale>万|亿)?(?P<more>[余多])?"
    r"(?P<unit>人次|人|名|户次|户|份|家|个|场次|场|次|期|项|件|套|篇|册|亩|公里|吨|批次|批|起|条)(?![员均才事民])"
)
_SCALES = {"万": Decimal(10_000), "亿": Decimal(100_000_000)}
_KINDS = {"人次": "人", "名": "人", "户次": "户", "场次": "场", "次": "场", "批次": "批"}
_ROUGH_SHARE = Decimal("1.15")
_CLAUSE_ENDS = re.compile(r"[，。；、：,;:]")


@dataclass(frozen=True, slots=True)
class Count:
    """One counted figure of a text.

    ``printed`` has figure, scale and unit, ``figure`` lacks the unit; ``kind`` is what is counted (人 for
    人次 and 名 too); ``rough`` marks 余, 约, 左右; ``half`` is half a unit of the last printed place.
    """

    printed: str
    figure: str
    unit: str
    value: Decimal
    half: Decimal
    kind: str
    rough: bool
    start: int
    end: int

    def agrees(self, other: Count) -> bool:
        """Whether both may be one number, the rougher one within 15 %."""
        low, high = sorted((self.value, other.value))
        return low == high or ((self.rough or other.rough) and high <= low * _ROUGH_SHARE)

    def rounds_to(self, other: Count) -> bool:
        """Whether both may be one number, the coarser one rounded or cut off."""
        return self.agrees(other) or abs(self.value - other.value) <= max(self.half, other.half) * 2


def counts(text: str) -> list[Count]:
    """The counted figures of ``text`` in their order."""
    found = []
    for match in _COUNTED.finditer(text):
        scale = _SCALES.get(match["scale"] or "", Decimal(1))
        figure = match["figure"].replace(",", "")
        places = len(figure.partition(".")[2])
        rough = bool(match["about"] or match["more"]) or text[: match.start()].endswith(("约", "近"))
        found.append(
            Count(
                printed=match.group(),
                figure=match.group().removesuffix(match["unit"]),
                unit=match["unit"],
                value=Decimal(figure) * scale,
                half=Decimal(5).scaleb(-places - 1) * scale,
                kind=_KINDS.get(match["unit"], match["unit"]),
                rough=rough or text[match.end() :].startswith("左右"),
                start=match.start(),
                end=match.end(),
            )
        )
    return found


def single(text: str | None) -> Count | None:
    """The count of a text that holds exactly one."""
    found = counts(text or "")
    return found[0] if len(found) == 1 else None


def excerpt(text: str, count: Count, before: int, behind: int = 0) -> str:
    """The words of ``text`` around a count, to quote: from where a clause begins, if one does in reach."""
    start = max(0, count.start - before)
    clause = _CLAUSE_ENDS.search(text, start, count.start) if start else None
    return text[clause.end() if clause else start : count.end + behind]
