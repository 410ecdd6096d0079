"""Most passages are sorted out by what a query demands of them, before the facts it fetches are looked up."""

from __future__ import annotations

from pathlib import Path

import pytest
from combined_samples import PREFIXES, TEXTS, Naive, answered, made, passage_iri
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pyoxigraph import Store

from fiscalgraph.graph.sparql.tokens import split
from fiscalgraph.search.combined import PassageSimilarity, parse
from fiscalgraph.search.combined.blocks import read_blocks
from fiscalgraph.search.combined.rewriting import Rest, Rewriting
from fiscalgraph.search.combined.triples import triples_of

BLOCK = 'SERVICE fg:similar { ?passage fg:query "专业人员不足" ; fg:score ?score ; fg:k 7 }'
Sample = tuple[Store, Path, Naive]


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Sample:
    store, index = made(tmp_path_factory.mktemp("conditions"))
    return store, index, Naive(store, index)


def rest_of(pattern: str, behind: str = "") -> Rest:
    structure = parse(f"{PREFIXES} SELECT * WHERE {{ {pattern} }}{behind}")
    return Rewriting(structure, read_blocks(structure)).rest(0, {}, whole_dataset=True)


def sieve_of(pattern: str, behind: str = "") -> str | None:
    """What stands between the braces of the sieve."""
    sieve = rest_of(pattern, behind).sieve
    return None if sieve is None else " ".join("[]".join(sieve).split("WHERE")[1].split())


# -- patterns ---------------------------------------------------------------------------------

PLAIN = {
    "?a :p ?b ; :q 'c' , \"d\"@zh-Hans . <e> a :f": [
        "?a :p ?b .",
        "?a :q 'c' .",
        '?a :q "d"@zh-Hans .',
        "<e> a :f .",
    ],
    "?a :p ?b;;.?b ?c -1.5": ["?a :p ?b .", "?b ?c -1.5 ."],
    "?a :p/^:q|(:r*/!(:s|^:t))+ ?b . $c <p>? true .": [
        "?a :p/^:q|(:r*/!(:s|^:t))+ ?b .",
        "$c <p>? true .",
    ],
    "?a :p '1'^^xsd:byte . ?a :p :b.?b :p :c .": ["?a :p '1'^^xsd:byte .", "?a :p :b .", "?b :p :c ."],
    "?a :p.q ?b": ["?a :p.q ?b ."],
}


@pytest.mark.parametrize("text", PLAIN)
def test_plain_patterns_are_told_apart(text: str) -> None:
    found = triples_of(list(split(text)))
    assert found is not None
    assert [triple.text for triple in found] == PLAIN[text]


@pytest.mark.parametrize(
    "text",
    [
        "?a :p [ :q ?b ]",
        "?a :p (1 2)",
        "_:a :p ?b",
        "?a :p _:b",
        "[ :p ?a ] .",
        "?a :p ?b {| :q ?c |}",
        "?a :p ?b ~ ?c",
        "<<( ?a :p ?b )>> :q ?c",
        "?a :p",
        "?a :p ?b ?c",
        "?a word ?b",
        "?a :p 'x'^:q",
        "?a :p ?b :c",
        "?a :p x\\",
    ],
)
def test_what_is_not_plain_stays_whole(text: str) -> None:
    assert triples_of(list(split(text))) is None


# -- what is left -----------------------------------------------------------------------------


def test_patterns_that_only_fetch_go_and_what_leads_to_conditions_comes_first() -> None:
    fetching = (
        "?passage fg:text ?text ; :rank ?rank ; :document ?document . ?document :name ?name ; :level 2 ."
    )
    assert sieve_of(f"{BLOCK} {fetching} FILTER(?rank > 3)") == (
        "{ [] ?passage :document ?document . ?document :level 2 . ?passage :rank ?rank . FILTER(?rank > 3) }"
    )


@pytest.mark.parametrize(
    ("pattern", "left"),
    [
        # A row of patterns of which nothing is looked at goes as a whole.
        ("?passage :tag '甲' ; :document ?d . ?d :level ?l . ?l :of ?m .", "?passage :tag '甲' ."),
        # What a FILTER, a BIND that is looked at, MINUS or a subquery mentions stays.
        ("?passage :tag ?t ; :rank ?r BIND(?r * 2 AS ?s) FILTER(?s < 5)", "?passage :rank ?r ."),
        ("?passage :tag ?t ; :rank ?r MINUS { ?passage :bad ?r }", "?passage :rank ?r ."),
        # What is only shown goes, with what it is made from.
        ("?passage :tag '甲' ; :rank ?r BIND(?r * 2 AS ?s)", "?passage :tag '甲' . FILTER(true)"),
        ("?passage :tag '甲' OPTIONAL { ?passage :note ?n }", "?passage :tag '甲' . FILTER(true)"),
        # Two that meet are a condition: that they meet.
        ("?passage :rank ?r ; :level ?r ; :tag ?t .", "?passage :rank ?r . ?passage :level ?r ."),
    ],
)
def test_what_nothing_looks_at_is_no_condition(pattern: str, left: str) -> None:
    assert (sieve_of(f"{BLOCK} {pattern}") or "").startswith(f"{{ [] {left}")


