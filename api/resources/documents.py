"""Documents (公开文件): who published what, how much of it was read, and what contradicts itself."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from decimal import Decimal
from typing import Final, NamedTuple

from pyoxigraph import NamedNode

from fiscalgraph.api.audit_copies import disclosure_of
from fiscalgraph.api.audit_units import side_unit
from fiscalgraph.api.coverage_words import unread_in_chinese
from fiscalgraph.api.library import DocumentSummary, Library, UnknownThing
from fiscalgraph.api.request_context import current
from fiscalgraph.api.resources.addresses import document_url
from fiscalgraph.api.resources.models import Choice, Page, Place, Ref, Resource
from fiscalgraph.api.resources.reading import Facts, Graph
from fiscalgraph.api.resources.resolving import find_organization
from fiscalgraph.ontology.terms import CODES, DCTERMS, DQV, FG, RDF

__all__ = [
    "Contradiction",
    "Coverage",
    "Document",
    "DocumentItem",
    "DocumentPage",
    "Leftover",
    "document",
    "list_documents",
]

_MOST: Final = 1000


class Coverage(Resource):
    """The counts of a coverage certificate (覆盖证书): what is there and what was read of it."""

    pages_read: int | None
    tables: int | None
    tables_read: int | None
    cells: int | None
    cells_read: int | None
    paragraphs: int | None
    paragraphs_read: int | None


class SourceFile(Resource):
    """The file that a document was read from."""

    name: str
    format: str
    url: str


class DocumentItem(Resource):
    """A document. ``document`` is its name; ``department`` the organisation that its printed ``issuer`` is;
    ``reporting_unit`` the one whose figures it prints, where that is another (本级); ``amount_unit`` the unit
    of most of its tables; ``problems`` are sentences about what could not be read; ``contradictions`` counts
    its figures and statements that do not agree. ``same_disclosure`` are the other documents of the same
    issuer, kind and year: parts that belong together, or the same in another format."""

    iri: str
    document: str
    url: str
    issuer: str
    department: Ref | None
    reporting_unit: Ref | None
    kind: str
    fiscal_year: int
    file: SourceFile
    amount_unit: str | None
    pages: int | None
    sha256: str
    coverage: Coverage
    problems: tuple[str, ...]
    contradictions: int
    same_disclosure: tuple[str, ...] = ()


class DocumentFacets(Resource):
    """By what the list could be narrowed, as the filters take it; counted over the whole list."""

    departments: tuple[Choice, ...]
    years: tuple[Choice, ...]
    kinds: tuple[Choice, ...]


class DocumentPage(Page[DocumentItem]):
    """A page of documents; ``facets`` are of all that the filters admit."""

    facets: DocumentFacets


class Contradiction(Resource):
    """Two figures or statements that should agree and do not (矛盾), with both places; ``difference`` is left
    less right, exact, in ``unit``; the figures themselves stand in ``left_unit`` and ``right_unit``, unless
    they name their unit or it cannot be told. What rounding explains has the verdict rounding."""

    iri: str
    kind: str
    verdict: str
    check: str
    left: str
    right: str
    detail: str
    difference: str | None
    unit: str | None
    left_unit: str | None
    right_unit: str | None
    source: Place | None
    counterpart: Place | None


class Leftover(Resource):
    """Something that no record holds (未读内容), and why."""

    iri: str
    what: str
    why: str
    source: Place | None


class Document(Resource):
    """A document with its contradictions and what was left unread: at most 1,000 of each,
    ``contradictions_total`` and ``leftovers_total`` count them all."""

    document: DocumentItem
    contradictions: tuple[Contradiction, ...]
    contradictions_total: int
    leftovers: tuple[Leftover, ...]
    leftovers_total: int


def list_documents(
    library: Library,
    *,
    department: str | None = None,
    kind: str | None = None,
    year: int | None = None,
    q: str | None = None,
    offset: int = 0,
    limit: int = 100,
) -> DocumentPage:
    """The documents that the filters admit, by name; ``department`` is the issuer's name as printed or any
    name of an organisation, ``q`` a part of the document's name or of its issuer's.

    Raises :class:`~fiscalgraph.api.library.UnknownThing` for a department or a kind that there is not.
    """
    known = library.documents()
    kinds = sorted({each.kind for each in known})
    if kind is not None and kind not in kinds:
        raise UnknownThing(f"kind {kind}", "no document is of that kind", f"There are: {', '.join(kinds)}")
    published = None if department is None else _published_by(library, known, department)
    admitted = [
        each
        for each in known
        if (published is None or each.iri in published)
        and kind in (None, each.kind)
        and year in (None, each.fiscal_year)
        and (q is None or q in each.document or q in each.issuer)
    ]
    graph = Graph(library.store)
    return DocumentPage(
        items=tuple(_item(graph, each) for each in admitted[offset : offset + limit]),
        total=len(admitted),
        offset=offset,
        limit=limit,
        facets=DocumentFacets(
            departments=_choices(each.issuer for each in admitted),
            years=_choices(str(each.fiscal_year) for each in admitted),
            kinds=_choices(each.kind for each in admitted),
        ),
    )


def _choices(values: Iterable[str]) -> tuple[Choice, ...]:
    """The values, the commonest first."""
    counted = sorted(Counter(values).items(), key=lambda each: (-each[1], each[0]))
    return tuple(Choice(value=value, name=value, count=count) for value, count in counted)


def _published_by(library: Library, known: list[DocumentSummary], department: str) -> set[str]:
    """The documents of an issuer: as printed, and of the organisation of that name, however it is printed."""
    published = {each.iri for each in known if each.issuer == department}
    try:
        iri = find_organization(library, department)
    except UnknownThing:
        if published:
            return published
        raise
    graph = Graph(library.store)
    return published.union(graph.subjects(DCTERMS.publisher, iri), graph.subjects(FG.reportingUnit, iri))


def document(library: Library, name: str) -> Document:
    """The document of that name. Raises :class:`~fiscalgraph.api.library.UnknownThing`."""
    entry = next((each for each in library.documents() if each.document == name), None)
    if entry is None:
        raise UnknownThing(name, "the workspace has no such document", "GET /documents lists their names")
    graph = Graph(library.store)
    contradictions = _parts(graph, entry.iri, FG.verdict, CODES["verdict"]["contradicts"])
    leftovers = _parts(graph, entry.iri, RDF.type, FG.Leftover)
    return Document(
        document=_item(graph, entry),
        contradictions=tuple(_contradiction(graph, part) for part in contradictions[:_MOST]),
        contradictions_total=len(contradictions),
        leftovers=tuple(
            Leftover(
                iri=part.iri,
                what=part.text(FG.what) or "",
                why=_said(part.text(FG.why) or ""),
                source=graph.source(part.iri),
            )
            for part in leftovers[:_MOST]
        ),
        leftovers_total=len(leftovers),
    )


def _parts(graph: Graph, document: str, predicate: NamedNode, value: NamedNode | None) -> list[Facts]:
    """What a document's own graph says of this kind, in the document's order."""
    quads = graph.store.quads_for_pattern(None, predicate, value, NamedNode(document))
    found = {quad.subject.value for quad in quads if isinstance(quad.subject, NamedNode)}
    return sorted(
        (graph.facts(iri) for iri in found), key=lambda part: (part.number(FG.position) or 0, part.iri)
    )


def _contradiction(graph: Graph, facts: Facts) -> Contradiction:
    other = facts.text(FG.counterpartSource)
    left, right = facts.text(FG.left) or "", facts.text(FG.right) or ""
    difference, unit = facts.text(DQV.value), facts.text(FG.unit)
    exact = None if difference is None else Decimal(difference)
    on_left, compared = set(facts.texts(FG.leftOperand)), facts.texts(DQV.computedOn)
    of_left = _only_figure(graph, [iri for iri in compared if iri in on_left])
    of_right = _only_figure(graph, [iri for iri in compared if iri not in on_left])
    return Contradiction(
        iri=facts.iri,
        kind=graph.notation(facts.text(FG.contradictionKind)) or "",
        verdict=graph.notation(facts.text(FG.verdict)) or "",
        check=graph.notation(facts.text(DQV.isMeasurementOf)) or "",
        left=left,
        right=right,
        detail=facts.text(FG.detail) or "",
        difference=difference,
        unit=unit,
        left_unit=side_unit(left, of_left, right, exact, unit),
        right_unit=side_unit(right, of_right, left, exact, unit),
        source=graph.source(facts.iri),
        counterpart=None if other is None else graph.place(other),
    )


class _Figure(NamedTuple):
    printed: str
    unit: str | None


def _only_figure(graph: Graph, figures: list[str]) -> list[_Figure]:
    """The figure that stands alone on its side: of several none tells in what unit their sum is printed."""
    if len(figures) != 1:
        return []
    facts = graph.facts(figures[0])
    return [_Figure(facts.text(FG.printed) or "", facts.text(FG.unit))]


def _said(sentence: str) -> str:
    """A reader's sentence in the language of the request."""
    return unread_in_chinese(sentence) if current().language == "zh" else sentence


def _item(graph: Graph, entry: DocumentSummary) -> DocumentItem:
    facts, url = graph.facts(entry.iri), document_url(entry.document)
    publisher, reporting = facts.text(DCTERMS.publisher), facts.text(FG.reportingUnit)
    return DocumentItem(
        iri=entry.iri,
        document=entry.document,
        url=url,
        issuer=entry.issuer,
        department=None if publisher is None else graph.ref(publisher),
        reporting_unit=None if reporting in (None, publisher) else graph.ref(reporting),
        kind=entry.kind,
        fiscal_year=entry.fiscal_year,
        file=SourceFile(
            name=facts.text(FG.fileName) or "",
            format=facts.text(DCTERMS.format) or "",
            url=f"{url}/file",
        ),
        amount_unit=entry.amount_unit,
        pages=entry.pages,
        sha256=entry.sha256,
        coverage=Coverage(**entry.coverage),
        problems=tuple(map(_said, entry.problems)),
        contradictions=entry.contradictions,
        same_disclosure=tuple(
            graph.facts(iri).text(DCTERMS.identifier) or iri
            for iri in disclosure_of(graph.store, entry.iri)
            if iri != entry.iri
        ),
    )
