"""Targets and actual values of performance indicators (指标值, 完成值) as values one can compute with.

:func:`parse_value` reads one printed value: a comparator, a number with its multiplier (万, 亿), a unit
(百分号, 量词), or a range, or a point in time, or words. What holds figures but is not one plain value
(每年6次，每次2天) is *composite*: its words stay, and no figure is taken out of it.

:func:`achievement_ratio` is the share of a target that was reached. Its rule:

* both are single numbers (the target may be a range) of the same unit, and the words around them are
  the same or say nothing (完成, 达到 …); a comparator before the actual value is the form's own, carried
  over: it must not contradict the target's;
* the more the better (正向: ≥ >; also = or no comparator): actual ÷ target;
* the less the better (反向: ≤ <): target ÷ actual;
* a range: 1 inside it, actual ÷ lower bound below it, upper bound ÷ actual above it;
* a target without ≥ or ≤ whose name speaks of cost, time, complaints, accidents … does not say which
  way is better: 1 where it is met exactly, else no ratio;
* what equals its target reached it (1), 0 too; else no ratio where it would divide by zero;
* no ratio where a number is negative; what is nearly reached is never rounded up to 1.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from decimal import ROUND_HALF_EVEN, Decimal
from typing import Final

from fiscalgraph.graph.measure_words import (
    FIGURE,
    MULTIPLIER,
    MULTIPLIERS,
    NUMBER,
    UNIT,
    in_figures,
    own_unit,
)
from fiscalgraph.graph.target_dates import parse_date

__all__ = ["IndicatorValue", "achievement_ratio", "parse_score", "parse_value"]


@dataclass(frozen=True, slots=True)
class IndicatorValue:
    """One printed value, parsed.

    ``kind`` is ``number``, ``range``, ``date``, ``qualitative`` (定性: words without figures) or
    ``composite``. ``comparator`` is one of ≥ > ≤ < = ≈ or ``None``; of a date, ≤ means by then.
    ``number`` has its multiplier (万) applied; of a range it is the lower bound and ``upper`` the upper.
    ``unit`` is ``%``, a measure word (个, 人次, 元/人 …) or ``None`` where none is printed. ``date`` is
    an XSD ``date``, ``gYearMonth``, ``gYear``, ``gMonthDay`` or ``gMonth``, as exact as what is printed.
    ``context`` holds the words around the number, without those that say nothing.
    """

    kind: str
    comparator: str | None = None
    number: Decimal | None = None
    upper: Decimal | None = None
    unit: str | None = None
    date: str | None = None
    context: str = ""


_FULL_WIDTH: Final = str.maketrans(
    "０１２３４５６７８９．％﹪＝＞＜﹥﹤（）：／～－＋", "0123456789.%%=><><():/~-+"
)
_TRAILING = "。；;，,、.．"

_NOT = r"(?:不|未|没有|不得|不能|不应|不会)"
_SIGNS: Final = (
    (re.compile(rf"≥=?|>=|≧|⩾|大于(?:或|且)?等于|{_NOT}(?:低于|少于|小于)|至少|最低"), "≥"),
    (
        re.compile(rf"≤=?|<=|≦|⩽|(?:小于|低于)(?:或|且)?等于|{_NOT}(?:高于|超过|多于|大于)|控制在|最多|最高"),
        "≤",
    ),
    (re.compile(r">|大于|高于|多于|超过"), ">"),
    (re.compile(r"<|小于|低于|少于"), "<"),
    (re.compile(r"==?|等于"), "="),
    (re.compile(r"≈|(?<![节预合制签])约$"), "≈"),
)
_EVERY = r"每(?:人|个?月|季度?|年|周|天|日|场|次|所|家)"
_BEFORE_WORDS = re.compile("|".join(pattern.pattern for pattern, _ in _SIGNS) + f"|{_EVERY}")
_AFTER: Final = (
    (re.compile(r"(?:及|或)?以上|\+$|起$"), "≥"),
    (re.compile(r"(?:及|或)?以下|(?:之|以)?内"), "≤"),
    (re.compile(r"左右|上下"), "≈"),
)
_INCLUDED = re.compile(r"\(含[^()]*\)|,?含本数")
_UNIT_IN_BRACKETS = re.compile(r"(?<=\d)\(([^()\d]{1,8})\)")
_IDLE = re.compile(
    r"^(?:已|实际|实现|保持|全部|基本|预计|共计|总计|合计|共|总|累计|全年|按时|按期|及时|每个|完成率?|完成值|达到?|达成|"
    r"执行率|为|是|在|的|能够|应|需|须|率|量|数量|数|值|指标值)+$"
)
_LESS_IS_BETTER = re.compile(
    r"成本|费用|支出|经费|造价|单价|时间|时限|时长|周期|期限|天数|用时|投诉|事故|故障|差错|错误|失误|风险|违规|违法|"
    r"损失|损耗|能耗|消耗|排放|污染|浓度|死亡|伤亡|发病|流失|舆情|上访|逾期|延误|债务|负债|"
    r"拖欠|隐患|案件|火灾|灾害|纠纷|质疑|返工|退货|下降|降低|减少|控制"
)
_NO_DIRECTION = re.compile(r"增|减|降|升|提高|较上年|同比|比上年|节约|扩大|缩短|压缩|前|排名|名次|位次")


def _comparator(words: str) -> tuple[str | None, str]:
    """The comparator among the words before a number, and the words without it."""
    for pattern, sign in _SIGNS:
        found = pattern.search(words)
        if found:
            return sign, words[: found.start()] + words[found.end() :]
    return None, words


def _decimal(figures: str, multiplier: str | None) -> Decimal:
    """The number, without zeros that say nothing: 1.5万 and 15000.00 are both 15000."""
    number = (Decimal(figures.replace(",", "")) * MULTIPLIERS.get(multiplier or "", 1)).normalize()
    return number.quantize(Decimal(1)) if number == number.to_integral_value() else number


_TOKEN = re.compile(rf"(?P<figures>{NUMBER})(?P<times>{MULTIPLIER})?")


def _quantity(text: str) -> tuple[Decimal, str | None, str] | None:
    """Number, unit and what follows, of a text that begins with a number; ``None`` if the unit is unclear."""
    token = _TOKEN.match(text)
    if token is None:
        return None
    number = _decimal(token["figures"], token["times"])
    rest = text[token.end() :]
    unit = UNIT.match(rest)
    if unit and unit["unit"].lower() != "h" and unit[0].count("(") == unit[0].count(")"):
        return number, unit["unit"], rest[unit.end() :]
    return number, None, rest


def _range(text: str) -> IndicatorValue | None:
    """90%-95%, 3~5次, ≥90%且≤100%, 90%≤X≤100%."""
    found = re.fullmatch(
        rf"(?:≥|>)?(?P<low>{NUMBER})(?P<times1>{MULTIPLIER})?(?P<unit1>\D{{0,6}}?)"
        rf"(?:-|–|—|~|至|到|--|(?:且|,|，|、|并)?(?:≤|<)?[xX指标值]{{0,3}}(?:≤|<))(?P<high>{NUMBER})(?P<rest>.*)",
        text,
    )
    if found is None:
        return None
    high = _quantity(found["high"] + found["rest"])
    if high is None or high[2]:
        return None
    upper, unit, _ = high
    unit1 = found["unit1"].strip("()")
    if unit in {"月", "日", "年", "号"} and unit1 in {"", unit}:
        return None  # 3-5月, 2023-2025年: points in time
    if unit1 and unit1 != unit:
        return None
    tail = _TOKEN.match(found["high"] + found["rest"])
    times = found["times1"] or (tail["times"] if tail else None)
    lower = _decimal(found["low"], times)
    if lower > upper or (unit is None and not unit1 and re.fullmatch(r"(?:19|20)\d\d", found["low"])):
        return None
    return IndicatorValue("range", None, lower, upper, own_unit(unit))


_CALENDAR = {"年", "季度", "月", "日", "号"}


def _is_span(unit: str, number: Decimal, sign: str | None, after: str) -> bool:
    """Whether 年, 月, 日, 号 after a number count time: 3年, 20日内 do; 2024年, 3月, 10日, 10日前 do not."""
    if after[:1] in {"底", "前", "初", "末", "份"}:
        return False
    return (unit == "年" and number < 1900) or (unit == "日" and sign is not None)


def _number(text: str) -> IndicatorValue | None:
    """[words] [comparator] number unit [以上 …] [words], with one number in it."""
    figures = FIGURE.search(text)
    if figures is None:
        return None
    before = text[: figures.start()]
    negative = before.endswith("-") and (len(before) == 1 or not (before[-2].isalnum() or before[-2] == ")"))
    quantity = _quantity(text[figures.start() :])
    if quantity is None:
        return None
    number, unit, after = quantity
    sign, words = _comparator(before.removesuffix("-") if negative else before)
    if FIGURE.search(after) or _SIGN.search(words + after):
        return None
    if unit is None and not any(pattern.match(after) for pattern, _ in _AFTER):
        short = _AFTER_UNIT.match(after)
        if short:
            unit, after = short["unit"], after[short.end("unit") :]
    for pattern, meaning in _AFTER:
        found = pattern.match(after)
        if found:
            if sign not in (None, meaning, "≈"):
                return None
            sign, after = meaning, after[found.end() :]
            break
    if _NOT_A_COUNT.search(before) or (unit in _CALENDAR and not _is_span(unit, number, sign, after)):
        return None
    if (unit is None and after) or after[:1] in {"、", "/", "+"}:
        return None
    if unit is None and sign is None and re.fullmatch(r"(?:19|20)\d\d", figures[0]):
        return None  # a year, or a count: it does not say
    context = words.strip(":()、,，“”‘’ ") + after.strip(":()、,，“”‘’ ")
    if len(context) > _LONGEST_CONTEXT or re.search(r"[，,；;。、]", context):
        return None
    if _IDLE.match(context):
        context = ""
    return IndicatorValue(
        "number", sign, -number if negative else number, None, own_unit(unit), None, context
    )


_SIGN = re.compile(r"[≥≤<>=±≈]|^[-–—~至]")
_LONGEST_CONTEXT = 16
_NOT_A_COUNT = re.compile(r"第$|No\.?$|[A-Za-z]$|[《〔\[]")
_AFTER_UNIT = re.compile(r"(?P<unit>[\u4e00-\u9fff]{1,2})(?=(?:及|或)?以[上下内]|左右|$)")


_UNIT_OF_NAME = re.compile(rf"\((?P<times>{MULTIPLIER})?(?P<unit>[^()\d]+)\)[.。]?$")


def _with_unit_of_name(value: IndicatorValue, name: str) -> IndicatorValue:
    """A number without a unit takes the one its indicator's name ends with: 节约率（%）, 成本（万元/家）."""
    found = _UNIT_OF_NAME.search(re.sub(r"\s+", "", name).translate(_FULL_WIDTH))
    if value.unit is not None or value.number is None or found is None:
        return value
    unit = UNIT.fullmatch(found["unit"])
    if unit is None:
        return value
    number, upper = (
        None if figure is None else _decimal(format(figure, "f"), found["times"])
        for figure in (value.number, value.upper)
    )
    return replace(value, number=number, upper=upper, unit=own_unit(unit["unit"]))


