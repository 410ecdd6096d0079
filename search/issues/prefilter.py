"""Which of many patterns may be found in which text, told from the characters that each pattern needs.

Some fifty patterns for each statement take most of the time that reading it takes, and nearly all of them
find nothing. What a pattern cannot do without (one of these characters or pairs of characters, and one of
those …) is read off the parsed pattern, and looked up for many texts at once. A text that lacks some of it is
not searched. Where nothing can be told, the pattern is searched: no match is ever missed.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from re import _constants as codes  # type: ignore[attr-defined]  # the standard parser has no public name
from re import _parser  # type: ignore[attr-defined]
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    Bools = npt.NDArray[np.bool_]

__all__ = ["Prefilter"]

_Need = frozenset[str]
"""Characters and pairs of characters of which a text must hold one."""

_Needs = list[_Need]
"""All of them must be met."""

_MOST = 64  # members of a need; one of more would hardly ever be missing
_BATCH = 1024


class Prefilter:
    """Tells for texts which of ``patterns`` may be found in them (``None``: never)."""

    def __init__(self, patterns: Sequence[re.Pattern[str] | None]) -> None:
        import numpy as np

        self._count = len(patterns)
        needs: dict[_Need, int] = {}
        ways: dict[tuple[int, ...], int] = {}
        found: list[tuple[int, int]] = []
        always = []
        for number, pattern in enumerate(patterns):
            told = [] if pattern is None else _ways_of(pattern)
            if not all(told):
                always.append(number)
                continue
            for way in told:
                wanted = tuple(sorted({needs.setdefault(need, len(needs)) for need in way}))
                found.append((number, ways.setdefault(wanted, len(ways))))
        found = sorted(set(found))
        self._always = np.array(always, dtype=np.int64)
        self._grams = _Grams(needs)
        self._needs = np.array([need for way in ways for need in way], dtype=np.int64)
        self._way_starts = np.cumsum([0, *map(len, ways)])[:-1]
        self._ways = np.array([way for _, way in found], dtype=np.int64)
        self._sometimes, self._pattern_starts = np.unique([number for number, _ in found], return_index=True)

    def possible(self, texts: Sequence[str]) -> Bools:
        """Whether each pattern (second axis) may be found in each text (first axis)."""
        import numpy as np

        result = np.zeros((self._count, len(texts)), dtype=np.bool_)
        result[self._always] = True
        for start in range(0, len(texts) if len(self._ways) else 0, _BATCH):
            batch = texts[start : start + _BATCH]
            ways = np.logical_and.reduceat(self._grams.met(batch)[self._needs], self._way_starts, axis=0)
            some = np.logical_or.reduceat(ways[self._ways], self._pattern_starts, axis=0)
            result[self._sometimes, start : start + len(batch)] = some
        return result.T


class _Grams:
    """The characters and pairs of characters that are asked for, and which needs each meets."""

    def __init__(self, needs: dict[_Need, int]) -> None:
        import numpy as np

        letters = sorted({letter for need in needs for gram in need for letter in gram})
        place = {letter: number for number, letter in enumerate(letters, 1)}
        self._count = len(needs)
        self._side = len(letters) + 1
        self._letters = np.zeros(max(map(ord, letters), default=0) + 2, dtype=np.int64)
        self._letters[[ord(letter) for letter in letters]] = np.arange(1, self._side)
        # A single character is the pair with "nothing" before it.
        meets: dict[int, list[int]] = {}
        for need, number in needs.items():
            for gram in need:
                key = place[gram[-1]] + (place[gram[0]] * self._side if len(gram) == 2 else 0)
                meets.setdefault(key, []).append(number)
        self._grams = np.zeros(self._side**2, dtype=np.int32)
        self._grams[list(meets)] = np.arange(1, len(meets) + 1)
        self._sizes = np.array([0, *map(len, meets.values())], dtype=np.int64)
        self._starts = np.cumsum(self._sizes) - self._sizes
        self._meets = np.array([number for each in meets.values() for number in each], dtype=np.int64)

    def met(self, texts: Sequence[str]) -> Bools:
        """Whether each need (first axis) is met by each text (second axis)."""
        import numpy as np

        joined = "".join(texts).encode("utf-32-le", "surrogatepass")
        letters = self._letters[
            np.minimum(np.frombuffer(joined, dtype=np.uint32), np.uint32(len(self._letters) - 1))
        ]
        owner = np.repeat(np.arange(len(texts)), [len(text) for text in texts])
        pairs = letters[:-1] * self._side + letters[1:]
        pairs[(owner[:-1] != owner[1:]) | (letters[:-1] == 0)] = 0
        grams = self._grams[np.concatenate([letters, pairs])]
        told = np.flatnonzero(grams)
        grams, owners = grams[told], owner[np.where(told < len(owner), told, told - len(owner))]
        sizes = self._sizes[grams]
        within = np.arange(sizes.sum()) - np.repeat(np.cumsum(sizes) - sizes, sizes)
        result = np.zeros((self._count, len(texts)), dtype=np.bool_)
        result[self._meets[np.repeat(self._starts[grams], sizes) + within], np.repeat(owners, sizes)] = True
        return result


def _ways_of(pattern: re.Pattern[str]) -> list[_Needs]:
    """The needs of each way in which the pattern may be found; one without needs tells nothing."""
    if pattern.flags & (re.IGNORECASE | re.VERBOSE):
        return [[]]
    return _ways(list(_parser.parse(pattern.pattern, pattern.flags & ~re.UNICODE)))


def _ways(items: list[Any]) -> list[_Needs]:
    """Ways of a sequence: those of the one choice in it whose alternatives are more than words."""
    while len(items) == 1 and items[0][0] is codes.SUBPATTERN and not items[0][1][1]:
        items = list(items[0][1][3])
    choices = [place for place, (code, _) in enumerate(items) if code is codes.BRANCH]
    wide = [place for place in choices if not all(_is_word(each) for each in items[place][1][1])]
    if len(items) == 1 and choices:
        wide = choices
    if len(wide) != 1:
        return [_needs(items)]
    common = _needs(items[: wide[0]]) + _needs(items[wide[0] + 1 :])
    return [way + common for each in items[wide[0]][1][1] for way in _ways(list(each))]


def _is_word(items: Iterable[Any]) -> bool:
    return all(code is codes.LITERAL for code, _ in items)


def _needs(items: Iterable[Any]) -> _Needs:
    """What a sequence cannot be found without."""
    needs: _Needs = []
    before: _Need | None = None  # the characters that may stand just before, where they are the only ones
    single: list[_Need] = []
    for code, value in items:
        letters = _letters(code, value)
        if letters is not None:
            if before is not None and len(before) * len(letters) <= _MOST:
                needs.append(frozenset(one + other for one in before for other in letters))
                single = []
            else:
                needs += single
                single = [letters]
            before = letters
            continue
        needs += single
        single, before = [], None
        needs += _inner_needs(code, value)
    return [each for each in needs + single if len(each) <= _MOST]


def _letters(code: Any, value: Any) -> _Need | None:
    """The characters that one place of a pattern may hold; ``None`` where they are not few."""
    if code is codes.LITERAL:
        return frozenset((chr(value),))
    if code is not codes.IN:
        return None
    letters: set[str] = set()
    for kind, each in value:
        if kind is codes.LITERAL:
            letters.add(chr(each))
        elif kind is codes.RANGE and each[1] - each[0] < _MOST:
            letters.update(map(chr, range(each[0], each[1] + 1)))
        else:
            return None
    return frozenset(letters)


def _inner_needs(code: Any, value: Any) -> _Needs:
    if code is codes.SUBPATTERN and not value[1]:
        return _needs(value[3])
    if code is codes.MAX_REPEAT and value[0]:
        return _needs(value[2])
    if code is codes.MIN_REPEAT and value[0]:
        return _needs(value[2])
    if code is codes.ASSERT:
        return _needs(value[1])
    if code is codes.BRANCH:
        return _of_any(value[1])
    return []


def _of_any(alternatives: Iterable[Any]) -> _Needs:
    """What all alternatives have in common: of each its strictest need, its second strictest …"""
    each_needs = [
        sorted(_needs(each), key=lambda need: (-min(map(len, need)), len(need), sorted(need)))
        for each in alternatives
    ]
    return [frozenset().union(*common) for common in zip(*each_needs, strict=False)]
