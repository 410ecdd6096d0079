"""Records become a graph: mapping, checks, generations of the store, safe SPARQL (:mod:`.sparql`)."""

from fiscalgraph.graph.identifiers import SHARED_GRAPH, department_iri, document_iri
from fiscalgraph.graph.mapping import document_quads
from fiscalgraph.graph.store import Build, GenerationStore, NothingBuilt, Reader, WorkspaceInUse

__all__ = [
    "SHARED_GRAPH",
    "Build",
    "GenerationStore",
    "NothingBuilt",
    "Reader",
    "WorkspaceInUse",
    "department_iri",
    "document_iri",
    "document_quads",
]
