"""The audit sheet: every line with both places, honest counts, and files that are safe to open."""

from __future__ import annotations

import csv
import html
import io
import json
import re
from collections import Counter
from decimal import Decimal
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from running import ROOT, fiscalgraph

from fiscalgraph.api.audit import audit_sheet
from fiscalgraph.api.audit_lines import DIFFERING, VERDICTS, AuditLine, AuditSheet, AuditSide, Operand, Place
from fiscalgraph.api.audit_units import side_unit
from fiscalgraph.audit_page import audit_page
from fiscalgraph.audit_sheet import sheet_csv
from fiscalgraph.audit_workbook import write_audit_workbook
from fiscalgraph.extract.normalise import UNIT_FACTORS
from fiscalgraph.graph.sparql import evaluate
from fiscalgraph.graph.store import GenerationStore
from fiscalgraph.language import set_language
from fiscalgraph.ontology.checks import check_rules
from fiscalgraph.ontology.terms import CODES

CONTRADICTED = 6


@pytest.fixture(scope="module")
def sheet(sample_home: Path) -> AuditSheet:
    return audit_sheet(GenerationStore(sample_home).open_reader().store, verdicts=VERDICTS)


@pytest.fixture
def in_chinese() -> Any:
    set_language("zh")
    yield
    set_language("en")


# ---- what is in it ----


def test_each_figure_has_its_unit_and_percentages_differ_by_points(sheet: AuditSheet) -> None:
    seen = set()
    for line in sheet.lines:
        sides = (line.left, line.right)
        assert line.unit != "%", line
        if any(side.printed.endswith("%") for side in sides) and line.difference is not None:
            assert (line.unit, line.left.unit, line.right.unit) == ("个百分点", None, None)
        factors = [UNIT_FACTORS.get(side.unit or "") for side in (line.left, line.right, line)]
        if line.difference is not None and None not in factors:
            left, right, difference = (factor for factor in factors if factor is not None)
            assert (
                Decimal(line.left.printed) * left - Decimal(line.right.printed) * right
                == line.difference * difference
            )
            seen.add(line.unit)
    assert seen == {"元", "万元"}


def test_a_side_has_no_unit_where_it_cannot_be_told() -> None:
    yuan = Operand("12000.00", "元", "合计", "urn:1", None)
    assert side_unit("12,000.00", [yuan], "1.20", Decimal(0), "元") == "元"
    assert side_unit("1.20", [], "12,000.00", Decimal(0), "元") is None  # it is 万元, and nobody says so
    assert side_unit("5", [], "3", Decimal(-2), "个") == "个"
    assert side_unit("5", [], "3", None, "个") is None
    assert side_unit("97.4", [], "97.1", Decimal("0.3"), "个百分点") == "%"
    assert side_unit("97.4%", [], "97.1%", Decimal("0.3"), "个百分点") is None
    assert side_unit("≥6个", [], "5个", Decimal(1), "个") is None


def test_every_line_leads_to_the_words_of_its_document(sheet: AuditSheet) -> None:
    assert sheet.total == len(sheet.lines) > 500
    for line in sheet.lines:
        assert line.detail
        assert line.left.place is not None
        assert line.left.place.quote
        assert line.left.place.document == line.documents[0]
        if line.right.place is not None:
            assert line.right.place.document == line.documents[-1]
        assert line.right.place is not None or line.right.computed or not line.right.printed


def test_contradictions_come_first_and_what_agrees_last(sheet: AuditSheet) -> None:
    order = [VERDICTS.index(line.verdict) for line in sheet.lines]
    assert order == sorted(order)
    assert {line.verdict for line in sheet.lines[:5]} == {"contradicts"}


def test_a_sum_shows_all_its_addends(sheet: AuditSheet) -> None:
    line = next(
        line for line in sheet.lines if line.check.name == "code-hierarchy" and line.verdict == "agrees"
    )
    (whole,) = line.left.operands
    addends = [Decimal(operand.printed) for operand in line.right.operands]
    assert len(addends) > 1
    assert Decimal(whole.printed) == Decimal(line.left.printed) == sum(addends)
    assert all(operand.place is not None and operand.place.quote for operand in line.right.operands)


def test_a_check_between_documents_names_both(sheet: AuditSheet) -> None:
    between = [line for line in sheet.lines if len(line.documents) == 2]
    assert between
    for line in between:
        assert line.documents[0] != line.documents[1]
        assert line.left.place is not None
        assert line.right.place is not None
        assert (line.left.place.document, line.right.place.document) == line.documents


