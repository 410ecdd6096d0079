"""Flattened text: what a PDF's text layer or a converter leaves of a disclosure.

Two kinds occur. Printed lines (one line of the page each) stay one paragraph per line:
joining lines and rebuilding tables needs meaning and is done later, by line numbers.
Markdown-like text has tables as tab-separated rows, pipe rows or HTML markup; their
rows may have lost empty cells, so such tables are marked as drifting.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from fiscalgraph.extract.captions import is_caption
from fiscalgraph.extract.document import Block, Cell, ColumnTrust, Document, Paragraph, Place, Run, Table
from fiscalgraph.extract.errors import UnreadableDocument
from fiscalgraph.extract.normalise import compact, is_figure, normalise
from fiscalgraph.extract.readers.markup import clean_inline, has_markup, strip_bold
from fiscalgraph.extract.tables.header_words import Family, find_words

__all__ = ["decode_text", "read_text"]

_HEADING = re.compile(r"(#{1,6})\s+(.*?)\s*#*\s*$")
_RULE_ROW = re.compile(r"\s*\|?(?:\s*:?-{2,}:?\s*\|)+\s*(?::?-{2,}:?\s*)?")
_PIPE = re.compile(r"(?<!\\)\|")
_PICTURE = re.compile(r"!\[[^\]\n]*\]\([^)\n]*\)|<img\b", re.IGNORECASE)
_TABLE_OPEN = re.compile(r"<table\b", re.IGNORECASE)
_TABLE_CLOSE = re.compile(r"</table\s*>", re.IGNORECASE)
_FENCE = re.compile(r"\s*(?:```|~~~)")
_HALF_FIGURE = re.compile(r"(?:(?<=\s)|^)[-+]?\d[\d,]*(?:\.\d?)?$")
_DECIMALS = re.compile(r"\.(\d+)[%％]?$")
_TOLERATED_DAMAGE = 0.002  # share of undecodable characters below which a text is still worth reading


@dataclass(frozen=True, slots=True)
class _Line:
    text: str
    number: int
    page: int | None

    @property
    def place(self) -> Place:
        return Place(page=self.page, line=self.number)


def read_text(path: Path, name: str, sha256: str) -> Document:
    """Read UTF-8, UTF-16 or GB18030 text, plain or Markdown-like.

    Form feeds are page breaks. Raises :class:`UnreadableDocument` if the bytes are text in
    none of these encodings or nothing but white space.
    """
    text, problems = decode_text(path.read_bytes(), path.name)
    if not text.strip():
        raise UnreadableDocument(path.name, "it holds nothing but white space", "Download it again.")
    marked = has_markup(text)
    if marked:
        text = "\n\n".join(strip_bold(part) for part in text.split("\n\n"))
    lines = _numbered_lines(text)
    if marked and (pictures := len(_PICTURE.findall(text))):
        problems.append(f"{pictures} embedded picture(s) hold no text and were not read")
    blocks, cut_off = _blocks(lines, marked, complete=text.endswith("\n"))
    if cut_off:
        problems.append(cut_off)
    return Document(
        name=name,
        file_name=path.name,
        sha256=sha256,
        format="markdown" if marked else "text",
        blocks=tuple(blocks),
        pages=lines[-1].page,
        problems=tuple(problems),
    )


def decode_text(content: bytes, file_name: str) -> tuple[str, list[str]]:
    """Text of unknown encoding with ``\\n`` line ends, and what was wrong with its bytes."""
    problems: list[str] = []
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        text = content.decode("utf-16", errors="replace")
    else:
        text = _decode_bytes(content, file_name, problems)
    return text.replace("\r\n", "\n").replace("\r", "\n").removeprefix("\ufeff"), problems


def _decode_bytes(content: bytes, file_name: str, problems: list[str]) -> str:
    for encoding in ("utf-8", "gb18030"):
        # Only the last character may be incomplete: the file was cut off there.
        decoder = codecs.getincrementaldecoder(encoding)()
        try:
            text = decoder.decode(content, final=False)
        except UnicodeDecodeError:
            continue
        if decoder.getstate()[0]:
            problems.append("the file ends in the middle of a character: it is cut off")
        return text
    best = min(
        (content.decode(encoding, errors="replace") for encoding in ("utf-8", "gb18030")),
        key=lambda text: text.count("\ufffd"),
    )
    damaged = best.count("\ufffd")
    if damaged > _TOLERATED_DAMAGE * len(best):
        raise UnreadableDocument(
            file_name, "its bytes are not text in UTF-8, UTF-16 or GB18030", "Save it as UTF-8 text."
        )
    problems.append(f"{damaged} undecodable character(s) were left as \ufffd")
    return best


def _numbered_lines(text: str) -> list[_Line]:
    paged = "\f" in text.rstrip("\f\n ")
    page = 1
    lines: list[_Line] = []
    for number, raw in enumerate(text.split("\n"), start=1):
        before, *after = raw.split("\f")
        # pdftotext writes the form feed before the first line of the next page.
        pieces = [(before, page)] if before.strip() or not after else []
        for piece in after:
            page += 1
            if piece.strip() or piece is after[-1]:
                pieces.append((piece, page))
        lines.extend(_Line(normalise(piece), number, on if paged else None) for piece, on in pieces)
    return lines


def _blocks(lines: list[_Line], marked: bool, *, complete: bool) -> tuple[list[Block], str | None]:
    """The blocks, and a sentence about a table that is cut off at the end, if one is."""
    blocks: list[Block] = []
    cut_off: str | None = None
    index = 0
    while index < len(lines):
        line = lines[index]
        end = index + 1
        if marked and _TABLE_OPEN.search(line.text):
            end = _markup_end(lines, index)
            blocks.extend(_markup_tables(lines[index:end]))
        elif marked and _is_pipe_row(lines, index):
            while end < len(lines) and len(_PIPE.findall(lines[end].text)) >= 1:
                end += 1
            rows = [row for row in lines[index:end] if not _RULE_ROW.fullmatch(row.text)]
            blocks.extend(_table_blocks([(row, _split_pipes(row.text)) for row in rows], marked))
        elif "\t" in line.text and line.text.strip():
            while end < len(lines) and "\t" in lines[end].text:
                end += 1
            rows_of_cells = [(row, row.text.split("\t")) for row in lines[index:end]]
            if index and _heads_columns(lines[index - 1].text):
                blocks.pop()
                rows_of_cells.insert(0, (lines[index - 1], [lines[index - 1].text]))
            if end == len(lines) and not complete:
                cut_off = _close_cut_row(rows_of_cells)
            blocks.extend(_table_blocks(rows_of_cells, marked))
        else:
            if end == len(lines) and not complete:
                line, cut_off = _close_cut_line(line)
            blocks.extend(_paragraph(line, marked))
        index = end
    return blocks, cut_off


def _close_cut_line(line: _Line) -> tuple[_Line, str | None]:
    """The last line of a file without a final line end, less a last word that may be half a figure."""
    half = _HALF_FIGURE.search(line.text)
    if half is None:
        return line, None
    why = f"line {line.number}: the file ends inside this line; its last figure ({half[0]}) is left out"
    return replace(line, text=line.text[: half.start()]), why


def _paragraph(line: _Line, marked: bool) -> Iterator[Paragraph]:
    text, heading = line.text, None
    if marked:
        if _FENCE.match(text) or re.fullmatch(r"\s*(?:-{3,}|\*{3,}|_{3,})\s*", text):
            return
        if match := _HEADING.match(text.strip()):
            heading, text = len(match.group(1)), match.group(2)
        text = clean_inline(text)
    for piece in text.split("\n"):
        if piece.strip():
            yield Paragraph(runs=(Run(piece.rstrip(), line.place),), heading=heading)


def _table_blocks(rows: list[tuple[_Line, list[str]]], marked: bool) -> list[Block]:
    """A run of separated rows as caption paragraphs and one table, or as paragraphs if it is none."""
    cleaned = [
        (line, [(clean_inline(text) if marked else text).strip() for text in texts]) for line, texts in rows
    ]
    blocks: list[Block] = []
    first = 0
    while first < len(cleaned) and _is_caption_row(cleaned[first][1]):
        line, texts = cleaned[first]
        blocks.extend(Paragraph((Run(text, line.place),)) for text in texts if text)
        first += 1
    body = cleaned[first:]
    if max((sum(map(bool, texts)) for _, texts in body), default=0) < 2:
        # Tabs that only indent: no row has two cells.
        blocks.extend(Paragraph((Run(text, line.place),)) for line, texts in body for text in texts if text)
        return blocks
    cells = tuple(
        Cell(text, row, column, place=line.place)
        for row, (line, texts) in enumerate(body)
        for column, text in enumerate(texts)
    )
    return [*blocks, Table(cells, place=body[0][0].place, trust=ColumnTrust.DRIFTING)]


def _heads_columns(text: str) -> bool:
    """Whether a line is the only cell of a header's first row, above all columns (2024年预算数)."""
    words = find_words([compact(text)]) if "\t" not in text and text.strip() else None
    return words is not None and len(words) == 1 and words[0].family in (Family.AMOUNT, Family.BLOCK)


