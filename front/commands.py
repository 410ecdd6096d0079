"""The commands of ``fiscalgraph``: what can be asked for, and which part of the package does it.

Everything heavier than the parser is imported by the command that needs it, so that help and light
commands start at once. Help texts are chosen when this module is imported: the language comes first.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer

from fiscalgraph.assisting import mcp
from fiscalgraph.checking import check_command
from fiscalgraph.evaluating import evaluate
from fiscalgraph.finding import search, similar
from fiscalgraph.issues import issues
from fiscalgraph.language import text
from fiscalgraph.options import FORMAT, AsJson, Home, Output, form_to_write, workspace_at
from fiscalgraph.showing import show
from fiscalgraph.validating import validate_command

__all__ = ["app", "translate_help"]

REFUSED, NOTHING_USABLE, SUM_REFUSED = 2, 3, 5


class TableFormat(StrEnum):
    """How ``query`` writes its answer."""

    table = "table"
    csv = "csv"
    json = "json"
    xlsx = "xlsx"


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
    from typer.core import TyperCommand, TyperGroup

    rich_utils.ARGUMENTS_PANEL_TITLE = text("Arguments", "参数")
    rich_utils.OPTIONS_PANEL_TITLE = text("Options", "选项")
    rich_utils.COMMANDS_PANEL_TITLE = text("Commands", "命令")
    rich_utils.DEFAULT_STRING = text("[default: {}]", "[默认：{}]")
    rich_utils.REQUIRED_LONG_STRING = text("[required]", "[必填]")
    for kind in (TyperCommand, TyperGroup):
        setattr(kind, "get_help_option", _translated_help_option(kind.get_help_option))  # noqa: B010
    made_text = rich_utils._make_rich_text
    setattr(rich_utils, "_make_rich_text", _folded(made_text))  # noqa: B010


def _folded(made: Callable[..., Any]) -> Callable[..., Any]:
    """Chinese has no blanks to break a line at: without folding, a help text ends where its line does."""

    def make_rich_text(**arguments: Any) -> Any:
        made_text = made(**arguments)
        made_text.overflow = "fold"
        return made_text

    return make_rich_text


def _translated_help_option(made: Callable[[Any, Any], Any]) -> Callable[[Any, Any], Any]:
    def get_help_option(command: Any, context: Any) -> Any:
        option = made(command, context)
        if option is not None:
            option.help = text("Show this message and exit.", "显示本说明。")
        return option

    return get_help_option


Form = Annotated[TableFormat, FORMAT]


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
        list[str], typer.Argument(metavar="PATH", help=text("Files or folders.", "文件或目录。"))
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

    workspace = workspace_at(home)
    with reports.progress() as show:
        report = workspace.build(paths, show, recognise=recognise)
    if as_json:
        reports.build_as_json(report)
    else:
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
    form: Form = TableFormat.table,
    output: Output = None,
    home: Home = None,
    as_json: AsJson = False,
) -> None:
    """Answer a named query, a file or standard input."""
    from fiscalgraph import reports

    if name is None:
        reports.print_queries(as_json=as_json or form is TableFormat.json)
        return
    form = form_to_write(form, output, as_json)
    given = {}
    for item in parameters or ():
        key, separator, value = item.partition("=")
        if not separator or not key:
            raise typer.BadParameter(
                text(f"{item!r} is not of the form name=value", f"{item!r} 不是 名称=值 的形式")
            )
        given[key] = value
    workspace = workspace_at(home)
    answer = workspace.sparql(sys.stdin.read(), **given) if name == "-" else workspace.query(name, **given)
    reports.write_answer(answer, form.value, output)
    reports.tell_similar(answer)


@app.command(
    name="sum",
    help=text(
        "Add up expenditure, revenue or the “three publics” so that no money counts twice. A sum that would "
        "mix years, phases or scopes, or count money twice, is refused: exit code 5, with a request that is "
        "answered.",
        "汇总支出、收入或“三公”经费，每一笔钱只计一次。会重复计算，或会混加年度、阶段、口径的，一律拒绝"
        "（退出码 5），并给出可行的请求。",
    ),
)
def add_up(
    by: Annotated[
        list[str] | None,
        typer.Option(
            "--by",
            metavar="DIMENSION",
            help=text(
                "Group by: year, organization, region, government_level, kind, document, phase, scope, "
                "expenditure_type, class, subclass, item, department_economic_class, "
                "department_economic_item, government_economic_class, government_economic_item, "
                "three_publics_item. May be repeated.",
                "按什么分列，可多次：年度、部门、地区、政府层级、公开类型、文件、阶段、口径、支出类型、"
                "类、款、项、部门经济分类、政府经济分类、三公项目（或其英文名）。",
            ),
        ),
    ] = None,
    where: Annotated[
        list[str] | None,
        typer.Option(
            "--where",
            "-w",
            metavar="NAME=VALUE",
            help=text(
                "Only these figures; values are labels, codes or IRIs. May be repeated.",
                "只取这些数字，如 year=2024、口径=财政拨款；值可为名称、编码或 IRI。可多次。",
            ),
        ),
    ] = None,
    measure: Annotated[
        str,
        typer.Option(
            "--measure",
            "-m",
            help=text("expenditure, revenue or three_publics.", "支出、收入或三公。"),
        ),
    ] = "expenditure",
    addends: Annotated[
        bool,
        typer.Option("--addends", help=text("List the figures that were added.", "列出相加的每个数字。")),
    ] = False,
    form: Form = TableFormat.table,
    output: Output = None,
    home: Home = None,
    as_json: AsJson = False,
) -> None:
    """Add up amounts."""
    from fiscalgraph.graph.sums_request import SumRefused, conditions, sum_request
    from fiscalgraph.summing import write_sum

    form = form_to_write(form, output, as_json)
    request = sum_request(measure, by or (), conditions(where or ()), addends=addends)
    result = workspace_at(home).library().sum(request)
    write_sum(result, form.value, output)
    if isinstance(result, SumRefused):
        raise typer.Exit(SUM_REFUSED)


app.command(
    help=text(
        "Find stated reasons and measures that mean the same as TEXT.",
        "按意思查找相近的原因和措施。",
    )
)(search)


app.command(
    help=text(
        "Find what other departments state that is similar to a passage (its IRI).",
        "查找其他部门与某条表述（IRI）相近的表述。",
    )
)(similar)


app.command(
    help=text(
        "List issues that departments share, causes or measures, with what is at stake; with ID: who states "
        "it, what is done about it, and what became of the indicators a year later.",
        "列出各部门共有的问题（原因或措施）及所涉金额；写出 ID 则列出各部门的陈述、对应措施和次年结果。",
    )
)(issues)


app.command(help=text("Show a thing with its facts and sources.", "显示一个事物的全部事实和出处。"))(show)


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

    workspace = workspace_at(home)
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

    reports.print_removed(workspace_at(home).remove(documents), as_json=as_json)


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

    workspace = workspace_at(home)
    library = workspace.library()
    if document is not None:
        (document,) = workspace.document_names([document])
    count = write(library, file, document=document, classification=classification, canonical=canonical)
    reports.print_exported(file, count, as_json=as_json)


app.command(
    name="check",
    help=text(
        "Print the audit sheet: every comparison of figures and statements that does not agree, with both "
        "places and their words, and how many agree. Exit code 6: something contradicts.",
        "输出核对底稿：逐条列出不一致的数字和表述、双方出处和原文，并统计一致的数量。退出码 6：存在矛盾。",
    ),
)(check_command)

app.command(
    name="validate",
    help=text(
        "Check that the graph keeps its rules: integrity constraints, and with --shapes every thing of "
        "every document (or of DOCUMENT…). Exit code 4: a rule is broken.",
        "检查图谱是否遵守规则：完整性约束；加 --shapes 则逐份检查文档（或所列文档）中的每个事物。"
        "退出码 4：有规则未遵守。",
    ),
)(validate_command)


app.command(
    help=text(
        "Serve the workspace to an assistant, as tools of the Model Context Protocol (stdio).",
        "以模型上下文协议（MCP，stdio）把工作区作为工具提供给智能助手。",
    )
)(mcp)


@app.command(
    help=text("Serve the page and the HTTP interface on this computer.", "在本机提供网页和 HTTP 接口。")
)
def serve(
    host: Annotated[
        str | None,
        typer.Option(
            help=text(
                "Address to listen on (FISCALGRAPH_SERVE_HOST).", "监听地址（FISCALGRAPH_SERVE_HOST）。"
            ),
            show_default="127.0.0.1",
        ),
    ] = None,
    port: Annotated[
        int | None,
        typer.Option(
            min=0,
            max=65535,
            help=text(
                "Port; 0: any free (FISCALGRAPH_SERVE_PORT).", "端口；0 为任选（FISCALGRAPH_SERVE_PORT）。"
            ),
            show_default="8765",
        ),
    ] = None,
    home: Home = None,
) -> None:
    """Serve the page and the HTTP interface."""
    from fiscalgraph.serving import serve as listen

    listen(workspace_at(home), host, port)


app.command(
    help=text(
        "Rank a retrieval test set as search ranks, write the ranking, and measure it (QRELS): nDCG@10, "
        "recall@10 and MRR, each kind of query apart.",
        "用检索所用的模型和排序给一套测试集排序，写出结果并测评（QRELS）：nDCG@10、recall@10、MRR，按查询种类分列。",
    )
)(evaluate)
