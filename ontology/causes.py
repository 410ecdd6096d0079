"""The causes of underperformance (未达标原因分类) of ``underperformance_causes.ttl``, typed.

Two levels: groups (资金与预算), and the causes proper (资金下达晚) that passages are assigned to. Each cause
has wordings by which it is recognised: short labels, example sentences, and regular expressions.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Final

from pyoxigraph import Literal, NamedNode, RdfFormat, parse

from fiscalgraph.ontology.terms import FG, SKOS

__all__ = ["CAUSE_NAMESPACE", "Cause", "cause_groups", "causes"]

CAUSE_NAMESPACE: Final = "https://w3id.org/fiscalgraph/causes#"

_FILE = "underperformance_causes.ttl"


@dataclass(frozen=True, slots=True)
class Cause:
    """A concept of the scheme. ``code`` is its notation; ``group`` the code of the broader one (a group
    itself has ``None``).

    ``scope`` says what belongs to it and what belongs to a neighbour. ``wordings`` is one expression for
    the words that state it, to be searched in a sentence without line breaks (``None``: a group), and
    ``remedies`` one for the words of what is done about it (``None``: nothing particular).
    """

    code: str
    label_zh: str
    label_en: str
    definition: str
    scope: str
    group: str | None
    labels: tuple[str, ...]
    examples: tuple[str, ...]
    wordings: re.Pattern[str] | None
    remedies: re.Pattern[str] | None = None

    @property
    def iri(self) -> NamedNode:
        return NamedNode(CAUSE_NAMESPACE + self.code)


@cache
def causes() -> tuple[Cause, ...]:
    """The causes proper, in the file's order. Raises ``ValueError`` for a file that is not of the form."""
    return tuple(cause for cause in _concepts() if cause.group is not None)


@cache
def cause_groups() -> tuple[Cause, ...]:
    """The groups of causes, in the order of the file."""
    return tuple(cause for cause in _concepts() if cause.group is None)


@cache
def _concepts() -> tuple[Cause, ...]:
    text = (files("fiscalgraph.ontology") / _FILE).read_text(encoding="utf-8")
    found: dict[NamedNode, dict[NamedNode, list[NamedNode | Literal]]] = {}
    for quad in parse(text, RdfFormat.TURTLE):
        subject, value = quad.subject, quad.object
        if not isinstance(subject, NamedNode) or not isinstance(value, (NamedNode, Literal)):
            raise ValueError(f"the scheme names everything it speaks of: {quad.triple}")
        if subject.value.startswith(CAUSE_NAMESPACE):
            found.setdefault(subject, {}).setdefault(quad.predicate, []).append(value)
    return tuple(_concept(subject, about) for subject, about in found.items())


def _concept(subject: NamedNode, about: Mapping[NamedNode, list[NamedNode | Literal]]) -> Cause:
    def words(predicate: NamedNode, language: str | None = None) -> tuple[str, ...]:
        values = about.get(predicate, [])
        return tuple(each.value for each in values if isinstance(each, Literal) and each.language == language)

    code = subject.value.removeprefix(CAUSE_NAMESPACE)
    broader = [node.value.removeprefix(CAUSE_NAMESPACE) for node in about.get(SKOS.broader, [])]
    chinese, english = words(SKOS.prefLabel, "zh"), words(SKOS.prefLabel, "en")
    definition = words(SKOS.definition, "zh")
    if not (len(chinese) == len(english) == len(definition) == 1) or len(broader) > 1:
        raise ValueError(f"{_FILE}: {code} lacks a label or a definition, or has more than one")
    wordings, remedies = words(FG.wording), words(FG.remedyWording)
    if broader and not wordings:
        raise ValueError(f"{_FILE}: {code} has no wording")
    return Cause(
        code=code,
        label_zh=chinese[0],
        label_en=english[0],
        definition=definition[0],
        scope="".join(words(SKOS.scopeNote, "zh")),
        group=broader[0] if broader else None,
        labels=words(SKOS.altLabel, "zh"),
        examples=words(SKOS.example, "zh"),
        wordings=re.compile(_any(wordings)) if wordings else None,
        remedies=re.compile(_any(remedies)) if remedies else None,
    )


def _any(wordings: Iterable[str]) -> str:
    return "|".join(f"(?:{wording})" for wording in wordings)
