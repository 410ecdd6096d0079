"""Pairs of statements of which it is known whether they state the same issue.

Two sources: the sentences written for training (``search/training/paraphrases``), of which each fold's model
knows two thirds and is asked about the rest; and the public test set (``bench/retrieval``), in halves by
issue. What the model was trained on is never asked about.
"""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations, pairwise
from pathlib import Path
from random import Random

from fiscalgraph.search.training.written import COARSE, issues, near_pairs

__all__ = [
    "FOLDS",
    "TEST_SET",
    "Pair",
    "TestPassage",
    "composed",
    "held_out",
    "judged",
    "passages",
    "queried",
    "rewritten",
]

FOLDS = 3
TEST_SET = Path(__file__).parent / "retrieval"

_OBJECTS = """
道路改造 校舍维修 管网建设 水库加固 河道治理 学生资助 社保经办 就业培训 文物保护 执法监察
信访接待 数据平台 养老服务 医疗救助 农田建设 公园绿化 科普宣传 环境监测 档案管理 图书采购
人才引进 低保救助 森林防火 食品抽检 体育场馆 乡村振兴 招商引资 技能评价 检测设备 项目评审
""".split()  # noqa: SIM905
_FRAMES = (
    "因{0}，导致项目未能按计划完成，未达到年初绩效目标",
    "由于{0}，影响了项目整体进度",
    "{0}，资金支付进度未达序时要求",
    "{0}，预算执行率偏低，年末形成结转结余",
    "年度指标未完成，主要原因是{0}",
    "{0}，有待进一步加强和改进",
    "受{0}等因素影响，相关工作未能如期开展",
)
# What long statements begin and end with, whatever they say: of causes, and of measures.
_AROUND = {
    "cause": (
        ("预算执行率未达标，主要原因是", "产出数量未完成，主要原因是", "年度目标存在偏差，原因是", ""),
        (
            "，导致年度绩效目标未能完成",
            "，影响了资金使用效益",
            "，有待进一步改进",
            "。下一步将加强管理，确保完成目标",
            "",
        ),
    ),
    "measure": (
        ("进一步", "下一步，", "针对上述问题，", "今后将", ""),
        ("，提高资金使用效益", "，确保项目顺利实施", "，切实提升工作质效", "，保障各项工作有序开展", ""),
    ),
}
# The first that a statement holds is turned into what it is not.
_TURNS = tuple(
    tuple(turn.split("/"))
    for turn in (  # noqa: SIM905
        "不及时/很及时 未及时/已及时 不足/充足 较晚/较早 滞后/提前 偏低/偏高 缺少/富余 无法/可以 没有/已有 "
        "流标/中标 减少/增加 不到位/到位 不够/充分 缺乏/不缺 短缺/富余 未完成/已完成 慢/快 不高/很高 "
        "少/多 晚/早 未/已 没/都 不/很"
    ).split()
)


@dataclass(frozen=True, slots=True)
class Pair:
    """Two statements, whether they state the same issue, and how the pair was made."""

    one: str
    other: str
    same: bool
    made: str


@dataclass(frozen=True, slots=True)
class TestPassage:
    """A passage of the test set; ``issue`` is empty where it belongs to none, ``family`` is that of the issue
    it is a look-alike of; ``tuning``: of the half that may be looked at."""

    text: str
    side: str
    issue: str
    family: str
    tuning: bool


@dataclass(frozen=True, slots=True)
class _Sentence:
    text: str
    issue: int
    states: bool  # False: a look-alike


