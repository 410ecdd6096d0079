"""Which texts say nearly the same in nearly the same words, without comparing every text with every other.

Texts are compared by their pairs of neighbouring characters, figures left out (Jaccard). Candidates are found
by MinHash: texts whose pairs agree to :data:`ALIKE` meet in one of the bands with a chance above 0.99.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import pairwise
from typing import TYPE_CHECKING

from fiscalgraph.extract.normalise import compact
from fiscalgraph.search.folding import folded
from fiscalgraph.search.words import distinct

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

__all__ = ["ALIKE", "Repeats", "find_repeats", "same_words"]

ALIKE = 0.7
"""From this agreement on, two texts use nearly the same words (套话)."""

_BANDS, _ROWS = 16, 4
_PROMISING = 0.5  # share of equal MinHash values from which on a pair is compared in full
_COMPARED = 40  # so many of the texts that share a band are compared with each of them
_MARKED = "0"  # stands for any figure
_FIGURE = re.compile(r"\d+(?:\.\d+)?")
# In a short text every word counts; in a long one, so many characters more or less do not.
_SHORT = 30
_DIFFERENT_SHARE = 0.06
_SMALL_WORDS = frozenset("的了等和与及并在将已还也对于其均该本所由因为是而且以到进行相关有个")
# "…存在偏差的原因是：X" and the cell that only says X are one statement.
_LEAD_IN = re.compile(
    "^[^，。；]{0,24}?(?:原因|措施)(?:分析)?(?:主要|在于|有|是|为|[:：，,])*(?=.{8})|^(?:主要)?(?:由于|因为|因)(?=.{8})"
)
# What turns a statement into another one: negation, numbers, directions, degrees.
_TELLING = frozenset(
    "不未无没非否勿免停缺少多增减升降高低上下前后早晚快慢大小强弱超欠新旧内外男女老幼东西南北中"
    "零一二三四五六七八九十百千万亿两半首末第甲乙丙丁"
)

# What is neither a letter, a character nor a digit.
_NEITHER = re.compile(r"[\W_]+")


@dataclass(frozen=True, slots=True)
class Repeats:
    """For each text, in their order: the text that it repeats, and the texts that use nearly its words.

    ``statement[i]`` is the first text that says what text ``i`` says (``i`` itself where none does);
    ``alike[i]`` are the numbers of the texts that use nearly the same words, ``i`` among them.
    """

    statement: list[int]
    wording: list[int]
    neighbours: dict[int, list[int]]

    def alike(self, text: int) -> list[int]:
        """The wordings near to that of ``text``, its own among them."""
        own = self.wording[text]
        return [own, *self.neighbours.get(own, ())]


def same_words(text: str) -> str:
    """What two passages share when they are the same words: letters, characters and digits only."""
    return _NEITHER.sub("", folded(compact(text)))


def find_repeats(texts: Sequence[str]) -> Repeats:
    """Who repeats whom; equal texts in equal order give equal answers."""
    forms = [same_words(_LEAD_IN.sub("", text)) for text in texts]
    wordings: dict[str, int] = {}
    wording = [wordings.setdefault(_FIGURE.sub(_MARKED, form), len(wordings)) for form in forms]
    by_figures: dict[int, dict[tuple[str, ...], int]] = defaultdict(dict)
    statement = []
    for number, form in enumerate(forms):
        first = by_figures[wording[number]].setdefault(tuple(_FIGURE.findall(form)), number)
        statement.append(first)
    neighbours: dict[int, list[int]] = defaultdict(list)
    masked = list(wordings)
    for one, other in _alike(masked):
        neighbours[one].append(other)
        neighbours[other].append(one)
        if _says_the_same(masked[one], masked[other]):
            left, right = by_figures[one], by_figures[other]
            for figures in left.keys() & right.keys():
                first, second = sorted((statement[left[figures]], statement[right[figures]]))
                statement[right[figures]] = statement[left[figures]] = first
                statement[second] = first
    # A statement is found by its first text: what was joined to a text that was joined itself moves on.
    for number in range(len(statement)):
        statement[number] = statement[statement[number]]
    return Repeats(statement, wording, dict(neighbours))


def _says_the_same(one: str, other: str) -> bool:
    """Whether two texts differ in small words only, or, if they are long, in a few more or less of others
    that turn no meaning; a word that stands in the place of another makes another statement."""
    matcher = SequenceMatcher(None, one, other, autojunk=False)
    changed = set()
    length = 0
    for what, a, b, c, d in matcher.get_opcodes():
        if what == "equal":
            continue
        here = set(one[a:b] + other[c:d]) - _SMALL_WORDS
        if what == "replace" and here:
            return False
        changed |= here
        length += (b - a + d - c) if here else 0
    allowed = _DIFFERENT_SHARE * (len(one) + len(other)) if min(len(one), len(other)) >= _SHORT else 0
    return length <= allowed and not _TELLING & changed


def _alike(texts: Sequence[str]) -> Iterator[tuple[int, int]]:
    """Pairs of texts (first < second) that agree to :data:`ALIKE`, in order."""
    for one, other in _candidates(texts):
        left, right = frozenset(pairwise(texts[one])), frozenset(pairwise(texts[other]))
        common = len(left & right)
        if common >= ALIKE * (len(left) + len(right) - common):
            yield one, other


def _candidates(texts: Sequence[str]) -> list[tuple[int, int]]:
    """Pairs of texts whose MinHash values are often the same."""
    import numpy as np

    signatures, numbers = _signatures(texts)
    pairs = [np.empty(0, dtype=np.int64)]
    for band in range(0, _BANDS * _ROWS, _ROWS):
        keys = np.zeros(len(numbers), dtype=np.uint64)
        for row in range(band, band + _ROWS):
            keys = (keys ^ signatures[row]) * np.uint64(0x9E3779B97F4A7C15)
            keys ^= keys >> np.uint64(31)
        order = np.argsort(keys, kind="stable")
        keys = keys[order]
        for distance in range(1, _COMPARED + 1):
            meet = np.flatnonzero(keys[distance:] == keys[:-distance]) if distance < len(keys) else order[:0]
            if not len(meet):
                break
            pairs.append(order[meet] * len(numbers) + order[meet + distance])
    met = distinct(np.concatenate(pairs))
    left, right = np.divmod(met, max(len(numbers), 1))
    same = np.zeros(len(met), dtype=np.int16)
    for row in signatures:
        same += row[left] == row[right]
    kept = same >= _PROMISING * len(signatures)
    return list(zip(numbers[left[kept]].tolist(), numbers[right[kept]].tolist(), strict=True))


def _signatures(texts: Sequence[str]) -> tuple[npt.NDArray[np.uint64], npt.NDArray[np.int64]]:
    """MinHash signatures (a column for each text of at least two characters), and these texts' numbers."""
    import numpy as np

    long_enough = np.array([number for number, text in enumerate(texts) if len(text) > 1], dtype=np.int64)
    joined = "\n".join(texts[number] for number in long_enough.tolist())
    codes = np.frombuffer(joined.encode("utf-32-le"), dtype=np.uint32).astype(np.uint64)
    inside = (codes[:-1] != ord("\n")) & (codes[1:] != ord("\n")) if len(codes) else np.zeros(0, dtype=bool)
    keys = ((codes[:-1] << np.uint64(32)) | codes[1:])[inside]
    lengths = np.array([len(texts[number]) - 1 for number in long_enough.tolist()], dtype=np.int64)
    starts = np.concatenate([[0], np.cumsum(lengths)[:-1]]).astype(np.int64) if len(lengths) else lengths
    rng = np.random.default_rng(0)
    factors = rng.integers(1, 2**63, _BANDS * _ROWS, dtype=np.uint64) | np.uint64(1)
    result = np.empty((_BANDS * _ROWS, len(long_enough)), dtype=np.uint64)
    mixed = (keys ^ (keys >> np.uint64(29))) * np.uint64(0xBF58476D1CE4E5B9)
    for number, factor in enumerate(factors):
        hashed = ((mixed ^ (mixed >> np.uint64(27))) * factor) >> np.uint64(32)
        if len(starts):
            result[number] = np.minimum.reduceat(hashed, starts)
    return result, long_enough
