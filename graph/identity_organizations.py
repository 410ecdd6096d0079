"""Organisations over all documents: names that mean one body, parents told by a name, renames (机构改革)."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from itertools import pairwise

from pyoxigraph import Literal, NamedNode, Quad, Store

from fiscalgraph.graph.identifiers import BASE, LINKS_GRAPH, SHARED_GRAPH, department_iri, digest
from fiscalgraph.graph.likeness import one_character_apart
from fiscalgraph.graph.linking import PART_OF, IdentityLink
from fiscalgraph.graph.names import is_body
from fiscalgraph.graph.statement_lookup import first_value, statements
from fiscalgraph.graph.statements import code_concept
from fiscalgraph.ontology.organizations import CentralChange, central_changes, rename_patterns
from fiscalgraph.ontology.regions import regions_before
from fiscalgraph.ontology.terms import CODES, DCTERMS, FG, OBEU, ORG, RDF, SKOS, XSD

__all__ = [
    "change_quads",
    "listed_unit_links",
    "organization_links",
    "organization_names",
    "organization_parents",
]

_SMALL_WORDS = re.compile("[和与及、]|人民政府(?=国有资产)")
_MAY_HAVE_UNITS = re.compile("(?:部|厅|局|委员会|办公室|办公厅|办事处|政府|署|院|大学|学院|宣传部|管理处)$")
_CERTAIN = "0.99"
_SHORTEST_MISSPELT = 6


def organization_names(store: Store) -> dict[str, str]:
    """The organisations with a budget of their own: IRI by (resolved) name, in the order of the names."""
    found = {}
    for kind in (ORG.FormalOrganization, FG.HeadOffice):
        for iri, _, _ in statements(store, RDF.type, value=kind, graph=SHARED_GRAPH.value):
            name = first_value(store, iri, SKOS.prefLabel, SHARED_GRAPH.value)
            if name is not None:
                found[name] = iri
    return dict(sorted(found.items()))


def organization_parents(store: Store) -> dict[str, str]:
    """The organisation that another belongs to, by IRI, as documents state it; the first by IRI."""
    found: dict[str, str] = {}
    for predicate in (ORG.subOrganizationOf, ORG.unitOf):
        for child, parent, _ in statements(store, predicate, graph=SHARED_GRAPH.value):
            found[child] = min(parent, found.get(child, parent))
    return found


def organization_links(names: Mapping[str, str], parents: Mapping[str, str]) -> Iterator[IdentityLink]:
    """Bodies whose names differ in small words only, parents that a unit's name begins with, and units
    of one body where one has a character more in its name."""
    alike: dict[str, list[str]] = defaultdict(list)
    for name in names:
        alike[_SMALL_WORDS.sub("", name)].append(name)
    for group in alike.values():
        for one, other in pairwise(group):
            left, right = sorted((names[one], names[other]))
            yield IdentityLink(left, right, "small-words", "0.95", accepted=True)
    siblings: dict[str, dict[str, str]] = defaultdict(dict)
    for name, iri in names.items():
        if iri in parents:
            siblings[parents[iri]][name] = iri
        elif (parent := _parent_name(name, names)) is not None:
            siblings[names[parent]][name] = iri
            yield IdentityLink(iri, names[parent], "parent-name", "0.95", accepted=True)
    for family in siblings.values():
        for one, other in one_character_apart(family, _SHORTEST_MISSPELT):
            if len(one) != len(other):  # 江岸…处 and 江汉…处 are two units of one list
                left, right = sorted((family[one], family[other]))
                yield IdentityLink(left, right, "spelling", "0.60", accepted=False)


def listed_unit_links(
    store: Store, names: Mapping[str, str], parents: Mapping[str, str], known: Iterable[IdentityLink] = ()
) -> Iterator[IdentityLink]:
    """Bodies whose figures only the tables of one department print: units of that department.

    Those that publish themselves (also under another name, by the ``known`` links), or have units of their
    own, are left alone: a table may name the body that a unit stands under.
    """
    publishers = {publisher for _, publisher, _ in statements(store, DCTERMS.publisher)}
    same = [{link.left, link.right} for link in known if link.rule not in PART_OF]
    publishers = publishers.union(*(both for both in same if both & publishers))
    settled = {*parents, *parents.values(), *publishers}
    departments = CODES["disclosure kind"]
    of_departments = {departments["部门预算"].value, departments["部门决算"].value}
    for iri in names.values():
        if iri in settled:
            continue
        documents = {found.graph for found in statements(store, OBEU.organization, value=NamedNode(iri))}
        disclosed = {first_value(store, each, DCTERMS.publisher, each) for each in documents}
        kinds = {first_value(store, each, FG.disclosureKind, each) for each in documents}
        (publisher, *others) = disclosed or {None}
        if publisher is not None and not others and kinds <= of_departments:
            yield IdentityLink(iri, publisher, "table-of-units", "0.90", accepted=True)


def _parent_name(name: str, names: Mapping[str, str]) -> str | None:
    """The longest other body's name that ``name`` begins with, if the rest names a unit."""
    for stop in range(len(name) - 2, 2, -1):
        start = name[:stop]
        if start in names and _MAY_HAVE_UNITS.search(start) and is_body(name[stop:]):
            return start
    return None


