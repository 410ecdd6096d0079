"""File names as strangers send them: what is kept of one, so that it names a file in one folder and no
other."""

from __future__ import annotations

import re
import unicodedata
from pathlib import PurePosixPath
from typing import Final

__all__ = ["safe_name", "suffix_of"]

_LONGEST: Final = 180  # bytes; file systems hold 255, and documents are named by what stands here
_APART: Final = re.compile(r"[/\\]")
_UNSAFE: Final = re.compile(r'[<>:"|?*\x00-\x1f\x7f]')
_DEVICES: Final = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)", re.IGNORECASE)  # no file names on Windows


def safe_name(given: str) -> str:
    """A plain file name: the last part of ``given``, without control characters and what some systems do not
    take, and not hidden. Empty where nothing is left."""
    name = unicodedata.normalize("NFC", _APART.split(given)[-1])
    name = "".join(
        character for character in name if unicodedata.category(character) not in ("Cc", "Cf", "Cs", "Co")
    )
    name = _UNSAFE.sub("_", name).strip().strip(".").strip()
    path = PurePosixPath(name)
    stem, suffix = path.stem, path.suffix
    if _DEVICES.fullmatch(stem):
        stem = f"_{stem}"
    most = _LONGEST - len(suffix.encode())
    stem = stem.encode()[: max(most, 0)].decode(errors="ignore").strip()
    return f"{stem}{suffix}" if stem else ""


def suffix_of(name: str) -> str:
    """What a file name ends with, in lower case and without the dot."""
    return PurePosixPath(name).suffix.lower().removeprefix(".")
