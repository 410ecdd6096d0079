"""The audit sheet as one HTML file that needs nothing else: to be read on a screen or printed."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from html import escape
from typing import TYPE_CHECKING, Any, Final

from fiscalgraph.audit_sheet import (
    count_rows,
    operand_text,
    quote_of,
    rule_rows,
    rule_title,
    summary_rows,
    verdict_name,
    where,
)
from fiscalgraph.language import text

if TYPE_CHECKING:
    from fiscalgraph.api.audit_lines import AuditLine, AuditSheet, AuditSide

__all__ = ["audit_page"]

_FIGURE: Final = re.compile(r"[-+]?\d+(?:\.\d+)?")
_STYLE: Final = """
:root { color-scheme: light; --ink: #1d2430; --quiet: #5b6675; --line: #d6dce4; --wash: #f5f7fa; }
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 1500px; padding: 24px; color: var(--ink); background: #fff;
  font: 14px/1.55 "Noto Sans SC", "Source Han Sans SC", "PingFang SC", "Microsoft YaHei", sans-serif; }
h1 { font-size: 22px; margin: 0 0 4px; } h2 { font-size: 17px; margin: 28px 0 8px; }
p { margin: 4px 0; } .quiet { color: var(--quiet); }
table { border-collapse: collapse; width: 100%; }
th, td { border: 1px solid var(--line); padding: 6px 8px; vertical-align: top; text-align: left; }
th { background: var(--wash); font-weight: 600; white-space: nowrap; }
td.figure, th.figure { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
table.lines { table-layout: fixed; }
.lines td { overflow-wrap: anywhere; }
.printed { font-size: 16px; font-weight: 600; font-variant-numeric: tabular-nums; }
blockquote { margin: 4px 0 0; padding: 2px 0 2px 8px; border-left: 3px solid var(--line);
  color: var(--quiet); }
mark { background: #ffe9a8; color: inherit; padding: 0 1px; }
.verdict { display: inline-block; border-radius: 3px; padding: 0 6px; font-weight: 600; white-space: nowrap;
  border: 1px solid currentColor; }
.contradicts { color: #a3171f; } .questionable { color: #8a4b00; } .scope_differs { color: #5b3d99; }
.rounding, .cannot_tell { color: var(--quiet); } .agrees { color: #1c6b3a; }
details { margin-top: 4px; } summary { cursor: pointer; color: var(--quiet); }
ol.operands { margin: 4px 0; padding-left: 20px; }
@media print {
  @page { size: A4 landscape; margin: 12mm; }
  body { padding: 0; max-width: none; font-size: 10.5px; } .printed { font-size: 12px; }
  thead { display: table-header-group; } tr, blockquote { break-inside: avoid; } h2 { break-after: avoid; }
}
"""


def audit_page(sheet: AuditSheet) -> str:
    """The whole sheet: summary, lines (each with both places, the figure marked in its words), rules."""
    return "\n".join(_parts(sheet)) + "\n"


def _parts(sheet: AuditSheet) -> Iterator[str]:
    title = text("Audit sheet", "核对底稿")
    yield "<!DOCTYPE html>"
    yield f'<html lang="{text("en", "zh-CN")}"><head><meta charset="utf-8">'
    yield '<meta name="viewport" content="width=device-width, initial-scale=1">'
    yield f"<title>{title}</title><style>{_STYLE}</style></head><body>"
    yield f"<h1>{title}</h1>"
    figures = sum(each.figures for each in sheet.documents)
    confirmed = sum(each.confirmed for each in sheet.documents)
    contested = sum(each.contested for each in sheet.documents)
    told = text(
        f"{len(sheet.documents)} documents; of {figures} figures in tables {confirmed} are confirmed by at "
        f"least one check, {contested} are contested, {figures - confirmed - contested} are unchecked.",
        f"{len(sheet.documents)} 份文件；表内数字 {figures} 个，其中至少一项核对相符的 {confirmed} 个，"
        f"存在矛盾的 {contested} 个，未核对的 {figures - confirmed - contested} 个。",
    )
    yield f'<p class="quiet">{escape(told)}</p>'
    yield f"<h2>{text('Summary by document', '分文件汇总')}</h2>"
    yield from _table(*summary_rows(sheet), figures_from=3)
    yield f"<h2>{text('Lines', '核对结果')}（{len(sheet.lines)}）</h2>"
    if sheet.lines:
        yield from _lines(sheet.lines)
    else:
        yield f"<p>{text('There is nothing to look at.', '没有需要查看的核对结果。')}</p>"
    yield f"<h2>{text('Comparisons by check', '各项核对次数')}</h2>"
    yield from _table(*count_rows(sheet), figures_from=1)
    yield f"<h2>{text('Rules', '规则说明')}</h2>"
    columns, rows = rule_rows(sheet.rules)
    yield from _table(columns[:2], [row[:2] for row in rows], figures_from=2)
    yield "</body></html>"


def _table(columns: Sequence[str], rows: Sequence[Sequence[Any]], figures_from: int) -> Iterator[str]:
    def cell(tag: str, place: int, value: Any) -> str:
        kind = ' class="figure"' if place >= figures_from else ""
        return f"<{tag}{kind}>{'' if value is None else escape(str(value))}</{tag}>"

    head = "".join(cell("th", place, value) for place, value in enumerate(columns))
    yield f"<table><thead><tr>{head}</tr></thead><tbody>"
    for row in rows:
        yield f"<tr>{''.join(cell('td', place, value) for place, value in enumerate(row))}</tr>"
    yield "</tbody></table>"


def _lines(lines: Sequence[AuditLine]) -> Iterator[str]:
    widths = (4, 9, 25, 25, 25, 12)
    heads = (
        text("no.", "序号"),
        text("verdict", "结论"),
        text("what was compared", "核对内容"),
        text("left", "左方"),
        text("right", "右方"),
        text("difference", "差额"),
    )
    yield '<table class="lines"><colgroup>'
    yield "".join(f'<col style="width:{width}%">' for width in widths) + "</colgroup>"
    yield f"<thead><tr>{''.join(f'<th>{head}</th>' for head in heads)}</tr></thead><tbody>"
    for number, line in enumerate(lines, start=1):
        difference = "" if line.difference is None else f"{line.difference:f}{line.unit or ''}"
        documents = " ↔ ".join(line.documents)
        yield f'<tr id="line-{number}"><td class="figure">{number}</td>'
        yield f'<td><span class="verdict {line.verdict}">{verdict_name(line.verdict)}</span></td>'
        yield (
            f"<td><strong>{escape(rule_title(line.check))}</strong><br>{escape(line.detail)}"
            f'<br><span class="quiet">{escape(documents)}</span></td>'
        )
        for side in (line.left, line.right):
            yield f"<td>{_side(side, several=len(line.documents) > 1)}</td>"
        yield f'<td class="figure">{escape(difference)}</td></tr>'
    yield "</tbody></table>"


def _side(side: AuditSide, *, several: bool) -> str:
    printed = escape(side.printed) or text("(nothing)", "（无）")
    mark = f' <span class="quiet">{text("computed", "计算所得")}</span>' if side.computed else ""
    parts = [f'<span class="printed">{printed}</span>{mark}']
    if side.place is not None:
        document = f"{escape(side.place.document)} " if several else ""
        parts.append(f'<br><span class="quiet">{document}{escape(where(side.place))}</span>')
        parts.append(f"<blockquote>{_marked(quote_of(side.place), side)}</blockquote>")
    quote = quote_of(side.place)
    if len(side.operands) == 1 and side.operands[0].printed not in quote.replace(",", ""):
        # The place is that of a table's row, whose first cell is quoted: say what the row prints.
        parts.append(f'<br><span class="quiet">{escape(operand_text(side.operands[0]))}</span>')
    if len(side.operands) > 1:
        count = text(f"{len(side.operands)} figures", f"共 {len(side.operands)} 个数字")
        items = "".join(f"<li>{escape(operand_text(operand))}</li>" for operand in side.operands)
        parts.append(f'<details><summary>{count}</summary><ol class="operands">{items}</ol></details>')
    return "".join(parts)


def _marked(quote: str, side: AuditSide) -> str:
    """The words, escaped, with the printed figure marked where it stands among them."""
    figure = None if side.computed else _FIGURE.search(side.printed.replace(",", ""))
    if figure is None:
        return escape(quote)
    whole, dot, part = figure[0].partition(".")
    # Documents group the digits by thousands or not: the record holds them without.
    digits = "[,，]?".join(map(re.escape, whole)) + re.escape(dot + part)
    pieces, end = [], 0
    for found in re.finditer(rf"(?<![\d.,]){digits}(?![\d.]*\d)", quote):
        pieces += [escape(quote[end : found.start()]), f"<mark>{escape(found[0])}</mark>"]
        end = found.end()
    return "".join(pieces) + escape(quote[end:])
