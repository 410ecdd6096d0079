"""What makes issues cheap to find changes nothing in what is found."""

from __future__ import annotations

import re
from itertools import combinations
from pathlib import Path
from random import Random

import numpy as np
import pytest

from fiscalgraph.ontology.causes import causes
from fiscalgraph.search.issues.alignment import ALIGNED, Alignment
from fiscalgraph.search.issues.compared import ComparedSide, compared_side
from fiscalgraph.search.issues.find import issues_of
from fiscalgraph.search.issues.grouping import grouped
from fiscalgraph.search.issues.model import IssueParameters
from fiscalgraph.search.issues.neighbours import neighbourhood, pairs_near
from fiscalgraph.search.issues.pair_score import PairJudge, built_in_encoder, pair_scores
from fiscalgraph.search.issues.prefilter import Prefilter
from fiscalgraph.search.issues.remembered import Remembered
from fiscalgraph.search.issues.rests import Rests
from fiscalgraph.search.issues.stated import Stated
from fiscalgraph.search.issues.statements import Statement, statement_digest
from fiscalgraph.search.likely_pairs import LikelyPairs, likely_pairs

PLACES = ("东镇", "西镇", "南乡", "北乡", "中心校", "河段")
CLAUSES = (
    "上级资金年底才下达",
    "财政拨款到账太晚",
    "项目未能按计划启动",
    "{}政府采购两次流标",
    "{}合同签订较晚",
    "在编人员仅有三名",
    "{}群众对补贴政策不了解",
    "申请人数少于预计",
    "{}已按期完成验收",
    "受连续降雨影响，{}工期顺延",
    "管理办法尚未出台",
    "预算编制不够细化",
)


def made_up(count: int) -> list[str]:
    random = Random("made up")
    texts: dict[str, None] = {}
    while len(texts) < count:
        said = random.sample(CLAUSES, random.randint(1, 3))
        texts["，".join(said).format(*[random.choice(PLACES)] * 3)] = None
    return list(texts)


@pytest.fixture(scope="module")
def texts() -> list[str]:
    return made_up(160)


def side_of(texts: list[str]) -> ComparedSide:
    encoder = built_in_encoder()
    statements = [
        Statement(row, text, statement_digest(text), (f"p{row}",), (f"b{row}",), ())
        for row, text in enumerate(texts)
    ]
    return compared_side("cause", statements, encoder.encode(texts), encoder.fingerprint)


def every_pair(count: int) -> tuple[np.ndarray, np.ndarray]:
    left, right = np.array(list(combinations(range(count), 2)), dtype=np.int64).T
    return left, right


def test_a_text_that_a_pattern_is_found_in_is_never_passed_over(texts: list[str]) -> None:
    told = [
        *texts,
        *(text for cause in causes() for text in (cause.label_zh, *cause.labels, *cause.examples)),
    ]
    for patterns in ([each.wordings for each in causes()], [each.remedies for each in causes()]):
        possible = Prefilter(patterns).possible(told)
        found = np.array([[bool(each and each.search(text)) for each in patterns] for text in told])
        assert found.any()
        assert not (found & ~possible).any()
        assert possible.mean() < 0.1  # most need not be searched


@pytest.mark.parametrize(
    ("pattern", "texts"),
    [
        ("资金(下达|拨付)(较?晚|迟)", ["资金下达晚", "资金拨付较晚", "资金拨付迟"]),
        ("(?:甲乙)?丙", ["丙"]),
        ("(甲|乙丙)+丁{0,3}", ["甲", "乙丙"]),
        ("[^甲]乙", ["丙乙"]),
        (r"\d+月", ["3月"]),
        ("(?<!不)到位(?=率)", ["到位率"]),
        ("(?<=资金)到位", ["资金到位"]),
        ("甲|", ["", "乙"]),
        ("(?i)abc", ["ABC"]),
        ("[一-鿿]乙", ["丁乙"]),
        ("(甲)\\1", ["甲甲"]),
        ("甲{2,}?乙*", ["甲甲"]),
        ("(?i:a)b", ["Ab"]),
        ("😀甲", ["😀甲"]),
    ],
)
def test_what_a_pattern_needs_is_read_off_it(pattern: str, texts: list[str]) -> None:
    compiled = re.compile(pattern)
    assert all(compiled.search(text) for text in texts)
    assert Prefilter([None, compiled]).possible(texts).tolist() == [[False, True]] * len(texts)


