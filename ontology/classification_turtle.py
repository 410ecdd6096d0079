"""The classification lists as Turtle: codes and links → text, the same bytes for the same input."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from typing import Final

from fiscalgraph.ontology.classification import (
    BASE,
    ClassificationCode,
    Correspondence,
    DatedName,
    classification_list,
    parent_code,
)

__all__ = ["write_correspondences", "write_list"]

_TITLES: Final = {
    "functional": ("支出功能分类", "functional classification of expenditure"),
    "department-economic": (
        "部门预算支出经济分类",
        "economic classification of expenditure, departments' list",
    ),
    "government-economic": (
        "政府预算支出经济分类",
        "economic classification of expenditure, governments' list",
    ),
}

_PREFIXES: Final = """\
@prefix fg:      <https://w3id.org/fiscalgraph/ontology#> .
@prefix list:    <https://w3id.org/fiscalgraph/id/classification/> .
@prefix dcterms: <http://purl.org/dc/terms/> .
@prefix rdfs:    <http://www.w3.org/2000/01/rdf-schema#> .
@prefix skos:    <http://www.w3.org/2004/02/skos/core#> .
@prefix year:    <http://reference.data.gov.uk/id/year/> .
"""

_HEAD: Final = """\
# 政府收支分类科目：{zh}，由公开的预算、决算文件归纳而成，不是官方目录的副本。
# Government budget classification: {en}.
# Induced from published budgets and final accounts; not a copy of the official book.

{prefixes}@prefix code:    <{base}{name}/> .

list:{name} a skos:ConceptScheme ;
  dcterms:title "{title}"@en, "政府收支分类科目：{zh}"@zh ;
  dcterms:description "{about}"@en,
    "{about_zh}"@zh ;
  dcterms:license <https://www.apache.org/licenses/LICENSE-2.0> .
"""

_ABOUT: Final = (
    "Codes that published budgets and final accounts print, with their names. A code that is missing was "
    "met in none of them, which does not say that it is not in force. fg:attestedBy counts the documents "
    "that print code and name, at least; a code marked fg:impliedOnly is there because codes below it are."
)
_ABOUT_ZH: Final = (
    "公开的预算、决算文件印出的科目编码及名称。未列出的科目只是未在这些文件中见到，并不表示不存在。"
    "fg:attestedBy 为印有该编码和名称的文件数（下限）；标有 fg:impliedOnly 的编码仅由下级编码推知。"
)

_YEAR: Final = """
code:{year} a skos:ConceptScheme ;
  dcterms:title "{title}, {year}"@en, "{year}年政府收支分类科目：{zh}"@zh ;
  rdfs:comment "Codes that documents of fiscal year {year} are known to print. Absence: not attested."@en,
    "已知{year}年度文件印出的科目。未列出即未见，不等于不存在。"@zh ;
  dcterms:isVersionOf list:{name} ;
  dcterms:temporal year:{year} .
"""

_LINKS_HEAD: Final = """\
# 部门预算支出经济分类与政府预算支出经济分类的对应关系，取自同一行同时印有两种编码的公开表格。
# Links between the two economic lists, from rows of published tables that print a code of each.
# A 部门 code may go with several 政府 codes (for agencies, for public institutions): related, not equal.

{prefixes}@prefix department: <{base}department-economic/> .
@prefix government: <{base}government-economic/> .
"""


def write_list(name: str, codes: Iterable[ClassificationCode]) -> str:
    """The Turtle of one list. Raises ``ValueError`` for a code of another list."""
    ordered = sorted(codes, key=lambda code: code.code)
    foreign = [code.code for code in ordered if classification_list(code.code) != name]
    if foreign:
        raise ValueError(f"not of the list {name}: {', '.join(foreign)}")
    zh, en = _TITLES[name]
    title = en[0].upper() + en[1:]
    about = {"about": _ABOUT, "about_zh": _ABOUT_ZH}
    parts = [_HEAD.format(prefixes=_PREFIXES, base=BASE, name=name, zh=zh, en=en, title=title, **about)]
    for year in sorted({year for code in ordered for year in code.years}):
        parts.append(_YEAR.format(name=name, year=year, zh=zh, title=title))
    parts += [_concept(name, code) for code in ordered]
    return "".join(parts)


def write_correspondences(links: Iterable[Correspondence]) -> str:
    """The Turtle of the links between the economic lists."""
    parts = [_LINKS_HEAD.format(prefixes=_PREFIXES, base=BASE)]
    for link in sorted(links, key=lambda link: (link.department_code, link.government_code)):
        department = f"department:{link.department_code}"
        government = f"government:{link.government_code}"
        parts.append(f"\n{department} skos:relatedMatch {government} .\n")
        node = f"<{BASE}correspondence/{link.department_code}-{link.government_code}>"
        facts = [
            "a fg:Correspondence",
            f"fg:departmentEconomicCode {department}",
            f"fg:governmentEconomicCode {government}",
            f"fg:attestedBy {link.documents}",
            f"fg:confidence {_string(link.confidence)}",
        ]
        parts.append(_block(node, facts, lead=""))
    return "".join(parts)


def _concept(name: str, code: ClassificationCode) -> str:
    facts = ["a skos:Concept", f"skos:notation {_string(code.code)}"]
    if code.name is not None:
        facts.append(f"skos:prefLabel {_chinese(code.name)}")
    others = sorted({*code.other_names, *(dated.name for dated in code.names)} - {code.name})
    if others:
        facts.append(f"skos:altLabel {', '.join(map(_chinese, [other for other in others if other]))}")
    parent = parent_code(code.code)
    if parent is not None:
        facts.append(f"skos:broader code:{parent}")
    facts.append("skos:inScheme " + ", ".join([f"list:{name}", *(f"code:{year}" for year in code.years)]))
    if code.names:
        facts.append(f"skos:changeNote {_chinese(_change_note(code.names))}")
        facts.append(f"fg:datedName {', '.join(_dated_iri(name, code, dated) for dated in code.names)}")
    if code.implied_only:
        facts.append("fg:impliedOnly true")
    else:
        facts += [f"fg:attestedBy {code.documents}", f"fg:confidence {_string(code.confidence or 'low')}"]
    return _block(f"code:{code.code}", facts) + "".join(
        _block(
            _dated_iri(name, code, dated),
            [
                "a fg:DatedName",
                f"rdfs:label {_chinese(dated.name)}",
                f"dcterms:temporal {', '.join(f'year:{year}' for year in dated.years)}",
                f"fg:attestedBy {dated.documents}",
            ],
        )
        for dated in code.names
    )


def _block(subject: str, facts: Sequence[str], lead: str = "\n") -> str:
    return f"{lead}{subject} " + " ;\n  ".join(facts) + " .\n"


def _dated_iri(name: str, code: ClassificationCode, dated: DatedName) -> str:
    return f"<{BASE}{name}/{code.code}/name/{dated.years[0]}>"


def _change_note(names: Sequence[DatedName]) -> str:
    spans = (
        f"{'、'.join(map(str, dated.years))}年文件印作“{dated.name}”"
        for dated in sorted(names, key=lambda dated: dated.years)
    )
    return "；".join(spans) + "。"


def _string(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)  # Turtle's escapes are a superset of JSON's


def _chinese(text: str) -> str:
    return _string(text) + "@zh"
