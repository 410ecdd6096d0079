"""How well the model finds what is meant, against words alone: ``evaluation.txt`` as one pool.

    python -m fiscalgraph.search.training.evaluate [MODEL]

Every passage and every look-alike of the set is a candidate for every query; the passages
of the query's own topic are the answers.
"""

from __future__ import annotations

import math
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from fiscalgraph.search.encoder import Encoder, load_encoder
from fiscalgraph.search.ranking import Ranking
from fiscalgraph.search.training.written import Topic, topics
from fiscalgraph.search.vectors import VectorIndex
from fiscalgraph.search.words import WordIndex

__all__ = ["Figures", "compare"]


@dataclass(frozen=True)
class Figures:
    """Means over the queries: share of answers among the first ten, reciprocal rank, nDCG at ten."""

    recall: float
    reciprocal_rank: float
    gain: float


def compare(encoder: Encoder, chosen: Sequence[Topic]) -> dict[str, Figures]:
    """Figures of words alone, vectors alone and both fused, over the queries of ``chosen``."""
    pool: list[str] = []
    owner: list[str] = []
    for topic in topics():
        pool += topic.answers + topic.lookalikes
        owner += [topic.name] * len(topic.answers) + [""] * len(topic.lookalikes)
    words = WordIndex.build(pool)
    vectors = encoder.encode(pool)
    product = Ranking(words, VectorIndex(vectors))

    def by_words(query: str) -> list[int]:
        scores = words.scores(query)
        return [int(row) for row in np.argsort(-scores, kind="stable") if scores[row] > 0]

    def by_vectors(query: str) -> list[int]:
        similarity = vectors @ encoder.encode_queries([query])[0]
        return [int(row) for row in np.argsort(-similarity, kind="stable")]

    def by_both(query: str) -> list[int]:
        return [hit.row for hit in product.ranked(query, encoder.encode_queries([query])[0])]

    sides: dict[str, Callable[[str], list[int]]] = {
        "words (BM25)": by_words,
        "vectors": by_vectors,
        "fusion": by_both,
    }
    return {name: _figures(side, chosen, owner) for name, side in sides.items()}


def _figures(side: Callable[[str], list[int]], chosen: Sequence[Topic], owner: list[str]) -> Figures:
    recall, reciprocal, gain = [], [], []
    for topic in chosen:
        for query in topic.queries:
            right = [owner[row] == topic.name for row in side(query)]
            recall.append(sum(right[:10]) / len(topic.answers))
            reciprocal.append(1 / (1 + right.index(True)) if True in right else 0.0)
            ideal = sum(1 / math.log2(rank + 2) for rank in range(min(10, len(topic.answers))))
            gain.append(sum(hit / math.log2(rank + 2) for rank, hit in enumerate(right[:10])) / ideal)
    return Figures(float(np.mean(recall)), float(np.mean(reciprocal)), float(np.mean(gain)))


def main() -> None:
    encoder = load_encoder(sys.argv[1] if len(sys.argv) > 1 else None)
    every = topics()
    for name, chosen in (("tuning half", every[0::2]), ("final half", every[1::2])):
        queries = sum(len(topic.queries) for topic in chosen)
        print(f"{name}: {len(chosen)} topics, {queries} queries")
        for side, figures in compare(encoder, chosen).items():
            print(
                f"  {side:14} recall@10 {figures.recall:.3f}  MRR {figures.reciprocal_rank:.3f}"
                f"  nDCG@10 {figures.gain:.3f}"
            )


if __name__ == "__main__":
    main()
