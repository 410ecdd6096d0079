"""Material that the fictitious departments share: common laws, staff items, how projects are noted."""

from __future__ import annotations

from fiscalgraph.samples.model import IndicatorTarget, PlannedItem, ProjectTarget

__all__ = ["LAWS", "STAFF_ITEMS", "project_of"]

LAWS: tuple[tuple[str, str | None], ...] = (
    ("中华人民共和国预算法", None),
    ("项目支出绩效评价管理办法", "财预〔2020〕10号"),
    ("中共中央国务院关于全面实施预算绩效管理的意见", "中发〔2018〕34号"),
    ("住房公积金管理条例", None),
    ("国务院关于进一步深化城镇住房制度改革加快住房建设的通知", "国发〔1998〕23号"),
)

_LEVELS = {
    "量": ("产出指标", "数量指标"),
    "质": ("产出指标", "质量指标"),
    "时": ("产出指标", "时效指标"),
    "本": ("产出指标", "成本指标"),
    "社": ("效益指标", "社会效益指标"),
    "经": ("效益指标", "经济效益指标"),
    "生": ("效益指标", "生态效益指标"),
    "续": ("效益指标", "可持续影响指标"),
    "满": ("满意度指标", "服务对象满意度指标"),
}


def project_of(name: str, work: str, goal: str, achieved: str, indicators: str) -> ProjectTarget:
    """``indicators``: one a line, ``level name sign target measure`` or ``level name = words = met``."""
    parsed = []
    for line in indicators.strip().splitlines():
        mark, level3, *rest = line.split()
        level1, level2 = _LEVELS[mark]
        if rest[0] == "词":
            parsed.append(IndicatorTarget(level1, level2, level3, "", rest[1], fulfilled=rest[2]))
        else:
            parsed.append(IndicatorTarget(level1, level2, level3, rest[0], rest[1], rest[2]))
    return ProjectTarget(name, work, goal, achieved, tuple(parsed))


STAFF_ITEMS = (
    PlannedItem("2050803", project=0.012),
    PlannedItem("2080501", basic=0.035),
    PlannedItem("2080505", basic=0.05),
    PlannedItem("2080506", basic=0.025),
    PlannedItem("2101101", basic=0.03),
    PlannedItem("2210201", basic=0.045),
)
