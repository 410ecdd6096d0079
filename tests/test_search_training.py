"""The code that makes the model, on a few sentences of our own."""

from __future__ import annotations

import json
from itertools import chain
from pathlib import Path

import numpy as np
import pytest

from fiscalgraph.ontology.causes import causes
from fiscalgraph.search.encoder import StaticEncoder, load_encoder
from fiscalgraph.search.training import written
from fiscalgraph.search.training.evaluate import compare
from fiscalgraph.search.training.written import (
    COARSE,
    NO_CAUSE,
    Issue,
    issues,
    near_pairs,
    synonym_groups,
    topics,
)

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
    from fiscalgraph.search.training.contrast import Group, Recipe, contrast
    from fiscalgraph.search.training.pretrain import build_vocabulary, pretrain

    vocabulary, kept = build_vocabulary(REGISTER, [["人手"]], 10_000)
    index = vocabulary.index
    vectors = pretrain(kept, vocabulary, 8, seed=0)
    groups = [
        Group("one", "fine", [[index["资金"]], [index["森林"]]], [[index["下达"]]]),
        Group("two", "fine", [[index["经费"]], [index["巡护"]]]),
    ]
    recipe = Recipe(steps=60, decay_of_map=0.001, decay_of_shifts=0.001)
    trained = contrast(vectors, vocabulary, groups, set(), recipe)
    assert np.array_equal(trained, contrast(vectors, vocabulary, groups, set(), recipe))

    def similarity(table: np.ndarray, one: str, other: str) -> float:  # type: ignore[type-arg]
        left, right = table[index[one]], table[index[other]]
        return float(left @ right / np.linalg.norm(left) / np.linalg.norm(right))

    assert similarity(trained, "资金", "森林") > similarity(vectors, "资金", "森林") + 0.2
    assert similarity(trained, "资金", "下达") < similarity(vectors, "资金", "下达") - 0.2


def test_issues_that_are_not_held_apart() -> None:
    pytest.importorskip("torch", reason="the training packages are not installed")
    from fiscalgraph.search.training.contrast import Group, neutral

    groups = [
        Group("broad", "coarse", [[1], [2]]),
        Group("narrow", "fine", [[3], [4]]),
        Group("neighbour", "fine", [[5], [6]]),
        Group("other", "fine", [[7], [8]]),
        Group("words 0", "words", [[3], [9]]),
    ]
    expected = {("broad", "narrow"), ("broad", "neighbour"), ("broad", "other")}
    expected |= {("narrow", "neighbour"), ("narrow", "words 0")}
    found = neutral(groups, {("narrow", "neighbour")})
    assert {
        (groups[one].name, groups[other].name) for one, other in np.argwhere(found) if one < other
    } == expected
    assert np.array_equal(found, found.T)


def test_shipped_model_beats_words_where_words_differ() -> None:
    figures = compare(load_encoder(), topics())
    assert figures["vectors"].gain > 1.8 * figures["words (BM25)"].gain
    assert figures["fusion"].gain > 1.8 * figures["words (BM25)"].gain
    assert figures["fusion"].recall > 0.9


def test_evaluation_and_training_sentences_are_apart() -> None:
    trained = {text for issue in issues() for text in (*issue.statements, *issue.lookalikes)}
    trained |= {word for group in synonym_groups() for word in group}
    evaluated = {text for topic in topics() for text in topic.queries + topic.answers + topic.lookalikes}
    assert not trained & evaluated
    assert all(topic.queries and topic.answers for topic in topics())


def test_issues_are_stated_often_enough() -> None:
    assert len([issue for issue in issues() if issue.source != COARSE]) >= 500
    for issue in issues():
        assert len(issue.statements) >= 8, issue.name
        assert len(issue.lookalikes) >= 2, issue.name


