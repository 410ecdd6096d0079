"""The PDF reader: PDFium's characters and rules in, a :class:`Document` out.

Pages are read one by one; the memory a document needs is that of one page and of the
text kept; :mod:`fiscalgraph.extract.readers.page_blocks` makes tables and paragraphs of it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

import pypdfium2
import pypdfium2.raw as pdfium

from fiscalgraph.extract.document import Document, Doubt
from fiscalgraph.extract.errors import UnreadableDocument
from fiscalgraph.extract.readers.limits import current_limits
from fiscalgraph.extract.readers.page_blocks import PlacedPage, blocks_of_pages, place_page
from fiscalgraph.extract.readers.pdf_content import PageContent, read_page_content
from fiscalgraph.extract.readers.pdf_flow import FlowPage
from fiscalgraph.extract.readers.pdf_health import is_garbled
from fiscalgraph.extract.readers.pdf_reference import read_reference_content

__all__ = ["read_pdf"]

PICTURE_PAGE = 0.5  # a picture that covers more than this share of a page may be a scan of it
FEW_CHARACTERS = 10  # a scanned page may carry a page number or a stamp's text

_SCAN = "is a picture without text (a scan) and was not read"
_NO_TEXT = "is a picture in which no text was recognised"
_CUT_OFF = "the file is cut off at its end: pages or parts of them may be missing"
_DAMAGED = "is damaged and was not read"
_GARBLED = "has a text layer that does not say what the page shows (broken font encoding) and was not read"


@dataclass(slots=True)
class _ReadPage:
    """What stands on one page, or the reason why nothing does."""

    placed: PlacedPage
    has_text: bool = False
    problem: str | None = None
    recognised: bool = False  # its text was recognised in a picture
    doubts: list[Doubt] = field(default_factory=list)


def read_pdf(path: Path, name: str, sha256: str) -> Document:
    """Read the PDF at ``path`` into a document called ``name`` with the digest ``sha256``.

    Raises :class:`UnreadableDocument` for a file that is encrypted, damaged, no PDF, or
    whose pages are all scans or garbled. Single pages that could not be read are named in
    ``problems``.
    """
    source = _open(path)
    problems = [] if _is_whole(path) else [_CUT_OFF]
    try:
        pages = [_read_page(source, path, index) for index in range(len(source))]
    finally:
        source.close()
    _require_text(path, pages)
    problems += [f"page {page.placed.flow.number} {page.problem}" for page in pages if page.problem]
    blocks = blocks_of_pages([page.placed for page in pages])
    recognised = {page.placed.flow.number for page in pages if page.recognised}
    if recognised:
        from fiscalgraph.extract.readers.recognition import marked_blocks

        blocks = marked_blocks(blocks, recognised)
    return Document(
        name=name,
        file_name=path.name,
        sha256=sha256,
        format="pdf",
        blocks=tuple(blocks),
        pages=len(pages),
        problems=tuple(problems),
        doubts=tuple(doubt for page in pages for doubt in page.doubts),
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


def _is_whole(path: Path) -> bool:
    """Whether the file ends as a PDF ends (some programs append a little after the end mark)."""
    with path.open("rb") as file:
        file.seek(max(0, path.stat().st_size - 4096))
        return b"%%EOF" in file.read()


def _read_page(source: pypdfium2.PdfDocument, path: Path, index: int) -> _ReadPage:
    content, problem = _content(source, path, index)
    if current_limits().recognise and (_is_scan(content) if content is not None else problem == _GARBLED):
        return _recognised(source, path, index)
    if content is None:
        return _ReadPage(PlacedPage(FlowPage(index + 1, 0.0, 0.0)), problem=problem)
    placed = place_page(
        content,
        (lambda: read_page_content(source, index, with_clips=True)) if content.by_pdfium else None,
    )
    scanned = _is_scan(content)
    return _ReadPage(
        placed,
        has_text=placed.characters > 0 and not scanned,
        problem=_SCAN if scanned else None,
    )


def _is_scan(content: PageContent) -> bool:
    return content.picture_area >= PICTURE_PAGE and len(content.characters) < FEW_CHARACTERS


def _recognised(source: pypdfium2.PdfDocument, path: Path, index: int) -> _ReadPage:
    from fiscalgraph.extract.readers.recognition import recognise_page  # only ever needed on request

    page = recognise_page(source, index, path.name)
    placed = place_page(page.content)
    has_text = placed.characters > 0
    return _ReadPage(placed, has_text, None if has_text else _NO_TEXT, has_text, page.doubts)


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
        path.name,
        why,
        "Use the text version of the publication, or let its pictures be read: build --recognise.",
    )
