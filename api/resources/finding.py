"""What finding by name answers: a few things of each kind, the best first."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from fiscalgraph.api.library import Library
from fiscalgraph.api.names import FoundGroup, FoundName, Kind
from fiscalgraph.api.resources.addresses import document_url, resource_url
from fiscalgraph.api.resources.models import Resource

__all__ = ["Found", "FoundThing", "FoundThings", "find"]

_LISTS: Final = {
    "department": "/departments",
    "project": "/projects",
    "code": "/classification",
    "law": "/laws",
    "document": "/documents",
}


class FoundThing(Resource):
    """A thing by its name. ``detail`` tells it from others: the department it belongs to and its years, a
    project's department, a code, a law's number, who published a document and when. ``other_name`` is the one
    that fits, where it is not ``label``."""

    label: str
    iri: str
    url: str
    detail: str
    other_name: str | None


class FoundThings(Resource):
    """The things of a ``kind`` (department, project, code, law, document): the best of ``total``. ``list`` is
    the address of the list of all of that kind."""

    kind: Kind
    items: tuple[FoundThing, ...]
    total: int
    list: str


class Found(Resource):
    """What a text may mean, the kind that fits best first; kinds without any are left out."""

    q: str
    groups: tuple[FoundThings, ...]


def find(library: Library, text: str, *, kinds: Sequence[Kind], limit: int) -> Found:
    """The things whose names fit ``text``: ``limit`` of each of ``kinds``."""
    return Found(q=text, groups=tuple(_group(group) for group in library.names.find(text, limit, kinds)))


def _group(group: FoundGroup) -> FoundThings:
    return FoundThings(
        kind=group.kind,
        items=tuple(_thing(group.kind, found) for found in group.items),
        total=group.total,
        list=_LISTS[group.kind],
    )


def _thing(kind: Kind, found: FoundName) -> FoundThing:
    url = document_url(found.name) if kind == "document" else resource_url(found.iri)
    return FoundThing(
        label=found.name,
        iri=found.iri,
        url=url or "",
        detail=found.detail,
        other_name=None if found.other_name == found.detail else found.other_name,
    )
