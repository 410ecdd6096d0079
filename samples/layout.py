"""Layout variants: everything about a document's looks that its facts do not depend on."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random
from typing import Literal

__all__ = ["WORDINGS", "LayoutVariant", "random_layout"]

# Header wordings in use, by meaning. ``LayoutVariant.wording`` picks one of each.
WORDINGS: dict[str, tuple[str, ...]] = {
    "code": ("科目编码", "科目代码", "功能分类科目编码", "支出功能分类科目编码"),
    "name": ("科目名称", "科目名称", "功能分类科目名称"),
    "economic_code": ("科目编码", "科目代码", "经济分类科目编码"),
    "account_amount": ("决算数", "金额"),
    "total": ("合计", "合 计"),
    "grand_total": ("总计", "总 计"),
    "item": ("项目", "项 目"),
    "sides": ("收入|支出", "收 入|支 出"),
    "caption_unit": ("单位：", "金额单位：", "单位:"),
    "caption_issuer": ("部门：", "部门名称：", "公开部门："),
    "target": ("年度指标值", "年度指标值(A)", "指标值", "年初目标值"),
    "actual": ("实际完成值", "实际完成值(B)", "全年完成值", "实际完成"),
    "weight": ("分值", "权重", "分值"),
    "reason": ("偏差原因分析及改进措施", "未完成原因分析", "偏差原因分析及改进措施", "未完成原因和改进措施"),
    "budget_initial": ("年初预算数", "年初预算数", "年初预算"),
    "budget_full": ("全年预算数", "全年预算数(A)", "调整后预算数"),
    "executed": ("全年执行数", "全年执行数(B)", "执行数"),
    "rate": ("执行率", "执行率(%)", "执行率"),
    "fund_total": ("年度资金总额", "年度资金总额："),
    "goal": ("预期目标", "年初预期目标"),
    "achieved": ("实际完成情况", "目标实际完成情况"),
    "vehicles": ("公务用车购置及运行维护费", "公务用车购置及运行费"),
}


@dataclass(frozen=True, slots=True)
class LayoutVariant:
    """How a disclosure is laid out. The defaults are those of a central department's PDF."""

    format: Literal["pdf", "docx", "xlsx", "text"] = "pdf"
    wording: int = 0
    """Which header wordings are used (any number; see :meth:`word`)."""
    line_numbers: bool = True
    """Whether 行次 columns and 栏次 rows are printed."""
    code_columns: Literal["one", "three"] = "one"
    """One 科目编码 column, or 类, 款 and 项 apart."""
    total_first: bool = True
    """Whether the 合计 row stands above the items."""
    total_column_last: bool = False
    """Whether the total column stands right of its parts."""
    level_cells: Literal["merged", "repeated"] = "merged"
    rules: Literal["full", "horizontal", "header", "none"] = "full"
    rule_shape: Literal["line", "rectangle"] = "line"
    """Rules drawn as strokes or as thin filled rectangles."""
    repeat_header: bool = True
    split_rows: bool = True
    """Whether a row may run over a page break."""
    landscape_wide: bool = True
    thousands: bool = True
    zero: Literal["blank", "zero", "dash"] = "blank"
    income_by_code: bool = True
    """Whether a budget's 收入总表 lists classification codes or is one row of sources."""
    all_classes: bool = True
    """Whether a 收支总表 lists every functional class or only those with money."""
    reason_place: Literal["column", "below"] = "column"
    project_amounts_in_yuan: bool = False
    enumeration: Literal["chinese", "arabic", "ordinal", "parenthesis"] = "chinese"
    narrative: int = 0
    tables_first: bool = True
    units_as: Literal["prose", "list", "table"] = "list"
    body_size: float = 14
    table_size: float = 9
    page_header: bool = False
    page_numbers: bool = True
    contents: bool = True
    flattening: Literal["lines", "blanks", "tabs"] = "blanks"
    """Damage of the text kind: one cell a line; cells separated by blanks, the empty ones
    vanished; separated by tabs, merged cells lost."""
    covered_cells_vanish: bool = False
    """In tab-separated text: squares covered by a merged cell vanish, so that columns drift."""
    text_width: int = 30
    """Characters a printed line in flattened text."""
    text_encoding: Literal["utf-8", "gb18030"] = "utf-8"

    def word(self, key: str) -> str:
        """The header wording for a meaning of :data:`WORDINGS`."""
        options = WORDINGS[key]
        spread = sum(key.encode()) % 7 + 1
        return options[(self.wording // spread if self.wording else 0) % len(options)]


def random_layout(random: Random, *, format: str | None = None) -> LayoutVariant:
    """A layout drawn at random; the same state of ``random`` gives the same layout."""
    kinds: tuple[Literal["pdf", "docx", "xlsx", "text"], ...] = ("pdf", "docx", "xlsx", "text")
    drawn = random.choices(kinds, (5, 2, 1, 3))[0]
    chosen = next((kind for kind in kinds if kind == format), drawn)
    return LayoutVariant(
        format=chosen,
        wording=random.randrange(0, 64),
        line_numbers=random.random() < 0.6,
        code_columns="three" if random.random() < 0.2 else "one",
        total_first=random.random() < 0.6,
        total_column_last=random.random() < 0.15,
        level_cells="repeated" if random.random() < 0.2 else "merged",
        rules=random.choices(("full", "horizontal", "header", "none"), (7, 1, 1, 1))[0],
        rule_shape=random.choice(("line", "rectangle")),
        repeat_header=random.random() < 0.6,
        split_rows=random.random() < 0.5,
        landscape_wide=random.random() < 0.6,
        thousands=random.random() < 0.7,
        zero=random.choices(("blank", "zero", "dash"), (6, 2, 1))[0],
        income_by_code=random.random() < 0.5,
        all_classes=random.random() < 0.6,
        reason_place="below" if random.random() < 0.2 else "column",
        project_amounts_in_yuan=random.random() < 0.25,
        enumeration=random.choice(("chinese", "arabic", "ordinal", "parenthesis")),
        narrative=random.randrange(3),
        tables_first=random.random() < 0.7,
        units_as=random.choice(("prose", "list", "table")),
        body_size=random.choice((12, 14, 15, 16)),
        table_size=random.choice((7.5, 8, 9, 10)),
        page_header=random.random() < 0.25,
        page_numbers=random.random() < 0.9,
        contents=random.random() < 0.7,
        flattening=random.choice(("lines", "blanks", "tabs")),
        covered_cells_vanish=random.random() < 0.4,
        text_width=random.choice((26, 30, 34, 40)),
        text_encoding="gb18030" if random.random() < 0.2 else "utf-8",
    )
