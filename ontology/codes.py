"""Own code lists (代码表): the records' words and the concepts of the graph they stand for."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from pyoxigraph import NamedNode

__all__ = ["CODES"]

_FG = "https://w3id.org/fiscalgraph/ontology#"


def _list(**members: str) -> Mapping[str, NamedNode]:
    return {notation: NamedNode(_FG + name) for name, notation in members.items()}


CODES: Final[Mapping[str, Mapping[str, NamedNode]]] = {
    "disclosure kind": _list(
        DepartmentBudget="部门预算",
        UnitBudget="单位预算",
        DepartmentAccounts="部门决算",
        UnitAccounts="单位决算",
        PerformanceTargets="绩效目标表",
        SelfEvaluation="绩效自评",
        EvaluationReport="绩效评价报告",
    ),
    "unit relation": _list(SubordinateUnit="subordinate_unit", InternalDivision="internal_division"),
    "passage kind": _list(
        ProblemCause="problem_cause",
        ImprovementMeasure="improvement_measure",
        UnderperformanceReason="underperformance_reason",
        NarrativeReason="narrative_reason",
    ),
    "project scope": _list(ProjectLevel="project", DepartmentLevel="department"),
    "presentation": _list(
        SelfEvaluationTable="self_eval_table", TargetTable="target_table", NarrativeText="narrative"
    ),
    "citation kind": _list(
        StatuteCitation="law",
        RegulationCitation="regulation",
        NoticeCitation="notice",
        PlanCitation="plan",
        OtherCitation="other",
    ),
    "government level": _list(
        CentralLevel="central",
        ProvincialLevel="provincial",
        PrefectureLevel="prefecture",
        CountyLevel="county",
        TownshipLevel="township",
    ),
    "identity rule": _list(
        ConjunctionOmitted="conjunction",
        Abbreviation="abbreviation",
        RegionInFull="region",
        PartyCommittee="party-committee",
        GovernmentWord="government-word",
        SecondName="second-name",
        OwnWords="own-words",
        ScopedByIssuer="scoped",
        SameDepartmentAndName="same-department",
        SameUnitAndName="same-unit",
        SameTitle="same-title",
        ListedTitle="listed-title",
        FullTitle="full-title",
        IssuingNotice="issuing-notice",
        SameNumber="same-number",
        IssuerOmitted="issuer-omitted",
        TitleOfIssuer="title-of-issuer",
        EditionDiffers="edition",
        YearMark="year-mark",
        GenericSuffix="generic-suffix",
        UnitUnstated="unit-unstated",
        ParentAndUnit="parent-and-unit",
        SpellingDiffers="spelling",
        SameIndicatorName="same-indicator",
        IndicatorLevelDiffers="indicator-level",
        SmallWords="small-words",
        NameBeginsWithParent="parent-name",
        ListedInTableOfUnits="table-of-units",
        NameCutOff="cut-off",
        ReformPlan="reform-plan",
        UsualRename="usual-rename",
    ),
    "link status": _list(AcceptedLink="accepted", CandidateLink="candidate"),
    "value kind": _list(
        NumberValue="number",
        RangeValue="range",
        DateValue="date",
        QualitativeValue="qualitative",
        CompositeValue="composite",
    ),
    "claim kind": _list(
        ShareClaim="share",
        CompletionClaim="completion",
        BaseChangeClaim="change_on_base",
        IncreaseClaim="increase",
        DecreaseClaim="decrease",
        IncreaseToClaim="increase_to",
        DecreaseToClaim="decrease_to",
        PartsClaim="parts",
        TotalClaim="total",
        ProjectCountClaim="project_count",
        ProjectFundsClaim="project_funds",
        ScoreClaim="score",
        GoalClaim="goal",
        OutcomeClaim="outcome",
        ConclusionClaim="conclusion",
        RoundingClaim="rounding_admitted",
        ScoringRuleClaim="scoring_rule",
    ),
    "accounting identity": _list(
        RowSum="row_sum",
        HierarchySum="hierarchy_sum",
        Proportion="proportion",
        OtherTable="other_table",
        Exclusion="exclusion",
    ),
    "contradiction kind": _list(
        SumMismatch="sum_mismatch",
        RateMismatch="rate_mismatch",
        RoundingMismatch="rounding_mismatch",
        TextVersusTable="text_vs_table",
        TextVersusText="text_vs_text",
        TableVersusTable="table_vs_table",
        WeightSum="weight_sum",
        ScoreMismatch="score_mismatch",
        CountMismatch="count_mismatch",
        GoalIndicatorMismatch="goal_indicator_mismatch",
        NameMismatch="name_mismatch",
        ScoreRuleMismatch="score_rule_mismatch",
        OtherContradiction="other",
    ),
    "verdict": _list(
        Agrees="agrees",
        WithinRounding="rounding",
        Contradicts="contradicts",
        CannotTell="cannot_tell",
        ScopeDiffers="scope_differs",
        Questionable="questionable",
    ),
    "check scope": _list(
        WithinTable="table",
        BetweenTables="tables",
        TextAndTables="text",
        WithinProject="project",
        BetweenDocuments="documents",
    ),
    "sum line": _list(
        AlongCodes="codes",
        AlongColumns="columns",
        AlongRows="rows",
        WithinBlock="block",
        AlongOutline="outline",
        AlongUnits="units",
    ),
    "figure key": _list(ByDocument="document", ByTable="table", ByCode="code", ByClassName="class"),
    "body relation": _list(SameBody="same", UnitOfWhole="unit", UnitsOfWhole="units"),
    "discloser": _list(OwnDisclosure="own", DisclosureOfWhole="whole"),
    "issue side": _list(CauseSide="cause", MeasureSide="measure"),
    "pairing ground": _list(
        SameStatement="same-statement",
        SameOrdinal="same-ordinal",
        OnlyPair="only-pair",
        OnlyCause="only-cause",
        NamedIndicator="named-indicator",
        SharedWords="shared-words",
    ),
    "outcome": _list(
        OutcomeMet="met",
        OutcomeRepeated="repeated",
        OutcomeDropped="dropped",
        OutcomeUnknown="unknown",
    ),
    "tolerance": _list(NoTolerance="none", PrintedPrecision="printed_precision", OwnTolerance="own"),
}
"""Own code lists: the records' word (a ``skos:notation`` in the graph) and its concept."""
