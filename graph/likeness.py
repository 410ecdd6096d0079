"""Names that differ in one character, found without comparing every name with every other."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterator
from itertools import combinations

__all__ = ["one_character_apart"]

_MOST_ALIKE = 20  # a group of more names is a series (一期 … 九期), not a misspelling
# Characters that tell two things apart rather than spell one of them differently.
_TELLING = re.compile(
    r"[一二三四五六七八九十百〇零\d第东西南北中上下左右前后新老旧大小高低初甲乙丙丁省市区县镇乡村街路桥河湖江山岛港站馆校院厂局部处科"
    r"男女内外进出收支增减升降A-Za-zⅠ-Ⅻ]"
)


def one_character_apart(names: Collection[str], shortest: int) -> Iterator[tuple[str, str]]:
    """Pairs of names of ``shortest`` characters or more where one character is added, missing or another,
    and that character tells nothing apart; in alphabetical order."""
    groups: dict[str, set[str]] = defaultdict(set)
    for name in names:
        if len(name) >= shortest:
            groups[name].add(name)
            for index in range(len(name)):
                groups[name[:index] + name[index + 1 :]].add(name)
    found = {
        pair
        for group in groups.values()
        if 1 < len(group) <= _MOST_ALIKE
        for pair in combinations(sorted(group), 2)
        if _differ_by_spelling(*pair)
    }
    yield from sorted(found)


def _differ_by_spelling(left: str, right: str) -> bool:
    start = next((at for at, pair in enumerate(zip(left, right, strict=False)) if pair[0] != pair[1]), None)
    if start is None:
        start = min(len(left), len(right))
    rest_left, rest_right = left[start:], right[start:]
    if len(left) == len(right):
        changed = rest_left[:1] + rest_right[:1]
        return rest_left[1:] == rest_right[1:] and not _TELLING.search(changed)
    short, long = sorted((rest_left, rest_right), key=len)
    return long[1:] == short and not _TELLING.search(long[:1])
