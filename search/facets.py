"""By what the hits of a search could be narrowed: how many of the first of them a filter would keep."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from fiscalgraph.search.passages import KINDS

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    from fiscalgraph.search.columns import Columns

    Mask = npt.NDArray[np.bool_]

__all__ = ["Facets", "facets_of"]


@dataclass(frozen=True, slots=True)
class Facets:
    """Of the first ``hits`` hits how many have each value, the commonest value first.

    A hit counts for every value that one of its admitted places has, and nowhere in a property that it lacks.
    """

    hits: int
    years: tuple[tuple[int, int], ...]
    regions: tuple[tuple[str, int], ...]
    departments: tuple[tuple[str, int], ...]
    kinds: tuple[tuple[str, int], ...]

    def as_dict(self) -> dict[str, Any]:
        """Plain values for JSON."""
        counted = {
            name: [{"value": value, "count": count} for value, count in getattr(self, name)]
            for name in ("years", "regions", "departments", "kinds")
        }
        return {"hits": self.hits, **counted}


def facets_of(columns: Columns, spans: Sequence[range], admitted: Mask | None) -> Facets:
    """The facets of hits, each given by the places of its statement; ``admitted`` are those that count."""
    import numpy as np

    empty = np.zeros(0, dtype=np.int64)
    places = np.concatenate([np.arange(span.start, span.stop) for span in spans]) if spans else empty
    hits = np.repeat(np.arange(len(spans)), [len(span) for span in spans])
    if admitted is not None:
        places, hits = places[admitted[places]], hits[admitted[places]]

    def counted(column: str) -> list[tuple[int, int]]:
        pairs = np.unique(np.stack([columns[column][places].astype(np.int64), hits]), axis=1)
        values, counts = np.unique(pairs[0], return_counts=True)
        found = zip(values.tolist(), counts.tolist(), strict=True)
        return sorted(found, key=lambda each: (-each[1], each[0]))

    def named(column: str) -> tuple[tuple[str, int], ...]:
        legend = columns.legend(column)
        return tuple((legend[value], count) for value, count in counted(column) if legend[value])

    return Facets(
        hits=len(spans),
        years=tuple((year, count) for year, count in counted("year") if year),
        regions=named("region"),
        departments=named("department"),
        kinds=tuple((KINDS[number], count) for number, count in counted("kind")),
    )
