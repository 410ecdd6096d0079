"""The command ``validate``: whether a graph keeps its rules, the constraints and its documents' shapes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

from fiscalgraph.language import text
from fiscalgraph.options import AsJson, Home, workspace_at

if TYPE_CHECKING:
    from fiscalgraph.graph.validation import Violation
    from fiscalgraph.workspace import Workspace

__all__ = ["ValidationReport", "validate_command", "validate_graph"]


_RULE_BROKEN = 4


class ReportFormat(StrEnum):
    """How ``validate`` writes its findings."""

    table = "table"
    csv = "csv"
    json = "json"


@dataclass(frozen=True, slots=True)
class ValidationReport:
    """How much was checked, and what breaks a rule.

    ``documents`` is how many documents' shapes were checked, of ``shapes`` shapes; with both 0 only the
    ``constraints`` over the whole graph were.
    """

    constraints: int
    shapes: int
    documents: int
    violations: tuple[Violation, ...]


def validate_graph(
    workspace: Workspace, *, shapes: bool = False, documents: Sequence[str] = ()
) -> ValidationReport:
    """Check the served graph: the constraints, and with ``shapes`` all documents' or those of ``documents``.

    Raises ``UnknownThing`` for a document that is not there, ``ShapesUnavailable`` without pyshacl.
    """
    from fiscalgraph.graph.identifiers import document_iri
    from fiscalgraph.graph.validation import check_constraints, check_shapes
    from fiscalgraph.ontology.rules import constraints, shape_count

    store = workspace.library().store
    names = workspace.document_names(documents) if documents else []
    violations = check_constraints(store)
    if shapes:
        graphs = [document_iri(name).value for name in names] if documents else None
        violations += check_shapes(store, graphs)
        names = names or sorted(workspace.ledger().documents)
    return ValidationReport(
        constraints=len(constraints()),
        shapes=shape_count() if shapes else 0,
        documents=len(names) if shapes else 0,
        violations=tuple(violations),
    )


def validate_command(
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
        ReportFormat,
        typer.Option("--format", "-f", help=text("How to write the violations.", "输出格式。")),
    ] = ReportFormat.table,
    home: Home = None,
    as_json: AsJson = False,
) -> None:
    """Check that the graph keeps its rules."""
    from fiscalgraph import reports

    form = ReportFormat.json if as_json else form
    workspace = workspace_at(home)
    report = validate_graph(workspace, shapes=shapes or bool(documents), documents=documents or ())
    reports.print_validation(report, form.value)
    if report.violations:
        raise typer.Exit(_RULE_BROKEN)
