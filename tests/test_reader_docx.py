"""Word documents: merged cells as spans, nested tables, automatic numbers, text boxes."""

from __future__ import annotations

import os
import zipfile
from pathlib import Path

import pytest

from fiscalgraph.extract.document import Document, Paragraph, Table
from fiscalgraph.extract.errors import UnreadableDocument
from fiscalgraph.extract.readers import read
from fiscalgraph.extract.readers.docx_numbering import chinese_number

W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'


def read_body(tmp_path: Path, body: str, **parts: str) -> Document:
    path = tmp_path / "说明.docx"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr(
            "word/document.xml",
            f'<w:document {W} xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006">'
            f"<w:body>{body}</w:body></w:document>",
        )
        for name, content in parts.items():
            archive.writestr(f"word/{name}.xml", content)
    return read(path)


def p(text: str, properties: str = "") -> str:
    return f"<w:p><w:pPr>{properties}</w:pPr><w:r><w:t>{text}</w:t></w:r></w:p>"


def tc(content: str, properties: str = "") -> str:
    return f"<w:tc><w:tcPr>{properties}</w:tcPr>{content}</w:tc>"


def tr(*cells: str) -> str:
    return f"<w:tr>{''.join(cells)}</w:tr>"


def shape(table: Table) -> list[tuple[str, int, int, int, int]]:
    return [(cell.text, cell.row, cell.column, cell.row_span, cell.column_span) for cell in table.cells]


def test_merged_cells_become_spans(tmp_path: Path) -> None:
    body = (
        "<w:tbl>"
        + tr(tc(p("产出指标"), '<w:vMerge w:val="restart"/>'), tc(p("指标"), '<w:gridSpan w:val="2"/>'))
        + tr(tc(p(""), "<w:vMerge/>"), tc(p("户数")), tc(p("50")))
        + tr(tc(p("合计")), tc(p("1")), tc(p("2")))
        + "</w:tbl>"
    )
    (table,) = read_body(tmp_path, body).tables
    assert shape(table) == [
        ("产出指标", 0, 0, 2, 1),
        ("指标", 0, 1, 1, 2),
        ("户数", 1, 1, 1, 1),
        ("50", 1, 2, 1, 1),
        ("合计", 2, 0, 1, 1),
        ("1", 2, 1, 1, 1),
        ("2", 2, 2, 1, 1),
    ]


def test_rows_that_begin_later_in_the_grid_keep_their_columns(tmp_path: Path) -> None:
    late = '<w:tr><w:trPr><w:gridBefore w:val="1"/></w:trPr>' + tc(p("丙")) + "</w:tr>"
    (table,) = read_body(tmp_path, "<w:tbl>" + tr(tc(p("甲")), tc(p("乙"))) + late + "</w:tbl>").tables
    assert shape(table)[-1] == ("丙", 1, 1, 1, 1)


def test_a_nested_table_follows_its_outer_table(tmp_path: Path) -> None:
    inner = "<w:tbl>" + tr(tc(p("内1")), tc(p("内2"))) + "</w:tbl>"
    body = "<w:tbl>" + tr(tc(p("外1") + inner + p("外1下")), tc(p("外2"))) + "</w:tbl>" + p("后文")
    document = read_body(tmp_path, body)
    assert [[cell.text for cell in table.cells] for table in document.tables] == [
        ["外1\n外1下", "外2"],
        ["内1", "内2"],
    ]
    assert isinstance(document.blocks[-1], Paragraph)


def test_heading_levels_come_from_styles_and_their_parents(tmp_path: Path) -> None:
    styles = (
        f'<w:styles {W}><w:style w:styleId="a"><w:pPr><w:outlineLvl w:val="1"/></w:pPr></w:style>'
        '<w:style w:styleId="b"><w:basedOn w:val="a"/></w:style></w:styles>'
    )
    document = read_body(tmp_path, p("二、收支", '<w:pStyle w:val="b"/>') + p("正文。"), styles=styles)
    assert [paragraph.heading for paragraph in document.paragraphs] == [2, None]


