"""The command ``issues``: what departments state in common, what they promise, and what came of it."""

from __future__ import annotations

import sys
from collections import defaultdict
from collections.abc import Sequence
from decimal import Decimal
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from fiscalgraph.language import text
from fiscalgraph.options import FORMAT, AsJson, Home, Output, form_to_write, workspace_at

if TYPE_CHECKING:
    from rich.console import Console

    from fiscalgraph.api.issue_book import IssueView
    from fiscalgraph.api.library import Library
    from fiscalgraph.api.resources.issues import Issue, Measure, Member, Missed

__all__ = ["issues"]

_SHOWN = 30  # issues on the screen; files hold them all
_MEMBERS_SHOWN = 8  # of a department
_OTHERS_SHOWN = 20  # measures, and indicators, of an issue


class IssueFormat(StrEnum):
    """How issues are written."""

    table = "table"
    csv = "csv"
    json = "json"
    xlsx = "xlsx"


class Level(StrEnum):
    """What is listed."""

    issue = "issue"
    type = "type"


class Side(StrEnum):
    """What issues are of."""

    cause = "cause"
    measure = "measure"


def issues(
    name: Annotated[
        str | None,
        typer.Argument(
            metavar="ID",
            help=text(
                "One issue, its id or IRI, or one type of causes, its code.",
                "某一问题的标识符或 IRI，或某一原因类型的编码。",
            ),
        ),
    ] = None,
    department: Annotated[
        str | None,
        typer.Option(
            metavar="NAME",
            help=text("Only issues that this department or unit states.", "只看此部门或单位陈述过的问题。"),
        ),
    ] = None,
    year: Annotated[
        int | None,
        typer.Option(
            min=1900, max=2200, help=text("Only what is stated for this year.", "只看此年度的陈述。")
        ),
    ] = None,
    kind: Annotated[
        str | None,
        typer.Option(
            "--type",
            metavar="TYPE",
            help=text(
                "Only this type of causes, or group of types: code or name.",
                "只看此原因类型或大类：编码或名称。",
            ),
        ),
    ] = None,
    side: Annotated[
        Side | None, typer.Option(help=text("Of causes or of measures.", "原因（cause）或措施（measure）。"))
    ] = None,
    min_departments: Annotated[
        int,
        typer.Option(
            min=0, metavar="N", help=text("Stated by at least N departments.", "至少涉及 N 个部门。")
        ),
    ] = 0,
    min_confidence: Annotated[
        float,
        typer.Option(
            min=0.0,
            max=1.0,
            metavar="SHARE",
            help=text(
                "Leave out members, and types asked for, that are less sure (0 to 1).",
                "略去可信度低于此值的成员和所问类型（0 至 1）。",
            ),
        ),
    ] = 0.0,
    level: Annotated[
        Level,
        typer.Option(
            help=text(
                "Issues, or the types of causes, each with all passages assigned to it.",
                "列出共性问题（issue），或各原因类型及归入的全部表述（type）。",
            ),
        ),
    ] = Level.issue,
    form: Annotated[IssueFormat, FORMAT] = IssueFormat.table,
    output: Output = None,
    home: Home = None,
    as_json: AsJson = False,
) -> None:
    """List issues, or show one."""
    form = form_to_write(form, output, as_json)
    if form is IssueFormat.table and output is not None:
        raise typer.BadParameter(text("table is for the screen", "table 只用于屏幕；写文件请选其他格式"))
    from fiscalgraph.api.issue_book import IssueFilters
    from fiscalgraph.api.resources.issues import types_named
    from fiscalgraph.api.resources.resolving import find_organization

    library = workspace_at(home).library()
    filters = IssueFilters(
        department=None if department is None else find_organization(library, department),
        types=None if kind is None else types_named(kind),
        side=None if side is None else side.value,
        min_departments=min_departments,
        year=year,
        min_confidence=min_confidence,
        level=level.value,
    )
    if name is not None:
        _write_one(library, _found(library, name, filters), form, output)
    else:
        _write_list(library, library.issues.find(filters), form, output, types=level is Level.type)


def _found(library: Library, name: str, filters: Any) -> IssueView:
    """The issue of that id, or the one that took it over, which is said."""
    from fiscalgraph.api.library import UnknownThing, expand
    from fiscalgraph.output import console

    name = expand(name)
    view = library.issues.one(name, filters)
    heir = library.issues.replaced_by(name)
    if view is None and heir is not None:
        console(errors=True).print(text(f"{name} is one issue with {heir} now", f"{name} 现已并入 {heir}"))
        view = library.issues.one(heir, filters)
    if view is None:
        raise UnknownThing(
            f"issue {name}",
            "what it held is gone, or stands alone now"
            if library.issues.retired(name)
            else "there is none of that id, or none that the filters admit",
            "See `fiscalgraph issues` for those there are",
        )
    return view


# ---- the list ----


