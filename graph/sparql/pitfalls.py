"""What the engine would answer wrongly, so that it is refused instead.

A subquery inside ``GRAPH ?g`` is evaluated by the specification once per graph. The engine evaluates it
once over all of them unless the subquery selects ``?g``: ``GRAPH ?g { SELECT (SUM(?x) AS ?sum) … }``
would give one sum over all documents as if it were that of each, and ``?g`` would stay unbound.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import Final, NamedTuple

from fiscalgraph.graph.sparql.errors import QueryNotSupported
from fiscalgraph.graph.sparql.tokens import Token

__all__ = ["AGGREGATES", "refuse_pitfalls"]

AGGREGATES: Final = frozenset({"COUNT", "SUM", "AVG", "MIN", "MAX", "SAMPLE", "GROUP_CONCAT", "GROUP"})
"""The words by which something is counted, added up or grouped."""

# Words whose result is another for each graph than for all of them together.
_PER_GRAPH: Final = AGGREGATES | {"HAVING", "DISTINCT", "REDUCED", "LIMIT", "OFFSET"}


def refuse_pitfalls(tokens: Sequence[Token]) -> None:
    """Raise :class:`QueryNotSupported` for a subquery in ``GRAPH ?g`` that would be evaluated wrongly.

    The time taken grows with the length of the query times the depth of its braces.
    """
    uses = Counter(_variables(tokens))
    all_selected = _selects_all(tokens)
    for subquery in _subqueries(tokens):
        inside = tokens[subquery.first : subquery.last]
        counts = any(token.kind == "word" and token.text.upper() in _PER_GRAPH for token in inside)
        here = Counter(_variables(inside))
        for name in sorted(subquery.graphs - _selected(inside)):
            used = all_selected or uses[name] - here[name] > 1  # besides GRAPH ?name
            if counts or used:
                raise QueryNotSupported(
                    "query refused",
                    f"the subquery inside GRAPH ?{name} does not select ?{name}, and would be evaluated over "
                    "all graphs together",
                    f"Select ?{name} in the subquery, and group by it where you count or add up.",
                )


class _Subquery(NamedTuple):
    """The tokens from a SELECT (``first``) to the brace that ends it, and the ``GRAPH ?name`` around it."""

    first: int
    last: int
    graphs: frozenset[str]


def _subqueries(tokens: Sequence[Token]) -> Iterator[_Subquery]:
    """The subqueries inside a ``GRAPH ?name``, each when it ends."""
    around: list[frozenset[str]] = [frozenset()]  # by open brace: the graph variables
    selects: list[int | None] = [None]  # by open brace: the place of its SELECT
    before = last = Token("sign", "", 0)
    for place, token in enumerate(tokens):
        if token.text == "{":
            own = {last.text[1:]} if _is_graph(before, last) else set()
            around.append(around[-1] | own)
            selects.append(None)
        elif token.text == "}" and len(around) > 1:
            graphs, select = around.pop(), selects.pop()
            if graphs and select is not None:
                yield _Subquery(select, place, graphs)
        elif token.kind == "word" and token.text.upper() == "SELECT":
            selects[-1] = place
        before, last = last, token


def _is_graph(before: Token, token: Token) -> bool:
    return token.kind == "variable" and before.kind == "word" and before.text.upper() == "GRAPH"


def _variables(tokens: Iterable[Token]) -> Iterator[str]:
    return (token.text[1:] for token in tokens if token.kind == "variable")


def _selects_all(tokens: Sequence[Token]) -> bool:
    """Whether the query itself, outside all braces, is a ``SELECT *``."""
    for token in tokens:
        if token.text == "{":
            return False
        if token.text == "*":
            return True
    return False


def _selected(tokens: Sequence[Token]) -> set[str]:
    """The variables that a SELECT clause gives out as they are, without their ``?`` or ``$``."""
    found, depth = set(), 0
    for token in tokens:
        if token.text == "{":
            break
        depth += {"(": 1, ")": -1}.get(token.text, 0)
        if token.kind == "variable" and depth == 0:
            found.add(token.text[1:])
    return found
