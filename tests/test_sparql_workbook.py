"""Rows of ``/sparql`` as Excel workbooks: what a spreadsheet makes of them, and what cannot be one."""

from __future__ import annotations

import io
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import httpx
import openpyxl
import pytest
from running import fiscalgraph, server

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
LIMITS = {"FISCALGRAPH_SPARQL_ROWS": "30", "FISCALGRAPH_SPARQL_BYTES": "60000"}
XSD = "PREFIX xsd: <http://www.w3.org/2001/XMLSchema#> "


@pytest.fixture(scope="module")
def client(sample_home: Path) -> Iterator[httpx.Client]:
    with (
        server(sample_home, LIMITS) as address,
        httpx.Client(base_url=address, timeout=60, trust_env=False) as client,
    ):
        yield client


def asked(client: httpx.Client, query: str, **more: str) -> httpx.Response:
    return client.get("/sparql", params={"query": query, "format": "xlsx", **more})


def sheets(content: bytes) -> list[list[list[Any]]]:
    """The cells of each sheet: value and Excel's type of it (``n`` number, ``s`` text, ``f`` formula)."""
    book = openpyxl.load_workbook(io.BytesIO(content))
    return [[[(cell.value, cell.data_type) for cell in row] for row in sheet.iter_rows()] for sheet in book]


def values(answer: httpx.Response) -> list[tuple[Any, str]]:
    """The cells of an answer of one row."""
    assert answer.status_code == 200, answer.text
    rows: list[list[tuple[Any, str]]] = sheets(answer.content)[0]
    assert len(rows) == 2
    return rows[1]


def test_rows_and_the_query_they_answer(client: httpx.Client) -> None:
    query = "SELECT ?x ?none {\n  VALUES (?x ?none) { (1 UNDEF) (2 UNDEF) }\n}"
    answer = asked(client, query)
    assert answer.headers["content-type"] == XLSX
    assert answer.headers["content-disposition"] == 'attachment; filename="answer.xlsx"'
    rows, about = sheets(answer.content)
    assert [[value for value, _ in row] for row in rows] == [["x", "none"], [1, None], [2, None]]
    assert [value for value, _ in about[1]][:2] == [2, "yes 是"]
    assert [row[2][0] for row in about[1:]] == query.split("\n")
    assert asked(client, query).content == answer.content
    accepted = client.post(
        "/sparql", content=query, headers={"Content-Type": "application/sparql-query", "Accept": XLSX}
    )
    assert accepted.content == answer.content


@pytest.mark.parametrize(
    ("term", "value", "kind"),
    [
        ("12.50", 12.5, "n"),
        ("-7", -7, "n"),
        ("123456789012.345", 123456789012.345, "n"),
        ("1234567890123.4500000", 1234567890123.45, "n"),
        ("1234567890123456.78", "1234567890123456.78", "s"),  # a number of Excel's would lose its cents
        ("-12345678901234567", "-12345678901234567", "s"),
        ('"2024"^^xsd:gYear', 2024, "n"),
        ('"n/a"^^xsd:decimal', "n/a", "s"),
        ('"1_000"^^xsd:integer', "1_000", "s"),
        ("true", True, "b"),
        ('"perhaps"^^xsd:boolean', "perhaps", "s"),
        (f'"{"9" * 5000}"^^xsd:integer', "9" * 5000, "s"),
        ('"2024-01-31"^^xsd:date', "2024-01-31", "s"),
        ('"=1+1"', "=1+1", "s"),
        ('"+1"', "+1", "s"),
        ('"-2+3"', "-2+3", "s"),
        ('"@SUM(A1)"', "@SUM(A1)", "s"),
        ('"\\t=1"', "\t=1", "s"),
        ('"0042"', "0042", "s"),
        ('"资金\\n下达"@zh', "资金\n下达", "s"),
        ("<https://example.org/=1>", "https://example.org/=1", "s"),
    ],
)
def test_numbers_only_where_excel_holds_them_and_never_a_formula(
    client: httpx.Client, term: str, value: Any, kind: str
) -> None:
    assert values(asked(client, f"{XSD}SELECT ?x {{ VALUES ?x {{ {term} }} }}")) == [(value, kind)]


