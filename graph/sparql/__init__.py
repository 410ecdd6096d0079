"""Safe SPARQL: a guard before evaluation, killable workers, results that say when they are cut."""

from fiscalgraph.graph.sparql.answer import Answer, Dataset, Question
from fiscalgraph.graph.sparql.errors import (
    DeadlinePassed,
    FormatNotAccepted,
    FormNotAllowed,
    QueryBusy,
    QueryFailed,
    QueryNotSupported,
    QueryRefused,
    QuerySyntaxError,
    QueryTooComplex,
    QueryTooLong,
    ResultTooLarge,
    SimilarRefused,
)
from fiscalgraph.graph.sparql.evaluate import evaluate, evaluate_trusted
from fiscalgraph.graph.sparql.formats import (
    GRAPH_FORMATS,
    SOLUTION_FORMATS,
    VERDICT_FORMATS,
    WORKBOOK,
    Format,
)
from fiscalgraph.graph.sparql.guard import Outline, check_query, outline
from fiscalgraph.graph.sparql.limits import Limits
from fiscalgraph.graph.sparql.results import QueryResult, Term
from fiscalgraph.graph.sparql.similar import SimilarRun
from fiscalgraph.graph.sparql.workers import QueryWorkers

__all__ = [
    "GRAPH_FORMATS",
    "SOLUTION_FORMATS",
    "VERDICT_FORMATS",
    "WORKBOOK",
    "Answer",
    "Dataset",
    "DeadlinePassed",
    "FormNotAllowed",
    "Format",
    "FormatNotAccepted",
    "Limits",
    "Outline",
    "QueryBusy",
    "QueryFailed",
    "QueryNotSupported",
    "QueryRefused",
    "QueryResult",
    "QuerySyntaxError",
    "QueryTooComplex",
    "QueryTooLong",
    "QueryWorkers",
    "Question",
    "ResultTooLarge",
    "SimilarRefused",
    "SimilarRun",
    "Term",
    "check_query",
    "evaluate",
    "evaluate_trusted",
    "outline",
]
