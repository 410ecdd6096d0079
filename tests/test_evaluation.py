"""Evaluating search: the measures against figures worked out by hand, the files, the ranking, the command."""

from __future__ import annotations

import json
import math
from pathlib import Path

import pytest
from running import fiscalgraph

from fiscalgraph.search import Passage, PassageIndex, load_encoder
from fiscalgraph.search.evaluation import (
    Figures,
    average_precision,
    measured,
    ndcg,
    pair_similarities,
    rank,
    ranked,
    recall,
    reciprocal_rank,
    run_lines,
)
from fiscalgraph.search.evaluation_files import (
    JudgedPair,
    SetPassage,
    SetQuery,
    SetUnusable,
    read_judgements,
    read_pairs,
    read_passages,
    read_queries,
)

PASSAGES = [
    SetPassage("a", "在编人员不足，任务积压", "problem_cause", ("cause",)),
    SetPassage("b", "招录专业人员充实队伍", "improvement_measure", ("measure",)),
    SetPassage("c", "资金下达较晚，年内未能支付", "underperformance_reason", ("cause", "measure")),
    SetPassage("d", "设备老化，故障频发", "problem_cause", ("cause",)),
]


# The measures


def test_ndcg_of_a_ranking_worked_out_by_hand() -> None:
    # gains 7, 0, 3, 1 discounted by log2 of 2, 3, 4, 5; the best order is 3, 3, 2, 1
    gained = 7 / 1 + 0 + 3 / 2 + 1 / math.log2(5)
    best = 7 / 1 + 7 / math.log2(3) + 3 / 2 + 1 / math.log2(5)
    assert ndcg([3, 0, 2, 1], [1, 3, 2, 3]) == pytest.approx(gained / best)
    assert ndcg([3, 3, 2, 1], [1, 3, 2, 3]) == 1.0
    assert ndcg([0, 0], [3]) == 0.0


def test_ndcg_looks_at_ten_hits_of_both_orders() -> None:
    assert ndcg([0] * 10 + [3], [3]) == 0.0
    assert ndcg([3] * 10, [3] * 30) == 1.0
    assert ndcg([1, 3], [1, 3], cut=1) == pytest.approx(1 / 7)


def test_recall_counts_grades_of_two_and_three() -> None:
    assert recall([3, 1, 2, 0], [3, 2, 2, 1, 0, 3]) == 0.5
    assert recall([0] * 10 + [3], [3]) == 0.0
    assert recall([1], [1]) == 0.0


def test_reciprocal_rank_is_that_of_the_first_relevant_hit() -> None:
    assert reciprocal_rank([1, 0, 2, 3]) == pytest.approx(1 / 3)
    assert reciprocal_rank([0] * 19 + [3]) == pytest.approx(1 / 20)
    assert reciprocal_rank([1, 0]) == 0.0


def test_average_precision_worked_out_by_hand() -> None:
    # in order: right, wrong, right → (1/1 + 2/3) / 2
    assert average_precision([True, True, False], [0.9, 0.2, 0.5]) == pytest.approx((1 + 2 / 3) / 2)
    assert average_precision([True, False], [0.9, 0.1]) == 1.0


def test_equal_scores_are_one_threshold_whatever_their_order() -> None:
    assert average_precision([True, False, False, True], [0.5] * 4) == 0.5
    one = average_precision([True, False, True], [0.9, 0.5, 0.5])
    assert one == average_precision([True, True, False], [0.9, 0.5, 0.5]) == pytest.approx((1 + 2 / 3) / 2)


def test_average_precision_needs_something_to_find() -> None:
    with pytest.raises(ValueError, match="label that is true"):
        average_precision([False], [0.5])


def test_figures_are_means_over_queries_and_over_each_kind() -> None:
    queries = [SetQuery("q1", "甲", "theme"), SetQuery("q2", "乙", "theme"), SetQuery("q3", "丙", "keywords")]
    judgements = {"q1": {"a": 3}, "q2": {"a": 3, "b": 2}, "q3": {"a": 2}}
    run = {"q1": [("a", 1.0)], "q2": [("b", 1.0), ("d", 0.5)], "q3": [("d", 1.0), ("a", 0.9)]}
    figures = measured(run, judgements, PASSAGES, queries)
    assert list(figures) == ["all", "theme", "keywords"]
    second = 3 / (7 + 3 / math.log2(3))
    assert figures["theme"] == Figures(2, pytest.approx((1 + second) / 2), pytest.approx(0.75), 1.0)
    assert figures["keywords"] == Figures(1, pytest.approx(1 / math.log2(3)), 1.0, 0.5)
    assert figures["all"].mrr == pytest.approx(2.5 / 3)
    assert figures["all"].queries == 3


