"""Records → quads: what one disclosure states, with provenance on every fact.

Shape (data dictionary: the Turtle files of :mod:`fiscalgraph.ontology`):

* Each document is one named graph, named by the document's IRI; it holds only statements
  about things below that IRI. Statements about things that documents share (organisations,
  projects, laws, classification codes) go to :data:`~fiscalgraph.graph.identifiers.SHARED_GRAPH`.
* Each record is one node that points (``prov:wasDerivedFrom``) to an ``fg:Source``: a place in
  the document with page, line, box and quote. Equal places are one node, so that the cells of a
  table row, whose source is the row, share it. This is the lean form of a Web Annotation
  ``oa:SpecificResource``: page, box and quote are properties of the source itself instead of
  three chained selector nodes, which would triple the provenance of a figure.
* An amount is a ``qb:Observation`` in the data set of its printed table. A percentage, an
  increase (增减额), a figure of unknown unit or column is an ``fg:PrintedFigure`` instead: it
  keeps the printed text, but no sum over observations meets it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from pyoxigraph import Literal, NamedNode, Quad

from fiscalgraph.extract.normalise import amount_in_yuan
from fiscalgraph.extract.records import (
    DisclosureRecords,
    Finding,
    Fund,
    Indicator,
    Law,
    NarrativeItem,
    OrganizationUnit,
    Project,
    Source,
    SpendingLine,
    TotalLine,
)
from fiscalgraph.graph import identifiers as ids
from fiscalgraph.graph.checks import Contradiction
from fiscalgraph.graph.dimensions import derive_dimensions
from fiscalgraph.graph.statements import DocumentStatements, Value, code_concept
from fiscalgraph.ontology.terms import (
    CNY,
    DCTERMS,
    ELI,
    FG,
    FOAF,
    OBEU,
    ORG,
    PROV,
    QB,
    RDF,
    SKOS,
    XSD,
    year_iri,
)

__all__ = ["document_quads"]

_CLASSIFICATION_OF_LIST: Mapping[str, NamedNode] = {
    "functional": FG.functionalClassification,
    "department-economic": FG.economicClassification,
    "government-economic": FG.economicClassification,
}


def document_quads(
    records: DisclosureRecords, contradictions: Sequence[Contradiction] = ()
) -> Iterator[Quad]:
    """The quads of one disclosure: its own named graph, then what it adds to the shared graph.

    Deterministic, without duplicates. Raises ``ValueError`` for a word (kind, relation, scope …)
    that is not in the vocabulary of the records.
    """
    mapping = _DocumentMapping(records)
    mapping.map_all(contradictions)
    yield from mapping.own
    yield from mapping.shared


class _DocumentMapping(DocumentStatements):
    """Mapping one document: what was described so far, and the IRIs that other records point to."""

    def __init__(self, records: DisclosureRecords) -> None:
        identity = records.identity
        super().__init__(ids.document_iri(identity.document))
        self._records = records
        self._identity = identity
        self._organization = ids.department_iri(identity.issuer)
        self._year = identity.fiscal_year
        self._codes: set[NamedNode] = set()
        self._tables: dict[tuple[NamedNode, int, str], NamedNode] = {}
        self._entries: dict[int, NamedNode] = {}

    def map_all(self, contradictions: Sequence[Contradiction]) -> None:
        records = self._records
        self._disclosure()
        for order, unit in enumerate(records.units):
            self._unit(order, unit)
        for order, line in enumerate(records.spending):
            self._spending(order, line)
        for order, total in enumerate(records.totals):
            self._total(order, total)
        for order, item in enumerate(records.narrative):
            self._narrative(order, item)
        for order, project in enumerate(records.projects):
            self._project(order, project)
        for order, fund in enumerate(records.funds):
            self._fund(order, fund)
        for order, indicator in enumerate(records.indicators):
            self._indicator(order, indicator)
        for order, finding in enumerate(records.findings):
            self._finding(order, finding)
        for order, law in enumerate(records.laws):
            self._law(order, law)
        for order, contradiction in enumerate(contradictions):
            self._contradiction(order, contradiction)
        self._coverage()

    # -- the document ----------------------------------------------------------------------

    def _disclosure(self) -> None:
        identity = self._identity
        self.state(
            self.document,
            [
                (RDF.type, FG.Disclosure),
                (DCTERMS.identifier, identity.document),
                (DCTERMS.publisher, self.department(identity.issuer)),
                (FG.issuerName, identity.issuer),
                (FG.disclosureKind, code_concept("disclosure kind", identity.kind)),
                (FG.year, Literal(f"{identity.fiscal_year:04d}", datatype=XSD.gYear)),
                (OBEU.fiscalYear, year_iri(identity.fiscal_year)),
                (FG.amountUnit, identity.amount_unit),
                (FG.pages, identity.pages),
                (FG.sha256, identity.sha256),
                (FG.fileName, identity.file_name),
                (DCTERMS.format, identity.format),
                (PROV.wasDerivedFrom, self.source(identity.source)),
            ],
        )

    def _unit(self, order: int, unit: OrganizationUnit) -> None:
        relation = code_concept("unit relation", unit.relation)
        if unit.relation == "internal_division":
            node = ids.division_iri(self._identity.issuer, unit.unit)
            self.share(
                node,
                [
                    (RDF.type, ORG.OrganizationalUnit),
                    (SKOS.prefLabel, ids.normalised_name(unit.unit)),
                    (ORG.unitOf, self._organization),
                ],
            )
        else:
            node = self.department(unit.unit)
            if node != self._organization:
                self.share(node, [(ORG.subOrganizationOf, self._organization)])
        self.state(
            self.mint("unit", ids.segment(unit.unit)),
            [
                (RDF.type, FG.UnitMention),
                (DCTERMS.isPartOf, self.document),
                (FG.unitName, unit.unit),
                (FG.unitRelation, relation),
                (FG.mentionedOrganization, node),
                (FG.position, order),
                (PROV.wasDerivedFrom, self.source(unit.source)),
            ],
        )

    # -- figures ---------------------------------------------------------------------------

    def _table(self, table_type: NamedNode, index: int, title: str) -> NamedNode:
        key = (table_type, index, title)
        if key not in self._tables:
            step = "table" if table_type == FG.ClassifiedTable else "totals"
            node = self.mint(step, f"{index}-{ids.segment(title)}")
            self._tables[key] = node
            self.state(
                node,
                [
                    (RDF.type, QB.DataSet),
                    (RDF.type, table_type),
                    (DCTERMS.isPartOf, self.document),
                    (DCTERMS.title, title),
                    (FG.tableIndex, index),
                    (QB.structure, FG.disclosureStructure),
                    (OBEU.currency, CNY),
                ],
            )
        return self._tables[key]

    def _figure(
        self,
        node: NamedNode,
        table: NamedNode,
        order: int,
        line: SpendingLine | TotalLine,
        side: str | None = None,
        item: str | None = None,
    ) -> None:
        """What a classified cell and a cell of a table of totals have in common."""
        about = derive_dimensions(
            kind=self._identity.kind,
            fiscal_year=self._year,
            title=line.table,
            column=line.column,
            side=side,
            item=item,
        )
        summable = line.amount is not None and about.additive
        self.state(
            node,
            [
                (RDF.type, QB.Observation if summable else FG.PrintedFigure),
                (QB.dataSet if summable else DCTERMS.isPartOf, table),
                (OBEU.organization, self._organization),
                (OBEU.fiscalYear, year_iri(about.year)),
                (OBEU.budgetPhase, about.phase),
                (OBEU.operationCharacter, about.operation_character),
                (FG.fundScope, about.fund_scope),
                (FG.fundingSource, about.funding_source),
                (FG.expenditureType, about.expenditure_type),
                (OBEU.amount if summable else FG.nonAdditiveAmount, line.amount),
                (FG.printed, line.printed),
                (FG.unit, line.unit),
                (FG.column, line.column),
                (FG.position, order),
                (FG.inferred, True if line.inferred else None),
                (PROV.wasDerivedFrom, self.source(line.source)),
            ],
        )

    def _classification(self, code: str) -> tuple[NamedNode, NamedNode]:
        """The dimension and the concept of a printed code; the concept is described once."""
        code_list = ids.classification_list(code)
        concept = ids.code_iri(code, self._year)
        step = code
        while step and (node := ids.code_iri(step, self._year)) not in self._codes:
            self._codes.add(node)
            scheme = ids.scheme_iri(code_list, self._year)
            self.share(scheme, [(RDF.type, SKOS.ConceptScheme)])
            self.share(node, [(RDF.type, SKOS.Concept), (SKOS.notation, step), (SKOS.inScheme, scheme)])
            parent = step[:-2] if code_list != "other" and len(step) > 3 else ""
            if parent:
                self.share(node, [(SKOS.broader, ids.code_iri(parent, self._year))])
            step = parent
        return _CLASSIFICATION_OF_LIST.get(code_list, FG.otherClassification), concept

    def _spending(self, order: int, line: SpendingLine) -> None:
        table = self._table(FG.ClassifiedTable, line.table_index, line.table)
        below = table.value.removeprefix(f"{self.document.value}/")
        node = self.mint(below, ids.segment(line.code or "total"), ids.segment(line.column))
        self._figure(node, table, order, line)
        self.state(node, [(FG.printedCode, line.code), (FG.itemName, line.name)])
        if line.code:
            self.state(node, [self._classification(line.code)])

    def _total(self, order: int, line: TotalLine) -> None:
        table = self._table(FG.TotalsTable, line.table_index, line.table)
        below = table.value.removeprefix(f"{self.document.value}/")
        item = ids.segment(f"{line.side or ''}{line.item or ''}")
        node = self.mint(below, item, ids.segment(line.column))
        self._figure(node, table, order, line, line.side, line.item)
        self.state(node, [(FG.side, line.side), (FG.item, line.item)])

    def _narrative(self, order: int, item: NarrativeItem) -> None:
        names = (item.class_name, item.subclass, item.item)
        node = self.mint("narrative", ids.segment(".".join(name or "" for name in names)))
        reason = None
        if item.reason:
            reason = self._passage(
                "narrative_reason", item.reason, order, source=item.source, project=None, ordinal=None
            )
        self.state(
            node,
            [
                (RDF.type, FG.NarrativeStatement),
                (DCTERMS.isPartOf, self.document),
                (OBEU.organization, self._organization),
                (OBEU.fiscalYear, year_iri(self._year)),
                (FG.itemClass, item.class_name),
                (FG.itemSubclass, item.subclass),
                (FG.itemName, item.item),
                (FG.printed, item.printed),
                (FG.unit, item.unit),
                (FG.statedAmount, item.amount),
                (FG.percentOfBudget, item.percent),
                (FG.purpose, item.purpose),
                (FG.reason, item.reason),
                (FG.reasonPassage, reason),
                (FG.position, order),
                (PROV.wasDerivedFrom, self.source(item.source)),
            ],
        )

    # -- projects and performance ------------------------------------------------------------

    def _project(self, order: int, project: Project) -> None:
        owner = project.department or self._identity.issuer
        lasting = ids.project_iri(owner, project.project)
        department = self.department(owner)
        self.share(
            lasting,
            [
                (RDF.type, FG.Project),
                (RDF.type, FOAF.Project),
                (SKOS.prefLabel, ids.normalised_title(project.project)),
            ],
        )
        node = self.mint("project", str(project.occurrence))
        self._entries.setdefault(project.occurrence, node)
        self.state(
            node,
            [
                (RDF.type, FG.ProjectEntry),
                (DCTERMS.isPartOf, self.document),
                (OBEU.project, lasting),
                (OBEU.organization, self._organization),
                (OBEU.fiscalYear, year_iri(self._year)),
                (FG.responsibleDepartment, department),
                (FG.occurrence, project.occurrence),
                (FG.projectName, project.project),
                (FG.projectScope, code_concept("project scope", project.scope)),
                (FG.departmentName, project.department),
                (FG.implementingUnitName, project.implementing_unit),
                (FG.unit, project.unit),
                *self._money(project.budget_initial, project.budget_full, project.executed, project.unit),
                (FG.executionRate, project.rate),
                (FG.score, project.score),
                (FG.narrativeScore, project.narrative_score),
                (FG.narrativeBudget, project.narrative_budget),
                (FG.narrativeExecuted, project.narrative_executed),
                (FG.narrativeRate, project.narrative_rate),
                *((FG.presentedIn, code_concept("presentation", word)) for word in project.sources),
                (FG.position, order),
                (PROV.wasDerivedFrom, self.source(project.source)),
            ],
        )

    @staticmethod
    def _money(
        initial: str | None, full: str | None, executed: str | None, unit: str | None
    ) -> Iterator[tuple[NamedNode, Value]]:
        """Budget and execution as printed, and exactly in 元 where the unit is known."""
        for printed, as_printed, in_yuan in (
            (initial, FG.budgetInitial, FG.budgetInitialAmount),
            (full, FG.budgetFull, FG.budgetFullAmount),
            (executed, FG.executed, FG.executedAmount),
        ):
            if printed is not None:
                yield as_printed, printed
                yield in_yuan, amount_in_yuan(printed, unit)

    def _fund(self, order: int, fund: Fund) -> None:
        self.state(
            self.mint("project", str(fund.occurrence), "fund", ids.segment(fund.fund)),
            [
                (RDF.type, FG.FundLine),
                (DCTERMS.isPartOf, self.document),
                (FG.entry, self._entries.get(fund.occurrence)),
                (FG.projectName, fund.project),
                (FG.implementingUnitName, fund.implementing_unit),
                (FG.printedFundSource, fund.fund),
                *self._money(fund.budget_initial, fund.budget_full, fund.executed, fund.unit),
                (FG.weight, fund.weight),
                (FG.executionRate, fund.rate),
                (FG.score, fund.score),
                (FG.unit, fund.unit),
                (FG.position, order),
                (PROV.wasDerivedFrom, self.source(fund.source)),
            ],
        )

    def _indicator(self, order: int, indicator: Indicator) -> None:
        name = indicator.level3 or indicator.level2 or indicator.level1 or ""
        self.state(
            self.mint("project", str(indicator.occurrence), "indicator", ids.segment(name)),
            [
                (RDF.type, FG.PerformanceIndicator),
                (DCTERMS.isPartOf, self.document),
                (FG.entry, self._entries.get(indicator.occurrence)),
                (FG.projectName, indicator.project),
                (FG.implementingUnitName, indicator.implementing_unit),
                (FG.level1, indicator.level1),
                (FG.level2, indicator.level2),
                (FG.level3, indicator.level3),
                (FG.target, indicator.target),
                (FG.actual, indicator.actual),
                (FG.weight, indicator.weight),
                (FG.score, indicator.score),
                (FG.reason, indicator.reason),
                (FG.position, order),
                (PROV.wasDerivedFrom, self.source(indicator.source)),
            ],
        )

    def _passage(
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
        owner = ids.segment(project) if project else "document"
        node = self.mint("passage", owner, f"{kind}-{ids.digest(''.join(text.split()))}")
        self.state(
            node,
            [
                (RDF.type, FG.Passage),
                (DCTERMS.isPartOf, self.document),
                (OBEU.organization, self._organization),
                (OBEU.fiscalYear, year_iri(self._year)),
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

    def _finding(self, order: int, finding: Finding) -> None:
        entry = None if finding.occurrence is None else self._entries.get(finding.occurrence)
        self._passage(
            finding.kind,
            finding.text,
            order,
            source=finding.source,
            project=finding.project,
            ordinal=finding.ordinal,
            entry=entry,
        )

    # -- laws, contradictions, coverage ------------------------------------------------------

    def _law(self, order: int, law: Law) -> None:
        lasting = ids.law_iri(law.title)
        self.share(
            lasting,
            [
                (RDF.type, FG.Law),
                (RDF.type, ELI.LegalResource),
                (SKOS.prefLabel, ids.normalised_title(law.title)),
            ],
        )
        self.state(
            self.mint("law", ids.segment(law.title)),
            [
                (RDF.type, FG.LawCitation),
                (DCTERMS.isPartOf, self.document),
                (FG.law, lasting),
                (DCTERMS.title, law.title),
                (FG.documentNumber, law.document_number),
                (FG.citationKind, code_concept("citation kind", law.kind)),
                (FG.mentions, law.mentions),
                (FG.position, order),
                (PROV.wasDerivedFrom, self.source(law.source)),
            ],
        )

    def _contradiction(self, order: int, found: Contradiction) -> None:
        counterpart = None if found.right_source is None else self.source(found.right_source)
        self.state(
            self.mint("contradiction", f"{found.kind}-{ids.digest(found.left, found.right, found.detail)}"),
            [
                (RDF.type, FG.Contradiction),
                (DCTERMS.isPartOf, self.document),
                (FG.contradictionKind, code_concept("contradiction kind", found.kind)),
                (FG.left, found.left),
                (FG.right, found.right),
                (FG.detail, found.detail),
                (FG.position, order),
                (PROV.wasDerivedFrom, self.source(found.left_source)),
                (FG.counterpartSource, counterpart),
            ],
        )

    def _coverage(self) -> None:
        coverage = self._records.coverage
        self.state(
            self.mint("coverage"),
            [
                (RDF.type, FG.Coverage),
                (DCTERMS.isPartOf, self.document),
                (FG.pages, coverage.pages),
                (FG.pagesRead, coverage.pages_read),
                (FG.tables, coverage.tables),
                (FG.tablesRead, coverage.tables_read),
                (FG.cells, coverage.cells),
                (FG.cellsRead, coverage.cells_read),
                (FG.paragraphs, coverage.paragraphs),
                (FG.paragraphsRead, coverage.paragraphs_read),
                *((FG.problem, problem) for problem in coverage.problems),
            ],
        )
        for order, leftover in enumerate(coverage.leftovers):
            self.state(
                self.mint("leftover", str(order)),
                [
                    (RDF.type, FG.Leftover),
                    (DCTERMS.isPartOf, self.document),
                    (FG.what, leftover.what),
                    (FG.why, leftover.why),
                    (FG.position, order),
                    (PROV.wasDerivedFrom, self.source(leftover.source)),
                ],
            )
