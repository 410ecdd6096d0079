"""Flattened text whose lines stand in another order than on the page, or whose cells look like numbers."""

from __future__ import annotations

from tables import flat

from fiscalgraph.extract.recognise.spending import recognise_spending

COLUMNS = "科目编码 科目名称 本年支出合计 基本支出 项目支出\n"
FIRST = "合计 5.00 3.00 2.00\n205 教育支出 5.00 3.00 2.00\n20501 教育管理事务 5.00 3.00 2.00\n"
SECOND = "合计 9.00 4.00 5.00\n208 社会保障和就业支出 9.00 4.00 5.00\n20801 人力事务 9.00 4.00 5.00\n"


def spending(text: str) -> set[tuple[str, str | None, str, str]]:
    made = recognise_spending(flat(text))
    return {(line.table, line.code, line.column, line.printed) for line in made.spending}


def test_a_title_that_a_page_prints_last_names_the_rows_above_it() -> None:
    """The page's text begins with its number; only blank lines part the pages."""
    pages = (
        f"6\n公开02表\n部门：甲市教育局 单位：万元\n{COLUMNS}{FIRST}注：本表反映支出情况。\n支出决算表\n\n"
        f"7\n一般公共预算支出决算表\n公开03表\n部门：甲市教育局 单位：万元\n{COLUMNS}{SECOND}"
    )
    found = spending(pages)
    assert {table for table, *_ in found} == {"支出决算表", "一般公共预算支出决算表"}
    assert ("支出决算表", "20501", "基本支出", "3.00") in found
    assert ("一般公共预算支出决算表", "20801", "基本支出", "4.00") in found


def test_rows_below_another_tables_number_are_not_of_the_table_before() -> None:
    text = (
        f"表4 \n支出总表\n表4\n单位：万元\n{COLUMNS}{FIRST}第6页，共9页\n表5\n单位：万元\n{COLUMNS}{SECOND}"
    )
    assert {code for _, code, *_ in spending(text)} == {None, "205", "20501"}


def test_the_number_of_the_next_table_is_no_part_of_the_last_row() -> None:
    rows = "205 教育支出 5.00 3.00 2.00\n合 计 5.00 3.00 2.00 部门公开表 7\n"
    text = f"支出总表\n单位：万元\n{COLUMNS}{rows}13\n收入总表\n"
    assert ("支出总表", None, "项目支出", "2.00") in spending(text)


def test_a_header_printed_again_before_rows_in_one_line_is_no_part_of_a_name() -> None:
    again = COLUMNS.strip()
    text = (
        f"支出总表\n单位：万元\n{COLUMNS}合计 5.00 3.00 2.00\n205 教育支出 5.00 3.00 2.00\n"
        f"20501 教育管理事务 3.00 3.00\n\n— 23 — {again} 20502 普通教育 2.00 2.00\n"
    )
    made = recognise_spending(flat(text))
    assert {line.name for line in made.spending} == {"合计", "教育支出", "教育管理事务", "普通教育"}


def test_whole_numbers_behind_a_code_and_a_name_are_amounts() -> None:
    text = (
        "支出总表\n单位：元\n" + COLUMNS + "合计 1,540 1,540\n205 教育支出 1,540 1,540\n"
        "20501 教育管理事务 1,000 1,000\n20502 普通教育 540 540\n"
    )
    assert ("支出总表", "20502", "本年支出合计", "540") in spending(text)


def test_a_whole_number_between_the_figures_of_a_row_of_figures_is_an_amount() -> None:
    text = (
        "“三公”经费预算表\n单位：万元\n合计 因公出国（境）费 公务用车购置及运行费 公务接待费\n"
        "小计 公务用车购置费 公务用车运行费\n47.91 0 46.56 25 21.56 1.35\n"
    )
    made = recognise_spending(flat(text))
    assert [line.printed for line in made.totals] == ["47.91", "0", "46.56", "25", "21.56", "1.35"]


PUBLIC = """财政拨款“三公”经费支出决算表
部门：甲市教育局 单位：万元
预算数 决算数
合计 因公出国（境）费 公务用车购置及运行维护费 公务接待费
合计 因公出国（境）费 公务用车购置及运行维护费 公务接待费
小计 公务用车购置费 公务用车运行维护费
小计 公务用车购置费 公务用车运行维护费
"""


def test_what_the_explanation_states_decides_between_a_subtotal_and_its_only_part() -> None:
    text = PUBLIC + "5.80 4.60 4.60 1.20 5.70 4.50 4.50 1.20\n公务用车运行维护费4.50万元，用于车辆。\n"
    found = {line.column: line.printed for line in recognise_spending(flat(text)).totals}
    assert found["决算数/公务用车购置及运行维护费/公务用车运行维护费"] == "4.50"
    assert "预算数/公务用车购置及运行维护费/公务用车运行维护费" not in found


def test_a_total_printed_below_the_only_group_is_of_that_group() -> None:
    text = (
        "一般公共预算基本支出表\n单位：万元\n"
        "经济分类科目 基本支出\n科目编码 科目名称 总计 人员经费 公用经费\n"
        "合计 5.00 3.00 2.00\n301 工资福利支出 3.00 3.00\n302 商品和服务支出 2.00 2.00\n"
    )
    columns = {column for _, _, column, _ in spending(text)}
    assert columns == {"基本支出/总计", "基本支出/人员经费", "基本支出/公用经费"}


