"""The statements of an index that issues are made of: one for each distinct text, by side."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from fiscalgraph.search.index_files import body_of
from fiscalgraph.search.issues.model import SIDE_OF_KIND
from fiscalgraph.search.passages import Passage, same_words

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

__all__ = ["Statement", "ranks", "statement_digest", "statements_of"]


@dataclass(frozen=True, slots=True)
class Statement:
    """A text that stands in one or more ``places`` (passage ids, in order) on one side.

    ``row`` is its number in the index, ``digest`` names its words, ``bodies`` are the departments that print
    it (with their units) and ``projects`` those it is said of.
    """

    row: int
    text: str
    digest: str
    places: tuple[str, ...]
    bodies: tuple[str, ...]
    projects: tuple[str, ...]


def statement_digest(text: str) -> str:
    """Names the words of a text: equal for texts that differ in punctuation or form of characters only."""
    return hashlib.sha256(same_words(text).encode()).hexdigest()[:16]


def statements_of(groups: Iterable[Sequence[Passage]], side: str) -> list[Statement]:
    """The statements of one side, in the order of the index; ``groups``: the places of each distinct text."""
    found = []
    for row, group in enumerate(groups):
        places = [place for place in group if SIDE_OF_KIND.get(place.kind) == side]
        if places:
            bodies = {body_of(place) or place.document for place in places}
            projects = {place.project for place in places if place.project}
            found.append(
                Statement(
                    row,
                    places[0].text,
                    statement_digest(places[0].text),
                    tuple(place.id for place in places),
                    tuple(sorted(bodies)),
                    tuple(sorted(projects)),
                )
            )
    return found


def ranks(statements: Sequence[Statement]) -> npt.NDArray[np.int64]:
    """The rank of each statement by its digest: the same whatever documents come first."""
    import numpy as np

    digests = np.array([int(each.digest, 16) for each in statements], dtype=np.uint64)
    result = np.empty(len(statements), dtype=np.int64)
    result[np.argsort(digests, kind="stable")] = np.arange(len(statements))
    return result
