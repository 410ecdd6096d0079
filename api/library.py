"""The library: what a built workspace can be asked, whoever asks (command line, HTTP, Python).

A :class:`Library` looks at one published generation, read-only; it does not change while it is open.
"""

from __future__ import annotations

import heapq
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pyoxigraph import NamedNode

from fiscalgraph.api.document_summaries import DocumentSummary, documents_of
from fiscalgraph.extract.errors import FiscalgraphError
from fiscalgraph.graph.store import GenerationStore, NothingBuilt, Reader
from fiscalgraph.ontology.terms import DCTERMS, FG, OA, PREFIXES, PROV, SKOS

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from pyoxigraph import Store

    from fiscalgraph.api.audit import Auditor
    from fiscalgraph.api.catalogue import Catalogue
    from fiscalgraph.api.issue_book import IssueBook
    from fiscalgraph.api.named_pages import NamedPage, NamedPages
    from fiscalgraph.api.names import NameIndex
    from fiscalgraph.graph.sparql import QueryResult
    from fiscalgraph.graph.sparql.similar import Similarity
    from fiscalgraph.graph.sums import Projection
    from fiscalgraph.graph.sums_request import SumAnswer, SumRefused, SumRequest
    from fiscalgraph.search import Answer, DepartmentHits, Filters
    from fiscalgraph.search.index import PassageIndex

__all__ = [
    "PASSAGES",
    "DocumentSummary",
    "EmptyWorkspace",
    "Fact",
    "Library",
    "SourcePlace",
    "Thing",
    "UnknownThing",
    "texts",
]

PASSAGES = "passages"
"""The folder of the similarity index inside a generation."""

_MENTIONS_SHOWN = 50

_LABELS = (
    NamedNode(PREFIXES["rdfs"] + "label"),
    SKOS.prefLabel,
    FG.text,
    FG.quote,
    FG.projectName,
    FG.itemName,
    DCTERMS.title,
    DCTERMS.identifier,
)
# The mark of one of several statements that search found in a passage: the graph describes the passage.
_PART = re.compile(r"#part-\d+$")


class EmptyWorkspace(FiscalgraphError):
    """Nothing was built in the workspace: there is nothing to answer from."""


class UnknownThing(FiscalgraphError):
    """The graph says nothing about an IRI, or the workspace has no such document."""


@dataclass(frozen=True, slots=True)
class Fact:
    """One statement about a thing: ``predicate`` shortened (``fg:printed``), ``value`` an IRI or a literal.

    ``label`` is the name of the thing that an IRI stands for, where the graph knows one.
    """

    predicate: str
    value: str
    label: str | None = None


@dataclass(frozen=True, slots=True)
class SourcePlace:
    """Where something was read: page and line count from 1, ``box`` in points from the page's top left.

    ``recognised`` marks what optical recognition read (识别所得).
    """

    document: str | None
    page: int | None
    line: int | None
    box: str | None
    quote: str
    recognised: bool = False


@dataclass(frozen=True, slots=True)
class Thing:
    """Everything the graph states of one IRI, where that was read, and what points to it.

    ``mentions`` counts what points to it; ``mentioned_by`` lists the first of them.
    """

    iri: str
    label: str | None
    facts: tuple[Fact, ...]
    sources: tuple[SourcePlace, ...]
    mentions: int
    mentioned_by: tuple[Fact, ...] = field(default=())


