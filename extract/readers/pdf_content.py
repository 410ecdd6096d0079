"""What one PDF page draws: characters, rules and pictures, placed from the page's top left.

All coordinates are PDF points of the page *as displayed* (``/Rotate`` and text that was
set sideways on the whole page are undone), x to the right, y downwards.
"""

from __future__ import annotations

import ctypes
from ctypes import c_float, c_int, c_uint
from dataclasses import dataclass, field
from itertools import pairwise, repeat
from typing import Any, NamedTuple

import numpy as np
import pypdfium2
import pypdfium2.raw as pdfium

from fiscalgraph.extract.readers import pdf_native as native
from fiscalgraph.extract.readers.pdf_characters import Characters, FloatArray, read_characters
from fiscalgraph.extract.readers.pdf_native import Matrix

__all__ = ["PageContent", "Rule", "read_page_content"]

# A path thinner than this (points) is a rule, whatever it was drawn as.
THIN = 3.0
# A drawing with more pieces than this is a picture, not a table.
MAX_SEGMENTS_PER_PATH = 5000
MAX_PATHS_PER_PAGE = 60_000
_MAX_FORM_DEPTH = 8
_LEGIBLE = 3.0  # points: smaller print is read by nobody
_SPECK = 0.65  # of the page's usual size
_LATIN_FONTS = ("times", "arial", "helvetica", "courier", "symbol", "calibri", "cambria", "zapf", "wingdings")


class Rule(NamedTuple):
    """A straight line along one axis: at ``at``, from ``start`` to ``end`` on the other axis."""

    at: float
    start: float
    end: float


@dataclass(slots=True)
class PageContent:
    """Everything a page draws that reading needs. Pages count from 1."""

    number: int
    width: float
    height: float
    characters: Characters
    horizontal: list[Rule] = field(default_factory=list)
    vertical: list[Rule] = field(default_factory=list)
    picture_area: float = 0.0  # share of the page covered by its largest picture, 0 to 1
    off_page: int = 0  # characters that stand outside the page and were left out
    incomplete: bool = False  # some text is set in a font that PDFium has no shapes for
    by_pdfium: bool = True
    turned: int = 0  # by how many quarters, counter-clockwise, sideways text was set upright


def _multiply(inner: Matrix, outer: Matrix) -> Matrix:
    a, b, c, d, e, f = inner
    oa, ob, oc, od, oe, of = outer
    return (
        a * oa + b * oc,
        a * ob + b * od,
        c * oa + d * oc,
        c * ob + d * od,
        e * oa + f * oc + oe,
        e * ob + f * od + of,
    )


def _display_matrix(page: Any) -> tuple[Matrix, float, float]:
    """The matrix from the page's user space to display coordinates, and the displayed size."""
    box = pdfium.FS_RECTF()
    pdfium.FPDF_GetPageBoundingBox(page, box)
    left, bottom, right, top = box.left, box.bottom, box.right, box.top
    width, height = right - left, top - bottom
    quarter = pdfium.FPDFPage_GetRotation(page)
    if quarter == 1:
        return (0, 1, 1, 0, -bottom, -left), height, width
    if quarter == 2:
        return (-1, 0, 0, 1, right, -bottom), width, height
    if quarter == 3:
        return (0, -1, -1, 0, top, right), height, width
    return (1, 0, 0, -1, -left, top), width, height