def test_automatic_numbers_are_part_of_the_text(tmp_path: Path) -> None:
    def level(depth: int, fmt: str, text: str) -> str:
        return (
            f'<w:lvl w:ilvl="{depth}"><w:start w:val="1"/><w:numFmt w:val="{fmt}"/>'
            f'<w:lvlText w:val="{text}"/></w:lvl>'
        )

    numbering = (
        f'<w:numbering {W}><w:abstractNum w:abstractNumId="0">{level(0, "chineseCounting", "%1、")}'
        f"{level(1, 'decimal', '%2.')}</w:abstractNum>"
        '<w:num w:numId="7"><w:abstractNumId w:val="0"/></w:num></w:numbering>'
    )

    def item(text: str, depth: int) -> str:
        return p(text, f'<w:numPr><w:ilvl w:val="{depth}"/><w:numId w:val="7"/></w:numPr>')

    body = item("职责", 0) + item("供水", 1) + item("排水", 1) + item("机构", 0) + item("科室", 1)
    document = read_body(tmp_path, body, numbering=numbering)
    assert [q.text for q in document.paragraphs] == ["一、职责", "1.供水", "2.排水", "二、机构", "1.科室"]


@pytest.mark.parametrize(
    ("value", "text"),
    [(1, "一"), (10, "十"), (12, "十二"), (20, "二十"), (105, "一百零五"), (110, "一百一十")],
)
def test_chinese_numbers(value: int, text: str) -> None:
    assert chinese_number(value) == text


def test_deleted_hidden_and_field_code_text_is_not_read_but_insertions_are(tmp_path: Path) -> None:
    body = (
        "<w:p><w:r><w:t>预算</w:t></w:r><w:del><w:r><w:delText>旧</w:delText></w:r></w:del>"
        "<w:ins><w:r><w:t>新</w:t></w:r></w:ins><w:r><w:instrText>PAGE</w:instrText></w:r>"
        "<w:r><w:rPr><w:vanish/></w:rPr><w:t>隐</w:t></w:r></w:p>"
    )
    assert [q.text for q in read_body(tmp_path, body).paragraphs] == ["预算新"]


def test_text_boxes_are_read_once_after_their_paragraph(tmp_path: Path) -> None:
    box = f"<w:txbxContent>{p('单位：万元')}</w:txbxContent>"
    body = (
        "<w:p><w:r><w:t>收支总表</w:t></w:r><w:r><mc:AlternateContent>"
        f"<mc:Choice><w:drawing>{box}</w:drawing></mc:Choice><mc:Fallback><w:pict>{box}</w:pict></mc:Fallback>"
        "</mc:AlternateContent></w:r></w:p>"
    )
    document = read_body(tmp_path, body)
    assert [q.text for q in document.paragraphs] == ["收支总表", "单位：万元"]
    assert document.problems == ()


def test_captions_in_the_first_rows_of_a_grid_stand_above_it(tmp_path: Path) -> None:
    body = (
        "<w:tbl>"
        + tr(tc(p("支出预算表"), '<w:gridSpan w:val="2"/>'))
        + tr(tc(p("部门：清河市水务局")), tc(p("单位：万元")))
        + tr(tc(p("科目")), tc(p("金额")))
        + tr(tc(p("行政运行")), tc(p("3.00")))
        + tr(tc(p("注：本表为示例。"), '<w:gridSpan w:val="2"/>'))
        + "</w:tbl>"
    )
    document = read_body(tmp_path, body)
    kinds = [block.text if isinstance(block, Paragraph) else "TABLE" for block in document.blocks]
    assert kinds == ["支出预算表", "部门：清河市水务局", "单位：万元", "TABLE", "注：本表为示例。"]
    assert shape(document.tables[0])[0] == ("科目", 0, 0, 1, 1)


def test_captions_side_by_side_on_one_line_come_apart(tmp_path: Path) -> None:
    body = "<w:p><w:r><w:t>编制单位：清河市水务局</w:t><w:tab/><w:t>单位：元</w:t></w:r></w:p>"
    assert [q.text for q in read_body(tmp_path, body).paragraphs] == ["编制单位：清河市水务局", "单位：元"]


def test_a_document_of_pictures_is_unreadable(tmp_path: Path) -> None:
    with pytest.raises(UnreadableDocument, match="pictures but no text"):
        read_body(tmp_path, "<w:p><w:r><w:drawing/></w:r></w:p>")


CORPUS = Path(os.environ.get("FISCALGRAPH_CORPUS", Path(__file__).parents[2] / "shared" / "corpus"))


@pytest.mark.skipif(not (CORPUS / "docx").is_dir(), reason="no real documents here (FISCALGRAPH_CORPUS)")
def test_cells_of_real_tables_cover_their_grid_without_gap_or_overlap() -> None:
    for word in sorted((CORPUS / "docx").glob("*.docx")):
        document = read(word)
        merged = [
            cell for table in document.tables for cell in table.cells if cell.row_span * cell.column_span > 1
        ]
        assert len(document.tables) >= 60
        assert merged
        for table in document.tables:
            squares = sum(cell.row_span * cell.column_span for cell in table.cells)
            assert squares == table.height * table.width
