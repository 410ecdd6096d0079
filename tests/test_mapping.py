"""Records become quads: deterministic, each fact with its source, figures with their dimensions."""

from __future__ import annotations

import dataclasses
from decimal import Decimal

import pytest
from graph_records import CONTRADICTIONS, disclosure, identity, line, place
from pyoxigraph import NamedNode, Quad, Store

from fiscalgraph.extract.records import DisclosureRecords, OrganizationUnit
from fiscalgraph.graph.dimensions import derive_dimensions
from fiscalgraph.graph.identifiers import (
    SHARED_GRAPH,
    IriMinter,
    code_iri,
    department_iri,
    document_iri,
    project_iri,
    publication_iri,
    segment,
)
from fiscalgraph.graph.mapping import document_quads
from fiscalgraph.ontology.classification import classification_list, classification_quads
from fiscalgraph.ontology.terms import DCTERMS, FG, OA, OBEU, ORG, PROV, QB, RDF, SKOS, year_iri

DOCUMENT = document_iri("云泽省水务厅 2024")


def store_of(*documents: DisclosureRecords) -> Store:
    store = Store()
    for records in documents:
        store.extend(document_quads(records, CONTRADICTIONS))
    return store


def values(store: Store, subject: NamedNode, predicate: NamedNode) -> list[str]:
    return sorted(quad.object.value for quad in store.quads_for_pattern(subject, predicate, None))


def of_type(store: Store, kind: NamedNode) -> list[NamedNode]:
    found = [quad.subject for quad in store.quads_for_pattern(None, RDF.type, kind)]
    return sorted(found, key=lambda node: node.value)


def test_the_same_records_give_the_same_quads_in_the_same_order() -> None:
    first = list(document_quads(disclosure(), CONTRADICTIONS))
    assert first == list(document_quads(disclosure(), CONTRADICTIONS))
    assert len(first) == len(set(first))


def test_a_document_graph_speaks_only_of_what_is_below_the_document() -> None:
    quads = list(document_quads(disclosure(), CONTRADICTIONS))
    assert {quad.graph_name for quad in quads} == {DOCUMENT, SHARED_GRAPH}
    for quad in quads:
        below = quad.subject == DOCUMENT or quad.subject.value.startswith(f"{DOCUMENT.value}/")
        assert below == (quad.graph_name == DOCUMENT)


def test_no_triple_stands_in_two_graphs() -> None:
    """A union over graphs would count it twice, and sums with it."""
    quads: set[Quad] = set()
    for name in ("one", "two"):
        quads |= set(document_quads(disclosure(name), CONTRADICTIONS))
    assert len({quad.triple for quad in quads}) == len(quads)


def test_every_record_leads_to_page_and_quote() -> None:
    store = store_of(disclosure())
    kinds = [
        FG.Disclosure, FG.UnitMention, FG.PrintedFigure, FG.NarrativeStatement, FG.ProjectEntry, FG.FundLine,
        FG.PerformanceIndicator, FG.Passage, FG.LawCitation, FG.CheckResult, FG.Leftover, QB.Observation,
    ]  # fmt: skip
    for kind in kinds:
        nodes = of_type(store, kind)
        assert nodes, kind
        for node in nodes:
            (source,) = values(store, node, PROV.wasDerivedFrom)
            assert values(store, NamedNode(source), FG.page)
            assert values(store, NamedNode(source), FG.quote) is not None
            assert values(store, NamedNode(source), OA.hasSource) == [DOCUMENT.value]


def test_equal_places_are_one_source() -> None:
    store = store_of(disclosure())
    first, second = (
        values(store, node, PROV.wasDerivedFrom)
        for node in of_type(store, FG.UnitMention)
        if "办公室" in node.value or "规划处" in node.value
    )
    assert first == second


