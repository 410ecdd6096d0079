"""The named queries: what was read comes back, field for field, in reading order."""

from __future__ import annotations

import csv
import dataclasses
import io
from collections.abc import Iterable
from decimal import Decimal

import pytest
from graph_records import CONTRADICTIONS, disclosure, identity, line, place
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pyoxigraph import Store

from fiscalgraph.extract.records import (
    Coverage,
    DisclosureRecords,
    Finding,
    Fund,
    Indicator,
    Source,
    records_from_json,
    records_to_json,
)
from fiscalgraph.graph.checks import CheckResult, Side, Verdict
from fiscalgraph.graph.linking import link_quads
from fiscalgraph.graph.mapping import document_quads
from fiscalgraph.graph.sparql import QueryResult, evaluate_trusted
from fiscalgraph.ontology import ontology_quads
from fiscalgraph.ontology.classification import classification_quads
from fiscalgraph.ontology.terms import FG, RDF
from fiscalgraph.queries import QueryNotFound, WrongParameter, list_queries, load
from fiscalgraph.queries.columns import headings

RECORD_QUERIES = {
    "documents": "document issuer kind fiscal_year amount_unit pages sha256",
    "units": "document unit relation",
    "spending": "document table code name column printed unit amount",
    "totals": "document table side item column printed unit amount",
    "narrative": "document class subclass item printed unit percent purpose reason",
    "projects": "document project scope department implementing_unit unit budget_initial budget_full "
    "executed rate score narrative_score narrative_budget narrative_executed narrative_rate sources",
    "funds": "document project implementing_unit source budget_initial budget_full executed weight rate "
    "score unit",
    "indicators": "document project implementing_unit level1 level2 level3 target actual weight score reason",
    "findings": "document project kind text ordinal",
    "laws": "document title document_number kind mentions",
    "contradictions": "document kind left right detail",
}
RENAMED = {"class": "class_name", "source": "fund"}


# These need a passage index beside the graph: test_combined.py asks them.
BY_SIMILARITY = {"projects-with-similar-reasons"}


def graph(
    documents: Iterable[DisclosureRecords], contradictions: tuple[CheckResult, ...] = CONTRADICTIONS
) -> Store:
    store = Store()
    store.extend(ontology_quads())
    store.extend(classification_quads())
    for records in documents:
        store.extend(document_quads(records, contradictions))
    return store


def ask(store: Store, name: str, **values: str | list[str]) -> QueryResult:
    return evaluate_trusted(store, load(name).fill(values))


def rows(store: Store, name: str, **values: str | list[str]) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(ask(store, name, **values).to_csv(), newline="")))


def expected(records: DisclosureRecords, name: str) -> list[dict[str, str]]:
    """What RECORD_QUERIES should give back, straight from the records."""
    listed = {
        "documents": (records.identity,),
        "contradictions": CONTRADICTIONS,
    }.get(name) or getattr(records, name)
    found = []
    for record in listed:
        values = {**{key: getattr(record, key) for key in record.__dataclass_fields__}}
        if isinstance(record, CheckResult):
            values |= {"kind": record.kind, "left": record.left.printed, "right": record.right.printed}
            values["source"] = record.left.sources[0]
        values["document"] = records.identity.document
        if name == "projects":
            values["sources"] = " ".join(record.sources)
        source: Source = values["source"] if name == "contradictions" else record.source
        row = {
            column: values[RENAMED.get(column, column) if column in ("class", "source") else column]
            for column in RECORD_QUERIES[name].split()
        }
        row |= {"page": source.page, "line": source.line, "quote": source.quote}
        if isinstance(record, CheckResult):
            row |= {"verdict": record.verdict, "check": record.check}
            row |= {"difference": record.difference, "unit": record.unit}
            there = record.right.sources[0] if record.right.sources else None
            row |= {
                f"counterpart_{field}": None if there is None else getattr(there, field)
                for field in ("page", "line", "quote")
            }
        found.append({key: "" if value is None else str(value) for key, value in row.items()})
    return found


