"""``/sparql`` with a real server and real clients: the protocol, the formats, the refusals."""

from __future__ import annotations

import csv
import io
import json
import shutil
import subprocess
import urllib.parse
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from pyoxigraph import NamedNode, QueryResultsFormat, RdfFormat, parse, parse_query_results
from rdflib import RDF, Graph, URIRef
from rdflib.plugins.stores.sparqlstore import SPARQLStore
from running import fiscalgraph, server
from SPARQLWrapper import CSV, JSON, POST, TURTLE, XML, SPARQLWrapper

FG = "https://w3id.org/fiscalgraph/ontology#"
DISCLOSURES = f"SELECT ?d ?year {{ ?d a <{FG}Disclosure> ; <{FG}year> ?year }} ORDER BY ?d"
CONSTRUCT = f"CONSTRUCT {{ ?d a <{FG}Disclosure> }} WHERE {{ ?d a <{FG}Disclosure> }}"
RDF_TYPES = {
    "text/turtle": RdfFormat.TURTLE,
    "application/n-triples": RdfFormat.N_TRIPLES,
    "application/ld+json": RdfFormat.JSON_LD,
    "application/rdf+xml": RdfFormat.RDF_XML,
    "application/n-quads": RdfFormat.N_QUADS,
    "application/trig": RdfFormat.TRIG,
}
BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"


@pytest.fixture(scope="module")
def address(sample_home: Path) -> Iterator[str]:
    with server(sample_home) as address:
        yield address


@pytest.fixture(scope="module")
def client(address: str) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=address, timeout=60, trust_env=False) as client:
        yield client


@pytest.fixture(scope="module")
def disclosures(client: httpx.Client) -> list[str]:
    answer = client.get("/sparql", params={"query": DISCLOSURES}).json()
    found = [row["d"]["value"] for row in answer["results"]["bindings"]]
    assert len(found) > 3
    return found


def get(client: httpx.Client, query: str, accept: str | None = None, **more: Any) -> httpx.Response:
    return client.get(
        "/sparql", params={"query": query, **more}, headers={} if accept is None else {"Accept": accept}
    )


def refusal(answer: httpx.Response, status: int, code: str) -> dict[str, Any]:
    assert answer.status_code == status, answer.text
    error: dict[str, Any] = answer.json()["error"]
    assert error["code"] == code
    return error


# -- the ways of asking --------------------------------------------------------------------------------


def test_a_query_may_come_in_the_address_in_a_form_and_bare(
    client: httpx.Client, disclosures: list[str]
) -> None:
    answers = [
        get(client, DISCLOSURES),
        client.post("/sparql", data={"query": DISCLOSURES}),
        client.post(
            "/sparql", content=DISCLOSURES.encode(), headers={"Content-Type": "application/sparql-query"}
        ),
        client.post(
            "/sparql",
            content=DISCLOSURES.encode(),
            headers={"Content-Type": "application/sparql-query; charset=UTF-8"},
        ),
    ]
    for answer in answers:
        assert [row["d"]["value"] for row in answer.json()["results"]["bindings"]] == disclosures
        assert answer.headers["vary"] == "Accept"


def test_the_request_names_the_graphs(client: httpx.Client, disclosures: list[str]) -> None:
    first, second = disclosures[:2]
    ask = f"SELECT ?d {{ ?d a <{FG}Disclosure> }} ORDER BY ?d"

    def given(answer: httpx.Response) -> list[str]:
        return [row["d"]["value"] for row in answer.json()["results"]["bindings"]]

    def graph_of(disclosure: str) -> str:
        where = f"SELECT ?g {{ GRAPH ?g {{ <{disclosure}> a <{FG}Disclosure> }} }}"
        name: str = get(client, where).json()["results"]["bindings"][0]["g"]["value"]
        return name

    one, two = graph_of(first), graph_of(second)
    assert given(get(client, ask, **{"default-graph-uri": one})) == [first]
    assert given(get(client, ask, **{"default-graph-uri": [one, two]})) == [first, second]
    assert given(client.post("/sparql", data={"query": ask, "default-graph-uri": [one, two]})) == [
        first,
        second,
    ]
    bare = {"Content-Type": "application/sparql-query"}
    posted = client.post("/sparql", params={"default-graph-uri": two}, content=ask, headers=bare)
    assert given(posted) == [second]
    # The request's graphs take the place of the query's own.
    own = ask.replace("{", f"FROM <{two}> {{", 1)
    assert given(get(client, own)) == [second]
    assert given(get(client, own, **{"default-graph-uri": one})) == [first]
    # Named graphs alone leave the default graph empty, and the other way round.
    named = f"SELECT ?d {{ GRAPH ?g {{ ?d a <{FG}Disclosure> }} }} ORDER BY ?d"
    assert given(get(client, named, **{"named-graph-uri": [one, two]})) == [first, second]
    assert given(get(client, ask, **{"named-graph-uri": one})) == []
    assert given(get(client, named, **{"default-graph-uri": one})) == []
    # A graph that is not there is empty: it is not fetched from anywhere.
    assert given(get(client, ask, **{"default-graph-uri": "http://127.0.0.1:9/none"})) == []


