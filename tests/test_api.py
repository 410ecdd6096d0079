"""The HTTP interface over a real socket: answers, one error shape, limits, headers, new generations."""

from __future__ import annotations

import csv
import io
import json
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from running import SAMPLES, fiscalgraph, server

SLOW = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i FILTER(?a != ?d && ?d != ?g) }"


@pytest.fixture(scope="module")
def client(sample_home: Path) -> Iterator[httpx.Client]:
    with (
        server(sample_home) as address,
        httpx.Client(base_url=address, timeout=60, trust_env=False) as client,
    ):
        yield client


def refusal(answer: httpx.Response, status: int) -> dict[str, str]:
    """The error of an answer, which must have the one shape."""
    assert answer.status_code == status, answer.text
    body = answer.json()
    assert body.keys() == {"error"}
    error: dict[str, str] = body["error"]
    assert error.keys() >= {"code", "what", "why", "cure"}
    assert all(error.values())
    return error


def test_health_names_the_generation(client: httpx.Client) -> None:
    answer = client.get("/health").json()
    assert answer["status"] == "ok"
    assert answer["generation"]


def test_documents_show_coverage_and_contradictions(client: httpx.Client) -> None:
    documents = client.get("/documents").json()["items"]
    assert {entry["document"] for entry in documents} == {path.stem for path in SAMPLES.iterdir()}
    chosen = next(entry for entry in documents if entry["contradictions"])
    assert 0 < chosen["coverage"]["cells_read"] <= chosen["coverage"]["cells"]
    one = client.get(f"/documents/{chosen['document']}").json()
    assert one["document"] == chosen
    assert len(one["contradictions"]) == chosen["contradictions"]
    contradiction = one["contradictions"][0]
    assert {"kind", "left", "right", "detail"} <= contradiction.keys()
    assert contradiction["source"]["quote"]
    refusal(client.get("/documents/nosuch"), 404)


def test_named_queries_are_described_and_answered(client: httpx.Client) -> None:
    queries = {query["name"]: query for query in client.get("/queries").json()["items"]}
    assert queries["findings"]["title"].keys() == {"en", "zh"}
    answer = client.get("/queries/findings").json()
    assert answer["columns"] == queries["findings"]["columns"]
    assert {len(row) for row in answer["rows"]} == {len(answer["columns"])}
    refusal(client.get("/queries/nosuch"), 404)


def test_named_query_as_csv_is_the_command_lines(client: httpx.Client, sample_home: Path) -> None:
    answer = client.get("/queries/contradictions", params={"format": "csv"})
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    assert 'filename="contradictions.csv"' in answer.headers["content-disposition"]
    same = fiscalgraph("query", "contradictions", "--format", "csv", "--home", sample_home)
    assert list(csv.reader(io.StringIO(answer.text))) == list(csv.reader(io.StringIO(same.out)))


def test_named_query_takes_parameters_and_refuses_wrong_ones(client: httpx.Client) -> None:
    everything = client.get("/queries/findings").json()
    name = everything["rows"][0][everything["columns"].index("document")]
    some = client.get("/queries/findings", params={"document": name}).json()["rows"]
    assert 0 < len(some) < len(everything["rows"])
    refusal(client.get("/queries/findings", params={"nosuch": "1"}), 422)
    refusal(client.get("/queries/projects-by-execution-rate", params={"max_rate": "much"}), 422)
    refusal(client.get("/queries/findings", params={"format": "pdf"}), 422)
    quoted = client.get("/queries/findings", params={"document": '" } UNION { ?s ?p ?o } #'})
    refusal(quoted, 404)


def hits(client: httpx.Client, **parameters: Any) -> list[dict[str, Any]]:
    answer = client.get("/passages/search", params=parameters)
    assert answer.status_code == 200, answer.text
    found: list[dict[str, Any]] = answer.json()["items"]
    return found


def test_search_honours_every_filter(client: httpx.Client) -> None:
    filters = client.get("/passages/filters").json()
    department, year = filters["departments"][0], filters["years"][0]
    assert len(hits(client, q="资金下达较晚", k=5)) == 5
    assert {hit["passage"]["department"] for hit in hits(client, q="资金", department=department)} == {
        department
    }
    assert {hit["passage"]["fiscal_year"] for hit in hits(client, q="资金", year=year)} == {year}
    several = hits(client, q="资金", k=100, kind=["problem_cause", "improvement_measure"])
    assert {hit["passage"]["kind"] for hit in several} == {"problem_cause", "improvement_measure"}
    assert all(hit["passage"]["quote"] for hit in several)


