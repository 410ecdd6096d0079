"""Lists and tables as files: CSV, and workbooks for Excel. What is given is whole, or it is refused."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from typing import Annotated, Any, Final, Literal, Protocol

from fastapi import Query, Request, Response
from pydantic import BaseModel

from fiscalgraph.api.errors import RequestRefused
from fiscalgraph.api.library import Library
from fiscalgraph.api.linked_data import GRAPH_FORMATS
from fiscalgraph.api.list_tables import LIST_TABLES, ListTable, headings, rows_of
from fiscalgraph.api.negotiation import prefers_html
from fiscalgraph.api.representation import AS_TRIPLES, JSON, chosen, paged_answer
from fiscalgraph.api.request_context import preferred_language
from fiscalgraph.api.resources.models import Page
from fiscalgraph.api.resources.reading import Graph
from fiscalgraph.graph.sparql import WORKBOOK, Format
from fiscalgraph.graph.workbooks import SheetLayout, plain_cell, write_workbook

__all__ = [
    "AS_LIST",
    "CSV",
    "LIST_FORMATS",
    "MOST_ROWS",
    "ROWS",
    "TABLES",
    "XLSX",
    "AskedListFormat",
    "HeadingLanguage",
    "attached",
    "csv_bytes",
    "csv_of",
    "heading_language",
    "is_table",
    "list_answer",
    "most_rows",
    "table_answer",
    "too_many_rows",
    "workbook_bytes",
]

CSV: Final = Format("csv", ("text/csv",))
XLSX: Final = WORKBOOK
LIST_FORMATS: Final = (JSON, *GRAPH_FORMATS, CSV, XLSX)
MOST_ROWS: Final = 20_000
"""Rows of a table, where no setting says otherwise."""
ROWS: Final = "Fiscalgraph-Rows"
"""The header that says how many rows a table has."""
TABLES: Final[dict[str, Any]] = {
    CSV.media_type: {"schema": {"type": "string"}},
    XLSX.media_type: {"schema": {"type": "string", "format": "binary"}},
}
"""The formats of tables, for the description of an address."""
AS_LIST: Final[dict[str, Any]] = {**AS_TRIPLES, **TABLES}
"""What a list offers besides JSON, for its description."""

AskedListFormat = Annotated[
    Literal["json", "jsonld", "turtle", "ntriples", "csv", "xlsx"] | None,
    Query(
        description="In place of the Accept header; csv and xlsx hold all that the filters admit, whatever "
        "offset and limit say",
        examples=["json"],
    ),
]
HeadingLanguage = Annotated[
    Literal["zh", "en"] | None,
    Query(description="Of headings and names in csv and xlsx; else what Accept-Language likes better"),
]
_CELL_WRAPS: Final = 24  # characters of width from which on a column's text is wrapped


class Pages(Protocol):
    """A list whose filters are set: it makes pages of it."""

    def __call__(self, *, offset: int, limit: int) -> Page[Any]: ...


def is_table(form: Format) -> bool:
    """Whether a format is one for spreadsheets."""
    return form in (CSV, XLSX)


def most_rows(request: Request) -> int:
    """How many rows a table may have (``FISCALGRAPH_SERVE_TABLE_ROWS``)."""
    rows: int = request.app.state.table_rows
    return rows


def list_answer(
    request: Request,
    library: Library,
    page_at: Pages,
    table: str,
    *,
    offset: int,
    limit: int,
    asked: str | None,
    language: str | None,
) -> Response:
    """A list in the format that is asked for: a page of it, or all of it as a table (of
    :data:`~fiscalgraph.api.list_tables.LIST_TABLES`).

    Raises ``RequestRefused``: 406 for other formats, 413 where the table has too many rows.
    """
    choice = chosen(request, asked, LIST_FORMATS)
    if not is_table(choice.format):
        return paged_answer(request, library, page_at(offset=offset, limit=limit), asked)
    most = most_rows(request)
    if page_at(offset=0, limit=1).total > most:
        raise too_many_rows(request, most)
    return table_answer(request, library, page_at(offset=0, limit=most).items, table, choice.format, language)


def table_answer(
    request: Request,
    library: Library,
    items: Iterable[BaseModel | Mapping[str, Any]],
    table: str,
    form: Format,
    language: str | None,
    headers: Mapping[str, str] | None = None,
) -> Response:
    """Items as a table; see :func:`list_answer` for what is raised."""
    layout = LIST_TABLES[table]
    language = heading_language(request, language)
    plain = (item.model_dump() if isinstance(item, BaseModel) else item for item in items)
    rows = list(rows_of(layout, plain, Graph(library.store), language))
    if len(rows) > most_rows(request):
        raise too_many_rows(request, most_rows(request))
    columns = headings(layout, language)
    if form is CSV:
        answer = attached(csv_of(request, columns, rows), CSV, layout.name)
    else:
        sheet = layout.sheet[0 if language == "zh" else 1]
        content = workbook_bytes(request.url.path, {sheet: (columns, rows)}, {sheet: _sheet_layout(layout)})
        answer = attached(content, XLSX, layout.name)
    answer.headers.update({ROWS: str(len(rows)), **(headers or {})})
    return answer


def heading_language(request: Request, asked: str | None) -> str:
    """The language of a table: zh or en."""
    return asked or preferred_language(request.headers.get("accept-language"), "zh")


def csv_of(request: Request, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> bytes:
    """Rows as CSV; exact figures are figures in it, and no text is a formula."""
    buffer = io.StringIO()
    csv.writer(buffer).writerows([columns, *([plain_cell(value) for value in row] for row in rows)])
    return csv_bytes(request, buffer.getvalue())


def _sheet_layout(table: ListTable) -> SheetLayout:
    columns = table.columns
    return SheetLayout(
        tuple(column.shown_width for column in columns),
        wrapped=frozenset(
            place
            for place, column in enumerate(columns)
            if column.kind == "text" and column.shown_width >= _CELL_WRAPS
        ),
        right=frozenset(place for place, column in enumerate(columns) if column.kind != "text"),
        money=frozenset(place for place, column in enumerate(columns) if column.kind == "money"),
        filtered=True,
        frozen=1,
    )


def too_many_rows(request: Request, most: int) -> RequestRefused:
    """The refusal of a table that has more rows than are given."""
    return RequestRefused(
        request.url.path,
        f"the table has more than {most} rows",
        "Narrow it by filters, or follow the pages of format=json",
        status=413,
        code="result_too_large",
    )


def workbook_bytes(
    what: str,
    sheets: Mapping[str, tuple[Sequence[str], Iterable[Sequence[Any]]]],
    layouts: Mapping[str, SheetLayout] | None = None,
) -> bytes:
    """A workbook; ``what`` names it in the refusal (422) of a text that no cell holds."""
    out = io.BytesIO()
    try:
        write_workbook(out, sheets, layouts)
    except ValueError as error:
        raise RequestRefused(
            what, str(error), "Ask for format=csv", status=422, code="too_long_for_a_cell"
        ) from error
    return out.getvalue()


def csv_bytes(request: Request, text: str) -> bytes:
    """A table's CSV. A browser's begins with a byte order mark: it is saved and opened in a spreadsheet,
    which otherwise takes the Chinese in it for another encoding. Programs get none."""
    from_browser = prefers_html(", ".join(request.headers.getlist("accept")))
    return text.encode("utf-8-sig" if from_browser else "utf-8")


def attached(content: bytes, form: Format, name: str) -> Response:
    """A table as a file of that name, which must be ASCII."""
    parameters = "; charset=utf-8" if form.media_type.startswith("text/") else ""
    return Response(
        content,
        headers={
            "Content-Type": form.media_type + parameters,
            "Content-Disposition": f'attachment; filename="{name}.{form.name}"',
            "Vary": "Accept",
        },
    )
