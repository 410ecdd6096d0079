"""The vocabulary as typed constants: one class per namespace, one constant per term in use.

Own terms (:class:`FG`) stand in :mod:`.own_terms`. Everything else is a published vocabulary:
Data Cube (``QB``), OpenBudgets (``OBEU``), ORG, SKOS, DCTERMS, PROV-O, FOAF, Web Annotation
(``OA``), ELI, DCAT, VoID and DQV.
"""

from __future__ import annotations

from typing import Final

from pyoxigraph import NamedNode

from fiscalgraph.ontology.codes import CODES
from fiscalgraph.ontology.own_terms import FG
from fiscalgraph.ontology.prefixes import PREFIXES

__all__ = [
    "CNY",
    "CODES",
    "DCAT",
    "DCTERMS",
    "DQV",
    "ELI",
    "FG",
    "FOAF",
    "OA",
    "OBEU",
    "ONTOLOGY_GRAPH",
    "ORG",
    "PREFIXES",
    "PROV",
    "QB",
    "RDF",
    "RDFS",
    "SKOS",
    "VOID",
    "XSD",
    "year_iri",
]

_QB = PREFIXES["qb"]
_OBEU_DIMENSION = PREFIXES["obeu-dimension"]
_OBEU_MEASURE = PREFIXES["obeu-measure"]
_OBEU_ATTRIBUTE = PREFIXES["obeu-attribute"]
_OBEU_PHASE = PREFIXES["obeu-budgetphase"]
_OBEU_OPERATION = PREFIXES["obeu-operation"]
_ORG = PREFIXES["org"]
_SKOS = PREFIXES["skos"]
_DCTERMS = PREFIXES["dcterms"]
_PROV = PREFIXES["prov"]
_FOAF = PREFIXES["foaf"]
_OA = PREFIXES["oa"]
_ELI = PREFIXES["eli"]
_DCAT = PREFIXES["dcat"]
_DQV = PREFIXES["dqv"]
_VOID = PREFIXES["void"]
_RDF = PREFIXES["rdf"]
_RDFS = PREFIXES["rdfs"]
_XSD = PREFIXES["xsd"]
_YEAR = PREFIXES["year"]

ONTOLOGY_GRAPH: Final = NamedNode("https://w3id.org/fiscalgraph/ontology")
"""The named graph (and the ontology's IRI) that holds the vocabulary inside a store."""

CNY: Final = NamedNode("http://publications.europa.eu/resource/authority/currency/CNY")


class RDF:
    """RDF core."""

    type = NamedNode(_RDF + "type")


class RDFS:
    """RDF Schema."""

    label = NamedNode(_RDFS + "label")


class XSD:
    """Datatypes."""

    boolean = NamedNode(_XSD + "boolean")
    decimal = NamedNode(_XSD + "decimal")
    gYear = NamedNode(_XSD + "gYear")
    gYearMonth = NamedNode(_XSD + "gYearMonth")
    gMonthDay = NamedNode(_XSD + "gMonthDay")
    gMonth = NamedNode(_XSD + "gMonth")
    date = NamedNode(_XSD + "date")
    dateTime = NamedNode(_XSD + "dateTime")
    integer = NamedNode(_XSD + "integer")


class QB:
    """RDF Data Cube."""

    DataSet = NamedNode(_QB + "DataSet")
    Observation = NamedNode(_QB + "Observation")
    dataSet = NamedNode(_QB + "dataSet")
    structure = NamedNode(_QB + "structure")


class OBEU:
    """OpenBudgets.eu: components, and the members of its code lists that apply."""

    organization = NamedNode(_OBEU_DIMENSION + "organization")
    fiscalYear = NamedNode(_OBEU_DIMENSION + "fiscalYear")
    project = NamedNode(_OBEU_DIMENSION + "project")
    amount = NamedNode(_OBEU_MEASURE + "amount")
    currency = NamedNode(_OBEU_ATTRIBUTE + "currency")
    Approved = NamedNode(_OBEU_PHASE + "approved")
    Revised = NamedNode(_OBEU_PHASE + "revised")
    Executed = NamedNode(_OBEU_PHASE + "executed")
    Revenue = NamedNode(_OBEU_OPERATION + "revenue")
    Expenditure = NamedNode(_OBEU_OPERATION + "expenditure")


class ORG:
    """W3C Organization Ontology."""

    ChangeEvent = NamedNode(_ORG + "ChangeEvent")
    FormalOrganization = NamedNode(_ORG + "FormalOrganization")
    OrganizationalUnit = NamedNode(_ORG + "OrganizationalUnit")
    originalOrganization = NamedNode(_ORG + "originalOrganization")
    resultingOrganization = NamedNode(_ORG + "resultingOrganization")
    subOrganizationOf = NamedNode(_ORG + "subOrganizationOf")
    unitOf = NamedNode(_ORG + "unitOf")


