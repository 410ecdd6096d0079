"""The passages of an index for the graph: which of its nodes are most similar to a query, in exact order.

A node of the graph may be several passages of the index (the items of an enumeration), and a sentence of the
index several nodes (it stands in several places). A node's score is that of its best passage.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Collection, Iterator
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from fiscalgraph.search.combined.blocks import Block, refused
from fiscalgraph.search.passages import KINDS, PART_MARK, same_words
from fiscalgraph.search.ranking import COMPANY_DEPTH, DEPTH, SLACK, AskedRanking
from fiscalgraph.search.words import distinct

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    from fiscalgraph.search.index import PassageIndex
    from fiscalgraph.search.vectors import Vectors

    Rows = npt.NDArray[np.int64]

__all__ = ["Asked", "Found", "GraphPassages"]

_KEPT = 4  # questions whose similarities are kept: pages and variants of one are asked in a row
_FIRST_LOOK = 1024  # rows of each side that are looked at at first
_CHUNK = 16_384  # rows looked at at a time: their vectors take 16 MB
_SCORED = 256  # rows scored at a time
_VECTORS_KEPT = 10_000  # of texts that functions compare


class Found(NamedTuple):
    """A passage of the graph, its score, and the place in the index that gives it."""

    iri: str
    score: float
    place: int


class GraphPassages:
    """The index in ``directory``, asked for nodes of the graph. ``encoder`` names another model than ours.

    Everything is read when it is first needed; the vectors stay in the file, shared by all processes.
    """

    def __init__(self, directory: Path, encoder: str | None = None) -> None:
        self._directory = directory
        self._encoder = encoder
        self._asked: OrderedDict[tuple[str | None, str | None, bool], Asked] = OrderedDict()
        self._texts: OrderedDict[str, Vectors] = OrderedDict()

    @cached_property
    def index(self) -> PassageIndex:
        """The index. Raises ``IndexUnusable``."""
        from fiscalgraph.search.encoder import load_encoder
        from fiscalgraph.search.index import PassageIndex

        encoder = None if self._encoder is None else load_encoder(self._encoder)
        return PassageIndex.open(self._directory, encoder)

    @cached_property
    def nodes(self) -> list[str]:
        """By place in the index: the node of the graph."""
        return [name.rpartition(PART_MARK)[0] or name for name in self.index.ids]

    @cached_property
    def _places(self) -> dict[str, int | list[int]]:
        """The places of each node; also of each part by its own name."""
        found: dict[str, int | list[int]] = {}
        for place, (node, name) in enumerate(zip(self.nodes, self.index.ids, strict=True)):
            if node != name:
                found[name] = place
            known = found.get(node)
            if known is None:
                found[node] = place
            else:
                found[node] = [*(known if isinstance(known, list) else [known]), place]
        return found

    def places(self, iri: str) -> list[int]:
        """The places of a node, or of one of its parts; none for what is no passage of the index."""
        known = self._places.get(iri, [])
        return known if isinstance(known, list) else [known]

    def ask(self, block: Block) -> Asked:
        """The question of a block. Raises ``SimilarRefused`` for one that this index cannot answer."""
        if block.encoder is not None and block.encoder != self.index.model["name"]:
            raise refused(
                f"the vectors were made by the model {self.index.model['name'] or 'in the package'}",
                "Leave fg:encoder out, or build the workspace with the other model.",
                block.spot,
            )
        key = (block.text, block.passage, block.exact)
        if key not in self._asked:
            self._asked[key] = self._new(block)
            if len(self._asked) > _KEPT:
                self._asked.popitem(last=False)
        return self._asked[key]

    def _new(self, block: Block) -> Asked:
        if block.passage is not None:
            places = self.places(block.passage)
            if not places:
                raise refused(
                    f"the index holds no passage {block.passage}",
                    "Take one from an answer, or write a text.",
                    block.spot,
                )
            row = int(self.index.rows_of(places[:1])[0])
            text = self.index.passage_at(places[0]).text
            vector, own = self.index.vectors[row], self.nodes[places[0]]
            return Asked(self, text, vector, exact=block.exact, without=row, own=own)
        text = block.text or ""
        if not same_words(text):
            raise refused("the text holds no letter or digit", "Say in words what to look for.", block.spot)
        return Asked(self, text, self.index.query_vector(text), exact=block.exact)

    def is_of(self, iri: str, kinds: Collection[str]) -> bool:
        """Whether a node is a passage of the index, of one of these kinds (none: any)."""
        places = self.places(iri)
        return bool(places) and (not kinds or KINDS[int(self.index.kinds[places[0]])] in kinds)

    def vectors_of_passage(self, iri: str) -> Vectors | None:
        """The vectors of the passages of a node, one row each; ``None`` for what is no passage."""
        rows = self.index.rows_of(self.places(iri))
        return self.index.vectors[rows] if len(rows) else None

    def vectors_of_text(self, text: str) -> Vectors:
        """The vector of a text, as one row."""
        if text not in self._texts:
            self._texts[text] = self.index.text_vectors([text])
            if len(self._texts) > _VECTORS_KEPT:
                self._texts.popitem(last=False)
        return self._texts[text]


class Asked:
    """One question to all passages; ``own`` is the passage that it is itself, which is no answer.

    ``exact`` compares every vector; without it a large index may choose by its codes what to compare, and
    :attr:`exact` tells whether it did.
    """

    def __init__(
        self,
        passages: GraphPassages,
        text: str,
        vector: Vectors,
        *,
        exact: bool = True,
        without: int | None = None,
        own: str | None = None,
    ) -> None:
        import numpy as np

        self._passages = passages
        self._own = own
        index = passages.index
        words = index.ranking.words_of(text)
        self.exact = exact or index.nearest.recall == 1.0
        self._rows: Rows | None = None
        if self.exact:
            near = index.nearest.exactly_nearest(vector, COMPANY_DEPTH if vector.any() else 0)
        else:
            near = index.nearest.nearest(vector, DEPTH if vector.any() else 0)[0]
            self._rows = distinct(np.concatenate([words.best(DEPTH), near]))
        self._ranking: AskedRanking = index.ranking.asked(words, vector, near, without=without)

    def best(self, kinds: Collection[str] = (), among: Collection[str] | None = None) -> Iterator[Found]:
        """Passages of these kinds (none: all), most similar first; equal ones by their place in the index.

        ``among`` admits only these nodes.
        """
        import numpy as np

        index, nodes = self._passages.index, self._passages.nodes
        rows = self._rows
        if among is not None:
            places = [place for node in among for place in self._passages.places(node)]
            held = distinct(index.rows_of(places))
            rows = held if rows is None else rows[np.isin(rows, held)]
        wanted = None if not kinds else {KINDS.index(kind) for kind in kinds}
        kind_of = index.kinds
        seen = set() if self._own is None else {self._own}
        for row, score in self._in_order(rows):
            for place in index.places_of(row):
                node = nodes[place]
                if node in seen or (among is not None and node not in among):
                    continue
                if wanted is not None and int(kind_of[place]) not in wanted:
                    continue
                seen.add(node)
                yield Found(node, score, place)

    def _in_order(self, rows: Rows | None) -> Iterator[tuple[int, float]]:
        """The rows (``None``: all) and their scores, best first, ties by number.

        Only so many are scored as are needed: a row may follow when no row that was not looked at can come
        before it.
        """
        import numpy as np

        every = len(self._passages.index.vectors)
        given, look = 0, _FIRST_LOOK
        while True:
            if rows is not None:
                looked_at, limit = rows, -np.inf
            elif 2 * look < every:
                looked_at, limit = self._ranking.first(look)
            else:
                looked_at, limit = np.arange(every), -np.inf
            whole = limit == -np.inf
            if not self._ranking.known:  # of a text without known words, only shared words tell anything
                limit = max(limit, SLACK)
            estimates = self._estimated(looked_at)
            order = np.argsort(-estimates, kind="stable")
            for end in self._ends(estimates[order], given, limit, whole=whole):
                portion = np.sort(looked_at[order[given:end]])
                score = self._ranking.scored(portion).score
                for place in np.argsort(-score, kind="stable").tolist():
                    yield int(portion[place]), float(score[place])
                given = end
            if whole:
                return
            look *= 4

    def _ends(self, estimates: Vectors, start: int, limit: float, *, whole: bool) -> Iterator[int]:
        """Where portions end of the estimates above ``limit``, best first, that begin at ``start``.

        An end lies where the next is so much less that its score is, too. ``whole``: there are no others
        than these, so that the last may be an end.
        """
        import numpy as np

        sure = int(np.count_nonzero(estimates > limit))
        ends = np.flatnonzero(estimates[:-1] - estimates[1:] > 2 * SLACK) + 1
        ends = np.append(ends[ends < sure], sure) if whole else ends[ends <= sure]
        while start < (ends[-1] if len(ends) else 0):
            next_end = int(np.searchsorted(ends, start + _SCORED))
            start = int(ends[min(next_end, len(ends) - 1)])
            yield start

    def _estimated(self, rows: Rows) -> Vectors:
        import numpy as np

        if len(rows) in (0, len(self._passages.index.vectors)):
            return self._ranking.estimated(rows)
        portions = (rows[start : start + _CHUNK] for start in range(0, len(rows), _CHUNK))
        return np.concatenate([self._ranking.estimated(each) for each in portions])
