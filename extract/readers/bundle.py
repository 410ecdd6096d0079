"""ZIP bundles: one disclosure published in several files (说明 and 报表 apart).

The parts follow each other in the order of their names; every place names its part.
"""

from __future__ import annotations

import dataclasses
import re
import tempfile
import zipfile
from pathlib import Path, PurePosixPath

from fiscalgraph.extract.document import Block, Document, Paragraph, Place, Table
from fiscalgraph.extract.errors import UnreadableDocument
from fiscalgraph.extract.readers.limits import check_archive, current_limits

__all__ = ["member_documents", "read_bundle"]

_IGNORED = re.compile(r"(?:^|/)(?:__MACOSX/|\.[^./]|Thumbs\.db$|desktop\.ini$|~\$)")
_NUMBER = re.compile(r"(\d+)")
_UTF8_NAME = 0x800


def read_bundle(path: Path, name: str, sha256: str) -> Document:
    """Read all documents in a ZIP file as parts of one disclosure.

    Parts that cannot be read are named in ``problems``; raises
    :class:`UnreadableDocument` if none can.
    """
    parts: list[tuple[str, Document]] = []
    problems: list[str] = []
    with zipfile.ZipFile(path) as archive, tempfile.TemporaryDirectory(prefix="fiscalgraph-") as folder:
        check_archive(archive, path.name, current_limits())
        for number, (part, member) in enumerate(member_documents(archive).items()):
            try:
                parts.append((part, _read_member(archive, member, part, Path(folder) / str(number))))
            except UnreadableDocument as error:
                problems.append(f"part {part} was not read: {error.why}")
            except (zipfile.BadZipFile, EOFError, OSError, NotImplementedError) as error:
                problems.append(f"part {part} was not read: it is damaged ({error})")
    if not parts:
        raise UnreadableDocument(
            path.name,
            "; ".join(problems) or "the ZIP file holds no documents",
            "Unpack it and check the files in it.",
        )
    if len(parts) == 1 and not problems:
        return dataclasses.replace(parts[0][1], name=name, file_name=path.name, sha256=sha256)
    problems.extend(f"part {part}: {problem}" for part, document in parts for problem in document.problems)
    counted = [document.pages for _, document in parts]
    return Document(
        name=name,
        file_name=path.name,
        sha256=sha256,
        format="zip",
        blocks=tuple(_placed(block, part) for part, document in parts for block in document.blocks),
        pages=sum(pages for pages in counted if pages is not None) or None,
        problems=tuple(problems),
        doubts=tuple(
            dataclasses.replace(doubt, place=dataclasses.replace(doubt.place, part=part))
            for part, document in parts
            for doubt in document.doubts
        ),
    )


def member_documents(archive: zipfile.ZipFile) -> dict[str, zipfile.ZipInfo]:
    """The members that may be parts of a disclosure, by the names that places give them, in order."""
    members = {_member_name(info): info for info in archive.infolist() if not info.is_dir()}
    return {part: members[part] for part in sorted(members, key=_name_order) if not _IGNORED.search(part)}


def _member_name(info: zipfile.ZipInfo) -> str:
    """The member's name; Chinese archives without the UTF-8 mark hold it in GBK, which ZIP reads as CP437."""
    if info.flag_bits & _UTF8_NAME:
        return info.filename
    raw = info.filename.encode("cp437", errors="replace")
    for encoding in ("utf-8", "gb18030"):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    return info.filename


def _name_order(name: str) -> list[tuple[int, int, str]]:
    """2.pdf before 10.pdf."""
    return [
        (0, int(piece), "") if piece.isdigit() else (1, 0, piece) for piece in _NUMBER.split(name) if piece
    ]


def _read_member(archive: zipfile.ZipFile, info: zipfile.ZipInfo, part: str, folder: Path) -> Document:
    from fiscalgraph.extract.readers import read  # the dispatcher imports this module by name

    # The member's own path is never used on disk: it could point outside the folder.
    folder.mkdir()
    target = folder / f"part{PurePosixPath(part).suffix[:10] if PurePosixPath(part).suffix.isascii() else ''}"
    with archive.open(info) as source, target.open("wb") as file:
        while chunk := source.read(1 << 20):
            file.write(chunk)
    with target.open("rb") as file:
        if file.read(4) == b"PK\x03\x04" and _is_plain_archive(target):
            raise UnreadableDocument(part, "it is an archive inside the archive", "Unpack it.")
    document = read(target)
    target.unlink()
    return document


def _is_plain_archive(path: Path) -> bool:
    from fiscalgraph.extract.readers.formats import Format, detect_format

    return detect_format(path) is Format.ZIP


def _placed(block: Block, part: str) -> Block:
    def here(place: Place) -> Place:
        return dataclasses.replace(place, part=part)

    if isinstance(block, Table):
        cells = tuple(dataclasses.replace(cell, place=here(cell.place)) for cell in block.cells)
        return dataclasses.replace(block, cells=cells, place=here(block.place))
    assert isinstance(block, Paragraph)
    return dataclasses.replace(
        block, runs=tuple(dataclasses.replace(run, place=here(run.place)) for run in block.runs)
    )
