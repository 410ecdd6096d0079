"""Which column a figure belongs to, where only the order of a row's figures is known.

Accounting identities choose between readings; they never change what is printed. A figure is
placed when every reading that satisfies them puts it into the same column; otherwise it stays
unplaced and is reported.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass
from decimal import Decimal
from operator import add
from typing import Protocol

from fiscalgraph.extract.tables.layouts import Layout

__all__ = [
    "NO_HINTS",
    "Effort",
    "Hints",
    "Placement",
    "Tree",
    "agreed",
    "is_contradicted",
    "place_rows",
    "row_placements",
]

Placement = tuple[int | None, ...]  # for each figure of a row, in order, its value column if it is known
Tree = Mapping[int, Sequence[int]]  # row → the rows that add up to it
_Columns = tuple[int, ...]

_SCALE = 6  # figures are added as whole millionths
_CENT = 10_000
_SEARCH_LIMIT = 60_000
_EFFORT = 600_000  # steps for all tables of a document: about two seconds
_MOST_SUMS = 5_000
_MOST_OPTIONS = 4_000  # placements of one row beyond which nothing is concluded from them
_TRIED_PARENTS = 24  # placements of a parent that are tried against its children
_ROUNDS = 4


class Hints(Protocol):
    """What is known of a table's figures from elsewhere in the document."""

    def states(self, row: int, column: int, printed: str) -> bool:
        """Whether the figure is stated under the column's name."""
        ...

    def alike(self, column: int, other: int) -> bool:
        """Whether the columns bear one name (as those of two years do)."""
        ...

    def bounds(self, row: int, column: int) -> tuple[Decimal, Decimal | None]:
        """The least and the greatest amount that the cell can hold (``None`` without limit)."""
        ...


class _NoHints:
    def states(self, row: int, column: int, printed: str) -> bool:
        return False

    def alike(self, column: int, other: int) -> bool:
        return column == other

    def bounds(self, row: int, column: int) -> tuple[Decimal, Decimal | None]:
        return Decimal(0), None


NO_HINTS: Hints = _NoHints()


def _number(printed: str) -> int:
    return int(Decimal(printed.rstrip("%")).scaleb(_SCALE))


