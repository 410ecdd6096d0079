"""Generations of the graph: built aside, published at once, read-only to readers.

On disk, below a home folder::

    current -> generations/000007     what readers open; switched by one atomic rename
    generations/000007/graph          the Oxigraph store
    generations/000007/shared         what each document adds to the shared graph
    generations/000007/figures        the figures of each document, and beside it *.parquet: the projection
                                      of all figures (see :mod:`fiscalgraph.graph.projection`)
    generations/building              the next generation, while a build runs
    lock                              held by the one builder

A build starts from a hard-link copy of the served generation, so documents that did not change
cost nothing. A kill at any moment leaves the served generation as it was: the next build removes
what the killed one left. Other rooms may put their own folders (a passage index) into a build
before it is published; they then switch together with the graph.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import shutil
import weakref
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Final

from pyoxigraph import NamedNode, Store

from fiscalgraph.extract.errors import FiscalgraphError
from fiscalgraph.ontology.terms import PREFIXES

if TYPE_CHECKING:
    from fiscalgraph.graph.generation import Build


KEPT_GENERATIONS: Final = 2
CLAIM: Final = "in-use"  # readers hold a shared lock on this file of their generation
DOCUMENTS: Final = PREFIXES["fgid"] + "document/"
"""How the IRIs of documents, and so of their graphs, begin."""


class WorkspaceInUse(FiscalgraphError):
    """Another process is building in the same home folder."""


class NothingBuilt(FiscalgraphError):
    """The home folder holds no published generation."""


class Reader:
    """A read-only view of one generation: it neither changes nor goes away while this object lives."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        # The engine opens its files when it needs them, so a generation in use must not be removed.
        claim = os.open(directory / CLAIM, os.O_RDONLY | os.O_CLOEXEC)
        weakref.finalize(self, os.close, claim)
        fcntl.flock(claim, fcntl.LOCK_SH)
        self.store = Store.read_only(str(directory / "graph"))

    def document_iris(self) -> list[str]:
        """The IRIs of all documents in the graph, sorted."""
        return sorted(document_graphs(self.store))


def document_graphs(store: Store) -> Iterator[str]:
    """The IRIs of the documents of a store, which are the names of their graphs."""
    for graph in store.named_graphs():
        if isinstance(graph, NamedNode) and graph.value.startswith(DOCUMENTS):
            yield graph.value


class GenerationStore:
    """The generations below ``home`` (created when missing)."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self._generations = home / "generations"
        self._pointer = home / "current"

    @property
    def current(self) -> Path | None:
        """The folder of the served generation, or ``None`` before the first build."""
        try:
            target = os.readlink(self._pointer)
        except FileNotFoundError:
            return None
        directory = self.home / target
        return directory if directory.is_dir() else None

    def open_reader(self) -> Reader:
        """Open the served generation.

        Raises :class:`NothingBuilt` when nothing has been published yet.
        """
        for _ in range(3):  # a build may publish, and clean up, between the two steps
            directory = self.current
            if directory is None:
                break
            with contextlib.suppress(OSError):
                return Reader(directory)
        if self.current is not None:
            return Reader(self.current)
        raise NothingBuilt(
            f"{self.home} holds no graph", "no build was completed here", "Run: fiscalgraph build PATH…"
        )

    def begin(self) -> Build:
        """Start the next generation as a copy of the served one.

        Raises :class:`WorkspaceInUse` while another build runs.
        """
        from fiscalgraph.graph.generation import Build

        self._generations.mkdir(parents=True, exist_ok=True)
        lock = os.open(self.home / "lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(lock)
            raise WorkspaceInUse(
                f"{self.home} is in use",
                "another build is running there",
                "Wait for it, or use another --home.",
            ) from None
        try:
            self._remove_leftovers()
            return Build(self, lock)
        except BaseException:
            os.close(lock)
            raise

    def _numbers(self) -> list[int]:
        return sorted(int(entry.name) for entry in self._generations.iterdir() if entry.name.isdigit())

    def _served_number(self) -> int:
        directory = self.current
        return 0 if directory is None else int(directory.name)

    def _remove_leftovers(self) -> None:
        """What a killed build left: its half-made folder, or a finished one never switched to."""
        shutil.rmtree(self._generations / "building", ignore_errors=True)
        served = self._served_number()
        for number in self._numbers():
            if number > served:
                shutil.rmtree(self._generations / f"{number:06d}")

    def _publish(self, building: Path) -> Path:
        number = self._served_number() + 1
        directory = self._generations / f"{number:06d}"
        _sync_tree(building)
        building.rename(directory)
        _sync(self._generations)
        fresh = self.home / "current.new"
        fresh.unlink(missing_ok=True)
        fresh.symlink_to(Path("generations") / directory.name, target_is_directory=True)
        fresh.replace(self._pointer)
        _sync(self.home)
        for old in self._numbers():
            if old <= number - KEPT_GENERATIONS:
                _remove_unless_in_use(self._generations / f"{old:06d}")
        return directory


def _remove_unless_in_use(directory: Path) -> None:
    """A generation that somebody still reads is left for a later build to remove."""
    claim = os.open(directory / CLAIM, os.O_RDONLY | os.O_CLOEXEC)
    try:
        fcntl.flock(claim, fcntl.LOCK_EX | fcntl.LOCK_NB)
        shutil.rmtree(directory)
    except BlockingIOError:
        return
    finally:
        os.close(claim)


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _sync_tree(folder: Path) -> None:
    for parent, _, names in os.walk(folder):
        for name in names:
            _sync(Path(parent) / name)
        _sync(Path(parent))
