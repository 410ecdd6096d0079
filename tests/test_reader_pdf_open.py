"""Tables with rules across only, or with none: what stands where must come out as printed."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest

from fiscalgraph.extract.document import Table
from fiscalgraph.extract.readers import read
from fiscalgraph.extract.readers.pdf_flow import FlowPage, drop_furniture
from fiscalgraph.extract.readers.pdf_lines import Fragment, Line, line_from
from fiscalgraph.extract.readers.pdf_open_columns import find_columns, parted_letters, pieces_of
from fiscalgraph.extract.readers.pdf_open_tables import OpenTables
from fiscalgraph.extract.recognise import recognise
from fiscalgraph.extract.recognise.spending import recognise_spending
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


def test_amounts_close_beside_a_name_or_one_another_are_rows_of_a_table() -> None:
    lines = [line(("收入", 130, 80), ("支出", 370, 80)), line(("金额", 170, 96), ("合计", 330, 96))]
    lines += [
        line(("549,757,309.62", 150, 112), ("一、一般公共服务支出", 219, 112)),
        line(("473,344,286.16", 304, 128), ("473,344,286.16", 374, 128)),
        line(("二、外交支出", 219, 144)),
        line(("三、国防支出", 219, 160), flush("1.00", 367, 160), flush("1.00", 437, 160)),
        line(("四、教育支出", 219, 176), flush("2.00", 367, 176), flush("2.00", 437, 176)),
    ]
    page = page_of(lines)
    (table,) = OpenTables().take(page, [])
    assert page.lines == []
    assert "549,757,309.62" in {cell.text for cell in table.cells}


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


def test_figures_beside_one_another_are_two_columns_whatever_stands_above_them() -> None:
    above = [line(("吸引更多公众参与", 470, 60 + 12 * number)) for number in range(3)]
    pieces = pieces_of([*above, line(("总分", 220, 110), ("90", 407, 110), ("86.6", 437, 110))])
    columns = find_columns(pieces)
    assert columns is not None
    assert [columns.of(piece)[0] for piece in pieces if piece.text in ("总分", "90", "86.6")] == [0, 1, 2]


def test_ends_of_two_cells_are_not_one_spaced_word() -> None:
    lines = [
        line(("合", 140, 80), ("计", 165, 80), ("13", 305, 80)),
        line(("数量指标", 120, 109), ("保障低保人数", 163, 109), ("13", 305, 109)),
        line(("时效指", 125, 140), ("按月发放及时", 163, 140)),
        line(("标", 135, 150), ("率", 163, 150)),
    ]
    pieces = pieces_of(lines)
    columns = find_columns(pieces)
    assert columns is not None
    assert [piece.text for piece in pieces][-1] == "标 率"
    parted = [piece.text for piece in parted_letters(pieces, columns)]
    assert parted[:1] == ["合 计"]
    assert parted[-2:] == ["标", "率"]


def test_a_cell_that_the_page_break_cuts_goes_on_in_its_column() -> None:
    heads = (("名称", 80.0), ("分值", 200.0), ("得分", 260.0), ("原因", 340.0))
    lines = [line(*((text, left, 100.0) for text, left in heads))]
    for number in range(4):
        middle = 120.0 + 20 * number
        lines.append(line(("巡查次数", 80, middle), ("20", 204, middle), ("18", 264, middle)))
    lines.append(line(("汛期道路中断", 330, 180)))
    tables = OpenTables()
    (first,) = tables.take(page_of(lines), [])
    rest = [
        line(("改走便道", 330, 60)),
        line(("总分", 80, 80), ("80", 204, 80), ("72", 264, 80)),
        line(("等级", 80, 100), ("80", 204, 100), ("72", 264, 100)),
    ]
    (second,) = tables.take(page_of(rest, 2), [])
    assert texts(second) == [["", "", "", "改走便道"], ["总分", "80", "72", ""], ["等级", "80", "72", ""]]
    assert second.width == first.width


def form(labels: list[tuple[str, float]], rows: list[tuple[str, float]]) -> Table:
    """A table of labels at their heights, names at theirs and two figures beside each name."""
    lines = [line(("一级指标", 80, 80), ("三级指标", 160, 80), ("分值", 280, 80), ("得分", 340, 80))]
    for name, middle in rows:
        lines.append(line((name, 160, middle), ("10", 284, middle), ("9", 344, middle)))
    lines += [line((label, 80, middle)) for label, middle in labels]
    (table,) = OpenTables().take(page_of(sorted(lines, key=lambda each: each.box[1])), [])
    return table


@pytest.mark.parametrize(
    "heights",
    [
        (100, 116, 132),  # the label level with the second of three rows
        (100, 116, 135, 160),  # a little off the third of four
        (100, 116, 146, 162),  # between two of them, on no row
    ],
)
def test_a_label_covers_the_rows_of_which_it_is_the_middle(heights: tuple[int, ...]) -> None:
    names = ["巡查次数", "演练场次", "完好率", "及时率"][: len(heights)]
    below = heights[-1] + 18
    table = form(
        [("产出指标", (heights[0] + heights[-1]) / 2), ("效益指标", below)],
        [*zip(names, map(float, heights), strict=True), ("防灾能力", below)],
    )
    assert [row[0] for row in texts(table)] == ["一级指标", *["产出指标"] * len(heights), "效益指标"]


@pytest.mark.parametrize("seed", [23, 238, 406])
def test_forms_without_rules_are_read_over_page_breaks(seed: int, tmp_path: Path) -> None:
    pytest.importorskip("reportlab")
    disclosure, layout = random_disclosure(seed, format="pdf", planted=False)
    truth = render(disclosure, layout, tmp_path / "sample.pdf")
    records = recognise(read(tmp_path / "sample.pdf"))
    names = ("project", "level1", "level2", "level3", "target", "weight", "score")
    found = Counter(tuple(getattr(row, name) for name in names) for row in records.indicators)
    assert found == Counter(tuple(row[name] for name in names) for row in truth["indicators"])
    reasons = Counter(finding.text for finding in records.findings)
    assert reasons == Counter(finding["text"] for finding in truth["findings"])
    assert [each.score for each in records.projects] == [each["score"] for each in truth["projects"]]


def test_the_last_row_of_a_table_is_no_page_number() -> None:
    row = line(("303", 65, 790)), line(("对个人和家庭的补助", 130, 790)), line(("9.12", 300, 790))
    alone = line(("7", 295, 815))
    kept, numbered = page_of([*row]), page_of([line(("正文", 70, 400)), alone])
    drop_furniture([kept, numbered])
    assert [piece.text for piece in kept.lines] == ["303", "对个人和家庭的补助", "9.12"]
    assert [piece.text for piece in numbered.lines] == ["正文"]


def three_public(figures: tuple[str, ...]) -> list[Line]:
    """预算数 over six columns of 78 points, 公务用车 over the fourth to sixth's three; no rule anywhere."""

    def centred(text: str, first: int, last: int, middle: float) -> tuple[str, float, float]:
        return text, 62 + 39 * (first + last + 1) - width(text) / 2, middle

    data = [flush(text, 62 + 78 * (n + 1) - 2, 183) for n, text in enumerate(figures) if text]
    return [
        line(centred("2025年预算数", 0, 5, 128)),
        line(centred("公务用车费", 2, 4, 146)),
        line(
            centred("合计", 0, 0, 155),
            centred("因公出国（境）费", 1, 1, 155),
            centred("公务接待费", 5, 5, 155),
        ),
        line(centred("小计", 2, 2, 164), centred("购置费", 3, 3, 164), centred("运行费", 4, 4, 164)),
        line(*data),
    ]


