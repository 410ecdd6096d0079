"""Indicator rows out of flattened lines: levels, name, target, result, figures, reason."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from fiscalgraph.extract.document import Cell
from fiscalgraph.extract.normalise import is_figure, printed_figure
from fiscalgraph.extract.recognise.performance_flattened_cells import (
    NAME_POINTS,
    VALUE_START,
    behind_points,
    divided_cells,
    reason_end,
)
from fiscalgraph.extract.recognise.performance_flattened_lines import ONE_CHARACTER, Line
from fiscalgraph.extract.recognise.performance_indicators import (
    IndicatorDraft,
    Levels,
    level_roles,
    take_levels,
)
from fiscalgraph.extract.recognise.performance_vocabulary import (
    IndicatorColumn,
    fold,
    is_group_label,
    is_level1,
    is_level2,
    is_nothing,
    level_points,
)

__all__ = ["RowReader"]

_C = IndicatorColumn
_TEXTS = (_C.TARGET, _C.ACTUAL)
_FIGURES = (_C.WEIGHT, _C.SCORE)
_LEVEL_PIECES = 6  # printed lines a narrow level cell may take
_BARE_NUMBER = re.compile(r"[<>≤≥≦≧＜＞=＝]*\d[\d,.]*")


@dataclass(slots=True)
class _RawRow:
    """One row before its words are divided: ``values`` stand with the figures.

    ``printed`` are the words as printed, when ``words`` has given its reason to the row above.
    """

    words: list[Line]
    printed: tuple[Line, ...]
    values: list[str]
    figures: list[str]
    line: Line
    levels: Levels
    labelled1: bool
    labelled2: bool
    reason: list[Line] = field(default_factory=list)
    above: _RawRow | None = None  # the row whose reason may stand at the head of ``words``


class RowReader:
    """Reads the lines below indicator headers into rows; the widths of all rows help to divide each."""

    def __init__(self, roles: Sequence[IndicatorColumn]) -> None:
        self._texts = [role for role in roles if role in _TEXTS]
        self._figures = [role for role in roles if role in _FIGURES]
        self._reasons = _C.REASON in roles
        self._levels = Levels()
        self._rows: list[_RawRow] = []
        self.unread: set[int] = set()  # blocks of rows whose words could not be divided

    def read(self, lines: Sequence[Line]) -> None:
        """Read the lines of one page or goal, from below its header."""
        pointed = (
            _C.WEIGHT not in self._figures and NAME_POINTS.search("".join(map(_text, lines))) is not None
        )
        if not self._figures:
            self._read_pairs(lines)
            return
        block: list[Line] = []
        previous: _RawRow | None = None
        for line in lines:
            count = len(self._figures)
            figures = list(line.tokens[-count:])
            if (
                len(line.tokens) < count
                or not all(map(_is_points, figures))
                or (pointed and not _within_points([*block, line], figures[-1]))
            ):
                block.append(line)
                continue
            previous = self._row(block, line, figures, previous)
            block = []
        if previous is not None and self._reasons:
            previous.reason = block

    def _read_pairs(self, lines: Sequence[Line]) -> None:
        """Rows without figures: a name and a target, told by the target's beginning or their common line."""
        if self._texts != [_C.TARGET]:
            return
        block: list[Line] = []
        for line in lines:
            _, _, words = self._divide([*block, line])
            groups = _groups(words[-1].tokens) if words and words[-1].block == line.block else []
            starts = bool(groups) and VALUE_START.match(groups[-1]) is not None
            if len(groups) == 2 or (len(groups) == 1 and starts and block):
                if block and self._is_tail(block):
                    self._rows[-1].values[-1] += block.pop(0).text
                self._row(block, line, [], None)
                block = []
            else:
                block.append(line)
        if len(block) == 1 and self._is_tail(block):
            self._rows[-1].values[-1] += block[0].text

    def _is_tail(self, block: Sequence[Line]) -> bool:
        """Whether a block begins with what can only be the end of the target above."""
        if not self._rows or not self._rows[-1].values or len(block[0].text) > 2:
            return False
        before, labels, _ = self._divide(block)
        return not is_group_label(block[0].text) and (not labels or bool(before))

    def _row(self, block: list[Line], line: Line, figures: list[str], previous: _RawRow | None) -> _RawRow:
        """Close a row at its line of figures."""
        head = Line(line.tokens[: len(line.tokens) - len(figures)], line.block, line.paragraph, line.gap)
        before, labels, words = self._divide([*block, head] if head.tokens else block)
        values: list[str] = []
        if words and words[-1].block == line.block:
            values = _groups(words.pop().tokens)
        above: _RawRow | None = None
        if previous is not None and self._reasons:
            if labels:
                previous.reason = before
            elif _falls_short(previous):
                above = previous
        extra = len(values) - len(self._texts)  # one more: the name, or its last line, stands with its values
        wrapped = extra == 0 and bool(values) and len(values[0]) == 1 and _is_rest(values[0])
        if extra == 1 or wrapped:
            words, values = [*words, _part(line, values[0])], values[1:]
        roles = level_roles(labels[-2:], self._levels)
        take_levels(self._levels, roles)
        row = _RawRow(
            words=words,
            printed=tuple(words),
            values=values,
            figures=figures,
            line=line,
            levels=Levels(self._levels.level1, self._levels.level2),
            labelled1=_C.LEVEL1 in roles,
            labelled2=_C.LEVEL2 in roles,
            above=above,
        )
        self._rows.append(row)
        return row

    def _divide(self, block: Sequence[Line]) -> tuple[list[Line], list[str], list[Line]]:
        """Lines before the level cells, the level cells, lines after them."""
        atoms = [(token, line) for line in block for token in line.tokens]
        labels: list[str] = []
        before: list[tuple[str, Line]] = []
        after: list[tuple[str, Line]] = []
        at = 0
        while at < len(atoms):
            size = _level_size([token for token, _ in atoms[at : at + _LEVEL_PIECES]], labels[-1:])
            if size:
                labels.append("".join(token for token, _ in atoms[at : at + size]))
                before.extend(after)
                after = []
                at += size
            elif (run := _group_size(atoms[at : at + _LEVEL_PIECES])) and (
                run > 1 or not after or self._begins_level(atoms, at + run)
            ):
                at += run
            else:
                after.append(atoms[at])
                at += 1
        return _whole_lines(before), labels, _whole_lines(after)

    @staticmethod
    def _begins_level(atoms: Sequence[tuple[str, Line]], at: int) -> bool:
        """Whether a level cell is next: else 绩效指标 in the midst of words belongs to them."""
        return bool(_level_size([token for token, _ in atoms[at : at + _LEVEL_PIECES]], ()))

    def drafts(self) -> list[IndicatorDraft]:
        """The rows as read, without those whose name could not be told from its neighbours."""
        widths = Counter(
            len(row.words[0].text) for row in self._rows if len(row.words) > 1 and row.above is None
        )
        width = max((size for size, count in widths.items() if count > 1), default=None)
        for row in self._rows:
            if row.above is not None:
                cut = reason_end(row.words, width)
                if cut is None:
                    row.words = []  # a reason and a name that cannot be told apart
                else:
                    row.above.reason, row.words = row.words[:cut], row.words[cut:]
        drafts = []
        for row in self._rows:
            draft = self._draft(row, width)
            if draft is None:
                self.unread |= {line.block for line in (*row.printed, row.line)}
            else:
                drafts.append(draft)
        return drafts

    def _draft(self, row: _RawRow, width: int | None) -> IndicatorDraft | None:
        missing = len(self._texts) - len(row.values)
        lead = row.words[0] if row.words else row.line
        if (split := behind_points(row.words, row.values, row.line, len(self._texts))) is not None:
            name, texts = split
        elif missing < 0:
            return None
        else:
            cells = divided_cells(row.words, missing + 1, width, row.values)
            if cells is None:
                return None
            name, texts = cells[0], [*cells[1:], *row.values]
        if not name or len(texts) not in (0, len(self._texts)):
            return None
        values = dict(zip(self._texts, texts, strict=False))
        figures = {role: _points(figure) for role, figure in zip(self._figures, row.figures, strict=True)}
        reason = "".join(line.text for line in row.reason) or None
        weight = figures.get(_C.WEIGHT) if _C.WEIGHT in self._figures else level_points(name)
        place = lead.paragraph.place
        return IndicatorDraft(
            level1=row.levels.level1,
            level2=row.levels.level2,
            level3=name,
            target=_stated(values.get(_C.TARGET)),
            actual=_stated(values.get(_C.ACTUAL)),
            weight=weight,
            score=figures.get(_C.SCORE),
            reason=reason if reason is not None and not is_nothing(reason) else None,
            cell=Cell(name, 0, 0, place=place),
            block=lead.block,
            column=0,
            labelled1=row.labelled1,
            labelled2=row.labelled2,
            reason_cell=Cell(reason, 0, 0, place=row.reason[0].paragraph.place) if reason else None,
        )


