"""What the endpoint says of itself, in the SPARQL 1.1 Service Description vocabulary."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from pyoxigraph import BlankNode, NamedNode, Triple

from fiscalgraph.graph.sparql import GRAPH_FORMATS, SOLUTION_FORMATS
from fiscalgraph.graph.sparql.formats import Budget, write_graph
from fiscalgraph.graph.sparql.similar import SIMILAR, SIMILARITY

__all__ = ["describe_service"]

_SD: Final = "http://www.w3.org/ns/sparql-service-description#"
_FORMATS: Final = "http://www.w3.org/ns/formats/"
_A: Final = NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type")
# The W3C's IRIs for the formats; a workbook has none.
_FORMAT_NAMES: Final = {
    "json": "SPARQL_Results_JSON",
    "xml": "SPARQL_Results_XML",
    "csv": "SPARQL_Results_CSV",
    "tsv": "SPARQL_Results_TSV",
    "turtle": "Turtle",
    "ntriples": "N-Triples",
    "jsonld": "JSON-LD",
    "rdfxml": "RDF_XML",
    "nquads": "N-Quads",
    "trig": "TriG",
}


def describe_service(endpoint: str, format_name: str) -> bytes:
    """The description of the service at ``endpoint``, in a format of ``GRAPH_FORMATS``."""
    everything = Budget(rows=10_000, result_bytes=10_000_000)
    return write_graph(format_name, _description(endpoint), everything)


def _description(endpoint: str) -> Iterator[Triple]:
    service, dataset, default = NamedNode(endpoint + "#service"), BlankNode("dataset"), BlankNode("default")
    yield Triple(service, _A, _sd("Service"))
    yield Triple(service, _sd("endpoint"), NamedNode(endpoint))
    for language in ("SPARQL10Query", "SPARQL11Query"):
        yield Triple(service, _sd("supportedLanguage"), _sd(language))
    yield Triple(service, _sd("feature"), _sd("UnionDefaultGraph"))
    # The one SERVICE that is answered: similarity, by the passages of the workspace itself.
    yield Triple(service, _sd("feature"), NamedNode(SIMILAR))
    yield Triple(service, _sd("extensionFunction"), SIMILARITY)
    yield Triple(SIMILARITY, _A, _sd("Function"))
    for entry in (*SOLUTION_FORMATS, *GRAPH_FORMATS):
        if entry.name in _FORMAT_NAMES:
            yield Triple(service, _sd("resultFormat"), NamedNode(_FORMATS + _FORMAT_NAMES[entry.name]))
    yield Triple(service, _sd("defaultDataset"), dataset)
    yield Triple(dataset, _A, _sd("Dataset"))
    yield Triple(dataset, _sd("defaultGraph"), default)
    yield Triple(default, _A, _sd("Graph"))


def _sd(name: str) -> NamedNode:
    return NamedNode(_SD + name)
