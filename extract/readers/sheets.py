"""A sheet's squares as blocks: captions, tables, notes. Shared by the XLSX and XLS readers.

In places, ``page`` is the number of the sheet and ``line`` that of its row: so a person
finds them. Workbooks have no printed pages to count.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from fiscalgraph.extract.captions import lift_captions, split_captions
from fiscalgraph.extract.document import Block, Cell, Paragraph, Place, Run, Table
from fiscalgraph.extract.normalise import compact, normalise

__all__ = ["Sheet", "blocks_of_sheets"]

_GENERIC_NAME = re.compile(r"(?:sheet|工作表|表)?\s*\d*(?:\s*\(\d+\))?", re.IGNORECASE)


@dataclass(slots=True)
class Sheet:
    """Printed texts by (row, column), both from 0; merged areas as (top, left, bottom, right), inclusive.

    ``ruled`` holds the rows that have a cell with a border: an empty ruled row belongs to its table.
    """

    name: str
    texts: Mapping[tuple[int, int], str]
    merged: Sequence[tuple[int, int, int, int]] = ()
    ruled: frozenset[int] = field(default_factory=frozenset)


def blocks_of_sheets(sheets: Sequence[Sheet]) -> list[Block]:
    """The blocks of all sheets in order; a sheet's name that says something comes first as a heading."""
    blocks: list[Block] = []
    for number, sheet in enumerate(sheets, start=1):
        content = _blocks_of_sheet(sheet, number)
        title = normalise(sheet.name).strip()
        if content and not _GENERIC_NAME.fullmatch(title) and not _says(content, title):
            content.insert(0, Paragraph((Run(title, Place(page=number, line=1)),), heading=1))
        blocks.extend(content)
    return blocks


def _says(blocks: Sequence[Block], title: str) -> bool:
    leading = "".join(block.text for block in blocks[:4] if isinstance(block, Paragraph))
    return compact(title) in compact(leading)


def _blocks_of_sheet(sheet: Sheet, number: int) -> list[Block]:
    texts = {place: cleaned for place, text in sheet.texts.items() if (cleaned := _cell_text(text))}
    spans = {(top, left): (bottom - top + 1, right - left + 1) for top, left, bottom, right in sheet.merged}
    filled = {row for row, _ in texts}
    for (row, column), (rows, _) in spans.items():
        if (row, column) in texts:
            filled.update(range(row, row + rows))
    blocks: list[Block] = []
    for first, last in _regions(filled, sheet.ruled):
        blocks.extend(_region(texts, spans, first, last, number))
    return blocks


def _cell_text(text: str) -> str:
    return "\n".join(line.strip() for line in normalise(text).split("\n") if line.strip())


def _regions(filled: set[int], ruled: frozenset[int]) -> list[tuple[int, int]]:
    """Runs of rows (first, last) that are not separated by an empty row without rules."""
    regions: list[tuple[int, int]] = []
    for row in sorted(filled):
        if regions:
            first, last = regions[-1]
            if all(between in ruled for between in range(last + 1, row)):
                regions[-1] = (first, row)
                continue
        regions.append((row, row))
    return regions


def _region(
    texts: Mapping[tuple[int, int], str],
    spans: Mapping[tuple[int, int], tuple[int, int]],
    first: int,
    last: int,
    number: int,
) -> list[Block]:
    inside = {place: text for place, text in texts.items() if first <= place[0] <= last}
    left = min(column for _, column in inside)
    right = max(column for _, column in inside)
    if all(sum(1 for place in inside if place[0] == row) <= 1 for row in range(first, last + 1)):
        return _paragraphs(inside, number)
    covered: set[tuple[int, int]] = set()
    cells: list[Cell] = []
    for row in range(first, last + 1):
        for column in range(left, right + 1):
            if (row, column) in covered:
                continue
            rows, columns = spans.get((row, column), (1, 1))
            rows, columns = min(rows, last - row + 1), min(columns, right - column + 1)
            covered.update((row + down, column + aside) for down in range(rows) for aside in range(columns))
            place = Place(page=number, line=row + 1)
            cells.append(
                Cell(inside.get((row, column), ""), row - first, column - left, rows, columns, place)
            )
    return lift_captions(Table(tuple(cells), place=Place(page=number, line=first + 1)))


def _paragraphs(inside: Mapping[tuple[int, int], str], number: int) -> list[Block]:
    return [
        Paragraph((Run(piece, Place(page=number, line=row + 1)),))
        for (row, _), text in sorted(inside.items())
        for line in text.split("\n")
        for piece in split_captions(line)
    ]
