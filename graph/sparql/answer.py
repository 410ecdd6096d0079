"""An answer as a server gives it: evaluated and written in the format asked for, in one step.

The default graph is the union of all named graphs, unless the query or the request names its own. Rows
and triples beyond the limits are left out and the answer says so (``truncated``); where something is
counted, added up or grouped, nothing is left out: the answer is whole or an error.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from pyoxigraph import QuerySolutions, QueryTriples, Store

from fiscalgraph.graph.sparql.asking import Asking
from fiscalgraph.graph.sparql.errors import FormatNotAccepted, QueryFailed, ResultTooLarge, unreadable
from fiscalgraph.graph.sparql.formats import (
    WORKBOOK,
    Budget,
    write_graph,
    write_solutions,
    write_verdict,
)
from fiscalgraph.graph.sparql.guard import check_syntax, outline
from fiscalgraph.graph.sparql.limits import Limits
from fiscalgraph.graph.sparql.similar import Similarity, SimilarRun
from fiscalgraph.graph.sparql.syntax import is_not_sparql
from fiscalgraph.graph.sparql.workbook import write_solutions_workbook

__all__ = ["Answer", "Dataset", "Question", "answer"]


Form = Literal["select", "ask", "graph"]


@dataclass(frozen=True, slots=True)
class Dataset:
    """The graphs that a request names, by IRI: they take the place of the query's own ``FROM``."""

    default_graphs: tuple[str, ...] = ()
    named_graphs: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Question:
    """A query, the graphs it is asked of (``None``: its own choice) and the formats wanted of the answer.

    ``solutions`` names one of ``SOLUTION_FORMATS``, ``verdict`` one of ``VERDICT_FORMATS``, ``graph`` one of
    ``GRAPH_FORMATS``, ``None`` that none of them is wanted; the form of the query decides which is used.
    """

    query: str
    dataset: Dataset | None = None
    solutions: str | None = "json"
    graph: str | None = "turtle"
    verdict: str | None = "json"


@dataclass(frozen=True, slots=True)
class Answer:
    """``body`` is written as the question asked; ``rows`` counts what it holds (an ASK: none).

    ``form`` is that of the query: ``select``, ``ask`` or ``graph`` (CONSTRUCT, DESCRIBE). ``generation``
    names the one it was answered from, where several may be served in turn. ``similar`` tells how each
    ``fg:similar`` block was answered.
    """

    body: bytes
    form: Form
    rows: int
    truncated: bool
    generation: str = ""
    similar: tuple[SimilarRun, ...] = ()


def answer(store: Store, question: Question, limits: Limits, similarity: Similarity | None = None) -> Answer:
    """Check a question, evaluate it and write the answer; ``similarity`` answers ``fg:similar``.

    Raises what :func:`~fiscalgraph.graph.sparql.guard.outline` raises, and :class:`QuerySyntaxError`,
    :class:`FormatNotAccepted`, :class:`ResultTooLarge` or :class:`QueryFailed`.
    """
    found = outline(question.query, limits, similar=similarity is not None)
    if found.plain is not None:
        check_syntax(found.plain)
    budget = Budget(limits.rows, limits.result_bytes)
    chosen = question.dataset
    dataset = None if chosen is None else (chosen.default_graphs, chosen.named_graphs)
    asking = Asking(store, union=not found.chooses_graphs, dataset=dataset, similarity=similarity)
    try:
        result = asking.ask(question.query, holds_blocks=found.plain is not None)
        form: Form
        if isinstance(result, QueryTriples):
            form = "graph"
            body = write_graph(_wanted(question.graph), result, budget)
        elif isinstance(result, QuerySolutions):
            form, format_name = "select", _wanted(question.solutions)
            variables = tuple(variable.value for variable in result.variables)
            if format_name == WORKBOOK.name:
                body = write_solutions_workbook(question.query, variables, result, budget)
            else:
                body = write_solutions(format_name, variables, result, budget, asking.runs)
        else:
            form = "ask"
            body = write_verdict(_wanted(question.verdict), bool(result), asking.runs)
        asking.check()
    except SyntaxError as error:
        raise is_not_sparql(question.query, str(error)) from None
    except OSError as error:
        raise unreadable(error) from error
    except (RuntimeError, ValueError) as error:
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
    return Answer(body, form, budget.rows, budget.truncated, similar=asking.runs)


def _wanted(format_name: str | None) -> str:
    if format_name is None:
        raise FormatNotAccepted(
            "no format", "the answer has none of the formats wanted", "Ask for another format."
        )
    return format_name