def test_texts_without_what_a_pattern_needs_are_passed_over() -> None:
    wanted = Prefilter([re.compile("资金(下达|拨付)[^，]{0,3}晚"), re.compile("甲[乙丙]")])
    assert wanted.possible(["资金下达晚", "资金使用晚", "下达晚", "甲丁", "甲丙", ""]).tolist() == [
        [True, False],
        [False, False],
        [False, False],
        [False, False],
        [False, True],
        [False, False],
    ]


def test_a_bound_is_never_below_the_probability_and_close_where_it_matters(texts: list[str]) -> None:
    left, right = every_pair(len(texts))
    exact = PairJudge(texts).probabilities(left, right)
    for least in (0.0, 0.2, 0.5):
        bounds = PairJudge(texts).at_most(left, right, least)
        assert (bounds >= exact).all()
        asked_for_nothing = (bounds >= least) & (exact < least)
        assert asked_for_nothing.mean() < 0.08  # what matches word by word is not bounded closer


def test_pairs_are_judged_alike_whatever_was_judged_before(texts: list[str]) -> None:
    left, right = every_pair(len(texts))
    judge, other = PairJudge(texts), PairJudge(texts)
    exact = judge.probabilities(left, right)
    other.at_most(left, right, 0.0)
    assert other.probabilities(right, left) == pytest.approx(exact, abs=1e-9)
    assert other.probabilities(left, right) == pytest.approx(exact, abs=1e-9)
    bounds = other.at_most(left, right, 0.5)
    assert (bounds >= exact - 1e-9).all()
    assert (np.abs(bounds - exact) < 1e-9).mean() > 0.5  # what is remembered is no bound
    chosen = other.probabilities_from(0.4, left, right)
    assert chosen[exact >= 0.4] == pytest.approx(exact[exact >= 0.4], abs=1e-9)
    assert (chosen[exact < 0.4] <= exact[exact < 0.4] + 1e-9).all()


def test_a_place_holds_the_pair_that_came_last() -> None:
    known = Remembered(1)  # as few places as there can be, and more pairs
    left, right = np.arange(5000), np.arange(5000) + 1
    known.keep(left, right, left / 2)
    held, values = known.recall(left, right)
    assert 0 < held.sum() <= 1024
    assert (values[held] == left[held] / 2).all()


def test_what_is_left_of_two_statements_is_the_sum_of_what_they_do_not_share() -> None:
    random = np.random.default_rng(3)
    vectors = random.normal(size=(400, 64)).astype(np.float32)
    rests, held = Rests(vectors, 60), []
    for row in range(60):
        held.append(set(random.integers(0, 400 if row % 3 else 40, size=min(row, 28)).tolist()) - {0})
        rests.put(row, sorted(held[-1], reverse=bool(row % 2)))
    left, right = every_pair(60)
    found = rests.compared(left, right)
    for one, other, near in zip(left, right, found, strict=True):
        first, second = (
            vectors[list(own)].sum(axis=0) for own in (held[one] - held[other], held[other] - held[one])
        )
        lengths = np.linalg.norm(first) * np.linalg.norm(second)
        assert near == pytest.approx(first @ second / lengths if lengths else 0, abs=1e-5)
    assert (rests.compared(right, left) == found).all()


def test_pieces_without_weight_leave_nothing_over() -> None:
    random = np.random.default_rng(5)
    vectors = random.normal(size=(60, 64)).astype(np.float32)
    vectors[40:] *= 1e-12
    rests = Rests(vectors, 3)
    rests.put(0, [*range(1, 25), 45])
    rests.put(1, [*range(1, 25), 30, 50])
    rests.put(2, [46, 47])
    assert rests.compared(*every_pair(3)).tolist() == [0, 0, 0]


