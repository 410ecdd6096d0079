"""What of the rest of a query decides which passages satisfy it, without what only fetches facts of them.

``?entry fg:projectName ?project`` asks for a name that nothing else looks at: nearly every passage satisfies
it, and to find that out costs as much as a condition does. Without such patterns a query admits everything
that it admits with them, so most passages can be sorted out by what is left; those that come through are
asked about in full.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from fiscalgraph.search.combined.blocks import Block
from fiscalgraph.search.combined.structure import Element, Query
from fiscalgraph.search.combined.triples import Triple, triples_of

__all__ = ["Edit", "conditions"]

Edit = tuple[int, int, str]
"""What stands from one place of the text to another, and what takes its place."""

_NOTHING = "FILTER(true)"


@dataclass(frozen=True, slots=True, eq=False)
class _Part:
    """A pattern, or an element that is not taken apart (a stretch of triples too)."""

    element: Element
    variables: frozenset[str]
    triple: Triple | None = None

    @property
    def binds(self) -> bool:
        """Whether all its variables are bound in every solution."""
        return self.element.kind == "triples"


def conditions(query: Query, element: Element, block: Block) -> list[Edit] | None:
    """The edits that leave only conditions in the group of a block; ``None`` where that changes nothing, or
    leaves nothing."""
    group = element.group
    if group is not group.select.where:
        return None  # what stands inside one another may depend on all of it
    kept = [part for other in group.elements if other is not element for part in _parts(query, other)]
    every = len(kept)
    looking = _Looking(element, block, _behind(query, element))
    while (leaf := next((part for part in kept if looking.can_go(part, kept)), None)) is not None:
        kept.remove(leaf)
    if not kept or len(kept) == every:
        return None
    edits: list[Edit] = []
    bound = {block.subject or ""}
    for other in group.elements:
        own = [part for part in kept if part.element is other]
        if other is element or own == [] == list(_parts(query, other)):
            continue
        triples = [part.triple for part in own if part.triple is not None]
        if triples:
            edits.append((other.start, other.end, " ".join(each.text for each in _in_order(triples, bound))))
        elif not own:
            edits.append((other.start, other.end, _NOTHING))
        bound.update(*(part.variables for part in own))
    return edits


@dataclass(frozen=True, slots=True)
class _Looking:
    """For what is not needed: the block and what is looked at behind the group."""

    element: Element
    block: Block
    behind: frozenset[str]

    def can_go(self, part: _Part, kept: Sequence[_Part]) -> bool:
        """Whether all that satisfies ``kept`` without a part of it includes all that satisfies it with the
        part, and the part is no condition of its own."""
        others = [other for other in kept if other is not part]
        used = {self.block.subject or "", *self.behind}.union(*(other.variables for other in others))
        own = part.variables - used
        if part.triple is not None:
            ends = (part.triple.subject[1:], part.triple.object[1:])
            return (
                not part.triple.holds_constant
                and not own.isdisjoint(ends)
                and part.variables - own <= self._bound(part, others)
            )
        if part.element.kind == "bind":
            return part.element.target in own
        if part.element.kind == "optional":
            return part.variables - own <= self._bound(part, others)
        return False

    def _bound(self, part: _Part, others: Sequence[_Part]) -> set[str]:
        """What is bound where the part stands without it, for what stands behind it, too."""
        start = part.element.start
        before = [other for other in others if other.binds and other.element.start <= start]
        bound = {variable for other in before for variable in other.variables}
        if self.element.start < start:
            bound |= {self.block.subject or "", *self.block.variables}
        return bound


def _parts(query: Query, element: Element) -> list[_Part]:
    if element.kind == "triples":
        inside = [token for token in query.tokens if element.start <= token.start < element.end]
        triples = triples_of(inside)
        if triples is not None:
            return [_Part(element, triple.variables, triple) for triple in triples]
    return [_Part(element, element.variables)]


def _behind(query: Query, element: Element) -> frozenset[str]:
    """The variables of the VALUES behind the group."""
    span = element.group.select.values
    if span is None:
        return frozenset()
    inside = (token for token in query.tokens if span[0] <= token.start < span[1])
    return frozenset(token.text[1:] for token in inside if token.kind == "variable")


def _in_order(triples: list[Triple], bound: set[str]) -> list[Triple]:
    """The patterns, those first that lead from what is bound to something given: of patterns that seem to
    cost as much, the engine begins with the one that is written first."""
    chains = [
        chain for triple in triples if triple.holds_constant for chain in [_chain(triple, triples, bound)]
    ]
    chains.sort(key=len)
    return list(dict.fromkeys([*(triple for chain in chains for triple in chain), *triples]))


def _chain(last: Triple, triples: list[Triple], bound: set[str]) -> list[Triple]:
    """The shortest row of patterns from what is bound to ``last``; ``last`` alone if none leads there."""
    rows = [[triple] for triple in triples if not bound.isdisjoint(triple.variables)]
    seen = {row[0] for row in rows}
    while rows:
        for row in rows:
            if row[-1] == last:
                return row
        longer = []
        for row in rows:
            for triple in triples:
                if triple not in seen and not triple.variables.isdisjoint(row[-1].variables):
                    seen.add(triple)
                    longer.append([*row, triple])
        rows = longer
    return [last]
