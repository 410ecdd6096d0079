"""The identities that are sums (汇总勾稽关系), as the ontology states them, evaluated on the tables."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from itertools import combinations

from fiscalgraph.extract.records import DisclosureRecords, SpendingLine
from fiscalgraph.graph.checks.lineups import (
    ORDINAL,
    Branch,
    Entry,
    Figure,
    LineUp,
    across_columns,
    down_codes,
    down_rows,
    figures,
    is_inferred,
    over_units,
    row_of,
    within_blocks,
)
from fiscalgraph.graph.checks.outline import headings
from fiscalgraph.graph.checks.repeated import DIFFERENT, by_table, each_once
from fiscalgraph.graph.checks.results import Check, CheckResult, Side, Verdict, number
from fiscalgraph.graph.checks.rounding import Rounding
from fiscalgraph.ontology.identities import SumIdentity, sum_identities

__all__ = ["SUM_CHECKS"]

_MOST_CHOICES = 10
_SUMS = ("row_sum", "hierarchy_sum")
_INFERRED = "其中有数字的栏次由勾稽关系推定，不作为依据"
_MISPLACED = "该行另一栏的差额互为对方的数字，疑为错列"
_GAP = "另一表列有此处未列的下级科目"
_UNREAD = "文件印有而未能读入的数字恰可补足差额"
_NESTED = "各单位之间似有从属关系，分项不能确定"


def _result(
    rule: str,
    whole: Figure,
    addends: Sequence[Figure],
    what: str,
    rounding: Rounding,
    of_sums: bool,
    subtrahends: Sequence[Figure] = (),
) -> CheckResult | None:
    """``whole`` against the sum of ``addends`` less ``subtrahends``; ``None`` where nothing is added or a
    figure is none."""
    value = number(whole.printed)
    signed = [(1, figure) for figure in addends] + [(-1, figure) for figure in subtrahends]
    values = [sign * each for sign, figure in signed if (each := number(figure.printed)) is not None]
    if value is None or len(values) != len(signed) or not values:
        return None
    addends = [*addends, *subtrahends]
    given = sum(values, Decimal(0))
    inferred = any(is_inferred(figure, *_SUMS) for figure in (whole, *addends))
    if given == value:
        if inferred or sum(each != 0 for each in values) < 2:
            return None  # nothing was added, or arithmetic had put the figures there
        verdict = Verdict.AGREES
    elif rounding.explains_sum(value, values, of_sums=of_sums):
        verdict = Verdict.ROUNDING
    else:
        verdict = Verdict.CONTRADICTS
    if inferred:
        verdict = Verdict.CANNOT_TELL
    detail = f"{whole.table}：{what}相加为{given}，印为{whole.printed}"
    return CheckResult(
        rule,
        verdict,
        Side.of(whole.printed, whole),
        Side.of(str(given), *addends, computed=True),
        f"{detail}；{_INFERRED}" if inferred else detail,
        value - given,
        whole.unit,
    )


def _untold(result: CheckResult, why: str) -> CheckResult:
    return replace(result, verdict=Verdict.CANNOT_TELL, detail=f"{result.detail}；{why}")


def _unread(records: DisclosureRecords) -> frozenset[Decimal]:
    """The figures that the document prints and no record holds."""
    figures_left = (
        number(left.why.partition(":")[0]) for left in records.coverage.leftovers if left.what == "cell"
    )
    return frozenset(figure for figure in figures_left if figure)


def _applies(identity: SumIdentity, records: DisclosureRecords, table: str) -> bool:
    return (
        (identity.disclosure is None or identity.disclosure.search(records.identity.kind) is not None)
        and (identity.table is None or identity.table.search(table) is not None)
        and (identity.not_table is None or identity.not_table.search(table) is None)
    )


def _misplaced(branches: Sequence[Branch]) -> set[tuple[object, ...]]:
    """Rows one of whose differing figures is what another differing column's addends give."""
    differing: dict[tuple[object, ...], list[tuple[Decimal, Decimal]]] = defaultdict(list)
    strict = Rounding(admitted=False)
    for branch in branches:
        value = number(branch.whole.printed)
        values = [each for line in branch.addends if (each := number(line.printed)) is not None]
        if value is not None and not strict.explains_sum(value, values, of_sums=True):
            differing[row_of(branch.whole)].append((value, sum(values, Decimal(0))))
    return {
        row
        for row, pairs in differing.items()
        for (value, _), (_, given) in combinations([*pairs, *pairs[::-1]], 2)
        if value == given != 0
    }


