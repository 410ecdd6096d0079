"""Lists of projects with goals, indicators or scores: one table, a project a row or a group of rows."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from fiscalgraph.extract.document import Cell, ColumnTrust, Table
from fiscalgraph.extract.normalise import is_figure, printed_figure
from fiscalgraph.extract.recognise.performance_columns import Header, header_from
from fiscalgraph.extract.recognise.performance_forms import Context, Form, is_indicator_header
from fiscalgraph.extract.recognise.performance_funds import FundDraft
from fiscalgraph.extract.recognise.performance_funds_across import under_parents
from fiscalgraph.extract.recognise.performance_indicators import (
    IndicatorDraft,
    Levels,
    read_indicator,
    weight_text,
)
from fiscalgraph.extract.recognise.performance_rows import Piece, Row, rows_of
from fiscalgraph.extract.recognise.performance_vocabulary import (
    IndicatorColumn,
    ListColumn,
    fold,
    fund_source,
    indicator_column,
    label_of,
    list_column,
    money_unit,
    value_text,
)

__all__ = ["ListReader", "coded_indicators"]

_HEADER_ROWS = 6  # a list's header stands this near to the table's top, below a title and a unit line
_SUM_NAMES = {"合计", "总计", "小计", "**"}
_SENTENCE_ENDS = ("。", "；", ";", "！")
_CODED = re.compile(r"(?:^|(?<=[。;；\s]))\d{1,3}[、.](?=\d{1,2}[-－])")
_UNIT_NOTE = re.compile(r"[(（](?:单位[:：])?(?:亿元|百万元|千元|万元|元)[)）]")
_CODED_LEVEL = re.compile(r"\d{1,3}[-－](.+)")
_CODED_VALUE = re.compile(r"[；;](实施周期|年度)?(?:绩效)?(?:指标|目标)值[:：]")


@dataclass
class _Layout:
    """A list's columns, of the list itself and of its indicator part."""

    lists: Header[ListColumn]
    indicators: Header[IndicatorColumn] | None
    header_rows: int
    unit: str | None
    scope: str
    department: str | None = None  # 部门名称 printed above the list


