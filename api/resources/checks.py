"""The shapes of what checks found (核对结果); :mod:`fiscalgraph.api.audit_values` fills them in."""

from __future__ import annotations

from pydantic import Field

from fiscalgraph.api.resources.models import Resource, Words

__all__ = ["CheckLine", "CheckPage", "CheckRule"]


class CheckRule(Resource):
    """A check in words, with what it compares and within what tolerance."""

    check: str
    title: Words
    rule: Words
    kind: str | None
    scope: str
    tolerance: str
    dimension: str
    iri: str


class CheckPlace(Resource):
    """Where words stand: in which document, on which page or line (from 1), and the words themselves."""

    document: str
    page: int | None
    line: int | None
    quote: str
    recognised: bool
    iri: str | None


class CheckOperand(Resource):
    """A figure or entry that stands on a side: what is printed, its unit, what it is called."""

    printed: str
    unit: str | None
    name: str
    iri: str
    place: CheckPlace | None


class CheckSide(Resource):
    """A side of a comparison: as printed, or ``computed`` from its ``operands``. ``unit`` is that of the
    figure where it does not name one itself."""

    printed: str
    unit: str | None
    computed: bool
    place: CheckPlace | None
    operands: tuple[CheckOperand, ...]


class CheckLine(Resource):
    """One comparison; ``difference`` is left less right, exact, in ``unit``: 个百分点 between percentages.
    ``repeated_in`` are other documents of the same disclosure in which the same was found."""

    iri: str
    documents: tuple[str, ...]
    verdict: str
    check: str
    kind: str | None
    detail: str
    left: CheckSide
    right: CheckSide
    difference: str | None
    unit: str | None
    repeated_in: tuple[str, ...]


class CountedRule(CheckRule):
    """A check with how many of its comparisons came to which verdict, and how many of them are ``repeated``:
    an earlier document of the same disclosure has them already."""

    verdicts: dict[str, int]
    repeated: dict[str, int]


class FigureCounts(Resource):
    """How many printed figures a document has, and how many of them checks confirmed or contest."""

    printed: int
    confirmed: int
    contested: int
    unchecked: int


class CheckedDocument(Resource):
    """A document in counts."""

    document: str
    issuer: str
    kind: str
    fiscal_year: int
    verdicts: dict[str, int]
    figures: FigureCounts


class CheckPage(Resource):
    """A page of comparisons, with the counts of all that the filters admit."""

    items: tuple[CheckLine, ...]
    total: int = Field(ge=0)
    offset: int = Field(ge=0)
    limit: int = Field(ge=0)
    next: str | None
    documents: tuple[CheckedDocument, ...]
    checks: tuple[CountedRule, ...]
