"""Documents that state given problems and measures: the passages of a test set as departments print them."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import cycle, islice
from pathlib import Path

from fiscalgraph.samples import random_disclosure
from fiscalgraph.samples.layout import LayoutVariant
from fiscalgraph.samples.model import Disclosure, Shortfall

__all__ = ["disclosures_stating", "shortfalls_of"]


def shortfalls_of(passages: Path) -> list[Shortfall]:
    """The passages of a test set, each cause with a measure of its issue; every passage is in one of them.

    The issue of a passage is its id without the number at its end. A passage that states both is taken
    apart at its semicolon. Passages of issues without a cause or a measure are paired with other issues'.
    """
    causes: list[tuple[str, str]] = []
    measures: dict[str, list[str]] = {}
    for line in passages.read_text(encoding="utf-8").splitlines():
        passage = json.loads(line)
        issue, stated = passage["id"].rpartition("-")[0], passage["text"].rstrip("。")
        if passage["sides"] == ["measure"]:
            measures.setdefault(issue, []).append(stated)
        elif passage["sides"] == ["cause"]:
            causes.append((issue, stated))
        else:
            cause, _, measure = stated.partition("；" if "；" in stated else "，")
            causes.append((issue, cause))
            measures.setdefault(issue, []).append(measure)
    found = []
    waiting = {issue: list(texts) for issue, texts in measures.items()}
    spare = cycle(text for texts in measures.values() for text in texts)
    for issue, cause in causes:
        if waiting.get(issue):
            measure = waiting[issue].pop(0)
        else:
            measure = measures[issue][0] if issue in measures else next(spare)
        found.append(Shortfall(issue, cause, measure))
    alone = [(issue, measure) for issue, texts in waiting.items() for measure in texts]
    again = dict(causes)
    found += [Shortfall(issue, again.get(issue, causes[0][1]), measure) for issue, measure in alone]
    return found


def disclosures_stating(
    shortfalls: Iterable[Shortfall], *, format: str | None = None
) -> Iterator[tuple[Disclosure, LayoutVariant]]:
    """Final accounts drawn at random whose projects tell ``shortfalls`` in their order, until all are told.

    What a project's review tells (存在的问题及原因, 下一步改进措施) is replaced; the last document keeps what
    was drawn for it where nothing is left to tell. ``format`` as in :func:`random_disclosure`.
    """
    waiting = list(shortfalls)
    seed = 0
    while waiting:
        disclosure, variant = random_disclosure(seed, format=format)
        seed += 1
        if disclosure.accounts is None:
            continue
        told = iter(waiting)
        projects = []
        for project in disclosure.projects:
            prose = tuple(islice(told, len(project.prose)))
            projects.append(replace(project, prose=prose + project.prose[len(prose) :]))
        waiting = list(told)
        yield replace(disclosure, projects=tuple(projects)), variant
