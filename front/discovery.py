"""Which files a build is about: those named, and the documents in the folders named.

A file named by the user is always tried; in a folder only what looks like a document
is taken, and what is passed over is told.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from fiscalgraph.extract.errors import UnreadableDocument

__all__ = ["DOCUMENT_SUFFIXES", "Discovery", "discover"]

# Suffixes only choose what is tried in a folder; the reader decides by content.
DOCUMENT_SUFFIXES = frozenset(
    (".pdf", ".docx", ".doc", ".wps", ".ofd", ".xlsx", ".xls", ".html", ".htm", ".md", ".txt", ".zip")
)
_PDF_MAGIC = b"%PDF"


@dataclass(frozen=True, slots=True)
class Discovery:
    """``files`` in the order given (folders sorted), each once; ``passed_over``: files of other kinds."""

    files: tuple[Path, ...]
    passed_over: tuple[Path, ...]
    refusals: tuple[tuple[Path, UnreadableDocument], ...]


def discover(paths: Iterable[Path]) -> Discovery:
    """Find the documents in ``paths``. Nothing is opened but files of unknown suffix in folders."""
    files: dict[Path, None] = {}
    passed_over: dict[Path, None] = {}
    refusals: list[tuple[Path, UnreadableDocument]] = []
    for path in paths:
        if path.is_dir():
            for entry in _walk(path, refusals):
                (files if _looks_like_document(entry) else passed_over)[entry] = None
        elif path.exists():
            files[path] = None
        else:
            refusals.append((path, _missing(path)))
    return Discovery(tuple(files), tuple(passed_over), tuple(refusals))


def _missing(path: Path) -> UnreadableDocument:
    if path.is_symlink():
        return UnreadableDocument(path.name, "the link points to nothing", "Repair or remove the link")
    return UnreadableDocument(path.name, "there is no such file or folder", "Check the path")


def _walk(folder: Path, refusals: list[tuple[Path, UnreadableDocument]]) -> Iterator[Path]:
    """Files below ``folder``, sorted; hidden ones and workspaces are left out, closed folders refused."""

    def refuse(error: OSError) -> None:
        place = Path(error.filename or folder)
        refusals.append(
            (
                place,
                UnreadableDocument(
                    place.name,
                    f"the folder cannot be listed ({error.strerror})",
                    "Give yourself the right to read it",
                ),
            )
        )

    for here, folders, names in os.walk(folder, onerror=refuse):
        folders[:] = sorted(
            name for name in folders if not name.startswith(".") and not _is_workspace(Path(here, name))
        )
        for name in sorted(names):
            if not name.startswith((".", "~$")):  # ~$: Word's lock files
                yield Path(here, name)


def _is_workspace(folder: Path) -> bool:
    """Whether ``folder`` is a workspace of ours, which may lie among the documents it was built from."""
    return (folder / "generations").is_dir() and (folder / "lock").exists()


def _looks_like_document(path: Path) -> bool:
    if path.suffix.lower() in DOCUMENT_SUFFIXES:
        return True
    try:
        with path.open("rb") as stream:
            return stream.read(len(_PDF_MAGIC)) == _PDF_MAGIC
    except OSError:  # of no known kind and not readable: nothing says that it is a document
        return False
