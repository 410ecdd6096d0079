"""Performance tables: target tables of a budget, self-evaluation tables of final accounts."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

from fiscalgraph.samples.composer import Composer, percent, points, ratio
from fiscalgraph.samples.model import IndicatorResult, ProjectResult
from fiscalgraph.samples.printed import Fact, PrintedCell, PrintedRow, PrintedTable

__all__ = ["ProjectTexts", "evaluation_table", "project_texts", "target_table"]

_CENTER = "center"


class ProjectTexts:
    """What is printed about one project in more than one place, planted figures included."""

    def __init__(self, composer: Composer, index: int) -> None:
        self.key = f"project/{index}"
        self.project: ProjectResult = composer.disclosure.projects[index]
        project = self.project
        self.evaluated = composer.disclosure.accounts is not None
        self.municipal = self.evaluated and composer.disclosure.department.evaluation == "municipal"
        provincial = composer.disclosure.department.evaluation == "provincial"
        indicators = sum(result.score or 0 for result in project.indicators)
        # the provincial design adds up the indicators alone (of 90)
        self.true_score = indicators if provincial else project.score
        self.full_marks = 9000 if provincial else 10000
        self.score = points(composer.planted(self.true_score, f"{self.key}/score"))
        self.narrative_score = points(composer.planted(self.true_score, f"{self.key}/narrative_score"))
        self.true_rate = ratio(project.executed, project.full) if project.full else 0
        self.rate = percent(composer.planted(self.true_rate, f"{self.key}/rate"))
        self.narrative_rate = percent(self.true_rate)
        self.initial = composer.project_money(composer.planted(project.initial, f"{self.key}/initial"))
        self.full = composer.project_money(composer.planted(project.full, f"{self.key}/full"))
        self.executed = composer.project_money(project.executed)

    def weights(self, composer: Composer) -> list[int]:
        """Indicator weights as printed: the first one carries the planted surplus."""
        printed = [result.weight for result in self.project.indicators]
        printed[0] = composer.planted(printed[0], f"{self.key}/weight")
        return printed


def project_texts(composer: Composer) -> list[ProjectTexts]:
    """The texts of all projects of the disclosure, in order."""
    return [ProjectTexts(composer, index) for index in range(len(composer.disclosure.projects))]


def _department_cell(composer: Composer) -> str:
    department = composer.disclosure.department
    return (
        f"[{department.code}]{department.name}" if department.evaluation != "municipal" else department.name
    )


def _project_fact(composer: Composer, texts: ProjectTexts, narrative: bool) -> Fact:
    project = texts.project
    evaluated = texts.evaluated
    fields: dict[str, object] = {
        "project": project.target.name,
        "sources": (["self_eval_table"] if evaluated else ["target_table"])
        + (["narrative"] if narrative else []),
        "department": _department_cell(composer),
        "implementing_unit": project.implementing_unit,
        "unit": composer.project_unit,
        "budget_initial": None if texts.municipal else composer.truth(texts.initial),
        "budget_full": composer.truth(texts.full) if evaluated else None,
        "executed": composer.truth(texts.executed) if evaluated else None,
        "rate": texts.rate if evaluated else None,
        "score": texts.score if evaluated else None,
        "narrative_score": texts.narrative_score if narrative else None,
        "narrative_budget": composer.money(project.full, plain=True) if narrative else None,
        "narrative_executed": composer.money(project.executed, plain=True) if narrative else None,
        "narrative_rate": texts.narrative_rate if narrative else None,
    }
    if project.scope == "department":
        fields["scope"] = "department"
    return Fact("projects", fields)


def _fund_fact(texts: ProjectTexts, source: str, **values: str | None) -> Fact:
    fields: dict[str, object] = {
        "project": texts.project.target.name,
        "implementing_unit": texts.project.implementing_unit,
        "source": source,
    }
    for name in ("budget_initial", "budget_full", "executed", "weight", "rate", "score"):
        fields[name] = values.get(name)
    return Fact("funds", fields)


def _identity_rows(composer: Composer, texts: ProjectTexts, fact: Fact, columns: int) -> list[PrintedRow]:
    middle = columns // 2
    project = texts.project
    left = PrintedCell("项目名称", 1, 2, _CENTER)
    return [
        PrintedRow((left, PrintedCell(project.target.name, 1, columns - 2, _CENTER)), (fact,)),
        PrintedRow(
            (
                PrintedCell(
                    "主管部门及代码" if "[" in _department_cell(composer) else "主管部门", 1, 2, _CENTER
                ),
                PrintedCell(_department_cell(composer), 1, middle - 2, _CENTER),
                PrintedCell("实施单位", 1, 1, _CENTER),
                PrintedCell(project.implementing_unit, 1, columns - middle - 1, _CENTER),
            )
        ),
    ]


def _source_label(composer: Composer, position: int, source: str) -> str:
    scheme = composer.disclosure.department.evaluation
    if scheme == "provincial":
        return f"-----{source}："
    return f"其中：{source}" if position == 0 else f"　　　{source}"


def _rounds(composer: Composer, texts: ProjectTexts, column: str, true: int) -> tuple[Fact, ...]:
    key = f"{texts.key}/{column}"
    if not composer.plant(key):
        return ()
    wrong = composer.planted(true, key)
    own = [project for project in composer.disclosure.projects if project.scope == "project"]
    whole = sum(project.full if column == "full" else project.initial for project in own)
    optional = [("sum_mismatch", composer.money(whole), composer.money(whole + wrong - true))]
    if column == "full":
        optional += [("rate_mismatch", texts.rate, percent(ratio(texts.project.executed, wrong)))]
        optional += [("text_vs_table", composer.money(wrong), composer.money(true))]
    return composer.contradiction(
        key,
        composer.project_money(wrong),
        composer.project_money(true),
        f"{texts.project.target.name}：年度资金总额与各资金来源之和不符",
        optional=optional,
    )


def _fund_rows(composer: Composer, texts: ProjectTexts) -> list[PrintedRow]:
    """The fund block of a self-evaluation table: ten columns, the label stands left."""
    project = texts.project
    weight, score = points(project.execution_weight), points(project.execution_score)
    heads = [composer.word(w) for w in ("budget_initial", "budget_full", "executed")]
    if texts.municipal:
        caption = f"预算执行情况（{composer.project_unit}）（{weight}分）"
        head: tuple[PrintedCell, ...] = (
            PrintedCell("", 1, 2),
            PrintedCell("预算数（A）", 1, 2, _CENTER),
            PrintedCell("执行数（B）", 1, 1, _CENTER),
            PrintedCell("执行率（B/A）", 1, 1, _CENTER),
            PrintedCell(f"得分（{weight}分×执行率）", 1, 2, _CENTER),
        )
        source = "年度财政资金总额"
        total = (
            PrintedCell(source, 1, 2, _CENTER),
            PrintedCell(texts.full, 1, 2, _CENTER),
            PrintedCell(texts.executed, 1, 1, _CENTER),
            PrintedCell(texts.rate, 1, 1, _CENTER),
            PrintedCell(score, 1, 2, _CENTER),
        )
        facts = (
            _fund_fact(
                texts,
                source,
                budget_full=composer.truth(texts.full),
                weight=weight,
                executed=composer.truth(texts.executed),
                rate=texts.rate,
                score=score,
            ),
            *_rate_contradiction(composer, texts),
        )
        return [PrintedRow((PrintedCell(caption, 2, 2, _CENTER), *head)), PrintedRow(total, facts)]
    label = PrintedCell(f"项目资金（{composer.project_unit}）", 2 + len(project.funds), 2, _CENTER)
    head = (
        PrintedCell("", 1, 2),
        *(PrintedCell(text, align=_CENTER) for text in heads),
        PrintedCell("分值", align=_CENTER),
        PrintedCell(composer.word("rate"), align=_CENTER),
        PrintedCell("得分", align=_CENTER),
    )
    rows = [PrintedRow((label, *head))]
    source = composer.word("fund_total")
    amounts = (texts.initial, texts.full, texts.executed, weight, texts.rate, score)
    cells = (PrintedCell(source, 1, 2), *(PrintedCell(text, align=_CENTER) for text in amounts))
    fact = _fund_fact(
        texts,
        source.rstrip("："),
        budget_initial=composer.truth(texts.initial),
        budget_full=composer.truth(texts.full),
        executed=composer.truth(texts.executed),
        weight=weight,
        rate=texts.rate,
        score=score,
    )
    rows.append(
        PrintedRow(
            cells,
            (
                fact,
                *_rate_contradiction(composer, texts),
                *_rounds(composer, texts, "initial", project.initial),
                *_rounds(composer, texts, "full", project.full),
            ),
        )
    )
    for position, (name, initial, full, executed) in enumerate(project.funds):
        printed = [composer.project_money(value or 0) for value in (initial, full, executed)]
        cells = (
            PrintedCell(_source_label(composer, position, name), 1, 2),
            *(PrintedCell(text, align=_CENTER) for text in (*printed, "-", "-", "-")),
        )
        truths = dict(
            zip(("budget_initial", "budget_full", "executed"), map(composer.truth, printed), strict=True)
        )
        rows.append(PrintedRow(cells, (_fund_fact(texts, name, **truths),)))
    return rows


def _rate_contradiction(composer: Composer, texts: ProjectTexts) -> tuple[Fact, ...]:
    wrong = texts.true_rate + (plant.change if (plant := composer.plant(f"{texts.key}/rate")) else 0)
    tenths = wrong * texts.project.execution_weight // 100_000 * 10
    return composer.contradiction(
        f"{texts.key}/rate",
        texts.rate,
        percent(texts.true_rate),
        f"{texts.project.target.name}：印列执行率与执行数除以全年预算数的结果不符",
        optional=[("score_mismatch", points(texts.project.execution_score), points(max(tenths, 0)))],
    )


def _level_labels(
    texts: ProjectTexts, composer: Composer, weights: Sequence[int]
) -> list[tuple[str, str, str]]:
    """The three levels of every indicator as printed, with the points where the design prints them."""
    results = texts.project.indicators
    scheme = composer.disclosure.department.evaluation if texts.evaluated else "central"
    labels = []
    for result, weight in zip(results, weights, strict=True):
        target = result.target
        first, second, third = target.level1, target.level2, target.level3
        if scheme in ("provincial", "municipal"):
            points1 = points(sum(r.weight for r in results if r.target.level1 == first))
            brackets = ("(", ")") if scheme == "provincial" else ("（", "）")
            labelled = f"{first}{brackets[0]}{points1}分{brackets[1]}"
            if scheme == "municipal":
                points2 = points(sum(r.weight for r in results if r.target.level2 == second))
                second, third = f"{second}（{points2}分）", f"{third}（{points(weight)}分）"
            first = labelled
        labels.append((first, second, third))
    return labels


def _explanation(result: IndicatorResult) -> str:
    shortfall = result.shortfall
    return f"{shortfall.cause}；今后{shortfall.measure}" if shortfall else ""


def _indicator_facts(
    texts: ProjectTexts, result: IndicatorResult, labels: tuple[str, str, str], weight: int, reason: str
) -> tuple[Fact, ...]:
    target = result.target
    project = texts.project.target.name
    facts = [
        Fact(
            "indicators",
            {
                "project": project,
                "implementing_unit": texts.project.implementing_unit,
                "level1": labels[0],
                "level2": labels[1],
                "level3": labels[2],
                "target": target.printed,
                "actual": result.actual,
                "weight": points(weight),
                "score": points(result.score) if result.score is not None else None,
                "reason": reason or None,
            },
        )
    ]
    if result.question:
        asked: dict[str, object] = {
            "check": result.question,
            "project": project,
            "target": target.printed,
            "actual": result.actual,
        }
        facts.append(Fact("questions", asked))
    if reason and result.shortfall:
        shortfall = result.shortfall
        finding = {"project": project, "ordinal": None}
        facts += [
            Fact("findings", {**finding, "kind": "underperformance_reason", "text": reason}),
            Fact("optional_findings", {**finding, "kind": "problem_cause", "text": shortfall.cause}),
            Fact("optional_findings", {**finding, "kind": "improvement_measure", "text": shortfall.measure}),
            Fact("issues", {"project": project, "text": reason, "issue": shortfall.issue}),
        ]
    return tuple(facts)


def _spans(labels: Sequence[str], merged: bool) -> list[int]:
    """Row span where a level cell starts, 0 in rows it covers; all 1 where levels are repeated."""
    if not merged:
        return [1] * len(labels)
    spans: list[int] = []
    for _, same in groupby(labels):
        count = len(list(same))
        spans += [count] + [0] * (count - 1)
    return spans


def _weight_contradiction(
    composer: Composer, texts: ProjectTexts, weights: Sequence[int]
) -> tuple[Fact, ...]:
    true = sum(result.weight for result in texts.project.indicators)
    first = texts.project.indicators[0].target.level1
    level = sum(result.weight for result in texts.project.indicators if result.target.level1 == first)
    return composer.contradiction(
        f"{texts.key}/weight",
        points(sum(weights)),
        points(true),
        f"{texts.project.target.name}：各指标分值相加与应有分值不符",
        optional=[("weight_sum", points(level), points(level + sum(weights) - true))],
    )


def _indicator_rows(composer: Composer, texts: ProjectTexts, columns: int) -> list[PrintedRow]:
    """The indicator block; ``columns`` is 10 for self-evaluation tables, 6 for target tables."""
    results = texts.project.indicators
    weights = texts.weights(composer)
    labels = _level_labels(texts, composer, weights)
    merged = composer.variant.level_cells == "merged"
    spans1 = _spans([label[0] for label in labels], merged)
    spans2 = _spans([label[0] + label[1] for label in labels], merged)
    in_column = texts.evaluated and composer.variant.reason_place == "column" and not texts.municipal
    with_weight = not texts.municipal
    if texts.evaluated:
        tail = [(composer.word("target"), 1), (composer.word("actual"), 1)]
        tail += [(composer.word("weight"), 1)] if with_weight else []
        tail += [("得分", 1)]
        tail += [(composer.word("reason"), 1)] if in_column else []
        tail[-1] = (tail[-1][0], columns - 5 - sum(span for _, span in tail[:-1]))
        third_span = 2
    else:
        scheme_points = points(sum(result.weight for result in results))
        tail = [(composer.word("target").removesuffix("(A)"), 1), (f"分值({scheme_points})", 1)]
        third_span = 1
    heads = [("一级指标", 1), ("二级指标", 1), ("三级指标", third_span), *tail]
    rows = [
        PrintedRow(
            (
                PrintedCell("绩效指标", len(results) + 1, 1, _CENTER),
                *(PrintedCell(text, 1, span, _CENTER) for text, span in heads),
            )
        )
    ]
    for index, result in enumerate(results):
        cells = []
        for position, spans in enumerate((spans1, spans2)):
            if spans[index]:
                cells.append(PrintedCell(labels[index][position], spans[index], 1, _CENTER))
        reason = _explanation(result) if in_column else ""
        cells.append(PrintedCell(labels[index][2], 1, third_span))
        values = [result.target.printed]
        if texts.evaluated:
            values.append(result.actual or "")
            values += [points(weights[index])] if with_weight else []
            values.append(points(result.score or 0))
            values += [reason] if in_column else []
        else:
            values.append(points(weights[index]))
        cells += [
            PrintedCell(text, 1, span, "left" if text == reason and reason else _CENTER)
            for text, (_, span) in zip(values, tail, strict=True)
        ]
        facts = _indicator_facts(texts, result, labels[index], weights[index], reason)
        if index == 0:
            facts += _weight_contradiction(composer, texts, weights)
        rows.append(PrintedRow(tuple(cells), facts))
    return rows


def _total_row(composer: Composer, texts: ProjectTexts, columns: int) -> PrintedRow:
    facts = composer.contradiction(
        f"{texts.key}/score",
        texts.score,
        points(texts.true_score),
        f"{texts.project.target.name}：印列总分与各项得分之和不符",
    )
    cells: tuple[PrintedCell, ...]
    if texts.municipal:
        cells = (PrintedCell("总分", 1, 2, _CENTER), PrintedCell(texts.score, 1, columns - 2, _CENTER))
    else:
        full = points(texts.full_marks)
        cells = (
            PrintedCell("总分", 1, 7, _CENTER),
            PrintedCell(full, align=_CENTER),
            PrintedCell(texts.score, align=_CENTER),
            PrintedCell(""),
        )
    return PrintedRow(cells, facts)


def _explanation_rows(texts: ProjectTexts, columns: int) -> list[PrintedRow]:
    """Causes and measures in two cells below the indicators, enumerated where there are several."""
    project = texts.project.target.name
    shortfalls = [result.shortfall for result in texts.project.indicators if result.shortfall]
    rows = []
    for label, kind, sentences in (
        ("偏差大或目标未完成原因分析", "underperformance_reason", [s.cause for s in shortfalls]),
        ("改进措施及结果应用方案", "improvement_measure", [s.measure for s in shortfalls]),
    ):
        single = len(sentences) == 1
        text = "".join(
            f"{sentence}。" if single else f"{n}.{sentence}。" for n, sentence in enumerate(sentences, 1)
        )
        facts = [
            Fact(
                "findings",
                {"project": project, "kind": kind, "text": sentence, "ordinal": None if single else n},
            )
            for n, sentence in enumerate(sentences, 1)
        ]
        facts += [
            Fact("issues", {"project": project, "text": sentence, "issue": shortfall.issue})
            for sentence, shortfall in zip(sentences, shortfalls, strict=True)
        ]
        rows.append(
            PrintedRow((PrintedCell(label, 1, 2, _CENTER), PrintedCell(text, 1, columns - 2)), tuple(facts))
        )
    return rows


def evaluation_table(composer: Composer, texts: ProjectTexts, *, narrative: bool) -> PrintedTable:
    """A self-evaluation table (项目支出绩效自评表); ``narrative``: the text tells its result too."""
    columns = 10
    target = texts.project.target
    rows = _identity_rows(composer, texts, _project_fact(composer, texts, narrative), columns)
    rows += _fund_rows(composer, texts)
    rows += [
        PrintedRow(
            (
                PrintedCell("年度总体目标", 2, 1, _CENTER),
                PrintedCell(composer.word("goal"), 1, 5, _CENTER),
                PrintedCell(composer.word("achieved"), 1, 4, _CENTER),
            )
        ),
        PrintedRow((PrintedCell(target.goal, 1, 5), PrintedCell(target.achieved, 1, 4))),
    ]
    rows += _indicator_rows(composer, texts, columns)
    rows.append(_total_row(composer, texts, columns))
    if texts.municipal or composer.variant.reason_place == "below":
        rows += _explanation_rows(texts, columns)
    scope = "部门整体支出" if texts.project.scope == "department" else "项目支出"
    return PrintedTable(
        rows=tuple(rows),
        header_rows=0,
        widths=(0.7, 1.1, 1.2, 1.2, 1.3, 1.4, 1.4, 0.8, 1.0, 2.0),
        title=f"{scope}绩效自评表",
        subtitle=f"（{composer.year}年度）",
    )


def target_table(composer: Composer, texts: ProjectTexts) -> PrintedTable:
    """A target table (项目支出绩效目标表) of a budget."""
    columns = 6
    project = texts.project
    weight = points(project.execution_weight)
    rows = _identity_rows(composer, texts, _project_fact(composer, texts, narrative=False), columns)
    label = PrintedCell(f"项目资金（{composer.project_unit}）", 1 + len(project.funds), 2, _CENTER)
    source = composer.word("fund_total")
    execution = PrintedCell(f"执行率分值（{weight}）", 1 + len(project.funds), 1, _CENTER)
    first = _fund_fact(
        texts, source.rstrip("："), budget_initial=composer.truth(texts.initial), weight=weight
    )
    rows.append(
        PrintedRow(
            (label, PrintedCell(source, 1, 2), PrintedCell(texts.initial, align=_CENTER), execution),
            (first, *_rounds(composer, texts, "initial", project.initial)),
        )
    )
    for position, (name, initial, _, _) in enumerate(project.funds):
        printed = composer.project_money(initial)
        cells = (
            PrintedCell(_source_label(composer, position, name), 1, 2),
            PrintedCell(printed, align=_CENTER),
        )
        rows.append(PrintedRow(cells, (_fund_fact(texts, name, budget_initial=composer.truth(printed)),)))
    goal = (PrintedCell("年度总体目标", 1, 1, _CENTER), PrintedCell(project.target.goal, 1, 5))
    rows.append(PrintedRow(goal))
    rows += _indicator_rows(composer, texts, columns)
    return PrintedTable(
        rows=tuple(rows),
        header_rows=0,
        widths=(0.8, 1.3, 1.5, 3.2, 2.0, 1.2),
        title="项目支出绩效目标表",
        subtitle=f"（{composer.year}年度）",
    )
