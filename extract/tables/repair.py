"""Delimited rows that lost cells, and headers whose columns cannot be told apart, put right.

A header that a reader could not divide still has its words: they say which columns the table has,
and if the figures confirm exactly one arrangement of them, that is the header. Otherwise the
figures are left unread; a figure is never filed under the wrong column.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from decimal import Decimal
from itertools import pairwise

from fiscalgraph.extract.document import Cell
from fiscalgraph.extract.normalise import compact, is_figure, printed_figure
from fiscalgraph.extract.records import Leftover, Source
from fiscalgraph.extract.tables.arrangements import arrangements
from fiscalgraph.extract.tables.header import CODE, NUMBERING, Row, is_order_row, text_of
from fiscalgraph.extract.tables.header_words import Family, find_words, is_part_of_a_word, is_several_words
from fiscalgraph.extract.tables.layouts import MatchedLayout

__all__ = ["aligned_rows", "sound_header", "unread_figures"]

_ABOVE_LABELS = frozenset({Family.LABEL, Family.ORDER, Family.ITEM, Family.OWNER})
_UNIT_NUMBER = re.compile(r"(?:单位|部门)(?:编码|代码|编号)$")
_CENT = Decimal("0.01")
_CONFIRMED = 0.9  # share of rows in which a header's sums must hold


def _value_columns(rows: Sequence[Row], width: int) -> list[int]:
    """The columns that hold amounts: mostly figures, and not mostly codes."""
    found = []
    for c in range(width):
        texts = [text_of(row[c]) for row in rows if c < len(row) and not is_order_row(row)]
        filled = [text for text in texts if text and text not in ("-", "--", "—")]
        figures = sum(is_figure(text) for text in filled)
        codes = sum(
            re.fullmatch(r"\d{2}", text) is not None or CODE.fullmatch(text) is not None for text in filled
        )
        if filled and figures * 2 > len(filled) and codes * 2 < len(filled):
            found.append(c)
    return found


def aligned_rows(rows: Sequence[list[Cell | None]], width: int) -> tuple[list[list[Cell | None]], list[Row]]:
    """Rows of a delimited table in their columns, and the rows whose columns cannot be told.

    A label over the columns of code and name (合计) leaves its row shorter by the squares it covers;
    all cells right of it still stand in order.
    """
    whole = [row for row in rows if len(row) == width and text_of(row[0] if row else None)]
    coded = [row for row in whole if CODE.fullmatch(text_of(row[0]))]
    if not coded:
        return list(rows), []
    labels = 1 + max(
        (c for row in coded for c, cell in enumerate(row) if text_of(cell) and not is_figure(text_of(cell))),
        default=0,
    )
    sound: list[list[Cell | None]] = []
    lost: list[Row] = []
    for row in rows:
        missing = width - len(row)
        if missing == 0 or not any(is_figure(text_of(cell)) for cell in row):
            sound.append(row)
            continue
        kept = labels - missing
        named = 0 < kept < labels and not any(is_figure(text_of(cell)) for cell in row[:kept])
        if named and text_of(row[0]):
            gap: list[Cell | None] = [None] * missing
            sound.append([*row[:kept], *gap, *row[kept:]])
        else:
            lost.append(row)
    return sound, lost


def _confirms(matched: MatchedLayout, rows: Sequence[Sequence[Decimal | None]]) -> bool:
    """Whether the sums that a header implies hold in the rows, and are more than zeros."""
    held = tried = 0
    for row in rows:
        for identity in matched.layout.identities:
            total = row[identity.total]
            parts = [value for c in identity.parts if (value := row[c]) is not None]
            if not total and not any(parts):
                continue
            tried += 1
            held += abs((total or Decimal(0)) - sum(parts, Decimal(0))) <= _CENT * (len(parts) + 1)
    return tried > 0 and held >= _CONFIRMED * tried


def _columns_by_words(
    header: Sequence[Row], rows: Sequence[Row], values: Sequence[int]
) -> tuple[tuple[str, ...], ...] | None:
    """The header paths of the value columns that the header's words and the rows' sums agree on."""
    pieces: list[str] = []
    for row in header:
        if is_order_row(row):
            continue
        last: Cell | None = None
        for cell in row:
            if cell is not None and cell is not last:
                pieces += [piece for line in cell.text.split("\n") if (piece := compact(line))]
            last = cell
    words = find_words([piece for piece in pieces if not piece.isdecimal()])
    if words is None:
        return None
    figures = [
        [
            Decimal(printed_figure(text).rstrip("%"))
            if is_figure(text := text_of(row[c] if c < len(row) else None))
            else None
            for c in values
        ]
        for row in rows
        if not is_order_row(row)
    ]
    fitting = [each for each in arrangements(words) if len(each.paths) == len(values)]
    confirmed = {each.paths for each in fitting if _confirms(each, figures)}
    if not confirmed and len(fitting) == 1 and (len(values) == 1 or fitting[0].layout.sides):
        return fitting[0].paths  # nothing to add up and nothing to confuse
    return confirmed.pop() if len(confirmed) == 1 else None


def _undivided(paths: Sequence[tuple[str, ...]], values: Sequence[int]) -> list[int]:
    """Value columns without a name or with several names, and neighbours that have the same."""
    same = {d for c in values if c - 1 in values and paths[c] == paths[c - 1] for d in (c - 1, c)}
    return [
        c
        for c in values
        if not paths[c]
        or c in same
        or any(map(_names_no_column, paths[c]))
        or any(map(is_part_of_a_word, paths[c][:-1]))  # a last word may be clipped in print
    ]


def _contradicts_itself(path: Sequence[str]) -> bool:
    """Whether a word stands above what is no part of it, since the columns have shifted.

    公务用车购置及运行维护费 above 因公出国, 本年支出 above 本年收入.
    """
    for above, below in pairwise(path):
        words = find_words([above])
        parts = find_words([below])
        if not words or not parts:
            continue
        families = {word.family for word in parts}
        if words[-1].family is Family.VEHICLES and Family.PUBLIC in families:
            return True
        if words[-1].text == "本年支出" and families & {Family.BLOCK, Family.CARRIED}:
            return True
    return False


def _names_no_column(text: str) -> bool:
    """Whether a part of a header path is of several columns, or stands only above labels."""
    if is_several_words(text):
        return True
    words = find_words([text])
    return words is not None and all(word.family in _ABOVE_LABELS for word in words)


def sound_header(
    paths: tuple[tuple[str, ...], ...], header: Sequence[Row], rows: Sequence[Row], *, ragged: bool = False
) -> tuple[tuple[tuple[str, ...], ...], list[int]]:
    """The header paths of a table, and the columns whose figures cannot be read.

    Doubtful are headers with rows that lost cells (``ragged``), and in coded tables columns without
    a name, neighbours with the same one, and names of no known words.
    """
    coded = any(
        CODE.fullmatch(text_of(cell))
        for row in rows
        for cell, path in zip(row[:4], paths, strict=False)
        if not any(map(_UNIT_NUMBER.search, path[-1:]))
    )
    ragged = ragged or any(map(_contradicts_itself, paths))
    if not coded and not ragged:
        return paths, []
    values = [c for c in _value_columns(rows, len(paths)) if not any(map(NUMBERING.search, paths[c][-1:]))]
    undivided = values if ragged else _undivided(paths, values)
    unknown = any(find_words([part]) is None for c in values for part in paths[c])
    if not undivided and not unknown:
        return paths, []
    found = _columns_by_words(header, rows, values)
    if found is None and ragged and values:  # columns without a figure have names too
        values = list(range(values[0], len(paths)))
        found = _columns_by_words(header, rows, values)
    if found is None:
        several = any(is_several_words(part) for c in undivided for part in paths[c])
        return paths, values if several else undivided  # what stands above one may stand above all
    made = list(paths)
    for c, path in zip(values, found, strict=True):
        made[c] = path
    return tuple(made), []


def unread_figures(rows: Sequence[Row], values: Sequence[int], why: str) -> list[Leftover]:
    """The figures of rows that cannot be read, for the report."""
    left = []
    for row in rows:
        seen = Counter(text_of(cell) for cell in row if text_of(cell))
        for c, cell in enumerate(row):
            text = text_of(cell)
            if cell is None or c not in values or not is_figure(text) or (c and row[c - 1] is cell):
                continue
            if c < 2 and CODE.fullmatch(text):
                continue
            place = cell.place
            source = Source(" ".join(seen)[:300], place.page, place.line, place.box, place.part)
            left.append(Leftover("cell", f"{printed_figure(text)}: {why}", source))
    return left
