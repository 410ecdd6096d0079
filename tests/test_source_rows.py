"""A picture shows the figures of a row, not only the cell that names it."""

from __future__ import annotations

import hashlib
import io
from pathlib import Path

import numpy as np
import pypdfium2
import pytest
from PIL import Image
from pyoxigraph import NamedNode
from running import SAMPLES

from fiscalgraph.api.library import Library
from fiscalgraph.api.page_drawing import PictureRequest, draw
from fiscalgraph.api.page_layout import Box, figures_beside
from fiscalgraph.api.sources import Place, source_of
from fiscalgraph.extract.readers.pdf_content import read_page_content
from fiscalgraph.graph.identifiers import BASE

FG = "https://w3id.org/fiscalgraph/ontology#"
RDF_TYPE = NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type")
WIDTH, HEIGHT = 595, 842
ROWS = (
    ("flood wall", "1,200.50", "95%", ("three new", "bridges"), "77"),
    ("other work", "1,200.50", "40%", ("one house",), "78"),
)
COLUMNS = (60, 160, 250, 320, 420, 500)
TOP, TALL = 700, 40


def ruled_page(path: Path) -> str:
    """A table of two rows; its digest."""
    from reportlab.pdfgen.canvas import Canvas

    canvas = Canvas(str(path), pagesize=(WIDTH, HEIGHT))
    for row in range(len(ROWS) + 1):
        canvas.line(COLUMNS[0], TOP - row * TALL, COLUMNS[-1], TOP - row * TALL)
    for x in COLUMNS:
        canvas.line(x, TOP, x, TOP - len(ROWS) * TALL)
    for row, words in enumerate(ROWS):
        for x, word in zip(COLUMNS, words, strict=False):
            for line, text in enumerate((word,) if isinstance(word, str) else word):
                canvas.drawString(x + 4, TOP - row * TALL - 16 - 14 * line, text)
    canvas.save()
    return hashlib.sha256(path.read_bytes()).hexdigest()


def cell(row: int, column: int) -> Box:
    """The box of a cell, from the top left."""
    top = HEIGHT - TOP + row * TALL
    return (COLUMNS[column], top, COLUMNS[column + 1], top + TALL)


def is_tinted(picture: Image.Image, box: Box) -> bool:
    """Whether a part of the picture (one pixel a point) has the colour of what is marked."""
    left, top, right, bottom = (round(side) for side in box)
    part = np.array(picture)[top + 2 : bottom - 2, left + 2 : right - 2].astype(int)
    return bool(((part[:, :, 0] > 240) & (part[:, :, 1] > 230) & (part[:, :, 2] < 190)).any())


def test_the_figures_of_the_row_are_marked_and_no_others(tmp_path: Path) -> None:
    path = tmp_path / "row.pdf"
    digest = ruled_page(path)
    wanted = ("1200.50", "95", "three newbridges", "78")
    asked = PictureRequest(str(path), digest, 1, box=cell(0, 0), whole=True, scale=1.0, figures=wanted)
    picture = Image.open(io.BytesIO(draw(asked).png))
    marked = {
        (row, column) for row in (0, 1) for column in range(1, 5) if is_tinted(picture, cell(row, column))
    }
    # 77 was not asked for; 78 and the equal figure stand in another row.
    assert marked == {(0, 1), (0, 2), (0, 3)}
    without = draw(PictureRequest(str(path), digest, 1, box=cell(0, 0), whole=True, scale=1.0))
    assert not any(is_tinted(Image.open(io.BytesIO(without.png)), cell(0, column)) for column in range(1, 5))


@pytest.fixture(scope="module")
def library(sample_home: Path) -> Library:
    return Library(sample_home)


def in_pdf(library: Library, kind: str) -> list[str]:
    """The facts of a class that stand in PDFs."""
    found = library.store.quads_for_pattern(None, RDF_TYPE, NamedNode(FG + kind))
    iris = {quad.subject.value for quad in found if isinstance(quad.subject, NamedNode)}
    return sorted(iri for iri in iris if (SAMPLES / f"{document_of(iri)}.pdf").exists())


def document_of(iri: str) -> str:
    return iri.removeprefix(BASE + "document/").partition("/")[0]


def marked_beside(place: Place) -> int:
    """How many figures are marked beside the place, on the page of its sample."""
    assert place.page is not None
    assert place.box is not None
    document = pypdfium2.PdfDocument(SAMPLES / f"{place.document.name}.pdf")
    try:
        return len(figures_beside(read_page_content(document, place.page - 1), place.box, place.figures))
    finally:
        document.close()


def test_a_project_shows_the_row_that_prints_its_amounts(library: Library) -> None:
    entries = in_pdf(library, "ProjectEntry")
    shown = 0
    for iri in entries:
        places = source_of(library, iri).places
        rows = [place for place in places if place.role == "amounts"]
        assert places[0].role == "fact"
        assert len(rows) <= 1
        for row in rows:
            shown += 1
            assert "/fund/" in row.fact
            assert marked_beside(row) >= len(set(row.figures) & amounts_of(library, iri)) > 0
    assert shown > len(entries) / 2


def amounts_of(library: Library, iri: str) -> set[str]:
    """Budget and execution of a project's entry, as printed."""
    found = set()
    for name in ("budgetInitial", "budgetFull", "executed"):
        for quad in library.store.quads_for_pattern(NamedNode(iri), NamedNode(FG + name), None):
            found.add(str(quad.object.value))  # type: ignore[union-attr]
    return found


def test_an_indicator_shows_its_target_and_result(library: Library) -> None:
    indicators = in_pdf(library, "PerformanceIndicator")
    places = [source_of(library, iri).places[0] for iri in indicators[::5]]
    assert all(place.figures for place in places)
    assert sum(marked_beside(place) > 1 for place in places) > 0.9 * len(places)


def test_a_figure_of_a_table_of_amounts_stands_for_itself(library: Library) -> None:
    found = library.store.quads_for_pattern(
        None, RDF_TYPE, NamedNode("http://purl.org/linked-data/cube#Observation")
    )
    observation = min(quad.subject.value for quad in found if isinstance(quad.subject, NamedNode))
    assert source_of(library, observation).places[0].figures == ()
