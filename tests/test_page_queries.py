"""查询 in a real browser: the named queries and the SPARQL editor, from the question to the file."""

from __future__ import annotations

import csv
import io
import json
import re
from pathlib import Path
from urllib.parse import quote

import openpyxl
import pytest
from playwright.sync_api import Download, expect
from workbench import Desk

from fiscalgraph.queries import list_queries

THREE_PUBLICS = "queries/three-publics"
YEARS = (
    "SELECT ?year (COUNT(*) AS ?n) WHERE { ?d a fg:Disclosure ; fg:year ?year } GROUP BY ?year ORDER BY ?year"
)
PREFIX = "PREFIX fg: <https://w3id.org/fiscalgraph/ontology#>\n"


def saved(desk: Desk, button: str | re.Pattern[str], folder: Path) -> Path:
    """Press a button that downloads; the file."""
    with desk.page.expect_download() as waiting:
        desk.button(button).click()
    download: Download = waiting.value
    path = folder / download.suggested_filename
    download.save_as(path)
    return path


def at_sparql(query: str, **more: str) -> str:
    return "queries?" + "&".join(
        f"{name}={quote(value, safe='')}" for name, value in {"sparql": query, **more}.items()
    )


def typed(desk: Desk, text: str) -> None:
    """Put a text into the editor, as a user does."""
    desk.page.locator(".CodeMirror").click()
    desk.page.keyboard.press("Control+a")
    desk.page.keyboard.insert_text(text)


def test_the_queries_stand_by_subject_and_can_be_found(any_desk: Desk) -> None:
    any_desk.open("queries")
    assert any_desk.page.locator(".query-list a").count() == len(list_queries())
    any_desk.page.get_by_role("searchbox").fill("三公")
    expect(any_desk.page.locator(".query-list a")).to_have_count(2)
    any_desk.link("各部门“三公”经费").click()
    any_desk.settle("table")
    assert any_desk.place == f"#/{THREE_PUBLICS}"
    assert not any_desk.wide()


def test_a_named_query_takes_conditions_and_gives_files(desk: Desk, tmp_path: Path) -> None:
    desk.open(THREE_PUBLICS, ready="table")
    desk.page.get_by_label("项目名称").fill("公务接待费")
    desk.button("查询", desk.page.locator("form.filters")).click()
    desk.settle("table")
    assert "item=公务接待费" in desk.place
    expect(desk.page.locator("td:nth-child(5)").first).to_have_text("公务接待费")
    shown = desk.page.locator("tbody tr").count()
    assert desk.text(".count") == f"{shown} 行"
    file = saved(desk, "下载 CSV", tmp_path)
    rows = list(csv.DictReader(io.StringIO(file.read_text("utf-8-sig"))))
    assert len(rows) == shown
    assert {row["项目"] for row in rows} == {"公务接待费"}
    assert file.read_bytes()[:3] == b"\xef\xbb\xbf"
    book = openpyxl.load_workbook(saved(desk, "下载 Excel", tmp_path), read_only=True)
    sheet = list(book["three-publics"].iter_rows(values_only=True))
    book.close()
    assert len(sheet) == shown + 1


def test_amounts_are_read_in_one_scale_and_known_exactly(desk: Desk) -> None:
    desk.open(f"{THREE_PUBLICS}?item=公务接待费", ready="table")
    amount = desk.page.locator(".money").first
    exact = amount.get_attribute("data-yuan")
    assert exact == "394600"
    assert amount.inner_text() == "39.46"
    assert amount.get_attribute("title") == "394,600.00 元"
    assert "金额（万元）" in desk.text("thead")
    desk.page.get_by_label("金额单位").select_option("元")
    expect(amount).to_have_text("394,600.00")
    assert "scale=元" in desk.place


