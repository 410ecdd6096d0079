"""The same performance indicator (三级指标) of a project in successive years and in budget and accounts."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping

from pyoxigraph import Store

from fiscalgraph.graph.identity_projects import LastingProject, ProjectUse
from fiscalgraph.graph.linking import IdentityLink
from fiscalgraph.graph.statement_lookup import first_value, statements
from fiscalgraph.ontology.terms import FG

__all__ = ["indicator_key", "indicator_links", "indicators_by_entry", "projects_as_one"]

_NUMBERING = re.compile(r"^(?:指标)?\d{1,2}[：:、.．]\s*")
_POINTS = re.compile(r"[（(]\d+(?:\.\d+)?分[)）]$")
_MARKS = re.compile(r"[\s，,。；;：:、“”\"'（）()《》]")
_NOTHING = frozenset({"", "无", "—", "-", "…", "……"})


def indicator_links(
    store: Store, projects: Iterable[LastingProject], links: Iterable[IdentityLink]
) -> Iterator[IdentityLink]:
    """Each indicator linked with the next of its name, by year and document, in one project.

    ``links`` are the links between projects: those accepted make several projects one.
    """
    entries = indicators_by_entry(store)
    for uses, one_node in projects_as_one(projects, links):
        chains: dict[str, tuple[ProjectUse, str, str | None]] = {}
        for use in uses:
            for key, (iri, level2) in entries.get(use.entry, {}).items():
                before = chains.get(key)
                if before is not None and before[0].document == use.document:
                    continue  # a document that presents the project twice
                if before is not None:
                    same_level = level2 is None or before[2] is None or level2 == before[2]
                    rule = "same-indicator" if same_level else "indicator-level"
                    confidence = ("0.95" if one_node else "0.85") if same_level else "0.60"
                    yield IdentityLink(before[1], iri, rule, confidence, accepted=same_level)
                chains[key] = (use, iri, level2)


def indicator_key(name: str) -> str:
    """An indicator's name less its numbering, points, blanks and punctuation: equal in equal indicators.

    >>> indicator_key("指标1：培训 人次（10分）")
    '培训人次'
    """
    return _MARKS.sub("", _POINTS.sub("", _NUMBERING.sub("", name.strip())))


def indicators_by_entry(store: Store) -> Mapping[str, dict[str, tuple[str, str | None]]]:
    """Per entry the indicators by name, those with a name of their own only: IRI and second level."""
    found: dict[str, dict[str, tuple[str, str | None]]] = defaultdict(dict)
    twice: set[tuple[str, str]] = set()
    for node, name, graph in statements(store, FG.level3):
        entry = first_value(store, node, FG.entry, graph)
        key = indicator_key(name)
        if entry is None or key in _NOTHING:
            continue
        level2 = first_value(store, node, FG.level2, graph)
        if key in found[entry]:
            twice.add((entry, key))
        found[entry][key] = (node, _MARKS.sub("", level2) if level2 else None)
    for owner, key in twice:
        del found[owner][key]
    return found


def projects_as_one(
    projects: Iterable[LastingProject], links: Iterable[IdentityLink]
) -> Iterator[tuple[list[ProjectUse], bool]]:
    """The entries of each project, in the order of years, and whether they all point to one node."""
    by_iri = {project.iri: project for project in projects}
    head = {iri: iri for iri in by_iri}

    def find(iri: str) -> str:
        while head[iri] != iri:
            head[iri] = head[head[iri]]
            iri = head[iri]
        return iri

    for link in links:
        if link.accepted and link.left in head and link.right in head:
            one, other = sorted((find(link.left), find(link.right)))
            head[other] = one
    clusters: dict[str, list[LastingProject]] = defaultdict(list)
    for iri in by_iri:
        clusters[find(iri)].append(by_iri[iri])
    for cluster in clusters.values():
        uses = sorted(use for project in cluster for use in project.uses)
        if len({use.document for use in uses}) > 1:
            yield uses, len(cluster) == 1
