"""Lists as CSV and Excel: whole, with exact money, sources, headings in both languages, and no formulas."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import httpx
import openpyxl
import pytest
from running import server
from served_samples import WATER, given, refusal

from fiscalgraph.api.list_tables import LIST_TABLES
from fiscalgraph.graph.workbooks import plain_cell

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
LISTS: dict[str, dict[str, Any]] = {
    "/departments": {},
    "/projects": {},
    "/indicators": {"achieved": False},
    "/laws": {},
    "/classification": {"list": "functional"},
    "/documents": {"year": 2024},
    "/checks": {"verdict": "contradicts"},
    "/checks/rules": {},
    "/issues": {"min_departments": 2},
    "/passages/search": {"q": "资金下达较晚"},
}


@pytest.fixture(scope="module")
def client(sample_home: Path) -> Iterator[httpx.Client]:
    with (
        server(sample_home) as address,
        httpx.Client(base_url=address, timeout=60, trust_env=False) as client,
    ):
        yield client


def table(client: httpx.Client, path: str, **parameters: Any) -> tuple[list[str], list[list[str]]]:
    answer = client.get(path, params={**parameters, "format": "csv"})
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    header, *rows = csv.reader(io.StringIO(answer.text))
    assert int(answer.headers["fiscalgraph-rows"]) == len(rows)
    assert all(len(row) == len(header) for row in rows)
    return header, rows


def columns(client: httpx.Client, path: str, **parameters: Any) -> list[dict[str, str]]:
    header, rows = table(client, path, **parameters)
    assert len(set(header)) == len(header)
    return [dict(zip(header, row, strict=True)) for row in rows]


def sheet(client: httpx.Client, path: str, **parameters: Any) -> list[list[Any]]:
    answer = client.get(path, params={**parameters, "format": "xlsx"})
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == XLSX
    assert answer.headers["content-disposition"].endswith('.xlsx"')
    book = openpyxl.load_workbook(io.BytesIO(answer.content))
    return [[cell.value for cell in row] for row in book.worksheets[0].iter_rows()]


@pytest.mark.parametrize("path", LISTS)
def test_a_table_holds_the_whole_list_in_both_formats(client: httpx.Client, path: str) -> None:
    asked = LISTS[path]
    limit = {"k": 2} if path == "/passages/search" else {"limit": 2}
    total = given(client, path, **asked)["total"]
    assert total > 2
    header, rows = table(client, path, **asked, **limit)
    assert len(rows) >= total
    workbook = sheet(client, path, **asked, **limit)
    assert len(workbook) == len(rows) + 1
    assert len(workbook[0]) == len(header)
    if path == "/issues":
        return  # its workbook has headings of its own
    assert workbook[0] == header
    for printed, cells in zip(rows, workbook[1:], strict=True):
        for text, cell in zip(printed, cells, strict=True):
            number = isinstance(cell, (int, float))
            assert (
                Decimal(text) == pytest.approx(Decimal(str(cell)))
                if number
                else text.lstrip("'") == (cell or "")
            )


@pytest.mark.parametrize("path", LISTS)
def test_headings_are_chinese_or_english(client: httpx.Client, path: str) -> None:
    asked = LISTS[path]
    chinese, _ = table(client, path, **asked)
    english, _ = table(client, path, **asked, language="en")
    assert all(not heading.isascii() or heading in ("SHA-256",) for heading in chinese)
    assert all(heading.isascii() for heading in english)
    assert len(chinese) == len(english)
    header = client.get(
        path, params={**asked, "format": "csv"}, headers={"Accept-Language": "en-GB, zh;q=0.5"}
    )
    assert next(csv.reader(io.StringIO(header.text))) == english


def test_money_of_projects_is_exact_with_what_is_printed_and_where(client: httpx.Client) -> None:
    rows = columns(client, "/projects", department=WATER)
    compared = 0
    for project in given(client, "/projects", department=WATER)["items"]:
        own = [row for row in rows if row["标识符（IRI）"] == project["iri"]]
        assert len(own) == len(project["reports"])
        for row, report in zip(own, project["reports"], strict=True):
            amount = report["executed"]
            if amount is None:
                assert row["全年执行数（元）"] == row["全年执行数（原文）"] == ""
                continue
            assert Decimal(row["全年执行数（元）"]) == Decimal(amount["amount"])
            assert (row["全年执行数（原文）"], row["全年执行数单位"]) == (amount["printed"], amount["unit"])
            assert row["出处文件"] == report["source"]["document"]
            assert row["出处页"] == str(report["source"]["page"] or "")
            assert row["出处原文"].lstrip("'") == report["source"]["quote"]
            compared += 1
    assert compared > 5


def test_a_named_query_has_its_own_names_of_columns_or_headings_in_words(client: httpx.Client) -> None:
    asked = {"item": "公务接待费"}
    names = next(
        csv.reader(io.StringIO(client.get("/queries/three-publics", params={**asked, "format": "csv"}).text))
    )
    assert "amount" in names
    in_words = client.get("/queries/three-publics", params={**asked, "format": "csv", "language": "zh"})
    header = next(csv.reader(io.StringIO(in_words.text)))
    assert (header[names.index("amount")], len(header)) == ("金额（元）", len(names))
    assert sheet(client, "/queries/three-publics", **asked, language="zh")[0] == header
    assert "Amount (yuan)" in sheet(client, "/queries/three-publics", **asked, language="en")[0]
    described = {each["name"]: each for each in given(client, "/queries")["items"]}
    assert described["three-publics"]["headings"]["amount"]["zh"] == "金额（{unit}）"


def test_targets_that_look_like_formulas_are_text_under_headings_in_words(client: httpx.Client) -> None:
    def targets(**more: str) -> set[str]:
        text = client.get("/queries/indicators", params={"format": "csv", **more}).text
        return {cell for row in csv.reader(io.StringIO(text)) for cell in row if cell.endswith("=100%")}

    assert targets() == {"=100%"}  # as printed
    assert targets(language="zh") == targets(language="en") == {"'=100%"}


def test_a_project_is_a_table_of_what_its_documents_report(client: httpx.Client) -> None:
    project = max(given(client, "/projects")["items"], key=lambda each: len(each["reports"]))
    whole = given(client, project["url"])
    rows = columns(client, project["url"])
    assert len(rows) == len(whole["entries"]) > 1
    assert [row["出处文件"] for row in rows] == [entry["source"]["document"] for entry in whole["entries"]]
    assert {row["项目"] for row in rows} == {whole["name"]}
    assert len(sheet(client, project["url"], language="en")) == len(rows) + 1


def test_each_side_of_a_check_has_its_unit(client: httpx.Client) -> None:
    rows = columns(client, "/checks", check="code-hierarchy", verdict=["contradicts", "rounding"])
    assert rows
    for row in rows:
        assert row["左方：单位"] == row["右方：单位"] == row["差额单位"] in ("元", "万元")
        figures = row["右方：参与计算的数"].split("、")
        assert all(figure.endswith(row["右方：单位"]) for figure in figures)


def test_indicators_say_if_they_were_reached(client: httpx.Client) -> None:
    everything = columns(client, "/indicators")
    assert {row["是否达标"] for row in everything} == {"是", "否", ""}
    missed = columns(client, "/indicators", achieved=False)
    assert {row["是否达标"] for row in missed} == {"否"}
    assert len(missed) == sum(row["是否达标"] == "否" for row in everything)
    for item in given(client, "/indicators", limit=100)["items"]:
        ratio = item["achievement_ratio"]
        assert item["achieved"] == (None if ratio is None else Decimal(ratio) >= 1)


def test_codes_are_named_in_the_language_of_the_headings(client: httpx.Client) -> None:
    assert {row["结论"] for row in columns(client, "/checks", verdict="contradicts")} == {"矛盾"}
    english = columns(client, "/checks", verdict="contradicts", language="en")
    assert {row["verdict"] for row in english} == {"Contradicts"}
    kinds = {row["类别"] for row in columns(client, "/departments")}
    assert kinds <= {"部门", "所属单位", "本级"}


def test_a_comparison_has_both_places(client: httpx.Client) -> None:
    items = given(client, "/checks", verdict="contradicts", limit=500)["items"]
    rows = {row["标识符（IRI）"]: row for row in columns(client, "/checks", verdict="contradicts")}
    for item in items:
        row = rows[item["iri"]]
        for side, name in (("left", "左方"), ("right", "右方")):
            place = item[side]["place"]
            assert row[f"{name}：原文"].lstrip("'") == ("" if place is None else place["quote"])


def test_a_search_is_given_as_far_as_it_is_ranked(client: httpx.Client) -> None:
    hits = given(client, "/passages/search", q="资金下达较晚", k=20)["items"]
    rows = columns(client, "/passages/search", q="资金下达较晚", k=1)
    assert [row["表述"] for row in rows[:20]] == [hit["passage"]["text"] for hit in hits]
    assert rows[0]["出处文件"] == hits[0]["passage"]["document"]
    by_department = columns(client, "/passages/search", q="资金下达较晚", group="department")
    assert len({row["公开单位"] for row in by_department}) == len(by_department) > 1
    iri = hits[0]["passage"]["iri"]
    assert columns(client, "/passages/similar", iri=iri)


def test_a_table_that_is_too_long_is_refused_not_cut(sample_home: Path) -> None:
    with (
        server(sample_home, {"FISCALGRAPH_SERVE_TABLE_ROWS": "5"}) as address,
        httpx.Client(base_url=address, timeout=60, trust_env=False) as client,
    ):
        for path in ("/indicators", "/projects", "/checks", "/issues", "/classification"):
            error = refusal(client.get(path, params={"format": "csv"}), 413)
            assert "5 rows" in error["why"]
        assert (
            client.get("/documents", params={"format": "csv", "year": 2023, "kind": "部门预算"}).status_code
            == 200
        )
        # A ranking is told to go on.
        cut = client.get("/passages/search", params={"q": "资金下达较晚", "format": "csv"})
        assert (cut.status_code, cut.headers["fiscalgraph-truncated"]) == (200, "rows=5")


def test_what_looks_like_a_formula_is_text() -> None:
    for text in ("=1+1", "+cmd|' /C calc'!A0", "-1+2*cmd", "@SUM(A1)", "\t=1", "\r=1", "-(2)", "-.a"):
        assert plain_cell(text) == f"'{text}"
    for figure in ("-12.50", "-1,200.5", "-3.5%", "+3", "-", "——", "-—", "12"):
        assert plain_cell(figure) == figure
    assert plain_cell(Decimal("1E+7")) == "10000000"


def test_every_column_has_its_headings_once() -> None:
    for name, layout in LIST_TABLES.items():
        for headings in ([column.zh for column in layout.columns], [column.en for column in layout.columns]):
            assert len(set(headings)) == len(headings), name
