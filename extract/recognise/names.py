"""What the name of a public body looks like."""

from __future__ import annotations

import re
from collections import Counter

__all__ = ["ORGANISATION", "is_abbreviation", "is_fragment", "is_relative", "public_body", "reporting_unit"]

ORGANISATION = re.compile(
    r"(?:局|处|科|司|厅|中心|院|所|队|站|办|委|会|校|馆|部|组|社|团|园|本级|机关|公司|场|库|台|署|大学|中学|小学|学院|基地|股|室"
    r"|监狱|集团|课|支行|法庭|本级行政|本级事业|指挥部)$"
)
"""The last word of a public body's or a division's name."""

_ADDITION = re.compile(
    r"[（(](?:本级|汇总|机关|部门|单位|盖章|公章|公开|部门汇总|本部|全口径|含下属单位|(?:以下)?简称[^（()）]*)[）)]"
)
_GENERIC = re.compile(
    r"^(?:[一二三四五六七八九十]{1,3}、.*|本?部门|本?单位|本?学校|本?局|我[局厅部委办]|[局厅部委办]?(?:本级|机关|本部)|主管部门|所属|各部门|部门(?:及|和)?所属单位|项目单位|实施单位"
    r"|预算主管部门|基层预算单位|一级预算单位|预算单位|[一-龥]{1,3}[省市区县])$"
)
_ENUMERATOR = re.compile("^[（(][一二三四五六七八九十\\d]{1,3}[）)]")
_ABOUT = re.compile("^关于(?:公开|公布)?|关于$")  # 关于某某局…的说明, 某某局关于…
_WORDS = re.compile(
    "[，。；：:;《》]|公开|(?:部门|单位)(?:预算|决算)|说明|情况|管理的|规定|收支|以及|负责|万元"
    "|原因|由于|按照|根据|局属|下属|所属|^(?:主要|完成|通过|开展|推进|包括|其中|加强|落实|按|由|为|与|对(?!外))"
    "|(?:部署|动员|会审|座谈|培训|推进|发布|博览|交易|研讨|报告|评审|展览|推介|启动|总结)会$"
)
# A budget code in front of a name; 12345 and 120 may be part of one.
_CODE = re.compile(r"^(?:\d{6,}|\d{3,5}(?=[一-龥]{2,4}[省市区县州盟旗]))(?=[一-龥]{3})")
_NUMBERED = re.compile(r"^[（(\[【]?\d{3,}[）)\]】]?[-－—_]?(?=[一-龥])")
_STAMP = re.compile(r"[（(](?:盖章|公章|签章|公开|部门|单位)[）)]")
_RELATIVE = re.compile("[省市区县州盟旗](?!场|政建|域)")
_BEFORE_A_NAME = frozenset("由对经向为是和与及在的从按将以至给受于")


def public_body(text: str) -> str | None:
    """``text`` as the name of a publishing body, without （本级） and （汇总）; ``None`` if it is none.

    >>> public_body("清河市教育局（本级）")
    '清河市教育局'
    >>> public_body("本部门") is None
    True
    """
    name = _ABOUT.sub("", _ADDITION.sub("", text).strip('“”【】"* 　:：_—-'))
    name = _ABOUT.sub("", _CODE.sub("", _ENUMERATOR.sub("", name)))
    if len(name) % 2 == 0 and name[: len(name) // 2] == name[len(name) // 2 :]:
        name = name[: len(name) // 2]  # two cells of one row
    for word in ("部门", "单位"):
        shorter = name.removesuffix(word)
        if shorter != name and ORGANISATION.search(shorter):
            name = shorter
    core = re.sub(r"(?:[（(][^（()）]*[）)])+$", "", name)
    if not 3 <= len(core) <= 45 or _GENERIC.match(core) or _WORDS.search(core) or re.match(r"[\d（(]", core):
        return None
    return name if ORGANISATION.search(core) and re.fullmatch(r"[一-龥A-Za-z（）()、·“”\d]+", name) else None


def reporting_unit(printed: str | None) -> str:
    """The unit that a table's caption names, with its （本级） or （汇总）; empty if it names no public body.

    >>> reporting_unit("清河市教育局（本级）（公章）")
    '清河市教育局（本级）'
    >>> reporting_unit("201001-清河市教育局")
    '清河市教育局'
    """
    name = _NUMBERED.sub("", _STAMP.sub("", printed or "")).strip('“”【】"* 　:：_—-')
    return name if public_body(name) is not None else ""


def is_abbreviation(name: str, full: str) -> bool:
    """Whether ``name`` may be short for ``full``: 市应急局, 清河市应急局 for 清河市应急管理局.

    A body within another one (清河市公安局, 清河市公安局交通管理局) is none of its abbreviations.
    """
    if len(name) >= len(full) or (name in full and not full.endswith(name)):
        return False
    letters = iter(full)
    return all(letter in letters for letter in name)


def is_relative(name: str) -> bool:
    """Whether ``name`` leaves open of which place the body is: 市应急局, 区财政局."""
    return _RELATIVE.match(name) is not None


def is_fragment(name: str, text: str) -> bool:
    """Whether ``name`` is mostly the end of one and the same longer word in ``text``: 革委员会."""
    before = Counter(text[found.start() - 1 : found.start()] for found in re.finditer(re.escape(name), text))
    letter, count = max(before.items(), key=lambda item: item[1], default=("", 0))
    return (
        count * 2 > before.total()
        and re.fullmatch("[一-龥]", letter) is not None
        and letter not in _BEFORE_A_NAME
    )
