"""Sums in tables, table against table: what agrees, what rounding explains, what contradicts."""

from __future__ import annotations

import dataclasses

import pytest
from checked import ADMITTED, IDENTITY, PLACE, TREE, all_found, found, line, results, total, verdicts

from fiscalgraph.extract.records import (
    Coverage,
    DisclosureRecords,
    Leftover,
    SpendingLine,
    Statement,
    TotalLine,
)
from fiscalgraph.graph.checks import Verdict, check_records


def test_a_heading_must_be_the_sum_of_its_items() -> None:
    items = [line("2130301", "行政运行", "10.00"), line("2130306", "水利工程运行", "20.00")]
    assert found(spending=[*TREE, *items]) == []
    wrong = [items[0], line("2130306", "水利工程运行", "15.00")]
    assert found(spending=[*TREE, *wrong]) == [("sum_mismatch", "30.00", "25.00")]


def test_the_last_place_is_rounding() -> None:
    items = [line("2130301", "行政运行", "10.00"), line("2130306", "水利工程运行", "20.01")]
    assert found(spending=[*TREE, *items]) == [("rounding_mismatch", "30.00", "30.01")]


def test_what_several_columns_repeat_is_reported_once() -> None:
    rows = [
        line("21303", "水利", "30.00", column),
        line("2130301", "行政运行", "10.00", column),
        line("2130306", "水利工程运行", "15.00", column),
    ] if (column := "合计") else []  # fmt: skip
    again = [dataclasses.replace(row, column="项目支出") for row in rows]
    assert found(spending=[*rows, *again]) == [("sum_mismatch", "30.00", "25.00")]


def test_an_item_that_only_another_table_lists_is_a_gap_not_a_contradiction() -> None:
    items = [line("2130301", "行政运行", "10.00")]
    sister = [line("2130306", "水利工程运行", "20.00", table="支出决算表", index=1)]
    assert found(spending=[*TREE, *items, *sister]) == []


def test_a_row_whose_figures_stand_a_column_off_is_not_reported() -> None:
    rows = [
        line(None, "合计", "20.00", "小计"),
        line(None, "合计", "10.00", "基本支出"),
        line("213", "农林水支出", "30.00", "小计"),
        line("213", "农林水支出", "20.00", "基本支出"),
        line("213", "农林水支出", "10.00", "项目支出"),
    ]
    assert found(spending=rows) == []


def test_a_row_must_be_the_sum_of_its_columns() -> None:
    def row(whole: str) -> list[SpendingLine]:
        parts = [("本年支出合计", whole), ("基本支出", "7.00"), ("项目支出", "3.00")]
        return [line("213", "农林水支出", printed, column) for column, printed in parts]

    assert found(spending=row("10.00")) == []
    assert found(spending=row("12.00")) == [("sum_mismatch", "12.00", "10.00")]


def halves(year: str, spent_total: str, *between: TotalLine) -> list[TotalLine]:
    return [
        total("一、教育支出", "4.00"),
        total("二、农林水支出", "6.00"),
        total("本年支出合计", year),
        *between,
        total("总计", spent_total),
        total("总计", "15.00", side="收入"),
    ]


def test_both_halves_of_the_balance_table() -> None:
    carried = total("年末结转和结余", "5.00")
    assert found(totals=halves("10.00", "15.00", carried)) == []
    assert found(totals=halves("11.00", "16.00", carried)) == [
        ("sum_mismatch", "11.00", "10.00"),
        ("sum_mismatch", "15.00", "16.00"),
    ]


def test_a_breakdown_of_the_balance_carried_over_is_not_added_again() -> None:
    rows = halves("10.00", "15.00", total("年末结转和结余", "5.00"), total("一、一般公共预算拨款", "5.00"))
    assert found(totals=rows) == []


def test_several_breakdowns_beside_one_another_are_left_out() -> None:
    rows = halves("10.00", "15.00", total("本年支出合计", "10.00"), total("年末结转和结余", "5.00"))
    assert found(totals=rows) == []


def three(whole: str, vehicles: str = "6.00") -> list[TotalLine]:
    table = "“三公”经费支出决算表"
    columns = {
        "合计": whole,
        "因公出国（境）费": "1.00",
        "公务用车购置及运行维护费/小计": vehicles,
        "公务用车购置及运行维护费/公务用车购置费": "2.00",
        "公务用车购置及运行维护费/公务用车运行维护费": "4.00",
        "公务接待费": "3.00",
    }
    return [
        TotalLine(table, None, None, f"决算数/{column}", printed, "万元", None, PLACE)
        for column, printed in columns.items()
    ]


