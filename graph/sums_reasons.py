"""The words of sums, in Chinese and English: why one is refused, what to know about an answer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from fiscalgraph.graph.sums_request import Note

__all__ = ["note"]

_TEXTS: Final[Mapping[str, tuple[str, str]]] = {
    # refusals
    "mixed_years": (
        "涉及多个年度（{values}），不同年度不得相加。请按年度分列，或只取一个年度。",
        "Several fiscal years ({values}) must not be added. Group by year, or restrict to one.",
    ),
    "mixed_phases": (
        "涉及多个预算阶段（{values}）：同一笔钱先列预算、后列决算，不得相加。请按阶段分列，或只取一个阶段。",
        "Several budget phases ({values}): the same money is budgeted first and executed later. Group by "
        "phase, or restrict to one.",
    ),
    "mixed_scopes": (
        "涉及多个资金口径（{values}）：全部资金包含财政拨款，财政拨款包含一般公共预算等，相加会重复计算。请只取一个口径，或按口径分列。",
        "Several fund scopes ({values}): all funds contain the fiscal appropriation, which contains the "
        "general public budget; added they count money twice. Restrict to one, or group by scope.",
    ),
    "two_economic_schemes": (
        "部门经济分类（3 开头）与政府经济分类（5 开头）是同一笔钱的两种分类，不得并用。请分别汇总。",
        "The economic classifications of departments (3…) and of governments (5…) are two views of the same "
        "money. Ask for one of them.",
    ),
    "two_classifications": (
        "功能分类与经济分类是同一笔钱的两种切法，公开表很少交叉列示，不得并用。请分别汇总。",
        "Functional and economic classification are two cuts of the same money, which tables do not cross. "
        "Ask for one of them.",
    ),
    "part_of_expenditure": (
        "“三公”经费已包含在支出之内，不是另一笔钱，不能在支出里分列。请把它作为单独的汇总对象。",
        "The “three publics” are part of the expenditure, not money beside it. Ask for them as a measure of "
        "their own.",
    ),
    "not_of_measure": (
        "{measure}没有按“{values}”列示，不能这样汇总。",
        "{measure} is not stated by {values}.",
    ),
    "part_and_whole": (
        "所选的值中有的是另一个的组成部分（{values}），相加会重复计算。请只取整体或只取部分。",
        "Some of the values are parts of another ({values}): added they count money twice. Take the whole or "
        "the parts.",
    ),
    "department_and_units": (
        "{values}：部门的数字已包含所属单位和本级，相加会重复计算。请只取部门，或只取单位，或按部门（单位）分列。",
        "{values}: a department's figures contain those of its units and head office. Take the department or "
        "the units, or group by organization.",
    ),
    "internal_flows": (
        "同一部门的多个单位之间有内部往来（{values}），相加会把同一笔钱计两次。请改用替代请求，把往来排除在外。",
        "Units of one department pay each other ({values}); adding them counts that money twice. The "
        "alternative leaves such flows out.",
    ),
    # notes
    "no_figures": ("没有符合条件的数字。", "No figure matches."),
    "implied": (
        "{dimension}未指定，符合条件的数字只有“{values}”。",
        "{dimension} was not given; all figures that match are of {values}.",
    ),
    "year_total_withheld": ("各年度不得相加，故不给总计。", "Years are not added: there is no total."),
    "phase_total_withheld": ("各阶段不得相加，故不给总计。", "Phases are not added: there is no total."),
    "scope_total_withheld": (
        "各口径互相包含，故不给总计。",
        "Scopes contain one another: there is no total.",
    ),
    "same_money_total_withheld": (
        "有的钱在不止一行中列示（多份文件、部门与单位），故不给总计。",
        "Some money is stated in more than one row (several documents, a department and its units): there is "
        "no total.",
    ),
    "units_in_place": (
        "下列单位所属的部门没有数字，以单位自己的数字计入，不代表整个部门：{values}。",
        "Counted from their own figures, since the department they belong to gives none (they are not the "
        "whole of it): {values}.",
    ),
    "head_office_only": (
        "只有本级的数字，不含所属单位：{values}。",
        "Head office only, without the units: {values}.",
    ),
    "undivided": (
        "{number} 个数字没有细分到所问的层级，单列在未细分的行：{values}。",
        "{number} figures are not broken down to that level and stand in rows of their own: {values}.",
    ),
    "parts_differ": (
        "印出的合计与其下级之和不符，故本结果与上一级相差：{values}。",
        "Printed totals differ from the sum of their parts, so that this differs from the coarser sum: "
        "{values}.",
    ),
    "differs": (
        "所取的表与同一文件收支总表的合计数不一致：{values}。",
        "The table taken differs from the grand total that the same document prints: {values}.",
    ),
    "types_differ": (
        "各支出类型之和与合计数不符：{values}。",
        "The expenditure types do not add up to the total: {values}.",
    ),
    # why an organisation is missing
    "no_disclosure": (
        "没有该年度的相应公开文件。",
        "No disclosure of that year and kind.",
    ),
    "phase_unsaid": (
        "表中没有写明是哪个预算阶段。",
        "Its tables do not say which phase they mean.",
    ),
    "other_phase": ("只有其他阶段的数字（{values}）。", "It has figures of other phases only ({values})."),
    "other_scope": ("只有其他口径的数字（{values}）。", "It has figures of other scopes only ({values})."),
    "other_type": (
        "这种细分只有分类型的数字（{values}）。",
        "It has this breakdown by type only ({values}).",
    ),
    "not_broken_down": ("没有按此分类列示的表。", "None of its tables has this breakdown."),
    "no_table": ("没有读出可用的表。", "No usable table was read."),
}
_SHOWN = 12


def note(code: str, **words: str | int | Sequence[str] | Mapping[str, Sequence[str]]) -> Note:
    """The note of that code. Lists of words are joined, long ones cut with their number; a mapping has the
    words of each language (``zh``, ``en``)."""
    zh, en = _TEXTS[code]
    return Note(
        code,
        zh.format(**{name: _joined(value, "zh", "、", "等 {} 项") for name, value in words.items()}),
        en.format(**{name: _joined(value, "en", ", ", " … ({} in all)") for name, value in words.items()}),
    )


def _joined(
    value: str | int | Sequence[str] | Mapping[str, Sequence[str]], language: str, comma: str, more: str
) -> str:
    if isinstance(value, Mapping):
        return _joined(value[language], language, comma, more)
    if isinstance(value, (str, int)):
        return str(value)
    shown = comma.join(value[:_SHOWN])
    return shown if len(value) <= _SHOWN else shown + more.format(len(value))