def code_sums(records: DisclosureRecords) -> Iterator[CheckResult]:
    """合计 = Σ类, 类 = Σ款, 款 = Σ项, column by column."""
    rounding = Rounding.of(records)
    branches = list(down_codes(figures(records)))
    misplaced = _misplaced(branches)
    codes: dict[str, list[Decimal]] = defaultdict(list)
    for line in records.spending:
        if line.code and (value := number(line.printed)) is not None:
            codes[line.code].append(value)
    for identity in sum_identities("codes"):
        yield from each_once(
            (
                _with_reasons(result, branch, misplaced, codes)
                for branch in branches
                if _applies(identity, records, branch.whole.table)
                and (
                    result := _result(
                        identity.name,
                        branch.whole,
                        branch.addends,
                        _heading(branch),
                        rounding,
                        branch.of_sums,
                    )
                )
            ),
            _lack,
        )


def _heading(branch: Branch) -> str:
    whole = branch.whole
    if whole.code is None:
        return f"合计（{whole.column}）的各类"
    return f"{whole.code}{whole.name or ''}（{whole.column}）的下级科目"


def _lack(result: CheckResult) -> object:
    """What one row lacks, all columns and tables that repeat it lack."""
    whole = result.left.records[0]
    assert isinstance(whole, SpendingLine)
    return whole.code, abs(result.difference or Decimal(0))


def _with_reasons(
    result: CheckResult,
    branch: Branch,
    misplaced: set[tuple[object, ...]],
    codes: Mapping[str, Sequence[Decimal]],
) -> CheckResult:
    """``result``, unless its difference is one of reading or of what the table chose to list."""
    if result.verdict in DIFFERENT and row_of(branch.whole) in misplaced:
        return _untold(result, _MISPLACED)
    if result.verdict is not Verdict.CONTRADICTS or not result.difference or result.difference < 0:
        return result
    own = branch.whole.code or ""
    listed = {line.code for line in branch.addends}
    length = len(own) + 2 if own else 3
    missing = (code for code in codes if len(code) == length and code.startswith(own) and code not in listed)
    if any(0 < value <= result.difference * 2 for code in missing for value in codes[code]):
        return _untold(result, _GAP)
    return result


def column_sums(records: DisclosureRecords) -> Iterator[CheckResult]:
    """A 合计 or 小计 against the columns beside it, or against the rows of a table without halves."""
    lines = figures(records)
    misplaced = _misplaced(list(down_codes(lines)))
    yield from _labelled_sums(records, "columns", list(across_columns(lines)), misplaced)
    yield from _labelled_sums(records, "block", list(within_blocks(lines)), misplaced)


def _labelled_sums(
    records: DisclosureRecords, along: str, lineups: Sequence[LineUp], misplaced: set[tuple[object, ...]]
) -> Iterator[CheckResult]:
    """The sums of lines in which the labels alone tell the whole from its addends."""
    rounding = Rounding.of(records)
    for identity in sum_identities(along):
        found: list[CheckResult] = []
        for lineup in lineups:
            if not _applies(identity, records, lineup.table):
                continue
            parted = _parted(identity, lineup.entries)
            if parted is None:
                continue
            whole, addends, subtrahends = parted
            result = _result(
                identity.name, whole, addends, lineup.where, rounding, lineup.heading, subtrahends
            )
            if result is not None:
                astray = result.verdict in DIFFERENT and row_of(whole) in misplaced
                found.append(_untold(result, _MISPLACED) if astray else result)
        yield from by_table(each_once(found))


def _parted(
    identity: SumIdentity, entries: Sequence[Entry]
) -> tuple[Figure, list[Figure], list[Figure]] | None:
    """The whole, what is added and what is taken away, if every label of the line is one of these or may
    stand aside."""
    if identity.whole is None:
        raise ValueError(f"{identity.name} names no whole")
    wholes = [entry for entry in entries if identity.whole.search(entry.label)]
    others = [entry for entry in entries if entry not in wholes]
    if identity.barred_by and any(identity.barred_by.search(entry.label) for entry in others):
        return None
    addends = [entry for entry in others if identity.is_addend(entry.label)]
    less = [entry for entry in others if entry not in addends and identity.is_subtrahend(entry.label)]
    strange = any(not identity.is_aside(entry.label) for entry in others if entry not in (*addends, *less))
    complete = len(addends) == len(less) == 1 if identity.subtrahends else len(addends) > 1
    if len(wholes) != 1 or len(wholes[0].figures) != 1 or not complete or strange:
        return None
    return (
        wholes[0].figures[0],
        [figure for entry in addends for figure in entry.figures],
        [figure for entry in less for figure in entry.figures],
    )


def row_sums(records: DisclosureRecords) -> Iterator[CheckResult]:
    """In a balance table: 本年合计 and 总计 against the items and balances above them."""
    rounding = Rounding.of(records)
    lineups = list(down_rows(figures(records)))
    for identity in sum_identities("rows"):
        found = (
            _down(identity, lineup, rounding)
            for lineup in lineups
            if _applies(identity, records, lineup.table)
        )
        yield from each_once(result for result in found if result is not None)