class ListReader:
    """Reads tables in which every project is a row; appends to ``forms``."""

    def __init__(self, forms: list[Form]) -> None:
        self._forms = forms
        self._layout: _Layout | None = None
        self._form: Form | None = None
        self._body: str | None = None  # the organisation whose projects follow
        self._levels = Levels()
        self._goal = ""  # of the last row

    def read(self, table: Table, block: int, context: Context) -> bool:
        """Read one table; true if it is such a list or carries one on."""
        if table.trust is ColumnTrust.LOST:
            return False
        rows = rows_of(table, block)
        layout = _layout_of(rows, table, context)
        start = 0
        if layout is not None:
            if self._layout is None or layout.lists.roles != self._layout.lists.roles:
                self._form, self._body = None, None
            elif context.title is None:  # the same header again on the list's next page
                layout.unit = layout.unit or self._layout.unit
                layout.department = layout.department or self._layout.department
            start = layout.header_rows
            for row in rows[:start]:
                for piece in row.printed:
                    layout.unit = (
                        money_unit(piece.text, caption=True) or money_unit(piece.text) or layout.unit
                    )
        elif self._layout is not None and not any(label_of(p.text) for row in rows for p in row.printed[:1]):
            layout = self._fitted(table)
        self._layout = layout
        if layout is None:
            self._form = None
            return False
        for at, row in enumerate(rows[start:]):
            self._row(row, layout, top=at == 0)
            if self._form is not None:
                self._form.blocks.add(block)
        return True

    def _fitted(self, table: Table) -> _Layout | None:
        """The list's columns moved onto a page without a header."""
        if self._layout is None:
            return None
        lists = self._layout.lists.fitted(table)
        indicators = self._layout.indicators.fitted(table) if self._layout.indicators else None
        if lists is None or (self._layout.indicators is not None and indicators is None):
            return None
        if not {ListColumn.PROJECT, ListColumn.BODY} & set(lists.roles) and indicators is None:
            return None
        return replace(self._layout, lists=lists, indicators=indicators, header_rows=0)

    def _row(self, row: Row, layout: _Layout, *, top: bool) -> None:
        cells: dict[ListColumn, Piece] = {}
        amounts: list[tuple[Piece, str, bool]] = []
        for piece in row.pieces:
            over = layout.lists.over(piece)
            if not over or not piece.top or piece.empty:
                continue
            column = over[0]
            if column.role in (ListColumn.TOTAL, ListColumn.FUND):
                amounts.append((piece, value_text(column.cell.text), column.role is ListColumn.TOTAL))
            else:
                cells.setdefault(column.role, piece)
        body = cells.get(ListColumn.BODY)
        name = cells.get(ListColumn.PROJECT)
        if name is None and ListColumn.PROJECT not in layout.lists.roles:
            name, body = body, None
        code = cells.get(ListColumn.CODE)
        if any(fold(piece.text) in _SUM_NAMES for piece in (name, code, body) if piece):
            return
        goal = cells.get(ListColumn.GOAL)
        if top and goal is not None and not amounts and self._goes_on(layout):
            self._complete(name, body)
            name = None
        self._goal = goal.text if goal is not None else ""
        indicator = self._indicator_of(row, layout)
        if name is not None:
            telling = {ListColumn.GOAL, ListColumn.INDICATORS, ListColumn.SCORE} & set(cells)
            describes = bool(telling) or indicator is not None
            if not describes:
                self._body, self._form = name.text, None  # a line for the organisation, not for a project
                return
            self._project(name, body, amounts, row, layout)
            indicator = self._indicator_of(row, layout) if indicator is not None else None
        if self._form is None:
            return
        if indicator is not None:
            self._form.indicators.append(indicator)
        score = cells.get(ListColumn.SCORE)
        if score is not None and (points := weight_text(score.text)) is not None:
            self._form.score, self._form.evaluated = points, True
        for coded in (cells.get(ListColumn.INDICATORS), goal):
            if coded is not None:
                self._form.indicators.extend(coded_indicators(coded.cell, row.block))

    def _goes_on(self, layout: _Layout) -> bool:
        """Whether a page's end cut the last row: its goal is no whole sentence, and amounts head the list."""
        money = {ListColumn.TOTAL, ListColumn.FUND} & set(layout.lists.roles)
        funds = self._form is not None and bool(self._form.funds)
        return bool(money) and funds and bool(self._goal) and not self._goal.endswith(_SENTENCE_ENDS)

    def _complete(self, name: Piece | None, body: Piece | None) -> None:
        """Add to the last row's name and body what the next page prints of them."""
        if self._form is not None and name is not None:
            self._form.name = (self._form.name or "") + name.text
        if self._form is not None and body is not None:
            self._form.implementing_unit = (self._form.implementing_unit or "") + body.text

    def _indicator_of(self, row: Row, layout: _Layout) -> IndicatorDraft | None:
        return read_indicator(row, layout.indicators, self._levels) if layout.indicators else None

    def _project(
        self,
        name: Piece,
        body: Piece | None,
        amounts: list[tuple[Piece, str, bool]],
        row: Row,
        layout: _Layout,
    ) -> None:
        funds = []
        for piece, header, total in amounts:
            if is_figure(piece.text):
                amount = printed_figure(piece.text)
                source = _UNIT_NOTE.sub("", fund_source(header))
                funds.append(FundDraft(source, piece.cell, row.block, budget_initial=amount, total=total))
        implementing = body.text if body is not None else self._body
        last = self._form
        if last is not None and last.name == name.text and last.implementing_unit == implementing:
            same = [fund.budget_initial for fund in last.funds] == [fund.budget_initial for fund in funds]
            if same and row.block != last.funds[0].block if last.funds else same:
                return  # the same project printed again at the top of the next page
        self._levels = Levels()
        self._form = Form(
            name=name.text,
            name_cell=name.cell,
            scope=layout.scope,
            department=name.text if layout.scope == "department" else layout.department,
            implementing_unit=implementing,
            unit=layout.unit,
            funds=funds,
        )
        self._forms.append(self._form)


