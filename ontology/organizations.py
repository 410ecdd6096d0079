"""How public bodies are named: fields of work and their short forms, central bodies, renames (更名)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType

from pyoxigraph import NamedNode

from fiscalgraph.ontology.reference import reference_facts
from fiscalgraph.ontology.terms import DCTERMS, FG, ORG, RDF, SKOS

__all__ = [
    "CentralBody",
    "CentralChange",
    "FieldOfWork",
    "RenamePattern",
    "central_bodies",
    "central_changes",
    "fields_of_work",
    "rename_patterns",
]

_FILE = "organizations.ttl"


@dataclass(frozen=True, slots=True)
class FieldOfWork:
    """What stands between the region and 部/厅/局/委员会 in a name (人力资源和社会保障).

    ``spellings`` leave out its conjunction (人力资源社会保障); ``abbreviations`` are shorter (人社).
    """

    name: str
    spellings: tuple[str, ...]
    abbreviations: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CentralBody:
    """A body of the central government or Party, past or present."""

    name: str
    abbreviations: tuple[str, ...]
    abolished: bool


@dataclass(frozen=True, slots=True)
class CentralChange:
    """A reform that made ``result`` out of ``originals``; ``source`` is the reform plan."""

    iri: NamedNode
    year: int
    originals: tuple[str, ...]
    result: str
    source: str


@dataclass(frozen=True, slots=True)
class RenamePattern:
    """What became of local bodies of a kind in most places; ``confidence`` is for any one place."""

    former: str
    later: str
    year: int
    confidence: str
    source: str


@cache
def fields_of_work() -> tuple[FieldOfWork, ...]:
    """All fields of work, in the order of the file."""
    return tuple(
        FieldOfWork(
            name=about[SKOS.prefLabel][0].value,
            spellings=tuple(sorted(label.value for label in about.get(SKOS.hiddenLabel, ()))),
            abbreviations=tuple(sorted(label.value for label in about.get(SKOS.altLabel, ()))),
        )
        for about in reference_facts(_FILE).values()
        if SKOS.Concept in about.get(RDF.type, ())
    )


@cache
def central_bodies() -> Mapping[str, CentralBody]:
    """The central bodies by name."""
    found = {}
    for about in reference_facts(_FILE).values():
        if ORG.FormalOrganization in about.get(RDF.type, ()):
            name = about[SKOS.prefLabel][0].value
            short = tuple(sorted(label.value for label in about.get(SKOS.altLabel, ())))
            found[name] = CentralBody(name, short, FG.abolished in about)
    return MappingProxyType(found)


@cache
def central_changes() -> tuple[CentralChange, ...]:
    """The reforms of central bodies, by year."""
    facts = reference_facts(_FILE)
    found = [
        CentralChange(
            iri=subject,
            year=int(about[DCTERMS.date][0].value),
            originals=tuple(
                facts[node][SKOS.prefLabel][0].value
                for node in about[ORG.originalOrganization]
                if isinstance(node, NamedNode)
            ),
            result=next(
                facts[node][SKOS.prefLabel][0].value
                for node in about[ORG.resultingOrganization]
                if isinstance(node, NamedNode)
            ),
            source=about[DCTERMS.source][0].value,
        )
        for subject, about in facts.items()
        if ORG.ChangeEvent in about.get(RDF.type, ())
    ]
    return tuple(sorted(found, key=lambda change: (change.year, change.result)))


@cache
def rename_patterns() -> tuple[RenamePattern, ...]:
    """The rename patterns of local bodies, in the order of the file."""
    return tuple(
        RenamePattern(
            former=about[FG.formerName][0].value,
            later=about[FG.laterName][0].value,
            year=int(about[DCTERMS.date][0].value),
            confidence=about[FG.linkConfidence][0].value,
            source=about[DCTERMS.source][0].value,
        )
        for about in reference_facts(_FILE).values()
        if FG.RenamePattern in about.get(RDF.type, ())
    )
