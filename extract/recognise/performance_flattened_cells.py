"""Cells of an indicator row out of its wrapped lines: name, target, result, and the reason above."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from decimal import Decimal
from itertools import combinations, groupby, pairwise, zip_longest

from fiscalgraph.extract.recognise.performance_flattened_lines import ONE_CHARACTER, Line
from fiscalgraph.extract.recognise.performance_vocabulary import fold, is_level1, is_level2

__all__ = [
    "NAME_POINTS",
    "VALUE_START",
    "behind_points",
    "divided_cells",
    "groups_of",
    "is_one_cell",
    "is_rest",
    "is_sentence",
    "joined_lines",
    "reason_above",
    "reason_end",
    "reason_lines",
    "rejoined_values",
    "states_quality",
    "upright",
    "width_of",
]

VALUE_START = re.compile(r"[<>≤≥≦≧＜＞=＝]|\d|[优良]$")
NAME_POINTS = re.compile(r"\((\d+(?:\.\d+)?)分\)?")
_QUALITY = re.compile(
    r"(?:作用|效果|成效|影响)?(?:较|比较|持续|明显|显著|不断|逐步|有效|长期|有所|进一步|稳步|基本|全面|按时|及时|效果)+"
    r"(?:显著|有效|提升|提高|改善|增强|完成|加强|保障|促进|满意|好)?"
)
# A quality that is wholly stated: 作用显著, 长期有效; 作用较 still waits for its end.
_STATED_QUALITY = re.compile(
    r"(?:作用|效果|成效|影响|长期|持续)(?:较为?|比较|十分|非常)?(?:显著|明显|有效|良好|较好|好|大|稳定)"
)
# What a result that falls short of a quality begins with: 一定程度推进.
_PARTIAL_RESULT = re.compile("一定程度|部分(?:达成|完成|实现)|基本(?:达成|完成|实现)|未(?:达|完成|实现)")
_LEAST_UPRIGHT = 3  # lines of one character that are words set vertically
_SHORT_NAME = 20  # so few characters cannot be a reason and a name
_BARE_NUMBER = re.compile(r"[<>≤≥≦≧＜＞=＝]*\d[\d,.]*")
_LATIN = re.compile("[A-Za-z]")
_DATE = re.compile(r"\d{4}年(?:\d{1,2}(?:月.*)?)?$")
_DAY = re.compile(r"\d{1,2}日")
_SIGN = re.compile("[<>≤≥≦≧＜＞=＝]$")
_DATE_END = re.compile(r"月\d|月[底初中末前以之]|日[前内以之底起]|[年月日]$|年\d")
_BOUND = re.compile(
    r"(?:(?:不|未)?(?:少|低|高|多|大|小|早|晚|超|迟)[于过]|超过|等于|达到?|至少|最多|约|第|共)$"
)
_NOT_FIRST = set("，。、；：）》”？！%％】〕·,;:)")  # marks that begin no line
_NOT_LAST = set("（《“【〔(")  # marks that end none
_UNBROKEN = re.compile(r"[A-Za-z0-9.,%-]+|.")
_CLAUSE_END = re.compile("[，；。]")
_SENTENCE_END = ("。", "；", "!", "！")


def reason_end(lines: Sequence[Line], width: int | None) -> int | None:
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


def width_of(text: str) -> Decimal:
    """Width of a printed line in full-width characters."""
    return sum((Decimal("0.5") if character.isascii() else Decimal(1) for character in text), Decimal(0))


def joined_lines(lines: Sequence[Line], width: Decimal, wanted: Sequence[int] = ()) -> list[Line]:
    """Lines of cells joined where a line is full: what stands first on the next had no room on it.

    A cell may itself fill its last line. So if there are too few cells for any number of ``wanted``, full
    lines are cells' ends where that alone gives the first number wanted, or a value begins below, or a
    page does. There are too few as well if the first, which should be a name, is a sentence.
    """
    full = [
        at
        for at in range(1, len(lines))
        if len(lines[at - 1].tokens) == 1 and width_of(lines[at - 1].text) + _first(lines[at].text) > width
    ]
    count = len(lines) - len(full)
    wrong = lines and wanted and (count not in wanted or is_sentence(_joined(lines, full)[0].text))
    if wrong and count < wanted[0]:
        valued = [at for at in full if _is_value(lines[at].text)]
        parted = [at for at in full if at in valued or lines[at].page_top]
        missing = wanted[0] - count
        alike = [ends for ends in combinations(full, missing) if _repeats(_joined(lines, {*full} - {*ends}))]
        ways = (full, valued, parted, *(alike if len(alike) == 1 else ()))
        surest = next((ends for ends in ways if len(ends) == missing), ())
        full = [at for at in full if at not in surest]
    return _joined(lines, full)


def _is_value(text: str) -> bool:
    """Whether a line begins a value, or is one: a sign or figure, or a quality (不断增强)."""
    return VALUE_START.match(text) is not None or _QUALITY.fullmatch(text) is not None


def states_quality(text: str) -> bool:
    """Whether a line is a quality wholly stated: 作用显著, 不断增强."""
    return _QUALITY.fullmatch(text) is not None or _STATED_QUALITY.fullmatch(text) is not None


def is_sentence(text: str) -> bool:
    """Whether a text has clauses, as reasons have and names have not."""
    return _CLAUSE_END.search(text) is not None


def _repeats(cells: Sequence[Line]) -> bool:
    """Whether the result (the last cell) says the target's words (the cell before it) again."""
    return len(cells) > 2 and cells[-2].text in cells[-1].text


