"""The named queries: one ``.rq`` file each, offered alike by command line, API and page.

A file is plain SPARQL that any client can run. Its comment header says what it returns::

    # @title.en …               # @title.zh …
    # @description.en …         # @description.zh …
    # @param NAME TYPE | English | 中文      (text, integer, decimal, year or iri)
    # @columns a, b, c
    # @example fiscalgraph query …
    # @pages document      (many rows, sorted by document: pages of them are made of some documents at a time)

A parameter is filled in the line of the body that ends in ``# @bind``: the braces of its ``VALUES``
take the given values. The line as it stands in the file is the default; one that is commented out
restricts nothing until a value is given. Where only a constant may stand, such as the text that
``fg:similar`` looks for, the line ends in ``# @bind NAME``: its string takes the value, which is one text.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from functools import cache
from importlib.resources import files

from fiscalgraph.extract.errors import FiscalgraphError

__all__ = ["NamedQuery", "Parameter", "QueryNotFound", "WrongParameter", "list_queries", "load"]


class QueryNotFound(FiscalgraphError):
    """There is no named query of that name."""


class WrongParameter(FiscalgraphError):
    """A parameter the query does not have, or a value that is not of its type."""


@dataclass(frozen=True, slots=True)
class Parameter:
    """A parameter of a named query; ``required`` ones are never absent, they have a default."""

    name: str
    type: str  # text, integer, decimal, year, iri
    title_en: str
    title_zh: str
    default: str | None  # the SPARQL terms between the braces; None: no restriction


@dataclass(frozen=True, slots=True)
class NamedQuery:
    """A named query: its texts, parameters, columns in order, and SPARQL with defaults."""

    name: str
    title_en: str
    title_zh: str
    description_en: str
    description_zh: str
    parameters: tuple[Parameter, ...]
    columns: tuple[str, ...]
    example: str
    sparql: str
    paged_by_document: bool = False

    @property
    def places(self) -> dict[str, str]:
        """The variables that hold where a row is printed, by the column of its quote."""
        found = {match["quote"]: match["place"] for match in _PLACE.finditer(self.sparql)}
        return {column: found[column] for column in self.columns if column in found}

    def fill_with_places(self, values: Mapping[str, str | Sequence[str]] | None = None) -> str:
        """As :meth:`fill`, with the variables of :attr:`places` in front of the columns."""
        more = "".join(f" ?{place}" for place in self.places.values())
        return _SELECT.sub(lambda select: select[0] + more, self.fill(values), count=1)

    def fill(self, values: Mapping[str, str | Sequence[str]] | None = None) -> str:
        """The SPARQL with ``values`` in place; several values of a parameter mean any of them.

        Raises :class:`WrongParameter` for an unknown name or a value not of the parameter's type.
        """
        given = dict(values or {})
        known = {parameter.name: parameter for parameter in self.parameters}
        for name in given:
            if name not in known:
                names = ", ".join(known) or "none"
                raise WrongParameter(
                    f"query {self.name}", f"it has no parameter {name!r}", f"Its parameters: {names}."
                )

        def bind(line: re.Match[str]) -> str:
            name = line["name"]
            if name not in given:
                return line[0]
            value = given[name]
            several = [value] if isinstance(value, str) else list(value)
            terms = " ".join(_term(self.name, known[name], one) for one in several)
            return f"{line['indent']}VALUES ?{name} {{ {terms} }}"

        def bind_text(line: re.Match[str]) -> str:
            name = line["name"]
            if name not in given:
                return line[0]
            value = given[name]
            if not isinstance(value, str):
                if len(value) != 1:
                    raise WrongParameter(
                        f"query {self.name}", f"{name} takes one value, not {len(value)}", "Give one."
                    )
                value = value[0]
            return f"{line['before']}{_term(self.name, known[name], value)}{line['after']}"

        return _BIND_TEXT.sub(bind_text, _BIND.sub(bind, self.sparql))


_HEADER = re.compile(r"^# @(?P<key>[a-z.]+) +(?P<value>.+)$", re.MULTILINE)
_BIND = re.compile(
    r"^(?P<indent>[ ]*)(?P<off># )?VALUES \?(?P<name>\w+) \{ (?P<terms>.*) \}[ ]+# @bind$", re.MULTILINE
)
_BIND_TEXT = re.compile(
    r'^(?P<before>[^"\n]*)(?P<text>"(?:[^"\\\n]|\\.)*")(?P<after>[^"\n]*?)[ ]+# @bind (?P<name>\w+)$',
    re.MULTILINE,
)
_SELECT = re.compile(r"^SELECT(?: DISTINCT)?", re.MULTILINE)
_PLACE = re.compile(r"\?(?P<place>\w+) fg:quote \?(?P<quote>\w+)")
_IRI = re.compile(r"[A-Za-z][A-Za-z0-9+.\-]*:[^\x00-\x20<>\"{}|^`\\]*")
_MOST_DIGITS = 40  # 1E999999999 would be a gigabyte when it is written out
_ESCAPES = str.maketrans({"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r"})


def _term(query: str, parameter: Parameter, value: str) -> str:
    """``value`` as one SPARQL term: nothing in it can end the term."""
    kind = parameter.type
    if kind == "text":
        return '"' + value.translate(_ESCAPES) + '"'
    if kind == "iri" and _IRI.fullmatch(value):
        return f"<{value}>"
    if kind == "year" and re.fullmatch(r"[0-9]{4}", value):
        return f'"{value}"^^<http://www.w3.org/2001/XMLSchema#gYear>'
    if kind == "integer" and re.fullmatch(r"[+-]?[0-9]{1,40}", value):
        return str(int(value))
    if kind == "decimal":
        try:
            number = Decimal(value)
        except InvalidOperation:
            number = Decimal("NaN")
        if number.is_finite() and abs(number.adjusted()) < _MOST_DIGITS:
            text = format(number, "f")
            return text if "." in text else f"{text}.0"
    raise WrongParameter(
        f"query {query}",
        f"{value!r} is no {kind} for the parameter {parameter.name}",
        f"Give a valid {kind}.",
    )


def _parse(name: str, text: str) -> NamedQuery:
    header = text.split("\n\n", 1)[0]
    single: dict[str, str] = {}
    declared: list[tuple[str, str, str, str]] = []
    for match in _HEADER.finditer(header):
        if match["key"] == "param":
            what, english, chinese = (part.strip() for part in match["value"].split("|"))
            parameter, kind = what.split()
            declared.append((parameter, kind, english, chinese))
        else:
            single[match["key"]] = match["value"].strip()
    bound = {line["name"]: None if line["off"] else line["terms"] for line in _BIND.finditer(text)}
    bound |= {line["name"]: line["text"] for line in _BIND_TEXT.finditer(text)}
    if set(bound) != {parameter for parameter, *_ in declared}:
        raise ValueError(f"{name}.rq: the parameters of header and body differ")
    return NamedQuery(
        name=name,
        title_en=single["title.en"],
        title_zh=single["title.zh"],
        description_en=single["description.en"],
        description_zh=single["description.zh"],
        parameters=tuple(
            Parameter(parameter, kind, english, chinese, bound[parameter])
            for parameter, kind, english, chinese in declared
        ),
        columns=tuple(column.strip() for column in single["columns"].split(",")),
        example=single["example"],
        sparql=text,
        paged_by_document=single.get("pages") == "document",
    )


@cache
def list_queries() -> tuple[str, ...]:
    """The names of all named queries, in alphabetical order."""
    return tuple(
        sorted(
            entry.name.removesuffix(".rq")
            for entry in files(__name__).iterdir()
            if entry.name.endswith(".rq")
        )
    )


@cache
def load(name: str) -> NamedQuery:
    """The named query ``name``; a hyphen and an underscore in it are one.

    Raises :class:`QueryNotFound`, which lists the names there are.
    """
    found = {known.replace("_", "-"): known for known in list_queries()}.get(name.replace("_", "-"))
    if found is None:
        raise QueryNotFound(
            f"query {name}",
            "there is no named query of that name",
            f"There are: {', '.join(list_queries())}.",
        )
    return _parse(found, (files(__name__) / f"{found}.rq").read_text(encoding="utf-8"))
