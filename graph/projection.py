"""The columnar projection of a generation: every printed figure as a row of Parquet, for sums and charts.

The graph stays the source of truth; the projection is written when a generation is published and holds
nothing that is not in the graph. In the generation's folder lie:

``figures/*.csv``         the figures of each document, kept from build to build while it does not change
``observations.parquet``  one row per figure with all its dimensions (see :data:`OBSERVATION_COLUMNS`)
``cells.parquet``         the figures that may enter a sum, with what decides when (:mod:`.projection_cells`)
``disclosures.parquet``   one row per document: who published what for which year

Equal graphs give equal bytes. DuckDB is imported by the functions that need it.
"""

from __future__ import annotations

import csv
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Final

from pyoxigraph import Literal, NamedNode, Quad, Store

from fiscalgraph.graph.identifiers import SHARED_GRAPH, digest
from fiscalgraph.graph.identity_organizations import organization_parents
from fiscalgraph.graph.statement_lookup import first_value, statements
from fiscalgraph.ontology.codes import CODES
from fiscalgraph.ontology.regions import SCHEME as REGIONS
from fiscalgraph.ontology.terms import DCTERMS, FG, OBEU, ORG, QB, RDF, SKOS

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

__all__ = [
    "CELLS",
    "DISCLOSURES",
    "FIGURE_COLUMNS",
    "OBSERVATIONS",
    "OBSERVATION_COLUMNS",
    "figures_file",
    "write_figures",
    "write_projection",
]

OBSERVATIONS: Final = "observations.parquet"
CELLS: Final = "cells.parquet"
DISCLOSURES: Final = "disclosures.parquet"

_CONCEPTS: Mapping[str, str] = {
    FG.budgetPhase.value: "phase",
    FG.operationCharacter.value: "operation_character",
    FG.fundScope.value: "fund_scope",
    FG.fundingSource.value: "funding_source",
    FG.expenditureType.value: "expenditure_type",
    FG.threePublicsItem.value: "three_publics_item",
    OBEU.fiscalYear.value: "fiscal_year",
    FG.functionalClassification.value: "functional_code",
    FG.departmentEconomicClassification.value: "department_economic_code",
    FG.governmentEconomicClassification.value: "government_economic_code",
    FG.otherClassification.value: "other_code",
}
"""Properties whose values are concepts or years: the last step of the IRI is kept."""
_VALUES: Mapping[str, str] = {
    OBEU.organization.value: "organization",
    QB.dataSet.value: "table_iri",
    DCTERMS.isPartOf.value: "table_iri",
    FG.column.value: "column_path",
    FG.position.value: "position",
    FG.side.value: "side",
    FG.item.value: "item",
    FG.printedCode.value: "printed_code",
    FG.itemName.value: "item_name",
    OBEU.amount.value: "amount",
    FG.nonAdditiveAmount.value: "amount",
    FG.printed.value: "printed",
    FG.unit.value: "unit",
    FG.grandTotal.value: "grand_total",
}
_OF_TABLES: Mapping[str, str] = {DCTERMS.title.value: "table_title", FG.tableIndex.value: "table_index"}
_FIGURE_TYPES: Mapping[str, str] = {QB.Observation.value: "true", FG.PrintedFigure.value: "false"}
_TABLE_TYPES: Mapping[str, str] = {FG.ClassifiedTable.value: "classified", FG.TotalsTable.value: "totals"}

FIGURE_COLUMNS: Final = (
    "document_iri",
    "position",
    "observation",
    "summable",
    *dict.fromkeys(_CONCEPTS.values()),
    *(name for name in dict.fromkeys(_VALUES.values()) if name != "position"),
    *_OF_TABLES.values(),
    "table_type",
    "inferred",
    "step",
)
OBSERVATION_COLUMNS: Final = (
    "document",
    "kind",
    "table_iri",
    "table_title",
    "table_type",
    "table_index",
    "column_path",
    "position",
    "side",
    "item",
    "organization",
    "organization_label",
    "head_office",
    "parent",
    "government_level",
    "region",
    "fiscal_year",
    "phase",
    "operation_character",
    "fund_scope",
    "funding_source",
    "expenditure_type",
    "three_publics_item",
    "functional_code",
    "functional_class",
    "functional_subclass",
    "functional_item",
    "department_economic_code",
    "government_economic_code",
    "other_code",
    "printed_code",
    "item_name",
    "summable",
    "amount",
    "step",
    "printed",
    "unit",
    "grand_total",
    "inferred",
    "contested",
    "observation",
)
"""The columns of ``observations.parquet``. ``amount`` is in 元 and exact, of a figure that is not
``summable`` (增减额, 其中数 …) too; ``step`` is what the last printed digit is worth in 元. Concepts
(phase, scope, type …) are the last step of their IRI, ``region`` the code of GB/T 2260; the classes
(类/款/项) are the first 3, 5 and 7 digits of a functional code that is so long."""

