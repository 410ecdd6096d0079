"""Performance forms: one project (or department) a form, printed as a table over one or more pages.

A state machine over rows: labels say which block of the form a row belongs to, whatever its columns.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from enum import Enum, auto

from fiscalgraph.extract.document import Cell, ColumnTrust, Table
from fiscalgraph.extract.recognise.performance_columns import Header, header_from
from fiscalgraph.extract.recognise.performance_funds import FundBlock, FundDraft
from fiscalgraph.extract.recognise.performance_funds_across import FundsAcross
from fiscalgraph.extract.recognise.performance_indicators import (
    IndicatorDraft,
    Levels,
    fills_header,
    read_indicator,
    weight_text,
)
from fiscalgraph.extract.recognise.performance_rows import Piece, Row, rows_of
from fiscalgraph.extract.recognise.performance_vocabulary import (
    FundColumn,
    IndicatorColumn,
    Label,
    execution_weight,
    fold,
    fund_column,
    indicator_column,
    is_group_label,
    is_level1,
    is_level2,
    label_of,
    list_column,
    money_unit,
)

__all__ = ["NOTED", "Context", "Form", "FormReader", "is_indicator_header"]

_LEVELS = {IndicatorColumn.LEVEL1, IndicatorColumn.LEVEL2, IndicatorColumn.LEVEL3}
_WRITTEN_OUT = {IndicatorColumn.GROUP, IndicatorColumn.TARGET}
_BESIDE_TARGET = {IndicatorColumn.OPERATOR, IndicatorColumn.MEASURE_UNIT}
_AMOUNTS = {FundColumn.INITIAL, FundColumn.FULL, FundColumn.EXECUTED, FundColumn.PLAIN}
NOTED = (Label.CONCLUSION, Label.PROBLEM, Label.SHORTFALL, Label.MEASURE)
_AFTER = {Label.TOTAL, Label.GRADE, *NOTED}
_NAMING = (Label.PROJECT, Label.BODY, Label.DEPARTMENT, Label.UNIT, Label.OTHER)
_SENTENCE = 20  # a header cell of more characters is no header but a text printed in its place


@dataclass(frozen=True, slots=True)
class Context:
    """What the text above a table says: names, scope (部门整体), unit of money (单位：万元)."""

    title: str | None = None  # the project named by the form's title
    project: str | None = None
    body: str | None = None  # 单位名称
    publisher: str | None = None  # the body, where it is said to be a department (部门名称)
    department: str | None = None
    implementing_unit: str | None = None
    scope: str = "project"
    unit: str | None = None


class _Section(Enum):
    HEAD = auto()
    FUNDS = auto()
    GOAL = auto()
    INDICATORS = auto()
    AFTER = auto()


@dataclass
class Form:
    """What one form states. ``notes`` are (label, text, cell) of its conclusion and the like."""

    name: str | None
    name_cell: Cell
    scope: str = "project"
    department: str | None = None
    implementing_unit: str | None = None
    unit: str | None = None
    score: str | None = None
    evaluated: bool = False  # results are reported, not only targets
    execution_weight: str | None = None  # 执行率分值, printed beside rows above the sum of the funds
    funds: list[FundDraft] = field(default_factory=list)
    indicators: list[IndicatorDraft] = field(default_factory=list)
    notes: list[tuple[Label, str, Cell]] = field(default_factory=list)
    blocks: set[int] = field(default_factory=set)  # the document's blocks it was read from

    @property
    def filled_in(self) -> bool:
        """Whether the form holds anything but its template's labels."""
        if self.indicators:
            return True
        amounts = any(fund.budget_initial or fund.budget_full or fund.executed for fund in self.funds)
        return amounts or bool(self.name and (self.funds or self.notes or self.score))


