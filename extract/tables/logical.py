"""Logical tables: what the publisher meant as one table, put together from printed grids.

A printed table may carry its caption inside the grid, repeat its header on every page, run
on without one, or break a row at the page end. :func:`logical_tables` undoes that: one
:class:`LogicalTable` has one title, one unit, one header, and all its rows.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

from fiscalgraph.extract.captions import (
    Caption,
    clean_title,
    is_caption_text,
    read_caption,
    unit_in,
)
from fiscalgraph.extract.document import Cell, ColumnTrust, Document, Paragraph, Place, Table
from fiscalgraph.extract.normalise import compact, is_figure
from fiscalgraph.extract.records import Leftover
from fiscalgraph.extract.tables.header import (
    CODE,
    CODE_WITHIN,
    CODED_NAME,
    Row,
    header_height,
    header_paths,
    is_order_row,
    text_of,
)
from fiscalgraph.extract.tables.repair import aligned_rows, sound_header, unread_figures

__all__ = ["LogicalTable", "logical_tables"]

_SAME_EDGE = 3.0  # columns of one table on two pages stand this close (points)
_OVERFLOW = re.compile(r"([\u4e00-\u9fff（）()、]{1,12})(-?\d[\d,]*\.\d{2})")


@dataclass(frozen=True, slots=True)
class LogicalTable:
    """One table: header paths per column, body rows of equal width.

    ``title`` has no number and no year; ``None`` where nothing above the table names it.
    ``unit`` is the unit of money its caption or header states, ``None`` if neither does.
    ``blocks`` are the positions in ``Document.blocks`` it was made from.
    """

    index: int
    title: str | None
    unit: str | None
    year: int | None
    paths: tuple[tuple[str, ...], ...]
    rows: tuple[tuple[Cell | None, ...], ...]
    trust: ColumnTrust
    blocks: tuple[int, ...]
    place: Place
    title_place: Place | None = None
    inferred: Mapping[int, tuple[str, ...]] = field(default_factory=dict)  # rows → what decided their columns
    unplaced: tuple[Leftover, ...] = ()  # figures that stay without a column
    reporting_unit: str | None = None  # whose table it is (编制单位：…), as the caption prints it

    @property
    def width(self) -> int:
        return len(self.paths)


@dataclass
class _Open:
    """A table under construction."""

    caption: Caption
    title: str | None
    header: list[list[Cell | None]]
    rows: list[list[Cell | None]]
    width: int
    trust: ColumnTrust
    blocks: list[int]
    place: Place
    edges: list[tuple[float, float] | None] = field(default_factory=list)


def _rows(table: Table) -> list[list[Cell | None]]:
    """The grid; rows of a delimited table keep their printed length."""
    grid = table.grid()
    if table.trust is ColumnTrust.KNOWN:
        return grid
    lengths: dict[int, int] = {}
    for cell in table.cells:
        for row in range(cell.row, cell.row + cell.row_span):
            lengths[row] = max(lengths.get(row, 0), cell.column + cell.column_span)
    return [row[: lengths.get(i, 0)] for i, row in enumerate(grid)]


def _peel_caption(rows: list[list[Cell | None]]) -> tuple[list[tuple[str, Place]], list[list[Cell | None]]]:
    """Split off leading rows that hold a caption (title, number, unit, owner), not a header."""
    lines: list[tuple[str, Place]] = []
    for position, row in enumerate(rows):
        cells: list[Cell] = []
        for cell in row:
            if cell is not None and text_of(cell) and cell not in cells:
                cells.append(cell)
        if not cells:
            if position + 1 < len(rows):
                continue  # leading empty rows
            break
        wide = len(cells) <= 3 and all(is_caption_text(cell.text) for cell in cells)
        if not wide or (
            len(cells) > 1 and not any(unit_in(c.text) or ":" in c.text or "：" in c.text for c in cells)
        ):
            return lines, rows[position:]
        if (
            len(cells) == 1
            and cells[0].column_span < len(row) / 2
            and not unit_in(cells[0].text)
            and position == 0
            and len(row) > 2
        ):
            return lines, rows[position:]  # a lone word above one column is a header
        lines += [(cell.text, cell.place) for cell in cells]
    return lines, rows


def _signature(header: list[list[Cell | None]]) -> tuple[str, ...]:
    """The header's words in order, for recognising it when a page repeats it."""
    words: list[str] = []
    for row in header:
        last: Cell | None = None
        for cell in row:
            if cell is not None and cell is not last and text_of(cell):
                words.append(text_of(cell))
            last = cell
    return tuple(dict.fromkeys(words))


