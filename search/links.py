"""Which passages of different departments say nearly the same: links between nearest neighbours.

Causes are linked with causes and measures with measures. Reasons of a change in spending
(人员增加，支出增加) are left out: nearly every department prints them. A link joins two texts; where
a text stands in several places, its first place in the department stands for it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

from fiscalgraph.search.passages import Passage

if TYPE_CHECKING:
    from fiscalgraph.search.index import PassageIndex

__all__ = ["NEIGHBOURS", "THRESHOLD", "Link", "neighbour_links"]

NEIGHBOURS = 5
THRESHOLD = 0.65
"""Chosen by reading pairs of real disclosures; below it most pairs share a topic, not a cause."""
_LINKED = frozenset({"problem_cause", "underperformance_reason", "improvement_measure"})
_MEASURE = "improvement_measure"
_BATCH = 1024


@dataclass(frozen=True, slots=True)
class Link:
    """Two passages of different departments; ``score`` is their cosine similarity, four decimals."""

    left: Passage
    right: Passage
    score: float


def _first_by_department(group: Sequence[Passage]) -> list[Passage]:
    found: dict[str | None, Passage] = {}
    for passage in (each for each in group if each.kind in _LINKED):
        found.setdefault(passage.department, passage)
    return list(found.values())


def _pairs(left: Sequence[Passage], right: Sequence[Passage]) -> Iterator[tuple[Passage, Passage]]:
    """One pair for two texts: the first places of two departments and of one kind."""
    for one in left:
        for other in right:
            same_kind = (one.kind == _MEASURE) == (other.kind == _MEASURE)
            if same_kind and one.department != other.department:
                yield (one, other) if one.iri < other.iri else (other, one)
                return


def neighbour_links(
    index: PassageIndex, neighbours: int = NEIGHBOURS, threshold: float = THRESHOLD
) -> list[Link]:
    """The links of every text with at most ``neighbours`` others, best first for each.

    Deterministic: ordered by the passages' IRIs, each pair once. Texts without a direction (no
    known word) have no neighbours.
    """
    groups = [_first_by_department(group) for group in index.groups()]
    links: dict[tuple[str, str], Link] = {}

    def add(left: Sequence[Passage], right: Sequence[Passage], score: float) -> bool:
        for one, other in _pairs(left, right):
            links.setdefault((one.iri, other.iri), Link(one, other, round(score, 4)))
            return True
        return False

    for group in groups:  # the same words in several departments
        for one, other in pairwise(group):
            add([one], [other], 1.0)
    for number, nearest in enumerate(_nearest(index, 8 * neighbours)):
        taken = 0
        for row, score in nearest:
            if row == number or score < threshold or taken == neighbours:
                continue
            taken += add(groups[number], groups[row], score)
    return [links[key] for key in sorted(links)]


def _nearest(index: PassageIndex, k: int) -> Iterator[list[tuple[int, float]]]:
    """For each text its ``k`` nearest with their similarity, best first, ties by number."""
    import numpy as np

    vectors = index.vectors
    for start in range(0, len(vectors), _BATCH):
        batch = vectors[start : start + _BATCH]
        for query, near in zip(batch, index.nearest.search_many(batch, k), strict=True):
            rows = np.array([row for row, _ in near], dtype=np.int64)
            # Row by row: the last digits of a product of matrices depend on what else is in them.
            exact = (vectors[rows] * query).sum(axis=1)
            best = np.lexsort((rows, -exact)).tolist() if query.any() else []
            yield [(int(rows[place]), float(exact[place])) for place in best]
