"""Finding by name, the overview, and the facets of a search: what the page asks for first."""

from __future__ import annotations

import dataclasses
from collections import Counter
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import httpx
import pytest
from pyoxigraph import Store
from running import server
from served_samples import WATER, documents_of, given, refusal, truth

from fiscalgraph.api.catalogue import Catalogue, OrganizationRow
from fiscalgraph.api.catalogue_making import make_catalogue
from fiscalgraph.api.library import Library
from fiscalgraph.api.names import NameIndex


@pytest.fixture(scope="module")
def client(sample_home: Path) -> Iterator[httpx.Client]:
    with (
        server(sample_home) as address,
        httpx.Client(base_url=address, timeout=60, trust_env=False) as client,
    ):
        yield client


def groups(client: httpx.Client, q: str, **parameters: Any) -> dict[str, dict[str, Any]]:
    answer = given(client, "/find", q=q, **parameters)
    assert answer["q"] == q
    return {group["kind"]: group for group in answer["groups"]}


# -- finding by name ---------------------------------------------------------------------------------


def test_a_name_finds_its_department_first(client: httpx.Client) -> None:
    answer = given(client, "/find", q=WATER)
    first = answer["groups"][0]
    assert first["kind"] == "department"
    assert first["items"][0]["label"] == WATER
    assert given(client, first["items"][0]["url"])["name"] == WATER


@pytest.mark.parametrize(
    ("q", "kind", "label"),
    [
        ("水务", "department", WATER),
        ("水务厅", "department", WATER),
        ("雲澤省水務廳", "department", WATER),  # traditional characters
        ("云泽水务", "department", WATER),  # a short form
        ("中小河流", "project", "中小河流治理"),
        ("河流 水务厅", "project", "中小河流治理"),  # a word of the name, and one of its department
        ("2050803", "code", "培训支出"),
        ("培训支出", "code", "培训支出"),
        ("预算法", "law", "中华人民共和国预算法"),
        ("water_2023", "document", "water_2023_accounts"),
        ("水务厅2023年部门决算", "document", "water_2023_accounts"),
        ("水务 2023 决算", "document", "water_2023_accounts"),
    ],
)
def test_what_it_finds(client: httpx.Client, q: str, kind: str, label: str) -> None:
    group = groups(client, q)[kind]
    assert label in [item["label"] for item in group["items"]]
    for item in group["items"]:
        assert client.get(item["url"]).status_code == 200
        assert item["iri"].startswith("https://")


def test_codes_are_found_by_how_they_begin_the_shortest_first(client: httpx.Client) -> None:
    found = groups(client, "208", limit=50)
    assert set(found) == {"code"}
    codes = [item["detail"] for item in found["code"]["items"]]
    assert codes[0] == "208"
    assert all(code.startswith("208") for code in codes)
    assert codes == sorted(codes, key=lambda code: (len(code), code))
    assert found["code"]["total"] == given(client, "/classification", q="208", limit=1)["total"]


def test_totals_count_what_is_not_shown(client: httpx.Client) -> None:
    few, many = groups(client, "水", limit=2), groups(client, "水", limit=50)
    for kind, group in few.items():
        assert len(group["items"]) <= 2
        assert group["total"] == many[kind]["total"] >= len(many[kind]["items"])
        first = [each["iri"] for each in many[kind]["items"][:2]]
        assert [each["iri"] for each in group["items"]] == first
    assert set(groups(client, "水", kind="law")) <= {"law"}


def test_an_other_name_says_which_one_it_was() -> None:
    row = OrganizationRow(
        "https://w3id.org/fiscalgraph/id/department/甲市发展和改革委员会",
        "甲市发展和改革委员会",
        ["甲市发改委"],
        "department",
        None,
        None,
        None,
        1,
        [2024],
    )
    plain = row._replace(iri=f"{row.iri}2", name="乙市发展和改革委员会", other_names=[])
    index = NameIndex(_with(organizations=(plain, row)))
    (group,) = index.find("甲市发改委", 5)
    assert (group.items[0].name, group.items[0].other_name) == ("甲市发展和改革委员会", "甲市发改委")
    (group,) = index.find("发改委", 5)
    # A known other name comes before a name that could be shortened so.
    assert [item.name for item in group.items] == ["甲市发展和改革委员会", "乙市发展和改革委员会"]
    assert index.find("委改发", 5) == []


