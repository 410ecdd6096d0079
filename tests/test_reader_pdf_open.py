"""Tables with rules across only, or with none: what stands where must come out as printed."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from fiscalgraph.extract.document import Table
from fiscalgraph.extract.readers import read
from fiscalgraph.extract.readers.pdf_flow import FlowPage, drop_furniture
from fiscalgraph.extract.readers.pdf_lines import Fragment, Line, line_from
from fiscalgraph.extract.readers.pdf_open_columns import find_columns, pieces_of
from fiscalgraph.extract.readers.pdf_open_tables import OpenTables
from fiscalgraph.extract.recognise import recognise
from fiscalgraph.samples import random_disclosure, render

SIZE = 9.0


def line(*parts: tuple[str, float, float], size: float = SIZE) -> Line:
    """A printed line of (text, left edge, middle height); a character is as wide as it is high or half."""
    return line_from(
        [
            Fragment(
                text, left, middle - size / 2, left + width(text, size), middle + size / 2, size, region=-1
            )
            for text, left, middle in parts
        ]
    )


def width(text: str, size: float = SIZE) -> float:
    return sum(size if ord(character) > 255 else size / 2 for character in text)


def flush(text: str, right: float, middle: float) -> tuple[str, float, float]:
    return text, right - width(text), middle


def texts(table: Table) -> list[list[str]]:
    return [[cell.text if cell else "" for cell in row] for row in table.grid()]


def page_of(lines: list[Line], number: int = 1) -> FlowPage:
    return FlowPage(number, 595.0, 842.0, lines)


def accounts(top: float) -> list[Line]:
    """科目编码, 科目名称, 合计, 基本支出, 项目支出; the last column is empty but for its header."""
    rows = [
        ("205", "教育支出", "455.14", "300.00"),
        ("20508", "进修及培训", "55.14", "20.00"),
        ("2050803", "培训支出", "5.14", ""),
        ("208", "社会保障和就业支出", "1,820.65", "1,820.65"),
    ]
    lines = [
        line(
            ("科目编码", 70, top),
            ("科目名称", 150, top),
            ("合计", 290, top),
            ("基本支出", 360, top),
            ("项目支出", 440, top),
        )
    ]
    for number, (code, name, total, basic) in enumerate(rows, start=1):
        middle = top + 18 * number
        parts = [(code, 65.0, middle), (name, 130.0, middle), flush(total, 330, middle)]
        lines.append(line(*parts, *([flush(basic, 410, middle)] if basic else [])))
    return lines


def test_figures_stand_in_the_column_whose_header_is_above_them() -> None:
    page = page_of(accounts(100))
    (table,) = OpenTables().take(page, [])
    assert texts(table)[0] == ["科目编码", "科目名称", "合计", "基本支出", "项目支出"]
    assert texts(table)[3] == ["2050803", "培训支出", "5.14", "", ""]
    assert page.lines == []


def test_a_name_on_two_lines_stays_in_the_row_of_its_figures() -> None:
    lines = accounts(100)
    lines += [
        line(("机关事业单位基本养老", 130, 196 - 5.8)),
        line(("2080505", 65, 196), flush("7.10", 330, 196)),
        line(("保险缴费支出", 130, 196 + 5.8)),
    ]
    (table,) = OpenTables().take(page_of(lines), [])
    assert texts(table)[5] == ["2080505", "机关事业单位基本养老\n保险缴费支出", "7.10", "", ""]


def test_a_table_that_goes_on_keeps_columns_in_which_nothing_stands_any_more() -> None:
    finder = OpenTables()
    finder.take(page_of(accounts(100)), [])
    rest = [
        line((code, 65, middle), (name, 130, middle), flush("12.50", 330, middle))
        for code, name, middle in (("221", "住房保障支出", 80.0), ("22102", "住房改革支出", 98.0))
    ]
    (table,) = finder.take(page_of(rest, 2), [])
    assert texts(table) == [
        ["221", "住房保障支出", "12.50", "", ""],
        ["22102", "住房改革支出", "12.50", "", ""],
    ]


def test_prose_with_blanks_around_its_figures_is_no_table() -> None:
    lines = [
        line(
            ("年部门预算收入", 70, middle),
            ("203091.65", 137, middle),
            ("万元，其中一般公共预算拨款收入", 182, middle),
            ("18.6", 323, middle),
            ("万元，较上年增加，主要原因是", 345, middle),
        )
        for middle in (100.0, 118.0, 136.0, 154.0)
    ]
    page = page_of(list(lines))
    assert OpenTables().take(page, []) == []
    assert page.lines == lines


def test_spaced_out_letters_are_one_word_but_parts_of_a_code_are_three() -> None:
    assert [piece.text for piece in pieces_of([line(("合", 70, 100), ("计", 97, 100))])] == ["合 计"]
    parted = pieces_of([line(("类", 70, 100), ("款", 90, 100), ("项", 110, 100))])
    assert [piece.text for piece in parted] == ["类", "款", "项"]


def test_whatever_stands_side_by_side_is_parted_by_a_border() -> None:
    pieces = pieces_of(accounts(100))
    columns = find_columns(pieces)
    assert columns is not None
    assert len(columns) == 5
    assert columns.of(line(("一段横跨好几列的文字说明写在这里面", 140, 400))) == (1, 2)


def test_the_last_row_of_a_table_is_no_page_number() -> None:
    row = line(("303", 65, 790)), line(("对个人和家庭的补助", 130, 790)), line(("9.12", 300, 790))
    alone = line(("7", 295, 815))
    kept, numbered = page_of([*row]), page_of([line(("正文", 70, 400)), alone])
    drop_furniture([kept, numbered])
    assert [piece.text for piece in kept.lines] == ["303", "对个人和家庭的补助", "9.12"]
    assert [piece.text for piece in numbered.lines] == ["正文"]


@pytest.mark.parametrize("rules", ["horizontal", "header", "none"])
def test_figures_of_a_whole_disclosure_are_found_whatever_its_tables_rules(
    rules: str, tmp_path: Path
) -> None:
    pytest.importorskip("reportlab")
    disclosure, layout = random_disclosure(117, format="pdf")
    truth = render(disclosure, replace(layout, rules=rules), tmp_path / "sample.pdf")
    records = recognise(read(tmp_path / "sample.pdf"))
    true = {(line["code"], str(line["amount"])) for line in truth["lines"]}
    found = {(fact.code, fact.printed.replace(",", "")) for fact in records.spending}
    assert len(found & true) >= 0.95 * len(true)
    assert len(found - true) <= 0.01 * len(true)
    assert len(records.projects) == len(truth["projects"])
