"""What the guard measures and refuses, and what keeps the workers in their place."""

from __future__ import annotations

import json
import socket
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path
from typing import Any

import anyio
import pytest
from graph_records import disclosure

from fiscalgraph.api.admission import Admission
from fiscalgraph.api.errors import RequestRefused
from fiscalgraph.api.held_response import HeldResponse
from fiscalgraph.api.settings import UnusableSetting
from fiscalgraph.api.sparql_settings import SparqlSettings
from fiscalgraph.graph.identifiers import document_iri
from fiscalgraph.graph.mapping import document_quads
from fiscalgraph.graph.sparql import (
    Limits,
    Outline,
    QueryBusy,
    QueryFailed,
    QueryNotSupported,
    QueryRefused,
    QueryTooComplex,
    QueryWorkers,
    Question,
    check_query,
    outline,
)
from fiscalgraph.graph.store import GenerationStore


@pytest.mark.parametrize(
    "text",
    [
        "a." * 70_000,
        "a-" * 70_000,
        '"\\"' * 50_000,
        '"""\\' * 37_000,
        "'''\\\"" * 30_000,
        "<a" * 70_000,
        "\\u" * 70_000,
        ":." * 70_000,
        "1." * 70_000,
        "@a-" * 50_000,
        '"a\n' * 50_000,
        "SELECT ?s { GRAPH ?g { " + "{SELECT ?s{?s ?p ?o}}" * 6_000 + "}}",
    ],
    ids=lambda text: repr(text[:6]),
)
def test_no_text_keeps_the_guard_busy(text: str) -> None:
    started = time.process_time()
    with suppress(QueryRefused):
        outline(text)
    assert time.process_time() - started < 5  # it takes less than one; what is quadratic takes minutes


@pytest.mark.parametrize("bracket", ["()", "{}", "[]"])
def test_brackets_may_be_nested_so_deep(bracket: str) -> None:
    opening, closing = bracket
    outline(opening * 64 + closing * 64)
    with pytest.raises(QueryTooComplex, match="65 deep"):
        outline(opening * 65 + closing * 65)
    outline(f"SELECT * {{ ?s ?p '{opening * 100}' }} # {opening * 100}")


@pytest.mark.parametrize(
    ("query", "number"),
    [
        ("SELECT * { ?s <p>* ?o }", 1),
        ("SELECT * { ?s (<p>+|x:q?)/a* ?o . ?s ^x:p* ?o }", 4),
        ("SELECT * { ?s ((<p>*)*)* ?o }", 3),
        ("ASK { FILTER EXISTS { ?s <p>+ ?o } { SELECT * { ?s <p>* ?o } ORDER BY (?s * 2) } }", 2),
        ("SELECT (COUNT(*) AS ?n) ((?n) * 2 AS ?m) { BIND((1 + 2) * (3) AS ?x) FILTER(x:f(?x) * 2 > 1) }", 0),
        ("SELECT * { ?s ?p ?o FILTER x:f(1)*2 } GROUP BY (?s) HAVING (SUM(?o) * 2 > 1)", 0),
        ("SELECT * { ?s <p> ?o, (1 2) ; <q> 5 . FILTER(?x IN (1, 2) + 3) }", 0),
        ("SELECT * { ?s <p> '* + ?' } # <p>* <p>+", 0),
    ],
)
def test_repeated_paths_are_counted_and_arithmetic_is_not(query: str, number: int) -> None:
    outline(query, Limits(path_repetitions=number))
    if number:
        with pytest.raises(QueryTooComplex, match=f"{number} property paths"):
            outline(query, Limits(path_repetitions=number - 1))


COUNTS = "{ SELECT (COUNT(*) AS ?n) { ?s ?p ?o } }"


@pytest.mark.parametrize(
    ("query", "wrong"),
    [
        (f"SELECT ?g ?n {{ GRAPH ?g {COUNTS} }}", True),
        (f"SELECT ?n {{ GRAPH ?g {{ ?s ?p ?o {COUNTS} }} }}", True),
        ("SELECT * { GRAPH $g { { SELECT ?s { ?s ?p ?o } } } }", True),
        ("SELECT?s{GRAPH?g{SELECTDISTINCT?s{?s ?p ?o}}}", True),
        ("SELECT ?s ?g { GRAPH ?g { { SELECT ?s { ?s ?p ?o } } } }", True),
        ("SELECT ?s { GRAPH ?g { { SELECT ?s { ?s ?p ?o } LIMIT 1 } } }", True),
        ("SELECT ?s { GRAPH ?g { { SELECT ?s { ?s ?p ?o } } } GRAPH ?g { ?s ?a ?b } }", True),
        ("SELECT ?s { GRAPH ?g { { SELECT ?s { ?s ?p ?o } } } }", False),
        ("SELECT ?g ?n { GRAPH ?g { SELECT ?g (COUNT(*) AS ?n) { ?s ?p ?o } GROUP BY ?g } }", False),
        ("SELECT ?g (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?o } } GROUP BY ?g", False),
        (f"SELECT ?n {{ GRAPH <http://g> {COUNTS} }}", False),
        (f"SELECT ?n {{ GRAPH ?g {{ ?s ?p ?o }} {COUNTS} }}", False),
    ],
)
def test_what_the_engine_would_count_over_all_graphs_together_is_refused(query: str, wrong: bool) -> None:
    if wrong:
        with pytest.raises(QueryNotSupported, match="does not select"):
            check_query(query)
    else:
        check_query(query)


