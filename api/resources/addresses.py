"""Where a thing of the graph lies below this server, and which thing an address means."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final
from urllib.parse import quote, unquote

from fiscalgraph.graph.identifiers import BASE, escaped

__all__ = ["document_url", "iri_readings", "resource_url"]

_RESOURCES: Final = {"department": "departments", "project": "projects", "law": "laws", "issue": "issues"}
_CODE: Final = re.compile(r"classification/(?P<list>[a-z-]+)/(?P<code>\d{3}|\d{5}|\d{7})")


def resource_url(iri: str) -> str | None:
    """The address of a thing below this server, ready to be asked for; ``None`` for what is not ours."""
    if not iri.startswith(BASE):
        return None
    path = iri.removeprefix(BASE)
    kind, _, rest = path.partition("/")
    if kind in _RESOURCES and rest:
        return f"/{_RESOURCES[kind]}/{quote(rest)}"
    code = _CODE.fullmatch(path)
    if code is not None:
        return f"/classification/{code['list']}/{code['code']}"
    return f"/id/{quote(path)}"


def document_url(name: str) -> str:
    """The address of a document."""
    return f"/documents/{quote(name, safe='')}"


def iri_readings(path: str) -> Iterator[str]:
    """What a path, as it came over the wire, may mean behind ``…/id/``: the likeliest first.

    Our IRIs carry Chinese characters as they are and escape some others (``%2F``). Who puts the IRI in
    place of the address sends these escapes as they stand; who escapes the whole IRI sends ``%252F``, and
    who takes it for one step sends ``%2F`` for its slashes.
    """
    yield _canonical(path)
    whole = unquote(path)
    if _canonical(whole) != _canonical(path):
        yield _canonical(whole)


def _canonical(path: str) -> str:
    return "/".join(escaped(unquote(step)) for step in path.strip("/").split("/"))
