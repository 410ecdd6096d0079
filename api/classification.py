"""``/classification``: codes (政府收支分类科目), their names over the years, and who spends on them."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Path, Query, Request, Response

from fiscalgraph.api.departments import Scope
from fiscalgraph.api.downloads import AS_LIST, AskedListFormat, HeadingLanguage, list_answer
from fiscalgraph.api.library import Library
from fiscalgraph.api.projects import Year
from fiscalgraph.api.representation import AS_TRIPLES, AskedFormat, Limit, Offset, represent
from fiscalgraph.api.resources.codes import Code, CodeRef, classification_code, find_list, list_codes
from fiscalgraph.api.resources.models import Page
from fiscalgraph.api.resources.paging import following
from fiscalgraph.api.shelf import served

__all__ = ["router"]

router = APIRouter(prefix="/classification", tags=["classification 科目"])
Served = Annotated[Library, Depends(served)]
CodeList = Literal["functional", "department-economic", "government-economic"]
ExpenditureType = Literal[
    "BasicExpenditure",
    "PersonnelExpenditure",
    "OperatingExpenditure",
    "ProjectExpenditure",
    "RemittanceToSuperior",
    "BusinessExpenditure",
    "SubsidyToAffiliates",
]
InScope = Annotated[
    Scope | None, Query(description="Spending of a fund scope (口径) only", examples=["AllFunds"])
]
OfType = Annotated[
    ExpenditureType | None,
    Query(description="Spending of a type (基本支出, 项目支出 …) only", examples=["BasicExpenditure"]),
]
WithSpending = Annotated[
    bool, Query(description="Without it only names and hierarchy, at once", examples=[True])
]
Digits = Annotated[str, Path(pattern=r"^\d{3}(\d{2}){0,2}$", description="A code", examples=["2050803"])]


@router.get(
    "",
    summary="Classification codes",
    response_model=Page[CodeRef],
    responses={200: {"content": AS_LIST}},
)
def codes(
    request: Request,
    library: Served,
    list: Annotated[CodeList | None, Query(description="A code list", examples=["functional"])] = None,
    q: Annotated[
        str | None,
        Query(
            min_length=1,
            max_length=50,
            description="Part of a name, or the beginning of a code",
            examples=["教育"],
        ),
    ] = None,
    digits: Annotated[
        Literal["3", "5", "7"] | None, Query(description="3 类, 5 款, 7 项", examples=["3"])
    ] = None,
    offset: Offset = 0,
    limit: Limit = 100,
    format: AskedListFormat = None,
    language: HeadingLanguage = None,
) -> Response:
    """The codes that published documents are known to print, by code."""
    found = partial(list_codes, library, code_list=list, q=q, digits=None if digits is None else int(digits))
    return list_answer(
        request, library, found, "classification", offset=offset, limit=limit, asked=format, language=language
    )


@router.get(
    "/{code}",
    summary="One code",
    response_model=Code,
    responses={200: {"content": AS_TRIPLES}},
)
def one_code(
    request: Request,
    library: Served,
    code: Digits,
    year: Year = None,
    scope: InScope = None,
    expenditure_type: OfType = None,
    spending: WithSpending = True,
    offset: Offset = 0,
    limit: Limit = 100,
    format: AskedFormat = None,
) -> Response:
    """A code of any list: its first digit says of which."""
    where = {"year": year, "scope": scope, "expenditure_type": expenditure_type, "spending": spending}
    return _code(request, library, find_list(code), code, where, offset, limit, format)


@router.get(
    "/{list}/{code}",
    summary="One code of a list",
    response_model=Code,
    responses={200: {"content": AS_TRIPLES}},
)
def one_code_of_list(
    request: Request,
    library: Served,
    list: Annotated[CodeList, Path(description="A code list", examples=["functional"])],
    code: Digits,
    year: Year = None,
    scope: InScope = None,
    expenditure_type: OfType = None,
    spending: WithSpending = True,
    offset: Offset = 0,
    limit: Limit = 100,
    format: AskedFormat = None,
) -> Response:
    """Its names over the years, what it is part of and its parts, and a page of who spends on it: safe sums
    by organisation, year and fund scope, budget → adjusted → executed; the totals of all departments whose
    documents are here, and those of its parts."""
    where = {"year": year, "scope": scope, "expenditure_type": expenditure_type, "spending": spending}
    return _code(request, library, find_list(code, list), code, where, offset, limit, format)


def _code(
    request: Request,
    library: Library,
    code_list: str,
    code: str,
    where: Mapping[str, Any],
    offset: int,
    limit: int,
    format: str | None,
) -> Response:
    found = classification_code(library, code_list, code, **where, offset=offset, limit=limit)
    given = {**where, "spending": None if where["spending"] else "false", "format": format}
    shown = following(found.spending, request.url.path, given)
    return represent(request, library, found.model_copy(update={"spending": shown}), format)
