"""How a passage index is made and kept: which passages are one statement, and the files of the folder."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from fiscalgraph.search.columns import write_columns
from fiscalgraph.search.encoder import Encoder
from fiscalgraph.search.errors import IndexUnusable
from fiscalgraph.search.folding import simplified
from fiscalgraph.search.passages import Passage, in_order, same_words
from fiscalgraph.search.repeats import Repeats, find_repeats
from fiscalgraph.search.vectors import check_model, load_vectors

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    Vectors = npt.NDArray[np.float32]

__all__ = ["FORMAT", "body_of", "encoded", "grouped", "put_in_place", "read_manifest", "write_passages"]

FORMAT = 2


def body_of(passage: Passage) -> str | None:
    """Who says it, for counting: a unit speaks as its department."""
    return passage.whole or passage.department


def grouped(passages: Iterable[Passage]) -> tuple[list[list[Passage]], list[tuple[int, int]]]:
    """The places of each statement, in a fixed order whatever the order they came in, and how many
    departments and fiscal years use nearly its words."""
    places = sorted((place for place in passages if same_words(place.text)), key=in_order)
    numbers: dict[str, int] = {}
    text_of = [numbers.setdefault(place.text, len(numbers)) for place in places]
    repeats = find_repeats(list(numbers))
    groups: dict[int, list[Passage]] = {}
    bodies: dict[int, set[str]] = {}
    years: dict[int, set[int]] = {}
    for place, text in zip(places, text_of, strict=True):
        groups.setdefault(repeats.statement[text], []).append(place)
        wording = repeats.wording[text]
        if (body := body_of(place)) is not None:
            bodies.setdefault(wording, set()).add(body)
        if place.fiscal_year is not None:
            years.setdefault(wording, set()).add(place.fiscal_year)

    return list(groups.values()), [
        (_distinct(bodies, repeats, text), _distinct(years, repeats, text)) for text in groups
    ]


def _distinct(users: dict[int, Any], repeats: Repeats, text: int) -> int:
    """How many users the wordings near to that of ``text`` have together."""
    near = repeats.alike(text)
    return len(set().union(*(users.get(wording, ()) for wording in near)))


def write_passages(folder: Path, groups: list[list[Passage]]) -> None:
    """The passages as lines (one statement each), and what filters look at."""
    import numpy as np

    offsets = [0]
    with (folder / "passages.jsonl").open("wb") as file:
        for group in groups:
            line = json.dumps([place.as_dict() for place in group], ensure_ascii=False).encode() + b"\n"
            file.write(line)
            offsets.append(offsets[-1] + len(line))
    np.save(folder / "offsets.npy", np.array(offsets, dtype=np.int64))
    starts = np.cumsum([0, *(len(group) for group in groups)]).astype(np.int64)
    np.save(folder / "starts.npy", starts)
    places = [place for group in groups for place in group]
    write_columns(folder, [row for row, group in enumerate(groups) for _ in group], places)
    (folder / "ids.txt").write_text("\n".join(place.id for place in places), encoding="utf-8")


def encoded(texts: list[str], digests: Any, encoder: Encoder, previous: Path) -> Vectors:
    """The vectors of ``texts``; those that ``previous`` holds from the same model are not made again."""
    import numpy as np

    result = np.zeros((len(texts), encoder.dimension), dtype=np.float32)
    known: dict[bytes, int] = {}
    try:
        manifest = read_manifest(previous)
        check_model(manifest, encoder.fingerprint, encoder.dimension)
        old = load_vectors(previous, manifest["texts"], encoder.dimension)
        listed = np.load(previous / "digests.npy")
        known = {digest: row for row, digest in enumerate(listed.tolist())}
    except IndexUnusable:  # nothing to take over: all of them are made
        old = result
    missing = []
    for row, digest in enumerate(digests.tolist()):
        if digest in known:
            result[row] = old[known[digest]]
        else:
            missing.append(row)
    for start in range(0, len(missing), 1024):
        rows = missing[start : start + 1024]
        result[rows] = encoder.encode([simplified(texts[row]) for row in rows])
    return result


def read_manifest(directory: Path) -> dict[str, Any]:
    cure = "Build the workspace again"
    try:
        manifest: dict[str, Any] = json.loads((directory / "manifest.json").read_text(encoding="utf-8"))
        if manifest["format"] != FORMAT:
            raise IndexUnusable(
                f"passage index {directory}",
                f"it has format {manifest['format']}, this version reads {FORMAT}",
                cure,
            )
        for name, size in manifest["files"].items():
            found = (directory / name).stat().st_size
            if found != size:
                raise IndexUnusable(
                    f"passage index {directory}", f"{name} has {found} bytes instead of {size}", cure
                )
    except FileNotFoundError as error:
        raise IndexUnusable(
            f"passage index {directory}", f"{Path(str(error.filename)).name} is missing", cure
        ) from error
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise IndexUnusable(f"passage index {directory}", str(error), cure) from error
    return manifest


def put_in_place(directory: Path, fresh: Path) -> None:
    old = directory.with_name(f"{directory.name}.{os.getpid()}.old")
    shutil.rmtree(old, ignore_errors=True)
    if directory.exists():
        directory.rename(old)
    fresh.rename(directory)
    shutil.rmtree(old, ignore_errors=True)
