"""The classification code lists: complete hierarchy, honest attestation, usable without us."""

from __future__ import annotations

import dataclasses
import json
import os
import subprocess
import sys
import time
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from graph_records import identity, line
from pyoxigraph import Literal, NamedNode, Quad, RdfFormat, Store, parse

from fiscalgraph.extract.records import DisclosureRecords
from fiscalgraph.graph.checks import CheckResult
from fiscalgraph.graph.identifiers import LINKS_GRAPH, SHARED_GRAPH
from fiscalgraph.graph.mapping import document_quads
from fiscalgraph.graph.printed_names import printed_name_quads
from fiscalgraph.ontology.classification import (
    CORRESPONDENCE_FILE,
    LISTS,
    ClassificationCode,
    classification_codes,
    classification_files,
    classification_list,
    classification_quads,
    codes_in_year,
    concept_iri,
    correspondences,
    find_code,
    list_iri,
    parent_code,
    parse_codes,
    parse_correspondences,
    year_list_iri,
)
from fiscalgraph.ontology.classification_turtle import write_correspondences, write_list
from fiscalgraph.ontology.terms import FG, PREFIXES, PROV, SKOS

ROOT = Path(__file__).resolve().parent.parent
CODES = classification_codes()


@pytest.fixture(scope="module")
def maker() -> Iterator[Any]:
    """The program that makes the lists (it is no part of the package)."""
    sys.path.insert(0, str(ROOT / "bench"))
    try:
        import classification_lists

        yield classification_lists
    finally:
        sys.path.remove(str(ROOT / "bench"))


# The published lists


def test_every_code_has_the_codes_above_it() -> None:
    missing = [code for code in CODES if (parent := parent_code(code)) is not None and parent not in CODES]
    assert missing == []


def test_a_code_without_a_name_is_there_only_for_those_below_it() -> None:
    nameless = {code for code, about in CODES.items() if about.implied_only}
    parents = {parent_code(code) for code in CODES}
    assert nameless
    assert nameless <= parents
    marked = {quad.subject for quad in classification_quads() if quad.predicate == FG.impliedOnly}
    assert marked == {concept_iri(code) for code in nameless}


def test_names_are_names() -> None:
    names = [(about.code, about.name) for about in CODES.values() if about.name is not None]
    assert len(names) > 900
    assert not [entry for entry in names if not entry[1].strip() or any(c.isdigit() for c in entry[1])]
    assert not [entry for entry in names if entry[1].count("（") != entry[1].count("）")]


def test_attested_codes_say_by_how_many_and_how_surely() -> None:
    for about in CODES.values():
        if about.implied_only:
            assert (about.documents, about.confidence, about.years) == (0, None, ())
        else:
            assert about.documents > 0
            assert about.confidence in {"high", "medium", "low"}
            assert (about.confidence == "low") == (about.documents == 1)


@pytest.mark.parametrize("name", LISTS)
def test_no_notation_stands_twice_in_a_list(name: str) -> None:
    quads = list(parse(classification_files()[f"{name}.ttl"], RdfFormat.TURTLE))
    notations = [quad.object.value for quad in quads if quad.predicate == SKOS.notation]
    assert len(notations) == len(set(notations))
    assert {classification_list(code) for code in notations} == {name}


@pytest.mark.parametrize("name", LISTS)
def test_a_code_has_one_preferred_name(name: str) -> None:
    quads = list(parse(classification_files()[f"{name}.ttl"], RdfFormat.TURTLE))
    labelled = [quad.subject for quad in quads if quad.predicate == SKOS.prefLabel]
    assert len(labelled) == len(set(labelled))
    assert {quad.object.language for quad in quads if quad.predicate == SKOS.prefLabel} == {"zh"}


def test_a_year_holds_what_documents_of_that_year_print() -> None:
    members = {code.code for code in codes_in_year("functional", 2026)}
    assert {"208", "20801", "2080101"} <= members
    assert members < {code for code in CODES if classification_list(code) == "functional"}
    assert codes_in_year("functional", 1999) == ()
    said = {
        quad.subject
        for quad in classification_quads()
        if quad.predicate == SKOS.inScheme and quad.object == year_list_iri("functional", 2026)
    }
    assert said == {concept_iri(code) for code in members}


def test_a_name_that_changed_is_told_by_year() -> None:
    code = CODES["20805"]
    assert (code.name_in(2019), code.name_in(2024)) == ("行政事业单位离退休", "行政事业单位养老支出")
    assert code.name == code.names[-1].name
    for changed in (about for about in CODES.values() if about.names):
        years = [year for dated in changed.names for year in dated.years]
        assert len(years) == len(set(years))
        assert tuple(sorted(years)) == changed.years


