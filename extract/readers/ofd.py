"""OFD, the national format for electronic documents (GB/T 33190): placed text and paths in a ZIP.

Lines, paragraphs and grids are found by the same code as in PDFs.
"""

from __future__ import annotations

import posixpath
import zipfile
from collections.abc import Iterator
from pathlib import Path

from lxml import etree

from fiscalgraph.extract.document import Document
from fiscalgraph.extract.errors import UnreadableDocument
from fiscalgraph.extract.readers.limits import current_limits
from fiscalgraph.extract.readers.ofd_content import local_name, numbers, read_ofd_page
from fiscalgraph.extract.readers.package_xml import parse_xml
from fiscalgraph.extract.readers.page_blocks import blocks_of_pages, place_page
from fiscalgraph.extract.readers.pdf_content import PageContent

__all__ = ["read_ofd"]

_A4 = (210.0, 297.0)
_SCAN_SHARE = 0.5  # a page without text whose picture covers more than this share is a scan


def read_ofd(path: Path, name: str, sha256: str) -> Document:
    """Read an OFD file; raises :class:`UnreadableDocument` if it is damaged or holds only pictures."""
    try:
        with zipfile.ZipFile(path) as archive:
            pages = list(_pages(archive, path.name))
    except (zipfile.BadZipFile, KeyError, ValueError, EOFError, OSError) as error:
        raise UnreadableDocument(
            path.name, f"the OFD file is damaged ({error})", "Fetch it again from where it was published."
        ) from error
    scans = [page.number for page in pages if not len(page.characters) and page.picture_area > _SCAN_SHARE]
    if not any(len(page.characters) for page in pages):
        raise UnreadableDocument(
            path.name,
            "its pages are pictures without text" if scans else "its pages are empty",
            "Get the text version, or run optical recognition and give the text.",
        )
    return Document(
        name=name,
        file_name=path.name,
        sha256=sha256,
        format="ofd",
        blocks=tuple(blocks_of_pages([place_page(page) for page in pages])),
        pages=len(pages),
        problems=tuple(f"page {number} is a picture without text and was not read" for number in scans),
    )


class _Package:
    """The XML parts of an OFD file, found by their paths whatever the case or leading slash."""

    def __init__(self, archive: zipfile.ZipFile) -> None:
        self._archive = archive
        self._names = {name.lstrip("/").lower(): name for name in archive.namelist()}

    def parse(self, name: str) -> etree._Element:
        return parse_xml(self._archive.read(self._names[self.key(name)]))

    @staticmethod
    def key(name: str) -> str:
        return posixpath.normpath(name.replace("\\", "/")).lstrip("/").lower()

    def resolve(self, base: str, location: str) -> str:
        """``location`` as written in the part ``base``; a leading slash means the package's root."""
        joined = location if location.startswith("/") else posixpath.join(posixpath.dirname(base), location)
        # Some producers write paths from the root without the slash.
        return joined if self.key(joined) in self._names else location


def _find(root: etree._Element, name: str) -> Iterator[etree._Element]:
    return (element for element in root.iter() if local_name(element) == name)


def _text(root: etree._Element, name: str) -> str:
    element = next(_find(root, name), None)
    return "" if element is None else (element.text or "").strip()


def _pages(archive: zipfile.ZipFile, file_name: str) -> Iterator[PageContent]:
    package = _Package(archive)
    number = 0
    for root in _find(package.parse("OFD.xml"), "DocRoot"):
        base = (root.text or "").strip()
        document = package.parse(base)
        usual_box = _page_box(next(_find(document, "CommonData"), document), _A4)
        templates = {
            item.get("ID"): package.resolve(base, item.get("BaseLoc") or "")
            for item in _find(document, "TemplatePage")
        }
        pages = [item for item in _find(document, "Page") if item.get("BaseLoc")]
        if len(pages) > current_limits().pages:
            limit = current_limits().pages
            raise UnreadableDocument(
                file_name, f"it has {len(pages):,} pages and the limit is {limit:,}", "Split it."
            )
        for item in pages:
            number += 1
            page = package.parse(package.resolve(base, item.get("BaseLoc") or ""))
            layers = [
                package.parse(templates[used.get("TemplateID")])
                for used in _find(page, "Template")
                if used.get("TemplateID") in templates
            ]
            yield read_ofd_page([*layers, page], number, _page_box(page, usual_box))


def _page_box(root: etree._Element, default: tuple[float, float]) -> tuple[float, float]:
    box = numbers(_text(root, "PhysicalBox"))
    return (box[2], box[3]) if len(box) == 4 and min(box[2:]) > 0 else default
