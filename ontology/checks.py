"""The checks there are (勾稽关系与合理性核对), as data: Turtle in the folder ``checks`` beside this module.

A check has a name, its rule in words, what kind of contradiction it finds, over what it looks (its
scope), what difference it lets pass (its tolerance), and whether it speaks of consistency (the figures
must agree) or of plausibility (an auditor would ask).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from types import MappingProxyType

from pyoxigraph import Literal, NamedNode, RdfFormat, parse

from fiscalgraph.ontology.codes import CODES
from fiscalgraph.ontology.terms import DQV, FG, SKOS

__all__ = ["CheckRule", "check_files", "check_rules"]


@dataclass(frozen=True, slots=True)
class CheckRule:
    """One check. ``rule_en`` and ``rule_zh`` state it in words; ``kind`` is a notation of
    fg:ContradictionKinds, ``scope`` one of fg:CheckScopes, ``tolerance`` one of fg:Tolerances,
    ``dimension`` fg:Consistency or fg:Plausibility."""

    name: str
    iri: NamedNode
    title_en: str
    title_zh: str
    rule_en: str
    rule_zh: str
    kind: str
    scope: NamedNode
    tolerance: NamedNode
    dimension: NamedNode


@cache
def check_files() -> Mapping[str, str]:
    """The Turtle texts by file name, in alphabetical order."""
    folder = files("fiscalgraph.ontology") / "checks"
    names = sorted(entry.name for entry in folder.iterdir() if entry.name.endswith(".ttl"))
    return MappingProxyType({name: (folder / name).read_text(encoding="utf-8") for name in names})


@cache
def check_rules() -> Mapping[str, CheckRule]:
    """All checks by name, in the order of the files.

    Raises ``SyntaxError`` for a file that is not Turtle and ``ValueError`` for a check that lacks a part.
    """
    kinds = {node: notation for notation, node in CODES["contradiction kind"].items()}
    stated: dict[NamedNode, dict[NamedNode, list[NamedNode | Literal]]] = {}
    for text in check_files().values():
        for quad in parse(text, RdfFormat.TURTLE):
            if isinstance(quad.subject, NamedNode) and isinstance(quad.object, (NamedNode, Literal)):
                stated.setdefault(quad.subject, {}).setdefault(quad.predicate, []).append(quad.object)
    found = {}
    for iri, about in stated.items():
        if SKOS.notation not in about:
            continue
        try:
            title, rule = _by_language(about[SKOS.prefLabel]), _by_language(about[SKOS.definition])
            name = about[SKOS.notation][0].value
            found[name] = CheckRule(
                name=name,
                iri=iri,
                title_en=title["en"],
                title_zh=title["zh"],
                rule_en=rule["en"],
                rule_zh=rule["zh"],
                kind=kinds[_node(about[FG.contradictionKind])],
                scope=_node(about[FG.checkScope]),
                tolerance=_node(about[FG.tolerance]),
                dimension=_node(about[DQV.inDimension]),
            )
        except KeyError as error:
            raise ValueError(f"{iri.value} lacks {error}") from error
    return MappingProxyType(found)


def _by_language(texts: list[NamedNode | Literal]) -> dict[str, str]:
    return {text.language or "": text.value for text in texts if isinstance(text, Literal)}


def _node(values: list[NamedNode | Literal]) -> NamedNode:
    if not isinstance(values[0], NamedNode):
        raise ValueError(f"{values[0]} is no name of a thing")
    return values[0]