def parse_value(printed: str | None, name: str = "") -> IndicatorValue | None:
    """What a printed target or actual value says; ``None`` where nothing is printed.

    ``name`` is the indicator's: it may end with the unit of a bare number.
    """
    text = re.sub(r"\s+", "", printed or "").translate(_FULL_WIDTH).strip(_TRAILING)
    if not re.search(r"\w", text):
        return None
    text = re.sub(r"(?<=\d)，(?=\d{3}(?!\d))", ",", text)
    day = parse_date(text)
    if day is not None:
        return IndicatorValue("date", day[1], date=day[0])
    plain = in_figures(_UNIT_IN_BRACKETS.sub(r"\1", _INCLUDED.sub("", text)), _BEFORE_WORDS)
    if not any(char.isdigit() for char in plain):
        return IndicatorValue("qualitative")
    value = _range(plain) or _number(plain)
    return IndicatorValue("composite") if value is None else _with_unit_of_name(value, name)


def parse_score(printed: str | None) -> Decimal | None:
    """A printed weight or score (分值, 得分) as a number: ``10``, ``10分``, ``9.80``; else ``None``."""
    text = re.sub(r"\s+", "", printed or "").translate(_FULL_WIDTH)
    found = re.fullmatch(r"\(?(\d+(?:\.\d+)?)分?\)?", text)
    return Decimal(found[1]) if found else None


