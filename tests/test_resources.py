"""The resources over HTTP: facts on the samples (their truth is exact), paging, addresses, linked data."""

from __future__ import annotations

import io
import json
import re
from codecs import BOM_UTF8
from collections import Counter
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any
from urllib.parse import quote

import httpx
import pyoxigraph
import pytest
import rdflib
from running import server
from served_samples import WATER, documents_of, given, refusal, truth

from fiscalgraph.graph.identifiers import BASE
from fiscalgraph.graph.store import GenerationStore
from fiscalgraph.ontology.prefixes import PREFIXES


@pytest.fixture(scope="module")
def client(sample_home: Path) -> Iterator[httpx.Client]:
    with (
        server(sample_home) as address,
        httpx.Client(base_url=address, timeout=60, trust_env=False) as client,
    ):
        yield client


@pytest.fixture(scope="module")
def store(sample_home: Path) -> pyoxigraph.Store:
    return GenerationStore(sample_home).open_reader().store


def all_items(client: httpx.Client, path: str, **parameters: Any) -> list[dict[str, Any]]:
    """The items of all pages, as the links lead from one to the next."""
    page = given(client, path, **parameters)
    items: list[dict[str, Any]] = list(page["items"])
    while page["next"] is not None:
        page = given(client, page["next"])
        assert page["offset"] == len(items)
        items += page["items"]
    assert len(items) == page["total"]
    return items


def in_yuan(printed: str, unit: str) -> Decimal:
    return Decimal(printed) * {"元": 1, "万元": 10_000, "亿元": 100_000_000}[unit]


# -- departments -------------------------------------------------------------------------------------


def test_departments_with_documents_come_first_with_their_years(client: httpx.Client) -> None:
    listed = all_items(client, "/departments")
    issuers = {about["issuer"] for about in documents_of().values()}
    assert {each["name"] for each in listed[: len(issuers)]} == issuers
    counts = Counter(about["issuer"] for about in documents_of().values())
    assert {each["name"]: each["documents"] for each in listed if each["documents"]} == dict(counts)
    water = next(each for each in listed if each["name"] == WATER)
    assert (water["kind"], water["level"], water["years"]) == ("department", "provincial", [2023, 2024])


def test_departments_are_filtered_by_level_and_name(client: httpx.Client) -> None:
    assert {each["level"] for each in all_items(client, "/departments", level="central")} == {"central"}
    found = all_items(client, "/departments", q="水文")
    assert found
    assert all("水文" in each["name"] for each in found)
    assert all_items(client, "/departments", region="广东省") == []
    refusal(client.get("/departments", params={"region": "月球"}), 404)
    refusal(client.get("/departments", params={"level": "lunar"}), 422)


def test_a_region_means_what_lies_in_it() -> None:
    from fiscalgraph.api.catalogue_making import make_catalogue
    from fiscalgraph.api.resources.departments import list_departments
    from fiscalgraph.graph.identifiers import SHARED_GRAPH, department_iri
    from fiscalgraph.ontology.regions import find_region
    from fiscalgraph.ontology.terms import FG, ORG, RDF, SKOS

    store = pyoxigraph.Store()
    for name, code in (("广州市财政局", "440100"), ("广东省财政厅", "440000"), ("北京市财政局", "110000")):
        body, region = department_iri(name), find_region(code)
        assert region is not None
        facts = (
            (body, RDF.type, ORG.FormalOrganization),
            (body, SKOS.prefLabel, pyoxigraph.Literal(name)),
            (body, FG.region, region.iri),
            (region.iri, SKOS.notation, pyoxigraph.Literal(code)),
        )
        store.extend(pyoxigraph.Quad(*fact, SHARED_GRAPH) for fact in facts)

    class OneGraph:
        def __init__(self) -> None:
            self.store = store
            self.catalogue = make_catalogue(store)

    for given_region, expected in (
        ("广东省", {"广州市财政局", "广东省财政厅"}),
        ("440000", {"广州市财政局", "广东省财政厅"}),
        ("广州市", {"广州市财政局"}),
    ):
        page = list_departments(OneGraph(), region=given_region)  # type: ignore[arg-type]
        assert {each.name for each in page.items} == expected


