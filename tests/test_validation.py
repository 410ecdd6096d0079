"""The rules a graph keeps: sound graphs pass, and each way to break one is caught by the rule it breaks."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pyoxigraph
import pytest
from graph_records import CONTRADICTIONS, disclosure
from graph_records import identity as identity_of
from pyoxigraph import Literal, NamedNode, Quad, QuerySolutions, RdfFormat, Store, parse
from running import ROOT

from fiscalgraph.graph.identifiers import ISSUES_GRAPH, LINKS_GRAPH, SHARED_GRAPH, document_iri, issue_iri
from fiscalgraph.graph.identity import identity_quads
from fiscalgraph.graph.linking import link_quads
from fiscalgraph.graph.mapping import document_quads
from fiscalgraph.graph.store import GenerationStore
from fiscalgraph.graph.validation import SHARED, Violation, check_constraints, check_shapes
from fiscalgraph.ontology import ONTOLOGY_GRAPH, ontology_quads
from fiscalgraph.ontology.classification import classification_quads
from fiscalgraph.ontology.rules import SHAPES, constraints, shape_files
from fiscalgraph.ontology.terms import (
    DCTERMS,
    DQV,
    FG,
    OA,
    OBEU,
    ORG,
    PREFIXES,
    PROV,
    QB,
    RDF,
    SKOS,
    XSD,
)

DOCUMENT = document_iri("云泽省水务厅 2024")
OTHER = document_iri("other")
SH = "http://www.w3.org/ns/shacl#"
CORPUS = Path(os.environ.get("FISCALGRAPH_CORPUS") or ROOT.parent / "shared" / "corpus")
VOCABULARY = [*ontology_quads(), *classification_quads()]
DOCUMENTS = [
    *document_quads(disclosure(), CONTRADICTIONS),
    *document_quads(disclosure("other", "清河市水务局"), CONTRADICTIONS),
    *document_quads(
        replace(disclosure("later"), identity=identity_of("later", fiscal_year=2025)), CONTRADICTIONS
    ),
]


@pytest.fixture
def store() -> Store:
    """Two documents and a link between them, as a build makes them."""
    made = Store()
    made.bulk_extend(VOCABULARY)
    made.bulk_extend(DOCUMENTS)
    first, second = (one(made, FG.Passage, graph).value for graph in (DOCUMENT, OTHER))
    made.extend(link_quads([(first, second, 0.9)]))
    made.extend(list(identity_quads(made)))
    return made


def one(store: Store, kind: NamedNode, graph: NamedNode = DOCUMENT) -> NamedNode:
    nodes = [quad.subject for quad in store.quads_for_pattern(None, RDF.type, kind, graph)]
    return min((node for node in nodes if isinstance(node, NamedNode)), key=lambda node: node.value)


def source(store: Store) -> NamedNode:
    nodes = [quad.subject for quad in store.quads_for_pattern(None, OA.hasSource, None, DOCUMENT)]
    return min((node for node in nodes if isinstance(node, NamedNode)), key=lambda node: node.value)


def drop(store: Store, subject: NamedNode, predicate: NamedNode) -> None:
    for quad in list(store.quads_for_pattern(subject, predicate, None)):
        store.remove(quad)


def put(store: Store, subject: NamedNode, predicate: NamedNode, value: NamedNode | Literal) -> None:
    """Replace the values of a property, where the thing is described."""
    graph = next(iter(store.quads_for_pattern(subject, None, None))).graph_name
    drop(store, subject, predicate)
    store.add(Quad(subject, predicate, value, graph))


def more(store: Store, subject: NamedNode, predicate: NamedNode, value: NamedNode | Literal) -> None:
    graph = next(iter(store.quads_for_pattern(subject, None, None))).graph_name
    store.add(Quad(subject, predicate, value, graph))


def rules(violations: list[Violation]) -> set[str]:
    return {violation.rule for violation in violations}


def test_a_sound_graph_keeps_all_rules(store: Store) -> None:
    assert check_shapes(store) == []
    assert check_constraints(store) == []


def own(name: str) -> NamedNode:
    return NamedNode(PREFIXES["fg"] + name)


NOWHERE = NamedNode("https://example.org/nowhere")
VARIANT = NamedNode(DOCUMENT.value + "/name/x")
WRONG_YEAR = Literal("2023", datatype=XSD.gYear)
Break = Callable[[Store], None]
BROKEN_SHAPES: list[tuple[str, Break]] = [
    ("issuerName", lambda store: drop(store, DOCUMENT, FG.issuerName)),
    ("sha256", lambda store: put(store, DOCUMENT, FG.sha256, Literal("abc"))),
    ("disclosureKind", lambda store: put(store, DOCUMENT, FG.disclosureKind, own("SubordinateUnit"))),
    ("publisher", lambda store: put(store, DOCUMENT, DCTERMS.publisher, NOWHERE)),
    ("year", lambda store: put(store, DOCUMENT, FG.year, Literal(2024))),
    ("publication", lambda store: drop(store, DOCUMENT, DCTERMS.isPartOf)),
    ("derivedFrom", lambda store: drop(store, one(store, QB.Observation), PROV.wasDerivedFrom)),
    ("placedSource", lambda store: put(store, one(store, FG.Passage), PROV.wasDerivedFrom, NOWHERE)),
    ("sourceQuote", lambda store: drop(store, source(store), FG.quote)),
    ("sourcePage", lambda store: put(store, source(store), FG.page, Literal(0))),
    ("sourceBox", lambda store: put(store, source(store), FG.box, Literal("1 2 3"))),
    ("partOf", lambda store: put(store, one(store, FG.Leftover), DCTERMS.isPartOf, NOWHERE)),
    (
        "observationAmount",
        lambda store: put(store, one(store, QB.Observation), OBEU.amount, Literal(1.5)),  # a float
    ),
    (
        "observationAmount",
        lambda store: more(store, one(store, QB.Observation), OBEU.amount, decimal("1.00")),
    ),
    ("observationDataSet", lambda store: drop(store, one(store, QB.Observation), QB.dataSet)),
    ("observationUnit", lambda store: put(store, one(store, QB.Observation), FG.unit, Literal("美元"))),
    ("fiscalYear", lambda store: put(store, one(store, QB.Observation), OBEU.fiscalYear, NOWHERE)),
    ("organization", lambda store: drop(store, one(store, QB.Observation), OBEU.organization)),
    ("fundScope", lambda store: put(store, one(store, QB.Observation), FG.fundScope, FG.BasicExpenditure)),
    ("budgetPhase", lambda store: put(store, one(store, QB.Observation), FG.budgetPhase, NOWHERE)),
    (
        "functionalClassification",
        lambda store: put(store, one(store, QB.Observation), FG.functionalClassification, NOWHERE),
    ),
    ("figureNoAmount", lambda store: more(store, one(store, FG.PrintedFigure), OBEU.amount, decimal("1.00"))),
    ("tableCurrency", lambda store: drop(store, one(store, QB.DataSet), OBEU.currency)),
    ("tableType", lambda store: more(store, one(store, FG.TotalsTable), RDF.type, FG.ClassifiedTable)),
    ("coverageCellsRead", lambda store: put(store, one(store, FG.Coverage), FG.cellsRead, Literal(901))),
    (
        "measuredShare",
        lambda store: put(store, one(store, DQV.QualityMeasurement), DQV.value, decimal("93.5")),
    ),
    ("derivedFrom", lambda store: store.add(Quad(VARIANT, RDF.type, FG.NameVariant, DOCUMENT))),
    ("leftoverWhat", lambda store: put(store, one(store, FG.Leftover), FG.what, Literal("sentence"))),
    ("unitRelation", lambda store: drop(store, one(store, FG.UnitMention), FG.unitRelation)),
    ("citedLaw", lambda store: put(store, one(store, FG.LawCitation), FG.law, NOWHERE)),
    ("entryProject", lambda store: drop(store, one(store, FG.ProjectEntry), OBEU.project)),
    ("ofEntry", lambda store: drop(store, one(store, FG.PerformanceIndicator), FG.entry)),
    ("projectName", lambda store: put(store, one(store, FG.FundLine), FG.projectName, Literal(""))),
    ("passageText", lambda store: drop(store, one(store, FG.Passage), FG.text)),
    (
        "passageKind",
        lambda store: more(store, one(store, FG.Passage), FG.passageKind, own("NarrativeReason")),
    ),
    ("verdict", lambda store: drop(store, one(store, FG.CheckResult), FG.verdict)),
    ("CheckResultShape", lambda store: drop(store, one(store, FG.CheckResult), DCTERMS.isPartOf)),
    (
        "organizationName",
        lambda store: drop(store, one(store, ORG.FormalOrganization, SHARED_GRAPH), SKOS.prefLabel),
    ),
    ("unitOf", lambda store: drop(store, one(store, ORG.OrganizationalUnit, SHARED_GRAPH), ORG.unitOf)),
    ("publicationPart", lambda store: drop(store, one(store, FG.Publication, SHARED_GRAPH), DCTERMS.hasPart)),
    ("lawLabel", lambda store: drop(store, one(store, FG.Law, SHARED_GRAPH), SKOS.prefLabel)),
    (
        "similarity",
        lambda store: put(store, one(store, FG.PassageLink, LINKS_GRAPH), FG.similarity, decimal("1.5")),
    ),
    (
        "linksTo",
        lambda store: put(store, one(store, FG.PassageLink, LINKS_GRAPH), FG.linksTo, DOCUMENT),
    ),
    ("linkConfidence", lambda store: put(store, identity(store), FG.linkConfidence, decimal("95"))),
    ("linkRule", lambda store: drop(store, identity(store), FG.linkRule)),
    ("identityRule", lambda store: put(store, identity(store), FG.linkRule, FG.AllFunds)),
    ("identityFrom", lambda store: put(store, identity(store), FG.linksFrom, linked_to(store))),
    (
        "PassageShape",
        lambda store: store.extend(
            Quad(NOWHERE, quad.predicate, quad.object, DOCUMENT)
            for quad in list(store.quads_for_pattern(one(store, FG.Passage), None, None))
        ),
    ),
]


def identity(store: Store) -> NamedNode:
    return one(store, FG.IdentityLink, LINKS_GRAPH)


def linked_to(store: Store) -> NamedNode:
    (quad,) = store.quads_for_pattern(identity(store), FG.linksTo, None)
    assert isinstance(quad.object, NamedNode)
    return quad.object


def decimal(text: str) -> Literal:
    return Literal(text, datatype=XSD.decimal)


@pytest.mark.parametrize(
    ("rule", "damage"), BROKEN_SHAPES, ids=[f"{n}-{rule}" for n, (rule, _) in enumerate(BROKEN_SHAPES)]
)
def test_a_broken_shape_is_caught(store: Store, rule: str, damage: Break) -> None:
    damage(store)
    assert rule in rules(check_shapes(store, [DOCUMENT.value]) or check_shapes(store, [SHARED]))


def test_a_violation_names_the_thing_the_graph_and_the_cure(store: Store) -> None:
    drop(store, DOCUMENT, FG.issuerName)
    (found,) = check_shapes(store, [DOCUMENT.value])
    assert (found.focus, found.graph, found.value) == (DOCUMENT.value, DOCUMENT.value, None)
    assert "name of the issuer" in found.message_en
    assert "发布单位名称" in found.message_zh
    assert "Build the document again" in found.cure_en
    assert check_shapes(store, [OTHER.value, SHARED]) == []


def test_a_document_that_is_not_there_is_refused(store: Store) -> None:
    with pytest.raises(ValueError, match="holds no document"):
        check_shapes(store, [NOWHERE.value])


def duplicate(store: Store) -> None:
    first = one(store, QB.Observation)
    for quad in list(store.quads_for_pattern(first, None, None)):
        store.add(Quad(NamedNode(first.value + "-copy"), quad.predicate, quad.object, DOCUMENT))


def in_two_issues(store: Store) -> None:
    passage = one(store, FG.Passage)
    for name in ("a", "b"):
        membership = NamedNode(f"{issue_iri(name).value}/member/x")
        store.add(Quad(issue_iri(name), FG.hasMembership, membership, ISSUES_GRAPH))
        store.add(Quad(membership, FG.passage, passage, ISSUES_GRAPH))


def part_of_itself(store: Store) -> None:
    (quad, *_) = store.quads_for_pattern(None, ORG.subOrganizationOf, None)
    store.add(Quad(quad.object, ORG.subOrganizationOf, quad.subject, SHARED_GRAPH))  # type: ignore[arg-type]


def state(*terms: object) -> Break:
    return lambda store: store.add(Quad(*terms))  # type: ignore[arg-type]


COMPONENT = NamedNode(PREFIXES["qb"] + "componentProperty")
CODE_LIST = NamedNode(PREFIXES["qb"] + "codeList")
RANGE = NamedNode(PREFIXES["rdfs"] + "range")
SCHEME = NamedNode(PREFIXES["fg"] + "FundScopes")
BROKEN_CONSTRAINTS: dict[str, Break] = {
    "cube-01-one-data-set": lambda store: more(
        store, one(store, QB.Observation), QB.dataSet, one(store, FG.TotalsTable)
    ),
    "cube-02-one-structure": lambda store: drop(store, one(store, QB.DataSet), QB.structure),
    "cube-03-structure-has-a-measure": lambda store: drop(store, own("componentAmount"), COMPONENT),
    "cube-04-dimensions-have-ranges": lambda store: drop(store, FG.position, RANGE),
    "cube-05-concept-components-have-code-lists": lambda store: drop(store, FG.fundScope, CODE_LIST),
    "cube-06-only-attributes-are-not-required": state(
        NamedNode(PREFIXES["fg"] + "componentFundScope"),
        NamedNode(PREFIXES["qb"] + "componentRequired"),
        Literal(False),
        ONTOLOGY_GRAPH,
    ),
    "cube-11-all-dimensions-present": lambda store: drop(store, one(store, QB.Observation), OBEU.fiscalYear),
    "cube-12-no-duplicate-observations": duplicate,
    "cube-13-required-attributes-present": lambda store: drop(store, one(store, QB.DataSet), OBEU.currency),
    "cube-14-all-measures-present": lambda store: drop(store, one(store, QB.Observation), OBEU.amount),
    "cube-19-codes-are-of-their-list": lambda store: put(
        store, one(store, QB.Observation), FG.fundScope, FG.BasicExpenditure
    ),
    "graph-amount-as-printed": lambda store: put(
        store, one(store, QB.Observation), OBEU.amount, decimal("120050000.00")
    ),
    "graph-datatypes-hold": lambda store: put(store, one(store, FG.Passage), FG.position, Literal("0")),
    "graph-domains-hold": lambda store: more(store, one(store, FG.FundLine), FG.unitName, Literal("x")),
    "graph-facts-have-sources": lambda store: put(
        store,
        one(store, FG.Passage),
        PROV.wasDerivedFrom,
        next(quad.subject for quad in store.quads_for_pattern(None, OA.hasSource, OTHER)),  # type: ignore[arg-type]
    ),
    "graph-no-concept-is-its-own-broader": state(
        FG.AllFunds, SKOS.broader, FG.GovernmentFunds, ONTOLOGY_GRAPH
    ),
    "graph-no-organisation-is-its-own-part": part_of_itself,
    "graph-one-place-for-a-statement": lambda store: store.add(
        Quad(*next(iter(store.quads_for_pattern(DOCUMENT, FG.issuerName, None))).triple, SHARED_GRAPH)
    ),
    "graph-one-issue-for-a-passage": in_two_issues,
    "graph-own-terms-declared": state(
        DOCUMENT, NamedNode(PREFIXES["fg"] + "issuername"), Literal("x"), DOCUMENT
    ),
    "graph-parts-below-document": state(NOWHERE, RDF.type, FG.Coverage, DOCUMENT),
    "graph-years-agree": lambda store: put(store, DOCUMENT, FG.year, WRONG_YEAR),
    "openbudgets-mandatory-components": lambda store: drop(
        store, own("componentOperationCharacter"), COMPONENT
    ),
    "openbudgets-no-abstract-property": state(
        DOCUMENT, NamedNode(PREFIXES["obeu-dimension"] + "classification"), FG.AllFunds, DOCUMENT
    ),
    "openbudgets-no-foreign-terms": state(
        DOCUMENT, RDF.type, NamedNode(PREFIXES["qb"] + "Dataset"), DOCUMENT
    ),
    "openbudgets-no-property-as-class": state(DOCUMENT, RDF.type, OBEU.amount, DOCUMENT),
    "openbudgets-no-redefined-code-list": state(OBEU.organization, CODE_LIST, SCHEME, ONTOLOGY_GRAPH),
}


def test_there_is_a_broken_graph_for_every_constraint() -> None:
    assert {constraint.name for constraint in constraints()} == BROKEN_CONSTRAINTS.keys()


@pytest.mark.parametrize("name", BROKEN_CONSTRAINTS)
def test_a_broken_constraint_is_caught(store: Store, name: str) -> None:
    (constraint,) = (rule for rule in constraints() if rule.name == name)
    assert not store.query(constraint.ask, use_default_graph_as_union=True)
    BROKEN_CONSTRAINTS[name](store)
    assert store.query(constraint.ask, use_default_graph_as_union=True)
    assert name in rules(check_constraints(store))


# ---- the rules themselves ----


def shape_quads() -> Iterator[pyoxigraph.Quad]:
    for text in shape_files().values():
        yield from parse(text, RdfFormat.TURTLE)


def test_every_shape_speaks_chinese_and_english() -> None:
    texts: dict[str, set[str | None]] = {}
    for quad in shape_quads():
        if quad.predicate.value in (SH + "message", PREFIXES["rdfs"] + "label"):
            texts.setdefault(quad.subject.value, set()).add(quad.object.language)
    shapes = {
        quad.subject.value
        for quad in shape_quads()
        if quad.predicate == RDF.type and quad.object.value.startswith(SH)
    }
    assert shapes
    assert all(shape.startswith(SHAPES) for shape in shapes)
    assert {shape for shape in shapes if texts.get(shape) != {"en", "zh"}} == set()


def test_shapes_and_constraints_name_only_terms_that_are_declared() -> None:
    declared = {quad.subject.value for quad in VOCABULARY}
    for name, text in [*shape_files().items(), *((rule.name, rule.select) for rule in constraints())]:
        used = set(re.findall(r"\bfg:(\w+)", text))
        assert {term for term in used if PREFIXES["fg"] + term not in declared} == set(), name


def test_the_guide_names_every_constraint() -> None:
    guide = (ROOT / "docs" / "validation.md").read_text(encoding="utf-8")
    named = set(re.findall(r"^\| `([a-z0-9-]+)` \|", guide, re.MULTILINE))
    assert named == {constraint.name for constraint in constraints()}


def test_every_property_shape_is_used_by_a_thing() -> None:
    defined = {quad.subject.value for quad in shape_quads() if quad.object.value == SH + "PropertyShape"}
    used = {quad.object.value for quad in shape_quads() if quad.predicate.value == SH + "property"}
    assert defined == used


def test_shapes_list_the_whole_code_lists() -> None:
    """A concept that is added to a list must be allowed by its shape."""
    members: dict[str, set[str]] = {}
    for quad in VOCABULARY:
        if quad.predicate == SKOS.inScheme and quad.object.value.startswith(PREFIXES["fg"]):
            members.setdefault(quad.object.value, set()).add(quad.subject.value)
    listed = Store()
    listed.extend(shape_quads())
    answer = listed.query(
        f"SELECT ?shape (GROUP_CONCAT(STR(?member)) AS ?members) {{ ?shape <{SH}in>/"
        f"<{PREFIXES['rdf']}rest>*/<{PREFIXES['rdf']}first> ?member FILTER(isIRI(?member)) }} GROUP BY ?shape"
    )
    assert isinstance(answer, QuerySolutions)
    lists = [set(row["members"].value.split(" ")) for row in answer]
    whole = [found for found in lists if found in members.values()]
    assert len(whole) > 12
    for found in lists:  # none is a part of a list
        assert not [every for every in members.values() if found < every]


# ---- what a build makes ----


def test_the_graph_of_the_samples_keeps_all_rules(sample_home: Path) -> None:
    reader = GenerationStore(sample_home).open_reader()
    assert check_constraints(reader.store) == []
    assert check_shapes(reader.store) == []


@pytest.mark.skipif(not list(CORPUS.glob("*.txt")), reason="the corpus of real documents is not here")
def test_the_graph_of_real_documents_keeps_all_rules() -> None:
    from fiscalgraph.extract.readers import read
    from fiscalgraph.extract.recognise import recognise
    from fiscalgraph.graph.checks import check_records

    store = Store()
    store.bulk_extend(VOCABULARY)
    files = sorted(CORPUS.glob("*.txt"))
    assert len(files) == 5
    for file in files:
        records = recognise(read(file))
        store.bulk_extend(document_quads(records, check_records(records)))
    assert check_constraints(store) == []
    assert check_shapes(store) == []
