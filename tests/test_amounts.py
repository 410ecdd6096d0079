"""Figures in the graph: whose, of which year, which item; and the questions that must not count twice."""

from __future__ import annotations

import csv
import dataclasses
import io
from decimal import Decimal

import pytest
from graph_records import disclosure, identity, line, place
from pyoxigraph import NamedNode, Store

from fiscalgraph.extract.records import DisclosureRecords, OrganizationUnit, Project, SpendingLine, TotalLine
from fiscalgraph.graph.dimensions import derive_dimensions
from fiscalgraph.graph.identifiers import code_iri, department_iri
from fiscalgraph.graph.mapping import document_quads
from fiscalgraph.graph.sparql import evaluate_trusted
from fiscalgraph.ontology import ontology_quads
from fiscalgraph.ontology.classification import classification_quads
from fiscalgraph.ontology.terms import DCTERMS, FG, OBEU, QB, RDF, year_iri
from fiscalgraph.queries import load

BUREAU = "清河市水务局"
CENTRE = "清河市水文中心"


def graph(*documents: DisclosureRecords) -> Store:
    store = Store()
    store.extend(ontology_quads())
    store.extend(classification_quads())
    for records in documents:
        store.extend(document_quads(records))
    return store


def rows(store: Store, name: str, **values: str) -> list[dict[str, str]]:
    answer = evaluate_trusted(store, load(name).fill(values)).to_csv()
    return list(csv.DictReader(io.StringIO(answer, newline="")))


def values(store: Store, node: NamedNode, predicate: NamedNode) -> list[str]:
    return sorted(quad.object.value for quad in store.quads_for_pattern(node, predicate, None))


def amount(code: str | None, column: str, yuan: str, **changes: object) -> SpendingLine:
    made = line(code, column, yuan, unit="元", amount=yuan, name="农林水支出" if code else "合计")
    return dataclasses.replace(made, **changes)  # type: ignore[arg-type]


def accounts(year: int, *spending: SpendingLine, issuer: str = BUREAU, **more: object) -> DisclosureRecords:
    about = identity(f"{issuer} {year}", issuer, fiscal_year=year)
    return DisclosureRecords(about, spending=spending, **more)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("column", "item", "year", "phase", "additive"),
    [
        ("公务接待费/一般公共预算", "2025年", 2025, None, True),
        ("公务接待费/一般公共预算", "2026年", 2026, OBEU.Approved, True),
        ("公务接待费/一般公共预算", "2025年执行数", 2025, FG.PriorYearExecution, True),
        ("公务接待费/一般公共预算", "增减变化金额", 2026, None, False),
        ("上年/合计", None, 2025, None, True),
        ("上年结转/合计", None, 2026, OBEU.Approved, True),
        ("预算数", "2025年结转资金", 2026, OBEU.Approved, True),
    ],
)
def test_years_may_stand_in_the_rows(
    column: str, item: str | None, year: int, phase: NamedNode | None, additive: bool
) -> None:
    about = derive_dimensions(
        kind="部门预算", fiscal_year=2026, title="财政拨款“三公”经费支出表", column=column, item=item
    )
    assert (about.year, about.phase, about.additive) == (year, phase, additive)


def test_the_name_of_a_budget_is_no_phase() -> None:
    about = derive_dimensions(kind="部门决算", fiscal_year=2024, title="支出决算表", column="一般公共预算")
    assert about.phase == OBEU.Executed


@pytest.mark.parametrize(
    ("title", "column", "item", "found"),
    [
        ("“三公”经费支出表", "合计", None, FG.ThreePublicsTotal),
        ("“三公”经费支出表", "决算数/因公出国（境）费", None, FG.OverseasTravel),
        ("“三公”经费支出表", "公务用车购置及运行维护费/小计", None, FG.OfficialVehicles),
        ("“三公”经费支出表", "公务用车购置及运行维护费/公务用车购置费", None, FG.VehiclePurchase),
        ("“三公”经费支出表", "公务用车购置及运行费/运行费/政府性基金预算", None, FG.VehicleOperation),
        ("“三公”经费支出表", "预算数", "2、公务接待费", FG.OfficialReceptions),
        ("“三公”经费、会议费、培训费支出表", "合计", None, None),
        ("“三公”经费、会议费、培训费支出表", "会议费", None, None),
        ("“三公”经费、会议费支出表", "“三公”经费预算/小计", None, FG.ThreePublicsTotal),
        ("“三公”经费和机关运行经费预算表", "机关运行经费预算数", None, None),
        ("支出决算表", "公务接待费", None, None),
    ],
)
def test_the_item_of_a_three_publics_table(
    title: str, column: str, item: str | None, found: NamedNode | None
) -> None:
    about = derive_dimensions(kind="部门决算", fiscal_year=2024, title=title, column=column, item=item)
    assert about.three_publics == found


