"""What the commands print: build summaries, coverage, hits, things."""

from __future__ import annotations

import dataclasses
import json
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from fiscalgraph.api.library import shorten, texts
from fiscalgraph.language import text
from fiscalgraph.output import cells, console, csv_text, place, print_json, print_table, write_workbook

if TYPE_CHECKING:
    from fiscalgraph.api.library import Thing
    from fiscalgraph.building import BuildReport, Outcome, Progress
    from fiscalgraph.extract.records import DisclosureRecords
    from fiscalgraph.graph.sparql import QueryResult
    from fiscalgraph.ledger import BuiltDocument, Ledger, Refusal
    from fiscalgraph.validating import ValidationReport

__all__ = [
    "build_as_json",
    "print_build",
    "print_coverage",
    "print_exported",
    "print_queries",
    "print_removed",
    "print_status",
    "print_thing",
    "print_validation",
    "progress",
    "write_answer",
]


# ---- build ----


@contextmanager
def progress() -> Iterator[Progress]:
    """Show how far a build is, on stderr: a moving bar on a terminal, one line a document elsewhere."""
    out = console(errors=True)
    if not sys.stderr.isatty():

        def report(done: int, total: int, outcome: Outcome) -> None:
            out.print(f"[{done}/{total}] {_outcome_line(outcome)}")

        yield report
        return
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    with Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        console=out,
        transient=True,
    ) as bar:
        task = bar.add_task(text("reading", "读取"), total=None)

        def move(done: int, total: int, outcome: Outcome) -> None:
            bar.update(task, completed=done, total=total)
            bar.console.print(_outcome_line(outcome))

        yield move


def _refusal(refusal: Refusal) -> str:
    """Why a file was refused, and what to do about it."""
    from fiscalgraph.api.error_words import error_in_chinese

    return text(str(refusal), error_in_chinese(refusal.what, refusal.why, refusal.cure))


def _outcome_line(outcome: Outcome) -> str:
    if outcome.status == "refused" and outcome.refusal is not None:
        kept = text(" (its earlier version is kept)", "（保留先前的版本）") if outcome.kept else ""
        return "✗ " + text("refused", "被拒") + f" {_refusal(outcome.refusal)}{kept}"
    if outcome.status == "unchanged":
        return "= " + text("unchanged", "未变") + f" {outcome.document}"
    if outcome.status == "duplicate":
        return "= " + text(
            f"{outcome.path.name} has the same content as {outcome.document}: it is there already",
            f"{outcome.path.name} 与 {outcome.document} 内容相同，已在工作区",
        )
    verb = text("replaced", "替换") if outcome.status == "replaced" else text("read", "读入")
    line = f"✓ {verb} {outcome.document}"
    if outcome.summary is not None:
        line += f": {describe(outcome.summary)}"
    if outcome.document != outcome.path.stem:
        line += text(
            f" [named {outcome.document}: another document is called {outcome.path.stem}]",
            f"［已有同名文档 {outcome.path.stem}，故名 {outcome.document}］",
        )
    return line


def describe(entry: BuiltDocument) -> str:
    """One line on what was read of a document."""
    counts = entry.counts
    figures = counts["spending"] + counts["totals"]
    parts = [
        f"{entry.issuer} {entry.fiscal_year} {entry.kind}",
        text(f"{figures} figures", f"{figures} 个数字"),
        text(
            f"{counts['projects']} projects, {counts['indicators']} indicators, "
            f"{counts['findings']} findings",
            f"{counts['projects']} 个项目、{counts['indicators']} 项指标、{counts['findings']} 条原因与措施",
        ),
        text(
            f"read: {share(entry, 'tables')} of tables, {share(entry, 'cells')} of their figures, "
            f"{share(entry, 'paragraphs')} of paragraphs",
            f"已读表格 {share(entry, 'tables')}、表中数字 {share(entry, 'cells')}、"
            f"段落 {share(entry, 'paragraphs')}",
        ),
    ]
    recognised = entry.coverage.get("pages_recognised")  # absent in ledgers of earlier versions
    if recognised:
        parts.append(text(f"{recognised} pages by optical recognition", f"识别所得 {recognised} 页"))
    if entry.contradictions:
        parts.append(text(f"contradictions: {entry.contradictions}", f"{entry.contradictions} 处矛盾"))
    return text("; ", "；").join(parts)


def share(entry: BuiltDocument, what: str) -> str:
    """The share of a document's cells, tables or paragraphs that was read, never rounded up to 100 %."""
    total, done = entry.coverage.get(what), entry.coverage.get(f"{what}_read")
    if not total or done is None:
        return "–"
    return f"{1000 * done // total / 10:g}%"


