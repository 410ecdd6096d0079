"""The PDF reader: what is drawn on a page comes out as paragraphs and tables in their places."""

from __future__ import annotations

import os
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterable
from pathlib import Path

import pytest
from reportlab.lib.pdfencrypt import StandardEncryption
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfbase.pdfmetrics import registerFont
from reportlab.pdfgen.canvas import Canvas

from fiscalgraph.extract.document import ColumnTrust, Document, Table
from fiscalgraph.extract.errors import UnreadableDocument
from fiscalgraph.extract.normalise import compact, normalise
from fiscalgraph.extract.readers.pdf import read_pdf
from fiscalgraph.extract.readers.pdf_health import is_garbled
from fiscalgraph.samples.typesetting import face

PORTRAIT = (595.0, 842.0)
CORPUS = Path(os.environ.get("FISCALGRAPH_CORPUS", Path(__file__).parents[1] / "../shared/corpus"))

Draw = Callable[["Sheet"], None]


class Sheet:
    """A page to draw on, measured from its top left like the reader's boxes."""

    def __init__(self, path: Path, size: tuple[float, float] = PORTRAIT, **options: object) -> None:
        self.canvas = Canvas(str(path), pagesize=size, **options)
        self.width, self.height = size

    def text(self, x: float, y: float, text: str, size: float = 10, *, right: bool = False) -> None:
        """Text whose baseline is ``y`` below the top and which begins (or ends) at ``x``."""
        self.canvas.setFont(face().name, size)
        draw = self.canvas.drawRightString if right else self.canvas.drawString
        draw(x, self.height - y, text)

    def across(self, y: float, start: float, end: float) -> None:
        self.canvas.line(start, self.height - y, end, self.height - y)

    def down(self, x: float, start: float, end: float) -> None:
        self.canvas.line(x, self.height - start, x, self.height - end)

    def bar(self, x: float, y: float, width: float, height: float) -> None:
        """A filled rectangle, as some programs draw rules."""
        self.canvas.rect(x, self.height - y - height, width, height, stroke=0, fill=1)

    def grid(self, xs: Iterable[float], ys: Iterable[float]) -> None:
        xs, ys = list(xs), list(ys)
        for y in ys:
            self.across(y, xs[0], xs[-1])
        for x in xs:
            self.down(x, ys[0], ys[-1])

    def next(self) -> None:
        self.canvas.showPage()


def read(tmp_path: Path, *pages: Draw, size: tuple[float, float] = PORTRAIT) -> Document:
    path = tmp_path / "文件.pdf"
    sheet = Sheet(path, size)
    for draw in pages:
        draw(sheet)
        sheet.next()
    sheet.canvas.save()
    return read_pdf(path, "文件", "0" * 64)


def texts(document: Document) -> list[str]:
    return [compact(paragraph.text) for paragraph in document.paragraphs]


def rows(table: Table) -> list[list[str]]:
    """The texts of the cells that begin in each row."""
    return [[compact(cell.text) for cell in table.cells if cell.row == row] for row in range(table.height)]


def small_table(sheet: Sheet, top: float = 200) -> None:
    sheet.grid([80, 180, 340, 440], [top, top + 20, top + 40])
    for x, word in ((85, "科目编码"), (185, "科目名称"), (345, "决算数")):
        sheet.text(x, top + 14, word)
    for x, word in ((85, "2010301"), (185, "行政运行"), (345, "1,234.50")):
        sheet.text(x, top + 34, word)


def test_a_ruled_table_comes_out_cell_by_cell_with_its_place(tmp_path: Path) -> None:
    document = read(tmp_path, small_table)
    (table,) = document.tables
    assert rows(table) == [["科目编码", "科目名称", "决算数"], ["2010301", "行政运行", "1,234.50"]]
    assert table.trust is ColumnTrust.KNOWN
    assert table.place.page == 1
    assert table.place.box == pytest.approx((80, 200, 440, 240), abs=1)
    (cell,) = [cell for cell in table.cells if cell.text == "1,234.50"]
    assert cell.place.box == pytest.approx((340, 220, 440, 240), abs=1)
    assert (document.pages, document.format, document.problems) == (1, "pdf", ())