def test_words_are_aligned_as_one_by_one_and_whatever_else_is_asked() -> None:
    random = np.random.default_rng(4)
    vectors = random.normal(size=(300, 64)).astype(np.float32)
    vectors[0] = 0
    weights = np.linalg.norm(vectors, axis=1)
    rests, held = Rests(vectors, 30), []
    for row in range(30):
        held.append(sorted(set(random.integers(1, 300 if row % 3 else 40, size=min(row + 1, 28)).tolist())))
        rests.put(row, held[-1])
    alignment = Alignment(vectors, rests)
    left, right = every_pair(30)
    found = alignment.compared(left, right)
    assert (found[7:9] == alignment.compared(left[7:9], right[7:9])).all()
    assert found == pytest.approx(alignment.compared(right, left), abs=1e-5)
    named = dict(zip(ALIGNED, found.T, strict=True))
    for place, (one, other) in enumerate(zip(left, right, strict=True)):
        likeness = vectors[held[one]] @ vectors[held[other]].T
        likeness /= np.outer(weights[held[one]], weights[held[other]])
        shares, lacking = [], []
        for own, best in ((held[one], likeness.max(axis=1)), (held[other], likeness.max(axis=0))):
            aligned = float((weights[own] * best.clip(0)).sum())
            shares.append(aligned / float(weights[own].sum()))
            lacking.append(float(np.log1p(weights[own].sum() - aligned)))
        assert named["aligned_least"][place] == pytest.approx(min(shares), abs=1e-4)
        assert named["aligned_most"][place] == pytest.approx(max(shares), abs=1e-4)
        assert named["lacking_most"][place] == pytest.approx(max(lacking), abs=1e-3)


def test_what_a_statement_resembles_does_not_depend_on_the_others(texts: list[str]) -> None:
    encoder = built_in_encoder()
    together, backwards = Stated(encoder, len(texts)), Stated(encoder, len(texts))
    rows = np.arange(len(texts))
    parts = [[text, *text.split("，")] for text in texts]
    together.put(rows, parts)
    for row in rows[::-1]:
        backwards.put(np.array([row]), [parts[row]])
    left, right = every_pair(len(texts))
    found = together.compared(left, right)
    assert found.tolist() == backwards.compared(left, right).tolist()
    assert found.tolist() == together.compared(right, left).tolist()
    assert 0 <= found.min() < 0.1 < found.max()


def test_groups_are_the_same_with_bounds_and_without(texts: list[str]) -> None:
    side = side_of(texts)
    plain = grouped(side.vectors, side.order, side.judge.probabilities, 12, [0.25])
    side = side_of(texts)
    quick = grouped(side.vectors, side.order, side.judge.probabilities, 12, [0.25], None, side.judge.at_most)
    assert quick.tolist() == plain.tolist()
    assert 1 < len(set(plain.tolist())) < len(texts)


@pytest.mark.parametrize("up_to", [20_000, 100])
def test_what_is_taken_out_is_nobodys_neighbour(monkeypatch: pytest.MonkeyPatch, up_to: int) -> None:
    monkeypatch.setattr("fiscalgraph.search.issues.neighbours.EXACT_UP_TO", up_to)
    random = np.random.default_rng(5)
    vectors = random.normal(size=(3000, 16)).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    vectors[1] = vectors[0]
    vectors[7] = -vectors[0]
    held = neighbourhood(vectors.copy(), len(vectors))
    asked = np.array([0])
    assert (0, 1) in zip(*map(list, pairs_near(held, asked, vectors[:1], 3, 3000)), strict=True)
    held.replace(np.array([1]), np.array([7]), vectors[:1])
    found = set(zip(*(rows.tolist() for rows in pairs_near(held, asked, vectors[:1], 3, 3000)), strict=True))
    assert (0, 7) in found
    assert (0, 1) not in found


@pytest.mark.parametrize("taken_out", [30, 300])
def test_neighbours_are_exact_whatever_was_taken_out(taken_out: int) -> None:
    vectors = np.random.default_rng(7).normal(size=(800, 8)).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    held, present = neighbourhood(vectors.copy(), 1), vectors.copy()
    gone = np.arange(0, 2 * taken_out, 2)
    nothing = np.empty(0, dtype=np.int64)
    for part in (gone[:20], gone[20:]):
        changed = np.array([1, 11, 301])
        present[changed] = present[changed[::-1]]
        held.replace(part, changed, present[changed])
        present[part] = 0
        asked = vectors[[0, 5, 799]]
        found = held.nearest(asked, 5)
        there = np.flatnonzero(present.any(axis=1))
        best = there[np.argsort(-(asked @ present[there].T), axis=1, kind="stable")[:, :5]]
        closeness = np.take_along_axis(asked @ present.T, found, axis=1)
        assert np.allclose(closeness, np.take_along_axis(asked @ present.T, best, axis=1), atol=1e-5)
    held.replace(np.setdiff1d(np.arange(800), [*gone, 3]), nothing, vectors[:0])
    assert held.nearest(vectors[:1], 5).tolist() == [[3]]


