"""Rows of the indicator block (绩效指标): which cell is the target, which the weight, which the reason.

Where the source places every cell, the header decides. Where rows drifted, level cells are known by
their words, figures by being figures, and the order of the cells decides; what neither order nor
place decides stays empty.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from fiscalgraph.extract.document import Cell, ColumnTrust
from fiscalgraph.extract.normalise import is_figure, printed_figure
from fiscalgraph.extract.recognise.performance_columns import Header
from fiscalgraph.extract.recognise.performance_rows import Piece, Row
from fiscalgraph.extract.recognise.performance_vocabulary import (
    IndicatorColumn,
    fold,
    is_group_label,
    is_level1,
    is_level2,
    is_nothing,
    leading_levels,
    level_points,
)

__all__ = [
    "IndicatorDraft",
    "Levels",
    "fills_header",
    "level_roles",
    "read_indicator",
    "take_levels",
    "weight_text",
]

_C = IndicatorColumn
_BLANK = ""  # a level cell without words
_BLANK_OPEN = "…"  # such a cell that reaches the table's last row
_CARRIED = "↑"  # a blank cell at the top of a page
_CARRIED_OPEN = "↕"  # such a cell that reaches the table's last row
_FIGURES = (_C.WEIGHT, _C.SCORE)
_LEVELS = (_C.GROUP, _C.LEVEL1, _C.LEVEL2)
_POINT_FIGURE = re.compile(r"(\d+(?:\.\d+)?)分")
_COUNT = re.compile(r"\d[百千万亿]*$")  # a figure to which a unit can be added
_COMPARISON = re.compile(
    r"[<>≤≥≦≧＜＞=＝≠±]{1,2}|(?:大于|小于|不低于|不高于|不少于|不超过|等于)(?:等于|或等于)?"
)


@dataclass(slots=True)
class Levels:
    """The level cells in force: a merged cell holds for the rows below it, over page breaks too."""

    level1: str | None = None
    level2: str | None = None
    open1: bool = False
    open2: bool = False
    points: bool = False  # first-level cells of this form print points: 产出指标(50分)
    points_of_second: bool = False  # second-level cells do too: 数量指标(20分)
    spent: Decimal = Decimal(0)  # points of the second levels below the first level in force


@dataclass(slots=True)
class IndicatorDraft:
    """One indicator row as read; ``labelled1``/``labelled2``: the row itself prints the level cell."""

    level1: str | None
    level2: str | None
    level3: str | None
    target: str | None
    actual: str | None
    weight: str | None
    score: str | None
    reason: str | None
    cell: Cell
    block: int
    column: int
    drifted: bool = False
    labelled1: bool = False
    labelled2: bool = False
    open1: bool = False  # the level cell is blank and runs on over the page's end: its words stand there
    open2: bool = False
    reason_cell: Cell | None = None
    remark: str | None = None


def weight_text(text: str) -> str | None:
    """A weight or score cell's figure as printed ("6", "98.9" of 98.9分), ``None`` for anything else."""
    key = fold(text)
    if is_figure(key):
        return printed_figure(key)
    found = _POINT_FIGURE.fullmatch(key)
    return found.group(1) if found else None


def fills_header(row: Row, header: Header[IndicatorColumn]) -> bool:
    """Whether a drifted row has a cell of the right kind for every column of the header."""
    tokens = [piece for piece in row.printed if not is_group_label(piece.text)]
    return len(tokens) > 2 and _in_order(tokens, header) is not None