def test_more_rows_come_on_demand(desk: Desk) -> None:
    desk.open("queries/indicators", ready="table")
    rows = desk.page.locator("tbody tr")
    assert rows.count() == 200
    assert desk.text(".count") == "345 行"
    desk.button("再显示一些").click()
    expect(rows).to_have_count(345)
    assert desk.page.get_by_role("button", name="再显示一些").count() == 0
    desk.open("queries/spending", ready="table")
    assert desk.text(".count") == "1000 行以上"
    for shown in (400, 600, 800, 1000, 1200):
        desk.button("再显示一些").click()
        expect(rows).to_have_count(shown)


def test_a_row_leads_to_the_place_where_it_is_printed(any_desk: Desk) -> None:
    any_desk.open("queries/spending?document=water_2023_accounts", ready="table")
    row = any_desk.page.locator("tbody tr").nth(4)
    panel = any_desk.open_source(row.locator("button.source"))
    assert panel.locator("blockquote").inner_text() in row.locator("q").get_attribute("title", timeout=1000)  # type: ignore[operator]
    assert panel.locator("img").evaluate("image => image.naturalWidth") > 100
    any_desk.page.keyboard.press("Escape")
    expect(panel).to_be_hidden()


def test_an_answer_is_drawn_with_the_same_figures_as_a_table(desk: Desk) -> None:
    desk.open("queries/cause-types", ready="table")
    rows = desk.page.locator("tbody tr").count()
    desk.page.get_by_role("button", name="图", exact=True).click()
    desk.page.wait_for_selector(".drawing[data-state=ready]")
    assert "as=chart" in desk.place
    desk.button("以表格显示").click()
    assert desk.page.locator("figure tbody tr").count() == rows > 5
    # Several rows of one place are never added up.
    desk.open(f"{THREE_PUBLICS}?as=chart&chart.x=0&chart.by=-1")
    assert "相加可能重复计数" in desk.text()


def test_a_named_query_becomes_sparql_of_ones_own(desk: Desk) -> None:
    desk.open(f"{THREE_PUBLICS}?item=公务接待费", ready="table")
    rows = desk.page.locator("tbody tr").count()
    desk.button("查看对应的 SPARQL").click()
    desk.page.wait_for_selector(".editor[data-state=ready]")
    assert 'VALUES ?item { "公务接待费" }' in desk.text(".CodeMirror")
    desk.button("运行").click()
    desk.settle("table")
    assert desk.text(".count") == f"{rows} 行"


def test_sparql_from_a_link_to_a_table_a_drawing_and_a_file(any_desk: Desk, tmp_path: Path) -> None:
    any_desk.open(at_sparql(PREFIX + YEARS), ready="table")
    years = any_desk.page.locator("tbody tr td:first-child").all_inner_texts()
    assert years == ["2023", "2024"]
    text = saved(any_desk, "下载 CSV", tmp_path).read_text("utf-8-sig")
    assert [row["year"] for row in csv.DictReader(io.StringIO(text))] == years
    book = openpyxl.load_workbook(saved(any_desk, "下载 Excel", tmp_path))
    assert [[cell.value for cell in row] for row in book.worksheets[0].iter_rows(max_col=1)] == [
        ["year"],
        *([int(year)] for year in years),
    ]
    assert saved(any_desk, "下载 TSV", tmp_path).read_text("utf-8").startswith("?year\t?n\n")
    answer = json.loads(saved(any_desk, "下载 JSON", tmp_path).read_text("utf-8"))
    assert answer["head"]["vars"] == ["year", "n"]
    any_desk.page.get_by_role("button", name="图", exact=True).click()
    any_desk.page.wait_for_selector(".drawing[data-state=ready]")
    assert not any_desk.wide()


def test_the_editor_runs_and_back_returns_to_the_answer_before(desk: Desk) -> None:
    desk.open("queries/sparql", ready=".editor[data-state=ready]")
    typed(desk, "ASK { ?s ?p ?o }")
    desk.page.keyboard.press("Control+Enter")
    desk.settle(".ask-verdict")
    assert desk.text(".ask-verdict") == "是（true）"
    typed(desk, "ASK { ?s <urn:nothing> ?o }")
    assert "尚未运行" in desk.text()
    desk.page.keyboard.press("Control+Enter")
    expect(desk.page.locator(".ask-verdict")).to_have_text("否（false）")
    desk.page.go_back()
    expect(desk.page.locator(".ask-verdict")).to_have_text("是（true）")
    assert "ASK { ?s ?p ?o }" in desk.text(".CodeMirror")


