"""Whose a form is: the name that stands beside 部门名称 or 单位名称, in a cell or on a printed line."""

from __future__ import annotations

import re
from collections.abc import Iterator

from fiscalgraph.extract.document import Document, Paragraph, Place, Table
from fiscalgraph.extract.paragraphs import tidy
from fiscalgraph.extract.recognise.names import ORGANISATION, public_body

__all__ = ["labelled_bodies"]

_LABEL = re.compile(
    r"(?:预算)?(?:主管)?(?:部门|单位)(?:[（(](?:单位|部门)[）)])?名称|填报(?:部门|单位)|申报(?:部门|单位)"
)
_OF_A_DEPARTMENT = re.compile("部门")
_SPREAD = re.compile(r"(?<!\S)([一-龥])\s+(?=[一-龥](?:\s|$))")  # 部 门 名 称
_HAN = re.compile("[一-龥]{2,12}")
_HEAD_ROWS = 8
_LONG = 100  # characters: a line of prose or of a list, not of a form's head


def labelled_bodies(document: Document) -> Iterator[tuple[str, str, Place]]:
    """The public bodies so labelled, with the text and the place of each."""
    for block, following in zip(document.blocks, (*document.blocks[1:], None), strict=True):
        if isinstance(block, Table):
            yield from _in_table(block)
        else:
            yield from _on_line(block, following.text if isinstance(following, Paragraph) else "")


def _in_table(table: Table) -> Iterator[tuple[str, str, Place]]:
    rows: dict[int, list[tuple[str, Place]]] = {}
    for cell in table.cells:
        if text := tidy(cell.text):
            rows.setdefault(cell.row, []).append((text, cell.place))
    for number in sorted(rows)[:_HEAD_ROWS]:
        row = rows[number]
        for index, (label, _) in enumerate(row[:-1]):
            if _LABEL.fullmatch(label):
                value = next((other for other in row[index + 1 :] if other[0] != label), None)
                name = public_body(value[0]) if value is not None else None
                if name is not None and value is not None:
                    yield name, *value


def _on_line(line: Paragraph, following: str) -> Iterator[tuple[str, str, Place]]:
    """Of a flattened form a row is a line: “（2024年度） 部门名称 清河市水务局 预算编码 127”."""
    if len(line.text) > _LONG:
        return
    words = _SPREAD.sub(r"\1", line.text).split()
    for index, word in enumerate(words):
        if not _LABEL.fullmatch(word):
            continue
        last = index + 2 >= len(words)
        if index + 1 < len(words):
            value = words[index + 1]
        elif len(words) == 1 and _OF_A_DEPARTMENT.search(word):
            value = following.strip()  # 单位名称 alone heads a list
        else:
            continue
        name = public_body(value)
        below = following.strip()
        if last and index + 1 < len(words) and _HAN.fullmatch(below) and ORGANISATION.search(below):
            name = public_body(value + below) or name  # a narrow cell has broken the name
        if name is not None:
            yield name, tidy(line.text), line.place
