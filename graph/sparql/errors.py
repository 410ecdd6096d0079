"""Why a query got no answer.

QueryRefused           it is not evaluated at all
├── QuerySyntaxError   it is not SPARQL: says where
├── FormNotAllowed     an update, or a call of another server
├── QueryTooLong       more characters than allowed
├── QueryTooComplex    nested deeper, or with more repeated paths, than allowed
├── QueryNotSupported  the engine would answer it wrongly
└── SimilarRefused     an ``fg:similar`` block asks for what cannot be meant
FormatNotAccepted      none of the formats for its answer is wanted
QueryFailed            evaluation broke off
StoreUnreadable        the graph's files are damaged or gone
QueryBusy              nobody was free to evaluate it
DeadlinePassed         it took too long
ResultTooLarge         the result may not be cut and is larger than allowed
"""

from __future__ import annotations

from typing import Any

from fiscalgraph.extract.errors import FiscalgraphError

__all__ = [
    "DeadlinePassed",
    "FormNotAllowed",
    "FormatNotAccepted",
    "QueryBusy",
    "QueryFailed",
    "QueryNotSupported",
    "QueryRefused",
    "QuerySyntaxError",
    "QueryTooComplex",
    "QueryTooLong",
    "ResultTooLarge",
    "SimilarRefused",
    "StoreUnreadable",
    "unreadable",
]


class QueryRefused(FiscalgraphError):
    """The query is not SPARQL, or asks for something this graph does not do."""


class QuerySyntaxError(QueryRefused):
    """The query is not SPARQL. ``line`` and ``column`` count from 1, columns in characters."""

    def __init__(self, what: str, why: str, cure: str, *, line: int, column: int) -> None:
        super().__init__(what, why, cure)
        self.line = line
        self.column = column

    def __reduce__(self) -> Any:
        return _syntax_error, (self.what, self.why, self.cure, self.line, self.column)


def _syntax_error(what: str, why: str, cure: str, line: int, column: int) -> QuerySyntaxError:
    return QuerySyntaxError(what, why, cure, line=line, column=column)


class FormNotAllowed(QueryRefused):
    """It would change the graph or call another server."""


class QueryTooLong(QueryRefused):
    """It has more characters than a query may have."""


class QueryTooComplex(QueryRefused):
    """It is nested deeper, or repeats more property paths, than a query may."""


class QueryNotSupported(QueryRefused):
    """It is SPARQL, but the engine would answer it wrongly."""


class SimilarRefused(QueryRefused):
    """An ``fg:similar`` block has an option that there is not, or stands where it has no meaning.

    ``line`` and ``column`` (from 1, in characters) say where it begins, ``None`` where that is not known.
    """

    def __init__(
        self, what: str, why: str, cure: str, *, line: int | None = None, column: int | None = None
    ) -> None:
        super().__init__(what, why, cure)
        self.line = line
        self.column = column

    def __reduce__(self) -> Any:
        return _similar_refused, (self.what, self.why, self.cure, self.line, self.column)


def _similar_refused(what: str, why: str, cure: str, line: int | None, column: int | None) -> SimilarRefused:
    return SimilarRefused(what, why, cure, line=line, column=column)


class FormatNotAccepted(FiscalgraphError):
    """The caller takes none of the formats in which an answer of this form can be given."""


class DeadlinePassed(FiscalgraphError):
    """The query took longer than it may; its worker was killed."""


class ResultTooLarge(FiscalgraphError):
    """The result has more rows or text than allowed and may not be cut; nothing of it is given."""


class QueryFailed(FiscalgraphError):
    """Evaluation broke off: out of memory, or an unknown function."""


class StoreUnreadable(QueryFailed):
    """The files of the graph could not be read: they are damaged, or gone."""


def unreadable(error: OSError) -> StoreUnreadable:
    """What to say of a store that gives ``error`` when it is read."""
    return StoreUnreadable(
        "query failed",
        f"the graph cannot be read ({error})",
        "Try again in a moment; if it stays so, build the workspace again.",
    )


class QueryBusy(FiscalgraphError):
    """All workers are taken and none became free before the deadline."""