def test_the_three_publics_are_of_fiscal_appropriations_where_their_table_says_no_more() -> None:
    def scope(title: str, column: str) -> NamedNode | None:
        return derive_dimensions(kind="单位预算", fiscal_year=2024, title=title, column=column).fund_scope

    assert scope("单位“三公”经费预算表", "公务接待费") == FG.FiscalAppropriation
    assert scope("一般公共预算“三公”经费支出表", "公务接待费") == FG.GeneralPublicBudget
    assert scope("单位“三公”经费和机关运行经费预算表", "机关运行经费预算数") is None


@pytest.mark.parametrize(
    ("title", "column", "item", "total_row", "whole"),
    [
        ("支出决算表", "本年支出合计", None, True, True),
        ("支出决算表", "项目支出", None, True, False),
        ("支出决算表", "本年支出合计", None, False, False),
        ("收入决算表", "本年收入合计", None, True, False),
        ("收入总表", "合计", None, True, True),
        ("收入总表", "本年收入/小计", None, True, False),
        ("收入总表", "一般公共预算", None, True, False),
        ("收入支出决算总表", "决算数", "本年支出合计", False, True),
        ("收入支出决算总表", "决算数", "年末结转和结余", False, False),
        ("政府采购支出表", "合计", None, True, False),
        ("项目支出表", "合计", None, True, False),
        ("一般公共预算基本支出表", "合计", None, True, False),
    ],
)
def test_the_printed_total_of_all_expenditure(
    title: str, column: str, item: str | None, total_row: bool, whole: bool
) -> None:
    side = "支出" if item else None
    about = derive_dimensions(
        kind="部门决算",
        fiscal_year=2024,
        title=title,
        column=column,
        side=side,
        item=item,
        total_row=total_row,
    )
    assert about.grand_total is whole


def test_a_row_of_a_unit_is_the_units_figure() -> None:
    own = amount("213", "本年支出合计", "900")
    unit = amount("213", "本年支出合计", "300", owner=CENTRE)
    store = graph(accounts(2024, own, unit))
    found = {
        values(store, quad.subject, OBEU.organization)[0]: values(store, quad.subject, OBEU.amount)[0]
        for quad in store.quads_for_pattern(None, RDF.type, QB.Observation)
    }
    assert found == {department_iri(BUREAU).value: "900", department_iri(CENTRE).value: "300"}
    assert {row["organization"]: row["amount"] for row in rows(store, "spending-by-code", code="213")} == {
        BUREAU: "900",
        CENTRE: "300",
    }


def by_unit(*owners: tuple[str | None, str]) -> dict[str, str]:
    """Amounts by organisation of a table whose rows are units."""
    lines = tuple(amount(None, "合计", yuan, owner=owner, table="支出总表") for owner, yuan in owners)
    store = graph(accounts(2024, *lines))
    return {
        values(store, quad.subject, OBEU.amount)[0]: values(store, quad.subject, OBEU.organization)[0]
        for quad in store.quads_for_pattern(None, RDF.type, QB.Observation)
    }


def test_among_its_units_a_row_of_the_issuers_name_is_its_head_office() -> None:
    whole, head, centre = (department_iri(name).value for name in (BUREAU, f"{BUREAU}本级", CENTRE))
    station = department_iri("清河市供水站").value
    assert by_unit((BUREAU, "30"), (CENTRE, "70")) == {"30": head, "70": centre}
    assert by_unit((BUREAU, "100")) == {"100": whole}
    # the sum of the others, or beside the head office itself: the whole
    assert by_unit((BUREAU, "100"), (CENTRE, "70"), ("清河市供水站", "30")) == {
        "100": whole,
        "70": centre,
        "30": station,
    }
    assert by_unit((None, "101"), (BUREAU, "101"), (BUREAU, "30"), (CENTRE, "71")) == {
        "101": whole,
        "30": head,
        "71": centre,
    }
    assert by_unit((BUREAU, "90"), (f"{BUREAU}本级", "30"), (CENTRE, "70")) == {
        "90": whole,
        "30": head,
        "70": centre,
    }


