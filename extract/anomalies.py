"""What is wrong with a document as published: pages pasted twice, two documents in one file,
a year that contradicts itself, a table without its header, a table cut off at the end of the file.

Pure functions over a document (or what was read of it). None of them repairs anything: what is doubtful
is set aside and reported, and a document whose year cannot be settled is refused.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace

from fiscalgraph.extract.anomalies_tables import without_cut_figure
from fiscalgraph.extract.captions import is_caption_text, read_caption
from fiscalgraph.extract.coverage import certify
from fiscalgraph.extract.document import Block, Document, Paragraph, Place
from fiscalgraph.extract.errors import RefusedDocument
from fiscalgraph.extract.normalise import compact, is_figure
from fiscalgraph.extract.records import Coverage, DocumentIdentity, Leftover, Source

__all__ = [
    "SetAside",
    "empty_pages",
    "first_of_several",
    "settled_year",
    "sound_part",
    "with_set_aside",
    "without_repeats",
]

_QUOTE = 120


@dataclass(frozen=True, slots=True)
class SetAside:
    """A document less the blocks that must not be read with the rest, these blocks, and why."""

    document: Document
    aside: tuple[Block, ...] = ()
    leftovers: tuple[Leftover, ...] = ()
    problems: tuple[str, ...] = ()


def _text(block: Block) -> str:
    if isinstance(block, Paragraph):
        return block.text
    return " ".join(compact(cell.text) for cell in block.cells if cell.text)


def _source(blocks: Sequence[Block]) -> Source:
    place = blocks[0].place
    return Source(_text(blocks[0])[:_QUOTE], place.page, place.line, place.box, place.part)


def _where(place: Place) -> str:
    """ "page 3", "line 120" or, where a format has neither, nothing."""
    if place.page is not None:
        return f"page {place.page}"
    return f"line {place.line}" if place.line is not None else "the text"


def _what(document: Document, blocks: Sequence[Block]) -> str:
    """What a run of blocks is called among the leftovers."""
    if document.pages is not None:
        return "page"
    return "paragraph" if all(isinstance(block, Paragraph) for block in blocks) else "table"


def empty_pages(document: Document) -> tuple[Leftover, ...]:
    """Pages of which nothing could be read as text: blank ones, or ones that are pictures."""
    found = {block.place.page for block in document.blocks}
    return tuple(
        Leftover("page", "no text on it", Source("", page))
        for page in range(1, (document.pages or 0) + 1)
        if page not in found
    )


def sound_part(document: Document, identify: Callable[[Document], DocumentIdentity]) -> SetAside:
    """What of ``document`` can be read as one disclosure, each part of it once."""
    once = without_repeats(document)
    one = first_of_several(once.document, identify)
    whole, cut = without_cut_figure(one.document)
    return SetAside(
        whole,
        once.aside + one.aside,
        empty_pages(document) + once.leftovers + one.leftovers + cut,
        once.problems + one.problems + tuple(f"{left.why} ({left.source.quote})" for left in cut),
    )


def with_set_aside(coverage: Coverage, sound: SetAside, further: Iterable[str] = ()) -> Coverage:
    """``coverage`` of the part that was read, made that of the whole document: what was set aside counts
    as unread. ``further`` are problems found while reading."""
    rest = certify(replace(sound.document, blocks=sound.aside), frozenset(), (), ())
    return replace(
        coverage,
        tables=coverage.tables + rest.tables,
        cells=coverage.cells + rest.cells,
        paragraphs=coverage.paragraphs + rest.paragraphs,
        leftovers=coverage.leftovers + sound.leftovers,
        problems=coverage.problems + sound.problems + tuple(further),
    )


# -- the same page twice ---------------------------------------------------------------------

_PAGE_NUMBER = re.compile(r"[-—－–·\s]*(?:第?\s*\d{1,4}\s*页?)(?:[/／共\s]*\d{1,4}\s*页?)?[-—－–·\s]*")
_AMOUNT = re.compile(r"(?<![\d.])\d[\d,]*(?:\.\d+)?")
_SENTENCE = re.compile("[，。；]")
_ANCHOR = 8  # blocks that must agree before lines of running text can be one place printed twice
_FIGURES = 6  # different figures other than nought that make a repetition no accident
_PROSE = 200  # characters of prose that do so, where the two stand side by side
_LONG = 40  # characters that are no set phrase

_Key = tuple[object, ...]


def _key(block: Block) -> _Key:
    """What a block prints, without where."""
    if isinstance(block, Paragraph):
        return ("paragraph", compact(block.text))
    return ("table", *((cell.row, cell.column, compact(cell.text)) for cell in block.cells))


def _figures(block: Block) -> set[str]:
    """The different figures in a block that are not nought."""
    if isinstance(block, Paragraph):
        found = set(_AMOUNT.findall(block.text))
    else:
        found = {compact(cell.text) for cell in block.cells if is_figure(cell.text)}
    return {figure for figure in found if figure.strip("0.,%")}


def _titled(blocks: Sequence[Block]) -> bool:
    """Whether a table's title stands in ``blocks`` before their first figures."""
    lines: list[tuple[str, Place]] = []
    for block in blocks:
        if isinstance(block, Paragraph) and (not _figures(block) or is_caption_text(block.text)):
            lines.append((block.text, block.place))
            continue
        if not isinstance(block, Paragraph):
            lines += [(cell.text, cell.place) for cell in block.cells if cell.row < 2]
        break
    return read_caption(lines).title is not None


