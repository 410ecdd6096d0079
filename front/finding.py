"""The commands ``search`` and ``similar``: passages by meaning, on the screen or as a file."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from fiscalgraph.hit_columns import HIT_COLUMNS, headings, layout
from fiscalgraph.language import text
from fiscalgraph.options import FORMAT, AsJson, Home, Output, form_to_write, workspace_at

if TYPE_CHECKING:
    from rich.console import Console

    from fiscalgraph.search import Answer, DepartmentHits, Filters, Hit, Passage

__all__ = ["HIT_COLUMNS", "kind_name", "search", "similar"]

_SHOWN_PLACES = 6


class HitFormat(StrEnum):
    """How hits are written."""

    table = "table"
    csv = "csv"
    json = "json"
    xlsx = "xlsx"


class GroupBy(StrEnum):
    """What hits can be grouped by."""

    department = "department"


def _figure(value: str | None) -> Decimal | None:
    """A figure on the command line, exactly; with or without thousands separators."""
    if value is None:
        return None
    try:
        figure = Decimal(value.replace(",", "").replace("，", ""))
    except InvalidOperation:
        figure = Decimal("NaN")
    if not figure.is_finite():
        raise typer.BadParameter(text(f"{value!r} is not a figure", f"{value!r} 不是数字"))
    return figure


Kind = Annotated[
    list[str] | None,
    typer.Option(
        help=text(
            "problem_cause, improvement_measure, underperformance_reason or narrative_reason.",
            "problem_cause 问题原因、improvement_measure 改进措施、"
            "underperformance_reason 未完成原因、narrative_reason 支出变动原因。",
        )
    ),
]
Department = Annotated[
    str | None, typer.Option(help=text("Only what this body publishes.", "只看这个部门。"))
]
Whole = Annotated[
    str | None, typer.Option(help=text("A department with its units.", "这个部门及其所属单位。"))
]
RegionName = Annotated[
    str | None,
    typer.Option(help=text("A region's name or code, with all in it.", "地区名称或代码，含其下辖地区。")),
]
Year = Annotated[int | None, typer.Option(help=text("Only this fiscal year.", "只看这个年度。"))]
YearFrom = Annotated[int | None, typer.Option(help=text("From this fiscal year on.", "起始年度。"))]
YearTo = Annotated[int | None, typer.Option(help=text("Up to this fiscal year.", "截止年度。"))]
Project = Annotated[
    str | None, typer.Option(help=text("A part of the project's name.", "项目名称的一部分。"))
]
Code = Annotated[
    str | None,
    typer.Option(help=text("How the classification code begins.", "功能分类科目编码的开头。")),
]
MinScoreLost = Annotated[
    str | None,
    typer.Option(metavar="POINTS", help=text("Points lost, at least.", "至少扣多少分。")),
]
MinAmount = Annotated[
    str | None,
    typer.Option(metavar="YUAN", help=text("元 at stake, at least.", "涉及金额至少多少元。")),
]
Document = Annotated[str | None, typer.Option(help=text("Only this document.", "只看这份文档。"))]
Count = Annotated[int, typer.Option("-k", min=1, max=1000, help=text("How many.", "条数。"))]
Offset = Annotated[
    int, typer.Option(min=0, max=999, help=text("Skip the first so many hits.", "跳过前面多少条。"))
]
Group = Annotated[
    GroupBy | None,
    typer.Option(help=text("The best hit of each department.", "每个部门只列最相近的一条。")),
]
Form = Annotated[HitFormat, FORMAT]


def search(
    words: Annotated[
        list[str],
        typer.Argument(metavar="TEXT", help=text("A reason in your own words.", "用自己的话写的原因。")),
    ],
    kind: Kind = None,
    department: Department = None,
    whole: Whole = None,
    region: RegionName = None,
    year: Year = None,
    year_from: YearFrom = None,
    year_to: YearTo = None,
    project: Project = None,
    code: Code = None,
    min_score_lost: MinScoreLost = None,
    min_amount: MinAmount = None,
    document: Document = None,
    k: Count = 10,
    offset: Offset = 0,
    group: Group = None,
    form: Form = HitFormat.table,
    output: Output = None,
    home: Home = None,
    as_json: AsJson = False,
) -> None:
    """Find passages by meaning."""
    form = form_to_write(form, output, as_json)
    wanted = _filters(
        kind,
        department,
        whole,
        region,
        year,
        year_from,
        year_to,
        project,
        code,
        min_score_lost,
        min_amount,
        document,
    )
    asked = " ".join(words)
    library = workspace_at(home).library()
    if group is not None:
        _write_groups(library.search_departments(asked, k, wanted, offset=offset), offset, form, output)
    else:
        _write_hits(library.search(asked, k, wanted, offset=offset), offset, form, output)


def similar(
    passage: Annotated[
        str, typer.Argument(metavar="PASSAGE", help=text("The passage's IRI.", "表述的 IRI。"))
    ],
    kind: Kind = None,
    department: Department = None,
    whole: Whole = None,
    region: RegionName = None,
    year: Year = None,
    year_from: YearFrom = None,
    year_to: YearTo = None,
    project: Project = None,
    code: Code = None,
    min_score_lost: MinScoreLost = None,
    min_amount: MinAmount = None,
    document: Document = None,
    k: Count = 10,
    offset: Offset = 0,
    group: Group = None,
    same_department: Annotated[
        bool, typer.Option("--same-department", help=text("Its own department too.", "也包括本部门。"))
    ] = False,
    form: Form = HitFormat.table,
    output: Output = None,
    home: Home = None,
    as_json: AsJson = False,
) -> None:
    """Find passages similar to a passage."""
    form = form_to_write(form, output, as_json)
    wanted = _filters(
        kind,
        department,
        whole,
        region,
        year,
        year_from,
        year_to,
        project,
        code,
        min_score_lost,
        min_amount,
        document,
    )
    library = workspace_at(home).library()
    others = not same_department
    if group is not None:
        found = library.similar_departments(passage, k, wanted, offset=offset, other_departments_only=others)
        _write_groups(found, offset, form, output)
    else:
        answer = library.similar(passage, k, wanted, offset=offset, other_departments_only=others)
        _write_hits(answer, offset, form, output)


def _filters(
    kinds: list[str] | None,
    department: str | None,
    whole: str | None,
    region: str | None,
    year: int | None,
    year_from: int | None,
    year_to: int | None,
    project: str | None,
    code: str | None,
    min_score_lost: str | None,
    min_amount: str | None,
    document: str | None,
) -> Filters:
    from fiscalgraph.search.filters import Filters

    return Filters(
        kinds=kinds,
        department=department,
        whole=whole,
        region=region,
        year=year,
        year_from=year_from,
        year_to=year_to,
        project=project,
        code=code,
        min_score_lost=_figure(min_score_lost),
        min_amount=_figure(min_amount),
        document=document,
    )


# -- what is written ------------------------------------------------------------------------


def _write_hits(answer: Answer, offset: int, form: HitFormat, output: Path | None) -> None:
    if form is HitFormat.json:
        _write(json.dumps(answer.as_dict(), ensure_ascii=False, indent=2) + "\n", output)
    elif form is HitFormat.table:
        _print_hits(answer, offset)
    else:
        rows = [(rank, *_row(hit)) for rank, hit in enumerate(answer.hits, offset + 1)]
        _write_rows(HIT_COLUMNS, rows, form, output)


def _write_groups(
    groups: Sequence[DepartmentHits], offset: int, form: HitFormat, output: Path | None
) -> None:
    if form is HitFormat.json:
        value = {"departments": [group.as_dict() for group in groups]}
        _write(json.dumps(value, ensure_ascii=False, indent=2) + "\n", output)
    elif form is HitFormat.table:
        _print_groups(groups, offset)
    else:
        rows = [(rank, group.count, *_row(group.hit)) for rank, group in enumerate(groups, offset + 1)]
        _write_rows((HIT_COLUMNS[0], "count", *HIT_COLUMNS[1:]), rows, form, output)


def _write_rows(
    columns: Sequence[str], rows: Sequence[Sequence[Any]], form: HitFormat, output: Path | None
) -> None:
    from fiscalgraph.output import csv_text, write_workbook

    if form is HitFormat.xlsx:
        assert output is not None  # asked for in _form
        title = text("hits", "检索结果")
        write_workbook(output, {title: (headings(columns), rows)}, {title: layout(columns)})
    else:
        _write(csv_text(columns, rows), output)


def _write(content: str, output: Path | None) -> None:
    if output is None:
        sys.stdout.write(content)
    else:
        # A byte order mark tells spreadsheets that a CSV file is UTF-8.
        output.write_text(content, encoding="utf-8-sig", newline="")


def _row(hit: Hit) -> tuple[Any, ...]:
    """A hit without its rank, in the order of :data:`HIT_COLUMNS`."""
    passage = hit.passage
    return (
        passage.department,
        passage.whole,
        passage.region,
        passage.level,
        passage.fiscal_year,
        passage.document,
        passage.disclosure,
        passage.kind,
        passage.project,
        "；".join(indicator.name for indicator in passage.indicators) or None,
        passage.code,
        passage.text,
        Decimal(f"{hit.score:.4f}"),
        None if hit.probability is None else Decimal(f"{hit.probability:.2f}"),
        None if hit.similar is None else str(hit.similar).lower(),
        hit.why.found_by,
        " ".join(hit.why.shared),
        len(hit.places),
        hit.used_by_departments,
        hit.used_in_years,
        passage.amount,
        passage.score_lost,
        passage.page,
        passage.line,
        passage.quote,
        passage.id,
    )


# -- what is shown --------------------------------------------------------------------------


def _print_hits(answer: Answer, offset: int) -> None:
    from fiscalgraph.output import console

    out = console()
    if not answer.hits:
        out.print(_nothing(offset))
    elif not offset and answer.hits[0].similar is False:
        out.print(
            text(
                "Nothing reaches the threshold of similarity; what comes nearest:",
                "没有达到“相似”门槛的表述，最接近的是：",
            )
        )
    for rank, hit in enumerate(answer.hits, offset + 1):
        _print_hit(out, f"{rank}.", hit)
    if answer.recall < 1:
        share = f"{answer.recall:.1%}"
        out.print(
            text(
                f"The index finds {share} of the nearest passages; a narrow filter leaves none out.",
                f"索引可找到最接近表述的 {share}；筛选条件较窄时逐条比较，不会遗漏。",
            ),
            style="dim",
        )


def _print_groups(groups: Sequence[DepartmentHits], offset: int) -> None:
    from fiscalgraph.output import console

    out = console()
    if not groups:
        out.print(_nothing(offset))
    for rank, group in enumerate(groups, offset + 1):
        name = group.department or text("(no department)", "（部门不详）")
        many = text(f"{group.count} similar", f"相近表述 {group.count} 条")
        out.print(f"{rank}. {name} · {many}", style="bold")
        _print_hit(out, "  ", group.hit)


def _nothing(offset: int) -> str:
    if offset:
        return text("There are no more hits.", "没有更多结果。")
    return text("Nothing matches.", "没有符合条件的表述。")


def _print_hit(out: Console, mark: str, hit: Hit) -> None:
    from fiscalgraph.output import place

    passage = hit.passage
    out.print(f"{mark} {passage.text}", style="bold")
    about = (
        passage.department,
        passage.fiscal_year,
        passage.project,
        kind_name(passage.kind),
        *_stakes(passage),
    )
    out.print("   " + " · ".join(str(part) for part in about if part))
    out.print(f"   {_why(hit)}", style="dim")
    where = " ".join(part for part in (passage.document, place(passage.page, passage.line)) if part)
    out.print(f"   {where}: “{passage.quote}”", style="dim")
    others = list(
        dict.fromkeys(  # a page that holds it several times is named once
            f"{other.document} {place(other.page, other.line)}".strip()
            for other in hit.places
            if other.id != passage.id
        )
    )
    if others:
        listed = text("; ", "；").join(others[:_SHOWN_PLACES])
        more = len(others) - _SHOWN_PLACES
        rest = text(f" and {more} more places", f" 等另外 {more} 处") if more > 0 else ""
        out.print(
            text(f"   the same also in {listed}{rest}", f"   同样的话还见于 {listed}{rest}"), style="dim"
        )
    if hit.used_by_departments:
        out.print(
            text(
                f"   {hit.used_by_departments} other departments use nearly these words",
                f"   另有 {hit.used_by_departments} 个部门的说法几乎相同（套话）",
            ),
            style="dim",
        )
    out.print(f"   {passage.id}", style="dim")


def _stakes(passage: Passage) -> list[str]:
    """The indicator that a passage explains, and what is at stake, in words."""
    found = []
    for indicator in passage.indicators:
        lost = text(f"lost {indicator.lost:f} points", f"扣 {indicator.lost:f} 分") if indicator.lost else ""
        found.append(f"{indicator.name} {lost}".strip())
    if passage.code is not None:
        found.append(f"{passage.code} {passage.item or ''}".strip())
    if passage.amount:
        amount = f"{passage.amount:,f}"
        found.append(
            text(f"{amount} yuan", f"{amount} 元")
            if passage.project is None
            else text(f"{amount} yuan not spent", f"预算未执行 {amount} 元")
        )
    return found


def _why(hit: Hit) -> str:
    """Why a passage was found: how sure, by which side, which words are shared."""
    sides = {
        "words": text("by its words", "字面"),
        "vectors": text("by its meaning", "语义"),
        "both": text("by words and meaning", "字面和语义"),
    }
    parts = [text(f"score {hit.score:.2f}", f"得分 {hit.score:.2f}")]
    if hit.probability is not None:
        parts.append(text(f"same issue: {hit.probability:.0%}", f"说同一问题的可能性 {hit.probability:.0%}"))
    if hit.similar is False:
        parts.append(text("below the threshold of similarity", "未达“相似”门槛"))
    parts.append(text("found ", "") + sides[hit.why.found_by] + text("", "相近"))
    if hit.why.shared:
        parts.append(text("shared: ", "共有：") + "、".join(hit.why.shared))
    return " · ".join(parts)


def kind_name(kind: str) -> str:
    """The kind of a passage in words."""
    names = {
        "problem_cause": text("problem and cause", "问题及原因"),
        "improvement_measure": text("improvement measure", "改进措施"),
        "underperformance_reason": text("reason for underperformance", "未完成原因"),
        "narrative_reason": text("reason for change in spending", "支出变动原因"),
    }
    return names.get(kind, kind)
