"""A query on its way to the engine: its ``fg:similar`` blocks are answered first, functions go along."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from pyoxigraph import NamedNode, Store

from fiscalgraph.graph.sparql.errors import QueryNotSupported
from fiscalgraph.graph.sparql.similar import EngineResult, Similarity, SimilarRun

__all__ = ["Asking"]


class Asking:
    """Asks the engine one query of one choice of graphs.

    ``dataset`` are the default and the named graphs of a request, ``union`` says that the default graph is
    that of all graphs; ``holds_blocks`` that ``similarity`` has something to answer first. ``runs`` tells
    afterwards how that was done.
    """

    def __init__(
        self,
        store: Store,
        *,
        union: bool,
        dataset: tuple[Sequence[str], Sequence[str]] | None = None,
        similarity: Similarity | None = None,
    ) -> None:
        self._store = store
        self._similarity = similarity
        self._whole = dataset is None and union
        self.runs: tuple[SimilarRun, ...] = ()
        options: dict[str, Any] = {"use_default_graph_as_union": union}
        if dataset is not None:
            default, named = ([NamedNode(graph) for graph in graphs] for graphs in dataset)
            options = {"default_graph": default, "named_graphs": named}
        if similarity is not None:
            options["custom_functions"] = similarity.functions
        self._options = options

    def ask(self, query: str, *, holds_blocks: bool) -> EngineResult:
        """The engine's answer, which is evaluated as it is read; call :meth:`check` when it was.

        Raises what the engine raises, and for blocks what :meth:`Similarity.resolve` does.
        """
        if not holds_blocks or self._similarity is None:
            return self._engine(query)
        try:
            resolved = self._similarity.resolve(query, self._engine, whole_dataset=self._whole)
            self.runs = resolved.runs
            return self._engine(resolved.query)
        except SyntaxError as error:
            raise QueryNotSupported(
                "query refused",
                f"an fg:similar block cannot be taken out of what stands around it ({error})",
                "Put the block beside other patterns, with blanks and line ends around it.",
            ) from error

    def check(self) -> None:
        """Raise what kept a function from answering."""
        if self._similarity is not None:
            self._similarity.check_functions()

    def _engine(self, query: str) -> EngineResult:
        return self._store.query(query, **self._options)
