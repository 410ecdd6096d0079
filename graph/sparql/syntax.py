"""Where a text stops being SPARQL.

The engine tells the furthest place its parser looked at, which lies behind the fault (it looks ahead
as far as its longest keyword) and may even be on the next line. The place given here is the first
token with which no query can go on: found by asking the engine about beginnings of the text.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from itertools import pairwise
from typing import Final

from pyoxigraph import Store

from fiscalgraph.graph.sparql.errors import QuerySyntaxError
from fiscalgraph.graph.sparql.tokens import Token, Unsplittable, split

__all__ = ["is_not_sparql", "unclosed_string"]

_PLACE: Final = re.compile(r"error at (\d+):(\d+): ")
# More blanks than any keyword has letters: what the parser still looks for behind a sound beginning,
# it looks for at the end of them.
_BLANKS: Final = " " * 60
_SENTENCE: Final = re.compile(r"(?:one of |, |expected )([A-Z][A-Za-z*]* [a-zA-Z *]{10,})")
_SCHEME: Final = re.compile(r"<[A-Za-z][A-Za-z0-9+.\-]*:")


def is_not_sparql(query: str, message: str) -> QuerySyntaxError:
    """The error for a text that the engine refused with ``message``, with its place."""
    try:
        tokens = list(split(query))
    except Unsplittable as error:
        return unclosed_string(query, error.start)
    first_wrong = bisect_left(range(1, len(tokens) + 1), True, key=lambda count: _fails(query, tokens, count))
    if first_wrong == len(tokens):
        rule = _SENTENCE.search(message)
        return _error(query, len(query.rstrip()), rule[1] if rule else "the query ends too early")
    token = tokens[first_wrong]
    return _error(query, token.start, _reason(token, tokens))


def unclosed_string(query: str, start: int) -> QuerySyntaxError:
    """The error for a quote at ``start`` that opens a string without an end."""
    return _error(query, start, "a string is not closed")


def _fails(query: str, tokens: list[Token], count: int) -> bool:
    """Whether no query begins with the first ``count`` tokens."""
    last = tokens[count - 1]
    beginning = query[: last.start + len(last.text)] + _BLANKS
    try:
        Store().query(beginning)
    except SyntaxError as error:
        place = _PLACE.match(str(error))
        return place is not None and (int(place[1]), int(place[2])) < _end(beginning)
    except (RuntimeError, ValueError):
        return False
    return False


def _end(text: str) -> tuple[int, int]:
    """Line and column of the last blank of ``text``, from 1."""
    return text.count("\n") + 1, len(text) - (text.rfind("\n") + 1)


def _reason(token: Token, tokens: list[Token]) -> str:
    if token.kind == "name":
        prefix = token.text.partition(":")[0] + ":"
        declared = any(
            known.text.upper() == "PREFIX" and name.text == prefix for known, name in pairwise(tokens)
        )
        if not declared:
            return f"the prefix {prefix} is not declared"
    if token.kind == "iri" and not _SCHEME.match(token.text):
        return f"the IRI {token.text} is relative and there is no BASE"
    return f"{token.text} is not expected here"


def _error(query: str, start: int, why: str) -> QuerySyntaxError:
    line, column = query.count("\n", 0, start) + 1, start - (query.rfind("\n", 0, start) + 1) + 1
    return QuerySyntaxError(
        "query refused",
        f"it is not valid SPARQL: line {line}, column {column}: {why}",
        "Correct the query at the place named.",
        line=line,
        column=column,
    )
