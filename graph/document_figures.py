"""The figures of finished documents as plain values, for comparing one document with another.

A figure is found again in another document by its *cell*: what it is about (phase, scope of funds, kind of
expenditure, classification), not where it is printed.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import NamedTuple

from pyoxigraph import NamedNode, Store

from fiscalgraph.graph.identifiers import BASE
from fiscalgraph.graph.statement_lookup import first_value, statements
from fiscalgraph.ontology.terms import CODES, DCTERMS, FG, OBEU, PROV, QB, RDF

__all__ = ["Cell", "DisclosedDocument", "Figure", "disclosed_documents", "head_office"]

_CODES = f"{BASE}classification/"
_NUMBERING = re.compile(r"^[（(]?[一二三四五六七八九十\d]+[)）、.．]\s*")
_KINDS = {node.value: word for word, node in CODES["disclosure kind"].items()}
_HEAD_OFFICE = "本级"
_THREE_PUBLICS = re.compile(r"[“\"]?三公[”\"]?经费")
_TOTAL_CLAIM = CODES["claim kind"]["total"]
_WHOLE, _UNIT = "部门", "单位"


class Cell(NamedTuple):
    """What a figure is about, its body and year apart. ``codes`` are the notations of its classification,
    each after its list; empty for a total."""

    phase: str | None
    scope: str | None
    character: str | None
    kind: str | None
    funding: str | None
    three_publics: str | None
    codes: tuple[str, ...]

    def wider(self) -> Iterator[Cell]:
        """The cells that this one is a part of: of a shorter code, of all codes, of all expenditure."""
        for codes in _wider_codes(self.codes):
            for kind in (self.kind, None):
                found = self._replace(codes=codes, kind=kind)
                if found != self:
                    yield found


def _wider_codes(codes: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    yield codes
    if len(codes) == 1:
        code_list, _, code = codes[0].rpartition("/")
        for digits in (5, 3):
            if len(code) > digits:
                yield (f"{code_list}/{code[:digits]}",)
    if codes:
        yield ()


@dataclass(frozen=True, slots=True)
class Figure:
    """One printed amount: ``amount`` in 元, ``row`` its printed label without the ordinal."""

    iri: str
    body: str
    year: int
    cell: Cell
    row: str
    table: str
    column: str
    printed: str
    unit: str
    amount: Decimal
    position: int
    source: str
    grand_total: bool


@dataclass
class DisclosedDocument:
    """One document: its kind and year, the units it lists, and its figures.

    ``speaker`` is the body whose figures it prints as its own: the issuer (``publisher``), or its head
    office, where the title says so or where the issuer publishes a document of the whole beside it.
    """

    iri: str
    name: str
    publisher: str
    speaker: str
    kind: str
    year: int
    store: Store

    @cached_property
    def listed_units(self) -> frozenset[str]:
        """The subordinate units that the document lists (预算单位), its own body and head office apart."""
        relation = CODES["unit relation"]["subordinate_unit"]
        listed = {
            body
            for mention, _, _ in statements(self.store, FG.unitRelation, value=relation, graph=self.iri)
            if (body := first_value(self.store, mention, FG.mentionedOrganization, self.iri)) is not None
        }
        return frozenset(listed - {self.publisher, head_office(self.publisher)})

    @cached_property
    def figures(self) -> tuple[Figure, ...]:
        """All amounts that may be added up, in reading order."""
        return tuple(sorted(self._figures(), key=lambda figure: (figure.position, figure.iri)))

    def _figures(self) -> Iterator[Figure]:
        table_of, title = self._values(QB.dataSet), self._values(DCTERMS.title)
        amount, body, year = self._values(OBEU.amount), self._values(OBEU.organization), self._years()
        phase, scope = self._values(FG.budgetPhase), self._values(FG.fundScope)
        character, kind = self._values(FG.operationCharacter), self._values(FG.expenditureType)
        funding, three = self._values(FG.fundingSource), self._values(FG.threePublicsItem)
        printed, unit, column = self._values(FG.printed), self._values(FG.unit), self._values(FG.column)
        name, item, code = self._values(FG.itemName), self._values(FG.item), self._values(FG.printedCode)
        position, source = self._values(FG.position), self._values(PROV.wasDerivedFrom)
        total = self._values(FG.grandTotal)
        codes = self._codes()
        for iri, value in amount.items():
            if iri not in year or iri not in unit or iri not in body or iri not in source:
                continue
            yield Figure(
                iri=iri,
                body=self.speaker if body[iri] == self.publisher else body[iri],
                year=year[iri],
                cell=Cell(
                    phase.get(iri),
                    scope.get(iri),
                    character.get(iri),
                    kind.get(iri),
                    funding.get(iri),
                    three.get(iri),
                    codes.get(iri, (code[iri],) if iri in code else ()),
                ),
                row=_NUMBERING.sub("", item.get(iri) or name.get(iri) or ""),
                table=title.get(table_of.get(iri, ""), ""),
                column=column.get(iri, ""),
                printed=printed[iri],
                unit=unit[iri],
                amount=Decimal(value),
                position=int(position[iri]),
                source=source[iri],
                grand_total=total.get(iri) == "true",
            )
        yield from self._stated_three_publics()

    def _stated_three_publics(self) -> Iterator[Figure]:
        """The total of the “三公”经费 as the text states it: it is of fiscal appropriations by definition,
        and where a disclosure's text and tables are published apart it is what the two have in common."""
        phase = {"预算": OBEU.Approved, "决算": OBEU.Executed}.get(self.kind[-2:])
        for claim, _, _ in statements(self.store, FG.claimKind, value=_TOTAL_CLAIM, graph=self.iri):
            about = {
                name: first_value(self.store, claim, name, self.iri)
                for name in (FG.subject, FG.printed, FG.unit, FG.statedAmount, PROV.wasDerivedFrom)
            }
            subject, printed, unit, amount, source = about.values()
            if phase is None or subject is None or not _THREE_PUBLICS.fullmatch(subject):
                continue
            if printed is None or unit is None or amount is None or source is None:
                continue
            yield Figure(
                iri=claim,
                body=self.speaker,
                year=self.year,
                cell=Cell(
                    phase.value,
                    FG.FiscalAppropriation.value,
                    OBEU.Expenditure.value,
                    None,
                    None,
                    FG.ThreePublicsTotal.value,
                    (),
                ),
                row="",
                table="正文",
                column="",
                printed=printed,
                unit=unit,
                amount=Decimal(amount),
                position=int(first_value(self.store, claim, FG.position, self.iri) or 0),
                source=source,
                grand_total=False,
            )

    def _values(self, predicate: NamedNode) -> dict[str, str]:
        return {subject: value for subject, value, _ in statements(self.store, predicate, graph=self.iri)}

    def _years(self) -> dict[str, int]:
        return {iri: int(year[-4:]) for iri, year in self._values(OBEU.fiscalYear).items()}

    def _codes(self) -> dict[str, tuple[str, ...]]:
        found: dict[str, set[str]] = defaultdict(set)
        for predicate in (
            FG.functionalClassification,
            FG.departmentEconomicClassification,
            FG.governmentEconomicClassification,
        ):
            for subject, value, _ in statements(self.store, predicate, graph=self.iri):
                found[subject].add(value.removeprefix(_CODES))
        return {subject: tuple(sorted(values)) for subject, values in found.items()}


