"""Sums over many figures: in the projection, and in SPARQL over the same figures in the graph.

Makes synthetic departments that print a table by class, subclass and item each year, with a total and three
columns, and measures in one process the sum by year and class of one column

- in the projection: the bare query, and the whole safe sum (:func:`fiscalgraph.graph.sums.sum_amounts`)
- in SPARQL, by Oxigraph over the same figures

    python -m bench.sums                    # a million figures
    python -m bench.sums --figures 100000   # fewer; --sparql-figures for the graph alone

The figures of the graph carry what the query needs (type, amount, year, character, phase, scope, concept,
table); a real graph holds three times as many triples for each, so that its SPARQL is slower than this.
"""

from __future__ import annotations

import argparse
import csv
import tempfile
import time
from collections.abc import Callable, Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

from pyoxigraph import Literal, NamedNode, Quad, Store

from fiscalgraph.graph.identifiers import SHARED_GRAPH, department_iri, document_iri
from fiscalgraph.graph.projection import FIGURE_COLUMNS, figures_file, write_projection
from fiscalgraph.graph.statements import code_concept
from fiscalgraph.graph.sums import Projection, sum_amounts
from fiscalgraph.graph.sums_request import SumAnswer, sum_request
from fiscalgraph.ontology.classification import concept_iri
from fiscalgraph.ontology.terms import DCTERMS, FG, OBEU, ORG, PREFIXES, QB, RDF, SKOS, XSD, year_iri

YEARS = range(2015, 2025)
CLASSES = ("201", "205", "206", "208", "210", "211", "213", "221")
COLUMNS = (
    ("合计", None),
    ("基本支出", "BasicExpenditure"),
    ("项目支出", "ProjectExpenditure"),
)
ITEMS = 3
ROWS = 1 + len(CLASSES) * (1 + 2 * (1 + ITEMS))
PER_DOCUMENT = ROWS * len(COLUMNS)
REPEATS = 15
BATCH = 500_000  # quads per bulk load

SPARQL = """
SELECT ?year ?code (SUM(?amount) AS ?sum)
WHERE {
  ?figure obeu-dimension:fiscalYear ?year ; obeu-measure:amount ?amount ;
    fg:budgetPhase obeu-budgetphase:executed ; fg:fundScope fg:AllFunds ;
    fg:operationCharacter obeu-operation:expenditure ; fg:functionalClassification ?concept .
  ?concept skos:notation ?code .
  FILTER(STRLEN(?code) = 3)
  FILTER NOT EXISTS { ?figure fg:expenditureType ?type }
}
GROUP BY ?year ?code
"""
PLAIN = """
SELECT fiscal_year, functional_class, sum(amount) FROM observations
WHERE summable AND phase = 'executed' AND fund_scope = 'AllFunds' AND operation_character = 'expenditure'
  AND expenditure_type IS NULL AND length(functional_code) = 3
GROUP BY ALL ORDER BY ALL
"""


def codes() -> Iterator[tuple[str, int]]:
    """The codes of a table, each with how many items it has below it."""
    yield "", len(CLASSES) * 2 * ITEMS
    for code in CLASSES:
        yield code, 2 * ITEMS
        for subclass in (f"{code}01", f"{code}05"):
            yield subclass, ITEMS
            yield from ((f"{subclass}{item:02d}", 1) for item in range(1, ITEMS + 1))


def figures(number: int, year: int) -> Iterator[dict[str, object]]:
    """The figures of one department's accounts: each item costs a sum of its own."""
    document = document_iri(f"{number}-{year}")
    table = f"{document.value}/table/0"
    for position, (code, items) in enumerate(codes()):
        for place, (column, kind) in enumerate(COLUMNS):
            part = (3, 2, 1)[place]
            yield {
                "document_iri": document.value,
                "position": position * 3 + place,
                "observation": f"{table}/{code or 'total'}/{place}",
                "summable": "true",
                "phase": "executed",
                "operation_character": "expenditure",
                "fund_scope": "AllFunds",
                "expenditure_type": kind,
                "fiscal_year": year,
                "functional_code": code or None,
                "organization": department_iri(f"第{number}局").value,
                "table_iri": table,
                "column_path": column,
                "printed_code": code or None,
                "amount": items * part * (number % 97 + year % 7 + 1),
                "printed": "1",
                "unit": "元",
                "grand_total": "true" if not code and kind is None else None,
                "table_title": "支出决算表",
                "table_index": 0,
                "table_type": "classified",
                "step": "1",
            }


def describe(number: int, year: int) -> Iterator[Quad]:
    """What the projection needs to know of a document besides its figures."""
    document, body = document_iri(f"{number}-{year}"), department_iri(f"第{number}局")
    yield Quad(document, RDF.type, FG.Disclosure, document)
    yield Quad(document, DCTERMS.identifier, Literal(f"{number}-{year}"), document)
    yield Quad(document, DCTERMS.publisher, body, document)
    yield Quad(document, FG.disclosureKind, code_concept("disclosure kind", "部门决算"), document)
    yield Quad(document, FG.year, Literal(str(year), datatype=XSD.gYear), document)
    yield Quad(body, RDF.type, ORG.FormalOrganization, SHARED_GRAPH)
    yield Quad(body, SKOS.prefLabel, Literal(f"第{number}局"), SHARED_GRAPH)


