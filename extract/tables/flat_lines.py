"""Flattened text as words and figures in reading order, cut into stretches below table titles.

Page numbers, running headers and repeated table headers, which a page break puts between the rows,
are left out here; what remains of a stretch is a header and rows.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import zip_longest

from fiscalgraph.extract.captions import (
    Caption,
    clean_title,
    is_caption_text,
    is_side_mark,
    read_caption,
    table_number,
)
from fiscalgraph.extract.document import Document, Paragraph, Place, Run
from fiscalgraph.extract.normalise import compact, is_figure
from fiscalgraph.extract.tables.flat_pages import in_order
from fiscalgraph.extract.tables.header import CODE, CODED_NAME
from fiscalgraph.extract.tables.header_words import find_words

__all__ = ["Region", "Token", "by_line", "regions", "without_repeats"]

_END = re.compile(r"^(?:注[:：]|说明[:：]|备注[:：]|第[一二三四五六七八九十]部分|附件)|[。；]")
_PROSE = re.compile(
    r"[万亿]元[，,。；]|^(?:[（(][一二三四五六七八九十]{1,3}[）)]|[一二三四五六七八九十]{1,3}、)[^表]*说明$"
)
_GLUED = re.compile(
    r"(-?\d[\d,]*\.\d{2}|\.\d{2})((?:[\u4e00-\u9fff（(]|\d{1,2}[、．][\u4e00-\u9fff]).*)"
)  # a figure and the next cell's words
_ONE_OF_GLUED = re.compile(r"-?\d{1,3}(?:,\d{3})*\.\d{2}")  # one of several figures without a blank between
_GLUED_FIGURES = re.compile(rf"(?:{_ONE_OF_GLUED.pattern}){{2,}}")
_PAGE_MARK = re.compile(r"[-—–－]+\d{1,3}[-—–－]+|第\d{1,3}页[，,/]?(?:共\d{1,3}页)?")
_PAGE_BEFORE = re.compile(r"^([—–－-])\s?\d{1,3}\s?\1\s+(?=\S)")  # a page number before the page's first line
_BLANK_CELL = frozenset({"-", "--", "—", "——", "－", "–"})
_DOCUMENT_NAME = re.compile(r"20\d\d年度?(?:部门|单位)?(?:预算|决算)(?:公开)?\d*$")
_UNIT_ABOVE = 4  # lines by which the unit of money may stand above the title
_HEADS_AGAIN = 4  # header words in a row, that no row of the table begins with
_REPEATED = 3  # pages on which a line must stand to be a running header


@dataclass(frozen=True, slots=True)
class Token:
    """One blank-separated piece of a printed line."""

    text: str
    place: Place
    block: int
    row: int  # the printed line it stands in
    cell: str | None = None  # the whole cell, where a number before the words was parted from them
    amount: bool = False  # a short whole number that stands where only an amount can

    @property
    def figure(self) -> bool:
        printed = is_figure(self.text) and not self.whole and not re.fullmatch(r"20\d\d", self.text)
        return self.amount or printed

    @property
    def whole(self) -> bool:
        """A short whole number: a code, a 行次 or a column number, not an amount."""
        return not self.amount and re.fullmatch(r"\d{1,3}|\d{5}|\d{7}", self.text) is not None

    @property
    def blank(self) -> bool:
        """A dash that stands for an empty cell."""
        return self.text in _BLANK_CELL

    @property
    def words(self) -> bool:
        return not is_figure(self.text) and not self.blank


@dataclass
class Region:
    """What stands between a table's title and the note or sentence that ends it."""

    caption: Caption
    title: str
    tokens: list[Token]
    first_block: int


def _pieces(text: str) -> Iterator[str]:
    """Blank-separated pieces; a run of single characters (收 入 总 计) is one word again."""
    run = ""
    for piece in re.split(r"\s+", re.sub(r"(?<!\S)(\d{1,2}[.、．])\s+", r"\1", text.strip())):
        if re.fullmatch(r"[\u4e00-\u9fff]", piece):
            run += piece
            continue
        if run:
            yield run
            run = ""
        glued = _GLUED.fullmatch(piece)
        if glued is not None and len(glued.group(2)) == 1:
            yield glued.group(1)
            run = glued.group(2)  # 5.00本 年 支 出 合 计
            continue
        if _GLUED_FIGURES.fullmatch(piece):
            yield from _ONE_OF_GLUED.findall(piece)
            continue
        coded = CODED_NAME.fullmatch(piece)
        if coded is not None:
            yield coded.group(1)
            yield coded.group(2)
        else:
            yield from (glued.groups() if glued else (piece,))
    if run:
        yield run