def _is_repetition(run: Sequence[Block], adjacent: bool) -> bool:
    """Whether equal runs of blocks are one place printed twice and not two tables that happen to agree.

    Tables of different titles often hold the same rows (a body that has only one source of money), so
    a run counts when its own title is in it, or when the two runs follow each other directly. Prose is
    repeated on purpose (a summary, and the report it sums up), unless it is so side by side.
    """
    if adjacent and sum(len(_text(block)) for block in run) >= _PROSE:
        return True
    figures: set[str] = set()
    for block in run:
        if adjacent or not (isinstance(block, Paragraph) and _SENTENCE.search(block.text)):
            figures |= _figures(block)
    return len(figures) >= _FIGURES and (adjacent or _titled(run))


def _anchors(blocks: Sequence[Block], keys: Sequence[_Key]) -> dict[int, int]:
    """For positions whose content stood before: the earlier position."""
    found: dict[int, int] = {}
    first: dict[tuple[_Key, ...], int] = {}
    for position, block in enumerate(blocks):
        rich = len(_figures(block)) >= _FIGURES or len(compact(_text(block))) >= _LONG
        width = 1 if rich else _ANCHOR
        window = tuple(keys[position : position + width])
        if len(window) < width:
            continue
        earlier = first.setdefault(window, position)
        if earlier != position and position - earlier >= width:
            found[position] = earlier
    return found


def _repeated_run(keys: Sequence[_Key], earlier: int, later: int, begin: int) -> tuple[int, int, int]:
    """The longest equal runs around ``earlier`` and ``later``: both beginnings, and the length."""
    while later > begin and earlier > 0 and keys[earlier - 1] == keys[later - 1] and later - earlier > 0:
        earlier, later = earlier - 1, later - 1
    length = 0
    while (
        later + length < len(keys)
        and earlier + length < later
        and keys[earlier + length] == keys[later + length]
    ):
        length += 1
    return earlier, later, length