def test_a_department_spent_what_its_accounts_print(client: httpx.Client) -> None:
    compared = 0
    for document, about in documents_of("部门决算").items():
        printed = [
            line
            for line in truth(document, "lines")
            if (line["table"], line["code"], line["column"]) == ("支出决算表", None, "本年支出合计")
        ]
        if not printed:
            continue
        department = given(client, f"/departments/{about['issuer']}")
        (row,) = [
            each
            for each in department["expenditure"]["items"]
            if (each["fiscal_year"], each["scope"]) == (about["fiscal_year"], "AllFunds")
        ]
        executed = row["executed"]
        assert Decimal(executed["amount"]) == in_yuan(printed[0]["amount"], printed[0]["unit"])
        assert executed["addends"] == len(executed["figures"]) == 1
        place = executed["figures"][0]["source"]
        assert place["document"] == document
        if "page" in printed[0]:
            assert place["page"] == printed[0]["page"]
        if row["rate"] is not None:
            share = 100 * Decimal(executed["amount"]) / Decimal(row[row["rate_of"]]["amount"])
            assert abs(Decimal(row["rate"]) - share) <= Decimal("0.005")
        compared += 1
    assert compared >= 3


def test_the_three_publics_of_a_department_are_its_tables(client: httpx.Client) -> None:
    (printed,) = [
        each
        for each in truth("water_2023_accounts", "totals")
        if "三公" in each["table"] and each["column"].startswith("决算数/") and "公务接待费" in each["column"]
    ]
    rows = given(client, f"/departments/{WATER}")["three_publics"]["items"]
    (row,) = [each for each in rows if (each["fiscal_year"], each["item"]) == (2023, "OfficialReceptions")]
    assert Decimal(row["executed"]["amount"]) == in_yuan(printed["amount"], printed["unit"])
    assert row["item_name"]["zh"] == "公务接待费"


def test_a_department_has_the_units_that_it_lists(client: httpx.Client) -> None:
    department = given(client, f"/departments/{WATER}")
    kinds: dict[str, set[str]] = {"division": set(), "unit": set(), "head_office": set()}
    for unit in department["units"]:
        kinds[unit["kind"]].add(unit["name"])
    listed = truth("water_2023_accounts", "units")
    divisions = {each["name"] for each in listed if each["relation"] == "internal_division"}
    assert divisions <= kinds["division"]
    others = {each["name"] for each in listed if each["relation"] == "subordinate_unit"}
    assert others <= kinds["unit"] | kinds["head_office"]
    assert department["head_office"]["name"] == f"{WATER}本级"
    assert {each["document"] for each in department["documents"]} == {
        name for name, about in documents_of().items() if about["issuer"] == WATER
    }
    unit = given(client, "/departments/云泽省水文监测中心")
    assert (unit["kind"], unit["whole"]["name"]) == ("unit", WATER)


def test_a_departments_checks_are_counted_as_checks_lists_them(client: httpx.Client) -> None:
    checks = given(client, f"/departments/{WATER}")["checks"]
    assert given(client, checks["url"], limit=1)["total"] > 0
    inside = [
        line
        for line in all_items(client, f"{checks['url']}&verdict=contradicts&limit=1000")
        if len(line["documents"]) == 1
    ]
    assert checks["verdicts"]["contradicts"] == len(inside) > 0


# -- projects and indicators -------------------------------------------------------------------------


def entries(client: httpx.Client) -> dict[tuple[str, str, str | None], dict[str, Any]]:
    """Every entry of every project, by document, printed name and unit."""
    found = {}
    for project in all_items(client, "/projects", limit=7):
        for entry in given(client, project["url"])["entries"]:
            key = (entry["document"]["document"], entry["printed_name"], entry["implementing_unit"])
            found[key] = entry
    return found


def test_every_project_is_told_from_goal_to_measures(client: httpx.Client) -> None:
    told = entries(client)
    compared = 0
    for document, about in documents_of("部门决算", "单位决算").items():
        if not truth(document, "findings"):
            continue
        indicators, findings = truth(document, "indicators"), truth(document, "findings")
        for record in truth(document, "projects"):
            entry = told[document, record["project"], record["implementing_unit"]]
            for name in ("budget_initial", "budget_full", "executed"):
                if record[name] is None:
                    assert entry[name] is None
                    continue
                assert entry[name]["printed"] == record[name]
                unit = record["unit"] or about["amount_unit"]
                assert Decimal(entry[name]["amount"]) == in_yuan(record[name], unit)
            assert (entry["printed_rate"], entry["score"]) == (record["rate"], record["score"])
            own = [
                each
                for each in indicators
                if (each["project"], each["implementing_unit"])
                == (record["project"], record["implementing_unit"])
            ]
            assert [each["name"] for each in entry["indicators"]] == [each["level3"] for each in own]
            for shown, each in zip(entry["indicators"], own, strict=True):
                assert shown["target"]["printed"] == each["target"]
                assert (shown["actual"] or {"printed": None})["printed"] == each["actual"]
                assert (shown["score"], shown["reason"]) == (each["score"], each["reason"])
                assert shown["source"]["document"] == document
            for kind, part in (("problem_cause", "causes"), ("improvement_measure", "measures")):
                stated = [each for each in findings if each["kind"] == kind]
                texts = {each["text"] for each in stated if each["project"] == record["project"]}
                assert {each["text"] for each in entry[part]} <= texts
            compared += 1
    assert compared > 20


