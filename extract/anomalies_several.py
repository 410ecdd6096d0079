"""Two documents in one file: where the second begins, with a title page or without one."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from itertools import pairwise

from fiscalgraph.extract.captions import clean_title, is_caption_text
from fiscalgraph.extract.document import Block, Document, Paragraph
from fiscalgraph.extract.errors import RefusedDocument
from fiscalgraph.extract.normalise import compact, is_figure
from fiscalgraph.extract.paragraphs import ENUMERATOR
from fiscalgraph.extract.records import DocumentIdentity, Leftover
from fiscalgraph.extract.set_aside import SetAside, block_text, kind_of_blocks, source_of, where

__all__ = ["CONTENTS", "YEAR", "YEAR_ALONE", "Bodies", "Identify", "first_of_several", "title_length"]

CONTENTS = re.compile(r"目[录次]")
YEAR = re.compile(r"(?<!\d)2[,，]?0[,，]?([1-4]\d)年(?!\d{1,2}月)")
YEAR_ALONE = re.compile(r"[（(]?2[,，]?0[,，]?([1-4]\d)年度?[）)]?")

_TITLE = re.compile(
    r"20\d\d年(?:度)?[^，。；：:、《》“”]{0,40}?(?:预算|决算)(?:信息)?(?:公开)?(?:报表|报告|表|情况)?(?:的)?(?:说明|文本|草案|公开)?"
    r"(?:[（(][^（()）]*[）)])?$"
)
_FIRST_PART = re.compile(
    r"第一部分[:：、]?.{0,40}(?:概况|基本情况|职责|职能|简介)$|一、.{0,30}(?:基本情况|概况|职责|职能)$"
)
_NO_COVER = re.compile(r"[。；！]|\.{4}|……")
_TITLE_LINES = 4
_SUBSTANCE = 500  # characters: less is a cover, no disclosure
_OPENING_LINES = 16  # a title is that of a document when its contents or its first part follow so soon

_ACCOUNTS = re.compile("一般公共预算|政府性基金|国有资本|财政拨款|收入|支出|收支|自评|绩效目标")
_PERFORMANCE = re.compile("自评|绩效")
_TABLE = re.compile("表(?:[（(].*[）)])?$")
_UNDISTINGUISHED = re.compile("部门|单位|预算|决算|公开|情况|[总表]|年度")
_TABLE_BEGINS = 25  # blocks below a table's title in which its first figures stand
_TABLE_FIGURES = 4
_MENTIONS = 2  # of a body that a part of the file is about
_MARKED_TABLES = 3  # of a year or a kind that a part of the file is about

Identify = Callable[[Document], DocumentIdentity]
Bodies = Callable[[Document], list[tuple[int, str]]]


def first_of_several(document: Document, identify: Identify, bodies: Bodies) -> SetAside:
    """The first of several disclosures in one file; the others are set aside and reported.

    ``identify`` establishes issuer, kind and year of a document and raises
    :class:`~fiscalgraph.extract.errors.RefusedDocument` where it cannot; ``bodies`` tells which block
    (by position) says that it is about which public body.
    """
    for position, cover in _beginnings(document).items():
        if (second := _second(document, position, identify, cover)) is not None:
            return _parted(document, position, second)
    tables = _titled_tables(document)
    changes = (
        *_changes_of_body(document, tables, bodies),
        *_changes_of_year(document, tables),
        *_changes_of_kind(document, tables),
    )
    for doubtful, position in changes:
        if (second := _second(document, position, identify)) is not None:
            return _parted(document, position, second, doubtful)
    return SetAside(document)


def _second(
    document: Document, position: int, identify: Identify, cover: str | None = None
) -> DocumentIdentity | None:
    """What begins at ``position``, if it is another disclosure (by the words of its ``cover``, if any)."""
    if sum(len(block_text(block)) for block in document.blocks[:position]) < _SUBSTANCE:
        return None  # a cover, and the same title once more inside
    try:
        first = identify(replace(document, blocks=document.blocks[:position]))
        second = identify(replace(document, blocks=document.blocks[position:]))
    except RefusedDocument:
        return None  # not a disclosure by itself: a part of one
    if cover is not None:
        return second if _another(first, second, cover) else None
    same = (
        _alike(first.issuer, second.issuer)
        and first.fiscal_year == second.fiscal_year
        and first.kind[2:] == second.kind[2:]
    )
    return None if same else second


def _parted(
    document: Document, position: int, second: DocumentIdentity, doubtful: int | None = None
) -> SetAside:
    """The blocks before ``doubtful``; from there up to ``position`` they may belong to either document."""
    end = position if doubtful is None else doubtful
    before, after = document.blocks[:end], document.blocks[position:]
    here = where(after[0].place)
    why = (
        f"another document begins here ({second.issuer}, {second.fiscal_year}, {second.kind}); "
        f"only the first in the file was read"
    )
    problems = [f"from {here} on {why}: split the file there to have both"]
    leftovers = [Leftover(kind_of_blocks(document, after), why, source_of(after))]
    between = document.blocks[end:position]
    if between:
        unclear = "it is not clear to which of the two documents in the file this belongs"
        leftovers.append(Leftover(kind_of_blocks(document, between), unclear, source_of(between)))
        problems.append(f"from {where(between[0].place)} to {here} {unclear}")
    whole = replace(document, blocks=before)
    return SetAside(whole, document.blocks[end:], tuple(leftovers), tuple(problems))


# -- with a title page -----------------------------------------------------------------------


def title_length(lines: Sequence[str]) -> int:
    """How many of ``lines``, from the first, are the title of a budget or of final accounts; else 0."""
    text = ""
    for count, line in enumerate(lines[:_TITLE_LINES], start=1):
        text += line
        if len(text) > 80 or _NO_COVER.search(line) or CONTENTS.fullmatch(line):
            return 0
        if _TITLE.search(text):
            return count
    return 0


def _beginnings(document: Document) -> dict[int, str]:
    """Positions where a title stands that contents or a first part follow, and the words between.

    In formats with pages that is the beginning of the title's page.
    """
    found: dict[int, str] = {}
    title: tuple[int, int] | None = None  # the last title: where it begins and where it ends
    lines = [compact(block.text) if isinstance(block, Paragraph) else "" for block in document.blocks]
    for position, line in enumerate(lines):
        if not isinstance(document.blocks[position], Paragraph):
            title = None
        elif title is not None and (CONTENTS.fullmatch(line) or _FIRST_PART.match(line)):
            begin = min(title[0], _page_begin(document, title[1] - 1))
            if position - title[1] < _OPENING_LINES:
                found.setdefault(begin, "".join(lines[max(begin, title[0]) : position]))
            title = None
        else:
            length = title_length(lines[position : position + _TITLE_LINES])
            if length and (title is None or title[1] != position + length):
                title = position, position + length
    return found


def _page_begin(document: Document, position: int) -> int:
    """The first block of the page on which a block stands; without pages the block itself."""
    page = document.blocks[position].place.page
    if page is None:
        return position
    while position > 0 and document.blocks[position - 1].place.page == page:
        position -= 1
    return position


def _another(first: DocumentIdentity, second: DocumentIdentity, cover: str) -> bool:
    """Whether ``second`` is another disclosure than ``first``, by what its own ``cover`` says."""
    issuer = second.issuer != first.issuer and compact(second.issuer) in cover
    year = second.fiscal_year != first.fiscal_year and str(second.fiscal_year) in cover
    kind = {first.kind[2:], second.kind[2:]} == {"预算", "决算"} and second.kind[2:] in cover
    return issuer or year or kind


# -- without one -----------------------------------------------------------------------------


def _titled_tables(document: Document) -> list[tuple[int, str]]:
    """Where the titles of accounts stand below which figures follow, and what they are titles of.

    Whose and which year's they are, 预算 or 决算 is left out, so that the titles of two documents are equal.
    """
    titles = [
        (position, _UNDISTINGUISHED.sub("", title[title.index(found[0]) :]).replace("收入支出", "收支"))
        for position, block in enumerate(document.blocks)
        if isinstance(block, Paragraph)
        and is_caption_text(line := compact(block.text))
        and _TABLE.search(line)
        and (found := _ACCOUNTS.search(title := clean_title(line)))
    ]
    ends = [position for position, _ in titles[1:]] + [len(document.blocks)]
    return [
        (position, title)
        for (position, title), end in zip(titles, ends, strict=False)
        if _figures_between(document, position + 1, min(end, position + _TABLE_BEGINS)) >= _TABLE_FIGURES
    ]


def _figures_between(document: Document, begin: int, end: int) -> int:
    return sum(
        is_figure(word)
        for block in document.blocks[begin:end]
        for word in (
            block.text.split() if isinstance(block, Paragraph) else [cell.text for cell in block.cells]
        )
    )


def _restart(tables: Sequence[tuple[int, str]], after: int) -> int | None:
    """The first table from ``after`` on whose title stood before."""
    before = {title for position, title in tables if position < after}
    return next((position for position, title in tables if position >= after and title in before), None)


def _alike(one: str, other: str) -> bool:
    """Whether two names may be those of one body: one abbreviates the other or adds to it."""
    short, long = sorted((compact(one), compact(other)), key=len)
    letters = iter(long)
    return all(letter in letters for letter in short)


def _changes_of_body(
    document: Document, tables: Sequence[tuple[int, str]], bodies: Bodies
) -> Iterator[tuple[int, int]]:
    """Positions up to which surely one body is spoken of, and from which on surely another one is.

    The first is never spoken of again, nor was the second before. The tables that follow have to begin
    anew: an annex about another body is no second document.
    """
    if len({title for _, title in tables}) == len(tables):
        return
    named = Counter(name for _, name in bodies(document))
    names = [name for name, count in named.items() if count >= _MENTIONS]
    texts = [compact(block_text(block)) for block in document.blocks]
    spans = {name: _span(texts, name) for name in names}
    for one in names:
        for other in names:
            last, first = spans[one][1], spans[other][0]
            if last >= first or _alike(one, other):
                continue
            begin = _restart(tables, last + 1)
            if begin is None:
                continue
            position = max(last + 1, _page_begin(document, min(begin, first)))
            # The second may have begun with any heading since the first was spoken of.
            headings = (n for n in range(last + 1, position) if _is_heading(document.blocks[n], texts[n]))
            yield next(headings, position), position


def _is_heading(block: Block, text: str) -> bool:
    return isinstance(block, Paragraph) and bool(
        CONTENTS.fullmatch(text) or ENUMERATOR.match(text) or (is_caption_text(text) and _TABLE.search(text))
    )


def _span(texts: Sequence[str], name: str) -> tuple[int, int]:
    """The first and the last position in ``texts`` where ``name`` stands."""
    found = [position for position, text in enumerate(texts) if name in text]
    return (found[0], found[-1]) if found else (len(texts), -1)


def _changes_of_year(document: Document, tables: Sequence[tuple[int, str]]) -> Iterator[tuple[int, int]]:
    """The position where tables for one year end and the same tables for another one begin."""
    marked: list[tuple[int, str]] = []
    for position, _ in tables:
        lines = [
            compact(block.text)
            for block in document.blocks[max(0, position - 1) : position + 3]
            if isinstance(block, Paragraph)
        ]
        years = {found[1] for line in lines if (found := YEAR_ALONE.fullmatch(line))}
        years |= {year for line in lines[:2] if line.endswith("表") for year in YEAR.findall(line)}
        if len(years) == 1:
            marked.append((position, years.pop()))
    yield from _change(document, tables, marked)


def _changes_of_kind(document: Document, tables: Sequence[tuple[int, str]]) -> Iterator[tuple[int, int]]:
    """The position where tables of final accounts end and those of a budget begin, or the reverse."""
    marked = [
        (position, "决算" if "决算" in block_text(document.blocks[position]) else "预算")
        for position, title in tables
        if not _PERFORMANCE.search(title)
    ]
    yield from _change(document, tables, marked)


def _change(
    document: Document, tables: Sequence[tuple[int, str]], marked: Sequence[tuple[int, str]]
) -> Iterator[tuple[int, int]]:
    """Where the tables' mark changes once and for all, and they begin anew."""
    changes = [(end, start) for (end, one), (start, other) in pairwise(marked) if one != other]
    if len(changes) != 1:
        return
    ((end, start),) = changes
    enough = min(
        sum(position <= end for position, _ in marked), sum(position > end for position, _ in marked)
    )
    if enough >= _MARKED_TABLES and _restart(tables, start) is not None:
        begin = _page_begin(document, start)
        yield max(end + 1, begin), max(end + 1, begin)
