"""The statements of an index, ready to be compared: made once for the issues and the links of a build."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from fiscalgraph.search.issues.model import SIDES
from fiscalgraph.search.issues.pair_score import PairJudge
from fiscalgraph.search.issues.statements import Statement, ranks, statements_of

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    from fiscalgraph.search.index import PassageIndex
    from fiscalgraph.search.passages import Passage

    Vectors = npt.NDArray[np.float32]
    Rows = npt.NDArray[np.int64]

__all__ = ["ComparedSide", "compared_side", "compared_sides"]


@dataclass(frozen=True, slots=True)
class ComparedSide:
    """The statements of one side: their vectors in the index, their ranks by digest, who judges pairs, and
    the fingerprint of the model that made the vectors."""

    side: str
    statements: list[Statement]
    vectors: Vectors
    order: Rows
    judge: PairJudge
    model: str


def compared_sides(
    index: PassageIndex, groups: Sequence[Sequence[Passage]] | None = None
) -> dict[str, ComparedSide]:
    """Both sides of an index; ``groups`` are ``index.groups()``, if they are at hand."""
    import numpy as np

    groups = index.groups() if groups is None else groups
    sides = {side: statements_of(groups, side) for side in SIDES}
    return {
        side: compared_side(
            side,
            statements,
            index.vectors[np.array([each.row for each in statements], dtype=np.int64)],
            index.model["fingerprint"],
        )
        for side, statements in sides.items()
    }


def compared_side(side: str, statements: list[Statement], vectors: Vectors, fingerprint: str) -> ComparedSide:
    """The statements of a side with their vectors, by the model with this ``fingerprint``."""
    judge = PairJudge([each.text for each in statements], vectors, fingerprint)
    return ComparedSide(side, statements, vectors, ranks(statements), judge, fingerprint)
