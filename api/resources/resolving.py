"""Which thing of the graph a name or an address means."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from pyoxigraph import Literal, NamedNode

from fiscalgraph.api.library import Library, UnknownThing, expand
from fiscalgraph.api.resources.addresses import iri_readings
from fiscalgraph.api.resources.reading import Graph
from fiscalgraph.graph.identifiers import BASE
from fiscalgraph.ontology.terms import SKOS

__all__ = ["check_document", "check_organization", "find_organization", "find_thing"]

_ALIKE: Final = 5  # names offered in place of one that is not known
_LONGEST: Final = 2000


def find_thing(graph: Graph, kind: str, path: str, list_address: str) -> str:
    """The IRI of the thing of a kind (``department``, ``project``, ``law``) that a path means: what stands
    behind ``…/id/{kind}/`` in its IRI, or its name.

    Raises :class:`~fiscalgraph.api.library.UnknownThing`, which offers names that are alike.
    """
    readings = list(iri_readings(path[:_LONGEST]))
    for reading in readings:
        if graph.facts(f"{BASE}{kind}/{reading}"):
            return f"{BASE}{kind}/{reading}"
    return _by_name(graph, kind, readings[-1].rsplit("/", 1)[-1], list_address)


def find_organization(library: Library, given: str) -> str:
    """The organisation of that name or IRI, for a filter. Raises :class:`UnknownThing`."""
    graph = Graph(library.store)
    iri = expand(given)
    if iri.startswith(f"{BASE}department/") and graph.facts(_node(iri)):
        return iri
    return _by_name(graph, "department", given, "/departments")


def check_organization(library: Library, name: str) -> None:
    """Raise :class:`UnknownThing`, with names that are alike, where no organisation and no issuer has
    ``name`` in its name."""
    names = {row.name for row in library.catalogue.organizations}
    names.update(document.issuer for document in library.documents())
    if not any(name in each for each in names):
        raise _unknown(f"department {name}", name, sorted(names), "/departments")


def check_document(library: Library, name: str) -> None:
    """Raise :class:`UnknownThing` where no document is called ``name``."""
    if all(document.document != name for document in library.documents()):
        raise UnknownThing(name, "the workspace has no such document", "GET /documents lists their names")


def _node(iri: str) -> str:
    try:
        return NamedNode(iri).value
    except ValueError as error:
        raise UnknownThing(iri, "it is not an IRI", "Copy one from an answer") from error


def _by_name(graph: Graph, kind: str, name: str, list_address: str) -> str:
    wanted = f"{BASE}{kind}/"
    for predicate in (SKOS.prefLabel, SKOS.altLabel):
        found = [iri for iri in graph.named(predicate, name) if iri.startswith(wanted)]
        if len(found) == 1:
            return found[0]
        if found:
            raise UnknownThing(
                f"{kind} {name}",
                f"{len(found)} bear that name",
                f"Ask for one of them: {', '.join(iri.removeprefix(BASE) for iri in found[:_ALIKE])}",
            )
    raise _unknown(f"{kind} {name}", name, _names(graph, wanted), list_address)


def _names(graph: Graph, wanted: str) -> list[str]:
    """The names of the things whose IRIs begin with ``wanted``."""
    return sorted(
        {
            quad.object.value
            for quad in graph.store.quads_for_pattern(None, SKOS.prefLabel, None)
            if isinstance(quad.subject, NamedNode)
            and isinstance(quad.object, Literal)
            and quad.subject.value.startswith(wanted)
        }
    )


def _unknown(what: str, name: str, names: Sequence[str], list_address: str) -> UnknownThing:
    """That nothing has that name, with those that are alike."""
    from difflib import get_close_matches

    alike = [other for other in names if name and (name in other or other in name)]
    alike = alike[:_ALIKE] or get_close_matches(name, names)
    return UnknownThing(
        what,
        "the graph knows none of that name",
        f"Did you mean {'、'.join(alike)}?" if alike else f"GET {list_address} lists them",
    )
