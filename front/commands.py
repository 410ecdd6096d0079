"""The commands of ``fiscalgraph``: what can be asked for, and which part of the package does it.

Everything heavier than the parser is imported by the command that needs it, so that help and light
commands start at once. Help texts are chosen when this module is imported: the language comes first.
"""

from __future__ import annotations

import sys
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from fiscalgraph.evaluating import evaluate
from fiscalgraph.language import text
from fiscalgraph.settings import Settings

if TYPE_CHECKING:
    from fiscalgraph.workspace import Workspace

__all__ = ["app", "translate_help"]

REFUSED, NOTHING_USABLE, RULE_BROKEN = 2, 3, 4


class TableFormat(StrEnum):
    """How ``query`` writes its answer."""

    table = "table"
    csv = "csv"
    json = "json"
    xlsx = "xlsx"


class CheckFormat(StrEnum):
    """How ``check`` writes its findings."""

    table = "table"
    csv = "csv"
    json = "json"


class Language(StrEnum):
    """The languages of the command line."""

    zh = "zh"
    en = "en"


app = typer.Typer(
    help=text(
        "Reads what Chinese governments publish about their money into a graph with sources, and answers "
        "questions about it.",
        "把政府部门预算、决算和绩效公开材料读成有出处的知识图谱，并回答问题。",
    ),
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
    rich_markup_mode="rich",
)


def translate_help() -> None:
    """Give the parser's own words in help texts the current language."""
    from typer import rich_utils

    rich_utils.ARGUMENTS_PANEL_TITLE = text("Arguments", "参数")
    rich_utils.OPTIONS_PANEL_TITLE = text("Options", "选项")
    rich_utils.COMMANDS_PANEL_TITLE = text("Commands", "命令")
    rich_utils.DEFAULT_STRING = text("[default: {}]", "[默认：{}]")
    rich_utils.REQUIRED_LONG_STRING = text("[required]", "[必填]")


Home = Annotated[
    Path | None,
    typer.Option(
        "--home",
        metavar="DIR",
        help=text(
            "The workspace; else FISCALGRAPH_HOME, else ./fiscalgraph-home.",
            "工作区目录；不写则取环境变量 FISCALGRAPH_HOME，再取 ./fiscalgraph-home。",
        ),
    ),
]
AsJson = Annotated[
    bool, typer.Option("--json", help=text("Answer as JSON, for programs.", "以 JSON 输出，供程序读取。"))
]


def _workspace(home: Path | None) -> Workspace:
    from fiscalgraph.workspace import Workspace

    return Workspace(Settings.from_environment(home=home))


def _show_version(wanted: bool) -> None:
    if wanted:
        from fiscalgraph import __version__

        print(f"fiscalgraph {__version__}")
        raise typer.Exit


@app.callback()
def common(
    lang: Annotated[  # acted upon before parsing, see fiscalgraph.cli; here for help and spelling
        Language | None, typer.Option("--lang", help=text("Language of messages.", "界面语言。"))
    ] = None,
    version: Annotated[
        bool,
        typer.Option(
            "--version", callback=_show_version, is_eager=True, help=text("Show the version.", "显示版本。")
        ),
    ] = False,
) -> None:
    """Options of all commands."""


@app.command(
    help=text(
        "Read documents (files or folders) into the workspace. What is unchanged is skipped, what has "
        "changed is replaced. Exit code 2: some were refused; 3: the workspace holds nothing usable.",
        "读入文档（文件或目录）。未变的跳过，变了的替换。退出码 2：有文档被拒；3：工作区里没有可用的文档。",
    )
)
def build(
    paths: Annotated[
        list[Path], typer.Argument(metavar="PATH", help=text("Files or folders.", "文件或目录。"))
    ],
    recognise: Annotated[
        bool,
        typer.Option(
            "--recognise",
            help=text(
                "Read scanned pages by optical recognition (needs Tesseract; seconds a page).",
                "对扫描页做文字识别（需装 Tesseract；每页数秒）。",
            ),
        ),
    ] = False,
    home: Home = None,
    as_json: AsJson = False,
) -> None:
    """Read documents into the workspace."""
    from fiscalgraph import reports

    workspace = _workspace(home)
    if as_json:
        report = workspace.build(paths, recognise=recognise)
        reports.build_as_json(report)
    else:
        with reports.progress() as show:
            report = workspace.build(paths, show, recognise=recognise)
        reports.print_build(report, workspace.home)
    if not report.documents:
        raise typer.Exit(NOTHING_USABLE)
    if report.refused:
        raise typer.Exit(REFUSED)