def test_projects_are_filtered_by_what_they_spent(client: httpx.Client) -> None:
    low = all_items(client, "/projects", max_rate="80", year=2024)
    rates = {
        Decimal(report["executed_percent"])
        for project in low
        for report in project["reports"]
        if report["document"]["fiscal_year"] == 2024 and report["executed_percent"] is not None
    }
    assert rates
    assert min(rates) <= 80
    names = {each["project"] for each in truth("education_2024_accounts", "projects") if each["rate"]}
    listed = {each["name"] for each in all_items(client, "/projects", department="清河市教育局")}
    assert {name.removesuffix("项目") for name in names} <= listed
    by_unit = all_items(client, "/projects", department="云泽省水文监测中心", q="农村供水")
    assert [each["name"] for each in by_unit] == ["农村供水保障工程"]
    refusal(client.get("/projects", params={"department": "月球办公室"}), 404)


def test_indicators_are_all_there_and_filtered(client: httpx.Client) -> None:
    everything = all_items(client, "/indicators", limit=100)
    assert len({each["iri"] for each in everything}) == len(everything)
    assert len(everything) == sum(len(truth(name, "indicators")) for name in documents_of())
    one = all_items(client, "/indicators", document="water_2023_accounts")
    expected = [each["level3"] for each in truth("water_2023_accounts", "indicators")]
    assert [each["name"] for each in one] == expected
    missed = all_items(client, "/indicators", department=WATER, year=2023, achieved=False)
    assert missed
    assert all(Decimal(each["achievement_ratio"]) < 1 for each in missed)
    assert {each["document"]["fiscal_year"] for each in missed} == {2023}
    of_project = all_items(
        client, "/indicators", project=f"{WATER}/中小河流治理", document="water_2023_accounts"
    )
    assert {each["project"]["name"] for each in of_project} == {"中小河流治理"}
    satisfied = all_items(client, "/indicators", q="满意度")
    assert satisfied
    assert all("满意度" in json.dumps(each, ensure_ascii=False) for each in satisfied)


# -- laws, codes, documents, queries ------------------------------------------------------------------


def test_laws_are_cited_where_the_documents_cite_them(client: httpx.Client) -> None:
    title = "中华人民共和国预算法"
    citing = {name for name in documents_of() if title in {each["title"] for each in truth(name, "laws")}}
    law = given(client, f"/laws/{title}")
    assert {each["document"]["document"] for each in law["citations"]["items"]} == citing
    assert all(title[7:] in each["source"]["quote"] for each in law["citations"]["items"])
    listed = next(each for each in all_items(client, "/laws") if each["title"] == title)
    assert listed["documents"] == len(citing) == law["citations"]["total"]
    assert listed["departments"] == law["departments"]
    first = given(client, f"/laws/{title}", limit=2)["citations"]
    assert len(given(client, first["next"])["citations"]["items"]) == 2
    own = all_items(client, "/laws", department=WATER, q="预算")
    assert title in {each["title"] for each in own}


def test_a_code_leads_to_its_parts_and_to_who_spends_on_it(client: httpx.Client) -> None:
    code = given(client, "/classification/functional/2050803")
    assert (code["name"], code["broader"]["code"]) == ("培训支出", "20508")
    assert given(client, "/classification/2050803") == code
    assert code["iri"] in {each["iri"] for each in given(client, code["broader"]["url"])["narrower"]}
    (printed,) = [
        line
        for line in truth("water_2023_accounts", "lines")
        if (line["table"], line["code"], line["column"]) == ("支出决算表", "2050803", "本年支出合计")
    ]
    (row,) = [
        each
        for each in code["spending"]["items"]
        if (each["organization_name"], each["fiscal_year"], each["scope"]) == (WATER, 2023, "AllFunds")
    ]
    assert Decimal(row["executed"]["amount"]) == in_yuan(printed["amount"], printed["unit"])
    assert {
        each["fiscal_year"] for each in given(client, "/classification/205", year=2024)["spending"]["items"]
    } == {2024}
    named = all_items(client, "/classification", q="教育", digits=3)
    assert [each["code"] for each in named] == ["205"]
    refusal(client.get("/classification/9999999"), 404)
    refusal(client.get("/classification/department-economic/205"), 404)
    refusal(client.get("/classification/12"), 422)


