"""Automatic numbers of Word paragraphs: 一、, （一）, 1. are often not typed but counted.

A reader of the printed page sees them, so they belong to the text.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from lxml import etree

__all__ = ["Numbering", "chinese_number"]

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_DIGITS = "〇一二三四五六七八九"
_ROMAN = ((1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"), (50, "l"), (40, "xl"),
          (10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i"))  # fmt: skip


def chinese_number(value: int) -> str:
    """``value`` (1 to 9999) as in 一、 … 十、 十一、 … 二十、 … 一百零一.

    >>> chinese_number(12)
    '十二'
    """
    if not 0 < value < 10_000:
        return str(value)
    text, pending_zero = "", False
    for power, unit in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit = value // power % 10
        if digit == 0:
            pending_zero = bool(text)
            continue
        text += ("零" if pending_zero else "") + _DIGITS[digit] + unit
        pending_zero = False
    return text[1:] if text.startswith("一十") else text


def _roman(value: int) -> str:
    text = ""
    for worth, letters in _ROMAN:
        count, value = divmod(value, worth)
        text += letters * count
    return text


def _letters(value: int) -> str:
    """a … z, aa, bb … as Word counts."""
    count, index = divmod(value - 1, 26)
    return chr(ord("a") + index) * (count + 1)


def _circled(value: int) -> str:
    return chr(0x2460 + value - 1) if 1 <= value <= 20 else str(value)


_FORMATS: dict[str, Callable[[int], str]] = {
    "decimal": str,
    "decimalZero": lambda value: f"{value:02d}",
    "decimalFullWidth": str,
    "decimalHalfWidth": str,
    "chineseCounting": chinese_number,
    "chineseCountingThousand": chinese_number,
    "chineseLegalSimplified": chinese_number,
    "japaneseCounting": chinese_number,
    "taiwaneseCounting": chinese_number,
    "taiwaneseCountingThousand": chinese_number,
    "ideographDigital": lambda value: "".join(_DIGITS[int(digit)] for digit in str(value)),
    "decimalEnclosedCircle": _circled,
    "decimalEnclosedCircleChinese": _circled,
    "decimalEnclosedParen": lambda value: f"({value})",
    "decimalEnclosedFullstop": lambda value: f"{value}.",
    "upperRoman": lambda value: _roman(value).upper(),
    "lowerRoman": _roman,
    "upperLetter": lambda value: _letters(value).upper(),
    "lowerLetter": _letters,
}


@dataclass(frozen=True, slots=True)
class _Level:
    start: int
    number_format: str
    text: str  # with %1 … %9 for the counters


class Numbering:
    """The counters of one document; ask for each numbered paragraph once, in reading order."""

    def __init__(self, root: etree._Element | None) -> None:
        self._abstract: dict[str, str] = {}  # numId → abstractNumId
        self._levels: dict[str, dict[int, _Level]] = {}
        self._overrides: dict[tuple[str, int], int] = {}
        self._counters: dict[str, dict[int, int]] = {}
        self._restarted: set[tuple[str, int]] = set()
        if root is None:
            return
        for abstract in root.iter(f"{_W}abstractNum"):
            levels = {
                int(level.get(f"{_W}ilvl") or 0): _Level(
                    start=int(_value(level, "start") or 1),
                    number_format=_value(level, "numFmt") or "decimal",
                    text=_value(level, "lvlText") or "",
                )
                for level in abstract.iter(f"{_W}lvl")
            }
            self._levels[abstract.get(f"{_W}abstractNumId") or ""] = levels
        for number in root.iter(f"{_W}num"):
            number_id = number.get(f"{_W}numId") or ""
            self._abstract[number_id] = _value(number, "abstractNumId") or ""
            for override in number.iter(f"{_W}lvlOverride"):
                if start := _value(override, "startOverride"):
                    self._overrides[number_id, int(override.get(f"{_W}ilvl") or 0)] = int(start)

    def next_label(self, number_id: str, level: int) -> str:
        """The printed number of the next paragraph of this list and level; empty for bullets and none."""
        abstract = self._abstract.get(number_id)
        levels = self._levels.get(abstract or "", {})
        definition = levels.get(level)
        if abstract is None or definition is None:
            return ""
        counters = self._counters.setdefault(abstract, {})
        if (number_id, level) in self._overrides and (number_id, level) not in self._restarted:
            self._restarted.add((number_id, level))
            counters[level] = self._overrides[number_id, level]
        else:
            counters[level] = counters.get(level, definition.start - 1) + 1
        for deeper in [other for other in counters if other > level]:
            del counters[deeper]
        if definition.number_format in ("bullet", "none"):
            return ""
        label = definition.text
        for index, shown in levels.items():
            if f"%{index + 1}" in label:
                render = _FORMATS.get(shown.number_format, str)
                label = label.replace(f"%{index + 1}", render(counters.get(index, shown.start)))
        return label


def _value(element: etree._Element, name: str) -> str | None:
    child = element.find(f"{_W}{name}")
    return None if child is None else child.get(f"{_W}val")
