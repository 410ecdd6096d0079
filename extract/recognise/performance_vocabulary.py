"""The words of performance forms (绩效目标表, 绩效自评表): labels, column headers, level names.

A form is read by what its labels say, not by where they stand. All variants live
here, so that a new template is a new word, not a new branch.
"""

from __future__ import annotations

import re
from enum import StrEnum

from fiscalgraph.extract.normalise import compact

__all__ = [
    "FundColumn",
    "IndicatorColumn",
    "Label",
    "ListColumn",
    "execution_weight",
    "fold",
    "fund_column",
    "fund_source",
    "indicator_column",
    "is_group_label",
    "is_level1",
    "is_level2",
    "is_nothing",
    "is_total_fund",
    "label_of",
    "leading_levels",
    "level_points",
    "list_column",
    "money_unit",
    "title_of",
    "value_text",
]


class Label(StrEnum):
    """What the label cell of a form announces."""

    PROJECT = "project"  # 项目名称
    BODY = "body"  # 部门(单位)名称: a form about a whole department
    DEPARTMENT = "department"  # 主管部门
    UNIT = "unit"  # 实施单位
    FUNDS = "funds"  # 项目资金, 预算执行情况
    GOAL = "goal"  # 年度总体目标
    TOTAL = "total"  # 总分
    GRADE = "grade"  # 评价等级
    CONCLUSION = "conclusion"  # 自评结论
    PROBLEM = "problem"  # 存在问题及原因
    SHORTFALL = "shortfall"  # 偏差大或目标未完成原因分析
    MEASURE = "measure"  # 改进措施
    OTHER = "other"  # a known label whose value no record holds


class FundColumn(StrEnum):
    """What a column of the fund block (项目资金) holds."""

    SOURCE = "source"
    INITIAL = "budget_initial"  # 年初预算数
    FULL = "budget_full"  # 全年预算数
    PLAIN = "budget"  # 预算数, without saying which
    EXECUTED = "executed"
    WEIGHT = "weight"
    RATE = "rate"
    SCORE = "score"
    IGNORED = "ignored"


class IndicatorColumn(StrEnum):
    """What a column of the indicator block (绩效指标) holds."""

    GROUP = "group"
    LEVEL1 = "level1"
    LEVEL2 = "level2"
    LEVEL3 = "level3"
    TARGET = "target"
    CYCLE_TARGET = "cycle_target"  # 实施周期指标值, beside the year's
    ACTUAL = "actual"
    WEIGHT = "weight"
    SCORE = "score"
    REASON = "reason"
    OPERATOR = "operator"  # 指标性质: ≥, =, 定性
    MEASURE_UNIT = "measure_unit"  # 计量单位
    REMARK = "remark"  # 备注
    IGNORED = "ignored"


class ListColumn(StrEnum):
    """What a column of a list of projects (one project a row) holds."""

    CODE = "code"
    BODY = "body"
    PROJECT = "project"
    TOTAL = "total"
    FUND = "fund"
    GOAL = "goal"
    INDICATORS = "indicators"  # all indicators of the project in one cell
    SCORE = "score"  # 自评得分


_WIDE = str.maketrans("（）：，；％＝＜＞／［］【】〔〕﹙﹚", "():,;%=<>/[][][]()")
_LATIN_GAP = re.compile(r"(?<=[A-Za-z])[ \t]+(?=[A-Za-z])")
_KEPT_GAP = "\u2060"  # word joiner: no white space, and gone from every text that was normalised


def value_text(text: str) -> str:
    """A cell's text as records hold it: no blanks but those between two Latin words."""
    return compact(_LATIN_GAP.sub(_KEPT_GAP, text)).replace(_KEPT_GAP, " ")


def fold(text: str) -> str:
    """A label's text for comparison: no blanks, half-width brackets and colons."""
    return compact(text).translate(_WIDE)


_POINTS = r"(?:\((?:共|满分|权重|分值)?:?\d+(?:\.\d+)?(?:分|%)?\)|\d+(?:\.\d+)?分)"
_BRACKETS = re.compile(r"\([^()]*\)")
_CIRCLED = re.compile(r"[①-⑳].*$")
_NOTHING = {"", "-", "--", "---", "—", "——", "－", "－－", "/", "\\", "一", "无数据"}


