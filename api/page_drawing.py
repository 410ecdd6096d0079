"""The picture of a place in a PDF: the printed row with the table's header above it, the figure framed.

This runs in a process of its own (:mod:`fiscalgraph.api.page_pictures`): the file comes from strangers.
Boxes are those of sources: points from the top left of the page as it was read, sideways text set upright.
"""

from __future__ import annotations

import hashlib
import io
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from fiscalgraph.api.page_layout import Box, Stretch, View, figures_beside, view_of
from fiscalgraph.extract.errors import FiscalgraphError

if TYPE_CHECKING:
    from PIL.Image import Image

    from fiscalgraph.extract.readers.pdf_content import PageContent

__all__ = ["LARGEST_SCALE", "Picture", "PictureRequest", "PictureUnavailable", "draw"]

LARGEST_SCALE = 4.0  # pixels a point: 288 dots an inch
MAX_PIXELS = 12_000_000  # of a page: a larger page is drawn with fewer pixels a point
_MAX_BYTES = 200 << 20  # of a file, and of a member of an archive
_PAGES_BACK = 15  # pages before the marked one that are searched for the table's header
_GAP = 14  # pixels of the break where part of a page is left out
_PADDING = 1.5  # points between what is marked and its frame
_FRAME, _TINT, _BREAK = (205, 20, 20), (255, 244, 170), (150, 150, 150)


class PictureUnavailable(FiscalgraphError):
    """There is no picture of a place: of another format, or the file is not there as it was read."""


@dataclass(frozen=True, slots=True)
class PictureRequest:
    """Which picture is wanted.

    The file at ``path`` must have the digest ``sha256``; ``part`` names a member of an archive. ``box`` is
    framed; without one, or with ``whole``, the page is shown whole. ``figures`` are marked where the row
    of the box prints them. ``scale`` is in pixels a point. ``recognised`` says that the box was found in a
    scan that reading has set straight.
    """

    path: str
    sha256: str
    page: int
    part: str | None = None
    box: Box | None = None
    whole: bool = False
    scale: float = 2.0
    recognised: bool = False
    figures: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Picture:
    """A PNG with its size; ``mark`` is the framed box (left, top, right, bottom) in pixels of it."""

    png: bytes
    width: int
    height: int
    mark: tuple[int, int, int, int] | None


def draw(request: PictureRequest) -> Picture:
    """Draw what is asked for. Raises :class:`PictureUnavailable`, or what the PDF library raises."""
    import pypdfium2

    document = pypdfium2.PdfDocument(_content(request))
    try:
        if not 1 <= request.page <= len(document):
            raise PictureUnavailable(
                f"page {request.page}", f"the document has {len(document)} pages", "Ask for one of them"
            )
        drawing = _Drawing(document, request)
        if request.box is None:
            return _picture(drawing.page(request.page), None)
        return _composed(drawing, drawing.view(request.box), request.box)
    finally:
        document.close()


def _content(request: PictureRequest) -> bytes:
    """The PDF's bytes, known to be those that were read."""
    with Path(request.path).open("rb") as file:
        content = file.read(_MAX_BYTES + 1)
    if hashlib.sha256(content).hexdigest() != request.sha256:
        raise PictureUnavailable(
            "the source file", "it is not the one that was read: it has changed since", "Build it again"
        )
    if not content.startswith(b"PK"):
        return content
    from fiscalgraph.extract.readers.bundle import member_documents

    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        members = member_documents(archive)
        name = request.part if request.part is not None else next(iter(members), "")
        if name not in members:
            raise PictureUnavailable(name, "the archive has no such file", "Build it again")
        with archive.open(members[name]) as member:
            inner = member.read(_MAX_BYTES + 1)
    if len(inner) > _MAX_BYTES:
        raise PictureUnavailable(name, "the file in the archive is too large to be drawn", "Unpack it")
    return inner


