"""Checks between documents: who is compared with whom, and what a difference is taken for."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from decimal import Decimal

import pytest
from pyoxigraph import Quad, Store

from fiscalgraph.extract.records import (
    DisclosureRecords,
    DocumentIdentity,
    Indicator,
    OrganizationUnit,
    Project,
    Source,
    SpendingLine,
    Statement,
    TotalLine,
)
from fiscalgraph.graph.checks.document_results import DocumentResult
from fiscalgraph.graph.checks.documents import check_documents
from fiscalgraph.graph.identifiers import COMPARISONS_GRAPH, document_iri
from fiscalgraph.graph.identity import identity_links
from fiscalgraph.graph.mapping import document_quads
from fiscalgraph.graph.mapping_checks import comparison_quads
from fiscalgraph.ontology import ontology_quads
from fiscalgraph.ontology.document_identities import document_identities
from fiscalgraph.ontology.terms import FG

DEPARTMENT, UNIT, OTHER = "云泽省水务厅", "云泽省水文监测中心", "云泽省水利设计院"
BUDGET, ACCOUNTS = "一般公共预算财政拨款支出表", "一般公共预算财政拨款支出决算表"
WAN = Decimal(10_000)


def disclosure(
    name: str, kind: str = "部门预算", year: int = 2024, issuer: str = DEPARTMENT
) -> DisclosureRecords:
    identity = DocumentIdentity(
        document=name,
        issuer=issuer,
        kind=kind,
        fiscal_year=year,
        amount_unit="万元",
        pages=9,
        sha256=(name.encode().hex() + "0" * 64)[:64],
        file_name=f"{name}.pdf",
        format="application/pdf",
        source=Source(f"{issuer}{year}年{kind}", page=1),
    )
    return DisclosureRecords(identity)


def line(
    code: str | None,
    printed: str,
    column: str = "合计",
    table: str = BUDGET,
    unit: str = "万元",
    row: str = "行政运行",
) -> SpendingLine:
    amount = Decimal(printed) * (WAN if unit == "万元" else 1)
    name = row if code else "合计"
    return SpendingLine(table, code, name, column, printed, unit, amount, Source(f"{name} {printed}", page=3))


def spending(records: DisclosureRecords, *lines: SpendingLine) -> DisclosureRecords:
    return replace(records, spending=lines)


def listing(records: DisclosureRecords, *units: str) -> DisclosureRecords:
    source = Source("预算单位构成", page=2)
    return replace(records, units=tuple(OrganizationUnit(unit, "subordinate_unit", source) for unit in units))


def graph(documents: Iterable[DisclosureRecords]) -> Store:
    store = Store()
    store.extend(ontology_quads())
    for records in documents:
        store.extend(document_quads(records))
    return store


def found(*documents: DisclosureRecords, check: str | None = None) -> list[DocumentResult]:
    store = graph(documents)
    results = check_documents(store, identity_links(store))
    return [result for result in results if check in (None, result.check)]


def verdicts(results: Iterable[DocumentResult]) -> list[tuple[str, str, str, str]]:
    return [
        (result.check, result.verdict.value, result.left.printed, result.right.printed) for result in results
    ]


# ---- copies of one disclosure ----


def test_two_documents_of_one_disclosure_must_print_the_same() -> None:
    one = spending(disclosure("a"), line("2130301", "100.00"), line("2130302", "7.00"))
    two = spending(disclosure("b"), line("2130301", "100.50"), line("2130302", "7.00"))
    results = found(one, two)
    assert verdicts(results) == [
        ("copies-of-disclosure", "contradicts", "100.00", "100.50"),
        ("copies-of-disclosure", "agrees", "7.00", "7.00"),
    ]
    assert results[0].difference == Decimal("-0.5")
    assert results[0].unit == "万元"
    assert results[0].left.document == document_iri("a").value
    assert "2130301" in results[0].detail


def test_a_figure_and_itself_rounded_agree_and_the_last_place_may_be_off_by_one() -> None:
    one = spending(disclosure("a"), line("2130301", "100.00"), line("2130302", "7.00"))
    two = spending(disclosure("b"), line("2130301", "1000049", unit="元"), line("2130302", "7.01"))
    results = found(one, two)
    assert [result.verdict.value for result in results] == ["agrees", "rounding"]
    assert (results[0].left.printed, results[0].right.printed) == ("100.00万元", "1000049")
    assert (results[0].difference, results[0].unit) == (Decimal(-49), "元")


def test_a_figure_that_its_own_document_prints_in_two_amounts_is_left_out() -> None:
    one = spending(disclosure("a"), line("2130301", "100.00"), line("2130301", "90.00", "小计"))
    two = spending(disclosure("b"), line("2130301", "100.50"))
    assert found(one, two) == []


def test_of_a_difference_that_goes_through_all_levels_the_widest_is_told() -> None:
    codes = ("213", "21303", "2130301")
    one = spending(disclosure("a"), line(None, "100.00"), *(line(code, "100.00") for code in codes))
    two = spending(disclosure("b"), line(None, "101.00"), *(line(code, "101.00") for code in codes))
    (result,) = found(one, two)
    assert result.verdict.value == "contradicts"
    assert "其下 3 个科目也不同" in result.detail


def test_documents_of_other_years_and_bodies_are_not_compared() -> None:
    one = spending(disclosure("a"), line("2130301", "100.00"))
    others = [
        spending(disclosure("b", year=2023), line("2130301", "100.50")),
        spending(disclosure("c", issuer=OTHER), line("2130301", "100.50")),
        spending(disclosure("d", kind="部门决算"), line("2130301", "100.50", table=ACCOUNTS)),
    ]
    assert found(one, *others) == []


def test_the_text_of_a_disclosure_is_held_against_its_tables_published_apart() -> None:
    def stated(printed: str) -> DisclosureRecords:
        words = Source(f"“三公”经费预算{printed}万元", page=5)
        claim = Statement("total", "“三公”经费", printed, "万元", (), None, words)
        return replace(disclosure("text"), statements=(claim,))

    table = "财政拨款“三公”经费支出表"
    row = TotalLine(
        *(table, None, None, "合计", "244.848", "万元", Decimal("2448480")), Source("合计 244.848", page=8)
    )
    tables = replace(disclosure("tables"), totals=(row,))
    assert verdicts(found(stated("244.85"), tables)) == [
        ("copies-of-disclosure", "agrees", "244.848", "244.85")
    ]
    assert verdicts(found(stated("245.85"), tables)) == [
        ("copies-of-disclosure", "contradicts", "244.848", "245.85")
    ]


# ---- a unit and its department ----


def test_a_unit_does_not_exceed_its_department() -> None:
    whole = spending(listing(disclosure("whole"), UNIT), line("2130301", "100.00"), line("2130302", "5.00"))
    part = spending(
        disclosure("part", kind="单位预算", issuer=UNIT), line("2130301", "40.00"), line("2130302", "6.00")
    )
    results = found(whole, part, check="unit-within-department")
    assert verdicts(results) == [
        ("unit-within-department", "agrees", "40.00", "100.00"),
        ("unit-within-department", "contradicts", "6.00", "5.00"),
    ]


def test_other_funds_may_exceed_since_payments_between_the_two_are_counted_once_only() -> None:
    whole = spending(listing(disclosure("whole"), UNIT), line("2130301", "5.00", table="部门支出总表"))
    part = spending(
        disclosure("part", kind="单位预算", issuer=UNIT), line("2130301", "6.00", table="部门支出总表")
    )
    assert found(whole, part) == []


def test_a_head_office_beside_its_department_is_a_unit_of_it() -> None:
    whole = spending(disclosure("whole"), line("2130301", "5.00"))
    head = spending(disclosure("head", kind="单位预算"), line("2130301", "6.00"))
    assert verdicts(found(whole, head)) == [("unit-within-department", "contradicts", "6.00", "5.00")]


def test_what_a_department_prints_of_a_unit_is_what_the_unit_prints() -> None:
    def row(owner: str | None, printed: str, table: str) -> TotalLine:
        amount = Decimal(printed) * WAN
        item = owner or "合计"
        return TotalLine(
            table, None, item, "合计", printed, "万元", amount, Source(item, page=4), owner=owner
        )

    whole = replace(
        listing(disclosure("whole"), UNIT),
        totals=(row(None, "90.00", "部门收入总表"), row(UNIT, "30.00", "部门收入总表")),
    )
    part = replace(
        disclosure("part", kind="单位预算", issuer=UNIT),
        totals=(
            TotalLine(
                "单位收入总表",
                None,
                "收入总计",
                "合计",
                "31.00",
                "万元",
                31 * WAN,
                Source("收入总计", page=1),
            ),
        ),
    )
    assert verdicts(found(whole, part)) == [("unit-in-department-table", "contradicts", "31.00", "30.00")]


def units_and_whole(total: str, *, complete: bool = True) -> list[DisclosureRecords]:
    whole = spending(listing(disclosure("whole"), UNIT, OTHER), line(None, total), line("2130301", total))
    parts = [
        spending(
            disclosure(name, kind="单位预算", issuer=issuer), line(None, printed), line("2130301", printed)
        )
        for name, issuer, printed in (
            ("head", DEPARTMENT, "50.00"),
            ("one", UNIT, "30.00"),
            ("two", OTHER, "20.00"),
        )
    ]
    return [whole, *(parts if complete else parts[:-1])]


def test_all_units_and_the_head_office_make_up_the_department() -> None:
    results = found(*units_and_whole("101.00"), check="units-make-up-department")
    assert verdicts(results) == [("units-make-up-department", "contradicts", "101.00", "100")]
    assert results[0].right.computed
    assert len(results[0].right.figures) == 3
    held = found(*units_and_whole("100.00"), check="units-make-up-department")
    assert {result.verdict.value for result in held} == {"agrees"}


def test_units_are_added_up_only_where_all_are_there() -> None:
    assert found(*units_and_whole("101.00", complete=False), check="units-make-up-department") == []


# ---- budget and accounts, year and year ----


def test_prior_year_execution_in_a_budget_differs_in_scope_and_contradicts_nothing() -> None:
    accounts = spending(
        disclosure("accounts", kind="部门决算", year=2023), line("2130301", "80.00", table=ACCOUNTS)
    )
    budget = spending(disclosure("budget"), line("2130301", "79.00", "2023年执行数"))
    assert verdicts(found(accounts, budget)) == [
        ("prior-execution-in-budget", "scope_differs", "79.00", "80.00")
    ]


def test_the_initial_budget_of_the_accounts_is_looked_up_in_the_budget() -> None:
    accounts = spending(
        disclosure("accounts", kind="部门决算"), line("2130301", "81.00", "年初预算数", ACCOUNTS)
    )
    budget = spending(disclosure("budget"), line("2130301", "80.00"))
    assert verdicts(found(accounts, budget)) == [
        ("initial-budget-in-accounts", "scope_differs", "81.00", "80.00")
    ]


@pytest.mark.parametrize(("opening", "verdict"), [("12.00", "agrees"), ("13.00", "scope_differs")])
def test_what_is_carried_over_is_what_the_year_before_closed_with(opening: str, verdict: str) -> None:
    def balance(records: DisclosureRecords, item: str, printed: str) -> DisclosureRecords:
        table, amount = "收入支出决算总表", Decimal(printed) * WAN
        row = TotalLine(
            table, "收入", item, "决算数", printed, "万元", amount, Source(f"{item}{printed}", page=2)
        )
        return replace(records, totals=(row,))

    before = balance(disclosure("x", kind="部门决算", year=2023), "年末结转和结余", "12.00")
    after = balance(disclosure("y", kind="部门决算"), "年初结转和结余", opening)
    assert verdicts(found(before, after)) == [("carry-over-into-accounts", verdict, opening, "12.00")]


# ---- projects ----


def project(records: DisclosureRecords, target: str, actual: str | None, budget: str) -> DisclosureRecords:
    source = Source("水资源监测", page=6)
    table = "self_eval_table" if actual else "target_table"
    money = (budget, None, None, None, None)
    entry = Project(
        *(0, "水资源监测", "project", DEPARTMENT, None, "万元"),
        *money,
        *(None, None, None, None),
        (table,),
        source,
    )
    indicator = Indicator(
        *(0, "水资源监测", None, "产出指标", "数量指标", "监测站点数"),
        target,
        actual,
        "10",
        "10",
        None,
        source,
    )
    return replace(records, projects=(entry,), indicators=(indicator,))


@pytest.mark.parametrize(
    ("target", "verdict"), [("≥80个", "questionable"), ("≥95个", "agrees"), ("≥100个", "agrees")]
)
def test_a_target_well_below_last_years_actual_is_questionable(target: str, verdict: str) -> None:
    last = project(disclosure("last", kind="部门决算", year=2023), "≥90个", "100个", "50")
    this = project(disclosure("this"), target, None, "60")
    results = found(last, this, check="target-below-last-year")
    assert verdicts(results) == [("target-below-last-year", verdict, target, "100个")]


@pytest.mark.parametrize("target", ["≤80个", "80次", "80%", "优良"])
def test_targets_that_cannot_be_compared_are_left_alone(target: str) -> None:
    last = project(disclosure("last", kind="部门决算", year=2023), "≥90个", "100个", "50")
    this = project(disclosure("this"), target, None, "60")
    assert found(last, this, check="target-below-last-year") == []


def test_the_budget_of_a_project_in_its_evaluation_and_in_the_budget() -> None:
    budget = project(disclosure("budget"), "≥80个", None, "60")
    accounts = project(disclosure("accounts", kind="部门决算"), "≥80个", "80个", "65")
    assert verdicts(found(budget, accounts)) == [("project-budget-in-evaluation", "questionable", "65", "60")]


# ---- in the graph ----


def test_results_stand_in_their_own_graph_and_contest_the_figures() -> None:
    one = spending(disclosure("a"), line("2130301", "100.00"))
    two = spending(disclosure("b"), line("2130301", "100.50"))
    store = graph([one, two])
    quads = list(comparison_quads(check_documents(store)))
    assert {quad.graph_name for quad in quads} == {COMPARISONS_GRAPH}
    compared = {quad.object for quad in quads if quad.predicate == FG.comparesDocument}
    assert compared == {document_iri("a"), document_iri("b")}
    contested = {quad.subject.value for quad in quads if quad.predicate == FG.contestedBy}
    assert len(contested) == 2
    assert all(any(iri.startswith(each.value + "/") for each in compared) for iri in contested)


def test_equal_graphs_give_equal_results_in_whatever_order_they_were_made() -> None:
    documents = units_and_whole("101.00")

    def quads(order: list[DisclosureRecords]) -> list[Quad]:
        store = graph(order)
        return list(comparison_quads(check_documents(store, identity_links(store))))

    assert quads(documents)
    assert quads(documents) == quads(documents[::-1])


def test_every_identity_between_documents_is_data() -> None:
    identities = {identity.name: identity for identity in document_identities()}
    assert len(identities) == 10
    assert identities["unit-within-department"].at_most
    assert identities["prior-execution-in-budget"].on_difference == "scope_differs"
    assert identities["carry-over-into-accounts"].year_shift == 1
