"""What is looked at when two statements are compared: how near they are, and what they do not share.

Words that both hold bring two sentences near each other whatever is said of them. So the rest is compared
too: what each says in words that the other lacks, whether the types of cause agree, whether what is done
answers the same cause, and whether one says that it is cured.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from fiscalgraph.ontology.causes import causes
from fiscalgraph.search.encoder import StaticEncoder
from fiscalgraph.search.folding import folded, simplified
from fiscalgraph.search.issues.remedies import remedy_profiles
from fiscalgraph.search.issues.signs import core_of, says_cured
from fiscalgraph.search.issues.types import features as type_features
from fiscalgraph.search.issues.types import weights_of

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    Rows = npt.NDArray[np.int64]
    Array = npt.NDArray[np.float32]

__all__ = ["FEATURES", "Statements"]

FEATURES: Final = (
    "cosine",
    "rest",
    "overlap",
    "repeated",
    "cured",
    "turned",
    "agree",
    "disagree",
    "answers",
    "answers_other",
    "restated",
)
"""Of two statements: cosine of their vectors; cosine of what each says in words that the other lacks; share
of neighbouring characters they have in common; how far every clause of the one has its like in the other;
whether one only says that it is cured; ``repeated`` times the number of words that turn a meaning
(未, 已, 偏早, 较晚 …) and stand in one alone; how sure it is that one type of cause holds for both, and that
each has one but not the same; how far what both promise answers the same causes, and whether each answers
some but none in common; and whether the one restates the other of another project: a clause is the same, all
others are alike, and nothing turns the meaning."""

_PIECES = 28  # of a statement, the weightiest, that are compared one by one
_WORDS = 16  # of 64 bits: which pairs of characters a statement holds
_CLAUSES, _CLAUSE_WORDS = 6, 4  # the longest clauses of a statement, and the same for each of them
_SHORTEST_CLAUSE = 4
_LIKE = 0.25  # from this share of its pairs of characters on, a clause has its like
_OTHER_NAME, _SAME = 0.45, 0.95  # shares: a clause with another project's name in it, and the same clause
_MOST_TURNED = 3
_BATCH = 4096
_NO_LETTER = re.compile(r"[\W_\d]+")
_CLAUSE_END = re.compile("[，。；;,：:！？\n]")
_TURNING: Final = tuple(
    re.compile(words)
    for words in (
        "不|未|没|无法|难以|尚",
        "已",
        "缺|不足|短缺|不够",
        "充足|充裕|充分|富余|够",
        "减少|[偏较过很太]少|少于",
        "增加|[偏较过很太]多|多于",
        "[偏较过太]低|低于|下降|不高",
        "[偏较过太很]高|高于|上升|提高",
        "[较偏太过]晚|晚于|滞后|迟|延|慢|逾期|推后",
        "[较偏]早|提前|快|如期|按期",
        "不及时",
        "到位",
    )
)
"""What turns a meaning when only one of two statements holds it."""


class Statements:
    """Texts that are compared with each other; what that needs is made when a text is first asked for."""

    def __init__(self, texts: Sequence[str], encoder: StaticEncoder, vectors: Array | None = None) -> None:
        """``vectors``: those of ``encoder`` for the texts, where they are known."""
        import numpy as np

        self._texts, self._encoder = texts, encoder
        self._pieces = encoder.piece_vectors()
        self._weights = np.linalg.norm(self._pieces, axis=1)
        count = len(texts)
        self._ready = np.zeros(count, dtype=np.bool_)
        self._given = vectors
        dimension = encoder.dimension
        self._vectors: Array = np.zeros((count if vectors is None else 0, dimension), dtype=np.float32)
        self._numbers = np.zeros((count, _PIECES), dtype=np.int32)
        self._characters = np.zeros((count, _WORDS), dtype=np.uint64)
        self._clauses = np.zeros((count, _CLAUSES, _CLAUSE_WORDS), dtype=np.uint64)
        self._turning = np.zeros(count, dtype=np.uint64)
        self._remedies = np.zeros((count, len(causes())), dtype=np.float32)
        self._promising = np.zeros(count, dtype=np.bool_)
        self._cured = np.zeros(count, dtype=np.bool_)
        self._types: Array | None = None

    def compared(self, left: Rows, right: Rows) -> Array:
        """The :data:`FEATURES` of each pair of rows."""
        import numpy as np

        self._prepare(np.union1d(left, right))
        result = np.empty((len(left), len(FEATURES)), dtype=np.float32)
        for start in range(0, len(left), _BATCH):
            span = slice(start, start + _BATCH)
            result[span] = self._compared(left[span], right[span])
        return result

    def _compared(self, left: Rows, right: Rows) -> Array:
        import numpy as np

        vectors = self._vectors if self._given is None else self._given
        cosine = np.einsum("nd,nd->n", vectors[left], vectors[right])
        common = np.bitwise_count(self._characters[left] & self._characters[right]).sum(
            axis=1, dtype=np.int64
        )
        every = np.bitwise_count(self._characters[left] | self._characters[right]).sum(axis=1, dtype=np.int64)
        overlap = common / np.maximum(every, 1)
        worst, best = self._clause_likeness(left, right)
        repeated = np.maximum(worst - _LIKE, 0)
        turned = np.minimum(np.bitwise_count(self._turning[left] ^ self._turning[right]), _MOST_TURNED)
        cured = self._cured[left] != self._cured[right]
        agree, disagree = self._agreement(left, right)
        answers = np.einsum("nc,nc->n", self._remedies[left], self._remedies[right])
        rest = self._rest(left, right)
        restated = (worst >= _OTHER_NAME) & (best >= _SAME) & (turned == 0) & ~cured
        columns = [
            cosine,
            rest,
            overlap,
            repeated,
            cured,
            repeated * turned,
            agree,
            disagree,
            answers,
            self._promising[left] & self._promising[right] & (answers <= 0),
            restated,
        ]
        return np.stack([np.asarray(column, dtype=np.float32) for column in columns], axis=1)

    def _clause_likeness(self, left: Rows, right: Rows) -> tuple[Array, Array]:
        """How much of its worst and of its best clause each pair has in common, in whichever it stands."""
        import numpy as np

        one, other = self._clauses[left], self._clauses[right]
        common = np.bitwise_count(one[:, :, None, :] & other[:, None, :, :]).sum(axis=3, dtype=np.int64)
        shares = []
        for held, found in ((one, common.max(axis=2)), (other, common.max(axis=1))):
            size = np.bitwise_count(held).sum(axis=2, dtype=np.int64)
            shares.append(np.where(size > 0, found / np.maximum(size, 1), np.nan))
        both = np.concatenate(shares, axis=1).astype(np.float32)
        there = ~np.isnan(both)
        worst: Array = np.where(there, both, 1).min(axis=1)
        best: Array = np.where(there, both, 0).max(axis=1)
        return worst, best

    def _rest(self, left: Rows, right: Rows) -> Array:
        import numpy as np

        one, other = self._numbers[left], self._numbers[right]
        shared = one[:, :, None] == other[:, None, :]
        only_one = ((one > 0) & ~shared.any(axis=2)).astype(np.float32)
        only_other = ((other > 0) & ~shared.any(axis=1)).astype(np.float32)
        first = np.einsum("ni,nid->nd", only_one, self._pieces[one])
        second = np.einsum("ni,nid->nd", only_other, self._pieces[other])
        lengths = np.linalg.norm(first, axis=1) * np.linalg.norm(second, axis=1)
        near: Array = np.einsum("nd,nd->n", first, second) / np.maximum(lengths, 1e-9)
        return near

    def _agreement(self, left: Rows, right: Rows) -> tuple[Array, Array]:
        import numpy as np

        assert self._types is not None
        one, other = self._types[left], self._types[right]
        agree = np.sqrt((one * other).max(axis=1))
        both = np.sqrt(one.max(axis=1) * other.max(axis=1))
        return agree, both - agree

    def _prepare(self, rows: Rows) -> None:
        import numpy as np

        rows = rows[~self._ready[rows]]
        if not len(rows):
            return
        texts = [simplified(self._texts[row]) for row in rows.tolist()]
        if self._given is None:
            self._vectors[rows] = self._encoder.encode(texts)
        weights = weights_of()
        sure = weights.confidences(type_features(texts, self._encoder), self._encoder.fingerprint).astype(
            np.float32
        )
        if self._types is None:
            self._types = np.zeros((len(self._texts), sure.shape[1]), dtype=np.float32)
        self._types[rows] = sure
        self._remedies[rows] = remedy_profiles(texts)
        self._promising[rows] = self._remedies[rows].any(axis=1)
        for row, text in zip(rows.tolist(), texts, strict=True):
            core = core_of(text)
            numbers = list(dict.fromkeys(filter(None, self._encoder.pieces(core))))
            if len(numbers) > _PIECES:
                numbers = sorted(numbers, key=lambda piece: (-self._weights[piece], piece))[:_PIECES]
            self._numbers[row, : len(numbers)] = numbers
            self._characters[row] = _characters(core, _WORDS)
            clauses = [each for each in _CLAUSE_END.split(core) if len(each) >= _SHORTEST_CLAUSE] or [core]
            for place, clause in enumerate(sorted(clauses, key=lambda each: (-len(each), each))[:_CLAUSES]):
                self._clauses[row, place] = _characters(clause, _CLAUSE_WORDS)
            self._turning[row] = sum(bool(words.search(core)) << bit for bit, words in enumerate(_TURNING))
            self._cured[row] = says_cured(core)
        self._ready[rows] = True


def _characters(text: str, words: int) -> npt.NDArray[np.uint64]:
    """One bit of so many words for each pair of neighbouring characters."""
    import numpy as np

    codes = np.frombuffer(_NO_LETTER.sub("", folded(text)).encode("utf-32-le"), dtype=np.uint32)
    pairs = (codes[:-1].astype(np.uint64) << np.uint64(32)) | codes[1:]
    places = (pairs * np.uint64(0x9E3779B97F4A7C15)) >> np.uint64(64 - (64 * words - 1).bit_length())
    bits = np.zeros(64 * words, dtype=np.bool_)
    bits[places.astype(np.int64)] = True
    return np.packbits(bits, bitorder="little").view(np.uint64)