_UNITS = {"元": Decimal(1), "千元": Decimal(1000), "万元": Decimal(10_000), "亿元": Decimal(100_000_000)}
_MOST_DIGITS = 18  # of an amount in whole 元: a longer one is no amount of money
_LEAST_SCALE = 2


def write_figures(path: Path, document: NamedNode, quads: Iterable[Quad]) -> None:
    """Write the figures among the ``quads`` of one document to a CSV file, in the document's order."""
    about: dict[str, dict[str, str]] = defaultdict(dict)
    for quad in quads:
        predicate, value = quad.predicate.value, quad.object
        if not isinstance(quad.subject, NamedNode) or not isinstance(value, (NamedNode, Literal)):
            continue
        if predicate in _CONCEPTS:
            _keep_code(about[quad.subject.value], _CONCEPTS[predicate], _last_step(value.value))
        elif predicate in _VALUES:
            about[quad.subject.value][_VALUES[predicate]] = value.value
        elif predicate in _OF_TABLES:
            about[quad.subject.value][_OF_TABLES[predicate]] = value.value
        elif predicate == RDF.type.value and value.value in _FIGURE_TYPES:
            about[quad.subject.value]["summable"] = _FIGURE_TYPES[value.value]
        elif predicate == RDF.type.value and value.value in _TABLE_TYPES:
            about[quad.subject.value]["table_type"] = _TABLE_TYPES[value.value]
        elif predicate == FG.inferredBy.value:
            about[quad.subject.value]["inferred"] = "true"
    rows = []
    for observation, figure in about.items():
        if "summable" in figure:
            table = about.get(figure.get("table_iri", ""), {})
            place = {name: table[name] for name in (*_OF_TABLES.values(), "table_type") if name in table}
            rows.append(
                _measured({**figure, **place, "observation": observation, "document_iri": document.value})
            )
    rows.sort(key=lambda row: (row.get("table_iri", ""), int(row.get("position", 0)), row["observation"]))
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, FIGURE_COLUMNS, lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


def _last_step(iri: str) -> str:
    return iri.rsplit("#", 1)[-1].rsplit("/", 1)[-1]


def _keep_code(figure: dict[str, str], name: str, value: str) -> None:
    """Where a row prints two codes of one list, the longer one says more; of equals the first by order."""
    held = figure.get(name)
    if held is None or (-len(value), value) < (-len(held), held):
        figure[name] = value


def _measured(figure: dict[str, str]) -> dict[str, str]:
    """The figure with the worth of its last printed digit; an impossible amount is left out."""
    amount = figure.get("amount")
    if amount is not None and "." in amount:  # as the store writes numbers
        amount = figure["amount"] = amount.rstrip("0").rstrip(".")
    if amount is not None and len(amount.lstrip("-").partition(".")[0]) > _MOST_DIGITS:
        return {**figure, "summable": "false", "amount": ""}
    unit = _UNITS.get(figure.get("unit", ""))
    if unit is not None:
        step = unit.scaleb(-len(figure.get("printed", "").partition(".")[2]))
        return {**figure, "step": format(step, "f")}
    return figure


