"""What is at stake where causes and measures are stated: departments, years, projects, money, points.

Money counts once: a project's budget of a fiscal year is one amount, in however many passages and documents
it is met. So do the points that an indicator lost. Where documents print different amounts, it is not told.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final, NamedTuple

from pyoxigraph import Store

from fiscalgraph.ontology.terms import CODES, ORG, PREFIXES

__all__ = ["Concern", "Concerns", "Explained", "Stake", "explained_once", "stake_of"]

ITEM_MARK: Final = "#part-"
"""What stands between the IRI of a passage and the number of one of the causes or measures it lists."""

_BLANK = re.compile(r"\s+")
_DEPARTMENT_AS_A_WHOLE = re.compile("(?:部门|单位)整体|整体支出")
_ZERO = Decimal(0)

_PASSAGES = """
SELECT ?passage ?document ?organization ?year ?entry ?project WHERE {
  ?passage fg:passageKind ?kind ; dcterms:isPartOf ?document .
  ?document fg:year ?year .
  OPTIONAL { ?passage obeu-dimension:organization ?organization }
  OPTIONAL { ?passage fg:entry ?entry }
  OPTIONAL { ?passage fg:projectName ?project }
  FILTER(?kind != fg:NarrativeReason)
}
"""
_ENTRIES = """
SELECT ?entry ?document ?name ?project ?scope ?initial ?full ?executed WHERE {
  ?entry a fg:ProjectEntry ; dcterms:isPartOf ?document ; fg:projectName ?name ; fg:projectScope ?scope ;
    obeu-dimension:project ?project .
  OPTIONAL { ?entry fg:budgetInitialAmount ?initial }
  OPTIONAL { ?entry fg:budgetFullAmount ?full }
  OPTIONAL { ?entry fg:executedAmount ?executed }
}
"""
_SAME_PROJECTS = "SELECT ?one ?other WHERE { ?one fg:identicalTo ?other . ?one a fg:Project }"
_EXPLAINED = """
SELECT DISTINCT ?passage ?indicator ?level2 ?level3 ?target ?weight ?score WHERE {
  ?passage fg:explains ?indicator .
  OPTIONAL { ?indicator fg:level2 ?level2 }
  OPTIONAL { ?indicator fg:level3 ?level3 }
  OPTIONAL { ?indicator fg:target ?target }
  OPTIONAL { ?indicator fg:weightNumber ?weight }
  OPTIONAL { ?indicator fg:scoreNumber ?score }
}
"""
_REGIONS = "SELECT ?organization ?region WHERE { ?organization fg:region ?region }"


class Explained(NamedTuple):
    """An indicator (its IRI) that a passage explains: by what it is the same in a copy of its document, and
    the points it lost (``None``: not told)."""

    iri: str
    same: str
    lost: Decimal | None


@dataclass(frozen=True, slots=True)
class Concern:
    """What one passage speaks of; all names are IRIs.

    ``organization`` publishes it and ``department`` is the department that it belongs to in the end.
    ``project`` is one name for all that the graph takes for the same project; a department's report on itself
    as a whole is no project. ``budget`` is the full-year budget, else the initial one, in 元, and ``unspent``
    that less what was executed, at least 0. ``indicators`` are those it explains.
    """

    document: str
    organization: str | None
    department: str | None
    region: str | None
    year: int
    project: str | None = None
    budget: Decimal | None = None
    unspent: Decimal | None = None
    indicators: tuple[Explained, ...] = ()


@dataclass(frozen=True, slots=True)
class Stake:
    """What several passages together are about.

    ``projects`` counts each project once in each fiscal year; ``budget`` and ``unspent`` are of
    ``with_budget`` and ``with_unspent`` of them. ``points_lost``: of each indicator once. An amount that
    cannot be told of any is ``None``.
    """

    departments: tuple[str, ...]
    regions: tuple[str, ...]
    years: tuple[int, ...]
    projects: int
    budget: Decimal | None
    with_budget: int
    unspent: Decimal | None
    with_unspent: int
    points_lost: Decimal | None


def stake_of(concerns: Iterable[Concern]) -> Stake:
    """The stake of passages, in whatever order; each project, year and indicator counts once."""
    found = list(concerns)
    projects: dict[tuple[str, int], list[Concern]] = defaultdict(list)
    for each in found:
        if each.project is not None:
            projects[each.project, each.year].append(each)
    budgets = _told({each.budget for each in group} for group in projects.values())
    unspent = _told({each.unspent for each in group} for group in projects.values())
    points = [lost for lost in explained_once(found).values() if lost is not None]
    return Stake(
        departments=tuple(sorted({each.department for each in found if each.department is not None})),
        regions=tuple(sorted({each.region for each in found if each.region is not None})),
        years=tuple(sorted({each.year for each in found})),
        projects=len(projects),
        budget=sum(budgets, _ZERO) if budgets else None,
        with_budget=len(budgets),
        unspent=sum(unspent, _ZERO) if unspent else None,
        with_unspent=len(unspent),
        points_lost=sum(points, _ZERO) if points else None,
    )


def explained_once(concerns: Iterable[Concern]) -> dict[str, Decimal | None]:
    """The indicators that passages explain, by IRI, with the points each lost.

    One that several documents of the same body and year print for the same project stands here once, by the
    first of its IRIs; where they print different points, these are not told.
    """
    found: dict[tuple[str | None, int, str | None, str], dict[str, Decimal | None]] = defaultdict(dict)
    for each in concerns:
        for iri, same, lost in each.indicators:
            # Without a project only its document says what it belongs to.
            key = (each.organization, each.year, each.project or each.document, same)
            found[key][iri] = lost
    once = {}
    for alike in found.values():
        told = set(alike.values()) - {None}
        once[min(alike)] = told.pop() if len(told) == 1 else None
    return dict(sorted(once.items()))


def _told(groups: Iterable[set[Decimal | None]]) -> list[Decimal]:
    """The amount of each project of which the documents print one and no other."""
    amounts = (group - {None} for group in groups)
    return [amount for group in amounts if len(group) == 1 for amount in group if amount is not None]


class Concerns:
    """What the passages of a finished graph speak of, all read at once."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._parents = self._chains()
        self._regions = {
            row["organization"]: row["region"]
            for row in sorted(self._rows(_REGIONS), key=lambda row: str(row["region"]), reverse=True)
        }
        self._entries, self._entries_of = self._read_entries()
        self._explained: dict[str, set[Explained]] = defaultdict(set)
        for row in self._rows(_EXPLAINED):
            same = _close(" ".join(row[name] or "" for name in ("level2", "level3", "target")))
            lost = _lost(row["weight"], row["score"])
            self._explained[row["passage"]].add(Explained(row["indicator"], same, lost))
        self._passages = {row["passage"]: row for row in self._rows(_PASSAGES)}

    def of(self, passage: str) -> Concern | None:
        """What the passage of that id speaks of; an item of a passage speaks of what the passage does.

        ``None`` for a passage that the graph does not know.
        """
        whole = passage.partition(ITEM_MARK)[0]
        row = self._passages.get(whole)
        if row is None:
            return None
        entry = row["entry"] or self._only_entry(row["document"], row["project"])
        department = self._whole(row["organization"])
        money = self._entries.get(entry or "", (None, None, None))
        return Concern(
            row["document"],
            row["organization"],
            department,
            self._regions.get(row["organization"]) or self._regions.get(department or ""),
            int(row["year"]),
            *money,
            tuple(sorted(self._explained.get(whole, ()), key=lambda each: each.iri)),
        )

    def _only_entry(self, document: str, project: str | None) -> str | None:
        named = self._entries_of.get((document, _close(project)), ()) if project is not None else ()
        return named[0] if len(named) == 1 else None

    def _whole(self, organization: str | None) -> str | None:
        seen: set[str] = set()
        while organization is not None and organization in self._parents and organization not in seen:
            seen.add(organization)
            organization = self._parents[organization]
        return organization

    def _chains(self) -> Mapping[str, str]:
        """What each organisation belongs to; of several the one whose IRI comes first."""
        found: dict[str, str] = {}
        for predicate in (ORG.unitOf, ORG.subOrganizationOf):
            for quad in self._store.quads_for_pattern(None, predicate, None):
                child, parent = (
                    str(getattr(quad.subject, "value", "")),
                    str(getattr(quad.object, "value", "")),
                )
                found[child] = min(parent, found.get(child, parent))
        return found

    def _read_entries(
        self,
    ) -> tuple[
        dict[str, tuple[str | None, Decimal | None, Decimal | None]], dict[tuple[str, str], list[str]]
    ]:
        """Project, budget and unspent amount by entry; the entries of a name in a document."""
        one_of: dict[str, str] = {}
        same: dict[str, set[str]] = defaultdict(set)
        for row in self._rows(_SAME_PROJECTS):
            same[row["one"]].add(row["other"])
        rows = list(self._rows(_ENTRIES))
        department_level = CODES["project scope"]["department"].value
        # What one document calls a project another calls the department as a whole: then it is that.
        wholes = {
            row["project"]
            for row in rows
            if row["scope"] == department_level or _DEPARTMENT_AS_A_WHOLE.search(row["name"])
        }
        entries: dict[str, tuple[str | None, Decimal | None, Decimal | None]] = {}
        named: dict[tuple[str, str], list[str]] = defaultdict(list)
        for row in rows:
            named[row["document"], _close(row["name"])].append(row["entry"])
            if row["project"] in wholes:
                continue
            if row["project"] not in one_of:
                together = _reachable(row["project"], same)
                one_of.update(dict.fromkeys(together, min(together)))
            budget, executed = _number(row["full"] or row["initial"]), _number(row["executed"])
            unspent = None if budget is None or executed is None else max(_ZERO, budget - executed)
            entries[row["entry"]] = (one_of[row["project"]], budget, unspent)
        return entries, named

    def _rows(self, query: str) -> Iterator[dict[str, Any]]:
        solutions: Any = self._store.query(query, prefixes=dict(PREFIXES), use_default_graph_as_union=True)
        names = [variable.value for variable in solutions.variables]
        for row in solutions:
            yield {name: None if row[name] is None else str(row[name].value) for name in names}


def _reachable(start: str, near: Mapping[str, set[str]]) -> set[str]:
    found, waiting = {start}, [start]
    while waiting:
        fresh = near.get(waiting.pop(), set()) - found
        found |= fresh
        waiting.extend(fresh)
    return found


def _lost(weight: str | None, score: str | None) -> Decimal | None:
    """Weight less score; a score above the weight is a slip of the document, not a gain."""
    full, given = _number(weight), _number(score)
    return None if full is None or given is None or given > full else full - given


def _close(text: str) -> str:
    return _BLANK.sub("", text)


def _number(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)
