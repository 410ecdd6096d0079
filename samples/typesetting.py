"""Fonts and line breaking for the PDF renderer."""

from __future__ import annotations

import functools
import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

__all__ = ["Face", "columns_of", "face", "pieces_of", "text_width", "wrapped"]

# An embedded font shows the same glyphs everywhere; the CID font is what PDF viewers bring along.
_FONT_FILES = (
    "/usr/share/fonts/truetype/wqy/wqy-microhei.ttc",
    "/usr/share/fonts/wenquanyi/wqy-microhei/wqy-microhei.ttc",
    "/usr/share/fonts/wqy-microhei/wqy-microhei.ttc",
    "/usr/share/fonts/truetype/arphic/uming.ttc",
    "/usr/share/fonts/truetype/arphic/ukai.ttc",
)
_NOT_FIRST = set("，。、；：）》”？！%％】〕·")
_NOT_LAST = set("（《“【〔")


@dataclass(frozen=True, slots=True)
class Face:
    """A registered font: its name for reportlab, and whether its glyphs are embedded."""

    name: str
    embedded: bool


@functools.cache
def face() -> Face:
    """The font of all PDF samples: a system font, embedded, or else the CID font STSong-Light.

    The environment variable ``FISCALGRAPH_SAMPLE_FONT`` names a TrueType file to use instead.
    """
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.cidfonts import UnicodeCIDFont
    from reportlab.pdfbase.ttfonts import TTFont

    chosen = os.environ.get("FISCALGRAPH_SAMPLE_FONT")
    for path in (chosen,) if chosen else _FONT_FILES:
        if Path(path).is_file():
            pdfmetrics.registerFont(TTFont("Sample", path, subfontIndex=0))
            return Face("Sample", True)
    pdfmetrics.registerFont(UnicodeCIDFont("STSong-Light"))
    return Face("STSong-Light", False)


@functools.cache
def _advance(character: str) -> float:
    """Width of one character in ems."""
    from reportlab.pdfbase import pdfmetrics

    return float(pdfmetrics.stringWidth(character, face().name, 1))


def text_width(text: str, size: float) -> float:
    """Width of a line of text in points."""
    return sum(map(_advance, text)) * size


def columns_of(text: str) -> float:
    """Width of plain text in full-width characters."""
    return sum(0.5 if character.isascii() else 1.0 for character in text)


def wrapped(
    text: str,
    width: float,
    size: float = 1,
    first_indent: float = 0,
    measure: Callable[[str], float] | None = None,
) -> list[str]:
    """``text`` in lines no wider than ``width`` points; figures are never broken inside.

    ``measure`` gives the width of a piece of text; without it, the sample font's at ``size``.
    """
    wide = measure or (lambda piece: text_width(piece, size))
    lines: list[str] = []
    line: list[str] = []
    used = first_indent
    for piece in pieces_of(text):
        advance = wide(piece)
        if line and used + advance > width:
            carried: list[str] = []
            # no closing mark begins a line, no opening mark ends one
            while len(line) > 1 and (piece[0] in _NOT_FIRST or line[-1] in _NOT_LAST) and len(carried) < 2:
                carried.insert(0, line.pop())
                if carried[0] not in _NOT_FIRST and line[-1] not in _NOT_LAST:
                    break
            lines.append("".join(line))
            line, used = carried, sum(map(wide, carried))
        line.append(piece)
        used += advance
    return [*lines, "".join(line)] if line or not lines else lines


def pieces_of(text: str) -> list[str]:
    """Text in unbreakable pieces: single characters, and runs of digits and Latin letters."""
    pieces: list[str] = []
    for character in text:
        tight = character.isascii() and (character.isalnum() or character in ".,%-")
        before = pieces[-1][-1] if pieces else ""
        if tight and before and before.isascii() and (before.isalnum() or before in ".,-"):
            pieces[-1] += character
        else:
            pieces.append(character)
    return pieces