def test_economic_codes_that_go_together_are_linked() -> None:
    links = {(link.department_code, link.government_code): link for link in correspondences()}
    assert links["30101", "50101"].confidence == "high"
    assert ("30101", "50501") in links  # for public institutions
    for own, government in links:
        assert classification_list(own) == "department-economic"
        assert classification_list(government) == "government-economic"
        assert own in CODES
        assert government in CODES
    match = NamedNode(PREFIXES["skos"] + "relatedMatch")
    related = {(q.subject, q.object) for q in classification_quads() if q.predicate == match}
    assert related == {(concept_iri(own), concept_iri(government)) for own, government in links}


@pytest.mark.parametrize("name", LISTS)
def test_writing_what_was_read_gives_the_same_bytes(name: str) -> None:
    text = classification_files()[f"{name}.ttl"]
    assert write_list(name, reversed(parse_codes(text))) == text


def test_writing_the_links_gives_the_same_bytes() -> None:
    text = classification_files()[CORRESPONDENCE_FILE]
    assert write_correspondences(reversed(parse_correspondences(text))) == text


def test_a_code_of_another_list_is_not_written() -> None:
    with pytest.raises(ValueError, match="30101"):
        write_list("functional", [CODES["30101"]])


@pytest.mark.parametrize(
    ("file", "code", "name"),
    [
        ("functional.ttl", "2080101", "行政运行"),
        ("department-economic.ttl", "30201", "办公费"),
        ("government-economic.ttl", "50101", "工资奖金津补贴"),
    ],
)
def test_a_stranger_can_load_a_file_alone(file: str, code: str, name: str) -> None:
    import rdflib

    graph = rdflib.Graph().parse(ROOT / "ontology" / "classification" / file)
    (concept,) = graph.subjects(rdflib.SKOS.notation, rdflib.Literal(code))
    assert str(concept) == concept_iri(code).value
    assert list(graph.objects(concept, rdflib.SKOS.prefLabel)) == [rdflib.Literal(name, lang="zh")]
    schemes = set(graph.objects(concept, rdflib.SKOS.inScheme))
    assert all((scheme, rdflib.RDF.type, rdflib.SKOS.ConceptScheme) in graph for scheme in schemes)
    assert len(schemes) > 3


def test_the_files_are_small_and_packaged() -> None:
    sizes = {name: len(text.encode()) for name, text in classification_files().items()}
    assert set(sizes) == {*(f"{name}.ttl" for name in LISTS), CORRESPONDENCE_FILE}
    assert max(sizes.values()) < 1_000_000
    setuptools = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["setuptools"]
    assert "classification/*.ttl" in setuptools["package-data"]["fiscalgraph.ontology"]


@pytest.mark.parametrize("name", LISTS)
def test_the_guide_counts_what_is_there(name: str) -> None:
    codes = [about for code, about in CODES.items() if classification_list(code) == name]
    named = sum(not about.implied_only for about in codes)
    guide = (ROOT / "docs" / "classification.md").read_text(encoding="utf-8")
    (row,) = [row for row in guide.splitlines() if row.startswith(f"| `{name}.ttl`")]
    assert f"| {len(codes)} | {named} |" in row


def test_the_lists_load_in_a_moment() -> None:
    started = time.process_time()
    quads = sum(1 for _ in classification_quads())
    assert time.process_time() - started < 0.3
    assert quads < 10_000


# What documents print


def sample_codes() -> dict[str, str]:
    """The codes that the samples print (made up from memory, no source of the lists), with their names."""
    lines = [
        json.loads(text)
        for path in sorted((ROOT / "samples" / "truth").glob("*/lines.jsonl"))
        for text in path.read_text(encoding="utf-8").splitlines()
    ]
    return {entry["code"]: entry["name"] for entry in lines if entry["code"]}


@cache
def shared_of(*printed: tuple[str, str], year: int = 2024) -> frozenset[Quad]:
    records = DisclosureRecords(
        identity(fiscal_year=year),
        spending=tuple(
            dataclasses.replace(line(code, "决算数", "1.00", unit="元", amount="1.00"), name=name)
            for code, name in printed
        ),
    )
    nothing: tuple[CheckResult, ...] = ()
    return frozenset(q for q in document_quads(records, nothing) if q.graph_name == SHARED_GRAPH)


def facts(quads: frozenset[Quad], code: str, predicate: NamedNode) -> set[str]:
    node = concept_iri(code)
    return {quad.object.value for quad in quads if quad.subject == node and quad.predicate == predicate}


