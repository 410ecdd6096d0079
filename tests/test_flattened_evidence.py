"""What one table of a flattened text tells about the columns of another."""

from __future__ import annotations

from tables import flat

from fiscalgraph.extract.recognise.spending import SpendingRecords, recognise_spending

WHOLE = """支出总表
单位：万元
科目编码 科目名称 合计 基本支出 项目支出 上缴上级支出 事业单位经营支出 对附属单位补助支出
合计 90.00 50.00 40.00
205 教育支出 90.00 50.00 40.00
20501 教育管理事务 60.00 50.00 10.00
2050101 行政运行 50.00 50.00
2050102 一般行政管理事务 10.00 10.00
20502 普通教育 30.00 30.00
2050201 学前教育 30.00 30.00
注：无。
"""
PART = """一般公共预算支出表
单位：万元
科目编码 科目名称 合计 基本支出 项目支出
合计 80.00 45.00 35.00
205 教育支出 80.00 45.00 35.00
20501 教育管理事务 55.00 45.00 10.00
2050101 行政运行 45.00 45.00
2050102 一般行政管理事务 10.00 10.00
20502 普通教育 25.00 25.00
2050201 学前教育 25.00 25.00
注：无。
"""
BOTH_SIDES = """部门收支总表
单位：万元
收 入 支 出
项目 预算数 项目 预算数
一、一般公共预算拨款收入 60.00 一、教育支出 90.00
二、政府性基金预算拨款收入
三、事业收入 25.00
四、其他收入
本年收入合计 85.00 本年支出合计 90.00
上年结转 5.00
收入总计 90.00 支出总计 90.00
注：无。
"""
INCOME = """部门收入总表
单位：万元
科目编码 科目名称 合计 上年结转 一般公共预算拨款收入 政府性基金预算拨款收入 事业收入 其他收入
合计 90.00 5.00 60.00 25.00
205 教育支出 90.00 5.00 60.00 25.00
20501 教育管理事务 65.00 5.00 60.00
20502 普通教育 25.00 25.00
注：无。
"""


def read(text: str) -> SpendingRecords:
    return recognise_spending(flat(text))


def cells(text: str, table: str) -> dict[tuple[str | None, str], str]:
    return {(line.code, line.column): line.printed for line in read(text).spending if line.table == table}


def test_what_one_kind_of_money_pays_is_a_part_of_what_all_money_pays() -> None:
    found = cells(WHOLE + PART, "支出总表")
    assert found[(None, "基本支出")] == "50.00"
    assert found[(None, "项目支出")] == "40.00"
    assert found[("2050201", "项目支出")] == "30.00"
    assert not {column for _, column in found} & {"上缴上级支出", "事业单位经营支出"}


def test_without_the_part_the_columns_of_the_whole_stay_open() -> None:
    assert {column for _, column in cells(WHOLE, "支出总表")} == {"合计"}


def test_another_unit_of_money_tells_nothing() -> None:
    found = cells(WHOLE + PART.replace("万元", "元"), "支出总表")
    assert {column for _, column in found} == {"合计"}


def test_items_of_income_name_the_columns_of_the_income_table() -> None:
    found = cells(BOTH_SIDES + INCOME, "部门收入总表")
    assert found[(None, "上年结转")] == "5.00"
    assert found[("20501", "一般公共预算拨款收入")] == "60.00"
    assert found[("20502", "事业收入")] == "25.00"
    assert not read(BOTH_SIDES + INCOME).leftovers


def test_items_that_do_not_add_up_tell_no_empty_columns() -> None:
    torn = BOTH_SIDES.replace("三、事业收入 25.00", "三、事业收入")
    found = cells(torn + INCOME, "部门收入总表")
    assert found[(None, "一般公共预算拨款收入")] == "60.00"
    assert (None, "事业收入") not in found


def test_sources_of_income_decide_the_columns_of_expenditure() -> None:
    made = read(
        """财政拨款收支总表
单位：万元
收入 支出
项目 金额 项目 合计 一般公共预算财政拨款 政府性基金预算财政拨款 国有资本经营预算财政拨款
一、一般公共预算财政拨款 30.00 一、教育支出 20.00 20.00
二、政府性基金预算财政拨款 8.00 二、其他支出 9.00 9.00
三、国有资本经营预算财政拨款
本年收入合计 38.00 本年支出合计 29.00 20.00 9.00
年初财政拨款结转和结余 4.00 年末财政拨款结转和结余 13.00 12.00 1.00
一般公共预算财政拨款 2.00
政府性基金预算财政拨款 2.00
收入总计 42.00 支出总计 42.00 32.00 10.00
注：无。
"""
    )
    found = {(line.item, line.column): line.printed for line in made.totals if line.side == "支出"}
    assert found[("二、其他支出", "政府性基金预算财政拨款")] == "9.00"
    assert found[("年末财政拨款结转和结余", "一般公共预算财政拨款")] == "12.00"
    assert not made.leftovers