def test_an_amount_is_an_observation_with_its_dimensions() -> None:
    store = store_of(disclosure())
    (node,) = [
        node for node in of_type(store, QB.Observation) if values(store, node, FG.printedCode) == ["30101"]
    ]
    assert values(store, node, OBEU.amount) == ["3000000"]
    assert values(store, node, OBEU.organization) == [department_iri("云泽省水务厅").value]
    assert values(store, node, OBEU.fiscalYear) == [year_iri(2024).value]
    assert values(store, node, FG.budgetPhase) == [OBEU.Executed.value]
    assert values(store, node, FG.fundScope) == [FG.GeneralPublicBudget.value]
    assert values(store, node, FG.expenditureType) == [FG.PersonnelExpenditure.value]
    assert values(store, node, FG.operationCharacter) == [OBEU.Expenditure.value]
    assert values(store, node, FG.departmentEconomicClassification) == [code_iri("30101", 2024).value]


def test_a_change_and_a_percentage_are_no_observations() -> None:
    store = store_of(disclosure())
    figures = of_type(store, FG.PrintedFigure)
    assert [values(store, node, FG.printed) for node in figures] == [["-1.7%"], ["-12.30"]]
    assert not [node for node in figures if values(store, node, OBEU.amount)]
    assert [values(store, node, FG.nonAdditiveAmount) for node in figures] == [[], ["-123000"]]


def test_an_amount_of_any_length_stays_exact() -> None:
    exact = "98765432109876543.21"
    records = DisclosureRecords(identity(), spending=(line("213", "决算数", exact, unit="元", amount=exact),))
    store = store_of(records)
    (node,) = of_type(store, QB.Observation)
    assert Decimal(values(store, node, OBEU.amount)[0]) == Decimal(exact)


def test_rows_that_repeat_stay_apart() -> None:
    store = store_of(disclosure())
    twice = [node for node in of_type(store, QB.Observation) if values(store, node, FG.printed) == ["0.00"]]
    assert len(twice) == 1
    assert len(of_type(store, QB.Observation)) == 8
    assert len(of_type(store, FG.ProjectEntry)) == 2
    assert len(of_type(store, FG.Passage)) == 4


def test_codes_hang_under_their_class_and_subclass() -> None:
    store = store_of(disclosure())
    store.extend(classification_quads())
    item, subclass, top = (code_iri(code, 2024) for code in ("2130301", "21303", "213"))
    assert values(store, item, SKOS.broader) == [subclass.value]
    assert values(store, subclass, SKOS.broader) == [top.value]
    assert values(store, top, SKOS.notation) == ["213"]


def test_a_department_and_a_project_are_one_node_over_documents() -> None:
    later = dataclasses.replace(disclosure("later"), identity=identity("later", fiscal_year=2025))
    store = store_of(disclosure(), later)
    project = project_iri("云泽省水务厅", "水资源监测项目", "云泽省水文中心")
    assert len(list(store.quads_for_pattern(None, OBEU.project, project))) == 4
    assert values(store, department_iri("云泽省水务厅"), SKOS.prefLabel) == ["云泽省水务厅"]


def test_the_documents_of_an_issuer_kind_and_year_are_one_publication() -> None:
    issuers = ("云泽省水务厅", "云泽省水务厅（汇总）", "清河市水务局")
    documents = [
        dataclasses.replace(disclosure(name), identity=identity(name, issuer))
        for name, issuer in zip(("说明", "报表", "other"), issuers, strict=True)
    ]
    documents.append(dataclasses.replace(documents[0], identity=identity("last", fiscal_year=2023)))
    store = store_of(*documents)
    publication = publication_iri("云泽省水务厅", "部门决算", 2024)
    both = sorted(document_iri(name).value for name in ("说明", "报表"))
    assert len(of_type(store, FG.Publication)) == 3
    assert values(store, publication, DCTERMS.hasPart) == both
    assert values(store, publication, DCTERMS.publisher) == [department_iri("云泽省水务厅").value]
    assert [values(store, document_iri(name), DCTERMS.isPartOf) for name in ("说明", "报表")] == [
        [publication.value]
    ] * 2


