"""Queries of strangers: what is refused, what is answered, what is stopped."""

from __future__ import annotations

import json
import random
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from graph_records import disclosure
from pyoxigraph import Literal, NamedNode, Quad, Store

from fiscalgraph.graph.identifiers import document_iri
from fiscalgraph.graph.mapping import document_quads
from fiscalgraph.graph.sparql import (
    DeadlinePassed,
    Limits,
    QueryFailed,
    QueryRefused,
    QueryWorkers,
    Question,
    ResultTooLarge,
    Term,
    check_query,
    evaluate,
)
from fiscalgraph.graph.store import GenerationStore

NOWHERE = "<http://127.0.0.1:1/>"  # a port the engine itself refuses: no test goes on the network
PREFIX = f"PREFIX x: {NOWHERE} PREFIX : {NOWHERE} "

SERVICES = [
    f"SELECT * {{ SERVICE {NOWHERE} {{ ?s ?p ?o }} }}",
    f"SELECT * {{ service silent {NOWHERE} {{ ?s ?p ?o }} }}",
    f"SELECT * {{ \\u0053ERVICE {NOWHERE} {{ ?s ?p ?o }} }}",
    f"SELECT * {{ \\U00000053ERVICE {NOWHERE} {{ ?s ?p ?o }} }}",
    f"SELECT * {{ # comment \n SERVICE#x\n{NOWHERE} {{ ?s ?p ?o }} }}",
    f"SELECT * {{ SERVICESILENT{NOWHERE}{{ ?s ?p ?o }} }}",
    f"SELECT * {{ ?s ?p trueSERVICE {NOWHERE} {{ ?s ?p ?o }} }}",
    f"SELECT * {{ ?s ?p 1SERVICE {NOWHERE} {{ ?s ?p ?o }} }}",
    PREFIX + "SELECT * { SERVICEx:y { ?s ?p ?o } }",
    PREFIX + "SELECT * { ?s ?p x:a. SERVICE x:y { ?s ?p ?o } }",
    f"SELECT * {{ ?s ?p <http://a\\u0041#>SERVICE {NOWHERE} {{ ?a ?b ?c }} }}",
    f"SELECT * {{ ?s ?p ?o FILTER(?s<?p&&'x>y'='z')SERVICE{NOWHERE}{{?a ?b ?c}} FILTER('a'='b') }}",
    f"SELECT * {{ ?s ?p ?o FILTER(?a<?b#c>'''\n)SERVICE{NOWHERE}{{?a ?b ?c}} #'''\n}}",
    "SELECT * { { SELECT * { OPTIONAL { SERVICE ?x { ?s ?p ?o } } } } }",
    f"ASK {{ FILTER EXISTS {{ SERVICE {NOWHERE} {{ ?s ?p ?o }} }} }}",
    f"CONSTRUCT {{ ?s ?p ?o }} WHERE {{ SERVICE {NOWHERE} {{ ?s ?p ?o }} }}",
]


@pytest.mark.parametrize("query", SERVICES)
def test_a_call_of_another_server_is_refused(query: str) -> None:
    with pytest.raises(QueryRefused):
        check_query(query)


@pytest.mark.parametrize(
    "update",
    [
        "INSERT DATA { <http://a> <http://b> <http://c> }",
        "DELETE WHERE { ?s ?p ?o }",
        "LOAD <http://127.0.0.1:1/>",
        "CLEAR ALL",
        "DROP GRAPH <http://a>",
        "SELECT * { ?s ?p ?o } ; INSERT DATA { <http://a> <http://b> <http://c> }",
    ],
)
def test_an_update_is_refused(update: str) -> None:
    with pytest.raises(QueryRefused):
        check_query(update)


@pytest.mark.parametrize(
    "text", ["", "   ", "SELECT", "SELECT * { ?s ?p }", "SELECT * { ?s ?p 'x }", "DELETE"]
)
def test_what_is_no_query_is_refused_with_the_place(text: str) -> None:
    with pytest.raises(QueryRefused):
        check_query(text)


def test_a_query_of_any_length_is_not_parsed() -> None:
    with pytest.raises(QueryRefused, match="characters"):
        check_query("SELECT * { ?s ?p ?o } #" + "x" * 300_000)


