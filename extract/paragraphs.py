"""Logical paragraphs: what the author wrote as one paragraph, however the page broke it.

Readers hand on what is printed: one paragraph per printed line (flattened text) or
per page (PDF). Recognisers of prose need whole sentences, so the pieces are joined
here by language (enumerators, sentence ends, open brackets), by the width at which
lines break and, where the reader gives boxes, by indentation.

White space that only the layout put there is dropped; a blank between two Latin
words stays. Every run keeps its place, so a quote can still be traced.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter
from dataclasses import dataclass

from fiscalgraph.extract.document import Block, Document, Paragraph, Run, Table
from fiscalgraph.extract.records import Source

__all__ = ["ENUMERATOR", "logical_paragraphs", "source_at", "tidy"]

QUOTE_LENGTH = 200

_NUMERAL = "一二三四五六七八九十百"
ENUMERATOR = re.compile(
    rf"(?:第[{_NUMERAL}\d]{{1,3}}(?:部分|章|节|编)"
    rf"|[{_NUMERAL}]{{1,3}}(?:[、.．]|，(?=\S))"
    rf"|[（(][{_NUMERAL}]{{1,3}}[）)]"
    r"|[（(]\d{1,2}[）)]"
    r"|\d{1,2}(?:、|．|[.](?!\d)|[)）])"
    r"|[①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳]"
    r"|附件|附表|附[:：]|[图表]\s*\d+(?!\d*[.]\d))"
)
"""The beginning of a numbered heading or list item: 第一部分, 一、, （一）, 1., （1）, ①."""

_TERMINAL = "。；！？;!?"
_CLOSING = "”’）)》〉】」\"'"
_OPEN_TO_CLOSE = {"《": "》", "（": "）", "(": ")", "“": "”", "〈": "〉"}
_ITEM_MARKER = re.compile(r"[（(]\d{0,7}[类款项][）)]")
_MONEY = re.compile(r"\d[\d,，.]*\s*(?:元|万元|亿元)")
_FIGURE_GOES_ON = re.compile(
    r"[\d.,，]*\d\s*(?:万?元|亿元|千元|[%％]|个|家|名|人|项|辆|台|套|次|批|所|分(?![一-龥]))"
)
# A figure and its unit of money, which a line's end may part: 38.82万 / 元, 38.82 / 万元.
_FIGURE_END = re.compile(r"\d[百千]?[万亿]?$")
_MONEY_UNIT = re.compile("[百千]?[万亿]?元")
_ORDINAL_END = re.compile(rf"[{_NUMERAL}]{{1,3}}(?:[，、,：:是]|(?:点|条|方面))")
_PAGE_NUMBER = re.compile(
    r"(?:[-—–－·\s]*\d{1,3}[-—–－·\s]*|第\s*\d{1,3}\s*页(?:\s*共\s*\d+\s*页)?|\d{1,3}\s*/\s*\d{1,3})"
)
_DASHED_NUMBER = re.compile(r"[-—–－]\d{1,3}[-—–－]")
_LEADERS = re.compile(r"(?:[.…．·]\s*){4,}")
_LATIN_GAP = re.compile(r"(?<=[A-Za-z])\s+(?=[A-Za-z])")
_SPACE = re.compile(r"\s+")
_SPAN_LOOKED_BACK = 120  # an opening bracket further back was never meant to be closed


def tidy(text: str) -> str:
    """``text`` without layout's white space; one blank stays between Latin words.

    >>> tidy("完成 年初 预算 的 98.5 % ， QQ  Music")
    '完成年初预算的98.5%，QQ Music'
    """
    return _SPACE.sub("", _LATIN_GAP.sub("\0", text)).replace("\0", " ")


def source_at(paragraph: Paragraph, start: int, end: int) -> Source:
    """The source of characters ``start`` to ``end``: place of the first, quote of at most 200."""
    place = paragraph.place_at(start)
    quote = paragraph.text[start:end]
    if len(quote) > QUOTE_LENGTH:
        quote = quote[: QUOTE_LENGTH - 1] + "…"
    return Source(quote, place.page, place.line, place.box, place.part)


def _width(text: str) -> int:
    """Printed width: a Chinese character is as wide as two Latin ones."""
    return sum(2 if ord(character) > 0x2E7F or character in "“”‘’…—" else 1 for character in text)


@dataclass(frozen=True, slots=True)
class _Measure:
    """The right edge of full lines and the left edge of continued ones, where boxes are known."""

    left: float
    right: float


class _LineWidths:
    """At which width the lines around a place break (``None`` where they do not break at one)."""

    def __init__(self, lines: list[tuple[int, int]]) -> None:
        # lines: (block index, printed width), in reading order
        self._at = [index for index, _ in lines]
        self._widths = [width for _, width in lines]

    def full_width(self, block: int) -> int | None:
        middle = bisect_left(self._at, block)
        near = sorted(w for w in self._widths[max(0, middle - 25) : middle + 25] if w >= 24)
        if len(near) < 4:
            return None
        candidate = near[int(len(near) * 0.75)]
        close = sum(1 for width in near if abs(width - candidate) <= 6)
        return candidate if 30 <= candidate <= 130 and close * 10 >= len(near) * 3 else None


def _measure(blocks: tuple[Block, ...]) -> _Measure | None:
    continued = [
        run.place.box
        for block in blocks
        if isinstance(block, Paragraph) and len(block.runs) > 1
        for run in block.runs[1:]
        if run.place.box is not None
    ]
    if len(continued) < 5:
        return None
    lefts = sorted(box[0] for box in continued)
    rights = sorted(box[2] for box in continued)
    return _Measure(lefts[len(lefts) // 5], rights[int(len(rights) * 0.9)])


def _is_open(text: str) -> bool:
    """Whether a bracket or quotation mark near the end still waits for its partner."""
    waiting: list[str] = []
    for character in text[-_SPAN_LOOKED_BACK:]:
        if character in _OPEN_TO_CLOSE:
            waiting.append(_OPEN_TO_CLOSE[character])
        elif waiting and character == waiting[-1]:
            waiting.pop()
    return bool(waiting)


def _is_finished(text: str) -> bool:
    stripped = text.rstrip(_CLOSING)
    return bool(stripped) and stripped[-1] in _TERMINAL


def _is_unfinished_item(text: str) -> bool:
    """A classification item was named, but not yet what was spent on it."""
    markers = list(_ITEM_MARKER.finditer(text))
    return bool(markers) and not _MONEY.search(text, markers[-1].end()) and not text.endswith(("）", ")"))


def _is_full(paragraph: Paragraph, full_width: int | None) -> bool:
    """Whether the last line reaches the edge; a paragraph's first line is indented by two characters."""
    slack = 4 if len(paragraph.runs) > 1 or ENUMERATOR.match(paragraph.text) else 8
    return full_width is not None and _width(paragraph.runs[-1].text) >= full_width - slack


