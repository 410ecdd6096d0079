"""What the clients of ``bench/api.py`` ask: each kind of question in many variants, so that none is answered
from what the one before it left."""

from __future__ import annotations

import json
from random import Random
from urllib.parse import urlencode

from api_server import Request
from api_workspace import CLASSES, ITEMS, PROJECTS, SUBCLASSES, YEARS, Size, department_name
from search_passages import TEST_SET

__all__ = ["COMBINED", "combined", "kinds", "sparql", "texts"]

_RESULTS = (("Accept", "application/sparql-results+json"),)
_PREFIXES = """\
PREFIX fg: <https://w3id.org/fiscalgraph/ontology#>
PREFIX dcterms: <http://purl.org/dc/terms/>
PREFIX prov: <http://www.w3.org/ns/prov#>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
PREFIX obeu-measure: <http://data.openbudgets.eu/ontology/dsd/measure/>
PREFIX obeu-dimension: <http://data.openbudgets.eu/ontology/dsd/dimension/>
"""
# The facts of a project whose reasons are asked about: who, how much, how far it was carried out, and where
# that is written. RATE and LEVEL stand for values.
_PROJECT = """\
  ?passage fg:entry ?entry ; fg:text ?reason ; prov:wasDerivedFrom ?source .
  ?entry fg:projectName ?project ; obeu-dimension:organization ?body ;
    fg:budgetFullAmount ?budget ; fg:executedAmount ?executed ; dcterms:isPartOf ?disclosure .
  ?body fg:governmentLevel fg:LEVEL ; skos:prefLabel ?department .
  ?disclosure dcterms:identifier ?document .
  ?source fg:page ?page ; fg:quote ?quote .
  FILTER(?budget > 0)
  BIND(?executed * 100 / ?budget AS ?rate)
  FILTER(?rate < RATE)
"""
COMBINED = (
    _PREFIXES
    + """\
SELECT ?score ?project ?department ?budget ?executed ?rate ?reason ?document ?page ?quote ?passage
WHERE {
  SERVICE fg:similar { ?passage fg:query "TEXT" ; fg:score ?score ; fg:k 10 }
"""
    + _PROJECT
    + """\
}
ORDER BY DESC(?score) ?passage
"""
)
"""Projects of departments of a level with an executed rate below a limit whose reasons resemble a text, with
their amounts and places, most similar first."""
CANDIDATES = (
    _PREFIXES
    + "SELECT ?project ?department ?budget ?executed ?rate ?reason ?document ?page ?quote ?passage\nWHERE {\n"
    + _PROJECT
    + "}\n"
)
"""The same without the similarity: what a program has to fetch first when it compares vectors itself."""
AMONG = CANDIDATES.replace("WHERE {\n", "WHERE {\n  VALUES ?passage { PASSAGES }\n")
"""The same of given passages: what it asks when it goes by the vectors first."""
FIGURES = (
    _PREFIXES
    + """\
SELECT ?column ?name ?amount ?page ?quote WHERE {
  ?figure obeu-dimension:organization <ORGANIZATION> ; fg:functionalClassification <CONCEPT> ;
    obeu-dimension:fiscalYear <http://reference.data.gov.uk/id/year/YEAR> ;
    obeu-measure:amount ?amount ; fg:column ?column ; fg:itemName ?name ; prov:wasDerivedFrom ?source .
  ?source fg:page ?page ; fg:quote ?quote .
}
"""
)
"""What a department spent under a code in a year, and where that is printed."""
ONE_FACT = (
    _PREFIXES
    + """\
SELECT ?project ?budget ?executed ?page WHERE {
  VALUES ?entry { <https://w3id.org/fiscalgraph/id/document/DOCUMENT/project/NUMBER> }
  ?entry fg:projectName ?project ; fg:budgetFullAmount ?budget ; fg:executedAmount ?executed ;
    prov:wasDerivedFrom ?source .
  ?source fg:page ?page .
}
"""
)
"""What one project spent, and on which page: small enough to show what stands around the engine."""
BY_YEAR = (
    _PREFIXES
    + """\
SELECT ?year (SUM(?amount) AS ?sum) (COUNT(*) AS ?figures) WHERE {
  ?concept skos:notation "CODE" .
  ?figure fg:functionalClassification ?concept ; obeu-measure:amount ?amount ;
    obeu-dimension:fiscalYear ?year .
  FILTER NOT EXISTS { ?figure fg:expenditureType ?type }
}
GROUP BY ?year ORDER BY ?year
"""
)
"""A class over all departments, by year, added up from the figures in the graph."""


