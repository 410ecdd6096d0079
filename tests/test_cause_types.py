"""The scheme of causes, and which of them a statement gives."""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from fiscalgraph.ontology import turtle_files
from fiscalgraph.ontology.causes import cause_groups, causes
from fiscalgraph.search.encoder import StaticEncoder
from fiscalgraph.search.errors import ModelError
from fiscalgraph.search.issues.stated_causes import STATED_CAUSES_FILE, StatedCauses, stated_causes
from fiscalgraph.search.issues.types import (
    Alignment,
    CauseType,
    align,
    cause_types,
    features,
    sentences,
    weights_of,
)

BENCH = Path(__file__).parent.parent / "bench"


@pytest.fixture(scope="module")
def encoder() -> StaticEncoder:
    return StaticEncoder()


def codes(text: str, encoder: StaticEncoder) -> set[str]:
    return {each.code for each in cause_types([text], encoder)[0]}


def test_the_scheme_has_two_levels_and_says_what_belongs_where() -> None:
    groups = {each.code for each in cause_groups()}
    assert 30 <= len(groups) + len(causes()) <= 60
    assert {each.group for each in causes()} == groups
    for each in causes():
        assert each.definition
        assert each.scope
        assert len(each.labels) >= 5
        assert len(each.examples) >= 3
    assert "UnderperformanceCauses" in turtle_files()["underperformance_causes.ttl"]


def test_a_neighbour_that_a_scope_note_names_is_a_label_of_the_scheme() -> None:
    labels = [each.label_zh for each in (*causes(), *cause_groups())]
    named = [(each.code, name) for each in causes() for name in re.findall("“([^”]+)”", each.scope)]
    assert named
    assert not [(code, name) for code, name in named if not any(name in label for label in labels)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("补助资金十一月才下达，年内来不及使用", {"late-funds"}),
        ("项目两次流标，年底前未完成采购", {"procurement-delay"}),
        ("政策宣传力度不够，申报人数较少", {"awareness", "participation"}),
        ("一是佐证材料不齐全；二是经办人员变动频繁，交接不到位", {"evidence", "staff-turnover"}),
        ("因机构改革，相关职能划转至其他部门", {"reorganisation"}),
    ],
)
def test_what_a_statement_says_is_found(text: str, expected: set[str], encoder: StaticEncoder) -> None:
    assert expected <= codes(text, encoder)


def test_who_lives_far_off_and_does_not_know_gives_no_cause_of_distance(encoder: StaticEncoder) -> None:
    assert codes("偏远乡镇的老人大多不知道有这项补贴", encoder) == {"awareness"}
    assert codes("偏远地区送货上门成本高", encoder) == {"remoteness"}


@pytest.mark.parametrize(
    "text",
    [
        "受主客观因素影响，个别任务未能全部完成",
        "各项指标均按期完成，资金及时足额下达",
        "后续将加大宣传力度，拓宽宣传渠道",
        "“宣传力度”指标未达预期",
        "冬装轮换更新，被装购置费较上年增加",
        "资金专款专用，未发现截留挪用",
        "佐证资料齐全，完成值均可追溯",
        "",
        "2024",
    ],
)
def test_what_states_no_cause_has_no_type(text: str, encoder: StaticEncoder) -> None:
    assert codes(text, encoder) == set()


def test_promises_quotations_and_enumerators_are_set_aside() -> None:
    told = sentences("一是“参训率”未达标，报名人数少；二是场地有限，今后将提前预订。下一步改进宣传")
    assert told == ["未达标，报名人数少", "场地有限"]


def test_the_surest_comes_first_and_a_higher_bar_keeps_fewer(encoder: StaticEncoder) -> None:
    text = "资金下达晚，部分项目采购流程长，年底未完成采购，执行率偏低"
    found = cause_types([text], encoder)[0]
    assert len(found) >= 2
    assert [each.confidence for each in found] == sorted((each.confidence for each in found), reverse=True)
    bar = (found[0].confidence + found[-1].confidence) / 2
    kept = cause_types([text], encoder, confidence=bar)[0]
    assert kept == tuple(each for each in found if each.confidence >= bar)
    assert len(kept) < len(found)


def test_a_text_has_the_same_types_whatever_stands_beside_it(encoder: StaticEncoder) -> None:
    texts = ["人手不足，一人多岗", "设备老化，故障较多", "数据口径不一致，难以汇总"]
    together = cause_types(texts, encoder)
    assert together == [cause_types([text], encoder)[0] for text in texts]
    assert cause_types([], encoder) == []


def test_what_no_type_is_sure_of_has_its_surest_alone() -> None:
    weights = weights_of()
    sure, sole = weights.confidence + 0.1, weights.sole + 0.1
    confidences = np.array([[sure, sole, sure], [sole, weights.sole, 0.0], [0.0, weights.sole - 0.1, 0.0]])
    assert weights.stated(confidences).tolist() == [[True, False, True], [True, False, False], [False] * 3]