def print_build(report: BuildReport, home: Path) -> None:
    """The end of a build: counts, what was refused, and where everything is."""
    out = console()
    tally = dict.fromkeys(("built", "replaced", "unchanged", "duplicate", "refused"), 0)
    for outcome in report.outcomes:
        tally[outcome.status] += 1
    names = {
        "built": text("read", "读入"),
        "replaced": text("replaced", "替换"),
        "unchanged": text("unchanged", "未变"),
        "duplicate": text("duplicates", "重复"),
        "refused": text("refused", "被拒"),
    }
    counted = text(", ", "，").join(f"{names[status]} {count}" for status, count in tally.items() if count)
    out.print(
        text(f"{report.documents} documents in {home}", f"{home} 共有 {report.documents} 份文档")
        + text(f" ({counted})", f"（{counted}）")
        if counted
        else text("nothing to read was found", "没有找到可读的文档")
    )
    for outcome in report.refused:
        if outcome.refusal is not None:
            out.print(f"✗ {outcome.path}\n  {_refusal(outcome.refusal)}")
    if report.passed_over:
        shown = ", ".join(path.name for path in report.passed_over[:5])
        more = "…" if len(report.passed_over) > 5 else ""
        count = len(report.passed_over)
        out.print(
            text(
                f"{count} files of other kinds were passed over: {shown}{more}",
                f"略过其他类型的文件 {count} 个：{shown}{more}",
            )
        )


def build_as_json(report: BuildReport) -> None:
    """The same for programs."""
    print_json(
        {
            "documents": report.documents,
            "files": [
                {
                    "path": str(outcome.path),
                    "status": outcome.status,
                    "document": outcome.document,
                    "refusal": dataclasses.asdict(outcome.refusal) if outcome.refusal else None,
                    "kept": outcome.kept,
                    "summary": dataclasses.asdict(outcome.summary) if outcome.summary else None,
                }
                for outcome in report.outcomes
            ],
            "passed_over": [str(path) for path in report.passed_over],
        }
    )


# ---- the workspace ----


def print_status(ledger: Ledger, home: Path, *, as_json: bool) -> None:
    """Documents with coverage, and refusals."""
    documents = [ledger.documents[name] for name in sorted(ledger.documents)]
    refusals = [ledger.refusals[path] for path in sorted(ledger.refusals)]
    if as_json:
        print_json(
            {
                "home": str(home),
                "documents": [dataclasses.asdict(entry) for entry in documents],
                "refusals": [dataclasses.asdict(refusal) for refusal in refusals],
            }
        )
        return
    out = console()
    for entry in documents:
        out.print(entry.document, style="bold")
        out.print(f"  {describe(entry)}")
        for problem in entry.problems:
            out.print(f"  ! {problem}")
    out.print(text(f"{len(documents)} documents in {home}", f"{home} 共有 {len(documents)} 份文档"))
    for refusal in refusals:
        out.print(f"✗ {refusal.path}\n  {_refusal(refusal)}")


def print_coverage(records: DisclosureRecords, *, as_json: bool) -> None:
    """One document's coverage certificate (覆盖证书) with everything that was left unread."""
    coverage = records.coverage
    if as_json:
        print_json({"document": records.identity.document, **dataclasses.asdict(coverage)})
        return
    out = console()
    identity = records.identity
    out.print(f"{identity.document}: {identity.issuer} {identity.fiscal_year} {identity.kind}")
    for what, name in (
        ("pages", text("pages", "页")),
        ("tables", text("tables", "表格")),
        ("cells", text("figures in tables", "表中数字")),
        ("paragraphs", text("paragraphs", "段落")),
    ):
        total, done = getattr(coverage, what), getattr(coverage, f"{what}_read")
        if total:
            out.print(text(f"  {name}: {done} of {total} read", f"  {name}：{total} 中读取 {done}"))
    if coverage.pages_recognised:
        pages = coverage.pages_recognised
        out.print(text(f"  by optical recognition: {pages} pages", f"  其中识别所得：{pages} 页"))
    for problem in coverage.problems:
        out.print(f"! {problem}")
    if coverage.leftovers:
        rows = [
            (item.what, item.why, item.source.page, item.source.line, item.source.quote)
            for item in coverage.leftovers
        ]
        labels = {"what": text("left", "未读"), "why": text("why", "原因")}
        print_table(("what", "why", "page", "line", "quote"), rows, labels)


def print_removed(documents: Sequence[str], *, as_json: bool) -> None:
    """Which documents were taken out."""
    if as_json:
        print_json({"removed": list(documents)})
        return
    for name in documents:
        console().print(text(f"removed {name}", f"已移除 {name}"))


def print_exported(file: Path, count: int, *, as_json: bool) -> None:
    """What was written, and how much of it."""
    if as_json:
        print_json({"file": str(file), "written": count})
        return
    console().print(text(f"{file}: {count} facts written", f"{file}：写出 {count} 条"))


