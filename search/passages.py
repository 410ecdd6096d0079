"""Passages: the sentences of the graph that search can find, each with its context and place."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from fiscalgraph.extract.normalise import compact

if TYPE_CHECKING:
    from pyoxigraph import QuerySolution, Store

__all__ = ["KINDS", "Passage", "grouped", "passages", "same_words"]

KINDS = ("problem_cause", "improvement_measure", "underperformance_reason", "narrative_reason")

# fg:text leads: only passages have it. What a passage may lack is optional, so none is dropped.
_QUERY = """
SELECT ?passage ?kind ?text ?document ?department ?project ?year ?page ?line ?quote WHERE {
  ?passage fg:text ?text ; fg:passageKind ?kind ; dcterms:isPartOf ?disclosure .
  ?disclosure dcterms:identifier ?document .
  OPTIONAL { ?disclosure fg:year ?year }
  OPTIONAL { ?passage obeu-dimension:organization/skos:prefLabel ?department }
  OPTIONAL { ?passage fg:projectName ?project }
  OPTIONAL {
    ?passage prov:wasDerivedFrom ?source .
    OPTIONAL { ?source fg:page ?page }
    OPTIONAL { ?source fg:line ?line }
    OPTIONAL { ?source fg:quote ?quote }
  }
}
"""


@dataclass(frozen=True, slots=True)
class Passage:
    """One stated cause, measure or reason, in one place of one document.

    ``kind`` is one of :data:`KINDS`: 存在的问题及原因, 改进措施, 偏差原因 (a table's
    explanation cell), 主要原因 (of a classification item's spending).
    ``page`` and ``line`` count from 1; ``quote`` is the source's own words.
    """

    iri: str
    kind: str
    text: str
    document: str
    department: str | None = None
    project: str | None = None
    fiscal_year: int | None = None
    page: int | None = None
    line: int | None = None
    quote: str = ""


def passages(store: Store) -> list[Passage]:
    """All passages of the graph, each once, in the order of document and place."""
    from pyoxigraph import QuerySolutions

    from fiscalgraph.ontology.terms import CODES, PREFIXES

    kinds = {node.value: word for word, node in CODES["passage kind"].items()}
    prefixes = {name: PREFIXES[name] for name in ("fg", "dcterms", "obeu-dimension", "skos", "prov")}
    rows = store.query(_QUERY, prefixes=prefixes, use_default_graph_as_union=True)
    assert isinstance(rows, QuerySolutions)
    found: dict[str, Passage] = {}
    for passage in sorted((_passage(row, kinds) for row in rows), key=_place):
        found.setdefault(passage.iri, passage)
    return list(found.values())


def same_words(text: str) -> str:
    """What two passages share when they are the same words: letters, characters and digits only."""
    return "".join(
        character
        for character in unicodedata.normalize("NFKC", compact(text)).lower()
        if unicodedata.category(character)[0] in "LN"
    )


def grouped(passages: Iterable[Passage]) -> list[list[Passage]]:
    """Passages of the same words together, in a fixed order whatever the order they came in."""
    groups: dict[str, list[Passage]] = {}
    for passage in sorted(passages, key=_place):
        groups.setdefault(same_words(passage.text), []).append(passage)
    return [group for words, group in groups.items() if words]


def _passage(row: QuerySolution, kinds: dict[str, str]) -> Passage:
    def text(name: str) -> str | None:
        term = row[name]
        return None if term is None else str(getattr(term, "value", term))

    def number(name: str) -> int | None:
        value = text(name)
        return None if value is None else int(value)

    return Passage(
        iri=text("passage") or "",
        kind=kinds[text("kind") or ""],
        text=text("text") or "",
        document=text("document") or "",
        department=text("department"),
        project=text("project"),
        fiscal_year=number("year"),
        page=number("page"),
        line=number("line"),
        quote=text("quote") or "",
    )


def _place(passage: Passage) -> tuple[str, int, int, str]:
    return (passage.document, passage.page or 0, passage.line or 0, passage.iri)
