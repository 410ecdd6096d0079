"""The answer of a sum as tables for spreadsheets: the sums, what is to be known of them, what was added."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from fiscalgraph.graph.sums_dimensions import DIMENSIONS
from fiscalgraph.graph.sums_request import SumAnswer, sum_table
from fiscalgraph.graph.workbooks import SheetLayout

__all__ = ["ADDENDS", "addend_rows", "sum_headings", "sum_sheets"]

ADDENDS: Final = (
    "key",
    "organization",
    "document",
    "table",
    "code",
    "amount",
    "contested",
    "inferred",
    "observation",
)
"""The columns of the figures that were added."""

Sheets = Mapping[str, tuple[Sequence[str], Iterable[Sequence[Any]]]]

_FIGURES: Final = ("amount", "addends", "contested", "inferred", "organizations", "year")
_LABEL_WIDTH, _FIGURE_WIDTH, _TEXT_WIDTH = 28, 18, 60  # of columns, in characters
_TITLES: Final = {
    "sum": ("汇总", "sum"),
    "notes": ("说明", "notes"),
    "missing": ("没有数字的", "missing"),
    "addends": ("相加的数字", "addends"),
}
_HEADINGS: Final = {
    "amount": ("金额（元）", "amount (yuan)"),
    "addends": ("数字个数", "figures added"),
    "contested": ("有矛盾", "contested"),
    "inferred": ("推定", "inferred"),
    "organizations": ("部门数", "organisations"),
    "label": ("名称", "name"),
    "reason": ("原因代码", "reason"),
    "code": ("代码", "code"),
    "key": ("所在行", "row"),
    "table": ("表", "table"),
    "observation": ("数字（IRI）", "figure (IRI)"),
    "zh": ("中文", "Chinese"),
    "en": ("英文", "English"),
}


def sum_sheets(answer: SumAnswer, language: str) -> tuple[Sheets, Mapping[str, SheetLayout]]:
    """The sheets of a workbook by name, with how they look: the sums, the notes, who gave no figure and,
    when asked for, the figures added. Headings and labels in ``language`` (zh or en)."""
    plain: dict[str, tuple[Sequence[str], Iterable[Sequence[Any]]]] = {
        "sum": sum_table(answer, language),
        "notes": (("code", "zh", "en"), [(note.code, note.zh, note.en) for note in answer.notes]),
        "missing": (
            ("organization", "label", "year", "reason", "zh", "en"),
            [
                (each.organization, each.label, each.year, each.reason.code, each.reason.zh, each.reason.en)
                for each in answer.missing
            ],
        ),
    }
    if answer.request.addends:
        plain["addends"] = (ADDENDS, addend_rows(answer))
    place = 0 if language == "zh" else 1
    layouts = _layouts({name: columns for name, (columns, _) in plain.items()})
    return (
        {
            _TITLES[name][place]: (sum_headings(columns, language), rows)
            for name, (columns, rows) in plain.items()
        },
        {_TITLES[name][place]: layout for name, layout in layouts.items()},
    )


def sum_headings(columns: Sequence[str], language: str) -> tuple[str, ...]:
    """The columns of a sum in words. A code and its name stand in two columns; the first says so."""
    place = 0 if language == "zh" else 1
    found = []
    for column in columns:
        dimension = DIMENSIONS.get(column.removesuffix("_label"))
        if column in _HEADINGS:
            words = _HEADINGS[column]
        else:
            words = (dimension.zh, dimension.en) if dimension is not None else (column, column)
        mark = ("（代码）", " (code)")[place] if f"{column}_label" in columns else ""
        found.append(words[place] + mark)
    return tuple(found)


def addend_rows(answer: SumAnswer) -> list[tuple[Any, ...]]:
    """The figures that were added, in the columns of :data:`ADDENDS`."""
    return [
        (
            " / ".join(each.key),
            each.organization,
            each.document,
            each.table,
            each.code,
            each.amount,
            each.contested,
            each.inferred,
            each.observation,
        )
        for each in answer.addends
    ]


def _layouts(sheets: Mapping[str, Sequence[str]]) -> dict[str, SheetLayout]:
    """Columns as wide as what they hold, amounts with their thousands apart, filters in every header."""
    layouts = {}
    for name, columns in sheets.items():
        widths = [
            _TEXT_WIDTH
            if column in ("zh", "en", "observation")
            else _FIGURE_WIDTH
            if column in _FIGURES
            else _LABEL_WIDTH
            for column in columns
        ]
        layouts[name] = SheetLayout(
            widths,
            wrapped=frozenset(place for place, width in enumerate(widths) if width == _TEXT_WIDTH),
            right=frozenset(place for place, column in enumerate(columns) if column in _FIGURES),
            money=frozenset(place for place, column in enumerate(columns) if column == "amount"),
            filtered=True,
        )
    return layouts
