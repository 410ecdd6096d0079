"""Figures that obey the accounting identities, the same for every document of a department.

Everything is drawn from generators seeded with the department's name and the year, so that
the final accounts of a year quote the budget that was published for it, and a budget quotes
the execution of the year before.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from random import Random

from fiscalgraph.samples.codes import ECONOMIC_NAMES
from fiscalgraph.samples.model import (
    AccountItem,
    Accounts,
    Budget,
    BudgetItem,
    Department,
    ThreePublic,
)

__all__ = ["accounts_of", "apportion", "budget_of", "is_government_fund"]

_PERSONNEL = {
    "30101": 24,
    "30102": 30,
    "30103": 14,
    "30106": 1,
    "30107": 6,
    "30108": 9,
    "30109": 4,
    "30110": 4,
    "30112": 1,
    "30113": 9,
    "30199": 2,
    "30301": 1,
    "30302": 6,
    "30305": 1,
    "30307": 1,
    "30309": 0.2,
    "30399": 0.5,
}
_PUBLIC = {
    "30201": 9,
    "30202": 4,
    "30205": 1,
    "30206": 4,
    "30207": 3,
    "30209": 12,
    "30211": 8,
    "30213": 6,
    "30214": 3,
    "30215": 2,
    "30216": 2,
    "30218": 1,
    "30226": 5,
    "30227": 7,
    "30228": 7,
    "30229": 2,
    "30239": 11,
    "30299": 6,
    "31002": 3,
    "31003": 1,
    "31007": 1,
}


def is_government_fund(code: str) -> bool:
    """Whether an item is paid from government funds (政府性基金), not the general budget."""
    return code.startswith("22960")


def apportion(total: int, weights: Sequence[float]) -> list[int]:
    """``total`` in whole parts proportional to ``weights``; the parts add up exactly."""
    whole = sum(weights)
    if not weights or whole <= 0:
        return [0] * len(weights)
    parts = [int(total * weight / whole) for weight in weights]
    largest = max(range(len(weights)), key=lambda index: weights[index])
    parts[largest] += total - sum(parts)
    return parts


def _random(department: Department, year: int, purpose: str) -> Random:
    return Random(f"{department.name}/{department.scale}/{year}/{purpose}")


def _initial(department: Department, year: int) -> dict[str, tuple[int, int]]:
    """The year's appropriations as budgeted: code → (basic, project)."""
    random = _random(department, year, "initial")
    growth = 0.9 + 0.05 * ((year - 2019) % 5) + random.uniform(0, 0.05)
    return {
        item.code: (
            int(department.scale * item.basic * growth * random.uniform(0.93, 1.07)),
            int(department.scale * item.project * growth * random.uniform(0.85, 1.15)),
        )
        for item in department.items
    }


