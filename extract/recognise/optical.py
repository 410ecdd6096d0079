"""What optical recognition means for records: they say that they come from it, and what it left out."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Protocol, TypeVar, cast

from fiscalgraph.extract.document import Document, Paragraph, Place
from fiscalgraph.extract.normalise import compact
from fiscalgraph.extract.records import Coverage, DisclosureRecords, Leftover, Project, Source

__all__ = ["with_recognition"]

_QUOTE = 120
_UNSURE = "optical recognition is not sure of it"
_GROUPS = (
    "units",
    "spending",
    "totals",
    "narrative",
    "funds",
    "indicators",
    "findings",
    "laws",
    "statements",
)


class _Placed(Protocol):
    @property
    def source(self) -> Source: ...


_Record = TypeVar("_Record", bound=_Placed)
_Page = tuple[str | None, int | None]  # part of a bundle, page


def with_recognition(records: DisclosureRecords, document: Document) -> DisclosureRecords:
    """The records, those from recognised pages marked, and the figures left out in the certificate.

    A page is a picture or is not, so that the page decides; a project, which may gather values
    from several pages, is marked when anything of it stands on such a page.
    """
    texts = _recognised_texts(document)
    if not texts and not document.doubts:
        return records
    pages = set(texts)
    groups = {name: tuple(_marked(record, pages) for record in getattr(records, name)) for name in _GROUPS}
    occurrences = {
        record.occurrence
        for name in ("funds", "indicators", "findings", "statements")
        for record in groups[name]
        if record.source.recognised
    }
    printed = "".join(texts.values())

    def marked_project(project: Project) -> Project:
        if project.occurrence in occurrences or compact(project.project) in printed:
            return replace(project, source=replace(project.source, recognised=True))
        return _marked(project, pages)

    return replace(
        records,
        identity=_marked(records.identity, pages),
        projects=tuple(marked_project(project) for project in records.projects),
        coverage=_certificate(records.coverage, document, pages),
        **groups,
    )


def _recognised_texts(document: Document) -> dict[_Page, str]:
    """The text of each page that has recognised text."""
    texts: dict[_Page, list[str]] = {}
    for block in document.blocks:
        if isinstance(block, Paragraph):
            if block.recognised:
                for run in block.runs:
                    texts.setdefault(_page(run.place), []).append(run.text)
            continue
        for cell in block.cells:
            if cell.recognised:
                texts.setdefault(_page(cell.place), []).append(cell.text)
    return {page: compact("".join(found)) for page, found in texts.items()}


def _page(place: Place | Source) -> _Page:
    return place.part, place.page


def _marked(record: _Record, pages: set[_Page]) -> _Record:
    if _page(record.source) not in pages:
        return record
    marked: Any = record  # every record has a source
    return cast("_Record", replace(marked, source=replace(record.source, recognised=True)))


def _certificate(coverage: Coverage, document: Document, pages: set[_Page]) -> Coverage:
    unsure = tuple(
        Leftover(
            doubt.what,
            _UNSURE,
            Source(
                doubt.text[:_QUOTE],
                doubt.place.page,
                doubt.place.line,
                doubt.place.box,
                doubt.place.part,
                recognised=True,
            ),
        )
        for doubt in document.doubts
    )
    known = tuple(_marked(leftover, pages) for leftover in coverage.leftovers)
    return replace(
        coverage,
        pages_recognised=len(pages),
        cells=coverage.cells + sum(doubt.what == "cell" for doubt in document.doubts),
        leftovers=(*known, *unsure),
    )
