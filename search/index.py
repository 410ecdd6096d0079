"""The passage index: a folder of plain arrays that answers "who else says this?".

index = PassageIndex.build(folder, passages(store), load_encoder())
for hit in index.search("人手不够，活干不完", k=5, filters=Filters(kinds=["problem_cause"])):
    print(hit.passage.text, hit.passage.document, hit.passage.page)
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from collections.abc import Iterable, Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from fiscalgraph.search.calibration import Calibration, calibration_of
from fiscalgraph.search.columns import Columns
from fiscalgraph.search.encoder import Encoder, load_encoder
from fiscalgraph.search.errors import IndexUnusable, PassageNotFound, QueryRefused
from fiscalgraph.search.facets import facets_of
from fiscalgraph.search.filters import Filters
from fiscalgraph.search.folding import simplified
from fiscalgraph.search.hits import Answer, DepartmentHits, Hit, Why
from fiscalgraph.search.index_files import (
    FORMAT,
    body_of,
    encoded,
    grouped,
    put_in_place,
    read_manifest,
    write_passages,
)
from fiscalgraph.search.passages import KINDS, PART_MARK, Passage, same_words
from fiscalgraph.search.ranking import DEPTH, WORDS_WEIGHT, Ranked, Ranking
from fiscalgraph.search.vectors import (
    VectorIndex,
    check_model,
    compressed_if_many,
    load_compressed,
    load_vectors,
    save_vectors,
)
from fiscalgraph.search.words import WordIndex, shared_words

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    Vectors = npt.NDArray[np.float32]
    Mask = npt.NDArray[np.bool_]

__all__ = ["PassageIndex"]

LONGEST_QUERY = 10_000  # characters
_FOUND_RANK = 100  # a side that ranks a hit so high has found it
_ADMIT_ALL = Filters()


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
        groups, users = grouped(passages)
        for kind in {place.kind for group in groups for place in group}:
            if kind not in KINDS:
                raise ValueError(f"no such kind of passage: {kind}")
        texts = [group[0].text for group in groups]
        digests = np.frombuffer(
            b"".join(hashlib.sha256(text.encode()).digest()[:16] for text in texts), dtype="S16"
        )
        vectors = encoded(texts, digests, encoder, previous or directory)
        directory.parent.mkdir(parents=True, exist_ok=True)
        fresh = directory.with_name(f"{directory.name}.{os.getpid()}.new")
        shutil.rmtree(fresh, ignore_errors=True)
        fresh.mkdir()
        try:
            nearest = save_vectors(fresh, vectors, compressed_if_many(vectors))
            np.save(fresh / "digests.npy", digests)
            np.save(fresh / "users.npy", np.array(users, dtype=np.int32).reshape(len(groups), 2))
            WordIndex.build(texts).save(fresh)
            write_passages(fresh, groups)
            manifest = {
                "format": FORMAT,
                "model": {
                    "name": encoder.name,
                    "fingerprint": encoder.fingerprint,
                    "dimension": encoder.dimension,
                },
                "nearest": nearest,
                "texts": len(groups),
                "passages": sum(len(group) for group in groups),
                "files": {path.name: path.stat().st_size for path in sorted(fresh.iterdir())},
            }
            (fresh / "manifest.json").write_text(
                json.dumps(manifest, ensure_ascii=False, indent=1), encoding="utf-8"
            )
            put_in_place(directory, fresh)
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
        manifest = read_manifest(directory)
        if encoder is not None:
            check_model(manifest, encoder.fingerprint, encoder.dimension)
        return cls(directory, manifest, encoder)

    @property
    def directory(self) -> Path:
        """The folder of the index."""
        return self._directory

    def __len__(self) -> int:
        """The number of passages (places, not distinct statements)."""
        return int(self._manifest["passages"])

    @property
    def model(self) -> dict[str, Any]:
        """Name, fingerprint and dimension of the model that made the vectors."""
        return dict(self._manifest["model"])

    @property
    def vectors(self) -> Vectors:
        """One unit vector for each distinct statement, in the order of :meth:`groups`."""
        return self._vectors

    @property
    def nearest(self) -> VectorIndex:
        """The nearest neighbours among :attr:`vectors`."""
        return self._nearest

    @property
    def calibration(self) -> Calibration | None:
        """What scores of the model mean, where that was measured."""
        return self._calibration

    @property
    def ranking(self) -> Ranking:
        """What scores and orders the distinct statements."""
        return self._ranking

    @cached_property
    def ids(self) -> list[str]:
        """By place: the passage's name (:attr:`~fiscalgraph.search.passages.Passage.id`)."""
        listed = (self._directory / "ids.txt").read_text(encoding="utf-8")
        return listed.split("\n") if listed else []

    @property
    def kinds(self) -> npt.NDArray[np.int8]:
        """By place: the number of its kind in :data:`~fiscalgraph.search.passages.KINDS`."""
        found: npt.NDArray[np.int8] = self._columns["kind"]
        return found

    def rows_of(self, places: Sequence[int]) -> npt.NDArray[np.int64]:
        """The numbers of the statements that stand in these places."""
        import numpy as np

        wanted = np.array(places, dtype=np.int64)
        found: npt.NDArray[np.int64] = self._columns["text"][wanted].astype(np.int64)
        return found

    def places_of(self, row: int) -> range:
        """The places of a statement."""
        return range(int(self._starts[row]), int(self._starts[row + 1]))

    def passage_at(self, place: int) -> Passage:
        """The passage in a place."""
        row = int(self._columns["text"][place])
        return self._group(row)[place - int(self._starts[row])]

    def groups(self) -> list[list[Passage]]:
        """The places of each distinct statement."""
        return [self._group(row) for row in range(int(self._manifest["texts"]))]

    @property
    def departments(self) -> tuple[str, ...]:
        """The departments that :meth:`search` can filter by."""
        return self._columns.names("department")

    def names(self, column: str) -> tuple[str, ...]:
        """What else it can filter by: whole, region, document, code or project."""
        return self._columns.names(column)

    # -- questions --------------------------------------------------------------------------

    def search(
        self,
        text: str,
        k: int = 10,
        filters: Filters = _ADMIT_ALL,
        *,
        offset: int = 0,
        faceted: int = 0,
    ) -> Answer:
        """The ``k`` statements that say most nearly the same as ``text``, among those the filters admit.

        Filters apply before ranking: ``k`` hits come back whenever ``k`` statements match (and share a word
        with the text, if the model knows none of its words). ``offset`` skips the first hits; pages are
        parts of one ranking. ``faceted``: so many of the first hits are counted by year, region, department
        and kind (``facets`` of the answer).

        Raises :class:`QueryRefused` for a text without letters or digits, one of more than ten thousand
        characters, a page beyond the first thousand hits, or a filter that cannot be meant.
        """
        _check_query(text, k, offset, filters)
        places = None if filters.any else self._columns.admitted(filters)
        return self._answer(text, self.query_vector(text), places, k, offset, faceted=faceted)

    def similar(
        self,
        passage: str,
        k: int = 10,
        filters: Filters = _ADMIT_ALL,
        *,
        offset: int = 0,
        other_departments_only: bool = True,
    ) -> Answer:
        """The ``k`` statements nearest to a passage of the index: its IRI, or that of one of its parts.

        Its repetitions in its own document are left out; the same words elsewhere are a hit.
        With ``other_departments_only`` its whole department is left out.
        Raises :class:`PassageNotFound` when the index has no such passage.
        """
        text, row, places = self._others(passage, filters, other_departments_only)
        _check_query(text, k, offset, filters)
        return self._answer(text, self._vectors[row], places, k, offset, without=row)

    def search_departments(
        self, text: str, k: int = 10, filters: Filters = _ADMIT_ALL, *, offset: int = 0
    ) -> list[DepartmentHits]:
        """The ``k`` departments with the best hits for ``text``: each with its best, and how many it has."""
        _check_query(text, k, offset, filters)
        places = None if filters.any else self._columns.admitted(filters)
        return self._by_department(text, self.query_vector(text), places, k, offset)

    def similar_departments(
        self,
        passage: str,
        k: int = 10,
        filters: Filters = _ADMIT_ALL,
        *,
        offset: int = 0,
        other_departments_only: bool = True,
    ) -> list[DepartmentHits]:
        """The ``k`` departments that state something nearest to a passage; see :meth:`similar`."""
        text, row, places = self._others(passage, filters, other_departments_only)
        _check_query(text, k, offset, filters)
        return self._by_department(text, self._vectors[row], places, k, offset, without=row)

    # -- how they are answered --------------------------------------------------------------

    def query_vector(self, text: str) -> Vectors:
        """The vector of a query's text."""
        vector: Vectors = self._encoder.encode_queries([simplified(text)])[0]
        return vector

    def text_vectors(self, texts: Sequence[str]) -> Vectors:
        """The vectors of texts, as the index makes them of its passages."""
        return self._encoder.encode([simplified(text) for text in texts])

    def _others(self, passage: str, filters: Filters, other_departments_only: bool) -> tuple[str, int, Mask]:
        """Text and row of a passage, and the places where others may say the same."""
        place = self._place_of.get(passage, self._place_of.get(f"{passage}{PART_MARK}1"))
        if place is None:
            raise PassageNotFound(
                f"passage {passage}",
                "the index holds no passage of this IRI",
                "Take one from a search's hits",
            )
        row = int(self._columns["text"][place])
        own = self._group(row)[place - int(self._starts[row])]
        admitted = self._columns.admitted(filters)
        document = self._columns["document"][place]
        span = slice(int(self._starts[row]), int(self._starts[row + 1]))
        admitted[span] &= self._columns["document"][span] != document
        if other_departments_only:
            for column in ("department", "whole"):
                if getattr(own, column):
                    admitted &= self._columns[column] != self._columns[column][place]
        return own.text, row, admitted

    def _answer(
        self,
        text: str,
        query: Vectors,
        places: Mask | None,
        k: int,
        offset: int,
        *,
        without: int | None = None,
        faceted: int = 0,
    ) -> Answer:
        allowed, admitted = self._allowed(places)
        page = slice(offset, offset + k) if not faceted else slice(max(faceted, offset + k))
        ranked = self._ranking.ranked(text, query, allowed, page, without=without)
        facets = None
        if faceted:
            spans = [self.places_of(found.row) for found in ranked[:faceted]]
            facets = facets_of(self._columns, spans, places)
            ranked = ranked[offset : offset + k]
        return Answer(
            tuple(self._hit(text, found, places) for found in ranked),
            admitted,
            self._nearest.recall_among(None if allowed is None else admitted),
            None if self._calibration is None else self._calibration.threshold,
            facets,
        )

    def _by_department(
        self,
        text: str,
        query: Vectors,
        places: Mask | None,
        k: int,
        offset: int,
        *,
        without: int | None = None,
    ) -> list[DepartmentHits]:
        import numpy as np

        departments = self._columns["department"]
        best: dict[int, Ranked] = {}
        count: dict[int, int] = {}
        remaining = np.ones(len(self), dtype=np.bool_) if places is None else places.copy()
        while len(best) < offset + k:
            found = self._ranking.ranked(text, query, self._allowed(remaining)[0], without=without)
            if not found:
                break
            for hit in found:
                span = slice(int(self._starts[hit.row]), int(self._starts[hit.row + 1]))
                for department in np.unique(departments[span][remaining[span]]).tolist():
                    best.setdefault(department, hit)
                    near = self._calibration is None or hit.score >= self._calibration.threshold
                    count[department] = count.get(department, 0) + near
            remaining &= ~np.isin(departments, list(best))
        answer = []
        for department, hit in list(best.items())[offset : offset + k]:
            own = departments == department
            shown = self._hit(text, hit, own if places is None else own & places)
            answer.append(DepartmentHits(shown.passage.department, shown, count[department]))
        return answer

    def _allowed(self, places: Mask | None) -> tuple[Mask | None, int]:
        """The statements that stand in one of ``places``, and how many they are."""
        import numpy as np

        texts = int(self._manifest["texts"])
        if places is None:
            return None, texts
        # The places of a statement stand together.
        allowed: Mask = np.logical_or.reduceat(places, self._starts[:-1]) if texts else places
        return allowed, int(np.count_nonzero(allowed))

    def _hit(self, text: str, found: Ranked, places: Mask | None) -> Hit:
        import numpy as np

        group = self._group(found.row)
        start = int(self._starts[found.row])
        shown = 0 if places is None else int(np.argmax(places[start : start + len(group)]))
        passage = group[shown]
        shared = shared_words(text, passage.text)
        calibration = self._calibration
        departments, years = self._users[found.row].tolist()
        return Hit(
            passage,
            found.score,
            found.similarity,
            tuple(group),
            Why(_found_by(found, shared), found.words_rank, found.vectors_rank, shared),
            None if calibration is None else found.score >= calibration.threshold,
            None if calibration is None else calibration.probability(found.score),
            departments - (body_of(passage) is not None),
            years - (passage.fiscal_year is not None),
        )

    def _group(self, row: int) -> list[Passage]:
        start, end = int(self._offsets[row]), int(self._offsets[row + 1])
        with (self._directory / "passages.jsonl").open("rb") as file:
            file.seek(start)
            return [Passage.from_dict(place) for place in json.loads(file.read(end - start))]

    # -- what is read when it is needed -----------------------------------------------------

    @cached_property
    def _encoder(self) -> Encoder:
        if self._given_encoder is not None:
            return self._given_encoder
        encoder = load_encoder(self._manifest["model"]["name"])
        check_model(self._manifest, encoder.fingerprint, encoder.dimension)
        return encoder

    @cached_property
    def _calibration(self) -> Calibration | None:
        return calibration_of(self._encoder)

    @cached_property
    def _vectors(self) -> Vectors:
        return load_vectors(self._directory, self._manifest["texts"], self._manifest["model"]["dimension"])

    @cached_property
    def _nearest(self) -> VectorIndex:
        count, dimension = int(self._manifest["texts"]), int(self._manifest["model"]["dimension"])
        nearest = self._manifest["nearest"]
        return VectorIndex(self._vectors, load_compressed(self._directory, count, dimension, nearest))

    @cached_property
    def _ranking(self) -> Ranking:
        weight = WORDS_WEIGHT if self._calibration is None else self._calibration.words_weight
        words = WordIndex.load(self._directory, int(self._manifest["texts"]))
        return Ranking(words, self._nearest, weight)

    @cached_property
    def _columns(self) -> Columns:
        return Columns(self._directory, len(self))

    @cached_property
    def _offsets(self) -> Any:
        return self._array("offsets.npy")

    @cached_property
    def _starts(self) -> Any:
        return self._array("starts.npy")

    @cached_property
    def _users(self) -> Any:
        return self._array("users.npy")

    def _array(self, name: str) -> Any:
        import numpy as np

        try:
            return np.asarray(np.load(self._directory / name, mmap_mode="r", allow_pickle=False))
        except (OSError, ValueError, EOFError) as error:
            raise IndexUnusable(
                f"passage index {self._directory}", str(error), "Build the workspace again"
            ) from error

    @cached_property
    def _place_of(self) -> dict[str, int]:
        return {name: place for place, name in enumerate(self.ids)}


def _found_by(found: Ranked, shared: tuple[str, ...]) -> str:
    """Which side put the hit among its best, or ranks it higher if neither did; single characters that
    both texts happen to hold are no words."""
    vectors = found.vectors_rank or DEPTH + 1
    if not shared and vectors <= DEPTH:
        return "vectors"
    words = found.words_rank or DEPTH + 1
    if max(words, vectors) <= _FOUND_RANK:
        return "both"
    return "words" if words < vectors else "vectors"


def _check_query(text: str, k: int, offset: int, filters: Filters) -> None:
    if k < 1:
        raise QueryRefused("search", f"{k} hits were asked for", "Ask for at least one")
    if offset < 0 or offset + k > DEPTH:
        raise QueryRefused(
            "search",
            f"hits {offset + 1} to {offset + k} were asked for; there are pages up to hit {DEPTH}",
            "Narrow the search by filters",
        )
    if len(text) > LONGEST_QUERY:
        raise QueryRefused(
            "search", f"the text has {len(text)} characters", f"Search for at most {LONGEST_QUERY}"
        )
    if not same_words(text):
        raise QueryRefused(
            "search", "the text holds no letter or digit", "Describe what to look for in words"
        )
    filters.check()
