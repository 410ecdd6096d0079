"""Records: the contract between reading and meaning.

Frozen, typed, serialisable, independent of RDF and of the file format. A value is
text as printed (thousands separators removed, nothing converted, nothing repaired)
or ``None`` where the document prints nothing; ``amount`` beside it is the exact
figure in 元. Every record carries the :class:`Source` it was read from.
"""

from __future__ import annotations

import dataclasses
import json
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

__all__ = [
    "Coverage",
    "DisclosureRecords",
    "DocumentIdentity",
    "Finding",
    "Fund",
    "Indicator",
    "Law",
    "Leftover",
    "NarrativeItem",
    "OrganizationUnit",
    "Project",
    "Source",
    "SpendingLine",
    "Statement",
    "TotalLine",
    "records_from_json",
    "records_to_json",
]


@dataclass(frozen=True, slots=True)
class Source:
    """Where a record stands: page and line count from 1, ``quote`` is the source's own words.

    ``box`` is (left, top, right, bottom) in points from the page's top left, for formats
    that have pages. ``part`` names the member file of a bundle. ``recognised`` marks what was read
    by optical recognition (识别所得), in whole or in part.
    """

    quote: str
    page: int | None = None
    line: int | None = None
    box: tuple[float, float, float, float] | None = None
    part: str | None = None
    recognised: bool = False


@dataclass(frozen=True, slots=True)
class DocumentIdentity:
    """Who published what for which year (发布单位, 公开类型, 年度)."""

    document: str
    issuer: str
    kind: str  # 部门预算, 单位预算, 部门决算, 单位决算, 绩效目标表, 绩效自评, 绩效评价报告
    fiscal_year: int
    amount_unit: str | None  # 元, 万元, 亿元: the unit of most tables
    pages: int | None
    sha256: str
    file_name: str
    format: str
    source: Source


@dataclass(frozen=True, slots=True)
class OrganizationUnit:
    """A subordinate unit (预算单位) or an internal division (内设司局/处室)."""

    unit: str
    relation: str  # subordinate_unit | internal_division
    source: Source


@dataclass(frozen=True, slots=True)
class SpendingLine:
    """One numeric cell of a table with a classification-code column.

    ``column`` is the header path joined with "/", outermost first. ``code`` is ``None``
    in the 合计 row. ``amount`` is in 元, ``None`` for percentages (``unit`` is then "%").
    ``inferred_by`` names the identities by which arithmetic, not layout, decided the cell's column
    (:mod:`fiscalgraph.extract.tables.grounds`); it is empty for a cell that was read. ``owner`` is the
    unit (预算单位) that the row stands under, in tables of several; ``cross_codes`` are the codes of
    the other classifications in the same row (政府 and 部门 economic beside functional).
    ``reporting_unit`` is the unit that the table's caption names as the one whose table it is
    (编制单位：…, 部门：某某局（本级）), as printed with （本级）/（汇总）; empty where it names none.
    """

    table: str
    code: str | None
    name: str | None
    column: str
    printed: str
    unit: str | None
    amount: Decimal | None
    source: Source
    inferred_by: tuple[str, ...] = ()
    table_index: int = 0  # which logical table of the document (several may share a title)
    owner: str | None = None
    cross_codes: tuple[str, ...] = ()
    reporting_unit: str = ""


@dataclass(frozen=True, slots=True)
class TotalLine:
    """One numeric cell of a table of totals (收支总表, “三公” table, 收入总表 without codes).

    In a table by units (预算单位) ``owner`` is the unit; its total has neither ``owner`` nor ``item``.
    ``reporting_unit`` is as in :class:`SpendingLine`.
    """

    table: str
    side: str | None  # 收入 | 支出
    item: str | None
    column: str
    printed: str
    unit: str | None
    amount: Decimal | None
    source: Source
    inferred_by: tuple[str, ...] = ()
    table_index: int = 0
    owner: str | None = None
    reporting_unit: str = ""


@dataclass(frozen=True, slots=True)
class NarrativeItem:
    """A sentence of the explanation part that states one classification item's spending."""

    class_name: str | None  # 类, printed without the marker
    subclass: str | None  # 款
    item: str | None  # 项
    printed: str | None
    unit: str | None
    amount: Decimal | None
    percent: str | None  # 完成年初预算的…%
    purpose: str | None
    reason: str | None
    source: Source


@dataclass(frozen=True, slots=True)
class Project:
    """A project as one table or narrative presents it (``occurrence`` ties its rows together).

    ``narrative_source`` is where prose states the ``narrative_`` figures, if it does.
    """

    occurrence: int
    project: str
    scope: str  # project | department
    department: str | None
    implementing_unit: str | None
    unit: str | None
    budget_initial: str | None
    budget_full: str | None
    executed: str | None
    rate: str | None
    score: str | None
    narrative_score: str | None
    narrative_budget: str | None
    narrative_executed: str | None
    narrative_rate: str | None
    sources: tuple[str, ...]  # self_eval_table, target_table, narrative
    source: Source
    narrative_source: Source | None = None


@dataclass(frozen=True, slots=True)
class Fund:
    """One row of a project's fund block (项目资金); ``fund`` is its printed source of money."""

    occurrence: int
    project: str
    implementing_unit: str | None
    fund: str
    budget_initial: str | None
    budget_full: str | None
    executed: str | None
    weight: str | None
    rate: str | None
    score: str | None
    unit: str | None
    source: Source


@dataclass(frozen=True, slots=True)
class Indicator:
    """One performance indicator (绩效指标) of a project."""

    occurrence: int
    project: str
    implementing_unit: str | None
    level1: str | None
    level2: str | None
    level3: str | None
    target: str | None
    actual: str | None
    weight: str | None
    score: str | None
    reason: str | None
    source: Source


