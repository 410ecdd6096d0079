"""Flattened text as real documents show it: pages lost, names of documents and numbers of pages kept."""

from __future__ import annotations

from pathlib import Path

from tables import flat

from fiscalgraph.extract.readers import read
from fiscalgraph.extract.recognise.spending import recognise_spending

RUNNING = "甲市数据局 2026 年度部门预算公开"
ROWS = """财政拨款支出表
单位：万元
科目编码 科目名称 合计 基本支出 项目支出
合计 90.00 50.00 40.00
205 教育支出 90.00 50.00 40.00
20501 教育管理事务 60.00 50.00 10.00
{turn}2050101 行政运行 50.00 50.00
2050102 一般行政管理事务 10.00 10.00
{turn}20502 普通教育 30.00 30.00
2050201 学前教育 30.00 30.00
注：无。
{turn}"""


def cells(text: str) -> dict[tuple[str | None, str], str]:
    return {(line.code, line.column): line.printed for line in recognise_spending(flat(text)).spending}


def test_the_documents_name_between_rows_is_no_part_of_them() -> None:
    plain = cells(ROWS.format(turn=""))
    assert plain[("2050201", "项目支出")] == "30.00"
    assert cells(ROWS.format(turn=RUNNING + "\n- 13 -\n")) == plain


def test_a_page_number_before_the_first_row_of_a_page_is_no_part_of_it() -> None:
    assert cells(ROWS.format(turn="— 13 — ").replace("注：无。\n— 13 — ", "注：无。\n")) == cells(
        ROWS.format(turn="")
    )


def test_the_rest_of_a_name_beside_page_numbers_is_kept() -> None:
    text = ROWS.format(turn="").replace("教育管理事务", "教育管理事\n- 3 -\n务")
    text = text.replace("一般行政管理事务", "一般行政管理事\n- 4 -\n务").replace(
        "行政运行", "行政运\n- 5 -\n行"
    )
    names = {line.name for line in recognise_spending(flat(text)).spending}
    assert {"教育管理事务", "一般行政管理事务", "行政运行"} <= names


def test_four_items_a_line_stand_on_two_sides() -> None:
    made = recognise_spending(
        flat(
            """部门综合预算收支总表
单位：万元
收入 支出
项目 预算数 支出功能分类科目（按大类） 预算数 部门预算支出经济分类科目（按大类） 预算数
政府预算支出经济分类科目（按大类） 预算数
一、部门预算 90.00 一、部门预算 90.00 一、部门预算 90.00 一、部门预算 90.00
1、财政拨款 80.00 1、一般公共服务支出 70.00 1、人员经费和公用经费支出 60.00 1、机关工资福利支出 60.00
2、其他收入 10.00 2、外交支出 2、专项业务经费支出 30.00 5、对事业单位经常性补助 30.00
3、教育支出 20.00 3、上缴上级支出 6、对社会保障基金补助
收入总计 90.00 支出总计 90.00 支出总计 90.00 支出总计 90.00
注：无。
"""
        )
    )
    found = [(line.side, line.item, line.printed) for line in made.totals]
    assert ("收入", "1、财政拨款", "80.00") in found
    assert ("支出", "5、对事业单位经常性补助", "30.00") in found
    assert ("支出", "3、教育支出", "20.00") in found
    assert found.count(("支出", "一、部门预算", "90.00")) == 3
    assert not made.leftovers


def test_codes_in_parts_are_put_together_within_rounding() -> None:
    made = recognise_spending(
        flat(
            """支出总体情况表
单位：万元
科目编码
科目名称 合计 基本支出 项目支出
类 款 项
合计 27.92 20.92 7.00
208 社会保障和就业支出 27.92 20.92 7.00
05 行政事业单位养老支出 20.92 20.92
01 行政单位离退休 13.27 13.27
02 事业单位离退休 7.64 7.64
27 财政对其他社会保险基金的补助 7.00 7.00
99 其他财政对社会保险基金的补助 7.00 7.00
注：无。
"""
        )
    )
    codes = {line.code for line in made.spending}
    assert codes == {None, "208", "20805", "2080501", "2080502", "20827", "2082799"}


