"""What one OFD page draws (GB/T 33190): characters and rules, placed in points from the top left.

OFD measures in millimetres from the top left; an object is placed by its boundary, and
inside it by its own matrix. The result is the same kind of page content as a PDF's, so
that one code finds lines and grids in both.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise

import numpy as np
from lxml import etree

from fiscalgraph.extract.readers.pdf_characters import ASCENT, DESCENT, Characters
from fiscalgraph.extract.readers.pdf_content import THIN, PageContent, Rule

__all__ = ["local_name", "numbers", "read_ofd_page"]

_POINTS = 72 / 25.4  # per millimetre
_FIRST_WIDE = 0x2E80
_EM_STEP = 1.1
_UPRIGHT_DEGREES = 2.0  # text turned further than this from a right angle is a watermark
_PATH_STEP = re.compile(r"([SMLQBAC])|(-?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?)")
_PATH_POINTS = {"S": 2, "M": 2, "L": 2, "Q": 4, "B": 6, "A": 7, "C": 0}
_Matrix = tuple[float, float, float, float, float, float]


@dataclass(slots=True)
class _Ink:
    """Everything found so far on the page, in points."""

    text: list[str] = field(default_factory=list)
    boxes: list[tuple[float, float, float, float]] = field(default_factory=list)
    angles: list[float] = field(default_factory=list)
    strings: list[int] = field(default_factory=list)
    after_blank: list[bool] = field(default_factory=list)
    horizontal: list[Rule] = field(default_factory=list)
    vertical: list[Rule] = field(default_factory=list)
    picture_area: float = 0.0


def local_name(element: etree._Element) -> str:
    """The element's name without its namespace (files use several)."""
    return etree.QName(element).localname if isinstance(element.tag, str) else ""


def numbers(text: str | None) -> list[float]:
    """The numbers of an attribute such as ``Boundary="10 20 30 5"``."""
    return [float(piece) for piece in (text or "").split()]


def read_ofd_page(layers: list[etree._Element], number: int, box: tuple[float, float]) -> PageContent:
    """The content of page ``number`` from its own and its templates' XML; ``box`` in millimetres."""
    width, height = box[0] * _POINTS, box[1] * _POINTS
    ink = _Ink()
    for layer in layers:
        for drawn in _objects(layer):
            kind = local_name(drawn)
            if kind == "TextObject":
                _read_text(drawn, ink)
            elif kind == "PathObject":
                _read_path(drawn, ink)
            else:
                boundary = numbers(drawn.get("Boundary"))
                if len(boundary) == 4 and width * height > 0:
                    area = boundary[2] * boundary[3] * _POINTS**2 / (width * height)
                    ink.picture_area = max(ink.picture_area, min(area, 1.0))
    characters = Characters(
        text=ink.text,
        boxes=np.array(ink.boxes, dtype=np.float64).reshape(-1, 4),
        angle=np.array(ink.angles, dtype=np.float64),
        strings=np.array(ink.strings, dtype=np.int64),
        after_blank=np.array(ink.after_blank, dtype=np.bool_),
    )
    return PageContent(
        number=number,
        width=width,
        height=height,
        characters=characters,
        horizontal=ink.horizontal,
        vertical=ink.vertical,
        picture_area=ink.picture_area,
    )


def _objects(parent: etree._Element) -> Iterator[etree._Element]:
    """Text, path and picture objects, also inside layers and page blocks."""
    for child in parent:
        name = local_name(child)
        if child.get("Visible") == "false" or child.get("Alpha") == "0":
            continue
        if name in ("TextObject", "PathObject", "ImageObject"):
            yield child
        elif name in ("Content", "Layer", "PageBlock"):
            yield from _objects(child)


def _placement(drawn: etree._Element) -> _Matrix:
    """From the object's own coordinates (mm) to points on the page."""
    left, top = [*numbers(drawn.get("Boundary")), 0.0, 0.0][:2]
    matrix = numbers(drawn.get("CTM"))
    a, b, c, d, e, f = matrix if len(matrix) == 6 else (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)
    return (a * _POINTS, b * _POINTS, c * _POINTS, d * _POINTS, (e + left) * _POINTS, (f + top) * _POINTS)


def _move(matrix: _Matrix, x: float, y: float) -> tuple[float, float]:
    a, b, c, d, e, f = matrix
    return a * x + c * y + e, b * x + d * y + f


