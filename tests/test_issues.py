"""Issues: what several departments state in different words is found, named, scored and kept apart."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from itertools import combinations
from pathlib import Path

import numpy as np
import pytest

from fiscalgraph.samples.issues import ISSUES
from fiscalgraph.search import Passage, PassageIndex, neighbour_links
from fiscalgraph.search.encoder import StaticEncoder
from fiscalgraph.search.issues import IssueParameters, IssueSet, IssuesUnusable, find_issues
from fiscalgraph.search.issues.neighbours import near_pairs
from fiscalgraph.search.issues.specificity import Specificity
from fiscalgraph.search.issues.statements import Statement
from fiscalgraph.search.issues.types import cause_types
from fiscalgraph.search.issues.wording import label_and_definition
from fiscalgraph.search.repeats import same_words

TRUTH = Path(__file__).parents[1] / "samples" / "truth"


def passage(number: int, department: str, text: str, kind: str = "problem_cause") -> Passage:
    return Passage(f"urn:p{number:03}", kind, text, f"d{department}", department, None, 2024)


LATE = (
    "上级资金下达较晚，年底前无法完成支付",
    "财政资金到账晚于计划，项目推迟启动",
    "资金拨付滞后，未能按期开工",
)
STAFF = ("在编人员不足，一人身兼数职", "人手短缺，工作力量薄弱", "专业人员不足，人手紧张")


def planted() -> list[tuple[str, str, str]]:
    """Text, wording and theme of every cause that the samples plant."""
    stated = {
        json.loads(line)["text"]: json.loads(line)["issue"]
        for file in sorted(TRUTH.glob("*/issues.jsonl"))
        for line in file.read_text(encoding="utf-8").splitlines()
    }
    found = []
    for text, theme in stated.items():
        for cause, _ in ISSUES[theme]:
            before, _, after = cause.partition("{work}")
            if text.startswith(before) and text.endswith(after):
                found.append((text, cause, theme))
    return found


@pytest.fixture(scope="module")
def samples(tmp_path_factory: pytest.TempPathFactory) -> tuple[IssueSet, list[tuple[str, str, str]]]:
    causes = planted()
    places = [passage(number, f"{number % 9}局", text) for number, (text, _, _) in enumerate(causes)]
    return find_issues(PassageIndex.build(tmp_path_factory.mktemp("samples") / "p", places)), causes


def pairs_of(labels: list[str]) -> set[tuple[int, int]]:
    rows: dict[str, list[int]] = defaultdict(list)
    for row, label in enumerate(labels):
        rows[label].append(row)
    return {pair for group in rows.values() for pair in combinations(group, 2)}


def adjusted_rand(one: list[str], other: list[str]) -> float:
    def pairs(labels: list[str]) -> int:
        return sum(count * (count - 1) // 2 for count in Counter(labels).values())

    both = pairs([f"{a}/{b}" for a, b in zip(one, other, strict=True)])
    first, second, every = pairs(one), pairs(other), len(one) * (len(one) - 1) // 2
    expected = first * second / every
    return (both - expected) / ((first + second) / 2 - expected)


def test_planted_causes_are_joined_within_themes_and_never_across(
    samples: tuple[IssueSet, list[tuple[str, str, str]]],
) -> None:
    issues, causes = samples
    issue_of = [issues.issue_of(f"urn:p{number:03}") for number in range(len(causes))]
    labels = [issue.id if issue else f"alone {number}" for number, issue in enumerate(issue_of)]
    joined = pairs_of(labels)
    within_themes = pairs_of([theme for _, _, theme in causes])
    within_wordings = pairs_of([wording for _, wording, _ in causes])
    assert len(causes) > 80
    assert len(joined & within_themes) / len(joined) >= 0.95  # precision
    assert len(joined & within_wordings) / len(within_wordings) >= 0.95  # recall: one cause of many projects
    assert len(joined & within_themes) / len(within_themes) >= 0.55  # other wordings of a theme
    assert adjusted_rand(labels, [theme for _, _, theme in causes]) >= 0.65


def test_planted_causes_of_one_theme_share_a_type_of_cause() -> None:
    """What the aim of linking is (precision 0.9, recall 0.8): themes are as wide as types."""
    causes = planted()
    types = cause_types([text for text, _, _ in causes], StaticEncoder())
    held = [{each.code for each in found} for found in types]
    linked = {(one, other) for one, other in combinations(range(len(causes)), 2) if held[one] & held[other]}
    within_themes = pairs_of([theme for _, _, theme in causes])
    assert len(linked & within_themes) / len(linked) >= 0.9
    assert len(linked & within_themes) / len(within_themes) >= 0.8


def test_links_join_planted_causes_of_one_theme(tmp_path: Path) -> None:
    causes = planted()
    places = [passage(number, f"{number % 9}局", text) for number, (text, _, _) in enumerate(causes)]
    theme = {f"urn:p{number:03}": theme for number, (_, _, theme) in enumerate(causes)}
    links = neighbour_links(PassageIndex.build(tmp_path / "p", places))
    right = sum(theme[link.left.id] == theme[link.right.id] for link in links)
    assert len(links) > 80
    assert right / len(links) >= 0.9
    assert all(link.left.department != link.right.department for link in links)


@pytest.fixture
def index(tmp_path: Path) -> PassageIndex:
    texts = [*LATE, *STAFF, "道路积雪未及时清除"]
    places = [passage(number, f"{number}局", text) for number, text in enumerate(texts)]
    places.append(passage(90, "甲局", "落实专人负责，提高清雪效率", "improvement_measure"))
    places.append(passage(91, "乙局", "落实专人负责，提高清雪效率", "improvement_measure"))
    places.append(passage(92, "丙局", "人员增加，支出增加", "narrative_reason"))
    places.append(passage(93, "丁局", "人员增加，支出增加", "narrative_reason"))
    return PassageIndex.build(tmp_path / "p", places)


def test_causes_and_measures_are_issues_apart_and_reasons_of_change_none(index: PassageIndex) -> None:
    found = find_issues(index, parameters=IssueParameters(joined=0.3))
    late = found.issue_of("urn:p000")
    assert late is not None
    assert late.side == "cause"
    assert {each.passage for each in late.members} >= {"urn:p000", "urn:p002"}
    assert found.issue_of("urn:p003") is not late
    assert found.issue_of("urn:p092") is None
    assert found.issue_of("urn:p006") is None  # nobody else says so


def test_one_text_of_two_departments_is_an_issue(index: PassageIndex) -> None:
    issue = find_issues(index).issue_of("urn:p090")
    assert issue is not None
    assert (issue.side, len(issue.members), issue.members[0].score) == ("measure", 1, 1.0)
    assert set(issue.members[0].places) == {"urn:p090", "urn:p091"}


def test_members_come_best_first_with_scores_between_nothing_and_one(index: PassageIndex) -> None:
    for issue in find_issues(index, parameters=IssueParameters(joined=0.2)):
        scores = [each.score for each in issue.members]
        assert scores == sorted(scores, reverse=True)
        assert all(0 <= score <= 1 for score in scores)
        assert all(0 <= each.specificity < 1 for each in issue.members)


def test_the_set_is_written_and_read_without_loss(index: PassageIndex) -> None:
    found = find_issues(index)
    assert IssueSet.from_json(found.to_json()) == found
    assert find_issues(index).to_json() == found.to_json()
    older = json.loads(found.to_json())
    older["parameters"] = {"neighbours": 24, "joined": 0.2, "joined_measures": 0.25, "afresh_up_to": 5000}
    again = IssueSet.from_json(json.dumps(older))  # another version's: the same issues, made otherwise
    assert again.issues == found.issues
    assert again.parameters != IssueParameters(joined=0.2)
    for damaged in ("{", "{}", '{"format": 99}', found.to_json().replace("members", "people")):
        with pytest.raises(IssuesUnusable):
            IssueSet.from_json(damaged)


def test_an_empty_index_has_no_issues(tmp_path: Path) -> None:
    assert len(find_issues(PassageIndex.build(tmp_path / "p", []))) == 0


def statement(text: str, project: str = "") -> Statement:
    return Statement(0, text, same_words(text), ("urn:a",), ("局",), (project,) if project else ())


def test_a_label_is_a_short_clause_that_the_members_share() -> None:
    label, definition = label_and_definition(
        [
            statement("2023年12月财政下达资金批复，项目批复时间较晚，结转37.5万元"),
            statement("因立项和经费的审批都偏晚，年内来不及完成采购"),
            statement("智慧港口项目批复时间较晚", "智慧港口"),
        ],
        StaticEncoder(),
    )
    assert label == "项目批复时间较晚"
    assert "批复" in definition


def test_a_label_leaves_out_what_one_member_calls_its_work() -> None:
    label, _ = label_and_definition(
        [statement(f"{work}首次开标因投标人不足而流标") for work in ("农村供水", "校舍维修", "学生资助")],
        StaticEncoder(),
    )
    assert label == "首次开标因投标人不足而流标"


@pytest.mark.parametrize(
    ("said", "label"),
    [
        ("反映{}效益的佐证材料收集不完整，效果缺少数据支撑", "效益的佐证材料收集不完整"),
        ("{}采购需求反复修改，合同签订比计划晚了一个季度", "采购需求反复修改"),
        ("未对{}的后续影响开展跟踪，长期效益难以评价", "未对后续影响开展跟踪"),
    ],
)
def test_a_label_tells_the_cause_and_not_its_effect_nor_the_work(said: str, label: str) -> None:
    works = ("农村供水", "校舍维修", "学生资助", "湿地巡护")
    found, _ = label_and_definition([statement(said.format(work)) for work in works], StaticEncoder())
    assert found == label


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("津贴发放人数不足", "津贴发放人数达标"),  # what turns the meaning is no name
        ("供水设备未到货", "供水设备已到货"),
        ("资金不到位", "人员不到位"),  # too little is left
    ],
)
def test_a_label_is_not_shortened_to_something_else(one: str, other: str) -> None:
    label, _ = label_and_definition([statement(one), statement(other)], StaticEncoder())
    assert label in (one, other)


@pytest.mark.parametrize(
    ("one", "other", "label"),
    [
        ("县级配套资金到位率较低", "市级配套资金到位率较低", "配套资金到位率较低"),
        ("上半年受疫情影响未开展培训", "下半年受疫情影响未开展培训", "疫情影响未开展培训"),
        ("第一季度资金执行进度缓慢", "第二季度资金执行进度缓慢", "资金执行进度缓慢"),
    ],
)
def test_a_label_is_not_cut_within_a_word(one: str, other: str, label: str) -> None:
    assert label_and_definition([statement(one), statement(other)], StaticEncoder())[0] == label


def test_a_label_leaves_out_enumerators_and_what_leads_in() -> None:
    label, _ = label_and_definition([statement("一是由于人手不足，二是设备老化")], StaticEncoder())
    assert label in ("人手不足", "设备老化")


def test_names_and_figures_are_specific_and_stock_phrases_are_not() -> None:
    specificity = Specificity(StaticEncoder())
    telling = specificity.of("受汛期停工影响，永安渡槽加固仅完成62.5%，结转118.3万元", 1)
    stock = specificity.of("加强预算管理，提高资金使用效益", 1)
    assert telling > 0.4 > 0.1 > stock
    assert specificity.of("受汛期停工影响，永安渡槽加固仅完成62.5%", 8) < telling / 2


def test_neighbours_of_many_vectors_are_nearly_those_of_comparing_all(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    random = np.random.default_rng(0)
    centres = random.normal(size=(60, 64))
    vectors = (centres[random.integers(0, 60, 1500)] + 0.3 * random.normal(size=(1500, 64))).astype(
        np.float32
    )
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    vectors[7] = 0
    every = set(zip(*(rows.tolist() for rows in near_pairs(vectors, 5)), strict=True))
    monkeypatch.setattr("fiscalgraph.search.issues.neighbours.EXACT_UP_TO", 1000)
    found = set(zip(*(rows.tolist() for rows in near_pairs(vectors, 5)), strict=True))
    assert len(found & every) / len(every) > 0.9
    assert all(one < other and 7 not in (one, other) for one, other in every | found)
