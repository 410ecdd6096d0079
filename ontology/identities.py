"""Accounting identities (勾稽关系) that are sums or equalities, as the Turtle of the checks states them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from pyoxigraph import Literal, NamedNode, RdfFormat, parse

from fiscalgraph.ontology.checks import check_files, check_rules
from fiscalgraph.ontology.codes import CODES
from fiscalgraph.ontology.terms import FG, RDF

__all__ = [
    "EqualityIdentity",
    "FigurePlace",
    "RatioIdentity",
    "SumIdentity",
    "equality_identities",
    "ratio_identities",
    "sum_identities",
]

_Stated = Mapping[NamedNode, list[NamedNode | Literal]]


@dataclass(frozen=True, slots=True)
class FigurePlace:
    """Where a quantity is printed: patterns over a table's title, a row's label and a column's path.

    ``row`` is ``None`` for the row of the total, or for every row where figures are paired row by row.
    """

    table: re.Pattern[str]
    not_table: re.Pattern[str] | None
    row: re.Pattern[str] | None
    column: re.Pattern[str] | None
    not_column: re.Pattern[str] | None
    side: str | None


@dataclass(frozen=True, slots=True)
class SumIdentity:
    """A whole and its addends in one line of figures; see fg:SumIdentity for the meaning of each part.

    ``along`` is a notation of fg:SumLines.
    """

    name: str
    along: str
    disclosure: re.Pattern[str] | None
    table: re.Pattern[str] | None
    not_table: re.Pattern[str] | None
    whole: re.Pattern[str] | None
    addends: tuple[re.Pattern[str], ...]
    subtrahends: tuple[re.Pattern[str], ...]
    aside: tuple[re.Pattern[str], ...]
    barred_by: re.Pattern[str] | None
    starts_at: re.Pattern[str] | None
    may_nest: bool

    def is_addend(self, label: str) -> bool:
        return any(pattern.search(label) for pattern in self.addends)

    def is_subtrahend(self, label: str) -> bool:
        return any(pattern.search(label) for pattern in self.subtrahends)

    def is_aside(self, label: str) -> bool:
        return any(pattern.search(label) for pattern in self.aside)


@dataclass(frozen=True, slots=True)
class EqualityIdentity:
    """Places that print the same quantity: each of ``compared`` by itself, those of ``added`` together.

    ``keyed_by`` is a notation of fg:FigureKeys, ``on_difference`` one of fg:Verdicts.
    """

    name: str
    disclosure: re.Pattern[str] | None
    reference: FigurePlace
    compared: tuple[FigurePlace, ...]
    added: tuple[FigurePlace, ...]
    keyed_by: str
    on_difference: str


@dataclass(frozen=True, slots=True)
class RatioIdentity:
    """A percentage column that is one column of its row divided by another; patterns over the paths."""

    name: str
    rate: re.Pattern[str]
    numerator: re.Pattern[str]
    denominator: re.Pattern[str]


@cache
def ratio_identities() -> tuple[RatioIdentity, ...]:
    """The ratios, in the order of the files; raises as :func:`sum_identities` does."""
    return tuple(_ratio(name, about) for name, about in _stated(FG.RatioIdentity))


def _ratio(name: str, about: _Stated) -> RatioIdentity:
    patterns = [_pattern(about, each) for each in (FG.rateColumn, FG.numeratorColumn, FG.denominatorColumn)]
    rate, numerator, denominator = patterns
    if rate is None or numerator is None or denominator is None:
        raise ValueError(f"{name} needs a rate, a numerator and a denominator")
    return RatioIdentity(name, rate, numerator, denominator)


@cache
def sum_identities(along: str) -> tuple[SumIdentity, ...]:
    """The sums of one direction, in the order of the files.

    Raises ``ValueError`` for an identity that lacks a part, ``re.error`` for a pattern that is none.
    """
    return tuple(
        identity for name, about in _stated(FG.SumIdentity) if (identity := _sum(name, about)).along == along
    )


@cache
def equality_identities() -> tuple[EqualityIdentity, ...]:
    """The equalities, in the order of the files; raises as :func:`sum_identities` does."""
    return tuple(_equality(name, about) for name, about in _stated(FG.EqualityIdentity))


@cache
def _subjects() -> Mapping[NamedNode, dict[NamedNode, list[NamedNode | Literal]]]:
    found: dict[NamedNode, dict[NamedNode, list[NamedNode | Literal]]] = {}
    for text in check_files().values():
        for quad in parse(text, RdfFormat.TURTLE):
            if isinstance(quad.subject, NamedNode) and isinstance(quad.object, (NamedNode, Literal)):
                found.setdefault(quad.subject, {}).setdefault(quad.predicate, []).append(quad.object)
    return found


def _stated(kind: NamedNode) -> list[tuple[str, _Stated]]:
    about = _subjects()
    return [
        (rule.name, about[rule.iri])
        for rule in check_rules().values()
        if kind in about[rule.iri].get(RDF.type, [])
    ]


def _pattern(about: _Stated, predicate: NamedNode) -> re.Pattern[str] | None:
    patterns = _patterns(about, predicate)
    if len(patterns) > 1:
        raise ValueError(f"more than one {predicate.value}")
    return patterns[0] if patterns else None


def _patterns(about: _Stated, predicate: NamedNode) -> tuple[re.Pattern[str], ...]:
    return tuple(re.compile(value.value) for value in about.get(predicate, []))


def _notation(about: _Stated, predicate: NamedNode, codes: str, default: str | None = None) -> str:
    nodes = about.get(predicate, [])
    if not nodes and default is not None:
        return default
    by_node = {node: notation for notation, node in CODES[codes].items()}
    if len(nodes) != 1 or not isinstance(nodes[0], NamedNode) or nodes[0] not in by_node:
        raise ValueError(f"{predicate.value} must be one of the {codes} list")
    return by_node[nodes[0]]


def _sum(name: str, about: _Stated) -> SumIdentity:
    nests = about.get(FG.mayNest, [])
    return SumIdentity(
        name=name,
        along=_notation(about, FG.along, "sum line"),
        disclosure=_pattern(about, FG.inDisclosure),
        table=_pattern(about, FG.inTable),
        not_table=_pattern(about, FG.notInTable),
        whole=_pattern(about, FG.whole),
        addends=_patterns(about, FG.addend),
        subtrahends=_patterns(about, FG.subtrahend),
        aside=_patterns(about, FG.aside),
        barred_by=_pattern(about, FG.barredBy),
        starts_at=_pattern(about, FG.startsAt),
        may_nest=bool(nests) and nests[0].value == "true",
    )


def _place(iri: NamedNode | Literal) -> FigurePlace:
    about = _subjects().get(iri, {}) if isinstance(iri, NamedNode) else {}
    table = _pattern(about, FG.inTable)
    if table is None:
        raise ValueError(f"the place {iri.value} names no table")
    sides = about.get(FG.onSide, [])
    return FigurePlace(
        table=table,
        not_table=_pattern(about, FG.notInTable),
        row=_pattern(about, FG.inRow),
        column=_pattern(about, FG.inColumn),
        not_column=_pattern(about, FG.notInColumn),
        side=sides[0].value if sides else None,
    )


def _equality(name: str, about: _Stated) -> EqualityIdentity:
    references = about.get(FG.referencePlace, [])
    compared, added = about.get(FG.comparedPlace, []), about.get(FG.addedPlace, [])
    if len(references) != 1 or not (compared or added):
        raise ValueError(f"{name} needs one reference place and a place to compare")
    return EqualityIdentity(
        name=name,
        disclosure=_pattern(about, FG.inDisclosure),
        reference=_place(references[0]),
        compared=tuple(_place(each) for each in compared),
        added=tuple(_place(each) for each in added),
        keyed_by=_notation(about, FG.keyedBy, "figure key", "document"),
        on_difference=_notation(about, FG.onDifference, "verdict", "contradicts"),
    )
