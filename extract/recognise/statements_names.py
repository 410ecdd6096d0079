"""Names that the prose gives to tables and projects: the contents list, names in quotation marks."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from fiscalgraph.extract.document import Paragraph
from fiscalgraph.extract.paragraphs import source_at
from fiscalgraph.extract.records import Statement

__all__ = ["name_statements"]

_ENTRY = re.compile(
    r"(?:[一二三四五六七八九十]{1,3}、|[（(][一二三四五六七八九十]{1,3}[）)]|\d{1,2}[.、．]"
    r"|(?:附?表|公开)?\d{1,2}(?!\d|年)表?[:：、]?)*(?:20\d\d年度?)?"
    r"(?P<title>[一-龥“”（）()、]{3,40}?表)(?:[.…·\s]*\d{0,3})"
)
_CONTENTS_SHARE = 0.4  # a contents list stands in this first part of a document
_QUOTED = re.compile(
    r"[“\"](?P<name>[^“”\"]{4,40})[”\"](?=(?:项目|[（(](?:一|二)级项目|、[“\"]|[（(]?\d{4}年度?|[，,]?等\d+个))"
)
_NO_PROJECT = re.compile("三公|一网|放管服|十四五|过紧日子|十五五")


def name_statements(paragraphs: Sequence[Paragraph]) -> Iterator[Statement]:
    """Titles in the contents list (``caption``) and quoted names of projects (``quoted_name``)."""
    contents = paragraphs[: max(1, int(len(paragraphs) * _CONTENTS_SHARE))]
    run: list[Statement] = []
    for paragraph in contents:
        match = _ENTRY.fullmatch(paragraph.text)
        if match is not None:
            source = source_at(paragraph, 0, len(paragraph.text))
            run.append(Statement("caption", None, match["title"], None, (), None, source))
        else:
            if len(run) >= 3:
                yield from run
            run = []
    if len(run) >= 3:
        yield from run
    for paragraph in paragraphs:
        for match in _QUOTED.finditer(paragraph.text):
            if not _NO_PROJECT.search(match["name"]):
                source = source_at(paragraph, match.start(), match.end())
                yield Statement("quoted_name", None, match["name"], None, (), None, source)
