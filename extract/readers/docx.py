"""Word documents (DOCX): paragraphs, merged and nested tables, text boxes, automatic numbers.

The parts are read as XML directly: files written by other word processors often carry
relations that a stricter library refuses. Word stores no pages; a place's ``line`` is
the ordinal of the paragraph or table row in reading order.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from lxml import etree

from fiscalgraph.extract.captions import lift_captions, split_captions
from fiscalgraph.extract.document import Block, Cell, Document, Paragraph, Place, Run, Table
from fiscalgraph.extract.errors import UnreadableDocument
from fiscalgraph.extract.normalise import normalise
from fiscalgraph.extract.readers.docx_numbering import Numbering
from fiscalgraph.extract.readers.package_xml import DamagedXmlError, parse_xml

__all__ = ["read_docx"]

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_M = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
_MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
_STRICT = b"http://purl.oclc.org/ooxml/wordprocessingml/main"
_STRICT_NAMESPACES = {
    _STRICT: b"http://schemas.openxmlformats.org/wordprocessingml/2006/main",
    b"http://purl.oclc.org/ooxml/officeDocument/math": b"http://schemas.openxmlformats.org/officeDocument/2006/math",
}
# Content in these is not printed: deleted text, the old place of moved text, field codes.
_UNPRINTED = {
    f"{_W}{name}" for name in ("del", "moveFrom", "instrText", "delText", "pPr", "rPr", "rt", "tblPr")
}
_WRAPPERS = {
    f"{_W}{name}" for name in ("sdt", "sdtContent", "ins", "moveTo", "smartTag", "customXml", "hyperlink")
}
_PICTURES = {f"{_W}drawing", f"{_W}pict", f"{_W}object"}
_MAX_COLUMNS = 200


def read_docx(path: Path, name: str, sha256: str) -> Document:
    """Read a Word document; raises :class:`UnreadableDocument` if it is damaged or holds no text."""
    try:
        with zipfile.ZipFile(path) as archive:
            part = next(
                part for part in sorted(archive.namelist()) if re.fullmatch(r"word/document\d*\.xml", part)
            )
            body = _parse(archive.read(part))
            styles = _part(archive, "word/styles.xml")
            numbering = _part(archive, "word/numbering.xml")
            notes = [_part(archive, f"word/{kind}.xml") for kind in ("footnotes", "endnotes")]
    except (zipfile.BadZipFile, DamagedXmlError, EOFError, OSError) as error:
        raise UnreadableDocument(
            path.name, f"the Word file is damaged ({error})", "Open it in Word and save it again."
        ) from error
    reader = _Reader(styles, Numbering(numbering))
    blocks = reader.blocks(body)
    for note in notes:
        if note is not None:
            blocks.extend(reader.notes(note))
    problems = []
    if reader.pictures:
        problems.append(f"{reader.pictures} picture(s) hold no text and were not read")
    if not blocks:
        raise UnreadableDocument(
            path.name,
            "it holds pictures but no text" if reader.pictures else "it holds no text",
            "Run optical recognition and give the text.",
        )
    return Document(name, path.name, sha256, "docx", tuple(blocks), problems=tuple(problems))


def _parse(content: bytes) -> etree._Element:
    if _STRICT in content[:8192]:
        for strict, usual in _STRICT_NAMESPACES.items():
            content = content.replace(strict, usual)
    return parse_xml(content)


def _part(archive: zipfile.ZipFile, name: str) -> etree._Element | None:
    return _parse(archive.read(name)) if name in archive.namelist() else None


def _flag(properties: etree._Element | None, name: str) -> bool:
    element = None if properties is None else properties.find(f"{_W}{name}")
    return element is not None and element.get(f"{_W}val") not in ("0", "false", "off", "none")


def _value(properties: etree._Element | None, path: str) -> str | None:
    element = (
        None if properties is None else properties.find("/".join(f"{_W}{step}" for step in path.split("/")))
    )
    return None if element is None else element.get(f"{_W}val")


@dataclass(slots=True)
class _OpenCell:
    """A grid cell being read; a vertically merged one grows row by row."""

    text: str
    row: int
    column: int
    row_span: int
    column_span: int
    place: Place


class _Reader:
    def __init__(self, styles: etree._Element | None, numbering: Numbering) -> None:
        self._numbering = numbering
        self._ordinal = 0
        self._style_levels: dict[str, int] = {}
        self._style_numbers: dict[str, tuple[str, int]] = {}
        self.pictures = 0
        if styles is not None:
            self._read_styles(styles)

    def _read_styles(self, styles: etree._Element) -> None:
        definitions = {style.get(f"{_W}styleId") or "": style for style in styles.iter(f"{_W}style")}
        for style_id in definitions:
            seen: set[str] = set()
            current: str | None = style_id
            while current in definitions and current not in seen:
                seen.add(current)
                style = definitions[current]
                properties = style.find(f"{_W}pPr")
                level = _value(properties, "outlineLvl")
                if level is not None and style_id not in self._style_levels:
                    self._style_levels[style_id] = int(level)
                number = _value(properties, "numPr/numId")
                if number is not None and style_id not in self._style_numbers:
                    self._style_numbers[style_id] = (number, int(_value(properties, "numPr/ilvl") or 0))
                current = _value(style, "basedOn")

    def _next_place(self) -> Place:
        self._ordinal += 1
        return Place(line=self._ordinal)

    def blocks(self, root: etree._Element) -> list[Block]:
        body = root.find(f"{_W}body")
        return list(self._children(root if body is None else body))

    def notes(self, root: etree._Element) -> Iterator[Block]:
        """Footnotes and endnotes, after the text."""
        for note in root:
            if note.get(f"{_W}type") is None:  # the others are separators
                yield from self._children(note)

    def _children(self, parent: etree._Element) -> Iterator[Block]:
        for child in parent:
            if child.tag == f"{_W}p":
                yield from self._paragraph(child)
            elif child.tag == f"{_W}tbl":
                yield from self._table(child)
            elif child.tag in _WRAPPERS:
                yield from self._children(child)
            elif child.tag == f"{_MC}AlternateContent":
                yield from self._children(_choice(child))

    def _paragraph(self, paragraph: etree._Element) -> Iterator[Block]:
        boxes: list[etree._Element] = []
        label, heading = self._label_and_heading(paragraph)
        text = label + self._text(paragraph, boxes)
        if text.strip():
            place = self._next_place()
            # A line break inside a paragraph separates captions set in one paragraph.
            for line in normalise(text).split("\n"):
                for piece in split_captions(line):
                    yield Paragraph((Run(piece.rstrip(), place),), heading=heading)
        for box in boxes:
            yield from self._children(box)

    def _label_and_heading(self, paragraph: etree._Element) -> tuple[str, int | None]:
        properties = paragraph.find(f"{_W}pPr")
        style = _value(properties, "pStyle") or ""
        own_level = _value(properties, "outlineLvl")
        level = int(own_level) if own_level is not None else self._style_levels.get(style, 9)
        heading = level + 1 if level < 9 else None
        number, depth = self._style_numbers.get(style, ("0", 0))
        if (own_number := _value(properties, "numPr/numId")) is not None:
            number, depth = own_number, int(_value(properties, "numPr/ilvl") or 0)
        has_text = any(text.text for text in paragraph.iter(f"{_W}t"))
        return (self._numbering.next_label(number, depth) if number != "0" and has_text else ""), heading

    def _text(self, element: etree._Element, boxes: list[etree._Element]) -> str:
        """The printed text of a paragraph; text boxes anchored in it are put into ``boxes``."""
        pieces: list[str] = []
        for child in element:
            tag = child.tag
            if tag in (f"{_W}t", f"{_M}t"):
                pieces.append(child.text or "")
            elif tag in _UNPRINTED:
                continue
            elif tag == f"{_W}r":
                if not _flag(child.find(f"{_W}rPr"), "vanish"):
                    pieces.append(self._text(child, boxes))
            elif tag in (f"{_W}tab", f"{_W}ptab"):
                pieces.append("  ")  # two blanks: a gap on the printed line
            elif tag in (f"{_W}br", f"{_W}cr"):
                pieces.append("\n")
            elif tag == f"{_W}noBreakHyphen":
                pieces.append("-")
            elif tag == f"{_W}sym":
                pieces.append(_symbol(child))
            elif tag == f"{_MC}AlternateContent":
                pieces.append(self._text(_choice(child), boxes))
            elif tag in _PICTURES:
                found = _text_boxes(child)
                boxes.extend(found)
                self.pictures += not found
            elif isinstance(tag, str):
                pieces.append(self._text(child, boxes))
        return "".join(pieces)

    def _table(self, table: etree._Element) -> Iterator[Block]:
        cells: list[_OpenCell] = []
        growing: dict[int, _OpenCell] = {}  # by first column: the cell a vMerge continues
        nested: list[etree._Element] = []
        row_index = -1
        for row in _elements(table, f"{_W}tr"):
            row_properties = row.find(f"{_W}trPr")
            if _flag(row_properties, "hidden") or (
                row_properties is not None and row_properties.find(f"{_W}del") is not None
            ):
                continue
            row_index += 1
            place = self._next_place()
            column = int(_value(row_properties, "gridBefore") or 0)
            still_growing: dict[int, _OpenCell] = {}
            for cell in _elements(row, f"{_W}tc"):
                properties = cell.find(f"{_W}tcPr")
                span = min(max(int(_value(properties, "gridSpan") or 1), 1), _MAX_COLUMNS)
                merge = None if properties is None else properties.find(f"{_W}vMerge")
                side = None if properties is None else properties.find(f"{_W}hMerge")
                text = self._cell_text(cell, nested)
                above = growing.get(column)
                if (
                    side is not None
                    and side.get(f"{_W}val") != "restart"
                    and cells
                    and cells[-1].row == row_index
                ):
                    cells[-1].column_span += span
                elif (
                    merge is not None
                    and merge.get(f"{_W}val") != "restart"
                    and above
                    and above.column_span == span
                ):
                    above.row_span += 1
                    above.text = "\n".join(filter(None, (above.text, text)))
                    still_growing[column] = above
                else:
                    cells.append(_OpenCell(text, row_index, column, 1, span, place))
                    if merge is not None:
                        still_growing[column] = cells[-1]
                column += span
            growing = still_growing
        cells.sort(key=lambda open_cell: (open_cell.row, open_cell.column))
        frozen = tuple(
            Cell(cell.text, cell.row, cell.column, cell.row_span, cell.column_span, cell.place)
            for cell in cells
        )
        if len(frozen) == 1 and frozen[0].text:  # a frame around text
            for line in frozen[0].text.split("\n"):
                yield Paragraph((Run(line, frozen[0].place),))
        elif any(cell.text for cell in frozen):
            yield from lift_captions(Table(frozen, place=frozen[0].place))
        for inner in nested:
            yield from self._table(inner)

    def _cell_text(self, cell: etree._Element, nested: list[etree._Element]) -> str:
        lines: list[str] = []
        for child in _elements(cell, f"{_W}p", f"{_W}tbl"):
            if child.tag == f"{_W}tbl":
                nested.append(child)
                continue
            boxes: list[etree._Element] = []
            label, _ = self._label_and_heading(child)
            lines.extend((label + self._text(child, boxes)).split("\n"))
            for box in boxes:
                lines.append(self._cell_text(box, nested))
        return "\n".join(line.strip() for line in normalise("\n".join(lines)).split("\n") if line.strip())


def _elements(parent: etree._Element, *tags: str) -> Iterator[etree._Element]:
    """Children with these tags, also inside content controls and tracked insertions."""
    for child in parent:
        if child.tag in tags:
            yield child
        elif child.tag in _WRAPPERS:
            yield from _elements(child, *tags)


def _choice(alternative: etree._Element) -> etree._Element:
    """One of the renderings of the same thing (drawing or its old form); reading both would double it."""
    choice = alternative.find(f"{_MC}Choice")
    if choice is not None:
        return choice
    fallback = alternative.find(f"{_MC}Fallback")
    return alternative if fallback is None else fallback


def _text_boxes(drawing: etree._Element) -> list[etree._Element]:
    boxes = list(drawing.iter(f"{_W}txbxContent"))
    inner = {id(deeper) for box in boxes for deeper in box.iter(f"{_W}txbxContent") if deeper is not box}
    return [box for box in boxes if id(box) not in inner and any(text.text for text in box.iter(f"{_W}t"))]


def _symbol(element: etree._Element) -> str:
    """A character of a symbol font; ticks and boxes occur in forms, others have no meaning as text."""
    signs = {"F052": "☑", "F0FE": "☑", "F0A3": "□", "F06F": "□", "F0A8": "□", "F0FC": "√", "F050": "√"}
    return signs.get((element.get(f"{_W}char") or "").upper(), "")
