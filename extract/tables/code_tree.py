"""Which rows of a coded table add up to which (合计, 类, 款, 项)."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence

__all__ = ["hierarchy"]


def hierarchy(codes: Sequence[str | None], total: int | None = None) -> dict[int, list[int]]:
    """Parent row → child rows, by classification code.

    ``total`` is the 合计 row, else the first row without a code; other rows without a code are units,
    parts of the total, whose codes follow them. A code whose class is not printed is a part of those.
    """
    children: dict[int, list[int]] = {}
    if total is None:
        total = next((i for i, code in enumerate(codes) if code is None), None)
    units = [i for i, code in enumerate(codes) if code is None and i != total]
    places: dict[str, list[int]] = {}
    for i, code in enumerate(codes):
        if code is not None:
            places.setdefault(code, []).append(i)
    for i, code in enumerate(codes):
        above = total
        if code is not None:
            if place := bisect_left(units, i):
                above = units[place - 1]
            kin = next((places[code[:n]] for n in (5, 3) if n < len(code) and code[:n] in places), None)
            if kin is not None:
                above = kin[max(0, bisect_left(kin, i) - 1)]
        if above is not None and above != i:
            children.setdefault(above, []).append(i)
    return children
