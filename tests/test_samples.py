"""The sample corpus: what it holds, that its truth is true, that it is made the same every time."""

from __future__ import annotations

import io
import json
import subprocess
import sys
from collections import defaultdict
from dataclasses import replace
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path

import pytest

pytest.importorskip("reportlab", reason="the extra 'samples' is not installed")

from fiscalgraph.samples import (
    DEPARTMENTS,
    Disclosure,
    LayoutVariant,
    Truth,
    disclosure_of,
    random_disclosure,
    rendered,
    suffix,
    write_truth,
)
from fiscalgraph.samples.compose import compose
from fiscalgraph.samples.make import corpus
from fiscalgraph.samples.printed import PrintedTable, placed_cells
from fiscalgraph.samples.typesetting import face

SAMPLES = Path(__file__).parent.parent / "samples"
CORPUS = list(corpus())
STEMS = [stem for stem, _, _ in CORPUS]
SEEDS = range(24)


def number(value: object) -> Decimal:
    return Decimal(str(value).rstrip("%")) if value is not None else Decimal(0)


def truths() -> dict[str, Truth]:
    return {stem: rendered(disclosure, variant)[1] for stem, disclosure, variant in CORPUS}


@pytest.fixture(scope="module")
def corpus_truths() -> dict[str, Truth]:
    return truths()


def unplanted(disclosure: Disclosure, variant: LayoutVariant) -> Truth:
    """The truth of the same document without its contradictions, in the quickest format."""
    return rendered(replace(disclosure, plants=()), replace(variant, format="text"))[1]


# What the corpus holds


def test_corpus_covers_levels_years_phases_and_formats() -> None:
    assert len(CORPUS) >= 8
    assert {d.department.level for _, d, _ in CORPUS} == {"central", "provincial", "municipal", "county"}
    assert len({d.department.name for _, d, _ in CORPUS}) >= 5
    assert {d.kind for _, d, _ in CORPUS} == {"部门预算", "部门决算", "单位预算", "单位决算"}
    assert {d.year for _, d, _ in CORPUS} == {2023, 2024}
    assert {v.format for _, _, v in CORPUS} == {"pdf", "docx", "xlsx", "text"}
    assert {v.flattening for _, _, v in CORPUS if v.format == "text"} == {"lines", "blanks", "tabs"}


def test_every_document_has_two_contradictions(corpus_truths: dict[str, Truth]) -> None:
    for stem, truth in corpus_truths.items():
        planted = truth["contradictions"]
        assert len(planted) == 2, stem
        assert all(record["left"] != record["right"] for record in planted), stem


def test_six_issues_are_shared_in_different_words(corpus_truths: dict[str, Truth]) -> None:
    told: dict[str, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    for stem, truth in corpus_truths.items():
        for record in truth["issues"]:
            told[str(record["issue"])][stem.split("_")[0]].add(str(record["text"]))
    shared = [
        issue
        for issue, departments in told.items()
        if len(departments) >= 3 and len(set().union(*departments.values())) >= len(departments)
    ]
    assert len(shared) >= 6


def test_every_problem_told_in_prose_has_its_measure(corpus_truths: dict[str, Truth]) -> None:
    for truth in corpus_truths.values():
        count: dict[tuple[object, object], int] = defaultdict(int)
        for record in truth["findings"]:
            if record["kind"] != "underperformance_reason" and not record.get("cell"):
                count[(record["project"], record["kind"])] += 1
        for (project, kind), causes in count.items():
            if kind == "problem_cause":
                assert count[(project, "improvement_measure")] >= causes


# The same bytes every time


def test_documents_on_disk_are_what_the_generator_makes(tmp_path: Path) -> None:
    for stem, disclosure, variant in CORPUS:
        data, truth = rendered(disclosure, variant)
        if variant.format == "pdf" and not face().embedded:
            continue  # another font: another layout, so pages differ as well
        assert (SAMPLES / "documents" / f"{stem}{suffix(variant)}").read_bytes() == data, stem
        write_truth(truth, tmp_path / stem)
        for path in sorted((tmp_path / stem).iterdir()):
            assert (SAMPLES / "truth" / stem / path.name).read_text("utf-8") == path.read_text("utf-8"), path
    assert sorted(path.stem for path in (SAMPLES / "documents").iterdir()) == sorted(STEMS)


@pytest.mark.parametrize("format", ["pdf", "docx", "xlsx", "text"])
def test_a_second_process_writes_the_same_bytes(format: str) -> None:
    program = (
        "import hashlib, fiscalgraph.samples as s;"
        f"d, v = s.random_disclosure(5, format={format!r});"
        "print(hashlib.sha256(s.rendered(d, v)[0]).hexdigest())"
    )
    run = [sys.executable, "-c", program]
    first, second = (
        subprocess.run(
            run, capture_output=True, text=True, check=True, timeout=60, env={"PYTHONHASHSEED": seed}
        )
        for seed in ("1", "2")
    )
    assert first.stdout == second.stdout
    assert len(first.stdout.strip()) == 64


def test_importing_samples_does_not_import_reportlab() -> None:
    program = "import sys, fiscalgraph.samples; print('reportlab' in sys.modules)"
    run = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True, timeout=60
    )
    assert run.stdout.strip() == "False"


