"""``/checks``: what the checks found (the audit sheet, 核对底稿), and the rules by which they look."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Query

from fiscalgraph.api.audit import DIFFERING, audit_sheet
from fiscalgraph.api.audit_values import counts_value, line_value, rule_value, summary_value
from fiscalgraph.api.library import Library, UnknownThing
from fiscalgraph.api.shelf import served
from fiscalgraph.ontology.checks import check_rules

__all__ = ["router"]

router = APIRouter(prefix="/checks")
Verdict = Literal["contradicts", "questionable", "scope_differs", "rounding", "cannot_tell", "agrees"]
_MOST = 1000  # lines of one answer; further ones are on the next page


@router.get("")
def checks(
    library: Annotated[Library, Depends(served)],
    document: Annotated[list[str] | None, Query(max_length=_MOST)] = None,
    check: Annotated[list[str] | None, Query(max_length=_MOST)] = None,
    verdict: Annotated[list[Verdict] | None, Query()] = None,
    limit: Annotated[int, Query(ge=0, le=_MOST)] = 100,
    offset: Annotated[int, Query(ge=0)] = 0,
) -> dict[str, Any]:
    """A page of the lines, what to look at first before the rest, and the counts of all of them.

    Without ``verdict`` the lines that an auditor has to look at: all but those that agree or where
    nothing can be told.
    """
    known = {entry.document for entry in library.documents()}
    for name in document or ():
        if name not in known:
            raise UnknownThing(name, "the workspace has no such document", "GET /documents lists their names")
    for name in check or ():
        if name not in check_rules():
            raise UnknownThing(f"check {name}", "there is no such check", "GET /checks/rules lists them")
    sheet = audit_sheet(
        library.store, document, checks=check or (), verdicts=verdict or DIFFERING, offset=offset, limit=limit
    )
    return {
        "total": sheet.total,
        "offset": offset,
        "lines": [line_value(line) for line in sheet.lines],
        "documents": [summary_value(summary) for summary in sheet.documents],
        "checks": counts_value(sheet),
    }


@router.get("/rules")
def rules() -> dict[str, Any]:
    """All checks there are, each with its rule in words."""
    return {"rules": [rule_value(rule) for rule in check_rules().values()]}
