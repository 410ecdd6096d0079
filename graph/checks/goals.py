"""What a project's own words say of an indicator against its printed target and result.

"新增就业61.75万人，超过预期目标60万人" beside an indicator with the result 61.75万人 and the target
≥55万人: the result tells which indicator is meant, so that no wording need be compared. A reason that
says by how much the target was exceeded (超额完成100%) is compared with what target and result give.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from fiscalgraph.extract.records import DisclosureRecords, Indicator, Statement
from fiscalgraph.graph.checks.results import Contradiction, ContradictionCheck

__all__ = ["GOAL_CHECKS"]

_COUNTED = re.compile(
    r"(?<![\d.,第])(?P<figure>\d[\d,]*(?:\.\d+)?)\s*(?P<about>[余多])?(?P<scale>万|亿)?(?P<more>[余多])?"
    r"(?P<unit>人次|人|名|户次|户|份|家|个|场次|场|次|期|项|件|套|篇|册|亩|公里|吨|批次|批|起|条)(?![员均才事民])"
)
_SCALES = {"万": Decimal(10_000), "亿": Decimal(100_000_000)}
_KINDS = {"人次": "人", "名": "人", "户次": "户", "场次": "场", "次": "场", "批次": "批"}
_AIMED = re.compile(r"(?:目标|计划|任务)(?:数|值|招募|完成|培训|新增|补助|资助)?(?:为|是|数为)?$")
_PER_PART = re.compile(r"每[年月期批次人]|\d年[^，。；]{0,6}$|累计|[三四五]年")
_EXCESS = re.compile(r"(?:超额|超出|超过?)(?:目标|计划)?(?:完成)?(?P<percent>\d+(?:\.\d+)?)[%％]")
_REACH = 80  # characters between an aim and the result that it is compared with


@dataclass(frozen=True, slots=True)
class _Count:
    """A counted figure: as printed, its value, what is counted, whether it is rough, where it stands."""

    printed: str
    value: Decimal
    kind: str
    rough: bool
    start: int

    def agrees(self, other: _Count) -> bool:
        low, high = sorted((self.value, other.value))
        return low == high or ((self.rough or other.rough) and high <= low * Decimal("1.15"))


def _counts(text: str) -> list[_Count]:
    found = []
    for match in _COUNTED.finditer(text):
        value = Decimal(match["figure"].replace(",", "")) * _SCALES.get(match["scale"] or "", Decimal(1))
        rough = bool(match["about"] or match["more"]) or text[: match.start()].endswith(("约", "近"))
        rough = rough or text[match.end() :].startswith("左右")
        kind = _KINDS.get(match["unit"], match["unit"])
        found.append(_Count(match.group(), value, kind, rough, match.start()))
    return found


def _single(text: str | None) -> _Count | None:
    counts = _counts(text or "")
    return counts[0] if len(counts) == 1 else None


def aims_and_targets(records: DisclosureRecords) -> Iterator[Contradiction]:
    """An aim in the outcome or conclusion against the target of the indicator whose result it stands by."""
    indicators: dict[int, list[Indicator]] = defaultdict(list)
    for indicator in records.indicators:
        indicators[indicator.occurrence].append(indicator)
    for claim in records.statements:
        if claim.kind in ("outcome", "conclusion") and claim.occurrence is not None:
            yield from _of_claim(claim, indicators[claim.occurrence])


def _of_claim(claim: Statement, indicators: list[Indicator]) -> Iterator[Contradiction]:
    counts = _counts(claim.printed)
    for aim in counts:
        before = claim.printed[max(0, aim.start - 12) : aim.start]
        if not _AIMED.search(before) or _PER_PART.search(before):
            continue
        results = [
            count for count in counts if count is not aim and count.kind == aim.kind and _near(count, aim)
        ]
        meant = [
            (indicator, target)
            for indicator in indicators
            if (target := _single(indicator.target)) is not None
            and target.kind == aim.kind
            and (actual := _single(indicator.actual)) is not None
            and any(result.value == actual.value for result in results)
        ]
        if len(meant) != 1 or any(map(aim.agrees, (target for _, target in meant))):
            continue
        indicator, target = meant[0]
        right = indicator.target or target.printed
        detail = f"{claim.subject}：“{before}{aim.printed}”，指标“{indicator.level3}”的年度指标值为{right}"
        yield Contradiction(
            "goal_indicator_mismatch", aim.printed, right, detail, claim.source, indicator.source
        )


def _near(count: _Count, aim: _Count) -> bool:
    return abs(count.start - aim.start) <= _REACH


def stated_excess(records: DisclosureRecords) -> Iterator[Contradiction]:
    """超额完成…% in an indicator's reason against its result over its target."""
    for indicator in records.indicators:
        stated = _EXCESS.findall(indicator.reason or "")
        target, actual = _single(indicator.target), _single(indicator.actual)
        if len(stated) != 1 or target is None or actual is None:
            continue
        if target.kind != actual.kind or target.rough or actual.rough or target.value == 0:
            continue
        excess = (actual.value / target.value - 1) * 100
        step = Decimal(1).scaleb(-len(stated[0].partition(".")[2]))
        if excess <= 0 or abs(Decimal(stated[0]) - excess) <= step:
            continue
        said = _EXCESS.search(indicator.reason or "")
        right = f"{excess.quantize(Decimal('0.01'))}%"
        detail = (
            f"{indicator.project}“{indicator.level3}”：年度指标值{indicator.target}、实际完成值{indicator.actual}，"
            f"超出{right}，原因栏写“{said.group() if said else stated[0]}”"
        )
        yield Contradiction(
            "rate_mismatch", said.group() if said else stated[0], right, detail, indicator.source, None
        )


GOAL_CHECKS: tuple[ContradictionCheck, ...] = (aims_and_targets, stated_excess)
