"""Caption rows inside a grid: titles, table numbers, 部门：…, 单位：万元.

Sheets and word processors often keep the caption in the first rows of the grid, while
PDFs print it above. Recognisers expect it above, as paragraphs; so it is lifted here.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from fiscalgraph.extract.document import Block, Cell, Paragraph, Run, Table
from fiscalgraph.extract.normalise import compact, is_figure

__all__ = ["is_caption", "lift_captions", "split_captions"]

_CAPTION = re.compile(
    r"(?:(?:部门|单位|预算|决算|财)*公开|财决|预决算公开|附)?(?:附?表|附件|附)?[0-9一二三四五六七八九十]+(?:[-－—][0-9]+)?(?:附?表)?[:：]?"
    r"|(?:金额)?(?:计量)?单位[:：]?(?:人民币)?[百千万亿]*元(?:[、，,].{1,6})?"
    r"|(?:编制|填报|预算|公开|申报|填表|编报|主管)?(?:部门|单位)(?:名称)?(?:[(（](?:部门|单位|公章|盖章|签章)[)）])?[:：].*"
    r"|[(（]?[0-9]{4}年度?[)）]?"
    r"|(?:填报|编制|批复|公开|填表)?(?:日期|时间)[:：].*"
)
# A row of one cell over the whole width may also be the outermost header (2026年预算数): only titles go.
_TITLE = re.compile(r".+(?:表|书|报告|情况|明细)(?:[(（][^()（）]*[)）])*|[(（].*[)）]|附[表件].*")
_GAP = re.compile(r"\s{2,}|\t")
_NOTE = re.compile(r"(?:备?注|说明|填表说明)[0-9]*[:：]|[(（]?注[:：0-9]")


def is_caption(text: str) -> bool:
    """Whether a cell holds a table's caption (公开01表, 单位：万元, 部门：…, 2023年度)."""
    printed = compact(text)
    return _CAPTION.fullmatch(printed) is not None and not is_figure(printed)


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
    return len(filled) == 1 and _TITLE.fullmatch(compact(filled[0].text)) is not None


def _is_note_row(rows: Sequence[Sequence[Cell]], index: int) -> bool:
    row = rows[index]
    filled = [cell for cell in row if compact(cell.text)]
    if len(filled) != 1 or any(cell.row_span > 1 for cell in row):
        return False
    # A cell reaching down into this row from above would lose its lower part.
    covered = any(cell.row + cell.row_span > index for above in rows[:index] for cell in above)
    return not covered and _NOTE.match(compact(filled[0].text)) is not None and filled[0].column == 0


def _paragraphs(rows: Sequence[Sequence[Cell]]) -> list[Paragraph]:
    return [
        Paragraph(runs=(Run(text=piece, place=cell.place),), recognised=cell.recognised)
        for row in rows
        for cell in row
        for line in cell.text.split("\n")
        for piece in split_captions(line)
    ]
