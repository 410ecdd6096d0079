"""The columns of a table without vertical rules: strips of white between what stands one below the other."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise

from fiscalgraph.extract.normalise import compact, is_figure
from fiscalgraph.extract.readers.pdf_lines import Line, line_from

__all__ = ["Columns", "find_columns", "parted_letters", "pieces_of"]

BESIDE = 0.8  # things whose middles are closer than this share of the font size stand side by side
HALF_ROW = 1.2  # the same in headers: a cell beside two rows of others stands half a row from both
SLACK = 0.3  # a piece may reach over a border by this share of the font size
CLEARANCE = 1.0  # a border this close (points) to what stands left of it does not part it from the rest
PADDING = 2.0  # figures stand this close (points) to the right border of their column
ALIGNED = 1.5  # right ends that differ by less (points) are level
LEADING = 1.75  # lines of one cell are closer than this many ems
LETTER_GAP = 4.0  # letters of one word may be spaced out by this many ems
AMOUNT = re.compile(r"-?[\d,]+\.\d+")


@dataclass(frozen=True, slots=True)
class Columns:
    """The edges of a table's columns from left to right."""

    edges: tuple[float, ...]

    def __len__(self) -> int:
        return len(self.edges) - 1

    def of(self, piece: Line) -> tuple[int, int]:
        """The first and last column that ``piece`` stands in."""
        slack = min(SLACK * piece.size, 0.4 * (piece.box[2] - piece.box[0]))
        inner = self.edges[1:-1]
        first = sum(1 for edge in inner if edge <= piece.box[0] + slack)
        last = sum(1 for edge in inner if edge < piece.box[2] - slack)
        return first, max(first, last)

    def within(self, left: float, right: float) -> Columns:
        """The same columns in a table whose outer edges are known."""
        return Columns((min(left, self.edges[0]), *self.edges[1:-1], max(right, self.edges[-1])))


def pieces_of(lines: list[Line]) -> list[Line]:
    """Every stretch of text that is parted by white from its neighbours on the line.

    Spaced-out letters (合　　计) are one piece.
    """
    found: list[Line] = []
    for line in lines:
        groups = [[line.parts[0]]]
        for previous, part in pairwise(line.parts):
            gap = part.left - previous.right
            spaced = len(previous.text.strip()) == 1 and len(part.text.strip()) == 1
            spaced = spaced and _is_letter(previous.text) and _is_letter(part.text)
            if gap <= 0.3 * part.size or (spaced and gap <= LETTER_GAP * part.size):
                groups[-1].append(part)
            else:
                groups.append([part])
        found += [line_from(group) for group in groups]
    return [piece for piece in found if piece.text.strip()]


def _is_letter(text: str) -> bool:
    # 类, 款 and 项 side by side head three columns of a code's parts.
    return "\u4e00" <= text.strip() <= "\u9fff" and text.strip() not in "类款项"


def parted_letters(pieces: list[Line], columns: Columns) -> list[Line]:
    """``pieces``, with letters apart that only seem to be one word (合　　计) over a border.

    They are the ends of two cells side by side (时效指 / 标, 及时 / 率): each stands below a line of its own.
    """
    found: list[Line] = []
    for piece in pieces:
        first, last = columns.of(piece)
        letters = [line_from([part]) for part in piece.parts]
        uppers = [_line_above(letter, pieces) for letter in letters]
        apart = len({columns.of(letter) for letter in letters}) == len(letters)
        if first < last and apart and None not in uppers and len(set(map(id, uppers))) == len(letters):
            found += letters
        else:
            found.append(piece)
    return found


def _line_above(letter: Line, pieces: list[Line]) -> Line | None:
    """The line close above ``letter``."""
    for other in pieces:
        below = 0.5 * letter.size < letter.box[3] - other.box[3] < LEADING * letter.size
        if below and other.box[0] < letter.box[2] and letter.box[0] < other.box[2]:
            return other
    return None


def find_columns(pieces: list[Line], *, above: list[Line] | None = None) -> Columns | None:
    """The columns of a table from all that is printed in it; ``None`` where there are not two of them.

    ``above`` is the part of the table on the page before, if there is one.

    The borders are the fewest that part everything from what stands beside it: whatever
    reaches over one of them is a cell that spans columns.
    """
    gaps = _gaps(pieces) + _gaps(above or [])
    borders: list[tuple[float, float]] = []
    for left, right in sorted(gaps, key=lambda gap: (gap[1], gap[0])):
        if not borders or left + CLEARANCE >= borders[-1][1]:
            borders.append((left, right))
    if not borders:
        return None
    everything = [*pieces, *(above or [])]
    left, right = min(piece.box[0] for piece in everything), max(piece.box[2] for piece in everything)
    ends = [border[1] for border in borders]
    edges = [left, *_settled(gaps, ends, everything), right]
    return Columns(tuple(_beside_figures(edges, everything)))