def test_a_row_under_a_listed_units_second_name_is_that_units() -> None:
    listed = (OrganizationUnit("清河市征地办公室（清河市土地开发中心）", "subordinate_unit", place("清单")),)
    total = amount(None, "合计", "9", table="支出总表")
    row = amount(None, "合计", "5", owner="清河市土地开发中心", table="支出总表")
    other = amount(None, "合计", "4", owner=CENTRE, table="支出总表")
    whole, office, centre = (department_iri(n).value for n in (BUREAU, "清河市征地办公室", CENTRE))
    assert whose(total, row, other, units=listed) == {"9": whole, "5": office, "4": centre}
    both = (*listed, OrganizationUnit("清河市土地开发中心", "subordinate_unit", place("清单")))
    assert whose(total, row, other, units=both)["5"] == department_iri("清河市土地开发中心").value


def test_the_cells_of_a_row_belong_to_one_body_wherever_each_stands() -> None:
    def row(owner: str | None, *cells: str, top: float) -> list[SpendingLine]:
        return [
            amount(
                None,
                column,
                yuan,
                owner=owner,
                table="支出总表",
                source=dataclasses.replace(place(" ".join(cells), 8), box=(90.0 * number, top, 99.0, 9.0)),
            )
            for number, (column, yuan) in enumerate(zip(("合计", "基本支出", "项目支出"), cells, strict=True))
        ]

    # the head office has all of the 项目支出 (50), as the printed total has
    lines = [*row(None, "120", "70", "50", top=1), *row(BUREAU, "80", "30", "50", top=2)]
    lines += row(CENTRE, "40", "40", "0", top=3)
    store = graph(accounts(2024, *lines))
    found = [
        (values(store, quad.subject, OBEU.amount)[0], quad.object.value.rsplit("/", 1)[-1])
        for quad in store.quads_for_pattern(None, OBEU.organization, None)
        if values(store, quad.subject, OBEU.amount)
    ]
    head = f"{BUREAU}本级"
    whole = [("120", BUREAU), ("70", BUREAU), ("50", BUREAU)]
    parts = [("80", head), ("30", head), ("50", head), ("40", CENTRE), ("40", CENTRE), ("0", CENTRE)]
    assert sorted(found) == sorted([*whole, *parts])


def test_a_name_that_heads_all_rows_of_a_document_is_no_unit_of_the_issuers() -> None:
    whole, bureau = department_iri(BUREAU).value, "清河市发展局"
    heading = amount(None, "合计", "100", owner=bureau, table="支出总表")
    total = amount(None, "合计", "100", table="支出总表")
    store = graph(accounts(2024, total, heading))
    (counted,) = (quad.subject for quad in store.quads_for_pattern(None, RDF.type, QB.Observation))
    (repeated,) = (quad.subject for quad in store.quads_for_pattern(None, RDF.type, FG.PrintedFigure))
    assert {values(store, node, OBEU.organization)[0] for node in (counted, repeated)} == {whole}
    assert whose(total, dataclasses.replace(heading, amount=Decimal(70))) == {
        "100": whole,
        "70": department_iri(bureau).value,
    }
    listed = (OrganizationUnit(bureau, "subordinate_unit", place(bureau)),)
    assert whose(dataclasses.replace(heading, amount=Decimal(99)), units=listed) == {
        "99": department_iri(bureau).value
    }


def test_codes_below_such_a_name_count_as_the_issuers() -> None:
    lines = [
        amount(code, "合计", yuan, owner=owner, table="支出总表")
        for code, yuan, owner in (
            (None, "100", None),
            (None, "100", "清河市发展局"),
            ("213", "99", "清河市发展局"),
        )
    ]
    assert whose(*lines) == dict.fromkeys(("100", "99"), department_iri(BUREAU).value)


def test_a_name_above_the_issuers_own_row_is_no_unit_of_the_issuers() -> None:
    whole, above = department_iri(BUREAU).value, "清河市发展局"
    heading, issuers = (amount(None, "合计", "100", owner=name, table="支出总表") for name in (above, BUREAU))
    code = amount("213", "合计", "98", owner=BUREAU, table="支出总表")
    store = graph(accounts(2024, heading, issuers, code))
    assert len(list(store.quads_for_pattern(None, RDF.type, QB.Observation))) == 2
    assert {quad.object.value for quad in store.quads_for_pattern(None, OBEU.organization, None)} == {whole}
    # one that follows the issuer, or has another amount, is a unit
    store = graph(accounts(2024, issuers, heading))
    assert len(list(store.quads_for_pattern(None, RDF.type, QB.Observation))) == 2
    assert by_unit((above, "70"), (BUREAU, "100"))["70"] == department_iri(above).value


