"""Parameters that an address does not have, or has once, are refused.

Passed over, a misspelt filter (``yaer=2024``) would give figures of everything as those of one year.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, get_args, get_origin

from fastapi import Request
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute

from fiscalgraph.api.errors import RequestRefused

__all__ = ["known_parameters"]


async def known_parameters(request: Request) -> None:
    """Raise ``RequestRefused`` (422) for a parameter that the address does not know, or takes once only."""
    route = request.scope.get("route")
    if not request.query_params or not isinstance(route, APIRoute):
        return
    known = dict(_parameters(route.dependant))
    given = [name for name, _ in request.query_params.multi_items()]
    for name in dict.fromkeys(given):
        if name not in known:
            raise _refused(request, f"it has no parameter {name[:100]!r}", list(known))
        if given.count(name) > 1 and not known[name]:
            raise _refused(request, f"it takes the parameter {name!r} once only", list(known))


def _parameters(dependant: Dependant) -> Iterator[tuple[str, bool]]:
    """The parameters of an address, those of what it depends on included, and whether each repeats."""
    for field in dependant.query_params:
        yield field.alias, _repeats(field.field_info.annotation)
    for part in dependant.dependencies:
        yield from _parameters(part)


def _refused(request: Request, why: str, known: list[str]) -> RequestRefused:
    cure = f"Its parameters: {', '.join(known)}." if known else "Leave it out"
    return RequestRefused(request.url.path, why, cure, status=422, code="wrong_parameter")


def _repeats(annotation: Any) -> bool:
    """Whether a parameter of this type may be given several times."""
    origin = get_origin(annotation)
    if isinstance(origin, type) and issubclass(origin, Sequence):
        return True
    return any(_repeats(part) for part in get_args(annotation))