class _Drawing:
    """Pages of one document, drawn as they were read, all with the same number of pixels a point."""

    def __init__(self, document: Any, request: PictureRequest) -> None:
        self._document = document
        self._request = request
        width, height = document[request.page - 1].get_size()
        self.scale = min(request.scale, LARGEST_SCALE, (MAX_PIXELS / max(width * height, 1.0)) ** 0.5)
        self._drawn: dict[int, Image] = {}

    def view(self, box: Box) -> View:
        """The part to show: all of the page where it is asked for, or where reading cannot tell more."""
        number = self._request.page
        read = None if self._request.whole or self._request.recognised else self._read(number)
        if read is None:
            image = self.page(number)
            whole = Stretch(number, 0.0, image.height / self.scale)
            return View((whole,), 0.0, image.width / self.scale)
        return view_of(read, box, self._before(number))

    def figures(self, box: Box) -> tuple[Box, ...]:
        """Where the row of ``box`` prints the figures asked for."""
        wanted = self._request.figures
        read = self._read(self._request.page) if wanted and not self._request.recognised else None
        return () if read is None else figures_beside(read, box, wanted)

    def page(self, number: int) -> Image:
        """The picture of a page (from 1)."""
        if number not in self._drawn:
            self._drawn[number] = self._draw(number)
        return self._drawn[number]

    def _draw(self, number: int) -> Image:
        loaded = self._document[number - 1]
        if self._request.recognised:
            return _straightened_scan(loaded, self.scale)
        read = self._read(number)
        width, height = loaded.get_size()
        scale = min(self.scale, (MAX_PIXELS / max(width * height, 1.0)) ** 0.5)
        # Reading turned sideways pages counter-clockwise, drawing turns clockwise.
        turn = 0 if read is None else (360 - 90 * read.turned) % 360
        image: Image = loaded.render(scale=scale, rotation=turn).to_pil().convert("RGB")
        return image

    def _before(self, number: int) -> Iterator[PageContent]:
        for back in range(number - 1, max(0, number - 1 - _PAGES_BACK), -1):
            read = self._read(back)
            if read is None:
                return
            yield read

    def _read(self, number: int) -> PageContent | None:
        import pypdfium2

        from fiscalgraph.extract.readers.pdf_content import read_page_content

        try:
            return read_page_content(self._document, number - 1)
        except pypdfium2.PdfiumError:
            return None


def _straightened_scan(page: Any, scale: float) -> Image:
    """A scan as recognition saw it: set level by the same slope."""
    from PIL import Image

    from fiscalgraph.extract.readers.recognition import FINE
    from fiscalgraph.extract.readers.recognition_picture import render, skew_of, straightened

    fine, dots = render(page, FINE)
    grey, _ = render(page, scale * 72)
    return Image.fromarray(straightened(grey, skew_of(fine, dots))).convert("RGB")


def _composed(drawing: _Drawing, view: View, box: Box) -> Picture:
    """The stretches of a view below each other with a visible break between them, and the box framed."""
    from PIL import Image

    scale, marked = drawing.scale, view.stretches[-1]
    for figure in drawing.figures(box):
        _tint(drawing.page(marked.page), figure, scale)
    frame = _frame(drawing.page(marked.page), box, scale)
    pieces = []
    left, right = max(0, int(view.left * scale)), int(view.right * scale) + 1
    for stretch in view.stretches:
        page = drawing.page(stretch.page)
        sides = (left, min(page.width, right))
        top, bottom = max(0, int(stretch.top * scale)), min(page.height, int(stretch.bottom * scale) + 1)
        pieces.append(page.crop((sides[0], top, sides[1], bottom)))
    height = sum(piece.height for piece in pieces) + _GAP * (len(pieces) - 1)
    whole = Image.new("RGB", (max(piece.width for piece in pieces), height), "white")
    at = 0
    for piece in pieces:
        if at:
            _draw_break(whole, at)
            at += _GAP
        whole.paste(piece, (0, at))
        at += piece.height
    if frame is None:
        return _picture(whole, None)
    down = height - pieces[-1].height - max(0, int(marked.top * scale))
    return _picture(whole, (frame[0] - left, frame[1] + down, frame[2] - left, frame[3] + down))


def _draw_break(image: Image, at: int) -> None:
    """A torn edge: nobody may think that what stands above and below it are neighbours on the page."""
    from PIL import ImageDraw

    pencil = ImageDraw.Draw(image)
    for x in range(0, image.width, 16):
        pencil.line([(x, at + 4), (x + 8, at + _GAP - 5), (x + 16, at + 4)], fill=_BREAK, width=1)


def _frame(page: Image, box: Box, scale: float) -> tuple[int, int, int, int] | None:
    """Tint and frame a part of ``page``. ``None`` for what is not on it."""
    from PIL import ImageDraw

    tinted = _tint(page, box, scale)
    if tinted is not None:
        left, top, right, bottom = tinted
        thickness = max(2, round(1.2 * scale))
        outer = (left - thickness + 1, top - thickness + 1, right + thickness - 1, bottom + thickness - 1)
        ImageDraw.Draw(page).rectangle(outer, outline=_FRAME, width=thickness)
    return tinted


def _tint(page: Image, box: Box, scale: float) -> tuple[int, int, int, int] | None:
    """Tint a part of ``page``, and its sides in pixels; what is printed stays readable."""
    from PIL import Image, ImageChops

    left, top = max(0, round((box[0] - _PADDING) * scale)), max(0, round((box[1] - _PADDING) * scale))
    right = min(page.width - 1, round((box[2] + _PADDING) * scale))
    bottom = min(page.height - 1, round((box[3] + _PADDING) * scale))
    if right <= left or bottom <= top:
        return None
    inner = page.crop((left, top, right, bottom))
    page.paste(ImageChops.multiply(inner, Image.new("RGB", inner.size, _TINT)), (left, top))
    return left, top, right, bottom


def _picture(image: Image, mark: tuple[int, int, int, int] | None) -> Picture:
    stream = io.BytesIO()
    image.save(stream, "PNG")
    return Picture(stream.getvalue(), image.width, image.height, mark)