def test_no_statement_stands_for_two_issues() -> None:
    stated = [text for issue in issues() for text in issue.statements]
    assert len(stated) == len(set(stated))
    for issue in issues():
        assert not set(issue.statements) & set(issue.lookalikes), issue.name


def test_written_files_name_their_blocks_once() -> None:
    blocks = [
        line
        for file in sorted((Path(written.__file__).parent / "paraphrases").glob("*.txt"))
        for line in file.read_text(encoding="utf-8").splitlines()
        if line.startswith("# ")
    ]
    for names in ([topic.name for topic in topics()], blocks):
        assert len(names) == len(set(names))


def test_causes_are_learnt_from_what_was_written_of_them(tmp_path: Path) -> None:
    from fiscalgraph.search.issues.stated_causes import stated_causes
    from fiscalgraph.search.training.causes import learn_causes
    from fiscalgraph.search.training.export import export_causes

    late = Issue("late", "a", ["资金下达较晚", "经费拨付滞后"], ["资金及时下达"], ("late-funds", "work-plan"))
    few = Issue("few", "a", ["人手不足", "编制紧缺，缺人"], ["人员充足"], ("staff-shortage",))
    measure = Issue("measure", "a", ["加强宣传", "开展培训"], [])
    encoder = load_encoder()
    learnt = learn_causes([late, few, measure], encoder)
    again = learn_causes([late, few, measure], encoder)
    assert learnt.weights.tobytes() == again.weights.tobytes()
    export_causes(tmp_path, learnt)
    kept = stated_causes(tmp_path)
    assert kept is not None
    number = {each.code: row for row, each in enumerate(causes())}
    shares = kept.shares(encoder.encode(["资金下达较晚", "编制紧缺，缺人", "开展培训"]))
    main, other, few_share = (
        shares[:, number[code]] for code in ("late-funds", "work-plan", "staff-shortage")
    )
    assert main[0] > max(other[0], few_share[0])
    assert few_share[1] > few_share[2]
    assert shares[:, number["weather"]].max() < 1e-6  # nothing was written of it


def test_written_blocks_name_causes_of_the_scheme() -> None:
    known = {each.code for each in causes()}
    for file in sorted((Path(written.__file__).parent / "paraphrases").glob("*.txt")):
        for block in f"\n{file.read_text(encoding='utf-8')}".split("\n# ")[1:]:
            name, _, lines = block.partition("\n")
            told = [line.split()[1:] for line in lines.splitlines() if line.startswith("~ ")]
            assert len(told) == 1, f"{name}: one line of causes"
            assert told == [[NO_CAUSE]] or (1 <= len(told[0]) <= 2 and set(told[0]) <= known), name
            assert len(set(told[0])) == len(told[0]), name


def test_an_issue_is_of_the_causes_of_its_blocks() -> None:
    of = {issue.name: issue.causes for issue in issues()}
    assert of["fund-late"] == ("late-funds",)
    assert not of["measure-contract-review"]
    assert set(chain.from_iterable(of.values())) == {each.code for each in causes()}


def test_an_issue_stated_from_several_fields_is_one() -> None:
    assert not [issue.name for issue in issues() if issue.name.endswith(("-2", "-3", "-4"))]
    [late] = [issue for issue in issues() if issue.name == "fund-late"]
    assert late.source == COARSE
    assert {"拨款太慢，耽误事", "钱来得太迟"} <= set(late.statements)
    assert len(late.statements) > 12  # those of the general file alone are nine


def test_near_issues_are_known() -> None:
    assert {name for pair in near_pairs() for name in pair} <= {issue.name for issue in issues()}


def test_model_was_made_by_this_code() -> None:
    from fiscalgraph.search.encoder import DEFAULT_MODEL, TOKENIZER_FORM

    tokenizer = json.loads((DEFAULT_MODEL / "tokenizer.json").read_text(encoding="utf-8"))
    assert {key: tokenizer[key] for key in TOKENIZER_FORM} == TOKENIZER_FORM