@pytest.mark.parametrize(
    "query",
    [
        "SELECT * { ?s ?p 'SERVICE <http://x> {}' }",
        "SELECT * { ?s ?p ?o } # SERVICE",
        "SELECT ?service { ?service <http://example.org/service#SERVICE> ?o }",
        "PREFIX x: <http://example.org/> SELECT * { ?s x:service ?o }",
        "SELECT * { ?s ?p ?o FILTER(?o < 3 && ?o > 1) }",
        "SELECT * { ?s ?p '''it's a \"SERVICE\"''' }",
        'SELECT * { ?s ?p "\\u0053ERVIC\\u0045" }',
        "DESCRIBE <http://a>",
    ],
)
def test_the_word_alone_does_no_harm(query: str) -> None:
    check_query(query)


def odd_queries(seed: int, count: int) -> Iterator[str]:
    """Queries glued together from what guards get wrong: comparisons, quotes, comments, escapes."""
    dice = random.Random(seed)
    operands = [
        "?s", "?p", "'x>y'", '"x>y"', "x:b", "x:", "<x:1>", "<#>", "1", ".5", "true", "'''z>'''", '"""q\'"""',
        "'>'", "'#>'", "x:c.d", "x:c\\'", "x:c\\#d",
    ]  # fmt: skip
    operators = ["<", ">", "<=", "=", "&&", "||", "-", "*", "/", " < ", " <"]
    endings = ["", "", " ", "#c\n", "#'\n", "#>'''\n"]
    services = [f"SERVICE{NOWHERE}{{?a ?b ?c}}", "SERVICE x:y{?a ?b ?c}", "SERVICEx:y{}", "SerVice\n:y{}"]

    def expression() -> str:
        parts = [dice.choice(operands)]
        for _ in range(dice.randint(0, 3)):
            parts += [dice.choice(operators), dice.choice(operands), dice.choice(endings)]
        return "".join(parts)

    for _ in range(count):
        clauses = [f"FILTER({expression()})" for _ in range(dice.randint(1, 2))]
        clauses.append("?s ?p " + dice.choice(["?o", "'lit'", "'l'@en", "1", "true", "_:b", "'x'^^x:t"]))
        dice.shuffle(clauses)
        clauses.insert(dice.randint(0, len(clauses)), dice.choice(services))
        yield PREFIX + "SELECT * {?s ?p ?o " + dice.choice(["", " "]).join(clauses) + "}"


def test_no_query_that_passes_calls_another_server() -> None:
    store = Store()
    store.add(Quad(NamedNode("http://a/1"), NamedNode("http://b"), Literal("x")))
    called = 0
    for query in odd_queries(seed=2024, count=4000):
        try:
            list(store.query(query))
        except SyntaxError:
            continue
        except (OSError, RuntimeError):
            called += 1
            with pytest.raises(QueryRefused):
                check_query(query)
    assert called > 50  # the engine did try to call in that many


def test_the_default_graph_is_the_union_unless_the_query_chooses() -> None:
    store = Store()
    for graph in "ab":
        node = NamedNode(f"http://{graph}")
        store.add(Quad(node, NamedNode("http://p"), Literal(graph), node))
    assert len(evaluate(store, "SELECT * { ?s ?p ?o }").rows) == 2
    assert len(evaluate(store, "SELECT * FROM <http://a> { ?s ?p ?o }").rows) == 1


def test_terms_keep_their_types() -> None:
    store = Store()
    query = """SELECT * { VALUES (?a ?b ?c ?d ?e) {
      (1.50 <http://x> "文"@zh "2024"^^<http://www.w3.org/2001/XMLSchema#gYear> UNDEF) } }"""
    answer = evaluate(store, query)
    (row,) = answer.rows
    assert row[0] is not None
    assert str(row[0].value) == "1.5"
    assert row[1:] == (
        Term("http://x", "uri"),
        Term("文", "literal", None, "zh"),
        Term("2024", "literal", "http://www.w3.org/2001/XMLSchema#gYear"),
        None,
    )
    assert answer.to_csv() == "a,b,c,d,e\r\n1.5,http://x,文,2024,\r\n"


def test_ask_and_construct_have_their_forms() -> None:
    store = Store()
    assert evaluate(store, "ASK { ?s ?p ?o }").answer is False
    assert evaluate(store, "ASK { }").to_csv() == "answer\r\ntrue\r\n"
    graph = evaluate(store, "CONSTRUCT { <http://a> <http://b> 1 } WHERE { }")
    assert graph.to_csv() == "subject,predicate,object\r\nhttp://a,http://b,1\r\n"


