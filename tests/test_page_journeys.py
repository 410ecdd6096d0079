"""The ways of an auditor through the page, in a real browser: from a question to the source's sentence."""

from __future__ import annotations

import csv
import io
import re

from playwright.sync_api import expect
from workbench import Desk

WATER = "云泽省水务厅"
PROJECT = "中小河流治理"


def test_from_a_question_to_the_picture_of_the_sentence(any_desk: Desk) -> None:
    any_desk.open("search")
    box = any_desk.page.locator("main form input").first
    box.fill("资金下达较晚")
    box.press("Enter")
    any_desk.settle(".hit")
    assert "q=资金下达较晚" in any_desk.place
    marked = any_desk.page.locator(".hit mark").all_inner_texts()
    assert "资金下达" in marked
    hit = any_desk.page.locator(".hit").filter(has_text="heritage_2024_budget").first
    panel = any_desk.open_source(hit.locator("button.source").first)
    assert panel.locator("img").first.evaluate("image => image.naturalWidth") > 100
    assert "资金下达" in panel.locator("blockquote").first.inner_text()
    any_desk.page.keyboard.press("Escape")
    expect(panel).to_be_hidden()
    assert not any_desk.wide()


def test_a_name_leads_to_its_view_and_back_to_the_question(desk: Desk) -> None:
    desk.open("search")
    desk.page.locator("main form input").first.fill("水务厅")
    desk.page.get_by_role("option", name=WATER).first.click()
    desk.settle("main h1")
    expect(desk.page.locator("h1")).to_have_text(WATER)
    desk.page.go_back()
    expect(desk.page.locator("header nav a[aria-current]")).to_have_text("搜索")


def test_from_a_department_to_reasons_like_those_of_its_project(any_desk: Desk) -> None:
    any_desk.open("departments")
    any_desk.link(WATER).click()
    any_desk.settle()
    assert any_desk.text("h1") == WATER
    any_desk.page.locator(".tabs a").filter(has_text="项目").first.click()
    any_desk.settle("main table")
    any_desk.link(PROJECT).click()
    any_desk.settle("main table")
    assert any_desk.text("h1") == PROJECT
    row = any_desk.page.locator("tr").filter(has_text="新建加固堤防").first
    assert "未达标" in row.inner_text()
    panel = any_desk.open_source(row.locator("button.source").first)
    assert "新建加固堤防" in panel.locator("blockquote").first.inner_text()
    any_desk.page.keyboard.press("Escape")
    any_desk.button("别处的类似表述").click()
    any_desk.settle()
    main = any_desk.text()
    assert re.search(r"清河市教育局|国家自然遗产保护局|澄溪县民政局", main)
    assert not any_desk.wide()


def test_the_amounts_of_a_project_are_those_that_are_printed(desk: Desk) -> None:
    desk.open(f"projects/{WATER}/{PROJECT}", ready="main table")
    row = desk.page.locator("tr").filter(has_text="water_2023_accounts").first
    exact = row.locator("[data-yuan]").evaluate_all("all => all.map((each) => each.dataset.yuan)")
    assert exact[:3] == ["91235500", "95070600", "93732100"]
    panel = desk.open_source(row.locator("button.source").first)
    assert panel.locator("img").first.evaluate("image => image.naturalWidth") > 100


def test_a_contradiction_shows_both_places(any_desk: Desk) -> None:
    any_desk.open("checks?verdict=contradicts", ready="button.source")
    card = any_desk.page.locator("main article").first
    figures = card.locator(".check-figure").all_inner_texts()
    assert figures[0] != figures[1]
    assert card.locator("button.source").count() >= 2
    panel = any_desk.open_source(any_desk.button("双方出处", card))
    assert panel.locator("article").count() >= 2
    assert panel.locator("blockquote").count() >= 2
    assert not any_desk.wide()


