"""What does not agree with the members of its group leaves it."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fiscalgraph.search import PassageIndex
from fiscalgraph.search.issues import IssueParameters, find_issues
from fiscalgraph.search.issues.agreement import COMPARED, agreeing
from fiscalgraph.search.issues.compared import ComparedSide, compared_side
from fiscalgraph.search.issues.find import issues_of
from fiscalgraph.search.issues.pair_score import built_in_encoder
from fiscalgraph.search.issues.statements import Statement, statement_digest
from tests.test_issue_cost import made_up
from tests.test_issues import passage, planted

EVERY = np.ones(60, dtype=np.bool_)


def judged(table: np.ndarray) -> object:
    return lambda left, right: table[left, right]


def table_of(seed: int, count: int) -> np.ndarray:
    table = np.random.default_rng(seed).uniform(size=(count, count))
    return np.maximum(table, table.T)


def mean_with_others(table: np.ndarray, rows: list[int], row: int, order: np.ndarray) -> float:
    others = [each for each in sorted(rows, key=order.__getitem__)[:COMPARED] if each != row]
    return float(table[row, others].mean()) if others else 1.0


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 10_000), st.integers(1, 60), st.integers(1, 5), st.floats(0.3, 0.95))
def test_every_member_that_is_left_agrees_with_the_others(
    seed: int, count: int, groups: int, least: float
) -> None:
    table, order = table_of(seed, count), np.random.default_rng(seed + 1).permutation(count)
    before = np.arange(count) % groups
    after = agreeing(before, order, judged(table), least, EVERY[:count])
    for group in set(after.tolist()):
        rows = np.flatnonzero(after == group).tolist()
        assert len({before[row] for row in rows}) == 1
        assert all(mean_with_others(table, rows, row, order) >= least - 1e-6 for row in rows)
    shuffled = np.random.default_rng(seed + 2).permutation(count)
    again = agreeing(
        before[shuffled], order[shuffled], judged(table[np.ix_(shuffled, shuffled)]), least, EVERY[:count]
    )
    parts = {frozenset(shuffled[np.flatnonzero(again == group)].tolist()) for group in set(again.tolist())}
    assert parts == {frozenset(np.flatnonzero(after == group).tolist()) for group in set(after.tolist())}


@pytest.mark.parametrize("size", [3, 12, 40])
def test_a_stranger_leaves_and_the_others_stay(size: int) -> None:
    table = np.full((size, size), 0.9)
    table[1, :] = table[:, 1] = 0.1
    for place in (0, size - 1):  # compared with, or not
        order = np.arange(size)
        order[[1, place]] = order[[place, 1]]
        after = agreeing(np.zeros(size, dtype=np.int64), order, judged(table), 0.25, EVERY[:size])
        assert np.flatnonzero(after != 0).tolist() == [1]


def test_what_stood_there_before_stays_whatever_it_agrees_with() -> None:
    table = np.full((5, 5), 0.1)
    movable = np.array([False, False, False, True, False])
    after = agreeing(np.array([0, 0, 0, 0, 1]), np.arange(5), judged(table), 0.25, movable)
    assert after[:3].tolist() == [0, 0, 0]
    assert after[4] == 1
    assert after[3] not in {0, 1}


def planted_side(texts: list[str]) -> dict[str, ComparedSide]:
    encoder = built_in_encoder()
    statements = [
        Statement(row, text, statement_digest(text), (f"p{row}",), (f"b{row % 9}",), ())
        for row, text in enumerate(texts)
    ]
    cause = compared_side("cause", statements, encoder.encode(texts), encoder.fingerprint)
    return {"cause": cause, "measure": compared_side("measure", [], np.empty((0, 256), np.float32), "")}


@pytest.mark.parametrize("afresh_up_to", [0, 5_000])
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_what_comes_to_an_issue_agrees_with_it_build_after_build(afresh_up_to: int, seed: int) -> None:
    texts = [*dict.fromkeys(text for text, _, _ in planted()), *made_up(80)]
    texts = [texts[row] for row in np.random.default_rng(seed).permutation(len(texts))]
    parameters = IssueParameters(afresh_up_to=afresh_up_to)
    before, came = None, 0
    for count in (len(texts) - 24, len(texts) - 12, len(texts)):
        found = issues_of(planted_side(texts[:count]), "m", before, parameters)
        was = {} if before is None else {each.statement for issue in before for each in issue.members}
        for issue in found:
            for member in issue.members:
                if member.statement not in was and len(issue.members) > 1:
                    came += before is not None
                    assert member.score >= parameters.agreeing - 1e-3
        before = found
    assert came > 5


def test_nothing_is_nothing() -> None:
    empty = np.empty(0, dtype=np.int64)
    assert agreeing(empty, empty, judged(np.empty((0, 0))), 0.5, EVERY[:0]).tolist() == []


def test_members_of_issues_agree_as_the_parameters_say(tmp_path: Path) -> None:
    texts = [
        "上级资金年底才下达，年内无法形成支出",
        "上级专项资金十二月到账，当年来不及支付",
        "财政拨款到账太晚，项目未能启动",
        "市级资金下达较晚，采购推迟",
        "资金使用不规范，列支与项目无关的费用",
        "人手不足，只有两名在编人员",
        "在编人员少，一人身兼数职",
    ]
    index = PassageIndex.build(tmp_path / "p", [passage(n, f"{n}局", text) for n, text in enumerate(texts)])
    for least in (0.25, 0.6):
        found = find_issues(index, parameters=IssueParameters(agreeing=least))
        assert len(found)
        assert all(each.score >= least - 1e-3 for issue in found for each in issue.members)
