"""The tokens of a query, as the SPARQL grammar splits it, in one pass over the text.

Outside strings, IRIs, comments, variables and prefixed names, a bare word can only be a keyword (or
``a``, ``true``, ``false``). The time taken grows with the length of the text and with nothing else,
whatever the text is: a guard that a query can keep busy is none.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final, Literal, NamedTuple

__all__ = ["Kind", "Token", "Unsplittable", "resolve_escapes", "split"]

Kind = Literal["iri", "string", "variable", "language", "blank", "name", "word", "number", "sign"]


class Token(NamedTuple):
    """A piece of a query; ``start`` is its first character's place in the text."""

    kind: Kind
    text: str
    start: int


class Unsplittable(ValueError):
    """A quote without its end at ``start``: no query can go on behind it."""

    def __init__(self, start: int) -> None:
        super().__init__(f"a string is not closed at {start}")
        self.start = start


_LOCAL = r"(?:[\w.:\-]|%[0-9A-Fa-f]{2}|\\[_~.\-!$&'()*+,;=/?\#@%])*+"
# Each alternative takes what it looks at: nothing is scanned twice, so no text takes long.
_TOKEN: Final = re.compile(
    rf"""
      (?P<skip> \#[^\r\n]*+ | [\x20\t\r\n]++ )
    | (?P<iri> <(?:[^<>"{{}}|^`\\\x00-\x20]|\\u[0-9A-Fa-f]{{4}}|\\U[0-9A-Fa-f]{{8}})*+> )
    | (?P<string> \"\"\"(?:"{{0,2}}(?:[^"\\]|\\.))*\"\"\" | '''(?:'{{0,2}}(?:[^'\\]|\\.))*'''
                | "(?!\"\")(?:[^"\\\r\n]|\\.)*+" | '(?!'')(?:[^'\\\r\n]|\\.)*+' )
    | (?P<unclosed> ["'] )
    | (?P<variable> [?$]\w*+ )
    | (?P<language> @[A-Za-z]++(?:-[A-Za-z0-9]++)*+ )
    | (?P<blank> _:{_LOCAL} )
    | (?P<run> [^\W\d_][\w.\-]*+ ) (?P<local> :{_LOCAL} )?
    | (?P<bare> :{_LOCAL} )
    | (?P<number> (?:[0-9]++(?:\.[0-9]++)?+|\.[0-9]++)(?:[eE][+\-]?[0-9]++)?+ )
    | (?P<sign> . )
    """,
    re.VERBOSE | re.DOTALL,
)
# What a run of letters, digits, dots and hyphens is that turned out to be no prefix.
_PIECE: Final = re.compile(r"(?P<word>[^\W\d_]\w*+)|(?P<number>[0-9]++)|(?P<sign>.)", re.DOTALL)
# The engine needs no blank between keywords: it reads SELECTDISTINCT as two words, and LIMIT1.
_KEYWORD: Final = re.compile(
    "SELECT|ASK|CONSTRUCT|DESCRIBE|DISTINCT|REDUCED|WHERE|FROM|NAMED|GRAPH|GROUP|ORDER|BY|HAVING|LIMIT|OFFSET|[0-9]+",
    re.IGNORECASE,
)
_KEYWORDS: Final = re.compile(rf"(?:{_KEYWORD.pattern})++", re.IGNORECASE)
_ESCAPE: Final = re.compile(r"\\u([0-9A-Fa-f]{4})|\\U([0-9A-Fa-f]{8})")


def split(query: str) -> Iterator[Token]:
    """The tokens of ``query`` in order, without blanks and comments.

    Raises :class:`Unsplittable` at a quote that opens a string which does not end.
    """
    for match in _TOKEN.finditer(query):
        found, start = match.lastgroup, match.start()
        if found in ("iri", "string", "variable", "language", "blank", "number", "sign"):
            yield Token(found, match[0], start)  # type: ignore[arg-type]
        elif found in ("local", "bare"):
            yield Token("name", match[0], start)
        elif found == "run":
            for piece in _PIECE.finditer(match[0]):
                place = start + piece.start()
                if piece.lastgroup == "word" and _KEYWORDS.fullmatch(piece[0]):
                    for word in _KEYWORD.finditer(piece[0]):
                        kind: Kind = "number" if word[0].isdigit() else "word"
                        yield Token(kind, word[0], place + word.start())
                else:
                    yield Token(piece.lastgroup, piece[0], place)  # type: ignore[arg-type]
        elif found == "unclosed":
            raise Unsplittable(start)


def resolve_escapes(query: str) -> str:
    r"""The text with its codepoint escapes (``\u0053``) resolved, as the engine reads it."""
    return _ESCAPE.sub(_resolved, query)


def _resolved(match: re.Match[str]) -> str:
    code = int(match[1] or match[2], 16)
    return chr(code) if code < 0x110000 and not 0xD800 <= code < 0xE000 else match[0]
