"""Cells of an indicator row out of its wrapped lines: name, target, result, and the reason above."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from fiscalgraph.extract.recognise.performance_flattened_lines import Line
from fiscalgraph.extract.recognise.performance_vocabulary import fold

__all__ = ["NAME_POINTS", "VALUE_START", "behind_points", "divided_cells", "reason_end"]

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
_SHORT_NAME = 20  # so few characters cannot be a reason and a name
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
            return index + 1 if after else None
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
