"""One shape for parts of lists."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TypeVar
from urllib.parse import urlencode

from fiscalgraph.api.resources.models import Page

__all__ = ["following", "page_of", "paged"]

Item = TypeVar("Item")


def paged(items: Iterable[Item], *, total: int, offset: int, limit: int) -> Page[Item]:
    """A page of items that were cut out already; see :func:`following` for the address of the next one."""
    return Page(items=tuple(items), total=total, offset=offset, limit=limit)


def page_of(items: Sequence[Item], *, offset: int, limit: int) -> Page[Item]:
    """A page cut out of all items."""
    return paged(items[offset : offset + limit], total=len(items), offset=offset, limit=limit)


def following(page: Page[Item], path: str, parameters: Mapping[str, object]) -> Page[Item]:
    """The page with the address of the one behind it: ``path`` with ``parameters`` (``None``: not given)."""
    end = page.offset + len(page.items)
    if end >= page.total or not page.items:
        return page
    given = {name: value for name, value in parameters.items() if value is not None}
    query = urlencode({**given, "offset": end, "limit": page.limit}, doseq=True)
    return page.model_copy(update={"next": f"{path}?{query}"})
