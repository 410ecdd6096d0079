"""What stands above a table: its title, its number, its unit of money, the year it is for, whose it is.

Captions are printed as paragraphs before the table, or, in tables that come out of a spreadsheet or
a word processor, in the first rows of the grid itself. Readers lift the latter out of the grid
(:func:`lift_captions`), so that all are read in one way (:func:`read_caption`).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from fiscalgraph.extract.document import Block, Cell, Paragraph, Place, Run, Table
from fiscalgraph.extract.normalise import compact, is_figure

__all__ = [
    "Caption",
    "clean_title",
    "is_caption",
    "is_caption_text",
    "is_side_mark",
    "lift_captions",
    "read_caption",
    "split_captions",
    "table_number",
    "unit_in",
]

_UNIT = re.compile(r"(?:金额)?单位[:：为]?(?:人民币)?[（(]?(百万元|千元|万元|亿元|元)")
_BARE_UNIT = re.compile(
    r"^[（(【\[]?(?:单位|金额单位)?[:：]?(?:人民币)?(百万元|千元|万元|亿元|元)[）)】\]]?$"
)
_HEADER_UNIT = re.compile(r"[（(](?:单位[:：])?(百万元|千元|万元|亿元|元)[）)]")
_YEAR = re.compile(r"(20\d{2})年")
_TABLE_NUMBER = re.compile(
    r"^(?:附件\d{1,2}?(?:[-－—]\d{1,2}?)?(?=20\d\d年|\D)[:：]?(?=.*表$)|(?:单位|部门|预算|决算)?公?开?(?:预算|决算)?\d{1,2}[-－—]?\d{0,2}表"
    r"|(?:单位|部门)?(?:公开|预算|决算)表\d{1,2}?(?=20\d\d年|\D)"
    # A year may follow: 表132022年…
    r"|附?件?附?表(?=20\d\d年)|附?件?附?表(?:\d+?(?=20\d\d年|\D)|[一二三四五六七八九十]+)(?:[-－—.]\d+?(?=20\d\d年|\D))?(?![级般])|表[:：]|[一二三四五六七八九十]{1,3}、(?=.*表)|\d{1,2}[.、．](?=.*表)|续表?)[:：、.．\s]*"
)
_NUMBER_ONLY = re.compile(
    r"^(?:单位|部门)?(?:公开|预算|决算|财决|批复|附)*\d{0,2}(?:表\d{0,2}|附表\d+)[一二三四五六七八九十\d]*(?:[-－—]\d+)?$|^附件?\d*[-－]?\d*$"
)
_OWNER = re.compile(
    r"(?:部门|单位|编制单位|预算单位|部门名称|单位名称|填报单位|填报部门|编制部门)[^:：]{0,6}[:：]"
)
# Whose table it is: 编制单位：…, 部门名称：…, 单位：清河市教育局（本级）; not the one above it (主管部门：…).
_REPORTING_UNIT = re.compile(
    r"(?:^(?:主管部门[:：][^:：]{2,40}?)?|(?<=元))"
    r"(?:编制|填报|预算|公开|申报|填表|编报)?(?:部门|单位)(?:名称|全称)?(?:[（(](?:部门|单位|公章|盖章|签章|公开)[）)])?[:：]"
    r"(?:[（(](?:公章|盖章|签章)[）)])?"
    r"(?P<name>[^:：]{3,60}?)(?=(?:金额|计量)?单位[:：]|(?:编制|填报|填表|公开)?(?:日期|时间)[:：]|公开\d+表|[（(]?20\d{2}年|第\d+页|$)"
)
_MEASURED = re.compile(r"元(?:[/／、，,（(]|$)")  # 单位：台、万元 names no body
_LEADING_YEAR = re.compile(r"^20\d{2}年度?(?=[^度])")
_YEAR_ONLY = re.compile(r"^[（(]?20\d{2}年(?:度)?[）)]?$")
_TITLE = re.compile(r"(?:表|明细|情况|预算数|决算数)(?:[（(][^（()）]{1,20}[）)])*$")
_CONTINUED = re.compile(r"[（(]?续(?:表)?[一二三四\d]*[）)]?$|^续表?")
_BLOCK_HEAD = re.compile(r"(?:20\d{2}年)?(?:年初|本年)?(?:预算|决算|执行)数")  # a header, not a title
_SENTENCE = re.compile(r"[。；;！？]")
_CAPTION_CELL = re.compile(
    r"(?:(?:部门|单位|预算|决算|财)*公开|财决|预决算公开|附)?(?:附?表|附件|附)?[0-9一二三四五六七八九十]+(?:[-－—][0-9]+)?(?:附?表)?[:：]?"
    r"|(?:金额)?(?:计量)?单位[:：]?(?:人民币)?[百千万亿]*元(?:[、，,].{1,6})?"
    r"|(?:编制|填报|预算|公开|申报|填表|编报|主管)?(?:部门|单位)(?:名称)?(?:[(（](?:部门|单位|公章|盖章|签章)[)）])?[:：].*"
    r"|[(（]?[0-9]{4}年度?[)）]?"
    r"|(?:填报|编制|批复|公开|填表)?(?:日期|时间)[:：].*"
)
# A row of one cell over the whole width may also be the outermost header (2026年预算数): only titles go.
_TITLE_CELL = re.compile(r".+(?:表|书|报告|情况|明细)(?:[(（][^()（）]*[)）])*|[(（].*[)）]|附[表件].*")
_GAP = re.compile(r"\s{2,}|\t")
_NOTE_CELL = re.compile(r"(?:备?注|说明|填表说明)[0-9]*[:：]|[(（]?注[:：0-9]")


@dataclass(frozen=True, slots=True)
class Caption:
    """Title (with number and year still in it), unit, and where the title stands.

    ``reporting_unit`` is whose table it says it is (编制单位：…), as printed.
    """

    title: str | None
    unit: str | None
    year: int | None
    place: Place | None
    continued: bool = False
    reporting_unit: str | None = None


def clean_title(title: str) -> str:
    """A table's title without its number, the year, and continuation marks.

    >>> clean_title("预算01表 2026年部门收支总体情况表（续）")
    '部门收支总体情况表'
    >>> clean_title("表13 2022年部门收支总表")
    '部门收支总表'
    """
    text = compact(title)
    text = _CONTINUED.sub("", text)
    while True:
        shorter = _TABLE_NUMBER.sub("", _LEADING_YEAR.sub("", text), count=1)
        if shorter == text or not shorter:
            break
        text = shorter
    text = re.sub(r"[（(]20\d{2}年度?[）)]", "", text)
    return re.sub(r"20\d{2}年(?:度)?", "", text) or compact(title)


def unit_in(text: str) -> str | None:
    """The unit of money that a caption or a header cell names, if it names one."""
    text = compact(text)
    found = _UNIT.search(text) or _BARE_UNIT.match(text) or _HEADER_UNIT.search(text)
    return found.group(1) if found else None


def _reporting_unit(line: str) -> str | None:
    found = _REPORTING_UNIT.search(line) if len(line) <= 80 and not _SENTENCE.search(line) else None
    if found is None or unit_in(found["name"]) is not None or _MEASURED.search(found["name"]):
        return None
    return found["name"]


def _is_title(text: str) -> bool:
    return (
        4 <= len(text) <= 60
        and not _SENTENCE.search(text)
        and not _NUMBER_ONLY.match(text)
        and not _BLOCK_HEAD.fullmatch(text)
        and not text.startswith(("注", "说明", "备注"))
        and "……" not in text
        and "...." not in text
        and (_TITLE.search(_strip_owner_and_unit(text)) is not None)
    )


def _strip_owner_and_unit(text: str) -> str:
    text = _UNIT.sub("", text)
    return _OWNER.split(text)[0]


def table_number(text: str) -> str | None:
    """The number of a table that stands alone on its line (公开02表, 表5), or ``None``."""
    text = compact(text)
    return text if "表" in text and _NUMBER_ONLY.match(text) and re.search(r"\d", text) else None


def is_side_mark(text: str) -> bool:
    """Whether a line beside a title holds only its number, owner, unit or year."""
    text = compact(text)
    marked = _NUMBER_ONLY.match(text) or _YEAR_ONLY.match(text) or _OWNER.match(text)
    return bool(marked or (_UNIT.search(text) and len(text) <= 80) or _BARE_UNIT.match(text))


def is_caption_text(text: str) -> bool:
    """Whether a line can be part of a caption: a title, a number, a unit, an owner, a year."""
    text = compact(text)
    if not text or len(text) > 80 or _SENTENCE.search(text) or text.startswith(("注", "备注")):
        return False
    return bool(
        _NUMBER_ONLY.match(text)
        or _YEAR_ONLY.match(text)
        or _UNIT.search(text)
        or _BARE_UNIT.match(text)
        or _OWNER.match(text)
        or _is_title(text)
    )


def read_caption(lines: list[tuple[str, Place]]) -> Caption:
    """The caption in ``lines`` (text and place, top to bottom, the table follows the last).

    Reads upwards from the table; the first line that is no caption ends it, except that a
    title may be broken over two lines.
    """
    title: str | None = None
    place: Place | None = None
    unit: str | None = None
    year: int | None = None
    reporting_unit: str | None = None
    continued = False
    misses = 0
    for text, where in reversed(lines):
        line = compact(text)
        if not line:
            continue
        if unit is None:
            unit = unit_in(line) if len(line) <= 80 else None
        reporting_unit = reporting_unit or _reporting_unit(line)
        if year is None and len(line) <= 60 and (found := _YEAR.search(line)):
            year = int(found.group(1))
        candidate = _strip_owner_and_unit(line)
        if title is None and _is_title(candidate):
            title, place = candidate, where
            continued = _CONTINUED.search(candidate) is not None
            if unit is not None:
                break
            misses = 2  # the unit may stand above the title, but no further
            continue
        if not is_caption_text(line):
            misses += 1
            if misses > 2 or title is not None:
                break
    return Caption(title, unit, year, place, continued, reporting_unit)


def is_caption(text: str) -> bool:
    """Whether a cell holds a table's caption (公开01表, 单位：万元, 部门：…, 2023年度)."""
    printed = compact(text)
    return _CAPTION_CELL.fullmatch(printed) is not None and not is_figure(printed)


