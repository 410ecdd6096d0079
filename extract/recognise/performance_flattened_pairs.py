"""Indicator rows without figures in flattened text: where a name ends and its target stands.

Such rows are a name and a target (指标值) only. A target is told by what it begins with (≥95%), by standing
on one line with its name, or by being a quality wholly stated (作用显著) below a name that has ended.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal

from fiscalgraph.extract.recognise.performance_flattened_cells import (
    VALUE_START,
    groups_of,
    is_one_cell,
    states_quality,
    width_of,
)
from fiscalgraph.extract.recognise.performance_flattened_levels import divided_levels
from fiscalgraph.extract.recognise.performance_flattened_lines import Line
from fiscalgraph.extract.recognise.performance_vocabulary import fold, is_group_label

__all__ = ["can_be_name", "is_cut_off", "may_go_on", "starts_value", "states_value", "tail_lines"]

_OPEN_ENDS = ("，", "、", ",", "-", "—")  # what a cell cannot end with: it goes on below
_BRACKETS = (("(", ")"), ("《", "》"), ("〈", "〉"))
_FILLED = Decimal("0.625")  # of its widest line: what every line but the last of one cell is at least
_LONGEST_TAIL = 3  # lines
_PROSE = 14  # characters; so wide a target in words may take more lines than one
_BOUND = re.compile(".[≤≥≦≧]")  # in a target, not in a name


def starts_value(name: Sequence[Line], groups: Sequence[str], labels: Sequence[str]) -> bool:
    """Whether a target that begins as targets do ends a line: beside its name, or alone below it.

    The last of ``labels``, the level cells above, is itself the name where it is printed twice.
    """
    if not groups or VALUE_START.match(groups[-1]) is None:
        return False
    named = bool(name) or (len(labels) > 1 and labels[-1] == labels[-2])
    return len(groups) > 1 or (named and not _is_open(name))


def _is_open(name: Sequence[Line]) -> bool:
    """Whether a name must go on: 《… 2026- / 2030年…》 is one title."""
    text = fold("".join(line.text for line in name))
    return text.endswith(_OPEN_ENDS) or any(text.count(left) > text.count(right) for left, right in _BRACKETS)


def states_value(words: Sequence[Line], below: Line | None) -> bool:
    """Whether the last of ``words`` is a quality wholly stated, the target of the name above it.

    The name has ended: its last line has room left, or the next row's level cells stand below.
    """
    *name, last = words
    if not name or not states_quality(last.text) or not is_one_cell(name):
        return False
    widths = [width_of(line.text) for line in name]
    return widths[-1] < max(widths) - 1 or (below is not None and _begins_levels(below))


def _begins_levels(line: Line) -> bool:
    before, labels, _ = divided_levels([line])
    return (bool(labels) and not before) or is_group_label(line.tokens[0])


def may_go_on(value: str, below: Line | None) -> bool:
    """Whether a target beside its name may be prose that the line below carries on."""
    if below is None or VALUE_START.match(value) or width_of(value) < _PROSE:
        return False
    return not _begins_levels(below) and len(groups_of(below.tokens)) == 1


def can_be_name(words: Sequence[Line], starts: bool) -> bool:
    """Whether the lines can be one name; a target that begins as one allows looser lines."""
    if any(len(groups_of(word.tokens)) > 1 or _BOUND.search(word.text) for word in words):
        return False
    if not starts:
        return is_one_cell(words)
    widths = [width_of(word.text) for word in words]
    return all(width >= max(widths) * _FILLED for width in widths[:-1])


def is_cut_off(value: str) -> bool:
    """Whether a target must go on: 取暖费每年10月发放，"""
    return value.endswith(_OPEN_ENDS)


def tail_lines(value: str, lines: Sequence[Line]) -> int:
    """How many of the lines below a row are the rest of its target, which ``value`` begins.

    One or two characters are; where the target cannot end as it does, all lines up to the next level cells,
    unless its rest shares a line with one of them.
    """
    before, labels, _ = divided_levels(lines)
    if is_cut_off(value):
        whole = before == list(lines[: len(before)])
        return len(before) if labels and whole and len(before) <= _LONGEST_TAIL else 0
    short = len(lines) > 0 and len(lines[0].text) <= 2 and not is_group_label(lines[0].text)
    return 1 if short and (not labels or bool(before)) else 0
