"""Optical recognition on request: scans become tables and text, marked, and no figure is guessed."""

from __future__ import annotations

import json
import sys
from collections import Counter
from pathlib import Path

import numpy as np
import pypdfium2
import pytest
from graph_records import disclosure
from PIL import Image, ImageDraw
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas
from running import SAMPLES, fiscalgraph
from tables import paragraph, table

from fiscalgraph.extract.document import Document, Doubt, Place
from fiscalgraph.extract.errors import UnreadableDocument
from fiscalgraph.extract.normalise import compact, is_figure, printed_figure
from fiscalgraph.extract.readers import RECOGNITION_LIMITS, read
from fiscalgraph.extract.readers.pdf_grid import find_grids
from fiscalgraph.extract.readers.recognition import marked_blocks
from fiscalgraph.extract.readers.recognition_figures import Settled, settle
from fiscalgraph.extract.readers.recognition_picture import find_rules, skew_of, straightened
from fiscalgraph.extract.readers.recognition_tesseract import (
    PrintedLine,
    RecognitionUnavailable,
    Word,
    find_tesseract,
)
from fiscalgraph.extract.recognise.optical import with_recognition
from fiscalgraph.extract.records import records_from_json, records_to_json
from fiscalgraph.graph.mapping import document_quads
from fiscalgraph.ontology.terms import FG

SIZE = (595.0, 842.0)
DOTS = 200.0


def _installed() -> bool:
    try:
        find_tesseract()
    except RecognitionUnavailable:
        return False
    return True


# -- which figures count ---------------------------------------------------------------------


def reading(*words: tuple[str, float]) -> list[PrintedLine]:
    """One line of words with their confidence."""
    left, placed = 0.0, []
    for text, confidence in words:
        right = left + sum(40 if ord(character) > 0x2E80 else 20 for character in text)
        placed.append(Word(text, left, 0.0, right, 40.0, confidence))
        left = right + 10
    return [PrintedLine(tuple(placed))] if placed else []


def text_of(settled: Settled) -> str:
    return "".join(line.text for line in settled.lines)


@pytest.mark.parametrize(
    ("chinese", "latin", "again", "expected"),
    [
        (("1,234.56", 95), ("1,234.56", 95), ("1,234.56", 95), "1,234.56"),
        # The Chinese model takes 6 for 0 and a comma for a point: the two others decide.
        (("1.234.50", 92), ("1,234.56", 95), ("1,234.56", 93), "1,234.56"),
        (("-12.5", 92), ("-12.5", 95), ("12.5", 50), "-12.5"),
        (("96.18%", 92), ("96.18%", 91), ("90.18%", 70), "96.18%"),
        # No two agree, or one that agrees is unsure, or the third is much surer: blank.
        (("1,234.50", 92), ("1,234.56", 95), ("1,284.56", 93), None),
        (("1,234.50", 92), ("1,234.56", 95), ("1,234.56", 40), None),
        (("35.11", 97), ("95.11", 69), ("95.11", 65), None),
        # A form that no figure has is no figure, whoever agrees on it.
        (("28,7712", 92), ("28,7712", 95), ("28,7712", 95), None),
    ],
)
def test_a_figure_needs_two_sure_readings_that_agree(
    chinese: tuple[str, float],
    latin: tuple[str, float],
    again: tuple[str, float],
    expected: str | None,
) -> None:
    settled = settle(reading(chinese), reading(latin), reading(again))
    assert text_of(settled) == (expected or "")
    assert len(settled.doubts) == (0 if expected else 1)


def test_doubtful_figures_among_words_become_illegible_marks() -> None:
    settled = settle(
        reading(("支出", 95), ("32.04", 90), ("万元，占", 95), ("68%", 92)),
        reading(("XH", 10), ("82.04", 90), ("Af", 20), ("68%", 93)),
        reading(("XH", 10), ("82.64", 90), ("Af", 20), ("68%", 93)),
    )
    assert text_of(settled) == "支出□□□□□万元，占68%"
    assert settled.doubts == ["32.04"]
    assert len(settled.open_figures) == 1


def test_a_closer_look_may_confirm_a_figure() -> None:
    readings = (reading(("支出", 95), ("3.683.76", 90), ("万元", 95)), reading(("XH", 10)), reading())
    assert text_of(settle(*readings)) == "支出□□□□□□□□万元"
    assert text_of(settle(*readings, [[reading(("3,683.76", 90))]])) == "支出3,683.76万元"
    assert text_of(settle(*readings, [[reading(), reading(("3,683.767", 90))]])) == "支出3,683.76万元"
    assert text_of(settle(*readings, [[reading(("3,688.76", 90))]])) == "支出□□□□□□□□万元"


