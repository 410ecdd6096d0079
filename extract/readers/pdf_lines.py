"""From characters to lines: what stands on one line, what is one cell's text.

Characters that the file prints one after the other on one baseline are taken as one
fragment; fragments of the same cell (or of the page outside all tables) are then put
into lines by their place alone, whatever order the file printed them in.
"""

from __future__ import annotations

from itertools import pairwise
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from fiscalgraph.extract.normalise import normalise
from fiscalgraph.extract.readers.pdf_characters import Characters

__all__ = ["Fragment", "Line", "fragments", "line_from", "lines_of", "union_box"]

Box = tuple[float, float, float, float]
GAP = 0.45  # a gap wider than this share of the font size ends a fragment
WORD = 0.18  # between Latin letters, a gap wider than this share of the font size ends a word
BLANK = 0.45  # a gap wider than this share of the font size is printed as a blank


class Fragment(NamedTuple):
    """Characters printed in one go on one baseline, inside one region."""

    text: str
    left: float
    top: float
    right: float
    bottom: float
    size: float
    region: int

    @property
    def middle(self) -> float:
        return (self.top + self.bottom) / 2


class Line(NamedTuple):
    """Fragments on one line, left to right."""

    text: str
    box: Box
    size: float
    parts: tuple[Fragment, ...]


def union_box(boxes: list[Box]) -> Box:
    """The smallest box around ``boxes`` (at least one)."""
    return (
        min(box[0] for box in boxes),
        min(box[1] for box in boxes),
        max(box[2] for box in boxes),
        max(box[3] for box in boxes),
    )


def fragments(characters: Characters, regions: npt.NDArray[np.int64]) -> list[Fragment]:
    """Cut the characters into fragments; ``regions`` gives each character's cell or OUTSIDE."""
    count = len(characters)
    if count == 0:
        return []
    boxes = characters.boxes
    size = boxes[:, 3] - boxes[:, 1]
    middle = (boxes[:, 1] + boxes[:, 3]) / 2
    gap = boxes[1:, 0] - boxes[:-1, 2]
    unit = np.minimum(size[1:], size[:-1])
    cut = (regions[1:] != regions[:-1]) | (np.abs(middle[1:] - middle[:-1]) > 0.35 * unit)
    cut |= (gap > GAP * unit) | (gap < -0.6 * unit)
    # Text set sideways in a cell: one string is one piece, in the order it is printed.
    sideways = np.abs(np.sin(np.radians(characters.angle))) > 0.5
    if sideways.any():
        strings = characters.strings
        both = sideways[1:] & sideways[:-1]
        other = (strings[1:] != strings[:-1]) | (regions[1:] != regions[:-1])
        cut = np.where(both, other, cut | (sideways[1:] != sideways[:-1]))
        size = np.where(sideways, boxes[:, 2] - boxes[:, 0], size)
    starts = [0, *(np.flatnonzero(cut) + 1).tolist()]
    stops = [*starts[1:], count]
    left, top = np.minimum.reduceat(boxes[:, :2], starts).T.tolist()
    right, bottom = np.maximum.reduceat(boxes[:, 2:], starts).T.tolist()
    largest = np.maximum.reduceat(size, starts).tolist()
    text = list(characters.text)
    for index in np.flatnonzero(~cut & characters.after_blank[1:]).tolist():
        if _parts_words(text[index], text[index + 1]):
            text[index + 1] = " " + text[index + 1]
    joined = ["".join(text[start:stop]) for start, stop in zip(starts, stops, strict=True)]
    return list(map(Fragment, joined, left, top, right, bottom, largest, regions[starts].tolist()))


def _parts_words(before: str, after: str) -> bool:
    """Whether a blank between two characters parts words (between Chinese ones it is layout)."""
    return before.isascii() and after.isascii() and not (before.isdigit() and after.isdigit())


def lines_of(parts: list[Fragment]) -> list[Line]:
    """Put the fragments of one region into lines, top to bottom, each left to right."""
    if len(parts) <= 1:
        return [line_from(parts)] if parts else []
    rows: list[list[Fragment]] = []
    middle = reach = 0.0
    for part in sorted(parts, key=lambda part: part.middle):
        if rows and part.middle - middle <= 0.5 * min(reach, part.size):
            rows[-1].append(part)
            weight = len(rows[-1])
            middle += (part.middle - middle) / weight
            reach = max(reach, part.size)
            continue
        rows.append([part])
        middle, reach = part.middle, part.size
    return [line_from(row) for row in rows]


def line_from(row: list[Fragment]) -> Line:
    """The line on which the fragments of ``row`` stand (at least one)."""
    if len(row) == 1:
        only = row[0]
        box = (only.left, only.top, only.right, only.bottom)
        return Line(normalise(only.text), box, only.size, (only,))
    row = sorted(row, key=lambda part: (part.left, part.right))
    text = row[0].text
    for previous, part in pairwise(row):
        blank = part.left - previous.right > BLANK * min(previous.size, part.size)
        latin = (
            text[-1:].isascii() and part.text[:1].isascii() and part.left - previous.right > WORD * part.size
        )
        text += (" " if blank or latin else "") + part.text
    box = union_box([(part.left, part.top, part.right, part.bottom) for part in row])
    return Line(normalise(text), box, max(part.size for part in row), tuple(row))
