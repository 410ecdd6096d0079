"""One project, told of twice: its table, and the sentences and findings that name it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from fiscalgraph.extract.normalise import compact
from fiscalgraph.extract.recognise.project_narrative import ProjectNarrative
from fiscalgraph.extract.records import Finding, Project

__all__ = ["join_findings", "join_narratives"]


def _key(name: str) -> str:
    """A project's name less what sentences add or leave out: the year, 项目, quotation marks."""
    text = re.sub(r"[“”\"《》]", "", compact(name))
    text = re.sub(r"^20\d\d年度?", "", text)
    return re.sub(r"(?:项目)+$", "", text)


_WHOLE = re.compile("整体(?:支出|绩效)*$")


def _meant(name: str, projects: Sequence[Project]) -> list[int]:
    """Which of ``projects`` bear the name; 部门整体 means the one form on a whole department."""
    named = [i for i, project in enumerate(projects) if _key(project.project) == _key(name)]
    if not named and _WHOLE.search(name):
        whole = [i for i, project in enumerate(projects) if project.scope == "department"]
        named = whole if len(whole) == 1 else []
    return named


def _same_amounts(project: Project, narrative: ProjectNarrative) -> bool:
    return narrative.narrative_budget is not None and narrative.narrative_budget == project.budget_full


def join_narratives(
    projects: Sequence[Project], narratives: Sequence[ProjectNarrative]
) -> tuple[Project, ...]:
    """Put what prose says of a project beside its table; a project only prose knows is added.

    Of several tables with the name, the one with the same budget is meant, else the first that no
    other sentence has taken.
    """
    joined = list(projects)
    taken: set[int] = set()
    for narrative in narratives:
        named = _meant(narrative.project, joined)
        free = [i for i in named if i not in taken] or named
        alike = [i for i in free if _same_amounts(joined[i], narrative)] or free
        if not alike:
            joined.append(
                Project(
                    occurrence=max((project.occurrence for project in joined), default=-1) + 1,
                    project=narrative.project,
                    scope="department" if _WHOLE.search(narrative.project) else "project",
                    department=narrative.department,
                    implementing_unit=narrative.implementing_unit,
                    unit=narrative.unit,
                    budget_initial=None,
                    budget_full=None,
                    executed=None,
                    rate=None,
                    score=None,
                    narrative_score=narrative.narrative_score,
                    narrative_budget=narrative.narrative_budget,
                    narrative_executed=narrative.narrative_executed,
                    narrative_rate=narrative.narrative_rate,
                    sources=("narrative",),
                    source=narrative.source,
                    narrative_source=narrative.source,
                )
            )
            continue
        i = alike[0]
        taken.add(i)
        project = joined[i]
        joined[i] = replace(
            project,
            unit=project.unit or narrative.unit,
            narrative_score=project.narrative_score or narrative.narrative_score,
            narrative_budget=project.narrative_budget or narrative.narrative_budget,
            narrative_executed=project.narrative_executed or narrative.narrative_executed,
            narrative_rate=project.narrative_rate or narrative.narrative_rate,
            sources=tuple(dict.fromkeys((*project.sources, "narrative"))),
            narrative_source=project.narrative_source or narrative.source,
        )
    return tuple(joined)


def join_findings(findings: Sequence[Finding], projects: Sequence[Project]) -> tuple[Finding, ...]:
    """Tie each finding to the project it names, where just one project has the name."""
    joined = []
    for finding in findings:
        if finding.occurrence is None and finding.project is not None:
            named = {projects[i].occurrence for i in _meant(finding.project, projects)}
            if len(named) == 1:
                finding = replace(finding, occurrence=named.pop())
        joined.append(finding)
    return tuple(joined)
