"""Running text: explanations of the figures, units, performance reviews, glossary."""

from __future__ import annotations

from collections.abc import Sequence

from fiscalgraph.samples.codes import FUNCTIONAL_NAMES, numeral
from fiscalgraph.samples.composer import Composer, percent, ratio
from fiscalgraph.samples.evaluation import ProjectTexts
from fiscalgraph.samples.model import Accounts, Budget, Shortfall, ThreePublic
from fiscalgraph.samples.printed import Fact, PrintedCell, PrintedRow, PrintedTable

__all__ = [
    "account_explanations",
    "budget_explanations",
    "glossary",
    "organization",
    "performance_review",
]

_PURPOSES = {
    "行政运行": "保障机关正常运转的人员经费和日常公用经费",
    "一般行政管理事务": "机关开展专项业务管理活动所需经费",
    "培训支出": "干部职工业务培训",
    "行政单位离退休": "机关离退休人员的各项待遇",
    "事业单位离退休": "事业单位离退休人员的各项待遇",
    "机关事业单位基本养老保险缴费支出": "为在职人员缴纳基本养老保险",
    "机关事业单位职业年金缴费支出": "为在职人员缴纳职业年金",
    "行政单位医疗": "机关人员医疗保障",
    "事业单位医疗": "事业单位人员医疗保障",
    "公务员医疗补助": "公务员医疗补助缴费",
    "住房公积金": "为职工缴存住房公积金",
    "提租补贴": "向职工发放提租补贴",
    "购房补贴": "向符合条件的职工发放购房补贴",
}
_MORE = (
    "年中按程序追加了相关经费",
    "人员正常增资带动支出增加",
    "新增任务经批准调增了预算",
    "上年结转资金在本年形成支出",
)
_LESS = (
    "严格控制一般性支出，压减了非刚性开支",
    "部分人员调离或退休，相应支出减少",
    "部分事项跨年实施，资金结转下年使用",
    "工作方式由线下调整为线上，节约了经费",
)


def organization(composer: Composer) -> None:
    """主要职责 and 机构设置: duties, internal divisions, subordinate units."""
    department = composer.disclosure.department
    whose = "单位" if department.kind == "单位" else "部门"
    composer.say("一、主要职责", "heading2")
    for number, duty in enumerate(department.duties, 1):
        composer.say(f"{number}.{duty}", "entry")
    composer.say("二、机构设置", "heading2")
    divisions = tuple(
        Fact("units", {"name": name, "relation": "internal_division"}) for name in department.divisions
    )
    listed = "、".join(department.divisions)
    composer.say(
        f"{department.short}内设{len(department.divisions)}个职能机构，分别为：{listed}。", "body", divisions
    )
    if not department.subordinates:
        composer.say(f"{department.short}无下属预算单位。")
        return
    phase = "预算" if composer.disclosure.budget else "决算"
    count = len(department.subordinates)
    scope = f"纳入{department.name}{composer.year}年度{whose}{phase}编制范围的预算单位共{count}个"
    facts = [
        Fact("units", {"name": name, "relation": "subordinate_unit"}) for name in department.subordinates
    ]
    style = composer.variant.units_as
    if style == "prose":
        composer.say(f"{scope}，包括：{'、'.join(department.subordinates)}。", "body", facts)
        return
    composer.say(f"{scope}，{'具体包括' if style == 'list' else '详见下表'}：")
    if style == "list":
        for number, (name, fact) in enumerate(zip(department.subordinates, facts, strict=True), 1):
            composer.say(f"{number}.{name}", "entry", (fact,))
        return
    head = PrintedRow((PrintedCell("序号", align="center"), PrintedCell("单位名称", align="center")))
    rows = [
        PrintedRow((PrintedCell(str(number), align="center"), PrintedCell(name)), (fact,))
        for number, (name, fact) in enumerate(zip(department.subordinates, facts, strict=True), 1)
    ]
    table = PrintedTable((head, *rows), 1, (1, 5), title="", new_page=False)
    composer.blocks.append(table)


def _compared(composer: Composer, now: int, before: int) -> str:
    """增加…，增长…% against an earlier figure."""
    change = now - before
    if not change or not before:
        return "与上年持平"
    more, grown = ("增加", "增长") if change > 0 else ("减少", "下降")
    return f"{more}{composer.money(abs(change))}{composer.unit}，{grown}{percent(abs(ratio(change, before)))}"