@pytest.mark.parametrize("first", [80, 120, 150])
def test_an_issue_that_grows_is_scored_as_if_it_were_new(texts: list[str], first: int) -> None:
    parameters = IssueParameters(afresh_up_to=0)
    sides = [
        {"cause": side_of(some), "measure": compared_side("measure", [], np.empty((0, 256)), "")}
        for some in (texts[:first], texts)
    ]
    before = issues_of(sides[0], "m", None, parameters)
    kept = {each.statement: each.score for issue in before for each in issue.members}
    grown = 0
    for issue in issues_of(sides[1], "m", before, parameters):
        text_of = {each.digest: each.text for each in sides[1]["cause"].statements}
        ordered = sorted(each.statement for each in issue.members)
        grown += any(each.statement in kept for each in issue.members) and not all(map(kept.get, ordered))
        for member in issue.members:
            others = [each for each in ordered[:12] if each != member.statement]
            scores = pair_scores((text_of[member.statement], text_of[each]) for each in others)
            assert member.score == pytest.approx(sum(scores) / len(scores), abs=2e-4)
    assert grown


def test_of_many_statements_only_new_ones_are_compared_for_links(
    texts: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("fiscalgraph.search.likely_pairs.AFRESH_UP_TO", 50)
    old, new = tmp_path / "old", tmp_path / "new"
    old.mkdir()
    new.mkdir()
    first = side_of(texts[5:])  # the first is gone then, the numbers of all others are others
    likely_pairs(first, 20, 0.3, None, old)
    side = side_of(texts)
    compared: list[int] = []
    judge = side.judge.probabilities_from
    monkeypatch.setattr(
        side.judge,
        "probabilities_from",
        lambda least, left, right: compared.append(len(left)) or judge(least, left, right),
    )
    afresh = named(likely_pairs(side, 20, 0.3))
    added = named(likely_pairs(side, 20, 0.3, old, new))
    assert compared[1] < compared[0] / 4
    assert len(afresh & added) >= 0.9 * len(afresh | added)
    assert named(likely_pairs(side, 20, 0.3, new)) == added
    assert named(likely_pairs(first, 20, 0.3, new)) <= named(likely_pairs(first, 20, 0.3))


def named(found: tuple[np.ndarray, np.ndarray, np.ndarray]) -> set[tuple[int, int, float]]:
    left, right, scores = (each.tolist() for each in found)
    return {(min(pair), max(pair), score) for *pair, score in zip(left, right, scores, strict=True)}


def test_pairs_made_by_something_else_or_damaged_are_not_read(tmp_path: Path) -> None:
    file = tmp_path / "pairs.npz"
    assert LikelyPairs.read(file, "a") is None
    kept = LikelyPairs("a", np.array([3, 5], dtype=np.uint64), np.array([0]), np.array([1]), np.array([0.5]))
    kept.save(file)
    again = LikelyPairs.read(file, "a")
    assert again is not None
    assert (again.digests.tolist(), again.left.tolist(), again.scores.tolist()) == ([3, 5], [0], [0.5])
    assert LikelyPairs.read(file, "b") is None
    once = file.read_bytes()
    kept.save(file)
    assert file.read_bytes() == once
    for damaged in (once[:100], b""):
        file.write_bytes(damaged)
        assert LikelyPairs.read(file, "a") is None


def test_equal_pairs_in_another_order_are_kept_alike(tmp_path: Path) -> None:
    file, digests = tmp_path / "pairs.npz", np.array([3, 5, 8], dtype=np.uint64)
    LikelyPairs("a", digests, np.array([0, 1]), np.array([2, 2]), np.array([0.5, 0.7])).save(file)
    once = file.read_bytes()
    LikelyPairs("a", digests, np.array([2, 0]), np.array([1, 2]), np.array([0.7, 0.5])).save(file)
    assert file.read_bytes() == once
