"""Level cells (一级指标, 二级指标) among the words of flattened indicator rows."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from fiscalgraph.extract.recognise.performance_flattened_lines import Line
from fiscalgraph.extract.recognise.performance_vocabulary import (
    is_group_label,
    is_level1,
    is_level2,
    level_points,
)

__all__ = ["bare_level", "divided_levels", "levels_clash"]

_LEVEL_PIECES = 6  # printed lines a narrow level cell may take
# What a first level cannot stand above: the level that could has lost its words.
_CLASHES = (
    (re.compile("^成本"), re.compile("数量|质量|时效|效益|可持续|满意")),
    (re.compile("^产出"), re.compile("效益|可持续|满意")),
    (re.compile("^效益"), re.compile("数量|质量|时效")),
    (re.compile("^满意"), re.compile("数量|质量|时效|成本|效益|可持续")),
)


def divided_levels(block: Sequence[Line]) -> tuple[list[Line], list[str], list[Line]]:
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
            run > 1 or not after or _begins_level(atoms, at + run)
        ):
            at += run
        else:
            after.append(atoms[at])
            at += 1
    return _whole_lines(before), labels, _whole_lines(after)


def _begins_level(atoms: Sequence[tuple[str, Line]], at: int) -> bool:
    """Whether a level cell is next: else 绩效指标 in the midst of words belongs to them."""
    return bool(_level_size([token for token, _ in atoms[at : at + _LEVEL_PIECES]], ()))


def levels_clash(level1: str | None, level2: str | None) -> bool:
    """Whether the second level cannot belong to the first: 满意度指标 below 产出指标."""
    return any(first.search(level1 or "") and second.search(level2 or "") for first, second in _CLASHES)


def bare_level(label: str) -> str:
    """A level's word without its points."""
    return re.sub(r"[(（].*", "", label)


def _level_size(tokens: Sequence[str], above: Sequence[str]) -> int:
    """How many of the next tokens spell a level cell, the most that do.

    数量, 质量 and the like end many names: a level's word must carry 指标 or its points, or follow
    the first level's.
    """
    for size in range(len(tokens), 0, -1):
        text = "".join(tokens[:size])
        if not (is_level1(text) or is_level2(text)):
            continue
        bare = bare_level(text)
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
    if [(token, row.text) for token, row in atoms[:2]] == [("指", "指"), ("标", "标")]:
        return 2  # the label's end, on a new page
    while size < len(atoms) and len(atoms[size][0]) <= 2 and is_group_label(text + atoms[size][0]):
        text += atoms[size][0]
        size += 1
    return size if alone and len(text) >= 3 else 0


def _whole_lines(atoms: Sequence[tuple[str, Line]]) -> list[Line]:
    """Lines again, without the tokens that were taken as level cells."""
    lines: list[Line] = []
    for token, line in atoms:
        if lines and lines[-1].block == line.block:
            lines[-1] = replace(lines[-1], tokens=(*lines[-1].tokens, token))
        else:
            lines.append(replace(line, tokens=(token,)))
    return lines
