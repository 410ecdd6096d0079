"""Links between passages of different departments, from the index into the graph."""

from __future__ import annotations

from pathlib import Path

import pytest
from pyoxigraph import Literal, NamedNode, Quad

from fiscalgraph.graph.identifiers import LINKS_GRAPH, document_iri
from fiscalgraph.graph.linking import link_quads
from fiscalgraph.graph.store import GenerationStore
from fiscalgraph.search import Passage, PassageIndex, neighbour_links


def passage(number: int, department: str, text: str, kind: str = "problem_cause") -> Passage:
    return Passage(f"urn:p{number}", kind, text, f"d{department}", department, None, 2024)


TEXTS = [
    passage(1, "甲局", "专业技术人员不足，评审进度滞后"),
    passage(2, "乙局", "专业技术人员不足，审核进度滞后"),
    passage(3, "甲局", "专业技术人员不足，验收进度滞后"),
    passage(4, "丙局", "配备专业技术人员，加快评审进度", "improvement_measure"),
    passage(5, "丁局", "道路积雪未及时清除"),
    passage(6, "戊局", "人员增加，支出增加", "narrative_reason"),
    passage(7, "己局", "人员增加，支出增加", "narrative_reason"),
]


@pytest.fixture
def index(tmp_path: Path) -> PassageIndex:
    return PassageIndex.build(tmp_path / "passages", TEXTS)


def test_the_same_cause_in_other_words_is_linked_across_departments_only(index: PassageIndex) -> None:
    pairs = {(link.left.iri, link.right.iri) for link in neighbour_links(index)}
    assert ("urn:p1", "urn:p2") in pairs
    assert ("urn:p2", "urn:p3") in pairs
    assert ("urn:p1", "urn:p3") not in pairs  # one department


def test_causes_are_not_linked_with_measures_nor_reasons_of_change(index: PassageIndex) -> None:
    linked = {
        iri for link in neighbour_links(index, threshold=0.0) for iri in (link.left.iri, link.right.iri)
    }
    assert linked == {"urn:p1", "urn:p2", "urn:p3", "urn:p5"}


def test_the_same_words_in_two_departments_are_a_link_of_one(tmp_path: Path) -> None:
    twins = [passage(1, "甲局", "资金下达较晚"), passage(2, "乙局", "资金下达较晚")]
    found = neighbour_links(PassageIndex.build(tmp_path / "p", twins))
    assert [(link.left.iri, link.right.iri, link.score) for link in found] == [("urn:p1", "urn:p2", 1.0)]


def test_links_are_limited_ordered_and_the_same_every_time(index: PassageIndex) -> None:
    once, twice = neighbour_links(index, threshold=0.3), neighbour_links(index, threshold=0.3)
    assert once == twice
    assert [link.left.iri for link in once] == sorted(link.left.iri for link in once)
    assert all(0.3 <= link.score <= 1 for link in once)


def test_an_empty_index_has_no_links(tmp_path: Path) -> None:
    assert neighbour_links(PassageIndex.build(tmp_path / "p", [])) == []


def test_links_replace_those_of_the_last_build(tmp_path: Path) -> None:
    generations = GenerationStore(tmp_path)
    document = document_iri("d")
    for score in (0.7, 0.8):
        with generations.begin() as build:
            build.replace_document(document, [Quad(document, document, Literal("x"), document)])
            build.seal()
            build.put_links(link_quads([("urn:a", "urn:b", score)]))
            build.publish()
    store = generations.open_reader().store
    values = [quad.object for quad in store.quads_for_pattern(None, None, None, LINKS_GRAPH)]
    assert len(values) == 4
    assert any(isinstance(value, Literal) and value.value == "0.8" for value in values)


def test_only_links_may_be_put_among_the_links(tmp_path: Path) -> None:
    with GenerationStore(tmp_path).begin() as build:
        build.seal()
        stranger = NamedNode("urn:x")
        with pytest.raises(ValueError, match="graph/links"):
            build.put_links([Quad(stranger, stranger, stranger, stranger)])
        build.abandon()
