"""The graph, or a part of it, in one file: an RDF format, or the answers of the named queries in Excel."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from fiscalgraph.extract.errors import FiscalgraphError

if TYPE_CHECKING:
    from pyoxigraph import NamedNode, Quad

    from fiscalgraph.api.library import Library
    from fiscalgraph.graph.sparql import QueryResult
    from fiscalgraph.queries import NamedQuery

__all__ = ["CONTENTS", "FORMATS", "CannotExport", "export", "workbook_queries"]

FORMATS = (".nq", ".ttl", ".jsonld", ".xlsx")
CONTENTS = "contents"
"""The workbook's first sheet: which question each sheet answers."""

_RECORDS_FIRST = (
    "documents",
    "units",
    "spending",
    "totals",
    "narrative",
    "projects",
    "funds",
    "indicators",
    "findings",
    "laws",
    "contradictions",
)


class CannotExport(FiscalgraphError):
    """The file's ending is not known, or the file cannot be written or would not hold everything."""


def export(
    library: Library,
    file: Path,
    *,
    document: str | None = None,
    classification: bool = False,
    canonical: bool = False,
) -> int:
    """Write the workspace to ``file``; how many statements (or, for .xlsx, rows) were written.

    ``document`` is the name of the one document to write, ``classification`` asks for the code lists
    alone (政府收支分类科目). N-Quads hold the graph of each document apart, Turtle and JSON-LD hold all
    statements in one. ``canonical`` N-Quads are sorted and leave out when they were built: equal graphs
    give equal bytes. The file is complete or absent. Raises :class:`CannotExport`.
    """
    form = file.suffix.lower()
    _check(file, form, document, classification=classification, canonical=canonical)
    partial = file.with_name(f".{file.name}.partial{form}")
    try:
        if form == ".xlsx":
            count = _workbook(library, partial, document)
        else:
            quads = _quads(library, document, classification=classification, canonical=canonical)
            count = _canonical(quads, partial) if canonical else _rdf(quads, partial, form)
        partial.replace(file)
    except (OSError, ValueError) as error:
        raise CannotExport(str(file), str(error), "Choose another place or format") from error
    finally:
        partial.unlink(missing_ok=True)
    return count


def _check(file: Path, form: str, document: str | None, *, classification: bool, canonical: bool) -> None:
    if form not in FORMATS:
        raise CannotExport(
            str(file),
            f"the ending {form or '(none)'} is not one of {', '.join(FORMATS)}",
            "Choose one of them",
        )
    if canonical and form != ".nq":
        raise CannotExport(str(file), "the canonical form is N-Quads", "Choose the ending .nq")
    if classification and (form == ".xlsx" or document is not None):
        raise CannotExport(
            str(file),
            "the code lists are exported alone, as RDF",
            "Choose the ending .ttl, and no document",
        )


# ---- RDF ----


def _quads(
    library: Library, document: str | None, *, classification: bool, canonical: bool
) -> Iterator[Quad]:
    from fiscalgraph.graph.dataset import BUILD_GRAPH
    from fiscalgraph.graph.identifiers import document_iri
    from fiscalgraph.ontology.classification import CLASSIFICATION_GRAPH

    graph: NamedNode | None = CLASSIFICATION_GRAPH if classification else None
    if document is not None:
        graph = document_iri(document)
    for quad in library.store.quads_for_pattern(None, None, None, graph):
        if not canonical or quad.graph_name != BUILD_GRAPH:
            yield quad


def _canonical(quads: Iterable[Quad], file: Path) -> int:
    from fiscalgraph.graph.canonical import write_canonical

    with file.open("wb") as stream:
        return write_canonical(quads, stream)


def _rdf(quads: Iterable[Quad], file: Path, form: str) -> int:
    from pyoxigraph import RdfFormat, serialize

    from fiscalgraph.ontology.terms import PREFIXES

    formats = {".nq": RdfFormat.N_QUADS, ".ttl": RdfFormat.TURTLE, ".jsonld": RdfFormat.JSON_LD}
    count = 0

    def statements() -> Iterator[Any]:
        nonlocal count
        for quad in quads:
            count += 1
            yield quad.triple if form == ".ttl" else quad

    with file.open("wb") as stream:
        serialize(statements(), stream, formats[form], prefixes=dict(PREFIXES))
    return count


# ---- Excel ----


def workbook_queries(document: str | None = None) -> list[NamedQuery]:
    """The queries whose answers are the sheets of a workbook: records first, then by name.

    Left out are those that need something to be asked about (a code, a department); of a single
    ``document``, those that cannot be asked about one.
    """
    from fiscalgraph.queries import list_queries, load

    names = [*_RECORDS_FIRST, *(name for name in list_queries() if name not in _RECORDS_FIRST)]
    return [
        query
        for query in map(load, names)
        if not any(
            parameter.default is not None and parameter.type in ("text", "iri", "year")
            for parameter in query.parameters
        )
        and (document is None or any(parameter.name == "document" for parameter in query.parameters))
    ]


def _workbook(library: Library, file: Path, document: str | None) -> int:
    from fiscalgraph.output import cells, write_workbook

    values = {} if document is None else {"document": document}
    answers = {query.name: (query, library.named(query.name, values)) for query in workbook_queries(document)}
    sheets: dict[str, tuple[Sequence[str], Iterable[Sequence[Any]]]] = {
        CONTENTS: (("sheet", "rows", "question", "问题", "what it answers", "说明"), _contents(answers))
    }
    for name, (_, answer) in answers.items():
        sheets[name] = (answer.variables, map(cells, answer.rows))
    write_workbook(file, sheets)
    return sum(len(answer.rows) for _, answer in answers.values())


def _contents(answers: Mapping[str, tuple[NamedQuery, QueryResult]]) -> Iterator[tuple[Any, ...]]:
    for name, (query, answer) in answers.items():
        yield (
            name,
            len(answer.rows),
            query.title_en,
            query.title_zh,
            query.description_en,
            query.description_zh,
        )