def _text(line: Line) -> str:
    return fold(line.text)


def _within_points(lines: Sequence[Line], figure: str) -> bool:
    """Whether a figure can be the score of an indicator that prints its points with its name (2分)."""
    found = NAME_POINTS.findall("".join(map(_text, lines)))
    return bool(found) and is_figure(figure) and Decimal(printed_figure(figure)) <= Decimal(found[-1])


def _is_points(token: str) -> bool:
    return (is_figure(token) and not token.endswith(("%", "％"))) or is_nothing(token)


def _points(token: str) -> str | None:
    return printed_figure(token) if is_figure(token) else None


def _stated(text: str | None) -> str | None:
    return None if text is None or is_nothing(text) else text


def _falls_short(row: _RawRow) -> bool:
    """Whether a row's score is below its weight: only then is a reason expected."""
    return len(row.figures) == 2 and row.figures[0] != row.figures[1]


def _level_size(tokens: Sequence[str], above: Sequence[str]) -> int:
    """How many of the next tokens spell a level cell, the most that do.

    数量, 质量 and the like end many names: a level's word must carry 指标 or its points, or follow
    the first level's.
    """
    for size in range(len(tokens), 0, -1):
        text = "".join(tokens[:size])
        if not (is_level1(text) or is_level2(text)):
            continue
        bare = re.sub(r"[(（].*", "", text)
        follows = bool(above) and is_level1(above[0]) and size == 1
        if bare.endswith("指标") or (len(bare) > 2 and (follows or level_points(text) is not None)):
            return size
    return 0


