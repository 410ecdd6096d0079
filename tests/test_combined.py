"""Similarity inside SPARQL: what ``fg:similar`` and ``fg:similarity`` answer, and what they refuse."""

from __future__ import annotations

import json
from pathlib import Path

import httpx
import pytest
from combined_samples import EX, PLANS, PREFIXES, TEXTS, Naive, answered, made, passage_iri
from pyoxigraph import Store
from running import fiscalgraph, server

from fiscalgraph.graph.sparql import (
    FormNotAllowed,
    QuerySyntaxError,
    QueryTooComplex,
    QueryWorkers,
    Question,
    SimilarRefused,
    evaluate,
)
from fiscalgraph.graph.sparql.answer import Dataset, answer
from fiscalgraph.graph.sparql.limits import Limits
from fiscalgraph.queries import WrongParameter, load
from fiscalgraph.search import PassageIndex
from fiscalgraph.search.combined import PassageSimilarity, similarity_in
from fiscalgraph.workspace import open as open_workspace

QUERY = "专业人员不足"
Sample = tuple[Store, Path, Naive]


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Sample:
    store, index = made(tmp_path_factory.mktemp("combined"))
    return store, index, Naive(store, index)


def block(options: str = "", text: str = QUERY, number: str = "") -> str:
    return f'SERVICE fg:similar {{ ?passage{number} fg:query "{text}" ; fg:score ?score{number} {options} }}'


def select(pattern: str) -> str:
    return f"{PREFIXES} SELECT * WHERE {{ {pattern} }}"


def passages_of(rows: list[object], name: str = "passage") -> list[str]:
    return sorted(row[name].value.removeprefix(EX) for row in rows)  # type: ignore[index]


# -- what is answered -------------------------------------------------------------------------


@pytest.mark.parametrize("plan", [*PLANS, None])
def test_the_best_of_those_that_satisfy_the_rest_come_back(sample: Sample, plan: str | None) -> None:
    store, index, naive = sample
    rows, runs = answered(store, index, select(f'?passage :tag "乙" . {block("; fg:k 3")}'), plan)  # type: ignore[arg-type]
    tagged = {passage_iri(number) for number in range(1, len(TEXTS), 3)}
    expected = [(iri, score) for iri, score in naive.scores(QUERY) if iri in tagged][:3]
    given = {(row["passage"].value, float(row["score"].value)) for row in rows}
    assert given == set(expected)
    assert runs[0].exact
    assert runs[0].returned == 3
    assert runs[0].plan == plan or plan is None


def test_scores_are_those_of_the_search_whatever_the_filter(sample: Sample) -> None:
    store, index, _ = sample
    hits = PassageIndex.open(index).search(QUERY, 100)
    best: dict[str, float] = {}
    for hit in hits:
        for place in hit.places:
            best.setdefault(place.iri, hit.score)
    for rest in ("", '?passage :tag "甲"', "?passage :bad true", "FILTER(?score < 0.6)"):
        rows, _ = answered(store, index, select(f"{rest} {block('; fg:k 100')}"))
        assert rows
        for row in rows:
            assert float(row["score"].value) == pytest.approx(best[row["passage"].value], abs=1e-6)


def test_a_search_gives_a_passage_the_same_score_with_and_without_filters(sample_home: Path) -> None:
    index = open_workspace(sample_home).library().index
    every = {hit.passage.text: hit.score for hit in index.search(QUERY, 1000)}
    from fiscalgraph.search import Filters

    for filters in (Filters(year=2023), Filters(kinds=["improvement_measure"])):
        found = index.search(QUERY, 20, filters)
        assert found
        assert all(hit.score == every[hit.passage.text] for hit in found)


def test_ten_are_given_unless_another_number_is_asked_for(sample: Sample) -> None:
    store, index, _ = sample
    assert len(answered(store, index, select(block()))[0]) == 10
    assert len(answered(store, index, select(block("; fg:k 1000")))[0]) == len(TEXTS)


@pytest.mark.parametrize("plan", PLANS)
def test_a_threshold_alone_gives_all_that_reach_it(sample: Sample, plan: str) -> None:
    store, index, naive = sample
    rows, _ = answered(store, index, select(block("; fg:threshold 0.3")), plan)  # type: ignore[arg-type]
    expected = [iri for iri, score in naive.scores(QUERY) if score >= 0.3]
    assert 2 < len(expected) < 15
    assert sorted(row["passage"].value for row in rows) == sorted(expected)
    some, _ = answered(store, index, select(block("; fg:threshold 0.3 ; fg:k 2")), plan)  # type: ignore[arg-type]
    assert sorted(row["passage"].value for row in some) == sorted(expected[:2])


