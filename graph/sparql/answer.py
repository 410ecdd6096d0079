"""An answer as a server gives it: evaluated and written in the format asked for, in one step.

The default graph is the union of all named graphs, unless the query or the request names its own. Rows
and triples beyond the limits are left out and the answer says so (``truncated``); where something is
counted, added up or grouped, nothing is left out: the answer is whole or an error.
"""

from __future__ import annotations

from dataclasses import dataclass

from pyoxigraph import NamedNode, QueryBoolean, QuerySolutions, QueryTriples, Store

from fiscalgraph.graph.sparql.errors import FormatNotAccepted, QueryFailed, ResultTooLarge
from fiscalgraph.graph.sparql.formats import Budget, write_graph, write_solutions, write_verdict
from fiscalgraph.graph.sparql.guard import Outline, outline
from fiscalgraph.graph.sparql.limits import Limits
from fiscalgraph.graph.sparql.syntax import is_not_sparql

__all__ = ["Answer", "Dataset", "Question", "answer"]


@dataclass(frozen=True, slots=True)
class Dataset:
    """The graphs that a request names, by IRI: they take the place of the query's own ``FROM``."""

    default_graphs: tuple[str, ...] = ()
    named_graphs: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Question:
    """A query, the graphs it is asked of (``None``: its own choice) and the formats wanted of the answer.

    ``solutions`` names one of ``SOLUTION_FORMATS``, ``graph`` one of ``GRAPH_FORMATS``, ``None`` that none
    of them is wanted; the form of the query decides which of the two is used.
    """

    query: str
    dataset: Dataset | None = None
    solutions: str | None = "json"
    graph: str | None = "turtle"


@dataclass(frozen=True, slots=True)
class Answer:
    """``body`` is written as the question asked; ``rows`` counts what it holds (an ASK: none).

    ``is_graph`` tells whether the query's form was CONSTRUCT or DESCRIBE.
    """

    body: bytes
    is_graph: bool
    rows: int
    truncated: bool


def answer(store: Store, question: Question, limits: Limits) -> Answer:
    """Check a question, evaluate it and write the answer.

    Raises what :func:`~fiscalgraph.graph.sparql.guard.outline` raises, and :class:`QuerySyntaxError`,
    :class:`FormatNotAccepted`, :class:`ResultTooLarge` or :class:`QueryFailed`.
    """
    found = outline(question.query, limits)
    budget = Budget(limits.rows, limits.result_bytes)
    try:
        result = _evaluated(store, question, found)
        if isinstance(result, QueryTriples):
            body = write_graph(_wanted(question.graph), result, budget)
        elif isinstance(result, QuerySolutions):
            variables = tuple(variable.value for variable in result.variables)
            body = write_solutions(_wanted(question.solutions), variables, result, budget)
        else:
            body = write_verdict(_wanted(question.solutions), bool(result))
    except SyntaxError as error:
        raise is_not_sparql(question.query, str(error)) from None
    except (OSError, RuntimeError, ValueError) as error:
        raise QueryFailed(
            "query failed", str(error) or type(error).__name__, "Change the query, or rebuild the graph."
        ) from error
    if budget.truncated and found.aggregates:
        raise ResultTooLarge(
            "result too large",
            f"it has more than {limits.rows} rows or {limits.result_bytes} bytes, and what is counted, "
            "added up or grouped is never cut",
            "Ask for less (a document, a year), or take it in parts with ORDER BY, LIMIT and OFFSET.",
        )
    return Answer(body, isinstance(result, QueryTriples), budget.rows, budget.truncated)


def _wanted(format_name: str | None) -> str:
    if format_name is None:
        raise FormatNotAccepted(
            "no format", "the answer has none of the formats wanted", "Ask for another format."
        )
    return format_name


def _evaluated(
    store: Store, question: Question, found: Outline
) -> QueryBoolean | QuerySolutions | QueryTriples:
    if question.dataset is None:
        return store.query(question.query, use_default_graph_as_union=not found.chooses_graphs)
    return store.query(
        question.query,
        default_graph=[NamedNode(graph) for graph in question.dataset.default_graphs],
        named_graphs=[NamedNode(graph) for graph in question.dataset.named_graphs],
    )
