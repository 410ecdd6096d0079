"""One document from file to records, as it runs in a reading worker, and the cache of what was read.

The cache makes a build that was killed resume where it stopped, and lets a change of the graph's
vocabulary be applied without reading any document again.
"""

from __future__ import annotations

import hashlib
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path

from fiscalgraph.extract.records import DisclosureRecords, records_from_json, records_to_json
from fiscalgraph.ledger import write_atomically

__all__ = [
    "TASK",
    "RecordCache",
    "content_hash",
    "mapping_fingerprint",
    "read_records",
    "reader_fingerprint",
    "recognises",
]

TASK = "fiscalgraph.reading:read_records"
_BLOCK = 1 << 20
_RECOGNISING = "-recognising"


def read_records(path: Path) -> str:
    """Read and recognise one file; the records as JSON, which crosses process borders cheaply.

    Pages that are pictures are read when the limits in force say so. Raises ``UnreadableDocument``
    or ``RefusedDocument``.
    """
    from fiscalgraph.extract.readers import read
    from fiscalgraph.extract.recognise import recognise

    return records_to_json(recognise(read(path)))


def content_hash(path: Path) -> str:
    """The SHA-256 of a file's bytes, in hexadecimal. Raises ``OSError``."""
    digest = hashlib.sha256()
    with path.open("rb") as stream:
        while block := stream.read(_BLOCK):
            digest.update(block)
    return digest.hexdigest()


@cache
def reader_fingerprint(*, recognise: bool = False) -> str:
    """Names the code that reads, and whether it recognises text in pictures (文字识别).

    Any change to it makes documents be read again.
    """
    return _fingerprint("fiscalgraph.extract") + (_RECOGNISING if recognise else "")


def recognises(reader: str) -> bool:
    """Whether the reader of that fingerprint recognises text in pictures."""
    return reader.endswith(_RECOGNISING)


@cache
def mapping_fingerprint() -> str:
    """Names the code and vocabulary that turn records into the graph."""
    return _fingerprint("fiscalgraph.graph", "fiscalgraph.ontology")


def _fingerprint(*packages: str) -> str:
    digest = hashlib.sha256()
    for package in packages:
        for name, content in _sources(files(package), package):
            digest.update(f"{name}\0{len(content)}\0".encode())
            digest.update(content)
    return digest.hexdigest()[:16]


def _sources(folder: Traversable, path: str) -> list[tuple[str, bytes]]:
    found: list[tuple[str, bytes]] = []
    for entry in sorted(folder.iterdir(), key=lambda item: item.name):
        name = f"{path}/{entry.name}"
        if entry.is_dir() and entry.name != "__pycache__":
            found += _sources(entry, name)
        elif entry.name.endswith((".py", ".ttl", ".tsv")):
            found.append((name, entry.read_bytes()))
    return found


class RecordCache:
    """Records read, one JSON file per content and reader: ``<sha256>.<reader>.json``."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def _path(self, sha256: str, reader: str) -> Path:
        return self._folder / f"{sha256}.{reader}.json"

    def get(self, sha256: str, reader: str | None = None) -> DisclosureRecords | None:
        """What a reader (default: this version's) read of these bytes, or ``None``."""
        path = self._path(sha256, reader or reader_fingerprint())
        if not path.exists():
            return None
        try:
            return records_from_json(path.read_text(encoding="utf-8"))
        except (ValueError, KeyError, TypeError):  # damaged on disk: reading again mends it
            path.unlink()
            return None

    def holds(self, sha256: str, reader: str | None = None) -> bool:
        """Whether there is something to :meth:`get` from a reader (default: this version's)."""
        return self._path(sha256, reader or reader_fingerprint()).exists()

    def put(self, serialised: str, reader: str | None = None) -> DisclosureRecords:
        """Keep what :func:`read_records` gave, and give it back as records."""
        records = records_from_json(serialised)
        # Kept by the content that was read: the file may have changed since it was planned.
        write_atomically(self._path(records.identity.sha256, reader or reader_fingerprint()), serialised)
        return records

    def keep_only(self, wanted: set[tuple[str, str]]) -> None:
        """Drop all but the given pairs of content and reader: what no document needs any more."""
        names = {self._path(*pair).name for pair in wanted}
        for path in self._folder.iterdir():
            if path.name not in names:
                path.unlink()
