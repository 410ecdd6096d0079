"""Every view of the page is free of serious barriers by axe's rules, in light and dark colours."""

from __future__ import annotations

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser
from workbench import LAPTOP, PHONE, Desk, desk_at

WATER = "云泽省水务厅"
SERIOUS = {"serious", "critical"}
PLACES = {
    "search": "search",
    "hits": "search?q=资金下达较晚",
    "departments": "departments",
    "department": f"departments/{WATER}",
    "projects": "projects",
    "project": f"projects/{WATER}/中小河流治理",
    "issues": "issues",
    "codes": "codes",
    "code": "codes/2050803",
    "checks": "checks",
    "documents": "documents",
    "document": "documents/water_2023_accounts",
    "queries": "queries",
    "query": "queries/three-publics",
    "sparql": "queries/sparql",
    "drawing": "queries/cause-types?as=chart",
    "thing": "thing?iri=https://w3id.org/fiscalgraph/id/document/water_2023_accounts/project/0",
    "nowhere": "nowhere",
}


def barriers(desk: Desk) -> list[str]:
    """What axe finds in what is shown now: rule, what it asks for, and where."""
    found = Axe().run(desk.page, options={"resultTypes": ["violations"]}).response["violations"]
    return [
        f"{each['id']}: {each['help']}: {node['target']}"
        for each in found
        if each["impact"] in SERIOUS
        for node in each["nodes"][:3]
    ]


@pytest.mark.parametrize("name", PLACES)
def test_a_view_has_no_serious_barriers(desk: Desk, name: str) -> None:
    desk.open(PLACES[name])
    assert barriers(desk) == []


@pytest.mark.parametrize("name", ["hits", "department", "project", "checks", "document", "sparql"])
def test_neither_in_the_dark_on_a_phone(browser: Browser, sample_server: str, name: str) -> None:
    for desk in desk_at(browser, sample_server, PHONE, color_scheme="dark"):
        desk.open(PLACES[name])
        assert barriers(desk) == []


def test_nor_has_the_source_beside_it(browser: Browser, sample_server: str) -> None:
    for desk in desk_at(browser, sample_server, LAPTOP):
        desk.open("queries/funds?document=water_2023_accounts", ready="table")
        desk.open_source(desk.page.locator("button.source").first)
        assert barriers(desk) == []


def test_a_barrier_would_be_found(desk: Desk) -> None:
    desk.open("queries")
    desk.page.get_by_role("searchbox").evaluate("input => input.closest('label').replaceWith(input)")
    assert [found for found in barriers(desk) if found.startswith("label:")]