def test_the_three_public_expenses() -> None:
    assert found(totals=three("10.00")) == []
    assert found(totals=three("12.00")) == [("sum_mismatch", "12.00", "10.00")]
    assert ("sum_mismatch", "8.00", "6.00") in found(totals=three("12.00", "8.00"))


def test_a_total_that_also_counts_meetings_is_no_total_of_the_three() -> None:
    meetings = TotalLine("“三公”经费支出决算表", None, None, "决算数/会议费", "2.00", "万元", None, PLACE)
    assert found(totals=[*three("12.00"), meetings]) == []


@pytest.mark.parametrize(
    ("printed", "kind"), [("30.00", None), ("30.02", "rounding_mismatch"), ("33.00", "table_vs_table")]
)
def test_a_class_in_the_balance_table_and_in_its_breakdown(printed: str, kind: str | None) -> None:
    rows = [line("213", "农林水支出", printed, "本年支出合计", "支出决算表")]
    stated = found(totals=[total("八、农林水支出", "30.00")], spending=rows)
    assert stated == ([] if kind is None else [(kind, "30.00", printed)])


def test_a_budget_s_tables_of_allocations_differ_in_scope() -> None:
    rows = [line("213", "农林水支出", "25.00", "合计", "一般公共预算支出表")]
    balance = [total("八、农林水支出", "30.00", column="预算数", table="财政拨款收支总表")]
    assert all_found(kind="部门预算", totals=balance, spending=rows) == ()


# What agrees, what cannot be told, what rounding explains


ITEMS = [line("2130301", "行政运行", "10.00"), line("2130306", "水利工程运行", "20.00")]


def test_a_sum_that_holds_is_a_result_with_all_its_figures() -> None:
    (held,) = results("code-hierarchy", spending=[*TREE, *ITEMS])
    assert held.verdict is Verdict.AGREES
    assert held.left.records == (TREE[1],)
    assert held.right.records == tuple(ITEMS)
    assert held.right.computed
    assert held.difference == 0


def test_a_heading_of_one_item_compares_nothing() -> None:
    assert verdicts("code-hierarchy", spending=TREE) == []


def test_half_a_unit_for_each_figure_and_more_where_the_document_owns_to_it() -> None:
    def off(printed: str, *statements: Statement) -> list[Verdict]:
        rows = [TREE[1], ITEMS[0], line("2130306", "水利工程运行", printed)]
        return verdicts("code-hierarchy", spending=rows, statements=statements)

    assert off("20.01") == [Verdict.ROUNDING]
    assert off("20.02") == [Verdict.CONTRADICTS]
    assert off("20.02", ADMITTED) == [Verdict.ROUNDING]
    assert off("20.03", ADMITTED) == [Verdict.CONTRADICTS]


def test_addends_that_are_sums_themselves_may_be_off_by_two_units() -> None:
    rows = [
        line("213", "农林水支出", "30.02"),
        line("21301", "农业农村", "10.00"),
        line("2130101", "行政运行", "4.00"),
        line("2130104", "事业运行", "6.00"),
        line("21303", "水利", "20.00"),
    ]
    assert verdicts("code-hierarchy", spending=rows) == [Verdict.ROUNDING, Verdict.AGREES]


def test_a_figure_whose_column_arithmetic_chose_proves_nothing() -> None:
    items = [ITEMS[0], dataclasses.replace(ITEMS[1], printed="15.00", inferred_by=("row_sum",))]
    assert verdicts("code-hierarchy", spending=[*TREE, *items]) == [Verdict.CANNOT_TELL]
    items = [ITEMS[0], dataclasses.replace(ITEMS[1], inferred_by=("row_sum",))]
    assert verdicts("code-hierarchy", spending=[*TREE, *items]) == []


