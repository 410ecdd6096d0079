"""Web pages: the disclosure in them without the site around it.

The content is the smallest part of the page that holds nearly all text that is not a
link; navigation, breadcrumbs, share buttons and footers are left out. Places are line
numbers of the page's source.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import cast

import lxml.html
from lxml import etree

from fiscalgraph.extract.captions import lift_captions, split_captions
from fiscalgraph.extract.document import Block, Cell, Document, Paragraph, Place, Run, Table
from fiscalgraph.extract.errors import UnreadableDocument
from fiscalgraph.extract.normalise import compact, normalise
from fiscalgraph.extract.readers.text import decode_text

__all__ = ["blocks_of_markup", "read_html"]

_DROPPED = {
    "script", "style", "noscript", "template", "head", "nav", "footer", "aside", "iframe", "object", "embed",
    "select", "button", "textarea", "input", "svg", "canvas", "video", "audio", "map", "link", "meta", "img",
}  # fmt: skip
_BLOCKS = {
    "address", "article", "blockquote", "body", "center", "dd", "details", "div", "dl", "dt", "fieldset",
    "figure", "figcaption", "form", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr", "html", "li", "main",
    "ol", "p", "pre", "section", "summary", "table", "tbody", "td", "tfoot", "th", "thead", "tr", "ul",
    "caption",
}  # fmt: skip
_HEADINGS = {f"h{level}": level for level in range(1, 7)}
# Elements of one class in which the whole content of a page may lie.
_CONTAINERS = {
    "html", "body", "div", "section", "article", "main", "center", "form", "span", "font", "td", "tr",
    "tbody", "table",
}  # fmt: skip
_CHROME = re.compile(
    r"(?:^|[\s_-])(?:nav|navbar|menu|header|footer|foot|breadcrumbs?|crumbs?|share|sidebar|search|toolbar|tools"
    r"|copyright|related|position|location|login|banner|qrcode|print|pagination)(?:$|[\s_-])",
    re.IGNORECASE,
)
_HIDDEN = re.compile(r"(?:display\s*:\s*none|visibility\s*:\s*hidden)", re.IGNORECASE)
_DOCUMENT_LINK = re.compile(r"\.(?:pdf|docx?|xlsx?|wps|et|ofd|zip|rar)(?:$|[?#])", re.IGNORECASE)
_XML_DECLARATION = re.compile(r"^\s*<\?xml[^>]*\?>")
_CHARSET = re.compile(rb"charset\s*=\s*[\"']?\s*([A-Za-z0-9_-]+)", re.IGNORECASE)
_HTML_BLANKS = re.compile(r"[ \t\r\n]+")
_CONTENT_SHARE = 0.8  # a part with this share of its parent's text is the content
_CHROME_SHARE = 0.25  # a part called "header" holding more than this is not chrome
_MAX_SPAN = 500
_FORM_ROWS = 5  # a table with inner tables and fewer rows of its own arranges the page
_PROSE_LENGTH = 200  # a cell of a one-row table with more text than this is a column of the page


def read_html(path: Path, name: str, sha256: str) -> Document:
    """Read a web page (or a page saved by Word or Excel under another suffix)."""
    content = path.read_bytes()
    problems: list[str] = []
    declared = _CHARSET.search(content[:4096])
    if declared and declared.group(1).lower() in (b"gb2312", b"gbk", b"gb18030", b"big5"):
        encoding = "big5" if declared.group(1).lower() == b"big5" else "gb18030"
        text = content.decode(encoding, errors="replace")
        if damaged := text.count("\ufffd"):
            text, problems = decode_text(content, path.name)
            if damaged <= text.count("\ufffd"):
                problems.append(f"{damaged} undecodable character(s) were left as \ufffd")
    else:
        text, problems = decode_text(content, path.name)
    root = _parse(text)
    if root is None:
        raise UnreadableDocument(
            path.name, "the page holds no text", "Save the page again when it has loaded."
        )
    title = _page_title(root)
    _drop_chrome(root)
    part = _content_part(root)
    heading = _heading_outside(root, part, title)
    blocks = _Walker(0, None).blocks_of(part)
    printed = compact("".join(block.text for block in blocks[:5] if isinstance(block, Paragraph)))
    linked = sum(1 for link in part.iter("a") if _DOCUMENT_LINK.search(link.get("href") or ""))
    if linked:
        problems.append(f"{linked} attached document(s) are only linked; read them beside this page")
    if heading is not None and compact(heading.text) not in printed:
        blocks.insert(0, heading)
    if not blocks:
        raise UnreadableDocument(
            path.name,
            "the page holds no text (a script would load it)",
            "Save the page from a browser when it has loaded.",
        )
    return Document(name, path.name, sha256, "html", tuple(blocks), problems=tuple(problems))


def blocks_of_markup(markup: str, first_line: int, page: int | None) -> list[Block]:
    """The blocks of a piece of HTML inside a text file; ``first_line`` is its line number there."""
    root = _parse(f"<div>{markup}</div>")
    return [] if root is None else _Walker(first_line - 1, page).blocks_of(root)


def _parse(text: str) -> etree._Element | None:
    parser = lxml.html.HTMLParser(remove_comments=True, remove_pis=True, no_network=True, huge_tree=False)
    try:
        root: etree._Element | None = lxml.html.document_fromstring(
            _XML_DECLARATION.sub("", text), parser=parser
        )
    except etree.ParserError:  # no element at all
        return None
    return root


def _tag(element: etree._Element) -> str:
    return element.tag.lower() if isinstance(element.tag, str) else ""


def _source_line(element: etree._Element) -> int | None:
    line: int | None = cast("int | None", element.sourceline)  # the stubs know no type for it
    return line


def _all_text(element: etree._Element) -> str:
    return _HTML_BLANKS.sub(" ", "".join(str(text) for text in element.itertext())).strip()


def _page_title(root: etree._Element) -> str:
    for element in root.iter("meta"):
        if (element.get("name") or "").lower() in ("articletitle", "title") and element.get("content"):
            return normalise(element.get("content") or "").strip()
    title = next(root.iter("title"), None)
    return "" if title is None else normalise(_all_text(title))


def _drop_chrome(root: etree._Element) -> None:
    whole = max(_weight(root), 1)
    for element in list(root.iter()):
        if element.getparent() is None:
            continue
        tag = _tag(element)
        names = f"{element.get('class') or ''} {element.get('id') or ''}"
        hidden = _HIDDEN.search(element.get("style") or "") is not None or element.get("hidden") is not None
        chrome = tag in ("div", "ul", "dl", "span", "header", "td", "p") and _CHROME.search(names) is not None
        if tag in _DROPPED or ((hidden or chrome) and (hidden or _weight(element) < _CHROME_SHARE * whole)):
            _remove(element)


def _remove(element: etree._Element) -> None:
    """Take an element away but leave the text after it."""
    parent = element.getparent()
    if parent is None:
        return
    if element.tail:
        previous = element.getprevious()
        if previous is not None:
            previous.tail = (previous.tail or "") + element.tail
        else:
            parent.text = (parent.text or "") + element.tail
    parent.remove(element)


def _weight(element: etree._Element) -> int:
    """How much printed text an element holds; text of links does not count."""
    total = 0
    for inner in element.iter():
        if _tag(inner) in _DROPPED:
            continue
        if _tag(inner) != "a" and inner.text:
            total += len(inner.text.strip())
        if inner is not element and inner.tail:
            total += len(inner.tail.strip())
    return total


def _content_part(root: etree._Element) -> etree._Element:
    part = next(root.iter("body"), root)
    while True:
        whole = _weight(part)
        heavy = [child for child in part if _weight(child) >= _CONTENT_SHARE * max(whole, 1)]
        if len(heavy) != 1 or _tag(heavy[0]) not in _CONTAINERS or _is_data_table(heavy[0]):
            return part
        part = heavy[0]


def _is_data_table(element: etree._Element) -> bool:
    """A table of figures, as opposed to one that only arranges the page."""
    if _tag(element) != "table":
        return False
    rows = list(_own_rows(element))
    cells = [cell for row in rows for cell in row if _tag(cell) in ("td", "th")]
    if next((inner for inner in element.iter("table") if inner is not element), None) is not None:
        return len(rows) >= _FORM_ROWS
    prose = len(rows) == 1 and any(len(_all_text(cell)) > _PROSE_LENGTH for cell in cells)
    return len(cells) > 1 and not prose


def _heading_outside(root: etree._Element, part: etree._Element, title: str) -> Paragraph | None:
    """The page's own headline, which stands above the content, else the window title without the site."""
    inside = set(part.iter())
    for element in root.iter("h1", "h2", "h3"):
        text = normalise(_all_text(element))
        if element not in inside and len(compact(text)) >= 6 and compact(text) in compact(title or text):
            return Paragraph(
                (Run(text, Place(line=_source_line(element))),), heading=_HEADINGS[_tag(element)]
            )
    text = re.split(r"\s*[-_|—–]{1,2}\s*", title)[0]
    return Paragraph((Run(text, Place(line=1)),), heading=1) if len(compact(text)) >= 6 else None


