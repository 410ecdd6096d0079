"""The end of a file that is cut off: half a figure, half a sentence, parts that the contents promise."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from itertools import islice

from fiscalgraph.extract.anomalies_several import CONTENTS
from fiscalgraph.extract.document import Block, Document, Paragraph, Run
from fiscalgraph.extract.normalise import compact, is_figure, printed_figure
from fiscalgraph.extract.records import Leftover, Source
from fiscalgraph.extract.tables.header import CODE

__all__ = ["missing_parts", "without_cut_end"]

_ALIKE = 8  # figures that print the same number of decimals make it a rule
_TEXT_FORMATS = frozenset({"text", "markdown", "html"})  # the others do not end in the middle of a line
_QUOTE = 120
_TAIL = 8  # lines over which an unfinished sentence may run
_WRITTEN = 12  # characters: less may be a heading, a name, a date
_FULL_STOP = re.compile(r"[。；！？]")
_SENTENCE = re.compile(r"[㐀-鿿]，[㐀-鿿]|[㐀-鿿]{10}.*，")
_NO_SENTENCE = re.compile(r"[：:]|[”’）)》】]$")  # a telephone number, a remark, the end of a quotation
_PART = re.compile(r"第([一二三四五六七八九十])部分")
_CONTENTS_LINES = 80


def without_cut_end(document: Document) -> tuple[Document, tuple[Leftover, ...]]:
    """The document less the figure or the sentence in the middle of which its text ends."""
    if document.format not in _TEXT_FORMATS or not document.blocks:
        return document, ()
    document, figure = _without_cut_figure(document)
    return (document, figure) if figure else _without_cut_sentence(document)


def _without_cut_figure(document: Document) -> tuple[Document, tuple[Leftover, ...]]:
    """The document less its very last figure, where that prints fewer decimals than all before it.

    A text may end in the middle of a figure ("1,234.5" of "1,234.56"): what is left of it would be a
    wrong number.
    """
    figures = _last_figures(document)
    if len(figures) <= _ALIKE:
        return document, ()
    *before, last = figures
    decimals = {_decimals(figure) for figure in before[-_ALIKE:]}
    if len(decimals) > 1 or not 0 < min(decimals) > _decimals(last) or Decimal(printed_figure(last)) == 0:
        return document, ()
    block = document.blocks[-1]
    whole = block.text if isinstance(block, Paragraph) else block.cells[-1].text
    place = block.runs[-1].place if isinstance(block, Paragraph) else block.cells[-1].place
    rest = whole.rstrip()[: -len(last)]
    shorter: Block
    if isinstance(block, Paragraph):
        shorter = Paragraph((Run(rest, block.runs[0].place),), block.heading, block.recognised)
    else:
        shorter = replace(block, cells=(*block.cells[:-1], replace(block.cells[-1], text=rest)))
    left = Leftover(
        "cell",
        f"{last}: the file ends here and the figure prints fewer decimals than those before it",
        Source(whole[-_QUOTE:], place.page, place.line, place.box, place.part),
    )
    return replace(document, blocks=(*document.blocks[:-1], shorter)), (left,)


def _words(document: Document) -> Iterator[str]:
    """The words of the document, from the last to the first."""
    for block in reversed(document.blocks):
        texts = [block.text] if isinstance(block, Paragraph) else [cell.text for cell in block.cells]
        for text in reversed(texts):
            yield from reversed(text.split())


def _last_figures(document: Document) -> list[str]:
    """The last figures of the document that may be amounts, where its very last word is one; else none."""
    if not _is_amount(next(_words(document), "")):
        return []
    return list(islice((word for word in _words(document) if _is_amount(word)), _ALIKE + 1))[::-1]


def _is_amount(word: str) -> bool:
    return is_figure(word) and not CODE.fullmatch(word) and not word.endswith(("%", "％"))


def _decimals(figure: str) -> int:
    return len(figure.partition(".")[2])


def _without_cut_sentence(document: Document) -> tuple[Document, tuple[Leftover, ...]]:
    """The document less the words after the last full stop, where they are the beginning of a sentence."""
    first = len(document.blocks)
    text = ""
    for block in reversed(document.blocks[-_TAIL:]):
        if not isinstance(block, Paragraph) or any(is_figure(word) for word in block.text.split()):
            break  # a row of a table or of a form
        first -= 1
        text = block.text + text
        if _FULL_STOP.search(block.text):
            break
    stops = list(_FULL_STOP.finditer(text))
    begins = document.blocks[first] if stops else None
    if not isinstance(begins, Paragraph):
        return document, ()
    begun = compact(text[stops[-1].end() :])
    if not begun or _NO_SENTENCE.search(begun):
        return document, ()
    keep = begins.text[: max(stop.end() for stop in _FULL_STOP.finditer(begins.text))]
    goes_on = compact(keep) != compact(begins.text)  # on the line of the full stop
    if not goes_on and not (len(begun) >= _WRITTEN and _SENTENCE.search(begun)):
        return document, ()
    shorter = replace(begins, runs=(Run(keep, begins.runs[0].place),))
    place = document.blocks[-1].place
    left = Leftover(
        "paragraph",
        "the file ends in the middle of this sentence",
        Source(begun[:_QUOTE], place.page, place.line, place.box, place.part),
    )
    return replace(document, blocks=(*document.blocks[:first], shorter)), (left,)


def missing_parts(document: Document) -> tuple[str, ...]:
    """A sentence for each part (第…部分) that the contents list and the file does not hold."""
    lines = [compact(block.text) if isinstance(block, Paragraph) else "" for block in document.blocks]
    contents = next((n for n, line in enumerate(lines) if CONTENTS.fullmatch(line)), None)
    if contents is None:
        return ()
    listed: dict[str, str] = {}
    body: int | None = None
    for number, line in enumerate(lines[contents : contents + _CONTENTS_LINES], start=contents):
        if (part := _PART.match(line)) is None:
            continue
        if part[1] in listed:
            body = number
            break
        listed[part[1]] = re.sub(r"[.…·\d\s]+$", "", line)
    if body is None:
        return ()
    held = {part[1] for line in lines[body:] if (part := _PART.match(line))}
    return tuple(
        f"the contents list “{title}”, which the file does not hold"
        for part, title in listed.items()
        if part not in held
    )
