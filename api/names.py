"""Finding things by their names: departments, projects, codes, laws and documents, in one index.

The index is made once from the catalogue. Names are compared in one form (simplified, half-width, lower
case), all of a kind at once in one long text; how well a name fits decides, then how much there is of a
thing.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import TYPE_CHECKING, Final, Literal, NamedTuple

from fiscalgraph.search.folding import folded

if TYPE_CHECKING:
    from fiscalgraph.api.catalogue import Catalogue

__all__ = ["KINDS", "FoundGroup", "FoundName", "Kind", "NameIndex"]

Kind = Literal["department", "project", "code", "law", "document"]
KINDS: Final[tuple[Kind, ...]] = ("department", "project", "code", "law", "document")
"""The kinds of things that have names, in the order in which they are shown when they fit equally."""

_BETWEEN: Final = "\n"  # names; no folded name holds it
_EXACT, _OTHER_EXACT, _BEGINS, _HOLDS, _OTHER_HOLDS, _WORDS, _SHORTENED = range(7)
_SHORTEST: Final = 2  # characters of a shortened name (发改委)


class FoundName(NamedTuple):
    """A thing whose name fits: its IRI, its name, what else tells it from others, and the name that fits
    where it is another one."""

    iri: str
    name: str
    detail: str
    other_name: str | None


class FoundGroup(NamedTuple):
    """The things of a kind whose names fit: the best of ``total``, and how well the best one does (0:
    exactly)."""

    kind: Kind
    items: tuple[FoundName, ...]
    total: int
    fit: int


@dataclass(frozen=True, slots=True)
class _Entry:
    iri: str
    name: str
    others: tuple[str, ...]
    detail: str
    weight: int  # what there is more of comes first


class NameIndex:
    """The names of everything in a catalogue, and of the published classification codes."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._kinds: dict[Kind, _Names] = {
            "department": _Names(_departments(catalogue), shortened=True),
            "project": _Names(_projects(catalogue)),
            "code": _Codes(_codes()),
            "law": _Names(_laws(catalogue)),
            "document": _Names(_documents(catalogue)),
        }

    def find(self, text: str, k: int, kinds: Sequence[Kind] = KINDS) -> list[FoundGroup]:
        """The ``k`` best things of each kind that ``text`` may mean; kinds with the best one first.

        Several words must all be in a name, or in the name and what else is known of the thing.
        """
        words = folded(text).split()
        if not words:
            return []
        groups = []
        for kind in kinds:
            found = self._kinds[kind].find(words, k)
            if found is not None:
                fit, total, items = found
                groups.append(FoundGroup(kind, items, total, fit))
        return sorted(groups, key=lambda group: (group.fit, KINDS.index(group.kind)))


