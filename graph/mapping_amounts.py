"""Figures → quads: the cells of printed tables, and the amounts of the explanations.

An amount is a ``qb:Observation`` in the data set of its printed table. A percentage, an increase
(增减额), a figure of unknown unit or column is an ``fg:PrintedFigure`` instead: it keeps the printed
text, but no sum over observations meets it.
"""

from __future__ import annotations

from pyoxigraph import NamedNode

from fiscalgraph.extract.records import NarrativeItem, SpendingLine, TotalLine
from fiscalgraph.graph import identifiers as ids
from fiscalgraph.graph.dimensions import derive_dimensions
from fiscalgraph.graph.mapping_codes import CodeMapping
from fiscalgraph.graph.mapping_document import MappedDocument
from fiscalgraph.graph.statements import code_concept
from fiscalgraph.graph.table_owners import TableOwners
from fiscalgraph.ontology.terms import CNY, DCTERMS, FG, OBEU, PROV, QB, RDF, year_iri

__all__ = ["AmountMapping"]


class AmountMapping:
    """States the figures of one document; tables and codes that it described already are kept."""

    def __init__(self, document: MappedDocument, owners: TableOwners) -> None:
        self._document = document
        self._owners = owners
        self._codes = CodeMapping(document)
        self._tables: dict[tuple[NamedNode, int, str], NamedNode] = {}

    def _table(self, table_type: NamedNode, index: int, title: str) -> NamedNode:
        key = (table_type, index, title)
        if key not in self._tables:
            step = "table" if table_type == FG.ClassifiedTable else "totals"
            node = self._document.mint(step, f"{index}-{ids.segment(title)}")
            self._tables[key] = node
            self._document.state(
                node,
                [
                    (RDF.type, QB.DataSet),
                    (RDF.type, table_type),
                    (DCTERMS.isPartOf, self._document.iri),
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
        *,
        total_row: bool = False,
    ) -> None:
        """What a classified cell and a cell of a table of totals have in common."""
        self._document.remember(line, node)
        about = derive_dimensions(
            kind=self._document.identity.kind,
            fiscal_year=self._document.year,
            title=line.table,
            column=line.column,
            side=side,
            item=item,
            total_row=total_row,
        )
        summable = line.amount is not None and about.additive and not self._owners.repeats_the_total(line)
        self._document.state(
            node,
            [
                (RDF.type, QB.Observation if summable else FG.PrintedFigure),
                (QB.dataSet if summable else DCTERMS.isPartOf, table),
                (OBEU.organization, self._owners.owner(line, order)),
                (OBEU.fiscalYear, year_iri(about.year)),
                (FG.budgetPhase, about.phase),
                (FG.operationCharacter, about.operation_character),
                (FG.fundScope, about.fund_scope),
                (FG.fundingSource, about.funding_source),
                (FG.expenditureType, about.expenditure_type),
                (FG.threePublicsItem, about.three_publics),
                (FG.grandTotal, True if summable and about.grand_total else None),
                (OBEU.amount if summable else FG.nonAdditiveAmount, line.amount),
                (FG.printed, line.printed),
                (FG.unit, line.unit),
                (FG.column, line.column),
                (FG.position, order),
                *((FG.inferredBy, code_concept("accounting identity", name)) for name in line.inferred_by),
                (PROV.wasDerivedFrom, self._document.source(line.source)),
            ],
        )

    def spending(self, order: int, line: SpendingLine) -> None:
        table = self._table(FG.ClassifiedTable, line.table_index, line.table)
        below = table.value.removeprefix(f"{self._document.iri.value}/")
        node = self._document.mint(below, ids.segment(line.code or "total"), ids.segment(line.column))
        self._figure(node, table, order, line, total_row=line.code is None)
        self._document.state(node, [(FG.printedCode, line.code), (FG.itemName, line.name)])
        if line.code:
            self._document.state(node, [self._codes.concept(line.code, line.name, line.source)])
        for code in line.cross_codes:
            self._document.state(node, [self._codes.concept(code, None, line.source)])

    def total(self, order: int, line: TotalLine) -> None:
        table = self._table(FG.TotalsTable, line.table_index, line.table)
        below = table.value.removeprefix(f"{self._document.iri.value}/")
        item = ids.segment(f"{line.side or ''}{line.item or ''}")
        node = self._document.mint(below, item, ids.segment(line.column))
        unit_row = line.owner is not None and line.item in (None, line.owner)
        self._figure(node, table, order, line, line.side, line.item, total_row=unit_row)
        self._document.state(node, [(FG.side, line.side), (FG.item, line.item)])

    def narrative(self, order: int, item: NarrativeItem) -> None:
        names = (item.class_name, item.subclass, item.item)
        node = self._document.mint("narrative", ids.segment(".".join(name or "" for name in names)))
        self._document.remember(item, node)
        reason = None
        if item.reason:
            reason = self._document.passage(
                "narrative_reason", item.reason, order, source=item.source, project=None, ordinal=None
            )
        self._document.state(
            node,
            [
                (RDF.type, FG.NarrativeStatement),
                (DCTERMS.isPartOf, self._document.iri),
                (OBEU.organization, self._document.organization),
                (OBEU.fiscalYear, year_iri(self._document.year)),
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
                (PROV.wasDerivedFrom, self._document.source(item.source)),
            ],
        )