def is_nothing(text: str) -> bool:
    """Whether a cell prints nothing: empty, a dash, a slash."""
    return fold(text) in _NOTHING


_LABELS: tuple[tuple[Label, str], ...] = (
    (
        Label.PROJECT,
        r"(?:一级|二级|三级|财政|部门|预算|支出|具体)*(?:项目(?:支出)?|专项(?:资金|项目|债券项目)?|转移支付(?:项目)?"
        r"|政策|资金|项目(?:\(政策\)|/政策|政策)|专项(?:\(项目\)))(?:名称|名)",
    ),
    (
        Label.BODY,
        r"(?:预算|填报|评价|被评价|自评)?(?:部门|单位|部门\(单位\)|单位\(部门\)|部门单位|部门/单位|一级预算单位)(?:名称|全称)",
    ),
    (
        Label.DEPARTMENT,
        r"(?:项目|业务|预算|归口|资金|中央|省级|市级|县级|区级|地方|一级)*主管(?:预算)?(?:部门|单位)(?:名称)?(?:及|和|/|、)?(?:预算)?(?:部门)?(?:代码|编码)?",
    ),
    (
        Label.UNIT,
        r"(?:项目|资金|预算|具体)*(?:实施|执行|承担|使用|申报|申请|预算)(?:单位|部门|主体)(?:名称)?(?:及|和|/)?(?:代码|编码)?",
    ),
    (
        Label.FUNDS,
        r"(?:年度|项目|专项|财政|本年|部门|当年|全年|单位|总体|整体)*(?:资金|预算|收支)(?:总)?(?:情况|金额|总体情况|整体情况|安排|投入|来源|构成|安排和使用情况|安排及使用情况|使用情况|执行情况|支出情况|额度|需求|申请|收支情况)?"
        r"|(?:基本|项目)支出总额",
    ),
    (
        Label.GOAL,
        r"(?:(?:年度|项目|部门|当年|本年|整体|实施期|中长期|全年|绩效|总体|总|预期|期初|年初|实施周期|\d{4}年)*目标(?:概述|设定|及任务)?"
        r"|预期(?:总)?目标|(?:目标)?(?:实际|总体|全年)?完成情况|目标实际完成情况|(?:年度|总体|绩效)目标(?:实际)?完成情况|项目(?:概况|概述|简介|总目标|主要内容|内容|描述)"
        r"|实施期总目标|年度(?:主要|重点)(?:工作)?任务|(?:部门)?职能(?:简述|概述|职责)?|主要职责|年度主要任务|年度重点工作任务"
        r"|其他需完成的任务|立项(?:依据|必要性)|项目设立(?:依据|背景)?|项目立项情况|实施(?:方案|可行性|内容|计划))(?:\(.*\))?",
    ),
    (
        Label.TOTAL,
        r"(?:自评|评价|绩效|综合|绩效自评|合计|最终)*(?:总分|总得分|总分值|合计得分|得分合计|分值合计|综合得分|评价得分|总分值、评价总分|总评分)(?:\(.*\))?(?:合计)?",
    ),
    (Label.GRADE, r"(?:自评|评价|绩效|评定)*(?:等级|级别|结果等级|结果)"),
    (Label.CONCLUSION, r"(?:自评|评价|绩效|综合|总体|绩效自评|自我评价)*(?:结论|总体结论|评语|总体评价)"),
    (
        Label.SHORTFALL,
        r"(?:主要|项目)?偏差(?:较?大)?(?:及|和|与|或|、)?(?:目标|指标)?(?:未完成)?(?:的|其)?(?:主要)?原因(?:分析)?(?:说明)?",
    ),
    (
        Label.PROBLEM,
        r"(?:主要|项目)?(?:存在|发现)?(?:的)?(?:主要)?(?:问题|不足|偏差)(?:及|和|与|、)?(?:其)?(?:主要)?(?:原因)?(?:分析)?",
    ),
    (
        Label.MEASURE,
        r"(?:下一步|下步|有关|整改|相关|后续|拟采取的?)*(?:工作)?(?:改进|整改|完善)(?:工作)?(?:的)?(?:措施|建议|意见|方案|打算|计划)?"
        r"(?:及|和|与|、)?(?:结果应用(?:方案|情况)?|建议|意见|结果应用建议)?",
    ),
    (
        Label.OTHER,
        r"项目(?:类别|性质|属性|类型|代码|编码|编号|负责人|期限|周期|起止时间|起止年限|等级|分类|级次|地点|联系人|总投资|开始时间|结束时间|实施期|状态|来源)"
        r"|实施期限?|(?:计划)?(?:开始|完成|结束|起始|开工|竣工)(?:日期|时间)|联系(?:人|电话)|填报(?:人|日期|时间|单位|部门)|部门预算编码|预算编码|部门(?:代码|编码)"
        r"|单位(?:代码|编码)|单位负责人|备注|说明|注|任务名称|主要内容|预算级次|支出方向|资金用途|资金管理办法|资金分配办法|保障措施|存续期限?|预算年度|年度"
        r"|支出类型|预算执行率权重|是否.*|其他说明.*|其他需说明的问题|审核意见|财政部门意见|分管领导|制表人|电话",
    ),
)
_LABEL_PATTERNS = tuple((label, re.compile(pattern)) for label, pattern in _LABELS)
_UNIT_NOTE = r"\((?:单位:)?(?:亿元|百万元|千元|万元|元)\)"
_LABEL_NOTES = re.compile(rf"{_UNIT_NOTE}|{_POINTS}|\d[\d,]*\.\d+|\((?:如有|可选填|盖章|必填|公章)\)")