class _Names:
    """The names of one kind of things."""

    def __init__(self, entries: Iterable[_Entry], *, shortened: bool = False) -> None:
        self._entries = list(entries)
        self._shortened = shortened
        names = [
            (number, name)
            for number, entry in enumerate(self._entries)
            for name in (entry.name, *entry.others)
        ]
        self._owner = [number for number, _ in names]
        self._folded = [folded(name) for _, name in names]
        self._plain = [name for _, name in names]
        self._first = [
            place == 0 or self._owner[place - 1] != owner for place, owner in enumerate(self._owner)
        ]
        self._text = _BETWEEN.join(self._folded)
        self._starts = [0, *accumulate(len(name) + 1 for name in self._folded[:-1])] if self._folded else []
        self._details = [folded(entry.detail) for entry in self._entries]

    def find(self, words: Sequence[str], k: int) -> tuple[int, int, tuple[FoundName, ...]] | None:
        """How well the best fits, how many fit, and the best ``k``; ``None`` where none does."""
        best: dict[int, tuple[int, int]] = {}  # of each thing how well which of its names fits
        for fit, name in self._fitting(words):
            owner = self._owner[name]
            best[owner] = min(best.get(owner, (fit, name)), (fit, name))
        if not best:
            return None
        in_order = sorted(best, key=lambda owner: self._rank(owner, *best[owner]))
        items = tuple(self._shown(owner, best[owner][1]) for owner in in_order[:k])
        return best[in_order[0]][0], len(best), items

    def _rank(self, owner: int, fit: int, name: int) -> tuple[int, int, int, str, str]:
        entry = self._entries[owner]
        return fit, -entry.weight, len(self._folded[name]), entry.name, entry.iri

    def _shown(self, owner: int, name: int) -> FoundName:
        entry = self._entries[owner]
        return FoundName(
            entry.iri, entry.name, entry.detail, None if self._first[name] else self._plain[name]
        )

    def _fitting(self, words: Sequence[str]) -> Iterator[tuple[int, int]]:
        """The names that fit and how well, each at least once."""
        longest = max(words, key=len)
        whole = " ".join(words)
        for name in self._holding(longest):
            held = self._folded[name]
            if held == whole:
                yield (_EXACT if self._first[name] else _OTHER_EXACT), name
            elif all(word in held for word in words):
                if held.startswith(whole):
                    yield _BEGINS, name
                else:
                    yield (_HOLDS if self._first[name] else _OTHER_HOLDS), name
        if len(words) > 1:
            yield from self._by_detail(words)
        elif self._shortened and len(whole) >= _SHORTEST:
            yield from self._shortened_to(whole)

    def _holding(self, word: str) -> Iterator[int]:
        """The names that hold a word."""
        place = self._text.find(word)
        while place >= 0:
            name = bisect_right(self._starts, place) - 1
            yield name
            following = self._starts[name] + len(self._folded[name])
            place = self._text.find(word, following)

    def _by_detail(self, words: Sequence[str]) -> Iterator[tuple[int, int]]:
        """Names that hold one of the words where the detail holds the others."""
        for word in words:
            for name in self._holding(word):
                known = f"{self._folded[name]} {self._details[self._owner[name]]}"
                if all(each in known for each in words):
                    yield _WORDS, name

    def _shortened_to(self, short: str) -> Iterator[tuple[int, int]]:
        """Names of which a short form holds some characters in their order (发改委: 发展和改革委员会)."""
        between = f"[^{_BETWEEN}]*?"
        pattern = re.compile(between.join(map(re.escape, short)))
        for found in pattern.finditer(self._text):
            yield _SHORTENED, bisect_right(self._starts, found.start()) - 1


class _Codes(_Names):
    """Classification codes are found by how they begin, too."""

    def _fitting(self, words: Sequence[str]) -> Iterator[tuple[int, int]]:
        if len(words) == 1 and words[0].isdigit():
            for place, name in enumerate(self._folded):
                if name.startswith(words[0]) and name.isdigit():
                    yield (_EXACT if name == words[0] else _BEGINS), place
            return
        yield from super()._fitting(words)

    def _rank(self, owner: int, fit: int, name: int) -> tuple[int, int, int, str, str]:
        entry = self._entries[owner]
        return fit, len(entry.detail), len(self._folded[name]), entry.detail, entry.iri


def _departments(catalogue: Catalogue) -> Iterator[_Entry]:
    names = {row.iri: row.name for row in catalogue.organizations}
    for row in catalogue.organizations:
        years = "、".join(map(str, row.years))
        detail = " ".join(part for part in (names.get(row.whole or ""), years) if part)
        yield _Entry(row.iri, row.name, tuple(row.other_names), detail, row.documents)


def _projects(catalogue: Catalogue) -> Iterator[_Entry]:
    reports = [0] * len(catalogue.projects)
    for entry in catalogue.entries:
        if entry.project >= 0:
            reports[entry.project] += 1
    for row, number in zip(catalogue.projects, reports, strict=True):
        yield _Entry(row.iri, row.name, tuple(row.other_names), row.department or "", number)


def _codes() -> Iterator[_Entry]:
    from fiscalgraph.ontology.classification import classification_codes

    for code, about in sorted(classification_codes().items()):
        if code.isdigit():
            names = dict.fromkeys((*(dated.name for dated in about.names), *about.other_names))
            name = about.name or next(iter(names), code)
            others = (code, *(each for each in names if each != name))
            yield _Entry(about.iri.value, name, others, code, 0)


def _laws(catalogue: Catalogue) -> Iterator[_Entry]:
    citing: dict[int, set[str]] = {}
    for citation in catalogue.citations:
        citing.setdefault(citation.law, set()).add(citation.publisher)
    for place, row in enumerate(catalogue.laws):
        numbers = (row.document_number,) if row.document_number else ()
        others = (*row.other_titles, *numbers)
        yield _Entry(row.iri, row.title, others, row.document_number or "", len(citing.get(place, ())))


def _documents(catalogue: Catalogue) -> Iterator[_Entry]:
    for document in catalogue.documents:
        title = f"{document.issuer}{document.fiscal_year}年{document.kind}"
        yield _Entry(document.iri, document.document, (title,), title, document.fiscal_year)
