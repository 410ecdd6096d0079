"""Safe sums: known truth from the samples, each refusal with its alternative, each “counted once” rule."""

from __future__ import annotations

import csv
import dataclasses
import io
import json
import shutil
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pytest
from openpyxl import load_workbook
from running import SAMPLES, fiscalgraph, server
from sum_projections import Figure, made_projection

from fiscalgraph.graph.sums import NoProjection, Projection, sum_amounts
from fiscalgraph.graph.sums_dimensions import DIMENSIONS, PHASES, SCOPES, WrongSum
from fiscalgraph.graph.sums_request import SumAnswer, SumRefused, conditions, sum_as_json, sum_request
from fiscalgraph.ontology import turtle_files
from fiscalgraph.workspace import open as open_workspace

TRUTH = SAMPLES.parent / "truth"
EXECUTED_2024 = {"year": 2024, "phase": "决算"}
OF_THE_BUREAU = {"organization": "国家自然遗产保护局"}
ACCOUNTS_2024 = (
    "civil_2024_accounts",
    "education_2024_accounts",
    "heritage_2024_accounts",
    "water_2024_accounts",
)

Where = Mapping[str, str | int | Sequence[str | int]]


@pytest.fixture(scope="module")
def samples(sample_home: Path) -> Projection:
    return Projection((sample_home / "current").resolve())


def answered(
    projection: Projection,
    measure: str = "expenditure",
    by: Iterable[str] = (),
    where: Where | None = None,
    **more: Any,
) -> SumAnswer:
    found = sum_amounts(projection, sum_request(measure, by, where, **more))
    assert isinstance(found, SumAnswer), found
    return found


def refused(
    projection: Projection, measure: str = "expenditure", by: Iterable[str] = (), where: Where | None = None
) -> SumRefused:
    """A refusal, whose alternative is answered with figures."""
    found = sum_amounts(projection, sum_request(measure, by, where))
    assert isinstance(found, SumRefused), found
    for reason in found.reasons:
        assert reason.zh != reason.en
    assert found.alternative is not None
    instead = sum_amounts(projection, found.alternative)
    assert isinstance(instead, SumAnswer)
    assert instead.rows
    return found


def codes(found: SumRefused) -> list[str]:
    return [reason.code for reason in found.reasons]


def amounts(answer: SumAnswer) -> dict[tuple[str, ...], Decimal]:
    return {tuple(part.value for part in row.key): row.amount for row in answer.rows}


def notes(answer: SumAnswer) -> set[str]:
    return {note.code for note in answer.notes}


def truth(document: str, name: str) -> list[dict[str, Any]]:
    lines = (TRUTH / document / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines]


def true_amount(line: Mapping[str, Any]) -> Decimal:
    worth = {"元": 1, "万元": 10_000}[line["unit"]]
    return Decimal(line["amount"] or 0) * worth


# ---- truth ----


def test_spending_by_class_is_what_the_accounts_print(samples: Projection) -> None:
    expected: dict[tuple[str, ...], Decimal] = {}
    for document in ACCOUNTS_2024:
        for line in truth(document, "lines"):
            code = line["code"] or ""
            if line["table"] == "支出决算表" and line["column"] == "本年支出合计" and len(code) == 3:
                expected[(code,)] = expected.get((code,), Decimal(0)) + true_amount(line)
    found = answered(samples, by=["class"], where={**EXECUTED_2024, "scope": "全部资金"})
    assert expected
    assert amounts(found) == expected
    assert found.total is not None
    assert found.total.amount == sum(expected.values())
    assert found.total.organizations == len(ACCOUNTS_2024)


def test_a_total_is_the_printed_total_of_each_department(samples: Projection) -> None:
    found = answered(samples, by=["organization"], where={**EXECUTED_2024, "scope": "AllFunds"})
    printed = {
        true_amount(line)
        for document in ACCOUNTS_2024
        for line in truth(document, "totals")
        if line["item"] == "本年支出合计" and "财政拨款" not in line["table"]
    }
    assert {row.amount for row in found.rows} == printed
    assert all(row.addends == 1 for row in found.rows)


def test_the_three_publics_are_what_their_tables_print(samples: Projection) -> None:
    found = answered(samples, "三公", by=["三公项目"], where=EXECUTED_2024)
    printed = sum(
        true_amount(line)
        for document in ACCOUNTS_2024
        for line in truth(document, "totals")
        if "三公" in line["table"] and line["column"] == "决算数/公务接待费"
    )
    assert amounts(found)[("OfficialReceptions",)] == printed
    assert {row.key[0].zh for row in found.rows} == {
        "因公出国（境）费",
        "公务用车购置及运行维护费",
        "公务接待费",
    }


