"""Logical tables: captions, headers, page splits, blocks of columns."""

from __future__ import annotations

import pytest
from tables import document, paragraph, table

from fiscalgraph.extract.captions import clean_title, read_caption, unit_in
from fiscalgraph.extract.document import Cell, ColumnTrust
from fiscalgraph.extract.tables.columns import Role, column_roles, split_blocks
from fiscalgraph.extract.tables.header import is_order_row, text_of
from fiscalgraph.extract.tables.logical import LogicalTable, logical_tables


def only(*blocks: object) -> LogicalTable:
    tables = list(logical_tables(document(*blocks)))  # type: ignore[arg-type]
    assert len(tables) == 1
    return tables[0]


def column(made: LogicalTable, number: int) -> list[str]:
    return [text_of(row[number]) for row in made.rows]


@pytest.mark.parametrize(
    ("printed", "title"),
    [
        ("公开01表 收入支出决算总表", "收入支出决算总表"),
        ("预算03表 支出总表", "支出总表"),
        ("表一：2026年部门收支总体情况表", "部门收支总体情况表"),
        ("三、支出决算表", "支出决算表"),
        ("2024年度财政拨款“三公”经费支出决算表", "财政拨款“三公”经费支出决算表"),
        ("支出总表（续）", "支出总表"),
        ("表13 2022年支出总表", "支出总表"),
        ("表5-1 2022年支出总表", "支出总表"),
        ("2024年度 01表 支出总表", "支出总表"),
        ("附件2 表10 2024年度支出总表", "支出总表"),
    ],
)
def test_a_title_loses_its_number_its_year_and_its_continuation_mark(printed: str, title: str) -> None:
    assert clean_title(printed) == title


@pytest.mark.parametrize(
    ("text", "unit"),
    [
        ("金额单位：万元", "万元"),
        ("单位:元", "元"),
        ("（亿元）", "亿元"),
        ("部门：甲局 单位：万元", "万元"),
        ("本单位", None),
    ],
)
def test_the_unit_of_money_is_read_from_the_caption(text: str, unit: str | None) -> None:
    assert unit_in(text) == unit


def test_a_sentence_above_a_table_is_no_title() -> None:
    caption = read_caption([(text, paragraph(text).place) for text in ("具体情况见下表。", "单位：万元")])
    assert caption.title is None
    assert caption.unit == "万元"


def test_header_paths_follow_merged_cells() -> None:
    made = only(
        "支出总表",
        table(
            [
                ["科目编码", "科目名称", "基本支出", "<", "项目支出"],
                ["^", "^", "人员经费", "公用经费", "^"],
                ["205", "教育支出", "3.00", "1.00", "2.00"],
            ]
        ),
    )
    assert made.paths == (
        ("科目编码",),
        ("科目名称",),
        ("基本支出", "人员经费"),
        ("基本支出", "公用经费"),
        ("项目支出",),
    )
    assert len(made.rows) == 1


def test_a_caption_inside_the_grid_is_no_header() -> None:
    made = only(
        table(
            [
                ["公开03表 支出总表", "<", "<"],
                ["部门：甲局", "<", "单位：万元"],
                ["科目编码", "科目名称", "合计"],
                ["205", "教育支出", "3.00"],
            ]
        )
    )
    assert (made.title, made.unit) == ("支出总表", "万元")
    assert made.paths == (("科目编码",), ("科目名称",), ("合计",))


def test_a_table_runs_on_over_pages_with_and_without_its_header() -> None:
    header = ["科目编码", "科目名称", "合计"]
    made = only(
        "支出总表",
        table([header, ["205", "教育支出", "3.00"]], page=1),
        table([header, ["20501", "教育管理事务", "3.00"]], page=2),
        table([["2050101", "行政运行", "3.00"]], page=3),
    )
    assert column(made, 0) == ["205", "20501", "2050101"]
    assert [row[0].place.page for row in made.rows if row[0]] == [1, 2, 3]


def test_another_title_begins_another_table() -> None:
    header = ["科目编码", "科目名称", "合计"]
    tables = list(
        logical_tables(
            document(
                "支出总表",
                table([header, ["205", "教育支出", "3.00"]]),
                "一般公共预算支出表",
                table([header, ["205", "教育支出", "2.00"]]),
            )
        )
    )
    assert [made.title for made in tables] == ["支出总表", "一般公共预算支出表"]


def test_the_total_row_that_each_page_repeats_counts_once() -> None:
    header, total = ["科目编码", "科目名称", "合计"], ["", "合计", "5.00"]
    made = only(
        "支出总表",
        table([header, total, ["205", "教育支出", "3.00"]], page=1),
        table([header, total, ["208", "社会保障和就业支出", "2.00"]], page=2),
    )
    assert column(made, 1) == ["合计", "教育支出", "社会保障和就业支出"]


