"""The vocabulary: Turtle files by concern, and typed access to their terms."""

from __future__ import annotations

from collections.abc import Iterator
from importlib.resources import files

from pyoxigraph import Quad, RdfFormat, parse

from fiscalgraph.ontology import terms
from fiscalgraph.ontology.checks import check_files
from fiscalgraph.ontology.terms import ONTOLOGY_GRAPH, PREFIXES

__all__ = ["ONTOLOGY_GRAPH", "PREFIXES", "ontology_quads", "terms", "turtle_files"]


def turtle_files() -> dict[str, str]:
    """The vocabulary's Turtle texts by file name, in alphabetical order; those of the checks last."""
    folder = files(__name__)
    names = sorted(entry.name for entry in folder.iterdir() if entry.name.endswith(".ttl"))
    vocabulary = {name: (folder / name).read_text(encoding="utf-8") for name in names}
    return vocabulary | {f"checks/{name}": text for name, text in check_files().items()}


def ontology_quads() -> Iterator[Quad]:
    """Every statement of the vocabulary, in the graph :data:`ONTOLOGY_GRAPH`."""
    for name, text in turtle_files().items():
        for quad in parse(text, RdfFormat.TURTLE, base_iri=f"{ONTOLOGY_GRAPH.value}/{name}"):
            yield Quad(quad.subject, quad.predicate, quad.object, ONTOLOGY_GRAPH)
