"""What a figure is about, derived from where it is printed: table title, column path, side.

Every rule reads the words that disclosures of all governments share (预算数, 执行数, 一般公共预算
财政拨款 …). A dimension that no word decides stays ``None``: it is missing, never guessed.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from pyoxigraph import NamedNode

from fiscalgraph.ontology.terms import FG, OBEU

__all__ = ["Dimensions", "derive_dimensions"]


@dataclass(frozen=True, slots=True)
class Dimensions:
    """Data Cube dimensions of one printed figure.

    ``year`` is the year the figure speaks of (a budget also prints last year's execution).
    ``additive`` is false for what must not enter a sum: an increase or decrease (增减额), a part
    stated beside its whole (其中), a second count of the same money, a figure without a column.
    """

    year: int
    phase: NamedNode | None
    fund_scope: NamedNode | None
    funding_source: NamedNode | None
    operation_character: NamedNode | None
    expenditure_type: NamedNode | None
    additive: bool


_YEAR = re.compile(r"(?<!\d)((?:19|20)\d\d)年")
_CHANGE = re.compile(r"增减|增长|增加额|减少额|(?:比|较)[^/]{0,12}(?:增|减|变动|变化)|差额|差异|变动额")
_SECOND_COUNT = re.compile(r"扣除|政府采购|中小企业|小微企业")
_PART = re.compile(r"其中")
_PRIOR = re.compile(r"上年度?(?:执行|决算|预算|完成|实际|批复)?数|上年度?(?:执行|决算|预算|完成)")
_EXECUTED = re.compile(r"决算|执行数|实际|完成数")
_REVISED = re.compile(r"全年预算|调整预算数|调整后预算|预算调整后|调整后(?:全年)?预算|变更后预算")
_INITIAL = re.compile(r"年初预算|批复预算|当年预算|本年预算")
_BUDGET = re.compile(r"预算(?:数|金额|安排|申报)?$|预算数|预算安排")
_ACCOUNTS_TITLE = re.compile(r"决算")

_SCOPES: tuple[tuple[re.Pattern[str], NamedNode], ...] = (
    (re.compile(r"政府性基金"), FG.GovernmentFunds),
    (re.compile(r"国有资本经营"), FG.StateCapital),
    (re.compile(r"一般公共预算"), FG.GeneralPublicBudget),
    (re.compile(r"财政专户"), FG.SpecialAccount),
    (re.compile(r"财政拨款"), FG.FiscalAppropriation),
)
_ALL_FUNDS_TITLE = re.compile(
    r"(?:收支|收入支出|收入|支出)(?:预算|决算)?(?:总体情况|情况)?(?:总|汇总)?表|(?:收入|支出|收支)总体情况"
)

_SOURCES: tuple[tuple[re.Pattern[str], NamedNode], ...] = (
    (re.compile(r"上级补助"), FG.SuperiorSubsidy),
    (re.compile(r"附属单位上缴"), FG.AffiliateRemittance),
    (re.compile(r"经营收入"), FG.BusinessIncome),
    (re.compile(r"事业收入"), FG.InstitutionalIncome),
    (re.compile(r"其他(?:资金)?收入|其他资金"), FG.OtherIncome),
    (re.compile(r"(?:上年|年初)[^/]*(?:结转|结余)|使用[^/]*结余"), FG.CarryOver),
    (re.compile(r"单位资金"), FG.UnitFunds),
)

_TYPES: tuple[tuple[re.Pattern[str], NamedNode], ...] = (
    (re.compile(r"人员(?:经费|支出)"), FG.PersonnelExpenditure),
    (re.compile(r"公用(?:经费|支出)"), FG.OperatingExpenditure),
    (re.compile(r"基本支出"), FG.BasicExpenditure),
    (re.compile(r"项目支出"), FG.ProjectExpenditure),
    (re.compile(r"上缴上级"), FG.RemittanceToSuperior),
    (re.compile(r"经营支出"), FG.BusinessExpenditure),
    (re.compile(r"对?附属单位补助"), FG.SubsidyToAffiliates),
)
_BALANCE = re.compile(r"结转|结余")


def _innermost(path: str, *patterns: re.Pattern[str]) -> int | None:
    """Which of ``patterns`` (by index) the innermost deciding step of a column path matches."""
    for step in reversed(path.split("/")):
        for index, pattern in enumerate(patterns):
            if pattern.search(step):
                return index
    return None


def _phase(kind: str, title: str, column: str, year: int, fiscal_year: int) -> NamedNode | None:
    accounts = kind.endswith("决算") or bool(_ACCOUNTS_TITLE.search(title))
    found = _innermost(column, _EXECUTED, _REVISED, _INITIAL, _BUDGET)
    if found == 0:
        return OBEU.Executed if accounts or year == fiscal_year else FG.PriorYearExecution
    if found == 1:
        return OBEU.Revised
    if found == 2:
        return OBEU.Approved
    if found == 3:
        # In accounts a bare 预算数 may be the initial or the full-year budget: the table does not say.
        return None if accounts else OBEU.Approved
    if year != fiscal_year:
        return None
    if accounts:
        return OBEU.Executed
    return OBEU.Approved if kind.endswith("预算") else None


def _first(rules: tuple[tuple[re.Pattern[str], NamedNode], ...], texts: Iterable[str]) -> NamedNode | None:
    """The concept of the first text that a rule matches, innermost text first."""
    for text in texts:
        for pattern, concept in rules:
            if pattern.search(text):
                return concept
    return None


def _operation_character(title: str, column: str, side: str | None, item: str | None) -> NamedNode | None:
    if _BALANCE.search(column) or (item is not None and _BALANCE.search(item)):
        return FG.Balance
    for text in (side or "", *reversed(column.split("/")), title):
        revenue = "收入" in text
        expenditure = "支出" in text or "经费" in text
        if "收支" in text or (revenue and expenditure):
            continue
        if revenue:
            return OBEU.Revenue
        if expenditure:
            return OBEU.Expenditure
    return None


def derive_dimensions(
    *, kind: str, fiscal_year: int, title: str, column: str, side: str | None = None, item: str | None = None
) -> Dimensions:
    """The dimensions of a figure in ``column`` (header path, outermost first) of table ``title``.

    ``kind`` and ``fiscal_year`` are the disclosure's; ``side`` (收入/支出) and ``item`` are given
    for tables of totals.
    """
    steps = (*([item] if item else []), *reversed(column.split("/")))
    years = {int(found) for found in _YEAR.findall(column)}
    change = bool(_CHANGE.search(column)) or len(years) > 1  # two years in one header: a comparison
    if len(years) == 1:
        year = years.pop()
    elif not years and _PRIOR.search(column):
        year = fiscal_year - 1
    else:
        year = fiscal_year
    funding_source = _first(_SOURCES, steps)
    fund_scope = _first(_SCOPES, (*steps, title))
    if fund_scope is None and funding_source is None and _ALL_FUNDS_TITLE.search(title):
        fund_scope = FG.AllFunds
    expenditure_type = _first(_TYPES, (*reversed(column.split("/")), title))
    part = bool(_PART.search(column)) and not (_first(_SCOPES, steps) or funding_source or expenditure_type)
    second_count = bool(_SECOND_COUNT.search(column)) and not _SECOND_COUNT.search(title)
    return Dimensions(
        year=year,
        phase=None if change or not column else _phase(kind, title, column, year, fiscal_year),
        fund_scope=fund_scope,
        funding_source=funding_source,
        operation_character=_operation_character(title, column, side, item),
        expenditure_type=expenditure_type,
        additive=bool(column) and not (change or part or second_count),
    )
