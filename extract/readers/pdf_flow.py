"""From free lines to paragraphs, and what of them is only the page's furniture.

Page numbers, running heads and foots are recognised by where they stand and by being
repeated from page to page; they are no text. The lines that remain are joined into
paragraphs by geometry: a line that fills the measure goes on in the next one, an
indented line begins a paragraph.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field
from itertools import pairwise

from fiscalgraph.extract.document import Paragraph, Place, Run
from fiscalgraph.extract.normalise import compact
from fiscalgraph.extract.readers.pdf_lines import Box, Fragment, Line, line_from

__all__ = [
    "FlowPage",
    "Measure",
    "drop_furniture",
    "joins_next_page",
    "measures",
    "paragraphs",
    "rounded",
    "segments",
]

MARGIN = 0.12  # share of the page's height where page numbers and running heads stand
BROAD_MARGIN = 0.2  # the same, for numbers that are marked as page numbers
COLUMN_GAP = 1.8  # a gap wider than this many ems separates things on one line
_PAGE_NUMBER = re.compile(
    r"[-—–－~·.\s]*(?:第?\d{1,4}页?(?:[/共,，]*\d{1,4}页?)?|[ivxlcIVXLC]{1,6})[-—–－~·.\s]*"
)
# What stands above tables page after page, and must not be mistaken for a running head.
_CAPTION = re.compile(r"[:：]|单位名称|表|公开\d|附件|[(（]续")
_STOPS = tuple("。；！？：")
_ENUMERATOR = re.compile(
    r"\s*(?:第?[一二三四五六七八九十百]+(?:[、.．]|部分|[章节条])|[（(]\s*(?:[一二三四五六七八九十]+|\d{1,2})\s*[)）]"
    r"|\d{1,2}[.．、](?!\d)|[①-⑳])"
)
_UNBROKEN = re.compile(r"[（(《“]?[\d,.%％A-Za-z-]+[万亿]?元?")


@dataclass(slots=True)
class FlowPage:
    """The free lines of one page, cut at wide gaps, with the size of the page."""

    number: int
    width: float
    height: float
    lines: list[Line] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Measure:
    """Where running text begins and ends on pages of one width."""

    left: float
    right: float


def segments(line: Line) -> list[Line]:
    """Cut a line where it is interrupted by a wide gap (编制单位：… on the left, 单位：元 on the right)."""
    groups: list[list[Fragment]] = [[line.parts[0]]]
    for previous, part in pairwise(line.parts):
        if part.left - previous.right > COLUMN_GAP * max(previous.size, part.size):
            groups.append([part])
        else:
            groups[-1].append(part)
    if len(groups) == 1:
        return [line]
    return [line_from(group) for group in groups]


def _in_margin(page: FlowPage, line: Line, margin: float = MARGIN) -> bool:
    return line.box[3] < margin * page.height or line.box[1] > (1 - margin) * page.height


def drop_furniture(pages: list[FlowPage]) -> None:
    """Remove page numbers and running heads and foots from the pages' lines."""
    seen: Counter[tuple[str, bool]] = Counter()
    for page in pages:
        seen.update({_repetition(page, line) for line in page.lines if _in_margin(page, line)})
    repeated = {key for key, count in seen.items() if count >= max(4, 0.4 * len(pages))}
    for page in pages:
        numbers = _page_numbers(page)
        furniture = [
            line
            for line in page.lines
            if _in_margin(page, line)
            and _repetition(page, line) in repeated
            and not _CAPTION.search(compact(line.text))
        ]
        text = [line for line in page.lines if line not in furniture or _is_number(line)]
        page.lines = [
            line
            for line in page.lines
            if not (line in numbers or line in furniture)
            or (_is_number(line) and not _stands_alone(line, text))
        ]


def _repetition(page: FlowPage, line: Line) -> tuple[str, bool]:
    """What makes two lines of different pages the same: the text but for its figures, top or bottom."""
    return re.sub(r"\d+", "0", compact(line.text)), line.box[1] < 0.5 * page.height


def _page_numbers(page: FlowPage) -> list[Line]:
    """The page's number: a number that stands alone on the outermost line of the page.

    A bare number counts only close to the edge; one that says what it is (— 3 —, 第3页) also
    where the page has a broad margin.
    """
    if not page.lines:
        return []
    top = min(line.box[1] for line in page.lines)
    bottom = max(line.box[3] for line in page.lines)
    found: list[Line] = []
    for line in page.lines:
        text = compact(line.text)
        margin = MARGIN if text.isalnum() and text.isascii() else BROAD_MARGIN
        outermost = line.box[1] <= top + line.size or line.box[3] >= bottom - line.size
        if outermost and _in_margin(page, line, margin) and _PAGE_NUMBER.fullmatch(text):
            found.append(line)
    return found


