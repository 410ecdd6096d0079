"""How the answer of a sum, or its refusal, is shown: as a table, CSV, JSON, or an Excel workbook."""

from __future__ import annotations

import sys
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from fiscalgraph.graph.sums_dimensions import DIMENSIONS
from fiscalgraph.graph.sums_request import Note, SumAnswer, SumRefused, sum_as_json, sum_table
from fiscalgraph.language import text
from fiscalgraph.output import SheetLayout, csv_text, print_json, print_table, write_workbook

__all__ = ["write_sum"]

_ADDENDS = (
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
_FIGURES = ("amount", "addends", "contested", "inferred", "organizations", "year")
_SHOWN = 8  # organisations named for one reason
_LABEL_WIDTH, _FIGURE_WIDTH, _TEXT_WIDTH = 28, 18, 60  # of columns, in characters


def write_sum(result: SumAnswer | SumRefused, form: str, output: Path | None) -> None:
    """Write an answer in ``form`` (table, csv, json, xlsx); notes and what is missing go with it.

    With csv the rows alone are the answer: what is to be said of them goes to stderr, as does a refusal.
    """
    if form == "json":
        if output is None:
            print_json(sum_as_json(result))
        else:
            import json

            content = json.dumps(sum_as_json(result), ensure_ascii=False, indent=2)
            output.write_text(content + "\n", encoding="utf-8")
        return
    if isinstance(result, SumRefused):
        _print_refusal(result)
        return
    columns, rows = sum_table(result, text("en", "zh"))
    if form == "xlsx":
        assert output is not None  # the command asks for it
        sheets = _sheets(result, columns, rows)
        layouts = _layouts(sheets)
        write_workbook(
            output,
            {_sheet_title(name): (_headings(heads), filled) for name, (heads, filled) in sheets.items()},
            {_sheet_title(name): layout for name, layout in layouts.items()},
        )
    elif form == "csv":
        _write(csv_text(columns, rows), output)
        if result.request.addends:
            _write(csv_text(_ADDENDS, _addends(result)), None)
        _print_lines(_remarks(result), errors=True)
    elif output is not None:
        _write(csv_text(columns, rows), output)
        _print_lines(_remarks(result))
    else:
        print_table(*_for_people(result))
        if result.request.addends:
            print_table(*_addends_for_people(result))
        _print_lines(_remarks(result))


def _write(content: str, output: Path | None) -> None:
    if output is None:
        sys.stdout.write(content)
    else:
        # A byte order mark tells spreadsheets that a CSV file is UTF-8.
        output.write_text(content, encoding="utf-8-sig", newline="")


def _for_people(answer: SumAnswer) -> tuple[list[str], list[list[Any]]]:
    """Labels in place of values (a code before its name), thousands apart, the total as the last row."""
    language = text("en", "zh")
    columns = [text(DIMENSIONS[name].en, DIMENSIONS[name].zh) for name in answer.request.by]
    columns += [
        text("amount (元)", "金额（元）"),
        text("figures", "数字个数"),
        text("contested", "有矛盾"),
        text("inferred", "推定"),
        text("organisations", "部门数"),
    ]
    rows = []
    total = [answer.total] if answer.total is not None and answer.request.by else []
    for row in (*answer.rows, *total):
        cells = []
        for part in row.key:
            label = getattr(part, language)
            digits = DIMENSIONS[part.dimension].axis and part.value.isdigit() and label != part.value
            cells.append(f"{part.value} {label}" if digits else label)
        if not row.key:
            cells = [text("total", "总计") if place == 0 else "" for place in range(len(answer.request.by))]
        counts = (row.addends, row.contested, row.inferred, row.organizations)
        rows.append([*cells, f"{row.amount:,}", *map(str, counts)])
    return columns, rows


def _addends(answer: SumAnswer) -> list[tuple[Any, ...]]:
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


def _addends_for_people(answer: SumAnswer) -> tuple[list[str], list[list[Any]]]:
    """The figures added, in words; their IRIs open with ``fiscalgraph show``."""
    language = text("en", "zh")
    labels = {part.value: getattr(part, language) for row in answer.rows for part in row.key}
    columns = [
        text("row", "所在行"),
        text("document", "文件"),
        text("table", "表"),
        text("code", "科目"),
        text("amount (元)", "金额（元）"),
        text("remarks", "备注"),
        text("figure", "数字"),
    ]
    rows = []
    for each in answer.addends:
        contested = text("contested", "有矛盾") if each.contested else ""
        inferred = text("inferred", "推定") if each.inferred else ""
        rows.append(
            [
                " / ".join(labels.get(value, value) for value in each.key),
                each.document,
                each.table,
                each.code,
                f"{each.amount:,}",
                text(", ", "、").join(filter(None, (contested, inferred))),
                each.observation,
            ]
        )
    return columns, rows


def _remarks(answer: SumAnswer) -> list[str]:
    """What is to be known of an answer: its notes, and who gave no figure, together by reason."""
    lines = [_said(note) for note in answer.notes]
    absent: dict[str, list[str]] = defaultdict(list)
    for each in answer.missing:
        absent[_said(each.reason)].append(f"{each.label} {each.year}")
    if absent:
        lines.append(text("No figure from:", "没有数字的："))
    for reason, names in absent.items():
        more = text(f" … ({len(names)} in all)", f"等 {len(names)} 项") if len(names) > _SHOWN else ""
        listed = text(", ", "、").join(names[:_SHOWN])
        lines.append(f"  {listed}{more}{text(': ', '：')}{reason}")
    return lines


def _said(note: Note) -> str:
    return text(note.en, note.zh)


def _print_refusal(refusal: SumRefused) -> None:
    lines = [text("Not added up:", "不能这样相加：")]
    lines += [f"  {_said(reason)}" for reason in refusal.reasons]
    if refusal.alternative is not None:
        lines.append(text("Ask instead: ", "可以改为：") + refusal.alternative.command())
    _print_lines(lines, errors=True)


def _print_lines(lines: Iterable[str], *, errors: bool = False) -> None:
    for line in lines:
        print(line, file=sys.stderr if errors else sys.stdout)


def _sheets(
    answer: SumAnswer, columns: Sequence[str], rows: Sequence[tuple[Any, ...]]
) -> dict[str, tuple[Sequence[str], Iterable[Sequence[Any]]]]:
    sheets: dict[str, tuple[Sequence[str], Iterable[Sequence[Any]]]] = {
        "sum": (columns, rows),
        "notes": (("code", "zh", "en"), [(note.code, note.zh, note.en) for note in answer.notes]),
        "missing": (
            ("organization", "label", "year", "reason", "zh", "en"),
            [
                (
                    each.organization,
                    each.label,
                    each.year,
                    each.reason.code,
                    each.reason.zh,
                    each.reason.en,
                )
                for each in answer.missing
            ],
        ),
    }
    if answer.request.addends:
        sheets["addends"] = (_ADDENDS, _addends(answer))
    return sheets


def _layouts(sheets: Mapping[str, tuple[Sequence[str], Iterable[Sequence[Any]]]]) -> dict[str, SheetLayout]:
    """Columns as wide as what they hold, amounts with their thousands apart, filters in every header."""
    layouts = {}
    for name, (columns, _) in sheets.items():
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


def _sheet_title(name: str) -> str:
    titles = {"sum": "汇总", "notes": "说明", "missing": "没有数字的", "addends": "相加的数字"}
    return text(name, titles[name])


_HEADINGS = {
    "amount": "金额（元）",
    "addends": "数字个数",
    "contested": "有矛盾",
    "inferred": "推定",
    "organizations": "部门数",
    "label": "名称",
    "reason": "原因代码",
    "code": "代码",
    "key": "所在行",
    "table": "表",
    "observation": "数字（IRI）",
    "zh": "中文",
    "en": "英文",
}


def _headings(columns: Sequence[str]) -> tuple[str, ...]:
    """The columns of the workbook in words; in English the names are those of the CSV file."""
    found = []
    for column in columns:
        dimension = DIMENSIONS.get(column.removesuffix("_label"))
        chinese = _HEADINGS.get(column) or (dimension.zh if dimension is not None else column)
        mark = "（代码）" if f"{column}_label" in columns else ""
        found.append(text(column, chinese + mark))
    return tuple(found)
