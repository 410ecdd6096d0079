"""The columns of the hits of a search in CSV files and workbooks."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from fiscalgraph.language import text

if TYPE_CHECKING:
    from fiscalgraph.output import SheetLayout

__all__ = ["HIT_COLUMNS", "headings", "layout"]

HIT_COLUMNS = (
    "rank",
    "department",
    "whole",
    "region",
    "level",
    "year",
    "document",
    "disclosure",
    "kind",
    "project",
    "indicator",
    "code",
    "text",
    "score",
    "probability",
    "similar",
    "found_by",
    "shared",
    "places",
    "used_by_departments",
    "used_in_years",
    "amount",
    "score_lost",
    "page",
    "line",
    "quote",
    "passage",
)
"""One line a hit, in CSV and Excel; grouped by department, ``count`` stands behind ``rank``."""

_HEADINGS = {
    "rank": "序号",
    "count": "相近表述条数",
    "department": "部门",
    "whole": "所属部门",
    "region": "地区",
    "level": "政府层级",
    "year": "年度",
    "document": "文件",
    "disclosure": "公开类型",
    "kind": "类别",
    "project": "项目",
    "indicator": "指标",
    "code": "科目编码",
    "text": "表述",
    "score": "得分",
    "probability": "说同一问题的可能性",
    "similar": "达到相似门槛",
    "found_by": "由何找到",
    "shared": "共有的词句",
    "places": "出处数",
    "used_by_departments": "说法几乎相同的其他部门数",
    "used_in_years": "其他年度数",
    "amount": "涉及金额（元）",
    "score_lost": "扣分",
    "page": "页",
    "line": "行",
    "quote": "原文",
    "passage": "表述（IRI）",
}
_WIDTH = 14  # of a column of the workbook, in characters
_WIDTHS = {
    "department": 24,
    "whole": 24,
    "document": 28,
    "project": 28,
    "indicator": 28,
    "text": 60,
    "quote": 60,
    "passage": 40,
}


def headings(columns: Sequence[str]) -> tuple[str, ...]:
    """The columns of a workbook in words; in English the names are those of the CSV file."""
    return tuple(text(name, _HEADINGS[name]) for name in columns)


def layout(columns: Sequence[str]) -> SheetLayout:
    """Wide columns for what is long, amounts with their thousands apart, filters in the header."""
    from fiscalgraph.output import SheetLayout

    widths = tuple(_WIDTHS.get(name, _WIDTH) for name in columns)
    return SheetLayout(
        widths,
        wrapped=frozenset(place for place, width in enumerate(widths) if width > _WIDTH),
        money=frozenset({columns.index("amount")}),
        filtered=True,
    )
