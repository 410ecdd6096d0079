"""How well the recipe does on issues that nobody wrote paraphrases for."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from fiscalgraph.search.training.contrast import Recipe, contrast
from fiscalgraph.search.training.pretrain import Vocabulary

__all__ = ["held_out"]

FOLDS = 4

Vectors = npt.NDArray[np.float32]
Groups = Sequence[Sequence[Sequence[int]]]


def held_out(
    vectors: Vectors, vocabulary: Vocabulary, paraphrases: Groups, synonyms: Groups, recipe: Recipe | None
) -> tuple[float, float]:
    """Mean reciprocal rank and recall at ten of an issue's other statements among all sentences.

    Each fold trains on three quarters of the issues (sentences as piece numbers) and asks with
    the sentences of the rest. ``recipe`` ``None`` measures the vectors as they are.
    """
    owner = np.array([number for number, group in enumerate(paraphrases) for _ in group])
    reciprocal: list[float] = []
    recall: list[float] = []
    for fold in range(FOLDS):
        table = vectors
        if recipe is not None:
            kept = [group for number, group in enumerate(paraphrases) if number % FOLDS != fold]
            table = contrast(vectors, vocabulary, [*kept, *synonyms], recipe)
        rows = np.stack([table[list(sentence)].sum(axis=0) for group in paraphrases for sentence in group])
        rows /= np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-9)
        for row in np.flatnonzero(owner % FOLDS == fold):
            similarity = rows @ rows[row]
            similarity[row] = -2.0  # a sentence does not find itself
            right = owner[np.argsort(-similarity, kind="stable")] == owner[row]
            reciprocal.append(1.0 / (1 + int(np.argmax(right))))
            recall.append(float(right[:10].sum()) / (int((owner == owner[row]).sum()) - 1))
    return float(np.mean(reciprocal)), float(np.mean(recall))