def _write_list(
    library: Library, views: list[IssueView], form: IssueFormat, output: Path | None, *, types: bool
) -> None:
    if form is IssueFormat.xlsx and output is not None:
        _write_workbook(library, views, output, types=types)
    elif form is IssueFormat.json:
        from fiscalgraph.api.resources.issues import issue_page

        page = issue_page(library, views, offset=0, limit=max(1, len(views)))
        _write(page.model_dump_json(indent=2) + "\n", output)
    elif form is IssueFormat.csv:
        from fiscalgraph.api.issue_sheets import ISSUE_COLUMNS, issue_rows
        from fiscalgraph.api.resources.reading import Graph
        from fiscalgraph.output import csv_text

        rows = issue_rows(Graph(library.store), views)
        _write(csv_text(ISSUE_COLUMNS, rows), output, spreadsheet=True)
    else:
        _print_list(views, types=types)


def _write_workbook(library: Library, views: Sequence[IssueView], output: Path, *, types: bool) -> None:
    from fiscalgraph.api.issue_sheets import write_issues
    from fiscalgraph.extract.errors import FiscalgraphError

    try:
        write_issues(library, views, output, text("en", "zh"), types=types)
    except ValueError as error:
        raise FiscalgraphError(str(output), str(error), "Choose another place or format") from error


def _write(content: str, output: Path | None, *, spreadsheet: bool = False) -> None:
    if output is None:
        sys.stdout.write(content)
    else:
        # A byte order mark tells spreadsheets that a CSV file is UTF-8.
        output.write_text(content, encoding="utf-8-sig" if spreadsheet else "utf-8", newline="")


def _print_list(views: Sequence[IssueView], *, types: bool) -> None:
    from fiscalgraph.output import console, print_table

    columns = (
        text("type of cause", "原因类型") if types else text("issue", "共性问题"),
        text("group", "大类") if types else text("type", "原因类型"),
        text("departments", "部门"),
        text("years", "年度"),
        text("passages", "表述"),
        text("projects", "项目"),
        text("budget (元)", "所涉预算（元）"),
        text("unspent (元)", "未用（元）"),
        text("points lost", "扣分"),
        text("measures", "措施"),
        text("a year later", "次年结果"),
        "ID",
    )
    rows = [
        (
            view.issue.called(text("en", "zh")),
            _type_or_side(view),
            len(view.stake.departments),
            " ".join(map(str, view.stake.years)),
            len(view.members),
            view.stake.projects,
            _money(view.stake.budget, view.stake.with_budget, view.stake.projects),
            _money(view.stake.unspent, view.stake.with_unspent, view.stake.projects),
            "" if view.stake.points_lost is None else format(view.stake.points_lost, "f"),
            len(view.answers),
            _outcomes(view.outcomes),
            view.issue.id,
        )
        for view in views[:_SHOWN]
    ]
    print_table(columns, rows)
    out = console()
    what = text("types of causes", "个原因类型") if types else text("issues", "个问题")
    counted = text(f"{len(views)} {what}", f"共 {len(views)} {what}")
    if len(views) > _SHOWN:
        out.print(
            text(
                f"{counted}, the first {_SHOWN} are shown; all: --format csv, or xlsx with -o FILE",
                f"{counted}，此处显示前 {_SHOWN} 个；全部请用 --format csv，或 xlsx 加 -o 文件",
            )
        )
    else:
        out.print(counted)
    out.print(
        text(
            "More of one: fiscalgraph issues ID. They may share projects: do not add their amounts.",
            "查看其中一个：fiscalgraph issues ID。各行可能涉及同一项目，金额不可相加。",
        )
    )


def _type_or_side(view: IssueView) -> str:
    if view.issue.side == Side.measure:
        return text("(measures)", "（措施）")
    return "" if view.issue.type is None else view.issue.type.called(text("en", "zh"))


def _money(amount: Decimal | None, known: int, projects: int) -> str:
    """An amount, and of how many projects where it is not of all."""
    if amount is None:
        return ""
    part = "" if known == projects else text(f" (of {known})", f"（{known} 个）")
    return f"{amount:,.2f}{part}"


def _outcome_words() -> dict[str, str]:
    return {
        "met": text("met", "达标"),
        "repeated": text("missed again", "再次未达标"),
        "dropped": text("dropped", "不再设置"),
        "unknown": text("unknown", "无法判断"),
    }


def _outcomes(counts: dict[str, int]) -> str:
    words = _outcome_words()
    return text(", ", "、").join(f"{words[name]} {count}" for name, count in counts.items() if count)


# ---- one issue ----


def _write_one(library: Library, view: IssueView, form: IssueFormat, output: Path | None) -> None:
    if form is IssueFormat.xlsx and output is not None:
        _write_workbook(library, [view], output, types=view.issue.is_type)
    elif form is IssueFormat.csv:
        from fiscalgraph.api.issue_sheets import MEMBER_COLUMNS, member_rows
        from fiscalgraph.api.resources.reading import Graph
        from fiscalgraph.output import csv_text

        rows = member_rows(Graph(library.store), [view])
        _write(csv_text(MEMBER_COLUMNS, rows), output, spreadsheet=True)
    else:
        from fiscalgraph.api.resources.issues import issue

        shown = issue(library, view)
        if form is IssueFormat.json:
            _write(shown.model_dump_json(indent=2) + "\n", output)
        else:
            _print_one(shown, view)