def test_revenue_is_that_of_the_year_without_what_was_carried_over(samples: Projection) -> None:
    found = answered(samples, "收入", by=["organization"], where={**EXECUTED_2024, "scope": "全部资金"})
    printed = {
        true_amount(line)
        for document in ACCOUNTS_2024
        for line in truth(document, "totals")
        if line["item"] == "本年收入合计" and "财政拨款" not in line["table"]
    }
    assert {row.amount for row in found.rows} == printed


def test_a_sum_equals_that_of_the_graph(samples: Projection, sample_home: Path) -> None:
    """Class 208, one department: the one figure that SPARQL finds, however many tables print it."""
    workspace = open_workspace(sample_home)
    answer = workspace.query("budget-to-execution", department="国家自然遗产保护局")
    columns = list(answer.variables)
    executed = {
        (row[columns.index("code")].text, row[columns.index("year")].text): row[columns.index("executed")]  # type: ignore[union-attr]
        for row in answer.rows
        if row[columns.index("fund_scope")].text == "一般公共预算财政拨款"  # type: ignore[union-attr]
    }
    found = answered(
        samples,
        by=["year", "class"],
        where={**OF_THE_BUREAU, "phase": "决算", "scope": "一般公共预算", "year": [2023, 2024]},
    )
    assert len(found.rows) > 8
    for (year, code), amount in amounts(found).items():
        cell = executed[code, year]
        assert cell is not None
        assert Decimal(cell.text) == amount


# ---- counted once ----


@pytest.mark.parametrize("scope", [concept.zh for concept in SCOPES.values()])
@pytest.mark.parametrize("phase", [concept.zh for concept in PHASES.values()])
def test_finer_sums_add_up_to_the_coarser(samples: Projection, scope: str, phase: str) -> None:
    """Property: class ⊃ subclass ⊃ item, but for differences that the notes name (the samples plant some)."""
    where = {"phase": phase, "scope": scope}
    coarse = answered(samples, by=["year", "organization", "class"], where=where)
    for dimension in ("subclass", "item"):
        fine = answered(samples, by=["year", "organization", "class", dimension], where=where)
        added: dict[tuple[str, ...], Decimal] = {}
        for key, amount in amounts(fine).items():
            added[key[:3]] = added.get(key[:3], Decimal(0)) + amount
        wrong = {key for key, amount in amounts(coarse).items() if added.get(key, Decimal(0)) != amount}
        if "parts_differ" in notes(fine):
            (said,) = [note.zh for note in fine.notes if note.code == "parts_differ"]
            labels = samples.organizations
            assert all(labels[organization] in said and code in said for _, organization, code in wrong)
        else:
            assert not wrong
    whole = answered(samples, by=["year", "organization"], where=where)
    added = {}
    for key, amount in amounts(coarse).items():
        added[key[:2]] = added.get(key[:2], Decimal(0)) + amount
    printed = {key: amount for key, amount in amounts(whole).items() if amount and key in added}
    assert {key: added[key] for key in printed} == printed


def test_types_add_up_to_the_whole(samples: Projection) -> None:
    where = {**EXECUTED_2024, "scope": "全部资金"}
    types = answered(samples, by=["expenditure_type"], where=where)
    whole = answered(samples, where=where)
    assert types.total is not None
    assert whole.total is not None
    assert types.total.amount == whole.total.amount
    assert "types_differ" not in notes(types)


def test_units_are_left_out_beside_their_department(samples: Projection) -> None:
    where = {**EXECUTED_2024, "scope": "全部资金"}
    departments = answered(samples, by=["organization"], where=where)
    units = answered(samples, by=["organization"], where={**where, "level": "单位"})
    assert not any("水文" in row.key[0].zh for row in departments.rows)
    assert [row.key[0].zh for row in units.rows] == ["云泽省水文监测中心"]


def test_an_organisation_can_be_asked_for_by_name_or_iri(samples: Projection) -> None:
    iri = "https://w3id.org/fiscalgraph/id/department/云泽省水文监测中心"
    where = {**EXECUTED_2024, "scope": "全部资金"}
    by_iri = answered(samples, where={**where, "organization": iri})
    assert amounts(by_iri) == amounts(
        answered(samples, where={**where, "organization": "云泽省水文监测中心"})
    )
    assert by_iri.rows[0].addends == 1


