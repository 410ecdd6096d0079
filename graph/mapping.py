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

from pyoxigraph import Literal, Quad

from fiscalgraph.extract.records import DisclosureRecords, Law, OrganizationUnit
from fiscalgraph.graph import identifiers as ids
from fiscalgraph.graph.checks import Contradiction
from fiscalgraph.graph.mapping_amounts import AmountMapping
from fiscalgraph.graph.mapping_certificate import map_contradiction, map_coverage
from fiscalgraph.graph.mapping_document import MappedDocument
from fiscalgraph.graph.mapping_performance import PerformanceMapping
from fiscalgraph.graph.statements import code_concept
from fiscalgraph.ontology.terms import DCTERMS, ELI, FG, OBEU, ORG, PROV, RDF, SKOS, XSD, year_iri

__all__ = ["document_quads"]


def document_quads(
    records: DisclosureRecords, contradictions: Sequence[Contradiction] = ()
) -> Iterator[Quad]:
    """The quads of one disclosure: its own named graph, then what it adds to the shared graph.

    Deterministic, without duplicates. Raises ``ValueError`` for a word (kind, relation, scope …)
    that is not in the vocabulary of the records.
    """
    document = MappedDocument(records.identity)
    _map_document(document)
    for order, unit in enumerate(records.units):
        _map_unit(document, order, unit)
    amounts = AmountMapping(document)
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
    for order, law in enumerate(records.laws):
        _map_law(document, order, law)
    for order, contradiction in enumerate(contradictions):
        map_contradiction(document, order, contradiction)
    map_coverage(document, records.coverage)
    yield from document.own
    yield from document.shared


def _map_document(document: MappedDocument) -> None:
    identity = document.identity
    document.state(
        document.iri,
        [
            (RDF.type, FG.Disclosure),
            (DCTERMS.identifier, identity.document),
            (DCTERMS.publisher, document.department(identity.issuer)),
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
        node = ids.division_iri(document.identity.issuer, unit.unit)
        document.share(
            node,
            [
                (RDF.type, ORG.OrganizationalUnit),
                (SKOS.prefLabel, ids.normalised_name(unit.unit)),
                (ORG.unitOf, document.organization),
            ],
        )
    else:
        node = document.department(unit.unit)
        if node != document.organization:
            document.share(node, [(ORG.subOrganizationOf, document.organization)])
    document.state(
        document.mint("unit", ids.segment(unit.unit)),
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
    lasting = ids.law_iri(law.title)
    document.share(
        lasting,
        [
            (RDF.type, FG.Law),
            (RDF.type, ELI.LegalResource),
            (SKOS.prefLabel, ids.normalised_title(law.title)),
        ],
    )
    document.state(
        document.mint("law", ids.segment(law.title)),
        [
            (RDF.type, FG.LawCitation),
            (DCTERMS.isPartOf, document.iri),
            (FG.law, lasting),
            (DCTERMS.title, law.title),
            (FG.documentNumber, law.document_number),
            (FG.citationKind, code_concept("citation kind", law.kind)),
            (FG.mentions, law.mentions),
            (FG.position, order),
            (PROV.wasDerivedFrom, document.source(law.source)),
        ],
    )
