"""Headers of flattened tables: their words found again, and the columns the words allow."""

from __future__ import annotations

import pytest
from tables import document, flat, table

from fiscalgraph.extract.document import ColumnTrust
from fiscalgraph.extract.recognise.spending import recognise_spending
from fiscalgraph.extract.tables.arrangements import arrangements
from fiscalgraph.extract.tables.header_words import find_words, is_several_words


def texts(header: str) -> list[str] | None:
    words = find_words(header.split())
    return [word.text for word in words] if words is not None else None


def columns(header: str) -> list[tuple[str, ...]]:
    words = find_words(header.split())
    assert words is not None
    return ["/".join(path) for path in arrangements(words)[0].paths]


@pytest.mark.parametrize(
    ("header", "words"),
    [
        ("科目编 码 科目名称 合计 基本支 出", ["科目编码", "科目名称", "合计", "基本支出"]),
        ("对附属单位 补助支出功能分类 科目编码", ["对附属单位补助支出", "功能分类科目编码"]),
        ("一般公共 政府性基 预算拨款 金预算拨款", ["一般公共预算拨款", "政府性基金预算拨款"]),
        ("2026 年预算数 因公出国(境)费", ["2026年预算数", "因公出国(境)费"]),
        ("科目编码 债务还本付息", None),
    ],
)
def test_words_are_found_across_line_breaks_or_not_at_all(header: str, words: list[str] | None) -> None:
    assert texts(header) == words


def test_parts_stand_below_their_group_wherever_the_group_is_printed() -> None:
    header = "基本支出 科目编码 科目名称 合计 小计 人员经费 公用经费 项目支出"
    found = find_words(header.split())
    assert found is not None
    offered = {tuple("/".join(path) for path in each.paths) for each in arrangements(found)}
    assert (
        "合计", "基本支出/小计", "基本支出/人员经费", "基本支出/公用经费", "项目支出",
    ) in offered  # fmt: skip


def test_sources_are_shared_out_to_the_groups_that_repeat_them() -> None:
    header = "本年收入 上年结转结余 单位名称 合计 小计 一般公共预算 其他收入 小计 一般公共预算 单位资金"
    assert columns(header) == [
        "合计",
        "本年收入/小计", "本年收入/一般公共预算", "本年收入/其他收入",
        "上年结转结余/小计", "上年结转结余/一般公共预算", "上年结转结余/单位资金",
    ]  # fmt: skip


def test_words_woven_into_each_other_leave_the_order_open() -> None:
    words = find_words(["合计", "上级补助", "附属单位", "事业收入", "收入", "上缴收入"])
    assert words is not None
    assert not arrangements(words)


def test_a_cell_with_the_words_of_several_columns_is_told_from_a_long_word() -> None:
    assert is_several_words("本年收入合计财政拨款收入上级补助收入")
    assert is_several_words("决算数科目编码")
    assert not is_several_words("一般公共预算财政拨款基本支出")
    assert not is_several_words("财政拨款小计")


def test_a_group_of_columns_of_any_government_is_read_with_its_sums() -> None:
    made = recognise_spending(
        flat(
            """2026年部门收入总体情况表
单位：万元
单位名称 合计 财政拨款收入 其他收入
小计 一般公共预算 政府性基金预算
合计 9.00 7.00 4.00 3.00 2.00
甲市教育局 9.00 7.00 4.00 3.00 2.00
注：无。
"""
        )
    )
    assert {(t.column, t.printed) for t in made.totals} == {
        ("合计", "9.00"),
        ("财政拨款收入/小计", "7.00"),
        ("财政拨款收入/一般公共预算", "4.00"),
        ("财政拨款收入/政府性基金预算", "3.00"),
        ("其他收入", "2.00"),
    }


def test_codes_in_parts_are_put_together_by_their_sums() -> None:
    made = recognise_spending(
        flat(
            """支出总体情况表
单位：万元
科目编码 科目名称 合计 基本支出 项目支出
类 款 项
合计 9.00 6.00 3.00
205 教育支出 9.00 6.00 3.00
01 教育管理事务 5.00 2.00 3.00
01 行政运行 2.00 2.00 0.00
02 一般行政管理事务 3.00 0.00 3.00
02 普通教育 4.00 4.00 0.00
01 学前教育 4.00 4.00 0.00
注：无。
"""
        )
    )
    totals = {line.code: line.printed for line in made.spending if line.column == "合计"}
    assert totals == {
        None: "9.00", "205": "9.00", "20501": "5.00", "2050101": "2.00", "2050102": "3.00",
        "20502": "4.00", "2050201": "4.00",
    }  # fmt: skip


def test_a_delimited_row_that_lost_a_covered_cell_is_moved_back() -> None:
    rows = [
        ["科目编码", "科目名称", "合计", "基本支出", "项目支出"],
        ["合计", "9.00", "6.00", "3.00"],
        ["205", "教育支出", "9.00", "6.00", "3.00"],
        ["20501", "教育管理事务", "9.00", "6.00"],
    ]
    made = recognise_spending(
        document("支出总表", "单位：万元", table(rows, trust=ColumnTrust.DRIFTING), format="markdown")
    )
    assert [(line.code, line.column, line.printed) for line in made.spending[:3]] == [
        (None, "合计", "9.00"),
        (None, "基本支出", "6.00"),
        (None, "项目支出", "3.00"),
    ]
    assert not [line for line in made.spending if line.code == "20501"]
    assert sum("shorter than the header" in left.why for left in made.leftovers) == 2


def test_cells_that_ran_together_are_read_as_lines() -> None:
    rows = [
        ["收入", "<", "支出", "<"],
        ["项目", "预算数项目", "<", "预算数"],
        ["一、一般公共预算拨款收入", "26.04 一、教育支出", "<", "31.95"],
        ["二、其他收入", "15.35 二、住房保障支出", "<", "9.44"],
        ["收入总计", "41.39 支出总计", "<", "41.39"],
    ]
    made = recognise_spending(document("收支总表", "单位：万元", table(rows)))
    assert [(t.side, t.item, t.printed) for t in made.totals] == [
        ("收入", "一、一般公共预算拨款收入", "26.04"),
        ("支出", "一、教育支出", "31.95"),
        ("收入", "二、其他收入", "15.35"),
        ("支出", "二、住房保障支出", "9.44"),
        ("收入", "收入总计", "41.39"),
        ("支出", "支出总计", "41.39"),
    ]


def test_a_table_whose_header_is_not_understood_is_reported_figure_by_figure() -> None:
    made = recognise_spending(
        flat("支出明细表\n单位：万元\n科目编码 科目名称 债务还本付息\n205 教育支出 5.00\n注：无。\n")
    )
    assert not made.spending
    assert ["5.00" in left.why for left in made.leftovers] == [True]
