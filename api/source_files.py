"""The files that documents were read from, kept in the workspace by content: ``files/<sha256>``.

An answer must be defensible when the file it came from was moved, replaced or deleted. Kept is a copy, never
a hard link: a link would change with a file that is edited in place. Where keeping is turned off, a symbolic
link notes where the file was; it is only used while the file there is still the same.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable, Mapping
from pathlib import Path

from fiscalgraph.extract.errors import FiscalgraphError

__all__ = ["SourceFileMissing", "SourceFiles"]

_BLOCK = 1 << 20
_PARTIAL = ".partial"
_GONE_OR_CHANGED = "the workspace keeps no copy of it, and it is no longer where it was, or has changed"


class SourceFileMissing(FiscalgraphError):
    """Neither a copy nor the unchanged original of a document's file is there."""


class SourceFiles:
    """The folder ``files`` of the workspace in ``home``."""

    def __init__(self, home: Path) -> None:
        self._folder = home / "files"

    def find(self, sha256: str, document: str) -> Path:
        """The file with that content, for reading; its bytes are not checked again here.

        Raises :class:`SourceFileMissing`, which calls it the file of ``document``.
        """
        path = self._folder / sha256
        why = self.why_missing(sha256)
        if why is None and not path.is_symlink():
            return path
        if why is None and _digest(path) == sha256:
            return path.resolve()
        raise SourceFileMissing(
            f"the file of {document}", why or _GONE_OR_CHANGED, "Build the document again from its file"
        )

    def why_missing(self, sha256: str) -> str | None:
        """Why the file with that content is not there, or ``None``. Nothing is read: an original that still
        stands where it was may have changed, which :meth:`find` finds out."""
        path = self._folder / sha256
        if path.is_file():
            return None
        return _GONE_OR_CHANGED if path.is_symlink() else "the workspace keeps no copy of it"

    def keep(self, files: Mapping[str, Path], *, copies: bool) -> None:
        """See that each content (its SHA-256) is there: copied, or else noted where it is.

        A file that is gone or was changed since it was read is passed over: a copy made earlier stays.
        """
        self._folder.mkdir(parents=True, exist_ok=True)
        for sha256, path in files.items():
            kept = self._folder / sha256
            if kept.is_file() and not kept.is_symlink():
                continue
            if copies:
                _copy(path, kept, sha256)
            elif not kept.is_symlink() or Path(os.readlink(kept)) != path:
                _link(path, kept)

    def keep_only(self, wanted: Iterable[str]) -> None:
        """Remove all but the contents ``wanted``."""
        names = set(wanted)
        if self._folder.is_dir():
            for path in self._folder.iterdir():
                if path.name not in names:
                    path.unlink()


def _copy(path: Path, kept: Path, sha256: str) -> None:
    """Copy ``path`` whole or not at all, if its content is the one that was read."""
    partial = kept.with_name(kept.name + _PARTIAL)
    digest = hashlib.sha256()
    try:
        source = path.open("rb")
    except OSError:  # gone since it was read: nothing to keep
        return
    with source, partial.open("wb") as target:
        while block := source.read(_BLOCK):
            digest.update(block)
            target.write(block)
        target.flush()
        os.fsync(target.fileno())
    if digest.hexdigest() != sha256:
        partial.unlink()
        return
    partial.chmod(0o444)
    partial.replace(kept)


def _link(path: Path, kept: Path) -> None:
    partial = kept.with_name(kept.name + _PARTIAL)
    partial.unlink(missing_ok=True)
    partial.symlink_to(path.absolute())
    partial.replace(kept)


def _digest(path: Path) -> str | None:
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError:
        return None
