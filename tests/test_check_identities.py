"""Accounting identities are data: complete, readable, each with its rule in words."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from checked import IDENTITY, line
from pyoxigraph import NamedNode, RdfFormat, parse

from fiscalgraph.extract.records import DisclosureRecords
from fiscalgraph.graph.checks.identity_sums import SUM_CHECKS
from fiscalgraph.ontology import checks as checks_module
from fiscalgraph.ontology import identities
from fiscalgraph.ontology.checks import check_files, check_rules
from fiscalgraph.ontology.codes import CODES
from fiscalgraph.ontology.identities import equality_identities, ratio_identities, sum_identities
from fiscalgraph.ontology.terms import FG, RDF

LINES = tuple(CODES["sum line"])
SUMS = [identity for along in LINES for identity in sum_identities(along)]
STATED = [
    quad
    for text in check_files().values()
    for quad in parse(text, RdfFormat.TURTLE)
]  # fmt: skip
PATTERNS = {
    FG.whole, FG.addend, FG.aside, FG.barredBy, FG.startsAt, FG.inDisclosure, FG.inTable, FG.notInTable,
    FG.inColumn, FG.notInColumn, FG.inRow, FG.subtrahend, FG.rateColumn, FG.numeratorColumn,
    FG.denominatorColumn,
}  # fmt: skip


def test_the_identities_cover_every_line_and_key() -> None:
    assert {identity.along for identity in SUMS} == set(LINES)
    assert {identity.keyed_by for identity in equality_identities()} == set(CODES["figure key"])


@pytest.mark.parametrize("predicate", sorted(PATTERNS, key=str))
def test_every_pattern_is_a_regular_expression(predicate: NamedNode) -> None:
    patterns = [quad.object.value for quad in STATED if quad.predicate == predicate]
    assert patterns
    assert all(re.compile(pattern) for pattern in patterns)


def test_every_place_is_named_by_an_identity_and_every_named_place_is_stated() -> None:
    places = {quad.subject for quad in STATED if (quad.predicate, quad.object) == (RDF.type, FG.FigurePlace)}
    naming = {FG.referencePlace, FG.comparedPlace, FG.addedPlace}
    assert places == {quad.object for quad in STATED if quad.predicate in naming}


def test_every_rule_is_in_words_of_both_languages() -> None:
    for identity in (*SUMS, *equality_identities(), *ratio_identities()):
        rule = check_rules()[identity.name]
        assert re.search("[一-龥]", rule.rule_zh)
        assert not re.search("^[^a-zA-Z]*$", rule.rule_en)


def test_scopes_that_differ_are_no_contradictions_by_data() -> None:
    differing = {each.name for each in equality_identities() if each.on_difference == "scope_differs"}
    assert "running-costs-and-public-expenditure" in differing
    assert sum(name.endswith("-by-use") for name in differing) == 6


NEW_SUM = """
@prefix fg: <https://w3id.org/fiscalgraph/ontology#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix dqv: <http://www.w3.org/ns/dqv#> .

<https://example.org/check/purchases> a fg:Check, fg:SumIdentity ;
  skos:notation "purchases" ;
  skos:prefLabel "Purchases"@en, "政府采购"@zh ;
  skos:definition "Goods, works and services."@en, "货物、工程、服务之和。"@zh ;
  fg:along fg:AlongColumns ;
  fg:inTable "采购" ;
  fg:whole "^合计$" ;
  fg:addend "^货物$", "^工程$", "^服务$" ;
  fg:contradictionKind fg:SumMismatch ;
  fg:checkScope fg:WithinTable ;
  fg:tolerance fg:PrintedPrecision ;
  dqv:inDimension fg:Consistency .
"""


@pytest.fixture
def with_a_new_sum(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    files = {"new.ttl": NEW_SUM}
    cached = (check_rules, sum_identities, equality_identities, identities._subjects)
    monkeypatch.setattr(checks_module, "check_files", lambda: files)
    monkeypatch.setattr(identities, "check_files", lambda: files)
    for function in cached:
        function.cache_clear()
    yield
    monkeypatch.undo()
    for function in cached:
        function.cache_clear()


@pytest.mark.usefixtures("with_a_new_sum")
def test_a_new_identity_needs_no_code() -> None:
    cells = {"合计": "9.00", "货物": "4.00", "工程": "2.00", "服务": "2.00"}
    rows = tuple(line(None, "合计", printed, column, "政府采购预算表") for column, printed in cells.items())
    (check,) = SUM_CHECKS
    (result,) = check(DisclosureRecords(IDENTITY, spending=rows))
    assert (result.check, result.left.printed, result.right.printed) == ("purchases", "9.00", "8.00")
    assert result.kind == "sum_mismatch"