def test_all_codes_of_the_samples_resolve() -> None:
    printed = sample_codes()
    listed = {code for code in printed if code in CODES}
    assert len(listed) > 100
    assert not {code for code in listed if CODES[code].name not in {None, printed[code]}}
    for code in set(printed) - listed:
        quads = shared_of((code, printed[code]))
        assert facts(quads, code, SKOS.altLabel) == {printed[code]}
        assert facts(quads, code, FG.observedOnly) == {"true"}


def test_a_listed_code_is_not_described_again() -> None:
    assert not [
        quad for quad in shared_of(("2080101", "行政运行"), year=2026) if "classification" in str(quad)
    ]


def test_a_listed_code_in_a_new_year_joins_that_year() -> None:
    quads = shared_of(("2080101", "行政运行"), year=2031)
    assert facts(quads, "2080101", SKOS.inScheme) == {year_list_iri("functional", 2031).value}
    assert facts(quads, "2080101", FG.observedOnly) == set()


def test_a_code_that_no_list_holds_is_added_as_observed_with_its_place() -> None:
    assert find_code("2985501") is None
    quads = shared_of(("2985501", "临时安排的支出"))
    assert facts(quads, "2985501", FG.observedOnly) == {"true"}
    assert facts(quads, "2985501", SKOS.altLabel) == {"临时安排的支出"}
    assert facts(quads, "2985501", SKOS.prefLabel) == set()
    assert facts(quads, "2985501", SKOS.broader) == {concept_iri("29855").value}
    assert facts(quads, "29855", SKOS.broader) == {concept_iri("298").value}
    assert facts(quads, "29855", FG.observedOnly) == set()  # only implied: it was not printed
    schemes = {list_iri("functional").value, year_list_iri("functional", 2024).value}
    assert facts(quads, "2985501", SKOS.inScheme) == schemes
    (seen,) = facts(quads, "2985501", PROV.wasDerivedFrom)
    assert "/source/" in seen


def test_the_name_that_most_documents_print_stands_for_a_code_without_one() -> None:
    printed = (("甲", "临时支出"), ("乙", "临时安排的支出"), ("丙", "临时安排的支出"))
    store = Store()
    for document, name in printed:
        made = dataclasses.replace(line("2985501", "决算数", "1.00", unit="元", amount="1.00"), name=name)
        crossed = dataclasses.replace(made, code="2080101", name="行政运行", cross_codes=("2985501",))
        records = DisclosureRecords(identity(document), spending=(made, *(crossed,) * 3))
        store.extend(document_quads(records))
    (found,) = printed_name_quads(store)
    assert (found.subject, found.predicate) == (concept_iri("2985501"), FG.printedName)
    assert found.object == Literal("临时安排的支出", language="zh")
    assert found.graph_name == LINKS_GRAPH


def test_an_observed_code_hangs_under_the_listed_one_above_it() -> None:
    quads = shared_of(("2080177", "新设事务"))
    assert facts(quads, "2080177", SKOS.broader) == {concept_iri("20801").value}
    assert facts(quads, "20801", SKOS.notation) == set()


def test_no_statement_of_the_lists_is_made_twice() -> None:
    store = Store()
    store.extend(classification_quads())
    codes = sorted(code for code in CODES if len(code) == 3)
    for year in (2019, 2024, 2026, 2031):
        for quad in shared_of(*((code, "名称") for code in [*codes, "2985501"]), year=year):
            found = list(store.quads_for_pattern(quad.subject, quad.predicate, quad.object))
            assert found == []


# How the lists are made


def test_codes_are_read_beside_their_names(maker: Any) -> None:
    from classification_evidence import codes_in_row

    assert codes_in_row(["2080101", "行政运行", "10.00"]) == [("2080101", "行政运行")]
    assert codes_in_row(["2080101-行政运行", "50101-工资奖金津补贴", "30101-基本工资"]) == [
        ("2080101", "行政运行"),
        ("50101", "工资奖金津补贴"),
        ("30101", "基本工资"),
    ]
    assert codes_in_row(["301", "", "工资福利支出", "501", "01", "工资奖金津补贴", "1"]) == [
        ("301", "工资福利支出"),
        ("50101", "工资奖金津补贴"),
    ]
    assert codes_in_row(["208", "05", "", "养老支出"]) == [("20805", "养老支出")]


