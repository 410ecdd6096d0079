"""Pages whose text gives the rows before the title and the header that stand above them.

Some files store a table's body first. Such a page opens with the unit of money and rows, and the
title and the header's words follow below the last figure. They are put back above the rows.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import groupby, pairwise, takewhile

from fiscalgraph.extract.captions import clean_title, is_side_mark, read_caption
from fiscalgraph.extract.document import Block, Document, Paragraph
from fiscalgraph.extract.normalise import compact, is_figure
from fiscalgraph.extract.tables.header import CODE, TOTAL_LABELS

__all__ = ["in_order"]

_Numbered = tuple[int, Block]
_NOTE = re.compile(r"注[:：\d]|说明[:：]|备注[:：]")
_ENDS_AS_TABLE = re.compile(r"表(?:[（(].*[）)])?$")
_PAGE_NUMBER = re.compile(r"[-—–－]*\d{1,3}[-—–－]*|第\d{1,3}页.{0,8}")


def in_order(document: Document) -> Iterator[_Numbered]:
    """The document's blocks with their positions, each page's table title above its rows."""
    for page, blocks in groupby(enumerate(document.blocks), key=lambda each: each[1].place.page):
        on_page = list(blocks)
        for part in _parted(on_page) if page is None else [on_page]:
            yield from _title_first(part)


def _parted(blocks: Sequence[_Numbered]) -> Iterator[list[_Numbered]]:
    """Text that has lost its page breaks, parted where more blank lines stand than between its lines."""
    lines = [block.place.line for _, block in blocks if block.place.line is not None]
    usual = Counter(below - above for above, below in pairwise(lines) if below > above)
    gap = max((step for step, times in usual.items() if times * 10 > usual.total()), default=1)
    part: list[_Numbered] = []
    last: int | None = None
    for each in blocks:
        line = each[1].place.line
        if part and line is not None and last is not None and line - last > gap:
            yield part
            part = []
        part.append(each)
        last = line if line is not None else last
    if part:
        yield part


def _title_first(blocks: Sequence[_Numbered]) -> Sequence[_Numbered]:
    lines = [each for each in blocks if isinstance(each[1], Paragraph) and compact(each[1].text)]
    if len(lines) < len(blocks) or not any(_unit(line) is not None for line in takewhile(_is_mark, lines)):
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
    after = lines[last + 1 : title]
    note = next((k for k, line in enumerate(after) if _NOTE.match(compact(_text(line)))), len(after))
    below = [*lines[title + 1 :], *after[:note]]
    if all(is_figure(piece) for piece in _text(body[-1]).split()):  # the sums have lost their label
        label = next((line for line in below if compact(_text(line)) in TOTAL_LABELS), None)
        if label is not None:
            below.remove(label)
            body.insert(-1, label)
    return [lines[title], *below, *above, *body, *after[note:]]


def _is_mark(line: _Numbered) -> bool:
    """Whether the line is a page's number, or stands beside a title (表5, 公开02表, 部门：…, 单位：万元)."""
    text = compact(_text(line))
    return _PAGE_NUMBER.fullmatch(text) is not None or is_side_mark(text)


def _unit(line: _Numbered) -> str | None:
    text = compact(_text(line))
    return read_caption([(text, line[1].place)]).unit if is_side_mark(text) else None


def _title(line: _Numbered) -> str:
    caption = read_caption([(_text(line), line[1].place)])
    title = clean_title(caption.title) if caption.title else ""
    return title if _ENDS_AS_TABLE.search(title) else ""


def _text(line: _Numbered) -> str:
    return line[1].text if isinstance(line[1], Paragraph) else ""


def _is_row(line: _Numbered) -> bool:
    """Whether figures or a code stand in the line (a year does in a title)."""
    pieces = _text(line).split()
    return any(is_figure(piece) and not piece.isdecimal() for piece in pieces) or (
        bool(pieces) and CODE.fullmatch(pieces[0]) is not None
    )