def _is_number(line: Line) -> bool:
    return _PAGE_NUMBER.fullmatch(compact(line.text)) is not None


def _stands_alone(number: Line, lines: list[Line]) -> bool:
    """Whether nothing else is printed beside a number: the last row of a table is no page number."""
    middle = (number.box[1] + number.box[3]) / 2
    return not any(line is not number and line.box[1] < middle < line.box[3] for line in lines)


def measures(pages: list[FlowPage]) -> dict[int, Measure]:
    """The measure of running text for each page width (rounded to points)."""
    lefts: dict[int, Counter[int]] = {}
    rights: dict[int, Counter[int]] = {}
    for page in pages:
        for line in page.lines:
            if line.box[2] - line.box[0] > 0.5 * page.width and len(line.text) > 12:
                lefts.setdefault(round(page.width), Counter())[round(line.box[0])] += 1
                rights.setdefault(round(page.width), Counter())[round(line.box[2])] += 1
    result: dict[int, Measure] = {}
    for width, left in lefts.items():
        right = rights[width]
        # The commonest left edge among long lines is the measure's (first lines are rarer); the
        # right edge is ragged by up to one character, so the outermost common one counts.
        floor = max(1, 0.08 * sum(right.values()))
        edge = max((x for x in right if sum(right[x + d] for d in range(-3, 4)) >= floor), default=max(right))
        result[width] = Measure(float(left.most_common(1)[0][0]), float(edge))
    return result


def paragraphs(page: FlowPage, lines: list[Line], measure: Measure | None) -> list[Paragraph]:
    """Join consecutive free lines of a page into paragraphs."""
    pitch = _usual_pitch(lines)
    groups: list[list[Line]] = []
    for line in lines:
        if groups and measure and _continues(groups[-1][-1], line, measure, pitch):
            groups[-1].append(line)
        else:
            groups.append([line])
    return [
        Paragraph(tuple(Run(line.text, Place(page=page.number, box=rounded(line.box))) for line in group))
        for group in groups
    ]


def rounded(box: Box) -> Box:
    """A box as places give it: tenths of a point are enough to find it on the page."""
    return round(box[0], 1), round(box[1], 1), round(box[2], 1), round(box[3], 1)


def _usual_pitch(lines: list[Line]) -> float:
    """The distance from line to line inside paragraphs, in ems (the lower quartile of all)."""
    pitches = sorted(
        (line.box[3] - previous.box[3]) / line.size
        for previous, line in pairwise(lines)
        if line.box[3] - previous.box[3] > 0.6 * line.size
    )
    return pitches[len(pitches) // 4] if pitches else 1.5


def _continues(previous: Line, line: Line, measure: Measure, usual_pitch: float) -> bool:
    em = max(previous.size, line.size)
    if abs(previous.size - line.size) > 0.12 * em:
        return False
    pitch = (line.box[3] - previous.box[3]) / em
    if pitch < 0.6 or pitch > max(1.35 * usual_pitch, 1.2) or pitch > 3.2:
        return False
    if previous.box[0] > measure.left + 4.6 * em or line.box[0] > measure.left + 1.0 * em:
        return False
    ended = previous.text.rstrip()[-1:] in _STOPS
    if ended and _ENUMERATOR.match(line.text):
        return False
    # A line may end early before a figure or a bracket that would not fit any more.
    room = (measure.right - previous.box[2]) / em
    return room < 1.6 if ended else room < 5.0 or room < 0.4 * _leading_word(line.text)


def _leading_word(text: str) -> int:
    """How many characters at the start of ``text`` cannot be parted (a figure, a Latin word)."""
    match = _UNBROKEN.match(text)
    return match.end() if match else 0


def opens_new(text: str) -> bool:
    """Whether a line begins with the number of a section or item."""
    return _ENUMERATOR.match(text) is not None


def joins_next_page(last: Paragraph, first: Paragraph, measure: Measure | None) -> bool:
    """Whether ``first``, on top of a page, goes on with the sentence that ends the page before."""
    before, after = last.runs[-1], first.runs[0]
    if measure is None or before.place.box is None or after.place.box is None:
        return False
    em = after.place.box[3] - after.place.box[1]
    if abs(before.place.box[3] - before.place.box[1] - em) > 0.12 * em:
        return False
    ended = before.text.rstrip()[-1:] in _STOPS
    fills = before.place.box[2] >= measure.right - 2.5 * em and before.place.box[0] <= measure.left + 4.6 * em
    flush = after.place.box[0] <= measure.left + 1.0 * em
    return fills and flush and not ended and not opens_new(after.text)
