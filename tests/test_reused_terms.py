"""Every term of another vocabulary is one that vocabulary has: no slip of spelling, no term invented."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator

import pytest
from pyoxigraph import NamedNode, RdfFormat, Triple, parse
from rdflib import namespace

from fiscalgraph import queries
from fiscalgraph.ontology import ontology_quads, terms
from fiscalgraph.ontology.classification import classification_quads
from fiscalgraph.ontology.rules import constraints, shape_files

OWN = "https://w3id.org/fiscalgraph/"
OPENBUDGETS = "http://data.openbudgets.eu/ontology/"

SHIPPED = {
    str(vocabulary._NS): vocabulary
    for vocabulary in (
        namespace.DCAT, namespace.DCTERMS, namespace.FOAF, namespace.ORG, namespace.OWL, namespace.PROV,
        namespace.QB, namespace.RDF, namespace.RDFS, namespace.SH, namespace.SKOS, namespace.TIME,
        namespace.VANN, namespace.VOID, namespace.XSD,
    )
}  # fmt: skip
"""The vocabularies whose terms rdflib knows."""

LOOKED_UP = {
    # European Legislation Identifier, ontology version 1.4
    "http://data.europa.eu/eli/ontology#": {"LegalResource", "id_local", "version_date"},
    # Web Annotation Vocabulary
    "http://www.w3.org/ns/oa#": {"SpecificResource", "hasSource"},
    # Data Quality Vocabulary
    "http://www.w3.org/ns/dqv#": {
        "Dimension", "Metric", "QualityMeasurement", "computedOn", "expectedDataType",
        "inDimension", "isMeasurementOf", "value",
    },
    # OpenBudgets.eu data model: ontology.ttl, components.ttl, code_lists.ttl
    OPENBUDGETS: {"BudgetPhase", "Currency", "OperationCharacter", "OptionalProperty"},
    OPENBUDGETS + "dsd/attribute/": {"currency"},
    OPENBUDGETS + "dsd/dimension/": {
        "administrativeClassification", "budgetPhase", "classification", "economicClassification",
        "fiscalPeriod", "fiscalYear", "functionalClassification", "operationCharacter", "organization",
        "programmeClassification", "project",
    },
    OPENBUDGETS + "dsd/measure/": {"amount"},
    "http://data.openbudgets.eu/resource/codelist/budget-phase/": {"approved", "executed", "revised"},
    "http://data.openbudgets.eu/resource/codelist/operation-character/": {"expenditure", "revenue"},
    # data.gov.uk intervals, the range of OpenBudgets' fiscalYear
    "http://reference.data.gov.uk/def/intervals/": {"Year"},
}  # fmt: skip
"""Terms of the vocabularies that rdflib does not ship, each looked up where it is published."""

NAMES = {"http://reference.data.gov.uk/id/year/", "http://publications.europa.eu/resource/authority/"}
"""Names of things (years, currencies), not terms."""


def iris() -> Iterator[str]:
    """All IRIs of the vocabulary, the shapes, the constraints, the queries and the code's constants."""
    statements: list[Triple] = [quad.triple for quad in (*ontology_quads(), *classification_quads())]
    for text in shape_files().values():
        statements += [quad.triple for quad in parse(text, RdfFormat.TURTLE)]
    for triple in statements:
        yield from (term.value for term in triple if isinstance(term, NamedNode))
        datatype = getattr(triple.object, "datatype", None)
        if datatype is not None:
            yield datatype.value
    for query in (
        *(rule.select for rule in constraints()),
        *(queries.load(name).sparql for name in queries.list_queries()),
    ):
        prefixes = dict(re.findall(r"PREFIX ([\w-]+): <([^>]+)>", query))
        body = re.sub(r'"[^"]*"|#.*|PREFIX.*', "", query)
        for prefix, name in re.findall(r"(?<![\w<:/])([a-z][\w-]*):(\w+)", body):
            yield prefixes[prefix] + name
    for group in vars(terms).values():
        if isinstance(group, type):
            yield from (value.value for value in vars(group).values() if isinstance(value, NamedNode))


def reused() -> dict[str, set[str]]:
    found: dict[str, set[str]] = defaultdict(set)
    spaces = sorted((*SHIPPED, *LOOKED_UP), key=len, reverse=True)
    for iri in set(iris()):
        if not iri.startswith((OWN, *NAMES)):
            space = next((space for space in spaces if iri.startswith(space) and iri != space), "")
            found[space].add(iri.removeprefix(space))
    return found


REUSED = reused()


def test_every_reused_vocabulary_is_known() -> None:
    homepages = {"https://www.apache.org/licenses/LICENSE-2.0", *(iri.rstrip("#/") for iri in SHIPPED)}
    assert REUSED[""] <= homepages | {"http://data.openbudgets.eu/ontology"}


@pytest.mark.parametrize("space", sorted(set(REUSED) & set(SHIPPED)))
def test_terms_are_of_the_published_vocabulary(space: str) -> None:
    vocabulary = SHIPPED[space]
    assert not {name for name in REUSED[space] if namespace.URIRef(space + name) not in vocabulary}


@pytest.mark.parametrize("space", sorted(LOOKED_UP))
def test_terms_of_other_vocabularies_were_looked_up(space: str) -> None:
    assert REUSED[space] == LOOKED_UP[space]