def _group_size(atoms: Sequence[tuple[str, Line]]) -> int:
    """How many of the next tokens spell the label beside the block (绩 / 效 / 指 / 标).

    Its pieces stand alone on their lines, or before a level cell; 指标 before a name is the name's.
    """
    first, line = atoms[0]
    alone = len(line.tokens) == 1 or (len(atoms) > 1 and is_level1(atoms[1][0]))
    if len(first) >= 2 and is_group_label(first) and (alone or len(first) >= 4):
        return 1
    size = 0
    text = ""
    while size < len(atoms) and len(atoms[size][0]) <= 2 and is_group_label(text + atoms[size][0]):
        text += atoms[size][0]
        size += 1
    return size if alone and len(text) >= 3 else 0


def _is_rest(text: str) -> bool:
    """Whether one character cannot be a value: the end of a word wrapped within its cell."""
    return not text.isascii() and text not in ONE_CHARACTER


def _part(line: Line, text: str) -> Line:
    """A piece of a line as a line of its own."""
    return Line((text,), line.block, line.paragraph, False)


def _whole_lines(atoms: Sequence[tuple[str, Line]]) -> list[Line]:
    """Lines again, without the tokens that were taken as level cells."""
    lines: list[Line] = []
    for token, line in atoms:
        if lines and lines[-1].block == line.block:
            lines[-1] = Line((*lines[-1].tokens, token), line.block, line.paragraph, lines[-1].gap)
        else:
            lines.append(Line((token,), line.block, line.paragraph, line.gap))
    return lines


def _groups(tokens: Sequence[str]) -> list[str]:
    """The cells among the tokens of a figures' line: a number and the unit printed apart are one."""
    groups: list[str] = []
    for token in tokens:
        last = groups[-1] if groups else ""
        number_before = _BARE_NUMBER.fullmatch(last) is not None
        date = re.fullmatch(r"\d{4}年", last) is not None and re.match(r"\d{1,2}月?", token) is not None
        unit = number_before and not VALUE_START.match(token)
        if groups and (unit or date or last == "指标" or last in "<>≤≥=＝"):  # 指标 1：… is one name
            groups[-1] = last + token
        else:
            groups.append(token)
    return groups
