"""From a fact to the picture of its place: the frame is on the printed figure, whatever the page is like."""

from __future__ import annotations

import hashlib
import io
import json
import shutil
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import httpx
import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import Browser
from pyoxigraph import NamedNode
from running import SAMPLES, fiscalgraph, server
from workbench import desk_at

from fiscalgraph.api.library import Library
from fiscalgraph.api.page_drawing import MAX_PIXELS, PictureRequest, PictureUnavailable, draw
from fiscalgraph.api.page_pictures import PagePictures, PictureLimits, PicturesBusy
from fiscalgraph.api.source_files import SourceFileMissing, SourceFiles
from fiscalgraph.api.source_pictures import picture_request, source_file
from fiscalgraph.api.sources import find_fact, source_of
from fiscalgraph.extract.readers import read
from fiscalgraph.graph.identifiers import BASE
from fiscalgraph.workspace import open as fiscalgraph_open

OBSERVATION = NamedNode("http://purl.org/linked-data/cube#Observation")
FG = "https://w3id.org/fiscalgraph/ontology#"
RDF_TYPE = NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type")


@pytest.fixture(scope="module")
def library(sample_home: Path) -> Library:
    return Library(sample_home)


def things(library: Library, kind: NamedNode) -> list[str]:
    """The IRIs of all things of a class, sorted."""
    return sorted({str(quad.subject.value) for quad in library.store.quads_for_pattern(None, RDF_TYPE, kind)})  # type: ignore[union-attr]


