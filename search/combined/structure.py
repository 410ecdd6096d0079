"""The structure of a query: its SELECTs, their groups and what stands in them, each by its place in the text.

Made from the tokens of a query that the engine's parser has accepted. Only what is needed to take blocks out
and to put others in: patterns and expressions stay text. What the tokens cannot be told apart in (keywords
written without blanks) is refused and not guessed at.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final, Literal, NamedTuple

from fiscalgraph.graph.sparql.errors import SimilarRefused
from fiscalgraph.graph.sparql.pitfalls import AGGREGATES
from fiscalgraph.graph.sparql.tokens import Token, split

__all__ = ["Element", "Group", "Query", "Select", "Spot", "parse", "spot_of"]

Kind = Literal[
    "triples", "filter", "bind", "values", "optional", "minus", "graph", "service", "union", "select"
]

_CLOSING: Final = {"(": ")", "{": "}", "[": "]"}
_ELEMENTS: Final = frozenset({"FILTER", "BIND", "VALUES", "OPTIONAL", "MINUS", "GRAPH", "SERVICE"})
_IN_TRIPLES: Final = frozenset({"A", "TRUE", "FALSE"})
_GROUPING: Final = AGGREGATES | {"HAVING"}


class Spot(NamedTuple):
    """A place in the text of a query; line and column count from 1, columns in characters."""

    line: int
    column: int


def spot_of(text: str, start: int) -> Spot:
    """The spot of the character at ``start``."""
    return Spot(text.count("\n", 0, start) + 1, start - text.rfind("\n", 0, start))


@dataclass(eq=False, slots=True)
class Element:
    """What stands directly in a group, from ``start`` to ``end``.

    ``groups`` are those inside it (the branches of a UNION; a plain group is a UNION of one), ``target`` is
    the variable of a BIND, ``variables`` are all that it mentions.
    """

    kind: Kind
    start: int
    end: int
    variables: frozenset[str]
    group: Group
    groups: list[Group] = field(default_factory=list)
    target: str | None = None


@dataclass(eq=False, slots=True)
class Group:
    """``{ … }``: ``inside`` is the element that it belongs to, ``None`` for the query's own."""

    start: int
    end: int
    select: Select
    inside: Element | None
    elements: list[Element] = field(default_factory=list)


@dataclass(eq=False, slots=True)
class Select:
    """A query or subquery: its group, whether it groups or counts, and the VALUES behind it (their span)."""

    where: Group | None = None
    grouped: bool = False
    values: tuple[int, int] | None = None


@dataclass(eq=False, slots=True)
class Query:
    """A query, with the text before its form (prefixes, base) and its FROM clauses."""

    text: str
    tokens: list[Token]
    main: Select
    head: str
    datasets: str
    selects: list[Select]
    services: list[Element]

    def elements(self, group: Group) -> Iterator[Element]:
        """All elements in a group and the groups inside it, those of subqueries too."""
        for element in group.elements:
            yield element
            for inner in element.groups:
                yield from self.elements(inner)


def parse(text: str) -> Query:
    """The structure of a sound query. Raises :class:`SimilarRefused` where it cannot be told."""
    return _Parser(text).query()