@pytest.mark.parametrize(
    ("parameters", "status"),
    [
        ({}, 422),
        ({"q": ""}, 422),
        ({"q": "x" * 10_001}, 422),
        ({"q": "，。"}, 422),
        ({"q": "资金", "kind": "nosuch"}, 422),
        ({"q": "资金", "k": 0}, 422),
        ({"q": "资金", "k": 10_000}, 422),
        ({"q": "资金", "year": "soon"}, 422),
        ({"q": "资金", "department": "月球办公室"}, 404),
    ],
)
def test_searches_that_make_no_sense_are_refused(
    client: httpx.Client, parameters: dict[str, Any], status: int
) -> None:
    refusal(client.get("/passages/search", params=parameters), status)


def test_similar_passages_are_of_other_departments(client: httpx.Client) -> None:
    passage = hits(client, q="人手不够", k=1)[0]["passage"]
    others = client.get("/passages/similar", params={"iri": passage["iri"]}).json()["items"]
    assert others
    assert passage["department"] not in {hit["passage"]["department"] for hit in others}
    refusal(client.get("/passages/similar", params={"iri": "https://example.org/none"}), 404)


def test_source_leads_from_a_thing_to_its_place(client: httpx.Client) -> None:
    passage = hits(client, q="人手不够", k=1)[0]["passage"]
    thing = client.get("/source", params={"iri": passage["iri"]}).json()
    assert thing["sources"][0]["quote"] == passage["quote"]
    assert thing["sources"][0]["document"] == passage["document"]
    refusal(client.get("/source", params={"iri": "https://example.org/none"}), 404)


def test_sparql_by_every_way_of_asking(client: httpx.Client) -> None:
    query = "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"
    answers = [
        client.get("/sparql", params={"query": query}),
        client.post("/sparql", data={"query": query}),
        client.post("/sparql", content=query, headers={"Content-Type": "application/sparql-query"}),
    ]
    counts = {answer.json()["results"]["bindings"][0]["n"]["value"] for answer in answers}
    assert len(counts) == 1
    assert {answer.headers["content-type"] for answer in answers} == {"application/sparql-results+json"}
    as_csv = client.get("/sparql", params={"query": query}, headers={"Accept": "text/csv"})
    assert as_csv.text == f"n\r\n{counts.pop()}\r\n"


@pytest.mark.parametrize(
    "query",
    [
        "DELETE WHERE { ?s ?p ?o }",
        "LOAD <http://127.0.0.1:9/>",
        "SELECT * { SERVICE <http://127.0.0.1:9/> { ?s ?p ?o } }",
        "SELECT * { \\u0053ERVICE <http://127.0.0.1:9/> { ?s ?p ?o } }",
    ],
)
def test_sparql_that_may_not_be_evaluated_is_refused(client: httpx.Client, query: str) -> None:
    refusal(client.get("/sparql", params={"query": query}), 403)
    refusal(client.post("/sparql", data={"query": query}), 403)


def test_sparql_bodies_that_are_not_understood_are_refused(client: httpx.Client) -> None:
    refusal(client.post("/sparql", content="{}", headers={"Content-Type": "application/json"}), 415)
    refusal(client.post("/sparql", data={"other": "x"}), 400)
    wrong = {"Content-Type": "application/sparql-query"}
    refusal(client.post("/sparql", content=b"\xff\xfe", headers=wrong), 400)
    refusal(client.post("/sparql", content="#" * 300_000, headers=wrong), 413)


def test_a_slow_query_is_stopped_while_others_are_answered(sample_home: Path) -> None:
    """In this process, so that the deadline can be short."""
    import uvicorn

    from fiscalgraph.api import create_app
    from fiscalgraph.api.sparql_settings import SparqlSettings
    from fiscalgraph.graph.sparql import Limits

    settings = SparqlSettings(limits=Limits(seconds=1.0), workers=1)
    config = uvicorn.Config(create_app(sample_home, sparql_settings=settings), port=0, log_level="error")
    running = uvicorn.Server(config)
    thread = threading.Thread(target=running.run)
    thread.start()
    try:
        while not running.started:
            time.sleep(0.01)
        port = running.servers[0].sockets[0].getsockname()[1]
        with httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=60, trust_env=False) as client:
            started = time.monotonic()
            error = refusal(client.get("/sparql", params={"query": SLOW}), 504)
            assert time.monotonic() - started < 5
            assert "1 second" in error["why"]
            quick = client.get("/sparql", params={"query": "ASK { ?s ?p ?o }"})
            assert quick.json()["boolean"] is True
    finally:
        running.should_exit = True
        thread.join(timeout=30)
    assert not thread.is_alive()


