"""Administrative divisions (行政区划, GB/T 2260): which of them a name begins with, what it belongs to."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType
from typing import Final

from pyoxigraph import NamedNode

from fiscalgraph.ontology.reference import reference_facts
from fiscalgraph.ontology.terms import SKOS

__all__ = ["SCHEME", "Region", "find_region", "regions", "regions_before"]

SCHEME: Final = NamedNode("https://w3id.org/fiscalgraph/id/region")
_LONGEST_NAME = 15


@dataclass(frozen=True, slots=True)
class Region:
    """One division; ``short_name`` (上海 for 上海市) is given from the prefecture up.

    ``parent`` is the code of the division it belongs to, ``None`` for a province.
    """

    code: str
    name: str
    short_name: str | None
    abbreviation: str | None
    parent: str | None

    @property
    def iri(self) -> NamedNode:
        return NamedNode(f"{SCHEME.value}/{self.code}")

    @property
    def level(self) -> str:
        """``provincial`` (省级), ``prefecture`` (地级) or ``county`` (县级)."""
        if self.parent is None:
            return "provincial"
        return "prefecture" if self.code.endswith("00") else "county"


@cache
def regions() -> Mapping[str, Region]:
    """All divisions by code, in the order of their codes."""
    found = {}
    for about in reference_facts("regions.ttl").values():
        if SKOS.notation not in about:
            continue  # the scheme itself
        code = about[SKOS.notation][0].value
        texts = {key: about[key][0].value for key in (SKOS.altLabel, SKOS.hiddenLabel) if key in about}
        found[code] = Region(
            code=code,
            name=about[SKOS.prefLabel][0].value,
            short_name=texts.get(SKOS.altLabel),
            abbreviation=texts.get(SKOS.hiddenLabel),
            parent=about[SKOS.broader][0].value.removeprefix(f"{SCHEME.value}/")
            if SKOS.broader in about
            else None,
        )
    return MappingProxyType(found)


@cache
def _by_name() -> Mapping[str, tuple[Region, ...]]:
    found: dict[str, list[Region]] = defaultdict(list)
    for region in regions().values():
        found[region.name].append(region)
        if region.name.endswith("自治州") and region.short_name:
            found[f"{region.short_name}州"].append(region)  # 延边州, as people say
    return {name: tuple(group) for name, group in found.items()}


def _candidates(text: str, start: int) -> tuple[tuple[Region, ...], int]:
    """The divisions whose full name stands in ``text`` at ``start``, the longest such, and where it ends."""
    for stop in range(min(len(text), start + _LONGEST_NAME), start + 1, -1):
        if found := _by_name().get(text[start:stop]):
            return found, stop
    return (), start


def _is_within(region: Region, ancestor: Region) -> bool:
    parent = region.parent
    while parent is not None:
        if parent == ancestor.code:
            return True
        parent = regions()[parent].parent
    return False


def regions_before(name: str) -> tuple[tuple[Region, ...], int]:
    """The divisions that ``name`` begins with, outermost first, and the length of their names.

    Only full names count (上海市长宁区, not 上海), and only where they say which division is meant:
    a bare 普陀区, of which there are two, gives none.

    >>> [region.code for region in regions_before("上海市长宁区财政局")[0]]
    ['310000', '310105']
    """
    chain: list[Region] = []
    at = 0
    while True:
        found, stop = _candidates(name, at)
        within = [region for region in found if not chain or _is_within(region, chain[-1])]
        if len(within) != 1:
            return tuple(chain), at
        chain.append(within[0])
        at = stop


def find_region(code: str) -> Region | None:
    """The division of a code, or ``None``."""
    return regions().get(code)