class _Walker:
    """Turns an element tree into blocks; ``offset`` is added to source lines."""

    def __init__(self, offset: int, page: int | None) -> None:
        self._offset = offset
        self._page = page
        self._blocks: list[Block] = []
        self._pieces: list[str] = []
        self._line: int | None = None

    def blocks_of(self, element: etree._Element) -> list[Block]:
        self._walk(element, None)
        self._flush(None)
        return self._blocks

    def _place(self, element: etree._Element) -> Place:
        line = _source_line(element)
        return Place(page=self._page, line=None if line is None else line + self._offset)

    def _add(self, text: str | None, element: etree._Element) -> None:
        if text:
            if self._line is None and text.strip():
                self._line = self._place(element).line
            self._pieces.append(text)

    def _flush(self, heading: int | None) -> None:
        text = normalise(_HTML_BLANKS.sub(" ", "".join(self._pieces))).strip()
        for piece in split_captions(text):
            self._blocks.append(Paragraph((Run(piece, Place(self._page, self._line)),), heading=heading))
        self._pieces, self._line = [], None

    def _walk(self, element: etree._Element, heading: int | None) -> None:
        tag = _tag(element)
        if tag in _DROPPED or not tag:
            return
        if tag == "table" and _is_data_table(element):
            self._flush(heading)
            self._blocks.extend(self._table(element))
            return
        is_block = tag in _BLOCKS or tag == "br"
        if is_block:
            self._flush(heading)
        heading = _HEADINGS.get(tag, heading)
        self._add(element.text, element)
        for child in element:
            self._walk(child, heading)
            self._add(child.tail, child)
        if is_block:
            self._flush(heading)

    def _table(self, table: etree._Element) -> Iterator[Block]:
        cells: list[Cell] = []
        nested: list[etree._Element] = []
        occupied: set[tuple[int, int]] = set()
        row_index = -1
        for row_index, row in enumerate(_own_rows(table)):
            column = 0
            for cell in row:
                if _tag(cell) not in ("td", "th"):
                    continue
                while (row_index, column) in occupied:
                    column += 1
                rows, columns = _span(cell, "rowspan"), _span(cell, "colspan")
                while columns > 1 and any((row_index, column + step) in occupied for step in range(columns)):
                    columns -= 1  # overlapping spans: the cell above keeps its place
                occupied.update(
                    (row_index + down, column + right) for down in range(rows) for right in range(columns)
                )
                inner = list(cell.iter("table"))
                nested.extend(inner)
                text = _cell_text(cell)
                cells.append(Cell(text, row_index, column, rows, columns, self._place(cell)))
                column += columns
        height = row_index + 1
        fitted = tuple(
            Cell(
                cell.text,
                cell.row,
                cell.column,
                min(cell.row_span, height - cell.row),
                cell.column_span,
                cell.place,
            )
            for cell in cells
        )
        for caption in table.iterchildren("caption"):
            if text := normalise(_all_text(caption)).strip():
                yield Paragraph((Run(text, self._place(caption)),))
        if any(cell.text for cell in fitted):
            yield from lift_captions(Table(fitted, place=self._place(table)))
        for inner_table in nested:
            yield from _Walker(self._offset, self._page).blocks_of(inner_table)


def _own_rows(table: etree._Element) -> Iterator[etree._Element]:
    for child in table:
        if _tag(child) == "tr":
            yield child
        elif _tag(child) in ("thead", "tbody", "tfoot"):
            yield from (row for row in child if _tag(row) == "tr")


def _span(cell: etree._Element, attribute: str) -> int:
    value = (cell.get(attribute) or "1").strip()
    return min(max(int(value), 1), _MAX_SPAN) if value.isdigit() else 1


def _cell_text(cell: etree._Element) -> str:
    """A cell's text, its paragraphs and line breaks on lines of their own, nested tables left out."""
    pieces: list[str] = []

    def collect(element: etree._Element) -> None:
        tag = _tag(element)
        if tag in _DROPPED or tag == "table" or not tag:
            return
        if tag in _BLOCKS or tag == "br":
            pieces.append("\n")
        pieces.append(_HTML_BLANKS.sub(" ", element.text or ""))
        for child in element:
            collect(child)
            pieces.append(_HTML_BLANKS.sub(" ", child.tail or ""))
        if tag in _BLOCKS:
            pieces.append("\n")

    collect(cell)
    lines = (line.strip() for line in normalise("".join(pieces)).split("\n"))
    return "\n".join(line for line in lines if line)
