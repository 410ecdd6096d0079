"""A page as a picture: set straight, its rules found, parts of it put together for recognition.

Pictures are grey, one byte a pixel, 0 black. Rules are in points from the page's top left,
like everything else that is said about pages.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pypdfium2

from fiscalgraph.extract.readers.pdf_content import Rule
from fiscalgraph.extract.readers.pdf_grid import merge_rules

__all__ = [
    "Box",
    "Crop",
    "Mask",
    "Montage",
    "Picture",
    "crop",
    "find_rules",
    "ink_threshold",
    "line_boxes",
    "montages",
    "render",
    "skew_of",
    "straightened",
    "turned",
    "without_rules",
]

Picture = npt.NDArray[np.uint8]
Mask = npt.NDArray[np.bool_]
Box = tuple[float, float, float, float]  # left, top, right, bottom in points

MAX_PIXELS = 60_000_000  # of one page: larger ones are drawn with fewer dots an inch
MAX_SKEW = 3.0  # degrees by which a scan may be turned and still be set straight
RULE_THICKNESS = 3.0  # points
SURE_RULE = 40.0  # a dark line this long (points) is a rule
SHORT_RULE = 8.0  # one this long is a rule where both of its ends meet rules
MEETS = 1.2  # points between the end of a line and the rule that it meets
COVERED = 0.85  # share of a rule that must be dark: chance lines through text have gaps
RULE_EDGE = 1.2  # points inside a cell's border that may still show the rule
SPECK = 1.0  # square points of ink that are more than dirt (a full stop has about one)
WIDE_GAP = 3.0  # a gap wider than this many heights of a line separates things on it
_WHITE = 255
_MARGIN = 40  # pixels around the parts of a montage
_TALL = 9000  # pixels of one montage


class _Runs(NamedTuple):
    """Stretches of dark pixels along the rows of a mask; ``stop`` is the first pixel after one."""

    row: npt.NDArray[np.int64]
    start: npt.NDArray[np.int64]
    stop: npt.NDArray[np.int64]


def render(page: pypdfium2.PdfPage, dots_per_inch: float) -> tuple[Picture, float]:
    """The page in grey, and its dots per inch (fewer than asked for where it is very large)."""
    width, height = page.get_size()
    scale = min(dots_per_inch / 72, (MAX_PIXELS / max(width * height, 1.0)) ** 0.5)
    bitmap = page.render(scale=scale, grayscale=True)
    try:
        return np.array(bitmap.to_numpy(), dtype=np.uint8).reshape(bitmap.height, bitmap.width), scale * 72
    finally:
        bitmap.close()


def ink_threshold(picture: Picture) -> int:
    """The grey that parts ink from paper best (Otsu's method)."""
    counts = np.bincount(picture.ravel(), minlength=256).astype(np.float64)
    below = np.cumsum(counts)
    sums = np.cumsum(counts * np.arange(256))
    above = below[-1] - below
    with np.errstate(divide="ignore", invalid="ignore"):
        between = below * above * (sums / below - (sums[-1] - sums) / above) ** 2
    return int(np.nanargmax(between)) if np.isfinite(between).any() else 128


def _rule_threshold(picture: Picture) -> float:
    """The grey from which on a pixel may belong to a rule: hairlines are lighter than ink."""
    return (ink_threshold(picture) + float(np.median(picture))) / 2


def skew_of(picture: Picture, dots_per_inch: float) -> float:
    """How far the lines of the page fall to the right, in pixels a pixel (0 for a straight page).

    Straight lines of text and rules fill few rows and leave others empty: the slope that makes
    the rows most unequal is the page's.
    """
    dark: Mask = picture < _rule_threshold(picture)
    best = 0.0
    for reach, pace, resolution in ((MAX_SKEW, 0.1, 75), (0.1, 0.01, 150)):
        ys, xs = _dark_points(dark, max(1, round(dots_per_inch / resolution)))
        if len(ys) < 200:
            return 0.0
        offsets = np.arange(-reach, reach + pace / 2, pace)
        slopes = [best + float(np.tan(np.radians(offset))) for offset in offsets]
        best = max(slopes, key=lambda slope: _unevenness(ys, xs, slope))
    # A gain this small is chance: the page is straight already.
    return best if _unevenness(ys, xs, best) > 1.02 * _unevenness(ys, xs, 0.0) else 0.0


def _dark_points(dark: Mask, step: int) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """Rows and columns of the dark dots of the picture made smaller by ``step``; at most 300,000."""
    height, width = (size - size % step for size in dark.shape)
    small = dark[:height, :width].reshape(height // step, step, width // step, step).any(axis=(1, 3))
    ys, xs = np.nonzero(small)
    chosen = np.linspace(0, len(ys) - 1, min(len(ys), 300_000)).astype(np.int64)
    return ys[chosen], xs[chosen]


def _unevenness(ys: npt.NDArray[np.int64], xs: npt.NDArray[np.int64], slope: float) -> float:
    rows = np.rint(ys - slope * xs).astype(np.int64)
    counts = np.bincount(rows - rows.min()).astype(np.float64)
    return float((counts**2).sum())


def straightened(picture: Picture, slope: float) -> Picture:
    """The picture turned by a small angle so that lines of ``slope`` lie level."""
    if abs(slope) < 1e-4:
        return picture
    height, width = picture.shape
    xs, ys = np.arange(width), np.arange(height)
    down = np.rint(slope * (xs - width / 2)).astype(np.int64)
    level = picture[np.clip(ys[:, None] + down[None, :], 0, height - 1), xs[None, :]]
    across = np.rint(slope * (ys - height / 2)).astype(np.int64)
    upright: Picture = level[ys[:, None], np.clip(xs[None, :] - across[:, None], 0, width - 1)]
    return upright


def turned(picture: Picture, quarters: int) -> Picture:
    """The picture turned counter-clockwise by ``quarters`` of a circle."""
    return np.ascontiguousarray(np.rot90(picture, quarters))


def _runs(mask: Mask, least: int, gap: int) -> _Runs:
    """The dark stretches of at least ``least`` pixels; gaps of at most ``gap`` pixels do not end one."""
    height, width = mask.shape
    stride = width + gap + 2
    padded = np.zeros((height, stride), dtype=np.int8)
    padded[:, 1 : width + 1] = mask
    change = np.diff(padded.ravel(), prepend=0)
    start, stop = np.flatnonzero(change == 1), np.flatnonzero(change == -1)
    if not len(start):
        empty = np.zeros(0, dtype=np.int64)
        return _Runs(empty, empty, empty)
    first = np.concatenate([[True], start[1:] - stop[:-1] > gap])
    begin = np.flatnonzero(first)
    start, stop = start[begin], stop[np.append(begin[1:], len(first)) - 1]
    long = stop - start >= least
    start, stop = start[long], stop[long]
    row = start // stride
    return _Runs(row, start - row * stride - 1, stop - row * stride - 1)


def _thin(mask: Mask, most: int) -> Mask:
    """The dark pixels of vertical stretches of at most ``most`` pixels: what may be a level rule."""
    runs = _runs(np.ascontiguousarray(mask.T), 1, 0)
    keep = runs.stop - runs.start <= most
    edges = np.zeros((mask.shape[1], mask.shape[0] + 1), dtype=np.int8)
    edges[runs.row[keep], runs.start[keep]] = 1
    edges[runs.row[keep], runs.stop[keep]] = -1
    thin: Mask = np.cumsum(edges, axis=1, dtype=np.int8)[:, :-1].T > 0
    return thin


def _level_lines(picture: Picture, dots: float) -> list[Rule]:
    """Straight thin lines along the rows of ``picture``, in points (``dots`` pixels a point)."""
    ink, paper = ink_threshold(picture), float(np.median(picture))
    faint = max(24.0, 0.4 * (paper - ink))
    # Made as light as a faint rule first: black must not spread into the gaps beside it.
    smooth = _smoothed(np.maximum(picture, np.uint8(max(0.0, paper - 1.4 * faint))), max(3, round(3 * dots)))
    # Rules are black, thin and grey, or grey and broken by noise; and some stand on grey ground.
    masks = [
        (picture < ink, SHORT_RULE),
        (picture < (ink + paper) / 2, SHORT_RULE),
        (smooth < paper - faint, SURE_RULE),
    ]
    long: list[Rule] = []
    short: list[Rule] = []
    for mask, least in masks:
        for piece in _thin_stretches(mask, least, dots):
            (long if piece.end - piece.start >= SURE_RULE else short).append(piece)
    # Apart, so that a character's stroke cannot lengthen the rule that it nearly touches.
    return merge_rules(long) + merge_rules(short)


def _thin_stretches(mask: Mask, least: float, dots: float) -> list[Rule]:
    """The stretches of at least ``least`` points along rows of dark pixels that are thin across."""
    thin = _thin(mask, max(2, round(RULE_THICKNESS * dots)))
    wide = thin.copy()  # a line that is not quite straight stays one line
    wide[1:] |= thin[:-1]
    wide[:-1] |= thin[1:]
    runs = _runs(wide | mask, round(least * dots), 2)  # where another rule crosses, it is dark but not thin
    covered = np.zeros((mask.shape[0], mask.shape[1] + 1), dtype=np.int32)
    np.cumsum(wide, axis=1, out=covered[:, 1:])
    share = (covered[runs.row, runs.stop] - covered[runs.row, runs.start]) / (runs.stop - runs.start)
    found = [column[share >= COVERED].tolist() for column in runs]
    return [
        Rule((row + 0.5) / dots, start / dots, stop / dots) for row, start, stop in zip(*found, strict=True)
    ]


def _smoothed(picture: Picture, reach: int) -> Picture:
    """Each pixel the mean of the ``reach`` pixels around it on its row: noise goes, level lines stay."""
    before, after = reach // 2, reach - reach // 2
    padded = np.pad(picture, ((0, 0), (before + 1, after - 1)), mode="edge")
    sums = np.cumsum(padded, axis=1, dtype=np.int64)
    smooth: Picture = ((sums[:, reach:] - sums[:, :-reach]) // reach).astype(np.uint8)
    return smooth


def _confirmed(lines: list[Rule], others: list[Rule]) -> list[Rule]:
    """The lines that are rules by their length, or because both of their ends meet ``others``."""

    def meets(line: Rule, end: float) -> bool:
        return any(
            abs(other.at - end) <= MEETS and other.start - MEETS <= line.at <= other.end + MEETS
            for other in others
        )

    return [
        line
        for line in lines
        if line.end - line.start >= SURE_RULE or (meets(line, line.start) and meets(line, line.end))
    ]


def find_rules(picture: Picture, dots_per_inch: float) -> tuple[list[Rule], list[Rule]]:
    """The level and the upright rules of a straight picture."""
    dots = dots_per_inch / 72
    level, upright = _level_lines(picture, dots), _level_lines(np.ascontiguousarray(picture.T), dots)
    long_level = [rule for rule in level if rule.end - rule.start >= SURE_RULE]
    upright = _confirmed(upright, long_level)
    return merge_rules(_confirmed(level, upright)), merge_rules(upright)


def without_rules(picture: Picture, rules: tuple[list[Rule], list[Rule]], dots_per_inch: float) -> Picture:
    """The picture with its rules painted white."""
    dots = dots_per_inch / 72
    painted = picture.copy()

    def stretch(middle: float) -> slice:
        return slice(max(0, round((middle - RULE_EDGE) * dots)), round((middle + RULE_EDGE) * dots) + 1)

    for rule in rules[0]:
        painted[stretch(rule.at), max(0, int(rule.start * dots)) : int(rule.end * dots) + 1] = _WHITE
    for rule in rules[1]:
        painted[max(0, int(rule.start * dots)) : int(rule.end * dots) + 1, stretch(rule.at)] = _WHITE
    return painted


def line_boxes(picture: Picture, outside: list[Box], threshold: int, dots_per_inch: float) -> list[Box]:
    """The printed lines that do not lie in the boxes ``outside`` (the tables), cut at very wide gaps."""
    dots = dots_per_inch / 72
    ink: Mask = picture < threshold
    for left, top, right, bottom in outside:
        ink[max(0, int((top - 1) * dots)) : int((bottom + 1) * dots) + 1,
            max(0, int((left - 1) * dots)) : int((right + 1) * dots) + 1] = False  # fmt: skip
    boxes: list[Box] = []
    least = max(2, round(0.4 * dots))  # fewer dark pixels on a row than this are specks
    for top, bottom in _stretches(ink.sum(axis=1) >= least, round(0.5 * dots)):
        if bottom - top < 1.5 * dots:
            continue
        band = ink[top:bottom]
        columns = np.asarray(band.any(axis=0), dtype=np.bool_)
        for left, right in _stretches(columns, round(WIDE_GAP * (bottom - top))):
            boxes.append((left / dots, top / dots, right / dots, bottom / dots))
    return boxes


def _stretches(marked: Mask, gap: int) -> list[tuple[int, int]]:
    """The stretches of marked positions; gaps of at most ``gap`` do not end one."""
    runs = _runs(marked[None, :], 1, gap)
    return list(zip(runs.start.tolist(), runs.stop.tolist(), strict=True))


@dataclass(frozen=True, slots=True)
class Crop:
    """The inked part of a page's ``box``; ``left`` and ``top`` are its place on the page in pixels."""

    picture: Picture
    left: int
    top: int
    box: Box


def crop(picture: Picture, box: Box, threshold: int, dots_per_inch: float, *, ruled: bool) -> Crop | None:
    """What stands in a box, without its borders where it is ``ruled``; ``None`` for nothing or specks."""
    dots = dots_per_inch / 72
    edge = RULE_EDGE * dots if ruled else 0.0
    left, top = max(0, round(box[0] * dots + edge)), max(0, round(box[1] * dots + edge))
    right, bottom = round(box[2] * dots - edge), round(box[3] * dots - edge)
    part = picture[top:bottom, left:right]
    if part.shape[0] < 4 or part.shape[1] < 4:
        return None
    ink = part < threshold
    if ruled:
        reach = max(1, round(2.0 * dots))  # how far in from the border its rule may still be seen
        first_row, last_row = _inside(ink.mean(axis=1) > 0.7, reach)
        first_column, last_column = _inside(ink.mean(axis=0) > 0.7, reach)
        part = part[first_row:last_row, first_column:last_column]
        ink = ink[first_row:last_row, first_column:last_column]
        left, top = left + first_column, top + first_row
    if ink.sum() < SPECK * dots * dots:
        return None
    ys, xs = np.flatnonzero(ink.any(axis=1)), np.flatnonzero(ink.any(axis=0))
    y, x = int(ys[0]), int(xs[0])
    return Crop(part[y : int(ys[-1]) + 1, x : int(xs[-1]) + 1], left + x, top + y, box)


def _inside(ruled: Mask, reach: int) -> tuple[int, int]:
    """Cut off what is left of a rule at both ends."""
    first, last = 0, len(ruled)
    for index in range(min(reach, len(ruled))):
        first = index + 1 if ruled[index] else first
    for index in range(min(reach, len(ruled))):
        last = len(ruled) - index - 1 if ruled[len(ruled) - index - 1] else last
    return (first, last) if last - first > 3 else (0, len(ruled))


@dataclass(frozen=True, slots=True)
class Montage:
    """Crops one below the other; ``members`` are their numbers, ``tops`` where each begins.

    All begin ``left`` pixels from the picture's left.
    """

    picture: Picture
    members: tuple[int, ...]
    tops: tuple[int, ...]
    left: int = _MARGIN

    def member_at(self, y: float) -> int:
        """The position in ``members`` of the crop nearest to the row ``y``."""
        return max(0, int(np.searchsorted(np.array(self.tops), y + _MARGIN / 2, side="right")) - 1)


def montages(crops: list[Crop]) -> list[Montage]:
    """Put crops together into few pictures of one column, each not too tall for recognition."""
    groups: list[list[int]] = []
    height = _TALL
    for number, part in enumerate(crops):
        if height + part.picture.shape[0] + _MARGIN > _TALL:
            groups.append([])
            height = _MARGIN
        groups[-1].append(number)
        height += part.picture.shape[0] + _MARGIN
    return [_montage(crops, group) for group in groups]


def _montage(crops: list[Crop], group: list[int]) -> Montage:
    parts = [crops[number].picture for number in group]
    width = max(part.shape[1] for part in parts) + 2 * _MARGIN
    picture = np.full((sum(p.shape[0] + _MARGIN for p in parts) + _MARGIN, width), _WHITE, dtype=np.uint8)
    tops: list[int] = []
    top = _MARGIN
    for part in parts:
        picture[top : top + part.shape[0], _MARGIN : _MARGIN + part.shape[1]] = part
        tops.append(top)
        top += part.shape[0] + _MARGIN
    return Montage(picture, tuple(group), tuple(tops))
