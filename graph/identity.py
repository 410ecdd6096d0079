"""The same organisation, project, indicator, law over all documents of a graph (同一性).

Names that certain rules bring to one form meet in one node already when a document is mapped
(:mod:`.names`, :mod:`.law_titles`). What takes two documents to see is found here, over the finished
graph, and stated in the graph of links: each link with its rule and confidence, accepted or a candidate.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import chain

from pyoxigraph import Quad, Store

from fiscalgraph.graph.identity_indicators import indicator_links
from fiscalgraph.graph.identity_laws import law_links
from fiscalgraph.graph.identity_organizations import (
    change_quads,
    listed_unit_links,
    organization_links,
    organization_names,
    organization_parents,
)
from fiscalgraph.graph.identity_projects import lasting_projects, project_links
from fiscalgraph.graph.linking import PART_OF, IdentityLink, identity_link_quads
from fiscalgraph.graph.printed_names import printed_name_quads

__all__ = ["identity_links", "identity_quads"]


def identity_links(store: Store) -> list[IdentityLink]:
    """All links between things of the graph; equal graphs give equal lists."""
    names = organization_names(store)
    parents = organization_parents(store)
    organizations = list(organization_links(names, parents))
    parents |= {link.left: link.right for link in organizations if link.rule in PART_OF}
    listed = list(listed_unit_links(store, names, parents, organizations))
    organizations += listed
    parents |= {link.left: link.right for link in listed}
    projects = lasting_projects(store)
    between_projects = list(project_links(projects, parents))
    indicators = indicator_links(store, projects, between_projects)
    return list(chain(organizations, between_projects, indicators, law_links(store)))


def identity_quads(store: Store, links: Iterable[IdentityLink] | None = None) -> Iterator[Quad]:
    """What follows from all documents together, for the graph of links; ``links`` are those of
    :func:`identity_links` where they were found already."""
    yield from identity_link_quads(identity_links(store) if links is None else links)
    yield from change_quads(organization_names(store))
    yield from printed_name_quads(store)