def test_words_and_digits_that_are_mistaken_for_each_other_are_left_blank() -> None:
    for chinese, latin in (
        ("3年", "34"),
        ("口", "0"),
        ("了", "7"),
        ("工00000", "1.00000"),
        ("三110人", "2110A"),
    ):
        settled = settle(reading((chinese, 90)), reading((latin, 95)), reading((latin, 95)))
        assert (settled.lines, len(settled.doubts)) == ([], 1)


def test_of_small_type_all_readings_have_to_agree() -> None:
    def small(text: str) -> list[PrintedLine]:
        return [PrintedLine((Word(text, 0.0, 0.0, 60.0, 14.0, 95.0),))]

    assert text_of(settle(small("418.64"), small("418.64"), small("418.64"))) == "418.64"
    assert text_of(settle(small("418.64"), small("418.61"), small("418.61"))) == ""


def test_text_that_is_hardly_recognised_is_left_out_and_reported() -> None:
    settled = settle(reading(("性软则", 12)), reading(), reading())
    assert (settled.lines, settled.doubts) == ([], ["性软则"])


def test_half_a_figure_is_no_figure() -> None:
    """A figure broken over two lines, one half of which is illegible, must not leave the other half."""
    block = paragraph("支出□□,□54.16万元，2022年增加7人", page=1)
    cells = table([["名称", "□□\n34"]])
    words, grid = marked_blocks([block, cells], {1})
    assert words.text == "支出□□,□□□□□□万元，2022年增加7人"
    assert [cell.text for cell in grid.cells] == ["名称", "□□\n□□"]
    assert words.recognised
    assert all(cell.recognised for cell in grid.cells)


# -- the picture -----------------------------------------------------------------------------


def ruled_picture(xs: list[int], ys: list[int]) -> np.ndarray:
    """A page of 1000 by 700 pixels with hairlines, and dots where text would be."""
    picture = np.full((700, 1000), 255, dtype=np.uint8)
    for y in ys:
        picture[y : y + 2, xs[0] : xs[-1] + 2] = 60
    for x in xs:
        picture[ys[0] : ys[-1] + 2, x : x + 2] = 60
    for x in xs[:-1]:
        for y in ys[:-1]:
            picture[y + 12 : y + 30, x + 20 : x + 23] = 0  # a stroke inside the cell
    return picture


def test_rules_are_found_and_strokes_of_characters_are_not() -> None:
    level, upright = find_rules(ruled_picture([100, 300, 600, 900], [100, 150, 200, 600]), 144)
    assert [round(rule.at * 2) for rule in level] == pytest.approx([101, 151, 201, 601], abs=1.5)
    assert [round(rule.at * 2) for rule in upright] == pytest.approx([101, 301, 601, 901], abs=1.5)


def test_a_page_scanned_askew_is_set_straight() -> None:
    straight = Image.fromarray(ruled_picture([100, 300, 600, 900], [100, 150, 200, 600]))
    askew = np.asarray(straight.rotate(0.8, resample=Image.Resampling.BICUBIC, fillcolor=255))
    slope = skew_of(askew, 144)
    assert slope == pytest.approx(-np.tan(np.radians(0.8)), abs=0.001)
    (grid,) = find_grids(*find_rules(straightened(askew, slope), 144))
    assert [round(x * 2) for x in grid.xs] == pytest.approx([101, 301, 601, 901], abs=3)
    assert [round(y * 2) for y in grid.ys] == pytest.approx([101, 151, 201, 601], abs=3)
    assert len(grid.cells) == 9
    assert skew_of(np.asarray(straight), 144) == pytest.approx(0.0, abs=1e-4)


# -- the reader, with a stand-in for Tesseract -------------------------------------------------

STAND_IN = """#!{python}
import json, pathlib, sys
if "--list-langs" in sys.argv:
    print("List of available languages (2):\\n" + "\\n".join({languages}))
    sys.exit(0)
language = sys.argv[sys.argv.index("-l") + 1]
data = pathlib.Path(sys.argv[1]).read_bytes()
header, pixels = data.split(b"255\\n", 1)
width, height = map(int, header.split()[1:3])
rows = [min(pixels[y * width : (y + 1) * width]) < 128 for y in range(height)]
bands, start = [], None
for y, dark in enumerate(rows + [False]):
    if dark and start is None:
        start = y
    elif not dark and start is not None:
        bands.append((start, y))
        start = None
texts = json.loads(pathlib.Path(__file__).with_suffix(".json").read_text())[language]
for number, ((top, bottom), (text, confidence)) in enumerate(zip(bands, texts), start=1):
    box = [40, top, max(20, width - 80), bottom - top]
    print("\\t".join(map(str, [5, 1, 1, 1, number, 1, *box, confidence, text])))
"""