def _gaps(pieces: list[Line]) -> list[tuple[float, float]]:
    """The white between all pieces and those to the right of them."""
    found: list[tuple[float, float]] = []
    ordered = sorted(pieces, key=_middle)
    data = min((piece.box[1] for piece in pieces if AMOUNT.fullmatch(compact(piece.text))), default=0.0)
    for index, piece in enumerate(ordered):
        for other in ordered[index + 1 :]:
            near = HALF_ROW if other.box[3] <= data else BESIDE
            if _middle(other) - _middle(piece) >= near * max(piece.size, other.size):
                break
            one, next_one = (piece, other) if piece.box[0] < other.box[0] else (other, piece)
            if one.box[2] <= next_one.box[0]:
                found.append((one.box[2], next_one.box[0]))
    return found


def _settled(
    gaps: list[tuple[float, float]],
    borders: list[float],
    pieces: list[Line],
) -> list[float]:
    """Every border where it cuts the fewest pieces, in the white that all gaps share which only it parts."""
    ranges = [(float("-inf"), border) for border in borders]
    for left, right in gaps:
        inside = [index for index, border in enumerate(borders) if left + CLEARANCE < border <= right]
        if len(inside) == 1:
            low, high = ranges[inside[0]]
            ranges[inside[0]] = max(low, left), min(high, right)
    return [_whitest(low, high, pieces) for low, high in ranges]


def _whitest(low: float, high: float, pieces: list[Line]) -> float:
    """The middle of the widest stretch between ``low`` and ``high`` with the fewest pieces over it."""
    ends = {end for piece in pieces for end in (piece.box[0], piece.box[2]) if low < end < high}
    stretches = list(pairwise([low, *sorted(ends), high]))

    def burden(stretch: tuple[float, float]) -> tuple[int, float]:
        middle = (stretch[0] + stretch[1]) / 2
        over = sum(1 for piece in pieces if piece.box[0] < middle < piece.box[2])
        return over, stretch[0] - stretch[1]

    best = min(
        (stretch for stretch in stretches if stretch[1] - stretch[0] > 0.2), key=burden, default=(low, high)
    )
    return (best[0] + best[1]) / 2


def _beside_figures(edges: list[float], pieces: list[Line]) -> list[float]:
    """Borders moved to the right end of the figures before them, which keep to it; headers are centred.

    A column of figures whose left border is not known so begins as far left of its header's middle
    as it ends right of it. A border that some piece then reaches over stays.
    """
    edges = _before_headers(edges, pieces)
    standing = _standing(edges, pieces)
    ends = [_common_end(own) for own in standing]
    moved = list(edges)
    for index, end in enumerate(ends[:-1]):
        at = edges[index + 1] if end is None else end + PADDING
        if at < edges[index + 1] and _over(at, pieces) <= _over(edges[index + 1], pieces):
            moved[index + 1] = at
    for index, end in enumerate(ends):
        if end is None or (index and ends[index - 1] is not None):
            continue
        head = min(standing[index], key=_middle)
        at = head.box[0] + head.box[2] - moved[index + 1]
        left = min(piece.box[0] for piece in standing[index])
        before = max((piece.box[2] for piece in standing[index - 1]), default=at) if index else float("-inf")
        if not index:
            moved[0] = min(moved[0], at)
        elif before < at < left and _over(at, pieces) <= _over(edges[index], pieces):
            moved[index] = at
    return moved


def _before_headers(edges: list[float], pieces: list[Line]) -> list[float]:
    """Borders moved right of figures that end before their column's header begins."""
    moved = list(edges)
    standing = _standing(edges, pieces)
    for index, own in enumerate(standing):
        end = _common_end(own)
        if not index or end is None or _common_end(standing[index - 1]) is not None:
            continue
        figures = [piece for piece in own if is_figure(piece.text)]
        if any(_is_beside(piece, other) for piece in figures for other in standing[index - 1]):
            continue  # two columns, whatever stands above them
        top = min(map(_middle, figures))
        heads = [piece for piece in own if _middle(piece) < top]
        if heads and end + PADDING < max(heads, key=_middle).box[0]:
            moved[index] = end + PADDING
    return moved


def _standing(edges: list[float], pieces: list[Line]) -> list[list[Line]]:
    """What stands in each column alone."""
    columns = Columns(tuple(edges))
    standing: list[list[Line]] = [[] for _ in range(len(columns))]
    for piece in pieces:
        first, last = columns.of(piece)
        if first == last:
            standing[first].append(piece)
    return standing


def _common_end(pieces: list[Line]) -> float | None:
    """The right end of a column's amounts, if they all keep to it."""
    ends = [piece.box[2] for piece in pieces if AMOUNT.fullmatch(compact(piece.text))]
    return max(ends) if ends and max(ends) - min(ends) <= ALIGNED else None


def _over(at: float, pieces: list[Line]) -> int:
    return sum(1 for piece in pieces if piece.box[0] < at < piece.box[2])


def _is_beside(piece: Line, other: Line) -> bool:
    return abs(_middle(piece) - _middle(other)) < BESIDE * max(piece.size, other.size)


def _middle(piece: Line) -> float:
    return (piece.box[1] + piece.box[3]) / 2