class _Drawing:
    """Collects rules and pictures while walking a page's objects."""

    def __init__(self, width: float, height: float) -> None:
        self.page_width, self.page_height = width, height
        self.horizontal: list[Rule] = []
        self.vertical: list[Rule] = []
        self.picture_area = 0.0
        self.paths = 0
        self.forms = 0
        self.strings: set[int] = set()
        self._corners = [c_float() for _ in range(4)]
        self._addresses = [ctypes.addressof(corner) for corner in self._corners]
        self._fill, self._stroke = c_int(), c_int()
        self._fill_at, self._stroke_at = ctypes.addressof(self._fill), ctypes.addressof(self._stroke)

    def walk(self, container: Any, count: int, getter: Any, matrix: Matrix, depth: int = 0) -> None:
        handles = [handle for handle in map(getter, repeat(container), range(count)) if handle]
        for handle, kind in zip(handles, map(native.object_type, handles), strict=True):
            if kind == pdfium.FPDF_PAGEOBJ_PATH:
                self.paths += 1
                if self.paths <= MAX_PATHS_PER_PAGE:
                    self._path(handle, matrix)
            elif kind == pdfium.FPDF_PAGEOBJ_TEXT:
                self.strings.add(handle)
            elif kind == pdfium.FPDF_PAGEOBJ_IMAGE:
                self._picture(handle, matrix)
            elif kind == pdfium.FPDF_PAGEOBJ_FORM and depth < _MAX_FORM_DEPTH:
                self.forms += 1
                inner = pdfium.FPDFFormObj_CountObjects(ctypes.cast(handle, pdfium.FPDF_PAGEOBJECT))
                self.walk(
                    handle,
                    inner,
                    native.form_object,
                    _multiply(native.object_matrix(handle), matrix),
                    depth + 1,
                )

    def _bounds(self, handle: int, matrix: Matrix) -> tuple[float, float, float, float] | None:
        if not native.object_bounds(handle, *self._addresses):
            return None
        one, two, three, four = self._corners
        left, bottom, right, top = one.value, two.value, three.value, four.value
        a, b, c, d, e, f = matrix
        x0, y0 = a * left + c * bottom + e, b * left + d * bottom + f
        x1, y1 = a * right + c * top + e, b * right + d * top + f
        return min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1)

    def _rule(self, x0: float, y0: float, x1: float, y1: float) -> bool:
        """Take a thin box as a rule; say whether it was one."""
        width, height = x1 - x0, y1 - y0
        if height <= THIN and height <= width:
            self.horizontal.append(Rule((y0 + y1) / 2, x0, x1))
        elif width <= THIN:
            self.vertical.append(Rule((x0 + x1) / 2, y0, y1))
        else:
            return False
        return True

    def _picture(self, handle: int, matrix: Matrix) -> None:
        bounds = self._bounds(handle, matrix)
        if bounds is None:
            return
        x0, y0, x1, y1 = bounds
        if (x1 - x0 > 20 or y1 - y0 > 20) and self._rule(*bounds):
            return
        width = min(x1, self.page_width) - max(x0, 0.0)
        height = min(y1, self.page_height) - max(y0, 0.0)
        if width > 0 and height > 0:
            share = width * height / (self.page_width * self.page_height)
            self.picture_area = max(self.picture_area, share)

    def _path(self, handle: int, matrix: Matrix) -> None:
        bounds = self._bounds(handle, matrix)
        if bounds is None:
            return
        native.draw_mode(handle, self._fill_at, self._stroke_at)
        if not self._fill.value and not self._stroke.value:
            return
        if self._rule(*bounds):
            return
        count = native.path_segment_count(handle)
        if count > MAX_SEGMENTS_PER_PATH:
            return
        stroked = bool(self._stroke.value)
        if not stroked and self._invisible(handle):
            return
        whole = (bounds[2] - bounds[0]) * (bounds[3] - bounds[1])
        if not stroked and whole > 0.8 * self.page_width * self.page_height and count <= 5:
            return  # the page's own background
        self._segments(handle, count, _multiply(native.object_matrix(handle), matrix), stroked)

    def _invisible(self, handle: int) -> bool:
        """Whether a filled shape is white or fully transparent (a background, not a shape)."""
        color = (c_uint * 4)()
        base = ctypes.addressof(color)
        if not native.fill_color(handle, base, base + 4, base + 8, base + 12):
            return False
        red, green, blue, alpha = color
        return alpha == 0 or min(red, green, blue) >= 250

    def _segments(self, handle: int, count: int, matrix: Matrix, stroked: bool) -> None:
        """Take the straight pieces of a path that is not one thin box."""
        a, b, c, d, e, f = matrix
        x, y = c_float(), c_float()
        x_at, y_at = ctypes.addressof(x), ctypes.addressof(y)
        points: list[tuple[float, float]] = []
        curved = closed = False
        for index in range(count):
            segment = native.path_segment(handle, index)
            kind = native.segment_type(segment)
            native.segment_point(segment, x_at, y_at)
            point = (a * x.value + c * y.value + e, b * x.value + d * y.value + f)
            if kind == pdfium.FPDF_SEGMENT_MOVETO:
                self._outline(points, curved, closed, stroked)
                points, curved, closed = [point], False, False
                continue
            curved = curved or kind == pdfium.FPDF_SEGMENT_BEZIERTO
            closed = closed or bool(native.segment_closes(segment))
            points.append(point)
        self._outline(points, curved, closed, stroked)

    def _outline(self, points: list[tuple[float, float]], curved: bool, closed: bool, stroked: bool) -> None:
        if curved or len(points) < 2:
            return
        xs, ys = [p[0] for p in points], [p[1] for p in points]
        box = (min(xs), min(ys), max(xs), max(ys))
        if self._rule(*box):
            return
        if not stroked or closed:
            points = [*points, points[0]]
        for (x0, y0), (x1, y1) in pairwise(points):
            if abs(x0 - x1) <= 0.5 or abs(y0 - y1) <= 0.5:
                self._rule(min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1))


