"""The command ``show``: a thing with its facts and sources, and the picture of the place it was read from."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from fiscalgraph.extract.errors import FiscalgraphError
from fiscalgraph.language import text
from fiscalgraph.options import AsJson, Home, workspace_at

if TYPE_CHECKING:
    from fiscalgraph.workspace import Workspace

__all__ = ["show", "write_picture"]


def show(
    iri: Annotated[
        str, typer.Argument(metavar="IRI", help=text("Its IRI, or fgid:…", "其 IRI，或 fgid:… 简写。"))
    ],
    image: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE",
            help=text(
                "Write the printed row it was read from to this PNG, with a frame around the figure.",
                "把读出它的那一行原文截图存为此 PNG 文件，并框出所读之处。",
            ),
        ),
    ] = None,
    place: Annotated[
        int, typer.Option(min=1, help=text("Which of its places the picture shows.", "截图取第几处出处。"))
    ] = 1,
    whole: Annotated[
        bool, typer.Option("--whole", help=text("The picture shows the whole page.", "截取整页。"))
    ] = False,
    home: Home = None,
    as_json: AsJson = False,
) -> None:
    """Show a thing."""
    from fiscalgraph import reports

    workspace = workspace_at(home)
    reports.print_thing(workspace.thing(iri, text("en", "zh")), as_json=as_json)
    if image is not None:
        print(write_picture(workspace, iri, image, place=place, whole=whole), file=sys.stderr)


def write_picture(workspace: Workspace, iri: str, target: Path, *, place: int, whole: bool) -> str:
    """Write the picture of the ``place`` (from 1) of a fact to ``target`` (PNG); a line that says what it is.

    Raises ``UnknownThing``, ``PictureUnavailable``, ``SourceFileMissing``, or :class:`FiscalgraphError` when
    ``target`` cannot be written.
    """
    from fiscalgraph.api.page_pictures import PagePictures
    from fiscalgraph.api.source_pictures import picture_request
    from fiscalgraph.api.sources import source_of

    library = workspace.library()
    found = source_of(library, iri, text("en", "zh"))
    wanted = picture_request(library, found, place, whole=whole)
    pictures = PagePictures(spare=False)
    try:
        picture = pictures.picture(wanted)
    finally:
        pictures.close()
    try:
        target.write_bytes(picture.png)
    except OSError as error:
        raise FiscalgraphError(
            str(target), f"it cannot be written ({error.strerror})", "Choose another file"
        ) from error
    name = found.places[place - 1].document.name
    more = len(found.places) - 1
    line = text(f"{target}: page {wanted.page} of {name}", f"{target}：{name} 第 {wanted.page} 页")
    if more:
        line += text(f" (place {place} of {more + 1})", f"（共 {more + 1} 处，此为第 {place} 处）")
    return line
