"""Statements of a finished graph as plain text, for code that works over all documents."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from pyoxigraph import Literal, NamedNode, Store

__all__ = ["Statement", "first_value", "statements"]


class Statement(NamedTuple):
    """Subject, value (IRI or text of a literal) and named graph of one statement."""

    subject: str
    value: str
    graph: str


def statements(
    store: Store,
    predicate: NamedNode,
    *,
    subject: str | None = None,
    value: NamedNode | None = None,
    graph: str | None = None,
) -> Iterator[Statement]:
    """The statements of ``predicate``; those about or in blank nodes, which our graphs have none of, are
    left out."""
    found = store.quads_for_pattern(
        NamedNode(subject) if subject is not None else None,
        predicate,
        value,
        NamedNode(graph) if graph is not None else None,
    )
    for quad in found:
        if (
            isinstance(quad.subject, NamedNode)
            and isinstance(quad.object, (NamedNode, Literal))
            and isinstance(quad.graph_name, NamedNode)
        ):
            yield Statement(quad.subject.value, quad.object.value, quad.graph_name.value)


def first_value(store: Store, subject: str, predicate: NamedNode, graph: str | None = None) -> str | None:
    """What ``subject`` has of ``predicate`` (the first in the store's order), or ``None``."""
    for statement in statements(store, predicate, subject=subject, graph=graph):
        return statement.value
    return None
