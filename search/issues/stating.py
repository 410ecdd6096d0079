"""From an index and its issues to statements of the graph: words of members, types, what is at stake."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING

from fiscalgraph.graph.mapping_issues import (
    IssueRun,
    IssueType,
    StatedIssue,
    StatedMember,
    TypedPassage,
    issue_quads,
)
from fiscalgraph.search.issues.model import SIDE_OF_KIND, Issue, IssueSet
from fiscalgraph.search.issues.types import align

if TYPE_CHECKING:
    from pyoxigraph import Quad, Store

    from fiscalgraph.search.issues.typed import Types
    from fiscalgraph.search.links import Link
    from fiscalgraph.search.passages import Passage

__all__ = ["cause_texts", "issue_statements"]


def cause_texts(groups: Iterable[Sequence[Passage]]) -> Iterator[str]:
    """The words of all causes, with repetitions."""
    for group in groups:
        yield from (place.text for place in group if SIDE_OF_KIND.get(place.kind) == "cause")


def issue_statements(
    store: Store,
    groups: Sequence[Sequence[Passage]],
    found: IssueSet,
    types: Types,
    linked: Iterable[Link] = (),
) -> Iterator[Quad]:
    """Quads for the graph of issues over the finished graph ``store``, in which pairings and explanations
    stand already.

    ``groups`` are the places of each statement of the index, ``types`` those of the texts of causes, and
    ``linked`` the links that stand in the graph.
    """
    places = {place.id: place for group in groups for place in group}
    run = IssueRun(found.model, found.pair_score, asdict(found.parameters), found.retired)
    stated = (_stated(issue, places, types) for issue in found)
    ends = ((end.id, end.text) for link in linked for end in (link.left, link.right))
    return issue_quads(store, stated, run, _typed(places.values(), types), ends)


def _stated(issue: Issue, places: dict[str, Passage], types: Types) -> StatedIssue:
    members = tuple(
        StatedMember(place, places[place].text, member.score, member.specificity)
        for member in issue.members
        for place in member.places
        if place in places
    )
    kind = None
    if issue.side == "cause":
        # One voice for each statement: a sentence that a department prints ten times is one.
        texts = [places[member.passage].text for member in issue.members if member.passage in places]
        aligned = align([types.get(text, ()) for text in texts])
        kind = None if aligned is None else IssueType(aligned.code, aligned.relation, aligned.share)
    return StatedIssue(
        issue.id,
        issue.side,
        issue.label,
        issue.definition,
        issue.specificity,
        members,
        issue.former,
        issue.split_from,
        kind,
    )


def _typed(places: Iterable[Passage], types: Types) -> Iterator[TypedPassage]:
    for place in places:
        if SIDE_OF_KIND.get(place.kind) == "cause":
            for each in types.get(place.text, ()):
                yield TypedPassage(place.id, place.text, each.code, each.confidence)
