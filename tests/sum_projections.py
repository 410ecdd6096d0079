"""Projections made for tests of sums: figures as they might be printed, without documents."""

from __future__ import annotations

import csv
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pyoxigraph
from pyoxigraph import Literal, NamedNode, Quad

from fiscalgraph.graph.identifiers import SHARED_GRAPH, department_iri, document_iri
from fiscalgraph.graph.projection import FIGURE_COLUMNS, figures_file, write_projection
from fiscalgraph.graph.statements import code_concept
from fiscalgraph.graph.sums import Projection
from fiscalgraph.ontology.terms import DCTERMS, FG, ORG, RDF, SKOS, XSD


@dataclass(frozen=True)
class Figure:
    """One figure of a table with codes; ``None`` where the table does not say."""

    amount: int
    code: str = ""
    name: str | None = None
    organization: str = "某局"
    parent: str | None = None
    head_office: bool = False
    region: str | None = None
    document: str = "公开"
    kind: str = "部门预算"
    year: int = 2024
    phase: str | None = "approved"
    scope: str | None = "AllFunds"
    table: str = "支出总表"
    column: str = "合计"
    expenditure_type: str | None = None
    three_publics: str | None = None
    contested: bool = False
    inferred: bool = False


@contextmanager
def made_projection(figures: Sequence[Figure]) -> Iterator[Projection]:
    """The projection of documents that print ``figures``."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        store = pyoxigraph.Store()
        documents = sorted({figure.document for figure in figures})
        for document in documents:
            printed = [figure for figure in figures if figure.document == document]
            _describe(store, document, printed)
            _write(folder / figures_file(document_iri(document)), store, document, printed)
        write_projection(store, folder, folder, [document_iri(document) for document in documents])
        yield Projection(folder)


def _describe(store: pyoxigraph.Store, document: str, figures: Sequence[Figure]) -> None:
    iri, first = document_iri(document), figures[0]
    for predicate, value in (
        (RDF.type, FG.Disclosure),
        (DCTERMS.identifier, Literal(document)),
        (DCTERMS.publisher, department_iri(first.organization)),
        (FG.disclosureKind, code_concept("disclosure kind", first.kind)),
        (FG.year, Literal(str(first.year), datatype=XSD.gYear)),
    ):
        store.add(Quad(iri, predicate, value, iri))
    for figure in figures:
        body = department_iri(figure.organization)
        facts: list[tuple[NamedNode, NamedNode | Literal]] = [
            (RDF.type, FG.HeadOffice if figure.head_office else ORG.FormalOrganization),
            (SKOS.prefLabel, Literal(figure.organization)),
        ]
        if figure.parent is not None:
            facts.append((ORG.subOrganizationOf, department_iri(figure.parent)))
        if figure.region is not None:
            region = NamedNode(f"https://w3id.org/fiscalgraph/id/region/{figure.region}")
            facts.append((FG.region, region))
        for predicate, value in facts:
            store.add(Quad(body, predicate, value, SHARED_GRAPH))


def _write(path: Path, store: pyoxigraph.Store, document: str, figures: Sequence[Figure]) -> None:
    iri = document_iri(document)
    dimension = {"2": "functional_code", "3": "department_economic_code", "5": "government_economic_code"}
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, FIGURE_COLUMNS, lineterminator="\n")
        writer.writeheader()
        for position, figure in enumerate(figures):
            observation = NamedNode(f"{iri.value}/figure/{position}")
            if figure.contested:
                store.add(Quad(observation, FG.contestedBy, iri, iri))
            row: dict[str, object] = {
                "document_iri": iri.value,
                "position": position,
                "observation": observation.value,
                "summable": "true",
                "phase": figure.phase,
                "operation_character": "expenditure",
                "fund_scope": figure.scope,
                "expenditure_type": figure.expenditure_type,
                "three_publics_item": figure.three_publics,
                "fiscal_year": figure.year,
                "organization": department_iri(figure.organization).value,
                "table_iri": f"{iri.value}/table/{figure.table}",
                "column_path": figure.column,
                "printed_code": figure.code or None,
                "item_name": figure.name,
                "amount": figure.amount,
                "printed": figure.amount,
                "unit": "元",
                "grand_total": "true" if not figure.code and figure.expenditure_type is None else None,
                "table_title": figure.table,
                "table_index": 0,
                "table_type": "classified",
                "inferred": "true" if figure.inferred else None,
                "step": 1,
            }
            if figure.code:
                row[dimension[figure.code[0]]] = figure.code
            writer.writerow(row)
