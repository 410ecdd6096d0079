"""Generations: built aside, published at once; whatever happens, the last good one is served."""

from __future__ import annotations

import io
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from graph_records import disclosure
from pyoxigraph import BlankNode, Literal, NamedNode, Quad

from fiscalgraph.graph import canonical
from fiscalgraph.graph.canonical import write_canonical
from fiscalgraph.graph.dataset import BUILD_GRAPH, DATASET, DATASET_GRAPH
from fiscalgraph.graph.identifiers import SHARED_GRAPH, department_iri, document_iri
from fiscalgraph.graph.mapping import document_quads
from fiscalgraph.graph.store import GenerationStore, NothingBuilt, WorkspaceInUse
from fiscalgraph.ontology.terms import DCTERMS, FG, QB, RDF, VOID


def put(store: GenerationStore, *names: str, issuer: str = "云泽省水务厅") -> None:
    with store.begin() as build:
        for name in names:
            build.replace_document(document_iri(name), document_quads(disclosure(name, issuer)))
        build.publish()


def content(store: GenerationStore) -> list[str]:
    """All statements but those about the build itself, which say when it was."""
    quads = store.open_reader().store
    return sorted(str(quad) for quad in quads if quad.graph_name != BUILD_GRAPH)


def documents(store: GenerationStore) -> list[str]:
    return [iri.rsplit("/", 1)[1] for iri in store.open_reader().document_iris()]


@pytest.fixture
def store(tmp_path: Path) -> GenerationStore:
    return GenerationStore(tmp_path / "home")


def test_before_the_first_build_there_is_nothing(store: GenerationStore) -> None:
    assert store.current is None
    with pytest.raises(NothingBuilt, match="fiscalgraph build"):
        store.open_reader()


def test_a_published_generation_is_served(store: GenerationStore) -> None:
    put(store, "a", "b")
    assert documents(store) == ["a", "b"]


def test_nothing_is_served_before_publication(store: GenerationStore) -> None:
    put(store, "a")
    with store.begin() as build:
        build.replace_document(document_iri("b"), document_quads(disclosure("b")))
        assert [iri.rsplit("/", 1)[1] for iri in build.document_iris()] == ["a", "b"]
        assert documents(store) == ["a"]
    assert documents(store) == ["a"]


def test_unchanged_documents_stay_and_changed_ones_are_replaced(store: GenerationStore) -> None:
    put(store, "a", "b")
    put(store, "b", issuer="清河市水务局")
    assert documents(store) == ["a", "b"]
    held = store.open_reader().store.quads_for_pattern(document_iri("b"), FG.issuerName, None)
    assert [quad.object.value for quad in held] == ["清河市水务局"]


def test_the_way_to_a_graph_does_not_show_in_it(tmp_path: Path) -> None:
    straight, winding = GenerationStore(tmp_path / "one"), GenerationStore(tmp_path / "two")
    put(straight, "a", "b")
    put(winding, "c", "b", issuer="清河市水务局")
    put(winding, "b", "a")
    with winding.begin() as build:
        build.remove_document(document_iri("c"))
        build.publish()
    assert content(straight) == content(winding)


def test_what_documents_share_goes_with_the_last_of_them(store: GenerationStore) -> None:
    put(store, "a")
    put(store, "b", issuer="清河市水务局")
    gone = department_iri("清河市水务局")
    assert list(store.open_reader().store.quads_for_pattern(gone, None, None, SHARED_GRAPH))
    with store.begin() as build:
        build.remove_document(document_iri("b"))
        build.remove_document(document_iri("never there"))
        build.publish()
    assert not list(store.open_reader().store.quads_for_pattern(gone, None, None))
    assert documents(store) == ["a"]


def test_a_document_put_twice_in_one_build_counts_once(store: GenerationStore) -> None:
    put(store, "a", "a")
    once = GenerationStore(store.home.parent / "once")
    put(once, "a")
    assert content(store) == content(once)


