"""The audit sheet (核对底稿) in words: its columns, verdicts and places, on the screen and as CSV."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

from fiscalgraph.graph.workbooks import plain_cell
from fiscalgraph.language import text
from fiscalgraph.output import console, place

if TYPE_CHECKING:
    from fiscalgraph.api.audit_lines import AuditLine, AuditSheet, AuditSide, Operand, Place
    from fiscalgraph.ontology.checks import CheckRule

__all__ = [
    "count_rows",
    "line_columns",
    "line_rows",
    "operand_text",
    "print_sheet",
    "quote_of",
    "rule_rows",
    "rule_title",
    "sheet_csv",
    "summary_rows",
    "verdict_name",
    "where",
]

_MOST_OPERANDS = 12  # addends on the screen; files hold all
_LONGEST_QUOTE = 160  # characters on the screen; files hold the whole


def verdict_name(verdict: str) -> str:
    """A verdict in words."""
    names = {
        "contradicts": text("contradicts", "矛盾"),
        "questionable": text("questionable", "存疑"),
        "scope_differs": text("scope differs", "口径不同，待核"),
        "rounding": text("rounding", "尾数差"),
        "cannot_tell": text("cannot tell", "无法判断"),
        "agrees": text("agrees", "一致"),
    }
    return names[verdict]


def rule_title(rule: CheckRule) -> str:
    """A check's name in words."""
    return text(rule.title_en, rule.title_zh)


def where(found: Place | None) -> str:
    """A place in words, without its document."""
    if found is None:
        return ""
    mark = text(" (recognised)", "（识别所得）") if found.recognised else ""
    return place(found.page, found.line) + mark


def quote_of(found: Place | None) -> str:
    """The words that stand at a place."""
    return "" if found is None else found.quote


def operand_text(operand: Operand) -> str:
    """An operand in one line: what it is called, what is printed, where."""
    value = f"{operand.printed}{operand.unit or ''}"
    named = operand.name if operand.name != operand.printed else ""
    return " ".join(part for part in (named, value, where(operand.place)) if part)


def line_columns() -> tuple[str, ...]:
    """The headings of :func:`line_rows`."""
    return (
        text("no.", "序号"),
        text("document", "文件"),
        text("verdict", "结论"),
        text("check", "核对项目"),
        text("what was compared", "核对内容"),
        text("left", "左方"),
        text("unit of left", "左方单位"),
        text("right", "右方"),
        text("unit of right", "右方单位"),
        text("right is", "右方性质"),
        text("difference", "差额"),
        text("unit of difference", "差额单位"),
        text("place of left", "左方出处"),
        text("quote of left", "左方原文"),
        text("place of right", "右方出处"),
        text("quote of right", "右方原文"),
        text("all figures compared", "参与核对的全部数字"),
        text("other document", "对方文件"),
        text("rule", "规则"),
    )


def line_rows(lines: Iterable[AuditLine]) -> Iterator[list[Any]]:
    """The lines, numbered from 1, in the order of :func:`line_columns`."""
    for number, line in enumerate(lines, start=1):
        operands = [operand_text(operand) for side in (line.left, line.right) for operand in side.operands]
        yield [
            number,
            line.documents[0],
            verdict_name(line.verdict),
            rule_title(line.check),
            line.detail,
            line.left.printed,
            line.left.unit,
            line.right.printed,
            line.right.unit,
            text("computed", "计算") if line.right.computed else text("printed", "印出"),
            line.difference,
            line.unit,
            where(line.left.place),
            quote_of(line.left.place),
            where(line.right.place),
            quote_of(line.right.place),
            "\n".join(operands),
            "".join(line.documents[1:]),
            text(line.check.rule_en, line.check.rule_zh),
        ]