def _down(identity: SumIdentity, lineup: LineUp, rounding: Rounding) -> CheckResult | None:
    if identity.whole is None:
        raise ValueError(f"{identity.name} names no whole")
    entries = lineup.entries
    wholes = [index for index, entry in enumerate(entries) if identity.whole.search(entry.label)]
    if len(wholes) != 1:
        return None  # several breakdowns beside one another: whose items are whose cannot be told
    above = entries[: wholes[0]]
    if identity.starts_at is not None:
        starts = [index for index, entry in enumerate(above) if identity.starts_at.search(entry.label)]
        if len(starts) != 1:
            return None
        above = above[starts[0] :]
    if identity.barred_by and any(identity.barred_by.search(entry.label) for entry in above):
        return None
    addends = [entry for entry in above if identity.is_addend(entry.label)]
    rest = [entry for entry in above if entry not in addends]
    numbers = [match.group() for entry in addends if (match := ORDINAL.match(entry.label))]
    if len(numbers) != len(set(numbers)) or not all(identity.is_aside(entry.label) for entry in rest):
        return None
    whole = entries[wholes[0]].figures[0]
    chosen = [entry.figures[0] for entry in addends]
    if identity.may_nest:
        choice = _nested(whole, [entry.figures[0] for entry in above])
        if choice is None:
            return None
        chosen = list(choice) or chosen
    labels = re.sub(r"[（(].*$", "", entries[wholes[0]].label)
    return _result(identity.name, whole, chosen, f"{lineup.where}{labels}的各项", rounding, True)


def _nested(whole: Figure, lines: Sequence[Figure]) -> Sequence[Figure] | None:
    """The first line and those of the others that make up the whole; none if no choice of them does.

    ``None`` where there are too many to try, or a figure cannot be read.
    """
    value = number(whole.printed)
    own = number(lines[0].printed) if lines else None
    others = [(line, each) for line in lines[1:] if (each := number(line.printed))]
    if value is None or own is None or len(others) > _MOST_CHOICES:
        return None
    for size in range(len(others), -1, -1):
        for choice in combinations(others, size):
            if own + sum((each for _, each in choice), Decimal(0)) == value:
                return [lines[0], *(line for line, _ in choice)]
    return []


def outline_sums(records: DisclosureRecords) -> Iterator[CheckResult]:
    """一、 against its （一）, （二） …, where these are numbered through and not said to be some of it."""
    rounding = Rounding.of(records)
    lineups = list(down_rows(figures(records)))
    for identity in sum_identities("outline"):
        found: list[CheckResult] = []
        for lineup in lineups:
            if not _applies(identity, records, lineup.table):
                continue
            for whole, addends in headings(lineup.entries):
                if any(not identity.is_addend(entry.label) for entry in addends):
                    continue
                parts = [entry.figures[0] for entry in addends]
                what = f"{lineup.where}{whole.label}所列各项"
                result = _result(identity.name, whole.figures[0], parts, what, rounding, True)
                if result is not None:
                    found.append(result)
        yield from by_table(each_once(found))


def unit_sums(records: DisclosureRecords) -> Iterator[CheckResult]:
    """The total of a table by units (预算单位) against the units, and units against their own units."""
    rounding = Rounding.of(records)
    lineups = list(over_units(figures(records)))
    for identity in sum_identities("units"):
        found: list[CheckResult] = []
        for lineup in lineups:
            if not _applies(identity, records, lineup.table):
                continue
            whole, *units = (entry.figures[0] for entry in lineup.entries)
            what = f"{lineup.where}各单位"
            result = _result(identity.name, whole, units, what, rounding, True)
            innermost = _innermost(units)
            if (
                result is not None
                and result.verdict is Verdict.CONTRADICTS
                and identity.may_nest
                and len(innermost) < len(units)
            ):
                nested = _result(identity.name, whole, innermost, what, rounding, True)
                told = nested is None or nested.verdict is not Verdict.CONTRADICTS
                result = nested if told else _untold(result, _NESTED)
            if result is not None:
                found.append(result)
        yield from by_table(each_once(found))


def _innermost(units: Sequence[Figure]) -> list[Figure]:
    """The units without those that the rows below them add up to: these head the others."""
    values = [number(unit.printed) or Decimal(0) for unit in units]
    found: list[Figure] = []
    for index, unit in enumerate(units):
        given, end = Decimal(0), index + 1
        while end < len(units) and abs(given) < abs(values[index]):
            given += values[end]
            end += 1
        if given != values[index] or not given:
            found.append(unit)
    return found


def sums(records: DisclosureRecords) -> Iterator[CheckResult]:
    """All sums of the document; what an unread figure would make up for cannot be told."""
    unread = _unread(records)
    for check in (code_sums, column_sums, row_sums, outline_sums, unit_sums):
        for result in check(records):
            missing = result.verdict is Verdict.CONTRADICTS and result.difference in unread
            yield _untold(result, _UNREAD) if missing else result


SUM_CHECKS: tuple[Check, ...] = (sums,)