def test_an_open_reader_keeps_its_generation(store: GenerationStore) -> None:
    put(store, "a")
    reader = store.open_reader()
    for name in ("b", "c", "d"):
        put(store, name)
    assert len(reader.document_iris()) == 1
    assert len(list(reader.store)) > 100
    assert documents(store) == ["a", "b", "c", "d"]
    directory = reader.directory
    del reader
    put(store, "e")
    assert not directory.exists()


def test_only_the_last_two_generations_are_kept(store: GenerationStore) -> None:
    for name in "abcd":
        put(store, name)
    kept = sorted(entry.name for entry in (store.home / "generations").iterdir())
    assert kept == ["000003", "000004"]


def test_a_build_does_not_write_into_the_served_generation(store: GenerationStore) -> None:
    put(store, "a", "b")
    before = content(store)
    with store.begin() as build:
        build.replace_document(document_iri("a"), document_quads(disclosure("a", "清河市水务局")))
        build.remove_document(document_iri("b"))
        build.seal()
    assert content(store) == before
    put(store, "c")
    assert documents(store) == ["a", "b", "c"]


def test_one_builder_at_a_time(store: GenerationStore) -> None:
    with store.begin(), pytest.raises(WorkspaceInUse, match="another build is running"):
        GenerationStore(store.home).begin()
    put(store, "a")
    assert documents(store) == ["a"]


def test_a_quad_of_another_graph_is_refused(store: GenerationStore) -> None:
    node = NamedNode("http://x")
    with store.begin() as build, pytest.raises(ValueError, match="is in the graph"):
        build.replace_document(document_iri("a"), [Quad(node, node, Literal("x"), node)])


def test_replacing_a_document_rewrites_only_its_graph(store: GenerationStore) -> None:
    put(store, "a", "b", "c")
    before = by_graph(store)
    put(store, "b", issuer="清河市水务局")
    after = by_graph(store)
    changed = {graph for graph in before | after if before.get(graph) != after.get(graph)}
    assert changed == {document_iri("b"), SHARED_GRAPH, DATASET_GRAPH, BUILD_GRAPH}
    put(store, "b")
    again = by_graph(store)
    assert {graph for graph in before if before[graph] != again.get(graph)} == {BUILD_GRAPH}


def by_graph(store: GenerationStore) -> dict[object, set[str]]:
    found: dict[object, set[str]] = {}
    for quad in store.open_reader().store:
        found.setdefault(quad.graph_name, set()).add(str(quad))
    return found


def test_the_order_of_documents_does_not_show_in_the_canonical_form(tmp_path: Path) -> None:
    written = []
    for names in (("a", "b", "c"), ("c", "a", "b")):
        store = GenerationStore(tmp_path / "".join(names))
        put(store, *names)
        output = io.BytesIO()
        quads = (quad for quad in store.open_reader().store if quad.graph_name != BUILD_GRAPH)
        assert write_canonical(quads, output) == len(content(store))
        written.append(output.getvalue())
    assert written[0] == written[1]
    lines = written[0].splitlines()
    assert lines == sorted(set(lines))


def test_canonical_lines_are_each_written_once_in_any_number_of_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    quads = list(document_quads(disclosure("a")))
    whole, parts = io.BytesIO(), io.BytesIO()
    write_canonical(quads, whole)
    monkeypatch.setattr(canonical, "_SORTED_AT_ONCE", 50)
    assert write_canonical([*reversed(quads), *quads[:120]], parts) == len(quads)
    assert parts.getvalue() == whole.getvalue()


def test_what_has_no_name_has_no_canonical_form() -> None:
    node = NamedNode("http://x")
    with pytest.raises(ValueError, match="blank node"):
        write_canonical([Quad(node, node, BlankNode(), node)], io.BytesIO())