def test_head_and_options(client: httpx.Client) -> None:
    head = client.head("/sparql", params={"query": "ASK {}"})
    assert head.status_code == 200
    assert head.content == b""
    assert head.headers["content-length"] == str(len(get(client, "ASK {}").content))
    options = client.options("/sparql")
    assert options.status_code == 204
    assert options.headers["allow"] == "GET, HEAD, POST, OPTIONS"
    assert "application/sparql-query" in options.headers["accept-post"]
    assert client.put("/sparql").status_code == 405


# -- formats -------------------------------------------------------------------------------------------

SELECT_TYPES = {
    "application/sparql-results+json": QueryResultsFormat.JSON,
    "application/sparql-results+xml": QueryResultsFormat.XML,
    "text/tab-separated-values": QueryResultsFormat.TSV,
}


@pytest.mark.parametrize("media_type", SELECT_TYPES)
def test_rows_in_every_format_are_the_same(
    client: httpx.Client, disclosures: list[str], media_type: str
) -> None:
    answer = get(client, DISCLOSURES, media_type)
    assert answer.headers["content-type"].partition(";")[0] == media_type
    solutions: Any = parse_query_results(answer.content, format=SELECT_TYPES[media_type])
    assert [variable.value for variable in solutions.variables] == ["d", "year"]
    assert [solution["d"] for solution in solutions] == [NamedNode(iri) for iri in disclosures]


def test_rows_as_csv(client: httpx.Client, disclosures: list[str]) -> None:
    answer = get(client, DISCLOSURES, "text/csv")
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    assert [row["d"] for row in csv.DictReader(io.StringIO(answer.text, newline=""))] == disclosures


@pytest.mark.parametrize(
    ("accept", "text"),
    [
        ("application/sparql-results+json", '{"head":{},"boolean":false}'),
        ("application/sparql-results+xml", "<boolean>false</boolean>"),
        ("text/csv", "false"),
        ("text/tab-separated-values", "false"),
    ],
)
def test_a_verdict_in_every_format(client: httpx.Client, accept: str, text: str) -> None:
    answer = get(client, "ASK { FILTER(1 = 2) }", accept)
    assert answer.headers["content-type"].partition(";")[0] == accept
    assert text in answer.text


@pytest.mark.parametrize("media_type", RDF_TYPES)
@pytest.mark.parametrize("form", ["construct", "describe"])
def test_graphs_in_every_format_are_the_same(
    client: httpx.Client, disclosures: list[str], media_type: str, form: str
) -> None:
    query = CONSTRUCT if form == "construct" else f"DESCRIBE <{disclosures[0]}>"
    answer = get(client, query, media_type)
    assert answer.headers["content-type"].partition(";")[0] == media_type
    subjects = {
        quad.subject.value
        for quad in parse(answer.content, format=RDF_TYPES[media_type])
        if isinstance(quad.subject, NamedNode)
    }
    assert subjects == set(disclosures if form == "construct" else disclosures[:1])


def test_text_survives_every_format(client: httpx.Client) -> None:
    text = '项目\t"资金"\r\n下达, <晚> & \\ 完'
    escaped = json.dumps(text, ensure_ascii=False)
    query = f"SELECT ?x ?none {{ VALUES (?x ?none) {{ ({escaped}@zh UNDEF) }} }}"
    for media_type, kind in SELECT_TYPES.items():
        (solution,) = parse_query_results(get(client, query, media_type).content, format=kind)  # type: ignore[misc]
        assert (solution["x"].value, solution["x"].language, solution["none"]) == (text, "zh", None)
    (row,) = csv.DictReader(io.StringIO(get(client, query, "text/csv").text, newline=""))
    assert row == {"x": text, "none": ""}