def test_a_query_that_the_run_lacks_has_found_nothing() -> None:
    figures = measured({}, {"q": {"a": 3}}, PASSAGES, [SetQuery("q", "甲")])
    assert figures == {"all": Figures(1, 0.0, 0.0, 0.0)}


def test_queries_without_a_relevant_passage_are_left_out() -> None:
    queries = [SetQuery("q1", "甲"), SetQuery("q2", "乙"), SetQuery("q3", "丙", side="measure")]
    judgements = {"q1": {"a": 3}, "q2": {"a": 1}, "q3": {"a": 3}}  # a states no measure
    assert measured({"q1": [("a", 1.0)]}, judgements, PASSAGES, queries) == {"all": Figures(1, 1.0, 1.0, 1.0)}


def test_what_the_filter_does_not_admit_is_not_missed() -> None:
    query = SetQuery("q", "甲", side="measure")
    figures = measured({"q": [("b", 1.0)]}, {"q": {"a": 3, "b": 2}}, PASSAGES, [query])
    assert figures["all"] == Figures(1, 1.0, 1.0, 1.0)


# The ranking


def test_filters_come_before_ranking() -> None:
    queries = [SetQuery("any", "人员不足"), SetQuery("cause", "人员不足", side="cause")]
    queries.append(SetQuery("measure", "人员不足", side="measure"))
    run = rank(PASSAGES, queries, load_encoder())
    assert {name: {passage for passage, _ in hits} for name, hits in run.items()} == {
        "any": {"a", "b", "c", "d"},
        "cause": {"a", "c", "d"},
        "measure": {"b", "c"},
    }
    assert run["any"][0][0] == run["cause"][0][0] == "a"
    assert run["measure"][0][0] == "b"
    for hits in run.values():
        scores = [score for _, score in hits]
        assert scores == sorted(scores, reverse=True)


def test_a_set_is_ranked_as_the_product_ranks_its_passages(tmp_path: Path) -> None:
    folder = Path(__file__).parent.parent / "bench" / "retrieval"
    passages = read_passages(folder / "passages.jsonl")[:120]
    queries = [query for query in read_queries(folder / "queries.jsonl") if query.side is None][::6]
    encoder = load_encoder()
    run = rank(passages, queries, encoder, depth=10)
    index = PassageIndex.build(
        tmp_path / "index",
        [Passage(passage.id, passage.kind, passage.text, "document") for passage in passages],
        encoder,
    )
    assert len(queries) >= 8
    for query in queries:
        hits = index.search(query.text, k=10)
        expected = {hit.passage.iri: pytest.approx(hit.score, abs=1e-5) for hit in hits}
        assert dict(run[query.id]) == expected, query.text


def test_depth_limits_the_hits() -> None:
    query = SetQuery("q", "人员")
    assert [len(rank(PASSAGES, [query], load_encoder(), depth)["q"]) for depth in (1, 3, 100)] == [1, 3, 4]
    everything = ranked(PASSAGES, [query], lambda _, __: [(row, 1.0) for row in range(4)], 2)
    assert everything == {"q": [("a", 1.0), ("b", 1.0)]}


def test_a_run_is_written_with_ranks_from_one() -> None:
    lines = list(run_lines({"q": [("a", 0.5), ("b", 0.25)], "empty": []}))
    assert lines == ["query\tpassage\trank\tscore\n", "q\ta\t1\t0.500000\n", "q\tb\t2\t0.250000\n"]


def test_equal_sentences_are_the_most_alike_pair() -> None:
    same = JudgedPair("设备老化", "设备老化", True)
    other = JudgedPair("设备老化", "资金下达较晚", False)
    alike, unlike = pair_similarities([same, other], load_encoder())
    assert alike == pytest.approx(1.0, abs=1e-5)
    assert unlike < 0.9


# The files


def written(path: Path, *lines: str) -> Path:
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def passage_line(**changes: object) -> str:
    fields = {"id": "p1", "text": "人员不足", "kind": "problem_cause", "sides": ["cause"], **changes}
    return json.dumps({name: value for name, value in fields.items() if value is not None})


