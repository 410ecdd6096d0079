"""Records made for the graph's tests: one small disclosure that holds a record of every type."""

from __future__ import annotations

from decimal import Decimal

from fiscalgraph.extract.records import (
    Coverage,
    DisclosureRecords,
    DocumentIdentity,
    Finding,
    Fund,
    Indicator,
    Law,
    Leftover,
    NarrativeItem,
    OrganizationUnit,
    Project,
    Source,
    SpendingLine,
    Statement,
    TotalLine,
)
from fiscalgraph.graph.checks import CheckResult, Side, Verdict


def place(quote: str, page: int = 1) -> Source:
    return Source(quote, page=page, box=(72.0, 90.5, 520.25, 104.0))


def identity(
    name: str = "云泽省水务厅 2024", issuer: str = "云泽省水务厅", **changes: object
) -> DocumentIdentity:
    values: dict[str, object] = {
        "document": name,
        "issuer": issuer,
        "kind": "部门决算",
        "fiscal_year": 2024,
        "amount_unit": "万元",
        "pages": 48,
        "sha256": "ab" * 32,
        "file_name": f"{name}.pdf",
        "format": "pdf",
        "source": place(f"{issuer}2024年度部门决算"),
    }
    return DocumentIdentity(**{**values, **changes})  # type: ignore[arg-type]


def line(
    code: str | None,
    column: str,
    printed: str,
    *,
    unit: str | None = "万元",
    amount: str | None = None,
    table: str = "支出决算表",
    name: str | None = "合计",
    index: int = 0,
) -> SpendingLine:
    yuan = Decimal(amount) if amount is not None else None
    return SpendingLine(
        table, code, name, column, printed, unit, yuan, place(f"{name} {printed}", 8), table_index=index
    )


def disclosure(name: str = "云泽省水务厅 2024", issuer: str = "云泽省水务厅") -> DisclosureRecords:
    """A record of every type, with empty fields and repeated rows among them."""
    source = place("水资源监测项目", 30)
    return DisclosureRecords(
        identity=identity(name, issuer),
        units=(
            OrganizationUnit("办公室", "internal_division", place("办公室、规划处", 3)),
            OrganizationUnit("规划处", "internal_division", place("办公室、规划处", 3)),
            OrganizationUnit("云泽省水文中心", "subordinate_unit", place("下属单位：水文中心", 3)),
        ),
        spending=(
            line(None, "本年支出合计", "1200.50", amount="12005000.00"),
            line(None, "基本支出", "700.50", amount="7005000.00"),
            line("213", "本年支出合计", "1200.50", amount="12005000.00", name="农林水支出"),
            line("2130301", "基本支出", "700.50", amount="7005000.00", name="行政运行"),
            line("2130301", "基本支出", "0.00", amount="0.00", name="行政运行"),
            line(
                "30101",
                "人员经费/决算数",
                "300",
                amount="3000000",
                table="一般公共预算财政拨款基本支出决算明细表",
                name="基本工资",
                index=1,
            ),
            line("2130301", "比上年增减/增减额", "-12.30", amount="-123000.00", name="行政运行", index=2),
            line("2130301", "比上年增减/增减(%)", "-1.7%", unit="%", name="行政运行", index=2),
        ),
        totals=(
            TotalLine(
                "收入支出决算总表",
                "收入",
                "一、一般公共预算财政拨款收入",
                "决算数",
                "1300.00",
                "万元",
                Decimal("13000000.00"),
                place("一、一般公共预算财政拨款收入", 7),
                table_index=3,
            ),
            TotalLine(
                "财政拨款“三公”经费支出决算表",
                None,
                None,
                "决算数/公务接待费",
                "3.20",
                "万元",
                Decimal("32000.00"),
                place("3.20", 12),
                inferred_by=("row_sum", "hierarchy_sum"),
                table_index=4,
            ),
        ),
        narrative=(
            NarrativeItem(
                "农林水支出",
                "水利",
                "行政运行",
                "700.50",
                "万元",
                Decimal("7005000.00"),
                "98.6%",
                "机关运转",
                "压减一般性支出",
                place("农林水支出（类）水利（款）行政运行（项）700.50万元", 20),
            ),
            NarrativeItem("教育支出", None, None, None, None, None, None, None, None, place("教育支出", 20)),
        ),
        projects=(
            Project(
                0,
                "水资源监测",
                "project",
                "[114]云泽省水务厅",
                "云泽省水文中心",
                "万元",
                "180.61",
                "180.03",
                "120.00",
                "66.66%",
                "88",
                "88.0",
                "180.03",
                "120.00",
                "66.7%",
                ("self_eval_table", "narrative"),
                source,
            ),
            Project(
                1,
                "水资源监测",
                "department",
                None,
                None,
                None,
                None,
                None,
                None,
                None,
                None,
                None,
                None,
                None,
                None,
                ("target_table",),
                source,
            ),
        ),
        funds=(
            Fund(
                0,
                "水资源监测",
                "云泽省水文中心",
                "年度资金总额",
                "180.61",
                "180.03",
                "120.00",
                "10",
                "66.66%",
                "6.7",
                "万元",
                source,
            ),
            Fund(
                0,
                "水资源监测",
                "云泽省水文中心",
                "其他资金",
                None,
                None,
                None,
                None,
                None,
                None,
                "万元",
                source,
            ),
        ),
        indicators=(
            Indicator(
                0,
                "水资源监测",
                "云泽省水文中心",
                "产出指标(50分)",
                "数量指标",
                "监测断面数",
                "≥120个",
                "96个",
                "10",
                "8",
                "设备到货晚",
                source,
            ),
            Indicator(0, "水资源监测", None, None, None, None, None, None, None, None, None, source),
        ),
        findings=(
            Finding(
                0, "水资源监测", "problem_cause", "资金到位晚，设备采购推迟", 1, place("一是资金到位晚", 31)
            ),
            Finding(0, "水资源监测", "problem_cause", "资金到位晚，设备采购推迟", 1, place("资金到位晚", 40)),
            Finding(None, None, "improvement_measure", "提前启动采购", None, place("提前启动采购", 31)),
        ),
        laws=(
            Law("云泽省水资源条例", "云人发〔2019〕3号", "regulation", 2, place("《云泽省水资源条例》", 5)),
        ),
        statements=(
            Statement(
                "share",
                "项目支出",
                "41.65%",
                "%",
                ("500.00万元", "1200.50万元"),
                None,
                place("占41.65%", 9),
            ),
            Statement("goal", "水资源监测", "建成监测断面120个", None, (), 0, place("建成监测断面120个", 30)),
            Statement("caption", None, "支出决算表", None, (), None, place("三、支出决算表", 2)),
        ),
        coverage=Coverage(
            48,
            47,
            20,
            19,
            900,
            890,
            300,
            280,
            (Leftover("page", "no text layer", place("", 13)),),
            ("page 13 has no text layer",),
        ),
    )


CONTRADICTIONS = (
    CheckResult(
        "code-hierarchy",
        Verdict.ROUNDING,
        Side("66.66", (place("66.66", 30),)),
        Side("66.65", (place("66.65", 30),)),
        "66.65",
        Decimal("0.01"),
        "万元",
    ),
    CheckResult(
        "code-hierarchy",
        Verdict.CONTRADICTS,
        Side("1200.50", (place("1200.50", 8),)),
        Side("1200.60", (), computed=True),
        "合计",
        Decimal("-0.10"),
        "万元",
    ),
)
