"""What the Turtle of the checks states beside rules in words: sums, bounds, wordings, scoring rules.

The files are those of :func:`fiscalgraph.ontology.checks.check_files`. A wording is a regular expression;
a scoring rule is recognised by one, in text folded by :func:`folded`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from types import MappingProxyType

from pyoxigraph import Literal, NamedNode, RdfFormat, parse

from fiscalgraph.ontology.checks import check_files
from fiscalgraph.ontology.terms import FG, RDF, SKOS

__all__ = ["Parameters", "ScoringRule", "check_parameters", "folded", "scoring_rules"]

_FOLDED = str.maketrans("×＊✕·÷／－–—～~至（）％：，", "****//------()%:,")


def folded(text: str) -> str:
    """``text`` with × as *, ÷ as /, dashes and 至 as -, and half-width brackets, colon, comma, percent sign.

    Each character stays in its place. The wordings of scoring rules are written for such text.
    """
    return text.translate(_FOLDED)


@dataclass(frozen=True)
class Parameters:
    """The literals that a check or a scoring rule states, by property."""

    values: Mapping[NamedNode, tuple[str, ...]]

    def texts(self, name: NamedNode) -> tuple[str, ...]:
        """All values of a property, in the order of the file."""
        return self.values.get(name, ())

    def text(self, name: NamedNode) -> str:
        """The only value. Raises ``KeyError`` where it is not stated."""
        return self.values[name][0]

    def numbers(self, name: NamedNode) -> tuple[Decimal, ...]:
        return tuple(map(Decimal, self.texts(name)))

    def number(self, name: NamedNode) -> Decimal:
        """The only value, as a number. Raises ``KeyError`` where it is not stated."""
        return Decimal(self.text(name))

    def pattern(self, name: NamedNode) -> re.Pattern[str]:
        """All wordings of a property as one. Raises ``KeyError`` where there is none."""
        return re.compile("|".join(f"(?:{wording})" for wording in self.values[name]))


@dataclass(frozen=True)
class ScoringRule:
    """A printed scoring rule: by which words it is recognised, what it scores (``fund``, ``higher``,
    ``lower``, ``qualitative``) and how (its parameters)."""

    iri: NamedNode
    label_zh: str
    scores: str
    wordings: tuple[re.Pattern[str], ...]
    parameters: Parameters

    def found(self, text: str) -> re.Match[str] | None:
        """Where the rule stands in ``text`` (free of white space), ``None`` if it does not."""
        plain = folded(text)
        return next((found for each in self.wordings if (found := each.search(plain))), None)

    def spans(self, text: str) -> Iterator[tuple[int, int]]:
        """Where ``text`` (free of white space) states the rule, from first character to behind the last."""
        plain = folded(text)
        for wording in self.wordings:
            yield from (found.span() for found in wording.finditer(plain))


@cache
def _stated() -> Mapping[NamedNode, tuple[bool, Parameters, str]]:
    """Each subject with what it states: whether it is a scoring rule, its literals, its Chinese label."""
    literals: dict[NamedNode, dict[NamedNode, list[Literal]]] = {}
    rules: set[NamedNode] = set()
    for text in check_files().values():
        for quad in parse(text, RdfFormat.TURTLE):
            if not isinstance(quad.subject, NamedNode):
                continue
            if quad.predicate == RDF.type and quad.object == FG.ScoringRule:
                rules.add(quad.subject)
            if isinstance(quad.object, Literal):
                literals.setdefault(quad.subject, {}).setdefault(quad.predicate, []).append(quad.object)
    return {
        subject: (
            subject in rules,
            Parameters({name: tuple(each.value for each in values) for name, values in about.items()}),
            next((each.value for values in about.values() for each in values if each.language == "zh"), ""),
        )
        for subject, about in literals.items()
    }


@cache
def _by_notation() -> Mapping[str, Parameters]:
    return MappingProxyType(
        {
            parameters.text(SKOS.notation): parameters
            for _, parameters, _ in _stated().values()
            if SKOS.notation in parameters.values
        }
    )


def check_parameters(check: str) -> Parameters:
    """What the check of that name states. Raises ``KeyError`` for a name that no check has."""
    return _by_notation()[check]


@cache
def scoring_rules() -> tuple[ScoringRule, ...]:
    """All scoring rules, in the order of the files.

    Raises ``KeyError`` for a rule that lacks a part and ``re.error`` for a wording that is no expression.
    """
    return tuple(
        ScoringRule(
            iri,
            label,
            parameters.text(FG.scores),
            tuple(re.compile(wording) for wording in parameters.values[FG.wording]),
            parameters,
        )
        for iri, (is_rule, parameters, label) in _stated().items()
        if is_rule
    )
