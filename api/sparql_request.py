"""What a SPARQL Protocol request asks for, read from its address, its body and its headers.

Everything that the protocol gives a rule for is decided here and nothing else is guessed: a parameter
given twice, text that is not UTF-8 and a body of another type are refused.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final
from urllib.parse import parse_qsl

from pyoxigraph import NamedNode

from fiscalgraph.api.errors import RequestRefused
from fiscalgraph.graph.sparql import Dataset

__all__ = ["FORM", "PATH", "QUERY", "SparqlRequest", "read_get", "read_post"]

PATH: Final = "/sparql"
FORM: Final = "application/x-www-form-urlencoded"
QUERY: Final = "application/sparql-query"
_UPDATE: Final = "application/sparql-update"
_MOST_PARAMETERS: Final = 2000
_FORMAT_NAMES: Final = ("format", "output", "results")  # what clients call it; the first given counts
_UPDATE_ONLY: Final = ("update", "using-graph-uri", "using-named-graph-uri")


@dataclass(frozen=True, slots=True)
class SparqlRequest:
    """``query`` is ``None`` where the service itself is asked about; ``format`` where Accept decides."""

    query: str | None
    dataset: Dataset | None
    format: str | None


def read_get(query_string: bytes) -> SparqlRequest:
    """A query in the address. Raises :class:`~fiscalgraph.api.errors.RequestRefused`."""
    return _read(_pairs(query_string, "the address"))


def read_post(content_type: str, query_string: bytes, body: bytes) -> SparqlRequest:
    """A query in the body: a form, or the bare query with the graphs in the address.

    Raises :class:`~fiscalgraph.api.errors.RequestRefused`.
    """
    kind, _, parameters = content_type.partition(";")
    kind = kind.strip().lower()
    if "charset" in parameters.lower() and "utf-8" not in parameters.lower():
        raise _refused(415, "unknown_body_type", f"{content_type} is not UTF-8", "Send the query as UTF-8")
    if kind == FORM:
        request = _read(_pairs(body, "the body"))
        named = _read(_pairs(query_string, "the address"))
        if named.query is not None and request.query is not None:
            raise _twice("query")
        request = SparqlRequest(
            request.query or named.query, request.dataset or named.dataset, request.format or named.format
        )
    elif kind == QUERY:
        address = _read([pair for pair in _pairs(query_string, "the address") if pair[0] != "query"])
        request = SparqlRequest(_decoded(body, "the body"), address.dataset, address.format)
    elif kind == _UPDATE:
        raise _update_refused()
    else:
        raise _refused(
            415,
            "unknown_body_type",
            f"a body of type {kind or 'unknown'} is not understood",
            f"Send {QUERY}, or a form with query=",
        )
    if request.query is None or not request.query.strip():
        raise _refused(400, "no_query", "there is no query in the body", "Send one")
    return request


def _pairs(text: bytes, where: str) -> list[tuple[str, str]]:
    try:
        return parse_qsl(
            text.decode("ascii" if where == "the address" else "utf-8"),
            keep_blank_values=True,
            errors="strict",
            max_num_fields=_MOST_PARAMETERS,
        )
    except UnicodeDecodeError as error:
        raise _not_utf8(where) from error
    except ValueError as error:
        raise _refused(
            400,
            "too_many_parameters",
            f"{where} has more than {_MOST_PARAMETERS} parameters",
            "Name fewer graphs",
        ) from error


def _decoded(text: bytes, where: str) -> str:
    try:
        return text.decode("utf-8")
    except UnicodeDecodeError as error:
        raise _not_utf8(where) from error


def _read(pairs: Sequence[tuple[str, str]]) -> SparqlRequest:
    values: dict[str, list[str]] = {}
    for name, value in pairs:
        values.setdefault(name, []).append(value)
    if any(name in values for name in _UPDATE_ONLY):
        raise _update_refused()
    queries = values.get("query", [])
    if len(queries) > 1:
        raise _twice("query")
    default, named = (_graphs(values.get(f"{kind}-graph-uri", [])) for kind in ("default", "named"))
    wanted = next((values[name][0] for name in _FORMAT_NAMES if values.get(name, [""])[0]), None)
    return SparqlRequest(
        query=queries[0] if queries else None,
        dataset=Dataset(default, named) if default or named else None,
        format=wanted,
    )


def _graphs(iris: Sequence[str]) -> tuple[str, ...]:
    for iri in iris:
        try:
            NamedNode(iri)
        except ValueError as error:
            raise _refused(
                400, "wrong_parameter", f"{iri!r} is not the IRI of a graph", "Give an absolute IRI"
            ) from error
    return tuple(iris)


def _refused(status: int, code: str, why: str, cure: str) -> RequestRefused:
    return RequestRefused(PATH, why, cure, status=status, code=code)


def _twice(name: str) -> RequestRefused:
    return _refused(400, "wrong_parameter", f"{name} is given more than once", "Give it once")


def _not_utf8(where: str) -> RequestRefused:
    return _refused(400, "invalid_encoding", f"{where} is not UTF-8", "Send the query as UTF-8")


def _update_refused() -> RequestRefused:
    return _refused(
        403,
        "form_not_allowed",
        "an update would change the graph",
        "Ask with query=; build documents to change the graph",
    )
