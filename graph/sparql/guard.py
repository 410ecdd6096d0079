"""What a stranger's query may not do: refused before anything is evaluated.

The engine has no switch against ``SERVICE`` (it would call any address on the network), so the
guard finds the keyword itself. It splits the text as the SPARQL grammar does: outside strings,
IRIs, comments, variables and prefixed names, a bare word can only be a keyword. Both the text as
given and the text with its codepoint escapes (``\\u0053ERVICE``) resolved are examined. Updates
(``INSERT``, ``LOAD`` …) do not parse as queries; the guard only names them plainly.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from pyoxigraph import Store

from fiscalgraph.extract.errors import FiscalgraphError

__all__ = ["LONGEST_QUERY", "QueryRefused", "check_query", "names_graphs"]

LONGEST_QUERY: Final = 200_000
"""Characters a query may have."""


class QueryRefused(FiscalgraphError):
    """The query is not SPARQL, or asks for something this graph does not do."""


_TOKEN = re.compile(
    r"""
      (?P<skip> \#[^\r\n]* | [\x20\t\r\n]+ )
    | (?P<iri> <(?:[^<>"{}|^`\\\x00-\x20]|\\u[0-9A-Fa-f]{4}|\\U[0-9A-Fa-f]{8})*> )
    | (?P<string> \"\"\"(?:"{0,2}(?:[^"\\]|\\.))*\"\"\" | '''(?:'{0,2}(?:[^'\\]|\\.))*'''
                | "(?:[^"\\\r\n]|\\.)*" | '(?:[^'\\\r\n]|\\.)*' )
    | (?P<variable> [?$]\w* )
    | (?P<language> @[A-Za-z]+(?:-[A-Za-z0-9]+)* )
    | (?P<name> (?:_:|(?:[^\W\d_][\w.\-]*)?:) (?:[\w.:\-]|%[0-9A-Fa-f]{2}|\\[_~.\-!$&'()*+,;=/?\#@%])* )
    | (?P<word> [^\W\d_]\w* )
    | (?P<number> [0-9]*\.?[0-9]+(?:[eE][+\-]?[0-9]+)? )
    | (?P<sign> . )
    """,
    re.VERBOSE | re.DOTALL,
)
# What may also be read as "less than" and a name: behind it the engine may see another string or
# comment than the guard does, so it may not hold what opens one.
_DOUBTFUL_IRI = re.compile(r"<(?![A-Za-z][A-Za-z0-9+.\-]*://).*['#]", re.DOTALL)
_ESCAPE = re.compile(r"\\u([0-9A-Fa-f]{4})|\\U([0-9A-Fa-f]{8})")
_UPDATES = {"INSERT", "DELETE", "LOAD", "CLEAR", "CREATE", "DROP", "COPY", "MOVE", "ADD"}
_FORMS = {"SELECT", "ASK", "CONSTRUCT", "DESCRIBE"}


def _keywords(query: str) -> Iterator[str]:
    """Bare words, and the prefixes of names: the engine reads ``SERVICEx:y`` as ``SERVICE x:y``."""
    for token in _TOKEN.finditer(query):
        if token.lastgroup == "word":
            yield token[0].upper()
        elif token.lastgroup == "name":
            yield token[0].partition(":")[0].upper() + ":"
        elif token.lastgroup == "iri" and _DOUBTFUL_IRI.match(token[0]):
            raise QueryRefused(
                "query refused",
                f"{token[0]} may be an IRI or a comparison",
                "Put blanks around <, or write the IRI in full with its ' as %27.",
            )


def _resolved(match: re.Match[str]) -> str:
    code = int(match[1] or match[2], 16)
    return chr(code) if code < 0x110000 and not 0xD800 <= code < 0xE000 else match[0]


def names_graphs(query: str) -> bool:
    """Whether the query chooses its graphs itself (``FROM``), so that no union is wanted."""
    return "FROM" in _keywords(query)


def check_query(query: str) -> None:
    """Refuse what may not be evaluated.

    Raises :class:`QueryRefused` for text that is no SPARQL query, an update, a ``SERVICE``
    call, or a query longer than :data:`LONGEST_QUERY`.
    """
    if len(query) > LONGEST_QUERY:
        raise QueryRefused(
            "query refused",
            f"it has {len(query)} characters, more than {LONGEST_QUERY}",
            "Shorten it; long lists of values belong into several queries.",
        )
    for text in {query, _ESCAPE.sub(_resolved, query)}:
        words = set(_keywords(text))
        if any("SERVICE" in word for word in words):  # the engine also reads trueSERVICE as two words
            raise QueryRefused(
                "query refused",
                "SERVICE would call another server",
                "Remove the SERVICE block (and do not name a prefix so).",
            )
        if words & _UPDATES and not words & _FORMS:
            raise QueryRefused(
                "query refused",
                "it would change the graph",
                "Only SELECT, ASK, CONSTRUCT and DESCRIBE are answered; build documents to change the graph.",
            )
    try:
        Store().query(query)  # parses it; nothing is there to evaluate
    except (SyntaxError, ValueError) as error:
        raise QueryRefused(
            "query refused", f"it is not valid SPARQL: {error}", "Correct the query at the place named."
        ) from None
