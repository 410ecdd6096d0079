"""Lists as tables: the columns that each has as CSV and in Excel, and where their values stand in its items.

A column's path leads into an item of the list's JSON: ``document.issuer``. Several values in one place are
written one behind the other.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Final, Literal

from fiscalgraph.api.resources.reading import Graph
from fiscalgraph.ontology.codes import CODES
from fiscalgraph.ontology.terms import SKOS

__all__ = ["LIST_TABLES", "Column", "ListTable", "headings", "rows_of"]

Kind = Literal["text", "number", "money"]

_NUMBER: Final = re.compile(r"-?\d+(\.\d+)?")
_YES: Final = {"zh": ("是", "否"), "en": ("yes", "no")}
_WIDTHS: Final = {"money": 18, "number": 9, "text": 16}


@dataclass(frozen=True, slots=True)
class Column:
    """A column with its headings. ``kind`` number or money: its values are exact figures; else texts.

    ``words`` names the values: the name of a code list, or the names in Chinese and English of each.
    """

    path: str
    zh: str
    en: str
    kind: Kind = "text"
    words: str | Mapping[str, tuple[str, str]] | None = None
    width: int = 0

    @property
    def shown_width(self) -> int:
        """Its width in a sheet, in characters."""
        return self.width or _WIDTHS[self.kind]


@dataclass(frozen=True, slots=True)
class ListTable:
    """The columns of one list; where ``rows`` leads to several members of an item, each has a row, and an
    item without any has one too. ``name`` is that of the file."""

    name: str
    columns: tuple[Column, ...]
    rows: str | None = None
    sheet: tuple[str, str] = field(default=("列表", "list"))


def _amount(path: str, zh: str, en: str) -> tuple[Column, ...]:
    """An amount in 元 and, beside it, what is printed."""
    return (
        Column(f"{path}.amount", f"{zh}（元）", f"{en} (yuan)", "money"),
        Column(f"{path}.printed", f"{zh}（原文）", f"{en} (printed)"),
        Column(f"{path}.unit", f"{zh}单位", f"{en} unit", width=8),
    )


def _document(path: str = "document") -> tuple[Column, ...]:
    return (
        Column(f"{path}.issuer", "公开单位", "issuer", width=24),
        Column(f"{path}.fiscal_year", "年度", "fiscal year", "number"),
        Column(f"{path}.kind", "公开类型", "kind", "text", "disclosure kind", 12),
    )


def _place(path: str = "source", zh: str = "出处", en: str = "source") -> tuple[Column, ...]:
    """Where it is printed, in the document's words."""
    inner = f"{path}." if path else ""
    return (
        Column(f"{inner}document", f"{zh}文件", f"{en} document", width=28),
        Column(f"{inner}page", f"{zh}页", f"{en} page", "number"),
        Column(f"{inner}line", f"{zh}行", f"{en} line", "number"),
        Column(f"{inner}quote", f"{zh}原文", f"{en} quote", width=50),
    )


_IRI: Final = Column("iri", "标识符（IRI）", "IRI", width=30)
_URL: Final = Column("url", "地址", "address", width=30)


def _reported(path: str) -> tuple[Column, ...]:
    """What a document reports of a project, and where."""
    return (
        *_document(f"{path}.document"),
        *_amount(f"{path}.budget_initial", "年初预算数", "initial budget"),
        *_amount(f"{path}.budget_full", "全年预算数", "full-year budget"),
        *_amount(f"{path}.executed", "全年执行数", "executed"),
        Column(f"{path}.executed_percent", "执行率（计算，%）", "executed, computed (%)", "number"),
        Column(f"{path}.printed_rate", "执行率（原文）", "execution rate (printed)"),
        Column(f"{path}.score", "自评得分", "score", "number"),
        *_place(f"{path}.source"),
    )


_ORGANIZATIONS: Final = {
    "department": ("部门", "department"),
    "unit": ("所属单位", "unit"),
    "head_office": ("本级", "head office"),
    "division": ("内设机构", "division"),
}
_CODE_LISTS: Final = {
    "functional": ("支出功能分类", "functional"),
    "department-economic": ("部门预算支出经济分类", "departmental economic"),
    "government-economic": ("政府预算支出经济分类", "government economic"),
}
_COVERAGE: Final = (
    ("pages_read", "已读页数", "pages read"),
    ("tables", "表格数", "tables"),
    ("tables_read", "已读表格数", "tables read"),
    ("cells", "单元格数", "cells"),
    ("cells_read", "已读单元格数", "cells read"),
    ("paragraphs", "段落数", "paragraphs"),
    ("paragraphs_read", "已读段落数", "paragraphs read"),
)
_FOUND_BY: Final = {
    "words": ("字面", "words"),
    "vectors": ("语义", "meaning"),
    "both": ("字面和语义", "words and meaning"),
}