def test_a_word_that_only_the_next_row_of_the_header_interrupts_keeps_its_column() -> None:
    made = recognise_spending(
        flat(
            """支出预算总表
单位：万元
科目编码 科目名称 总计 基本支出 项目支出 事业单位
经营支出
对附属单
位补助支
人员支出 公用经费
出
合计 90.00 40.00 10.00 40.00 0.00 0.00
205 教育支出 90.00 40.00 10.00 40.00 0.00 0.00
20501 教育管理事务 90.00 40.00 10.00 40.00 0.00 0.00
注：无。
"""
        )
    )
    found = {(line.table, line.code, line.column): line.printed for line in made.spending}
    assert found[("支出预算总表", "205", "基本支出/公用经费")] == "10.00"
    assert found[("支出预算总表", "205", "项目支出")] == "40.00"


def _tabbed(text: str, folder: Path) -> dict[tuple[str | None, str], str]:
    path = folder / "disclosure.txt"
    path.write_text(text, "utf-8")
    made = recognise_spending(read(path))
    return {(line.code, line.column): line.printed for line in made.spending}


def test_columns_that_lost_the_squares_above_them_are_told_by_words_and_sums(tmp_path: Path) -> None:
    found = _tabbed(
        """## 收入决算表

单位：万元

项目\t本年收入合计\t财政拨款收入\t上级补助收入\t事业收入\t其他收入
科目编码\t科目名称
合计\t90.00\t60.00\t\t20.00\t10.00
205\t教育支出\t90.00\t60.00\t\t20.00\t10.00
20501\t教育管理事务\t90.00\t60.00\t\t20.00\t10.00
""",
        tmp_path,
    )
    assert found[("205", "事业收入")] == "20.00"
    assert found[(None, "其他收入")] == "10.00"
    assert not any(column == "上级补助收入" for _, column in found)


def test_a_headers_first_row_of_one_cell_is_a_part_of_the_table(tmp_path: Path) -> None:
    path = tmp_path / "disclosure.txt"
    path.write_text(
        """## 一般公共预算“三公”经费支出表

单位：万元

2025年预算数
合计\t因公出国（境）费\t公务用车购置及运行费\t公务接待费
小计\t公务用车购置费\t公务用车运行费
100.00\t30.00\t64.00\t29.00\t35.00\t6.00
""",
        "utf-8",
    )
    made = recognise_spending(read(path))
    columns = {line.column for line in made.totals}
    assert len(columns) == 6
    assert all(column.startswith("2025年预算数/") for column in columns)


def test_the_same_columns_below_each_year_and_their_difference() -> None:
    made = recognise_spending(
        flat(
            """部门综合预算一般公共预算拨款“三公”经费及会议费、培训费支出预算表
单位：元
序号 单位编码 单位名称
上年 当年 增减变化情况
合计 “三公”经费预算 会议费 合计 “三公”经费预算 会议费 合计 “三公”经费预算 会议费
小计 因公出国（境）费用 公务接待费 小计 因公出国（境）费用 公务接待费 小计 因公出国（境）费用 公务接待费
1 合计 50.00 20.00 20.00 30.00 45.00 25.00 5.00 20.00 20.00 -5.00 5.00 5.00 -10.00
2 117001 交通局 50.00 20.00 20.00 30.00 45.00 25.00 5.00 20.00 20.00 -5.00 5.00 5.00 -10.00
注：无。
"""
        )
    )
    found = {(line.owner, line.column): line.printed for line in made.totals}
    assert found[(None, "当年/“三公”经费预算/公务接待费")] == "20.00"
    assert found[(None, "增减变化情况/“三公”经费预算/因公出国（境）费用")] == "5.00"
    assert found[(None, "上年/“三公”经费预算/公务接待费")] == "20.00"
    assert found[("交通局", "增减变化情况/会议费")] == "-10.00"
