"""Reference data the graph is linked with: Turtle in the folder ``reference`` beside this module.

It is not loaded into a graph as a whole: the mapping states what it knows of the things that documents
speak of, so that a graph of ten documents does not carry three thousand regions.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from types import MappingProxyType

from pyoxigraph import Literal, NamedNode, RdfFormat, parse

__all__ = ["Facts", "reference_facts", "reference_files"]

Facts = Mapping[NamedNode, list[NamedNode | Literal]]
"""What one thing has, by predicate."""


@cache
def reference_files() -> Mapping[str, str]:
    """The Turtle texts by file name, in alphabetical order."""
    folder = files("fiscalgraph.ontology") / "reference"
    names = sorted(entry.name for entry in folder.iterdir() if entry.name.endswith(".ttl"))
    return MappingProxyType({name: (folder / name).read_text(encoding="utf-8") for name in names})


def reference_facts(name: str) -> Mapping[NamedNode, Facts]:
    """What the file ``name`` states, by subject, in the order of the file.

    Raises ``KeyError`` for a file that is not there and ``SyntaxError`` for one that is not Turtle.
    """
    found: dict[NamedNode, dict[NamedNode, list[NamedNode | Literal]]] = {}
    for quad in parse(reference_files()[name], RdfFormat.TURTLE):
        subject, value = quad.subject, quad.object
        if not isinstance(subject, NamedNode) or not isinstance(value, (NamedNode, Literal)):
            raise ValueError(f"reference data names everything it speaks of: {quad.triple}")
        found.setdefault(subject, {}).setdefault(quad.predicate, []).append(value)
    return found
