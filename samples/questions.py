"""Results that agree with all figures, and of which an auditor would ask nevertheless (存疑)."""

from __future__ import annotations

from dataclasses import replace

from fiscalgraph.samples.model import Disclosure, IndicatorResult, IndicatorTarget

__all__ = ["with_questions"]

_LEAST_TARGET = 8  # of smaller ones, the shares below are a difference of one or two
_RESULTS = (("full-score-below-target", 80), ("target-too-low", 230))  # percent of the target


def with_questions(disclosure: Disclosure) -> Disclosure:
    """``disclosure`` with one result below its target that has its full score and one far above it.

    They stand in the first counted indicators of final accounts; a budget has no results and stays as it is.
    """
    waiting = list(_RESULTS)
    projects = []
    for project in disclosure.projects:
        indicators = []
        for result in project.indicators:
            if waiting and _counted(result):
                check, percent = waiting.pop(0)
                actual = f"{int(result.target.target) * percent // 100}{result.target.measure}"
                result = replace(result, actual=actual, question=check)
            indicators.append(result)
        projects.append(replace(project, indicators=tuple(indicators)))
    return replace(disclosure, projects=tuple(projects))


def _counted(result: IndicatorResult) -> bool:
    """Whether a result has its full score for a counted target of which more is better."""
    target: IndicatorTarget = result.target
    return (
        result.score == result.weight
        and target.sign == "≥"
        and target.measure != "%"
        and target.target.isdigit()
        and int(target.target) >= _LEAST_TARGET
    )
