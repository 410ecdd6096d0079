"""The named queries (命名查询): what they answer, their parameters and columns."""

from __future__ import annotations

from fiscalgraph.api.resources.models import Page, Resource, Words
from fiscalgraph.api.resources.paging import page_of
from fiscalgraph.queries import NamedQuery, list_queries, load
from fiscalgraph.queries.columns import heading

__all__ = ["QueryAnswer", "QueryDescription", "QueryParameter", "list_named_queries"]


class QueryParameter(Resource):
    """A parameter of a query. ``type`` is text, integer, decimal, year or iri; ``default`` is the SPARQL that
    stands for it, ``None``: it restricts nothing."""

    name: str
    type: str
    title: Words
    default: str | None


class QueryDescription(Resource):
    """A named query in both languages; its answer is at ``url``. ``headings`` say what its columns are
    called; ``{unit}`` in one stands for the unit that its amounts, which are in 元, are shown in."""

    name: str
    url: str
    title: Words
    description: Words
    parameters: tuple[QueryParameter, ...]
    columns: tuple[str, ...]
    headings: dict[str, Words]


class QueryAnswer(Resource):
    """An answer: values as texts in the order of ``columns``, ``None`` where there is none. It is whole
    without ``limit``. A page of it tells where its rows are printed: ``places`` holds the places' IRIs, row
    by row, by the column of their quote; ``total`` is known on the last page only."""

    columns: tuple[str, ...]
    rows: tuple[tuple[str | None, ...], ...]
    places: dict[str, tuple[str | None, ...]] | None = None
    total: int | None = None
    offset: int = 0
    limit: int | None = None
    next: str | None = None


def list_named_queries(*, offset: int = 0, limit: int = 100) -> Page[QueryDescription]:
    """All named queries, by name."""
    names = list_queries()
    page = page_of(names, offset=offset, limit=limit)
    return Page(
        items=tuple(_described(load(name)) for name in page.items),
        total=page.total,
        offset=offset,
        limit=limit,
    )


def _described(query: NamedQuery) -> QueryDescription:
    return QueryDescription(
        name=query.name,
        url=f"/queries/{query.name}",
        title=Words(en=query.title_en, zh=query.title_zh),
        description=Words(en=query.description_en, zh=query.description_zh),
        parameters=tuple(
            QueryParameter(
                name=parameter.name,
                type=parameter.type,
                title=Words(en=parameter.title_en, zh=parameter.title_zh),
                default=parameter.default,
            )
            for parameter in query.parameters
        ),
        columns=query.columns,
        headings={
            column: Words(zh=zh, en=en)
            for column in query.columns
            for zh, en in (heading(column, query.columns),)
        },
    )