def test_figures_are_named_with_their_tables(samples: Projection) -> None:
    found = answered(samples, by=["class"], where={**EXECUTED_2024, "scope": "全部资金"}, addends=True)
    assert len(found.addends) == sum(row.addends for row in found.rows)
    assert {each.table for each in found.addends} == {"支出决算表"}
    for row in found.rows:
        of_row = [each.amount for each in found.addends if each.key == (row.key[0].value,)]
        assert sum(of_row) == row.amount


def test_what_a_filter_implies_is_said(samples: Projection) -> None:
    found = answered(samples, "三公", where=EXECUTED_2024)
    assert [note.zh for note in found.notes if note.code == "implied"] == [
        "资金口径未指定，符合条件的数字只有“财政拨款”。"
    ]


def test_who_gave_no_figure_is_named_with_the_reason(samples: Projection) -> None:
    found = answered(samples, by=["class"], where={**EXECUTED_2024, "scope": "财政拨款"})
    assert {(each.label, each.year, each.reason.code) for each in found.missing} == {
        ("国家自然遗产保护局", 2024, "other_scope")
    }
    earlier = answered(samples, by=["class"], where={"year": 2023, "phase": "决算", "scope": "全部资金"})
    assert {(each.label, each.reason.code) for each in earlier.missing} == {("澄溪县民政局", "no_disclosure")}


def test_no_year_no_phase_no_scope_is_added_to_another(samples: Projection) -> None:
    found = answered(samples, by=["year", "phase", "scope"])
    assert found.total is None
    assert {"year_total_withheld", "phase_total_withheld", "scope_total_withheld"} <= notes(found)


def test_a_region_holds_what_lies_in_it() -> None:
    """Two departments of a province's cities and one of the province itself."""
    figures = [
        Figure(organization=name, document=name, region=region, amount=amount)
        for name, region, amount in (("省厅", "440000", 100), ("市局", "440100", 10), ("外省", "110000", 1))
    ]
    with made_projection(figures) as projection:
        assert amounts(answered(projection, where={"region": "广东省"})) == {(): Decimal(110)}
        assert amounts(answered(projection, where={"region": "广州市"})) == {(): Decimal(10)}
        assert amounts(answered(projection, by=["region"])) == {
            ("110000",): Decimal(1),
            ("440000",): Decimal(100),
            ("440100",): Decimal(10),
        }


def test_sister_tables_and_copies_of_a_document_count_once() -> None:
    figures = [
        Figure(document=document, table=table, amount=100)
        for document in ("公开", "公开副本")
        for table in ("支出总表", "支出预算表")
    ]
    with made_projection(figures) as projection:
        found = answered(projection)
        assert amounts(found) == {(): Decimal(100)}
        assert found.rows[0].addends == 1
        by_document = answered(projection, by=["document"])
        assert amounts(by_document) == {("公开",): Decimal(100), ("公开副本",): Decimal(100)}
        assert by_document.total is None
        assert "same_money_total_withheld" in notes(by_document)


def test_a_column_that_is_a_part_never_stands_for_the_whole() -> None:
    """Also where its heading says nothing that we know, and only its own parts add up."""
    figures = [
        Figure(column="合计", code="", amount=100),
        Figure(column="合计", code="205", amount=60),
        Figure(column="合计", code="208", amount=30),
        Figure(column="专门安排", code="", amount=10),
        Figure(column="专门安排", code="205", amount=10),
        Figure(column="专门安排", code="208", amount=0),
    ]
    with made_projection(figures) as projection:
        assert amounts(answered(projection)) == {(): Decimal(100)}
        assert amounts(answered(projection, by=["class"]))[("205",)] == 60


def test_the_department_speaks_before_its_unit_and_the_budget_for_itself() -> None:
    figures = [
        Figure(kind="单位预算", document="单位", amount=60),
        Figure(kind="部门预算", document="部门", amount=100),
        Figure(kind="部门决算", document="决算", amount=99, column="年初预算数/合计"),
    ]
    with made_projection(figures) as projection:
        assert amounts(answered(projection)) == {(): Decimal(100)}
        by_kind = answered(projection, by=["kind"])
        assert amounts(by_kind)[("单位预算",)] == 60
        assert by_kind.total is None


