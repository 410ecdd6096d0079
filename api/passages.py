"""``/passages``: stated causes, measures and reasons, found by meaning."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from functools import partial
from typing import Annotated, Any, Final, Literal
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Path, Query, Request, Response
from pyoxigraph import NamedNode

from fiscalgraph.api.downloads import (
    AS_LIST,
    LIST_FORMATS,
    AskedListFormat,
    HeadingLanguage,
    is_table,
    most_rows,
    table_answer,
)
from fiscalgraph.api.library import Library
from fiscalgraph.api.negotiation import Choice
from fiscalgraph.api.representation import TRUNCATED, chosen, triples_answer
from fiscalgraph.api.resources.addresses import resource_url
from fiscalgraph.api.resources.passages import DepartmentPage, HitPage, PassageFilters
from fiscalgraph.api.shelf import served
from fiscalgraph.graph.identifiers import BASE
from fiscalgraph.ontology.terms import FG, OBEU
from fiscalgraph.search import Answer, DepartmentHits
from fiscalgraph.search.filters import Filters
from fiscalgraph.search.index import LONGEST_QUERY
from fiscalgraph.search.passages import PART_MARK
from fiscalgraph.search.ranking import DEPTH

__all__ = ["router"]

router = APIRouter(prefix="/passages", tags=["passages 原因与措施"])

_LAST_OFFSET: Final = 800  # pages reach the first thousand hits
_FACETED: Final = 200  # hits that are counted by year, region, department and kind
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
    responses={200: {"content": AS_LIST}},
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
    format: AskedListFormat = None,
    language: HeadingLanguage = None,
) -> Response:
    """The `k` statements that say most nearly what `q` says, among those the filters admit. `facets` counts
    the first 200 of them by year, region, department and kind: by what they could be narrowed."""
    asked = _Asked.of(request, library, k, offset, format, language)
    if group is not None:
        return asked.departments(partial(library.search_departments, q, filters=wanted))
    faceted = 0 if asked.is_table else _FACETED
    return asked.hits(partial(library.search, q, filters=wanted, faceted=faceted))


@router.get(
    "/similar",
    summary="Passages like one, by its IRI",
    response_model=HitPage | DepartmentPage,
    responses={200: {"content": AS_LIST}},
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
    format: AskedListFormat = None,
    language: HeadingLanguage = None,
) -> Response:
    """The `k` statements nearest to a passage, of other departments unless `same_department`."""
    asked = _Asked.of(request, library, k, offset, format, language)
    given: dict[str, Any] = {"filters": wanted, "other_departments_only": not same_department}
    if group is not None:
        return asked.departments(partial(library.similar_departments, iri, **given))
    return asked.hits(partial(library.similar, iri, **given))


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
    responses={200: {"content": AS_LIST}},
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
    format: AskedListFormat = None,
    language: HeadingLanguage = None,
) -> Response:
    """As `/passages/similar`."""
    iri = passage if ":" in passage.partition("/")[0] else BASE + passage
    return similar(request, library, wanted, iri, k, offset, group, same_department, format, language)


@dataclass(frozen=True, slots=True)
class _Asked:
    """Which hits are asked for, and as what. A table holds all that a ranking reaches."""

    request: Request
    library: Library
    k: int
    offset: int
    choice: Choice
    language: str | None

    @classmethod
    def of(
        cls, request: Request, library: Library, k: int, offset: int, format: str | None, language: str | None
    ) -> _Asked:
        choice = chosen(request, format, LIST_FORMATS)
        if is_table(choice.format):
            k, offset = min(DEPTH, most_rows(request)), 0
        return cls(request, library, k, offset, choice, language)

    @property
    def is_table(self) -> bool:
        return is_table(self.choice.format)

    def hits(self, search: Callable[..., Answer]) -> Response:
        """The answer of a search for statements."""
        answer = search(k=self.k, offset=self.offset)
        found = answer.as_dict()
        items = found.pop("hits")
        if self.is_table:
            cut = {TRUNCATED: f"rows={len(items)}"} if answer.admitted > len(items) == self.k else {}
            return self._table(items, "passages", cut)
        for item in items:
            item["passage"].update(self._addresses(item["passage"]["iri"]))
        more = len(items) == self.k and self.offset + self.k < answer.admitted
        page = {
            "items": items,
            "total": found.pop("admitted"),
            "offset": self.offset,
            "limit": self.k,
            "next": self._next() if more else None,
            **found,
        }
        return self._given(page, [item["passage"]["iri"] for item in items])

    def departments(self, search: Callable[..., list[DepartmentHits]]) -> Response:
        """The answer of a search for departments."""
        items = [each.as_dict() for each in search(k=self.k, offset=self.offset)]
        if self.is_table:
            return self._table(items, "passages-by-department", {})
        for item in items:
            item["hit"]["passage"].update(self._addresses(item["hit"]["passage"]["iri"]))
        following = self._next() if len(items) == self.k else None
        page = {"items": items, "offset": self.offset, "limit": self.k, "next": following}
        return self._given(page, [item["hit"]["passage"]["iri"] for item in items])

    def _table(self, items: list[dict[str, Any]], table: str, headers: dict[str, str]) -> Response:
        form = self.choice.format
        return table_answer(self.request, self.library, items, table, form, self.language, headers)

    def _addresses(self, passage: str) -> dict[str, str | None]:
        """Where the department and the project of a passage lie below this server."""
        node = passage.partition(PART_MARK)[0]
        entry = self._value(node, FG.entry)
        found = {
            "department_url": self._value(node, OBEU.organization),
            "project_url": None if entry is None else self._value(entry, OBEU.project),
        }
        return {name: None if iri is None else resource_url(iri) for name, iri in found.items()}

    def _value(self, node: str, predicate: NamedNode) -> str | None:
        quads = self.library.store.quads_for_pattern(NamedNode(node), predicate, None)
        return min((quad.object.value for quad in quads if isinstance(quad.object, NamedNode)), default=None)

    def _next(self) -> str | None:
        """The address of the hits behind these, where pages reach so far."""
        behind = self.offset + self.k
        if behind > _LAST_OFFSET:
            return None
        given = self.request.query_params.multi_items()
        kept = [(name, value) for name, value in given if name not in ("offset", "k")]
        return f"{self.request.url.path}?{urlencode([*kept, ('offset', behind), ('k', self.k)])}"

    def _given(self, page: dict[str, Any], iris: list[str]) -> Response:
        headers = {"Vary": "Accept"}
        if self.choice.format.name != "json":
            return triples_answer(self.library, iris, self.choice, headers)
        content = json.dumps(page, ensure_ascii=False)
        return Response(content, media_type="application/json", headers=headers)