def test_shares_of_the_causes_are_the_same_whatever_stands_beside(encoder: StaticEncoder) -> None:
    learnt = stated_causes()
    assert learnt is not None
    vectors = encoder.encode(["人手不足，一人多岗", "设备老化，故障较多", "数据口径不一致"])
    shares = learnt.shares(vectors)
    assert shares.shape == (3, len(causes()))
    assert np.array_equal(shares[1:2], learnt.shares(vectors[1:2]))
    assert (shares >= 0).all()
    assert (shares.sum(axis=1) <= 1).all()
    found = [causes()[place].code for place in shares.argmax(axis=1)]
    assert found == ["staff-shortage", "equipment", "data-quality"]


def test_a_text_of_no_words_has_no_odds_to_speak_of(encoder: StaticEncoder) -> None:
    assert (features(["", "2024"], encoder)[:, :, -1] < -5).all()


def test_a_model_with_nothing_learnt_beside_it_has_none(tmp_path: Path) -> None:
    assert stated_causes(tmp_path) is None


def test_the_built_in_model_does_not_do_without_what_it_learnt(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("fiscalgraph.search.issues.stated_causes.DEFAULT_MODEL", tmp_path)
    with pytest.raises(ModelError, match=STATED_CAUSES_FILE):
        stated_causes(tmp_path)


def test_what_was_learnt_of_another_scheme_is_reported(tmp_path: Path) -> None:
    from fiscalgraph.search.training.export import export_causes

    export_causes(tmp_path, StatedCauses(np.zeros((3, 4), np.float32), np.zeros(3, np.float32)))
    with pytest.raises(ModelError, match="scheme"):
        stated_causes(tmp_path)
    rows = len(causes()) + 1
    (tmp_path / "cut").mkdir()
    export_causes(
        tmp_path / "cut", StatedCauses(np.zeros((rows - 1, 4), np.float32), np.zeros(rows, np.float32))
    )
    with pytest.raises(ModelError, match="scheme"):
        stated_causes(tmp_path / "cut")
    (tmp_path / "damaged").mkdir()
    (tmp_path / "damaged" / STATED_CAUSES_FILE).write_bytes(b"x")
    with pytest.raises(ModelError):
        stated_causes(tmp_path / "damaged")


class UnknownModel(StaticEncoder):
    @property
    def fingerprint(self) -> str:
        return "another model"


def test_a_model_that_nothing_was_measured_with_leaves_it_to_the_patterns() -> None:
    types = cause_types(["资金拨付不及时，影响进度", "钱在路上走了大半年"], UnknownModel())
    assert [each.code for each in types[0]] == ["late-funds"]
    assert types[1] == ()


def labelled_half() -> Iterator[tuple[str, set[str], set[str]]]:
    passages = (BENCH / "retrieval" / "passages.jsonl").read_text(encoding="utf-8").splitlines()
    texts = {each["id"]: each["text"] for each in map(json.loads, passages)}
    with (BENCH / "cause_types" / "retrieval.tsv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file, delimiter="\t"):
            if row["half"] == "measure":
                yield texts[row["passage"]], set(row["types"].split()), set(row["acceptable"].split())


def test_assignments_on_the_labelled_half_are_as_right_as_is_said(encoder: StaticEncoder) -> None:
    rows = list(labelled_half())
    known = {each.code for each in causes()}
    assert all(types | acceptable <= known for _, types, acceptable in rows)
    right = wrong = missed = 0
    for (_, types, acceptable), found in zip(
        rows, cause_types([row[0] for row in rows], encoder), strict=True
    ):
        stated = {each.code for each in found}
        right += len(stated & types)
        wrong += len(stated - types - acceptable)
        missed += len(types - stated)
    assert right / (right + wrong) >= 0.83
    assert right / (right + missed) >= 0.70


def test_weights_that_are_not_there_are_reported(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="FileNotFoundError"):
        weights_of(tmp_path)


def test_weights_of_other_features_are_reported(tmp_path: Path) -> None:
    replace(weights_of(), weights=weights_of().weights[:-1]).save(tmp_path / "cause_types.json")
    with pytest.raises(ModelError, match="5 weights for 6 features"):
        weights_of(tmp_path)


def test_weights_are_written_as_they_are_read(tmp_path: Path) -> None:
    weights_of().save(tmp_path / "cause_types.json")
    assert weights_of(tmp_path) == weights_of()


def test_an_issue_is_aligned_with_what_most_of_its_members_state() -> None:
    late, few = CauseType("late-funds", 0.9), CauseType("insufficient-funds", 0.7)
    assert align([(late,), (late, few), ()]) == Alignment("late-funds", "closeMatch", 0.6667)
    assert align([(late,), (few,), (CauseType("budget-estimate", 0.8),)]) == Alignment(
        "funding", "broadMatch", 1.0
    )
    assert align([(late,), (), ()]) is None
    assert align([()]) is None
    assert align([]) is None


def test_of_two_causes_held_by_as_many_members_the_surer_is_taken() -> None:
    both = (CauseType("awareness", 0.7), CauseType("participation", 0.95))
    assert align([both, both]) == Alignment("participation", "closeMatch", 1.0)


def test_the_guide_lists_every_cause_as_it_is_defined() -> None:
    guide = (BENCH.parent / "docs" / "cause_types.md").read_text(encoding="utf-8")
    assert not [
        each.code
        for each in causes()
        if f"| `{each.code}` | {each.label_zh} | {each.definition} | {each.scope} |" not in guide
    ]
