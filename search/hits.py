"""What a search answers: hits, each with its places and why it was found."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from typing import Any, overload

from fiscalgraph.search.facets import Facets
from fiscalgraph.search.passages import Passage

__all__ = ["Answer", "DepartmentHits", "Hit", "Why"]


@dataclass(frozen=True, slots=True)
class Why:
    """Which side found a hit, and the stretches of words that it shares with the query.

    ``found_by`` is ``words`` (字面), ``vectors`` (语义) or ``both`` (两者); the ranks (from 1) are those on
    each side, ``None`` where it is not among the side's candidates.
    """

    found_by: str
    words_rank: int | None
    vectors_rank: int | None
    shared: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Hit:
    """A passage that answers a query.

    ``similarity`` is the cosine of the two sentences (-1 to 1); ``score``, which orders the hits, adds to it
    for shared words. ``similar`` says whether the score reaches the model's threshold, and ``probability``
    how likely a passage of this score states the same issue; both ``None`` for a model that was not
    calibrated. ``places`` are all passages of the same words, or nearly the same; ``passage`` is the first
    of them that the filters admit. ``used_by_departments`` and ``used_in_years`` count how many other
    departments, and other fiscal years, use nearly these words (套话).
    """

    passage: Passage
    score: float
    similarity: float
    places: tuple[Passage, ...]
    why: Why
    similar: bool | None = None
    probability: float | None = None
    used_by_departments: int = 0
    used_in_years: int = 0

    def as_dict(self) -> dict[str, Any]:
        """Plain values for JSON."""
        return {
            "passage": self.passage.as_dict(),
            "score": round(self.score, 6),
            "similarity": round(self.similarity, 6),
            "similar": self.similar,
            "probability": None if self.probability is None else round(self.probability, 4),
            "used_by_departments": self.used_by_departments,
            "used_in_years": self.used_in_years,
            "places": [place.as_dict() for place in self.places],
            "why": {**asdict(self.why), "shared": list(self.why.shared)},
        }


@dataclass(frozen=True, slots=True)
class DepartmentHits:
    """The best hit of one department; ``count`` of its statements are similar (without a threshold: near)."""

    department: str | None
    hit: Hit
    count: int

    def as_dict(self) -> dict[str, Any]:
        """Plain values for JSON."""
        return {"department": self.department, "count": self.count, "hit": self.hit.as_dict()}


@dataclass(frozen=True, slots=True)
class Answer(Sequence[Hit]):
    """The hits of one page, best first, and how they were found.

    ``admitted`` statements passed the filters. ``recall`` is the share of the nearest that the index finds
    (1.0: every one was compared). A score of ``threshold`` or more is called similar. ``facets`` are there
    when they were asked for.
    """

    hits: tuple[Hit, ...]
    admitted: int
    recall: float = 1.0
    threshold: float | None = None
    facets: Facets | None = None

    def __len__(self) -> int:
        return len(self.hits)

    def __iter__(self) -> Iterator[Hit]:
        return iter(self.hits)

    @overload
    def __getitem__(self, index: int) -> Hit: ...
    @overload
    def __getitem__(self, index: slice) -> tuple[Hit, ...]: ...
    def __getitem__(self, index: int | slice) -> Hit | tuple[Hit, ...]:
        return self.hits[index]

    def as_dict(self) -> dict[str, Any]:
        """Plain values for JSON."""
        return {
            "hits": [hit.as_dict() for hit in self.hits],
            "admitted": self.admitted,
            "recall": self.recall,
            "threshold": self.threshold,
            **({} if self.facets is None else {"facets": self.facets.as_dict()}),
        }