def same(found: list[dict[str, str]], wanted: list[dict[str, str]]) -> None:
    """Equal, amounts by value."""
    for row in (*found, *wanted):
        for column in ("amount", "difference"):
            if row.get(column):
                row[column] = str(Decimal(row[column]).normalize())
    assert found == wanted


@pytest.mark.parametrize("name", RECORD_QUERIES)
def test_records_come_back_field_for_field(name: str) -> None:
    records = disclosure()
    same(rows(graph([records]), name), expected(records, name))


@pytest.mark.parametrize("name", RECORD_QUERIES)
def test_columns_are_those_of_the_records_then_the_place(name: str) -> None:
    wanted = (*RECORD_QUERIES[name].split(), "page", "line", "quote")
    further = load(name).columns[len(wanted) :]
    assert load(name).columns[: len(wanted)] == wanted
    assert not further or name == "contradictions"


@pytest.mark.parametrize("name", RECORD_QUERIES)
def test_documents_follow_each_other_and_one_can_be_chosen(name: str) -> None:
    documents = [disclosure(stem) for stem in ("乙", "b", "a")]
    store = graph(documents)
    stems = [row["document"] for row in rows(store, name)]
    assert stems == sorted(stems)
    assert set(stems) == {"a", "b", "乙"}
    same(rows(store, name, document="b"), expected(documents[1], name))


TEXT = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=12) | st.sampled_from(
    [
        "“引号”",
        '"',
        "\\",
        "a\nb",
        "\r\n",
        "\t",
        "{}<>",
        "'''",
        "# @bind",
        "?document",
        "，。《》〔2020〕",
        "😀",
    ]
)
MAYBE = st.none() | TEXT


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.tuples(MAYBE, MAYBE, MAYBE, TEXT, MAYBE), min_size=1, max_size=4), TEXT, TEXT)
def test_any_text_comes_back_unchanged(
    fields: list[tuple[str | None, str | None, str | None, str, str | None]], stem: str, quote: str
) -> None:
    source = Source(quote, line=7)
    records = DisclosureRecords(
        identity(stem),
        spending=tuple(line(a, d, d, unit=b, name=c, table=d) for a, b, c, d, _ in fields),
        funds=tuple(Fund(0, d, a, d, b, c, e, a, b, c, e, source) for a, b, c, d, e in fields),
        indicators=tuple(Indicator(0, d, a, a, b, c, d, e, a, b, c, source) for a, b, c, d, e in fields),
        findings=tuple(Finding(None, a, "problem_cause", d, None, source) for a, b, c, d, e in fields),
    )
    store = graph([records], ())
    for name in ("documents", "spending", "funds", "indicators", "findings"):
        answer = ask(store, name)
        found = [
            {key: "" if term is None else term.text for key, term in zip(answer.variables, row, strict=True)}
            for row in answer.rows
        ]
        same(found, expected(records, name))


def test_records_survive_their_json_on_the_way() -> None:
    records = disclosure()
    assert list(document_quads(records)) == list(document_quads(records_from_json(records_to_json(records))))


@pytest.mark.parametrize("name", sorted(set(list_queries()) - BY_SIMILARITY))
def test_every_query_runs_as_it_stands_and_gives_its_columns(name: str) -> None:
    query = load(name)
    answer = evaluate_trusted(graph([disclosure()]), query.sparql)
    assert answer.variables == query.columns
    assert query.title_en
    assert query.title_zh
    assert query.description_zh
    assert query.example.startswith(f"fiscalgraph query {name}")


