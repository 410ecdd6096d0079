"""The sentences written for training and evaluation, in a form that is easy to edit.

A block begins with ``# name``. In ``paraphrases/*.txt`` a block is an issue (``# name-2``: the same issue in
other fields): its ``~ `` line names the causes of the scheme that it is of, the main one first, at most two
(``~ none``: none fits, as none fits a measure), each ``- `` line states it in another way, each ``! `` line
shares its words and means something else. In ``evaluation.txt`` ``? `` is a query, ``= `` a passage that
answers it, ``! `` one that does not. A line of ``synonyms.txt`` is a group of words that mean the same in
this register. A line of ``near.txt`` names issues that are too close to be taken for different ones.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from functools import cache
from itertools import combinations
from pathlib import Path

__all__ = [
    "COARSE",
    "NO_CAUSE",
    "Issue",
    "Topic",
    "issue_name",
    "issues",
    "near_pairs",
    "synonym_groups",
    "topics",
]

COARSE = "general"
"""The file whose issues are broader than those of the other files and often hold several of them."""

NO_CAUSE = "none"
"""In place of a cause: no cause of the scheme fits."""

_HERE = Path(__file__).parent
_VARIANT = re.compile("-([2-9]|[1-9][0-9])$")


@dataclass(frozen=True)
class Issue:
    """A cause or measure and ways to state it; ``source`` is the file's name without its ending.

    ``causes``: codes of the scheme (未达标原因分类), of all its blocks in their order.
    """

    name: str
    source: str
    statements: list[str]
    lookalikes: list[str]
    causes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Topic:
    """One issue of the evaluation set."""

    name: str
    queries: list[str] = field(default_factory=list)
    answers: list[str] = field(default_factory=list)
    lookalikes: list[str] = field(default_factory=list)


def _blocks(path: Path) -> list[tuple[str, list[tuple[str, str]]]]:
    blocks: list[tuple[str, list[tuple[str, str]]]] = []
    for line in path.read_text(encoding="utf-8").splitlines():
        mark, _, rest = line.partition(" ")
        if mark == "#":
            blocks.append((rest.strip(), []))
        elif rest:
            blocks[-1][1].append((mark, rest.strip()))
    return blocks


def _marked(lines: list[tuple[str, str]], mark: str) -> list[str]:
    return [text for of, text in lines if of == mark]


def issue_name(block: str) -> str:
    """The issue that a block is of.

    >>> issue_name("fund-late-2")
    'fund-late'
    """
    return _VARIANT.sub("", block)


@cache
def issues() -> tuple[Issue, ...]:
    """Every issue: those of the general file, then the others, file by file in the order of their names.

    Blocks ``name``, ``name-2``, ``name-3`` are one issue, stated from several fields of government: it is of
    the general file if one of them is, else of the first.
    """
    blocks = [
        (issue_name(name), path.stem, lines)
        for path in sorted((_HERE / "paraphrases").glob("*.txt"))
        for name, lines in _blocks(path)
    ]
    merged: dict[str, Issue] = {}
    for name, source, lines in sorted(blocks, key=lambda block: block[1] != COARSE):
        issue = merged.setdefault(name, Issue(name, source, [], []))
        issue.statements.extend(_marked(lines, "-"))
        issue.lookalikes.extend(_marked(lines, "!"))
        told = (code for line in _marked(lines, "~") for code in line.split() if code != NO_CAUSE)
        merged[name] = replace(issue, causes=tuple(dict.fromkeys((*issue.causes, *told))))
    return tuple(merged.values())


def near_pairs() -> set[tuple[str, str]]:
    """Pairs of issues (names in the order of the alphabet) that training does not hold apart."""
    lines = (_HERE / "near.txt").read_text(encoding="utf-8").splitlines()
    named = ({issue_name(name) for name in line.split()} for line in lines)
    return {pair for names in named for pair in combinations(sorted(names), 2)}


def synonym_groups() -> list[list[str]]:
    """Words that mean the same, a list per meaning."""
    return [
        line.split() for line in (_HERE / "synonyms.txt").read_text(encoding="utf-8").splitlines() if line
    ]


def topics() -> list[Topic]:
    """The evaluation set."""
    return [
        Topic(name, _marked(lines, "?"), _marked(lines, "="), _marked(lines, "!"))
        for name, lines in _blocks(_HERE / "evaluation.txt")
    ]