def test_a_generation_says_what_it_holds(store: GenerationStore) -> None:
    put(store, "a", "b")
    graph = store.open_reader().store

    def number(subject: NamedNode, predicate: NamedNode) -> int:
        (quad,) = graph.quads_for_pattern(subject, predicate, None, DATASET_GRAPH)
        return int(quad.object.value)

    described = [quad for quad in graph if quad.graph_name not in (DATASET_GRAPH, BUILD_GRAPH)]
    assert number(DATASET, VOID.triples) == len(described)
    assert number(DATASET, VOID.documents) == 2
    assert number(NamedNode(DATASET.value + "/documents"), VOID.triples) == sum(
        quad.graph_name in (document_iri("a"), document_iri("b")) for quad in described
    )
    observations = [
        quad for quad in described if quad.predicate == RDF.type and quad.object == QB.Observation
    ]
    (partition,) = graph.quads_for_pattern(None, VOID.class_, QB.Observation, DATASET_GRAPH)
    assert isinstance(partition.subject, NamedNode)
    assert number(partition.subject, VOID.entities) == len(observations)
    (partition,) = graph.quads_for_pattern(None, VOID.property, FG.quote, DATASET_GRAPH)
    assert isinstance(partition.subject, NamedNode)
    assert number(partition.subject, VOID.triples) == sum(quad.predicate == FG.quote for quad in described)
    created = list(graph.quads_for_pattern(DATASET, DCTERMS.created, None))
    assert [quad.graph_name for quad in created] == [BUILD_GRAPH]


def test_what_is_derived_switches_with_the_graph(store: GenerationStore) -> None:
    with store.begin() as build:
        build.replace_document(document_iri("a"), document_quads(disclosure("a")))
        reader = build.seal()
        (build.directory / "passages").write_text(str(len(reader.store)), encoding="utf-8")
        size = len(reader.store)
        del reader
        with pytest.raises(RuntimeError, match="no more documents"):
            build.remove_document(document_iri("a"))
        directory = build.publish()
    assert store.current == store.home / "generations" / directory.name
    assert (directory / "passages").read_text(encoding="utf-8") == str(size)


def test_a_finished_build_cannot_be_used_again(store: GenerationStore) -> None:
    build = store.begin()
    build.abandon()
    with pytest.raises(RuntimeError, match="abandoned"):
        build.publish()
    assert store.current is None


BUILD_AND_WAIT = """
import sys, time
from pathlib import Path
from graph_records import disclosure
from fiscalgraph.graph.identifiers import document_iri
from fiscalgraph.graph.mapping import document_quads
from fiscalgraph.graph.store import GenerationStore
build = GenerationStore(Path(sys.argv[1])).begin()
build.replace_document(document_iri("b"), document_quads(disclosure("b")))
if sys.argv[2] == "sealed":
    build.seal()
elif sys.argv[2] == "renamed":
    build.seal()
    build.directory.rename(build.directory.with_name("000002"))
print("ready", flush=True)
time.sleep(60)
"""


@pytest.mark.parametrize("moment", ["loading", "sealed", "renamed"])
def test_a_build_killed_at_any_moment_leaves_the_last_good_state(store: GenerationStore, moment: str) -> None:
    put(store, "a")
    before = content(store)
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parent)}
    child = subprocess.Popen(
        [sys.executable, "-c", BUILD_AND_WAIT, str(store.home), moment],
        stdout=subprocess.PIPE,
        text=True,
        env=environment,
    )
    with child:
        assert child.stdout is not None
        assert child.stdout.readline() == "ready\n"
        with pytest.raises(WorkspaceInUse):
            store.begin()
        child.send_signal(signal.SIGKILL)
        child.wait(timeout=10)
    assert content(store) == before
    deadline = time.monotonic() + 5
    while True:  # the system may take a moment to give the dead process' lock back
        try:
            put(store, "c")
            break
        except WorkspaceInUse:
            assert time.monotonic() < deadline
            time.sleep(0.05)
    assert documents(store) == ["a", "c"]
    assert sorted(entry.name for entry in (store.home / "generations").iterdir()) == ["000001", "000002"]
