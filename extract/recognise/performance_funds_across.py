"""Fund blocks whose sources stand side by side: 预算支出总额 | 财政拨款 | 其他资金, the amounts below them.

Whole-department forms print the year's money so, sometimes under a list of tasks (年度主要任务) whose
last row sums the amounts.
"""

from __future__ import annotations

import re
from dataclasses import replace

from fiscalgraph.extract.document import ColumnTrust, Table
from fiscalgraph.extract.normalise import is_figure, printed_figure
from fiscalgraph.extract.recognise.performance_columns import Column, Header, header_from
from fiscalgraph.extract.recognise.performance_funds import FundDraft
from fiscalgraph.extract.recognise.performance_rows import Row
from fiscalgraph.extract.recognise.performance_vocabulary import (
    Label,
    ListColumn,
    execution_weight,
    fold,
    fund_source,
    is_group_label,
    label_of,
    list_column,
)

__all__ = ["FundsAcross", "under_parents"]

_SOURCES = (ListColumn.TOTAL, ListColumn.FUND)
_SUM_ROW = re.compile(r"(?:预算|资金)?(?:金额)?(?:合计|总计)")
_PART_SUM = {"合计", "小计"}


class FundsAcross:
    """The sources of one form's fund block, from the header's first row to the row of amounts."""

    def __init__(self) -> None:
        self._header: Header[ListColumn] | None = None
        self._block = -1

    def read(self, row: Row, table: Table) -> list[FundDraft] | None:
        """The funds a row of amounts states; ``[]`` for a header row; ``None`` if the row is neither."""
        if row.trust is not ColumnTrust.KNOWN:
            return None
        header = _sources(row, table)
        if header is not None:
            below = self._header is not None and self._block == row.block
            self._header = under_parents(self._header, header) if below and self._header else header
            self._block = row.block
            return []
        if self._header is None or self._block != row.block:
            return None
        return self._amounts(row, self._header)

    def _amounts(self, row: Row, header: Header[ListColumn]) -> list[FundDraft] | None:
        words = [
            piece
            for piece in row.printed
            if not is_figure(piece.text) and not is_group_label(piece.text) and label_of(piece.text) is None
        ]
        if len(words) > 1 or any(_SUM_ROW.fullmatch(fold(piece.text)) is None for piece in words):
            return None  # one task of several
        funds = []
        for piece in row.printed:
            over = header.over(piece)
            if is_figure(piece.text) and over:
                total = over[0].role is ListColumn.TOTAL
                name, amount = _name(over[0], header), printed_figure(piece.text)
                funds.append(FundDraft(name, piece.cell, row.block, budget_initial=amount, total=total))
        if not funds:
            return None
        self._header = None
        return funds


def _sources(row: Row, table: Table) -> Header[ListColumn] | None:
    """The header a row prints when nothing but two or more sources of money stand in it."""
    own = [
        piece
        for piece in row.pieces
        if piece.top and label_of(piece.text) is not Label.FUNDS and execution_weight(piece.text) is None
    ]
    if len(own) < 2 or any(list_column(piece.text) not in _SOURCES for piece in own):
        return None
    header = header_from(row, list_column, table)
    if header is None:
        return None
    kept = tuple(column for column in header.columns if column.role in _SOURCES)
    return Header(kept, header.count, header.starts, header.body)


def under_parents(upper: Header[ListColumn], lower: Header[ListColumn]) -> Header[ListColumn]:
    """``upper`` refined by ``lower``: 合计 below 财政拨款 is 财政拨款, not the sum of everything."""
    columns: list[Column[ListColumn]] = []
    for column in lower.columns:
        parent = next(
            (high for high in upper.columns if high.start <= column.start and column.end <= high.end), None
        )
        whole = fold(column.cell.text) in _PART_SUM
        if whole and parent is not None and parent.role is ListColumn.FUND:
            columns.append(Column(column.start, column.end, parent.role, parent.cell))
        else:
            columns.append(column)
    return upper.below(replace(lower, columns=tuple(columns)))


def _name(column: Column[ListColumn], header: Header[ListColumn]) -> str:
    """A source's name, with the source it is part of (财政拨款/基本支出) where the name stands twice."""
    name = fund_source(column.cell.text)
    if sum(fund_source(other.cell.text) == name for other in header.columns) == 1:
        return name
    above = [
        other
        for other in header.columns
        if other.role is ListColumn.FUND
        and other.cell.row < column.cell.row
        and other.cell.column <= column.start
        and column.end <= other.cell.column + other.cell.column_span
    ]
    return f"{fund_source(above[0].cell.text)}/{name}" if above else name