def test_one_level_of_codes_is_added_and_what_is_not_divided_stands_apart() -> None:
    figures = [
        Figure(code="", amount=100),
        Figure(code="205", amount=60),
        Figure(code="20501", amount=60),
        Figure(code="2050101", amount=45),
        Figure(code="2050102", amount=15),
        Figure(code="20805", amount=25),
        Figure(code="213", amount=15),
    ]
    with made_projection(figures) as projection:
        assert amounts(answered(projection)) == {(): Decimal(100)}
        assert amounts(answered(projection, by=["class"])) == {
            ("205",): Decimal(60),
            ("208",): Decimal(25),
            ("213",): Decimal(15),
        }
        items = answered(projection, by=["item"])
        assert amounts(items) == {
            ("2050101",): Decimal(45),
            ("2050102",): Decimal(15),
            ("20805",): Decimal(25),
            ("213",): Decimal(15),
        }
        assert "undivided" in notes(items)
        assert items.total is not None
        assert items.total.amount == 100


def test_a_list_that_repeats_codes_counts_only_where_it_adds_up() -> None:
    """A table of projects repeats an item's code: without a total it adds up to, it breaks nothing down."""
    lines = [Figure(code="2050101", amount=amount) for amount in (30, 30, 40)]
    with made_projection([Figure(code="", amount=100), *lines]) as projection:
        assert amounts(answered(projection, by=["class"])) == {("205",): Decimal(100)}
    with made_projection([Figure(code="", amount=170), *lines]) as projection:
        found = answered(projection, by=["class"])
        assert found.rows == ()
        assert [each.reason.code for each in found.missing] == ["no_table"]


def test_tables_of_projects_and_purchases_are_no_expenditure_of_their_own() -> None:
    figures = [
        Figure(amount=100),
        Figure(table="项目支出表", amount=70, expenditure_type="ProjectExpenditure"),
        Figure(table="政府采购支出表", amount=40),
        Figure(table="支出总表", column="项目支出", amount=75, expenditure_type="ProjectExpenditure"),
    ]
    with made_projection(figures) as projection:
        assert amounts(answered(projection)) == {(): Decimal(100)}
        found = answered(projection, by=["expenditure_type"])
        assert [row.addends for row in found.rows] == [1]


def test_a_difference_between_a_total_and_its_parts_is_told() -> None:
    figures = [Figure(code="", amount=100), Figure(code="205", amount=60), Figure(code="208", amount=30)]
    with made_projection(figures) as projection:
        found = answered(projection, by=["class"])
        assert found.total is not None
        assert found.total.amount == 90
        (said,) = [note.zh for note in found.notes if note.code == "parts_differ"]
        assert "+10" in said


def test_contested_and_inferred_addends_are_counted() -> None:
    figures = [
        Figure(code="205", amount=60, contested=True),
        Figure(code="208", amount=30, inferred=True),
        Figure(code="213", amount=10),
    ]
    with made_projection(figures) as projection:
        (row,) = answered(projection).rows
        assert (row.addends, row.contested, row.inferred) == (3, 1, 1)


def test_a_unit_stands_in_for_a_department_without_figures() -> None:
    figures = [Figure(organization="中心", parent="厅", amount=10)]
    with made_projection(figures) as projection:
        found = answered(projection)
        assert amounts(found) == {(): Decimal(10)}
        assert "units_in_place" in notes(found)
    with made_projection([*figures, Figure(organization="厅", document="厅", amount=50)]) as projection:
        assert amounts(answered(projection)) == {(): Decimal(50)}


def test_a_department_whose_head_office_alone_has_figures_is_answered_by_that() -> None:
    office = Figure(organization="云泽省水务厅本级", parent="云泽省水务厅", head_office=True, amount=10)
    where = {"organization": "云泽省水务厅"}
    with made_projection([office]) as projection:
        found = answered(projection, where=where)
        assert amounts(found) == {(): Decimal(10)}
        assert "head_office_only" in notes(found)
        assert "head_office_only" not in notes(
            answered(projection, where={"organization": "云泽省水务厅本级"})
        )
    whole = Figure(organization="云泽省水务厅", document="厅", year=2023, amount=50)
    with made_projection([office, whole]) as projection:  # no year of one beside a year of the other
        assert amounts(answered(projection, by=["year"], where=where)) == {("2023",): Decimal(50)}


