"""What a query gives back: terms in rows, as CSV or in the SPARQL 1.1 JSON format."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import dataclass, field
from decimal import Decimal
from typing import NamedTuple

from pyoxigraph import BlankNode, Literal, NamedNode, Triple

__all__ = ["EngineTerm", "QueryResult", "Row", "Term", "term_of"]

_XSD = "http://www.w3.org/2001/XMLSchema#"


class Term(NamedTuple):
    """An RDF term by its text. ``kind`` is ``uri``, ``literal`` or ``bnode``."""

    text: str
    kind: str = "literal"
    datatype: str | None = None  # None for plain text
    language: str | None = None

    @property
    def value(self) -> str | int | bool | Decimal:
        """The text as Python's own type where it is an integer, a year, a decimal or a boolean."""
        if self.datatype in (_XSD + "integer", _XSD + "gYear"):
            return int(self.text)
        if self.datatype == _XSD + "decimal":
            return Decimal(self.text)
        if self.datatype == _XSD + "boolean":
            return self.text in ("true", "1")
        return self.text


Row = tuple[Term | None, ...]
EngineTerm = NamedNode | BlankNode | Literal | Triple


def term_of(value: EngineTerm) -> Term:
    """The engine's term as ours; a quoted triple becomes its text."""
    if isinstance(value, Literal):
        plain = value.language is not None or value.datatype.value == _XSD + "string"
        return Term(value.value, "literal", None if plain else value.datatype.value, value.language)
    if isinstance(value, NamedNode):
        return Term(value.value, "uri")
    if isinstance(value, BlankNode):
        return Term(value.value, "bnode")
    return Term(str(value), "literal")


@dataclass(frozen=True, slots=True)
class QueryResult:
    """The whole answer, never a part of it.

    ``form`` is ``select``, ``ask`` or ``graph`` (CONSTRUCT, DESCRIBE: rows of subject, predicate,
    object). For ``ask``, ``answer`` holds the verdict and there are no rows.
    """

    form: str
    variables: tuple[str, ...] = ()
    rows: list[Row] = field(default_factory=list)
    answer: bool | None = None

    def dicts(self) -> list[dict[str, str]]:
        """One dictionary of texts per row; unbound variables are left out."""
        return [
            {name: term.text for name, term in zip(self.variables, row, strict=True) if term is not None}
            for row in self.rows
        ]

    def to_csv(self) -> str:
        """CSV with a header line (RFC 4180 line ends); unbound is empty, ``ask`` is true or false."""
        out = io.StringIO()
        writer = csv.writer(out)
        if self.form == "ask":
            writer.writerow(["answer"])
            writer.writerow(["true" if self.answer else "false"])
        else:
            writer.writerow(self.variables)
            writer.writerows([["" if term is None else term.text for term in row] for row in self.rows])
        return out.getvalue()

    def to_json(self) -> str:
        """SPARQL 1.1 Query Results JSON; a graph is given as subject, predicate, object."""
        if self.form == "ask":
            return json.dumps({"head": {}, "boolean": bool(self.answer)})
        bindings = [
            {name: _binding(term) for name, term in zip(self.variables, row, strict=True) if term is not None}
            for row in self.rows
        ]
        return json.dumps(
            {"head": {"vars": list(self.variables)}, "results": {"bindings": bindings}}, ensure_ascii=False
        )


def _binding(term: Term) -> dict[str, str]:
    binding = {"type": term.kind, "value": term.text}
    if term.datatype is not None:
        binding["datatype"] = term.datatype
    if term.language is not None:
        binding["xml:lang"] = term.language
    return binding
