"""The glossary (名词解释) of a disclosure: it defines words and states nothing about the year."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from fiscalgraph.extract.document import Paragraph

__all__ = ["in_glossary"]

_HEADING = re.compile(r"(?:名词|名称|术语|专业性?名词|专业名词).{0,4}解释$")
_PART = re.compile(r"第[一二三四五六七八九十]{1,3}部分")
_OTHER_HEADING = re.compile("(?:说明|情况|概况|附件|附表|表|设置|职能|职责|构成|范围)$")
_LONGEST_HEADING = 40
# Figures of a year define nothing, though the heading above them was lost.
_STATES_FIGURES = re.compile(
    r"20\d\d年[^。]{0,40}?\d[\d,，.]*[万亿]?元|\d[\d,，.]*[万亿]?元[，,][^。]{0,12}?比(?:20\d\d年|上年|去年)"
)


def in_glossary(paragraphs: Sequence[Paragraph]) -> Iterator[bool]:
    """For each of ``paragraphs``, in order, whether it stands in a glossary, its heading included."""
    inside = False
    for paragraph in paragraphs:
        text = paragraph.text
        if len(text) < _LONGEST_HEADING and _HEADING.search(text):
            inside = True
        elif inside:
            heading = len(text) < _LONGEST_HEADING and (_PART.match(text) or _OTHER_HEADING.search(text))
            inside = not heading and _STATES_FIGURES.search(text) is None
        yield inside