@pytest.mark.parametrize(
    ("query", "chooses_graphs", "aggregates"),
    [
        ("SELECT * { ?s ?p 'COUNT FROM' } # GROUP FROM", False, False),
        ("PREFIX from: <http://x> SELECT (from:f(?x) AS ?y) { ?s ?from from:x }", False, False),
        ("SELECT * FROM <http://g> {}", True, False),
        ("CONSTRUCT { ?s ?p ?o } FROM <http://g> WHERE { ?s ?p ?o }", True, False),
        ("PREFIX x: <http://x> SELECT * FROMx:y {}", True, False),
        ("ASKFROMNAMED<http://g>{}", True, False),
        ("SELECT * \\u0046ROM <http://g> {}", True, False),
        ("CONSTRUCT {} WHERE { SELECT (sum(?x) AS ?y) {} }", False, True),
        ("SELECT?s{?s ?p ?o}GROUPBY?s", False, True),
    ],
)
def test_the_outline_of_a_query(query: str, chooses_graphs: bool, aggregates: bool) -> None:
    assert outline(query) == Outline(chooses_graphs, aggregates)


def test_a_worker_has_no_network() -> None:
    """Even a query that the guard does not see reaches nobody."""
    code = """
import sys
from pyoxigraph import Store
from fiscalgraph.graph.sparql.isolation import forbid_network
assert forbid_network()
try:
    list(Store().query("SELECT * { SERVICE <http://127.0.0.1:%s/> { ?s ?p ?o } }" % sys.argv[1]))
except OSError as error:
    print(error)
"""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        listening.settimeout(0.2)
        port = str(listening.getsockname()[1])
        done = subprocess.run(
            [sys.executable, "-c", code, port], capture_output=True, text=True, timeout=60, check=True
        )
        assert "denied" in done.stdout
        with pytest.raises(TimeoutError):
            listening.accept()


def test_a_query_that_is_too_much_for_the_engines_stack_ends_its_worker_only(tmp_path: Path) -> None:
    store = GenerationStore(tmp_path)
    with store.begin() as build:
        build.replace_document(document_iri("one"), document_quads(disclosure("one")))
        build.publish()

    def served() -> Path:
        assert store.current is not None
        return store.current

    deep = "SELECT * { FILTER(" + "!" * 100_000 + "1) }"
    with QueryWorkers(served, workers=1, limits=Limits(seconds=60)) as workers:
        with pytest.raises(QueryFailed, match="chains more"):
            workers.answer(Question(deep))
        assert json.loads(workers.answer(Question("ASK { ?s ?p ?o }")).body)["boolean"] is True


def test_a_client_and_all_together_have_so_many_queries_in_progress() -> None:
    admission = Admission(total=3, per_client=2)
    places = [admission.admit("a", "/sparql"), admission.admit("a", "/sparql")]
    with pytest.raises(RequestRefused) as refusal:
        admission.admit("a", "/sparql")
    assert (refusal.value.status, refusal.value.code) == (429, "too_many_queries")
    places.append(admission.admit("b", "/sparql"))
    with pytest.raises(QueryBusy):
        admission.admit("c", "/sparql")
    for place in places:
        place.leave()
    admission.admit("a", "/sparql")


def test_an_answer_gives_up_its_place_when_it_is_sent_or_its_reader_is_gone() -> None:
    ended: list[str] = []
    sent: list[int] = []

    async def reads(message: Any) -> None:
        sent.append(len(message.get("body", b"")))

    async def is_gone(message: Any) -> None:
        raise OSError("connection lost")

    async def receive() -> Any:
        raise AssertionError("nothing is asked of the client")

    whole = HeldResponse(b"x" * 150_000, headers={}, on_end=lambda: ended.append("whole"))
    anyio.run(whole, {"type": "http"}, receive, reads)
    assert sum(sent) == 150_000
    assert max(sent) <= 65_536
    lost = HeldResponse(b"x", headers={}, on_end=lambda: ended.append("lost"))
    with pytest.raises(OSError, match="lost"):
        anyio.run(lost, {"type": "http"}, receive, is_gone)
    assert ended == ["whole", "lost"]


def test_limits_come_from_the_environment() -> None:
    assert SparqlSettings.from_environment({}) == SparqlSettings()
    given = {
        "FISCALGRAPH_SPARQL_SECONDS": "2.5",
        "FISCALGRAPH_SPARQL_ROWS": "7",
        "FISCALGRAPH_SPARQL_WORKERS": "3",
    }
    settings = SparqlSettings.from_environment(given)
    assert (settings.limits.seconds, settings.limits.rows, settings.workers) == (2.5, 7, 3)
    for value in ("0", "-1", "many", "1e3", "2.5"):
        with pytest.raises(UnusableSetting, match="FISCALGRAPH_SPARQL_ROWS"):
            SparqlSettings.from_environment({"FISCALGRAPH_SPARQL_ROWS": value})
