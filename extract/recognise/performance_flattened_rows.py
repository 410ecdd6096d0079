"""Indicator rows out of flattened lines: levels, name, target, result, figures, reason."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import pairwise

from fiscalgraph.extract.document import Cell, Document, Paragraph
from fiscalgraph.extract.normalise import is_figure, printed_figure
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
    value_text,
)

__all__ = ["Line", "RowReader", "lines_of"]

_C = IndicatorColumn
_TEXTS = (_C.TARGET, _C.ACTUAL)
_FIGURES = (_C.WEIGHT, _C.SCORE)
_PAGE_NUMBER = re.compile(r"[-—–\s]*\d{1,3}[-—–\s]*")
_LEAST_PAGE, _MOST_PAGE = 6, 150  # printed lines from one page number to the next
_LEVEL_PIECES = 6  # printed lines a narrow level cell may take
_VALUE_START = re.compile(r"[<>≤≥≦≧＜＞=＝]|\d|[优良]$")
_BARE_NUMBER = re.compile(r"[<>≤≥≦≧＜＞=＝]*\d[\d,.]*")
_NAME_POINTS = re.compile(r"\((\d+(?:\.\d+)?)分\)?")
_ONE_CHARACTER = set("无有是否优良好中差")  # results of one character; any other is the end of a wrapped word
_QUALITY = re.compile(
    r"(?:作用|效果|成效|影响)?(?:较|比较|持续|明显|显著|不断|逐步|有效|长期|有所|进一步|稳步|基本|全面|按时|及时|效果)+"
    r"(?:显著|有效|提升|提高|改善|增强|完成|加强|保障|促进|满意|好)?"
)
_SHORT_NAME = 20  # so few characters cannot be a reason and a name
_SENTENCE_END = ("。", "；", "!", "！")


@dataclass(frozen=True, slots=True)
class Line:
    """One printed line: its tokens (blanks between them), and whether a blank line stands above."""

    tokens: tuple[str, ...]
    block: int
    paragraph: Paragraph
    gap: bool

    @property
    def text(self) -> str:
        return "".join(self.tokens)


def lines_of(document: Document) -> Iterator[Line]:
    """The document's printed lines, page numbers left out."""
    printed = []
    number = 0
    for block, item in enumerate(document.blocks):
        if isinstance(item, Paragraph):
            line = item.place.line or number + 1
            tokens = tuple(_tokens(item.text))
            if tokens:
                printed.append(Line(tokens, block, item, gap=line > number + 1))
            number = line
    pages = _page_numbers(printed)
    for at, kept in enumerate(printed):
        if at not in pages:
            yield kept


def _page_numbers(lines: Sequence[Line]) -> set[int]:
    """Which lines are page numbers: bare numbers that count up by one, a page's height apart."""
    bare = [
        (at, int(found.group()))
        for at, line in enumerate(lines)
        if _PAGE_NUMBER.fullmatch(line.text) and (found := re.search(r"\d+", line.text))
    ]
    chains: dict[int, list[tuple[int, int]]] = {}
    for at, number in bare:
        last = chains.get(number - 1)
        near = last is not None and _LEAST_PAGE <= at - last[-1][0] <= _MOST_PAGE
        chain = [*last, (at, number)] if last is not None and near else [(at, number)]
        known = chains.get(number)
        if known is None or len(chain) >= len(known):
            chains[number] = chain
    return {at for chain in chains.values() if len(chain) >= 3 for at, _ in chain}


def _tokens(text: str) -> list[str]:
    """A line's words; single characters set apart (justified text) are one word."""
    words = text.split()
    if len(words) > 3 and sum(len(word) == 1 and not word.isascii() for word in words) > len(words) / 2:
        return [value_text(text)]
    return words


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
            _C.WEIGHT not in self._figures and _NAME_POINTS.search("".join(map(_text, lines))) is not None
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
            _, _, rest = self._divide([line])
            groups = _groups(rest[0].tokens) if rest else []
            starts = bool(groups) and _VALUE_START.match(groups[-1]) is not None
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
            elif run := _group_size([token for token, _ in atoms[at : at + _LEVEL_PIECES]]):
                at += run
            else:
                after.append(atoms[at])
                at += 1
        return _whole_lines(before), labels, _whole_lines(after)

    def drafts(self) -> list[IndicatorDraft]:
        """The rows as read, without those whose name could not be told from its neighbours."""
        widths = Counter(
            len(row.words[0].text) for row in self._rows if len(row.words) > 1 and row.above is None
        )
        width = max((size for size, count in widths.items() if count > 1), default=None)
        for row in self._rows:
            if row.above is not None:
                cut = _reason_end(row.words, width)
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
        if (split := _behind_points(row, len(self._texts))) is not None:
            name, texts = split
        elif missing < 0:
            return None
        else:
            cells = _cells(row.words, missing + 1, width, row.values)
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
    found = _NAME_POINTS.findall("".join(map(_text, lines)))
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