def _deltas(text: str | None) -> list[float]:
    """Steps from character to character; ``g 3 5.2`` stands for three times 5.2."""
    pieces = (text or "").split()
    steps: list[float] = []
    index = 0
    while index < len(pieces):
        if pieces[index] == "g" and index + 2 < len(pieces):
            steps.extend([float(pieces[index + 2])] * min(int(pieces[index + 1]), 100_000))
            index += 3
        else:
            steps.append(float(pieces[index]))
            index += 1
    return steps


def _read_text(drawn: etree._Element, ink: _Ink) -> None:
    size = float(drawn.get("Size") or 0)
    scale = float(drawn.get("HScale") or 1)
    matrix = _placement(drawn)
    angle = math.degrees(math.atan2(matrix[1], matrix[0])) + float(drawn.get("ReadDirection") or 0)
    if abs((angle + 45) % 90 - 45) > _UPRIGHT_DEGREES:
        return
    x = y = 0.0
    for code in drawn:
        if local_name(code) != "TextCode":
            continue
        x, y = float(code.get("X") or x), float(code.get("Y") or y)
        text = code.text or ""
        across, down = _deltas(code.get("DeltaX")), _deltas(code.get("DeltaY"))
        string = ink.strings[-1] + 1 if ink.strings else 0
        at_x, at_y = x, y
        for index, character in enumerate(text):
            wide = size * scale * (1.0 if ord(character) >= _FIRST_WIDE else 0.5)
            if not character.isspace():
                # Up to one em the step to the next character is this one's own width.
                step = across[index] if index < len(across) else 0.0
                advance = step if 0 < step <= _EM_STEP * size * scale else wide
                corners = [
                    _move(matrix, at_x, at_y - ASCENT * size),
                    _move(matrix, at_x + advance, at_y + DESCENT * size),
                ]
                (x0, y0), (x1, y1) = corners
                ink.text.append(character)
                ink.boxes.append((min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1)))
                ink.angles.append(angle % 360)
                ink.strings.append(string)
                ink.after_blank.append(index > 0 and text[index - 1].isspace())
            if index < len(across):
                at_x += across[index]
            elif not down:
                at_x += wide
            if index < len(down):
                at_y += down[index]


def _read_path(drawn: etree._Element, ink: _Ink) -> None:
    matrix = _placement(drawn)
    data = next((child.text for child in drawn if local_name(child) == "AbbreviatedData"), None) or ""
    stroked, filled = drawn.get("Stroke") != "false", drawn.get("Fill") == "true"
    for points, curved in _outlines(data):
        placed = [_move(matrix, x, y) for x, y in points]
        if stroked or not filled:
            for (x0, y0), (x1, y1) in pairwise(placed):
                _add_rule(ink, x0, y0, x1, y1)
        elif not curved and len(placed) > 1:
            xs, ys = [x for x, _ in placed], [y for _, y in placed]
            if min(max(xs) - min(xs), max(ys) - min(ys)) <= THIN:  # a thin filled rectangle is a rule
                _add_rule(ink, min(xs), min(ys), max(xs), max(ys))


def _outlines(data: str) -> Iterator[tuple[list[tuple[float, float]], bool]]:
    """The polylines of abbreviated path data, and whether they contain curves (whose ends are kept)."""
    points: list[tuple[float, float]] = []
    curved = False
    operator, operands = "", list[float]()
    for step in _PATH_STEP.finditer(data + " M 0 0"):  # one more start closes the last outline
        if step.group(1):
            operator, operands = step.group(1), []
            if operator == "C" and points:
                points.append(points[0])
            continue
        operands.append(float(step.group(2)))
        if len(operands) < _PATH_POINTS.get(operator, 2):
            continue
        end = (operands[-2], operands[-1])
        operands = []
        if operator in ("M", "S"):
            if len(points) > 1:
                yield points, curved
            points, curved = [end], False
        else:
            points.append(end)
            curved = curved or operator in ("Q", "B", "A")


def _add_rule(ink: _Ink, x0: float, y0: float, x1: float, y1: float) -> None:
    width, height = abs(x1 - x0), abs(y1 - y0)
    if height <= THIN and width > height:
        ink.horizontal.append(Rule((y0 + y1) / 2, min(x0, x1), max(x0, x1)))
    elif width <= THIN and height > width:
        ink.vertical.append(Rule((x0 + x1) / 2, min(y0, y1), max(y0, y1)))