def label_of(text: str) -> Label | None:
    """The label a cell prints, or ``None`` when its text is a value."""
    key = _LABEL_NOTES.sub("", fold(text)).strip(":*. ")
    if not 1 < len(key) <= 24:
        return None
    for label, pattern in _LABEL_PATTERNS:
        if pattern.fullmatch(key):
            return label
    return None


_FUND_COLUMNS: tuple[tuple[FundColumn, str], ...] = (
    (FundColumn.SOURCE, r"(?:资金)?来源|资金性质|资金类型"),
    (FundColumn.INITIAL, r"年初.*(?:预算|安排|批复).*|年初数|期初预算.*|(?:年初)?批复预算.*|年度资金申请.*"),
    (
        FundColumn.FULL,
        r"全年预算.*|调整后?(?:的)?(?:全年|年度)?预算.*|.*调整后.*|预算数\(A\)|小计|(?:实际)?到位.*|年末预算.*",
    ),
    (
        FundColumn.EXECUTED,
        r"(?:全年|实际|年度|累计|预算|本年)*(?:执行|支出|使用|拨付|支付)(?:数|金额|资金|额|情况)?|决算数|执行数\(B\)",
    ),
    (FundColumn.RATE, r"(?:预算|资金|全年)*(?:执行|支出|使用|完成|支出实现|预算完成)率"),
    (FundColumn.WEIGHT, r"分值(?:权重)?|权重|标准分|满分|权重分值"),
    (FundColumn.SCORE, r"(?:自评|实际|评价)?得分(?:值)?"),
    (FundColumn.PLAIN, r"(?:当年|本年|年度|部门)?预算(?:数|金额|安排|安排数|资金|额)"),
    (FundColumn.IGNORED, r"年中调整.*|.*结余.*|预算安排|拨付情况|结余情况|年初结转.*"),
)
_FUND_PATTERNS = tuple((column, re.compile(pattern)) for column, pattern in _FUND_COLUMNS)


def fund_column(text: str) -> FundColumn | None:
    """What a header cell of the fund block says its column holds."""
    key = fold(text)
    bare = _CIRCLED.sub("", _BRACKETS.sub("", key)).strip(":")
    for column, pattern in _FUND_PATTERNS:
        if pattern.fullmatch(key) or pattern.fullmatch(bare):
            return column
    return None


