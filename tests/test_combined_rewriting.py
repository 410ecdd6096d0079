"""``fg:similar`` anywhere in a query gives what trying every passage in its place gives, by either plan."""

from __future__ import annotations

import random
from pathlib import Path

import pytest
from combined_samples import FG, PLANS, PREFIXES, Naive, answered, made, same
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pyoxigraph import Store

from fiscalgraph.graph.sparql import Limits, QueryRefused, ResultTooLarge, evaluate
from fiscalgraph.search.combined import PassageSimilarity, parse
from fiscalgraph.search.combined.blocks import read_blocks
from fiscalgraph.search.combined.rewriting import Rewriting

QUERY = "专业人员不足"
Sample = tuple[Store, Path, Naive]

# What may stand around a block. Literals and comments hold what must not be taken for the query's own.
SIBLINGS = [
    "?passage :tag ?tag .",
    "?passage :document ?document . ?document :level ?level .",
    "?passage a?kind.",
    "FILTER(?tag != \"丙 } SERVICE fg:similar { ?passage fg:query 'x' }\")",
    "FILTER(?score > 0.2)",
    "BIND(?score * 2 AS ?double) FILTER(?double < 1.5) ",
    "OPTIONAL { ?passage :note ?note }",
    "OPTIONAL { ?passage :note ?high FILTER(?score > 0.3) }",
    "MINUS { ?passage :bad ?bad }",
    "FILTER NOT EXISTS { ?passage :bad true . ?passage :rank 6 }",
    "FILTER EXISTS { ?passage :note ?any }",
    '{ ?passage :tag "甲" } UNION { ?passage :tag "\\u4e59" }',
    "VALUES ?tag { '甲' '乙' }",
    '# } SERVICE fg:similar { "\n',
    "{ SELECT ?document (COUNT(*) AS ?number) { ?each :document ?document } GROUP BY ?document }",
    "GRAPH ?graph { ?passage :rank ?rank }",
    "?passage (:document/:level)|:rank ?number2 FILTER(?number2 < 15)",
    "VALUES (?passage ?given) { (<http://example.org/passage/1> 1) (<http://example.org/passage/2> UNDEF) "
    "(<http://example.org/passage/11> '''}\"''') }",
    "?passage :rank ?r1;:tag ?t1,?t2.",
    "{ { ?passage :rank ?deep FILTER(?deep >= 2) } }",
]
WRAPPINGS = [
    "%BLOCK%",
    "{ %BLOCK% }",
    "{ ?passage :tag ?inner . %BLOCK% FILTER(?score < 0.9) }",
    "OPTIONAL { %BLOCK% }",
    "OPTIONAL { ?passage :note ?n2 . %BLOCK% }",
    "OPTIONAL { ?passage :note ?n2 . %BLOCK% FILTER(?score > 0.35) OPTIONAL { ?passage :bad ?b2 } }",
    "{ ?passage :bad ?y } UNION { %BLOCK% }",
    '{ %BLOCK% ?passage :tag "甲" } UNION { ?passage :bad ?y } UNION { ?passage :note ?z }',
    "GRAPH ?other { ?passage :document ?d2 . %BLOCK% }",
    "GRAPH ?other { OPTIONAL { ?passage :note ?n3 } %BLOCK% }",
    "OPTIONAL { ?passage :note ?early } %BLOCK%",
    "%BLOCK% OPTIONAL { ?passage :bad ?late } ?passage :rank ?r3 .",
    "{ OPTIONAL { { ?passage :rank ?r4 . %BLOCK% } UNION { ?passage :bad ?y4 } } }",
]
SERVICES = [
    'SERVICE fg:similar {{ ?passage fg:query "{0}" ; fg:score ?score ; fg:k {1} }}',
    "service silent <https://w3id.org/fiscalgraph/ontology#similar>{{?passage fg:score ?score;fg:k {1} ;"
    "fg:query '''{0}'''.}}",
    "SERVICE # {{ a comment\n fg:similar\n{{ ?passage fg:query '{0}'@zh . ?passage fg:k {1} ; "
    "fg:score ?score ; . }}",
]


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Sample:
    store, index = made(tmp_path_factory.mktemp("combined"))
    return store, index, Naive(store, index)


def checked(sample: Sample, template: str, service: str, k: int) -> int:
    """Compare both plans with the naive answer of a template; the number of its rows."""
    store, index, naive = sample
    values = naive.values(QUERY, k, template)
    expected = naive.ask(template.replace("%BLOCK%", values))
    variables = ["passage", "score"]
    for plan in (*PLANS, None):
        if plan == "graph first" and not can_ask_the_graph(template.replace("%BLOCK%", service)):
            continue
        rows, runs = answered(store, index, template.replace("%BLOCK%", service), plan)
        assert same(rows, expected, variables), (plan, template, values)
        assert runs[0].returned == values.count("<")
    return len(expected)


def can_ask_the_graph(query: str) -> bool:
    structure = parse(query)
    return Rewriting(structure, read_blocks(structure)).rest(0, {}, whole_dataset=True).candidates is not None


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    siblings=st.lists(st.sampled_from(SIBLINGS), max_size=4, unique=True),
    wrapping=st.sampled_from(WRAPPINGS),
    place=st.integers(0, 4),
    service=st.sampled_from(SERVICES),
    k=st.sampled_from([1, 3, 30]),
    modifiers=st.sampled_from(["", " ORDER BY ?score LIMIT 500", " VALUES ?tag { '甲' }"]),
)
def test_any_rest_is_honoured(
    sample: Sample,
    siblings: list[str],
    wrapping: str,
    place: int,
    service: str,
    k: int,
    modifiers: str,
) -> None:
    parts = list(siblings)
    parts.insert(min(place, len(parts)), wrapping)
    template = f"{PREFIXES} SELECT * WHERE {{ {' '.join(parts)} }}{modifiers}"
    checked(sample, template, service.format(QUERY, k), k)