def read_indicator(row: Row, header: Header[IndicatorColumn], levels: Levels) -> IndicatorDraft | None:
    """Read one row below the indicator header; updates ``levels``. ``None`` if it states no indicator."""
    labels: dict[IndicatorColumn, str]
    cells: dict[IndicatorColumn, list[Piece]] | None
    if row.trust is ColumnTrust.KNOWN:
        placed = _by_columns(row, header, levels)
        if placed is not None:
            cells, labels = placed
            take_levels(levels, labels)
            return _draft(cells, levels, labels, row, header)
    tokens = row.printed
    while len(tokens) > 1 and is_group_label(tokens[0].text) and not is_level1(tokens[0].text):
        tokens = tokens[1:]
    labels = {}
    count = 0
    while count < min(2, len(tokens)) and (is_level1(tokens[count].text) or is_level2(tokens[count].text)):
        count += 1
    rest = tokens[count:]
    cells = _in_order(rest, header)
    if cells is None and count and len(rest) < _wanted(header):
        # A row whose only name is a level's own word: 成本指标 below 成本指标 is the indicator's name.
        with_name = _in_order(tokens[count - 1 :], header)
        word = tokens[count - 1].text
        if with_name is not None and (word == levels.level2 or not word.endswith("指标")):
            cells, count = with_name, count - 1
    if cells is None:
        cells = _in_place(rest, header) or _from_both_ends(rest, header)
    labels.update(level_roles([piece.text for piece in tokens[:count]], levels))
    take_levels(levels, labels)
    return _draft(cells, levels, labels, row, header)


def _by_columns(
    row: Row, header: Header[IndicatorColumn], levels: Levels
) -> tuple[dict[IndicatorColumn, list[Piece]], dict[IndicatorColumn, str]] | None:
    """Cells by the column they stand in; ``None`` if a figure's column holds words."""
    cells: dict[IndicatorColumn, list[Piece]] = {}
    labels: dict[IndicatorColumn, str] = {}
    for piece in row.pieces:
        over = header.over(piece)
        if not over:
            continue
        role = over[0].role
        covered = {column.role for column in over}
        if _C.LEVEL1 in covered:
            role = _C.LEVEL1
        elif _C.LEVEL2 in covered and _C.LEVEL3 in covered:
            role = _C.LEVEL2 if is_level2(piece.text) else _C.LEVEL3
        if role in (_C.LEVEL1, _C.LEVEL2):
            whole = _cut_level(role, piece.text, levels) if row.index == header.body else None
            if whole is not None:
                labels[role] = whole
            elif not piece.empty and not is_group_label(piece.text):
                labels[role] = piece.text
            elif piece.empty and piece.start in row.merged:
                labels[role] = _blank_level(piece, row, header)
        elif not piece.empty and (piece.top or role is _C.LEVEL3):
            cells.setdefault(role, []).append(piece)
    for role in _FIGURES:
        for piece in cells.get(role, []):
            if weight_text(piece.text) is None and not is_nothing(piece.text):
                return None
    return cells, labels


def _cut_level(role: IndicatorColumn, text: str, levels: Levels) -> str | None:
    """The whole name of a level cell that the page break cut: 标 below 效益指 is 效益指标."""
    known, names = (levels.level1, is_level1) if role is _C.LEVEL1 else (levels.level2, is_level2)
    whole = (known or "") + text
    return whole if known and text and names(whole) and not names(text) else None


def _blank_level(piece: Piece, row: Row, header: Header[IndicatorColumn]) -> str:
    """What a blank level cell says in a table whose level cells span rows.

    Below others it begins a level whose words are elsewhere; at the top of a page it carries on the
    level of the page before.
    """
    reaches_end = piece.cell.row + piece.cell.row_span == row.height
    if piece.cell.row > header.body:
        return _BLANK_OPEN if reaches_end else _BLANK
    return _CARRIED_OPEN if reaches_end else _CARRIED


def _roles(header: Header[IndicatorColumn]) -> list[IndicatorColumn]:
    return [role for role in header.roles if role not in _LEVELS]


def _wanted(header: Header[IndicatorColumn]) -> int:
    return len([role for role in _roles(header) if role is not _C.REASON])


def _fits(role: IndicatorColumn, piece: Piece) -> bool:
    if role in _FIGURES:
        return weight_text(piece.text) is not None or is_nothing(piece.text)
    if role is _C.LEVEL3:
        return not (is_figure(piece.text) or is_nothing(piece.text) or _COMPARISON.match(piece.text))
    return role is not _C.REASON or not is_figure(piece.text)


def _in_order(
    rest: Sequence[Piece], header: Header[IndicatorColumn]
) -> dict[IndicatorColumn, list[Piece]] | None:
    """Cells by their order, when as many are printed as the header asks for (the reason may be missing)."""
    roles = _roles(header)
    for wanted in (roles, [role for role in roles if role is not _C.REASON]):
        if len(rest) == len(wanted) and all(map(_fits, wanted, rest)):
            return {role: [piece] for role, piece in zip(wanted, rest, strict=True)}
    return None