def test_keywords_need_no_blanks(client: httpx.Client) -> None:
    assert (
        get(client, "CONSTRUCTWHERE{?s ?p ?o}LIMIT3").headers["content-type"] == "text/turtle; charset=utf-8"
    )
    assert len(get(client, "SELECTDISTINCT?s{?s ?p ?o}LIMIT3").json()["results"]["bindings"]) == 3


def test_what_xml_cannot_hold_is_said(client: httpx.Client) -> None:
    query = 'SELECT ("a\\u0001" AS ?x) {}'
    refusal(get(client, query, "application/sparql-results+xml"), 422, "query_failed")
    assert get(client, query).json()["results"]["bindings"][0]["x"]["value"] == "a\x01"


@pytest.mark.parametrize(
    ("accept", "given"),
    [
        (None, "application/sparql-results+json"),
        ("*/*", "application/sparql-results+json"),
        ("application/*", "application/sparql-results+json"),
        ("text/*", "text/csv"),
        ("application/json", "application/json"),
        ("text/csv;q=0.5, application/sparql-results+xml;q=0.9", "application/sparql-results+xml"),
        ("*/*;q=0.1, text/csv", "text/csv"),
        ("application/sparql-results+json;q=0, */*", "application/sparql-results+xml"),
        ("TEXT/CSV ; Q=1.0", "text/csv"),
        ("text/turtle, text/tab-separated-values;q=0.2", "text/tab-separated-values"),
        ("application/sparql-results+json,*/*;q=0.9", "application/sparql-results+json"),
        (BROWSER, "application/xml"),
        ("not a media type", "application/sparql-results+json"),
    ],
)
def test_the_accept_header_decides(client: httpx.Client, accept: str | None, given: str) -> None:
    answer = get(client, "SELECT * { VALUES ?x { 1 } }", accept or "")
    assert answer.headers["content-type"].partition(";")[0] == given


@pytest.mark.parametrize(
    ("query", "name", "given"),
    [
        ("SELECT * {}", "json", "application/sparql-results+json"),
        ("SELECT * {}", "CSV", "text/csv"),
        ("ASK {}", "xml", "application/sparql-results+xml"),
        ("SELECT * {}", "text/tab-separated-values", "text/tab-separated-values"),
        (CONSTRUCT, "ttl", "text/turtle"),
        (CONSTRUCT, "nt", "application/n-triples"),
        (CONSTRUCT, "json", "application/ld+json"),
        (CONSTRUCT, "xml", "application/rdf+xml"),
    ],
)
@pytest.mark.parametrize("parameter", ["format", "output"])
def test_a_parameter_overrides_the_accept_header(
    client: httpx.Client, query: str, name: str, given: str, parameter: str
) -> None:
    answer = get(client, query, "text/html", **{parameter: name})
    assert answer.headers["content-type"].partition(";")[0] == given


def test_a_format_that_is_not_on_offer_is_refused_with_the_list(client: httpx.Client) -> None:
    error = refusal(get(client, "SELECT * {}", "image/png, text/turtle"), 406, "not_acceptable")
    assert "text/csv (format=csv)" in error["cure"]
    error = refusal(get(client, CONSTRUCT, "text/csv"), 406, "not_acceptable")
    assert "text/turtle (format=turtle)" in error["cure"]
    refusal(get(client, "SELECT * {}", format="docx"), 406, "not_acceptable")


# -- the service itself --------------------------------------------------------------------------------


@pytest.mark.parametrize("media_type", RDF_TYPES)
def test_without_a_query_the_service_describes_itself(
    client: httpx.Client, address: str, media_type: str
) -> None:
    answer = client.get("/sparql", headers={"Accept": media_type})
    assert answer.headers["content-type"].partition(";")[0] == media_type
    sd = "http://www.w3.org/ns/sparql-service-description#"
    said = {
        (quad.predicate.value.removeprefix(sd), quad.object.value)
        for quad in parse(answer.content, format=RDF_TYPES[media_type])
        if isinstance(quad.object, NamedNode)
    }
    assert ("endpoint", f"{address}/sparql") in said
    assert ("supportedLanguage", f"{sd}SPARQL11Query") in said
    assert ("feature", f"{sd}UnionDefaultGraph") in said
    assert ("resultFormat", "http://www.w3.org/ns/formats/SPARQL_Results_TSV") in said
    assert not any("Federated" in value or "Update" in value for _, value in said)


