"""PDFium's functions, called without ctypes' checks of pointer types: half the time a call.

Handles are plain addresses here. Whoever calls keeps the page (and text page) open.
"""

from __future__ import annotations

import ctypes
from ctypes import CFUNCTYPE, c_double, c_float, c_int, c_uint, c_ulong, c_void_p
from typing import Any

import pypdfium2.raw as pdfium

__all__ = [
    "Matrix",
    "address",
    "char_box",
    "char_matrix",
    "char_origin",
    "char_unicode",
    "clip_path",
    "clip_path_count",
    "clip_segment",
    "clip_segment_count",
    "draw_mode",
    "fill_color",
    "font_size",
    "form_object",
    "loose_box",
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
    return CFUNCTYPE(result, *arguments)(address(function))


_P, _I = c_void_p, c_int

char_unicode = _fast(pdfium.FPDFText_GetUnicode, c_uint, _P, _I)
char_box = _fast(pdfium.FPDFText_GetCharBox, _I, _P, _I, _P, _P, _P, _P)
char_matrix = _fast(pdfium.FPDFText_GetMatrix, _I, _P, _I, _P)
char_origin = _fast(pdfium.FPDFText_GetCharOrigin, _I, _P, _I, _P, _P)
loose_box = _fast(pdfium.FPDFText_GetLooseCharBox, _I, _P, _I, _P)
font_size = _fast(pdfium.FPDFText_GetFontSize, c_double, _P, _I)
text_object = _fast(pdfium.FPDFText_GetTextObject, _P, _P, _I)

page_object = _fast(pdfium.FPDFPage_GetObject, _P, _P, _I)
form_object = _fast(pdfium.FPDFFormObj_GetObject, _P, _P, c_ulong)
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
