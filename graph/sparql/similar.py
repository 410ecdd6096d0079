"""``SERVICE fg:similar``: where a query calls it, and what answers it.

The engine never sees the word: a block is replaced by the passages that answer it, as ``VALUES``, before
anything is evaluated. Who answers is given from above (:class:`Similarity`); this package only finds the
calls, which are told by the IRI that the service's name resolves to and by nothing else.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import lru_cache
from typing import Any, Final, NamedTuple, Protocol

from pyoxigraph import Literal, NamedNode, QueryBoolean, QuerySolutions, QueryTriples, Store

from fiscalgraph.graph.sparql.tokens import Token, Unsplittable, split
from fiscalgraph.ontology.prefixes import PREFIXES

__all__ = [
    "SIMILAR",
    "SIMILARITY",
    "Ask",
    "Call",
    "EngineResult",
    "Function",
    "Resolved",
    "SimilarRun",
    "Similarity",
    "SimilarityWhenNeeded",
    "blanked",
    "prologue",
    "resolve",
    "similar_calls",
]

SIMILAR: Final = PREFIXES["fg"] + "similar"
"""The service: passages like a text or a passage."""
SIMILARITY: Final = NamedNode(PREFIXES["fg"] + "similarity")
"""The function: how near two texts or passages are."""

EngineResult = QueryBoolean | QuerySolutions | QueryTriples
Ask = Callable[[str], EngineResult]
"""Evaluates a query of the graphs that the whole question is asked of."""
EngineTerm = NamedNode | Literal
Function = Callable[..., EngineTerm | None]


@dataclass(frozen=True, slots=True)
class SimilarRun:
    """How one ``fg:similar`` block was answered.

    ``plan``: ``graph first`` (the passages that satisfy the rest of the query, each of them compared) or
    ``vectors first`` (the most similar passages, until enough of them satisfied the rest). ``candidates``:
    how many passages were so compared, or tried. ``exact``: nothing more similar was overlooked.
    """

    plan: str
    candidates: int
    exact: bool
    returned: int

    def __str__(self) -> str:
        """For a header: ``"graph first"; candidates=123; exact=?1; returned=10``."""
        return f'"{self.plan}"; candidates={self.candidates}; exact=?{self.exact:d}; returned={self.returned}'

    def as_dict(self) -> dict[str, Any]:
        """Plain values for JSON."""
        return asdict(self)


class Resolved(NamedTuple):
    """A query without ``fg:similar`` blocks, and how each of them was answered, in the order of the text."""

    query: str
    runs: tuple[SimilarRun, ...]


class Similarity(Protocol):
    """What a generation's passages can be asked from inside a query."""

    @property
    def functions(self) -> Mapping[NamedNode, Function]:
        """The functions that a query may call, by IRI."""

    def resolve(self, query: str, ask: Ask, *, whole_dataset: bool) -> Resolved:
        """Answer the blocks of a sound query, which is asked through ``ask``.

        ``whole_dataset``: of the union of all graphs. Raises
        :class:`~fiscalgraph.graph.sparql.errors.SimilarRefused` for a block that cannot be meant.
        """

    def check_functions(self) -> None:
        """Raise what kept a function from answering: the engine itself swallows errors."""


class SimilarityWhenNeeded:
    """A :class:`Similarity` that is made by the first query which needs it."""

    def __init__(self, make: Callable[[], Similarity]) -> None:
        self._make = make
        self._made: Similarity | None = None

    def _needed(self) -> Similarity:
        if self._made is None:
            self._made = self._make()
        return self._made

    @property
    def functions(self) -> Mapping[NamedNode, Function]:
        return {SIMILARITY: lambda *terms: self._needed().functions[SIMILARITY](*terms)}

    def resolve(self, query: str, ask: Ask, *, whole_dataset: bool) -> Resolved:
        return self._needed().resolve(query, ask, whole_dataset=whole_dataset)

    def check_functions(self) -> None:
        if self._made is not None:
            self._made.check_functions()


