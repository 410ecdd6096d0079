"""Which statements of different departments state the same issue: for each, the likest of each other one.

Causes are linked with causes and measures with measures. Reasons of a change in spending
(人员增加，支出增加) are left out: nearly every department prints them. A link joins two texts; where
a text stands in several places, its first place in the department stands for it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

from fiscalgraph.search.passages import Passage

if TYPE_CHECKING:
    from fiscalgraph.search.index import PassageIndex
    from fiscalgraph.search.issues.compared import ComparedSide
    from fiscalgraph.search.likely_pairs import Rows, Scores

__all__ = ["DEPARTMENTS", "NEIGHBOURS", "Link", "neighbour_links"]

DEPARTMENTS = 20
"""At most so many other departments are linked with a statement, the most similar ones."""
NEIGHBOURS = 64
"""So many of the nearest statements are looked at for each."""


@dataclass(frozen=True, slots=True)
class Link:
    """Two passages of different departments; ``score`` is the probability that they state the same issue,
    four decimals (1: the same words)."""

    left: Passage
    right: Passage
    score: float


def neighbour_links(
    index: PassageIndex,
    departments: int = DEPARTMENTS,
    threshold: float | None = None,
    compared: Mapping[str, ComparedSide] | None = None,
    before: Path | None = None,
    after: Path | None = None,
) -> list[Link]:
    """The links of every statement: with each other department its likest, best first, at most so many.

    A link has at least the probability ``threshold`` (``None``: that of the pair score). Deterministic:
    ordered by the passages' ids, each pair once. Texts without a direction (no known word) have no
    neighbours. ``compared`` is :func:`~fiscalgraph.search.issues.compared.compared_sides` of the index, if
    it is at hand; ``before`` and ``after`` are the folders of the last build and of this one, where what was
    found among many statements is kept (:mod:`~fiscalgraph.search.likely_pairs`).
    """
    from fiscalgraph.search.issues.compared import compared_sides
    from fiscalgraph.search.issues.pair_score import pair_weights
    from fiscalgraph.search.likely_pairs import likely_pairs

    groups = index.groups()
    least = pair_weights().threshold if threshold is None else threshold
    links: dict[tuple[str, str], Link] = {}
    for side in (compared_sides(index, groups) if compared is None else compared).values():
        firsts = [_first_by_department(groups[each.row], set(each.places)) for each in side.statements]
        pairs = likely_pairs(side, NEIGHBOURS, least, before, after)
        for one, other, score in _linked(side, firsts, departments, pairs):
            left, right = (one, other) if one.id < other.id else (other, one)
            links.setdefault((left.id, right.id), Link(left, right, score))
    return [links[key] for key in sorted(links)]


def _first_by_department(group: list[Passage], places: set[str]) -> dict[str, Passage]:
    found: dict[str, Passage] = {}
    for passage in group:
        if passage.id in places:
            found.setdefault(passage.department or passage.document, passage)
    return found


def _linked(
    side: ComparedSide,
    firsts: list[dict[str, Passage]],
    departments: int,
    pairs: tuple[Rows, Rows, Scores],
) -> Iterator[tuple[Passage, Passage, float]]:
    import numpy as np

    for first in firsts:  # the same words in several departments
        yield from ((one, other, 1.0) for one, other in pairwise(first.values()))
    left, right, scores = pairs
    one, other, both = np.concatenate([left, right]), np.concatenate([right, left]), np.tile(scores, 2)
    best = np.lexsort((side.order[other], -both, side.order[one]))
    reached: dict[int, set[str]] = {}
    for row, near, score in zip(one[best].tolist(), other[best].tolist(), both[best].tolist(), strict=True):
        seen = reached.setdefault(row, set())
        for name, passage in firsts[near].items():
            own = next((each for home, each in firsts[row].items() if home != name), None)
            if own is not None and name not in seen and name not in firsts[row] and len(seen) < departments:
                seen.add(name)
                yield own, passage, score