def _print_one(issue: Issue, view: IssueView) -> None:
    from fiscalgraph.output import console

    out = console()
    out.print(f"{view.issue.called(text('en', 'zh'))}  [{issue.id}]")
    lead = text("definition: ", "定义：") if view.issue.is_type else text("for example: ", "例如：")
    out.print(lead + issue.definition)
    if issue.type is not None:
        name = text(issue.type.name.en, issue.type.name.zh)
        if view.issue.is_type:
            out.print(text(f"group: {name}", f"大类：{name}"))
        else:
            out.print(text(f"type: {name}", f"类型：{name}") + f" ({issue.type.share:.0%})")
    stake = view.stake
    facts = [
        text(f"{len(stake.departments)} departments", f"{len(stake.departments)} 个部门"),
        " ".join(map(str, issue.years)),
        text(f"{issue.passages} passages", f"{issue.passages} 处表述"),
        text(f"{issue.projects} projects", f"{issue.projects} 个项目"),
    ]
    if stake.budget is not None:
        money = _money(stake.budget, stake.with_budget, stake.projects)
        facts.append(text(f"budget {money} 元", f"预算 {money} 元"))
    if stake.unspent is not None:
        money = _money(stake.unspent, stake.with_unspent, stake.projects)
        facts.append(text(f"unspent {money} 元", f"未用 {money} 元"))
    if issue.points_lost is not None:
        facts.append(text(f"{issue.points_lost} points lost", f"扣分 {issue.points_lost}"))
    out.print(text("; ", "；").join(facts))
    for line in (*issue.replaces, *([issue.split_from] if issue.split_from else [])):
        out.print(text(f"earlier: {line}", f"曾属：{line}"))
    _print_members(out, issue.members)
    _print_measures(out, issue.answers, issue.measures)
    _print_indicators(out, issue.indicators, issue.indicators_total)


def _print_members(out: Console, members: Sequence[Member]) -> None:
    by_department: dict[str, list[Member]] = defaultdict(list)
    for member in members:
        by_department["" if member.department is None else member.department.name].append(member)
    for name, own in sorted(by_department.items(), key=lambda item: (-len(item[1]), item[0])):
        out.print()
        out.print(f"{name} ({len(own)})")
        for member in own[:_MEMBERS_SHOWN]:
            unit = member.organization
            project = f" {unit.name}" if unit is not None and unit.name != name else ""
            project += f" {member.project}" if member.project else ""
            out.print(f"  {member.document.fiscal_year}{project}  [{member.score:.2f}]  {member.text}")
            out.print(f"    {_where(member)}", style="dim")
        if len(own) > _MEMBERS_SHOWN:
            out.print(
                text(f"  … {len(own) - _MEMBERS_SHOWN} more", f"  … 另有 {len(own) - _MEMBERS_SHOWN} 处")
            )


def _print_measures(out: Console, measures: Sequence[Measure], total: int) -> None:
    if not total:
        return
    out.print()
    out.print(text(f"measures that answer it ({total})", f"对应措施（{total}）"))
    for measure in measures[:_OTHERS_SHOWN]:
        name = "" if measure.organization is None else measure.organization.name
        ground = text(measure.ground.en, measure.ground.zh)
        out.print(f"  {name} {measure.document.fiscal_year}  [{ground} {measure.score:.2f}]  {measure.text}")
        out.print(f"    {_where(measure)}", style="dim")
    if total > _OTHERS_SHOWN:
        out.print(text(f"  … {total - _OTHERS_SHOWN} more", f"  … 另有 {total - _OTHERS_SHOWN} 条"))


def _print_indicators(out: Console, indicators: Sequence[Missed], total: int) -> None:
    if not total:
        return
    words = _outcome_words()
    out.print()
    out.print(text(f"indicators concerned ({total})", f"所涉指标（{total}）"))
    for each in indicators[:_OTHERS_SHOWN]:
        later = "" if each.outcome is None else text("; a year later: ", "；次年：") + words[each.outcome]
        lost = (
            ""
            if each.points_lost is None
            else text(f", lost {each.points_lost}", f"，扣 {each.points_lost} 分")
        )
        out.print(
            f"  {each.document.issuer} {each.document.fiscal_year} {each.name}: "
            f"{each.target or '–'} → {each.actual or '–'}{lost}{later}"
        )
        out.print(f"    {_where(each)}", style="dim")
    if total > _OTHERS_SHOWN:
        out.print(text(f"  … {total - _OTHERS_SHOWN} more", f"  … 另有 {total - _OTHERS_SHOWN} 项"))


def _where(stated: Member | Measure | Missed) -> str:
    from fiscalgraph.output import place

    source = stated.source
    spot = "" if source is None else place(source.page, source.line)
    return f"{stated.document.document} {spot}".strip()