def test_kinds_narrow_what_is_compared(sample: Sample) -> None:
    store, index, _ = sample
    for option in ('fg:kind "problem_cause"', "fg:kind fg:ProblemCause"):
        rows, _ = answered(store, index, select(block(f"; fg:k 1000 ; {option}")))
        assert passages_of(rows) == sorted(f"passage/{number}" for number in range(0, len(TEXTS), 3))
    both = 'fg:kind "problem_cause", "improvement_measure"'
    rows, _ = answered(store, index, select(block(f"; fg:k 1000 ; {both}")))
    assert passages_of(rows) == sorted(f"passage/{n}" for n in range(len(TEXTS)) if n % 3 < 2)


def test_a_passage_of_several_statements_has_the_score_of_its_best(sample: Sample) -> None:
    store, index, _ = sample
    second = TEXTS[7]  # of passage 0, whose first statement is another
    asked = f'SERVICE fg:similar {{ ?passage fg:query "{second}" ; fg:statement ?said ; fg:k 2 }}'
    rows, _ = answered(store, index, select(asked))
    assert passages_of(rows) == ["passage/0", "passage/7"]
    assert {row["said"].value for row in rows} == {second}


@pytest.mark.parametrize("passage", [f"<{EX}passage/1>", ":passage\\/1"])
def test_a_passage_is_asked_with_and_is_no_answer_itself(sample: Sample, passage: str) -> None:
    store, index, _ = sample
    asked = f"SERVICE fg:similar {{ ?passage fg:query {passage} ; fg:score ?score ; fg:k 3 }}"
    rows, _ = answered(store, index, select(asked))
    found = PassageIndex.open(index).similar(passage_iri(1), 3, other_departments_only=False)
    places = {place.iri: hit.score for hit in found for place in hit.places}
    assert len(rows) == 3
    assert passage_iri(1) not in {row["passage"].value for row in rows}
    assert all(float(row["score"].value) == places[row["passage"].value] for row in rows)


def test_a_part_of_a_passage_is_asked_with_by_its_own_name(sample: Sample) -> None:
    store, index, _ = sample
    asked = f"SERVICE fg:similar {{ ?passage fg:query <{passage_iri(0)}#part-2> ; fg:k 1 }}"
    assert passages_of(answered(store, index, select(asked))[0]) == ["passage/7"]


def test_a_passage_in_the_subjects_place_gets_its_score(sample: Sample) -> None:
    store, index, naive = sample
    asked = f'SERVICE fg:similar {{ <{passage_iri(4)}> fg:query "{QUERY}" ; fg:score ?score }}'
    (row,) = answered(store, index, select(asked))[0]
    assert float(row["score"].value) == dict(naive.scores(QUERY))[passage_iri(4)]
    (none,) = answered(
        store, index, f"{PREFIXES} SELECT (COUNT(*) AS ?n) {{ {asked.replace('/4', '/400')} }}"
    )[0]
    assert none["n"].value == "0"


# -- several blocks, and where they stand -----------------------------------------------------


def test_a_second_block_is_answered_among_what_the_first_left(sample: Sample) -> None:
    store, index, naive = sample
    other = "资金下达较晚"
    one, two = block("; fg:k 6", number=""), block("; fg:k 2", text=other, number="2")
    rows, runs = answered(store, index, select(f"{one} {two} FILTER(?passage = ?passage2)"))
    six = [iri for iri, _ in naive.scores(QUERY)]
    # The filter needs nothing of the second block's score, so it holds for both.
    among = [iri for iri, _ in naive.scores(other) if iri in six[:6]]
    assert sorted(row["passage2"].value for row in rows) == sorted(among[:2])
    assert [run.returned for run in runs] == [6, 2]


