"""Excel workbooks: exact amounts as numbers, everything printed as text, equal content in equal bytes.

A number of Excel's holds fifteen digits, within some three hundred places of the point: one that needs more
would be another number there, and stays text.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import chain, islice
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

if TYPE_CHECKING:
    from fiscalgraph.graph.sparql.results import Term

__all__ = ["SHEET_CELL", "SheetLayout", "cells", "plain_cell", "write_workbook"]

SHEET_CELL = 32_767
"""Characters that an Excel cell holds."""

_SHEET_ROWS = 1_048_575  # what an Excel sheet holds below its header
_SHEET_NAME = 31
_SHEET_DIGITS = 15
_SHEET_PLACES = 307  # before or behind the point
_MONEY = "#,##0.00"
_CORE_DATE = re.compile(rb"(<dcterms:(?:created|modified)[^>]*>)[^<]*<")


# What a spreadsheet takes for a formula; a sign before nothing but a figure is one of a figure.
_FORMULA = re.compile(r"[=@\t\r]|[-+](?![\d.,]*%?$|[-—]*$)")


def plain_cell(value: Any) -> Any:
    """A value for CSV: text that a spreadsheet would take for a formula has an apostrophe before it."""
    if isinstance(value, str):
        return f"'{value}" if _FORMULA.match(value) else value
    return format(value, "f") if isinstance(value, Decimal) else value


def cells(row: Sequence[Term | None]) -> list[Any]:
    """A row for a workbook: exact amounts and counts as numbers, everything printed as text."""
    return [None if term is None else term.value for term in row]


@dataclass(frozen=True, slots=True)
class SheetLayout:
    """How an Excel sheet looks: ``widths`` of its columns in characters, which columns (from 0) wrap their
    text, stand to the right or hold amounts of money, whether its header offers filters, and how many of the
    first columns stay in sight (``frozen``)."""

    widths: Sequence[float]
    wrapped: frozenset[int] = frozenset()
    right: frozenset[int] = frozenset()
    money: frozenset[int] = frozenset()
    filtered: bool = False
    frozen: int = 0


def write_workbook(
    target: Path | BinaryIO,
    sheets: Mapping[str, tuple[Sequence[str], Iterable[Sequence[Any]]]],
    layouts: Mapping[str, SheetLayout] | None = None,
) -> None:
    """Write one Excel sheet per entry of ``sheets`` (name → columns, rows) to a file or into a stream;
    ``layouts`` by the same names.

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
            layout = (layouts or {}).get(name)
            sheet.freeze_panes = f"{_column_letter(1 + (layout.frozen if layout is not None else 0))}2"
            header = [_workbook_cell(sheet, name, value) for value in columns]
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
    _write_without_dates(buffer, target)


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

    if isinstance(value, Decimal | int) and not isinstance(value, bool) and not _fits_a_number(value):
        value = format(value, "f") if isinstance(value, Decimal) else str(value)
    if not isinstance(value, str):
        return value
    if len(value) > SHEET_CELL:
        raise ValueError(f"{name} has a text longer than an Excel cell holds; export CSV instead")
    cell = WriteOnlyCell(sheet, value=ILLEGAL_CHARACTERS_RE.sub("", value))
    cell.data_type = "s"
    return cell


def _fits_a_number(value: Decimal | int) -> bool:
    """Whether a number of Excel's is this one, digit for digit."""
    exact = Decimal(value)
    if not exact.is_finite() or (exact and abs(exact.adjusted()) > _SHEET_PLACES):
        return False
    digits = exact.as_tuple().digits
    return len(digits) <= _SHEET_DIGITS or not any(digits[_SHEET_DIGITS:])


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


def _write_without_dates(workbook: io.BytesIO, target: Path | BinaryIO) -> None:
    """Copy a workbook with every date set to one: a file's date tells its age, its content need not."""
    with zipfile.ZipFile(workbook) as source, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as copy:
        for name in source.namelist():
            content = source.read(name)
            if name == "docProps/core.xml":
                content = _CORE_DATE.sub(rb"\g<1>2000-01-01T00:00:00Z<", content)
            copy.writestr(zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0)), content, zipfile.ZIP_DEFLATED)