def test_names_that_would_upset_a_pattern_are_plain_text() -> None:
    row = OrganizationRow("iri", "甲(乙)局.*", [], "department", None, None, None, 0, [])
    index = NameIndex(_with(organizations=(row,)))
    for q in ("(乙", ".*", "甲(", "局.*"):
        (group,) = index.find(q, 5)
        assert group.total == 1
    for q in ("[", "\\", "\n", "   ", "甲\n局"):
        assert len(index.find(q, 5)) <= 1


def test_nothing_is_found_where_nothing_fits(client: httpx.Client) -> None:
    assert given(client, "/find", q="月球表面")["groups"] == []
    refusal(client.get("/find"), 422)
    refusal(client.get("/find", params={"q": "水", "kind": "planet"}), 422)
    refusal(client.get("/find", params={"q": "水" * 201}), 422)


def _with(**parts: Any) -> Catalogue:
    return dataclasses.replace(make_catalogue(Store()), **parts)


# -- the overview ------------------------------------------------------------------------------------


def test_the_overview_counts_what_the_lists_hold(client: httpx.Client) -> None:
    overview = given(client, "/overview")
    for member, path in (
        ("documents", "/documents"),
        ("organizations", "/departments"),
        ("projects", "/projects"),
        ("indicators", "/indicators"),
        ("laws", "/laws"),
        ("issues", "/issues"),
    ):
        assert overview[member] == given(client, path, limit=1)["total"] > 0, member
    assert overview["departments"] == given(client, "/departments", published=True, limit=1)["total"]
    documents = given(client, "/documents", limit=100)["items"]
    assert overview["contradictions"] == sum(each["contradictions"] for each in documents)
    assert overview["reading"]["tables"] == sum(each["coverage"]["tables"] for each in documents)
    assert 0 < Decimal(overview["reading"]["percent"]) <= 100
    years = Counter(about["fiscal_year"] for about in documents_of().values())
    assert {each["value"]: each["total"] for each in overview["years"]} == dict(years)
    kinds = Counter(about["kind"] for about in documents_of().values())
    assert {each["value"]: each["total"] for each in overview["kinds"]} == dict(kinds)
    assert overview["newest"][0]["fiscal_year"] == max(years)
    assert overview["built"].endswith("Z")
    causes = sum(len(truth(name, "findings")) for name in documents_of())
    assert overview["causes"] + overview["measures"] <= causes


def test_the_catalogue_of_a_build_is_that_of_its_graph(sample_home: Path) -> None:
    library = Library(sample_home)
    assert library.has_catalogue
    made = make_catalogue(library.store)
    assert made.to_json() == library.catalogue.to_json()
    assert made.to_json() == make_catalogue(library.store).to_json()
    assert Catalogue.from_json(made.to_json().replace('"version":', '"version":9', 1)) is None


# -- facets ------------------------------------------------------------------------------------------


def test_facets_count_the_first_hits(client: httpx.Client) -> None:
    q = "资金下达较晚"
    page = given(client, "/passages/search", q=q, k=200)
    facets = page["facets"]
    assert facets["hits"] == len(page["items"]) == min(200, page["total"])
    for name, member in (("years", "fiscal_year"), ("departments", "department"), ("kinds", "kind")):
        counted = Counter(
            value
            for hit in page["items"]
            for value in {place[member] for place in hit["places"]}
            if value is not None
        )
        assert {each["value"]: each["count"] for each in facets[name]} == dict(counted)
        counts = [each["count"] for each in facets[name]]
        assert counts == sorted(counts, reverse=True)


def test_facets_are_those_of_what_the_filters_admit(client: httpx.Client) -> None:
    first = given(client, "/passages/search", q="资金下达较晚", k=1, year=2023)
    assert [each["value"] for each in first["facets"]["years"]] == [2023]
    department = first["facets"]["departments"][0]
    narrowed = given(
        client, "/passages/search", q="资金下达较晚", k=200, year=2023, department=department["value"]
    )
    if first["total"] <= 200:
        assert narrowed["total"] == department["count"]
    later = given(client, "/passages/search", q="资金下达较晚", k=1, offset=5, year=2023)
    assert later["facets"] == first["facets"]


