"""Laws, administrative regulations and central policies that budgets cite: titles, dates, numbers (文号)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType

from pyoxigraph import NamedNode

from fiscalgraph.ontology.reference import reference_facts
from fiscalgraph.ontology.terms import DCTERMS, ELI

__all__ = ["KnownLaw", "known_laws"]


@dataclass(frozen=True, slots=True)
class KnownLaw:
    """One text; ``dates`` (ISO) are those of its versions that are known, not all there were."""

    iri: NamedNode
    title: str
    dates: tuple[str, ...]
    numbers: tuple[str, ...]


@cache
def known_laws() -> Mapping[str, KnownLaw]:
    """The listed texts by full title."""
    found = {}
    for subject, about in reference_facts("laws.ttl").items():
        title = about[DCTERMS.title][0].value
        found[title] = KnownLaw(
            iri=subject,
            title=title,
            dates=tuple(sorted(date.value for date in about.get(ELI.version_date, ()))),
            numbers=tuple(sorted(number.value for number in about.get(ELI.id_local, ()))),
        )
    return MappingProxyType(found)
