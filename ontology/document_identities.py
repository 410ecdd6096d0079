"""Identities between documents (文件之间的勾稽关系), as ``checks/documents.ttl`` states them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from pyoxigraph import Literal, NamedNode, RdfFormat, parse

from fiscalgraph.ontology.checks import check_files, check_rules
from fiscalgraph.ontology.codes import CODES
from fiscalgraph.ontology.terms import FG, RDF

__all__ = ["DocumentFigures", "DocumentIdentity", "document_identities"]

_About = Mapping[NamedNode, list[NamedNode | Literal]]


@dataclass(frozen=True, slots=True)
class DocumentFigures:
    """Which figures stand on one side: of documents of a kind, of a phase (IRI), ``years_back`` before
    the fiscal year of their document, in rows whose label ``row`` finds. ``disclosed_by`` is ``own`` for
    the figures of the document's issuer, ``whole`` for those of its units."""

    disclosure: re.Pattern[str] | None
    phase: str | None
    years_back: int
    row: re.Pattern[str] | None
    disclosed_by: str


@dataclass(frozen=True, slots=True)
class DocumentIdentity:
    """One comparison of figures of two documents; see fg:DocumentIdentity for the meaning of each part.

    ``bodies`` is a notation of fg:BodyRelations, ``on_difference`` one of fg:Verdicts; ``scopes`` are the
    IRIs of the scopes of funds it holds for (none: all).
    """

    name: str
    bodies: str
    left: DocumentFigures
    right: DocumentFigures
    at_most: bool
    same_disclosure: bool
    year_shift: int
    scopes: frozenset[str]
    on_difference: str


@cache
def document_identities() -> tuple[DocumentIdentity, ...]:
    """All identities between documents, in the order of the file.

    Raises ``ValueError`` for one that lacks a part, ``re.error`` for a pattern that is none.
    """
    about: dict[NamedNode, dict[NamedNode, list[NamedNode | Literal]]] = {}
    for text in check_files().values():
        for quad in parse(text, RdfFormat.TURTLE):
            if isinstance(quad.subject, NamedNode) and isinstance(quad.object, (NamedNode, Literal)):
                about.setdefault(quad.subject, {}).setdefault(quad.predicate, []).append(quad.object)
    found = []
    for rule in check_rules().values():
        stated = about[rule.iri]
        if FG.DocumentIdentity not in stated.get(RDF.type, []):
            continue
        try:
            found.append(
                DocumentIdentity(
                    name=rule.name,
                    bodies=_notation(stated, FG.bodies, "body relation"),
                    left=_figures(about, stated[FG.leftFigures][0]),
                    right=_figures(about, stated[FG.rightFigures][0]),
                    at_most=_text(stated, FG.atMost) == "true",
                    same_disclosure=_text(stated, FG.sameDisclosure) == "true",
                    year_shift=int(_text(stated, FG.yearShift) or 0),
                    scopes=frozenset(scope.value for scope in stated.get(FG.comparedScope, [])),
                    on_difference=_notation(stated, FG.onDifference, "verdict", "contradicts"),
                )
            )
        except KeyError as error:
            raise ValueError(f"{rule.name} lacks {error}") from error
    return tuple(found)


def _figures(about: Mapping[NamedNode, _About], node: NamedNode | Literal) -> DocumentFigures:
    stated = about.get(node, {}) if isinstance(node, NamedNode) else {}
    return DocumentFigures(
        disclosure=_pattern(stated, FG.inDisclosure),
        phase=_text(stated, FG.figurePhase),
        years_back=int(_text(stated, FG.yearsBack) or 0),
        row=_pattern(stated, FG.inRow),
        disclosed_by=_notation(stated, FG.disclosedBy, "discloser"),
    )


def _text(about: _About, predicate: NamedNode) -> str | None:
    values = about.get(predicate, [])
    return values[0].value if values else None


def _pattern(about: _About, predicate: NamedNode) -> re.Pattern[str] | None:
    text = _text(about, predicate)
    return None if text is None else re.compile(text)


def _notation(about: _About, predicate: NamedNode, codes: str, default: str | None = None) -> str:
    if predicate not in about and default is not None:
        return default
    by_node = {node: notation for notation, node in CODES[codes].items()}
    (node,) = about[predicate]
    if not isinstance(node, NamedNode) or node not in by_node:
        raise ValueError(f"{predicate.value} must be one of the {codes} list")
    return by_node[node]
