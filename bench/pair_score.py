"""How well pairs that state the same issue are told from pairs that only share words; and fits the weights.

    python bench/pair_score.py                          # figures of the shipped weights, tuning half
    python bench/pair_score.py --final                  # the other half: look once
    python bench/pair_score.py --fit --data DIR [--models DIR]

Fitting trains a model for each fold without the sentences it is asked about (``DIR``: the archives of
official text, as for training), fits one logistic regression on all folds and on the tuning half of the
test set, then turns its score into a probability on what the index would look at: the nearest neighbours
in the test set.
"""

from __future__ import annotations

import argparse
import tempfile
from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from pair_sets import FOLDS, Pair, composed, held_out, judged, passages, queried, rewritten
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import average_precision_score, precision_recall_curve, roc_auc_score

from fiscalgraph.search.encoder import DEFAULT_MODEL, StaticEncoder, fold
from fiscalgraph.search.issues.alignment import ALIGNED
from fiscalgraph.search.issues.features import FEATURES, Statements
from fiscalgraph.search.issues.neighbours import near_pairs
from fiscalgraph.search.issues.pair_score import PAIR_SCORE_FILE, PairWeights, pair_weights
from fiscalgraph.search.issues.stated import stated_issues
from fiscalgraph.search.words import WordIndex, tokens

Array = npt.NDArray[Any]

# What a group of pairs counts in the fit; the right and the wrong ones of it count the same. The written
# issues are finer than causes are told apart in practice, and their look-alikes alike in how they were
# written, so they count far less than what was judged.
SHARES = {
    "held out": 0.075,
    "turned": 0.125,
    "framed": 0.1,
    "composed": 0.05,
    "judged": 1.0,
    "words": 1.0,
    "queried": 2.0,
}
STRENGTH = 0.1  # the inverse of the regularisation
THRESHOLD = 0.5
RESTATED = 0.9
NEIGHBOURS = 24
# Of the pairs, the share whose words match no better than their other features let expect by more than is
# heeded: the less is heeded, the fewer pairs are compared word by word. At this share no figure changes.
HEEDED = 0.8


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--fit", action="store_true", help="fit the weights and write them beside the model")
    parser.add_argument("--data", type=Path, help="folder with the archives of official text")
    parser.add_argument("--models", type=Path, help="where the models of the folds are kept")
    parser.add_argument("--final", action="store_true", help="measure the half that nothing was chosen by")
    options = parser.parse_args()
    if options.fit:
        with tempfile.TemporaryDirectory() as folder:
            models = options.models or Path(folder)
            train_folds(options.data, models)
            weights = fitted(models)
        weights.save(DEFAULT_MODEL / PAIR_SCORE_FILE)
        pair_weights.cache_clear()
        print(weights)
    for name, pairs in pairs_of_half(not options.final).items():
        print(f"{name}: {len(pairs)} pairs, {sum(pair.same for pair in pairs)} the same")
        for judge, scores in judgements(pairs).items():
            print(f"  {judge:18} {described([pair.same for pair in pairs], scores)}")


# -- measuring ------------------------------------------------------------------------------------


def pairs_of_half(tuning: bool) -> dict[str, list[Pair]]:
    """The pairs of one half of the test set."""
    every = list(judged(tuning))
    return {
        "restatements against look-alikes": [pair for pair in every if pair.made != "words"],
        "restatements against those that share most words": [
            pair for pair in every if pair.made != "look-alike"
        ],
        "queries with what was judged": list(queried(tuning)),
    }


def judgements(pairs: Sequence[Pair]) -> dict[str, Array]:
    """The scores of each pair by the pair score, the cosine, BM25 and the overlap of characters."""
    compared = features(pairs, StaticEncoder())
    return {
        "pair score": pair_weights().probabilities(compared),
        "cosine": compared[:, FEATURES.index("cosine")],
        "BM25": bm25(pairs),
        "character overlap": compared[:, FEATURES.index("overlap")],
    }


