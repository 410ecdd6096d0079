"""The tables of a budget: 收支总表, 收入总表, 支出总表, 财政拨款收支总表 and what follows them."""

from __future__ import annotations

from collections.abc import Callable

from fiscalgraph.samples.codes import ACCOUNT_CLASSES, ECONOMIC_NAMES, FUNCTIONAL_NAMES, numeral
from fiscalgraph.samples.composer import Composer, header_rows, percent, ratio
from fiscalgraph.samples.model import Budget, BudgetItem
from fiscalgraph.samples.printed import Fact, PrintedCell, PrintedRow, PrintedTable
from fiscalgraph.samples.tables_accounts import (
    Half,
    join_halves,
    three_public_columns,
    three_public_row,
    two_halves,
)
from fiscalgraph.samples.tables_common import Column, code_table, hierarchy, money_facts

__all__ = ["budget_tables"]


def budget_tables(composer: Composer) -> list[PrintedTable]:
    """All nine tables in their usual order."""
    budget = composer.disclosure.budget
    if budget is None:
        raise ValueError("budget tables of final accounts")
    return [
        _total_table(composer, budget),
        _income_by_code(composer, budget)
        if composer.variant.income_by_code
        else _income_row(composer, budget),
        _expenditure_table(composer, budget),
        _fiscal_total_table(composer, budget),
        _general_table(composer, budget),
        _basic_table(composer, budget),
        _three_public_table(composer, budget),
        _fund_table(composer, budget),
        _state_capital_table(composer),
    ]


def _by_code(items: tuple[BudgetItem, ...], value: Callable[[BudgetItem], int]) -> dict[str, int]:
    return hierarchy({item.code: value(item) for item in items})


def _listed(amounts: dict[str, int]) -> list[str]:
    return [code for code, value in sorted(amounts.items()) if code and value]


def _title(composer: Composer, rest: str) -> str:
    return composer.disclosure.department.kind + rest


def _classes(composer: Composer, amounts: dict[str, int]) -> list[str]:
    return [code for code in ACCOUNT_CLASSES if composer.variant.all_classes or amounts.get(code)]


def _general(budget: Budget) -> tuple[BudgetItem, ...]:
    return tuple(item for item in budget.items if not item.government_fund)


def _funds(budget: Budget) -> tuple[BudgetItem, ...]:
    return tuple(item for item in budget.items if item.government_fund)


def _total_table(composer: Composer, budget: Budget) -> PrintedTable:
    cell = composer.cell
    items = budget.items
    sources = (
        ("一般公共预算拨款收入", sum(item.fiscal for item in _general(budget))),
        ("政府性基金预算拨款收入", sum(item.fiscal for item in _funds(budget))),
        ("国有资本经营预算拨款收入", 0),
        ("事业收入", sum(item.business for item in items)),
        ("事业单位经营收入", 0),
        ("其他收入", sum(item.other for item in items)),
    )
    income = sum(amount for _, amount in sources)
    carried = sum(item.carry_fiscal for item in items)
    spent = _by_code(items, lambda item: item.total)
    left: Half = [
        (f"{numeral(n)}、{name}", (cell(amount),), False) for n, (name, amount) in enumerate(sources, 1)
    ]
    right: Half = [
        (f"{numeral(n)}、{FUNCTIONAL_NAMES[code]}", (cell(spent.get(code, 0)),), False)
        for n, code in enumerate(_classes(composer, spent), 1)
    ]
    left, right = join_halves(
        left,
        right,
        (
            [
                ("本年收入合计", (cell(income),), True),
                ("上年结转", (cell(carried),), False),
                ("收入总计", (cell(income + carried),), True),
            ],
            [
                ("本年支出合计", (cell(spent[""]),), True),
                ("结转下年", (cell(0),), False),
                ("支出总计", (cell(income + carried),), True),
            ],
        ),
    )
    return two_halves(
        composer,
        title=_title(composer, "收支总表"),
        number="公开表1",
        income=left,
        expenditure=right,
        income_columns=("预算数",),
        expenditure_columns=("预算数",),
        notes=(),
        numbered=False,
    )


def _income_columns(budget: Budget) -> list[tuple[tuple[str, ...], Callable[[BudgetItem], int]]]:
    return [
        (("合计",), lambda item: item.total),
        (("上年结转",), lambda item: item.carry_fiscal),
        (("一般公共预算拨款收入",), lambda item: 0 if item.government_fund else item.fiscal),
        (("政府性基金预算拨款收入",), lambda item: item.fiscal if item.government_fund else 0),
        (("国有资本经营预算拨款收入",), lambda item: 0),
        (("事业收入",), lambda item: item.business),
        (("其他收入",), lambda item: item.other),
    ]


