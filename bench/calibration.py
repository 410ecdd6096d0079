"""What the scores of a model mean, measured on the tuning half of ``bench/retrieval``.

    python bench/calibration.py [--model FOLDER] [--print]

Writes ``calibration.json`` beside the model: how much shared words weigh beside similarity, from which
score on a passage is called similar, and how likely one of a given score states the issue. To be run again
whenever the model changes. The weight is the one with the highest nDCG@10. The threshold is the lowest from
which on half of the passages were judged to state the issue, over all pairs of a query and a passage that
its filter admits; queries that name a theme, which is no issue, are left out.
"""

from __future__ import annotations

import argparse
import math
from pathlib import Path
from typing import TYPE_CHECKING

from fiscalgraph.search.calibration import Calibration, calibration_file
from fiscalgraph.search.encoder import Encoder, load_encoder
from fiscalgraph.search.evaluation import RELEVANT, Run, measured, ranked
from fiscalgraph.search.evaluation_files import read_judgements, read_passages, read_queries
from fiscalgraph.search.folding import simplified
from fiscalgraph.search.ranking import Ranking
from fiscalgraph.search.vectors import VectorIndex
from fiscalgraph.search.words import WordIndex

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    from fiscalgraph.search.evaluation_files import Judgements, SetQuery

    Scores = npt.NDArray[np.float64]

TEST_SET = Path(__file__).parent / "retrieval"
WEIGHTS = (0.0, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 1.0)
PRECISION = 0.5


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--model", help="folder of another model than the built-in one")
    parser.add_argument("--print", action="store_true", help="write nothing")
    arguments = parser.parse_args()
    encoder = load_encoder(arguments.model)
    found, figures = calibrated(encoder)
    print("weight of words   nDCG@10 on the tuning half")
    for weight, gain in figures.items():
        print(f"{weight:>15.1f}   {gain:.3f}{'  *' if weight == found.words_weight else ''}")
    print(f"similar from {found.threshold:.3f}: precision {found.precision:.3f}, recall {found.recall:.3f}")
    file = calibration_file(encoder)
    if arguments.print or file is None:
        print("nothing was written" if arguments.print else "the model is not a folder: nothing was written")
        return
    found.save(file)
    print(f"written to {file}")


def calibrated(encoder: Encoder) -> tuple[Calibration, dict[float, float]]:
    """The calibration of a model, and nDCG@10 by the weight of words."""
    passages = read_passages(TEST_SET / "passages.jsonl")
    every = read_queries(TEST_SET / "queries.jsonl")
    judgements = read_judgements(TEST_SET / "qrels.tsv", every, passages)
    queries = [query for query in every if query.split == "tuning"]
    words = WordIndex.build([passage.text for passage in passages])
    nearest = VectorIndex(encoder.encode([simplified(passage.text) for passage in passages]))
    vector = {query.text: encoder.encode_queries([simplified(query.text)])[0] for query in queries}

    def run(weight: float) -> Run:
        ranking = Ranking(words, nearest, weight)
        return ranked(
            passages,
            queries,
            lambda text, allowed: [
                (hit.row, hit.score) for hit in ranking.ranked(text, vector[text], allowed)
            ],
            len(passages),
        )

    runs = {weight: run(weight) for weight in WEIGHTS}
    figures = {
        weight: round(measured(found, judgements, passages, queries)["all"].ndcg, 4)
        for weight, found in runs.items()
    }
    weight = max(figures, key=lambda tried: (figures[tried], -tried))
    stated = [query for query in queries if query.kind != "theme"]
    scores, labels = _pairs(stated, judgements, runs[weight])
    threshold, precision, recall = _threshold(scores, labels)
    slope, intercept = _logistic(scores, labels)
    return (
        Calibration(
            fingerprint=encoder.fingerprint,
            words_weight=weight,
            threshold=round(threshold, 4),
            slope=round(slope, 4),
            intercept=round(intercept, 4),
            precision=round(precision, 4),
            recall=round(recall, 4),
            measured_on=f"bench/retrieval, tuning half: {len(stated)} queries, {len(passages)} passages",
        ),
        figures,
    )


def _pairs(queries: list[SetQuery], judgements: Judgements, run: Run) -> tuple[Scores, npt.NDArray[np.bool_]]:
    """The score of every query with every passage that may answer it, and whether it was judged to."""
    import numpy as np

    scores, labels = [], []
    for query in queries:
        grades = judgements.get(query.id, {})
        for passage, score in run[query.id]:
            scores.append(score)
            labels.append(grades.get(passage, 0) >= RELEVANT)
    return np.array(scores), np.array(labels, dtype=np.bool_)


def _threshold(scores: Scores, labels: npt.NDArray[np.bool_]) -> tuple[float, float, float]:
    """The lowest score from which on :data:`PRECISION` are right, with its precision and recall."""
    import numpy as np

    order = np.argsort(-scores, kind="stable")
    right = np.cumsum(labels[order])
    precision = right / np.arange(1, len(order) + 1)
    last = int(np.flatnonzero(precision >= PRECISION)[-1])
    return float(scores[order][last]), float(precision[last]), float(right[last] / labels.sum())


def _logistic(scores: Scores, labels: npt.NDArray[np.bool_]) -> tuple[float, float]:
    """Slope and intercept of the logistic curve through the judgements (Newton's method)."""
    import numpy as np

    design = np.stack([scores, np.ones_like(scores)], axis=1)
    weights = np.array([1.0, math.log(max(labels.mean(), 1e-6))])
    for _ in range(50):
        chance = 1 / (1 + np.exp(-design @ weights))
        spread = chance * (1 - chance)
        step = np.linalg.solve(
            (design * spread[:, None]).T @ design + 1e-9 * np.eye(2), design.T @ (labels - chance)
        )
        weights = weights + step
    return float(weights[0]), float(weights[1])


if __name__ == "__main__":
    main()