def test_the_counts_are_those_of_the_lines(sheet: AuditSheet) -> None:
    lines = Counter((line.check.name, line.verdict) for line in sheet.lines)
    for (check, verdict), number in lines.items():
        assert sheet.count(check, verdict) == number
    assert sum(sheet.count(None, verdict) for verdict in VERDICTS) == len(sheet.lines)
    assert {rule.name for rule in sheet.rules} == {check for check, _ in lines}


def test_figures_are_confirmed_contested_or_unchecked(sheet: AuditSheet) -> None:
    for each in sheet.documents:
        assert each.figures == each.confirmed + each.contested + each.unchecked
        assert min(each.confirmed, each.contested, each.unchecked) >= 0
    assert sum(each.confirmed for each in sheet.documents) > sum(each.figures for each in sheet.documents) / 2
    assert any(each.contested for each in sheet.documents)


def test_a_bound_that_is_kept_confirms_no_figure() -> None:
    bounds = [rule for rule in check_rules().values() if rule.name == "unit-within-department"]
    assert [rule.dimension.value.rsplit("#", 1)[-1] for rule in bounds] == ["Plausibility"]


def test_documents_checks_verdicts_and_pages_can_be_chosen(sheet: AuditSheet, sample_home: Path) -> None:
    store = GenerationStore(sample_home).open_reader().store
    chosen = audit_sheet(store, ["water_2024_accounts"], verdicts=VERDICTS)
    assert {each.document for each in chosen.documents} == {"water_2024_accounts"}
    assert all("water_2024_accounts" in line.documents for line in chosen.lines)
    assert any(len(line.documents) == 2 for line in chosen.lines)
    rates = audit_sheet(store, checks=["code-hierarchy"], verdicts=["agrees"], offset=3, limit=2)
    assert len(rates.lines) == 2
    assert rates.total == sheet.count("code-hierarchy", "agrees")
    every = audit_sheet(store, checks=["code-hierarchy"], verdicts=["agrees"])
    assert rates.lines == every.lines[3:5]


def test_the_sum_in_the_guide_leaves_contested_figures_out(sample_home: Path) -> None:
    guide = (ROOT / "docs" / "checks.md").read_text(encoding="utf-8")
    (query,) = re.findall(r"```sparql\n(.*?)```", guide, re.DOTALL)
    answer = evaluate(GenerationStore(sample_home).open_reader().store, query)
    rows = [[None if term is None else term.value for term in row] for row in answer.rows]
    assert answer.variables == ("document", "sum", "left_out")
    assert len(rows) > 5
    assert any(left_out for *_, left_out in rows)
    assert any(not left_out for *_, left_out in rows)


def test_the_guide_names_every_check_between_documents() -> None:
    guide = (ROOT / "docs" / "checks.md").read_text(encoding="utf-8")
    named = set(re.findall(r"^\| `([a-z-]+-[a-z-]+)` \|", guide, re.MULTILINE))
    between = {
        rule.name for rule in check_rules().values() if rule.scope == CODES["check scope"]["documents"]
    }
    assert named == between


# ---- the command ----


def test_check_prints_counts_then_lines_and_ends_with_6(sample_home: Path) -> None:
    done = fiscalgraph("--lang", "zh", "check", "--home", sample_home)
    assert done.code == CONTRADICTED
    assert "[矛盾]" in done.out
    assert "[一致]" not in done.out
    assert done.out.index("已核实") < done.out.index("[矛盾]")
    assert re.search(r"左方 \S+  第\d+[页行] “.+”", done.out)


def test_check_of_one_document_is_about_that_document(sample_home: Path) -> None:
    done = fiscalgraph("check", "civil_2024_budget", "--json", "--home", sample_home)
    answer = json.loads(done.out)
    assert done.code == CONTRADICTED
    assert [each["document"] for each in answer["documents"]] == ["civil_2024_budget"]
    assert {line["verdict"] for line in answer["lines"]} <= set(DIFFERING)
    assert all("civil_2024_budget" in line["documents"] for line in answer["lines"])
    first = answer["lines"][0]
    assert first["left"]["place"]["quote"]
    assert {"printed", "unit", "name", "iri", "place"} == set(first["left"]["operands"][0])
    rule = next(each for each in answer["checks"] if each["check"] == first["check"])
    assert rule["rule"]["zh"]
    assert rule["verdicts"]["contradicts"] > 0


def test_check_takes_verdicts_and_refuses_what_it_does_not_know(sample_home: Path) -> None:
    arguments = ("check", "--json", "--verdict", "scope_differs", "--verdict", "questionable")
    answer = json.loads(fiscalgraph(*arguments, "--home", sample_home).out)
    assert {line["verdict"] for line in answer["lines"]} == {"scope_differs", "questionable"}
    unknown = fiscalgraph("check", "nosuch", "--home", sample_home)
    assert unknown.code == 1
    assert "nosuch" in unknown.err
    assert fiscalgraph("check", "--verdict", "wrong", "--home", sample_home).code == 1
    assert fiscalgraph("check", "--format", "xlsx", "--home", sample_home).code == 1