def write_projection(store: Store, figures: Path, folder: Path, documents: Iterable[NamedNode]) -> None:
    """Write the projection of the graph in ``store`` to ``folder``.

    ``figures`` is the folder of the documents' CSV files, named by :func:`figures_file`; those that are
    missing, or have other columns, are read from the graph.
    """
    from fiscalgraph.graph.projection_cells import class_names, write_cells

    for document in documents:
        path = figures / figures_file(document)
        if not _is_current(path):
            write_figures(path, document, store.quads_for_pattern(None, None, None, document))
    connection = _connect()
    try:
        _stage(connection, "disclosures", _DISCLOSURE_COLUMNS, _disclosures(store), figures)
        _stage(connection, "organizations", _ORGANIZATION_COLUMNS, _organizations(store), figures)
        contested = sorted({found.subject for found in statements(store, FG.contestedBy)})
        _stage(connection, "contested", ("observation",), [(each,) for each in contested], figures)
        _stage(connection, "class_names", ("name", "code"), class_names(), figures)
        _load_figures(connection, figures)
        connection.execute(_OBSERVATIONS_SQL)
        order = "document, table_index, table_iri, position, observation"
        _copy(
            connection,
            f"SELECT {', '.join(OBSERVATION_COLUMNS)} FROM observations ORDER BY {order}",
            folder / OBSERVATIONS,
        )
        write_cells(connection, folder / CELLS)
        _copy(connection, _DISCLOSURES_SQL, folder / DISCLOSURES)
    finally:
        connection.close()


def _is_current(path: Path) -> bool:
    if not path.exists():
        return False
    with path.open(encoding="utf-8") as stream:
        if stream.readline().rstrip("\n") == ",".join(FIGURE_COLUMNS):
            return True
    path.unlink()  # not changed in place: it may be a hard link into the served generation
    return False


def figures_file(document: NamedNode) -> str:
    """The name of the CSV file of a document's figures."""
    return f"{digest(document.value, length=32)}.csv"


def _connect() -> DuckDBPyConnection:
    import duckdb

    # One thread: the order of rows, and so the bytes, do not depend on the machine.
    return duckdb.connect(":memory:", config={"threads": 1})


def _copy(connection: DuckDBPyConnection, query: str, path: Path) -> None:
    connection.execute(f"COPY ({query}) TO '{_quoted(path)}' (FORMAT parquet, COMPRESSION zstd)")


def _quoted(path: Path) -> str:
    return str(path).replace("'", "''")


def _load_figures(connection: DuckDBPyConnection, figures: Path) -> None:
    names = ", ".join(f"'{name}': 'VARCHAR'" for name in FIGURE_COLUMNS)
    files = [f"'{_quoted(path)}'" for path in sorted(figures.glob("*.csv"))]
    if files:
        connection.execute(
            f"CREATE TABLE figures AS FROM read_csv([{', '.join(files)}], header=true, delim=',', "
            f"quote='\"', escape='\"', columns={{{names}}}, auto_detect=false, max_line_size=10000000)"
        )
    else:
        columns = ", ".join(f"{name} VARCHAR" for name in FIGURE_COLUMNS)
        connection.execute(f"CREATE TABLE figures ({columns})")
    row = connection.execute("SELECT max(length(split_part(amount, '.', 2))) FROM figures").fetchone()
    scale = max(_LEAST_SCALE, (row[0] or 0) if row else 0)  # exact: no digit that is printed is rounded
    connection.execute(f"ALTER TABLE figures ALTER amount TYPE DECIMAL({_MOST_DIGITS + scale}, {scale})")


def _stage(
    connection: DuckDBPyConnection,
    name: str,
    columns: Iterable[str],
    rows: Iterable[Sequence[str | None]],
    folder: Path,
) -> None:
    """Make a table of texts, by way of a CSV file: a million rows one by one would take minutes."""
    columns = tuple(columns)
    path = folder / f".{name}.staged"
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow(columns)
        writer.writerows(rows)
    types = ", ".join(f"'{column}': 'VARCHAR'" for column in columns)
    try:
        connection.execute(
            f"CREATE TABLE {name} AS FROM read_csv('{_quoted(path)}', header=true, delim=',', quote='\"', "
            f"escape='\"', columns={{{types}}}, auto_detect=false)"
        )
    finally:
        path.unlink()


_DISCLOSURE_COLUMNS = (
    "document", "document_iri", "publication", "publisher", "reporting_unit", "kind", "fiscal_year",
    "file_name",
)  # fmt: skip
_ORGANIZATION_COLUMNS = ("organization", "label", "head_office", "parent", "government_level", "region")
_KINDS = {node.value: word for word, node in CODES["disclosure kind"].items()}
_LEVELS = {node.value: word for word, node in CODES["government level"].items()}


