"""Enumerations inside a text (一是…二是…, 1.…2.…, ①…②…): where its items begin and end."""

from __future__ import annotations

import re

__all__ = ["goes_on", "split_enumeration"]

_NUMERALS = "一二三四五六七八九十"
_BOUNDARY = r"(?:^|(?<=[。；;：:，,、）)]))"
# Inline enumerations: how the n-th marker is written.
_FAMILIES: tuple[tuple[str, ...], ...] = (
    tuple(f"{n}是" for n in _NUMERALS),
    tuple(f"第{n}[，,、：:]" for n in _NUMERALS),
    tuple(f"其{n}(?:[，,：:]|是)" for n in _NUMERALS[:5]),
    tuple(f"[（(]{n}[）)]" for n in _NUMERALS),
    tuple(rf"[（(]{n}[）)]" for n in range(1, 16)),
    tuple(rf"{n}(?:[.．](?!\d)|、)" for n in range(1, 16)),
    tuple("①②③④⑤⑥⑦⑧⑨⑩"),
)
# Words between the problem and the enumeration of its causes: "…有待提升。主要原因有两个方面，一是…".
_LEADS_IN = re.compile(
    "[^，。；]{0,10}(?:原因|体现|表现|如下|包括)(?:分析|主要|在于|有|是|为|在|[一二三四五六七八九两几]个?方面)*[:：，,]?"
)


def split_enumeration(text: str) -> list[tuple[int | None, int, int]]:
    """Ordinal, start and end of the items of the outermost enumeration in ``text``.

    Markers are left out. Text without an enumeration is one item without an ordinal; a
    whole sentence before the first marker is an item of its own.

    >>> [(n, "一是甲；二是乙。"[a:b]) for n, a, b in split_enumeration("一是甲；二是乙。")]
    [(1, '甲；'), (2, '乙。')]
    """
    best: list[re.Match[str]] = []
    number = 1
    for family in _FAMILIES:
        # An enumeration may go on that an earlier paragraph began.
        begun = next((n for n, marker in enumerate(family) if re.match(marker, text)), None)
        first = re.search(_BOUNDARY + family[begun or 0], text)
        if first is None or (best and best[0].start() <= first.start()):
            continue
        number, best = (begun or 0) + 1, [first]
        for marker in family[number:]:
            following = re.compile(_BOUNDARY + marker).search(text, best[-1].end())
            if following is None:
                break
            best.append(following)
    if not best:
        return [(None, 0, len(text))]
    items: list[tuple[int | None, int, int]] = []
    lead = text[: best[0].start()]
    stated = lead.rfind("。") + 1
    if stated >= 8 and (stated == len(lead) or _LEADS_IN.fullmatch(lead, stated)):
        items.append((None, 0, stated))
    ends = [marker.start() for marker in best[1:]] + [len(text)]
    items += [(n, marker.end(), end) for n, (marker, end) in enumerate(zip(best, ends, strict=True), number)]
    return items


def goes_on(before: str, last: int, text: str) -> bool:
    """Whether ``text`` begins with the item behind item ``last`` of the enumeration in ``before``."""
    return any(
        len(family) > last
        and re.match(family[last], text) is not None
        and re.search(_BOUNDARY + family[last - 1], before) is not None
        for family in _FAMILIES
    )
