"""The options that several commands have in common."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TypeVar

import typer

from fiscalgraph.language import text
from fiscalgraph.settings import Settings

if TYPE_CHECKING:
    from fiscalgraph.workspace import Workspace

__all__ = ["FORMAT", "AsJson", "Home", "Output", "form_to_write", "workspace_at"]

Form = TypeVar("Form", bound=StrEnum)

FORMAT = typer.Option("--format", "-f", help=text("How to write the answer.", "输出格式。"))
Output = Annotated[
    Path | None,
    typer.Option(
        "--output",
        "-o",
        metavar="FILE",
        help=text("Write to a file (needed for xlsx).", "写入文件（xlsx 必需）。"),
    ),
]
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


def workspace_at(home: Path | None) -> Workspace:
    """The workspace that ``--home``, the environment or the present folder names."""
    from fiscalgraph.workspace import Workspace

    return Workspace(Settings.from_environment(home=home))


def form_to_write(form: Form, output: Path | None, as_json: bool) -> Form:
    """The format of an answer: ``--json`` wins. Raises :class:`typer.BadParameter` for xlsx to the screen."""
    form = type(form)("json") if as_json else form
    if form == "xlsx" and output is None:
        raise typer.BadParameter(text("xlsx needs --output FILE", "xlsx 需要 --output 文件名"))
    return form
