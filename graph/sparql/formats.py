"""The formats of an answer: names, media types, and how rows, verdicts and graphs are written in them.

Rows are written here and not by the engine, because the engine cannot stop after so many of them. Equal
terms are written once and reused: rows repeat most of theirs.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from io import BytesIO
from typing import Final
from xml.sax.saxutils import escape, quoteattr

from pyoxigraph import BlankNode, NamedNode, RdfFormat, Triple, serialize

from fiscalgraph.graph.sparql.errors import QueryFailed
from fiscalgraph.graph.sparql.results import EngineTerm
from fiscalgraph.graph.sparql.similar import SimilarRun
from fiscalgraph.ontology.prefixes import PREFIXES

__all__ = [
    "GRAPH_FORMATS",
    "SOLUTION_FORMATS",
    "VERDICT_FORMATS",
    "WORKBOOK",
    "Budget",
    "Format",
    "write_graph",
    "write_solutions",
    "write_verdict",
]


@dataclass(frozen=True, slots=True)
class Format:
    """A way to write an answer: ``name`` as in ``format=``, ``media_types`` with the proper one first.

    ``serves`` are types of the other kind of answer: a client that names nothing else, because it does
    not look at its query, gets this format under its proper type.
    """

    name: str
    media_types: tuple[str, ...]
    other_names: tuple[str, ...] = ()
    serves: tuple[str, ...] = ()

    @property
    def media_type(self) -> str:
        """The proper media type, without parameters."""
        return self.media_types[0]


VERDICT_FORMATS: Final = (
    Format("json", ("application/sparql-results+json", "application/json")),
    Format("xml", ("application/sparql-results+xml", "application/xml", "text/xml")),
    Format("csv", ("text/csv",)),
    Format("tsv", ("text/tab-separated-values",)),
)
"""For ASK, in the order in which the server prefers them."""

WORKBOOK: Final = Format("xlsx", ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",))
"""Rows as an Excel workbook (:mod:`fiscalgraph.graph.sparql.workbook`)."""

SOLUTION_FORMATS: Final = (*VERDICT_FORMATS, WORKBOOK)
"""For SELECT, in the order in which the server prefers them."""

GRAPH_FORMATS: Final = (
    Format("turtle", ("text/turtle", "application/x-turtle", "application/turtle"), ("ttl", "n3")),
    Format("ntriples", ("application/n-triples", "text/plain"), ("nt", "n-triples")),
    Format(
        "jsonld",
        ("application/ld+json", "application/json"),
        ("json-ld", "json"),
        serves=("application/sparql-results+json",),
    ),
    Format(
        "rdfxml",
        ("application/rdf+xml", "application/xml", "text/xml"),
        ("rdf", "rdf+xml", "rdf-xml", "xml"),
        serves=("application/sparql-results+xml",),
    ),
    Format("nquads", ("application/n-quads",), ("nq", "n-quads")),
    Format("trig", ("application/trig",)),
)
"""For CONSTRUCT, DESCRIBE and the service description, in the order in which the server prefers them."""

_ENGINE_FORMATS: Final = {
    "turtle": RdfFormat.TURTLE,
    "ntriples": RdfFormat.N_TRIPLES,
    "jsonld": RdfFormat.JSON_LD,
    "rdfxml": RdfFormat.RDF_XML,
    "nquads": RdfFormat.N_QUADS,
    "trig": RdfFormat.TRIG,
}
_XSD_STRING: Final = "http://www.w3.org/2001/XMLSchema#string"
_CSV_QUOTED: Final = re.compile(r'[",\r\n]')
_NOT_IN_XML: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")


class Budget:
    """How much of a result may still be written. ``truncated`` tells that something was left out."""

    def __init__(self, rows: int, result_bytes: int) -> None:
        self._rows = rows
        self._bytes = result_bytes
        self.rows = 0
        self.bytes = 0
        self.truncated = False

    def take(self, size: int) -> bool:
        """Whether one more row of ``size`` bytes may be written; it is counted if so."""
        if self.rows >= self._rows or self.bytes + size > self._bytes:
            self.truncated = True
            return False
        self.rows += 1
        self.bytes += size
        return True


Render = Callable[[EngineTerm], str]


@dataclass(frozen=True, slots=True)
class _Layout:
    """How one format puts rows together."""

    head: Callable[[tuple[str, ...]], str]
    row: Callable[[tuple[str, ...], list[str | None]], str]
    render: Render
    between: str
    end: Callable[[bool], str]
    verdict: Mapping[bool, str]
    runs: Callable[[Sequence[SimilarRun]], str] = lambda runs: ""
    """What a whole answer says of its ``fg:similar`` blocks, before its last character."""

    def told(self, ending: str, runs: Sequence[SimilarRun]) -> str:
        """The ending of an answer, with what is said of the blocks."""
        return ending[:-1] + self.runs(runs) + ending[-1:] if runs else ending


def write_solutions(
    format_name: str,
    variables: tuple[str, ...],
    solutions: Iterable[Iterable[EngineTerm | None]],
    budget: Budget,
    runs: Sequence[SimilarRun] = (),
) -> bytes:
    """The rows in one of :data:`VERDICT_FORMATS`, as many as ``budget`` allows.

    ``runs`` are told in JSON, which has room for them.
    Raises :class:`QueryFailed` for a character that the format cannot hold.
    """
    layout = _LAYOUTS[format_name]
    written: dict[EngineTerm | None, str | None] = {None: None}
    parts: list[bytes] = [layout.head(variables).encode()]
    for solution in solutions:
        cells = []
        for term in solution:
            try:
                cells.append(written[term])
            except KeyError:
                assert term is not None  # it is in the table from the start
                cells.append(written.setdefault(term, layout.render(term)))
        row = layout.row(variables, cells).encode()
        if not budget.take(len(row)):
            break
        parts.append(row)
    head, rows = parts[0], parts[1:]
    return (
        head + layout.between.encode().join(rows) + layout.told(layout.end(budget.truncated), runs).encode()
    )


def write_verdict(format_name: str, verdict: bool, runs: Sequence[SimilarRun] = ()) -> bytes:
    """The answer of an ASK query. CSV and TSV have no rule for it: they hold the one word."""
    layout = _LAYOUTS[format_name]
    return layout.told(layout.verdict[verdict], runs).encode()


def write_graph(format_name: str, triples: Iterable[Triple], budget: Budget) -> bytes:
    """Triples in a format of :data:`GRAPH_FORMATS`, as many as ``budget`` allows."""
    out = BytesIO()

    def allowed() -> Iterator[Triple]:
        last = 0
        for triple in triples:
            size = out.tell()
            if not budget.take(size - last):
                return
            last = size
            yield triple

    prefixes = dict(PREFIXES) if format_name in ("turtle", "trig", "rdfxml") else None
    serialize(allowed(), out, _ENGINE_FORMATS[format_name], prefixes=prefixes)
    return out.getvalue()


# -- JSON ----------------------------------------------------------------------------------------------

_quoted = json.JSONEncoder(ensure_ascii=False).encode  # json.dumps would make an encoder for each term


def _json_term(term: EngineTerm) -> str:
    if isinstance(term, NamedNode):
        return f'{{"type":"uri","value":{_quoted(term.value)}}}'
    if isinstance(term, BlankNode):
        return f'{{"type":"bnode","value":{_quoted(term.value)}}}'
    if isinstance(term, Triple):
        parts = ("subject", "predicate", "object")
        inner = ",".join(f'"{part}":{_json_term(getattr(term, part))}' for part in parts)
        return f'{{"type":"triple","value":{{{inner}}}}}'
    more = ""
    if term.language is not None:
        more = f',"xml:lang":{_quoted(term.language)}'
    elif term.datatype.value != _XSD_STRING:
        more = f',"datatype":{_quoted(term.datatype.value)}'
    return f'{{"type":"literal","value":{_quoted(term.value)}{more}}}'


def _json_row(variables: tuple[str, ...], cells: list[str | None]) -> str:
    bound = zip(variables, cells, strict=True)
    return "{" + ",".join(f"{_quoted(name)}:{cell}" for name, cell in bound if cell is not None) + "}"


def _json_runs(runs: Sequence[SimilarRun]) -> str:
    return f',"fiscalgraph":{{"similar":{json.dumps([run.as_dict() for run in runs])}}}'


_JSON = _Layout(
    head=lambda variables: f'{{"head":{{"vars":{_quoted(variables)}}},"results":{{"bindings":[',
    row=_json_row,
    render=_json_term,
    between=",\n",
    end=lambda truncated: "]}" + (',"truncated":true' if truncated else "") + "}",
    verdict={True: '{"head":{},"boolean":true}', False: '{"head":{},"boolean":false}'},
    runs=_json_runs,
)

# -- XML -----------------------------------------------------------------------------------------------

_XML_START = '<?xml version="1.0" encoding="UTF-8"?>\n<sparql xmlns="http://www.w3.org/2005/sparql-results#">'


def _xml_text(text: str) -> str:
    if _NOT_IN_XML.search(text):
        raise QueryFailed(
            "query failed",
            "the result holds a control character, which XML cannot hold",
            "Ask for another format, such as JSON.",
        )
    return escape(text, {"\r": "&#13;"})


def _xml_term(term: EngineTerm) -> str:
    if isinstance(term, NamedNode):
        return f"<uri>{_xml_text(term.value)}</uri>"
    if isinstance(term, BlankNode):
        return f"<bnode>{_xml_text(term.value)}</bnode>"
    if isinstance(term, Triple):
        parts = ("subject", "predicate", "object")
        inner = "".join(f"<{part}>{_xml_term(getattr(term, part))}</{part}>" for part in parts)
        return f"<triple>{inner}</triple>"
    more = ""
    if term.language is not None:
        more = f" xml:lang={quoteattr(term.language)}"
    elif term.datatype.value != _XSD_STRING:
        more = f" datatype={quoteattr(term.datatype.value)}"
    return f"<literal{more}>{_xml_text(term.value)}</literal>"


def _xml_head(variables: tuple[str, ...]) -> str:
    names = "".join(f"<variable name={quoteattr(name)}/>" for name in variables)
    return f"{_XML_START}<head>{names}</head><results>"


def _xml_row(variables: tuple[str, ...], cells: list[str | None]) -> str:
    bound = zip(variables, cells, strict=True)
    inner = "".join(
        f"<binding name={quoteattr(name)}>{cell}</binding>" for name, cell in bound if cell is not None
    )
    return f"<result>{inner}</result>"


_XML = _Layout(
    head=_xml_head,
    row=_xml_row,
    render=_xml_term,
    between="\n",
    end=lambda truncated: "</results></sparql>\n",
    verdict={
        verdict: f"{_XML_START}<head></head><boolean>{word}</boolean></sparql>\n"
        for verdict, word in ((True, "true"), (False, "false"))
    },
)

# -- CSV and TSV ---------------------------------------------------------------------------------------


def _csv_field(text: str) -> str:
    return '"' + text.replace('"', '""') + '"' if _CSV_QUOTED.search(text) else text


def _csv_term(term: EngineTerm) -> str:
    if isinstance(term, BlankNode | Triple):
        return _csv_field(str(term))
    return _csv_field(term.value)


_CSV = _Layout(
    head=lambda variables: ",".join(map(_csv_field, variables)) + "\r\n",
    row=lambda variables, cells: ",".join(cell or "" for cell in cells) + "\r\n",
    render=_csv_term,
    between="",
    end=lambda truncated: "",
    verdict={True: "true\r\n", False: "false\r\n"},
)


def _tsv_term(term: EngineTerm) -> str:
    # N-Triples' own notation, which escapes line ends but leaves a tab as it is.
    return str(term).replace("\t", "\\t")


_TSV = _Layout(
    head=lambda variables: "\t".join(f"?{name}" for name in variables) + "\n",
    row=lambda variables, cells: "\t".join(cell or "" for cell in cells) + "\n",
    render=_tsv_term,
    between="",
    end=lambda truncated: "",
    verdict={True: "true\n", False: "false\n"},
)

_LAYOUTS: Final = {"json": _JSON, "xml": _XML, "csv": _CSV, "tsv": _TSV}
