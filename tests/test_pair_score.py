"""Whether two statements state the same issue: what the pair score heeds, and what it is worth."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from fiscalgraph.ontology.causes import causes
from fiscalgraph.search import ModelError, load_encoder
from fiscalgraph.search.evaluation import average_precision, pair_probabilities, pair_similarities
from fiscalgraph.search.evaluation_files import JudgedPair
from fiscalgraph.search.issues import pair_scores
from fiscalgraph.search.issues.alignment import ALIGNED
from fiscalgraph.search.issues.features import FEATURES, Statements
from fiscalgraph.search.issues.pair_score import PAIR_SCORE_FILE, PairJudge, built_in_encoder, pair_weights
from fiscalgraph.search.issues.remedies import remedy_profiles
from fiscalgraph.search.issues.signs import core_of, says_cured
from fiscalgraph.search.issues.stated import STATED_ISSUES_FILE, Stated, stated_issues
from fiscalgraph.search.issues.stated_causes import STATED_CAUSES_FILE, StatedCauses
from fiscalgraph.search.issues.types import weights_of

LATE = "上级资金年底才下达，项目未能按计划启动"

SAME = [
    (LATE, "财政拨款到账太晚，工程开工推迟"),
    ("在编人员仅有三名且身兼数职，力量不足", "人手不够，一个人干几个人的活"),
    ("政府采购两次流标，合同签订较晚", "因投标人不足三家而废标，重新组织采购"),
    ("群众对补贴政策不了解，申请人数少", "政策宣传不到位，知晓率低"),
]
DIFFERENT = [
    (LATE, "上级资金使用不规范，项目未能按计划验收"),
    ("在编人员仅有三名且身兼数职，力量不足", "在编人员经费足额安排，略有结余"),
    ("政府采购两次流标，合同签订较晚", "政府采购档案管理不规范，合同未归档"),
    ("群众对补贴政策不了解，申请人数少", "群众对补贴发放方式有意见，投诉增多"),
]


def probability(one: str, other: str) -> float:
    return pair_scores([(one, other)])[0]


def test_restatements_score_above_pairs_that_only_share_words() -> None:
    scores = pair_scores([*SAME, *DIFFERENT])
    assert min(scores[: len(SAME)]) > max(scores[len(SAME) :])


def test_the_pair_score_tells_more_than_the_cosine() -> None:
    pairs = [JudgedPair(*pair, True) for pair in SAME] + [JudgedPair(*pair, False) for pair in DIFFERENT]
    labels = [pair.same for pair in pairs]
    cosine = average_precision(labels, pair_similarities(pairs, load_encoder()))
    assert average_precision(labels, pair_probabilities(pairs)) > cosine


def test_the_order_of_a_pair_and_its_company_do_not_matter() -> None:
    together = pair_scores([*SAME, *DIFFERENT])
    alone = [probability(other, one) for one, other in [*SAME, *DIFFERENT]]
    assert alone == pytest.approx(together, abs=1e-5)


def test_a_statement_restated_of_another_project_is_the_same_issue() -> None:
    one, other = (
        "校舍维修满意度调查样本量偏少，结果代表性不足",
        "河道治理满意度调查样本量偏少，结果代表性不足",
    )
    assert probability(one, other) >= pair_weights().restated


def test_what_is_cured_is_not_what_is_amiss() -> None:
    amiss = "道路改造资金未下达，工程进度滞后"
    assert probability(amiss, "道路改造资金已下达，工程进度提前") < 0.1
    assert probability(amiss, "河道治理资金未下达，工程进度滞后") > 0.3


def test_a_shared_effect_does_not_make_one_cause() -> None:
    effect = "预算执行率未达标，主要原因是："
    assert probability(effect + "考务费用账号有误造成退费", effect + "设备验收后才支付尾款") < 0.4


def test_no_pairs_have_no_scores() -> None:
    assert pair_scores([]) == []


@pytest.mark.parametrize(
    ("text", "core"),
    [
        ("预算执行率较低，主要原因是采购流标，合同签订较晚", "采购流标，合同签订较晚"),
        ("由于人员调离，工作进展缓慢", "人员调离，工作进展缓慢"),
        ("设备故障较多；后续拟更换设备", "设备故障较多"),
        ("数据的汇总和分析能力有待增强", "数据的汇总和分析能力有待增强"),
    ],
)
def test_the_core_of_a_statement_is_its_cause(text: str, core: str) -> None:
    assert core_of(text) == core


@pytest.mark.parametrize(
    ("text", "cured"),
    [("资金已全部拨付到位", True), ("资金未能如期下达", False), ("人员充足", True), ("人员不充足", False)],
)
def test_whether_all_is_well_heeds_negation(text: str, cured: bool) -> None:
    assert says_cured(text) is cured


def test_what_is_written_of_one_issue_in_other_words_is_resembled_by_both() -> None:
    encoder = built_in_encoder()
    stated = Stated(encoder, 3)
    stated.put(np.arange(3), [["钱来得太迟"], ["拨款太慢，耽误事"], ["培训教室的空调坏了"]])
    late, other = stated.compared(np.array([0, 0]), np.array([1, 2]))
    assert late > 0.5 > other


def aligned(one: str, other: str) -> dict[str, float]:
    """How two statements match word by word."""
    found = Statements([one, other], built_in_encoder()).compared(np.array([0]), np.array([1]))[0]
    return {name: float(found[FEATURES.index(name)]) for name in ALIGNED}


def test_words_that_mean_the_same_are_aligned_and_others_are_lacking() -> None:
    same = aligned("资金下达较晚", "拨款到账太迟")
    other = aligned("资金下达较晚", "资金档案不全")
    itself = aligned("资金下达较晚", "资金下达较晚")
    assert same["aligned_least"] > other["aligned_least"]
    assert itself["aligned_least"] == pytest.approx(1, abs=1e-3)
    assert itself["lacking_most"] == pytest.approx(0, abs=1e-2)


def test_the_score_is_never_above_what_it_is_at_most_without_comparing_words() -> None:
    weights = pair_weights()
    texts = sorted({text for pair in [*SAME, *DIFFERENT] for text in pair})
    left, right = np.array([(i, j) for i in range(len(texts)) for j in range(i)]).T
    compared = Statements(texts, built_in_encoder()).compared(left, right)
    compared[:, -1] = 0
    without = compared.copy()
    for name in ALIGNED:
        without[:, FEATURES.index(name)] = 100.0 * np.sign(weights.weights[FEATURES.index(name)])
    assert (weights.probabilities(compared) <= weights.probabilities(without) + 1e-12).all()
    assert weights.probabilities(without).max() < 1


def test_a_pair_has_the_same_score_whatever_else_is_asked() -> None:
    pairs = [*SAME, *DIFFERENT, *((one, other) for one, _ in SAME for _, other in DIFFERENT)]
    assert pair_scores(pairs) == [pair_scores([pair])[0] for pair in pairs]


def test_a_very_long_clause_is_like_itself() -> None:
    # So many pairs of characters that all bits of a clause are set.
    text = "".join(map(chr, np.random.default_rng(6).integers(0x4E00, 0x9FA5, size=4000).tolist()))
    found = Statements([text, text], built_in_encoder()).compared(np.array([0]), np.array([1]))[0]
    assert found[FEATURES.index("repeated")] == 0.75
    assert found[-1] == 1


def test_texts_without_words_state_no_issue_in_common() -> None:
    scores = pair_scores([("", "。"), ("", LATE), (LATE, "2024"), ("", ""), ("一", "2024")])
    assert all(0 <= score < 0.3 for score in scores), scores


def test_what_pairs_were_judged_by_names_what_types_come_from(monkeypatch: pytest.MonkeyPatch) -> None:
    judge = PairJudge([LATE])
    before = judge.made_by
    assert PairJudge(["一"]).made_by == before
    changed = replace(weights_of(), intercept=0.0)
    monkeypatch.setattr("fiscalgraph.search.issues.types.weights_of", lambda: changed)
    assert judge.made_by != before


def test_damaged_written_issues_are_named(tmp_path: Path) -> None:
    from fiscalgraph.search.training.export import export_causes

    tensors = StatedCauses(np.zeros((3, 4), np.float32), np.zeros(3, np.float32))
    export_causes(tmp_path, tensors)  # another file's tensors
    (tmp_path / STATED_CAUSES_FILE).rename(tmp_path / STATED_ISSUES_FILE)
    with pytest.raises(ModelError, match=STATED_ISSUES_FILE) as refusal:
        stated_issues(tmp_path)
    assert "Install again" in str(refusal.value)
    with pytest.raises(ModelError):
        stated_issues(tmp_path / "nowhere")


def test_a_second_score_that_compares_word_by_word_is_refused(tmp_path: Path) -> None:
    weights = pair_weights()
    place = FEATURES.index(ALIGNED[0])
    replace(weights, most=(*weights.most[:place], 1.0, *weights.most[place + 1 :])).save(
        tmp_path / PAIR_SCORE_FILE
    )
    with pytest.raises(ModelError, match="word by word"):
        pair_weights(tmp_path)


def test_issues_that_the_weights_were_not_fitted_with_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    weights = replace(pair_weights(), stated="0" * 16)
    monkeypatch.setattr("fiscalgraph.search.issues.pair_score.pair_weights", lambda: weights)
    with pytest.raises(ModelError, match="fitted for another model"):
        PairJudge([LATE])


def test_damaged_weights_are_named(tmp_path: Path) -> None:
    (tmp_path / PAIR_SCORE_FILE).write_text(json.dumps({"fingerprint": "x", "weights": [1.0]}))
    with pytest.raises(ModelError, match=PAIR_SCORE_FILE):
        pair_weights(tmp_path)


def test_the_shipped_weights_belong_to_the_shipped_model() -> None:
    assert PairJudge(["一"]).weights.fingerprint == load_encoder().fingerprint
    assert 0 < pair_weights().precision <= 1


def answered(text: str) -> set[str]:
    (row,) = remedy_profiles([text])
    return {cause.code for cause, value in zip(causes(), row, strict=True) if value > 0}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("多渠道开展政策宣讲，让群众应知尽知", "awareness"),
        ("加强与财政部门沟通，争取资金早下达", "late-funds"),
        ("科学合理设定指标值", "target-level"),
        ("及时收集、整理反映效益的佐证资料", "evidence"),
        ("修订内部管理办法，完善审批制度", "rules-missing"),
        ("选派业务骨干参加培训，开展业务练兵", "staff-capability"),
    ],
)
def test_a_measure_tells_which_cause_it_answers(text: str, expected: str) -> None:
    assert expected in answered(text)


def test_what_is_quoted_and_what_promises_nothing_answers_no_cause() -> None:
    assert answered("“加大宣传力度”一项") == set()
    assert answered("项目已全部完成") == set()


def test_measures_against_one_cause_are_nearer_than_measures_that_share_words() -> None:
    measure = "加大政策宣传力度，提高资金使用效益"
    same, other = "通过多种渠道开展宣讲，切实提升工作质效", "加大设备更新力度，提高资金使用效益"
    assert probability(measure, same) > probability(measure, other)


def test_what_a_measure_is_to_bring_about_is_not_its_core() -> None:
    assert core_of("强化项目前期论证，提高资金使用效益，确保项目顺利实施") == "强化项目前期论证"
    assert core_of("提高资金使用效益") == "提高资金使用效益"