def _in_place(
    rest: Sequence[Piece], header: Header[IndicatorColumn]
) -> dict[IndicatorColumn, list[Piece]] | None:
    """Cells by their column, the whole row moved so that the name stands below 三级指标."""
    name = header.column(_C.LEVEL3)
    if name is None or not rest:
        return None
    shift = rest[0].start - name.start
    cells: dict[IndicatorColumn, list[Piece]] = {}
    for piece in rest:
        role = next((c.role for c in header.columns if c.start == piece.start - shift), None)
        if role is None or role in _LEVELS or role in cells or not _fits(role, piece):
            return None
        cells[role] = [piece]
    return cells if _C.TARGET not in _roles(header) or _C.TARGET in cells else None


def _from_both_ends(
    rest: Sequence[Piece], header: Header[IndicatorColumn]
) -> dict[IndicatorColumn, list[Piece]]:
    """The name from the left, figures from the right; what lies between only where it can be one thing."""
    roles = _roles(header)
    cells: dict[IndicatorColumn, list[Piece]] = {}
    middle = list(rest)
    if middle and _fits(_C.LEVEL3, middle[0]):
        cells[_C.LEVEL3] = [middle.pop(0)]
    if (
        _C.REASON in roles
        and len(middle) > 2
        and _fits(_C.REASON, middle[-1])
        and _fits(_C.SCORE, middle[-2])
    ):
        cells[_C.REASON] = [middle.pop()]
    figures = [role for role in roles if role in _FIGURES]
    tail = middle[len(middle) - len(figures) :] if figures and len(middle) > len(figures) else []
    if tail and all(_fits(_C.SCORE, piece) for piece in tail):
        cells.update({role: [piece] for role, piece in zip(figures, tail, strict=True)})
        middle = middle[: len(middle) - len(figures)]
    else:
        while (len(middle) > 1 and is_figure(middle[-1].text)) or (middle and is_nothing(middle[-1].text)):
            middle.pop()  # a lone figure that may be the weight or the score: undecided
    texts = [role for role in (_C.TARGET, _C.ACTUAL) if role in roles]
    if len(middle) == 1 and texts:
        cells[texts[0]] = middle  # nobody states a result without a target
    elif len(middle) == len(texts):
        cells.update({role: [piece] for role, piece in zip(texts, middle, strict=True)})
    return cells


def level_roles(labels: Sequence[str], levels: Levels) -> dict[IndicatorColumn, str]:
    """Which level each leading label cell of a row names, where columns do not say."""
    if len(labels) == 2:
        # 时效指标 printed twice is one second level
        return (
            {_C.LEVEL1: labels[0], _C.LEVEL2: labels[1]} if is_level1(labels[0]) else {_C.LEVEL2: labels[1]}
        )
    if not labels:
        return {}
    text = labels[0]
    first, second = is_level1(text), is_level2(text)
    if first and second:  # 成本指标, 满意度指标 name a level of either kind
        if levels.points:
            first = level_points(text) is not None and not _has_points_left(levels, text)
        else:
            first = levels.level1 is None or not _contains(levels.level1, text)
    return {_C.LEVEL1 if first else _C.LEVEL2: text}


def _has_points_left(levels: Levels, label: str) -> bool:
    """Whether ``label``, printing points as second levels do, fits into the first level's points."""
    whole, own = level_points(levels.level1 or ""), level_points(label)
    if not levels.points_of_second or whole is None or own is None:
        return False
    return levels.spent + Decimal(own) <= Decimal(whole)


def _contains(level1: str, label: str) -> bool:
    """Whether a first level has ``label`` among its second levels: 产出 has 成本, 满意度 has 满意度."""
    return ("成本" in label and "产出" in level1) or ("满意度" in label and "满意" in level1)


