"""OFD (GB/T 33190): placed text and drawn rules become paragraphs and tables."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest

from fiscalgraph.extract.document import Document, Paragraph
from fiscalgraph.extract.errors import UnreadableDocument
from fiscalgraph.extract.readers import Limits, read

NS = 'xmlns:ofd="http://www.ofdspec.org/2016"'


def text(x: float, y: float, content: str, size: float = 4.0, attributes: str = "") -> str:
    """Text whose first character has its top left at (x, y) in millimetres."""
    steps = f"g {len(content) - 1} {size}" if len(content) > 1 else ""
    return (
        f'<ofd:TextObject ID="1" Boundary="{x} {y} {size * len(content)} {size}" Size="{size}" {attributes}>'
        f'<ofd:TextCode X="0" Y="{0.86 * size}" DeltaX="{steps}">{content}</ofd:TextCode></ofd:TextObject>'
    )


def line(x0: float, y0: float, x1: float, y1: float) -> str:
    return (
        f'<ofd:PathObject ID="2" Boundary="{x0} {y0} {x1 - x0 + 0.1} {y1 - y0 + 0.1}" LineWidth="0.3">'
        f"<ofd:AbbreviatedData>M 0 0 L {x1 - x0} {y1 - y0}</ofd:AbbreviatedData></ofd:PathObject>"
    )


def read_pages(tmp_path: Path, *pages: str, template: str = "", limits: Limits | None = None) -> Document:
    path = tmp_path / "公开.ofd"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(
            "OFD.xml",
            f"<ofd:OFD {NS}><ofd:DocBody><ofd:DocRoot>Doc_0/Document.xml</ofd:DocRoot></ofd:DocBody>"
            "</ofd:OFD>",
        )
        listed = "".join(f'<ofd:Page ID="{n}" BaseLoc="Pages/P{n}.xml"/>' for n in range(len(pages)))
        templates = '<ofd:TemplatePage ID="99" BaseLoc="Tpls/T.xml"/>' if template else ""
        archive.writestr(
            "Doc_0/Document.xml",
            f"<ofd:Document {NS}><ofd:CommonData><ofd:PageArea><ofd:PhysicalBox>0 0 210 297</ofd:PhysicalBox>"
            f"</ofd:PageArea>{templates}</ofd:CommonData><ofd:Pages>{listed}</ofd:Pages></ofd:Document>",
        )
        used = '<ofd:Template TemplateID="99"/>' if template else ""
        for number, page in enumerate(pages):
            archive.writestr(
                f"Doc_0/Pages/P{number}.xml",
                f"<ofd:Page {NS}>{used}<ofd:Content><ofd:Layer>{page}</ofd:Layer></ofd:Content></ofd:Page>",
            )
        if template:
            archive.writestr(
                "Doc_0/Tpls/T.xml",
                f"<ofd:Page {NS}><ofd:Content><ofd:Layer>{template}</ofd:Layer></ofd:Content></ofd:Page>",
            )
    return read(path, limits)


RULES = "".join(line(20, y, 120, y) for y in (60, 70, 80)) + "".join(
    line(x, 60, x, 80) for x in (20, 70, 120)
)
CELLS = text(22, 63, "科目") + text(72, 63, "金额") + text(22, 73, "行政运行") + text(72, 73, "12.50")


def test_captions_table_and_prose_in_reading_order(tmp_path: Path) -> None:
    page = (
        text(20, 90, "表后说明文字。")
        + RULES
        + CELLS
        + text(20, 50, "部门：水务局")
        + text(95, 50, "单位：万元")
    )
    document = read_pages(tmp_path, page)
    assert [b.text if isinstance(b, Paragraph) else [c.text for c in b.cells] for b in document.blocks] == [
        "部门：水务局",
        "单位：万元",
        ["科目", "金额", "行政运行", "12.50"],
        "表后说明文字。",
    ]
    assert (document.format, document.pages) == ("ofd", 1)


def test_places_are_in_points_from_the_top_left(tmp_path: Path) -> None:
    document = read_pages(tmp_path, RULES + CELLS)
    place = document.tables[0].place
    assert place.page == 1
    assert place.box == pytest.approx((56.7, 170.1, 340.2, 226.8), abs=0.3)


def test_rules_of_a_page_template_count(tmp_path: Path) -> None:
    assert len(read_pages(tmp_path, CELLS, CELLS, template=RULES).tables) == 2


def test_slanted_text_is_a_watermark(tmp_path: Path) -> None:
    slanted = text(60, 150, "内部资料", attributes='CTM="0.7 0.7 -0.7 0.7 0 0"')
    assert [p.text for p in read_pages(tmp_path, text(20, 50, "正文在此。") + slanted).paragraphs] == [
        "正文在此。"
    ]


def test_a_scan_is_unreadable_and_a_scanned_page_is_named(tmp_path: Path) -> None:
    picture = '<ofd:ImageObject ID="3" Boundary="0 0 210 297"/>'
    with pytest.raises(UnreadableDocument, match="pictures without text"):
        read_pages(tmp_path, picture)
    document = read_pages(tmp_path, text(20, 50, "正文在此。"), picture)
    assert document.problems == ("page 2 is a picture without text and was not read",)


def test_a_file_with_too_many_pages_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UnreadableDocument, match="3 pages and the limit is 2"):
        read_pages(tmp_path, *[text(20, 50, "正文在此。")] * 3, limits=Limits(pages=2))