class Call(NamedTuple):
    """A block ``SERVICE fg:similar { … }``: the places of its first character, its braces, and behind it."""

    start: int
    brace: int
    end: int


@lru_cache(maxsize=2)  # the guard asks, and who answers the blocks
def similar_calls(query: str) -> tuple[Call, ...]:
    """The ``fg:similar`` blocks of a query, in the order of the text; none in what cannot be split."""
    if "service" not in query.lower():
        return ()
    try:
        tokens = list(split(query))
    except Unsplittable:
        return ()
    headers = [
        (token, name, brace)
        for token, name, brace in _headers(tokens)
        if name.kind in ("iri", "name") and brace.text == "{"
    ]
    names = resolve(tokens, [name.text for _, name, _ in headers])
    return tuple(
        Call(token.start, brace.start, _behind(tokens, brace, len(query)))
        for (token, _, brace), name in zip(headers, names, strict=True)
        if isinstance(name, NamedNode) and name.value == SIMILAR
    )


def _headers(tokens: Sequence[Token]) -> list[tuple[Token, Token, Token]]:
    """Each bare word SERVICE with the name behind it (SILENT may stand between) and what follows that."""
    nothing = Token("sign", "", 0)
    found = []
    for place, token in enumerate(tokens):
        if token.kind == "word" and token.text.upper() == "SERVICE":
            behind = [*tokens[place + 1 : place + 4], nothing, nothing, nothing]
            if behind[0].kind == "word" and behind[0].text.upper() == "SILENT":
                behind = behind[1:]
            found.append((token, behind[0], behind[1]))
    return found


def _behind(tokens: Sequence[Token], brace: Token, last: int) -> int:
    """The place behind the brace that closes ``brace``."""
    depth = 0
    for token in tokens:
        if token.start >= brace.start:
            depth += {"{": 1, "}": -1}.get(token.text, 0)
            if depth == 0:
                return token.start + 1
    return last


def prologue(tokens: Sequence[Token]) -> tuple[str, int]:
    """The declarations of prefixes and base that a query begins with, and how many tokens they are."""
    declared: list[str] = []
    place = 0
    while place + 1 < len(tokens) and tokens[place].kind == "word":
        length = {"PREFIX": 3, "BASE": 2, "VERSION": 2}.get(tokens[place].text.upper())
        if length is None:
            break
        declared.extend(token.text for token in tokens[place : place + length])
        place += length
    return " ".join(declared), place


def resolve(tokens: Sequence[Token], terms: Sequence[str]) -> list[EngineTerm | None]:
    """The terms as the engine reads them under the prefixes and the base of the query of these tokens.

    ``None`` for what is no constant, or is not declared.
    """
    declared = prologue(tokens)[0]
    try:
        return _resolved(declared, terms)
    except (SyntaxError, ValueError):
        if len(terms) == 1:
            return [None]
        return [one for term in terms for one in resolve(tokens, [term])]


def _resolved(declared: str, terms: Sequence[str]) -> list[EngineTerm | None]:
    if not terms:
        return []
    selected = " ".join(f"({term} AS ?t{place})" for place, term in enumerate(terms))
    solutions: Any = Store().query(f"{declared} SELECT {selected} {{}}")
    return list(next(solutions))


def blanked(query: str, calls: Sequence[Call], *, whole: bool = False) -> str:
    """The query with the words ``SERVICE fg:similar`` (or the ``whole`` blocks) blanked.

    Every other character keeps its place, so that errors can be told by line and column.
    """
    parts = []
    last = 0
    for call in calls:
        end = call.end if whole else call.brace
        if call.start < last:  # a call inside a call
            continue
        removed = query[call.start : end]
        parts += [query[last : call.start], "".join(each if each in "\r\n" else " " for each in removed)]
        last = end
    return "".join([*parts, query[last:]])
