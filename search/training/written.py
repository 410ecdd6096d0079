"""The sentences written for training and evaluation, in a form that is easy to edit.

A block begins with ``# name``. In ``paraphrases/*.txt`` a block is an issue (``# name-2``: the same issue
in other fields): each ``- `` line states it in another way, each ``! `` line shares its words and means
something else. In ``evaluation.txt`` ``? `` is a query, ``= `` a passage that answers it, ``! `` one that
does not. A line of ``synonyms.txt`` is a group of words that mean the same in this register. A line of
``near.txt`` names issues that are too close to be taken for different ones.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cache
from itertools import combinations
from pathlib import Path

__all__ = ["COARSE", "Issue", "Topic", "issues", "near_pairs", "synonym_groups", "topics"]

COARSE = "general"
"""The file whose issues are broader than those of the other files and often hold several of them."""

_HERE = Path(__file__).parent
_VARIANT = re.compile("-[2-9]$")


@dataclass(frozen=True)
class Issue:
    """A cause or measure and ways to state it; ``source`` is the file's name without its ending."""

    name: str
    source: str
    statements: list[str]
    lookalikes: list[str]


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


@cache
def issues() -> tuple[Issue, ...]:
    """Every issue: those of the general file, then the others, file by file in the order of their names.

    Blocks ``name``, ``name-2``, ``name-3`` are one issue, stated from several fields of government: it is of
    the general file if one of them is, else of the first.
    """
    blocks = [
        (_VARIANT.sub("", name), path.stem, lines)
        for path in sorted((_HERE / "paraphrases").glob("*.txt"))
        for name, lines in _blocks(path)
    ]
    merged: dict[str, Issue] = {}
    for name, source, lines in sorted(blocks, key=lambda block: block[1] != COARSE):
        issue = merged.setdefault(name, Issue(name, source, [], []))
        issue.statements.extend(_marked(lines, "-"))
        issue.lookalikes.extend(_marked(lines, "!"))
    return tuple(merged.values())


def near_pairs() -> set[tuple[str, str]]:
    """Pairs of issues (names in the order of the alphabet) that training does not hold apart."""
    lines = (_HERE / "near.txt").read_text(encoding="utf-8").splitlines()
    named = ({_VARIANT.sub("", name) for name in line.split()} for line in lines)
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
