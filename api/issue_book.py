"""The issues of a generation, as they are asked for: filtered, with what is at stake, members and outcomes.

There are two levels: issues proper, which statements share in their own words, and the types of causes
(原因类型), each with all statements that were assigned to it, in whatever issue or in none. An issue's
figures are those of its members that year and confidence admit. A department chooses issues: one that it
states is shown whole, with everybody else who states it.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal

from pyoxigraph import Store

from fiscalgraph.graph.identifiers import BASE
from fiscalgraph.graph.issue_stakes import Concern, Concerns, Stake, explained_once, stake_of
from fiscalgraph.graph.pairing import promise_of
from fiscalgraph.ontology.causes import CAUSE_NAMESPACE, Cause, cause_groups, causes
from fiscalgraph.ontology.prefixes import PREFIXES

__all__ = [
    "OUTCOMES",
    "Answer",
    "IssueBook",
    "IssueFilters",
    "IssueView",
    "KnownIssue",
    "KnownMember",
    "MatchedType",
]

OUTCOMES: Final = ("met", "repeated", "dropped", "unknown")
"""What may have become in the next year of an indicator that missed its target."""

_ISSUES_PATH: Final = BASE + "issue/"

_ISSUES = """
SELECT ?issue ?id ?label ?definition ?side ?specificity ?relation ?type ?share ?split_from
WHERE {
  ?issue a fg:Issue ; dcterms:identifier ?id ; skos:prefLabel ?label ; skos:definition ?definition ;
    fg:issueSide/skos:notation ?side ; fg:specificity ?specificity .
  OPTIONAL {
    VALUES (?predicate ?relation) { (skos:closeMatch "closeMatch") (skos:broadMatch "broadMatch") }
    ?issue ?predicate ?concept ; fg:alignmentShare ?share .
    ?concept skos:notation ?type .
  }
  OPTIONAL { ?issue fg:splitFrom ?split_from }
}
"""
_MEMBERS = """
SELECT ?issue ?passage ?score ?specificity ?text WHERE {
  ?issue fg:hasMembership ?membership .
  ?membership fg:passage ?passage ; fg:membershipScore ?score ; fg:specificity ?specificity .
  ?passage fg:text ?text .
}
"""
_TYPED = """
SELECT ?code ?passage ?confidence ?text WHERE {
  ?assignment a fg:CauseAssignment ; fg:passage ?passage ; fg:assignmentConfidence ?confidence ;
    fg:causeType/skos:notation ?code .
  ?passage fg:text ?text .
}
"""
_ANSWERS = """
SELECT ?cause ?measure ?score ?ground ?text WHERE {
  ?pairing fg:pairedCause ?cause ; fg:pairedMeasure ?measure ; fg:pairingScore ?score ;
    fg:pairingGround/skos:notation ?ground .
  ?measure fg:text ?text .
}
"""
_OUTCOMES = """
SELECT ?missed ?outcome WHERE { ?found fg:missedIndicator ?missed ; fg:outcome/skos:notation ?outcome }
"""
_RETIRED = """
SELECT ?id ?heir WHERE {
  ?gone a fg:RetiredIssue ; dcterms:identifier ?id .
  OPTIONAL { ?gone dcterms:isReplacedBy/dcterms:identifier ?heir }
}
"""


@dataclass(frozen=True, slots=True)
class MatchedType:
    """The type of causes an issue is matched with. ``relation``: ``closeMatch``, or ``broadMatch`` where
    only a group of types fits, and of a type itself ``broader``, its group; ``group``: the code of its
    group; ``share`` of the members are of it."""

    code: str
    name: str
    relation: str
    group: str | None
    share: float
    name_en: str = ""

    def called(self, language: str | None) -> str:
        """Its name in ``language``."""
        return self.name_en if language == "en" and self.name_en else self.name


@dataclass(frozen=True, slots=True)
class KnownMember:
    """A passage that states an issue (its id), how well it fits, and what it speaks of. For a type of causes
    ``score`` is the confidence of the assignment, and ``specificity`` not told."""

    passage: str
    text: str
    score: float
    specificity: float | None
    concern: Concern


@dataclass(frozen=True, slots=True)
class Answer:
    """A measure that a document pairs with a cause: passages, the score, and the code of the ground.

    Where one statement gives both, ``measure`` is ``cause`` and ``text`` only what it promises.
    """

    cause: str
    measure: str
    text: str
    score: float
    ground: str


@dataclass(frozen=True, slots=True)
class KnownIssue:
    """An issue with all its members, the best fitting first; ``iri`` names it, ``split_from`` is an IRI.

    A type of causes has its code for an ``id`` and no ``specificity``; ``label_en`` is of types alone.
    """

    iri: str
    id: str
    label: str
    definition: str
    side: str
    specificity: float | None
    type: MatchedType | None
    split_from: str | None
    members: tuple[KnownMember, ...]
    label_en: str | None = None

    @property
    def is_type(self) -> bool:
        """Whether it is a type of causes."""
        return self.label_en is not None

    def called(self, language: str | None) -> str:
        """What it is called in ``language``; an issue by words of its statements in any."""
        return self.label_en if language == "en" and self.label_en is not None else self.label


@dataclass(frozen=True, slots=True)
class IssueFilters:
    """Which issues, and which of their members. All but the last two choose issues.

    ``level``: ``issue``, or ``type`` for the types of causes, which take all filters likewise.
    ``department`` is an IRI: a department, or one of its units. ``types`` are codes of the scheme of causes.
    ``min_departments`` counts those of the members that are admitted. ``year`` and ``min_confidence`` (0 to
    1; of memberships, and of the type when one is asked for) admit members.
    """

    department: str | None = None
    types: frozenset[str] | None = None
    side: str | None = None
    min_departments: int = 0
    year: int | None = None
    min_confidence: float = 0.0
    level: Literal["issue", "type"] = "issue"


@dataclass(frozen=True, slots=True)
class IssueView:
    """An issue as the filters show it: the admitted members, and what these are about.

    ``answers`` are the measures paired with the members; ``outcomes`` counts, by :data:`OUTCOMES`, the
    indicators that the members explain.
    """

    issue: KnownIssue
    members: tuple[KnownMember, ...]
    stake: Stake
    answers: tuple[Answer, ...]
    outcomes: dict[str, int]

    @property
    def importance(self) -> float:
        """By which issues are ordered: how many departments state it, times how specific it is, times how
        well its members agree (their mean score); types of causes by the first alone."""
        departments, specificity = len(self.stake.departments), self.issue.specificity
        if specificity is None:
            return departments
        return departments * specificity * sum(each.score for each in self.members) / len(self.members)


class IssueBook:
    """All issues of a graph, read once."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._whole: dict[str, IssueView | None] = {}  # of the issues that were shown with all their members
        stated, typed = list(self._rows(_MEMBERS)), list(self._rows(_TYPED))
        concerns = Concerns(store) if stated or typed else None
        members: dict[str, list[KnownMember]] = defaultdict(list)
        for row in (*stated, *typed):
            concern = None if concerns is None else concerns.of(row["passage"])
            if concern is not None:
                members[row.get("issue") or row["code"]].append(_member(row, concern))
        self._issues = {
            row["id"]: _issue(row, members[row["issue"]]) for row in sorted(self._rows(_ISSUES), key=_by_id)
        }
        self._types = {each.code: _type(each, members[each.code]) for each in causes()}
        self._answers: dict[str, list[Answer]] = defaultdict(list)
        for row in self._rows(_ANSWERS):
            both = row["cause"] == row["measure"]
            words = (promise_of(row["text"]) if both else None) or row["text"]
            self._answers[row["cause"]].append(
                Answer(row["cause"], row["measure"], words, float(row["score"]), row["ground"])
            )
        self._outcomes = {row["missed"]: row["outcome"] for row in self._rows(_OUTCOMES)}
        self._retired = {row["id"]: row["heir"] for row in self._rows(_RETIRED)}

    def find(self, filters: IssueFilters) -> list[IssueView]:
        """The issues that the filters admit: what many departments state specifically, and alike, comes
        first."""
        views = [
            view
            for issue in (self._issues if filters.level == "issue" else self._types).values()
            if _chosen(issue, filters) and (view := self._view(issue, filters)) is not None
        ]
        return sorted(views, key=lambda view: (-view.importance, -len(view.members), view.issue.id))

    def one(self, name: str, filters: IssueFilters | None = None) -> IssueView | None:
        """The issue of that id or IRI, or the type of causes of that code or IRI, as the filters show it;
        ``None`` where there is none."""
        issue = self._issues.get(name.removeprefix(_ISSUES_PATH))
        issue = issue or self._types.get(name.removeprefix(CAUSE_NAMESPACE))
        if issue is None:
            return None
        shown = filters or IssueFilters()
        return self._view(issue, IssueFilters(year=shown.year, min_confidence=shown.min_confidence))

    def replaced_by(self, name: str) -> str | None:
        """The id of the issue that took over the one of this id or IRI, which is one no more."""
        return self._retired.get(name.removeprefix(_ISSUES_PATH))

    def retired(self, name: str) -> bool:
        """Whether there was an issue of this id or IRI once that is one no more."""
        return name.removeprefix(_ISSUES_PATH) in self._retired

    def outcome_of(self, indicator: str) -> str | None:
        """What became of an indicator (its IRI) that missed its target, where that was looked for."""
        return self._outcomes.get(indicator)

    def _view(self, issue: KnownIssue, filters: IssueFilters) -> IssueView | None:
        if filters.year is not None or filters.min_confidence > 0:
            view = self._of_members(issue, [each for each in issue.members if _admitted(each, filters)])
        else:
            if issue.id not in self._whole:
                self._whole[issue.id] = self._of_members(issue, issue.members)
            view = self._whole[issue.id]
        if view is None or len(view.stake.departments) < filters.min_departments:
            return None
        named = filters.department
        return view if named is None or any(_states(each, named) for each in view.members) else None

    def _of_members(self, issue: KnownIssue, members: Sequence[KnownMember]) -> IssueView | None:
        if not members:
            return None
        stake = stake_of(each.concern for each in members)
        indicators = explained_once(each.concern for each in members)
        counted = Counter(self._outcomes[iri] for iri in indicators if iri in self._outcomes)
        return IssueView(
            issue,
            tuple(members),
            stake,
            tuple(self._answers_of(members)),
            {outcome: counted[outcome] for outcome in OUTCOMES},
        )

    def _answers_of(self, members: Sequence[KnownMember]) -> Iterator[Answer]:
        """Each measure once, with the surest of its pairings."""
        best: dict[str, Answer] = {}
        for member in members:
            for answer in self._answers.get(member.passage, ()):
                known = best.get(answer.measure)
                if known is None or (-answer.score, answer.cause) < (-known.score, known.cause):
                    best[answer.measure] = answer
        yield from sorted(best.values(), key=lambda answer: (-answer.score, answer.measure))

    def _rows(self, query: str) -> Iterator[dict[str, Any]]:
        solutions: Any = self._store.query(query, prefixes=dict(PREFIXES), use_default_graph_as_union=True)
        names = [variable.value for variable in solutions.variables]
        for row in solutions:
            yield {name: None if row[name] is None else str(row[name].value) for name in names}


