"""How answers are printed: tables that show their sources, JSON, CSV, and Excel workbooks."""

from __future__ import annotations

import csv
import io
import json
import re
import sys
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

from fiscalgraph.language import text

if TYPE_CHECKING:
    from rich.console import Console

    from fiscalgraph.graph.sparql import Term

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
_SHEET_ROWS = 1_048_575  # what an Excel sheet holds below its header
_SHEET_CELL = 32_767
_SHEET_NAME = 31
_MONEY = "#,##0.00"
_CORE_DATE = re.compile(rb"(<dcterms:(?:created|modified)[^>]*>)[^<]*<")


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


def cells(row: Sequence[Term | None]) -> list[Any]:
    """A row for a workbook: exact amounts and counts as numbers, everything printed as text."""
    return [None if term is None else term.value for term in row]


@dataclass(frozen=True, slots=True)
class SheetLayout:
    """How an Excel sheet looks: ``widths`` of its columns in characters, which columns (from 0) wrap their
    text, stand to the right or hold amounts of money, and whether its header offers filters."""

    widths: Sequence[float]
    wrapped: frozenset[int] = frozenset()
    right: frozenset[int] = frozenset()
    money: frozenset[int] = frozenset()
    filtered: bool = False


def write_workbook(
    path: Path,
    sheets: Mapping[str, tuple[Sequence[str], Iterable[Sequence[Any]]]],
    layouts: Mapping[str, SheetLayout] | None = None,
) -> None:
    """Write one Excel sheet per entry of ``sheets`` (name → columns, rows); ``layouts`` by the same names.

    Rows beyond what a sheet holds go on in ``name (2)``; names are cut to what Excel allows and stay
    different. Text that looks like a formula stays text; the same sheets give the same bytes. Raises
    ``ValueError`` when a cell would not hold all its text: nothing is cut.
    """
    from openpyxl import Workbook

    book = Workbook(write_only=True)
    taken: set[str] = set()
    for name, (columns, rows) in sheets.items():
        remaining, part = iter(rows), 1
        while True:
            sheet = book.create_sheet(_sheet_name(name, part, taken))
            sheet.freeze_panes = "A2"
            layout = (layouts or {}).get(name)
            header: list[Any] = list(columns)
            if layout is not None:
                _set_widths(sheet, layout)
                header = [_laid_out(sheet, name, value, None) for value in columns]
            sheet.append(header)
            count = 1
            for row in islice(remaining, _SHEET_ROWS):
                count += 1
                if layout is None:
                    sheet.append([_workbook_cell(sheet, name, value) for value in row])
                else:
                    sheet.append(
                        [_laid_out(sheet, name, value, layout, place) for place, value in enumerate(row)]
                    )
            if layout is not None and layout.filtered:
                sheet.auto_filter.ref = f"A1:{_column_letter(len(layout.widths))}{count}"
            following = next(remaining, None)
            if following is None:
                break
            remaining, part = chain([following], remaining), part + 1
    buffer = io.BytesIO()
    book.save(buffer)
    _write_without_dates(buffer, path)


def _sheet_name(name: str, part: int, taken: set[str]) -> str:
    """A name that is not yet taken (Excel does not tell upper from lower case); it is now."""
    while True:
        mark = "" if part == 1 else f" ({part})"
        found = name[: _SHEET_NAME - len(mark)] + mark
        if found.lower() not in taken:
            taken.add(found.lower())
            return found
        part += 1


def _workbook_cell(sheet: Any, name: str, value: Any) -> Any:
    from openpyxl.cell import WriteOnlyCell
    from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

    if not isinstance(value, str):
        return value
    if len(value) > _SHEET_CELL:
        raise ValueError(f"{name} has a text longer than an Excel cell holds; export CSV instead")
    cell = WriteOnlyCell(sheet, value=ILLEGAL_CHARACTERS_RE.sub("", value))
    cell.data_type = "s"
    return cell


def _column_letter(number: int) -> str:
    from openpyxl.utils import get_column_letter

    return get_column_letter(number)


def _set_widths(sheet: Any, layout: SheetLayout) -> None:
    for number, width in enumerate(layout.widths, start=1):
        sheet.column_dimensions[_column_letter(number)].width = width


def _laid_out(sheet: Any, name: str, value: Any, layout: SheetLayout | None, place: int = 0) -> Any:
    """A cell with its alignment; without a layout it is of the header."""
    from openpyxl.cell import Cell, WriteOnlyCell
    from openpyxl.styles import Alignment, Font

    cell = _workbook_cell(sheet, name, value)
    if not isinstance(cell, Cell):
        cell = WriteOnlyCell(sheet, value=value)
    if layout is None:
        cell.font = Font(bold=True)
        cell.alignment = Alignment(wrap_text=True, vertical="center")
    else:
        cell.alignment = Alignment(
            horizontal="right" if place in layout.right else None,
            vertical="top",
            wrap_text=place in layout.wrapped,
        )
        if place in layout.money:
            cell.number_format = _MONEY
    return cell


def _write_without_dates(workbook: io.BytesIO, path: Path) -> None:
    """Copy a workbook with every date set to one: a file's date tells its age, its content need not."""
    with zipfile.ZipFile(workbook) as source, zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as target:
        for name in source.namelist():
            content = source.read(name)
            if name == "docProps/core.xml":
                content = _CORE_DATE.sub(rb"\g<1>2000-01-01T00:00:00Z<", content)
            target.writestr(zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0)), content, zipfile.ZIP_DEFLATED)
