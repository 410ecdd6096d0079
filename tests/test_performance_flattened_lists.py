"""Lists of projects with goals whose tables were flattened to printed lines."""

from __future__ import annotations

from fiscalgraph.extract.document import Document, Paragraph, Place, Run
from fiscalgraph.extract.recognise.performance import PerformanceRecords, recognise_performance

BESIDE = """
所属单位：清河市水务局（本级）、清河市河道管理中心
河道巡查与养护 12.50 万元，水质监测 1,300.00 万元，应急演练 8.00 万元。
二级预算单位名称 一级项目名称 预算数（万元） 绩效目标
清河市水务
局（本级）
河道巡查与养
护
12.50 完成巡查 20 次，出具报告
3 份，保证河道畅通
清河市河道管理中心 水质监测 1,300.00 按月监测水质，
及时发布
清河市河道管理中心 无人提及的项目 77.00 完成当年任务
清河市河道管理中心 应急演练 8.00 演练两次。
"""

BELOW = """
清河市水务局所属清河市河道管理中心、清河市水文站
单位名称：清河市水务局 单位：万元
支出项目类别（资金使用单
位） 总计 财政拨款 其他资
金
绩效目标 合计 一般公共预算 政府性基金预算
合计 180.00 170.00 150.00 20.00 10.00
清河市河道管理中心 130.00 120.00 100.00 20.00 10.00
  河道巡查 30.00 20.00 20.00 0.00 10.00
一、保证河道畅通，
及时发现问题
  水质监测与评价
经费 100.00 100.00 80.00 20.00 0.00 按月监测。
清河市水文站 50.00 50.00 50.00 0.00 0.00
  水文测报 40.00 40.00 40.00 0.00 0.00 按日测报。
"""


def records(text: str) -> PerformanceRecords:
    lines = [(number, line) for number, line in enumerate(text.splitlines(), 1) if line.strip()]
    blocks = tuple(Paragraph((Run(line, Place(line=number)),)) for number, line in lines)
    return recognise_performance(Document("list", "list.txt", "0" * 64, "txt", blocks))


def projects(text: str) -> list[tuple[str, str | None, str | None]]:
    return [
        (found.project, found.implementing_unit, found.budget_initial) for found in records(text).projects
    ]


def test_body_and_project_wrapped_over_lines_are_told_by_their_other_mention() -> None:
    assert projects(BESIDE) == [
        ("河道巡查与养护", "清河市水务局（本级）", "12.50"),
        ("水质监测", "清河市河道管理中心", "1300.00"),
        ("应急演练", "清河市河道管理中心", "8.00"),
    ]


def test_amounts_carry_the_header_s_unit() -> None:
    assert {fund.unit for fund in records(BESIDE).funds} == {"万元"}


def test_a_body_s_projects_are_read_where_they_add_up() -> None:
    assert projects(BELOW) == [
        ("河道巡查", "清河市河道管理中心", "30.00"),
        ("水质监测与评价经费", "清河市河道管理中心", "100.00"),
    ]


def test_the_lower_header_row_s_columns_are_placed_by_their_sums() -> None:
    funds = [fund for fund in records(BELOW).funds if fund.project == "河道巡查"]
    assert [(fund.fund, fund.budget_initial) for fund in funds] == [
        ("总计", "30.00"),
        ("财政拨款", "20.00"),
        ("一般公共预算", "20.00"),
        ("政府性基金预算", "0.00"),
        ("其他资金", "10.00"),
    ]


def test_no_list_is_read_whose_columns_do_not_add_up() -> None:
    assert not projects(BELOW.replace("180.00 170.00 150.00 20.00 10.00", "180.00 150.00 170.00 20.00 10.00"))
