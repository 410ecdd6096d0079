"""Safe SPARQL: a guard before evaluation, killable workers, results that are never cut."""

from fiscalgraph.graph.sparql.evaluate import (
    DeadlinePassed,
    Limits,
    QueryBusy,
    QueryFailed,
    QueryWorkers,
    ResultTooLarge,
    evaluate,
    evaluate_trusted,
)
from fiscalgraph.graph.sparql.guard import QueryRefused, check_query
from fiscalgraph.graph.sparql.results import QueryResult, Term

__all__ = [
    "DeadlinePassed",
    "Limits",
    "QueryBusy",
    "QueryFailed",
    "QueryRefused",
    "QueryResult",
    "QueryWorkers",
    "ResultTooLarge",
    "Term",
    "check_query",
    "evaluate",
    "evaluate_trusted",
]
