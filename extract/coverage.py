"""The coverage certificate (覆盖证书): what was consumed of a document, and what was left and why."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Set

from fiscalgraph.extract.captions import is_caption_text
from fiscalgraph.extract.document import Cell, Document, Paragraph, Place, Table
from fiscalgraph.extract.normalise import compact, is_figure, printed_figure
from fiscalgraph.extract.records import Coverage, Leftover, Source
from fiscalgraph.extract.tables.header import CODE, is_order_row
from fiscalgraph.extract.tables.logical import LogicalTable

__all__ = ["certify"]

_QUOTE = 120
_ROW_NUMBERS = re.compile(r"^(?:序号|行次|编号)$|(?:单位|部门|项目)(?:编码|代码|编号)$")
_NUMBER = re.compile(r"\d+(?:\.\d+)?")


def _figures(table: Table) -> list[Cell]:
    """The cells that print an amount, a share or a score; codes, row and column numbers are none."""
    grid = table.grid()
    ordered = {id(cell) for row in grid if is_order_row(row) for cell in row if cell is not None}
    for column in zip(*grid, strict=True):
        texts = [compact(cell.text) for cell in column if cell is not None and cell.text]
        if texts and _ROW_NUMBERS.search(texts[0]):
            ordered |= {id(cell) for cell in column if cell is not None}
    return [
        cell
        for cell in table.cells
        if id(cell) not in ordered and is_figure(cell.text) and not CODE.fullmatch(compact(cell.text))
    ]


def _source(text: str, place: Place) -> Source:
    return Source(quote=text[:_QUOTE], page=place.page, line=place.line, box=place.box, part=place.part)


_Where = tuple[str | None, int | None, int | None]


def _where(place: Place | Source) -> _Where:
    return place.part, place.page, place.line


def _quoted(paragraph: Paragraph, quotes: Mapping[_Where, list[str]]) -> bool:
    """Whether a record quotes the paragraph, or runs over it from the line before."""
    for run in paragraph.runs:
        text = compact(run.text)
        for quote in quotes.get(_where(run.place), ()):
            if quote in text or text in quote or text[:12] in quote or text[-12:] in quote:
                return True
    return False


class _Held:
    """The figures that the texts of some records hold, alone or within words ("≥95%")."""

    def __init__(self, values: Iterable[str]) -> None:
        self._figures = {
            figure for value in values for figure in _NUMBER.findall(compact(value).replace(",", ""))
        }

    def __contains__(self, cell: str) -> bool:
        return printed_figure(cell).lstrip("-+").rstrip("%") in self._figures


def certify(
    document: Document,
    consumed: Set[int],
    unread: Iterable[Leftover],
    sources: Iterable[Source],
    rebuilt: Iterable[LogicalTable] = (),
    forms: Set[int] = frozenset(),
    values: Iterable[str] = (),
    outside: Mapping[int, str] | None = None,
) -> Coverage:
    """Count what the records hold of ``document``.

    ``consumed`` are the positions in ``document.blocks`` of the tables that were read, ``unread``
    the figures in them that no record holds, ``sources`` where the records come from. A paragraph
    counts as read when a record quotes it or when it is a caption of a table that was read.
    ``rebuilt`` are tables that were put together from lines of text: they are no blocks. Of the
    tables in ``forms`` (performance tables, whose rows mix words and figures) a figure counts as
    read when it stands in one of ``values``, the texts of the records made from them. ``outside``
    says of tables that no record type is for why that is so.
    """
    outside = outside or {}
    held = _Held(values)
    leftovers = list(unread)
    missed_cells = sum(item.what == "cell" for item in leftovers)
    tables = tables_read = cells = cells_read = cells_outside = paragraphs = paragraphs_read = 0
    quotes: dict[_Where, list[str]] = defaultdict(list)
    for source in sources:
        quotes[_where(source)].append(compact(source.quote))
    pages = {block.place.page for block in document.blocks} - {None}
    caption_of: list[Paragraph] = []
    for position, block in enumerate(document.blocks):
        if isinstance(block, Paragraph):
            paragraphs += 1
            if position in consumed or position in forms or _quoted(block, quotes):
                paragraphs_read += 1
            else:
                caption_of.append(block)
            continue
        figures = _figures(block)
        tables += 1
        cells += len(figures)
        if position in consumed or position in forms:
            tables_read += 1
            cells_read += len(figures)
            lost = [cell for cell in figures if cell.text not in held] if position not in consumed else []
            leftovers += [Leftover("cell", "no record holds it", _source(c.text, c.place)) for c in lost]
            missed_cells += len(lost)
            paragraphs_read += sum(is_caption_text(paragraph.text) for paragraph in caption_of[-6:])
        elif figures:
            text = " ".join(compact(cell.text) for cell in block.cells if cell.text)
            why = outside.get(position, "of no kind that is read")
            leftovers.append(Leftover("table", why, _source(text, block.place)))
            cells_outside += len(figures) if position in outside else 0
        caption_of = []
    for table in rebuilt:
        placed = sum(
            cell is not None and is_figure(cell.text) and not CODE.fullmatch(compact(cell.text))
            for row in table.rows
            for cell in row
        )
        tables, tables_read = tables + 1, tables_read + 1
        cells, cells_read = cells + placed + len(table.unplaced), cells_read + placed + len(table.unplaced)
    return Coverage(
        pages=document.pages,
        pages_read=len(pages) if document.pages is not None else None,
        tables=tables,
        tables_read=tables_read,
        cells=cells,
        cells_read=max(0, cells_read - missed_cells),
        paragraphs=paragraphs,
        paragraphs_read=paragraphs_read,
        leftovers=tuple(leftovers),
        problems=document.problems,
        cells_outside=cells_outside,
    )