_INDICATOR_COLUMNS: tuple[tuple[IndicatorColumn, str], ...] = (
    (IndicatorColumn.LEVEL1, r"一级指标|一级指标名称|指标类型|指标类别"),
    (IndicatorColumn.LEVEL2, r"二级指标|二级指标名称"),
    (
        IndicatorColumn.LEVEL3,
        r"三级指标|三级指标名称|指标内容|指标名称|具体指标|三级指标内容|绩效指标名称|四级指标",
    ),
    (IndicatorColumn.CYCLE_TARGET, r"(?:实施周期|实施期|中长期|中期|周期)(?:绩效)?(?:指标|目标)值?"),
    (
        IndicatorColumn.ACTUAL,
        r"(?:全年|年度|本年|自评)?(?:实际)?(?:指标)?完成(?:指标)?(?:值|情况|值情况)|(?:全年|年度)?实际(?:值|指标值|完成值|完成情况|完成数|完成|达成值)|完成值|实际完成指标值",
    ),
    (
        IndicatorColumn.TARGET,
        r"(?:年度|年初|预期|计划|本年|当年|全年|本年度|设定|\d{4}年度?|三级|绩效)*(?:/项目)?(?:绩效)?(?:目标|指标|预期|计划|标准)(?:目标|指标|设定)?值|目标值|指标值"
        r"|(?:年度|年初)(?:绩效)?目标|年度计划|预期当年实现值|绩效目标值|预期指标",
    ),
    (
        IndicatorColumn.WEIGHT,
        r"(?:指标|三级指标|绩效)?(?:分值|权重|标准分|满分|分值权重|权重分值|权重分|标准分值|赋分|设定分值)",
    ),
    (IndicatorColumn.SCORE, r"(?:自评|评价|指标|实际|单位自评|部门自评|复核)*(?:得分|评分|自评分|得分值)"),
    (
        IndicatorColumn.REASON,
        r".*(?:原因|偏差|改进措施|扣分|未完成).*",
    ),
    (
        IndicatorColumn.OPERATOR,
        r"(?:绩效)?指标(?:值)?(?:性质|类型|方向|符号)|运算符号|计算符号|指标值类型|绩效指标性质|符号",
    ),
    (IndicatorColumn.MEASURE_UNIT, r"(?:绩效)?(?:指标)?(?:计量|度量)单位|指标单位"),
    (
        IndicatorColumn.IGNORED,
        r"指标(?:值)?(?:内容|解释|说明|含义)|评\(?扣?\)?分标准|评分(?:标准|细则|规则|办法|依据)|是否核心.*|得分率|完成率|数据来源|指标值内容|指标出处|取值依据|上年.*值|历史.*|去年.*|达成率",
    ),
    (IndicatorColumn.REMARK, r"备注|说明"),
    (IndicatorColumn.GROUP, r"(?:年度|项目|部门|整体)*绩效(?:目标)?(?:指标)?|指标"),
)
_INDICATOR_PATTERNS = tuple((column, re.compile(pattern)) for column, pattern in _INDICATOR_COLUMNS)


def indicator_column(text: str) -> IndicatorColumn | None:
    """What a header cell of the indicator block says its column holds."""
    key = fold(text)
    if not key or len(key) > 24:
        return None
    bare = _LABEL_NOTES.sub("", key)
    bare = re.sub(r"\((?:[A-Za-z]|\d+|/项目|%|\d+分|分值|如有)\)", "", bare).strip(":*")
    for column, pattern in _INDICATOR_PATTERNS:
        if pattern.fullmatch(key) or pattern.fullmatch(bare):
            return column
    return None


