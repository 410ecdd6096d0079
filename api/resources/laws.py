"""Laws, regulations, notices and plans (法规文件): who cites them, and where."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from fiscalgraph.api.catalogue import Citation as Citing
from fiscalgraph.api.catalogue import LawRow
from fiscalgraph.api.library import Library
from fiscalgraph.api.resources.addresses import resource_url
from fiscalgraph.api.resources.models import DocumentRef, Page, Place, Ref, Resource
from fiscalgraph.api.resources.paging import page_of
from fiscalgraph.api.resources.reading import Graph
from fiscalgraph.ontology.terms import DCTERMS, ELI, FG, SKOS

__all__ = ["Citation", "Law", "LawSummary", "law", "list_laws"]


class LawSummary(Resource):
    """A law with how many departments cite it, in how many documents and places."""

    iri: str
    title: str
    url: str
    document_number: str | None
    departments: int
    documents: int
    mentions: int


class Citation(Resource):
    """A citation: the document that cites it, the words it uses, and where."""

    iri: str
    title: str
    kind: str | None
    article: str | None
    mentions: int
    department: Ref | None
    document: DocumentRef
    source: Place | None


class Law(Resource):
    """A law and who cites it. ``document_number`` (文号) and ``version_date`` are of the list of laws that
    titles are resolved against, where it holds them."""

    iri: str
    title: str
    other_titles: tuple[str, ...]
    document_number: str | None
    version_date: str | None
    departments: int
    citations: Page[Citation]


def list_laws(
    library: Library,
    *,
    department: str | None = None,
    q: str | None = None,
    offset: int = 0,
    limit: int = 100,
) -> Page[LawSummary]:
    """The cited laws, those cited by most departments first; ``department`` is the IRI of who cites, ``q`` a
    part of the title."""
    catalogue = library.catalogue
    cited: dict[int, list[Citing]] = defaultdict(list)
    for citation in catalogue.citations:
        if department in (None, citation.publisher):
            cited[citation.law].append(citation)
    found = [
        _law_summary(catalogue.laws[place], by)
        for place, by in cited.items()
        if q is None or q in catalogue.laws[place].title
    ]
    found.sort(key=lambda each: (-each.departments, -each.mentions, each.title, each.iri))
    return page_of(found, offset=offset, limit=limit)


def _law_summary(row: LawRow, cited: Sequence[Citing]) -> LawSummary:
    return LawSummary(
        iri=row.iri,
        title=row.title,
        url=resource_url(row.iri) or "",
        document_number=row.document_number,
        departments=len({citation.publisher for citation in cited}),
        documents=len({citation.document for citation in cited}),
        mentions=sum(citation.mentions for citation in cited),
    )


def law(library: Library, iri: str, *, offset: int = 0, limit: int = 100) -> Law:
    """The law of that IRI with a page of its citations, by year and document."""
    graph = Graph(library.store)
    facts = graph.facts(iri)
    citations = [_citation(graph, citation) for citation in graph.subjects(FG.law, iri)]
    citations.sort(key=lambda each: (each.document.fiscal_year, each.document.document, each.iri))
    return Law(
        iri=iri,
        title=graph.name(iri),
        other_titles=tuple(facts.texts(SKOS.altLabel)),
        document_number=facts.text(ELI.id_local),
        version_date=facts.text(ELI.version_date),
        departments=len({each.department.iri for each in citations if each.department is not None}),
        citations=page_of(citations, offset=offset, limit=limit),
    )


def _citation(graph: Graph, iri: str) -> Citation:
    facts = graph.facts(iri)
    document = facts.text(DCTERMS.isPartOf) or ""
    publisher = graph.facts(document).text(DCTERMS.publisher)
    return Citation(
        iri=iri,
        title=facts.text(DCTERMS.title) or "",
        kind=graph.notation(facts.text(FG.citationKind)),
        article=facts.text(FG.citedArticle),
        mentions=facts.number(FG.mentions) or 1,
        department=None if publisher is None else graph.ref(publisher),
        document=graph.document(document),
        source=graph.source(iri),
    )