def whose(*lines: SpendingLine, title: str = f"{BUREAU}2024年度部门决算", **more: object) -> dict[str, str]:
    """Amounts by organisation, and what the document says whose figures it holds."""
    about = identity(f"{BUREAU} 2024", BUREAU, source=place(title))
    store = graph(DisclosureRecords(about, spending=lines, **more))  # type: ignore[arg-type]
    found = {
        values(store, quad.subject, OBEU.amount)[0]: values(store, quad.subject, OBEU.organization)[0]
        for quad in store.quads_for_pattern(None, RDF.type, QB.Observation)
    }
    reporting = [quad.object.value for quad in store.quads_for_pattern(None, FG.reportingUnit, None)]
    (publisher,) = {quad.object.value for quad in store.quads_for_pattern(None, DCTERMS.publisher, None)}
    assert publisher == department_iri(BUREAU).value
    return {**found, **({"document": reporting[0]} if reporting else {})}


def test_a_table_that_names_the_head_office_above_it_is_the_head_offices() -> None:
    whole, head, centre = (department_iri(name).value for name in (BUREAU, f"{BUREAU}本级", CENTRE))
    own = amount("213", "合计", "30", reporting_unit=f"{BUREAU}（本级）", table_index=0)
    others = amount("213", "合计", "100", reporting_unit=BUREAU, table_index=1)
    unnamed = amount("213", "合计", "31", table_index=1)
    # a table among others; all tables that say whose they are; a table of a unit; a single table of many
    assert whose(own, others) == {"30": head, "100": whole}
    assert whose(own) == {"30": head, "document": head}
    assert whose(own, unnamed, dataclasses.replace(own, table_index=2)) == {
        "30": head,
        "31": head,
        "document": head,
    }
    assert whose(own, unnamed) == {"30": head, "31": whole}
    listed = (OrganizationUnit(CENTRE, "subordinate_unit", place(CENTRE)),)
    assert whose(others, dataclasses.replace(own, reporting_unit=CENTRE), units=listed) == {
        "30": centre,
        "100": whole,
    }


def test_a_document_of_the_head_office_holds_no_figures_of_the_whole() -> None:
    head = department_iri(f"{BUREAU}本级").value
    row = amount(None, "合计", "30", owner=BUREAU, table="支出总表")
    found = whose(row, amount("213", "合计", "29"), title=f"{BUREAU}（本级）2024年度部门决算")
    assert found == {"30": head, "29": head, "document": head}


def test_a_figure_under_two_classifications_carries_both_and_is_a_part_of_each() -> None:
    crossed = amount("2130301", "本年支出合计", "10", cross_codes=("30101", "50101"))
    store = graph(accounts(2024, crossed))
    (node,) = (quad.subject for quad in store.quads_for_pattern(None, RDF.type, QB.Observation))
    assert values(store, node, FG.functionalClassification) == [code_iri("2130301", 2024).value]
    assert values(store, node, FG.departmentEconomicClassification) == [code_iri("30101", 2024).value]
    assert values(store, node, FG.governmentEconomicClassification) == [code_iri("50101", 2024).value]
    assert rows(store, "spending-by-code", code="2130301") == []


def test_a_code_is_compared_with_the_year_before_in_one_phase_and_scope() -> None:
    store = graph(
        accounts(2023, amount("213", "本年支出合计", "200")),
        accounts(2024, amount("213", "本年支出合计", "150"), amount("213", "基本支出", "70")),
    )
    (row,) = rows(store, "code-year-on-year", code="213")
    assert (row["year"], row["amount"], row["amount_before"]) == ("2024", "150", "200")
    assert (row["change"], row["percent"], row["fund_scope"]) == ("-50", "-25", "全部资金")


