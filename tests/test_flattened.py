"""Tables of figures in flattened text: columns decided by arithmetic, or honestly left."""

from __future__ import annotations

from tables import flat

from fiscalgraph.extract.recognise.spending import recognise_spending
from fiscalgraph.extract.tables.grounds import grounds
from fiscalgraph.extract.tables.identities import NO_HINTS
from fiscalgraph.extract.tables.layouts import Identity, Layout, match_layout

HEADER = """2023年度支出决算表
公开03表
部门：甲市教育局 单位：万元
项   目
本年支出合计 基本支出 项目支出 上缴上级支出 经营支出
对附属单位
补助支出功能分类
科目编码
科目名称
类 款 项
栏次 1 2 3 4 5 6
"""
BODY = """合 计 84.00 46.00 38.00
205 教育支出 84.00 46.00 38.00
20501 教育管理事务 50.00 46.00 4.00
2050101   行政运行 46.00 46.00
2050199   其他教育管理事务支出 4.00 4.00
20502 普通教育 34.00 34.00
2050201   学前教育 34.00 34.00
注：本表反映部门本年度各项支出情况。
"""
PROSE = "本年支出合计84.00万元，其中：基本支出46.00万元，占54.76%；项目支出38.00万元，占45.24%。\n"


def cells(text: str) -> dict[tuple[str | None, str], str]:
    return {(line.code, line.column): line.printed for line in recognise_spending(flat(text)).spending}


def test_the_explanation_and_the_sums_decide_the_columns() -> None:
    found = cells(HEADER + BODY + PROSE)
    assert found[(None, "项目支出")] == "38.00"
    assert found[("2050101", "基本支出")] == "46.00"
    assert found[("2050199", "项目支出")] == "4.00"
    assert found[("2050201", "项目支出")] == "34.00"
    assert ("2050101", "项目支出") not in found


def test_cells_placed_by_arithmetic_are_marked_as_inferred() -> None:
    made = recognise_spending(flat(HEADER + BODY + PROSE))
    assert all(line.inferred_by for line in made.spending)
    assert {line.source.line for line in made.spending if line.code == "205"} == {13}


def test_without_evidence_only_the_total_column_is_read() -> None:
    made = recognise_spending(flat(HEADER + BODY))
    assert {line.column for line in made.spending} == {"本年支出合计"}
    assert {left.what for left in made.leftovers} == {"cell"}
    assert any("46.00" in left.why for left in made.leftovers)
    assert not any("50.00" in left.why for left in made.leftovers)


def test_ambiguous_children_stay_unplaced_while_their_parents_are_read() -> None:
    twins = BODY.replace("行政运行 46.00 46.00", "行政运行 4.00 4.00").replace(
        "20501 教育管理事务 50.00 46.00 4.00", "20501 教育管理事务 8.00 4.00 4.00"
    )
    twins = twins.replace("84.00 46.00 38.00", "42.00 4.00 38.00")
    prose = PROSE.replace("46.00", "4.00").replace("84.00", "42.00")
    found = cells(HEADER + twins + prose)
    assert found[("20501", "项目支出")] == "4.00"
    assert ("2050101", "基本支出") not in found  # 行政运行 and 其他 could be either


def test_one_cell_a_line_reads_like_one_row_a_line() -> None:
    body = BODY.replace("合 计", "合计").split("\n")[:-2]
    lines = "\n".join(piece for line in body for piece in line.split())
    assert cells(HEADER + lines + "\n" + PROSE) == cells(HEADER + BODY + PROSE)


def test_both_halves_of_a_totals_table() -> None:
    made = recognise_spending(
        flat(
            """收支总表
单位：万元
收 入 支 出
项目 预算数 项目 预算数
一、一般公共预算拨款收入 26.04 一、教育支出 31.95
二、政府性基金预算拨款收入 二、住房保障支出 9.44
本年收入合计 26.04 本年支出合计 41.39
上年结转 15.35
收 入 总 计 41.39 支 出 总 计 41.39
注：无。
"""
        )
    )
    assert [(t.side, t.item, t.printed) for t in made.totals] == [
        ("收入", "一、一般公共预算拨款收入", "26.04"),
        ("支出", "一、教育支出", "31.95"),
        ("支出", "二、住房保障支出", "9.44"),
        ("收入", "本年收入合计", "26.04"),
        ("支出", "本年支出合计", "41.39"),
        ("收入", "上年结转", "15.35"),
        ("收入", "收入总计", "41.39"),
        ("支出", "支出总计", "41.39"),
    ]


def test_a_header_with_words_that_no_layout_has_is_not_read() -> None:
    assert match_layout("支出总表", "科目编码科目名称合计基本支出项目支出") is not None
    assert match_layout("支出总表", "科目编码科目名称合计基本支出项目支出债务还本付息") is None


def test_an_inferred_cell_names_the_identities_that_hold_for_it() -> None:
    made = {line.code: line.inferred_by for line in recognise_spending(flat(HEADER + BODY + PROSE)).spending}
    assert made[None] == made["2050101"] == ("row_sum", "hierarchy_sum", "other_table")
    assert made["2050199"] == ("row_sum", "hierarchy_sum")


def test_a_cell_that_only_exclusion_places_says_so() -> None:
    layout = Layout("收入总表", (("合计",), ("甲",), ("乙",)))
    assert grounds(layout, [["9.00"], []], [(0,), ()], {}, NO_HINTS) == [("exclusion",), ()]


def test_sums_that_do_not_hold_are_no_ground() -> None:
    layout = Layout("支出总表", (("合计",), ("基本支出",), ("项目支出",)), (Identity(0, (1, 2)),))
    rows = [["9.00", "4.00", "5.00"], ["9.00", "9.00"], ["8.00", "9.00"]]
    placed = [(0, 1, 2), (0, 1), (0, 2)]
    assert grounds(layout, rows, placed, {}, NO_HINTS) == [("row_sum",), ("row_sum",), ("exclusion",)]
    assert grounds(layout, rows, placed, {0: [1]}, NO_HINTS)[0] == ("row_sum",)


PUBLIC = """财政拨款预算“三公”经费支出表
部门：甲市教育局 单位：万元
2022年预算数 2023年预算数
合计 因公出国（境）费 公务用车购置及运行费 公务接待费
合计 因公出国（境）费 公务用车购置及运行费 公务接待费
小计 公务用车购置费 公务用车运行费
小计 公务用车购置费 公务用车运行费
"""


def test_a_subtotal_without_its_part_leaves_only_itself_unread() -> None:
    """The publisher left one of 小计 and 公务用车运行费 of the first year blank."""
    made = recognise_spending(flat(PUBLIC + "9.16 4.71 3.77 0.68 4.45 3.77 3.77 0.68\n"))
    assert {line.column: line.printed for line in made.totals} == {
        "2022年预算数/合计": "9.16",
        "2022年预算数/因公出国（境）费": "4.71",
        "2022年预算数/公务接待费": "0.68",
        "2023年预算数/合计": "4.45",
        "2023年预算数/公务用车购置及运行费/小计": "3.77",
        "2023年预算数/公务接待费": "0.68",
    }
    assert [left.why.split(":")[0] for left in made.leftovers] == ["3.77", "3.77"]


def test_a_row_whose_sums_contradict_its_header_stays_unread() -> None:
    made = recognise_spending(flat(PUBLIC + "9.16 4.71 3.77 0.60 4.45 3.77 3.77 0.68\n"))
    assert not made.totals
    assert len(made.leftovers) == 8
