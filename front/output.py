"""How answers are printed: tables that show their sources, JSON, CSV, and Excel workbooks."""

from __future__ import annotations

import csv
import io
import json
import sys
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from fiscalgraph.graph.workbooks import SheetLayout, cells, write_workbook
from fiscalgraph.language import text

if TYPE_CHECKING:
    from rich.console import Console

__all__ = [
    "SOURCE_COLUMNS",
    "SheetLayout",
    "cells",
    "console",
    "csv_text",
    "place",
    "print_json",
    "print_table",
    "write_workbook",
]

SOURCE_COLUMNS = ("page", "line", "quote")
_NO_WIDTH = 2000
_LONGEST = 160  # characters of a cell on the screen; files hold the whole


def console(*, errors: bool = False) -> Console:
    """A console for answers, or with ``errors`` for everything else (stderr)."""
    from rich.console import Console

    # Without a terminal there is no width to respect: a line stays a line for files and `grep`.
    stream = sys.stderr if errors else sys.stdout
    width = None if stream.isatty() else _NO_WIDTH
    return Console(stderr=errors, highlight=False, width=width, emoji=False, markup=False)


def place(page: object, line: object) -> str:
    """A place in words: the page when there are pages, else the line."""
    if page not in (None, ""):
        return text(f"page {page}", f"第{page}页")
    if line not in (None, ""):
        return text(f"line {line}", f"第{line}行")
    return ""


def print_json(value: object) -> None:
    """Print JSON as UTF-8, so that Chinese stays readable."""
    sys.stdout.write(json.dumps(value, ensure_ascii=False, indent=2) + "\n")


def csv_text(columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> str:
    """Rows as CSV (RFC 4180), with their header."""
    buffer = io.StringIO()
    writer = csv.writer(buffer)
    writer.writerow(columns)
    writer.writerows(rows)
    return buffer.getvalue()


def print_table(
    columns: Sequence[str], rows: Sequence[Sequence[Any]], labels: Mapping[str, str] | None = None
) -> None:
    """Print rows for people; page, line and quote become one source column.

    ``labels`` replaces column names in the header.
    """
    from rich import box
    from rich.table import Table
    from rich.text import Text

    folded = "quote" in columns
    shown = [name for name in columns if not (folded and name in SOURCE_COLUMNS)]
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, header_style="bold")
    for name in shown:
        figures = [_cell(row[columns.index(name)]) for row in rows]
        right = (
            name not in ("document", "code") and any(figures) and all(map(_is_number, filter(None, figures)))
        )
        table.add_column(
            (labels or {}).get(name, name), justify="right" if right else "left", overflow="fold"
        )
    if folded:
        table.add_column(text("source", "出处"), style="dim", overflow="fold")
    for row in rows:
        value = dict(zip(columns, row, strict=True))
        cells = [Text(_shorten(_cell(value[name]))) for name in shown]
        if folded:
            where = place(value.get("page"), value.get("line"))
            cells.append(Text(f"{where} “{_shorten(_cell(value['quote']))}”".strip()))
        table.add_row(*cells)
    console().print(table)


def _cell(value: Any) -> str:
    return "" if value is None else str(value)


def _shorten(value: str) -> str:
    value = " ".join(value.split())
    return value if len(value) <= _LONGEST else value[: _LONGEST - 1] + "…"


def _is_number(value: str) -> bool:
    return value.replace(",", "").replace(".", "", 1).replace("-", "", 1).rstrip("%").isdigit()