def test_a_filter_on_a_later_score_does_not_empty_an_earlier_block(sample: Sample) -> None:
    store, index, naive = sample
    other = "资金下达较晚"
    one, two = block("; fg:k 3"), block("; fg:k 1000", text=other, number="2")
    first, second = dict(naive.scores(QUERY)[:3]), dict(naive.scores(other))
    sums = {(a, b): first[a] + second[b] for a in first for b in second}
    bound = round(sum(sums.values()) / len(sums), 3)
    pattern = f"{one} {two} BIND(?score + ?score2 AS ?sum) FILTER(?sum > {bound})"
    rows, runs = answered(store, index, select(pattern))
    assert runs[0].returned == 3
    pairs = {pair for pair, together in sums.items() if together > bound}
    assert {(row["passage"].value, row["passage2"].value) for row in rows} == pairs
    assert 0 < len(pairs) < 3 * len(TEXTS)


def test_a_subquery_is_answered_by_itself(sample: Sample) -> None:
    store, index, naive = sample
    inner = f"SELECT ?passage ?score {{ ?passage :note ?note . {block('; fg:k 4')} }}"
    rows, _ = answered(store, index, select(f'{{ {inner} }} ?passage :tag "甲"'))
    noted = [iri for iri, _ in naive.scores(QUERY) if int(iri.rpartition("/")[2]) % 2][:4]
    expected = [iri for iri in noted if int(iri.rpartition("/")[2]) % 3 == 0]
    assert 0 < len(expected) < 4
    assert sorted(row["passage"].value for row in rows) == sorted(expected)


def test_a_block_around_a_subquery_counts_what_the_subquery_gives(sample: Sample) -> None:
    store, index, naive = sample
    other = "资金下达较晚"
    inner = block("; fg:k 5", text=other).replace("?score", "?late")
    pattern = f"{block('; fg:k 2')} {{ SELECT ?passage {{ {inner} }} }}"
    rows, _ = answered(store, index, select(pattern))
    late = {iri for iri, _ in naive.scores(other)[:5]}
    assert sorted(row["passage"].value for row in rows) == sorted(
        [iri for iri, _ in naive.scores(QUERY) if iri in late][:2]
    )


def test_a_grouped_query_counts_over_the_passages_found(sample: Sample) -> None:
    store, index, naive = sample
    pattern = f"?passage :tag ?tag . {block('; fg:k 6')}"
    query = f"{PREFIXES} SELECT ?tag (COUNT(*) AS ?n) {{ {pattern} }} GROUP BY ?tag"
    rows, _ = answered(store, index, query)
    tags = ["甲乙丙"[int(iri.rpartition("/")[2]) % 3] for iri, _ in naive.scores(QUERY)[:6]]
    assert {row["tag"].value: int(row["n"].value) for row in rows} == {tag: tags.count(tag) for tag in tags}


def test_other_forms_of_query_hold_blocks(sample: Sample) -> None:
    store, index, _ = sample
    similarity = PassageSimilarity(index)
    asked = evaluate(store, f'{PREFIXES} ASK {{ ?passage :tag "丙" . {block()} }}', similarity=similarity)
    assert asked.answer is True
    graph = evaluate(
        store,
        f"{PREFIXES} CONSTRUCT {{ ?passage :like ?score }} WHERE {{ {block('; fg:k 2')} }}",
        similarity=similarity,
    )
    assert len(graph.rows) == 2
    described = evaluate(
        store, f"{PREFIXES} DESCRIBE ?passage {{ {block('; fg:k 1')} }}", similarity=similarity
    )
    assert described.rows
    assert described.similar[0].returned == 1


def test_the_graphs_that_a_query_chooses_are_asked(sample: Sample) -> None:
    store, index, _ = sample
    query = f"{PREFIXES} SELECT * FROM <{EX}graph/1> {{ ?passage :rank ?rank . {block('; fg:k 3')} }}"
    for plan in PLANS:
        body = answer(store, Question(query), Limits(), PassageSimilarity(index, plan=plan)).body
        rows = json.loads(body)["results"]["bindings"]
        assert len(rows) == 3
        assert all(int(row["rank"]["value"]) % 4 == 1 for row in rows)
    named = Question(select(f"?passage :rank ?rank . {block('; fg:k 3')}"), Dataset((f"{EX}graph/2",)))
    rows = json.loads(answer(store, named, Limits(), PassageSimilarity(index)).body)["results"]["bindings"]
    assert [int(row["rank"]["value"]) % 4 for row in rows] == [2, 2, 2]