def _reason(composer: Composer, code: str, more: bool) -> str | None:
    """Why an item's spending moved; one in four items states no reason."""
    shortfall = composer.disclosure.reasons.get(code)
    choice = sum(map(int, code)) + composer.year
    if shortfall and not more:
        return shortfall.cause
    if choice % 4 == 0:
        return None
    return (_MORE if more else _LESS)[choice % 4]


def _fact_of_item(
    composer: Composer, code: str, printed: str, rate: str | None, purpose: str | None, reason: str | None
) -> Fact:
    return Fact(
        "narrative",
        {
            "class": FUNCTIONAL_NAMES[code[:3]],
            "subclass": FUNCTIONAL_NAMES[code[:5]],
            "item": FUNCTIONAL_NAMES[code],
            "amount": printed.replace(",", ""),
            "unit": composer.unit,
            "percent": rate,
            "purpose": purpose,
            "reason": reason,
        },
    )


def _purpose(code: str) -> str:
    name = FUNCTIONAL_NAMES[code]
    return _PURPOSES.get(name, f"组织实施{name.removesuffix('支出')}方面的工作")


def _account_item(composer: Composer, number: int, code: str, spent: int, initial: int) -> None:
    """One numbered sentence on an item of 一般公共预算财政拨款支出."""
    unit = composer.unit
    printed = composer.money(composer.planted(spent, f"narrative/{code}/amount"))
    true_rate = ratio(spent, initial) if initial else 0
    rate = percent(composer.planted(true_rate, f"narrative/{code}/percent")) if initial else None
    name = (
        f"{FUNCTIONAL_NAMES[code[:3]]}（类）{FUNCTIONAL_NAMES[code[:5]]}（款）{FUNCTIONAL_NAMES[code]}（项）"
    )
    reason = _reason(composer, code, spent > initial) if spent != initial else None
    purpose = _purpose(code) if composer.variant.narrative == 1 else None
    done = f"完成年初预算的{rate}" if rate else "年初未安排预算，执行中经批准追加"
    if composer.variant.narrative == 1:
        text = f"{number}.{name}支出{printed}{unit}，主要用于{purpose}，{done}。"
        text += f"主要原因是{reason}。" if reason else ""
    elif composer.variant.narrative == 2:
        direction = "大于" if spent > initial else "小于"
        text = (
            f"{number}.{name}。年初预算为{composer.money(initial)}{unit}，支出决算为{printed}{unit}，{done}。"
        )
        text += f"决算数{direction}年初预算数的主要原因是：{reason}。" if reason else ""
    else:
        text = f"{number}.{name}年初预算{composer.money(initial)}{unit}，支出决算{printed}{unit}，{done}"
        text += f"，主要原因是{reason}。" if reason else "。"
    facts = [_fact_of_item(composer, code, printed, rate, purpose, reason)]
    facts += composer.contradiction(
        f"narrative/{code}/amount",
        printed,
        composer.money(spent),
        f"{name}：文字说明的支出与一般公共预算财政拨款支出决算表不符",
        optional=[("rate_mismatch", rate or "", percent(ratio(spent + _change(composer, code), initial)))]
        if initial
        else (),
    )
    if rate:
        wrong = composer.contradiction(
            f"narrative/{code}/percent",
            rate,
            percent(true_rate),
            f"{name}：完成年初预算的比例与金额计算结果不符",
        )
        # a sentence that leaves out the budget gives nothing to hold its percentage against
        told = composer.variant.narrative != 1
        facts += wrong if told else [Fact("optional_contradictions", fact.fields) for fact in wrong]
    composer.say(text, "body", facts)


def _change(composer: Composer, code: str) -> int:
    plant = composer.plant(f"narrative/{code}/amount")
    return plant.change if plant else 0


