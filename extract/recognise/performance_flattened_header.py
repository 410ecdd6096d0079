"""Header words of flattened performance forms: which columns a stretch of wrapped words names.

The words of a header row stand one after the other, each perhaps wrapped over lines. They are cut into
the words of the vocabulary; a cut where the print has a blank or a line end is the likelier one.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from fiscalgraph.extract.recognise.performance_vocabulary import (
    FundColumn,
    IndicatorColumn,
    fold,
    fund_column,
    indicator_column,
)

__all__ = ["fund_header", "indicator_header"]

_LONGEST_WORD = 24  # characters of one header cell
_LONGEST_FUND_WORD = 9  # the same for a fund block, without brackets
_MOST_PIECES = 4  # printed lines a header cell may be wrapped to
_OFF_CUT = 10  # what a cut inside a printed word costs, against one for each header word
# The shared vocabulary takes any words around 原因 or 偏差; a header cut anew needs them spelt out.
_REASON = re.compile(
    r"(?:(?:绩效|年度|目标|指标)*(?:存在)?(?:较?大)?(?:偏差|未完成|未达[到标成]|扣分|差异|原因|改进|整改))"
    r"(?:指标|目标|偏差|未完成|未达[到标成]|扣分|差异|原因|改进|整改|工作|措施|分析|说明|情况|理由|较大|拟采取|[的及和与或、/]|\(.*\))*"
)
_BRACKETS = re.compile(r"\([^()]*\)")
_AMOUNTS = {FundColumn.INITIAL, FundColumn.FULL, FundColumn.PLAIN, FundColumn.EXECUTED}


def indicator_header(tokens: Sequence[str]) -> list[IndicatorColumn] | None:
    """The columns that the words of a header row name, or ``None`` if they are not all header words."""
    return _cut([fold(token) for token in tokens], _indicator_word)


def _indicator_word(text: str) -> IndicatorColumn | None:
    column = indicator_column(text)
    if column is IndicatorColumn.REASON and _REASON.fullmatch(text) is None:
        return None
    return column


def _cut(
    tokens: Sequence[str], meaning: Callable[[str], IndicatorColumn | None]
) -> list[IndicatorColumn] | None:
    """``tokens`` cut into as few header words as their blanks and line ends allow."""
    text = "".join(tokens)
    ends = {0}
    for token in tokens:
        ends.add(max(ends) + len(token))
    best: list[tuple[int, list[IndicatorColumn]] | None] = [None] * (len(text) + 1)
    best[0] = (0, [])
    for start in range(len(text)):
        reached = best[start]
        if reached is None:
            continue
        for end in range(start + 2, min(len(text), start + _LONGEST_WORD) + 1):
            cost = reached[0] + 1 + _OFF_CUT * (end not in ends)
            known = best[end]
            if known is not None and known[0] <= cost:
                continue
            column = meaning(text[start:end])
            inner = (cut for cut in range(start + 1, end) if cut in ends)
            if column is not None and not any(
                meaning(text[start:cut]) and meaning(text[cut:end]) for cut in inner
            ):
                best[end] = (cost, [*reached[1], column])
    found = best[len(text)]
    return found[1] if found is not None and text else None


def fund_header(tokens: Sequence[str]) -> tuple[int, list[FundColumn]]:
    """How many of the next tokens are a fund block's header, and the columns it names; 0 if none begins.

    A header names an amount and at least one column more. A bare 预算数 is the whole year's budget beside
    what was spent.
    """
    words = [fold(token) for token in tokens]
    best: list[tuple[int, int, list[FundColumn]] | None] = [(0, 0, []), *[None] * len(words)]
    for end in range(1, len(words) + 1):
        for start in range(max(0, end - _MOST_PIECES), end):
            reached = best[start]
            text = "".join(words[start:end])
            column = _fund_word(text) if reached is not None else None
            if reached is None or column is None:
                continue
            # Many words of like length: 年初预算数, 全年预算数 rather than 年初预算数全年, 预算数.
            found = (reached[0] + 1, reached[1] - len(text) ** 2, [*reached[2], column])
            known = best[end]
            if known is None or found[:2] > known[:2]:
                best[end] = found
    at = max(end for end, found in enumerate(best) if found is not None)
    columns = next(found[2] for found in reversed(best) if found is not None)
    if len(columns) < 2 or not _AMOUNTS & set(columns):
        return 0, []
    return at, [_settled(column, columns) for column in columns]


def _fund_word(text: str) -> FundColumn | None:
    bare = _BRACKETS.sub("", text)
    return fund_column(text) if 1 < len(bare) <= _LONGEST_FUND_WORD else None


def _settled(column: FundColumn, columns: Sequence[FundColumn]) -> FundColumn:
    if column is not FundColumn.PLAIN:
        return column
    if FundColumn.EXECUTED in columns and FundColumn.FULL not in columns:
        return FundColumn.FULL
    return FundColumn.INITIAL if FundColumn.INITIAL not in columns else FundColumn.IGNORED