def test_equal_questions_give_equal_bytes(sample: Sample) -> None:
    store, index, _ = sample
    question = Question(
        select(f"?passage :tag ?tag . {block('; fg:k 7')}") + " ORDER BY DESC(?score) ?passage"
    )
    bodies = {answer(store, question, Limits(), PassageSimilarity(index)).body for _ in range(3)}
    assert len(bodies) == 1


# -- what is refused --------------------------------------------------------------------------

REFUSED = {
    "no query": ("{ ?p fg:score ?s }", "no fg:query"),
    "nothing": ("{ }", "empty"),
    "two queries": ('{ ?p fg:query "人员", "资金" }', "2 times"),
    "a variable": ("{ ?p fg:query ?text }", r"variable \?text"),
    "a number": ("{ ?p fg:query 5 }", "no text"),
    "a misspelt option": ('{ ?p fg:qurey "人员" }', "no option fg:qurey"),
    "another vocabulary's option": ('{ ?p fg:query "人员" ; :k 3 }', "no option :k"),
    "a type": ('{ ?p a fg:Passage ; fg:query "人员" }', "no option a"),
    "a variable option": ('{ ?p ?option "人员" }', r"no option \?option"),
    "k too large": ('{ ?p fg:query "人员" ; fg:k 1001 }', "from 1 to 1000"),
    "k of nothing": ('{ ?p fg:query "人员" ; fg:k 0 }', "from 1 to 1000"),
    "k below nothing": ('{ ?p fg:query "人员" ; fg:k -3 }', "from 1 to 1000"),
    "k in words": ('{ ?p fg:query "人员" ; fg:k "ten" }', "from 1 to 1000"),
    "k without end": ('{ ?p fg:query "人员" ; fg:k 99999999999999999999999 }', "from 1 to 1000"),
    "a broken threshold": ('{ ?p fg:query "人员" ; fg:threshold "high" }', "no number"),
    "an endless threshold": ('{ ?p fg:query "人员" ; fg:threshold 1e400 }', "no number"),
    "a kind": ('{ ?p fg:query "人员" ; fg:kind "cause" }', "no kind cause"),
    "exactly": ('{ ?p fg:query "人员" ; fg:exact "yes" }', "neither true nor false"),
    "a score that is given": ('{ ?p fg:query "人员" ; fg:score 0.5 }', "needs a variable"),
    "one variable twice": ('{ ?p fg:query "人员" ; fg:score ?p }', "two things"),
    "two passages": ('{ ?p fg:query "人员" . ?q fg:score ?s }', "several passages"),
    "a filter inside": ('{ ?p fg:query "人员" FILTER(true) }', "FILTER"),
    "a block inside": ('{ ?p fg:query "人员" . { ?p fg:score ?s } }', "expected where {"),
    "a literal subject": ('{ "x" fg:query "人员" }', "expected where"),
    "signs only": ('{ ?p fg:query "——！" }', "no letter or digit"),
    "a long text": ('{ ?p fg:query "' + "长" * 10_001 + '" }', "10001 characters"),
    "an unknown passage": ("{ ?p fg:query <http://example.org/nothing> }", "no passage http"),
    "another model": ('{ ?p fg:query "人员" ; fg:encoder "bge" }', "made by the model"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_cannot_be_meant_is_refused_with_its_line(sample: Sample, name: str) -> None:
    store, index, _ = sample
    inside, why = REFUSED[name]
    with pytest.raises((SimilarRefused, QuerySyntaxError), match=why) as refused:
        evaluate(
            store,
            f"{PREFIXES}\nSELECT * {{\n\nSERVICE fg:similar {inside} }}",
            similarity=PassageSimilarity(index),
        )
    if isinstance(refused.value, SimilarRefused):
        assert "line 4" in refused.value.why
        assert refused.value.cure


@pytest.mark.parametrize(
    "pattern",
    [
        "?passage :tag ?tag MINUS { %s }",
        "?passage :tag ?tag MINUS { { SELECT ?passage { %s } } }",
        "?passage :tag ?tag FILTER EXISTS { %s }",
        "?passage :tag ?tag FILTER NOT EXISTS { ?passage :note ?note . %s }",
        "?passage :tag ?tag BIND(EXISTS { %s } AS ?like)",
        "OPTIONAL { ?passage :tag ?tag MINUS { { %s } UNION { ?passage :bad ?bad } } }",
    ],
)
def test_where_nothing_is_the_best_a_block_is_refused(sample: Sample, pattern: str) -> None:
    store, index, _ = sample
    with pytest.raises(SimilarRefused, match=r"inside (MINUS|EXISTS)"):
        evaluate(store, select(pattern % block()), similarity=PassageSimilarity(index))


def test_more_than_a_thousand_above_a_threshold_are_refused_and_not_cut(
    sample: Sample, monkeypatch: pytest.MonkeyPatch
) -> None:
    from fiscalgraph.search.combined import planning

    store, index, _ = sample
    monkeypatch.setattr(planning, "MOST", 5)
    similarity = PassageSimilarity(index)
    with pytest.raises(SimilarRefused, match="more than 5 passages reach the threshold -1"):
        evaluate(store, select(block("; fg:threshold -1")), similarity=similarity)
    assert len(evaluate(store, select(block("; fg:threshold 0.6")), similarity=similarity).rows) == 5


def test_many_blocks_are_refused(sample: Sample) -> None:
    store, index, _ = sample
    with pytest.raises(QueryTooComplex, match="11 fg:similar blocks"):
        evaluate(store, select(block() * 11), similarity=PassageSimilarity(index))


def test_without_an_index_the_block_is_a_service_like_any_other(sample: Sample) -> None:
    with pytest.raises(FormNotAllowed):
        evaluate(sample[0], select(block()))


def test_a_syntax_error_names_the_place_in_the_users_text(sample: Sample) -> None:
    store, index, _ = sample
    query = f"{PREFIXES}\nSELECT * {{\n  {block()}\n  ?passage :tag }}"
    with pytest.raises(QuerySyntaxError) as refused:
        evaluate(store, query, similarity=PassageSimilarity(index))
    assert (refused.value.line, refused.value.column) == (4, 17)


# -- the function -----------------------------------------------------------------------------


def test_the_function_compares_texts_and_passages(sample: Sample) -> None:
    store, index, _ = sample
    result = evaluate(
        store,
        f'{PREFIXES} SELECT (fg:similarity("{TEXTS[1]}", <{passage_iri(1)}>) AS ?own) '
        f"(fg:similarity(<{passage_iri(1)}>, <{passage_iri(14)}>) AS ?far) "
        f'(fg:similarity("{TEXTS[7]}"@zh, <{passage_iri(0)}>) AS ?best) '
        f'(fg:similarity(<{EX}nothing>, "人员") AS ?none) (fg:similarity(5, "人员") AS ?number) {{}}',
        similarity=PassageSimilarity(index),
    )
    (row,) = result.dicts()
    assert row["own"] == row["best"] == "1"
    assert -1 <= float(row["far"]) < 0.7
    assert "none" not in row
    assert "number" not in row


def test_the_function_filters_and_sorts(sample: Sample) -> None:
    store, index, _ = sample
    query = select(
        f'?passage :tag "乙" . BIND(fg:similarity(?passage, "{QUERY}") AS ?near) FILTER(?near > 0.3)'
    )
    rows = evaluate(store, query + " ORDER BY DESC(?near)", similarity=PassageSimilarity(index)).dicts()
    vectors, asked = PassageIndex.open(index), QUERY
    near = {hit.passage.iri: hit.similarity for hit in vectors.search(asked, 100)}
    assert rows[0]["passage"] == passage_iri(1)
    assert float(rows[0]["near"]) == pytest.approx(near[passage_iri(1)], abs=1e-5)
    assert all(float(row["near"]) > 0.3 for row in rows)


def test_what_keeps_the_function_from_answering_is_said(sample: Sample, tmp_path: Path) -> None:
    from fiscalgraph.search import IndexUnusable

    query = f'{PREFIXES} SELECT (fg:similarity("人员", "资金") AS ?near) {{}}'
    with pytest.raises(IndexUnusable):
        evaluate(sample[0], query, similarity=PassageSimilarity(tmp_path / "nowhere"))


# -- in the product ---------------------------------------------------------------------------

EXAMPLE = """\
PREFIX fg: <https://w3id.org/fiscalgraph/ontology#>
SELECT ?passage ?score ?project WHERE {
  SERVICE fg:similar { ?passage fg:query "专业人员不足" ; fg:score ?score ; fg:k 5 }
  ?passage fg:entry/fg:projectName ?project .
}
ORDER BY DESC(?score) ?passage
"""


def test_the_samples_answer_as_brute_force_does(sample_home: Path) -> None:
    library = open_workspace(sample_home).library()
    rest = EXAMPLE.replace(
        'SERVICE fg:similar { ?passage fg:query "专业人员不足" ; fg:score ?score ; fg:k 5 }', ""
    )
    about = {
        row["passage"]
        for row in library.sparql(rest.replace(" ?score", "").replace("DESC(?score) ", "")).dicts()
    }
    best: dict[str, float] = {}
    for hit in library.search("专业人员不足", 1000):
        for place in hit.places:
            best.setdefault(place.iri, hit.score)
    expected = sorted(((-score, iri) for iri, score in best.items() if iri in about))
    for plan in PLANS:
        similarity = PassageSimilarity(library.directory / "passages", plan=plan)
        result = evaluate(library.store, EXAMPLE, similarity=similarity)
        given = [(-float(row["score"]), row["passage"]) for row in result.dicts()]
        assert [score for score, _ in given] == [score for score, _ in expected[:5]]
        assert set(given) <= set(expected)
        assert result.similar[0].plan == plan


def test_workers_answer_blocks(sample_home: Path) -> None:
    with QueryWorkers(lambda: sample_home / "current", workers=1, similarity_of=similarity_in) as workers:
        answered = workers.answer(Question(EXAMPLE))
        assert answered.rows == 5
        assert answered.similar[0].returned == 5
        with pytest.raises(SimilarRefused, match="line 3"):
            workers.answer(Question(EXAMPLE.replace("fg:k 5", "fg:k 0")))
        with pytest.raises(QuerySyntaxError):
            workers.answer(Question(EXAMPLE.replace("ORDER", "ODER")))


def test_over_http_the_answer_says_how_it_was_found(sample_home: Path) -> None:
    with server(sample_home) as address, httpx.Client(base_url=address, timeout=30) as client:
        answer = client.post("/sparql", data={"query": EXAMPLE})
        (run,) = answer.json()["fiscalgraph"]["similar"]
        assert run["exact"] is True
        assert run["returned"] == len(answer.json()["results"]["bindings"]) == 5
        table = client.get("/sparql", params={"query": EXAMPLE, "format": "csv"})
        header = f'"{run["plan"]}"; candidates={run["candidates"]}; exact=?1; returned=5'
        assert table.headers["Fiscalgraph-Similar"] == answer.headers["Fiscalgraph-Similar"] == header
        refused = client.post("/sparql", data={"query": EXAMPLE.replace("fg:k 5", "fg:kk 5")})
        assert refused.status_code == 422
        error = refused.json()["error"]
        assert error["code"] == "similarity_refused"
        before = EXAMPLE.partition("SERVICE")[0]
        assert error["line"] == before.count("\n") + 1
        assert error["column"] == len(before) - before.rfind("\n")
        foreign = client.post(
            "/sparql", data={"query": EXAMPLE.replace("fg:similar", "<http://127.0.0.1:9/>")}
        )
        assert foreign.status_code == 403


def test_the_command_line_says_how_it_was_found(sample_home: Path, tmp_path: Path) -> None:
    (tmp_path / "like.rq").write_text(EXAMPLE, encoding="utf-8")
    done = fiscalgraph("query", tmp_path / "like.rq", "--format", "csv", "--home", sample_home)
    assert done.code == 0
    assert len(done.out.splitlines()) == 6
    assert "fg:similar" in done.err
    assert "5 passages" in done.err


# -- the named query --------------------------------------------------------------------------


def test_a_named_query_takes_the_text_to_look_for(sample_home: Path) -> None:
    workspace = open_workspace(sample_home)
    found = workspace.query(
        "projects-with-similar-reasons", text="专业人员不足", level="provincial", max_rate="95"
    )
    assert found.rows
    assert found.similar[0].exact
    assert found.variables == load("projects-with-similar-reasons").columns
    scores = [float(row["similarity"]) for row in found.dicts()]
    assert scores == sorted(scores, reverse=True)
    assert all(float(row["rate"]) < 95 for row in found.dicts())
    assert workspace.query("projects-with-similar-reasons", text='")} 人员').similar


def test_a_text_of_a_named_query_is_one_text() -> None:
    query = load("projects-with-similar-reasons")
    with pytest.raises(WrongParameter, match="one value"):
        query.fill({"text": ["人员", "资金"]})
