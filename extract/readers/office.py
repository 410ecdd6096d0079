"""DOC, WPS, RTF, ODT and their like: converted by LibreOffice, when it is installed, then read."""

from __future__ import annotations

import dataclasses
import os
import shutil
import subprocess
import tempfile
from pathlib import Path

from fiscalgraph.extract.document import Document
from fiscalgraph.extract.errors import UnreadableDocument
from fiscalgraph.extract.readers.formats import Format, detect_format
from fiscalgraph.extract.readers.limits import check_file, current_limits

__all__ = ["find_libreoffice", "read_office"]

_PROGRAMS = ("soffice", "libreoffice")
_USUAL_PLACES = (
    "/usr/lib/libreoffice/program/soffice",
    "/Applications/LibreOffice.app/Contents/MacOS/soffice",
)
_TIME_SHARE = 0.8  # of the document's time limit, so that the converter's delay is told from the reader's


def find_libreoffice() -> str | None:
    """The converter's program, or ``None``; ``FISCALGRAPH_SOFFICE`` names one that is not on the path."""
    if configured := os.environ.get("FISCALGRAPH_SOFFICE"):
        return configured if os.access(configured, os.X_OK) else None
    for program in _PROGRAMS:
        if found := shutil.which(program):
            return found
    return next((place for place in _USUAL_PLACES if os.access(place, os.X_OK)), None)


def read_office(path: Path, name: str, sha256: str) -> Document:
    """Read a document of an older or foreign word processor or spreadsheet.

    Raises :class:`UnreadableDocument` if LibreOffice is missing, fails or takes too long.
    """
    program = find_libreoffice()
    kind, suffix = _kind(path)
    if program is None:
        raise UnreadableDocument(
            path.name,
            f"reading {kind} files needs LibreOffice, which is not installed",
            f"Install LibreOffice, or save the file as {suffix.upper()}.",
        )
    with tempfile.TemporaryDirectory(prefix="fiscalgraph-") as folder:
        converted = _convert(program, path, Path(folder), suffix)
        check_file(converted, current_limits())
        if suffix == "xlsx":
            from fiscalgraph.extract.readers.xlsx import read_xlsx as read_converted
        else:
            from fiscalgraph.extract.readers.docx import read_docx as read_converted
        document = read_converted(converted, name, sha256)
    return dataclasses.replace(document, file_name=path.name, format=kind.lower())


def _kind(path: Path) -> tuple[str, str]:
    """What to call the format, and the suffix of the format to convert it to."""
    with path.open("rb") as file:
        head = file.read(4096)
    if head.startswith(b"{\\rtf"):
        return "RTF", "docx"
    if head.startswith(b"PK"):
        return ("ODS", "xlsx") if b"opendocument.spreadsheet" in head else ("ODT", "docx")
    if detect_format(path) is Format.XLS:
        return "XLS", "xlsx"
    if head.startswith((b"<", b"\xef\xbb\xbf<")):
        return ("XLS", "xlsx") if b"Excel.Sheet" in head or b":spreadsheet" in head else ("DOC", "docx")
    return ("WPS" if path.suffix.lower() == ".wps" else "DOC"), "docx"


def _convert(program: str, path: Path, folder: Path, suffix: str) -> Path:
    # A plain name and a profile of its own: converters run side by side and choke on odd names.
    source = folder / f"document{_source_suffix(path, suffix)}"
    shutil.copyfile(path, source)
    output = folder / "converted"
    command = [
        program,
        f"-env:UserInstallation={(folder / 'profile').as_uri()}",
        "--headless",
        "--norestore",
        "--convert-to",
        suffix,
        "--outdir",
        str(output),
        str(source),
    ]
    seconds = current_limits().seconds * _TIME_SHARE
    try:
        finished = subprocess.run(command, capture_output=True, timeout=seconds, check=False)
    except subprocess.TimeoutExpired as error:
        raise UnreadableDocument(
            path.name,
            f"LibreOffice took longer than {seconds:g} s to convert it",
            f"Save it as {suffix.upper()}.",
        ) from error
    except OSError as error:
        raise UnreadableDocument(
            path.name, f"LibreOffice does not start ({error.strerror})", "Check its installation."
        ) from error
    converted = output / f"document.{suffix}"
    if not converted.is_file():
        said = " ".join(finished.stderr.decode("utf-8", errors="replace").split())[:160]
        raise UnreadableDocument(
            path.name,
            "LibreOffice could not convert it" + (f" ({said})" if said else ""),
            f"Open it in its own program and save it as {suffix.upper()}.",
        )
    return converted


def _source_suffix(path: Path, target: str) -> str:
    """A suffix that does not mislead the converter, whatever the file is called."""
    return (
        {"docx": ".doc", "xlsx": ".xls"}[target]
        if path.suffix.lower() in ("", ".pdf", ".txt")
        else path.suffix
    )
