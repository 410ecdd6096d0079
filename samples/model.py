"""A disclosure as facts: who, which year, how much, what was aimed at, what fell short and why.

Amounts are whole hundredths of the disclosure's unit (0.01 万元 in a disclosure in 万元), so
that every sum is exact and every figure prints with two decimals.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

__all__ = [
    "AccountItem",
    "Accounts",
    "Budget",
    "BudgetItem",
    "Department",
    "Disclosure",
    "IndicatorResult",
    "IndicatorTarget",
    "PlannedItem",
    "Plant",
    "ProjectResult",
    "ProjectTarget",
    "Shortfall",
    "ThreePublic",
]


@dataclass(frozen=True, slots=True)
class PlannedItem:
    """What a department usually spends under one 项: relative sizes, not amounts."""

    code: str
    basic: float = 0
    project: float = 0


@dataclass(frozen=True, slots=True)
class IndicatorTarget:
    """One indicator of a project. ``sign`` is ≥, ≤, = or empty for a target in words."""

    level1: str
    level2: str
    level3: str
    sign: str
    target: str
    measure: str = ""  # the unit printed after the figure: 公里, %, 人次 …
    fulfilled: str = ""  # how a target in words is said to be met

    @property
    def printed(self) -> str:
        return f"{self.sign}{self.target}{self.measure}"


@dataclass(frozen=True, slots=True)
class ProjectTarget:
    """A project as a budget describes it. ``work`` is the noun its sentences use."""

    name: str
    work: str
    goal: str
    achieved: str
    indicators: tuple[IndicatorTarget, ...]


@dataclass(frozen=True, slots=True)
class Department:
    """A fictitious issuer. ``scale`` is its yearly spending in the unit it reports in; ``within`` is the
    department whose figures cover its own, if one of the corpus does."""

    name: str
    short: str  # how it calls itself in running text
    level: Literal["central", "provincial", "municipal", "county"]
    kind: Literal["部门", "单位"]
    code: str
    unit: Literal["元", "万元", "亿元"]
    scale: float
    duties: tuple[str, ...]
    divisions: tuple[str, ...]
    subordinates: tuple[str, ...]
    items: tuple[PlannedItem, ...]
    projects: tuple[ProjectTarget, ...]
    laws: tuple[tuple[str, str | None], ...]
    evaluation: Literal["central", "provincial", "municipal"]
    within: Department | None = None


@dataclass(frozen=True, slots=True)
class ThreePublic:
    """“三公”经费: abroad 因公出国（境）, purchase and operation of vehicles, reception 公务接待."""

    abroad: int
    purchase: int
    operation: int
    reception: int

    @property
    def vehicles(self) -> int:
        return self.purchase + self.operation

    @property
    def total(self) -> int:
        return self.abroad + self.vehicles + self.reception


@dataclass(frozen=True, slots=True)
class BudgetItem:
    """One 项 of a budget: this year's appropriation, carry-over and other money, by purpose."""

    code: str
    government_fund: bool
    fiscal_basic: int
    fiscal_project: int
    carry_fiscal: int
    business: int
    other: int
    previous: int  # executed last year from appropriations

    @property
    def fiscal(self) -> int:
        return self.fiscal_basic + self.fiscal_project

    @property
    def project(self) -> int:
        return self.fiscal_project + self.carry_fiscal + self.business + self.other

    @property
    def total(self) -> int:
        return self.fiscal_basic + self.project


@dataclass(frozen=True, slots=True)
class AccountItem:
    """One 项 of final accounts: what was spent, from what, and what came in for it."""

    code: str
    government_fund: bool
    fiscal_basic: int
    fiscal_project: int
    other_basic: int
    other_project: int
    income_fiscal: int
    income_business: int
    income_other: int
    initial: int  # 年初预算, from appropriations

    @property
    def fiscal(self) -> int:
        return self.fiscal_basic + self.fiscal_project

    @property
    def basic(self) -> int:
        return self.fiscal_basic + self.other_basic

    @property
    def project(self) -> int:
        return self.fiscal_project + self.other_project

    @property
    def total(self) -> int:
        return self.basic + self.project

    @property
    def income(self) -> int:
        return self.income_fiscal + self.income_business + self.income_other


@dataclass(frozen=True, slots=True)
class Budget:
    year: int
    items: tuple[BudgetItem, ...]
    economic: dict[str, int]  # 部门预算支出经济分类 → basic expenditure
    three_public: ThreePublic


@dataclass(frozen=True, slots=True)
class Accounts:
    year: int
    items: tuple[AccountItem, ...]
    carry_in_general: int
    carry_in_fund: int
    carry_in_other: int
    economic: dict[str, int]
    three_public_budget: ThreePublic
    three_public: ThreePublic


@dataclass(frozen=True, slots=True)
class Shortfall:
    """Why something fell short and what will be done about it; ``issue`` is the shared theme."""

    issue: str
    cause: str
    measure: str


@dataclass(frozen=True, slots=True)
class IndicatorResult:
    """``weight`` and ``score`` are hundredths of a point; ``score`` is None in a budget.

    ``question`` names the check that asks about the result, where one is planted.
    """

    target: IndicatorTarget
    weight: int
    actual: str | None = None
    score: int | None = None
    shortfall: Shortfall | None = None
    question: str | None = None


@dataclass(frozen=True, slots=True)
class ProjectResult:
    """A project's money and indicators in one year.

    Each fund is (source as printed, initial, full, executed); full and executed are None in
    a budget. ``prose`` are the problems told in running text, with their measures.
    """

    target: ProjectTarget
    implementing_unit: str
    funds: tuple[tuple[str, int, int | None, int | None], ...]
    indicators: tuple[IndicatorResult, ...]
    execution_weight: int
    prose: tuple[Shortfall, ...] = ()
    scope: Literal["project", "department"] = "project"

    @property
    def initial(self) -> int:
        return sum(fund[1] for fund in self.funds)

    @property
    def full(self) -> int:
        return sum(fund[2] or 0 for fund in self.funds)

    @property
    def executed(self) -> int:
        return sum(fund[3] or 0 for fund in self.funds)

    @property
    def execution_score(self) -> int:
        """Hundredths of a point, rounded to a tenth of a point."""
        if not self.full:
            return 0
        tenths = (self.executed * self.execution_weight * 2 + self.full * 10) // (self.full * 20)
        return min(tenths * 10, self.execution_weight)

    @property
    def score(self) -> int:
        return self.execution_score + sum(result.score or 0 for result in self.indicators)


@dataclass(frozen=True, slots=True)
class Plant:
    """A contradiction to be printed: the figure at ``key`` is printed ``change`` too high."""

    kind: str
    key: str
    change: int


@dataclass(frozen=True, slots=True)
class Disclosure:
    """Everything one document says. Exactly one of ``budget`` and ``accounts`` is set."""

    department: Department
    year: int
    budget: Budget | None = None
    accounts: Accounts | None = None
    previous_accounts: Accounts | None = None
    projects: tuple[ProjectResult, ...] = ()
    plants: tuple[Plant, ...] = ()
    seed: str = ""
    reasons: dict[str, Shortfall | None] = field(default_factory=dict)
    """Why an item's spending changed, by code; None where the text gives no reason."""

    @property
    def kind(self) -> str:
        """部门预算, 单位预算, 部门决算 or 单位决算."""
        return self.department.kind + ("预算" if self.budget else "决算")
