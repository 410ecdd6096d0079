"""One list from two: what is meant (vectors) and what is said (words).

The score of a passage is its similarity, a bonus for the share of the query's words that it holds, and
one for how near it is to the three best hits: they say in the words of disclosures what the query says in
its own. These three are the best of the whole index, whatever a filter admits: a score tells of the query and
the passage alone, and is the same in every search. ``docs/search.md`` has the figures of this and of what
was tried beside it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from fiscalgraph.search.words import distinct

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    from fiscalgraph.search.vectors import VectorIndex, Vectors
    from fiscalgraph.search.words import AskedWords, WordIndex

    Mask = npt.NDArray[np.bool_]
    Rows = npt.NDArray[np.int64]
    Scores = npt.NDArray[np.float64]

__all__ = ["COMPANY_DEPTH", "DEPTH", "WORDS_WEIGHT", "AskedRanking", "Ranked", "Ranking", "Scored"]

DEPTH = 1000
"""How far a ranking goes. Each side brings so many candidates whichever of them are asked for, so that
pages are parts of one list."""
WORDS_WEIGHT = 0.4
"""For a model that was not calibrated; between 0.2 and 0.6 the figures hardly differ."""
COMPANY_WEIGHT = 0.3
"""What it counts to be near to what the best hits say together."""
COMPANY_DEPTH = 201
"""So many of each side's first are looked at to find the best three, one of which may be the query itself."""
_BEST = 3
_DECIMALS = 6  # of a score: what lies behind them depends on the order of adding

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


@dataclass(frozen=True, slots=True)
class Scored:
    """The scores of some rows, in their order, and what they are made of."""

    score: Scores
    similarity: Scores
    coverage: Scores


class Ranking:
    """Ranks texts for a query; the product's search and ``fiscalgraph evaluate`` both rank with it."""

    def __init__(self, words: WordIndex, nearest: VectorIndex, words_weight: float = WORDS_WEIGHT) -> None:
        self._words, self._nearest = words, nearest
        self._weight = words_weight

    def ranked(
        self,
        text: str,
        vector: Vectors,
        allowed: Mask | None = None,
        page: slice = _EVERY,
        *,
        without: int | None = None,
    ) -> list[Ranked]:
        """The best texts for a query among those allowed, best first; rows of equal score by number.

        At least :data:`DEPTH` of them when there are so many; all of them when there are no more;
        or a ``page`` of this list. ``vector`` is the query's; a zero vector (no known word) leaves the
        ranking to the words, and then only texts that share some are ranked. ``without``: see :meth:`asked`.
        """
        import numpy as np

        words = self._words.asked(text)
        depth = DEPTH if vector.any() else 0
        by_words = words.best(DEPTH, allowed)
        by_vectors = self._nearest.nearest(vector, depth, allowed)[0]
        looked_at = min(depth, COMPANY_DEPTH)
        near = by_vectors if allowed is None else self._nearest.nearest(vector, looked_at)[0]
        asked = self.asked(words, vector, near, without=without)
        rows = distinct(np.concatenate([by_words, by_vectors]))
        found = asked.scored(rows)
        best = np.lexsort((rows, -found.score))[page].tolist()
        return [
            Ranked(
                int(rows[place]),
                float(found.score[place]),
                float(found.similarity[place]),
                float(found.coverage[place]),
                _rank(by_words, rows[place]),
                _rank(by_vectors, rows[place]),
            )
            for place in best
        ]

    def words_of(self, text: str) -> AskedWords:
        """What the index holds of a query's words."""
        return self._words.asked(text)

    def asked(
        self, words: AskedWords, vector: Vectors, near: Rows, *, without: int | None = None
    ) -> AskedRanking:
        """What gives any row its score for the query of these words and this vector.

        ``near`` are the :data:`COMPANY_DEPTH` rows nearest to the vector of all, best first. ``without`` is
        the row of the query itself, which is no company to itself.
        """
        import numpy as np

        asked = AskedRanking(words, vector, self._nearest, self._weight)
        if not asked.known:
            return asked
        rows = distinct(np.concatenate([words.best(COMPANY_DEPTH), near[:COMPANY_DEPTH]]))
        rows = rows[rows != without] if without is not None else rows
        base = asked.scored(rows).score
        best = rows[np.lexsort((rows, -base))[:_BEST]]
        middle = self._nearest.vectors[best].astype(np.float64).mean(axis=0) if len(best) else np.zeros(1)
        length = float(np.linalg.norm(middle))
        return AskedRanking(
            words, vector, self._nearest, self._weight, middle / length if length > 1e-9 else None
        )


class AskedRanking:
    """One query: the score of any row, which depends on nothing but the query and the index.

    ``company`` is the direction of the three best hits together; ``known``: the model knows some of
    the query's words.
    """

    def __init__(
        self,
        words: AskedWords,
        vector: Vectors,
        nearest: VectorIndex,
        words_weight: float,
        company: Scores | None = None,
    ) -> None:
        import numpy as np

        self.known = bool(vector.any())
        self._nearest = nearest
        self._words = words
        self._vector = vector.astype(np.float64)
        self._weight = words_weight
        self._company = company
        # What vectors add to a score is one product, so that what is near to this direction scores best.
        direction = self._vector if company is None else self._vector + COMPANY_WEIGHT * company
        self._direction: Vectors = direction.astype(np.float32)

    def scored(self, rows: Rows) -> Scored:
        """The scores of ``rows``, to six decimals."""
        import numpy as np

        # In double precision: equal sentences get equal scores wherever their rows stand.
        vectors = self._nearest.vectors[rows].astype(np.float64)
        similarity = vectors @ self._vector
        coverage = self._words.coverage_of(rows).astype(np.float64)
        score = similarity + self._weight * coverage
        if self._company is not None:
            score += COMPANY_WEIGHT * (vectors @ self._company)
        return Scored(np.round(score, _DECIMALS), similarity, coverage)

    def estimated(self, rows: Rows) -> Vectors:
        """The scores of ``rows`` in single precision: some :data:`SLACK` beside :meth:`scored`."""
        import numpy as np

        near = self._nearest.similarity(self._direction, rows)
        found: Vectors = near + np.float32(self._weight) * self._words.coverage_of(rows)
        return found

    def first(self, k: int) -> tuple[Rows, float]:
        """The rows that may have the best scores, some ``k`` for the vectors and as many for the words, and a
        limit that the score of no other row exceeds: it is among the first of neither."""
        import numpy as np

        rows, held = self._words.first(k)
        limit = self._weight * held
        if self.known:
            near, similarity = self._nearest.first(self._direction, k)
            rows = distinct(np.concatenate([rows, near]))
            limit += similarity
        return rows, limit + SLACK


SLACK = 2e-5
"""More than single precision and rounding can be wrong by."""


def _rank(listed: Rows, row: int) -> int | None:
    """The place of a row in a list, from 1."""
    import numpy as np

    places = np.flatnonzero(listed == row)
    return int(places[0]) + 1 if len(places) else None
