"""The vocabulary: readable, complete, in step with the code that uses it."""

from __future__ import annotations

import pytest
from pyoxigraph import BlankNode, Literal, NamedNode, RdfFormat, parse

from fiscalgraph.ontology import ONTOLOGY_GRAPH, PREFIXES, ontology_quads, turtle_files
from fiscalgraph.ontology.terms import CODES, FG

OWN = PREFIXES["fg"]
QUADS = list(ontology_quads())
LABEL = NamedNode(PREFIXES["rdfs"] + "label")
COMMENT = NamedNode(PREFIXES["rdfs"] + "comment")
PREF_LABEL = NamedNode(PREFIXES["skos"] + "prefLabel")
NOTATION = NamedNode(PREFIXES["skos"] + "notation")
TYPE = NamedNode(PREFIXES["rdf"] + "type")


def used_terms() -> set[str]:
    constants = {value.value for value in vars(FG).values() if isinstance(value, NamedNode)}
    return constants | {node.value for members in CODES.values() for node in members.values()}


def own_terms() -> set[str]:
    return {quad.subject.value for quad in QUADS if quad.subject.value.startswith(OWN)}


def languages(subject: str, *predicates: NamedNode) -> set[str | None]:
    return {
        quad.object.language
        for quad in QUADS
        if quad.subject.value == subject and quad.predicate in predicates and isinstance(quad.object, Literal)
    }


@pytest.mark.parametrize("name", sorted(turtle_files()))
def test_each_file_is_turtle(name: str) -> None:
    assert list(parse(turtle_files()[name], RdfFormat.TURTLE))


def test_every_term_in_use_is_declared() -> None:
    assert used_terms() <= own_terms()


def test_no_declared_property_or_class_is_unused() -> None:
    kinds = {PREFIXES["owl"] + name for name in ("Class", "DatatypeProperty", "ObjectProperty")}
    declared = {
        quad.subject.value
        for quad in QUADS
        if quad.predicate == TYPE and quad.object.value in kinds and quad.subject.value.startswith(OWN)
    }
    assert declared <= used_terms()


def test_every_own_term_is_labelled_in_chinese_and_english() -> None:
    components = {term for term in own_terms() if term.removeprefix(OWN).startswith("component")}
    wrong = [
        term
        for term in sorted(own_terms() - components)
        if not {"en", "zh"} <= languages(term, LABEL, PREF_LABEL)
    ]
    assert not wrong


def test_every_property_and_class_is_explained_in_chinese_and_english() -> None:
    concepts = {quad.subject.value for quad in QUADS if quad.predicate == PREF_LABEL}
    codes = {node.value for members in CODES.values() for node in members.values()}
    explained = (
        {value.value for value in vars(FG).values() if isinstance(value, NamedNode)} - concepts - codes
    )
    assert explained
    assert not [term for term in sorted(explained) if languages(term, COMMENT) != {"en", "zh"}]


def test_every_property_of_codes_names_its_code_list() -> None:
    lists = (NamedNode(PREFIXES["qb"] + "codeList"), NamedNode(PREFIXES["rdfs"] + "seeAlso"))
    coded = {
        quad.subject
        for quad in QUADS
        if quad.predicate.value == PREFIXES["rdfs"] + "range"
        and quad.object.value == PREFIXES["skos"] + "Concept"
    }
    named = {quad.subject for quad in QUADS if quad.predicate in lists}
    assert coded - named == {FG.otherClassification}  # codes of no known list


def test_code_lists_carry_the_words_of_the_records() -> None:
    notations = {
        (quad.subject.value, quad.object.value)
        for quad in QUADS
        if quad.predicate == NOTATION and quad.subject.value.startswith(OWN)
    }
    assert notations == {(node.value, word) for members in CODES.values() for word, node in members.items()}


def test_the_vocabulary_has_no_blank_nodes_and_one_graph() -> None:
    assert {quad.graph_name for quad in QUADS} == {ONTOLOGY_GRAPH}
    assert not [quad for quad in QUADS if isinstance(quad.subject, BlankNode)]
    assert len(QUADS) == len(set(QUADS))