def stand_in(
    folder: Path,
    chinese: list[tuple[str, float]],
    latin: list[tuple[str, float]],
    languages: tuple[str, ...] = ("chi_sim", "eng"),
) -> Path:
    """A program that finds one word in each dark band of a picture and says what it is told."""
    program = folder / "tesseract"
    program.write_text(STAND_IN.format(python=sys.executable, languages=list(languages)), encoding="utf-8")
    program.with_suffix(".json").write_text(json.dumps({"chi_sim": chinese, "eng": latin}))
    program.chmod(0o755)
    return program


def scan(path: Path) -> Path:
    """A PDF whose only page is a picture: two lines of text, and a table of two rows and three columns."""
    dots = DOTS / 72
    picture = Image.new("L", (int(SIZE[0] * dots), int(SIZE[1] * dots)), 255)
    draw = ImageDraw.Draw(picture)

    def bar(x: float, y: float, width: float) -> None:
        draw.rectangle([x * dots, y * dots, (x + width) * dots, (y + 10) * dots], fill=0)

    bar(200, 80, 150)
    bar(100, 120, 90)
    for y in (200, 230, 260):
        draw.line([100 * dots, y * dots, 400 * dots, y * dots], fill=0, width=2)
    for x in (100, 200, 300, 400):
        draw.line([x * dots, 200 * dots, x * dots, 260 * dots], fill=0, width=2)
        if x < 400:
            bar(x + 20, 210, 60)
            bar(x + 20, 240, 60)
    canvas = Canvas(str(path), pagesize=SIZE)
    canvas.drawImage(ImageReader(picture), 0, 0, *SIZE)
    canvas.save()
    return path


CELLS = [
    ("科目编码", 95.0),
    ("科目名称", 95.0),
    ("合计", 95.0),
    ("205", 95.0),
    ("教育支出", 95.0),
    ("1,234.56", 90.0),
]
FIGURES = [("205", 95.0), ("1,234.56", 95.0), ("2023", 95.0)]
LINES = [("某市水务局2023年度部门决算", 95.0), ("单位：万元", 95.0)]