@pytest.mark.parametrize(
    "pattern",
    [
        f"{BLOCK} ?passage :tag '甲'",  # nothing can go
        f"{BLOCK} ?passage fg:text ?text",  # nothing would be left
        f"{{ {BLOCK} ?passage fg:text ?text ; :tag '甲' }} UNION {{ ?passage :bad ?b }}",
        f"OPTIONAL {{ {BLOCK} ?passage fg:text ?text ; :tag '甲' }}",
        f"?passage fg:text ?text OPTIONAL {{ ?passage :note ?text2 }} {BLOCK} FILTER(?text2 != ?text)",
    ],
)
def test_without_a_difference_there_is_no_sieve(pattern: str) -> None:
    assert sieve_of(pattern) is None


def test_what_binds_before_a_later_part_looks_stays() -> None:
    early = f"?passage :rank ?r . BIND(?passage AS ?same) ?passage :tag ?t . {BLOCK} FILTER(?same = <x>)"
    assert "?passage :rank ?r . BIND" in (sieve_of(early) or "")
    twice = f"{BLOCK} ?passage :tag '甲' OPTIONAL {{ ?passage :note ?n }} OPTIONAL {{ ?passage :bad ?n }}"
    assert sieve_of(twice) is None
    behind = sieve_of(f"{BLOCK} ?passage :tag ?t ; :rank ?r", " VALUES ?r { 1 2 }")
    assert behind == "{ [] ?passage :rank ?r . } VALUES ?r { 1 2 }"


PARTS = [
    "?passage :tag ?tag ; fg:text ?text .",
    "?passage :document ?document . ?document :level ?level .",
    "?document :level ?level2 FILTER(?level2 > 0)",
    "?passage :rank ?rank ; :note ?note .",
    "FILTER(?rank < 12)",
    "FILTER(?text != '招标失败')",
    "FILTER(!BOUND(?noted))",
    "FILTER(?score > 0.2)",
    "BIND(?rank * 2 AS ?double)",
    "BIND(COALESCE(?double, 1) AS ?any) FILTER(?any < 20)",
    "OPTIONAL { ?passage :note ?noted }",
    "OPTIONAL { ?passage :bad ?noted . ?document :level ?bad }",
    "MINUS { ?passage :bad ?bad }",
    "MINUS { ?document :level 2 }",
    "FILTER NOT EXISTS { ?passage :note ?note }",
    "VALUES ?tag { '甲' '乙' }",
    "?passage :document [ :level ?within ] .",
    "{ ?passage :tag ?either } UNION { ?passage :note ?note }",
    "{ SELECT ?document (MAX(?r) AS ?most) { ?p :document ?document ; :rank ?r } GROUP BY ?document }",
    "GRAPH ?graph { ?passage :rank ?ranked }",
    "?passage :document/:level ?far ; ?any_predicate ?tag .",
]


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    parts=st.lists(st.sampled_from(PARTS), min_size=1, max_size=6, unique=True),
    place=st.integers(0, 6),
    behind=st.sampled_from(["", " VALUES ?level { 1 2 3 }"]),
)
def test_whatever_satisfies_a_query_comes_through_its_sieve(
    sample: Sample, parts: list[str], place: int, behind: str
) -> None:
    # A BIND may not bind what stands before it: the engine refuses such a query.
    parts = sorted(parts, key=lambda part: part.startswith("BIND"))
    parts.insert(min(place, len(parts)), BLOCK)
    rest = rest_of(" ".join(parts), behind)
    if rest.sieve is None:
        return
    store = sample[0]
    rows = " ".join(f"(<{passage_iri(number)}> 0.{number:02})" for number in range(len(TEXTS)))
    values = f"VALUES (?passage ?score) {{ {rows} }}"

    def through(query: tuple[str, str]) -> set[str]:
        found = store.query(values.join(query), use_default_graph_as_union=True)
        return {row[0].value for row in found if row[0] is not None}  # type: ignore[union-attr]

    assert through(rest.survivors) <= through(rest.sieve)


def test_the_facts_of_few_are_asked_for(sample: Sample) -> None:
    """Of twenty passages seven have the tag: only these are asked about in full."""
    store, index, naive = sample
    query = f"{PREFIXES} SELECT * {{ {BLOCK} ?passage :tag '甲' ; fg:text ?text ; :document ?document }}"
    asked: list[str] = []

    def ask(text: str) -> object:
        asked.append(text)
        return store.query(text, use_default_graph_as_union=True)

    resolved = PassageSimilarity(index).resolve(query, ask)  # type: ignore[arg-type]
    in_full = [text for text in asked if "fg:text" in text.split("WHERE")[1]]
    tagged = {passage_iri(number) for number in range(0, len(TEXTS), 3)}
    assert len(asked) == 2
    assert len(in_full) == 1
    assert in_full[0].count("(<") == len(tagged) == 7
    assert resolved.runs[0].returned == 7
    assert {row["passage"].value for row in answered(store, index, query)[0]} == tagged
    assert naive.scores("专业人员不足")
