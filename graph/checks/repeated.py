"""Differences that are one and the same: repeated by several columns or tables, or all over a table."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from decimal import Decimal

from fiscalgraph.extract.records import SpendingLine, TotalLine
from fiscalgraph.graph.checks.results import CheckResult, Side, Verdict

__all__ = ["DIFFERENT", "by_table", "each_once"]

DIFFERENT = frozenset({Verdict.CONTRADICTS, Verdict.ROUNDING})
"""Verdicts that name a difference."""

_MANY = 3
_MANY_SHARE = Decimal("0.25")


def each_once(
    results: Iterable[CheckResult], key: Callable[[CheckResult], object] | None = None
) -> Iterator[CheckResult]:
    """Of a difference that several columns or tables repeat, the first, with all figures it stands in.

    The same two figures are the same difference; ``key`` names what else makes contradictions one.
    """
    kept: list[CheckResult] = []
    places: dict[object, int] = {}
    for result in results:
        if result.verdict in DIFFERENT:
            keys: list[object] = [(result.left.printed, result.right.printed)]
            if key is not None and result.verdict is Verdict.CONTRADICTS:
                keys.append(key(result))
            known = next((places[each] for each in keys if each in places), None)
            if known is not None:
                kept[known] = _joined(kept[known], result)
                continue
            places.update(dict.fromkeys(keys, len(kept)))
        kept.append(result)
    yield from kept


def by_table(results: Iterable[CheckResult], share: Decimal = _MANY_SHARE) -> Iterator[CheckResult]:
    """Where a great share of a table's comparisons differ, the table is out of joint: one contradiction."""
    tables: dict[object, list[CheckResult]] = defaultdict(list)
    for result in results:
        whole = result.left.records[0]
        tables[whole.table_index if isinstance(whole, (SpendingLine, TotalLine)) else None].append(result)
    for found in tables.values():
        wrong = [result for result in found if result.verdict is Verdict.CONTRADICTS]
        if len(wrong) < _MANY or len(wrong) < len(found) * share:
            yield from found
            continue
        first = wrong[0]
        detail = f"{first.detail}；该表另有{len(wrong) - 1}处同样不符，疑为整体错行或错列"
        whole_table = replace(first, detail=detail)
        for again in wrong[1:]:
            whole_table = _joined(whole_table, again)
        for result in found:
            if result is first:
                yield whole_table
            elif result.verdict is not Verdict.CONTRADICTS:
                yield result


def _joined(first: CheckResult, again: CheckResult) -> CheckResult:
    def both(one: Side, other: Side) -> Side:
        return replace(one, sources=one.sources + other.sources, records=one.records + other.records)

    return replace(first, left=both(first.left, again.left), right=both(first.right, again.right))
