"""Web pages: the disclosure without the site around it, tables with their spans."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from fiscalgraph.extract.document import Document, Paragraph
from fiscalgraph.extract.errors import UnreadableDocument
from fiscalgraph.extract.readers import read

PROSE = "清河市水务局负责全市供水、排水和防汛工作，编制年度用水计划并组织实施。"
PAGE = f"""<!DOCTYPE html><html><head><meta charset="utf-8">
<title>清河市水务局2024年度部门预算-清河政务网</title>
<script>var a = "不是文字";</script></head><body>
<div class="header"><a href="/">首页</a> 您好，欢迎访问清河政务网</div>
<ul class="nav"><li><a href="/a">要闻</a></li></ul>
<div class="wrap"><h1>清河市水务局2024年度部门预算</h1><div class="share">分享到：微信</div>
<div id="content"><p>一、概况</p><p>{PROSE}</p><p>{PROSE}<br>{PROSE}</p>
<table><caption>支出表</caption><tr><th rowspan="2">科目</th><th colspan="2">金额</th></tr>
<tr><th>基本</th><th>项目</th></tr><tr><td>行政运行</td><td>1.00</td><td>&nbsp;</td></tr></table>
<p style="display:none">隐藏</p><p><a href="/files/b.xls">附件：表.xls</a></p></div></div>
<div class="footer">版权所有 清河市水务局</div></body></html>"""


def read_page(tmp_path: Path, page: str, encoding: str = "utf-8", name: str = "页面.html") -> Document:
    path = tmp_path / name
    path.write_bytes(page.encode(encoding))
    return read(path)


def test_only_the_disclosure_is_read(tmp_path: Path) -> None:
    document = read_page(tmp_path, PAGE)
    assert [block.text if isinstance(block, Paragraph) else "TABLE" for block in document.blocks] == [
        "清河市水务局2024年度部门预算", "一、概况", PROSE, PROSE, PROSE, "支出表", "TABLE", "附件：表.xls",
    ]  # fmt: skip
    assert document.paragraphs[0].heading == 1
    assert document.problems == ("1 attached document(s) are only linked; read them beside this page",)


def test_spans_blanks_and_source_lines_of_a_table(tmp_path: Path) -> None:
    (table,) = read_page(tmp_path, PAGE).tables
    assert [(c.text, c.row, c.column, c.row_span, c.column_span) for c in table.cells] == [
        ("科目", 0, 0, 2, 1),
        ("金额", 0, 1, 1, 2),
        ("基本", 1, 1, 1, 1),
        ("项目", 1, 2, 1, 1),
        ("行政运行", 2, 0, 1, 1),
        ("1.00", 2, 1, 1, 1),
        ("", 2, 2, 1, 1),
    ]
    assert [cell.place.line for cell in table.cells][-1] == 9


@pytest.mark.parametrize("encoding", ["gb18030", "utf-8"])
def test_the_bytes_decide_the_encoding(tmp_path: Path, encoding: str) -> None:
    declared = "gb2312" if encoding == "gb18030" else "utf-8"
    document = read_page(tmp_path, PAGE.replace('charset="utf-8"', f'charset="{declared}"'), encoding)
    assert document.paragraphs[2].text == PROSE


def test_tables_that_arrange_the_page_are_no_tables(tmp_path: Path) -> None:
    page = (
        f"<html><body><table><tr><td>菜单</td><td><p>{PROSE}</p>"
        "<table><tr><td>科目</td><td>数</td></tr><tr><td>供水</td><td>1</td></tr></table>"
        "</td></tr></table></body></html>"
    )
    document = read_page(tmp_path, page)
    assert [[cell.text for cell in table.cells] for table in document.tables] == [["科目", "数", "供水", "1"]]
    assert PROSE in [paragraph.text for paragraph in document.paragraphs]


def test_a_page_saved_under_another_suffix_is_read_as_a_page(tmp_path: Path) -> None:
    assert read_page(tmp_path, PAGE, name="报表.xls").format == "html"


def test_a_page_that_a_script_would_fill_is_unreadable(tmp_path: Path) -> None:
    with pytest.raises(UnreadableDocument, match="no text"):
        read_page(tmp_path, "<html><body><div id='app'></div><script>load()</script></body></html>")


CORPUS = Path(os.environ.get("FISCALGRAPH_CORPUS", Path(__file__).parents[2] / "shared" / "corpus"))


@pytest.mark.skipif(not (CORPUS / "pdf").is_dir(), reason="no real documents here (FISCALGRAPH_CORPUS)")
def test_real_pages_begin_with_their_title_and_hold_no_navigation() -> None:
    for page in sorted((CORPUS / "pdf").glob("*.html")):
        document = read(page)
        printed = [paragraph.text for paragraph in document.paragraphs]
        assert "预算" in printed[0]
        assert len(printed) > 15
        assert not any(word in text for text in printed for word in ("首页", "版权所有", "打印", "ICP"))
