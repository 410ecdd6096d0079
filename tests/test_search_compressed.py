"""Many vectors: candidates by codes, compared exactly; and the passages that speed is measured on."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from fiscalgraph.search import vectors as vector_module
from fiscalgraph.search.compressed import Compressed, compress
from fiscalgraph.search.errors import IndexUnusable
from fiscalgraph.search.vectors import (
    VectorIndex,
    compressed_if_many,
    load_compressed,
    load_vectors,
    save_vectors,
)

COUNT, DIMENSION = 6_000, 16


def unit(rows: Any) -> Any:
    return (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float32)


@pytest.fixture(scope="module")
def vectors() -> Any:
    """Around a hundred themes, as texts are."""
    rng = np.random.default_rng(1)
    themes = rng.normal(size=(100, DIMENSION))
    return unit(themes[rng.integers(100, size=COUNT)] + 0.6 * rng.normal(size=(COUNT, DIMENSION)))


@pytest.fixture(scope="module")
def compressed(vectors: Any) -> Compressed:
    made = compress(vectors)
    assert made is not None
    return made


def exact(vectors: Any, query: Any, k: int, allowed: Any = None) -> list[int]:
    similarity = vectors @ query
    if allowed is not None:
        similarity = np.where(allowed, similarity, -2)
    return np.lexsort((np.arange(len(vectors)), -similarity))[:k].tolist()


def queries() -> Any:
    return unit(np.random.default_rng(2).normal(size=(20, DIMENSION)))


def test_the_nearest_are_found_and_ordered_by_exact_similarity(vectors: Any, compressed: Compressed) -> None:
    index = VectorIndex(vectors, compressed)
    assert compressed.recall >= 0.99
    assert index.recall == compressed.recall
    found = wanted = 0
    for query in queries():
        rows, similarity = index.nearest(query, 10)
        assert similarity.tolist() == sorted(similarity.tolist(), reverse=True)
        np.testing.assert_allclose(similarity, vectors[rows] @ query, rtol=1e-5, atol=1e-6)
        wanted += 10
        found += len(set(rows.tolist()) & set(exact(vectors, query, 10)))
    assert found / wanted >= 0.99


@pytest.mark.parametrize("share", [0.9, 0.02])
def test_a_filter_leaves_as_many_as_were_asked_for(
    vectors: Any, compressed: Compressed, share: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(vector_module, "_FEW", 500)
    allowed = np.random.default_rng(3).random(COUNT) < share
    index = VectorIndex(vectors, compressed)
    for query in queries():
        rows, _ = index.nearest(query, 100, allowed)
        assert len(rows) == 100
        assert allowed[rows].all()
        assert rows[:10].tolist() == exact(vectors, query, 10, allowed)


def test_a_filter_that_admits_only_what_is_far(
    vectors: Any, compressed: Compressed, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The first candidates hold none of them: more are asked for until there are enough."""
    monkeypatch.setattr(vector_module, "_FEW", 0)
    query = queries()[0]
    far = np.zeros(COUNT, dtype=np.bool_)
    far[np.argsort(vectors @ query)[:700]] = True
    rows, _ = VectorIndex(vectors, compressed).nearest(query, 50, far)
    assert rows.tolist() == exact(vectors, query, 50, far)


def test_equal_vectors_give_equal_codes(vectors: Any, compressed: Compressed) -> None:
    again = compress(vectors)
    assert again is not None
    assert again.codes.tobytes() == compressed.codes.tobytes()
    assert again.values.tobytes() == compressed.values.tobytes()
    assert (again.compared, again.recall) == (compressed.compared, compressed.recall)


def test_codes_are_kept_as_plain_arrays(tmp_path: Path, vectors: Any, compressed: Compressed) -> None:
    kept = save_vectors(tmp_path, vectors, compressed)
    opened = load_compressed(tmp_path, COUNT, DIMENSION, kept)
    assert opened is not None
    read = VectorIndex(load_vectors(tmp_path, COUNT, DIMENSION), opened)
    for query in queries()[:3]:
        assert read.search(query, 20) == VectorIndex(vectors, compressed).search(query, 20)
    with pytest.raises(IndexUnusable, match="codes"):
        load_compressed(tmp_path, COUNT + 64, DIMENSION, kept)
    (tmp_path / "codes.npy").write_bytes(b"damaged")
    with pytest.raises(IndexUnusable, match="Build the workspace again"):
        load_compressed(tmp_path, COUNT, DIMENSION, kept)


def test_few_vectors_need_no_codes(tmp_path: Path, vectors: Any) -> None:
    assert compressed_if_many(vectors) is None
    kept = save_vectors(tmp_path, vectors)
    assert load_compressed(tmp_path, COUNT, DIMENSION, kept) is None
    assert VectorIndex(vectors).recall == 1.0


def test_the_passages_that_speed_is_measured_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(Path(__file__).parent.parent / "bench"))
    from search_passages import generated, texts

    made = list(texts(3000))
    assert len(set(made)) == 3000
    assert made[:500] == list(texts(500))
    passages = list(generated(300))
    assert [passage.text for passage in passages] == made[:300]
    assert len({passage.iri for passage in passages}) == 300
    assert {passage.kind for passage in passages} > {"problem_cause", "improvement_measure"}
    del sys.modules["search_passages"]
