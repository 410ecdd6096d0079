"""The public retrieval test set keeps what its README promises."""

from __future__ import annotations

import importlib.util
import re
from collections import Counter
from pathlib import Path

import pytest

from fiscalgraph.search.evaluation import RELEVANT
from fiscalgraph.search.evaluation_files import (
    Judgements,
    SetPassage,
    SetQuery,
    read_judgements,
    read_passages,
    read_queries,
)
from fiscalgraph.search.passages import KINDS, same_words

FOLDER = Path(__file__).parent.parent / "bench" / "retrieval"
TRAINING = Path(__file__).parent.parent / "search" / "training"
QUERIES_OF_KIND = {"paraphrase": 26, "keywords": 22, "sentence": 22, "theme": 18}


@pytest.fixture(scope="module")
def passages() -> list[SetPassage]:
    return read_passages(FOLDER / "passages.jsonl")


@pytest.fixture(scope="module")
def queries() -> list[SetQuery]:
    return read_queries(FOLDER / "queries.jsonl")


@pytest.fixture(scope="module")
def judgements(queries: list[SetQuery], passages: list[SetPassage]) -> Judgements:
    return read_judgements(FOLDER / "qrels.tsv", queries, passages)


def pairs_of(text: str) -> set[str]:
    """The pairs of neighbouring Chinese characters."""
    return {run[i : i + 2] for run in re.findall(r"[一-鿿]+", text) for i in range(len(run) - 1)}


def issue_of(passage: SetPassage) -> str:
    return passage.id.rpartition("-")[0]


def test_passages_state_many_issues_in_many_ways(passages: list[SetPassage]) -> None:
    assert len(passages) >= 520
    assert len({same_words(passage.text) for passage in passages}) == len(passages)
    stated = Counter(map(issue_of, passages))
    lookalikes = sum(count for issue, count in stated.items() if issue.endswith("-like"))
    issues = [count for issue, count in stated.items() if not issue.endswith("-like") and issue != "general"]
    assert lookalikes >= 150
    assert len(issues) >= 60
    assert min(issues) >= 4


def test_every_kind_of_passage_states_its_side(passages: list[SetPassage]) -> None:
    assert {passage.kind for passage in passages} == set(KINDS)
    for passage in passages:
        if passage.kind == "improvement_measure":
            assert passage.sides == ("measure",), passage.id
        else:
            assert "cause" in passage.sides, passage.id
    assert any(len(passage.sides) == 2 for passage in passages)


def test_halves_hold_the_same_share_of_each_kind(queries: list[SetQuery]) -> None:
    counted = Counter((query.kind, query.split) for query in queries)
    assert {kind for kind, _ in counted} == set(QUERIES_OF_KIND)
    for kind, least in QUERIES_OF_KIND.items():
        tuning, final = counted[kind, "tuning"], counted[kind, "final"]
        assert tuning + final >= least
        assert abs(tuning - final) <= 1
    assert sum(counted.values()) == len(queries)


def test_every_query_has_a_best_answer_that_its_filter_admits(
    passages: list[SetPassage], queries: list[SetQuery], judgements: Judgements
) -> None:
    by_id = {passage.id: passage for passage in passages}
    assert {query.side for query in queries} == {None, "cause", "measure"}
    for query in queries:
        grades = judgements[query.id]
        assert all(query.admits(by_id[passage]) for passage in grades), query.id
        assert max(grades.values()) == 3, query.id
    assert sum(grade == 0 for grades in judgements.values() for grade in grades.values()) >= 300


def test_paraphrases_share_no_words_with_what_answers_them(
    passages: list[SetPassage], queries: list[SetQuery], judgements: Judgements
) -> None:
    texts = {passage.id: passage.text for passage in passages}
    shared = {
        (query.text, texts[passage])
        for query in queries
        if query.kind == "paraphrase"
        for passage, grade in judgements[query.id].items()
        if grade >= RELEVANT and pairs_of(query.text) & pairs_of(texts[passage])
    }
    assert not shared


def test_sentences_repeat_no_passage(passages: list[SetPassage], queries: list[SetQuery]) -> None:
    known = {same_words(passage.text) for passage in passages}
    assert len({same_words(query.text) for query in queries}) == len(queries)
    assert not [query.text for query in queries if same_words(query.text) in known]


def test_nothing_of_the_set_is_trained_on(passages: list[SetPassage], queries: list[SetQuery]) -> None:
    """Short keywords are words of the language; a sentence of the set in a training file is a leak."""
    trained = "\n".join(same_words(file.read_text("utf-8")) for file in sorted(TRAINING.rglob("*.txt")))
    assert trained
    leaked = [
        item.text for item in [*passages, *queries] if len(item.text) > 8 and same_words(item.text) in trained
    ]
    assert not leaked


def test_readme_states_the_counts(passages: list[SetPassage], queries: list[SetQuery]) -> None:
    readme = (FOLDER / "README.md").read_text("utf-8")
    judged = len((FOLDER / "qrels.tsv").read_text("utf-8").splitlines()) - 1
    assert f"{len(passages)} passages" in readme
    assert f"{len(queries)} queries, {judged:,} judgements" in readme
    for kind, count in Counter(query.kind for query in queries).items():
        assert f"| `{kind}` | {count} |" in readme


def test_documents_of_the_generator_state_every_passage(passages: list[SetPassage]) -> None:
    from fiscalgraph.samples import rendered
    from fiscalgraph.samples.stated import disclosures_stating, shortfalls_of

    shortfalls = shortfalls_of(FOLDER / "passages.jsonl")
    told: set[str] = set()
    for disclosure, variant in disclosures_stating(shortfalls, format="text"):
        truth = rendered(disclosure, variant)[1]
        told.update(str(finding["text"]) for finding in truth["findings"])
    one_sided = {passage.text.rstrip("。") for passage in passages if len(passage.sides) == 1}
    assert one_sided <= told
    assert {text for shortfall in shortfalls for text in (shortfall.cause, shortfall.measure)} <= told


@pytest.mark.skipif(importlib.util.find_spec("sklearn") is None, reason="scikit-learn is not installed")
def test_the_bench_measures_every_system_on_the_tuning_half() -> None:
    specification = importlib.util.spec_from_file_location(
        "retrieval_figures", FOLDER.parent / "retrieval_figures.py"
    )
    assert specification is not None
    assert specification.loader is not None
    bench = importlib.util.module_from_spec(specification)
    specification.loader.exec_module(bench)
    from fiscalgraph.search.encoder import load_encoder

    found = bench.figures(FOLDER, "tuning", load_encoder())
    assert list(found) == ["BM25", "TF-IDF", "TF-IDF + SVD", "vectors", bench.PRODUCT]
    for rows in found.values():
        assert list(rows) == ["all", *QUERIES_OF_KIND]
        assert rows["all"].queries == sum(rows[kind].queries for kind in QUERIES_OF_KIND)
    # Paraphrases share no pair of characters with what they mean: words find little of it.
    assert found["BM25"]["paraphrase"].ndcg < found["vectors"]["paraphrase"].ndcg / 2
    assert found[bench.PRODUCT]["all"].ndcg > found["BM25"]["all"].ndcg
    assert "paraphrase (18 queries)" in bench.describe(found, "tuning")