# Values for which the sample disclosure has an answer.
ANSWERED = {
    "budget-to-execution": {"department": "水务"},
    "checks": {"verdict": "contradicts"},
    "checks-by-document": {},
    "claims": {"kind": "goal"},
    "contested-figures": {},
    "contradictions-by-document": {},
    "coverage": {},
    "department-budget-and-accounts": {"department": "水务"},
    "department-findings": {"department": "水务", "kind": "problem_cause"},
    "disclosures": {"fiscal_year": "2024"},
    "indicators-by-achievement": {"max_ratio": "0.81"},
    "laws-by-departments": {},
    "leftovers": {"what": "page"},
    "missed-indicators": {},
    "project-chain": {"project": "水资源"},
    "projects-by-execution-rate": {"max_rate": "66.7"},
    "sources": {"thing": "https://w3id.org/fiscalgraph/id/document/云泽省水务厅␣2024"},
    "spending-by-code": {"code": "213"},
    "three-publics": {"item": "公务接待费"},
}


def contested(records: DisclosureRecords) -> CheckResult:
    """A contradiction with a printed amount on its left side."""
    line = next(line for line in records.spending if line.amount is not None)
    right = Side("0", (), computed=True)
    return CheckResult(
        "code-hierarchy", Verdict.CONTRADICTS, Side.of(line.printed, line), right, "", line.amount
    )


# These need two disclosures: another department, another year.
OF_SEVERAL = {
    "links",
    "cause-types",
    "checks-between-documents",
    "code-year-on-year",
    "departments-on-project-code",
    "issue-measures",
    "issue-members",
    "issues",
    "outcomes",
    "shared_causes",
    "shared_issues",
    "typed-causes",
    "unit-shares",
}


def test_every_question_is_answered_by_the_sample() -> None:
    records = disclosure()
    store = graph([records], (*CONTRADICTIONS, contested(records)))
    assert set(ANSWERED) == set(list_queries()) - set(RECORD_QUERIES) - OF_SEVERAL - BY_SIMILARITY
    assert not [name for name, values in ANSWERED.items() if not rows(store, name, **values)]


def test_links_name_both_passages() -> None:
    store = graph([disclosure("a"), disclosure("b", "清河市水务局")])
    passages = sorted(quad.subject.value for quad in store.quads_for_pattern(None, RDF.type, FG.Passage))
    left = next(iri for iri in passages if "/a/" in iri and "problem_cause" in iri)
    right = next(iri for iri in passages if "/b/" in iri and "problem_cause" in iri)
    store.extend(link_quads([(left, right, 0.97)]))
    (row,) = rows(store, "links")
    assert (row["passage_a"], row["passage_b"], row["score"]) == (left, right, "0.97")
    assert row["text_a"] == row["text_b"] == "资金到位晚，设备采购推迟"


def test_coverage_is_counted_and_shared_out() -> None:
    found = rows(graph([disclosure()]), "coverage")
    assert [(row["what"], row["total"], row["read"], row["share"]) for row in found] == [
        ("page", "48", "47", "97.9"),
        ("table", "20", "19", "95"),
        ("cell", "900", "890", "98.9"),
        ("paragraph", "300", "280", "93.3"),
    ]
    assert {row["document"] for row in found} == {"云泽省水务厅 2024"}


def test_coverage_of_nothing_has_no_share() -> None:
    records = dataclasses.replace(disclosure(), coverage=Coverage(paragraphs=3, paragraphs_read=3))
    found = {row["what"]: row["share"] for row in rows(graph([records]), "coverage")}
    assert found == {"table": "", "cell": "", "paragraph": "100"}


def test_leftovers_name_problems_of_the_document_first() -> None:
    found = rows(graph([disclosure()]), "leftovers")
    assert [(row["what"], row["why"], row["page"]) for row in found] == [
        ("document", "page 13 has no text layer", ""),
        ("page", "no text layer", "13"),
    ]


def test_documents_published_apart_are_one_disclosure() -> None:
    store = graph([disclosure("乙"), disclosure("甲"), disclosure("丙", "清河市水务局")])
    found = rows(store, "disclosures")
    assert [(row["issuer"], row["parts"], row["documents"], row["files"]) for row in found] == [
        ("云泽省水务厅", "2", "乙; 甲", "乙.pdf; 甲.pdf"),
        ("清河市水务局", "1", "丙", "丙.pdf"),
    ]
    assert {(row["kind"], row["fiscal_year"]) for row in found} == {("部门决算", "2024")}
    assert len(rows(store, "disclosures", issuer="清河市水务局")) == 1
    assert rows(store, "disclosures", fiscal_year="2023") == []


