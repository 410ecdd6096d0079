"""Files of a retrieval test set: passages, queries, judgements, and pairs of sentences.

``passages.jsonl``: ``id``, ``text``, ``kind``, ``sides`` (``cause``, ``measure`` or both: what the passage
states); ``queries.jsonl``: ``id``, ``text``, ``kind``, ``kind_filter`` (``cause``, ``measure`` or ``any``);
``qrels.tsv``: query, passage, grade 0 to 3; ``pairs.jsonl``: ``text_a``, ``text_b``, ``label`` (1: the two
state the same issue). Further fields are left alone.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from fiscalgraph.extract.errors import FiscalgraphError
from fiscalgraph.search.passages import same_words

__all__ = [
    "BEST_GRADE",
    "SIDES",
    "JudgedPair",
    "Judgements",
    "SetPassage",
    "SetQuery",
    "SetUnusable",
    "read_judgements",
    "read_pairs",
    "read_passages",
    "read_queries",
]

Found = TypeVar("Found")

SIDES = ("cause", "measure")
ANY = "any"
BEST_GRADE = 3
"""Grades: 3 the same issue, 2 in part, narrower or broader, 1 a related theme, 0 only looks alike."""

Judgements = dict[str, dict[str, int]]
"""Grade by passage id, by query id."""


class SetUnusable(FiscalgraphError):
    """A file of a test set is missing or has a line that does not say what it should."""


@dataclass(frozen=True, slots=True)
class SetPassage:
    """A passage to be found; ``sides`` is a non-empty part of :data:`SIDES`."""

    id: str
    text: str
    kind: str
    sides: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SetQuery:
    """A question to a set. ``side`` (``kind_filter``): only passages that state it answer; ``None``: all do.

    ``kind`` and ``split`` group the figures; both may be empty.
    """

    id: str
    text: str
    kind: str = ""
    side: str | None = None
    split: str = ""

    def admits(self, passage: SetPassage) -> bool:
        """Whether ``passage`` may answer this query."""
        return self.side is None or self.side in passage.sides


@dataclass(frozen=True, slots=True)
class JudgedPair:
    """Two sentences and whether they state the same issue."""

    text_a: str
    text_b: str
    same: bool


@dataclass(frozen=True, slots=True)
class _Line:
    """One record of a file, which knows where it stands when something is wrong with it."""

    path: Path
    number: int
    fields: Mapping[str, Any]

    def wrong(self, why: str, cure: str) -> SetUnusable:
        return SetUnusable(f"{self.path}, line {self.number}", why, cure)

    def words(self, name: str) -> str:
        """A text with at least one letter or digit."""
        value = self.fields.get(name)
        if not isinstance(value, str) or not same_words(value):
            raise self.wrong(f"{name} is not a text with letters or digits", f"Give {name} as a string")
        return value

    def optional(self, name: str) -> str:
        value = self.fields.get(name)
        if value is None:
            return ""
        if not isinstance(value, str):
            raise self.wrong(f"{name} is not a string", f"Give {name} as a string or leave it out")
        return value

    def identifier(self, taken: Mapping[str, object]) -> str:
        """The ``id``: new, and fit for a column of a tab-separated file."""
        value = self.fields.get("id")
        if isinstance(value, int) and not isinstance(value, bool):
            value = str(value)
        if not isinstance(value, str) or not value or value.split() != [value]:
            raise self.wrong("id is not a word", "Give every line an id without blanks")
        if value in taken:
            raise self.wrong(f"id {value} was used before", "Give every line an id of its own")
        return value


def read_passages(path: Path) -> list[SetPassage]:
    """The passages of a file in their order. Raises :class:`SetUnusable`, which names the line."""
    found: dict[str, SetPassage] = {}
    for line in _json_lines(path):
        sides = line.fields.get("sides")
        sides = [sides] if isinstance(sides, str) else sides
        if not isinstance(sides, list) or not sides or any(side not in SIDES for side in sides):
            raise line.wrong(
                f"sides is {json.dumps(sides, ensure_ascii=False)}",
                'Say what the passage states: ["cause"], ["measure"] or ["cause", "measure"]',
            )
        name = line.identifier(found)
        stated = tuple(side for side in SIDES if side in sides)
        found[name] = SetPassage(name, line.words("text"), line.optional("kind"), stated)
    return list(_some(path, found).values())


def read_queries(path: Path) -> list[SetQuery]:
    """The queries of a file in their order. Raises :class:`SetUnusable`, which names the line."""
    found: dict[str, SetQuery] = {}
    for line in _json_lines(path):
        side = line.optional("kind_filter") or ANY
        if side not in (*SIDES, ANY):
            raise line.wrong(f"kind_filter is {side}", f"Use {', '.join(SIDES)} or {ANY}")
        name = line.identifier(found)
        found[name] = SetQuery(
            name,
            line.words("text"),
            line.optional("kind"),
            None if side == ANY else side,
            line.optional("split"),
        )
    return list(_some(path, found).values())


def read_judgements(path: Path, queries: Sequence[SetQuery], passages: Sequence[SetPassage]) -> Judgements:
    """The grades of a tab-separated file (a header line may lead), by query and passage.

    Raises :class:`SetUnusable`, which names the line, for a grade that is not 0 to 3, a query or
    passage that the set does not hold, and a pair that is judged twice.
    """
    known_queries = {query.id for query in queries}
    known_passages = {passage.id for passage in passages}
    found: Judgements = {}
    for number, text in _lines(path):
        line = _Line(path, number, {})
        columns = [column.strip() for column in text.split("\t")]
        if number == 1 and columns == ["query", "passage", "grade"]:
            continue
        if len(columns) != 3:
            raise line.wrong(
                f"it has {len(columns)} columns instead of 3", "Separate query, passage and grade by tabs"
            )
        query, passage, grade = columns
        if grade not in map(str, range(BEST_GRADE + 1)):
            raise line.wrong(f"the grade is {grade!r}", f"Grade from 0 to {BEST_GRADE}")
        for what, name, known in (("query", query, known_queries), ("passage", passage, known_passages)):
            if name not in known:
                raise line.wrong(f"there is no {what} {name!r}", f"Judge the {what} ids of the set only")
        if passage in found.setdefault(query, {}):
            raise line.wrong(f"{query} and {passage} were judged before", "Judge each pair once")
        found[query][passage] = int(grade)
    return _some(path, found)


def read_pairs(path: Path) -> list[JudgedPair]:
    """The pairs of a file in their order. Raises :class:`SetUnusable`, which names the line."""
    found = []
    for line in _json_lines(path):
        label = line.fields.get("label")
        if label not in (0, 1):
            raise line.wrong(f"label is {label!r}", "Use 1 for the same issue and 0 for another")
        found.append(JudgedPair(line.words("text_a"), line.words("text_b"), bool(label)))
    if not any(pair.same for pair in found):
        raise SetUnusable(
            str(path), "no pair has label 1", "Give pairs of both labels: precision needs something to find"
        )
    return found


def _json_lines(path: Path) -> Iterator[_Line]:
    for number, text in _lines(path):
        try:
            fields = json.loads(text)
        except ValueError as error:
            raise SetUnusable(
                f"{path}, line {number}", f"it is not JSON ({error})", "Write one JSON object a line"
            ) from error
        line = _Line(path, number, fields)
        if not isinstance(fields, dict):
            raise line.wrong("it is not a JSON object", "Write one JSON object a line")
        yield line


def _lines(path: Path) -> Iterator[tuple[int, str]]:
    """The lines that are not blank, numbered from 1."""
    try:
        content = path.read_bytes().decode("utf-8-sig")
    except OSError as error:
        raise SetUnusable(str(path), error.strerror or str(error), "Check the path") from error
    except UnicodeDecodeError as error:
        line = path.read_bytes()[: error.start].count(b"\n") + 1
        raise SetUnusable(f"{path}, line {line}", "it is not UTF-8", "Save the file as UTF-8") from error
    # Not splitlines(): a line separator inside a JSON string ends no line.
    for number, text in enumerate(content.split("\n"), 1):
        if text.strip():
            yield number, text.rstrip("\r")


def _some(path: Path, found: dict[str, Found]) -> dict[str, Found]:
    if not found:
        raise SetUnusable(str(path), "it holds nothing", "Give a file with at least one line")
    return found
