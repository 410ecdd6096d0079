"""The audit sheet as JSON has it, alike on the command line and over HTTP. Amounts are texts: exact."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from fiscalgraph.api.audit_lines import VERDICTS, AuditLine, AuditSheet, AuditSide, AuditSummary
from fiscalgraph.ontology.checks import CheckRule

__all__ = ["counts_value", "line_value", "rule_value", "summary_value", "table_value"]


def line_value(line: AuditLine) -> dict[str, Any]:
    """One line: both sides with their places, quotes and operands."""
    return {
        "iri": line.iri,
        "documents": list(line.documents),
        "verdict": line.verdict,
        "check": line.check.name,
        "kind": line.kind,
        "detail": line.detail,
        "left": _side(line.left),
        "right": _side(line.right),
        "difference": None if line.difference is None else format(line.difference, "f"),
        "unit": line.unit,
        "repeated_in": list(line.repeated_in),
    }


def table_value(line: AuditLine) -> dict[str, Any]:
    """One line for a table, where the operands of a side stand in one cell: each with its unit."""
    value = line_value(line)
    for side in (value["left"], value["right"]):
        for operand in side["operands"]:
            operand["printed"] += operand["unit"] or ""
    return value


def _side(side: AuditSide) -> dict[str, Any]:
    return {
        "printed": side.printed,
        "unit": side.unit,
        "computed": side.computed,
        "place": None if side.place is None else asdict(side.place),
        "operands": [asdict(operand) for operand in side.operands],
    }


def summary_value(summary: AuditSummary) -> dict[str, Any]:
    """One document in counts."""
    return {
        "document": summary.document,
        "issuer": summary.issuer,
        "kind": summary.kind,
        "fiscal_year": summary.fiscal_year,
        "verdicts": {verdict: summary.of(verdict) for verdict in VERDICTS},
        "figures": {
            "printed": summary.figures,
            "confirmed": summary.confirmed,
            "contested": summary.contested,
            "unchecked": summary.unchecked,
        },
    }


def counts_value(sheet: AuditSheet) -> list[dict[str, Any]]:
    """The checks that compared something, each with its rule in words and its counts by verdict."""
    return [
        {
            **rule_value(rule),
            "verdicts": {verdict: sheet.count(rule.name, verdict) for verdict in VERDICTS},
            "repeated": {verdict: sheet.repeated.get((rule.name, verdict), 0) for verdict in VERDICTS},
        }
        for rule in sheet.rules
    ]


def rule_value(rule: CheckRule) -> dict[str, Any]:
    """A rule in words."""
    return {
        "check": rule.name,
        "title": {"en": rule.title_en, "zh": rule.title_zh},
        "rule": {"en": rule.rule_en, "zh": rule.rule_zh},
        "kind": rule.kind,
        "scope": _last(rule.scope.value),
        "tolerance": _last(rule.tolerance.value),
        "dimension": _last(rule.dimension.value),
        "iri": rule.iri.value,
    }


def _last(iri: str) -> str:
    return iri.rsplit("#", 1)[-1]