def test_a_result_is_whole_or_an_error() -> None:
    query = "SELECT * { VALUES ?x { 'aa' 'bb' 'cc' } }"
    assert len(evaluate(Store(), query, Limits(rows=3, result_bytes=6)).rows) == 3
    for limits in (Limits(rows=2), Limits(result_bytes=5)):
        with pytest.raises(ResultTooLarge):
            evaluate(Store(), query, limits)


# A few thousand billion combinations: no deadline of a test sees its end.
ENDLESS = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }"


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> GenerationStore:
    store = GenerationStore(tmp_path_factory.mktemp("home"))
    with store.begin() as build:
        build.replace_document(document_iri("one"), document_quads(disclosure("one")))
        build.publish()
    return store


def served(store: GenerationStore) -> Path:
    assert store.current is not None
    return store.current


def ask(workers: QueryWorkers) -> bool:
    """Whether the graph holds anything, as a worker says."""
    answer = workers.answer(Question("ASK { ?s ?p ?o }"))
    verdict: bool = json.loads(answer.body)["boolean"]
    return verdict


def number(workers: QueryWorkers, query: str) -> int:
    """The one number that a query gives."""
    answer = workers.answer(Question(query, solutions="csv"))
    return int(answer.body.split()[1])


def test_a_worker_is_killed_at_the_deadline_and_the_next_answers(home: GenerationStore) -> None:
    with QueryWorkers(lambda: served(home), workers=1, limits=Limits(seconds=1.5)) as workers:
        assert ask(workers)
        started = time.monotonic()
        with pytest.raises(DeadlinePassed):
            workers.answer(Question(ENDLESS))
        assert time.monotonic() - started < 4
        assert ask(workers)


def test_workers_refuse_what_the_guard_refuses(home: GenerationStore) -> None:
    with QueryWorkers(lambda: served(home), workers=1) as workers, pytest.raises(QueryRefused):
        workers.answer(Question(SERVICES[0]))


def test_workers_pass_errors_on_and_follow_a_new_generation(tmp_path: Path) -> None:
    store = GenerationStore(tmp_path)
    with store.begin() as build:
        build.replace_document(document_iri("one"), document_quads(disclosure("one")))
        build.publish()
    count = "SELECT (COUNT(*) AS ?n) { ?d a <https://w3id.org/fiscalgraph/ontology#Disclosure> }"
    with QueryWorkers(lambda: served(store), workers=1, limits=Limits(rows=5)) as workers:
        with pytest.raises(QueryFailed, match="not supported"):
            workers.answer(Question("SELECT * { BIND(<http://example.org/f>(1) AS ?x) }"))
        assert number(workers, count) == 1
        with store.begin() as build:
            build.replace_document(document_iri("two"), document_quads(disclosure("two")))
            build.publish()
        assert number(workers, count) == 2


def test_several_threads_share_the_workers(home: GenerationStore) -> None:
    answers: list[bool] = []
    with QueryWorkers(lambda: served(home), workers=2) as workers:
        threads = [threading.Thread(target=lambda: answers.append(ask(workers))) for _ in range(6)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert answers == [True] * 6


def test_a_query_that_eats_memory_ends_its_worker_only(home: GenerationStore) -> None:
    limits = Limits(seconds=60, memory_bytes=300_000_000)
    greedy = "SELECT ?a ?d ?g { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i } ORDER BY ?c ?f ?i"
    with QueryWorkers(lambda: served(home), workers=1, limits=limits) as workers:
        with pytest.raises(Exception, match="more memory"):
            workers.answer(Question(greedy))
        assert ask(workers)


def test_the_way_of_a_named_query_needs_no_rdflib(home: GenerationStore) -> None:
    code = (
        "import sys; from pathlib import Path\n"
        "from fiscalgraph.graph.store import GenerationStore\n"
        "from fiscalgraph.graph.sparql import evaluate_trusted\n"
        "from fiscalgraph.queries import load\n"
        "reader = GenerationStore(Path(sys.argv[1])).open_reader()\n"
        "assert evaluate_trusted(reader.store, load('documents').fill({})).rows\n"
        "print(sorted({'rdflib', 'torch', 'numpy', 'pdfplumber'} & set(sys.modules)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, str(home.home)], capture_output=True, text=True, timeout=60, check=True
    )
    assert done.stdout.strip() == "[]"