def test_an_economic_item_names_the_column_of_the_three_public_expenses() -> None:
    text = """一般公共预算基本支出表
单位：万元
科目编码 科目名称 合计 人员经费 公用经费
合计 20.00 15.00 5.00
301 工资福利支出 15.00 15.00
302 商品和服务支出 5.00 5.00
30231 公务用车运行维护费 3.00 3.00
30217 公务接待费 2.00 2.00
注：无。
一般公共预算“三公”经费支出表
单位：万元
合计 因公出国（境）费 公务用车购置及运行费 公务接待费
小计 公务用车购置费 公务用车运行费
5.00 3.00 3.00 2.00
注：无。
"""
    found = {line.column: line.printed for line in read(text).totals}
    assert found["公务用车购置及运行费/公务用车运行费"] == "3.00"
    assert "公务用车购置及运行费/公务用车购置费" not in found
    alone = {line.column for line in read(text[text.index("一般公共预算“三公”") :]).totals}
    assert "公务用车购置及运行费/小计" in alone
    assert "公务用车购置及运行费/公务用车运行费" not in alone


def test_last_year_may_stand_left_or_right_of_the_budget() -> None:
    header = "科目编码 科目名称 小计 基本支出 项目支出 增减额 增减(%)\n"
    right = "功能分类科目 2025年预算数 2024年执行数 2025年预算数比2024年执行数\n" + header
    left = "功能分类科目 2024年执行数 2025年预算数 2025年预算数比2024年执行数\n" + header
    start, end = "一般公共预算支出表\n单位：万元\n", "注：无。\n"
    after = "合计 80.00 45.00 35.00 64.00 16.00 25.00%\n205 教育支出 80.00 45.00 35.00 64.00 16.00 25.00%\n"
    before = "合计 64.00 80.00 45.00 35.00 16.00 25.00%\n205 教育支出 64.00 80.00 45.00 35.00 16.00 25.00%\n"
    for text in (start + right + after + end, start + left + before + end):
        found = cells(text, "一般公共预算支出表")
        assert found[("205", "2024年执行数")] == "64.00"
        assert found[("205", "2025年预算数/项目支出")] == "35.00"
        assert found[("205", "2025年预算数比2024年执行数/增减额")] == "16.00"


def test_a_figure_of_which_stands_beside_what_it_is_a_part_of() -> None:
    text = """收入总表
单位：万元
科目编码 科目名称 合计 财政拨款收入 事业收入 其他收入
金额 其中：教育收费
合计 100.00 60.00 30.00 20.00 10.00
205 教育支出 100.00 60.00 30.00 20.00 10.00
20501 教育管理事务 70.00 60.00 10.00
20502 普通教育 30.00 30.00 20.00
注：无。
"""
    assert cells(text, "收入总表")[("20502", "事业收入/其中：教育收费")] == "20.00"
    torn = text.replace("70.00 60.00 10.00", "70.00 60.00 0.70 10.00")
    assert {column for code, column in cells(torn, "收入总表") if code == "20501"} <= {"合计"}


def test_a_row_with_every_cell_filled_is_read_though_it_does_not_add_up() -> None:
    found = cells(
        """支出总表
单位：万元
科目编码 科目名称 合计 基本支出 项目支出
合计 90.00 50.00 40.00
205 教育支出 90.00 50.00 40.00
20501 教育管理事务 60.00 50.00 10.00
20502 普通教育 31.00 20.00 10.00
20503 职业教育 20.00 10.00 10.00
20504 成人教育 30.00 20.00 10.00
注：无。
""",
        "支出总表",
    )
    assert found[("20502", "合计")] == "31.00"
    assert found[("20502", "项目支出")] == "10.00"


def test_a_figure_broken_before_its_last_digit_is_whole_again() -> None:
    text = """收入总表
单位：万元
单位名称 合计 一般公共预算 事业收入
合计 984,760.87 196,278.6
7
788,482.20
交通局 984,760.87 196,278.6
7
788,482.20
注：无。
"""
    assert {line.printed for line in read(text).totals} == {"984760.87", "196278.67", "788482.20"}


def test_a_number_printed_in_the_units_cell_stays_with_its_name() -> None:
    made = read(
        """收入总表
单位：万元
单位名称 合计 一般公共预算 事业收入
合计 9.00 6.00 3.00
106_交通局 9.00 6.00 3.00
注：无。
"""
    )
    assert {(line.item, line.owner) for line in made.totals} == {(None, None), (None, "交通局")}