def account_explanations(composer: Composer, accounts: Accounts) -> None:
    """决算情况说明, parts 一 to 七."""
    say, money, unit, year = composer.say, composer.money, composer.unit, composer.year
    items = accounts.items
    before = composer.disclosure.previous_accounts
    carry = accounts.carry_in_general + accounts.carry_in_fund + accounts.carry_in_other
    total = sum(item.income for item in items) + carry
    say("一、收入支出决算总体情况说明", "heading2")
    compared = ""
    if before:
        old = sum(item.income for item in before.items)
        old += before.carry_in_general + before.carry_in_fund + before.carry_in_other
        compared = f"与{year - 1}年度相比，收、支总计各{_compared(composer, total, old)}。"
    say(f"{year}年度收入总计{money(total)}{unit}，支出总计{money(total)}{unit}。{compared}")
    say("二、收入决算情况说明", "heading2")
    income = sum(item.income for item in items)
    parts = [
        ("财政拨款收入", sum(item.income_fiscal for item in items)),
        ("事业收入", sum(item.income_business for item in items)),
        ("其他收入", sum(item.income_other for item in items)),
    ]
    listed = "；".join(f"{name}{money(v)}{unit}，占{percent(ratio(v, income))}" for name, v in parts if v)
    say(f"本年收入合计{money(income)}{unit}，其中：{listed}。")
    say("三、支出决算情况说明", "heading2")
    spent = sum(item.total for item in items)
    basic = sum(item.basic for item in items)
    say(
        f"本年支出合计{money(spent)}{unit}，其中："
        f"基本支出{money(basic)}{unit}，占{percent(ratio(basic, spent))}；"
        f"项目支出{money(spent - basic)}{unit}，占{percent(ratio(spent - basic, spent))}。"
    )
    say("四、一般公共预算财政拨款支出决算情况说明", "heading2")
    general = [item for item in items if not item.government_fund]
    fiscal = sum(item.fiscal for item in general)
    say(f"（一）总体情况。{year}年度一般公共预算财政拨款支出{money(fiscal)}{unit}。")
    classes: dict[str, int] = {}
    for item in general:
        classes[item.code[:3]] = classes.get(item.code[:3], 0) + item.fiscal
    shares = [
        f"{FUNCTIONAL_NAMES[code]}（类）{money(value)}{unit}，占{percent(ratio(value, fiscal))}"
        for code, value in sorted(classes.items())
        if value
    ]
    optional = [
        Fact(
            "optional_narrative",
            {
                "class": FUNCTIONAL_NAMES[code],
                "subclass": None,
                "item": None,
                "amount": composer.truth(money(value)),
                "unit": unit,
                "percent": None,
                "purpose": None,
                "reason": None,
            },
        )
        for code, value in sorted(classes.items())
        if value
    ]
    say(f"（二）支出结构。主要用于以下方面：{'；'.join(shares)}。", "body", optional)
    initial = sum(item.initial for item in general)
    say(
        f"（三）具体情况。{year}年度一般公共预算财政拨款支出年初预算为{money(initial)}{unit}，"
        f"支出决算为{money(fiscal)}{unit}，完成年初预算的{percent(ratio(fiscal, initial))}。其中："
    )
    for number, item in enumerate([item for item in sorted(general, key=lambda i: i.code) if item.fiscal], 1):
        _account_item(composer, number, item.code, item.fiscal, item.initial)
    say("五、一般公共预算财政拨款基本支出决算情况说明", "heading2")
    staff = sum(value for code, value in accounts.economic.items() if code[:3] in ("301", "303"))
    base = sum(accounts.economic.values())
    say(
        f"一般公共预算财政拨款基本支出{money(base)}{unit}，其中：人员经费{money(staff)}{unit}，"
        f"公用经费{money(base - staff)}{unit}。"
    )
    say("六、财政拨款“三公”经费支出决算情况说明", "heading2")
    _three_public(composer, accounts.three_public_budget, accounts.three_public)
    say("七、其他重要事项的情况说明", "heading2")
    say(f"（一）机关运行经费。{year}年度机关运行经费支出{money(base - staff)}{unit}。")


def _three_public(composer: Composer, planned: ThreePublic, spent: ThreePublic) -> None:
    money, unit = composer.money, composer.unit
    composer.say(
        f"“三公”经费全年预算为{money(planned.total)}{unit}，支出决算为{money(spent.total)}{unit}，"
        f"完成预算的{percent(ratio(spent.total, planned.total))}。其中："
        f"因公出国（境）费{money(spent.abroad)}{unit}；"
        f"公务用车购置及运行费{money(spent.vehicles)}{unit}；公务接待费{money(spent.reception)}{unit}。"
    )


