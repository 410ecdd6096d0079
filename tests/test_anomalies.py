"""Documents that are wrong as published: each is read as far as it is clear, and the rest reported."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

import pytest
from tables import document, flat, paragraph, table

from fiscalgraph.extract.anomalies import settled_year, sound_part
from fiscalgraph.extract.anomalies_ends import missing_parts, without_cut_end
from fiscalgraph.extract.anomalies_repeats import without_repeats
from fiscalgraph.extract.anomalies_several import first_of_several
from fiscalgraph.extract.document import Block, ColumnTrust, Document, Place, Table
from fiscalgraph.extract.errors import RefusedDocument
from fiscalgraph.extract.readers import read
from fiscalgraph.extract.recognise import recognise
from fiscalgraph.extract.recognise.identity import named_bodies, recognise_identity
from fiscalgraph.extract.records import DisclosureRecords

CORPUS = Path(os.environ.get("FISCALGRAPH_CORPUS", Path(__file__).parents[2] / "shared" / "corpus"))

ROWS = [
    ["科目编码", "科目名称", "本年支出合计", "基本支出", "项目支出"],
    ["合计", "", "46.10", "30.35", "15.75"],
    ["205", "教育支出", "10.25", "5.25", "5.00"],
    ["20508", "进修及培训", "10.25", "5.25", "5.00"],
    ["208", "社会保障和就业支出", "15.60", "10.10", "5.50"],
    ["20805", "行政事业单位养老支出", "15.60", "10.10", "5.50"],
    ["213", "农林水支出", "20.25", "15.00", "5.25"],
    ["21303", "水利", "20.25", "15.00", "5.25"],
]
DUTIES = "本单位负责本地区水资源的统一管理和保护，组织编制水资源规划并监督实施。" * 20


def cover(issuer: str = "清河市水务局", year: int = 2024, what: str = "部门决算") -> list[str]:
    return [f"{issuer}{year}年度{what}", "目录", "第一部分 部门概况", "第二部分 决算表"]


def disclosure(issuer: str = "清河市水务局", year: int = 2024, title: str = "支出决算表") -> Document:
    return document(
        *cover(issuer, year), "第一部分 部门概况", DUTIES, title, "单位：万元", table(ROWS, page=2)
    )


def with_page(doc: Document, *blocks: Block | str) -> Document:
    more = document(*blocks).blocks
    return replace(doc, blocks=doc.blocks + more, pages=3)


def lines_of(rows: list[list[str]]) -> str:
    return "\n".join(" ".join(cell for cell in row if cell) for row in rows)


def figures(records: DisclosureRecords) -> list[tuple[str | None, str, str]]:
    return [(line.code, line.column, line.printed) for line in records.spending]


# -- a page twice ------------------------------------------------------------------------------


def test_a_page_pasted_twice_gives_each_record_once() -> None:
    once = recognise(disclosure())
    twice = recognise(
        with_page(
            disclosure(),
            paragraph("支出决算表", page=3),
            paragraph("单位：万元", page=3),
            table(ROWS, page=3),
        )
    )
    assert len(once.spending) == 21
    assert twice.spending == once.spending
    assert [left.why for left in twice.coverage.leftovers if "repeats" in left.why]
    assert any(problem.startswith("page 3 repeats") for problem in twice.coverage.problems)
    assert (twice.coverage.cells, twice.coverage.cells_read) == (42, 21)


def test_lines_pasted_twice_in_a_text_are_read_once() -> None:
    body = f"支出决算表\n单位：万元\n{lines_of(ROWS)}\n"
    once, twice = (recognise(flat("\n".join(cover()) + "\n" + body * times)) for times in (1, 2))
    assert figures(once)
    assert figures(twice) == figures(once)
    assert any("repeats line 5 word for word" in problem for problem in twice.coverage.problems)


@pytest.mark.parametrize(("begin", "end"), [(6, 16), (9, 12), (4, 20)])
def test_rows_pasted_again_in_the_middle_of_tables_are_read_once(
    begin: int, end: int, tmp_path: Path
) -> None:
    other = [[cell.replace(".25", ".75") for cell in row] for row in ROWS]
    lines = [*cover(), DUTIES, "", "支出决算表", "单位：万元", *("\t".join(row) for row in ROWS)]
    lines += ["财政拨款支出决算表", "单位：万元", *("\t".join(row) for row in other)]
    once, twice = tmp_path / "once.txt", tmp_path / "twice.txt"
    once.write_text("\n".join(lines) + "\n", "utf-8")
    begin, end = begin + 4, end + 4
    twice.write_text("\n".join(lines[:end] + lines[begin:]) + "\n", "utf-8")
    records = recognise(read(twice))
    assert figures(records) == figures(recognise(read(once)))
    assert any("word for word" in problem for problem in records.coverage.problems)


def test_a_header_and_total_repeated_on_each_page_are_no_page_pasted_twice() -> None:
    pages = [ROWS[:5], [*ROWS[:2], *ROWS[5:]]]
    blocks = [
        block
        for number, rows in enumerate(pages, start=1)
        for block in (paragraph("支出决算表", page=number), table(rows, page=number))
    ]
    doc = document(*blocks)
    assert without_repeats(doc).document == doc


def test_equal_rows_under_another_title_are_another_table() -> None:
    doc = with_page(
        disclosure(),
        paragraph("一般公共预算财政拨款支出决算表", page=3),
        paragraph("单位：万元", page=3),
        table(ROWS, page=3),
    )
    assert without_repeats(doc).document == doc
    assert len(recognise(doc).spending) == 42


def test_equal_continuations_of_two_tables_are_kept() -> None:
    def pages(title: str, first: int) -> list[Block]:
        head = [paragraph(title, page=first), table(ROWS[:4], page=first)]
        return [*head, table(ROWS[4:], page=first + 1)]

    doc = document(*pages("支出决算表", 1), *pages("财政拨款支出决算表", 3))
    assert without_repeats(doc).document == doc


def test_a_summary_that_repeats_its_report_is_kept() -> None:
    part = [
        f"（{n}）本年度完成检修{n}处、巡查{n * 7}次，投入{n}.50万元，占预算的{n}%。" for n in range(1, 12)
    ]
    doc = flat("\n".join(["自评情况见下表", *part, "一、评价报告", "自评情况见下表", *part]))
    assert without_repeats(doc).document == doc


def test_prose_printed_twice_side_by_side_is_read_once() -> None:
    doc = document(paragraph(DUTIES, page=1), paragraph(DUTIES, page=2))
    assert len(without_repeats(doc).document.blocks) == 1


# -- two documents -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("issuer", "year"), [("云泽省水务厅", 2024), ("清河市水务局", 2023), ("云泽省水务厅", 2023)]
)
def test_of_two_documents_in_a_file_the_first_is_read(issuer: str, year: int) -> None:
    first = disclosure()
    other = [
        replace(block, place=Place(page=3)) if isinstance(block, Table) else paragraph(block.text, page=3)
        for block in disclosure(issuer, year).blocks
    ]
    both = replace(first, blocks=(*first.blocks, *other), pages=3)
    records = recognise(both)
    assert (records.identity.issuer, records.identity.fiscal_year) == ("清河市水务局", 2024)
    assert records.spending == recognise(first).spending
    (problem,) = [text for text in records.coverage.problems if "another document" in text]
    assert "from page 3" in problem
    assert issuer in problem
    assert (records.coverage.cells, records.coverage.cells_read) == (42, 21)


def test_a_documents_own_second_title_does_not_part_it() -> None:
    doc = document(*cover(), *cover(), DUTIES, "第二部分 2024年度部门决算表", table(ROWS))
    assert first_of_several(doc, recognise_identity, named_bodies).document == doc


def test_a_report_in_the_annex_is_no_second_document() -> None:
    doc = with_page(
        disclosure(), "附件：", "清河市水务局2024年度项目支出绩效评价报告", "一、基本情况", DUTIES
    )
    assert first_of_several(doc, recognise_identity, named_bodies).document == doc


def continued(issuer: str, year: int, what: str = "决算", page: int = 3) -> list[Block]:
    """What remains of a disclosure when its title page and its first part are missing."""
    other = [[cell.replace("5.", "7.") for cell in row] for row in ROWS]
    blocks: list[Block] = [paragraph("（三）本单位负责本地区的有关工作。", page=page)]
    page += 1
    for name in (f"支出{what}表", f"财政拨款支出{what}表", f"一般公共预算支出{what}表"):
        blocks += [paragraph(f"{issuer}{year}年度{name}", page=page), paragraph(f"部门：{issuer}", page=page)]
        blocks += [paragraph("单位：万元", page=page), table(other, page=page)]
    return [*blocks, paragraph(f"{issuer}{year}年度支出合计46.10万元。", page=page)]


@pytest.mark.parametrize(
    ("issuer", "year", "what"),
    [("云泽省民政厅", 2024, "决算"), ("清河市水务局", 2022, "决算"), ("清河市水务局", 2024, "预算")],
)
def test_a_second_document_without_title_page_is_not_filed_under_the_first(
    issuer: str, year: int, what: str
) -> None:
    first = document(*cover(), "第一部分 部门概况", DUTIES, *continued("清河市水务局", 2024, page=1))
    both = with_page(first, *continued(issuer, year, what))
    records = recognise(both)
    assert figures(records) == figures(recognise(first))
    assert records.identity.fiscal_year == 2024
    assert any(
        f"another document begins here ({issuer}, {year}" in text for text in records.coverage.problems
    )
    # What stands between the two may be of either: it is read for neither, and reported.
    assert (issuer == "清河市水务局") or any("not clear to which" in p for p in records.coverage.problems)


def test_an_annex_about_another_body_is_no_second_document() -> None:
    first = document(*cover(), DUTIES, *continued("清河市水务局", 2024))
    annex = [f"附件{n}：云泽省民政厅20{n}3年度工作说明" for n in range(2)]
    doc = with_page(first, *annex, "云泽省民政厅2024年度支出说明。", "项目支出决算表", table(ROWS, page=4))
    assert first_of_several(doc, recognise_identity, named_bodies).document == doc


# -- the year ----------------------------------------------------------------------------------


def dated(title: int, tables: int, *prose: str) -> Document:
    blocks: list[Block | str] = [f"清河市水务局{title}年度部门决算", *prose]
    for name in ("收入决算表", "支出决算表", "财政拨款支出决算表", "项目支出决算表"):
        blocks += [name, f"({tables}年度)", "单位：万元", table(ROWS)]
    return document(*blocks)


def test_a_year_with_stray_separators_is_the_year() -> None:
    doc = document("清河市水务局部门决算", "支出决算表", "(2, 023年度)", "部门：清河市水务局", table(ROWS))
    assert recognise(doc).identity.fiscal_year == 2023


def test_a_title_that_the_tables_and_the_text_contradict_is_outvoted_and_reported() -> None:
    records = recognise(dated(2023, 2024, "2024年度收入总计46.10万元。", "2024年度支出总计46.10万元。"))
    assert records.identity.fiscal_year == 2024
    assert any("contradicts itself" in problem for problem in records.coverage.problems)


def test_a_year_that_nothing_decides_is_refused() -> None:
    doc = dated(2023, 2024, "2023年度收入总计46.10万元。", "2023年度支出总计46.10万元。")
    with pytest.raises(RefusedDocument, match="fiscal year"):
        recognise(doc)


def test_flattened_tables_of_the_titles_year_are_not_outvoted_by_others() -> None:
    lines = ["清河市水务局2023年度部门决算", *("项目支出绩效自评表", "（2023年度）", "得分 95") * 3]
    strange = [block for _ in range(4) for block in (paragraph("（2024年度）"), table(ROWS))]
    with pytest.raises(RefusedDocument, match="fiscal year"):
        settled_year(document(*lines, *["说明"] * 7, *strange), 2023)


def test_performance_tables_of_another_year_do_not_change_that_of_the_accounts() -> None:
    forms = [
        block for _ in range(4) for block in (paragraph("绩效自评表"), paragraph("（2024年度）"), table(ROWS))
    ]
    year, (problem,) = settled_year(document("清河市水务局2023年度部门决算", *forms), 2023)
    assert year == 2023
    assert "4 performance tables say 2024" in problem


def test_a_title_that_only_the_rest_of_the_text_outvotes_is_refused() -> None:
    with pytest.raises(RefusedDocument, match="the title says 2023, most of the text says 2024"):
        settled_year(document("清河市水务局2023年度部门决算", "说明"), 2024)


def test_tables_of_the_titles_year_raise_no_question() -> None:
    assert settled_year(dated(2024, 2024), 2024) == (2024, ())


# -- headers and ends --------------------------------------------------------------------------


def test_figures_without_a_header_are_left_and_reported() -> None:
    doc = document(*cover(), "支出决算表", "单位：万元", table(ROWS[1:]))
    records = recognise(doc)
    assert not records.spending
    assert records.coverage.cells_read == 0
    assert len(records.coverage.leftovers) == 21
    assert any("has no header" in problem for problem in records.coverage.problems)


@pytest.mark.parametrize("rows", [5, 6, 7])
def test_a_table_that_ends_before_its_total_is_reached_is_reported(rows: int) -> None:
    records = recognise(document(*cover(), "支出决算表", "单位：万元", table(ROWS[:rows])))
    assert len(records.spending) == 3 * (rows - 1)
    assert any("the file ends within the table" in problem for problem in records.coverage.problems)


def test_a_complete_table_or_one_that_text_follows_is_not_cut_off() -> None:
    whole = document(*cover(), "支出决算表", "单位：万元", table(ROWS))
    followed = document(*cover(), "支出决算表", "单位：万元", table(ROWS[:6]), "注：本表反映支出情况。")
    assert recognise(whole).coverage.problems == recognise(followed).coverage.problems == ()


def test_the_stump_of_a_figure_is_not_a_figure() -> None:
    text = "\n".join([*cover(), "支出决算表", "单位：万元", lines_of(ROWS)])
    records = recognise(flat(text[:-1]))
    assert "5.2" not in {line.printed for line in records.spending if line.code == "21303"}
    assert any("the file ends here" in left.why for left in records.coverage.leftovers)
    assert without_cut_end(flat(text))[1] == ()


def test_a_row_that_the_end_cuts_keeps_its_figures_out() -> None:
    text = "\n".join([*cover(), "支出决算表", "单位：万元", lines_of(ROWS)]).rpartition(" ")[0]
    records = recognise(flat(text))
    assert not [line for line in records.spending if line.code == "21303"]
    assert any("the file may end within the table" in problem for problem in records.coverage.problems)


@pytest.mark.parametrize("end", ["1,234", "3021", "17.", "8.5"])
def test_half_a_figure_at_the_end_of_a_file_is_not_read(end: str, tmp_path: Path) -> None:
    path = tmp_path / "cut.txt"
    text = "\n".join([*cover(), "支出决算表", "单位：万元", *(cell for row in ROWS for cell in row if cell)])
    path.write_text(f"{text}\n{end}", "utf-8")
    cut, whole = read(path), flat(text)
    assert [block.text for block in cut.paragraphs] == [block.text for block in whole.paragraphs]
    assert any(end in problem for problem in cut.problems)


@pytest.mark.parametrize(
    ("end", "kept"),
    [
        ("支出增加。主要原因是工作方", "支出增加。"),
        ("支出增加。\n比上年增加5.20万元，主要原因是项目经费比上年有所增", "支出增加。"),
        ("支出增加。（此件公开发布）", "支出增加。（此件公开发布）"),
        ("支出增加。\n清河市水务局\n2025年8月", "2025年8月"),
        ("支出增加。\n公开电话：0571-1234567，联系人：张某某同志，公开网址另行通知", None),
    ],
)
def test_a_sentence_that_the_end_cuts_is_left_out(end: str, kept: str | None) -> None:
    doc, left = without_cut_end(flat("\n".join([*cover(), DUTIES, end])))
    assert doc.paragraphs[-1].text == (kept or end.rpartition("\n")[2])
    assert bool(left) == (kept == "支出增加。")


def test_parts_that_only_the_contents_name_are_reported() -> None:
    contents = ["清河市水务局2024年度部门决算", "目录", "第一部分 部门概况", "第二部分 决算表 ...... 5"]
    body = ["第一部分 部门概况", DUTIES]
    assert missing_parts(document(*contents, *body)) == (
        "the contents list “第二部分决算表”, which the file does not hold",
    )
    assert missing_parts(document(*contents, *body, "第二部分 决算表")) == ()
    assert missing_parts(document(*contents)) == ()


def test_the_stump_in_a_table_of_cells_is_left_too() -> None:
    rows = [*ROWS[:-1], ["21303", "水利", "20.25", "15.00", "5.2"]]
    doc = document(*cover(), table(rows, trust=ColumnTrust.DRIFTING), format="markdown")
    shorter, (left,) = without_cut_end(doc)
    assert left.source.quote == "5.2"
    assert shorter.tables[0].cells[-1].text == ""


def test_pages_without_text_are_listed() -> None:
    doc = replace(disclosure(), pages=4)
    numbers = {left.source.page for left in sound_part(doc, recognise_identity, named_bodies).leftovers}
    assert {3, 4} <= numbers


# -- real documents ----------------------------------------------------------------------------

REAL = sorted(CORPUS.glob("*.txt")) + sorted(CORPUS.glob("pdf/*.html")) + sorted(CORPUS.glob("docx/*.docx"))


@pytest.mark.skipif(not REAL, reason="the corpus is not here (set FISCALGRAPH_CORPUS)")
@pytest.mark.parametrize("path", REAL, ids=lambda path: path.stem[:12])
def test_nothing_is_wrong_with_a_sound_document(path: Path) -> None:
    doc = read(path)
    sound = sound_part(doc, recognise_identity, named_bodies)
    assert sound.document == doc
    assert not sound.problems
    year = recognise_identity(doc).fiscal_year
    assert settled_year(doc, year) == (year, ())
