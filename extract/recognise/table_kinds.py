"""What a table of figures is: spending by classification code, a table of totals, or none of these."""

from __future__ import annotations

import re
from collections.abc import Sequence
from enum import StrEnum

from fiscalgraph.extract.tables.columns import Role
from fiscalgraph.extract.tables.header import CODE, CODED_NAME, TOTAL_LABELS, text_of
from fiscalgraph.extract.tables.logical import LogicalTable

__all__ = ["BLANK", "TableKind", "is_fiscal", "table_kind", "why_outside"]

BLANK = frozenset({"", "-", "--", "—", "——", "－", "/", "*", "**"})
_TOTALS_TITLE = re.compile(
    r"收支|收入.*支出|三公|[“\"]三公[”\"]|收入(?:预算|决算)?(?:总|情况|总体)|支出(?:预算|决算)?(?:总表|总体)"
)
_CLASSIFICATION = re.compile(r"分类科目名称|科目名称|分类科目$")
_NOT_FISCAL = re.compile(r"绩效|指标|自评|评价|主管部门及代码|实施单位|总体目标|执行率")
_PURCHASES = re.compile(r"采购|购买服务")
_WARES = re.compile(r"采购|购买服务|规格|型号")
_EVENTS = re.compile(r"(?:会议|培训)(?:费|计划)?(?:明细|计划)?表|会议名称|培训名称")
_BY_PROJECT = re.compile(r"^(?:一级|二级|预算)?项目(?:名称)?$|项目[（(]|[（(]项目[）)]|项目类别")


class TableKind(StrEnum):
    """Which records a table gives."""

    SPENDING = "spending"
    TOTALS = "totals"
    OTHER = "other"


def is_fiscal(table: LogicalTable) -> bool:
    """Whether the title does not say that the table is one of performance."""
    return _NOT_FISCAL.search(table.title or "") is None


def table_kind(table: LogicalTable, roles: Sequence[Role]) -> TableKind:
    """Whether ``table``, whose columns have those ``roles``, gives spending lines, totals or neither."""
    words = "".join("".join(path) for path in table.paths)
    if Role.VALUE not in roles or _NOT_FISCAL.search(words) or not is_fiscal(table):
        return TableKind.OTHER
    if _lists_purchases(table, roles):
        return TableKind.OTHER
    if _is_classified(table, roles):
        return TableKind.SPENDING
    heads = [table.paths[c][-1] for c, role in enumerate(roles) if role is Role.LABEL and table.paths[c]]
    sides = {part for path in table.paths for part in path if part in ("收入", "支出")}
    if len(sides) == 2:
        return TableKind.TOTALS
    if len(heads) == 1 and _CLASSIFICATION.search(heads[0]):
        return TableKind.SPENDING  # 功能分类科目名称 without its code
    return TableKind.TOTALS if _TOTALS_TITLE.search(table.title or "") else TableKind.OTHER


def _lists_purchases(table: LogicalTable, roles: Sequence[Role]) -> bool:
    """Whether each row is a purchase: what is bought stands in a column of its own."""
    texts = (Role.LABEL, Role.NAME, Role.REMARK)
    heads = (table.paths[c][-1] for c, role in enumerate(roles) if role in texts and table.paths[c])
    return any(map(_WARES.search, heads))


def _is_classified(table: LogicalTable, roles: Sequence[Role]) -> bool:
    """Whether a column holds classification codes (a table with no rows but 合计 may yet have had them)."""
    columns = [c for c, role in enumerate(roles) if role in (Role.CODE, Role.CODED_NAME)]
    texts = {text_of(row[c]) for row in table.rows for c in columns} - BLANK - TOTAL_LABELS
    coded = any(
        CODE.fullmatch(text) or CODED_NAME.fullmatch(text) or re.fullmatch(r"\d{1,2}", text) for text in texts
    )
    return bool(columns) and (coded or not texts)


def why_outside(table: LogicalTable, roles: Sequence[Role]) -> str | None:
    """Why no record is for a table of figures that is of neither kind; ``None`` where nothing says so."""
    if Role.VALUE not in roles or not is_fiscal(table):
        return None
    title = table.title or ""
    if _lists_purchases(table, roles) or _PURCHASES.search(title):
        return "a list of purchases (政府采购), for which there is no record type"
    heads = [table.paths[c][-1] for c, role in enumerate(roles) if role is Role.LABEL and table.paths[c]]
    if _EVENTS.search(title) or any(map(_EVENTS.search, heads)):
        return "a list of meetings or courses, for which there is no record type"
    owned = [table.paths[c][-1] for c, role in enumerate(roles) if role is Role.OWNER and table.paths[c]]
    if any(map(_BY_PROJECT.search, (*heads, *owned))):
        return "funds by project or cost without classification codes, for which there is no record type"
    return None