OURS = "https://w3id.org/fiscalgraph/ontology#similar"
BLOCK = '{ ?passage fg:query "人员" }'
NOWHERE = "<http://127.0.0.1:1/>"  # a port the engine itself refuses: no test goes on the network


@pytest.mark.parametrize(
    "query",
    [
        f"PREFIX fg: <{FG}> SELECT * {{ SERVICE fg:similar {BLOCK} }}",
        f"PREFIX fg: <{FG}> select*{{service fg:similar{BLOCK}}}",
        f"PREFIX fg: <{FG}> SELECT * {{ SERVICE SILENT # fg:other\n <{OURS}> {BLOCK} }}",
        f"PREFIX fg: <{FG}> PREFIX like: <{FG}sim> SELECT * {{ SERVICE like:ilar {BLOCK} }}",
        f"PREFIX fg: {NOWHERE} PREFIX fg: <{FG}> SELECT * {{ SERVICE fg:similar {BLOCK} }}",
        f"BASE <{FG[:-1]}> PREFIX fg: <{FG}> SELECT * {{ SERVICE <#similar> {BLOCK} }}",
        f"PREFIX fg: <{FG}> SELECT * {{ SERVICE <{OURS[:-2]}\\u0061r> {BLOCK} }}",
        f"PREFIX fg: <{FG}> SELECT * {{ {{ SELECT * {{ OPTIONAL {{ SERVICE fg:similar {BLOCK} }} }} }} }}",
    ],
)
def test_the_service_is_known_by_what_its_name_resolves_to(sample: Sample, query: str) -> None:
    store, index, _ = sample
    assert len(evaluate(store, query, similarity=PassageSimilarity(index)).rows) == 10


@pytest.mark.parametrize(
    "query",
    [
        f"PREFIX fg: <{FG}> PREFIX fg: {NOWHERE} SELECT * {{ SERVICE fg:similar {BLOCK} }}",
        f"PREFIX fg: {NOWHERE} SELECT * {{ SERVICE fg:similar {BLOCK} }}",
        f"PREFIX fg: <{FG}> SELECT * {{ SERVICE fg:Similar {BLOCK} }}",
        f"PREFIX fg: <{FG}> SELECT * {{ SERVICE fg:similarity {BLOCK} }}",
        f"PREFIX fg: <{FG}> SELECT * {{ SERVICE <{OURS}/> {BLOCK} }}",
        f"PREFIX fg: <{FG}> SELECT * {{ SERVICE ?fg {BLOCK} VALUES ?fg {{ fg:similar }} }}",
        f"PREFIX fg: <{FG}> SELECT * {{ SERVICEfg:similar {BLOCK} }}",
        f"PREFIX fg: <{FG}> SELECT * {{ SERVICESILENT fg:similar {BLOCK} }}",
        f"PREFIX fg: <{FG}> SELECT * {{ \\u0053ERVICE fg:similar {BLOCK} }}",
        f"PREFIX fg: <{FG}> SELECT * {{ SERVICE fg:similar {BLOCK} SERVICE {NOWHERE} {{ ?s ?p ?o }} }}",
        f"PREFIX fg: <{FG}> SELECT * {{ SERVICE {NOWHERE} {{ SERVICE fg:similar {BLOCK} }} }}",
        f"PREFIX fg: <{FG}> SELECT * {{ SERVICE fg:similar {{ SERVICE {NOWHERE} {{ ?s ?p ?o }} }} }}",
        f"PREFIX fg: <{FG}> SELECT * {{ SERVICE fg:similar {BLOCK} }} #'\n SERVICE {NOWHERE} {{}}",
        f"PREFIX SERVICE: <{FG}> SELECT * {{ SERVICE SERVICE:similar {BLOCK} }}",
    ],
)
def test_every_other_service_is_refused(sample: Sample, query: str) -> None:
    store, index, _ = sample
    with pytest.raises(QueryRefused):
        evaluate(store, query, similarity=PassageSimilarity(index))


def test_no_rewritten_query_calls_another_server(sample: Sample) -> None:
    """Whatever stands around a block, the engine is never left with a SERVICE: it would fail to connect."""
    store, index, _ = sample
    similarity = PassageSimilarity(index)
    dice = random.Random(7)
    braces = ("{", "}", "OPTIONAL {", "} UNION {", "MINUS {", "FILTER EXISTS {", ".")
    quotes = ("#}\n", "#'\n", "''' ")
    services = (f"SERVICE{NOWHERE}{{?a ?b ?c}}", "SERVICEx:y{}", "SerVice\n:y{?a ?b ?c}")
    filters = ("FILTER(?p<?o&&'x>y'='z')", "FILTER(?a<?b#c>'''\n)", "BIND(1 AS ?x)", "VALUES ?y { 1 }")
    patterns = ("?passage ?p ?o", "?s ?p '''x'''.", '?s ?p "SERVICE" .', "?s ?p x:a.")
    block = f"SERVICE fg:similar {BLOCK}"
    pieces = [block, *braces, *quotes, *services, *filters, *patterns]
    answered_some = 0
    for _ in range(1200):
        inside = dice.choice(["", " "]).join(dice.choices(pieces, k=dice.randint(1, 6)))
        query = f"PREFIX fg: <{FG}> PREFIX x: {NOWHERE} PREFIX : {NOWHERE} SELECT * {{ {inside} {block} }}"
        try:
            evaluate(store, query, Limits(rows=10_000), similarity)
            answered_some += 1
        except (QueryRefused, ResultTooLarge):
            continue
    assert answered_some > 20
