"""Everything into one file: the graph in an RDF format, or all records as an Excel workbook."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from fiscalgraph.extract.errors import FiscalgraphError

if TYPE_CHECKING:
    from fiscalgraph.api.library import Library

__all__ = ["FORMATS", "RECORD_QUERIES", "CannotExport", "export"]

FORMATS = (".nq", ".ttl", ".jsonld", ".xlsx")
RECORD_QUERIES = (
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
"""The named queries whose answers are the sheets of a workbook."""


class CannotExport(FiscalgraphError):
    """The file's ending is not known, or the file cannot be written or would not hold everything."""


def export(library: Library, file: Path) -> int:
    """Write the workspace to ``file``; how many statements (or, for .xlsx, records) were written.

    N-Quads hold the graph of each document apart, Turtle and JSON-LD hold all statements in one.
    The file is complete or absent. Raises :class:`CannotExport`.
    """
    form = file.suffix.lower()
    if form not in FORMATS:
        raise CannotExport(
            str(file),
            f"the ending {form or '(none)'} is not one of {', '.join(FORMATS)}",
            "Choose one of them",
        )
    partial = file.with_name(f".{file.name}.partial{form}")
    try:
        count = _workbook(library, partial) if form == ".xlsx" else _rdf(library, partial, form)
        partial.replace(file)
    except (OSError, ValueError) as error:
        raise CannotExport(str(file), str(error), "Choose another place or format") from error
    finally:
        partial.unlink(missing_ok=True)
    return count


def _workbook(library: Library, file: Path) -> int:
    from fiscalgraph.output import cells, write_workbook

    answers = {name: library.named(name) for name in RECORD_QUERIES}
    write_workbook(
        file, {name: (answer.variables, map(cells, answer.rows)) for name, answer in answers.items()}
    )
    return sum(len(answer.rows) for answer in answers.values())


def _rdf(library: Library, file: Path, form: str) -> int:
    from pyoxigraph import RdfFormat, serialize

    from fiscalgraph.ontology.terms import PREFIXES

    formats = {".nq": RdfFormat.N_QUADS, ".ttl": RdfFormat.TURTLE, ".jsonld": RdfFormat.JSON_LD}
    count = 0

    def statements() -> Iterator[Any]:
        nonlocal count
        for quad in library.store.quads_for_pattern(None, None, None, None):
            count += 1
            yield quad.triple if form == ".ttl" else quad

    with file.open("wb") as stream:
        serialize(statements(), stream, formats[form], prefixes=dict(PREFIXES))
    return count
