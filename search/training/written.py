"""The sentences written for training and evaluation, in a form that is easy to edit.

A block begins with ``# name``; in ``paraphrases.txt`` each ``- `` line states the block's
issue in another way; in ``evaluation.txt`` ``? `` is a query, ``= `` a passage that answers
it, ``! `` one that shares its words and means something else. A line of ``synonyms.txt`` is
a group of words that mean the same in this register.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

__all__ = ["Topic", "paraphrase_groups", "synonym_groups", "topics"]

_HERE = Path(__file__).parent


@dataclass(frozen=True)
class Topic:
    """One issue of the evaluation set."""

    name: str
    queries: list[str] = field(default_factory=list)
    answers: list[str] = field(default_factory=list)
    lookalikes: list[str] = field(default_factory=list)


def _blocks(name: str) -> list[tuple[str, list[tuple[str, str]]]]:
    blocks: list[tuple[str, list[tuple[str, str]]]] = []
    for line in (_HERE / name).read_text(encoding="utf-8").splitlines():
        mark, _, rest = line.partition(" ")
        if mark == "#":
            blocks.append((rest, []))
        elif rest:
            blocks[-1][1].append((mark, rest))
    return blocks


def paraphrase_groups() -> list[list[str]]:
    """Sentences that state the same issue, a list per issue."""
    return [[text for _, text in lines] for _, lines in _blocks("paraphrases.txt")]


def synonym_groups() -> list[list[str]]:
    """Words that mean the same, a list per meaning."""
    return [
        line.split() for line in (_HERE / "synonyms.txt").read_text(encoding="utf-8").splitlines() if line
    ]


def topics() -> list[Topic]:
    """The evaluation set."""
    return [
        Topic(
            name,
            [text for mark, text in lines if mark == "?"],
            [text for mark, text in lines if mark == "="],
            [text for mark, text in lines if mark == "!"],
        )
        for name, lines in _blocks("evaluation.txt")
    ]
