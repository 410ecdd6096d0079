"""The W3C's SPARQL 1.1 tests: reading their manifests, and comparing results as the specification does."""

from __future__ import annotations

import csv
import io
import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from pathlib import Path

from pyoxigraph import (
    BlankNode,
    CanonicalizationAlgorithm,
    Dataset,
    Literal,
    NamedNode,
    Quad,
    QueryBoolean,
    QueryResultsFormat,
    QuerySolutions,
    RdfFormat,
    Store,
    Triple,
    parse,
    parse_query_results,
)
from running import ROOT

FOLDER = Path(os.environ.get("FISCALGRAPH_W3C") or ROOT.parent / "shared" / "w3c")
BASE = "https://w3c.github.io/rdf-tests/"
MF = "http://www.w3.org/2001/sw/DataAccess/tests/test-manifest#"
QT = "http://www.w3.org/2001/sw/DataAccess/tests/test-query#"
RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
RS = "http://www.w3.org/2001/sw/DataAccess/tests/result-set#"
XSD = "http://www.w3.org/2001/XMLSchema#"

Node = NamedNode | BlankNode | Literal | Triple
Row = Mapping[str, Node]
RDF_FORMATS = {".ttl": RdfFormat.TURTLE, ".rdf": RdfFormat.RDF_XML, ".nt": RdfFormat.N_TRIPLES}
RESULT_FORMATS = {
    ".srx": QueryResultsFormat.XML,
    ".srj": QueryResultsFormat.JSON,
    ".tsv": QueryResultsFormat.TSV,
}
_NUMERIC = {XSD + name for name in ("integer", "decimal", "float", "double")}


def iri_of(path: Path) -> str:
    """The address of a file of the tests, which is also the name of its graph."""
    return BASE + path.relative_to(FOLDER).as_posix()


def triples_of(path: Path) -> list[Triple]:
    """The triples of a Turtle, RDF/XML or N-Triples file."""
    quads = parse(path.read_bytes(), format=RDF_FORMATS[path.suffix], base_iri=iri_of(path))
    return [quad.triple for quad in quads]


@dataclass(frozen=True)
class W3cTest:
    """One entry of a manifest; ``expected`` is ``None`` for a test of syntax."""

    name: str
    kind: str
    query: Path
    data: tuple[Path, ...] = ()
    named: tuple[Path, ...] = ()
    expected: Path | None = None

    @property
    def text(self) -> str:
        """The query, with the address of its file as its base."""
        return f"BASE <{iri_of(self.query)}>\n{self.query.read_text('utf-8')}"


def all_tests() -> list[W3cTest]:
    """The tests of all manifests below the folder, by name; none where it is not there."""
    found = [test for path in sorted(FOLDER.rglob("manifest.ttl")) for test in _entries(path)]
    return sorted(found, key=lambda test: test.name)


def _entries(manifest: Path) -> Iterator[W3cTest]:
    store = Store()
    store.load(manifest.read_bytes(), format=RdfFormat.TURTLE, base_iri=iri_of(manifest))

    def files(subject: Node, predicate: str) -> tuple[Path, ...]:
        found = store.quads_for_pattern(subject, NamedNode(predicate), None, None)
        return tuple(FOLDER / quad.object.value.removeprefix(BASE) for quad in found)

    for quad in store.quads_for_pattern(None, NamedNode(RDF + "type"), None, None):
        kind = quad.object.value.removeprefix(MF)
        if not kind.endswith(("Test", "Test11")):
            continue
        (action,) = (q.object for q in store.quads_for_pattern(quad.subject, NamedNode(MF + "action"), None))
        name = f"{manifest.parent.name}/{quad.subject.value.rpartition('#')[2]}"
        if isinstance(action, NamedNode):
            yield W3cTest(name, kind, FOLDER / action.value.removeprefix(BASE))
            continue
        yield W3cTest(
            name,
            kind,
            files(action, QT + "query")[0],
            files(action, QT + "data"),
            files(action, QT + "graphData"),
            files(quad.subject, MF + "result")[0],
        )


def load(store: Store, tests: list[W3cTest]) -> None:
    """Put the data of all tests into ``store``, each file in a graph of its own name."""
    for path in sorted({path for test in tests for path in (*test.data, *test.named)}):
        store.load(
            path.read_bytes(),
            format=RDF_FORMATS[path.suffix],
            base_iri=iri_of(path),
            to_graph=NamedNode(iri_of(path)),
        )


@dataclass
class Results:
    """What a query gives: rows, a verdict, or a graph. ``None`` for what it does not give."""

    variables: set[str] = field(default_factory=set)
    rows: list[Row] | None = None
    verdict: bool | None = None
    graph: list[Triple] | None = None