def test_equal_terms_of_other_kinds_stay_apart(client: httpx.Client) -> None:
    answer = asked(client, 'SELECT * { VALUES (?a ?b ?c) { (1 "1" true) } }')
    assert values(answer) == [(1, "n"), ("1", "s"), (True, "b")]


def test_rows_beyond_the_limit_are_left_out_and_the_workbook_says_so(client: httpx.Client) -> None:
    cut = asked(client, "SELECT ?s { ?s ?p ?o }")
    assert cut.headers["fiscalgraph-truncated"] == "rows=30"
    rows, about = sheets(cut.content)
    assert len(rows) == 31
    assert about[1][0][0] == 30
    assert "further rows were left out" in about[1][1][0]
    grouped = asked(client, "SELECT ?s (COUNT(*) AS ?n) { ?s ?p ?o } GROUP BY ?s")
    assert (grouped.status_code, grouped.json()["error"]["code"]) == (413, "result_too_large")


def test_a_text_that_no_cell_holds_is_refused(client: httpx.Client) -> None:
    long = "x" * 32_768
    refused = asked(client, f'SELECT ("{long}" AS ?x) {{}}')
    assert (refused.status_code, refused.json()["error"]["code"]) == (422, "query_failed")
    assert "32768 characters" in refused.json()["error"]["why"]
    assert "CSV" in refused.json()["error"]["cure"]
    assert client.get(
        "/sparql", params={"query": f'SELECT ("{long}" AS ?x) {{}}', "format": "csv"}
    ).is_success


@pytest.mark.parametrize("query", ["ASK {}", "CONSTRUCT WHERE { ?s ?p ?o }", "DESCRIBE <urn:x>"])
def test_what_has_no_rows_is_no_workbook(client: httpx.Client, query: str) -> None:
    refused = asked(client, query)
    assert (refused.status_code, refused.json()["error"]["code"]) == (406, "not_acceptable")
    assert "(format=json)" in refused.json()["error"]["cure"]
    assert client.get("/sparql", params={"query": query}, headers={"Accept": f"{XLSX}, */*;q=0.1"}).is_success


def test_the_command_line_writes_the_same_values(sample_home: Path, tmp_path: Path) -> None:
    query = tmp_path / "one.rq"
    query.write_text('SELECT * { VALUES (?a ?b ?c) { (1234567890123456.78 "=1" 12.50) } }', "utf-8")
    file = tmp_path / "one.xlsx"
    assert fiscalgraph("query", query, "--format", "xlsx", "-o", file, "--home", sample_home).code == 0
    assert sheets(file.read_bytes())[0][1] == [("1234567890123456.78", "s"), ("=1", "s"), (12.5, "n")]
    query.write_text("ASK {}", "utf-8")
    assert fiscalgraph("query", query, "--format", "xlsx", "-o", file, "--home", sample_home).code == 0
    assert sheets(file.read_bytes())[0] == [[("answer", "s")], [(True, "b")]]


def test_a_whole_number_fits_where_its_digits_do(tmp_path: Path) -> None:
    from fiscalgraph.graph.workbooks import write_workbook

    numbers = [10**20, 10**20 + 1, Decimal("0.123456789012345"), Decimal("0.1234567890123456"), Decimal(0)]
    numbers += [10**307, 10**309, Decimal("1E-307"), Decimal("1E-330")]
    write_workbook(tmp_path / "n.xlsx", {"n": (["n"], [[number] for number in numbers])})
    kinds = [row[0][1] for row in sheets((tmp_path / "n.xlsx").read_bytes())[0][1:]]
    assert kinds == ["n", "s", "n", "s", "n", "n", "s", "n", "s"]


def test_no_heading_is_a_formula(tmp_path: Path) -> None:
    from fiscalgraph.graph.workbooks import write_workbook

    write_workbook(tmp_path / "n.xlsx", {"n": (["=1+1"], [[1]])})
    assert sheets((tmp_path / "n.xlsx").read_bytes())[0][0] == [("=1+1", "s")]