def split_captions(line: str) -> list[str]:
    """The captions set side by side on one line, apart; any other line as it is.

    >>> split_captions("部门：甲局      单位：万元")
    ['部门：甲局', '单位：万元']
    """
    pieces = [piece.strip() for piece in _GAP.split(line.strip()) if piece.strip()]
    if len(pieces) > 1 and all(is_caption(piece) for piece in pieces[1:]):
        return pieces
    return [line] if line.strip() else []


def lift_captions(table: Table) -> list[Block]:
    """The caption rows of a table as paragraphs, the table without them, its notes as paragraphs.

    A row is a caption if all its cells are captions, or if its only filled cell is a title.
    Rows are counted anew; places stay.
    """
    rows: list[list[Cell]] = [[] for _ in range(table.height)]
    for cell in table.cells:
        rows[cell.row].append(cell)
    width = table.width
    first = 0
    while first < len(rows) and _is_caption_row(rows, first):
        first += 1
    last = len(rows)
    while last > first and _is_note_row(rows, last - 1):
        last -= 1
    if last - first < 1 or width < 2 or (first, last) == (0, len(rows)):
        return [table]
    kept = tuple(replace(cell, row=cell.row - first) for cell in table.cells if first <= cell.row < last)
    body = Table(cells=kept, place=kept[0].place, trust=table.trust)
    return [*_paragraphs(rows[:first]), body, *_paragraphs(rows[last:])]