def test_what_an_unread_figure_makes_up_for_cannot_be_told() -> None:
    rows = (*TREE, ITEMS[0], line("2130399", "其他水利支出", "5.00"))
    left = Leftover("cell", "15.00: its row names nothing", PLACE)
    read_in_part = DisclosureRecords(IDENTITY, spending=rows, coverage=Coverage(leftovers=(left,)))
    (result,) = [r for r in check_records(read_in_part) if r.check == "code-hierarchy"]
    assert result.verdict is Verdict.CANNOT_TELL
    (result,) = [r for r in check_records(DisclosureRecords(IDENTITY, spending=rows)) if r.difference]
    assert result.verdict is Verdict.CONTRADICTS


def test_a_code_below_a_heading_that_is_not_listed_counts_towards_the_one_above() -> None:
    rows = [
        line("301", "工资福利支出", "30.00"),
        line("30101", "基本工资", "10.00"),
        line("3010201", "津贴补贴", "20.00"),
    ]
    assert verdicts("code-hierarchy", spending=rows) == [Verdict.AGREES]


def test_a_repeated_difference_carries_the_figures_of_every_column() -> None:
    rows = [TREE[1], ITEMS[0], line("2130306", "水利工程运行", "15.00")]
    again = [dataclasses.replace(row, column="项目支出") for row in rows]
    (found_once,) = results("code-hierarchy", spending=[*rows, *again])
    assert found_once.left.records == (rows[0], again[0])


def test_a_table_out_of_joint_is_one_contradiction() -> None:
    def shifted(code: str, whole: str) -> list[SpendingLine]:
        parts = [("本年支出合计", whole), ("基本支出", "7.00"), ("项目支出", "3.00")]
        return [line(code, code, printed, column) for column, printed in parts]

    rows = [*shifted("213", "12.00"), *shifted("214", "13.00"), *shifted("215", "14.00")]
    (wrong,) = results("expenditure-by-kind", spending=rows)
    assert "另有2处" in wrong.detail
    assert len(wrong.left.records) == 3


# Sums across columns, down rows, over units


def row(code: str, cells: dict[str, str], table: str = "支出决算表") -> list[SpendingLine]:
    return [line(code, "行政运行", printed, column, table) for column, printed in cells.items()]


def test_expenditure_is_the_sum_of_its_kinds() -> None:
    kinds = {
        "合计": "15.00",
        "基本支出/人员经费": "6.00",
        "基本支出/公用经费": "2.00",
        "项目支出": "4.00",
        "上缴上级支出": "1.00",
        "经营支出": "1.00",
        "对附属单位补助支出": "1.00",
    }
    assert verdicts("expenditure-by-kind", spending=row("2130301", kinds)) == [Verdict.AGREES]
    wrong = row("2130301", kinds | {"合计": "18.00"})
    assert verdicts("expenditure-by-kind", spending=wrong) == [Verdict.CONTRADICTS]


def test_a_column_of_another_kind_leaves_the_sum_untold() -> None:
    cells = {"合计": "18.00", "基本支出": "6.00", "项目支出": "4.00", "预备费": "8.00"}
    assert verdicts("expenditure-by-kind", spending=row("2130301", cells)) == []


def test_a_part_of_a_column_is_not_added_again() -> None:
    cells = {
        "合计": "10.00",
        "基本支出": "6.00",
        "项目支出/项目支出总数": "4.00",
        "项目支出/扣除基建项目后预算数": "3.00",
    }
    assert verdicts("expenditure-by-kind", spending=row("2130301", cells)) == [Verdict.AGREES]


def test_income_is_the_sum_of_its_sources() -> None:
    cells = {
        "收入总计": "10.00",
        "本年收入/财政拨款/一般公共预算拨款": "5.00",
        "本年收入/财政拨款/政府性基金预算拨款": "1.00",
        "本年收入/单位资金/事业收入": "2.00",
        "上年结转结余": "2.00",
    }
    rows = [TotalLine("收入总表", None, None, c, p, "万元", None, PLACE) for c, p in cells.items()]
    assert verdicts("income-by-source", totals=rows) == [Verdict.AGREES]
    assert verdicts("income-by-source", totals=rows[:-1]) == []  # the year's income alone is no sum