def test_a_total_printed_after_a_taller_cell_to_its_right_stands_below_its_group() -> None:
    text = (
        "“三公”经费和机关运行经费预算表\n单位：万元\n“三公”经费预算数 机关运行经费预算数\n"
        "合计 因公出国（境）费 公务接待费 公务用车购置及运行费\n"
        "小计 购置费 运行费\n4.91 1.35 3.56 2.00 1.56 43.18\n"
    )
    made = recognise_spending(flat(text))
    assert ("“三公”经费预算数/合计", "4.91") in {(line.column, line.printed) for line in made.totals}


HALVES = "收支总表\n单位：万元\n收入 支出\n项目 预算数 项目 预算数\n"


def halves(rows: str) -> set[tuple[str | None, str | None, str]]:
    return {(line.side, line.item, line.printed) for line in recognise_spending(flat(HALVES + rows)).totals}


def test_labels_that_stand_close_behind_a_figure_are_labels() -> None:
    rows = (
        "一、本年收入 5.00一、本年支出 5.00\n1、一般公共预算拨款收入 5.001、教育支出 5.00\n"
        "收 入 总 计 5.00支 出 总 计 5.00\n"
    )
    assert halves(rows) == {
        ("收入", "一、本年收入", "5.00"),
        ("支出", "一、本年支出", "5.00"),
        ("收入", "1、一般公共预算拨款收入", "5.00"),
        ("支出", "1、教育支出", "5.00"),
        ("收入", "收入总计", "5.00"),
        ("支出", "支出总计", "5.00"),
    }


def test_a_blank_where_a_cell_broke_its_label_parts_no_labels() -> None:
    rows = (
        "一、一般公共预算拨款收入 5.00 一、灾害防治及应急管 理支出 3.00\n二、教育支出 2.00\n"
        "收入总计 5.00 支出总计 5.00\n"
    )
    found = halves(rows)
    assert ("支出", "一、灾害防治及应急管理支出", "3.00") in found
    assert ("支出", "二、教育支出", "2.00") in found


def test_a_total_does_not_take_the_next_rows_name() -> None:
    text = (
        f"支出总表\n单位：万元\n{COLUMNS}合计 5.00 3.00 2.00\n甲市教育\n局 5.00 3.00 2.00\n"
        "205 教育支出 5.00 3.00 2.00\n"
    )
    names = {line.name for line in recognise_spending(flat(text)).spending if line.code is None}
    assert "合计" in names
    assert not any(name and name.startswith("合计甲") for name in names)


def test_rows_with_a_figure_in_every_column_are_read_though_most_do_not_add_up() -> None:
    text = (
        f"支出总表\n单位：万元\n{COLUMNS}合计 5.00 3.00 2.00\n205 教育支出 5.00 9.00 2.00\n"
        "20501 教育管理事务 5.00 0.00 1.00\n20502 普通教育 7.00 3.00 0.00\n"
    )
    found = spending(text)
    assert ("支出总表", "20502", "项目支出", "0.00") in found
    assert len(found) == 12


def test_rows_none_of_which_adds_up_are_not_read() -> None:
    text = f"支出总表\n单位：万元\n{COLUMNS}合计 5.00 3.00 4.00\n205 教育支出 5.00 9.00 2.00\n"
    assert not spending(text)
    assert not spending(text.replace("合计 5.00 3.00 4.00", "合计 0.00 0.00 0.00"))


def test_a_code_before_the_figures_of_a_row_is_no_amount() -> None:
    text = (
        f"支出总表\n单位：万元\n{COLUMNS}合计 5.5 3.5 2.0\n205 教育支出 5.5 3.5 2.0\n"
        "教育管理事务\n20501 5.5 3.5 2.0\n"
    )
    assert ("支出总表", "20501", "本年支出合计", "5.5") in spending(text)


def test_a_column_whose_name_is_printed_over_two_lines_keeps_its_place() -> None:
    """The header's lines do not follow its cells: 附属单位上缴 stands first, 收入 last."""
    text = (
        "收入决算表\n单位：万元\n项目\n本年收入合 附属单位上缴\n"
        "财政拨款收入 上级补助收入 事业收入 经营收入 其他收入\n计 收入\n科目名称\n科目编码\n"
        "栏次 1 2 3 4 5 6 7\n合计 5.00 5.00 0.00 0.00 0.00 0.00 0.00\n"
        "205 教育支出 5.00 5.00 0.00 0.00 0.00 0.00 0.00\n"
    )
    found = spending(text)
    assert ("收入决算表", "205", "财政拨款收入", "5.00") in found
    assert ("收入决算表", "205", "附属单位上缴收入", "0.00") in found


def test_the_decimals_of_a_figure_broken_before_a_label_belong_to_it() -> None:
    rows = (
        "一、一般公共预算拨款收入 25180591 .33一、教育支出 25180591.33\n"
        "收入总计 25180591.33 支出总计 25180591.33\n"
    )
    assert halves(rows) == {
        ("收入", "一、一般公共预算拨款收入", "25180591.33"),
        ("支出", "一、教育支出", "25180591.33"),
        ("收入", "收入总计", "25180591.33"),
        ("支出", "支出总计", "25180591.33"),
    }
