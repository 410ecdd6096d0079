"""The W3C's SPARQL 1.1 query tests, through the workers that answer ``/sparql``.

Each file of data is a graph, and each test names its graphs as a request of the protocol does. The
tests that fail are listed in ``w3c_known_failures.toml`` with the reason; one that passes although it
is listed there fails the run.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest
import w3c
from pyoxigraph import QueryResultsFormat, RdfFormat, Store, parse
from w3c import W3cTest

from fiscalgraph.graph.sparql import (
    Dataset,
    Limits,
    QueryFailed,
    QuerySyntaxError,
    QueryWorkers,
    Question,
    outline,
)

KNOWN: dict[str, str] = tomllib.loads((Path(__file__).parent / "w3c_known_failures.toml").read_text("utf-8"))
TESTS = w3c.all_tests()
ABSENT = "the W3C's tests are not here: set FISCALGRAPH_W3C to the folder that holds them"

pytestmark = pytest.mark.skipif(not TESTS, reason=ABSENT)


@pytest.fixture(scope="module")
def workers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[QueryWorkers]:
    generation = tmp_path_factory.mktemp("w3c")
    (generation / "in-use").touch()
    store = Store(str(generation / "graph"))
    w3c.load(store, TESTS)
    store.flush()
    del store
    with QueryWorkers(lambda: generation, workers=1, limits=Limits(seconds=20)) as workers:
        yield workers


def parameters(*kinds: str) -> list[object]:
    """The tests of some kinds; the known failures are expected to fail."""
    return [
        pytest.param(
            test,
            id=test.name,
            marks=[pytest.mark.xfail(reason=KNOWN[test.name], strict=True)] if test.name in KNOWN else [],
        )
        for test in TESTS
        if test.kind in kinds
    ]


def question(test: W3cTest, results: str = "json") -> Question:
    """The test as a request names it; a query with its own ``FROM`` is left to choose its graphs."""
    if outline(test.text).chooses_graphs:
        dataset = None
    else:
        dataset = Dataset(tuple(map(w3c.iri_of, test.data)), tuple(map(w3c.iri_of, test.named)))
    return Question(test.text, dataset, solutions=results, graph="ntriples", verdict=results)


@pytest.mark.parametrize("test", parameters("QueryEvaluationTest"))
def test_a_query_gives_the_expected_result(test: W3cTest, workers: QueryWorkers) -> None:
    assert test.expected is not None
    expected = w3c.expected_results(test.expected)
    if expected.graph is not None:
        body = workers.answer(question(test)).body
        given = [quad.triple for quad in parse(body, format=RdfFormat.N_TRIPLES)]
        assert w3c.same_graph(given, expected.graph)
        return
    # In the format of the expected file, so that each of our writers is read back.
    name, kind = {
        ".srx": ("xml", QueryResultsFormat.XML),
        ".tsv": ("tsv", QueryResultsFormat.TSV),
    }.get(test.expected.suffix, ("json", QueryResultsFormat.JSON))
    given_results = w3c.read_results(workers.answer(question(test, name)).body, kind)
    if expected.rows is None:
        assert given_results.verdict is expected.verdict
        return
    assert given_results.rows is not None
    assert given_results.variables == expected.variables
    assert w3c.same_rows(given_results.rows, expected.rows), (given_results.rows, expected.rows)


@pytest.mark.parametrize("test", parameters("CSVResultFormatTest"))
def test_a_result_is_written_as_csv(test: W3cTest, workers: QueryWorkers) -> None:
    assert test.expected is not None
    assert w3c.same_csv(workers.answer(question(test, "csv")).body, test.expected.read_bytes())


@pytest.mark.parametrize("test", parameters("PositiveSyntaxTest11"))
def test_what_is_sparql_is_parsed(test: W3cTest, workers: QueryWorkers) -> None:
    with suppress(QueryFailed):  # it parses, and then calls a function that nobody has
        workers.answer(question(test))


@pytest.mark.parametrize("test", parameters("NegativeSyntaxTest11"))
def test_what_is_no_sparql_is_refused_with_its_place(test: W3cTest, workers: QueryWorkers) -> None:
    with pytest.raises(QuerySyntaxError) as refusal:
        workers.answer(question(test))
    lines = test.text.split("\n")
    assert 1 <= refusal.value.line <= len(lines)
    assert 1 <= refusal.value.column <= len(lines[refusal.value.line - 1]) + 1


def test_every_kind_of_test_is_run_and_every_known_failure_is_a_test() -> None:
    names = {test.name for test in TESTS}
    assert len(names) == len(TESTS)
    assert {test.kind for test in TESTS} == {
        "QueryEvaluationTest",
        "CSVResultFormatTest",
        "PositiveSyntaxTest11",
        "NegativeSyntaxTest11",
    }
    assert KNOWN.keys() <= names
