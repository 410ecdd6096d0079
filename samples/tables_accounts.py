"""The nine tables of final accounts (公开01表 … 公开09表)."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from fiscalgraph.samples.codes import ACCOUNT_CLASSES, ECONOMIC_NAMES, FUNCTIONAL_NAMES, numeral
from fiscalgraph.samples.composer import Composer, header_rows
from fiscalgraph.samples.model import AccountItem, Accounts, ThreePublic
from fiscalgraph.samples.printed import Fact, PrintedCell, PrintedRow, PrintedTable
from fiscalgraph.samples.tables_common import code_table, hierarchy, money_facts, numbers_row

__all__ = ["account_tables", "three_public_columns", "three_public_row"]

Half = list[tuple[str, tuple[str, ...], bool]]
"""Lines of one half of a 收支总表: item, printed amounts, whether the line is a sum."""


def account_tables(composer: Composer) -> list[PrintedTable]:
    """All nine tables in official order."""
    accounts = composer.disclosure.accounts
    if accounts is None:
        raise ValueError("final accounts tables of a budget")
    return [
        _total_table(composer, accounts),
        _income_table(composer, accounts),
        _expenditure_table(composer, accounts),
        _fiscal_total_table(composer, accounts),
        _general_table(composer, accounts),
        _basic_table(composer, accounts),
        _fund_table(composer, accounts),
        _state_capital_table(composer),
        _three_public_table(composer, accounts),
    ]


def _by_code(items: tuple[AccountItem, ...], value: Callable[[AccountItem], int]) -> dict[str, int]:
    return hierarchy({item.code: value(item) for item in items})


def _class_lines(composer: Composer, amounts: Mapping[str, tuple[int, ...]], width: int) -> Half:
    """Expenditure lines by functional class, all of them or those with money."""
    listed = [code for code in ACCOUNT_CLASSES if composer.variant.all_classes or code in amounts]
    blank = (0,) * width
    return [
        (
            f"{numeral(position)}、{FUNCTIONAL_NAMES[code]}",
            tuple(composer.cell(value) for value in amounts.get(code, blank)),
            False,
        )
        for position, code in enumerate(listed, 1)
    ]


def two_halves(
    composer: Composer,
    *,
    title: str,
    number: str,
    income: Half,
    expenditure: Half,
    income_columns: tuple[str, ...],
    expenditure_columns: tuple[str, ...],
    notes: tuple[str, ...],
    numbered: bool,
) -> PrintedTable:
    """Income and expenditure side by side; ``numbered`` adds 行次 columns and a 栏次 row."""
    words = composer.word("sides").split("|")
    sides = (("收入", words[0], income, income_columns), ("支出", words[1], expenditure, expenditure_columns))
    paths: list[tuple[str, ...]] = []
    for _, word, _, names in sides:
        paths += [(word, composer.word("item"))]
        paths += [(word, "行次")] if numbered else []
        paths += [(word, name) for name in names]
    header = header_rows(paths)
    height = max(len(income), len(expenditure))
    if numbered:
        cells, column = [], 0
        for _, _, _, names in sides:
            cells += [PrintedCell("栏次", align="center"), PrintedCell("")]
            for _ in names:
                column += 1
                cells.append(PrintedCell(str(column), align="center"))
        header.append(PrintedRow(tuple(cells)))
    rows = []
    for index in range(height):
        cells = []
        facts: list[Fact] = []
        for offset, (side, _, lines, names) in enumerate(sides):
            item, amounts, is_sum = lines[index] if index < len(lines) else ("", ("",) * len(names), False)
            cells.append(PrintedCell(item, align="center" if is_sum else "left", bold=is_sum))
            if numbered:
                cells.append(PrintedCell(str(index + 1 + offset * height), align="center"))
            for name, printed in zip(names, amounts, strict=True):
                cells.append(PrintedCell(printed, align="right"))
                labels: dict[str, object] = {"side": side, "item": item.replace(" ", "")}
                facts += money_facts(composer, "totals", title, labels, name, printed)
        rows.append(PrintedRow(tuple(cells), tuple(facts)))
    widths: list[float] = []
    for _, _, _, names in sides:
        widths += [3.2] + ([0.6] if numbered else []) + [1.5] * len(names)
    return PrintedTable(
        rows=(*header, *rows),
        header_rows=len(header),
        widths=tuple(widths),
        title=title,
        number=number,
        left_caption=composer.word("caption_issuer") + composer.disclosure.department.name,
        right_caption=composer.word("caption_unit") + composer.unit,
        notes=notes,
        wide=len(expenditure_columns) > 1,
    )


def join_halves(income: Half, expenditure: Half, tail: tuple[Half, Half]) -> tuple[Half, Half]:
    """Both halves filled with empty lines to one height, then their closing lines."""
    height = max(len(income), len(expenditure))
    blanks = [("", ("",) * len(half[0][1]), False) for half in (income, expenditure)]
    left = income + [blanks[0]] * (height - len(income)) + tail[0]
    right = expenditure + [blanks[1]] * (height - len(expenditure)) + tail[1]
    return left, right


def _total_table(composer: Composer, accounts: Accounts) -> PrintedTable:
    cell = composer.cell
    items = accounts.items
    general = sum(item.income_fiscal for item in items if not item.government_fund)
    fund = sum(item.income_fiscal for item in items if item.government_fund)
    income = sum(item.income for item in items)
    spent = sum(item.total for item in items)
    carry_in = accounts.carry_in_general + accounts.carry_in_fund + accounts.carry_in_other
    sources = (
        general,
        fund,
        0,
        0,
        sum(item.income_business for item in items),
        0,
        0,
        sum(item.income_other for item in items),
    )
    names = (
        "一般公共预算财政拨款收入",
        "政府性基金预算财政拨款收入",
        "国有资本经营预算财政拨款收入",
        "上级补助收入",
        "事业收入",
        "经营收入",
        "附属单位上缴收入",
        "其他收入",
    )
    left: Half = [
        (f"{numeral(n)}、{name}", (cell(v),), False)
        for n, (name, v) in enumerate(zip(names, sources, strict=True), 1)
    ]
    by_class = {
        code: (value,) for code, value in _by_code(items, lambda i: i.total).items() if len(code) == 3
    }
    right = _class_lines(composer, by_class, 1)
    grand = composer.word("grand_total")
    left, right = join_halves(
        left,
        right,
        (
            [
                ("本年收入合计", (cell(income),), True),
                ("使用非财政拨款结余", (cell(0),), False),
                ("年初结转和结余", (cell(carry_in),), False),
                (grand, (cell(income + carry_in),), True),
            ],
            [
                ("本年支出合计", (cell(spent),), True),
                ("结余分配", (cell(0),), False),
                ("年末结转和结余", (cell(income + carry_in - spent),), False),
                (grand, (cell(income + carry_in),), True),
            ],
        ),
    )
    amount = composer.word("account_amount")
    return two_halves(
        composer,
        title="收入支出决算总表",
        number="公开01表",
        income=left,
        expenditure=right,
        income_columns=(amount,),
        expenditure_columns=(amount,),
        numbered=composer.variant.line_numbers,
        notes=("注：本表汇总列示本年度全部收支及年末结转结余。",),
    )


def _income_table(composer: Composer, accounts: Accounts) -> PrintedTable:
    items = accounts.items
    return code_table(
        composer,
        title="收入决算表",
        number="公开02表",
        group=composer.word("item"),
        columns=[
            (("本年收入合计",), _by_code(items, lambda item: item.income)),
            (("财政拨款收入",), _by_code(items, lambda item: item.income_fiscal)),
            (("上级补助收入",), {}),
            (("事业收入",), _by_code(items, lambda item: item.income_business)),
            (("经营收入",), {}),
            (("附属单位上缴收入",), {}),
            (("其他收入",), _by_code(items, lambda item: item.income_other)),
        ],
        codes=[
            code
            for code, value in sorted(_by_code(items, lambda item: item.income).items())
            if code and value
        ],
        notes=("注：本表列示本年度各项收入。",),
    )


def _expenditure_table(composer: Composer, accounts: Accounts) -> PrintedTable:
    items = accounts.items
    totals = _by_code(items, lambda item: item.total)
    return code_table(
        composer,
        title="支出决算表",
        number="公开03表",
        group=composer.word("item"),
        columns=[
            (("本年支出合计",), totals),
            (("基本支出",), _by_code(items, lambda item: item.basic)),
            (("项目支出",), _by_code(items, lambda item: item.project)),
            (("上缴上级支出",), {}),
            (("经营支出",), {}),
            (("对附属单位补助支出",), {}),
        ],
        codes=[code for code, value in sorted(totals.items()) if code and value],
        notes=("注：本表列示本年度各项支出。",),
    )


def _fiscal_total_table(composer: Composer, accounts: Accounts) -> PrintedTable:
    cell = composer.cell
    general = tuple(item for item in accounts.items if not item.government_fund)
    fund = tuple(item for item in accounts.items if item.government_fund)
    income = (sum(item.income_fiscal for item in general), sum(item.income_fiscal for item in fund))
    spent = (sum(item.fiscal for item in general), sum(item.fiscal for item in fund))
    carry_in = (accounts.carry_in_general, accounts.carry_in_fund)
    sources = ("一般公共预算财政拨款", "政府性基金预算财政拨款", "国有资本经营预算财政拨款")
    left: Half = [
        (f"{numeral(n)}、{name}", (cell(value),), False)
        for n, (name, value) in enumerate(zip(sources, (*income, 0), strict=True), 1)
    ]
    by_general = _by_code(general, lambda item: item.fiscal)
    by_fund = _by_code(fund, lambda item: item.fiscal)
    by_class = {
        code: (
            by_general.get(code, 0) + by_fund.get(code, 0),
            by_general.get(code, 0),
            by_fund.get(code, 0),
            0,
        )
        for code in ACCOUNT_CLASSES
        if by_general.get(code, 0) + by_fund.get(code, 0)
    }
    right = _class_lines(composer, by_class, 4)
    total = sum(income) + sum(carry_in)
    grand = composer.word("grand_total")

    def four(values: tuple[int, int]) -> tuple[str, ...]:
        return tuple(cell(value) for value in (sum(values), *values, 0))

    left_over = (income[0] + carry_in[0] - spent[0], income[1] + carry_in[1] - spent[1])
    whole = (income[0] + carry_in[0], income[1] + carry_in[1])
    empty = ("",) * 4
    left, right = join_halves(
        left,
        right,
        (
            [
                ("本年收入合计", (cell(sum(income)),), True),
                ("年初财政拨款结转和结余", (cell(sum(carry_in)),), False),
                ("一般公共预算财政拨款", (cell(carry_in[0]),), False),
                ("政府性基金预算财政拨款", (cell(carry_in[1]),), False),
                ("国有资本经营预算财政拨款", (cell(0),), False),
                (grand, (cell(total),), True),
            ],
            [
                ("本年支出合计", four(spent), True),
                ("年末财政拨款结转和结余", four(left_over), False),
                ("", empty, False),
                ("", empty, False),
                ("", empty, False),
                (grand, four(whole), True),
            ],
        ),
    )
    return two_halves(
        composer,
        title="财政拨款收入支出决算总表",
        number="公开04表",
        income=left,
        expenditure=right,
        income_columns=(composer.word("account_amount"),),
        expenditure_columns=("合计", *sources),
        numbered=composer.variant.line_numbers,
        notes=("注：本表汇总列示本年度财政拨款收支及结转结余。",),
    )


def _general_table(composer: Composer, accounts: Accounts) -> PrintedTable:
    items = tuple(item for item in accounts.items if not item.government_fund)
    totals = _by_code(items, lambda item: item.fiscal)
    facts: dict[str, tuple[Fact, ...]] = {}
    for item in items:
        key = f"general/{item.code}/total"
        if composer.plant(key):
            true, wrong = totals[item.code], composer.planted(totals[item.code], key)
            change = wrong - true
            parents = [totals[item.code[:length]] for length in (5, 3)] + [totals[""]]
            facts[item.code] = composer.contradiction(
                key,
                composer.money(wrong),
                composer.money(true),
                f"一般公共预算财政拨款支出决算表{item.code}：小计与基本支出、项目支出之和不符",
                optional=[("sum_mismatch", composer.money(p), composer.money(p + change)) for p in parents],
            )
            totals[item.code] = wrong
    return code_table(
        composer,
        title="一般公共预算财政拨款支出决算表",
        number="公开05表",
        group=composer.word("item"),
        columns=[
            (("本年支出", "小计"), totals),
            (("本年支出", "基本支出"), _by_code(items, lambda item: item.fiscal_basic)),
            (("本年支出", "项目支出"), _by_code(items, lambda item: item.fiscal_project)),
        ],
        codes=[code for code, value in sorted(totals.items()) if code and value],
        notes=("注：本表列示本年度一般公共预算财政拨款支出。",),
        extra_facts=facts,
    )


def _basic_table(composer: Composer, accounts: Accounts) -> PrintedTable:
    """Three blocks of economic items side by side."""
    title = "一般公共预算财政拨款基本支出决算表"
    sums = hierarchy(accounts.economic, (3,))
    blocks = [
        [code for code in ECONOMIC_NAMES if code[:3] in classes]
        for classes in (("301", "303"), ("302",), ("307", "310", "399"))
    ]
    groups = ("人员经费", "公用经费", "公用经费")
    code, name, amount = composer.word("economic_code"), "科目名称", "决算数"
    header = header_rows([(group, label) for group in groups for label in (code, name, amount)])
    rows = []
    for index in range(max(len(block) for block in blocks)):
        cells: list[PrintedCell] = []
        facts: list[Fact] = []
        for group, block in zip(groups, blocks, strict=True):
            if index >= len(block):
                cells += [PrintedCell("")] * 3
                continue
            item = block[index]
            printed = composer.cell(sums.get(item, 0))
            cells += [
                PrintedCell(item),
                PrintedCell(ECONOMIC_NAMES[item], indent=int(len(item) > 3)),
                PrintedCell(printed, align="right"),
            ]
            labels: dict[str, object] = {"code": item, "name": ECONOMIC_NAMES[item]}
            facts += money_facts(composer, "lines", title, labels, f"{group}/{amount}", printed)
        rows.append(PrintedRow(tuple(cells), tuple(facts)))
    staff = sums.get("301", 0) + sums.get("303", 0)
    cells, facts = [], []
    for label, span, value in (("人员经费合计", 2, staff), ("公用经费合计", 5, sums[""] - staff)):
        printed = composer.cell(value)
        cells += [PrintedCell(label, 1, span, "center", True), PrintedCell(printed, align="right", bold=True)]
        labels = {"code": None, "name": label}
        facts += money_facts(composer, "lines", title, labels, f"{label[:4]}/{amount}", printed)
    rows.append(PrintedRow(tuple(cells), tuple(facts)))
    return PrintedTable(
        rows=(*header, *rows),
        header_rows=len(header),
        widths=(0.9, 2.6, 1.3) * 3,
        title=title,
        number="公开06表",
        left_caption=composer.word("caption_issuer") + composer.disclosure.department.name,
        right_caption=composer.word("caption_unit") + composer.unit,
        notes=("注：本表列示本年度一般公共预算财政拨款基本支出明细。",),
        wide=True,
    )


def _fund_table(composer: Composer, accounts: Accounts) -> PrintedTable:
    items = tuple(item for item in accounts.items if item.government_fund)
    title = "政府性基金预算财政拨款收入支出决算表"
    name = composer.disclosure.department.name
    spent = _by_code(items, lambda item: item.fiscal)
    # the carry-over is not split by item, so it goes to the (only) item of the funds
    share = {item.code: accounts.carry_in_fund if position == 0 else 0 for position, item in enumerate(items)}
    left_over = {item.code: share[item.code] + item.income_fiscal - item.fiscal for item in items}
    note = f"说明：{name}{composer.year}年度没有政府性基金收支，本表为空表。"
    columns = [
        (("年初结转和结余",), hierarchy(share) if items else {}),
        (("本年收入",), _by_code(items, lambda item: item.income_fiscal) if items else {}),
        (("本年支出", "小计"), spent if items else {}),
        (("本年支出", "基本支出"), _by_code(items, lambda item: item.fiscal_basic) if items else {}),
        (("本年支出", "项目支出"), _by_code(items, lambda item: item.fiscal_project) if items else {}),
        (("年末结转和结余",), hierarchy(left_over) if items else {}),
    ]
    if composer.variant.total_column_last:  # this table has no total column: keep the official order
        columns = [columns[-1], *columns[:-1]]
    return code_table(
        composer,
        title=title,
        number="公开07表",
        group=composer.word("item"),
        columns=columns,
        codes=sorted(code for code in spent if code) if items else [],
        notes=() if items else (note,),
    )


def _state_capital_table(composer: Composer) -> PrintedTable:
    name = composer.disclosure.department.name
    return code_table(
        composer,
        title="国有资本经营预算财政拨款支出决算表",
        number="公开08表",
        group=composer.word("item"),
        columns=[(("本年支出", label), {}) for label in ("合计", "基本支出", "项目支出")],
        codes=[],
        notes=(f"说明：{name}{composer.year}年度没有国有资本经营预算财政拨款支出，本表为空表。",),
    )


def three_public_columns(composer: Composer, block: str) -> list[tuple[str, ...]]:
    """Header paths of “三公” figures below ``block`` (预算数, 决算数, 2024年预算数)."""
    vehicles = composer.word("vehicles")
    running = vehicles.removeprefix("公务用车购置及")
    return [
        (block, "合计"),
        (block, "因公出国（境）费"),
        (block, vehicles, "小计"),
        (block, vehicles, "公务用车购置费"),
        (block, vehicles, f"公务用车{running}"),
        (block, "公务接待费"),
    ]


def three_public_row(composer: Composer, spent: ThreePublic, *, planted: bool) -> tuple[int, ...]:
    """The six figures in printed order; the total is the planted one where asked for."""
    total = composer.planted(spent.total, "three_public/total") if planted else spent.total
    return (total, spent.abroad, spent.vehicles, spent.purchase, spent.operation, spent.reception)


def _three_public_table(composer: Composer, accounts: Accounts) -> PrintedTable:
    title = "财政拨款“三公”经费支出决算表"
    paths = three_public_columns(composer, "预算数") + three_public_columns(composer, "决算数")
    values = three_public_row(composer, accounts.three_public_budget, planted=False) + three_public_row(
        composer, accounts.three_public, planted=True
    )
    printed = [composer.cell(value) for value in values]
    facts: list[Fact] = []
    for path, text in zip(paths, printed, strict=True):
        facts += money_facts(composer, "totals", title, {"side": None, "item": None}, "/".join(path), text)
    facts += composer.contradiction(
        "three_public/total",
        printed[6],
        composer.money(accounts.three_public.total),
        "“三公”经费决算数合计与各分项之和不符",
    )
    header = header_rows(paths)
    if composer.variant.line_numbers:
        header.append(numbers_row("1", 1, len(paths) - 1, 2))
    row = PrintedRow(tuple(PrintedCell(text, align="right") for text in printed), tuple(facts))
    return PrintedTable(
        rows=(*header, row),
        header_rows=len(header),
        widths=(1,) * len(paths),
        title=title,
        number="公开09表",
        left_caption=composer.word("caption_issuer") + composer.disclosure.department.name,
        right_caption=composer.word("caption_unit") + composer.unit,
        notes=("注：本表预算数为“三公”经费全年预算数，决算数含使用以前年度结转资金安排的支出。",),
        wide=True,
    )
