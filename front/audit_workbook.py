"""The audit sheet as an Excel workbook: the lines, the summary, the rules in words."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from fiscalgraph.audit_sheet import count_rows, line_columns, line_rows, rule_rows, summary_rows
from fiscalgraph.language import text
from fiscalgraph.output import SheetLayout, write_workbook

if TYPE_CHECKING:
    from fiscalgraph.api.audit_lines import AuditSheet

__all__ = ["write_audit_workbook"]

_LINE_WIDTHS = (6, 28, 10, 18, 46, 16, 8, 16, 8, 8, 14, 10, 10, 44, 10, 44, 50, 24, 50)
_WRAPPED = frozenset((1, 3, 4, 13, 15, 16, 17, 18))
_RIGHT = frozenset((0, 5, 7, 10))


def write_audit_workbook(sheet: AuditSheet, path: Path) -> None:
    """Write the workbook; the same sheet gives the same bytes.

    Raises ``ValueError`` when a cell would not hold all its text.
    """
    columns, documents = summary_rows(sheet)
    counted, by_check = count_rows(sheet)
    rules, in_words = rule_rows(sheet.rules)
    numbers = frozenset(range(4, len(columns)))
    write_workbook(
        path,
        {
            text("lines", "核对结果"): (line_columns(), line_rows(sheet.lines)),
            text("summary", "汇总"): (columns, documents),
            text("checks", "各项核对"): (counted, by_check),
            text("rules", "规则说明"): (rules, in_words),
        },
        {
            text("lines", "核对结果"): SheetLayout(
                _LINE_WIDTHS, wrapped=_WRAPPED, right=_RIGHT, filtered=True
            ),
            text("summary", "汇总"): SheetLayout(
                (36, 28, 12, 8, *(10 for _ in numbers)), right=numbers, filtered=True
            ),
            text("checks", "各项核对"): SheetLayout(
                (30, *(10 for _ in counted[1:])), right=frozenset(range(1, len(counted)))
            ),
            text("rules", "规则说明"): SheetLayout((28, 110, 30), wrapped=frozenset((1,))),
        },
    )