class FormReader:
    """Reads the rows of tables, in document order, into forms."""

    def __init__(self) -> None:
        self.forms: list[Form] = []
        self._form: Form | None = None
        self._section = _Section.HEAD
        self._header: Header[IndicatorColumn] | None = None
        self._levels = Levels()
        self._funds = FundBlock()
        self._across = FundsAcross()
        self._note: Label | None = None

    @property
    def is_open(self) -> bool:
        """Whether a form has begun that a further table may continue."""
        return self._form is not None

    def close(self) -> None:
        """End the form at hand."""
        self._form = None
        self._section = _Section.HEAD
        self._header = None
        self._levels = Levels()
        self._funds = FundBlock()
        self._across = FundsAcross()
        self._note = None

    def read(self, table: Table, block: int, context: Context) -> None:
        """Read one table if it belongs to a form; a table that does not ends the form at hand."""
        rows = rows_of(table, block)
        if not any(_starts(row) for row in rows) and not (self.is_open and self._continues(rows, table)):
            self.close()
            return
        if self._section is _Section.INDICATORS and self._header is not None:
            self._header = self._header.fitted(table) or self._header
        for row in rows:
            if row.printed:
                self._row(row, table, context)
                if self._form is not None:
                    self._form.blocks.add(block)
                    if self._section not in (_Section.INDICATORS, _Section.AFTER):
                        self._amount_words(row, self._form)

    def _amount_words(self, row: Row, form: Form) -> None:
        """The unit of money and the weight of execution, which may be printed beside any row of the head."""
        for piece in row.printed:
            form.execution_weight = form.execution_weight or execution_weight(piece.text)
            if list_column(piece.text) is not None:
                form.unit = money_unit(piece.text) or form.unit

    def continues(self, table: Table, block: int) -> bool:
        """Whether ``table`` carries on the form at hand without naming a new one."""
        rows = rows_of(table, block)
        return self.is_open and not any(_starts(row) for row in rows) and self._continues(rows, table)

    def note(self, label: Label, text: str, cell: Cell, blocks: set[int]) -> None:
        """A note (自评结论, 改进措施 …) printed outside the table."""
        if self._form is not None:
            self._form.notes.append((label, text, cell))
            self._form.blocks |= blocks

    def _continues(self, rows: Sequence[Row], table: Table) -> bool:
        """Whether a table without a form's beginning belongs to the form at hand."""
        known = 0
        for row in rows:
            for piece in row.printed[:2]:
                if label_of(piece.text) is not None or is_level1(piece.text) or is_level2(piece.text):
                    known += 1
        if known:
            return True
        if self._section is not _Section.INDICATORS or self._header is None:
            return self._section is _Section.GOAL and len(rows) <= 2
        fitted = self._header.fitted(table)
        if fitted is None:
            return False
        if table.trust is ColumnTrust.DRIFTING:
            return any(fills_header(row, fitted) for row in rows)
        weights = fitted.column(IndicatorColumn.WEIGHT)
        if weights is None:
            return all(len(row.printed) <= len(fitted.columns) + 1 for row in rows)
        below = [piece for row in rows for piece in row.printed if weights in fitted.over(piece)[:1]]
        return any(weight_text(piece.text) for piece in below) or (not below and len(rows) == 1)

    def _row(self, row: Row, table: Table, context: Context) -> None:
        printed = row.printed
        if is_indicator_header(row):
            self._open_indicators(row, table, context)
            return
        first = next((piece for piece in printed if not is_group_label(piece.text)), printed[0])
        label = label_of(first.text)
        if self._section in (_Section.INDICATORS, _Section.AFTER) and label in _AFTER:
            self._after(label, row)
            return
        if self._section is _Section.AFTER and label is None and self._note is not None and self._form:
            self._take_note(self._note, printed[0])
            return
        if label is Label.GOAL and self._section is _Section.FUNDS and _figures(printed) > 1:
            # The label of the goals, printed vertically, reaches up beside the last source of money.
            row = replace(row, pieces=tuple(piece for piece in row.pieces if piece is not first))
            printed, label = row.printed, None
        pairs = _pairs(printed)
        if self._section in (_Section.HEAD, _Section.FUNDS, _Section.GOAL) and self._form is not None:
            funds = self._across.read(row, table)
            if funds is not None:
                for piece in row.printed:
                    self._form.unit = money_unit(piece.text) or self._form.unit
                self._form.funds.extend(funds)
                return
        if pairs and not (
            self._section is _Section.INDICATORS and label not in (Label.PROJECT, Label.BODY, Label.OTHER)
        ):
            self._take_pairs(pairs, row, context)
            if label not in (Label.FUNDS, Label.GOAL):
                return
        if self._section is _Section.INDICATORS:
            if label is not Label.OTHER or len(printed) > 2:
                self._indicator(row)
        elif label is Label.FUNDS or (self._section is _Section.FUNDS and label in (None, Label.OTHER)):
            self._fund_row(row, table, label)
        elif label is Label.GOAL:
            self._section = _Section.GOAL

    def _begin(self, name: str | None, cell: Cell, scope: str, context: Context) -> Form:
        self.close()
        self._form = Form(name=name, name_cell=cell, scope=scope, unit=context.unit)
        self._form.department = context.department
        self._form.implementing_unit = context.implementing_unit
        self.forms.append(self._form)
        return self._form

    def _take_pairs(
        self, pairs: Sequence[tuple[Label, Piece, Piece | None]], row: Row, context: Context
    ) -> None:
        for label, piece, value in pairs:
            text = value.value if value is not None else None
            form = self._form
            fresh = form is not None and not form.funds and not form.indicators
            if label is Label.PROJECT:
                if form is not None and fresh and form.scope == "department" and text is not None:
                    form.name, form.name_cell = text, (value or piece).cell
                else:
                    scope = "department" if "部门整体" in (text or "") else "project"
                    self._begin(text, (value or piece).cell, scope, context)
                self._section = _Section.HEAD
            elif label is Label.BODY:
                if form is not None and fresh and self._section is _Section.HEAD:
                    form.department = form.department or text
                elif text is not None:
                    form = self._begin(text, (value or piece).cell, "department", context)
                    form.department = text
                    self._section = _Section.HEAD
            elif form is not None and label is Label.DEPARTMENT:
                form.department = form.department or text
            elif form is not None and label is Label.UNIT:
                form.implementing_unit = form.implementing_unit or text

    def _open_indicators(self, row: Row, table: Table, context: Context) -> None:
        header = header_from(row, indicator_column, table)
        if header is None:
            return
        header = _with_name(header)
        form = self._form
        if form is None or self._section is _Section.AFTER:
            whole = context.scope == "department"
            name = (context.body if whole else context.project) or context.title
            form = self._begin(name, row.printed[0].cell, context.scope, context)
            if whole:
                form.department = context.body or form.department
        self._section = _Section.INDICATORS
        self._header = header
        roles = set(header.roles)
        form.evaluated = form.evaluated or bool(roles & {IndicatorColumn.ACTUAL, IndicatorColumn.SCORE})
        for piece in row.printed:
            # One reason for the whole table may stand where the column's header belongs.
            if len(fold(piece.text)) > _SENTENCE and indicator_column(piece.text) is None:
                form.notes.append((Label.OTHER, piece.text, piece.cell))

    def _fund_row(self, row: Row, table: Table, label: Label | None) -> None:
        form = self._form
        if form is None:
            return
        if label is Label.FUNDS:
            self._section = _Section.FUNDS
        for piece in row.printed:
            if label_of(piece.text) is Label.FUNDS or fund_column(piece.text) is not None:
                form.unit = money_unit(piece.text) or form.unit
        header = header_from(row, fund_column, table)
        roles = set(header.roles) if header is not None else set()
        figures = any(weight_text(piece.text) for piece in row.printed)
        if header is not None and not figures and (len(roles) >= 2 or roles & _AMOUNTS):
            if roles != {FundColumn.PLAIN}:
                self._funds.take_header(header)
                form.evaluated = form.evaluated or FundColumn.EXECUTED in roles
            return
        funds = self._funds.read(row)
        weight = next((w for piece in row.printed if (w := execution_weight(piece.text))), None)
        if weight is not None and funds and funds[0].weight is None:
            funds[0].weight = weight
        form.funds.extend(funds)

    def _indicator(self, row: Row) -> None:
        if self._header is None or self._form is None:
            return
        before = self._form.indicators[-1] if self._form.indicators else None
        draft = read_indicator(row, self._header, self._levels)
        if draft is None:
            if before is not None and row.index == 0 and row.block != before.block:
                self._whole_levels(self._form.indicators)
            return
        if before is not None and self._is_rest_of(before, draft, row):
            for name in ("level3", "target", "actual", "reason"):
                rest = getattr(draft, name)
                if rest is not None:
                    setattr(before, name, (getattr(before, name) or "") + rest)
            self._whole_levels(self._form.indicators)
            return
        if not (draft.level3 or draft.target or draft.actual):
            return  # words beside a blank line of the template
        self._form.indicators.append(draft)

    def _whole_levels(self, above: Sequence[IndicatorDraft]) -> None:
        """Give the rows above a page break the whole names of levels that it cut: 满意度指 / 标(10分)."""
        for name in ("level1", "level2"):
            cut, whole = getattr(above[-1], name), getattr(self._levels, name)
            if not _is_cut(cut, whole):
                continue
            for draft in reversed(above):
                if getattr(draft, name) != cut:
                    break
                setattr(draft, name, whole)
            self._levels.level2 = self._levels.level2 or above[-1].level2

    def _is_rest_of(self, before: IndicatorDraft, draft: IndicatorDraft, row: Row) -> bool:
        """Whether a row at the top of a page is the lower part of the row that the page break cut."""
        if row.trust is not ColumnTrust.KNOWN or row.index != 0 or before.block == draft.block:
            return False
        if self._header is None:
            return False
        for labelled, name in ((draft.labelled1, "level1"), (draft.labelled2, "level2")):
            cut, whole = getattr(before, name), getattr(draft, name)
            if labelled and not _is_cut(cut, whole):
                return False
        if IndicatorColumn.WEIGHT in self._header.roles or IndicatorColumn.SCORE in self._header.roles:
            return draft.weight is None and draft.score is None and before.weight is not None
        return draft.level3 is None or draft.target is None

    def _after(self, label: Label, row: Row) -> None:
        form = self._form
        if form is None:
            return
        printed = row.printed
        if label is Label.TOTAL:
            self._section = _Section.AFTER
            self._note = None
            figures = [figure for piece in printed if (figure := weight_text(piece.text))]
            if figures and form.evaluated:
                form.score = figures[-1]
            return
        self._section = _Section.AFTER
        at = next(index for index, piece in enumerate(printed) if label_of(piece.text) is label)
        self._note = label if label in NOTED else None
        for piece in printed[at + 1 :]:
            inner = label_of(piece.text)
            if inner in NOTED:
                self._note = inner
            elif self._note is not None:
                self._take_note(self._note, piece)

    def _take_note(self, label: Label, piece: Piece) -> None:
        if self._form is not None and piece.value is not None:
            self._form.notes.append((label, piece.text, piece.cell))


