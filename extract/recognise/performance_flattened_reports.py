"""Target tables printed within an evaluation report (绩效评价报告) in flattened text.

Such a table has no 项目名称 of its own: its caption says that it holds a project's indicators, and the
report says which project's. A report's tables of scores (评分表) are no targets.
"""

from __future__ import annotations

import re
from bisect import bisect
from collections.abc import Sequence, Set

from fiscalgraph.extract.document import Cell, Document
from fiscalgraph.extract.recognise.performance_flattened_indicators import (
    header_at,
    header_line,
    read_indicators,
)
from fiscalgraph.extract.recognise.performance_flattened_lines import Line
from fiscalgraph.extract.recognise.performance_forms import Form
from fiscalgraph.extract.recognise.performance_vocabulary import IndicatorColumn, fold
from fiscalgraph.extract.recognise.projects_named import ProjectContext, passages

__all__ = ["report_forms"]

_CAPTION = re.compile(
    r"(?:附?表\d{0,2}[-.]?\d{0,2}[:：]?)?[^，。；]{0,40}绩效(?:目标|指标)(?:设置|设定|情况|申报)*表"
)
_CAPTION_LINES = 2  # above the header
_LONGEST_TABLE = 200  # lines
_SCORED = {IndicatorColumn.SCORE, IndicatorColumn.ACTUAL}
_ROW = {IndicatorColumn.LEVEL1, IndicatorColumn.LEVEL3, IndicatorColumn.TARGET}


def report_forms(document: Document, lines: Sequence[Line], taken: Set[int]) -> list[Form]:
    """The target tables of the reports among a document's ``lines``, without those in ``taken`` blocks."""
    forms: list[Form] = []
    projects: list[tuple[int, str | None]] | None = None
    at: int | None = 0
    while at is not None and (at := header_line(lines, at)) is not None:
        start, line = at, lines[at]
        columns, at = header_at(lines, start)
        caption = _caption_above(lines, start)
        if caption is None or line.block in taken or not set(columns) >= _ROW or set(columns) & _SCORED:
            continue
        projects = projects if projects is not None else _report_projects(document)
        name = _project_at(projects, line.paragraph.place.line)
        if name is None:
            continue
        form = Form(name=name, name_cell=Cell(caption.text, 0, 0, place=caption.paragraph.place))
        end = _end_of_table(lines, at, columns, caption)
        read_indicators(lines[start:end], 0, form, {fold(caption.text)})
        form.evaluated = False
        if form.indicators:
            forms.append(form)
            last = max(form.blocks, default=line.block)
            at = next((index for index in range(at, len(lines)) if lines[index].block > last), None)
    return forms


def _end_of_table(lines: Sequence[Line], body: int, columns: Sequence[IndicatorColumn], caption: Line) -> int:
    """The line at which another table's caption or header begins, if not too far below ``body``.

    A header with the same columns is the table's own, printed again, unless another caption is above it.
    """
    stop = min(len(lines), body + _LONGEST_TABLE)
    header = header_line(lines[:stop], body)
    while header is not None:
        other, below = header_at(lines, header)
        above = _caption_above(lines, header)
        if above is not None and fold(above.text) != fold(caption.text):
            return lines.index(above, body)
        if list(other) != list(columns):
            return header
        header = header_line(lines[:stop], below)
    return stop


def _caption_above(lines: Sequence[Line], at: int) -> Line | None:
    """The line above a header with which a table's caption begins."""
    for start in range(at - 1, max(-1, at - 1 - _CAPTION_LINES), -1):
        if _CAPTION.fullmatch(fold("".join(line.text for line in lines[start:at]))):
            return lines[start]
    return None


def _report_projects(document: Document) -> list[tuple[int, str | None]]:
    """The first line of every passage, and the project whose report it belongs to."""
    context = ProjectContext(document)
    found: list[tuple[int, str | None]] = []
    for passage in passages(document):
        project = context.project_at(passage)
        if passage.place.line is not None:
            found.append((passage.place.line, project if context.in_report else None))
    return found


def _project_at(projects: Sequence[tuple[int, str | None]], line: int | None) -> str | None:
    if line is None:
        return None
    at = bisect([first for first, _ in projects], line)
    return projects[at - 1][1] if at else None