def test_without_a_query_a_browser_gets_the_page(client: httpx.Client) -> None:
    answer = client.get("/sparql", headers={"Accept": BROWSER})
    assert (answer.status_code, answer.headers["location"]) == (303, "/")
    assert client.get("/sparql").headers["content-type"] == "text/turtle; charset=utf-8"
    refusal(client.get("/sparql", headers={"Accept": "image/png"}), 406, "not_acceptable")


# -- refusals ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("query", "line", "column"),
    [
        ("nonsense", 1, 1),
        ("", 1, 1),
        ("SELECT * {\n  ?s ?p ?o .\n  ?x ?y\n}", 4, 1),
        ("SELECT * {\n  # 资金\n  ?s a fgx:Project }", 3, 8),
        ('SELECT * { ?s ?p "项目资金" . ?x }', 1, 30),
        ("SELECT ?x { ?s ?p ?x } LIMIT ten", 1, 30),
        ("SELECT * { ?s ?p 'open }", 1, 18),
        ("SELECT * { ?s <relative> ?o }", 1, 15),
        ("SELECT * { ?s ?p ?o", 1, 20),
        ("SELECT ?x ; INSERT DATA { <http://a> <http://b> 1 }", 1, 11),
    ],
)
def test_what_does_not_parse_is_refused_with_its_place(
    client: httpx.Client, query: str, line: int, column: int
) -> None:
    error = refusal(get(client, query), 400, "cannot_parse")
    assert (error["line"], error["column"]) == (line, column)
    assert f"line {line}, column {column}" in error["why"]


@pytest.mark.parametrize(
    "query",
    [
        "INSERT DATA { <http://a> <http://b> 1 }",
        "PREFIX x: <http://x/> delete where { ?s x:p ?o }",
        "WITH <http://g> DELETE { ?s ?p ?o } WHERE { ?s ?p ?o }",
        "LOAD <http://127.0.0.1:9/>",
        "# comment\nCLEAR ALL",
        "\\u0044ROP ALL",
        "SELECT * { SERVICE <http://127.0.0.1:9/> { ?s ?p ?o } }",
        "SELECT * { \\u0053ERVICE <http://127.0.0.1:9/> { ?s ?p ?o } }",
    ],
)
def test_forms_that_are_not_allowed(client: httpx.Client, query: str) -> None:
    refusal(get(client, query), 403, "form_not_allowed")
    refusal(client.post("/sparql", data={"query": query}), 403, "form_not_allowed")


def test_updates_are_refused_however_they_come(client: httpx.Client) -> None:
    update = "INSERT DATA { <http://a> <http://b> 1 }"
    kind = {"Content-Type": "application/sparql-update"}
    refusal(client.post("/sparql", content=update, headers=kind), 403, "form_not_allowed")
    refusal(client.post("/sparql", data={"update": update}), 403, "form_not_allowed")
    refusal(client.post("/sparql", data={"query": "ASK {}", "update": update}), 403, "form_not_allowed")
    refusal(client.get("/sparql", params={"update": update}), 403, "form_not_allowed")


def test_requests_that_the_protocol_does_not_know(client: httpx.Client) -> None:
    bare, form = (
        {"Content-Type": f"application/{kind}"} for kind in ("sparql-query", "x-www-form-urlencoded")
    )
    refusal(client.get("/sparql?query=ASK{}&query=ASK{}"), 400, "wrong_parameter")
    refusal(get(client, "ASK {}", **{"default-graph-uri": "not an iri"}), 400, "wrong_parameter")
    refusal(client.get("/sparql?query=ASK%7B%7D%20%23%FF"), 400, "invalid_encoding")
    refusal(client.post("/sparql", content=b"ASK {} #\xff", headers=bare), 400, "invalid_encoding")
    refusal(client.post("/sparql", content=b"query=%FF", headers=form), 400, "invalid_encoding")
    refusal(client.post("/sparql", content=b"query=\xff", headers=form), 400, "invalid_encoding")
    refusal(client.post("/sparql", content=b"", headers=bare), 400, "no_query")
    refusal(client.post("/sparql", data={"other": "x"}), 400, "no_query")
    refusal(client.post("/sparql", json={"query": "ASK {}"}), 415, "unknown_body_type")
    latin = {"Content-Type": "application/sparql-query; charset=latin-1"}
    refusal(client.post("/sparql", content=b"ASK {}", headers=latin), 415, "unknown_body_type")
    refusal(client.post("/sparql", content=b"#" * 160_000 + b"\nASK {}", headers=bare), 413, "query_too_long")
    refusal(client.post("/sparql", content=b"#" * 300_000, headers=bare), 413, "too_large")


