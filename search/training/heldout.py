"""How well the recipe does on issues that nobody wrote paraphrases for."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
import numpy.typing as npt

from fiscalgraph.search.training.contrast import Group, Recipe, contrast
from fiscalgraph.search.training.pretrain import Vocabulary

__all__ = ["by_file", "by_issue"]

FOLDS = 4

Vectors = npt.NDArray[np.float32]
Figures = tuple[float, float]
"""Mean reciprocal rank and recall at ten of an issue's other statements."""


def by_issue(
    vectors: Vectors,
    vocabulary: Vocabulary,
    groups: Sequence[Group],
    near: set[tuple[str, str]],
    recipe: Recipe | None,
) -> Figures:
    """Each fold trains on three quarters of the fine issues and asks with the statements of the rest.

    The answers are sought among the statements of all fine issues and all their look-alikes.
    ``recipe`` ``None`` measures the vectors as they are.
    """
    fine = [group for group in groups if group.kind == "fine"]
    folds = []
    for fold in range(FOLDS):
        asked = {group.name for group in fine[fold::FOLDS]}
        kept = [group for group in groups if group.name not in asked]
        table = vectors if recipe is None else contrast(vectors, vocabulary, kept, near, recipe)
        folds.append(_found(table, fine, asked))
    return _mean(folds)


def by_file(
    vectors: Vectors,
    vocabulary: Vocabulary,
    groups: Sequence[Group],
    near: set[tuple[str, str]],
    recipe: Recipe | None,
    files: dict[str, set[str]],
) -> dict[str, Figures]:
    """The same with all issues of a file (name and issues) held out: its field and its writer are unseen.

    The answers are sought among the statements and look-alikes of that file.
    """
    figures = {}
    for file, names in files.items():
        kept = [group for group in groups if group.name not in names]
        table = vectors if recipe is None else contrast(vectors, vocabulary, kept, near, recipe)
        figures[file] = _found(table, [group for group in groups if group.name in names], names)
    return figures


def _found(table: Vectors, pool: Sequence[Group], asked: set[str]) -> Figures:
    sentences = [sentence for group in pool for sentence in (*group.statements, *group.lookalikes)]
    owner = np.array(
        [
            number if is_statement else -1
            for number, group in enumerate(pool)
            for is_statement in [True] * len(group.statements) + [False] * len(group.lookalikes)
        ]
    )
    asking = np.array([number for number, group in enumerate(pool) if group.name in asked])
    rows = np.stack([table[list(sentence)].sum(axis=0) for sentence in sentences])
    rows /= np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-9)
    reciprocal: list[float] = []
    recall: list[float] = []
    for row in np.flatnonzero(np.isin(owner, asking)):
        similarity = rows @ rows[row]
        similarity[row] = -2.0  # a sentence does not find itself
        right = owner[np.argsort(-similarity, kind="stable")] == owner[row]
        reciprocal.append(1.0 / (1 + int(np.argmax(right))))
        recall.append(float(right[:10].sum()) / (int((owner == owner[row]).sum()) - 1))
    return float(np.mean(reciprocal)), float(np.mean(recall))


def _mean(figures: Iterable[Figures]) -> Figures:
    columns = zip(*figures, strict=True)
    reciprocal, recall = (float(np.mean(column)) for column in columns)
    return reciprocal, recall