def _tolerance(addends: int) -> int:
    """Rounding of printed figures: half a unit of the last place for each addend and the sum."""
    return _CENT * ((addends + 1) // 2 + 1)


@dataclass(frozen=True, slots=True)
class _Check:
    """An identity in the order of the columns: it can be tried once its last column is decided."""

    last: int
    weights: Mapping[int, int]
    tolerance: int
    total: int
    subtotals: Mapping[int, tuple[int, ...]]  # columns that their parts may stand for, and those parts
    alone: bool  # whether the total may be printed without its parts, or its only part without it

    def holds(self, values: Mapping[int, int]) -> bool:
        if self.alone:
            parts = sum(column in values for column in self.weights if column != self.total)
            if parts == 0 or (parts == 1 and self.total not in values):
                return True
        amount = 0
        for column, weight in self.weights.items():
            own = values.get(column)
            if own is None:
                own = sum(values.get(part, 0) for part in self.subtotals.get(column, ()))
            amount += weight * own
        return abs(amount) <= self.tolerance


def _checks(layout: Layout) -> list[_Check]:
    made = []
    parts = {part for identity in layout.identities for part in (*identity.parts, *identity.minus)}
    sums = {each.total: each.parts for each in layout.identities if each.total in parts and layout.sparse}
    for identity in layout.identities:
        weights = {
            identity.total: -1,
            **dict.fromkeys(identity.parts, 1),
            **dict.fromkeys(identity.minus, -1),
        }
        subtotals = {c: sums[c] for c in weights if c in sums and c != identity.total}
        last = max((*weights, *(part for some in subtotals.values() for part in some)))
        tolerance = _tolerance(len(weights) - 1)
        alone = identity.total in sums
        made.append(_Check(last, weights, tolerance, identity.total, subtotals, alone))
    return made


def _proportions_hold(layout: Layout, values: Mapping[int, int]) -> bool:
    for rate, change, base in layout.percent_of:
        if rate in values and values.get(base):
            expected = values.get(change, 0) * 100 * 10**_SCALE / values[base]
            if abs(expected - values[rate]) > 1.1 * _CENT:
                return False
        if rate in values and change not in values:
            return False
    return all(
        part not in values or (whole in values and values[part] <= values[whole] + _CENT)
        for part, whole in layout.within
    )


class Effort:
    """How much may still be searched in a document, in steps rather than time, and what has been found.

    The same text therefore always stops at the same point: what was not searched stays unread.
    """

    def __init__(self, steps: int = _EFFORT) -> None:
        self.left = steps
        self._known: dict[tuple[Layout, _Columns, tuple[str, ...]], list[_Columns] | None] = {}

    def row_placements(
        self, layout: Layout, columns: Sequence[int], printed: Sequence[str]
    ) -> list[_Columns] | None:
        """What :func:`row_placements` finds, searched once."""
        key = (layout, tuple(columns), tuple(printed))
        if key not in self._known:
            self._known[key] = row_placements(layout, columns, printed, self)
        found = self._known[key]
        return found if found is None else list(found)

    def spend(self, steps: int) -> bool:
        """Whether so many steps were still allowed; they are counted."""
        self.left -= steps
        return self.left >= 0


def row_placements(
    layout: Layout, columns: Sequence[int], printed: Sequence[str], effort: Effort | None = None
) -> list[_Columns] | None:
    """Every order-keeping placement of a row's figures into ``columns`` that the identities allow.

    ``None`` where there are too many to list.
    """
    limit = _SEARCH_LIMIT if effort is None else min(_SEARCH_LIMIT, effort.left)
    checks = _checks(layout)
    rates = {rate for rate, _, _ in layout.percent_of}
    numbers = [_number(text) for text in printed]
    percent = [text.endswith("%") for text in printed]
    found: list[_Columns] = []
    steps = 0

    def descend(at: int, figure: int, values: dict[int, int]) -> bool:
        nonlocal steps
        steps += 1
        if steps > limit or len(found) > _MOST_OPTIONS:
            return False
        decided = columns[at] if at < len(columns) else None
        for check in checks:
            due = at and (decided is None or check.last < decided) and check.last >= columns[at - 1]
            if due and not check.holds(values):
                return True
        if figure == len(numbers):
            if all(check.holds(values) for check in checks) and _proportions_hold(layout, values):
                found.append(tuple(values))
            return True
        if len(columns) - at < len(numbers) - figure:
            return True
        column = columns[at]
        fits = not percent[figure] or column in rates
        if fits and not descend(at + 1, figure + 1, {**values, column: numbers[figure]}):
            return False
        return descend(at + 1, figure, values)

    complete = descend(0, 0, {})
    if effort is not None:
        effort.spend(steps)
    return found if complete else None


def is_contradicted(
    layout: Layout, columns: Sequence[int], printed: Sequence[str], effort: Effort | None = None
) -> bool:
    """Whether no placement of the row's figures satisfies the identities."""
    return (effort or Effort()).row_placements(layout, columns, printed) == []


def agreed(options: Sequence[Sequence[int]], figures: int) -> Placement:
    """The columns on which all placements of a row agree."""
    if not options:
        return (None,) * figures
    return tuple(
        options[0][k] if all(option[k] == options[0][k] for option in options) else None
        for k in range(figures)
    )


class _Search:
    """The placements of a table's rows that remain possible, narrowed step by step."""

    def __init__(
        self,
        layout: Layout,
        columns: Sequence[int],
        rows: Sequence[Sequence[str]],
        tree: Tree,
        hints: Hints,
        effort: Effort,
    ) -> None:
        self._effort = effort
        self.layout, self.columns, self.rows, self.tree, self.hints = layout, columns, rows, tree, hints
        self.rates = {rate for rate, _, _ in layout.percent_of}
        self.additive = [c for c in columns if c not in self.rates]
        self.parent = {child: row for row, children in tree.items() for child in children}
        self._tried: dict[int, tuple[int, ...]] = {}
        self.options: list[list[_Columns] | None] = [None] * len(rows)
        for row in self._downwards():
            self.options[row] = self._of_row(row)

    def _downwards(self) -> list[int]:
        """The rows, each after the row that it is a part of."""
        order = [row for row in range(len(self.rows)) if row not in self.parent]
        for row in order:
            order += self.tree.get(row, ())
        return order

    def _of_row(self, row: int) -> list[_Columns] | None:
        printed = self.rows[row]
        allowed: Sequence[int] = self.columns
        above = self.options[self.parent[row]] if row in self.parent else None
        if above and not self.rates and all(above):
            # An amount is never negative: what is empty in a sum is empty in its parts.
            filled = {c for option in above for c in option}
            allowed = [c for c in self.columns if c in filled]
        found = self._effort.row_placements(self.layout, allowed, printed)
        if found == [] and allowed is not self.columns:
            found = self._effort.row_placements(self.layout, self.columns, printed)
        percent = {c for c, text in zip(self.columns, printed, strict=False) if text.endswith("%")}
        if found == [] and len(printed) == len(self.columns) and percent <= self.rates:
            return [tuple(self.columns)]  # printed as it is, though it does not add up
        if not found or len(found) == 1:
            return found
        found = self._within_bounds(row, found)
        return self._as_stated(row, found) if row not in self.parent else found

    def _within_bounds(self, row: int, found: list[_Columns]) -> list[_Columns]:
        """The placements that other tables of the document allow; all of them if they allow none."""
        bounds = {c: self.hints.bounds(row, c) for c in self.additive}
        amounts = [Decimal(text.rstrip("%")) for text in self.rows[row]]
        slack = Decimal("0.02")
        kept = []
        for option in found:
            cells = dict(zip(option, amounts, strict=True))
            if all(
                cells.get(c, Decimal(0)) >= low - slack
                and (high is None or cells.get(c, Decimal(0)) <= high + slack)
                for c, (low, high) in bounds.items()
            ):
                kept.append(option)
        return kept or found

    def _as_stated(self, row: int, found: list[_Columns]) -> list[_Columns]:
        """The placements that agree with figures stated elsewhere under just one column's name."""
        printed = self.rows[row]
        for text in dict.fromkeys(printed):
            columns = {k: {option[k] for option in found} for k, each in enumerate(printed) if each == text}
            disputed = {k: each for k, each in columns.items() if len(each) > 1}
            open_to = sorted(set().union(*disputed.values()))
            stated = [c for c in open_to if self.hints.states(row, c, text)]
            if len(stated) != 1:
                continue
            settled = set().union(*(each for k, each in columns.items() if k not in disputed))
            if any(self.hints.alike(stated[0], c) for c in settled):
                continue  # what is stated may be the figure of the other year
            reaching = [k for k, each in disputed.items() if stated[0] in each]
            if len(reaching) == 1:
                found = [option for option in found if option[reaching[0]] == stated[0]]
        if len(found) > 1:
            backed = [option for option in found if self._is_backed(row, option, found)]
            if len(backed) == 1:
                return backed
        return found

    def _is_backed(self, row: int, option: _Columns, found: Sequence[_Columns]) -> bool:
        """Whether every cell in which the placement differs from others is stated elsewhere."""
        printed = self.rows[row]
        disputed = {
            (option[k], text)
            for k, text in enumerate(printed)
            if not all((option[k], text) in zip(each, printed, strict=True) for each in found)
        }
        return bool(disputed) and all(self.hints.states(row, c, text) for c, text in disputed)

    def narrow(self) -> None:
        """Drop placements with which a row's parts cannot add up to it, until nothing changes."""
        parents = [row for row in self._downwards() if self.tree.get(row)]
        for _ in range(_ROUNDS):
            before = [len(each) if each is not None else -1 for each in self.options]
            for row in [*parents, *reversed(parents)]:
                self._fit(row)
            if before == [len(each) if each is not None else -1 for each in self.options]:
                return

    def place_as_printed(self) -> None:
        """Put a row that does not add up into the columns that the row above fills, if they are as many.

        An amount is never negative: what is empty in a sum is empty in its parts, so a row with as many
        figures as its sum fills the same columns, whatever the figures. A rate or a difference may be
        printed in a part alone: it must stand in the sum too.
        """
        free = self.rates | {each.total for each in self.layout.identities if each.minus}
        for row in self._downwards():
            above = self.options[self.parent[row]] if row in self.parent else None
            if self.options[row] != [] or not above or len(above) > 1 or not free.issubset(above[0]):
                continue
            columns, printed = above[0], self.rows[row]
            cells = list(zip(columns, printed, strict=False))
            sound = all(
                text.endswith("%") == (c in self.rates) and (c in free or _number(text) >= 0)
                for c, text in (*cells, *zip(columns, self.rows[self.parent[row]], strict=True))
            )
            if len(columns) == len(printed) and sound:
                self.options[row] = [columns]

    def _fit(self, row: int) -> None:
        children = self.tree[row]
        above = self.options[row]
        if above and not self.rates and all(above):
            # An amount is never negative: what is empty in a sum is empty in its parts.
            filled = {c for option in above for c in option}
            for child in children:
                inside = [each for each in self.options[child] or () if filled.issuperset(each)]
                self.options[child] = inside or self.options[child]
        below = [self.options[child] for child in children]
        if not above or len(above) > _TRIED_PARENTS or not all(below):
            return
        possible = [each for each in below if each is not None]
        state = (len(above), *map(len, possible))
        if self._tried.get(row) == state:
            return
        self._tried[row] = state
        if len(above) == 1 and all(len(each) == 1 for each in possible) and not self.layout.within:
            return
        kept: list[_Columns] = []
        seen: list[set[_Columns]] = [set() for _ in children]
        for option in above:
            amounts = self._amounts(row, option)
            choice = _children_choice(
                amounts,
                [[self._amounts(child, each) for each in some]
                 for child, some in zip(children, possible, strict=True)],
                self.additive,
                self._signed(amounts),
                self._effort,
            )  # fmt: skip
            if choice is None:
                return
            if all(choice):
                kept.append(option)
                for found, some, chosen in zip(seen, possible, choice, strict=True):
                    found.update(some[k] for k in chosen)
        if not kept:  # the parts do not add up to the row, whatever their columns
            self._forget_explanations(children)
            return
        self.options[row] = kept
        for child, found, some in zip(children, seen, possible, strict=True):
            self.options[child] = [each for each in some if each in found]

    def _forget_explanations(self, children: Sequence[int]) -> None:
        """Leave the rows that put a figure below "其中" where it need not add up to anything."""
        free = {part for part, _ in self.layout.within}
        for child in children:
            options = self.options[child]
            if options and len(options[0]) < len(self.columns) and any(free & set(each) for each in options):
                self.options[child] = None

    def _amounts(self, row: int, option: _Columns) -> dict[int, int]:
        return {c: _number(t) for c, t in zip(option, self.rows[row], strict=True) if c not in self.rates}

    def _signed(self, amounts: Mapping[int, int]) -> set[int]:
        """Columns whose parts may be negative."""
        differences = {each.total for each in self.layout.identities if each.minus}
        return differences | {c for c, amount in amounts.items() if amount < 0}


_Vector = tuple[int, ...]


def _children_choice(
    parent: Mapping[int, int],
    options: Sequence[Sequence[Mapping[int, int]]],
    columns: Sequence[int],
    signed: Set[int],
    effort: Effort,
) -> list[set[int]] | None:
    """For each child the placements that occur in some combination adding up to the parent.

    ``None`` when the search would be too large to be exhaustive. The children are searched in two
    halves whose sums are then matched.
    """
    tolerance = _tolerance(len(options))
    vectors = [[tuple(each.get(c, 0) for c in columns) for each in some] for some in options]
    rest = tuple(
        parent.get(c, 0) - sum(some[0][k] for some in vectors if len(some) == 1)
        for k, c in enumerate(columns)
    )
    free = [i for i, some in enumerate(vectors) if len(some) > 1]
    for k, amount in enumerate(rest):
        reach = [[vector[k] for vector in vectors[i]] for i in free]
        least, most = sum(map(min, reach)), sum(map(max, reach))
        if not least - tolerance <= amount <= most + tolerance:
            return [set() for _ in vectors]
    ceilings = [rest[k] + tolerance if c not in signed else None for k, c in enumerate(columns)]
    if not effort.spend(len(vectors)):
        return None
    left = _sums([vectors[i] for i in free[::2]], ceilings, effort)
    right = _sums([vectors[i] for i in free[1::2]], ceilings, effort)
    if left is None or right is None:
        return None
    seen: list[set[int]] = [{0} if len(some) == 1 else set() for some in vectors]
    key = max(range(len(columns)), key=lambda k: len({vector[k] for vector, _ in right}), default=0)
    right.sort(key=lambda each: each[0][key])
    keys = [vector[key] for vector, _ in right]
    found = False
    tried = 0
    for vector, path in left:
        need = [r - v for r, v in zip(rest, vector, strict=True)]
        begin, end = bisect_left(keys, need[key] - tolerance), bisect_right(keys, need[key] + tolerance)
        tried += end - begin
        if tried > _SEARCH_LIMIT or not effort.spend(1 + end - begin):
            return None
        for other, other_path in right[begin:end]:
            if all(abs(n - o) <= tolerance for n, o in zip(need, other, strict=True)):
                found = True
                for i, choice in zip(free[::2], path, strict=True):
                    seen[i].add(choice)
                for i, choice in zip(free[1::2], other_path, strict=True):
                    seen[i].add(choice)
    return seen if found else [set() for _ in vectors]


def _sums(
    options: Sequence[Sequence[_Vector]], ceilings: Sequence[int | None], effort: Effort
) -> list[tuple[_Vector, tuple[int, ...]]] | None:
    """The sums of every combination below the ceilings, with its choices; ``None`` if there are too many."""
    made: list[tuple[_Vector, tuple[int, ...]]] = [((0,) * len(ceilings), ())]
    for some in options:
        if len(made) * len(some) > _MOST_SUMS * 4 or not effort.spend(len(made) * len(some)):
            return None
        longer = [
            (tuple(map(add, vector, each)), (*path, choice))
            for vector, path in made
            for choice, each in enumerate(some)
        ]
        made = [
            (vector, path)
            for vector, path in longer
            if all(
                ceiling is None or value <= ceiling for value, ceiling in zip(vector, ceilings, strict=True)
            )
        ]
        if len(made) > _MOST_SUMS:
            return None
    return made


def place_rows(
    layout: Layout,
    columns: Sequence[int],
    rows: Sequence[Sequence[str]],
    tree: Tree,
    hints: Hints = NO_HINTS,
    effort: Effort | None = None,
) -> list[Placement]:
    """The columns of each row's figures as far as they are certain.

    A row's own identities, the sums of the rows below it (``tree``) and what the document states
    elsewhere (``hints``: names of columns for rows without a parent, bounds for all) leave out
    placements; a figure that all remaining ones put into one column is placed there.
    """
    search = _Search(layout, columns, rows, tree, hints, effort or Effort())
    search.narrow()
    search.place_as_printed()
    return [
        agreed(options or [], len(printed)) for options, printed in zip(search.options, rows, strict=True)
    ]