class Library:
    """A generation of the workspace in ``home``: the served one, or that in ``directory``.

    ``encoder`` names another model than ours. Raises :class:`EmptyWorkspace` when nothing was built there.
    """

    def __init__(self, home: Path, encoder: str | None = None, *, directory: Path | None = None) -> None:
        try:
            self._reader = Reader(directory) if directory else GenerationStore(home).open_reader()
        except NothingBuilt as error:
            raise EmptyWorkspace(
                str(home),
                "nothing has been built there",
                "Run: fiscalgraph build PATH… (or choose it with --home)",
            ) from error
        self.directory = self._reader.directory
        self._encoder_name = encoder

    @property
    def store(self) -> Store:
        """The graph, read-only."""
        return self._reader.store

    # -- documents --------------------------------------------------------------------------

    def documents(self) -> list[DocumentSummary]:
        """All documents, by name."""
        return list(self._documents)

    @cached_property
    def _documents(self) -> tuple[DocumentSummary, ...]:
        return self.catalogue.documents if self._written is not None else documents_of(self.store)

    @cached_property
    def catalogue(self) -> Catalogue:
        """What the generation holds, in the order of its lists. Where the build wrote none it is put together
        now, which takes as long as reading all projects and indicators."""
        if self._written is not None:
            return self._written
        from fiscalgraph.api.catalogue_making import make_catalogue

        return make_catalogue(self.store)

    @cached_property
    def names(self) -> NameIndex:
        """The names of what the generation holds."""
        from fiscalgraph.api.names import NameIndex

        return NameIndex(self.catalogue)

    @property
    def has_catalogue(self) -> bool:
        """Whether the build wrote a catalogue, so that it need not be put together."""
        return self._written is not None

    @cached_property
    def _written(self) -> Catalogue | None:
        from fiscalgraph.api.catalogue import written_catalogue

        return written_catalogue(self.directory)

    # -- queries ----------------------------------------------------------------------------

    def named(self, name: str, values: Mapping[str, str | Sequence[str]] | None = None) -> QueryResult:
        """The answer of a named query with the given parameters.

        Raises ``QueryNotFound`` or ``WrongParameter`` (:mod:`fiscalgraph.queries`).
        """
        from fiscalgraph.graph.sparql.evaluate import evaluate_trusted
        from fiscalgraph.queries import load

        return evaluate_trusted(self.store, load(name).fill(values), similarity=self._similarity)

    def named_page(
        self,
        name: str,
        values: Mapping[str, str | Sequence[str]] | None = None,
        *,
        offset: int,
        limit: int,
    ) -> NamedPage:
        """Some rows of the answer of a named query, with the place of each.

        Raises what :meth:`named` raises.
        """
        from fiscalgraph.queries import load

        return self._named_pages.page(load(name), values or {}, offset=offset, limit=limit)

    @cached_property
    def _named_pages(self) -> NamedPages:
        from fiscalgraph.api.named_pages import NamedPages

        return NamedPages(self.store, lambda: self._similarity)

    def sparql(self, query: str) -> QueryResult:
        """The answer of any SPARQL query, checked by the guard but without a deadline.

        Raises ``QueryRefused``, ``QueryFailed`` or ``ResultTooLarge`` (:mod:`fiscalgraph.graph.sparql`).
        """
        from fiscalgraph.graph.sparql.evaluate import evaluate

        return evaluate(self.store, query, similarity=self._similarity)

    @cached_property
    def _similarity(self) -> Similarity:
        """What answers ``fg:similar`` in queries."""
        from fiscalgraph.graph.sparql.similar import SimilarityWhenNeeded

        def make() -> Similarity:
            from fiscalgraph.search.combined import similarity_in

            return similarity_in(self.directory, self._encoder_name)

        return SimilarityWhenNeeded(make)

    @cached_property
    def auditor(self) -> Auditor:
        """What the checks found in this generation, line by line and in counts."""
        from fiscalgraph.api.audit import Auditor

        return Auditor(self.store, self.catalogue.audit_summaries() if self.has_catalogue else ())

    # -- sums -------------------------------------------------------------------------------

    @cached_property
    def projection(self) -> Projection:
        """The columnar projection of this generation. Raises ``NoProjection`` when it has none."""
        from fiscalgraph.graph.sums import Projection

        return Projection(self.directory)

    def sum(self, request: SumRequest) -> SumAnswer | SumRefused:
        """A sum that counts every 元 once, or why it is refused; see :mod:`fiscalgraph.graph.sums`.

        Raises ``WrongSum`` for an organisation or document that is not there, and ``NoProjection``.
        """
        from fiscalgraph.graph.sums import sum_amounts

        return sum_amounts(self.projection, request)

    # -- similarity -------------------------------------------------------------------------

    @cached_property
    def index(self) -> PassageIndex:
        """The similarity index of this generation."""
        from fiscalgraph.search.encoder import load_encoder
        from fiscalgraph.search.index import PassageIndex

        encoder = None if self._encoder_name is None else load_encoder(self._encoder_name)
        return PassageIndex.open(self.directory / PASSAGES, encoder)

    def search(
        self,
        text: str,
        k: int = 10,
        filters: Filters | None = None,
        *,
        offset: int = 0,
        faceted: int = 0,
    ) -> Answer:
        """The ``k`` statements that say most nearly what ``text`` says, among those the filters admit;
        ``faceted`` counts so many of the first by year, region, department and kind.

        Raises :class:`UnknownThing` for a department or document that states nothing, naming those that are
        alike, and what :meth:`fiscalgraph.search.index.PassageIndex.search` raises.
        """
        return self.index.search(text, k, self._known(filters), offset=offset, faceted=faceted)

    def search_departments(
        self, text: str, k: int = 10, filters: Filters | None = None, *, offset: int = 0
    ) -> list[DepartmentHits]:
        """The ``k`` departments with the best hits for ``text``: each with its best, and how many it has."""
        return self.index.search_departments(text, k, self._known(filters), offset=offset)

    def similar(
        self,
        passage: str,
        k: int = 10,
        filters: Filters | None = None,
        *,
        offset: int = 0,
        other_departments_only: bool = True,
    ) -> Answer:
        """The ``k`` statements nearest to a passage (its IRI), by default of other departments only."""
        return self.index.similar(
            expand(passage),
            k,
            self._known(filters),
            offset=offset,
            other_departments_only=other_departments_only,
        )

    def similar_departments(
        self,
        passage: str,
        k: int = 10,
        filters: Filters | None = None,
        *,
        offset: int = 0,
        other_departments_only: bool = True,
    ) -> list[DepartmentHits]:
        """The ``k`` departments that state something nearest to a passage, each with its best."""
        return self.index.similar_departments(
            expand(passage),
            k,
            self._known(filters),
            offset=offset,
            other_departments_only=other_departments_only,
        )

    def _known(self, filters: Filters | None) -> Filters:
        """The filters, once the names in them are known to state something."""
        from fiscalgraph.search.filters import Filters

        if filters is None:
            return Filters()
        for what, name in (
            ("department", filters.department),
            ("whole", filters.whole),
            ("document", filters.document),
        ):
            known = self.index.names(what)
            if name is not None and name not in known:
                alike = [other for other in known if name in other or other in name]
                raise UnknownThing(
                    f"{'document' if what == 'document' else 'department'} {name}",
                    "no passage of the workspace is of it",
                    f"Did you mean {'、'.join(alike[:5])}?"
                    if alike
                    else "See `fiscalgraph status` for the names",
                )
        return filters

    # -- issues -----------------------------------------------------------------------------

    @cached_property
    def issues(self) -> IssueBook:
        """The issues across departments of this generation."""
        from fiscalgraph.api.issue_book import IssueBook

        return IssueBook(self.store)

    # -- things -----------------------------------------------------------------------------

    def thing(self, iri: str, language: str = "zh") -> Thing:
        """What the graph states of ``iri`` (also shortened, ``fgid:document/…``); names in ``language``.

        Raises :class:`UnknownThing` when it states nothing of it.
        """
        iri = _PART.sub("", expand(iri))
        try:
            node = NamedNode(iri)
        except ValueError as error:
            raise UnknownThing(iri, "it is not an IRI", "Copy one from an answer") from error
        statements = sorted(
            {
                (quad.predicate.value, _value(quad.object))
                for quad in self.store.quads_for_pattern(node, None, None)
            }
        )
        mentions = 0

        def pointing() -> Iterator[tuple[str, str]]:
            nonlocal mentions
            for quad in self.store.quads_for_pattern(None, None, node):
                mentions += 1
                yield quad.predicate.value, _value(quad.subject)

        first = heapq.nsmallest(_MENTIONS_SHOWN, pointing())
        if not statements and not first:
            raise UnknownThing(iri, "the graph says nothing about it", "Copy an IRI from an answer")
        sources = [value for predicate, value in statements if predicate == PROV.wasDerivedFrom.value]
        if any(predicate == OA.hasSource.value for predicate, _ in statements):
            sources.append(iri)
        return Thing(
            iri=iri,
            label=self._label(iri, language),
            facts=tuple(self._fact(*statement, language) for statement in statements),
            sources=tuple(self._place(source) for source in sources),
            mentions=mentions,
            mentioned_by=tuple(self._fact(*statement, language) for statement in first),
        )

    def _fact(self, predicate: str, value: str, language: str) -> Fact:
        name = self._label(predicate, language) or shorten(predicate)
        return Fact(name, value, self._label(value, language) if value.startswith("http") else None)

    def _literals(self, iri: str, predicate: NamedNode) -> list[Any]:
        try:
            found = self.store.quads_for_pattern(NamedNode(iri), predicate, None)
        except ValueError:  # a text that only looks like an IRI
            return []
        return sorted((quad.object for quad in found), key=lambda term: str(term.value))

    def _one(self, iri: str, predicate: NamedNode) -> str | None:
        terms = self._literals(iri, predicate)
        return _value(terms[0]) if terms else None

    def _label(self, iri: str, language: str) -> str | None:
        """A name for ``iri``: in ``language`` if it has several."""
        for predicate in _LABELS:
            terms = self._literals(iri, predicate)
            if terms:
                spoken = [term for term in terms if getattr(term, "language", None) == language]
                return _value((spoken or terms)[0])
        return None

    def _place(self, source: str) -> SourcePlace:
        page, line = self._one(source, FG.page), self._one(source, FG.line)
        document = self._one(source, OA.hasSource)
        return SourcePlace(
            document=self._one(document, DCTERMS.identifier) if document else None,
            page=int(page) if page else None,
            line=int(line) if line else None,
            box=self._one(source, FG.box),
            quote=self._one(source, FG.quote) or "",
            recognised=self._one(source, FG.recognised) == "true",
        )


def texts(result: QueryResult) -> list[list[str | None]]:
    """The rows of an answer as texts; what is unbound is ``None``."""
    return [[None if term is None else term.text for term in row] for row in result.rows]


def expand(iri: str) -> str:
    """An IRI written with one of our prefixes (``fgid:document/…``, ``<…>``) in full."""
    iri = iri.strip().removeprefix("<").removesuffix(">")
    prefix, _, rest = iri.partition(":")
    return PREFIXES[prefix] + rest if prefix in PREFIXES and not rest.startswith("//") else iri


def shorten(iri: str) -> str:
    """An IRI with our prefixes, for people."""
    for prefix, namespace in PREFIXES.items():
        if iri.startswith(namespace):
            return f"{prefix}:{iri.removeprefix(namespace)}"
    return iri


def _value(term: Any) -> str:
    """The IRI, the literal's text, or a blank node's label."""
    return str(term.value)
