"""What a department spends on what, and what all spend on a code: safe sums, nothing guessed."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import httpx
import pytest
from running import server
from served_samples import WATER, documents_of, given, refusal, truth


@pytest.fixture(scope="module")
def client(sample_home: Path) -> Iterator[httpx.Client]:
    with (
        server(sample_home) as address,
        httpx.Client(base_url=address, timeout=60, trust_env=False) as client,
    ):
        yield client


def spending(client: httpx.Client, name: str = WATER, **parameters: Any) -> dict[str, Any]:
    answer: dict[str, Any] = given(client, f"/departments/{name}/spending", **parameters)
    return answer


def printed(document: str, table: str, column: str) -> dict[str, Decimal]:
    """The printed amounts of a table in 元, by code."""
    units = {"元": 1, "万元": 10_000}
    return {
        line["code"]: Decimal(line["amount"]) * units[line["unit"]]
        for line in truth(document, "lines")
        if (line["table"], line["column"]) == (table, column) and line["code"] is not None
    }


def every(items: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    for item in items:
        yield item
        yield from every(item["items"])


def test_spending_is_what_the_table_prints_in_its_three_levels(client: httpx.Client) -> None:
    answer = spending(client, year=2023, scope="AllFunds", phase="executed")
    table = printed("water_2023_accounts", "支出决算表", "本年支出合计")
    (row,) = [
        each
        for each in given(client, f"/departments/{WATER}")["expenditure"]["items"]
        if (each["fiscal_year"], each["scope"]) == (2023, "AllFunds")
    ]
    assert answer["total"]["amount"] == row["executed"]["amount"]
    shown = list(every(answer["items"]))
    assert {item["code"] for item in shown} <= table.keys()
    assert {item["code"] for item in answer["items"]} == {code for code in table if len(code) == 3}
    for item in shown:
        assert Decimal(item["sum"]["amount"]) == table[item["code"]]
        assert all(part["code"].startswith(item["code"]) for part in item["items"])
        (figure,) = item["sum"]["figures"]
        assert figure["source"]["document"] == "water_2023_accounts"
        assert given(client, item["url"])["code"] == item["code"]
        if item["items"]:
            added = sum(Decimal(part["sum"]["amount"]) for part in item["items"])
            exact = added == Decimal(item["sum"]["amount"])
            assert item["parts"] == "equal" if exact else item["parts"] in ("rounding", "differ")
            if not exact:  # printed in 万元 with two places
                slack = 50 * (1 + len(item["items"]))
                assert (abs(added - Decimal(item["sum"]["amount"])) <= slack) == (item["parts"] == "rounding")
        else:
            assert item["parts"] is None
    shares = [Decimal(item["share"]) for item in answer["items"]]
    assert abs(sum(shares) - 100) < Decimal("0.1")
    total = Decimal(answer["total"]["amount"])
    for item in shown:
        assert abs(Decimal(item["share"]) - 100 * Decimal(item["sum"]["amount"]) / total) <= Decimal("0.005")


def test_without_a_choice_it_is_the_newest_year_executed_in_the_widest_scope(client: httpx.Client) -> None:
    answer = spending(client)
    chosen = (answer["fiscal_year"], answer["scope"], answer["phase"])
    assert chosen == (2024, "AllFunds", "executed")
    first = answer["choices"][0]
    assert chosen == (first["fiscal_year"], first["scope"], first["phase"])
    assert answer["scope_name"]["zh"] == "全部资金"
    for choice in answer["choices"]:
        asked = {name: choice[name] for name in ("scope", "phase")}
        one = spending(client, year=choice["fiscal_year"], **asked)
        assert one["refused"] == []
        assert one["items"]
        assert one["total"] is not None


def test_what_is_not_there_is_said_not_guessed(client: httpx.Client) -> None:
    nothing = spending(client, year=2019)
    assert (nothing["items"], nothing["total"]) == ([], None)
    assert nothing["remarks"][0]["code"] == "no_such_choice"
    assert nothing["choices"]
    (office,) = [
        each
        for each in given(client, "/departments", published=False, kind="head_office", limit=500)["items"]
        if each["name"] == f"{WATER}本级"
    ]
    silent = given(client, f"{office['url']}/spending")
    assert silent["items"] == []
    assert silent["remarks"] or silent["refused"]
    refusal(client.get(f"/departments/{WATER}/spending", params={"scope": "Everything"}), 422)
    refusal(client.get("/departments/月球办公室/spending"), 404)


def test_a_change_is_of_one_department_in_one_scope(client: httpx.Client) -> None:
    table = given(client, f"/departments/{WATER}")["expenditure"]["items"]
    known = {(row["fiscal_year"], row["scope"]): row for row in table}
    compared = 0
    for (year, scope), row in known.items():
        before = known.get((year - 1, scope))
        if before is None or None in (before["executed"], row["executed"]):
            assert row["change"] is None
            continue
        old, new = (Decimal(each["executed"]["amount"]) for each in (before, row))
        if old == 0:
            assert row["change"] is None
            continue
        assert row["change"]["from_year"] == year - 1
        assert abs(Decimal(row["change"]["percent"]) - 100 * (new - old) / old) <= Decimal("0.005")
        compared += 1
    assert compared >= 2


def test_all_who_spend_on_a_code_are_other_ones_each_year(client: httpx.Client) -> None:
    code = given(client, "/classification/functional/208")
    assert code["totals"]["items"]
    for row in code["totals"]["items"]:
        assert row["change"] is None
        own = [
            each
            for each in code["spending"]["items"]
            if (each["fiscal_year"], each["scope"]) == (row["fiscal_year"], row["scope"])
        ]
        if row["executed"] is not None and row["executed"]["organizations"] == 1:
            assert row["executed"]["amount"] in {
                each["executed"]["amount"] for each in own if each["executed"] is not None
            }
    for part in code["parts"]["items"]:
        assert part["code"].startswith("208")
        assert part["code_name"]["zh"]
    in_scope = given(client, "/classification/208", scope="FiscalAppropriation")
    assert {row["scope"] for row in in_scope["spending"]["items"]} == {"FiscalAppropriation"}
    assert given(client, "/classification/2080505")["parts"]["items"] == []


def test_a_department_leads_to_its_issues(client: httpx.Client) -> None:
    issues = given(client, f"/departments/{WATER}")["issues"]
    listed = given(client, f"{issues['url']}&limit=500")
    assert issues["total"] == listed["total"] > 0
    shared = [each for each in listed["items"] if len(each["departments"]) > 1]
    assert issues["shared"] == len(shared)


def test_regions_are_counted_with_what_lies_in_them(client: httpx.Client) -> None:
    from fiscalgraph.api.catalogue import OrganizationRow
    from fiscalgraph.api.resources.departments import region_counts

    rows = [
        OrganizationRow(name, name, [], "department", None, code, None, 1, [2024])
        for name, code in (("甲", "440100"), ("乙", "440300"), ("丙", "440000"), ("丁", None))
    ]
    counted = {each.code: each for each in region_counts(rows)}
    assert (counted["440000"].total, counted["440000"].within) == (1, 3)
    assert (counted["440100"].total, counted["440100"].within) == (1, 1)
    assert counted["440100"].parent == "440000"
    years = given(client, "/departments")["facets"]["years"]
    fiscal = {about["fiscal_year"] for about in documents_of().values()}
    assert {each["value"] for each in years} == fiscal


def test_an_unknown_department_of_a_query_is_told_with_names_alike(client: httpx.Client) -> None:
    for parameters in ({}, {"limit": 10}, {"format": "csv"}):
        answer = client.get("/queries/three-publics", params={"department": "云泽省水利厅", **parameters})
        error = refusal(answer, 404)
        assert "水务厅" in error["cure"]
    refusal(client.get("/queries/indicators", params={"document": "nosuch"}), 404)
    # One that is known, and of which there is nothing, has an empty answer.
    empty = given(client, "/queries/department-findings", department=f"{WATER}本级")
    assert empty["rows"] == []
