"""Rows of the fund block (项目资金): one source of money each, with its amounts.

Templates differ: one amount per source (绩效目标表), or 年初预算数, 全年预算数, 全年执行数, 分值, 执行率,
得分 (绩效自评表), or two label-amount pairs side by side (实施期 and 年度).
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from fiscalgraph.extract.document import Cell, ColumnTrust
from fiscalgraph.extract.normalise import is_figure, printed_figure
from fiscalgraph.extract.recognise.performance_columns import Header
from fiscalgraph.extract.recognise.performance_rows import Piece, Row
from fiscalgraph.extract.recognise.performance_vocabulary import (
    FundColumn,
    Label,
    execution_weight,
    fund_source,
    is_nothing,
    is_total_fund,
    label_of,
)

__all__ = ["FundBlock", "FundDraft", "unit_of_targets"]

_C = FundColumn
_COST = re.compile(r"[≤<=＝]?(\d[\d,]*(?:\.\d+)?)(亿元|万元|元)")
_AMOUNTS = (_C.INITIAL, _C.FULL, _C.PLAIN, _C.EXECUTED)


@dataclass(slots=True)
class FundDraft:
    """One fund row as read."""

    source: str
    cell: Cell
    block: int
    budget_initial: str | None = None
    budget_full: str | None = None
    executed: str | None = None
    weight: str | None = None
    rate: str | None = None
    score: str | None = None
    total: bool = False


class FundBlock:
    """The fund block of one form: its header row and where its rows' amounts turned out to stand."""

    def __init__(self) -> None:
        self.header: Header[FundColumn] | None = None
        self._learned: dict[int, FundColumn] = {}

    def take_header(self, header: Header[FundColumn]) -> None:
        """A header row; a second one refines the first."""
        self.header = header if self.header is None else self.header.below(header)

    def read(self, row: Row) -> list[FundDraft]:
        """The fund rows one printed row states."""
        cells = [piece for piece in row.pieces if piece.top and not _is_weight(piece)]
        printed = [piece for piece in cells if not piece.empty]
        blocks = {
            id(piece)
            for piece, after in zip(printed, [*printed[1:], None], strict=False)
            if label_of(piece.text) is Label.FUNDS and not (after is not None and is_figure(after.text))
        }  # 项目资金 beside the rows is the block's name; followed by a figure it is a source itself
        pieces = [piece for piece in cells if id(piece) not in blocks]
        if self.header is None:
            return _pairs(pieces, row)
        return self._below_header(pieces, row, self.header)

    def _below_header(self, pieces: Sequence[Piece], row: Row, header: Header[FundColumn]) -> list[FundDraft]:
        printed = [piece for piece in pieces if not piece.empty]
        label = next((piece for piece in printed if not _is_value(piece)), None)
        if label is None:
            return []
        fund = _new(label, row)
        values = [piece for piece in pieces if piece.start > label.start]
        roles = [role for role in header.roles if role not in (_C.SOURCE, _C.IGNORED)]
        if row.trust is ColumnTrust.KNOWN:
            cells = _by_columns(values, header)
        else:
            cells = self._drifted([piece for piece in values if not piece.empty], roles, header)
        for role, piece in cells.items():
            if role is not _C.PLAIN:
                setattr(fund, role.value, _amount(piece))
        if _C.PLAIN in cells:
            _place_plain(fund, _amount(cells[_C.PLAIN]), roles)
        return [fund] if fund.source else []

    def _drifted(
        self, values: Sequence[Piece], roles: Sequence[FundColumn], header: Header[FundColumn]
    ) -> dict[FundColumn, Piece]:
        if not all(map(_is_value, values)):
            return {}
        places = {column.start: column.role for column in header.columns}
        cells = (
            _in_order(values, roles)
            or _in_place(values, self._learned)
            or _in_place(values, places)
            or _from_right(values, roles)
        )
        if len(cells) >= len(roles) - 1:  # rows below this one stand as it does
            self._learned = {piece.start: role for role, piece in cells.items()}
        return cells


def unit_of_targets(targets: Sequence[str], funds: Sequence[FundDraft]) -> str | None:
    """The unit of money that targets of cost (≤3843.67万元) tell of funds which print none.

    It is told when the targets in that unit add up to one of the amounts, to the last digit.
    """
    sums: dict[str, Decimal] = {}
    for target in targets:
        found = _COST.fullmatch(target)
        if found is not None:
            figure = Decimal(printed_figure(found.group(1)))
            sums[found.group(2)] = sums.get(found.group(2), Decimal(0)) + figure
    amounts = {
        Decimal(amount)
        for fund in funds
        for amount in (fund.budget_initial, fund.budget_full, fund.executed)
        if amount is not None
    }
    told = [unit for unit, total in sums.items() if total > 0 and total in amounts]
    return told[0] if len(told) == 1 else None


