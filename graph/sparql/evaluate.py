"""Evaluation in this process, for the command line and the named queries: a result is whole or an error.

The default graph is the union of all named graphs, unless the query names its own (``FROM``).
"""

from __future__ import annotations

from collections.abc import Iterable

from pyoxigraph import QueryBoolean, QuerySolutions, Store

from fiscalgraph.graph.sparql.errors import QueryFailed, ResultTooLarge
from fiscalgraph.graph.sparql.guard import check_query, names_graphs
from fiscalgraph.graph.sparql.limits import Limits
from fiscalgraph.graph.sparql.results import EngineTerm, QueryResult, Row, Term, term_of

__all__ = ["evaluate", "evaluate_trusted"]


def evaluate(store: Store, query: str, limits: Limits | None = None) -> QueryResult:
    """Check and evaluate a query in this process (the deadline is not kept here: see workers).

    Raises :class:`~fiscalgraph.graph.sparql.errors.QueryRefused`, :class:`ResultTooLarge` or
    :class:`QueryFailed`.
    """
    check_query(query, limits)
    return evaluate_trusted(store, query, limits)


def evaluate_trusted(store: Store, query: str, limits: Limits | None = None) -> QueryResult:
    """As :func:`evaluate` without the guard: for the named queries, which are ours."""
    limits = limits or Limits()
    try:
        answer = store.query(query, use_default_graph_as_union=not names_graphs(query))
        if isinstance(answer, QueryBoolean):
            return QueryResult("ask", answer=bool(answer))
        if isinstance(answer, QuerySolutions):
            variables = tuple(variable.value for variable in answer.variables)
            counted = _Counted(limits)
            for solution in answer:
                counted.add(solution)
            return QueryResult("select", variables, counted.rows)
        counted = _Counted(limits)
        for triple in answer:
            counted.add((triple.subject, triple.predicate, triple.object))
        return QueryResult("graph", ("subject", "predicate", "object"), counted.rows)
    except (OSError, RuntimeError, ValueError, SyntaxError) as error:
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