class _Parser:
    def __init__(self, text: str) -> None:
        self._text = text
        self._tokens = list(split(text))
        self._place = 0
        self._prefixes: set[str] = set()
        self._selects: list[Select] = []
        self._services: list[Element] = []

    def query(self) -> Query:
        while self._word() in ("PREFIX", "BASE", "VERSION"):
            if self._word() == "PREFIX":
                self._prefixes.add(self._tokens[self._place + 1].text)
                self._place += 1
            self._place += 2
        for token in self._tokens[self._place :]:
            if token.kind == "name" and token.text.partition(":")[0] + ":" not in self._prefixes:
                raise self._unclear(token)  # the engine may read a keyword and a shorter name
        head = self._text[: self._token().start]
        main, datasets = self._select()
        return Query(self._text, self._tokens, main, head, datasets, self._selects, self._services)

    # -- tokens -----------------------------------------------------------------------------

    def _token(self, ahead: int = 0) -> Token:
        place = self._place + ahead
        return self._tokens[place] if place < len(self._tokens) else Token("sign", "", len(self._text))

    def _word(self, ahead: int = 0) -> str:
        token = self._token(ahead)
        return token.text.upper() if token.kind == "word" else ""

    def _end(self) -> int:
        """Where the last token that was read ends."""
        last = self._tokens[self._place - 1]
        return last.start + len(last.text)

    def _variables(self, first: int) -> frozenset[str]:
        tokens = self._tokens[first : self._place]
        return frozenset(token.text[1:] for token in tokens if token.kind == "variable")

    def _unclear(self, token: Token) -> SimilarRefused:
        spot = spot_of(self._text, token.start)
        return SimilarRefused(
            "query refused",
            f"line {spot.line}: in a query with fg:similar it must be clear what {token.text[:40]!r} "
            "belongs to",
            "Put blanks between keywords and names.",
            line=spot.line,
            column=spot.column,
        )

    def _balanced(self) -> None:
        """Go behind the bracket that closes the one here."""
        open_brackets: list[str] = []
        while self._place < len(self._tokens):
            text = self._token().text
            if text in _CLOSING:
                open_brackets.append(_CLOSING[text])
            elif open_brackets and text == open_brackets[-1]:
                open_brackets.pop()
            self._place += 1
            if not open_brackets:
                return

    # -- queries ----------------------------------------------------------------------------

    def _select(self) -> tuple[Select, str]:
        """The query or subquery that begins here, and its FROM clauses."""
        select = Select()
        self._selects.append(select)
        datasets = []
        first = self._place
        if self._word() == "CONSTRUCT" and self._token(1).text == "{":
            self._place += 1
            self._balanced()
        while self._place < len(self._tokens) and self._token().text not in ("{", "}"):
            if self._word() == "FROM":
                length = 3 if self._word(1) == "NAMED" else 2
                clause = self._tokens[self._place : self._place + length]
                datasets.append(" ".join(token.text for token in clause))
                self._place += length
            elif self._token().text in _CLOSING:
                self._balanced()
            else:
                self._place += 1
        before = self._tokens[first : self._place]
        behind: Sequence[Token] = ()
        if self._token().text == "{":
            select.where = self._group(select, None)
            first = self._place
            while self._place < len(self._tokens) and self._token().text != "}":
                start = self._token().start
                if self._word() == "VALUES":
                    self._values()
                    select.values = (start, self._end())
                elif self._token().text in _CLOSING:
                    self._balanced()
                else:
                    self._place += 1
            behind = self._tokens[first : self._place]
        words = {token.text.upper() for token in (*before, *behind) if token.kind == "word"}
        select.grouped = not _GROUPING.isdisjoint(words)
        return select, " ".join(datasets)

    def _group(self, select: Select, inside: Element | None) -> Group:
        group = Group(self._token().start, 0, select, inside)
        self._place += 1
        if self._word() == "SELECT":
            element = Element("select", self._token().start, 0, frozenset(), group)
            group.elements.append(element)
            first = self._place
            inner, _ = self._select()
            if inner.where is not None:
                inner.where.inside = element
                element.groups.append(inner.where)
            element.end, element.variables = self._end(), self._variables(first)
        else:
            while self._place < len(self._tokens) and self._token().text != "}":
                if self._token().text == ".":
                    self._place += 1
                else:
                    group.elements.append(self._element(group))
        self._place += 1
        group.end = self._end()
        return group

    # -- what stands in a group -------------------------------------------------------------

    def _element(self, group: Group) -> Element:
        first, start, word = self._place, self._token().start, self._word()
        element = Element("triples", start, start, frozenset(), group)
        if word in ("OPTIONAL", "MINUS", "GRAPH"):
            element.kind = word.lower()  # type: ignore[assignment]
            self._place += 2 if word == "GRAPH" else 1
            self._inner(element)
        elif word == "SERVICE":
            element.kind = "service"
            self._place += 3 if self._word(1) == "SILENT" else 2
            self._balanced()
            self._services.append(element)
        elif word == "FILTER":
            element.kind = "filter"
            self._place += 1
            while self._token().text not in ("(", "{"):
                self._place += 1
            self._balanced()
        elif word == "BIND":
            element.kind = "bind"
            self._place += 1
            self._balanced()
            element.target = self._tokens[self._place - 2].text[1:]
        elif word == "VALUES":
            element.kind = "values"
            self._values()
        elif self._token().text == "{":
            element.kind = "union"
            self._inner(element)
            while self._word() == "UNION":
                self._place += 1
                self._inner(element)
        else:
            self._triples()
        element.end, element.variables = self._end(), self._variables(first)
        return element

    def _inner(self, element: Element) -> None:
        if self._token().text != "{":
            raise self._unclear(self._token())
        element.groups.append(self._group(element.group.select, element))

    def _values(self) -> None:
        while self._token().text != "{":
            self._place += 1
        self._balanced()

    def _triples(self) -> None:
        first = self._place
        while self._place < len(self._tokens):
            token, word = self._token(), self._word()
            if token.text in ("{", "}") or word in _ELEMENTS:
                break
            if word and word not in _IN_TRIPLES:
                raise self._unclear(token)
            if token.text in ("(", "["):
                self._balanced()
            else:
                self._place += 1
        if self._place == first or (self._token().text == "{" and self._token(1).text == "|"):
            raise self._unclear(self._token())
