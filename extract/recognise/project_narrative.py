"""Scores and figures that prose states for a project (项目绩效自评综述, 评价报告).

"甲项目绩效自评综述：…项目自评得分为98.0分。全年预算数为180.03万元，执行数为180.03万元，
完成预算的100.0%。"
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from fiscalgraph.extract.document import Document
from fiscalgraph.extract.normalise import printed_figure
from fiscalgraph.extract.paragraphs import source_at
from fiscalgraph.extract.recognise.projects_named import SUMMARY, ProjectContext, passages
from fiscalgraph.extract.records import Source

__all__ = ["ProjectNarrative", "recognise_project_narrative"]

_FIGURE = r"(?P<figure>\d[\d,，]*(?:\.\d+)?)"
_UNIT = "(?P<unit>亿元|万元|元)"
_SCORE = re.compile(
    rf"(?:自评|评价|综合|最终|总)(?:综合)?(?:评价)?(?:总)?(?:得分|评分|分数|分值)(?:情况)?(?:为|是|[:：])?{_FIGURE}分?"
    rf"|(?<!指标)(?<!率)得分(?:为|是|[:：])?{_FIGURE.replace('figure', 'other')}分"
    rf"|自评得(?:了)?{_FIGURE.replace('figure', 'points')}分"
)
_BUDGET = re.compile(rf"(?:全年|调整(?:后)?)预算(?:数|资金|总额|安排)?(?:为|是|共|[:：])?{_FIGURE}{_UNIT}")
_INITIAL_BUDGET = re.compile(rf"(?:年初|项目)?预算(?:数|资金|总额|安排)(?:为|是|共|[:：])?{_FIGURE}{_UNIT}")
# A report's own words for the money of the project as a whole; what was spent follows in the paragraph.
_REPORT_BUDGET = re.compile(
    rf"(?:项目|资金|专项)(?:\d{{4}}年度?)?(?:预算(?:批复)?(?:金额|总额|资金|总金额)|预算)(?:为|是|共|[:：])?{_FIGURE}{_UNIT}(?=.*执行)"
)
_EXECUTED = re.compile(
    rf"(?:全年执行|实际执行|执行|全年支出|实际支出|实际使用|支出决算|决算)(?:数|资金|金额)?(?:为|是|共|[:：])?{_FIGURE}{_UNIT}"
)
_RATE = re.compile(
    r"(?:完成(?:年初|全年|调整)?预算(?:数)?的|预算(?:资金)?执行率(?:为|是|[:：]|达到?)?|(?<!预算)执行率(?:为|是|达到?)?)\s*(?P<figure>\d[\d.]*\s*[%％])"
)
# The cover of a report names who runs the project and who answers for it.
_COVER = {
    "department": re.compile(r"(?:项目)?主管部门[:：](?P<body>[^，。；：:]{3,40}?)(?=评价|项目|报告|$)"),
    "implementing_unit": re.compile(
        r"(?:评价项目|项目实施|项目承担|实施)单位[:：](?P<body>[^，。；：:]{3,40}?)(?=评价|项目|主管|报告|$)"
    ),
}
_PART_SCORE = re.compile("(?:指标|该项|一级|二级|三级)[^。；]{0,14}分值")


@dataclass(frozen=True, slots=True)
class ProjectNarrative:
    """What prose says of one project; figures as printed, ``unit`` that of the money."""

    project: str
    narrative_score: str | None
    narrative_budget: str | None
    narrative_executed: str | None
    narrative_rate: str | None
    unit: str | None
    source: Source
    department: str | None = None
    implementing_unit: str | None = None


@dataclass(slots=True)
class _Stated:
    """The figures of one project gathered so far; the first statement of each stands."""

    source: Source
    score: str | None = None
    budget: str | None = None
    executed: str | None = None
    rate: str | None = None
    unit: str | None = None
    department: str | None = None
    implementing_unit: str | None = None

    def add(self, text: str, *, summary: bool, report: bool) -> None:
        """Take from ``text`` what is not known yet."""
        if report:
            for role, label in _COVER.items():
                named = label.search(text)
                if named is not None and getattr(self, role) is None:
                    setattr(self, role, named["body"])
        if self.score is None and not _PART_SCORE.search(text):
            match = _SCORE.search(text)
            if match is not None:
                self.score = printed_figure(match["figure"] or match["other"] or match["points"])
        budget = _BUDGET.search(text) or (_INITIAL_BUDGET.search(text) if summary else None)
        if budget is None and report:
            budget = _REPORT_BUDGET.search(text)
        states_budget = budget is not None and self.budget in (None, printed_figure(budget["figure"]))
        if self.budget is None and budget is not None:
            self.budget, self.unit = printed_figure(budget["figure"]), budget["unit"]
        executed = _EXECUTED.search(text)
        # Elsewhere than in a summary an amount counts beside the full-year budget only.
        if self.executed is None and executed is not None and self.budget is not None:
            self.executed, self.unit = printed_figure(executed["figure"]), self.unit or executed["unit"]
        rate = _RATE.search(text)
        # … and a rate beside the budget it is a rate of: other paragraphs tell of the project's parts.
        if self.rate is None and rate is not None and (summary or states_budget):
            self.rate = printed_figure(rate["figure"])


def recognise_project_narrative(document: Document) -> tuple[ProjectNarrative, ...]:
    """Each project whose evaluation the prose sums up, once, in the order of first mention.

    Where a summary and a report speak of one project, the later fills what the earlier
    leaves open. A project that is only named, without any figure, gives none.
    """
    context = ProjectContext(document)
    stated: dict[str, _Stated] = {}
    for paragraph in passages(document):
        project = context.project_at(paragraph)
        if project is None:
            continue
        text = paragraph.text
        if project not in stated:
            stated[project] = _Stated(source_at(paragraph, 0, len(text)))
        stated[project].add(text, summary=SUMMARY.match(text) is not None, report=context.in_report)
    return tuple(
        ProjectNarrative(
            project,
            said.score,
            said.budget,
            said.executed,
            said.rate,
            said.unit,
            said.source,
            said.department,
            said.implementing_unit,
        )
        for project, said in stated.items()
        if any((said.score, said.budget, said.executed, said.rate))
    )
