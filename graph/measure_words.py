"""Words that count and measure: multipliers (万, 亿), units and measure words (量词), numbers in words.

What follows a figure in an indicator's value is its unit; a number in words (两次, 百分之九十) counts as a
figure only where number and unit are all the text, since 一, 三 … also begin words of their own (一类, 三级).
"""

from __future__ import annotations

import re
from typing import Final

__all__ = ["FIGURE", "MULTIPLIER", "MULTIPLIERS", "NUMBER", "UNIT", "in_figures", "own_unit"]

NUMBER: Final = r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?"
FIGURE: Final = re.compile(NUMBER)

MULTIPLIERS: Final = {
    "十": 10,
    "百": 100,
    "千": 1000,
    "万": 10**4,
    "百万": 10**6,
    "千万": 10**7,
    "亿": 10**8,
    "万亿": 10**12,
}
MULTIPLIER: Final = r"万亿|千万|百万|亿|万|千(?![瓦米克卡帕伏兆赫])|百(?!分)|十"
"""Not the 千 of 千瓦, 千米, nor the 百 of 百分点."""

_COUNTED_BEINGS = """
人次 人科次 人天 人日 人月 人年 人份 人数 人员 人 户次 户 家次 家 名次 名 位 头 只 株 棵 根 颗 匹
学生 专家
"""
_COUNTED_THINGS = """
个百分点 个工作日 个自然日 个小时 个季度 个月 个 项次 项 件次 件套 件 台次 台套 台件 台 套次 套 批次
批件 批 班次 班级 班 份额 份 篇 部 本 册 幅 张 条次 条 词条 宗 起 处 座 栋 幢 间 支 艘 辆次 辆 架次
架 门次 门 节 例次 例 路 点位 点 站 片 块 卷 盒 瓶 袋 桶 组 层 环 笔 单 字 款 类 种 型 页 帧 针次 针
剂次 剂 床位 床 号 首 版 稿 道 面 口 眼 孔 挂 杆 盏 把 顶 集 品种 标段 事项 案件 主题 专题 栏目 课题
课程 项目 系统 网站 平台 岗位 岗
"""
_COUNTED_EVENTS = "场次 场 次数 次 频次 期次 期 科次 科 团组 团次 团 趟 车次 车 步 轮次 轮 阶段 倍"
_COUNTED_BODIES = "单位 机构 企业 学校 所 村 镇 社区 支队 队 县区 县 市 省 区 街道 乡镇 国家"
_TIME = "分钟 工作日 自然日 小时 季度 年 月 周 天 日 秒 课时 学时 学年 学期 h"
_MONEY = "人民币元 元 美元"
_MEASURES = """
公里 千米 平方千米 平方公里 平方米 立方米 立方 平米 厘米 毫米 米 亩次 亩 公顷 吨标准煤 标准煤 标煤
吨 公斤 千克 克 毫克 升 毫升 千瓦时 千瓦 兆瓦 度 分贝 学分 分 ℃ m2 m3 m² m³ ㎡ km2 km² km mm cm m kg
mg g t ml l db kw kv mw kva kwh mb gb tb pb mbps
"""
_WORDS = " ".join(
    (
        _COUNTED_BEINGS,
        _COUNTED_THINGS,
        _COUNTED_EVENTS,
        _COUNTED_BODIES,
        _TIME,
        _MONEY,
        _MEASURES,
    )
).split()
_WORD = "|".join(sorted(map(re.escape, dict.fromkeys(_WORDS)), key=len, reverse=True))  # 人次 before 人
UNIT: Final = re.compile(
    rf"\(?(?P<unit>%|‰|‱|百分比|百分点|(?:{_WORD})次?(?:\((?:{_WORD})\))?(?:[/·]\d*(?:{_WORD}))*)"
    r"(?![A-Za-z])\)?",
    re.IGNORECASE,
)
"""A unit as it follows a figure: 人次, 元/人/天, 台(套), (%)."""

_SAME_UNITS: Final = {
    "百分比": "%",
    "百分点": "个百分点",
    "人数": "人",
    "次数": "次",
    "频次": "次",
    "人民币元": "元",
    "平米": "平方米",
    "m2": "平方米",
    "m²": "平方米",
    "㎡": "平方米",
    "立方": "立方米",
    "m3": "立方米",
    "m³": "立方米",
    "km": "公里",
    "千米": "公里",
    "平方千米": "平方公里",
    "km2": "平方公里",
    "km²": "平方公里",
    "kg": "千克",
    "公斤": "千克",
}


def own_unit(unit: str | None) -> str | None:
    """One form of a unit: 元 for 人民币元, 平方米 for ㎡, 台套 for 台(套)."""
    if unit is None:
        return None
    return "/".join(_SAME_UNITS.get(part, part) for part in re.sub("[()]", "", unit).split("/"))


_DIGITS: Final = {char: index for index, char in enumerate("零一二三四五六七八九")} | {"两": 2, "〇": 0}
_WEIGHTS: Final = {"十": 10, "百": 100, "千": 1000, "万": 10**4}
_IN_WORDS = r"[零〇一二两三四五六七八九十百千万]+"
_FRACTION = re.compile(rf"([百千万])分之({_IN_WORDS}|{NUMBER})")
_FRACTION_SIGNS: Final = {"百": "%", "千": "‰", "万": "‱"}
_COUNT_IN_WORDS = re.compile(
    rf"(?P<before>\D{{0,6}}?)(?P<count>{_IN_WORDS})(?P<unit>{_WORD})(?P<after>(?:之|以)?内|(?:及|或)?以[上下]|左右)?"
)
_OF_OTHER_WORDS = re.compile("季度|[度类层面道点号科本分区组型路把口环单]")
"""Units that make words of their own with a number in words: 一类, 四季度, 一面, 三区."""


def _number_in_words(text: str) -> int | None:
    """一百二十 → 120; ``None`` for what is no number in words or is said loosely (三百五)."""
    if text == "百":
        return 100  # 百分之百
    total = section = digit = 0
    last, zero = 10**9, False
    for char in text:
        if char in _DIGITS:
            if digit or (last in {100, 1000} and not zero and char != "零" and text.endswith(char)):
                return None
            digit, zero = _DIGITS[char], char in "零〇"
        elif char == "万":
            if section + digit == 0:
                return None
            total, section, digit, last = (section + digit) * 10**4, 0, 0, 10**4
        else:
            weight = _WEIGHTS[char]
            if weight >= last or (digit == 0 and weight != 10):
                return None
            section, digit, last, zero = section + (digit or 1) * weight, 0, weight, False
    return total + section + digit


def in_figures(text: str, is_comparator: re.Pattern[str]) -> str:
    """百分之九十 → 90%; 不少于两次 → 不少于2次; ``text`` itself where words and numbers cannot be told apart.

    Before the number only a comparator may stand, or 每年, 每月 …
    """

    def share(found: re.Match[str]) -> str:
        number = found[2] if found[2][0].isdigit() else _number_in_words(found[2])
        return found[0] if number is None else f"{number}{_FRACTION_SIGNS[found[1]]}"

    text = _FRACTION.sub(share, text)
    found = _COUNT_IN_WORDS.fullmatch(text)
    if found is None or any(char.isdigit() for char in text) or _OF_OTHER_WORDS.fullmatch(found["unit"]):
        return text
    if found["before"] and not is_comparator.fullmatch(found["before"]):
        return text
    number = _number_in_words(found["count"])
    return text if number is None else f"{found['before']}{number}{found['unit']}{found['after'] or ''}"