_HIGHER = {"≥", ">"}
_LOWER = {"≤", "<"}
_PLACES = Decimal("0.0001")
_REACHED = Decimal("1.0000")


def _comparable(target: IndicatorValue, actual: IndicatorValue) -> bool:
    signs = {target.comparator, actual.comparator}
    if signs & _HIGHER and signs & _LOWER:
        return False
    return target.unit == actual.unit and target.context == actual.context


def achievement_ratio(
    target: IndicatorValue | None, actual: IndicatorValue | None, about: str = ""
) -> Decimal | None:
    """The share of the target that was reached (1 = reached), four decimals; the rule is the module's.

    ``about`` is the indicator's name with its levels. ``None`` where the rule gives no ratio.
    """
    if target is None or actual is None or actual.kind != "number" or target.kind not in {"number", "range"}:
        return None
    goal, done = target.number, actual.number
    if goal is None or done is None or goal < 0 or done < 0 or not _comparable(target, actual):
        return None
    if target.kind == "range":
        upper = goal if target.upper is None else target.upper
        share = (done, goal) if done < goal else (upper, done) if done > upper else (goal, goal)
    elif target.comparator in _LOWER:
        share = (goal, done)
    elif target.comparator in _HIGHER or done == goal:
        share = (done, goal)
    elif _LESS_IS_BETTER.search(about) or _NO_DIRECTION.search(target.context):
        return None
    else:
        share = (done, goal)
    if share[0] == share[1]:
        return _REACHED
    if share[1] == 0:
        return None
    ratio = (share[0] / share[1]).quantize(_PLACES, ROUND_HALF_EVEN)
    return _REACHED - _PLACES if share[0] < share[1] and ratio >= 1 else ratio
