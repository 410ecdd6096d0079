"""Excel workbooks (XLSX), read from their XML: exact decimals, printed by their number formats.

Figures never become binary floating point on the way. Hidden sheets, rows and columns
are not printed and therefore not read; they are mentioned.
"""

from __future__ import annotations

import posixpath
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from pathlib import Path

from lxml import etree

from fiscalgraph.extract.document import Document
from fiscalgraph.extract.errors import UnreadableDocument
from fiscalgraph.extract.readers.number_format import BUILT_IN_FORMATS, print_number
from fiscalgraph.extract.readers.package_xml import DamagedXmlError, parse_xml
from fiscalgraph.extract.readers.sheets import Sheet, blocks_of_sheets

__all__ = ["read_xlsx"]

_R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_REFERENCE = re.compile(r"([A-Z]{1,3})([0-9]{1,7})")
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
_MAX_CELLS = 2_000_000


@dataclass(slots=True)
class _Book:
    """What the sheets share: strings, number formats by style, which styles have borders."""

    strings: list[str] = field(default_factory=list)
    formats: list[str] = field(default_factory=list)
    ruled_styles: set[int] = field(default_factory=set)
    date_1904: bool = False


def read_xlsx(path: Path, name: str, sha256: str) -> Document:
    """Read a workbook; raises :class:`UnreadableDocument` if it is damaged or empty."""
    try:
        with zipfile.ZipFile(path) as archive:
            sheets, problems = _read_book(archive)
    except (zipfile.BadZipFile, DamagedXmlError, KeyError, EOFError, OSError) as error:
        raise UnreadableDocument(
            path.name, f"the workbook is damaged ({error})", "Open it in Excel and save it again."
        ) from error
    blocks = blocks_of_sheets(sheets)
    if not blocks:
        raise UnreadableDocument(path.name, "its sheets hold no text", "Check that it is the right file.")
    return Document(name, path.name, sha256, "xlsx", tuple(blocks), problems=tuple(problems))


def _local(element: etree._Element) -> str:
    return etree.QName(element).localname if isinstance(element.tag, str) else ""


def _parse(archive: zipfile.ZipFile, name: str) -> etree._Element:
    return parse_xml(archive.read(name))


def _children(element: etree._Element, name: str) -> Iterator[etree._Element]:
    return (child for child in element.iter() if _local(child) == name)


def _read_book(archive: zipfile.ZipFile) -> tuple[list[Sheet], list[str]]:
    names = {name.lower(): name for name in archive.namelist()}
    workbook = _parse(archive, names.get("xl/workbook.xml", "xl/workbook.xml"))
    relations = _parse(archive, names.get("xl/_rels/workbook.xml.rels", "xl/_rels/workbook.xml.rels"))
    targets = {relation.get("Id"): relation.get("Target") or "" for relation in relations}
    book = _Book()
    if "xl/sharedstrings.xml" in names:
        strings = _parse(archive, names["xl/sharedstrings.xml"])
        book.strings = [_rich_text(item) for item in strings if _local(item) == "si"]
    if "xl/styles.xml" in names:
        _read_styles(_parse(archive, names["xl/styles.xml"]), book)
    book.date_1904 = any(item.get("date1904") in ("1", "true") for item in _children(workbook, "workbookPr"))
    sheets: list[Sheet] = []
    problems: list[str] = []
    for item in _children(workbook, "sheet"):
        title = item.get("name") or ""
        target = targets.get(item.get(_R), "")
        part = posixpath.normpath(
            target.lstrip("/") if target.startswith("/") else posixpath.join("xl", target)
        )
        if part.lower() not in names or "worksheets/" not in part.lower():
            problems.append(f"sheet {title} is a chart or missing and was not read")
        elif item.get("state") in ("hidden", "veryHidden"):
            problems.append(f"sheet {title} is hidden and was not read")
        else:
            sheets.append(_read_sheet(_parse(archive, names[part.lower()]), title, book, problems))
    return sheets, problems


def _rich_text(element: etree._Element) -> str:
    """Text of a string item without its phonetic guide."""
    pieces: list[str] = []
    for child in element:
        if _local(child) == "t":
            pieces.append(child.text or "")
        elif _local(child) == "r":
            pieces.extend(text.text or "" for text in child if _local(text) == "t")
    return _ESCAPED.sub(lambda code: chr(int(code.group(1), 16)), "".join(pieces)).replace("\r", "")