_RANK = r"(?:一级|二级|三级|基层|预算|主管|实施|部门)*"
_LIST_COLUMNS: tuple[tuple[ListColumn, str], ...] = (
    (ListColumn.CODE, r"(?:单位|部门|项目|预算单位)(?:编码|代码)|序号"),
    (
        ListColumn.PROJECT,
        rf"{_RANK}项目(?:支出)?名称(?:\(.*\))?|支出项目类别(?:\(.*\))?|单位\(项目\)名称"
        r"|(?:专项|政策)(?:资金)?名称|项目",
    ),
    (ListColumn.BODY, rf"{_RANK}(?:单位|部门)(?:名称)?|单位\(部门\)名称"),
    (
        ListColumn.TOTAL,
        r"总计|合计|(?:预算)?支出总额|(?:年度|项目)*资金总额|项目(?:资金)?总额|(?:当年|年度|申报|预算|财政拨款|安排)*(?:预算)?(?:金额|资金总额|总额)|(?:年度|当年)?预算(?:数|资金)",
    ),
    (
        ListColumn.FUND,
        r"(?:其中:)?(?:财政(?:拨款|资金)|财政专户(?:拨款|资金|管理资金)|其他(?:资金|收入)|一般公共预算.*|政府性基金.*|国有资本.*|单位资金|上年结转.*|自有资金|基本支出|项目支出)",
    ),
    (ListColumn.INDICATORS, r"(?:年度|项目)?绩效指标"),
    (ListColumn.GOAL, r"(?:年度|当年|项目|总体|整体|部门|预期)*(?:绩效)?目标"),
    (ListColumn.SCORE, r"(?:绩效|单位|项目)*(?:自评|评价)?(?:得分|分数|评分)|自评(?:总分|结果得分)"),
)
_LIST_PATTERNS = tuple((column, re.compile(pattern)) for column, pattern in _LIST_COLUMNS)


def list_column(text: str) -> ListColumn | None:
    """What a header cell of a list of projects says its column holds."""
    key = re.sub(_UNIT_NOTE, "", fold(text))
    for column, pattern in _LIST_PATTERNS:
        if pattern.fullmatch(key):
            return column
    return None


# 一级指标 and 二级指标 as the Ministry of Finance's templates and the provinces' variants name them.
_LEVEL1_ONLY = (
    r"产出|效益|投入|过程|决策|管理|效果|影响力|履职效能|履职效果|履职完成|运行成本|管理效率|社会效应"
    r"|可持续发展能力|一般性支出情况|投入管理|部门管理|预算管理|资金管理|项目管理|产出和效益|部门履职"
    r"|整体效能|专项效能|部门决策|部门绩效|效益实现"
)
_LEVEL2_ONLY = (
    r"数量|产出数量|质量|产出质量|时效|产出时效|产出成本|经济成本|社会成本|生态环境成本|环境成本"
    r"|生态成本|经济效益|社会效益|生态效益|环境效益|生态环境效益|可持续影响|可持续发展|可持续性影响"
    r"|服务对象满意度|服务对象|社会公众满意度|公众满意度|受益对象满意度|受益群体满意度|群众满意度"
    r"|社会公众或服务对象满意度|服务对象\(公众\)满意度|生态环境成本节约|社会公众及服务对象满意度"
    r"|帮扶对象满意度|受助对象满意度"
)
_LEVEL_EITHER = r"成本|满意度|社会满意度|预算执行率|预算执行|政策效益|可持续影响力"
_NUMBERED = r"(?:[一二三四五六七八九]、|\d{1,2}[.、-])?"
_LEVEL1 = re.compile(rf"{_NUMBERED}(?:{_LEVEL1_ONLY}|{_LEVEL_EITHER})(?:类)?(?:指标)?{_POINTS}?")
_LEVEL2 = re.compile(rf"{_NUMBERED}(?:{_LEVEL2_ONLY}|{_LEVEL_EITHER})(?:类)?(?:指标)?{_POINTS}?")


def is_level1(text: str) -> bool:
    """Whether a cell names a first-level indicator (一级指标), with or without its points."""
    return _LEVEL1.fullmatch(fold(text)) is not None


def is_level2(text: str) -> bool:
    """Whether a cell names a second-level indicator (二级指标)."""
    return _LEVEL2.fullmatch(fold(text)) is not None


_LEADING_LEVELS = re.compile(
    rf"((?:{_LEVEL1_ONLY}|{_LEVEL_EITHER})指标)[-/]?((?:{_LEVEL2_ONLY}|{_LEVEL_EITHER})指标)[-/:：]?(.+)"
)