def _joined(lines: Sequence[Line], full: Collection[int]) -> list[Line]:
    """Lines joined to those above them at ``full``."""
    joined: list[Line] = []
    for at, line in enumerate(lines):
        if at in full:
            upper = joined[-1]
            joined[-1] = replace(upper, tokens=(upper.text + line.text,))
        else:
            joined.append(line)
    return joined


def _first(text: str) -> Decimal:
    """Width of what cannot be broken off a line's beginning."""
    taken = ""
    for piece in _UNBROKEN.findall(text):
        if taken and taken[-1] not in _NOT_LAST and piece[0] not in _NOT_FIRST:
            break
        taken += piece
    return width_of(taken)


def reason_above(reason: Sequence[Line], name: Line, width: int | None) -> bool:
    """Whether all ``reason`` lines are one cell, wrapped, and ``name`` on the line of figures another.

    They are when every line but the last is full, and the last has room for what the name begins with;
    a last line as long as names are wrapped (``width``) may be a name's first.
    """
    widest = max(width_of(line.text) for line in reason)
    one = len(joined_lines(reason, widest)) == 1
    room = width_of(reason[-1].text) + _first(name.text) <= widest
    return one and room and (width is None or len(reason[-1].text) not in (width - 1, width))


def _parted(lines: Sequence[Line]) -> list[Line]:
    """The cells of each line as lines of their own: blanks part cells."""
    return [
        Line((group,), line.block, line.paragraph, line.gap and not at)
        for line in lines
        for at, group in enumerate(groups_of(line.tokens))
    ]


def groups_of(tokens: Sequence[str]) -> list[str]:
    """The cells among the words of a line: figures and the words they belong to are one (2023 年 5 月底)."""
    groups: list[str] = []
    for token, after in zip_longest(tokens, tokens[1:], fillvalue=""):
        if groups and _belongs(token, groups[-1], after):
            groups[-1] += token
        else:
            groups.append(token)
    return groups


def _belongs(token: str, last: str, after: str) -> bool:
    """Whether a word carries on the cell before it in spite of the blank between them."""
    if last == "指标" or last in "<>≤≥=＝":  # 指标 1：… is one name
        return True
    if last.endswith("指标") and (is_level1(last) or is_level2(last)):
        return False
    if token[0] in _NOT_FIRST or last[-1] in _NOT_LAST or is_rest(token):
        return True
    if ")" in fold(token) and fold(last).count("(") > fold(last).count(")"):
        return True
    if _LATIN.match(token) or _LATIN.match(last[-1]) or _BARE_NUMBER.fullmatch(last):
        return VALUE_START.match(token) is None
    if _DATE.match(last):
        if last[-1].isdigit():
            return token[0] in "年月日-至"
        day = last[-1] == "月" and _DAY.match(token + after) is not None
        return token[0].isdigit() and (day or last[-1] in "年-至")
    return token[0].isdigit() and _BOUND.search(last) is not None


def is_rest(text: str) -> bool:
    """Whether one character cannot be a value: the end of a word wrapped or set apart within its cell."""
    return len(text) == 1 and text.isalpha() and not text.isascii() and text not in ONE_CHARACTER


def rejoined_values(lines: Sequence[Line]) -> list[Line]:
    """Lines with the dates and bounds whole that a line end parts: 2023年12月30 / 日前完成, ≥ / 85%."""
    whole: list[Line] = []
    for line in lines:
        first, *rest = line.tokens
        upper = whole[-1].tokens if whole else ("",)
        if upper[-1][-1:].isdigit() and _DATE_END.match(first):
            above = whole.pop()
            tokens = (*upper[:-1], upper[-1] + first, *rest)
            line = replace(line, tokens=tokens, gap=above.gap, page_top=above.page_top)
        elif _SIGN.search(upper[-1]) and first[0].isdigit():
            above = whole.pop()
            kept = tuple(token for token in (*upper[:-1], upper[-1][:-1]) if token)
            whole += [replace(above, tokens=kept)] if kept else []
            line = replace(line, tokens=(upper[-1][-1] + first, *rest))
        whole.append(line)
    return whole


def is_one_cell(lines: Sequence[Line]) -> bool:
    """Whether the lines can be one wrapped cell: all but the last are full, or short of it by a character."""
    sizes = [_printed_width(line.text) for line in lines]
    return all(size >= max(sizes) - 1 for size in sizes[:-1])


