"""Names of public bodies: which body a printed name means (机构名称的归一).

A name is brought to one form by rules that hold for all governments, and by data
(:mod:`fiscalgraph.ontology.organizations`, :mod:`fiscalgraph.ontology.regions`): the region in full,
fields of work in full (人社局 → 人力资源和社会保障局), 市委 → 中共…市委, the body's own words (我局, 局本级,
省就业局) by the document's issuer. Each rule that was needed is named with its confidence. A name that
no rule decides stays as it is printed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, lru_cache

from fiscalgraph.ontology.organizations import central_bodies, fields_of_work
from fiscalgraph.ontology.regions import Region, find_region, regions_before

__all__ = [
    "CONFIDENCE",
    "BodyName",
    "government_of",
    "is_body",
    "normalised_name",
    "other_names",
    "resolve_body",
    "resolve_unit",
]

CONFIDENCE = {
    "conjunction": "0.99",
    "abbreviation": "0.95",
    "region": "0.99",
    "party-committee": "0.99",
    "government-word": "0.98",
    "second-name": "0.95",
    "own-words": "0.97",
    "scoped": "0.90",
    "cut-off": "0.90",
}
"""How sure each rule is, from 0 to 1."""

_SPACE = re.compile(r"\s+")
_BRACKETS = str.maketrans({"(": "（", ")": "）", "〔": "（", "〕": "）", "[": "【", "]": "】"})
_ALL_UNITS = re.compile(r"（汇总）$")
_CODE_BEFORE = re.compile(r"^(?:【[0-9A-Za-z]+】|[0-9]+[_\-—]|[0-9]{3,}(?=\D))")
_CODE_BEHIND = re.compile(r"(?<=[部局厅院会署委])\d{3}$")
_HEAD_OFFICE = re.compile(
    r"^(?P<whole>.+?)(?:部门)?(?:（[部局厅委]?(?:本级|机关|本部)）|本级|本部|(?<=[部厅局会院署室处学])机关)"
    r"(?P<part>行政|事业)?(?:（(?:机关|本级)）)?$"
)
_OWN = re.compile(
    r"^(?:我|本)(?:部门?|单位|局|厅|委|办|院|校|会|社|中心|馆|所|站|队|大学|学校|街道|镇|乡|区|县|市|省)?$"
)
_OWN_HEAD_OFFICE = re.compile(
    r"^(?:我|本)?(?:部门?|单位|局|厅|委|办|院|校|会|社|中心|大学|学院|学校|街道|办事处)?（?(?:本级|机关|本部)）?(?:（机关）)?$"
)
# 市财政局 (of the issuer's city); not 市场…, 市级…, 区域…, 市政…
_RELATIVE = re.compile(
    r"^(?:本|我)?(?P<kind>自治区|省|市|区|县|州|旗)(?![级直属辖域内外场民长块区市县]|政(?!府))(?=.{2})"
)
_SECOND_NAME = re.compile(r"（(?P<inner>[^（）]*)）?$")
_NO_SECOND_NAME = re.compile("本级|机关|汇总|[一二三四五六七八九十]期")
_COMMITTEE = re.compile(r"^委(?:员会)?(?=[一-龥]{2,}(?:部|办公厅|办公室|委员会|局|校|室|院|中心|处)|$)")
# 市政府办公厅, 市政府外事办公室; not 市政府投资项目评审中心, where 政府 says whose investment
_GOVERNMENT = re.compile(
    "^政府(?=办公厅|办公室|(?:外事|口岸|侨务|台湾|港澳|国有资产|法制|金融|参事|研究|驻)[一-龥]{0,10}(?:办公室|委员会|办事处|室)$|$)"
)
_SUFFIX = "(?=部|厅|局|委员会|委(?!员))"
_BEFORE_COMMITTEE = "(?=委(?!员))"
_SHORT_COMMITTEE = re.compile("^委(?!员)")
_TOWNSHIP = re.compile("街道(?:办事处|党工委|社区|[一-龥]{2})|[一-龥]{2}(?:镇|乡)人民政府")
_CENTRAL = re.compile("^(?:国家|全国|中央|国务院|中共中央|最高人民)")
_UNKNOWN_PROVINCE = re.compile("^[一-龥]{2,6}?省")
_BODY = re.compile(
    r"(?:局|处|科|司|厅|中心|院|所|队|站|办|委|会|校|馆|部|组|社|团|园|本级|机关|公司|场|库|台|署|大学|中学|小学|学院|基地|室"
    r"|监狱|集团|支行|法庭|政府|[(（][^()（）]+[)）])$"
)
_SEVERAL = re.compile("[、，,；;]|等$|^各|及所属")
_GENERIC = re.compile(
    "(?:附属|所属|直属|机关|后勤|信息|宣传|培训|教育|服务|事务|管理|保障|离退休|老干部|干部|工作|综合|财务|会计|核算|结算|文印"
    "|档案|技术|网络|数据|研究|人才|考试|国际|交流|合作|执法|监察|检测|监测|评价|指导|财政|审计|统计|国库|收付|支付|票据|预算"
    "|审核|活动|小学|中学|幼儿园|医院|学校|出版社|报社|杂志社|中心|所|站|队|院|馆|处|办公室|局|室|部|大队|支队|总队|学会|协会"
    "|与|和|及)+"
)


@dataclass(frozen=True, slots=True)
class BodyName:
    """A printed name resolved.

    ``name`` identifies the body. ``whole`` is, for a head office (本级), the body it is the head
    office of. ``second_names`` are those a body prints in brackets behind its own (加挂牌子).
    ``rules`` are those that were needed, none where the name is printed in the form that identifies;
    ``relative`` says that the name means this body only in documents of the same issuer.
    """

    name: str
    whole: str | None = None
    second_names: tuple[str, ...] = ()
    rules: tuple[str, ...] = ()
    relative: bool = False

    @property
    def confidence(self) -> str:
        """That of the least sure of the rules."""
        return min((CONFIDENCE[rule] for rule in self.rules), default="1.00")

    @property
    def body(self) -> str:
        """The body as a whole: the one itself, or the one it is the head office of."""
        return self.whole or self.name


def normalised_name(name: str) -> str:
    """A name less what printing adds: blanks, bracket forms, a department code before or behind it
    (``[117]``, ``304_``) and a trailing （汇总）."""
    tight = _SPACE.sub("", name).translate(_BRACKETS)
    plain = _CODE_BEHIND.sub("", _ALL_UNITS.sub("", _CODE_BEFORE.sub("", tight)))
    return plain or tight


@lru_cache(maxsize=65_536)
def resolve_body(printed: str, issuer: str | None = None) -> BodyName:
    """The body that ``printed`` means in a document of ``issuer`` (as :attr:`BodyName.body` gives it).

    >>> resolve_body("芜湖市人社局").name
    '芜湖市人力资源和社会保障局'
    >>> resolve_body("省就业局", "云南省财政厅").name
    '云南省就业局'
    """
    text = normalised_name(printed)
    if issuer is not None and _OWN.match(text):
        return BodyName(issuer, rules=("own-words",), relative=True)
    if issuer is not None and _OWN_HEAD_OFFICE.match(text):
        return BodyName(f"{issuer}本级", issuer, rules=("own-words",), relative=True)
    head_office = _HEAD_OFFICE.match(text)
    core = head_office["whole"] if head_office else text
    core, second_names = _split_second_name(core)
    core, rules, relative = _in_full(core, issuer)
    if issuer is not None and core.endswith("委") and issuer.startswith(f"{core}员会"):
        core, rules, relative = f"{core}员会", (*rules, "cut-off"), True
    if second_names:
        rules = (*rules, "second-name")
    if head_office is None:
        return BodyName(core, None, second_names, rules, relative)
    return BodyName(f"{core}本级{head_office['part'] or ''}", core, (), rules, relative)


def resolve_unit(printed: str, issuer: str) -> BodyName:
    """The unit that a document of ``issuer`` lists as its own: a name that many bodies give to a unit
    of theirs (信息中心, 附属中学) means the issuer's."""
    found = resolve_body(printed, issuer)
    if found.whole is None and not found.relative and _GENERIC.fullmatch(found.name):
        return BodyName(f"{issuer}{found.name}", rules=(*found.rules, "scoped"), relative=True)
    return found


