"""Workbooks: figures as their formats print them, several tables a sheet, merged cells."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from openpyxl.styles import Border, Side

from fiscalgraph.extract.document import Document, Paragraph, Table
from fiscalgraph.extract.errors import UnreadableDocument
from fiscalgraph.extract.readers import read
from fiscalgraph.extract.readers.number_format import print_number


def read_sheet(
    tmp_path: Path, rows: Sequence[Any], merged: tuple[str, ...] = (), **sheet_options: Any
) -> Document:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = sheet_options.get("title", "Sheet1")
    for row in rows:
        sheet.append(list(row))
    for area in merged:
        sheet.merge_cells(area)
    for place, number_format in sheet_options.get("formats", {}).items():
        sheet[place].number_format = number_format
    for row in sheet_options.get("ruled", ()):
        for cell in sheet[row]:
            cell.border = Border(top=Side(style="thin"))
    for row in sheet_options.get("hidden_rows", ()):
        sheet.row_dimensions[row].hidden = True
    path = tmp_path / "报表.xlsx"
    book.save(path)
    return read(path)


def outline(document: Document) -> list[str]:
    return [
        block.text if isinstance(block, Paragraph) else f"TABLE {block.height}x{block.width}"
        for block in document.blocks
    ]


def rows(table: Table) -> list[list[str | None]]:
    return [[None if cell is None else cell.text for cell in row] for row in table.grid()]


@pytest.mark.parametrize(
    ("value", "number_format", "printed"),
    [
        ("1234.5", "#,##0.00", "1,234.50"),
        ("-1234.565", "#,##0.00", "-1,234.57"),
        ("1.005", "0.00", "1.01"),  # decimal, not binary, rounding
        ("0.30000000000000004", "General", "0.3"),
        ("2080101", "General", "2080101"),
        ("1E+3", "General", "1000"),
        ("0", "0.00", "0.00"),
        ("0", "#,##0.00;-#,##0.00;;@", ""),  # the sheet hides zeros: nothing is printed
        ("0", '_ * #,##0.00_ ;_ * -#,##0.00_ ;_ * "-"??_ ;_ @_ ', "-"),
        ("12.5", '_ * #,##0.00_ ;_ * -#,##0.00_ ;_ * "-"??_ ;_ @_ ', "12.50"),
        ("-3", "#,##0;[Red]-#,##0", "-3"),
        ("0.9876", "0.00%", "98.76%"),
        ("1234567", "0.00,", "1234.57"),
        ("12345678.9", "0!.0,", "1234.6"),  # 元 shown as 万元
        ("12345678.9", '[>=10000]0!.0,"万";0', "1234.6万"),
        ("5", "00", "05"),
        ("3.10", "0.##", "3.1"),
        ("12", '0"户"', "12户"),
        ("45000", 'yyyy"年"m"月"d"日"', "2023年3月15日"),
        ("45000.5", "yyyy/m/d h:mm", "2023/3/15 12:00"),
    ],
)
def test_a_number_is_printed_by_its_format(value: str, number_format: str, printed: str) -> None:
    assert print_number(Decimal(value), number_format) == printed


def test_cells_are_printed_as_the_sheet_shows_them(tmp_path: Path) -> None:
    document = read_sheet(
        tmp_path,
        [
            ["科目", "金额", "日期"],
            ["行政运行", 1234.5, datetime.date(2024, 3, 1)],
            [2080101, 0.1 + 0.2, None],
        ],
        formats={"B2": "#,##0.00", "C2": "yyyy-mm-dd"},
    )
    assert rows(document.tables[0]) == [
        ["科目", "金额", "日期"],
        ["行政运行", "1,234.50", "2024-03-01"],
        ["2080101", "0.3", ""],
    ]


def test_blank_rows_separate_tables_and_single_cells_are_paragraphs(tmp_path: Path) -> None:
    document = read_sheet(
        tmp_path,
        [
            ["甲表"], ["部门：清河市水务局", None, "单位：万元"], ["编码", "名称", "数"], ["201", "服务", 1],
            ["注：示例。"],
            [], ["乙表"], [], ["项目", "数"], ["供水", 2],
        ],
    )  # fmt: skip
    assert outline(document) == [
        "甲表", "部门：清河市水务局", "单位：万元", "TABLE 2x3", "注：示例。", "乙表", "TABLE 2x2",
    ]  # fmt: skip
    assert (document.tables[1].place.page, document.tables[1].place.line) == (1, 9)


def test_an_empty_ruled_row_belongs_to_its_table(tmp_path: Path) -> None:
    content = [["项目", "数"], ["供水", 1], [None, None], ["合计", 1]]
    assert outline(read_sheet(tmp_path, content, ruled=(1, 2, 3, 4))) == ["TABLE 4x2"]
    assert outline(read_sheet(tmp_path, content)) == ["TABLE 2x2", "TABLE 1x2"]


def test_merged_headers_become_spans(tmp_path: Path) -> None:
    document = read_sheet(
        tmp_path, [["收入", None, "支出"], ["项目", "数", None], ["拨款", 1, 2]], merged=("A1:B1", "C1:C2")
    )
    header = document.tables[0].cells[:2]
    assert [(cell.text, cell.row_span, cell.column_span) for cell in header] == [
        ("收入", 1, 2),
        ("支出", 2, 1),
    ]


def test_a_header_over_the_whole_width_is_no_title(tmp_path: Path) -> None:
    document = read_sheet(
        tmp_path,
        [["三公经费表", None], ["2026年预算数", None], ["合计", "接待费"], [3, 1]],
        merged=("A1:B1", "A2:B2"),
    )
    assert outline(document) == ["三公经费表", "TABLE 3x2"]
    assert document.tables[0].cells[0].text == "2026年预算数"


def test_a_sheet_name_that_says_something_is_a_heading(tmp_path: Path) -> None:
    assert outline(read_sheet(tmp_path, [["项目", "数"], ["供水", 1]], title="支出总表"))[0] == "支出总表"
    assert outline(read_sheet(tmp_path, [["项目", "数"], ["供水", 1]], title="Sheet1")) == ["TABLE 2x2"]


def test_hidden_rows_and_uncomputed_formulas_are_mentioned_not_read(tmp_path: Path) -> None:
    document = read_sheet(tmp_path, [["项目", "数"], ["密", 9], ["合计", "=B2*2"]], hidden_rows=(2,))
    assert document.problems == (
        "sheet Sheet1: 1 hidden row(s) were not read",
        "sheet Sheet1: 1 formula(s) were never computed; open and save it in Excel",
    )
    assert "密" not in str(document.blocks)


def test_an_empty_workbook_is_unreadable(tmp_path: Path) -> None:
    with pytest.raises(UnreadableDocument, match="sheets hold no text"):
        read_sheet(tmp_path, [])


def test_old_workbooks_read_alike(tmp_path: Path) -> None:
    pytest.importorskip("xlrd", reason="xlrd is an optional extra")
    xlwt = pytest.importorskip("xlwt", reason="xlwt makes the test's file")
    book = xlwt.Workbook()
    sheet = book.add_sheet("支出总表")
    sheet.write_merge(0, 0, 0, 1, "支出总表")
    sheet.write(1, 0, "科目")
    sheet.write(1, 1, "金额")
    sheet.write(2, 0, "行政运行")
    sheet.write(2, 1, 1234.5, xlwt.easyxf(num_format_str="#,##0.00"))
    path = tmp_path / "报表.xls"
    book.save(str(path))
    document = read(path)
    assert document.format == "xls"
    assert outline(document) == ["支出总表", "TABLE 2x2"]
    assert rows(document.tables[0])[1] == ["行政运行", "1,234.50"]