@pytest.mark.parametrize("path", ["/nosuch", "/docs", "/web/nosuch.js", "/web/../app.py"])
def test_what_is_not_there_is_answered_in_the_one_shape(client: httpx.Client, path: str) -> None:
    refusal(client.get(path), 404)


def test_wrong_methods_are_answered_in_the_one_shape(client: httpx.Client) -> None:
    refusal(client.delete("/documents"), 405)


@pytest.mark.parametrize(
    "path", ["/", "/web/icon.svg", "/documents", "/nosuch", "/queries/documents?format=csv"]
)
def test_every_answer_carries_the_security_headers(client: httpx.Client, path: str) -> None:
    headers = client.get(path).headers
    assert "default-src 'none'" in headers["content-security-policy"]
    assert "unsafe" not in headers["content-security-policy"]
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["x-frame-options"] == "DENY"
    assert "server" not in headers


def test_foreign_host_names_are_refused(client: httpx.Client) -> None:
    refusal(client.get("/documents", headers={"Host": "attacker.example"}), 421)
    assert client.get("/documents", headers={"Host": "localhost:1234"}).status_code == 200


def test_many_readers_at_once_get_the_same_answer(client: httpx.Client) -> None:
    paths = ["/documents", "/queries/findings", "/passages/search?q=资金", "/sparql?query=ASK{?s ?p ?o}"] * 5
    expected = {path: client.get(path).text for path in set(paths)}
    wrong: list[str] = []

    def ask(path: str) -> None:
        if client.get(path).text != expected[path]:
            wrong.append(path)

    threads = [threading.Thread(target=ask, args=(path,)) for path in paths]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []


def test_serving_needs_a_free_port_and_a_workspace(sample_home: Path, tmp_path: Path) -> None:
    with server(sample_home) as address:
        port = address.rsplit(":", 1)[1]
        done = fiscalgraph("serve", "--port", port, "--home", sample_home)
    assert done.code == 1
    assert "--port" in done.err
    assert fiscalgraph("serve", "--home", tmp_path / "none").code == 3


def test_checks_are_paged_filtered_and_counted(client: httpx.Client) -> None:
    answer = client.get("/checks", params={"limit": 5}).json()
    assert len(answer["items"]) == 5
    assert answer["total"] > 5
    assert {line["verdict"] for line in answer["items"]} == {"contradicts"}
    following = client.get("/checks", params={"limit": 5, "offset": 5}).json()["items"]
    assert not {line["iri"] for line in answer["items"]} & {line["iri"] for line in following}
    line = answer["items"][0]
    assert line["left"]["place"]["quote"]
    assert {"printed", "unit", "computed", "place", "operands"} == line["right"].keys()
    figures = answer["documents"][0]["figures"]
    assert figures["printed"] == figures["confirmed"] + figures["contested"] + figures["unchecked"]
    agreeing = client.get(
        "/checks", params={"document": "water_2024_accounts", "check": "code-hierarchy", "verdict": "agrees"}
    ).json()
    assert agreeing["items"]
    assert {(line["check"], line["verdict"]) for line in agreeing["items"]} == {("code-hierarchy", "agrees")}
    assert {name for line in agreeing["items"] for name in line["documents"]} == {"water_2024_accounts"}
    counted = {each["check"]: each["verdicts"]["agrees"] for each in agreeing["checks"]}
    assert counted["code-hierarchy"] == agreeing["total"]


def test_checks_refuse_what_there_is_not(client: httpx.Client) -> None:
    refusal(client.get("/checks", params={"document": "nosuch"}), 404)
    refusal(client.get("/checks", params={"check": "nosuch"}), 404)
    refusal(client.get("/checks", params={"verdict": "nosuch"}), 422)
    refusal(client.get("/checks", params={"limit": 100_000}), 422)


def test_the_rules_of_the_checks_are_told_in_words(client: httpx.Client) -> None:
    rules = {rule["check"]: rule for rule in client.get("/checks/rules").json()["items"]}
    assert {"code-hierarchy", "unit-within-department"} <= rules.keys()
    assert all(rule["rule"].keys() == rule["title"].keys() == {"en", "zh"} for rule in rules.values())
    assert rules["unit-within-department"]["scope"] == "BetweenDocuments"


def test_checks_over_http_are_the_command_lines(client: httpx.Client, sample_home: Path) -> None:
    same = json.loads(fiscalgraph("check", "--json", "--home", sample_home).out)
    answer = client.get("/checks", params={"limit": 1000}).json()
    assert answer["items"] == same["lines"]
    assert answer["documents"] == same["documents"]