def test_the_three_publics_by_source_of_money() -> None:
    def block(whole: str) -> list[TotalLine]:
        cells = {
            "总计": whole,
            "因公出国(境)费": "1.00",
            "公务接待费": "3.00",
            "公务用车购置及运行维护费/小计": "6.00",
        }
        sources = {"一般公共预算": cells, "政府性基金预算": dict.fromkeys(cells, "0.00")}
        return [
            TotalLine("“三公”经费支出表", None, None, f"{column}/{source}", printed, "万元", None, PLACE)
            for source, printed_by_column in sources.items()
            for column, printed in printed_by_column.items()
        ]

    assert verdicts("three-publics", totals=block("10.00")) == [Verdict.AGREES]
    assert verdicts("three-publics", totals=block("12.00")) == [Verdict.CONTRADICTS]


def test_the_balances_of_the_year_before_and_after() -> None:
    used, carried = total("使用非财政拨款结余", "2.00"), total("年末结转和结余", "3.00")
    assert verdicts("balances-of-year", totals=halves("10.00", "15.00", used, carried)) == [Verdict.AGREES]
    wrong = halves("10.00", "16.00", used, carried)
    assert verdicts("balances-of-year", totals=wrong) == [Verdict.CONTRADICTS]


def test_a_budget_s_income_and_balance_make_its_total() -> None:
    def budget(carried: str) -> list[TotalLine]:
        items = {"一、本年收入": "8.00", "（一）一般公共预算拨款": "7.00", "（二）政府性基金预算拨款": "1.00"}
        items |= {"二、上年结转": carried, "收入总计": "10.00"}
        return [total(item, printed, "收入", "预算数", "财政拨款收支总表") for item, printed in items.items()]

    assert verdicts("balances-of-year", "部门预算", totals=budget("2.00")) == [Verdict.AGREES]
    assert verdicts("items-of-heading", "部门预算", totals=budget("2.00")) == [Verdict.AGREES]
    assert verdicts("balances-of-year", "部门预算", totals=budget("5.00")) == [Verdict.CONTRADICTS]


def test_items_said_to_be_some_of_a_heading_do_not_make_it_up() -> None:
    items = {"一、财政拨款": "9.00", "其中：（一）一般公共预算拨款": "7.00", "（二）政府性基金": "1.00"}
    rows = [total(item, printed, "收入", "预算数") for item, printed in items.items()]
    assert verdicts("items-of-heading", totals=rows) == []


def test_a_department_is_the_sum_of_its_units_and_a_unit_of_its_own() -> None:
    def by_units(*units: tuple[str, str]) -> list[TotalLine]:
        whole = TotalLine("收入总表", None, None, "合计", "10.00", "万元", None, PLACE)
        return [whole, *(dataclasses.replace(whole, printed=printed, owner=name) for name, printed in units)]

    flat = by_units(("水文中心", "4.00"), ("规划院", "6.00"))
    assert verdicts("units-of-department", totals=flat) == [Verdict.AGREES]
    nested = by_units(("水务厅", "10.00"), ("水文中心", "4.00"), ("规划院", "6.00"))
    assert verdicts("units-of-department", totals=nested) == [Verdict.AGREES]
    wrong = by_units(("水文中心", "4.00"), ("规划院", "7.00"))
    assert verdicts("units-of-department", totals=wrong) == [Verdict.CONTRADICTS]


CHANGE = {
    "2023年执行数/执行数": "100.00",
    "2023年执行数/扣除基建后执行数": "90.00",
    "2024年预算数/年初预算数/小计": "120.00",
    "2024年预算数/年初预算数/项目支出": "120.00",
    "2024年预算数比2023年执行数/增减额": "20.00",
    "2024年预算数比2023年执行数/增减(%)": "20.00%",
}


def changed(cells: dict[str, str]) -> list[SpendingLine]:
    return [
        line(
            "2130301",
            "行政运行",
            printed,
            column,
            "一般公共预算支出表",
            unit="%" if "%" in column else "万元",
        )
        for column, printed in (CHANGE | cells).items()
    ]


def test_the_change_on_the_year_before_and_its_rate() -> None:
    for check in ("change-on-year-before", "rate-of-change"):
        assert verdicts(check, "部门预算", spending=changed({})) == [Verdict.AGREES]
    wrong = changed({"2024年预算数比2023年执行数/增减额": "30.00"})
    assert verdicts("change-on-year-before", "部门预算", spending=wrong) == [Verdict.CONTRADICTS]
    fall = {
        "2024年预算数/年初预算数/小计": "80.00",
        "2024年预算数比2023年执行数/增减额": "-20.00",
        "2024年预算数比2023年执行数/增减(%)": "-20.00%",
    }
    assert verdicts("rate-of-change", "部门预算", spending=changed(fall)) == [Verdict.AGREES]
    upwards = changed(fall | {"2024年预算数比2023年执行数/增减(%)": "20.00%"})
    assert verdicts("rate-of-change", "部门预算", spending=upwards) == [Verdict.CONTRADICTS]