def test_documents_are_filtered(client: httpx.Client) -> None:
    found = all_items(client, "/documents", kind="部门决算", year=2024, limit=2)
    expected = documents_of("部门决算")
    assert {each["document"] for each in found} == {
        name for name, about in expected.items() if about["fiscal_year"] == 2024
    }
    assert {each["issuer"] for each in all_items(client, "/documents", department=WATER)} == {WATER}
    refusal(client.get("/documents", params={"kind": "决算"}), 404)
    refusal(client.get("/documents", params={"department": "没有这个厅"}), 404)
    refusal(client.get("/indicators", params={"document": "nosuch"}), 404)
    one = given(client, found[0]["url"])
    assert one["document"] == found[0]
    assert one["contradictions_total"] == len(one["contradictions"]) == found[0]["contradictions"]


def test_queries_are_given_as_the_client_accepts(client: httpx.Client) -> None:
    import openpyxl

    named = {each["name"]: each for each in all_items(client, "/queries", limit=10)}
    plain = given(client, named["three-publics"]["url"], item="公务接待费")
    as_csv = client.get("/queries/three-publics?item=公务接待费", headers={"Accept": "text/csv"})
    assert as_csv.headers["content-type"] == "text/csv; charset=utf-8"
    assert as_csv.text.splitlines()[0].split(",") == plain["columns"]
    assert len(as_csv.text.splitlines()) == len(plain["rows"]) + 1
    as_book = client.get("/queries/three-publics", params={"item": "公务接待费", "format": "xlsx"})
    assert 'filename="three-publics.xlsx"' in as_book.headers["content-disposition"]
    sheet = openpyxl.load_workbook(io.BytesIO(as_book.content), read_only=True).worksheets[0]
    rows = [list(row) for row in sheet.iter_rows(values_only=True)]
    assert rows[0] == plain["columns"]
    amount = plain["columns"].index("amount")
    assert [Decimal(str(row[amount])) for row in rows[1:]] == [Decimal(row[amount]) for row in plain["rows"]]
    refusal(client.get("/queries/three-publics", headers={"Accept": "image/png"}), 406)


def test_a_browser_gets_csv_that_spreadsheets_read(client: httpx.Client) -> None:
    browser = {"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"}
    sums = {"by": "class", "where": ["year=2024", "phase=决算", "scope=财政拨款"]}
    for path, asked in (("/queries/three-publics", {}), ("/sum", sums)):
        plain = client.get(path, params={**asked, "format": "csv"}).content
        assert (
            client.get(path, params={**asked, "format": "csv"}, headers=browser).content == BOM_UTF8 + plain
        )


@pytest.mark.parametrize(
    ("address", "fault"),
    [
        ("/projects?departement=云泽省水务厅", "departement"),
        ("/indicators?achived=false", "achived"),
        ("/projects?year=2024&year=2023", "year"),
        ("/passages/search?q=人手&deparment=云泽省水务厅", "deparment"),
        ("/sum?by=class&wheer=year=2024", "wheer"),
        ("/checks?verdcit=questionable", "verdcit"),
        ("/classification/2050803?yaer=2024", "yaer"),
        ("/queries/three-publics?itme=公务接待费", "itme"),
    ],
)
def test_a_misspelt_or_repeated_filter_is_refused(client: httpx.Client, address: str, fault: str) -> None:
    answer = client.get(address)
    refusal(answer, 422)
    error = answer.json()["error"]
    assert error["code"] == "wrong_parameter"
    assert f"'{fault}'" in error["why"]
    assert error["cure"].startswith("Its parameters: ")


def test_a_filter_that_admits_several_values_is_repeated(client: httpx.Client) -> None:
    kinds = ["problem_cause", "improvement_measure"]
    hits = given(client, "/passages/search", q="人手不足", k=20, kind=kinds)["items"]
    assert {hit["passage"]["kind"] for hit in hits} == set(kinds)


def test_a_sum_is_given_as_the_client_accepts(client: httpx.Client) -> None:
    asked = {"by": "class", "where": ["year=2024", "phase=决算", "scope=财政拨款"]}
    rows = given(client, "/sum", **asked)["rows"]
    table = client.get("/sum", params=asked, headers={"Accept": "text/csv"}).text.splitlines()
    assert len(table) == len(rows) + 1