def test_merged_cells_become_spans_and_wrapped_lines_stay_apart(tmp_path: Path) -> None:
    def draw(sheet: Sheet) -> None:
        for y, start in ((100, 80), (120, 180), (160, 80), (200, 180), (240, 80)):
            sheet.across(y, start, 480)
        for x, start in ((80, 100), (180, 100), (280, 120), (480, 100)):
            sheet.down(x, start, 240)
        sheet.text(300, 114, "本年支出")
        sheet.text(90, 134, "项目")
        sheet.text(185, 144, "基本支出")
        sheet.text(290, 144, "项目支出")
        sheet.text(90, 192, "产出指标")
        sheet.text(90, 206, "（60分）")
        sheet.text(185, 184, "100.00")
        sheet.text(185, 224, "200.00")

    (table,) = read(tmp_path, draw).tables
    span = {compact(cell.text): (cell.row_span, cell.column_span) for cell in table.cells if cell.text}
    assert span["本年支出"] == (1, 2)
    assert span["项目"] == (2, 1)
    assert span["产出指标（60分）"] == (2, 1)
    assert span["100.00"] == (1, 1)
    assert "产出指标\n（60分）" in [cell.text for cell in table.cells]


def test_rules_drawn_as_thin_rectangles_or_as_boxes_make_the_same_table(tmp_path: Path) -> None:
    def bars(sheet: Sheet) -> None:
        for y in (200, 220, 240):
            sheet.bar(80, y - 0.3, 360, 0.6)
        for x in (80, 180, 340, 440):
            sheet.bar(x - 0.3, 200, 0.6, 40)
        words(sheet)

    def boxes(sheet: Sheet) -> None:
        for y in (200, 220):
            for x, width in ((80, 100), (180, 160), (340, 100)):
                sheet.canvas.rect(x, sheet.height - y - 20, width, 20, stroke=1, fill=0)
        words(sheet)

    def words(sheet: Sheet) -> None:
        sheet.text(85, 214, "收入")
        sheet.text(345, 234, "5.00")

    expected = [["收入", "", ""], ["", "", "5.00"]]
    assert rows(read(tmp_path, bars).tables[0]) == expected
    assert rows(read(tmp_path, boxes).tables[0]) == expected


def test_a_cell_left_open_at_the_end_of_the_page_keeps_its_text(tmp_path: Path) -> None:
    def draw(sheet: Sheet) -> None:
        sheet.across(700, 80, 480)
        sheet.across(740, 180, 480)
        sheet.across(780, 180, 480)  # the first column's lower border is not drawn
        for x in (80, 180, 300, 480):
            sheet.down(x, 700, 780)
        sheet.text(90, 745, "效益指标")
        sheet.text(185, 724, "社会效益")
        sheet.text(185, 764, "可持续影响")

    (table,) = read(tmp_path, draw).tables
    assert rows(table) == [["效益指标", "社会效益", ""], ["可持续影响", ""]]
    assert table.cells[0].row_span == 2


def test_captions_on_one_line_are_paragraphs_of_their_own_before_the_table(tmp_path: Path) -> None:
    def draw(sheet: Sheet) -> None:
        sheet.text(220, 150, "收入支出决算总表", 16)
        sheet.text(400, 170, "公开01表")
        sheet.text(80, 190, "部门：某某局")
        sheet.text(380, 190, "单位：万元")
        small_table(sheet)
        sheet.text(80, 260, "注：本表反映收支情况。")

    document = read(tmp_path, draw)
    kinds = [block if isinstance(block, Table) else compact(block.text) for block in document.blocks]
    assert kinds[:4] == ["收入支出决算总表", "公开01表", "部门：某某局", "单位：万元"]
    assert isinstance(kinds[4], Table)
    assert kinds[5] == "注：本表反映收支情况。"


