"""The characters of a PDF page: what they are, where they stand, how they are set."""

from __future__ import annotations

import ctypes
import math
import sys
from ctypes import c_double, c_float
from dataclasses import dataclass
from itertools import repeat
from typing import Any

import numpy as np
import numpy.typing as npt
import pypdfium2
import pypdfium2.raw as pdfium

from fiscalgraph.extract.readers import pdf_native as native
from fiscalgraph.extract.readers.pdf_native import Matrix

__all__ = ["Characters", "FloatArray", "IntArray", "read_characters", "transform_boxes"]

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]

# The em box of Chinese type above and below its baseline, in shares of the font size.
ASCENT = 0.86
DESCENT = 0.14
TOUCHING = 0.12  # characters closer than this share of the font size have no gap between them
_FIRST_WIDE = 0x2E80  # characters from here on are as wide as they are high
_TOO_WIDE = 4.0  # times its size: no character is set so wide
_LINE_END_HYPHEN = 0x02  # how PDFium reports a hyphen that ends a line
_BLANK = [0x09, 0x0A, 0x0D, 0x20, 0xA0, 0x2002, 0x2003, 0x2009, 0x200B, 0x202F, 0x3000, 0xFEFF]
_IS_BLANK = np.zeros(0x10000, dtype=bool)
_IS_BLANK[_BLANK] = True
_UTF_32 = f"utf-32-{sys.byteorder[0]}e"
_FAR = 1e6  # the edge of a window that nothing bounds

_Corners = tuple[float, float, float, float]


@dataclass(slots=True)
class Characters:
    """The visible characters of a page, in the order the file prints them.

    ``boxes`` rows are (left, top, right, bottom): advance width by font size. ``angle`` is
    the reading direction in degrees, clockwise, as displayed. Equal ``strings`` were printed
    by one operator (a cell's text is usually one or a few strings). ``after_blank`` marks
    characters that the file has a blank in front of. ``clips`` rows are the windows through
    which the characters are seen; ``None`` when they were not asked for.
    """

    text: list[str]
    boxes: FloatArray
    angle: FloatArray
    strings: IntArray
    after_blank: npt.NDArray[np.bool_]
    clips: FloatArray | None = None

    def __len__(self) -> int:
        return len(self.text)

    def only(self, keep: npt.NDArray[np.bool_]) -> Characters:
        """The characters for which ``keep`` is true, in the same order."""
        return Characters(
            text=[text for text, kept in zip(self.text, keep.tolist(), strict=True) if kept],
            boxes=self.boxes[keep],
            angle=self.angle[keep],
            strings=self.strings[keep],
            after_blank=self.after_blank[keep],
            clips=None if self.clips is None else self.clips[keep],
        )

    def touching(self) -> npt.NDArray[np.bool_]:
        """Whether each character follows the one before it on its line without a gap."""
        boxes = self.boxes
        size = boxes[:, 3] - boxes[:, 1]
        unit = np.minimum(size[1:], size[:-1])
        gap = boxes[1:, 0] - boxes[:-1, 2]
        result = np.zeros(len(self), dtype=bool)
        result[1:] = (
            (np.abs(boxes[1:, 3] - boxes[:-1, 3]) < 0.1 * unit)
            & (gap < TOUCHING * unit)
            & (gap > -0.5 * unit)
        )
        return result

    def joined(self) -> npt.NDArray[np.bool_]:
        """Whether each character is of one word with the one before it.

        Such characters touch, and were printed by one operator or, where every character has
        its own, are seen through one window.
        """
        same = self.strings[1:] == self.strings[:-1]
        if self.clips is not None:
            same |= (np.abs(self.clips[1:] - self.clips[:-1]) < 0.5).all(axis=1)
        result = self.touching()
        result[1:] &= same
        return result


