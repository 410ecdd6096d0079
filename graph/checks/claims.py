"""What the prose claims (growth, shares, totals, counts) against its own figures and the tables."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from decimal import ROUND_HALF_UP, Decimal

from fiscalgraph.extract.normalise import UNIT_FACTORS
from fiscalgraph.extract.proportions import Agreement, Quantity, percentage, quantity, same_amount
from fiscalgraph.extract.records import DisclosureRecords, Project, SpendingLine, Statement, TotalLine
from fiscalgraph.graph.checks.results import Contradiction, ContradictionCheck

__all__ = ["CLAIM_CHECKS"]

_CENT = Decimal("0.01")
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
_SELECTION = Decimal("0.3")  # a document that attaches still fewer of its tables attaches a selection
_ROUNDING_STEPS = 3


def percentages(records: DisclosureRecords) -> Iterator[Contradiction]:
    """Each stated percentage, recomputed from the figures of its own sentence."""
    for claim in records.statements:
        expected = percentage(claim.kind, claim.operands) if claim.kind in _WHAT else None
        if expected is None:
            continue
        verdict = expected.agreement(claim.printed)
        if verdict is Agreement.AGREES:
            continue
        places = max(2, len(claim.printed.rstrip("%").partition(".")[2]))
        right = f"{expected.value.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)}%"
        figures = "、".join(claim.operands)
        detail = f"{claim.subject or ''}：{_WHAT[claim.kind]}印为{claim.printed}，按{figures}计算为{right}"
        kind = "rounding_mismatch" if verdict is Agreement.ROUNDING else "rate_mismatch"
        yield Contradiction(kind, claim.printed, right, detail, claim.source, None)


def _figures(records: DisclosureRecords) -> list[Quantity]:
    """Every amount of every table."""
    lines: tuple[SpendingLine | TotalLine, ...] = (*records.totals, *records.spending)
    return [figure for line in lines if (figure := quantity(f"{line.printed}{line.unit or ''}"))]


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


def stated_totals(records: DisclosureRecords) -> Iterator[Contradiction]:
    """收、支总计 and 本年收入/支出合计 in the prose: some table must print the figure."""
    figures = _figures(records)
    for claim in records.statements:
        if claim.kind != "total" or claim.subject is None:
            continue
        stated = quantity(claim.printed + (claim.unit or ""))
        line = _meant(records, claim.subject, claim.source.quote)
        if stated is None or line is None or any(same_amount(stated, each) for each in figures):
            continue
        printed = quantity(line.printed + (line.unit or ""))
        if printed is None:
            continue
        step = max(stated.half, printed.half) * 2
        rounding = abs(stated.value - printed.value) <= step * _ROUNDING_STEPS
        detail = f"{claim.subject}：文字说明为{claim.printed}{claim.unit}，{line.table}为{line.printed}"
        yield Contradiction(
            "rounding_mismatch" if rounding else "text_vs_table",
            claim.printed, line.printed, detail, claim.source, line.source,
        )  # fmt: skip


def stated_parts(records: DisclosureRecords) -> Iterator[Contradiction]:
    """A total that prose states against the parts it names for it."""
    for claim in records.statements:
        if claim.kind != "parts":
            continue
        whole = quantity(claim.printed + (claim.unit or ""))
        parts = [quantity(operand) for operand in claim.operands]
        known = [part for part in parts if part is not None]
        if whole is None or len(known) != len(parts) or claim.unit not in UNIT_FACTORS:
            continue
        given = sum((part.value for part in known), Decimal(0))
        play = whole.half + sum((part.half for part in known), Decimal(0))
        if given == whole.value:
            continue
        rounding = abs(given - whole.value) <= max(play, whole.half * 4)
        right = f"{(given / UNIT_FACTORS[claim.unit]).normalize():f}"
        figures = "、".join(claim.operands)
        detail = f"{claim.subject}：文字说明为{claim.printed}{claim.unit}，所列各项{figures}相加为{right}"
        yield Contradiction(
            "rounding_mismatch" if rounding else "sum_mismatch",
            claim.printed, right, detail, claim.source, claim.source,
        )  # fmt: skip


def _tables_of(records: DisclosureRecords, subject: str) -> list[Project]:
    wanted = "self_eval_table" if subject.endswith("self_evaluation") else "target_table"
    return [
        project
        for project in records.projects
        if project.scope == "project" and wanted in project.sources and "整体" not in project.project
    ]


def counts(records: DisclosureRecords) -> Iterator[Contradiction]:
    """共…个项目, 涉及资金…: against the project tables that are there.

    Where the document also says of how many projects it shows the tables (反映…个项目), that count
    alone is compared. A document that attaches far fewer tables, or says that it shows some of its
    projects or leaves out secret ones, attaches a selection.
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
        number = Decimal(claim.printed)
        if len(tables) < 2 or number == 0 or abs(number - len(tables)) > number * _SELECTION:
            continue
        if selected and number > len(tables):
            continue
        if number != len(tables):
            detail = f"文字说明为{claim.printed}个项目，文件所附项目表为{len(tables)}张"
            right = tables[0].source
            yield Contradiction(
                "count_mismatch", claim.printed, str(len(tables)), detail, claim.source, right
            )
        yield from _funds(records, subject, tables)


def _funds(records: DisclosureRecords, subject: str, tables: list[Project]) -> Iterator[Contradiction]:
    stated = [c for c in records.statements if c.kind == "project_funds" and c.subject == subject]
    if len(stated) != 1:
        return
    claim = stated[0]
    figure = quantity(claim.printed + (claim.unit or ""))
    unit = claim.unit or ""
    sums = [
        given
        for column in ("budget_full", "budget_initial", "executed")
        if (given := _sum(tables, column)) is not None
    ]
    if figure is None or not sums or any(_may_be(figure, given) for given in sums):
        return
    right = sums[0].value / UNIT_FACTORS[unit]
    shown = f"{right.quantize(_CENT, ROUND_HALF_UP):f}"
    detail = f"文字说明涉及资金{claim.printed}{unit}，{len(tables)}张项目表的资金总额相加为{shown}{unit}"
    yield Contradiction("sum_mismatch", claim.printed, shown, detail, claim.source, tables[0].source)


def _sum(tables: list[Project], column: str) -> Quantity | None:
    """The sum of one column over all tables; ``None`` where one does not print it."""
    figures = [
        quantity(f"{printed}{table.unit or ''}") if (printed := getattr(table, column)) else None
        for table in tables
    ]
    known = [figure for figure in figures if figure is not None]
    if len(known) != len(tables) or any(table.unit not in UNIT_FACTORS for table in tables):
        return None
    return Quantity(sum((f.value for f in known), Decimal(0)), sum((f.half for f in known), Decimal(0)))


def _may_be(stated: Quantity, given: Quantity) -> bool:
    return abs(stated.value - given.value) <= stated.half * 2 + given.half


CLAIM_CHECKS: tuple[ContradictionCheck, ...] = (percentages, stated_totals, stated_parts, counts)