def _is_caption_row(texts: list[str]) -> bool:
    filled = [text for text in texts if text]
    return bool(filled) and all(is_caption(text) for text in filled)


def _is_pipe_row(lines: list[_Line], index: int) -> bool:
    text = lines[index].text
    if text.lstrip().startswith("|"):
        return len(_PIPE.findall(text)) >= 2
    return (
        "|" in text
        and index + 1 < len(lines)
        and _RULE_ROW.fullmatch(lines[index + 1].text) is not None
        and "|" in lines[index + 1].text
    )


def _split_pipes(text: str) -> list[str]:
    stripped = text.strip()
    pieces = _PIPE.split(stripped)
    start = 1 if stripped.startswith("|") else 0
    end = -1 if len(pieces) > 1 and not pieces[-1].strip() and stripped.endswith("|") else None
    return [piece.replace("\\|", "|") for piece in pieces[start:end]]


def _markup_end(lines: list[_Line], start: int) -> int:
    depth = 0
    for index in range(start, len(lines)):
        depth += len(_TABLE_OPEN.findall(lines[index].text)) - len(_TABLE_CLOSE.findall(lines[index].text))
        if depth <= 0:
            return index + 1
    return len(lines)


def _markup_tables(lines: list[_Line]) -> list[Block]:
    from fiscalgraph.extract.readers.html import blocks_of_markup  # lxml only where there is markup

    first = lines[0]
    return blocks_of_markup("\n".join(line.text for line in lines), first_line=first.number, page=first.page)