@app.command(
    help=text(
        "Answer a named query (without NAME: list them), a SPARQL file, or SPARQL from standard input (-).",
        "运行命名查询（不写名称则列出全部）、SPARQL 文件，或标准输入里的 SPARQL（-）。",
    )
)
def query(
    name: Annotated[
        str | None, typer.Argument(metavar="NAME|FILE|-", help=text("What to run.", "查询名或文件。"))
    ] = None,
    parameters: Annotated[
        list[str] | None,
        typer.Option(
            "-p", "--parameter", metavar="NAME=VALUE", help=text("A query's parameter.", "查询参数，可多次。")
        ),
    ] = None,
    form: Annotated[
        TableFormat,
        typer.Option("--format", "-f", help=text("How to write the answer.", "输出格式。")),
    ] = TableFormat.table,
    output: Annotated[
        Path | None,
        typer.Option(
            "--output",
            "-o",
            metavar="FILE",
            help=text("Write to a file (needed for xlsx).", "写入文件（xlsx 必需）。"),
        ),
    ] = None,
    home: Home = None,
    as_json: AsJson = False,
) -> None:
    """Answer a named query, a file or standard input."""
    from fiscalgraph import reports

    form = TableFormat.json if as_json else form
    if name is None:
        reports.print_queries(as_json=form is TableFormat.json)
        return
    if form is TableFormat.xlsx and output is None:
        raise typer.BadParameter(text("xlsx needs --output FILE", "xlsx 需要 --output 文件名"))
    given = {}
    for item in parameters or ():
        key, separator, value = item.partition("=")
        if not separator or not key:
            raise typer.BadParameter(
                text(f"{item!r} is not of the form name=value", f"{item!r} 不是 名称=值 的形式")
            )
        given[key] = value
    workspace = _workspace(home)
    answer = workspace.sparql(sys.stdin.read(), **given) if name == "-" else workspace.query(name, **given)
    reports.write_answer(answer, form.value, output)


@app.command(
    help=text(
        "Find stated reasons and measures that mean the same as TEXT.",
        "按意思查找相近的原因和措施。",
    )
)
def search(
    words: Annotated[
        list[str],
        typer.Argument(metavar="TEXT", help=text("A reason in your own words.", "用自己的话写的原因。")),
    ],
    kind: Annotated[
        list[str] | None,
        typer.Option(
            help=text(
                "problem_cause, improvement_measure, underperformance_reason or narrative_reason.",
                "problem_cause 问题原因、improvement_measure 改进措施、"
                "underperformance_reason 未完成原因、narrative_reason 支出变动原因。",
            )
        ),
    ] = None,
    department: Annotated[
        str | None, typer.Option(help=text("Only this department.", "只看这个部门。"))
    ] = None,
    year: Annotated[int | None, typer.Option(help=text("Only this fiscal year.", "只看这个年度。"))] = None,
    k: Annotated[int, typer.Option("-k", min=1, max=1000, help=text("How many.", "条数。"))] = 10,
    home: Home = None,
    as_json: AsJson = False,
) -> None:
    """Find passages by meaning."""
    from fiscalgraph import reports

    hits = _workspace(home).search(" ".join(words), k=k, kinds=kind, department=department, year=year)
    reports.print_hits(hits, as_json=as_json)


@app.command(
    help=text(
        "Find what other departments state that is similar to a passage (its IRI).",
        "查找其他部门与某条表述（IRI）相近的表述。",
    )
)
def similar(
    passage: Annotated[
        str, typer.Argument(metavar="PASSAGE", help=text("The passage's IRI.", "表述的 IRI。"))
    ],
    k: Annotated[int, typer.Option("-k", min=1, max=1000, help=text("How many.", "条数。"))] = 10,
    same_department: Annotated[
        bool, typer.Option("--same-department", help=text("Its own department too.", "也包括本部门。"))
    ] = False,
    home: Home = None,
    as_json: AsJson = False,
) -> None:
    """Find passages similar to a passage."""
    from fiscalgraph import reports

    hits = _workspace(home).similar(passage, k=k, other_departments_only=not same_department)
    reports.print_hits(hits, as_json=as_json)


@app.command(help=text("Show a thing with its facts and sources.", "显示一个事物的全部事实和出处。"))
def show(
    iri: Annotated[
        str, typer.Argument(metavar="IRI", help=text("Its IRI, or fgid:…", "其 IRI，或 fgid:… 简写。"))
    ],
    home: Home = None,
    as_json: AsJson = False,
) -> None:
    """Show a thing."""
    from fiscalgraph import reports

    reports.print_thing(_workspace(home).thing(iri, text("en", "zh")), as_json=as_json)


@app.command(
    help=text(
        "Show the documents, how much of each was read, and what was refused; "
        "with DOCUMENT, what was left unread.",
        "显示文档、各读到多少、哪些被拒；写出文档名则列出没有读懂的地方。",
    )
)
def status(
    document: Annotated[
        str | None, typer.Argument(metavar="DOCUMENT", help=text("One document.", "某一份文档。"))
    ] = None,
    home: Home = None,
    as_json: AsJson = False,
) -> None:
    """Show the workspace, or one document's coverage."""
    from fiscalgraph import reports

    workspace = _workspace(home)
    if document is not None:
        reports.print_coverage(workspace.records(document), as_json=as_json)
        return
    ledger = workspace.ledger()
    reports.print_status(ledger, workspace.home, as_json=as_json)
    if not ledger.documents:
        raise typer.Exit(NOTHING_USABLE)


