"""How well a test set's queries find what answers them: ranking a set, and the measures of a ranking.

passages, queries = read_passages(folder / "passages.jsonl"), read_queries(folder / "queries.jsonl")
run = rank(passages, queries, load_encoder())
figures = measured(run, read_judgements(folder / "qrels.tsv", queries, passages), passages, queries)

A test set is ranked as the product ranks its own passages; see :mod:`fiscalgraph.search.evaluation_files`
for the files.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby
from statistics import fmean
from typing import TYPE_CHECKING

from fiscalgraph.search.calibration import calibration_of
from fiscalgraph.search.evaluation_files import JudgedPair, Judgements, SetPassage, SetQuery
from fiscalgraph.search.folding import simplified
from fiscalgraph.search.issues.pair_score import pair_scores
from fiscalgraph.search.ranking import WORDS_WEIGHT, Ranking
from fiscalgraph.search.vectors import VectorIndex
from fiscalgraph.search.words import WordIndex

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    from fiscalgraph.search.encoder import Encoder

    Mask = npt.NDArray[np.bool_]

__all__ = [
    "CUT",
    "DEPTH",
    "RELEVANT",
    "Figures",
    "Run",
    "average_precision",
    "measured",
    "ndcg",
    "pair_probabilities",
    "pair_similarities",
    "rank",
    "ranked",
    "recall",
    "reciprocal_rank",
    "run_lines",
]

CUT = 10
"""nDCG and recall look at so many hits."""
RELEVANT = 2
"""Recall and reciprocal rank count a passage of this grade or a better one as found."""
DEPTH = 100

Run = dict[str, list[tuple[str, float]]]
"""By query id: passage ids and scores, best first."""


@dataclass(frozen=True, slots=True)
class Figures:
    """The mean of each measure over ``queries`` queries, each between 0 and 1.

    ``recall`` of a query with more than :data:`CUT` relevant passages cannot reach 1.
    """

    queries: int
    ndcg: float
    recall: float
    mrr: float


# -- ranking ----------------------------------------------------------------------------------


def rank(
    passages: Sequence[SetPassage], queries: Iterable[SetQuery], encoder: Encoder, depth: int = DEPTH
) -> Run:
    """The ``depth`` best passages for each query, as the product ranks them, filters applied first."""
    texts = [passage.text for passage in passages]
    calibration = calibration_of(encoder)
    ranking = Ranking(
        WordIndex.build(texts),
        VectorIndex(encoder.encode([simplified(text) for text in texts])),
        WORDS_WEIGHT if calibration is None else calibration.words_weight,
    )

    def product(text: str, allowed: Mask) -> Iterable[tuple[int, float]]:
        vector = encoder.encode_queries([simplified(text)])[0]
        return [(hit.row, hit.score) for hit in ranking.ranked(text, vector, allowed)]

    return ranked(passages, queries, product, depth)


def ranked(
    passages: Sequence[SetPassage],
    queries: Iterable[SetQuery],
    order: Callable[[str, Mask], Iterable[tuple[int, float]]],
    depth: int = DEPTH,
) -> Run:
    """The run of any ranking: ``order`` gives the rows that a mask admits and their scores, best first."""
    import numpy as np

    run: Run = {}
    for query in queries:
        allowed = np.array([query.admits(passage) for passage in passages], dtype=np.bool_)
        hits = list(order(query.text, allowed))[:depth]
        run[query.id] = [(passages[row].id, score) for row, score in hits]
    return run


def run_lines(run: Run) -> Iterable[str]:
    """The run as lines of a tab-separated file with a header: query, passage, rank (from 1), score."""
    yield "query\tpassage\trank\tscore\n"
    for query, hits in run.items():
        for place, (passage, score) in enumerate(hits, 1):
            yield f"{query}\t{passage}\t{place}\t{score:.6f}\n"


def pair_probabilities(pairs: Sequence[JudgedPair]) -> list[float]:
    """How likely the product takes the two sentences of each pair to state the same issue (0 to 1)."""
    return pair_scores((pair.text_a, pair.text_b) for pair in pairs)


def pair_similarities(pairs: Sequence[JudgedPair], encoder: Encoder) -> list[float]:
    """How near the two sentences of each pair are for a model (cosine, -1 to 1), to compare with."""
    first = encoder.encode([pair.text_a for pair in pairs])
    second = encoder.encode([pair.text_b for pair in pairs])
    return [float(value) for value in (first * second).sum(axis=1)]


# -- measures ---------------------------------------------------------------------------------


def measured(
    run: Run, judgements: Judgements, passages: Sequence[SetPassage], queries: Sequence[SetQuery]
) -> dict[str, Figures]:
    """The figures of all queries (``all``) and of each kind of query, in the order of the kinds.

    What a query's filter does not admit is no answer, whatever its grade. A query without any relevant
    passage is left out; a query that the run lacks counts as having found nothing.
    """
    by_id = {passage.id: passage for passage in passages}
    rows: list[tuple[str, tuple[float, float, float]]] = []
    for query in queries:
        grades = {
            passage: grade
            for passage, grade in judgements.get(query.id, {}).items()
            if query.admits(by_id[passage])
        }
        if max(grades.values(), default=0) < RELEVANT:
            continue
        found = [grades.get(passage, 0) for passage, _ in run.get(query.id, [])]
        judged = list(grades.values())
        rows.append((query.kind, (ndcg(found, judged), recall(found, judged), reciprocal_rank(found))))
    kinds = {kind: None for kind, _ in rows if kind}
    groups = {"all": [figures for _, figures in rows]} | {
        kind: [figures for of, figures in rows if of == kind] for kind in kinds
    }
    return {
        name: Figures(len(group), *(fmean(column) for column in zip(*group, strict=True)))
        for name, group in groups.items()
        if group
    }


def ndcg(found: Sequence[int], judged: Iterable[int], cut: int = CUT) -> float:
    """Normalised discounted cumulative gain: gain 2 to the grade less 1, discount log2(rank + 1).

    ``found`` are the grades in the order of the ranking, ``judged`` all grades that were given.
    """
    best = _gain(sorted(judged, reverse=True)[:cut])
    return _gain(found[:cut]) / best if best else 0.0


def recall(found: Sequence[int], judged: Iterable[int], cut: int = CUT) -> float:
    """The share of all relevant passages that stand among the first ``cut``."""
    relevant = sum(grade >= RELEVANT for grade in judged)
    return sum(grade >= RELEVANT for grade in found[:cut]) / relevant if relevant else 0.0


def reciprocal_rank(found: Sequence[int]) -> float:
    """1 divided by the rank of the first relevant passage; 0 when there is none."""
    return next((1.0 / place for place, grade in enumerate(found, 1) if grade >= RELEVANT), 0.0)


def average_precision(labels: Sequence[bool], scores: Sequence[float]) -> float:
    """Precision at each threshold, weighted by the recall it adds; equal scores are one threshold.

    Raises ``ValueError`` when no label is true.
    """
    if not any(labels):
        raise ValueError("average precision needs a label that is true")
    ordered = sorted(zip(scores, labels, strict=True), key=lambda pair: -pair[0])
    seen = right = 0
    total = 0.0
    for _, group in groupby(ordered, key=lambda pair: pair[0]):
        tied = [label for _, label in group]
        seen, right = seen + len(tied), right + sum(tied)
        total += sum(tied) * right / seen
    return total / right


def _gain(grades: Sequence[int]) -> float:
    return sum((2.0**grade - 1.0) / math.log2(place + 1) for place, grade in enumerate(grades, 1))