def _is_prose(paragraph: Paragraph, full_width: int | None) -> bool:
    """Whether an unfinished paragraph reads as a sentence under way, not as a heading or caption."""
    text = paragraph.text
    if _LEADERS.search(text):
        return False
    if re.search("[，。；,;]", text):
        return True
    if _is_full(paragraph, full_width):
        return True
    if not ENUMERATOR.match(text):
        return "、" in text and len(text) > 10
    return re.search("[:：][^:：]+、[^:：]+$", text) is not None  # a list under way


def _goes_on(
    current: Paragraph, following: Paragraph, full_width: int | None, measure: _Measure | None
) -> bool:
    """Whether ``following`` continues the sentence or paragraph that ``current`` began."""
    text, added = current.text, following.text
    if _LEADERS.search(text) or _LEADERS.search(added):
        return False
    if _is_open(text) and not re.match("第[一二三四五六七八九十]{1,2}部分", added):
        return True
    if _FIGURE_END.search(text) and _MONEY_UNIT.match(added):
        return True
    if text.endswith(("第", "其")) and _ORDINAL_END.match(added):
        return True
    if ENUMERATOR.match(added) and not _FIGURE_GOES_ON.match(added):
        return False
    if _FIGURE_GOES_ON.match(added) and not _is_finished(text):
        return True
    if _is_unfinished_item(text):
        return True
    last, first = current.runs[-1], following.runs[0]
    if following.heading is not None:
        return False
    if current.heading is not None and len(text) < 40:
        return False
    if text.endswith(("：", ":")):
        # A list or a table follows, unless the colon only happens to stand at the line's end.
        return _is_full(current, full_width) and not re.search("(?:表|如下)[:：]$", text)
    if not _is_finished(text):
        return _is_prose(current, full_width)
    if last.place.box is not None and first.place.box is not None:
        # On one page the reader saw the layout and set a new paragraph; over a page it could not know.
        if measure is None or last.place.page == first.place.page:
            return False
        height = last.place.box[3] - last.place.box[1]
        return (
            last.place.box[2] >= measure.right - 1.5 * height and first.place.box[0] <= measure.left + height
        )
    return _is_full(current, full_width)