@pytest.mark.parametrize(
    "figures",
    [
        ("216.30", "79.78", "110.47", "0.00", "110.47", "26.05"),
        ("216.30", "79.78", "110.47", "", "110.47", "26.05"),
        ("136.52", "", "110.47", "-", "110.47", "26.05"),
    ],
)
def test_a_header_of_three_levels_is_told_apart_without_any_rule(figures: tuple[str, ...]) -> None:
    lines = [*three_public(figures), line(("注：本表为空的科目没有支出，所列各项按经费来源统计。", 62, 230))]
    page = page_of(lines)
    (table,) = OpenTables().take(page, [])
    assert texts(table) == [
        ["2025年预算数"] * 6,
        ["合计", "因公出国（境）费", "公务用车费", "公务用车费", "公务用车费", "公务接待费"],
        ["合计", "因公出国（境）费", "小计", "购置费", "运行费", "公务接待费"],
        list(figures),
    ]


@pytest.mark.parametrize("seed", [10, 19, 20, 69, 74, 100, 112])
def test_layouts_once_misread_are_read_completely(seed: int, tmp_path: Path) -> None:
    pytest.importorskip("reportlab")
    disclosure, layout = random_disclosure(seed, format="pdf")
    truth = render(disclosure, layout, tmp_path / "sample.pdf")
    made = recognise_spending(read(tmp_path / "sample.pdf"))
    spending = Counter(
        (fact.table, fact.code, fact.name, fact.column, fact.printed) for fact in made.spending
    )
    totals = Counter((fact.table, fact.side, fact.item, fact.column, fact.printed) for fact in made.totals)
    names = ("table", "code", "name", "column", "amount")
    assert spending == Counter(tuple(line[name] for name in names) for line in truth["lines"])
    names = ("table", "side", "item", "column", "amount")
    assert totals == Counter(tuple(line[name] for name in names) for line in truth["totals"])


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


@pytest.mark.parametrize("seed", [45, 75, 78, 81])
def test_labels_beside_a_header_and_its_rows_cover_both(seed: int, tmp_path: Path) -> None:
    """项目资金 stands beside the amounts and their header, the value of 主管部门 in one row only."""
    pytest.importorskip("reportlab")
    disclosure, layout = random_disclosure(seed, format="pdf")
    truth = render(disclosure, layout, tmp_path / "sample.pdf")
    records = recognise(read(tmp_path / "sample.pdf"))
    found = Counter((fund.project, fund.fund, fund.budget_full, fund.executed) for fund in records.funds)
    names = ("project", "source", "budget_full", "executed")
    assert found == Counter(tuple(fund[name] for name in names) for fund in truth["funds"])