def test_a_file_that_cannot_be_written_is_told_and_leaves_nothing(sample_home: Path, tmp_path: Path) -> None:
    done = fiscalgraph("check", "-f", "html", "--out", tmp_path / "nosuch" / "x.html", "--home", sample_home)
    assert done.code == 1
    assert "Traceback" not in done.err
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("form", ["csv", "json", "xlsx", "html"])
def test_the_same_graph_gives_the_same_file(form: str, sample_home: Path, tmp_path: Path) -> None:
    files = [tmp_path / f"{name}.{form}" for name in ("one", "two")]
    for file in files:
        done = fiscalgraph("check", "heritage_2024_accounts", "-f", form, "-o", file, "--home", sample_home)
        assert (done.code, done.out) == (CONTRADICTED, "")
    assert files[0].read_bytes() == files[1].read_bytes()
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(file.name for file in files)


# ---- files ----


def hostile() -> AuditSheet:
    """A sheet whose words would be formulas, tags or control characters."""
    evil = '=HYPERLINK("http://x","y")'
    place = Place("=1+1", 3, None, "<script>alert(1)</script> 合计 1,234.50 234.50 \x07")
    operand = Operand("1234.50", "万元", "@SUM(A1)", "urn:x", place)
    line = AuditLine(
        iri="urn:result",
        documents=("=1+1", "+cmd"),
        verdict="contradicts",
        check=check_rules()["code-hierarchy"],
        kind="sum_mismatch",
        detail=evil,
        left=AuditSide("1234.50", False, place, (operand,)),
        right=AuditSide("-5.00", True, place, (operand, operand)),
        difference=Decimal("1239.50"),
        unit="万元",
    )
    return AuditSheet((line,), 1, (), Counter({("code-hierarchy", "contradicts"): 1}))


def test_csv_cells_are_no_formulas() -> None:
    head, row = csv.reader(io.StringIO(sheet_csv(hostile()), newline=""))
    assert len(head) == len(row)
    assert not [cell for cell in row if cell.startswith(("=", "@", "+"))]
    assert "-5.00" in row
    assert "'=1+1" in row


def test_a_workbook_has_filters_widths_and_no_formulas(tmp_path: Path, in_chinese: None) -> None:
    write_audit_workbook(hostile(), tmp_path / "x.xlsx")
    book = openpyxl.load_workbook(tmp_path / "x.xlsx")
    assert book.sheetnames == ["核对结果", "汇总", "各项核对", "规则说明"]
    lines = book["核对结果"]
    assert lines.freeze_panes == "A2"
    assert lines.auto_filter.ref == "A1:S2"
    assert {cell.data_type for row in lines for cell in row if isinstance(cell.value, str)} == {"s"}
    by_head = {head.value: cell for head, cell in zip(lines[1], lines[2], strict=True)}
    assert by_head["左方"].alignment.horizontal == "right"
    assert by_head["左方原文"].alignment.wrap_text
    assert by_head["差额"].value == 1239.5
    assert lines.column_dimensions["N"].width > 30
    assert book["规则说明"]["B2"].value == check_rules()["code-hierarchy"].rule_zh


class Outline(HTMLParser):
    """The tags of a page, and its text outside of scripts and styles."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: Counter[str] = Counter()
        self.marked: list[str] = []
        self._open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags[tag] += 1
        self._open.append(tag)
        assert not any((value or "").startswith(("http:", "https:", "//")) for _, value in attrs)

    def handle_endtag(self, tag: str) -> None:
        while self._open and self._open.pop() != tag:
            pass

    def handle_data(self, data: str) -> None:
        if self._open and self._open[-1] == "mark":
            self.marked.append(data)


def test_a_page_is_escaped_stands_alone_and_marks_the_figure() -> None:
    page = audit_page(hostile())
    outline = Outline()
    outline.feed(page)
    assert outline.tags["script"] == 0
    assert outline.tags["link"] == outline.tags["img"] == 0
    assert html.escape("<script>alert(1)</script>") in page
    assert outline.marked == ["1,234.50"]


def test_the_page_of_the_samples_has_all_lines(sheet: AuditSheet) -> None:
    outline = Outline()
    outline.feed(audit_page(sheet))
    assert outline.tags["blockquote"] >= len(sheet.lines)
    assert outline.tags["mark"] > len(sheet.lines) / 2