def test_an_issue_leads_to_its_departments_and_their_words(any_desk: Desk) -> None:
    any_desk.open("issues", ready="main table")
    any_desk.page.locator("main table a[href^='#/issues/']").first.click()
    any_desk.settle("button.source")
    assert any_desk.place.startswith("#/issues/")
    panel = any_desk.open_source(any_desk.page.locator("main button.source").first)
    assert panel.locator("blockquote").first.inner_text()
    any_desk.page.keyboard.press("Escape")
    assert any_desk.page.locator("main a[href^='#/departments/']").count() > 0
    assert not any_desk.wide()


def test_types_of_causes_lead_to_departments_and_their_words(any_desk: Desk) -> None:
    any_desk.open("issues?min_confidence=0.5", ready="main table")
    any_desk.page.get_by_role("link", name="部门×原因类型").click()
    any_desk.settle("main .issue-cell")
    assert "原因类型" in any_desk.text("main thead")
    cell = any_desk.page.locator("main .issue-cell a").first
    count = int(cell.inner_text())
    cell.click()
    any_desk.settle("button.source")
    assert re.match(r"#/issues/[a-z-]+\?department=.*&min_confidence=0.5", any_desk.place)
    assert "全部原因类型" in any_desk.text()
    assert "归类可信度" in any_desk.text()
    assert 0 < any_desk.page.locator("main .issue-statement").count() <= count
    assert not any_desk.wide()


def test_a_code_tells_who_spends_on_it(any_desk: Desk) -> None:
    any_desk.open("codes/208", ready="main table")
    assert "社会保障和就业支出" in any_desk.text("h1")
    assert WATER in any_desk.text()
    assert any_desk.page.locator("main [data-yuan]").count() > 0
    assert not any_desk.wide()


def test_the_names_that_a_code_had_are_downloaded(desk: Desk) -> None:
    from openpyxl import load_workbook

    desk.open("codes/20805", ready="main table")
    shown = desk.page.locator("main table").first.locator("tbody tr").all_inner_texts()
    with desk.page.expect_download() as waiting:
        desk.page.get_by_role("button", name="下载 Excel").first.click()
    rows = list(
        load_workbook(io.BytesIO(waiting.value.path().read_bytes()))
        .worksheets[0]
        .iter_rows(min_row=2, values_only=True)
    )
    names = [str(row[0]) for row in rows]
    assert len(names) >= len(set(names)) == len(shown) == 2
    assert all(any(name in line for line in shown) for name in names)


def test_a_document_tells_what_was_read_and_what_not(any_desk: Desk) -> None:
    any_desk.open("documents", ready="main table")
    any_desk.page.locator("a[href='#/documents/water_2023_accounts']").first.click()
    any_desk.settle("button.source")
    assert "%" in any_desk.text()
    assert not any_desk.wide()
    with any_desk.page.expect_download() as waiting:
        any_desk.link("下载原文件").click()
    assert waiting.value.suggested_filename == "water_2023_accounts.pdf"


def test_lists_are_downloaded_whole_with_what_is_chosen(desk: Desk) -> None:
    desk.open(f"projects?department={WATER}", ready="main table")
    with desk.page.expect_download() as waiting:
        desk.button("下载 CSV").click()
    text = waiting.value.path().read_text("utf-8-sig")
    rows = list(csv.reader(io.StringIO(text)))
    assert len(rows) > 5
    assert all(any(WATER in cell for cell in row) for row in rows[1:])
    assert waiting.value.path().read_bytes()[:3] == b"\xef\xbb\xbf"


def test_filters_stand_in_the_address_and_back_undoes_them(desk: Desk) -> None:
    desk.open("checks", ready="main article")
    before = desk.place
    select = desk.page.locator("main select").first
    select.select_option(index=1)
    desk.settle("main article")
    chosen = desk.place
    assert chosen != before
    desk.page.reload()
    desk.settle("main article")
    assert desk.place == chosen
    assert desk.page.locator("main select").first.input_value() in chosen
    desk.page.go_back()
    desk.settle()
    assert desk.place == before
