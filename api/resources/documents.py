"""Documents (公开文件): who published what, how much of it was read, and what contradicts itself."""

from __future__ import annotations

from typing import Final

from pyoxigraph import NamedNode

from fiscalgraph.api.library import DocumentSummary, Library, UnknownThing
from fiscalgraph.api.resources.addresses import document_url
from fiscalgraph.api.resources.models import Page, Place, Resource
from fiscalgraph.api.resources.paging import page_of
from fiscalgraph.api.resources.reading import Facts, Graph
from fiscalgraph.api.resources.resolving import find_organization
from fiscalgraph.ontology.terms import DCTERMS, DQV, FG, RDF

__all__ = ["Contradiction", "Coverage", "Document", "DocumentItem", "Leftover", "document", "list_documents"]

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


class DocumentItem(Resource):
    """A document. ``document`` is its name; ``amount_unit`` the unit of most of its tables; ``problems`` are
    sentences about what could not be read; ``contradictions`` counts its figures and statements that do not
    agree."""

    iri: str
    document: str
    url: str
    issuer: str
    kind: str
    fiscal_year: int
    amount_unit: str | None
    pages: int | None
    sha256: str
    coverage: Coverage
    problems: tuple[str, ...]
    contradictions: int


class Contradiction(Resource):
    """Two figures or statements that should agree and do not (矛盾), with both places; ``difference`` is left
    less right, exact, in ``unit``. Differences that rounding explains have the verdict rounding."""

    iri: str
    kind: str
    verdict: str
    check: str
    left: str
    right: str
    detail: str
    difference: str | None
    unit: str | None
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
) -> Page[DocumentItem]:
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
        _item(each)
        for each in known
        if (published is None or each.iri in published)
        and kind in (None, each.kind)
        and year in (None, each.fiscal_year)
        and (q is None or q in each.document or q in each.issuer)
    ]
    return page_of(admitted, offset=offset, limit=limit)


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
    contradictions = _parts(graph, entry.iri, FG.contradictionKind, None)
    leftovers = _parts(graph, entry.iri, RDF.type, FG.Leftover)
    return Document(
        document=_item(entry),
        contradictions=tuple(_contradiction(graph, part) for part in contradictions[:_MOST]),
        contradictions_total=len(contradictions),
        leftovers=tuple(
            Leftover(
                iri=part.iri,
                what=part.text(FG.what) or "",
                why=part.text(FG.why) or "",
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
    return Contradiction(
        iri=facts.iri,
        kind=graph.notation(facts.text(FG.contradictionKind)) or "",
        verdict=graph.notation(facts.text(FG.verdict)) or "",
        check=graph.notation(facts.text(DQV.isMeasurementOf)) or "",
        left=facts.text(FG.left) or "",
        right=facts.text(FG.right) or "",
        detail=facts.text(FG.detail) or "",
        difference=facts.text(DQV.value),
        unit=facts.text(FG.unit),
        source=graph.source(facts.iri),
        counterpart=None if other is None else graph.place(other),
    )


def _item(entry: DocumentSummary) -> DocumentItem:
    return DocumentItem(
        iri=entry.iri,
        document=entry.document,
        url=document_url(entry.document),
        issuer=entry.issuer,
        kind=entry.kind,
        fiscal_year=entry.fiscal_year,
        amount_unit=entry.amount_unit,
        pages=entry.pages,
        sha256=entry.sha256,
        coverage=Coverage(**entry.coverage),
        problems=entry.problems,
        contradictions=entry.contradictions,
    )
