"""PDFium's functions, called without ctypes' checks of pointer types: half the time a call.

Handles are plain addresses here, but for the functions that are called for every character or
object of a page (see :func:`_bare`). Whoever calls keeps the page (and text page) open.
"""

from __future__ import annotations

import ctypes
from collections import deque
from collections.abc import Sequence
from ctypes import PYFUNCTYPE, c_double, c_float, c_int, c_uint, c_void_p
from itertools import repeat
from typing import Any

import numpy as np
import numpy.typing as npt
import pypdfium2.raw as pdfium

__all__ = [
    "Matrix",
    "address",
    "char_box",
    "char_codes",
    "char_matrices",
    "char_origins",
    "clip_path",
    "clip_path_count",
    "clip_segment",
    "clip_segment_count",
    "draw_mode",
    "fill_color",
    "font_size",
    "form_object",
    "loose_boxes",
    "object_bounds",
    "object_matrix",
    "object_type",
    "page_object",
    "path_segment",
    "path_segment_count",
    "segment_closes",
    "segment_point",
    "segment_type",
    "text_object",
]

Matrix = tuple[float, float, float, float, float, float]


def address(pointer: Any) -> int:
    """The address a ctypes pointer holds (0 for a null pointer)."""
    return ctypes.cast(pointer, c_void_p).value or 0


def _fast(function: Any, result: Any, *arguments: Any) -> Any:
    # PDFium calls are too short to be worth letting other threads run (PYFUNCTYPE keeps the lock).
    return PYFUNCTYPE(result, *arguments)(address(function))


def _bare(function: Any, result: Any) -> Any:
    """A function whose arguments are passed as they are, which again halves the time a call.

    Pointers must be ``c_void_p`` or ``byref`` objects (a plain number is passed as a C ``int``).
    """
    return PYFUNCTYPE(result)(address(function))


_P, _I = c_void_p, c_int

_char_unicode = _bare(pdfium.FPDFText_GetUnicode, c_uint)
char_box = _bare(pdfium.FPDFText_GetCharBox, c_int)
font_size = _bare(pdfium.FPDFText_GetFontSize, c_double)
text_object = _bare(pdfium.FPDFText_GetTextObject, ctypes.c_size_t)  # 0 where there is none
_loose_box = _bare(pdfium.FPDFText_GetLooseCharBox, None)
_char_origin = _bare(pdfium.FPDFText_GetCharOrigin, None)
_char_matrix = _bare(pdfium.FPDFText_GetMatrix, None)
_text = _bare(pdfium.FPDFText_GetText, c_int)
_char_count = _bare(pdfium.FPDFText_CountChars, c_int)

page_object = _bare(pdfium.FPDFPage_GetObject, _P)
form_object = _fast(pdfium.FPDFFormObj_GetObject, _P, _P, ctypes.c_ulong)
object_type = _fast(pdfium.FPDFPageObj_GetType, _I, _P)
object_bounds = _fast(pdfium.FPDFPageObj_GetBounds, _I, _P, _P, _P, _P, _P)
fill_color = _fast(pdfium.FPDFPageObj_GetFillColor, _I, _P, _P, _P, _P, _P)
draw_mode = _fast(pdfium.FPDFPath_GetDrawMode, _I, _P, _P, _P)
path_segment_count = _fast(pdfium.FPDFPath_CountSegments, _I, _P)
path_segment = _fast(pdfium.FPDFPath_GetPathSegment, _P, _P, _I)
segment_point = _fast(pdfium.FPDFPathSegment_GetPoint, _I, _P, _P, _P)
segment_type = _fast(pdfium.FPDFPathSegment_GetType, _I, _P)
segment_closes = _fast(pdfium.FPDFPathSegment_GetClose, _I, _P)
clip_path = _fast(pdfium.FPDFPageObj_GetClipPath, _P, _P)
clip_path_count = _fast(pdfium.FPDFClipPath_CountPaths, _I, _P)
clip_segment_count = _fast(pdfium.FPDFClipPath_CountPathSegments, _I, _P, _I)
clip_segment = _fast(pdfium.FPDFClipPath_GetPathSegment, _P, _P, _I, _I)

_object_matrix = _fast(pdfium.FPDFPageObj_GetMatrix, _I, _P, _P)


def object_matrix(handle: int) -> Matrix:
    """A page object's own matrix, from its space to that of its page or form."""
    values = (c_float * 6)()
    if not _object_matrix(handle, values):
        return (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)
    a, b, c, d, e, f = values
    return a, b, c, d, e, f


class _Rows:
    """Rows of numbers for PDFium to fill, one a character; pointers to them are made once, not a page."""

    _COUNT = 2048

    def __init__(self, kind: Any, width: int, pointers: int) -> None:
        size = ctypes.sizeof(kind)
        memory = (kind * (self._COUNT * width))()
        self._values = np.frombuffer(memory, dtype=kind).reshape(self._COUNT, width)
        self._pointers = [
            [ctypes.byref(memory, (row * width + column) * size) for row in range(self._COUNT)]
            for column in range(pointers)
        ]

    def fill(self, function: Any, textpage: c_void_p, indices: Sequence[int]) -> npt.NDArray[np.float64]:
        """What ``function`` gives for the characters ``indices``, zeros where it gives nothing."""
        result = np.empty((len(indices), self._values.shape[1]), dtype=np.float64)
        for start in range(0, len(indices), self._COUNT):
            part = indices[start : start + self._COUNT]
            self._values[: len(part)] = 0
            # The loop runs outside Python.
            deque(map(function, repeat(textpage), part, *self._pointers), maxlen=0)
            result[start : start + len(part)] = self._values[: len(part)]
        return result


_boxes = _Rows(c_float, 4, pointers=1)
_points = _Rows(c_double, 2, pointers=2)
_matrices = _Rows(c_float, 6, pointers=1)


def loose_boxes(textpage: c_void_p, indices: Sequence[int]) -> npt.NDArray[np.float64]:
    """The boxes of characters by advance width and font: left, top, right, bottom (y upwards)."""
    return _boxes.fill(_loose_box, textpage, indices)


def char_origins(textpage: c_void_p, indices: Sequence[int]) -> npt.NDArray[np.float64]:
    """Where characters stand on their baselines: x, y."""
    return _points.fill(_char_origin, textpage, indices)


def char_matrices(textpage: c_void_p, indices: Sequence[int]) -> npt.NDArray[np.float64]:
    """The matrices characters are set with: a, b, c, d, e, f."""
    return _matrices.fill(_char_matrix, textpage, indices)


_UNTOLD = 0xFFFE  # what the text holds for a hyphen that ends a line, and for what has no code point


def char_codes(textpage: c_void_p) -> npt.NDArray[np.uint32]:
    """The Unicode code points of all characters of a page."""
    count = _char_count(textpage)
    units = (ctypes.c_ushort * (count + 1))()
    # Asked for all at once PDFium leaves out some, such as those beyond 16 bits: then one by one.
    if not count or _text(textpage, 0, count, units) != count + 1:
        return np.fromiter(map(_char_unicode, repeat(textpage), range(count)), dtype=np.uint32, count=count)
    codes = np.frombuffer(units, dtype=np.uint16)[:count].astype(np.uint32)
    for index in np.flatnonzero(codes == _UNTOLD).tolist():
        codes[index] = _char_unicode(textpage, index)
    return codes
