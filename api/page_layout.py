"""Which part of a page shows a figure as a person needs it: its row, and the table's header above it.

Everything is told from the rules and characters of the page. A table that runs over pages is followed back
to the page that prints its header.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from fiscalgraph.extract.readers.pdf_content import PageContent
    from fiscalgraph.extract.readers.pdf_grid import Grid

__all__ = ["Box", "Stretch", "View", "figures_beside", "view_of"]

Box = tuple[float, float, float, float]
"""Left, top, right, bottom, in points from the page's top left."""

_ABOVE, _BELOW = 42.0, 84.0  # points shown around what is marked, where no rules say what a row is
_CAPTION = 60.0  # points above a table that may hold its title and its unit (单位：万元)
_TALLEST_HEADER = 170.0  # points; what is taller is a table of words, without a header to speak of
_TALLEST_NEIGHBOUR = 60.0  # points shown of the rows above and below
_MARGIN = 10.0  # points beside a table
_SNAP = 3.0  # points by which a column may stand elsewhere on another page
_FIGURE = re.compile(r"[-−－(（]?(?:[\d,，]+[.．]\d+|\d{1,3}(?:[,，]\d{3})+|\d{3,})[)）]?%?")
_YEAR = re.compile(r"(?:19|20)\d\d")
_WITHOUT_MEANING = re.compile(r"[\s,，%％]+")


@dataclass(frozen=True, slots=True)
class Stretch:
    """A page (from 1) from ``top`` to ``bottom``."""

    page: int
    top: float
    bottom: float


@dataclass(frozen=True, slots=True)
class View:
    """The stretches to show, the last with the mark in it, and the left and right edge of all."""

    stretches: tuple[Stretch, ...]
    left: float
    right: float


def view_of(page: PageContent, box: Box, before: Iterator[PageContent]) -> View:
    """What to show of ``page`` around ``box``; ``before`` are the pages before it, the nearest first."""
    lines = _lines(page)
    grid = _grid_around(page, box)
    if grid is None:
        header = _header_of_lines(page.number, lines, box)
        row = _uncut(lines, box[1] - _ABOVE, box[3] + _BELOW)
        left, right = 0.0, page.width
    else:
        header = _header_of_table(page, grid, lines, box[1], before)
        row = _uncut(lines, *_row(grid, box))
        left = min(max(0.0, grid.box[0] - _MARGIN), box[0])
        right = max(min(page.width, grid.box[2] + _MARGIN), box[2])
    row = (max(0.0, row[0]), min(page.height, row[1]))
    if header is None:
        shown: tuple[Stretch, ...] = (Stretch(page.number, *row),)
    elif header.page == page.number and header.bottom >= row[0] - _ABOVE / 2:
        shown = (Stretch(page.number, min(header.top, row[0]), row[1]),)
    else:
        shown = (header, Stretch(page.number, *row))
    return View(shown, left, right)


def figures_beside(page: PageContent, box: Box, figures: Iterable[str]) -> tuple[Box, ...]:
    """Where the row of ``box`` prints ``figures``: as a word, or over the lines of one cell.

    Compared without blanks, thousands separators and percent signs. Equal figures of the row are all marked.
    """
    wanted = {_bare(figure) for figure in figures} - {""}
    row = [word for word in _words(page) if box[1] - 1.0 <= word.middle <= box[3] + 1.0]
    beside = [word for word in row if word.right <= box[0] + 1.0 or word.left >= box[2] - 1.0]
    found: list[Box] = []
    for block in _above_each_other(beside):
        pieces = (
            [block] if _bare("".join(word.text for word in block)) in wanted else [[word] for word in block]
        )
        found += [_around(piece) for piece in pieces if _bare("".join(word.text for word in piece)) in wanted]
    return tuple(found)


def _bare(text: str) -> str:
    return _WITHOUT_MEANING.sub("", unicodedata.normalize("NFKC", text))


def _above_each_other(words: list[_Word]) -> list[list[_Word]]:
    """The words of a row by the column they share, each column from top to bottom."""
    columns: list[list[_Word]] = []
    for word in sorted(words, key=lambda word: (word.left, word.top)):
        if columns and word.left < max(other.right for other in columns[-1]):
            columns[-1].append(word)
        else:
            columns.append([word])
    return [sorted(column, key=lambda word: (word.middle, word.left)) for column in columns]


def _around(words: list[_Word]) -> Box:
    return (
        min(word.left for word in words),
        min(word.top for word in words),
        max(word.right for word in words),
        max(word.bottom for word in words),
    )


def _uncut(lines: list[_Line], top: float, bottom: float) -> tuple[float, float]:
    """A stretch that cuts no line: each is shown whole when its middle is in it, or not at all."""
    inside = [line for line in lines if top < line.middle < bottom]
    outside = [line for line in lines if not top < line.middle < bottom]
    above = [line.bottom for line in outside if line.middle <= top]
    below = [line.top for line in outside if line.middle >= bottom]
    top = max([min([top, *(line.top - 1.0 for line in inside)]), *above])
    return top, min([max([bottom, *(line.bottom + 1.0 for line in inside)]), *below])


def _grid_around(page: PageContent, box: Box) -> Grid | None:
    """The ruled table that the middle of ``box`` lies in."""
    x, y = (box[0] + box[2]) / 2, (box[1] + box[3]) / 2
    for grid in _grids(page):
        left, top, right, bottom = grid.box
        if left <= x <= right and top <= y <= bottom:
            return grid
    return None


def _grids(page: PageContent) -> list[Grid]:
    from fiscalgraph.extract.readers.pdf_grid import find_grids, merge_rules

    grids = find_grids(merge_rules(page.horizontal), merge_rules(page.vertical))
    return [grid for grid in grids if len(grid.ys) > 2]


