"""Reading pages that are pictures (scans) by optical recognition, when the user asks for it.

A page is drawn, set straight, and its rules are found, so that the cells of ruled tables are
known as in any other PDF. Every cell and every free line is then read on its own by Tesseract:
once for its Chinese text and twice, at different sizes, for its figures. The result is the
:class:`PageContent` that a page with a text layer gives, and the same tables and paragraphs
are made of it.

A wrong figure is worse than a missing one: a figure on which the readings do not agree, or of
which recognition is not sure, is left out and reported.
"""

from __future__ import annotations

import re
from collections.abc import Set
from dataclasses import dataclass, field, replace

import numpy as np
import pypdfium2

from fiscalgraph.extract.document import Block, Doubt, Paragraph, Place, Run
from fiscalgraph.extract.readers.pdf_characters import Characters
from fiscalgraph.extract.readers.pdf_content import PageContent, Rule
from fiscalgraph.extract.readers.pdf_flow import rounded
from fiscalgraph.extract.readers.pdf_grid import find_grids, merge_rules
from fiscalgraph.extract.readers.recognition_figures import (
    ILLEGIBLE,
    MIN_TEXT_CONFIDENCE,
    Piece,
    Settled,
    SettledLine,
    may_hold_figures,
    mean_confidence,
    settle,
)
from fiscalgraph.extract.readers.recognition_picture import (
    Box,
    Crop,
    Picture,
    crop,
    find_rules,
    ink_threshold,
    line_boxes,
    montages,
    render,
    skew_of,
    straightened,
    turned,
    without_rules,
)
from fiscalgraph.extract.readers.recognition_tesseract import (
    CHINESE,
    LATIN,
    PrintedLine,
    Tesseract,
    Word,
    find_tesseract,
)

__all__ = ["RecognisedPage", "marked_blocks", "recognise_page"]

FINE, COARSE = 300.0, 200.0  # dots per inch of the two readings of every text
UPSIDE_DOWN = 62.0  # a page read with less confidence than this may lie on its side
# How much is shown on either side of a figure read by itself, in heights: where Tesseract says that it
# stands is only roughly true.
CLOSE_UPS = (0.15, 0.4)
_HALF_FIGURE = re.compile(rf"{ILLEGIBLE}[\s\d.,]*\d|\d[\s\d.,]*{ILLEGIBLE}")
_HALF = 0x2E80  # characters below this are half as wide as Chinese ones


@dataclass(slots=True)
class RecognisedPage:
    """What was recognised on a page, and the figures that were not recognised surely enough."""

    content: PageContent
    doubts: list[Doubt] = field(default_factory=list)


@dataclass(slots=True)
class _Sheet:
    """A page's picture at two resolutions, straight, with its rules and the boxes of its texts."""

    fine: Picture
    dots: float
    coarse: Picture
    coarse_dots: float
    rules: tuple[list[Rule], list[Rule]]
    boxes: list[tuple[Box, bool]]  # with whether it is a cell

    def crops(self, *, coarse: bool) -> list[Crop | None]:
        """The texts' pictures, in the order of ``boxes``."""
        picture, dots = (self.coarse, self.coarse_dots) if coarse else (self.fine, self.dots)
        threshold = ink_threshold(picture)
        return [crop(picture, box, threshold, dots, ruled=ruled) for box, ruled in self.boxes]


def recognise_page(source: pypdfium2.PdfDocument, index: int, name: str) -> RecognisedPage:
    """Read the picture of the page ``index`` (from 0) of the document ``name``.

    Raises :class:`UnreadableDocument` when Tesseract fails and :class:`RecognitionUnavailable`
    when it is not installed.
    """
    tesseract = find_tesseract()
    page = source[index]
    try:
        fine, dots = render(page, FINE)
        coarse, coarse_dots = render(page, dots * COARSE / FINE)
    finally:
        page.close()
    sheet = _sheet(fine, dots, coarse, coarse_dots)
    words = _read_twice(tesseract, sheet, CHINESE, name)
    quarters = 0
    if mean_confidence([line for lines in words[0] for line in lines]) < UPSIDE_DOWN:
        quarters = _turn(tesseract, fine, dots, name)
    if quarters:
        sheet = _sheet(turned(fine, quarters), dots, turned(coarse, quarters), coarse_dots)
        words = _read_twice(tesseract, sheet, CHINESE, name)
    lines = [max(pair, key=mean_confidence) for pair in zip(*words, strict=True)]
    # What stands above and below in a picture has an influence: the worst are read by themselves again.
    worst = {
        number
        for number, box in enumerate(sheet.crops(coarse=False))
        if box is not None and mean_confidence(lines[number]) < MIN_TEXT_CONFIDENCE
    }
    every = list(zip(*words, *_read_twice(tesseract, sheet, CHINESE, name, worst), strict=True))
    lines = [max(several, key=mean_confidence) for several in every]
    with_figures = {number for number, several in enumerate(every) if may_hold_figures(*several)}
    latin, again = _read_twice(tesseract, sheet, LATIN, name, with_figures)
    readings = list(zip(lines, latin, again, strict=True))
    settled = [settle(*three) for three in readings]
    close_ups = _close_ups(tesseract, sheet, settled, name)
    settled = [
        settle(*three, close_ups[number]) if number in close_ups else settled[number]
        for number, three in enumerate(readings)
    ]
    return _page(index + 1, sheet, settled, _usual_height(lines))


