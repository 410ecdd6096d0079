"""Word vectors from the company words keep: PPMI, truncated SVD, SIF weights.

The vocabulary holds the frequent words of the register, every word of the
sentences written for training (colloquial ones hardly occur in statutes), and the
characters of GB 2312, so that an unknown word is still read by its characters.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

__all__ = ["Vocabulary", "build_vocabulary", "pretrain"]

Vectors = npt.NDArray[np.float32]

WINDOW = 15
SMOOTHING = 0.75  # of the context distribution: keeps rare contexts from dominating
SIF = 1e-3
MAX_WORD = 6  # characters


@dataclass(frozen=True)
class Vocabulary:
    """``pieces[0]`` is the unknown piece; ``counts`` are occurrences in the register (0 where unseen)."""

    pieces: tuple[str, ...]
    counts: npt.NDArray[np.int64]

    @property
    def index(self) -> dict[str, int]:
        return {piece: number for number, piece in enumerate(self.pieces)}

    @property
    def log_probabilities(self) -> list[float]:
        """Of the pieces, for segmentation; rounded so that the written file is short and exact."""
        smoothed = self.counts + 0.5
        values = np.log(smoothed / smoothed.sum())
        values[0] = values.min() - 5.0
        return [round(float(value), 4) for value in values]

    @property
    def weights(self) -> Vectors:
        """How much a piece counts in a sentence: less the commoner it is in the register (SIF)."""
        return np.asarray(SIF / (SIF + self.counts / self.counts.sum()), dtype=np.float32)


def _gb2312() -> list[str]:
    return [
        bytes((high, low)).decode("gb2312")
        for high in range(0xB0, 0xF8)
        for low in range(0xA1, 0xFF)
        if (high, low) < (0xD7, 0xFA) or high > 0xD7
    ]


def build_vocabulary(
    register: Iterable[Sequence[str]], written: Iterable[Sequence[str]], size: int
) -> tuple[Vocabulary, list[Sequence[str]]]:
    """The vocabulary of at most ``size`` pieces, and the register's sentences (read once, kept)."""
    counts: Counter[str] = Counter()
    kept: list[Sequence[str]] = []
    for words in register:
        counts.update(words)
        kept.append(words)
    own = {word for words in written for word in words if len(word) <= MAX_WORD}
    required = own | set(_gb2312()) | set("abcdefghijklmnopqrstuvwxyz")
    frequent = [
        word
        for word, count in sorted(counts.items(), key=lambda item: (-item[1], item[0]))
        if len(word) <= MAX_WORD and count >= 5 and word not in required
    ]
    words = sorted(required) + frequent[: size - 1 - len(required)]
    words.sort(key=lambda word: (-counts[word], word))
    pieces = ("[UNK]", *words)
    return Vocabulary(pieces, np.array([counts[piece] for piece in pieces], dtype=np.int64)), kept


def _cooccurrences(register: Sequence[Sequence[str]], vocabulary: Vocabulary) -> Any:
    """Sparse symmetric counts within ``WINDOW`` words of one sentence."""
    from scipy import sparse  # type: ignore[import-untyped]

    index = vocabulary.index
    size = len(vocabulary.pieces)
    total = sparse.csr_matrix((size, size), dtype=np.float32)
    for start in range(0, len(register), 50_000):
        stream: list[int] = []
        for words in register[start : start + 50_000]:
            stream.extend(index.get(word, 0) for word in words)
            stream.extend([0] * WINDOW)  # nothing is seen across the end of a sentence
        ids = np.array(stream, dtype=np.int64)
        pairs: list[npt.NDArray[np.int64]] = []
        for distance in range(1, WINDOW + 1):
            left, right = ids[:-distance], ids[distance:]
            real = (left > 0) & (right > 0)
            pairs.append(left[real] * size + right[real])
        keys, counts = np.unique(np.concatenate(pairs), return_counts=True)
        counted = counts.astype(np.float32)
        total = total + sparse.csr_matrix((counted, (keys // size, keys % size)), shape=(size, size))
    return total + total.T


def pretrain(register: Sequence[Sequence[str]], vocabulary: Vocabulary, dimension: int, seed: int) -> Vectors:
    """One vector per piece; the mean of a sentence's vectors is its SIF embedding.

    A piece that the register does not know starts as the mean of its characters.
    """
    from sklearn.utils.extmath import randomized_svd  # type: ignore[import-untyped]
    from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]

    information = _information(_cooccurrences(register, vocabulary))
    with threadpool_limits(limits=1):  # sums in one order: the same vectors whatever the number of cores
        # Without the singular values: every direction counts the same, which finds more paraphrases.
        left = randomized_svd(information, n_components=dimension, n_iter=4, random_state=seed)[0]
        vectors = left.astype(np.float32)
        norms = np.linalg.norm(vectors, axis=1, keepdims=True)
        vectors = np.divide(vectors, norms, out=np.zeros_like(vectors), where=norms > 1e-6)
        vectors = _with_characters(vectors, vocabulary)
        vectors *= vocabulary.weights[:, None]
        common = np.linalg.svd(vectors[1:5000], full_matrices=False)[2][0]
        vectors -= np.outer(vectors @ common, common).astype(np.float32)
    vectors[0] = 0.0
    return vectors


def _information(counts: Any) -> Any:
    """Positive pointwise mutual information, sparse."""
    from scipy import sparse

    rows = np.asarray(counts.sum(axis=1)).ravel()
    contexts = rows**SMOOTHING
    contexts /= contexts.sum()
    matrix = counts.tocoo()
    information = np.log(
        matrix.data / np.maximum(rows[matrix.row], 1e-9) / np.maximum(contexts[matrix.col], 1e-12)
    )
    positive = information > 0
    return sparse.csr_matrix(
        (information[positive].astype(np.float32), (matrix.row[positive], matrix.col[positive])),
        shape=matrix.shape,
    )


def _with_characters(vectors: Vectors, vocabulary: Vocabulary) -> Vectors:
    """Each piece mixed with its characters' vectors, each character with the words it occurs in.

    Words that share a character often share meaning (人员, 人手, 人才), and rare words
    have too few neighbours of their own to say so.
    """
    index = vocabulary.index
    sums = np.zeros_like(vectors)
    weights = np.zeros(len(vocabulary.pieces), dtype=np.float32)
    importance = np.log1p(vocabulary.counts).astype(np.float32)
    for number, piece in enumerate(vocabulary.pieces):
        if number == 0 or len(piece) == 1 or not vocabulary.counts[number]:
            continue
        for character in piece:
            target = index.get(character)
            if target is not None:
                sums[target] += importance[number] * vectors[number]
                weights[target] += importance[number]
    characters = np.divide(sums, weights[:, None], out=np.zeros_like(sums), where=weights[:, None] > 0)
    norms = np.linalg.norm(characters, axis=1, keepdims=True)
    characters = np.divide(characters, norms, out=np.zeros_like(characters), where=norms > 1e-6)
    mixed = vectors.copy()
    for number, piece in enumerate(vocabulary.pieces):
        if number == 0:
            continue
        parts = [characters[index[character]] for character in piece if character in index]
        if parts:
            trust = 0.7 if vocabulary.counts[number] >= 20 else 0.4 if vocabulary.counts[number] else 0.0
            own, spelled = vectors[number], np.mean(parts, axis=0)
            scale = float(np.linalg.norm(spelled)) or 1.0
            mixed[number] = trust * own + (1.0 - trust) * spelled / scale
    return mixed
