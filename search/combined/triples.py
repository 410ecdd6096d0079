"""The patterns of a stretch of triples, one by one: ``?a :p ?b ; :q ?c , ?d .`` are three.

Only what is plainly written is taken apart. Where there are brackets in the place of a term, or blank nodes,
which stand for each other, a stretch stays whole.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from fiscalgraph.graph.sparql.tokens import Token

__all__ = ["Triple", "triples_of"]

_TRUTH: Final = ("true", "false")
_OFTEN: Final = ("*", "+", "?")


@dataclass(frozen=True, slots=True)
class Triple:
    """One pattern: its terms as they are written, the predicate as a whole path."""

    subject: str
    path: str
    object: str
    variables: frozenset[str]

    @property
    def text(self) -> str:
        """The pattern with the full stop behind it."""
        return f"{self.subject} {self.path} {self.object} ."

    @property
    def holds_constant(self) -> bool:
        """Whether its subject or its object is given."""
        return not (_is_variable(self.subject) and _is_variable(self.object))


def triples_of(tokens: Sequence[Token]) -> list[Triple] | None:
    """The patterns that these tokens are; ``None`` where they are not plain."""
    try:
        return _Reader(tokens).triples()
    except _NotPlain:
        return None


class _NotPlain(Exception):
    """Something else than plain terms and paths."""


class _Reader:
    def __init__(self, tokens: Sequence[Token]) -> None:
        self._tokens: list[Token] = []
        for token in tokens:
            if token.kind == "name" and token.text.endswith("."):  # which no name does: it ends the pattern
                if "\\" in token.text or token.text.endswith(".."):
                    raise _NotPlain
                dot = token.start + len(token.text) - 1
                self._tokens += [Token("name", token.text[:-1], token.start), Token("sign", ".", dot)]
            else:
                self._tokens.append(token)
        self._place = 0

    def triples(self) -> list[Triple]:
        found: list[Triple] = []
        while self._place < len(self._tokens):
            subject = self._term()
            while True:
                path = self._path()
                found.append(self._triple(subject, path))
                while self._skip(","):
                    found.append(self._triple(subject, path))
                more = False
                while self._skip(";"):
                    more = True
                if not more or self._at(".") or self._place == len(self._tokens):
                    break
            if not self._skip(".") and self._place < len(self._tokens):
                raise _NotPlain
        return found

    def _triple(self, subject: str, path: str) -> Triple:
        term = self._term()
        named = {each[1:] for each in (subject, path, term) if _is_variable(each)}
        return Triple(subject, path, term, frozenset(named))

    def _at(self, *texts: str) -> bool:
        return self._place < len(self._tokens) and self._tokens[self._place].text in texts

    def _skip(self, text: str) -> bool:
        found = self._at(text)
        self._place += found
        return found

    def _take(self, *kinds: str) -> str:
        if self._place >= len(self._tokens) or self._tokens[self._place].kind not in kinds:
            raise _NotPlain
        text = self._tokens[self._place].text
        if text in ("?", "$"):  # an operator of a path that stands elsewhere
            raise _NotPlain
        self._place += 1
        return text

    def _term(self) -> str:
        if self._at("+", "-"):
            return self._take("sign") + self._take("number")
        text = self._take("variable", "iri", "name", "string", "number", "word")
        kind = self._tokens[self._place - 1].kind
        if kind == "word" and text.lower() not in _TRUTH:
            raise _NotPlain
        if kind == "string" and self._place < len(self._tokens):
            if self._tokens[self._place].kind == "language":
                return text + self._take("language")
            if self._skip("^"):
                if not self._skip("^"):
                    raise _NotPlain
                return f"{text}^^{self._take('iri', 'name')}"
        return text

    def _path(self) -> str:
        """A variable, or a path as it is written."""
        if self._place < len(self._tokens) and _is_variable(self._tokens[self._place].text):
            return self._take("variable")
        return self._alternatives()

    def _alternatives(self) -> str:
        text = self._part()
        while self._at("/", "|"):
            text += self._take("sign") + self._part()
        return text

    def _part(self) -> str:
        text = ""
        while self._at("^", "!"):
            text += self._take("sign")
        if self._skip("("):
            text += f"({self._alternatives()})"
            if not self._skip(")"):
                raise _NotPlain
        else:
            text += self._take("iri", "name", "word")
            if self._tokens[self._place - 1].kind == "word" and not text.endswith("a"):
                raise _NotPlain
        if self._at(*_OFTEN):
            text += self._tokens[self._place].text
            self._place += 1
        return text


def _is_variable(text: str) -> bool:
    return text[0] in "?$" and len(text) > 1
