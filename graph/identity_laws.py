"""Laws over all documents: titles of one official number, with and without the issuing body, misspelt."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from difflib import SequenceMatcher
from itertools import combinations

from pyoxigraph import Store

from fiscalgraph.graph.identifiers import SHARED_GRAPH
from fiscalgraph.graph.law_titles import edition_less, issuer_less, official_number
from fiscalgraph.graph.likeness import one_character_apart
from fiscalgraph.graph.linking import IdentityLink
from fiscalgraph.graph.statement_lookup import first_value, statements
from fiscalgraph.ontology.terms import DCTERMS, ELI, FG, RDF, SKOS

__all__ = ["law_links"]

_ONE_TITLE = 0.8
"""Likeness from which two titles of one number are taken for spellings of one title."""
_SHORTEST_MISSPELT = 10


def law_links(store: Store) -> Iterator[IdentityLink]:
    """The links between laws, each pair by the surest rule only."""
    titles = {
        law: first_value(store, law, SKOS.prefLabel, SHARED_GRAPH.value) or ""
        for law, _, _ in statements(store, RDF.type, value=FG.Law, graph=SHARED_GRAPH.value)
    }
    done: set[tuple[str, str]] = set()
    for links in (
        _by_number(store, titles),
        _by_issuer(titles, _citing(store)),
        _by_edition(titles),
        _by_spelling(titles),
    ):
        for link in links:
            if (link.left, link.right) not in done:
                done.add((link.left, link.right))
                yield link


def _by_number(store: Store, titles: dict[str, str]) -> Iterator[IdentityLink]:
    numbered: dict[str, set[str]] = defaultdict(set)
    for citation, number, graph in statements(store, FG.documentNumber):
        law = first_value(store, citation, FG.law, graph)
        if law is not None:
            numbered[official_number(number)].add(law)
    for law, number, _ in statements(store, ELI.id_local, graph=SHARED_GRAPH.value):
        numbered[official_number(number)].add(law)
    for number in sorted(numbered):
        for left, right in combinations(sorted(numbered[number]), 2):
            one, other = (issuer_less(edition_less(titles[law])) for law in (left, right))
            alike = SequenceMatcher(None, one, other, autojunk=False).ratio()
            if one in other or other in one or alike >= _ONE_TITLE:
                yield IdentityLink(left, right, "same-number", "0.95", accepted=True)
            else:
                yield IdentityLink(left, right, "same-number", "0.50", accepted=False)


def _citing(store: Store) -> dict[str, set[str]]:
    """The organisations whose documents cite a law."""
    publishers = {document: issuer for document, issuer, _ in statements(store, DCTERMS.publisher)}
    found: dict[str, set[str]] = defaultdict(set)
    for _, law, document in statements(store, FG.law):
        if document in publishers:
            found[law].add(publishers[document])
    return found


def _by_issuer(titles: dict[str, str], citing: dict[str, set[str]]) -> Iterator[IdentityLink]:
    """关于…的意见 and 国务院关于…的意见: one text where only one body's title reads so and somebody cites
    it both ways; many bodies issue a text of the same words."""
    bare = {title: law for law, title in titles.items() if title.startswith("关于")}
    issued: dict[str, list[str]] = defaultdict(list)
    for law in sorted(titles):
        core = issuer_less(titles[law])
        if core != titles[law] and core in bare:
            issued[core].append(law)
    for core in sorted(issued):
        for law in issued[core]:
            certain = len(issued[core]) == 1 and bool(citing[law] & citing[bare[core]])
            left, right = sorted((bare[core], law))
            confidence = "0.85" if certain else "0.50"
            yield IdentityLink(left, right, "issuer-omitted", confidence, accepted=certain)


def _by_edition(titles: dict[str, str]) -> Iterator[IdentityLink]:
    editions: dict[str, list[str]] = defaultdict(list)
    for law in sorted(titles):
        editions[edition_less(titles[law])].append(law)
    for title in sorted(editions):
        for left, right in combinations(editions[title], 2):
            if titles[left] != titles[right]:
                yield IdentityLink(left, right, "edition", "0.60", accepted=False)


def _by_spelling(titles: dict[str, str]) -> Iterator[IdentityLink]:
    laws: dict[str, list[str]] = defaultdict(list)
    for law, title in titles.items():
        laws[title].append(law)
    for one, other in one_character_apart(laws, _SHORTEST_MISSPELT):
        left, right = sorted((min(laws[one]), min(laws[other])))
        yield IdentityLink(left, right, "spelling", "0.60", accepted=False)