def _lacks_font(string: int) -> bool:
    """Whether a string is set in a font that the file does not hold and PDFium cannot replace.

    The Latin standard fonts it can replace: their strings are untold when they are blank.
    """
    handle = ctypes.cast(string, pdfium.FPDF_PAGEOBJECT)
    font = pdfium.FPDFTextObj_GetFont(handle)
    if not font or pdfium.FPDFFont_GetIsEmbedded(font):
        return False
    name = ctypes.create_string_buffer(64)
    pdfium.FPDFFont_GetBaseFontName(font, name, 64)
    return not name.value.decode("latin-1").lower().startswith(_LATIN_FONTS)


def _upright(content: PageContent) -> None:
    """Undo text set sideways on the whole page (a landscape table printed on a portrait page)."""
    characters = content.characters
    if len(characters) < 20:
        return
    quarter = np.rint(characters.angle / 90).astype(int) % 4
    counts = np.bincount(quarter, minlength=4)
    turn = int(counts.argmax())
    if counts[turn] >= 0.8 * len(characters):
        content.turned = turn
        for _ in range(turn):
            _turn_back(content)


def _turn_back(content: PageContent) -> None:
    """Turn the page's content by 90 degrees counter-clockwise."""
    width, characters = content.width, content.characters

    def turned(boxes: FloatArray) -> FloatArray:
        return np.column_stack([boxes[:, 1], width - boxes[:, 2], boxes[:, 3], width - boxes[:, 0]])

    characters.boxes = turned(characters.boxes)
    characters.angle = (characters.angle - 90) % 360
    if characters.clips is not None:
        characters.clips = turned(characters.clips)
    content.horizontal, content.vertical = (
        [Rule(width - rule.at, rule.start, rule.end) for rule in content.vertical],
        [Rule(rule.at, width - rule.end, width - rule.start) for rule in content.horizontal],
    )
    content.width, content.height = content.height, width


def _on_page(rules: list[Rule], across: float, along: float) -> list[Rule]:
    """The parts of ``rules`` that lie on the page."""
    return [
        rule
        if rule.start >= 0 and rule.end <= along
        else Rule(rule.at, max(rule.start, 0.0), min(rule.end, along))
        for rule in rules
        if -THIN <= rule.at <= across + THIN and rule.end > 0 and rule.start < along
    ]


def _drop_unseen(content: PageContent) -> None:
    """Leave out characters off the page, set askew (watermarks), wholly outside their window, or specks.

    Specks are remnants of a spreadsheet's text boxes, set too small to be read, over other text.
    """
    characters = content.characters
    boxes = characters.boxes
    x, y = (boxes[:, 0] + boxes[:, 2]) / 2, (boxes[:, 1] + boxes[:, 3]) / 2
    on_page = (x >= 0) & (x <= content.width) & (y >= 0) & (y <= content.height)
    askew = np.abs((characters.angle + 45) % 90 - 45) > 3
    size = np.maximum(boxes[:, 2] - boxes[:, 0], boxes[:, 3] - boxes[:, 1])
    usual = float(np.median(size)) if len(size) else 0.0
    keep = on_page & ~askew & ~((size < _LEGIBLE) & (size < _SPECK * usual))
    if characters.clips is not None:
        window = characters.clips
        seen = (x >= window[:, 0]) & (x <= window[:, 2]) & (y >= window[:, 1]) & (y <= window[:, 3])
        # A word seen in part is a cell's text wider than its cell: it is kept whole.
        word = np.cumsum(~characters.joined())
        keep &= np.isin(word, word[seen])
    content.off_page = int((~on_page).sum())
    if not keep.all():
        content.characters = characters.only(keep)


def read_page_content(
    document: pypdfium2.PdfDocument, index: int, *, with_clips: bool = False
) -> PageContent:
    """Read the page ``index`` (from 0), on request with the windows text is seen through.

    Raises ``pypdfium2.PdfiumError`` for a damaged page.
    """
    page = pdfium.FPDF_LoadPage(document, index)
    if not page:
        raise pypdfium2.PdfiumError(f"page {index + 1} cannot be loaded")
    try:
        matrix, width, height = _display_matrix(page)
        drawing = _Drawing(width, height)
        objects = pdfium.FPDFPage_CountObjects(page)
        drawing.walk(ctypes.c_void_p(native.address(page)), objects, native.page_object, matrix)
        # Windows inside a form are given in the form's space: such pages go without.
        characters, untold = read_characters(
            page, matrix, drawing.strings, with_clips=with_clips and not drawing.forms
        )
        incomplete = any(_lacks_font(string) for string in untold)
    finally:
        pdfium.FPDF_ClosePage(page)
    content = PageContent(
        number=index + 1,
        width=width,
        height=height,
        characters=characters,
        horizontal=_on_page(drawing.horizontal, height, width),
        vertical=_on_page(drawing.vertical, width, height),
        picture_area=drawing.picture_area,
        incomplete=incomplete,
    )
    _drop_unseen(content)
    _upright(content)
    return content
