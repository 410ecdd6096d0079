"""The indicators of a flattened form: its header's columns, the rows, and what stands below them."""

from __future__ import annotations

import re
from collections.abc import Sequence

from fiscalgraph.extract.document import Cell
from fiscalgraph.extract.normalise import is_figure
from fiscalgraph.extract.recognise.performance_flattened_header import indicator_header
from fiscalgraph.extract.recognise.performance_flattened_lines import Line
from fiscalgraph.extract.recognise.performance_flattened_notes import ends_block, note_at, notes_of, total_at
from fiscalgraph.extract.recognise.performance_flattened_rows import RowReader
from fiscalgraph.extract.recognise.performance_forms import Form
from fiscalgraph.extract.recognise.performance_vocabulary import IndicatorColumn, fold, is_group_label

__all__ = ["header_at", "header_line", "read_indicators"]

_LONGEST_HEADER = 24  # printed lines of one indicator header
_YEAR_LINE = re.compile(r"[(（]?20\d\d年度?[)）]?")
_SUMS = {"合计", "总计"}
_FIRST_LEVEL = "一级指标"
_HEADER_START = re.compile(r"一级指标(?:二级指标)?三级指标|一级指标二级指标|三级指标")


def header_line(lines: Sequence[Line], start: int) -> int | None:
    """The line at which the indicator header begins: 一级指标 … 三级指标, perhaps one syllable a line."""
    for at in range(start, len(lines)):
        first = "".join(_header_words(lines[at]))
        if not first.startswith(("一级", "二级", "三级")):
            continue
        text = fold(first + "".join(line.text for line in lines[at + 1 : at + 8]))
        if _HEADER_START.match(text):
            return at
    return None


def _header_words(line: Line) -> tuple[str, ...]:
    """A header line's words, without what ends or stands beside them (… 绩效指标 一级指标 …)."""
    tokens = line.tokens
    for at, token in enumerate(tokens[:-1]):
        if token.endswith(_FIRST_LEVEL):
            return (_FIRST_LEVEL, *tokens[at + 1 :])
    grouped = len(tokens) > 1 and is_group_label(tokens[0])
    return tokens[1:] if grouped else tokens


def read_indicators(lines: Sequence[Line], start: int, form: Form, titles: set[str]) -> None:
    """Indicator rows from the header to 总分; a header printed again (next page, next goal) starts anew."""
    at: int | None = start
    reader: RowReader | None = None
    while at is not None:
        roles, body = header_at(lines, at)
        if reader is None:
            reader = RowReader(roles, lines[:start])
        form.evaluated = form.evaluated or bool({IndicatorColumn.ACTUAL, IndicatorColumn.SCORE} & set(roles))
        following = header_line(lines, body)
        end = following if following is not None else len(lines)
        kept: list[Line] = []
        for index in range(body, end):
            line = lines[index]
            if any(title in fold(line.text) for title in titles) or _YEAR_LINE.fullmatch(line.text):
                continue  # the form's own title, printed again on its next page
            size, figures = total_at(lines, index)
            noted = note_at(lines, index)[1] is not None
            if size or noted or ends_block(line) or _is_sum(line):
                if figures and form.evaluated:
                    form.score = figures[-1]
                form.blocks.update(covered.block for covered in lines[index : index + size])
                for note in notes_of(lines[index + size :]) if size or noted else ():
                    form.notes.append(
                        (note.label, note.text, Cell(note.text, 0, 0, place=note.first.paragraph.place))
                    )
                    form.blocks |= note.blocks
                following = None
                end = index
                break
            kept.append(line)
        reader.read(kept)
        form.blocks.update(line.block for line in lines[at:end])
        at = following
    if reader is not None:
        form.indicators = reader.drafts()
        form.blocks -= reader.unread


def _is_sum(line: Line) -> bool:
    """Whether a line is the sum of the weights and scores above (合计 90 88)."""
    first, *rest = line.tokens
    return first in _SUMS and bool(rest) and all(map(is_figure, rest))


def header_at(lines: Sequence[Line], at: int) -> tuple[list[IndicatorColumn], int]:
    """The columns a header names, and the line after it.

    The header ends where its words do: at the last line up to which all are header words.
    """
    best: tuple[list[IndicatorColumn], int] = ([], at + 1)
    tokens: list[str] = []
    for index in range(at, min(at + _LONGEST_HEADER, len(lines))):
        tokens += lines[index].tokens if index > at else _header_words(lines[at])
        columns = indicator_header(tokens)
        if columns is not None:
            best = ([column for column in columns if column is not IndicatorColumn.GROUP], index + 1)
    return best