def test_a_title_drawn_into_the_frame_is_lifted_out_of_the_table(tmp_path: Path) -> None:
    def draw(sheet: Sheet) -> None:
        sheet.across(180, 80, 440)
        sheet.down(80, 180, 200)
        sheet.down(440, 180, 200)
        sheet.text(200, 194, "项目支出绩效目标表")
        small_table(sheet)

    document = read(tmp_path, draw)
    assert texts(document) == ["项目支出绩效目标表"]
    assert rows(document.tables[0])[0] == ["科目编码", "科目名称", "决算数"]


@pytest.mark.parametrize("turn", [90, 180, 270])
def test_a_rotated_page_reads_as_it_is_displayed(tmp_path: Path, turn: int) -> None:
    def draw(sheet: Sheet) -> None:
        width, height = sheet.width, sheet.height
        sheet.canvas.setPageRotation(turn)  # reportlab swaps the sides of pages turned by a quarter
        sheet.canvas.translate(*{90: (height, 0), 180: (width, height), 270: (0, width)}[turn])
        sheet.canvas.rotate(turn)
        small_table(sheet)

    (table,) = read(tmp_path, draw).tables
    assert rows(table)[1] == ["2010301", "行政运行", "1,234.50"]
    assert table.place.box == pytest.approx((80, 200, 440, 240), abs=1)


def test_a_table_set_sideways_on_an_upright_page_is_turned(tmp_path: Path) -> None:
    def draw(sheet: Sheet) -> None:
        sheet.canvas.translate(sheet.width, 0)
        sheet.canvas.rotate(90)
        sheet.height, height = sheet.width, sheet.height
        small_table(sheet)
        sheet.height = height

    (table,) = read(tmp_path, draw).tables
    assert rows(table) == [["科目编码", "科目名称", "决算数"], ["2010301", "行政运行", "1,234.50"]]


def test_words_set_vertically_in_a_narrow_cell_read_downwards(tmp_path: Path) -> None:
    def draw(sheet: Sheet) -> None:
        sheet.grid([80, 100, 400], [200, 300])
        for index, character in enumerate("年度总体目标"):
            sheet.text(85, 216 + 14 * index, character)
        sheet.text(110, 250, "完成全年任务")

    (table,) = read(tmp_path, draw).tables
    assert rows(table) == [["年度总体目标", "完成全年任务"]]


def test_text_in_a_font_that_writes_downwards_stays_in_its_cell(tmp_path: Path) -> None:
    """The PDF library gives such characters boxes in the font's units, twenty times too wide here."""
    font = UnicodeCIDFont("STSong-Light", isVertical=True)
    registerFont(font)

    def draw(sheet: Sheet) -> None:
        sheet.grid([80, 130, 180], [100, 160, 180])
        sheet.canvas.saveState()
        sheet.canvas.scale(0.05, 0.05)
        sheet.canvas.setFont(font.fontName, 200)
        sheet.canvas.drawString(105 / 0.05, (sheet.height - 110) / 0.05, "合计")
        sheet.canvas.restoreState()
        sheet.text(135, 130, "金额")
        sheet.text(85, 175, "甲")
        sheet.text(135, 175, "1.00")

    (table,) = read(tmp_path, draw).tables
    assert [[compact(cell.text) for cell in row if cell] for row in table.grid()] == [
        ["合计", "金额"],
        ["甲", "1.00"],
    ]


def test_text_wider_than_its_cell_stays_whole_in_it(tmp_path: Path) -> None:
    def draw(sheet: Sheet) -> None:
        sheet.grid([80, 130, 300], [200, 220])
        sheet.text(81, 214, "服务对象满意度")  # seven characters of 10 points in 50 points
        sheet.text(240, 214, "95.00")

    (table,) = read(tmp_path, draw).tables
    assert rows(table) == [["服务对象满意度", "95.00"]]


def test_the_second_line_of_a_text_too_tall_for_its_row_stays_with_the_first(tmp_path: Path) -> None:
    def draw(sheet: Sheet) -> None:
        sheet.grid([80, 160, 300], [200, 212, 224])
        sheet.text(81, 210, "养老保险缴")
        sheet.text(81, 218.5, "费")  # its top stands above the rule, its foot on the next row's text
        sheet.text(81, 222.5, "职业年金缴费")
        sheet.text(240, 210, "95.00")
        sheet.text(240, 222, "7.00")

    (table,) = read(tmp_path, draw).tables
    assert [[compact(text) for text in row] for row in rows(table)] == [
        ["养老保险缴费", "95.00"],
        ["职业年金缴费", "7.00"],
    ]


