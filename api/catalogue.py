"""The catalogue of a generation: what it holds, in the order of its lists, put together once.

Lists, finding by name and the overview are answered from it; what they show of each thing is read from the
graph. A build writes it beside the graph (``catalogue.json``); where that is missing or of another version it
is put together when it is first needed. It holds nothing that is not in the graph.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from decimal import Decimal
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from fiscalgraph.api.audit_lines import AuditSummary
from fiscalgraph.api.document_summaries import DocumentSummary

if TYPE_CHECKING:
    from pyoxigraph import Store

__all__ = [
    "AuditRow",
    "Catalogue",
    "Citation",
    "IndicatorRow",
    "LawRow",
    "OrganizationRow",
    "ProjectEntryRow",
    "ProjectRow",
    "write_catalogue",
    "written_catalogue",
]

_FILE: Final = "catalogue.json"
_VERSION: Final = 3
_NUMBER: Final = re.compile(r"\d+(\.\d+)?")


class OrganizationRow(NamedTuple):
    """An organisation: ``kind`` is department, unit or head_office; ``region`` is a code; ``whole`` is the
    IRI of the department that it belongs to; ``years`` are those of its ``documents``."""

    iri: str
    name: str
    other_names: Sequence[str]
    kind: str
    level: str | None
    region: str | None
    whole: str | None
    documents: int
    years: Sequence[int]


class ProjectRow(NamedTuple):
    """A project by its names; ``department`` is the name of the one responsible for it."""

    iri: str
    name: str
    other_names: Sequence[str]
    department: str | None


class ProjectEntryRow(NamedTuple):
    """What one document reports: the places of its project and document in the catalogue (-1: none), the IRIs
    of the organisations that it names, its amounts in 元 as exact texts (``initial``: 年初预算数, ``budget``:
    全年预算数), and its score as printed."""

    iri: str
    project: int
    document: int
    year: int
    organizations: Sequence[str]
    printed_name: str
    initial: str | None
    budget: str | None
    executed: str | None
    score: str | None


class IndicatorRow(NamedTuple):
    """An indicator: the place of its document and of its entry in the catalogue (-1: none), whether its
    target was reached, and all its words."""

    iri: str
    document: int
    entry: int
    achieved: bool | None
    words: str


class LawRow(NamedTuple):
    """A law, regulation, notice or plan by its titles."""

    iri: str
    title: str
    other_titles: Sequence[str]
    document_number: str | None


class Citation(NamedTuple):
    """A law (its place in the catalogue) cited by a publisher (IRI) in a document (IRI), so many times."""

    law: int
    publisher: str
    document: str
    mentions: int


class AuditRow(NamedTuple):
    """What the checks found in a document: of its printed figures how many are confirmed and contested, and
    how many comparisons of a check (its name) have a verdict."""

    figures: int
    confirmed: int
    contested: int
    comparisons: Sequence[tuple[str, str, int]]


@dataclass(frozen=True)
class Catalogue:
    """What a generation holds.

    ``documents`` are by name, ``audits`` one for each of them, ``projects`` by name, ``organizations`` those
    with documents first, ``entries`` by year, document and place in it, ``indicators`` by document and place
    in it. ``counts`` are of what has no list of its own here.
    """

    documents: tuple[DocumentSummary, ...]
    organizations: tuple[OrganizationRow, ...]
    projects: tuple[ProjectRow, ...]
    entries: tuple[ProjectEntryRow, ...]
    indicators: tuple[IndicatorRow, ...]
    laws: tuple[LawRow, ...]
    citations: tuple[Citation, ...]
    audits: tuple[AuditRow, ...]
    counts: Mapping[str, int]

    def audit_summaries(self) -> Iterator[AuditSummary]:
        """Every document with what the checks found in it, in counts."""
        for document, audit in zip(self.documents, self.audits, strict=True):
            yield AuditSummary(
                document=document.document,
                issuer=document.issuer,
                kind=document.kind,
                fiscal_year=document.fiscal_year,
                comparisons={(check, verdict): number for check, verdict, number in audit.comparisons},
                figures=audit.figures,
                confirmed=audit.confirmed,
                contested=audit.contested,
            )

    @cached_property
    def rates(self) -> Sequence[Decimal | None]:
        """Of each entry what was executed in percent of the full-year budget; ``None`` where that cannot be
        told."""
        return [_rate(entry) for entry in self.entries]

    @cached_property
    def scores(self) -> Sequence[Decimal | None]:
        """Of each entry the score of its self-evaluation; ``None`` where no number is printed."""
        return [
            Decimal(entry.score) if entry.score is not None and _NUMBER.fullmatch(entry.score) else None
            for entry in self.entries
        ]

    def name_of(self, document: int) -> str | None:
        """The name of the document in that place; ``None`` for -1."""
        return self.documents[document].document if document >= 0 else None

    def to_json(self) -> str:
        """All of it as a text."""
        content = {
            "version": _VERSION,
            "documents": [asdict(document) for document in self.documents],
            **{name: getattr(self, name) for name in _ROWS},
            "counts": self.counts,
        }
        return json.dumps(content, ensure_ascii=False, separators=(",", ":"))

    @classmethod
    def from_json(cls, text: str) -> Catalogue | None:
        """The inverse of :meth:`to_json`; ``None`` for a text of another version. Raises ``ValueError``."""
        content = json.loads(text)
        if content.get("version") != _VERSION:
            return None
        documents = tuple(
            DocumentSummary(**{**each, "problems": tuple(each["problems"])}) for each in content["documents"]
        )
        rows: dict[str, Any] = {
            name: tuple(kind(*row) for row in content[name]) for name, kind in _ROWS.items()
        }
        known: dict[str, str] = {}  # a few hundred organisations are named by each of thousands of entries
        rows["entries"] = tuple(
            entry._replace(organizations=[known.setdefault(iri, iri) for iri in entry.organizations])
            for entry in rows["entries"]
        )
        return cls(documents=documents, counts=content["counts"], **rows)


_ROWS: Final[Mapping[str, Any]] = {
    "organizations": OrganizationRow,
    "projects": ProjectRow,
    "entries": ProjectEntryRow,
    "indicators": IndicatorRow,
    "laws": LawRow,
    "citations": Citation,
    "audits": AuditRow,
}


def _rate(entry: ProjectEntryRow) -> Decimal | None:
    if entry.budget is None or entry.executed is None or Decimal(entry.budget) <= 0:
        return None
    return 100 * Decimal(entry.executed) / Decimal(entry.budget)


def written_catalogue(directory: Path) -> Catalogue | None:
    """The catalogue that lies in the folder of a generation, if there is one of this version."""
    path = directory / _FILE
    return Catalogue.from_json(path.read_text(encoding="utf-8")) if path.exists() else None


def write_catalogue(store: Store, directory: Path) -> None:
    """Put the catalogue together and write it beside the graph of a generation; equal graphs, equal bytes."""
    from fiscalgraph.api.catalogue_making import make_catalogue

    (directory / _FILE).write_text(make_catalogue(store).to_json(), encoding="utf-8")
