"""The command ``check``: the audit sheet (核对底稿) of a workspace, on the screen or as a file."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from fiscalgraph.extract.errors import FiscalgraphError
from fiscalgraph.language import text
from fiscalgraph.options import AsJson, Home, form_to_write, workspace_at

if TYPE_CHECKING:
    from fiscalgraph.api.audit_lines import AuditSheet

__all__ = ["CONTRADICTED", "CannotWriteSheet", "SheetFormat", "check_command", "write_sheet"]

CONTRADICTED = 6
"""The exit code where something contradicts."""


class CannotWriteSheet(FiscalgraphError):
    """The audit sheet cannot be written to a file."""


class SheetFormat(StrEnum):
    """How ``check`` writes the sheet."""

    table = "table"
    csv = "csv"
    json = "json"
    xlsx = "xlsx"
    html = "html"


def check_command(
    documents: Annotated[
        list[str] | None,
        typer.Argument(metavar="DOCUMENT", help=text("Only these documents.", "只看这些文件。")),
    ] = None,
    form: Annotated[
        SheetFormat, typer.Option("--format", "-f", help=text("How to write the sheet.", "输出格式。"))
    ] = SheetFormat.table,
    output: Annotated[
        Path | None,
        typer.Option(
            "--output",
            "--out",
            "-o",
            metavar="FILE",
            help=text("Write to a file (needed for xlsx).", "写入文件（xlsx 必需）。"),
        ),
    ] = None,
    verdict: Annotated[
        list[str] | None,
        typer.Option(
            metavar="VERDICT",
            help=text("Only lines with this verdict (contradicts …).", "只列这种结论（如矛盾），可多次。"),
        ),
    ] = None,
    everything: Annotated[
        bool,
        typer.Option(
            "--all",
            help=text("What agrees or cannot be told as lines too.", "一致的、无法判断的也逐条列出。"),
        ),
    ] = False,
    once: Annotated[
        bool,
        typer.Option(
            "--once",
            help=text(
                "Leave out what another file of the same disclosure has already.",
                "同一份公开材料的其他文件中已有的，不再重复列出。",
            ),
        ),
    ] = False,
    home: Home = None,
    as_json: AsJson = False,
) -> None:
    """Print the audit sheet."""
    from fiscalgraph.api.audit import audit_sheet
    from fiscalgraph.api.audit_lines import DIFFERING, VERDICTS

    form = form_to_write(form, output, as_json)
    workspace = workspace_at(home)
    names = workspace.document_names(documents) if documents else None
    asked: Sequence[str] = [_verdict_named(each) for each in verdict or ()]
    verdicts = asked or (VERDICTS if everything else DIFFERING)
    sheet = audit_sheet(workspace.library().store, names, verdicts=verdicts, once=once)
    write_sheet(sheet, form, output)
    if sheet.count(None, "contradicts"):
        raise typer.Exit(CONTRADICTED)


def _verdict_named(printed: str) -> str:
    """The verdict that is meant by its name, or by the word that the sheet prints for it (矛盾)."""
    from fiscalgraph.api.audit_lines import VERDICTS
    from fiscalgraph.audit_sheet import verdict_name

    words = {verdict_name(verdict): verdict for verdict in VERDICTS}
    if printed in VERDICTS:
        return printed
    if printed in words:
        return words[printed]
    offered = "; ".join(words)
    raise typer.BadParameter(
        text(f"there is no {printed}; choose among {offered}", f"没有“{printed}”；可选 {offered}"),
        param_hint="--verdict",
    )


def write_sheet(sheet: AuditSheet, form: SheetFormat, output: Path | None) -> None:
    """Write the sheet to ``output``, or to standard output where there is none.

    A file is complete or absent. Raises :class:`CannotWriteSheet`.
    """
    if form is SheetFormat.table and output is None:
        from fiscalgraph.audit_sheet import print_sheet

        print_sheet(sheet)
        return
    if output is None:
        sys.stdout.flush()
        sys.stdout.buffer.write(_as_text(sheet, form).encode("utf-8"))
        return
    partial = output.with_name(f".{output.name}.partial")
    try:
        if form is SheetFormat.xlsx:
            from fiscalgraph.audit_workbook import write_audit_workbook

            write_audit_workbook(sheet, partial)
        else:
            # A byte order mark tells spreadsheets that a CSV file is UTF-8.
            mark = "\ufeff" if form is SheetFormat.csv else ""
            partial.write_bytes((mark + _as_text(sheet, form)).encode("utf-8"))
        partial.replace(output)
    except (OSError, ValueError) as error:
        raise CannotWriteSheet(str(output), str(error), "Choose another place or format") from error
    finally:
        partial.unlink(missing_ok=True)


def _as_text(sheet: AuditSheet, form: SheetFormat) -> str:
    if form is SheetFormat.csv:
        from fiscalgraph.audit_sheet import sheet_csv

        return sheet_csv(sheet)
    if form is SheetFormat.html:
        from fiscalgraph.audit_page import audit_page

        return audit_page(sheet)
    if form is SheetFormat.json:
        import json

        from fiscalgraph.api.audit_values import counts_value, line_value, summary_value

        value = {
            "documents": [summary_value(summary) for summary in sheet.documents],
            "checks": counts_value(sheet),
            "lines": [line_value(line) for line in sheet.lines],
        }
        return json.dumps(value, ensure_ascii=False, indent=1) + "\n"
    raise typer.BadParameter(text("table is for the screen", "table 只用于屏幕；写文件请选其他格式"))
