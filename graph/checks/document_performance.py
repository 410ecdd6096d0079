"""Checks between documents of a project's targets and money: year and year, budget and evaluation."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from typing import Final

from pyoxigraph import NamedNode, Store

from fiscalgraph.extract.normalise import UNIT_FACTORS
from fiscalgraph.graph.checks.document_results import (
    DocumentResult,
    DocumentSide,
    rounding_play,
    verdict_on,
)
from fiscalgraph.graph.checks.results import Verdict
from fiscalgraph.graph.identity_projects import LastingProject, ProjectUse, lasting_projects
from fiscalgraph.graph.linking import IdentityLink
from fiscalgraph.graph.statement_lookup import first_value
from fiscalgraph.ontology.parameters import check_parameters
from fiscalgraph.ontology.terms import CODES, DCTERMS, FG, PROV

__all__ = ["performance_results"]

_KINDS: Final = {node.value: word for word, node in CODES["disclosure kind"].items()}
_PLANS, _EVALUATIONS = ("预算", "目标表"), ("决算", "自评", "评价报告")
_SAME_INDICATOR = "same-indicator"
_MORE_IS_BETTER = ("≥", ">")
_NUMBER = CODES["value kind"]["number"].value


def performance_results(store: Store, links: Iterable[IdentityLink]) -> Iterator[DocumentResult]:
    """Targets against the year before (indicators that ``links`` tell to be one), then projects' money."""
    projects = lasting_projects(store)
    year_of = {use.entry: use.year for project in projects for use in project.uses}
    for link in links:
        if link.accepted and link.rule == _SAME_INDICATOR:
            result = _target_and_last_actual(store, link, year_of)
            if result is not None:
                yield result
    for project in projects:
        yield from _budget_and_evaluation(store, project)


def _target_and_last_actual(
    store: Store, link: IdentityLink, year_of: Mapping[str, int]
) -> DocumentResult | None:
    """The later of two indicators that are one: its target beside the earlier one's actual value."""
    earlier, later = _About(store, link.left), _About(store, link.right)
    years = [year_of.get(about.value(FG.entry) or "") for about in (earlier, later)]
    if years[0] is None or years[1] is None or years[1] != years[0] + 1:
        return None
    if later.value(FG.targetComparator) not in _MORE_IS_BETTER:
        return None
    if later.value(FG.targetKind) != _NUMBER or earlier.value(FG.actualKind) != _NUMBER:
        return None
    plain = ((FG.targetUnit, FG.actualUnit), (FG.targetContext, FG.actualContext))
    if any(later.value(target) != earlier.value(actual) for target, actual in plain):
        return None
    target, actual = later.value(FG.targetNumber), earlier.value(FG.actualNumber)
    printed_target, printed_actual = later.value(FG.target), earlier.value(FG.actual)
    if target is None or actual is None or printed_target is None or printed_actual is None:
        return None
    difference = Decimal(target) - Decimal(actual)
    least = check_parameters("target-below-last-year").number(FG.threshold)
    name, project = later.value(FG.level3) or "", later.value(FG.projectName) or ""
    return DocumentResult(
        check="target-below-last-year",
        verdict=Verdict.QUESTIONABLE if Decimal(target) < Decimal(actual) * least else Verdict.AGREES,
        left=later.side(printed_target),
        right=earlier.side(printed_actual),
        detail=f"{project}／{name}：{years[1]}年目标值与{years[0]}年完成值",
        difference=difference,
        unit=later.value(FG.targetUnit),
    )


def _budget_and_evaluation(store: Store, project: LastingProject) -> Iterator[DocumentResult]:
    """The money of a project in the evaluation of a year and in that year's budget documents."""
    by_year: dict[int, dict[str, list[ProjectUse]]] = defaultdict(lambda: defaultdict(list))
    for use in project.uses:
        by_year[use.year][use.document].append(use)
    for year, documents in sorted(by_year.items()):
        once = {document: uses[0] for document, uses in documents.items() if len(uses) == 1}
        kinds = {
            document: _KINDS.get(first_value(store, document, FG.disclosureKind, document) or "", "")
            for document in once
        }
        for evaluation in sorted(once):
            for plan in sorted(once):
                if kinds[evaluation].endswith(_EVALUATIONS) and kinds[plan].endswith(_PLANS):
                    left, right = _About(store, once[evaluation].entry), _About(store, once[plan].entry)
                    result = _money(left, right, f"{project.name}：{year}年自评所列年初预算数与预算文件")
                    if result is not None:
                        yield result


def _money(evaluation: _About, plan: _About, detail: str) -> DocumentResult | None:
    left, unit = evaluation.value(FG.budgetInitial), evaluation.value(FG.unit)
    right, other_unit = plan.value(FG.budgetInitial) or plan.value(FG.budgetFull), plan.value(FG.unit)
    if left is None or right is None or unit not in UNIT_FACTORS or other_unit not in UNIT_FACTORS:
        return None
    difference = Decimal(left) * UNIT_FACTORS[unit] - Decimal(right) * UNIT_FACTORS[other_unit]
    same_unit = unit == other_unit
    verdict = verdict_on(
        abs(difference),
        rounding_play(((left, unit), (right, other_unit))),
        same_precision=same_unit and Decimal(left).as_tuple().exponent == Decimal(right).as_tuple().exponent,
        otherwise=Verdict.QUESTIONABLE,
    )
    return DocumentResult(
        check="project-budget-in-evaluation",
        verdict=verdict,
        left=evaluation.side(left if same_unit else f"{left}{unit}"),
        right=plan.side(right if same_unit else f"{right}{other_unit}"),
        detail=detail,
        difference=difference / UNIT_FACTORS[unit] if same_unit else difference,
        unit=unit if same_unit else "元",
    )


class _About:
    """What a document states of one thing."""

    def __init__(self, store: Store, iri: str) -> None:
        self._store = store
        self._iri = iri

    def value(self, predicate: NamedNode) -> str | None:
        return first_value(self._store, self._iri, predicate)

    def side(self, printed: str) -> DocumentSide:
        """The thing as a side of a comparison; everything a document states has a place and a document."""
        source, document = self.value(PROV.wasDerivedFrom), self.value(DCTERMS.isPartOf)
        if source is None or document is None:
            raise ValueError(f"{self._iri} has no place in a document")
        return DocumentSide(printed, source, document, (self._iri,))