def _row(grid: Grid, box: Box) -> tuple[float, float]:
    """The marked row with its neighbours above and below, as far as they are not too tall."""
    above = [at for at in grid.ys if at <= box[1] + 1.0]
    below = [at for at in grid.ys if at >= box[3] - 1.0]
    top = above[-2] if len(above) > 1 else above[-1] if above else box[1]
    bottom = below[1] if len(below) > 1 else below[0] if below else box[3]
    return max(top, box[1] - _TALLEST_NEIGHBOUR) - 2.0, min(bottom, box[3] + _TALLEST_NEIGHBOUR) + 2.0


def _header_of_table(
    page: PageContent, grid: Grid, lines: list[_Line], marked: float, before: Iterator[PageContent]
) -> Stretch | None:
    """A table's title, unit and header rows, above the row at ``marked`` or on a page before it."""
    goes_on = not _captions(grid, lines)
    return (_header_before(grid, before) if goes_on else None) or _header_of_grid(page, grid, lines, marked)


def _captions(grid: Grid, lines: list[_Line]) -> list[float]:
    top = grid.box[1]
    return [line.top for line in lines if top - _CAPTION < line.middle < top]


def _header_of_grid(page: PageContent, grid: Grid, lines: list[_Line], marked: float) -> Stretch | None:
    """What stands above the first row of figures; ``None`` when the table begins with figures."""
    left, top, right, _ = grid.box
    figures = [
        line.middle
        for line in lines
        if line.middle > top
        and any(left <= middle <= right and _is_figure(word) for middle, word in line.words)
    ]
    bottom = max((at for at in grid.ys if at <= min([marked + 1.0, *figures])), default=top)
    if bottom - top < 1.0 or bottom - top > _TALLEST_HEADER:
        return None
    return Stretch(page.number, max(0.0, min([top, *_captions(grid, lines)]) - 4.0), bottom + 1.0)


def _header_before(grid: Grid, before: Iterator[PageContent]) -> Stretch | None:
    """The header of the table that ``grid`` goes on with: on the page where that begins."""
    found = None
    for page in before:
        lines = _lines(page)
        same = [other for other in _grids(page) if _same_columns(grid, other)]
        if not same:
            break
        found = _header_of_grid(page, same[-1], lines, same[-1].box[3]) or found
        if _captions(same[-1], lines):
            break
    return found


def _same_columns(one: Grid, other: Grid) -> bool:
    if len(one.xs) != len(other.xs):
        return False
    return all(abs(here - there) <= _SNAP for here, there in zip(one.xs, other.xs, strict=True))


@dataclass(frozen=True, slots=True)
class _Line:
    """One printed line: its height on the page and its words with their middles."""

    top: float
    bottom: float
    words: tuple[tuple[float, str], ...]

    @property
    def middle(self) -> float:
        return (self.top + self.bottom) / 2

    @property
    def has_figure(self) -> bool:
        return any(_is_figure(word) for _, word in self.words)


def _is_figure(word: str) -> bool:
    return _FIGURE.fullmatch(word) is not None and _YEAR.fullmatch(word) is None


@dataclass(frozen=True, slots=True)
class _Word:
    """Characters without a gap between them; sides in points."""

    left: float
    top: float
    right: float
    bottom: float
    text: str

    @property
    def middle(self) -> float:
        return (self.top + self.bottom) / 2


def _words(page: PageContent) -> list[_Word]:
    characters = page.characters
    if not len(characters):
        return []
    joined, boxes = characters.touching(), characters.boxes
    starts = [at for at in range(len(characters)) if at == 0 or not joined[at]]
    words = []
    for start, stop in pairwise([*starts, len(characters)]):
        part = boxes[start:stop]
        words.append(
            _Word(
                float(part[0, 0]),
                float(part[:, 1].min()),
                float(part[-1, 2]),
                float(part[:, 3].max()),
                "".join(characters.text[start:stop]),
            )
        )
    return words


def _lines(page: PageContent) -> list[_Line]:
    """The printed lines of the page, from top to bottom."""
    lines: list[list[_Word]] = []
    for word in sorted(
        _words(page), key=lambda word: (word.top, word.bottom, word.left + word.right, word.text)
    ):
        if lines and word.middle < lines[-1][0].bottom:
            lines[-1].append(word)
        else:
            lines.append([word])
    return [
        _Line(
            min(word.top for word in line),
            max(word.bottom for word in line),
            tuple(((word.left + word.right) / 2, word.text) for word in line),
        )
        for line in lines
    ]


def _header_of_lines(number: int, lines: list[_Line], box: Box) -> Stretch | None:
    """The same for a table without rules: the lines of words above the lines of figures.

    ``None`` when no figure is marked, or nothing above looks like a header.
    """
    middle = (box[1] + box[3]) / 2
    marked = [line for line in lines if line.top <= middle <= line.bottom]
    if not any(box[0] <= x <= box[2] and _is_figure(word) for line in marked for x, word in line.words):
        return None
    first = box[1]
    header: list[_Line] = []
    for line in reversed([line for line in lines if line.bottom <= box[1]]):
        if line.has_figure and not header:
            first = line.top
        elif line.has_figure or first - line.top > _TALLEST_HEADER / 2:
            break
        elif len(line.words) > 1 or header or first - line.bottom < _ABOVE:
            header.append(line)
    if not any(len(line.words) > 1 for line in header):
        return None
    return Stretch(number, max(0.0, header[-1].top - 4.0), header[0].bottom + 2.0)