def test_files_are_read_whole(tmp_path: Path) -> None:
    passages = read_passages(
        written(
            tmp_path / "p.jsonl",
            "\ufeff" + passage_line(),
            "",
            passage_line(id=7, sides=["measure", "cause"], more=1),
            passage_line(id="p3", sides="measure", kind=None),
        )
    )
    assert [(passage.id, passage.sides) for passage in passages] == [
        ("p1", ("cause",)),
        ("7", ("cause", "measure")),
        ("p3", ("measure",)),
    ]
    queries = read_queries(
        written(
            tmp_path / "q.jsonl",
            '{"id": "q1", "text": "人手", "kind": "theme", "kind_filter": "measure", "split": "final"}',
            '{"id": "q2", "text": "line\\u2028separator 钱", "kind_filter": "any"}',
            '{"id": "q3", "text": "钱"}',
        )
    )
    assert queries[0] == SetQuery("q1", "人手", "theme", "measure", "final")
    assert [query.side for query in queries] == ["measure", None, None]
    grades = written(tmp_path / "g.tsv", "query\tpassage\tgrade", "q1\tp3\t3", "q1\tp1\t0\r", "q3\t7\t1")
    assert read_judgements(grades, queries, passages) == {"q1": {"p3": 3, "p1": 0}, "q3": {"7": 1}}
    without_header = written(tmp_path / "h.tsv", "q1\tp3\t3")
    assert read_judgements(without_header, queries, passages) == {"q1": {"p3": 3}}


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("{", "it is not JSON"),
        ("[1]", "it is not a JSON object"),
        (passage_line(id=None), "id is not a word"),
        (passage_line(id="p 1"), "id is not a word"),
        (passage_line(id="good"), "id good was used before"),
        (passage_line(text="，。"), "text is not a text with letters or digits"),
        (passage_line(text=5), "text is not a text with letters or digits"),
        (passage_line(kind=5), "kind is not a string"),
        (passage_line(sides=None), "sides is null"),
        (passage_line(sides=[]), "sides is []"),
        (passage_line(sides=["cause", "reason"]), 'sides is ["cause", "reason"]'),
    ],
)
def test_bad_passages_name_their_line(tmp_path: Path, line: str, why: str) -> None:
    path = written(tmp_path / "p.jsonl", passage_line(id="good"), "", line)
    with pytest.raises(SetUnusable) as caught:
        read_passages(path)
    assert caught.value.what == f"{path}, line 3"
    assert caught.value.why.startswith(why)
    assert caught.value.cure


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("q1\tp1", "it has 2 columns instead of 3"),
        ("q1 p1 3", "it has 1 columns instead of 3"),
        ("q1\tp1\t4", "the grade is '4'"),
        ("q1\tp1\t-1", "the grade is '-1'"),
        ("q1\tp1\t2.0", "the grade is '2.0'"),
        ("q9\tp1\t1", "there is no query 'q9'"),
        ("q1\tp9\t1", "there is no passage 'p9'"),
        ("q1\tp0\t1", "q1 and p0 were judged before"),
    ],
)
def test_bad_judgements_name_their_line(tmp_path: Path, line: str, why: str) -> None:
    passages = [SetPassage(name, "甲", "", ("cause",)) for name in ("p0", "p1")]
    path = written(tmp_path / "g.tsv", "query\tpassage\tgrade", "q1\tp0\t2", line)
    with pytest.raises(SetUnusable) as caught:
        read_judgements(path, [SetQuery("q1", "甲")], passages)
    assert (caught.value.what, caught.value.why) == (f"{path}, line 3", why)


def test_other_bad_files_are_refused(tmp_path: Path) -> None:
    with pytest.raises(SetUnusable, match="No such file"):
        read_passages(tmp_path / "missing.jsonl")
    with pytest.raises(SetUnusable, match="holds nothing"):
        read_queries(written(tmp_path / "empty.jsonl", ""))
    with pytest.raises(SetUnusable, match="line 1: kind_filter is both"):
        read_queries(written(tmp_path / "q.jsonl", '{"id": "q", "text": "钱", "kind_filter": "both"}'))
    with pytest.raises(SetUnusable, match="line 1: label is 2"):
        read_pairs(written(tmp_path / "l.jsonl", '{"text_a": "钱", "text_b": "人", "label": 2}'))
    with pytest.raises(SetUnusable, match="no pair has label 1"):
        read_pairs(written(tmp_path / "n.jsonl", '{"text_a": "钱", "text_b": "人", "label": 0}'))
    bytes_of_another_encoding = tmp_path / "gbk.jsonl"
    bytes_of_another_encoding.write_bytes(b"{}\n" + '{"text": "资金"}'.encode("gb18030"))
    with pytest.raises(SetUnusable, match="line 2: it is not UTF-8"):
        read_passages(bytes_of_another_encoding)