def test_a_code_without_a_name_in_the_lists_is_named_as_documents_print_it() -> None:
    figures = [
        Figure(amount=3, code="2985501", name=name, document=document, organization=document)
        for document, name in (("甲", "临时支出"), ("乙", "临时安排的支出"), ("丙", "临时安排的支出"))
    ]
    with made_projection([*figures, Figure(amount=1, code="2080101", organization="丁")]) as projection:
        (listed, unlisted) = answered(projection, by=["item"]).rows
        assert (listed.key[0].zh, listed.key[0].en) == ("行政运行", "行政运行")
        assert unlisted.key[0].zh == "临时安排的支出（据文件所印）"
        assert unlisted.key[0].en == "临时安排的支出 (as printed)"


def test_an_item_of_the_three_publics_that_a_table_repeats_is_one_amount() -> None:
    printed = (("ThreePublicsTotal", 12), ("OfficialVehicles", 8), ("OfficialReceptions", 4))
    total = [
        Figure(amount=yuan, three_publics=item, scope="GeneralPublicBudget", table="“三公”经费表")
        for item, yuan in printed
    ]
    by = ["three_publics_item"]
    with made_projection([*total, *total]) as projection:  # the 合计, and the only unit's row
        found = answered(projection, "三公", by=by)
        assert amounts(found) == {("OfficialVehicles",): Decimal(8), ("OfficialReceptions",): Decimal(4)}
    other = [dataclasses.replace(total[1], amount=7)]
    with made_projection([*total, *other]) as projection:  # which of the two is not said
        assert amounts(answered(projection, "三公", by=by)) == {}


def test_a_body_that_a_departments_tables_list_is_a_part_of_it() -> None:
    whole = Figure(organization="局", document="局", amount=100)
    listed = Figure(organization="执法队", document="局", table="部门支出总表", amount=30)
    of_its_own = Figure(organization="执法队", document="队", kind="单位预算", amount=31)
    with made_projection([whole, listed]) as projection:
        assert amounts(answered(projection)) == {(): Decimal(100)}
        assert amounts(answered(projection, where={"level": "unit"})) == {(): Decimal(30)}
    with made_projection([whole, listed, of_its_own]) as projection:
        assert amounts(answered(projection)) == {(): Decimal(100)}


def test_a_department_that_another_document_mentions_stays_a_department() -> None:
    whole = Figure(organization="局", document="局", amount=100)
    unit = Figure(organization="中心", parent="局", document="中心", kind="单位预算", amount=30)
    mentioned = Figure(organization="局", document="中心", kind="单位预算", table="部门支出总表", amount=99)
    with made_projection([whole, unit, mentioned]) as projection:
        assert amounts(answered(projection)) == {(): Decimal(100)}
    with made_projection([unit, mentioned]) as projection:
        assert amounts(answered(projection)) == {(): Decimal(99)}


def test_a_figure_that_does_not_say_its_phase_or_scope_is_not_added() -> None:
    with made_projection([Figure(phase=None, amount=10)]) as projection:
        found = answered(projection, where={"year": 2024})
        assert found.rows == ()
        assert [each.reason.code for each in found.missing] == ["phase_unsaid"]
    with made_projection([Figure(scope=None, amount=10)]) as projection:
        assert answered(projection).rows == ()


def test_staff_and_running_costs_make_the_basic_expenditure() -> None:
    figures = [
        Figure(table="基本支出决算表", column=column, code=code, amount=amount, expenditure_type=kind)
        for column, code, amount, kind in (
            ("人员经费", "301", 70, "PersonnelExpenditure"),
            ("公用经费", "302", 20, "OperatingExpenditure"),
        )
    ]
    with made_projection(figures) as projection:
        found = answered(projection, by=["department_economic_class"], where={"expenditure_type": "基本支出"})
        assert amounts(found) == {("301",): Decimal(70), ("302",): Decimal(20)}


# ---- refusals ----


def test_mixed_years_phases_and_scopes_are_refused_together(samples: Projection) -> None:
    found = refused(samples)
    assert codes(found) == ["mixed_years", "mixed_phases", "mixed_scopes"]
    assert found.alternative is not None
    assert found.alternative.as_json() == {
        "measure": "expenditure",
        "by": ["year", "phase"],
        "where": {"scope": ["AllFunds"]},
    }