def _layout_of(rows: list[Row], table: Table, context: Context) -> _Layout | None:
    """The list's header near the table's top: a name column beside goals, indicators or scores."""
    for index, row in enumerate(rows[:_HEADER_ROWS]):
        header = header_from(row, list_column, table)
        if header is None or not set(header.roles) & {ListColumn.PROJECT, ListColumn.BODY}:
            continue
        if len(header.columns) < 3 and not _is_header_row(row):
            continue  # 项目名称 and a value: a form
        bottom = index + 1
        if (
            table.trust is ColumnTrust.KNOWN
        ):  # cells of the first header row that span rows show the header's height
            bottom = max(piece.cell.row + piece.cell.row_span for piece in row.printed)
        while bottom < len(rows) and _is_header_row(rows[bottom]):
            bottom += 1
        levels = None
        for below in rows[index:bottom]:
            if is_indicator_header(below):
                levels = header_from(below, indicator_column, table)
            if below is not row and (lower := header_from(below, list_column, table)) is not None:
                header = under_parents(header, lower)
        if levels is not None:
            taken = [column for column in levels.columns if column.role is not IndicatorColumn.GROUP]
            kept = tuple(
                column
                for column in header.columns
                if not any(column.start < other.end and other.start < column.end for other in taken)
            )
            header = Header(kept, header.count, header.starts)
        roles = set(header.roles)
        described = levels is not None or roles & {ListColumn.GOAL, ListColumn.INDICATORS}
        if ListColumn.PROJECT in roles:
            if not (
                levels is not None or (described and ListColumn.TOTAL in roles) or ListColumn.SCORE in roles
            ):
                continue
        elif ListColumn.BODY not in roles or levels is None or context.scope != "department":
            continue
        scope = context.scope if ListColumn.PROJECT not in roles else "project"
        return _Layout(header, levels, bottom, context.unit, scope, context.department or context.publisher)
    return None


def _is_header_row(row: Row) -> bool:
    """Whether a row below a header row still belongs to the header: column words only."""
    printed = row.printed
    return bool(printed) and all(
        list_column(piece.text) is not None or indicator_column(piece.text) is not None for piece in printed
    )


def coded_indicators(cell: Cell, block: int) -> list[IndicatorDraft]:
    """Indicators written into one cell: 1、1-产出指标；11-数量指标；名称；年度指标值:≥20场。2、…"""
    text = value_text(cell.text)
    starts = [found.start() for found in _CODED.finditer(text)]
    drafts = []
    for start, end in zip(starts, [*starts, len(text)][1:], strict=True):
        # A value runs to the next value: it may hold semicolons itself (一级≤1小时；二级≤2小时).
        head, *rest = _CODED_VALUE.split(text[start:end].rstrip("。；;"))
        values = {which: value.rstrip("。；;") for which, value in zip(rest[::2], rest[1::2], strict=True)}
        parts = [_CODED.sub("", part) for part in re.split(r"[；;]", head) if part]
        levels = [found.group(1) for part in parts[:2] if (found := _CODED_LEVEL.fullmatch(part))]
        names = parts[len(levels) :]
        if not levels or not names:
            continue
        target = values.get("年度") or values.get(None) or values.get("实施周期")
        drafts.append(
            IndicatorDraft(
                level1=levels[0],
                level2=levels[1] if len(levels) > 1 else None,
                level3="；".join(names),
                target=target,
                actual=None,
                weight=None,
                score=None,
                reason=None,
                cell=cell,
                block=block,
                column=cell.column,
            )
        )
    return drafts
