"""The same page or the same rows twice in one file: read once."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from fiscalgraph.extract.captions import is_caption_text, read_caption
from fiscalgraph.extract.document import Block, Cell, Document, Paragraph, Place, Table
from fiscalgraph.extract.normalise import compact, is_figure
from fiscalgraph.extract.records import Leftover
from fiscalgraph.extract.set_aside import SetAside, block_text, kind_of_blocks, source_of, where

__all__ = ["without_repeats"]

_PAGE_NUMBER = re.compile(r"[-—－–·\s]*(?:第?\s*\d{1,4}\s*页?)(?:[/／共\s]*\d{1,4}\s*页?)?[-—－–·\s]*")
_AMOUNT = re.compile(r"(?<![\d.])\d[\d,]*(?:\.\d+)?")
_SENTENCE = re.compile("[，。；]")
_ANCHOR = 12  # lines or rows at most, in which must stand what cannot agree by accident
_FIGURES = 6  # different figures other than nought that make a repetition no accident
_PROSE = 200  # characters of prose that do so, where the two stand side by side
_FIGURE_ROWS = 3  # rows at least hold them: a header with the total may stand on each page of a table
_TABLE_LINES = 6  # a titled table side by side with itself has no fewer, whatever its figures
_LONG, _LONG_TOGETHER = 40, 120  # characters, of a line and of several, that are no set phrase


@dataclass(frozen=True, slots=True)
class _Line:
    """A paragraph, or a row of a table (all of its rows, where some cell spans several)."""

    position: int  # of its block
    rows: frozenset[int]  # of a table
    content: Block
    key: tuple[object, ...]
    figures: frozenset[str]  # the different ones other than nought


def _lines(document: Document) -> list[_Line]:
    """The document line by line, less its page numbers."""
    lines: list[_Line] = []
    for position, block in enumerate(document.blocks):
        if isinstance(block, Paragraph):
            if document.pages is None or not _PAGE_NUMBER.fullmatch(block.text):
                captions = is_caption_text(block.text) and "." not in block.text  # numbers, no amounts
                figures = _figures([] if captions else _AMOUNT.findall(block.text))
                lines.append(_Line(position, frozenset(), block, ("paragraph", compact(block.text)), figures))
            continue
        for part in _rows(block):
            rows = frozenset(cell.row for cell in part.cells)
            texts = [(cell.row - min(rows), cell.column, compact(cell.text)) for cell in part.cells]
            figures = _figures(text for _, _, text in texts if is_figure(text))
            lines.append(_Line(position, rows, part, ("row", *texts), figures))
    return lines


def _rows(table: Table) -> Iterator[Table]:
    if any(cell.row_span > 1 for cell in table.cells):
        yield table
        return
    rows: dict[int, list[Cell]] = {}
    for cell in table.cells:
        rows.setdefault(cell.row, []).append(cell)
    for _, cells in sorted(rows.items()):
        yield replace(table, cells=tuple(cells), place=cells[0].place)


def _figures(printed: Iterable[str]) -> frozenset[str]:
    return frozenset(figure for figure in printed if figure.strip("0.,%"))


def _titled(run: Sequence[_Line]) -> bool:
    """Whether a table's title stands in ``run`` before its first figures."""
    captions: list[tuple[str, Place]] = []
    for line in run:
        block = line.content
        if isinstance(block, Paragraph) and (not line.figures or is_caption_text(block.text)):
            captions.append((block.text, block.place))
        elif isinstance(block, Paragraph) or line.figures:
            break  # rows before the first with figures are the header
    return read_caption(captions).title is not None


def _is_repetition(run: Sequence[_Line], adjacent: bool) -> bool:
    """Whether equal runs of lines are one place printed twice and not two tables that happen to agree.

    Tables of different titles often hold the same rows (a body that has only one source of money), so
    a run counts when its own title is in it, or when the two runs follow each other directly. Prose is
    repeated on purpose (a summary, and the report it sums up), unless it is so side by side.
    """
    prose = [line.content.text for line in run if isinstance(line.content, Paragraph)]
    if adjacent and (sum(map(len, prose)) >= _PROSE or (len(run) >= _TABLE_LINES and _titled(run))):
        return True
    counted = [
        line
        for line in run
        if adjacent or not (isinstance(line.content, Paragraph) and _SENTENCE.search(line.content.text))
    ]
    figures = frozenset[str]().union(*(line.figures for line in counted))
    rows = sum(max(1, len(line.rows)) for line in counted if line.figures)
    return len(figures) >= _FIGURES and rows >= _FIGURE_ROWS and (adjacent or _titled(run))