# Truth in truth's format


def test_truth_files_are_json_lines_with_the_agreed_fields(tmp_path: Path) -> None:
    _, disclosure, variant = CORPUS[0]
    write_truth(rendered(disclosure, variant)[1], tmp_path)
    fields = {
        "document": {"issuer", "kind", "fiscal_year", "amount_unit"},
        "units": {"name", "relation"},
        "lines": {"table", "code", "name", "column", "amount"},
        "totals": {"table", "side", "item", "column", "amount"},
        "narrative": {"class", "subclass", "item", "amount", "unit", "percent", "purpose", "reason"},
        "projects": {
            "project",
            "sources",
            "department",
            "implementing_unit",
            "unit",
            "score",
            "narrative_score",
        },
        "funds": {
            "project",
            "source",
            "budget_initial",
            "budget_full",
            "executed",
            "weight",
            "rate",
            "score",
        },
        "indicators": {
            "project",
            "level1",
            "level2",
            "level3",
            "target",
            "actual",
            "weight",
            "score",
            "reason",
        },
        "findings": {"project", "kind", "text", "ordinal"},
        "laws": {"title", "kind", "count", "document_number"},
        "contradictions": {"kind", "detail", "left", "right"},
    }
    for name, wanted in fields.items():
        records = [json.loads(line) for line in (tmp_path / f"{name}.jsonl").read_text("utf-8").splitlines()]
        assert records, name
        assert all(wanted <= record.keys() and "page" in record for record in records), name


# The accounting identities hold


@pytest.mark.parametrize("seed", SEEDS)
def test_code_tables_add_up(seed: int) -> None:
    truth = unplanted(*random_disclosure(seed))
    cells: dict[tuple[object, object], dict[str, Decimal]] = defaultdict(dict)
    for record in truth["lines"]:
        if record["unit"] != "%" and not str(record["name"]).endswith("经费合计"):
            cells[(record["table"], record["column"])][str(record["code"] or "")] = number(record["amount"])
    checked = 0
    for (table, column), amounts in cells.items():
        for code, amount in amounts.items():
            length = {0: 3, 3: 5 if max(map(len, amounts)) == 7 else 0, 5: 7}.get(len(code), 0)
            children = [
                v for c, v in amounts.items() if len(c) == length and c.startswith(code) and c != code
            ]
            if children and (code or "" in amounts):
                assert sum(children) == amount, (table, column, code)
                checked += 1
    assert checked > 20


@pytest.mark.parametrize("seed", SEEDS)
def test_both_halves_of_the_totals_agree_and_match_the_code_tables(seed: int) -> None:
    disclosure, variant = random_disclosure(seed)
    truth = unplanted(disclosure, variant)
    grand: dict[object, list[Decimal]] = defaultdict(list)
    parts: dict[tuple[object, object], Decimal] = defaultdict(Decimal)
    stated: dict[tuple[object, object], Decimal] = {}
    for record in truth["totals"]:
        item, place = str(record["item"]), (record["table"], record["side"])
        if item in ("总计", "收入总计", "支出总计") and not str(record["column"]).endswith("拨款"):
            grand[record["table"]].append(number(record["amount"]))
        if item in ("本年收入合计", "本年支出合计") and not str(record["column"]).endswith("拨款"):
            stated[place] = number(record["amount"])
        if "、" in item and not str(record["column"]).endswith("拨款"):
            parts[place] += number(record["amount"])
    assert grand
    assert all(len(pair) == 2 and pair[0] == pair[1] for pair in grand.values())
    assert stated
    assert all(parts[place] == amount for place, amount in stated.items())


@pytest.mark.parametrize("seed", SEEDS)
def test_funds_rates_weights_and_scores_agree(seed: int) -> None:
    truth = unplanted(*random_disclosure(seed))
    funds: dict[object, list[dict[str, object]]] = defaultdict(list)
    for record in truth["funds"]:
        funds[record["project"]].append(record)
    for project in truth["projects"]:
        total, *sources = funds[project["project"]]
        for column in ("budget_initial", "budget_full", "executed"):
            if sources:
                assert number(total[column]) == sum(number(source[column]) for source in sources)
        indicators = [r for r in truth["indicators"] if r["project"] == project["project"]]
        weights = sum(number(record["weight"]) for record in indicators)
        assert weights + number(total["weight"]) == 100
        if total["rate"] is None:
            continue
        rate = number(total["executed"]) / number(total["budget_full"]) * 100
        assert number(total["rate"]) == rate.quantize(Decimal("0.01"), ROUND_HALF_UP)
        scores = sum(number(record["score"]) for record in indicators)
        assert number(project["score"]) in (scores, scores + number(total["score"]))
        assert all(number(record["score"]) <= number(record["weight"]) for record in indicators)


