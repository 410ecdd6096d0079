"""``/passages``: stated causes, measures and reasons, found by meaning."""

from __future__ import annotations

import json
from collections.abc import Sequence
from decimal import Decimal
from typing import Annotated, Any, Final, Literal
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Path, Query, Request, Response

from fiscalgraph.api.library import Library
from fiscalgraph.api.representation import AS_TRIPLES, AskedFormat, chosen, triples_answer
from fiscalgraph.api.resources.passages import DepartmentPage, HitPage, PassageFilters
from fiscalgraph.api.shelf import served
from fiscalgraph.graph.identifiers import BASE
from fiscalgraph.search import Answer, DepartmentHits
from fiscalgraph.search.filters import Filters
from fiscalgraph.search.index import LONGEST_QUERY

__all__ = ["router"]

router = APIRouter(prefix="/passages", tags=["passages 原因与措施"])

_LAST_OFFSET: Final = 800  # pages reach the first thousand hits
Kind = Literal["problem_cause", "improvement_measure", "underperformance_reason", "narrative_reason"]
Count = Annotated[int, Query(ge=1, le=200, description="Hits at most", examples=[5])]
Offset = Annotated[int, Query(ge=0, le=_LAST_OFFSET, description="Hits to leave out", examples=[0])]
Name = Annotated[str | None, Query(max_length=200)]
Year = Annotated[int | None, Query(ge=1900, le=2200)]
Group = Annotated[
    Literal["department"] | None,
    Query(description="The best hit of each department", examples=["department"]),
]
Passage = Annotated[str, Query(min_length=1, max_length=2000, description="A passage's IRI")]
SameDepartment = Annotated[bool, Query(description="Those of its own department too")]
Served = Annotated[Library, Depends(served)]


def _filters(
    kind: Annotated[list[Kind] | None, Query()] = None,
    department: Name = None,
    whole: Name = None,
    region: Name = None,
    year: Year = None,
    year_from: Year = None,
    year_to: Year = None,
    project: Name = None,
    code: Annotated[str | None, Query(pattern=r"^\d{1,7}$")] = None,
    min_score_lost: Annotated[Decimal | None, Query(ge=0, le=1000)] = None,
    min_amount: Annotated[Decimal | None, Query(ge=0, le=10**15)] = None,
    document: Name = None,
) -> Filters:
    """The filters of a search, as parameters of the address."""
    return Filters(
        kinds=kind,
        department=department,
        whole=whole,
        region=region,
        year=year,
        year_from=year_from,
        year_to=year_to,
        project=project,
        code=code,
        min_score_lost=min_score_lost,
        min_amount=min_amount,
        document=document,
    )


Wanted = Annotated[Filters, Depends(_filters)]


@router.get(
    "/search",
    summary="Causes, measures and reasons, by meaning",
    response_model=HitPage | DepartmentPage,
    responses={200: {"content": AS_TRIPLES}},
)
def search(
    request: Request,
    library: Served,
    wanted: Wanted,
    q: Annotated[
        str,
        Query(
            min_length=1,
            max_length=LONGEST_QUERY,
            description="What it should say, in words of your own",
            examples=["资金下达较晚"],
        ),
    ],
    k: Count = 10,
    offset: Offset = 0,
    group: Group = None,
    format: AskedFormat = None,
) -> Response:
    """The `k` statements that say most nearly what `q` says, among those the filters admit."""
    if group is not None:
        departments = library.search_departments(q, k, wanted, offset=offset)
        return _departments(request, library, departments, k, offset, format)
    return _hits(request, library, library.search(q, k, wanted, offset=offset), k, offset, format)


@router.get(
    "/similar",
    summary="Passages like one, by its IRI",
    response_model=HitPage | DepartmentPage,
    responses={200: {"content": AS_TRIPLES}},
)
def similar(
    request: Request,
    library: Served,
    wanted: Wanted,
    iri: Passage,
    k: Count = 10,
    offset: Offset = 0,
    group: Group = None,
    same_department: SameDepartment = False,
    format: AskedFormat = None,
) -> Response:
    """The `k` statements nearest to a passage, of other departments unless `same_department`."""
    others = not same_department
    if group is not None:
        departments = library.similar_departments(
            iri, k, wanted, offset=offset, other_departments_only=others
        )
        return _departments(request, library, departments, k, offset, format)
    found = library.similar(iri, k, wanted, offset=offset, other_departments_only=others)
    return _hits(request, library, found, k, offset, format)


@router.get("/filters", summary="What a search can be filtered by", response_model=PassageFilters)
def filters(library: Served) -> Response:
    """What the filters of a search can be set to."""
    from fiscalgraph.search.passages import KINDS

    index = library.index
    found = PassageFilters(
        kinds=KINDS,
        departments=tuple(index.departments),
        wholes=tuple(index.names("whole")),
        regions=tuple(index.names("region")),
        documents=tuple(index.names("document")),
        years=tuple(sorted({document.fiscal_year for document in library.documents()})),
    )
    return Response(found.model_dump_json(), media_type="application/json")


@router.get(
    "/{passage:path}/similar",
    summary="Passages like one",
    response_model=HitPage | DepartmentPage,
    responses={200: {"content": AS_TRIPLES}},
)
def similar_to(
    request: Request,
    library: Served,
    wanted: Wanted,
    passage: Annotated[
        str, Path(max_length=2000, description="A passage's IRI, or what stands in it behind /id/")
    ],
    k: Count = 10,
    offset: Offset = 0,
    group: Group = None,
    same_department: SameDepartment = False,
    format: AskedFormat = None,
) -> Response:
    """As `/passages/similar`."""
    iri = passage if ":" in passage.partition("/")[0] else BASE + passage
    return similar(request, library, wanted, iri, k, offset, group, same_department, format)


def _hits(
    request: Request, library: Library, answer: Answer, k: int, offset: int, asked: str | None
) -> Response:
    found = answer.as_dict()
    items = found.pop("hits")
    more = len(items) == k and offset + k < answer.admitted
    page = {
        "items": items,
        "total": found.pop("admitted"),
        "offset": offset,
        "limit": k,
        "next": _next(request, offset, k) if more else None,
        **found,
    }
    return _given(request, library, page, [item["passage"]["iri"] for item in items], asked)


def _departments(
    request: Request,
    library: Library,
    departments: Sequence[DepartmentHits],
    k: int,
    offset: int,
    asked: str | None,
) -> Response:
    items = [each.as_dict() for each in departments]
    following = _next(request, offset, k) if len(items) == k else None
    page = {"items": items, "offset": offset, "limit": k, "next": following}
    return _given(request, library, page, [item["hit"]["passage"]["iri"] for item in items], asked)


def _next(request: Request, offset: int, k: int) -> str | None:
    """The address of the hits behind these, where pages reach so far."""
    if offset + k > _LAST_OFFSET:
        return None
    kept = [
        (name, value) for name, value in request.query_params.multi_items() if name not in ("offset", "k")
    ]
    return f"{request.url.path}?{urlencode([*kept, ('offset', offset + k), ('k', k)])}"


def _given(
    request: Request, library: Library, page: dict[str, Any], iris: list[str], asked: str | None
) -> Response:
    choice = chosen(request, asked)
    headers = {"Vary": "Accept"}
    if choice.format.name != "json":
        return triples_answer(library, iris, choice, headers)
    content = json.dumps(page, ensure_ascii=False)
    return Response(content, media_type="application/json", headers=headers)
