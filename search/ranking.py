"""One list from two: what is meant (vectors) and what is said (words).

The score of a passage is its similarity, a bonus for the share of the query's words that it holds, and
one for how near it is to the three best hits: they say in the words of disclosures what the query says in
its own. ``docs/search.md`` has the figures of this and of what was tried beside it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from fiscalgraph.search.words import distinct

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    from fiscalgraph.search.vectors import VectorIndex, Vectors
    from fiscalgraph.search.words import WordIndex

    Mask = npt.NDArray[np.bool_]
    Rows = npt.NDArray[np.int64]

__all__ = ["DEPTH", "WORDS_WEIGHT", "Ranked", "Ranking"]

DEPTH = 1000
"""How far a ranking goes. Each side brings so many candidates whichever of them are asked for, so that
pages are parts of one list."""
WORDS_WEIGHT = 0.4
"""For a model that was not calibrated; between 0.2 and 0.6 the figures hardly differ."""
COMPANY_WEIGHT = 0.3
"""What it counts to be near to what the best hits say together."""
_BEST = 3

_EVERY = slice(None)


@dataclass(frozen=True, slots=True)
class Ranked:
    """A row with its score, what the score is made of, and its rank (from 1) on each side.

    A rank is ``None`` where the row is not among the :data:`DEPTH` candidates of that side.
    """

    row: int
    score: float
    similarity: float
    coverage: float
    words_rank: int | None
    vectors_rank: int | None


class Ranking:
    """Ranks texts for a query; the product's search and ``fiscalgraph evaluate`` both rank with it."""

    def __init__(self, words: WordIndex, nearest: VectorIndex, words_weight: float = WORDS_WEIGHT) -> None:
        self._words, self._nearest = words, nearest
        self._weight = words_weight

    def ranked(
        self, text: str, vector: Vectors, allowed: Mask | None = None, page: slice = _EVERY
    ) -> list[Ranked]:
        """The best texts for a query among those allowed, best first; rows of equal score by number.

        At least :data:`DEPTH` of them when there are so many; all of them when there are no more;
        or a ``page`` of this list. ``vector`` is the query's; a zero vector (no known word) leaves the
        ranking to the words, and then only texts that share some are ranked.
        """
        import numpy as np

        words = self._words.asked(text)
        by_words = words.best(DEPTH, allowed)
        known = bool(vector.any())
        by_vectors = self._nearest.nearest(vector, DEPTH if known else 0, allowed)[0]
        rows = distinct(np.concatenate([by_words, by_vectors]))
        vectors = self._nearest.vectors[rows]
        similarity = vectors @ vector
        coverage = words.coverage_of(rows)
        score = similarity + np.float32(self._weight) * coverage
        if known and len(rows):
            score += np.float32(COMPANY_WEIGHT) * _company(vectors, rows, score)
        best = np.lexsort((rows, -score))[page].tolist()
        return [
            Ranked(
                int(rows[place]),
                float(score[place]),
                float(similarity[place]),
                float(coverage[place]),
                _rank(by_words, rows[place]),
                _rank(by_vectors, rows[place]),
            )
            for place in best
        ]


def _rank(listed: Rows, row: int) -> int | None:
    """The place of a row in a list, from 1."""
    import numpy as np

    places = np.flatnonzero(listed == row)
    return int(places[0]) + 1 if len(places) else None


def _company(vectors: Vectors, rows: Rows, score: Vectors) -> Vectors:
    """How near each of ``vectors``, those of ``rows``, is to the best of them together."""
    import numpy as np

    middle = vectors[np.lexsort((rows, -score))[:_BEST]].mean(axis=0)
    length = float(np.linalg.norm(middle))
    if length < 1e-9:
        return np.zeros_like(score)
    near: Vectors = vectors @ (middle / np.float32(length))
    return near