def _tokens(paragraph: Paragraph, block: int) -> list[Token]:
    tokens: list[Token] = []
    for piece in _pieces(paragraph.text):
        if piece:
            number = tokens[-1].text if tokens else ""
            cell = f"{number}_{piece}"
            parted = number.isdecimal() and cell in paragraph.text
            tokens.append(Token(piece, paragraph.place, block, block, cell if parted else None))
    return tokens


def _joined(tokens: Sequence[Token]) -> list[Token]:
    """Codes printed in parts (201 | 08 | 01) and figures broken in their cell (21,118.5 | 1) made whole."""
    made: list[Token] = []
    decimals = [
        token.text.split(".")[1]
        for token, after in zip_longest(tokens, tokens[1:])
        if token.figure and "." in token.text and not (after and _is_lost_digit(after, token))
    ]
    cents = sum(len(each) == 2 for each in decimals) * 10 >= len(decimals) * 8  # all else has two decimals
    for i, token in enumerate(tokens):
        before = made[-1] if made else None
        after = tokens[i + 1] if i + 1 < len(tokens) else None
        if before is not None:
            whole = before.text + token.text
            part = re.fullmatch(r"\d{2}", token.text) and CODE.fullmatch(whole) and before.whole
            if part and after is not None and (after.words or re.fullmatch(r"\d{2}", after.text)):
                made[-1] = replace(before, text=whole)
                continue
            if re.fullmatch(r"-?[\d,]*\d,?\d*", before.text) and re.fullmatch(r"\.\d{1,6}", token.text):
                made[-1] = replace(before, text=whole)
                continue
            broken = cents and re.fullmatch(r"-?(?:\d{1,3}(?:,\d{3})+|\d{3,})\.\d", before.text)
            if broken and _is_lost_digit(token, before):
                made[-1] = replace(before, text=whole)
                continue
        made.append(token)
    return made


def _is_lost_digit(token: Token, before: Token) -> bool:
    """Whether a lone digit on a line of its own may be the end of the figure before it."""
    return re.fullmatch(r"\d", token.text) is not None and token.row != before.row


def _running_lines(document: Document) -> frozenset[int]:
    """Blocks of the lines that pages repeat at their top or bottom, digits aside: headers and footers."""
    lines = [
        (block, paragraph)
        for block, paragraph in enumerate(document.blocks)
        if isinstance(paragraph, Paragraph) and compact(paragraph.text)
    ]
    paged = any(paragraph.place.page is not None for _, paragraph in lines)
    edges = _page_edges(lines) if paged else _unpaged_edges(lines)
    repeated: dict[str, set[int]] = {}
    for shape, block in edges:
        repeated.setdefault(shape, set()).add(block)
    return frozenset(
        block
        for line, blocks in repeated.items()
        if len(blocks) >= _REPEATED and len(line) <= 60
        if not is_caption_text(line) and find_words([line]) is None
        for block in blocks
    )


def _page_edges(lines: Sequence[tuple[int, Paragraph]]) -> Iterator[tuple[str, int]]:
    pages: dict[int, list[tuple[int, Paragraph]]] = {}
    for block, paragraph in lines:
        if paragraph.place.page is not None:
            pages.setdefault(paragraph.place.page, []).append((block, paragraph))
    for page, on_page in pages.items():
        for block, paragraph in on_page[:2] + on_page[-2:]:
            text = compact(paragraph.text)
            if text.isdecimal():  # a page number keeps its distance from the page
                yield f"{int(text) - page:+}", block
            else:
                yield _shape(text), block


def _unpaged_edges(lines: Sequence[tuple[int, Paragraph]]) -> Iterator[tuple[str, int]]:
    """In text that has lost its pages: the name of the year's document.

    What stands beside a page's number may as well be the rest of a row.
    """
    for block, paragraph in lines:
        if _DOCUMENT_NAME.search(text := compact(paragraph.text)):
            yield _shape(text), block


def _shape(text: str) -> str:
    return re.sub(r"\d+", "0", compact(text))