def held_out(fold: int) -> Iterator[Pair]:
    """Restatements, look-alikes, other issues in the same words, and any others, of unseen sentences."""
    random = Random(fold + 3)
    every = list(issues())
    apart = _apart()
    sentences = [
        _Sentence(text, number, states)
        for number, issue in enumerate(every)
        for states, texts, folds in ((True, issue.statements, FOLDS), (False, issue.lookalikes, 2))
        for place, text in enumerate(texts)
        if place % folds == fold % folds
    ]
    nearest = _overlapping([sentence.text for sentence in sentences])
    rows: dict[int, list[int]] = defaultdict(list)
    for row, sentence in enumerate(sentences):
        rows[sentence.issue].append(row)

    def different(one: int, other: int) -> bool:
        first, second = sentences[one], sentences[other]
        if first.issue == second.issue:
            return first.states != second.states
        return apart(first.issue, second.issue)

    for own in rows.values():
        stated = [row for row in own if sentences[row].states]
        for one, other in combinations(stated, 2):
            yield Pair(sentences[one].text, sentences[other].text, True, "same")
        for one in stated:
            for other in own:
                if not sentences[other].states:
                    yield Pair(sentences[one].text, sentences[other].text, False, "look-alike")
            others = [row for row in nearest(one) if different(one, row)][:2]
            others += [row for row in [random.randrange(len(sentences))] if different(one, row)]
            for other in others:
                yield Pair(sentences[one].text, sentences[other].text, False, "other")


def rewritten(fold: int) -> Iterator[Pair]:
    """Unseen statements with a project's name, turned into their opposite, and put into one frame."""
    random = Random(fold + 9)
    every = list(issues())
    apart = _apart()
    unseen = [issue.statements[fold::FOLDS] for issue in every]
    for number, own in enumerate(unseen):
        text, restated = random.choice(own), random.choice(own)
        first, second = random.sample(_OBJECTS, 2)
        frame = random.choice(_FRAMES)
        stranger = random.randrange(len(unseen))
        yield Pair(first + text, second + text, True, "named")
        turn = next((turn for turn in _TURNS if turn[0] in text), None)
        if turn is not None:
            turned = text.replace(turn[0], turn[1], 1)
            yield Pair(first + text, random.choice((first, second, "")) + turned, False, "turned")
        if restated != text:
            yield Pair(first + text, second + restated, True, "framed")
            yield Pair(frame.format(text), frame.format(restated), True, "framed")
        if apart(number, stranger):
            other = random.choice(unseen[stranger])
            yield Pair(first + text, first + other, False, "framed")
            yield Pair(frame.format(text), frame.format(other), False, "framed")


def composed(fold: int) -> Iterator[Pair]:
    """Long statements of several unseen sentences, with what such statements begin and end with.

    Of one issue in other words; of one issue, beside a second in one of them; and of two issues that share
    words, with the same beginning and end.
    """
    random = Random(fold + 41)
    every = list(issues())
    apart = _apart()
    unseen = [issue.statements[fold::FOLDS] for issue in every]
    side = ["measure" if issue.name.startswith(("measure-", "m-")) else "cause" for issue in every]
    flat = [(text, number) for number, own in enumerate(unseen) for text in own]
    nearest = _overlapping([text for text, _ in flat])
    row = 0
    for number, own in enumerate(unseen):
        rows, row = range(row, row + len(own)), row + len(own)
        if len(own) < 3:
            continue
        first, second = (_AROUND[side[number]][part] for part in (0, 1))

        def around(*parts: str, begun: str, ended: str) -> str:
            return begun + random.choice("，；。").join(parts) + ended

        def any_around(*parts: str, begun: Sequence[str] = first, ended: Sequence[str] = second) -> str:
            return around(*parts, begun=random.choice(begun), ended=random.choice(ended))

        one, two, *more = random.sample(own, len(own))
        beside = random.choice(random.choice(unseen) or [one])
        yield Pair(any_around(one), any_around(two, *more), True, "long")
        yield Pair(any_around(one, beside), any_around(two), True, "beside")
        strangers = [
            each
            for each in dict.fromkeys(flat[near][1] for place in rows for near in nearest(place)[:6])
            if apart(number, each) and side[each] == side[number]
        ]
        for stranger in random.sample(strangers, min(2, len(strangers))):
            begun, ended = random.choice(first), random.choice(second)
            others = random.sample(unseen[stranger], min(2, len(unseen[stranger])))
            text = around(one, two, begun=begun, ended=ended)
            yield Pair(text, around(*others, begun=begun, ended=ended), False, "long")
            yield Pair(around(one, beside, begun=begun, ended=ended), any_around(others[0]), False, "beside")


