"""Issues from an index: statements are grouped, named after the last build, scored and labelled."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from fiscalgraph.search.issues.agreement import COMPARED, agreeing
from fiscalgraph.search.issues.compared import ComparedSide, compared_sides
from fiscalgraph.search.issues.grouping import grouped
from fiscalgraph.search.issues.identity import identified
from fiscalgraph.search.issues.lasting import lasting_groups
from fiscalgraph.search.issues.model import SIDES, Issue, IssueParameters, IssueSet, Member
from fiscalgraph.search.issues.pair_score import built_in_encoder
from fiscalgraph.search.issues.specificity import Specificity
from fiscalgraph.search.issues.wording import label_and_definition

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    from fiscalgraph.search.index import PassageIndex
    from fiscalgraph.search.issues.statements import Statement

    Rows = npt.NDArray[np.int64]
    Bools = npt.NDArray[np.bool_]

__all__ = ["find_issues", "issues_of"]

_DEFAULT = IssueParameters()
_MOST_NEW = 0.1  # the share of new statements up to which the last build's groups are taken over


def find_issues(
    index: PassageIndex,
    previous: IssueSet | None = None,
    parameters: IssueParameters = _DEFAULT,
    compared: Mapping[str, ComparedSide] | None = None,
) -> IssueSet:
    """The issues among the passages of ``index``: causes, and measures, that several statements share, or
    one statement that several departments print.

    ``previous`` are those of the last build: an issue keeps its id. The same index and ``previous`` give the
    same set, whatever order the documents came in. ``compared`` is :func:`compared_sides` of the index, if
    it is at hand.
    """
    compared = compared_sides(index) if compared is None else compared
    return issues_of(compared, index.model["fingerprint"], previous, parameters)


def issues_of(
    compared: Mapping[str, ComparedSide], model: str, previous: IssueSet | None, parameters: IssueParameters
) -> IssueSet:
    """:func:`find_issues` for statements whose vectors the model with this fingerprint made."""
    judged_by = compared[SIDES[0]].judge.digest
    made = (model, judged_by, parameters)
    taken_over = previous
    if previous is not None and made != (previous.model, previous.pair_score, previous.parameters):
        taken_over = None
    sides = [_Side(compared[side], taken_over, parameters) for side in SIDES]
    found = [(side, rows) for side in sides for rows in side.shared()]
    members = [(side.name, frozenset(side.digests(rows))) for side, rows in found]
    identities, retired = identified(members, previous)
    issues = [
        side.issue(rows, identity.id, identity.former, identity.split_from)
        for (side, rows), identity in zip(found, identities, strict=True)
    ]
    held = {(side, digest) for side, digests in members for digest in digests}
    alone = {(side.name, each.digest) for side in sides for each in side.statements} - held
    return IssueSet(
        tuple(sorted(issues, key=lambda issue: (-issue.specificity, issue.id))),
        1 if previous is None else previous.generation + 1,
        model,
        judged_by,
        parameters,
        tuple(f"{side} {digest}" for side, digest in sorted(alone)),
        retired,
    )


class _Side:
    """The groups of one side."""

    def __init__(
        self, compared: ComparedSide, previous: IssueSet | None, parameters: IssueParameters
    ) -> None:
        self.name = compared.side
        self.statements = compared.statements
        self._compared = compared
        self._encoder = built_in_encoder()
        self._specificity = Specificity(self._encoder)
        self._before = {} if previous is None else {issue.id: issue for issue in previous}
        self._groups = self._grouped(previous, parameters)

    def _grouped(self, previous: IssueSet | None, parameters: IssueParameters) -> Rows:
        """The group of each statement: anew, or the last build's with what is new, and then as names last.

        Members of an issue of the last build stay in it, whatever has come to it.
        """
        import numpy as np

        if previous is None:
            return self._anew(parameters)
        known, before = self._known(previous, parameters), self._issues_before(previous)
        if known is None:
            groups, new = self._anew(parameters), np.ones(len(before), dtype=np.bool_)
        else:
            # What a lower bound would bring would leave again.
            groups, new = self._joined(parameters, (parameters.firm,), known), known < 0
            groups = self._agreeing(parameters, groups, (before < 0) & np.isin(groups, groups[new]))
        judge = self._compared.judge.probabilities
        groups = lasting_groups(groups, before, self._compared.order, judge, parameters.agreeing)
        return self._agreeing(parameters, groups, (before < 0) & np.isin(groups, groups[new]))

    def _anew(self, parameters: IssueParameters) -> Rows:
        """Groups of all statements. What does not agree with the group it came to looks for one that it
        agrees with."""
        import numpy as np

        every = np.ones(len(self.statements), dtype=np.bool_)
        joined = self._joined(parameters, (parameters.firm, parameters.joined))
        groups = self._agreeing(parameters, joined, every)
        left = groups != joined
        if not left.any():
            return groups
        groups = self._joined(parameters, (parameters.firm,), np.where(left, -1, groups))
        return self._agreeing(parameters, groups, every)

    def _joined(
        self, parameters: IssueParameters, bounds: tuple[float, ...], known: Rows | None = None
    ) -> Rows:
        side, neighbours = self._compared, parameters.neighbours
        judge = side.judge
        return grouped(
            side.vectors, side.order, judge.probabilities, neighbours, bounds, known, judge.at_most
        )

    def _agreeing(self, parameters: IssueParameters, groups: Rows, movable: Bools) -> Rows:
        side = self._compared
        return agreeing(groups, side.order, side.judge.probabilities, parameters.agreeing, movable)

    def _issues_before(self, previous: IssueSet) -> Rows:
        """The issue of the last build that each statement was of; -1: none."""
        import numpy as np

        number: dict[str, int] = {}
        for group, issue in enumerate(sorted(previous, key=lambda issue: issue.id)):
            if issue.side == self.name:
                number.update((each.statement, group) for each in issue.members)
        return np.array([number.get(each.digest, -1) for each in self.statements], dtype=np.int64)

    def _known(self, previous: IssueSet, parameters: IssueParameters) -> Rows | None:
        """The groups of the last build, where they are to be taken over; -1 for a new statement."""
        import numpy as np

        if len(self.statements) <= parameters.afresh_up_to:
            return None
        number: dict[str, int] = {}
        for group, issue in enumerate(issue for issue in previous if issue.side == self.name):
            number.update((each.statement, group) for each in issue.members)
        for group, name in enumerate(previous.alone, len(previous)):
            side, _, digest = name.partition(" ")
            if side == self.name:
                number[digest] = group
        known = np.array([number.get(each.digest, -1) for each in self.statements], dtype=np.int64)
        return known if (known < 0).mean() < _MOST_NEW else None

    def digests(self, rows: Rows) -> list[str]:
        """The digests of the statements of these rows."""
        return [self.statements[row].digest for row in rows.tolist()]

    def shared(self) -> list[Rows]:
        """The rows of each group that is an issue, those of a group in the order of their digests."""
        import numpy as np

        ranked = np.lexsort((self._compared.order, self._groups))
        ends = np.flatnonzero(np.diff(self._groups[ranked])) + 1
        return [
            rows
            for rows in np.split(ranked, ends)
            if len(rows) > 1 or (len(rows) and len(self.statements[rows[0]].bodies) > 1)
        ]

    def issue(self, rows: Rows, name: str, former: tuple[str, ...], split_from: str | None) -> Issue:
        """The issue of these rows; what the last build said of the very same members stays."""
        before = self._before.get(name)
        known = {} if before is None else {each.statement: each for each in before.members}

        def as_before(statement: Statement) -> bool:
            member = known.get(statement.digest)
            return member is not None and member.places == statement.places

        unchanged = len(known) == len(rows) and all(as_before(self.statements[row]) for row in rows.tolist())
        if before is not None and unchanged:
            return replace(before, former=former, split_from=split_from)
        scored = zip(self._scores(rows, known), rows.tolist(), strict=True)
        ordered = sorted(scored, key=lambda pair: (-pair[0], self.statements[pair[1]].digest))
        statements = [self.statements[row] for _, row in ordered]
        members = tuple(
            Member(
                each.places[0],
                score,
                known[each.digest].specificity
                if as_before(each)
                else round(self._specificity.of(each.text, len(each.bodies)), 4),
                each.digest,
                each.places,
            )
            for (score, _), each in zip(ordered, statements, strict=True)
        )
        label, definition = label_and_definition(statements, self._encoder)
        mean = round(sum(each.specificity for each in members) / len(members), 4)
        return Issue(name, self.name, label, definition, members, former, split_from, mean)

    def _scores(self, rows: Rows, before: Mapping[str, Member]) -> list[float]:
        """The mean probability that each row states the same as the others (1 for one alone).

        Each is compared with the first few by digest: where these are the same as ``before``, of the members
        by digest, what is said of those still holds.
        """
        import numpy as np

        digests = self.digests(rows)
        same = sorted(before)[:COMPARED] == digests[:COMPARED]
        known = {digest: member.score for digest, member in before.items()} if same else {}
        asked = np.array([digest not in known for digest in digests], dtype=np.bool_)
        sample, new = rows[:COMPARED], rows[asked]
        one, other = np.repeat(new, len(sample)), np.tile(sample, len(new))
        different = (one != other).astype(np.float64).reshape(len(new), len(sample))
        found = self._compared.judge.probabilities(one, other).reshape(different.shape) * different
        count = different.sum(axis=1)
        means = np.where(count > 0, found.sum(axis=1) / np.maximum(count, 1.0), 1.0)
        known.update(zip(self.digests(new), (round(mean, 4) for mean in means.tolist()), strict=True))
        return [known[digest] for digest in digests]
