"""What a query gives back: terms in rows, or as CSV."""

from __future__ import annotations

import csv
import io
import re
from dataclasses import dataclass, field
from decimal import Decimal
from typing import NamedTuple

from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from fiscalgraph.graph.sparql.similar import SimilarRun

__all__ = ["EngineTerm", "QueryResult", "Row", "Term", "term_of"]

_XSD = "http://www.w3.org/2001/XMLSchema#"
_INTEGER = re.compile(r"[-+]?[0-9]{1,4000}")  # Python reads no more digits
_DECIMAL = re.compile(r"[-+]?([0-9]+(\.[0-9]*)?|\.[0-9]+)")


class Term(NamedTuple):
    """An RDF term by its text. ``kind`` is ``uri``, ``literal`` or ``bnode``."""

    text: str
    kind: str = "literal"
    datatype: str | None = None  # None for plain text
    language: str | None = None

    @property
    def value(self) -> str | int | bool | Decimal:
        """The text as Python's own type where it is an integer, a year, a decimal or a boolean.

        A literal that is none of its datatype (``"n/a"^^xsd:decimal``) stays text, and so does an integer of
        more than 4,000 digits.
        """
        if self.datatype in (_XSD + "integer", _XSD + "gYear") and _INTEGER.fullmatch(self.text):
            return int(self.text)
        if self.datatype == _XSD + "decimal" and _DECIMAL.fullmatch(self.text):
            return Decimal(self.text)
        if self.datatype == _XSD + "boolean" and self.text in ("true", "false", "1", "0"):
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
    object). For ``ask``, ``answer`` holds the verdict and there are no rows. ``similar`` tells how each
    ``fg:similar`` block was answered.
    """

    form: str
    variables: tuple[str, ...] = ()
    rows: list[Row] = field(default_factory=list)
    answer: bool | None = None
    similar: tuple[SimilarRun, ...] = ()

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
