"""Workbooks: one sheet for the text, one for each table, as budget offices export them."""

from __future__ import annotations

import io
import re
from collections.abc import Sequence
from decimal import Decimal

from fiscalgraph.samples.archive import settled
from fiscalgraph.samples.layout import LayoutVariant
from fiscalgraph.samples.printed import Block, Positions, PrintedParagraph, PrintedTable, placed_cells

__all__ = ["render_xlsx"]

_FIGURE = re.compile(r"-?[\d,]+\.\d\d")


def _sheet_title(number: int, table: PrintedTable) -> str:
    return re.sub(r"[\[\]:*?/\\]", "", f"{number} {table.title or '预算单位'}")[:28]


def render_xlsx(blocks: Sequence[Block], variant: LayoutVariant) -> tuple[bytes, Positions]:
    """The document as XLSX bytes, and the sheet row of each block and row.

    Amounts are numeric cells with a two-decimal format, as printed; codes are text.
    """
    import openpyxl
    from openpyxl.styles import Alignment, Font

    book = openpyxl.Workbook()
    text_sheet = book.active
    if text_sheet is None:
        raise RuntimeError("a new workbook has no sheet")
    text_sheet.title = "说明"
    text_sheet.column_dimensions["A"].width = 100
    positions = Positions("line")
    line = tables = 0
    for index, block in enumerate(blocks):
        if isinstance(block, PrintedParagraph):
            line += 1
            text_sheet.cell(line, 1, block.text)
            positions.at[(index, 0)] = line
            continue
        tables += 1
        sheet = book.create_sheet(_sheet_title(tables, block))
        width = len(block.widths)
        top = 1
        for text, horizontal in (
            (block.title, "center"),
            (block.subtitle, "center"),
            (block.number, "right"),
        ):
            if text:
                sheet.cell(top, 1, text).alignment = Alignment(horizontal=horizontal)
                sheet.merge_cells(start_row=top, end_row=top, start_column=1, end_column=width)
                top += 1
        if block.left_caption or block.right_caption:
            sheet.cell(top, 1, block.left_caption)
            sheet.cell(top, width, block.right_caption)
            top += 1
        for row, column, cell in placed_cells(block):
            place = sheet.cell(top + row, column + 1)
            if _FIGURE.fullmatch(cell.text):
                place.value = Decimal(cell.text.replace(",", ""))
                place.number_format = "#,##0.00" if variant.thousands else "0.00"
            else:
                place.value = "　" * cell.indent + cell.text if cell.text else None
                if place.data_type == "f":  # a target such as "=100%" is text, not a formula
                    place.data_type = "s"
            place.alignment = Alignment(horizontal=cell.align, vertical="center", wrap_text=True)
            if cell.bold:
                place.font = Font(bold=True)
            if cell.row_span > 1 or cell.column_span > 1:
                sheet.merge_cells(
                    start_row=top + row,
                    end_row=top + row + cell.row_span - 1,
                    start_column=column + 1,
                    end_column=column + cell.column_span,
                )
            positions.at.setdefault((index, row), top + row)
        for offset, note in enumerate(block.notes):
            sheet.cell(top + len(block.rows) + offset, 1, note)
    buffer = io.BytesIO()
    book.save(buffer)
    return settled(buffer.getvalue()), positions