def _anchors(lines: Sequence[_Line]) -> dict[int, int]:
    """For positions whose content stood before: the earlier position."""
    found: dict[int, int] = {}
    first: dict[tuple[object, ...], int] = {}
    for position in range(len(lines)):
        figures: set[str] = set()
        together = 0
        for end in range(position, min(position + _ANCHOR, len(lines))):
            figures |= lines[end].figures
            length = len(compact(block_text(lines[end].content)))
            together += length
            if len(figures) >= _FIGURES or length >= _LONG or together >= _LONG_TOGETHER:
                break
        else:
            continue
        earlier = first.setdefault(tuple(line.key for line in lines[position : end + 1]), position)
        if earlier != position and position - earlier > end - position:
            found[position] = earlier
    return found


def _repeated_run(lines: Sequence[_Line], earlier: int, later: int, begin: int) -> tuple[int, int, int]:
    """The longest equal runs around ``earlier`` and ``later``: both beginnings, and the length."""
    while later > begin and earlier > 0 and lines[earlier - 1].key == lines[later - 1].key:
        earlier, later = earlier - 1, later - 1
    length = 0
    while (
        later + length < len(lines)
        and earlier + length < later
        and lines[earlier + length].key == lines[later + length].key
    ):
        length += 1
    return earlier, later, length


def _is_joined(document: Document, between: Sequence[_Line]) -> bool:
    """Whether between two runs stands only the end of a page, joined with the beginning of the next."""
    return document.pages is not None and len(between) == 1 and len(block_text(between[0].content)) >= _LONG


def without_repeats(document: Document) -> SetAside:
    """The document with what is printed a second time, word for word, left out.

    A page (or a run of lines) pasted twice would give every record twice. The first is kept.
    """
    lines = _lines(document)
    dropped: dict[int, set[int]] = {}  # rows, by the position of their block; of a paragraph none
    leftovers: list[Leftover] = []
    problems: list[str] = []
    begin = 0
    for later, earlier in sorted(_anchors(lines).items()):
        if later < begin:
            continue
        first, second, length = _repeated_run(lines, earlier, later, begin)
        run = lines[second : second + length]
        between = lines[first + length : second]
        if not _is_repetition(run, adjacent=not between or _is_joined(document, between)):
            continue
        why = f"repeats {where(lines[first].content.place)} word for word; it was read once"
        blocks = [line.content for line in run]
        leftovers.append(Leftover(kind_of_blocks(document, blocks), why, source_of(blocks)))
        problems.append(f"{where(blocks[0].place)} {why}")
        for line in run:
            dropped.setdefault(line.position, set()).update(line.rows)
        begin = second + length
    if not dropped:
        return SetAside(document)
    kept, aside = _divided(document, dropped)
    return SetAside(replace(document, blocks=kept), aside, tuple(leftovers), tuple(problems))


def _divided(document: Document, dropped: dict[int, set[int]]) -> tuple[tuple[Block, ...], tuple[Block, ...]]:
    """The blocks less the dropped lines, and what was dropped.

    Rows that follow a dropped run continue the table that the run had interrupted.
    """
    kept: list[Block] = []
    aside: list[Block] = []
    interrupted = False  # whether dropped lines directly follow the last kept block
    for position, block in enumerate(document.blocks):
        if position not in dropped:
            kept.append(block)
            interrupted = False
            continue
        if isinstance(block, Paragraph):
            aside.append(block)
            interrupted = True
            continue
        gone = dropped[position]
        aside.append(_part(block, gone))
        rest = _part(block, {cell.row for cell in block.cells} - gone)
        if rest.cells:
            before = kept[-1] if kept and interrupted and min(gone) == 0 else None
            if isinstance(before, Table) and before.trust is rest.trust and before.width == rest.width:
                more = tuple(replace(cell, row=cell.row + before.height) for cell in rest.cells)
                kept[-1] = replace(before, cells=before.cells + more)
            else:
                kept.append(rest)
        interrupted = not rest.cells or max(gone) == block.height - 1
    return tuple(kept), tuple(aside)


def _part(table: Table, rows: set[int]) -> Table:
    numbers = {row: number for number, row in enumerate(sorted(rows))}
    cells = tuple(replace(cell, row=numbers[cell.row]) for cell in table.cells if cell.row in numbers)
    return replace(table, cells=cells, place=cells[0].place if cells else table.place)
