"""Records → quads: what one disclosure states, with provenance on every fact.

Shape (data dictionary: the Turtle files of :mod:`fiscalgraph.ontology`):

* Each document is one named graph, named by the document's IRI; it holds only statements
  about things below that IRI. Statements about things that documents share (organisations,
  projects, laws, classification codes) go to :data:`~fiscalgraph.graph.identifiers.SHARED_GRAPH`.
* Each record is one node that points (``prov:wasDerivedFrom``) to an ``fg:Source``: a place in
  the document with page, line, box and quote. Equal places are one node, so that the cells of a
  table row, whose source is the row, share it. This is the lean form of a Web Annotation
  ``oa:SpecificResource``: page, box and quote are properties of the source itself instead of
  three chained selector nodes, which would triple the provenance of a figure.
* The documents of one issuer, kind and fiscal year (说明 and 报表 published apart) are parts of
  one ``fg:Publication``, whichever of them is read first.
* Amounts: see :mod:`.mapping_amounts`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from pyoxigraph import Literal, NamedNode, Quad

from fiscalgraph.extract.records import DisclosureRecords, Law, OrganizationUnit
from fiscalgraph.graph import identifiers as ids
from fiscalgraph.graph.checks import CheckResult
from fiscalgraph.graph.law_titles import resolve_law
from fiscalgraph.graph.mapping_amounts import AmountMapping
from fiscalgraph.graph.mapping_certificate import map_coverage
from fiscalgraph.graph.mapping_checks import map_check_result
from fiscalgraph.graph.mapping_claims import map_claim
from fiscalgraph.graph.mapping_document import MappedDocument
from fiscalgraph.graph.mapping_performance import PerformanceMapping
from fiscalgraph.graph.names import normalised_name
from fiscalgraph.graph.statements import code_concept
from fiscalgraph.graph.table_owners import TableOwners
from fiscalgraph.ontology.terms import DCTERMS, ELI, FG, OBEU, ORG, PROV, RDF, SKOS, XSD, year_iri

__all__ = ["document_quads"]


def document_quads(records: DisclosureRecords, results: Sequence[CheckResult] = ()) -> Iterator[Quad]:
    """The quads of one disclosure: its own named graph, then what it adds to the shared graph.

    ``results`` are those of the checks of these very ``records``. Deterministic, without duplicates.
    Raises ``ValueError`` for a word (kind, relation, scope …)
    that is not in the vocabulary of the records.
    """
    document = MappedDocument(records.identity, records.projects, records.units)
    owners = TableOwners(document, records)
    _map_document(document, owners.reporting_unit)
    for order, unit in enumerate(records.units):
        _map_unit(document, order, unit)
    amounts = AmountMapping(document, owners)
    for order, line in enumerate(records.spending):
        amounts.spending(order, line)
    for order, total in enumerate(records.totals):
        amounts.total(order, total)
    for order, item in enumerate(records.narrative):
        amounts.narrative(order, item)
    performance = PerformanceMapping(document)
    for order, project in enumerate(records.projects):
        performance.project(order, project)
    for order, fund in enumerate(records.funds):
        performance.fund(order, fund)
    for order, indicator in enumerate(records.indicators):
        performance.indicator(order, indicator)
    for order, finding in enumerate(records.findings):
        performance.finding(order, finding)
    for order, claim in enumerate(records.statements):
        map_claim(document, order, claim, performance.entry(claim.occurrence))
    for order, law in enumerate(records.laws):
        _map_law(document, order, law)
    for order, result in enumerate(results):
        map_check_result(document, order, result)
    map_coverage(document, records.coverage)
    yield from document.own
    yield from document.shared


def _map_document(document: MappedDocument, reporting_unit: NamedNode | None) -> None:
    identity = document.identity
    document.state(
        document.iri,
        [
            (RDF.type, FG.Disclosure),
            (DCTERMS.identifier, identity.document),
            (DCTERMS.publisher, document.department(identity.issuer, identity.source)),
            (FG.reportingUnit, reporting_unit),
            (FG.issuerName, identity.issuer),
            (FG.disclosureKind, code_concept("disclosure kind", identity.kind)),
            (FG.year, Literal(f"{identity.fiscal_year:04d}", datatype=XSD.gYear)),
            (OBEU.fiscalYear, year_iri(identity.fiscal_year)),
            (FG.amountUnit, identity.amount_unit),
            (FG.pages, identity.pages),
            (FG.sha256, identity.sha256),
            (FG.fileName, identity.file_name),
            (DCTERMS.format, identity.format),
            (PROV.wasDerivedFrom, document.source(identity.source)),
        ],
    )
    _map_publication(document)


def _map_publication(document: MappedDocument) -> None:
    """The disclosure as a whole: all documents of the issuer for the same kind and fiscal year."""
    identity = document.identity
    publication = ids.publication_iri(identity.issuer, identity.kind, identity.fiscal_year)
    document.state(document.iri, [(DCTERMS.isPartOf, publication)])
    document.share(
        publication,
        [
            (RDF.type, FG.Publication),
            (DCTERMS.publisher, document.organization),
            (FG.disclosureKind, code_concept("disclosure kind", identity.kind)),
            (FG.year, Literal(f"{identity.fiscal_year:04d}", datatype=XSD.gYear)),
            (DCTERMS.hasPart, document.iri),
        ],
    )


def _map_unit(document: MappedDocument, order: int, unit: OrganizationUnit) -> None:
    relation = code_concept("unit relation", unit.relation)
    if unit.relation == "internal_division":
        whole = ids.department_iri(document.issuer.body)
        node = ids.division_iri(document.issuer.body, unit.unit)
        document.share(
            node,
            [
                (RDF.type, ORG.OrganizationalUnit),
                (SKOS.prefLabel, normalised_name(unit.unit)),
                (ORG.unitOf, whole),
            ],
        )
    else:
        node, found = document.unit(unit.unit, unit.source)
        if found.whole is None and node != document.organization:
            document.share(node, [(ORG.subOrganizationOf, ids.department_iri(document.issuer.body))])
    mention = document.mint("unit", ids.segment(unit.unit))
    document.remember(unit, mention)
    document.state(
        mention,
        [
            (RDF.type, FG.UnitMention),
            (DCTERMS.isPartOf, document.iri),
            (FG.unitName, unit.unit),
            (FG.unitRelation, relation),
            (FG.mentionedOrganization, node),
            (FG.position, order),
            (PROV.wasDerivedFrom, document.source(unit.source)),
        ],
    )


def _map_law(document: MappedDocument, order: int, law: Law) -> None:
    found = resolve_law(law.title, law.document_number, document.issuer.body)
    printed = ids.normalised_title(law.title)
    document.share(
        found.iri, [(RDF.type, FG.Law), (RDF.type, ELI.LegalResource), (SKOS.prefLabel, found.title)]
    )
    if printed != found.title:
        document.share(found.iri, [(SKOS.altLabel, printed)])
    if found.known is not None:
        for date in found.known.dates:
            document.share(found.iri, [(ELI.version_date, Literal(date, datatype=XSD.date))])
        for number in found.known.numbers:
            document.share(found.iri, [(ELI.id_local, number)])
    citation = document.mint("law", ids.segment(law.title))
    document.remember(law, citation)
    document.state(
        citation,
        [
            (RDF.type, FG.LawCitation),
            (DCTERMS.isPartOf, document.iri),
            (FG.law, found.iri),
            *document.because(found.rules, found.confidence),
            (DCTERMS.title, law.title),
            (FG.documentNumber, law.document_number),
            *((FG.citedArticle, article) for article in law.articles),
            (FG.citationKind, code_concept("citation kind", law.kind)),
            (FG.mentions, law.mentions),
            (FG.position, order),
            (PROV.wasDerivedFrom, document.source(law.source)),
        ],
    )