def _is_title(paragraph: Paragraph, title: str) -> bool:
    return re.search(r"表(?:[（(].*[）)])?$", title) is not None and not any(
        is_figure(piece) and not re.fullmatch(r"20\d\d|\d{1,2}", piece) for piece in _pieces(paragraph.text)
    )


def regions(document: Document) -> Iterator[Region]:
    """Stretches of lines from a table's title to the note or sentence that ends it."""
    region: Region | None = None
    ahead: tuple[int, str] | None = None  # the last unit of money below the title, and its block
    borrowed = False  # whether the table's unit is one that stands above its title
    owner: tuple[int, str] | None = None  # the last unit (预算单位) named so far, and its block
    number: str | None = None  # the open table's (公开02表)
    running = _running_lines(document)
    for block, paragraph in in_order(document):
        if not isinstance(paragraph, Paragraph):
            if region is not None:
                yield _closed(region)
            region = None
            continue
        text = compact(paragraph.text)
        if _PAGE_MARK.fullmatch(text) or (block in running and not _holds_amount(paragraph)):
            continue
        if _PROSE.search(text) or (_END.search(text) and not _holds_figure(paragraph)):
            if region is not None:
                yield _closed(region)
            region = None
            continue
        caption = read_caption([(paragraph.text, paragraph.place)])
        title = clean_title(caption.title) if caption.title else ""
        if title and _is_title(paragraph, title):
            if region is not None and region.title == title and not region.tokens:
                continue  # the title is printed twice
            if ahead is not None and block - ahead[0] > _UNIT_ABOVE:
                region = _with_unit(region, ahead[1])  # a later page repeats it
                ahead = None
            if region is not None:
                yield _closed(region)
            borrowed = caption.unit is None and ahead is not None
            if caption.unit is None and ahead is not None:
                caption = replace(caption, unit=ahead[1])
            if caption.reporting_unit is None and owner is not None and block - owner[0] <= _UNIT_ABOVE:
                caption = replace(caption, reporting_unit=owner[1])
            ahead = owner = number = None
            region = Region(caption, title, [], block)
            continue
        if region is not None and (found := table_number(text)) is not None:
            if number not in (None, found) and any(token.figure for token in region.tokens):
                yield _closed(region)  # a table whose title stands elsewhere, or nowhere
                region = None
            number = found
        if caption.reporting_unit is not None:
            owner = (block, caption.reporting_unit)
            if region is not None and not any(token.figure for token in region.tokens):
                region.caption = replace(region.caption, reporting_unit=caption.reporting_unit)
                owner = None
        if caption.unit is not None:
            ahead = (block, caption.unit)  # of the next table, if its title follows at once
            if region is not None and not any(token.figure for token in region.tokens):
                if borrowed or region.caption.unit is None:
                    region.caption = replace(region.caption, unit=caption.unit)
                borrowed = False
        if region is None:
            continue
        if not is_side_mark(text):
            region.tokens += _tokens(_without_page_number(paragraph, region), block)
    if region is not None:
        yield _closed(region)


def _with_unit(region: Region | None, unit: str) -> Region | None:
    if region is not None and region.caption.unit is None:
        region.caption = replace(region.caption, unit=unit)
    return region


def _holds_figure(paragraph: Paragraph) -> bool:
    """Whether a piece of the line is a figure that is no year."""
    pieces = list(_pieces(paragraph.text))
    after = [*pieces[1:], ""]
    return any(
        is_figure(piece) and not (re.fullmatch(r"20\d\d", piece) and follows.startswith("年"))
        for piece, follows in zip(pieces, after, strict=True)
    )


def _without_page_number(paragraph: Paragraph, region: Region) -> Paragraph:
    """The first line of a page without the number of the page, where that stands in one line with it."""
    found = _PAGE_BEFORE.match(paragraph.text)
    if found is None or not region.tokens:
        return paragraph
    turned = region.tokens[-1].place.page != paragraph.place.page
    unpaged = paragraph.place.page is None and found.group(1) == "—" and paragraph.text[found.end()] != "—"
    if not turned and not unpaged:
        return paragraph
    return Paragraph((Run(paragraph.text[found.end() :], paragraph.place),), paragraph.heading)


def _holds_amount(paragraph: Paragraph) -> bool:
    return any(is_figure(piece) and re.search(r"[.,]", piece) for piece in _pieces(paragraph.text))


