"""Where a table's header ends, and which header words stand above each column."""

from __future__ import annotations

import re
from collections.abc import Sequence

from fiscalgraph.extract.document import Cell
from fiscalgraph.extract.normalise import compact, is_figure

__all__ = [
    "CODE",
    "CODED_NAME",
    "CODE_WITHIN",
    "NUMBERING",
    "TOTAL_LABELS",
    "Row",
    "header_height",
    "header_paths",
    "is_order_row",
    "text_of",
]

Row = Sequence[Cell | None]

# 政府收支分类科目: 类 three digits, 款 five, 项 seven; 1 income, 2 functional, 3 and 5 economic.
CODE = re.compile(r"[1235]\d{2}(?:\d{2}){0,2}")
CODED_NAME = re.compile(
    r"[\[【（(]?([1235]\d{2}(?:\d{2}){0,2})[\]】）)]?[-－—_、:：.]?([\u4e00-\u9fff“(（].*)"
)
CODE_WITHIN = re.compile(r"[\u4e00-\u9fff)）][1235]\d{4}(?:\d{2})?(?!\d)")  # ran into the name beside it
TOTAL_LABELS = frozenset(
    {
        "合计", "总计", "本年收入合计", "本年支出合计", "收入合计", "支出合计", "收入总计", "支出总计",
        "本年合计", "总合计", "部门合计", "单位合计", "支出预算合计", "收入预算合计", "基本支出合计",
    }
)  # fmt: skip
NUMBERING = re.compile(r"(?:编码|代码|编号|序号|行次|栏次)$")  # heads numbers that are no amounts
_ENUMERATED = re.compile(
    r"^(?:[一二三四五六七八九十]{1,3}[、.．]|[（(][一二三四五六七八九十\d]{1,3}[）)]|\d{1,2}[、.．](?!\d))"
)
_ORDER_LABELS = frozenset({"栏次", "行次", "**", "*", "—", "-", "栏", "甲", "乙", "丙"})


def text_of(cell: Cell | None) -> str:
    """The cell's text without blanks; empty for no cell."""
    return compact(cell.text) if cell is not None else ""


def _distinct(row: Row) -> list[str]:
    """Texts of the row's cells, a merged cell once, empty ones left out."""
    texts: list[str] = []
    last: Cell | None = None
    for cell in row:
        if cell is not None and cell is not last and text_of(cell):
            texts.append(text_of(cell))
        last = cell
    return texts


_UNREAD = re.compile("□+")


def is_order_row(row: Row) -> bool:
    """Whether the row only numbers the columns: 栏次 1 2 3, or ** ** 1 2 3."""
    texts = [text for text in _distinct(row) if text not in _ORDER_LABELS]
    if not texts:
        return any(text in _ORDER_LABELS for text in _distinct(row))
    labelled = len(texts) < len(_distinct(row))
    numbers: list[int] = []
    unread = 0  # cells since the last number that recognition could not read
    for text in texts:
        if _UNREAD.fullmatch(text):
            unread += 1
            continue
        found = re.fullmatch(r"[（(]?(\d{1,2})(?:[=＝+＋\-－—*×()（）\d]*)[）)]?(?:栏)?", text)
        if found is None:
            return False
        number = int(found.group(1))
        if numbers and not 1 <= number - numbers[-1] - unread <= 2:
            return False
        numbers.append(number)
        unread = 0
    return bool(numbers) and (labelled or (len(numbers) >= 2 and numbers[0] <= 2))


def _is_body(row: Row, above: int) -> bool:
    texts = _distinct(row)
    if not texts:
        return above > 0  # an empty row below a header belongs to the body
    if is_order_row(row):
        return False
    if any(is_figure(text) and not re.fullmatch(r"20\d\d", text) for text in texts):
        return True
    if any(CODED_NAME.fullmatch(text) for text in texts[:3]):
        return True
    if _ENUMERATED.match(texts[0]):
        return True
    return (
        above > 0 and len(texts) <= 2 and all(text in TOTAL_LABELS or text.endswith("合计") for text in texts)
    )


def header_height(rows: Sequence[Row]) -> int:
    """How many leading rows are header rows (column-numbering rows included).

    0 for a part of a table that continues without a repeated header.
    """
    height = 0
    for row in rows:
        if _is_body(row, height):
            break
        height += 1
    if height == len(rows):  # nothing but words: a form or a list, not a table of figures
        return min(1, height)
    return height


def _reaches_down(rows: Sequence[Row], r: int, c: int) -> bool:
    """Whether the cell in that square also stands in all the header's rows below it."""
    cell = rows[r][c] if c < len(rows[r]) else None
    return cell is not None and all(c < len(row) and row[c] is cell for row in rows[r + 1 :])


def header_paths(rows: Sequence[Row], width: int) -> list[tuple[str, ...]]:
    """For each column the header texts above it, outermost first.

    A cell that stands in several columns or rows is counted once a column. Where merged
    cells were lost, an empty square takes its left neighbour's text if both have a header
    text of their own below (the neighbour is then a parent; a cell that reaches down itself is none).
    """
    rows = [row for row in rows if not is_order_row(row)]
    texts = [[text_of(row[i]) if i < len(row) else "" for i in range(width)] for row in rows]
    for r, line in enumerate(texts[:-1]):
        below = ["".join(texts[k][c] for k in range(r + 1, len(texts))) for c in range(width)]
        short = len(rows[r]) < width and len(set(map(len, rows))) > 1
        for c in range(1, width):
            if (
                not line[c]
                and line[c - 1]
                and below[c]
                and below[c - 1]
                and not _reaches_down(rows, r, c - 1)
            ):
                above = texts[r - 1] if r else None
                if above is None or above[c] == above[c - 1]:
                    line[c] = line[c - 1]
        if short:  # a row that lost a cell cannot say where its texts belong
            texts[r] = [""] * width
    paths: list[tuple[str, ...]] = []
    for c in range(width):
        path: list[str] = []
        last: Cell | None = None
        for r, row in enumerate(rows):
            cell = row[c] if c < len(row) else None
            if texts[r][c] and (cell is None or cell is not last) and (not path or path[-1] != texts[r][c]):
                path.append(texts[r][c])
            if cell is not None:
                last = cell
        paths.append(tuple(path))
    return paths