def test_what_nobody_sees_is_not_read(tmp_path: Path) -> None:
    def draw(sheet: Sheet) -> None:
        sheet.text(80, 100, "看得见的文字")
        sheet.text(80, -40, "页面之外的文字")
        sheet.text(84, 99, "残", size=2)
        sheet.canvas.saveState()
        window = sheet.canvas.beginPath()
        window.rect(80, 300, 200, 100)
        sheet.canvas.clipPath(window, stroke=0)
        sheet.text(80, 200, "窗口之外的文字")
        sheet.canvas.restoreState()
        sheet.canvas.saveState()
        sheet.canvas.translate(200, 400)
        sheet.canvas.rotate(45)
        sheet.canvas.setFont(face().name, 60)
        sheet.canvas.drawString(0, 0, "内部资料")
        sheet.canvas.restoreState()

    assert texts(read(tmp_path, draw)) == ["看得见的文字"]


def test_page_numbers_and_running_heads_are_no_text_but_repeated_captions_are(tmp_path: Path) -> None:
    numbers = ["- 1 -", "— 2 —", "第 3 页 共 5 页", "4", "5 / 5"]

    def page(number: str) -> Draw:
        def draw(sheet: Sheet) -> None:
            sheet.text(250, 40, "某某局年度公开文件")
            sheet.text(80, 60, "部门：某某局")
            sheet.text(80, 300, f"正文{'甲乙丙丁戊'[numbers.index(number)]}")
            sheet.text(280, 810, number)

        return draw

    document = read(tmp_path, *[page(number) for number in numbers])
    assert texts(document) == [text for body in "甲乙丙丁戊" for text in ("部门：某某局", f"正文{body}")]


LONG = "本部门按照年度工作安排组织实施各项任务并对资金使用情况进行了全面的检查和总结。"


def prose(sheet: Sheet, top: float, lines: list[str], *, indent: bool = True) -> None:
    for number, line in enumerate(lines):
        sheet.text(100 if indent and number == 0 else 80, top + 20 * number, line)


def test_lines_of_a_paragraph_are_joined_and_keep_their_places(tmp_path: Path) -> None:
    first = ["字" * 39, "字" * 41, "完。"]
    second = ["段" * 39, "终。"]

    def draw(sheet: Sheet) -> None:
        prose(sheet, 100, first)
        prose(sheet, 160, second)

    document = read(tmp_path, draw)
    assert texts(document) == ["".join(first), "".join(second)]
    paragraph = document.paragraphs[0]
    assert [run.text for run in paragraph.runs] == first
    assert paragraph.place_at(81).box == pytest.approx((80, 131.4, 100, 141.4), abs=1)


def test_a_sentence_broken_by_the_end_of_the_page_is_one_paragraph(tmp_path: Path) -> None:
    document = read(
        tmp_path,
        lambda sheet: prose(sheet, 700, ["前" * 39, "前" * 41]),
        lambda sheet: prose(sheet, 100, ["后" * 41, "后。"], indent=False),
    )
    (paragraph,) = document.paragraphs
    assert [run.place.page for run in paragraph.runs] == [1, 1, 2, 2]


def open_rows(sheet: Sheet, top: float) -> None:
    sheet.text(80, top, "科目")
    sheet.text(300, top, "年初预算", right=True)
    sheet.text(400, top, "决算数", right=True)
    lines = [("行政运行", "1,000.00", "980.50"), ("培训支出", "", "12.00"), ("住房公积金", "30.00", "30.00")]
    for number, (name, budget, executed) in enumerate(lines, start=1):
        sheet.text(80, top + 18 * number, name)
        if budget:
            sheet.text(300, top + 18 * number, budget, right=True)
        sheet.text(400, top + 18 * number, executed, right=True)