def transform_boxes(boxes: FloatArray, matrix: Matrix) -> FloatArray:
    """Boxes (two opposite corners a row) seen through ``matrix``, as left, top, right, bottom."""
    a, b, c, d, e, f = matrix
    x0, x1 = a * boxes[:, 0] + c * boxes[:, 1] + e, a * boxes[:, 2] + c * boxes[:, 3] + e
    y0, y1 = b * boxes[:, 0] + d * boxes[:, 1] + f, b * boxes[:, 2] + d * boxes[:, 3] + f
    return np.column_stack([np.minimum(x0, x1), np.minimum(y0, y1), np.maximum(x0, x1), np.maximum(y0, y1)])


def read_characters(
    page: Any, matrix: Matrix, drawn: set[int], *, with_clips: bool
) -> tuple[Characters, set[int]]:
    """Read an open page; ``matrix`` leads from the page's space to display coordinates.

    ``drawn`` are all strings (PDFium's text objects) of the page; those of which PDFium tells no
    character, not even a blank, are returned beside the characters.
    """
    textpage = pdfium.FPDFText_LoadPage(page)
    if not textpage:
        raise pypdfium2.PdfiumError("the text of a page cannot be loaded")
    try:
        handle = ctypes.c_void_p(native.address(textpage))
        codes = native.char_codes(handle)
        blank = _IS_BLANK[np.minimum(codes, len(_IS_BLANK) - 1)]
        positions = np.flatnonzero(~blank)
        visible = positions.tolist()
        codes = codes[positions]
        boxes = native.loose_boxes(handle, visible)
        origins = native.char_origins(handle, visible)
        strings = _strings(handle, visible)
        size, direction = _settings(handle, visible, strings)
        _em_boxes(boxes, origins, size, strings, codes)
        _narrow(boxes, origins, size, codes)
        for slot in np.flatnonzero(np.abs(direction) > 0.01).tolist():
            x, y = origins[slot].tolist()
            boxes[slot] = _turned_box(
                handle, visible[slot], (x, y), float(size[slot]), float(direction[slot])
            )
        clips = _clips(strings, matrix) if with_clips else None
        untold = drawn.difference(strings.tolist())
        if untold:
            untold.difference_update(_strings(handle, np.flatnonzero(blank).tolist()).tolist())
    finally:
        pdfium.FPDFText_ClosePage(textpage)
    turn = math.degrees(math.atan2(matrix[1], matrix[0]))  # the page's own x axis, clockwise
    codes[codes == _LINE_END_HYPHEN] = ord("-")
    codes[codes > sys.maxunicode] = 0xFFFD
    characters = Characters(
        text=list(codes.tobytes().decode(_UTF_32, "surrogatepass")),
        boxes=transform_boxes(boxes, matrix),
        angle=(turn - np.degrees(direction)) % 360,
        strings=strings,
        after_blank=np.diff(positions, prepend=-1) > 1,
        clips=clips,
    )
    return characters, untold


def _strings(handle: ctypes.c_void_p, indices: list[int]) -> IntArray:
    """The string (PDFium's text object) of each character."""
    found = map(native.text_object, repeat(handle), indices)
    return np.fromiter(found, dtype=np.uint64, count=len(indices)).astype(np.int64)


def _settings(
    handle: ctypes.c_void_p, indices: list[int], strings: IntArray
) -> tuple[FloatArray, FloatArray]:
    """Each character's font size on the page and direction (radians, counter-clockwise).

    All characters of one string share them, so that only the first one is asked.
    """
    first = np.flatnonzero(np.diff(strings, prepend=-1))
    lengths = np.diff(first, append=len(strings))
    asked = [indices[slot] for slot in first.tolist()]
    matrices = native.char_matrices(handle, asked)
    sizes = np.fromiter(map(native.font_size, repeat(handle), asked), dtype=np.float64, count=len(asked))
    sizes *= np.hypot(matrices[:, 2], matrices[:, 3])
    directions = np.arctan2(matrices[:, 1], matrices[:, 0])
    return np.repeat(sizes, lengths), np.repeat(directions, lengths)


