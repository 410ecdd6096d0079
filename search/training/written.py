"""The sentences written for training and evaluation, in a form that is easy to edit.

A block begins with ``# name``. In ``paraphrases/*.txt`` a block is an issue: each ``- `` line
states it in another way, each ``! `` line shares its words and means something else. In
``evaluation.txt`` ``? `` is a query, ``= `` a passage that answers it, ``! `` one that does not.
A line of ``synonyms.txt`` is a group of words that mean the same in this register. A line of
``near.txt`` names issues that are too close to be taken for different ones.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache
from itertools import combinations
from pathlib import Path

__all__ = ["COARSE", "Issue", "Topic", "issues", "near_pairs", "synonym_groups", "topics"]

COARSE = "general"
"""The file whose issues are broader than those of the other files and often hold several of them."""

_HERE = Path(__file__).parent


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
    """Every issue, file by file in the order of their names."""
    return tuple(
        Issue(name, path.stem, _marked(lines, "-"), _marked(lines, "!"))
        for path in sorted((_HERE / "paraphrases").glob("*.txt"))
        for name, lines in _blocks(path)
    )


def near_pairs() -> set[tuple[str, str]]:
    """Pairs of issues (names in the order of the alphabet) that training does not hold apart."""
    lines = (_HERE / "near.txt").read_text(encoding="utf-8").splitlines()
    return {pair for line in lines for pair in combinations(sorted(line.split()), 2)}


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