def _reason_end(lines: Sequence[Line], width: int | None) -> int | None:
    """How many of the lines before a name are the reason of the row above; ``None`` if that is open.

    A reason ends with a full stop; one that has none stands in a column narrower than the names'.
    """
    ends = [index + 1 for index, line in enumerate(lines[:-1]) if line.text.endswith(_SENTENCE_END)]
    sizes = [len(line.text) for line in lines]
    end = ends[-1] if ends else 0
    if width is not None:
        wide = next((index for index in range(end, len(sizes)) if sizes[index] >= width - 1), None)
        narrow = max(sizes[: wide or end or 1], default=0)
        if wide is not None and wide > end and narrow < width - 1:
            return wide
    if end or sum(sizes) <= _SHORT_NAME:
        return end
    return None


def _is_rest(text: str) -> bool:
    """Whether one character cannot be a value: the end of a word wrapped within its cell."""
    return not text.isascii() and text not in _ONE_CHARACTER


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


def _group_size(tokens: Sequence[str]) -> int:
    """How many of the next tokens spell the label beside the block (绩 / 效 / 指 / 标)."""
    if len(tokens[0]) >= 2 and is_group_label(tokens[0]):
        return 1
    size = 0
    while size < len(tokens) and len(tokens[size]) <= 2 and is_group_label("".join(tokens[: size + 1])):
        size += 1
    return size if len("".join(tokens[:size])) >= 3 else 0


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
        if groups and (
            (number_before and not _VALUE_START.match(token)) or date or (last and last in "<>≤≥=＝")
        ):
            groups[-1] = last + token
        else:
            groups.append(token)
    return groups


def _behind_points(row: _RawRow, count: int) -> tuple[str, list[str]] | None:
    """Name and texts of a row whose name ends with its points; the texts only if they divide surely."""
    lines = [
        *row.words,
        *((Line(tuple(row.values), row.line.block, row.line.paragraph, False),) if row.values else ()),
    ]
    texts = [text for line in lines for text in (line.tokens if line is lines[-1] else (line.text,))]
    whole = "".join(texts)
    found = list(_NAME_POINTS.finditer(fold(whole)))
    if not found or len(fold(whole)) != len(whole):
        return None
    end = found[-1].end()
    name, rest = whole[:end], whole[end:]
    pieces: list[str] = []
    passed = 0
    for text in texts:
        if passed + len(text) > end:
            pieces.append(text[max(0, end - passed) :])
        passed += len(text)
    if len(pieces) == count:
        return name, pieces
    if count == 2 and len(rest) % 2 == 0 and rest[: len(rest) // 2] == rest[len(rest) // 2 :]:
        return name, [rest[: len(rest) // 2]] * 2
    starts = [index for index, piece in enumerate(pieces) if index and _VALUE_START.match(piece)]
    if count == 2 and len(starts) == 1:
        return name, ["".join(pieces[: starts[0]]), "".join(pieces[starts[0] :])]
    return name, []


def _cells(lines: Sequence[Line], count: int, width: int | None, values: Sequence[str]) -> list[str] | None:
    """Wrapped lines divided into ``count`` cells, name first; the name alone if only that is sure."""
    texts = [line.text for line in lines]
    if not texts:
        return None
    if count == 1:
        return ["".join(texts)]
    if count == 2 and values:  # the target wrapped, the result of the same words not
        same = [cut for cut in range(1, len(texts)) if "".join(texts[cut:]) == values[0]]
        if same:
            return ["".join(texts[: same[0]]), values[0]]
    for cuts in _divisions(lines, count):
        bounds = [0, *cuts, len(texts)]
        return ["".join(texts[left:right]) for left, right in pairwise(bounds)]
    end = _name_end(texts, width)
    if end is None:
        return None
    rest = "".join(texts[end:])
    return ["".join(texts[:end]), rest] if count == 2 else ["".join(texts[:end])]


def _name_end(texts: Sequence[str], width: int | None) -> int | None:
    """How many wrapped lines the name fills: up to its first line that is not full, or a stated quality."""
    if width is None:
        return None
    for index, text in enumerate(texts):
        if index and _QUALITY.fullmatch(text):
            return index
        after = texts[index + 1] if index + 1 < len(texts) else ""
        full = len(text) >= width or (len(text) == width - 1 and not (text + after[:1]).isalpha())
        if not full:
            return index + 1 if after else None
    return None


def _divisions(lines: Sequence[Line], count: int) -> Iterator[list[int]]:
    """Ways to divide lines into cells, the surest first."""
    texts = [fold(line.text) for line in lines]
    starts = [index for index in range(1, len(texts)) if _VALUE_START.match(texts[index])]
    if len(starts) == count - 1:
        yield starts
    if count == 3:
        for first in range(1, len(texts) - 1):
            for second in range(first + 1, len(texts)):
                if "".join(texts[first:second]) == "".join(texts[second:]):
                    yield [first, second]
    close = [index for index in range(1, len(lines)) if not lines[index].gap]
    apart = [index for index in range(1, len(lines)) if lines[index].gap]
    for cuts, others in ((close, apart), (apart, close)):
        if len(cuts) == count - 1 and len(others) != len(cuts):
            yield cuts