def _sheet(fine: Picture, dots: float, coarse: Picture, coarse_dots: float) -> _Sheet:
    slope = skew_of(fine, dots)
    fine, coarse = straightened(fine, slope), straightened(coarse, slope)
    rules = find_rules(coarse, coarse_dots)  # fine enough for lines, and faster
    grids = find_grids(merge_rules(rules[0]), merge_rules(rules[1]))
    boxes = [(cell.box, True) for grid in grids for cell in grid.cells]
    fine, coarse = without_rules(fine, rules, dots), without_rules(coarse, rules, coarse_dots)
    free = line_boxes(fine, [grid.box for grid in grids], ink_threshold(fine), dots)
    return _Sheet(fine, dots, coarse, coarse_dots, rules, boxes + [(box, False) for box in free])


_Readings = list[list[PrintedLine]]  # the lines of each text


def _read_twice(
    tesseract: Tesseract, sheet: _Sheet, language: str, name: str, only: Set[int] | None = None
) -> tuple[_Readings, _Readings]:
    """The lines recognised in each of the sheet's texts (or ``only`` some), fine and coarse."""
    fine = _read(tesseract, sheet, language, name, only, coarse=False)
    return fine, _read(tesseract, sheet, language, name, only, coarse=True)


def _read(
    tesseract: Tesseract, sheet: _Sheet, language: str, name: str, only: Set[int] | None, *, coarse: bool
) -> _Readings:
    """One reading; lines are placed in pixels of the sheet's fine picture."""
    crops = sheet.crops(coarse=coarse)
    inked = [n for n, part in enumerate(crops) if part is not None and (only is None or n in only)]
    dots = sheet.coarse_dots if coarse else sheet.dots
    found: _Readings = [[] for _ in crops]
    for montage in montages([part for n in inked if (part := crops[n]) is not None]):
        for line in tesseract.read(montage.picture, language, dots, name):
            box = line.box
            member = montage.member_at((box[1] + box[3]) / 2)
            number = inked[montage.members[member]]
            part = crops[number]
            assert part is not None
            across, down = part.left - montage.left, part.top - montage.tops[member]
            found[number].append(_moved(line, across, down, sheet.dots / dots))
    for lines in found:
        lines.sort(key=lambda line: (line.box[1] + line.box[3], line.box[0]))
    return found


def _close_ups(
    tesseract: Tesseract, sheet: _Sheet, texts: list[Settled], name: str
) -> dict[int, list[list[list[PrintedLine]]]]:
    """For texts with open figures, by number: for each of these, what is read there by itself."""
    places = [(number, place) for number, text in enumerate(texts) for place in text.open_figures]
    points = 72 / sheet.dots
    readings: list[_Readings] = []
    for share in CLOSE_UPS:
        boxes: list[tuple[Box, bool]] = []
        for _, (left, top, right, bottom) in places:
            above, beside = CLOSE_UPS[0] * (bottom - top), share * (bottom - top)
            sides = (left - beside, top - above, right + beside, bottom + above)
            boxes.append(
                ((sides[0] * points, sides[1] * points, sides[2] * points, sides[3] * points), False)
            )
        readings.append(_read(tesseract, replace(sheet, boxes=boxes), LATIN, name, None, coarse=False))
    found: dict[int, list[list[list[PrintedLine]]]] = {}
    for (number, _), *several in zip(places, *readings, strict=True):
        found.setdefault(number, []).append(several)
    return found


def _moved(line: PrintedLine, across: float, down: float, scale: float) -> PrintedLine:
    return PrintedLine(
        tuple(
            Word(
                word.text,
                (word.left + across) * scale,
                (word.top + down) * scale,
                (word.right + across) * scale,
                (word.bottom + down) * scale,
                word.confidence,
            )
            for word in line.words
        )
    )


def _turn(tesseract: Tesseract, picture: Picture, dots: float, name: str) -> int:
    """By how many quarters the page has to be turned to be read best."""

    def gain(quarters: int) -> float:
        lines = tesseract.read(turned(picture, quarters), CHINESE, dots, name)
        sure = [word for line in lines for word in line.words if word.confidence >= UPSIDE_DOWN]
        return sum(word.confidence * len(word.text) for word in sure)

    gains = [gain(quarters) for quarters in range(4)]
    best = max(range(4), key=gains.__getitem__)
    return best if gains[best] > 1.5 * gains[0] else 0


