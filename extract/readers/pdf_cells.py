"""Which cell a character belongs to.

Where it stands decides, but for text that is larger than its cell: a string that runs
over a border without a gap is one cell's text. The window it is seen through names the
cell; without one, the cell it is aligned in does.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from fiscalgraph.extract.readers.pdf_characters import Characters, FloatArray, IntArray
from fiscalgraph.extract.readers.pdf_grid import Grid

__all__ = [
    "OUTSIDE",
    "CellMap",
    "assign_cells",
    "map_cells",
    "needs_windows",
    "settle_overflow",
    "settle_struck",
]

OUTSIDE = -1  # the region of characters that belong to no cell
CROSSING = 0.3  # a character this share of its size beyond its cell's border crosses it
HANGING = 0.1  # a character this share of its size beyond its cell's border hangs over it
STRUCK = 0.3  # characters of one cell that cover this share of each other are of two cells' texts
SLACK = 4.0  # how far (points) a window may reach beyond its cell


@dataclass(slots=True)
class CellMap:
    """All cells of a page's grids numbered through: ``first[i]`` is grid ``i``'s first cell."""

    grids: list[Grid]
    first: list[int]
    boxes: FloatArray  # one row a cell: left, top, right, bottom

    def at(self, x: FloatArray, y: FloatArray) -> IntArray:
        """The number of the cell at each point, or :data:`OUTSIDE`."""
        regions = np.full(len(x), OUTSIDE, dtype=np.int64)
        for grid, first in zip(self.grids, self.first, strict=True):
            left, top, right, bottom = grid.box
            inside = np.flatnonzero((x > left) & (x < right) & (y > top) & (y < bottom))
            columns = np.searchsorted(grid.xs, x[inside]) - 1
            rows = np.searchsorted(grid.ys, y[inside]) - 1
            regions[inside] = first + grid.owner[rows, columns]
        return regions


def map_cells(grids: list[Grid]) -> CellMap:
    """Number the cells of ``grids``."""
    first: list[int] = []
    boxes: list[tuple[float, float, float, float]] = []
    for grid in grids:
        first.append(len(boxes))
        boxes += [cell.box for cell in grid.cells]
    return CellMap(grids, first, np.array(boxes, dtype=np.float64).reshape(-1, 4))


def assign_cells(characters: Characters, cells: CellMap) -> IntArray:
    """The cell in which each character's middle stands."""
    boxes = characters.boxes
    return cells.at((boxes[:, 0] + boxes[:, 2]) / 2, (boxes[:, 1] + boxes[:, 3]) / 2)


def _crossing(characters: Characters, cells: CellMap, regions: IntArray) -> npt.NDArray[np.bool_]:
    """Characters that stand well across the upper or lower border of their cell."""
    crossing = np.zeros(len(characters), dtype=bool)
    inside = np.flatnonzero(regions != OUTSIDE)
    own = cells.boxes[regions[inside]]
    boxes = characters.boxes[inside]
    slack = CROSSING * (boxes[:, 3] - boxes[:, 1])
    crossing[inside] = (boxes[:, 1] < own[:, 1] - slack) | (boxes[:, 3] > own[:, 3] + slack)
    return crossing


def needs_windows(characters: Characters, cells: CellMap, regions: IntArray) -> bool:
    """Whether some text runs over a border, so that the windows have to be asked."""
    if not len(characters) or not len(cells.boxes):
        return False
    over = characters.touching()[1:] & (regions[1:] != regions[:-1])
    return bool(over.any() or _crossing(characters, cells, regions).any())


def settle_overflow(characters: Characters, cells: CellMap, regions: IntArray) -> None:
    """Give text that runs over a border to one cell (changes ``regions`` in place)."""
    if not len(characters) or not len(cells.boxes):
        return
    joined = characters.joined()
    crossing = _crossing(characters, cells, regions)
    starts = np.flatnonzero(~joined).tolist()
    stops = [*starts[1:], len(characters)]
    uneven = np.zeros(len(characters), dtype=bool)
    uneven[1:] = joined[1:] & (regions[1:] != regions[:-1])
    uneven |= crossing
    trouble = np.add.reduceat(uneven, starts) > 0
    for index in np.flatnonzero(trouble).tolist():
        word = slice(starts[index], stops[index])
        owner = _window_cell(characters, cells, word)
        one_string = len(set(characters.strings[word].tolist())) == 1
        if owner is None and one_string and len(set(regions[word].tolist())) > 1:
            owner = _aligned_cell(characters, cells, regions, word)
        if owner is not None:
            regions[word] = owner


def settle_struck(characters: Characters, cells: CellMap, regions: IntArray) -> None:
    """Give text that hangs over a border into another cell's text back to its cell (changes ``regions``).

    The second line of a text too tall for its row is printed over the row below.
    """
    inside = np.flatnonzero(regions != OUTSIDE)
    if not len(inside):
        return
    boxes, own = characters.boxes, cells.boxes[regions[inside]]
    height = boxes[inside, 3] - boxes[inside, 1]
    above = own[:, 1] - boxes[inside, 1] > HANGING * height
    below = boxes[inside, 3] - own[:, 3] > HANGING * height
    for index in inside[above ^ below].tolist():
        box, region = boxes[index], int(regions[index])
        same = boxes[inside[regions[inside] == region]]
        over_x = np.minimum(same[:, 2], box[2]) - np.maximum(same[:, 0], box[0])
        over_y = np.minimum(same[:, 3], box[3]) - np.maximum(same[:, 1], box[1])
        wide, tall = box[2] - box[0], box[3] - box[1]
        lower = (over_y > STRUCK * tall) & (over_y < (1 - STRUCK) * tall)  # no bold made by printing twice
        if not (lower & (over_x > STRUCK * wide)).any():
            continue
        across = box[1] if box[1] < cells.boxes[region][1] else box[3]
        other = int(cells.at(np.array([(box[0] + box[2]) / 2]), np.array([across]))[0])
        if other != OUTSIDE:
            regions[index] = other


def _window_cell(characters: Characters, cells: CellMap, word: slice) -> int | None:
    """The cell that the word's window shows, if the window fits into one."""
    if characters.clips is None:
        return None
    window = characters.clips[word][:1]
    middle_x, middle_y = (window[:, 0] + window[:, 2]) / 2, (window[:, 1] + window[:, 3]) / 2
    owner = int(cells.at(middle_x, middle_y)[0])
    if owner == OUTSIDE:
        return None
    left, top, right, bottom = cells.boxes[owner]
    fits = (
        window[0, 0] >= left - SLACK
        and window[0, 1] >= top - SLACK
        and window[0, 2] <= right + SLACK
        and window[0, 3] <= bottom + SLACK
    )
    return owner if fits else None


def _aligned_cell(characters: Characters, cells: CellMap, regions: IntArray, word: slice) -> int:
    """Of the cells a word runs over, the one whose left, middle or right it keeps to."""
    boxes = characters.boxes[word]
    left, right = float(boxes[:, 0].min()), float(boxes[:, 2].max())
    candidates, counts = np.unique(regions[word], return_counts=True)
    best, least = int(candidates[counts.argmax()]), np.inf
    for candidate in candidates.tolist():
        if candidate == OUTSIDE:
            continue
        cell = cells.boxes[candidate]
        distance = min(
            abs(left - cell[0]), abs(right - cell[2]), abs((left + right) / 2 - (cell[0] + cell[2]) / 2)
        )
        if distance < least:
            best, least = candidate, distance
    return best
