"""The printed lines of flattened text: their words, without page numbers."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from fiscalgraph.extract.document import Document, Paragraph
from fiscalgraph.extract.recognise.performance_vocabulary import value_text

__all__ = ["ONE_CHARACTER", "PAGE_NUMBER", "Line", "lines_of"]

PAGE_NUMBER = re.compile(r"[-—–\s]*\d{1,3}[-—–\s]*")
_DASHED_NUMBER = re.compile(r"[-—–]\d{1,3}[-—–]")
_FEWEST = 3  # page numbers from which a document's way to print them is known
_LEAST_PAGE, _MOST_PAGE = 6, 150  # printed lines from one page number to the next
_DASHES = set("—－–")  # cells that print nothing
ONE_CHARACTER = set("无有是否优良好中差")
"""Results of one character; any other single character is the end of a wrapped word."""


@dataclass(frozen=True, slots=True)
class Line:
    """One printed line: its tokens (blanks between them), and whether a blank line stands above.

    ``page_top``: a page number stands between it and the line above.
    """

    tokens: tuple[str, ...]
    block: int
    paragraph: Paragraph
    gap: bool
    page_top: bool = False

    @property
    def text(self) -> str:
        return "".join(self.tokens)


def lines_of(document: Document) -> Iterator[Line]:
    """The document's printed lines, page numbers left out."""
    printed = []
    number = 0
    for block, item in enumerate(document.blocks):
        if isinstance(item, Paragraph):
            line = item.place.line or number + 1
            tokens = tuple(_tokens(item.text))
            if tokens:
                printed.append(Line(tokens, block, item, gap=line > number + 1))
            number = line
    pages = _page_numbers(printed)
    for at, kept in enumerate(printed):
        if at not in pages:
            yield replace(kept, page_top=True) if at - 1 in pages else kept


def _page_numbers(lines: Sequence[Line]) -> set[int]:
    """Which lines are page numbers: numbers between dashes; bare ones that count up, a page apart."""
    bare: list[tuple[int, int]] = []
    dashed: set[int] = set()
    for at, line in enumerate(lines):
        if _DASHED_NUMBER.fullmatch(line.text):
            dashed.add(at)
        elif PAGE_NUMBER.fullmatch(line.text) and (found := re.search(r"\d+", line.text)):
            bare.append((at, int(found.group())))
    if len(dashed) >= _FEWEST:
        return dashed  # a document prints its page numbers in one way
    chains: dict[int, list[tuple[int, int]]] = {}
    for at, number in bare:
        last = chains.get(number - 1)
        near = last is not None and _LEAST_PAGE <= at - last[-1][0] <= _MOST_PAGE
        chain = [*last, (at, number)] if last is not None and near else [(at, number)]
        known = chains.get(number)
        if known is None or len(chain) >= len(known):
            chains[number] = chain
    return dashed | {at for chain in chains.values() if len(chain) >= _FEWEST for at, _ in chain}


def _tokens(text: str) -> list[str]:
    """A line's words; single characters set apart (justified text) are one word."""
    words = text.split()
    single = [word for word in words if len(word) == 1 and not word.isascii() and word not in _DASHES]
    if len(words) >= 3 and len(single) > len(words) / 2 and not ONE_CHARACTER & set(single):
        return [value_text(text)]
    return words
