"""Resources as linked data: JSON-LD, Turtle and N-Triples hold triples of the graph, and no others."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pyoxigraph
import pytest
import rdflib
from running import server
from served_samples import WATER, documents_of, given

from fiscalgraph.graph.identifiers import BASE
from fiscalgraph.graph.store import GenerationStore
from fiscalgraph.ontology.prefixes import PREFIXES

LINKED = (
    "/departments?limit=3",
    f"/departments/{WATER}",
    "/projects?limit=2",
    f"/projects/{WATER}/中小河流治理",
    "/indicators?limit=20",
    "/laws?limit=3",
    "/laws/中华人民共和国预算法",
    "/classification?limit=5&q=教育",
    "/classification/functional/20508",
    "/documents?limit=3",
    "/documents/water_2023_accounts",
    "/passages/search?q=资金下达较晚&k=3",
    "/checks?limit=3",
    "/id/document/water_2023_accounts/project/0",
)


@pytest.fixture(scope="module")
def client(sample_home: Path) -> Iterator[httpx.Client]:
    with (
        server(sample_home) as address,
        httpx.Client(base_url=address, timeout=60, trust_env=False) as client,
    ):
        yield client


@pytest.fixture(scope="module")
def store(sample_home: Path) -> pyoxigraph.Store:
    return GenerationStore(sample_home).open_reader().store


@pytest.fixture(autouse=True)
def literals_as_written(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rdflib, "NORMALIZE_LITERALS", False)


def triples(text: str, form: str) -> set[tuple[str, str, str]]:
    """Triples as N-Triples terms."""
    graph = rdflib.Graph().parse(data=text, format=form)
    return {(subject.n3(), predicate.n3(), value.n3()) for subject, predicate, value in graph}


@pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated")  # by rdflib's own reader of JSON-LD
@pytest.mark.parametrize("path", LINKED)
def test_every_resource_is_linked_data_of_the_graph_and_no_other(
    client: httpx.Client, store: pyoxigraph.Store, path: str
) -> None:
    answer = client.get(path, headers={"Accept": "application/ld+json"})
    assert answer.headers["content-type"] == "application/ld+json"
    found = triples(answer.text, "json-ld")
    named = {iri for iri in iris(given(client, path)) if iri.startswith("http")}
    about = {subject.strip("<>") for subject, _, _ in found}
    assert about <= named
    assert about
    known = set()
    for subject in about:
        quads = store.quads_for_pattern(pyoxigraph.NamedNode(subject), None, None)
        known |= {tuple(map(str, (quad.subject, quad.predicate, quad.object))) for quad in quads}
    lines = rdflib.Graph().parse(data="".join(f"{' '.join(each)} .\n" for each in known), format="nt")
    assert found == {(subject.n3(), predicate.n3(), value.n3()) for subject, predicate, value in lines}
    for accepted, form in (("text/turtle", "turtle"), ("application/n-triples", "nt")):
        assert triples(client.get(path, headers={"Accept": accepted}).text, form) == found


def iris(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        yield from (each for name, each in value.items() if name == "iri" and each)
        for each in value.values():
            yield from iris(each)
    elif isinstance(value, list):
        for each in value:
            yield from iris(each)


def test_the_context_names_the_terms_of_the_ontology(client: httpx.Client, store: pyoxigraph.Store) -> None:
    answer = client.get("/context.jsonld")
    assert answer.headers["content-type"] == "application/ld+json"
    context = answer.json()["@context"]
    kinds = ("ObjectProperty", "DatatypeProperty")
    declared = {
        quad.subject.value.removeprefix(PREFIXES["fg"])
        for kind in kinds
        for quad in store.quads_for_pattern(None, None, pyoxigraph.NamedNode(PREFIXES["owl"] + kind))
        if isinstance(quad.subject, pyoxigraph.NamedNode) and quad.subject.value.startswith(PREFIXES["fg"])
    }
    own = {name for name, term in context.items() if isinstance(term, dict) and term["@id"] == f"fg:{name}"}
    assert own == declared
    used = client.get("/id/document/water_2023_accounts", headers={"Accept": "application/ld+json"}).json()
    assert all(context[name] == term for name, term in used["@context"].items())


def test_triples_beyond_the_limit_are_left_out_by_whole_things(store: pyoxigraph.Store) -> None:
    from fiscalgraph.api.linked_data import own_triples

    iris = [f"{BASE}document/{name}" for name in documents_of()]
    everything, truncated = own_triples(store, iris)
    assert not truncated
    first, truncated = own_triples(store, iris, most=len(everything) - 1)
    assert truncated
    assert first == [triple for triple in everything if triple.subject.value != iris[-1]]
