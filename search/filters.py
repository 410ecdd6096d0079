"""Which passages may answer: filters, applied before anything is ranked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from fiscalgraph.search.errors import QueryRefused
from fiscalgraph.search.passages import KINDS

__all__ = ["Filters"]


@dataclass(frozen=True, slots=True)
class Filters:
    """What a passage must be to answer; ``None`` admits any. A passage that lacks what is asked for is out.

    ``kinds``: one of several kinds; ``department``: the body that publishes; ``whole``: a department and the
    units that belong to it; ``region``: name or code, with all it contains; ``year`` and the bounds
    ``year_from`` and ``year_to`` (inclusive): fiscal years; ``project``: a part of its name; ``code``: how
    the classification code begins; ``min_score_lost``: points the explained indicators lost (扣分) at least;
    ``min_amount``: 元 at stake at least, over or under budget; ``document``: its name.
    """

    kinds: Sequence[str] | None = None
    department: str | None = None
    whole: str | None = None
    region: str | None = None
    year: int | None = None
    year_from: int | None = None
    year_to: int | None = None
    project: str | None = None
    code: str | None = None
    min_score_lost: Decimal | None = None
    min_amount: Decimal | None = None
    document: str | None = None

    def check(self) -> None:
        """Raise :class:`QueryRefused` for what cannot be meant."""
        for kind in self.kinds or ():
            if kind not in KINDS:
                raise QueryRefused("search", f"there is no kind {kind!r}", f"Choose among {', '.join(KINDS)}")
        if self.code is not None and not self.code.isdigit():
            raise QueryRefused(
                "search", f"{self.code!r} is no classification code", "Give digits: 208, 2080501"
            )
        if self.year_from is not None and self.year_to is not None and self.year_from > self.year_to:
            raise QueryRefused(
                "search", f"no year lies from {self.year_from} to {self.year_to}", "Exchange the two"
            )

    @property
    def any(self) -> bool:
        """Whether nothing is asked for: every passage is admitted."""
        return self == Filters()
