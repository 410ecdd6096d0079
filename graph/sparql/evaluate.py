"""Evaluation in this process, for the command line and the named queries: a result is whole or an error.

The default graph is the union of all named graphs, unless the query names its own (``FROM``).
"""

from __future__ import annotations

from collections.abc import Iterable

from pyoxigraph import QueryBoolean, QuerySolutions, Store

from fiscalgraph.graph.sparql.asking import Asking
from fiscalgraph.graph.sparql.errors import QueryFailed, ResultTooLarge, SimilarRefused, unreadable
from fiscalgraph.graph.sparql.guard import check_query, names_graphs
from fiscalgraph.graph.sparql.limits import Limits
from fiscalgraph.graph.sparql.results import EngineTerm, QueryResult, Row, Term, term_of
from fiscalgraph.graph.sparql.similar import Similarity, similar_calls

__all__ = ["evaluate", "evaluate_trusted"]


def evaluate(
    store: Store, query: str, limits: Limits | None = None, similarity: Similarity | None = None
) -> QueryResult:
    """Check and evaluate a query in this process (the deadline is not kept here: see workers).

    ``similarity`` answers its ``fg:similar`` blocks; without it they are refused as any other ``SERVICE``.
    Raises :class:`~fiscalgraph.graph.sparql.errors.QueryRefused`, :class:`ResultTooLarge` or
    :class:`QueryFailed`.
    """
    check_query(query, limits, similar=similarity is not None)
    return evaluate_trusted(store, query, limits, similarity)


def evaluate_trusted(
    store: Store, query: str, limits: Limits | None = None, similarity: Similarity | None = None
) -> QueryResult:
    """As :func:`evaluate` without the guard: for the named queries, which are ours."""
    limits = limits or Limits()
    asking = Asking(store, union=not names_graphs(query), similarity=similarity)
    holds_blocks = bool(similar_calls(query))
    if holds_blocks and similarity is None:  # the engine would look for the service on the network
        raise SimilarRefused("query refused", "no passages are here to be compared", "Ask a workspace.")
    try:
        answer = asking.ask(query, holds_blocks=holds_blocks)
        form, counted = "ask", _Counted(limits)
        variables: tuple[str, ...] = ()
        if isinstance(answer, QuerySolutions):
            form, variables = "select", tuple(variable.value for variable in answer.variables)
            for solution in answer:
                counted.add(solution)
        elif not isinstance(answer, QueryBoolean):
            form, variables = "graph", ("subject", "predicate", "object")
            for triple in answer:
                counted.add((triple.subject, triple.predicate, triple.object))
        asking.check()
        verdict = bool(answer) if isinstance(answer, QueryBoolean) else None
        return QueryResult(form, variables, counted.rows, verdict, asking.runs)
    except OSError as error:
        raise unreadable(error) from error
    except (RuntimeError, ValueError, SyntaxError) as error:
        raise QueryFailed(
            "query failed", str(error) or type(error).__name__, "Simplify the query, or rebuild the graph."
        ) from error


class _Counted:
    """Rows as they come, with the limits kept.

    Equal terms become one object: rows repeat most of theirs, and to look one up is cheaper than to
    make it and to hold it.
    """

    def __init__(self, limits: Limits) -> None:
        self.rows: list[Row] = []
        self._limits = limits
        self._bytes = 0
        self._terms: dict[EngineTerm | None, tuple[Term | None, int]] = {None: (None, 0)}

    def add(self, values: Iterable[EngineTerm | None]) -> None:
        row: list[Term | None] = []
        for value in values:
            term, size = self._term(value)
            row.append(term)
            self._bytes += size
        self.rows.append(tuple(row))
        if len(self.rows) > self._limits.rows or self._bytes > self._limits.result_bytes:
            raise ResultTooLarge(
                "result too large",
                f"it has more than {self._limits.rows} rows or {self._limits.result_bytes} bytes",
                "Ask for less (a document, a year), or count and sum in the query.",
            )

    def _term(self, value: EngineTerm | None) -> tuple[Term | None, int]:
        try:
            return self._terms[value]
        except KeyError:
            assert value is not None  # it is in the table from the start
            term = term_of(value)
            known = self._terms[value] = (term, len(term.text.encode()))
            return known