def _page(number: int, sheet: _Sheet, texts: list[Settled], usual_height: float) -> RecognisedPage:
    """Put what was agreed upon where it stands, and list what was not."""
    points = 72 / sheet.dots
    placed = _Placed(points, usual_height)
    doubts: list[Doubt] = []
    crops = sheet.crops(coarse=False)
    for text, part in enumerate(crops):
        if part is None:
            continue
        place = Place(page=number, box=rounded(_ink_box(part, points)))
        what = "cell" if sheet.boxes[text][1] else "paragraph"
        doubts += [Doubt(doubt, place, what) for doubt in texts[text].doubts]
        if what == "paragraph" and not texts[text].lines and _is_long(part):
            placed.add(_illegible_line(part))  # the lines around it are not one sentence
        placed.add(texts[text])
    height, width = sheet.fine.shape
    content = PageContent(
        number=number,
        width=width * points,
        height=height * points,
        characters=placed.characters(),
        horizontal=sheet.rules[0],
        vertical=sheet.rules[1],
        picture_area=1.0,
        by_pdfium=False,
    )
    return RecognisedPage(content, doubts)


def _is_long(part: Crop) -> bool:
    height, width = part.picture.shape
    return bool(width > 6 * height)


def _illegible_line(part: Crop) -> Settled:
    height, width = part.picture.shape
    piece = Piece(ILLEGIBLE, part.left, part.left + width)
    return Settled([SettledLine((piece,), part.top, part.top + height)])


def _ink_box(part: Crop, points: float) -> Box:
    height, width = part.picture.shape
    return (
        part.left * points,
        part.top * points,
        (part.left + width) * points,
        (part.top + height) * points,
    )


def _usual_height(texts: _Readings) -> float:
    """The height in pixels of most characters: the median of lines with several Chinese ones."""
    heights = sorted(
        line.box[3] - line.box[1]
        for lines in texts
        for line in lines
        for _ in line.text
        if sum(ord(character) >= _HALF for character in line.text) >= 4
    )
    return heights[len(heights) // 2] if heights else 0.0


class _Placed:
    """Collects characters with their boxes; lines of nearly the usual height get just that height."""

    def __init__(self, points: float, usual: float) -> None:
        self._points, self._usual = points, usual
        self._text: list[str] = []
        self._boxes: list[Box] = []
        self._strings: list[int] = []
        self._after_blank: list[bool] = []

    def add(self, settled: Settled) -> None:
        """The agreed lines of one text."""
        for line in settled.lines:
            top, bottom = self._extent(line.text, line.top, line.bottom)
            string = len(self._strings)
            for piece in line.pieces:
                left = piece.left
                weights = [2 if ord(character) >= _HALF else 1 for character in piece.text]
                step = (piece.right - piece.left) / sum(weights)
                for order, (character, weight) in enumerate(zip(piece.text, weights, strict=True)):
                    box = (left, top, left + weight * step, bottom)
                    self._text.append(character)
                    self._boxes.append(tuple(side * self._points for side in box))  # type: ignore[arg-type]
                    self._strings.append(string)
                    self._after_blank.append(order == 0)
                    left += weight * step

    def _extent(self, text: str, top: float, bottom: float) -> tuple[float, float]:
        """The em box's top and bottom: ink is lower than the em where there are only figures."""
        middle, height = (top + bottom) / 2, bottom - top
        if not any(ord(character) >= _HALF for character in text):
            height *= 1.35
        if self._usual and 0.75 <= height / self._usual <= 1.25:
            height = self._usual
        return middle - height / 2, middle + height / 2

    def characters(self) -> Characters:
        """All that was added."""
        return Characters(
            text=self._text,
            boxes=np.array(self._boxes, dtype=np.float64).reshape(-1, 4),
            angle=np.zeros(len(self._text)),
            strings=np.array(self._strings, dtype=np.int64),
            after_blank=np.array(self._after_blank, dtype=bool),
        )


def marked_blocks(blocks: list[Block], pages: Set[int]) -> list[Block]:
    """The blocks, those that stand on the given pages (or begin or end there) marked as recognised."""
    marked: list[Block] = []
    for block in blocks:
        if isinstance(block, Paragraph):
            here = any(run.place.page in pages for run in block.runs)
            marked.append(_marked_paragraph(block) if here else block)
        else:
            cells = tuple(
                replace(cell, text=_without_halves(cell.text), recognised=True)
                if cell.place.page in pages
                else cell
                for cell in block.cells
            )
            marked.append(replace(block, cells=cells))
    return marked


def _marked_paragraph(paragraph: Paragraph) -> Paragraph:
    text = _without_halves(paragraph.text)
    runs: list[Run] = []
    for run in paragraph.runs:
        runs.append(replace(run, text=text[: len(run.text)]))
        text = text[len(run.text) :]
    return replace(paragraph, runs=tuple(runs), recognised=True)


def _without_halves(text: str) -> str:
    """The text, digits next to an illegible place (a figure broken over two lines) illegible too."""
    return _HALF_FIGURE.sub(lambda match: re.sub(r"[\d.,]", ILLEGIBLE, match.group()), text)