def _edges(rows: list[list[Cell | None]], width: int) -> list[tuple[float, float] | None]:
    """Left and right edge of each column, from cells that stand in that column alone."""
    edges: list[tuple[float, float] | None] = [None] * width
    for row in rows:
        for c, cell in enumerate(row[:width]):
            if cell is not None and cell.column_span == 1 and cell.place.box is not None:
                edges[c] = (cell.place.box[0], cell.place.box[2])
    return edges


def _collapse(rows: list[list[Cell | None]], body_from: int, width: int) -> list[int]:
    """The columns to keep: one for each run of columns that every body row merges, none that is empty."""
    keep: list[int] = []
    body = rows[body_from:] or rows
    for c in range(width):
        if all(not text_of(row[c]) for row in rows if c < len(row)):
            continue
        merged = c > 0 and all(c < len(row) and row[c] is not None and row[c] is row[c - 1] for row in body)
        if not merged:
            keep.append(c)
    return keep


def _fit(
    rows: list[list[Cell | None]], own: list[tuple[float, float] | None], into: _Open
) -> list[list[Cell | None]] | None:
    """Rows of a continuation put into the columns of ``into``; ``None`` where they do not fit."""
    width = max((len(row) for row in rows), default=0)
    if width == into.width or into.trust is not ColumnTrust.KNOWN:
        return rows
    if any(edge is None for edge in own[:width]) or any(edge is None for edge in into.edges):
        return None
    target: list[int] = []
    for edge in own[:width]:
        assert edge is not None
        overlaps = [min(edge[1], e[1]) - max(edge[0], e[0]) for e in into.edges if e is not None]
        best = max(range(len(overlaps)), key=overlaps.__getitem__)
        other = into.edges[best]
        assert other is not None
        if overlaps[best] < 0.5 * min(edge[1] - edge[0], other[1] - other[0]):
            return None
        target.append(best)
    if len(set(target)) != len(target):
        return None
    fitted = []
    for row in rows:
        line: list[Cell | None] = [None] * into.width
        for c, cell in enumerate(row):
            line[target[c]] = cell
        fitted.append(line)
    return fitted


def _join_split_row(upper: list[Cell | None], lower: list[Cell | None]) -> list[Cell | None] | None:
    """One row out of two halves that a page break parted, or ``None`` if they are two rows."""
    texts = [text_of(cell) for cell in lower]
    if any(CODE.fullmatch(text) or CODED_NAME.fullmatch(text) or CODE_WITHIN.search(text) for text in texts):
        return None
    upper_texts = [text_of(cell) for cell in upper]
    figures = any(is_figure(text) for text in texts)
    if figures and any(is_figure(text) and not CODE.fullmatch(text) for text in upper_texts):
        return None
    words = [i for i, text in enumerate(texts) if text and not is_figure(text)]
    if not words or any(not upper_texts[i] for i in words):
        return None  # the lower half of a cell needs an upper half
    if not figures and (len(words) > 1 or upper_texts[words[0]].endswith(("计", "额"))):
        return None
    if not any(CODE.fullmatch(text) for text in upper_texts):
        return None
    joined: list[Cell | None] = []
    for above, below in zip(upper, lower, strict=True):
        if above is not None and below is not None and text_of(below):
            joined.append(replace(above, text=above.text + below.text))
        else:
            joined.append(above if above is not None and text_of(above) else below or above)
    return joined


