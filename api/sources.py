"""From a fact to its source: the document, the page, the box, the words, and what the fact says.

Every fact has a source of its own; a result of a check has those of both sides. A thing that documents share
(a project, a department, a law) has the sources of what documents state of it.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from pyoxigraph import Literal as Text
from pyoxigraph import NamedNode

from fiscalgraph.api.fact_words import FactWords
from fiscalgraph.api.library import UnknownThing, expand
from fiscalgraph.graph.identifiers import BASE
from fiscalgraph.graph.statement_lookup import first_value, statements
from fiscalgraph.ontology.terms import DCTERMS, DQV, FG, OA, PROV, RDF, SKOS

if TYPE_CHECKING:
    from pyoxigraph import Store

    from fiscalgraph.api.library import Library

__all__ = [
    "FactSource",
    "Place",
    "Role",
    "SourceDocument",
    "document_named",
    "find_fact",
    "no_picture",
    "source_of",
]

Role = Literal["fact", "amounts", "left", "right", "compared", "stated"]
"""``fact``: where the fact itself stands; ``amounts``: the row that prints a project's amounts; ``left``,
``right``: the sides of a check; ``compared``: a figure that a check used; ``stated``: where a document states
something of the thing."""

MOST_PLACES = 50

_PICTURED = "pdf"
_AMOUNTS = (FG.budgetInitial, FG.budgetFull, FG.executed)
_IN_THE_ROW = (*_AMOUNTS, FG.executionRate, FG.weight, FG.score, FG.target, FG.actual)
"""What a project, fund or indicator prints in other cells than the one that names it."""


@dataclass(frozen=True, slots=True)
class SourceDocument:
    """A document: who published what for which year, and the file it was read from."""

    name: str
    iri: str
    issuer: str
    kind: str
    fiscal_year: int
    format: str
    file_name: str
    sha256: str
    pages: int | None


@dataclass(frozen=True, slots=True)
class Place:
    """A place (its ``iri``) in a document where ``fact`` (an IRI) was read.

    Page and line count from 1; ``box`` is left, top, right, bottom in points from the page's top left;
    ``part`` names the file of a bundle; ``quote`` is the document's own words; ``recognised`` marks what
    optical recognition read. ``no_picture`` says why there is no picture of the page, if there is none.
    ``figures`` are those that the fact has from other cells of the row.
    """

    iri: str
    role: Role
    fact: str
    document: SourceDocument
    page: int | None
    line: int | None
    box: tuple[float, float, float, float] | None
    part: str | None
    quote: str
    recognised: bool
    no_picture: str | None
    figures: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class FactSource:
    """A fact with what it says (``says``) and where; ``places_total`` counts all places, also those that
    are not listed."""

    iri: str
    label: str | None
    kind: str | None
    says: str | None
    places: tuple[Place, ...]
    places_total: int


def find_fact(library: Library, *written: str) -> str:
    """The IRI of a fact that may be written in any of these ways: whole, shortened, or below ``…/id/``.

    Raises :class:`~fiscalgraph.api.library.UnknownThing` when the graph knows none of them.
    """
    for text in written:
        for iri in _spellings(text):
            try:
                node = NamedNode(iri)
            except ValueError:
                continue
            if _is_known(library.store, node):
                return iri
    raise UnknownThing(written[0], "the graph says nothing about it", "Copy an IRI from an answer")


def _is_known(store: Store, node: NamedNode) -> bool:
    # The store's iterators may only be dropped by this thread: none may be held by a frame that raises.
    stated = any(True for _ in store.quads_for_pattern(node, None, None))
    return stated or any(True for _ in store.quads_for_pattern(None, None, node))


def _spellings(text: str) -> Iterator[str]:
    text = text.strip()
    for scheme in ("https:", "http:"):  # proxies make one slash of two in a path
        if text.startswith(scheme + "/") and not text.startswith(scheme + "//"):
            text = scheme + "//" + text.removeprefix(scheme + "/")
    iri = expand(text).partition("#part-")[0]  # one of several statements found in a passage
    yield iri
    if not iri.startswith(("http:", "https:")):
        yield BASE + iri.lstrip("/")


def source_of(library: Library, iri: str, language: str = "zh") -> FactSource:
    """The source of the fact ``iri`` (see :func:`find_fact`), said in ``language`` (zh or en).

    Raises :class:`~fiscalgraph.api.library.UnknownThing`.
    """
    iri = find_fact(library, iri)
    words = FactWords(library.store, language)
    finder = _Places(library.store, language)
    places = list(finder.of(iri))
    return FactSource(
        iri=iri,
        label=words.label(iri),
        kind=words.kind(iri),
        says=words.sentence(iri),
        places=tuple(places),
        places_total=len(places) + finder.passed_over,
    )


class _Places:
    """Finds places; ``passed_over`` counts those beyond the most that are listed."""

    def __init__(self, store: Store, language: str) -> None:
        self._store = store
        self._words = FactWords(store, language)
        self._documents: dict[str, SourceDocument] = {}
        self.passed_over = 0

    def of(self, iri: str) -> Iterator[Place]:
        """The places of the fact, none twice."""
        sources = self._own(iri) or self._stated(iri)
        if self._is_check(iri):
            sources += self._compared(iri)
        unique: dict[str, tuple[Role, str]] = {}
        for role, fact, source in sources:
            unique.setdefault(source, (role, fact))
        self.passed_over += max(0, len(unique) - MOST_PLACES)
        for source, (role, fact) in list(unique.items())[:MOST_PLACES]:
            yield self._place(role, fact, source)

    def _is_check(self, iri: str) -> bool:
        return FG.CheckResult.value in self._values(iri, RDF.type)

    def _own(self, iri: str) -> list[tuple[Role, str, str]]:
        check = self._is_check(iri)
        found: list[tuple[Role, str, str]] = [
            ("left" if check else "fact", iri, source)
            for source in sorted(self._values(iri, PROV.wasDerivedFrom))
        ]
        found += [("right", iri, source) for source in sorted(self._values(iri, FG.counterpartSource))]
        if self._values(iri, OA.hasSource):  # it is itself a place
            found.append(("fact", iri, iri))
        return found + self._amounts(iri)

    def _amounts(self, entry: str) -> list[tuple[Role, str, str]]:
        """The first fund of a project's entry with all the amounts of the entry: the row that prints them."""
        amounts = {amount: self._values(entry, amount) for amount in _AMOUNTS}
        if FG.ProjectEntry.value not in self._values(entry, RDF.type) or not any(amounts.values()):
            return []
        funds = statements(self._store, FG.entry, value=NamedNode(entry))
        for fund in sorted({each.subject for each in funds}, key=lambda fund: (self._position(fund), fund)):
            if all(self._values(fund, amount) == printed for amount, printed in amounts.items()):
                return [("amounts", fund, source) for source in self._values(fund, PROV.wasDerivedFrom)]
        return []

    def _compared(self, iri: str) -> list[tuple[Role, str, str]]:
        figures = heapq.nsmallest(
            MOST_PLACES, self._values(iri, DQV.computedOn), key=lambda figure: self._position(figure)
        )
        return [
            ("compared", figure, source)
            for figure in figures
            for source in self._values(figure, PROV.wasDerivedFrom)
        ]

    def _stated(self, iri: str) -> list[tuple[Role, str, str]]:
        """The sources of what points to a thing that has none of its own."""
        pointing = {
            quad.subject.value
            for quad in self._store.quads_for_pattern(None, None, NamedNode(iri))
            if isinstance(quad.subject, NamedNode)
        }
        found: list[tuple[Role, str, str]] = []
        for subject in sorted(pointing):
            found += [("stated", subject, source) for source in self._values(subject, PROV.wasDerivedFrom)]
        return found

    def _position(self, iri: str) -> int:
        return int(first_value(self._store, iri, FG.position) or 0)

    def _values(self, iri: str, predicate: NamedNode) -> set[str]:
        return {statement.value for statement in statements(self._store, predicate, subject=iri)}

    def _place(self, role: Role, fact: str, source: str) -> Place:
        def one(predicate: NamedNode) -> str | None:
            return first_value(self._store, source, predicate)

        page, line, box = one(FG.page), one(FG.line), one(FG.box)
        document, part = self._document(one(OA.hasSource) or ""), one(FG.part)
        left, top, right, bottom = (float(side) for side in box.split()) if box else (0.0, 0.0, 0.0, 0.0)
        return Place(
            iri=source,
            role=role,
            fact=fact,
            document=document,
            page=int(page) if page else None,
            line=int(line) if line else None,
            box=(left, top, right, bottom) if box else None,
            part=part,
            quote=one(FG.quote) or "",
            recognised=one(FG.recognised) == "true",
            no_picture=no_picture(document, int(page) if page else None, part),
            figures=tuple(sorted({printed for each in _IN_THE_ROW for printed in self._values(fact, each)})),
        )

    def _document(self, iri: str) -> SourceDocument:
        if iri not in self._documents:
            self._documents[iri] = _document(self._store, iri)
        return self._documents[iri]