def test_facets_do_not_change_the_hits(sample_home: Path) -> None:
    index = Library(sample_home).index
    for offset in (0, 7):
        plain = index.search("资金下达较晚", 5, offset=offset)
        faceted = index.search("资金下达较晚", 5, offset=offset, faceted=50)
        assert plain.hits == faceted.hits
        assert plain.facets is None


# -- lists in orders and with filters of their own -----------------------------------------------------


def test_departments_without_documents_can_be_left_out(client: httpx.Client) -> None:
    everything = given(client, "/departments", limit=500)
    published = given(client, "/departments", published=True, limit=500)
    assert {each["documents"] > 0 for each in published["items"]} == {True}
    without = given(client, "/departments", published=False, limit=500)["total"]
    assert published["total"] + without == everything["total"]
    kinds = {each["value"]: each["total"] for each in everything["facets"]["kinds"]}
    assert kinds == dict(Counter(each["kind"] for each in everything["items"]))
    for kind, total in kinds.items():
        assert given(client, "/departments", kind=kind, limit=1)["total"] == total
    assert all(2023 in each["years"] for each in given(client, "/departments", year=2023)["items"])
    office = next(each for each in everything["items"] if each["name"] == f"{WATER}本级")
    assert office["whole"]["name"] == WATER


@pytest.mark.parametrize("what", ["budget", "executed", "rate", "score"])
def test_projects_are_ordered_over_the_whole_list(client: httpx.Client, what: str) -> None:
    def value(project: dict[str, Any]) -> Decimal | None:
        for report in reversed([each for each in project["reports"] if each["admitted"]]):
            member = {"rate": "executed_percent", "score": "score"}.get(what)
            if member is not None:
                found = report[member]
            else:
                names = ("budget_full", "budget_initial") if what == "budget" else ("executed",)
                amounts = [report[name]["amount"] for name in names if report[name] is not None]
                found = next((amount for amount in amounts if amount is not None), None)
            if found is not None:
                return Decimal(found)
        return None

    rising = [value(each) for each in given(client, "/projects", sort=what, limit=500)["items"]]
    falling = [value(each) for each in given(client, "/projects", sort=f"-{what}", limit=500)["items"]]
    known = [each for each in rising if each is not None]
    assert known == sorted(known)
    assert rising == known + [None] * (len(rising) - len(known))
    assert falling[: len(known)] == known[::-1]


def test_projects_say_which_report_was_meant(client: httpx.Client) -> None:
    low = given(client, "/projects", max_rate="80", year=2024)["items"]
    for project in low:
        meant = [each for each in project["reports"] if each["admitted"]]
        assert meant
        for report in project["reports"]:
            rate = report["executed_percent"]
            fits = report["document"]["fiscal_year"] == 2024 and rate is not None and Decimal(rate) <= 80
            assert report["admitted"] == fits
    one = given(client, "/projects", document="water_2023_accounts", limit=500)["items"]
    listed = {each["project"] for each in truth("water_2023_accounts", "projects")}
    assert len(one) == len(listed)
    scored = given(client, "/projects", min_score="90", max_score="95")["items"]
    for project in scored:
        assert any(
            each["score"] is not None and 90 <= Decimal(each["score"]) <= 95
            for each in project["reports"]
            if each["admitted"]
        )
    refusal(client.get("/projects", params={"document": "nosuch"}), 404)
    refusal(client.get("/projects", params={"sort": "colour"}), 422)


# -- hits --------------------------------------------------------------------------------------------


def test_a_hit_leads_to_its_department_and_project(client: httpx.Client) -> None:
    hits = given(client, "/passages/search", q="资金下达较晚", k=50)["items"]
    for hit in hits:
        passage = hit["passage"]
        assert given(client, passage["department_url"])["name"] == passage["department"]
    named = [hit["passage"] for hit in hits if hit["passage"]["project_url"] is not None]
    assert named
    for passage in named[:5]:
        entries = given(client, passage["project_url"])["entries"]
        assert passage["project"] in {entry["printed_name"] for entry in entries}