def test_the_editor_completes_our_terms_by_their_chinese_names(desk: Desk) -> None:
    with desk.page.expect_response(lambda answer: answer.url.endswith("/sparql")):
        desk.open("queries/sparql", ready=".editor[data-state=ready]")
    typed(desk, "SELECT * WHERE { ?s 全年执行")
    desk.page.keyboard.press("Control+Space")
    hint = desk.page.locator(".CodeMirror-hint").filter(has_text="fg:executedAmount")
    expect(hint).to_contain_text("全年执行数（元）")
    hint.click()
    text = desk.page.evaluate("document.querySelector('.CodeMirror').CodeMirror.getValue()")
    assert text == PREFIX + "SELECT * WHERE { ?s fg:executedAmount"


def test_a_query_that_is_wrong_is_marked_at_its_place(desk: Desk) -> None:
    desk.open(at_sparql("SELECT *\nWHERE { ?s ?p }"), ready=".problem")
    assert "第 2 行第 15 列" in desk.text()
    assert desk.page.locator(".wrong-token").inner_text() == "}"
    desk.button("转到该处").click()
    cursor = desk.page.evaluate("document.querySelector('.CodeMirror').CodeMirror.getCursor()")
    assert (cursor["line"], cursor["ch"]) == (1, 14)
    desk.forgive("status of 400")


@pytest.mark.parametrize(
    ("query", "status"),
    [("DELETE WHERE { ?s ?p ?o }", 403), ("SELECT * { SERVICE <http://127.0.0.1/> { ?s ?p ?o } }", 403)],
)
def test_what_would_change_or_call_is_refused_in_words(desk: Desk, query: str, status: int) -> None:
    desk.open(at_sparql(query), ready=".problem")
    assert len(desk.text(".problem")) > 10
    desk.forgive(f"status of {status}")


def test_how_similar_passages_were_found_is_told(desk: Desk) -> None:
    desk.open("queries/sparql", ready=".editor[data-state=ready]")
    desk.button(re.compile("专业人员不足")).click()
    desk.button("运行").click()
    desk.settle("table")
    assert re.search(r"比较 \d+ 处表述，取出 10 处", desk.text(".similar-runs"))
    assert "精确" in desk.text(".similar-runs")
    panel = desk.open_source(desk.page.locator("tbody button.source").first)
    assert panel.locator("blockquote").inner_text()


def test_graphs_are_shown_as_turtle(desk: Desk, tmp_path: Path) -> None:
    desk.open("queries/sparql", ready=".editor[data-state=ready]")
    desk.button("描述一个项目（全部陈述）").click()
    desk.button("运行").click()
    desk.settle(".turtle")
    assert "fg:projectName" in desk.text(".turtle")
    assert saved(desk, "下载 N-Triples", tmp_path).read_text("utf-8").count("\n") > 10


def test_text_in_an_answer_is_never_markup(desk: Desk) -> None:
    query = 'SELECT ?a ?b { BIND("<img src=x onerror=alert(1)>" AS ?a) BIND(<javascript:alert(1)> AS ?b) }'
    desk.open(at_sparql(query), ready="table")
    assert desk.text("tbody tr td") == "<img src=x onerror=alert(1)>"
    assert desk.page.locator("main img, main a[href^=javascript]").count() == 0


def test_queries_that_are_not_there_and_conditions_that_are_wrong(desk: Desk) -> None:
    desk.open("queries/three-privates", ready=".problem")
    assert desk.page.get_by_role("link", name="three-publics").count() == 1
    desk.open("queries/projects-by-execution-rate?max_rate=much", ready=".problem")
    assert "max_rate" in desk.text(".problem")
    desk.open("queries/three-publics?itme=公务接待费")
    expect(desk.page.locator(".problem")).to_contain_text("itme", timeout=20_000)
    desk.forgive("status of 422")