def test_what_the_engine_does_not_know_or_gets_wrong_is_said(client: httpx.Client) -> None:
    error = refusal(get(client, "SELECT (<http://example.org/f>(1) AS ?x) {}"), 422, "query_failed")
    assert "http://example.org/f" in error["why"]
    wrong = "SELECT ?g ?n { GRAPH ?g { SELECT (COUNT(*) AS ?n) { ?s ?p ?o } } }"
    refusal(get(client, wrong), 422, "query_not_supported")
    right = "SELECT ?g ?n { GRAPH ?g { SELECT ?g (COUNT(*) AS ?n) { ?s ?p ?o } GROUP BY ?g } }"
    assert len(get(client, right).json()["results"]["bindings"]) > 3


# -- limits --------------------------------------------------------------------------------------------


def test_rows_beyond_the_limit_are_cut_and_said_but_never_an_aggregate(sample_home: Path) -> None:
    limits = {"FISCALGRAPH_SPARQL_ROWS": "5", "FISCALGRAPH_SPARQL_BYTES": "2000"}
    with (
        server(sample_home, limits) as address,
        httpx.Client(base_url=address, timeout=60, trust_env=False) as client,
    ):
        everything = "SELECT ?s { ?s ?p ?o }"
        answer = get(client, everything)
        assert answer.json()["truncated"] is True
        assert len(answer.json()["results"]["bindings"]) == 5
        assert answer.headers["fiscalgraph-truncated"] == "rows=5"
        for accept in (*SELECT_TYPES, "text/csv"):
            assert get(client, everything, accept).headers["fiscalgraph-truncated"] == "rows=5"
        lines = get(client, everything, "text/csv").text.splitlines()
        assert len(lines) == 6
        for accept, kind in RDF_TYPES.items():
            graph = get(client, "CONSTRUCT WHERE { ?s ?p ?o }", accept)
            assert graph.headers["fiscalgraph-truncated"].startswith("rows=")
            assert 0 < len(list(parse(graph.content, format=kind))) <= 5
        whole = get(client, "SELECT ?s { ?s ?p ?o } LIMIT 5")
        assert "truncated" not in whole.json()
        assert "fiscalgraph-truncated" not in whole.headers
        wide = get(
            client, 'SELECT ?x { VALUES ?y { 1 2 3 } BIND(CONCAT(STR(?y), "%s") AS ?x) }' % ("x" * 900)
        )
        assert wide.headers["fiscalgraph-truncated"] == "rows=2"
        assert len(wide.content) < 2200
        count = get(client, "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }").json()
        assert int(count["results"]["bindings"][0]["n"]["value"]) > 5
        for grouped in (
            "SELECT ?s (COUNT(*) AS ?n) { ?s ?p ?o } GROUP BY ?s",
            "SELECT ?s { { SELECT ?s (SUM(?o) AS ?n) { ?s ?p ?o } GROUP BY ?s } }",
            "SELECT DISTINCT ?s { ?s ?p ?o } GROUP BY ?s",
        ):
            refusal(get(client, grouped), 413, "result_too_large")


def test_a_limit_that_makes_no_sense_keeps_the_server_from_starting(sample_home: Path) -> None:
    done = fiscalgraph("serve", "--home", sample_home, environment={"FISCALGRAPH_SPARQL_ROWS": "many"})
    assert done.code == 1
    assert "FISCALGRAPH_SPARQL_ROWS=many" in done.err


# -- clients -------------------------------------------------------------------------------------------


