"""The columnar projection: equal to the graph to the 分, the same bytes every time, kept up by builds."""

from __future__ import annotations

import shutil
from decimal import Decimal
from pathlib import Path

import duckdb
import pyoxigraph
import pytest
from running import SAMPLES

from fiscalgraph.graph.projection import (
    CELLS,
    DISCLOSURES,
    FIGURE_COLUMNS,
    OBSERVATION_COLUMNS,
    OBSERVATIONS,
    figures_file,
    write_projection,
)
from fiscalgraph.graph.projection_cells import CELL_COLUMNS, class_names
from fiscalgraph.graph.store import GenerationStore
from fiscalgraph.ontology.terms import FG, PREFIXES, QB, RDF
from fiscalgraph.workspace import Workspace
from fiscalgraph.workspace import open as open_workspace


@pytest.fixture(scope="module")
def generation(sample_home: Path) -> Path:
    return (sample_home / "current").resolve()


def rows(folder: Path, query: str) -> list[tuple[object, ...]]:
    """Rows of a query over the projection's files: ``{observations}``, ``{cells}``, ``{disclosures}``."""
    names = {
        name.removesuffix(".parquet"): f"read_parquet('{folder / name}')"
        for name in (OBSERVATIONS, CELLS, DISCLOSURES)
    }
    with duckdb.connect() as connection:
        return connection.execute(query.format(**names)).fetchall()


def sparql(folder: Path, query: str) -> list[tuple[str | None, ...]]:
    store = pyoxigraph.Store.read_only(str(folder / "graph"))
    found = store.query(query, prefixes=dict(PREFIXES), use_default_graph_as_union=True)
    assert isinstance(found, pyoxigraph.QuerySolutions)
    return [tuple(None if term is None else term.value for term in row) for row in found]


def test_every_figure_of_the_graph_is_one_row(generation: Path) -> None:
    store = pyoxigraph.Store.read_only(str(generation / "graph"))
    in_graph = {
        (quad.subject.value, kind == QB.Observation)
        for kind in (QB.Observation, FG.PrintedFigure)
        for quad in store.quads_for_pattern(None, RDF.type, kind)
    }
    projected = rows(generation, "SELECT observation, summable FROM {observations}")
    assert len(in_graph) > 5000
    assert len(projected) == len(in_graph)
    assert set(projected) == in_graph


@pytest.mark.parametrize(
    ("sparql_dimension", "column"),
    [
        ("fg:budgetPhase", "phase"),
        ("fg:fundScope", "fund_scope"),
        ("fg:operationCharacter", "operation_character"),
        ("fg:expenditureType", "expenditure_type"),
        ("fg:fundingSource", "funding_source"),
        ("fg:threePublicsItem", "three_publics_item"),
        ("fg:functionalClassification", "functional_code"),
        ("fg:departmentEconomicClassification", "department_economic_code"),
    ],
)
def test_sums_by_a_dimension_equal_those_of_sparql_to_the_fen(
    generation: Path, sparql_dimension: str, column: str
) -> None:
    """Over all observations: a check of the projection, not a sum of any use."""
    in_graph = sparql(
        generation,
        f"""SELECT (REPLACE(STR(?value), "^.*[/#]", "") AS ?key) ?document (SUM(?amount) AS ?sum)
              (COUNT(?amount) AS ?count)
            WHERE {{
              ?figure a qb:Observation ; obeu-measure:amount ?amount ;
                qb:dataSet/dcterms:isPartOf ?disclosure .
              ?disclosure dcterms:identifier ?document .
              OPTIONAL {{ ?figure {sparql_dimension} ?value }}
            }} GROUP BY ?value ?document""",
    )
    projected = rows(
        generation,
        f"SELECT {column}, document, sum(amount), count(*) FROM {{observations}} WHERE summable GROUP BY ALL",
    )
    expected = {
        (key, document): (Decimal(total or 0), int(count or 0)) for key, document, total, count in in_graph
    }
    assert len(expected) > 13
    assert {(key, document): (total, count) for key, document, total, count in projected} == expected


def test_amounts_are_exact_and_carry_the_worth_of_their_last_digit(generation: Path) -> None:
    found = rows(
        generation,
        "SELECT printed, unit, amount, step FROM {observations} WHERE summable AND amount <> 0 LIMIT 2000",
    )
    worth = {"元": 1, "万元": 10_000}
    for printed, unit, amount, step in found:
        assert amount == Decimal(str(printed)) * worth[str(unit)]
        assert step == Decimal(worth[str(unit)]).scaleb(-len(str(printed).partition(".")[2]))


def test_columns_are_as_documented_and_types_are_exact(generation: Path) -> None:
    for name, columns in ((OBSERVATIONS, OBSERVATION_COLUMNS), (CELLS, CELL_COLUMNS)):
        described = rows(generation, f"DESCRIBE SELECT * FROM {{{name.removesuffix('.parquet')}}}")
        types = {str(row[0]): str(row[1]) for row in described}
        assert tuple(types) == columns
        assert types["amount"] == "DECIMAL(20,2)"
        assert not {kind for kind in types.values() if kind in ("DOUBLE", "FLOAT")}


