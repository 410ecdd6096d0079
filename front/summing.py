"""How the answer of a sum, or its refusal, is shown: as a table, CSV, JSON, or an Excel workbook."""

from __future__ import annotations

import sys
from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from fiscalgraph.api.sum_sheets import ADDENDS, addend_rows, sum_sheets
from fiscalgraph.graph.sums_dimensions import DIMENSIONS
from fiscalgraph.graph.sums_request import Note, SumAnswer, SumRefused, sum_as_json, sum_table
from fiscalgraph.language import text
from fiscalgraph.output import csv_text, print_json, print_table, write_workbook

__all__ = ["write_sum"]

_SHOWN = 8  # organisations named for one reason


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
        write_workbook(output, *sum_sheets(result, text("en", "zh")))
    elif form == "csv":
        _write(csv_text(columns, rows), output)
        if result.request.addends:
            _write(csv_text(ADDENDS, addend_rows(result)), None)
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