def test_a_row_broken_by_the_page_end_is_one_row() -> None:
    header = ["科目编码", "科目名称", "合计"]
    made = only(
        "支出总表",
        table([header, ["2080505", "机关事业单位基本养老", "3.00"]], page=1),
        table([header, ["", "保险缴费支出", ""], ["221", "住房保障支出", "1.00"]], page=2),
    )
    assert column(made, 1) == ["机关事业单位基本养老保险缴费支出", "住房保障支出"]
    assert column(made, 2) == ["3.00", "1.00"]


def test_a_header_that_lost_a_cell_is_put_right_by_the_page_that_repeats_it() -> None:
    wrong = ["科目编码", "科目名称", "预算数", "比上年", "", "扣除基建后比上年", "", ""]
    right = ["科目编码", "科目名称", "预算数", "", "比上年", "", "扣除基建后比上年", ""]
    leaves = ["", "", "小计", "扣除基建后", "增减额", "增减(%)", "增减额", "增减(%)"]
    body = ["教育支出", "2.00", "2.00", "1.00", "100.00%", "1.00", "100.00%"]
    made = only(
        "一般公共预算支出表",
        table([wrong, leaves, ["205", *body]], page=1, trust=ColumnTrust.DRIFTING),
        table([right, leaves, ["206", *body]], page=2, trust=ColumnTrust.DRIFTING),
    )
    assert made.paths[3] == ("预算数", "扣除基建后")
    assert made.paths[4] == ("比上年", "增减额")
    assert column(made, 0) == ["205", "206"]


def test_words_that_ran_over_a_rule_go_back_to_their_cell() -> None:
    made = only(
        "收支总表",
        table(
            [
                ["收入", "<", "支出", "<"],
                ["项目", "预算数", "项目", "预算数"],
                ["一、拨款", "9.00", "1、人员经费和公用经费支", "出2022.39"],
                ["二、其他", "1.00", "2、项目支出", "10.00"],
            ]
        ),
    )
    assert column(made, 2) == ["1、人员经费和公用经费支出", "2、项目支出"]
    assert column(made, 3) == ["2022.39", "10.00"]


def test_side_by_side_blocks_of_an_economic_table_are_told_apart() -> None:
    made = only(
        "基本支出决算表",
        table(
            [
                ["人员经费", "<", "<", "公用经费", "<", "<"],
                ["科目编码", "科目名称", "决算数", "科目编码", "科目名称", "决算数"],
                ["301", "工资福利支出", "9.00", "302", "商品和服务支出", "4.00"],
            ]
        ),
    )
    roles = column_roles(made)
    assert roles == (Role.CODE, Role.NAME, Role.VALUE) * 2
    assert [block.values for block in split_blocks(roles)] == [(2,), (5,)]


def test_line_numbers_and_unit_codes_are_no_amounts() -> None:
    made = only(
        "收入总表",
        table(
            [
                ["序号", "单位编码", "单位名称", "合计"],
                ["1", "125001", "甲中心", "8.00"],
                ["2", "125002", "乙中心", "9.00"],
            ]
        ),
    )
    assert column_roles(made) == (Role.ORDER, Role.OWNER, Role.OWNER, Role.VALUE)


def test_an_empty_square_beside_a_header_that_reaches_down_takes_no_name_from_it() -> None:
    rows = [
        ["支出项目类别", "", "2026年预算", "<"],
        ["^", "总计", "财政拨款", "单位资金"],
        ["设备更新", "3.00", "2.00", "1.00"],
    ]
    assert only("项目支出总表", table(rows)).paths[1:] == (
        ("总计",),
        ("2026年预算", "财政拨款"),
        ("2026年预算", "单位资金"),
    )


def test_rows_without_figures_at_the_top_of_a_page_are_no_header() -> None:
    first = [["项目", "决算数", "项目", "决算数"], ["一、收入", "3.00", "一、支出", "2.00"]]
    second = [["使用结余", "", "结余分配", ""], ["总计", "3.00", "总计", "3.00"]]
    made = only("收入支出决算总表", table(first, page=6), table(second, page=7))
    assert column(made, 0) == ["一、收入", "使用结余", "总计"]
    assert column(made, 3) == ["2.00", "", "3.00"]


def test_a_table_whose_columns_differ_from_the_page_before_keeps_the_title_of_its_header() -> None:
    first = [["科目编码", "科目名称", "合计"], ["205", "教育支出", "3.00"]]
    second = [["科目编码", "科目名称", "合计", ""], ["206", "科学技术支出", "2.00", ""]]
    tables = list(logical_tables(document("支出总表", "单位：元", table(first), table(second, page=2))))
    assert {(made.title, made.unit) for made in tables} == {("支出总表", "元")}


def test_a_row_that_numbers_the_columns_may_have_unreadable_numbers() -> None:
    def row(*texts: str) -> list[Cell | None]:
        return [Cell(text, 0, column) for column, text in enumerate(texts)]

    assert is_order_row(row("1", "2", "□□", "4"))
    assert is_order_row(row("栏次", "□", "2", "3"))
    assert not is_order_row(row("1", "2", "□□", "9"))
    assert not is_order_row(row("□□", "□□"))