OPEN = [
    ["科目", "年初预算", "决算数"],
    ["行政运行", "1,000.00", "980.50"],
    ["培训支出", "", "12.00"],
    ["住房公积金", "30.00", "30.00"],
]


def test_an_unruled_table_is_read_by_its_columns_of_white(tmp_path: Path) -> None:
    def draw(sheet: Sheet) -> None:
        sheet.text(80, 100, "部门：某某局")
        sheet.text(350, 100, "单位：万元")
        open_rows(sheet, 140)

    document = read(tmp_path, draw)
    (table,) = document.tables
    assert rows(table) == OPEN
    assert table.trust is ColumnTrust.KNOWN
    assert texts(document) == ["部门：某某局", "单位：万元"]


def test_a_table_ruled_only_across_has_a_row_between_any_two_rules(tmp_path: Path) -> None:
    def draw(sheet: Sheet) -> None:
        open_rows(sheet, 140)
        for number in range(5):
            sheet.across(127 + 18 * number, 75, 405)

    (table,) = read(tmp_path, draw).tables
    assert rows(table) == OPEN
    assert table.trust is ColumnTrust.KNOWN


def test_a_table_of_contents_is_no_table(tmp_path: Path) -> None:
    def draw(sheet: Sheet) -> None:
        for number, title in enumerate(["部门概况", "决算报表", "情况说明", "名词解释"]):
            sheet.text(80, 100 + 20 * number, title)
            sheet.text(500, 100 + 20 * number, str(3 * number + 1), right=True)

    assert read(tmp_path, draw).tables == []


def test_rows_parted_by_white_only_are_parted_and_marked(tmp_path: Path) -> None:
    def draw(sheet: Sheet) -> None:
        sheet.grid([80, 200, 300, 400], [100, 120, 200])
        for number, (name, one, two) in enumerate(
            [("基本支出", "1.00", "2.00"), ("项目支出", "3.00", "4.00"), ("经营支出", "5.00", "6.00")]
        ):
            sheet.text(85, 134 + 20 * number, name)
            sheet.text(210, 134 + 20 * number, one)
            sheet.text(310, 134 + 20 * number, two)

    (table,) = read(tmp_path, draw).tables
    assert rows(table)[1:] == [
        ["基本支出", "1.00", "2.00"],
        ["项目支出", "3.00", "4.00"],
        ["经营支出", "5.00", "6.00"],
    ]
    assert table.trust is ColumnTrust.DRIFTING


def test_a_figure_broken_over_two_lines_is_not_taken_for_two(tmp_path: Path) -> None:
    def draw(sheet: Sheet) -> None:
        sheet.grid([80, 130, 180], [100, 140])
        for x in (82, 132):
            sheet.text(x, 114, "12345678")
            sheet.text(x, 128, "9.50")

    (table,) = read(tmp_path, draw).tables
    assert rows(table) == [["123456789.50", "123456789.50"]]


def scan(sheet: Sheet) -> None:
    from PIL import Image

    picture = Image.new("L", (60, 80), 200)
    sheet.canvas.drawInlineImage(picture, 0, 0, sheet.width, sheet.height)


def test_scanned_pages_are_named_and_a_scanned_document_is_refused(tmp_path: Path) -> None:
    document = read(tmp_path, small_table, scan)
    assert [problem.split(" is")[0] for problem in document.problems] == ["page 2"]
    with pytest.raises(UnreadableDocument, match="scan"):
        read(tmp_path, scan, scan)


def test_encrypted_cut_off_empty_and_foreign_files_are_refused_with_a_reason(tmp_path: Path) -> None:
    locked = tmp_path / "locked.pdf"
    sheet = Sheet(locked, encrypt=StandardEncryption("secret", ownerPassword="owner"))
    small_table(sheet)
    sheet.canvas.save()
    with pytest.raises(UnreadableDocument, match="encrypted"):
        read_pdf(locked, "locked", "")

    read(tmp_path, small_table)
    whole = (tmp_path / "文件.pdf").read_bytes()
    for name, content in (("cut", whole[:400]), ("empty", b""), ("foreign", b"PK\x03\x04 no PDF")):
        path = tmp_path / f"{name}.pdf"
        path.write_bytes(content)
        with pytest.raises(UnreadableDocument, match="damaged") as refusal:
            read_pdf(path, name, "")
        assert refusal.value.cure


