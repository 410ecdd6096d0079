"""Flattened text whose units, titles, names and figures stand elsewhere than on the page."""

from __future__ import annotations

from pathlib import Path

from fiscalgraph.extract.readers import read
from fiscalgraph.extract.recognise.spending import SpendingRecords, recognise_spending
from fiscalgraph.extract.tables.identities import Effort, place_rows
from fiscalgraph.extract.tables.layouts import Identity, Layout

HEADER = "科目编码 科目名称 合计 基本支出 项目支出\n"
ROWS = "合计 90.00 50.00 40.00\n205 教育支出 60.00 50.00 10.00\n208 社会保障和就业支出 30.00 30.00\n"


def reading(tmp_path: Path, text: str) -> SpendingRecords:
    path = tmp_path / "disclosure.txt"
    path.write_text(text, "utf-8")
    return recognise_spending(read(path))


def test_a_unit_above_the_next_title_is_not_the_unit_of_the_rows_before_it(tmp_path: Path) -> None:
    made = reading(
        tmp_path,
        f"单位：元\n支出总表\n{HEADER}{ROWS}单位：万元\n一般公共预算支出表\n{HEADER}{ROWS}注：无。\n",
    )
    assert {(line.table, line.unit) for line in made.spending} == {
        ("支出总表", "元"),
        ("一般公共预算支出表", "万元"),
    }


def test_a_unit_below_the_title_counts_before_one_above_it(tmp_path: Path) -> None:
    made = reading(tmp_path, f"收入总表\n单位：元\n支出总表\n单位：万元\n{HEADER}{ROWS}注：无。\n")
    assert {line.unit for line in made.spending} == {"万元"}


def test_a_title_below_its_rows_on_the_page(tmp_path: Path) -> None:
    first = f"单位：元\n类 款 项\n{ROWS}支出总表\n科目编码\n科目名称 合计 基本支出 项目支出\n"
    second = (
        f"单位：万元\n类 款 项\n{ROWS.replace('.00', '.50')}一般公共预算支出表\n科目编码\n科目名称 合计\n"
    )
    second += "基本支出 项目支出\n"
    made = reading(tmp_path, f"一、概况\n\f{first}\f{second}\f说明\n")
    cells = {(line.table, line.unit, line.code, line.column): line.printed for line in made.spending}
    assert cells["支出总表", "元", "205", "项目支出"] == "10.00"
    assert cells["支出总表", "元", "208", "项目支出"] == "30.00"
    assert not any(table == "一般公共预算支出表" and unit == "元" for table, unit, _, _ in cells)


def test_a_note_that_names_a_year_ends_the_table(tmp_path: Path) -> None:
    made = reading(tmp_path, f"支出总表\n{HEADER}合计 0.00 0.00 0.00\n备注：本单位 2026 年没有此类支出。\n")
    assert {line.name for line in made.spending} == {"合计"}


def test_figures_without_a_blank_between_are_parted(tmp_path: Path) -> None:
    made = reading(
        tmp_path, f"支出总表\n{HEADER}合计 1,090.0050.001,040.00\n205 教育支出 1,090.0050.001,040.00\n"
    )
    cells = {(line.code, line.column): line.printed for line in made.spending}
    assert cells["205", "合计"] == "1090.00"
    assert cells["205", "基本支出"] == "50.00"
    assert cells["205", "项目支出"] == "1040.00"


def test_three_classifications_in_a_row(tmp_path: Path) -> None:
    made = reading(
        tmp_path,
        """支出总表
支出功能分类科目 政府支出经济分类科目 部门支出经济分类科目 合计 基本支出 项目支出
2050803-培训支出 50203-培训费 30216-培训费 18.06 18.06
2120101-行政运行 50201-办公经费 30201-办公费 38.70 30.00 8.70
2120101-行政 50299-其他商品
运行 和服务支出 30299-其他商品和服务支出 40.00 40.00
合 计 96.76 30.00 66.76
""",
    )
    cells = {(line.code, line.cross_codes, line.column): line for line in made.spending}
    assert cells["2120101", ("30201", "50201"), "基本支出"].printed == "30.00"
    assert cells["2050803", ("30216", "50203"), "项目支出"].printed == "18.06"
    # The name cut by the cell beside it is that of the same code in another row.
    assert cells["2120101", ("30299", "50299"), "合计"].name == "行政运行"


def test_the_broken_name_of_a_unit_is_not_the_end_of_the_name_above(tmp_path: Path) -> None:
    made = reading(
        tmp_path,
        """支出总表
预算单位 科目编码 科目名称 合计 基本支出 项目支出
甲市数据局 90.00 50.00 40.00
甲市数据局（本级） 60.00 50.00 10.00
205 教育支出 60.00 50.00 10.00
甲市数据局网络安全
中心 30.00 0.00 30.00
205 教育支出 30.00 0.00 30.00
""",
    )
    owners = {
        (line.owner, line.name, line.printed) for line in made.spending if line.code and line.column == "合计"
    }
    assert owners == {
        ("甲市数据局（本级）", "教育支出", "60.00"),
        ("甲市数据局网络安全中心", "教育支出", "30.00"),
    }


def test_what_may_no_longer_be_searched_stays_unplaced() -> None:
    layout = Layout("", (("合计",), ("基本支出",), ("项目支出",)), (Identity(0, (1, 2)),))
    rows = [["90.00", "50.00", "40.00"], ["50.00", "50.00"]]
    assert place_rows(layout, range(3), rows, {0: [1]})[0] == (0, 1, 2)
    assert place_rows(layout, range(3), rows, {0: [1]}, effort=Effort(steps=0)) == [(None,) * 3, (None,) * 2]


LAYOUT = Layout("", (("合计",), ("基本支出",), ("项目支出",)), (Identity(0, (1, 2)),))


def test_a_row_that_does_not_add_up_stands_where_its_sum_stands() -> None:
    rows = [["90.00", "50.00", "40.00"], ["50.00", "50.00"], ["40.00", "40.00"], ["31.00", "30.00"]]
    tree = {0: [1, 2], 1: [3]}
    placed = place_rows(LAYOUT, range(3), rows, tree)
    assert placed == [(0, 1, 2), (0, 1), (0, 2), (0, 1)]


def test_a_row_that_does_not_add_up_stays_unplaced_where_its_sum_fills_more_columns() -> None:
    rows = [["90.00", "50.00", "40.00"], ["91.00", "50.00"]]
    assert place_rows(LAYOUT, range(3), rows, {0: [1]})[1] == (None, None)