def _closed(region: Region) -> Region:
    region.tokens = _with_whole_amounts(_joined(_without_next_number(region.tokens)))
    return region


def _with_whole_amounts(tokens: list[Token]) -> list[Token]:
    """The tokens, with whole numbers told to be amounts where nothing else can stand.

    That is between the figures of a line of nothing but numbers and, unless all other amounts of the
    table have two decimals, anywhere in such a line and behind a code and its name. A number that may be
    the code of such a line stays one in a table that has codes.
    """
    has_codes = any(token.text.endswith(("编码", "代码")) for token in tokens)
    decimals = [len(token.text.split(".")[1]) for token in tokens if token.figure and "." in token.text]
    amounts = sum(token.figure for token in tokens)
    cents = sum(places == 2 for places in decimals) * 10 >= amounts * 9
    made: list[Token] = []
    for line in by_line(tokens):
        words = max((i for i, token in enumerate(line) if token.words), default=-1)
        coded = words > 0 and CODE.fullmatch(line[0].text) is not None and line[0].whole
        bare = words < 0 and sum("." in token.text for token in line) > 1
        first, last = (1, len(line) - 1) if cents else (words + 1, len(line))
        if bare and has_codes:
            first = max(first, _codes_at_start(line))
        told = bare or (coded and not cents)
        made += [
            replace(token, amount=True) if told and first <= i < last and token.text.isdecimal() else token
            for i, token in enumerate(line)
        ]
    return made


def _codes_at_start(line: Sequence[Token]) -> int:
    """How many codes a line may begin with: one, and behind it such as are too long for most amounts."""
    return next(
        (i for i, token in enumerate(line) if not CODE.fullmatch(token.text) or (i and len(token.text) == 3)),
        len(line),
    )


def _without_next_number(tokens: list[Token]) -> list[Token]:
    """The tokens without the number of the next table that ends the last line (… 2.00 公开表 7).

    A page's number may stand alone below it.
    """
    end = len(tokens)
    while (
        end > 1
        and re.fullmatch(r"\d{1,3}", tokens[end - 1].text)
        and tokens[end - 2].row != tokens[end - 1].row
    ):
        end -= 1
    for count in (1, 2):
        last = tokens[end - count : end] if end > count else []
        same_line = bool(last) and tokens[end - count - 1].row == last[-1].row
        if same_line and table_number("".join(token.text for token in last)) is not None:
            return tokens[: end - count]
    return tokens


def by_line(tokens: Iterable[Token]) -> list[list[Token]]:
    """The tokens of each printed line."""
    lines: list[list[Token]] = []
    for token in tokens:
        if not lines or lines[-1][0].row != token.row:
            lines.append([])
        lines[-1].append(token)
    return lines


def without_repeats(tokens: Sequence[Token], header: Sequence[Token]) -> list[Token]:
    """The rows of a table without the headers that later pages print again."""
    printed = [[token.text for token in line] for line in by_line(header)]
    words = _letters(header)
    heads = {token.text for token in header if token.words}
    lines = by_line(tokens)
    kept: list[Token] = []
    i = 0
    while i < len(lines):
        height = len(printed)
        if [[t.text for t in line] for line in lines[i : i + height]] == printed and (
            height > 1 or len(printed[0]) > 1
        ):
            i += height
            continue
        new_page = i > 0 and lines[i][0].place.page != lines[i - 1][0].place.page
        if new_page:  # the same words in another order
            reach = range(i, min(len(lines), i + height + 3))
            end = next((k for k in reach if _letters(_flat(lines[i : k + 1])) == words), None)
            if end is not None and len(words) > 1:
                i = end + 1
                continue
            reach = range(2, min(len(lines[i]), len(header) + _REPEATED))
            cut = next((k for k in reach if _letters(lines[i][:k]) == words), 0)  # the rows go on in its line
            kept += lines[i][cut:]
            i += 1
            continue
        repeated = next((k for k, token in enumerate(lines[i]) if token.text not in heads), len(lines[i]))
        kept += lines[i][repeated if repeated >= _HEADS_AGAIN else 0 :]
        i += 1
    return kept


def _flat(lines: Sequence[Sequence[Token]]) -> list[Token]:
    return [token for line in lines for token in line]


def _letters(tokens: Iterable[Token]) -> Counter[str]:
    return Counter("".join(token.text for token in tokens if token.words))