def test_a_scanned_table_is_read_into_cells(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    program = stand_in(tmp_path, CELLS + LINES, FIGURES)
    monkeypatch.setenv("FISCALGRAPH_TESSERACT", str(program))
    document = read(scan(tmp_path / "扫描.pdf"), RECOGNITION_LIMITS)
    (found,) = document.tables
    assert [[cell.row, cell.column, cell.text] for cell in found.cells] == [
        [0, 0, "科目编码"],
        [0, 1, "科目名称"],
        [0, 2, "合计"],
        [1, 0, "205"],
        [1, 1, "教育支出"],
        [1, 2, "1,234.56"],
    ]
    assert all(cell.recognised for cell in found.cells)
    assert found.cells[5].place.box == pytest.approx((300, 230, 400, 260), abs=1.0)
    assert [compact(p.text) for p in document.paragraphs] == ["某市水务局2023年度部门决算", "单位：万元"]
    assert all(p.recognised for p in document.paragraphs)
    assert (document.problems, document.doubts) == ((), ())


def test_a_figure_of_low_confidence_is_blank_and_reported(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    program = stand_in(tmp_path, CELLS + LINES, [FIGURES[0], ("1,234.56", 30.0), FIGURES[2]])
    monkeypatch.setenv("FISCALGRAPH_TESSERACT", str(program))
    document = read(scan(tmp_path / "扫描.pdf"), RECOGNITION_LIMITS)
    assert document.tables[0].cells[5].text == ""
    (doubt,) = document.doubts
    assert (doubt.text, doubt.what, doubt.place.page) == ("1,234.56", "cell", 1)


def test_without_being_asked_a_scan_is_refused_and_the_cure_named(tmp_path: Path) -> None:
    with pytest.raises(UnreadableDocument, match=r"scan.*--recognise"):
        read(scan(tmp_path / "扫描.pdf"))


def test_a_failing_program_is_reported_with_what_it_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    program = tmp_path / "tesseract"
    program.write_text(
        '#!/bin/sh\n[ "$1" = --list-langs ] && echo chi_sim eng && exit 0\necho broken >&2\nexit 1\n'
    )
    program.chmod(0o755)
    monkeypatch.setenv("FISCALGRAPH_TESSERACT", str(program))
    with pytest.raises(UnreadableDocument, match=r"Tesseract failed \(broken\)"):
        read(scan(tmp_path / "扫描.pdf"), RECOGNITION_LIMITS)


@pytest.mark.parametrize("languages", [None, ("eng", "osd")])
def test_what_recognition_lacks_is_named_before_anything_is_read(
    tmp_path: Path, languages: tuple[str, ...] | None
) -> None:
    program = stand_in(tmp_path, [], [], languages) if languages else tmp_path / "nowhere"
    done = fiscalgraph(
        "build", scan(tmp_path / "a.pdf"), "--recognise", "--home", tmp_path / "home",
        environment={"FISCALGRAPH_TESSERACT": str(program)},
    )  # fmt: skip
    assert done.code != 0
    assert ("lacks its language data chi_sim" if languages else "not installed") in done.err
    assert "apt install tesseract-ocr tesseract-ocr-chi-sim" in done.err
    assert "Traceback" not in done.err
    assert not (tmp_path / "home" / "records").exists()


# -- what becomes of it ------------------------------------------------------------------------


def test_a_build_with_recognition_is_marked_and_kept_apart(tmp_path: Path) -> None:
    program = stand_in(tmp_path, CELLS + LINES, FIGURES)
    environment = {"FISCALGRAPH_TESSERACT": str(program)}
    file, home = scan(tmp_path / "扫描.pdf"), tmp_path / "home"

    assert fiscalgraph("build", file, "--home", home, environment=environment).code == 3
    done = fiscalgraph("build", file, "--recognise", "--home", home, environment=environment)
    assert done.code == 0, done.out + done.err
    status = fiscalgraph("status", "--home", home, environment={"FISCALGRAPH_LANG": "zh"}).out
    assert "识别所得 1 页" in status
    (cached,) = (home / "records").iterdir()
    assert cached.stem.endswith("-recognising")
    spending = records_from_json(cached.read_text(encoding="utf-8")).spending
    assert [(line.code, line.printed, line.source.recognised) for line in spending] == [
        ("205", "1234.56", True)
    ]
    # A later build without the option neither reads it again nor takes it back.
    later = fiscalgraph("build", file, "--home", home, "--json", environment=environment)
    assert json.loads(later.out)["files"][0]["status"] == "unchanged"


def test_records_of_recognised_pages_say_so_in_the_graph() -> None:
    records = disclosure()
    page = records.spending[0].source.page
    blocks = marked_blocks([paragraph(records.spending[0].source.quote, page=page)], {page})
    doubt = Doubt("12.3", Place(page=page), "cell")
    document = Document("d", "d.pdf", "0" * 64, "pdf", tuple(blocks), pages=48, doubts=(doubt,))
    marked = with_recognition(records, document)
    here = [line.source.recognised for line in marked.spending if line.source.page == page]
    elsewhere = [line.source.recognised for line in marked.spending if line.source.page != page]
    assert here
    assert all(here)
    assert not any(elsewhere)
    assert marked.coverage.pages_recognised == 1
    assert marked.coverage.cells == records.coverage.cells + 1
    assert marked.coverage.leftovers[-1].source.quote == "12.3"
    assert records_from_json(records_to_json(marked)) == marked
    stated = Counter(quad.predicate for quad in document_quads(marked))
    assert stated[FG.recognised] >= 1
    assert stated[FG.pagesRecognised] == 1
    plain = Counter(quad.predicate for quad in document_quads(records))
    assert plain[FG.recognised] == plain[FG.pagesRecognised] == 0


# -- Tesseract itself --------------------------------------------------------------------------


@pytest.mark.skipif(not _installed(), reason="Tesseract with chi_sim and eng is not installed")
def test_a_scan_of_a_known_table_gives_its_figures_or_blanks(tmp_path: Path) -> None:
    source = SAMPLES / "water_2023_accounts.pdf"
    page = 8
    with pypdfium2.PdfDocument(source) as pdf:
        size = pdf[page - 1].get_size()
        picture = pdf[page - 1].render(scale=DOTS / 72, grayscale=True).to_pil()
    canvas = Canvas(str(tmp_path / "scan.pdf"), pagesize=size)
    canvas.drawImage(ImageReader(picture.rotate(0.3, fillcolor=255)), 0, 0, *size)
    canvas.save()
    recognised = read(tmp_path / "scan.pdf", RECOGNITION_LIMITS)
    truth = [t for t in read(source).tables if t.place.page == page]
    assert [(t.height, t.width) for t in recognised.tables] == [(t.height, t.width) for t in truth]
    right = wrong = blank = 0
    for table_read, table_true in zip(recognised.tables, truth, strict=True):
        grid = table_read.grid()
        for cell in table_true.cells:
            if not is_figure(cell.text):
                continue
            found = grid[cell.row][cell.column]
            text = compact(found.text) if found else ""
            if printed_figure(text) == printed_figure(cell.text):
                right += 1
            elif is_figure(text):
                wrong += 1
            else:
                blank += 1
    assert wrong == 0
    assert right >= 0.9 * (right + blank)
