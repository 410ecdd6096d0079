"""What a block ``SERVICE fg:similar { … }`` asks for: its one subject, and the options stated of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from pyoxigraph import Literal, NamedNode

from fiscalgraph.graph.sparql.errors import SimilarRefused
from fiscalgraph.graph.sparql.similar import resolve
from fiscalgraph.graph.sparql.tokens import Token
from fiscalgraph.ontology.codes import CODES
from fiscalgraph.ontology.prefixes import PREFIXES
from fiscalgraph.search.combined.structure import Element, Query, Spot, spot_of
from fiscalgraph.search.passages import KINDS

__all__ = ["MOST", "Block", "read_blocks", "refused"]

MOST: Final = 1000
"""So many passages a block may give at most."""
_USUAL = 10
LONGEST_QUERY: Final = 10_000  # characters

_OPTIONS: Final = ("query", "score", "statement", "k", "threshold", "kind", "exact", "encoder")
_VARIABLES: Final = ("score", "statement")
_SEVERAL: Final = ("kind",)
_NUMBERS: Final = {PREFIXES["xsd"] + name for name in ("integer", "decimal", "double", "float")}
_INTEGER: Final = PREFIXES["xsd"] + "integer"
_BOOLEAN: Final = PREFIXES["xsd"] + "boolean"


_START: Final = Spot(1, 1)


@dataclass(frozen=True, slots=True)
class Block:
    """One block: what is asked, and which variables take the answer.

    ``subject`` names the variable that takes the passages; where a passage stands in its place it is
    ``given``. ``text`` is asked about, or the ``passage`` of that IRI. ``k`` is ``None`` where a
    ``threshold`` alone decides how many.
    """

    subject: str | None
    given: str | None
    text: str | None
    passage: str | None
    score: str | None = None
    statement: str | None = None
    k: int | None = None
    threshold: float | None = None
    kinds: tuple[str, ...] = ()
    exact: bool = True
    encoder: str | None = None
    spot: Spot = _START

    @property
    def variables(self) -> frozenset[str]:
        """What the block binds besides its subject: nothing else can."""
        return frozenset(name for name in (self.score, self.statement) if name is not None)


def refused(why: str, cure: str, spot: Spot) -> SimilarRefused:
    """The refusal of a block, which begins at a spot of the query."""
    why = f"fg:similar in line {spot.line}: {why}"
    return SimilarRefused("query refused", why, cure, line=spot.line, column=spot.column)


@dataclass(slots=True)
class _Stated:
    """What a block states of one option: variables by name, constants as terms."""

    variables: list[str] = field(default_factory=list)
    constants: list[Any] = field(default_factory=list)


def read_blocks(query: Query) -> list[Block]:
    """The blocks of a query, in the order of its ``services``.

    Raises :class:`SimilarRefused` for an option that does not exist, is not of its type, or is given twice.
    """
    return [_read(query, element) for element in query.services]


def _read(query: Query, element: Element) -> Block:
    spot = spot_of(query.text, element.start)
    inside = [token for token in query.tokens if element.start <= token.start < element.end]
    brace = next(place for place, token in enumerate(inside) if token.text == "{")
    statements = _statements(inside[brace + 1 : -1], spot)
    subjects = {subject.text for subject, _, _ in statements}
    if len(subjects) != 1:
        raise refused(
            "it describes several passages" if subjects else "it is empty",
            'Write one subject: { ?passage fg:query "…" ; fg:score ?score }.',
            spot,
        )
    subject = statements[0][0]
    texts = [predicate.text for _, predicate, _ in statements]
    texts += [value for _, _, value in statements if value[0] not in "?$"]
    texts += [subject.text] if subject.kind != "variable" else []
    terms = dict(zip(texts, resolve(query.tokens, texts), strict=True))
    stated: dict[str, _Stated] = {}
    for _, predicate, value in statements:
        name = _option(predicate.text, terms[predicate.text], spot)
        option = stated.setdefault(name, _Stated())
        if value[0] in "?$":
            option.variables.append(value[1:])
        else:
            option.constants.append(terms[value])
    given = None if subject.kind == "variable" else terms[subject.text]
    if given is not None and not isinstance(given, NamedNode):
        raise refused(f"{subject.text} is no passage", "Write a variable, or a passage's IRI.", spot)
    return _block(
        stated, subject.text[1:] if given is None else None, None if given is None else given.value, spot
    )


def _statements(tokens: Sequence[Token], spot: Spot) -> list[tuple[Token, Token, str]]:
    """Subject, predicate and object (as text) of each statement."""
    found: list[tuple[Token, Token, str]] = []
    place = 0

    def take(what: str, *kinds: str) -> Token:
        nonlocal place
        if place >= len(tokens) or tokens[place].kind not in kinds:
            seen = tokens[place].text[:40] if place < len(tokens) else "its end"
            raise refused(
                f"{what} is expected where {seen} stands",
                f"It holds nothing but ?passage with fg:query and the options {_listed()}.",
                spot,
            )
        place += 1
        return tokens[place - 1]

    def at(sign: str) -> bool:
        return place < len(tokens) and tokens[place].text == sign

    def value() -> str:
        nonlocal place
        sign = ""
        if at("-") or at("+"):
            sign = tokens[place].text
            place += 1
        first = take("a value", "variable", "iri", "name", "string", "number", "word")
        text = sign + first.text
        if first.kind == "string" and place < len(tokens) and tokens[place].kind == "language":
            text += take("a language", "language").text
        elif first.kind == "string" and at("^"):
            place += 2
            text += "^^" + take("a datatype", "iri", "name").text
        return text

    while place < len(tokens):
        subject = take("the passage", "variable", "iri", "name")
        while True:
            predicate = take("an option", "iri", "name", "word", "variable")
            found.append((subject, predicate, value()))
            while at(","):
                place += 1
                found.append((subject, predicate, value()))
            more = at(";")
            while at(";"):
                place += 1
            if not more or place >= len(tokens) or at("."):
                break
        if place < len(tokens) and not at("."):
            take("a ; or .")  # which it is not: it is refused
        place += 1
    return found


def _listed() -> str:
    return ", ".join(f"fg:{name}" for name in _OPTIONS)


def _option(text: str, term: Any, spot: Spot) -> str:
    if isinstance(term, NamedNode) and term.value.startswith(PREFIXES["fg"]):
        name = term.value.removeprefix(PREFIXES["fg"])
        if name in _OPTIONS:
            return name
    raise refused(f"there is no option {text}", f"The options are {_listed()}.", spot)


def _block(stated: dict[str, _Stated], subject: str | None, given: str | None, spot: Spot) -> Block:
    bound: dict[str, str] = {}
    values: dict[str, list[Any]] = {}
    for name, option in stated.items():
        number = len(option.variables) + len(option.constants)
        if number > 1 and name not in _SEVERAL:
            raise refused(f"fg:{name} is given {number} times", "Give it once; two blocks ask twice.", spot)
        if name in _VARIABLES:
            if option.constants:
                raise refused(f"fg:{name} needs a variable", f"Write fg:{name} ?{name}.", spot)
            bound[name] = option.variables[0]
        elif option.variables:
            raise refused(
                f"fg:{name} is the variable ?{option.variables[0]}",
                "Write the value itself: it must be known before anything is compared."
                + (" Two passages are compared by fg:similarity(?a, ?b)." if name == "query" else ""),
                spot,
            )
        else:
            values[name] = option.constants
    names = [*bound.values(), *([subject] if subject else [])]
    if len(set(names)) != len(names):
        raise refused("one variable stands for two things", "Name passage, score and statement apart.", spot)
    if "query" not in values:
        raise refused("it has no fg:query", 'Say what to look for: fg:query "…", or a passage\'s IRI.', spot)
    asked = values["query"][0]
    passage = asked.value if isinstance(asked, NamedNode) else None
    text = _text(asked, "query", spot) if passage is None else None
    if text is not None and len(text) > LONGEST_QUERY:
        raise refused(f"the text has {len(text)} characters", f"Ask with at most {LONGEST_QUERY}.", spot)
    threshold = _number(values["threshold"][0], "threshold", spot) if "threshold" in values else None
    k = _whole(values["k"][0], spot) if "k" in values else None if threshold is not None else _USUAL
    return Block(
        subject,
        given,
        text,
        passage,
        score=bound.get("score"),
        statement=bound.get("statement"),
        k=k,
        threshold=threshold,
        kinds=tuple(_kind(term, spot) for term in values.get("kind", ())),
        exact=_truth(values["exact"][0], spot) if "exact" in values else True,
        encoder=_text(values["encoder"][0], "encoder", spot) if "encoder" in values else None,
        spot=spot,
    )


def _text(term: Any, option: str, spot: Spot) -> str:
    plain = isinstance(term, Literal) and (term.language or term.datatype.value == PREFIXES["xsd"] + "string")
    if not plain:
        raise refused(f"fg:{option} is no text", "Write it between quotation marks.", spot)
    return str(term.value)


def _number(term: Any, option: str, spot: Spot) -> float:
    try:
        if isinstance(term, Literal) and term.datatype.value in _NUMBERS:
            number = float(term.value)
            if -10 < number < 10:  # not "not a number", and no score is beyond
                return number
    except ValueError:
        pass  # as good as no number
    raise refused(f"fg:{option} is no number that a score can have", "Write one such as 0.7.", spot)


def _whole(term: Any, spot: Spot) -> int:
    integer = isinstance(term, Literal) and term.datatype.value == _INTEGER
    if not integer or not 1 <= int(term.value) <= MOST:
        raise refused(
            f"fg:k is no whole number from 1 to {MOST}",
            "Give one; with fg:threshold alone all passages above it are given.",
            spot,
        )
    return int(term.value)


def _truth(term: Any, spot: Spot) -> bool:
    if not isinstance(term, Literal) or term.datatype.value != _BOOLEAN:
        raise refused("fg:exact is neither true nor false", "Write fg:exact true or fg:exact false.", spot)
    return term.value in ("true", "1")


def _kind(term: Any, spot: Spot) -> str:
    for name, node in CODES["passage kind"].items():
        if name in KINDS and (term == node or (isinstance(term, Literal) and term.value == name)):
            return name
    shown = term.value if isinstance(term, NamedNode | Literal) else "what stands there"
    raise refused(f"there is no kind {shown}", f"Choose among {', '.join(KINDS)}.", spot)