def texts() -> list[str]:
    """The queries of the public test set, after the one that the aims name."""
    lines = (TEST_SET / "queries.jsonl").read_text(encoding="utf-8").splitlines()
    return ["专业人员不足", *(json.loads(line)["text"] for line in lines)]


def sparql(query: str) -> Request:
    """A query as SPARQL clients send it."""
    return Request(
        "/sparql",
        query.encode(),
        (("Content-Type", "application/sparql-query"), *_RESULTS),
    )


def filled(query: str, **values: object) -> str:
    """A query with the words in capitals replaced."""
    for name, value in values.items():
        query = query.replace(name, str(value))
    return query


def one_fact(random: Random, size: Size) -> str:
    """The query for one project."""
    document = f"{random.randrange(size.departments):04}-{random.choice(YEARS)}"
    return filled(ONE_FACT, DOCUMENT=document, NUMBER=random.randrange(PROJECTS))


def figures(number: int, year: int, code: str) -> Request:
    """The query for what a department spent under a code in a year."""
    from fiscalgraph.graph.identifiers import department_iri
    from fiscalgraph.ontology.classification import concept_iri

    body, concept = department_iri(department_name(number)), concept_iri(code)
    return sparql(filled(FIGURES, ORGANIZATION=body.value, CONCEPT=concept.value, YEAR=year))


def combined(text: str, rate: float = 90, level: str = "ProvincialLevel") -> str:
    """The combined query for a text."""
    return filled(COMBINED, TEXT=text.replace('"', ""), RATE=f"{rate:g}", LEVEL=level)


def kinds(size: Size) -> dict[str, list[Request]]:
    """By name: the requests of each kind of question."""
    random = Random("questions")
    asked = texts()
    numbers = [random.randrange(size.departments) for _ in range(200)]
    code = [
        f"{random.choice(CLASSES)}{random.randint(1, SUBCLASSES):02}{random.randint(1, ITEMS):02}"
        for _ in numbers
    ]
    year = [random.choice(YEARS) for _ in numbers]
    facts = [
        f"/source/document/{number:04}-{when}/project/{random.randrange(PROJECTS)}"
        for number, when in zip(numbers, year, strict=True)
    ]
    sums = [("phase=决算", "scope=全部资金", f"class={one}") for one in CLASSES]
    return {
        "lookup: one project (/sparql)": [sparql(one_fact(random, size)) for _ in numbers],
        "lookup: a code of a department (/sparql)": [
            figures(number, when, which) for number, when, which in zip(numbers, year, code, strict=True)
        ],
        "lookup: where a fact stands (/source)": [Request(path) for path in facts],
        "lookup: all of a department (/departments)": [
            Request("/departments/" + urlencode({"": department_name(number)})[1:]) for number in numbers
        ],
        "aggregation: year × class, all figures (/sum)": [
            Request(
                "/sum?" + urlencode([("by", "year"), ("by", "class"), *(("where", each) for each in one[:2])])
            )
            for one in sums
        ],
        "aggregation: a class by year (/sparql)": [sparql(filled(BY_YEAR, CODE=one)) for one in CLASSES],
        "similarity: ten passages (/passages/search)": [
            Request("/passages/search?" + urlencode({"q": text, "k": 10})) for text in asked
        ],
        "similarity: of one kind and year (/passages/search)": [
            Request(
                "/passages/search?" + urlencode({"q": text, "k": 10, "kind": "problem_cause", "year": 2022})
            )
            for text in asked
        ],
        "combined: the example, below 90 % (/sparql)": [sparql(combined(text, 90)) for text in asked],
        "combined: below 31 %, few satisfy it (/sparql)": [sparql(combined(text, 31)) for text in asked],
    }
