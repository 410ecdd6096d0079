"""How a block is answered: from the graph's candidates, or from the most similar passages down.

Both give the same: the first ``k`` passages, in the order of scores, that satisfy the rest of the query.

*Vectors first*: the most similar passages are put into the rest as VALUES, in growing portions, until
enough have come through. *Graph first*: the rest, without what needs the scores, tells the candidates; all of
them are scored, and walked down in the same way. The walk begins with the vectors; how many of its first
portions came through tells whether it would be long. Then a probe tells whether few passages satisfy the
patterns of the rest, its filters left out: if so, these are the candidates. If they are many, to find
those that the filters leave may take the engine seconds, and the walk goes on for a good part of the way.

What is tried is first put through a sieve, the rest without what only fetches facts; what comes through it
is asked about in full when it seems to be enough.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any, Final, Literal

from pyoxigraph import Literal as EngineLiteral
from pyoxigraph import NamedNode

from fiscalgraph.graph.sparql.similar import Ask, SimilarRun
from fiscalgraph.search.combined.blocks import MOST, Block, refused
from fiscalgraph.search.combined.passages import Asked, Found, GraphPassages
from fiscalgraph.search.combined.rewriting import PROBED, Rest

__all__ = ["Answered", "Plan", "answer_block"]

Plan = Literal["graph first", "vectors first"]

_PORTION: Final = 64  # passages that are tried first
_NO_USE: Final = 0.5  # a sieve that lets through a greater share is no use
_LARGEST: Final = 1000  # the engine joins longer VALUES badly
_LONG_WALK: Final = 2500  # more passages than these are not tried before the graph is probed
# Of all passages, a share that may be tried before the graph is asked for all candidates, and one that is
# tried in any case: of few that came through little can be told.
_MOST_SHARE: Final = 0.25
_LEAST_SHARE: Final = 0.05


@dataclass(frozen=True, slots=True)
class Answered:
    """A block as VALUES, and how it was answered."""

    values: str
    run: SimilarRun


def answer_block(
    block: Block, passages: GraphPassages, ask: Ask, rest: Rest | None, mark: str, plan: Plan | None = None
) -> Answered:
    """Answer a block. ``rest`` is ``None`` where its subject is given; ``plan`` forces one.

    Raises :class:`SimilarRefused` where more passages reach the threshold than may be given, and what the
    engine raises.
    """
    asked = passages.ask(block)
    if rest is None:
        assert block.given is not None  # else there is a rest
        found = _above(block, asked.best(block.kinds, frozenset([block.given])))
        here = list(islice(found, 1))
        run = SimilarRun("graph first", 1, asked.exact, len(here))
        return Answered(_values(block, passages, here, block.variables), run)
    return _Walk(block, passages, ask, rest, mark).answered(asked, plan)


class _Walk:
    """Down the passages by their scores, and through the rest of the query."""

    def __init__(self, block: Block, passages: GraphPassages, ask: Ask, rest: Rest, mark: str) -> None:
        self._block, self._passages, self._ask, self._rest = block, passages, ask, rest
        self._mark = mark
        self._wanted = block.k if block.k is not None else MOST + 1
        self._survivors: list[Found] = []
        self._waiting: list[Found] = []  # they came through the sieve
        self._asked_about = 0  # so many of those were asked about in full
        self._sieved = self._through_sieve = 0
        self._tried = 0
        self._last: list[Found] = []  # that were tried

    def answered(self, asked: Asked, plan: Plan | None) -> Answered:
        block = self._block
        candidates = self._candidates() if plan == "graph first" else None
        if candidates is None:
            walk = _above(block, asked.best(block.kinds))
            if plan is not None or self._rest.candidates is None:
                self._down(walk)
            elif not self._down(walk, _LONG_WALK):
                candidates = None if self._many_without_filters() else self._probe()
                every = len(self._passages.nodes)
                if candidates is None and not self._down(walk, _MOST_SHARE * every, _LEAST_SHARE * every):
                    candidates = self._candidates()
        number = self._tried
        if candidates is not None:
            number = len(candidates)
            self._survivors, self._waiting, self._tried = [], [], 0
            self._down(_above(block, asked.best(block.kinds, candidates)))
        used: Plan = "vectors first" if candidates is None else "graph first"
        if block.k is None and len(self._survivors) > MOST:
            raise refused(
                f"more than {MOST} passages reach the threshold {block.threshold:g}",
                "Raise fg:threshold, narrow the query, or give fg:k: so many of the best.",
                block.spot,
            )
        run = SimilarRun(used, number, asked.exact, len(self._survivors))
        return Answered(_values(block, self._passages, self._survivors, block.variables), run)

    def _down(self, found: Iterator[Found], most: float | None = None, least: float = _PORTION) -> bool:
        """Try passages until enough satisfy the rest or there are no more.

        ``False`` as soon as it is to be expected that more than ``most`` have to be tried in all, but not
        before more than ``least`` were.
        """
        more = True
        while len(self._survivors) < self._wanted and (more or self._waiting):
            ahead = self._ahead()
            if self._waiting and (ahead == 0 or not more):
                self._ask_about_waiting()
                continue
            if most is not None and self._tried + ahead > most and self._tried > least:
                return False
            portion = min(int(ahead) + 1, 4 * self._tried, _LARGEST) if self._tried else _PORTION
            tried = self._last = list(islice(found, portion))
            self._waiting += self._sifted(tried) if tried else []
            self._tried += len(tried)
            more = len(tried) == portion
        del self._survivors[self._wanted :]
        return True

    def _ahead(self) -> float:
        """How many passages are still to be tried, if as many come through as did so far; some to spare."""
        hoped = len(self._survivors) + self._share() * len(self._waiting)
        missing = self._wanted - hoped
        return 1.2 * missing * max(self._tried / max(hoped, 0.5), 1) if missing > 0 else 0

    def _sifted(self, tried: list[Found]) -> list[Found]:
        """Those of the passages that come through the sieve, in their order; all where it is no use."""
        sieve = self._rest.sieve
        if sieve is None or self._through_sieve > _NO_USE * self._sieved:
            return tried
        found = self._satisfying(sieve, tried)
        self._sieved += len(tried)
        self._through_sieve += len(found)
        return found

    def _ask_about_waiting(self) -> None:
        """Ask in full about the first that wait: as many as seem to be needed; all if nothing sifted them."""
        missing = self._wanted - len(self._survivors)
        needed = _LARGEST if self._rest.sieve is None else int(1.2 * missing / max(self._share(), 0.01)) + 1
        number = min(needed, _LARGEST)
        portion, self._waiting = self._waiting[:number], self._waiting[number:]
        self._survivors += self._satisfying(self._rest.survivors, portion)
        self._asked_about += len(portion)

    def _share(self) -> float:
        """What share survives of those that are asked about in full."""
        return len(self._survivors) / self._asked_about if self._asked_about else 1.0

    def _satisfying(self, query: tuple[str, str], tried: list[Found]) -> list[Found]:
        """Those of the passages that come back from a query with them as VALUES, in their order."""
        mark = self._mark if self._rest.marked else None
        values = _values(self._block, self._passages, tried, self._rest.bound, mark)
        through = self._through(values.join(query))
        return [each for each in tried if each.iri in through]

    def _candidates(self) -> frozenset[str]:
        """The passages of the index, of the kinds that are asked for, which satisfy the rest."""
        assert self._rest.candidates is not None  # else the walk was patient
        return self._of_kind(self._through(self._rest.candidates))

    def _of_kind(self, found: set[str]) -> frozenset[str]:
        return frozenset(iri for iri in found if self._passages.is_of(iri, self._block.kinds))

    def _many_without_filters(self) -> bool:
        """Whether one of the last passages that were tried satisfies the rest without its filters: then many
        of all do, and a probe would only tell that again."""
        return bool(self._satisfying(self._rest.unfiltered, self._last[:_PORTION]))

    def _probe(self) -> frozenset[str] | None:
        """The passages that satisfy the rest without its filters, where they are few: no others can be
        candidates."""
        assert self._rest.probe is not None  # there are candidates to be asked for
        found: Any = self._ask(self._rest.probe)
        rows = list(found)
        if len(rows) >= PROBED:
            return None
        return self._of_kind(self._subjects(rows))

    def _through(self, query: str) -> set[str]:
        """The subjects of the rows that have come through the block."""
        return self._subjects(self._ask(query))

    def _subjects(self, rows: Any) -> set[str]:
        if self._rest.marked:
            return {row[0].value for row in rows if row[1] is not None and isinstance(row[0], NamedNode)}
        return {row[0].value for row in rows if isinstance(row[0], NamedNode)}


def _above(block: Block, found: Iterator[Found]) -> Iterator[Found]:
    """Those that reach the threshold of a block; ``found`` is in the order of scores."""
    for each in found:
        if block.threshold is not None and each.score < block.threshold:
            return
        yield each


def _values(
    block: Block,
    passages: GraphPassages,
    found: list[Found],
    bound: frozenset[str],
    mark: str | None = None,
) -> str:
    """The passages and what of ``bound`` the block binds of them, as VALUES; ``mark`` is one column more."""
    columns = []
    if block.subject is not None:
        columns.append((block.subject, [f"<{each.iri}>" for each in found]))
    if block.score is not None and block.score in bound:
        columns.append((block.score, [f"{each.score:.6f}" for each in found]))
    if block.statement is not None and block.statement in bound:
        texts = [passages.index.passage_at(each.place).text for each in found]
        columns.append((block.statement, [str(EngineLiteral(text)) for text in texts]))
    if mark is not None:
        columns.append((mark, ["1"] * len(found)))
    names = " ".join(f"?{name}" for name, _ in columns)
    rows = " ".join(f"({' '.join(row)})" for row in zip(*(cells for _, cells in columns), strict=True))
    return f"VALUES ({names}) {{ {rows} }}" if columns else _unbound(bool(found))


def _unbound(holds: bool) -> str:
    """A block that binds nothing: it holds or it does not."""
    return "FILTER(true)" if holds else "FILTER(false)"