def is_body(text: str) -> bool:
    """Whether ``text`` is the name of one body, not of several (A、B, 各学校) and not cut off."""
    return (
        bool(_BODY.search(text)) and not _SEVERAL.search(re.sub(r"（[^）]*）?", "", text)) and len(text) > 2
    )


def _split_second_name(text: str) -> tuple[str, tuple[str, ...]]:
    """A name less the second name in brackets; a bracket that the page cut off is dropped."""
    found = _SECOND_NAME.search(text)
    if not found or found.start() < 3 or _NO_SECOND_NAME.search(found["inner"]):
        return text, ()
    if not text.endswith("）"):
        return text[: found.start()], ()
    names = tuple(name for name in found["inner"].split("、") if name)
    if not names or not all(_BODY.search(name) and len(name) > 3 for name in names):
        return text, ()
    own = text[: found.start()]
    return own, tuple(_with_issuers_region(name, own) for name in names)


def _in_full(text: str, issuer: str | None) -> tuple[str, tuple[str, ...], bool]:
    """A name with region, Party committee, government and field of work written in full."""
    rules: list[str] = []
    relative = False
    if issuer is not None:
        completed = _with_issuers_region(text, issuer)
        relative = completed != text
        if relative:
            rules.append("own-words")
            text = completed
    party = text.startswith("中共")
    text = text.removeprefix("中共") if party and regions_before(text[2:])[0] else text
    chain, length = regions_before(text)
    prefix, rest = text[:length], text[length:]
    if chain:
        prefix = _place_name(chain)
        if prefix != text[:length]:
            rules.append("region")
        if _COMMITTEE.match(rest):
            short = _COMMITTEE.sub("委", rest)
            if not party or short != rest:
                rules.append("party-committee")
            rest, prefix = short, f"中共{prefix}"
        elif party:
            prefix = f"中共{prefix}"
        elif _GOVERNMENT.match(rest):
            rules.append("government-word")
            rest = f"人民{rest}"
    rest, rule = _field_in_full(rest, bool(chain))
    if rule:
        rules.append(rule)
    return prefix + rest, tuple(rules), relative


