"""What a figure is about, derived from where it is printed: table title, column path, side.

Every rule reads the words that disclosures of all governments share (预算数, 执行数, 一般公共预算
财政拨款 …). A dimension that no word decides stays ``None``: it is missing, never guessed.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from pyoxigraph import NamedNode

from fiscalgraph.ontology.terms import FG, OBEU

__all__ = ["Dimensions", "derive_dimensions"]


@dataclass(frozen=True, slots=True)
class Dimensions:
    """Data Cube dimensions of one printed figure.

    ``year`` is the year the figure speaks of (a budget also prints last year's execution).
    ``additive`` is false for what must not enter a sum: an increase or decrease (增减额), a part
    stated beside its whole (其中), a second count of the same money, a figure without a column.
    ``three_publics`` is the item of the “三公”经费 tables. ``grand_total`` is true of the printed total of
    an organisation's expenditure of the year (本年支出合计, the 合计 row of a table of all expenditure) and
    revenue with what was carried over (收入总计).
    """

    year: int
    phase: NamedNode | None
    fund_scope: NamedNode | None
    funding_source: NamedNode | None
    operation_character: NamedNode | None
    expenditure_type: NamedNode | None
    additive: bool
    three_publics: NamedNode | None = None
    grand_total: bool = False


_YEAR = re.compile(r"(?<!\d)((?:19|20)\d\d)年")
_CHANGE = re.compile(r"增减|增长|增加额|减少额|(?:比|较)[^/]{0,12}(?:增|减|变动|变化)|差额|差异|变动额")
_SECOND_COUNT = re.compile(r"扣除|政府采购|中小企业|小微企业")
_PART = re.compile(r"其中")
_PRIOR = re.compile(
    r"上年度?(?:执行|决算|预算|完成|实际|批复)?数|上年度?(?:执行|决算|预算|完成)|(?:^|/)上年度?(?:/|$)"
)
_PERIOD_ITEM = re.compile(r"(?:(?:19|20)\d\d年|[上本]年)度?(?:执行|决算|预算|完成|实际|批复)?数?")
_EXECUTED = re.compile(r"决算|执行数|实际|完成数")
_REVISED = re.compile(r"全年预算|调整预算数|调整后预算|预算调整后|调整后(?:全年)?预算|变更后预算")
_INITIAL = re.compile(r"年初预算|批复预算|当年预算|本年预算")
_BUDGET = re.compile(r"预算(?:数|金额|安排|申报)?$|预算数|预算安排")
_BUDGETS_BY_NAME = re.compile(r"(?:一般公共|政府性基金|国有资本经营|社会保险基金)预算")  # money, not a phase
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
    (re.compile(r"项目支出|专项业务经费"), FG.ProjectExpenditure),
    (re.compile(r"上缴上级"), FG.RemittanceToSuperior),
    (re.compile(r"经营支出"), FG.BusinessExpenditure),
    (re.compile(r"对?附属单位补助"), FG.SubsidyToAffiliates),
)
_EXPENDITURE_TOTAL = re.compile(r"(?:一、)?本年支出(?:合计)?|支出合计")
_REVENUE_TOTAL = re.compile(r"(?:收入)?总计")
_REVENUE_COLUMN = re.compile(r"^(?:[^/]*(?:预算|决算)[^/]*/)?(?:合计|总计)$")
_OF_EXPENDITURE = re.compile(r"支出|收支")
_OF_A_PART = re.compile(r"采购|购买服务|转移支付|专项|项目|结转|结余|债务|三公|绩效|经济分类")
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
    path = _BUDGETS_BY_NAME.sub("", column)
    found = _innermost(path, _EXECUTED, _REVISED, _INITIAL, _BUDGET)
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


_BESIDE_THREE_PUBLICS = re.compile(r"会议|培训|差旅|机关运行|行政经费")
_PURCHASE = re.compile(r"购置(?:费|费用|支出|经费)?$")
_RUNNING = re.compile(r"运行(?:维护)?(?:费|费用|支出|经费)?$")


def _three_publics(title: str, column: str, item: str | None) -> NamedNode | None:
    """The item of a figure in a “三公”经费 table; ``None`` for what such tables print besides."""
    path = f"{column}/{item}" if item else column
    if "三公" not in title + path or _BESIDE_THREE_PUBLICS.search(path):
        return None
    if "出国" in path:
        return FG.OverseasTravel
    if "接待" in path:
        return FG.OfficialReceptions
    if "用车" in path:
        for step in reversed(path.split("/")):
            bought, run = "购置" in step, "运行" in step
            if bought and not run and _PURCHASE.search(step):
                return FG.VehiclePurchase
            if run and not bought and _RUNNING.search(step):
                return FG.VehicleOperation
        return FG.OfficialVehicles
    return FG.ThreePublicsTotal if "三公" in path or not _BESIDE_THREE_PUBLICS.search(title) else None


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


@lru_cache(maxsize=8192)  # the cells of a column differ in little that matters here
def _is_grand_total(
    character: NamedNode | None, title: str, column: str, item: str | None, total_row: bool
) -> bool:
    if _OF_A_PART.search(title):
        return False
    if character == OBEU.Expenditure:
        return bool(_OF_EXPENDITURE.search(title)) and (
            total_row or bool(item and _EXPENDITURE_TOTAL.fullmatch(item))
        )
    if character == OBEU.Revenue:
        in_all = bool(_REVENUE_COLUMN.search(column)) and "收入" in title
        return (total_row and in_all) or bool(item and _REVENUE_TOTAL.fullmatch(item))
    return False


def derive_dimensions(
    *,
    kind: str,
    fiscal_year: int,
    title: str,
    column: str,
    side: str | None = None,
    item: str | None = None,
    total_row: bool = False,
) -> Dimensions:
    """The dimensions of a figure in ``column`` (header path, outermost first) of table ``title``.

    ``kind`` and ``fiscal_year`` are the disclosure's; ``side`` (收入/支出) and ``item`` are given
    for tables of totals, ``total_row`` for a row without a code (合计) or of a unit as a whole.
    """
    steps = (*([item] if item else []), *reversed(column.split("/")))
    period = column
    if item and (_PERIOD_ITEM.fullmatch(item) or _CHANGE.search(item)):
        period = f"{column}/{item}"  # a table turned on its side: the years are its rows
    years = {int(found) for found in _YEAR.findall(period)}
    change = bool(_CHANGE.search(period)) or len(years) > 1  # two years in one header: a comparison
    if len(years) == 1:
        year = years.pop()
    elif not years and _PRIOR.search(period):
        year = fiscal_year - 1
    else:
        year = fiscal_year
    funding_source = _first(_SOURCES, steps)
    fund_scope = _first(_SCOPES, (*steps, title))
    if fund_scope is None and funding_source is None and _ALL_FUNDS_TITLE.search(title):
        fund_scope = FG.AllFunds
    expenditure_type = _first(_TYPES, (*reversed(column.split("/")), title))
    three_publics = _three_publics(title, column, item)
    if three_publics is not None and fund_scope is None and funding_source is None:
        fund_scope = FG.FiscalAppropriation  # what is disclosed as “三公”经费 is defined so
    distinguished = _first(_SCOPES, steps) or funding_source or expenditure_type or three_publics
    part = bool(_PART.search(column)) and not distinguished
    second_count = bool(_SECOND_COUNT.search(column)) and not _SECOND_COUNT.search(title)
    character = _operation_character(title, column, side, item)
    additive = bool(column) and not (change or part or second_count)
    return Dimensions(
        year=year,
        phase=None if change or not column else _phase(kind, title, period, year, fiscal_year),
        fund_scope=fund_scope,
        funding_source=funding_source,
        operation_character=character,
        expenditure_type=expenditure_type,
        additive=additive,
        three_publics=three_publics,
        grand_total=additive
        and not (funding_source or expenditure_type or three_publics)
        and _is_grand_total(character, title, column, item, total_row),
    )