def test_sparqlwrapper(address: str, disclosures: list[str]) -> None:
    wrapper = SPARQLWrapper(f"{address}/sparql")
    wrapper.setQuery(DISCLOSURES)
    for form in (JSON, XML, CSV):
        wrapper.setReturnFormat(form)
        answer = wrapper.query()
        converted: Any = answer.convert()
        answer.response.close()
        if form == JSON:
            assert [row["d"]["value"] for row in converted["results"]["bindings"]] == disclosures
        elif form == XML:
            assert [node.firstChild.data for node in converted.getElementsByTagName("uri")] == disclosures
        else:
            assert converted.decode().splitlines()[0] == "d,year"
    wrapper.setMethod(POST)
    wrapper.setReturnFormat(JSON)
    assert len(wrapper.queryAndConvert()["results"]["bindings"]) == len(disclosures)  # type: ignore[index,call-overload]
    wrapper.setQuery(CONSTRUCT)
    wrapper.setReturnFormat(TURTLE)
    graph = Graph().parse(data=wrapper.queryAndConvert(), format="turtle")  # type: ignore[arg-type]
    assert {str(subject) for subject in graph.subjects()} == set(disclosures)
    wrapper.setQuery("ASK {}")
    wrapper.setReturnFormat(JSON)
    assert wrapper.queryAndConvert()["boolean"] is True  # type: ignore[index,call-overload]


@pytest.mark.filterwarnings("ignore:.*:DeprecationWarning:rdflib")  # its JSON-LD reader uses its old classes
@pytest.mark.parametrize("form", ["xml", "json", "csv", "tsv"])
@pytest.mark.parametrize("method", ["GET", "POST", "POST_FORM"])
def test_rdflibs_sparql_store(address: str, disclosures: list[str], form: str, method: Any) -> None:
    store = SPARQLStore(f"{address}/sparql", returnFormat=form, method=method)
    graph = Graph(store=store)
    rows: Any = graph.query(DISCLOSURES)
    assert [str(row.d) for row in rows] == disclosures
    disclosure, kind = URIRef(disclosures[0]), URIRef(f"{FG}Disclosure")
    assert {str(subject) for subject in graph.subjects(RDF.type, kind)} == set(disclosures)
    if form in ("xml", "json"):  # with the others rdflib takes neither a verdict nor a graph
        assert (disclosure, RDF.type, kind) in graph
        built: Any = graph.query(CONSTRUCT).graph
        assert {str(subject) for subject in built.subjects()} == set(disclosures)


def test_requests_as_yasgui_makes_them(client: httpx.Client, disclosures: list[str]) -> None:
    answer = client.post(
        "/sparql",
        data={"query": DISCLOSURES},
        headers={"Accept": "application/sparql-results+json,*/*;q=0.9", "Origin": str(client.base_url)},
    )
    assert answer.headers["content-type"] == "application/sparql-results+json"
    assert len(answer.json()["results"]["bindings"]) == len(disclosures)
    graph = client.post("/sparql", data={"query": CONSTRUCT}, headers={"Accept": "text/turtle,*/*;q=0.9"})
    assert graph.headers["content-type"] == "text/turtle; charset=utf-8"


def test_a_table_is_read_straight_from_an_address(address: str, disclosures: list[str]) -> None:
    """As pandas.read_csv(address) does: urllib, no Accept header."""
    question = urllib.parse.urlencode({"query": DISCLOSURES, "format": "csv"})
    with urllib.request.urlopen(f"{address}/sparql?{question}") as answer:
        rows = list(csv.reader(io.TextIOWrapper(answer, "utf-8", newline="")))
    assert [row[0] for row in rows] == ["d", *disclosures]


@pytest.mark.skipif(shutil.which("curl") is None, reason="curl is not installed")
def test_curl(address: str, disclosures: list[str]) -> None:
    def curl(*arguments: str) -> str:
        done = subprocess.run(
            ["curl", "--silent", "--fail", "--noproxy", "*", *arguments, f"{address}/sparql"],
            capture_output=True,
            text=True,
            timeout=60,
            check=True,
        )
        return done.stdout

    posted = curl("--data-urlencode", f"query={DISCLOSURES}")
    assert len(json.loads(posted)["results"]["bindings"]) == len(disclosures)
    got = curl("-G", "-H", "Accept: text/csv", "--data-urlencode", f"query={DISCLOSURES}")
    assert len(got.splitlines()) == len(disclosures) + 1
    bare = curl("-H", "Content-Type: application/sparql-query", "--data", CONSTRUCT)
    assert bare.startswith("@prefix")
