"""PDF: pages as government offices publish them, tables ruled in full, in half or not at all."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from fiscalgraph.samples.layout import LayoutVariant
from fiscalgraph.samples.printed import (
    Block,
    Positions,
    PrintedCell,
    PrintedParagraph,
    PrintedTable,
    placed_cells,
)
from fiscalgraph.samples.typesetting import face, pieces_of, text_width, wrapped

__all__ = ["render_pdf"]

_SHORT, _LONG = 595.28, 841.89  # A4 in points
_MARGIN = 62.0
_PADDING = 3.0


@dataclass(slots=True)
class _PlacedCell:
    row: int
    column: int
    cell: PrintedCell
    left: float
    width: float
    lines: list[str]
    drawn: bool = False


@dataclass(slots=True)
class _Strip:
    """A printed row, or the part of a row that stands on one page."""

    row: int
    height: float
    first_line: int = 0
    last_line: int | None = None


@dataclass(slots=True)
class _Laid:
    """A table with its cells measured for one page width."""

    table: PrintedTable
    size: float
    cells: list[_PlacedCell] = field(default_factory=list)
    heights: list[float] = field(default_factory=list)


class _Writer:
    def __init__(self, variant: LayoutVariant, heading: str) -> None:
        from reportlab.pdfgen import canvas

        self.variant = variant
        self.heading = heading
        self.buffer = io.BytesIO()
        self.canvas: Any = canvas.Canvas(
            self.buffer, pagesize=(_SHORT, _LONG), invariant=1, pageCompression=1
        )
        self.canvas.setTitle(heading)
        self.font = face().name
        self.page = 0
        self.landscape = False
        self.y = 0.0
        self.used = True
        self.new_page(False)

    # pages

    @property
    def size(self) -> tuple[float, float]:
        return (_LONG, _SHORT) if self.landscape else (_SHORT, _LONG)

    @property
    def width(self) -> float:
        return self.size[0] - 2 * _MARGIN

    def new_page(self, landscape: bool) -> None:
        """Start a page, unless the present one is still empty and of the wanted kind."""
        if not self.used and landscape == self.landscape:
            return
        if self.used and self.page:
            self._end_page()
        self.landscape = landscape
        self.canvas.setPageSize(self.size)
        if self.used or not self.page:
            self.page += 1
        self.y = self.size[1] - _MARGIN
        self.used = False

    def _end_page(self) -> None:
        width = self.size[0]
        if self.variant.page_header and self.page > 1:
            self._text(width / 2, self.size[1] - 40, self.heading, 9, "center")
        if self.variant.page_numbers and self.page > 1:
            self._text(width / 2, 32, str(self.page - 1), 9, "center")
        self.canvas.showPage()

    def finish(self) -> bytes:
        if self.used:
            self._end_page()
        else:
            self.page -= 1
        self.canvas.save()
        return self.buffer.getvalue()

    # text

    def _text(
        self, x: float, y: float, text: str, size: float, align: str = "left", bold: bool = False
    ) -> None:
        if not text:
            return
        if align != "left":
            x -= text_width(text, size) / (2 if align == "center" else 1)
        pen = self.canvas.beginText(x, y)
        pen.setFont(self.font, size)
        if bold:  # the sample fonts have no bold face: glyphs are stroked as well as filled
            self.canvas.setLineWidth(size / 60)
            pen.setTextRenderMode(2)
        pen.textOut(text)
        if bold:
            pen.setTextRenderMode(0)
        self.canvas.drawText(pen)

    def paragraph(self, block: PrintedParagraph) -> int:
        """Print a paragraph; the page on which it begins."""
        body = self.variant.body_size
        size = {"cover": 24.0, "title": body + 4, "heading1": body + 4, "heading2": body + 1}.get(
            block.style, body
        )
        centred = block.style in ("cover", "title", "heading1")
        if block.new_page or self.landscape:
            self.new_page(False)
        if block.style == "cover":
            self.y -= 180
        indent = 0.0 if centred else 2 * size
        leading = size * 1.7
        begun = 0
        for number, line in enumerate(wrapped(block.text, self.width, size, indent)):
            if self.y - leading < _MARGIN:
                self.new_page(False)
            self.y -= leading
            begun = begun or self.page
            if centred:
                self._text(self.size[0] / 2, self.y, line, size, "center", bold=True)
            else:
                self._text(
                    _MARGIN + (indent if number == 0 else 0),
                    self.y,
                    line,
                    size,
                    bold=block.style == "heading2",
                )
            self.used = True
        if centred:
            self.y -= size
        return begun

    # tables

    def table(self, table: PrintedTable) -> list[int]:
        """Print a table; the page of each row."""
        wide = table.wide and self.variant.landscape_wide
        if table.new_page or wide != self.landscape:
            self.new_page(wide)
        self.used = True
        if table.title:
            self._title(table)
        else:
            self.y -= 8
        laid = self._lay_out(table)
        pages = self._strips(laid)
        size = 9.0
        for note in table.notes:
            for line in wrapped(note, self.width, size):
                if self.y - 14 < _MARGIN:
                    self.new_page(self.landscape)
                self.y -= 14
                self._text(_MARGIN, self.y, line, size)
                self.used = True
        self.y -= 10
        return pages

    def _title(self, table: PrintedTable) -> None:
        middle = self.size[0] / 2
        self.y -= 20
        self._text(middle, self.y, table.title, 16, "center", bold=True)
        if table.subtitle:
            self.y -= 18
            self._text(middle, self.y, table.subtitle, 11, "center")
        if table.number:
            self.y -= 18
            self._text(self.size[0] - _MARGIN, self.y, table.number, 9, "right")
        if table.left_caption or table.right_caption:
            self.y -= 14
            self._text(_MARGIN, self.y, table.left_caption, 9)
            self._text(self.size[0] - _MARGIN, self.y, table.right_caption, 9, "right")
        self.y -= 6

    def _lay_out(self, table: PrintedTable) -> _Laid:
        size, widths = self._widths(table)
        leading = size * 1.3
        edges = [_MARGIN]
        for width in widths:
            edges.append(edges[-1] + width)
        laid = _Laid(table, size, heights=[leading + 2 * _PADDING] * len(table.rows))
        for row, column, cell in placed_cells(table):
            left = edges[column]
            width = edges[column + cell.column_span] - left
            text = "　" * cell.indent + cell.text
            lines = wrapped(text, width - 2 * _PADDING, size) if text else []
            laid.cells.append(_PlacedCell(row, column, cell, left, width, lines))
            if cell.row_span == 1:
                laid.heights[row] = max(laid.heights[row], len(lines) * leading + 2 * _PADDING)
        for placed in laid.cells:
            if placed.cell.row_span > 1:
                rows = range(placed.row, placed.row + placed.cell.row_span)
                missing = len(placed.lines) * leading + 2 * _PADDING - sum(laid.heights[row] for row in rows)
                if missing > 0:
                    laid.heights[rows[-1]] += missing
        return laid

    def _widths(self, table: PrintedTable) -> tuple[float, list[float]]:
        """Font size and column widths: no figure is broken, if need be in a smaller size."""
        needed = [0.0] * len(table.widths)
        for _, column, cell in placed_cells(table):
            if cell.column_span == 1 and cell.text:
                needed[column] = max(
                    needed[column], max(text_width(piece, 1) for piece in pieces_of(cell.text))
                )
        size = self.variant.table_size
        fixed = (2 * _PADDING + 1) * len(needed)
        size = min(size, (self.width - fixed) / max(sum(needed), 1))
        least = [width * size + 2 * _PADDING + 1 for width in needed]
        spare = self.width - sum(least)
        # the wished widths share what the figures leave over
        wished = [weight / sum(table.widths) * self.width for weight in table.widths]
        missing = [max(wish - width, 0) for wish, width in zip(wished, least, strict=True)]
        share = spare / sum(missing) if sum(missing) else 0
        return size, [width + lack * share for width, lack in zip(least, missing, strict=True)]

    def _strips(self, laid: _Laid) -> list[int]:
        """Cut the rows into pages and draw them."""
        leading = laid.size * 1.3
        header = laid.table.header_rows
        pages = [0] * len(laid.heights)
        page_strips: list[_Strip] = []
        top = self.y

        def room() -> float:
            return top - sum(strip.height for strip in page_strips) - _MARGIN

        def turn() -> None:
            nonlocal top, page_strips
            self._draw(laid, page_strips, top)
            self.new_page(self.landscape)
            self.used = True
            top = self.y
            page_strips = []
            if self.variant.repeat_header and header:
                page_strips = [_Strip(row, laid.heights[row]) for row in range(header)]

        for row, height in enumerate(laid.heights):
            start = 0
            lines = max(
                (len(c.lines) for c in laid.cells if c.row == row and c.cell.row_span == 1), default=1
            )
            while True:
                rest = height if start == 0 else (lines - start) * leading + 2 * _PADDING
                fits = int((room() - 2 * _PADDING) // leading)
                if rest <= room() or not page_strips:
                    page_strips.append(_Strip(row, rest, start))
                    pages[row] = pages[row] or self.page
                    break
                if self.variant.split_rows and row >= header and fits >= 2 and lines - start >= 4:
                    part = min(fits, lines - start - 1)
                    page_strips.append(_Strip(row, part * leading + 2 * _PADDING, start, start + part))
                    pages[row] = pages[row] or self.page
                    start += part
                    turn()
                    continue
                turn()
        self._draw(laid, page_strips, top)
        self.y = top - sum(strip.height for strip in page_strips)
        return pages

    def _draw(self, laid: _Laid, strips: Sequence[_Strip], top: float) -> None:
        spans: dict[int, tuple[float, float]] = {}
        by_row: dict[int, _Strip] = {}
        y = top
        for strip in strips:
            spans[strip.row] = (y, y - strip.height)
            by_row[strip.row] = strip
            y -= strip.height
        header = laid.table.header_rows
        last = max(by_row, default=0)
        for placed in laid.cells:
            rows = [row for row in range(placed.row, placed.row + placed.cell.row_span) if row in spans]
            if not rows:
                continue
            upper, lower = spans[rows[0]][0], spans[rows[-1]][1]
            self._rules(placed, upper, lower, rows[-1], header, last)
            lines = placed.lines
            if placed.cell.row_span == 1:
                strip = by_row[placed.row]
                lines = lines[strip.first_line : strip.last_line]
            elif placed.row >= header:
                lines = self._span_lines(placed, upper - lower, rows, laid.size)
            self._lines(placed, lines, upper, lower, laid.size)

    @staticmethod
    def _span_lines(placed: _PlacedCell, height: float, rows: Sequence[int], size: float) -> list[str]:
        """A merged cell's text stands once: on the first page that has room for all of it."""
        if placed.drawn:
            return []
        needed = len(placed.lines) * size * 1.3
        closes = rows[-1] == placed.row + placed.cell.row_span - 1
        if needed > height and not closes:
            return []
        placed.drawn = True
        return placed.lines

    def _lines(
        self, placed: _PlacedCell, lines: Sequence[str], upper: float, lower: float, size: float
    ) -> None:
        leading = size * 1.3
        y = (upper + lower) / 2 + len(lines) * leading / 2 - size
        for line in lines:
            if placed.cell.align == "center":
                x = placed.left + placed.width / 2
            elif placed.cell.align == "right":
                x = placed.left + placed.width - _PADDING
            else:
                x = placed.left + _PADDING
            self._text(x, y, line, size, placed.cell.align, placed.cell.bold)
            y -= leading

    def _rules(
        self, placed: _PlacedCell, upper: float, lower: float, row: int, header: int, last: int
    ) -> None:
        rules = self.variant.rules
        right = placed.left + placed.width
        if rules == "full":
            self._rule(placed.left, upper, placed.left, lower)
            self._rule(right, upper, right, lower)
        if rules in ("full", "horizontal"):
            self._rule(placed.left, upper, right, upper)
            self._rule(placed.left, lower, right, lower)
        elif rules == "header":  # above and below the header, and below the last row
            if placed.row == 0:
                self._rule(placed.left, upper, right, upper)
            if row == header - 1 or row == last:
                self._rule(placed.left, lower, right, lower)

    def _rule(self, x0: float, y0: float, x1: float, y1: float) -> None:
        if self.variant.rule_shape == "rectangle":
            self.canvas.rect(
                x0 - 0.25, min(y0, y1) - 0.25, x1 - x0 + 0.5, abs(y0 - y1) + 0.5, stroke=0, fill=1
            )
        else:
            self.canvas.setLineWidth(0.5)
            self.canvas.line(x0, y0, x1, y1)


def render_pdf(blocks: Sequence[Block], variant: LayoutVariant) -> tuple[bytes, Positions]:
    """The document as PDF bytes, and the page of each block and row.

    Raises ``ImportError`` without reportlab (the extra ``samples``).
    """
    first = blocks[0]
    writer = _Writer(variant, first.text if isinstance(first, PrintedParagraph) else first.title)
    positions = Positions("page")
    for index, block in enumerate(blocks):
        if isinstance(block, PrintedParagraph):
            positions.at[(index, 0)] = writer.paragraph(block)
        else:
            for row, page in enumerate(writer.table(block)):
                positions.at[(index, row)] = page
    data = writer.finish()
    positions.pages = writer.page
    return data, positions