def _close_cut_row(rows: list[tuple[_Line, list[str]]]) -> str | None:
    """Look at the last row of a file without a final line end; empty its last cell if that may be cut.

    A row as long as its neighbours with a whole figure at its end is complete; otherwise the
    last cell could be the beginning of a longer text or number, so it is not read.
    """
    line, texts = rows[-1]
    last = texts[-1].strip()
    usual = max((len(other) for _, other in rows[:-1]), default=len(texts))
    above = [other[len(texts) - 1].strip() for _, other in rows[:-1] if len(other) >= len(texts)]
    if len(texts) >= usual and not _looks_cut(last, above):
        return None
    if last:
        texts[-1] = ""
        return f"line {line.number}: the file ends inside this row; its last cell ({last[:9]}) is left out"
    return f"line {line.number}: the file ends inside this row; the cells after it are missing"


def _looks_cut(last: str, above: list[str]) -> bool:
    if not last or not re.match(r"[-+]?\d", compact(last)):
        return False
    if not is_figure(last):
        return True  # "1,23" or "12."
    decimals = {_decimals(text) for text in above if is_figure(text)}
    return len(decimals) == 1 and _decimals(last) < min(decimals)


def _decimals(figure: str) -> int:
    match = _DECIMALS.search(compact(figure))
    return len(match.group(1)) if match else 0