def head_office(body: str) -> str:
    """The IRI of a body's head office (本级)."""
    name = body.rsplit("/", 1)[-1]
    return body if name.endswith(_HEAD_OFFICE) else f"{body}{_HEAD_OFFICE}"


def disclosed_documents(store: Store) -> list[DisclosedDocument]:
    """All documents of the graph whose publisher, kind and year are stated, by IRI."""
    found = []
    for iri, _, _ in statements(store, RDF.type, value=FG.Disclosure):
        name = first_value(store, iri, DCTERMS.identifier, iri)
        publisher = first_value(store, iri, DCTERMS.publisher, iri)
        kind = first_value(store, iri, FG.disclosureKind, iri)
        year = first_value(store, iri, OBEU.fiscalYear, iri)
        if name is not None and publisher is not None and kind is not None and year is not None:
            speaker = first_value(store, iri, FG.reportingUnit, iri) or publisher
            document = DisclosedDocument(iri, name, publisher, speaker, _KINDS[kind], int(year[-4:]), store)
            found.append(document)
    of_the_whole = {
        (each.publisher, each.kind[-2:], each.year) for each in found if each.kind.startswith(_WHOLE)
    }
    for each in found:
        beside = (each.publisher, each.kind[-2:], each.year)
        if each.kind.startswith(_UNIT) and beside in of_the_whole:
            each.speaker = head_office(each.publisher)
    return sorted(found, key=lambda document: document.iri)
