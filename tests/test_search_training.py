"""The code that makes the model, on a few sentences of our own."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from fiscalgraph.search.encoder import StaticEncoder, load_encoder
from fiscalgraph.search.training.evaluate import compare
from fiscalgraph.search.training.written import paraphrase_groups, synonym_groups, topics

pytest.importorskip("scipy", reason="the training packages are not installed")
pytest.importorskip("sklearn", reason="the training packages are not installed")

REGISTER = [
    ["资金", "下达", "较晚"],
    ["经费", "下达", "较晚"],
    ["经费", "拨付", "较晚"],
    ["资金", "拨付", "滞后"],
    ["山林", "防火", "巡护"],
    ["山林", "防火", "值守"],
    ["森林", "防火", "巡护"],
    ["森林", "巡护", "值守"],
] * 8


def test_pretraining_brings_words_of_one_company_together(tmp_path: Path) -> None:
    from fiscalgraph.search.training.export import export
    from fiscalgraph.search.training.pretrain import build_vocabulary, pretrain

    vocabulary, kept = build_vocabulary(REGISTER, [["人手"]], 10_000)
    vectors = pretrain(kept, vocabulary, 8, seed=0)
    assert np.array_equal(vectors, pretrain(kept, vocabulary, 8, seed=0))
    export(tmp_path, vocabulary, vectors)
    funds, money, forest = StaticEncoder(tmp_path).encode(["资金", "经费", "森林"])
    assert funds @ money > funds @ forest + 0.3


def test_contrast_brings_statements_of_one_issue_together() -> None:
    pytest.importorskip("torch", reason="the training packages are not installed")
    from fiscalgraph.search.training.contrast import Recipe, contrast
    from fiscalgraph.search.training.pretrain import build_vocabulary, pretrain

    vocabulary, kept = build_vocabulary(REGISTER, [["人手"]], 10_000)
    index = vocabulary.index
    vectors = pretrain(kept, vocabulary, 8, seed=0)
    groups = [[[index["资金"]], [index["森林"]]], [[index["经费"]], [index["巡护"]]]]
    recipe = Recipe(steps=60, decay=1.0)
    trained = contrast(vectors, vocabulary, groups, recipe)
    assert np.array_equal(trained, contrast(vectors, vocabulary, groups, recipe))

    def similarity(table: np.ndarray, one: str, other: str) -> float:  # type: ignore[type-arg]
        left, right = table[index[one]], table[index[other]]
        return float(left @ right / np.linalg.norm(left) / np.linalg.norm(right))

    assert similarity(trained, "资金", "森林") > similarity(vectors, "资金", "森林") + 0.2


def test_shipped_model_beats_words_where_words_differ() -> None:
    figures = compare(load_encoder(), topics())
    assert figures["fusion"].gain > 2 * figures["words (BM25)"].gain
    assert figures["fusion"].recall > 0.9


def test_evaluation_and_training_sentences_are_apart() -> None:
    trained = {text for group in paraphrase_groups() + synonym_groups() for text in group}
    evaluated = {text for topic in topics() for text in topic.queries + topic.answers + topic.lookalikes}
    assert not trained & evaluated
    assert min(len(group) for group in paraphrase_groups()) >= 2
    assert all(topic.queries and topic.answers for topic in topics())


def test_written_files_name_their_blocks_once() -> None:
    names = [topic.name for topic in topics()]
    assert len(names) == len(set(names))


def test_model_was_made_by_this_code() -> None:
    from fiscalgraph.search.encoder import DEFAULT_MODEL, TOKENIZER_FORM

    tokenizer = json.loads((DEFAULT_MODEL / "tokenizer.json").read_text(encoding="utf-8"))
    assert {key: tokenizer[key] for key in TOKENIZER_FORM} == TOKENIZER_FORM