def test_low_execution_is_computed_from_the_amounts() -> None:
    store = graph([disclosure()])
    (row,) = rows(store, "projects-by-execution-rate", max_rate="66.7")
    assert (row["rate"], row["printed_rate"], row["page"]) == ("66.66", "66.66%", "30")
    assert rows(store, "projects-by-execution-rate", max_rate="66") == []


def test_spending_of_a_code_leaves_breakdowns_and_revenue_out() -> None:
    spending = (
        line("213", "本年支出合计", "10", amount="100000", name="农林水支出"),
        line("213", "基本支出", "4", amount="40000", name="农林水支出"),
        line("213", "项目支出", "6", amount="60000", name="农林水支出"),
        line("213", "本年收入合计", "10", amount="100000", name="农林水支出", table="收入决算表", index=1),
    )
    documents = [
        DisclosureRecords(identity(name, issuer), spending=spending)
        for name, issuer in (("a", "清河市水务局"), ("b", "云泽省水务厅"))
    ]
    found = rows(graph(documents, ()), "spending-by-code", code="213")
    assert [(row["organization"], row["amount"]) for row in found] == [
        ("云泽省水务厅", "100000"),
        ("清河市水务局", "100000"),
    ]


def test_several_values_mean_any_of_them() -> None:
    store = graph([disclosure(name) for name in ("a", "b", "c")])
    assert {row["document"] for row in rows(store, "documents", document=["a", "c"])} == {"a", "c"}


@pytest.mark.parametrize(
    "value", ['" } SERVICE <http://127.0.0.1:1/> { ?s ?p ?o', "\\", '\\"', "a\n} #", "\r", "'", "{}"]
)
def test_a_value_cannot_leave_its_literal(value: str) -> None:
    records = dataclasses.replace(disclosure(), identity=identity(value))
    store = graph([disclosure(), records])
    assert [row["document"] for row in rows(store, "documents", document=value)] == [value]


@pytest.mark.parametrize(
    ("query", "values", "why"),
    [
        ("documents", {"year": "2024"}, "no parameter 'year'"),
        ("projects-by-execution-rate", {"max_rate": "80 } #"}, "is no decimal"),
        ("projects-by-execution-rate", {"max_rate": "NaN"}, "is no decimal"),
        ("sources", {"thing": "x> ?p ?o . <y"}, "is no iri"),
    ],
)
def test_a_wrong_parameter_is_refused(query: str, values: dict[str, str], why: str) -> None:
    with pytest.raises(WrongParameter, match=why):
        load(query).fill(values)


def test_an_unknown_query_names_those_there_are() -> None:
    with pytest.raises(QueryNotFound, match="spending"):
        load("expenses")


def test_a_table_of_one_page_is_told_from_its_repetition() -> None:
    twice = tuple(line("213", "合计", "1", amount="10000", index=index) for index in (0, 1))
    records = DisclosureRecords(identity(), spending=twice)
    assert len(rows(graph([records], ()), "spending")) == 2


def test_lines_of_a_text_file_are_given() -> None:
    source = Source("资金到位晚", line=211)
    records = DisclosureRecords(
        identity(source=place("x")), findings=(Finding(None, None, "problem_cause", "资金到位晚", 1, source),)
    )
    (row,) = rows(graph([records], ()), "findings")
    assert (row["page"], row["line"], row["quote"]) == ("", "211", "资金到位晚")


@pytest.mark.parametrize("name", list_queries())
def test_every_column_has_a_heading_of_its_own_in_both_languages(name: str) -> None:
    columns = load(name).columns
    for language in ("zh", "en"):
        titles = headings(columns, language)
        assert len(set(titles)) == len(columns)
        assert all(titles)
        assert not any("{" in title for title in titles)
    assert all(not title.isascii() for title in headings(columns, "zh") if title != "SHA-256")
