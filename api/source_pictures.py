"""Which picture of which file shows the place of a fact: for the server, the command line and others."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from fiscalgraph.api.page_drawing import PictureRequest, PictureUnavailable
from fiscalgraph.api.source_files import SourceFiles
from fiscalgraph.api.sources import no_picture

if TYPE_CHECKING:
    from fiscalgraph.api.library import Library
    from fiscalgraph.api.sources import FactSource, SourceDocument

__all__ = ["page_request", "picture_request", "source_file", "why_no_file"]


def source_file(library: Library, document: SourceDocument) -> Path:
    """The file that ``document`` was read from.

    Raises :class:`~fiscalgraph.api.source_files.SourceFileMissing`.
    """
    return _files(library).find(document.sha256, document.name)


def why_no_file(library: Library, document: SourceDocument) -> str | None:
    """Why :func:`source_file` would not find it, as far as that can be told without reading it."""
    return _files(library).why_missing(document.sha256)


def _files(library: Library) -> SourceFiles:
    return SourceFiles(library.directory.parent.parent)


def picture_request(
    library: Library, found: FactSource, place: int = 1, *, whole: bool = False, scale: float = 2.0
) -> PictureRequest:
    """The picture of one of the places of a fact (from 1), for :class:`~.page_pictures.PagePictures`.

    Raises :class:`PictureUnavailable` where there can be none, with the place's words, and
    :class:`~fiscalgraph.api.source_files.SourceFileMissing`.
    """
    if not 1 <= place <= len(found.places):
        raise PictureUnavailable(
            f"place {place} of {found.iri}",
            f"it has {len(found.places)} places" if found.places else "it is printed nowhere",
            "Ask for one of them",
        )
    chosen = found.places[place - 1]
    if chosen.no_picture is not None or chosen.page is None:
        raise PictureUnavailable(
            f"{chosen.document.name}, “{chosen.quote}”",
            chosen.no_picture or "the place has no page",
            "See the quote, or open the file itself",
        )
    return PictureRequest(
        path=str(source_file(library, chosen.document)),
        sha256=chosen.document.sha256,
        page=chosen.page,
        part=chosen.part,
        box=chosen.box,
        whole=whole,
        scale=scale,
        recognised=chosen.recognised,
        figures=chosen.figures,
    )


def page_request(library: Library, document: SourceDocument, page: int, scale: float = 2.0) -> PictureRequest:
    """The picture of a page. Raises as :func:`picture_request` does."""
    reason = no_picture(document, page, None)
    if reason is not None:
        raise PictureUnavailable(document.name, reason, "Open the file itself")
    return PictureRequest(
        path=str(source_file(library, document)), sha256=document.sha256, page=page, scale=scale
    )