def _income_by_code(composer: Composer, budget: Budget) -> PrintedTable:
    columns: list[Column] = [(path, _by_code(budget.items, value)) for path, value in _income_columns(budget)]
    return code_table(
        composer,
        title=_title(composer, "收入总表"),
        number="公开表2",
        columns=columns,
        codes=_listed(_by_code(budget.items, lambda item: item.total)),
    )


def _income_row(composer: Composer, budget: Budget) -> PrintedTable:
    """One row of sources without codes."""
    title = _title(composer, "收入总表")
    columns = _income_columns(budget)
    header = header_rows([path for path, _ in columns])
    cells, facts = [], list[Fact]()
    for path, value in columns:
        printed = composer.cell(sum(value(item) for item in budget.items))
        cells.append(PrintedCell(printed, align="right"))
        facts += money_facts(composer, "totals", title, {"side": None, "item": None}, "/".join(path), printed)
    return PrintedTable(
        rows=(*header, PrintedRow(tuple(cells), tuple(facts))),
        header_rows=len(header),
        widths=(1,) * len(columns),
        title=title,
        number="公开表2",
        left_caption=composer.word("caption_issuer") + composer.disclosure.department.name,
        right_caption=composer.word("caption_unit") + composer.unit,
        wide=True,
    )


def _expenditure_table(composer: Composer, budget: Budget) -> PrintedTable:
    items = budget.items
    totals = _by_code(items, lambda item: item.total)
    return code_table(
        composer,
        title=_title(composer, "支出总表"),
        number="公开表3",
        codes=_listed(totals),
        columns=[
            (("合计",), totals),
            (("基本支出",), _by_code(items, lambda item: item.fiscal_basic)),
            (("项目支出",), _by_code(items, lambda item: item.project)),
            (("上缴上级支出",), {}),
            (("事业单位经营支出",), {}),
            (("对附属单位补助支出",), {}),
        ],
    )


def _fiscal_total_table(composer: Composer, budget: Budget) -> PrintedTable:
    cell = composer.cell
    general, funds = _general(budget), _funds(budget)
    now = (sum(item.fiscal for item in general), sum(item.fiscal for item in funds), 0)
    before = (sum(item.carry_fiscal for item in general), sum(item.carry_fiscal for item in funds), 0)
    names = ("一般公共预算拨款", "政府性基金预算拨款", "国有资本经营预算拨款")
    spent = _by_code(budget.items, lambda item: item.fiscal + item.carry_fiscal)

    def sources(amounts: tuple[int, ...]) -> Half:
        pairs = enumerate(zip(names, amounts, strict=True), 1)
        return [(f"（{numeral(n)}）{name}", (cell(amount),), False) for n, (name, amount) in pairs]

    left: Half = [
        ("一、本年收入", (cell(sum(now)),), False),
        *sources(now),
        ("二、上年结转", (cell(sum(before)),), False),
        *sources(before),
    ]
    right: Half = [("一、本年支出", (cell(spent[""]),), False)]
    right += [
        (f"（{numeral(n)}）{FUNCTIONAL_NAMES[code]}", (cell(spent.get(code, 0)),), False)
        for n, code in enumerate(_classes(composer, spent), 1)
    ]
    right.append(("二、结转下年", (cell(0),), False))
    total = (cell(spent[""]),)
    left, right = join_halves(left, right, ([("收入总计", total, True)], [("支出总计", total, True)]))
    return two_halves(
        composer,
        title="财政拨款收支总表",
        number="公开表4",
        income=left,
        expenditure=right,
        notes=(),
        income_columns=("预算数",),
        expenditure_columns=("预算数",),
        numbered=False,
    )


