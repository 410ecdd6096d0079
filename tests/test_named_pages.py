"""Pages of named queries: each row leads to the place where it is printed; the query's text is given."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from running import server
from served_samples import given, refusal

from fiscalgraph.queries import list_queries, load


@pytest.fixture(scope="module")
def client(sample_home: Path) -> Iterator[httpx.Client]:
    with server(sample_home) as address, httpx.Client(base_url=address, timeout=60) as client:
        yield client


@pytest.mark.parametrize("name", ["contradictions", "outcomes", "three-publics", "findings", "spending"])
def test_pages_make_up_the_whole_answer(client: httpx.Client, name: str) -> None:
    whole = given(client, f"/queries/{name}")
    rows = []
    page = given(client, f"/queries/{name}", limit=300 if name == "spending" else 20)
    while True:
        assert page["columns"] == whole["columns"]
        rows += page["rows"]
        for column, places in page["places"].items():
            quotes = [row[page["columns"].index(column)] for row in page["rows"]]
            assert [place is None for place in places] == [quote is None for quote in quotes]
        if page["next"] is None:
            break
        assert page["total"] is None
        assert len(page["rows"]) == page["limit"]
        page = given(client, page["next"])
    assert rows == whole["rows"]
    assert page["total"] == len(rows) > 20


def test_the_place_of_a_row_is_the_one_that_is_printed(client: httpx.Client) -> None:
    page = given(client, "/queries/spending", document="water_2023_accounts", limit=30)
    row = dict(zip(page["columns"], page["rows"][-1], strict=True))
    told = given(client, "/source", iri=page["places"]["quote"][-1])["places"][0]
    assert (told["document"]["name"], str(told["page"])) == (row["document"], row["page"])
    assert told["quote"] == row["quote"]


def test_parameters_stay_on_the_next_page(client: httpx.Client) -> None:
    asked = {"document": ["water_2023_accounts", "civil_2024_accounts"], "limit": 1}
    page = given(client, "/queries/findings", **asked)
    assert "document=water_2023_accounts" in page["next"]
    assert "document=civil_2024_accounts" in page["next"]
    refusal(client.get("/queries/findings", params={"document": "no such document", "limit": 5}), 404)
    for limit in (0, 1001, "many"):
        refusal(client.get("/queries/findings", params={"limit": limit}), 422)


def test_the_text_of_a_query_gives_the_same_rows(client: httpx.Client) -> None:
    answer = client.get("/queries/three-publics", params={"item": "公务接待费", "format": "sparql"})
    assert answer.headers["content-type"] == "application/sparql-query"
    asked = client.post(
        "/sparql", content=answer.content, headers={"Content-Type": "application/sparql-query"}
    )
    found = asked.json()
    columns = found["head"]["vars"]
    rows = [[row.get(column, {}).get("value") for column in columns] for row in found["results"]["bindings"]]
    assert rows == given(client, "/queries/three-publics", item="公务接待费")["rows"]
    refusal(client.get("/queries/three-publics", params={"nosuch": "1", "format": "sparql"}), 422)


def test_every_quote_has_its_place_and_no_parameter_is_reserved() -> None:
    for query in map(load, list_queries()):
        quotes = [column for column in query.columns if column == "quote" or column.endswith("_quote")]
        assert sorted(query.places) == sorted(quotes), query.name
        assert not {"format", "limit", "offset"} & {parameter.name for parameter in query.parameters}
        assert not set(query.places.values()) & set(query.columns)
        if query.paged_by_document:
            assert "document" in {parameter.name for parameter in query.parameters}
            assert re.search(r"^ORDER BY \?(document|sort_key)\b", query.sparql, re.MULTILINE)
