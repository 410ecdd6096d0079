"""The making of a generation: documents replaced in a copy of the served one, then sealed and published."""

from __future__ import annotations

import contextlib
import gc
import os
import shutil
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from importlib import metadata
from pathlib import Path
from types import TracebackType

from pyoxigraph import NamedNode, Quad, RdfFormat, Store, parse, serialize

from fiscalgraph.graph.dataset import BUILD_GRAPH, DATASET_GRAPH, build_quads, dataset_quads
from fiscalgraph.graph.identifiers import COMPARISONS_GRAPH, ISSUES_GRAPH, LINKS_GRAPH, SHARED_GRAPH, digest
from fiscalgraph.graph.projection import figures_file, write_figures, write_projection
from fiscalgraph.graph.store import CLAIM, GenerationStore, Reader, document_graphs
from fiscalgraph.ontology import ONTOLOGY_GRAPH, ontology_quads
from fiscalgraph.ontology.classification import CLASSIFICATION_GRAPH, classification_quads

__all__ = ["Build"]

_BATCH = 100_000  # quads per bulk load: larger batches load faster, about 300 bytes each in memory
_WORTH_OPTIMIZING = 20_000  # new quads: for fewer, compaction takes longer than it saves


class Build:
    """One new generation in the making; a context manager that abandons what is not published."""

    def __init__(self, owner: GenerationStore, lock: int) -> None:
        self._owner = owner
        self._lock: int | None = lock
        self.directory = owner.home / "generations" / "building"
        self.directory.mkdir()
        (self.directory / CLAIM).touch()
        self._shared = self.directory / "shared"
        self._figures = self.directory / "figures"
        served = owner.current
        for folder in (self._shared, self._figures):
            if served is not None and (served / folder.name).is_dir():
                shutil.copytree(served / folder.name, folder, copy_function=os.link)
            else:
                folder.mkdir()
        if served is not None:
            Store.read_only(str(served / "graph")).backup(str(self.directory / "graph"))
        self._store: Store | None = Store(str(self.directory / "graph"))
        self._pending: list[Quad] = []
        self._loaded = 0

    def __enter__(self) -> Build:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._lock is not None:
            self.abandon()

    def document_iris(self) -> list[str]:
        """The IRIs of the documents in this build so far, sorted."""
        self._load_pending()
        return sorted(document_graphs(self._open_store()))

    def replace_document(self, document: NamedNode, quads: Iterable[Quad]) -> None:
        """Put a document's quads in place of what the graph held of it.

        ``quads`` may be in the document's own graph and in the shared graph. Raises
        ``ValueError`` for a quad in any other graph; the document is then absent from the build.
        """
        store = self._open_store()
        self.remove_document(document)
        own: list[Quad] = []
        shared: list[Quad] = []
        with _without_garbage_collection():
            for quad in quads:
                if quad.graph_name == document:
                    own.append(quad)
                elif quad.graph_name == SHARED_GRAPH:
                    shared.append(quad)
                else:
                    raise ValueError(f"a quad of {document.value} is in the graph {quad.graph_name}")
        # Written anew, never changed in place: the file may be a hard link into the served generation.
        serialize((quad.triple for quad in shared), self._shared_file(document), RdfFormat.N_TRIPLES)
        write_figures(self._figures / figures_file(document), document, own)
        self._pending += own
        self._loaded += len(own)
        store.add_graph(document)
        if len(self._pending) >= _BATCH:
            self._load_pending()

    def remove_document(self, document: NamedNode) -> None:
        """Take a document out; one that is not there is no error."""
        store = self._open_store()
        self._shared_file(document).unlink(missing_ok=True)
        (self._figures / figures_file(document)).unlink(missing_ok=True)
        if store.contains_named_graph(document):
            self._load_pending()
            store.remove_graph(document)

    def seal(self) -> Reader:
        """Finish the graph and open it for reading, for what is derived from it (a passage index).

        After this the build takes no more documents. Let go of the reader before :meth:`publish`.
        """
        if self._store is not None:
            self._finish_graph(self._store)
            self._store = None  # closes the store: readers need its last writes on disk
        self._held()
        return Reader(self.directory)

    def put_links(self, quads: Iterable[Quad]) -> None:
        """Put what was derived from the whole graph (links between passages) in place of the last.

        After :meth:`seal`; let go of its reader first. Raises ``ValueError`` for a quad outside
        :data:`~fiscalgraph.graph.identifiers.LINKS_GRAPH`.
        """
        self._put_derived(LINKS_GRAPH, quads)

    def put_comparisons(self, quads: Iterable[Quad]) -> None:
        """Put what checks between documents found in place of the last; as :meth:`put_links`, for
        :data:`~fiscalgraph.graph.identifiers.COMPARISONS_GRAPH`.
        """
        self._put_derived(COMPARISONS_GRAPH, quads)

    def put_issues(self, quads: Iterable[Quad]) -> None:
        """Put the issues across documents in place of the last; as :meth:`put_links`, for
        :data:`~fiscalgraph.graph.identifiers.ISSUES_GRAPH`.
        """
        self._put_derived(ISSUES_GRAPH, quads)

    def _put_derived(self, graph: NamedNode, quads: Iterable[Quad]) -> None:
        derived = list(quads)
        if any(quad.graph_name != graph for quad in derived):
            raise ValueError(f"these derived quads belong in the graph {graph.value}")
        self._held()
        store = Store(str(self.directory / "graph"))
        _bring_to(store, graph, derived)
        store.flush()

    def publish(self) -> Path:
        """Make this build the served generation and give back its folder."""
        self._held()
        if self._store is not None:
            self._finish_graph(self._store)
            self._store = None
        self._describe()
        self._project()
        directory = self._owner._publish(self.directory)
        self._release()
        return directory

    def abandon(self) -> None:
        """Drop the build; the served generation stays as it is."""
        self._held()
        self._store = None
        self._pending.clear()
        shutil.rmtree(self.directory, ignore_errors=True)
        self._release()

    def _finish_graph(self, store: Store) -> None:
        self._load_pending()
        for graph, quads in (
            (ONTOLOGY_GRAPH, ontology_quads()),
            (CLASSIFICATION_GRAPH, classification_quads()),
            (SHARED_GRAPH, self._shared_quads()),
        ):
            _bring_to(store, graph, quads)
        store.flush()
        if self._loaded > _WORTH_OPTIMIZING:
            store.optimize()
            store.flush()

    def _describe(self) -> None:
        """Say in the graph what it holds, and apart from that when it was built."""
        store = Store(str(self.directory / "graph"))
        for graph in (DATASET_GRAPH, BUILD_GRAPH):
            store.clear_graph(graph)
        description = list(dataset_quads(store))
        generation, version = f"{self._owner._served_number() + 1:06d}", metadata.version("fiscalgraph")
        store.bulk_extend([*description, *build_quads(generation, version, datetime.now(UTC))])
        store.flush()

    def _project(self) -> None:
        """Write the columnar projection that sums are answered from."""
        store = Store.read_only(str(self.directory / "graph"))
        documents = [NamedNode(iri) for iri in sorted(document_graphs(store))]
        write_projection(store, self._figures, self.directory, documents)

    def _shared_quads(self) -> Iterator[Quad]:
        for path in sorted(self._shared.iterdir()):
            for quad in parse(path=str(path), format=RdfFormat.N_TRIPLES):
                yield Quad(quad.subject, quad.predicate, quad.object, SHARED_GRAPH)

    def _shared_file(self, document: NamedNode) -> Path:
        return self._shared / f"{digest(document.value, length=32)}.nt"

    def _load_pending(self) -> None:
        if self._pending:
            self._open_store().bulk_extend(self._pending)
            self._pending = []

    def _open_store(self) -> Store:
        if self._store is None:
            raise RuntimeError("this build takes no more documents: it is sealed, published or abandoned")
        return self._store

    def _held(self) -> int:
        if self._lock is None:
            raise RuntimeError("this build was published or abandoned")
        return self._lock

    def _release(self) -> None:
        os.close(self._held())  # closing the file gives the lock back
        self._lock = None


@contextlib.contextmanager
def _without_garbage_collection() -> Iterator[None]:
    """Mapping makes many objects and no cycles: looking for some would take a fifth of its time."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


def _bring_to(store: Store, graph: NamedNode, quads: Iterable[Quad]) -> None:
    """Make ``graph`` hold ``quads``; what it holds already is not written again."""
    wanted, held = set(quads), set(store.quads_for_pattern(None, None, None, graph))
    for quad in held - wanted:
        store.remove(quad)
    store.bulk_extend(wanted - held)