def _printed_width(text: str) -> Decimal:
    """A line's width without a mark that hangs over the edge of its cell."""
    return width_of(text.rstrip("，。、；：,;:"))


def upright(lines: Sequence[Line]) -> list[Line]:
    """Words set vertically, one character a line, as one line."""
    joined: list[Line] = []
    for single, run in groupby(lines, key=lambda line: is_rest(line.text)):
        pieces = list(run)
        if single and len(pieces) >= _LEAST_UPRIGHT:
            text = "".join(piece.text for piece in pieces)
            pieces = [replace(pieces[0], tokens=(text,))]
        joined += pieces
    return joined


def reason_lines(words: Sequence[Line]) -> int | None:
    """How many lines are the reason of the row above, if one number alone makes it a wrapped cell.

    Its last line is then shorter than the others, and so its end.
    """
    cuts = []
    for cut in range(2, len(words)):
        width = max(_printed_width(line.text) for line in words[:cut])
        short = _printed_width(words[cut - 1].text) <= width - 2
        if short and is_one_cell(words[:cut]):
            cuts.append(cut)
    return cuts[0] if len(cuts) == 1 else None


def behind_points(
    words: Sequence[Line], values: Sequence[str], line: Line, count: int
) -> tuple[str, list[str]] | None:
    """Name and texts of a row whose name ends with its points; the texts only if they divide surely."""
    lines = [*words, *((Line(tuple(values), line.block, line.paragraph, False),) if values else ())]
    texts = [text for line in lines for text in (line.tokens if line is lines[-1] else (line.text,))]
    whole = "".join(texts)
    found = list(NAME_POINTS.finditer(fold(whole)))
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
    return name, list(_target_and_result(pieces) or ()) if count == 2 else []


def _target_and_result(pieces: Sequence[str]) -> tuple[str, str] | None:
    """Printed lines divided into a target and a result, where one division alone is called for.

    The result begins as the target does (2023年12月 | 2023年12月31日), or with a sign or figure, or
    as one that falls short does; or the target is a quality wholly stated (作用显著).
    """
    if len(pieces) < 2:
        return None
    lead = pieces[0][:3]
    alike = [at for at, piece in enumerate(pieces) if at and len(lead) > 1 and piece.startswith(lead)]
    figures = [at for at, piece in enumerate(pieces) if at and VALUE_START.match(piece)]
    partial = [at for at, piece in enumerate(pieces) if at and _PARTIAL_RESULT.match(piece)]
    stated = [at for at in range(1, len(pieces)) if _STATED_QUALITY.fullmatch("".join(pieces[:at]))]
    for cuts in (alike, figures, partial, stated[:1]):
        if len(cuts) == 1:
            return "".join(pieces[: cuts[0]]), "".join(pieces[cuts[0] :])
    return None


def divided_cells(
    lines: Sequence[Line], count: int, width: int | None, values: Sequence[str]
) -> list[str] | None:
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
    parts = _parted(lines)
    if len(parts) > len(lines):  # blanks part some of the cells, full lines the others
        cells = joined_lines(parts, max(width_of(part.text) for part in parts))
        if len(cells) == count:
            return [cell.text for cell in cells]
    for cuts in _divisions(lines, count):
        bounds = [0, *cuts, len(texts)]
        return ["".join(texts[left:right]) for left, right in pairwise(bounds)]
    end = _name_end(texts, width)
    if end is None:
        return None
    if count == 3 and (both := _target_and_result(texts[end:])) is not None:
        return ["".join(texts[:end]), *both]
    rest = "".join(texts[end:])
    return ["".join(texts[:end]), rest] if count == 2 else ["".join(texts[:end])]


def _name_end(texts: Sequence[str], width: int | None) -> int | None:
    """How many wrapped lines the name fills: up to its first line that is not full, or a stated quality."""
    if width is None:
        return None
    for index, text in enumerate(texts):
        if index and (_QUALITY.fullmatch(text) or _states_quality(texts[index : index + 3])):
            return index
        after = texts[index + 1] if index + 1 < len(texts) else ""
        full = len(text) >= width or (len(text) == width - 1 and not (text + after[:1]).isalpha())
        if not full:
            # As wide as the lines below it: it may be theirs.
            below = texts[index + 1 :]
            open_end = index > 0 and len(text) >= max(map(len, below), default=0)
            return index + 1 if below and (not open_end or _states_quality(below[:3])) else None
    return None


def _states_quality(texts: Sequence[str]) -> bool:
    """Whether the next lines, the first alone or with its wrapped end, spell a quality: 作用显 / 著."""
    return any(_STATED_QUALITY.fullmatch("".join(texts[:size])) for size in range(1, len(texts) + 1))


def _divisions(lines: Sequence[Line], count: int) -> Iterator[list[int]]:
    """Ways to divide lines into cells, the surest first."""
    texts = [fold(line.text) for line in lines]
    starts = [index for index in range(1, len(texts)) if VALUE_START.match(texts[index])]
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
