"""Passages: what search can find, each with its context and its place."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from fiscalgraph.extract.enumerations import split_enumeration
from fiscalgraph.search.repeats import same_words

if TYPE_CHECKING:
    from pyoxigraph import Store

__all__ = ["KINDS", "ExplainedIndicator", "Passage", "parts_of", "passages", "same_words"]

KINDS = ("problem_cause", "improvement_measure", "underperformance_reason", "narrative_reason")

PART_MARK = "#part-"
_TRIM = "。；;，,：:、 "
_SHORTEST_PART = 4


@dataclass(frozen=True, slots=True)
class ExplainedIndicator:
    """An indicator (绩效指标) that a passage explains, as printed; ``lost``: weight less score (扣分)."""

    name: str
    target: str | None = None
    actual: str | None = None
    weight: Decimal | None = None
    score: Decimal | None = None

    @property
    def lost(self) -> Decimal | None:
        return None if self.weight is None or self.score is None else self.weight - self.score


@dataclass(frozen=True, slots=True)
class Passage:
    """One stated cause, measure or reason, in one place of one document.

    ``kind`` is one of :data:`KINDS`: 存在的问题及原因, 改进措施, 偏差原因 (a table's
    explanation cell), 主要原因 (of a classification item's spending).
    ``page`` and ``line`` count from 1; ``quote`` is the source's own words. ``iri`` is the passage's in the
    graph; where that lists several (一是…二是…), ``part`` counts them from 1 and ``text`` is the one.

    ``department`` is the body that publishes, ``whole`` the department it belongs to (itself if it is one),
    ``unit`` the body that carries the project out, as printed. ``region`` and ``region_code`` (GB/T 2260) are
    absent for central bodies; ``level`` is central, provincial, prefecture, county or township. ``code`` is
    that of the classification item (功能分类科目) whose spending a narrative reason explains. ``amount``
    is what is at stake, in 元: the project's budget less what was executed (negative: overspent), or the
    amount that the classification item states.
    """

    iri: str
    kind: str
    text: str
    document: str
    department: str | None = None
    project: str | None = None
    fiscal_year: int | None = None
    page: int | None = None
    line: int | None = None
    quote: str = ""
    part: int | None = None
    disclosure: str | None = None
    whole: str | None = None
    unit: str | None = None
    region: str | None = None
    region_code: str | None = None
    level: str | None = None
    code: str | None = None
    item: str | None = None
    amount: Decimal | None = None
    indicators: tuple[ExplainedIndicator, ...] = ()

    @property
    def id(self) -> str:
        """The passage's IRI, with ``#part-2`` behind it for the second of several parts."""
        return self.iri if self.part is None else f"{self.iri}{PART_MARK}{self.part}"

    @property
    def score_lost(self) -> Decimal | None:
        """The points that the indicators it explains lost (扣分); ``None`` where no score is printed."""
        lost = [indicator.lost for indicator in self.indicators if indicator.lost is not None]
        return sum(lost, Decimal(0)) if lost else None

    def as_dict(self) -> dict[str, Any]:
        """Plain values for JSON; figures stay exact, as strings."""
        return {
            "id": self.id,
            **{name: getattr(self, name) for name in self.__dataclass_fields__},
            "amount": _string(self.amount),
            "score_lost": _string(self.score_lost),
            "indicators": [
                {**asdict(each), "weight": _string(each.weight), "score": _string(each.score)}
                for each in self.indicators
            ],
        }

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> Passage:
        """The inverse of :meth:`as_dict`."""
        known = {name: values[name] for name in cls.__dataclass_fields__}
        known["amount"] = _decimal(values["amount"])
        known["indicators"] = tuple(
            ExplainedIndicator(
                **{**each, "weight": _decimal(each["weight"]), "score": _decimal(each["score"])}
            )
            for each in values["indicators"]
        )
        return cls(**known)


def passages(store: Store) -> list[Passage]:
    """All passages of the graph, each once, with their context, in the order of document and place.

    A passage that still lists several causes or measures is taken apart (see :func:`parts_of`).
    """
    from fiscalgraph.search.context import passages_in_context

    found = sorted(passages_in_context(store), key=in_order)
    return [part for passage in found for part in parts_of(passage)]


def parts_of(passage: Passage) -> list[Passage]:
    """The items of the enumeration in a passage (一是…；二是…), or the passage itself if it holds none.

    >>> [part.text for part in parts_of(Passage("x", KINDS[0], "一是人手不足；二是设备老化。", "d"))]
    ['人手不足', '设备老化']
    """
    items = split_enumeration(passage.text)
    stated = [(ordinal, passage.text[start:end].strip(_TRIM)) for ordinal, start, end in items]
    numbered = [text for ordinal, text in stated if ordinal is not None]
    if len(numbered) < 2 or min(map(len, numbered)) < _SHORTEST_PART:
        return [passage]
    texts = [text for _, text in stated]
    return [replace(passage, text=text, part=number) for number, text in enumerate(texts, 1)]


def in_order(passage: Passage) -> tuple[str, int, int, str, int]:
    """The order of documents, and of places in them."""
    return (passage.document, passage.page or 0, passage.line or 0, passage.iri, passage.part or 0)


def _string(value: Decimal | None) -> str | None:
    return None if value is None else format(value, "f")


def _decimal(value: str | None) -> Decimal | None:
    return None if value is None else Decimal(value)
