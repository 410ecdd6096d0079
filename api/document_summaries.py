"""The documents of a graph in short: who published what, and how much of it was read."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from fiscalgraph.ontology.prefixes import PREFIXES

if TYPE_CHECKING:
    from pyoxigraph import Store

__all__ = ["COVERAGE", "DocumentSummary", "documents_of"]

COVERAGE = (
    "pages_read",
    "tables",
    "tables_read",
    "cells",
    "cells_read",
    "paragraphs",
    "paragraphs_read",
)
"""The counts of a coverage certificate besides the pages."""

_DOCUMENTS = """
SELECT ?disclosure ?document ?issuer ?kind ?year ?unit ?pages ?sha256
  ?pages_read ?tables ?tables_read ?cells ?cells_read ?paragraphs ?paragraphs_read
WHERE {
  ?disclosure a fg:Disclosure ; dcterms:identifier ?document ; fg:issuerName ?issuer ;
    fg:disclosureKind/skos:notation ?kind ; fg:year ?year ; fg:sha256 ?sha256 .
  OPTIONAL { ?disclosure fg:amountUnit ?unit }
  OPTIONAL { ?disclosure fg:pages ?pages }
  OPTIONAL {
    ?coverage a fg:Coverage ; dcterms:isPartOf ?disclosure ;
      fg:tables ?tables ; fg:tablesRead ?tables_read ; fg:cells ?cells ; fg:cellsRead ?cells_read ;
      fg:paragraphs ?paragraphs ; fg:paragraphsRead ?paragraphs_read .
    OPTIONAL { ?coverage fg:pagesRead ?pages_read }
  }
}
ORDER BY ?document
"""
_PROBLEMS = """
SELECT ?disclosure ?problem
WHERE { ?coverage a fg:Coverage ; dcterms:isPartOf ?disclosure ; fg:problem ?problem }
"""
_CONTRADICTIONS = """
SELECT ?disclosure (COUNT(?contradiction) AS ?number)
WHERE { ?contradiction fg:verdict fg:Contradicts ; dcterms:isPartOf ?disclosure }
GROUP BY ?disclosure
"""


@dataclass(frozen=True, slots=True)
class DocumentSummary:
    """A document of the graph: who published what for which year, and how much of it was read.

    ``coverage`` holds the counts of the coverage certificate (覆盖证书); ``problems`` are sentences
    about what the reader could not read.
    """

    document: str
    iri: str
    issuer: str
    kind: str
    fiscal_year: int
    amount_unit: str | None
    pages: int | None
    sha256: str
    coverage: dict[str, int | None]
    problems: tuple[str, ...]
    contradictions: int


def documents_of(store: Store) -> tuple[DocumentSummary, ...]:
    """All documents of a graph, by name."""
    problems: dict[str, list[str]] = {}
    for row in _rows(store, _PROBLEMS):
        problems.setdefault(row["disclosure"] or "", []).append(row["problem"] or "")
    contradictions = {row["disclosure"]: int(row["number"] or 0) for row in _rows(store, _CONTRADICTIONS)}
    found = []
    for row in _rows(store, _DOCUMENTS):
        iri = row["disclosure"] or ""
        numbers = {name: int(value) if (value := row[name]) else None for name in ("pages", *COVERAGE)}
        found.append(
            DocumentSummary(
                document=row["document"] or "",
                iri=iri,
                issuer=row["issuer"] or "",
                kind=row["kind"] or "",
                fiscal_year=int(row["year"] or 0),
                amount_unit=row["unit"],
                pages=numbers["pages"],
                sha256=row["sha256"] or "",
                coverage={name: numbers[name] for name in COVERAGE},
                problems=tuple(sorted(problems.get(iri, ()))),
                contradictions=contradictions.get(iri, 0),
            )
        )
    return tuple(found)


def _rows(store: Store, query: str) -> Iterator[dict[str, str | None]]:
    """The rows of a query of ours: values as text."""
    solutions: Any = store.query(query, prefixes=dict(PREFIXES), use_default_graph_as_union=True)
    names = [variable.value for variable in solutions.variables]
    for solution in solutions:
        yield {name: None if solution[name] is None else str(solution[name].value) for name in names}
