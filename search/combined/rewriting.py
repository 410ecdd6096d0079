"""The queries that answer a block: the rest of its query, with passages in the block's place.

What a block is answered *among* is the group of the SELECT (or subquery) it stands in: on the way down to it,
of a UNION only the branch that holds it counts, and of an OPTIONAL what has it. Blocks that are not answered
yet are taken away, with the filters and BINDs that need what they give; blocks that are answered stand as
the VALUES they became. Text outside these places is taken over character by character.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import count

from fiscalgraph.graph.sparql.errors import SimilarRefused
from fiscalgraph.search.combined.blocks import Block, refused
from fiscalgraph.search.combined.conditions import Edit, conditions
from fiscalgraph.search.combined.structure import Element, Group, Query, Select, Spot

__all__ = ["PROBED", "Rest", "Rewriting"]

PROBED = 300
"""So many rows a probe gives at most."""

# In the place of an element that is taken away: it joins nothing and ends no pattern.
_NOTHING = "FILTER(true)"


@dataclass(frozen=True, slots=True)
class Rest:
    """The rest of the query around one block, as queries whose rows are ``passage`` and ``mark``.

    ``candidates`` gives every passage that satisfies the rest (``None``: they cannot be asked for so),
    ``probe`` the first of those that satisfy it without its filters, which the engine finds soon.

    The others are two parts with room between them for VALUES, and give passages of these: ``survivors``
    those that satisfy the rest; ``sieve`` (``None``: it would not differ) these and maybe more, as it asks
    for less; ``unfiltered`` one of those that satisfy the patterns of the sieve, its filters left out.
    ``bound`` are the variables of the block that the VALUES must give.

    Only rows whose mark is bound have come through the block; ``marked`` says that the VALUES need a mark,
    and that other rows may come.
    """

    candidates: str | None
    probe: str | None
    survivors: tuple[str, str]
    sieve: tuple[str, str] | None
    unfiltered: tuple[str, str]
    bound: frozenset[str]
    marked: bool


class Rewriting:
    """One query and its blocks; ``in_order`` are their numbers in the order they are to be answered.

    Raises :class:`SimilarRefused` for a block where it has no meaning: inside MINUS or (NOT) EXISTS.
    """

    def __init__(self, query: Query, blocks: list[Block]) -> None:
        self._query = query
        self._blocks = blocks
        self._mark = _fresh(query.text)
        self.in_order = list(self._ordered(query.main))
        for element, block in zip(query.services, blocks, strict=True):
            if any(around.kind == "minus" for around in _around(element)):
                raise _out_of_place(block.spot)

    @property
    def mark(self) -> str:
        """The variable that tells what came through a block."""
        return self._mark

    def _ordered(self, select: Select) -> Iterator[int]:
        """Subqueries first, since their answers depend on nothing around them; then by the text."""
        own = []
        for element in self._query.elements(select.where) if select.where else ():
            if element.kind == "service" and element.group.select is select:
                own.append(self._query.services.index(element))
            elif element.kind == "select" and element.group.select is select and element.groups:
                yield from self._ordered(element.groups[0].select)
        yield from own

    def answered(self, values: Mapping[int, str]) -> str:
        """The whole query with the VALUES of its blocks, by number."""
        edits = [
            (element.start, element.end, values[number])
            for number, element in enumerate(self._query.services)
        ]
        return _edited(self._query.text, 0, len(self._query.text), edits)

    def rest(self, number: int, values: Mapping[int, str], *, whole_dataset: bool) -> Rest:
        """The rest of the query around a block; ``values`` are those of the blocks answered before.

        ``whole_dataset``: the query is asked of the union of all graphs.
        """
        element, block = self._query.services[number], self._blocks[number]
        path = _path(element)
        select = element.group.select
        assert select.where is not None  # the block stands in it
        edits: list[Edit] = []
        for inside in (group.inside for group in path if group.inside and group is not select.where):
            if inside.kind == "union":
                branch = next(group for group in inside.groups if group in path)
                edits += [(inside.start, branch.start, ""), (branch.end, inside.end, "")]
        for other, service in enumerate(self._query.services):
            if other != number:
                edits.append((service.start, service.end, values.get(other, _NOTHING)))
                if other not in values:
                    edits += _needing(service, self._only_here(other))[0]
        marked = any(group.inside and group.inside.kind == "optional" for group in path[:-1])
        selected = f"?{block.subject} ?{self._mark}" if marked else f"?{block.subject}"
        head = f"{self._query.head} SELECT DISTINCT {selected} {self._query.datasets} WHERE "
        tail = ""
        if select.values is not None and not select.grouped:
            tail = " " + self._query.text[select.values[0] : select.values[1]]
        group = select.where

        def query(here: str, more: Iterable[Edit] = (), limit: str = "") -> str:
            changed = [*edits, (element.start, element.end, here), *more]
            return head + _edited(self._query.text, group.start, group.end, changed) + limit + tail

        survivors = _around_place(query("\0"))
        fewer = None if marked else conditions(self._query, element, block)
        sieve = None if fewer is None else _around_place(query("\0", fewer))
        direct = [each for group in path for each in group.elements if each.kind == "filter"]
        no_filters = [(each.start, each.end, _NOTHING) for each in direct]
        unfiltered = _around_place(query("\0", [*(fewer or ()), *no_filters], " LIMIT 1"))
        bound = block.variables & self._looked_at(element)
        more, simple = _needing(element, block.variables)
        in_graph = any(group.inside and group.inside.kind == "graph" for group in path[:-1])
        here = _NOTHING
        if not _anchored(element, block.subject or ""):
            here = f"?{block.subject} <{_PASSAGE_KIND}> ?{self._mark}k . "
            simple = simple and whole_dataset and not in_graph  # else some passages may not be seen
        if marked:
            last = element.group.end - 1
            more = [*more, (last, last, f" BIND(1 AS ?{self._mark}) ")]
        if not simple:
            return Rest(None, None, survivors, sieve, unfiltered, bound, marked)
        probe = query(here, [*more, *no_filters], f" LIMIT {PROBED}")
        return Rest(query(here, more), probe, survivors, sieve, unfiltered, bound, marked)

    def _looked_at(self, element: Element) -> frozenset[str]:
        """The variables that are mentioned in the SELECT of a block beside the block itself."""
        where = element.group.select.where
        tail = element.group.select.values
        spans = [(where.start, element.start), (element.end, where.end)] if where else []
        spans += [tail] if tail else []
        return frozenset(
            token.text[1:]
            for token in self._query.tokens
            if token.kind == "variable" and any(start <= token.start < end for start, end in spans)
        )

    def _only_here(self, number: int) -> frozenset[str]:
        """The variables that nothing binds when a block is taken away."""
        element, block = self._query.services[number], self._blocks[number]
        path = _path(element)
        apart = [element, *(group.inside for group in path)]
        others = [each for group in path for each in group.elements if each not in apart]
        if block.subject is None or any(
            block.subject in each.variables for each in others if each.kind not in ("filter", "bind")
        ):
            return block.variables
        return block.variables | {block.subject}


_PASSAGE_KIND = "https://w3id.org/fiscalgraph/ontology#passageKind"


def _anchored(element: Element, subject: str) -> bool:
    """Whether a pattern beside a block binds its subject whatever else holds, and could as well stand in its
    place: nothing between the two depends on what is bound before it."""
    elements = element.group.elements
    own = elements.index(element)
    for place, other in enumerate(elements):
        if other is not element and _binds(other, subject):
            between = elements[min(own, place) + 1 : max(own, place)]
            if not any(each.kind in ("optional", "minus", "bind") for each in between):
                return True
    return False


def _binds(element: Element, variable: str) -> bool:
    """Whether an element binds a variable in every solution."""
    if element.kind == "graph":
        return any(_binds(each, variable) for each in element.groups[0].elements)
    return element.kind == "triples" and variable in element.variables


def _needing(element: Element, variables: frozenset[str]) -> tuple[list[Edit], bool]:
    """What to take away so that a query can do without the variables that a block binds.

    Filters and BINDs around the block; the flag tells whether the rest then admits everything that it
    admits with them, which an OPTIONAL or MINUS that looks at them does not ensure.
    """
    if not variables:
        return [], True
    direct = [each for group in _path(element) for each in group.elements]
    needed = set(variables)
    edits: dict[int, Edit] = {}
    while True:
        found = {
            each.start: (each.start, each.end, _NOTHING)
            for each in direct
            if each.kind in ("filter", "bind") and not needed.isdisjoint(each.variables)
        }
        targets = {each.target for each in direct if each.start in found and each.target}
        if targets <= needed:
            edits = found
            break
        needed |= targets
    path = [group.inside for group in _path(element)]
    looking = [each for each in direct if each.kind in ("optional", "minus") and each not in path]
    return list(edits.values()), all(needed.isdisjoint(each.variables) for each in looking)


def _path(element: Element) -> list[Group]:
    """The groups from the one that holds a block up to that of its SELECT."""
    group = element.group
    path = [group]
    while group is not group.select.where and group.inside is not None:
        group = group.inside.group
        path.append(group)
    return path


def _around(element: Element) -> Iterator[Element]:
    """What a block stands in, up to the whole query."""
    inside = element.group.inside
    while inside is not None:
        yield inside
        inside = inside.group.inside


def _edited(text: str, start: int, end: int, edits: Iterable[Edit]) -> str:
    """A stretch of the text with parts replaced; what lies inside a part that is replaced goes with it."""
    parts = []
    place = start
    for first, last, new in sorted(set(edits), key=lambda edit: (edit[0], -edit[1])):
        if first < place or last > end:
            continue
        parts += [text[place:first], new]
        place = last
    return "".join([*parts, text[place:end]])


def _around_place(query: str) -> tuple[str, str]:
    """What stands before and behind the place for the VALUES."""
    before, _, behind = query.partition("\0")
    return before, behind


def _fresh(text: str) -> str:
    """A variable that the query does not use."""
    return next(name for number in count() if (name := f"fgmark{number}") not in text)


def _out_of_place(spot: Spot) -> SimilarRefused:
    return refused(
        "it stands inside MINUS or EXISTS, where nothing is the best",
        "Put it beside the other patterns, and exclude by a FILTER on its score.",
        spot,
    )