@app.command(help=text("Take documents out of the workspace.", "从工作区移除文档。"))
def remove(
    documents: Annotated[
        list[str], typer.Argument(metavar="DOCUMENT", help=text("Names or files.", "文档名或文件。"))
    ],
    home: Home = None,
    as_json: AsJson = False,
) -> None:
    """Take documents out."""
    from fiscalgraph import reports

    reports.print_removed(_workspace(home).remove(documents), as_json=as_json)


@app.command(
    help=text(
        "Write the graph (.nq, .ttl, .jsonld), or the answers of the named queries (.xlsx, one sheet each), "
        "to a file.",
        "导出图谱（.nq、.ttl、.jsonld），或各命名查询的结果（.xlsx，每个查询一张表）。",
    )
)
def export(
    file: Annotated[
        Path, typer.Argument(metavar="FILE", help=text("The ending decides.", "按后缀决定格式。"))
    ],
    document: Annotated[
        str | None,
        typer.Option("--document", metavar="DOCUMENT", help=text("Only this document.", "只导出这份文档。")),
    ] = None,
    classification: Annotated[
        bool,
        typer.Option(
            "--classification", help=text("Only the classification code lists.", "只导出收支分类科目表。")
        ),
    ] = False,
    canonical: Annotated[
        bool,
        typer.Option(
            "--canonical",
            help=text(
                "N-Quads sorted, without the time of the build: equal graphs give equal files.",
                "排序的 N-Quads，不含构建时间：图谱相同则文件逐字节相同。",
            ),
        ),
    ] = False,
    home: Home = None,
    as_json: AsJson = False,
) -> None:
    """Write the graph or a part of it to a file."""
    from fiscalgraph import reports
    from fiscalgraph.exporting import export as write

    workspace = _workspace(home)
    library = workspace.library()
    if document is not None:
        (document,) = workspace.document_names([document])
    count = write(library, file, document=document, classification=classification, canonical=canonical)
    reports.print_exported(file, count, as_json=as_json)


@app.command(
    help=text(
        "Check that the graph keeps its rules: integrity constraints, and with --shapes every thing of "
        "every document (or of DOCUMENT…). Exit code 4: a rule is broken.",
        "检查图谱是否遵守规则：完整性约束；加 --shapes 则逐份检查文档（或所列文档）中的每个事物。"
        "退出码 4：有规则未遵守。",
    )
)
def check(
    documents: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="DOCUMENT", help=text("Check the shapes of these only.", "只检查这些文档的形状。")
        ),
    ] = None,
    shapes: Annotated[
        bool,
        typer.Option(
            "--shapes",
            help=text(
                "Check the SHACL shapes too (needs pyshacl; about a minute for a million statements).",
                "同时检查 SHACL 形状（需装 pyshacl；百万条陈述约需一分钟）。",
            ),
        ),
    ] = False,
    form: Annotated[
        CheckFormat,
        typer.Option("--format", "-f", help=text("How to write the violations.", "输出格式。")),
    ] = CheckFormat.table,
    home: Home = None,
    as_json: AsJson = False,
) -> None:
    """Check the graph."""
    from fiscalgraph import reports
    from fiscalgraph.checking import check as check_rules

    form = CheckFormat.json if as_json else form
    report = check_rules(_workspace(home), shapes=shapes or bool(documents), documents=documents or ())
    reports.print_check(report, form.value)
    if report.violations:
        raise typer.Exit(RULE_BROKEN)


@app.command(
    help=text("Serve the page and the HTTP interface on this computer.", "在本机提供网页和 HTTP 接口。")
)
def serve(
    host: Annotated[str, typer.Option(help=text("Address to listen on.", "监听地址。"))] = "127.0.0.1",
    port: Annotated[
        int, typer.Option(min=0, max=65535, help=text("Port; 0: any free.", "端口；0 为任选。"))
    ] = 8765,
    home: Home = None,
) -> None:
    """Serve the page and the HTTP interface."""
    from fiscalgraph.serving import serve as listen

    listen(_workspace(home), host, port)


app.command(
    help=text(
        "Rank a retrieval test set as search ranks, write the ranking, and measure it (QRELS): nDCG@10, "
        "recall@10 and MRR, each kind of query apart.",
        "用检索所用的模型和排序给一套测试集排序，写出结果并测评（QRELS）：nDCG@10、recall@10、MRR，按查询种类分列。",
    )
)(evaluate)