def document_named(library: Library, name: str) -> SourceDocument:
    """The document of that name. Raises :class:`~fiscalgraph.api.library.UnknownThing`."""
    for quad in library.store.quads_for_pattern(None, DCTERMS.identifier, Text(name)):
        if isinstance(quad.subject, NamedNode) and quad.subject == quad.graph_name:
            return _document(library.store, quad.subject.value)
    raise UnknownThing(name, "the workspace has no such document", "GET /documents lists their names")


def _document(store: Store, iri: str) -> SourceDocument:
    def one(predicate: NamedNode) -> str:
        return first_value(store, iri, predicate) or ""

    kind, pages = one(FG.disclosureKind), one(FG.pages)
    return SourceDocument(
        name=one(DCTERMS.identifier),
        iri=iri,
        issuer=one(FG.issuerName),
        kind=(first_value(store, kind, SKOS.notation) or "") if kind else "",
        fiscal_year=int(one(FG.year) or 0),
        format=one(DCTERMS.format),
        file_name=one(FG.fileName),
        sha256=one(FG.sha256),
        pages=int(pages) if pages else None,
    )


def no_picture(document: SourceDocument, page: int | None, part: str | None) -> str | None:
    """Why there can be no picture of a page (of ``part``), or ``None``."""
    if document.format != _PICTURED and not (part or "").lower().endswith(".pdf"):
        return f"a file of the format {document.format} has no pages to draw"
    return None if page is not None else "the place has no page"
