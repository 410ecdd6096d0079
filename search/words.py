"""Which texts hold the words of a query: BM25 over the characters, pairs of characters, numbers and codes.

Chinese is not split into words: single characters and neighbouring pairs find more than the words of
a dictionary (``docs/search.md`` has the figures). A passage is a sentence, so neither repetition nor
length says anything about it: BM25's k1 is 0, and what remains is how rare the shared units are.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from fiscalgraph.search.errors import IndexUnusable
from fiscalgraph.search.folding import folded

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    Scores = npt.NDArray[np.float32]
    Rows = npt.NDArray[np.int64]
    Postings = npt.NDArray[np.int32]

__all__ = ["AskedWords", "WordIndex", "distinct", "shared_words", "tokens"]

# A query reads so many postings, those of its rarest units first; rows found so are then scored in full.
POSTINGS_READ = 100_000
# Units of a very long query that are looked up, rarest first.
UNITS_READ = 400

_RUN = re.compile(r"[一-鿿]+|\d+(?:[.,]\d+)*%?|[a-z]+")
_OTHER = re.compile(r"\d+(?:[.,]\d+)*%?|[a-z]+")
_FIRST, _LAST = 0x4E00, 0x9FFF
_PAIR = 16  # a pair of characters is one number: the first shifted by so many bits, and the second


def tokens(text: str) -> list[str]:
    """The units of ``text``: each Chinese character, each pair of neighbours, numbers, codes, Latin words.

    >>> tokens("人手不，2080101")
    ['人', '手', '不', '人手', '手不', '2080101']
    """
    found: list[str] = []
    for run in _RUN.findall(folded(text)):
        if "一" <= run[0] <= "鿿":
            found.extend(run)
            found.extend(run[i : i + 2] for i in range(len(run) - 1))
        else:
            found.append(run.replace(",", ""))
    return found


def shared_words(query: str, text: str) -> tuple[str, ...]:
    """The longest stretches of ``query`` that ``text`` holds too, in the order of ``text``, each once.

    A single character counts only if the query has no more than that.
    """
    asked = folded(query)
    shortest = 1 if len(asked) == 1 else 2
    found: dict[str, None] = {}
    numbers = set(_OTHER.findall(asked))
    for run in _RUN.findall(folded(text)):
        if not "一" <= run[0] <= "鿿":
            if run in numbers:
                found[run] = None
            continue
        start = 0
        while start < len(run):
            end = start + 1
            while end <= len(run) and run[start:end] in asked:
                end += 1
            length = end - 1 - start
            if length >= shortest:
                found[run[start : start + length]] = None
            start += max(length, 1)
    return tuple(found)


class WordIndex:
    """For each unit the texts that hold it, as sorted arrays; texts are numbered from 0."""

    FILES = ("units.txt", "unit_starts.npy", "unit_texts.npy")

    def __init__(
        self, units: Sequence[str], starts: npt.NDArray[np.int64], texts: npt.NDArray[np.int32], count: int
    ) -> None:
        import numpy as np

        self._units = {unit: number for number, unit in enumerate(units)}
        self._starts, self._texts = starts, texts
        self.count = count
        holders = np.diff(starts)
        self._rarities = np.log1p((count - holders + 0.5) / (holders + 0.5)).astype(np.float32)
        self._unknown = float(np.log1p((count + 0.5) / 0.5))

    @classmethod
    def build(cls, passages: Sequence[str]) -> WordIndex:
        """Index ``passages``; equal input gives equal arrays."""
        import numpy as np

        joined = "\n".join(map(folded, passages))
        codes = np.frombuffer(joined.encode("utf-32-le"), dtype=np.uint32).astype(np.int64)
        rows = np.cumsum(codes == ord("\n"))
        chinese = (codes >= _FIRST) & (codes <= _LAST)
        singles = np.flatnonzero(chinese)
        pairs = np.flatnonzero(chinese[:-1] & chinese[1:]) if len(codes) else singles
        others: dict[str, int] = {}
        places, keys = [], []
        for match in _OTHER.finditer(joined):
            places.append(match.start())
            # Below the codes of characters: units that are neither a character nor a pair.
            keys.append(-1 - others.setdefault(match[0].replace(",", ""), len(others)))
        unit = np.concatenate(
            [codes[singles], (codes[pairs] << _PAIR) | codes[pairs + 1], np.array(keys, dtype=np.int64)]
        )
        held = rows[np.concatenate([singles, pairs, np.array(places, dtype=np.int64)])]
        units, numbers = np.unique(unit, return_inverse=True)
        posting = distinct(numbers.astype(np.int64) * max(len(passages), 1) + held)
        unit_of, texts = np.divmod(posting, max(len(passages), 1))
        starts = np.concatenate([[0], np.cumsum(np.bincount(unit_of, minlength=len(units)))])
        names = {-1 - number: name for name, number in others.items()}
        return cls(
            [names[key] if key < 0 else _characters(key) for key in units.tolist()],
            starts.astype(np.int64),
            texts.astype(np.int32),
            len(passages),
        )

    def save(self, folder: Path) -> None:
        """Write :data:`FILES` into ``folder``."""
        import numpy as np

        (folder / "units.txt").write_text("\n".join(self._units), encoding="utf-8")
        np.save(folder / "unit_starts.npy", self._starts)
        np.save(folder / "unit_texts.npy", self._texts)

    @classmethod
    def load(cls, folder: Path, count: int) -> WordIndex:
        """The index of ``count`` texts that :meth:`save` wrote; postings are mapped, not read.

        Raises :class:`IndexUnusable` when a file is missing or damaged.
        """
        import numpy as np

        try:
            listed = (folder / "units.txt").read_text(encoding="utf-8")
            starts = np.load(folder / "unit_starts.npy", allow_pickle=False)
            # A plain view: slicing a memmap takes longer than reading a short list.
            texts = np.asarray(np.load(folder / "unit_texts.npy", mmap_mode="r", allow_pickle=False))
        except (OSError, ValueError, EOFError) as error:
            raise IndexUnusable(f"words in {folder}", str(error), "Build the workspace again") from error
        return cls(listed.split("\n") if listed else [], starts, texts, count)

    def scores(self, query: str) -> Scores:
        """The BM25 score of every text (0: no unit in common)."""
        import numpy as np

        result = np.zeros(self.count, dtype=np.float32)
        for number in self._known(query):
            result[self._postings(number)] += self._rarities[number]
        return result

    def coverage(self, query: str) -> Scores:
        """The share of ``query`` that each text holds, 0 to 1: its units weighted by how rare they are."""
        import numpy as np

        shares: Scores = self.scores(query) / np.float32(self._whole(query))
        return shares

    def asked(self, query: str) -> AskedWords:
        """What the index holds of ``query``: read once, asked for the best texts and for scores of others."""
        import numpy as np

        known = self._known(query)
        partial = np.zeros(self.count, dtype=np.float32)
        left = POSTINGS_READ
        read = 0
        for number in known:
            postings = self._postings(number)
            if left < len(postings) and read:
                break
            left -= len(postings)
            partial[postings] += self._rarities[number]
            read += 1
        lists = [(self._postings(number), float(self._rarities[number])) for number in known]
        return AskedWords(partial, lists[:read], lists[read:], self._whole(query))

    def best(self, query: str, k: int, allowed: npt.NDArray[np.bool_] | None = None) -> Rows:
        """See :meth:`AskedWords.best`."""
        return self.asked(query).best(k, allowed)

    def coverage_of(self, query: str, rows: Rows) -> Scores:
        """:meth:`coverage` for ``rows`` alone."""
        return self.asked(query).coverage_of(rows)

    def _postings(self, number: int) -> Postings:
        return self._texts[self._starts[number] : self._starts[number + 1]]

    def _known(self, query: str) -> list[int]:
        """The numbers of the query's units that some text holds, rarest first."""
        known = {self._units[unit] for unit in tokens(query) if unit in self._units}
        return sorted(known, key=lambda number: (-float(self._rarities[number]), number))[:UNITS_READ]

    def _whole(self, query: str) -> float:
        """What a text that holds the whole query would score."""
        units = dict.fromkeys(tokens(query))
        numbers = [self._units.get(unit) for unit in units]
        whole = sum(self._unknown if number is None else float(self._rarities[number]) for number in numbers)
        return max(whole, 1e-9)


