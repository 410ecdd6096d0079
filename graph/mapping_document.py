"""One document while it is mapped: what its records have in common.

The parts of the mapping (:mod:`.mapping_amounts`, :mod:`.mapping_performance`,
:mod:`.mapping_certificate`) state their facts through one :class:`MappedDocument`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from pyoxigraph import Literal, NamedNode

from fiscalgraph.extract.records import DocumentIdentity, OrganizationUnit, Project, Source
from fiscalgraph.graph import identifiers as ids
from fiscalgraph.graph.names import (
    BodyName,
    government_of,
    is_body,
    normalised_name,
    other_names,
    resolve_body,
    resolve_unit,
)
from fiscalgraph.graph.statements import DocumentStatements, Value, code_concept
from fiscalgraph.ontology import regions
from fiscalgraph.ontology.terms import DCTERMS, FG, FOAF, OBEU, ORG, PROV, RDF, SKOS, XSD, year_iri

__all__ = ["MappedDocument"]

_SHORTEST_BEGINNING = 6


class MappedDocument(DocumentStatements):
    """The statements of one document, with its issuer's node and its fiscal year."""

    def __init__(
        self,
        identity: DocumentIdentity,
        projects: Sequence[Project] = (),
        units: Sequence[OrganizationUnit] = (),
    ) -> None:
        super().__init__(ids.document_iri(identity.document))
        self.identity = identity
        self.issuer = resolve_body(identity.issuer)
        self.organization = ids.department_iri(self.issuer.name)
        self.year = identity.fiscal_year
        self._nodes: dict[int, NamedNode] = {}
        self._named: set[str] = set()
        self._second_names = _second_names(units, self.issuer.body)
        self._carriers: dict[tuple[str, str], set[str]] = defaultdict(set)
        for project in projects:
            owner, unit = self._owner(project), self._carrier(project)
            if unit is not None:
                self._carriers[owner, ids.project_name(project.project)].add(unit.name)

    def remember(self, record: object, node: NamedNode) -> None:
        """``node`` stands for ``record`` (the very object), so that what a check found can point to it."""
        self._nodes[id(record)] = node

    def node(self, record: object) -> NamedNode | None:
        """The node that stands for ``record``, if one does."""
        return self._nodes.get(id(record))

    def department(self, printed: str, source: Source) -> NamedNode:
        """The organisation that the name printed at ``source`` means, described in the shared graph."""
        return self._body(printed, resolve_body(printed, self.issuer.body), source)

    def unit(self, printed: str, source: Source) -> tuple[NamedNode, BodyName]:
        """The organisation that the issuer lists as a unit of its own, and what its name tells."""
        found = self.resolved_unit(printed)
        return self._body(printed, found, source), found

    def resolved_unit(self, printed: str) -> BodyName:
        """Which unit of the issuer's a name means; the second name of a unit that the document lists with
        both (某办公室（某中心）) means that unit."""
        found = resolve_unit(printed, self.issuer.body)
        first = self._second_names.get(found.body)
        if first is None:
            return found
        rules = (*found.rules, "second-name")
        if found.whole is None:
            return BodyName(first, None, found.second_names, rules, relative=True)
        return BodyName(found.name.replace(found.whole, first, 1), first, (), rules, relative=True)

    def _body(self, printed: str, found: BodyName, source: Source) -> NamedNode:
        node = ids.department_iri(found.name)
        if printed not in self._named:
            self._named.add(printed)
            self._describe(node, found)
            self._note_variant(normalised_name(printed), node, found, source)
        return node

    def _describe(self, node: NamedNode, found: BodyName) -> None:
        self.share(node, [(SKOS.prefLabel, found.name)])
        if found.whole is None:
            self.share(node, [(RDF.type, ORG.FormalOrganization)])
        else:
            whole = ids.department_iri(found.whole)
            self._describe(whole, BodyName(found.whole))
            self.share(
                node, [(RDF.type, FG.HeadOffice), (RDF.type, ORG.OrganizationalUnit), (ORG.unitOf, whole)]
            )
        for name in (*found.second_names, *other_names(found.name)):
            self.share(node, [(SKOS.altLabel, name)])
        level, region = government_of(found.name)
        if level is not None:
            self.share(node, [(FG.governmentLevel, code_concept("government level", level))])
        if region is not None:
            self.share(node, [(FG.region, region.iri)])
            self._describe_region(region)

    def _describe_region(self, region: regions.Region) -> None:
        self.share(regions.SCHEME, [(RDF.type, SKOS.ConceptScheme)])
        self.share(
            region.iri,
            [
                (RDF.type, SKOS.Concept),
                (SKOS.inScheme, regions.SCHEME),
                (SKOS.notation, region.code),
                (SKOS.prefLabel, Literal(region.name, language="zh")),
            ],
        )
        if region.short_name:
            self.share(region.iri, [(SKOS.altLabel, Literal(region.short_name, language="zh"))])
        parent = regions.find_region(region.parent) if region.parent else None
        if parent is not None:
            self.share(region.iri, [(SKOS.broader, parent.iri)])
            self._describe_region(parent)

    def _note_variant(self, printed: str, node: NamedNode, found: BodyName, source: Source) -> None:
        """Why a name printed otherwise was taken for this body's, and where it is printed first."""
        if not found.rules:
            return
        if not found.relative:
            self.share(node, [(SKOS.altLabel, printed)])
        self.state(
            self.mint("name", ids.segment(printed)),
            [
                (RDF.type, FG.NameVariant),
                (DCTERMS.isPartOf, self.iri),
                (FG.variantName, printed),
                (FG.variantOf, node),
                *self.because(found.rules, found.confidence),
                (PROV.wasDerivedFrom, self.source(source)),
            ],
        )

    @staticmethod
    def because(rules: tuple[str, ...], confidence: str) -> list[tuple[NamedNode, Value]]:
        """The rules an identity rests on, and how sure it is."""
        return [
            *((FG.linkRule, code_concept("identity rule", rule)) for rule in rules),
            (FG.linkConfidence, Literal(confidence, datatype=XSD.decimal)),
        ]

    def project(self, project: Project) -> list[tuple[NamedNode, Value]]:
        """What a project entry states of the lasting project, which is described in the shared graph.

        It is one under its responsible department (主管部门; the issuer where none is printed); where a
        single unit carries it out, one of that unit: many units have a project of the same name. Where
        no unit is printed, it is that of the only unit the document names for the project, or the issuer's.
        """
        owner, carrier = self._owner(project), self._carrier(project)
        name = ids.project_name(project.project)
        unit = carrier.name if carrier is not None else None
        rule, confidence = "same-unit", "0.97"
        if carrier is None and not project.implementing_unit:
            rule, confidence = "unit-unstated", "0.90"
            named = self._carriers.get((owner, name), set())
            if len(named) == 1:
                (unit,) = named
            elif not named and self.issuer.body != owner:
                unit = self.issuer.name
        if unit is None or resolve_body(unit).body == owner:
            unit, rule, confidence = None, "same-department", "0.95"
        lasting = ids.project_iri(owner, project.project, unit)
        self.share(lasting, [(RDF.type, FG.Project), (RDF.type, FOAF.Project), (SKOS.prefLabel, name)])
        printed = ids.normalised_title(project.project)
        if printed != name:
            self.share(lasting, [(SKOS.altLabel, printed)])
        if carrier is not None:
            self._body(project.implementing_unit or "", carrier, project.source)
        return [
            (OBEU.project, lasting),
            (FG.responsibleDepartment, self._responsible(owner, project)),
            (FG.implementingUnit, ids.department_iri(carrier.name) if carrier else None),
            *self.because((rule,), confidence),
        ]

    def _responsible(self, owner: str, project: Project) -> NamedNode:
        """The responsible department's node; a name printed otherwise is noted where it means no less."""
        printed = project.department
        if printed and is_body(normalised_name(printed)):
            found = resolve_body(printed, self.issuer.body)
            if found.name == owner:
                return self._body(printed, found, project.source)
        return self.department(owner, project.source)

    def _owner(self, project: Project) -> str:
        """The responsible department as a whole; the issuer where none is printed."""
        printed = project.department
        if not printed or not is_body(normalised_name(printed)):
            return self.issuer.body
        return resolve_body(printed, self.issuer.body).body

    def _carrier(self, project: Project) -> BodyName | None:
        """The one body that carries a project out, if one is printed; a name that a narrow column cut
        off is the issuer's where that begins so."""
        printed = normalised_name(project.implementing_unit or "")
        if is_body(printed):
            return self.resolved_unit(printed)
        beginning = resolve_body(printed, self.issuer.body).name
        if len(beginning) >= _SHORTEST_BEGINNING and self.issuer.name.startswith(beginning):
            return BodyName(self.issuer.name, self.issuer.whole, rules=("cut-off",), relative=True)
        return None

    def passage(
        self,
        kind: str,
        text: str,
        order: int,
        *,
        source: Source,
        project: str | None,
        ordinal: int | None,
        entry: NamedNode | None = None,
    ) -> NamedNode:
        """A stretch of reasoning that can be searched: a cause, a measure, a reason (``kind``)."""
        owner = ids.segment(project) if project else "document"
        node = self.mint("passage", owner, f"{kind}-{ids.digest(''.join(text.split()))}")
        self.state(
            node,
            [
                (RDF.type, FG.Passage),
                (DCTERMS.isPartOf, self.iri),
                (OBEU.organization, self.organization),
                (OBEU.fiscalYear, year_iri(self.year)),
                (FG.passageKind, code_concept("passage kind", kind)),
                (FG.text, text),
                (FG.projectName, project),
                (FG.entry, entry),
                (FG.ordinal, ordinal),
                (FG.position, order),
                (PROV.wasDerivedFrom, self.source(source)),
            ],
        )
        return node


def _second_names(units: Sequence[OrganizationUnit], issuer: str) -> dict[str, str]:
    """The name of a listed unit by each of its second names; not those that several units bear."""
    found: dict[str, set[str]] = defaultdict(set)
    listed = [resolve_unit(each.unit, issuer) for each in units if each.relation == "subordinate_unit"]
    for unit in listed:
        for name in unit.second_names:
            found[resolve_unit(name, issuer).name].add(unit.name)
    own = {unit.name for unit in listed}
    return {name: min(firsts) for name, firsts in found.items() if len(firsts) == 1 and name not in own}