def without_repeats(document: Document) -> SetAside:
    """The document with what is printed a second time, word for word, left out.

    A page (or a run of lines) pasted twice would give every record twice. The first is kept.
    """
    paged = document.pages is not None
    content = [
        position
        for position, block in enumerate(document.blocks)
        if not (paged and isinstance(block, Paragraph) and _PAGE_NUMBER.fullmatch(block.text))
    ]
    blocks = [document.blocks[position] for position in content]
    keys = [_key(block) for block in blocks]
    dropped: set[int] = set()
    leftovers: list[Leftover] = []
    problems: list[str] = []
    begin = 0
    for later, earlier in sorted(_anchors(blocks, keys).items()):
        if later < begin:
            continue
        first, second, length = _repeated_run(keys, earlier, later, begin)
        run = blocks[second : second + length]
        if not _is_repetition(run, adjacent=first + length == second):
            continue
        why = f"repeats {_where(blocks[first].place)} word for word; it was read once"
        leftovers.append(Leftover(_what(document, run), why, _source(run)))
        problems.append(f"{_where(run[0].place)} {why}")
        dropped |= set(content[second : second + length])
        begin = second + length
    if not dropped:
        return SetAside(document)
    kept = tuple(block for position, block in enumerate(document.blocks) if position not in dropped)
    aside = tuple(block for position, block in enumerate(document.blocks) if position in dropped)
    return SetAside(replace(document, blocks=kept), aside, tuple(leftovers), tuple(problems))


# -- two documents in one file ---------------------------------------------------------------

_TITLE = re.compile(
    r"20\d\d年(?:度)?[^，。；：:、《》“”]{0,40}?(?:预算|决算)(?:信息)?(?:公开)?(?:报表|报告|表|情况)?(?:的)?(?:说明|文本|草案|公开)?"
    r"(?:[（(][^（()）]*[）)])?$"
)
_CONTENTS = re.compile(r"目[录次]")
_FIRST_PART = re.compile(
    r"第一部分[:：、]?.{0,40}(?:概况|基本情况|职责|职能|简介)$|一、.{0,30}(?:基本情况|概况|职责|职能)$"
)
_NO_COVER = re.compile(r"[。；！]|\.{4}|……")
_COVER_LINES = 10
_TITLE_LINES = 4
_SUBSTANCE = 500  # characters: less is a cover, no disclosure
_OPENING_LINES = 16  # a title is that of a document when its contents or its first part follow so soon


def _title_at(lines: Sequence[str]) -> int:
    """How many of ``lines``, from the first, are the title of a budget or of final accounts; else 0."""
    text = ""
    for count, line in enumerate(lines[:_TITLE_LINES], start=1):
        text += line
        if len(text) > 80 or _NO_COVER.search(line) or _CONTENTS.fullmatch(line):
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
        elif title is not None and (_CONTENTS.fullmatch(line) or _FIRST_PART.match(line)):
            begin = _page_begin(document, *title)
            if position - title[1] < _OPENING_LINES:
                found.setdefault(begin, "".join(lines[max(begin, title[0]) : position]))
            title = None
        else:
            length = _title_at(lines[position : position + _TITLE_LINES])
            if length and (title is None or title[1] != position + length):
                title = position, position + length
    return found


def _page_begin(document: Document, begin: int, end: int) -> int:
    """The first block of the page on which a title ends; without pages the title's own first block."""
    page = document.blocks[end - 1].place.page
    if page is None:
        return begin
    position = end - 1
    while position > 0 and document.blocks[position - 1].place.page == page:
        position -= 1
    return position


def _another(first: DocumentIdentity, second: DocumentIdentity, cover: str) -> bool:
    """Whether ``second`` is another disclosure than ``first``, by what its own ``cover`` says."""
    issuer = second.issuer != first.issuer and compact(second.issuer) in cover
    year = second.fiscal_year != first.fiscal_year and str(second.fiscal_year) in cover
    kind = {first.kind[2:], second.kind[2:]} == {"预算", "决算"} and second.kind[2:] in cover
    return issuer or year or kind