@dataclass(frozen=True, slots=True)
class AskedWords:
    """One query's units: ``partial`` scores every text for those ``read``; the commonest are left ``unread``.

    A unit is the list of its texts and what it counts; ``whole`` is what a text with all units would score.
    """

    partial: Scores
    read: list[tuple[Postings, float]]
    unread: list[tuple[Postings, float]]
    whole: float

    def best(self, k: int, allowed: npt.NDArray[np.bool_] | None = None) -> Rows:
        """The ``k`` texts that hold most of the query among those allowed, best first, ties by number.

        Texts that share only very common units with the query may be missed in a large index.
        """
        import numpy as np

        reached = self._reached(k, allowed)
        rows = np.flatnonzero(self.partial >= reached if reached else self.partial > 0)
        if allowed is not None:
            rows = rows[allowed[rows]]
        if len(rows) > k:
            limit = np.partition(self.partial[rows], len(rows) - k)[len(rows) - k]
            rows = rows[self.partial[rows] >= limit]
        ordered: Rows = rows[np.lexsort((rows, -self.partial[rows]))][:k].astype(np.int64)
        return ordered

    def coverage_of(self, rows: Rows) -> Scores:
        """The share of the query that each of ``rows`` holds, by all its units."""
        import numpy as np

        result = self.partial[rows]
        sought = rows.astype(np.int32)  # the lists' type: of another, NumPy would copy them to compare
        for texts, rarity in self.unread:
            place = np.minimum(np.searchsorted(texts, sought), len(texts) - 1)
            result[texts[place] == sought] += np.float32(rarity)
        shares: Scores = result / np.float32(self.whole)
        return shares

    def first(self, k: int) -> tuple[Rows, float]:
        """The rows that seem to hold most of the query, at most ``k``, and a limit that the share held by no
        other row exceeds. Common units are not looked up: any row may hold them."""
        import numpy as np

        reached = self._reached(k + 1, None)
        rows = np.flatnonzero(self.partial >= reached if reached else self.partial > 0)
        held = 0.0
        if len(rows) > k:
            partial = self.partial[rows]
            held = float(np.partition(partial, len(rows) - k - 1)[len(rows) - k - 1])
            rows = rows[partial > held]  # of those that hold as much none: they may be very many
        common = sum(rarity for _, rarity in self.unread)
        return rows, (held + common) / self.whole

    def _reached(self, k: int, allowed: npt.NDArray[np.bool_] | None) -> float:
        """A score that at least ``k`` of the texts in one of the lists reach; 0 when none has so many.

        It spares sorting all the texts that share no more than a common unit with the query.
        """
        import numpy as np

        for texts, _ in self.read:
            found = self.partial[texts if allowed is None else texts[allowed[texts]]]
            if len(found) >= k:
                return float(np.partition(found, len(found) - k)[len(found) - k])
        return 0.0


def distinct(numbers: Rows) -> Rows:
    """The different ones of ``numbers``, ascending; sorting finds them sooner than NumPy's table of them."""
    import numpy as np

    ordered = np.sort(numbers)
    return ordered[np.concatenate([[True], ordered[1:] != ordered[:-1]])] if len(ordered) else ordered


def _characters(key: int) -> str:
    return chr(key) if key <= _LAST else chr(key >> _PAIR) + chr(key & 0xFFFF)
