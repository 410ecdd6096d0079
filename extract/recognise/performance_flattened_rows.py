"""Indicator rows out of flattened lines: levels, name, target, result, figures, reason."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from itertools import takewhile

from fiscalgraph.extract.document import Cell
from fiscalgraph.extract.normalise import is_figure, printed_figure
from fiscalgraph.extract.recognise.performance_flattened_cells import (
    NAME_POINTS,
    VALUE_START,
    behind_points,
    divided_cells,
    groups_of,
    is_rest,
    is_sentence,
    joined_lines,
    reason_above,
    reason_end,
    reason_lines,
    rejoined_values,
    upright,
    width_of,
)
from fiscalgraph.extract.recognise.performance_flattened_levels import (
    bare_level,
    divided_levels,
    levels_clash,
)
from fiscalgraph.extract.recognise.performance_flattened_lines import Line
from fiscalgraph.extract.recognise.performance_flattened_pairs import (
    can_be_name,
    is_cut_off,
    may_go_on,
    starts_value,
    states_value,
    tail_lines,
)
from fiscalgraph.extract.recognise.performance_indicators import (
    IndicatorDraft,
    Levels,
    level_roles,
    take_levels,
)
from fiscalgraph.extract.recognise.performance_vocabulary import (
    IndicatorColumn,
    fold,
    is_nothing,
    level_points,
)

__all__ = ["RowReader"]

_C = IndicatorColumn
_TEXTS = (_C.TARGET, _C.ACTUAL)
_FIGURES = (_C.WEIGHT, _C.SCORE)
_LEVELS_WITHOUT_ROWS = 3  # that a form may leave empty
_MOST_LABELS = 4  # level cells without rows between them: two levels, and two the form leaves empty
_VALUE = re.compile(r"[<>≤≥=＝].*|\d[\d,.]*\D{0,3}")  # no name
_MARKS = re.compile(r"[()（）\[\]《》“”.,，、。；;:：]+")
_UNKNOWN = "-"  # a target that is not wholly read
_FEW = 3  # rows that show how a form prints its names
_MOST = Decimal("0.8")  # of the rows: what holds for them is no chance


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
    labels: int = 0  # level cells before it
    explained: bool = False  # a reason begins on the line of its figures


class RowReader:
    """Reads the lines below indicator headers into rows; the widths of all rows help to divide each."""

    def __init__(self, roles: Sequence[IndicatorColumn], head: Sequence[Line] = ()) -> None:
        """``roles`` are the columns the header names, ``head`` the form's lines above it."""
        self._cells = [role for role in roles if role in (*_TEXTS, *_FIGURES)]
        figures = [*takewhile(_FIGURES.__contains__, reversed(self._cells))]
        self._figures = figures[::-1]  # the last columns: they close a row
        self._texts = self._cells[: len(self._cells) - len(figures)]  # a weight among them in some forms
        self._reasons = _C.REASON in roles
        self._levels = Levels()
        self._rows: list[_RawRow] = []
        self._levels_left = 0  # level cells below the last row of a page
        self._pointed = False  # names carry their points: 巡查次数(5分)
        self._head_width = _widest(head)
        self._filled = False  # all cells are wrapped to one width: each line of ``words`` is a whole cell
        self.unread: set[int] = set()  # blocks of rows whose words could not be divided

    def read(self, lines: Sequence[Line]) -> None:
        """Read the lines of one page or goal, from below its header."""
        lines = rejoined_values(lines)
        self._pointed = (
            _C.WEIGHT not in self._cells and NAME_POINTS.search("".join(map(_text, lines))) is not None
        )
        if not self._figures:
            self._read_pairs(lines)
            return
        block: list[Line] = []
        previous: _RawRow | None = None
        for at, line in enumerate(lines):
            closing = self._closing(lines, at, block)
            if closing is None or (self._pointed and not _within_points([*block, line], closing[1][-1])):
                block.append(line)
                continue
            head, figures, behind = closing
            previous = self._row(block, line, head, figures, previous)
            if behind:
                previous.explained = True
                previous.reason = [Line(behind, line.block, line.paragraph, False)]
            block = []
        if previous is not None and self._reasons:
            previous.reason += block
        self._levels_left += len(divided_levels(block)[1])

    def _closing(
        self, lines: Sequence[Line], at: int, block: list[Line]
    ) -> tuple[tuple[str, ...], list[str], tuple[str, ...]] | None:
        """The words before a row's figures, the figures, the words behind; ``None`` if no row ends here.

        The figures stand at the end of a line, or before the reason on it, or on lines of their own, one
        or more each: those are then taken from ``block``.
        """
        count = len(self._figures)
        tokens = _cells(lines[at])
        trailing = _trailing(tokens)
        whole = trailing == len(tokens)
        if whole and at + 1 < len(lines) and _only_figures(lines[at + 1]):
            return None  # more figures below
        if trailing >= count:
            return tokens[: len(tokens) - count], list(tokens[-count:]), ()
        if whole:
            figures = list(tokens)
            taken = 0
            while taken < len(block) and len(figures) < count:
                above = block[-1 - taken].tokens
                if _trailing(above) < len(above):
                    return None
                figures = [*above, *figures]
                taken += 1
            if len(figures) < count or not taken:
                return None
            head, figures = tuple(figures[: len(figures) - count]), figures[-count:]
            del block[len(block) - taken :]
            return head, figures, ()
        if self._reasons and count > 1:
            words = lines[at].tokens
            for end in range(len(words) - 1, count - 1, -1):
                if _trailing(words[:end]) >= count and not _is_points(words[end]):
                    return words[: end - count], list(words[end - count : end]), words[end:]
        return None

    def _read_pairs(self, lines: Sequence[Line]) -> None:
        """Rows without figures: a name and a target."""
        if self._texts != [_C.TARGET]:
            return
        block: list[Line] = []
        doubtful = False  # the row above is not wholly read: what follows it may be its rest
        for at, line in enumerate(lines):
            below = lines[at + 1] if at + 1 < len(lines) else None
            _, labels, words = divided_levels([*block, line])
            here = bool(words) and words[-1].block == line.block
            groups = groups_of(words[-1].tokens) if here else []
            starts = here and starts_value(words[:-1], groups, labels)
            if len(groups) > 2:  # more rows than one
                self.unread |= {above.block for above in (*block, line)}
                block, doubtful = [], True
            elif len(groups) == 2 and groups[0] == groups[1] and not labels and self._levels.level1 is None:
                # Above all levels: both are level cells of words that the vocabulary does not know.
                take_levels(self._levels, {_C.LEVEL1: groups[0], _C.LEVEL2: groups[1]})
                block = []
            elif len(groups) == 2 or (groups and block and (starts or states_value(words, below))):
                self._complete_target(block, line)
                row = self._row(block, line, line.tokens, [], None)
                rest = doubtful and not labels and (len(words) > 1 or len(groups) == 1)
                if rest or not can_be_name(row.words, starts):
                    row.words, doubtful = [], True  # rows that nothing parts
                elif doubtful := len(groups) == 2 and may_go_on(groups[1], below):
                    row.values = [_UNKNOWN]
                block = []
            else:
                block.append(line)
        if len(block) == 1:
            self._complete_target(block)
        self._levels_left += len(divided_levels(block)[1])

    def _complete_target(self, block: list[Line], *closing: Line) -> None:
        """Give the last row the end of its target, where ``block`` begins with it."""
        if self._rows and self._rows[-1].values:
            values = self._rows[-1].values
            for _ in range(tail_lines(values[-1], [*block, *closing]) if block else 0):
                values[-1] += block.pop(0).text

    def _row(
        self,
        block: list[Line],
        line: Line,
        head: tuple[str, ...],
        figures: list[str],
        previous: _RawRow | None,
    ) -> _RawRow:
        """Close a row at its line of figures, before which ``head`` stands on that line."""
        beside = [replace(line, tokens=head)] if head else []
        before, labels, words = divided_levels([*block, *beside])
        values: list[str] = []
        if words and words[-1].block == line.block:
            values = groups_of(words.pop().tokens)
        vertical = len(words) - len(words := upright(words)) > 0
        count = len(labels)
        above: _RawRow | None = None
        if previous is not None and self._reasons:
            if labels:
                previous.reason += before
            else:
                above = previous
        nameless = not words and len(values) <= len(self._texts)
        if self._pointed:
            nameless = NAME_POINTS.search("".join([*map(_text, words), *map(fold, values)])) is None
        named = bool(labels) and (not bare_level(labels[-1]).endswith("指标") or labels[-1:] == labels[-2:-1])
        if nameless and named:
            words = [_part(line, labels.pop()), *words]  # 群众满意度(10分) below its level
        extra = len(values) - len(self._texts)  # one more: the name, or its last line, stands with its values
        wrapped = extra == 0 and bool(values) and is_rest(values[0])
        if extra == 1 or wrapped:
            words, values = [*words, _part(line, values[0])], values[1:]
        printed = tuple(words)
        lowest = values[0] if values else words[-1].text if words else ""
        if vertical and extra <= 0 and not VALUE_START.match(lowest):
            words = []  # the last of the vertical words may stand before the value
        if len(labels) > 2 and labels[-1] in (labels[-2], labels[-2] + "指标"):
            del labels[-1]  # 经济成本, and the same again as 经济成本指标
        roles = level_roles(labels[-2:], self._levels)
        take_levels(self._levels, roles)
        row = _RawRow(
            words=words,
            printed=printed,
            values=values,
            figures=figures,
            line=line,
            levels=Levels(self._levels.level1, self._levels.level2),
            labelled1=_C.LEVEL1 in roles,
            labelled2=_C.LEVEL2 in roles,
            above=above,
            labels=count,
        )
        self._rows.append(row)
        return row

    def drafts(self) -> list[IndicatorDraft]:
        """The rows as read, without those whose name could not be told from its neighbours."""
        self._join_filled_lines()
        widths = Counter(
            len(row.words[0].text) for row in self._rows if len(row.words) > 1 and row.above is None
        )
        width = max((size for size, count in widths.items() if count > 1), default=None)
        for row in self._rows:
            if row.above is not None:
                self._take_reason(row, row.above, width)
        drafts = []
        for row in self._rows:
            draft = self._draft(row, width)
            if draft is None:
                self.unread |= {line.block for line in (*row.printed, row.line)}
            else:
                drafts.append(draft)
        clashing = [draft for draft in drafts if levels_clash(draft.level1, draft.level2)]
        for draft in clashing:
            draft.level1 = None
        names = [draft.level3 or "" for draft in drafts]
        if len(clashing) > max(1, len(drafts) // 4) or self._disordered(names):
            self.unread |= {line.block for row in self._rows for line in (*row.printed, row.line)}
            return []
        return drafts

    def _disordered(self, names: Sequence[str]) -> bool:
        """Whether the text tells a table column by column: values without names, levels without rows."""
        if any(map(_VALUE.fullmatch, names)):
            return True
        nameless = sum(1 for row in self._rows if not row.printed and row.above is None)
        piled = sum(1 for row in self._rows if row.labels > _MOST_LABELS)
        levels = sum(row.labels for row in self._rows) + self._levels_left
        if levels > 2 * len(self._rows) + _LEVELS_WITHOUT_ROWS:
            return True
        return nameless + piled > max(1, len(self._rows) // 4)

    def _take_reason(self, row: _RawRow, above: _RawRow, width: int | None) -> None:
        """Give the row above its reason, if the words of ``row`` begin with one."""
        cut: int | None
        wanted = len(self._texts) - len(row.values) + 1
        if self._filled and len(row.words) in (wanted, wanted + 1):
            cut = len(row.words) - wanted
            if not cut and is_sentence(row.words[0].text):
                cut = None  # the reason, with the name somewhere behind it
        elif (top := _page_top(row.words)) is not None and len(row.words) - top == wanted:
            cut = top  # a line for each cell
        elif _falls_short(above):
            *upper, name = row.words or [row.line]
            beside = bool(upper) and bool(row.values) and name.block == row.line.block
            sure = beside and (self._names_whole() or reason_above(upper, name, width))
            stops = any(line.text.endswith("。") for line in row.words[:-1])
            counted = None if stops else reason_lines(row.words)
            cut = len(upper) if sure else counted or reason_end(row.words, width)
        else:
            ends = [index + 1 for index, line in enumerate(row.words[:-1]) if line.text.endswith("。")]
            cut = ends[-1] if ends else 0
        if cut is None:
            row.words = []  # a reason and a name that cannot be told apart
        else:
            above.reason, row.words = [*above.reason, *row.words[:cut]], row.words[cut:]

    def _names_whole(self) -> bool:
        """Whether every name that no reason can precede stands wholly on the line of its figures."""
        clear = [row for row in self._rows if row.above is None or not _falls_short(row.above)]
        return len(clear) >= _FEW and all(
            len(row.words) == 1 and row.words[0].block == row.line.block for row in clear
        )

    def _join_filled_lines(self) -> None:
        """Join the wrapped lines of each cell where all cells are wrapped to one width.

        That they are shows in the form's head, whose widest line is as wide as the widest of the rows, and
        in the rows: joined so, most have as many cells as they should.
        """
        width = _widest([line for row in self._rows for line in row.printed])
        if abs(width - self._head_width) > 1:
            return
        width = max(width, self._head_width)
        right = wrapped = 0
        for row in self._rows:
            wanted = len(self._texts) - len(row.values) + 1
            if len(row.words) > wanted:
                cells = len(joined_lines(row.words, width, (wanted,)))
                wrapped += len(row.words) > cells
                right += len(row.words) > cells and cells in (wanted, wanted + (row.above is not None))
        self._filled = wrapped > 0 and right >= _MOST * wrapped
        if self._filled:
            for row in self._rows:
                wanted = len(self._texts) - len(row.values) + 1
                explained = row.above is not None and _falls_short(row.above)
                numbers = (wanted + 1, wanted) if explained else (wanted,)
                row.words = joined_lines(row.words, width, numbers)

    def _draft(self, row: _RawRow, width: int | None) -> IndicatorDraft | None:
        missing = len(self._texts) - len(row.values)
        lead = row.words[0] if row.words else row.line
        if (split := behind_points(row.words, row.values, row.line, len(self._texts))) is not None:
            name, texts = split
        elif missing < 0:
            return None
        else:
            if not self._filled:
                cells = divided_cells(row.words, missing + 1, width, row.values)
            else:
                cells = [line.text for line in row.words] if len(row.words) == missing + 1 else None
            if cells is None:
                return None
            name, texts = cells[0], [*cells[1:], *row.values]
        if sum(map(name.count, '"“”')) % 2:
            return None  # part of a name
        if len(name) < 2 or len(texts) not in (0, len(self._texts)) or any(map(_is_no_value, texts)):
            return None
        values = dict(zip(self._texts, texts, strict=False))
        if not all(_is_points(text) for role, text in values.items() if role in _FIGURES):
            return None
        figures = {role: _points(text) for role, text in values.items() if role in _FIGURES}
        figures |= {role: _points(figure) for role, figure in zip(self._figures, row.figures, strict=True)}
        reason = "".join(line.text for line in row.reason) or None
        weight = figures.get(_C.WEIGHT) if _C.WEIGHT in self._cells else level_points(name)
        target = _stated(values.get(_C.TARGET))
        if target is not None and not self._figures and is_cut_off(target):
            target = None
        place = lead.paragraph.place
        return IndicatorDraft(
            level1=row.levels.level1,
            level2=row.levels.level2,
            level3=name,
            target=target,
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


def _is_no_value(text: str) -> bool:
    """Whether a text can be no target or result: the rest of a word, marks alone."""
    return is_rest(text) or _MARKS.fullmatch(text) is not None


def _text(line: Line) -> str:
    return fold(line.text)


def _within_points(lines: Sequence[Line], figure: str) -> bool:
    """Whether a figure can be the score of an indicator that prints its points with its name (2分)."""
    found = NAME_POINTS.findall("".join(map(_text, lines)))
    return bool(found) and is_figure(figure) and Decimal(printed_figure(figure)) <= Decimal(found[-1])


def _cells(line: Line) -> tuple[str, ...]:
    """A line's words, those that belong to the date before them joined to it."""
    cells = groups_of(line.tokens)
    return line.tokens if all(map(_is_points, cells)) else tuple(cells)


def _only_figures(line: Line) -> bool:
    return all(map(_is_points, line.tokens))


def _trailing(tokens: Sequence[str]) -> int:
    """How many figures stand at the end."""
    return sum(1 for _ in takewhile(_is_points, reversed(tokens)))


def _widest(lines: Sequence[Line]) -> Decimal:
    """The width of the widest line that holds but one cell, or a part of one."""
    return max((width_of(line.text) for line in lines if len(line.tokens) == 1), default=Decimal(0))


def _is_points(token: str) -> bool:
    return (is_figure(token) and not token.endswith(("%", "％"))) or is_nothing(token)


def _points(token: str) -> str | None:
    return printed_figure(token) if is_figure(token) else None


def _stated(text: str | None) -> str | None:
    return None if text is None or is_nothing(text) else text


def _page_top(words: Sequence[Line]) -> int | None:
    """The line among a row's words that a page begins with."""
    return next((at for at, line in enumerate(words) if line.page_top), None)


def _falls_short(row: _RawRow) -> bool:
    """Whether a row's score is below its weight: only then is a reason expected."""
    return len(row.figures) == 2 and row.figures[0] != row.figures[1]


def _part(line: Line, text: str) -> Line:
    """A piece of a line as a line of its own."""
    return Line((text,), line.block, line.paragraph, False)