def test_the_coverage_certificate_is_in_the_graph() -> None:
    store = store_of(disclosure())
    (certificate,) = of_type(store, FG.Coverage)
    assert values(store, certificate, FG.cells) == ["900"]
    assert values(store, certificate, FG.cellsRead) == ["890"]
    assert values(store, certificate, FG.problem) == ["page 13 has no text layer"]
    (left,) = of_type(store, FG.Leftover)
    assert (values(store, left, FG.what), values(store, left, FG.why)) == (["page"], ["no text layer"])


def test_subordinate_units_and_divisions_hang_under_the_department() -> None:
    store = store_of(disclosure())
    department = department_iri("云泽省水务厅")
    (unit,) = store.quads_for_pattern(None, ORG.subOrganizationOf, department)
    assert unit.subject == department_iri("云泽省水文中心")
    assert len(list(store.quads_for_pattern(None, ORG.unitOf, department))) == 2


def test_an_unknown_word_is_refused() -> None:
    records = DisclosureRecords(identity(), units=(OrganizationUnit("办公室", "sibling", place("办公室")),))
    with pytest.raises(ValueError, match="'sibling' is not a unit relation"):
        list(document_quads(records))


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("[114]云泽省水务厅", "云泽省水务厅"),
        ("114_云泽省水务厅", "云泽省水务厅"),
        ("云泽省 水务厅（本级）", "云泽省水务厅本级"),
        ("云泽省水务厅(汇总)", "云泽省水务厅"),
    ],
)
def test_printing_habits_do_not_make_another_department(left: str, right: str) -> None:
    assert department_iri(left) == department_iri(right)


def test_a_departments_own_office_is_another_organisation() -> None:
    assert department_iri("云泽省水务厅本级") != department_iri("云泽省水务厅")


def test_any_name_makes_a_valid_iri_and_long_ones_stay_apart() -> None:
    odd = ['a/b?c#d%<>"{}|\\^`', "\n\t", "", "😀 表", "表" * 300, "表" * 301, "\ue000"]
    iris = [document_iri(name) for name in odd]
    assert len(set(iris)) == len(odd) - 1  # blanks and nothing are both "-"
    assert all(len(segment(name)) < 200 for name in odd)


def test_minted_iris_never_meet() -> None:
    mint = IriMinter(document_iri("x")).mint
    minted = [mint(step) for step in ("a", "a-2", "a", "a", "a-2")]
    assert len(set(minted)) == 5


@pytest.mark.parametrize(
    ("code", "code_list"),
    [
        ("208", "functional"),
        ("2080101", "functional"),
        ("30101", "department-economic"),
        ("501", "government-economic"),
        ("10301", "revenue"),
        ("2080", "other"),
        ("甲", "other"),
        ("90101", "other"),
    ],
)
def test_the_code_decides_its_list(code: str, code_list: str) -> None:
    assert classification_list(code) == code_list


@pytest.mark.parametrize(
    ("kind", "title", "column", "year", "phase"),
    [
        ("部门预算", "一般公共预算支出表", "2024年预算数/年初预算数/小计", 2024, OBEU.Approved),
        ("部门预算", "一般公共预算支出表", "2023年执行数/执行数", 2023, FG.PriorYearExecution),
        ("部门预算", "支出总表", "上年执行数", 2023, FG.PriorYearExecution),
        ("部门预算", "支出总表", "合计", 2024, OBEU.Approved),
        ("部门决算", "支出决算表", "本年支出合计", 2024, OBEU.Executed),
        ("部门决算", "收入支出决算总表", "年初预算数", 2024, OBEU.Approved),
        ("部门决算", "收入支出决算总表", "全年预算数", 2024, OBEU.Revised),
        ("部门决算", "收入支出决算总表", "调整预算数", 2024, OBEU.Revised),
        ("部门决算", "“三公”经费支出决算表", "预算数/公务接待费", 2024, None),
        ("部门决算", "“三公”经费支出决算表", "决算数/公务接待费", 2024, OBEU.Executed),
        ("绩效自评", "某表", "金额", 2024, None),
    ],
)
def test_phase_and_year_follow_from_the_column(
    kind: str, title: str, column: str, year: int, phase: NamedNode | None
) -> None:
    about = derive_dimensions(kind=kind, fiscal_year=2024, title=title, column=column)
    assert (about.year, about.phase, about.additive) == (year, phase, True)