def _em_boxes(
    boxes: FloatArray,
    origins: FloatArray,
    size: FloatArray,
    strings: IntArray,
    codes: npt.NDArray[np.uint32],
) -> None:
    """Put every box on its baseline, as high as the font is large.

    Fonts lie about ascent and descent; the baseline and the size do not. Where a font says
    nothing, PDFium gives the ink's box: then the next character of the string tells the advance.
    """
    inked = np.flatnonzero(np.abs(boxes[:, 1] - boxes[:, 3] - size) > 0.05 * size)
    boxes[:, 0] = np.minimum(boxes[:, 0], origins[:, 0])
    boxes[:, 1] = origins[:, 1] + ASCENT * size
    boxes[:, 3] = origins[:, 1] - DESCENT * size
    if not len(inked):
        return
    left, em = origins[inked, 0], size[inked]
    advance = np.where(codes[inked] >= _FIRST_WIDE, em, 0.5 * em)
    following = np.minimum(inked + 1, len(strings) - 1)
    step = origins[following, 0] - left
    goes_on = (strings[following] == strings[inked]) & (step > 0) & (step <= 1.3 * em)
    goes_on &= np.abs(origins[following, 1] - origins[inked, 1]) < 0.3 * em
    advance = np.where(goes_on, np.minimum(step, 1.05 * advance), advance)
    boxes[inked, 2] = np.maximum(boxes[inked, 2], left + advance)


def _narrow(boxes: FloatArray, origins: FloatArray, size: FloatArray, codes: npt.NDArray[np.uint32]) -> None:
    """Give the characters of fonts that write downwards their width: that of a square.

    PDFium tells it in the font's own units, which may be many times too large.
    """
    wrong = (codes >= _FIRST_WIDE) & (boxes[:, 2] - boxes[:, 0] > _TOO_WIDE * size)
    boxes[wrong, 2] = origins[wrong, 0] + size[wrong]


def _turned_box(
    handle: ctypes.c_void_p, index: int, origin: tuple[float, float], size: float, direction: float
) -> _Corners:
    """The em box (left, top, right, bottom) of a character that does not run along the page's x axis.

    PDFium gives only the ink of such characters; ink alone would put a dash or a comma on
    another line than its neighbours.
    """
    ink = [c_double() for _ in range(4)]
    native.char_box(handle, index, *map(ctypes.byref, ink))
    left, right, bottom, top = (edge.value for edge in ink)
    x, y = origin
    ux, uy = math.cos(direction), math.sin(direction)
    reach = max((cx - x) * ux + (cy - y) * uy for cx in (left, right) for cy in (bottom, top))
    reach = max(reach, 0.3 * size)
    corners = [
        (x + ux * along - uy * across, y + uy * along + ux * across)
        for along in (0.0, reach)
        for across in (-DESCENT * size, ASCENT * size)
    ]
    xs, ys = [corner[0] for corner in corners], [corner[1] for corner in corners]
    return min(xs), max(ys), max(xs), min(ys)


def _clips(strings: IntArray, matrix: Matrix) -> FloatArray:
    different, own = np.unique(strings, return_inverse=True)
    rows = np.array([_window(string) for string in different.tolist()]).reshape(-1, 4)[own]
    return transform_boxes(rows, matrix)


def _window(string: int) -> _Corners:
    """The window (left, bottom, right, top in page space) through which a string is seen."""
    left, bottom, right, top = -_FAR, -_FAR, _FAR, _FAR
    clip = native.clip_path(string) if string else None
    x, y = c_float(), c_float()
    for path in range(native.clip_path_count(clip) if clip else 0):
        xs: list[float] = []
        ys: list[float] = []
        for index in range(native.clip_segment_count(clip, path)):
            segment = native.clip_segment(clip, path, index)
            native.segment_point(segment, ctypes.addressof(x), ctypes.addressof(y))
            xs.append(x.value)
            ys.append(y.value)
        if xs:
            left, right = max(left, min(xs)), min(right, max(xs))
            bottom, top = max(bottom, min(ys)), min(top, max(ys))
    return left, bottom, right, top
