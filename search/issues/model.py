"""What an issue is, and the set of issues that one build of a workspace finds."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field, fields
from functools import cached_property
from typing import Any

from fiscalgraph.extract.errors import FiscalgraphError

__all__ = [
    "FORMAT",
    "SIDES",
    "SIDE_OF_KIND",
    "Issue",
    "IssueParameters",
    "IssueSet",
    "IssuesUnusable",
    "Member",
]

FORMAT = 1

SIDES = ("cause", "measure")
SIDE_OF_KIND = {
    "problem_cause": "cause",
    "underperformance_reason": "cause",
    "improvement_measure": "measure",
}
"""The side of a passage, by its kind. Reasons why spending changed (人员增加，支出增加) have none: nearly
every department prints them, and spending more or less is no issue."""


class IssuesUnusable(FiscalgraphError):
    """A stored set of issues is damaged or of another version."""


@dataclass(frozen=True, slots=True)
class IssueParameters:
    """How issues are found.

    ``neighbours``: nearest statements that are looked at for each; ``joined``: two groups become one when
    the probabilities that their statements state the same have at least this mean; ``agreeing``: a statement
    stays in its group when those with the others have at least this one.
    Up to ``afresh_up_to`` statements of a side, all are grouped anew in each build; above, only what is new
    is added to the groups of the last build, as long as it is less than a tenth. ``wording`` counts the ways
    in which labels were made.
    """

    neighbours: int = 24
    joined: float = 0.15
    afresh_up_to: int = 5_000
    agreeing: float = 0.25
    wording: int = 2

    @property
    def firm(self) -> float:
        """The mean from which on groups are joined first, and what joins them would not leave again."""
        return max(self.agreeing, self.joined)


@dataclass(frozen=True, slots=True)
class Member:
    """One statement of an issue.

    ``passage`` is the id (:attr:`Passage.id <fiscalgraph.search.Passage.id>`) of its first place and
    ``places`` the ids of all, that one included: a statement may stand in several documents.
    ``score`` (0 to 1) is the mean probability that it states the same as the other members, and
    ``specificity`` (0 to 1) how much it says that not every department prints. ``statement`` identifies
    the words, whatever documents hold them.
    """

    passage: str
    score: float
    specificity: float
    statement: str
    places: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Issue:
    """A cause or measure that several statements share.

    ``id`` names it for good: it is made from what the issue held when it was first found, and kept while
    documents are added. ``side`` is one of :data:`SIDES`. ``label`` is a short clause and ``definition`` a
    whole sentence of its members. ``members`` come best first. ``specificity`` (0 to 1) orders the
    issues. ``former`` are the ids of issues that it took over by merging, ``split_from`` the issue it was
    part of before.
    """

    id: str
    side: str
    label: str
    definition: str
    members: tuple[Member, ...]
    former: tuple[str, ...] = ()
    split_from: str | None = None
    specificity: float = 0.0


@dataclass(frozen=True)
class IssueSet:
    """The issues of one build, the most specific first, with what made them.

    ``generation`` counts the builds since the first; ``model`` is the fingerprint of the encoder,
    ``pair_score`` that of what judges two statements (:attr:`PairJudge.digest
    <fiscalgraph.search.issues.pair_score.PairJudge.digest>`).
    """

    issues: tuple[Issue, ...]
    generation: int
    model: str
    pair_score: str
    parameters: IssueParameters = field(default_factory=IssueParameters)
    alone: tuple[str, ...] = ()
    """Side and digest (``cause 0f3a…``) of the statements that no issue holds, in order."""
    retired: Mapping[str, str | None] = field(default_factory=dict)
    """Ids that no issue bears any more, with the issue that holds most of what they held (``None``: its
    statements are gone or stand alone)."""

    def __iter__(self) -> Iterator[Issue]:
        return iter(self.issues)

    def __len__(self) -> int:
        return len(self.issues)

    def resolve(self, name: str) -> Issue | None:
        """The issue of this id, or the one that took it over; ``None`` when there is none."""
        return self._by_id.get(name) or self._by_id.get(self.retired.get(name) or "")

    def issue_of(self, passage: str) -> Issue | None:
        """The issue that the passage of this id states, if any."""
        return self._by_passage.get(passage)

    def to_json(self) -> str:
        """As JSON, each issue on a line of its own; equal sets give equal text."""
        content = {
            "format": FORMAT,
            "generation": self.generation,
            "model": self.model,
            "pair_score": self.pair_score,
            "parameters": asdict(self.parameters),
            "alone": list(self.alone),
            "retired": dict(sorted(self.retired.items())),
        }
        parts = [f'"{name}": {json.dumps(value, ensure_ascii=False)}' for name, value in content.items()]
        issues = ",\n".join(json.dumps(_values(issue), ensure_ascii=False) for issue in self.issues)
        return "{" + ",\n".join([*parts, f'"issues": [\n{issues}\n]']) + "}\n"

    @classmethod
    def from_json(cls, text: str) -> IssueSet:
        """The inverse of :meth:`to_json`. Raises :class:`IssuesUnusable` for anything else."""
        try:
            content = json.loads(text)
            if content["format"] != FORMAT:
                raise IssuesUnusable(
                    "the stored issues",
                    f"they have format {content['format']}, this version reads {FORMAT}",
                    "Build the workspace again",
                )
            return cls(
                tuple(_issue(each) for each in content["issues"]),
                int(content["generation"]),
                content["model"],
                content["pair_score"],
                _parameters(content["parameters"]),
                tuple(content["alone"]),
                content["retired"],
            )
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise IssuesUnusable(
                "the stored issues", f"{type(error).__name__}: {error}", "Build the workspace again"
            ) from error

    @cached_property
    def _by_id(self) -> dict[str, Issue]:
        return {issue.id: issue for issue in self.issues}

    @cached_property
    def _by_passage(self) -> dict[str, Issue]:
        return {place: issue for issue in self.issues for member in issue.members for place in member.places}


_MEMBER = tuple(each.name for each in fields(Member))
_ISSUE = tuple(each.name for each in fields(Issue))


def _values(issue: Issue) -> dict[str, Any]:
    """What :func:`dataclasses.asdict` gives, without copying every member's parts."""
    values = {name: getattr(issue, name) for name in _ISSUE}
    values["members"] = [{name: getattr(each, name) for name in _MEMBER} for each in issue.members]
    return values


def _parameters(values: Mapping[str, Any]) -> IssueParameters:
    """Those of another version may be others; its issues are the last build's nevertheless."""
    return IssueParameters(**{each.name: values.get(each.name, 0) for each in fields(IssueParameters)})


def _issue(values: Mapping[str, Any]) -> Issue:
    members = tuple(
        Member(each["passage"], each["score"], each["specificity"], each["statement"], tuple(each["places"]))
        for each in values["members"]
    )
    return Issue(**{**values, "members": members, "former": tuple(values["former"])})
