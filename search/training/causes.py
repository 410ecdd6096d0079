"""Learns from the written issues which causes of the scheme a vector states."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from fiscalgraph.ontology.causes import causes
from fiscalgraph.search.encoder import Encoder
from fiscalgraph.search.issues.stated_causes import StatedCauses
from fiscalgraph.search.training.written import Issue

__all__ = ["learn_causes"]

MAIN = 0.7  # of an issue with several causes; the others share the rest
LOOKALIKE = 0.3
"""What a look-alike counts, as one that states none: most do, though some state a neighbouring cause."""
STRENGTH = 2.0  # the inverse of the regularisation


def learn_causes(issues: Sequence[Issue], encoder: Encoder) -> StatedCauses:
    """A logistic regression over the vectors of all statements and look-alikes; deterministic."""
    from sklearn.linear_model import LogisticRegression  # type: ignore[import-untyped]
    from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]

    number = {each.code: row for row, each in enumerate(causes())}
    none = len(number)
    texts: list[str] = []
    labels: list[int] = []
    weights: list[float] = []
    for issue in issues:
        shares = _shares(issue.causes)
        for code, share in shares or [(None, 1.0)]:
            texts += issue.statements
            labels += [none if code is None else number[code]] * len(issue.statements)
            weights += [share] * len(issue.statements)
        texts += issue.lookalikes
        labels += [none] * len(issue.lookalikes)
        weights += [LOOKALIKE] * len(issue.lookalikes)
    vectors = encoder.encode(texts)
    with threadpool_limits(1):  # sums in one order
        model = LogisticRegression(C=STRENGTH, max_iter=200, tol=1e-3).fit(vectors, labels, weights)
    learnt = np.zeros((none + 1, vectors.shape[1]), dtype=np.float32)
    offsets = np.full(none + 1, -100.0, dtype=np.float32)  # of causes that nothing was written of
    learnt[model.classes_] = model.coef_
    offsets[model.classes_] = model.intercept_
    return StatedCauses(learnt, offsets)


def _shares(codes: Sequence[str]) -> list[tuple[str | None, float]]:
    if len(codes) < 2:
        return [(code, 1.0) for code in codes]
    others = (1.0 - MAIN) / (len(codes) - 1)
    return [(code, MAIN if place == 0 else others) for place, code in enumerate(codes)]