def _three_public(random: Random, basic: int, whole: ThreePublic | None) -> ThreePublic:
    """What is planned; nothing is where ``whole``, which covers it, plans nothing."""
    ceiling = max(basic // 60, 8)
    abroad, purchase = random.choice((0, ceiling // 4, ceiling // 3)), random.choice((0, 0, ceiling // 3))
    return ThreePublic(
        abroad=abroad if whole is None or whole.abroad else 0,
        purchase=purchase if whole is None or whole.purchase else 0,
        operation=max(int(ceiling * random.uniform(0.3, 0.5)), 1),
        reception=max(int(ceiling * random.uniform(0.02, 0.1)), 1),
    )


def _economic(
    random: Random, basic: int, spent: ThreePublic, whole: Mapping[str, int] | None
) -> dict[str, int]:
    """Basic expenditure by economic item; agrees with “三公” where both print an item, and has no item
    that ``whole``, which covers it, has not."""
    public = int(basic * random.uniform(0.16, 0.24))
    fixed = {"30217": spent.reception, "30231": spent.operation}
    if spent.abroad:
        fixed["30212"] = spent.abroad
    used = {
        code: weight * random.uniform(0.6, 1.5) for code, weight in _PUBLIC.items() if random.random() < 0.85
    }
    used.setdefault("30299", 6.0)
    if whole is not None:
        used = {code: weight for code, weight in used.items() if code in whole}
    staff = {code: weight * random.uniform(0.7, 1.3) for code, weight in _PERSONNEL.items()}
    rest = max(public - sum(fixed.values()), 0)
    amounts = dict(zip(used, apportion(rest, list(used.values())), strict=True)) | fixed
    personnel = basic - sum(amounts.values())
    amounts |= dict(zip(staff, apportion(personnel, list(staff.values())), strict=True))
    return {code: amounts[code] for code in ECONOMIC_NAMES if amounts.get(code)}


def _basic_total(items: Mapping[str, int]) -> int:
    return sum(amount for code, amount in items.items() if not is_government_fund(code))


def accounts_of(department: Department, year: int) -> Accounts:
    """The final accounts (决算) of a department for ``year``."""
    random = _random(department, year, "accounts")
    items = []
    for index, (code, (basic, project)) in enumerate(_initial(department, year).items()):
        spent_basic = int(basic * random.uniform(0.92, 1.06))
        spent_project = int(project * random.uniform(0.68, 1.12))
        other_basic = int(spent_basic * random.uniform(0.02, 0.08)) if random.random() < 0.2 else 0
        other_project = int(spent_project * random.uniform(0.05, 0.25)) if random.random() < 0.35 else 0
        if is_government_fund(code):
            other_basic = other_project = 0
        fiscal_income = int((spent_basic + spent_project) * random.uniform(0.98, 1.07))
        business = int((other_basic + other_project) * random.uniform(0.3, 0.7))
        items.append(
            AccountItem(
                code=code,
                government_fund=is_government_fund(code),
                fiscal_basic=spent_basic,
                fiscal_project=spent_project,
                other_basic=other_basic,
                other_project=other_project,
                income_fiscal=fiscal_income,
                income_business=business if index % 2 else 0,
                income_other=int((other_basic + other_project) * random.uniform(0.6, 1.1)),
                # now and then an item gets its money only during the year
                initial=0 if index == 2 and random.random() < 0.3 else basic + project,
            )
        )

    def needed(fund: bool) -> int:
        spent = sum(item.fiscal for item in items if item.government_fund is fund)
        received = sum(item.income_fiscal for item in items if item.government_fund is fund)
        reserve = int(spent * random.uniform(0.03, 0.12))
        return max(spent - received, 0) + reserve

    other_spent = sum(item.other_basic + item.other_project for item in items)
    other_income = sum(item.income_business + item.income_other for item in items)
    basic_total = _basic_total({item.code: item.fiscal_basic for item in items})
    whole = accounts_of(department.within, year) if department.within else None
    planned = _three_public(
        _random(department, year, "three public"), basic_total, whole.three_public_budget if whole else None
    )
    spent = ThreePublic(
        abroad=int(planned.abroad * random.uniform(0.5, 0.98)),
        purchase=int(planned.purchase * random.uniform(0.9, 1)),
        operation=max(int(planned.operation * random.uniform(0.7, 0.99)), 1),
        reception=max(int(planned.reception * random.uniform(0.3, 0.95)), 1),
    )
    return Accounts(
        year=year,
        items=tuple(items),
        carry_in_general=needed(False),
        carry_in_fund=needed(True),
        carry_in_other=max(other_spent - other_income, 0) + int(other_spent * random.uniform(0.1, 0.5)),
        economic=_economic(random, basic_total, spent, whole.economic if whole else None),
        three_public_budget=planned,
        three_public=spent,
    )


def budget_of(department: Department, year: int) -> Budget:
    """The budget (预算) of a department for ``year``."""
    random = _random(department, year, "budget")
    before = {item.code: item for item in accounts_of(department, year - 1).items}
    items = []
    for code, (basic, project) in _initial(department, year).items():
        fund = is_government_fund(code)
        carries = not fund and bool(project) and random.random() < 0.4
        earns = not fund and bool(project) and random.random() < 0.25
        items.append(
            BudgetItem(
                code=code,
                government_fund=fund,
                fiscal_basic=basic,
                fiscal_project=project,
                carry_fiscal=int(project * random.uniform(0.03, 0.2)) if carries else 0,
                business=int(project * random.uniform(0.05, 0.1)) if earns else 0,
                other=int(project * random.uniform(0.02, 0.1)) if earns or random.random() < 0.1 else 0,
                previous=before[code].fiscal,
            )
        )
    basic_total = _basic_total({item.code: item.fiscal_basic for item in items})
    whole = budget_of(department.within, year) if department.within else None
    planned = _three_public(
        _random(department, year, "three public"), basic_total, whole.three_public if whole else None
    )
    economic = _economic(random, basic_total, planned, whole.economic if whole else None)
    return Budget(year, tuple(items), economic, planned)