def quads(figure: dict[str, object]) -> Iterator[Quad]:
    """A figure in the graph, as the mapping states it, with what the query asks for."""
    node, graph = NamedNode(str(figure["observation"])), NamedNode(str(figure["document_iri"]))
    yield Quad(node, RDF.type, QB.Observation, graph)
    yield Quad(node, QB.dataSet, NamedNode(str(figure["table_iri"])), graph)
    yield Quad(node, OBEU.amount, Literal(str(figure["amount"]), datatype=XSD.decimal), graph)
    yield Quad(node, OBEU.fiscalYear, year_iri(int(str(figure["fiscal_year"]))), graph)
    yield Quad(node, FG.operationCharacter, OBEU.Expenditure, graph)
    yield Quad(node, FG.budgetPhase, OBEU.Executed, graph)
    yield Quad(node, FG.fundScope, FG.AllFunds, graph)
    if figure["functional_code"]:
        yield Quad(node, FG.functionalClassification, concept_iri(str(figure["functional_code"])), graph)
    if figure["expenditure_type"]:
        kind = NamedNode(f"{PREFIXES['fg']}{figure['expenditure_type']}")
        yield Quad(node, FG.expenditureType, kind, graph)


def timed(action: Callable[[], Any], repeats: int = REPEATS) -> tuple[float, Any]:
    """The least seconds of an action, after one run that is not counted, and its result: what other programs
    of the machine take does not count."""
    result = action()
    times = []
    for _ in range(repeats):
        start = time.perf_counter()
        result = action()
        times.append(time.perf_counter() - start)
    return min(times), result


def load(graph: Store, pending: list[Quad]) -> float:
    """Load what is pending and empty it; the seconds it took."""
    start = time.perf_counter()
    graph.bulk_extend(pending)
    pending.clear()
    return time.perf_counter() - start


def main() -> None:
    """Make the figures, measure, and say whether both ways give the same sums."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument(
        "--figures", type=int, default=1_000_000, help="in the projection (default 1,000,000)"
    )
    parser.add_argument("--sparql-figures", type=int, help="in the graph (default: as many)")
    given = parser.parse_args()
    wanted = given.figures if given.sparql_figures is None else min(given.sparql_figures, given.figures)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "figures").mkdir()
        store, graph = Store(), Store(str(folder / "graph"))
        documents, made, in_graph = [], 0, 0
        pending: list[Quad] = []
        loading = 0.0
        for number in range(-(-given.figures // (PER_DOCUMENT * len(YEARS)))):
            for year in YEARS:
                documents.append(document_iri(f"{number}-{year}"))
                store.extend(list(describe(number, year)))
                lines = list(figures(number, year))
                with (folder / "figures" / figures_file(documents[-1])).open("w", encoding="utf-8") as stream:
                    writer = csv.DictWriter(stream, FIGURE_COLUMNS, lineterminator="\n")
                    writer.writeheader()
                    writer.writerows(lines)
                made += len(lines)
                if in_graph < wanted:
                    pending += [quad for line in lines for quad in quads(line)]
                    in_graph += len(lines)
                if len(pending) > BATCH:
                    loading += load(graph, pending)
        loading += load(graph, pending)
        for code, _ in codes():
            if code:
                graph.add(Quad(concept_iri(code), SKOS.notation, Literal(code), SHARED_GRAPH))
        graph.optimize()
        print(f"{made:,} figures of {len(documents):,} documents")
        print(f"{in_graph:,} of them in the graph, loaded in {loading:.0f} s")
        start = time.perf_counter()
        write_projection(store, folder / "figures", folder, documents)
        size = sum(path.stat().st_size for path in folder.glob("*.parquet")) / 1e6
        print(f"projection written in {time.perf_counter() - start:.1f} s, {size:.1f} MB")
        measure(folder, graph, same=made == in_graph)


def measure(folder: Path, graph: Store, *, same: bool) -> None:
    """Time the sum by year and class, three ways."""
    start = time.perf_counter()
    projection = Projection(folder)
    opening = time.perf_counter() - start
    request = sum_request(by=["year", "class"], where={"phase": "决算", "scope": "全部资金"})
    plain, rows = timed(lambda: projection.rows(PLAIN))
    safe, answer = timed(lambda: sum_amounts(projection, request))
    assert isinstance(answer, SumAnswer)

    def in_sparql() -> list[tuple[str, ...]]:
        found: Any = graph.query(SPARQL, prefixes=dict(PREFIXES), use_default_graph_as_union=True)
        return sorted(tuple(term.value for term in row) for row in found)

    sparql, in_graph = timed(in_sparql, repeats=1)
    print(f"opened in {opening * 1000:.0f} ms")
    print(f"year × class, projection, bare query: {plain * 1000:.1f} ms")
    print(f"year × class, safe sum with its checks: {safe * 1000:.1f} ms ({len(answer.rows)} rows)")
    print(
        f"year × class, SPARQL: {sparql * 1000:,.0f} ms; {sparql / plain:,.0f} times the bare query, "
        f"{sparql / safe:,.0f} times the safe sum"
    )
    bare = {(str(year), str(code)): amount for year, code, amount in rows}
    assert {tuple(part.value for part in row.key): row.amount for row in answer.rows} == bare
    if same:
        assert len(in_graph) == len(bare)
        assert all(bare[year.rsplit("/", 1)[-1], code] == Decimal(total) for year, code, total in in_graph)
        print("all three give the same sums")


if __name__ == "__main__":
    main()
