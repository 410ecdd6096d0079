"""BM25 over Chinese text: pairs of neighbouring characters, and whole numbers, codes and Latin words.

The index is three NumPy arrays and a list of terms; the impact of each term on each
text is computed once, when the index is built.
"""

from __future__ import annotations

import math
import re
import unicodedata
from array import array
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    Scores = npt.NDArray[np.float32]

__all__ = ["WordIndex", "tokens"]

K1 = 1.2
B = 0.6

_TOKEN = re.compile(r"[一-鿿]+|\d+(?:[.,]\d+)*%?|[a-z]+")


def tokens(text: str) -> list[str]:
    """Character bigrams of Chinese runs (a lone character stands for itself), numbers and Latin words.

    >>> tokens("人手不够，2080101")
    ['人手', '手不', '不够', '2080101']
    """
    found: list[str] = []
    for run in _TOKEN.findall(unicodedata.normalize("NFKC", text).lower()):
        if not "一" <= run[0] <= "鿿":
            found.append(run.replace(",", ""))
        elif len(run) == 1:
            found.append(run)
        else:
            found.extend(run[i : i + 2] for i in range(len(run) - 1))
    return found


class WordIndex:
    """Inverted index with precomputed BM25 impacts; texts are numbered from 0."""

    FILES = ("terms.txt", "term_starts.npy", "term_texts.npy", "term_impacts.npy")

    def __init__(
        self,
        terms: Sequence[str],
        starts: npt.NDArray[np.int64],
        texts: npt.NDArray[np.int32],
        impacts: Scores,
        count: int,
    ) -> None:
        self._terms = {term: number for number, term in enumerate(terms)}
        self._starts, self._texts, self._impacts = starts, texts, impacts
        self.count = count

    @classmethod
    def build(cls, passages: Sequence[str]) -> WordIndex:
        """Index ``passages``; equal input gives equal arrays."""
        import numpy as np

        numbers: dict[str, int] = {}
        term_column, text_column, frequency_column = array("q"), array("i"), array("f")
        lengths = np.zeros(len(passages), dtype=np.float32)
        for row, passage in enumerate(passages):
            counted = Counter(tokens(passage))
            lengths[row] = counted.total()
            for term, frequency in counted.items():
                term_column.append(numbers.setdefault(term, len(numbers)))
                text_column.append(row)
                frequency_column.append(frequency)
        by_term = np.frombuffer(term_column, dtype=np.int64)
        order = np.argsort(by_term, kind="stable")
        texts = np.frombuffer(text_column, dtype=np.int32)[order]
        frequencies = np.frombuffer(frequency_column, dtype=np.float32)[order]
        holders = np.bincount(by_term, minlength=len(numbers))
        rarity = np.log1p((len(passages) - holders + 0.5) / (holders + 0.5)).astype(np.float32)
        average = float(lengths.mean()) if passages else 1.0
        norm = (K1 * (1 - B + B * lengths / max(average, 1e-9))).astype(np.float32)
        impacts = rarity[by_term[order]] * frequencies * np.float32(K1 + 1) / (frequencies + norm[texts])
        starts = np.concatenate([[0], np.cumsum(holders)]).astype(np.int64)
        return cls(list(numbers), starts, texts, impacts.astype(np.float32), len(passages))

    def save(self, folder: Path) -> None:
        """Write :data:`FILES` into ``folder``."""
        import numpy as np

        (folder / "terms.txt").write_text("\n".join(self._terms), encoding="utf-8")
        np.save(folder / "term_starts.npy", self._starts)
        np.save(folder / "term_texts.npy", self._texts)
        np.save(folder / "term_impacts.npy", self._impacts)

    @classmethod
    def load(cls, folder: Path, count: int) -> WordIndex:
        """The index of ``count`` texts that :meth:`save` wrote; postings are mapped, not read."""
        import numpy as np

        listed = (folder / "terms.txt").read_text(encoding="utf-8")
        return cls(
            listed.split("\n") if listed else [],
            np.load(folder / "term_starts.npy"),
            np.load(folder / "term_texts.npy", mmap_mode="r"),
            np.load(folder / "term_impacts.npy", mmap_mode="r"),
            count,
        )

    def scores(self, query: str) -> Scores:
        """The BM25 score of every text (0: no term in common)."""
        import numpy as np

        result = np.zeros(self.count, dtype=np.float32)
        for term, times in Counter(self._query_terms(query)).items():
            number = self._terms[term]
            span = slice(int(self._starts[number]), int(self._starts[number + 1]))
            result[self._texts[span]] += np.float32(times) * self._impacts[span]
        return result

    def coverage(self, query: str) -> Scores:
        """The share of ``query`` that each text holds, 0 to 1: its terms weighted by how rare they are."""
        import numpy as np

        wanted = Counter(tokens(query))
        scores = self.scores(query)
        if [len(term) for term in wanted.elements()] == [1]:
            return (scores > 0).astype(np.float32)
        whole = sum(times * self._rarity(term) for term, times in wanted.items())
        shares: Scores = np.minimum(scores / np.float32(max(whole, 1e-9)), np.float32(1.0))
        return shares

    def _rarity(self, term: str) -> float:
        number = self._terms.get(term)
        holders = 0 if number is None else int(self._starts[number + 1] - self._starts[number])
        return math.log1p((self.count - holders + 0.5) / (holders + 0.5))

    def _query_terms(self, query: str) -> list[str]:
        """Known terms of ``query``; a query of one character stands for every pair that holds it."""
        wanted = tokens(query)
        if len(wanted) == 1 and len(wanted[0]) == 1:
            return [term for term in self._terms if wanted[0] in term]
        return [term for term in wanted if term in self._terms]
