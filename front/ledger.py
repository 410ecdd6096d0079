"""The ledger of a workspace: which documents it holds, what was read of each, and what was refused.

One ledger belongs to each generation of the graph and is published with it; it is what ``status``
shows and what decides whether a document has to be read again.
"""

from __future__ import annotations

import dataclasses
import json
import os
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from fiscalgraph.extract.errors import FiscalgraphError
from fiscalgraph.extract.records import DisclosureRecords

__all__ = ["RECORD_TYPES", "BuiltDocument", "DamagedLedger", "Ledger", "Refusal", "write_atomically"]

RECORD_TYPES = (
    "units",
    "spending",
    "totals",
    "narrative",
    "projects",
    "funds",
    "indicators",
    "findings",
    "laws",
)
_FORMAT = 1


class DamagedLedger(FiscalgraphError):
    """The ledger's file is not one that this version wrote."""


@dataclass(frozen=True, slots=True)
class Refusal:
    """A file that could not be used: ``what`` it is, ``why``, and the ``cure``."""

    path: str
    what: str
    why: str
    cure: str

    @classmethod
    def of(cls, path: Path, error: FiscalgraphError) -> Refusal:
        return cls(str(path), error.what, error.why, error.cure)

    def __str__(self) -> str:
        return f"{self.what}: {self.why}. {self.cure}"


@dataclass(frozen=True, slots=True)
class BuiltDocument:
    """A document that is in the graph.

    ``reader`` and ``mapping`` are fingerprints of the code that read and mapped it: when
    either changes, the document is read or mapped anew. ``counts`` holds records per type,
    ``coverage`` the figures of the coverage certificate (覆盖证书).
    """

    document: str
    path: str
    sha256: str
    reader: str
    mapping: str
    issuer: str
    kind: str
    fiscal_year: int
    pages: int | None
    counts: dict[str, int]
    coverage: dict[str, int | None]
    contradictions: int
    problems: tuple[str, ...] = ()

    @classmethod
    def of(
        cls, records: DisclosureRecords, path: Path, *, reader: str, mapping: str, contradictions: int
    ) -> BuiltDocument:
        """The ledger's line on ``records``, which were read from ``path``."""
        identity, coverage = records.identity, records.coverage
        return cls(
            document=identity.document,
            path=str(path),
            sha256=identity.sha256,
            reader=reader,
            mapping=mapping,
            issuer=identity.issuer,
            kind=identity.kind,
            fiscal_year=identity.fiscal_year,
            pages=identity.pages,
            counts={name: len(getattr(records, name)) for name in RECORD_TYPES},
            coverage={
                name: getattr(coverage, name)
                for name in (
                    "pages",
                    "pages_read",
                    "pages_recognised",
                    "tables",
                    "tables_read",
                    "cells",
                    "cells_read",
                    "paragraphs",
                    "paragraphs_read",
                )
            },
            contradictions=contradictions,
            problems=coverage.problems,
        )


@dataclass(frozen=True, slots=True)
class Ledger:
    """``documents`` by name; ``refusals`` by the path of the file refused."""

    documents: dict[str, BuiltDocument] = field(default_factory=dict)
    refusals: dict[str, Refusal] = field(default_factory=dict)

    def by_path(self) -> dict[str, BuiltDocument]:
        return {entry.path: entry for entry in self.documents.values()}

    def by_content(self) -> dict[str, BuiltDocument]:
        return {entry.sha256: entry for entry in self.documents.values()}

    def names(self, given: Iterable[str]) -> tuple[list[str], list[str]]:
        """Resolve document names, file names or paths: (names found, arguments that match nothing)."""
        by_path = self.by_path()
        by_file = {Path(path).name: entry for path, entry in by_path.items()}
        found, unknown = [], []
        for argument in given:
            entry = (
                self.documents.get(argument)
                or by_path.get(os.path.abspath(argument))
                or by_file.get(argument)
            )
            if entry is None:
                unknown.append(argument)
            else:
                found.append(entry.document)
        return found, unknown

    def write(self, path: Path) -> None:
        """Write the ledger whole or not at all; equal ledgers give equal bytes."""
        value = {
            "format": _FORMAT,
            "documents": [dataclasses.asdict(self.documents[name]) for name in sorted(self.documents)],
            "refusals": [dataclasses.asdict(self.refusals[name]) for name in sorted(self.refusals)],
        }
        write_atomically(path, json.dumps(value, ensure_ascii=False, indent=1))

    @classmethod
    def read(cls, path: Path) -> Ledger:
        """Read a ledger; one that is not there is empty. Raises :class:`DamagedLedger`."""
        if not path.exists():
            return cls()
        try:
            value: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
            if value["format"] != _FORMAT:
                raise ValueError(f"format {value['format']}")
            documents = [
                BuiltDocument(**{**item, "problems": tuple(item["problems"])}) for item in value["documents"]
            ]
            refusals = [Refusal(**item) for item in value["refusals"]]
        except (ValueError, KeyError, TypeError) as error:
            raise DamagedLedger(
                str(path), f"it cannot be read ({error})", "Build into a new workspace with --home"
            ) from error
        return cls({item.document: item for item in documents}, {item.path: item for item in refusals})


def write_atomically(path: Path, content: str) -> None:
    """Write UTF-8 text so that a kill at any moment leaves the old file or the new one."""
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f"{path.name}.{os.getpid()}.tmp")
    with temporary.open("w", encoding="utf-8") as stream:
        stream.write(content)
        stream.flush()
        os.fsync(stream.fileno())
    temporary.replace(path)
