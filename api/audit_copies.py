"""What the checks found in several documents of one disclosure: the same file in two formats, say.

A result is named after its check, what both sides print and what was compared (``…/check/NAME-DIGEST``): two
of that name in documents of one disclosure (``fg:Publication``) found the same.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from functools import cached_property
from typing import TYPE_CHECKING

from pyoxigraph import NamedNode, Quad

from fiscalgraph.ontology.terms import CODES, DCTERMS, FG, RDF

if TYPE_CHECKING:
    from pyoxigraph import Store

__all__ = ["Copies", "disclosure_of"]


class Copies:
    """Tells which results of a graph stand again in another document of the same disclosure."""

    def __init__(self, store: Store) -> None:
        self._store = store

    @cached_property
    def _others(self) -> dict[str, tuple[str, ...]]:
        """For each document of a disclosure of several the others, in order; all are IRIs."""
        found: dict[str, tuple[str, ...]] = {}
        for publication in self._store.quads_for_pattern(None, RDF.type, FG.Publication):
            assert isinstance(publication.subject, NamedNode)
            parts = _parts(self._store, publication.subject)
            for part in parts if len(parts) > 1 else ():
                found[part] = tuple(each for each in parts if each != part)
        return found

    @property
    def documents(self) -> Collection[str]:
        """The documents (IRIs) that are not alone in their disclosure."""
        return self._others.keys()

    @cached_property
    def disclosures(self) -> int:
        """How many disclosures there are."""
        return sum(1 for _ in self._store.quads_for_pattern(None, RDF.type, FG.Publication))

    def others(self, document: str) -> tuple[str, ...]:
        """The other documents of the disclosure that ``document`` is part of."""
        return self._others.get(document, ())

    def repeated_in(self, result: str, documents: Sequence[str], verdict: str) -> tuple[str, ...]:
        """In which others the ``result`` of a document stands again with that verdict (agrees, …). What is
        between two ``documents`` stands nowhere again."""
        if len(documents) > 1:
            return ()
        node, name = CODES["verdict"][verdict], result.removeprefix(documents[0])
        return tuple(
            other
            for other in self.others(documents[0])
            if Quad(NamedNode(other + name), FG.verdict, node, NamedNode(other)) in self._store
        )


def disclosure_of(store: Store, document: str) -> tuple[str, ...]:
    """All documents (IRIs, in order) of the disclosure that ``document`` is part of, itself included."""
    publications = [
        quad.subject
        for quad in store.quads_for_pattern(None, DCTERMS.hasPart, NamedNode(document))
        if isinstance(quad.subject, NamedNode)
    ]
    return tuple(sorted({part for each in publications for part in _parts(store, each)} | {document}))


def _parts(store: Store, publication: NamedNode) -> list[str]:
    found = store.quads_for_pattern(publication, DCTERMS.hasPart, None)
    return sorted({quad.object.value for quad in found if isinstance(quad.object, NamedNode)})
