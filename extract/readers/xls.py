"""Old Excel workbooks (XLS), read with xlrd where it is installed, else through LibreOffice."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

from fiscalgraph.extract.document import Document
from fiscalgraph.extract.errors import UnreadableDocument
from fiscalgraph.extract.readers.number_format import print_number
from fiscalgraph.extract.readers.sheets import Sheet, blocks_of_sheets

__all__ = ["read_xls"]


def read_xls(path: Path, name: str, sha256: str) -> Document:
    """Read a workbook of Excel 97 to 2003.

    Raises :class:`UnreadableDocument` if it is damaged or empty, or neither xlrd nor LibreOffice is there.
    """
    try:
        import xlrd
    except ImportError:
        from fiscalgraph.extract.readers.office import read_office

        return read_office(path, name, sha256)
    try:
        with path.open("rb") as file:
            formatted = file.read(2) == b"\xd0\xcf"  # formats and merged cells exist from Excel 97 on
        book = xlrd.open_workbook(str(path), formatting_info=formatted, logfile=_Quiet())
        problems: list[str] = []
        sheets = [
            _sheet(book, sheet, formatted) for sheet in book.sheets() if not _is_hidden(sheet, problems)
        ]
    except (xlrd.XLRDError, xlrd.compdoc.CompDocError, IndexError, ValueError, AssertionError) as error:
        why = (
            "it is protected by a password" if "encrypt" in str(error).lower() else f"it is damaged ({error})"
        )
        raise UnreadableDocument(path.name, why, "Open it in Excel and save it as XLSX.") from error
    blocks = blocks_of_sheets(sheets)
    if not blocks:
        raise UnreadableDocument(path.name, "its sheets hold no text", "Check that it is the right file.")
    return Document(name, path.name, sha256, "xls", tuple(blocks), problems=tuple(problems))


class _Quiet:
    """xlrd reports harmless oddities on its log; they must not reach a program's output."""

    def write(self, text: str) -> int:
        return len(text)

    def flush(self) -> None:
        return None


def _is_hidden(sheet: Any, problems: list[str]) -> bool:
    if sheet.visibility:
        problems.append(f"sheet {sheet.name} is hidden and was not read")
    return bool(sheet.visibility)


def _sheet(book: Any, sheet: Any, formatted: bool) -> Sheet:
    import xlrd

    texts: dict[tuple[int, int], str] = {}
    ruled: set[int] = set()
    for row in range(sheet.nrows):
        for column in range(sheet.row_len(row)):
            kind = sheet.cell_type(row, column)
            value = sheet.cell_value(row, column)
            style = book.xf_list[sheet.cell_xf_index(row, column)] if formatted else None
            if style is not None and (style.border.top_line_style or style.border.bottom_line_style):
                ruled.add(row)
            if kind == xlrd.XL_CELL_TEXT:
                texts[row, column] = value
            elif kind in (xlrd.XL_CELL_NUMBER, xlrd.XL_CELL_DATE):
                number_format = (
                    book.format_map[style.format_key].format_str if style is not None else "General"
                )
                # XLS stores binary floating point; 15 digits are what Excel itself shows.
                number = Decimal(f"{value:.15g}")
                texts[row, column] = print_number(number, number_format, date_1904=book.datemode == 1)
            elif kind == xlrd.XL_CELL_ERROR:
                texts[row, column] = xlrd.error_text_from_code.get(value, "#ERROR")
    merged = tuple((top, left, bottom - 1, right - 1) for top, bottom, left, right in sheet.merged_cells)
    return Sheet(sheet.name, texts, merged, frozenset(ruled))