def _is_caption_row(rows: Sequence[Sequence[Cell]], index: int) -> bool:
    row = rows[index]
    if any(cell.row_span > 1 for cell in row) or (not row and index == 0):
        return False
    filled = [cell for cell in row if compact(cell.text)]
    if not filled:  # a blank row between title and caption
        return index + 1 < len(rows) and _is_caption_row(rows, index + 1)
    if all(is_caption(cell.text) for cell in filled):
        return True
    return len(filled) == 1 and _TITLE_CELL.fullmatch(compact(filled[0].text)) is not None


def _is_note_row(rows: Sequence[Sequence[Cell]], index: int) -> bool:
    row = rows[index]
    filled = [cell for cell in row if compact(cell.text)]
    if len(filled) != 1 or any(cell.row_span > 1 for cell in row):
        return False
    # A cell reaching down into this row from above would lose its lower part.
    covered = any(cell.row + cell.row_span > index for above in rows[:index] for cell in above)
    return not covered and _NOTE_CELL.match(compact(filled[0].text)) is not None and filled[0].column == 0


def _paragraphs(rows: Sequence[Sequence[Cell]]) -> list[Paragraph]:
    return [
        Paragraph(runs=(Run(text=piece, place=cell.place),), recognised=cell.recognised)
        for row in rows
        for cell in row
        for line in cell.text.split("\n")
        for piece in split_captions(line)
    ]
