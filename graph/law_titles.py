"""Titles of laws, regulations and policies: which text a citation means (法规标题的归一).

Citations name one text in several ways: with and without 中华人民共和国, by the notice that issued it
(关于印发〈…〉的通知), by its official number (文号). What no rule decides stays a text of its own.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache, lru_cache

from pyoxigraph import NamedNode

from fiscalgraph.graph.identifiers import law_iri, normalised_title
from fiscalgraph.ontology.laws import KnownLaw, known_laws

__all__ = ["LawTitle", "edition_less", "issuer_less", "official_number", "resolve_law"]

_ANGLES = str.maketrans({"<": "〈", ">": "〉", "《": "〈", "》": "〉"})
_STATE = "中华人民共和国"
_EDITION = re.compile(r"（(?:试行|暂行|修订|修正|草案|征求意见稿|(?:19|20)\d\d(?:年?(?:修订|修正|版)?))）$")
_ISSUING = re.compile(r"^(?P<body>[^〈〉]{0,40}?)关于(?:印发|公布|发布)(?P<core>〈.+〉|[^〈〉]+)的通知$")
_SEVERAL_TEXTS = re.compile("〉(?:和|与|、|及)?〈|等[一二三四五六七八九十\\d]*[个项]")
_BODY = re.compile(
    r"^(?:(?:中共|中国共产党)?[一-龥、（）()]{0,60}?(?:中央|国务院|委员会|党委|[省市区县]委|人民政府|政府|办公厅|办公室"
    r"|部|厅|局|委|院|会|行|署|等[一-龥\d]{0,6}部门|等单位))(?=关于)"
)
_SAYS_NOTHING = re.compile(
    r"(?:关于|有关|相关|实施|管理|工作|暂行|若干|监督|检查|操作|具体|资金|专项资金|专项|使用|内部|财务|会计|项目|本)*"
    r"(?:条例|办法|规定|细则|规则|意见|通知|方案|制度|计划|规划|章程|标准|规范|决定|目录|清单|指引|指南|导则|规程|准则|措施)"
)
_NUMBER = re.compile(
    r"^(?P<word>\D+?)[〔\[（(【﹝［<〈]?(?P<year>(?:19|20)\d\d)[〕\]）)】﹞］>〉]?第?(?P<number>\d+)号$"
)


@dataclass(frozen=True, slots=True)
class LawTitle:
    """A cited title resolved: the text's IRI and title, the rules that were needed, how sure they are.

    ``known`` is what the list of laws has of the text.
    """

    iri: NamedNode
    title: str
    rules: tuple[str, ...]
    confidence: str
    known: KnownLaw | None = None


def official_number(number: str) -> str:
    """A 文号 with one form of brackets and no leading zeros, so that equal numbers are equal texts."""
    tight = "".join(number.split())
    found = _NUMBER.match(tight)
    return f"{found['word']}〔{found['year']}〕{int(found['number'])}号" if found else tight


def edition_less(title: str) -> str:
    """A title less the mark of its edition (试行, 2023年修订)."""
    return _EDITION.sub("", title)


def issuer_less(title: str) -> str:
    """A title less the issuing body before 关于."""
    return _BODY.sub("", title)


@lru_cache(maxsize=16_384)
def resolve_law(printed: str, number: str | None, issuer: str) -> LawTitle:
    """The text that a document of ``issuer`` cites by the title ``printed`` (without 《》)."""
    title = normalised_title(printed).translate(_ANGLES)
    if _SAYS_NOTHING.fullmatch(title):
        return LawTitle(law_iri(title, issuer), title, ("title-of-issuer",), "0.80")
    by_number = _numbered().get(official_number(number)) if number else None
    if by_number is not None and by_number.title != title and _name_one_text(title, by_number.title):
        return _listed(by_number, ("listed-title", "same-number"), "0.97")
    listed = known_laws().get(title)
    # 关于…的意见 alone does not say whose: many bodies issue one of the same title.
    if listed is not None and (not title.startswith("关于") or listed is by_number):
        return _listed(listed, ("listed-title",), "1.00")
    if (listed := known_laws().get(f"{_STATE}{title}")) is not None:
        return _listed(listed, ("full-title",), "0.98")
    issued = _issued(title)
    if issued is not None:
        inner = resolve_law(issued, number, issuer)
        if inner.rules != ("title-of-issuer",):
            rules = tuple(rule for rule in inner.rules if rule != "same-title")
            return LawTitle(inner.iri, inner.title, (*rules, "issuing-notice"), "0.90", inner.known)
    # A title that names its issuer, or has a number of its own, is not another body's of the same words.
    by_core = _without_issuer().get(title) if number is None else None
    if by_core is not None:
        return _listed(by_core, ("listed-title", "issuer-omitted"), "0.80")
    return LawTitle(law_iri(title), title, ("same-title",), "0.97")


def _listed(law: KnownLaw, rules: tuple[str, ...], confidence: str) -> LawTitle:
    return LawTitle(law.iri, law.title, rules, confidence, law)


def _issued(title: str) -> str | None:
    """What a notice of the form 关于印发〈…〉的通知 issues, if it is one text."""
    found = _ISSUING.match(title)
    if found is None or _SEVERAL_TEXTS.search(title):
        return None
    core = found["core"]
    return core[1:-1] if core.startswith("〈") else core


def _name_one_text(left: str, right: str) -> bool:
    """Whether of two titles of one number one holds the other, editions and issuers aside."""
    one, other = (edition_less(issuer_less(_issued(title) or title)) for title in (left, right))
    return one in other or other in one


@cache
def _numbered() -> dict[str, KnownLaw]:
    return {official_number(number): law for law in known_laws().values() for number in law.numbers}


@cache
def _without_issuer() -> dict[str, KnownLaw]:
    """Listed titles of the form …关于… without the issuer, where that tells one text."""
    found: dict[str, KnownLaw | None] = {}
    for law in known_laws().values():
        core = issuer_less(law.title)
        if core.startswith("关于"):
            found[core] = None if core in found else law
    return {core: law for core, law in found.items() if law is not None}