@pytest.mark.parametrize(
    ("where", "reason"),
    [
        ({"phase": "决算", "scope": "全部资金", "year": [2023, 2024]}, "mixed_years"),
        ({"year": 2024, "scope": "全部资金", "phase": ["年初预算", "决算"]}, "mixed_phases"),
        ({"year": 2024, "phase": "决算"}, "mixed_scopes"),
        ({"year": 2024, "phase": "决算", "scope": ["财政拨款", "一般公共预算"]}, "mixed_scopes"),
        (
            {**EXECUTED_2024, "scope": "全部资金", "expenditure_type": ["基本支出", "人员经费"]},
            "part_and_whole",
        ),
        (
            {**EXECUTED_2024, "scope": "全部资金", "organization": ["云泽省水务厅", "云泽省水文监测中心"]},
            "department_and_units",
        ),
    ],
)
def test_mixed_values_are_refused(samples: Projection, where: Where, reason: str) -> None:
    assert codes(refused(samples, by=["class"], where=where)) == [reason]


def test_years_are_never_those_of_the_prior_year_as_printed_in_a_budget(samples: Projection) -> None:
    where = {"year": 2023, "scope": "一般公共预算"}
    assert codes(refused(samples, where=where)) == ["mixed_phases"]
    prior = answered(samples, where={**where, "phase": "上年执行数"})
    accounts = answered(samples, where={**where, "phase": "决算"})
    assert prior.rows[0].amount != accounts.rows[0].amount


def test_disjoint_scopes_may_be_added_when_they_are_named(samples: Projection) -> None:
    where = {**EXECUTED_2024, "organization": "清河市教育局"}
    together = answered(samples, where={**where, "scope": ["一般公共预算", "政府性基金"]})
    whole = answered(samples, where={**where, "scope": "财政拨款"})
    assert amounts(together) == amounts(whole)


def test_two_classifications_are_refused(samples: Projection) -> None:
    economic = refused(
        samples,
        by=["department_economic_class", "government_economic_class"],
        where={"year": 2024, "phase": "年初预算", "type": "基本支出"},
    )
    assert codes(economic) == ["two_economic_schemes"]
    both = refused(samples, by=["class", "department_economic_class"], where={**EXECUTED_2024})
    assert codes(both) == ["two_classifications"]
    assert both.alternative is not None
    assert both.alternative.by == ("class",)


def test_the_three_publics_are_not_added_to_expenditure(samples: Projection) -> None:
    found = refused(samples, by=["三公项目"], where=EXECUTED_2024)
    assert codes(found) == ["part_of_expenditure"]
    assert found.alternative is not None
    assert found.alternative.measure == "three_publics"
    assert codes(refused(samples, "三公", by=["class"], where=EXECUTED_2024)) == ["not_of_measure"]
    parts = {**EXECUTED_2024, "三公项目": ["公务用车购置及运行维护费", "公务用车购置费"]}
    assert codes(refused(samples, "三公", where=parts)) == ["part_and_whole"]


def test_revenue_has_no_expenditure_types(samples: Projection) -> None:
    found = refused(samples, "revenue", by=["expenditure_type"], where={**EXECUTED_2024, "scope": "全部资金"})
    assert codes(found) == ["not_of_measure"]


def test_what_units_pay_each_other_is_not_counted_twice() -> None:
    """The head office subsidises a unit, which spends the money again."""
    figures = [
        Figure(
            organization=name, parent="厅", document=name, amount=amount, expenditure_type=kind, column=column
        )
        for name, column, amount, kind in (
            ("厅本级", "合计", 100, None),
            ("厅本级", "基本支出", 80, "BasicExpenditure"),
            ("厅本级", "对附属单位补助支出", 20, "SubsidyToAffiliates"),
            ("中心", "合计", 50, None),
            ("中心", "基本支出", 50, "BasicExpenditure"),
        )
    ]
    with made_projection(figures) as projection:
        found = refused(projection, where={"level": "单位"})
        assert codes(found) == ["internal_flows"]
        assert found.alternative is not None
        assert amounts(answered(projection, where=dict(found.alternative.where))) == {(): Decimal(130)}
        apart = answered(projection, by=["organization"], where={"level": "单位"})
        assert len(apart.rows) == 2


# ---- words ----


def test_dimensions_and_values_are_understood_in_chinese_and_english() -> None:
    request = sum_request("支出", ["年度", "类"], {"口径": "财政拨款", "phase": "executed", "类": "教育支出"})
    assert request.by == ("year", "class")
    assert dict(request.where) == {
        "phase": ("executed",),
        "scope": ("FiscalAppropriation",),
        "class": ("205",),
    }
    assert sum_request(where={"region": "深圳"}).where == (("region", ("440300",)),)
    iri = "https://w3id.org/fiscalgraph/ontology#GeneralPublicBudget"
    assert sum_request(where={"scope": iri}).values("scope") == ("GeneralPublicBudget",)