def _is_cut(name: str | None, whole: str | None) -> bool:
    """Whether ``name`` is the beginning of ``whole``."""
    return name is not None and whole is not None and name != whole and whole.startswith(name)


def _figures(printed: Sequence[Piece]) -> int:
    return sum(weight_text(piece.text) is not None for piece in printed)


def is_indicator_header(row: Row) -> bool:
    """Whether a row is the header of an indicator block."""
    roles = {indicator_column(piece.text) for piece in row.printed}
    levels = roles & _LEVELS
    if len(levels) >= 2 or (IndicatorColumn.LEVEL3 in levels and IndicatorColumn.TARGET in roles):
        return True
    # 绩效指标 beside 指标值 and its unit or sign is the indicators' name, not the block's.
    return not levels and roles >= _WRITTEN_OUT and bool(roles & _BESIDE_TARGET)


def _with_name(header: Header[IndicatorColumn]) -> Header[IndicatorColumn]:
    """``header`` with a column of names: without 三级指标 it is the 绩效指标 next to the target."""
    target = header.column(IndicatorColumn.TARGET)
    if target is None or set(header.roles) & _LEVELS:
        return header
    groups = [c for c in header.columns if c.role is IndicatorColumn.GROUP and c.end <= target.start]
    columns = tuple(
        replace(column, role=IndicatorColumn.LEVEL3) if groups and column is groups[-1] else column
        for column in header.columns
    )
    return replace(header, columns=columns)


def _starts(row: Row) -> bool:
    """Whether a row opens a form or an indicator block."""
    return is_indicator_header(row) or any(
        label in (Label.PROJECT, Label.BODY) and value is not None for label, _, value in _pairs(row.printed)
    )


def _pairs(printed: Sequence[Piece]) -> list[tuple[Label, Piece, Piece | None]]:
    """The labels of a row that name the project or its bodies, each with the value cell that follows it.

    A row that begins otherwise, or has more than one value to a label, is the header of some list.
    """
    printed = [piece for piece in printed if execution_weight(piece.text) is None]
    labels = [label_of(piece.text) for piece in printed]
    if (
        not labels
        or labels[0] not in _NAMING
        or len(printed) > 2 * sum(label is not None for label in labels)
    ):
        return []
    pairs = []
    for index, (piece, label) in enumerate(zip(printed, labels, strict=True)):
        if label is None or label not in _NAMING:
            continue
        follower = printed[index + 1] if index + 1 < len(printed) and labels[index + 1] is None else None
        if follower is not None and _is_column_word(follower.text):
            return []
        pairs.append((label, piece, follower))
    return pairs


def _is_column_word(text: str) -> bool:
    return any(meaning(text) is not None for meaning in (fund_column, indicator_column, list_column))