def first_of_several(document: Document, identify: Callable[[Document], DocumentIdentity]) -> SetAside:
    """The first of several disclosures in one file; the others are set aside and reported.

    A further disclosure begins where a title page with contents or a first part stands whose issuer,
    year, or kind (预算 or 决算) is not that of what precedes it. ``identify`` establishes these of a
    document and raises :class:`~fiscalgraph.extract.errors.RefusedDocument` where it cannot.
    """
    for position, cover in _beginnings(document).items():
        if sum(len(_text(block)) for block in document.blocks[:position]) < _SUBSTANCE:
            continue  # a cover, and the same title once more inside
        before = replace(document, blocks=document.blocks[:position])
        after = replace(document, blocks=document.blocks[position:])
        try:
            first, second = identify(before), identify(after)
        except RefusedDocument:
            continue  # not a disclosure by itself: a part of one
        if not _another(first, second, cover):
            continue
        where = _where(after.blocks[0].place)
        why = (
            f"another document begins here ({second.issuer}, {second.fiscal_year}, {second.kind}); "
            f"only the first in the file was read"
        )
        problem = f"from {where} on {why}: split the file there to have both"
        leftover = Leftover(_what(document, after.blocks), why, _source(after.blocks))
        return SetAside(before, after.blocks, (leftover,), (problem,))
    return SetAside(document)


# -- a year that contradicts itself ----------------------------------------------------------

_YEAR = re.compile(r"(?<!\d)2[,，]?0[,，]?([1-4]\d)年(?!\d{1,2}月)")
_YEAR_ALONE = re.compile(r"[（(]?2[,，]?0[,，]?([1-4]\d)年度?[）)]?")
_FISCAL = re.compile("预算|决算|收入|支出|收支")
_FRONT = 14
_CAPTION_LINES = 6
_CLEAR = 3  # tables at least, and this many times as many as say otherwise


def _title_years(document: Document) -> Counter[str]:
    """The years in the titles of the title page."""
    lines: list[str] = []
    for block in document.blocks[:_FRONT]:
        if not isinstance(block, Paragraph) or _CONTENTS.fullmatch(compact(block.text)):
            break
        lines.append(compact(block.text))
    years: Counter[str] = Counter()
    for position in range(len(lines)):
        length = _title_at(lines[position:])
        if length:
            title = "".join(lines[position : position + length])
            years.update(set(_YEAR.findall(title)))
    return years


def _table_years(document: Document) -> Counter[str]:
    """For how many tables each year stands above or in the first rows, alone or in the title."""
    years: Counter[str] = Counter()
    above: list[str] = []
    for block in document.blocks:
        if isinstance(block, Paragraph):
            above.append(compact(block.text))
            continue
        lines = above[-_CAPTION_LINES:] + [compact(cell.text) for cell in block.cells if cell.row < 2]
        alone = {found[1] for line in lines if (found := _YEAR_ALONE.fullmatch(line))}
        titled = {
            year
            for line in lines
            if is_caption_text(line) and line.endswith("表")
            for year in _YEAR.findall(line)
        }
        stated = alone or titled
        if len(stated) == 1:
            years.update(stated)
        above = []
    return years


def _prose_years(document: Document) -> Counter[str]:
    """The years of the sentences that speak of a budget or of final accounts, the first of each."""
    years: Counter[str] = Counter()
    for block in document.paragraphs:
        text = compact(block.text)
        found = _YEAR.search(text)
        if found and "。" in text and _FISCAL.search(text):
            years[found[1]] += 1
    return years


def settled_year(document: Document, year: int) -> tuple[int, tuple[str, ...]]:
    """The fiscal year, and what contradicts it; ``year`` is what the evidence as a whole speaks for.

    Where the title page says one year and the tables another, the tables decide if they clearly agree
    among themselves and the text does not side with the title. Raises
    :class:`~fiscalgraph.extract.errors.RefusedDocument` where nothing decides.
    """
    titles, tables = _title_years(document), _table_years(document)
    if len(titles) != 1 or not tables:
        return year, ()
    (title,) = titles
    (table, count), *others = tables.most_common(2)
    if table == title or count < _CLEAR:
        return year, ()
    said = f"the title says 20{title}, {count} tables say 20{table}"
    prose = _prose_years(document)
    clear = count >= _CLEAR * sum(number for _, number in others) and prose[table] >= prose[title]
    if not clear:
        raise RefusedDocument(
            document.file_name,
            f"its fiscal year contradicts itself: {said}",
            "Correct the year in the file, or take its parts apart",
        )
    return 2000 + int(table), (f"the fiscal year contradicts itself: {said}; 20{table} was taken",)
