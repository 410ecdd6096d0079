"""Pages of named queries: the first rows without evaluating the last."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import count, islice

from pyoxigraph import Store

from fiscalgraph.graph.sparql import QueryResult
from fiscalgraph.graph.sparql.evaluate import evaluate_trusted
from fiscalgraph.graph.sparql.similar import Similarity
from fiscalgraph.queries import NamedQuery

__all__ = ["NamedPage", "NamedPages"]

_DOCUMENTS = """
PREFIX fg: <https://w3id.org/fiscalgraph/ontology#>
PREFIX dcterms: <http://purl.org/dc/terms/>
SELECT DISTINCT ?document WHERE { ?disclosure a fg:Disclosure ; dcterms:identifier ?document }
"""
_MOST_COUNTS = 10_000  # of batches of documents whose rows are remembered

Values = Mapping[str, str | Sequence[str]]
Row = list[str | None]


@dataclass(frozen=True, slots=True)
class NamedPage:
    """Some rows of a named query as texts. ``places`` has the IRI of the place of each row (``None`` where it
    has none) by the column of its quote; ``more`` tells whether rows come after these."""

    columns: tuple[str, ...]
    rows: list[Row]
    places: dict[str, list[str | None]]
    more: bool


class NamedPages:
    """Pages of the named queries on one generation.

    An answer that is sorted by document is made for some documents at a time, until the page is full: sorting
    needs all rows, and most queries have one for each figure.
    """

    def __init__(self, store: Store, similarity: Callable[[], Similarity]) -> None:
        self._store = store
        self._similarity = similarity
        self._names: list[str] | None = None
        self._counts: dict[tuple[str, int], int] = {}

    def page(self, query: NamedQuery, values: Values, *, offset: int, limit: int) -> NamedPage:
        """So many rows from ``offset`` on. Raises ``WrongParameter`` and what the evaluation raises."""
        by_document = query.paged_by_document and "document" not in values
        make = self._by_document if by_document else self._whole
        columns, found = make(query, values, offset, limit + 1)  # one more tells whether there are more
        places, rows = query.places, found[:limit]
        return NamedPage(
            columns=columns[len(places) :],
            rows=[row[len(places) :] for row in rows],
            places={column: [row[at] for row in rows] for at, column in enumerate(places)},
            more=len(found) > limit,
        )

    def _evaluated(self, text: str, offset: int, limit: int) -> QueryResult:
        similarity = self._similarity()
        return evaluate_trusted(self._store, f"{text}\nOFFSET {offset} LIMIT {limit}", similarity=similarity)

    def _whole(
        self, query: NamedQuery, values: Values, offset: int, wanted: int
    ) -> tuple[tuple[str, ...], list[Row]]:
        result = self._evaluated(query.fill_with_places(values), offset, wanted)
        return result.variables, _texts(result)

    def _by_document(
        self, query: NamedQuery, values: Values, offset: int, wanted: int
    ) -> tuple[tuple[str, ...], list[Row]]:
        columns = (*query.places.values(), *query.columns)
        rows: list[Row] = []
        asked = query.fill_with_places(values)
        for number, documents in enumerate(self._batches()):
            known = self._counts.get((asked, number))
            if known is not None and known <= offset:
                offset -= known
                continue
            text = query.fill_with_places({**values, "document": documents})
            most = offset + wanted - len(rows)
            found = _texts(self._evaluated(text, 0, most))
            if len(found) < most and len(self._counts) < _MOST_COUNTS:
                self._counts[asked, number] = len(found)
            rows += found[offset:]
            offset = max(0, offset - len(found))
            if len(rows) >= wanted:
                break
        return columns, rows

    def _batches(self) -> Iterator[list[str]]:
        """The documents in order: one, then two, four … so that an answer with few rows needs few steps."""
        if self._names is None:
            found = evaluate_trusted(self._store, _DOCUMENTS)
            self._names = sorted(row[0].text for row in found.rows if row[0] is not None)
        names = iter(self._names)
        for power in count():
            batch = list(islice(names, 2**power))
            if not batch:
                return
            yield batch


def _texts(result: QueryResult) -> list[Row]:
    return [[None if term is None else term.text for term in row] for row in result.rows]