def _same_row(left: list[Cell | None], right: list[Cell | None]) -> bool:
    return [text_of(cell) for cell in left] == [text_of(cell) for cell in right]


def _append(table: _Open, rows: list[list[Cell | None]]) -> None:
    rows = [row for row in rows if any(text_of(cell) for cell in row)]
    if rows and table.rows and _same_row(rows[0], table.rows[0]) and len(table.rows) > 1:
        rows = rows[1:]  # the 合计 row is printed again at the top of each page
    if rows and table.rows and len(rows[0]) == len(table.rows[-1]):
        joined = _join_split_row(table.rows[-1], rows[0])
        if joined is not None:
            table.rows[-1] = joined
            rows = rows[1:]
    table.rows.extend(rows)


def _between_allows(paragraphs: list[Paragraph]) -> bool:
    """Whether only captions, running headers and stray marks stand between two grids."""
    return all(is_caption_text(p.text) or _is_passing(compact(p.text)) for p in paragraphs)


def _is_passing(text: str) -> bool:
    return len(text) <= 40 and not any(mark in text for mark in "。；：:") and not text.startswith("注")


def _ambiguity(header: list[list[Cell | None]], width: int) -> tuple[int, int]:
    """How little a header can be trusted: columns it cannot tell apart, rows of the wrong length.

    A page that repeats the header of a table whose first header had lost a cell puts it right.
    """
    paths = [path for path in header_paths(header, width) if path]
    return len(paths) - len(set(paths)), sum(len(row) != width for row in header)


def _put_back_overflow(rows: list[list[Cell | None]]) -> None:
    """Undo labels that ran over the rule into the figure's cell: "经费支 | 出2,022.39".

    Only in columns that otherwise hold figures, and only where the cell to the left holds text.
    """
    width = max((len(row) for row in rows), default=0)
    for c in range(1, width):
        column = [row[c] for row in rows if c < len(row) and text_of(row[c])]
        if sum(is_figure(text_of(cell)) for cell in column) * 2 < len(column):
            continue
        for row in rows:
            cell = row[c] if c < len(row) else None
            label = row[c - 1] if cell is not None else None
            found = _OVERFLOW.fullmatch(text_of(cell))
            if (
                cell is None
                or label is None
                or cell is label
                or found is None
                or not text_of(label)
                or is_figure(text_of(label))
            ):
                continue
            row[c - 1] = replace(label, text=label.text + found.group(1))
            row[c] = replace(cell, text=found.group(2))


def _finish(table: _Open, index: int) -> LogicalTable:
    if table.trust is ColumnTrust.KNOWN:
        _put_back_overflow(table.rows)
    lost: list[Row] = []
    if table.trust is ColumnTrust.DRIFTING:
        table.rows, lost = aligned_rows(table.rows, table.width)
    rows = table.header + table.rows
    keep = list(range(table.width))
    if table.trust is ColumnTrust.KNOWN:
        keep = _collapse(rows, len(table.header), table.width)
    paths = header_paths(table.header, table.width)
    unit = table.caption.unit
    if unit is None:
        units = {found for path in paths for part in path if (found := unit_in(part))}
        unit = units.pop() if len(units) == 1 else None
    body = [[row[c] if c < len(row) else None for c in keep] for row in table.rows]
    kept_header = [[row[c] if c < len(row) else None for c in keep] for row in table.header]
    ragged = (
        table.trust is ColumnTrust.DRIFTING
        and len(table.header) > 1
        and any(len(row) != table.width and not is_order_row(row) for row in table.header)
    )
    sound, dropped = sound_header(tuple(paths[c] for c in keep), kept_header, body, ragged=ragged)
    unplaced = unread_figures(lost, range(table.width), "its row is shorter than the header")
    if dropped:
        unplaced += unread_figures(body, dropped, "the header does not say which column it stands in")
        body = [[None if c in dropped else cell for c, cell in enumerate(row)] for row in body]
    return LogicalTable(
        index=index,
        title=table.title,
        unit=unit,
        year=table.caption.year,
        paths=sound,
        rows=tuple(tuple(row) for row in body),
        trust=table.trust,
        blocks=tuple(table.blocks),
        place=table.place,
        title_place=table.caption.place,
        unplaced=tuple(unplaced),
        reporting_unit=table.caption.reporting_unit,
    )


