"""The shapes of safe sums; :func:`fiscalgraph.graph.sums_request.sum_as_json` fills them in."""

from __future__ import annotations

from fiscalgraph.api.resources.models import Resource, Yuan

__all__ = ["SumRefusal", "SumTable"]


class SumQuestion(Resource):
    """What was asked, in the one form of its words."""

    measure: str
    by: tuple[str, ...]
    where: dict[str, tuple[str, ...]]


class Key(Resource):
    """The value of a dimension, with its labels."""

    dimension: str
    value: str
    zh: str
    en: str


class Row(Resource):
    """One sum: of how many figures (``addends``) of how many organisations, how many of the figures
    contradict another (``contested``), how many were put in their column by arithmetic (``inferred``)."""

    key: tuple[Key, ...]
    amount: Yuan
    addends: int
    contested: int
    inferred: int
    organizations: int


class Note(Resource):
    """Something to know, in both languages."""

    code: str
    zh: str
    en: str


class Missing(Resource):
    """An organisation that the conditions admit and that gave no figure for a year, and why."""

    organization: str
    label: str
    year: int
    reason: Note


class Addend(Resource):
    """A figure that was added."""

    key: tuple[str, ...]
    observation: str
    document: str
    table: str
    organization: str
    code: str
    amount: Yuan
    contested: bool
    inferred: bool


class SumTable(Resource):
    """Sums that count every 元 once. ``total`` adds the rows, where they may be added; ``addends`` are there
    when asked for."""

    request: SumQuestion
    rows: tuple[Row, ...]
    total: Row | None
    notes: tuple[Note, ...]
    missing: tuple[Missing, ...]
    addends: tuple[Addend, ...] = ()


class RefusedSum(Resource):
    """Why nothing was added, and the nearest request that is answered."""

    code: str
    what: str
    why: str
    cure: str
    reasons: tuple[Note, ...]
    alternative: SumQuestion | None


class SumRefusal(Resource):
    """A sum that would count money twice or mix what must not be added."""

    error: RefusedSum