def print_validation(report: ValidationReport, form: str) -> None:
    """Which rules are broken by what (as table, csv or json), and how much was checked."""
    rows = [
        (
            violation.rule,
            shorten(violation.focus),
            None if violation.value is None else shorten(violation.value),
            None if violation.graph is None else shorten(violation.graph),
            text(violation.message_en, violation.message_zh),
            text(violation.cure_en, violation.cure_zh),
        )
        for violation in report.violations
    ]
    columns = ("rule", "thing", "value", "graph", "should_be", "cure")
    if form == "json":
        print_json(
            {
                "conforms": not rows,
                "constraints": report.constraints,
                "shapes": report.shapes,
                "documents": report.documents,
                "violations": [dict(zip(columns, row, strict=True)) for row in rows],
            }
        )
        return
    if form == "csv":
        _write(csv_text(columns, rows), None)
    elif rows:
        labels = {
            "rule": text("rule", "规则"),
            "thing": text("thing", "事物"),
            "value": text("value", "值"),
            "graph": text("graph", "图"),
            "should_be": text("what should be", "应当"),
            "cure": text("what to do", "处理办法"),
        }
        print_table(columns, rows, labels)
    out = console(errors=True)
    checked = text(f"{report.constraints} constraints", f"{report.constraints} 条约束")
    if report.shapes:
        checked += text(
            f", {report.shapes} shapes over {report.documents} documents",
            f"，{report.shapes} 个形状（{report.documents} 份文档）",
        )
    broken = (
        text(f"violations: {len(rows)}", f"违反 {len(rows)} 处") if rows else text("all kept", "全部遵守")
    )
    out.print(text(f"{checked}: {broken}", f"{checked}：{broken}"))


# ---- answers ----


def print_queries(*, as_json: bool) -> None:
    """The named queries with their parameters."""
    from fiscalgraph.queries import list_queries, load

    queries = [load(name) for name in list_queries()]
    if as_json:
        print_json([dataclasses.asdict(query) for query in queries])
        return
    rows = [
        (
            query.name,
            text(query.title_en, query.title_zh),
            text(query.description_en, query.description_zh),
            " ".join(parameter.name for parameter in query.parameters),
        )
        for query in queries
    ]
    labels = {
        "name": text("name", "名称"),
        "title": text("question", "问题"),
        "description": text("what it answers", "说明"),
        "parameters": text("parameters (-p name=value)", "参数（-p 名称=值）"),
    }
    print_table(list(labels), rows, labels)


def write_answer(answer: QueryResult, form: str, output: Path | None) -> None:
    """Write a query's answer as table, csv, json or xlsx, to ``output`` or stdout."""
    if form == "table" and output is None:
        if answer.form == "ask":
            console().print(text("yes", "是") if answer.answer else text("no", "否"))
            return
        print_table(answer.variables, texts(answer))
        count = len(answer.rows)
        console(errors=True).print(text(f"{count} rows", f"{count} 行"))
    elif form == "xlsx" and output is not None:
        sheet = (("answer",), [[answer.answer]]) if answer.form == "ask" else None
        write_workbook(output, {"answer": sheet or (answer.variables, map(cells, answer.rows))})
    elif form == "csv":
        _write(answer.to_csv(), output)
    else:
        rows = [dict(zip(answer.variables, row, strict=True)) for row in texts(answer)]
        value = answer.answer if answer.form == "ask" else rows
        _write(json.dumps(value, ensure_ascii=False, indent=1) + "\n", output)


def tell_similar(answer: QueryResult) -> None:
    """Tell on stderr how each ``fg:similar`` block was answered."""
    for run in answer.similar:
        plan = text(run.plan, "先查图" if run.plan == "graph first" else "先比向量")
        exact = text("exact", "精确") if run.exact else text("not exact", "非精确")
        console(errors=True).print(
            text(
                f"fg:similar: {run.returned} passages; {plan}, {run.candidates} candidates, {exact}",
                f"fg:similar：{run.returned} 条表述；{plan}，候选 {run.candidates} 条，{exact}",
            )
        )


def _write(content: str, output: Path | None) -> None:
    if output is None:
        # As bytes: CSV has its own line ends (RFC 4180), which a text stream may translate.
        sys.stdout.flush()
        sys.stdout.buffer.write(content.encode("utf-8"))
    else:
        output.write_bytes(content.encode("utf-8"))


def print_thing(thing: Thing, *, as_json: bool) -> None:
    """A thing's facts, where they were read, and what points to it."""
    if as_json:
        print_json(dataclasses.asdict(thing))
        return
    out = console()
    out.print(f"{thing.label}  <{thing.iri}>" if thing.label else f"<{thing.iri}>", style="bold")
    print_table(
        ("fact", "value"),
        [(fact.predicate, fact.label or fact.value) for fact in thing.facts],
        {"fact": text("fact", "事实"), "value": text("value", "值")},
    )
    for source in thing.sources:
        where = " ".join(part for part in (source.document, place(source.page, source.line)) if part)
        mark = text(" (recognised)", "（识别所得）") if source.recognised else ""
        out.print(text("source: ", "出处：") + f"{where}{mark}: “{source.quote}”")
    if thing.mentioned_by:
        shown = len(thing.mentioned_by)
        out.print(
            text(
                f"{thing.mentions} things point here ({shown} shown):",
                f"有 {thing.mentions} 处指向它（列出 {shown} 处）：",
            )
        )
        for fact in thing.mentioned_by:
            out.print(f"  {fact.predicate}  {fact.label or fact.value}")