@pytest.mark.parametrize(
    ("by", "where"),
    [
        (["colour"], {}),
        (["level"], {}),
        ([], {"year": "24"}),
        ([], {"scope": "钱"}),
        ([], {"class": "20508"}),
        ([], {"item": "不存在的科目"}),
        ([], {"region": "某地"}),
    ],
)
def test_a_wrong_name_or_value_is_an_error(by: list[str], where: Where) -> None:
    with pytest.raises(WrongSum):
        sum_request("expenditure", by, where)


def test_an_unknown_organisation_names_those_that_are_alike(samples: Projection) -> None:
    with pytest.raises(WrongSum, match="云泽省水务厅"):
        answered(samples, where={"organization": "水务厅"})


def test_conditions_are_name_and_value() -> None:
    assert conditions(["year=2024", "year=2023", "口径=财政拨款"]) == {
        "year": ["2024", "2023"],
        "口径": ["财政拨款"],
    }
    with pytest.raises(WrongSum):
        conditions(["year"])


def test_labels_are_those_of_the_ontology() -> None:
    text = "".join(turtle_files().values())
    for dimension in DIMENSIONS.values():
        for concept in (dimension.concepts or {}).values() if dimension.name != "level" else ():
            assert f'"{concept.zh}"@zh' in text, concept


# ---- front ends ----


def test_the_python_interface_answers(sample_home: Path) -> None:
    found = open_workspace(sample_home).sum(by=["class"], where={**EXECUTED_2024, "scope": "全部资金"})
    assert isinstance(found, SumAnswer)
    assert found.total is not None
    content = sum_as_json(found)
    assert content["total"]["amount"] == format(found.total.amount, "f")


def test_the_command_line_answers_in_every_format(sample_home: Path, tmp_path: Path) -> None:
    asked = ("sum", "--by", "class", "-w", "year=2024", "-w", "phase=决算", "-w", "scope=全部资金")
    table = fiscalgraph(*asked, "--addends", "--home", sample_home)
    assert table.code == 0, table.err
    assert "213 农林水支出" in table.out
    as_csv = fiscalgraph(*asked, "--format", "csv", "--home", sample_home)
    assert as_csv.out.splitlines()[0] == "class,class_label,amount,addends,contested,inferred,organizations"
    as_json = fiscalgraph(*asked, "--json", "--home", sample_home)
    rows = {row["key"][0]["value"]: row["amount"] for row in json.loads(as_json.out)["rows"]}
    assert rows == {line.split(",")[0]: line.split(",")[2] for line in as_csv.out.splitlines()[1:]}
    file = tmp_path / "sum.xlsx"
    assert fiscalgraph(*asked, "--format", "xlsx", "-o", file, "--home", sample_home).code == 0
    book = load_workbook(file, read_only=True)
    assert book.sheetnames == ["sum", "notes", "missing"]


def test_the_command_line_refuses_with_a_code_of_its_own(sample_home: Path) -> None:
    done = fiscalgraph("sum", "--by", "year", "--home", sample_home)
    assert done.code == 5
    assert done.out == ""
    instead = done.err.splitlines()[-1].partition("Ask instead: fiscalgraph ")[2]
    again = fiscalgraph(*instead.split(), "--home", sample_home)
    assert again.code == 0, again.err
    in_chinese = fiscalgraph("--lang", "zh", "sum", "--by", "year", "--home", sample_home)
    assert "不得相加" in in_chinese.err
    assert fiscalgraph("sum", "--by", "colour", "--home", sample_home).code == 1


