"""Where the header of a flattened table ends, and which layouts its words allow."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from fiscalgraph.extract.tables.arrangements import arrangements
from fiscalgraph.extract.tables.flat_lines import Region, Token, by_line, without_repeats
from fiscalgraph.extract.tables.header import CODE, TOTAL_LABELS
from fiscalgraph.extract.tables.header_words import Family, find_words
from fiscalgraph.extract.tables.layouts import MatchedLayout, match_layout

__all__ = ["Split", "split_header"]

_HEADER_PIECES = 160
_TRIED_ENDS = 24  # how many words before the first figure may belong to the rows
_ONLY_IN_HEADERS = frozenset(
    {Family.NATURE, Family.STAFF, Family.SOURCE, Family.INCOME, Family.ALLOCATION, Family.LABEL}
)


@dataclass(frozen=True, slots=True)
class Split:
    """A region's possible layouts, the tokens of its header and of its rows."""

    layouts: tuple[MatchedLayout, ...]
    header: tuple[Token, ...]
    rows: list[Token]


def _after_numbers(tokens: list[Token]) -> list[Token]:
    """What follows the numbers of the columns: ** ** 1 2 3."""
    first = 0
    while first < len(tokens) and re.fullmatch(r"\*+|\d{1,2}", tokens[first].text):
        first += 1
    if first == 1 and tokens[0].text != "1" and tokens[0].text.isdecimal():
        return tokens  # two digits of a code
    return tokens[first:]


def _stray_header(rows: Sequence[Token]) -> bool:
    """Whether words of the header stand below, on lines of their own: a page read out of order."""
    lines = by_line(rows)
    for before, line in pairwise(lines):
        pieces = [token.text for token in line]
        if any(not token.words for token in line):
            continue
        after = rows[rows.index(line[-1]) + 1 :][:1]
        if CODE.fullmatch(before[-1].text) or (after and (after[0].figure or after[0].blank)):
            continue
        words = find_words(pieces)
        if words and any(word.family in _ONLY_IN_HEADERS for word in words):
            return True
    return False


def _row_begins(tokens: Sequence[Token]) -> bool:
    """Whether rows can begin here: a code, an enumerated or total label, a figure, words with figures."""
    for i, token in enumerate(tokens[:6]):
        if token.figure:
            return True
        if token.whole and not CODE.fullmatch(token.text):
            continue  # 行次, the numbers of the columns
        if token.whole or token.text in TOTAL_LABELS:
            return i == 0 or not any(t.words for t in tokens[:i])
        if i == 0 and re.match(r"[一二三四五六七八九十]{1,3}、|[（(]?\d{1,2}[)）.、．]", token.text):
            return True
    return False


def _labels_a_row(tokens: Sequence[Token], figure: int) -> bool:
    """Whether the word before the first figure is its row's label rather than the header's last word."""
    label = tokens[figure - 1]
    return label.text in TOTAL_LABELS or label.row == tokens[figure].row


def _only_heads_columns(token: Token) -> bool:
    return token.text not in TOTAL_LABELS and find_words([token.text]) is not None


def split_header(region: Region) -> Split | None:
    """The layouts its header words allow, and the rows below."""
    tokens = region.tokens
    first = next((i for i, t in enumerate(tokens) if t.figure), len(tokens))
    if first == len(tokens):
        return None
    first = next(
        (
            i
            for i, (t, after) in enumerate(pairwise(tokens[: first + 1]))
            if re.fullmatch(r"\d{3}|\d{5}|\d{7}", t.text) and after.words and CODE.fullmatch(t.text)
        ),
        first,
    )
    ends = [
        i + 1
        for i, t in enumerate(tokens[:first])
        if (t.words and not re.fullmatch(r"\*+", t.text)) or re.fullmatch(r"20\d\d", t.text)
    ]
    ends = ends[:_HEADER_PIECES]
    count = len(ends)
    while len(ends) > 1 and ends[-1] == first and _labels_a_row(tokens, first):
        if len(ends) < count and _only_heads_columns(tokens[first - 1]):
            break  # the header's last line goes on with the first row
        ends = ends[:-1]
        first = ends[-1] if ends[-1] == first - 1 and tokens[first - 1].row == tokens[first].row else -1
    for n in range(len(ends), max(0, len(ends) - _TRIED_ENDS), -1):
        pieces = [tokens[end - 1].text for end in ends[:n]]
        rest = list(tokens[ends[n - 1] :])
        words = find_words(pieces) if _row_begins(_after_numbers(rest)) else None
        layouts = tuple(arrangements(words)) if words is not None else ()
        if not layouts:
            prescribed = match_layout(region.title, "".join(pieces))
            layouts = (prescribed,) if prescribed is not None else ()
        if not layouts:
            continue
        if not layouts[0].ordered:
            rest = _after_numbers(rest)
        header = tokens[: ends[n - 1]]
        rows = without_repeats(rest, header)
        if Family.LABEL in layouts[0].families and not layouts[0].layout.sides and _stray_header(rows):
            return None
        return Split(layouts, tuple(header), rows)
    return None
