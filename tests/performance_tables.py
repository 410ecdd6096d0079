"""Small performance tables (绩效目标表, 绩效自评表) written as strings, and what is read from them."""

from __future__ import annotations

from fiscalgraph.extract.document import Block, Cell, ColumnTrust, Document, Paragraph, Place, Run, Table
from fiscalgraph.extract.recognise.performance import PerformanceRecords, recognise_performance

EVALUATION = "绩效|一级指标|二级指标|三级指标|年度指标值(A)|实际完成值(B)|分值|得分|未完成原因分析"
FUNDS = "项目资金（元）|资金来源|年初预算数|全年预算数(A)|全年执行数(B)|分值|执行率|得分|"
TARGET = "绩效指标|一级指标|二级指标|三级指标|指标值|分值(90)"
TARGET_HEAD = (
    "项目名称||河道巡查|||",
    "主管部门及代码||[301]水务局|实施单位|河道管理所|",
    "项目资金（万元）|年度资金总额：||12.50||执行率分值(10)",
    "|其中：财政拨款||12.00||",
    "|上年结转||0.50||",
    "|其他资金||-||",
)


def grid(*rows: str, trust: ColumnTrust = ColumnTrust.DRIFTING, line: int = 1) -> Table:
    """A table whose rows are written with | between cells."""
    cells = [
        Cell(text, row, column, place=Place(line=line + row))
        for row, text_row in enumerate(rows)
        for column, text in enumerate(text_row.split("|"))
    ]
    return Table(tuple(cells), Place(line=line), trust)


def merged(*cells: tuple[str, int, int, int, int]) -> Table:
    """A table of (text, row, column, row span, column span) with known columns."""
    made = tuple(
        Cell(text, row, column, row_span, column_span) for text, row, column, row_span, column_span in cells
    )
    return Table(made, Place(page=1), ColumnTrust.KNOWN)


def paragraph(text: str) -> Paragraph:
    return Paragraph((Run(text, Place()),))


def read(*blocks: Block) -> PerformanceRecords:
    return recognise_performance(Document("d", "d.txt", "0" * 64, "text", blocks))


def names(records: PerformanceRecords) -> list[str | None]:
    return [indicator.level3 for indicator in records.indicators]
