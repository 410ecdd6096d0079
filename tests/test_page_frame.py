"""The page around its views, in a real browser: addresses, languages, keyboard, and what goes wrong."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import running
from playwright.sync_api import Browser, expect
from workbench import Desk, desk_at

VIEWS = (
    "search",
    "departments",
    "projects",
    "issues",
    "codes",
    "checks",
    "documents",
    "queries",
    "queries/sparql",
)
ROW = "https://w3id.org/fiscalgraph/id/document/water_2023_accounts/project/0"


def test_every_view_opens_from_the_bar_and_fits_the_screen(any_desk: Desk) -> None:
    any_desk.open()
    links = any_desk.page.locator("header nav a")
    assert links.all_inner_texts() == ["搜索", "部门", "项目", "问题", "科目", "核对", "文件", "查询"]
    for number in range(links.count()):
        links.nth(number).click()
        any_desk.settle()
        assert links.nth(number).get_attribute("aria-current") == "page"
        assert any_desk.page.locator("main h1").count() == 1
        assert not any_desk.wide(), any_desk.place
        assert any_desk.page.locator(".problem").count() == 0, any_desk.place


def test_the_language_is_switched_and_kept(desk: Desk) -> None:
    desk.open("queries")
    assert desk.page.locator("html").get_attribute("lang") == "zh-CN"
    desk.button("Switch to English").click()
    expect(desk.page.locator("h1")).to_have_text("Queries")
    assert desk.page.locator("html").get_attribute("lang") == "en"
    desk.page.reload()
    desk.settle()
    assert desk.text("h1") == "Queries"
    assert desk.page.title() == "Queries · fiscalgraph"


@pytest.mark.parametrize("view", VIEWS)
def test_no_chinese_words_of_ours_stay_in_the_english_page(desk: Desk, view: str) -> None:
    desk.open("queries")
    desk.button("Switch to English").click()
    desk.page.goto(f"{desk.address}/?english#/{view}")
    desk.settle()
    # Names, sentences and scales of the documents stay Chinese; headings, labels and buttons are ours.
    ours = desk.page.locator("main :is(h1, h2, label > span, thead th, .tabs a)").all_inner_texts()
    assert [text for text in ours if re.search(r"[\u4e00-\u9fff]", re.sub("[万亿]?元", "", text))] == []


def test_an_address_that_leads_nowhere_says_so(desk: Desk) -> None:
    desk.open("nowhere/at/all")
    assert desk.text("h1") == "没有这个地址"
    desk.button("搜索").click()
    desk.settle()
    assert desk.place == "#/search"


@pytest.mark.parametrize(
    "place",
    [
        "departments/没有这个部门",
        "projects/没有这个部门/没有这个项目",
        "issues/0000000000000000",
        "codes/9999999",
        "documents/no_such_document",
        "thing?iri=https://w3id.org/fiscalgraph/id/document/nothing",
        "queries/no-such-query",
    ],
)
def test_what_is_not_there_is_told_with_what_to_do(desk: Desk, place: str) -> None:
    desk.open(place, ready=".problem")
    assert len(desk.text(".problem")) > 8
    assert "undefined" not in desk.text()
    desk.complaints = [complaint for complaint in desk.complaints if "status of 404" not in complaint]


@pytest.mark.parametrize(
    "place", ["projects?year=twenty", "checks?verdict=perhaps", "departments/%E0%A4%A", "?q=%FF"]
)
def test_broken_addresses_break_nothing(desk: Desk, place: str) -> None:
    desk.open(place)
    assert desk.page.locator("header nav a").count() == 8
    assert "undefined" not in desk.text()
    desk.complaints = [
        complaint for complaint in desk.complaints if not re.search(r"status of 4\d\d", complaint)
    ]


def test_the_first_view_can_be_used_by_keyboard_alone(desk: Desk) -> None:
    desk.open("queries")
    keyboard = desk.page.keyboard
    keyboard.press("Tab")
    expect(desk.page.locator(":focus")).to_have_text("跳到正文")
    keyboard.press("Enter")
    expect(desk.page.locator("main")).to_be_focused()
    for _ in range(12):
        keyboard.press("Tab")
        if desk.page.locator(":focus").inner_text() == "收支总表":
            break
    keyboard.press("Enter")
    desk.settle("table")
    assert desk.place == "#/queries/totals"
    desk.page.locator("button.source").first.focus()
    keyboard.press("Enter")
    panel = desk.page.locator("dialog.panel[open]")
    panel.locator("blockquote").first.wait_for()
    assert desk.page.evaluate("document.activeElement.closest('dialog') !== null")
    keyboard.press("Escape")
    expect(panel).to_be_hidden()
    expect(desk.page.locator("button.source").first).to_be_focused()


def test_what_has_the_focus_can_be_seen(desk: Desk) -> None:
    desk.open("queries")
    for _ in range(6):
        desk.page.keyboard.press("Tab")
        outline = desk.page.locator(":focus").evaluate("element => getComputedStyle(element).outlineStyle")
        assert outline != "none"


def test_a_thing_tells_all_that_is_known_of_it(any_desk: Desk) -> None:
    any_desk.open(f"thing?iri={ROW}", ready="blockquote")
    assert "water_2023_accounts" in any_desk.text()
    picture = any_desk.page.locator(".picture img").first
    assert picture.evaluate("image => image.naturalWidth") > 100
    assert not any_desk.wide()


def test_the_page_prints_what_is_in_the_view(desk: Desk) -> None:
    desk.open("queries/three-publics", ready="table")
    desk.page.emulate_media(media="print")
    assert not desk.page.locator("header.bar").is_visible()
    assert desk.page.locator("table").is_visible()
    assert len(desk.page.pdf()) > 10_000


def test_a_server_that_ends_and_comes_back_is_waited_for(browser: Browser, sample_home: Path) -> None:
    with running.server(sample_home) as address:
        port = int(address.rsplit(":", 1)[1])
        desks = desk_at(browser, address)
        desk = next(desks)
        desk.open("queries")
    desk.link("收支总表").click()
    desk.page.wait_for_selector("[role=alert]")
    assert "连不上服务" in desk.text("[role=alert]")
    assert "fiscalgraph serve" in desk.text("[role=alert]")
    with running.server(sample_home, port=port):
        desk.settle("table")
        desk.complaints.clear()  # the browser reports each request that failed
        desk.check()


def test_a_server_with_keys_asks_for_one_and_is_used_with_it(browser: Browser, sample_home: Path) -> None:
    key = "k" * 40
    with running.server(sample_home, {"FISCALGRAPH_SERVE_API_KEYS": f"auditor={key}"}) as address:
        for desk in desk_at(browser, address):
            desk.open("queries", ready="input[type=password]")
            field = desk.page.locator("input[type=password]")
            field.fill("a wrong key of some length")
            field.press("Enter")
            expect(desk.page.locator("form.problem")).to_contain_text("密钥不对")
            field.fill(key)
            field.press("Enter")
            desk.settle(".query-list")
            desk.open("queries/three-publics", ready="table")
            desk.forgive("status of 401")