def summary_rows(sheet: AuditSheet) -> tuple[tuple[str, ...], list[list[Any]]]:
    """Columns and rows: the documents by verdict, and how many of their figures are confirmed, contested
    or unchecked; then the checks between documents."""
    from fiscalgraph.api.audit_lines import VERDICTS

    columns = (
        text("document", "文件"),
        text("issuer", "发布单位"),
        text("kind", "类型"),
        text("year", "年度"),
        *map(verdict_name, VERDICTS),
        text("figures", "表内数字"),
        text("confirmed", "已核实"),
        text("contested", "有矛盾"),
        text("unchecked", "未核对"),
    )
    rows: list[list[Any]] = [
        [
            each.document,
            each.issuer,
            each.kind,
            each.fiscal_year,
            *(each.of(verdict) for verdict in VERDICTS),
            each.figures,
            each.confirmed,
            each.contested,
            each.unchecked,
        ]
        for each in sheet.documents
    ]
    if sheet.between:
        counts = [
            sum(count for (_, found), count in sheet.between.items() if found == verdict)
            for verdict in VERDICTS
        ]
        rows.append([text("between documents", "文件之间"), "", "", None, *counts, None, None, None, None])
    return columns, rows


def count_rows(sheet: AuditSheet) -> tuple[tuple[str, ...], list[list[Any]]]:
    """Columns and rows: how many comparisons each check made, by verdict."""
    from fiscalgraph.api.audit_lines import VERDICTS

    columns = (text("check", "核对项目"), *map(verdict_name, VERDICTS))
    return columns, [
        [rule_title(rule), *(sheet.count(rule.name, verdict) for verdict in VERDICTS)] for rule in sheet.rules
    ]


def rule_rows(rules: Iterable[CheckRule]) -> tuple[tuple[str, ...], list[list[Any]]]:
    """Columns and rows: the rules in words."""
    columns = (text("check", "核对项目"), text("rule", "规则"), text("name", "名称"))
    return columns, [[rule_title(rule), text(rule.rule_en, rule.rule_zh), rule.name] for rule in rules]


def sheet_csv(sheet: AuditSheet) -> str:
    """The lines as CSV; text that a spreadsheet would take for a formula has an apostrophe before it."""
    buffer = io.StringIO()
    writer = csv.writer(buffer)
    writer.writerow(line_columns())
    for row in line_rows(sheet.lines):
        writer.writerow([plain_cell(value) for value in row])
    return buffer.getvalue()


def print_sheet(sheet: AuditSheet) -> None:
    """The sheet on the screen: counts first, then each line with both places and their words."""
    from fiscalgraph.output import print_table

    columns, rows = summary_rows(sheet)
    print_table(columns, rows)
    out = console()
    counted, by_check = count_rows(sheet)
    print_table(counted, by_check)
    for number, line in enumerate(sheet.lines, start=1):
        name = " ↔ ".join(line.documents)
        out.print(f"{number}. [{verdict_name(line.verdict)}] {rule_title(line.check)}  {name}", style="bold")
        out.print(f"   {line.detail}")
        for label, side in ((text("left", "左方"), line.left), (text("right", "右方"), line.right)):
            out.print(f"   {label} {_side(side, several=len(line.documents) > 1)}")
            for operand in side.operands[:_MOST_OPERANDS] if side.computed else ():
                out.print(f"      · {operand_text(operand)}", style="dim")
            further = len(side.operands) - _MOST_OPERANDS
            if side.computed and further > 0:
                out.print(text(f"      · and {further} more", f"      · 另有 {further} 个"), style="dim")
        if line.difference is not None:
            out.print(f"   {text('difference', '差额')} {line.difference:f}{line.unit or ''}")


def _side(side: AuditSide, *, several: bool) -> str:
    printed = f"{side.printed}{side.unit or ''}" or text("(nothing)", "（无）")
    mark = text(" (computed)", "（计算）") if side.computed else ""
    if side.place is None:
        return f"{printed}{mark}"
    document = f"{side.place.document} " if several else ""
    quote = " ".join(side.place.quote.split())
    quote = quote if len(quote) <= _LONGEST_QUOTE else f"{quote[:_LONGEST_QUOTE]}…"
    return f"{printed}{mark}  {document}{where(side.place)} “{quote}”"