def described(labels: Sequence[bool], scores: Array) -> str:
    """Area under the curve, average precision, best F1, precision where half and four fifths are found."""
    precision, recall, _ = precision_recall_curve(labels, scores)
    f1 = 2 * precision * recall / np.maximum(precision + recall, 1e-9)
    at = {share: precision[recall >= share].max() for share in (0.5, 0.8)}
    return (
        f"AUC {roc_auc_score(labels, scores):.3f}  AP {average_precision_score(labels, scores):.3f}"
        f"  F1 {f1.max():.3f}  P@R0.5 {at[0.5]:.3f}  P@R0.8 {at[0.8]:.3f}"
    )


def bm25(pairs: Sequence[Pair]) -> Array:
    """The weight of the words both hold, among the pairs' own sentences."""
    texts = list(dict.fromkeys(text for pair in pairs for text in (pair.one, pair.other)))
    words = WordIndex.build(texts)
    row = {text: number for number, text in enumerate(texts)}
    return np.array(
        [float(words.scores(pair.one)[row[pair.other]]) / len(tokens(pair.one)) for pair in pairs]
    )


def features(pairs: Sequence[Pair], encoder: StaticEncoder) -> Array:
    """The features of each pair."""
    numbers: dict[str, int] = {}
    rows = [[numbers.setdefault(text, len(numbers)) for text in (pair.one, pair.other)] for pair in pairs]
    left, right = np.array(rows, dtype=np.int64).T
    return Statements(list(numbers), encoder).compared(left, right)


# -- fitting --------------------------------------------------------------------------------------


def train_folds(data: Path, models: Path) -> None:
    """The model of each fold, trained without every third statement and every other look-alike."""
    from fiscalgraph.search.training.__main__ import written_groups
    from fiscalgraph.search.training.contrast import Recipe, contrast
    from fiscalgraph.search.training.corpus import segment, sentences
    from fiscalgraph.search.training.export import export, export_issues
    from fiscalgraph.search.training.pretrain import build_vocabulary, pretrain
    from fiscalgraph.search.training.written import issues, near_pairs, synonym_groups

    if all((models / str(number) / "model.safetensors").exists() for number in range(FOLDS)):
        return
    written = [text for issue in issues() for text in (*issue.statements, *issue.lookalikes)]
    written += [word for group in synonym_groups() for word in group]
    register = (segment(sentence) for sentence in sentences(data))
    vocabulary, kept = build_vocabulary(register, (segment(fold(text)) for text in written), 40_000)
    vectors = pretrain(kept, vocabulary, 256, seed=0)
    export(models / "before", vocabulary, vectors)
    groups = written_groups(StaticEncoder(models / "before"))
    for number in range(FOLDS):
        seen = [
            group
            if group.kind == "words"
            else replace(
                group,
                statements=[each for place, each in enumerate(group.statements) if place % FOLDS != number],
                lookalikes=[each for place, each in enumerate(group.lookalikes) if place % 2 != number % 2],
            )
            for group in groups
        ]
        export(models / str(number), vocabulary, contrast(vectors, vocabulary, seen, near_pairs(), Recipe()))
        export_issues(
            models / str(number),
            [
                [each for place, each in enumerate(issue.statements) if place % FOLDS != number]
                for issue in issues()
            ],
        )