def _new(label: Piece, row: Row) -> FundDraft:
    source = fund_source(label.text)
    return FundDraft(source, label.cell, row.block, total=is_total_fund(source))


def _is_weight(piece: Piece) -> bool:
    """Whether a cell is the note 执行率分值(10) beside the fund rows."""
    return label_of(piece.text) is not Label.FUNDS and execution_weight(piece.text) is not None


def _is_value(piece: Piece) -> bool:
    return is_figure(piece.text) or is_nothing(piece.text)


def _amount(piece: Piece) -> str | None:
    return printed_figure(piece.text) if is_figure(piece.text) else None


def _pairs(pieces: Sequence[Piece], row: Row) -> list[FundDraft]:
    """Label, amount, label, amount …: a source with one amount each, which is the budget as first set."""
    funds: list[FundDraft] = []
    amounts: list[Piece] = []
    label: Piece | None = None
    for piece in (*pieces, None):
        if piece is not None and _is_value(piece):
            if not piece.empty:
                amounts.append(piece)
            continue
        if label is not None:
            fund = _new(label, row)
            if len(amounts) == 1:
                fund.budget_initial = _amount(amounts[0])
            if fund.source:
                funds.append(fund)
        label, amounts = piece, []
    return funds


def _place_plain(fund: FundDraft, amount: str | None, roles: Sequence[FundColumn]) -> None:
    """A bare 预算数: beside what was executed it is 全年预算数, else the budget first set."""
    if _C.EXECUTED in roles and _C.FULL not in roles:
        fund.budget_full = amount
    elif _C.INITIAL not in roles:
        fund.budget_initial = amount


def _by_columns(values: Sequence[Piece], header: Header[FundColumn]) -> dict[FundColumn, Piece]:
    cells: dict[FundColumn, Piece] = {}
    for piece in values:
        over = header.over(piece)
        if over and over[0].role not in (_C.SOURCE, _C.IGNORED) and not piece.empty and _is_value(piece):
            cells.setdefault(over[0].role, piece)
    return cells


def _in_order(values: Sequence[Piece], roles: Sequence[FundColumn]) -> dict[FundColumn, Piece] | None:
    """Amounts by their order when each column has one; one amount too many may be a repeated one."""
    if len(values) == len(roles):
        return dict(zip(roles, values, strict=True))
    if len(values) == len(roles) + 1:
        count = len([role for role in roles if role in _AMOUNTS])
        choices = {}
        for left in range(count):
            if values[left].text == values[left + 1].text:
                kept = [*values[:left], *values[left + 1 :]]
                choices[tuple(piece.text for piece in kept)] = kept
        found = [dict(zip(roles, kept, strict=True)) for kept in choices.values()]
        if len(found) > 1:
            found = [cells for cells in found if _rate_holds(cells)]
        if len(found) == 1:
            return found[0]
    return None


def _rate_holds(cells: dict[FundColumn, Piece]) -> bool:
    """Whether 执行率 is 全年执行数 over 全年预算数 (two decimals of a percent)."""
    full, executed, rate = (
        _amount(cells[role]) if role in cells else None for role in (_C.FULL, _C.EXECUTED, _C.RATE)
    )
    if full is None or executed is None or rate is None or Decimal(full) == 0:
        return False
    return abs(Decimal(executed) / Decimal(full) * 100 - Decimal(rate.rstrip("%"))) <= Decimal("0.06")


def _in_place(values: Sequence[Piece], places: Mapping[int, FundColumn]) -> dict[FundColumn, Piece] | None:
    """Amounts by their column, if every one stands in a known column and none is what it cannot be there."""
    cells: dict[FundColumn, Piece] = {}
    for piece in values:
        role = places.get(piece.start)
        if role is None or role is _C.SOURCE:
            return None
        if role is not _C.RATE and piece.text.endswith(("%", "％")):
            return None
        if role is not _C.IGNORED:
            cells[role] = piece
    if _C.RATE in cells and _C.WEIGHT not in cells and not is_nothing(cells[_C.RATE].text):
        return None  # a weight is never missing beside a rate: the row stands elsewhere
    return cells


def _from_right(values: Sequence[Piece], roles: Sequence[FundColumn]) -> dict[FundColumn, Piece]:
    """Counted from the right: rows that drifted lost their empty cells on the left (年初预算数)."""
    if len(values) < 4 or len(values) > len(roles):
        return {}
    return dict(zip(roles[len(roles) - len(values) :], values, strict=True))
