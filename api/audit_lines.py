"""What an audit sheet (核对底稿) holds: lines with both sides and their places, and counts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Final

from fiscalgraph.ontology.checks import CheckRule, check_rules

__all__ = [
    "DIFFERING",
    "VERDICTS",
    "AuditLine",
    "AuditSheet",
    "AuditSide",
    "AuditSummary",
    "Operand",
    "Place",
]

VERDICTS: Final = ("contradicts", "questionable", "scope_differs", "rounding", "cannot_tell", "agrees")
"""All verdicts, what an auditor looks at first before the others."""
DIFFERING: Final = VERDICTS[:4]
"""Those that an auditor has to look at."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where words stand: in which document, on which page or line (from 1), and the words themselves.
    ``iri`` names the place in the graph."""

    document: str
    page: int | None
    line: int | None
    quote: str
    recognised: bool = False
    iri: str | None = None


@dataclass(frozen=True, slots=True)
class Operand:
    """One figure or entry that stands on a side: what is printed (of an entry of a performance table the
    fields it prints), its unit, what it is called."""

    printed: str
    unit: str | None
    name: str
    iri: str
    place: Place | None


@dataclass(frozen=True, slots=True)
class AuditSide:
    """One side of a comparison as printed, or as ``computed`` from the ``operands``; ``unit`` is that of the
    figure where it does not name one itself."""

    printed: str
    computed: bool
    place: Place | None
    operands: tuple[Operand, ...]
    unit: str | None = None


@dataclass(frozen=True, slots=True)
class AuditLine:
    """One comparison. ``difference`` is left less right in ``unit``, which between percentages is 个百分点;
    ``detail`` says in Chinese what was compared; ``documents`` are one, or two for a check between them.
    ``repeated_in`` are other documents of the same disclosure in which the same was found."""

    iri: str
    documents: tuple[str, ...]
    verdict: str
    check: CheckRule
    kind: str | None
    detail: str
    left: AuditSide
    right: AuditSide
    difference: Decimal | None
    unit: str | None
    repeated_in: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class AuditSummary:
    """One document in counts: comparisons by check and verdict, and of its figures (printed in tables)
    how many at least one check confirms, how many a contradiction contests, how many no check touches."""

    document: str
    issuer: str
    kind: str
    fiscal_year: int
    comparisons: Mapping[tuple[str, str], int]
    figures: int
    confirmed: int
    contested: int

    @property
    def unchecked(self) -> int:
        return self.figures - self.confirmed - self.contested

    def of(self, verdict: str) -> int:
        """How many comparisons have a verdict."""
        return sum(count for (_, found), count in self.comparisons.items() if found == verdict)


@dataclass(frozen=True, slots=True)
class AuditSheet:
    """The lines asked for (``total`` counts them where only a page of them is here), and all counts.
    ``repeated`` counts, by check and verdict, what an earlier document of the same disclosure has already."""

    lines: tuple[AuditLine, ...]
    total: int
    documents: tuple[AuditSummary, ...]
    between: Mapping[tuple[str, str], int]
    repeated: Mapping[tuple[str, str], int] = field(default_factory=dict)

    @property
    def rules(self) -> tuple[CheckRule, ...]:
        """The rules of all comparisons counted, in the order of the ontology."""
        used = {check for each in self.documents for check, _ in each.comparisons}
        used |= {check for check, _ in self.between}
        return tuple(rule for name, rule in check_rules().items() if name in used)

    def count(self, check: str | None, verdict: str) -> int:
        """Comparisons of a check (``None``: all) with a verdict, within and between the documents."""
        every = (*(each.comparisons for each in self.documents), self.between)
        return sum(
            number
            for counts in every
            for (name, found), number in counts.items()
            if found == verdict and check in (None, name)
        )