def fitted(models: Path) -> PairWeights:
    """The weights, and what their threshold finds."""
    shipped = StaticEncoder()
    sets: list[tuple[str, list[Pair], StaticEncoder]] = []
    for number in range(FOLDS):
        encoder = StaticEncoder(models / str(number))
        made = list(rewritten(number))
        sets.append(("held out", list(held_out(number)), encoder))
        sets.append(("turned", [pair for pair in made if pair.made != "framed"], encoder))
        sets.append(("framed", [pair for pair in made if pair.made == "framed"], encoder))
        sets.append(("composed", list(composed(number)), encoder))
    tuning = list(judged(tuning=True))
    sets.append(("judged", [pair for pair in tuning if pair.made != "words"], shipped))
    sets.append(("words", [pair for pair in tuning if pair.made != "look-alike"], shipped))
    sets.append(("queried", list(queried(tuning=True)), shipped))
    rows = np.concatenate([features(pairs, encoder) for _, pairs, encoder in sets]).astype(np.float64)
    labels = np.array([pair.same for _, pairs, _ in sets for pair in pairs])
    groups = np.array([name for name, pairs, _ in sets for _ in pairs])
    counts = np.zeros(len(labels))
    for name, share in SHARES.items():
        for label in (True, False):
            chosen = (groups == name) & (labels == label)
            counts[chosen] = 1000 * share / max(int(chosen.sum()), 1)
    restated = rows[:, -1] > 0
    print(f"restated of another project: {int(restated.sum())} pairs, {labels[restated].mean():.3f} the same")
    rows = rows[:, :-1]
    scale = rows.std(axis=0)
    model = LogisticRegression(C=STRENGTH, max_iter=2000).fit(rows / scale, labels, sample_weight=counts)
    weights, intercept = model.coef_[0] / scale, float(model.intercept_[0])
    return calibrated(weights, intercept, *at_most(rows, weights, intercept), shipped)


def at_most(rows: Array, weights: Array, intercept: float) -> tuple[Array, float]:
    """Weights and intercept of what the score is held to be at most, without what compares word by word.

    That is what the other features let expect, and a little more.
    """
    by_word = np.isin(FEATURES[:-1], ALIGNED)
    others = np.column_stack([rows[:, ~by_word], np.ones(len(rows))])
    matched = rows[:, by_word] @ weights[by_word]
    expected = np.linalg.lstsq(others, matched, rcond=None)[0]
    heeded = float(np.quantile(matched - others @ expected, HEEDED))
    most = np.where(by_word, 0.0, weights)
    most[~by_word] += expected[:-1]
    return most, intercept + float(expected[-1]) + heeded


def calibrated(
    weights: Array, intercept: float, most: Array, most_intercept: float, encoder: StaticEncoder
) -> PairWeights:
    """The weights with probabilities that hold for nearest neighbours in the tuning half of the test set.

    Passages that belong to no issue of the set are left out: some state one nevertheless.
    """
    scores: list[Array] = []
    labels: list[bool] = []
    for side in ("cause", "measure"):
        every = [passage for passage in passages() if passage.side == side and passage.family != "general"]
        texts = [passage.text for passage in every]
        left, right = near_pairs(encoder.encode(texts), NEIGHBOURS)
        tuning = np.array([every[one].tuning or every[other].tuning for one, other in _rows(left, right)])
        left, right = left[tuning], right[tuning]
        compared = Statements(texts, encoder).compared(left, right)[:, :-1].astype(np.float64)
        scores.append(np.minimum(compared @ weights + intercept, compared @ most + most_intercept))
        labels += [
            bool(every[one].issue) and every[one].issue == every[other].issue
            for one, other in _rows(left, right)
        ]
    joined = np.concatenate(scores)
    same = np.array(labels)
    curve = LogisticRegression(C=100).fit(joined[:, None], same)
    slope, shift = float(curve.coef_[0][0]), float(curve.intercept_[0])
    found = curve.predict_proba(joined[:, None])[:, 1] >= THRESHOLD
    return PairWeights(
        fingerprint=encoder.fingerprint,
        stated=stated_issues(encoder.folder).fingerprint,
        intercept=round(intercept * slope + shift, 4),
        weights=tuple(round(float(weight) * slope, 4) for weight in weights),
        most_intercept=round(most_intercept * slope + shift, 4),
        most=tuple(round(float(weight) * slope, 4) for weight in most),
        restated=RESTATED,
        threshold=THRESHOLD,
        precision=round(float(same[found].mean()), 4),
        recall=round(float(found[same].mean()), 4),
        measured_on=(
            f"bench/retrieval, tuning half: {len(same)} pairs of nearest neighbours, "
            f"{int(same.sum())} the same"
        ),
    )


def _rows(left: Array, right: Array) -> Iterable[tuple[int, int]]:
    return zip(left.tolist(), right.tolist(), strict=True)


if __name__ == "__main__":
    main()