def _value(path: str, zh: str, en: str) -> tuple[Column, ...]:
    """A target or an actual value: as printed, and what can be computed with."""
    return (
        Column(f"{path}.printed", zh, en, width=20),
        Column(f"{path}.comparator", f"{zh}：关系", f"{en}: comparator", width=8),
        Column(f"{path}.number", f"{zh}：数值", f"{en}: number", "number"),
        Column(f"{path}.upper", f"{zh}：上限", f"{en}: upper bound", "number"),
        Column(f"{path}.unit", f"{zh}：单位", f"{en}: unit", width=8),
        Column(f"{path}.date", f"{zh}：日期", f"{en}: date", width=12),
    )


def _side(path: str, zh: str, en: str) -> tuple[Column, ...]:
    """A side of a comparison: what is printed, and where, itself or its addends."""
    return (
        Column(f"{path}.printed", zh, en, width=20),
        Column(f"{path}.unit", f"{zh}：单位", f"{en}: unit", width=8),
        Column(f"{path}.computed", f"{zh}：由程序计算", f"{en}: computed", width=8),
        *_place(f"{path}.place", f"{zh}：", f"{en}:"),
        Column(f"{path}.operands.printed", f"{zh}：参与计算的数", f"{en}: operands", width=30),
        Column(f"{path}.operands.place.page", f"{zh}：这些数的页码", f"{en}: their pages", width=12),
    )


def _hit(path: str) -> tuple[Column, ...]:
    """A hit of a search with its passage."""
    inner = f"{path}." if path else ""
    passage = f"{inner}passage"
    return (
        Column(f"{passage}.text", "表述", "statement", width=60),
        Column(f"{passage}.kind", "类别", "kind", "text", "passage kind"),
        Column(f"{passage}.department", "公开单位", "department", width=24),
        Column(f"{passage}.region", "地区", "region"),
        Column(f"{passage}.fiscal_year", "年度", "fiscal year", "number"),
        Column(f"{passage}.project", "项目", "project", width=26),
        Column(f"{passage}.amount", "所涉金额（元）", "amount at stake (yuan)", "money"),
        Column(f"{passage}.score_lost", "扣分", "points lost", "number"),
        Column(f"{inner}score", "得分", "score", "number"),
        Column(f"{inner}similarity", "相似度", "similarity", "number"),
        Column(f"{inner}similar", "达到相似阈值", "similar", width=8),
        Column(f"{inner}probability", "同一问题的概率", "probability of the same issue", "number"),
        Column(f"{inner}why.found_by", "由何找到", "found by", "text", _FOUND_BY),
        Column(f"{inner}used_by_departments", "另有部门数用近似文字", "others with these words", "number"),
        *_place(passage),
        Column(f"{passage}.iri", "标识符（IRI）", "IRI", width=30),
    )