class SKOS:
    """SKOS."""

    Concept = NamedNode(_SKOS + "Concept")
    ConceptScheme = NamedNode(_SKOS + "ConceptScheme")
    altLabel = NamedNode(_SKOS + "altLabel")
    broadMatch = NamedNode(_SKOS + "broadMatch")
    broader = NamedNode(_SKOS + "broader")
    closeMatch = NamedNode(_SKOS + "closeMatch")
    definition = NamedNode(_SKOS + "definition")
    example = NamedNode(_SKOS + "example")
    hiddenLabel = NamedNode(_SKOS + "hiddenLabel")
    inScheme = NamedNode(_SKOS + "inScheme")
    notation = NamedNode(_SKOS + "notation")
    prefLabel = NamedNode(_SKOS + "prefLabel")
    scopeNote = NamedNode(_SKOS + "scopeNote")


class DCTERMS:
    """Dublin Core terms."""

    created = NamedNode(_DCTERMS + "created")
    date = NamedNode(_DCTERMS + "date")
    description = NamedNode(_DCTERMS + "description")
    format = NamedNode(_DCTERMS + "format")
    hasPart = NamedNode(_DCTERMS + "hasPart")
    identifier = NamedNode(_DCTERMS + "identifier")
    isPartOf = NamedNode(_DCTERMS + "isPartOf")
    isReplacedBy = NamedNode(_DCTERMS + "isReplacedBy")
    isVersionOf = NamedNode(_DCTERMS + "isVersionOf")
    license = NamedNode(_DCTERMS + "license")
    publisher = NamedNode(_DCTERMS + "publisher")
    replaces = NamedNode(_DCTERMS + "replaces")
    rights = NamedNode(_DCTERMS + "rights")
    source = NamedNode(_DCTERMS + "source")
    subject = NamedNode(_DCTERMS + "subject")
    temporal = NamedNode(_DCTERMS + "temporal")
    title = NamedNode(_DCTERMS + "title")


class PROV:
    """PROV-O."""

    Activity = NamedNode(_PROV + "Activity")
    Entity = NamedNode(_PROV + "Entity")
    endedAtTime = NamedNode(_PROV + "endedAtTime")
    used = NamedNode(_PROV + "used")
    wasDerivedFrom = NamedNode(_PROV + "wasDerivedFrom")
    wasGeneratedBy = NamedNode(_PROV + "wasGeneratedBy")


class DCAT:
    """Data Catalog Vocabulary."""

    Dataset = NamedNode(_DCAT + "Dataset")


class DQV:
    """Data Quality Vocabulary."""

    QualityMeasurement = NamedNode(_DQV + "QualityMeasurement")
    computedOn = NamedNode(_DQV + "computedOn")
    inDimension = NamedNode(_DQV + "inDimension")
    isMeasurementOf = NamedNode(_DQV + "isMeasurementOf")
    value = NamedNode(_DQV + "value")


class VOID:
    """Vocabulary of Interlinked Datasets: what a data set holds, in counts."""

    Dataset = NamedNode(_VOID + "Dataset")
    class_ = NamedNode(_VOID + "class")
    classPartition = NamedNode(_VOID + "classPartition")
    classes = NamedNode(_VOID + "classes")
    documents = NamedNode(_VOID + "documents")
    entities = NamedNode(_VOID + "entities")
    properties = NamedNode(_VOID + "properties")
    property = NamedNode(_VOID + "property")
    propertyPartition = NamedNode(_VOID + "propertyPartition")
    subset = NamedNode(_VOID + "subset")
    triples = NamedNode(_VOID + "triples")
    uriSpace = NamedNode(_VOID + "uriSpace")
    vocabulary = NamedNode(_VOID + "vocabulary")


class FOAF:
    """FOAF."""

    Project = NamedNode(_FOAF + "Project")


class OA:
    """Web Annotation."""

    hasSource = NamedNode(_OA + "hasSource")


class ELI:
    """European Legislation Identifier."""

    LegalResource = NamedNode(_ELI + "LegalResource")
    id_local = NamedNode(_ELI + "id_local")
    version_date = NamedNode(_ELI + "version_date")


def year_iri(year: int) -> NamedNode:
    """The fiscal year as OpenBudgets wants it: a calendar year of reference.data.gov.uk."""
    return NamedNode(f"{_YEAR}{year}")
