"""Scoring rules (评分规则、计分方法) that a document prints: in notes under its tables, or in their cells.

Which words are one is data: :func:`fiscalgraph.ontology.parameters.scoring_rules`. What is recorded is
the sentence as printed, with the project table that it stands under or in.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from fiscalgraph.extract.document import Document, Paragraph, Place, Run, Table
from fiscalgraph.extract.paragraphs import source_at, tidy
from fiscalgraph.extract.records import Project, Source, Statement
from fiscalgraph.ontology.parameters import scoring_rules

__all__ = ["scoring_rule_statements"]

_SENTENCE_END = re.compile("[。；;]")
_FARTHEST = 120  # characters from a sentence's beginning to its rule; beyond them the printed line is taken

_Position = tuple[str, int, int, float]


def _position(place: Place | Source) -> _Position:
    return place.part or "", place.page or 0, place.line or 0, place.box[1] if place.box else 0.0


def _stretches(document: Document) -> Iterator[Paragraph]:
    """The running text between tables, unbroken (a note may recur under every table), and each cell."""
    runs: list[Run] = []
    for block in document.blocks:
        if isinstance(block, Table):
            if runs:
                yield Paragraph(tuple(runs))
                runs = []
            for cell in block.cells:
                yield Paragraph((Run(tidy(cell.text), cell.place),), recognised=cell.recognised)
        else:
            runs += [Run(text, run.place) for run in block.runs if (text := tidy(run.text))]
    if runs:
        yield Paragraph(tuple(runs))


def _line(stretch: Paragraph, at: int) -> tuple[int, int]:
    """Where the printed line begins and ends in which the character ``at`` stands."""
    start = 0
    for run in stretch.runs:
        if at < start + len(run.text):
            return start, start + len(run.text)
        start += len(run.text)
    return start, start


def _sentences(stretch: Paragraph) -> Iterator[tuple[int, int]]:
    """Where the sentences stand that state a scoring rule."""
    text = stretch.text
    if "分" not in text:
        return
    matches = sorted({span for rule in scoring_rules() for span in rule.spans(text)})
    last = 0
    for first, end in matches:
        if first < last:
            continue  # a second rule of the sentence
        marks = [mark.end() for mark in _SENTENCE_END.finditer(text, max(last, first - _FARTHEST), first)]
        near = last if first - last <= _FARTHEST else max(last, _line(stretch, first)[0])
        start = marks[-1] if marks else near
        line_end = _line(stretch, end - 1)[1]
        mark = _SENTENCE_END.search(text, end, _line(stretch, line_end)[1])
        last = mark.end() if mark else line_end
        yield start, last


def scoring_rule_statements(document: Document, projects: Sequence[Project]) -> Iterator[Statement]:
    """Each printed scoring rule once for each table, in reading order.

    A rule that stands before all project tables is the whole document's: it has no ``occurrence``.
    """
    tables = sorted(
        (project for project in projects if set(project.sources) - {"narrative"}),
        key=lambda project: _position(project.source),
    )
    seen: set[tuple[int | None, str]] = set()
    for stretch in _stretches(document):
        for start, end in _sentences(stretch):
            source = source_at(stretch, start, end)
            at = _position(source)
            above = [table for table in tables if _position(table.source) <= at]
            owner = above[-1] if above else None
            printed = stretch.text[start:end]
            occurrence = owner.occurrence if owner else None
            if (occurrence, printed) not in seen:
                seen.add((occurrence, printed))
                subject = owner.project if owner else None
                yield Statement("scoring_rule", subject, printed, None, (), occurrence, source)
