"""How a catalogue is put together from a graph: column by column, each read once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any, Final

from pyoxigraph import NamedNode, Store

from fiscalgraph.api.audit import audit_summaries
from fiscalgraph.api.audit_lines import AuditSummary
from fiscalgraph.api.catalogue import (
    AuditRow,
    Catalogue,
    Citation,
    IndicatorRow,
    LawRow,
    OrganizationRow,
    ProjectEntryRow,
    ProjectRow,
)
from fiscalgraph.api.document_summaries import DocumentSummary, documents_of
from fiscalgraph.graph.identifiers import BASE
from fiscalgraph.ontology.codes import CODES
from fiscalgraph.ontology.prefixes import PREFIXES
from fiscalgraph.ontology.regions import SCHEME as REGIONS
from fiscalgraph.ontology.terms import DCTERMS, ELI, FG, ORG, QB, RDF, SKOS

__all__ = ["make_catalogue"]

_DIVISION: Final = "/division/"
_CITATIONS: Final = """
SELECT ?law ?publisher ?disclosure (SUM(?times) AS ?mentions) WHERE {
  ?citation a fg:LawCitation ; fg:law ?law ; fg:mentions ?times ; dcterms:isPartOf ?disclosure .
  ?disclosure dcterms:publisher ?publisher .
}
GROUP BY ?law ?publisher ?disclosure
"""
# One query for all columns of a row: to read each by itself would look the row's own IRI up every time.
_ENTRIES: Final = """
SELECT ?entry ?disclosure ?position ?project ?organization ?responsible ?carrying ?printed ?initial
  ?budget ?spent  ?score WHERE {
  ?entry a fg:ProjectEntry ; dcterms:isPartOf ?disclosure .
  OPTIONAL { ?entry fg:position ?position }
  OPTIONAL { ?entry obeu-dimension:project ?project }
  OPTIONAL { ?entry obeu-dimension:organization ?organization }
  OPTIONAL { ?entry fg:responsibleDepartment ?responsible }
  OPTIONAL { ?entry fg:implementingUnit ?carrying }
  OPTIONAL { ?entry fg:projectName ?printed }
  OPTIONAL { ?entry fg:budgetInitialAmount ?initial }
  OPTIONAL { ?entry fg:budgetFullAmount ?budget }
  OPTIONAL { ?entry fg:executedAmount ?spent }
  OPTIONAL { ?entry fg:score ?score }
}
"""
_INDICATORS: Final = """
SELECT ?indicator ?disclosure ?position ?entry ?ratio ?level1 ?level2 ?level3 ?project ?target ?reason WHERE {
  ?indicator a fg:PerformanceIndicator ; dcterms:isPartOf ?disclosure ; fg:position ?position .
  OPTIONAL { ?indicator fg:entry ?entry }
  OPTIONAL { ?indicator fg:achievementRatio ?ratio }
  OPTIONAL { ?indicator fg:level1 ?level1 }
  OPTIONAL { ?indicator fg:level2 ?level2 }
  OPTIONAL { ?indicator fg:level3 ?level3 }
  OPTIONAL { ?indicator fg:projectName ?project }
  OPTIONAL { ?indicator fg:target ?target }
  OPTIONAL { ?indicator fg:reason ?reason }
}
"""
_WORDS: Final = ("level1", "level2", "level3", "project", "target", "reason")
_COUNTS: Final = "SELECT ?kind (COUNT(DISTINCT ?thing) AS ?number) WHERE { %s } GROUP BY ?kind"
_CLASSES: Final = _COUNTS % "VALUES ?kind { qb:Observation fg:PrintedFigure fg:Issue } ?thing a ?kind"
_PASSAGES: Final = _COUNTS % "?thing fg:passageKind ?kind"
_BETWEEN: Final = "\x1f"  # of two texts of an indicator: nobody asks for it


def make_catalogue(store: Store) -> Catalogue:
    """The catalogue of a graph."""
    reading = _Reading(store)
    documents = documents_of(store)
    audits = {each.document: each for each in audit_summaries(store)}
    projects, entries, places = reading.projects(documents)
    laws, citations = reading.laws()
    return Catalogue(
        documents=documents,
        organizations=tuple(reading.organizations()),
        projects=tuple(projects),
        entries=tuple(entries),
        indicators=tuple(reading.indicators(documents, places)),
        laws=tuple(laws),
        citations=tuple(citations),
        audits=tuple(_audit_row(audits[each.document]) for each in documents),
        counts=reading.counts(),
    )


class _Reading:
    """A graph, read column by column."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._years = {iri: int(year) for iri, year in self._one(FG.year).items()}

    # -- columns ----------------------------------------------------------------------------

    def _values(self, predicate: NamedNode) -> Iterator[tuple[str, str]]:
        """Every subject with each of its values."""
        for quad in self._store.quads_for_pattern(None, predicate, None):
            yield _text(quad.subject), _text(quad.object)

    def _one(self, predicate: NamedNode) -> dict[str, str]:
        """Of every subject its one value; the least, where it has several."""
        found: dict[str, str] = {}
        for subject, value in self._values(predicate):
            known = found.get(subject)
            if known is None or value < known:
                found[subject] = value
        return found

    def _every(self, predicate: NamedNode) -> Mapping[str, list[str]]:
        """Of every subject all its values, each once and in order."""
        found: dict[str, set[str]] = defaultdict(set)
        for subject, value in self._values(predicate):
            found[subject].add(value)
        return {subject: sorted(values) for subject, values in found.items()}

    def _names(self) -> dict[str, str]:
        """What things are called; the Chinese name, where there are several."""
        found: dict[str, str] = {}
        for quad in self._store.quads_for_pattern(None, SKOS.prefLabel, None):
            subject = _text(quad.subject)
            if getattr(quad.object, "language", None) == "zh" or subject not in found:
                found[subject] = _text(quad.object)
        return found

    def _of_class(self, kind: NamedNode) -> dict[str, str]:
        """The members of a class, each with the graph that says so: the document it was read from."""
        return {
            _text(quad.subject): _text(quad.graph_name)
            for quad in self._store.quads_for_pattern(None, RDF.type, kind)
        }

    def _rows(self, query: str) -> Iterator[dict[str, str | None]]:
        solutions: Any = self._store.query(query, prefixes=dict(PREFIXES), use_default_graph_as_union=True)
        names = [variable.value for variable in solutions.variables]
        for solution in solutions:
            yield {name: None if solution[name] is None else _text(solution[name]) for name in names}

    # -- parts of the catalogue -------------------------------------------------------------

    def organizations(self) -> list[OrganizationRow]:
        """All organisations but divisions: those with documents first, then by name."""
        documents: dict[str, list[int]] = defaultdict(list)
        publishers, units = self._one(DCTERMS.publisher), self._one(FG.reportingUnit)
        for iri in self._of_class(FG.Disclosure):
            documents[units.get(iri) or publishers.get(iri, "")].append(self._years.get(iri, 0))
        offices = self._of_class(FG.HeadOffice)
        wholes, parts = self._one(ORG.subOrganizationOf), self._one(ORG.unitOf)
        levels, regions = self._one(FG.governmentLevel), self._one(FG.region)
        words = {node.value: word for word, node in CODES["government level"].items()}
        names, others = self._names(), self._every(SKOS.altLabel)
        found = []
        for iri in {*self._of_class(ORG.FormalOrganization), *offices}:
            if _DIVISION in iri:
                continue
            whole = parts.get(iri, "")  # a head office is of its department's level and region
            level = words.get(levels.get(iri) or levels.get(whole, ""))
            region = (regions.get(iri) or regions.get(whole, "")).removeprefix(f"{REGIONS.value}/") or None
            kind = "head_office" if iri in offices else "unit" if iri in wholes else "department"
            own = documents.get(iri, ())
            found.append(
                OrganizationRow(
                    iri,
                    _name(names, iri),
                    others.get(iri, []),
                    kind,
                    level,
                    region,
                    wholes.get(iri) or parts.get(iri),
                    len(own),
                    sorted(set(own)),
                )
            )
        return sorted(found, key=lambda row: (not row.documents, row.name, row.iri))

    def projects(
        self, documents: tuple[DocumentSummary, ...]
    ) -> tuple[list[ProjectRow], list[ProjectEntryRow], dict[str, int]]:
        """All projects by name, what documents report of them, and the place of each such entry by IRI."""
        names, others = self._names(), self._every(SKOS.altLabel)
        reported: dict[str, dict[str, str | None]] = {}
        organizations: dict[str, set[str]] = defaultdict(set)
        departments: dict[str, tuple[int, str]] = {}  # the latest that a project's entries name
        for row in self._rows(_ENTRIES):
            entry, project = row["entry"] or "", row["project"]
            year = self._years.get(row["disclosure"] or "", 0)
            reported[entry] = min(reported.get(entry, row), row, key=_in_order)
            named = (row["organization"], row["responsible"], row["carrying"])
            organizations[entry].update(each for each in named if each is not None)
            if project is not None and row["responsible"] is not None:
                departments[project] = max(departments.get(project, (0, "")), (year, row["responsible"]))
        projects = {row["project"] for row in reported.values() if row["project"] is not None}
        listed = sorted((names[iri], iri) for iri in projects if iri in names)
        places = {iri: place for place, (_, iri) in enumerate(listed)}
        rows = [
            ProjectRow(
                iri,
                name,
                others.get(iri, []),
                _name(names, departments[iri][1]) if iri in departments else None,
            )
            for name, iri in listed
        ]
        found: list[ProjectEntryRow] = []
        numbers: dict[str, int] = {}
        at = {document.iri: place for place, document in enumerate(documents)}

        def order(entry: str) -> tuple[int, int, int, str]:
            row = reported[entry]
            document = row["disclosure"] or ""
            return self._years.get(document, 0), at.get(document, -1), int(row["position"] or 0), entry

        for entry in sorted(reported, key=order):
            row = reported[entry]
            numbers[entry] = len(found)
            found.append(
                ProjectEntryRow(
                    entry,
                    places.get(row["project"] or "", -1),
                    at.get(row["disclosure"] or "", -1),
                    self._years.get(row["disclosure"] or "", 0),
                    sorted(organizations[entry]),
                    row["printed"] or "",
                    row["initial"],
                    row["budget"],
                    row["spent"],
                    row["score"],
                )
            )
        return rows, found, numbers

    def indicators(
        self, documents: tuple[DocumentSummary, ...], entries: Mapping[str, int]
    ) -> Iterator[IndicatorRow]:
        """All indicators, by document and their place in it."""
        numbers = {document.iri: number for number, document in enumerate(documents)}
        found: dict[str, dict[str, str | None]] = {}
        for row in self._rows(_INDICATORS):
            indicator = row["indicator"] or ""
            found[indicator] = min(found.get(indicator, row), row, key=_in_order)
        in_order = sorted(
            (row["disclosure"] or "", int(row["position"] or 0), iri) for iri, row in found.items()
        )
        for document, _, iri in in_order:
            row = found[iri]
            ratio = row["ratio"]
            yield IndicatorRow(
                iri,
                numbers.get(document, -1),
                entries.get(row["entry"] or "", -1),
                None if ratio is None else Decimal(ratio) >= 1,
                _BETWEEN.join(row[name] or "" for name in _WORDS),
            )

    def laws(self) -> tuple[list[LawRow], list[Citation]]:
        """The laws that somebody cites, by title, and who does."""
        names, others, numbers = self._names(), self._every(SKOS.altLabel), self._one(ELI.id_local)
        cited = [row for row in self._rows(_CITATIONS) if row["law"] in names]
        listed = sorted({(names[row["law"] or ""], row["law"] or "") for row in cited})
        places = {iri: place for place, (_, iri) in enumerate(listed)}
        citations = sorted(
            Citation(
                places[row["law"] or ""],
                row["publisher"] or "",
                row["disclosure"] or "",
                int(row["mentions"] or 0),
            )
            for row in cited
        )
        return [LawRow(iri, title, others.get(iri, []), numbers.get(iri)) for title, iri in listed], citations

    def counts(self) -> dict[str, int]:
        """How many there are of what the overview tells."""
        classes = {row["kind"]: int(row["number"] or 0) for row in self._rows(_CLASSES)}
        kinds = {row["kind"]: int(row["number"] or 0) for row in self._rows(_PASSAGES)}
        return {
            "observations": classes.get(QB.Observation.value, 0),
            "figures": classes.get(FG.PrintedFigure.value, 0),
            "issues": classes.get(FG.Issue.value, 0),
            **{word: kinds.get(node.value, 0) for word, node in CODES["passage kind"].items()},
        }


def _audit_row(summary: AuditSummary) -> AuditRow:
    comparisons = [
        (check, verdict, number) for (check, verdict), number in sorted(summary.comparisons.items())
    ]
    return AuditRow(summary.figures, summary.confirmed, summary.contested, comparisons)


def _in_order(row: Mapping[str, str | None]) -> tuple[str, ...]:
    """By which one of several rows about the same is chosen, whatever their order."""
    return tuple(value or "" for value in row.values())


def _name(names: Mapping[str, str], iri: str) -> str:
    return names.get(iri) or iri.removeprefix(BASE).rsplit("/", 1)[-1]


def _text(term: Any) -> str:
    return str(term.value)
