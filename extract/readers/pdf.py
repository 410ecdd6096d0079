"""The PDF reader: PDFium's characters and rules in, a :class:`Document` out.

Pages are read one by one; the memory a document needs is that of one page and of the
text kept. Tables come one per page (:mod:`fiscalgraph.extract.tables` joins them),
paragraphs and tables in reading order; a paragraph broken by the end of a page is one.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

import pypdfium2
import pypdfium2.raw as pdfium

from fiscalgraph.extract.document import Block, Document, Paragraph, Table
from fiscalgraph.extract.errors import UnreadableDocument
from fiscalgraph.extract.readers.pdf_cells import (
    OUTSIDE,
    assign_cells,
    map_cells,
    needs_windows,
    settle_overflow,
)
from fiscalgraph.extract.readers.pdf_content import PageContent, Rule, read_page_content
from fiscalgraph.extract.readers.pdf_flow import (
    FlowPage,
    Measure,
    drop_furniture,
    joins_next_page,
    measures,
    paragraphs,
    segments,
)
from fiscalgraph.extract.readers.pdf_grid import find_grids, merge_rules
from fiscalgraph.extract.readers.pdf_health import is_garbled
from fiscalgraph.extract.readers.pdf_lines import Fragment, fragments, lines_of
from fiscalgraph.extract.readers.pdf_open_tables import take_open_tables
from fiscalgraph.extract.readers.pdf_reference import read_reference_content
from fiscalgraph.extract.readers.pdf_tables import ruled_table, without_captions

__all__ = ["read_pdf"]

PICTURE_PAGE = 0.5  # a picture that covers more than this share of a page may be a scan of it
FEW_CHARACTERS = 10  # a scanned page may carry a page number or a stamp's text

_SCAN = "is a picture without text (a scan) and was not read"
_DAMAGED = "is damaged and was not read"
_GARBLED = "has a text layer that does not say what the page shows (broken font encoding) and was not read"


@dataclass(slots=True)
class _ReadPage:
    """One page's tables and free lines, or the reason why it has none."""

    flow: FlowPage
    tables: list[Table] = field(default_factory=list)
    horizontal: list[Rule] = field(default_factory=list)
    has_text: bool = False
    problem: str | None = None


def read_pdf(path: Path, name: str, sha256: str) -> Document:
    """Read the PDF at ``path`` into a document called ``name`` with the digest ``sha256``.

    Raises :class:`UnreadableDocument` for a file that is encrypted, damaged, no PDF, or
    whose pages are all scans or garbled. Single pages that could not be read are named in
    ``problems``.
    """
    source = _open(path)
    try:
        pages = [_read_page(source, path, index) for index in range(len(source))]
    finally:
        source.close()
    _require_text(path, pages)
    flows = [page.flow for page in pages]
    drop_furniture(flows)
    measure = measures(flows)
    blocks: list[Block] = []
    for page in pages:
        own = measure.get(round(page.flow.width))
        _append(blocks, _blocks(page, own), own)
    return Document(
        name=name,
        file_name=path.name,
        sha256=sha256,
        format="pdf",
        blocks=tuple(blocks),
        pages=len(pages),
        problems=tuple(f"page {page.flow.number} {page.problem}" for page in pages if page.problem),
    )


def _open(path: Path) -> pypdfium2.PdfDocument:
    again = "Fetch it again from where it was published."
    try:
        document = pypdfium2.PdfDocument(path)
    except pypdfium2.PdfiumError as error:
        if error.err_code in (pdfium.FPDF_ERR_PASSWORD, pdfium.FPDF_ERR_SECURITY):
            raise UnreadableDocument(
                path.name,
                "the PDF is encrypted and asks for a password",
                "Save it without a password and build it again.",
            ) from error
        why = "the PDF is damaged or cut off, or the file is no PDF"
        raise UnreadableDocument(path.name, why, again) from error
    if len(document) == 0:
        document.close()
        raise UnreadableDocument(path.name, "the PDF has no pages", again)
    return document


