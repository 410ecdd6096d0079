"""The coverage certificate: what was consumed, what was left and why."""

from __future__ import annotations

from tables import document, flat, paragraph, table

from fiscalgraph.extract.coverage import certify
from fiscalgraph.extract.recognise.spending import recognise_spending
from fiscalgraph.extract.records import Leftover, Source

ROWS = [["科目编码", "科目名称", "合计"], ["205", "教育支出", "3.00"], ["20501", "教育管理事务", "3.00"]]


def test_a_read_table_counts_with_its_figures_and_its_caption() -> None:
    made = certify(document("支出总表", "单位：万元", table(ROWS)), {2}, (), ())
    assert (made.tables, made.tables_read) == (1, 1)
    assert (made.cells, made.cells_read) == (2, 2)
    assert (made.paragraphs, made.paragraphs_read) == (2, 2)
    assert not made.leftovers


def test_a_table_of_no_known_kind_is_listed_with_its_place() -> None:
    made = certify(document("车辆一览", table([["车型", "数量"], ["轿车", "3.0"]], page=4)), set(), (), ())
    assert (made.tables, made.tables_read, made.cells_read) == (1, 0, 0)
    assert [(left.what, left.source.page) for left in made.leftovers] == [("table", 4)]


def test_a_table_that_no_record_is_for_is_listed_with_that_reason_and_counted_apart() -> None:
    doc = document("政府采购表", table([["采购项目", "数量"], ["轿车", "3.0"]], page=4))
    made = certify(doc, set(), (), (), outside={1: "a list of purchases"})
    assert (made.cells, made.cells_read, made.cells_outside) == (1, 0, 1)
    assert [left.why for left in made.leftovers] == ["a list of purchases"]


def test_row_numbers_and_unit_codes_are_no_figures() -> None:
    rows = [["序号", "单位编码", "金额"], ["1", "123001", "3.00"], ["2", "123002", "2.00"]]
    assert certify(document(table(rows)), {0}, (), ()).cells == 2


def test_figures_that_no_record_holds_are_not_counted_as_read() -> None:
    left = Leftover("cell", "not one figure", Source("3.00 3.00", page=1))
    made = certify(document("支出总表", table(ROWS)), {1}, [left], ())
    assert (made.cells, made.cells_read) == (2, 1)
    assert made.leftovers == (left,)


def test_a_paragraph_is_read_when_a_record_quotes_it() -> None:
    doc = document(paragraph("本单位下设甲中心。", page=2), paragraph("附则。", page=2))
    made = certify(doc, set(), (), [Source("下设甲中心", page=2)])
    assert (made.paragraphs, made.paragraphs_read) == (2, 1)


def test_column_numbers_and_codes_are_no_figures() -> None:
    rows = [ROWS[0], ["栏次", "", "1"], *ROWS[1:]]
    assert certify(document(table(rows)), {0}, (), ()).cells == 2


def test_tables_rebuilt_from_lines_count_with_what_stayed_unplaced() -> None:
    header = "支出总表\n单位：元\n科目编码 科目名称 合计 基本支出 项目支出\n"
    doc = flat(header + "合计 5.00 5.00\n205 教育支出 5.00 5.00\n注：无。")
    figures = recognise_spending(doc)
    made = certify(doc, figures.consumed, figures.leftovers, (), figures.tables)
    assert (made.tables, made.cells) == (1, 4)
    assert made.leftovers
    assert made.cells_read == 4 - len(made.leftovers)


def test_a_figure_of_a_performance_table_is_read_when_a_record_holds_it() -> None:
    rows = [["三级指标", "指标值", "分值"], ["场次", "90.5", "10.0"], ["人次", "1,200.0", "7.0"]]
    made = certify(
        document(table(rows, page=3)), set(), (), (), forms={0}, values=["≥90.5%", "10.0", "约1200.0人"]
    )
    assert (made.cells, made.cells_read) == (4, 3)
    assert [(left.source.quote, left.source.page) for left in made.leftovers] == [("7.0", 3)]
