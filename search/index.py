"""The passage index: a folder of plain arrays that answers "who else says this?".

index = PassageIndex.build(folder, passages(store), load_encoder())
for hit in index.search("人手不够，活干不完", k=5, kinds=["problem_cause"]):
    print(hit.passage.text, hit.passage.document, hit.passage.page)
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from fiscalgraph.search.encoder import Encoder, load_encoder
from fiscalgraph.search.errors import IndexUnusable, PassageNotFound, QueryRefused
from fiscalgraph.search.passages import KINDS, Passage, grouped, same_words
from fiscalgraph.search.ranking import fuse
from fiscalgraph.search.vectors import VectorIndex, check_model, load_vectors, save_vectors
from fiscalgraph.search.words import WordIndex, tokens

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    Vectors = npt.NDArray[np.float32]
    Mask = npt.NDArray[np.bool_]

__all__ = ["Hit", "PassageIndex", "Why"]

FORMAT = 1
LONGEST_QUERY = 10_000  # characters
# Each side ranks this many candidates before they are fused (and at least ten times k).
CANDIDATES = 200


@dataclass(frozen=True, slots=True)
class Why:
    """Which side found a hit (rank from 1, ``None``: not among its candidates) and the words shared."""

    words_rank: int | None
    vectors_rank: int | None
    shared: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Hit:
    """A passage that answers a query.

    ``similarity`` is the cosine of the two sentences (-1 to 1); ``score``, which orders the
    hits, adds to it for shared words (-1 to 1.4). ``places`` are all passages of the same
    words; ``passage`` is the first of them that the filter admits.
    """

    passage: Passage
    score: float
    similarity: float
    places: tuple[Passage, ...]
    why: Why


class PassageIndex:
    """An opened index; made by :meth:`build` or :meth:`open`. Reading only: any number may be open."""

    def __init__(self, directory: Path, manifest: dict[str, Any], encoder: Encoder | None) -> None:
        self._directory = directory
        self._manifest = manifest
        self._given_encoder = encoder

    @classmethod
    def build(
        cls,
        directory: Path,
        passages: Iterable[Passage],
        encoder: Encoder | None = None,
        *,
        previous: Path | None = None,
    ) -> PassageIndex:
        """Make the index in ``directory``, replacing the one that is there, and open it.

        It is written beside ``directory`` and moved into place when it is complete. Vectors of
        sentences that ``previous`` (default: ``directory``) holds from the same model are taken over.
        Equal passages and an equal model give equal files. Raises ``ValueError`` for a kind that
        is not one of :data:`~fiscalgraph.search.passages.KINDS`.
        """
        import numpy as np

        encoder = encoder or load_encoder()
        groups = grouped(passages)
        for kind in {place.kind for group in groups for place in group}:
            if kind not in KINDS:
                raise ValueError(f"no such kind of passage: {kind}")
        texts = [group[0].text for group in groups]
        digests = np.frombuffer(
            b"".join(hashlib.sha256(text.encode()).digest()[:16] for text in texts), dtype="S16"
        )
        vectors = _encoded(texts, digests, encoder, previous or directory)
        directory.parent.mkdir(parents=True, exist_ok=True)
        fresh = directory.with_name(f"{directory.name}.{os.getpid()}.new")
        shutil.rmtree(fresh, ignore_errors=True)
        fresh.mkdir()
        try:
            save_vectors(fresh, vectors)
            np.save(fresh / "digests.npy", digests)
            WordIndex.build(texts).save(fresh)
            columns = _write_passages(fresh, groups)
            manifest = {
                "format": FORMAT,
                "model": {
                    "name": encoder.name,
                    "fingerprint": encoder.fingerprint,
                    "dimension": encoder.dimension,
                },
                "texts": len(groups),
                "passages": sum(len(group) for group in groups),
                "columns": columns,
                "files": {path.name: path.stat().st_size for path in sorted(fresh.iterdir())},
            }
            (fresh / "manifest.json").write_text(
                json.dumps(manifest, ensure_ascii=False, indent=1), encoding="utf-8"
            )
            _replace(directory, fresh)
        except BaseException:
            shutil.rmtree(fresh, ignore_errors=True)
            raise
        return cls.open(directory, encoder)

    @classmethod
    def open(cls, directory: Path, encoder: Encoder | None = None) -> PassageIndex:
        """Open the index in ``directory``.

        Without ``encoder`` the model it was built with is loaded when it is needed.

        Raises :class:`IndexUnusable` when the folder holds no complete index of this version, and
        :class:`ModelMismatch` when ``encoder`` is not the model that made the vectors.
        """
        manifest = _read_manifest(directory)
        if encoder is not None:
            check_model(manifest, encoder.fingerprint, encoder.dimension)
        return cls(directory, manifest, encoder)

    @property
    def directory(self) -> Path:
        """The folder of the index."""
        return self._directory

    def __len__(self) -> int:
        """The number of passages (places, not distinct texts)."""
        return int(self._manifest["passages"])

    @property
    def model(self) -> dict[str, Any]:
        """Name, fingerprint and dimension of the model that made the vectors."""
        return dict(self._manifest["model"])

    @property
    def vectors(self) -> Vectors:
        """One unit vector for each distinct text, in the order of :meth:`groups`."""
        return self._vectors

    def groups(self) -> list[list[Passage]]:
        """The places of each distinct text."""
        return [self._group(row) for row in range(int(self._manifest["texts"]))]

    @property
    def departments(self) -> tuple[str, ...]:
        """The departments that :meth:`search` can filter by."""
        return tuple(name for name in self._manifest["columns"]["departments"] if name)

    def search(
        self,
        text: str,
        k: int = 10,
        kinds: Sequence[str] | None = None,
        department: str | None = None,
        year: int | None = None,
    ) -> list[Hit]:
        """The ``k`` passages that say most nearly the same as ``text``, among those the filters admit.

        Filters apply before ranking: ``k`` hits come back whenever ``k`` distinct texts match.
        Raises :class:`QueryRefused` for a text without letters or digits, one of more than
        ten thousand characters, ``k`` below 1, or a kind that does not exist.
        """
        _check_query(text, k, kinds)
        places = self._matching_places(kinds, department, year)
        return self._ranked(text, k, places, self._encoder.encode_queries([text])[0])

    def similar(self, passage_iri: str, k: int = 10, other_departments_only: bool = True) -> list[Hit]:
        """The ``k`` passages nearest to a passage of the index.

        Its repetitions in its own document are left out; the same words elsewhere are a hit.
        With ``other_departments_only`` its whole department is left out.
        Raises :class:`PassageNotFound` when the index has no such passage.
        """
        import numpy as np

        _check_query("一", k, None)
        place = self._place_of.get(passage_iri)
        if place is None:
            raise PassageNotFound(
                f"passage {passage_iri}",
                "the index holds no passage of this IRI",
                "Take one from a search's hits",
            )
        row = int(self._columns["group"][place])
        group, start = self._group(row), int(self._columns["start"][row])
        passage = group[place - start]
        admitted = np.ones(len(self), dtype=np.bool_)
        for offset, repeated in enumerate(group):
            admitted[start + offset] = repeated.document != passage.document
        if other_departments_only:
            admitted &= self._columns["department"] != self._columns["department"][place]
        return self._ranked(passage.text, k, admitted, self._vectors[row])

    def _ranked(self, text: str, k: int, places: Mask, query: Vectors) -> list[Hit]:
        import numpy as np

        allowed = np.zeros(int(self._manifest["texts"]), dtype=np.bool_)
        allowed[self._columns["group"][places]] = True
        wanted = max(CANDIDATES, 10 * k)
        coverage = np.where(allowed, self._words.coverage(text), np.float32(0.0))
        candidates = np.flatnonzero(coverage > 0)
        by_words = candidates[np.lexsort((candidates, -coverage[candidates]))][:wanted].tolist()
        # A text without a known word has no direction: every similarity is 0 and none is a finding.
        near = self._nearest.search(query, wanted, allowed) if query.any() else []
        similarity = dict(near)
        words_only = [row for row in by_words if row not in similarity]
        similarity.update(zip(words_only, self._nearest.similarity(query, words_only), strict=True))
        share = {row: float(coverage[row]) for row in similarity}
        fused = fuse(by_words, [row for row, _ in near], share, similarity)[:k]
        asked = set(tokens(text))
        hits = []
        for found in fused:
            group = self._group(found.row)
            first = int(np.flatnonzero(places & (self._columns["group"] == found.row))[0])
            passage = group[first - int(self._columns["start"][found.row])]
            shared = tuple(dict.fromkeys(token for token in tokens(passage.text) if token in asked))
            why = Why(found.words_rank, found.vectors_rank, shared)
            hits.append(Hit(passage, found.score, similarity[found.row], tuple(group), why))
        return hits

    def _matching_places(self, kinds: Sequence[str] | None, department: str | None, year: int | None) -> Mask:
        import numpy as np

        columns = self._columns
        admitted: Mask = np.ones(len(self), dtype=np.bool_)
        if kinds is not None:
            admitted &= np.isin(columns["kind"], [KINDS.index(kind) for kind in kinds])
        if department is not None:
            names: list[str] = self._manifest["columns"]["departments"]
            admitted &= columns["department"] == (names.index(department) if department in names else -1)
        if year is not None:
            admitted &= columns["year"] == year
        return admitted

    def _group(self, row: int) -> list[Passage]:
        start, end = int(self._offsets[row]), int(self._offsets[row + 1])
        with (self._directory / "passages.jsonl").open("rb") as file:
            file.seek(start)
            return [Passage(**place) for place in json.loads(file.read(end - start))]

    @cached_property
    def _encoder(self) -> Encoder:
        if self._given_encoder is not None:
            return self._given_encoder
        encoder = load_encoder(self._manifest["model"]["name"])
        check_model(self._manifest, encoder.fingerprint, encoder.dimension)
        return encoder

    @cached_property
    def _vectors(self) -> Vectors:
        return load_vectors(self._directory, self._manifest["texts"], self._manifest["model"]["dimension"])

    @cached_property
    def _nearest(self) -> VectorIndex:
        return VectorIndex(self._vectors)

    @cached_property
    def _words(self) -> WordIndex:
        return WordIndex.load(self._directory, self._manifest["texts"])

    @cached_property
    def _offsets(self) -> Any:
        import numpy as np

        return np.load(self._directory / "offsets.npy")

    @cached_property
    def _columns(self) -> dict[str, Any]:
        import numpy as np

        return {name: np.load(self._directory / f"{name}.npy") for name in _COLUMNS}

    @cached_property
    def _place_of(self) -> dict[str, int]:
        iris = (self._directory / "iris.txt").read_text(encoding="utf-8").split("\n")
        return {iri: place for place, iri in enumerate(iris)}


# Per place: number of its text, kind, department, fiscal year (0: unknown); per text: its first place.
_COLUMNS = ("group", "kind", "department", "year", "start")


def _write_passages(folder: Path, groups: list[list[Passage]]) -> dict[str, Any]:
    """The passages as lines (one text each) and their filter columns; returns the columns' legends."""
    import numpy as np

    places = [(row, place) for row, group in enumerate(groups) for place in group]
    departments = sorted({place.department or "" for _, place in places})
    number = {name: index for index, name in enumerate(departments)}
    code = {kind: index for index, kind in enumerate(KINDS)}
    offsets = [0]
    with (folder / "passages.jsonl").open("wb") as file:
        for group in groups:
            line = json.dumps([asdict(place) for place in group], ensure_ascii=False).encode() + b"\n"
            file.write(line)
            offsets.append(offsets[-1] + len(line))
    np.save(folder / "offsets.npy", np.array(offsets, dtype=np.int64))
    np.save(folder / "group.npy", np.array([row for row, _ in places], dtype=np.int32))
    np.save(folder / "kind.npy", np.array([code[place.kind] for _, place in places], dtype=np.int8))
    np.save(
        folder / "department.npy",
        np.array([number[place.department or ""] for _, place in places], dtype=np.int32),
    )
    np.save(folder / "year.npy", np.array([place.fiscal_year or 0 for _, place in places], dtype=np.int16))
    starts = np.cumsum([0, *(len(group) for group in groups)])[:-1].astype(np.int64)
    np.save(folder / "start.npy", starts)
    (folder / "iris.txt").write_text("\n".join(place.iri for _, place in places), encoding="utf-8")
    return {"departments": departments}


