"""All fictitious departments, and how to make up more of them."""

from __future__ import annotations

from dataclasses import replace
from random import Random
from typing import Literal

from fiscalgraph.samples.catalogue_corpus import CIVIL, EDUCATION, HERITAGE, HYDROLOGY, WATER
from fiscalgraph.samples.catalogue_parts import STAFF_ITEMS, project_of
from fiscalgraph.samples.model import Department, PlannedItem

__all__ = ["DEPARTMENTS", "random_department"]

_HEALTH = Department(
    name="岚州市卫生健康委员会",
    short="我委",
    level="municipal",
    kind="部门",
    code="304",
    unit="万元",
    scale=5_100_000,
    duties=(
        "组织拟订全市卫生健康政策和事业发展规划。",
        "承担疾病预防控制、基层卫生和妇幼健康管理工作。",
    ),
    divisions=("办公室", "疾病预防控制科", "基层卫生科", "医政医管科", "规划财务科"),
    subordinates=("岚州市卫生健康委员会本级", "岚州市疾病预防控制中心", "岚州市妇幼保健院"),
    items=(
        PlannedItem("2100101", basic=0.2),
        PlannedItem("2100102", project=0.06),
        PlannedItem("2100401", basic=0.14, project=0.08),
        PlannedItem("2100408", project=0.16),
        PlannedItem("2100409", project=0.07),
        PlannedItem("2100717", project=0.05),
        *STAFF_ITEMS,
    ),
    projects=(
        project_of(
            "基本公共卫生服务",
            "公卫服务",
            "为城乡居民免费提供基本公共卫生服务，提高居民健康水平。",
            "各项服务按规范开展，重点人群健康管理率达到要求。",
            """量 居民健康档案建档数 ≥ 620000 份
量 高血压患者管理人数 ≥ 48000 人
质 健康档案合格率 ≥ 90 %
时 疫苗接种及时率 ≥ 95 %
社 居民健康素养水平 ≥ 26 %
满 居民满意度 ≥ 85 %""",
        ),
        project_of(
            "重点传染病防控",
            "传染病防控",
            "加强重点传染病监测和处置，控制传染病流行。",
            "监测网络运行正常，疫情处置及时，未发生大规模流行。",
            """量 监测样本检测数 ≥ 9600 份
量 开展应急演练 ≥ 8 次
质 疫情报告合格率 ≥ 98 %
时 疫情处置及时率 = 100 %
社 传染病防控能力 词 明显提高 防控能力有所提高
满 社会公众满意度 ≥ 88 %""",
        ),
    ),
    laws=(("中华人民共和国传染病防治法", None), ("中华人民共和国基本医疗卫生与健康促进法", None)),
    evaluation="central",
)

_CULTURE = Department(
    name="枫屏县文化和旅游局",
    short="我局",
    level="county",
    kind="部门",
    code="118",
    unit="万元",
    scale=820_000,
    duties=(
        "统筹全县文化事业和旅游业发展，指导公共文化服务体系建设。",
        "负责文物保护、非物质文化遗产传承和旅游市场监管。",
    ),
    divisions=("办公室", "公共文化股", "文物股", "旅游发展股"),
    subordinates=("枫屏县文化和旅游局本级", "枫屏县图书馆", "枫屏县博物馆", "枫屏县文化馆"),
    items=(
        PlannedItem("2070101", basic=0.22),
        PlannedItem("2070104", basic=0.08, project=0.04),
        PlannedItem("2070108", project=0.09),
        PlannedItem("2070109", basic=0.09, project=0.06),
        PlannedItem("2070204", project=0.12),
        PlannedItem("2070205", basic=0.06, project=0.05),
        *STAFF_ITEMS,
    ),
    projects=(
        project_of(
            "文物保护修缮",
            "文物修缮",
            "对县域内重点文物实施保护性修缮，消除安全隐患。",
            "完成年度修缮任务，文物本体险情得到控制。",
            """量 修缮文物点数量 ≥ 11 处
质 修缮工程合格率 = 100 %
时 修缮按期完成率 ≥ 90 %
社 文物开放利用程度 词 逐步扩大 开放利用程度逐步扩大
满 游客满意度 ≥ 90 %""",
        ),
        project_of(
            "公共文化场馆免费开放",
            "场馆免费开放",
            "保障图书馆、文化馆、博物馆免费开放，丰富群众文化生活。",
            "各场馆全年正常开放，文化活动有序开展。",
            """量 年接待读者观众人次 ≥ 185000 人次
量 举办文化活动场次 ≥ 96 场
质 场馆开放达标率 = 100 %
时 活动按期举办率 ≥ 95 %
社 公共文化服务知晓率 ≥ 80 %
满 群众满意度 ≥ 90 %""",
        ),
    ),
    laws=(("中华人民共和国文物保护法", None), ("中华人民共和国公共文化服务保障法", None)),
    evaluation="provincial",
)

DEPARTMENTS: dict[str, Department] = {
    "heritage": HERITAGE,
    "water": WATER,
    "education": EDUCATION,
    "civil": CIVIL,
    "hydrology": HYDROLOGY,
    "health": _HEALTH,
    "culture": _CULTURE,
}

_REGIONS = (
    "安屏省",
    "望川省",
    "沐阳市",
    "青岑市",
    "临岫市",
    "宁泊县",
    "广榆县",
    "东篱区",
    "松原岭县",
    "西澜区",
)
_SCHEMES: tuple[Literal["central", "provincial", "municipal"], ...] = ("central", "provincial", "municipal")
_UNITS: tuple[Literal["万元", "元", "亿元"], ...] = ("万元", "元", "亿元")
_SCALE_OF = {"元": 1_000_000.0, "万元": 100.0, "亿元": 0.4}


def random_department(random: Random) -> Department:
    """A department nobody has heard of: known duties in another region, with other figures."""
    base = DEPARTMENTS[random.choice(sorted(DEPARTMENTS))]
    stem = base.name
    for region in ("国家", "云泽省", "清河市", "澄溪县", "岚州市", "枫屏县"):
        stem = stem.removeprefix(region)
    region = random.choice(_REGIONS)
    name = region + stem
    unit = random.choices(_UNITS, (8, 3, 1))[0]
    items = [item for item in base.items if random.random() < 0.85] or list(base.items)
    if not any(item.basic for item in items):
        items = list(base.items)
    projects = list(base.projects)
    random.shuffle(projects)
    own = tuple(place.replace(base.name, name) for place in base.subordinates)
    return replace(
        base,
        name=name,
        code=f"{random.randrange(100, 900)}",
        unit=unit,
        scale=_SCALE_OF[unit] * random.uniform(4_000, 90_000),
        items=tuple(items),
        projects=tuple(projects[: random.randint(1, len(projects))]),
        subordinates=tuple(
            region + place[3:] if place[:3] in ("云泽省", "清河市", "澄溪县", "岚州市", "枫屏县") else place
            for place in own
        ),
        evaluation=random.choice(_SCHEMES),
    )