def _read_page(source: pypdfium2.PdfDocument, path: Path, index: int) -> _ReadPage:
    content, problem = _content(source, path, index)
    if content is None:
        return _ReadPage(FlowPage(index + 1, 0.0, 0.0), problem=problem)
    cells = map_cells(find_grids(merge_rules(content.horizontal), merge_rules(content.vertical)))
    regions = assign_cells(content.characters, cells)
    if content.off_page or needs_windows(content.characters, cells, regions):
        if content.by_pdfium:
            content = read_page_content(source, index, with_clips=True)
            regions = assign_cells(content.characters, cells)
        settle_overflow(content.characters, cells, regions)
    by_region: dict[int, list[Fragment]] = {}
    for part in fragments(content.characters, regions):
        by_region.setdefault(part.region, []).append(part)
    flow = FlowPage(content.number, content.width, content.height)
    for line in lines_of(by_region.get(OUTSIDE, [])):
        flow.lines += segments(line)
    scanned = content.picture_area >= PICTURE_PAGE and len(content.characters) < FEW_CHARACTERS
    return _ReadPage(
        flow,
        tables=[
            ruled_table(content.number, grid, first, by_region)
            for grid, first in zip(cells.grids, cells.first, strict=True)
        ],
        horizontal=content.horizontal,
        has_text=len(content.characters) > 0 and not scanned,
        problem=_SCAN if scanned else None,
    )


def _content(source: pypdfium2.PdfDocument, path: Path, index: int) -> tuple[PageContent | None, str | None]:
    """What a page draws, by PDFium or else by the reference route; or why it cannot be told."""
    content: PageContent | None = None
    problem = _DAMAGED
    try:
        content = read_page_content(source, index)
    except pypdfium2.PdfiumError:
        other = read_reference_content(path, index)
    else:
        garbled = is_garbled(content.characters.text)
        if not garbled and not content.incomplete:
            return content, None
        other = read_reference_content(path, index)
        if garbled:
            content, problem = None, _GARBLED
    if other is not None and not is_garbled(other.characters.text):
        known = 0 if content is None else len(content.characters)
        if len(other.characters) > known:
            return other, None
    return content, None if content is not None else problem


def _require_text(path: Path, pages: list[_ReadPage]) -> None:
    """Raise :class:`UnreadableDocument` when no page could be read."""
    if any(page.has_text for page in pages):
        return
    problems = {page.problem for page in pages if page.problem}
    why = {
        frozenset({_SCAN}): "every page is a picture without text (a scan)",
        frozenset({_GARBLED}): "the text layer is garbled: its fonts do not say which characters they show",
        frozenset({_DAMAGED}): "every page is damaged",
    }.get(frozenset(problems), "no page holds text that can be read")
    raise UnreadableDocument(
        path.name, why, "Use the text version of the publication, or have it read by optical recognition."
    )


def _blocks(page: _ReadPage, measure: Measure | None) -> list[Block]:
    """The page's paragraphs and tables from the top down."""
    tables = page.tables + take_open_tables(page.flow, merge_rules(page.horizontal))
    blocks: list[Block] = []
    waiting = page.flow.lines
    position = 0
    for table in sorted(tables, key=_top_left):
        stop = position
        while stop < len(waiting) and (waiting[stop].box[1] + waiting[stop].box[3]) / 2 < _top_left(table)[0]:
            stop += 1
        blocks += paragraphs(page.flow, waiting[position:stop], measure)
        blocks += without_captions(table)
        position = stop
    return [*blocks, *paragraphs(page.flow, waiting[position:], measure)]


def _top_left(table: Table) -> tuple[float, float]:
    left, top = table.place.box[:2] if table.place.box else (0.0, 0.0)
    return top, left


def _append(blocks: list[Block], following: list[Block], measure: Measure | None) -> None:
    """Add a page's blocks; a sentence broken by the page's end becomes one paragraph again."""
    if blocks and following:
        last, first = blocks[-1], following[0]
        if (
            isinstance(last, Paragraph)
            and isinstance(first, Paragraph)
            and joins_next_page(last, first, measure)
        ):
            blocks[-1] = Paragraph(last.runs + first.runs)
            following = following[1:]
    blocks += following
