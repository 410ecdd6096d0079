"""The classification code lists (政府收支分类科目): codes, their names by year, hierarchy, attestation.

The lists are SKOS in Turtle, in the folder ``classification`` beside this module, one file per list.
They are read out of published documents, not copied from the official book: a code is there because
documents print it, and its membership in a year's scheme says that documents of that fiscal year do.
Absence means *not attested*.

IRIs below :data:`BASE`: ``{list}`` is the list over all years, ``{list}/{year}`` the list of a year,
``{list}/{code}`` a code. A code is one concept over the years; codes have 3, 5 or 7 digits, years 4.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import Final

from pyoxigraph import Literal, NamedNode, Quad, RdfFormat, Triple, parse

from fiscalgraph.ontology.terms import DCTERMS, FG, RDF, RDFS, SKOS

__all__ = [
    "BASE",
    "CLASSIFICATION_GRAPH",
    "LISTS",
    "ClassificationCode",
    "Correspondence",
    "DatedName",
    "classification_codes",
    "classification_files",
    "classification_list",
    "classification_quads",
    "codes_in_year",
    "concept_iri",
    "correspondences",
    "find_code",
    "list_iri",
    "parent_code",
    "parse_codes",
    "parse_correspondences",
    "year_list_iri",
    "years_of_list",
]

BASE: Final = "https://w3id.org/fiscalgraph/id/classification/"
CLASSIFICATION_GRAPH: Final = NamedNode("https://w3id.org/fiscalgraph/id/graph/classification")
"""The named graph that holds the lists inside a store."""

LISTS: Final = ("functional", "department-economic", "government-economic")
"""The published lists: 支出功能分类, 部门预算支出经济分类, 政府预算支出经济分类."""

CORRESPONDENCE_FILE: Final = "economic-correspondence.ttl"


@dataclass(frozen=True, slots=True)
class DatedName:
    """A name that documents of certain fiscal years print for a code; ``documents``: at least so many."""

    name: str
    years: tuple[int, ...]
    documents: int


@dataclass(frozen=True, slots=True)
class ClassificationCode:
    """One code (类/款/项) of a list, the same over the years.

    ``name`` is the latest attested name, ``None`` for a code that is only implied by the codes below
    it. ``names`` tells the years apart where the name changed (else empty); ``other_names`` are
    further spellings without a year. ``documents`` is how many published documents print the code
    with its name, at least; ``confidence`` is high (3 documents that mostly agree), medium (2), low.
    """

    code: str
    name: str | None
    names: tuple[DatedName, ...] = ()
    other_names: tuple[str, ...] = ()
    years: tuple[int, ...] = ()
    documents: int = 0
    confidence: str | None = None

    @property
    def iri(self) -> NamedNode:
        return concept_iri(self.code)

    @property
    def implied_only(self) -> bool:
        """Whether no document was met that prints the code with a name."""
        return self.name is None

    def name_in(self, year: int) -> str | None:
        """The name that documents of ``year`` print; where none is dated, the latest name."""
        return next((dated.name for dated in self.names if year in dated.years), self.name)


@dataclass(frozen=True, slots=True)
class Correspondence:
    """A 部门 and a 政府 economic code that documents print side by side for the same money."""

    department_code: str
    government_code: str
    documents: int
    confidence: str


def classification_list(code: str) -> str:
    """Which code list (政府收支分类科目) a printed code belongs to, by its first digit and length.

    ``revenue`` 1…, ``functional`` 2…, ``department-economic`` 3…, ``government-economic`` 5…;
    ``other`` for anything else, so that no code is filed under a list it is not of.
    """
    if code.isascii() and code.isdigit():
        if code[0] == "1" and len(code) in (3, 5, 7, 9):
            return "revenue"
        if code[0] == "2" and len(code) in (3, 5, 7):
            return "functional"
        if code[0] in "35" and len(code) in (3, 5):
            return "department-economic" if code[0] == "3" else "government-economic"
    return "other"


def parent_code(code: str) -> str | None:
    """The code one level up (项 → 款 → 类), ``None`` for a 类 or a code of no known list."""
    return code[:-2] if classification_list(code) != "other" and len(code) > 3 else None


def list_iri(name: str) -> NamedNode:
    """The concept scheme of a list over all years."""
    return NamedNode(BASE + name)


def year_list_iri(name: str, year: int) -> NamedNode:
    """The concept scheme of a list in a fiscal year."""
    return NamedNode(f"{BASE}{name}/{year}")


def concept_iri(code: str) -> NamedNode:
    """The concept of a code of a known list, whether or not the list holds it.

    Raises ``ValueError`` for a code of no known list: nothing says that two documents mean the same.
    """
    name = classification_list(code)
    if name == "other":
        raise ValueError(f"{code!r} is no code of the government's classification")
    return NamedNode(f"{BASE}{name}/{code}")


@cache
def classification_files() -> Mapping[str, str]:
    """The Turtle texts by file name, in alphabetical order."""
    folder = files("fiscalgraph.ontology") / "classification"
    names = sorted(entry.name for entry in folder.iterdir() if entry.name.endswith(".ttl"))
    return MappingProxyType({name: (folder / name).read_text(encoding="utf-8") for name in names})


def classification_quads() -> Iterator[Quad]:
    """Every statement of the lists, in the graph :data:`CLASSIFICATION_GRAPH`."""
    for text in classification_files().values():
        for triple in _triples(text):
            yield Quad(triple.subject, triple.predicate, triple.object, CLASSIFICATION_GRAPH)


@cache
def classification_codes() -> Mapping[str, ClassificationCode]:
    """All codes of all lists, by code, in the order of the codes."""
    found = [code for name in LISTS for code in parse_codes(classification_files()[f"{name}.ttl"])]
    return MappingProxyType({code.code: code for code in found})


def find_code(code: str) -> ClassificationCode | None:
    """What the lists know of a printed code, or ``None``."""
    return classification_codes().get(code)


def codes_in_year(name: str, year: int) -> tuple[ClassificationCode, ...]:
    """The members of a list's scheme of ``year``: the codes that its documents are known to print."""
    return tuple(
        code
        for code in classification_codes().values()
        if year in code.years and classification_list(code.code) == name
    )