def take_levels(levels: Levels, labels: dict[IndicatorColumn, str]) -> None:
    """Put the level cells a row prints in force."""
    level1, level2 = labels.get(_C.LEVEL1), labels.get(_C.LEVEL2)
    if level1 in (_CARRIED, _CARRIED_OPEN):
        levels.open1 = level1 == _CARRIED_OPEN
    elif level1 is not None:
        known = None if level1 in (_BLANK, _BLANK_OPEN) else level1
        if known is None or known != levels.level1:
            levels.level2, levels.open2, levels.spent = None, False, Decimal(0)
        levels.level1, levels.open1 = known, level1 == _BLANK_OPEN
        levels.points = levels.points or level_points(known or "") is not None
    if level2 in (_CARRIED, _CARRIED_OPEN):
        levels.open2 = level2 == _CARRIED_OPEN
    elif level2 is not None:
        points = level_points(level2)
        if points is not None and level2 != levels.level2:
            levels.points_of_second = True
            levels.spent += Decimal(points)
        levels.level2 = None if level2 in (_BLANK, _BLANK_OPEN) else level2
        levels.open2 = level2 == _BLANK_OPEN


def _prints(labels: dict[IndicatorColumn, str], role: IndicatorColumn) -> bool:
    return labels.get(role, _BLANK) not in (_BLANK, _BLANK_OPEN, _CARRIED, _CARRIED_OPEN)


def _joined(pieces: list[Piece] | None) -> str | None:
    texts = [piece.text for piece in pieces or [] if piece.value is not None]
    return "".join(texts) or None


def _figure(pieces: list[Piece] | None) -> str | None:
    return next((figure for piece in pieces or [] if (figure := weight_text(piece.text))), None)


def _target(cells: dict[IndicatorColumn, list[Piece]]) -> str | None:
    """The target as one text: 指标性质, 指标值 and 计量单位 of separate columns read together."""
    target = _joined(cells.get(_C.TARGET)) or _joined(cells.get(_C.CYCLE_TARGET))
    if target is None:
        return None
    operator = _joined(cells.get(_C.OPERATOR)) or ""
    unit = _joined(cells.get(_C.MEASURE_UNIT)) or ""
    if _COMPARISON.fullmatch(unit) and not _COMPARISON.fullmatch(operator):
        operator, unit = unit, operator  # each printed in the other's column
    if _COMPARISON.fullmatch(operator) is None:
        operator = ""
    if unit == "其他" or _COUNT.search(target) is None:
        unit = ""  # 优 has no unit, whatever its column holds
    return f"{operator}{target}{unit}"


def _draft(
    cells: dict[IndicatorColumn, list[Piece]],
    levels: Levels,
    labels: dict[IndicatorColumn, str],
    row: Row,
    header: Header[IndicatorColumn],
) -> IndicatorDraft | None:
    """The draft of a row; ``None`` for a template's blank line (a level's name and nothing else)."""
    texts = {role: _joined(cells.get(role)) for role in (_C.LEVEL3, _C.ACTUAL, _C.REASON)}
    target = _target(cells)
    if target is None and not any(texts.values()):
        return None
    name = texts[_C.LEVEL3]
    level1, level2 = levels.level1, levels.level2
    if not {_C.LEVEL1, _C.LEVEL2} & set(header.roles) and (written := leading_levels(name or "")):
        level1, level2, name = written
    lead = (cells.get(_C.LEVEL3) or cells.get(_C.TARGET) or cells.get(_C.ACTUAL) or [row.pieces[0]])[0]
    reason = cells.get(_C.REASON)
    return IndicatorDraft(
        level1=level1,
        level2=level2,
        level3=name,
        target=target,
        actual=texts[_C.ACTUAL],
        weight=_figure(cells.get(_C.WEIGHT)) if _C.WEIGHT in header.roles else level_points(name or ""),
        score=_figure(cells.get(_C.SCORE)),
        reason=texts[_C.REASON],
        cell=lead.cell,
        block=row.block,
        column=lead.start,
        drifted=row.trust is not ColumnTrust.KNOWN,
        labelled1=_prints(labels, _C.LEVEL1),
        labelled2=_prints(labels, _C.LEVEL2),
        open1=levels.open1,
        open2=levels.open2,
        reason_cell=reason[0].cell if reason else None,
        remark=_joined(cells.get(_C.REMARK)),
    )