def _encoded(texts: list[str], digests: Any, encoder: Encoder, previous: Path) -> Vectors:
    """The vectors of ``texts``; those that ``previous`` holds from the same model are not made again."""
    import numpy as np

    result = np.zeros((len(texts), encoder.dimension), dtype=np.float32)
    known: dict[bytes, int] = {}
    try:
        manifest = _read_manifest(previous)
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
        result[rows] = encoder.encode([texts[row] for row in rows])
    return result


def _read_manifest(directory: Path) -> dict[str, Any]:
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


def _replace(directory: Path, fresh: Path) -> None:
    old = directory.with_name(f"{directory.name}.{os.getpid()}.old")
    shutil.rmtree(old, ignore_errors=True)
    if directory.exists():
        directory.rename(old)
    fresh.rename(directory)
    shutil.rmtree(old, ignore_errors=True)


def _check_query(text: str, k: int, kinds: Sequence[str] | None) -> None:
    if k < 1:
        raise QueryRefused("search", f"{k} hits were asked for", "Ask for at least one")
    if len(text) > LONGEST_QUERY:
        raise QueryRefused(
            "search", f"the text has {len(text)} characters", f"Search for at most {LONGEST_QUERY}"
        )
    if not same_words(text):
        raise QueryRefused(
            "search", "the text holds no letter or digit", "Describe what to look for in words"
        )
    for kind in kinds or ():
        if kind not in KINDS:
            raise QueryRefused("search", f"there is no kind {kind!r}", f"Choose among {', '.join(KINDS)}")