def test_an_amount_that_tables_repeat_counts_once_and_one_they_dispute_not_at_all() -> None:
    budget = DisclosureRecords(
        identity("预算", BUREAU, kind="部门预算"),
        spending=(
            amount("213", "2024年预算数", "100", table="支出总表"),
            amount("213", "2024年预算数", "100", table="支出汇总表", table_index=1),
            amount("205", "2024年预算数", "7", table="支出总表"),
            amount("205", "2024年预算数", "8", table="支出汇总表", table_index=1),
        ),
    )
    executed = accounts(2024, amount("213", "本年支出合计", "80"))
    found = rows(graph(budget, executed), "budget-to-execution", department=BUREAU)
    assert [
        (row["code"], row["approved"], row["executed"], row["rate"], row["differing"]) for row in found
    ] == [
        ("205", "", "", "", "1"),
        ("213", "100", "80", "80", "0"),
    ]


def test_a_units_share_is_taken_from_printed_totals() -> None:
    whole = accounts(
        2024,
        amount(None, "本年支出合计", "400"),
        units=(OrganizationUnit(CENTRE, "subordinate_unit", place(CENTRE)),),
    )
    unit = accounts(2024, amount(None, "本年支出合计", "100"), issuer=CENTRE)
    (row,) = rows(graph(whole, unit), "unit-shares", department=BUREAU)
    assert (row["unit"], row["unit_total"], row["department_total"], row["share"]) == (
        CENTRE,
        "100",
        "400",
        "25",
    )


def test_others_on_the_code_that_a_department_prints_under_its_project() -> None:
    project = dataclasses.replace(disclosure().projects[0], department=None, project="山洪灾害防治")
    named = dataclasses.replace(amount("2130314", "项目支出", "5"), name="山洪灾害防治")
    other = accounts(2024, amount("2130314", "本年支出合计", "9"), issuer="白塔县水务局")
    store = graph(accounts(2024, named, projects=(project,)), other)
    (row,) = rows(store, "departments-on-project-code", project="山洪灾害防治")
    assert (row["owner"], row["organization"], row["code"], row["amount"]) == (
        BUREAU,
        "白塔县水务局",
        "2130314",
        "9",
    )


def test_three_publics_items_stand_by_themselves() -> None:
    def figure(column: str, yuan: str) -> TotalLine:
        return TotalLine(
            "财政拨款“三公”经费支出决算表", None, None, column, yuan, "元", Decimal(yuan), place(yuan, 9)
        )

    totals = (figure("决算数/合计", "5"), figure("决算数/公务接待费", "5"), figure("预算数/公务接待费", "6"))
    found = rows(graph(accounts(2024, totals=totals)), "three-publics", department=BUREAU)
    assert [(row["phase"], row["item"], row["amount"], row["places"]) for row in found] == [
        ("", "公务接待费", "6", f"{BUREAU} 2024 p. 9"),
        ("决算", "“三公”经费合计", "5", f"{BUREAU} 2024 p. 9"),
        ("决算", "公务接待费", "5", f"{BUREAU} 2024 p. 9"),
    ]


def test_claims_come_back_but_not_those_of_the_documents_make_up() -> None:
    found = rows(graph(disclosure()), "claims")
    assert [(row["kind"], row["subject"], row["printed"], row["operands"]) for row in found] == [
        ("share", "项目支出", "41.65%", "500.00万元; 1200.50万元"),
        ("goal", "水资源监测", "建成监测断面120个", ""),
    ]


def test_the_chain_of_a_project_runs_from_goal_to_measures() -> None:
    found = rows(graph(disclosure()), "project-chain", project="水资源监测")
    assert [(row["what"], row["value"]) for row in found if row["step"] in {"1", "2"}][:2] == [
        ("预期目标", "建成监测断面120个"),
        ("预算→调整→执行", "1806100 → 1800300 → 1200000"),
    ]
    indicator = next(row for row in found if row["what"] == "监测断面数")
    assert (indicator["value"], indicator["detail"]) == ("≥120个 → 96个", "完成比例 0.8 得分 8 设备到货晚")
    assert {row["what"] for row in found} >= {"问题原因"}


def test_a_figures_year_is_the_one_it_speaks_of() -> None:
    store = graph(accounts(2024, amount("213", "2023年决算数", "5")))
    (node,) = (quad.subject for quad in store.quads_for_pattern(None, RDF.type, QB.Observation))
    assert values(store, node, OBEU.fiscalYear) == [year_iri(2023).value]


def test_projects_of_one_name_are_listed_per_document() -> None:
    projects: tuple[Project, ...] = disclosure().projects[:1]
    store = graph(accounts(2023, projects=projects), accounts(2024, projects=projects))
    assert [row["year"] for row in rows(store, "project-chain", project="水资源监测")] == ["2023", "2024"]