@pytest.mark.parametrize(
    "column",
    ["2024年预算数比2023年执行数/增减额", "增减额", "比上年增加", "2024年预算数与2023年预算数之差"],
)
def test_comparisons_are_changes(column: str) -> None:
    about = derive_dimensions(kind="部门预算", fiscal_year=2024, title="支出表", column=column)
    assert not about.additive
    assert about.phase is None


@pytest.mark.parametrize(
    ("title", "column", "additive"),
    [
        ("支出总表", "2026年预算数/扣除中央基建投资后预算数", False),
        ("支出总表", "2026年政府采购项目/小计", False),
        ("政府采购预算表", "政府采购/小计", True),
        ("支出总表", "其中：专项业务", False),
        ("支出总表", "一般公共预算支出/其中：基本支出", True),
        ("支出总表", "", False),
    ],
)
def test_what_would_count_money_twice_is_not_additive(title: str, column: str, additive: bool) -> None:
    about = derive_dimensions(kind="部门预算", fiscal_year=2026, title=title, column=column)
    assert about.additive is additive


@pytest.mark.parametrize(
    ("column", "item", "scope", "source"),
    [
        ("单位资金/事业收入", None, None, FG.InstitutionalIncome),
        ("上年结转", None, None, FG.CarryOver),
        ("预算数", "三、附属单位上缴收入", None, FG.AffiliateRemittance),
        ("预算数", "一、一般公共预算拨款收入", FG.GeneralPublicBudget, None),
        ("预算数", "收入总计", FG.AllFunds, None),
    ],
)
def test_money_of_one_source_is_not_all_money(
    column: str, item: str | None, scope: NamedNode | None, source: NamedNode | None
) -> None:
    about = derive_dimensions(
        kind="部门预算", fiscal_year=2026, title="收支总表", column=column, side="收入", item=item
    )
    assert (about.fund_scope, about.funding_source) == (scope, source)


@pytest.mark.parametrize(
    ("title", "column", "scope"),
    [
        ("收入决算表", "本年收入合计", FG.AllFunds),
        ("收入决算表", "财政拨款收入", FG.FiscalAppropriation),
        ("财政拨款收入支出决算总表", "一般公共预算财政拨款", FG.GeneralPublicBudget),
        ("政府性基金预算财政拨款收入支出决算表", "本年支出/小计", FG.GovernmentFunds),
        ("国有资本经营预算财政拨款支出决算表", "合计", FG.StateCapital),
        ("其他情况表", "金额", None),
    ],
)
def test_the_fund_scope_follows_from_column_and_title(
    title: str, column: str, scope: NamedNode | None
) -> None:
    assert (
        derive_dimensions(kind="部门决算", fiscal_year=2024, title=title, column=column).fund_scope == scope
    )


@pytest.mark.parametrize(
    ("title", "column", "side", "item", "character"),
    [
        ("收入决算表", "上级补助收入", None, None, OBEU.Revenue),
        ("支出决算表", "基本支出", None, None, OBEU.Expenditure),
        ("收入支出决算总表", "决算数", "收入", "一、事业收入", OBEU.Revenue),
        ("收入支出决算总表", "决算数", "收入", "年初结转和结余", FG.Balance),
        ("政府性基金预算财政拨款收入支出决算表", "本年支出/小计", None, None, OBEU.Expenditure),
        ("收入支出决算总表", "决算数", None, None, None),
    ],
)
def test_revenue_expenditure_or_balance(
    title: str, column: str, side: str | None, item: str | None, character: NamedNode | None
) -> None:
    about = derive_dimensions(
        kind="部门决算", fiscal_year=2024, title=title, column=column, side=side, item=item
    )
    assert about.operation_character == character
