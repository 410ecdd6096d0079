"""What became of the indicators that a department missed, by its accounts of the year after."""

from __future__ import annotations

from collections.abc import Mapping

from fiscalgraph.samples.model import Disclosure, IndicatorResult

__all__ = ["next_year_outcomes"]

_OUTCOMES = {True: "repeated", False: "met"}


def next_year_outcomes(earlier: Disclosure, later: Disclosure, stem: str) -> list[dict[str, object]]:
    """One record for each indicator that fell short in ``earlier``, in the order of the document.

    ``stem`` names the document of ``later``. An indicator that it does not hold is ``dropped``.
    """
    held: Mapping[tuple[str, str], IndicatorResult] = {
        (project.target.name, result.target.level3): result
        for project in later.projects
        for result in project.indicators
    }
    found: list[dict[str, object]] = []
    for project in earlier.projects:
        for result in project.indicators:
            if result.shortfall is not None:
                after = held.get((project.target.name, result.target.level3))
                outcome = "dropped" if after is None else _OUTCOMES[after.shortfall is not None]
                found.append(
                    {
                        "project": project.target.name,
                        "level3": result.target.level3,
                        "outcome": outcome,
                        "later_document": stem,
                    }
                )
    return found