def budget_explanations(composer: Composer, budget: Budget) -> None:
    """预算情况说明."""
    say, money, unit, year = composer.say, composer.money, composer.unit, composer.year
    items = budget.items
    whose = composer.disclosure.department.kind
    total = sum(item.total for item in items)
    say(f"一、关于{year}年{whose}收支总表的说明", "heading2")
    say(f"按照综合预算的要求，全部收入和支出均纳入{whose}预算管理。{year}年收支总预算{money(total)}{unit}。")
    say(f"二、关于{year}年{whose}收入总表的说明", "heading2")
    fiscal = sum(item.fiscal for item in items)
    say(
        f"{year}年收入预算{money(total)}{unit}，其中：财政拨款收入{money(fiscal)}{unit}，"
        f"占{percent(ratio(fiscal, total))}。"
    )
    say(f"三、关于{year}年一般公共预算支出表的说明", "heading2")
    general = [item for item in items if not item.government_fund]
    now, before = sum(item.fiscal for item in general), sum(item.previous for item in general)
    say(
        f"（一）规模变化。{year}年一般公共预算当年拨款{money(now)}{unit}，"
        f"比{year - 1}年执行数{_compared(composer, now, before)}。"
    )
    say("（二）具体使用情况。")
    for number, item in enumerate([item for item in sorted(general, key=lambda i: i.code) if item.fiscal], 1):
        _budget_item(composer, number, item.code, item.fiscal, item.previous)
    say(f"四、关于{year}年“三公”经费预算的说明", "heading2")
    spent = budget.three_public
    say(
        f"{year}年“三公”经费预算{money(spent.total)}{unit}，其中：因公出国（境）费{money(spent.abroad)}{unit}，"
        f"公务用车购置及运行费{money(spent.vehicles)}{unit}，公务接待费{money(spent.reception)}{unit}。"
    )
    say("五、预算绩效情况的说明", "heading2")
    count = len(composer.disclosure.projects)
    printed = composer.planted(count, "project_count")
    facts = composer.contradiction(
        "project_count", str(printed), str(count), "文字说明的编制绩效目标项目数与所附绩效目标表张数不符"
    )
    scope = sum(project.initial for project in composer.disclosure.projects)
    say(
        f"{year}年对{printed}个项目编制了绩效目标，涉及预算资金{money(scope)}{unit}，"
        "绩效管理工作按照《项目支出绩效评价管理办法》（财预〔2020〕10号）的要求开展。",
        "body",
        facts,
    )


def _budget_item(composer: Composer, number: int, code: str, planned: int, before: int) -> None:
    unit, year = composer.unit, composer.year
    printed = composer.money(composer.planted(planned, f"narrative/{code}/amount"))
    change = planned - before
    true_rate = abs(ratio(change, before)) if change and before else 0
    rate = percent(composer.planted(true_rate, f"narrative/{code}/percent"))
    name = (
        f"{FUNCTIONAL_NAMES[code[:3]]}（类）{FUNCTIONAL_NAMES[code[:5]]}（款）{FUNCTIONAL_NAMES[code]}（项）"
    )
    more, grown = ("增加", "增长") if change > 0 else ("减少", "下降")
    reason = _reason(composer, code, change > 0) if change else None
    text = f"{number}.{name}{year}年预算数为{printed}{unit}，"
    if change and before:
        text += f"比{year - 1}年执行数{more}{composer.money(abs(change))}{unit}，{grown}{rate}。"
    else:
        text += f"与{year - 1}年执行数持平。"
    text += f"主要原因是{reason}。" if reason else ""
    facts = [_fact_of_item(composer, code, printed, None, None, reason)]
    wrong = change + _change(composer, code)
    facts += composer.contradiction(
        f"narrative/{code}/amount",
        printed,
        composer.money(planned),
        f"{name}：文字说明的预算数与一般公共预算支出表不符",
        optional=[
            ("rate_mismatch", rate, percent(abs(ratio(wrong, before)))),
            ("sum_mismatch", composer.money(abs(change)), composer.money(abs(wrong))),
        ]
        if before
        else (),
    )
    if change and before:
        facts += composer.contradiction(
            f"narrative/{code}/percent", rate, percent(true_rate), f"{name}：增减比例与金额计算结果不符"
        )
    composer.say(text, "body", facts)


_MARKERS = {
    "chinese": "{word}是",
    "arabic": "{number}.",
    "ordinal": "第{word}，",
    "parenthesis": "（{number}）",
}


