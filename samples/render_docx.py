"""Word: real merged cells, headings as styles."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import Any
from xml.sax.saxutils import escape

from fiscalgraph.samples.archive import settled
from fiscalgraph.samples.layout import LayoutVariant
from fiscalgraph.samples.printed import (
    Block,
    Positions,
    PrintedCell,
    PrintedParagraph,
    PrintedTable,
    placed_cells,
)

__all__ = ["render_docx"]

_NAMESPACE = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
_STYLES = {"cover": "Title", "title": "Heading 1", "heading1": "Heading 1", "heading2": "Heading 2"}
_WIDTH = 9000  # twentieths of a point


def _cell_xml(cell: PrintedCell | None, width: int, span: int, merge: str) -> str:
    """One ``w:tc``; ``merge`` is restart, continue or empty. A covered square has no cell of its own text."""
    properties = f'<w:tcW w:w="{width}" w:type="dxa"/>'
    properties += f'<w:gridSpan w:val="{span}"/>' if span > 1 else ""
    properties += f'<w:vMerge w:val="{merge}"/>' if merge else ""
    text = ""
    align = "left"
    if cell is not None:
        align = cell.align
        bold = "<w:rPr><w:b/></w:rPr>" if cell.bold else ""
        content = escape("　" * cell.indent + cell.text)
        text = f'<w:r>{bold}<w:t xml:space="preserve">{content}</w:t></w:r>' if content else ""
    return (
        f'<w:tc><w:tcPr>{properties}</w:tcPr><w:p><w:pPr><w:jc w:val="{align}"/></w:pPr>{text}</w:p></w:tc>'
    )


def _table_xml(table: PrintedTable, variant: LayoutVariant) -> str:
    total = sum(table.widths)
    widths = [int(weight / total * _WIDTH) for weight in table.widths]
    rows: list[dict[int, str]] = [{} for _ in table.rows]
    for row, column, cell in placed_cells(table):
        width = sum(widths[column : column + cell.column_span])
        for covered in range(cell.row_span):
            merge = "" if cell.row_span == 1 else ("continue" if covered else "restart")
            shown = None if covered else cell
            rows[row + covered][column] = _cell_xml(shown, width, cell.column_span, merge)
    border = "single" if variant.rules != "none" else "nil"
    sides = ("top", "left", "bottom", "right", "insideH", "insideV")
    borders = "".join(f'<w:{side} w:val="{border}" w:sz="4" w:space="0" w:color="000000"/>' for side in sides)
    grid = "".join(f'<w:gridCol w:w="{width}"/>' for width in widths)
    lines = []
    for index, cells in enumerate(rows):
        head = (
            "<w:trPr><w:tblHeader/></w:trPr>" if variant.repeat_header and index < table.header_rows else ""
        )
        lines.append(f"<w:tr>{head}{''.join(xml for _, xml in sorted(cells.items()))}</w:tr>")
    return (
        f'<w:tbl {_NAMESPACE}><w:tblPr><w:tblW w:w="{_WIDTH}" w:type="dxa"/>'
        f"<w:tblBorders>{borders}</w:tblBorders></w:tblPr><w:tblGrid>{grid}</w:tblGrid>{''.join(lines)}</w:tbl>"
    )


def _paragraph(document: Any, text: str, style: str | None, align: int | None = None) -> None:
    paragraph = document.add_paragraph(text, style=style)
    if align is not None:
        paragraph.alignment = align


def render_docx(blocks: Sequence[Block], variant: LayoutVariant) -> tuple[bytes, Positions]:
    """The document as DOCX bytes. Word files have no fixed pages: positions stay empty."""
    import docx
    from docx.oxml import parse_xml

    document: Any = docx.Document()
    body = document.element.body
    for block in blocks:
        if isinstance(block, PrintedParagraph):
            _paragraph(document, block.text, _STYLES.get(block.style))
            continue
        for line, align in (
            (block.title, 1),
            (block.subtitle, 1),
            (block.number, 2),
            (f"{block.left_caption}　　{block.right_caption}".strip("　"), 0),
        ):
            if line:
                _paragraph(document, line, None, align)
        body.insert(len(body) - 1, parse_xml(_table_xml(block, variant)))  # before the section properties
        for note in block.notes or ("",):
            _paragraph(document, note, None)
    buffer = io.BytesIO()
    document.save(buffer)
    return settled(buffer.getvalue()), Positions("line")
