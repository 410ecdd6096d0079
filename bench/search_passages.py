"""Any number of distinct passages in the register of 绩效自评, made from our own sentences, to measure speed.

The clauses are those of the public test set (``bench/retrieval``) and of the samples' issues. A passage
joins one to three of them, mostly of one issue, with a made-up place, a project, a date and figures. Issues,
places and projects are drawn by Zipf's law, so that words are as unevenly spread as in disclosures: some
stand in a fifth of all passages, most in a handful. Equal arguments give equal passages on every machine.

Such passages tell how fast search is. They do not tell how well it finds: that is what the test set is for.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import accumulate
from pathlib import Path
from random import Random
from typing import TypeVar

from fiscalgraph.samples.issues import ISSUES
from fiscalgraph.search.passages import KINDS, Passage

__all__ = ["TEST_SET", "generated", "texts"]

TEST_SET = Path(__file__).parent / "retrieval"

_Drawn = TypeVar("_Drawn")

# Joined at random into names nobody bears; the commonest come first.
_PLACE_STEMS = (
    "安清云和永长新东南西北上下大小石金青白龙凤平太兴福双三临望松柳桃梅杨柏荷莲竹桂枫岚澄沐宁泊榆篱岫屏"
    "溪河湖泉潭渡桥塘湾沟坪坝岭峰冈丘坡谷源洲"
)
_PLACE_ENDS = ("镇", "乡", "街道", "村", "社区", "片区", "灌区", "园区", "林场", "新区", "林区", "库区")
_OBJECTS = """
道路 校舍 管网 水库 河道 桥梁 病房 图书 档案 系统 平台 设备 车辆 农田 泵站 堤防 厕所 公园 绿地 路灯
食堂 宿舍 实验室 监测站 消防站 养老院 福利院 卫生室 文化站 体育场 博物馆 古建筑 林地 湿地 草场 渔港
码头 停车场 公交站 垃圾站 污水厂 供水厂 变电所 数据中心 指挥中心 培训基地 标准厂房 冷链仓库 粮库 气象站
""".split()  # noqa: SIM905
_WORKS = """
改造 维修 新建 养护 整治 采购 升级 运维 检测 普查 修复 加固 扩建 搬迁 治理 评估 审计 监理 培训 巡查
""".split()  # noqa: SIM905
_HINDRANCES = """
连续降雨 规划调整 材料涨价 征地未完成 机构调整 汛期停工 审批时间较长 供应商更换 人员变动 资金下达较晚
低温冻害 管线迁改 用地性质变更 环保要求提高 考核办法变化
""".split()  # noqa: SIM905
_DIGITS = "一二三四五六七八九"
_TITLES = """
教育局 水利局 卫生健康局 交通运输局 农业农村局 民政局 文化和旅游局 住房和城乡建设局 科学技术局 应急管理局
""".split()  # noqa: SIM905


@dataclass(frozen=True, slots=True)
class _Issue:
    """The clauses of one issue: what is wrong, and what is done about it."""

    causes: tuple[str, ...]
    measures: tuple[str, ...]


class _Zipf:
    """Draws from a list, the first most often: the chance falls with the rank to the power of ``slope``."""

    def __init__(self, count: int, slope: float) -> None:
        self._range = range(count)
        self._weights = list(accumulate((rank + 1) ** -slope for rank in range(count)))

    def __call__(self, random: Random) -> int:
        return random.choices(self._range, cum_weights=self._weights)[0]


def texts(count: int, seed: int = 0) -> Iterator[str]:
    """``count`` passages, no two alike; more of them begin with the same ones."""
    return (text for _, text in _made(count, seed))


def generated(count: int, seed: int = 0) -> Iterator[Passage]:
    """The same passages with a kind, a department, a year and a place in a document of a hundred passages."""
    for number, (kind, text) in enumerate(_made(count, seed)):
        document, line = divmod(number, 100)
        region = document // 5 // len(_TITLES)
        place = _PLACE_STEMS[region % 60] + _PLACE_STEMS[region // 60 % 60]
        yield Passage(
            iri=f"https://example.org/passage/{number:07}",
            kind=kind,
            text=text,
            document=f"{document:05}",
            department=f"{place}县{_TITLES[document // 5 % len(_TITLES)]}",
            project=None,
            fiscal_year=2020 + document % 5,
            page=1 + line // 10,
            line=1 + line,
            quote=text,
        )


def _made(count: int, seed: int) -> Iterator[tuple[str, str]]:
    """Kind and text. A text that was made before is made anew."""
    random = Random(f"speed/{seed}")
    issues = _issues()
    random.shuffle(issues)
    places, names = _Zipf(12_000, 0.9), _place_names()
    objects, works = _Zipf(len(_OBJECTS), 0.8), _Zipf(len(_WORKS), 0.8)
    drawn_issue = _Zipf(len(issues), 0.9)
    seen: set[int] = set()
    while len(seen) < count:
        issue = issues[drawn_issue(random)]
        other = issues[drawn_issue(random)]
        project = names[places(random)] + _OBJECTS[objects(random)] + _WORKS[works(random)]
        kind = KINDS[random.choices(range(4), (35, 25, 30, 10))[0]]
        text = _sentence(random, kind, issue, other, project)
        # A hash of eight bytes instead of the text: a chance meeting only costs one passage.
        mark = hash_of(text)
        if mark not in seen:
            seen.add(mark)
            yield kind, text


def hash_of(text: str) -> int:
    """Sixty-four bits that do not change from run to run, as Python's own hash does."""
    from hashlib import blake2b

    return int.from_bytes(blake2b(text.encode(), digest_size=8).digest(), "big")


