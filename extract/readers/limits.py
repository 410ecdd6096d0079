"""How much one document may cost before it is given up.

The limits protect the others: a document that exceeds one is reported as unread with
the limit's name, and the build goes on.
"""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from pathlib import Path

from fiscalgraph.extract.errors import UnreadableDocument

__all__ = [
    "DEFAULT_LIMITS",
    "RECOGNITION_LIMITS",
    "Limits",
    "active_limits",
    "check_archive",
    "check_file",
    "current_limits",
]

MEBIBYTE = 1 << 20
_HARMLESS_BYTES = 50 * MEBIBYTE  # below this even a perfect bomb does no harm


@dataclass(frozen=True, slots=True)
class Limits:
    """Limits on one document; sizes in bytes, ``seconds`` of wall time.

    ``unpacked_bytes`` and ``unpack_ratio`` hold for zip-based formats (DOCX, XLSX, OFD,
    ZIP) and stop archives made to burst; the ratio only counts above 50 MiB. ``recognise``
    says whether pages that are pictures may cost optical recognition (seconds a page).
    """

    file_bytes: int = 200 * MEBIBYTE
    memory_bytes: int = 1024 * MEBIBYTE
    seconds: float = 180.0
    pages: int = 3000
    unpacked_bytes: int = 600 * MEBIBYTE
    unpack_ratio: int = 150
    archive_members: int = 5000
    recognise: bool = False


DEFAULT_LIMITS = Limits()
RECOGNITION_LIMITS = Limits(seconds=3600.0, recognise=True)

_current: ContextVar[Limits] = ContextVar("limits", default=DEFAULT_LIMITS)


def current_limits() -> Limits:
    """The limits in force here: those of the worker's request, else the default."""
    return _current.get()


@contextmanager
def active_limits(limits: Limits) -> Iterator[None]:
    """Let :func:`current_limits` return ``limits`` inside the block."""
    token = _current.set(limits)
    try:
        yield
    finally:
        _current.reset(token)


def check_file(path: Path, limits: Limits) -> None:
    """Raise :class:`UnreadableDocument` unless ``path`` is a readable, non-empty file of allowed size."""
    try:
        if path.is_dir():
            raise UnreadableDocument(path.name, "it is a folder", "Give the documents in it instead.")
        if path.exists() and not path.is_file():
            raise UnreadableDocument(path.name, "it is not a regular file", "Copy its content to a file.")
        size = path.stat().st_size
        with path.open("rb"):
            pass
    except FileNotFoundError as error:
        raise UnreadableDocument(path.name, "there is no such file", "Check the path.") from error
    except PermissionError as error:
        raise UnreadableDocument(
            path.name, "permission to read it is missing", "Change its permissions, or run as its owner."
        ) from error
    except OSError as error:
        raise UnreadableDocument(
            path.name,
            f"the system cannot open it ({error.strerror or error})",
            "Check the disk and the path.",
        ) from error
    if size == 0:
        raise UnreadableDocument(path.name, "the file is empty (0 bytes)", "Download it again.")
    if size > limits.file_bytes:
        raise UnreadableDocument(
            path.name,
            f"it has {_mebibytes(size)} and the limit is {_mebibytes(limits.file_bytes)}",
            "Split it, or raise the limit on the file size.",
        )


def check_archive(archive: zipfile.ZipFile, name: str, limits: Limits) -> int:
    """The unpacked size in bytes that a ZIP container declares; raise if it is out of proportion.

    Python's reader stops at the declared size of a member, so a lie here cannot cost more.
    """
    members = archive.infolist()
    packed = sum(member.compress_size for member in members)
    unpacked = sum(member.file_size for member in members)
    cure = "Do not trust this file; get the document from its publisher again."
    if len(members) > limits.archive_members:
        raise UnreadableDocument(name, f"the container holds {len(members)} files", cure)
    if unpacked > limits.unpacked_bytes:
        raise UnreadableDocument(
            name,
            f"it would unpack to {_mebibytes(unpacked)} and the limit is {_mebibytes(limits.unpacked_bytes)}",
            cure,
        )
    if unpacked > _HARMLESS_BYTES and unpacked > limits.unpack_ratio * max(packed, 1):
        raise UnreadableDocument(
            name,
            f"it would unpack to {unpacked // max(packed, 1)} times its size like a ZIP bomb",
            cure,
        )
    if any(member.flag_bits & 1 for member in members):
        raise UnreadableDocument(name, "it is protected by a password", "Save a copy without the password.")
    return unpacked


def _mebibytes(size: int) -> str:
    return f"{size / MEBIBYTE:,.0f} MiB"
