"""``fiscalgraph issues`` and ``/issues``: the list and its filters, one issue, the workbook, ids of old."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import openpyxl
import pytest
from pyoxigraph import Literal, NamedNode, Quad, Store
from running import Finished, fiscalgraph, server
from starlette.testclient import TestClient

from fiscalgraph.api.issue_book import IssueBook, IssueFilters
from fiscalgraph.api.library import Library
from fiscalgraph.api.resources_app import resources_app
from fiscalgraph.graph.identifiers import ISSUES_GRAPH, issue_iri
from fiscalgraph.graph.store import GenerationStore
from fiscalgraph.ontology.terms import DCTERMS, FG, RDF


def run(home: Path, *arguments: str | Path, chinese: bool = False) -> Finished:
    return fiscalgraph("issues", *arguments, "--home", home, *(["--lang", "zh"] if chinese else []))


def listed(home: Path, *arguments: str) -> dict[str, Any]:
    done = run(home, *arguments, "--json")
    assert done.code == 0, done.err
    answer: dict[str, Any] = json.loads(done.out)
    return answer


def test_the_list_shows_what_is_shared_and_what_is_at_stake(sample_home: Path) -> None:
    done = run(sample_home, "--side", "cause", "--min-departments", "3", chinese=True)
    assert done.code == 0
    head, _, first, *_ = [line for line in done.out.splitlines() if line.strip()]
    assert "共性问题" in head
    assert "所涉预算（元）" in head
    assert " 4 " in first or " 3 " in first
    assert "金额不可相加" in done.out


def test_csv_and_json_hold_every_issue_with_exact_amounts(sample_home: Path, tmp_path: Path) -> None:
    page = listed(sample_home)
    assert page["total"] == len(page["items"]) > 30
    out = tmp_path / "issues.csv"
    assert run(sample_home, "--format", "csv", "-o", out).code == 0
    rows = list(csv.DictReader(io.StringIO(out.read_text(encoding="utf-8-sig"))))
    assert [row["issue"] for row in rows] == [item["id"] for item in page["items"]]
    assert [row["budget"] for row in rows] == [item["budget"] or "" for item in page["items"]]


def test_filters_choose_issues(sample_home: Path) -> None:
    everything = listed(sample_home)["total"]
    for arguments in (
        ("--side", "measure"),
        ("--department", "云泽省水务厅"),
        ("--year", "2023"),
        ("--type", "资金下达晚"),
        ("--type", "funding"),
        ("--min-departments", "3"),
        ("--min-confidence", "0.9"),
    ):
        assert 0 < listed(sample_home, *arguments)["total"] < everything, arguments
    items = listed(sample_home, "--department", "云泽省水文监测中心", "--year", "2024")["items"]
    assert {year for item in items for year in item["years"]} == {2024}
    assert all("云泽省水务厅" in [each["name"] for each in item["departments"]] for item in items)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--department", "水务"), "云泽省水务厅"),
        (("--type", "资金"), "资金下达晚"),
        (("nosuch",), "fiscalgraph issues"),
    ],
)
def test_what_is_not_there_is_said_with_what_is(
    sample_home: Path, arguments: tuple[str, ...], words: str
) -> None:
    done = run(sample_home, *arguments)
    assert done.code == 1
    assert words in done.err
    assert "Traceback" not in done.err


def test_a_workbook_needs_a_file_and_a_table_has_none(sample_home: Path, tmp_path: Path) -> None:
    assert run(sample_home, "--format", "xlsx").code == 1
    assert run(sample_home, "-o", tmp_path / "x").code == 1
    assert list(tmp_path.iterdir()) == []


def test_one_issue_is_shown_with_departments_places_measures_and_outcomes(sample_home: Path) -> None:
    item = next(item for item in listed(sample_home)["items"] if item["outcomes"]["met"] and item["measures"])
    done = run(sample_home, item["id"])
    assert done.code == 0
    assert done.out.startswith(f"{item['label']}  [{item['id']}]")
    for department in item["departments"]:
        assert department["name"] in done.out
    assert "measures that answer it" in done.out
    assert "a year later: met" in done.out
    one = listed(sample_home, item["id"])
    assert len(one["members"]) == one["passages"]
    assert all(member["source"]["quote"] for member in one["members"])
    rows = list(csv.DictReader(io.StringIO(run(sample_home, item["id"], "--format", "csv").out)))
    assert [row["passage"] for row in rows] == [member["iri"] for member in one["members"]]


@pytest.fixture(scope="module")
def workbook(sample_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Any:
    out = tmp_path_factory.mktemp("xlsx") / "issues.xlsx"
    done = run(sample_home, "--format", "xlsx", "-o", out, chinese=True)
    assert done.code == 0, done.err
    return openpyxl.load_workbook(out)


def test_the_workbook_counts_departments_by_issues(workbook: Any) -> None:
    assert workbook.sheetnames == ["共性问题", "部门×问题", "成员表述", "对应措施", "未达标指标", "说明"]
    matrix = workbook["部门×问题"]
    assert matrix.freeze_panes == "D2"
    head, *rows = matrix.iter_rows(values_only=True)
    assert head[:3] == ("共性问题", "侧别", "合计")
    assert set(head[3:]) == {"云泽省水务厅", "国家自然遗产保护局", "清河市教育局", "澄溪县民政局"}
    assert len(rows) == workbook["共性问题"].max_row - 1
    for _, _, total, *counts in rows:
        assert total == sum(count or 0 for count in counts)
    members = workbook["成员表述"].max_row - 1
    assert sum(row[2] for row in rows) == members


def test_the_workbook_holds_money_as_numbers_and_quotes_as_text(workbook: Any) -> None:
    sheet = workbook["共性问题"]
    assert sheet.freeze_panes == "B2"
    heads = [cell.value for cell in sheet[1]]
    budget = sheet.cell(2, heads.index("所涉项目预算（元）") + 1)
    assert budget.data_type == "n"
    assert budget.number_format == "#,##0.00"
    members = workbook["成员表述"]
    quote = [cell.value for cell in members[1]].index("原文") + 1
    assert all(members.cell(row, quote).value for row in range(2, members.max_row + 1))


def test_types_of_causes_are_listed_as_issues_are(sample_home: Path, tmp_path: Path) -> None:
    page = listed(sample_home, "--level", "type")
    assert {"staff-shortage", "late-funds"} < {item["id"] for item in page["items"]}
    assert all(item["passages"] and item["departments"] for item in page["items"])
    counts = [len(item["departments"]) for item in page["items"]]
    assert counts == sorted(counts, reverse=True)
    funding = listed(sample_home, "--level", "type", "--type", "funding")["items"]
    assert {item["type"]["code"] for item in funding} == {"funding"}
    assert 0 < len(funding) < page["total"]
    (one,) = listed(sample_home, "--level", "type", "--type", "人员不足")["items"]
    assert (one["label"], one["names"]["en"]) == ("人员不足", "Understaffing")
    assert listed(sample_home, "--level", "type", "--side", "measure")["total"] == 0
    sure = listed(sample_home, "staff-shortage", "--min-confidence", "0.9")
    every = listed(sample_home, "staff-shortage")
    assert len(every["members"]) == every["passages"] > sure["passages"] > 0
    assert every["answers"]
    assert all(member["source"]["quote"] for member in every["members"])
    done = run(sample_home, "--level", "type", chinese=True)
    assert "原因类型" in done.out
    assert f"共 {page['total']} 个原因类型" in done.out
    assert "定义：" in run(sample_home, "staff-shortage", chinese=True).out
    english = run(sample_home, "staff-shortage").out
    assert english.startswith("Understaffing  [staff-shortage]")
    assert "group: Organisation and staff" in english
    assert "Understaffing" in run(sample_home, "--level", "type").out
    out = tmp_path / "types.xlsx"
    assert run(sample_home, "--level", "type", "--format", "xlsx", "-o", out, chinese=True).code == 0
    book = openpyxl.load_workbook(out)
    assert book.sheetnames == ["原因类型", "部门×原因类型", "成员表述", "对应措施", "未达标指标", "说明"]
    head, *rows = book["部门×原因类型"].iter_rows(values_only=True)
    assert head[:3] == ("原因类型", "侧别", "合计")
    assert [row[0] for row in rows] == [item["label"] for item in page["items"]]


def test_an_empty_list_of_types_is_one_of_types(sample_home: Path, tmp_path: Path) -> None:
    nothing = ("--level", "type", "--side", "measure")
    assert "共 0 个原因类型" in run(sample_home, *nothing, chinese=True).out
    out = tmp_path / "none.xlsx"
    assert run(sample_home, *nothing, "--format", "xlsx", "-o", out, chinese=True).code == 0
    book = openpyxl.load_workbook(out)
    assert book.sheetnames[:2] == ["原因类型", "部门×原因类型"]
    assert book["原因类型"].max_row == 1
    assert book["说明"]["A2"].value == "原因类型"


def test_a_workbook_in_english_names_types_in_english(client: httpx.Client) -> None:
    asked = {"level": "type", "format": "xlsx", "language": "en"}
    book = openpyxl.load_workbook(io.BytesIO(client.get("/issues", params=asked).content))
    assert "Understaffing" in [cell.value for cell in book["issues"]["A"]]
    assert "Understaffing" in [cell.value for cell in book["members"]["A"]]
    heads = [cell.value for cell in book["issues"][1]]
    groups = {
        cell.value for cell in book["issues"][openpyxl.utils.get_column_letter(heads.index("type") + 1)]
    }
    assert "Organisation and staff" in groups
    none = client.get(
        "/issues", params={"level": "type", "side": "measure", "format": "csv", "language": "zh"}
    )
    assert none.text.lstrip("\ufeff").startswith("原因类型")


def test_a_statement_is_of_the_types_that_the_graph_assigns(sample_home: Path) -> None:
    store = GenerationStore(sample_home).open_reader().store
    assigned = {
        (quad.subject.value, quad.object.value) for quad in store.quads_for_pattern(None, FG.causeType, None)
    }
    book = IssueBook(store)
    views = book.find(IssueFilters(level="type"))
    assert sum(len(view.members) for view in views) == len(assigned) > 100
    assert book.one("https://w3id.org/fiscalgraph/causes#late-funds") == book.one("late-funds")


# ---- over HTTP ----


@pytest.fixture(scope="module")
def client(sample_home: Path) -> Iterator[httpx.Client]:
    with (
        server(sample_home) as address,
        httpx.Client(base_url=address, timeout=60, trust_env=False) as client,
    ):
        yield client


def test_http_gives_what_the_command_gives(client: httpx.Client, sample_home: Path) -> None:
    wanted = listed(sample_home, "--side", "cause", "--year", "2024")
    page = client.get("/issues", params={"side": "cause", "year": 2024, "limit": 500}).json()
    assert page["items"] == wanted["items"]
    item = wanted["items"][0]
    one = client.get(item["url"], params={"year": 2024}).json()
    assert one == listed(sample_home, item["id"], "--year", "2024")


def test_pages_follow_each_other(client: httpx.Client) -> None:
    whole = client.get("/issues", params={"limit": 500}).json()
    found: list[str] = []
    following: str | None = "/issues?limit=20"
    while following is not None:
        page = client.get(following).json()
        found += [item["id"] for item in page["items"]]
        following = page["next"]
    assert found == [item["id"] for item in whole["items"]]


def test_an_issue_is_linked_data_and_a_list_is_a_workbook(client: httpx.Client) -> None:
    item = client.get("/issues", params={"limit": 1}).json()["items"][0]
    turtle = client.get(item["url"], headers={"Accept": "text/turtle"}).text
    assert item["label"] in turtle
    assert client.get(f"/id/issue/{item['id']}").headers["link"] == f'<{item["url"]}>; rel="describedby"'
    answer = client.get("/issues", params={"format": "xlsx", "min_departments": 2})
    assert answer.headers["content-disposition"] == 'attachment; filename="issues.xlsx"'
    assert openpyxl.load_workbook(io.BytesIO(answer.content)).sheetnames[0] == "共性问题"


def test_a_type_of_causes_has_an_address(client: httpx.Client) -> None:
    page = client.get("/issues", params={"level": "type", "limit": 100}).json()
    assert not page["next"]
    for item in page["items"]:
        one = client.get(item["url"]).json()
        assert (one["label"], one["passages"]) == (item["label"], item["passages"])
        assert one["model"] is None
    turtle = client.get(page["items"][0]["url"], headers={"Accept": "text/turtle"})
    assert page["items"][0]["label"] in turtle.text
    rows = client.get(page["items"][0]["url"], params={"format": "csv"}).text.splitlines()
    assert "原因类型" in rows[0]
    assert len(rows) == page["items"][0]["passages"] + 1


@pytest.mark.parametrize(
    ("parameters", "status"),
    [
        ({"department": "没有的局"}, 404),
        ({"type": "没有的类型"}, 404),
        ({"side": "both"}, 422),
        ({"level": "group"}, 422),
        ({"year": "24"}, 422),
        ({"min_confidence": "2"}, 422),
        ({"format": "pdf"}, 422),
    ],
)
def test_wrong_requests_are_refused(client: httpx.Client, parameters: dict[str, str], status: int) -> None:
    answer = client.get("/issues", params=parameters)
    assert answer.status_code == status
    assert answer.json()["error"]["cure"]


def test_an_id_of_old_leads_to_the_issue_that_took_over(sample_home: Path) -> None:
    library = Library(sample_home)
    heir = library.issues.find(IssueFilters())[0].issue
    store = Store()
    store.bulk_extend(library.store)
    for name, taken in (("old", heir.iri), ("gone", None)):
        gone = issue_iri(name)
        store.add(Quad(gone, RDF.type, FG.RetiredIssue, ISSUES_GRAPH))
        store.add(Quad(gone, DCTERMS.identifier, Literal(name), ISSUES_GRAPH))
        if taken is not None:
            store.add(Quad(gone, DCTERMS.isReplacedBy, NamedNode(taken), ISSUES_GRAPH))
    library.issues = IssueBook(store)
    with TestClient(resources_app(library), follow_redirects=False) as client:
        moved = client.get("/issues/old?year=2024")
        assert (moved.status_code, moved.headers["location"]) == (301, f"/issues/{heir.id}?year=2024")
        assert client.get("/issues/gone").status_code == 410
        assert client.get("/issues/never").status_code == 404