def leading_levels(text: str) -> tuple[str, str, str] | None:
    """Levels and name of an indicator written in one cell: 产出指标数量指标培训场次."""
    found = _LEADING_LEVELS.fullmatch(text)
    return (found.group(1), found.group(2), found.group(3)) if found else None


def level_points(text: str) -> str | None:
    """The points printed in a level cell: "50" of 产出指标(50分)."""
    found = re.search(r"(\d+(?:\.\d+)?)分?\)?$", fold(text))
    return found.group(1) if found and re.search(_POINTS + "$", fold(text)) else None


def is_group_label(text: str) -> bool:
    """Whether a cell is (a piece of) the label beside the indicator block (绩/效/指/标)."""
    key = re.sub(_POINTS, "", fold(text))
    return (
        0 < len(key) <= 8 and set(key) <= set("年度绩效目标指项") and key not in {"项目", "目标", "年度目标"}
    )


_TOTAL_FUND = re.compile(
    r"(?:年度|全年|本年|当年|实施期|项目|财政|专项|预算|部门|单位|整体|中央|申请|补助)*(?:资金|预算|支出)?(?:申请|预算)?(?:总额|总计|合计|总量)(?:数|金额)?|当年预算|总计|合计"
)


def is_total_fund(source: str) -> bool:
    """Whether a fund row is the sum of the others (年度资金总额)."""
    key = _BRACKETS.sub("", fold(source))
    return _TOTAL_FUND.fullmatch(key) is not None and not re.search("(?:基本|项目)支出", key)


_FUND_LEAD = re.compile(r"^(?:[-—－_·.]+|其中[:：]?|[①-⑳]|\(?[一二三四1-9]\)?[、.])+")


def fund_source(text: str) -> str:
    """A fund row's name as records hold it: without 其中, dashes, enumerators and colons."""
    name = value_text(text)
    while (shorter := _FUND_LEAD.sub("", name)) != name:
        name = shorter
    return name.rstrip(":：")


_EXECUTION_WEIGHT = re.compile(r"(?:预算)?执行率?分值(?:权重)?\(?(\d+(?:\.\d+)?)分?\)?")
_BLOCK_POINTS = re.compile(r"\((\d+(?:\.\d+)?)分\)")


def execution_weight(text: str) -> str | None:
    """The weight printed for budget execution: "10" of 执行率分值(10) or 预算执行情况(10分)."""
    key = fold(text)
    found = _EXECUTION_WEIGHT.fullmatch(key)
    if found is None and label_of(text) is Label.FUNDS:
        found = _BLOCK_POINTS.search(key)
    return found.group(1) if found else None


_MONEY_UNIT = re.compile(r"(?:单位:?|金额:?|\()(?:人民币)?(亿元|百万元|千元|万元|元)")
_CAPTION_UNIT = re.compile(r"单位:?(?:人民币)?(亿元|百万元|千元|万元|元)")
_UNIT_ALONE = re.compile(r"\(?(?:人民币)?(亿元|百万元|千元|万元|元)\)?")


def money_unit(text: str, *, caption: bool = False) -> str | None:
    """The unit of money a label (项目资金（万元）) or a caption (单位：万元, or 万元 alone) prints."""
    key = fold(text)
    in_caption = _CAPTION_UNIT.search(key) or _UNIT_ALONE.fullmatch(key)
    found = in_caption if caption else _MONEY_UNIT.search(key)
    return found.group(1) if found else None


_TITLE = re.compile(
    r"(?:附?表\d*[-:：.\d]*|附件\d*:?|\d+[.、])?(?:\d{4}年?度?)?(.*?)(?:项目)?(?:支出)?(?:年度)?绩效(?:目标|自评|指标|评价)*(?:申报|填报|设定|批复|公开)?(?:自评)?(?:情况)?表(?:\(.*\))?"
)


def title_of(text: str) -> str | None:
    """The name in a form's title: 某某 of 某某项目绩效目标表, "" of a bare title, ``None`` if no title."""
    found = _TITLE.fullmatch(fold(text))
    return found.group(1) if found and len(fold(text)) <= 60 else None