def _repeated_header(rows: list[list[Cell | None]], table: _Open | None) -> int:
    """How many leading rows repeat the open table's header, word for word."""
    height = len(table.header) if table is not None else 0
    if table is None or not 0 < height <= len(rows):
        return 0
    return height if all(map(_same_row, rows, table.header)) else 0


def _goes_on(
    table: _Open, rows: list[list[Cell | None]], height: int, block: Table, between: list[Paragraph]
) -> bool:
    """Whether a page begins with rows of the open table, though the first of them hold no figures.

    Their columns stand where the table's do, and a column of figures would have no header.
    """
    if table.place.page is None or block.place.page is None or table.trust is not ColumnTrust.KNOWN:
        return False
    edges = _edges(rows, len(rows[0]) if rows else 0)
    if not 0 < height < len(rows) or len(edges) != table.width or not _between_allows(between):
        return False
    for own, other in zip(edges, table.edges, strict=True):
        if own is None or other is None or max(abs(own[0] - other[0]), abs(own[1] - other[1])) > _SAME_EDGE:
            return False
    figures = [
        c for c in range(table.width) if any(is_figure(text_of(row[c])) for row in (*rows, *table.rows))
    ]
    return any(not any(text_of(row[c]) for row in rows[:height]) for c in figures)


def _continues(
    table: _Open, caption: Caption, title: str | None, header: list[list[Cell | None]], clean: bool
) -> bool:
    if title is not None and table.title is not None and title != table.title and not caption.continued:
        return False
    owners = {table.caption.reporting_unit, caption.reporting_unit} - {None}
    if len(owners) > 1:
        return False  # the same table of another unit
    if header:
        # The same words: on a page without rules they may fall into other rows of the header.
        same = sorted(_signature(header)) == sorted(_signature(table.header))
        return same and (title is None or title == table.title or caption.continued)
    return clean or (title is not None and title == table.title) or caption.continued


def logical_tables(document: Document) -> Iterator[LogicalTable]:
    """The document's tables in reading order, page splits undone."""
    current: _Open | None = None
    index = 0
    between: list[Paragraph] = []
    for position, block in enumerate(document.blocks):
        if isinstance(block, Paragraph):
            between.append(block)
            continue
        captions, rows = _peel_caption(_rows(block))
        lines = [(p.text, p.place) for p in between[-8:]] + captions
        caption = read_caption(lines)
        title = clean_title(caption.title) if caption.title else None
        height = _repeated_header(rows, current) or header_height(rows)
        if current is not None and title is None and _goes_on(current, rows, height, block, between):
            height = 0
        header, body = rows[:height], rows[height:]
        width = max((len(row) for row in (body or rows)), default=0)
        if current is not None and _continues(current, caption, title, header, _between_allows(between)):
            fitted = _fit(body, _edges(rows, width), current)
            if fitted is not None:
                if header and _ambiguity(header, width) < _ambiguity(current.header, current.width):
                    current.header, current.width = header, max(width, current.width)
                if current.caption.unit is None and caption.unit is not None:
                    current.caption = replace(current.caption, unit=caption.unit)
                if current.caption.reporting_unit is None:
                    current.caption = replace(current.caption, reporting_unit=caption.reporting_unit)
                _append(current, fitted)
                current.blocks.append(position)
                between = []
                continue
            if header and title is None:  # its columns stand elsewhere, but its words are the same
                title = current.title
                caption = replace(caption, unit=caption.unit or current.caption.unit)
        if current is not None:
            yield _finish(current, index)
            index += 1
        current = _Open(
            caption, title, header, [], max(width, max((len(r) for r in header), default=0)),
            block.trust, [position], block.place,
        )  # fmt: skip
        current.edges = _edges(rows, current.width)
        _append(current, body)
        between = []
    if current is not None:
        yield _finish(current, index)
