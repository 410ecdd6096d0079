"""Issues in the graph: what is at stake counts once, members lead to their places, a build keeps them."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from graph_records import disclosure
from pyoxigraph import Literal, NamedNode, Quad, Store
from running import ROOT, built

from fiscalgraph.api.issue_book import IssueBook, IssueFilters, IssueView
from fiscalgraph.graph.identifiers import ISSUES_GRAPH, issue_iri
from fiscalgraph.graph.issue_stakes import Concern, Concerns, Explained, explained_once, stake_of
from fiscalgraph.graph.mapping import document_quads
from fiscalgraph.graph.mapping_issues import (
    IssueRun,
    IssueType,
    StatedIssue,
    StatedMember,
    TypedPassage,
    issue_quads,
)
from fiscalgraph.graph.sparql import evaluate_trusted
from fiscalgraph.graph.store import GenerationStore
from fiscalgraph.graph.validation import SHARED, check_constraints, check_shapes
from fiscalgraph.ontology import ontology_quads
from fiscalgraph.ontology.classification import classification_quads
from fiscalgraph.ontology.terms import CODES, DCTERMS, FG, PREFIXES, RDF, SKOS
from fiscalgraph.queries import load
from fiscalgraph.search.encoder import load_encoder
from fiscalgraph.search.index import PassageIndex
from fiscalgraph.search.issues.keeping import kept_issues, read_issues
from fiscalgraph.search.issues.stating import issue_statements
from fiscalgraph.search.links import neighbour_links

TRUTH = ROOT / "samples" / "truth"
RUN = IssueRun("model", "weights", {"joined": 0.5}, {"old": "late", "gone": None})


# ---- what is at stake ----


def concern(
    project: str | None, budget: str | None, unspent: str | None, year: int = 2024, **more: Any
) -> Concern:
    amounts = (None if amount is None else Decimal(amount) for amount in (budget, unspent))
    return Concern(
        "d", "unit", more.pop("department", "甲"), more.pop("region", None), year, project, *amounts, **more
    )


def test_a_project_counts_once_in_a_year_however_many_passages_speak_of_it() -> None:
    stake = stake_of([concern("p", "100", "7"), concern("p", "100", "7"), concern("q", "50", "0")])
    assert (stake.projects, stake.budget, stake.unspent) == (2, Decimal(150), Decimal(7))
    assert (stake.with_budget, stake.with_unspent) == (2, 2)


def test_each_years_budget_of_a_project_is_money_of_its_own() -> None:
    stake = stake_of([concern("p", "100", "7"), concern("p", "100", "7", year=2023)])
    assert (stake.projects, stake.budget, stake.years) == (2, Decimal(200), (2023, 2024))


def test_an_amount_that_documents_print_differently_is_not_told() -> None:
    stake = stake_of([concern("p", "100", "7"), concern("p", "101", "7"), concern("q", "50", None)])
    assert (stake.projects, stake.budget, stake.with_budget) == (2, Decimal(50), 1)
    assert (stake.unspent, stake.with_unspent) == (Decimal(7), 1)


def test_what_cannot_be_told_is_absent_and_not_nothing() -> None:
    stake = stake_of([concern("p", None, None), concern(None, None, None)])
    assert (stake.projects, stake.budget, stake.unspent, stake.points_lost) == (1, None, None, None)


def test_points_of_an_indicator_count_once() -> None:
    lost = (Explained("i", "数量 面积 ≥5", Decimal("2.5")), Explained("j", "质量 合格率 100%", None))
    stake = stake_of(
        [concern("p", None, None, indicators=lost), concern("p", None, None, indicators=lost[:1])]
    )
    assert stake.points_lost == Decimal("2.5")


def test_an_indicator_counts_once_where_two_copies_of_a_disclosure_print_it() -> None:
    def copies(*points: str, year: int = 2024) -> list[Concern]:
        return [
            concern("p", None, None, year, indicators=(Explained(f"{year}/{n}", "面积", Decimal(lost)),))
            for n, lost in enumerate(points)
        ]

    assert explained_once(copies("2", "2")) == {"2024/0": Decimal(2)}
    assert stake_of(copies("2", "2") + copies("1", year=2023)).points_lost == Decimal(3)
    assert stake_of(copies("2", "3")).points_lost is None


def test_a_department_as_a_whole_is_no_project(sample_home: Path) -> None:
    store = GenerationStore(sample_home).open_reader().store
    concerns = Concerns(store)
    wholes = [
        quad.subject.value
        for quad in store.quads_for_pattern(None, FG.projectName, Literal("部门整体支出"))
        if any(store.quads_for_pattern(quad.subject, FG.passageKind, None))
    ]
    assert len(wholes) > 3
    found = [concerns.of(passage) for passage in wholes]
    assert all(each is not None and each.project is each.budget is each.unspent is None for each in found)


# ---- statements ----


@pytest.fixture
def store() -> Store:
    """Two disclosures, without issues."""
    made = Store()
    made.bulk_extend([*ontology_quads(), *classification_quads()])
    for records in (disclosure("a"), disclosure("b", "清河市水务局")):
        made.bulk_extend(list(document_quads(records)))
    return made


def causes(store: Store) -> list[str]:
    kind = CODES["passage kind"]["problem_cause"]
    return sorted(str(quad.subject.value) for quad in store.quads_for_pattern(None, FG.passageKind, kind))


def stated(store: Store, **changes: Any) -> StatedIssue:
    first, *_, last = causes(store)
    members = (
        StatedMember(first, "资金到位晚，设备采购推迟", 0.9, 0.4),
        StatedMember(f"{last}#part-2", "设备采购推迟", 0.8, 0.5),
    )
    values: dict[str, Any] = {
        "id": "late",
        "side": "cause",
        "label": "资金到位晚",
        "definition": "资金到位晚，设备采购推迟",
        "specificity": 0.45,
        "members": members,
        "former": ("old",),
        "split_from": None,
        "type": IssueType("late-funds", "closeMatch", 1.0),
    }
    return StatedIssue(**{**values, **changes})


def with_issue(store: Store) -> Store:
    typed = TypedPassage(causes(store)[0], "资金到位晚，设备采购推迟", "late-funds", 0.97)
    store.extend(issue_quads(store, [stated(store)], RUN, [typed]))
    return store


def values(store: Store, subject: NamedNode, predicate: NamedNode) -> list[str]:
    return sorted(str(quad.object.value) for quad in store.quads_for_pattern(subject, predicate, None))


def asked(store: Store, name: str, **parameters: str) -> list[dict[str, str]]:
    answer = evaluate_trusted(store, load(name).fill(parameters))
    return [
        {key: "" if term is None else term.text for key, term in zip(answer.variables, row, strict=True)}
        for row in answer.rows
    ]


def test_an_issue_is_a_concept_with_members_and_a_type_and_keeps_all_rules(store: Store) -> None:
    with_issue(store)
    issue = issue_iri("late")
    assert values(store, issue, RDF.type) == [SKOS.Concept.value, FG.Issue.value]
    assert values(store, issue, SKOS.closeMatch) == [PREFIXES["fgcause"] + "late-funds"]
    assert len(values(store, issue, FG.hasMembership)) == 2
    assert len(values(store, issue, FG.concernedDepartment)) == 2
    assert values(store, issue, DCTERMS.replaces) == [issue_iri("old").value]
    assert values(store, issue_iri("old"), DCTERMS.isReplacedBy) == [issue.value]
    assert values(store, issue_iri("gone"), RDF.type) == [FG.RetiredIssue.value]
    assert check_shapes(store, [SHARED]) == []
    assert check_constraints(store) == []


def test_an_item_of_a_passage_has_words_of_its_own_and_the_place_of_the_passage(store: Store) -> None:
    rows = asked(with_issue(store), "issue-members")
    assert [row["text"] for row in rows] == ["资金到位晚，设备采购推迟", "设备采购推迟"]
    assert [row["document"] for row in rows] == ["a", "b"]
    assert all(row["quote"] for row in rows)


def test_equal_issues_give_equal_statements_in_equal_order(store: Store) -> None:
    once, twice = (list(issue_quads(store, [stated(store)], RUN)) for _ in range(2))
    assert once == twice
    assert {quad.graph_name for quad in once} == {ISSUES_GRAPH}


def test_a_member_the_graph_does_not_know_is_left_out(store: Store) -> None:
    strange = StatedMember("https://example.org/p", "x", 0.9, 0.1)
    issue = stated(store, members=(*stated(store).members, strange))
    store.extend(issue_quads(store, [issue], RUN))
    assert len(asked(store, "issue-members")) == 2


def test_the_query_of_issues_counts_and_filters(store: Store) -> None:
    (row,) = asked(with_issue(store), "issues")
    assert (row["label"], row["type"], row["side"]) == ("资金到位晚", "资金下达晚", "cause")
    assert (row["departments"], row["passages"], row["years"]) == ("2", "2", "2024")
    assert row["department_names"] == "云泽省水务厅、清河市水务局"
    assert asked(
        store, "issues", department="清河市水务局", year="2024", type="资金下达晚", min_departments="2"
    )
    for parameters in ({"department": "别处"}, {"year": "2023"}, {"type": "人员不足"}, {"side": "measure"}):
        assert asked(store, "issues", **parameters) == []
    assert asked(store, "issues", min_departments="3") == []


def test_departments_that_share_an_issue_are_found_from_either_side(store: Store) -> None:
    with_issue(store)
    (pair,) = asked(store, "shared_issues")
    assert (pair["department_a"], pair["department_b"]) == ("云泽省水务厅", "清河市水务局")
    assert (pair["text_a"], pair["text_b"]) == ("资金到位晚，设备采购推迟", "设备采购推迟")
    (turned,) = asked(store, "shared-issues", department="清河市水务局")
    assert (turned["department_a"], turned["text_a"]) == ("清河市水务局", "设备采购推迟")
    assert asked(store, "shared_issues", department="清河市水务局", other="云泽省水务厅")
    assert asked(store, "shared_issues", other="别处") == []


def test_departments_that_share_a_type_of_cause_are_found_from_either_side(sample_home: Path) -> None:
    store = GenerationStore(sample_home).open_reader().store
    rows = asked(store, "shared_causes")
    assert len(rows) == len({(row["department_a"], row["department_b"], row["code"]) for row in rows}) > 30
    staff = next(row for row in rows if row["code"] == "staff-shortage")
    assert "人员" in staff["type"]
    turned = asked(store, "shared_causes", department=staff["department_b"], other=staff["department_a"])
    (same,) = [row for row in turned if row["code"] == "staff-shortage"]
    for one, other in (("a", "b"), ("b", "a")):
        for column in ("department", "passages", "text", "document"):
            assert staff[f"{column}_{one}"] == same[f"{column}_{other}"]
    sure = asked(store, "shared_causes", min_confidence="0.95")
    assert 0 < len(sure) < len(rows)
    assert all(float(row["confidence"]) >= 0.95 for row in sure)


def test_types_of_causes_are_asked_for_by_confidence(store: Store) -> None:
    with_issue(store)
    (row,) = asked(store, "cause-types")
    assert (row["type"], row["passages"], row["issues"]) == ("资金下达晚", "1", "1")
    assert asked(store, "typed-causes", min_confidence="0.97")[0]["confidence"] == "0.97"
    assert (
        asked(store, "typed-causes", min_confidence="0.98") == asked(store, "typed-causes", type="别的") == []
    )


def put(subject: Callable[[Store], NamedNode], predicate: NamedNode, value: Any) -> Callable[[Store], None]:
    def change(store: Store) -> None:
        node = subject(store)
        for quad in list(store.quads_for_pattern(node, predicate, None)):
            store.remove(quad)
        if value is not None:
            store.add(Quad(node, predicate, value, ISSUES_GRAPH))

    return change


def first(kind: NamedNode) -> Callable[[Store], NamedNode]:
    def find(store: Store) -> NamedNode:
        nodes = [quad.subject for quad in store.quads_for_pattern(None, RDF.type, kind)]
        return min((node for node in nodes if isinstance(node, NamedNode)), key=lambda node: node.value)

    return find


def decimal(text: str) -> Literal:
    return Literal(text, datatype=NamedNode(PREFIXES["xsd"] + "decimal"))


NOWHERE = NamedNode("https://example.org/nowhere")


@pytest.mark.parametrize(
    ("rule", "damage"),
    [
        ("issueName", put(first(FG.Issue), SKOS.prefLabel, None)),
        ("issueDefinition", put(first(FG.Issue), SKOS.definition, None)),
        ("issueSide", put(first(FG.Issue), FG.issueSide, CODES["outcome"]["met"])),
        ("issueMembership", put(first(FG.Issue), FG.hasMembership, None)),
        ("issueSpecificity", put(first(FG.Issue), FG.specificity, decimal("1.5"))),
        ("issueMatch", put(first(FG.Issue), SKOS.closeMatch, NOWHERE)),
        ("issueReplaces", put(first(FG.Issue), DCTERMS.replaces, NOWHERE)),
        ("concernedDepartment", put(first(FG.Issue), FG.concernedDepartment, NOWHERE)),
        ("projectsWithBudget", put(first(FG.Issue), FG.projectsWithBudget, Literal(9))),
        ("unspentAtStake", put(first(FG.Issue), FG.unspentAtStake, decimal("-1"))),
        ("statedPassage", put(first(FG.IssueMembership), FG.passage, NOWHERE)),
        ("membershipScore", put(first(FG.IssueMembership), FG.membershipScore, None)),
        ("itemOf", put(first(FG.PassageItem), FG.itemOf, None)),
        ("causeType", put(first(FG.CauseAssignment), FG.causeType, CODES["issue side"]["cause"])),
        ("assignmentConfidence", put(first(FG.CauseAssignment), FG.assignmentConfidence, decimal("2"))),
    ],
)
def test_a_broken_issue_is_caught(store: Store, rule: str, damage: Callable[[Store], None]) -> None:
    damage(with_issue(store))
    assert rule in {violation.rule for violation in check_shapes(store, [SHARED])}


# ---- on the samples ----


@pytest.fixture(scope="module")
def book(sample_home: Path) -> IssueBook:
    return IssueBook(GenerationStore(sample_home).open_reader().store)


def truth(name: str) -> dict[str, list[dict[str, Any]]]:
    """The records of one kind, by document."""
    return {
        path.parent.name: [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
        for path in sorted(TRUTH.glob(f"*/{name}.jsonl"))
    }


def document(iri: str) -> str:
    return iri.rsplit("/", 1)[-1]


def test_planted_causes_of_one_theme_meet_in_issues_of_several_departments(book: IssueBook) -> None:
    themes = {
        (name, row["text"]): row["issue"]
        for name, rows in truth("issues").items()
        for row in rows
        if row["text"]
    }
    shared: dict[str, int] = defaultdict(int)
    for view in book.find(IssueFilters(side="cause", min_departments=2)):
        found = [
            theme
            for member in view.members
            for (name, text), theme in themes.items()
            if name == document(member.concern.document) and text in member.text
        ]
        for theme in set(found):
            shared[theme] = max(shared[theme], len(view.stake.departments))
    assert len(shared) >= 8  # of the nine themes
    assert max(shared.values()) == 4  # of the four departments that report


def amount(row: dict[str, Any], name: str) -> Decimal | None:
    if not row[name]:
        return None
    times = {"元": 1, "万元": 10_000, "亿元": 100_000_000}[row["unit"]]
    return Decimal(row[name].replace(",", "")) * times


def test_money_at_stake_is_that_of_the_projects_as_they_are_printed(book: IssueBook) -> None:
    printed = {
        (name, row["project"]): (
            amount(row, "budget_full") or amount(row, "budget_initial"),
            amount(row, "executed"),
        )
        for name, rows in truth("projects").items()
        for row in rows
    }
    checked = 0
    for view in book.find(IssueFilters()):
        projects = set()
        for member in view.members:
            name = document(member.concern.document)
            project = next(
                project
                for (of, project), _ in printed.items()
                if of == name and f"/passage/{project}/" in member.passage
            )
            if project != "部门整体支出":
                projects.add((name, project))
        if any(None in printed[each] for each in projects):
            continue
        checked += 1
        assert view.stake.projects == len(projects)
        assert view.stake.budget == (sum(printed[each][0] or 0 for each in projects) if projects else None)
        unspent = sum(max(Decimal(0), (printed[each][0] or 0) - (printed[each][1] or 0)) for each in projects)
        assert view.stake.unspent == (unspent if projects else None)
    assert checked > 30


def test_outcomes_of_an_issue_are_those_planted_for_the_next_year(book: IssueBook) -> None:
    planted = {
        (name, row["level3"]): row["outcome"] for name, rows in truth("outcomes").items() for row in rows
    }
    seen = set()
    for view in book.find(IssueFilters(side="cause")):
        for member in view.members:
            for iri, *_ in member.concern.indicators:
                outcome = book.outcome_of(iri)
                if outcome not in (None, "unknown"):
                    name = NamedNode(iri).value.rsplit("/", 1)[-1]
                    assert planted[document(member.concern.document), name] == outcome
                    seen.add(outcome)
        assert sum(view.outcomes.values()) <= len(
            {iri for m in view.members for iri, *_ in m.concern.indicators}
        )
    assert {"met", "repeated"} <= seen


def test_a_year_leaves_other_years_out_and_a_department_shows_the_whole(book: IssueBook) -> None:
    whole = {view.issue.id: view for view in book.find(IssueFilters())}
    of_year = book.find(IssueFilters(year=2023))
    assert 0 < len(of_year) < len(whole)
    assert all(view.stake.years == (2023,) for view in of_year)
    department = next(iri for view in of_year for iri in view.stake.departments)
    chosen = book.find(IssueFilters(department=department))
    assert chosen
    assert all(department in view.stake.departments for view in chosen)
    assert all(_same(view, whole[view.issue.id]) for view in chosen)


def _same(view: IssueView, other: IssueView) -> bool:
    return (view.members, view.stake) == (other.members, other.stake)


def test_what_many_state_specifically_comes_first(book: IssueBook) -> None:
    order = [view.importance for view in book.find(IssueFilters())]
    assert order == sorted(order, reverse=True)


def test_the_query_and_the_book_agree(book: IssueBook, sample_home: Path) -> None:
    rows = asked(GenerationStore(sample_home).open_reader().store, "issues")
    views = book.find(IssueFilters())
    assert {row["issue"] for row in rows} == {view.issue.iri for view in views}
    by_iri = {view.issue.iri: view for view in views}
    for row in rows:
        view = by_iri[row["issue"]]
        assert row["departments"] == str(len(view.stake.departments))
        assert row["passages"] == str(len(view.members))
        assert row["budget"] == ("" if view.stake.budget is None else _plain(view.stake.budget))
        assert row["measures"] == str(len(view.answers))
        assert [row[name] for name in ("met", "repeated", "dropped", "unknown")] == [
            str(count) for count in view.outcomes.values()
        ]


def _plain(amount: Decimal) -> str:
    text = format(amount, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def test_the_same_index_gives_the_same_issues_types_and_statements(sample_home: Path, tmp_path: Path) -> None:
    reader = GenerationStore(sample_home).open_reader()
    encoder = load_encoder()
    index = PassageIndex.open(reader.directory / "passages", encoder)
    groups = index.groups()
    found, types = kept_issues(index, groups, encoder, tmp_path, None)
    for name in ("issues.json", "cause_types.json"):
        assert (tmp_path / name).read_bytes() == (reader.directory / name).read_bytes()
    again = Store()
    again.bulk_extend(issue_statements(reader.store, groups, found, types, neighbour_links(index)))
    assert set(again) == set(reader.store.quads_for_pattern(None, None, None, ISSUES_GRAPH))


def test_issues_keep_their_names_when_a_document_is_added(tmp_path: Path) -> None:
    documents = ROOT / "samples" / "documents"

    def ids() -> set[str]:
        found = read_issues(GenerationStore(tmp_path).open_reader().directory)
        assert found is not None
        return {issue.id for issue in found}

    built(
        tmp_path,
        [path for path in documents.iterdir() if path.stem in ("civil_2024_accounts", "water_2024_accounts")],
    )
    before = ids()
    built(tmp_path, [path for path in documents.iterdir() if path.stem == "hydrology_2024_accounts"])
    assert before
    assert len(before & ids()) >= 0.95 * len(before)