def _with_issuers_region(text: str, issuer: str) -> str:
    """省就业局 in a document of a province's department: 云南省就业局; 长宁区… in one of 上海市长宁区."""
    if regions_before(text)[0] or text.startswith(issuer):
        return text
    chain, length = regions_before(issuer.removeprefix("中共"))
    for step in range(len(chain), 0, -1):
        if text.startswith(chain[step - 1].name):
            return _place_name(chain[:step]) + text.removeprefix(chain[step - 1].name)
    found = _RELATIVE.match(text)
    if found is None:
        return text
    kind = found["kind"]
    for step in range(len(chain), 0, -1):
        if chain[step - 1].name.endswith(kind):
            return _place_name(chain[:step]) + text[found.end() :]
    place = re.match(rf"[一-龥]{{2,8}}?{kind}", issuer) if not length else None
    return place[0] + text[found.end() :] if place else text


def _place_name(chain: tuple[Region, ...]) -> str:
    """A region as names of bodies print it: a district with its city, anything else by itself if it can."""
    last = chain[-1]
    parent = find_region(last.parent or "")
    if last.level != "county" or parent is None:
        return last.name
    alone = bool(regions_before(last.name)[0]) and not last.name.endswith("区")
    return last.name if alone else f"{parent.name}{last.name}"


@cache
def _field_patterns() -> tuple[tuple[re.Pattern[str], str, str], ...]:
    """Pattern of a short form, the field in full, the rule; longer forms first."""
    forms = [
        (form, field.name, rule)
        for field in fields_of_work()
        for rule, group in (("conjunction", field.spellings), ("abbreviation", field.abbreviations))
        for form in group
    ]
    forms.sort(key=lambda form: (-len(form[0]), form[0]))
    short = [(re.compile(f"^{form}{_suffix(form)}"), name, rule) for form, name, rule in forms]
    # 发展和改革委: the field is printed in full, its committee is not
    whole = [
        (re.compile(f"^{field.name}{_BEFORE_COMMITTEE}"), field.name, "abbreviation")
        for field in fields_of_work()
    ]
    return (*short, *whole)


def _suffix(short: str) -> str:
    """What must follow a short form: 发展改革委员会 lacks its conjunction, 发展改革研究中心 does not; a
    single character is one only before 委 (教委, not 教局)."""
    return _SUFFIX if len(short) > 1 else _BEFORE_COMMITTEE


def _field_in_full(rest: str, has_region: bool) -> tuple[str, str | None]:
    """What follows the region, with the field of work in full, and the rule that was needed."""
    for abbreviation, name in _central_abbreviations():
        if not has_region and rest.startswith(abbreviation):
            return name + rest.removeprefix(abbreviation), "abbreviation"
    lead = "国家" if rest.startswith("国家") else ""
    core = rest.removeprefix(lead)
    for pattern, name, rule in _field_patterns():
        found = pattern.match(core)
        if found is None:
            continue
        behind = core[found.end() :]
        if rule == "abbreviation" and not (has_region or lead or behind.startswith("部")):
            continue  # 人社局 of nobody knows where
        return f"{lead}{name}{_SHORT_COMMITTEE.sub('委员会', behind)}", rule
    return rest, None


@cache
def _central_abbreviations() -> tuple[tuple[str, str], ...]:
    found = [(short, body.name) for body in central_bodies().values() for short in body.abbreviations]
    return tuple(sorted(found, key=lambda pair: (-len(pair[0]), pair[0])))


def other_names(name: str) -> Iterator[str]:
    """Short forms under which the body of that (resolved) name is also known."""
    central = central_bodies().get(name)
    if central is not None:
        yield from central.abbreviations
    chain, length = regions_before(name)
    prefix, rest = name[:length], name[length:]
    if not chain and rest.startswith("国家"):
        prefix, rest = "国家", rest.removeprefix("国家")
    for field in fields_of_work():
        if not rest.startswith(field.name):
            continue
        behind = rest.removeprefix(field.name)
        if not re.fullmatch("部|厅|局|委员会", behind) or (not prefix and behind != "部"):
            continue
        for spelling in field.spellings:
            yield f"{prefix}{spelling}{behind}"
        for short in field.abbreviations:
            if len(short) == 1 and behind != "委员会":
                continue
            yield f"{prefix}{short}{behind.replace('委员会', '委')}"


def government_of(name: str) -> tuple[str | None, Region | None]:
    """The level of government (a word of the code list) and the region that a resolved name tells."""
    plain = name.removeprefix("中共")
    chain, length = regions_before(plain)
    if chain:
        level = "township" if _TOWNSHIP.search(plain[length:]) else chain[-1].level
        return level, chain[-1]
    if _CENTRAL.match(name) or any(name.startswith(body) for body in central_bodies()):
        return "central", None
    if _UNKNOWN_PROVINCE.match(plain):
        return "provincial", None
    return None, None