def _by_id(row: dict[str, Any]) -> str:
    return str(row["id"])


def _member(row: dict[str, Any], concern: Concern) -> KnownMember:
    """Of an issue, or of a type of causes."""
    if "confidence" in row:
        return KnownMember(row["passage"], row["text"], float(row["confidence"]), None, concern)
    specificity = float(row["specificity"])
    return KnownMember(row["passage"], row["text"], float(row["score"]), specificity, concern)


def _best_first(members: list[KnownMember]) -> tuple[KnownMember, ...]:
    return tuple(sorted(members, key=lambda each: (-each.score, -(each.specificity or 0.0), each.passage)))


def _type(cause: Cause, members: list[KnownMember]) -> KnownIssue:
    group = next(each for each in cause_groups() if each.code == cause.group)
    return KnownIssue(
        iri=cause.iri.value,
        id=cause.code,
        label=cause.label_zh,
        definition=cause.definition,
        side="cause",
        specificity=None,
        type=MatchedType(group.code, group.label_zh, "broader", None, 1.0, group.label_en),
        split_from=None,
        members=_best_first(members),
        label_en=cause.label_en,
    )


def _issue(row: dict[str, Any], members: list[KnownMember]) -> KnownIssue:
    kind = None
    if row["type"] is not None:
        known = next(each for each in (*causes(), *cause_groups()) if each.code == row["type"])
        kind = MatchedType(
            known.code, known.label_zh, row["relation"], known.group, float(row["share"]), known.label_en
        )
    return KnownIssue(
        iri=row["issue"],
        id=row["id"],
        label=row["label"],
        definition=row["definition"],
        side=row["side"],
        specificity=float(row["specificity"]),
        type=kind,
        split_from=row["split_from"],
        members=_best_first(members),
    )


def _chosen(issue: KnownIssue, filters: IssueFilters) -> bool:
    if filters.side is not None and issue.side != filters.side:
        return False
    if filters.types is None:
        return True
    kind = issue.type
    return (
        kind is not None
        and not filters.types.isdisjoint((issue.id, kind.code, kind.group))
        and kind.share >= filters.min_confidence
    )


def _admitted(member: KnownMember, filters: IssueFilters) -> bool:
    return member.score >= filters.min_confidence and filters.year in (None, member.concern.year)


def _states(member: KnownMember, organization: str) -> bool:
    return organization in (member.concern.organization, member.concern.department)