def test_units_and_head_offices_know_what_they_belong_to(generation: Path) -> None:
    found = rows(
        generation,
        "SELECT DISTINCT organization_label, head_office, parent FROM {observations} "
        "WHERE parent IS NOT NULL",
    )
    units = {str(label): (office, str(parent).rsplit("/", 1)[-1]) for label, office, parent in found}
    assert units["云泽省水文监测中心"] == (False, "云泽省水务厅")


def test_the_same_graph_gives_the_same_bytes(generation: Path, tmp_path: Path) -> None:
    """Also when the figures are read from the graph, as after a build of an earlier version."""
    store = pyoxigraph.Store.read_only(str(generation / "graph"))
    documents = [
        pyoxigraph.NamedNode(str(iri))
        for (iri,) in rows(generation, "SELECT document_iri FROM {disclosures}")
    ]
    figures = tmp_path / "figures"
    figures.mkdir()
    write_projection(store, figures, tmp_path, documents)
    for name in (OBSERVATIONS, CELLS, DISCLOSURES):
        assert (tmp_path / name).read_bytes() == (generation / name).read_bytes(), name
    kept = {path.name: path.read_bytes() for path in (generation / "figures").iterdir()}
    assert {path.name: path.read_bytes() for path in figures.iterdir()} == kept


def test_figures_of_another_version_are_read_from_the_graph(generation: Path, tmp_path: Path) -> None:
    figures = tmp_path / "figures"
    figures.mkdir()
    document = pyoxigraph.NamedNode("https://w3id.org/fiscalgraph/id/document/hydrology_2023_accounts")
    outdated = figures / figures_file(document)
    outdated.write_text("document_iri,amount\n", encoding="utf-8")
    store = pyoxigraph.Store.read_only(str(generation / "graph"))
    write_projection(store, figures, tmp_path, [document])
    assert outdated.read_bytes() == (generation / "figures" / outdated.name).read_bytes()


def test_an_empty_graph_has_an_empty_projection(tmp_path: Path) -> None:
    figures = tmp_path / "figures"
    figures.mkdir()
    write_projection(pyoxigraph.Store(), figures, tmp_path, [])
    assert rows(tmp_path, "SELECT count(*) FROM {observations}") == [(0,)]
    assert rows(tmp_path, "SELECT count(*) FROM {cells}") == [(0,)]


def test_contested_figures_are_marked(generation: Path, tmp_path: Path) -> None:
    shutil.copytree(generation / "graph", tmp_path / "graph")
    store = pyoxigraph.Store(str(tmp_path / "graph"))
    ((figure,),) = rows(
        generation,
        "SELECT observation FROM {observations} WHERE document = 'water_2024_accounts' AND grand_total "
        "AND table_title = '支出决算表'",
    )
    others = {quad.subject.value for quad in store.quads_for_pattern(None, FG.contestedBy, None)}
    document = pyoxigraph.NamedNode("https://w3id.org/fiscalgraph/id/document/water_2024_accounts")
    result = pyoxigraph.NamedNode("https://w3id.org/fiscalgraph/id/graph/links")
    store.add(pyoxigraph.Quad(pyoxigraph.NamedNode(str(figure)), FG.contestedBy, document, result))
    write_projection(store, generation / "figures", tmp_path, [])
    contested = {
        str(row[0]) for row in rows(tmp_path, "SELECT observation FROM {observations} WHERE contested")
    }
    known = {str(row[0]) for row in rows(generation, "SELECT observation FROM {observations}")}
    assert contested == (others | {str(figure)}) & known
    assert str(figure) in {
        str(row[0]) for row in rows(tmp_path, "SELECT observation FROM {cells} WHERE contested")
    }


@pytest.fixture
def small_workspace(tmp_path: Path) -> Workspace:
    documents = tmp_path / "documents"
    documents.mkdir()
    for name in ("hydrology_2023_accounts.txt", "hydrology_2024_budget.xlsx"):
        shutil.copy(SAMPLES / name, documents / name)
    workspace = open_workspace(tmp_path / "home")
    workspace.build([documents])
    return workspace


def test_a_document_taken_out_is_gone_from_the_projection(small_workspace: Workspace) -> None:
    def documents() -> list[object]:
        current = GenerationStore(small_workspace.home).current
        assert current is not None
        assert len(list((current / "figures").iterdir())) == len(small_workspace.ledger().documents)
        return [row[0] for row in rows(current, "SELECT DISTINCT document FROM {observations} ORDER BY 1")]

    assert documents() == ["hydrology_2023_accounts", "hydrology_2024_budget"]
    small_workspace.remove(["hydrology_2024_budget"])
    assert documents() == ["hydrology_2023_accounts"]


def test_names_of_classes_mean_one_class_each() -> None:
    names = dict(class_names())
    assert names["教育支出"] == "205"
    assert names["农林水支出"] == "213"
    assert {len(code) for code in names.values()} == {3}


def test_the_csv_of_a_document_has_the_columns_of_figures(generation: Path) -> None:
    for path in (generation / "figures").iterdir():
        with path.open(encoding="utf-8") as stream:
            assert stream.readline().rstrip("\n").split(",") == list(FIGURE_COLUMNS)
