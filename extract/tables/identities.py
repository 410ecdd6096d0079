"""Which column a figure belongs to, where only the order of a row's figures is known.

Accounting identities choose between readings; they never change what is printed. A placement is
taken when exactly one satisfies them; otherwise the figures stay unplaced and are reported.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence, Set
from decimal import Decimal
from itertools import combinations

from fiscalgraph.extract.tables.layouts import Layout

__all__ = ["Placement", "hierarchy", "place_rows", "row_placements"]

Placement = tuple[int, ...]  # for each figure of a row, in order, its value column

_CENT = Decimal("0.01")
_SEARCH_LIMIT = 60_000


def _number(printed: str) -> Decimal:
    return Decimal(printed.rstrip("%"))


def _tolerance(addends: int) -> Decimal:
    """Rounding of printed figures: half a unit of the last place for each addend and the sum."""
    return _CENT * ((addends + 1) // 2 + 1)


def _holds(layout: Layout, values: Mapping[int, Decimal]) -> bool:
    nothing = Decimal(0)
    for identity in layout.identities:
        columns = (identity.total, *identity.parts, *identity.minus)
        if not any(c in values for c in columns):
            continue
        total = sum((values.get(c, nothing) for c in identity.parts), nothing)
        total -= sum((values.get(c, nothing) for c in identity.minus), nothing)
        if abs(total - values.get(identity.total, nothing)) > _tolerance(len(columns) - 1):
            return False
    for rate, change, base in layout.percent_of:
        if rate in values and values.get(base):
            expected = values.get(change, nothing) / values[base] * 100
            if abs(expected - values[rate]) > Decimal("0.011"):
                return False
        if rate in values and change not in values:
            return False
    return True


def row_placements(layout: Layout, columns: Sequence[int], printed: Sequence[str]) -> list[Placement]:
    """Every order-keeping placement of a row's figures into ``columns`` that the identities allow."""
    rates = {rate for rate, _, _ in layout.percent_of}
    found = []
    for chosen in combinations(columns, len(printed)):
        if any(text.endswith("%") and c not in rates for c, text in zip(chosen, printed, strict=True)):
            continue
        if _holds(layout, {c: _number(text) for c, text in zip(chosen, printed, strict=True)}):
            found.append(chosen)
    return found


def hierarchy(codes: Sequence[str | None]) -> dict[int, list[int]]:
    """Parent row → child rows, by classification code; the first row without a code is the 合计."""
    children: dict[int, list[int]] = {}
    total = next((i for i, code in enumerate(codes) if code is None), None)
    position = {code: i for i, code in reversed(list(enumerate(codes))) if code is not None}
    for i, code in enumerate(codes):
        if code is None:
            continue
        above = next((position[code[:n]] for n in (5, 3) if n < len(code) and code[:n] in position), None)
        if above is None and len(code) == 3:
            above = total
        if above is not None and above != i:
            children.setdefault(above, []).append(i)
    return children


def _children_choice(
    parent: Mapping[int, Decimal],
    rows: Sequence[Sequence[str]],
    options: Sequence[Sequence[Placement]],
    columns: Sequence[int],
    signed: Set[int],
) -> list[set[Placement]] | None:
    """For each child the placements that occur in some combination adding up to the parent.

    ``None`` when the search would be too large to be exhaustive.
    """
    tolerance = _tolerance(len(rows))
    values = [
        [{c: _number(t) for c, t in zip(p, row, strict=True)} for p in each]
        for row, each in zip(rows, options, strict=True)
    ]
    seen: list[set[Placement]] = [set() for _ in rows]
    steps = 0

    def descend(i: int, rest: dict[int, Decimal], path: list[int]) -> bool:
        nonlocal steps
        steps += 1
        if steps > _SEARCH_LIMIT:
            return False
        if i == len(rows):
            if all(abs(rest[c]) <= tolerance for c in columns):
                for k, choice in enumerate(path):
                    seen[k].add(options[k][choice])
            return True
        for choice, value in enumerate(values[i]):
            after = dict(rest)
            for c, v in value.items():
                after[c] = after[c] - v
            if all(after[c] >= -tolerance or c in signed for c in columns) and not descend(
                i + 1, after, [*path, choice]
            ):
                return False
        return True

    start = {c: parent.get(c, Decimal(0)) for c in columns}
    return seen if descend(0, start, []) else None


def place_rows(
    layout: Layout,
    columns: Sequence[int],
    codes: Sequence[str | None],
    rows: Sequence[Sequence[str]],
    evidence: Callable[[int, str], bool],
) -> list[Placement | None]:
    """The placement of each row's figures, ``None`` where the identities leave several or none.

    Works from the 合计 row down: a column that is empty in a parent is empty in its children, and
    the children of a row must add up to it column by column. Where several placements of a row
    without a parent remain, ``evidence(column, printed)`` (the explanation states the figure under
    the column's name) decides if it supports one of them alone.
    """
    options = [row_placements(layout, columns, row) if row else [()] for row in rows]
    children = hierarchy(codes)
    below = {child for each in children.values() for child in each}
    placed: list[Placement | None] = [None] * len(rows)

    def settle(i: int) -> None:
        if len(options[i]) == 1:
            placed[i] = options[i][0]

    for i in range(len(rows)):
        if i in below or not rows[i]:
            settle(i)
            continue
        if len(options[i]) > 1:
            disputed = [
                {
                    (c, t)
                    for c, t in zip(p, rows[i], strict=True)
                    if not all((c, t) in set(zip(q, rows[i], strict=True)) for q in options[i])
                }
                for p in options[i]
            ]
            backed = [
                k for k, cells in enumerate(disputed) if cells and all(evidence(c, t) for c, t in cells)
            ]
            if len(backed) == 1:
                options[i] = [options[i][backed[0]]]
        settle(i)
    order = sorted(children, key=lambda i: len(codes[i] or ""))
    for parent in order:
        kids = children[parent]
        top = placed[parent]
        if top is None:
            continue
        amounts = {c: _number(t) for c, t in zip(top, rows[parent], strict=True) if not t.endswith("%")}
        filled = set(amounts)
        additive = [c for c in columns if c not in {rate for rate, _, _ in layout.percent_of}]
        for kid in kids:
            if not layout.percent_of:
                options[kid] = [p for p in options[kid] if set(p) <= filled]
        if any(not options[kid] for kid in kids):
            continue
        choice = _children_choice(
            amounts,
            [[t for t in rows[kid] if not t.endswith("%")] for kid in kids],
            [[tuple(c for c in p if c in additive) for p in options[kid]] for kid in kids],
            additive,
            {each.total for each in layout.identities if each.minus}
            | {c for c, amount in amounts.items() if amount < 0},
        )
        for k, kid in enumerate(kids):
            if choice is not None and choice[k]:
                options[kid] = [p for p in options[kid] if tuple(c for c in p if c in additive) in choice[k]]
            settle(kid)
    for i in range(len(rows)):
        settle(i)
    return placed