def pictured(library: Library, kind: NamedNode, count: int) -> list[str]:
    """Some facts of a class that stand in PDFs, from all over the samples."""
    facts = [iri for iri in things(library, kind) if _in_pdf(iri)]
    return facts[:: max(1, len(facts) // count)][:count]


def _in_pdf(iri: str) -> bool:
    name = iri.removeprefix(BASE + "document/").partition("/")[0]
    return (SAMPLES / f"{name}.pdf").exists()


def opened(png: bytes) -> Image.Image:
    image = Image.open(io.BytesIO(png))
    image.load()
    return image


# -- the frame is where the figure is -------------------------------------------------------------


def test_the_frame_covers_the_printed_figure_by_the_pdfs_own_text_positions(library: Library) -> None:
    import pdfplumber

    facts = pictured(library, OBSERVATION, 12)
    assert len(facts) == 12
    for iri in facts:
        found = source_of(library, iri)
        request = picture_request(library, found, whole=True, scale=2.0)
        picture = draw(request)
        assert picture.mark is not None
        left, top, right, bottom = (side / 2.0 for side in picture.mark)
        with pdfplumber.open(request.path) as document:
            words = document.pages[request.page - 1].extract_words()
        inside = "".join(
            word["text"]
            for word in words
            if left <= (word["x0"] + word["x1"]) / 2 <= right
            and top <= (word["top"] + word["bottom"]) / 2 <= bottom
        )
        printed = next(fact.value for fact in library.thing(iri, "en").facts if fact.predicate == "printed")
        assert printed in inside.replace(",", ""), (iri, inside)
        assert (right - left) * (bottom - top) < 0.05 * picture.width * picture.height / 4


def test_the_row_is_shown_with_the_tables_header_and_the_same_pixels_are_framed(library: Library) -> None:
    for iri in pictured(library, OBSERVATION, 6):
        found = source_of(library, iri)
        row, whole = (draw(picture_request(library, found, whole=each)) for each in (False, True))
        assert row.mark is not None
        assert whole.mark is not None
        assert opened(row.png).crop(row.mark).tobytes() == opened(whole.png).crop(whole.mark).tobytes()
        assert row.height < whole.height
        # Above the row stands the header, so the frame is not at the top of the picture.
        assert row.mark[1] > 2.0 * (row.mark[3] - row.mark[1])


FIGURE = "12,345.67"


def page_with_green_figure(
    path: Path, *, sideways: bool = False, change: dict[str, Any] | None = None
) -> None:
    """A page with a ruled table, one of whose figures, and nothing else, is printed in green."""
    from pypdf import PdfReader, PdfWriter
    from pypdf.generic import RectangleObject
    from reportlab.pdfgen.canvas import Canvas

    width, height = 595.0, 842.0
    canvas = Canvas(str(path), pagesize=(width, height))
    if sideways:  # a landscape table printed on a portrait page
        canvas.translate(width, 0)
        canvas.rotate(90)
        width, height = height, width
    rows = [("code", "name", "total", "basic")] + [
        (f"20{number:02d}", f"item {number}", f"{number}1,111.{number}0", f"{number}22.{number}1")
        for number in range(1, 9)
    ]
    rows[5] = ("2005", "item 5", FIGURE, "1.00")
    top, step = height - 150, 24
    columns = [80, 150, 280, 390, 500]
    for number in range(len(rows) + 1):
        canvas.line(columns[0], top - number * step, columns[-1], top - number * step)
    for x in columns:
        canvas.line(x, top, x, top - len(rows) * step)
    for number, row in enumerate(rows):
        for x, words in zip(columns, row, strict=False):
            canvas.setFillColorRGB(0, 1 if words == FIGURE else 0, 0)
            canvas.drawString(x + 4, top - (number + 1) * step + 8, words)
    canvas.save()
    if change:
        page = PdfReader(path).pages[0]
        if "rotate" in change:
            page.rotate(change["rotate"])
        if "crop" in change:
            page.cropbox = RectangleObject(change["crop"])
        if "shift" in change:
            across, up = change["shift"]
            page.mediabox = RectangleObject((-across, -up, 595 + 10, 842 + 20))
        writer = PdfWriter()
        writer.add_page(page)
        writer.write(path)


GEOMETRIES: dict[str, dict[str, Any]] = {
    "plain": {},
    "rotated by 90": {"change": {"rotate": 90}},
    "rotated by 180": {"change": {"rotate": 180}},
    "rotated by 270": {"change": {"rotate": 270}},
    "a crop box inside the page": {"change": {"crop": (60, 300, 560, 800)}},
    "a crop box on a rotated page": {"change": {"crop": (60, 300, 560, 800), "rotate": 90}},
    "an origin elsewhere": {"change": {"shift": (40, 70)}},
    "set sideways": {"sideways": True},
    "set sideways and rotated": {"sideways": True, "change": {"rotate": 90}},
}


@pytest.mark.parametrize("geometry", GEOMETRIES)
@pytest.mark.parametrize("whole", [False, True])
def test_the_frame_is_on_the_figure_on_turned_and_cropped_pages(
    tmp_path: Path, geometry: str, whole: bool
) -> None:
    path = tmp_path / "page.pdf"
    page_with_green_figure(path, **GEOMETRIES[geometry])
    document = read(path)
    cells = [cell for table in document.tables for cell in table.cells if cell.text == FIGURE]
    assert len(cells) == 1
    box = cells[0].place.box
    picture = draw(PictureRequest(str(path), document.sha256, 1, box=box, whole=whole))
    image = opened(picture.png)
    assert image.size == (picture.width, picture.height)
    pixels = np.array(image)
    ys, xs = np.nonzero((pixels[:, :, 1] > 150) & (pixels[:, :, 0] < 90) & (pixels[:, :, 2] < 90))
    assert len(xs) > 40
    assert picture.mark is not None
    left, top, right, bottom = picture.mark
    assert left <= xs.min() <= xs.max() <= right
    assert top <= ys.min() <= ys.max() <= bottom
    # Not only inside it: the frame is that of one cell.
    assert bottom - top < 70
    assert right - left < 260


def test_a_table_that_goes_on_shows_the_header_of_the_page_it_began_on(tmp_path: Path) -> None:
    from reportlab.pdfgen.canvas import Canvas

    path = tmp_path / "long.pdf"
    canvas = Canvas(str(path), pagesize=(595, 842))
    columns = [80, 150, 390, 500]
    number = 0
    for page in range(2):
        top, rows = (700, 25) if page == 0 else (800, 25)
        for row in range(rows + 1):
            canvas.line(columns[0], top - row * 24, columns[-1], top - row * 24)
        for x in columns:
            canvas.line(x, top, x, top - rows * 24)
        for row in range(rows):
            header = page == 0 and row == 0
            number += 1
            words = ("code", "name", "total") if header else (f"2{number:03d}", "item", f"{number},000.00")
            if header:
                canvas.setFillColorRGB(0, 0, 1)
            for x, word in zip(columns, words, strict=False):
                canvas.drawString(x + 4, top - (row + 1) * 24 + 8, word)
            canvas.setFillColorRGB(0, 0, 0)
        canvas.showPage()
    canvas.save()
    document = read(path)
    cell = next(cell for table in document.tables for cell in table.cells if cell.text == "40,000.00")
    assert cell.place.page == 2
    picture = draw(PictureRequest(str(path), document.sha256, 2, box=cell.place.box))
    image, mark = opened(picture.png), picture.mark
    assert mark is not None
    pixels = np.array(image)
    blue = np.nonzero((pixels[:, :, 2] > 150) & (pixels[:, :, 0] < 90))[0]
    assert len(blue)
    assert blue.max() < mark[1]
    assert picture.height < 400


# -- drawn apart, within limits -------------------------------------------------------------------


@pytest.fixture(scope="module")
def green_page(tmp_path_factory: pytest.TempPathFactory) -> PictureRequest:
    path = tmp_path_factory.mktemp("page") / "page.pdf"
    page_with_green_figure(path)
    return PictureRequest(str(path), hashlib.sha256(path.read_bytes()).hexdigest(), 1)


def test_a_picture_is_the_same_from_a_process_of_its_own_and_is_kept(green_page: PictureRequest) -> None:
    pictures = PagePictures()
    try:
        first = pictures.picture(green_page)
        assert first == draw(green_page)
        assert pictures.picture(green_page) is first
    finally:
        pictures.close()


def test_what_cannot_be_drawn_says_why(green_page: PictureRequest, tmp_path: Path) -> None:
    from dataclasses import replace

    broken = tmp_path / "broken.pdf"
    broken.write_bytes(b"%PDF-1.7 nothing")
    changed = replace(green_page, sha256="0" * 64)
    gone = replace(green_page, path=str(tmp_path / "gone.pdf"))
    damaged = PictureRequest(str(broken), hashlib.sha256(broken.read_bytes()).hexdigest(), 1)
    pictures = PagePictures(spare=False)
    for request, words in (
        (changed, "has changed"),
        (gone, "cannot be read"),
        (replace(green_page, page=2), "1 pages"),
        (damaged, "damaged"),
    ):
        with pytest.raises(PictureUnavailable, match=words):
            pictures.picture(request)


def test_a_page_that_takes_too_long_is_given_up(green_page: PictureRequest) -> None:
    pictures = PagePictures(PictureLimits(seconds=0.0), spare=False)
    started = time.monotonic()
    with pytest.raises(PictureUnavailable, match="longer than"):
        pictures.picture(green_page)
    assert time.monotonic() - started < 20


def test_a_page_made_to_take_for_ever_is_given_up(tmp_path: Path) -> None:
    from pypdf import PdfWriter
    from pypdf.generic import NameObject, StreamObject

    writer = PdfWriter()
    page = writer.add_blank_page(595, 842)
    content = StreamObject()
    content.set_data(b"0 0 m 10 800 500 10 500 800 c B\n" * 500_000)
    page[NameObject("/Contents")] = writer._add_object(content.flate_encode())
    path = tmp_path / "slow.pdf"
    writer.write(path)
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    pictures = PagePictures(PictureLimits(seconds=1.0), spare=False)
    started = time.monotonic()
    with pytest.raises(PictureUnavailable, match="longer than 1 seconds"):
        pictures.picture(PictureRequest(str(path), digest, 1, box=(10, 10, 50, 50)))
    assert time.monotonic() - started < 30


def test_a_page_of_any_size_gives_a_picture_of_bounded_size(tmp_path: Path) -> None:
    from reportlab.pdfgen.canvas import Canvas

    path = tmp_path / "vast.pdf"
    canvas = Canvas(str(path), pagesize=(14_400, 14_400))
    canvas.drawString(7000, 7000, "1")
    canvas.save()
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    picture = draw(PictureRequest(str(path), digest, 1, scale=4.0))
    assert picture.width * picture.height <= 1.01 * MAX_PIXELS


def test_more_pictures_than_may_wait_are_refused(green_page: PictureRequest) -> None:
    pictures = PagePictures(PictureLimits(at_a_time=0, waiting=0), spare=False)
    with pytest.raises(PicturesBusy):
        pictures.picture(green_page)


# -- the files -------------------------------------------------------------------------------------


def test_a_build_keeps_copies_that_outlive_the_originals(tmp_path: Path) -> None:
    originals = tmp_path / "originals"
    originals.mkdir()
    pdf, text = (sorted(SAMPLES.glob(f"*.{kind}"))[0] for kind in ("pdf", "txt"))
    for path in (pdf, text):
        shutil.copy(path, originals)
    workspace = fiscalgraph_open(tmp_path / "home")
    workspace.build([originals])
    files = tmp_path / "home" / "files"
    for path in originals.iterdir():
        content = path.read_bytes()
        kept = files / hashlib.sha256(content).hexdigest()
        assert kept.read_bytes() == content
        assert kept.stat().st_ino != path.stat().st_ino  # no link that changes with the original
        path.unlink()
    fact = pictured(workspace.library(), OBSERVATION, 1)[0]
    request = picture_request(workspace.library(), source_of(workspace.library(), fact))
    assert draw(request).mark is not None

    # A document that was taken out keeps its file as long as there is a generation that holds it.
    workspace.remove([text.stem])
    gone = files / hashlib.sha256(text.read_bytes()).hexdigest()
    assert gone.exists()
    shutil.rmtree(tmp_path / "home" / "generations" / "000001")
    workspace.build([pdf])
    assert not gone.exists()
    assert Path(request.path).exists()


def test_without_copies_the_unchanged_original_is_used_and_a_changed_one_is_not(tmp_path: Path) -> None:
    original = Path(shutil.copy(sorted(SAMPLES.glob("*.pdf"))[0], tmp_path))
    home = tmp_path / "home"
    done = fiscalgraph("build", original, "--home", home, environment={"FISCALGRAPH_KEEP_FILES": "0"})
    assert done.code == 0, done.err
    (noted,) = (home / "files").iterdir()
    assert noted.is_symlink()
    library = Library(home)
    found = source_of(library, pictured(library, OBSERVATION, 1)[0])
    document = found.places[0].document
    assert source_file(library, document) == original.resolve()
    original.write_bytes(original.read_bytes() + b" ")
    with pytest.raises(SourceFileMissing, match="no longer where it was, or has changed"):
        source_file(library, document)
    original.unlink()
    with pytest.raises(SourceFileMissing):
        source_file(library, document)
    with server(home) as address, httpx.Client(base_url=address, timeout=60, trust_env=False) as client:
        places = client.get("/source", params={"iri": found.iri, "language": "en"}).json()["places"]
        assert places[0]["no_image"].startswith("the workspace keeps no copy of it")
        assert places[0]["image"] is places[0]["page_image"] is places[0]["document"]["file"] is None
        chinese = client.get("/source", params={"iri": found.iri}).json()["places"]
        assert "工作区" in chinese[0]["no_image"]


def test_only_what_was_read_is_copied(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text("other words", encoding="utf-8")
    files = SourceFiles(tmp_path / "home")
    files.keep({"0" * 64: path, "1" * 64: tmp_path / "gone"}, copies=True)
    assert list((tmp_path / "home" / "files").iterdir()) == []
    with pytest.raises(SourceFileMissing):
        files.find("0" * 64, "a")


# -- what a fact says, and where ------------------------------------------------------------------


def test_every_fact_says_what_it_is_and_has_its_place(library: Library) -> None:
    for kind in (
        OBSERVATION,
        *(
            NamedNode(FG + name)
            for name in (
                "ProjectEntry",
                "PerformanceIndicator",
                "FundLine",
                "Passage",
                "Claim",
                "LawCitation",
                "NarrativeStatement",
                "UnitMention",
                "CheckResult",
                "Disclosure",
            )
        ),
    ):
        iri = things(library, kind)[0]
        for language in ("zh", "en"):
            found = source_of(library, iri, language)
            assert found.says, kind
            assert found.places
            assert found.places[0].quote
            assert len(found.places[0].document.sha256) == 64


def test_a_check_shows_both_sides_and_the_figures_compared(library: Library) -> None:
    iri = next(
        iri
        for iri in things(library, NamedNode(FG + "CheckResult"))
        if len(source_of(library, iri).places) > 2
    )
    roles = [place.role for place in source_of(library, iri).places]
    assert roles[0] == "left"
    assert "right" in roles
    assert "compared" in roles


def test_a_thing_that_documents_share_has_the_places_that_state_something_of_it(library: Library) -> None:
    iri = things(library, NamedNode(FG + "Project"))[0]
    found = source_of(library, iri)
    assert found.places
    assert {place.role for place in found.places} == {"stated"}


def test_a_fact_is_found_however_it_is_written(library: Library) -> None:
    iri = next(iri for iri in things(library, OBSERVATION) if "%" in iri)
    below = iri.removeprefix(BASE)
    for written in (iri, below, f"<{iri}>", f"fgid:{below}", iri.replace("https://", "https:/"), f"/{below}"):
        assert find_fact(library, written) == iri


# -- over HTTP -------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def client(sample_home: Path) -> Iterator[httpx.Client]:
    with (
        server(sample_home) as address,
        httpx.Client(base_url=address, timeout=60, trust_env=False) as client,
    ):
        yield client


def error(answer: httpx.Response, status: int, code: str) -> dict[str, str]:
    assert answer.status_code == status, answer.text
    found: dict[str, str] = answer.json()["error"]
    assert found["code"] == code
    assert found["cure"]
    return found


def test_source_by_every_spelling_of_its_address(client: httpx.Client, library: Library) -> None:
    iri = next(iri for iri in things(library, OBSERVATION) if "%" in iri and _in_pdf(iri))
    below = iri.removeprefix(BASE)
    answers = [
        client.get(f"/source/{quote(below, safe='')}"),
        client.get(f"/source/{quote(iri, safe='')}"),
        client.get(f"/source/{below}"),
        client.get("/source", params={"iri": iri}),
    ]
    for answer in answers:
        assert answer.status_code == 200, answer.text
        assert answer.json() == answers[0].json()
    found = answers[0].json()
    assert found["iri"] == iri
    assert found["says"]
    assert found["places"][0]["document"]["sha256"]
    assert client.get(found["url"]).json() == found


def test_the_picture_over_http(client: httpx.Client, library: Library) -> None:
    iri = pictured(library, OBSERVATION, 1)[0]
    place = client.get("/source", params={"iri": iri}).json()["places"][0]
    answer = client.get(place["image"])
    assert answer.headers["content-type"] == "image/png"
    image, mark = opened(answer.content), [int(side) for side in answer.headers["x-mark"].split(",")]
    assert image.width >= mark[2] > mark[0] >= 0
    again = client.get(place["image"], headers={"If-None-Match": answer.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    whole = opened(client.get(place["image"], params={"whole": "1", "scale": "1"}).content)
    page = opened(client.get(place["page_image"], params={"scale": "1"}).content)
    assert whole.size == page.size
    assert whole.tobytes() != page.tobytes()  # one is marked
    assert client.get(place["image"], params={"scale": "9"}).status_code == 422
    error(client.get(place["image"], params={"place": "7"}), 404, "no_picture")
    error(client.get(place["page_image"].replace(f"/{place['page']}.png", "/9999.png")), 404, "no_picture")


def test_a_format_without_pages_has_words_but_no_picture(client: httpx.Client, library: Library) -> None:
    iri = next(iri for iri in things(library, OBSERVATION) if not _in_pdf(iri))
    found = client.get("/source", params={"iri": iri}).json()["places"][0]
    assert found["image"] is None
    assert found["no_image"]
    refusal = error(client.get(f"/source/{quote(iri, safe='')}/image"), 404, "no_picture")
    assert found["quote"] in refusal["what"]


def test_the_file_is_given_out_as_it_was_read(client: httpx.Client, library: Library) -> None:
    for path in sorted(SAMPLES.iterdir()):
        answer = client.get(f"/documents/{path.stem}/file")
        assert answer.content == path.read_bytes()
        assert answer.headers["content-disposition"].startswith("attachment;")
        assert answer.headers["x-content-type-options"] == "nosniff"
    error(client.get("/documents/none/file"), 404, "not_found")
    error(client.get("/source/none"), 404, "not_found")


def test_a_file_that_is_gone_or_tampered_with_is_not_shown(sample_home: Path, tmp_path: Path) -> None:
    home = tmp_path / "home"
    shutil.copytree(sample_home, home, symlinks=True)
    library = Library(home)
    fact, other = pictured(library, OBSERVATION, 40)[0], pictured(library, OBSERVATION, 40)[-1]
    document = source_of(library, fact).places[0].document
    other_document = source_of(library, other).places[0].document
    assert document.name != other_document.name
    kept = home / "files" / document.sha256
    kept.unlink()
    tampered = home / "files" / other_document.sha256
    tampered.chmod(0o644)
    tampered.write_bytes(tampered.read_bytes().replace(b"%%EOF", b"%%EOG"))
    with server(home) as address, httpx.Client(base_url=address, timeout=60, trust_env=False) as client:
        refusal = error(client.get(f"/source/{quote(fact, safe='')}/image"), 404, "file_missing")
        assert "Build" in refusal["cure"]
        error(client.get(f"/documents/{document.name}/file"), 404, "file_missing")
        error(client.get(f"/source/{quote(other, safe='')}/image"), 404, "no_picture")
        error(client.get(f"/documents/{other_document.name}/file"), 404, "file_missing")


# -- the command line, and the page -----------------------------------------------------------------


def test_show_writes_the_picture(sample_home: Path, library: Library, tmp_path: Path) -> None:
    iri = pictured(library, OBSERVATION, 1)[0]
    target = tmp_path / "picture.png"
    done = fiscalgraph("show", iri, "--image", target, "--home", sample_home, "--json")
    assert done.code == 0, done.err
    assert json.loads(done.out)["iri"] == iri
    assert str(target) in done.err
    found = source_of(library, iri)
    assert opened(target.read_bytes()).size == opened(draw(picture_request(library, found)).png).size
    refused = fiscalgraph("show", iri, "--image", target, "--place", "9", "--home", sample_home)
    assert refused.code == 1
    assert "place 9" in refused.err


def test_the_page_shows_the_picture_of_a_thing(
    client: httpx.Client, library: Library, browser: Browser
) -> None:
    iri = next(iri for iri in things(library, OBSERVATION) if "%" in iri and _in_pdf(iri))
    quoted = source_of(library, iri).places[0].quote
    for desk in desk_at(browser, str(client.base_url).rstrip("/")):
        desk.open(f"thing?iri={quote(iri, safe='')}", ready=".picture img")
        picture = desk.page.locator(".picture img").first
        assert picture.evaluate("image => image.naturalWidth") > 100
        assert quoted in str(picture.get_attribute("alt"))
        assert quoted in desk.text("main blockquote")
