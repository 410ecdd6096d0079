"""What the name of a public body looks like."""

from __future__ import annotations

import re

__all__ = ["ORGANISATION", "public_body"]

ORGANISATION = re.compile(
    r"(?:局|处|科|司|厅|中心|院|所|队|站|办|委|会|校|馆|部|组|社|团|园|本级|机关|公司|场|库|台|署|大学|中学|小学|学院|基地|股|室"
    r"|监狱|集团|课|支行|法庭|本级行政|本级事业|指挥部)$"
)
"""The last word of a public body's or a division's name."""

_ADDITION = re.compile(
    r"[（(](?:本级|汇总|机关|部门|单位|盖章|公章|公开|部门汇总|本部|全口径|含下属单位)[）)]"
)
_GENERIC = re.compile(
    r"^(?:[一二三四五六七八九十]{1,3}、.*|本?部门|本?单位|本?学校|本?局|我[局厅部委办]|[局厅部委办]?(?:本级|机关|本部)|主管部门|所属|各部门|部门(?:及|和)?所属单位|项目单位|实施单位"
    r"|预算主管部门|基层预算单位|一级预算单位|预算单位|[一-龥]{1,3}[省市区县])$"
)
_ABOUT = re.compile("^关于(?:公开|公布)?|关于$")  # 关于某某局…的说明, 某某局关于…
_WORDS = re.compile(
    "[，。；：:;《》]|公开|(?:部门|单位)(?:预算|决算)|说明|情况|管理的|规定|收支|以及|负责|万元"
)


def public_body(text: str) -> str | None:
    """``text`` as the name of a publishing body, without （本级） and （汇总）; ``None`` if it is none.

    >>> public_body("清河市教育局（本级）")
    '清河市教育局'
    >>> public_body("本部门") is None
    True
    """
    name = _ABOUT.sub("", _ADDITION.sub("", text).strip('“”【】"* 　:：_—-'))
    for word in ("部门", "单位"):
        shorter = name.removesuffix(word)
        if shorter != name and ORGANISATION.search(shorter):
            name = shorter
    core = re.sub(r"(?:[（(][^（()）]*[）)])+$", "", name)
    if not 3 <= len(core) <= 45 or _GENERIC.match(core) or _WORDS.search(core):
        return None
    return name if ORGANISATION.search(core) and re.fullmatch(r"[一-龥A-Za-z（）()、·“”\d]+", name) else None