@dataclass(frozen=True, slots=True)
class Finding:
    """A stated cause or measure: problem_cause, improvement_measure, underperformance_reason."""

    occurrence: int | None
    project: str | None
    kind: str
    text: str
    ordinal: int | None
    source: Source


@dataclass(frozen=True, slots=True)
class Law:
    """A law, regulation, notice or plan the document cites (《…》).

    ``articles`` are those it cites behind the title (第三十二条), as printed, in reading order.
    """

    title: str
    document_number: str | None
    kind: str  # law, regulation, notice, plan, other
    mentions: int
    source: Source
    articles: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Statement:
    """What the document claims in words about its own figures, tables and results.

    ``kind`` is one of

    - share, completion, change_on_base: ``printed`` is operand 1 / operand 2;
    - increase, decrease: ``printed`` follows from the operands level and change;
    - increase_to, decrease_to: from the operands level and level of the year before;
    - parts: ``printed`` is a total and the operands make it up;
    - total, project_count, project_funds: figures of the whole document;
    - score: of an evaluation by others than the body itself;
    - goal, outcome, conclusion: 预期目标, 实际完成情况, 自评结论 of the project table ``occurrence``;
    - caption: a table's title as the contents list it;
    - scoring_rule: a rule for scores, printed under or in the project table ``occurrence``, or for all;
    - selection: words that not all projects are shown;
    - rounding_admitted: words that figures may differ in the last place (尾数误差);
    - quoted_name: a name in quotation marks that is said to be a project.

    ``operands`` are figures with their units, as printed, which the statement itself gives.
    """

    kind: str
    subject: str | None
    printed: str
    unit: str | None
    operands: tuple[str, ...]
    occurrence: int | None
    source: Source


@dataclass(frozen=True, slots=True)
class Leftover:
    """Something the document prints that no record holds, and why."""

    what: str  # page | table | cell | paragraph
    why: str
    source: Source


@dataclass(frozen=True, slots=True)
class Coverage:
    """What was consumed of a document, in counts, and a list of what was left (覆盖证书).

    ``cells_outside`` counts the figures of tables that no record type is for (lists of purchases,
    of meetings, of assets): they are among ``cells`` and named in ``leftovers``.
    """

    pages: int | None = None
    pages_read: int | None = None
    tables: int = 0
    tables_read: int = 0
    cells: int = 0  # numeric cells of all tables
    cells_read: int = 0
    paragraphs: int = 0
    paragraphs_read: int = 0
    leftovers: tuple[Leftover, ...] = ()
    problems: tuple[str, ...] = ()
    pages_recognised: int = 0  # of those read: by optical recognition
    cells_outside: int = 0


@dataclass(frozen=True, slots=True)
class DisclosureRecords:
    """Everything read from one disclosure."""

    identity: DocumentIdentity
    units: tuple[OrganizationUnit, ...] = ()
    spending: tuple[SpendingLine, ...] = ()
    totals: tuple[TotalLine, ...] = ()
    narrative: tuple[NarrativeItem, ...] = ()
    projects: tuple[Project, ...] = ()
    funds: tuple[Fund, ...] = ()
    indicators: tuple[Indicator, ...] = ()
    findings: tuple[Finding, ...] = ()
    laws: tuple[Law, ...] = ()
    coverage: Coverage = field(default_factory=Coverage)
    statements: tuple[Statement, ...] = ()


_TYPES: dict[str, type[Any]] = {
    "units": OrganizationUnit,
    "spending": SpendingLine,
    "totals": TotalLine,
    "narrative": NarrativeItem,
    "projects": Project,
    "funds": Fund,
    "indicators": Indicator,
    "findings": Finding,
    "laws": Law,
    "statements": Statement,
}


def _plain(value: object) -> object:
    """A JSON value; decimals become strings so that no figure passes through a float."""
    if isinstance(value, Decimal):
        return format(value, "f")
    raise TypeError(f"cannot serialise {type(value).__name__}")


def records_to_json(records: DisclosureRecords) -> str:
    """Serialise ``records``; equal records give equal bytes."""
    return json.dumps(dataclasses.asdict(records), ensure_ascii=False, default=_plain, sort_keys=True)


def _source(value: dict[str, Any]) -> Source:
    box = value.get("box")
    return Source(**{**value, "box": tuple(box) if box else None})


def _record(cls: type[Any], value: dict[str, Any]) -> Any:
    values = dict(value)
    for name in ("source", "narrative_source"):
        if values.get(name) is not None:
            values[name] = _source(values[name])
    if values.get("amount") is not None and "amount" in cls.__dataclass_fields__:
        values["amount"] = Decimal(values["amount"])
    return cls(**{name: tuple(each) if isinstance(each, list) else each for name, each in values.items()})


def records_from_json(text: str) -> DisclosureRecords:
    """The inverse of :func:`records_to_json`.

    Raises ``ValueError`` (``json.JSONDecodeError``) for text that is not JSON and
    ``KeyError``/``TypeError`` for JSON of another shape.
    """
    data = json.loads(text)
    coverage = dict(data["coverage"])
    coverage["leftovers"] = tuple(
        Leftover(item["what"], item["why"], _source(item["source"])) for item in coverage["leftovers"]
    )
    coverage["problems"] = tuple(coverage["problems"])
    return DisclosureRecords(
        identity=_record(DocumentIdentity, data["identity"]),
        coverage=Coverage(**coverage),
        **{name: tuple(_record(cls, item) for item in data.get(name, ())) for name, cls in _TYPES.items()},
    )