def test_a_dash_that_ends_a_line_stays(tmp_path: Path) -> None:
    def draw(sheet: Sheet) -> None:
        sheet.text(90, 100, "RISC-")
        sheet.text(90, 114, "V架构")

    assert "".join(texts(read(tmp_path, draw))) == "RISC-V架构"


def test_a_page_with_more_characters_than_are_asked_at_once_is_whole(tmp_path: Path) -> None:
    line = "财政拨款收入支出决算总表一二三四五六七八九十"

    def draw(sheet: Sheet) -> None:
        for row in range(140):
            sheet.text(60, 60 + 5 * row, line, 4)

    document = read(tmp_path, draw)
    assert "".join(texts(document)) == 140 * line
    boxes = [run.place.box for paragraph in document.paragraphs for run in paragraph.runs]
    assert len({box and box[2] for box in boxes}) == 1


def test_a_file_without_its_end_mark_is_read_and_reported(tmp_path: Path) -> None:
    read(tmp_path, small_table)
    path = tmp_path / "文件.pdf"
    path.write_bytes(path.read_bytes().replace(b"%%EOF", b""))
    document = read_pdf(path, "文件", "")
    assert len(document.tables) == 1
    assert "cut off" in document.problems[0]


@pytest.mark.parametrize(
    ("text", "garbled"),
    [
        (LONG, False),
        ("1,234.50 2,345.60 2010301 2010302 30101 30102", False),
        ("".join(chr(0xE000 + number) for number in range(40)), True),
        ("(cid:12)(cid:80)(cid:301)(cid:7)(cid:19)", True),
        (LONG.encode("gb18030").decode("latin-1"), True),
        (LONG.encode("utf-8").decode("gb18030", "ignore"), True),
    ],
)
def test_a_broken_text_layer_is_told_from_text(text: str, garbled: bool) -> None:
    assert is_garbled(list(text)) is garbled


def test_the_same_file_gives_the_same_document(tmp_path: Path) -> None:
    once = read(tmp_path, small_table, lambda sheet: prose(sheet, 100, [LONG]))
    assert read_pdf(tmp_path / "文件.pdf", "文件", "0" * 64) == once


def test_the_slow_reference_library_is_not_loaded_to_read_a_sound_file(tmp_path: Path) -> None:
    read(tmp_path, small_table)
    code = (
        "import sys; from pathlib import Path; from fiscalgraph.extract.readers.pdf import read_pdf; "
        f"read_pdf(Path({str(tmp_path / '文件.pdf')!r}), '', ''); sys.exit('pdfplumber' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def corpus_pdfs() -> list[Path]:
    return sorted(CORPUS.rglob("*.pdf"), key=lambda path: path.stat().st_size)


@pytest.mark.skipif(not CORPUS.is_dir(), reason="no corpus of real documents (set FISCALGRAPH_CORPUS)")
def test_cells_of_real_documents_agree_with_the_reference() -> None:
    import pdfplumber

    expected: Counter[str] = Counter()
    found: Counter[str] = Counter()
    for path in corpus_pdfs()[:60:12]:
        try:
            document = read_pdf(path, path.stem, "")
        except UnreadableDocument:
            continue
        pages = sorted({table.place.page for table in document.tables if table.place.page})[1:2]
        for number in pages:
            found.update(
                compact(cell.text)
                for table in document.tables
                if table.place.page == number
                for cell in table.cells
                if cell.text
            )
            found.update(
                compact(run.text)
                for paragraph in document.paragraphs
                for run in paragraph.runs
                if run.place.page == number
            )
            with pdfplumber.open(path, pages=[number]) as reference:
                for table in reference.pages[0].dedupe_chars().extract_tables():
                    expected.update(compact(normalise(cell)) for row in table for cell in row if cell)
    del expected[""]
    assert sum(expected.values()) > 100
    missing = expected - found
    assert sum(missing.values()) <= 0.01 * sum(expected.values()), missing.most_common(5)