def _sentence(random: Random, kind: str, issue: _Issue, other: _Issue, project: str) -> str:
    clauses = issue.measures if kind == "improvement_measure" else issue.causes
    more = other.measures if kind == "improvement_measure" else other.causes
    said = [_filled(random, random.choice(clauses), project)]
    if random.random() < 0.65:
        said.append(_filled(random, random.choice(clauses if random.random() < 0.6 else more), project))
    if random.random() < 0.25:
        said.append(_filled(random, random.choice(more), project))
    said = list(dict.fromkeys(said))
    form = random.randrange(6)
    if form == 0:
        said.insert(0, f"受{random.choice(_HINDRANCES)}影响，{project}")
    elif form == 1:
        said.insert(0, f"{project}项目")
    elif form == 2:
        said.append(f"{project}完成率{random.randint(31, 99)}.{random.randint(0, 99):02}%")
    elif form == 3:
        month = random.randint(1, 12)
        said.insert(0, f"{month}月底前{project}" if kind == "improvement_measure" else f"{month}月{project}")
    elif form == 4:
        said.append(f"涉及{project}资金{random.randint(1, 999)}.{random.randint(0, 99):02}万元")
    else:
        said.insert(random.randrange(len(said) + 1), f"{project}{random.choice(_DIGITS)}处")
    return "，".join(said) + "。"


def _filled(random: Random, clause: str, project: str) -> str:
    return clause.replace("{work}", project) if "{work}" in clause else clause


def _place_names() -> list[str]:
    """Twelve thousand places, the commonest stems first."""
    random = Random("places")
    stems = _Zipf(len(_PLACE_STEMS), 0.5)
    found: dict[str, None] = {}
    while len(found) < 12_000:
        stem = "".join(_PLACE_STEMS[stems(random)] for _ in range(random.choice((2, 2, 2, 3))))
        found[stem + random.choice(_PLACE_ENDS)] = None
    return list(found)


def _issues() -> list[_Issue]:
    """The issues of the test set (look-alikes are issues of their own) and of the samples."""
    sides: dict[str, tuple[list[str], list[str]]] = {}
    for line in (TEST_SET / "passages.jsonl").read_text(encoding="utf-8").splitlines():
        passage = json.loads(line)
        causes, measures = sides.setdefault(passage["id"].rpartition("-")[0], ([], []))
        clauses = [clause for clause in re.split("[，；。：]", passage["text"]) if len(clause) > 3]
        (measures if passage["sides"] == ["measure"] else causes).extend(clauses)
    for wordings in ISSUES.values():
        sides[wordings[0][0]] = ([cause for cause, _ in wordings], [measure for _, measure in wordings])
    every = [measure for _, measures in sides.values() for measure in measures]
    found = []
    for number, (causes, measures) in enumerate(sides.values()):
        if causes:
            spare = [every[(7 * number + step) % len(every)] for step in range(3)]
            found.append(_Issue(tuple(causes), tuple(measures or spare)))
    return found
