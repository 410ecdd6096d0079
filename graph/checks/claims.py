"""What the prose claims (growth, shares, totals, counts) against its own figures and the tables."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from decimal import ROUND_HALF_UP, Decimal

from fiscalgraph.extract.normalise import UNIT_FACTORS
from fiscalgraph.extract.proportions import Agreement, Quantity, percentage, quantity
from fiscalgraph.extract.records import DisclosureRecords, Project, Statement, TotalLine
from fiscalgraph.graph.checks.lineups import Figure, figures
from fiscalgraph.graph.checks.results import Check, CheckResult, Side, Verdict, number
from fiscalgraph.graph.checks.rounding import Rounding

__all__ = ["CLAIM_CHECKS"]

_CENT = Decimal("0.01")
_PERCENT_PLACES = 2
_WHAT = {
    "share": "占比",
    "completion": "完成预算的比例",
    "change_on_base": "增减比例",
    "increase": "增长比例",
    "decrease": "下降比例",
    "increase_to": "增长比例",
    "decrease_to": "下降比例",
}
_GRAND = re.compile(r"^(?:收入|支出)?总计$")
_YEAR_TOTAL = {
    "本年收入合计": re.compile(r"^本年收入合计$"),
    "本年支出合计": re.compile(r"^本年支出合计$"),
}
_OTHER_FIGURE = "另一处表格的合计为文字所述数字，口径可能不同"
_SELECTION = Decimal("0.3")  # a document that attaches still fewer of its tables attaches a selection
_FEW = 2  # of a single table it cannot be told whether it is an example
_VERDICTS = {
    Agreement.AGREES: Verdict.AGREES,
    Agreement.ROUNDING: Verdict.ROUNDING,
    Agreement.DIFFERS: Verdict.CONTRADICTS,
}


def percentages(records: DisclosureRecords) -> Iterator[CheckResult]:
    """Each stated percentage, recomputed from the figures of its own sentence."""
    for claim in records.statements:
        expected = percentage(claim.kind, claim.operands) if claim.kind in _WHAT else None
        if expected is None:
            continue
        places = max(_PERCENT_PLACES, len(claim.printed.rstrip("%").partition(".")[2]))
        value = expected.value.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)
        figures_given = "、".join(claim.operands)
        what = f"{claim.subject or ''}：{_WHAT[claim.kind]}"
        stated = number(claim.printed)
        yield CheckResult(
            "stated-percentages",
            _VERDICTS[expected.agreement(claim.printed)],
            Side.of(claim.printed, claim),
            Side.of(f"{value}%", claim, computed=True),
            f"{what}印为{claim.printed}，按{figures_given}计算为{value}%",
            None if stated is None else stated - value,
            "%",
        )


def _figure(line: Figure) -> Quantity | None:
    return quantity(f"{line.printed}{line.unit or ''}")


def _meant(records: DisclosureRecords, subject: str, quote: str) -> TotalLine | None:
    """The line of the tables that a stated total speaks of, if there is one figure for it."""
    if "三公" in subject:
        side = "决算" if "决算" in quote else "预算"
        lines = [
            line
            for line in records.totals
            if "三公" in line.table
            and re.search("合计$|总额$|小计$", line.column)
            and "用车" not in line.column
            and (side in line.column or not re.search("决算|预算", line.column))
        ]
        return lines[0] if lines and len({line.printed for line in lines}) == 1 else None
    fiscal = subject.startswith("财政拨款")
    words = _YEAR_TOTAL.get(subject, _GRAND)
    lines = [
        line
        for line in records.totals
        if line.item
        and words.search(line.item)
        and ("财政拨款" in line.table) == fiscal
        and "/" not in line.column
    ]
    return lines[0] if lines and len({line.printed for line in lines}) == 1 else None


def stated_totals(records: DisclosureRecords) -> Iterator[CheckResult]:
    """收、支总计, 本年收入/支出合计 and the “三公” total in the prose against the tables.

    A figure that is a total elsewhere in the tables may be that of another scope: then it cannot be told.
    The amount of one code is no such total.
    """
    rounding = Rounding.of(records)
    totals = [
        figure
        for line in figures(records)
        if getattr(line, "code", None) is None and (figure := _figure(line)) is not None
    ]
    for claim in records.statements:
        if claim.kind != "total" or claim.subject is None:
            continue
        stated = quantity(claim.printed + (claim.unit or ""))
        line = _meant(records, claim.subject, claim.source.quote)
        figure = _figure(line) if line is not None else None
        if stated is None or line is None or figure is None:
            continue
        note = ""
        if rounding.same(stated, figure):
            verdict = Verdict.AGREES
        elif any(rounding.same(stated, each) for each in totals):
            verdict, note = Verdict.CANNOT_TELL, f"；{_OTHER_FIGURE}"
        elif rounding.explains_pair(stated, figure, of_sums=True):
            verdict = Verdict.ROUNDING
        else:
            verdict = Verdict.CONTRADICTS
        said = f"{claim.subject}：文字说明为{claim.printed}{claim.unit or ''}"
        yield CheckResult(
            "stated-totals",
            verdict,
            Side.of(claim.printed, claim),
            Side.of(line.printed, line),
            f"{said}，{line.table}为{line.printed}{note}",
            _in_unit(stated.value - figure.value, claim.unit),
            claim.unit,
        )


def _in_unit(value: Decimal, unit: str | None) -> Decimal:
    return value / UNIT_FACTORS.get(unit or "", Decimal(1))


def stated_parts(records: DisclosureRecords) -> Iterator[CheckResult]:
    """A total that prose states against the parts it names for it."""
    rounding = Rounding.of(records)
    for claim in records.statements:
        if claim.kind != "parts":
            continue
        whole = quantity(claim.printed + (claim.unit or ""))
        parts = [quantity(operand) for operand in claim.operands]
        known = [part for part in parts if part is not None]
        if whole is None or len(known) != len(parts) or claim.unit not in UNIT_FACTORS:
            continue
        given = Quantity(
            sum((part.value for part in known), Decimal(0)), sum((p.half for p in known), Decimal(0))
        )
        if given.value == whole.value:
            verdict = Verdict.AGREES
        elif rounding.explains_pair(whole, given, of_sums=True):
            verdict = Verdict.ROUNDING
        else:
            verdict = Verdict.CONTRADICTS
        right = f"{_in_unit(given.value, claim.unit).normalize():f}"
        named = "、".join(claim.operands)
        yield CheckResult(
            "stated-parts",
            verdict,
            Side.of(claim.printed, claim),
            Side.of(right, claim, computed=True),
            f"{claim.subject}：文字说明为{claim.printed}{claim.unit}，所列各项{named}相加为{right}",
            _in_unit(whole.value - given.value, claim.unit),
            claim.unit,
        )


def _tables_of(records: DisclosureRecords, subject: str) -> list[Project]:
    wanted = "self_eval_table" if subject.endswith("self_evaluation") else "target_table"
    return [
        project
        for project in records.projects
        if project.scope == "project" and wanted in project.sources and "整体" not in project.project
    ]


def counts(records: DisclosureRecords) -> Iterator[CheckResult]:
    """共…个项目, 涉及资金…: against the project tables that are there.

    Where the document also says of how many projects it shows the tables (反映…个项目), that count
    alone is compared. A document that attaches far fewer tables, or says that it shows some of its
    projects or leaves out secret ones, attaches a selection, unless the money that its tables add up to
    is what the prose says of all.
    """
    selected = any(claim.kind == "selection" for claim in records.statements)
    claims = [claim for claim in records.statements if claim.kind == "project_count"]
    shown = [claim for claim in claims if (claim.subject or "").startswith("reflected")]
    by_subject: dict[str, list[Statement]] = defaultdict(list)
    for claim in shown or claims:
        by_subject[claim.subject or ""].append(claim)
    for subject, stated in by_subject.items():
        if len({claim.printed for claim in stated}) != 1:
            continue  # several parts or units of the document count for themselves
        claim = stated[0]
        tables = _tables_of(records, subject)
        count = Decimal(claim.printed)
        money = _funds(records, subject, tables) if tables else None
        all_there = money is not None and money.verdict is Verdict.AGREES
        if count == 0 or (len(tables) < _FEW and not all_there):
            continue
        some = abs(count - len(tables)) > count * _SELECTION or (selected and count > len(tables))
        if count == len(tables):
            verdict = Verdict.AGREES
        else:
            verdict = Verdict.CANNOT_TELL if some and not all_there else Verdict.CONTRADICTS
        detail = f"文字说明为{claim.printed}个项目，文件所附项目表为{len(tables)}张"
        yield CheckResult(
            "stated-project-count",
            verdict,
            Side.of(claim.printed, *stated),
            Side.of(str(len(tables)), *tables, computed=True),
            f"{detail}；所附或为部分项目" if verdict is Verdict.CANNOT_TELL else detail,
            count - len(tables),
            "个",
        )
        if money is not None and verdict is not Verdict.CANNOT_TELL:
            yield money


def _funds(records: DisclosureRecords, subject: str, tables: list[Project]) -> CheckResult | None:
    """The money that the counted projects are said to involve against the sum of their tables."""
    stated = [c for c in records.statements if c.kind == "project_funds" and c.subject == subject]
    if len(stated) != 1:
        return None
    claim = stated[0]
    figure = quantity(claim.printed + (claim.unit or ""))
    unit = claim.unit or ""
    sums = [
        given
        for column in ("budget_full", "budget_initial", "executed")
        if (given := _sum(tables, column)) is not None
    ]
    if figure is None or not sums:
        return None
    meant = next((given for given in sums if _may_be(figure, given)), None)
    right = _in_unit((meant or sums[0]).value, unit)
    shown = f"{right.quantize(_CENT, ROUND_HALF_UP):f}"
    return CheckResult(
        "stated-project-funds",
        Verdict.AGREES if meant is not None else Verdict.CONTRADICTS,
        Side.of(claim.printed, claim),
        Side.of(shown, *tables, computed=True),
        f"文字说明涉及资金{claim.printed}{unit}，{len(tables)}张项目表的资金总额相加为{shown}{unit}",
        _in_unit(figure.value, unit) - right,
        unit or None,
    )


def _sum(tables: list[Project], column: str) -> Quantity | None:
    """The sum of one column over all tables; ``None`` where one does not print it."""
    given = [
        quantity(f"{printed}{table.unit or ''}") if (printed := getattr(table, column)) else None
        for table in tables
    ]
    known = [figure for figure in given if figure is not None]
    if len(known) != len(tables) or any(table.unit not in UNIT_FACTORS for table in tables):
        return None
    return Quantity(sum((f.value for f in known), Decimal(0)), sum((f.half for f in known), Decimal(0)))


def _may_be(stated: Quantity, given: Quantity) -> bool:
    return abs(stated.value - given.value) <= stated.half * 2 + given.half


CLAIM_CHECKS: tuple[Check, ...] = (percentages, stated_totals, stated_parts, counts)
