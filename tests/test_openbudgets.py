"""Beside the vocabulary of OpenBudgets the graph is still a well-formed cube, by the rules as published."""

from __future__ import annotations

import pytest
from graph_records import disclosure
from pyoxigraph import NamedNode, Quad, RdfFormat, Store, parse

from fiscalgraph.graph.mapping import document_quads
from fiscalgraph.ontology import ONTOLOGY_GRAPH, ontology_quads
from fiscalgraph.ontology.classification import classification_quads
from fiscalgraph.ontology.terms import FG, PREFIXES, QB, RDF

PREFIXED = "".join(f"PREFIX {name}: <{iri}>\n" for name, iri in PREFIXES.items())
OPENBUDGETS = NamedNode("http://data.openbudgets.eu/ontology")
COMPONENT = NamedNode(PREFIXES["qb"] + "componentProperty")

# What OpenBudgets says of the properties that ours refine, and of its code lists.
PUBLISHED = (
    PREFIXED
    + """
PREFIX obeu: <http://data.openbudgets.eu/ontology/>
PREFIX obeu-codelist: <http://data.openbudgets.eu/resource/codelist/>
obeu-dimension:budgetPhase a qb:CodedProperty, qb:DimensionProperty, rdf:Property ;
  rdfs:range obeu:BudgetPhase ; qb:codeList obeu-codelist:budget-phase .
obeu-dimension:operationCharacter a qb:CodedProperty, qb:DimensionProperty, rdf:Property ;
  rdfs:range obeu:OperationCharacter ; qb:codeList obeu-codelist:operation-character .
obeu-dimension:functionalClassification a qb:CodedProperty, qb:DimensionProperty, rdf:Property .
obeu-dimension:economicClassification a qb:CodedProperty, qb:DimensionProperty, rdf:Property .
obeu-codelist:budget-phase a skos:ConceptScheme .
obeu-codelist:operation-character a skos:ConceptScheme .
obeu-budgetphase:approved a obeu:BudgetPhase, skos:Concept ; skos:inScheme obeu-codelist:budget-phase .
obeu-budgetphase:revised a obeu:BudgetPhase, skos:Concept ; skos:inScheme obeu-codelist:budget-phase .
obeu-budgetphase:executed a obeu:BudgetPhase, skos:Concept ; skos:inScheme obeu-codelist:budget-phase .
obeu-operation:expenditure a skos:Concept ; skos:inScheme obeu-codelist:operation-character .
obeu-operation:revenue a skos:Concept ; skos:inScheme obeu-codelist:operation-character .
"""
)

ALL_DIMENSIONS = """
ASK {
  ?obs qb:dataSet/qb:structure/qb:component/qb:componentProperty ?dim .
  ?dim a qb:DimensionProperty .
  FILTER NOT EXISTS { ?obs ?dim [] }
}"""
CODES_OF_LIST = """
ASK {
  ?obs qb:dataSet/qb:structure/qb:component/qb:componentProperty ?dim .
  ?dim a qb:CodedProperty ; qb:codeList ?list .
  ?list a skos:ConceptScheme .
  ?obs ?dim ?v .
  FILTER NOT EXISTS { ?v a skos:Concept ; skos:inScheme ?list }
}"""
MAXIMAL_ONE = """
ASK {
  ?structure qb:component/qb:componentProperty ?component .
  ?obs a qb:Observation ; ?component ?one, ?other .
  FILTER(?one != ?other)
}"""
CUBE = {"IC-11": ALL_DIMENSIONS, "IC-19": CODES_OF_LIST, "one value for a component": MAXIMAL_ONE}


@pytest.fixture
def store() -> Store:
    made = Store()
    made.bulk_extend([*ontology_quads(), *classification_quads(), *document_quads(disclosure())])
    made.extend(
        Quad(triple.subject, triple.predicate, triple.object, OPENBUDGETS)
        for triple in parse(PUBLISHED, RdfFormat.TURTLE)
    )
    return made


def broken(store: Store, rule: str) -> bool:
    return bool(store.query(PREFIXED + CUBE[rule], use_default_graph_as_union=True))


def replace_component(store: Store, own: NamedNode, theirs: str) -> None:
    """Use the property of OpenBudgets itself, in the structure and in the figures."""
    published = NamedNode(PREFIXES["obeu-dimension"] + theirs)
    for quad in list(store.quads_for_pattern(None, COMPONENT, own)):
        store.add(Quad(quad.subject, COMPONENT, published, ONTOLOGY_GRAPH))
    for quad in list(store.quads_for_pattern(None, own, None)):
        store.add(Quad(quad.subject, published, quad.object, quad.graph_name))


@pytest.mark.parametrize("rule", CUBE)
def test_the_cube_is_well_formed_beside_openbudgets(store: Store, rule: str) -> None:
    assert list(store.quads_for_pattern(None, RDF.type, QB.Observation))
    assert not broken(store, rule)


def test_a_table_that_leaves_a_phase_unsaid_would_break_the_property_of_openbudgets(store: Store) -> None:
    replace_component(store, FG.budgetPhase, "budgetPhase")
    figure = next(store.quads_for_pattern(None, NamedNode(PREFIXES["obeu-dimension"] + "budgetPhase"), None))
    store.remove(figure)
    assert broken(store, "IC-11")


def test_a_phase_of_our_own_would_break_the_code_list_of_openbudgets(store: Store) -> None:
    figure = next(store.quads_for_pattern(None, FG.budgetPhase, None))
    store.remove(figure)
    store.add(Quad(figure.subject, figure.predicate, FG.PriorYearExecution, figure.graph_name))
    assert not broken(store, "IC-19")
    replace_component(store, FG.budgetPhase, "budgetPhase")
    assert broken(store, "IC-19")


def test_a_second_value_of_a_component_is_caught(store: Store) -> None:
    figure = next(
        quad
        for quad in store.quads_for_pattern(None, FG.budgetPhase, None)
        if quad.object != FG.PriorYearExecution
    )
    store.add(Quad(figure.subject, FG.budgetPhase, FG.PriorYearExecution, figure.graph_name))
    assert broken(store, "one value for a component")