def _tidied(paragraph: Paragraph) -> Paragraph | None:
    runs: list[Run] = []
    for run in paragraph.runs:
        text = tidy(run.text)
        if text and not (runs and _DASHED_NUMBER.fullmatch(text)):
            runs.append(_after(runs, Run(text, run.place)))
    return Paragraph(tuple(runs), paragraph.heading, paragraph.recognised) if runs else None


def _after(runs: list[Run], run: Run) -> Run:
    """``run`` with the blank that a line break between two Latin words stands for."""
    if runs and re.search(r"[A-Za-z]$", runs[-1].text) and re.match(r"[A-Za-z]", run.text):
        return Run(" " + run.text, run.place)
    return run


def _joined(first: Paragraph, second: Paragraph) -> Paragraph:
    runs = list(first.runs)
    for run in second.runs:
        runs.append(_after(runs, run))
    return Paragraph(tuple(runs), first.heading, first.recognised or second.recognised)


def logical_paragraphs(document: Document) -> list[Paragraph]:
    """The document's running text as its author's paragraphs, in reading order.

    Tables are boundaries, but a sentence that a table or a page's end interrupts goes
    on behind it. A page number that interrupts a paragraph is left out.
    """
    lines = [
        (index, _width(run.text.strip()))
        for index, block in enumerate(document.blocks)
        if isinstance(block, Paragraph)
        for run in block.runs
    ]
    widths, measure = _LineWidths(lines), _measure(document.blocks)
    recurring = _recurring(document.blocks)
    result: list[Paragraph] = []
    current: Paragraph | None = None
    held: list[Paragraph] = []  # lone numbers behind ``current``: page numbers, if it goes on
    behind_table = False
    for index, block in enumerate(document.blocks):
        if isinstance(block, Table):
            behind_table = True
            continue
        piece = _tidied(block)
        if piece is None:
            continue
        if _PAGE_NUMBER.fullmatch(piece.text):
            held.append(piece)
            continue
        # Behind a table only a sentence that was cut off goes on.
        cut_off = current is not None and not _is_finished(current.text) and "，" in current.text
        if current is not None and cut_off and piece.text in recurring:
            continue  # a running head between two halves of a sentence
        if (
            current is not None
            and (cut_off or not behind_table)
            and _goes_on(current, piece, widths.full_width(index), measure)
        ):
            current = _joined(current, piece)
        else:
            if current is not None:
                result.append(current)
            result += held
            current = piece
        held, behind_table = [], False
    if current is not None:
        result.append(current)
    return result + held


def _recurring(blocks: tuple[Block, ...]) -> frozenset[str]:
    """Short lines that recur all over the document: running heads, repeated captions."""
    counts = Counter(tidy(block.text) for block in blocks if isinstance(block, Paragraph))
    return frozenset(text for text, count in counts.items() if count >= 4 and 6 <= len(text) <= 60)