def _general_table(composer: Composer, budget: Budget) -> PrintedTable:
    items = _general(budget)
    year = composer.year
    totals = _by_code(items, lambda item: item.fiscal)
    before = _by_code(items, lambda item: item.previous)
    true = dict(totals)
    facts: dict[str, tuple[Fact, ...]] = {}
    for item in items:
        key = f"general/{item.code}/total"
        if composer.plant(key):
            wrong = composer.planted(true[item.code], key)
            change = wrong - true[item.code]
            parents = [true[item.code[:length]] for length in (5, 3)] + [true[""]]
            delta = true[item.code] - before[item.code]
            facts[item.code] = composer.contradiction(
                key,
                composer.money(wrong),
                composer.money(true[item.code]),
                f"一般公共预算支出表{item.code}：小计与基本支出、项目支出之和不符",
                optional=[
                    *(("sum_mismatch", composer.money(p), composer.money(p + change)) for p in parents),
                    ("sum_mismatch", composer.money(delta), composer.money(delta + change)),
                ],
            )
            totals[item.code] = wrong
    this_year = f"{year}年预算数"
    columns: list[Column] = [
        ((this_year, "小计"), totals),
        ((this_year, "基本支出"), _by_code(items, lambda item: item.fiscal_basic)),
        ((this_year, "项目支出"), _by_code(items, lambda item: item.fiscal_project)),
    ]
    if composer.variant.wording % 3 != 1:  # with a comparison to the year before
        changes = {code: true[code] - before.get(code, 0) for code in true}
        rates = {
            code: percent(ratio(changes[code], before[code]) if changes[code] else 0)
            for code in true
            if before.get(code)
        }
        compared = f"{year}年预算数比{year - 1}年执行数"
        columns = [
            *columns[:1],
            *columns[1:],
            ((f"{year - 1}年执行数",), before),
            ((compared, "增减额"), changes),
            ((compared, "增减(%)"), rates),
        ]
    return code_table(
        composer,
        title="一般公共预算支出表",
        number="公开表5",
        group="功能分类科目",
        columns=columns,
        codes=_listed(true),
        extra_facts=facts,
    )


def _basic_table(composer: Composer, budget: Budget) -> PrintedTable:
    sums = hierarchy(budget.economic, (3,))
    staff = {code: value for code, value in sums.items() if code[:3] in ("301", "303")}
    public = {code: value for code, value in sums.items() if code and code not in staff}
    staff[""] = staff.get("301", 0) + staff.get("303", 0)
    public[""] = sums[""] - staff[""]
    group = f"{composer.year}年基本支出"
    return code_table(
        composer,
        title="一般公共预算基本支出表",
        number="公开表6",
        group="部门预算支出经济分类科目",
        columns=[((group, "合计"), sums), ((group, "人员经费"), staff), ((group, "公用经费"), public)],
        names=ECONOMIC_NAMES,
        codes=sorted(code for code in sums if code),
        code_word="economic_code",
    )


def _three_public_table(composer: Composer, budget: Budget) -> PrintedTable:
    title = "一般公共预算“三公”经费支出表"
    paths = three_public_columns(composer, f"{composer.year}年预算数")
    printed = [
        composer.cell(value) for value in three_public_row(composer, budget.three_public, planted=True)
    ]
    facts: list[Fact] = []
    for path, text in zip(paths, printed, strict=True):
        facts += money_facts(composer, "totals", title, {"side": None, "item": None}, "/".join(path), text)
    facts += composer.contradiction(
        "three_public/total",
        printed[0],
        composer.money(budget.three_public.total),
        "“三公”经费预算数合计与各分项之和不符",
    )
    header = header_rows(paths)
    return PrintedTable(
        rows=(*header, PrintedRow(tuple(PrintedCell(text, align="right") for text in printed), tuple(facts))),
        header_rows=len(header),
        widths=(1,) * len(paths),
        title=title,
        number="公开表7",
        left_caption=composer.word("caption_issuer") + composer.disclosure.department.name,
        right_caption=composer.word("caption_unit") + composer.unit,
    )


def _fund_table(composer: Composer, budget: Budget) -> PrintedTable:
    items = _funds(budget)
    group = f"{composer.year}年政府性基金预算支出"
    totals = _by_code(items, lambda item: item.fiscal) if items else {}
    name = composer.disclosure.department.name
    return code_table(
        composer,
        title="政府性基金预算支出表",
        number="公开表8",
        codes=_listed(totals),
        columns=[
            ((group, "合计"), totals),
            ((group, "基本支出"), _by_code(items, lambda item: item.fiscal_basic) if items else {}),
            ((group, "项目支出"), _by_code(items, lambda item: item.fiscal_project) if items else {}),
        ],
        notes=() if items else (f"注：{name}{composer.year}年未安排政府性基金预算支出，本表为空表。",),
    )


def _state_capital_table(composer: Composer) -> PrintedTable:
    group = f"{composer.year}年国有资本经营预算支出"
    name = composer.disclosure.department.name
    return code_table(
        composer,
        title="国有资本经营预算支出表",
        number="公开表9",
        codes=[],
        columns=[((group, label), {}) for label in ("合计", "基本支出", "项目支出")],
        notes=(f"注：{name}{composer.year}年未安排国有资本经营预算支出，本表为空表。",),
    )
