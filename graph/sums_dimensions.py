"""What a sum can be asked by: its dimensions, their values, and how people name them.

A value may be given as the Chinese or English label, the code, or the IRI; it is kept in one form (for
concepts the last step of the IRI). Concepts that contain one another know their ``parts``.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Final

from fiscalgraph.extract.errors import FiscalgraphError

__all__ = [
    "DIMENSIONS",
    "EXPENDITURE_TYPES",
    "MEASURES",
    "PHASES",
    "SCOPES",
    "THREE_PUBLICS",
    "Concept",
    "Dimension",
    "WrongSum",
    "code_name",
    "codes_named",
    "concept_key",
    "find_dimension",
    "find_measure",
    "within",
]

_ALIKE: Final = 5  # names offered in place of one that is not known


class WrongSum(FiscalgraphError):
    """A sum asked for by a measure, dimension or value that there is not."""


@dataclass(frozen=True, slots=True)
class Concept:
    """A value of a dimension: its key, labels, what it is a part of, and other words for it."""

    key: str
    zh: str
    en: str
    part_of: str | None = None
    words: tuple[str, ...] = ()
    code: str = ""


def _table(*concepts: Concept) -> Mapping[str, Concept]:
    return {concept.key: concept for concept in concepts}


PHASES: Final = _table(
    Concept("approved", "年初预算", "approved budget", words=("预算", "部门预算数", "budget")),
    Concept("revised", "全年预算（调整后）", "revised budget", words=("全年预算", "调整预算", "调整后预算")),
    Concept("executed", "决算", "executed", words=("执行", "决算数", "accounts", "execution")),
    Concept(
        "PriorYearExecution",
        "预算中所列上年执行数",
        "prior-year execution as a budget prints it",
        words=("上年执行数", "prior_year_execution"),
    ),
)
SCOPES: Final = _table(
    Concept("AllFunds", "全部资金", "all funds", words=("全口径", "all")),
    Concept("FiscalAppropriation", "财政拨款", "fiscal appropriation", "AllFunds"),
    Concept(
        "GeneralPublicBudget",
        "一般公共预算财政拨款",
        "general public budget appropriation",
        "FiscalAppropriation",
        words=("一般公共预算",),
    ),
    Concept(
        "GovernmentFunds",
        "政府性基金预算",
        "government funds",
        "FiscalAppropriation",
        words=("政府性基金", "政府性基金预算财政拨款"),
    ),
    Concept(
        "StateCapital",
        "国有资本经营预算",
        "state capital operations",
        "FiscalAppropriation",
        words=("国有资本经营", "国有资本经营预算财政拨款"),
    ),
    Concept("SpecialAccount", "财政专户管理资金", "special fiscal account", "AllFunds", words=("财政专户",)),
)
EXPENDITURE_TYPES: Final = _table(
    Concept("BasicExpenditure", "基本支出", "basic expenditure"),
    Concept("PersonnelExpenditure", "人员经费", "personnel expenditure", "BasicExpenditure"),
    Concept("OperatingExpenditure", "公用经费", "operating expenditure", "BasicExpenditure"),
    Concept("ProjectExpenditure", "项目支出", "project expenditure"),
    Concept("RemittanceToSuperior", "上缴上级支出", "remittance to the superior unit"),
    Concept("BusinessExpenditure", "经营支出", "business expenditure"),
    Concept("SubsidyToAffiliates", "对附属单位补助支出", "subsidy to affiliated units"),
)
THREE_PUBLICS: Final = _table(
    Concept("OverseasTravel", "因公出国（境）费", "overseas travel", words=("因公出国境费",), code="1"),
    Concept(
        "OfficialVehicles",
        "公务用车购置及运行维护费",
        "official vehicles",
        words=("公务用车购置及运行费",),
        code="2",
    ),
    Concept("VehiclePurchase", "公务用车购置费", "vehicle purchase", "OfficialVehicles", code="21"),
    Concept(
        "VehicleOperation",
        "公务用车运行维护费",
        "vehicle operation",
        "OfficialVehicles",
        words=("公务用车运行费",),
        code="22",
    ),
    Concept("OfficialReceptions", "公务接待费", "official receptions", code="3"),
)
LEVELS: Final = _table(
    Concept("department", "部门", "departments"), Concept("unit", "单位", "units and head offices")
)
MEASURES: Final = _table(
    Concept("expenditure", "支出", "expenditure of the year", words=("本年支出", "spending")),
    Concept("revenue", "收入", "revenue of the year", words=("本年收入", "income")),
    Concept("three_publics", "“三公”经费", "“three publics”", words=("三公", "三公经费", '"三公"经费')),
)


@dataclass(frozen=True, slots=True)
class Dimension:
    """A dimension of sums. ``column`` is that of ``cells.parquet``; a classification has an ``axis`` and the
    number of ``digits`` of its codes instead; ``concepts`` are its values where they are few and known."""

    name: str
    zh: str
    en: str
    column: str = ""
    axis: str = ""
    digits: int = 0
    concepts: Mapping[str, Concept] | None = None
    words: tuple[str, ...] = ()
    groups: bool = True


DIMENSIONS: Final[Mapping[str, Dimension]] = {
    each.name: each
    for each in (
        Dimension("year", "年度", "fiscal year", "fiscal_year", words=("年", "fiscal_year")),
        Dimension(
            "organization", "部门（单位）", "organisation", "organization", words=("部门", "单位", "机构")
        ),
        Dimension("region", "地区", "region", "region", words=("行政区划",)),
        Dimension("government_level", "政府层级", "level of government", "government_level"),
        Dimension("kind", "公开类型", "kind of disclosure", "kind", words=("类型",)),
        Dimension("document", "文件", "document", "document", words=("文档",)),
        Dimension("phase", "预算阶段", "budget phase", "phase", concepts=PHASES, words=("阶段",)),
        Dimension(
            "scope",
            "资金口径",
            "fund scope",
            "fund_scope",
            concepts=SCOPES,
            words=("口径", "fund_scope", "资金范围"),
        ),
        Dimension(
            "expenditure_type",
            "支出类型",
            "expenditure type",
            "expenditure_type",
            concepts=EXPENDITURE_TYPES,
            words=("type",),
        ),
        Dimension(
            "class",
            "功能分类（类）",
            "functional class",
            axis="functional",
            digits=3,
            words=("类", "功能分类"),
        ),
        Dimension(
            "subclass", "功能分类（款）", "functional subclass", axis="functional", digits=5, words=("款",)
        ),
        Dimension("item", "功能分类（项）", "functional item", axis="functional", digits=7, words=("项",)),
        Dimension(
            "department_economic_class",
            "部门经济分类（类）",
            "department economic class",
            axis="department_economic",
            digits=3,
            words=("部门经济分类", "economic_class"),
        ),
        Dimension(
            "department_economic_item",
            "部门经济分类（款）",
            "department economic item",
            axis="department_economic",
            digits=5,
            words=("economic_item",),
        ),
        Dimension(
            "government_economic_class",
            "政府经济分类（类）",
            "government economic class",
            axis="government_economic",
            digits=3,
            words=("政府经济分类",),
        ),
        Dimension(
            "government_economic_item",
            "政府经济分类（款）",
            "government economic item",
            axis="government_economic",
            digits=5,
        ),
        Dimension(
            "three_publics_item",
            "“三公”经费项目",
            "item of the “three publics”",
            axis="three_publics",
            digits=1,
            concepts=THREE_PUBLICS,
            words=("三公项目", "三公"),
        ),
        Dimension("level", "层级", "departments or units", "level", concepts=LEVELS, groups=False),
    )
}


def find_dimension(word: str) -> Dimension:
    """The dimension of that name in English or Chinese. Raises :class:`WrongSum`."""
    wanted = word.strip()
    for each in DIMENSIONS.values():
        if wanted.lower() in (each.name, each.en) or wanted in (each.zh, *each.words):
            return each
    raise WrongSum(
        f"dimension {word}",
        "sums know no such dimension",
        f"Choose of: {', '.join(f'{each.name} ({each.zh})' for each in DIMENSIONS.values())}",
    )


def find_measure(word: str) -> str:
    """The key of a measure by its name in English or Chinese. Raises :class:`WrongSum`."""
    return concept_key(MEASURES, word, "measure")


def concept_key(concepts: Mapping[str, Concept], word: str, what: str) -> str:
    """The key of a concept by key, label, other word or IRI. Raises :class:`WrongSum`."""
    wanted = word.strip().rsplit("#", 1)[-1].rsplit("/", 1)[-1]
    for concept in concepts.values():
        if wanted.lower() in (concept.key.lower(), concept.en) or wanted in (concept.zh, *concept.words):
            return concept.key
    known = "、".join(f"{concept.zh} ({concept.key})" for concept in concepts.values())
    raise WrongSum(f"{what} {word}", "there is no such value", f"Choose of: {known}")


def within(concepts: Mapping[str, Concept], part: str, whole: str) -> bool:
    """Whether one concept is a part of another, or of a part of it; none is of itself."""
    above = concepts[part].part_of
    return above is not None and (above == whole or within(concepts, above, whole))


@cache
def _codes() -> Mapping[str, str | None]:
    from fiscalgraph.ontology.classification import classification_codes

    return {code: about.name for code, about in classification_codes().items()}


def code_name(code: str) -> str | None:
    """The name of a classification code (政府收支分类科目), where the published lists have one."""
    return _codes().get(code)


def codes_named(dimension: Dimension, word: str) -> tuple[str, ...]:
    """The codes of a classification that a code, an IRI or a name means; several codes may share a name."""
    from fiscalgraph.ontology.classification import classification_list

    wanted = word.strip().rsplit("/", 1)[-1]
    code_list = dimension.axis.replace("_", "-")
    if wanted.isascii() and wanted.isdigit():
        if len(wanted) == dimension.digits and classification_list(wanted) == code_list:
            return (wanted,)
        if len(wanted) == dimension.digits:
            raise WrongSum(
                f"{dimension.name} {word}",
                f"{dimension.en} ({dimension.zh}) has no such code",
                "Give a code of 政府收支分类科目, or its name",
            )
        raise WrongSum(
            f"{dimension.name} {word}",
            f"a code of {dimension.en} ({dimension.zh}) has {dimension.digits} digits",
            f"Give {dimension.digits} digits, or ask for another dimension",
        )
    found = _named(_codes().items(), dimension, code_list, wanted)
    if not found:
        alike = sorted(
            {
                name
                for code, name in _codes().items()
                if name and wanted and wanted in name
                if len(code) == dimension.digits and classification_list(code) == code_list
            }
        )
        raise WrongSum(
            f"{dimension.name} {word}",
            "no code has that name",
            f"Did you mean {'、'.join(alike[:_ALIKE])}?" if alike else "Give the code in digits",
        )
    return found


def _named(
    codes: Iterable[tuple[str, str | None]], dimension: Dimension, code_list: str, wanted: str
) -> tuple[str, ...]:
    from fiscalgraph.ontology.classification import classification_list

    return tuple(
        sorted(
            code
            for code, name in codes
            if name == wanted and len(code) == dimension.digits and classification_list(code) == code_list
        )
    )