@cache
def years_of_list(name: str) -> frozenset[int]:
    """The fiscal years for which the published list ``name`` has a scheme; none for another list."""
    return frozenset(
        year
        for code in classification_codes().values()
        if classification_list(code.code) == name
        for year in code.years
    )


@cache
def correspondences() -> tuple[Correspondence, ...]:
    """The attested links between the two economic lists, in the order of their codes."""
    return parse_correspondences(classification_files()[CORRESPONDENCE_FILE])


def parse_codes(text: str) -> tuple[ClassificationCode, ...]:
    """The codes of a list's Turtle, in the order of the codes; the inverse of writing them.

    Raises ``SyntaxError`` for text that is not Turtle.
    """
    facts = _facts(text)
    found = [
        _code(subject, about, facts) for subject, about in facts.items() if SKOS.Concept in about[RDF.type]
    ]
    return tuple(sorted(found, key=lambda code: code.code))


def parse_correspondences(text: str) -> tuple[Correspondence, ...]:
    """The links of a correspondence file, in the order of their codes.

    Raises ``SyntaxError`` for text that is not Turtle.
    """
    found = [
        Correspondence(
            department_code=_last_step(about[FG.departmentEconomicCode][0]),
            government_code=_last_step(about[FG.governmentEconomicCode][0]),
            documents=int(about[FG.attestedBy][0].value),
            confidence=about[FG.confidence][0].value,
        )
        for about in _facts(text).values()
        if FG.Correspondence in about.get(RDF.type, ())
    ]
    return tuple(sorted(found, key=lambda link: (link.department_code, link.government_code)))


_Facts = dict[NamedNode, list[NamedNode | Literal]]


def _triples(text: str) -> Iterator[Triple]:
    for quad in parse(text, RdfFormat.TURTLE):
        yield quad.triple


def _facts(text: str) -> dict[NamedNode, _Facts]:
    """Per subject its values by predicate; the lists use neither blank nodes nor quoted triples."""
    found: dict[NamedNode, _Facts] = {}
    for triple in _triples(text):
        subject, value = triple.subject, triple.object
        if not isinstance(subject, NamedNode) or not isinstance(value, (NamedNode, Literal)):
            raise ValueError(f"a classification list names everything it speaks of: {triple}")
        found.setdefault(subject, {}).setdefault(triple.predicate, []).append(value)
    return found


def _last_step(node: NamedNode | Literal) -> str:
    return node.value.rsplit("/", 1)[1]


def _years(values: list[NamedNode | Literal]) -> tuple[int, ...]:
    return tuple(sorted(int(_last_step(value)) for value in values))


def _code(subject: NamedNode, about: _Facts, facts: Mapping[NamedNode, _Facts]) -> ClassificationCode:
    code = about[SKOS.notation][0].value
    whole = list_iri(classification_list(code))
    names = [
        DatedName(
            name=node[RDFS.label][0].value,
            years=_years(node[DCTERMS.temporal]),
            documents=int(node[FG.attestedBy][0].value),
        )
        for dated in about.get(FG.datedName, ())
        if isinstance(dated, NamedNode)
        for node in [facts[dated]]
    ]
    names.sort(key=lambda dated: dated.years)
    past = {dated.name for dated in names}
    labels, attested = about.get(SKOS.prefLabel), about.get(FG.attestedBy)
    return ClassificationCode(
        code=code,
        name=labels[0].value if labels else None,
        names=tuple(names),
        other_names=tuple(
            sorted(label.value for label in about.get(SKOS.altLabel, ()) if label.value not in past)
        ),
        years=_years([scheme for scheme in about[SKOS.inScheme] if scheme != whole]),
        documents=int(attested[0].value) if attested else 0,
        confidence=about[FG.confidence][0].value if FG.confidence in about else None,
    )
