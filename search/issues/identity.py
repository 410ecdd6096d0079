"""Which group of today is which issue of the last build.

A group bears the id of the issue most of which it holds (of two, that with most in common). An id is made
once, from the statement with the smallest digest that the issue held when it was found.
"""

from __future__ import annotations

import hashlib
from collections import Counter, defaultdict
from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, count

from fiscalgraph.search.issues.model import Issue, IssueSet

__all__ = ["Group", "Identity", "identified"]

Group = tuple[str, frozenset[str]]
"""Its side, and the digests of its statements; a statement is in one group of a side."""

_Common = Mapping[tuple[str, int], int]


@dataclass(frozen=True, slots=True)
class Identity:
    """What a group is called and where it comes from; see :class:`~fiscalgraph.search.issues.model.Issue`."""

    id: str
    former: tuple[str, ...] = ()
    split_from: str | None = None


def identified(
    groups: Sequence[Group], previous: IssueSet | None
) -> tuple[list[Identity], dict[str, str | None]]:
    """The identity of each group, and the ids that no issue bears any more (see :attr:`IssueSet.retired`).

    Neither the order of the groups nor that of the previous issues matters.
    """
    old = {issue.id: issue for issue in previous} if previous is not None else {}
    retired = dict(previous.retired) if previous is not None else {}
    common = _in_common(groups, old)
    heirs: dict[str, int] = {}  # the group that holds most of an old issue
    bearers: dict[int, str] = {}
    for name, group in sorted(common, key=lambda pair: (-common[pair], pair[0], min(groups[pair[1]][1]))):
        if name not in heirs:
            heirs[name] = group
            bearers.setdefault(group, name)
    taken = old.keys() | {name for name, heir in retired.items() if heir is not None}
    names = [bearers.get(number) or _new_id(group, taken) for number, group in enumerate(groups)]
    for name in old.keys() - set(bearers.values()):
        retired[name] = names[heirs[name]] if name in heirs else None
    borne = set(names)
    resolved = {name: _last_heir(name, retired, borne) for name in retired.keys() - borne}
    sources: dict[int, list[tuple[int, str]]] = defaultdict(list)
    for (name, number), held in common.items():
        sources[number].append((-held, name))
    former: dict[str, list[str]] = defaultdict(list)
    for name, heir in resolved.items():
        if heir is not None:
            former[heir].append(name)
    identities = [
        Identity(
            name,
            tuple(sorted(former[name])),
            old[name].split_from if name in old else _origin(sources[number], len(groups[number][1])),
        )
        for number, name in enumerate(names)
    ]
    return identities, resolved


def _in_common(groups: Sequence[Group], old: Mapping[str, Issue]) -> _Common:
    """How many statements each old issue and each group have in common, where there are any."""
    issue_of = {(issue.side, each.statement): issue.id for issue in old.values() for each in issue.members}
    return Counter(
        (name, number)
        for number, (side, members) in enumerate(groups)
        for member in members
        if (name := issue_of.get((side, member))) is not None
    )


def _last_heir(name: str, retired: Mapping[str, str | None], borne: Container[str]) -> str | None:
    """Who bears what ``name`` held, through any number of mergers."""
    heir = retired[name]
    while heir is not None and heir not in borne:
        heir = retired.get(heir)
    return heir


def _origin(sources: Sequence[tuple[int, str]], size: int) -> str | None:
    """The old issue that at least half of a new group comes from; ``sources``: of how many, in the negative,
    and which."""
    if not sources:
        return None
    most, name = min(sources)
    return name if -2 * most >= size else None


def _new_id(group: Group, taken: Container[str]) -> str:
    """Made from the smallest digest whose id nobody bears or bore; should each be borne, from all of them."""
    side, members = group
    ordered = sorted(members)
    founded = [f"{side} {each}" for each in ordered]
    again = (f"{side} {' '.join(ordered)} {number}" for number in count())
    return next(name for name in map(_hashed, chain(founded, again)) if name not in taken)


def _hashed(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:16]
