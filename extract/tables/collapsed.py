"""Tables whose grid a reader could not find, read as lines of text instead.

Without rules, cells that stand close together run into one: a figure and the next cell's label, two
figures. Such rows still have their words and figures in order, as flattened text has.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence, Set
from dataclasses import replace

from fiscalgraph.extract.document import Block, Cell, Document, Paragraph, Run, Table
from fiscalgraph.extract.normalise import is_figure
from fiscalgraph.extract.tables.flattened import flattened_tables
from fiscalgraph.extract.tables.header import text_of
from fiscalgraph.extract.tables.header_words import Family, find_words, is_several_words
from fiscalgraph.extract.tables.logical import LogicalTable

__all__ = ["collapsed_blocks", "tables_of_lines", "without_blocks"]

_FIGURE = r"-?(?:\d{1,3}(?:,\d{3})+|\d+)\.\d{2}"
_RUN_TOGETHER = re.compile(
    rf"(?:^|\s){_FIGURE}\s+(?:{_FIGURE}|[-—]|[\u4e00-\u9fff（(])|[\u4e00-\u9fff]\s+{_FIGURE}"
)
_ONE_AMOUNT = frozenset({Family.LABEL, Family.ITEM, Family.OWNER, Family.ORDER, Family.AMOUNT})
_SHARE = 0.2  # of a table's rows with cells that ran together


def _is_collapsed(table: Table) -> bool:
    rows = {cell.row for cell in table.cells if cell.text.strip()}
    joined = {cell.row for cell in table.cells if _RUN_TOGETHER.search(cell.text)}
    return len(joined) >= 2 and len(joined) >= _SHARE * len(rows)


def _names_several(table: LogicalTable) -> bool:
    """Whether a column of figures has several columns' names above it."""
    for c, path in enumerate(table.paths):
        texts = [text for row in table.rows if c < len(row) and (text := text_of(row[c]))]
        if sum(map(is_figure, texts)) * 2 > len(texts) and any(map(_is_several_columns, path)):
            return True
    return False


def _is_several_columns(text: str) -> bool:
    words = find_words([text])
    if words is not None and {word.family for word in words} <= _ONE_AMOUNT:
        return False  # 项目金额
    return is_several_words(text)


def collapsed_blocks(document: Document, tables: Sequence[LogicalTable]) -> frozenset[int]:
    """Positions in ``document.blocks`` of tables whose cells ran together, with all their pages."""
    found: set[int] = set()
    open_run = False
    for table in tables:
        broken = any(
            _is_collapsed(block) for p in table.blocks if isinstance(block := document.blocks[p], Table)
        )
        broken = broken or _names_several(table)
        if broken or (open_run and table.title is None):
            found.update(table.blocks)
            open_run = True
        else:
            open_run = False
    return frozenset(found)


def without_blocks(document: Document, positions: Set[int]) -> Document:
    """The document with nothing in those positions; all others stay where they are."""
    empty = Paragraph(())
    blocks = tuple(empty if p in positions else block for p, block in enumerate(document.blocks))
    return replace(document, blocks=blocks)


def _lines(table: Table) -> Iterator[Paragraph]:
    rows: dict[int, list[Cell]] = {}
    for cell in table.cells:
        if cell.text.strip():
            rows.setdefault(cell.row, []).append(cell)
    for _, cells in sorted(rows.items()):
        text = " ".join(re.sub(r"\s+", " ", cell.text).strip() for cell in cells)
        yield Paragraph((Run(text, cells[0].place),))


def tables_of_lines(document: Document, positions: Set[int], first_index: int) -> list[LogicalTable]:
    """The tables that stand in those blocks, read from their lines."""
    blocks: list[Block] = []
    origin: list[int] = []
    for position, block in enumerate(document.blocks):
        if isinstance(block, Table) and position in positions:
            made: list[Block] = list(_lines(block))
        else:
            made = [block]
        blocks += made
        origin += [position] * len(made)
    found = []
    for table in flattened_tables(replace(document, blocks=tuple(blocks)), first_index):
        own = sorted({origin[block] for block in table.blocks})
        if positions & set(own) or (table.unplaced and not table.blocks):
            found.append(replace(table, blocks=tuple(block for block in own if block in positions)))
    return found