_TABLES: Final = (
    ListTable(
        "departments",
        (
            Column("name", "名称", "name", width=30),
            Column("kind", "类别", "kind", "text", _ORGANIZATIONS),
            Column("level", "政府层级", "level of government", "text", "government level"),
            Column("region.name", "地区", "region"),
            Column("whole.name", "所属部门", "belongs to", width=24),
            Column("documents", "文件数", "documents", "number"),
            Column("years", "年度", "years"),
            _URL,
            _IRI,
        ),
        sheet=("部门", "departments"),
    ),
    ListTable(
        "projects",
        (
            Column("name", "项目", "project", width=34),
            Column("department.name", "主管部门", "department", width=24),
            Column("implementing_unit.name", "实施单位", "implementing unit", width=24),
            *_reported("reports"),
            _URL,
            _IRI,
        ),
        rows="reports",
        sheet=("项目", "projects"),
    ),
    ListTable(
        "project",
        (
            Column("name", "项目", "project", width=34),
            Column("department.name", "主管部门", "department", width=24),
            Column("entries.implementing_unit", "实施单位", "implementing unit", width=24),
            *_reported("entries"),
            _IRI,
        ),
        rows="entries",
        sheet=("项目", "project"),
    ),
    ListTable(
        "indicators",
        (
            Column("name", "指标", "indicator", width=30),
            Column("level1", "一级指标", "level 1"),
            Column("level2", "二级指标", "level 2"),
            Column("level3", "三级指标", "level 3", width=30),
            *_value("target", "指标值", "target"),
            *_value("actual", "完成值", "actual value"),
            Column("achievement_ratio", "完成程度（1 为达标）", "achievement (1: reached)", "number"),
            Column("achieved", "是否达标", "achieved", width=8),
            Column("weight", "分值", "weight", "number"),
            Column("score", "得分", "score", "number"),
            Column("reason", "偏差原因", "reason", width=40),
            Column("project_name", "项目", "project", width=30),
            Column("department.name", "部门", "department", width=24),
            *_document(),
            *_place(),
            _IRI,
        ),
        sheet=("绩效指标", "indicators"),
    ),
    ListTable(
        "laws",
        (
            Column("title", "名称", "title", width=50),
            Column("document_number", "文号", "document number", width=24),
            Column("departments", "引用部门数", "departments", "number"),
            Column("documents", "引用文件数", "documents", "number"),
            Column("mentions", "引用次数", "mentions", "number"),
            _URL,
            _IRI,
        ),
        sheet=("法规文件", "laws"),
    ),
    ListTable(
        "classification",
        (
            Column("list", "科目体系", "list", "text", _CODE_LISTS, 24),
            Column("code", "编码", "code", width=10),
            Column("name", "名称", "name", width=34),
            Column("years", "见于年度", "years", width=30),
            _URL,
            _IRI,
        ),
        sheet=("科目", "codes"),
    ),
    ListTable(
        "documents",
        (
            Column("document", "文件", "document", width=34),
            Column("same_disclosure", "同一公开的其他文件", "other documents of the disclosure", width=34),
            Column("issuer", "公开单位", "issuer", width=26),
            Column("kind", "公开类型", "kind", "text", "disclosure kind", 12),
            Column("fiscal_year", "年度", "fiscal year", "number"),
            Column("amount_unit", "金额单位", "unit of amounts", width=8),
            Column("pages", "页数", "pages", "number"),
            *(Column(f"coverage.{name}", zh, en, "number") for name, zh, en in _COVERAGE),
            Column("contradictions", "矛盾数", "contradictions", "number"),
            Column("problems", "未能读取之处", "problems", width=50),
            Column("sha256", "SHA-256", "SHA-256", width=20),
            _URL,
            _IRI,
        ),
        sheet=("文件", "documents"),
    ),
    ListTable(
        "checks",
        (
            Column("verdict", "结论", "verdict", "text", "verdict", 12),
            Column("check", "核对规则", "check", width=24),
            Column("kind", "矛盾类型", "kind", "text", "contradiction kind"),
            Column("detail", "说明", "detail", width=50),
            *_side("left", "左方", "left"),
            *_side("right", "右方", "right"),
            Column("difference", "差额", "difference", "number", width=14),
            Column("unit", "差额单位", "difference unit", width=8),
            Column("documents", "文件", "documents", width=34),
            Column("repeated_in", "同一公开的其他文件也有", "also in", width=34),
            _IRI,
        ),
        sheet=("核对", "checks"),
    ),
    ListTable(
        "check-rules",
        (
            Column("title", "核对规则", "check", width=40),
            Column("rule", "规则", "rule", width=80),
            Column("check", "名称", "name", width=30),
            Column("scope", "范围", "scope"),
            Column("tolerance", "容差", "tolerance"),
            _IRI,
        ),
        sheet=("核对规则", "checks"),
    ),
    ListTable("passages", _hit(""), sheet=("表述", "passages")),
    ListTable(
        "passages-by-department",
        (
            Column("department", "公开单位", "department", width=24),
            Column("count", "相似表述数", "similar statements", "number"),
            *(column for column in _hit("hit") if not column.path.endswith(".department")),
        ),
        sheet=("表述", "passages"),
    ),
)
LIST_TABLES: Final = {table.name: table for table in _TABLES}
"""The tables of lists by their names."""


def headings(table: ListTable, language: str) -> list[str]:
    """The headings in ``language`` (zh or en)."""
    return [column.zh if language == "zh" else column.en for column in table.columns]


def rows_of(
    table: ListTable, items: Iterable[Mapping[str, Any]], graph: Graph, language: str
) -> Iterator[list[Any]]:
    """The rows of items as JSON has them: exact figures as ``Decimal``, everything else as text."""
    naming = [_names(column, graph, language) for column in table.columns]
    paths = [column.path.split(".") for column in table.columns]
    for item in items:
        for row in _members(table, item):
            yield [
                _cell(column, _found(row, path), names, language)
                for column, path, names in zip(table.columns, paths, naming, strict=True)
            ]


def _members(table: ListTable, item: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    if table.rows is None:
        yield item
        return
    for member in item[table.rows] or (None,):
        yield {**item, table.rows: member}


def _found(value: Any, path: list[str]) -> Any:
    """What stands at a path; of several values each."""
    for place, step in enumerate(path):
        if value is None:
            return None
        if isinstance(value, (list, tuple)):
            return [_found(each, path[place:]) for each in value]
        value = value.get(step)
    return value


def _cell(column: Column, value: Any, names: Mapping[str, str], language: str) -> Any:
    if isinstance(value, (list, tuple)):
        told = [_cell(column, each, names, language) for each in value]
        return "、".join(str(each) for each in told if each not in (None, ""))
    if isinstance(value, Mapping):  # a name in both languages
        return value[language]
    if isinstance(value, bool):
        return _YES[language][0 if value else 1]
    if value is None or isinstance(value, int):
        return value
    if column.kind != "text" and _NUMBER.fullmatch(str(value)):
        return Decimal(str(value))
    return names.get(value, value)


def _names(column: Column, graph: Graph, language: str) -> Mapping[str, str]:
    """What the words of a column are called."""
    words = column.words
    if words is None:
        return {}
    if isinstance(words, str):
        nodes = CODES[words]
        return {
            word: graph.facts(node.value).text(SKOS.prefLabel, language) or word
            for word, node in nodes.items()
        }
    return {word: both[0 if language == "zh" else 1] for word, both in words.items()}
