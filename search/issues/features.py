"""What is looked at when two statements are compared: how near they are, and what they do not share.

Words that both hold bring two sentences near each other whatever is said of them. So the rest is compared
too: what each says in words that the other lacks, whether the types of cause agree, whether what is done
answers the same cause, and whether one says that it is cured.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from fiscalgraph.ontology.causes import causes
from fiscalgraph.search.encoder import StaticEncoder
from fiscalgraph.search.folding import folded, simplified
from fiscalgraph.search.issues.alignment import ALIGNED, Alignment
from fiscalgraph.search.issues.remedies import remedy_profiles
from fiscalgraph.search.issues.rests import Rests
from fiscalgraph.search.issues.signs import core_of, says_cured
from fiscalgraph.search.issues.stated import Stated
from fiscalgraph.search.issues.types import features as type_features
from fiscalgraph.search.issues.types import weights_of

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    Rows = npt.NDArray[np.int64]
    Array = npt.NDArray[np.float32]

__all__ = ["FEATURES", "Bounds", "Statements"]

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
    "stated",
    "opposed",
    "beyond_least",
    "beyond_most",
    *ALIGNED,
    "restated",
)
"""Of two statements: cosine of their vectors; cosine of what each says in words that the other lacks; share
of neighbouring characters they have in common; how far every clause of the one has its like in the other;
whether one only says that it is cured; ``repeated`` times the number of words that turn a meaning
(未, 已, 偏早, 较晚 …) and stand in one alone; how sure it is that one type of cause holds for both, and that
each has one but not the same; how far what both promise answers the same causes, and whether each answers
some but none in common; how far both resemble the same of the issues that were written for training; the
number of words that turn a meaning and stand in one alone; the cosine of the two less that of each with the
written issue it is likest (the smaller and the larger); how they match word by word (:data:`ALIGNED`); and
whether the one restates the other of another project: a clause is the same, all others are alike, and
nothing turns the meaning."""

_WORDS = 16  # of 64 bits: which pairs of characters a statement holds
_CLAUSES, _CLAUSE_WORDS = 6, 4  # the longest clauses of a statement, and the same for each of them
_MOST_BITS = 255  # of a clause: they are counted in eight bits
_SHORTEST_CLAUSE = 4
_LIKE = 0.25  # from this share of its pairs of characters on, a clause has its like
_OTHER_NAME, _SAME = 0.45, 0.95  # shares: a clause with another project's name in it, and the same clause
_MOST_TURNED = 3
_ALIGNED = slice(FEATURES.index(ALIGNED[0]), FEATURES.index(ALIGNED[-1]) + 1)
_SLACK = 1e-4  # of a logit: sums of features of thirty-two bits differ by less
_REST, _REPEATED, _CURED, _TURNED = (FEATURES.index(name) for name in ("rest", "repeated", "cured", "turned"))
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


@dataclass(frozen=True, slots=True)
class Bounds:
    """Weights of what a logistic score is at most, by the features other than :data:`ALIGNED`, for
    :meth:`Statements.at_most`; ``restated``: the least probability of a pair that restates."""

    weights: npt.NDArray[np.float64]
    intercept: float
    restated: float

    def probabilities(
        self, logits: npt.NDArray[np.float64], restated: npt.NDArray[np.bool_]
    ) -> npt.NDArray[np.float64]:
        """The probabilities for these logits."""
        import numpy as np

        found: npt.NDArray[np.float64] = np.maximum(1.0 / (1.0 + np.exp(-logits)), self.restated * restated)
        return found


class Statements:
    """Texts that are compared with each other; what that needs is made when a text is first asked for."""

    def __init__(self, texts: Sequence[str], encoder: StaticEncoder, vectors: Array | None = None) -> None:
        """``vectors``: those of ``encoder`` for the texts, where they are known."""
        import numpy as np

        self._texts, self._encoder = texts, encoder
        count = len(texts)
        pieces = encoder.piece_vectors()
        self._rests = Rests(pieces, count)
        self._alignment = Alignment(pieces, self._rests)
        self._ready = np.zeros(count, dtype=np.bool_)
        self._given = vectors
        dimension = encoder.dimension
        self._vectors: Array = np.zeros((count if vectors is None else 0, dimension), dtype=np.float32)
        self._characters = np.zeros((count, _WORDS), dtype=np.uint64)
        self._sizes = np.zeros(count, dtype=np.int64)
        self._clauses = np.zeros((count, _CLAUSES, _CLAUSE_WORDS), dtype=np.uint64)
        self._clause_sizes = np.zeros((count, _CLAUSES), dtype=np.uint8)
        self._turning = np.zeros(count, dtype=np.uint64)
        self._remedies = np.zeros((count, len(causes())), dtype=np.float32)
        self._promising = np.zeros(count, dtype=np.bool_)
        self._cured = np.zeros(count, dtype=np.bool_)
        self._types: Array | None = None
        self._stated = Stated(encoder, count)
        self._nearest = np.zeros(count, dtype=np.float32)  # cosine with the written issue it is likest

    def compared(self, left: Rows, right: Rows) -> Array:
        """The :data:`FEATURES` of each pair of rows."""
        import numpy as np

        self._prepare(left, right)
        result = np.empty((len(left), len(FEATURES)), dtype=np.float32)
        for start in range(0, len(left), _BATCH):
            span = slice(start, start + _BATCH)
            result[span] = self._compared(left[span], right[span])
        return result

    def _compared(self, left: Rows, right: Rows) -> Array:
        import numpy as np

        result = self._at_a_glance(left, right)
        worst, best = self._clause_likeness(left, right)
        turned, cured = result[:, _TURNED], result[:, _CURED] > 0
        result[:, _REST] = self._rests.compared(left, right)
        result[:, _ALIGNED] = self._alignment.compared(left, right)
        result[:, _REPEATED] = np.maximum(worst - _LIKE, 0)
        result[:, -1] = (worst >= _OTHER_NAME) & (best >= _SAME) & (turned == 0) & ~cured
        result[:, _TURNED] *= result[:, _REPEATED]
        return result

    def at_most(self, left: Rows, right: Rows, bounds: Bounds, least: float) -> npt.NDArray[np.float64]:
        """What the probability of each pair of rows is at most; not much more than it is, where it may be
        ``least`` or more.

        What is quickly compared comes first, and only pairs that may still be the same go on.
        """
        import numpy as np

        self._prepare(left, right)
        result = np.empty(len(left))
        for start in range(0, len(left), _BATCH):
            span = slice(start, start + _BATCH)
            result[span] = self._at_most(left[span], right[span], bounds, least)
        return result

    def _at_most(self, left: Rows, right: Rows, bounds: Bounds, least: float) -> npt.NDArray[np.float64]:
        import numpy as np

        known = self._at_a_glance(left, right)
        turned = known[:, _TURNED].copy()
        # Of words that turn the meaning, a clause's likeness is worth less with each: see FEATURES.
        for_likeness = bounds.weights[_REPEATED] + bounds.weights[_TURNED] * turned
        for_rest = bounds.weights[_REST]
        known[:, _TURNED] = 0
        logits = known[:, :-1].astype(np.float64) @ bounds.weights + bounds.intercept + _SLACK
        maybe_restated = (turned == 0) & (known[:, _CURED] == 0)

        def probable(rest: Array | float, likeness: Array | float) -> npt.NDArray[np.float64]:
            return bounds.probabilities(logits + for_rest * rest + for_likeness * likeness, maybe_restated)

        rest = np.full(len(left), 1.0 if for_rest > 0 else -1.0)
        likeness = np.where(for_likeness > 0, 1.0 - _LIKE, 0.0)
        result = probable(rest, likeness)
        left_over = np.flatnonzero(result >= least)
        rest[left_over] = self._rests.compared(left[left_over], right[left_over])
        result = probable(rest, likeness)
        left_over = np.flatnonzero((result >= least) & ((for_likeness > 0) | maybe_restated))
        worst, best = self._clause_likeness(left[left_over], right[left_over])
        likeness[left_over] = np.maximum(worst - _LIKE, 0)
        maybe_restated[left_over] &= (worst >= _OTHER_NAME) & (best >= _SAME)
        return probable(rest, likeness)

    def _at_a_glance(self, left: Rows, right: Rows) -> Array:
        """The features that take little time; the number of words that turn the meaning where ``turned``
        stands, 0 for the others."""
        import numpy as np

        vectors = self._vectors if self._given is None else self._given
        common = np.bitwise_count(self._characters[left] & self._characters[right]).sum(
            axis=1, dtype=np.int64
        )
        every = self._sizes[left] + self._sizes[right] - common
        agree, disagree = self._agreement(left, right)
        answers = np.einsum("nc,nc->n", self._remedies[left], self._remedies[right])
        nothing = np.zeros(len(left), dtype=np.float32)
        cosine = np.einsum("nd,nd->n", vectors[left], vectors[right])
        nearest, nearest_of_other = self._nearest[left], self._nearest[right]
        turned = np.bitwise_count(self._turning[left] ^ self._turning[right])
        columns = [
            cosine,
            nothing,
            common / np.maximum(every, 1),
            nothing,
            self._cured[left] != self._cured[right],
            np.minimum(turned, _MOST_TURNED),
            agree,
            disagree,
            answers,
            self._promising[left] & self._promising[right] & (answers <= 0),
            self._stated.compared(left, right),
            turned,
            cosine - np.maximum(nearest, nearest_of_other),
            cosine - np.minimum(nearest, nearest_of_other),
            *[nothing] * len(ALIGNED),
            nothing,
        ]
        return np.stack([np.asarray(column, dtype=np.float32) for column in columns], axis=1)

    def _clause_likeness(self, left: Rows, right: Rows) -> tuple[Array, Array]:
        """How much of its worst and of its best clause each pair has in common, in whichever it stands."""
        import numpy as np

        one, other = self._clauses[left], self._clauses[right]
        common = np.zeros((len(left), _CLAUSES, _CLAUSES), dtype=np.uint8)
        for word in range(_CLAUSE_WORDS):
            common += np.bitwise_count(one[:, :, None, word] & other[:, None, :, word])
        found = np.concatenate([common.max(axis=2), common.max(axis=1)], axis=1)
        sizes = np.concatenate([self._clause_sizes[left], self._clause_sizes[right]], axis=1)
        shares = found.astype(np.float32) / np.maximum(sizes, 1)
        best: Array = shares.max(axis=1)
        shares[sizes == 0] = 1
        worst: Array = np.minimum(shares.min(axis=1), best)  # of texts without words there is nothing alike
        return worst, best

    def _agreement(self, left: Rows, right: Rows) -> tuple[Array, Array]:
        import numpy as np

        assert self._types is not None
        one, other = self._types[left], self._types[right]
        agree = np.sqrt((one * other).max(axis=1))
        both = np.sqrt(one.max(axis=1) * other.max(axis=1))
        return agree, both - agree

    def _prepare(self, left: Rows, right: Rows) -> None:
        import numpy as np

        rows = np.union1d(left[~self._ready[left]], right[~self._ready[right]])
        for start in range(0, len(rows), _BATCH):
            self._prepare_batch(rows[start : start + _BATCH])

    def _prepare_batch(self, rows: Rows) -> None:
        import numpy as np

        texts = [simplified(self._texts[row]) for row in rows.tolist()]
        if self._given is None:
            self._vectors[rows] = self._encoder.encode(texts)
        vectors = self._vectors if self._given is None else self._given
        self._nearest[rows] = self._stated.nearest(vectors[rows])
        weights = weights_of()
        sure = weights.confidences(type_features(texts, self._encoder), self._encoder.fingerprint).astype(
            np.float32
        )
        if self._types is None:
            self._types = np.zeros((len(self._texts), sure.shape[1]), dtype=np.float32)
        self._types[rows] = sure
        self._remedies[rows] = remedy_profiles(texts)
        self._promising[rows] = self._remedies[rows].any(axis=1)
        cores = [core_of(text) for text in texts]
        clauses: list[str] = []
        parts: list[list[str]] = []
        owners: list[int] = []
        places: list[int] = []
        for row, core in zip(rows.tolist(), cores, strict=True):
            self._rests.put(row, self._encoder.pieces(core))
            own = [each for each in _CLAUSE_END.split(core) if len(each) >= _SHORTEST_CLAUSE] or [core]
            own = sorted(own, key=lambda each: (-len(each), each))[:_CLAUSES]
            parts.append(list(dict.fromkeys((*own, core))))
            clauses += own
            owners += [row] * len(own)
            places += range(len(own))
            self._turning[row] = sum(bool(words.search(core)) << bit for bit, words in enumerate(_TURNING))
            self._cured[row] = says_cured(core)
        self._stated.put(rows, parts)
        self._characters[rows] = _characters(cores, _WORDS)
        self._sizes[rows] = np.bitwise_count(self._characters[rows]).sum(axis=1, dtype=np.int64)
        held = _characters(clauses, _CLAUSE_WORDS)
        full = np.bitwise_count(held).sum(axis=1) > _MOST_BITS
        held[full, 0] &= ~np.uint64(1)
        self._clauses[owners, places] = held
        self._clause_sizes[rows] = np.bitwise_count(self._clauses[rows]).sum(axis=2)
        self._ready[rows] = True


def _characters(texts: Sequence[str], words: int) -> npt.NDArray[np.uint64]:
    """One bit of so many words for each pair of neighbouring characters of each text."""
    import numpy as np

    letters = [_NO_LETTER.sub("", folded(text)) for text in texts]
    codes = np.frombuffer("".join(letters).encode("utf-32-le"), dtype=np.uint32)
    owner = np.repeat(np.arange(len(texts)), [len(each) for each in letters])
    pairs = (codes[:-1].astype(np.uint64) << np.uint64(32)) | codes[1:]
    places = (pairs * np.uint64(0x9E3779B97F4A7C15)) >> np.uint64(64 - (64 * words - 1).bit_length())
    within = owner[:-1] == owner[1:]
    bits = np.zeros((len(texts), 64 * words), dtype=np.bool_)
    bits[owner[:-1][within], places[within].astype(np.int64)] = True
    return np.packbits(bits, axis=1, bitorder="little").view(np.uint64)
