"""Flattened text: printed lines stay lines, Markdown-like rows become tables, markup goes."""

from __future__ import annotations

from pathlib import Path

import pytest

from fiscalgraph.extract.document import ColumnTrust, Document, Table
from fiscalgraph.extract.errors import UnreadableDocument
from fiscalgraph.extract.readers import read


def read_as(tmp_path: Path, text: str | bytes, name: str = "甲局.txt") -> Document:
    path = tmp_path / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return read(path)


def texts(document: Document) -> list[str]:
    return [paragraph.text for paragraph in document.paragraphs]


def rows(table: Table) -> list[list[str | None]]:
    return [[None if cell is None else cell.text for cell in row] for row in table.grid()]


def test_each_printed_line_is_a_paragraph_with_its_line_number(tmp_path: Path) -> None:
    document = read_as(tmp_path, "一、水务局概况\n\n负责全市供水工\n作。\n")
    assert [(paragraph.text, paragraph.place.line) for paragraph in document.paragraphs] == [
        ("一、水务局概况", 1),
        ("负责全市供水工", 3),
        ("作。", 4),
    ]
    assert (document.name, document.format, document.pages) == ("甲局", "text", None)


def test_double_blanks_inside_a_line_stay_as_hints_at_cell_borders(tmp_path: Path) -> None:
    assert texts(read_as(tmp_path, "行政运行  12.30    4.00\n")) == ["行政运行  12.30    4.00"]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_encodings_are_told_apart_by_content(tmp_path: Path, encoding: str) -> None:
    document = read_as(tmp_path, "清河市水务局2023年度部门决算\n合计 12.30 万元\n".encode(encoding))
    assert texts(document) == ["清河市水务局2023年度部门决算", "合计 12.30 万元"]


def test_form_feeds_are_page_breaks_and_line_numbers_go_on(tmp_path: Path) -> None:
    document = read_as(tmp_path, "第一页\n末行\n\f第二页\n")
    assert [(p.text, p.place.page, p.place.line) for p in document.paragraphs] == [
        ("第一页", 1, 1),
        ("末行", 1, 2),
        ("第二页", 2, 3),
    ]
    assert document.pages == 2


def test_consecutive_rows_with_tabs_are_one_table_whose_columns_may_have_drifted(tmp_path: Path) -> None:
    document = read_as(tmp_path, "支出表\n\n编码\t名称\t合计\n20101\t\t3.50\n\n编码\t名称\n201\t其他\n")
    first, second = document.tables
    assert rows(first) == [["编码", "名称", "合计"], ["20101", "", "3.50"]]
    assert first.trust is ColumnTrust.DRIFTING
    assert [cell.place.line for cell in first.cells] == [3, 3, 3, 4, 4, 4]
    assert second.place.line == 6


def test_caption_rows_directly_above_tab_rows_become_paragraphs(tmp_path: Path) -> None:
    document = read_as(tmp_path, "部门：清河市水务局\t\t单位：万元\n编码\t名称\t合计\n201\t服务\t1.00\n")
    assert texts(document) == ["部门：清河市水务局", "单位：万元"]
    assert rows(document.tables[0])[0] == ["编码", "名称", "合计"]


def test_tabs_that_only_indent_make_no_table(tmp_path: Path) -> None:
    document = read_as(tmp_path, "\t一、主要职责\n\t负责供水。\n")
    assert not document.tables
    assert texts(document) == ["一、主要职责", "负责供水。"]


def test_pipe_tables_with_and_without_outer_pipes(tmp_path: Path) -> None:
    document = read_as(
        tmp_path, "| 项目 | 数 |\n|---|--:|\n| 一、教育 | 1.00 |\n\n甲 | 乙\n--- | ---\n丙 | 丁\n"
    )
    assert [rows(table) for table in document.tables] == [
        [["项目", "数"], ["一、教育", "1.00"]],
        [["甲", "乙"], ["丙", "丁"]],
    ]


def test_tables_in_html_markup_keep_their_spans_and_lines(tmp_path: Path) -> None:
    markup = (
        '# 表\n\n<table><tr><td colspan="2">收入</td></tr>\n'
        "<tr><td>项目</td><td>数</td></tr></table>\n\n完。\n"
    )
    document = read_as(tmp_path, markup)
    (table,) = document.tables
    assert [(cell.text, cell.column_span, cell.place.line) for cell in table.cells] == [
        ("收入", 2, 3),
        ("项目", 1, 4),
        ("数", 1, 4),
    ]
    assert texts(document) == ["表", "完。"]