# The command


@pytest.fixture
def files(tmp_path: Path) -> tuple[Path, Path, Path]:
    passages = written(
        tmp_path / "passages.jsonl",
        *(
            json.dumps({"id": p.id, "text": p.text, "kind": p.kind, "sides": p.sides}, ensure_ascii=False)
            for p in PASSAGES
        ),
    )
    queries = written(
        tmp_path / "queries.jsonl",
        '{"id": "q1", "text": "设备故障", "kind": "keywords", "kind_filter": "any"}',
        '{"id": "q2", "text": "充实专业队伍", "kind": "sentence", "kind_filter": "measure"}',
        '{"id": "q3", "text": "没有答案", "kind": "theme", "kind_filter": "any"}',
    )
    grades = written(tmp_path / "qrels.tsv", "query\tpassage\tgrade", "q1\td\t3", "q2\tb\t3", "q2\tc\t0")
    return passages, queries, grades


def test_evaluate_writes_a_run_and_prints_figures(files: tuple[Path, Path, Path], tmp_path: Path) -> None:
    first, second = tmp_path / "first.tsv", tmp_path / "second.tsv"
    done = fiscalgraph("evaluate", *files, "--run", first)
    assert done.code == 0, done.err
    assert [line.split() for line in done.out.splitlines() if line.strip()][2:] == [
        ["all", "2", "1.000", "1.000", "1.000"],
        ["keywords", "1", "1.000", "1.000", "1.000"],
        ["sentence", "1", "1.000", "1.000", "1.000"],
    ]
    assert "3 queries over 4 passages; 1 without a relevant passage left out" in done.err
    rows = [line.split("\t") for line in first.read_text("utf-8").splitlines()]
    assert rows[0] == ["query", "passage", "rank", "score"]
    assert [row[0] for row in rows[1:]] == ["q1"] * 4 + ["q2"] * 2 + ["q3"] * 4
    assert [row[2] for row in rows[1:5]] == ["1", "2", "3", "4"]
    assert fiscalgraph("evaluate", *files[:2], "--run", second).code == 0
    assert second.read_bytes() == first.read_bytes()


def test_evaluate_answers_programs(files: tuple[Path, Path, Path], tmp_path: Path) -> None:
    answer = json.loads(fiscalgraph("evaluate", *files, "--json").out)
    assert (answer["passages"], answer["queries"], answer["run"]) == (4, 3, None)
    assert answer["figures"]["keywords"] == {"queries": 1, "ndcg@10": 1.0, "recall@10": 1.0, "mrr": 1.0}
    pairs = written(
        tmp_path / "pairs.jsonl",
        '{"text_a": "设备老化", "text_b": "设备老化", "label": 1}',
        '{"text_a": "设备老化", "text_b": "资金下达较晚", "label": 0}',
    )
    answer = json.loads(fiscalgraph("evaluate", "--pairs", pairs, "--json").out)
    assert answer == {
        "pairs": 2,
        "same": 1,
        "average_precision": 1.0,
        "average_precision_of_cosine": 1.0,
    }
    assert fiscalgraph("--lang", "zh", "evaluate", "--pairs", pairs).out.startswith(
        "“说的是同一问题”的平均精确率：1.000"
    )


def test_evaluate_refuses_what_it_cannot_use(files: tuple[Path, Path, Path], tmp_path: Path) -> None:
    nothing_asked = fiscalgraph("evaluate", *files[:2])
    assert (nothing_asked.code, nothing_asked.out) == (1, "")
    assert "--run FILE" in nothing_asked.err
    assert fiscalgraph("evaluate").code == 1
    assert "--pairs stands alone" in fiscalgraph("evaluate", *files[:2], "--pairs", files[0]).err
    broken = written(tmp_path / "broken.tsv", "q1\td\t9")
    refused = fiscalgraph("evaluate", *files[:2], broken)
    assert refused.code == 1
    assert refused.err.strip() == f"{broken}, line 1: the grade is '9'. Grade from 0 to 3"
    elsewhere = fiscalgraph("evaluate", *files, "--run", tmp_path / "no" / "such" / "run.tsv")
    assert elsewhere.code == 1
    assert "No such file or directory" in elsewhere.err