def test_search_is_paged_like_other_lists(client: httpx.Client) -> None:
    first = given(client, "/passages/search", q="资金下达较晚", k=3)
    assert (first["offset"], first["limit"], len(first["items"])) == (0, 3, 3)
    second = given(client, first["next"])
    both = given(client, "/passages/search", q="资金下达较晚", k=6)["items"]
    assert first["items"] + second["items"] == both
    assert second["total"] == first["total"] > 6


# -- addresses ---------------------------------------------------------------------------------------


def test_names_are_found_however_they_are_written(client: httpx.Client) -> None:
    wanted = given(client, f"/departments/{WATER}")["iri"]
    for path in (quote(WATER), f"{quote(WATER)}/", quote(quote(WATER))):
        assert given(client, f"/departments/{path}")["iri"] == wanted
    project = f"{WATER}/中小河流治理"
    iri = given(client, f"/projects/{quote(project)}")["iri"]
    assert iri == f"{BASE}project/{project}"
    assert given(client, f"/projects/{quote(project, safe='')}")["iri"] == iri
    assert given(client, "/projects/中小河流治理")["iri"] == iri
    assert given(client, "/departments/")["total"] == given(client, "/departments")["total"]


def test_unknown_names_are_answered_with_those_that_are_alike(client: httpx.Client) -> None:
    assert WATER in refusal(client.get("/departments/水务厅"), 404)["cure"]
    refusal(client.get("/projects/nosuch"), 404)
    refusal(client.get("/laws/nosuch"), 404)
    refusal(client.get("/departments/%ff%fe"), 404)
    refusal(client.get("/departments", params={"limit": 0}), 422)
    refusal(client.get("/departments", params={"limit": 501}), 422)
    assert given(client, "/departments", offset=100_000)["items"] == []


@pytest.mark.parametrize(
    "path",
    [
        "/departments/没有这个厅",
        "/departments?region=月球",
        "/projects/没有这个项目",
        "/laws/没有这部法",
        "/classification/9999999",
        "/classification/2999999",
        "/checks?check=没有这项",
        "/documents/没有这份文件",
        "/id/没有这个事物",
        "/queries/documents?没有这个参数=1",
    ],
)
def test_refusals_are_told_in_chinese(client: httpx.Client, path: str) -> None:
    answer = client.get(path, headers={"Accept-Language": "zh"})
    error = answer.json()["error"]
    assert answer.status_code in (404, 422)
    told = f"{error['what']} {error['why']} {error['cure']}"
    assert not re.search(r"[a-z]{2,} [a-z]{2,} [a-z]{2,}", told), error


@pytest.mark.parametrize(
    "path", ["/departments", f"/departments/{WATER}", "/openapi.json", "/context.jsonld"]
)
def test_head_tells_what_get_gives(client: httpx.Client, path: str) -> None:
    head, get = client.head(path), client.get(path)
    assert (head.status_code, head.content) == (200, b"")
    assert head.headers["content-type"] == get.headers["content-type"]
    assert head.headers["content-length"] == get.headers["content-length"]


def test_the_graphs_iris_resolve_to_page_or_data(client: httpx.Client, store: pyoxigraph.Store) -> None:
    escaped = next(
        quad.subject.value
        for quad in store.quads_for_pattern(None, None, pyoxigraph.NamedNode(PREFIXES["qb"] + "Observation"))
        if isinstance(quad.subject, pyoxigraph.NamedNode) and "%2F" in quad.subject.value
    )
    path = escaped.removeprefix(BASE)
    for written in (quote(path, safe="/%"), quote(path), quote(path, safe="")):
        found = given(client, f"/id/{written}")
        assert found["iri"] == escaped
        assert found["sources"][0]["quote"]
    stated = {
        (quad.predicate.value, quad.object.value)
        for quad in store.quads_for_pattern(pyoxigraph.NamedNode(escaped), None, None)
        if not isinstance(quad.object, pyoxigraph.Triple)
    }
    assert {
        (statement["property"], value["iri"] or value["text"])
        for statement in found["statements"]
        for value in statement["values"]
    } == stated
    page = client.get(f"/id/{quote(path)}", headers={"Accept": "text/html,*/*;q=0.8"})
    assert page.status_code == 303
    assert page.headers["location"] == f"/#/thing?iri={quote(escaped, safe=':/')}"
    turtle = client.get(f"/id/{quote(path)}", headers={"Accept": "text/turtle"})
    assert turtle.headers["content-type"] == "text/turtle; charset=utf-8"
    assert turtle.headers["vary"] == "Accept"
    subjects = {
        str(subject) for subject in rdflib.Graph().parse(data=turtle.text, format="turtle").subjects()
    }
    assert subjects == {escaped, *(each["iri"] for each in found["sources"])}
    refusal(client.get("/id/nosuch/thing"), 404)