def _enumerated(composer: Composer, lead: str, sentences: Sequence[str]) -> str:
    """``lead`` and the sentences, with markers where there are several."""
    if len(sentences) == 1:
        return f"{lead}：{sentences[0]}。"
    marker = _MARKERS[composer.variant.enumeration]
    marked = [marker.format(number=n, word=numeral(n)) + sentence for n, sentence in enumerate(sentences, 1)]
    return f"{lead}：{'；'.join(marked)}。"


def _finding_facts(project: str, prose: Sequence[Shortfall], kind: str) -> list[Fact]:
    facts = []
    for number, shortfall in enumerate(prose, 1):
        text = shortfall.cause if kind == "problem_cause" else shortfall.measure
        ordinal = number if len(prose) > 1 else None
        facts.append(Fact("findings", {"project": project, "kind": kind, "text": text, "ordinal": ordinal}))
        facts.append(Fact("issues", {"project": project, "text": text, "issue": shortfall.issue}))
    return facts


def performance_review(composer: Composer, texts: Sequence[ProjectTexts]) -> None:
    """预算绩效情况说明 of final accounts: how many projects, and each project's result."""
    say, year = composer.say, composer.year
    projects = [text for text in texts if text.project.scope == "project"]
    printed = composer.planted(len(projects), "project_count")
    facts = composer.contradiction(
        "project_count", str(printed), str(len(projects)), "文字说明的自评项目数与所附自评表张数不符"
    )
    amount = composer.money(sum(text.project.full for text in projects))
    say("八、预算绩效情况说明", "heading2")
    say(
        f"（一）绩效管理工作开展情况。根据《中共中央国务院关于全面实施预算绩效管理的意见》（中发〔2018〕34号）和"
        f"《项目支出绩效评价管理办法》（财预〔2020〕10号）的要求，{composer.disclosure.department.short}组织对{printed}个项目"
        f"开展了{year}年度绩效自评，涉及资金{amount}{composer.unit}。",
        "body",
        facts,
    )
    say("（二）项目绩效自评结果。")
    for number, text in enumerate(texts, 1):
        _project_review(composer, number, text)


def _project_review(composer: Composer, number: int, texts: ProjectTexts) -> None:
    project = texts.project
    name = project.target.name
    unit = composer.unit
    named = f"{name}项目" if project.scope == "project" else name
    facts = list(
        composer.contradiction(
            f"{texts.key}/narrative_score",
            texts.narrative_score,
            texts.score,
            f"{name}：文字说明的自评得分与自评表总分不符",
        )
    )
    causes = [shortfall.cause for shortfall in project.prose]
    measures = [shortfall.measure for shortfall in project.prose]
    composer.say(
        f"{number}.{named}绩效自评综述：项目绩效自评得分为{texts.narrative_score}分。"
        f"全年预算数为{composer.money(project.full)}{unit}，执行数为{composer.money(project.executed)}{unit}，"
        f"完成预算的{texts.narrative_rate}。绩效目标完成情况：{project.target.achieved}",
        "body",
        facts,
    )
    composer.say(
        _enumerated(composer, "发现的主要问题及原因", causes),
        "body",
        _finding_facts(name, project.prose, "problem_cause"),
    )
    composer.say(
        _enumerated(composer, "下一步改进措施", measures),
        "body",
        _finding_facts(name, project.prose, "improvement_measure"),
    )


def glossary(composer: Composer) -> None:
    """名词解释, with the regulations that the department's work rests on."""
    department = composer.disclosure.department
    laws = [f"《{title}》" + (f"（{number}）" if number else "") for title, number in department.laws]
    say = composer.say
    say("一、财政拨款收入：指本级财政当年拨付的资金。", "entry")
    say("二、基本支出：指维持机构日常运行的开支，由人员经费和公用经费两部分组成。", "entry")
    say("三、项目支出：指基本支出以外，围绕专项任务单独安排的开支。", "entry")
    say(f"四、专项业务支出：指依据{'、'.join(laws)}等规定开展业务工作所需的支出。", "entry")
    say(
        "五、住房改革支出：指按照《国务院关于进一步深化城镇住房制度改革加快住房建设的通知》（国发〔1998〕23号）和"
        "《住房公积金管理条例》规定，向职工缴存和发放的住房资金。",
        "entry",
    )
    say("六、“三公”经费：指因公出国（境）、购置和使用公务用车、公务接待三类活动使用财政拨款的开支。", "entry")
    say(
        "七、预算编制依据：各项收支按照《中华人民共和国预算法》及其实施条例编列。",
        "entry",
    )