def test_a_year_s_accounts_quote_that_year_s_budget() -> None:
    department = DEPARTMENTS["water"]
    budget = disclosure_of(department, 2024, "budget").budget
    accounts = disclosure_of(department, 2024, "accounts").accounts
    before = disclosure_of(department, 2023, "accounts").accounts
    assert budget is not None
    assert accounts is not None
    assert before is not None
    planned = {item.code: item.fiscal for item in budget.items}
    assert all(item.initial in (0, planned[item.code]) for item in accounts.items)
    assert {item.code: item.previous for item in budget.items} == {
        item.code: item.fiscal for item in before.items
    }


# The document prints what the truth says


@pytest.mark.parametrize("seed", SEEDS)
def test_cells_tile_every_table(seed: int) -> None:
    for block in compose(*random_disclosure(seed)):
        if isinstance(block, PrintedTable):
            squares = [
                (r, c)
                for row, column, cell in placed_cells(block)
                for r in range(row, row + cell.row_span)
                for c in range(column, column + cell.column_span)
            ]
            assert len(squares) == len(set(squares)) == len(block.rows) * len(block.widths), block.title


@pytest.mark.parametrize("seed", [1, 3, 6, 8])
def test_pdf_pages_print_the_figures_that_truth_places_there(seed: int) -> None:
    import pypdfium2

    data, truth = rendered(*random_disclosure(seed, format="pdf"))
    pdf = pypdfium2.PdfDocument(data)
    texts = []
    for page in pdf:
        text_page = page.get_textpage()
        texts.append("".join(text_page.get_text_range().replace(",", "").split()))
        text_page.close()
        page.close()
    pdf.close()
    assert truth["document"][0]["pages"] == len(texts)
    for name in ("lines", "totals", "narrative", "funds"):
        for record in truth[name]:
            page = record["page"]
            assert isinstance(page, int)
            printed = record.get("amount") or record.get("budget_initial") or record.get("budget_full")
            if printed is None:  # a fund without money prints a dash
                continue
            # prose runs on to the next page
            assert str(printed) in texts[page - 1] + (texts[page] if page < len(texts) else ""), record


@pytest.mark.parametrize("flattening", ["lines", "blanks", "tabs"])
def test_text_lines_hold_what_truth_places_there(flattening: str) -> None:
    disclosure, variant = random_disclosure(4, format="text")
    chosen = LayoutVariant(**{name: getattr(variant, name) for name in variant.__dataclass_fields__})
    chosen = replace(chosen, flattening=flattening)  # type: ignore[arg-type]
    data, truth = rendered(disclosure, chosen)
    lines = data.decode(chosen.text_encoding).replace(",", "").splitlines()
    for record in truth["lines"]:
        line = record["line"]
        assert isinstance(line, int)
        nearby = (
            "".join(lines[line - 1 : line + 24])
            if flattening == "lines"
            else "".join(lines[line - 1 : line + 4])
        )
        assert str(record["amount"]) in nearby, record


def test_word_and_excel_files_hold_the_tables() -> None:
    import docx
    import openpyxl

    disclosure, variant = random_disclosure(2, format="docx")
    data, truth = rendered(disclosure, variant)
    document = docx.Document(io.BytesIO(data))
    printed = {
        cell.text.replace(",", "") for table in document.tables for row in table.rows for cell in row.cells
    }
    assert all(record["amount"] in printed for record in truth["lines"])
    data, truth = rendered(disclosure, replace(variant, format="xlsx"))
    book = openpyxl.load_workbook(io.BytesIO(data))
    values = {f"{v:.2f}" if isinstance(v, (int, float)) else v for s in book for row in s.values for v in row}
    assert all(record["amount"] in values for record in truth["lines"])


def test_random_documents_differ_in_layout_and_unit() -> None:
    drawn = [random_disclosure(seed) for seed in range(120)]
    assert {d.department.unit for d, _ in drawn} == {"元", "万元", "亿元"}
    assert {v.rules for _, v in drawn} == {"full", "horizontal", "header", "none"}
    assert {v.level_cells for _, v in drawn} == {"merged", "repeated"}
    assert {d.department.evaluation for d, _ in drawn} == {"central", "provincial", "municipal"}
    assert len({v for _, v in drawn}) == len(drawn)