def change_quads(names: Mapping[str, str]) -> Iterator[Quad]:
    """Renames and mergers (org:ChangeEvent): those of central bodies that a reform plan states, and
    candidates for local bodies, where a place has both the former and the later name."""
    for change in central_changes():
        if change.result in names or any(name in names for name in change.originals):
            yield from _central_change(change, names)
    for name, iri in names.items():
        chain, length = regions_before(name)
        for pattern in rename_patterns() if chain else ():
            later = names.get(name[:length] + pattern.later)
            if name[length:] != pattern.former or later is None:
                continue
            event = NamedNode(f"{BASE}change/{digest(iri, later, length=16)}")
            yield from _event(event, [iri], later, pattern.year, pattern.source)
            yield from _grounds(event, "usual-rename", pattern.confidence, "candidate")


def _central_change(change: CentralChange, names: Mapping[str, str]) -> Iterator[Quad]:
    originals = [department_iri(name) for name in change.originals]
    result = department_iri(change.result)
    for name, node in zip((*change.originals, change.result), (*originals, result), strict=True):
        if name not in names:  # no document speaks of it: described here, else in the shared graph
            yield Quad(node, RDF.type, ORG.FormalOrganization, LINKS_GRAPH)
            yield Quad(node, SKOS.prefLabel, Literal(name), LINKS_GRAPH)
    iris = [node.value for node in originals]
    yield from _event(change.iri, iris, result.value, change.year, change.source)
    yield from _grounds(change.iri, "reform-plan", _CERTAIN, "accepted")


def _event(event: NamedNode, originals: list[str], result: str, year: int, source: str) -> Iterator[Quad]:
    yield Quad(event, RDF.type, ORG.ChangeEvent, LINKS_GRAPH)
    for original in originals:
        yield Quad(event, ORG.originalOrganization, NamedNode(original), LINKS_GRAPH)
    yield Quad(event, ORG.resultingOrganization, NamedNode(result), LINKS_GRAPH)
    yield Quad(event, DCTERMS.date, Literal(f"{year:04d}", datatype=XSD.gYear), LINKS_GRAPH)
    yield Quad(event, DCTERMS.source, Literal(source, language="zh"), LINKS_GRAPH)


def _grounds(event: NamedNode, rule: str, confidence: str, status: str) -> Iterator[Quad]:
    yield Quad(event, FG.linkRule, code_concept("identity rule", rule), LINKS_GRAPH)
    yield Quad(event, FG.linkConfidence, Literal(confidence, datatype=XSD.decimal), LINKS_GRAPH)
    yield Quad(event, FG.linkStatus, code_concept("link status", status), LINKS_GRAPH)
