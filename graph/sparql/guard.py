"""What a stranger's query may not do: refused before anything is evaluated.

The engine has no switch against ``SERVICE`` (it would call any address on the network), so the
guard finds the keyword itself, among the tokens of the query: both of the text as given and of the
text with its codepoint escapes (``\\u0053ERVICE``) resolved. Nothing here parses: a text that the
engine's parser would choke on is for a worker to try, in a process that may die of it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from pyoxigraph import Store

from fiscalgraph.graph.sparql.errors import (
    FormNotAllowed,
    QueryRefused,
    QueryTooComplex,
    QueryTooLong,
)
from fiscalgraph.graph.sparql.limits import Limits
from fiscalgraph.graph.sparql.pitfalls import AGGREGATES, refuse_pitfalls
from fiscalgraph.graph.sparql.similar import blanked, similar_calls
from fiscalgraph.graph.sparql.syntax import is_not_sparql, unclosed_string
from fiscalgraph.graph.sparql.tokens import Token, Unsplittable, resolve_escapes, split

__all__ = ["Outline", "check_query", "check_syntax", "names_graphs", "outline"]

# What may also be read as "less than" and a name: behind it the engine may see another string or
# comment than the guard does, so it may not hold what opens one.
_DOUBTFUL_IRI = re.compile(r"<(?![A-Za-z][A-Za-z0-9+.\-]*://).*['#]", re.DOTALL)
_PROLOGUE: Final = frozenset({"PREFIX", "BASE", "VERSION"})
_UPDATES: Final = frozenset(
    {"INSERT", "DELETE", "LOAD", "CLEAR", "CREATE", "DROP", "COPY", "MOVE", "ADD", "WITH"}
)
# After these words and up to the next brace there are expressions, where * and + are arithmetic.
_EXPRESSIONS_FOLLOW: Final = frozenset({"SELECT", "GROUP", "ORDER", "HAVING"})
_OPENING: Final = frozenset("({[")
_CLOSING: Final = frozenset(")}]")


@dataclass(frozen=True, slots=True)
class Outline:
    """What the guard learns of a query without parsing it.

    ``chooses_graphs`` says that there is a ``FROM``, ``aggregates`` that something is counted, added up
    or grouped, so that no row may be left out. ``plain`` is the query without the words
    ``SERVICE fg:similar`` where it has such blocks: it may be parsed, but not evaluated.
    """

    chooses_graphs: bool
    aggregates: bool
    plain: str | None = None


def outline(query: str, limits: Limits | None = None, *, similar: bool = False) -> Outline:
    """Refuse what may not be evaluated, and tell what is to be known of the rest.

    ``similar`` allows the one service that is ours, ``fg:similar``.

    Raises :class:`QueryTooLong`, :class:`QueryTooComplex`, :class:`FormNotAllowed`,
    :class:`QueryNotSupported` or, for a string without its end, :class:`QuerySyntaxError`. The time
    taken grows with the length of the query only.
    """
    limits = limits or Limits()
    if len(query) > limits.query_characters:
        raise QueryTooLong(
            "query refused",
            f"it has {len(query)} characters, more than {limits.query_characters}",
            "Shorten it; long lists of values belong into several queries.",
        )
    calls = similar_calls(query) if similar else ()
    plain = blanked(query, calls)
    if calls:  # what the engine will read, but for the values that take the place of the blocks
        _check_readings(blanked(query, calls, whole=True), limits)
    tokens, words = _check_readings(plain, limits)
    leading = next((word for word in words if word not in _PROLOGUE and not word.endswith(":")), "")
    if leading in _UPDATES:
        raise FormNotAllowed(
            "query refused",
            "it would change the graph",
            "Only SELECT, ASK, CONSTRUCT and DESCRIBE are answered; build documents to change the graph.",
        )
    return Outline(
        chooses_graphs=_chooses_graphs(tokens),
        aggregates=not AGGREGATES.isdisjoint(words),
        plain=plain if calls else None,
    )


def _check_readings(query: str, limits: Limits) -> tuple[list[Token], list[str]]:
    """The tokens and keywords of a query with its escapes resolved; it is checked as given, too."""
    tokens = _tokens(query)
    words = _checked(tokens, limits)
    resolved = resolve_escapes(query)
    if resolved != query:
        tokens = _tokens(resolved)
        words = _checked(tokens, limits)
    return tokens, words


def check_query(query: str, limits: Limits | None = None, *, similar: bool = False) -> Outline:
    """Refuse what may not be evaluated, in this process: for queries of this computer's own user.

    Raises what :func:`outline` raises, and :class:`QuerySyntaxError` for text that is no SPARQL query.
    """
    found = outline(query, limits, similar=similar)
    check_syntax(query if found.plain is None else found.plain)
    return found


def check_syntax(query: str) -> None:
    """Raise :class:`QuerySyntaxError`, with the place, for text that is no SPARQL query."""
    try:
        Store().query(query)  # parses it; nothing is there to evaluate
    except (SyntaxError, ValueError) as error:
        raise is_not_sparql(query, str(error)) from None
    except RuntimeError:
        return  # it parses; what the engine does not know, evaluation says


def names_graphs(query: str) -> bool:
    """Whether the query chooses its graphs itself (``FROM``), so that no union is wanted."""
    return _chooses_graphs(_tokens(resolve_escapes(query)))


def _chooses_graphs(tokens: Sequence[Token]) -> bool:
    """Whether there is a FROM outside all braces. The engine also reads ``FROMx:y`` as ``FROM x:y``."""
    declared = {
        name.text for word, name in pairwise(tokens) if word.text.upper() == "PREFIX" and name.kind == "name"
    }
    depth = 0
    for token in tokens:
        depth += {"{": 1, "}": -1}.get(token.text, 0)
        if depth or token.text[:4].upper() != "FROM":
            continue
        if token.text.upper() == "FROM" or token.text.partition(":")[0] + ":" not in declared:
            return True
    return False


def _tokens(query: str) -> list[Token]:
    try:
        return list(split(query))
    except Unsplittable as error:
        raise unclosed_string(query, error.start) from None


def _checked(tokens: Sequence[Token], limits: Limits) -> list[str]:
    """The keywords of the tokens, or the refusal of what they ask for."""
    depth, repetitions = _measure(tokens)
    if depth > limits.nesting:
        raise QueryTooComplex(
            "query refused",
            f"its brackets are nested {depth} deep, more than {limits.nesting}",
            "Flatten it, or ask in several queries.",
        )
    if repetitions > limits.path_repetitions:
        raise QueryTooComplex(
            "query refused",
            f"it has {repetitions} property paths with *, + or ?, more than {limits.path_repetitions}",
            "Ask for fewer, or in several queries.",
        )
    words = _keywords(tokens)
    if any("SERVICE" in word for word in words):  # the engine also reads trueSERVICE as two words
        raise FormNotAllowed(
            "query refused",
            "SERVICE would call another server",
            "Remove the SERVICE block (and do not name a prefix so).",
        )
    refuse_pitfalls(tokens)
    return words


def _keywords(tokens: Iterable[Token]) -> list[str]:
    """Bare words, and the prefixes of names: the engine reads ``SERVICEx:y`` as ``SERVICE x:y``."""
    found = []
    for token in tokens:
        if token.kind == "word":
            found.append(token.text.upper())
        elif token.kind == "name":
            found.append(token.text.partition(":")[0].upper() + ":")
        elif token.kind == "iri" and _DOUBTFUL_IRI.match(token.text):
            raise QueryRefused(
                "query refused",
                f"{token.text} may be an IRI or a comparison",
                "Put blanks around <, or write the IRI in full with its ' as %27.",
            )
    return found


@dataclass(slots=True)
class _Bracket:
    """An open bracket: whether expressions stand in it, or patterns with their property paths."""

    expression: bool


def _measure(tokens: Sequence[Token]) -> tuple[int, int]:
    """How deep the brackets are nested, and how many property paths are repeated."""
    open_brackets = [_Bracket(expression=True)]
    closed = open_brackets[0]
    deepest = repetitions = 0
    nothing = Token("sign", "", 0)
    before, last = nothing, nothing
    for token in tokens:
        inner = open_brackets[-1]
        if token.kind == "word" and token.text.upper() in _EXPRESSIONS_FOLLOW:
            inner.expression = True
        elif token.text in _OPENING:
            expression = token.text == "(" and (inner.expression or _calls(before, last, closed))
            open_brackets.append(_Bracket(expression))
            deepest = max(deepest, len(open_brackets) - 1)
        elif token.text in _CLOSING:
            if len(open_brackets) > 1:
                closed = open_brackets.pop()
        elif token.text in ("*", "+", "?") and not inner.expression and _ends_path(last, closed):
            repetitions += 1
        before, last = last, token
    return deepest, repetitions


def _calls(before: Token, last: Token, closed: _Bracket) -> bool:
    """Whether a bracket in a pattern opens an expression: after a keyword, or a function's name."""
    if last.kind == "word":
        return last.text != "a"
    if last.text == ")":
        return closed.expression
    return last.kind in ("iri", "name") and before.kind == "word" and before.text.upper() == "FILTER"


def _ends_path(last: Token, closed: _Bracket) -> bool:
    if last.text == ")":
        return not closed.expression
    return last.kind in ("iri", "name") or last.text == "a"