def _read_styles(styles: etree._Element, book: _Book) -> None:
    formats = dict(BUILT_IN_FORMATS)
    for item in _children(styles, "numFmt"):
        formats[int(item.get("numFmtId") or 0)] = item.get("formatCode") or "General"
    ruled_borders: set[int] = set()
    for group in styles:
        if _local(group) == "borders":
            for index, border in enumerate(group):
                if any(side.get("style") not in (None, "none") for side in border):
                    ruled_borders.add(index)
        elif _local(group) == "cellXfs":
            for index, style in enumerate(group):
                book.formats.append(formats.get(int(style.get("numFmtId") or 0), "General"))
                if int(style.get("borderId") or 0) in ruled_borders:
                    book.ruled_styles.add(index)


def _position(reference: str) -> tuple[int, int] | None:
    match = _REFERENCE.fullmatch(reference.replace("$", ""))
    if match is None:
        return None
    column = 0
    for letter in match.group(1):
        column = column * 26 + ord(letter) - 64
    return int(match.group(2)) - 1, column - 1


def _read_sheet(root: etree._Element, title: str, book: _Book, problems: list[str]) -> Sheet:
    texts: dict[tuple[int, int], str] = {}
    ruled: set[int] = set()
    uncomputed = 0
    hidden_rows: set[int] = set()
    hide_zeros = any(view.get("showZeros") in ("0", "false") for view in _children(root, "sheetView"))
    hidden_columns = {
        column
        for item in _children(root, "col")
        if item.get("hidden") in ("1", "true")
        for column in range(int(item.get("min") or 1) - 1, min(int(item.get("max") or 1), 16384))
    }
    row_index = -1
    for row in _children(root, "row"):
        row_index = int(row.get("r") or row_index + 2) - 1
        hidden = row.get("hidden") in ("1", "true")
        column_index = -1
        for cell in row:
            if _local(cell) != "c":
                continue
            position = _position(cell.get("r") or "") or (row_index, column_index + 1)
            column_index = position[1]
            if int(cell.get("s") or 0) in book.ruled_styles:
                ruled.add(row_index)
            text = _printed(cell, book, hide_zeros)
            if text is None:
                uncomputed += 1
            elif text and hidden:
                hidden_rows.add(row_index)
            elif text and column_index not in hidden_columns:
                texts[position] = text
        if len(texts) > _MAX_CELLS:
            raise UnreadableDocument(title, f"the sheet has over {_MAX_CELLS:,} cells", "Split the workbook.")
    if hidden_rows:
        problems.append(f"sheet {title}: {len(hidden_rows)} hidden row(s) were not read")
    if uncomputed:
        problems.append(
            f"sheet {title}: {uncomputed} formula(s) were never computed; open and save it in Excel"
        )
    return Sheet(title, texts, tuple(_merged_areas(root)), frozenset(ruled))


def _merged_areas(root: etree._Element) -> Iterator[tuple[int, int, int, int]]:
    for item in _children(root, "mergeCell"):
        first, _, last = (item.get("ref") or "").partition(":")
        start, end = _position(first), _position(last or first)
        if start is not None and end is not None:
            yield (*start, *end)


def _printed(cell: etree._Element, book: _Book, hide_zeros: bool) -> str | None:
    """The cell's text as printed; ``None`` for a formula without a stored result."""
    kind = cell.get("t") or "n"
    value: str | None = None
    formula = False
    for child in cell:
        name = _local(child)
        if name == "v":
            value = child.text
        elif name == "is":
            return _rich_text(child)
        elif name == "f":
            formula = True
    if not value:
        return None if formula and kind != "str" else ""
    if kind == "s":
        index = int(value)
        return book.strings[index] if 0 <= index < len(book.strings) else ""
    if kind == "b":
        return "TRUE" if value == "1" else "FALSE"
    if kind != "n":
        return _ESCAPED.sub(lambda code: chr(int(code.group(1), 16)), value)
    try:
        number = Decimal(value)
    except InvalidOperation:
        return value
    if hide_zeros and number == 0:
        return ""
    style = int(cell.get("s") or 0)
    number_format = book.formats[style] if style < len(book.formats) else "General"
    return print_number(number, number_format, date_1904=book.date_1904)