def test_markdown_headings_bold_and_rules(tmp_path: Path) -> None:
    document = read_as(tmp_path, "# 第一部分 概况\n\n**第二部分\n预算表**\n\n---\n\n### **（一）职责**\n")
    assert [(paragraph.text, paragraph.heading) for paragraph in document.paragraphs] == [
        ("第一部分 概况", 1),
        ("第二部分", None),
        ("预算表", None),
        ("（一）职责", 3),
    ]


@pytest.mark.parametrize(
    ("printed", "plain"),
    [
        (r"$\geq 95\%$", "≥95%"),
        (r"$= 100\%$", "=100%"),
        (r"$\leqslant 3$ 天", "≤3 天"),
        (r"$\text{满意度} \ge 90\%$", "满意度≥90%"),
        (r"$10^{3} \times 2$", "10³×2"),
        (r"支付$5与$6", "支付$5与$6"),
        (r"$\unknowncommand{3}$", r"$\unknowncommand{3}$"),
    ],
)
def test_formulas_read_as_printed_and_unknown_ones_stay(tmp_path: Path, printed: str, plain: str) -> None:
    document = read_as(tmp_path, f"# 标题\n\n指标\t{printed}\t10\n\n{printed}\n")
    assert document.tables[0].cells[1].text == plain
    assert document.paragraphs[-1].text == plain


def test_tags_in_cells_become_lines_and_other_angle_brackets_stay(tmp_path: Path) -> None:
    document = read_as(
        tmp_path, "目标\t<p>1. 修渠。</p> <ol><li>清淤</li> <li>植树</li></ol>\n<b>12.30</b>\t<关于供水>\n"
    )
    cells = [cell.text for cell in document.tables[0].cells]
    assert cells == ["目标", "1. 修渠。\n清淤\n植树", "12.30", "<关于供水>"]


def test_asterisks_without_a_partner_are_printed_characters(tmp_path: Path) -> None:
    assert texts(read_as(tmp_path, "# 名单\n\n账号****1234，得分5*2\n"))[1] == "账号****1234，得分5*2"


def test_pictures_in_markdown_are_counted_as_unread(tmp_path: Path) -> None:
    document = read_as(tmp_path, "# 表\n\n![](images/a.jpg)\n\n正文。\n")
    assert texts(document) == ["表", "正文。"]
    assert document.problems == ("1 embedded picture(s) hold no text and were not read",)


@pytest.mark.parametrize(
    ("ending", "last_row", "reported"),
    [
        ("203\t公安\t1,23", ["203", "公安", ""], True),  # a figure that breaks off
        ("203\t公安\t12.3", ["203", "公安", ""], True),  # fewer decimals than all above
        ("203\t公", ["203", "", None], True),  # a short row: its last cell may be half
        ("203\t公安\t12.30", ["203", "公安", "12.30"], False),
        ("203\t公安\t12.3\n", ["203", "公安", "12.3"], False),  # a complete line is as printed
    ],
)
def test_a_row_cut_off_at_the_end_of_the_file_is_read_as_far_as_it_is_clear(
    tmp_path: Path, ending: str, last_row: list[str | None], reported: bool
) -> None:
    document = read_as(tmp_path, "编码\t名称\t合计\n201\t服务\t10.00\n202\t外交\t21.50\n" + ending)
    assert rows(document.tables[0])[-1] == last_row
    assert (
        any("line 4: the file ends inside this row" in problem for problem in document.problems) is reported
    )


def test_a_file_cut_inside_a_character_says_so(tmp_path: Path) -> None:
    document = read_as(tmp_path, "清河市水务局\n供水管网".encode()[:-1])
    assert texts(document)[-1] == "供水管"
    assert document.problems == ("the file ends in the middle of a character: it is cut off",)


def test_text_in_no_known_encoding_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UnreadableDocument, match="not text in UTF-8"):
        read_as(tmp_path, bytes(range(0x80, 0x100)) * 20)


def test_a_few_damaged_bytes_are_marked_not_guessed(tmp_path: Path) -> None:
    document = read_as(tmp_path, "供水管网改造。".encode() * 300 + b"\xff" + "完\n".encode())
    assert "\ufffd" in texts(document)[0]
    assert document.problems[0] == "1 undecodable character(s) were left as \ufffd"
