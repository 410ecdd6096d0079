"""Projects over all documents: a year in the name, a unit unstated, a parent's and a unit's document.

Projects are compared only within a department and its units, by keys made of their names: no project is
compared with every other.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import combinations, pairwise

from pyoxigraph import Store

from fiscalgraph.graph.identifiers import BASE, SHARED_GRAPH
from fiscalgraph.graph.likeness import one_character_apart
from fiscalgraph.graph.linking import IdentityLink
from fiscalgraph.graph.statement_lookup import first_value, statements
from fiscalgraph.ontology.terms import FG, OBEU, SKOS

__all__ = ["LastingProject", "ProjectUse", "lasting_projects", "project_links"]

_PROJECTS = f"{BASE}project/"
_DEPARTMENTS = f"{BASE}department/"
_YEAR = re.compile(r"[（(]?(?P<year>(?:19|20)\d\d)(?:年度|年)?[）)]?")
# Works that a year tells apart: each year's is another piece of work.
_WORKS = re.compile("工程|建设|修缮|改造|维修|采购|购置|设计|普查|专班")
_GENERIC_WORD = re.compile("(?:工作|项目|业务)?(?:专项)?(?:经费|资金|费用|费|支出|专项)$")
_SHORTEST = 4
_SHORTEST_MISSPELT = 6
_MOST_ALIKE = 8


@dataclass(frozen=True, slots=True, order=True)
class ProjectUse:
    """One entry of a project: where and for which year; ``unit_printed`` tells that it names its unit."""

    year: int
    document: str
    entry: str
    unit_printed: bool


@dataclass(slots=True)
class LastingProject:
    """A project with all its entries, in the order of years and documents."""

    iri: str
    name: str
    owner: str
    unit: str | None
    uses: list[ProjectUse] = field(default_factory=list)

    @property
    def documents(self) -> set[str]:
        return {use.document for use in self.uses}

    @property
    def years(self) -> set[int]:
        return {use.year for use in self.uses}


def lasting_projects(store: Store) -> list[LastingProject]:
    """The projects that entries of documents point to, by IRI."""
    found: dict[str, LastingProject] = {}
    for entry, iri, document in statements(store, OBEU.project):
        project = found.get(iri)
        if project is None:
            owner, *unit, _ = iri.removeprefix(_PROJECTS).split("/")
            project = found[iri] = LastingProject(
                iri=iri,
                name=first_value(store, iri, SKOS.prefLabel, SHARED_GRAPH.value) or "",
                owner=_DEPARTMENTS + owner,
                unit=_DEPARTMENTS + unit[0] if unit else None,
            )
        year = first_value(store, entry, OBEU.fiscalYear, document)
        unit_node = first_value(store, entry, FG.implementingUnit, document)
        if year is not None:
            project.uses.append(ProjectUse(int(year[-4:]), document, entry, unit_node is not None))
    for project in found.values():
        project.uses.sort()
    return [found[iri] for iri in sorted(found)]


def project_links(projects: Iterable[LastingProject], parents: Mapping[str, str]) -> Iterator[IdentityLink]:
    """The links between projects, each pair by the surest rule only; ``parents`` tells which
    organisation belongs to which."""
    families: dict[str, list[LastingProject]] = defaultdict(list)
    for project in projects:
        families[_head(project.owner, parents)].append(project)
    for head in sorted(families):
        done: set[tuple[str, str]] = set()
        for link in _family_links(families[head]):
            if (link.left, link.right) not in done:
                done.add((link.left, link.right))
                yield link


def _head(organization: str, parents: Mapping[str, str]) -> str:
    """The topmost body that an organisation belongs to."""
    seen = {organization}
    while (parent := parents.get(organization)) is not None and parent not in seen:
        seen.add(parent)
        organization = parent
    return organization


def _family_links(family: list[LastingProject]) -> Iterator[IdentityLink]:
    named: dict[str, list[LastingProject]] = defaultdict(list)
    for project in family:
        named[project.name].append(project)
    for group in named.values():
        yield from _unit_unstated(group)
        yield from _parent_and_unit(group)
    carried: dict[tuple[str, str | None], list[LastingProject]] = defaultdict(list)
    for project in family:
        carried[project.owner, project.unit].append(project)
    for group in carried.values():
        yield from _year_in_name(group)
        yield from _generic_word(group)
        yield from _misspelt(group)


def _link(
    one: LastingProject, other: LastingProject, rule: str, confidence: str, accepted: bool
) -> IdentityLink:
    left, right = sorted((one.iri, other.iri))
    return IdentityLink(left, right, rule, confidence, accepted)


def _unit_unstated(group: list[LastingProject]) -> Iterator[IdentityLink]:
    """A project of one unit, and entries under the same department that name no unit."""
    by_owner: dict[str, list[LastingProject]] = defaultdict(list)
    for project in group:
        by_owner[project.owner].append(project)
    for projects in by_owner.values():
        whole = [project for project in projects if project.unit is None]
        of_units = [project for project in projects if project.unit is not None]
        if len(whole) != 1 or len(of_units) != 1 or whole[0].documents & of_units[0].documents:
            continue
        if not any(use.unit_printed for use in whole[0].uses):
            yield _link(whole[0], of_units[0], "unit-unstated", "0.85", accepted=True)


def _parent_and_unit(group: list[LastingProject]) -> Iterator[IdentityLink]:
    """A project in the parent's document (carried out by the unit) and in the unit's own."""
    if len(group) > _MOST_ALIKE:
        return
    for one, other in combinations(group, 2):
        if one.owner == other.owner:
            continue
        certain = one.unit == other.owner or other.unit == one.owner
        confidence = "0.90" if certain else "0.50"
        yield _link(one, other, "parent-and-unit", confidence, accepted=certain)


def _year_in_name(group: list[LastingProject]) -> Iterator[IdentityLink]:
    """2024年会议费 of 2024 and 2025年会议费 of 2025; a candidate where the years are not the documents'."""
    alike: dict[str, list[LastingProject]] = defaultdict(list)
    for project in group:
        key = _YEAR.sub("", project.name)
        if len(key) >= _SHORTEST:
            alike[key].append(project)
    for key, projects in alike.items():
        projects.sort(key=lambda project: (min(project.years), project.iri))
        for one, other in pairwise(projects) if len(projects) <= _MOST_ALIKE else ():
            if one.documents & other.documents:
                continue  # one document that has both tells them apart
            own_years = _named_by_own_year(one) and _named_by_own_year(other)
            accepted = own_years and not _WORKS.search(key)
            yield _link(one, other, "year-mark", "0.85" if accepted else "0.50", accepted)


def _named_by_own_year(project: LastingProject) -> bool:
    years = {int(found["year"]) for found in _YEAR.finditer(project.name)}
    return not years or years == project.years


def _generic_word(group: list[LastingProject]) -> Iterator[IdentityLink]:
    """法律援助 and 法律援助经费 in two documents."""
    alike: dict[str, list[LastingProject]] = defaultdict(list)
    for project in group:
        key = _GENERIC_WORD.sub("", project.name)
        if len(key) >= _SHORTEST:
            alike[key].append(project)
    for projects in alike.values():
        if len(projects) == 2 and not projects[0].documents & projects[1].documents:
            yield _link(projects[0], projects[1], "generic-suffix", "0.60", accepted=False)


def _misspelt(group: list[LastingProject]) -> Iterator[IdentityLink]:
    named = {project.name: project for project in group}
    for one, other in one_character_apart(named, _SHORTEST_MISSPELT):
        if not named[one].documents & named[other].documents:
            yield _link(named[one], named[other], "spelling", "0.60", accepted=False)