def _disclosures(store: Store) -> Iterator[tuple[str | None, ...]]:
    publications = {found.subject for found in statements(store, RDF.type, value=FG.Publication)}
    for document in sorted({found.subject for found in statements(store, RDF.type, value=FG.Disclosure)}):
        wholes = {found.value for found in statements(store, DCTERMS.isPartOf, subject=document)}
        publication = min(wholes & publications, default=None)
        publisher = None if publication is None else first_value(store, publication, DCTERMS.publisher)
        year = first_value(store, document, FG.year)
        yield (
            first_value(store, document, DCTERMS.identifier),
            document,
            publication,
            publisher or first_value(store, document, DCTERMS.publisher),
            first_value(store, document, FG.reportingUnit),
            _KINDS.get(first_value(store, document, FG.disclosureKind) or ""),
            year,
            first_value(store, document, FG.fileName),
        )


def _organizations(store: Store) -> Iterator[tuple[str | None, ...]]:
    shared = SHARED_GRAPH.value
    parents = organization_parents(store)
    offices = {found.subject for found in statements(store, RDF.type, value=FG.HeadOffice, graph=shared)}
    found_at = {
        kind: {found.subject for found in statements(store, RDF.type, value=kind, graph=shared)}
        for kind in (ORG.FormalOrganization, FG.HeadOffice)
    }
    for organization in sorted(set().union(*found_at.values())):
        region = first_value(store, organization, FG.region, shared)
        yield (
            organization,
            first_value(store, organization, SKOS.prefLabel, shared),
            "true" if organization in offices else "false",
            parents.get(organization),
            _LEVELS.get(first_value(store, organization, FG.governmentLevel, shared) or ""),
            region.removeprefix(f"{REGIONS.value}/") if region is not None else None,
        )


_OBSERVATIONS_SQL = """
CREATE TABLE observations AS
SELECT
  d.document, d.kind, f.table_iri, f.table_title, f.table_type, f.table_index::INTEGER AS table_index,
  f.column_path, f.position::INTEGER AS position, f.side, f.item,
  f.organization, o.label AS organization_label, coalesce(o.head_office::BOOLEAN, false) AS head_office,
  o.parent, o.government_level, o.region,
  f.fiscal_year::SMALLINT AS fiscal_year, f.phase, f.operation_character, f.fund_scope, f.funding_source,
  f.expenditure_type, f.three_publics_item,
  f.functional_code,
  CASE WHEN length(f.functional_code) >= 3 THEN left(f.functional_code, 3) END AS functional_class,
  CASE WHEN length(f.functional_code) >= 5 THEN left(f.functional_code, 5) END AS functional_subclass,
  CASE WHEN length(f.functional_code) >= 7 THEN left(f.functional_code, 7) END AS functional_item,
  f.department_economic_code, f.government_economic_code, f.other_code, f.printed_code, f.item_name,
  f.summable::BOOLEAN AS summable, f.amount, f.step::DECIMAL(18, 6) AS step, f.printed, f.unit,
  coalesce(f.grand_total::BOOLEAN, false) AS grand_total,
  coalesce(f.inferred::BOOLEAN, false) AS inferred,
  c.observation IS NOT NULL AS contested,
  f.observation
FROM figures f
JOIN disclosures d USING (document_iri)
LEFT JOIN organizations o USING (organization)
LEFT JOIN contested c USING (observation)
"""
_DISCLOSURES_SQL = """
SELECT d.document, d.document_iri, d.publication, d.kind, d.fiscal_year::SMALLINT AS fiscal_year, d.file_name,
  o.organization, o.label AS organization_label, coalesce(o.region, p.region) AS region, o.government_level,
  coalesce(b.ancestors, []) AS ancestors
FROM disclosures d
LEFT JOIN organizations o ON o.organization = coalesce(d.reporting_unit, d.publisher)
LEFT JOIN organizations p ON p.organization = o.parent
LEFT JOIN ancestry b ON b.organization = o.organization
ORDER BY d.document
"""