def read_results(body: bytes, kind: QueryResultsFormat) -> Results:
    """Results in one of the W3C's formats, read by the engine's parser (we write them ourselves)."""
    parsed = parse_query_results(body, format=kind)
    if isinstance(parsed, QueryBoolean):
        return Results(verdict=bool(parsed))
    assert isinstance(parsed, QuerySolutions)
    names = [variable.value for variable in parsed.variables]
    rows = [
        {name: term for name, term in zip(names, solution, strict=True) if term is not None}
        for solution in parsed
    ]
    return Results(variables=set(names), rows=rows)


def expected_results(path: Path) -> Results:
    """The results that a test's file states."""
    if path.suffix in RESULT_FORMATS:
        return read_results(path.read_bytes(), RESULT_FORMATS[path.suffix])
    triples = triples_of(path)
    sets = [t.subject for t in triples if t.object == NamedNode(RS + "ResultSet")]
    return _result_set(triples, sets[0]) if sets else Results(graph=triples)


def _result_set(triples: list[Triple], subject: Node) -> Results:
    """Results written as RDF, in the vocabulary of the tests of SPARQL 1.0."""

    def objects(of: Node, name: str) -> list[Node]:
        return [t.object for t in triples if t.subject == of and t.predicate == NamedNode(RS + name)]

    verdicts = objects(subject, "boolean")
    if verdicts:
        return Results(verdict=verdicts[0].value == "true")  # type: ignore[union-attr]
    variables = {name.value for name in objects(subject, "resultVariable")}  # type: ignore[union-attr]
    rows: list[Row] = []
    for solution in objects(subject, "solution"):
        rows.append(
            {
                objects(binding, "variable")[0].value: objects(binding, "value")[0]  # type: ignore[union-attr]
                for binding in objects(solution, "binding")
            }
        )
    return Results(variables=variables, rows=rows)


def same_rows(left: list[Row], right: list[Row]) -> bool:
    """Whether two results hold the same rows as often, for some pairing of their blank nodes."""
    if len(left) != len(right):
        return False
    return _pair(sorted(left, key=_free), list(right), {}, {})


def _free(row: Row) -> int:
    """Rows with few blank nodes are paired first: they leave the least to try."""
    return sum(isinstance(term, BlankNode) for term in row.values())


def _pair(left: list[Row], right: list[Row], there: dict[str, str], back: dict[str, str]) -> bool:
    if not left:
        return True
    first, rest = left[0], left[1:]
    for place, row in enumerate(right):
        onward, homeward = dict(there), dict(back)
        if _same_row(first, row, onward, homeward) and _pair(
            rest, right[:place] + right[place + 1 :], onward, homeward
        ):
            return True
    return False


def _same_row(left: Row, right: Row, there: dict[str, str], back: dict[str, str]) -> bool:
    return left.keys() == right.keys() and all(
        _same_term(term, right[name], there, back) for name, term in left.items()
    )


def _same_term(left: Node, right: Node, there: dict[str, str], back: dict[str, str]) -> bool:
    if isinstance(left, BlankNode) and isinstance(right, BlankNode):
        return (
            there.setdefault(left.value, right.value) == right.value
            and back.setdefault(right.value, left.value) == left.value
        )
    return by_value(left) == by_value(right)


def by_value(term: Node) -> Node:
    """A number in one spelling: operators yield values, and no rule says how these are spelled."""
    if not isinstance(term, Literal) or term.datatype.value not in _NUMERIC:
        return term
    try:
        number = Decimal(term.value) if term.datatype.value.endswith(("integer", "decimal")) else None
        spelling = str(number.normalize()) if number is not None else repr(float(term.value))
    except (InvalidOperation, ValueError):
        return term
    return Literal(spelling, datatype=term.datatype)


def same_graph(left: list[Triple], right: list[Triple]) -> bool:
    """Whether two graphs are isomorphic, numbers by value."""
    return _canonical(left) == _canonical(right)


def _canonical(triples: list[Triple]) -> Dataset:
    dataset = Dataset(Quad(t.subject, t.predicate, by_value(t.object)) for t in triples)
    dataset.canonicalize(CanonicalizationAlgorithm.UNSTABLE)
    return dataset


def same_csv(left: bytes, right: bytes) -> bool:
    """Whether two CSV results have the same columns and rows; blank nodes are paired as elsewhere.

    ``SELECT *`` has no order of columns.
    """

    def read(body: bytes) -> tuple[list[str], list[Row]]:
        head, *lines = csv.reader(io.StringIO(body.decode("utf-8"), newline=""))
        rows = [{name: _field(text) for name, text in zip(head, line, strict=True)} for line in lines]
        return head, rows

    (head, rows), (other_head, other_rows) = read(left), read(right)
    return sorted(head) == sorted(other_head) and same_rows(rows, other_rows)


def _field(text: str) -> Node:
    return BlankNode(text[2:]) if text.startswith("_:") else Literal(text)