def test_http_answers_and_refuses_with_an_alternative(sample_home: Path) -> None:
    import httpx

    with (
        server(sample_home) as address,
        httpx.Client(base_url=address, timeout=60, trust_env=False) as client,
    ):
        where = ["year=2024", "phase=决算", "scope=全部资金"]
        found = client.get("/sum", params={"by": ["class"], "where": where, "addends": True})
        assert found.status_code == 200
        assert found.json()["addends"]
        as_csv = client.get("/sum", params={"by": ["class"], "where": where, "format": "csv"})
        assert as_csv.text.splitlines()[0].startswith("功能分类（类）（代码）,功能分类（类）,金额（元）,")
        assert as_csv.headers["fiscalgraph-rows"] == str(len(found.json()["rows"]))
        asked = {"by": ["class"], "where": where, "addends": True, "format": "xlsx"}
        book = load_workbook(io.BytesIO(client.get("/sum", params=asked).content))
        assert book.sheetnames == ["汇总", "说明", "没有数字的", "相加的数字"]
        header, *rows = csv.reader(io.StringIO(as_csv.text))
        assert [cell.value for cell in book["汇总"][1]] == header
        assert [str(row[0].value) for row in book["汇总"].iter_rows(min_row=2)] == [row[0] for row in rows]
        assert book["相加的数字"].max_row == 1 + len(found.json()["addends"])
        english = client.get("/sum", params={**asked, "format": "csv"}, headers={"Accept-Language": "en"})
        assert english.text.startswith("functional class (code),functional class,amount (yuan),")
        refusal = client.get("/sum", params={"by": ["class"], "language": "en"})
        assert refusal.status_code == 409
        error = refusal.json()["error"]
        assert {"code", "what", "why", "cure", "reasons", "alternative"} == set(error)
        assert error["code"] == "sum_refused"
        address_instead = error["cure"].partition("Ask instead: ")[2]
        assert client.get(address_instead).status_code == 200
        wrong = client.get("/sum", params={"by": ["colour"]})
        assert (wrong.status_code, wrong.json()["error"]["code"]) == (422, "wrong_parameter")


def test_a_generation_without_projection_says_to_build_again(tmp_path: Path) -> None:
    with pytest.raises(NoProjection, match="Build it again"):
        Projection(tmp_path)


def test_a_projection_of_another_version_says_to_build_again(sample_home: Path, tmp_path: Path) -> None:
    for path in (sample_home / "current").resolve().glob("*.parquet"):
        shutil.copy(path, tmp_path)
    with duckdb.connect() as connection:
        connection.execute(f"COPY (SELECT 1 AS measure) TO '{tmp_path / 'cells.parquet'}' (FORMAT parquet)")
    with pytest.raises(NoProjection, match="another version"):
        Projection(tmp_path)


def test_light_commands_do_not_load_the_engine(sample_home: Path) -> None:
    import subprocess
    import sys

    code = "import sys, fiscalgraph.commands, fiscalgraph.workspace; print('duckdb' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60)
    assert done.stdout.strip() == "False", done.stderr


def test_the_workbook_is_for_people_who_read_chinese(sample_home: Path, tmp_path: Path) -> None:
    file = tmp_path / "sum.xlsx"
    conditions = ("-w", "year=2024", "-w", "phase=executed", "-w", "scope=FiscalAppropriation")
    done = fiscalgraph(
        *("sum", "--by", "class", *conditions, "--home", sample_home, "--addends"),
        *("--format", "xlsx", "--output", file),
        environment={"FISCALGRAPH_LANG": "zh"},
    )
    assert done.code == 0, done.err
    sheet = load_workbook(file)["汇总"]
    assert [cell.value for cell in sheet[1]][:3] == ["功能分类（类）（代码）", "功能分类（类）", "金额（元）"]
    assert isinstance(sheet["C2"].value, int | float)
    assert sheet["C2"].number_format == "#,##0.00"
    assert sheet.auto_filter.ref is not None


def test_spreadsheets_know_the_encoding_of_a_csv_file(sample_home: Path, tmp_path: Path) -> None:
    file = tmp_path / "sum.csv"
    conditions = ("-w", "year=2024", "-w", "phase=executed", "-w", "scope=FiscalAppropriation")
    done = fiscalgraph("sum", *conditions, "--home", sample_home, "-f", "csv", "-o", file)
    assert done.code == 0, done.err
    assert file.read_bytes().startswith(b"\xef\xbb\xbfamount,")


@pytest.mark.parametrize(
    ("name", "word", "hint"),
    [
        ("class", "教育", "教育支出"),
        ("class", "999", "no such code"),
        ("organization", "云泽省水利厅", "云泽省水务厅"),
    ],
)
def test_a_misspelt_value_is_answered_with_what_may_be_meant(
    sample_home: Path, name: str, word: str, hint: str
) -> None:
    done = fiscalgraph("sum", "-w", f"{name}={word}", "--home", sample_home)
    assert done.code == 1
    assert hint in done.err
