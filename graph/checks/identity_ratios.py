"""The identities that are ratios (比例勾稽关系): percentage columns recomputed from their rows."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from decimal import ROUND_HALF_UP, Decimal

from fiscalgraph.extract.proportions import Agreement, percentage
from fiscalgraph.extract.records import DisclosureRecords
from fiscalgraph.graph.checks.lineups import Figure, is_inferred, row_of
from fiscalgraph.graph.checks.repeated import by_table
from fiscalgraph.graph.checks.results import Check, CheckResult, Side, Verdict, number
from fiscalgraph.ontology.identities import RatioIdentity, ratio_identities

__all__ = ["RATIO_CHECKS"]

_VERDICTS = {
    Agreement.AGREES: Verdict.AGREES,
    Agreement.ROUNDING: Verdict.ROUNDING,
    Agreement.DIFFERS: Verdict.CONTRADICTS,
}
_PERCENT_PLACES = 2


def ratios(records: DisclosureRecords) -> Iterator[CheckResult]:
    """Each rate of a table against the two amounts of its row that it is made of."""
    rows: dict[tuple[object, ...], list[Figure]] = defaultdict(list)
    lines: tuple[Figure, ...] = (*records.spending, *records.totals)
    for line in lines:
        rows[row_of(line)].append(line)
    for identity in ratio_identities():
        found = (_recomputed(identity, row) for row in rows.values())
        yield from by_table([result for result in found if result is not None])


def _recomputed(identity: RatioIdentity, row: list[Figure]) -> CheckResult | None:
    rates = [line for line in row if line.unit == "%" and identity.rate.search(line.column)]
    above = [line for line in row if line.unit != "%" and identity.numerator.search(line.column)]
    below = [line for line in row if line.unit != "%" and identity.denominator.search(line.column)]
    if not len(rates) == len(above) == len(below) == 1 or any(map(is_inferred, (*rates, *above, *below))):
        return None
    rate, part, whole = rates[0], above[0], below[0]
    change, stated = number(part.printed), number(rate.printed)
    if change is None or stated is None:
        return None
    size = part.printed.lstrip("-")  # a fall is recomputed as the same share, with its sign put back
    expected = percentage(
        "change_on_base", (f"{size}{part.unit or ''}", f"{whole.printed}{whole.unit or ''}")
    )
    if expected is None:
        return None
    sign = -1 if change < 0 else 1
    places = max(_PERCENT_PLACES, len(rate.printed.rstrip("%").partition(".")[2]))
    value = sign * expected.value.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)
    shown = f"{sign * stated}%"
    return CheckResult(
        identity.name,
        _VERDICTS[expected.agreement(shown)] if sign * stated >= 0 else Verdict.CONTRADICTS,
        Side.of(rate.printed, rate),
        Side.of(f"{value}%", part, whole, computed=True),
        f"{rate.table}：“{rate.column}”印为{rate.printed}，按{part.printed}、{whole.printed}计算为{value}%",
        stated - value,
        "%",
    )


RATIO_CHECKS: tuple[Check, ...] = (ratios,)