def passages() -> list[TestPassage]:
    """The causes and measures of the test set."""
    found = []
    for line in (TEST_SET / "passages.jsonl").read_text(encoding="utf-8").splitlines():
        passage = json.loads(line)
        if passage["kind"] == "narrative_reason":
            continue
        name = re.sub(r"-\d+$", "", passage["id"])
        family = name.removesuffix("-like")
        issue = "" if name != family or family == "general" else family
        side = "measure" if passage["sides"] == ["measure"] else "cause"
        found.append(TestPassage(passage["text"], side, issue, family, sum(map(ord, family)) % 2 == 0))
    return found


def judged(tuning: bool) -> Iterator[Pair]:
    """Of the test set's issues: each two passages; each with its look-alikes and what shares most words."""
    every = passages()
    nearest = _overlapping([passage.text for passage in every])
    for row, passage in enumerate(every):
        if not passage.issue or passage.tuning != tuning:
            continue
        for other, second in enumerate(every):
            if second.family == passage.family and second.side == passage.side:
                if second.issue and row < other:
                    yield Pair(passage.text, second.text, True, "same")
                elif not second.issue:
                    yield Pair(passage.text, second.text, False, "look-alike")
        other_issues = [
            near
            for near in nearest(row)
            if every[near].side == passage.side and every[near].issue != passage.issue
        ]
        for near in other_issues[:3]:
            yield Pair(passage.text, every[near].text, False, "words")


def queried(tuning: bool) -> Iterator[Pair]:
    """Whole sentences and colloquial queries with what was judged the same (3) or another issue (0, 1)."""
    texts = {
        passage["id"]: passage["text"]
        for passage in map(json.loads, (TEST_SET / "passages.jsonl").read_text(encoding="utf-8").splitlines())
    }
    queries = {
        query["id"]: query
        for query in map(json.loads, (TEST_SET / "queries.jsonl").read_text(encoding="utf-8").splitlines())
        if query["kind"] in ("sentence", "paraphrase") and (query["split"] == "tuning") == tuning
    }
    for line in (TEST_SET / "qrels.tsv").read_text(encoding="utf-8").splitlines()[1:]:
        query, passage, grade = line.split("\t")
        if query in queries and grade != "2":
            yield Pair(queries[query]["text"], texts[passage], grade == "3", f"grade {grade}")


def _apart() -> Callable[[int, int], bool]:
    """Whether two of the written issues are different ones, as training takes them."""
    every = list(issues())
    near = near_pairs()

    def apart(one: int, other: int) -> bool:
        first, second = sorted((every[one], every[other]), key=lambda issue: issue.name)
        alike = (first.source == COARSE) == (second.source == COARSE)
        return one != other and alike and (first.name, second.name) not in near

    return apart


def _overlapping(texts: Sequence[str]) -> Callable[[int], list[int]]:
    """For a row, the others that share pairs of characters with it, those that share most first."""
    pairs = [frozenset(pairwise(re.sub(r"[\W_\d]+", "", text))) for text in texts]
    holders: dict[tuple[str, str], list[int]] = defaultdict(list)
    for row, held in enumerate(pairs):
        for pair in held:
            holders[pair].append(row)

    def nearest(row: int) -> list[int]:
        rows = {other for pair in pairs[row] for other in holders[pair]} - {row}
        return sorted(rows, key=lambda other: (-_share(pairs[row], pairs[other]), other))

    return nearest


def _share(one: frozenset[tuple[str, str]], other: frozenset[tuple[str, str]]) -> float:
    return len(one & other) / len(one | other)