def test_the_three_publics_listed_in_rows() -> None:
    def listed(whole: str) -> list[TotalLine]:
        items = {
            "“三公”经费": whole,
            "其中：（一）因公出国（境）支出": "1.00",
            "（二）公务用车购置及运行维护支出": "6.00",
            "1.公务用车购置费": "2.00",
            "2.公务用车运行维护费": "4.00",
            "（三）公务接待费支出": "3.00",
        }
        return [total(item, printed, None, "合计", "“三公”经费预算表") for item, printed in items.items()]

    assert verdicts("three-publics-in-rows", totals=listed("10.00")) == [Verdict.AGREES]
    assert verdicts("official-vehicles-in-rows", totals=listed("10.00")) == [Verdict.AGREES]
    assert verdicts("three-publics-in-rows", totals=listed("12.00")) == [Verdict.CONTRADICTS]


# Table against table


def test_the_same_class_in_two_tables_agrees_whatever_their_units() -> None:
    rows = [line("213", "农林水支出", "300000.00", "本年支出合计", "支出决算表", unit="元")]
    stated = total("八、农林水支出", "30.00")
    assert verdicts("class-in-balance-and-breakdown", totals=[stated], spending=rows) == [Verdict.AGREES]


def test_a_figure_that_another_column_of_the_row_repeats_is_of_another_scope() -> None:
    rows = [
        line("213", "农林水支出", "33.00", "本年支出合计", "支出决算表"),
        line("213", "农林水支出", "30.00", "项目支出", "支出决算表"),
    ]
    stated = total("八、农林水支出", "30.00")
    check = "class-in-balance-and-breakdown"
    assert verdicts(check, totals=[stated], spending=rows) == [Verdict.CANNOT_TELL]


def test_sister_tables_print_the_same_for_the_same_code() -> None:
    def tables(second: str) -> list[SpendingLine]:
        wide = line("2130301", "行政运行", "6.00", "基本支出", "一般公共预算支出表")
        narrow = line("2130301", "行政运行", second, "合计", "一般公共预算基本支出表", index=1)
        return [wide, narrow]

    check = "basic-expenditure-by-code"
    assert verdicts(check, "部门预算", spending=tables("6.00")) == [Verdict.AGREES]
    assert verdicts(check, "部门预算", spending=tables("7.00")) == [Verdict.CONTRADICTS]


def test_income_and_expenditure_balance() -> None:
    sides = [total("收入总计", "15.00", side="收入"), total("支出总计", "15.00")]
    assert verdicts("income-equals-expenditure", totals=sides) == [Verdict.AGREES]
    sides[1] = dataclasses.replace(sides[1], printed="16.00")
    assert verdicts("income-equals-expenditure", totals=sides) == [Verdict.CONTRADICTS]


def test_receptions_of_the_three_publics_and_of_basic_expenditure_differ_in_scope() -> None:
    spent = TotalLine("“三公”经费支出表", None, None, "公务接待费", "3.00", "万元", None, PLACE)
    item = line("30217", "公务接待费", "2.00", "合计", "一般公共预算基本支出表", index=1)
    check = "receptions-budgeted-by-use"
    assert verdicts(check, "部门预算", totals=[spent], spending=[item]) == [Verdict.SCOPE_DIFFERS]
    assert found(totals=[spent], spending=[item]) == []


def test_basic_expenditure_is_the_two_totals_of_its_own_table() -> None:
    def tables(public: str) -> list[SpendingLine]:
        detailed = "一般公共预算财政拨款基本支出决算表"
        return [
            line(None, "合计", "10.00", "本年支出/基本支出"),
            line(None, "人员经费合计", "8.00", "人员经费/决算数", detailed, index=1),
            line(None, "公用经费合计", public, "公用经费/决算数", detailed, index=1),
        ]

    check = "basic-expenditure-of-its-halves"
    assert verdicts(check, spending=tables("2.00")) == [Verdict.AGREES]
    assert verdicts(check, spending=tables("3.00")) == [Verdict.CONTRADICTS]
