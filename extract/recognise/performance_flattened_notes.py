"""What flattened forms print below their indicators: the row 总分, causes and measures."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from fiscalgraph.extract.normalise import is_figure, printed_figure
from fiscalgraph.extract.recognise.performance_flattened_lines import PAGE_NUMBER, Line
from fiscalgraph.extract.recognise.performance_vocabulary import (
    Label,
    fold,
    is_nothing,
    is_total_fund,
    label_of,
    title_of,
)

__all__ = ["Note", "ends_block", "label_at", "note_at", "notes_of", "total_at"]

_CHAPTER = re.compile(
    r"第[一二三四五六七八九十]+(?:部分|章)|附件\d*|[一二三四五六七八九十]+、.*|（[一二三四五六七八九十]+）.*"
)
_NOTED = (Label.PROBLEM, Label.SHORTFALL, Label.MEASURE)
_LABEL_LINES = 6  # printed lines a label in a narrow cell may take
_LEAST_LABEL = 4  # characters; 不足 may be the end of a sentence
_BRACKETED = re.compile(r"[(（].*")
_REMARKS = {"备注", "备注:", "备注："}


@dataclass(frozen=True, slots=True)
class Note:
    """A cause or measure below 总分: ``first`` is the line its text begins on."""

    label: Label
    text: str
    first: Line
    blocks: frozenset[int]


def label_at(tokens: Sequence[str], widest: int = 8) -> tuple[int, Label | None]:
    """The longest label the next tokens spell, each of at most ``widest`` characters before brackets."""
    for size in range(len(tokens), 0, -1):
        if any(is_figure(token) for token in tokens[:size]):
            continue
        if size > 1 and any(len(_BRACKETED.sub("", token)) > widest for token in tokens[:size]):
            continue
        text = "".join(tokens[:size])
        label = label_of(text)
        if label is not None and not is_total_fund(text):
            return size, label
    return 0, None


def total_at(lines: Sequence[Line], at: int) -> tuple[int, list[str]]:
    """How many lines the row 总分 takes and the figures behind its label; 0 lines if no such row begins here.

    In a narrow cell the label is wrapped (总 / 分); its figures may stand on the lines below it.
    """
    for size in (1, 2):
        if at + size > len(lines):
            return 0, []
        wrapped = [line.text for line in lines[at : at + size - 1]]
        if any(map(str.isdigit, "".join(wrapped))):
            return 0, []
        last = lines[at + size - 1]
        if label_of("".join([*wrapped, last.tokens[0]])) is not Label.TOTAL:
            continue
        figures = _figures(last.tokens[1:])
        end = at + size
        while len(last.tokens) == 1 and end < len(lines) and (more := _figures(lines[end].tokens)):
            figures += more
            end += 1
        if figures or size == 1:
            return end - at, figures
    return 0, []


def _figures(tokens: Sequence[str]) -> list[str]:
    """The figures of a line that prints nothing else (98.9分 is one)."""
    bare = [token.removesuffix("分") for token in tokens]
    if not all(is_figure(token) or is_nothing(token) for token in bare):
        return []
    return [printed_figure(token) for token in bare if is_figure(token)]


def notes_of(lines: Sequence[Line]) -> Iterator[Note]:
    """Causes and measures printed below 总分: a label, perhaps wrapped, then the text up to the next."""
    at = 0
    while at < len(lines):
        size, label, behind = note_at(lines, at)
        if label is None:
            if at > 0 or ends_block(lines[at]):
                return
            at += 1
            continue
        start = at + size
        end = start
        while end < len(lines) and not ends_block(lines[end]) and note_at(lines, end)[1] is None:
            end += 1
        printed = [line for line in (*behind, *lines[start:end]) if not PAGE_NUMBER.fullmatch(line.text)]
        text = "".join(line.text for line in printed)
        if text:
            yield Note(label, text, printed[0], frozenset(line.block for line in lines[at:end]))
        at = end


def note_at(lines: Sequence[Line], at: int) -> tuple[int, Label | None, list[Line]]:
    """A label that fills its lines (偏差大或目标未完成 / 原因分析) or begins one; what follows on it."""
    size, label = label_at([line.text for line in lines[at : at + _LABEL_LINES]], widest=12)
    if label in _NOTED and sum(len(line.text) for line in lines[at : at + size]) >= _LEAST_LABEL:
        return size, label, []
    first, *rest = lines[at].tokens
    label = label_of(first) if rest and len(first) >= _LEAST_LABEL else None
    if label in _NOTED:
        line = lines[at]
        return 1, label, [Line(tuple(rest), line.block, line.paragraph, line.gap)]
    return 0, None, []


def ends_block(line: Line) -> bool:
    """Whether a line belongs to no form: a chapter's heading, a form's title, a remark."""
    text = line.text
    return (
        _CHAPTER.fullmatch(text) is not None
        or title_of(text) is not None
        or text in _REMARKS
        or fold(text).startswith(("注:", "备注:", "说明:"))
    )
