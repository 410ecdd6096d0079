"""Rounded vectors prove which few can be the nearest; rows come in the order of all scores nevertheless."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from combined_samples import made
from hypothesis import given, settings
from hypothesis import strategies as st

from fiscalgraph.search import vectors as vector_module
from fiscalgraph.search.combined import passages as passages_module
from fiscalgraph.search.combined.passages import Asked, GraphPassages
from fiscalgraph.search.compressed import compress
from fiscalgraph.search.ranking import Ranking
from fiscalgraph.search.rounded import Rounded
from fiscalgraph.search.vectors import VectorIndex
from fiscalgraph.search.words import WordIndex

CHARACTERS = "资金不足人员短缺设备闲置项目进度滞后预算编制粗放"


def unit(rows: Any) -> Any:
    length = np.linalg.norm(rows, axis=-1, keepdims=True)
    return (rows / np.where(length > 0, length, 1)).astype(np.float32)


def some(seed: int, count: int, dimension: int, outlier: float) -> Any:
    """Vectors around a few themes, some of them equal, some of nothing, some with one large value."""
    rng = np.random.default_rng(seed)
    rows = rng.normal(size=(8, dimension))[rng.integers(8, size=count)]
    rows += 0.5 * rng.normal(size=rows.shape)
    rows[rng.random(count) < 0.1] = rows[0]
    rows[rng.random(count) < 0.05] = 0
    rows[rng.random(count) < 0.05, 0] = outlier
    return unit(rows)


@settings(max_examples=60, deadline=None)
@given(
    seed=st.integers(0, 10_000),
    dimension=st.sampled_from([1, 3, 16, 67, 256]),
    outlier=st.sampled_from([0.0, 5.0, 1000.0]),
    k=st.integers(1, 60),
    length=st.sampled_from([1e-3, 1.0, 1.4]),
    part=st.sampled_from([None, 0.5, 0.02]),
)
def test_no_other_row_is_above_the_limit(
    seed: int, dimension: int, outlier: float, k: int, length: float, part: float | None
) -> None:
    vectors = some(seed, 300, dimension, outlier)
    rng = np.random.default_rng(seed + 1)
    query = (length * unit(rng.normal(size=dimension))).astype(np.float32)
    allowed = None if part is None else rng.random(300) < part
    rows, limit = Rounded.of(vectors).nearest(query, k, allowed)
    among = np.arange(300) if allowed is None else np.flatnonzero(allowed)
    assert set(rows.tolist()) <= set(among.tolist())
    assert len(rows) == min(k, len(among))
    others = np.setdiff1d(among, rows)
    similarity = vectors.astype(np.float64) @ query.astype(np.float64)
    assert (similarity[others] <= limit).all()
    if not outlier and dimension >= 16 and len(others):
        assert limit <= similarity[rows].min() + 0.1 * length  # else it would tell nothing


def test_nothing_can_be_rounded() -> None:
    zero = np.zeros((5, 4), dtype=np.float32)
    rows, limit = Rounded.of(zero).nearest(np.ones(4, dtype=np.float32), 3)
    assert len(rows) == 3
    assert limit >= 0
    assert Rounded.of(zero[:0]).nearest(np.ones(4, dtype=np.float32), 3)[0].tolist() == []


@pytest.mark.parametrize("share", [None, 0.9, 0.3])
@pytest.mark.parametrize("k", [1, 20, 600, 5000])
def test_the_nearest_are_those_of_comparing_all(
    monkeypatch: pytest.MonkeyPatch, k: int, share: float | None
) -> None:
    monkeypatch.setattr(vector_module, "_FEW", 100)
    vectors = some(3, 5000, 24, 0.0)
    rng = np.random.default_rng(4)
    index = VectorIndex(vectors)
    for query in (vectors[7], unit(rng.normal(size=24)), np.zeros(24, dtype=np.float32)):
        allowed = None if share is None else rng.random(5000) < share
        among = np.arange(5000) if allowed is None else np.flatnonzero(allowed)
        rows, near = index.nearest(query, k, allowed)
        similarity = vectors[among].astype(np.float64) @ query.astype(np.float64)
        best = np.sort(similarity)[::-1][:k]
        assert np.allclose(near, best, atol=1e-6)
        assert len(set(rows.tolist())) == len(best)
        assert set(rows.tolist()) <= set(among.tolist())
        assert (np.diff(near) <= 0).all()


@pytest.mark.parametrize("with_codes", [False, True])
def test_a_score_beyond_the_limit_is_among_the_first(with_codes: bool) -> None:
    rng = np.random.default_rng(5)
    texts = ["".join(rng.choice(list(CHARACTERS), size=9)) for _ in range(4000)]
    vectors = some(6, 4000, 32, 0.0)
    codes = compress(vectors) if with_codes else None
    assert (codes is not None) == with_codes
    ranking = Ranking(WordIndex.build(texts), index := VectorIndex(vectors, codes))
    for query, vector in (("资金短缺", vectors[11]), ("设备", vectors[0]), ("预算", 0 * vectors[0])):
        near = index.exactly_nearest(vector, 201 if vector.any() else 0)
        asked = ranking.asked(ranking.words_of(query), vector, near)
        score = asked.scored(np.arange(4000)).score
        for k in (1, 30, 700, 5000):
            rows, limit = asked.first(k)
            others = np.setdiff1d(np.arange(4000), rows)
            assert len(rows) < 2 * k + 1
            assert (score[others] <= limit).all()


def test_passages_come_in_the_order_of_all_scores(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _, folder = made(tmp_path)
    passages = GraphPassages(folder)
    whole = Asked(passages, "人员不足", passages.index.query_vector("人员不足"))
    expected = list(whole.best())
    assert len(expected) > 15
    monkeypatch.setattr(passages_module, "_FIRST_LOOK", 1)
    monkeypatch.setattr(passages_module, "_SCORED", 1)
    looks: list[int] = []
    first = whole._ranking.first
    monkeypatch.setattr(whole._ranking, "first", lambda k: looks.append(k) or first(k))
    assert list(whole.best()) == expected
    assert looks == [1, 4]
