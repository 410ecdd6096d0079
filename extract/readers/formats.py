"""Which format a file really has: decided by its content, never by its name.

Publishers name PDFs ``.doc``, web pages ``.xls`` and Word files ``.pdf``; the first
bytes (and, for containers, the members) do not lie.
"""

from __future__ import annotations

import codecs
import mmap
import re
import zipfile
from enum import StrEnum
from pathlib import Path

from fiscalgraph.extract.errors import UnreadableDocument

__all__ = ["Format", "detect_format"]


class Format(StrEnum):
    """The formats that have a reader."""

    PDF = "pdf"
    DOCX = "docx"
    XLSX = "xlsx"
    XLS = "xls"
    HTML = "html"
    TEXT = "text"
    OFD = "ofd"
    OFFICE = "office"  # DOC, WPS, RTF, ODT …: converted by LibreOffice first
    ZIP = "zip"


_HEAD = 4096
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_BIFF = (b"\x09\x08", b"\x09\x04", b"\x09\x02", b"\x09\x00")  # a bare BIFF stream, Excel 2 to 5
_HTML = re.compile(rb"<\s*(?:!doctype\s+html|html|head|body|meta|table|div)\b", re.IGNORECASE)
_WORD_XML = re.compile(rb"<w:wordDocument|progid=\"Word\.Document\"|<pkg:package")
_SHEET_XML = re.compile(rb"progid=\"Excel\.Sheet\"|urn:schemas-microsoft-com:office:spreadsheet\"")

_PICTURES = {
    b"\xff\xd8\xff": "JPEG", b"\x89PNG": "PNG", b"GIF8": "GIF", b"II*\x00": "TIFF", b"MM\x00*": "TIFF",
    b"BM": "BMP",
}  # fmt: skip
_ARCHIVES = {b"Rar!": "RAR", b"7z\xbc\xaf": "7-Zip", b"\x1f\x8b": "gzip", b"BZh": "bzip2", b"\xfd7zXZ": "xz"}


def detect_format(path: Path) -> Format:
    """The format of the file's content.

    Raises :class:`UnreadableDocument` for pictures, foreign archives and unknown binary data.
    """
    with path.open("rb") as file:
        head = file.read(_HEAD)
    if b"%PDF-" in head[:1024]:  # the standard allows rubbish before the header
        return Format.PDF
    if head.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return _detect_zip(path)
    if head.startswith(_OLE):
        return _detect_ole(path)
    if head.startswith(b"{\\rtf") or _WORD_XML.search(head) or _SHEET_XML.search(head):
        return Format.OFFICE
    for magic, kind in _ARCHIVES.items():
        if head.startswith(magic):
            raise UnreadableDocument(
                path.name, f"{kind} archives are not opened", "Unpack it and give the documents in it."
            )
    for magic, kind in _PICTURES.items():
        if head.startswith(magic) and b"\x00" in head:
            raise UnreadableDocument(
                path.name,
                f"it is a picture ({kind}) without text",
                "Run optical recognition and give the text.",
            )
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return Format.TEXT
    if head[:2] in _BIFF and b"\x00" in head:
        return Format.XLS
    if b"\x00" in head:
        raise UnreadableDocument(
            path.name,
            "its content is of no known document format",
            "Save it as PDF, DOCX, XLSX, HTML or text.",
        )
    if head.lstrip(codecs.BOM_UTF8 + b" \t\r\n").startswith(b"<") and _HTML.search(head):
        # A Markdown file may begin with a table in markup; a page has a frame around it.
        if re.match(rb"<\s*(?:table|div)\b", head.lstrip(), re.IGNORECASE) and not re.search(
            rb"<\s*/?\s*(?:html|body)\b", _edges(path), re.IGNORECASE
        ):
            return Format.TEXT
        return Format.HTML
    return Format.TEXT


def _edges(path: Path) -> bytes:
    """The beginning and the end of the file."""
    with path.open("rb") as file:
        head = file.read(_HEAD)
        file.seek(0, 2)
        file.seek(max(0, file.tell() - _HEAD))
        return head + file.read()


def _detect_zip(path: Path) -> Format:
    try:
        with zipfile.ZipFile(path) as archive:
            names = set(archive.namelist())
    except (zipfile.BadZipFile, OSError, ValueError) as error:
        raise UnreadableDocument(
            path.name, f"the ZIP container is damaged or cut off ({error})", "Download it again."
        ) from error
    if "OFD.xml" in names:
        return Format.OFD
    if "[Content_Types].xml" in names:
        if "word/document.xml" in names or any(
            re.fullmatch(r"word/document\d*\.xml", name) for name in names
        ):
            return Format.DOCX
        if any(name.startswith("xl/") for name in names):
            return Format.XLSX
        raise UnreadableDocument(
            path.name, "it is an Office file without text or sheets", "Save it as PDF, DOCX or XLSX."
        )
    if "content.xml" in names and "mimetype" in names:
        return Format.OFFICE
    return Format.ZIP


def _detect_ole(path: Path) -> Format:
    """DOC, XLS, WPS and encrypted OOXML share one container; its stream names tell them apart."""
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as content:

        def holds(stream: str) -> bool:
            return content.find(stream.encode("utf-16-le")) >= 0

        if holds("EncryptedPackage"):
            raise UnreadableDocument(
                path.name, "it is protected by a password", "Save a copy without the password."
            )
        if holds("WordDocument"):
            return Format.OFFICE
        if holds("Workbook") or holds("Book"):
            return Format.XLS
        return Format.OFFICE
