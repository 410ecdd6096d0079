"""The namespaces in use, by prefix."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

__all__ = ["PREFIXES"]

PREFIXES: Final[Mapping[str, str]] = {
    "fg": "https://w3id.org/fiscalgraph/ontology#",
    "fgid": "https://w3id.org/fiscalgraph/id/",
    "fgcause": "https://w3id.org/fiscalgraph/causes#",
    "qb": "http://purl.org/linked-data/cube#",
    "obeu-dimension": "http://data.openbudgets.eu/ontology/dsd/dimension/",
    "obeu-measure": "http://data.openbudgets.eu/ontology/dsd/measure/",
    "obeu-attribute": "http://data.openbudgets.eu/ontology/dsd/attribute/",
    "obeu-budgetphase": "http://data.openbudgets.eu/resource/codelist/budget-phase/",
    "obeu-operation": "http://data.openbudgets.eu/resource/codelist/operation-character/",
    "org": "http://www.w3.org/ns/org#",
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "dcterms": "http://purl.org/dc/terms/",
    "prov": "http://www.w3.org/ns/prov#",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "oa": "http://www.w3.org/ns/oa#",
    "eli": "http://data.europa.eu/eli/ontology#",
    "dcat": "http://www.w3.org/ns/dcat#",
    "dqv": "http://www.w3.org/ns/dqv#",
    "void": "http://rdfs.org/ns/void#",
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "owl": "http://www.w3.org/2002/07/owl#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
    "year": "http://reference.data.gov.uk/id/year/",
}
"""The prefixes of our Turtle files, queries and exports."""