def test_a_code_without_its_name_beside_it_is_passed_over(maker: Any) -> None:
    from classification_evidence import codes_in_row

    assert codes_in_row(["208", "01", "01", "117001", "某单位"]) == []
    assert codes_in_row(["208", "01", "01", "", "购置项目"]) == []
    assert codes_in_row(["302", "16", "502", "03", "3.5"]) == []
    assert codes_in_row(["30299", "2019-01-12"]) == []


def made(maker: Any, *printed: tuple[str, str, int, int]) -> dict[str, ClassificationCode]:
    """Lists of (code, name, year, number of documents)."""
    from classification_evidence import Sighting

    sightings = [
        Sighting(code, name, year, f"{name} {year} {number}")
        for code, name, year, count in printed
        for number in range(count)
    ]
    return {code.code: code for code in maker.merge([], sightings)}


def test_a_later_name_is_a_change_and_a_rare_one_a_misreading(maker: Any) -> None:
    codes = made(
        maker, ("20890", "旧事务", 2019, 1), ("20890", "新事务", 2023, 5), ("20890", "新事", 2023, 1)
    )
    code = codes["20890"]
    assert [(dated.name, dated.years) for dated in code.names] == [("旧事务", (2019,)), ("新事务", (2023,))]
    assert (code.name, code.other_names, code.years) == ("新事务", (), (2019, 2023))


def test_names_of_one_year_are_spellings(maker: Any) -> None:
    code = made(maker, ("20890", "新事务", 2023, 5), ("20890", "新的事务", 2023, 2))["20890"]
    assert (code.name, code.names, code.other_names) == ("新事务", (), ("新的事务",))


def test_a_little_word_is_no_change_of_name(maker: Any) -> None:
    code = made(maker, ("20890", "家庭的补助", 2023, 3), ("20890", "家庭补助", 2020, 1))["20890"]
    assert code.names == ()


def test_missing_codes_above_are_implied_without_a_name(maker: Any) -> None:
    codes = made(maker, ("2089001", "行政运行", 2023, 1))
    assert {code: about.name for code, about in codes.items()} == {
        "208": None,
        "20890": None,
        "2089001": "行政运行",
    }


def test_what_an_issuer_adds_to_a_common_item_is_no_part_of_its_name(maker: Any) -> None:
    common = [(f"2089{n}01", "行政运行", 2023, 1) for n in (1, 2, 3)]
    codes = made(
        maker, *common, ("2089501", "行政运行（某事务）", 2023, 1), ("20895", "科学（普及）", 2023, 1)
    )
    assert codes["2089501"].name == "行政运行"
    assert codes["20895"].name == "科学（普及）"


def test_links_need_both_codes_in_the_lists(maker: Any) -> None:
    from classification_evidence import PairSighting

    codes = [ClassificationCode("30101", "基本工资"), ClassificationCode("50101", "工资奖金津补贴")]
    pairs = [PairSighting("30101", "50101", "甲"), PairSighting("30101", "50199", "甲")]
    (link,) = maker.link([*pairs, PairSighting("30101", "50101", "乙")], codes)
    assert (link.department_code, link.government_code, link.documents) == ("30101", "50101", 2)


def test_the_lists_are_made_anew_with_the_same_bytes(tmp_path: Path) -> None:
    """From a derived list and the samples, in two processes with different hash seeds."""
    derived = tmp_path / "derived"
    derived.mkdir()
    (derived / "codes.tsv").write_text(
        "code\tname\tdocuments\tshare_of_spellings\tyears\tother_spellings\tconfidence\n"
        "2080101\t行政运行\t9\t0.90\t2020 2021\t行政工作(3); 反映(2)\thigh\n",
        encoding="utf-8",
    )
    corpus = tmp_path / "corpus"
    corpus.mkdir()
    sample = "water_2024_budget.docx"
    (corpus / sample).write_bytes((ROOT / "samples" / "documents" / sample).read_bytes())
    made = []
    for seed in ("1", "2"):
        out = tmp_path / seed
        command = [sys.executable, "bench/classification_lists.py", "--workers", "1"]
        command += ["--derived", str(derived), "--corpus", str(corpus), "--out", str(out)]
        environment = {**os.environ, "PYTHONHASHSEED": seed}
        subprocess.run(command, cwd=ROOT, env=environment, check=True, capture_output=True, timeout=120)
        made.append({path.name: path.read_bytes() for path in sorted(out.iterdir())})
    assert made[0] == made[1]
    codes = {code.code: code for code in parse_codes(made[0]["functional.ttl"].decode())}
    assert codes["2080101"].years == (2020, 2021)
    assert codes["2080101"].other_names == ("行政工作",)
    assert 2024 in codes["213"].years
