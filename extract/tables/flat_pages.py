"""Pages whose text gives the rows before the title and the header that stand above them.

Some files store a table's body first. Such a page opens with the unit of money and rows, and the
title and the header's words follow below the last figure. They are put back above the rows.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby

from fiscalgraph.extract.captions import clean_title, is_side_mark, read_caption
from fiscalgraph.extract.document import Block, Document, Paragraph
from fiscalgraph.extract.normalise import compact, is_figure
from fiscalgraph.extract.tables.header import CODE, TOTAL_LABELS

__all__ = ["in_order"]

_Numbered = tuple[int, Block]


def in_order(document: Document) -> Iterator[_Numbered]:
    """The document's blocks with their positions, each page's table title above its rows."""
    for page, blocks in groupby(enumerate(document.blocks), key=lambda each: each[1].place.page):
        on_page = list(blocks)
        yield from on_page if page is None else _title_first(on_page)


def _title_first(blocks: Sequence[_Numbered]) -> Sequence[_Numbered]:
    lines = [each for each in blocks if isinstance(each[1], Paragraph) and compact(each[1].text)]
    if len(lines) < len(blocks) or not lines or _unit(lines[0]) is None:
        return blocks
    titles = [k for k, line in enumerate(lines) if _title(line)]
    rows = [k for k, line in enumerate(lines) if _is_row(line)]
    if len(titles) != 1 or (rows and rows[-1] > titles[0]):
        return blocks
    if not rows:  # a table without amounts
        return [lines[titles[0]], *lines[: titles[0]], *lines[titles[0] + 1 :]]
    if any(_unit(line) is not None for line in lines[rows[-1] + 1 :]):
        return blocks  # the title has a unit of its own, so the rows above are another table's
    first, last, title = rows[0], rows[-1], titles[0]
    above, body = lines[:first], lines[first : last + 1]
    below = [*lines[title + 1 :], *lines[last + 1 : title]]
    if all(is_figure(piece) for piece in _text(body[-1]).split()):  # the sums have lost their label
        label = next((line for line in below if compact(_text(line)) in TOTAL_LABELS), None)
        if label is not None:
            below.remove(label)
            body.insert(-1, label)
    return [lines[title], *below, *above, *body]


def _unit(line: _Numbered) -> str | None:
    text = compact(_text(line))
    return read_caption([(text, line[1].place)]).unit if is_side_mark(text) else None


def _title(line: _Numbered) -> str:
    caption = read_caption([(_text(line), line[1].place)])
    title = clean_title(caption.title) if caption.title else ""
    return title if title.endswith("表") else ""


def _text(line: _Numbered) -> str:
    return line[1].text if isinstance(line[1], Paragraph) else ""


def _is_row(line: _Numbered) -> bool:
    """Whether figures or a code stand in the line (a year does in a title)."""
    pieces = _text(line).split()
    return any(is_figure(piece) and not piece.isdecimal() for piece in pieces) or (
        bool(pieces) and CODE.fullmatch(pieces[0]) is not None
    )
