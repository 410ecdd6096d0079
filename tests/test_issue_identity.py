"""An issue keeps its id while documents come and go; splits and mergers are recorded."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fiscalgraph.search import Passage, PassageIndex
from fiscalgraph.search.issues import Issue, IssueParameters, IssueSet, Member, find_issues
from fiscalgraph.search.issues.grouping import grouped
from fiscalgraph.search.issues.identity import Group, identified
from fiscalgraph.search.issues.lasting import lasting_groups
from fiscalgraph.search.training.written import issues as written_issues

Rows = npt.NDArray[np.int64]


def issue_set(names: dict[str, str], retired: dict[str, str | None] | None = None) -> IssueSet:
    """Issues by id, each given by the letters of its statements."""
    issues = [
        Issue(name, "cause", "", "", tuple(Member(each, 1.0, 0.5, each, (each,)) for each in statements))
        for name, statements in names.items()
    ]
    return IssueSet(tuple(issues), 1, "model", "weights", IssueParameters(), (), retired or {})


def groups(*statements: str) -> list[Group]:
    return [("cause", frozenset(each)) for each in statements]


def ids(found: list[Group], previous: IssueSet | None) -> list[str]:
    return [each.id for each in identified(found, previous)[0]]


def following(found: list[Group], previous: IssueSet | None) -> IssueSet:
    """The set that a build with these groups would give."""
    identities, retired = identified(found, previous)
    issues = [
        Issue(
            each.id,
            side,
            "",
            "",
            tuple(Member(name, 1.0, 0.5, name, (name,)) for name in sorted(members)),
            each.former,
            each.split_from,
        )
        for each, (side, members) in zip(identities, found, strict=True)
    ]
    return IssueSet(tuple(issues), 2, "model", "weights", IssueParameters(), (), retired)


def test_an_issue_that_grows_or_shrinks_keeps_its_id() -> None:
    previous = issue_set({"one": "abc", "two": "xyz"})
    assert ids(groups("abcdefg", "xy"), previous) == ["one", "two"]


def test_a_merger_keeps_the_id_of_the_larger_and_the_other_resolves() -> None:
    later = following(groups("abcxy"), issue_set({"one": "abc", "two": "xy"}))
    assert [(each.id, each.former) for each in later] == [("one", ("two",))]
    merged = later.resolve("two")
    assert merged is not None
    assert merged.id == "one"
    again = following(
        groups("abcxypqrstuv"), replace(later, issues=(*later.issues, *issue_set({"big": "pqrstuv"})))
    )
    assert [(each.id, each.former) for each in again] == [("big", ("one", "two"))]
    assert again.resolve("two") == again.issues[0]


def test_a_split_keeps_the_id_for_the_larger_part_and_the_other_tells_where_it_came_from() -> None:
    identities, retired = identified(groups("abc", "de"), issue_set({"one": "abcde"}))
    assert [(each.id == "one", each.split_from) for each in identities] == [(True, None), (False, "one")]
    assert retired == {}


def test_an_issue_whose_statements_are_gone_is_retired_and_comes_back_under_its_id() -> None:
    first = following(groups("ab"), None)
    name = first.issues[0].id
    gone = following(groups("xy"), first)
    assert gone.retired == {name: None}
    assert gone.resolve(name) is None
    back = following(groups("ab", "xy"), gone)
    assert back.issues[0].id == name
    assert back.retired == {}


def test_equal_statements_of_causes_and_measures_are_different_issues() -> None:
    found = [("cause", frozenset("ab")), ("measure", frozenset("ab"))]
    assert len(set(ids(found, None))) == 2


partitions = st.lists(st.integers(0, 5), min_size=12, max_size=12)


def as_groups(partition: list[int]) -> list[Group]:
    members: dict[int, set[str]] = {}
    for letter, group in zip("abcdefghijkl", partition, strict=True):
        members.setdefault(group, set()).add(letter)
    return [("cause", frozenset(each)) for each in members.values()]


@given(st.lists(partitions, min_size=1, max_size=5))
def test_through_any_history_ids_are_unique_and_every_old_id_is_accounted_for(
    history: list[list[int]],
) -> None:
    known: set[str] = set()
    current: IssueSet | None = None
    for partition in history:
        current = following(as_groups(partition), current)
        names = [each.id for each in current]
        assert len(set(names)) == len(names)
        known |= set(names)
        for name in known:
            assert current.resolve(name) is not None  # no statement is ever gone here
    assert current is not None
    assert following(as_groups(history[-1]), current).issues == current.issues


@given(partitions, partitions, st.randoms(use_true_random=False))
def test_the_order_of_groups_does_not_matter(before: list[int], after: list[int], random: object) -> None:
    previous = following(as_groups(before), None)
    found = as_groups(after)
    shuffled = found[:]
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    by_group = dict(zip(found, identified(found, previous)[0], strict=True))
    assert identified(shuffled, previous)[0] == [by_group[group] for group in shuffled]


def passages(count: int) -> list[Passage]:
    """The sentences written for training, as if each stood in a document of its own."""
    texts = dict.fromkeys(text for issue in written_issues() for text in issue.statements)
    return [
        Passage(f"urn:{number:05}", "problem_cause", text, f"d{number:05}", f"{number % 40}局", None, 2024)
        for number, text in enumerate(list(texts)[:count])
    ]


def test_with_a_fifth_more_documents_nearly_all_issues_keep_their_ids(tmp_path: Path) -> None:
    places = passages(1080)
    order = np.random.default_rng(5).permutation(len(places))
    first = [places[number] for number in order[:900]]
    before = find_issues(PassageIndex.build(tmp_path / "a", first))
    after = find_issues(PassageIndex.build(tmp_path / "b", places), before)
    kept = {each.id for each in before} & {each.id for each in after}
    assert len(before) > 60
    assert len(kept) / len(before) >= 0.95
    assert all(after.resolve(each.id) is not None or each.id in after.retired for each in before)


def test_the_order_of_documents_changes_nothing(tmp_path: Path) -> None:
    places = passages(300)
    one = find_issues(PassageIndex.build(tmp_path / "a", places))
    other = find_issues(PassageIndex.build(tmp_path / "b", reversed(places)))
    assert one.to_json() == other.to_json()


def test_new_statements_join_known_groups_without_taking_them_apart(tmp_path: Path) -> None:
    places = passages(330)
    parameters = IssueParameters(afresh_up_to=50)
    before = find_issues(PassageIndex.build(tmp_path / "a", places[:315]), parameters=parameters)
    after = find_issues(PassageIndex.build(tmp_path / "b", places), before, parameters)
    members = {each.passage: issue.id for issue in after for each in issue.members}
    for issue in before:
        assert len({members[each.passage] for each in issue.members}) == 1
    assert {each.id for each in before} - {each.id for each in after} <= after.retired.keys()


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 10_000))
def test_no_chain_of_neighbours_joins_what_does_not_agree_on_average(seed: int) -> None:
    random = np.random.default_rng(seed)
    places = np.sort(random.uniform(0, 10, 40))
    angles = places / 10 * np.pi
    vectors = np.stack([np.cos(angles), np.sin(angles)], axis=1).astype(np.float32)

    def judge(left: np.ndarray, right: np.ndarray) -> np.ndarray:
        return np.asarray(np.abs(places[left] - places[right]) < 1.0, dtype=np.float64)

    of = grouped(vectors, np.arange(40), judge, 10, [0.6])
    for group in np.unique(of):
        inside = places[of == group]
        assert inside.max() - inside.min() < 4.0


@pytest.mark.parametrize("count", [0, 1])
def test_nothing_to_group_is_grouped_as_it_is(count: int) -> None:
    of = grouped(np.zeros((count, 4), np.float32), np.arange(count), lambda a, b: np.ones(len(a)), 5, [0.5])
    assert of.tolist() == list(range(count))


def judge_of(likeness: dict[frozenset[int], float]) -> Callable[[Rows, Rows], npt.NDArray[np.float64]]:
    """Probabilities of pairs of rows; 0.9 where none is given."""

    def judge(left: Rows, right: Rows) -> npt.NDArray[np.float64]:
        pairs = zip(left.tolist(), right.tolist(), strict=True)
        return np.array([likeness.get(frozenset(pair), 0.9) for pair in pairs])

    return judge


@pytest.mark.parametrize(("across", "apart"), [(0.3, True), (0.5, False)])
def test_issues_are_merged_only_where_they_are_clearly_one(across: float, apart: bool) -> None:
    """Rows 0–1 and 2–3 were issues; row 4 is new and like the second."""
    likeness = {frozenset((one, other)): across for one in (0, 1) for other in (2, 3, 4)}
    groups = lasting_groups(
        np.zeros(5, dtype=np.int64), np.array([0, 0, 1, 1, -1]), np.arange(5), judge_of(likeness), 0.25
    )
    assert groups[0] == groups[1]
    assert groups[2] == groups[3] == groups[4]
    assert bool(groups[0] != groups[2]) is apart


def test_an_issue_that_lost_a_statement_to_another_gets_it_back_while_it_holds_together() -> None:
    """Rows 0–1 were an issue, 2–4 another; row 1 would go to the second."""
    before = np.array([0, 0, 1, 1, 1])
    found, order = np.array([0, 1, 1, 1, 1]), np.arange(5)
    close = {frozenset((0, other)): 0.1 for other in (2, 3, 4)} | {
        frozenset((1, other)): 0.4 for other in (2, 3, 4)
    }
    kept = lasting_groups(found, before, order, judge_of(close), 0.25)
    assert kept[0] == kept[1] != kept[2] == kept[3] == kept[4]
    loose = lasting_groups(found, before, order, judge_of(close | {frozenset((0, 1)): 0.1}), 0.25)
    assert loose.tolist() == found.tolist()


def test_without_a_last_build_groups_stay_as_they_are() -> None:
    found = np.array([0, 0, 1])
    assert lasting_groups(found, np.full(3, -1), np.arange(3), judge_of({}), 0.25).tolist() == found.tolist()
