"""Readers: a file of any supported format becomes one :class:`~fiscalgraph.extract.document.Document`."""

from __future__ import annotations

import hashlib
import importlib
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import cast

from fiscalgraph.extract.document import Document
from fiscalgraph.extract.errors import UnreadableDocument
from fiscalgraph.extract.readers.formats import Format, detect_format
from fiscalgraph.extract.readers.garbled import check_text
from fiscalgraph.extract.readers.limits import (
    DEFAULT_LIMITS,
    RECOGNITION_LIMITS,
    Limits,
    active_limits,
    check_archive,
    check_file,
    current_limits,
)
from fiscalgraph.extract.readers.worker import process_many, read_in_worker, read_many

__all__ = [
    "DEFAULT_LIMITS",
    "RECOGNITION_LIMITS",
    "Format",
    "Limits",
    "detect_format",
    "process_many",
    "read",
    "read_in_worker",
    "read_many",
]

# Readers are imported when first needed: each brings its own heavy library.
_READERS = {
    Format.PDF: "pdf:read_pdf",
    Format.DOCX: "docx:read_docx",
    Format.XLSX: "xlsx:read_xlsx",
    Format.XLS: "xls:read_xls",
    Format.HTML: "html:read_html",
    Format.TEXT: "text:read_text",
    Format.OFD: "ofd:read_ofd",
    Format.OFFICE: "office:read_office",
    Format.ZIP: "bundle:read_bundle",
}
_CONTAINERS = (Format.DOCX, Format.XLSX, Format.OFD, Format.ZIP)


def read(path: Path, limits: Limits | None = None) -> Document:
    """Read one file in this process; the format is decided by its content.

    ``limits`` are those in force by default (see :func:`process_many`); memory and time
    are only watched in a worker. Raises
    :class:`~fiscalgraph.extract.errors.UnreadableDocument` with what, why and cure when
    the file cannot be read.
    """
    path = Path(path)
    with active_limits(limits or current_limits()):
        check_file(path, current_limits())
        file_format = detect_format(path)
        if file_format is Format.PDF:
            _check_pages(path)
        elif file_format in _CONTAINERS:
            with zipfile.ZipFile(path) as archive:
                check_archive(archive, path.name, current_limits())
        with path.open("rb") as file:
            sha256 = hashlib.file_digest(file, "sha256").hexdigest()
        document = _reader(file_format)(path, path.stem, sha256)
    return check_text(document)


def _reader(file_format: Format) -> Callable[[Path, str, str], Document]:
    module, _, function = _READERS[file_format].partition(":")
    reader = getattr(importlib.import_module(f"{__name__}.{module}"), function)
    return cast("Callable[[Path, str, str], Document]", reader)


def _check_pages(path: Path) -> None:
    import pypdfium2

    try:
        pdf = pypdfium2.PdfDocument(path)
    except pypdfium2.PdfiumError:
        return  # damaged or encrypted: the reader says which
    try:
        pages = len(pdf)
    finally:
        pdf.close()
    if pages > current_limits().pages:
        raise UnreadableDocument(
            path.name, f"it has {pages:,} pages and the limit is {current_limits().pages:,}", "Split it."
        )
