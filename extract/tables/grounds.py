"""By which accounting identities (勾稽关系) the columns of a row were decided, or at least confirmed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Set
from decimal import Decimal
from typing import Final

from fiscalgraph.extract.tables.identities import Hints, Placement, Tree
from fiscalgraph.extract.tables.layouts import Layout

__all__ = ["EXCLUSION", "HIERARCHY_SUM", "OTHER_TABLE", "PROPORTION", "ROW_SUM", "grounds"]

ROW_SUM: Final = "row_sum"
"""A total column is the sum of the columns beside it (合计 = 基本支出 + 项目支出)."""
HIERARCHY_SUM: Final = "hierarchy_sum"
"""In each column a row is the sum of the rows below it (合计 = 类, 类 = 款, 款 = 项)."""
PROPORTION: Final = "proportion"
"""A rate column is one amount divided by another."""
OTHER_TABLE: Final = "other_table"
"""Another table of the document states the figure under the column's name."""
EXCLUSION: Final = "exclusion"
"""No other column was left: it is empty in the sum above, or the order of the figures forbids it."""

_CENT = Decimal("0.01")
_Cells = Mapping[int, Decimal]


def grounds(
    layout: Layout, rows: Sequence[Sequence[str]], placed: Sequence[Placement], tree: Tree, hints: Hints
) -> list[tuple[str, ...]]:
    """For each row the identities that its figures take part in and that hold as they were placed.

    ``rows`` are the figures as printed, ``placed`` their columns; a row without placed figures has none.
    """
    cells = [_cells(printed, where) for printed, where in zip(rows, placed, strict=True)]
    summed = _rows_that_add_up(cells, tree, {rate for rate, _, _ in layout.percent_of})
    found: list[tuple[str, ...]] = []
    for number, values in enumerate(cells):
        stated = any(
            c is not None and hints.states(number, c, printed)
            for c, printed in zip(placed[number], rows[number], strict=True)
        )
        holds = {
            ROW_SUM: _adds_up(layout, values),
            HIERARCHY_SUM: number in summed,
            PROPORTION: _is_proportional(layout, values),
            OTHER_TABLE: stated,
        }
        names = tuple(name for name, true in holds.items() if true)
        found.append(names or ((EXCLUSION,) if values else ()))
    return found


def _cells(printed: Sequence[str], where: Placement) -> _Cells:
    return {c: Decimal(text.rstrip("%")) for c, text in zip(where, printed, strict=True) if c is not None}


def _adds_up(layout: Layout, values: _Cells) -> bool:
    """Whether the row shows a total beside parts, and every such sum holds within rounding."""
    tried = [each for each in layout.identities if each.total in values and values.keys() & {*each.parts}]
    return bool(tried) and all(
        _near(
            values[each.total],
            sum((values.get(c, Decimal(0)) for c in each.parts), Decimal(0))
            - sum((values.get(c, Decimal(0)) for c in each.minus), Decimal(0)),
            len(each.parts) + len(each.minus),
        )
        for each in tried
    )


def _is_proportional(layout: Layout, values: _Cells) -> bool:
    tried = [each for each in layout.percent_of if each[0] in values and values.get(each[2])]
    return bool(tried) and all(
        abs(values.get(change, Decimal(0)) * 100 / values[base] - values[rate]) <= _CENT
        for rate, change, base in tried
    )


def _rows_that_add_up(cells: Sequence[_Cells], tree: Tree, rates: Set[int]) -> frozenset[int]:
    """Rows that are, in every column, the sum of their parts, and those parts."""
    found: set[int] = set()
    for row, parts in tree.items():
        columns = set().union(*(cells[each] for each in (row, *parts))) - rates
        if (
            cells[row]
            and any(cells[each] for each in parts)
            and all(
                _near(
                    cells[row].get(c, Decimal(0)),
                    sum((cells[each].get(c, Decimal(0)) for each in parts), Decimal(0)),
                    len(parts),
                )
                for c in columns
            )
        ):
            found |= {row, *parts}
    return frozenset(found)


def _near(total: Decimal, parts: Decimal, addends: int) -> bool:
    """Equal within the rounding of two printed decimals of the addends and the sum."""
    return abs(total - parts) <= _CENT * ((addends + 1) // 2 + 1)
